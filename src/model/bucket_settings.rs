//! The settings of a bucket: each as the store has it, how it is being changed, and what was changed before.

mod dry_run;
mod removal;
mod unfinished;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::Trouble;
use crate::domain::bucket_settings::{SettingKind, SettingValue, Snapshot, Surroundings, acl};
use crate::domain::lifecycle::LifecycleRule;
use crate::domain::public_access::{BlockLevels, BlockPublicAccess};
pub use crate::store::history::{Deed, Entry};
use crate::worker::Request;

pub use dry_run::{DryRun, DryRunState, Ran};
pub use removal::{Contents, Ended, Removal, RemovalState};
pub use unfinished::{Stored, UnfinishedUpload, UnfinishedUploads};

/// The settings that have a card, in the order in which they are shown: the left column, then the right one.
pub const CARDS: [&[SettingKind]; 2] = [
    &[
        SettingKind::BlockPublicAccess,
        SettingKind::Cors,
        SettingKind::Lifecycle,
        SettingKind::Tags,
        SettingKind::ObjectLock,
        SettingKind::Notification,
    ],
    &[
        SettingKind::Versioning,
        SettingKind::Encryption,
        SettingKind::Ownership,
        SettingKind::Acl,
        SettingKind::Website,
        SettingKind::Logging,
        SettingKind::RequestPayment,
        SettingKind::Acceleration,
        SettingKind::Replication,
    ],
];

/// What the page reads: the cards, and what is told beside them.
#[must_use]
pub fn wanted() -> Vec<SettingKind> {
    let beside = [SettingKind::AccountBlockPublicAccess, SettingKind::Policy];
    CARDS.iter().flat_map(|column| column.iter().copied()).chain(beside).collect()
}

/// What is exported, put into snapshots and compared: the cards and the policy.
#[must_use]
pub fn compared() -> Vec<SettingKind> {
    CARDS.iter().flat_map(|column| column.iter().copied()).chain([SettingKind::Policy]).collect()
}

fn disables_acls(ownership: Option<&SettingValue>) -> bool {
    matches!(ownership, Some(SettingValue::Ownership(ownership)) if !ownership.acls_count())
}

/// Settings without the access list where those are off: it says nothing then, and no call could write it.
#[must_use]
pub fn without_disabled_acl(
    mut settings: BTreeMap<SettingKind, Option<SettingValue>>,
) -> BTreeMap<SettingKind, Option<SettingValue>> {
    if disables_acls(settings.get(&SettingKind::Ownership).and_then(Option::as_ref)) {
        settings.remove(&SettingKind::Acl);
    }
    settings
}

/// A setting as far as it can be known.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// It is set to this.
    Is(SettingValue),
    /// It is not set.
    NotSet,
    /// It may be set or not: it could not be read.
    MayNotRead(Trouble),
    /// The store has no such setting.
    NotOffered,
}

impl Reading {
    /// What it is set to, `Some(None)` where it is known not to be set; `None` where it is not known.
    #[must_use]
    pub fn value(&self) -> Option<Option<&SettingValue>> {
        match self {
            Self::Is(value) => Some(Some(value)),
            Self::NotSet => Some(None),
            Self::MayNotRead(_) | Self::NotOffered => None,
        }
    }
}

/// One question about one setting.
pub type CardRequest = Request<Reading, Trouble>;

/// What fills the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Page {
    /// The cards.
    #[default]
    Cards,
    /// What was changed before.
    History,
    /// What a snapshot or another bucket has.
    Compare,
}

/// What the settings are compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What it is, in a sentence.
    pub title: String,
    /// Its settings, as they would be here.
    pub there: Snapshot,
    /// What could not be read of it.
    pub unread: Vec<SettingKind>,
}

