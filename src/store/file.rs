//! Private files, written whole or not at all.

use super::{Notice, StoreError};
use serde_json::Value;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// Writes a file that only its owner may read. After a crash the old or the new content is there, never half of one.
pub(super) fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    try_write_atomic(path, bytes).map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

fn try_write_atomic(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    super::home::create_private_dir(folder)?;
    // tempfile makes the file with 0600 on Unix.
    let mut file = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// What reading a JSON file came to.
pub(super) enum Read {
    /// There is none yet.
    Absent,
    /// It is JSON.
    Json(Value),
    /// It is not; the notice says where it went.
    Bad(Notice),
}

/// Reads a JSON file; a damaged one is moved aside so that nothing overwrites it.
pub(super) fn read_json(path: &Path, what: &'static str) -> Read {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Read::Absent,
        Err(error) => {
            return Read::Bad(Notice::Unreadable { what, path: path.to_owned(), why: error.to_string() });
        }
    };
    match serde_json::from_slice(&bytes) {
        Ok(value) => Read::Json(value),
        // serde_json says line and column only: none of the content ends up in a notice or a log.
        Err(error) => {
            let why = match error.classify() {
                serde_json::error::Category::Eof => "it ends too early".to_owned(),
                _ => format!("line {}, column {} is not JSON", error.line(), error.column()),
            };
            Read::Bad(put_aside(path, what, why))
        }
    }
}

/// Moves a file that makes no sense to `NAME.damaged-TIME`, never onto one that was moved before.
pub(super) fn put_aside(path: &Path, what: &'static str, why: String) -> Notice {
    let stamp = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ").to_string();
    let named = |more: String| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".damaged-{stamp}{more}"));
        path.with_file_name(name)
    };
    let mut names = std::iter::once(String::new()).chain((2..1000).map(|n| format!("-{n}"))).map(named);
    let free: Option<PathBuf> = names.find(|name| !name.exists());
    let kept_as = free.filter(|aside| std::fs::rename(path, aside).is_ok());
    Notice::Damaged { what, kept_as, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_no_temporary_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("deep/list.json");
        write_atomic(&path, b"[1]").unwrap();
        write_atomic(&path, b"[2]").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"[2]");
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.json");
        std::fs::write(&path, b"[]").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        write_atomic(&path, b"[2]").unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_failed_write_names_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let blocked = dir.path().join("file");
        std::fs::write(&blocked, b"").unwrap();
        let error = write_atomic(&blocked.join("list.json"), b"[]").unwrap_err();
        assert!(error.to_string().contains("list.json"), "{error}");
    }

    #[test]
    fn damaged_json_is_put_aside_with_its_content() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.json");
        std::fs::write(&path, b"{\"half\": ").unwrap();
        let Read::Bad(Notice::Damaged { kept_as: Some(aside), why, .. }) = read_json(&path, "list") else {
            panic!("expected damage");
        };
        assert_eq!(why, "it ends too early");
        assert!(!path.exists());
        assert_eq!(std::fs::read(aside).unwrap(), b"{\"half\": ");
    }

    #[test]
    fn files_damaged_at_the_same_moment_are_all_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("list.json");
        for number in 0..50 {
            std::fs::write(&path, format!("{{{number}")).unwrap();
            assert!(matches!(read_json(&path, "list"), Read::Bad(Notice::Damaged { kept_as: Some(_), .. })));
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 50);
    }
}
