//! Setting a bucket up: what is wanted, what is there, and the calls that lead from one to the other.
//!
//! The order of calls and what each needs follow the Amazon S3 API reference; only the two flags of Block Public
//! Access that stand against a public policy are ever lifted, and what others wrote (policy, CORS, lifecycle, tags)
//! is merged, never replaced.

use super::bucket_name::{self, Namespace};
use super::bucket_settings::{self, DefaultEncryption, EncryptionAlgorithm};
use super::connection::Target;
use super::cors::CorsRule;
use super::lifecycle::LifecycleRule;
use super::policy::Policy;
use super::preset::{self, Abilities};
use super::public_access::{BlockPublicAccess, ObjectOwnership};

mod check;
mod cli;
mod consequence;
mod plan;
mod request;
mod step;
mod undo;

pub use check::{Field, Problem, check};
pub use cli::cli_script;
pub use consequence::{Consequence, Fact, acknowledgement, consequence};
pub use plan::{Remark, RemarkKind, SetupPlan, plan, public_read_statement};
pub use step::{Step, StepAction, StepId, StepState};
pub use undo::{Changes, undo};

/// What the bucket is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Images that anyone may see.
    PublicImages,
    /// Files for people who sign in.
    Private,
    /// Pages and all that belongs to them.
    StaticWebsite,
    /// Copies to come back to.
    Backups,
    /// Nothing chosen beforehand.
    Scratch,
}

impl Purpose {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 5] = [Self::PublicImages, Self::Private, Self::StaticWebsite, Self::Backups, Self::Scratch];

    /// Its name on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::PublicImages => "Images for a website",
            Self::Private => "Private files",
            Self::StaticWebsite => "Static website",
            Self::Backups => "Backups",
            Self::Scratch => "Start from scratch",
        }
    }

    /// What it begins with, in one sentence.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::PublicImages => "Anyone who has an image’s address can view it",
            Self::Private => "Nobody outside your account can open a file; you can still hand out links that end",
            Self::StaticWebsite => "Pages, styles and scripts, served as they are to anyone",
            Self::Backups => "Private, with old versions kept and unfinished uploads cleared",
            Self::Scratch => "Private, and everything else is up to you",
        }
    }

    /// The word for it in a bucket's name.
    #[must_use]
    pub fn name_word(self) -> &'static str {
        match self {
            Self::PublicImages => "images",
            Self::Private => "files",
            Self::StaticWebsite => "site",
            Self::Backups => "backups",
            Self::Scratch => "",
        }
    }
}

/// Who may open files without signing in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Only people who sign in.
    Nobody,
    /// Anyone, for keys that begin so; the empty prefix means every file.
    Anyone {
        /// e.g. `photos/`.
        prefix: String,
    },
    /// Begins closed; the person writes the policy afterwards.
    OwnPolicy,
}

/// How files are encrypted when an upload says nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// With keys of the store (AES-256); what new buckets of Amazon S3 have.
    SseS3,
    /// With a key of AWS KMS.
    SseKms {
        /// Key ID, key ARN, alias or alias ARN; `None` is the account's `aws/s3` key.
        key: Option<String>,
        /// Fewer calls to KMS, and so less cost.
        bucket_key: bool,
    },
}

/// Serving the bucket as a website.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Website {
    /// Shown for a folder, e.g. `index.html`.
    pub index: String,
    /// Shown for what is missing.
    pub error: Option<String>,
}

impl From<&Encryption> for DefaultEncryption {
    fn from(wanted: &Encryption) -> Self {
        match wanted {
            Encryption::SseS3 => Self::sse_s3(),
            Encryption::SseKms { key, bucket_key } => Self {
                algorithm: EncryptionAlgorithm::Kms,
                key: key.clone(),
                bucket_key: Some(*bucket_key),
                blocked: Vec::new(),
            },
        }
    }
}

