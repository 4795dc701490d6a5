//! What the rules would do to everything that a listing shows: counted, with days, examples and what to bear in mind.
//! Bounded: what is kept grows with the rules, not with the listing.
//!
//! Source: Amazon S3 User Guide, "Managing the lifecycle of objects" and "Understanding and managing Amazon S3 storage
//! classes" (minimum storage duration, minimum billable size).

mod tally;
mod words;

use jiff::Timestamp;

use super::class::charged_days;
use super::engine::{Act, Engine, SMALL, Standing, Subject, Surroundings};
use super::{LifecycleRule, class_name};
use crate::domain::bucket_settings::Status;

pub use tally::{Amount, EXAMPLES, Example, Row};
use tally::{PerRule, Rows};
pub use words::rule_name;

/// What is known of the bucket beside its rules and what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bucket {
    /// What decides beside the rules.
    pub around: Surroundings,
    /// Whether it keeps versions could not be read: counted as if it kept none.
    pub versioning_unknown: bool,
    /// Object Lock is on, and a listing does not tell what is locked.
    pub locks: bool,
}

/// One line of a listing of versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The whole key.
    pub key: String,
    /// Bytes.
    pub size_bytes: u64,
    /// As the store names it; `None` is Standard.
    pub class: Option<String>,
    /// When it was made.
    pub made: Timestamp,
    /// Whether it only hides what is below it.
    pub is_marker: bool,
    /// Its version id is `null`: it was written while no versions were kept.
    pub is_null: bool,
}

/// What becomes of a file, an old version, a marker or an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// A file is gone for good.
    Delete,
    /// A delete marker hides a file, which becomes an old version.
    Hide,
    /// A file goes to another storage class.
    Move(&'static str),
    /// An old version is gone for good.
    DeleteOld,
    /// An old version goes to another storage class.
    MoveOld(&'static str),
    /// A delete marker with nothing below it is gone.
    DropMarker,
    /// An unfinished upload is given up.
    AbortUpload,
}

impl Outcome {
    /// Whether something is gone for good.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delete | Self::DeleteOld | Self::AbortUpload)
    }
}

/// Something to bear in mind; rules are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trap {
    /// Files under 128 KB that a rule would move stay.
    SmallStay(usize, Amount),
    /// Files under 128 KB move, because the rule chooses by size.
    SmallMoved(usize, Amount),
    /// They leave a class before its least time is over, which is charged all the same.
    LeftEarly(usize, &'static str, Amount),
    /// Expiry only hides; whether an enabled rule deletes old versions.
    OnlyHides {
        /// One does.
        followed: bool,
    },
    /// The rule is about old versions, and the bucket keeps none.
    NoVersions(usize),
    /// What the rule is about depends on tags.
    Tags(usize),
    /// Locked versions stay.
    Locked,
    /// Whether versions are kept is not known.
    VersioningUnknown,
}

/// What the rules would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// From when on.
    pub now: Timestamp,
    /// For each rule what becomes of what: by rule, what is certain first.
    pub rows: Vec<Row>,
    /// What to bear in mind.
    pub traps: Vec<Trap>,
    /// What was looked at, in all.
    pub seen: Amount,
    /// The listing was read to its end.
    pub whole: bool,
}

/// A dry run under way: fed with a listing, line by line.
#[derive(Debug)]
pub struct DryRun {
    engine: Engine,
    rules: Vec<LifecycleRule>,
    bucket: Bucket,
    now: Timestamp,
    only_due: bool,
    walk: Option<Walk>,
    rows: Rows,
    seen: Amount,
    small_stay: PerRule<()>,
    small_moved: PerRule<()>,
    left_early: PerRule<&'static str>,
}

/// The key that the listing is at.
#[derive(Debug)]
struct Walk {
    key: String,
    /// The newest version, until it is known whether it is the only one.
    first: Option<Listed>,
    newer_made: Timestamp,
    seen: usize,
}

