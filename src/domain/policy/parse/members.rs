//! The members of a statement, one by one.

use std::collections::HashSet;

use super::{Draft, repeated};
use crate::domain::policy::json::{Node, Value};
use crate::domain::policy::{
    Condition, ConditionSource, ConditionValue, Effect, Finding, Fix, Operator, Principal, Rule, Span,
};

pub(super) fn read_effect(draft: &mut Draft, node: &Node) -> Option<Effect> {
    let Value::Text(text) = &node.value else {
        draft.wrong_type(node.span, "Effect is \"Allow\" or \"Deny\"");
        return None;
    };
    let known = [Effect::Allow, Effect::Deny];
    if let Some(effect) = known.into_iter().find(|effect| effect.as_str() == text) {
        return Some(effect);
    }
    let near = known.into_iter().find(|effect| effect.as_str().eq_ignore_ascii_case(text));
    draft.findings.push(
        Finding::refused(
            Rule::BadEffect,
            Some(draft.index),
            node.span,
            format!("Effect is Allow or Deny with a capital letter, not {text}"),
            format!("Invalid effect: {text}"),
        )
        .with_fix(near.map(|effect| {
            let word = effect.as_str();
            Fix::replace(format!("Use {word}"), node.span, format!("\"{word}\""))
        })),
    );
    None
}

pub(super) fn read_principals(draft: &mut Draft, node: Node) -> Option<Vec<Principal>> {
    let members = match node.value {
        Value::Text(text) if text == "*" => {
            draft.source.principals = vec![node.span];
            return Some(vec![Principal::Everyone]);
        }
        Value::Text(text) => {
            let message =
                format!("A principal is \"*\" or an object such as {{\"AWS\": \"111122223333\"}}, not {text}");
            draft.bad_principal(node.span, message);
            return None;
        }
        Value::Object(members) if members.is_empty() => {
            draft.bad_principal(node.span, "The principal names nobody");
            return None;
        }
        Value::Object(members) => members,
        _ => {
            draft.wrong_type(node.span, "A principal is \"*\" or an object");
            return None;
        }
    };
    let before = draft.findings.len();
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for member in members {
        if !seen.insert(member.name.clone()) {
            let finding = repeated(Some(draft.index), &member, &member.name);
            draft.findings.push(finding);
            continue;
        }
        let make: fn(String) -> Principal = match member.name.as_str() {
            "AWS" => Principal::Aws,
            "Service" => Principal::Service,
            "Federated" => Principal::Federated,
            "CanonicalUser" => Principal::CanonicalUser,
            name => {
                let message =
                    format!("A principal is of the kind AWS, Service, Federated or CanonicalUser, not {name}");
                draft.bad_principal(member.name_span, message);
                continue;
            }
        };
        let nodes = match member.value.value {
            Value::Array(list) if list.is_empty() => {
                draft.bad_principal(member.value.span, "The list of principals is empty");
                continue;
            }
            Value::Array(list) => list,
            value => vec![Node { span: member.value.span, value }],
        };
        for node in nodes {
            match node.value {
                Value::Text(text) => {
                    out.push(make(text));
                    draft.source.principals.push(node.span);
                }
                Value::Number(_) => {
                    draft.wrong_type(node.span, "An account id stands in quotes");
                }
                _ => draft.wrong_type(node.span, "A principal is a text"),
            }
        }
    }
    (draft.findings.len() == before).then_some(out)
}

