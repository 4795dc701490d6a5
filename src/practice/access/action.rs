//! Which permission an operation needs.

use http::HeaderMap;

/// What the resource of an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Bucket,
    Object,
}

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
        "PutObjectLockConfiguration" => Some(("s3:PutBucketObjectLockConfiguration", Bucket)),
        "GetObjectRetention" => Some(("s3:GetObjectRetention", Object)),
        "PutObjectRetention" => Some(("s3:PutObjectRetention", Object)),
        "GetObjectLegalHold" => Some(("s3:GetObjectLegalHold", Object)),
        "PutObjectLegalHold" => Some(("s3:PutObjectLegalHold", Object)),
        "RestoreObject" => Some(("s3:RestoreObject", Object)),
        "SelectObjectContent" => Some(("s3:GetObject", Object)),
        "GetObjectTorrent" => by_version("s3:GetObjectTorrent", "s3:GetObjectVersionTorrent"),
        _ => None,
    }
}

/// Whether AWS lists `s3:ExistingObjectTag` for an action: those that read an object, its list or its tags.
pub(super) fn knows_existing_tags(action: &str) -> bool {
    let name = action.strip_prefix("s3:").unwrap_or(action);
    matches!(name, "GetObject" | "GetObjectVersion" | "PutObjectAcl" | "PutObjectVersionAcl")
        || ["GetObjectAcl", "GetObjectVersionAcl", "GetObjectAttributes", "GetObjectVersionAttributes"].contains(&name)
        || name.ends_with("Tagging")
}

/// What a request needs besides the action of its operation.
pub(super) fn extra_actions(operation: &str, headers: &HeaderMap) -> impl Iterator<Item = &'static str> + use<> {
    let writes = matches!(operation, "PutObject" | "CopyObject" | "CreateMultipartUpload");
    let deletes = matches!(operation, "DeleteObject" | "PutObjectRetention");
    let has = |name: &str| headers.contains_key(name);
    let acl = has("x-amz-acl") || headers.keys().any(|name| name.as_str().starts_with("x-amz-grant-"));
    let locks = has("x-amz-object-lock-mode") || has("x-amz-object-lock-retain-until-date");
    [
        (writes && has("x-amz-tagging"), "s3:PutObjectTagging"),
        (writes && acl, "s3:PutObjectAcl"),
        (writes && locks, "s3:PutObjectRetention"),
        (writes && has("x-amz-object-lock-legal-hold"), "s3:PutObjectLegalHold"),
        (deletes && has("x-amz-bypass-governance-retention"), "s3:BypassGovernanceRetention"),
    ]
    .into_iter()
    .filter_map(|(needed, action)| needed.then_some(action))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("HeadObject", false, Some("s3:GetObject"); "a head is a get")]
    #[test_case("GetObject", true, Some("s3:GetObjectVersion"); "a version has an action of its own")]
    #[test_case("HeadBucket", false, Some("s3:ListBucket"); "looking up a bucket is listing it")]
    #[test_case("DeleteBucketLifecycle", false, Some("s3:PutLifecycleConfiguration"); "removing is putting")]
    #[test_case("ListBucketInventoryConfigurations", false, Some("s3:GetInventoryConfiguration"); "a list of reports")]
    #[test_case("DeleteBucketMetricsConfiguration", false, Some("s3:PutMetricsConfiguration"); "removing a report")]
    #[test_case("WriteGetObjectResponse", false, None; "nothing is known of others")]
    fn actions(operation: &str, versioned: bool, expected: Option<&str>) {
        assert_eq!(action_of(operation, versioned).map(|(action, _)| action), expected);
    }

    #[test]
    fn tags_and_lists_of_a_write_need_more() {
        let mut headers = HeaderMap::new();
        headers.insert("x-amz-tagging", http::HeaderValue::from_static("a=b"));
        headers.insert("x-amz-grant-read", http::HeaderValue::from_static("id=x"));
        let extra = |operation| extra_actions(operation, &headers).collect::<Vec<_>>();
        assert_eq!(extra("PutObject"), ["s3:PutObjectTagging", "s3:PutObjectAcl"]);
        assert!(extra("UploadPart").is_empty());
    }

    #[test]
    fn every_action_is_one_that_policies_can_name() {
        for operation in ["ListObjectVersions", "ListParts", "GetBucketCors", "PutBucketEncryption", "RestoreObject"] {
            let (action, _) = action_of(operation, false).unwrap();
            assert!(crate::domain::policy::known_actions().any(|(known, _)| action.ends_with(known)), "{action}");
        }
    }
}
