//! The tables of a run, and what is asked of them.

pub(super) const MIGRATIONS: &[&str] = &[
    "
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
",
    "
ALTER TABLE run ADD COLUMN ended_millis INTEGER;
ALTER TABLE run ADD COLUMN took_millis INTEGER;
ALTER TABLE run ADD COLUMN has_earlier INTEGER NOT NULL DEFAULT 0;
DROP INDEX files_by_worst;
CREATE INDEX files_by_worst ON files (worst DESC, path, name);
",
];

pub(super) const RUN: &str = "SELECT purpose, ended_millis, took_millis, has_earlier FROM run";

pub(super) const END: &str = "UPDATE run SET ended_millis = ?1, took_millis = ?2";

pub(super) const ADD: &str = "
INSERT OR REPLACE INTO files (name, path, text, worst, is_there, digest, thumb) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

pub(super) const FORGET_UNANSWERED: &str = "
DELETE FROM files WHERE json_extract(text, '$.checked') AND json_extract(text, '$.status') IS NULL";

pub(super) const PAGE: &str = "
SELECT name, text, is_there, digest, NULL FROM files WHERE (path, name) > (?1, ?2) ORDER BY path, name LIMIT ?3";

pub(super) const SHOWN: &str = "
SELECT name, text, is_there, digest, thumb FROM files WHERE worst BETWEEN ?1 AND ?2
AND (?3 = '' OR instr(lower(path), ?3) OR instr(lower(name), ?3))
ORDER BY worst DESC, path, name LIMIT ?4 OFFSET ?5";

pub(super) const TALLY: &str = "
SELECT worst, count(*) FROM files WHERE ?1 = '' OR instr(lower(path), ?1) OR instr(lower(name), ?1) GROUP BY worst";

pub(super) const SAME: &str = "
SELECT path FROM files WHERE digest = ?1 AND name <> ?2 ORDER BY path LIMIT ?3";

pub(super) const REMEMBER: &str = "
INSERT OR IGNORE INTO earlier (path, identity, text) VALUES (?1, ?2, ?3)";

/// Of files that were not checked this time nothing is known.
pub(super) const RESOLVED: &str = "
SELECT path, text FROM earlier WHERE NOT again AND path IN (SELECT path FROM files) ORDER BY path, identity LIMIT ?1";

pub(super) const RESOLVED_COUNT: &str = "
SELECT count(*) FROM earlier WHERE NOT again AND path IN (SELECT path FROM files)";
