//! Ten times a second, while anything happens: how much has moved, how fast, how long still. Idle means no tick.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    engine::Shared,
    row::{Row, Speed},
    snapshot::{HISTORY_SECS, Snapshot},
    table::Table,
};
use crate::domain::progress::Estimator;

const TICK: Duration = Duration::from_millis(100);

/// What is known of the speed of everything together.
#[derive(Debug)]
pub(super) struct Speeds {
    start: Instant,
    estimator: Estimator,
    /// Bytes that ever moved; never falls, also when a try is repeated or called off.
    moved: u64,
    history: VecDeque<f64>,
    shown: Arc<[f64]>,
    /// When the last point of the history was set, and what had moved by then.
    point: (Duration, u64),
}

impl Default for Speeds {
    fn default() -> Self {
        Self {
            start: Instant::now(),
            estimator: Estimator::new(),
            moved: 0,
            history: VecDeque::new(),
            shown: Arc::default(),
            point: (Duration::ZERO, 0),
        }
    }
}

impl Speeds {
    /// A row has so many bytes now.
    pub(super) fn saw(&mut self, row: &mut Row, sent_bytes: u64) {
        let speed = row.speed.get_or_insert_default();
        self.moved += sent_bytes.saturating_sub(speed.seen_bytes);
        speed.seen_bytes = sent_bytes;
    }

    /// After a time in which nothing ran: what was known of the rate no longer holds.
    fn begin(&mut self, now: Duration) {
        self.estimator = Estimator::new();
        self.estimator.feed(now, self.moved);
        if self.history.is_empty() {
            self.point = (now, self.moved);
        } else {
            self.draw(now);
        }
    }

    /// One point for each whole second that has passed.
    fn draw(&mut self, now: Duration) {
        let (at, before) = self.point;
        let whole = now.saturating_sub(at).as_secs();
        if whole == 0 {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "a height in a graph")]
        let rate = self.moved.saturating_sub(before) as f64 / whole as f64;
        for _ in 0..whole.min(HISTORY_SECS as u64) {
            if self.history.len() == HISTORY_SECS {
                self.history.pop_front();
            }
            self.history.push_back(rate);
        }
        self.point = (at + Duration::from_secs(whole), self.moved);
        self.shown = self.history.iter().copied().collect();
    }
}

impl Table {
    /// Looks at what runs and sums up.
    pub(super) fn tick(&mut self) -> Snapshot {
        let now = self.speeds.start.elapsed();
        let mut offline = false;
        if self.is_anything_running() {
            let revision = self.touch();
            let mut speeds = std::mem::take(&mut self.speeds);
            self.for_each_running(|row| {
                let sent_bytes = row.sent_bytes();
                speeds.saw(row, sent_bytes);
                row.changed = revision;
                offline |= row.progress.is_offline();
                if let Some(speed) = &mut row.speed {
                    let Speed { estimator, rate, seen_bytes } = speed.as_mut();
                    estimator.feed(now, *seen_bytes);
                    *rate = estimator.rate(now);
                }
            });
            speeds.estimator.feed(now, speeds.moved);
            self.speeds = speeds;
        }
        self.speeds.draw(now);
        let (totals, recent) = self.totals();
        let speeds = &self.speeds;
        let running = totals.running > 0;
        Snapshot {
            revision: self.revision(),
            totals,
            recent,
            paused: self.paused,
            offline,
            bytes_per_sec: running.then(|| speeds.estimator.rate(now)).flatten(),
            time_left: running.then(|| speeds.estimator.left(now, speeds.moved + recent.open_bytes)).flatten(),
            history: Arc::clone(&speeds.shown),
        }
    }
}

impl Shared {
    /// Makes sure that the snapshot follows; the table is locked by the caller.
    pub(super) fn follow(self: &Arc<Self>, table: &mut Table) {
        if std::mem::replace(&mut table.ticking, true) {
            return;
        }
        let now = table.speeds.start.elapsed();
        table.speeds.begin(now);
        let shared = Arc::clone(self);
        self.handle.spawn(async move {
            let mut shown = None;
            loop {
                let (snapshot, moved) = {
                    let mut table = shared.table();
                    if !table.is_anything_running() && shown == Some(table.revision()) {
                        table.ticking = false;
                        return;
                    }
                    (table.tick(), table.speeds.moved)
                };
                if shared.permits.look(moved) {
                    // There is room for more.
                    shared.with(|_, _| ());
                }
                shown = Some(snapshot.revision);
                shared.snapshot.send_replace(snapshot);
                (shared.wake)();
                tokio::time::sleep(TICK).await;
            }
        });
    }
}
