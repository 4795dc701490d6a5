//! The tables of a run, and what is asked of them.

pub(super) const MIGRATIONS: &[&str] = &["
CREATE TABLE run (purpose TEXT NOT NULL);
CREATE TABLE files (
    name TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    text TEXT NOT NULL,
    worst INTEGER NOT NULL,
    is_there INTEGER NOT NULL,
    digest BLOB,
    thumb BLOB
);
CREATE INDEX files_by_path ON files (path, name);
CREATE INDEX files_by_worst ON files (worst DESC, path);
CREATE INDEX files_by_content ON files (digest) WHERE digest IS NOT NULL;
CREATE TABLE earlier (
    path TEXT NOT NULL,
    identity TEXT NOT NULL,
    text TEXT NOT NULL,
    again INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (path, identity)
) WITHOUT ROWID;
"];

/// So many rows are read at once.
pub(super) const PAGE_ROWS: u32 = 500;

pub(super) const ADD: &str = "
INSERT OR REPLACE INTO files (name, path, text, worst, is_there, digest, thumb) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

pub(super) const PAGE: &str = "
SELECT name, text, is_there, digest, NULL FROM files WHERE (path, name) > (?1, ?2) ORDER BY path, name LIMIT ?3";

pub(super) const SHOWN: &str = "
SELECT name, text, is_there, digest, thumb FROM files WHERE worst BETWEEN ?1 AND ?2
ORDER BY worst DESC, path LIMIT ?3";

pub(super) const SAME: &str = "
SELECT path FROM files WHERE digest = ?1 AND name <> ?2 ORDER BY path LIMIT ?3";

pub(super) const REMEMBER: &str = "
INSERT OR IGNORE INTO earlier (path, identity, text) VALUES (?1, ?2, ?3)";

/// Of files that were not checked this time nothing is known.
pub(super) const RESOLVED: &str = "
SELECT path, text FROM earlier WHERE NOT again AND path IN (SELECT path FROM files) ORDER BY path, identity LIMIT ?1";

pub(super) const RESOLVED_COUNT: &str = "
SELECT count(*) FROM earlier WHERE NOT again AND path IN (SELECT path FROM files)";
