//! How many requests at once are best: found by trying. Plain arithmetic over what was seen; no task, no clock.
//!
//! A store that asks for patience gets half as many at once, and then one more after each quiet while. Otherwise the
//! level climbs as long as more moves for it, and goes back one step where it does not.

use std::time::Duration;

/// What is begun with.
const FIRST: usize = 8;
/// The level is looked at so often.
pub(super) const WINDOW: Duration = Duration::from_millis(400);
/// However many refusals come together, the level is halved once in this time.
const HALVED_ONCE_IN: Duration = Duration::from_secs(1);
/// After a refusal the level only creeps for so long.
const CAREFUL_FOR: Duration = Duration::from_secs(10);
/// A level that was found is kept for so many windows before more is tried again.
const KEPT_FOR: u32 = 12;
/// One request costs about as much as moving so many bytes: small files are a matter of requests, big ones of bytes.
const REQUEST_BYTES: u64 = 64 << 10;
/// More at once must bring so much more.
const WORTH_IT: f64 = 1.05;

/// What moved so far, ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) bytes: u64,
    pub(super) requests: u64,
}

#[derive(Debug)]
pub(super) struct Level {
    now: usize,
    most: usize,
    /// When the last window ended, and what had moved by then.
    window: Option<(Duration, Moved)>,
    /// The level before the last step up, and what moved a second with it.
    climbed_from: Option<(usize, f64)>,
    keep: u32,
    halved: Option<Duration>,
}

impl Level {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self { now: FIRST.min(most), most, window: None, climbed_from: None, keep: 0, halved: None }
    }

    /// As many as somebody wishes, from the beginning.
    pub(super) fn told(level: usize) -> Self {
        Self { now: level.max(1), ..Self::new(level) }
    }

    pub(super) fn get(&self) -> usize {
        self.now
    }

    /// The store asked for patience.
    pub(super) fn refused(&mut self, at: Duration) {
        if self.halved.is_some_and(|halved| at.saturating_sub(halved) < HALVED_ONCE_IN) {
            return;
        }
        self.halved = Some(at);
        self.now = (self.now / 2).max(1);
        self.climbed_from = None;
        self.window = None;
    }

    /// Looks at what has moved; `full` says whether as many were under way as may be. To be called more often than a
    /// window lasts.
    pub(super) fn look(&mut self, at: Duration, moved: Moved, full: bool) {
        let Some((since, before)) = self.window.filter(|_| full) else {
            // With room left, the level is not what holds things up.
            (self.window, self.climbed_from) = (Some((at, moved)), None);
            return;
        };
        let took = at.saturating_sub(since);
        if took < WINDOW {
            return;
        }
        self.window = Some((at, moved));
        let worth = moved.bytes.saturating_sub(before.bytes)
            + moved.requests.saturating_sub(before.requests).saturating_mul(REQUEST_BYTES);
        #[expect(clippy::cast_precision_loss, reason = "a rate to compare")]
        let rate = worth as f64 / took.as_secs_f64();
        if self.halved.is_some_and(|halved| at.saturating_sub(halved) < CAREFUL_FOR) {
            if moved.requests > before.requests {
                self.now = (self.now + 1).min(self.most);
            }
            return;
        }
        match self.climbed_from.take() {
            Some((level, before)) if rate < before * WORTH_IT => (self.now, self.keep) = (level, KEPT_FOR),
            None if self.keep > 0 => self.keep -= 1,
            _ if self.now < self.most && worth > 0 => {
                self.climbed_from = Some((self.now, rate));
                self.now = (self.now + (self.now / 4).max(1)).min(self.most);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    fn after(windows: u32) -> Duration {
        WINDOW * windows
    }

    /// Runs windows in which `speed` says how much moves at a level, and gives the levels.
    fn levels(level: &mut Level, windows: std::ops::Range<u32>, speed: impl Fn(usize) -> u64) -> Vec<usize> {
        let mut bytes = u64::from(windows.start) << 40;
        let step = |at| {
            level.look(after(at), Moved { bytes, requests: u64::from(at) }, true);
            bytes += speed(level.get());
            level.get()
        };
        windows.map(step).collect()
    }

    #[test_case(1, 1; "one at a time")]
    #[test_case(0, 1; "never none")]
    #[test_case(4, 4; "fewer than it begins with")]
    #[test_case(32, 8; "as it begins")]
    fn begins_with(most: usize, first: usize) {
        assert_eq!(Level::new(most).get(), first);
    }

    #[test]
    fn as_many_as_are_told_until_the_store_asks_for_patience() {
        let mut level = Level::told(40);
        assert_eq!(levels(&mut level, 0..5, |_| 1 << 20), [40; 5]);
        level.refused(after(5));
        assert_eq!(level.get(), 20);
    }

    #[test]
    fn climbs_while_more_moves_and_stays_below_the_most() {
        let mut level = Level::new(32);
        let levels = levels(&mut level, 0..40, |level| level as u64 * (10 << 20));
        assert!(levels.is_sorted() && levels.last() == Some(&32), "{levels:?}");
    }

    #[test]
    fn goes_back_where_more_brings_nothing_and_keeps_that_for_a_while() {
        let mut level = Level::new(32);
        let levels = levels(&mut level, 0..16, |_| 100 << 20);
        assert_eq!(&levels[..2], [8, 10]);
        assert_eq!(&levels[2..14], [8; 12]);
    }

    #[test]
    fn finds_where_it_stops_to_help() {
        let mut level = Level::new(64);
        let levels = levels(&mut level, 0..60, |level| level.min(20) as u64 * (10 << 20));
        assert!((19..=26).contains(levels.last().unwrap()), "{levels:?}");
    }

    #[test]
    fn is_halved_once_a_second_and_never_to_none() {
        let mut level = Level::new(32);
        for millis in [0, 10, 999] {
            level.refused(Duration::from_millis(millis));
        }
        assert_eq!(level.get(), 4);
        for secs in 1..5 {
            level.refused(Duration::from_secs(secs));
        }
        assert_eq!(level.get(), 1);
    }

    #[test]
    fn creeps_up_after_a_refusal() {
        let mut level = Level::new(32);
        level.refused(Duration::ZERO);
        assert_eq!(levels(&mut level, 0..5, |_| 1), [4, 5, 6, 7, 8]);
    }

    #[test]
    fn nothing_changes_with_room_left() {
        let mut level = Level::new(32);
        for at in 0..9 {
            level.look(after(at), Moved { bytes: u64::from(at) << 30, requests: 0 }, false);
        }
        assert_eq!(level.get(), 8);
    }

    #[test]
    fn nothing_is_climbed_while_nothing_moves() {
        let mut level = Level::new(32);
        (0..9).for_each(|at| level.look(after(at), Moved::default(), true));
        assert_eq!(level.get(), 8);
    }
}
