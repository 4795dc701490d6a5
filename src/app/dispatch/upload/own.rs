//! Which unfinished uploads of a bucket are this window's own.

use std::collections::HashSet;

use crate::app::core::Core;
use crate::domain::connection::ConnectionId;
use crate::model::upload::transfers::Direction;

/// Those that a row of the transfers may still complete, now or at the next start.
#[derive(Debug, Default)]
pub struct OwnUploads {
    keys: HashSet<String>,
    ids: HashSet<String>,
}

impl OwnUploads {
    /// Whether an upload is one of them. Told by the key, so another program's upload of the same key counts as one.
    #[must_use]
    pub fn holds(&self, key: &str, upload_id: &str) -> bool {
        self.keys.contains(key) || self.ids.contains(upload_id)
    }
}

/// Those of a bucket.
#[must_use]
pub fn own_uploads(core: &Core, connection: ConnectionId, bucket: &str) -> OwnUploads {
    let transfers = &core.model.upload.transfers;
    let here = |batch: &u64| {
        transfers
            .batches
            .get(batch)
            .is_some_and(|it| it.direction == Direction::Up && it.connection == connection && it.bucket == bucket)
    };
    let alive = transfers.rows.iter().filter(|row| row.state.is_open() || row.state.is_failed());
    let keys = alive.filter(|row| here(&row.batch)).map(|row| row.key.clone()).collect();
    OwnUploads { keys, ids: super::before::upload_ids(core) }
}
