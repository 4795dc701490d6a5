//! What was changed before: shown, taken back, put back.

use std::sync::Arc;

use super::super::permissions;
use super::save::{self, Order};
use super::{BucketSettingsEvent, crashed, event, here, open_editor};
use crate::app::core::Core;
use crate::domain::bucket_settings::{SettingKind, SettingValue, consequence};
use crate::model::Trouble;
use crate::model::bucket_settings::{EditMode, EditState, Editing, Reading};
use crate::model::notices::Tone;
use crate::model::permissions::{PermissionsCommand, Side};
use crate::model::trouble::WayOut;
use crate::store::history::{Deed, Entry, HistoryError};

/// So many changes are shown.
const SHOWN: u32 = 500;

fn trouble(error: &HistoryError) -> Trouble {
    Trouble::new(error.to_string(), WayOut::Retry)
}

/// Reads the changes of the bucket.
pub(super) fn read(core: &mut Core) {
    let Some((connection, bucket)) = here(core) else { return };
    let history = Arc::clone(&core.history);
    core.worker.ask_again(&mut core.model.bucket_settings.history, async move {
        let found = tokio::task::spawn_blocking(move || history.of_bucket(connection, &bucket, SHOWN)).await;
        found.map_err(|error| crashed(error.to_string()))?.map_err(|error| trouble(&error))
    });
}

/// Looks an entry up, to take it back at once or to put back what was there in a dialog.
pub(super) fn look_up(core: &Core, id: i64, at_once: bool) {
    let history = Arc::clone(&core.history);
    core.worker.job(
        async move {
            let found = tokio::task::spawn_blocking(move || history.get(id)).await;
            let entry = match found {
                Ok(found) => found.map_err(|error| trouble(&error)),
                Err(error) => Err(crashed(error.to_string())),
            };
            event(BucketSettingsEvent::Found { entry, at_once })
        },
        move |text| event(BucketSettingsEvent::Found { entry: Err(crashed(text)), at_once }),
    );
}

/// An entry was looked up.
pub(super) fn found(core: &mut Core, entry: Result<Option<Entry>, Trouble>, at_once: bool) {
    let entry = match entry {
        Ok(Some(entry)) => entry,
        Ok(None) => {
            core.say(Tone::Warning, "This change is not in the history any more");
            return;
        }
        Err(trouble) => {
            core.model.notices.trouble("The history could not be read", &trouble);
            return;
        }
    };
    let change = entry.change;
    if here(core) != Some((change.connection, change.bucket.clone())) {
        core.say(Tone::Info, format!("Open {} first, then take the change back", change.bucket));
        return;
    }
    let kind = change.setting;
    // What a policy opens or locks is shown where policies are saved.
    if kind == SettingKind::Policy {
        permissions::dispatch(core, PermissionsCommand::Restore { change: entry.id, side: Side::Before });
        return;
    }
    let value = |text: &Option<String>| match text {
        None => Some(None),
        Some(text) => SettingValue::from_text(kind, text).map(Some),
    };
    let (Some(before), Some(after)) = (value(&change.before), value(&change.after)) else {
        core.say(Tone::Warning, "This change was written by another version of Brimful and cannot be read");
        return;
    };
    let around = core.model.bucket_settings.surroundings();
    let harmless = consequence(kind, after.as_ref(), before.as_ref(), around).is_none();
    if at_once && harmless {
        let order = Order {
            connection: change.connection,
            bucket: change.bucket,
            kind,
            base: after,
            value: before,
            note: None,
            first: None,
            deed: Deed::Restore,
            now: (core.deps.now)(),
        };
        save::start(core, order, None);
        return;
    }
    let base = core.model.bucket_settings.reading(kind).and_then(Reading::value).map(|value| value.cloned());
    let Some(base) = base else {
        core.say(Tone::Warning, format!("{} cannot be read, so nothing is put back unseen", kind.title()));
        return;
    };
    open_editor(
        core,
        Editing { kind, base, start: before, mode: EditMode::PutBack, number: 0, state: EditState::Open },
    );
}
