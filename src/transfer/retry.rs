//! Whether to try again, when, and what that costs.
//!
//! A store that says "not now" is asked again a few times, later and later. All files of an engine pay for that from
//! one [`Budget`], so that thousands of them do not hammer a store that is dying. Where nobody answers any more, the
//! network is waited for, and that is no try at all.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::{engine::Job, row::Progress, types::Limits};
use crate::s3::error::{Kind, S3Error};

/// How often somebody who waits looks whether it was held meanwhile.
const LOOK: Duration = Duration::from_millis(100);
/// Whether the network is back is asked no more seldom.
const LONGEST_PROBE: Duration = Duration::from_secs(5);
/// Repeats that are free at the beginning, and the most that can be saved up.
const FREE: f64 = 10.0;
const MOST_SAVED: f64 = 100.0;
/// Each request that succeeds pays for so much of a repeat.
const EARNED: f64 = 0.2;
/// In the longest wait between two tries so many repeats are earned, if nothing succeeds at all.
const EARNED_BY_WAITING: f64 = 20.0;

/// How the wait before another try ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Waited {
    Over,
    /// Another try would not help, or there were enough.
    GiveUp,
    Cancelled,
    Held,
}

/// What was tried for one request.
#[derive(Debug, Default)]
pub(super) struct Tries {
    /// Those that count.
    counted: u32,
    /// Something was tried, be it while nobody answered.
    any: bool,
    /// What the store had answered, and since when nobody does.
    silence: Option<(u64, Instant)>,
    probes: u32,
}

impl Tries {
    /// Whether the request was sent before: what it does may have happened already.
    pub(super) fn any(&self) -> bool {
        self.any
    }

    /// Whether tries are left.
    pub(super) fn are_left(&self, limits: &Limits) -> bool {
        self.counted < limits.tries
    }

    /// Waits after a try that failed, if another one is worth it.
    pub(super) async fn wait(&mut self, job: &Job, error: &S3Error) -> Waited {
        self.any = true;
        if self.is_silence(job, error) {
            return Box::pin(self.wait_for_network(job)).await;
        }
        (self.silence, self.probes) = (None, 0);
        self.counted += 1;
        if error.kind == Kind::Busy {
            job.shared.permits.refused();
        }
        let limits = &job.shared.limits;
        if !error.is_worth_retrying() || !self.are_left(limits) {
            return Waited::GiveUp;
        }
        let asked_for = error.retry_after.unwrap_or_default().min(limits.longest_wait);
        let wait = wait_after(limits, self.counted, chance()).max(asked_for);
        let wait = wait + job.shared.budget.pay(Instant::now(), job.shared.permits.successes(), limits);
        tracing::debug!(key = %job.key, tried = self.counted, ?wait, ?error, "a try failed");
        pass(job, tokio::time::sleep(wait)).await
    }

    /// Whether nobody has answered since this request last failed. A request that alone is not answered is no silence.
    fn is_silence(&mut self, job: &Job, error: &S3Error) -> bool {
        let unanswered = matches!(error.kind, Kind::Unreachable(_) | Kind::Timeout) && error.http_status.is_none();
        let answers = job.store.answers();
        if !unanswered || answers == 0 {
            return false;
        }
        match self.silence {
            Some((before, _)) if before != answers => false,
            Some(_) => true,
            None => {
                self.silence = Some((answers, Instant::now()));
                true
            }
        }
    }

    /// Asks now and then whether anybody is there again.
    async fn wait_for_network(&mut self, job: &Job) -> Waited {
        let limits = &job.shared.limits;
        let Some((_, since)) = self.silence else { return Waited::GiveUp };
        // One lost connection is not worth showing.
        let mut shown = None;
        while since.elapsed() < limits.offline {
            self.probes += 1;
            let wait = wait_after(limits, self.probes, chance()).min(LONGEST_PROBE);
            let mut there = false;
            let probe = async {
                tokio::time::sleep(wait).await;
                there = job.store.is_there(&job.bucket).await;
            };
            match pass(job, probe).await {
                Waited::Over if there => return Waited::Over,
                Waited::Over => shown = shown.or_else(|| Some(Silent::shown(&job.progress))),
                stopped => return stopped,
            }
        }
        Waited::GiveUp
    }
}

