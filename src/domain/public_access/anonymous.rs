//! What a GET without sign-in would answer, and why.

use super::layers::{BlockLevels, acl_answer, policy_answer, statement_words};
use super::{AclAnswer, BlockPublicAccess, BpaLevel, Grants, ObjectOwnership, Permission, PolicyAnswer};
use crate::domain::arn::{Partition, bucket_arn, object_arn};
use crate::domain::policy::{AnonymousRequest, Policy, RequestPrincipal, anonymous_context};

/// What is known of a bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct BucketFacts<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it lives.
    pub partition: Partition,
    /// Block Public Access of the organization.
    pub organization: BlockPublicAccess,
    /// Block Public Access of the account.
    pub account: BlockPublicAccess,
    /// Block Public Access of the bucket itself.
    pub bucket: BlockPublicAccess,
    /// Whether ACLs count.
    pub ownership: ObjectOwnership,
    /// The bucket's ACL.
    pub acl: &'a Grants,
    /// The bucket's policy, if it has one.
    pub policy: Option<&'a Policy>,
    /// Whether whoever asks has to pay, which needs a sign-in.
    pub requester_pays: bool,
}

impl BucketFacts<'_> {
    fn levels(&self) -> BlockLevels {
        BlockLevels { organization: self.organization, account: self.account, bucket: self.bucket }
    }

    /// What a list says to a request without sign-in.
    fn list_says(&self, acl: &Grants) -> AclAnswer {
        acl_answer(acl, Permission::Read, &RequestPrincipal::Anonymous, self.ownership, self.levels())
    }
}

/// How an object is encrypted at rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Encryption {
    /// By keys of S3's own, or not at all: nothing to show for it.
    #[default]
    SseS3,
    /// By a key of AWS KMS (`aws:kms`): needs a signature.
    Kms,
    /// Twice by a key of AWS KMS (`aws:kms:dsse`): needs a signature.
    KmsDsse,
    /// By a key that each request must bring.
    CustomerKey,
}

/// What is known of an object that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectFacts<'a> {
    /// Whether the bucket's owner owns it. Always so under `BucketOwnerEnforced`.
    pub owned_by_bucket_owner: bool,
    /// Its ACL.
    pub acl: &'a Grants,
    /// Whether it lies in an archive (`GLACIER`, `DEEP_ARCHIVE`, an archive tier of
    /// Intelligent-Tiering) and was not restored.
    pub archived: bool,
    /// How it is encrypted.
    pub encryption: Encryption,
}

/// What is there under the key (and version) asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectState<'a> {
    /// Nothing.
    Missing,
    /// A delete marker.
    DeleteMarker,
    /// An object.
    Present(ObjectFacts<'a>),
}

/// A GET or HEAD without sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AnonymousGet<'a> {
    /// The object's key.
    pub key: &'a str,
    /// Whether the request names a version.
    pub versioned: bool,
    /// Whether it asks for other response headers (`response-content-type=…`).
    pub overrides_response: bool,
    /// The rest of the request.
    pub request: AnonymousRequest,
}

/// All that decides a GET without sign-in.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts<'a> {
    /// `None`: there is no such bucket.
    pub bucket: Option<BucketFacts<'a>>,
    /// What the key leads to.
    pub object: ObjectState<'a>,
    /// The request.
    pub get: AnonymousGet<'a>,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The object is served (also as a part, or as "not modified").
    Ok200,
    /// Refused.
    Http {
        /// The HTTP status.
        status: u16,
        /// The S3 error code.
        code: &'static str,
        /// The text S3 sends with the code.
        message: &'static str,
    },
}

impl Outcome {
    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Ok200 => 200,
            Self::Http { status, .. } => status,
        }
    }

    /// The S3 error code of a refusal.
    #[must_use]
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::Ok200 => None,
            Self::Http { code, .. } => Some(code),
        }
    }
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The bucket does not exist.
    NoBucket,
    /// Requester Pays.
    RequesterPays,
    /// The request asks for what only a signed one may.
    Request,
    /// A `Deny` of the policy.
    PolicyDeny {
        /// Counted from 0.
        statement: usize,
    },
    /// An `Allow` of the policy.
    PolicyAllow {
        /// Counted from 0.
        statement: usize,
    },
    /// The bucket has no policy, and nothing else lets the request in.
    NoPolicy,
    /// The bucket's policy does not speak of this request.
    PolicyNoMatch,
    /// The policy would allow it, but another account owns the object.
    ObjectOwner,
    /// Block Public Access sets the policy or the ACL aside.
    BlockPublicAccess {
        /// The highest level that does.
        level: BpaLevel,
    },
    /// The ACL would allow it, but ACLs are off.
    ObjectOwnership,
    /// An ACL allows it.
    Acl,
    /// Nothing is there, and the request may know that.
    Missing,
    /// Nothing is there, and the request may not know that.
    MissingHidden,
    /// The encryption needs more than a plain GET.
    Encryption,
    /// The object lies in an archive.
    Archive,
}

