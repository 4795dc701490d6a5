//! What S3 would refuse, before it is sent.
//!
//! Source of the rules: Amazon S3 API Reference, "PutBucketLifecycleConfiguration"; Amazon S3 User Guide,
//! "Lifecycle configuration elements" and "Transitioning objects using Amazon S3 Lifecycle".

use super::class::{CLASSES, can_follow};
use super::{Expiration, LifecycleRule, MAX_RULES, When};

/// Sizes in filters go up to this many bytes (Amazon S3 API Reference, "LifecycleRuleFilter").
const MAX_SIZE: i64 = 1_099_511_627_776_000;

/// Days that objects spend before the classes for infrequent access, and in them before they may go on.
const INFREQUENT_DAYS: i32 = 30;

/// What S3 would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LifecycleProblem {
    /// None, or more than a thousand.
    #[error("There must be 1 to 1,000 rules")]
    Count,
    /// More than 255 characters.
    #[error("The name of rule {0} is longer than 255 characters")]
    LongId(usize),
    /// Twice the same name.
    #[error("Two rules are named “{0}”")]
    SameId(String),
    /// Prefixes inside and outside of filters.
    #[error("Rules of the older form (prefix without filter) cannot stand beside newer ones")]
    MixedForms,
    /// Rules of the older form act alike on the same keys.
    #[error("Rules {0} and {1} of the older form do the same to the same files")]
    Overlap(usize, usize),
    /// Nothing to do.
    #[error("Rule {0} does nothing")]
    NoAction(usize),
    /// Zero or negative.
    #[error("Days in rule {0} must be 1 or more")]
    Days(usize),
    /// Not at the beginning of a day.
    #[error("The date in rule {0} must be a day, like 2030-01-31")]
    Date(usize),
    /// None, or more than a hundred.
    #[error("Rule {0} can keep 1 to 100 newer versions")]
    Kept(usize),
    /// Versions to keep are counted only by rules of the newer form.
    #[error("Rule {0} is of the older form and cannot count versions to keep")]
    KeptByOldForm(usize),
    /// Twice the same key.
    #[error("Rule {0} names a tag twice")]
    SameTag(usize),
    /// The limits exclude each other.
    #[error("In rule {0} the upper size must be greater than the lower one")]
    Sizes(usize),
    /// Negative, or more than any object can have.
    #[error("Rule {0} names a size that no file can have")]
    Size(usize),
    /// Uploads have no tags and no size yet.
    #[error("Rule {0} clears unfinished uploads, so it cannot choose by tag or size")]
    AbortWithTagsOrSize(usize),
    /// The same.
    #[error("Rule {0} clears delete markers, so it cannot choose by tag or size")]
    MarkersWithTagsOrSize(usize),
    /// Infrequent access needs 30 days first.
    #[error("Rule {0} moves to {1} before day 30")]
    TooEarly(usize, String),
    /// Negative.
    #[error("Rule {0} moves before the file is there")]
    Negative(usize),
    /// A class that nothing can be moved to.
    #[error("Rule {0} moves to {1}, which no rule can move to")]
    Class(usize, String),
    /// Twice the same class.
    #[error("Rule {0} moves to {1} twice")]
    SameClass(usize, String),
    /// From a cold class to a warmer one.
    #[error("Rule {0} moves to {1} after {2}; files only ever get colder")]
    Warmer(usize, String, String),
    /// Too soon after another move.
    #[error("In rule {0} the move to {1} must come {2} days or more after the move to {3}")]
    TooSoon(usize, String, i32, String),
    /// Days and dates side by side.
    #[error("Rule {0} counts days here and names a date there")]
    Mixed(usize),
    /// Deleted before it is moved.
    #[error("Rule {0} deletes before it has moved")]
    DeletedFirst(usize),
}

