//! The rows, the queue and the sums over them. Plain data: no task, no network.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc, time::Instant};

use super::{
    record,
    row::{Direction, Row, RowState, Work},
    snapshot::{BatchView, Changes, Order, Page, RowQuery, Totals},
    ticker::Speeds,
    types::{BatchId, Limits, RowId, Selection, Source, TransferEvent},
};
use crate::{s3::store::Store, store::journal::Note};

/// Files that were asked for together, as the engine keeps them.
#[derive(Debug)]
pub(super) struct BatchInfo {
    pub(super) id: BatchId,
    pub(super) store: Store,
    pub(super) bucket: Arc<str>,
    pub(super) label: Arc<str>,
    pub(super) direction: Direction,
    pub(super) totals: Totals,
    /// When it was added or taken up again.
    pub(super) since: Instant,
    /// Its end has been told.
    pub(super) ended: bool,
    pub(super) recent: bool,
    /// It was taken up again from the journal.
    pub(super) restored: bool,
    /// It is written down: its rows may start.
    released: bool,
    /// Its number in the journal.
    noted: Option<i64>,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    /// In the order of their numbers.
    rows: Vec<Row>,
    batches: Vec<BatchInfo>,
    /// Waiting rows: those of one request, and those that are sent in parts.
    small: BTreeSet<RowId>,
    big: BTreeSet<RowId>,
    /// Those of both that were asked to go before the others, in the order in which that was asked.
    first: Vec<RowId>,
    running: BTreeSet<RowId>,
    running_big: usize,
    pub(super) paused: bool,
    revision: u64,
    swept_at: u64,
    next_row: u64,
    next_batch: u64,
    pub(super) speeds: Speeds,
    /// The ticker runs.
    pub(super) ticking: bool,
    /// To be written down.
    pub(super) notes: Vec<Note>,
    /// To be told once the lock is open again.
    pub(super) events: Vec<TransferEvent>,
    /// Somebody is telling them.
    pub(super) telling: bool,
}

impl Table {
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    pub(super) fn touch(&mut self) -> u64 {
        self.revision += 1;
        self.revision
    }

    pub(super) fn next_row(&mut self) -> RowId {
        self.next_row += 1;
        RowId(self.next_row)
    }

    pub(super) fn add_batch(
        &mut self,
        store: Store,
        bucket: Arc<str>,
        label: &str,
        direction: Direction,
        rows: impl FnOnce(&mut Self, BatchId) -> Vec<Row>,
    ) -> BatchId {
        if self.open() == 0 {
            for earlier in &mut self.batches {
                earlier.recent = false;
            }
        }
        self.next_batch += 1;
        let id = BatchId(self.next_batch);
        let mut batch = BatchInfo {
            id,
            store,
            bucket,
            label: label.into(),
            direction,
            totals: Totals::default(),
            since: Instant::now(),
            ended: false,
            recent: true,
            restored: false,
            released: false,
            noted: None,
        };
        let revision = self.touch();
        for mut row in rows(self, id) {
            row.changed = revision;
            count(&mut batch.totals, &row);
            self.rows.push(row);
        }
        self.batches.push(batch);
        self.tell_end(id);
        id
    }

    /// Lets the rows of a batch start, which is written down under a number by now.
    pub(super) fn release(&mut self, id: BatchId, noted: Option<i64>, limits: &Limits) {
        let Some(batch) = self.batches.iter_mut().find(|batch| batch.id == id) else { return };
        (batch.released, batch.noted) = (true, noted);
        let Self { rows, small, big, .. } = self;
        for row in rows.iter().filter(|row| row.batch == id && matches!(row.state, RowState::Waiting)) {
            (if is_big(row, limits) { &mut *big } else { &mut *small }).insert(row.id);
        }
    }

    /// A batch came from the journal, where it has a number.
    pub(super) fn take_up(&mut self, id: BatchId, noted: i64, limits: &Limits) {
        if let Some(batch) = self.batches.iter_mut().find(|batch| batch.id == id) {
            batch.restored = true;
        }
        self.release(id, Some(noted), limits);
    }

