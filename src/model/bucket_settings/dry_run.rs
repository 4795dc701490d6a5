//! What lifecycle rules would do to a bucket, and what they did where they were let to.

use jiff::Timestamp;

use crate::domain::lifecycle::LifecycleRule;
use crate::domain::lifecycle::dry_run::{Amount, Outcome, Report};
use crate::model::Trouble;

/// A dry run, or a run that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRun {
    /// The bucket.
    pub bucket: String,
    /// The rules, saved or not.
    pub rules: Vec<LifecycleRule>,
    /// The day for which the rules shall act in practice storage, at its beginning; `None`: nothing shall be done.
    pub run_at: Option<Timestamp>,
    /// Another number with every listing, so that late reports are known as such.
    pub number: u64,
    /// How far it is.
    pub state: DryRunState,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DryRunState {
    /// The bucket is being listed; so much was looked at.
    Listing(Amount),
    /// What the rules would do.
    Ready(Box<Report>),
    /// The bucket could not be listed.
    Failed(Trouble),
    /// The rules are acting.
    Running,
    /// They acted.
    Ran(Ran),
    /// They could not act to the end.
    RunFailed(Trouble),
}

/// What the rules did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ran {
    /// How often which outcome.
    pub counts: Vec<(Outcome, u64)>,
    /// Each of the first deeds in a line.
    pub lines: Vec<String>,
    /// Deeds in all.
    pub total: usize,
}
