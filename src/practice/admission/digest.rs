//! Digests of small documents: S3 wants one with many of them, and checks the one it gets.
//!
//! Source of the rules: Amazon S3 API Reference, "Content-MD5" in each operation; the trait `httpChecksum` of the
//! published model.

use std::sync::{Arc, Mutex, PoisonError};

use http::{Extensions, HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Limited};
use s3s::{Body, S3Error, S3Result};

use super::super::error::{invalid_request, refuse};
use super::super::intake::Promise;
use super::text;

/// The largest document that the protocol crate reads: 20 MiB.
const MAX_DOCUMENT: usize = 20 << 20;

/// Parts of a bucket or object that are written with a digest.
const WITH_DIGEST: &[&str] = &[
    "acl",
    "cors",
    "encryption",
    "legal-hold",
    "lifecycle",
    "logging",
    "object-lock",
    "ownershipControls",
    "policy",
    "publicAccessBlock",
    "replication",
    "requestPayment",
    "retention",
    "tagging",
    "versioning",
    "website",
];

/// Whether S3 refuses this request where it names no digest of its body.
fn required<B>(request: &Request<B>) -> bool {
    let mut names =
        request.uri().query().unwrap_or_default().split('&').map(|pair| pair.split('=').next().unwrap_or(pair));
    match *request.method() {
        Method::PUT => names.any(|name| WITH_DIGEST.contains(&name)),
        Method::POST => names.any(|name| name == "delete"),
        _ => false,
    }
}

/// Whether the request brings a document whose digest has to be looked at.
pub(super) fn concerns<B>(request: &Request<B>, object: bool) -> bool {
    let streamed = text(request, "x-amz-content-sha256").is_some_and(|value| value.starts_with("STREAMING-"));
    let document = request.method() == Method::PUT && !object;
    !streamed && (document || required(request))
}

/// Reads the document and compares it with the digest that came with it. What is wrong with it waits in a [`Refusal`].
pub(super) async fn checked(request: Request<Body>) -> S3Result<Request<Body>> {
    let required = required(&request);
    let (mut parts, body) = request.into_parts();
    let bytes = match Limited::new(body, MAX_DOCUMENT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            return Err(refuse("MaxMessageLengthExceeded", "Your request was too big."));
        }
        Err(_) => {
            let message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
            return Err(refuse("IncompleteBody", message));
        }
    };
    if let Err(error) = verdict(&parts.headers, &bytes, required) {
        // Told only to those who may do what they ask for.
        parts.extensions.insert(Refusal::new(error));
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn verdict(headers: &HeaderMap, document: &[u8], required: bool) -> S3Result<()> {
    let promise = Promise::from_headers(headers)?;
    if required && !document.is_empty() && promise.is_empty() {
        return Err(invalid_request("Missing required header for this request: Content-MD5 OR x-amz-checksum-*"));
    }
    promise.check_document(document)
}

/// The refusal of a document, kept until it is clear that its sender is permitted to send it.
#[derive(Clone)]
pub(in crate::practice) struct Refusal(Arc<Mutex<Option<S3Error>>>);

impl Refusal {
    fn new(error: S3Error) -> Self {
        Self(Arc::new(Mutex::new(Some(error))))
    }

    /// Refuses the request if its document was found wanting.
    pub(in crate::practice) fn heed(extensions: &mut Extensions) -> S3Result<()> {
        let kept = extensions.remove::<Self>();
        match kept.and_then(|kept| kept.0.lock().unwrap_or_else(PoisonError::into_inner).take()) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("PUT", "/b?policy", true; "policy")]
    #[test_case("PUT", "/b/k?tagging&versionId=1", true; "tags of an object")]
    #[test_case("POST", "/b?delete", true; "many deletions")]
    #[test_case("POST", "/b/k?uploads", false; "begin of an upload")]
    #[test_case("PUT", "/b/policy", false; "an object of that name")]
    #[test_case("PUT", "/b?accelerate", false; "free of it")]
    #[test_case("GET", "/b?policy", false; "reading")]
    fn digests_that_must_come(method: &str, uri: &str, expected: bool) {
        let request = Request::builder().method(method).uri(uri).body(()).unwrap();
        assert_eq!(required(&request), expected);
    }
}
