//! Bytes on their way in: streamed to `incoming/`, hashed on the way, and checked against what the client promised.

mod promise;
mod stream;

use std::fs::{self, File};
use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use md5::{Digest as _, Md5};
use s3s::S3Result;
use s3s::dto::StreamingBlob;

use super::checksum::{Algorithm, Checksum, Hasher};
use super::error::{Fault, Outcome, invalid_request};
use super::store::files::Files;
use super::store::{Store, blocking};

pub(super) use self::promise::{Promise, Trailing, mismatch};
use self::stream::body_error;
pub(super) use self::stream::{Broken, Trailers, incomplete, too_large};

/// The largest body of one request: 5 GiB (Amazon S3 User Guide, "Uploading objects").
pub(super) const MAX_BODY: u64 = 5 << 30;

/// Bytes that are gathered before a thread writes and hashes them. Two such lots exist for each request.
const LOT: usize = 256 << 10;

/// A file in `incoming/`: removed when dropped, unless the store took it.
pub(super) struct Incoming {
    files: Arc<Files>,
    pub(super) number: i64,
    kept: bool,
}

impl Incoming {
    pub(super) fn new(files: &Arc<Files>) -> Self {
        Self { files: Arc::clone(files), number: files.number(), kept: false }
    }

    /// The store has taken the file.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(self.files.incoming(self.number));
        }
    }
}

/// A body that is completely on the disk, and what it hashed to.
pub(super) struct Received {
    pub(super) incoming: Incoming,
    pub(super) size: u64,
    pub(super) md5: [u8; 16],
    pub(super) checksums: Vec<Checksum>,
}

impl Received {
    pub(super) fn etag(&self) -> String {
        hex(&self.md5)
    }

    pub(super) fn checksum(&self, algorithm: Algorithm) -> Option<&Checksum> {
        self.checksums.iter().find(|checksum| checksum.algorithm == algorithm)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A file being written and hashed.
pub(super) struct Spool {
    incoming: Incoming,
    file: Option<File>,
    size: u64,
    md5: Md5,
    hashers: Vec<Hasher>,
}

impl Spool {
    pub(super) fn new(files: &Arc<Files>, algorithms: &[Algorithm]) -> Self {
        Self {
            incoming: Incoming::new(files),
            file: None,
            size: 0,
            md5: Md5::new(),
            hashers: algorithms.iter().copied().map(Hasher::new).collect(),
        }
    }

    /// Blocks.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Outcome<()> {
        self.md5.update(bytes);
        for hasher in &mut self.hashers {
            hasher.update(bytes);
        }
        self.size += bytes.len() as u64;
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(self.incoming.files.create_incoming(self.incoming.number)?),
        };
        file.write_all(bytes)?;
        Ok(())
    }

    /// Makes the bytes durable. Blocks.
    pub(super) fn finish(mut self) -> Outcome<Received> {
        self.write(&[])?;
        if let Some(file) = self.file.take() {
            file.sync_data()?;
        }
        Ok(Received {
            incoming: self.incoming,
            size: self.size,
            md5: self.md5.finalize().into(),
            checksums: self.hashers.into_iter().map(Hasher::finish).collect(),
        })
    }
}

/// Streams `body` to the disk. Memory does not grow with its size: while one lot is written the next is gathered.
pub(super) async fn receive(store: &Store, body: Option<StreamingBlob>, algorithms: &[Algorithm]) -> Outcome<Received> {
    let mut writing = Writing::Here(Spool::new(&store.files, algorithms));
    let mut lot: Vec<Bytes> = Vec::new();
    let mut lot_size = 0;
    let mut total = 0_u64;
    if let Some(mut body) = body {
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|error| body_error(error.as_ref()))?;
            total += chunk.len() as u64;
            if total > MAX_BODY {
                return Err(too_large().into());
            }
            lot_size += chunk.len();
            lot.push(chunk);
            if lot_size >= LOT {
                lot_size = 0;
                let batch = std::mem::take(&mut lot);
                let mut spool = writing.back().await?;
                writing = Writing::Away(tokio::task::spawn_blocking(move || {
                    batch.iter().try_for_each(|bytes| spool.write(bytes))?;
                    Ok(spool)
                }));
            }
        }
    }
    let mut spool = writing.back().await?;
    blocking(move || {
        lot.iter().try_for_each(|bytes| spool.write(bytes))?;
        spool.finish()
    })
    .await
}

/// Where the spool is: with us, or with the thread that writes a lot.
enum Writing {
    Here(Spool),
    Away(tokio::task::JoinHandle<Outcome<Spool>>),
}

impl Writing {
    async fn back(self) -> Outcome<Spool> {
        match self {
            Self::Here(spool) => Ok(spool),
            Self::Away(thread) => thread.await.map_err(|error| Fault::Io(std::io::Error::other(error)))?,
        }
    }
}

/// Reads the name of a checksum algorithm from a request.
pub(super) fn algorithm_named(name: &str) -> S3Result<Algorithm> {
    Algorithm::from_name(name).ok_or_else(|| {
        invalid_request("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
    })
}
