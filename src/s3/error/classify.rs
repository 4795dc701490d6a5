//! From what the SDK reports to a kind of trouble.

use std::{error::Error, io, sync::Arc, time::Duration};

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::{
    orchestrator::HttpResponse,
    result::{ConnectorError, SdkError},
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::{Facts, FileFault, Kind, Refusal, S3Error, Thing, Unreached};
use crate::domain::operation;

impl S3Error {
    /// Makes sense of any failure of the SDK.
    pub(crate) fn from_sdk<E>(operation: &'static str, error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let mut facts = Facts {
            kind: Kind::Other,
            operation,
            bucket: None,
            key: None,
            endpoint: None,
            code: error.as_service_error().and_then(|e| e.meta().code()).map(str::to_owned),
            http_status: None,
            request_id: None,
            host_id: None,
            message: error.as_service_error().and_then(|e| e.meta().message()).map(str::to_owned),
            retry_after: None,
            source: None,
        };
        let mut body = None;
        if let Some(response) = error.raw_response() {
            facts.http_status = Some(response.status().as_u16());
            facts.request_id = response.headers().get("x-amz-request-id").map(str::to_owned);
            facts.retry_after = retry_after(|name| response.headers().get(name));
            facts.host_id = response.headers().get("x-amz-id-2").map(str::to_owned);
            body = response.body().bytes().and_then(|bytes| std::str::from_utf8(bytes).ok());
        }
        if let Some(body) = body {
            // Some errors come with status 200 or in a shape that the SDK does not model.
            facts.code = facts.code.or_else(|| xml_text(body, "Code"));
            facts.message = facts.message.or_else(|| xml_text(body, "Message"));
            facts.request_id = facts.request_id.or_else(|| xml_text(body, "RequestId"));
        }
        facts.kind = match &error {
            SdkError::ServiceError(_) | SdkError::ResponseError(_) => response_kind(&error, &facts, body),
            SdkError::TimeoutError(_) => Kind::Timeout,
            SdkError::DispatchFailure(failure) => {
                failure.as_connector_error().map_or_else(|| beneath(&error).unwrap_or(Kind::Other), connector_kind)
            }
            SdkError::ConstructionFailure(_) => beneath(&error).unwrap_or(Kind::BadRequest),
            _ => beneath(&error).unwrap_or(Kind::Other),
        };
        facts.source = Some(Arc::new(error));
        Self::from_facts(facts)
    }

    /// Makes sense of a failure to read the body of an answer that began well.
    pub(crate) fn from_stream(operation: &'static str, error: impl Error + Send + Sync + 'static) -> Self {
        let kind = beneath(&error).unwrap_or(Kind::Unreachable(Unreached::Broken));
        Self::new(operation, kind).caused_by(error)
    }
}

/// How long the store asks to be left alone: Amazon says it in milliseconds, everyone else in seconds (RFC 9110,
/// section 10.2.3; its form with a date is not understood).
fn retry_after<'a>(header: impl Fn(&'static str) -> Option<&'a str>) -> Option<Duration> {
    let number = |name| header(name).and_then(|text| text.trim().parse().ok());
    number("x-amz-retry-after").map(Duration::from_millis).or_else(|| number("retry-after").map(Duration::from_secs))
}

fn response_kind<E>(error: &SdkError<E, HttpResponse>, facts: &Facts, body: Option<&str>) -> Kind
where
    E: Error + Send + Sync + 'static,
{
    let header = |name: &str| error.raw_response().and_then(|response| response.headers().get(name)).map(str::to_owned);
    let status = facts.http_status.unwrap_or_default();
    if let Some(code) = &facts.code
        && let Some(kind) = kind_of_code(facts.operation, code, status, facts.message.as_deref().unwrap_or_default())
    {
        return match kind {
            Kind::WrongRegion { .. } => Kind::WrongRegion {
                region: header("x-amz-bucket-region").or_else(|| body.and_then(|body| xml_text(body, "Region"))),
            },
            Kind::ClockSkew { .. } => Kind::ClockSkew {
                server_time: body.and_then(|body| xml_text(body, "ServerTime")).or_else(|| header("date")),
            },
            kind => kind,
        };
    }
    let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
        || body.is_some_and(|body| body.trim_start().to_ascii_lowercase().starts_with("<!doctype html"));
    if is_page && !(500..600).contains(&status) {
        return Kind::NotS3;
    }
    if let (400, Some(region)) = (status, header("x-amz-bucket-region")) {
        return Kind::WrongRegion { region: Some(region) };
    }
    match status {
        200..=299 => beneath(error).unwrap_or(Kind::NotS3),
        301 | 302 | 307 | 308 => Kind::WrongRegion { region: header("x-amz-bucket-region") },
        401 | 403 => Kind::Refused(refusal(facts.operation, facts.message.as_deref().unwrap_or_default())),
        404 => Kind::NotThere(missing(facts.operation)),
        405 | 501 => Kind::NotOffered,
        409 => Kind::Conflict,
        412 => Kind::PreconditionFailed,
        408 | 429 | 500 | 502 | 503 | 504 => Kind::Busy,
        400..=499 => Kind::BadRequest,
        _ => Kind::Other,
    }
}

