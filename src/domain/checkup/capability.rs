//! What can be done with a store, in users' words, and the requests that each of it takes.
//!
//! Sources: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations", and AWS Service Authorization
//! Reference, "Actions, resources, and condition keys for Amazon S3"; which permission an operation needs is said by
//! [`crate::domain::operation`] alone.

use crate::domain::operation::{action_of_version, words};
use crate::domain::policy::{ActionScope, action_scope};

/// A request that something takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Call {
    /// As the API names it.
    pub operation: &'static str,
    /// It names a version of an object, which is a permission of its own.
    pub of_version: bool,
}

impl Call {
    /// Of that operation.
    #[must_use]
    pub const fn of(operation: &'static str) -> Self {
        Self { operation, of_version: false }
    }

    /// The same about a version of an object.
    #[must_use]
    pub const fn of_version(operation: &'static str) -> Self {
        Self { operation, of_version: true }
    }

    /// The permission that it needs.
    #[must_use]
    pub fn action(self) -> Option<&'static str> {
        if self.of_version { action_of_version(self.operation) } else { words(self.operation).action }
    }

    /// What the permission has to name.
    #[must_use]
    pub fn scope(self) -> Option<ActionScope> {
        self.action().and_then(action_scope)
    }

    /// Whether it changes something, so that it is never made for a check-up.
    #[must_use]
    pub fn writes(self) -> bool {
        !["Get", "Head", "List"].iter().any(|start| self.operation.starts_with(start))
    }
}

/// What a capability is about; also the order on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// No bucket, or all of them.
    Account,
    /// Files as they are now.
    Files,
    /// Earlier versions of them.
    Versions,
    /// Who gets in.
    Access,
    /// Everything else that can be set.
    Settings,
}

impl Group {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Account, Self::Files, Self::Versions, Self::Access, Self::Settings];

    /// Its name on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Account => "The account",
            Self::Files => "Files",
            Self::Versions => "Earlier versions",
            Self::Access => "Who gets in",
            Self::Settings => "Settings of the bucket",
        }
    }
}

/// Something a person wants to do.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Capability {
    /// How reports name it; never changes.
    pub id: &'static str,
    /// As on screen.
    pub words: &'static str,
    /// What it is about.
    pub group: Group,
    /// The requests that it takes, all of them.
    pub calls: &'static [Call],
    /// It takes a signature, whatever strangers may.
    pub needs_sign_in: bool,
}

const fn can(group: Group, id: &'static str, words: &'static str, calls: &'static [Call]) -> Capability {
    Capability { id, words, group, calls, needs_sign_in: false }
}

macro_rules! calls {
    ($($operation:literal),+ $(,)?) => { &[$(Call::of($operation)),+] };
}

use Group::{Access, Account, Files, Settings, Versions};

