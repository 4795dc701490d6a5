//! Sending requests: so many at once and so many a second, and again where another moment may bring another answer.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::s3::error::{Kind, S3Error, Unreached};
use crate::s3::probe::{Answer, Lines, Question};
use crate::transfer::{Limits, Permits, chance, wait_after};

/// Most requests at once, where the number is not told.
pub(super) const MOST_AT_ONCE: usize = 64;
/// Tries of one request.
const TRIES: u32 = 4;
/// Tries of one that got no answer in time: each takes long.
const TRIES_IN_VAIN: u32 = 2;
/// An answer has so long to come, and its body comes no slower than so many bytes a second.
const TIMEOUT: Duration = Duration::from_secs(30);
const SLOWEST: u64 = 200_000;

pub(super) struct Asker {
    lines: Lines,
    permits: Permits,
    pace: Option<Pace>,
    limits: Limits,
    bytes: AtomicU64,
}

impl Asker {
    pub(super) fn new(concurrency: Option<usize>, requests_per_sec: Option<u32>) -> Self {
        let most = concurrency.unwrap_or(MOST_AT_ONCE);
        Self {
            lines: Lines::new(most),
            permits: Permits::told_or_found(concurrency, most),
            pace: requests_per_sec.map(Pace::new),
            limits: Limits { longest_wait: Duration::from_secs(10), ..Limits::default() },
            bytes: AtomicU64::new(0),
        }
    }

    /// Finds how many at once are best; to be called several times a second.
    pub(super) fn look(&self) {
        self.permits.look(self.bytes.load(Ordering::Relaxed));
    }

    /// Asks until there is an answer that will stay.
    pub(super) async fn ask(&self, question: &Question) -> Result<Answer, S3Error> {
        let within = TIMEOUT + Duration::from_secs(question.limit_bytes as u64 / SLOWEST);
        let mut tried = 0;
        loop {
            if let Some(pace) = &self.pace {
                pace.turn().await;
            }
            let permit = self.permits.acquire().await;
            let outcome = self.lines.ask(question, within).await;
            drop(permit);
            tried += 1;
            let Some(asked_for) = self.patience(&outcome, tried) else { return outcome };
            let wait = wait_after(&self.limits, tried, chance()).max(asked_for.min(self.limits.longest_wait));
            tokio::time::sleep(wait).await;
        }
    }

    /// How long the server wants to be left alone before another try; `None` where there is to be none.
    fn patience(&self, outcome: &Result<Answer, S3Error>, tried: u32) -> Option<Duration> {
        match outcome {
            Ok(answer) if matches!(answer.status, 429 | 500 | 502 | 503 | 504) => {
                if matches!(answer.status, 429 | 503) {
                    self.permits.refused();
                }
                (tried < TRIES).then(|| retry_after(answer))
            }
            Ok(answer) => {
                self.permits.succeeded();
                self.bytes.fetch_add(answer.body.len() as u64, Ordering::Relaxed);
                None
            }
            Err(error) => {
                let tries = match &error.kind {
                    // Nobody is there: the next file would only wait for the same.
                    Kind::Unreachable(Unreached::UnknownHost | Unreached::NothingListens) => 1,
                    Kind::Timeout => TRIES_IN_VAIN,
                    _ if error.is_worth_retrying() => TRIES,
                    _ => 1,
                };
                (tried < tries).then_some(Duration::ZERO)
            }
        }
    }
}

/// In seconds (RFC 9110, section 10.2.3; its form with a date is not understood).
fn retry_after(answer: &Answer) -> Duration {
    let secs = answer.header("retry-after").and_then(|text| text.trim().parse().ok());
    secs.map(Duration::from_secs).unwrap_or_default()
}

/// Gives a turn every so often, in the order of asking.
struct Pace {
    every: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    fn new(per_sec: u32) -> Self {
        Self { every: Duration::from_secs(1) / per_sec.max(1), next: Mutex::new(Instant::now()) }
    }

    async fn turn(&self) {
        let at = self.take(Instant::now());
        tokio::time::sleep_until(at.into()).await;
    }

    fn take(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let at = now.max(*next);
        *next = at + self.every;
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_come_at_their_pace_and_a_rest_saves_none_up() {
        let pace = Pace::new(10);
        let start = Instant::now() + Duration::from_secs(1);
        let turns: Vec<_> = (0..4).map(|_| (pace.take(start) - start).as_millis()).collect();
        assert_eq!(turns, [0, 100, 200, 300]);
        let later = start + Duration::from_secs(60);
        let turns: Vec<_> = (0..3).map(|_| (pace.take(later) - later).as_millis()).collect();
        assert_eq!(turns, [0, 100, 200]);
    }

    #[tokio::test]
    async fn a_server_that_asks_for_patience_is_asked_again() {
        use crate::s3::testing::{Canned, serve};
        let busy = || Canned::empty(503).header("retry-after", "0");
        let server = serve(vec![busy(), Canned::empty(429), Canned::empty(200)]).await;
        let asker = Asker::new(Some(2), None);
        let answer = asker.ask(&Question::head(&server.endpoint)).await.unwrap();
        assert_eq!((answer.status, server.requests().len()), (200, 3));
        let server = serve(vec![Canned::empty(403)]).await;
        assert_eq!(asker.ask(&Question::head(&server.endpoint)).await.unwrap().status, 403);
        assert_eq!(server.requests().len(), 1, "a refusal stays one");
    }
}
