//! The engine and the journal: what is added, what changes, and what is taken up again after a restart.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{
    engine::{Engine, Job, Shared},
    parts::OpenUpload,
    record,
    row::{Kept, Row, RowState, Work},
    table::Table,
    types::{BatchId, Edit, RowId, Source, TransferEvent},
};
use crate::{
    s3::{multipart::SentPart, store::Store},
    store::journal::{Journal, JournalError, KeptBatch, NewBatch, NewRow, Note},
};

/// So many rows are looked at before the table is given free for others.
const AT_A_TIME: usize = 1_000;

/// The journal, and what this engine writes into it.
#[derive(Clone)]
pub struct Keeping {
    /// Where it is written down.
    pub journal: Journal,
    /// How to get to a store again, in words that [`KeptBatch::batch`] gives back.
    pub way: Arc<dyn Fn(&Store) -> String + Send + Sync>,
}

/// What is needed to write a row down.
struct Sketch {
    id: RowId,
    name: Arc<str>,
    key: Arc<str>,
    size_bytes: u64,
    work: Work,
}

impl Engine {
    /// Takes up what was left behind: what had arrived, stays so; what was under way, waits. `edits` finds the wishes
    /// that go by name. The rows of files whose plan is not understood are left out.
    pub fn restore(&self, store: Store, kept: KeptBatch, edits: &dyn Fn(&str) -> Option<Edit>) -> BatchId {
        let direction = record::direction_of(&kept.batch.direction);
        let bucket: Arc<str> = kept.batch.bucket.into();
        let in_bucket = Arc::clone(&bucket);
        let since = Timestamp::from_millisecond(kept.begun_millis).unwrap_or(Timestamp::UNIX_EPOCH);
        // Plans are read before the table is taken: there may be many.
        let planned = kept.rows.into_iter().filter_map(|row| Some((record::work_of(&row.row.plan, edits)?, row)));
        let planned: Vec<_> = planned.collect();
        let rows = move |table: &mut Table, batch: BatchId| {
            let rows = planned.into_iter().map(|(work, kept)| {
                let id = table.next_row();
                let mut row = Row::new(id, batch, direction, work, &kept.row.name, &in_bucket, &kept.row.key);
                row.size_bytes = kept.row.size_bytes;
                row.state = record::restored(kept.state, &kept.detail);
                row.noted = Some(kept.id);
                row.restored = row.state.is_open().then_some(since);
                row.kept = kept.upload.map(|(upload, parts)| Kept::Up(record::open_upload(upload, parts)));
                row
            });
            rows.collect()
        };
        self.0.with(|shared, table| {
            let id = table.add_batch(store, bucket, &kept.batch.label, direction, rows);
            table.take_up(id, kept.id, &shared.limits);
            id
        })
    }
}

impl Shared {
    /// Writes a new batch down; its rows start when that is done. Without a journal they start at once.
    pub(super) fn keep(self: &Arc<Self>, table: &mut Table, id: BatchId) {
        let Some(keeping) = self.keeping.clone() else {
            table.release(id, None, &self.limits);
            return;
        };
        let shared = Arc::clone(self);
        self.handle.spawn_blocking(move || shared.write_down(&keeping, id));
    }

    fn write_down(self: &Arc<Self>, keeping: &Keeping, id: BatchId) {
        let Some((batch, sketches)) = self.sketches(keeping, id) else { return };
        let spool = keeping.journal.spool_dir();
        let spooled = sketches.iter().map(|sketch| spooled(&sketch.work, spool)).collect::<io::Result<Vec<_>>>();
        let shared = Arc::clone(self);
        let ids: Vec<RowId> = sketches.iter().map(|sketch| sketch.id).collect();
        let released = move |kept: Result<(i64, i64), JournalError>, spooled: Vec<Option<PathBuf>>| {
            shared.with(|shared, table| match kept {
                Ok((number, first)) => {
                    table.number(&ids, first, spooled);
                    table.release(id, Some(number), &shared.limits);
                }
                Err(error) => {
                    table.events.push(TransferEvent::NotKept { batch: id, why: error.to_string() });
                    table.release(id, None, &shared.limits);
                }
            });
        };
        match spooled {
            Ok(spooled) => {
                let rows = sketches.iter().zip(&spooled).map(|(sketch, spooled)| written(sketch, spooled.as_deref()));
                keeping.journal.add(batch, rows.collect(), move |kept| released(kept, spooled));
            }
            Err(error) => released(Err(error.into()), Vec::new()),
        }
    }

