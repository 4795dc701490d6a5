//! The leave to carry bytes: as many requests at once as the level of the moment allows.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::level::{Level, Moved};

/// Permits for requests that carry bytes, and what was seen of them.
#[derive(Debug)]
pub(crate) struct Permits {
    open: Semaphore,
    /// So many are to be taken back as soon as they are free.
    too_many: AtomicUsize,
    level: Mutex<Level>,
    /// The same as in there, for whoever only looks.
    now: AtomicUsize,
    succeeded: AtomicU64,
    start: Instant,
}

/// Leave for one request.
pub(crate) struct Permit<'a> {
    of: &'a Permits,
    inner: Option<SemaphorePermit<'a>>,
}

impl Permits {
    pub(super) fn new(most: usize) -> Self {
        Self::at(Level::new(most))
    }

    /// As many at once as are told, unless the store asks for patience; without a number it is found.
    pub(crate) fn told_or_found(told: Option<usize>, most: usize) -> Self {
        Self::at(told.map_or_else(|| Level::new(most), Level::told))
    }

    fn at(level: Level) -> Self {
        Self {
            open: Semaphore::new(level.get()),
            too_many: AtomicUsize::new(0),
            now: AtomicUsize::new(level.get()),
            level: Mutex::new(level),
            succeeded: AtomicU64::new(0),
            start: Instant::now(),
        }
    }

    /// Waits for leave, in the order of asking.
    pub(crate) async fn acquire(&self) -> Permit<'_> {
        // It is never closed: without a permit nothing would be held back, that is all.
        Permit { of: self, inner: self.open.acquire().await.ok() }
    }

    /// So many at once.
    pub(super) fn level(&self) -> usize {
        self.now.load(Ordering::Relaxed)
    }

    /// A request with bytes was answered well.
    pub(crate) fn succeeded(&self) {
        self.succeeded.fetch_add(1, Ordering::Relaxed);
    }

    /// How many were.
    pub(super) fn successes(&self) -> u64 {
        self.succeeded.load(Ordering::Relaxed)
    }

    /// The store asked for patience.
    pub(crate) fn refused(&self) {
        let at = self.now();
        self.change(|level| level.refused(at));
    }

    /// Looks at what has moved. Whether more may be under way than before.
    pub(crate) fn look(&self, bytes: u64) -> bool {
        let (at, requests) = (self.now(), self.successes());
        let full = self.open.available_permits() == 0;
        self.change(|level| level.look(at, Moved { bytes, requests }, full))
    }

    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// Whether it has risen.
    fn change(&self, change: impl FnOnce(&mut Level)) -> bool {
        let mut level: MutexGuard<'_, Level> = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let before = level.get();
        change(&mut level);
        let now = level.get();
        self.now.store(now, Ordering::Relaxed);
        if now < before {
            let free = self.open.forget_permits(before - now);
            self.too_many.fetch_add(before - now - free, Ordering::Relaxed);
        }
        for _ in before..now {
            if !self.owes_one() {
                self.open.add_permits(1);
            }
        }
        now > before
    }

    /// Takes one off what is to be taken back.
    fn owes_one(&self) -> bool {
        let less = |owed: usize| owed.checked_sub(1);
        self.too_many.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.of.too_many.load(Ordering::Relaxed) > 0
            && self.of.owes_one()
            && let Some(inner) = self.inner.take()
        {
            inner.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn what_was_lowered_is_taken_back_from_those_under_way() {
        let permits = Permits::new(8);
        let under_way: Vec<_> = (0..8).filter_map(|_| permits.acquire().now_or_never()).collect();
        assert!(under_way.len() == 8 && permits.acquire().now_or_never().is_none());
        permits.refused();
        assert_eq!(permits.level(), 4);
        drop(under_way);
        let again: Vec<_> = (0..5).filter_map(|_| permits.acquire().now_or_never()).collect();
        assert_eq!(again.len(), 4);
    }

    #[test]
    fn what_is_free_is_taken_back_at_once() {
        let permits = Permits::new(8);
        permits.refused();
        assert_eq!(permits.open.available_permits(), 4);
    }
}