/// A setting that is being changed, in a dialog.
#[derive(Debug)]
pub struct Editing {
    /// Which.
    pub kind: SettingKind,
    /// What the store had when the dialog was opened; what is written replaces this and nothing else.
    pub base: Option<SettingValue>,
    /// What the form begins with.
    pub start: Option<SettingValue>,
    /// Whether there is a form, or a value is taken as a whole.
    pub mode: EditMode,
    /// Another number with every dialog, so that the form begins anew.
    pub number: u64,
    /// How far it is.
    pub state: EditState,
}

/// Where a new value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditMode {
    /// From the form.
    Form,
    /// What was there before a change is put back.
    PutBack,
    /// It is taken over from a snapshot or another bucket.
    Adopt,
}

/// How far a change is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditState {
    /// The person fills in the form.
    Open,
    /// It is being written.
    Saving,
    /// Somebody else changed it meanwhile; nothing was written, and `base` is the new state.
    ChangedMeanwhile,
    /// It could not be written.
    Failed(Trouble),
}

/// What a browser would be told, predicted and asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsAnswer {
    /// What was asked: origin, method and headers.
    pub asked: CorsQuestion,
    /// The status of the answer to the preflight.
    pub status: u16,
    /// Whether the browser would go on.
    pub allowed: bool,
    /// The store's own word, e.g. `AccessForbidden`.
    pub code: Option<String>,
}

/// A question that a browser asks before a request from another site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CorsQuestion {
    /// Where the page is, e.g. `https://www.example.com`.
    pub origin: String,
    /// What its script wants to do.
    pub method: String,
    /// Headers that it wants to send.
    pub headers: Vec<String>,
}

/// The settings of the bucket one is in.
#[derive(Debug, Default)]
pub struct BucketSettingsModel {
    /// The bucket they are of.
    pub bucket: Option<String>,
    /// Where the bucket is served as a website when it is one, as far as that follows from its name.
    pub website_url: Option<String>,
    /// Each setting.
    pub cards: BTreeMap<SettingKind, CardRequest>,
    /// When they were last read.
    pub read_at: Option<Timestamp>,
    /// What fills the page.
    pub page: Page,
    /// The setting that is being changed.
    pub editing: Option<Editing>,
    /// What was changed before, newest first.
    pub history: Request<Vec<Entry>, Trouble>,
    /// What the settings are compared with.
    pub comparison: Request<Comparison, Trouble>,
    /// What a browser would be told.
    pub cors_answer: Request<CorsAnswer, Trouble>,
    /// Uploads that were begun and not finished.
    pub unfinished: Request<UnfinishedUploads, Trouble>,
    /// Some of them are being called off.
    pub calling_off: bool,
    /// Emptying or deleting the bucket.
    pub removal: Option<Removal>,
    /// What the lifecycle rules would do, or do.
    pub dry_run: Option<DryRun>,
}

impl BucketSettingsModel {
    /// A setting as far as it is known, also while it is read again.
    #[must_use]
    pub fn reading(&self, kind: SettingKind) -> Option<&Reading> {
        self.cards.get(&kind).and_then(Request::known)
    }

    /// A setting's value, where it is known and set.
    #[must_use]
    pub fn value(&self, kind: SettingKind) -> Option<&SettingValue> {
        self.reading(kind)?.value().flatten()
    }

    /// All that is known of the bucket; `None` is "not set".
    #[must_use]
    pub fn known(&self) -> BTreeMap<SettingKind, Option<SettingValue>> {
        let known = |kind: SettingKind| Some((kind, self.reading(kind)?.value()?.cloned()));
        without_disabled_acl(compared().into_iter().filter_map(known).collect())
    }

