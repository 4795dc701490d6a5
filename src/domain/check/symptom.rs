//! What an answer of a store is known as: its name, what is behind it, how to make sure, and what helps.
//!
//! Sources: Amazon S3 API Reference, "Error responses"; Amazon S3 User Guide, "Troubleshooting"; AWS IAM User Guide,
//! "Troubleshoot access denied error messages".

mod table;

use super::evidence::NoAnswer;
use crate::domain::refusal::{self, RefusalReason};

pub use table::Explained;

/// What is known of an answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The store's code; absent in the answer to a HEAD request.
    pub code: Option<&'a str>,
    /// The store's words.
    pub message: &'a str,
    /// The operation as the API names it.
    pub operation: &'a str,
    /// Whether the request was signed, by a header or in its address.
    pub signed: bool,
    /// `x-amz-delete-marker: true` came along.
    pub delete_marker: bool,
    /// Another region than that of the request was named.
    pub other_region: bool,
    /// Nobody answered.
    pub no_answer: Option<NoAnswer>,
    /// The answer is a web page and no document of S3.
    pub is_page: bool,
}

macro_rules! symptoms {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Answers that have a name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Symptom {
            $($(#[$doc])* $name,)*
        }

        impl Symptom {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What the answers of the command line call it; never changes.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

symptoms! {
    /// A stranger is refused.
    NotPublic = "not-public",
    /// Somebody who signed is refused, and no more is said.
    AccessDenied = "access-denied",
    /// No policy of the sign-in allows it.
    NoIdentityPolicy = "no-identity-policy",
    /// No policy of the bucket allows it.
    NoBucketPolicy = "no-bucket-policy",
    /// A policy of the sign-in denies it.
    IdentityDeny = "identity-deny",
    /// The bucket policy denies it.
    BucketDeny = "bucket-deny",
    /// A policy of the organization denies it.
    OrganizationDeny = "organization-deny",
    /// A permissions boundary or a session policy denies it.
    BoundaryDeny = "boundary-deny",
    /// The policy of a VPC endpoint denies it.
    EndpointDeny = "vpc-endpoint-deny",
    /// Block Public Access refuses a public policy.
    PublicPolicyBlocked = "public-policy-blocked",
    /// Block Public Access refuses a public list.
    PublicAclBlocked = "public-acl-blocked",
    /// A key of AWS KMS may not be used.
    KmsDenied = "kms-denied",
    /// A key of AWS KMS is off, gone or pending deletion.
    KmsKeyUnusable = "kms-key-unusable",
    /// What is encrypted with KMS opens only to signed requests.
    KmsNeedsSignature = "kms-needs-signature",
    /// What is encrypted with a key of the customer opens only with that key.
    CustomerKeyNeeded = "customer-key-needed",
    /// Nothing under that key.
    NoSuchKey = "no-such-key",
    /// It was deleted, and an older version is there.
    DeleteMarker = "delete-marker",
    /// No such version.
    NoSuchVersion = "no-such-version",
    /// The version is a delete marker.
    MarkerHasNoContent = "marker-has-no-content",
    /// No such bucket.
    NoSuchBucket = "no-such-bucket",
    /// The bucket lies in another region.
    WrongRegion = "wrong-region",
    /// A new bucket is not known everywhere yet.
    TemporaryRedirect = "temporary-redirect",
    /// The name belongs to somebody else.
    NameTaken = "name-taken",
    /// The bucket is there already and one's own.
    AlreadyYours = "already-yours",
    /// Something else changes the same thing.
    OperationAborted = "operation-aborted",
    /// The name breaks the rules.
    InvalidBucketName = "invalid-bucket-name",
    /// Region and endpoint do not go together.
    LocationConstraint = "location-constraint",
    /// As many buckets as the account may have.
    TooManyBuckets = "too-many-buckets",
    /// The bucket holds something.
    BucketNotEmpty = "bucket-not-empty",
    /// No rule lets a page of that site use it.
    CorsRefused = "cors-refused",
    /// The bucket has no CORS rules at all.
    CorsNotSet = "cors-not-set",
    /// The signature does not fit.
    SignatureMismatch = "signature-mismatch",
    /// The access key is not known.
    UnknownKey = "unknown-access-key",
    /// The session token does not belong to the key.
    InvalidToken = "invalid-token",
    /// The session is over.
    ExpiredToken = "expired-token",
    /// The clock is wrong.
    ClockSkew = "clock-skew",
    /// The parameters of a signed link are not whole.
    BadLink = "bad-link",
    /// A signed link is over.
    LinkExpired = "link-expired",
    /// A signed link is not good yet.
    LinkNotYetValid = "link-not-yet-valid",
    /// Headers came that the link does not cover.
    HeadersNotSigned = "headers-not-signed",
    /// A stranger asks for other headers of the answer.
    OverridesUnsigned = "overrides-unsigned",
    /// The store asks for patience.
    SlowDown = "slow-down",
    /// The store failed.
    ServerError = "server-error",
    /// The upload was too slow.
    RequestTimeout = "request-timeout",
    /// Too large for one request.
    EntityTooLarge = "entity-too-large",
    /// A part is too small.
    EntityTooSmall = "entity-too-small",
    /// A part is not there, or another one.
    InvalidPart = "invalid-part",
    /// Parts in the wrong order.
    InvalidPartOrder = "invalid-part-order",
    /// The upload in parts is over.
    NoSuchUpload = "no-such-upload",
    /// The length was not sent.
    MissingLength = "missing-content-length",
    /// Fewer bytes came than were announced.
    IncompleteBody = "incomplete-body",
    /// The key is too long.
    KeyTooLong = "key-too-long",
    /// Too much metadata.
    MetadataTooLarge = "metadata-too-large",
    /// A tag breaks the rules.
    InvalidTag = "invalid-tag",
    /// No such storage class.
    InvalidStorageClass = "invalid-storage-class",
    /// Bytes changed on the way.
    BadDigest = "bad-digest",
    /// Lists are off.
    AclsOff = "acls-off",
    /// A list stands against switching lists off.
    AclAgainstOwnership = "acl-against-ownership",
    /// The policy is not well formed.
    MalformedPolicy = "malformed-policy",
    /// The document is not well formed.
    MalformedXml = "malformed-xml",
    /// Only the owner's account may write the policy.
    NotTheOwner = "not-the-owner",
    /// A website endpoint only reads.
    WebsiteReadsOnly = "website-reads-only",
    /// The method is not allowed here.
    MethodNotAllowed = "method-not-allowed",
    /// The store does not know this.
    NotImplemented = "not-implemented",
    /// It lies in an archive.
    Archived = "archived",
    /// It is being restored.
    RestoreInProgress = "restore-in-progress",
    /// Beyond the end of the file.
    InvalidRange = "invalid-range",
    /// A condition does not hold.
    PreconditionFailed = "precondition-failed",
    /// Somebody else wrote at the same moment.
    ConditionalConflict = "conditional-conflict",
    /// Nothing changed since.
    NotModified = "not-modified",
    /// The bucket's state does not allow it: Object Lock and versions.
    InvalidBucketState = "invalid-bucket-state",
    /// Versions have to be kept for this.
    VersioningNeeded = "versioning-needed",
    /// Where logs shall go does not fit.
    LogTarget = "log-target",
    /// The account is not in order.
    AccountState = "account-state",
    /// The region is not switched on for the account.
    RegionOff = "region-off",
    /// The request says something that the store does not accept.
    InvalidRequest = "invalid-request",
    /// The host is not known.
    UnknownHost = "unknown-host",
    /// The certificate does not fit.
    CertificateMismatch = "certificate-mismatch",
    /// Nothing listens there.
    NothingListens = "nothing-listens",
    /// No answer in time.
    NoAnswerInTime = "no-answer-in-time",
    /// What answers is no store.
    NotAStore = "not-a-store",
}

impl Symptom {
    /// What it means and what helps.
    #[must_use]
    pub fn explained(self) -> &'static Explained {
        table::explained(self)
    }
}

/// What an answer is known as; `None` for answers that are no trouble, and for those that nothing is known of.
#[must_use]
pub fn recognise(said: &Said<'_>) -> Option<Symptom> {
    if let Some(why) = said.no_answer {
        return Some(of_silence(why));
    }
    let status = said.status?;
    if said.delete_marker && status == 404 {
        return Some(Symptom::DeleteMarker);
    }
    if let Some(found) = said.code.and_then(|code| of_code(code, said)) {
        return Some(found);
    }
    of_status(status, said)
}

const fn of_silence(why: NoAnswer) -> Symptom {
    match why {
        NoAnswer::UnknownHost | NoAnswer::BadAddress => Symptom::UnknownHost,
        NoAnswer::Tls => Symptom::CertificateMismatch,
        NoAnswer::NothingListens | NoAnswer::Broken => Symptom::NothingListens,
        NoAnswer::Timeout => Symptom::NoAnswerInTime,
    }
}

fn of_code(code: &str, said: &Said<'_>) -> Option<Symptom> {
    let lower = said.message.to_ascii_lowercase();
    let says = |what: &str| lower.contains(what);
    Some(match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => denied(said, &lower),
        "AccessForbidden" if says("not enabled") => Symptom::CorsNotSet,
        "AccessForbidden" if says("bucket not found") => Symptom::NoSuchBucket,
        "AccessForbidden" => Symptom::CorsRefused,
        "NoSuchKey" => Symptom::NoSuchKey,
        "NoSuchVersion" => Symptom::NoSuchVersion,
        "NoSuchBucket" => Symptom::NoSuchBucket,
        "NoSuchUpload" => Symptom::NoSuchUpload,
        "PermanentRedirect" | "AuthorizationHeaderMalformed" | "IncorrectEndpoint" => Symptom::WrongRegion,
        "TemporaryRedirect" | "Redirect" => Symptom::TemporaryRedirect,
        "BucketAlreadyExists" | "BucketNameUnavailable" => Symptom::NameTaken,
        "BucketAlreadyOwnedByYou" => Symptom::AlreadyYours,
        "OperationAborted" => Symptom::OperationAborted,
        "InvalidBucketName" => Symptom::InvalidBucketName,
        "IllegalLocationConstraintException" | "InvalidLocationConstraint" => Symptom::LocationConstraint,
        "TooManyBuckets" => Symptom::TooManyBuckets,
        "BucketNotEmpty" => Symptom::BucketNotEmpty,
        "SignatureDoesNotMatch" => Symptom::SignatureMismatch,
        "InvalidAccessKeyId" => Symptom::UnknownKey,
        "InvalidClientTokenId" | "UnrecognizedClientException" | "UnauthorizedAccess" => Symptom::RegionOff,
        "InvalidToken" => Symptom::InvalidToken,
        "ExpiredToken" | "ExpiredTokenException" | "TokenRefreshRequired" => Symptom::ExpiredToken,
        "RequestTimeTooSkewed" | "RequestInTheFuture" => Symptom::ClockSkew,
        "RequestExpired" => Symptom::LinkExpired,
        "AuthorizationQueryParametersError" if says("not yet valid") => Symptom::LinkNotYetValid,
        "AuthorizationQueryParametersError" => Symptom::BadLink,
        "SlowDown" | "ServiceUnavailable" | "TooManyRequestsException" | "RequestLimitExceeded" => Symptom::SlowDown,
        "InternalError" | "InternalFailure" => Symptom::ServerError,
        "RequestTimeout" => Symptom::RequestTimeout,
        "EntityTooLarge" => Symptom::EntityTooLarge,
        "EntityTooSmall" => Symptom::EntityTooSmall,
        "InvalidPart" => Symptom::InvalidPart,
        "InvalidPartOrder" => Symptom::InvalidPartOrder,
        "MissingContentLength" => Symptom::MissingLength,
        "IncompleteBody" => Symptom::IncompleteBody,
        "KeyTooLongError" => Symptom::KeyTooLong,
        "MetadataTooLarge" => Symptom::MetadataTooLarge,
        "InvalidTag" => Symptom::InvalidTag,
        "InvalidStorageClass" => Symptom::InvalidStorageClass,
        "BadDigest" | "InvalidDigest" | "XAmzContentSHA256Mismatch" | "XAmzContentChecksumMismatch" => {
            Symptom::BadDigest
        }
        "AccessControlListNotSupported" => Symptom::AclsOff,
        "InvalidBucketAclWithObjectOwnership" => Symptom::AclAgainstOwnership,
        "MalformedPolicy" | "MalformedPolicyDocument" => Symptom::MalformedPolicy,
        "MalformedXML" => Symptom::MalformedXml,
        "MethodNotAllowed" => not_allowed(said),
        "NotImplemented" | "UnsupportedOperation" | "NotSupported" => Symptom::NotImplemented,
        "InvalidObjectState" | "ObjectNotInActiveTierError" => Symptom::Archived,
        "RestoreAlreadyInProgress" => Symptom::RestoreInProgress,
        "InvalidRange" => Symptom::InvalidRange,
        "PreconditionFailed" => Symptom::PreconditionFailed,
        "ConditionalRequestConflict" => Symptom::ConditionalConflict,
        "InvalidBucketState" => Symptom::InvalidBucketState,
        "InvalidTargetBucketForLogging" | "CrossLocationLoggingProhibited" | "CrossLocationLoggingProhibitted" => {
            Symptom::LogTarget
        }
        "NotSignedUp" | "AccountProblem" | "AllAccessDisabled" => Symptom::AccountState,
        "InvalidArgument" | "InvalidRequest" => asked_wrongly(said, &lower),
        code if code.starts_with("KMS.") => Symptom::KmsKeyUnusable,
        _ => return None,
    })
}

/// What is behind a plain "access denied".
fn denied(said: &Said<'_>, lower: &str) -> Symptom {
    if lower.contains("request is not yet valid") {
        return Symptom::LinkNotYetValid;
    }
    if lower.contains("which were not signed") {
        return Symptom::HeadersNotSigned;
    }
    match refusal::reason_of(said.message) {
        Some(RefusalReason::LinkExpired) => Symptom::LinkExpired,
        Some(RefusalReason::PublicPolicyBlocked) => Symptom::PublicPolicyBlocked,
        Some(RefusalReason::PublicAclBlocked) => Symptom::PublicAclBlocked,
        _ if lower.contains("kms:") || lower.contains("kms key") => Symptom::KmsDenied,
        Some(RefusalReason::NoIdentityPolicy) => Symptom::NoIdentityPolicy,
        Some(RefusalReason::NoBucketPolicy) => Symptom::NoBucketPolicy,
        Some(RefusalReason::IdentityDeny) => Symptom::IdentityDeny,
        Some(RefusalReason::BucketDeny) => Symptom::BucketDeny,
        Some(RefusalReason::OrganizationDeny) => Symptom::OrganizationDeny,
        Some(RefusalReason::BoundaryDeny) => Symptom::BoundaryDeny,
        Some(RefusalReason::EndpointDeny) => Symptom::EndpointDeny,
        Some(RefusalReason::Anonymous) => Symptom::NotPublic,
        None if said.signed => Symptom::AccessDenied,
        None => Symptom::NotPublic,
    }
}

fn not_allowed(said: &Said<'_>) -> Symptom {
    match said.operation {
        _ if said.delete_marker => Symptom::MarkerHasNoContent,
        "PutBucketPolicy" | "GetBucketPolicy" | "DeleteBucketPolicy" => Symptom::NotTheOwner,
        _ if said.is_page => Symptom::WebsiteReadsOnly,
        _ => Symptom::MethodNotAllowed,
    }
}

/// Codes that stand for many things: the words tell which.
fn asked_wrongly(said: &Said<'_>, lower: &str) -> Symptom {
    if lower.contains("aws kms managed keys require") {
        Symptom::KmsNeedsSignature
    } else if lower.contains("stored using a form of server side encryption") {
        Symptom::CustomerKeyNeeded
    } else if lower.contains("anonymous get requests") {
        Symptom::OverridesUnsigned
    } else if lower.contains("versioning must be") {
        Symptom::VersioningNeeded
    } else if lower.contains("x-amz-tagging") {
        Symptom::InvalidTag
    } else if said.operation == "OPTIONS" && lower.contains("cors") {
        Symptom::CorsRefused
    } else {
        Symptom::InvalidRequest
    }
}

/// Answers without a document, as those to HEAD requests are.
fn of_status(status: u16, said: &Said<'_>) -> Option<Symptom> {
    Some(match status {
        200..=299 => return None,
        304 => Symptom::NotModified,
        307 => Symptom::TemporaryRedirect,
        301 | 308 => Symptom::WrongRegion,
        400 if said.other_region => Symptom::WrongRegion,
        404 if said.operation == "HeadBucket" || said.operation == "HEAD bucket" => Symptom::NoSuchBucket,
        403 if said.operation == "OPTIONS" => Symptom::CorsRefused,
        403 if said.signed => Symptom::AccessDenied,
        403 => Symptom::NotPublic,
        404 => Symptom::NoSuchKey,
        405 => not_allowed(said),
        409 => Symptom::OperationAborted,
        411 => Symptom::MissingLength,
        412 => Symptom::PreconditionFailed,
        416 => Symptom::InvalidRange,
        429 | 503 => Symptom::SlowDown,
        500 | 502 | 504 => Symptom::ServerError,
        501 => Symptom::NotImplemented,
        _ if said.is_page => Symptom::NotAStore,
        400..=499 => Symptom::InvalidRequest,
        _ => return None,
    })
}
