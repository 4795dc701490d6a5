//! What an upload sends: a file or bytes in memory, read once, with its checksums made in the same pass, and never a
//! mixture of two states of a file.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
    sync::Arc,
};

use bytes::Bytes;
use md5::{Digest as _, Md5};

use super::{
    disk::{Disk, blocking},
    types::{Edit, Source},
};
use crate::{
    domain::patch::{Patch, lay_over},
    s3::{
        body::Body,
        error::S3Error,
        integrity::{Integrity, Sums},
        watched_file::{Fingerprint, WatchedFile},
    },
};

/// What is sent, and what it looked like when it was begun.
#[derive(Debug)]
pub(super) struct Payload {
    source: Source,
    patches: Arc<[Patch]>,
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) size_bytes: u64,
}

/// What one request sends.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) body: Body,
    /// Known before the first byte leaves, unless it is read while it is sent.
    sums: Option<Sums>,
    watched: Option<WatchedFile>,
}

impl Payload {
    /// Looks at what is to be sent. Where it is no longer than `most_bytes`, it is read as well.
    pub(super) async fn open(
        source: Source,
        most_bytes: u64,
        integrity: Integrity,
        disk: &Disk,
        operation: &'static str,
    ) -> Result<(Self, Option<Stretch>), S3Error> {
        let path = match &source {
            Source::Bytes(bytes) => {
                let bytes = bytes.clone();
                let size_bytes = bytes.len() as u64;
                let payload = Self { source, patches: Arc::default(), fingerprint: None, size_bytes };
                let whole = (size_bytes <= most_bytes).then(|| Stretch::of(bytes, integrity));
                return Ok((payload, whole));
            }
            Source::Path(path) | Source::Edited { path, .. } => path.clone(),
        };
        let edit = match &source {
            Source::Edited { edit, .. } => Some(edit.clone()),
            Source::Path(_) | Source::Bytes(_) => None,
        };
        let told = path.clone();
        let looking = move || look_and_read(&path, edit.as_ref(), most_bytes, integrity);
        let looked = disk.do_little(most_bytes, looking).await;
        let (fingerprint, patches, whole) = looked.map_err(|error| S3Error::local(operation, &told, error))?;
        Ok((Self { source, patches, fingerprint: Some(fingerprint), size_bytes: fingerprint.size_bytes }, whole))
    }

    /// Reads a stretch into memory.
    pub(super) async fn load(
        &self,
        offset_bytes: u64,
        length_bytes: u64,
        integrity: Integrity,
        operation: &'static str,
    ) -> Result<Stretch, S3Error> {
        let (path, seen) = match (&self.source, self.fingerprint) {
            (Source::Path(path) | Source::Edited { path, .. }, Some(seen)) => (path.clone(), seen),
            (Source::Bytes(bytes), _) => return Ok(Stretch::of(slice(bytes, offset_bytes, length_bytes), integrity)),
            (Source::Path(_) | Source::Edited { .. }, None) => return Ok(Stretch::of(Bytes::new(), integrity)),
        };
        let patches = Arc::clone(&self.patches);
        let told = path.clone();
        let reading = move || {
            let mut file = File::open(&path)?;
            unchanged(&file, seen)?;
            file.seek(SeekFrom::Start(offset_bytes))?;
            read(&mut file, seen, &patches, offset_bytes, length_bytes, integrity)
        };
        blocking(reading).await.map_err(|error| S3Error::local(operation, &told, error))
    }

    /// A stretch that is read while it is sent, for what is too large for memory.
    pub(super) fn stream(&self, offset_bytes: u64, length_bytes: u64) -> Stretch {
        match (&self.source, self.fingerprint) {
            (Source::Path(path) | Source::Edited { path, .. }, Some(seen)) if length_bytes > 0 => {
                let patches = Arc::clone(&self.patches);
                let watched = WatchedFile::patched(path.clone(), offset_bytes, length_bytes, seen, patches);
                Stretch { body: Body::Watched(watched.clone()), sums: None, watched: Some(watched) }
            }
            (Source::Bytes(bytes), _) => {
                Stretch { body: Body::Bytes(slice(bytes, offset_bytes, length_bytes)), sums: None, watched: None }
            }
            (Source::Path(_) | Source::Edited { .. }, _) => {
                Stretch { body: Body::Bytes(Bytes::new()), sums: None, watched: None }
            }
        }
    }

