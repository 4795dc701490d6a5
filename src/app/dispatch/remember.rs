//! Writing changes into the history, from the background.

use std::sync::Arc;

use crate::s3;
use crate::s3::store::Store;
use crate::store::history::{Change, History, MaskedKeyId};

/// Who signs, with the middle of the name left out; `None` without a sign-in.
pub(super) async fn who(store: &Store) -> Option<MaskedKeyId> {
    s3::identity::access_key_id(store).await.map(|id| MaskedKeyId::of(&id))
}

/// Writes a change down and gives its number, or why it has none.
pub(super) async fn remember(history: &Arc<History>, change: Change) -> Result<i64, String> {
    let history = Arc::clone(history);
    match tokio::task::spawn_blocking(move || history.record(&change)).await {
        Ok(recorded) => recorded.map_err(|error| error.to_string()),
        Err(stopped) => Err(stopped.to_string()),
    }
}

/// The same, of a change that is told elsewhere: a history that failed is only logged.
pub(super) async fn note(history: &Arc<History>, change: Change) {
    if let Err(error) = remember(history, change).await {
        tracing::warn!(%error, "a change is not in the history");
    }
}
