//! Every write of a bucket's setting, with what was there before: what changes are taken back from.
//!
//! One SQLite file in the state folder, readable by its owner only. Values are text as the setting is written (JSON);
//! secrets have no place in it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection as Db, OptionalExtension as _, Row, params};

use super::Notice;
use super::database::{self, Kind};
use super::home::Home;
use crate::domain::bucket_settings::SettingKind;
use crate::domain::connection::ConnectionId;

const KIND: Kind = Kind { what: "history of changes", migrations: MIGRATIONS, outlasts_power: true };

const MIGRATIONS: &[&str] = &["
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    connection TEXT NOT NULL,
    bucket TEXT NOT NULL,
    setting TEXT NOT NULL,
    before TEXT,
    after TEXT,
    at_millis INTEGER NOT NULL,
    who TEXT,
    note TEXT,
    what TEXT NOT NULL
);
CREATE INDEX changes_of_bucket ON changes (connection, bucket, id DESC);
"];

/// Why the history could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// SQLite says so.
    #[error("The history of changes could not be used: {0}")]
    Sql(#[from] rusqlite::Error),
    /// It could not be opened at the start, and no place in memory was to be had either.
    #[error("The history of changes is not kept in this session")]
    NotKept,
}

/// The name of an access key with its middle left out: enough to know it by, too little to look it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskedKeyId(String);

impl MaskedKeyId {
    /// Leaves the middle out, e.g. `AKIA…7QXZ`.
    #[must_use]
    pub fn of(access_key_id: &str) -> Self {
        let letters: Vec<char> = access_key_id.chars().collect();
        let shown = if letters.len() >= 12 { 4 } else { letters.len() / 4 };
        let head: String = letters[..shown].iter().collect();
        let tail: String = letters[letters.len() - shown..].iter().collect();
        Self(format!("{head}…{tail}"))
    }

    /// As it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a write was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A person changed it.
    Change,
    /// A person put back what was there before.
    Restore,
}

impl Deed {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Restore => "restore",
        }
    }
}

/// One write of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Through which connection.
    pub connection: ConnectionId,
    /// The bucket. What concerns its whole account is filed under the bucket from which it was changed.
    pub bucket: String,
    /// Which setting.
    pub setting: SettingKind,
    /// What was there before; `None` when it was not set.
    pub before: Option<String>,
    /// What is there now; `None` when it was removed.
    pub after: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Who signed, where somebody did.
    pub who: Option<MaskedKeyId>,
    /// Why, in the person's own words, or what it was made for.
    pub note: Option<String>,
    /// What it was for.
    pub deed: Deed,
}

/// A change with its number in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Grows with every change.
    pub id: i64,
    /// The change.
    pub change: Change,
}

/// The history of all buckets. Its functions read and write a file: call them off the window's thread.
#[derive(Debug)]
pub struct History {
    db: Mutex<Option<Db>>,
}

impl History {
    /// Opens the file. A damaged one is put aside; where none can be opened, this session remembers in memory, and the
    /// notice says so.
    #[must_use]
    pub fn open(home: &Home) -> (Self, Option<Notice>) {
        let (db, notice) = database::open(&home.state_dir().join("history.sqlite"), &KIND);
        let db = db.or_else(|| database::in_memory(&KIND).ok());
        (Self { db: Mutex::new(db) }, notice)
    }

    fn db(&self) -> MutexGuard<'_, Option<Db>> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(&self, act: impl FnOnce(&Db) -> rusqlite::Result<T>) -> Result<T, HistoryError> {
        let db = self.db();
        let db = db.as_ref().ok_or(HistoryError::NotKept)?;
        Ok(act(db)?)
    }

    /// Writes a change down and gives its number.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn record(&self, change: &Change) -> Result<i64, HistoryError> {
        self.with(|db| {
            db.execute(
                "INSERT INTO changes (connection, bucket, setting, before, after, at_millis, who, note, what)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    change.connection.to_string(),
                    change.bucket,
                    change.setting.as_str(),
                    change.before,
                    change.after,
                    change.at.as_millisecond(),
                    change.who.as_ref().map(MaskedKeyId::as_str),
                    change.note,
                    change.deed.as_str(),
                ],
            )?;
            Ok(db.last_insert_rowid())
        })
    }

    /// The changes of a bucket, newest first, at most `most` of them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of_bucket(&self, connection: ConnectionId, bucket: &str, most: u32) -> Result<Vec<Entry>, HistoryError> {
        self.with(|db| {
            let mut found = db.prepare_cached(
                "SELECT * FROM changes WHERE connection = ?1 AND bucket = ?2 ORDER BY id DESC LIMIT ?3",
            )?;
            let rows = found.query_map(params![connection.to_string(), bucket, most], read)?;
            // What a newer Brimful wrote and this one does not know stays in the file.
            rows.filter_map(Result::transpose).collect()
        })
    }

    /// One change, by its number.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn get(&self, id: i64) -> Result<Option<Entry>, HistoryError> {
        self.with(|db| {
            let found = db.query_row("SELECT * FROM changes WHERE id = ?1", params![id], read).optional()?;
            Ok(found.flatten())
        })
    }

    /// The change of the same bucket before another one, whatever it was about.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn before(&self, entry: &Entry) -> Result<Option<Entry>, HistoryError> {
        let change = &entry.change;
        self.with(|db| {
            let found = db
                .query_row(
                    "SELECT * FROM changes WHERE connection = ?1 AND bucket = ?2 AND id < ?3 ORDER BY id DESC LIMIT 1",
                    params![change.connection.to_string(), change.bucket, entry.id],
                    read,
                )
                .optional()?;
            Ok(found.flatten())
        })
    }

    /// The newest change of a setting; its `after` is the value that Brimful wrote last.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn last(
        &self,
        connection: ConnectionId,
        bucket: &str,
        setting: SettingKind,
    ) -> Result<Option<Entry>, HistoryError> {
        self.with(|db| {
            let found = db
                .query_row(
                    "SELECT * FROM changes WHERE connection = ?1 AND bucket = ?2 AND setting = ?3
                     ORDER BY id DESC LIMIT 1",
                    params![connection.to_string(), bucket, setting.as_str()],
                    read,
                )
                .optional()?;
            Ok(found.flatten())
        })
    }
}

/// `None` for what this version has no words for.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<Entry>> {
    let connection: String = row.get("connection")?;
    let setting: String = row.get("setting")?;
    let at_millis: i64 = row.get("at_millis")?;
    let what: String = row.get("what")?;
    let parsed = (
        uuid::Uuid::parse_str(&connection).ok(),
        SettingKind::parse(&setting),
        Timestamp::from_millisecond(at_millis).ok(),
        [Deed::Change, Deed::Restore].into_iter().find(|deed| deed.as_str() == what),
    );
    let (Some(connection), Some(setting), Some(at), Some(deed)) = parsed else { return Ok(None) };
    let change = Change {
        connection: ConnectionId(connection),
        bucket: row.get("bucket")?,
        setting,
        before: row.get("before")?,
        after: row.get("after")?,
        at,
        who: row.get::<_, Option<String>>("who")?.map(MaskedKeyId),
        note: row.get("note")?,
        deed,
    };
    Ok(Some(Entry { id: row.get("id")?, change }))
}

#[cfg(test)]
mod tests;
