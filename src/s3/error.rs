//! The one error of everything that talks to a store: what kind of trouble it is, by what a person can do about it,
//! and the facts that a support desk asks for.

use std::{error::Error, fmt, ops::Deref, sync::Arc, time::Duration};

mod classify;
mod refused;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use classify::{kind_of_code, xml_text};

pub use crate::domain::refusal::RefusalReason;

/// What went wrong between here and a store. Cheap to clone; the facts are read through [`Facts`].
#[derive(Clone)]
pub struct S3Error(Arc<Facts>);

/// All that is known of a failure. Holds no secret and no presigned query.
#[derive(Clone)]
pub struct Facts {
    /// What kind of trouble it is.
    pub kind: Kind,
    /// The operation as the API names it, e.g. `PutBucketPolicy`.
    pub operation: &'static str,
    /// The bucket it was about.
    pub bucket: Option<String>,
    /// The key it was about.
    pub key: Option<String>,
    /// Scheme, host and port of the store, where it is known.
    pub endpoint: Option<String>,
    /// The store's own code, e.g. `NoSuchKey`.
    pub code: Option<String>,
    /// The status of the HTTP response, if there was one.
    pub http_status: Option<u16>,
    /// `x-amz-request-id`.
    pub request_id: Option<String>,
    /// `x-amz-id-2`.
    pub host_id: Option<String>,
    /// The store's own words.
    pub message: Option<String>,
    /// How long the store asks to be left alone.
    pub retry_after: Option<Duration>,
    /// What lies beneath.
    pub source: Option<Arc<dyn Error + Send + Sync>>,
}

/// Kinds of trouble, by what a person can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The address of the store cannot be used as it is written.
    BadAddress(BadAddress),
    /// Nobody answers there.
    Unreachable(Unreached),
    /// Somebody answers, but cannot prove to be who the address says.
    Tls,
    /// No answer in time, or the transfer stood still.
    Timeout,
    /// Something answers, but it does not speak S3 (a console, a web page, a proxy).
    NotS3,
    /// There is nothing to sign in with.
    NoCredentials,
    /// The access key ID is not known to the store.
    BadKey,
    /// The secret does not belong to the access key ID, or something on the way changed the request.
    BadSecret,
    /// The session is over; sign in again.
    Expired,
    /// This computer's clock is too far off.
    ClockSkew {
        /// The store's clock as it wrote it.
        server_time: Option<String>,
    },
    /// The sign-in may not do this.
    Refused(Refusal),
    /// The bucket lies in another region.
    WrongRegion {
        /// Which, if the store said so.
        region: Option<String>,
    },
    /// It does not exist.
    NotThere(Thing),
    /// The bucket has no such setting: for most questions an answer, not an error.
    NotConfigured,
    /// The store does not do this.
    NotOffered,
    /// Somebody else has a bucket of that name.
    NameTaken,
    /// The bucket is there already, and it is yours.
    AlreadyYours,
    /// The bucket still holds something.
    NotEmpty,
    /// Something else changes the same thing right now; a later try may succeed.
    Conflict,
    /// A condition did not hold: the name is taken, or the object changed since it was read.
    PreconditionFailed,
    /// The object is archived and must be restored first.
    Archived,
    /// The store asks for patience (also failures on its side that pass).
    Busy,
    /// The policy, or another document, is not accepted as it is written.
    BadDocument,
    /// What was sent is too large for the operation.
    TooLarge,
    /// Bytes arrived other than they were sent.
    Damaged,
    /// The request is refused for what it says.
    BadRequest,
    /// A file or folder on this computer.
    LocalFile {
        /// Which.
        path: String,
        /// What about it.
        fault: FileFault,
    },
    /// It was called off here.
    Cancelled,
    /// None of the above.
    Other,
}

/// What is wrong with the address of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadAddress {
    /// It says neither `http://` nor `https://`.
    NoScheme,
    /// It cannot be read as an address.
    Unreadable,
    /// It has a path, a query or a user name, which an endpoint must not have.
    NotOnlyHost,
}

/// Why nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// The name of the host is not known.
    UnknownHost,
    /// The host is there, but nothing listens on that port.
    NothingListens,
    /// The connection broke while it was in use.
    Broken,
    /// No way there: no network, or a firewall.
    NoRoute,
}

/// Who refused, and what permission was missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The permission that is missing, e.g. `s3:PutObject`.
    pub action: Option<String>,
    /// What stands against it, if the store said so.
    pub reason: Option<RefusalReason>,
}

/// What does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A bucket.
    Bucket,
    /// An object.
    Object,
    /// A version of an object.
    Version,
    /// An upload in parts: finished, called off or never begun.
    Upload,
    /// The store says no more than "not found".
    Something,
}

