//! What a paste brings: copied files first, then a picture, then paths written as text.

use std::io::Cursor;

use bytes::Bytes;
use image::{ImageFormat, RgbaImage};

use super::{UploadEvent, bring, has_bucket, say_no_bucket};
use crate::app::core::Core;
use crate::app::event::Event;
use crate::model::notices::Tone;
use crate::model::upload::source::{Pixels, paths_in_text};
use crate::model::upload::{Pasted, UploadSource};

/// What came of a paste.
#[derive(Debug)]
pub enum Outcome {
    /// These.
    Sources(Vec<UploadSource>),
    /// Nothing that could be uploaded.
    Nothing,
    /// A picture that could not be kept, and why.
    NoPicture(String),
}

/// Looks at what was pasted, in the background.
pub(super) fn paste(core: &mut Core, pasted: Pasted) {
    let paths = match &pasted {
        Pasted::Text(text) => paths_in_text(text),
        Pasted::Image(_) | Pasted::Other => None,
    };
    if !has_bucket(core) {
        if paths.is_some() || matches!(pasted, Pasted::Image(_)) {
            say_no_bucket(core, paths.map_or(1, |paths| paths.len()));
        }
        return;
    }
    if let Some(paths) = paths {
        return bring(core, paths.into_iter().map(UploadSource::Path).collect());
    }
    let copied = std::sync::Arc::clone(&core.deps.clipboard_files);
    let now = (core.deps.now)().to_zoned_datetime(core.deps.zone.clone());
    let name = format!("pasted-{}.png", now.strftime("%Y-%m-%d-%H%M%S"));
    let work = move || {
        // A file manager puts pictures of its own beside the files, so files come first.
        let files = copied();
        if !files.is_empty() {
            return Outcome::Sources(files.into_iter().map(UploadSource::Path).collect());
        }
        match pasted {
            Pasted::Image(pixels) => match png(&pixels) {
                Ok(bytes) => Outcome::Sources(vec![UploadSource::Bytes { name, bytes }]),
                Err(why) => Outcome::NoPicture(why),
            },
            Pasted::Text(_) | Pasted::Other => Outcome::Nothing,
        }
    };
    core.worker.job(
        async move {
            let outcome =
                tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Outcome::NoPicture(error.to_string()));
            Event::Upload(UploadEvent::Pasted(outcome))
        },
        Event::Crashed,
    );
}

fn png(pixels: &Pixels) -> Result<Bytes, String> {
    let image = RgbaImage::from_raw(pixels.width, pixels.height, pixels.rgba())
        .filter(|image| image.width() > 0 && image.height() > 0)
        .ok_or("its size does not fit its content")?;
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).map_err(|error| error.to_string())?;
    Ok(bytes.into())
}

/// Takes in what came of it.
pub(super) fn answered(core: &mut Core, outcome: Outcome) {
    match outcome {
        Outcome::Sources(sources) => bring(core, sources),
        Outcome::Nothing => {
            let body = "The clipboard holds no files, no image and no paths. Copy some, then paste again.";
            core.model.notices.say(Tone::Info, "Nothing to upload was pasted", body);
        }
        Outcome::NoPicture(why) => {
            let body = format!("It cannot be kept as a PNG: {why}");
            core.model.notices.say(Tone::Failed, "The pasted image cannot be used", body);
        }
    }
}
