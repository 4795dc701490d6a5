//! Where a download comes down: a file of another name beside its place, which gets its own name when it is whole.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use tempfile::TempPath;

/// So many names are tried before one gives up.
const MOST_NAMES: u32 = 10_000;

pub(super) fn folder_of(dest: &Path) -> PathBuf {
    dest.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

/// Begins a file in a folder, which is made where it is missing. It is removed when the path is dropped.
pub(super) fn begin(folder: &Path) -> io::Result<(File, TempPath)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".brimful-").suffix(".part");
    #[cfg(unix)]
    {
        // As any program would make the file; the person's mask takes off what it should.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let begun = match builder.tempfile_in(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            std::fs::create_dir_all(folder)?;
            builder.tempfile_in(folder)
        }
        begun => begun,
    };
    Ok(begun?.into_parts())
}

/// Writes pieces that follow one another, beginning at a place of the file.
pub(super) fn write_at(file: &File, mut offset_bytes: u64, pieces: &[Bytes]) -> io::Result<()> {
    for piece in pieces {
        #[cfg(unix)]
        std::os::unix::fs::FileExt::write_all_at(file, piece, offset_bytes)?;
        #[cfg(windows)]
        {
            let mut rest: &[u8] = piece;
            let mut at = offset_bytes;
            while !rest.is_empty() {
                let written = std::os::windows::fs::FileExt::seek_write(file, rest, at)?;
                if written == 0 {
                    return Err(io::ErrorKind::WriteZero.into());
                }
                rest = &rest[written..];
                at += written as u64;
            }
        }
        offset_bytes += piece.len() as u64;
    }
    Ok(())
}

/// Gives a whole file its name. What is there is replaced where that was asked for; otherwise it gets the next name that
/// is free.
pub(super) fn name(file: TempPath, wanted: &Path, replace: bool) -> io::Result<PathBuf> {
    if replace {
        file.persist(wanted).map_err(|refused| refused.error)?;
        outlast(wanted);
        return Ok(wanted.to_owned());
    }
    let mut file = file;
    for number in 1..=MOST_NAMES {
        let path = numbered(wanted, number);
        match file.persist_noclobber(&path) {
            Ok(()) => {
                outlast(&path);
                return Ok(path);
            }
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => file = refused.path,
            Err(refused) => return Err(refused.error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The name itself must survive a power cut as well; some file systems cannot be asked for it.
fn outlast(path: &Path) {
    #[cfg(unix)]
    let _ = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
    #[cfg(not(unix))]
    let _ = path;
}

/// `cat.png`, `cat (2).png`, `cat (3).png`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    if number < 2 {
        return path.to_owned();
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!(" ({number})"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case("a/cat.png", 1, "a/cat.png"; "the first")]
    #[test_case("a/cat.png", 2, "a/cat (2).png"; "the second")]
    #[test_case("a/.env", 3, "a/.env (3)"; "a hidden file")]
    #[test_case("cat", 2, "cat (2)"; "no extension")]
    fn names(path: &str, number: u32, expected: &str) {
        assert_eq!(numbered(Path::new(path), number), Path::new(expected));
    }

    #[test]
    fn what_is_there_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = folder.path().join("cat.png");
        for expected in ["cat.png", "cat (2).png", "cat (3).png"] {
            let (_, file) = begin(folder.path()).unwrap();
            std::fs::write(&file, expected).unwrap();
            assert_eq!(name(file, &wanted, false).unwrap(), folder.path().join(expected));
        }
        assert_eq!(std::fs::read_to_string(&wanted).unwrap(), "cat.png");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
        let (_, file) = begin(folder.path()).unwrap();
        std::fs::write(&file, "new").unwrap();
        assert_eq!(name(file, &wanted, true).unwrap(), wanted);
        assert_eq!(std::fs::read_to_string(&wanted).unwrap(), "new");
    }

    #[test]
    fn pieces_follow_one_another() {
        let folder = tempfile::tempdir().unwrap();
        let (file, path) = begin(&folder.path().join("deep/er")).unwrap();
        write_at(&file, 3, &[Bytes::from_static(b"de"), Bytes::from_static(b"f")]).unwrap();
        write_at(&file, 0, &[Bytes::from_static(b"abc")]).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"abcdef");
    }
}
