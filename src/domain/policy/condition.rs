//! Condition operators and how they compare.
//!
//! Source: AWS IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators
//! for multivalued context keys".

use std::cmp::Ordering;
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use super::evaluate::Expansion;
use super::glob;
use crate::domain::spelling::nearest;

/// What two values have to be to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// The same text.
    StringEquals,
    /// The same text but for case.
    StringEqualsIgnoreCase,
    /// Covered by a pattern.
    StringLike,
    /// The same number.
    NumericEquals,
    /// A smaller number.
    NumericLessThan,
    /// A smaller number or the same.
    NumericLessThanEquals,
    /// A greater number.
    NumericGreaterThan,
    /// A greater number or the same.
    NumericGreaterThanEquals,
    /// The same instant.
    DateEquals,
    /// An earlier instant.
    DateLessThan,
    /// An earlier instant or the same.
    DateLessThanEquals,
    /// A later instant.
    DateGreaterThan,
    /// A later instant or the same.
    DateGreaterThanEquals,
    /// The same truth value.
    Bool,
    /// The same bytes, written in base64.
    BinaryEquals,
    /// An address within a range.
    IpAddress,
    /// Covered by an ARN pattern, part by part.
    ArnEquals,
    /// The same as `ArnEquals`.
    ArnLike,
    /// The key is absent (`true`) or present (`false`).
    Null,
}

/// `ForAllValues:` or `ForAnyValue:`, for keys with several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// Every value of the request; holds when there is none.
    ForAllValues,
    /// At least one value of the request.
    ForAnyValue,
}

impl Quantifier {
    const fn prefix(self) -> &'static str {
        match self {
            Self::ForAllValues => "ForAllValues:",
            Self::ForAnyValue => "ForAnyValue:",
        }
    }
}

/// A condition operator with its prefix and suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The set prefix, if any.
    pub quantifier: Option<Quantifier>,
    /// What is compared.
    pub comparison: Comparison,
    /// The `Not` form: holds when nothing matches, also when the key is absent.
    pub negated: bool,
    /// The suffix `IfExists`: holds when the key is absent.
    pub if_exists: bool,
}

