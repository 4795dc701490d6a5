//! The one budget of memory for what is on its way, whatever the number of files and their size.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room is given in pieces of this size: a semaphore counts no further than 32 bits at a time.
const PIECE_BYTES: u64 = 64 << 10;

/// Room in memory.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    pieces: Arc<Semaphore>,
    all: u32,
}

impl Memory {
    pub(super) fn new(budget_bytes: u64) -> Self {
        let all = u32::try_from(budget_bytes / PIECE_BYTES).unwrap_or(u32::MAX).max(1);
        Self { pieces: Arc::new(Semaphore::new(all as usize)), all }
    }

    /// Waits for room, in the order of asking. What is larger than the budget gets all of it. Given back when dropped.
    pub(super) async fn room_for(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let pieces = u32::try_from(bytes.div_ceil(PIECE_BYTES)).unwrap_or(u32::MAX).min(self.all);
        Arc::clone(&self.pieces).acquire_many_owned(pieces).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_is_given_than_there_is() {
        let memory = Memory::new(4 * PIECE_BYTES);
        let first = memory.room_for(3 * PIECE_BYTES).await;
        assert!(futures_util::FutureExt::now_or_never(memory.room_for(PIECE_BYTES + 1)).is_none());
        let second = memory.room_for(1).await;
        assert!(first.is_some() && second.is_some());
        drop((first, second));
        assert!(memory.room_for(u64::MAX).await.is_some());
    }
}
