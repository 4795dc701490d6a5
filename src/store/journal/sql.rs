//! The tables of the journal, and what is written to and read from them.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Row, Transaction, params};

use super::session::Session;
use super::{KeptBatch, KeptRow, NewBatch, NewRow, Note, OpenUpload, Part, State};

/// Each entry leads from the format of its number to the next; a format that has shipped is never changed.
pub(super) const MIGRATIONS: &[&str] = &["
CREATE TABLE batches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    way TEXT NOT NULL,
    direction TEXT NOT NULL,
    bucket TEXT NOT NULL,
    label TEXT NOT NULL,
    begun_millis INTEGER NOT NULL
);
CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    plan TEXT NOT NULL,
    state INTEGER NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX files_of_batch ON files (batch);
CREATE TABLE uploads (
    file INTEGER PRIMARY KEY,
    upload TEXT NOT NULL,
    part_bytes INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    modified_nanos INTEGER,
    crc64 INTEGER NOT NULL
);
CREATE TABLE parts (
    file INTEGER NOT NULL,
    number INTEGER NOT NULL,
    etag TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    crc64 INTEGER NOT NULL,
    md5 BLOB,
    PRIMARY KEY (file, number)
) WITHOUT ROWID;
"];

const STATES: [State; 7] =
    [State::Open, State::Paused, State::Done, State::Failed, State::Conflict, State::Cancelled, State::Skipped];

fn number_of(state: State) -> i64 {
    state as i64
}

fn state_of(number: i64) -> State {
    // What a newer Brimful knows is at least not done.
    STATES.into_iter().find(|state| number_of(*state) == number).unwrap_or(State::Paused)
}

/// SQLite knows signed numbers only.
fn signed(number: u64) -> i64 {
    number.cast_signed()
}

pub(super) fn add(
    change: &Transaction<'_>,
    owner: &str,
    batch: &NewBatch,
    rows: &[NewRow],
) -> rusqlite::Result<(i64, i64)> {
    change.execute(
        "INSERT INTO batches (owner, way, direction, bucket, label, begun_millis) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![owner, batch.way, batch.direction, batch.bucket, batch.label, jiff::Timestamp::now().as_millisecond()],
    )?;
    let id = change.last_insert_rowid();
    let mut insert = change.prepare_cached(
        "INSERT INTO files (batch, name, key, size_bytes, plan, state, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, '')",
    )?;
    let mut last = 0;
    for row in rows {
        let open = number_of(State::Open);
        last = insert.insert(params![id, row.name, row.key, signed(row.size_bytes), row.plan, open])?;
    }
    // Within one transaction numbers follow one another.
    Ok((id, last - rows.len() as i64 + 1))
}

pub(super) fn note(change: &Transaction<'_>, note: &Note) -> rusqlite::Result<()> {
    match note {
        Note::State { row, state, detail } => {
            let mut set = change.prepare_cached("UPDATE files SET state = ?2, detail = ?3 WHERE id = ?1")?;
            set.execute(params![row, number_of(*state), detail])?;
        }
        Note::Plan { row, key, plan } => {
            let mut set = change.prepare_cached("UPDATE files SET key = ?2, plan = ?3 WHERE id = ?1")?;
            set.execute(params![row, key, plan])?;
        }
        Note::Part { row, part } => {
            // Only while its upload is open: a late part of one that was called off is nobody's.
            let mut insert = change.prepare_cached(
                "INSERT OR REPLACE INTO parts (file, number, etag, size_bytes, crc64, md5)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM uploads WHERE file = ?1)",
            )?;
            let md5 = part.md5.as_ref().map(<[u8; 16]>::as_slice);
            insert.execute(params![row, part.number, part.etag, signed(part.size_bytes), signed(part.crc64), md5])?;
        }
        Note::UploadEnded { row } => end_upload(change, *row)?,
        Note::ForgetBatch { batch } => forget(change, *batch)?,
        Note::Forget { row } => {
            end_upload(change, *row)?;
            change.prepare_cached("DELETE FROM files WHERE id = ?1")?.execute(params![row])?;
        }
    }
    Ok(())
}

fn end_upload(change: &Transaction<'_>, row: i64) -> rusqlite::Result<()> {
    change.prepare_cached("DELETE FROM parts WHERE file = ?1")?.execute(params![row])?;
    change.prepare_cached("DELETE FROM uploads WHERE file = ?1")?.execute(params![row])?;
    Ok(())
}

pub(super) fn begun(change: &Transaction<'_>, row: i64, upload: &OpenUpload) -> rusqlite::Result<()> {
    end_upload(change, row)?;
    change.execute(
        "INSERT INTO uploads (file, upload, part_bytes, size_bytes, modified_nanos, crc64)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            row,
            upload.id,
            signed(upload.part_bytes),
            signed(upload.size_bytes),
            upload.modified_nanos,
            upload.crc64
        ],
    )?;
    Ok(())
}

pub(super) fn forget(change: &Transaction<'_>, batch: i64) -> rusqlite::Result<()> {
    for statement in [
        "DELETE FROM parts WHERE file IN (SELECT id FROM files WHERE batch = ?1)",
        "DELETE FROM uploads WHERE file IN (SELECT id FROM files WHERE batch = ?1)",
        "DELETE FROM files WHERE batch = ?1",
        "DELETE FROM batches WHERE id = ?1",
    ] {
        change.execute(statement, params![batch])?;
    }
    Ok(())
}

