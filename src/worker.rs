//! The background: owns the tokio runtime, answers questions, runs jobs, and wakes the window.
//!
//! It knows nothing of egui: whoever wants to be woken hands in a [`std::task::Waker`].

mod inbox;
mod request;
mod wake;

pub use inbox::Inbox;
pub use request::{Crashed, Request, Status};
pub use wake::WakeSlot;

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::urgency;

/// Runs futures away from the window's thread and brings their results back as events of type `E`.
#[derive(Debug)]
pub struct Worker<E> {
    /// `None` only while being dropped.
    runtime: Option<Runtime>,
    wake: Arc<WakeSlot>,
    inbox: Inbox<E>,
}

impl<E: Send + 'static> Worker<E> {
    /// Starts the runtime with a few threads; S3 work waits far more than it computes.
    ///
    /// # Errors
    /// When the operating system refuses to start threads.
    pub fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("brimful-work")
            .on_thread_start(urgency::step_back)
            .enable_all()
            .build()?;
        let wake = Arc::new(WakeSlot::default());
        Ok(Self { runtime: Some(runtime), inbox: Inbox::new(Arc::clone(&wake)), wake })
    }

    /// For handing to libraries that spawn on a runtime themselves.
    ///
    /// # Panics
    /// Never while the worker is alive: the runtime is only taken when it is dropped.
    #[must_use]
    pub fn handle(&self) -> Handle {
        match &self.runtime {
            Some(runtime) => runtime.handle().clone(),
            None => Handle::current(),
        }
    }

    /// What is woken after each answer and event.
    #[must_use]
    pub fn wake_slot(&self) -> Arc<WakeSlot> {
        Arc::clone(&self.wake)
    }

    /// A place to send events from anywhere.
    #[must_use]
    pub fn inbox(&self) -> Inbox<E> {
        self.inbox.clone()
    }

    /// Asks a question. Dropping or replacing the returned request aborts the work, so this is for reading only.
    pub fn ask<T, X, F>(&self, question: F) -> Request<T, X>
    where
        T: Send + 'static,
        X: Crashed + Send + 'static,
        F: Future<Output = Result<T, X>> + Send + 'static,
    {
        Request::begin(&self.handle(), Arc::clone(&self.wake), question, None)
    }

    /// Asks again and keeps what was known, to be shown dimmed until the new answer is there.
    pub fn ask_again<T, X, F>(&self, request: &mut Request<T, X>, question: F)
    where
        T: Send + 'static,
        X: Crashed + Send + 'static,
        F: Future<Output = Result<T, X>> + Send + 'static,
    {
        let stale = std::mem::take(request).into_known();
        *request = Request::begin(&self.handle(), Arc::clone(&self.wake), question, stale);
    }

    /// Runs work that must not be cut off. Its event arrives in the inbox, also when it panics.
    pub fn job<F>(&self, work: F, crashed: impl FnOnce(String) -> E + Send + 'static)
    where
        F: Future<Output = E> + Send + 'static,
    {
        let inbox = self.inbox.clone();
        let handle = self.handle();
        handle.clone().spawn(async move {
            let event = match handle.spawn(work).await {
                Ok(event) => event,
                Err(stopped) => crashed(request::panic_text(stopped)),
            };
            inbox.send(event);
        });
    }

    /// Takes the events that have arrived, oldest first, at most `most` of them.
    pub fn drain(&self, most: usize) -> Vec<E> {
        self.inbox.drain(most)
    }
}

impl<E> Drop for Worker<E> {
    fn drop(&mut self) {
        // A stalled request must not keep the window from closing.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(2));
        }
    }
}

#[cfg(test)]
mod tests;