/// What a GET without sign-in would answer, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub outcome: Outcome,
    /// What decided.
    pub layer: Layer,
    /// One plain sentence.
    pub reason: String,
    /// Whether the answer carries `x-amz-delete-marker: true`.
    pub delete_marker: bool,
}

impl Verdict {
    fn new(outcome: Outcome, layer: Layer, reason: impl Into<String>) -> Self {
        Self { outcome, layer, reason: reason.into(), delete_marker: false }
    }

    fn denied(layer: Layer, reason: impl Into<String>) -> Self {
        Self::new(ACCESS_DENIED, layer, reason)
    }

    /// Whether the object is served.
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        matches!(self.outcome, Outcome::Ok200)
    }
}

const fn http(status: u16, code: &'static str, message: &'static str) -> Outcome {
    Outcome::Http { status, code, message }
}

const ACCESS_DENIED: Outcome = http(403, "AccessDenied", "Access Denied");

/// Asks the bucket's policy, with `RestrictPublicBuckets`, about a request without sign-in.
#[must_use]
pub fn anonymous_policy_answer(
    bucket: &BucketFacts<'_>,
    action: &str,
    resource: String,
    request: &AnonymousRequest,
) -> PolicyAnswer {
    policy_answer(bucket.policy, &anonymous_context(action, resource, request), bucket.levels(), None)
}

/// Whether a request without sign-in may list the bucket. It decides whether a missing object
/// answers 404 or hides behind 403.
#[must_use]
pub fn anonymous_may_list(bucket: &BucketFacts<'_>, request: &AnonymousRequest) -> bool {
    let resource = bucket_arn(bucket.partition, bucket.name);
    match anonymous_policy_answer(bucket, "s3:ListBucket", resource, request) {
        PolicyAnswer::Deny { .. } => false,
        PolicyAnswer::Allow { .. } => true,
        PolicyAnswer::NoPolicy | PolicyAnswer::NoMatch | PolicyAnswer::Restricted { .. } => {
            bucket.list_says(bucket.acl) == AclAnswer::Granted
        }
    }
}

/// Decides a GET (or HEAD, which answers the same without a body) without sign-in.
#[must_use]
pub fn decide_anonymous_get(facts: &Facts<'_>) -> Verdict {
    let Some(bucket) = &facts.bucket else {
        let outcome = http(404, "NoSuchBucket", "The specified bucket does not exist");
        return Verdict::new(outcome, Layer::NoBucket, "There is no bucket of this name");
    };
    if bucket.requester_pays {
        return Verdict::denied(Layer::RequesterPays, "Requester Pays is on, so every request needs a sign-in");
    }
    if facts.get.overrides_response {
        let outcome =
            http(400, "InvalidRequest", "Request specific response headers cannot be used for anonymous GET requests.");
        let reason = "Only a signed request may ask for other response headers";
        return Verdict::new(outcome, Layer::Request, reason);
    }
    let action = if facts.get.versioned { "s3:GetObjectVersion" } else { "s3:GetObject" };
    let resource = object_arn(bucket.partition, bucket.name, facts.get.key);
    let answer = anonymous_policy_answer(bucket, action, resource, &facts.get.request);
    if let PolicyAnswer::Deny { statement } = answer {
        return Verdict::denied(
            Layer::PolicyDeny { statement },
            format!("{} refuses it", statement_words(bucket.policy, statement)),
        );
    }
    match &facts.object {
        ObjectState::Missing => missing(facts, bucket, false),
        ObjectState::DeleteMarker if facts.get.versioned => marker(facts, bucket, answer),
        ObjectState::DeleteMarker => missing(facts, bucket, true),
        ObjectState::Present(object) => present(bucket, object, answer),
    }
}