    /// Numbers rows as the journal does, beginning at `first`, and notes what changed while it was written. Bytes that
    /// were laid into files come from there now.
    pub(super) fn number(&mut self, ids: &[RowId], first: i64, spooled: Vec<Option<PathBuf>>) {
        for ((id, number), spooled) in ids.iter().zip(first..).zip(spooled) {
            let Some(at) = self.position(*id) else {
                // It has left the list meanwhile.
                self.notes.push(Note::Forget { row: number });
                continue;
            };
            let row = &mut self.rows[at];
            row.noted = Some(number);
            if let (Some(path), Work::Upload { source, .. }) = (spooled, &mut row.work) {
                *source = Source::Path(path);
            }
            if !matches!(row.state, RowState::Waiting) {
                let (state, detail) = record::state_of(&row.state);
                self.notes.push(Note::State { row: number, state, detail });
            }
        }
    }

    pub(super) fn rows_of(&self, id: BatchId) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.batch == id)
    }

    pub(super) fn position(&self, id: RowId) -> Option<usize> {
        self.rows.binary_search_by_key(&id, |row| row.id).ok()
    }

    pub(super) fn row(&self, id: RowId) -> Option<&Row> {
        self.rows.get(self.position(id)?)
    }

    pub(super) fn batch(&self, id: BatchId) -> Option<&BatchInfo> {
        self.batches.iter().find(|batch| batch.id == id)
    }

    /// The only way to change a row: sums, queues and revisions follow.
    pub(super) fn change(&mut self, id: RowId, limits: &Limits, edit: impl FnOnce(&mut Row)) {
        let Some(at) = self.position(id) else { return };
        let revision = self.touch();
        let row = &mut self.rows[at];
        let Some(batch) = self.batches.iter_mut().find(|batch| batch.id == row.batch) else { return };
        discount(&mut batch.totals, row);
        let (was_open, before) = (matches!(row.state, RowState::Waiting | RowState::Running), Arc::clone(&row.key));
        let was_running = self.running.remove(&id);
        if was_running && is_big(row, limits) {
            self.running_big -= 1;
        }
        self.small.remove(&id);
        self.big.remove(&id);
        edit(row);
        row.changed = revision;
        count(&mut batch.totals, row);
        if let Some(number) = row.noted {
            if !Arc::ptr_eq(&before, &row.key) || row.replanned {
                row.replanned = false;
                let plan = record::plan_of(&row.work);
                self.notes.push(Note::Plan { row: number, key: row.key.to_string(), plan });
            }
            // What waits and what runs is the same to the journal.
            if !was_open || !matches!(row.state, RowState::Waiting | RowState::Running) {
                let (state, detail) = record::state_of(&row.state);
                self.notes.push(Note::State { row: number, state, detail });
            }
        }
        let big = is_big(row, limits);
        match row.state {
            RowState::Waiting if !batch.released => {}
            RowState::Waiting => {
                (if big { &mut self.big } else { &mut self.small }).insert(id);
            }
            RowState::Running => {
                self.running.insert(id);
                self.running_big += usize::from(big);
            }
            _ => {}
        }
        let batch = row.batch;
        self.tell_end(batch);
    }

    /// Tells the end of a batch once, and takes note when it goes on.
    fn tell_end(&mut self, id: BatchId) {
        let Some(batch) = self.batches.iter_mut().find(|batch| batch.id == id) else { return };
        if batch.totals.open() > 0 {
            if std::mem::take(&mut batch.ended) {
                batch.since = Instant::now();
            }
        } else if !std::mem::replace(&mut batch.ended, true) {
            self.events.push(TransferEvent::BatchEnded {
                batch: id,
                done: batch.totals.done,
                failed: batch.totals.failed,
                conflicts: batch.totals.conflicts,
                bytes: batch.totals.done_bytes,
                took: batch.since.elapsed(),
            });
        }
    }

    /// The row whose turn it is, where there are `places`. Big files get half of them at most, so that they hold up no
    /// small ones.
    pub(super) fn next_to_start(&self, places: usize) -> Option<RowId> {
        if self.paused || self.running.len() >= places {
            return None;
        }
        let big_may = self.running_big < (places / 2).max(1);
        let may = |id: &&RowId| self.small.contains(id) || (big_may && self.big.contains(id));
        if let Some(first) = self.first.iter().find(may) {
            return Some(*first);
        }
        let small = self.small.first().copied();
        let big = self.big.first().copied().filter(|_| big_may);
        match (small, big) {
            (Some(small), Some(big)) => Some(small.min(big)),
            (small, big) => small.or(big),
        }
    }

    /// Lets waiting rows go before the others, and in the order of the list among themselves.
    pub(super) fn put_first(&mut self, ids: &[RowId], limits: &Limits) {
        for id in ids {
            self.change(*id, limits, |row| row.goes_first = true);
        }
        let (small, big) = (&self.small, &self.big);
        self.first.retain(|id| (small.contains(id) || big.contains(id)) && !ids.contains(id));
        self.first.splice(0..0, ids.iter().copied());
    }

    pub(super) fn for_each_running(&mut self, mut look: impl FnMut(&mut Row)) {
        for id in &self.running {
            // Few rows run, but the list may be long: each is looked up.
            if let Ok(at) = self.rows.binary_search_by_key(id, |row| row.id) {
                look(&mut self.rows[at]);
            }
        }
    }

    pub(super) fn is_anything_running(&self) -> bool {
        !self.running.is_empty()
    }

    pub(super) fn open(&self) -> usize {
        self.batches.iter().map(|batch| batch.totals.open()).sum()
    }

    /// The rows of a selection that `wanted` admits.
    pub(super) fn select(&self, selection: &Selection, wanted: impl Fn(&Row) -> bool) -> Vec<RowId> {
        let ids = |rows: &mut dyn Iterator<Item = &Row>| rows.filter(|row| wanted(row)).map(|row| row.id).collect();
        match selection {
            Selection::All => ids(&mut self.rows.iter()),
            Selection::Batch(batch) => ids(&mut self.rows.iter().filter(|row| row.batch == *batch)),
            Selection::Rows(rows) => ids(&mut rows.iter().filter_map(|id| self.row(*id))),
        }
    }

    /// Takes what has arrived or was dropped off the list; what failed stays.
    pub(super) fn clear_ended(&mut self, only: Option<BatchId>) {
        let revision = self.touch();
        let Self { rows, batches, notes, .. } = self;
        let stays = |totals: &Totals| totals.open() + totals.failed + totals.conflicts > 0;
        let meant = |id: BatchId| only.is_none_or(|only| only == id);
        let whole = batches.iter().filter(|batch| meant(batch.id) && !stays(&batch.totals));
        let whole: BTreeSet<BatchId> = whole.map(|batch| batch.id).collect();
        let gone = batches.iter().filter(|batch| whole.contains(&batch.id)).filter_map(|batch| batch.noted);
        notes.extend(gone.map(|batch| Note::ForgetBatch { batch }));
        rows.retain(|row| {
            let keep = !meant(row.batch) || row.state.is_open() || row.state.needs_attention();
            if !keep
                && !whole.contains(&row.batch)
                && let Some(row) = row.noted
            {
                notes.push(Note::Forget { row });
            }
            if !keep && let Some(batch) = batches.iter_mut().find(|batch| batch.id == row.batch) {
                discount(&mut batch.totals, row);
            }
            keep
        });
        batches.retain(|batch| batch.totals.all() > 0);
        self.swept_at = revision;
    }

    /// Over all batches, and over the recent ones.
    pub(super) fn totals(&self) -> (Totals, Totals) {
        let (mut all, mut recent) = (Totals::default(), Totals::default());
        for batch in &self.batches {
            let live = self.live_bytes(Some(batch.id));
            let totals = batch.totals.with_live(live);
            add(&mut all, &totals);
            if batch.recent {
                add(&mut recent, &totals);
            }
        }
        (all, recent)
    }

    fn live_bytes(&self, batch: Option<BatchId>) -> u64 {
        let rows = self.running.iter().filter_map(|id| self.row(*id));
        rows.filter(|row| batch.is_none_or(|batch| row.batch == batch)).map(Row::sent_bytes).sum()
    }

    pub(super) fn batch_views(&self) -> Vec<BatchView> {
        let view = |batch: &BatchInfo| BatchView {
            id: batch.id,
            direction: batch.direction,
            connection: batch.store.info().connection,
            bucket: Arc::clone(&batch.bucket),
            label: Arc::clone(&batch.label),
            totals: batch.totals.with_live(self.live_bytes(Some(batch.id))),
            recent: batch.recent,
            restored: batch.restored,
        };
        self.batches.iter().map(view).collect()
    }

    pub(super) fn page(&self, query: &RowQuery) -> Page {
        let name = query.name.to_lowercase();
        let admits = |row: &&Row| {
            query.filter.admits(&row.state)
                && query.batch.is_none_or(|batch| row.batch == batch)
                && (name.is_empty() || contains(&row.key, &name) || contains(&row.name, &name))
        };
        let mut ranks: [Vec<u32>; Order::RANKS] = Default::default();
        for (at, row) in self.rows.iter().enumerate().filter(|(_, row)| admits(row)) {
            ranks[query.order.rank(&row.state)].push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        let matching = ranks.iter().map(Vec::len).sum();
        let wanted = ranks.iter().flatten().skip(query.range.start).take(query.range.len());
        Page { matching, rows: wanted.filter_map(|at| self.rows.get(*at as usize)).map(Row::view).collect() }
    }

    pub(super) fn changes_since(&self, revision: u64) -> Changes {
        let swept = self.swept_at > revision;
        let news =
            self.rows.iter().filter(|row| swept || row.changed > revision || matches!(row.state, RowState::Running));
        Changes { revision: self.revision, rows: news.map(Row::view).collect(), swept }
    }
}

