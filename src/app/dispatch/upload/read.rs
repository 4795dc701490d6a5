//! Reading what was brought in: folders are walked, files looked at by size and first bytes. Runs on a blocking thread.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use md5::{Digest as _, Md5};
use tokio_util::sync::CancellationToken;

use crate::domain::media_type::HEAD_BYTES;
use crate::domain::patch::lay_over;
use crate::domain::upload_plan::Source;
use crate::images;
use crate::images::location::{self, Location, WITHOUT_LOCATION, patches_of};
use crate::model::upload::UploadSource;
use crate::model::upload::plan::{Found, MOST_FILES, Origin};
use crate::transfer::Edit;
use crate::transfer::walk::{Seen, walk, why};

/// Where cameras write what they know: it stands in front of the picture.
const EXIF_BYTES: u64 = 128 * 1024;
/// Larger files are not compared byte by byte with what is there.
const MOST_COMPARED_BYTES: u64 = 2_000_000_000;

/// Reads everything. `counter` counts files while it goes; after `stop` what was found so far is the answer.
pub(super) fn read(sources: Vec<UploadSource>, counter: &AtomicU64, stop: &CancellationToken) -> Found {
    let mut reader = Reader { found: Found::default(), sources: Vec::new(), counter, stop };
    for source in sources {
        match source {
            UploadSource::Bytes { name, bytes } => {
                let head = bytes.get(..HEAD_BYTES).unwrap_or(&bytes);
                let source = Source::new(&name, bytes.len() as u64, head);
                reader.take(source, Origin::Bytes(bytes));
            }
            UploadSource::Path(path) => reader.top(&path),
        }
        if reader.is_over() {
            break;
        }
    }
    reader.found.sources = Arc::new(reader.sources);
    reader.found
}

struct Reader<'a> {
    found: Found,
    sources: Vec<Source>,
    counter: &'a AtomicU64,
    stop: &'a CancellationToken,
}

impl Reader<'_> {
    fn is_over(&self) -> bool {
        self.found.cut_off || self.stop.is_cancelled()
    }

    fn take(&mut self, source: Source, origin: Origin) {
        if self.sources.len() == MOST_FILES {
            self.found.cut_off = true;
            return;
        }
        self.sources.push(source);
        self.found.origins.push(origin);
        self.counter.fetch_add(1, Ordering::Relaxed);
    }

    fn top(&mut self, path: &Path) {
        let _ = walk(path, false, &mut |seen| {
            match seen {
                Seen::File { path, relative, size_bytes } => self.file(&path, &relative, size_bytes),
                Seen::Unreadable { path, relative, error } => self.unreadable(&path, &relative, 0, &error),
                Seen::UnreadableFolder { relative, error } => {
                    self.found.unreadable_folders.push(format!("{relative}: {}", why(&error)));
                }
                Seen::Hidden { .. } => self.found.hidden += 1,
                Seen::EmptyFolder { .. } => self.found.empty_folders += 1,
                Seen::Special { .. } => self.found.special += 1,
            }
            if self.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
    }

    fn file(&mut self, path: &Path, relative: &str, size_bytes: u64) {
        match head(path, HEAD_BYTES as u64) {
            Ok(head) => self.take(Source::new(relative, size_bytes, &head), Origin::Path(path.to_owned())),
            Err(error) => self.unreadable(path, relative, size_bytes, &error),
        }
    }

    fn unreadable(&mut self, path: &Path, relative: &str, size_bytes: u64, error: &io::Error) {
        let mut source = Source::new(relative, size_bytes, &[]);
        source.unreadable = Some(why(error));
        self.take(source, Origin::Path(path.to_owned()));
    }
}

fn head(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut head)?;
    Ok(head)
}

/// Whether a picture tells where it was taken.
pub(super) fn holds_location(origin: &Origin) -> bool {
    match origin {
        Origin::Path(path) => {
            let told = |location: Location| location.is_told;
            location(path).is_ok_and(told)
                // HEIC is only read, not changed.
                || head(path, EXIF_BYTES).is_ok_and(|head| images::exif::summary(&head).has_location)
        }
        Origin::Bytes(bytes) => location::find(io::Cursor::new(bytes)).is_ok_and(|location| location.is_told),
    }
}

fn location(path: &Path) -> io::Result<Location> {
    location::find(io::BufReader::new(File::open(path)?))
}

/// That a picture goes without the place where it was taken, as a wish that the engine carries out, and finds again by
/// its name after a restart.
pub(super) fn without_location_edit() -> Edit {
    Edit::new(WITHOUT_LOCATION, patches_of)
}

/// A picture in memory without the place where it was taken.
pub(super) fn without_location(bytes: &Bytes) -> Bytes {
    let patches = location::find(io::Cursor::new(bytes)).map(|location| location.patches).unwrap_or_default();
    let mut copy = bytes.to_vec();
    lay_over(&patches, 0, &mut copy);
    copy.into()
}

