//! When the actions of a rule may follow each other, and the moves between storage classes.
//!
//! Source: Amazon S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle".

use s3s::S3Result;
use s3s::dto;

use crate::domain::lifecycle::CLASSES;

use super::super::error::{invalid_argument, invalid_request, malformed_xml};

/// Days that objects spend in the classes for infrequent access, and before them.
const INFREQUENT_DAYS: i32 = 30;

pub(super) fn is_midnight(date: &dto::Timestamp) -> bool {
    let mut text = Vec::new();
    date.format(dto::TimestampFormat::DateTime, &mut text).is_ok() && text.ends_with(b"T00:00:00.000Z")
}

/// What a rule acts on, as S3's messages name it.
fn place(rule: &dto::LifecycleRule) -> String {
    let Some(filter) = &rule.filter else {
        return format!("prefix '{}'", rule.prefix.as_deref().unwrap_or_default());
    };
    let (prefix, tags, greater, less) = match &filter.and {
        Some(and) => (
            and.prefix.as_ref(),
            and.tags.as_deref().unwrap_or_default(),
            and.object_size_greater_than,
            and.object_size_less_than,
        ),
        None => (
            filter.prefix.as_ref(),
            filter.tag.as_slice(),
            filter.object_size_greater_than,
            filter.object_size_less_than,
        ),
    };
    let mut parts: Vec<String> = prefix.map(|prefix| format!("prefix={prefix}")).into_iter().collect();
    parts.extend(tags.iter().map(|tag| {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("tag={{key={}, value={}}}", text(&tag.key), text(&tag.value))
    }));
    parts.extend(greater.map(|bytes| format!("objectsizegreaterthan={bytes}")));
    parts.extend(less.map(|bytes| format!("objectsizelessthan={bytes}")));
    format!("filter '({})'", parts.join(" and "))
}

/// `NewerNoncurrentVersions` is 1 to 100, and wants a filter on the rule.
pub(super) fn check_newer(newer: Option<i32>, rule: &dto::LifecycleRule) -> S3Result<()> {
    match newer {
        None => Ok(()),
        Some(_) if rule.filter.is_none() => Err(malformed_xml()),
        Some(count) if count < 1 => Err(invalid_argument("NewerNoncurrentVersions must be a positive integer")),
        Some(count) if count > 100 => Err(invalid_argument("'NewerNoncurrentVersions' must not be greater than 100")),
        Some(_) => Ok(()),
    }
}

/// One move, of current or of noncurrent versions.
struct Move<'a> {
    class: &'a str,
    rank: usize,
    days: Option<i32>,
    date: Option<&'a dto::Timestamp>,
}

fn move_to<'a>(
    class: Option<&'a dto::TransitionStorageClass>,
    days: Option<i32>,
    date: Option<&'a dto::Timestamp>,
) -> S3Result<Move<'a>> {
    let class = class.map(dto::TransitionStorageClass::as_str).ok_or_else(malformed_xml)?;
    let rank = CLASSES.iter().position(|known| *known == class).ok_or_else(malformed_xml)?;
    if days.is_some() == date.is_some() {
        return Err(malformed_xml());
    }
    Ok(Move { class, rank, days, date })
}

/// The words that messages use for moves of current and of noncurrent versions.
struct Words {
    action: &'static str,
    days: &'static str,
}

const CURRENT: Words = Words { action: "Transition", days: "Days" };
const NONCURRENT: Words = Words { action: "NoncurrentVersionTransition", days: "NoncurrentDays" };