const NAMES: [(&str, Comparison, bool); 27] = [
    ("StringEquals", Comparison::StringEquals, false),
    ("StringNotEquals", Comparison::StringEquals, true),
    ("StringEqualsIgnoreCase", Comparison::StringEqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", Comparison::StringEqualsIgnoreCase, true),
    ("StringLike", Comparison::StringLike, false),
    ("StringNotLike", Comparison::StringLike, true),
    ("NumericEquals", Comparison::NumericEquals, false),
    ("NumericNotEquals", Comparison::NumericEquals, true),
    ("NumericLessThan", Comparison::NumericLessThan, false),
    ("NumericLessThanEquals", Comparison::NumericLessThanEquals, false),
    ("NumericGreaterThan", Comparison::NumericGreaterThan, false),
    ("NumericGreaterThanEquals", Comparison::NumericGreaterThanEquals, false),
    ("DateEquals", Comparison::DateEquals, false),
    ("DateNotEquals", Comparison::DateEquals, true),
    ("DateLessThan", Comparison::DateLessThan, false),
    ("DateLessThanEquals", Comparison::DateLessThanEquals, false),
    ("DateGreaterThan", Comparison::DateGreaterThan, false),
    ("DateGreaterThanEquals", Comparison::DateGreaterThanEquals, false),
    ("Bool", Comparison::Bool, false),
    ("BinaryEquals", Comparison::BinaryEquals, false),
    ("IpAddress", Comparison::IpAddress, false),
    ("NotIpAddress", Comparison::IpAddress, true),
    ("ArnEquals", Comparison::ArnEquals, false),
    ("ArnNotEquals", Comparison::ArnEquals, true),
    ("ArnLike", Comparison::ArnLike, false),
    ("ArnNotLike", Comparison::ArnLike, true),
    ("Null", Comparison::Null, false),
];

const IF_EXISTS: &str = "IfExists";

impl Operator {
    /// A plain operator: no prefix, not negated, no suffix.
    #[must_use]
    pub const fn new(comparison: Comparison) -> Self {
        Self { quantifier: None, comparison, negated: false, if_exists: false }
    }

    /// The `Not` form of a plain operator.
    #[must_use]
    pub const fn not(comparison: Comparison) -> Self {
        Self { negated: true, ..Self::new(comparison) }
    }

    /// The operator of that name; letter case has no meaning.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let mut base = name;
        let mut quantifier = None;
        for q in [Quantifier::ForAllValues, Quantifier::ForAnyValue] {
            let prefix = q.prefix();
            if let Some((head, tail)) = base.split_at_checked(prefix.len())
                && head.eq_ignore_ascii_case(prefix)
            {
                quantifier = Some(q);
                base = tail;
                break;
            }
        }
        let mut if_exists = false;
        if let Some(cut) = base.len().checked_sub(IF_EXISTS.len())
            && let Some((head, tail)) = base.split_at_checked(cut)
            && tail.eq_ignore_ascii_case(IF_EXISTS)
        {
            if_exists = true;
            base = head;
        }
        let &(_, comparison, negated) = NAMES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(base))?;
        if comparison == Comparison::Null && if_exists {
            return None;
        }
        Some(Self { quantifier, comparison, negated, if_exists })
    }

    /// Every operator without prefix and suffix.
    pub(super) fn plain() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|&(_, comparison, negated)| Self { negated, ..Self::new(comparison) })
    }

    /// The name most like the one given, if any is near.
    pub(super) fn nearest(name: &str) -> Option<String> {
        let (quantifier, base) = match name.split_once(':') {
            Some((prefix, base)) => {
                let near = nearest(prefix, &["ForAllValues", "ForAnyValue"])?;
                (format!("{near}:"), base)
            }
            None => (String::new(), name),
        };
        let (base, suffix) = match base.strip_suffix(IF_EXISTS) {
            Some("Null") => ("Null", ""),
            Some(base) => (base, IF_EXISTS),
            None => (base, ""),
        };
        let names: Vec<&str> = NAMES.iter().map(|(name, ..)| *name).collect();
        nearest(base, &names).map(|near| format!("{quantifier}{near}{suffix}"))
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES
            .iter()
            .find(|(_, comparison, negated)| *comparison == self.comparison && *negated == self.negated)
            .map_or("Null", |(name, ..)| *name);
        let quantifier = self.quantifier.map_or("", Quantifier::prefix);
        let suffix = if self.if_exists { IF_EXISTS } else { "" };
        write!(f, "{quantifier}{name}{suffix}")
    }
}

/// Whether a condition holds. `request` is empty or `None` when the key is absent; `values` are
/// the policy's, already expanded.
pub(super) fn holds(operator: Operator, values: &[Expansion], request: Option<&[String]>) -> bool {
    let request = request.filter(|request| !request.is_empty());
    if operator.comparison == Comparison::Null {
        return values.iter().any(|value| parse_bool(&value.text) == Some(request.is_none()));
    }
    let Some(request) = request else {
        return match operator.quantifier {
            _ if operator.if_exists => true,
            Some(Quantifier::ForAllValues) => true,
            Some(Quantifier::ForAnyValue) => false,
            None => operator.negated,
        };
    };
    let one = |text: &String| values.iter().any(|value| compare(operator.comparison, value, text)) != operator.negated;
    match operator.quantifier {
        Some(Quantifier::ForAllValues) => request.iter().all(one),
        Some(Quantifier::ForAnyValue) => request.iter().any(one),
        // Without a set prefix several request values are one question: does any match?
        None if operator.negated => request.iter().all(one),
        None => request.iter().any(one),
    }
}