/// Whether it goes in parts, or would if it went up: what takes long.
pub(super) fn is_big(row: &Row, limits: &Limits) -> bool {
    row.size_bytes > limits.single_put_bytes
}

/// In any case; `needle` is in lower case already.
fn contains(text: &str, needle: &str) -> bool {
    if text.is_ascii() && needle.is_ascii() {
        return text.as_bytes().windows(needle.len()).any(|part| part.eq_ignore_ascii_case(needle.as_bytes()));
    }
    text.to_lowercase().contains(needle)
}

fn count(totals: &mut Totals, row: &Row) {
    *totals.count_mut(&row.state) += 1;
    let (total, sent, open, done) = bytes(row);
    totals.total_bytes += total;
    totals.sent_bytes += sent;
    totals.open_bytes += open;
    totals.done_bytes += done;
}

fn discount(totals: &mut Totals, row: &Row) {
    *totals.count_mut(&row.state) -= 1;
    let (total, sent, open, done) = bytes(row);
    totals.total_bytes -= total;
    totals.sent_bytes -= sent;
    totals.open_bytes -= open;
    totals.done_bytes -= done;
}

/// What a row adds to the sums. What a running one moves is added when they are read.
fn bytes(row: &Row) -> (u64, u64, u64, u64) {
    let size = row.size_bytes;
    match row.state {
        RowState::Running => (size, 0, size, 0),
        RowState::Waiting | RowState::Paused => (size, row.sent_bytes(), size - row.sent_bytes(), 0),
        RowState::Done { .. } => (size, size, 0, size),
        RowState::Failed { .. } | RowState::Conflict => (size, 0, 0, 0),
        RowState::Cancelled | RowState::Skipped => (0, 0, 0, 0),
    }
}

fn add(sum: &mut Totals, other: &Totals) {
    sum.waiting += other.waiting;
    sum.running += other.running;
    sum.paused += other.paused;
    sum.done += other.done;
    sum.failed += other.failed;
    sum.conflicts += other.conflicts;
    sum.cancelled += other.cancelled;
    sum.skipped += other.skipped;
    sum.total_bytes += other.total_bytes;
    sum.sent_bytes += other.sent_bytes;
    sum.open_bytes += other.open_bytes;
    sum.done_bytes += other.done_bytes;
}
