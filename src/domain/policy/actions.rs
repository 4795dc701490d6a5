//! What S3 can be asked to do, and on what.
//!
//! Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for Amazon
//! S3" (August 2026). A dated list: S3 may know newer actions.

use std::sync::LazyLock;

use super::glob;
use crate::domain::spelling::nearest;

/// What kind of resource an action works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActionScope {
    /// Objects: the resource names keys, `arn:aws:s3:::bucket/…`.
    Object,
    /// The bucket: `arn:aws:s3:::bucket`.
    Bucket,
    /// Neither, such as `ListAllMyBuckets`: of no use in a bucket policy.
    Elsewhere,
}

/// On objects.
const OBJECT: &[&str] = &[
    "AbortMultipartUpload",
    "BypassGovernanceRetention",
    "DeleteObject",
    "DeleteObjectAnnotation",
    "DeleteObjectTagging",
    "DeleteObjectVersion",
    "DeleteObjectVersionAnnotation",
    "DeleteObjectVersionTagging",
    "GetObject",
    "GetObjectAcl",
    "GetObjectAnnotation",
    "GetObjectAttributes",
    "GetObjectLegalHold",
    "GetObjectRetention",
    "GetObjectTagging",
    "GetObjectTorrent",
    "GetObjectVersion",
    "GetObjectVersionAcl",
    "GetObjectVersionAnnotation",
    "GetObjectVersionAnnotationForReplication",
    "GetObjectVersionAttributes",
    "GetObjectVersionForReplication",
    "GetObjectVersionTagging",
    "GetObjectVersionTorrent",
    "InitiateReplication",
    "ListMultipartUploadParts",
    "ListObjectAnnotations",
    "ListObjectVersionAnnotations",
    "ObjectOwnerOverrideToBucketOwner",
    "PutObject",
    "PutObjectAcl",
    "PutObjectAnnotation",
    "PutObjectLegalHold",
    "PutObjectRetention",
    "PutObjectTagging",
    "PutObjectVersionAcl",
    "PutObjectVersionAnnotation",
    "PutObjectVersionTagging",
    "ReplicateDelete",
    "ReplicateObject",
    "ReplicateObjectAnnotation",
    "ReplicateTags",
    "RestoreObject",
    "UpdateObjectEncryption",
];

/// On the bucket.
const BUCKET: &[&str] = &[
    "AllowVendedLogDeliveryForResource",
    "CreateBucket",
    "CreateBucketMetadataTableConfiguration",
    "DeleteBucket",
    "DeleteBucketMetadataTableConfiguration",
    "DeleteBucketPolicy",
    "DeleteBucketWebsite",
    "GetAccelerateConfiguration",
    "GetAnalyticsConfiguration",
    "GetBucketAbac",
    "GetBucketAcl",
    "GetBucketCORS",
    "GetBucketLocation",
    "GetBucketLogging",
    "GetBucketMetadataTableConfiguration",
    "GetBucketNotification",
    "GetBucketObjectLockConfiguration",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPolicyStatus",
    "GetBucketPublicAccessBlock",
    "GetBucketRequestPayment",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetBucketWebsite",
    "GetEncryptionConfiguration",
    "GetIntelligentTieringConfiguration",
    "GetInventoryConfiguration",
    "GetLifecycleConfiguration",
    "GetMetricsConfiguration",
    "GetReplicationConfiguration",
    "ListBucket",
    "ListBucketMultipartUploads",
    "ListBucketVersions",
    "ListTagsForResource",
    "PauseReplication",
    "PutAccelerateConfiguration",
    "PutAnalyticsConfiguration",
    "PutBucketAbac",
    "PutBucketAcl",
    "PutBucketCORS",
    "PutBucketLogging",
    "PutBucketNotification",
    "PutBucketObjectLockConfiguration",
    "PutBucketOwnershipControls",
    "PutBucketPolicy",
    "PutBucketPublicAccessBlock",
    "PutBucketRequestPayment",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutBucketWebsite",
    "PutEncryptionConfiguration",
    "PutIntelligentTieringConfiguration",
    "PutInventoryConfiguration",
    "PutLifecycleConfiguration",
    "PutMetricsConfiguration",
    "PutReplicationConfiguration",
    "TagResource",
    "UntagResource",
    "UpdateBucketMetadataAnnotationTableConfiguration",
    "UpdateBucketMetadataInventoryTableConfiguration",
    "UpdateBucketMetadataJournalTableConfiguration",
];