    /// The names of settings that could not be read.
    #[must_use]
    pub fn unread(&self) -> Vec<&'static str> {
        let unread = |kind: &SettingKind| matches!(self.reading(*kind), Some(Reading::MayNotRead(_)));
        compared().into_iter().filter(unread).map(SettingKind::title).collect()
    }

    /// What is known beside the setting that is changed.
    #[must_use]
    pub fn surroundings(&self) -> Surroundings {
        use crate::domain::policy::{self, Policy};
        let policy_is_public = match self.reading(SettingKind::Policy) {
            Some(Reading::Is(SettingValue::Policy(text))) => {
                Policy::parse(text).ok().map(|policy| policy::is_public(&policy).public)
            }
            Some(Reading::NotSet | Reading::NotOffered) => Some(false),
            Some(Reading::Is(_) | Reading::MayNotRead(_)) | None => None,
        };
        let acl_is_public = match self.reading(SettingKind::Acl) {
            Some(Reading::Is(SettingValue::Acl(acl))) => Some(acl.is_public()),
            Some(Reading::NotSet | Reading::NotOffered) => Some(false),
            Some(Reading::Is(_) | Reading::MayNotRead(_)) | None => None,
        };
        Surroundings { policy_is_public, acl_is_public, acls_are_ignored: acl::ignored(&self.block()).is_some() }
    }

    /// Block Public Access of account and bucket, as far as it is known.
    #[must_use]
    pub fn block(&self) -> BlockLevels {
        let flags = |kind| match self.value(kind) {
            Some(SettingValue::BlockPublicAccess(flags)) => *flags,
            _ => BlockPublicAccess::NONE,
        };
        BlockLevels {
            account: flags(SettingKind::AccountBlockPublicAccess),
            bucket: flags(SettingKind::BlockPublicAccess),
            ..BlockLevels::default()
        }
    }

    /// Whether access lists are known to be off.
    #[must_use]
    pub fn acls_are_disabled(&self) -> bool {
        disables_acls(self.value(SettingKind::Ownership))
    }
}

/// What is to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The new value; `None` takes the setting away.
    pub value: Option<SettingValue>,
    /// Why, in the person's own words; may be empty.
    pub note: String,
    /// What has to be done first.
    pub first: Option<First>,
}

/// What has to be done before a setting can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// The access list gives everything to the owner and nothing to others (for switching access lists off).
    ResetAcl,
    /// The policy of the bucket that takes the log lets the log in.
    LetLogIn,
}

/// What can be done on the page of a bucket's settings.
#[derive(Debug, Clone)]
pub enum BucketSettingsCommand {
    /// Read all settings of the bucket again.
    Read,
    /// Show the cards or the history.
    Show(Page),
    /// Open the dialog of a setting; the form begins with `start`, or with what is there.
    Edit {
        /// Which setting.
        kind: SettingKind,
        /// What the form begins with.
        start: Option<SettingValue>,
    },
    /// Close it without writing.
    CloseEditor,
    /// Write it.
    Save(Wish),
    /// Take a change back that was made a moment ago, by its number in the history.
    TakeBack(i64),
    /// Put back what was there before a change, by its number in the history.
    Restore(i64),
    /// Show the settings as other tools can make them.
    Export,
    /// Write all settings into a file that is asked for.
    SaveSnapshot,
    /// Compare with a file that is asked for.
    CompareWithSnapshot,
    /// Compare with another bucket of the connection.
    CompareWithBucket(String),
    /// Open the dialog that takes a setting over from what is compared with.
    Adopt(SettingKind),
    /// Ask the store as a browser would.
    TestCors(CorsQuestion),
    /// Count what is in the bucket, and ask whether all of it shall go.
    AskToRemove {
        /// Whether the bucket itself goes as well.
        bucket_too: bool,
    },
    /// Delete everything that was counted.
    Remove,
    /// Stop deleting, or counting.
    StopRemoving,
    /// Close the dialog about it.
    CloseRemoval,
    /// Show the uploads that were begun and not finished.
    ShowUnfinished,
    /// Call these off, by the store's names of them; it was asked.
    CallOff(Vec<String>),
    /// Close the dialog about them.
    CloseUnfinished,
    /// List the bucket, and count what these lifecycle rules would do.
    DryRun(Vec<LifecycleRule>),
    /// In practice storage: count what the bucket's rules do as if it were this day, and ask whether they shall. Without
    /// a day, today.
    AskToRunRules(Option<Date>),
    /// Let them.
    RunRules,
    /// Close the dialog about either; what is being listed is let go.
    CloseDryRun,
}
