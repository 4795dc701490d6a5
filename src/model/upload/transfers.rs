//! What is on its way, was, or is about to be: one row for each file, and the sums over them.

mod left;
mod strip;
mod title;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::domain::connection::ConnectionId;
use crate::domain::upload_plan::OnConflict;
use crate::images::Thumb;
use crate::model::Trouble;
use crate::model::gallery::UrlText;

pub use left::{Left, LeftState};
pub use strip::{Strip, StripMark};

/// What is said where nobody answers any more.
pub const OFFLINE: &str = "Waiting for the network";
/// The graph shows so many seconds, one value each.
pub const GRAPH_SECS: usize = 120;

/// Which way a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Into a bucket.
    #[default]
    Up,
    /// To this computer.
    Down,
}

/// How it stands with one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum RowState {
    /// Its turn has not come.
    #[default]
    Waiting,
    /// Bytes are moving.
    Running,
    /// Held by the person.
    Paused,
    /// Arrived.
    Done,
    /// Did not arrive.
    Failed(Trouble),
    /// An object of this name came to be after the plan was made; nothing was replaced.
    NameTaken,
    /// Called off.
    Cancelled,
    /// Left out by choice, since its name is taken.
    Skipped,
}

impl RowState {
    /// Whether anything can still happen by itself.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Running | Self::Paused)
    }

    /// Whether the person has to do something about it.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::NameTaken)
    }
}

/// One file.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The number that the engine gave it.
    pub id: u64,
    /// Which batch it belongs to.
    pub batch: u64,
    /// Which way.
    pub direction: Direction,
    /// The whole key.
    pub key: String,
    /// Bytes altogether.
    pub size_bytes: u64,
    /// Bytes moved.
    pub moved_bytes: u64,
    /// How it stands.
    pub state: RowState,
    /// Bytes a second, while it runs.
    pub rate: Option<f64>,
    /// Parts that are there, and parts altogether, for a file that goes up in parts.
    pub parts: Option<(u32, u32)>,
    /// Pause or cancel was asked for and is being carried out.
    pub stopping: bool,
    /// It runs, but nobody answers: the network is waited for.
    pub offline: bool,
    /// It waits, and was asked to go before the others.
    pub goes_first: bool,
}

impl Row {
    /// The part of the key after the last `/`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.key.rsplit('/').find(|part| !part.is_empty()).unwrap_or(&self.key)
    }

    /// The part of the key before the name.
    #[must_use]
    pub fn folder(&self) -> &str {
        let name = self.name().len();
        let end = self.key.trim_end_matches('/').len();
        &self.key[..end.saturating_sub(name)]
    }

    /// How much of it is there, from 0 to 1.
    #[must_use]
    pub fn part(&self) -> f32 {
        part(self.moved_bytes, self.size_bytes)
    }
}

/// Files that were asked for together.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Which way.
    pub direction: Direction,
    /// Over which connection.
    pub connection: ConnectionId,
    /// The bucket.
    pub bucket: String,
    /// The folder in the bucket, or for downloads the folder on this computer.
    pub folder: String,
    /// Files in it.
    pub files: u64,
    /// It was begun in an earlier session, and nobody has said yet that it shall go on.
    pub before: bool,
    /// Its end was told in a notice.
    pub told: bool,
    /// It was closed in the strip.
    pub closed: bool,
    /// When it began, on the clock of [`Transfers`].
    pub began: Duration,
    /// When the last file of it came to an end.
    pub ended: Option<Duration>,
}

/// Sums over rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows.
    pub all: u64,
    /// Their turn has not come.
    pub waiting: u64,
    /// Moving.
    pub running: u64,
    /// Held.
    pub paused: u64,
    /// Arrived.
    pub done: u64,
    /// Failed, or met a taken name.
    pub failed: u64,
    /// Called off or left out.
    pub cancelled: u64,
    /// Bytes of all that were not called off.
    pub total_bytes: u64,
    /// Bytes moved of those.
    pub moved_bytes: u64,
}

impl Counts {
    /// Running, waiting or held.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.waiting + self.running + self.paused
    }

    /// From 0 to 1; 1 for nothing at all.
    #[must_use]
    pub fn part(&self) -> f32 {
        part(self.moved_bytes, self.total_bytes)
    }

    /// Files that were not called off.
    #[must_use]
    pub fn wanted(&self) -> u64 {
        self.all - self.cancelled
    }

    fn add(&mut self, row: &Row) {
        self.all += 1;
        match row.state {
            RowState::Waiting => self.waiting += 1,
            RowState::Running => self.running += 1,
            RowState::Paused => self.paused += 1,
            RowState::Done => self.done += 1,
            RowState::Failed(_) | RowState::NameTaken => self.failed += 1,
            RowState::Cancelled | RowState::Skipped => {
                self.cancelled += 1;
                return;
            }
        }
        self.total_bytes += row.size_bytes;
        self.moved_bytes += row.moved_bytes.min(row.size_bytes);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for a bar")]
fn part(done: u64, all: u64) -> f32 {
    if all == 0 { 1.0 } else { (done as f64 / all as f64).clamp(0.0, 1.0) as f32 }
}

/// Everything that is or was on its way in this session.
#[derive(Debug, Default)]
pub struct Transfers {
    /// In the order they were asked for.
    pub rows: Vec<Row>,
    /// By number.
    pub batches: BTreeMap<u64, Batch>,
    /// What an earlier session left behind for stores that are not reached yet.
    pub left: Vec<Left>,
    /// The whole queue is held.
    pub paused: bool,
    /// Something that runs waits for the network.
    pub offline: bool,
    /// Counts changes, for what is drawn from the rows.
    pub revision: u64,
    /// Small pictures by number of the row; `None` where there is none to show.
    pub thumbs: HashMap<u64, Option<Arc<Thumb>>>,
    by_id: HashMap<u64, usize>,
    counts: Counts,
    /// Over the batches that the strip speaks of.
    recent: Counts,
    /// Open rows of an earlier session.
    before: u64,
    pace: Pace,
    now: Duration,
}

/// How fast everything goes together.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    /// Bytes a second, while anything runs.
    pub rate: Option<f64>,
    /// How long the rest would take, while anything runs.
    pub left: Option<Duration>,
    /// Bytes a second for each of the last seconds, oldest first; at most [`GRAPH_SECS`].
    pub graph: Arc<[f64]>,
}

