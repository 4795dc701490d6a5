use std::future::Future;
use std::sync::Arc;

use poll_promise::Promise;
use tokio::runtime::Handle;
use tokio::task::{AbortHandle, JoinError};

use super::WakeSlot;

/// An error that can also stand for a task that panicked.
pub trait Crashed {
    /// Makes the error from the text of the panic.
    fn crashed(text: String) -> Self;
}

/// One question and its one answer, with what was known before.
#[derive(Default)]
pub enum Request<T: Send + 'static, X: Send + 'static> {
    /// Never asked.
    #[default]
    Idle,
    /// Asked; the earlier answer, if there was one, can be shown dimmed.
    Pending {
        /// Where the answer will be.
        promise: Promise<Result<T, X>>,
        /// Ends the work when the question is dropped.
        abort: AbortOnDrop,
        /// The earlier answer.
        stale: Option<T>,
    },
    /// Answered.
    Ready(T),
    /// Refused or failed.
    Failed {
        /// Why.
        error: X,
        /// The earlier answer.
        stale: Option<T>,
    },
}

/// A request as a panel sees it.
#[derive(Debug)]
pub enum Status<'a, T, X> {
    /// Never asked.
    Idle,
    /// Asked; what was known before.
    Pending(Option<&'a T>),
    /// Answered.
    Ready(&'a T),
    /// Failed; what was known before.
    Failed(&'a X, Option<&'a T>),
}

/// Ends a task when dropped.
pub struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Send + 'static, X: Crashed + Send + 'static> Request<T, X> {
    pub(super) fn begin<F>(handle: &Handle, wake: Arc<WakeSlot>, question: F, stale: Option<T>) -> Self
    where
        F: Future<Output = Result<T, X>> + Send + 'static,
    {
        let (sender, promise) = Promise::new();
        let work = handle.spawn(question);
        let abort = AbortOnDrop(work.abort_handle());
        // The outer task always sends: a promise whose sender is dropped would panic the window.
        handle.spawn(async move {
            let answer = work.await.unwrap_or_else(|stopped| Err(X::crashed(panic_text(stopped))));
            sender.send(answer);
            wake.wake();
        });
        Self::Pending { promise, abort, stale }
    }

    /// Takes the answer over if it is there. True exactly once, in the pass in which the state changed.
    pub fn poll(&mut self) -> bool {
        if !matches!(self, Self::Pending { promise, .. } if promise.ready().is_some()) {
            return false;
        }
        let Self::Pending { promise, abort, stale } = std::mem::take(self) else { return false };
        match promise.try_take() {
            Ok(Ok(answer)) => *self = Self::Ready(answer),
            Ok(Err(error)) => *self = Self::Failed { error, stale },
            Err(promise) => {
                *self = Self::Pending { promise, abort, stale };
                return false;
            }
        }
        true
    }
}

impl<T: Send + 'static, X: Send + 'static> Request<T, X> {
    /// What a panel shows.
    pub fn status(&self) -> Status<'_, T, X> {
        match self {
            Self::Idle => Status::Idle,
            Self::Pending { stale, .. } => Status::Pending(stale.as_ref()),
            Self::Ready(answer) => Status::Ready(answer),
            Self::Failed { error, stale } => Status::Failed(error, stale.as_ref()),
        }
    }

    /// The newest answer there is, also a stale one.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Ready(answer)
            | Self::Pending { stale: Some(answer), .. }
            | Self::Failed { stale: Some(answer), .. } => Some(answer),
            Self::Idle | Self::Pending { stale: None, .. } | Self::Failed { stale: None, .. } => None,
        }
    }

    /// The newest answer, to be changed in place (after a write whose outcome is known).
    pub fn known_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Ready(answer)
            | Self::Pending { stale: Some(answer), .. }
            | Self::Failed { stale: Some(answer), .. } => Some(answer),
            Self::Idle | Self::Pending { stale: None, .. } | Self::Failed { stale: None, .. } => None,
        }
    }

    /// The newest answer by value.
    #[must_use]
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Ready(answer) => Some(answer),
            Self::Pending { stale, .. } | Self::Failed { stale, .. } => stale,
            Self::Idle => None,
        }
    }

    /// The failure, if the last answer was one.
    pub fn error(&self) -> Option<&X> {
        match self {
            Self::Failed { error, .. } => Some(error),
            Self::Idle | Self::Pending { .. } | Self::Ready(_) => None,
        }
    }

    /// Whether an answer is being waited for.
    pub fn is_pending(&self) -> bool {
        matches!(self, Self::Pending { .. })
    }
}

impl<T: std::fmt::Debug + Send, X: std::fmt::Debug + Send> std::fmt::Debug for Request<T, X> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.status().fmt(f)
    }
}

/// What a task that ended early has to say.
pub(super) fn panic_text(stopped: JoinError) -> String {
    match stopped.try_into_panic() {
        Ok(payload) => match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => {
                payload.downcast_ref::<&str>().map_or_else(|| "no message".to_owned(), |text| (*text).to_owned())
            }
        },
        Err(_) => "stopped before it was done".to_owned(),
    }
}
