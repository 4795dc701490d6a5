//! The tables. Keys are BLOBs: SQLite then orders them by their UTF-8 bytes, as S3 does, whatever they hold.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _};

/// The format that this release writes.
pub(in crate::practice) const FORMAT: i64 = 2;

/// How many file numbers are set aside at a time.
pub(in crate::practice) const NUMBERS_PER_RESERVE: i64 = 100_000;

// versions.state: 0 = an older version, 1 = the current object, 2 = the current delete marker. The current version of
// a key is the one with the highest seq. `visible` holds what a listing shows and nothing else, so that the cost of
// a page depends on the page.
const TABLES: &str = "
CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE buckets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    region TEXT NOT NULL,
    created INTEGER NOT NULL,
    config TEXT NOT NULL
);
CREATE TABLE versions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    bucket INTEGER NOT NULL REFERENCES buckets(id),
    key BLOB NOT NULL,
    version TEXT NOT NULL,
    state INTEGER NOT NULL,
    marker INTEGER NOT NULL,
    file INTEGER NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    meta TEXT NOT NULL,
    tags TEXT NOT NULL
);
CREATE UNIQUE INDEX versions_by_key ON versions (bucket, key, seq DESC);
CREATE UNIQUE INDEX visible ON versions (bucket, key) WHERE state = 1;
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    bucket INTEGER NOT NULL REFERENCES buckets(id),
    key BLOB NOT NULL,
    started INTEGER NOT NULL,
    meta TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX uploads_by_key ON uploads (bucket, key, id);
CREATE TABLE parts (
    upload TEXT NOT NULL REFERENCES uploads(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    file INTEGER NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    modified INTEGER NOT NULL,
    checksums TEXT NOT NULL,
    PRIMARY KEY (upload, number)
) WITHOUT ROWID;
CREATE TABLE landing (file INTEGER PRIMARY KEY, path TEXT NOT NULL);
CREATE TABLE garbage (file INTEGER PRIMARY KEY, path TEXT NOT NULL);
";

/// From format 1: finds a `null` version below others without reading those.
const FORMAT_2: &str = "
CREATE INDEX older_null ON versions (bucket, key) WHERE state = 0 AND version = 'null';
";

/// Opens the database for writing, durable at each commit.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    // SQLite gives its other files the permissions of this one.
    let _ = super::super::home::private_options().create(true).append(true).open(path);
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Makes the tables in a new database and brings those of an older release to the present format, both in one step.
/// Returns the format then found: higher than [`FORMAT`] where a newer release was at work.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<i64> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found >= FORMAT {
        return Ok(found);
    }
    let steps = [TABLES, FORMAT_2];
    let tx = connection.transaction()?;
    for step in steps.iter().skip(usize::try_from(found).unwrap_or_default()) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.commit()?;
    Ok(FORMAT)
}

/// Sets a range of file numbers aside for this run and returns its first: a number is never used twice,
/// also when a crash lost what was not committed.
pub(super) fn reserve_numbers(connection: &Connection) -> rusqlite::Result<i64> {
    let first: i64 = connection
        .query_row("SELECT value FROM numbers WHERE name = 'file'", [], |row| row.get(0))
        .optional()?
        .unwrap_or(1);
    keep_numbers(connection, first + NUMBERS_PER_RESERVE)?;
    Ok(first)
}

/// Says that every file number below `next` may have been used.
pub(super) fn keep_numbers(connection: &Connection, next: i64) -> rusqlite::Result<()> {
    connection.execute("INSERT OR REPLACE INTO numbers (name, value) VALUES ('file', ?1)", [next])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_of_the_first_format_is_brought_to_the_present_one_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(TABLES).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        for _ in 0..2 {
            assert_eq!(migrate(&mut connection).unwrap(), FORMAT);
        }
        let tables = |connection: &Connection| -> Vec<String> {
            let mut statement = connection.prepare("SELECT name FROM sqlite_schema ORDER BY name").unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let mut fresh = Connection::open_in_memory().unwrap();
        migrate(&mut fresh).unwrap();
        assert_eq!(tables(&connection), tables(&fresh));
    }

    #[test]
    fn a_store_of_a_later_format_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", FORMAT + 1).unwrap();
        assert_eq!(migrate(&mut connection).unwrap(), FORMAT + 1);
    }
}