impl From<DefaultEncryption> for Encryption {
    fn from(found: DefaultEncryption) -> Self {
        if found.algorithm.needs_kms() {
            Self::SseKms { key: found.key, bucket_key: found.bucket_key.unwrap_or(false) }
        } else {
            Self::SseS3
        }
    }
}

impl Website {
    /// What the bucket is to have where it has `found`: rules that lead elsewhere stay. What leads every visitor
    /// elsewhere goes, since S3 takes no start page beside it.
    fn over(&self, found: Option<&bucket_settings::Website>) -> bucket_settings::Website {
        bucket_settings::Website {
            index_document: Some(bucket_settings::IndexDocument { suffix: self.index.clone() }),
            error_document: self.error.clone().map(|key| bucket_settings::ErrorDocument { key }),
            redirect_all_requests_to: None,
            routing_rules: found.map(|found| found.routing_rules.clone()).unwrap_or_default(),
        }
    }
}

/// Everything the person chose.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// What it is for.
    pub purpose: Purpose,
    /// The bucket's whole name.
    pub name: String,
    /// Where it shall lie.
    pub region: String,
    /// Twelve digits, to make it in the account's own namespace; `None` for the global one.
    pub account_namespace: Option<String>,
    /// Whether ACLs count.
    pub ownership: ObjectOwnership,
    /// Who may open files.
    pub visibility: Visibility,
    /// "Anyone on the internet can view …" was ticked.
    pub acknowledged: bool,
    /// Old versions are kept.
    pub versioning: bool,
    /// Default encryption.
    pub encryption: Encryption,
    /// Added to what is there.
    pub tags: Vec<(String, String)>,
    /// Added to what is there.
    pub cors: Vec<CorsRule>,
    /// Unfinished uploads are given up after so many days.
    pub abort_unfinished_days: Option<i32>,
    /// Served as a website.
    pub website: Option<Website>,
}

impl Wanted {
    /// Sane defaults for a purpose. Nothing is public before the acknowledgement is ticked.
    #[must_use]
    pub fn new(purpose: Purpose, name: &str, region: &str) -> Self {
        let public = matches!(purpose, Purpose::PublicImages | Purpose::StaticWebsite);
        let website = Website { index: "index.html".into(), error: Some("404.html".into()) };
        Self {
            purpose,
            name: name.to_owned(),
            region: region.to_owned(),
            account_namespace: None,
            ownership: ObjectOwnership::BucketOwnerEnforced,
            visibility: if public { Visibility::Anyone { prefix: String::new() } } else { Visibility::Nobody },
            acknowledged: false,
            versioning: purpose == Purpose::Backups,
            encryption: Encryption::SseS3,
            tags: Vec::new(),
            cors: Vec::new(),
            abort_unfinished_days: Some(7),
            website: (purpose == Purpose::StaticWebsite).then_some(website),
        }
    }

    /// Where the name has to be unique.
    #[must_use]
    pub fn namespace(&self) -> Namespace<'_> {
        match &self.account_namespace {
            Some(account) => Namespace::AccountRegional { account, region: &self.region },
            None => Namespace::Global,
        }
    }

    /// Names to offer, none of them in `taken`.
    #[must_use]
    pub fn name_suggestions(purpose: Purpose, project: &str, year: i16, taken: &[impl AsRef<str>]) -> Vec<String> {
        bucket_name::suggest(project, purpose.name_word(), year, taken)
    }

    /// The prefix that anyone may view, if it is public at all.
    #[must_use]
    pub fn public_prefix(&self) -> Option<&str> {
        match &self.visibility {
            Visibility::Anyone { prefix } => Some(prefix),
            Visibility::Nobody | Visibility::OwnPolicy => None,
        }
    }
}

/// Whether there is a bucket of this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BucketState {
    /// Nobody has it.
    Missing,
    /// It is one's own, and is adopted: set up further, never made again.
    Mine {
        /// Where it lies.
        region: Option<String>,
    },
    /// Somebody else's.
    Taken,
    /// It could not be found out.
    Unknown,
}

