//! What the window asks the engine for, and how rows are started and brought to an end.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Instant,
};

use jiff::Timestamp;
use tokio::{runtime::Handle, sync::watch};

use super::{
    bandwidth::Bandwidth,
    disk::Disk,
    download,
    keeping::Keeping,
    memory::Memory,
    permits::Permits,
    retry::Budget,
    row::{Control, Direction, Kept, Progress, Row, RowState, RowView, Work},
    snapshot::{BatchView, Changes, Page, RowQuery, Snapshot},
    table::Table,
    types::{Batch, BatchId, DownloadItem, Limits, LocalFile, RowId, Source, TransferEvent, UploadItem},
    upload,
};
use crate::{
    domain::connection::ConnectionId,
    s3::{
        body::Gate,
        error::{Kind, S3Error},
        object::Written,
        store::Store,
    },
    store::journal::Note,
};

type Listener = Arc<dyn Fn(TransferEvent) + Send + Sync>;

/// Carries files. Clones are the same engine.
#[derive(Clone)]
pub struct Engine(pub(super) Arc<Shared>);

/// What an engine works with.
#[derive(Clone, Default)]
pub struct Fittings {
    /// How much at once.
    pub limits: Limits,
    /// Where it is written down what is on its way; without, all ends with the process.
    pub keeping: Option<Keeping>,
    /// How fast; may be set at any time.
    pub bandwidth: Bandwidth,
}

/// What every clone and every task of an engine has in common.
pub(super) struct Shared {
    pub(super) handle: Handle,
    pub(super) wake: Arc<dyn Fn() + Send + Sync>,
    pub(super) limits: Limits,
    /// One permit for each request that carries bytes.
    pub(super) permits: Permits,
    /// What repeats are paid from.
    pub(super) budget: Budget,
    /// For what was read and has not arrived yet.
    pub(super) memory: Memory,
    pub(super) disk: Disk,
    pub(super) keeping: Option<Keeping>,
    /// What bytes wait for where speed is limited.
    pub(super) gate_up: Gate,
    pub(super) gate_down: Gate,
    pub(super) snapshot: watch::Sender<Snapshot>,
    table: Mutex<Table>,
    listener: RwLock<Option<Listener>>,
    /// Stores that have said that they do not know `If-None-Match`.
    unguarded: Mutex<Vec<ConnectionId>>,
}

/// One run of one row.
pub(super) struct Job {
    pub(super) shared: Arc<Shared>,
    pub(super) id: RowId,
    pub(super) store: Store,
    pub(super) bucket: Arc<str>,
    pub(super) key: Arc<str>,
    pub(super) work: Work,
    pub(super) size_bytes: u64,
    pub(super) control: Arc<Control>,
    pub(super) progress: Arc<Progress>,
    pub(super) kept: Option<Kept>,
    pub(super) noted: Option<i64>,
    /// See [`Row::restored`].
    pub(super) restored: Option<Timestamp>,
}

/// How a run came to its end.
pub(super) enum Outcome {
    Done {
        written: Written,
        verified: bool,
        size_bytes: u64,
        saved_as: Option<PathBuf>,
    },
    Failed(S3Error),
    /// It failed for now; the parts that are there stay for another try.
    FailedKeeping(S3Error, Kept),
    Conflict,
    Cancelled,
    Held(Option<Kept>),
}

impl Outcome {
    /// An upload that arrived.
    pub(super) fn done(written: Written, verified: bool, size_bytes: u64) -> Self {
        Self::Done { written, verified, size_bytes, saved_as: None }
    }

    /// What failed for now while it was to stop anyway has stopped.
    fn unless_stopped(self, control: &Control) -> Self {
        let stopped = control.is_held() || control.cancel.is_cancelled();
        match self {
            Self::Failed(error) if stopped && error.is_worth_retrying() => Self::Held(None),
            Self::FailedKeeping(error, kept) if stopped && error.is_worth_retrying() => Self::Held(Some(kept)),
            other => other,
        }
    }

    /// Whether a request may have been carried out although nobody heard of it.
    fn leaves_doubt(&self) -> bool {
        match self {
            Self::Failed(error) | Self::FailedKeeping(error, _) => error.is_worth_retrying(),
            Self::Held(_) | Self::Cancelled => true,
            Self::Done { .. } | Self::Conflict => false,
        }
    }
}

