//! Variables that are not written as variables are, and that stand where none is read.
//!
//! Source: AWS IAM User Guide, "IAM policy elements: Variables and tags".

use super::{quoted, texts};
use crate::domain::policy::{Comparison, ConditionSource, Finding, Fix, Rule, Span, Statement};

/// Broken variables in resources and condition values.
pub(super) fn broken(index: usize, statement: &Statement) -> Vec<Finding> {
    let mut out = Vec::new();
    for (span, text) in texts(statement) {
        if let Some((message, fixed)) = problem(&text) {
            let fix = fixed.map(|fixed| Fix::replace("Write it as a variable", span, quoted(&fixed)));
            out.push(Finding::new(Rule::BrokenVariable, Some(index), span, message).with_fix(fix));
        }
    }
    out
}

/// The first variable of a text that is broken, and the text with it mended where that is certain.
fn problem(text: &str) -> Option<(String, Option<String>)> {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("${")) {
        let start = at + found + 2;
        let inside = text.get(start..).unwrap_or_default();
        let Some(length) = inside.find('}') else {
            return Some(("The variable that starts with ${ has no closing brace".to_owned(), None));
        };
        let variable = inside.get(..length).unwrap_or_default();
        let mended = |variable: &str| {
            let (before, after) =
                (text.get(..start).unwrap_or_default(), text.get(start + length..).unwrap_or_default());
            format!("{before}{variable}{after}")
        };
        let (key, default) = match variable.split_once(',') {
            Some((key, default)) => (key, Some(default)),
            None => (variable, None),
        };
        if key.trim().is_empty() {
            return Some(("The variable ${} names no key".to_owned(), None));
        }
        if key.contains(char::is_whitespace) {
            let tight: String = key.chars().filter(|c| !c.is_whitespace()).collect();
            let tight = default.map_or(tight.clone(), |default| format!("{tight},{default}"));
            return Some((format!("A variable holds no space: ${{{variable}}}"), Some(mended(&tight))));
        }
        if let Some(default) = default {
            let value = default.trim();
            let closed = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).is_some();
            if !closed {
                let bare = value.trim_matches('\'');
                let with = mended(&format!("{key}, '{bare}'"));
                return Some((format!("The default of ${{{variable}}} stands in single quotes"), Some(with)));
            }
        }
        if !matches!(key, "*" | "?" | "$") && !key.contains(':') {
            return Some((
                format!("The variable ${{{variable}}} names no key, they are written like aws:username"),
                None,
            ));
        }
        at = start + length + 1;
    }
    None
}

/// Only texts and ARNs are compared with variables replaced.
pub(super) fn under_operator(index: usize, comparison: Comparison, values: &[(String, Span)]) -> Vec<Finding> {
    let takes_variables = matches!(
        comparison,
        Comparison::StringEquals
            | Comparison::StringEqualsIgnoreCase
            | Comparison::StringLike
            | Comparison::ArnEquals
            | Comparison::ArnLike
    );
    if takes_variables {
        return Vec::new();
    }
    values
        .iter()
        .filter(|(text, _)| text.contains("${"))
        .map(|(_, span)| {
            let message = "Only String and ARN operators read variables, here it is compared as it stands";
            Finding::new(Rule::VariableUnderOperator, Some(index), *span, message)
        })
        .collect()
}

/// The values of a condition with their places.
pub(super) fn with_places(values: &[super::ConditionValue], source: &ConditionSource) -> Vec<(String, Span)> {
    values
        .iter()
        .enumerate()
        .map(|(i, value)| (value.as_text(), source.values.get(i).copied().unwrap_or(source.key)))
        .collect()
}
