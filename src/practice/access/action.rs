//! Which permission an operation needs.

use http::HeaderMap;

/// What the resource of an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Bucket,
    Object,
}

/// Headers that are condition keys under their own names.
pub(super) const HEADER_KEYS: &[&str] = &[
    "x-amz-acl",
    "x-amz-grant-read",
    "x-amz-grant-write",
    "x-amz-grant-read-acp",
    "x-amz-grant-write-acp",
    "x-amz-grant-full-control",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-website-redirect-location",
    "x-amz-content-sha256",
    "if-match",
    "if-none-match",
];

/// The action of an operation; operations and actions differ in name where AWS lets them.
pub(super) fn action_of(operation: &str, versioned: bool) -> Option<(&'static str, Level)> {
    use Level::{Bucket, Object};
    let by_version = |plain, version| Some((if versioned { version } else { plain }, Object));
    match operation {
        "GetObject" | "HeadObject" => by_version("s3:GetObject", "s3:GetObjectVersion"),
        "GetObjectAttributes" => by_version("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes"),
        "DeleteObject" => by_version("s3:DeleteObject", "s3:DeleteObjectVersion"),
        "DeleteObjects" => Some(("s3:DeleteObject", Object)),
        "GetObjectAcl" => by_version("s3:GetObjectAcl", "s3:GetObjectVersionAcl"),
        "PutObjectAcl" => by_version("s3:PutObjectAcl", "s3:PutObjectVersionAcl"),
        "GetObjectTagging" => by_version("s3:GetObjectTagging", "s3:GetObjectVersionTagging"),
        "PutObjectTagging" => by_version("s3:PutObjectTagging", "s3:PutObjectVersionTagging"),
        "DeleteObjectTagging" => by_version("s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"),
        "PutObject"
        | "PostObject"
        | "CopyObject"
        | "CreateMultipartUpload"
        | "UploadPart"
        | "UploadPartCopy"
        | "CompleteMultipartUpload" => Some(("s3:PutObject", Object)),
        "AbortMultipartUpload" => Some(("s3:AbortMultipartUpload", Object)),
        "ListParts" => Some(("s3:ListMultipartUploadParts", Object)),
        "HeadBucket" | "ListObjects" | "ListObjectsV2" => Some(("s3:ListBucket", Bucket)),
        "ListObjectVersions" => Some(("s3:ListBucketVersions", Bucket)),
        "ListMultipartUploads" => Some(("s3:ListBucketMultipartUploads", Bucket)),
        "GetBucketLocation" => Some(("s3:GetBucketLocation", Bucket)),
        "DeleteBucket" => Some(("s3:DeleteBucket", Bucket)),
        "GetBucketPolicy" => Some(("s3:GetBucketPolicy", Bucket)),
        "PutBucketPolicy" => Some(("s3:PutBucketPolicy", Bucket)),
        "DeleteBucketPolicy" => Some(("s3:DeleteBucketPolicy", Bucket)),
        "GetBucketPolicyStatus" => Some(("s3:GetBucketPolicyStatus", Bucket)),
        "GetPublicAccessBlock" => Some(("s3:GetBucketPublicAccessBlock", Bucket)),
        "PutPublicAccessBlock" | "DeletePublicAccessBlock" => Some(("s3:PutBucketPublicAccessBlock", Bucket)),
        "GetBucketOwnershipControls" => Some(("s3:GetBucketOwnershipControls", Bucket)),
        "PutBucketOwnershipControls" | "DeleteBucketOwnershipControls" => {
            Some(("s3:PutBucketOwnershipControls", Bucket))
        }
        "GetBucketAcl" => Some(("s3:GetBucketAcl", Bucket)),
        "PutBucketAcl" => Some(("s3:PutBucketAcl", Bucket)),
        "GetBucketTagging" => Some(("s3:GetBucketTagging", Bucket)),
        "PutBucketTagging" | "DeleteBucketTagging" => Some(("s3:PutBucketTagging", Bucket)),
        "GetBucketVersioning" => Some(("s3:GetBucketVersioning", Bucket)),
        "PutBucketVersioning" => Some(("s3:PutBucketVersioning", Bucket)),
        "GetBucketEncryption" => Some(("s3:GetEncryptionConfiguration", Bucket)),
        "PutBucketEncryption" | "DeleteBucketEncryption" => Some(("s3:PutEncryptionConfiguration", Bucket)),
        "GetBucketCors" => Some(("s3:GetBucketCORS", Bucket)),
        "PutBucketCors" | "DeleteBucketCors" => Some(("s3:PutBucketCORS", Bucket)),
        "GetBucketLifecycleConfiguration" => Some(("s3:GetLifecycleConfiguration", Bucket)),
        "PutBucketLifecycleConfiguration" | "DeleteBucketLifecycle" => Some(("s3:PutLifecycleConfiguration", Bucket)),
        "GetBucketRequestPayment" => Some(("s3:GetBucketRequestPayment", Bucket)),
        "PutBucketRequestPayment" => Some(("s3:PutBucketRequestPayment", Bucket)),
        "GetBucketLogging" => Some(("s3:GetBucketLogging", Bucket)),
        "PutBucketLogging" => Some(("s3:PutBucketLogging", Bucket)),
        "GetBucketNotificationConfiguration" => Some(("s3:GetBucketNotification", Bucket)),
        "PutBucketNotificationConfiguration" => Some(("s3:PutBucketNotification", Bucket)),
        "GetBucketAccelerateConfiguration" => Some(("s3:GetAccelerateConfiguration", Bucket)),
        "PutBucketAccelerateConfiguration" => Some(("s3:PutAccelerateConfiguration", Bucket)),
        "GetBucketWebsite" => Some(("s3:GetBucketWebsite", Bucket)),
        "PutBucketWebsite" => Some(("s3:PutBucketWebsite", Bucket)),
        "DeleteBucketWebsite" => Some(("s3:DeleteBucketWebsite", Bucket)),
        "GetBucketReplication" => Some(("s3:GetReplicationConfiguration", Bucket)),
        "PutBucketReplication" | "DeleteBucketReplication" => Some(("s3:PutReplicationConfiguration", Bucket)),
        "GetBucketInventoryConfiguration" | "ListBucketInventoryConfigurations" => {
            Some(("s3:GetInventoryConfiguration", Bucket))
        }
        "PutBucketInventoryConfiguration" | "DeleteBucketInventoryConfiguration" => {
            Some(("s3:PutInventoryConfiguration", Bucket))
        }
        "GetBucketMetricsConfiguration" | "ListBucketMetricsConfigurations" => {
            Some(("s3:GetMetricsConfiguration", Bucket))
        }
        "PutBucketMetricsConfiguration" | "DeleteBucketMetricsConfiguration" => {
            Some(("s3:PutMetricsConfiguration", Bucket))
        }
        "GetBucketAnalyticsConfiguration" | "ListBucketAnalyticsConfigurations" => {
            Some(("s3:GetAnalyticsConfiguration", Bucket))
        }
        "PutBucketAnalyticsConfiguration" | "DeleteBucketAnalyticsConfiguration" => {
            Some(("s3:PutAnalyticsConfiguration", Bucket))
        }
        "GetBucketIntelligentTieringConfiguration" | "ListBucketIntelligentTieringConfigurations" => {
            Some(("s3:GetIntelligentTieringConfiguration", Bucket))
        }
        "PutBucketIntelligentTieringConfiguration" | "DeleteBucketIntelligentTieringConfiguration" => {
            Some(("s3:PutIntelligentTieringConfiguration", Bucket))
        }
        "GetObjectLockConfiguration" => Some(("s3:GetBucketObjectLockConfiguration", Bucket)),
        _ => None,
    }
}

/// What a write needs besides its own action.
pub(super) fn extra_actions(operation: &str, headers: &HeaderMap) -> impl Iterator<Item = &'static str> + use<> {
    let writes = matches!(operation, "PutObject" | "CopyObject" | "CreateMultipartUpload");
    let tags = writes && headers.contains_key("x-amz-tagging");
    let acl = writes && headers.keys().any(|name| name == "x-amz-acl" || name.as_str().starts_with("x-amz-grant-"));
    [tags.then_some("s3:PutObjectTagging"), acl.then_some("s3:PutObjectAcl")].into_iter().flatten()
}
