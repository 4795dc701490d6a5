//! Earlier versions of a policy, read from the history of changes.

use std::sync::Arc;

use crate::app::core::Core;
use crate::domain::bucket_settings::SettingKind;
use crate::model::Trouble;
use crate::model::modal::Modal;
use crate::model::permissions::history::Version;
use crate::model::trouble::WayOut;

/// So many changes of a bucket are looked through.
const MOST: u32 = 1_000;

/// Reads them and shows them.
pub(super) fn show(core: &mut Core) {
    let Some(key) = core.model.permissions.here.clone() else { return };
    core.model.permissions.chosen_version = 0;
    core.model.modal = Some(Modal::PolicyHistory);
    let history = Arc::clone(&core.history);
    core.worker.ask_again(&mut core.model.permissions.history, async move {
        let read = tokio::task::spawn_blocking(move || {
            let entries = history.of_bucket(key.connection, &key.bucket, MOST)?;
            let of_policy = entries.iter().filter(|entry| entry.change.setting == SettingKind::Policy);
            Ok(of_policy.map(|entry| Version::of(entry, &key.bucket)).collect())
        });
        let failed = |why: String| Trouble::new("Earlier versions could not be read", WayOut::Retry).detail(why);
        match read.await {
            Ok(versions) => versions.map_err(|error: crate::store::history::HistoryError| failed(error.to_string())),
            Err(stopped) => Err(failed(stopped.to_string())),
        }
    });
}