/// Checks the times of everything that a rule does.
pub(super) fn check(rule: &dto::LifecycleRule) -> S3Result<()> {
    let moves = rule.transitions.iter().flatten();
    let moves: Vec<Move<'_>> =
        moves.map(|it| move_to(it.storage_class.as_ref(), it.days, it.date.as_ref())).collect::<S3Result<_>>()?;
    check_moves(rule, &moves, &CURRENT)?;
    let later = rule.noncurrent_version_transitions.iter().flatten();
    let mut old = Vec::new();
    for it in later {
        old.push(move_to(it.storage_class.as_ref(), it.noncurrent_days, None)?);
        check_newer(it.newer_noncurrent_versions, rule)?;
    }
    check_moves(rule, &old, &NONCURRENT)?;

    let place = place(rule);
    let expiration = rule.expiration.as_ref();
    let (days, date) = (expiration.and_then(|it| it.days), expiration.and_then(|it| it.date.as_ref()));
    let mixed = moves.iter().any(|it| (it.date.is_some() && days.is_some()) || (it.days.is_some() && date.is_some()));
    if mixed {
        return Err(invalid_request(format!(
            "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for {place}"
        )));
    }
    for it in &moves {
        let unit = match (it.days, it.date) {
            (Some(moved), _) if days.is_some_and(|days| days <= moved) => "Days",
            (_, Some(moved)) if date.is_some_and(|date| date <= moved) => "Date",
            _ => continue,
        };
        return Err(invalid_argument(format!(
            "'{unit}' in the Expiration action for {place} must be greater than '{unit}' in the Transition action"
        )));
    }
    let gone = rule.noncurrent_version_expiration.as_ref().and_then(|it| it.noncurrent_days);
    if old.iter().any(|it| it.days.zip(gone).is_some_and(|(moved, gone)| gone <= moved)) {
        return Err(invalid_argument(format!(
            "'NoncurrentDays' in the NoncurrentVersionExpiration action for {place} must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action"
        )));
    }
    Ok(())
}

fn check_moves(rule: &dto::LifecycleRule, moves: &[Move<'_>], words: &Words) -> S3Result<()> {
    let Words { action, days: unit } = words;
    if moves.iter().enumerate().any(|(at, it)| moves[..at].iter().any(|other| other.rank == it.rank)) {
        return Err(invalid_request(format!(
            "'StorageClass' must be different for '{action}' actions in same 'Rule' with {}",
            place(rule)
        )));
    }
    if moves.iter().any(|it| it.date.is_some()) && moves.iter().any(|it| it.days.is_some()) {
        return Err(invalid_request(format!(
            "Found mixed 'Date' and 'Days' based {action} actions in lifecycle rule for {}",
            place(rule)
        )));
    }
    let infrequent = |class: &str| matches!(class, "STANDARD_IA" | "ONEZONE_IA");
    for it in moves {
        if it.date.is_some_and(|date| !is_midnight(date)) {
            return Err(invalid_argument("'Date' must be at midnight GMT"));
        }
        match it.days {
            Some(days) if days < 0 => {
                return Err(invalid_argument(format!("'{unit}' in {action} action must be nonnegative")));
            }
            Some(days) if days < INFREQUENT_DAYS && infrequent(it.class) => {
                return Err(invalid_argument(format!(
                    "'{unit}' in {action} action must be greater than or equal to 30 for storageClass '{}'",
                    it.class
                )));
            }
            _ => {}
        }
    }
    let mut ordered: Vec<&Move<'_>> = moves.iter().collect();
    ordered.sort_by_key(|it| it.rank);
    for pair in ordered.windows(2) {
        let [before, after] = pair else { continue };
        let least = match (before.days, after.days) {
            (Some(before_days), Some(days)) if infrequent(before.class) && days < before_days + INFREQUENT_DAYS => {
                "30 days more than"
            }
            (Some(before_days), Some(days)) if days <= before_days => "greater than",
            _ if before.date.zip(after.date).is_some_and(|(before, after)| after <= before) => "greater than",
            _ => continue,
        };
        let unit = if after.date.is_some() { "Date" } else { *unit };
        let place = place(rule);
        return Err(invalid_argument(format!(
            "'{unit}' in the {action} action for StorageClass '{}' for {place} must be {least} '{unit}' in the {action} action for StorageClass '{}' for {place}",
            after.class, before.class
        )));
    }
    Ok(())
}
