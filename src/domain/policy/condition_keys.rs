//! Which condition keys S3 has, and for which actions.
//!
//! Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for Amazon
//! S3" (August 2026), and AWS IAM User Guide, "AWS global condition context keys".

use crate::domain::spelling::nearest;

/// What is known of a condition key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key {
    /// A key of S3 that (nearly) every action has.
    EveryAction,
    /// A key of S3 that only these actions have.
    Only(HasKey),
    /// A global key, or one of an identity provider.
    Global,
    /// A key under `aws:` that is not known; S3 takes it silently.
    UnknownGlobal,
    /// A key under `s3:` that S3 does not have, or no key at all.
    Unknown,
}

const ACL_ACTIONS: &[&str] =
    &["CreateBucket", "PutBucketAcl", "PutObject", "PutObjectAcl", "PutObjectVersionAcl", "BypassGovernanceRetention"];

const EVERY_ACTION: &[&str] = &[
    "s3:AccessGrantsInstanceArn",
    "s3:AccessPointNetworkOrigin",
    "s3:DataAccessPointAccount",
    "s3:DataAccessPointArn",
    "s3:ResourceAccount",
    "s3:TlsVersion",
    "s3:authType",
    "s3:signatureAge",
    "s3:signatureversion",
    "s3:x-amz-content-sha256",
];

/// Keys that end in a tag's name.
const TAGGED: &[&str] = &[
    "s3:ExistingObjectTag/",
    "s3:RequestObjectTag/",
    "s3:BucketTag/",
    "s3:AccessPointTag/",
    "aws:PrincipalTag/",
    "aws:RequestTag/",
    "aws:ResourceTag/",
];

/// Whether an action, written without `s3:`, has the key.
type HasKey = fn(&str) -> bool;

const LIMITED: &[(&str, HasKey)] = &[
    ("s3:prefix", listing),
    ("s3:delimiter", listing),
    ("s3:max-keys", listing),
    ("s3:x-amz-acl", |a| ACL_ACTIONS.contains(&a)),
    ("s3:x-amz-grant-read", |a| ACL_ACTIONS.contains(&a)),
    ("s3:x-amz-grant-write", |a| ACL_ACTIONS.contains(&a)),
    ("s3:x-amz-grant-read-acp", |a| ACL_ACTIONS.contains(&a)),
    ("s3:x-amz-grant-write-acp", |a| ACL_ACTIONS.contains(&a)),
    ("s3:x-amz-grant-full-control", |a| ACL_ACTIONS.contains(&a)),
    ("s3:x-amz-server-side-encryption", encryption),
    ("s3:x-amz-server-side-encryption-aws-kms-key-id", encryption),
    ("s3:x-amz-server-side-encryption-customer-algorithm", |a| {
        matches!(a, "PutObject" | "ReplicateObject" | "BypassGovernanceRetention")
    }),
    ("s3:x-amz-storage-class", |a| {
        matches!(a, "PutObject" | "PutObjectAcl" | "PutObjectVersionAcl" | "BypassGovernanceRetention")
    }),
    ("s3:x-amz-copy-source", putting),
    ("s3:x-amz-metadata-directive", putting),
    ("s3:x-amz-website-redirect-location", putting),
    ("s3:if-none-match", |a| a == "PutObject"),
    ("s3:ObjectCreationOperation", |a| a == "PutObject"),
    ("s3:if-match", |a| matches!(a, "PutObject" | "DeleteObject")),
    ("s3:RequestObjectTagKeys", request_tags),
    ("s3:versionid", |a| a.contains("Version") && !a.contains("Bucket")),
    ("s3:object-lock-mode", retention),
    ("s3:object-lock-retain-until-date", retention),
    ("s3:object-lock-remaining-retention-days", retention),
    ("s3:object-lock-legal-hold", |a| matches!(a, "PutObject" | "PutObjectLegalHold")),
    ("s3:locationconstraint", |a| a == "CreateBucket"),
    ("s3:x-amz-bucket-namespace", |a| a == "CreateBucket"),
    ("s3:x-amz-object-ownership", |a| a == "CreateBucket"),
    ("s3:InventoryAccessibleOptionalFields", |a| a == "PutInventoryConfiguration"),
    ("s3:isReplicationPauseRequest", |a| a == "PutReplicationConfiguration"),
    ("s3:destinationRegion", |a| a == "PauseReplication"),
    ("s3:ExistingJobOperation", |a| a.contains("Job")),
    ("s3:ExistingJobPriority", |a| a.contains("Job")),
    ("s3:RequestJobOperation", |a| a.contains("Job")),
    ("s3:RequestJobPriority", |a| a.contains("Job")),
    ("s3:JobSuspendedCause", |a| a.contains("Job")),
];

fn listing(action: &str) -> bool {
    matches!(action, "ListBucket" | "ListBucketVersions")
}