/// What S3 would refuse; rules are counted from 1.
#[must_use]
pub fn check(rules: &[LifecycleRule]) -> Vec<LifecycleProblem> {
    use LifecycleProblem as Problem;
    let mut problems = Vec::new();
    if rules.is_empty() || rules.len() > MAX_RULES {
        problems.push(Problem::Count);
    }
    for (at, rule) in rules.iter().enumerate() {
        let n = at + 1;
        if let Some(id) = &rule.id {
            if id.chars().count() > 255 {
                problems.push(Problem::LongId(n));
            }
            if rules[..at].iter().any(|other| other.id.as_ref() == Some(id)) {
                problems.push(Problem::SameId(id.clone()));
            }
        }
        check_rule(n, rule, &mut problems);
    }
    let old = rules.iter().filter(|rule| rule.filter.legacy).count();
    if old > 0 && old < rules.len() {
        problems.push(Problem::MixedForms);
    } else if old > 0 {
        overlaps(rules, &mut problems);
    }
    problems
}

fn check_rule(n: usize, rule: &LifecycleRule, problems: &mut Vec<LifecycleProblem>) {
    use LifecycleProblem as Problem;
    let acts = rule.expiration.is_some()
        || !rule.transitions.is_empty()
        || rule.noncurrent_expiration.is_some()
        || !rule.noncurrent_transitions.is_empty()
        || rule.abort_unfinished_days.is_some();
    if !acts {
        problems.push(Problem::NoAction(n));
    }
    let expiry = match &rule.expiration {
        Some(Expiration::At(When::Days(days))) => Some(*days),
        Some(Expiration::At(When::Date(_)) | Expiration::LoneDeleteMarkers) | None => None,
    };
    let old = rule.noncurrent_expiration.as_ref();
    // Rules may say only how many versions stay.
    let old_days = old.filter(|old| old.days != 0 || old.keep_newest.is_none()).map(|old| old.days);
    if [expiry, old_days, rule.abort_unfinished_days].iter().flatten().any(|days| *days < 1) {
        problems.push(Problem::Days(n));
    }
    let whens = rule.transitions.iter().map(|transition| &transition.when);
    let whens = whens.chain(rule.expiration.iter().filter_map(|expiration| match expiration {
        Expiration::At(when) => Some(when),
        Expiration::LoneDeleteMarkers => None,
    }));
    if whens.clone().any(|when| matches!(when, When::Date(date) if !is_a_day(date))) {
        problems.push(Problem::Date(n));
    }
    if whens.clone().any(|when| matches!(when, When::Date(_)))
        && whens.clone().any(|when| matches!(when, When::Days(_)))
    {
        problems.push(Problem::Mixed(n));
    }
    let kept = rule.noncurrent_transitions.iter().map(|transition| transition.keep_newest);
    let kept: Vec<i32> = kept.chain(old.map(|old| old.keep_newest)).flatten().collect();
    if kept.iter().any(|kept| !(1..=100).contains(kept)) {
        problems.push(Problem::Kept(n));
    }
    if !kept.is_empty() && rule.filter.legacy {
        problems.push(Problem::KeptByOldForm(n));
    }
    check_filter(n, rule, problems);
    check_moves(n, rule, problems);
}

fn check_filter(n: usize, rule: &LifecycleRule, problems: &mut Vec<LifecycleProblem>) {
    use LifecycleProblem as Problem;
    let filter = &rule.filter;
    let tags = &filter.tags;
    if tags.iter().enumerate().any(|(i, (key, _))| tags[..i].iter().any(|(other, _)| other == key)) {
        problems.push(Problem::SameTag(n));
    }
    if [filter.larger_than, filter.smaller_than].iter().flatten().any(|bytes| !(0..=MAX_SIZE).contains(bytes)) {
        problems.push(Problem::Size(n));
    }
    if filter.larger_than.zip(filter.smaller_than).is_some_and(|(larger, smaller)| smaller <= larger) {
        problems.push(Problem::Sizes(n));
    }
    if !tags.is_empty() || filter.larger_than.is_some() || filter.smaller_than.is_some() {
        if rule.abort_unfinished_days.is_some() {
            problems.push(Problem::AbortWithTagsOrSize(n));
        }
        if rule.expiration == Some(Expiration::LoneDeleteMarkers) {
            problems.push(Problem::MarkersWithTagsOrSize(n));
        }
    }
}

