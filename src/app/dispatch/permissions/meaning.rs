//! What the draft means for people: asked in the background, again where the text or what stands around it changed.

use crate::app::core::Core;
use crate::model::Trouble;
use crate::model::command::{Screen, Tab};
use crate::model::permissions::BucketKey;
use crate::model::permissions::meaning::{Around, Meaning};

/// What stands around the policy of a bucket, as far as it is known.
pub(super) fn around(core: &Core, key: &BucketKey) -> Around {
    let partition = super::context(core, key).partition;
    Around::new(&key.bucket, partition, core.model.permissions.beside.known())
}

/// Looks for the answer, and asks anew where it is about something else.
pub(super) fn tick(core: &mut Core) {
    core.model.permissions.meaning.poll();
    let on_page = core.model.screen == Screen::Browse
        && core.model.session.as_ref().is_some_and(|session| session.tab == Tab::Permissions);
    let Some(key) = core.model.permissions.here.clone().filter(|_| on_page) else { return };
    let Some(draft) = core.model.permissions.drafts.get(&key) else { return };
    let (revision, text) = (draft.revision(), draft.text().to_owned());
    let around_now = around(core, &key);
    let wanted = (key, revision, around_now);
    if core.parts.permissions.meant.as_ref() == Some(&wanted) {
        return;
    }
    let (around, now) = (wanted.2.clone(), (core.deps.now)());
    core.model.permissions.around = Some(around.clone());
    core.parts.permissions.meant = Some(wanted);
    core.worker.ask_again(&mut core.model.permissions.meaning, async move {
        tokio::task::spawn_blocking(move || Meaning::of(text, &around, now))
            .await
            .map_err(|stopped| <Trouble as crate::worker::Crashed>::crashed(stopped.to_string()))
    });
}
