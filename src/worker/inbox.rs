use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::WakeSlot;

/// Where finished work leaves its events for the window's thread. Cheap to clone.
///
/// Jobs are few (one event each) and progress never goes through here, so its length is bounded by the
/// number of jobs under way; an event about finished work is never dropped.
#[derive(Debug)]
pub struct Inbox<E> {
    events: Arc<Mutex<VecDeque<E>>>,
    wake: Arc<WakeSlot>,
}

impl<E> Clone for Inbox<E> {
    fn clone(&self) -> Self {
        Self { events: Arc::clone(&self.events), wake: Arc::clone(&self.wake) }
    }
}

impl<E> Inbox<E> {
    pub(super) fn new(wake: Arc<WakeSlot>) -> Self {
        Self { events: Arc::default(), wake }
    }

    /// Leaves an event, then wakes the window.
    pub fn send(&self, event: E) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push_back(event);
        self.wake.wake();
    }

    pub(super) fn drain(&self, most: usize) -> Vec<E> {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = most.min(events.len());
        events.drain(..taken).collect()
    }
}