    fn sketches(&self, keeping: &Keeping, id: BatchId) -> Option<(NewBatch, Vec<Sketch>)> {
        let batch = {
            let table = self.table();
            let batch = table.batch(id)?;
            NewBatch {
                way: (keeping.way)(&batch.store),
                direction: record::direction_text(batch.direction).to_owned(),
                bucket: batch.bucket.to_string(),
                label: batch.label.to_string(),
            }
        };
        let mut sketches = Vec::new();
        loop {
            let table = self.table();
            let (before, last) = (sketches.len(), sketches.last().map(|sketch: &Sketch| sketch.id));
            let rest = table.rows_of(id).filter(|row| last.is_none_or(|last| row.id > last));
            sketches.extend(rest.take(AT_A_TIME).map(|row| Sketch {
                id: row.id,
                name: Arc::clone(&row.name),
                key: Arc::clone(&row.key),
                size_bytes: row.size_bytes,
                work: row.work.clone(),
            }));
            if sketches.len() == before {
                return Some((batch, sketches));
            }
        }
    }

    /// Hands on what changed.
    pub(super) fn write_notes(&self, table: &mut Table) {
        let notes = std::mem::take(&mut table.notes);
        if let Some(keeping) = &self.keeping {
            notes.into_iter().for_each(|note| keeping.journal.note(note));
        }
    }

    /// A spooled file has served its purpose.
    pub(super) fn unspool(&self, row: &Row) {
        let Some(keeping) = &self.keeping else { return };
        if let (RowState::Done { .. } | RowState::Skipped, Work::Upload { source, .. }) = (&row.state, &row.work)
            && let Source::Path(path) = source
            && path.starts_with(keeping.journal.spool_dir())
        {
            let path = path.clone();
            self.handle.spawn_blocking(move || drop(std::fs::remove_file(path)));
        }
    }
}

/// Lays bytes that lie in no file into one.
fn spooled(work: &Work, spool: &Path) -> io::Result<Option<PathBuf>> {
    let Work::Upload { source: Source::Bytes(bytes), .. } = work else { return Ok(None) };
    let path = spool.join(Uuid::new_v4().to_string());
    let mut file = tempfile::NamedTempFile::new_in(spool)?;
    io::Write::write_all(&mut file, bytes)?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(Some(path))
}

/// A row for the journal.
fn written(sketch: &Sketch, spooled: Option<&Path>) -> NewRow {
    let plan = match (&sketch.work, spooled) {
        (Work::Upload { headers, guard, .. }, Some(path)) => record::plan_of(&Work::Upload {
            source: Source::Path(path.to_owned()),
            headers: Arc::clone(headers),
            guard: guard.clone(),
        }),
        (work, _) => record::plan_of(work),
    };
    NewRow { name: sketch.name.to_string(), key: sketch.key.to_string(), size_bytes: sketch.size_bytes, plan }
}

impl Job {
    fn journal(&self) -> Option<(&Journal, i64)> {
        Some((&self.shared.keeping.as_ref()?.journal, self.noted?))
    }

    /// Writes down that an upload in parts was begun, and waits until that is safe: a part that is sent before would be
    /// paid for and not known of after a crash.
    pub(super) async fn note_begun(&self, open: &OpenUpload) {
        let Some((journal, row)) = self.journal() else { return };
        let (sender, safe) = oneshot::channel();
        journal.begun(row, record::upload_of(open), move |written| drop(sender.send(written)));
        if let Ok(Err(error)) = safe.await {
            tracing::warn!(key = %self.key, ?error, "an upload in parts could not be written down");
        }
    }

    pub(super) fn note_part(&self, part: &SentPart) {
        if let Some((journal, row)) = self.journal() {
            journal.note(Note::Part { row, part: record::part_of(part) });
        }
    }

    /// Waits until all that was noted so far is written.
    pub(super) async fn notes_are_safe(&self) {
        let Some((journal, _)) = self.journal() else { return };
        let (sender, safe) = oneshot::channel();
        journal.safe(move |written| drop(sender.send(written)));
        if let Ok(Err(error)) = safe.await {
            tracing::warn!(key = %self.key, ?error, "parts of an upload could not be written down");
        }
    }

    pub(super) fn note_upload_ended(&self) {
        if let Some((journal, row)) = self.journal() {
            journal.note(Note::UploadEnded { row });
        }
    }
}
