//! What an operation is in plain words, and which permission it needs.
//!
//! Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3", and Amazon S3
//! User Guide, "Required permissions for Amazon S3 API operations".

/// How an operation is spoken of, and what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// After "may not" and "could not"; `{}` is the bucket or the key.
    pub verb: &'static str,
    /// The permission it needs.
    pub action: Option<&'static str>,
}

/// The words for `operation`; unknown ones get words that are true of any.
#[must_use]
pub fn words(operation: &str) -> Words {
    let (verb, action) = match operation {
        "ListBuckets" => ("list the buckets", "s3:ListAllMyBuckets"),
        "CreateBucket" => ("make {}", "s3:CreateBucket"),
        "HeadBucket" => ("look into {}", "s3:ListBucket"),
        "DeleteBucket" => ("delete {}", "s3:DeleteBucket"),
        "GetBucketLocation" => ("ask where {} lies", "s3:GetBucketLocation"),
        "ListObjectsV2" | "ListObjects" => ("see what is in {}", "s3:ListBucket"),
        "ListObjectVersions" => ("see the versions in {}", "s3:ListBucketVersions"),
        "ListParts" => ("see the parts of {}", "s3:ListMultipartUploadParts"),
        "ListMultipartUploads" => ("see unfinished uploads in {}", "s3:ListBucketMultipartUploads"),
        "HeadObject" | "GetObject" => ("read {}", "s3:GetObject"),
        "GetObjectTagging" => ("read the tags of {}", "s3:GetObjectTagging"),
        "PutObjectTagging" => ("change the tags of {}", "s3:PutObjectTagging"),
        "GetObjectAcl" => ("read the access list of {}", "s3:GetObjectAcl"),
        "PutObjectAcl" => ("change the access list of {}", "s3:PutObjectAcl"),
        "PutObject" | "CreateMultipartUpload" | "UploadPart" | "CompleteMultipartUpload" => {
            ("write {}", "s3:PutObject")
        }
        "CopyObject" | "UploadPartCopy" => ("copy {}", "s3:PutObject"),
        "RestoreObject" => ("fetch {} from its archive", "s3:RestoreObject"),
        "AbortMultipartUpload" => ("call off the upload of {}", "s3:AbortMultipartUpload"),
        "DeleteObject" | "DeleteObjects" => ("delete {}", "s3:DeleteObject"),
        "GetPublicAccessBlock" => ("read Block Public Access of {}", "s3:GetBucketPublicAccessBlock"),
        "PutPublicAccessBlock" | "DeletePublicAccessBlock" => {
            ("change Block Public Access of {}", "s3:PutBucketPublicAccessBlock")
        }
        "GetAccountPublicAccessBlock" => ("read Block Public Access of the account", "s3:GetAccountPublicAccessBlock"),
        "PutAccountPublicAccessBlock" => {
            ("change Block Public Access of the account", "s3:PutAccountPublicAccessBlock")
        }
        "GetBucketOwnershipControls" => ("read Object Ownership of {}", "s3:GetBucketOwnershipControls"),
        "PutBucketOwnershipControls" => ("change Object Ownership of {}", "s3:PutBucketOwnershipControls"),
        "GetBucketAcl" => ("read the access list of {}", "s3:GetBucketAcl"),
        "GetBucketVersioning" => ("read versioning of {}", "s3:GetBucketVersioning"),
        "PutBucketVersioning" => ("change versioning of {}", "s3:PutBucketVersioning"),
        "GetBucketEncryption" => ("read encryption of {}", "s3:GetEncryptionConfiguration"),
        "PutBucketEncryption" => ("change encryption of {}", "s3:PutEncryptionConfiguration"),
        "GetBucketTagging" => ("read the tags of {}", "s3:GetBucketTagging"),
        "PutBucketTagging" | "DeleteBucketTagging" => ("change the tags of {}", "s3:PutBucketTagging"),
        "GetBucketCors" => ("read the CORS rules of {}", "s3:GetBucketCORS"),
        "PutBucketCors" | "DeleteBucketCors" => ("change the CORS rules of {}", "s3:PutBucketCORS"),
        "GetBucketLifecycleConfiguration" => ("read the lifecycle rules of {}", "s3:GetLifecycleConfiguration"),
        "PutBucketLifecycleConfiguration" | "DeleteBucketLifecycle" => {
            ("change the lifecycle rules of {}", "s3:PutLifecycleConfiguration")
        }
        "GetBucketWebsite" => ("read the website settings of {}", "s3:GetBucketWebsite"),
        "PutBucketWebsite" => ("change the website settings of {}", "s3:PutBucketWebsite"),
        "DeleteBucketWebsite" => ("stop {} from being a website", "s3:DeleteBucketWebsite"),
        "PutBucketAcl" => ("change the access list of {}", "s3:PutBucketAcl"),
        "DeleteBucketEncryption" => ("change encryption of {}", "s3:PutEncryptionConfiguration"),
        "DeleteBucketOwnershipControls" => ("change Object Ownership of {}", "s3:PutBucketOwnershipControls"),
        "GetBucketLogging" => ("read where the access log of {} goes", "s3:GetBucketLogging"),
        "PutBucketLogging" => ("change where the access log of {} goes", "s3:PutBucketLogging"),
        "GetBucketRequestPayment" => ("read who pays for {}", "s3:GetBucketRequestPayment"),
        "PutBucketRequestPayment" => ("change who pays for {}", "s3:PutBucketRequestPayment"),
        "GetBucketAccelerateConfiguration" => ("read transfer acceleration of {}", "s3:GetAccelerateConfiguration"),
        "PutBucketAccelerateConfiguration" => ("change transfer acceleration of {}", "s3:PutAccelerateConfiguration"),
        "GetObjectLockConfiguration" => ("read Object Lock of {}", "s3:GetBucketObjectLockConfiguration"),
        "PutObjectLockConfiguration" => ("change Object Lock of {}", "s3:PutBucketObjectLockConfiguration"),
        "GetBucketNotificationConfiguration" => ("read the notifications of {}", "s3:GetBucketNotification"),
        "GetBucketReplication" => ("read replication of {}", "s3:GetReplicationConfiguration"),
        "GetBucketPolicy" => ("read the policy of {}", "s3:GetBucketPolicy"),
        "PutBucketPolicy" => ("change the policy of {}", "s3:PutBucketPolicy"),
        "DeleteBucketPolicy" => ("remove the policy of {}", "s3:DeleteBucketPolicy"),
        "GetBucketPolicyStatus" => ("ask whether the policy of {} is public", "s3:GetBucketPolicyStatus"),
        "GetCallerIdentity" => return Words { verb: "ask who is signed in", action: None },
        "Presign" => return Words { verb: "make a link to {}", action: None },
        "Probe" => return Words { verb: "fetch the address", action: None },
        _ => return Words { verb: "do this", action: None },
    };
    Words { verb, action: Some(action) }
}