pub(super) fn read_texts(draft: &mut Draft, name: &str, node: Node) -> Option<(Vec<String>, Vec<Span>)> {
    let nodes = match node.value {
        Value::Text(text) => return Some((vec![text], vec![node.span])),
        Value::Array(list) if list.is_empty() => {
            draft.findings.push(Finding::refused(
                Rule::EmptyList,
                Some(draft.index),
                node.span,
                format!("The list of {name} is empty"),
                format!("Missing required field {name} cannot be empty!"),
            ));
            return None;
        }
        Value::Array(list) => list,
        _ => {
            draft.wrong_type(node.span, &format!("{name} is a text or a list of texts"));
            return None;
        }
    };
    let before = draft.findings.len();
    let (mut texts, mut spans) = (Vec::new(), Vec::new());
    for node in nodes {
        match node.value {
            Value::Text(text) => {
                texts.push(text);
                spans.push(node.span);
            }
            _ => draft.wrong_type(node.span, &format!("{name} is a text or a list of texts")),
        }
    }
    (draft.findings.len() == before).then_some((texts, spans))
}

pub(super) fn read_conditions(draft: &mut Draft, node: Node) -> Vec<Condition> {
    let mut out = Vec::new();
    let Value::Object(operators) = node.value else {
        draft.wrong_type(node.span, "Condition is an object of operators");
        return out;
    };
    if operators.is_empty() {
        draft.empty(node.span, "Condition");
    }
    let mut seen = HashSet::new();
    for member in operators {
        // Operators and keys are compared without case, so two spellings are one name.
        if !seen.insert(member.name.to_ascii_lowercase()) {
            let finding = repeated(Some(draft.index), &member, &member.name);
            draft.findings.push(finding);
            continue;
        }
        let Some(operator) = Operator::parse(&member.name) else {
            draft.findings.push(unknown_operator(draft.index, &member.name, member.name_span));
            continue;
        };
        let Value::Object(keys) = member.value.value else {
            let message = "An operator holds an object of condition keys";
            draft.wrong_type(member.value.span, message);
            continue;
        };
        if keys.is_empty() {
            draft.empty(member.value.span, &member.name);
        }
        let mut seen_keys = HashSet::new();
        for key in keys {
            if !seen_keys.insert(key.name.to_ascii_lowercase()) {
                let finding = repeated(Some(draft.index), &key, &key.name);
                draft.findings.push(finding);
                continue;
            }
            let (values, spans) = read_values(draft, key.value);
            out.push(Condition { operator, key: key.name, values });
            draft.source.conditions.push(ConditionSource {
                operator: member.name_span,
                key: key.name_span,
                values: spans,
            });
        }
    }
    out
}

fn unknown_operator(index: usize, name: &str, span: Span) -> Finding {
    let near = Operator::nearest(name);
    let message = match &near {
        Some(near) => format!("There is no operator {name}, {near} may be meant"),
        None => format!("There is no operator {name}"),
    };
    Finding::refused(Rule::UnknownOperator, Some(index), span, message, format!("Invalid Condition type : {name}"))
        .with_fix(near.map(|near| Fix::replace(format!("Use {near}"), span, format!("\"{near}\""))))
}

fn read_values(draft: &mut Draft, node: Node) -> (Vec<ConditionValue>, Vec<Span>) {
    let nodes = match node.value {
        Value::Array(list) => {
            if list.is_empty() {
                let message = "This list of values is empty, so nothing is equal to any of them";
                draft.hints.push(Finding::new(Rule::EmptyMember, Some(draft.index), node.span, message));
            }
            list
        }
        value => vec![Node { span: node.span, value }],
    };
    let (mut values, mut spans) = (Vec::new(), Vec::new());
    for node in nodes {
        let value = match node.value {
            Value::Text(text) => ConditionValue::Text(text),
            Value::Bool(value) => ConditionValue::Bool(value),
            Value::Number(Some(number)) => ConditionValue::Number(number),
            Value::Number(None) => {
                draft.wrong_type(node.span, "This number is too large to compare with");
                continue;
            }
            Value::Null | Value::Array(_) | Value::Object(_) => {
                let message = "A condition compares with a text, a number, true or false";
                draft.wrong_type(node.span, message);
                continue;
            }
        };
        values.push(value);
        spans.push(node.span);
    }
    (values, spans)
}
