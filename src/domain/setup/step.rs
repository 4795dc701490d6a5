//! One call of the plan.

use super::Encryption;
use crate::domain::bucket_settings::Website;
use crate::domain::cors::CorsRule;
use crate::domain::lifecycle::LifecycleRule;
use crate::domain::policy::Policy;
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};

/// Names a step for as long as the plan lives; in the order they are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepId {
    /// Make the bucket.
    Create,
    /// Wait for it.
    Wait,
    /// Block Public Access.
    PublicAccessBlock,
    /// Object Ownership.
    Ownership,
    /// Versions.
    Versioning,
    /// Default encryption.
    Encryption,
    /// The policy.
    Policy,
    /// CORS.
    Cors,
    /// Lifecycle.
    Lifecycle,
    /// Website hosting.
    Website,
    /// Tags.
    Tags,
    /// Upload something and look at it from outside.
    Proof,
    /// Take the test image away.
    TestImage,
    /// Delete the bucket.
    Delete,
}

/// What a step sends.
#[derive(Debug, Clone, PartialEq)]
pub enum StepAction {
    /// `CreateBucket`.
    CreateBucket {
        /// `LocationConstraint`; `None` must not be sent at all (us-east-1, other stores).
        location: Option<String>,
        /// The header `x-amz-object-ownership`.
        ownership: Option<ObjectOwnership>,
        /// The header `x-amz-bucket-namespace: account-regional`.
        account_regional: bool,
    },
    /// `HeadBucket` until it answers 200.
    WaitForBucket,
    /// `PutPublicAccessBlock`.
    PutPublicAccessBlock(BlockPublicAccess),
    /// `PutBucketOwnershipControls`.
    PutOwnershipControls(ObjectOwnership),
    /// `PutBucketVersioning`, enabled.
    EnableVersioning,
    /// `PutBucketEncryption`.
    PutEncryption(Encryption),
    /// `PutBucketPolicy`, with everything that was there.
    PutPolicy(Policy),
    /// `PutBucketCors`, with everything that was there.
    PutCors(Vec<CorsRule>),
    /// `PutBucketLifecycleConfiguration`, with everything that was there.
    PutLifecycle(Vec<LifecycleRule>),
    /// `PutBucketWebsite`.
    PutWebsite(Website),
    /// `PutBucketTagging`, with everything that was there.
    PutTags(Vec<(String, String)>),
    /// `DeleteBucketOwnershipControls`.
    DeleteOwnershipControls,
    /// `PutBucketVersioning`, suspended.
    SuspendVersioning,
    /// `DeleteBucketEncryption`.
    DeleteEncryption,
    /// `DeleteBucketPolicy`.
    DeletePolicy,
    /// `DeleteBucketWebsite`.
    DeleteWebsite,
    /// `DeleteObject` of the test image.
    DeleteTestImage {
        /// Its key.
        key: String,
    },
    /// `DeleteBucket`; a store refuses it while anything is in the bucket.
    DeleteBucket,
    /// `PutObject`, then GET without sign-in.
    Prove {
        /// The key of the test image.
        key: String,
        /// Anyone is expected to see it; otherwise they are expected to be refused.
        public: bool,
    },
}

/// How a step stands before the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Nothing to do.
    AlreadySo,
    /// To be run.
    ToDo,
    /// Left alone: what is there may not be read, and writing would replace it unseen.
    Held,
}

/// One call.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Which.
    pub id: StepId,
    /// What it does, in words.
    pub words: String,
    /// As the API names it.
    pub api: &'static str,
    /// With all data that the call needs.
    pub action: StepAction,
    /// How it stands.
    pub state: StepState,
    /// Must be done (or already so) before.
    pub needs: Vec<StepId>,
    /// Permissions that it takes.
    pub iam_actions: &'static [&'static str],
    /// The store may lack it; then the run goes on without.
    pub may_lack: bool,
    pub(super) bucket: String,
    pub(super) region: String,
    pub(super) endpoint: Option<String>,
    pub(super) profile: Option<String>,
}

impl Step {
    /// The bucket it is about.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The request as it goes over the wire, without signature headers.
    #[must_use]
    pub fn request_text(&self) -> String {
        super::request::text(self)
    }

    /// The same as AWS CLI, ready for a POSIX shell.
    #[must_use]
    pub fn cli(&self) -> String {
        super::cli::command(self)
    }
}