fn compare(comparison: Comparison, value: &Expansion, request: &str) -> bool {
    let policy = value.text.as_str();
    let number = |wanted: fn(Ordering) -> bool| {
        parse_number(request).zip(parse_number(policy)).and_then(|(a, b)| a.partial_cmp(&b)).is_some_and(wanted)
    };
    let date = |wanted: fn(Ordering) -> bool| {
        parse_date(request).zip(parse_date(policy)).is_some_and(|(a, b)| wanted(a.cmp(&b)))
    };
    match comparison {
        Comparison::StringEquals => policy == request,
        Comparison::StringEqualsIgnoreCase => policy.to_lowercase() == request.to_lowercase(),
        Comparison::StringLike => glob::matches_tokens(&value.tokens, request),
        Comparison::NumericEquals => number(Ordering::is_eq),
        Comparison::NumericLessThan => number(Ordering::is_lt),
        Comparison::NumericLessThanEquals => number(Ordering::is_le),
        Comparison::NumericGreaterThan => number(Ordering::is_gt),
        Comparison::NumericGreaterThanEquals => number(Ordering::is_ge),
        Comparison::DateEquals => date(Ordering::is_eq),
        Comparison::DateLessThan => date(Ordering::is_lt),
        Comparison::DateLessThanEquals => date(Ordering::is_le),
        Comparison::DateGreaterThan => date(Ordering::is_gt),
        Comparison::DateGreaterThanEquals => date(Ordering::is_ge),
        Comparison::Bool => parse_bool(policy).zip(parse_bool(request)).is_some_and(|(a, b)| a == b),
        Comparison::BinaryEquals => policy.trim_end_matches('=') == request.trim_end_matches('='),
        Comparison::IpAddress => parse_net(policy)
            .zip(request.parse::<IpAddr>().ok())
            .is_some_and(|(net, address)| net.contains(&address.to_canonical())),
        Comparison::ArnEquals | Comparison::ArnLike => arn_matches(&value.tokens, request),
        Comparison::Null => false,
    }
}

/// The six parts of an ARN are compared one by one, so a wildcard cannot cross a colon except in
/// the last part.
fn arn_matches(pattern: &[glob::Token], request: &str) -> bool {
    let parts: Vec<&[glob::Token]> = pattern.splitn(6, |token| *token == glob::Token::Literal(':')).collect();
    let request: Vec<&str> = request.splitn(6, ':').collect();
    parts.len() == 6
        && request.len() == 6
        && parts.iter().zip(&request).all(|(part, text)| glob::matches_tokens(part, text))
}

pub(super) fn parse_bool(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

pub(super) fn parse_number(text: &str) -> Option<f64> {
    let number: f64 = text.trim().parse().ok()?;
    number.is_finite().then_some(number)
}

/// A range, or a single address as the range that holds only it.
pub(super) fn parse_net(text: &str) -> Option<IpNet> {
    match text.parse::<IpNet>() {
        Ok(net) => Some(net),
        Err(_) => text.parse::<IpAddr>().ok().map(IpNet::from),
    }
}

/// An ISO 8601 date (UTC unless it has an offset) or seconds since 1970.
pub(super) fn parse_date(text: &str) -> Option<jiff::Timestamp> {
    if let Ok(seconds) = text.parse::<f64>()
        && !(text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()))
    {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, and the range check below refuses what is out of range"
        )]
        let millis = (seconds * 1000.0) as i64;
        return jiff::Timestamp::from_millisecond(millis).ok();
    }
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(instant);
    }
    let padded = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    let civil = padded
        .parse::<jiff::civil::DateTime>()
        .or_else(|_| padded.parse::<jiff::civil::Date>().map(|day| day.at(0, 0, 0, 0)))
        .ok()?;
    jiff::tz::Offset::UTC.to_timestamp(civil).ok()
}

pub(super) fn is_base64(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
}