fn check_moves(n: usize, rule: &LifecycleRule, problems: &mut Vec<LifecycleProblem>) {
    let days = |when: &When| match when {
        When::Days(days) => Some(*days),
        When::Date(_) => None,
    };
    let current: Vec<_> =
        rule.transitions.iter().map(|transition| (transition.class.as_str(), days(&transition.when))).collect();
    let gone = match &rule.expiration {
        Some(Expiration::At(when)) => days(when),
        Some(Expiration::LoneDeleteMarkers) | None => None,
    };
    check_sequence(n, &current, gone, problems);
    let old: Vec<_> = rule
        .noncurrent_transitions
        .iter()
        .map(|transition| (transition.class.as_str(), Some(transition.days)))
        .collect();
    let gone = rule.noncurrent_expiration.as_ref().map(|old| old.days).filter(|days| *days > 0);
    check_sequence(n, &old, gone, problems);
    // Dates of one form are ordered as their text is.
    if let Some(Expiration::At(When::Date(gone))) = &rule.expiration
        && rule.transitions.iter().any(|transition| matches!(&transition.when, When::Date(moved) if moved >= gone))
    {
        problems.push(LifecycleProblem::DeletedFirst(n));
    }
}

fn check_sequence(n: usize, moves: &[(&str, Option<i32>)], gone: Option<i32>, problems: &mut Vec<LifecycleProblem>) {
    use LifecycleProblem as Problem;
    let infrequent = |class: &str| matches!(class, "STANDARD_IA" | "ONEZONE_IA");
    for (at, (class, days)) in moves.iter().enumerate() {
        let named = (*class).to_owned();
        if !CLASSES.contains(class) {
            problems.push(Problem::Class(n, named));
            continue;
        }
        if moves[..at].iter().any(|(other, _)| other == class) {
            problems.push(Problem::SameClass(n, named));
            continue;
        }
        match days {
            Some(days) if *days < 0 => problems.push(Problem::Negative(n)),
            Some(days) if *days < INFREQUENT_DAYS && infrequent(class) => problems.push(Problem::TooEarly(n, named)),
            Some(_) | None => {}
        }
    }
    let mut ordered: Vec<(&str, i32)> = moves.iter().filter_map(|(class, days)| Some((*class, (*days)?))).collect();
    ordered.sort_by_key(|(_, days)| *days);
    for pair in ordered.windows(2) {
        let [(before, early), (after, late)] = pair else { continue };
        if !CLASSES.contains(before) || !CLASSES.contains(after) || before == after {
            continue;
        }
        let apart = if infrequent(before) { INFREQUENT_DAYS } else { 1 };
        let (before, after, between) =
            if early == late && can_follow(after, before) { (after, before, 0) } else { (before, after, late - early) };
        if !can_follow(before, after) {
            problems.push(Problem::Warmer(n, (*after).to_owned(), (*before).to_owned()));
        } else if between < apart {
            problems.push(Problem::TooSoon(n, (*after).to_owned(), apart, (*before).to_owned()));
        }
    }
    if gone.is_some_and(|gone| moves.iter().any(|(_, days)| days.is_some_and(|days| gone <= days))) {
        problems.push(Problem::DeletedFirst(n));
    }
}

/// Rules of the older form may not act alike on the same keys; newer ones are settled by precedence.
fn overlaps(rules: &[LifecycleRule], problems: &mut Vec<LifecycleProblem>) {
    type Acts = fn(&LifecycleRule) -> bool;
    let actions: [Acts; 3] = [
        |rule| rule.expiration.is_some(),
        |rule| rule.noncurrent_expiration.is_some(),
        |rule| rule.abort_unfinished_days.is_some(),
    ];
    let prefix = |rule: &LifecycleRule| rule.filter.prefix.clone().unwrap_or_default();
    for (at, one) in rules.iter().enumerate() {
        let alike = |other: &LifecycleRule| actions.iter().any(|acts| acts(one) && acts(other));
        let here = prefix(one);
        let same_keys = |other: &LifecycleRule| {
            let there = prefix(other);
            here.starts_with(&there) || there.starts_with(&here)
        };
        if let Some(other) = rules[..at].iter().position(|other| alike(other) && same_keys(other)) {
            problems.push(LifecycleProblem::Overlap(other + 1, at + 1));
        }
    }
}

/// Midnight UTC, as S3 wants it.
fn is_a_day(date: &str) -> bool {
    let time: Option<jiff::Timestamp> = date.parse().ok();
    time.is_some_and(|time| time.as_second().rem_euclid(86_400) == 0 && time.subsec_nanosecond() == 0)
}
