//! The policy of a bucket: as the store has it, as it is being written, what is said about it, and how it is saved.

pub mod draft;
pub mod files;
pub mod found;
pub mod history;
pub mod meaning;
pub mod people;
pub mod reading;
pub mod review;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::domain::connection::ConnectionId;
use crate::domain::policy::{Fix, Validated};
use crate::worker::Request;

use super::Trouble;
use draft::Draft;
use files::Files;
use found::{Beside, Found};
use history::Version;
use meaning::{Around, Meaning};
use reading::Reading;
use review::{Proof, Review};

/// A bucket of a connection.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BucketKey {
    /// Which connection.
    pub connection: ConnectionId,
    /// Which bucket.
    pub bucket: String,
}

/// The policy of the bucket one is in, and the drafts of all buckets.
#[derive(Debug, Default)]
pub struct PermissionsModel {
    /// The bucket that the rest is about.
    pub here: Option<BucketKey>,
    /// The policy as the store has it. It fails only where nothing can be said of it at all.
    pub found: Request<Found, Trouble>,
    /// What decides beside it.
    pub beside: Request<Beside, Trouble>,
    /// The texts of all buckets that were looked at or are not saved.
    pub drafts: BTreeMap<BucketKey, Draft>,
    /// What is said about the text, perhaps about a state of it a moment ago.
    pub reading: Request<Reading, Trouble>,
    /// What IAM Access Analyzer says of a state of the text, where it may be asked.
    pub validated: Request<Checked, Trouble>,
    /// What the text means for people, perhaps of a state of it a moment ago.
    pub meaning: Request<Meaning, Trouble>,
    /// What stands around the policy, as far as it is known.
    pub around: Option<Around>,
    /// The bucket's policy is read once more before it is replaced.
    pub checking: bool,
    /// What is about to be saved; shown in a dialog.
    pub review: Option<Review>,
    /// How many files the change that is about to be saved opens; counted while the review is looked at.
    pub files: Request<Files, Trouble>,
    /// What was found out after the last save, for the bucket one is in.
    pub proof: Option<Proof>,
    /// Earlier versions of the policy, newest first; asked for when they are looked at.
    pub history: Request<Vec<Version>, Trouble>,
    /// The one that is looked at, in the order of the list.
    pub chosen_version: usize,
    /// How often the search was asked for.
    pub find_wishes: u32,
}

impl PermissionsModel {
    /// The draft of the bucket one is in.
    #[must_use]
    pub fn draft(&self) -> Option<&Draft> {
        self.drafts.get(self.here.as_ref()?)
    }

    /// Whether a bucket has a text that is not saved.
    #[must_use]
    pub fn is_unsaved(&self, connection: ConnectionId, bucket: &str) -> bool {
        let key = BucketKey { connection, bucket: bucket.to_owned() };
        self.drafts.get(&key).is_some_and(Draft::is_changed)
    }

    /// What is said about the text as it is now; `None` while that is being found out.
    #[must_use]
    pub fn current_reading(&self) -> Option<&Reading> {
        let text = self.draft()?.text();
        self.reading.known().filter(|reading| reading.text == text)
    }
}

/// What IAM Access Analyzer says of one state of the text.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The text.
    pub text: String,
    /// What it says.
    pub findings: Vec<Validated>,
}

/// One side of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What was there before it.
    Before,
    /// What it made.
    After,
}

/// What can be done on the page of permissions.
#[derive(Debug, Clone)]
pub enum PermissionsCommand {
    /// Read the policy of the bucket again.
    Read,
    /// The text was edited by hand.
    Typed {
        /// The whole text.
        text: String,
        /// The cursor or the selection after it, in bytes.
        caret: Range<usize>,
        /// The same before it.
        caret_before: Range<usize>,
    },
    /// The text was changed by something else than typing: one step to take back.
    Replace {
        /// The whole text.
        text: String,
        /// Where the cursor goes, in bytes; without it, to where the text changed.
        caret: Option<Range<usize>>,
    },
    /// Cure a finding.
    Fix(Fix),
    /// A finding is no mistake.
    Mean(String),
    /// Lay the text out anew.
    Tidy,
    /// Take the newest step back.
    Undo,
    /// Take it again.
    Redo,
    /// Go back to what the bucket has.
    Discard,
    /// Search in the text.
    Find,
    /// Look at what saving would do.
    Review,
    /// Look at what deleting the policy would do.
    ReviewDelete,
    /// Look at earlier versions.
    ShowHistory,
    /// Look at one of them.
    ChooseVersion(usize),
    /// Look at what bringing an earlier version back would do.
    Restore {
        /// A change in the history.
        change: i64,
        /// Which side of it.
        side: Side,
    },
    /// Keep editing.
    CloseReview,
    /// Take the policy that the bucket has meanwhile; the own text can be brought back with undo.
    TakeTheirs,
    /// Go on with the own text, compared with what the bucket has meanwhile.
    KeepMine,
    /// Something was ticked or written in the review.
    Answer(review::Answer),
    /// Save what the review shows.
    Save,
    /// What the proof says was read.
    HideProof,
}