impl StepAction {
    pub(super) fn id(&self) -> StepId {
        match self {
            Self::CreateBucket { .. } => StepId::Create,
            Self::WaitForBucket => StepId::Wait,
            Self::PutPublicAccessBlock(_) => StepId::PublicAccessBlock,
            Self::PutOwnershipControls(_) | Self::DeleteOwnershipControls => StepId::Ownership,
            Self::EnableVersioning | Self::SuspendVersioning => StepId::Versioning,
            Self::PutEncryption(_) | Self::DeleteEncryption => StepId::Encryption,
            Self::PutPolicy(_) | Self::DeletePolicy => StepId::Policy,
            Self::PutCors(_) => StepId::Cors,
            Self::PutLifecycle(_) => StepId::Lifecycle,
            Self::PutWebsite(_) | Self::DeleteWebsite => StepId::Website,
            Self::PutTags(_) => StepId::Tags,
            Self::Prove { .. } => StepId::Proof,
            Self::DeleteTestImage { .. } => StepId::TestImage,
            Self::DeleteBucket => StepId::Delete,
        }
    }

    pub(super) fn api(&self) -> &'static str {
        match self {
            Self::CreateBucket { .. } => "CreateBucket",
            Self::WaitForBucket => "HeadBucket",
            Self::PutPublicAccessBlock(_) => "PutPublicAccessBlock",
            Self::PutOwnershipControls(_) => "PutBucketOwnershipControls",
            Self::EnableVersioning | Self::SuspendVersioning => "PutBucketVersioning",
            Self::PutEncryption(_) => "PutBucketEncryption",
            Self::PutPolicy(_) => "PutBucketPolicy",
            Self::PutCors(rules) if rules.is_empty() => "DeleteBucketCors",
            Self::PutCors(_) => "PutBucketCors",
            Self::PutLifecycle(rules) if rules.is_empty() => "DeleteBucketLifecycle",
            Self::PutLifecycle(_) => "PutBucketLifecycleConfiguration",
            Self::PutWebsite(_) => "PutBucketWebsite",
            Self::PutTags(tags) if tags.is_empty() => "DeleteBucketTagging",
            Self::PutTags(_) => "PutBucketTagging",
            Self::Prove { .. } => "PutObject, GET",
            Self::DeleteOwnershipControls => "DeleteBucketOwnershipControls",
            Self::DeleteEncryption => "DeleteBucketEncryption",
            Self::DeletePolicy => "DeleteBucketPolicy",
            Self::DeleteWebsite => "DeleteBucketWebsite",
            Self::DeleteTestImage { .. } => "DeleteObject",
            Self::DeleteBucket => "DeleteBucket",
        }
    }

    pub(super) fn iam_actions(&self) -> &'static [&'static str] {
        match self {
            Self::CreateBucket { ownership: Some(_), .. } => &["s3:CreateBucket", "s3:PutBucketOwnershipControls"],
            Self::CreateBucket { ownership: None, .. } => &["s3:CreateBucket"],
            Self::WaitForBucket => &["s3:ListBucket"],
            Self::PutPublicAccessBlock(_) => &["s3:PutBucketPublicAccessBlock"],
            Self::PutOwnershipControls(_) | Self::DeleteOwnershipControls => &["s3:PutBucketOwnershipControls"],
            Self::EnableVersioning | Self::SuspendVersioning => &["s3:PutBucketVersioning"],
            Self::PutEncryption(_) | Self::DeleteEncryption => &["s3:PutEncryptionConfiguration"],
            Self::PutPolicy(_) => &["s3:PutBucketPolicy"],
            Self::PutCors(_) => &["s3:PutBucketCORS"],
            Self::PutLifecycle(_) => &["s3:PutLifecycleConfiguration"],
            Self::PutWebsite(_) => &["s3:PutBucketWebsite"],
            Self::PutTags(_) => &["s3:PutBucketTagging"],
            Self::Prove { .. } => &["s3:PutObject"],
            Self::DeletePolicy => &["s3:DeleteBucketPolicy"],
            Self::DeleteWebsite => &["s3:DeleteBucketWebsite"],
            Self::DeleteTestImage { .. } => &["s3:DeleteObject"],
            Self::DeleteBucket => &["s3:DeleteBucket"],
        }
    }
}
