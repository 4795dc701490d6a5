//! What can go wrong: starting the store ([`PracticeError`]) and answering a request (`Fault`).

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

use http::{HeaderValue, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::{S3Error, S3ErrorCode};

use super::people::UserError;

/// Why the practice store could not be started, or not do what it was told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PracticeError {
    /// Another process serves this folder.
    #[error("The folder {} is already in use by another running practice store", dir.display())]
    InUse {
        /// The folder asked for.
        dir: PathBuf,
    },
    /// The port that was asked for belongs to another program.
    #[error("Port {port} is taken by another program: choose another port, or stop that program")]
    PortTaken {
        /// The port asked for.
        port: u16,
    },
    /// The folder, or a file in it, cannot be made, read or written.
    #[error("The folder {} cannot be used: {source}", dir.display())]
    Folder {
        /// The folder asked for.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder was written by a newer release.
    #[error("The folder {} was written by a newer version of Brimful (format {found})", dir.display())]
    TooNew {
        /// The folder asked for.
        dir: PathBuf,
        /// The format number found there.
        found: i64,
    },
    /// The metadata cannot be opened.
    #[error("The metadata in {} cannot be opened: {source}", dir.display())]
    Metadata {
        /// The folder asked for.
        dir: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The users that were kept, or that were to be added, cannot be used.
    #[error("The users of the practice store cannot be used: {0}")]
    Users(#[from] UserError),
    /// The lifecycle rules could not act to the end; what they had done by then is done.
    #[error("The lifecycle rules could not act to the end: {0}")]
    Lifecycle(String),
    /// No socket could be opened.
    #[error("The store cannot listen for connections: {0}")]
    Listen(io::Error),
}

/// Why a request is not answered as asked: an S3 answer, or a failure of the machine below.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    S3(#[from] S3Error),
    #[error("metadata: {0}")]
    Sql(#[from] rusqlite::Error),
    #[error("metadata: {0}")]
    Json(#[from] serde_json::Error),
    #[error("file: {0}")]
    Io(#[from] io::Error),
    #[error("the disk refused, and what was under way was undone")]
    Undone,
    #[error("the store takes no writes at this moment")]
    Closed,
}

impl Fault {
    /// True when there is no space left for what was asked.
    pub(crate) fn is_full(&self) -> bool {
        match self {
            Self::Sql(error) => error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull),
            Self::Io(error) => {
                matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            Self::S3(_) | Self::Json(_) | Self::Undone | Self::Closed => false,
        }
    }

    /// True when a commit that failed so is certainly not on the disk. After other failures only the next start knows.
    pub(crate) fn leaves_nothing(&self) -> bool {
        !matches!(self, Self::Sql(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::SystemIoFailure))
    }
}

impl From<Fault> for S3Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::S3(error) => error,
            Fault::Closed => refuse("ServiceUnavailable", "The practice store takes no writes at this moment."),
            other => {
                tracing::error!(error = %other, "practice store failed to answer");
                let message = if other.is_full() {
                    "There is no space left on the disk of the practice store."
                } else {
                    "We encountered an internal error. Please try again."
                };
                let mut error = refuse("InternalError", message);
                error.set_source(Box::new(other));
                error
            }
        }
    }
}

/// The result of work below the protocol.
pub(crate) type Outcome<T> = Result<T, Fault>;

/// An S3 error by its code; the HTTP status follows from the code.
pub(crate) fn refuse(code: &str, message: impl Into<Cow<'static, str>>) -> S3Error {
    let known = S3ErrorCode::from_bytes(code.as_bytes()).unwrap_or(S3ErrorCode::InternalError);
    let mut error = S3Error::with_message(known, message);
    // The protocol crate has no status for codes that it does not know: those are about the request.
    let status = status_of(code).or(error.status_code().is_none().then_some(StatusCode::BAD_REQUEST));
    if let Some(status) = status {
        error.set_status_code(status);
    }
    error
}

/// The header in which further elements of an error travel to the front door, which writes them into its document.
pub(crate) const DETAIL: &str = "x-brimful-error-detail";

/// Adds elements such as `ArgumentName` to the document of an error.
pub(crate) fn detailed(mut error: S3Error, elements: &[(&str, String)]) -> S3Error {
    let mut headers = error.headers().cloned().unwrap_or_default();
    for (name, text) in elements {
        let line = format!("{name}={}", utf8_percent_encode(text, NON_ALPHANUMERIC));
        if let Ok(value) = HeaderValue::from_str(&line) {
            headers.append(DETAIL, value);
        }
    }
    error.set_headers(headers);
    error
}

/// Statuses of codes that the protocol crate does not know, or knows otherwise than AWS answers.
fn status_of(code: &str) -> Option<StatusCode> {
    Some(match code {
        "RequestTimeout" => StatusCode::BAD_REQUEST,
        "AccessForbidden" | "CrossLocationLoggingProhibitted" | "RequestTimeTooSkewed" | "InvalidObjectState" => {
            StatusCode::FORBIDDEN
        }
        "NoSuchCORSConfiguration"
        | "NoSuchTagSet"
        | "NoSuchLifecycleConfiguration"
        | "NoSuchBucketPolicy"
        | "NoSuchPublicAccessBlockConfiguration"
        | "OwnershipControlsNotFoundError"
        | "NoSuchWebsiteConfiguration"
        | "ReplicationConfigurationNotFoundError"
        | "ServerSideEncryptionConfigurationNotFoundError"
        | "ObjectLockConfigurationNotFoundError"
        | "NoSuchObjectLockConfiguration"
        | "NoSuchConfiguration" => StatusCode::NOT_FOUND,
        "AccessControlListNotSupported"
        | "InvalidBucketAclWithObjectOwnership"
        | "IllegalLocationConstraintException"
        | "InvalidLocationConstraint"
        | "BadRequest"
        | "IdMismatch"
        | "InvalidS3DestinationBucket"
        | "TooManyConfigurations"
        | "MetadataTooLarge"
        | "InvalidTag"
        | "InvalidPolicyDocument"
        | "MalformedPOSTRequest"
        | "MaxPostPreDataLengthExceededError"
        | "IncorrectNumberOfFilesInPostRequest"
        | "MalformedTrailerError"
        | "MalformedPolicy"
        | "MalformedACLError"
        | "InvalidAction"
        | "XAmzContentSHA256Mismatch" => StatusCode::BAD_REQUEST,
        "ConditionalRequestConflict" | "RestoreAlreadyInProgress" => StatusCode::CONFLICT,
        "InvalidRange" | "InvalidPartNumber" => StatusCode::RANGE_NOT_SATISFIABLE,
        "NotImplemented" => StatusCode::NOT_IMPLEMENTED,
        "ServiceUnavailable" => StatusCode::SERVICE_UNAVAILABLE,
        "InternalError" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => return None,
    })
}

pub(crate) fn access_denied() -> S3Error {
    refuse("AccessDenied", "Access Denied")
}

pub(crate) fn no_such_bucket() -> S3Error {
    refuse("NoSuchBucket", "The specified bucket does not exist")
}

pub(crate) fn no_such_key() -> S3Error {
    refuse("NoSuchKey", "The specified key does not exist.")
}

pub(crate) fn no_such_version() -> S3Error {
    refuse("NoSuchVersion", "The specified version does not exist.")
}

pub(crate) fn no_such_upload() -> S3Error {
    refuse(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    )
}

pub(crate) fn invalid_argument(message: impl Into<Cow<'static, str>>) -> S3Error {
    refuse("InvalidArgument", message)
}

pub(crate) fn invalid_request(message: impl Into<Cow<'static, str>>) -> S3Error {
    refuse("InvalidRequest", message)
}

pub(crate) fn malformed_xml() -> S3Error {
    refuse("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}

/// `condition` is the header that did not hold.
pub(crate) fn precondition_failed(condition: &str) -> S3Error {
    let error = refuse("PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
    detailed(error, &[("Condition", condition.to_owned())])
}

/// `header` is the one that asks for more than there is.
pub(crate) fn header_not_implemented(header: &str) -> S3Error {
    let error = refuse("NotImplemented", "A header you provided implies functionality that is not implemented");
    detailed(error, &[("Header", header.to_owned())])
}
