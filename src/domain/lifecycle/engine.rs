//! What the rules of a bucket want of one version, and when. Pure: nothing is read and nothing is changed.
//!
//! Source: Amazon S3 User Guide, "Lifecycle configuration elements", "Conflicting lifecycle configurations" and
//! "Transitioning objects using Amazon S3 Lifecycle".

mod compiled;

use std::collections::BTreeMap;

use jiff::Timestamp;

use self::compiled::{Compiled, Cover};
use super::LifecycleRule;
use super::class::{CLASSES, can_follow};
use crate::domain::bucket_settings::Status;

const DAY_SECS: i64 = 24 * 60 * 60;

/// Smaller objects stay in their class unless a rule or the bucket says otherwise.
pub const SMALL: u64 = 128 << 10;

/// What becomes of objects under [`SMALL`] that a rule would move and does not choose by size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SmallFiles {
    /// They stay (`all_storage_classes_128K`, the default of Amazon S3).
    #[default]
    Stay,
    /// They only go to the two archive classes (`varies_by_storage_class`, the default before September 2024).
    OnlyArchived,
    /// They move: the store knows no such limit.
    Move,
}

impl SmallFiles {
    /// As the header `x-amz-transition-default-minimum-object-size` says it.
    #[must_use]
    pub fn parse(header: Option<&str>) -> Self {
        match header {
            Some("varies_by_storage_class") => Self::OnlyArchived,
            _ => Self::Stay,
        }
    }
}

/// What beside the rules decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// Whether the bucket keeps versions; `None`: it never did.
    pub versioning: Option<Status>,
    /// What becomes of small objects.
    pub small: SmallFiles,
}

/// A version, or a delete marker.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The whole key.
    pub key: &'a str,
    /// Bytes.
    pub size_bytes: u64,
    /// As the store names it; `None` is Standard.
    pub class: Option<&'a str>,
    /// When it was made.
    pub made: Timestamp,
    /// Whether it only hides what is below it.
    pub is_marker: bool,
    /// `None` where they are not known; a listing does not tell them.
    pub tags: Option<&'a BTreeMap<String, String>>,
    /// Its place among those of its key.
    pub standing: Standing,
}

/// A version's place among those of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The newest.
    Current {
        /// There is no other.
        alone: bool,
    },
    /// Replaced by a newer one.
    Noncurrent {
        /// Then.
        since: Timestamp,
        /// So many noncurrent ones are newer.
        newer: usize,
    },
}

/// What is to happen to a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A delete without version id: a delete marker, or removal where there is no versioning.
    Expire,
    /// Removal of this version for good.
    Remove,
    /// Another storage class.
    Move(&'static str),
}

/// One thing that a rule wants of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The rule, counted from 0.
    pub rule: usize,
    /// What it wants.
    pub act: Act,
    /// From when on: a midnight, UTC.
    pub due: Timestamp,
    /// Whether the rule is known to be about this version; else that depends on its tags.
    pub certain: bool,
}

/// All that the rules want of a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// In the order in which it is done; what depends on tags comes last.
    pub steps: Vec<Step>,
    /// The rule that would first move the version if it were larger, and from when on.
    pub too_small_for: Option<(usize, Timestamp)>,
}

/// The rules of a bucket, ready to be asked about many versions.
#[derive(Debug, Clone)]
pub struct Engine {
    rules: Vec<Compiled>,
    around: Surroundings,
}

impl Engine {
    /// Rules that are off want nothing, and dates that cannot be read never come.
    #[must_use]
    pub fn new(rules: &[LifecycleRule], around: Surroundings) -> Self {
        let enabled = rules.iter().enumerate().filter(|(_, rule)| rule.enabled);
        Self { rules: enabled.map(|(at, rule)| Compiled::new(at, rule)).collect(), around }
    }

    /// What the rules want of a version from `now` on, as it stands today: what is due by now comes first, in one go,
    /// then each later day. Removal for good outranks a move, the coldest move wins, and a move and a delete marker go
    /// together. What an outcome leads to in its turn (an old version below a new delete marker) is not followed.
    #[must_use]
    pub fn foresee(&self, subject: &Subject<'_>, now: Timestamp) -> Foreseen {
        let mut too_small_for = None;
        let mut sure = Vec::new();
        let mut perhaps = Vec::new();
        for rule in &self.rules {
            match rule.covers(subject) {
                Cover::No => {}
                Cover::Yes => self.wishes(rule, subject, &mut sure, &mut too_small_for),
                Cover::IfTagged => perhaps.push(rule),
            }
        }
        let mut steps = self.settle(subject, sure, now, true);
        let end = steps.iter().find(|step| self.ends(step.act)).map(|step| step.due.max(now));
        for rule in perhaps {
            let mut wishes = Vec::new();
            self.wishes(rule, subject, &mut wishes, &mut None);
            let settled = self.settle(subject, wishes, now, false);
            steps.extend(settled.into_iter().filter(|step| end.is_none_or(|end| step.due.max(now) < end)));
        }
        Foreseen { steps, too_small_for }
    }

