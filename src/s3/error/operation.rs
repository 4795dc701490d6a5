//! What an operation is in plain words, and which permission it needs.

/// How an operation is spoken of, and what it takes.
pub(super) struct Words {
    /// After "may not" and "could not"; `{}` is the bucket or the key.
    pub(super) verb: &'static str,
    /// The permission it needs (AWS Service Authorization Reference, Amazon S3).
    pub(super) action: Option<&'static str>,
}

/// The words for `operation`; unknown ones get words that are true of any.
pub(super) fn words(operation: &str) -> Words {
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
