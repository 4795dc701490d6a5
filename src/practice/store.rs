//! The state of a practice store: metadata in SQLite, bytes in plain files.
//!
//! A write is acknowledged after its bytes and then its row are on the disk:
//!
//! ```text
//! body ─► incoming/N ─ fsync ─┐
//! body ─► incoming/M ─ fsync ─┼─► one writer thread: fsync incoming/, commit all rows at once ─► answers
//!                             │        └─► janitor thread: move to the final names, remove what was replaced
//! ```
//!
//! The row is the point of truth. The tables `landing` and `garbage`, written in the same commit, name the
//! files that still have to be moved or removed, so that a start after a crash mends exactly those and scans nothing.

pub(super) mod buckets;
pub(super) mod files;
mod janitor;
pub(super) mod list;
pub(super) mod lock;
pub(super) mod schema;
pub(super) mod uploads;
pub(super) mod versions;
mod writer;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OpenFlags};

use self::buckets::Buckets;
use self::files::Files;
pub(super) use self::writer::Tx;
use self::writer::Writer;
use super::error::{Fault, Outcome, PracticeError};
use super::home::sync_dir;

/// Everything that outlives a request. Cheap to share behind an `Arc`.
pub(super) struct Store {
    pub(super) files: Arc<Files>,
    pub(super) buckets: Arc<Buckets>,
    writer: Writer,
    readers: Mutex<Vec<Connection>>,
    database: PathBuf,
}

impl Store {
    /// Opens the store in `dir`, mending what a crash left behind.
    pub(super) fn open(dir: &Path) -> Result<Self, PracticeError> {
        let database = dir.join("metadata.sqlite3");
        let metadata = |source| PracticeError::Metadata { dir: dir.to_owned(), source };
        let mut connection = schema::open(&database).map_err(metadata)?;
        let found = schema::migrate(&mut connection).map_err(metadata)?;
        if found > schema::FORMAT {
            return Err(PracticeError::TooNew { dir: dir.to_owned(), found });
        }
        let reserved = schema::reserve_numbers(&connection).map_err(metadata)?;
        // From here on what lies in the folder stays, also if the power fails; its own name, where the folder above
        // may be read.
        sync_dir(dir).map_err(|source| PracticeError::Folder { dir: dir.to_owned(), source })?;
        let _ = dir.parent().map(sync_dir);
        let files = Arc::new(Files::new(dir, reserved));
        janitor::mend(&connection, &files).map_err(|fault| match fault {
            Fault::Sql(source) => metadata(source),
            other => PracticeError::Folder { dir: dir.to_owned(), source: std::io::Error::other(other.to_string()) },
        })?;
        let buckets = Arc::new(Buckets::load(&connection).map_err(|fault| match fault {
            Fault::Sql(source) => metadata(source),
            other => PracticeError::Folder { dir: dir.to_owned(), source: std::io::Error::other(other.to_string()) },
        })?);
        let writer = Writer::start(connection, Arc::clone(&files));
        Ok(Self { files, buckets, writer, readers: Mutex::new(Vec::new()), database })
    }

    /// Runs `work` in a transaction and returns when it is on the disk. Work of several requests shares one commit;
    /// an error of one undoes that one alone. Once handed over it happens, even if nobody waits for the answer.
    pub(super) async fn write<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    {
        self.writer.run(work).await
    }

    /// Runs `work` with a connection that sees everything acknowledged so far, off the async threads.
    pub(super) async fn read<T, F>(self: &Arc<Self>, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    {
        let store = Arc::clone(self);
        blocking(move || store.read_here(work)).await
    }

    /// As [`Store::read`], for a thread that may block.
    pub(super) fn read_here<T>(&self, work: impl FnOnce(&Connection) -> Outcome<T>) -> Outcome<T> {
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.reader()?,
        };
        let answer = work(&connection);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < 8 {
            readers.push(connection);
        }
        answer
    }

    fn reader(&self) -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(
            &self.database,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }

    /// Waits for the last commit and the last move.
    pub(super) fn close(&self) {
        self.writer.stop();
        self.readers.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// The folder is free for another store only when nothing writes to it any more.
impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}

/// Runs `work` on a thread that may block.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Fault::Io(std::io::Error::other(error)))?
}

/// Milliseconds since 1970-01-01 UTC.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
