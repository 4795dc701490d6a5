//! Bytes on their way in: streamed to `incoming/`, hashed on the way, and checked against what the client promised.

use std::fs::{self, File};
use std::io::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::HeaderMap;
use md5::{Digest as _, Md5};
use s3s::dto::StreamingBlob;
use s3s::{S3Error, S3Result, TrailingHeaders};

use super::base64;
use super::checksum::{Algorithm, Checksum, Hasher};
use super::error::{Fault, Outcome, invalid_request, refuse};
use super::store::files::Files;
use super::store::{Store, blocking};

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

pub(super) fn too_large() -> S3Error {
    refuse("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
}

/// The answer to a body that broke off or does not fit its signature. The protocol crate keeps its error types to
/// itself, so they are told apart by their names.
fn body_error(error: &(dyn std::error::Error + Send + Sync + 'static)) -> S3Error {
    let text = error.to_string();
    if text.contains("Sha256Mismatch") {
        refuse(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        )
    } else if text.contains("SignatureMismatch") {
        refuse(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        )
    } else {
        refuse("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header")
    }
}

/// What the client promised about a body.
#[derive(Debug, Default)]
pub(super) struct Promise {
    md5: Option<Vec<u8>>,
    /// The algorithm asked for, and its value when it came in a header.
    checksum: Option<(Algorithm, Option<String>)>,
    in_trailer: bool,
}

impl Promise {
    /// Reads `Content-MD5`, `x-amz-checksum-…`, `x-amz-trailer` and `x-amz-sdk-checksum-algorithm`.
    pub(super) fn from_headers(headers: &HeaderMap) -> S3Result<Self> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let md5 = match text("content-md5") {
            None => None,
            Some(value) => {
                let bytes = base64::decode(value.trim()).filter(|bytes| bytes.len() == 16);
                Some(bytes.ok_or_else(|| refuse("InvalidDigest", "The Content-MD5 you specified was invalid."))?)
            }
        };
        let mut given = Algorithm::ALL.into_iter().filter_map(|algorithm| Some((algorithm, text(algorithm.header())?)));
        let first = given.next();
        if given.next().is_some() {
            return Err(invalid_request(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
            ));
        }
        let trailer = text("x-amz-trailer")
            .and_then(|names| names.split(',').find(|name| name.trim().starts_with("x-amz-checksum-")));
        let named = text("x-amz-sdk-checksum-algorithm");
        let checksum = match (first, trailer, named) {
            (Some((algorithm, value)), _, _) => {
                if !algorithm.accepts(value) {
                    return Err(invalid_request(format!("Value for {} header is invalid.", algorithm.header())));
                }
                Some((algorithm, Some(value.to_owned())))
            }
            (None, Some(name), _) => {
                let algorithm = Algorithm::from_header(name).ok_or_else(|| {
                    invalid_request("The value specified in the x-amz-trailer header is not supported")
                })?;
                Some((algorithm, None))
            }
            (None, None, Some(name)) => Some((algorithm_named(name)?, None)),
            (None, None, None) => None,
        };
        Ok(Self { md5, checksum, in_trailer: first.is_none() && trailer.is_some() })
    }

    /// The algorithm that the client uses, if any.
    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        self.checksum.as_ref().map(|(algorithm, _)| *algorithm)
    }

    /// True when the client promised anything that the bytes can be compared with.
    pub(super) fn is_made(&self) -> bool {
        self.md5.is_some() || self.checksum.is_some()
    }

    /// Compares what arrived with what was promised.
    pub(super) fn check(&self, received: &Received, trailers: Option<&TrailingHeaders>) -> S3Result<()> {
        if self.md5.as_ref().is_some_and(|promised| promised[..] != received.md5) {
            return Err(refuse("BadDigest", "The Content-MD5 you specified did not match what we received."));
        }
        let Some((algorithm, in_header)) = &self.checksum else { return Ok(()) };
        let in_trailer = || {
            let read = |trailers: &HeaderMap| {
                let value = trailers.get(algorithm.header())?;
                Some(value.to_str().ok()?.trim().to_owned())
            };
            trailers.and_then(|trailers| trailers.read(read)).flatten()
        };
        let promised = in_header.clone().or_else(in_trailer);
        if self.in_trailer && promised.is_none() {
            return Err(refuse(
                "MalformedTrailerError",
                "The request contained trailing data that was not well-formed or did not conform to our published schema.",
            ));
        }
        match promised {
            Some(value) if !algorithm.accepts(&value) => {
                Err(invalid_request(format!("Value for {} trailing header is invalid.", algorithm.header())))
            }
            Some(value) if received.checksum(*algorithm).is_none_or(|computed| computed.value != value) => Err(refuse(
                "BadDigest",
                format!("The {algorithm} you specified did not match the calculated checksum."),
            )),
            _ => Ok(()),
        }
    }
}

/// Reads the name of a checksum algorithm from a request.
pub(super) fn algorithm_named(name: &str) -> S3Result<Algorithm> {
    Algorithm::from_name(name).ok_or_else(|| {
        invalid_request("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
    })
}