impl Engine {
    /// An engine with nothing to do. Its tasks run on `handle`; `wake` is called after each snapshot and event.
    #[must_use]
    pub fn new(handle: Handle, wake: Arc<dyn Fn() + Send + Sync>, limits: Limits) -> Self {
        Self::fitted(handle, wake, Fittings { limits, ..Fittings::default() })
    }

    /// The same with all that it may have.
    #[must_use]
    pub fn fitted(handle: Handle, wake: Arc<dyn Fn() + Send + Sync>, fittings: Fittings) -> Self {
        let Fittings { limits, keeping, bandwidth } = fittings;
        let gate = |direction: Direction| -> Gate {
            let bandwidth = bandwidth.clone();
            Arc::new(move |bytes| bandwidth.wait_for(direction, bytes))
        };
        Self(Arc::new(Shared {
            handle,
            wake,
            permits: Permits::new(limits.files),
            budget: Budget::new(Instant::now()),
            memory: Memory::new(limits.memory_bytes),
            disk: Disk::default(),
            limits,
            keeping,
            gate_up: gate(Direction::Up),
            gate_down: gate(Direction::Down),
            snapshot: watch::Sender::new(Snapshot::default()),
            table: Mutex::default(),
            listener: RwLock::default(),
            unguarded: Mutex::default(),
        }))
    }

