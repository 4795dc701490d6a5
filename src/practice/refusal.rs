//! Errors as AWS writes them: code, message, what it is about, request id (Amazon S3 API Reference, "Error responses").

use std::fmt::Write as _;

use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use percent_encoding::percent_decode_str;
use s3s::{Body, S3Error};

use super::access::Refusal;
use super::error::{DETAIL, refuse};
use super::target::Target;

/// How far a signature's time may be from now.
const MAX_SKEW_MS: u64 = 900_000;

/// An error as the protocol crate would have written it, for [`rewrite`].
pub(super) fn plain(error: &S3Error) -> Response<Body> {
    with_details(error, "")
}

/// The same for a signature that is refused, with what AWS adds.
pub(super) fn refused(refusal: &Refusal) -> Response<Body> {
    let element = |(name, value): &(&str, String)| format!("<{name}>{}</{name}>", escape(value));
    with_details(&refusal.error, &refusal.details.iter().map(element).collect::<String>())
}

fn with_details(error: &S3Error, details: &str) -> Response<Body> {
    let text = format!(
        "<Error><Code>{}</Code><Message>{}</Message><Details>{details}</Details></Error>",
        error.code().as_str(),
        escape(error.message().unwrap_or_default())
    );
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = error.status_code().unwrap_or(StatusCode::BAD_REQUEST);
    if let Some(headers) = error.headers() {
        response.headers_mut().extend(headers.clone());
    }
    response
}

/// What AWS says to a document whose bytes are not what `x-amz-content-sha256` announces: chunks that break off or are
/// none, a chunk with another signature, another hash. The protocol crate calls all of these an internal error, which
/// it tells without a message; errors of the store itself have one.
pub(super) fn unread_document(response: &Response<Body>, sha256: Option<&HeaderValue>) -> Option<S3Error> {
    let silent = || response.body().bytes().is_some_and(|bytes| !bytes.windows(9).any(|part| part == b"<Message>"));
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !silent() {
        return None;
    }
    let announced = sha256.and_then(|value| value.to_str().ok()).unwrap_or_default();
    Some(match announced.strip_prefix("STREAMING-") {
        Some(chunks) if chunks.starts_with("UNSIGNED-") => refuse("IncompleteBody", message_of("IncompleteBody")),
        Some(_) => refuse("SignatureDoesNotMatch", message_of("SignatureDoesNotMatch")),
        None => refuse(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        ),
    })
}

pub(super) fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, letter| {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Not a character of XML 1.0.
            control if control.is_control() && !matches!(control, '\t' | '\n' | '\r') => escaped.push('\u{FFFD}'),
            '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            other => escaped.push(other),
        }
        escaped
    })
}

/// The text that an escaped one stands for.
pub(super) fn unescape(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (escaped, letter)| text.replace(escaped, letter))
}

/// The text of the first element of that name.
pub(super) fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

/// What AWS says where the protocol crate says nothing.
pub(super) fn message_of(code: &str) -> &'static str {
    match code {
        "AccessDenied" => "Access Denied",
        "SignatureDoesNotMatch" => {
            "The request signature we calculated does not match the signature you provided. Check your key and signing method."
        }
        "RequestTimeTooSkewed" => "The difference between the request time and the current time is too large.",
        "InvalidURI" => "Couldn't parse the specified URI.",
        "InvalidBucketName" => "The specified bucket is not valid.",
        "KeyTooLongError" => "Your key is too long",
        "MalformedXML" => "The XML you provided was not well-formed or did not validate against our published schema",
        "MissingContentLength" => "You must provide the Content-Length HTTP header.",
        "IncompleteBody" => "You did not provide the number of bytes specified by the Content-Length HTTP header",
        "MethodNotAllowed" => "The specified method is not allowed against this resource.",
        "NotImplemented" => "A header you provided implies functionality that is not implemented",
        "MaxMessageLengthExceeded" => "Your request was too big.",
        "InternalError" => "We encountered an internal error. Please try again.",
        _ => "The request was refused",
    }
}

