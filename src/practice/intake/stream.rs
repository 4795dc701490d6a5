//! Bodies as they come: why one breaks off, and what follows after its end.

use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue};
use s3s::S3Error;

use super::super::error::{detailed, refuse};

/// Why a body ends before it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::practice) enum Broken {
    /// The connection ended too early.
    #[error("the body was cut short")]
    Cut,
    /// Chunks that are none.
    #[error("the chunks of the body are malformed")]
    Malformed,
    /// A trailing header that is none.
    #[error("a trailing header is malformed")]
    Trailer,
    /// More bytes than a policy allows.
    #[error("the body is larger than its policy allows")]
    TooLarge { size: u64, most: u64 },
    /// Fewer bytes than a policy wants.
    #[error("the body is smaller than its policy allows")]
    TooSmall { size: u64, least: u64 },
}

impl Broken {
    fn answer(self) -> S3Error {
        match self {
            Self::Cut => incomplete(),
            Self::Malformed => {
                refuse("InvalidRequest", "The body is not in the aws-chunked form that its headers announce.")
            }
            Self::Trailer => refuse(
                "MalformedTrailerError",
                "The request contained trailing data that was not well-formed or did not conform to our published schema.",
            ),
            Self::TooLarge { size, most } => {
                detailed(too_large(), &[("ProposedSize", size.to_string()), ("MaxSizeAllowed", most.to_string())])
            }
            Self::TooSmall { size, least } => detailed(
                refuse("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"),
                &[("ProposedSize", size.to_string()), ("MinSizeAllowed", least.to_string())],
            ),
        }
    }
}

pub(in crate::practice) fn too_large() -> S3Error {
    refuse("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
}

/// The answer to a body that is not as long as it was said to be.
pub(in crate::practice) fn incomplete() -> S3Error {
    refuse("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header")
}

/// The answer to a body that broke off or does not fit its signature. The protocol crate keeps its error types to
/// itself, so they are told apart by their names.
pub(super) fn body_error(error: &(dyn std::error::Error + Send + Sync + 'static)) -> S3Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(found) = cause {
        if let Some(broken) = found.downcast_ref::<Broken>() {
            return broken.answer();
        }
        cause = found.source();
    }
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
        incomplete()
    }
}

/// The headers that came after a body, once it was read to its end.
#[derive(Debug, Clone, Default)]
pub(in crate::practice) struct Trailers(Arc<Mutex<HeaderMap>>);

impl Trailers {
    /// The value of a trailing header.
    pub(in crate::practice) fn get(&self, name: &str) -> Option<String> {
        let headers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(headers.get(name)?.to_str().ok()?.trim().to_owned())
    }

    /// Keeps one.
    pub(in crate::practice) fn insert(&self, name: HeaderName, value: HeaderValue) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
    }
}