/// What a code of the store means (Amazon S3 API Reference, "Error responses"); `None` where the status says more.
pub(crate) fn kind_of_code(operation: &str, code: &str, status: u16, message: &str) -> Option<Kind> {
    Some(match code {
        "AccessDenied"
        | "AllAccessDisabled"
        | "AccountProblem"
        | "NotSignedUp"
        | "UnauthorizedAccess"
        | "AccessForbidden"
        | "AccessDeniedException"
        | "UnauthorizedOperation" => Kind::Refused(refusal(operation, message)),
        "InvalidAccessKeyId" | "InvalidClientTokenId" | "UnrecognizedClientException" => Kind::BadKey,
        "SignatureDoesNotMatch" => Kind::BadSecret,
        "ExpiredToken" | "InvalidToken" | "TokenRefreshRequired" | "ExpiredTokenException" | "RequestExpired" => {
            Kind::Expired
        }
        "MissingSecurityHeader" | "MissingAuthenticationToken" | "CredentialsNotSupported" => Kind::NoCredentials,
        "RequestTimeTooSkewed" | "RequestInTheFuture" => Kind::ClockSkew { server_time: None },
        "PermanentRedirect"
        | "TemporaryRedirect"
        | "Redirect"
        | "AuthorizationHeaderMalformed"
        | "IncorrectEndpoint" => Kind::WrongRegion { region: None },
        "IllegalLocationConstraintException" if operation != "CreateBucket" => Kind::WrongRegion { region: None },
        "NoSuchBucket" => Kind::NotThere(Thing::Bucket),
        "NoSuchKey" => Kind::NotThere(Thing::Object),
        "NoSuchVersion" => Kind::NotThere(Thing::Version),
        "NoSuchUpload" => Kind::NotThere(Thing::Upload),
        "NotFound" => Kind::NotThere(missing(operation)),
        "NoSuchBucketPolicy"
        | "NoSuchCORSConfiguration"
        | "NoSuchLifecycleConfiguration"
        | "NoSuchTagSet"
        | "NoSuchTagSetError"
        | "NoSuchWebsiteConfiguration"
        | "ReplicationConfigurationNotFoundError"
        | "ServerSideEncryptionConfigurationNotFoundError"
        | "ObjectLockConfigurationNotFoundError"
        | "NoSuchObjectLockConfiguration"
        | "NoSuchPublicAccessBlockConfiguration"
        | "OwnershipControlsNotFoundError"
        | "NoSuchConfiguration" => Kind::NotConfigured,
        "NotImplemented" | "MethodNotAllowed" | "UnsupportedOperation" | "NotSupported" => Kind::NotOffered,
        "BucketAlreadyExists" | "BucketNameUnavailable" => Kind::NameTaken,
        "BucketAlreadyOwnedByYou" => Kind::AlreadyYours,
        "BucketNotEmpty" => Kind::NotEmpty,
        "OperationAborted" | "ConditionalRequestConflict" | "RestoreAlreadyInProgress" => Kind::Conflict,
        "PreconditionFailed" => Kind::PreconditionFailed,
        "InvalidObjectState" | "ObjectNotInActiveTierError" => Kind::Archived,
        "SlowDown"
        | "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "BandwidthLimitExceeded"
        | "LimitExceededException"
        | "PriorRequestNotComplete"
        | "TransactionInProgressException"
        | "ProvisionedThroughputExceededException"
        | "EC2ThrottledException"
        | "ServiceUnavailable"
        | "InternalError"
        | "InternalFailure" => Kind::Busy,
        "RequestTimeout" | "RequestTimeoutException" => Kind::Timeout,
        "BadDigest" | "XAmzContentSHA256Mismatch" | "IncompleteBody" | "XAmzContentChecksumMismatch" => Kind::Damaged,
        "EntityTooLarge" | "MetadataTooLarge" | "KeyTooLongError" | "PolicyTooLarge" => Kind::TooLarge,
        "MalformedPolicy" | "MalformedPolicyDocument" | "MalformedXML" => Kind::BadDocument,
        _ if status == 400 || status == 409 || status == 416 || status == 411 => Kind::BadRequest,
        _ => return None,
    })
}