impl DryRun {
    /// Begins: what happens from `now` on.
    #[must_use]
    pub fn new(rules: Vec<LifecycleRule>, bucket: Bucket, now: Timestamp) -> Self {
        Self {
            engine: Engine::new(&rules, bucket.around),
            rules,
            bucket,
            now,
            only_due: false,
            walk: None,
            rows: Rows::new(now),
            seen: Amount::default(),
            small_stay: PerRule::default(),
            small_moved: PerRule::default(),
            left_early: PerRule::default(),
        }
    }

    /// Leaves out what is not due by then: what one run of the rules does.
    #[must_use]
    pub fn only_due(self) -> Self {
        Self { only_due: true, ..self }
    }

    fn counts(&self, due: Timestamp) -> bool {
        !self.only_due || due <= self.now
    }

    /// What was looked at by now.
    #[must_use]
    pub fn seen(&self) -> Amount {
        self.seen
    }

    /// The next version or marker of the listing: all of a key together, the newest first.
    pub fn version(&mut self, listed: Listed) {
        self.seen.add(listed.size_bytes);
        let older = match &mut self.walk {
            Some(walk) if walk.key == listed.key => {
                let standing = Standing::Noncurrent { since: walk.newer_made, newer: walk.seen - 1 };
                walk.newer_made = listed.made;
                walk.seen += 1;
                Some((walk.first.take(), standing))
            }
            _ => None,
        };
        if let Some((newest, standing)) = older {
            if let Some(newest) = newest {
                self.judge(&newest, Standing::Current { alone: false });
            }
            self.judge(&listed, standing);
        } else {
            self.close_key(true);
            let (key, newer_made) = (listed.key.clone(), listed.made);
            self.walk = Some(Walk { key, first: Some(listed), newer_made, seen: 1 });
        }
    }

    /// The next unfinished upload. A listing does not tell how large it is.
    pub fn upload(&mut self, key: &str, begun: Timestamp) {
        if let Some((rule, due)) = self.engine.aborts(key, begun).filter(|(_, due)| self.counts(*due)) {
            self.rows.add(rule, true, Outcome::AbortUpload, Example { key: key.to_owned(), size_bytes: 0, due });
        }
    }

    /// What came of it; `whole` unless the listing was left before its end.
    #[must_use]
    pub fn finish(mut self, whole: bool) -> Report {
        // A key at which the listing was left may have more versions.
        self.close_key(whole);
        let traps = self.traps();
        Report { now: self.now, rows: self.rows.all(), traps, seen: self.seen, whole }
    }

    fn close_key(&mut self, alone: bool) {
        if let Some(newest) = self.walk.take().and_then(|walk| walk.first) {
            self.judge(&newest, Standing::Current { alone });
        }
    }

    fn judge(&mut self, listed: &Listed, standing: Standing) {
        let subject = Subject {
            key: &listed.key,
            size_bytes: listed.size_bytes,
            class: listed.class.as_deref(),
            made: listed.made,
            is_marker: listed.is_marker,
            tags: None,
            standing,
        };
        let foreseen = self.engine.foresee(&subject, self.now);
        if let Some((rule, _)) = foreseen.too_small_for.filter(|(_, due)| self.counts(*due)) {
            self.small_stay.add(rule, (), listed.size_bytes);
        }
        // The class and since when, as far as a listing tells.
        let mut place = (listed.class.as_deref().unwrap_or_default(), listed.made);
        let mut moved_small = None;
        let only = self.only_due.then_some(self.now);
        for step in foreseen.steps.into_iter().filter(|step| only.is_none_or(|now| step.due <= now)) {
            let outcome = self.outcome(step.act, listed, standing);
            let example = Example { key: listed.key.clone(), size_bytes: listed.size_bytes, due: step.due };
            self.rows.add(step.rule, step.certain, outcome, example);
            if !step.certain {
                continue;
            }
            let then = step.due.max(self.now);
            if leaves(outcome)
                && let Some(class) = left_early(place.0, place.1, then)
            {
                self.left_early.add(step.rule, class, listed.size_bytes);
            }
            if let Act::Move(to) = step.act {
                place = (to, then);
                if listed.size_bytes < SMALL && by_size(&self.rules[step.rule]) {
                    moved_small.get_or_insert(step.rule);
                }
            }
        }
        if let Some(rule) = moved_small {
            self.small_moved.add(rule, (), listed.size_bytes);
        }
    }