/// The permission that an operation needs where it names a version of an object.
#[must_use]
pub fn action_of_version(operation: &str) -> Option<&'static str> {
    Some(match operation {
        "HeadObject" | "GetObject" => "s3:GetObjectVersion",
        "GetObjectTagging" => "s3:GetObjectVersionTagging",
        "GetObjectAcl" => "s3:GetObjectVersionAcl",
        "DeleteObject" | "DeleteObjects" => "s3:DeleteObjectVersion",
        _ => return words(operation).action,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::action_scope;
    use test_case::test_case;

    #[test_case("HeadObject", Some("s3:GetObject"), Some("s3:GetObjectVersion"); "a head is a get")]
    #[test_case("HeadBucket", Some("s3:ListBucket"), Some("s3:ListBucket"); "looking up a bucket is listing it")]
    #[test_case("GetBucketEncryption", Some("s3:GetEncryptionConfiguration"), Some("s3:GetEncryptionConfiguration"); "another name")]
    #[test_case("DeleteObjects", Some("s3:DeleteObject"), Some("s3:DeleteObjectVersion"); "many at once")]
    #[test_case("GetCallerIdentity", None, None; "everybody may ask who they are")]
    fn permissions(operation: &str, plain: Option<&str>, of_version: Option<&str>) {
        assert_eq!((words(operation).action, action_of_version(operation)), (plain, of_version));
        assert!([plain, of_version].into_iter().flatten().all(|action| action_scope(action).is_some()));
    }
}