/// One setting as it was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting<T> {
    /// It is so.
    Is(T),
    /// Nothing is stored.
    NotSet,
    /// It may not be read; it may be anything.
    Unreadable,
    /// The store has no such thing.
    NotOffered,
}

impl<T> Setting<T> {
    /// The stored value.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::NotSet | Self::Unreadable | Self::NotOffered => None,
        }
    }
}

/// What is there before anything is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The bucket itself.
    pub bucket: BucketState,
    /// Block Public Access of the whole account.
    pub account_block: Setting<BlockPublicAccess>,
    /// Block Public Access of the bucket.
    pub block: Setting<BlockPublicAccess>,
    /// Object Ownership.
    pub ownership: Setting<ObjectOwnership>,
    /// Whether versions are kept; `Is(false)` means suspended.
    pub versioning: Setting<bool>,
    /// Default encryption.
    pub encryption: Setting<Encryption>,
    /// The policy.
    pub policy: Setting<Policy>,
    /// CORS rules.
    pub cors: Setting<Vec<CorsRule>>,
    /// Lifecycle rules.
    pub lifecycle: Setting<Vec<LifecycleRule>>,
    /// Website hosting.
    pub website: Setting<bucket_settings::Website>,
    /// Tags.
    pub tags: Setting<Vec<(String, String)>>,
}

impl Found {
    /// No bucket of this name, and nothing known of the account.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            bucket: BucketState::Missing,
            account_block: Setting::NotOffered,
            block: Setting::NotSet,
            ownership: Setting::NotSet,
            versioning: Setting::NotSet,
            encryption: Setting::NotSet,
            policy: Setting::NotSet,
            cors: Setting::NotSet,
            lifecycle: Setting::NotSet,
            website: Setting::NotSet,
            tags: Setting::NotSet,
        }
    }

    /// What it will be right after the bucket was made, on a store that makes buckets as Amazon does since April 2023.
    pub(crate) fn as_new_on_amazon(&self, ownership: ObjectOwnership) -> Self {
        Self {
            bucket: self.bucket.clone(),
            account_block: self.account_block.clone(),
            block: Setting::Is(BlockPublicAccess::ALL),
            ownership: Setting::Is(ownership),
            encryption: Setting::Is(Encryption::SseS3),
            ..Self::nothing()
        }
    }
}

/// What the store can do, and how it is reached from a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreAbilities {
    /// What it offers.
    pub abilities: Abilities,
    /// It makes buckets as Amazon does: all blocked, ACLs off, encrypted.
    pub like_amazon: bool,
    /// Its name, for sentences.
    pub label: String,
    /// For `--endpoint-url`; `None` for Amazon.
    pub endpoint: Option<String>,
    /// For `--profile`.
    pub profile: Option<String>,
}

impl StoreAbilities {
    /// Those of a connection. `practice_endpoint` is where practice storage listens.
    #[must_use]
    pub fn of(target: &Target, practice_endpoint: Option<&str>) -> Self {
        let profile = match target.sign_in() {
            Some(super::connection::SignIn::Profile { name }) => Some(name.clone()),
            _ => None,
        };
        match target {
            Target::Practice => Self {
                abilities: Abilities::EVERYTHING,
                like_amazon: true,
                label: "Practice storage".into(),
                endpoint: practice_endpoint.map(str::to_owned),
                profile,
            },
            Target::Amazon { .. } => Self {
                abilities: Abilities::EVERYTHING,
                like_amazon: true,
                label: "Amazon S3".into(),
                endpoint: None,
                profile,
            },
            Target::Store(store) => {
                let preset = preset::find(&store.preset);
                Self {
                    abilities: preset.map_or(Abilities::UNKNOWN, |p| p.abilities),
                    like_amazon: false,
                    label: preset.filter(|p| p.id != "custom").map_or("This store", |p| p.label).to_owned(),
                    endpoint: Some(store.endpoint.clone()),
                    profile,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
