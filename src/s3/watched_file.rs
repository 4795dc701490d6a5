//! A stretch of a file that is read while it is sent, and watched meanwhile: a file that changes is never sent to its
//! last byte, so that no store can take a mixture for the whole.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::SystemTime,
};

use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use futures_util::{Stream, stream};
use http_body::{Body as HttpBody, Frame, SizeHint};
use md5::{Digest as _, Md5};

use super::{error::S3Error, integrity::Sums};
use crate::domain::patch::{Patch, lay_over};

/// Read from a file at a time. Memory stays bounded by a few of these for each request, whatever the size of the file.
const CHUNK_BYTES: u64 = 256 * 1024;

/// What a file looks like from outside; another one means that its content may be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint {
    /// How long it is.
    pub size_bytes: u64,
    /// When it was last written to, where the file system tells.
    pub modified: Option<SystemTime>,
}

impl Fingerprint {
    /// Looks at a file. Waits for the disk.
    ///
    /// # Errors
    /// Where it is not there, may not be looked at, or is no file but a folder, a pipe or a device.
    pub fn of(path: &Path) -> io::Result<Self> {
        Self::found(&std::fs::metadata(path)?)
    }

    /// The same of a file that is open.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub fn of_open(file: &File) -> io::Result<Self> {
        Self::found(&file.metadata()?)
    }

    fn found(found: &std::fs::Metadata) -> io::Result<Self> {
        if !found.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a plain file"));
        }
        Ok(Self { size_bytes: found.len(), modified: found.modified().ok() })
    }
}

/// A stretch of a file. Clones share what was seen while reading.
#[derive(Debug, Clone)]
pub struct WatchedFile(Arc<Watched>);

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    offset_bytes: u64,
    length_bytes: u64,
    expected: Fingerprint,
    patches: Arc<[Patch]>,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    fault: Option<io::Error>,
    sums: Option<Sums>,
    reads: u32,
}

impl WatchedFile {
    /// The stretch of `length_bytes` from `offset_bytes` of a file that looked like `expected`.
    #[must_use]
    pub fn new(path: PathBuf, offset_bytes: u64, length_bytes: u64, expected: Fingerprint) -> Self {
        Self::patched(path, offset_bytes, length_bytes, expected, Arc::default())
    }

    /// The same stretch with patches of the file laid over what is read; the file itself stays as it is.
    #[must_use]
    pub fn patched(
        path: PathBuf,
        offset_bytes: u64,
        length_bytes: u64,
        expected: Fingerprint,
        patches: Arc<[Patch]>,
    ) -> Self {
        Self(Arc::new(Watched { path, offset_bytes, length_bytes, expected, patches, seen: Mutex::default() }))
    }

    /// How long the stretch is.
    #[must_use]
    pub fn length_bytes(&self) -> u64 {
        self.0.length_bytes
    }

    /// The checksums of the stretch as it was sent, once it was read to its end.
    #[must_use]
    pub fn sums(&self) -> Option<Sums> {
        self.seen().sums
    }

    /// How often it was begun to be read: more than once where the SDK has repeated a try.
    #[must_use]
    pub fn reads(&self) -> u32 {
        self.seen().reads
    }

    /// What went wrong with the file itself while it was read, if anything did.
    #[must_use]
    pub fn fault(&self, operation: &'static str) -> Option<S3Error> {
        let fault = self.seen().fault.take()?;
        Some(S3Error::local(operation, &self.0.path, fault))
    }

    pub(super) fn body(&self) -> SdkBody {
        let file = self.clone();
        SdkBody::retryable(move || SdkBody::from_body_1_x(Reading::new(file.clone())))
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watched {
    fn check(&self) -> io::Result<()> {
        if Fingerprint::of(&self.path)? == self.expected {
            return Ok(());
        }
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, "its size or time is another than at the beginning"))
    }
}

/// Where reading stands.
struct Reader {
    of: WatchedFile,
    file: Option<File>,
    left_bytes: u64,
    md5: Md5,
    crc64: crc_fast::Digest,
}

impl Reader {
    /// The next chunk; before the last one is let go, the file is looked at once more.
    fn next(mut self) -> io::Result<(Bytes, Self)> {
        let watched = &self.of.0;
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                watched.check()?;
                let mut file = File::open(&watched.path)?;
                file.seek(SeekFrom::Start(watched.offset_bytes))?;
                none.insert(file)
            }
        };
        let mut chunk = vec![0; self.left_bytes.min(CHUNK_BYTES) as usize];
        file.read_exact(&mut chunk)?;
        let at = watched.offset_bytes + watched.length_bytes - self.left_bytes;
        lay_over(&watched.patches, at, &mut chunk);
        self.md5.update(&chunk);
        self.crc64.update(&chunk);
        self.left_bytes -= chunk.len() as u64;
        if self.left_bytes == 0 {
            watched.check()?;
            let sums = Sums { crc64: self.crc64.finalize(), md5: Some(self.md5.clone().finalize().into()) };
            self.of.seen().sums = Some(sums);
        }
        Ok((chunk.into(), self))
    }
}

