//! The way from an address to a picture on a screen, layer by layer.

use super::evidence::Asked;
use crate::domain::policy::Words;

/// A layer that a request of a stranger has to pass. In this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The address leads to the bucket, in the right way.
    Address,
    /// A link with a signature: still good, and signed by somebody who may.
    Link,
    /// The file is there.
    File,
    /// Whoever asks pays, and so must sign in.
    Payer,
    /// Block Public Access of the account.
    AccountBlock,
    /// Block Public Access of the bucket.
    BucketBlock,
    /// The bucket policy.
    Policy,
    /// Whose the file is: a policy speaks only of files of the bucket's owner.
    Owner,
    /// The file's access control list, and whether lists count.
    FilePermissions,
    /// How the file is encrypted.
    Encryption,
    /// Whether it lies in an archive.
    Archive,
    /// Whether a browser shows what it gets.
    Browser,
    /// Whether a page of another site may use it.
    Cors,
    /// Whether what is shown is what is stored.
    Cache,
}

impl Layer {
    /// Every layer, in order.
    pub const ALL: [Self; 14] = [
        Self::Address,
        Self::Link,
        Self::File,
        Self::Payer,
        Self::AccountBlock,
        Self::BucketBlock,
        Self::Policy,
        Self::Owner,
        Self::FilePermissions,
        Self::Encryption,
        Self::Archive,
        Self::Browser,
        Self::Cors,
        Self::Cache,
    ];

    /// What it is called on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Address => "Address",
            Self::Link => "Signed link",
            Self::File => "File",
            Self::Payer => "Requester pays",
            Self::AccountBlock => "Account block",
            Self::BucketBlock => "Bucket block",
            Self::Policy => "Bucket policy",
            Self::Owner => "Owner",
            Self::FilePermissions => "File permissions",
            Self::Encryption => "Encryption",
            Self::Archive => "Archive",
            Self::Browser => "Browser",
            Self::Cors => "CORS",
            Self::Cache => "Caches",
        }
    }

    /// What the answers of the command line call it; never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Link => "link",
            Self::File => "file",
            Self::Payer => "requester-pays",
            Self::AccountBlock => "account-block-public-access",
            Self::BucketBlock => "bucket-block-public-access",
            Self::Policy => "policy",
            Self::Owner => "owner",
            Self::FilePermissions => "file-permissions",
            Self::Encryption => "encryption",
            Self::Archive => "archive",
            Self::Browser => "browser",
            Self::Cors => "cors",
            Self::Cache => "cache",
        }
    }
}

/// How a layer stands to the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LayerState {
    /// The request gets through.
    Passed,
    /// The request ends here.
    Failed,
    /// It could not be read. Its sentence says what it would take.
    Unknown,
    /// It has no say here.
    NotApplicable,
    /// The request does not come so far; it would get through.
    WouldPass,
    /// The request does not come so far; it would end here as well.
    WouldFail,
}

impl LayerState {
    /// What the answers of the command line call it; never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
            Self::WouldPass => "would-pass",
            Self::WouldFail => "would-fail",
        }
    }
}

/// What a layer shows beneath its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// What the policy opens beside where the file is.
    Beside {
        /// The pattern of keys that the policy opens and that comes closest.
        opens: String,
        /// The key, and how many of its bytes the pattern shares.
        key: String,
        /// Bytes at the beginning of both that are the same.
        shared: usize,
        /// The statement, counted from 0.
        statement: usize,
    },
    /// A statement that decides.
    Statement {
        /// Counted from 0.
        index: usize,
        /// Its JSON.
        json: String,
    },
    /// What is claimed beside what is.
    Differs {
        /// What each stands for: `Content-Type`, `Bytes`.
        labels: (&'static str, &'static str),
        /// Both.
        values: (String, String),
    },
    /// Lines of their own, such as headers of an answer.
    Lines(Vec<(String, String)>),
}

/// One layer of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerReport {
    /// Which.
    pub layer: Layer,
    /// How it stands.
    pub state: LayerState,
    /// One plain sentence without a full stop.
    pub sentence: Words,
    /// The call that it was learned by.
    pub evidence: Option<Asked>,
    /// More, to look into.
    pub detail: Option<Detail>,
}
