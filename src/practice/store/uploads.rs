//! Multipart uploads that are under way: their parts wait in `uploads/` until completed or aborted.

use rusqlite::{Connection, OptionalExtension as _, Row};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::checksum::{Algorithm, Checksum, Kind};
use super::super::error::{Outcome, no_such_upload};
use super::files::Place;
use super::list::{After, Query, common_prefix, past};
use super::versions::{Meta, Tags, key_from};
use super::{Tx, now_ms};

/// What was said when an upload began.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::practice) struct UploadMeta {
    pub(in crate::practice) object: Meta,
    pub(in crate::practice) tags: Tags,
    /// `None`: nothing was asked for; the store then keeps a CRC64NVME of the whole object.
    pub(in crate::practice) checksum: Option<(Algorithm, Kind)>,
    /// The ARN of whoever began it; `None`: nobody signed, or an older release did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) initiator: Option<String>,
}

#[derive(Debug, Clone)]
pub(in crate::practice) struct Upload {
    pub(in crate::practice) id: String,
    pub(in crate::practice) key: String,
    pub(in crate::practice) started: i64,
    pub(in crate::practice) meta: UploadMeta,
}

#[derive(Debug, Clone)]
pub(in crate::practice) struct Part {
    pub(in crate::practice) number: u16,
    pub(in crate::practice) place: Place,
    pub(in crate::practice) size: u64,
    pub(in crate::practice) etag: String,
    pub(in crate::practice) modified: i64,
    pub(in crate::practice) checksums: Vec<Checksum>,
}

impl Part {
    pub(in crate::practice) fn checksum(&self, algorithm: Algorithm) -> Option<&str> {
        self.checksums.iter().find(|checksum| checksum.algorithm == algorithm).map(|checksum| checksum.value.as_str())
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let checksums: String = row.get(6)?;
        Ok(Self {
            number: row.get(0)?,
            place: Place { file: row.get(1)?, path: row.get(2)? },
            size: u64::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
            etag: row.get(4)?,
            modified: row.get(5)?,
            checksums: serde_json::from_str(&checksums).map_err(|error| {
                rusqlite::Error::FromSqlConversionFailure(6, rusqlite::types::Type::Text, Box::new(error))
            })?,
        })
    }
}

const PART_COLUMNS: &str = "number, file, path, size, etag, modified, checksums";

fn upload_from_row(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let meta: String = row.get(3)?;
    Ok(Upload {
        id: row.get(0)?,
        key: key_from(row.get(1)?),
        started: row.get(2)?,
        meta: serde_json::from_str(&meta).map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, Box::new(error))
        })?,
    })
}

/// Begins an upload; its id sorts by the time of its begin, and is safe as a folder name.
pub(in crate::practice) fn create(tx: &Tx<'_>, bucket: i64, key: &str, meta: &UploadMeta) -> Outcome<String> {
    let started = now_ms();
    let id = format!("{started:013x}{}", Uuid::new_v4().simple());
    tx.db()
        .prepare_cached("INSERT INTO uploads (id, bucket, key, started, meta) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute((&id, bucket, key.as_bytes(), started, serde_json::to_string(meta)?))?;
    Ok(id)
}

/// The upload with this id, if it is one for this key.
pub(in crate::practice) fn find(db: &Connection, bucket: i64, key: &str, id: &str) -> Outcome<Upload> {
    let found = db
        .prepare_cached("SELECT id, key, started, meta FROM uploads WHERE id = ?1 AND bucket = ?2 AND key = ?3")?
        .query_row((id, bucket, key.as_bytes()), upload_from_row)
        .optional()?;
    Ok(found.ok_or_else(no_such_upload)?)
}

/// Puts a part whose bytes wait in `incoming/`; a part of the same number is replaced.
pub(in crate::practice) fn put_part(tx: &Tx<'_>, upload: &str, part: &Part) -> Outcome<()> {
    tx.land(&part.place)?;
    let before = tx
        .db()
        .prepare_cached(&format!("SELECT {PART_COLUMNS} FROM parts WHERE upload = ?1 AND number = ?2"))?
        .query_row((upload, part.number), Part::from_row)
        .optional()?;
    if let Some(before) = before {
        tx.discard(&before.place)?;
    }
    tx.db()
        .prepare_cached(
            "INSERT OR REPLACE INTO parts (upload, number, file, path, size, etag, modified, checksums)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            upload,
            part.number,
            part.place.file,
            &part.place.path,
            i64::try_from(part.size).unwrap_or(i64::MAX),
            &part.etag,
            part.modified,
            serde_json::to_string(&part.checksums)?,
        ))?;
    Ok(())
}