/// On access points, jobs, accounts and other things.
const ELSEWHERE: &[&str] = &[
    "AssociateAccessGrantsIdentityCenter",
    "CreateAccessGrant",
    "CreateAccessGrantsInstance",
    "CreateAccessGrantsLocation",
    "CreateAccessPoint",
    "CreateAccessPointForObjectLambda",
    "CreateJob",
    "CreateMultiRegionAccessPoint",
    "CreateStorageLensGroup",
    "DeleteAccessGrant",
    "DeleteAccessGrantsInstance",
    "DeleteAccessGrantsInstanceResourcePolicy",
    "DeleteAccessGrantsLocation",
    "DeleteAccessPoint",
    "DeleteAccessPointForObjectLambda",
    "DeleteAccessPointPolicy",
    "DeleteAccessPointPolicyForObjectLambda",
    "DeleteJobTagging",
    "DeleteMultiRegionAccessPoint",
    "DeleteStorageLensConfiguration",
    "DeleteStorageLensConfigurationTagging",
    "DeleteStorageLensGroup",
    "DescribeJob",
    "DescribeMultiRegionAccessPointOperation",
    "DissociateAccessGrantsIdentityCenter",
    "GetAccessGrant",
    "GetAccessGrantsInstance",
    "GetAccessGrantsInstanceForPrefix",
    "GetAccessGrantsInstanceResourcePolicy",
    "GetAccessGrantsLocation",
    "GetAccessPoint",
    "GetAccessPointConfigurationForObjectLambda",
    "GetAccessPointForObjectLambda",
    "GetAccessPointPolicy",
    "GetAccessPointPolicyForObjectLambda",
    "GetAccessPointPolicyStatus",
    "GetAccessPointPolicyStatusForObjectLambda",
    "GetAccountPublicAccessBlock",
    "GetDataAccess",
    "GetJobTagging",
    "GetMultiRegionAccessPoint",
    "GetMultiRegionAccessPointPolicy",
    "GetMultiRegionAccessPointPolicyStatus",
    "GetMultiRegionAccessPointRoutes",
    "GetStorageLensConfiguration",
    "GetStorageLensConfigurationTagging",
    "GetStorageLensDashboard",
    "GetStorageLensGroup",
    "ListAccessGrants",
    "ListAccessGrantsInstances",
    "ListAccessGrantsLocations",
    "ListAccessPoints",
    "ListAccessPointsForObjectLambda",
    "ListAllMyBuckets",
    "ListCallerAccessGrants",
    "ListJobs",
    "ListMultiRegionAccessPoints",
    "ListStorageLensConfigurations",
    "ListStorageLensGroups",
    "PutAccessGrantsInstanceResourcePolicy",
    "PutAccessPointConfigurationForObjectLambda",
    "PutAccessPointPolicy",
    "PutAccessPointPolicyForObjectLambda",
    "PutAccessPointPublicAccessBlock",
    "PutAccountPublicAccessBlock",
    "PutJobTagging",
    "PutMultiRegionAccessPointPolicy",
    "PutStorageLensConfiguration",
    "PutStorageLensConfigurationTagging",
    "SubmitMultiRegionAccessPointRoutes",
    "UpdateAccessGrantsLocation",
    "UpdateJobPriority",
    "UpdateJobStatus",
    "UpdateStorageLensGroup",
];

