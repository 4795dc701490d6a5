//! Holds bytes back, so that no more of them move in a second than the person allows.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::sync::{Mutex as Turnstile, watch};

use super::row::Direction;
use crate::domain::bandwidth::Limits;

/// After a rest, so much of a second's bytes may move at once.
const BURST: Duration = Duration::from_millis(250);

/// The limits of everything that moves. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Bandwidth(Arc<Gates>);

#[derive(Debug, Default)]
struct Gates {
    up: Gate,
    down: Gate,
}

/// One direction.
#[derive(Debug)]
struct Gate {
    /// Bytes a second.
    rate: watch::Sender<Option<u64>>,
    /// One waits for bytes, the others for their turn, in the order in which they came.
    turnstile: Turnstile<()>,
    bucket: Mutex<Bucket>,
}

impl Default for Gate {
    fn default() -> Self {
        Self { rate: watch::Sender::new(None), turnstile: Turnstile::default(), bucket: Mutex::default() }
    }
}

impl Bandwidth {
    /// From now on these hold, also for those that wait already.
    pub fn set(&self, limits: Limits) {
        self.0.up.set(limits.upload);
        self.0.down.set(limits.download);
    }

    /// What holds.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits { upload: *self.0.up.rate.borrow(), download: *self.0.down.rate.borrow() }
    }

    /// What to wait for before so many bytes may move; nothing where there is no limit.
    pub(super) fn wait_for(&self, direction: Direction, bytes: u64) -> Option<BoxFuture<'static, ()>> {
        let gate = match direction {
            Direction::Up => &self.0.up,
            Direction::Down => &self.0.down,
        };
        gate.rate.borrow().is_some().then(|| {
            let this = self.clone();
            async move { this.take(direction, bytes).await }.boxed()
        })
    }

    /// Comes back when so many bytes may move. Those that wait take turns, a burst's worth each, so that one large
    /// piece does not hold up many small ones. Dropped while it waits, it gives up its place.
    pub async fn take(&self, direction: Direction, bytes: u64) {
        let gate = match direction {
            Direction::Up => &self.0.up,
            Direction::Down => &self.0.down,
        };
        let mut left = bytes;
        while left > 0 {
            left = gate.take_some(left).await;
        }
    }
}

impl Gate {
    fn set(&self, rate: Option<u64>) {
        self.rate.send_if_modified(|held| std::mem::replace(held, rate) != rate);
    }

    /// Takes at most a burst's worth and says what is left to take.
    async fn take_some(&self, bytes: u64) -> u64 {
        if self.rate.borrow().is_none() {
            return 0;
        }
        let mut rate = self.rate.subscribe();
        let _turn = self.turnstile.lock().await;
        loop {
            let Some(held) = *rate.borrow_and_update() else { return 0 };
            let some = bytes.min(burst(held));
            let wait = {
                let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
                bucket.take(some, held, Instant::now())
            };
            let Some(wait) = wait else { return bytes - some };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                // The sender lives as long as this.
                _ = rate.changed() => {}
            }
        }
    }
}

/// What may move at once at this rate; never nothing.
fn burst(rate: u64) -> u64 {
    (rate / u64::try_from(1_000 / BURST.as_millis()).unwrap_or(1)).max(1)
}

/// Bytes drip in at the rate and are taken out; it holds a burst's worth at most.
#[derive(Debug, Default)]
struct Bucket {
    holds: f64,
    filled: Option<Instant>,
}

