//! How long to wait before another try.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use super::{engine::Job, types::Limits};
use crate::s3::error::S3Error;

/// How often somebody who waits looks whether it was held meanwhile.
const LOOK: Duration = Duration::from_millis(100);

/// How the wait before another try ended.
pub(super) enum Waited {
    Over,
    /// Another try would not help, or there were enough.
    GiveUp,
    Cancelled,
    Held,
}

/// Waits after the try of that number (the first is 1), if another one is worth it.
pub(super) async fn wait_for_retry(job: &Job, error: &S3Error, tried: u32) -> Waited {
    let limits = &job.shared.limits;
    if !error.is_worth_retrying() || tried >= limits.tries {
        return Waited::GiveUp;
    }
    let wait = wait_after(limits, tried, chance());
    tracing::debug!(key = %job.key, tried, ?wait, ?error, "a try failed");
    let over = tokio::time::Instant::now() + wait;
    loop {
        if job.control.is_held() {
            return Waited::Held;
        }
        let next = over.min(tokio::time::Instant::now() + LOOK);
        tokio::select! {
            biased;
            () = job.control.cancel.cancelled() => return Waited::Cancelled,
            () = tokio::time::sleep_until(next) => {}
        }
        if next == over {
            return Waited::Over;
        }
    }
}

/// The wait after the try of that number (the first is 1): half of it is sure, half is up to chance, so that many
/// files that failed together do not come back together. `chance` lies between 0 and 1.
pub(super) fn wait_after(limits: &Limits, tried: u32, chance: f64) -> Duration {
    let doubled = limits.first_wait.saturating_mul(2u32.saturating_pow(tried.saturating_sub(1)));
    doubled.min(limits.longest_wait).mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

/// Between 0 and 1, from the randomness that the standard library seeds its maps with.
pub(super) fn chance() -> f64 {
    let random = RandomState::new().hash_one(0u8) >> 32;
    #[expect(clippy::cast_precision_loss, reason = "32 bits fit")]
    let share = random as f64 / f64::from(u32::MAX);
    share
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case(1, 0.0, 500; "the first wait at its shortest")]
    #[test_case(1, 1.0, 1_000; "the first wait at its longest")]
    #[test_case(3, 1.0, 4_000; "doubles")]
    #[test_case(3, 0.5, 3_000; "with chance")]
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
}
