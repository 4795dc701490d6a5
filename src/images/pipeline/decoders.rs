//! Threads that decode and do nothing else.
//!
//! The runtime's own threads for blocking work come and go by the dozen, and what a decoder frees on one of them stays
//! with that thread: a walk through a large gallery would leave each holding a picture's worth of memory.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::urgency;

type Job = Box<dyn FnOnce() + Send>;

/// A few threads with one queue. They end once this is dropped and the queue is empty.
pub(super) struct Decoders {
    queue: Sender<Job>,
}

impl Decoders {
    /// Starts up to `count` threads. Where the system refuses them all, [`run`](Self::run) answers `None`.
    pub(super) fn start(count: usize) -> Self {
        let (queue, jobs) = channel::<Job>();
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..count {
            let jobs = Arc::clone(&jobs);
            let started = std::thread::Builder::new().name("brimful-decode".to_owned()).spawn(move || work(&jobs));
            if let Err(error) = started {
                tracing::warn!(%error, "a thread for decoding pictures could not be started");
            }
        }
        Self { queue }
    }

    /// Runs `job` when its turn comes; `None` when it panics.
    pub(super) async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        let job = move || {
            // Nobody may be waiting any more.
            let _ = answer.send(job());
        };
        self.queue.send(Box::new(job)).ok()?;
        answered.await.ok()
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    urgency::step_back();
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // The panic hook has reported it; the file is the one at fault, and the next may be whole.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_the_end_of_one_job_only() {
        let decoders = Decoders::start(1);
        assert_eq!(decoders.run(|| -> u8 { std::panic::panic_any("a bad file") }).await, None);
        assert_eq!(decoders.run(|| 7).await, Some(7));
    }

    #[tokio::test]
    async fn so_many_run_side_by_side_and_no_more() {
        let decoders = Decoders::start(2);
        let running = Arc::new(Mutex::new((0_usize, 0_usize)));
        let jobs: Vec<_> = (0..8)
            .map(|_| {
                let running = Arc::clone(&running);
                decoders.run(move || {
                    {
                        let mut running = running.lock().unwrap();
                        running.0 += 1;
                        running.1 = running.1.max(running.0);
                    }
                    std::thread::sleep(std::time::Duration::from_millis(5));
                    running.lock().unwrap().0 -= 1;
                })
            })
            .collect();
        let done = futures_util::future::join_all(jobs).await;
        assert!(done.iter().all(Option::is_some));
        assert!((1..=2).contains(&running.lock().unwrap().1));
    }
}
