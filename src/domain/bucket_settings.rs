//! The settings of a bucket: what each is called, and what it can be set to.

pub mod acl;
mod consequence;
pub mod export;
mod json;
mod snapshot;
mod tags;
mod value;
mod words;

pub use acl::{Acl, WrittenGrant, WrittenGrantee};
pub use consequence::{Consequence, Gravity, Surroundings, consequence};
pub use snapshot::{Snapshot, SnapshotError};
pub use tags::{MAX_TAGS, is_system_tag, tag_problems};
pub use value::{
    Acceleration, DefaultEncryption, DefaultRetention, EncryptionAlgorithm, ErrorDocument, EventHold, IndexDocument,
    LogKeyFormat, Logging, ObjectLock, Payer, RedirectAll, RetentionMode, RoutingCondition, RoutingRedirect,
    RoutingRule, SettingValue, Status, Toggle, Versioning, Website, same,
};
pub use words::{Badge, BadgeTone, Difference, Line, badge, change, cors_rule, differences, flags, lines, meaning};

use serde::{Deserialize, Serialize};

/// Everything that can be set for a bucket, and the one block that holds for its whole account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// Block Public Access of the bucket.
    BlockPublicAccess,
    /// Block Public Access of the whole account.
    AccountBlockPublicAccess,
    /// The bucket policy.
    Policy,
    /// The access control list of the bucket.
    Acl,
    /// Who owns uploads, and whether ACLs count.
    Ownership,
    /// Whether old versions are kept.
    Versioning,
    /// How uploads are encrypted that say nothing of it.
    Encryption,
    /// Which pages of other sites may use the files.
    Cors,
    /// What clears up by itself.
    Lifecycle,
    /// Labels.
    Tags,
    /// Serving the bucket as a website.
    Website,
    /// Writing who asked for what into a bucket.
    Logging,
    /// Who pays for requests.
    RequestPayment,
    /// A faster way in from far away.
    Acceleration,
    /// How long uploads are locked.
    ObjectLock,
    /// Telling others of changes.
    Notification,
    /// Copying to other buckets.
    Replication,
}

impl SettingKind {
    /// Every kind.
    pub const ALL: [Self; 17] = [
        Self::BlockPublicAccess,
        Self::AccountBlockPublicAccess,
        Self::Policy,
        Self::Acl,
        Self::Ownership,
        Self::Versioning,
        Self::Encryption,
        Self::Cors,
        Self::Lifecycle,
        Self::Tags,
        Self::Website,
        Self::Logging,
        Self::RequestPayment,
        Self::Acceleration,
        Self::ObjectLock,
        Self::Notification,
        Self::Replication,
    ];

    /// How files name it; never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BlockPublicAccess => "block-public-access",
            Self::AccountBlockPublicAccess => "account-block-public-access",
            Self::Policy => "policy",
            Self::Acl => "acl",
            Self::Ownership => "ownership",
            Self::Versioning => "versioning",
            Self::Encryption => "encryption",
            Self::Cors => "cors",
            Self::Lifecycle => "lifecycle",
            Self::Tags => "tags",
            Self::Website => "website",
            Self::Logging => "logging",
            Self::RequestPayment => "request-payment",
            Self::Acceleration => "acceleration",
            Self::ObjectLock => "object-lock",
            Self::Notification => "notification",
            Self::Replication => "replication",
        }
    }

    /// The kind that files name so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// How the screen names it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::BlockPublicAccess => "Block Public Access",
            Self::AccountBlockPublicAccess => "Block Public Access of the account",
            Self::Policy => "Policy",
            Self::Acl => "Access control list",
            Self::Ownership => "Object Ownership",
            Self::Versioning => "Versions",
            Self::Encryption => "Encryption",
            Self::Cors => "CORS",
            Self::Lifecycle => "Lifecycle",
            Self::Tags => "Tags",
            Self::Website => "Static website",
            Self::Logging => "Access log",
            Self::RequestPayment => "Requester pays",
            Self::Acceleration => "Transfer acceleration",
            Self::ObjectLock => "Object Lock",
            Self::Notification => "Event notifications",
            Self::Replication => "Replication",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_again_by_its_name() {
        for kind in SettingKind::ALL {
            assert_eq!(SettingKind::parse(kind.as_str()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("{:?}", kind.as_str()));
        }
        assert_eq!(SettingKind::parse("later"), None);
    }
}