/// Parts with a number above `after`, in order, at most `limit`.
pub(in crate::practice) fn parts(db: &Connection, upload: &str, after: u16, limit: usize) -> Outcome<Vec<Part>> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {PART_COLUMNS} FROM parts WHERE upload = ?1 AND number > ?2 ORDER BY number LIMIT ?3"
    ))?;
    let rows = statement.query_map((upload, after, i64::try_from(limit).unwrap_or(i64::MAX)), Part::from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Ends an upload and lets its parts go.
pub(in crate::practice) fn remove(tx: &Tx<'_>, id: &str) -> Outcome<()> {
    for part in parts(tx.db(), id, 0, usize::MAX)? {
        tx.discard(&part.place)?;
    }
    tx.db().prepare_cached("DELETE FROM uploads WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Ends every upload of a bucket.
pub(super) fn remove_all(tx: &Tx<'_>, bucket: i64) -> Outcome<()> {
    let ids = {
        let mut statement = tx.db().prepare_cached("SELECT id FROM uploads WHERE bucket = ?1")?;
        let rows = statement.query_map([bucket], |row| row.get::<_, String>(0))?;
        rows.collect::<rusqlite::Result<Vec<_>>>()?
    };
    ids.iter().try_for_each(|id| remove(tx, id))
}

/// One line of a listing of uploads.
#[derive(Debug, Clone)]
pub(in crate::practice) enum Entry {
    Upload(Box<Upload>),
    Prefix(String),
}

/// Uploads by key and begin. `after_id` continues within the key of `query.after`. The flag tells whether more follow.
pub(in crate::practice) fn list(
    db: &Connection,
    bucket: i64,
    query: &Query,
    after_id: Option<&str>,
) -> Outcome<(Vec<Entry>, bool)> {
    let mut entries = Vec::new();
    if query.limit == 0 {
        return Ok((entries, false));
    }
    let delimiter = query.delimiter.as_deref();
    let mut from = (query.prefix.clone().into_bytes(), String::new());
    if let Some(After::Key(key)) = &query.after {
        let begin = match (common_prefix(key, &query.prefix, delimiter), after_id) {
            (Some(folder), _) => (past(folder.as_bytes()).unwrap_or_default(), String::new()),
            (None, Some(id)) => (key.clone().into_bytes(), id.to_owned()),
            // Beyond every id of this key: ids are hexadecimal.
            (None, None) => (key.clone().into_bytes(), "~".to_owned()),
        };
        from = from.max(begin);
    }
    let end = past(query.prefix.as_bytes());
    loop {
        let mut skip_to = None;
        let mut statement = db.prepare_cached(
            "SELECT id, key, started, meta FROM uploads
             WHERE bucket = ?1 AND (key, id) > (?2, ?3) ORDER BY key, id",
        )?;
        let mut rows = statement.query((bucket, &from.0, &from.1))?;
        while let Some(row) = rows.next()? {
            let upload = upload_from_row(row)?;
            if end.as_deref().is_some_and(|end| upload.key.as_bytes() >= end) {
                break;
            }
            if entries.len() == query.limit {
                return Ok((entries, true));
            }
            if let Some(folder) = common_prefix(&upload.key, &query.prefix, delimiter) {
                entries.push(Entry::Prefix(folder.to_owned()));
                skip_to = past(folder.as_bytes());
                break;
            }
            entries.push(Entry::Upload(Box::new(upload)));
        }
        match skip_to {
            Some(key) => from = (key, String::new()),
            None => return Ok((entries, false)),
        }
    }
}