impl Transfers {
    /// How many files of an earlier session wait, where nothing else is on its way.
    #[must_use]
    pub fn from_before(&self) -> Option<u64> {
        let open = self.counts.open();
        (self.paused && open > 0 && open == self.before).then_some(open)
    }

    /// The person has said that everything shall go on: nothing is from before any more.
    pub fn take_as_own(&mut self) {
        for batch in self.batches.values_mut() {
            batch.before = false;
        }
        self.before = 0;
    }

    /// The row of that number.
    #[must_use]
    pub fn row(&self, id: u64) -> Option<&Row> {
        self.rows.get(*self.by_id.get(&id)?)
    }

    /// The row of that number, made if it is new; call [`Self::updated`] when all are changed.
    pub fn row_or_new(&mut self, id: u64) -> &mut Row {
        let rows = &mut self.rows;
        let index = *self.by_id.entry(id).or_insert_with(|| {
            rows.push(Row { id, ..Row::default() });
            rows.len() - 1
        });
        &mut self.rows[index]
    }

    /// Rows were changed; `now` is the time since any fixed moment.
    pub fn updated(&mut self, now: Duration) {
        self.now = now;
        self.recount();
    }

    /// What is known of the speed.
    pub fn set_pace(&mut self, pace: Pace) {
        self.pace = pace;
    }

    /// How fast everything goes together.
    #[must_use]
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    fn recount(&mut self) {
        self.revision += 1;
        self.counts = Counts::default();
        self.recent = Counts::default();
        self.before = 0;
        for row in &self.rows {
            self.counts.add(row);
            let Some(batch) = self.batches.get(&row.batch) else { continue };
            if !batch.closed {
                self.recent.add(row);
            }
            self.before += u64::from(batch.before && row.state.is_open());
        }
    }

    /// Sums over all rows.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Sums over what the strip speaks of: everything since nothing was on its way.
    #[must_use]
    pub fn recent(&self) -> Counts {
        self.recent
    }

    /// The rows that failed or met a taken name, with what can be sent again in front.
    pub fn failed(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.state.is_failed())
    }

    /// The keys that arrived in a batch, with the batch's bucket in mind.
    #[must_use]
    pub fn arrived(&self, batch: u64) -> Vec<String> {
        let rows = self.rows.iter().filter(|row| row.batch == batch && row.state == RowState::Done);
        rows.map(|row| row.key.clone()).collect()
    }

    /// Sums over one batch.
    #[must_use]
    pub fn counts_of(&self, batch: u64) -> Counts {
        let mut counts = Counts::default();
        for row in self.rows.iter().filter(|row| row.batch == batch) {
            counts.add(row);
        }
        counts
    }
}

/// What can be asked of what is on its way.
#[derive(Debug, Clone)]
pub enum TransferCommand {
    /// Hold the whole queue.
    PauseAll,
    /// Let it go on.
    ResumeAll,
    /// Hold these.
    Pause(Vec<u64>),
    /// Let these go on.
    Resume(Vec<u64>),
    /// Let these go before the others that wait.
    PutFirst(Vec<u64>),
    /// Ask whether to call all off.
    AskCancelAll,
    /// Call all off; it was asked.
    CancelAll,
    /// Ask whether to drop what an earlier session left behind.
    AskDiscardBefore,
    /// Drop it; it was asked.
    DiscardBefore,
    /// Try again to reach the store of files that an earlier session left behind.
    ReachAgain(ConnectionId),
    /// Ask whether to forget files whose store is out of reach.
    AskForgetLeft(ConnectionId),
    /// Forget them; it was asked.
    ForgetLeft(ConnectionId),
    /// Call these off, or take failed ones off the list of what is to be done.
    Cancel(Vec<u64>),
    /// Try these again.
    Retry(Vec<u64>),
    /// Try all that failed again.
    RetryFailed,
    /// For a name that was taken while sending.
    Resolve(u64, OnConflict),
    /// Put the address of one on the clipboard.
    CopyUrl(u64),
    /// Put the addresses of all that arrived in a batch on the clipboard.
    CopyUrls(u64, UrlText),
    /// Go to where a batch went.
    ShowTarget(u64),
    /// Write down what came of a batch, or of everything that ended.
    SaveReceipt(Option<u64>),
    /// Close the strip.
    CloseStrip,
}

#[cfg(test)]
mod tests;