impl Bucket {
    /// Takes bytes out, or says how long it will be until they are in. `bytes` are a burst's worth at most.
    #[expect(clippy::cast_precision_loss, reason = "a limit is not kept to the byte")]
    fn take(&mut self, bytes: u64, rate: u64, now: Instant) -> Option<Duration> {
        let (most, rate, bytes) = (burst(rate) as f64, rate as f64, bytes as f64);
        let since = self.filled.replace(now).map_or(BURST, |before| now.saturating_duration_since(before));
        self.holds = (self.holds + rate * since.as_secs_f64()).min(most);
        // What rounding costs must not make it wait for a billionth of a second, again and again.
        if self.holds + 0.5 >= bytes {
            self.holds -= bytes;
            return None;
        }
        Some(Duration::from_secs_f64((bytes - self.holds) / rate).max(Duration::from_millis(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(upload: Option<u64>) -> Limits {
        Limits { upload, download: None }
    }

    #[test]
    fn over_any_second_the_rate_holds() {
        let rate = 100_000;
        let start = Instant::now();
        let mut bucket = Bucket::default();
        let (mut now, mut moved) = (start, Vec::new());
        while now - start < Duration::from_secs(20) {
            // Pieces of all sizes, and a rest of some seconds in the middle.
            let piece = 1 + (moved.len() as u64 * 7_919) % burst(rate);
            while let Some(wait) = bucket.take(piece, rate, now) {
                now += wait;
            }
            moved.push((now, piece));
            if moved.len() == 60 {
                now += Duration::from_secs(3);
            }
        }
        for (from, _) in &moved {
            let within = moved.iter().filter(|(at, _)| at >= from && *at - *from < Duration::from_secs(1));
            let bytes: u64 = within.map(|(_, piece)| piece).sum();
            // The burst comes on top of the second's own.
            assert!(bytes <= rate + burst(rate) + 100, "{bytes} bytes in a second");
        }
        let bytes: u64 = moved.iter().map(|(_, piece)| piece).sum();
        assert!(bytes > rate * 16, "what may move does: {bytes}");
    }

    #[test]
    fn a_rest_saves_up_no_more_than_a_burst() {
        let start = Instant::now();
        let mut bucket = Bucket::default();
        assert_eq!(bucket.take(250, 1_000, start), None, "the first burst");
        assert_eq!(bucket.take(250, 1_000, start), Some(Duration::from_millis(250)));
        let later = start + Duration::from_secs(3_600);
        assert_eq!(bucket.take(250, 1_000, later), None);
        assert_eq!(bucket.take(100, 1_000, later), Some(Duration::from_millis(100)));
    }

    #[tokio::test]
    async fn without_a_limit_nothing_waits() {
        let bandwidth = Bandwidth::default();
        let began = Instant::now();
        for direction in [Direction::Up, Direction::Down] {
            bandwidth.take(direction, u64::MAX).await;
        }
        assert!(began.elapsed() < Duration::from_millis(100));
    }

    #[tokio::test]
    async fn what_is_over_the_limit_waits_and_the_other_direction_does_not() {
        let bandwidth = Bandwidth::default();
        bandwidth.set(limits(Some(100_000)));
        let began = Instant::now();
        bandwidth.take(Direction::Down, 10_000_000).await;
        assert!(began.elapsed() < Duration::from_millis(100));
        // A burst at once, and the rest at the rate.
        bandwidth.take(Direction::Up, 65_000).await;
        assert!(began.elapsed() >= Duration::from_millis(390), "{:?}", began.elapsed());
        assert_eq!(bandwidth.limits(), limits(Some(100_000)));
    }

    #[tokio::test]
    async fn lifting_the_limit_wakes_all_that_wait() {
        let bandwidth = Bandwidth::default();
        bandwidth.set(limits(Some(1_000)));
        let waiting: Vec<_> = (0..20)
            .map(|_| {
                let bandwidth = bandwidth.clone();
                tokio::spawn(async move { bandwidth.take(Direction::Up, 1_000_000).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let lifted = Instant::now();
        bandwidth.set(limits(None));
        for task in waiting {
            task.await.unwrap();
        }
        assert!(lifted.elapsed() < Duration::from_secs(1), "{:?}", lifted.elapsed());
    }

    #[tokio::test]
    async fn a_large_piece_takes_turns_with_small_ones() {
        let bandwidth = Bandwidth::default();
        bandwidth.set(limits(Some(1_000_000)));
        let large = bandwidth.clone();
        let large = tokio::spawn(async move { large.take(Direction::Up, 100_000_000).await });
        tokio::time::sleep(Duration::from_millis(20)).await;
        let began = Instant::now();
        bandwidth.take(Direction::Up, 1_000).await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        assert!(!large.is_finished());
        large.abort();
    }

    #[tokio::test]
    async fn one_that_gives_up_does_not_block_the_next() {
        let bandwidth = Bandwidth::default();
        bandwidth.set(limits(Some(100_000)));
        let patience = Duration::from_millis(20);
        tokio::time::timeout(patience, bandwidth.take(Direction::Up, 10_000_000)).await.unwrap_err();
        let began = Instant::now();
        bandwidth.take(Direction::Up, 1_000).await;
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    }
}