/// Waits for something; not longer than the person lets it.
async fn pass(job: &Job, something: impl Future<Output = ()>) -> Waited {
    let mut something = std::pin::pin!(something);
    loop {
        if job.control.is_held() {
            return Waited::Held;
        }
        tokio::select! {
            biased;
            () = job.control.cancel.cancelled() => return Waited::Cancelled,
            () = &mut something => return Waited::Over,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// A request of the row waits for the network.
struct Silent<'a>(&'a Progress);

impl<'a> Silent<'a> {
    fn shown(progress: &'a Progress) -> Self {
        progress.wait_for_network(true);
        Self(progress)
    }
}

impl Drop for Silent<'_> {
    fn drop(&mut self) {
        self.0.wait_for_network(false);
    }
}

/// Whether what has moved already is worth keeping: somebody can mend what is wrong, and then it goes on.
pub(super) fn can_go_on_after(error: &S3Error) -> bool {
    let mendable = matches!(
        error.kind,
        Kind::Expired | Kind::ClockSkew { .. } | Kind::NoCredentials | Kind::BadKey | Kind::BadSecret | Kind::Tls
    );
    mendable || error.is_worth_retrying()
}

/// What all repeats of an engine are paid from, as in the AWS SDKs (AWS SDKs and Tools Reference Guide, "Retry
/// behavior"); but who cannot pay waits instead of failing.
#[derive(Debug)]
pub(super) struct Budget(Mutex<Purse>);

#[derive(Debug)]
struct Purse {
    /// Below nothing: what those who wait have promised.
    saved: f64,
    successes: u64,
    at: Instant,
}

impl Budget {
    pub(super) fn new(now: Instant) -> Self {
        Self(Mutex::new(Purse { saved: FREE, successes: 0, at: now }))
    }

    /// Pays for one repeat. How long to wait until that is earned.
    fn pay(&self, now: Instant, successes: u64, limits: &Limits) -> Duration {
        let mut purse = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let a_second = EARNED_BY_WAITING / limits.longest_wait.as_secs_f64().max(0.001);
        #[expect(clippy::cast_precision_loss, reason = "a number of requests since the last failure")]
        let by_successes = successes.saturating_sub(purse.successes) as f64 * EARNED;
        let by_waiting = now.saturating_duration_since(purse.at).as_secs_f64() * a_second;
        purse.saved = (purse.saved + by_successes + by_waiting).min(MOST_SAVED) - 1.0;
        (purse.successes, purse.at) = (successes, now);
        Duration::try_from_secs_f64(-purse.saved / a_second).unwrap_or_default().min(limits.longest_wait)
    }
}

/// The wait after the try of that number (the first is 1): half of it is sure, half is up to chance, so that many
/// files that failed together do not come back together. `chance` lies between 0 and 1.
pub(crate) fn wait_after(limits: &Limits, tried: u32, chance: f64) -> Duration {
    let doubled = limits.first_wait.saturating_mul(2u32.saturating_pow(tried.saturating_sub(1)));
    doubled.min(limits.longest_wait).mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

/// Between 0 and 1, from the randomness that the standard library seeds its maps with.
pub(crate) fn chance() -> f64 {
    let random = RandomState::new().hash_one(0u8) >> 32;
    #[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
    let share = random as f64 / f64::from(u32::MAX);
    share
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case(1, 0.0, 200; "the first wait at its shortest")]
    #[test_case(1, 1.0, 400; "the first wait at its longest")]
    #[test_case(3, 1.0, 1_600; "doubles")]
    #[test_case(3, 0.5, 1_200; "with chance")]
    #[test_case(30, 1.0, 20_000; "never beyond the longest")]
    #[test_case(u32::MAX, 0.0, 10_000; "does not overflow")]
    fn waits(tried: u32, chance: f64, millis: u64) {
        assert_eq!(wait_after(&Limits::default(), tried, chance), Duration::from_millis(millis));
    }

    #[test]
    fn chance_is_a_share_and_differs() {
        let all: Vec<f64> = (0..50).map(|_| chance()).collect();
        assert!(all.iter().all(|share| (0.0..=1.0).contains(share)));
        assert!(all.windows(2).any(|pair| (pair[0] - pair[1]).abs() > f64::EPSILON));
    }

    #[test]
    fn repeats_are_free_first_and_then_once_a_second() {
        let (now, limits) = (Instant::now(), Limits::default());
        let budget = Budget::new(now);
        let waits: Vec<_> = (0..13).map(|_| budget.pay(now, 0, &limits).as_secs_f64().round()).collect();
        assert_eq!(waits, [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(budget.pay(now + Duration::from_secs(5), 0, &limits), Duration::ZERO);
    }

    #[test]
    fn five_successes_pay_for_a_repeat() {
        let (now, limits) = (Instant::now(), Limits::default());
        let budget = Budget::new(now);
        (0..10).for_each(|_| assert_eq!(budget.pay(now, 0, &limits), Duration::ZERO));
        assert_eq!(budget.pay(now, 5, &limits), Duration::ZERO);
        assert!(budget.pay(now, 5, &limits) > Duration::from_millis(900));
    }

    #[test]
    fn no_wait_for_the_budget_is_longer_than_the_longest() {
        let (now, limits) = (Instant::now(), Limits::default());
        let budget = Budget::new(now);
        let longest = (0..1_000).map(|_| budget.pay(now, 0, &limits)).max();
        assert_eq!(longest, Some(limits.longest_wait));
    }

    #[test_case(Kind::Expired => true; "who signs in again")]
    #[test_case(Kind::Busy => true; "who waits")]
    #[test_case(Kind::TooLarge => false; "nobody")]
    fn goes_on_after(kind: Kind) -> bool {
        can_go_on_after(&S3Error::new("UploadPart", kind))
    }
}
