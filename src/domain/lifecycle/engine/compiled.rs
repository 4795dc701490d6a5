//! One rule with everything in it read that does not depend on a version.

use jiff::Timestamp;

use super::super::class::{CLASSES, rank};
use super::super::{Expiration, LifecycleRule, When};
use super::{Standing, Subject, eligible};

/// A rule that is on.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    /// Its place among all rules.
    pub(super) at: usize,
    pub(super) prefix: String,
    tags: Vec<(String, String)>,
    larger: Option<u64>,
    smaller: Option<u64>,
    expires: Option<Moment>,
    clears_markers: bool,
    moves: Vec<(&'static str, Moment)>,
    forgets: Option<Forget>,
    old_moves: Vec<(&'static str, Forget)>,
    pub(super) aborts: Option<i32>,
}

#[derive(Debug, Clone, Copy)]
enum Moment {
    Days(i32),
    On(Timestamp),
}

#[derive(Debug, Clone, Copy)]
struct Forget {
    days: i32,
    kept: Option<i32>,
}

/// Whether a rule is about a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    No,
    Yes,
    /// Its tags are not known.
    IfTagged,
}

impl Compiled {
    pub(super) fn new(at: usize, rule: &LifecycleRule) -> Self {
        let bytes = |limit: Option<i64>| limit.map(|bytes| u64::try_from(bytes).unwrap_or_default());
        let class = |class: &str| rank(class).map(|rank| CLASSES[rank]);
        Self {
            at,
            prefix: rule.filter.prefix.clone().unwrap_or_default(),
            tags: rule.filter.tags.clone(),
            larger: bytes(rule.filter.larger_than),
            smaller: bytes(rule.filter.smaller_than),
            expires: match &rule.expiration {
                Some(Expiration::At(when)) => moment(when),
                Some(Expiration::LoneDeleteMarkers) | None => None,
            },
            clears_markers: rule.expiration == Some(Expiration::LoneDeleteMarkers),
            moves: rule.transitions.iter().filter_map(|it| Some((class(&it.class)?, moment(&it.when)?))).collect(),
            forgets: rule.noncurrent_expiration.as_ref().map(|it| Forget { days: it.days, kept: it.keep_newest }),
            old_moves: rule
                .noncurrent_transitions
                .iter()
                .filter_map(|it| Some((class(&it.class)?, Forget { days: it.days, kept: it.keep_newest })))
                .collect(),
            aborts: rule.abort_unfinished_days,
        }
    }

    pub(super) fn covers(&self, subject: &Subject<'_>) -> Cover {
        let fits = subject.key.starts_with(&self.prefix)
            && self.larger.is_none_or(|bytes| subject.size_bytes > bytes)
            && self.smaller.is_none_or(|bytes| subject.size_bytes < bytes);
        match (fits, subject.tags) {
            (false, _) => Cover::No,
            (true, _) if self.tags.is_empty() => Cover::Yes,
            // A marker has none.
            (true, _) if subject.is_marker => Cover::No,
            (true, None) => Cover::IfTagged,
            (true, Some(found)) => {
                let all = self.tags.iter().all(|(key, value)| found.get(key) == Some(value));
                if all { Cover::Yes } else { Cover::No }
            }
        }
    }

    pub(super) fn by_size(&self) -> bool {
        self.larger.is_some() || self.smaller.is_some()
    }

    /// When a current version expires.
    pub(super) fn expires(&self, subject: &Subject<'_>) -> Option<Timestamp> {
        Some(self.expires?.after(subject.made))
    }

    /// Markers below which nothing is left go by the rule for them, and by age where a rule counts days.
    pub(super) fn clears(&self, marker: &Subject<'_>) -> Option<Timestamp> {
        match self.expires {
            Some(Moment::Days(days)) => Some(eligible(marker.made, days)),
            _ => self.clears_markers.then_some(marker.made),
        }
    }

    /// When an old version goes.
    pub(super) fn forgets(&self, since: Timestamp, newer: usize) -> Option<Timestamp> {
        self.forgets?.after(since, newer)
    }

    /// The classes that a version moves to, and when.
    pub(super) fn moves(&self, subject: &Subject<'_>) -> Vec<(&'static str, Timestamp)> {
        match subject.standing {
            Standing::Current { .. } => {
                self.moves.iter().map(|(class, moment)| (*class, moment.after(subject.made))).collect()
            }
            Standing::Noncurrent { since, newer } => {
                let due = |(class, forget): &(&'static str, Forget)| Some((*class, forget.after(since, newer)?));
                self.old_moves.iter().filter_map(due).collect()
            }
        }
    }
}

impl Moment {
    fn after(self, made: Timestamp) -> Timestamp {
        match self {
            Self::Days(days) => eligible(made, days),
            Self::On(date) => date,
        }
    }
}

impl Forget {
    fn after(self, since: Timestamp, newer: usize) -> Option<Timestamp> {
        let enough = self.kept.is_none_or(|kept| usize::try_from(kept).is_ok_and(|kept| newer >= kept));
        enough.then(|| eligible(since, self.days))
    }
}

fn moment(when: &When) -> Option<Moment> {
    match when {
        When::Days(days) => Some(Moment::Days(*days)),
        When::Date(date) => date.parse().ok().map(Moment::On),
    }
}