fn missing(facts: &Facts<'_>, bucket: &BucketFacts<'_>, delete_marker: bool) -> Verdict {
    if !anonymous_may_list(bucket, &facts.get.request) {
        return Verdict::denied(
            Layer::MissingHidden,
            "Nothing is there, and without the right to list that answers 403",
        );
    }
    let (outcome, reason) = if facts.get.versioned {
        let outcome = http(404, "NoSuchVersion", "The specified version does not exist.");
        (outcome, "There is no such version of this file")
    } else {
        let outcome = http(404, "NoSuchKey", "The specified key does not exist.");
        let reason = if delete_marker {
            "The file was deleted; an older version may still be there"
        } else {
            "There is no file of this name"
        };
        (outcome, reason)
    };
    Verdict { delete_marker, ..Verdict::new(outcome, Layer::Missing, reason) }
}

/// A version that is a delete marker: it has no content, but it can be asked for.
fn marker(facts: &Facts<'_>, bucket: &BucketFacts<'_>, answer: PolicyAnswer) -> Verdict {
    if !matches!(answer, PolicyAnswer::Allow { .. }) {
        return missing(facts, bucket, true);
    }
    let outcome = http(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
    Verdict {
        delete_marker: true,
        ..Verdict::new(outcome, Layer::Missing, "This version is a delete marker, which has no content")
    }
}

fn present(bucket: &BucketFacts<'_>, object: &ObjectFacts<'_>, answer: PolicyAnswer) -> Verdict {
    let owned = object.owned_by_bucket_owner || !bucket.ownership.acls_count();
    let list = bucket.list_says(object.acl);
    let by_policy = matches!(answer, PolicyAnswer::Allow { .. }) && owned;
    if !by_policy && list != AclAnswer::Granted {
        return refused(answer, list);
    }
    let (layer, reason) = match answer {
        PolicyAnswer::Allow { statement } if by_policy => {
            (Layer::PolicyAllow { statement }, format!("{} lets anyone in", statement_words(bucket.policy, statement)))
        }
        _ => (Layer::Acl, "The file's access control list lets anyone in".to_owned()),
    };
    match object.encryption {
        Encryption::SseS3 => {}
        Encryption::Kms | Encryption::KmsDsse => {
            let outcome = http(
                400,
                "InvalidArgument",
                "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
            );
            let reason = "The file is encrypted with a KMS key, which only a signed request can use";
            return Verdict::new(outcome, Layer::Encryption, reason);
        }
        Encryption::CustomerKey => {
            let outcome = http(
                400,
                "InvalidRequest",
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
            );
            let reason = "The file is encrypted with a key that each request must bring";
            return Verdict::new(outcome, Layer::Encryption, reason);
        }
    }
    if object.archived {
        let outcome = http(403, "InvalidObjectState", "The operation is not valid for the object's storage class");
        let reason = "The file lies in an archive and must be restored first";
        return Verdict::new(outcome, Layer::Archive, reason);
    }
    Verdict::new(Outcome::Ok200, layer, reason)
}

/// Names what stands closest to letting the request in.
fn refused(answer: PolicyAnswer, list: AclAnswer) -> Verdict {
    let (layer, reason) = match (answer, list) {
        (PolicyAnswer::Allow { .. }, _) => {
            (Layer::ObjectOwner, "The policy would let anyone in, but the file belongs to another account".to_owned())
        }
        (PolicyAnswer::Restricted { level, .. }, _) => (
            Layer::BlockPublicAccess { level },
            format!("The policy would let anyone in, but RestrictPublicBuckets of {} sets it aside", level.words()),
        ),
        (_, AclAnswer::AclsOff) => {
            (Layer::ObjectOwnership, "The file's access control list would let anyone in, but ACLs are off".to_owned())
        }
        (_, AclAnswer::Ignored { level }) => (
            Layer::BlockPublicAccess { level },
            format!(
                "The file's access control list would let anyone in, but IgnorePublicAcls of {} sets it aside",
                level.words()
            ),
        ),
        (PolicyAnswer::NoPolicy, _) => (Layer::NoPolicy, "The bucket has no policy that lets anyone in".to_owned()),
        (PolicyAnswer::NoMatch | PolicyAnswer::Deny { .. }, _) => {
            (Layer::PolicyNoMatch, "No statement of the policy lets this request in".to_owned())
        }
    };
    Verdict::denied(layer, reason)
}