/// API operations whose permission has another name.
const OPERATIONS: &[(&str, &str)] = &[
    ("CompleteMultipartUpload", "PutObject"),
    ("CopyObject", "PutObject"),
    ("CreateMultipartUpload", "PutObject"),
    ("DeleteBucketCors", "PutBucketCORS"),
    ("DeleteBucketEncryption", "PutEncryptionConfiguration"),
    ("DeleteBucketLifecycle", "PutLifecycleConfiguration"),
    ("DeleteBucketTagging", "PutBucketTagging"),
    ("DeleteObjects", "DeleteObject"),
    ("DeletePublicAccessBlock", "PutBucketPublicAccessBlock"),
    ("GetBucketEncryption", "GetEncryptionConfiguration"),
    ("GetBucketLifecycle", "GetLifecycleConfiguration"),
    ("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
    ("GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
    ("HeadBucket", "ListBucket"),
    ("HeadObject", "GetObject"),
    ("ListMultipartUploads", "ListBucketMultipartUploads"),
    ("ListObjectVersions", "ListBucketVersions"),
    ("ListObjects", "ListBucket"),
    ("ListObjectsV2", "ListBucket"),
    ("ListParts", "ListMultipartUploadParts"),
    ("PutBucketEncryption", "PutEncryptionConfiguration"),
    ("PutBucketLifecycle", "PutLifecycleConfiguration"),
    ("PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
    ("PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
    ("UploadPart", "PutObject"),
];

/// Every action known, without `s3:`, with what it works on.
pub fn known_actions() -> impl Iterator<Item = (&'static str, ActionScope)> {
    let with = |scope| move |name: &&'static str| (*name, scope);
    OBJECT
        .iter()
        .map(with(ActionScope::Object))
        .chain(BUCKET.iter().map(with(ActionScope::Bucket)))
        .chain(ELSEWHERE.iter().map(with(ActionScope::Elsewhere)))
}

/// What an action written as `s3:GetObject` works on; `None` for actions not known. Letter case has
/// no meaning.
#[must_use]
pub fn action_scope(action: &str) -> Option<ActionScope> {
    let name = without_service(action)?;
    known_actions().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, scope)| scope)
}

fn without_service(action: &str) -> Option<&str> {
    let (service, name) = action.split_once(':')?;
    service.eq_ignore_ascii_case("s3").then_some(name)
}

/// Every action with its name in small letters.
static FOLDED: LazyLock<Vec<(String, &'static str, ActionScope)>> =
    LazyLock::new(|| known_actions().map(|(name, scope)| (name.to_ascii_lowercase(), name, scope)).collect());

/// The known actions that a policy's action pattern covers.
pub(super) fn covered(pattern: &str) -> Vec<(&'static str, ActionScope)> {
    let name = match pattern {
        "*" => "*",
        _ => without_service(pattern).unwrap_or_default(),
    };
    let name = name.to_ascii_lowercase();
    let found = |covers: &dyn Fn(&str) -> bool| {
        FOLDED.iter().filter(|(folded, ..)| covers(folded)).map(|(_, known, scope)| (*known, *scope)).collect()
    };
    if glob::has_wildcard(&name) {
        let tokens = glob::compile(&name);
        found(&|folded| glob::matches_tokens(&tokens, folded))
    } else {
        found(&|folded| folded == name)
    }
}

/// The action that is probably meant by one that S3 does not have, with `s3:`.
#[must_use]
pub fn meant(action: &str) -> Option<String> {
    let name = action.split_once(':').map_or(action, |(_, name)| name);
    if let Some((_, permission)) = OPERATIONS.iter().find(|(operation, _)| operation.eq_ignore_ascii_case(name)) {
        return Some(format!("s3:{permission}"));
    }
    if !action.contains(':') && glob::has_wildcard(name) && !covered(&format!("s3:{name}")).is_empty() {
        return Some(format!("s3:{name}"));
    }
    let names: Vec<&str> = known_actions().map(|(name, _)| name).collect();
    nearest(name, &names).map(|near| format!("s3:{near}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("s3:GetObject", Some(ActionScope::Object))]
    #[test_case("S3:getobject", Some(ActionScope::Object); "case has no meaning")]
    #[test_case("s3:ListBucket", Some(ActionScope::Bucket))]
    #[test_case("s3:ListAllMyBuckets", Some(ActionScope::Elsewhere))]
    #[test_case("s3:GetObjects", None; "no such action")]
    #[test_case("GetObject", None; "no service")]
    fn scopes(action: &str, expected: Option<ActionScope>) {
        assert_eq!(action_scope(action), expected);
    }

    #[test_case("s3:HeadObject", Some("s3:GetObject"); "an operation")]
    #[test_case("s3:ListObjectsV2", Some("s3:ListBucket"); "another operation")]
    #[test_case("GetObject", Some("s3:GetObject"); "no service")]
    #[test_case("Get*", Some("s3:Get*"); "pattern without service")]
    #[test_case("s3:GetObjects", Some("s3:GetObject"); "one letter too many")]
    #[test_case("s3:MakeCoffee", None; "nothing near")]
    fn meanings(action: &str, expected: Option<&str>) {
        assert_eq!(meant(action).as_deref(), expected);
    }

    #[test]
    fn every_operation_names_a_known_permission() {
        for (operation, permission) in OPERATIONS {
            assert!(action_scope(&format!("s3:{permission}")).is_some(), "{permission}");
            assert!(action_scope(&format!("s3:{operation}")).is_none(), "{operation}");
        }
    }

    #[test]
    fn no_action_stands_in_two_lists() {
        let mut names: Vec<&str> = known_actions().map(|(name, _)| name).collect();
        let before = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), before);
    }
}
