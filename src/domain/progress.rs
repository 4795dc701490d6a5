//! How fast something goes and when it will be done, from times and byte counts.

use std::collections::VecDeque;
use std::time::Duration;

/// Over how long a rate is taken: long enough to be calm, short enough to follow a change.
const WINDOW: Duration = Duration::from_secs(10);
/// How close two samples may lie.
const SPACING: Duration = Duration::from_millis(100);
/// No rate is told before so much has been seen.
const WARM_UP: Duration = Duration::from_millis(800);

/// Learns from what has been moved so far. Times are counted from any fixed moment.
#[derive(Debug, Clone, Default)]
pub struct Estimator {
    samples: VecDeque<(Duration, u64)>,
}

impl Estimator {
    /// One that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// So many bytes were through at that time, all together. A count that falls (a part is sent again) begins anew.
    pub fn feed(&mut self, at: Duration, bytes: u64) {
        match self.samples.back() {
            Some((last, count)) if at < *last || bytes < *count => self.samples.clear(),
            // The first sample of all stays; of those in the same tenth of a second the last one counts.
            Some((last, _)) if self.samples.len() > 1 && at - *last < SPACING => {
                let previous = self.samples.get(self.samples.len() - 2).map(|s| s.0);
                if previous.is_some_and(|p| at - p < SPACING * 2) {
                    self.samples.pop_back();
                }
            }
            _ => {}
        }
        self.samples.push_back((at, bytes));
        // One sample older than the window stays, so that the window is always covered.
        while self.samples.get(1).is_some_and(|(second, _)| at.saturating_sub(*second) >= WINDOW) {
            self.samples.pop_front();
        }
    }

    /// Bytes a second over the last ten seconds up to `now`; falls towards zero while nothing arrives. `None` while
    /// too little was seen.
    #[must_use]
    pub fn rate(&self, now: Duration) -> Option<f64> {
        let (first, from) = *self.samples.front()?;
        let (_, to) = *self.samples.back()?;
        let span = now.checked_sub(first).filter(|span| *span >= WARM_UP)?;
        #[expect(clippy::cast_precision_loss, reason = "a rate is shown with three digits")]
        let moved = (to - from) as f64;
        Some(moved / span.as_secs_f64())
    }

    /// How long the rest of `total` would take at this rate. `None` while unknown or at a standstill.
    #[must_use]
    pub fn left(&self, now: Duration, total: u64) -> Option<Duration> {
        let (_, done) = *self.samples.back()?;
        let rest = total.saturating_sub(done);
        if rest == 0 {
            return Some(Duration::ZERO);
        }
        let rate = self.rate(now).filter(|rate| *rate >= 1.0)?;
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let secs = rest as f64 / rate;
        // Beyond a month nobody needs a number.
        (secs < 30.0 * 86_400.0).then(|| Duration::from_secs_f64(secs))
    }

    /// Nothing arrived for `patience`.
    #[must_use]
    pub fn is_stalled(&self, now: Duration, patience: Duration) -> bool {
        let Some((_, latest)) = self.samples.back() else { return false };
        let since = self.samples.iter().find(|(_, bytes)| bytes == latest).map(|(at, _)| *at);
        since.is_some_and(|at| now.saturating_sub(at) >= patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn steady(per_tick: u64, ticks: u64) -> Estimator {
        let mut estimator = Estimator::new();
        for tick in 0..=ticks {
            estimator.feed(ms(tick * 100), tick * per_tick);
        }
        estimator
    }

    #[test]
    fn a_steady_stream_is_told_as_it_is() {
        let estimator = steady(100_000, 50);
        assert!((estimator.rate(ms(5000)).unwrap() - 1_000_000.0).abs() < 1.0);
        assert_eq!(estimator.left(ms(5000), 15_000_000), Some(ms(10_000)));
        assert_eq!(estimator.left(ms(5000), 5_000_000), Some(Duration::ZERO));
    }

    #[test]
    fn says_nothing_too_soon() {
        let estimator = steady(100_000, 5);
        assert_eq!((estimator.rate(ms(500)), estimator.left(ms(500), 1 << 40)), (None, None));
        assert_eq!(Estimator::new().rate(ms(9000)), None);
    }

    #[test]
    fn follows_a_change_within_the_window() {
        let mut estimator = steady(100_000, 200);
        for tick in 1..=120 {
            estimator.feed(ms(20_000 + tick * 100), 20_000_000 + tick * 10_000);
        }
        assert!((estimator.rate(ms(32_000)).unwrap() - 100_000.0).abs() < 2_000.0);
    }

    #[test]
    fn falls_while_nothing_arrives_and_says_so() {
        let estimator = steady(100_000, 50);
        assert!(estimator.rate(ms(15_000)).unwrap() < 400_000.0);
        assert!(!estimator.is_stalled(ms(6000), ms(5000)) && estimator.is_stalled(ms(10_100), ms(5000)));
    }

    #[test]
    fn memory_is_bounded_however_often_it_is_fed() {
        let mut estimator = Estimator::new();
        for micro in 0..1_000_000u64 {
            estimator.feed(Duration::from_micros(micro * 50), micro);
        }
        assert!(estimator.samples.len() < 250, "{}", estimator.samples.len());
        assert!((estimator.rate(Duration::from_secs(50)).unwrap() - 20_000.0).abs() < 200.0);
    }

    #[test]
    fn a_falling_count_begins_anew() {
        let mut estimator = steady(100_000, 50);
        estimator.feed(ms(5100), 1000);
        assert_eq!(estimator.rate(ms(5200)), None);
        assert!(estimator.rate(ms(6000)).unwrap() < 1.0);
    }
}
