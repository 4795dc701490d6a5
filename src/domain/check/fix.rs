//! What would mend it: each way with what it opens, what it changes, and how it is taken back.

use std::num::NonZeroU16;

use super::evidence::FolderCount;
use crate::domain::bucket_settings::{Acl, EncryptionAlgorithm, SettingKind, SettingValue};

/// Who will see more than before. In this order fixes are offered: the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// Nobody sees more.
    Nothing,
    /// This file opens to anyone, and no rule changes.
    ThisFile,
    /// This file opens to whoever has the link, for a while.
    Link,
    /// This file opens to anyone, by a rule for it alone.
    RuleForThisFile,
    /// The files of one folder open to anyone.
    Folder,
    /// Whatever the rules of the bucket say opens.
    Bucket,
    /// Whatever the rules of all buckets of the account say opens.
    Account,
}

impl Exposure {
    /// What the answers of the command line call it; never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::ThisFile => "this-file",
            Self::Link => "link",
            Self::RuleForThisFile => "rule-for-this-file",
            Self::Folder => "folder",
            Self::Bucket => "bucket",
            Self::Account => "account",
        }
    }
}

/// One change in the store. Each knows what it expects to find, so that nothing of somebody else is overwritten.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// A setting of the bucket, or the block of its account.
    Setting {
        /// Which.
        kind: SettingKind,
        /// What it must be before; `None` is not set.
        before: Option<SettingValue>,
        /// What it becomes.
        after: Option<SettingValue>,
    },
    /// The file's access control list.
    ObjectAcl {
        /// What it must be before.
        before: Acl,
        /// What it becomes.
        after: Acl,
    },
    /// The file goes to another key, where nothing may be; the old one is deleted once the copy is proven.
    Move {
        /// The old key.
        from: String,
        /// The new key.
        to: String,
        /// What the file must be, without the quotes.
        etag: Option<String>,
    },
    /// The file is deleted; in a bucket that keeps versions it is hidden.
    Delete {
        /// The key.
        key: String,
        /// What the file must be, without the quotes.
        etag: Option<String>,
    },
    /// The file is copied onto itself with other headers or another encryption; its bytes stay.
    Rewrite {
        /// What changes.
        change: Rewrite,
        /// What the file must be, without the quotes.
        etag: Option<String>,
    },
    /// The delete marker that hides the file goes.
    RemoveMarker {
        /// The marker's version.
        version: String,
    },
    /// The file is fetched from its archive.
    Restore {
        /// For so many days.
        days: NonZeroU16,
    },
}

/// What a copy of a file onto itself changes. What is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewrite {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Disposition`; an empty one is taken away.
    pub content_disposition: Option<String>,
    /// `Content-Encoding`; an empty one is taken away.
    pub content_encoding: Option<String>,
    /// How it is encrypted.
    pub encryption: Option<ObjectEncryption>,
}

/// How a file is encrypted by the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectEncryption {
    /// By which kind of key.
    pub algorithm: EncryptionAlgorithm,
    /// The key of AWS KMS; `None` is the bucket's or the account's.
    pub key: Option<String>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Remedy {
    /// Changes in the store, one after another.
    Write(Vec<Write>),
    /// A link that carries a sign-in, for a while.
    Link,
    /// Another address leads to the file. Nothing changes in the store.
    Address(String),
    /// The file has to be uploaded.
    Upload,
    /// Something that is done elsewhere.
    Advice,
}

/// How a fix is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Undo {
    /// There is nothing to take back.
    Nothing,
    /// What was before is put back.
    PutBack,
    /// It ends by itself.
    EndsByItself,
}

/// What kind of fix it is, for pictures and for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FixKind {
    /// The right address.
    UseAddress,
    /// A key that is there and differs a little.
    UseKey,
    /// Into a folder that is open.
    Move,
    /// A link that ends.
    MakeLink,
    /// A statement for this file.
    AllowFile,
    /// A statement for the folder.
    AllowFolder,
    /// Flags of Block Public Access of the bucket.
    LiftBucketBlock,
    /// Flags of Block Public Access of the account, and of the bucket where it has them too.
    LiftAccountBlock,
    /// A `Deny` goes.
    RemoveDeny,
    /// The file's list opens it.
    PublicAcl,
    /// Lists count again.
    CountAcls,
    /// All files belong to the bucket's owner.
    EnforceOwner,
    /// Encrypted by keys of the store.
    EncryptPlainly,
    /// Out of the archive.
    Restore,
    /// The delete marker goes.
    Undelete,
    /// The bucket's owner pays.
    OwnerPays,
    /// The headers say what the bytes are.
    RightHeaders,
    /// A rule for pages of the other site.
    AllowOrigin,
    /// The file has to be uploaded, again or at all.
    Upload,
    /// Something outside of the store.
    Elsewhere,
}

/// One way to mend it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fix {
    /// What it is.
    pub kind: FixKind,
    /// What to press: "Move the file to images/".
    pub title: String,
    /// What happens then, who sees more, and what stops working. Sentences.
    pub consequence: String,
    /// Who sees more.
    pub exposure: Exposure,
    /// How many files a rule for a folder opens, where it was counted.
    pub files: Option<FolderCount>,
    /// What is done.
    pub remedy: Remedy,
    /// The same for the AWS CLI; empty where it has no part in it.
    pub cli: String,
    /// How it is taken back.
    pub undo: Undo,
    /// The address that opens afterwards, where it is another one.
    pub address: Option<String>,
    /// Why it must not be done blindly. Whoever does it has to agree to this.
    pub caution: Option<String>,
    /// How long it takes until the file opens, where that is long.
    pub wait: Option<String>,
}

impl Fix {
    /// What changes in the store.
    #[must_use]
    pub fn writes(&self) -> &[Write] {
        match &self.remedy {
            Remedy::Write(writes) => writes,
            Remedy::Link | Remedy::Address(_) | Remedy::Upload | Remedy::Advice => &[],
        }
    }
}