/// Everything that is looked at, in the order of the screen.
pub static CAPABILITIES: [Capability; 51] = [
    can(Account, "list-buckets", "See the list of buckets", calls!["ListBuckets"]),
    // Brimful says at once who owns what is uploaded, which takes the second (API Reference, CreateBucket).
    can(Account, "make-buckets", "Make buckets", calls!["CreateBucket", "PutBucketOwnershipControls"]),
    can(Account, "see-account-block", "See Block Public Access of the account", calls!["GetAccountPublicAccessBlock"]),
    can(
        Account,
        "change-account-block",
        "Change Block Public Access of the account",
        calls!["PutAccountPublicAccessBlock"],
    ),
    can(Files, "list-files", "List files", calls!["ListObjectsV2"]),
    can(Files, "open-files", "Open and download files", calls!["GetObject"]),
    Capability { needs_sign_in: true, ..can(Files, "share-links", "Make links that end", calls!["GetObject"]) },
    can(Files, "upload-files", "Upload files", calls!["PutObject"]),
    can(
        Files,
        "upload-parts",
        "Upload large files in parts",
        calls!["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "ListParts", "AbortMultipartUpload"],
    ),
    can(Files, "see-unfinished", "See unfinished uploads", calls!["ListMultipartUploads"]),
    can(Files, "end-unfinished", "Call off unfinished uploads", calls!["ListParts", "AbortMultipartUpload"]),
    can(
        Files,
        "copy-files",
        "Copy files within the store",
        calls!["GetObject", "GetObjectTagging", "CopyObject", "PutObjectTagging", "AbortMultipartUpload"],
    ),
    can(
        Files,
        "move-files",
        "Move and rename files",
        calls![
            "GetObject",
            "GetObjectTagging",
            "CopyObject",
            "PutObjectTagging",
            "AbortMultipartUpload",
            "DeleteObject"
        ],
    ),
    can(Files, "delete-files", "Delete files", calls!["DeleteObject"]),
    can(Files, "restore-files", "Fetch files from an archive", calls!["RestoreObject"]),
    can(Files, "see-file-tags", "See the tags of files", calls!["GetObjectTagging"]),
    can(Files, "change-file-tags", "Change the tags of files", calls!["PutObjectTagging"]),
    can(Versions, "list-versions", "See earlier versions", calls!["ListObjectVersions"]),
    can(Versions, "open-versions", "Open earlier versions", &[Call::of_version("GetObject")]),
    can(Versions, "delete-versions", "Delete versions for good", &[Call::of_version("DeleteObject")]),
    can(Access, "see-policy", "See the policy", calls!["GetBucketPolicy"]),
    can(Access, "ask-public", "Ask whether the policy is public", calls!["GetBucketPolicyStatus"]),
    can(Access, "change-policy", "Change the policy", calls!["PutBucketPolicy", "DeleteBucketPolicy"]),
    can(Access, "see-block", "See Block Public Access", calls!["GetPublicAccessBlock"]),
    can(Access, "change-block", "Change Block Public Access", calls!["PutPublicAccessBlock"]),
    can(Access, "see-ownership", "See Object Ownership", calls!["GetBucketOwnershipControls"]),
    can(Access, "change-ownership", "Change Object Ownership", calls!["PutBucketOwnershipControls"]),
    can(Access, "see-acl", "See the access list of the bucket", calls!["GetBucketAcl"]),
    can(Access, "change-acl", "Change the access list of the bucket", calls!["PutBucketAcl"]),
    can(Access, "see-file-acl", "See the access lists of files", calls!["GetObjectAcl"]),
    can(Access, "change-file-acl", "Change the access lists of files", calls!["PutObjectAcl"]),
    can(Settings, "see-versioning", "See whether versions are kept", calls!["GetBucketVersioning"]),
    can(Settings, "change-versioning", "Change whether versions are kept", calls!["PutBucketVersioning"]),
    can(Settings, "see-encryption", "See the encryption", calls!["GetBucketEncryption"]),
    can(Settings, "change-encryption", "Change the encryption", calls!["PutBucketEncryption"]),
    can(Settings, "see-cors", "See the CORS rules", calls!["GetBucketCors"]),
    can(Settings, "change-cors", "Change the CORS rules", calls!["PutBucketCors"]),
    can(Settings, "see-lifecycle", "See the lifecycle rules", calls!["GetBucketLifecycleConfiguration"]),
    can(Settings, "change-lifecycle", "Change the lifecycle rules", calls!["PutBucketLifecycleConfiguration"]),
    can(Settings, "see-website", "See the website", calls!["GetBucketWebsite"]),
    can(Settings, "change-website", "Change the website", calls!["PutBucketWebsite", "DeleteBucketWebsite"]),
    can(Settings, "see-tags", "See the tags of the bucket", calls!["GetBucketTagging"]),
    can(Settings, "change-tags", "Change the tags of the bucket", calls!["PutBucketTagging"]),
    can(Settings, "see-log", "See where the access log goes", calls!["GetBucketLogging"]),
    can(Settings, "change-log", "Change where the access log goes", calls!["PutBucketLogging"]),
    can(Settings, "see-payer", "See who pays for requests", calls!["GetBucketRequestPayment"]),
    can(Settings, "change-payer", "Change who pays for requests", calls!["PutBucketRequestPayment"]),
    can(
        Settings,
        "see-others",
        "See acceleration, Object Lock, notifications and replication",
        calls![
            "GetBucketAccelerateConfiguration",
            "GetObjectLockConfiguration",
            "GetBucketNotificationConfiguration",
            "GetBucketReplication"
        ],
    ),
    can(Settings, "change-acceleration", "Change transfer acceleration", calls!["PutBucketAccelerateConfiguration"]),
    can(Settings, "change-lock", "Change Object Lock", calls!["PutObjectLockConfiguration"]),
    can(Settings, "delete-bucket", "Delete the bucket", calls!["DeleteBucket"]),
];

/// The capability that reports name so.
#[must_use]
pub fn capability(id: &str) -> Option<&'static Capability> {
    CAPABILITIES.iter().find(|capability| capability.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_call_needs_a_permission_that_is_known() {
        for Capability { id, calls, group, .. } in &CAPABILITIES {
            for call in *calls {
                let scope = call.scope();
                assert!(scope.is_some(), "{id}: {call:?}");
                assert!(*group == Group::Account || scope != Some(ActionScope::Elsewhere), "{id}: {call:?}");
            }
        }
    }

    #[test]
    fn every_name_is_there_once_and_groups_stand_together() {
        let names: BTreeSet<&str> = CAPABILITIES.iter().map(|it| it.id).collect();
        assert_eq!(names.len(), CAPABILITIES.len());
        assert!(CAPABILITIES.is_sorted_by_key(|it| it.group));
        assert!(capability("list-files").is_some() && capability("fly").is_none());
    }

    #[test]
    fn reading_is_told_from_writing() {
        let writes = |operation| Call::of(operation).writes();
        assert!(
            ["PutObject", "CopyObject", "AbortMultipartUpload", "DeleteBucket", "RestoreObject"].map(writes)
                == [true; 5]
        );
        assert!(["GetObject", "HeadBucket", "ListParts"].map(writes) == [false; 3]);
    }
}
