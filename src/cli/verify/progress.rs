//! How far it is, on a line of a terminal that is written over.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::domain::format::{count, counted};
use crate::verify::Progress;

const EVERY: Duration = Duration::from_millis(200);

/// The line while it is shown.
pub(super) struct Shown {
    end: CancellationToken,
    task: Option<tokio::task::JoinHandle<()>>,
}

/// Shows the line to whoever looks on.
pub(super) fn show(progress: Arc<Progress>, is_wished: bool) -> Shown {
    let end = CancellationToken::new();
    let ended = end.clone();
    let task = (is_wished && io::stderr().is_terminal()).then(|| {
        tokio::spawn(async move {
            let begun = Instant::now();
            while ended.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
                // It may be closed; the work goes on.
                let _ = write!(io::stderr(), "\r\x1b[K{}", line(&progress, begun.elapsed()));
            }
            let _ = write!(io::stderr(), "\r\x1b[K");
        })
    });
    Shown { end, task }
}

impl Shown {
    /// Takes it away.
    pub(super) async fn end(self) {
        self.end.cancel();
        if let Some(task) = self.task {
            // It may have been shown last in a terminal that is gone.
            drop(task.await);
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shown rounded"
)]
fn line(progress: &Progress, took: Duration) -> String {
    let (done, not) = (progress.done.load(Ordering::Relaxed), progress.not_as_expected.load(Ordering::Relaxed));
    let rate = (done as f64 / took.as_secs_f64().max(0.1)) as u64;
    format!("{}  {} not as expected  {}/s", counted(done, "file", "files"), count(not), count(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_it_is() {
        let progress = Progress::default();
        progress.done.store(1_204, Ordering::Relaxed);
        progress.not_as_expected.store(3, Ordering::Relaxed);
        assert_eq!(line(&progress, Duration::from_secs(2)), "1,204 files  3 not as expected  602/s");
    }
}