/// The MD5 of all bytes as they would be sent, in hex; empty where it cannot be known.
pub(super) fn md5_of(origin: &Origin, without_location: bool, stop: &CancellationToken) -> String {
    let mut md5 = Md5::new();
    match origin {
        Origin::Bytes(bytes) if without_location => md5.update(self::without_location(bytes)),
        Origin::Bytes(bytes) => md5.update(bytes),
        Origin::Path(path) => {
            let Ok(mut file) = File::open(path) else { return String::new() };
            if file.metadata().is_ok_and(|about| about.len() > MOST_COMPARED_BYTES) {
                return String::new();
            }
            let patches = if without_location { patches_of(path) } else { Ok(Vec::new()) };
            let Ok(patches) = patches else { return String::new() };
            let mut buffer = vec![0; 256 * 1024];
            let mut at = 0;
            loop {
                match file.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(read) => {
                        let chunk = &mut buffer[..read];
                        lay_over(&patches, at, chunk);
                        md5.update(chunk);
                        at += read as u64;
                    }
                    Err(_) => return String::new(),
                }
                if stop.is_cancelled() {
                    return String::new();
                }
            }
        }
    }
    md5.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The whole of a file that is not too large to be made a small picture of.
pub(super) fn whole(origin: &Origin, most: u64) -> Option<Bytes> {
    match origin {
        Origin::Bytes(bytes) => Some(bytes.clone()),
        Origin::Path(path) => {
            let about = fs::metadata(path).ok()?;
            (about.len() <= most).then(|| fs::read(path).ok()).flatten().map(Bytes::from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sources: Vec<UploadSource>) -> Found {
        read(sources, &AtomicU64::new(0), &CancellationToken::new())
    }

    fn tree() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let trip = dir.path().join("Trip");
        fs::create_dir_all(trip.join("Day 1")).unwrap();
        fs::create_dir_all(trip.join(".git")).unwrap();
        fs::create_dir_all(trip.join("nothing")).unwrap();
        fs::write(trip.join("b.txt"), "hello").unwrap();
        fs::write(trip.join("Day 1/a.png"), b"\x89PNG\r\n\x1a\n").unwrap();
        fs::write(trip.join(".DS_Store"), "x").unwrap();
        dir
    }

    #[test]
    fn folders_are_walked_and_hidden_files_counted() {
        let dir = tree();
        let found = found(vec![UploadSource::Path(dir.path().join("Trip"))]);
        let seen: Vec<_> = found.sources.iter().map(|it| (it.folder.as_str(), it.name.as_str())).collect();
        assert_eq!(seen, [("Trip/Day 1", "a.png"), ("Trip", "b.txt")]);
        assert_eq!((found.hidden, found.empty_folders, found.special), (2, 1, 0));
        assert_eq!(found.sources[0].media.content_type, "image/png");
    }

    #[cfg(unix)]
    #[test]
    fn links_in_circles_end() {
        let dir = tree();
        let trip = dir.path().join("Trip");
        std::os::unix::fs::symlink(&trip, trip.join("again")).unwrap();
        std::os::unix::fs::symlink(trip.join("b.txt"), trip.join("c.txt")).unwrap();
        std::os::unix::fs::symlink(trip.join("gone"), trip.join("d.txt")).unwrap();
        let found = found(vec![UploadSource::Path(trip)]);
        assert_eq!((found.sources.len(), found.special), (4, 1));
        let gone = found.sources.iter().find(|it| it.name == "d.txt").unwrap();
        assert_eq!(gone.unreadable.as_deref(), Some("it is not there"));
    }

    #[test]
    fn a_stop_keeps_what_was_found() {
        let dir = tree();
        let stop = CancellationToken::new();
        stop.cancel();
        let found = read(vec![UploadSource::Path(dir.path().join("Trip"))], &AtomicU64::new(0), &stop);
        assert!(found.sources.is_empty());
    }

    #[test]
    fn ten_thousand_files_are_read_in_about_a_second() {
        let dir = tempfile::tempdir().unwrap();
        for number in 0..10_000 {
            fs::write(dir.path().join(format!("{number}.jpg")), b"\xff\xd8\xff\xe0").unwrap();
        }
        let counter = AtomicU64::new(0);
        let began = std::time::Instant::now();
        let found = read(vec![UploadSource::Path(dir.path().to_owned())], &counter, &CancellationToken::new());
        assert_eq!((found.sources.len(), counter.into_inner()), (10_000, 10_000));
        assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
    }

    #[test]
    fn the_md5_is_that_of_all_bytes() {
        let stop = CancellationToken::new();
        let bytes = Origin::Bytes(Bytes::from_static(b"hello"));
        assert_eq!(md5_of(&bytes, false, &stop), "5d41402abc4b2a76b9719d911017c592");
        assert_eq!(md5_of(&Origin::Path("/no/such/file".into()), false, &stop), "");
    }
}