/// What a "not found" without a code is about.
fn missing(operation: &str) -> Thing {
    match operation {
        "HeadObject" | "GetObject" | "GetObjectTagging" | "GetObjectAcl" | "PutObjectAcl" => Thing::Object,
        "UploadPart" | "CompleteMultipartUpload" | "AbortMultipartUpload" => Thing::Upload,
        "HeadBucket" | "ListObjectsV2" | "ListObjects" => Thing::Bucket,
        _ => Thing::Something,
    }
}

/// Reads the cause out of an "access denied" message.
fn refusal(operation: &str, message: &str) -> Refusal {
    let told = crate::domain::refusal::read(message);
    Refusal {
        action: told.action.or_else(|| operation::words(operation).action.map(str::to_owned)),
        reason: told.reason,
    }
}

fn connector_kind(error: &ConnectorError) -> Kind {
    if error.is_timeout() {
        return Kind::Timeout;
    }
    beneath(error).unwrap_or(if error.is_io() { Kind::Unreachable(Unreached::Broken) } else { Kind::Other })
}

/// Looks through the chain of causes for one that says more than its wrapping.
pub(super) fn beneath(error: &(dyn Error + 'static)) -> Option<Kind> {
    let mut found = None;
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(credentials) = error.downcast_ref::<CredentialsError>() {
            return Some(credentials_kind(credentials));
        }
        let text = error.to_string().to_ascii_lowercase();
        if text.contains("no credentials") || text.contains("credentials provider was not") {
            found = Some(Kind::NoCredentials);
        } else if text.contains("dns error") || text.contains("failed to lookup address") {
            found = Some(Kind::Unreachable(Unreached::UnknownHost));
        } else if text.contains("certificate") || text.contains("tls handshake") || text.contains("corrupt message") {
            found = Some(Kind::Tls);
        } else if text.contains("connection closed before message")
            || text.contains("connection was not ready")
            || text.contains("error reading a body from connection")
            || text.contains("end of file before message length reached")
        {
            // What hyper says where the other side hung up; there is no input/output error beneath.
            found = Some(Kind::Unreachable(Unreached::Broken));
        } else if text.contains("minimum throughput") || text.contains("throughput was below") {
            found = Some(Kind::Timeout);
        } else if text.contains("checksum mismatch") || text.contains("checksummismatch") {
            found = Some(Kind::Damaged);
        }
        if let Some(io) = error.downcast_ref::<io::Error>()
            && !matches!(found, Some(Kind::Unreachable(Unreached::UnknownHost) | Kind::Tls))
        {
            found = io_kind(io).or(found);
        }
        next = error.source();
    }
    found
}

fn io_kind(error: &io::Error) -> Option<Kind> {
    Some(match error.kind() {
        io::ErrorKind::ConnectionRefused => Kind::Unreachable(Unreached::NothingListens),
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkDown => {
            Kind::Unreachable(Unreached::NoRoute)
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            Kind::Unreachable(Unreached::Broken)
        }
        io::ErrorKind::TimedOut => Kind::Timeout,
        io::ErrorKind::NotFound => Kind::LocalFile { path: String::new(), fault: FileFault::Gone },
        io::ErrorKind::PermissionDenied => Kind::LocalFile { path: String::new(), fault: FileFault::NotAllowed },
        _ => return None,
    })
}

fn credentials_kind(error: &CredentialsError) -> Kind {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        let text = error.to_string().to_ascii_lowercase();
        if text.contains("expired") || text.contains("refresh") || text.contains("sso token") {
            return Kind::Expired;
        }
        next = error.source();
    }
    match error {
        CredentialsError::ProviderTimedOut(_) => Kind::Timeout,
        _ => Kind::NoCredentials,
    }
}

/// The text of the first element of that name. Enough for the flat error documents of S3.
pub(crate) fn xml_text(body: &str, name: &str) -> Option<String> {
    let start = body.find(&format!("<{name}>"))? + name.len() + 2;
    let end = start + body[start..].find("</")?;
    let text = body[start..end].trim();
    (!text.is_empty()).then(|| {
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&")
    })
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case(&[("x-amz-retry-after", "1500"), ("retry-after", "9")] => Some(Duration::from_millis(1_500)); "Amazon's own first")]
    #[test_case(&[("retry-after", " 3 ")] => Some(Duration::from_secs(3)); "in seconds")]
    #[test_case(&[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")] => None; "a date")]
    #[test_case(&[] => None; "nothing")]
    fn patience_that_is_asked_for(headers: &[(&str, &str)]) -> Option<Duration> {
        retry_after(|wanted| headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| *value))
    }

    #[test]
    fn an_answer_that_ends_in_its_midst_is_a_broken_connection() {
        let cut = io::Error::new(io::ErrorKind::UnexpectedEof, "end of file before message length reached");
        assert_eq!(beneath(&cut), Some(Kind::Unreachable(Unreached::Broken)));
    }
}