/// The body of one try.
struct Reading {
    chunks: Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send + Sync>>,
    left_bytes: u64,
}

impl Reading {
    fn new(of: WatchedFile) -> Self {
        let left_bytes = of.length_bytes();
        let crc64 = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme);
        let reader = Reader { of, file: None, left_bytes, md5: Md5::new(), crc64 };
        let chunks = stream::try_unfold(reader, |reader| async move {
            if reader.left_bytes == 0 {
                return Ok(None);
            }
            let of = reader.of.clone();
            if reader.file.is_none() {
                of.seen().reads += 1;
            }
            let read = tokio::task::spawn_blocking(move || reader.next()).await.map_err(io::Error::other)?;
            read.map(Some).map_err(|fault| {
                let told = io::Error::other(fault.to_string());
                of.seen().fault = Some(fault);
                told
            })
        });
        Self { chunks: Box::pin(chunks), left_bytes }
    }
}

impl HttpBody for Reading {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.chunks.as_mut().poll_next(cx).map_ok(|chunk| {
            self.left_bytes = self.left_bytes.saturating_sub(chunk.len() as u64);
            Frame::data(chunk)
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left_bytes == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left_bytes)
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::byte_stream::ByteStream;

    use super::*;
    use crate::s3::error::{FileFault, Kind};

    fn file_of(bytes: &[u8]) -> (tempfile::NamedTempFile, Fingerprint) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let seen = Fingerprint::of(file.path()).unwrap();
        (file, seen)
    }

    fn fault_of(file: &WatchedFile) -> Option<FileFault> {
        match &file.fault("PutObject")?.kind {
            Kind::LocalFile { fault, .. } => Some(*fault),
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_stretch_is_read_as_often_as_it_is_asked_for() {
        let bytes: Vec<u8> = (0..700_000u32).map(|at| at.to_le_bytes()[0] ^ at.to_le_bytes()[1]).collect();
        let (file, seen) = file_of(&bytes);
        let stretch = WatchedFile::new(file.path().into(), 100_000, 550_000, seen);
        let body = stretch.body();
        assert_eq!(body.content_length(), Some(550_000));
        let again = body.try_clone().unwrap();
        for body in [body, again] {
            let read = ByteStream::new(body).collect().await.unwrap().into_bytes();
            assert!(read == bytes[100_000..650_000]);
        }
        let expected = Sums::of(&bytes[100_000..650_000], crate::s3::integrity::Integrity::Md5);
        assert_eq!((stretch.sums(), stretch.reads()), (Some(expected), 2));
    }

    #[tokio::test]
    async fn patches_are_laid_over_every_chunk_they_touch() {
        let (file, seen) = file_of(&[7; 600_000]);
        // Over the border between the first chunk and the second.
        let at = 100_000 + CHUNK_BYTES - 2;
        let patches: Arc<[Patch]> = [Patch { offset_bytes: at, bytes: vec![1, 2, 3, 4] }].into();
        let stretch = WatchedFile::patched(file.path().into(), 100_000, 500_000, seen, patches);
        let read = ByteStream::new(stretch.body()).collect().await.unwrap().into_bytes();
        let place = (CHUNK_BYTES - 3) as usize;
        assert_eq!(read[place..place + 6], [7, 1, 2, 3, 4, 7]);
        assert_eq!(read.iter().filter(|byte| **byte == 7).count(), 500_000 - 4);
        assert_eq!(stretch.sums().unwrap().md5, Some(Md5::digest(&read).into()), "the MD5 is that of what was sent");
    }

    #[tokio::test]
    async fn a_file_that_grows_meanwhile_never_gives_its_last_byte() {
        let (file, seen) = file_of(&[7; 600_000]);
        let stretch = WatchedFile::new(file.path().into(), 0, 600_000, seen);
        let mut body = ByteStream::new(stretch.body());
        let first = body.next().await.unwrap().unwrap();
        std::fs::OpenOptions::new().append(true).open(file.path()).unwrap().set_len(600_001).unwrap();
        let mut read = first.len();
        let failed = loop {
            match body.next().await.unwrap() {
                Ok(chunk) => read += chunk.len(),
                Err(error) => break error,
            }
        };
        assert!(read < 600_000, "{read} {failed}");
        assert_eq!((fault_of(&stretch), stretch.sums()), (Some(FileFault::Changed), None));
    }

    #[tokio::test]
    async fn a_file_that_is_gone_or_no_file_is_told_as_such() {
        let (file, seen) = file_of(b"here");
        let path = file.path().to_owned();
        drop(file);
        let stretch = WatchedFile::new(path.clone(), 0, 4, seen);
        ByteStream::new(stretch.body()).collect().await.unwrap_err();
        assert_eq!(fault_of(&stretch), Some(FileFault::Gone));
        assert!(Fingerprint::of(path.parent().unwrap()).is_err());
    }
}
