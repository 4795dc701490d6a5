//! Conditions in words, as the end of "… only if".

use crate::domain::policy::{Comparison, Condition, Operator, Quantifier, Style, Words};

/// Whether the conditions say "over plain http", and nothing else.
pub(super) fn is_plain_http(conditions: &[Condition]) -> bool {
    matches!(conditions, [one] if secure_transport(one) == Some(false))
}

/// What a plain `Bool` on `aws:SecureTransport` wants.
fn secure_transport(condition: &Condition) -> Option<bool> {
    let plain = condition.operator == Operator::new(Comparison::Bool);
    if !plain || !condition.key.eq_ignore_ascii_case("aws:SecureTransport") {
        return None;
    }
    match condition.values.as_slice() {
        [one] if one.as_text().eq_ignore_ascii_case("true") => Some(true),
        [one] if one.as_text().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Keys that every request has, so that nothing need be said of requests without them.
const ALWAYS_THERE: [&str; 3] = ["aws:securetransport", "aws:currenttime", "aws:epochtime"];

/// One condition, as the end of a sentence: "the request comes from 203.0.113.0/24".
#[must_use]
pub fn condition_words(condition: &Condition) -> Words {
    let operator = condition.operator;
    if operator.comparison == Comparison::Null {
        return null_words(condition);
    }
    if let Some(words) = familiar(condition) {
        return words;
    }
    let always = ALWAYS_THERE.iter().any(|key| condition.key.eq_ignore_ascii_case(key));
    let absent = !always && holds_when_absent(operator);
    if condition.values.is_empty() {
        return empty_words(condition);
    }
    let key = || Words::mono(&condition.key);
    let subject = match operator.quantifier {
        Some(Quantifier::ForAllValues) => Words::plain("every value of ").and(key()),
        Some(Quantifier::ForAnyValue) => Words::plain("a value of ").and(key()),
        None => key(),
    };
    let said = subject.then(format!(" {} ", relation(operator))).and(values(condition));
    if absent { said.then(" (or the request has no ").and(key()).then(")") } else { said }
}

/// Whether the operator holds for a request without the key.
fn holds_when_absent(operator: Operator) -> bool {
    match operator.quantifier {
        _ if operator.if_exists => true,
        Some(Quantifier::ForAllValues) => true,
        Some(Quantifier::ForAnyValue) => false,
        None => operator.negated,
    }
}

fn values(condition: &Condition) -> Words {
    // "is not a or b" and "does not fit a or b" both mean none of them.
    Words::list(condition.values.iter().map(|value| Words::mono(value.as_text())), "or")
}

fn null_words(condition: &Condition) -> Words {
    let wants = |wanted: &str| condition.values.iter().any(|v| v.as_text().eq_ignore_ascii_case(wanted));
    let (said, key) = match (wants("true"), wants("false")) {
        (true, false) => ("the request has no ", Words::mono(&condition.key)),
        (false, true) => ("the request has a ", Words::mono(&condition.key)),
        (true, true) => ("the request has or has not a ", Words::mono(&condition.key)),
        (false, false) => return never(condition),
    };
    Words::plain(said).and(key)
}

fn never(condition: &Condition) -> Words {
    Words::mono(&condition.key).then(" is one of no values, which never holds")
}

/// No values to compare with: a positive operator never holds, a negated one always does.
fn empty_words(condition: &Condition) -> Words {
    if condition.operator.negated {
        Words::mono(&condition.key).then(" is none of no values, which always holds")
    } else if holds_when_absent(condition.operator) {
        Words::plain("the request has no ").and(Words::mono(&condition.key))
    } else {
        never(condition)
    }
}

fn relation(operator: Operator) -> &'static str {
    match (operator.comparison, operator.negated) {
        (Comparison::NumericLessThan, _) => "is less than",
        (Comparison::NumericLessThanEquals, _) => "is at most",
        (Comparison::NumericGreaterThan, _) => "is more than",
        (Comparison::NumericGreaterThanEquals, _) => "is at least",
        (Comparison::DateLessThan, _) => "is before",
        (Comparison::DateLessThanEquals, _) => "is not after",
        (Comparison::DateGreaterThan, _) => "is after",
        (Comparison::DateGreaterThanEquals, _) => "is not before",
        (Comparison::StringLike | Comparison::ArnLike | Comparison::ArnEquals, false) => "fits",
        (Comparison::StringLike | Comparison::ArnLike | Comparison::ArnEquals, true) => "does not fit",
        (Comparison::IpAddress, false) => "is within",
        (Comparison::IpAddress, true) => "is not within",
        (Comparison::StringEqualsIgnoreCase, false) => "is, in capitals or not,",
        (Comparison::StringEqualsIgnoreCase, true) => "is not, in capitals or not,",
        (_, false) => "is",
        (_, true) => "is not",
    }
}

/// Conditions that have words of their own.
fn familiar(condition: &Condition) -> Option<Words> {
    let operator = condition.operator;
    if operator.quantifier.is_some() || operator.if_exists || condition.values.is_empty() {
        return None;
    }
    if let Some(https) = secure_transport(condition) {
        return Some(if https {
            Words::plain("the request comes over HTTPS")
        } else {
            Words::plain("the request comes over plain ").with("http", Style::Mono)
        });
    }
    let equals = matches!(operator.comparison, Comparison::StringEquals | Comparison::StringLike);
    let said = match (condition.key.to_ascii_lowercase().as_str(), operator.comparison, operator.negated) {
        ("aws:sourceip", Comparison::IpAddress, false) => "the request comes from ",
        ("aws:sourceip", Comparison::IpAddress, true) => {
            let said = Words::plain("the request comes from elsewhere than ").and(values(condition));
            return Some(said.then(" (or has no internet address)"));
        }
        ("aws:principalorgid", Comparison::StringEquals, false) => "they belong to the organization ",
        ("aws:sourcearn", _, false) => "it acts for ",
        ("aws:sourceaccount", Comparison::StringEquals, false) => "it acts for the account ",
        ("aws:sourcevpc", _, false) if equals => "the request comes from the network ",
        ("aws:sourcevpce", _, false) if equals => "the request comes through the endpoint ",
        ("aws:referer", _, false) if equals => "the page that asks is ",
        ("aws:useragent", _, false) if equals => "the program that asks calls itself ",
        ("s3:prefix", _, false) if equals => "they ask for what fits ",
        _ => return None,
    };
    Some(Words::plain(said).and(values(condition)))
}
