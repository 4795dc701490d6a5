//! Another try, where the same request may succeed a little later.
//!
//! The SDK repeats a request a few times by itself. What is repeated here is what it does not see: errors inside a good
//! answer, and stores that stay busy for longer.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use super::error::S3Error;

/// So often something is tried.
pub(super) const TRIES: u32 = 5;
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Asks until there is an answer, the error is one that stays, or there were enough tries.
pub(super) async fn again<T, F>(call: impl Fn() -> F) -> Result<T, S3Error>
where
    F: Future<Output = Result<T, S3Error>>,
{
    let mut tried = 1;
    loop {
        match call().await {
            Err(error) if error.is_worth_retrying() && tried < TRIES => {
                tracing::debug!(tried, ?error, "a try failed");
                tokio::time::sleep(wait_after(tried)).await;
                tried += 1;
            }
            outcome => return outcome,
        }
    }
}

/// The wait after the try of that number (the first is 1): it doubles, and half of it is up to chance, so that many
/// requests that failed together do not come back together.
pub(super) fn wait_after(tried: u32) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(2u32.saturating_pow(tried.saturating_sub(1))).min(LONGEST_WAIT);
    // The standard library seeds its maps with randomness.
    let chance = RandomState::new().hash_one(0u8) % 1000;
    doubled / 2 + doubled * u32::try_from(chance).unwrap_or(0) / 2000
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::s3::error::{Kind, Thing};
    use test_case::test_case;

    #[test_case(1, 100, 200; "the first")]
    #[test_case(3, 400, 800; "doubles")]
    #[test_case(40, 5_000, 10_000; "never beyond the longest")]
    fn waits(tried: u32, least_ms: u128, most_ms: u128) {
        assert!((least_ms..=most_ms).contains(&wait_after(tried).as_millis()));
    }

    #[test_case(Kind::Busy, 2, 3; "a store that is busy is asked again")]
    #[test_case(Kind::NotThere(Thing::Object), 9, 1; "what stays is not")]
    #[tokio::test]
    async fn asks(kind: Kind, fails: u32, expected: u32) {
        let asked = AtomicU32::new(0);
        let outcome = again(|| async {
            let before = asked.fetch_add(1, Ordering::Relaxed);
            if before < fails { Err(S3Error::new("CopyObject", kind.clone())) } else { Ok(()) }
        })
        .await;
        assert_eq!((outcome.is_ok(), asked.load(Ordering::Relaxed)), (expected > fails, expected));
    }
}
