use std::sync::{Mutex, PoisonError};
use std::task::Waker;

/// Holds whom to wake; empty until the window exists.
#[derive(Debug, Default)]
pub struct WakeSlot(Mutex<Option<Waker>>);

impl WakeSlot {
    /// From now on wakes this one.
    pub fn set(&self, waker: Waker) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker);
    }

    /// Wakes the window, if there is one.
    pub fn wake(&self) {
        let waker = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
