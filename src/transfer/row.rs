//! One file on its way.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{
    download::Partial,
    parts::OpenUpload,
    types::{BatchId, RowId, Source},
};
use crate::{
    domain::progress::Estimator,
    s3::{
        body::{Gate, Meter},
        error::S3Error,
        object::{Guard, ObjectHeaders, Written},
    },
};

/// Which way a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Into a bucket.
    Up,
    /// To this computer.
    Down,
}

/// How it stands with one file.
#[derive(Debug, Clone)]
pub enum RowState {
    /// Its turn has not come.
    Waiting,
    /// Bytes are moving, or will as soon as a wait before another try is over.
    Running,
    /// Held by the person; parts that are there already are kept.
    Paused,
    /// It arrived.
    Done {
        /// When it had arrived.
        at: Timestamp,
        /// The checksum that the store tells, or its `ETag`, is that of the bytes that were moved. `false` says only
        /// that it could not be compared this way (encrypted with KMS, for one).
        verified: bool,
        /// What the store told of it.
        written: Box<Written>,
        /// For a download, where it came to lie.
        saved_as: Option<PathBuf>,
    },
    /// It did not arrive.
    Failed {
        /// Why.
        error: S3Error,
    },
    /// An object of this key is there already; nothing was replaced.
    Conflict,
    /// Called off.
    Cancelled,
    /// Left out, by choice, because its name is taken.
    Skipped,
}

impl RowState {
    /// Waiting, under way or held: something may still happen by itself, or by going on.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Running | Self::Paused)
    }

    /// Whether the person has to do something about it.
    #[must_use]
    pub fn needs_attention(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::Conflict)
    }
}

/// One file as it is shown. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RowView {
    /// Its number.
    pub id: RowId,
    /// What it was asked for with.
    pub batch: BatchId,
    /// Which way it goes.
    pub direction: Direction,
    /// What the person calls it.
    pub name: Arc<str>,
    /// The bucket.
    pub bucket: Arc<str>,
    /// The whole key.
    pub key: Arc<str>,
    /// Bytes altogether.
    pub size_bytes: u64,
    /// Bytes moved.
    pub sent_bytes: u64,
    /// How it stands.
    pub state: RowState,
    /// Bytes a second while it runs, once that can be told.
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

impl RowView {
    /// The part of the key up to and with the last `/`; empty at the top of the bucket.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.key.rfind('/').map_or("", |at| &self.key[..=at])
    }
}

/// What is to be done for a row.
#[derive(Debug, Clone)]
pub(super) enum Work {
    Upload { source: Source, headers: Arc<ObjectHeaders>, guard: Guard },
    Download { dest: PathBuf, replace: bool },
}

/// How the window stops a running row.
#[derive(Debug, Default)]
pub(super) struct Control {
    /// Stop for good.
    pub(super) cancel: CancellationToken,
    /// Stop where nothing is lost.
    hold: AtomicBool,
}

impl Control {
    pub(super) fn set_hold(&self, hold: bool) {
        self.hold.store(hold, Ordering::Relaxed);
    }

    pub(super) fn is_held(&self) -> bool {
        self.hold.load(Ordering::Relaxed)
    }
}

/// Bytes moved, counted by the requests under way and read by the window.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Of requests that succeeded.
    settled: AtomicU64,
    /// Requests under way.
    live: Mutex<Vec<Meter>>,
    pub(super) parts_done: AtomicU64,
    pub(super) parts_all: AtomicU64,
    /// Requests that wait for the network.
    waiting_for_network: AtomicU64,
}

impl Progress {
    pub(super) fn sent_bytes(&self) -> u64 {
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        self.settled.load(Ordering::Relaxed) + live.iter().map(Meter::bytes).sum::<u64>()
    }

    /// The meter of one more request. What it counts is forgotten unless it is settled.
    pub(super) fn begin(self: &Arc<Self>, gate: Option<&Gate>) -> Live {
        let meter = gate.map_or_else(Meter::default, |gate| Meter::gated(Arc::clone(gate)));
        self.live.lock().unwrap_or_else(PoisonError::into_inner).push(meter.clone());
        Live { of: Arc::clone(self), meter }
    }