/// What is wrong with a file on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFault {
    /// It is not there (any more).
    Gone,
    /// It may not be read or written.
    NotAllowed,
    /// It changed while it was being read.
    Changed,
    /// The disk is full.
    DiskFull,
    /// Anything else.
    Other,
}

impl S3Error {
    /// A failure of `operation` of which nothing else is known.
    #[must_use]
    pub fn new(operation: &'static str, kind: Kind) -> Self {
        Self(Arc::new(Facts {
            kind,
            operation,
            bucket: None,
            key: None,
            endpoint: None,
            code: None,
            http_status: None,
            request_id: None,
            host_id: None,
            message: None,
            retry_after: None,
            source: None,
        }))
    }

    /// A failure that the store told as one of many within a good answer.
    pub(crate) fn told(operation: &'static str, kind: Kind, code: &str, message: &str) -> Self {
        let non_empty = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self::new(operation, kind).changed(|facts| {
            facts.code = non_empty(code);
            facts.message = non_empty(message);
        })
    }

    pub(crate) fn from_facts(facts: Facts) -> Self {
        Self(Arc::new(facts))
    }

    /// Called off by the person.
    #[must_use]
    pub fn cancelled(operation: &'static str) -> Self {
        Self::new(operation, Kind::Cancelled)
    }

    /// A failure to read or write a file on this computer.
    #[must_use]
    pub fn local(operation: &'static str, path: &std::path::Path, error: std::io::Error) -> Self {
        let fault = match error.kind() {
            std::io::ErrorKind::NotFound => FileFault::Gone,
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => FileFault::NotAllowed,
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => FileFault::DiskFull,
            std::io::ErrorKind::UnexpectedEof => FileFault::Changed,
            _ => FileFault::Other,
        };
        Self::new(operation, Kind::LocalFile { path: path.display().to_string(), fault }).caused_by(error)
    }

    /// Says which bucket it was about, unless that is known already.
    #[must_use]
    pub fn about_bucket(self, bucket: &str) -> Self {
        self.changed(|facts| {
            facts.bucket.get_or_insert_with(|| bucket.to_owned());
        })
    }

    /// Says which key it was about, unless that is known already.
    #[must_use]
    pub fn about_key(self, key: &str) -> Self {
        self.changed(|facts| {
            facts.key.get_or_insert_with(|| key.to_owned());
        })
    }

    /// Says which store it was about, unless that is known already.
    #[must_use]
    pub fn about_endpoint(self, endpoint: &str) -> Self {
        self.changed(|facts| {
            facts.endpoint.get_or_insert_with(|| endpoint.to_owned());
        })
    }

    /// Adds what lies beneath.
    #[must_use]
    pub fn caused_by(self, source: impl Error + Send + Sync + 'static) -> Self {
        self.changed(|facts| facts.source = Some(Arc::new(source)))
    }

    fn changed(mut self, change: impl FnOnce(&mut Facts)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// Whether the same request may succeed a little later without anyone doing anything.
    #[must_use]
    pub fn is_worth_retrying(&self) -> bool {
        match &self.kind {
            Kind::Unreachable(_) | Kind::Timeout | Kind::Busy | Kind::Conflict | Kind::Damaged => true,
            Kind::BadAddress(_)
            | Kind::Tls
            | Kind::NotS3
            | Kind::NoCredentials
            | Kind::BadKey
            | Kind::BadSecret
            | Kind::Expired
            | Kind::ClockSkew { .. }
            | Kind::Refused(_)
            | Kind::WrongRegion { .. }
            | Kind::NotThere(_)
            | Kind::NotConfigured
            | Kind::NotOffered
            | Kind::NameTaken
            | Kind::AlreadyYours
            | Kind::NotEmpty
            | Kind::PreconditionFailed
            | Kind::Archived
            | Kind::BadDocument
            | Kind::TooLarge
            | Kind::BadRequest
            | Kind::LocalFile { .. }
            | Kind::Cancelled
            | Kind::Other => false,
        }
    }

    /// What happened, to what, and what to do: for the screen. One sentence ends without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        words::sentence(self)
    }

    /// Everything a support desk asks for, line by line: for the clipboard.
    #[must_use]
    pub fn details(&self) -> String {
        words::details(self)
    }
}

impl Deref for S3Error {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl fmt::Display for S3Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}

impl fmt::Debug for S3Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Error")
            .field("kind", &self.kind)
            .field("operation", &self.operation)
            .field("bucket", &self.bucket)
            .field("key", &self.key)
            .field("code", &self.code)
            .field("http_status", &self.http_status)
            .field("message", &self.message)
            .field("causes", &words::causes(self))
            .finish_non_exhaustive()
    }
}

impl Error for S3Error {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