/// The elements that AWS adds for a code.
fn about(code: &str, target: &Target, headers: &HeaderMap) -> String {
    let mut text = String::new();
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = write!(text, "<{name}>{}</{name}>", escape(value));
        }
    };
    let (bucket, key) = (target.bucket.as_deref(), target.key.as_deref());
    match code {
        "NoSuchKey" => add("Key", key),
        "NoSuchVersion" => {
            add("Key", key);
            add("VersionId", target.parameter("versionId").as_deref());
        }
        "NoSuchUpload" => add("UploadId", target.parameter("uploadId").as_deref()),
        "KeyTooLongError" => {
            add("Size", key.map(|key| key.len().to_string()).as_deref());
            add("MaxSizeAllowed", Some("1024"));
        }
        "NoSuchBucket"
        | "BucketNotEmpty"
        | "BucketAlreadyExists"
        | "BucketAlreadyOwnedByYou"
        | "InvalidBucketName"
        | "NoSuchBucketPolicy"
        | "NoSuchCORSConfiguration"
        | "NoSuchTagSet"
        | "NoSuchLifecycleConfiguration"
        | "NoSuchPublicAccessBlockConfiguration"
        | "NoSuchWebsiteConfiguration"
        | "ObjectLockConfigurationNotFoundError"
        | "OwnershipControlsNotFoundError"
        | "ReplicationConfigurationNotFoundError"
        | "ServerSideEncryptionConfigurationNotFoundError" => add("BucketName", bucket),
        "MethodNotAllowed" => {
            add("Method", Some(target.method.as_str()));
            add("ResourceType", Some(target.kind().name()));
        }
        "InvalidRange" => {
            add("RangeRequested", target.header("range"));
            let size = headers.get(header::CONTENT_RANGE).and_then(|range| range.to_str().ok()?.rsplit('/').next());
            add("ActualObjectSize", size);
        }
        "PreconditionFailed" => {
            let conditions = [
                ("if-match", "If-Match"),
                ("if-none-match", "If-None-Match"),
                ("if-unmodified-since", "If-Unmodified-Since"),
            ];
            let named = conditions.iter().find(|(name, _)| target.header(name).is_some());
            add("Condition", named.map(|(_, shown)| *shown));
        }
        "EntityTooLarge" => {
            add("ProposedSize", target.header("content-length"));
            add("MaxSizeAllowed", Some(&super::intake::MAX_BODY.to_string()));
        }
        "InvalidAccessKeyId" | "SignatureDoesNotMatch" => {
            add("AWSAccessKeyId", target.access_key_id().as_deref());
        }
        "RequestTimeTooSkewed" => {
            add("RequestTime", target.header("x-amz-date").or(target.parameter("X-Amz-Date").as_deref()));
            add("ServerTime", Some(&jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()));
            add("MaxAllowedSkewMilliseconds", Some(&MAX_SKEW_MS.to_string()));
        }
        "AuthorizationHeaderMalformed" | "AuthorizationQueryParametersError" => {
            add("Region", headers.get("x-amz-bucket-region").and_then(|region| region.to_str().ok()));
        }
        _ => {}
    }
    text
}

/// Reads what [`detailed`](super::error::detailed) has left in a header.
fn detail(line: &HeaderValue) -> Option<String> {
    let (name, text) = line.to_str().ok()?.split_once('=')?;
    let text = percent_decode_str(text).decode_utf8_lossy();
    Some(format!("<{name}>{}</{name}>", escape(&text)))
}

/// Writes an error as AWS does. What the operation itself tells about it goes first.
pub(super) fn rewrite(response: Response<Body>, target: &Target, id: &str, host_id: &str) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let before = body.bytes().unwrap_or_default();
    let before = String::from_utf8_lossy(&before);
    let code = element(&before, "Code").unwrap_or("InternalError");
    let message = element(&before, "Message").filter(|text| !text.is_empty()).unwrap_or_else(|| message_of(code));
    let details: String = parts.headers.get_all(DETAIL).iter().filter_map(detail).collect();
    parts.headers.remove(DETAIL);
    let details = if details.is_empty() { about(code, target, &parts.headers) } else { details };
    let error = format!(
        "<Error><Code>{code}</Code><Message>{message}</Message>{details}{}<Resource>{}</Resource><RequestId>{id}</RequestId><HostId>{host_id}</HostId></Error>",
        element(&before, "Details").unwrap_or_default(),
        escape(target.uri.path())
    );
    let error = if target.beside {
        format!("<ErrorResponse>{error}<RequestId>{id}</RequestId></ErrorResponse>")
    } else {
        error
    };
    let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{error}");
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    let body = if target.method == Method::HEAD { Body::empty() } else { Body::from(text) };
    Response::from_parts(parts, body)
}
