//! Who can read an object: Block Public Access, Object Ownership, ACLs and the policy together.
//!
//! Sources: AWS S3 User Guide, "Blocking public access to your Amazon S3 storage", "Controlling
//! ownership of objects and disabling ACLs", "Access control list (ACL) overview" and "How Amazon
//! S3 authorizes a request".

mod acl;
mod anonymous;
mod layers;

pub use acl::{CannedAcl, Grant, Grantee, Grants, Permission};
pub use anonymous::{
    AnonymousGet, BucketFacts, Encryption, Facts, Layer, ObjectFacts, ObjectState, Outcome, Verdict,
    anonymous_may_list, anonymous_policy_answer, decide_anonymous_get,
};
pub(in crate::domain) use layers::statement_words;
pub use layers::{
    AclAnswer, AclOf, BlockLevels, BpaLevel, PolicyAnswer, acl_answer, acl_for_action, is_up_to_object_owner,
    policy_answer, restricted_by_block_public_access,
};

use serde::{Deserialize, Serialize};

/// The four flags of S3 Block Public Access. What is stored nowhere is all off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BlockPublicAccess {
    /// Refuses to write public ACLs; those stored before stay in force.
    pub block_public_acls: bool,
    /// Public grants of ACLs count for nothing while this is on.
    pub ignore_public_acls: bool,
    /// Refuses to write a public policy; one stored before stays in force.
    pub block_public_policy: bool,
    /// A public policy serves only AWS services and the bucket owner's account while this is on.
    pub restrict_public_buckets: bool,
}

impl BlockPublicAccess {
    /// All four on: how buckets are created since April 2023.
    pub const ALL: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };

    /// All four off.
    pub const NONE: Self = Self {
        block_public_acls: false,
        ignore_public_acls: false,
        block_public_policy: false,
        restrict_public_buckets: false,
    };

    /// What publishing by policy needs: the two policy flags off, the two ACL flags on.
    pub const FOR_PUBLIC_POLICY: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: false,
        restrict_public_buckets: false,
    };

    /// Both levels together: a flag counts when either level has it.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self {
            block_public_acls: self.block_public_acls || other.block_public_acls,
            ignore_public_acls: self.ignore_public_acls || other.ignore_public_acls,
            block_public_policy: self.block_public_policy || other.block_public_policy,
            restrict_public_buckets: self.restrict_public_buckets || other.restrict_public_buckets,
        }
    }

    /// These flags without the two that stand against a public policy.
    #[must_use]
    pub const fn lifted_for_public_policy(self) -> Self {
        Self { block_public_policy: false, restrict_public_buckets: false, ..self }
    }

    /// Whether neither of the two flags that stand against a public policy is on.
    #[must_use]
    pub const fn permits_public_policy(self) -> bool {
        !self.block_public_policy && !self.restrict_public_buckets
    }
}

/// Who owns the objects of a bucket, and whether ACLs count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ObjectOwnership {
    /// ACLs are off and the bucket's owner owns everything: how buckets are created since April 2023.
    #[default]
    BucketOwnerEnforced,
    /// ACLs count; uploads with `bucket-owner-full-control` belong to the bucket's owner.
    BucketOwnerPreferred,
    /// ACLs count; the uploader owns. Also what a bucket with no setting stored means.
    ObjectWriter,
}

impl ObjectOwnership {
    /// Every setting.
    pub const ALL: [Self; 3] = [Self::BucketOwnerEnforced, Self::BucketOwnerPreferred, Self::ObjectWriter];

    /// As S3 writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BucketOwnerEnforced => "BucketOwnerEnforced",
            Self::BucketOwnerPreferred => "BucketOwnerPreferred",
            Self::ObjectWriter => "ObjectWriter",
        }
    }

    /// The setting that S3 writes so; case counts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == text)
    }

    /// Whether ACLs count at all.
    #[must_use]
    pub const fn acls_count(self) -> bool {
        !matches!(self, Self::BucketOwnerEnforced)
    }
}

#[cfg(test)]
mod tests;