    pub(super) fn settle(&self, bytes: u64) {
        self.settled.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Everything has to go again.
    pub(super) fn reset(&self) {
        self.settled.store(0, Ordering::Relaxed);
    }

    /// A request begins, or ends, to wait for the network.
    pub(super) fn wait_for_network(&self, begins: bool) {
        if begins {
            self.waiting_for_network.fetch_add(1, Ordering::Relaxed);
        } else {
            self.waiting_for_network.fetch_sub(1, Ordering::Relaxed);
        }
    }

    pub(super) fn is_offline(&self) -> bool {
        self.waiting_for_network.load(Ordering::Relaxed) > 0
    }

    pub(super) fn parts(&self) -> Option<(u32, u32)> {
        let all = u32::try_from(self.parts_all.load(Ordering::Relaxed)).ok().filter(|all| *all > 0)?;
        Some((u32::try_from(self.parts_done.load(Ordering::Relaxed)).ok()?, all))
    }
}

/// One request that is being counted.
#[derive(Debug)]
pub(super) struct Live {
    of: Arc<Progress>,
    pub(super) meter: Meter,
}

impl Live {
    /// It succeeded, with so many bytes.
    pub(super) fn settle(self, bytes: u64) {
        self.of.settle(bytes);
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let mut live = self.of.live.lock().unwrap_or_else(PoisonError::into_inner);
        live.retain(|meter| !meter.is(&self.meter));
    }
}

/// What has moved of a big file that does not run.
#[derive(Debug)]
pub(super) enum Kept {
    Up(OpenUpload),
    Down(Partial),
}

impl Kept {
    fn bytes_there(&self) -> u64 {
        match self {
            Self::Up(open) => open.bytes_there(),
            Self::Down(partial) => partial.bytes_there(),
        }
    }

    /// Parts that are there, and parts altogether.
    fn parts(&self) -> (u32, u32) {
        match self {
            Self::Up(open) => (open.parts_there(), open.plan.count),
            Self::Down(partial) => partial.parts(),
        }
    }
}

/// One file as the engine keeps it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: RowId,
    pub(super) batch: BatchId,
    pub(super) direction: Direction,
    pub(super) work: Work,
    pub(super) name: Arc<str>,
    pub(super) bucket: Arc<str>,
    pub(super) key: Arc<str>,
    pub(super) size_bytes: u64,
    pub(super) state: RowState,
    /// The revision of its last change.
    pub(super) changed: u64,
    /// What it is while it runs; replaced at every new start.
    pub(super) progress: Arc<Progress>,
    pub(super) control: Arc<Control>,
    /// What a pause or a failure left open.
    pub(super) kept: Option<Kept>,
    pub(super) speed: Option<Box<Speed>>,
    /// Its number in the journal.
    pub(super) noted: Option<i64>,
    /// When it was last begun.
    pub(super) started: Timestamp,
    /// Taken up after a restart, or after an end that is in doubt, and since when: it may have arrived, or an upload may
    /// have been begun for it, without anyone learning of it.
    pub(super) restored: Option<Timestamp>,
    /// What is to be done was decided anew.
    pub(super) replanned: bool,
    /// Somebody asked that it goes before the others that wait.
    pub(super) goes_first: bool,
}

/// How fast a running row is.
#[derive(Debug, Default)]
pub(super) struct Speed {
    pub(super) estimator: Estimator,
    pub(super) rate: Option<f64>,
    pub(super) seen_bytes: u64,
}

impl Row {
    pub(super) fn new(
        id: RowId,
        batch: BatchId,
        direction: Direction,
        work: Work,
        name: &str,
        bucket: &Arc<str>,
        key: &str,
    ) -> Self {
        Self {
            id,
            batch,
            direction,
            work,
            name: name.into(),
            bucket: Arc::clone(bucket),
            key: key.into(),
            size_bytes: 0,
            state: RowState::Waiting,
            changed: 0,
            progress: Arc::default(),
            control: Arc::default(),
            kept: None,
            speed: None,
            noted: None,
            started: Timestamp::UNIX_EPOCH,
            restored: None,
            replanned: false,
            goes_first: false,
        }
    }

    pub(super) fn sent_bytes(&self) -> u64 {
        match &self.state {
            RowState::Running => self.progress.sent_bytes().min(self.size_bytes),
            RowState::Done { .. } => self.size_bytes,
            RowState::Paused | RowState::Waiting => {
                self.kept.as_ref().map_or(0, Kept::bytes_there).min(self.size_bytes)
            }
            RowState::Failed { .. } | RowState::Conflict | RowState::Cancelled | RowState::Skipped => 0,
        }
    }

    pub(super) fn view(&self) -> RowView {
        let running = matches!(self.state, RowState::Running);
        RowView {
            id: self.id,
            batch: self.batch,
            direction: self.direction,
            name: Arc::clone(&self.name),
            bucket: Arc::clone(&self.bucket),
            key: Arc::clone(&self.key),
            size_bytes: self.size_bytes,
            sent_bytes: self.sent_bytes(),
            state: self.state.clone(),
            rate: self.speed.as_ref().and_then(|speed| speed.rate),
            parts: if running { self.progress.parts() } else { self.kept.as_ref().map(Kept::parts) },
            stopping: running && (self.control.is_held() || self.control.cancel.is_cancelled()),
            offline: running && self.progress.is_offline(),
            goes_first: self.goes_first && matches!(self.state, RowState::Waiting),
        }
    }
}
