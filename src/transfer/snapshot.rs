//! What a window reads: sums, pages of rows, and what changed.

use std::{ops::Range, sync::Arc, time::Duration};

use super::{
    row::{Direction, RowState, RowView},
    types::BatchId,
};
use crate::domain::connection::ConnectionId;

/// The history of speed reaches back so many seconds.
pub const HISTORY_SECS: usize = 120;

/// Sums over rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Their turn has not come.
    pub waiting: usize,
    /// Under way.
    pub running: usize,
    /// Held.
    pub paused: usize,
    /// Arrived.
    pub done: usize,
    /// Failed.
    pub failed: usize,
    /// Their name is taken.
    pub conflicts: usize,
    /// Called off.
    pub cancelled: usize,
    /// Left out by choice.
    pub skipped: usize,
    /// Bytes of all that were neither called off nor left out.
    pub total_bytes: u64,
    /// Bytes of those that have moved.
    pub sent_bytes: u64,
    /// Bytes that waiting, running and held rows have still to move.
    pub open_bytes: u64,
    /// Bytes of those that arrived.
    pub done_bytes: u64,
}

impl Totals {
    /// Rows of any state.
    #[must_use]
    pub fn all(&self) -> usize {
        self.wanted() + self.cancelled + self.skipped
    }

    /// Rows that were neither called off nor left out.
    #[must_use]
    pub fn wanted(&self) -> usize {
        self.open() + self.done + self.failed + self.conflicts
    }

    /// Waiting, running or held.
    #[must_use]
    pub fn open(&self) -> usize {
        self.waiting + self.running + self.paused
    }

    pub(super) fn count_mut(&mut self, state: &RowState) -> &mut usize {
        match state {
            RowState::Waiting => &mut self.waiting,
            RowState::Running => &mut self.running,
            RowState::Paused => &mut self.paused,
            RowState::Done { .. } => &mut self.done,
            RowState::Failed { .. } => &mut self.failed,
            RowState::Conflict => &mut self.conflicts,
            RowState::Cancelled => &mut self.cancelled,
            RowState::Skipped => &mut self.skipped,
        }
    }

    /// Adds what running rows have moved beyond what their sums hold already.
    pub(super) fn with_live(mut self, bytes: u64) -> Self {
        self.sent_bytes += bytes;
        self.open_bytes = self.open_bytes.saturating_sub(bytes);
        self
    }
}

/// The state of everything, ten times a second at most.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Grows with every change, also of progress; nothing changed where it did not.
    pub revision: u64,
    /// Over all rows in the list.
    pub totals: Totals,
    /// Over the batches since nothing was open: what the strip and the percentage speak of.
    pub recent: Totals,
    /// The queue is held.
    pub paused: bool,
    /// A row that runs waits for the network.
    pub offline: bool,
    /// All rows together, while any runs.
    pub bytes_per_sec: Option<f64>,
    /// Until all open rows would have arrived at this rate, while any runs.
    pub time_left: Option<Duration>,
    /// Bytes a second for each of the last seconds, oldest first; at most [`HISTORY_SECS`].
    pub history: Arc<[f64]>,
}

/// Files that were asked for together, as they are shown.
#[derive(Debug, Clone)]
pub struct BatchView {
    /// Its number.
    pub id: BatchId,
    /// Which way it goes.
    pub direction: Direction,
    /// Over which connection.
    pub connection: ConnectionId,
    /// The bucket.
    pub bucket: Arc<str>,
    /// The folder in the bucket, or for downloads the folder on this computer.
    pub label: Arc<str>,
    /// Sums over it.
    pub totals: Totals,
    /// It counts in [`Snapshot::recent`].
    pub recent: bool,
    /// It was begun by a process that is no longer there.
    pub restored: bool,
}

/// Which rows are wanted, by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowFilter {
    /// All.
    #[default]
    All,
    /// Running.
    Running,
    /// Waiting or held.
    Waiting,
    /// Failed, or with a taken name.
    Attention,
    /// Arrived.
    Done,
    /// Called off or left out.
    Dropped,
}

impl RowFilter {
    pub(super) fn admits(self, state: &RowState) -> bool {
        match self {
            Self::All => true,
            Self::Running => matches!(state, RowState::Running),
            Self::Waiting => matches!(state, RowState::Waiting | RowState::Paused),
            Self::Attention => state.needs_attention(),
            Self::Done => matches!(state, RowState::Done { .. }),
            Self::Dropped => matches!(state, RowState::Cancelled | RowState::Skipped),
        }
    }
}

/// In which order rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As they were asked for.
    Asked,
    /// What needs a person first, then what runs, is held, waits, has arrived, was dropped.
    #[default]
    Attention,
}

impl Order {
    /// How many ranks there are.
    pub(super) const RANKS: usize = 6;

    pub(super) fn rank(self, state: &RowState) -> usize {
        match (self, state) {
            (Self::Asked, _) | (Self::Attention, RowState::Failed { .. } | RowState::Conflict) => 0,
            (Self::Attention, RowState::Running) => 1,
            (Self::Attention, RowState::Paused) => 2,
            (Self::Attention, RowState::Waiting) => 3,
            (Self::Attention, RowState::Done { .. }) => 4,
            (Self::Attention, RowState::Cancelled | RowState::Skipped) => 5,
        }
    }
}

/// Which rows are wanted.
#[derive(Debug, Clone, Default)]
pub struct RowQuery {
    /// By state.
    pub filter: RowFilter,
    /// Only of this batch.
    pub batch: Option<BatchId>,
    /// Only those whose key or name holds this, in any case; empty for all.
    pub name: String,
    /// In which order.
    pub order: Order,
    /// Which of those that match, counted from 0.
    pub range: Range<usize>,
}

/// A page of rows.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// How many match altogether.
    pub matching: usize,
    /// Those of the wanted range.
    pub rows: Vec<RowView>,
}

/// What changed since a revision.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// To ask with the next time.
    pub revision: u64,
    /// Rows that are new or changed, in the order they were asked for; all running ones are among them.
    pub rows: Vec<RowView>,
    /// Rows have left the list: [`Self::rows`] is all of it.
    pub swept: bool,
}