    fn outcome(&self, act: Act, listed: &Listed, standing: Standing) -> Outcome {
        match (act, standing) {
            (Act::Remove, _) if listed.is_marker => Outcome::DropMarker,
            (Act::Remove, _) => Outcome::DeleteOld,
            (Act::Move(class), Standing::Current { .. }) => Outcome::Move(class),
            (Act::Move(class), Standing::Noncurrent { .. }) => Outcome::MoveOld(class),
            (Act::Expire, _) => match self.bucket.around.versioning {
                None => Outcome::Delete,
                // A new null marker takes the place of the null version.
                Some(Status::Suspended) if listed.is_null => Outcome::Delete,
                Some(_) => Outcome::Hide,
            },
        }
    }

    fn traps(&mut self) -> Vec<Trap> {
        let mut traps = Vec::new();
        let on = || self.rules.iter().enumerate().filter(|(_, rule)| rule.enabled);
        let about_old =
            |rule: &LifecycleRule| rule.noncurrent_expiration.is_some() || !rule.noncurrent_transitions.is_empty();
        if self.bucket.versioning_unknown {
            traps.push(Trap::VersioningUnknown);
        } else if self.bucket.around.versioning.is_none() {
            traps.extend(on().filter(|(_, rule)| about_old(rule)).map(|(at, _)| Trap::NoVersions(at)));
        }
        if self.rows.has(Outcome::Hide) {
            traps.push(Trap::OnlyHides { followed: on().any(|(_, rule)| rule.noncurrent_expiration.is_some()) });
        }
        traps.extend(self.small_stay.all().map(|(rule, (), amount)| Trap::SmallStay(rule, amount)));
        traps.extend(self.small_moved.all().map(|(rule, (), amount)| Trap::SmallMoved(rule, amount)));
        traps.extend(self.left_early.all().map(|(rule, class, amount)| Trap::LeftEarly(rule, class, amount)));
        traps.extend(self.rows.uncertain().map(Trap::Tags));
        if self.bucket.locks && self.rows.has_final() {
            traps.push(Trap::Locked);
        }
        traps
    }
}

/// What all keys begin with that a rule is about; `None` where no rule is on.
#[must_use]
pub fn common_prefix(rules: &[LifecycleRule]) -> Option<String> {
    let prefixes =
        rules.iter().filter(|rule| rule.enabled).map(|rule| rule.filter.prefix.as_deref().unwrap_or_default());
    prefixes.map(str::to_owned).reduce(|common, other| {
        let shared = common.chars().zip(other.chars()).take_while(|(one, two)| one == two);
        shared.map(|(letter, _)| letter).collect()
    })
}

fn by_size(rule: &LifecycleRule) -> bool {
    rule.filter.larger_than.is_some() || rule.filter.smaller_than.is_some()
}

/// Whether a file is no more where it was. Below a delete marker it stays there.
fn leaves(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Delete | Outcome::DeleteOld | Outcome::Move(_) | Outcome::MoveOld(_) => true,
        Outcome::Hide | Outcome::DropMarker | Outcome::AbortUpload => false,
    }
}

/// The class that is left before its least time is over.
fn left_early(class: &str, since: Timestamp, then: Timestamp) -> Option<&'static str> {
    let days = charged_days(class)?;
    let spent = then.as_second() - since.as_second();
    let class = super::CLASSES.into_iter().find(|known| *known == class)?;
    (spent < i64::from(days) * 86_400).then_some(class)
}

#[cfg(test)]
mod tests;
