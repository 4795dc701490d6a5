//! SQLite files in the state folder: private, brought to the newest format, and put aside when damaged.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection as Db;

use super::Notice;
use super::file;
use super::home;

/// Another window of Brimful, or a command, may write at the same moment.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a file is for.
pub(super) struct Kind {
    /// As on screen, e.g. `history of changes`.
    pub(super) what: &'static str,
    /// Each entry leads from the format of its number to the next; a format that has shipped is never changed.
    pub(super) migrations: &'static [&'static str],
    /// Each change must outlast a power cut as soon as it is made, not only a crash of the process.
    pub(super) outlasts_power: bool,
}

/// Why a file could not be used.
#[derive(Debug)]
pub(super) enum OpenError {
    Sql(rusqlite::Error),
    /// A newer Brimful wrote it.
    Newer(i64),
    File(std::io::Error),
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl OpenError {
    fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        let Self::Sql(error) = self else { return false };
        matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
    }

    fn why(&self) -> String {
        match self {
            Self::Sql(error) => error.to_string(),
            Self::Newer(format) => format!("it was written by a newer Brimful (format {format})"),
            Self::File(error) => error.to_string(),
        }
    }
}

/// Opens a file. A damaged one is put aside and a new one begun; where none can be opened, the notice says so.
pub(super) fn open(path: &Path, kind: &Kind) -> (Option<Db>, Option<Notice>) {
    match open_file(path, kind) {
        Ok(db) => (Some(db), None),
        Err(error) if error.is_damage() => {
            let notice = put_aside(path, kind.what, &error);
            (open_file(path, kind).ok(), Some(notice))
        }
        Err(error) => (None, Some(Notice::Unreadable { what: kind.what, path: path.to_owned(), why: error.why() })),
    }
}

fn open_file(path: &Path, kind: &Kind) -> Result<Db, OpenError> {
    make_private(path).map_err(OpenError::File)?;
    let db = Db::open(path)?;
    db.busy_timeout(PATIENCE)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", if kind.outlasts_power { "FULL" } else { "NORMAL" })?;
    migrate(db, kind)
}

/// A database that lasts as long as the process.
pub(super) fn in_memory(kind: &Kind) -> Result<Db, OpenError> {
    migrate(Db::open_in_memory()?, kind)
}

/// SQLite gives the files beside the database (`-wal`, `-shm`) the mode of the database.
fn make_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        home::create_private_dir(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
    }
    drop(file);
    Ok(())
}

fn migrate(mut db: Db, kind: &Kind) -> Result<Db, OpenError> {
    // Two windows that start together must not both lay the tables.
    let change = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let format: i64 = change.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let newest = kind.migrations.len() as i64;
    if format > newest {
        return Err(OpenError::Newer(format));
    }
    for step in kind.migrations.iter().skip(usize::try_from(format).unwrap_or_default()) {
        change.execute_batch(step)?;
    }
    change.pragma_update(None, "user_version", newest)?;
    change.commit()?;
    Ok(db)
}

/// Moves the file aside; what SQLite keeps beside it belongs to the old file and goes with it.
fn put_aside(path: &Path, what: &'static str, error: &OpenError) -> Notice {
    let notice = file::put_aside(path, what, error.why());
    for beside in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(beside);
        let from = PathBuf::from(name);
        if let Notice::Damaged { kept_as: Some(kept), .. } = &notice {
            let mut to = kept.as_os_str().to_owned();
            to.push(beside);
            // There is none after a proper end.
            drop(std::fs::rename(from, PathBuf::from(to)));
        }
    }
    notice
}