    /// From now on every event goes to `listener`, and to no other. It is called from the engine's threads and must
    /// not wait.
    pub fn listen(&self, listener: impl Fn(TransferEvent) + Send + Sync + 'static) {
        *self.0.listener.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(listener));
    }

    /// Puts files into the queue.
    pub fn upload(&self, batch: Batch) -> BatchId {
        let bucket: Arc<str> = batch.bucket.into();
        let rows = |items: Vec<UploadItem>, bucket: Arc<str>| {
            move |table: &mut Table, id: BatchId| {
                let row = |item: UploadItem| {
                    let headers = Arc::new(item.headers);
                    let work = Work::Upload { source: item.source, headers, guard: item.guard };
                    let number = table.next_row();
                    let mut row = Row::new(number, id, Direction::Up, work, &item.name, &bucket, &item.key);
                    row.size_bytes = item.size_bytes;
                    row
                };
                items.into_iter().map(row).collect()
            }
        };
        self.0.with(|shared, table| {
            let rows = rows(batch.items, Arc::clone(&bucket));
            let id = table.add_batch(batch.store, bucket, &batch.label, Direction::Up, rows);
            shared.keep(table, id);
            id
        })
    }

    /// Puts objects into the queue that shall come down. The folders they go to are made where they are missing.
    pub fn download(&self, store: Store, bucket: &str, items: Vec<DownloadItem>) -> BatchId {
        let bucket: Arc<str> = bucket.into();
        let folder = items.first().and_then(|item| item.dest.parent()).unwrap_or(Path::new(""));
        let label = folder.display().to_string();
        let in_bucket = Arc::clone(&bucket);
        let rows = move |table: &mut Table, id: BatchId| {
            let row = |item: DownloadItem| {
                let name = item.key.rsplit('/').find(|part| !part.is_empty()).unwrap_or(&item.key);
                let work = Work::Download { dest: item.dest, replace: item.replace };
                let number = table.next_row();
                let mut row = Row::new(number, id, Direction::Down, work, name, &in_bucket, &item.key);
                row.size_bytes = item.size_bytes;
                row
            };
            items.into_iter().map(row).collect()
        };
        self.0.with(|shared, table| {
            let id = table.add_batch(store, bucket, &label, Direction::Down, rows);
            shared.keep(table, id);
            id
        })
    }

    /// Takes what has arrived, was called off or was left out off the list.
    pub fn clear_ended(&self) {
        self.0.with(|_, table| table.clear_ended(None));
    }

    /// The same for one batch, of whose files all was told.
    pub fn clear_batch(&self, batch: BatchId) {
        self.0.with(|_, table| table.clear_ended(Some(batch)));
    }

    /// Files that are waiting, under way or held.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.0.table().open()
    }

    /// The newest snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.0.snapshot.borrow().clone()
    }

    /// Snapshots as they come.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Snapshot> {
        self.0.snapshot.subscribe()
    }

    /// A page of rows.
    #[must_use]
    pub fn rows(&self, query: &RowQuery) -> Page {
        self.0.table().page(query)
    }

    /// One row.
    #[must_use]
    pub fn row(&self, id: RowId) -> Option<RowView> {
        self.0.table().row(id).map(Row::view)
    }

    /// The file on this computer that an upload is read from; `None` for what was only ever in memory.
    #[must_use]
    pub fn local_file(&self, id: RowId) -> Option<LocalFile> {
        let table = self.0.table();
        let Work::Upload { source: Source::Path(path) | Source::Edited { path, .. }, headers, .. } =
            &table.row(id)?.work
        else {
            return None;
        };
        // Bytes that were in memory are laid into files of the journal's own.
        let spooled = self.0.keeping.as_ref().is_some_and(|keeping| path.starts_with(keeping.journal.spool_dir()));
        (!spooled).then(|| LocalFile { path: path.clone(), content_type: headers.content_type.clone() })
    }

    /// The rows that changed since a revision, for whoever keeps rows of its own; begin with 0.
    #[must_use]
    pub fn changes_since(&self, revision: u64) -> Changes {
        self.0.table().changes_since(revision)
    }

    /// The batches in the list, in the order they were asked for.
    #[must_use]
    pub fn batches(&self) -> Vec<BatchView> {
        self.0.table().batch_views()
    }

    /// The store of a batch, e.g. for making URLs of what it sent.
    #[must_use]
    pub fn store_of(&self, batch: BatchId) -> Option<Store> {
        self.0.table().batch(batch).map(|batch| batch.store.clone())
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

impl Shared {
    pub(super) fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the table, starts what may start now, and tells what came of it.
    pub(super) fn with<T>(self: &Arc<Self>, change: impl FnOnce(&Arc<Self>, &mut Table) -> T) -> T {
        let (outcome, tell) = {
            let mut table = self.table();
            let outcome = change(self, &mut table);
            while let Some(id) = table.next_to_start(self.permits.level()) {
                self.start(&mut table, id);
            }
            self.follow(&mut table);
            self.write_notes(&mut table);
            let tell = !table.events.is_empty() && !std::mem::replace(&mut table.telling, true);
            (outcome, tell)
        };
        if tell {
            self.tell();
        }
        outcome
    }

    /// Tells what happened, in order: one thread tells at a time, and what comes meanwhile as well.
    fn tell(&self) {
        loop {
            let events = {
                let mut table = self.table();
                if table.events.is_empty() {
                    table.telling = false;
                    return;
                }
                std::mem::take(&mut table.events)
            };
            let listener = self.listener.read().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(listener) = listener {
                events.into_iter().for_each(|event| listener(event));
            }
            (self.wake)();
        }
    }

    /// Calls off what a row has left open in its store.
    pub(super) fn abort(&self, table: &Table, id: RowId, kept: Kept) {
        // What has come down goes with its file.
        let Kept::Up(open) = kept else { return };
        let Some(row) = table.row(id) else { return };
        let Some(store) = table.batch(row.batch).map(|batch| batch.store.clone()) else { return };
        let (bucket, key) = (Arc::clone(&row.bucket), Arc::clone(&row.key));
        let (keeping, noted, patience) = (self.keeping.clone(), row.noted, self.limits.offline);
        self.handle.spawn(async move {
            // Nothing is held up by this one: it may wait until the network is back.
            let certain = open.abort(&store, &bucket, &key, patience).await;
            if certain && let (Some(keeping), Some(row)) = (keeping, noted) {
                keeping.journal.note(Note::UploadEnded { row });
            }
        });
    }

    /// A row is of another size than was thought.
    pub(super) fn resize(self: Arc<Self>, id: RowId, size_bytes: u64) {
        self.with(|shared, table| table.change(id, &shared.limits, |row| row.size_bytes = size_bytes));
    }

    fn start(self: &Arc<Self>, table: &mut Table, id: RowId) {
        let mut parts = None;
        table.change(id, &self.limits, |row| {
            row.state = RowState::Running;
            row.control = Arc::default();
            row.progress = Arc::default();
            row.speed = None;
            row.started = Timestamp::now();
            parts = Some((
                row.batch,
                (Arc::clone(&row.bucket), Arc::clone(&row.key), row.work.clone(), row.size_bytes),
                (Arc::clone(&row.control), Arc::clone(&row.progress), row.kept.take()),
                (row.noted, row.restored),
            ));
        });
        let Some((batch, (bucket, key, work, size_bytes), (control, progress, kept), (noted, restored))) = parts else {
            return;
        };
        let Some(store) = table.batch(batch).map(|batch| batch.store.clone()) else { return };
        let shared = Arc::clone(self);
        let job = Job { shared, id, store, bucket, key, work, size_bytes, control, progress, kept, noted, restored };
        let shared = Arc::clone(self);
        self.handle.spawn(async move {
            // In a task of its own, so that a defect ends one file and not the queue.
            let outcome = match shared.handle.spawn(job.run()).await {
                Ok(outcome) => outcome,
                Err(stopped) => Outcome::Failed(S3Error::new("Transfer", Kind::Other).caused_by(stopped)),
            };
            shared.settle(id, outcome);
        });
    }

    fn settle(self: &Arc<Self>, id: RowId, outcome: Outcome) {
        self.with(|shared, table| {
            let (mut finished, mut dropped) = (None, None);
            let mut moved = std::mem::take(&mut table.speeds);
            table.change(id, &shared.limits, |row| {
                row.size_bytes = match &outcome {
                    Outcome::Done { size_bytes, .. } => *size_bytes,
                    _ => row.size_bytes,
                };
                let sent_bytes =
                    if matches!(outcome, Outcome::Done { .. }) { row.size_bytes } else { row.sent_bytes() };
                moved.saw(row, sent_bytes);
                row.speed = None;
                let outcome = outcome.unless_stopped(&row.control);
                row.restored = outcome.leaves_doubt().then(|| row.restored.unwrap_or(row.started));
                row.state = match outcome {
                    Outcome::Done { written, verified, saved_as, .. } => {
                        finished = Some(TransferEvent::Finished {
                            batch: row.batch,
                            id,
                            bucket: row.bucket.to_string(),
                            key: row.key.to_string(),
                            saved_as: saved_as.clone(),
                        });
                        RowState::Done { at: Timestamp::now(), verified, saved_as, written: Box::new(written) }
                    }
                    Outcome::Failed(error) => {
                        tracing::info!(key = %row.key, ?error, "a transfer failed");
                        RowState::Failed { error }
                    }
                    Outcome::FailedKeeping(error, kept) => {
                        tracing::info!(key = %row.key, ?error, "a transfer failed and can go on");
                        row.kept = Some(kept);
                        RowState::Failed { error }
                    }
                    Outcome::Conflict => RowState::Conflict,
                    Outcome::Cancelled => RowState::Cancelled,
                    Outcome::Held(kept) => {
                        row.kept = kept;
                        // Called off, or let go on, after it had stopped.
                        if row.control.cancel.is_cancelled() {
                            dropped = row.kept.take();
                            RowState::Cancelled
                        } else if row.control.is_held() {
                            RowState::Paused
                        } else {
                            RowState::Waiting
                        }
                    }
                };
            });
            table.speeds = moved;
            if let Some(row) = table.row(id) {
                shared.unspool(row);
            }
            if let Some(dropped) = dropped {
                shared.abort(table, id, dropped);
            }
            // The file first, then the end of its batch.
            if let Some(finished) = finished {
                let before = table.events.len().saturating_sub(1);
                let ended = matches!(table.events.last(), Some(TransferEvent::BatchEnded { .. }));
                table.events.insert(if ended { before } else { table.events.len() }, finished);
            }
        });
    }

    /// Whether the store has said that it knows no guard.
    pub(super) fn is_unguarded(&self, store: &Store) -> bool {
        self.unguarded.lock().unwrap_or_else(PoisonError::into_inner).contains(&store.info().connection)
    }

    pub(super) fn learn_unguarded(&self, store: &Store) {
        let mut known = self.unguarded.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(&store.info().connection) {
            known.push(store.info().connection);
        }
    }
}

impl Job {
    async fn run(self) -> Outcome {
        match &self.work {
            Work::Upload { source, headers, guard } => {
                let (source, headers, guard) = (source.clone(), Arc::clone(headers), guard.clone());
                Box::pin(upload::run(self, source, &headers, guard)).await
            }
            Work::Download { dest, replace } => {
                let (dest, replace) = (dest.clone(), *replace);
                download::run(self, &dest, replace).await
            }
        }
    }
}
