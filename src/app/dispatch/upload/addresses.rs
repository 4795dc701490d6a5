//! The addresses of what was sent.

use crate::app::core::{Core, Effect};
use crate::domain::connection::Target;
use crate::domain::format;
use crate::domain::object_url;
use crate::domain::snippet::{self, Item, Style};
use crate::images;
use crate::model::gallery::UrlText;
use crate::model::notices::Tone;
use crate::model::upload::transfers::Batch;

/// Where the objects of a batch lie, for making their addresses.
pub(super) struct Whereabouts {
    target: Target,
    practice_endpoint: Option<String>,
    bucket: String,
    region: Option<String>,
}

impl Whereabouts {
    /// Of a batch; `None` where its connection is gone.
    pub(super) fn of(core: &Core, batch: &Batch) -> Option<Self> {
        let session = core.model.session.as_ref().filter(|session| session.connection.id == batch.connection);
        let kept = core.connections.get(batch.connection);
        let connection = session.map(|session| &session.connection).or(kept)?;
        Some(Self {
            target: connection.target.clone(),
            practice_endpoint: core.practice.as_ref().map(|server| server.endpoint()),
            bucket: batch.bucket.clone(),
            region: session.and_then(|session| session.regions.get(&batch.bucket)).cloned(),
        })
    }

    /// As [`object_url`] takes it.
    pub(super) fn place(&self) -> object_url::Place<'_> {
        object_url::Place {
            target: &self.target,
            practice_endpoint: self.practice_endpoint.as_deref(),
            bucket: &self.bucket,
            region: self.region.as_deref(),
            website: false,
        }
    }
}

/// Puts the addresses of keys of a batch on the clipboard, one a line.
pub(super) fn copy(core: &mut Core, number: u64, keys: &[String], text: UrlText) {
    let Some(batch) = core.model.upload.transfers.batches.get(&number) else { return };
    let Some(whereabouts) = Whereabouts::of(core, batch) else { return };
    let lies = whereabouts.place();
    let (style, form) = match text {
        UrlText::Plain(form) => (Style::Plain, form),
        UrlText::Markdown => (Style::Markdown, None),
        UrlText::Html => (Style::Html, None),
    };
    let urls: Vec<(String, &str)> = keys
        .iter()
        .filter_map(|key| {
            let mut forms = object_url::forms(&lies, key).into_iter();
            let found = forms.find(|it| form.is_none_or(|form| it.form == form))?;
            Some((found.url, key.as_str()))
        })
        .collect();
    let items: Vec<_> =
        urls.iter().map(|(url, key)| Item { url, name: key, is_image: images::may_be_image(key) }).collect();
    if items.is_empty() {
        return;
    }
    let said = format!("{} copied", format::counted(items.len() as u64, "URL", "URLs"));
    let text = snippet::many(style, &items);
    core.effects.push(Effect::Copy(text));
    core.say(Tone::Done, said);
}