    /// The rule that gives an upload up first which began then, and when.
    #[must_use]
    pub fn aborts(&self, key: &str, begun: Timestamp) -> Option<(usize, Timestamp)> {
        let due = |rule: &Compiled| Some((rule.at, eligible(begun, rule.aborts?)));
        self.rules.iter().filter(|rule| key.starts_with(&rule.prefix)).filter_map(due).min_by_key(|(_, due)| *due)
    }

    fn wishes(
        &self,
        rule: &Compiled,
        subject: &Subject<'_>,
        out: &mut Vec<Wish>,
        too_small: &mut Option<(usize, Timestamp)>,
    ) {
        let (removal, expiry) = match subject.standing {
            Standing::Current { alone } if subject.is_marker => (alone.then(|| rule.clears(subject)).flatten(), None),
            Standing::Current { .. } => (None, rule.expires(subject)),
            Standing::Noncurrent { since, newer } => (rule.forgets(since, newer), None),
        };
        out.extend(removal.map(|due| Wish { rule: rule.at, act: Act::Remove, due }));
        out.extend(expiry.map(|due| Wish { rule: rule.at, act: Act::Expire, due }));
        if subject.is_marker {
            return;
        }
        for (class, due) in rule.moves(subject) {
            if !can_follow(subject.class.unwrap_or_default(), class) {
                continue;
            }
            if self.is_too_small(rule, subject, class) {
                let first = too_small.is_none_or(|(_, before)| due < before);
                *too_small = if first { Some((rule.at, due)) } else { *too_small };
            } else {
                out.push(Wish { rule: rule.at, act: Act::Move(class), due });
            }
        }
    }

    fn is_too_small(&self, rule: &Compiled, subject: &Subject<'_>, class: &str) -> bool {
        let moves = match self.around.small {
            SmallFiles::Stay => false,
            SmallFiles::OnlyArchived => matches!(class, "GLACIER" | "DEEP_ARCHIVE"),
            SmallFiles::Move => true,
        };
        subject.size_bytes < SMALL && !rule.by_size() && !moves
    }

    /// Day by day; what was due before now is due now.
    fn settle(&self, subject: &Subject<'_>, mut wishes: Vec<Wish>, now: Timestamp, certain: bool) -> Vec<Step> {
        wishes.sort_by_key(|wish| wish.due.max(now));
        let mut class = subject.class.unwrap_or_default();
        let mut steps = Vec::new();
        for day in wishes.chunk_by(|one, other| one.due.max(now) == other.due.max(now)) {
            let step = |wish: &Wish| Step { rule: wish.rule, act: wish.act, due: wish.due, certain };
            let first = |act: Act| day.iter().find(|wish| wish.act == act);
            let removal = first(Act::Remove);
            let expiry = first(Act::Expire);
            if let Some(last) = removal.or_else(|| expiry.filter(|wish| self.ends(wish.act))) {
                steps.push(step(last));
                return steps;
            }
            let coldest = CLASSES.iter().rev().filter(|to| can_follow(class, to)).find_map(|to| first(Act::Move(to)));
            if let Some(wish) = coldest {
                steps.push(step(wish));
                if let Act::Move(to) = wish.act {
                    class = to;
                }
            }
            if let Some(wish) = expiry {
                steps.push(step(wish));
                return steps;
            }
        }
        steps
    }

    /// Whether a version is gone for good after this. Where there is no versioning, expiry is removal.
    fn ends(&self, act: Act) -> bool {
        match act {
            Act::Remove => true,
            Act::Expire => self.around.versioning.is_none(),
            Act::Move(_) => false,
        }
    }
}

struct Wish {
    rule: usize,
    act: Act,
    due: Timestamp,
}

/// Days count from midnight to midnight, UTC: the end of a time of days is rounded up to the next one.
#[must_use]
pub fn eligible(from: Timestamp, days: i32) -> Timestamp {
    let begun = i64::from(from.subsec_nanosecond() > 0);
    let end = from.as_second() + begun + i64::from(days) * DAY_SECS;
    let midnight = end + (-end).rem_euclid(DAY_SECS);
    Timestamp::from_second(midnight).unwrap_or(if midnight < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

#[cfg(test)]
pub(super) mod tests;
