//! The page of the open connection: what it can do, and who gets into its buckets.

use std::collections::BTreeSet;

use crate::domain::checkup::{BucketCheckup, Checkup, Feature, IdentityPolicy, Outcome};
use crate::domain::connection::ConnectionId;
use crate::worker::Request;

use super::Trouble;

/// The page of the open connection.
#[derive(Debug)]
pub struct ConnectionPageModel {
    /// The connection that the rest is about.
    pub here: Option<ConnectionId>,
    /// The side that is shown.
    pub side: Side,
    /// What was looked at last, as it was typed: a bucket, or a prefix in one; empty for the account alone.
    pub place: String,
    /// Another number whenever [`Self::place`] came from elsewhere than the field.
    pub number: u64,
    /// Why it names nothing to look at.
    pub problem: Option<String>,
    /// What was found out.
    pub checkup: Request<Checkup, Trouble>,
    /// The policy that is being put together.
    pub draft: PolicyDraft,
}

impl Default for ConnectionPageModel {
    fn default() -> Self {
        Self {
            here: None,
            side: Side::Can,
            place: String::new(),
            number: 0,
            problem: None,
            checkup: Request::Idle,
            draft: PolicyDraft::default(),
        }
    }
}

impl ConnectionPageModel {
    /// The bucket that was looked at, as far as anything is known of it.
    #[must_use]
    pub fn bucket(&self) -> Option<&BucketCheckup> {
        self.checkup.known()?.buckets.first()
    }
}

/// The sides of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the connection can do.
    Can,
    /// Who can get into its buckets.
    Open,
}

/// A policy for somebody who shall be able to do something.
#[derive(Debug, Clone)]
pub struct PolicyDraft {
    /// What is ticked.
    pub features: BTreeSet<Feature>,
    /// Where, as it was typed: buckets or prefixes, divided by commas; empty for every bucket.
    pub places: String,
    /// Somebody typed them: they do not follow the bucket that is looked at any more.
    pub typed: bool,
    /// Another number whenever [`Self::places`] came from elsewhere than the field.
    pub number: u64,
    /// The policy, `None` where nothing is ticked, or what is wrong with the places.
    pub made: Result<Option<IdentityPolicy>, String>,
}

impl Default for PolicyDraft {
    fn default() -> Self {
        let features = BTreeSet::from([Feature::View]);
        Self { features, places: String::new(), typed: false, number: 0, made: Ok(None) }
    }
}

/// Whether the connection itself can do what a feature takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    /// All that was tried is let in, and nothing is predicted to be refused.
    Can,
    /// Something that it takes is refused, or predicted to be.
    Cannot,
    /// It is not known.
    Unknown,
}

impl Ability {
    /// Of a feature, from what was found out.
    #[must_use]
    pub fn of(feature: Feature, checkup: &Checkup) -> Self {
        let findings = checkup.buckets.iter().filter_map(|bucket| bucket.findings.as_ref().ok()).flatten();
        // What a store does not have cannot be missing, either.
        let all: Vec<&Outcome> = checkup
            .account
            .iter()
            .chain(findings)
            .filter(|finding| feature.capabilities().any(|it| it == finding.capability))
            .map(|finding| &finding.outcome)
            .filter(|outcome| **outcome != Outcome::NotOffered)
            .collect();
        let refused = |outcome: &&Outcome| match outcome {
            Outcome::Cannot { .. } => true,
            Outcome::NotTried(prediction) => prediction.is_refused(),
            Outcome::Can | Outcome::Unclear(_) | Outcome::NotOffered => false,
        };
        let can = |outcome: &&Outcome| match outcome {
            Outcome::Can => true,
            Outcome::NotTried(prediction) => prediction.is_allowed(),
            Outcome::Cannot { .. } | Outcome::NotOffered | Outcome::Unclear(_) => false,
        };
        if all.iter().any(refused) {
            Self::Cannot
        } else if !all.is_empty() && all.iter().all(can) {
            Self::Can
        } else {
            Self::Unknown
        }
    }
}

/// What can be done on the page.
#[derive(Debug, Clone)]
pub enum ConnectionPageCommand {
    /// Show the page from a side.
    Show(Side),
    /// Look at this bucket, or prefix in one.
    Look(String),
    /// Look once more.
    Again,
    /// Put the report on the clipboard.
    CopyReport,
    /// Tick a feature of the policy, or not.
    Tick(Feature, bool),
    /// Say where the policy holds.
    Places(String),
    /// Put the policy on the clipboard.
    CopyPolicy,
    /// Put the audit on the clipboard.
    CopyAudit,
    /// Save it as a table.
    SaveAudit,
}
