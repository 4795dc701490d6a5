//! Rules in words.

use super::{Expiration, LifecycleRule, When, class_name};
use crate::domain::format;

/// What a rule does, one sentence each, in the order in which a file would meet them.
#[must_use]
pub fn deeds(rule: &LifecycleRule) -> Vec<String> {
    let mut out = Vec::new();
    for transition in &rule.transitions {
        out.push(format!("Move to {} {}", class_name(&transition.class), when(&transition.when)));
    }
    match &rule.expiration {
        Some(Expiration::At(at)) => out.push(format!("Delete {}", when(at))),
        Some(Expiration::LoneDeleteMarkers) => out.push("Drop delete markers with nothing below them".to_owned()),
        None => {}
    }
    for old in &rule.noncurrent_transitions {
        let kept = kept(old.keep_newest);
        out.push(format!("Move old versions to {} after {}{kept}", class_name(&old.class), days(old.days)));
    }
    if let Some(old) = &rule.noncurrent_expiration {
        let kept = kept(old.keep_newest);
        out.push(match old.days {
            0 => format!("Delete old versions{kept}"),
            n => format!("Delete old versions after {}{kept}", days(n)),
        });
    }
    if let Some(n) = rule.abort_unfinished_days {
        out.push(format!("Drop unfinished uploads after {}", days(n)));
    }
    out
}

fn kept(newest: Option<i32>) -> String {
    newest.map_or_else(String::new, |n| format!(", keep {n}"))
}

fn days(n: i32) -> String {
    format::counted(u64::try_from(n).unwrap_or_default(), "day", "days")
}

fn when(when: &When) -> String {
    match when {
        When::Days(0) => "at once".to_owned(),
        When::Days(n) => format!("after {}", days(*n)),
        When::Date(date) => format!("on {}", date.split('T').next().unwrap_or(date)),
    }
}

/// What a rule acts on, in a few words.
#[must_use]
pub fn scope(rule: &LifecycleRule) -> String {
    let filter = &rule.filter;
    let mut parts = Vec::new();
    if let Some(prefix) = filter.prefix.as_deref().filter(|prefix| !prefix.is_empty()) {
        parts.push(prefix.to_owned());
    }
    parts.extend(filter.tags.iter().map(|(key, value)| format!("tag {key} = {value}")));
    let size = |bytes: i64| format::size(u64::try_from(bytes).unwrap_or_default());
    parts.extend(filter.larger_than.map(|bytes| format!("above {}", size(bytes))));
    parts.extend(filter.smaller_than.map(|bytes| format!("below {}", size(bytes))));
    if parts.is_empty() { "whole bucket".to_owned() } else { parts.join(", ") }
}
