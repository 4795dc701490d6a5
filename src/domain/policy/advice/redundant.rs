//! What another part of the policy says already.

use std::collections::{HashMap, HashSet};

use super::variables::with_places;
use super::{Numbered, quoted};
use crate::domain::policy::condition::parse_net;
use crate::domain::policy::{
    ActionMatch, Comparison, ConditionSource, Finding, Fix, ResourceMatch, Rule, Span, Statement, glob,
};

/// In longer lists only repeats are looked for: comparing each with each would take too long.
const COMPARED: usize = 300;

/// Actions, resources and condition values of one statement.
pub(super) fn within(index: usize, statement: &Statement) -> Vec<Finding> {
    let source = &statement.source;
    let mut out = Vec::new();
    let (ActionMatch::Only(actions) | ActionMatch::Except(actions)) = &statement.action;
    let folded: Vec<String> = actions.iter().map(|action| action.to_ascii_lowercase()).collect();
    out.extend(list(index, Rule::RedundantAction, actions, &folded, &source.actions, source.action));
    let (ResourceMatch::Only(resources) | ResourceMatch::Except(resources)) = &statement.resource;
    out.extend(list(index, Rule::RedundantResource, resources, resources, &source.resources, source.resource));
    let none = ConditionSource::default();
    for (i, condition) in statement.conditions.iter().enumerate() {
        let place = source.conditions.get(i).unwrap_or(&none);
        let values = with_places(&condition.values, place);
        let texts: Vec<&str> = values.iter().map(|(text, _)| text.as_str()).collect();
        let covers: fn(&str, &str) -> bool = match condition.operator.comparison {
            Comparison::StringLike | Comparison::ArnLike | Comparison::ArnEquals => pattern_covers,
            Comparison::IpAddress => range_covers,
            Comparison::StringEqualsIgnoreCase => |a, b| a.to_lowercase() == b.to_lowercase(),
            _ => |a, b| a == b,
        };
        for (i, by) in covered(&texts, covers) {
            if let (Some((text, span)), Some(by)) = (values.get(i), texts.get(by)) {
                out.push(Finding::new(Rule::RedundantValue, Some(index), *span, words(text, by)));
            }
        }
    }
    out
}

fn words(text: &str, by: &str) -> String {
    if text.eq_ignore_ascii_case(by) {
        format!("{text} stands here twice")
    } else {
        format!("{text} is covered by {by} already")
    }
}

/// A list of patterns, each as it is written and as it is compared.
fn list(
    index: usize,
    rule: Rule,
    written: &[String],
    compared: &[String],
    spans: &[Span],
    whole: Span,
) -> Vec<Finding> {
    let texts: Vec<&str> = compared.iter().map(String::as_str).collect();
    let found = covered(&texts, pattern_covers);
    let gone: HashSet<usize> = found.iter().map(|(i, _)| *i).collect();
    let kept: Vec<&String> =
        written.iter().enumerate().filter(|(i, _)| !gone.contains(i)).map(|(_, text)| text).collect();
    let tidy = match kept.as_slice() {
        [one] => quoted(one),
        many => serde_json::Value::from(many.iter().map(|text| text.as_str()).collect::<Vec<_>>()).to_string(),
    };
    found
        .into_iter()
        .filter_map(|(i, by)| {
            let span = spans.get(i).copied().unwrap_or(whole);
            let message = words(written.get(i)?, written.get(by)?);
            let fix = Fix::replace("Keep only what counts", whole, tidy.clone());
            Some(Finding::new(rule, Some(index), span, message).with_fix(fix))
        })
        .collect()
}

/// Which of the texts are covered by which other. Of two that cover each other the later one is covered.
fn covered(texts: &[&str], covers: fn(&str, &str) -> bool) -> Vec<(usize, usize)> {
    if texts.len() > COMPARED {
        let mut first: HashMap<&str, usize> = HashMap::new();
        return texts
            .iter()
            .enumerate()
            .filter_map(|(i, text)| {
                let before = *first.entry(text).or_insert(i);
                (before != i).then_some((i, before))
            })
            .collect();
    }
    let by = |(i, text): (usize, &&str)| {
        let other = texts
            .iter()
            .enumerate()
            .find(|(j, other)| i != *j && covers(other, text) && (*j < i || !covers(text, other)));
        other.map(|(j, _)| (i, j))
    };
    texts.iter().enumerate().filter_map(by).collect()
}

/// Whether everything that `narrow` covers is covered by `wide`; `false` where that is not certain.
fn pattern_covers(wide: &str, narrow: &str) -> bool {
    wide == narrow
        || (glob::has_wildcard(wide)
            && !wide.contains("${")
            // A question mark in the one would take a star of the other for a letter.
            && !(wide.contains('?') && narrow.contains('*'))
            && glob::matches(wide, narrow))
}

fn range_covers(wide: &str, narrow: &str) -> bool {
    match (parse_net(wide), parse_net(narrow)) {
        (Some(wide), Some(narrow)) => wide.contains(&narrow),
        _ => wide == narrow,
    }
}

/// Statements that say the same as one before, whatever their names.
pub(super) fn statements(statements: &[Numbered]) -> Vec<Finding> {
    let mut first: HashMap<String, usize> = HashMap::new();
    let mut out = Vec::new();
    for Numbered { index, statement } in statements {
        let nameless = Statement { sid: None, ..statement.clone() };
        let before = *first.entry(nameless.to_json().to_string()).or_insert(*index);
        if before != *index {
            let message = format!("This says the same as statement {}", before + 1);
            out.push(Finding::new(Rule::RedundantStatement, Some(*index), statement.source.whole, message));
        }
    }
    out
}
