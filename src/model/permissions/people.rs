//! What saving changes for people, and in the text.

use jiff::Timestamp;

use super::meaning::Around;
use super::review::Review;
use crate::domain::policy::{AccessDiff, Policy};
use crate::domain::text_diff::{self, DiffLine};

/// The two columns of a review.
#[derive(Debug, Clone)]
pub struct People {
    /// What changes while Block Public Access stays as it is.
    pub as_is: AccessDiff,
    /// What changes with the two flags of the bucket lifted.
    pub lifted: AccessDiff,
    /// What would change with nothing standing against public policies: what there is to know before saving.
    pub open: AccessDiff,
    /// The text, line by line.
    pub lines: Vec<DiffLine>,
}

impl People {
    /// Compares what the bucket has with what it is to have. A text that is no policy counts as none.
    #[must_use]
    pub fn new(review: &Review, around: &Around, now: Timestamp) -> Self {
        let old = review.before.shown();
        let new = review.after.clone().unwrap_or_default();
        let (before, after) = (Policy::parse(&old).ok(), Policy::parse(&new).ok());
        let differ = |around: &Around| around.difference(before.as_ref(), after.as_ref(), now);
        let as_is = differ(around);
        let (bucket_open, all_open) = (around.lifted(false), around.lifted(true));
        // Most buckets have nothing to lift.
        let lifted = if bucket_open == *around { as_is.clone() } else { differ(&bucket_open) };
        let open = if all_open == bucket_open { lifted.clone() } else { differ(&all_open) };
        Self { as_is, lifted, open, lines: text_diff::compare(&old, &new) }
    }

    /// What changes, with the two flags of the bucket lifted or not.
    #[must_use]
    pub const fn shown(&self, lift: bool) -> &AccessDiff {
        if lift { &self.lifted } else { &self.as_is }
    }
}