    /// Whether the file is still what it was.
    pub(super) async fn check(&self, operation: &'static str) -> Result<(), S3Error> {
        let (Source::Path(path) | Source::Edited { path, .. }, Some(seen)) = (&self.source, self.fingerprint) else {
            return Ok(());
        };
        let asked = path.clone();
        let looking = move || if Fingerprint::of(&asked)? == seen { Ok(()) } else { Err(changed()) };
        blocking(looking).await.map_err(|error| S3Error::local(operation, path, error))
    }
}

impl Stretch {
    fn of(bytes: Bytes, integrity: Integrity) -> Self {
        Self { sums: Some(Sums::of(&bytes, integrity)), body: Body::Bytes(bytes), watched: None }
    }

    /// What went wrong with the file itself.
    pub(super) fn fault(&self, operation: &'static str) -> Option<S3Error> {
        self.watched.as_ref().and_then(|watched| watched.fault(operation))
    }

    /// Known before the first byte leaves.
    pub(super) fn known_sums(&self) -> Option<&Sums> {
        self.sums.as_ref()
    }

    /// Of what was sent.
    pub(super) fn sums(&self) -> Option<Sums> {
        self.sums.or_else(|| self.watched.as_ref()?.sums())
    }

    /// Of what was sent; made of the bytes where nobody needed it so far.
    pub(super) fn md5(&self) -> Option<[u8; 16]> {
        self.sums().and_then(|sums| sums.md5).or_else(|| match &self.body {
            Body::Bytes(bytes) => Some(Md5::digest(bytes).into()),
            Body::Watched(_) | Body::File { .. } => None,
        })
    }
}

fn slice(bytes: &Bytes, offset_bytes: u64, length_bytes: u64) -> Bytes {
    let at = usize::try_from(offset_bytes).unwrap_or(usize::MAX).min(bytes.len());
    let end = usize::try_from(length_bytes).map_or(bytes.len(), |length| (at + length).min(bytes.len()));
    bytes.slice(at..end)
}

type Looked = (Fingerprint, Arc<[Patch]>, Option<Stretch>);

fn look_and_read(path: &Path, edit: Option<&Edit>, most_bytes: u64, integrity: Integrity) -> io::Result<Looked> {
    // Opening a pipe would wait for whoever writes to it.
    let seen = Fingerprint::of(path)?;
    // After the first look at the file, so that a change since then is noticed.
    let patches: Arc<[Patch]> = edit.map(|edit| edit.patches(path)).transpose()?.unwrap_or_default().into();
    if seen.size_bytes > most_bytes {
        return Ok((seen, patches, None));
    }
    let mut file = File::open(path)?;
    unchanged(&file, seen)?;
    let whole = read(&mut file, seen, &patches, 0, seen.size_bytes, integrity)?;
    Ok((seen, patches, Some(whole)))
}

/// Reads a stretch from where the file stands. That the file is what it was is looked at when the last byte was read.
fn read(
    file: &mut File,
    seen: Fingerprint,
    patches: &[Patch],
    offset_bytes: u64,
    length_bytes: u64,
    integrity: Integrity,
) -> io::Result<Stretch> {
    let length = usize::try_from(length_bytes).map_err(io::Error::other)?;
    let mut bytes = Vec::with_capacity(length);
    if file.take(length_bytes).read_to_end(&mut bytes)? != length {
        return Err(changed());
    }
    unchanged(file, seen)?;
    lay_over(patches, offset_bytes, &mut bytes);
    Ok(Stretch::of(bytes.into(), integrity))
}

fn unchanged(file: &File, seen: Fingerprint) -> io::Result<()> {
    if Fingerprint::of_open(file)? == seen { Ok(()) } else { Err(changed()) }
}

fn changed() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "its size or time is another than at the beginning")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_longer_than_it_seemed_is_not_read_yet() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"longer").unwrap();
        let source = || Source::Path(file.path().to_owned());
        let open =
            async |most| Payload::open(source(), most, Integrity::Crc64, &Disk::default(), "PutObject").await.unwrap();
        let (payload, whole) = open(3).await;
        assert_eq!((payload.size_bytes, whole.is_none()), (6, true));
        let (_, whole) = open(6).await;
        assert_eq!(whole.unwrap().sums(), Some(Sums::of(b"longer", Integrity::Crc64)));
        let part = payload.load(2, 3, Integrity::Crc64, "UploadPart").await.unwrap();
        assert_eq!(part.sums(), Some(Sums::of(b"nge", Integrity::Crc64)));
    }
}