fn encryption(action: &str) -> bool {
    matches!(action, "PutObject" | "ReplicateObject" | "UpdateObjectEncryption" | "BypassGovernanceRetention")
}

fn putting(action: &str) -> bool {
    matches!(action, "PutObject" | "BypassGovernanceRetention")
}

fn retention(action: &str) -> bool {
    matches!(action, "PutObject" | "PutObjectRetention" | "BypassGovernanceRetention")
}

fn request_tags(action: &str) -> bool {
    matches!(action, "PutObject" | "PutObjectTagging" | "PutObjectVersionTagging" | "BypassGovernanceRetention")
}

fn existing_tags(action: &str) -> bool {
    matches!(
        action,
        "GetObject"
            | "GetObjectVersion"
            | "GetObjectAcl"
            | "GetObjectVersionAcl"
            | "PutObjectAcl"
            | "PutObjectVersionAcl"
            | "GetObjectTagging"
            | "GetObjectVersionTagging"
            | "PutObjectTagging"
            | "PutObjectVersionTagging"
            | "DeleteObjectTagging"
            | "DeleteObjectVersionTagging"
            | "GetObjectAttributes"
            | "GetObjectVersionAttributes"
            | "UpdateObjectEncryption"
    ) || action.contains("Annotation")
}

const GLOBAL: &[&str] = &[
    "aws:AssumedRoot",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:ChatbotSourceArn",
    "aws:CurrentTime",
    "aws:Ec2InstanceSourcePrivateIPv4",
    "aws:Ec2InstanceSourceVpc",
    "aws:EpochTime",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalType",
    "aws:Referer",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:SourceOwner",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:ViaAWSService",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:userid",
    "aws:username",
];

/// What the values of a key are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyType {
    Text,
    Arn,
    Bool,
    Date,
    Number,
    Address,
}

const TYPED: &[(KeyType, &[&str])] = &[
    (
        KeyType::Bool,
        &[
            "aws:AssumedRoot",
            "aws:MultiFactorAuthPresent",
            "aws:PrincipalIsAWSService",
            "aws:SecureTransport",
            "aws:ViaAWSService",
            "s3:ObjectCreationOperation",
            "s3:isReplicationPauseRequest",
        ],
    ),
    (KeyType::Date, &["aws:CurrentTime", "aws:TokenIssueTime", "s3:object-lock-retain-until-date"]),
    (
        KeyType::Number,
        &[
            "aws:MultiFactorAuthAge",
            "s3:ExistingJobPriority",
            "s3:RequestJobPriority",
            "s3:TlsVersion",
            "s3:max-keys",
            "s3:object-lock-remaining-retention-days",
            "s3:signatureAge",
        ],
    ),
    (KeyType::Address, &["aws:Ec2InstanceSourcePrivateIPv4", "aws:SourceIp", "aws:VpcSourceIp"]),
    (
        KeyType::Arn,
        &[
            "aws:ChatbotSourceArn",
            "aws:PrincipalArn",
            "aws:SourceArn",
            "aws:SourceVpcArn",
            "s3:AccessGrantsInstanceArn",
            "s3:DataAccessPointArn",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
        ],
    ),
];

/// Keys with several values in one request.
const MULTIVALUED: &[&str] = &[
    "aws:CalledVia",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceNamesList",
    "aws:ResourceOrgPaths",
    "aws:SourceOrgPaths",
    "aws:TagKeys",
    "aws:VpceOrgPaths",
    "s3:InventoryAccessibleOptionalFields",
    "s3:RequestObjectTagKeys",
];

fn is_one_of(key: &str, known: &[&str]) -> bool {
    known.iter().any(|name| name.eq_ignore_ascii_case(key))
}

/// The type of a key; `None` where it is not known, or may be any (tags, `aws:EpochTime`).
pub(super) fn type_of(key: &str) -> Option<KeyType> {
    if let Some((kind, _)) = TYPED.iter().find(|(_, keys)| is_one_of(key, keys)) {
        return Some(*kind);
    }
    let tagged = TAGGED.iter().any(|prefix| key.to_ascii_lowercase().starts_with(&prefix.to_ascii_lowercase()));
    let known = EVERY_ACTION.iter().chain(GLOBAL).copied().chain(LIMITED.iter().map(|(name, _)| *name));
    let text = !tagged && !key.eq_ignore_ascii_case("aws:EpochTime") && is_one_of(key, &known.collect::<Vec<_>>());
    text.then_some(KeyType::Text)
}

/// Whether a request may have several values for the key; `None` where that is not known.
pub(super) fn is_multivalued(key: &str) -> Option<bool> {
    if is_one_of(key, MULTIVALUED) {
        return Some(true);
    }
    match look_up(key) {
        Key::EveryAction | Key::Only(_) => Some(false),
        Key::Global if key.get(..4).is_some_and(|service| service.eq_ignore_ascii_case("aws:")) => Some(false),
        Key::Global | Key::UnknownGlobal | Key::Unknown => None,
    }
}