pub(super) fn adopt(
    change: &Transaction<'_>,
    session: &Session,
    wanted: &dyn Fn(&str) -> bool,
    spool: &Path,
) -> rusqlite::Result<Vec<KeptBatch>> {
    let mut batches = Vec::new();
    {
        let mut found = change.prepare("SELECT * FROM batches ORDER BY id")?;
        let mut rows = found.query([])?;
        let mut ended: HashMap<String, bool> = HashMap::new();
        while let Some(row) = rows.next()? {
            let owner: String = row.get("owner")?;
            if !*ended.entry(owner).or_insert_with_key(|owner| session.has_ended(owner)) {
                continue;
            }
            let batch = NewBatch {
                way: row.get("way")?,
                direction: row.get("direction")?,
                bucket: row.get("bucket")?,
                label: row.get("label")?,
            };
            batches.push(KeptBatch {
                id: row.get("id")?,
                batch,
                begun_millis: row.get("begun_millis")?,
                rows: Vec::new(),
            });
        }
    }
    let mut taken = Vec::new();
    for mut batch in batches {
        let left: i64 = change.query_row(
            "SELECT count(*) FROM files WHERE batch = ?1 AND state NOT IN (?2, ?3, ?4)",
            params![batch.id, number_of(State::Done), number_of(State::Cancelled), number_of(State::Skipped)],
            |row| row.get(0),
        )?;
        if left == 0 {
            forget(change, batch.id)?;
        } else if wanted(&batch.batch.way) {
            change.execute("UPDATE batches SET owner = ?2 WHERE id = ?1", params![batch.id, session.id()])?;
            batch.rows = rows_of(change, batch.id)?;
            taken.push(batch);
        }
    }
    clear_spool(change, spool)?;
    Ok(taken)
}

fn rows_of(change: &Transaction<'_>, batch: i64) -> rusqlite::Result<Vec<KeptRow>> {
    let mut uploads = uploads_of(change, batch)?;
    let mut found = change.prepare("SELECT * FROM files WHERE batch = ?1 ORDER BY id")?;
    let rows = found.query_map(params![batch], |row| {
        let id = row.get("id")?;
        Ok(KeptRow {
            id,
            row: NewRow {
                name: row.get("name")?,
                key: row.get("key")?,
                size_bytes: row.get::<_, i64>("size_bytes")?.cast_unsigned(),
                plan: row.get("plan")?,
            },
            state: state_of(row.get("state")?),
            detail: row.get("detail")?,
            upload: uploads.remove(&id),
        })
    })?;
    rows.collect()
}

type Uploads = HashMap<i64, (OpenUpload, Vec<Part>)>;

fn uploads_of(change: &Transaction<'_>, batch: i64) -> rusqlite::Result<Uploads> {
    let mut found = change.prepare("SELECT * FROM uploads WHERE file IN (SELECT id FROM files WHERE batch = ?1)")?;
    let rows = found.query_map(params![batch], |row| {
        let upload = OpenUpload {
            id: row.get("upload")?,
            part_bytes: row.get::<_, i64>("part_bytes")?.cast_unsigned(),
            size_bytes: row.get::<_, i64>("size_bytes")?.cast_unsigned(),
            modified_nanos: row.get("modified_nanos")?,
            crc64: row.get("crc64")?,
        };
        Ok((row.get("file")?, (upload, Vec::new())))
    })?;
    let mut uploads: Uploads = rows.collect::<rusqlite::Result<_>>()?;
    for (file, (_, parts)) in &mut uploads {
        let mut found = change.prepare_cached("SELECT * FROM parts WHERE file = ?1 ORDER BY number")?;
        *parts = found.query_map(params![file], part_of)?.collect::<rusqlite::Result<_>>()?;
    }
    Ok(uploads)
}

fn part_of(row: &Row<'_>) -> rusqlite::Result<Part> {
    let md5: Option<Vec<u8>> = row.get("md5")?;
    Ok(Part {
        number: row.get("number")?,
        etag: row.get("etag")?,
        size_bytes: row.get::<_, i64>("size_bytes")?.cast_unsigned(),
        crc64: row.get::<_, i64>("crc64")?.cast_unsigned(),
        md5: md5.and_then(|md5| md5.try_into().ok()),
    })
}

/// Removes what no file of the journal speaks of any more.
fn clear_spool(change: &Transaction<'_>, spool: &Path) -> rusqlite::Result<()> {
    // Where the folder cannot be read, nothing is cleared.
    let Ok(entries) = std::fs::read_dir(spool) else { return Ok(()) };
    let mut spoken_of = change.prepare("SELECT 1 FROM files WHERE instr(plan, ?1) > 0 LIMIT 1")?;
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        // What another process lays down this moment is written into the journal a moment later.
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|at| at.elapsed().ok());
        let is_old = age.is_some_and(|age| age > std::time::Duration::from_secs(3600));
        if is_old && !spoken_of.exists(params![name])? {
            drop(std::fs::remove_file(entry.path()));
        }
    }
    Ok(())
}