/// Whether the key is a tag of the object, which few actions have.
pub(super) fn is_tag(key: &str) -> bool {
    ["s3:ExistingObjectTag/", "s3:RequestObjectTag/"]
        .iter()
        .any(|prefix| key.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix)))
}

/// Looks a key up; letter case has no meaning.
pub(super) fn look_up(key: &str) -> Key {
    let Some((service, _)) = key.split_once(':') else {
        return Key::Unknown;
    };
    for prefix in TAGGED {
        if let Some((head, tag)) = key.split_at_checked(prefix.len())
            && head.eq_ignore_ascii_case(prefix)
        {
            return match (*prefix, tag.is_empty()) {
                (_, true) => Key::Unknown,
                ("s3:ExistingObjectTag/", _) => Key::Only(existing_tags),
                ("s3:RequestObjectTag/", _) => Key::Only(request_tags),
                (prefix, _) if prefix.starts_with("s3:") => Key::EveryAction,
                _ => Key::Global,
            };
        }
    }
    let is_key = |known: &&&str| known.eq_ignore_ascii_case(key);
    if EVERY_ACTION.iter().find(is_key).is_some() {
        return Key::EveryAction;
    }
    if let Some((_, only)) = LIMITED.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)) {
        return Key::Only(*only);
    }
    if GLOBAL.iter().find(is_key).is_some() {
        return Key::Global;
    }
    match service.to_ascii_lowercase().as_str() {
        "aws" => Key::UnknownGlobal,
        "s3" => Key::Unknown,
        // Keys of identity providers, such as `graph.facebook.com:app_id` or `saml:aud`.
        "saml" | "sts" => Key::Global,
        provider if provider.contains('.') => Key::Global,
        _ => Key::Unknown,
    }
}

/// Every key known, those of S3 first. A tag's name is still to be added to those that end in a slash.
pub(super) fn known_keys() -> impl Iterator<Item = &'static str> {
    LIMITED
        .iter()
        .map(|(name, _)| *name)
        .chain(EVERY_ACTION.iter().copied())
        .chain(TAGGED.iter().copied())
        .chain(GLOBAL.iter().copied())
}

/// The key that is probably meant by one that is not known.
pub(super) fn meant(key: &str) -> Option<&'static str> {
    let names: Vec<&'static str> =
        EVERY_ACTION.iter().chain(GLOBAL).copied().chain(LIMITED.iter().map(|(name, _)| *name)).collect();
    nearest(key, &names).or_else(|| {
        let bare = key.split_once(':').map_or(key, |(_, bare)| bare);
        names.into_iter().find(|name| name.split_once(':').is_some_and(|(_, known)| known.eq_ignore_ascii_case(bare)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("s3:prefix", "ListBucket", true)]
    #[test_case("S3:Prefix", "GetObject", false; "case has no meaning")]
    #[test_case("s3:ExistingObjectTag/team", "GetObject", true; "tags of a file read")]
    #[test_case("s3:ExistingObjectTag/team", "PutObject", false; "tags of a file put")]
    #[test_case("s3:RequestObjectTag/team", "PutObject", true; "tags in the request")]
    #[test_case("s3:versionid", "GetObjectVersion", true; "version of a file")]
    #[test_case("s3:versionid", "ListBucketVersions", false; "listing has no version id")]
    #[test_case("s3:x-amz-acl", "PutObject", true; "acl header")]
    fn limited_keys(key: &str, action: &str, expected: bool) {
        let Key::Only(has) = look_up(key) else { panic!("{key} is not limited") };
        assert_eq!(has(action), expected);
    }

    #[test_case("s3:foo", Key::Unknown)]
    #[test_case("SourceIp", Key::Unknown; "no service")]
    #[test_case("s3:ExistingObjectTag/", Key::Unknown; "no tag")]
    #[test_case("kms:ViaService", Key::Unknown; "another service")]
    #[test_case("AWS:SourceArn", Key::Global; "case of a global key")]
    #[test_case("aws:PrincipalTag/team", Key::Global; "principal tag")]
    #[test_case("aws:Sourceipp", Key::UnknownGlobal; "typing mistake")]
    #[test_case("graph.facebook.com:app_id", Key::Global; "provider")]
    #[test_case("s3:signatureAge", Key::EveryAction)]
    fn kinds(key: &str, expected: Key) {
        let kind = std::mem::discriminant;
        assert_eq!(kind(&look_up(key)), kind(&expected));
    }

    #[test_case("aws:SourceIP4", Some("aws:SourceIp"); "near")]
    #[test_case("SourceIp", Some("aws:SourceIp"); "service forgotten")]
    #[test_case("s3:foo", None; "far")]
    fn meanings(key: &str, expected: Option<&str>) {
        assert_eq!(meant(key), expected);
    }
}
