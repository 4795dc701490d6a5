//! Conditions whose operator, key and values do not fit each other.
//!
//! Sources: AWS IAM User Guide, "AWS global condition context keys", "Condition operators", "Set operators for
//! multivalued context keys" and "IAM policy validation check reference".

use ipnet::IpNet;

use super::{operator_instead, quoted};
use crate::domain::arn::{Arn, is_account_id};
use crate::domain::policy::condition::{parse_bool, parse_net};
use crate::domain::policy::condition_keys::{self, KeyType};
use crate::domain::policy::public::is_private_range;
use crate::domain::policy::{
    Comparison, Condition, ConditionSource, Effect, Finding, Fix, Operator, Quantifier, Rule, Span, Statement, glob,
};

/// One condition with its place and its values as texts.
pub(super) struct Seen<'a> {
    pub(super) index: usize,
    pub(super) statement: &'a Statement,
    pub(super) condition: &'a Condition,
    pub(super) source: &'a ConditionSource,
    pub(super) values: &'a [(String, Span)],
}

impl Seen<'_> {
    fn find(&self, rule: Rule, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(rule, Some(self.index), span, message)
    }

    fn operator_instead(&self, operator: Operator) -> Option<Fix> {
        operator_instead(self.statement, self.source.operator, operator)
    }
}

pub(super) fn check(seen: &Seen<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    out.extend(type_of_key(seen));
    out.extend(set_prefix(seen));
    out.extend(several_booleans(seen));
    out.extend(arns(seen));
    out.extend(shapes(seen));
    out.extend(ranges(seen));
    out
}

fn kind_of(comparison: Comparison) -> Option<&'static [KeyType]> {
    Some(match comparison {
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::StringLike => {
            &[KeyType::Text, KeyType::Arn]
        }
        Comparison::NumericEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals => &[KeyType::Number],
        Comparison::DateEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals => &[KeyType::Date],
        Comparison::Bool => &[KeyType::Bool],
        Comparison::IpAddress => &[KeyType::Address],
        Comparison::ArnEquals | Comparison::ArnLike => &[KeyType::Arn],
        Comparison::BinaryEquals => &[],
        Comparison::Null => return None,
    })
}

const fn kind_words(kind: KeyType) -> &'static str {
    match kind {
        KeyType::Text => "a text",
        KeyType::Arn => "an ARN",
        KeyType::Bool => "true or false",
        KeyType::Date => "a date",
        KeyType::Number => "a number",
        KeyType::Address => "an address",
    }
}

fn type_of_key(seen: &Seen<'_>) -> Option<Finding> {
    let operator = seen.condition.operator;
    let wanted = kind_of(operator.comparison)?;
    let kind = condition_keys::type_of(&seen.condition.key)?;
    if wanted.contains(&kind) {
        return None;
    }
    let equal = matches!(operator.comparison, Comparison::StringEquals | Comparison::StringLike);
    let better = match (kind, equal) {
        (KeyType::Text, _) if operator.comparison == Comparison::ArnLike => Some(Comparison::StringLike),
        (KeyType::Text, _) if operator.comparison == Comparison::ArnEquals => Some(Comparison::StringEquals),
        (KeyType::Address, true) => Some(Comparison::IpAddress),
        (KeyType::Bool, true) if !operator.negated => Some(Comparison::Bool),
        (KeyType::Number, true) => Some(Comparison::NumericEquals),
        (KeyType::Date, true) => Some(Comparison::DateEquals),
        _ => None,
    };
    let fix = better.and_then(|comparison| seen.operator_instead(Operator { comparison, ..operator }));
    let message = format!("{} is {}, which {operator} does not compare", seen.condition.key, kind_words(kind));
    Some(seen.find(Rule::KeyType, seen.source.operator, message).with_fix(fix))
}

fn set_prefix(seen: &Seen<'_>) -> Option<Finding> {
    let (key, operator) = (seen.condition.key.as_str(), seen.condition.operator);
    let without = || seen.operator_instead(Operator { quantifier: None, ..operator });
    if operator.comparison == Comparison::Null {
        operator.quantifier?;
        let message = "Null asks whether the key is there at all, so a set prefix before it means nothing";
        return Some(seen.find(Rule::NullWithQualifier, seen.source.operator, message).with_fix(without()));
    }
    match (condition_keys::is_multivalued(key)?, operator.quantifier) {
        (true, None) => {
            let message = format!("Requests may have several values for {key}, so say ForAnyValue or ForAllValues");
            Some(seen.find(Rule::MissingQualifier, seen.source.operator, message))
        }
        (false, Some(Quantifier::ForAllValues)) => {
            let message = format!("{key} has one value, and ForAllValues also holds for requests that do not have it");
            Some(seen.find(Rule::ForAllValuesOfOne, seen.source.operator, message).with_fix(without()))
        }
        _ => None,
    }
}

fn several_booleans(seen: &Seen<'_>) -> Option<Finding> {
    let boolean = matches!(seen.condition.operator.comparison, Comparison::Bool | Comparison::Null);
    let has = |wanted| seen.values.iter().any(|(text, _)| parse_bool(text) == Some(wanted));
    let span = seen.values.get(1).map(|(_, span)| *span)?;
    (boolean && has(true) && has(false)).then(|| {
        let message = "With true and false together every value matches, so this asks nothing";
        seen.find(Rule::SeveralBooleans, span, message)
    })
}

/// Values that have to be ARNs: those under ARN operators, and those of keys that hold one.
fn arns(seen: &Seen<'_>) -> Vec<Finding> {
    let comparison = seen.condition.operator.comparison;
    let by_operator = matches!(comparison, Comparison::ArnEquals | Comparison::ArnLike);
    let by_key = condition_keys::type_of(&seen.condition.key) == Some(KeyType::Arn)
        && matches!(comparison, Comparison::StringEquals | Comparison::StringLike);
    if !by_operator && !by_key {
        return Vec::new();
    }
    seen.values
        .iter()
        .filter(|(text, _)| text != "*")
        .filter_map(|(text, span)| Some(seen.find(Rule::NotAnArn, *span, arn_problem(text)?)))
        .collect()
}

/// What is wrong with an ARN, wildcards and variables allowed.
fn arn_problem(text: &str) -> Option<String> {
    if text.contains("${") {
        // What a variable brings is not known.
        return None;
    }
    let open = |part: &str| glob::has_wildcard(part);
    if !(text.starts_with("arn:") || text.starts_with('*')) {
        return Some(format!("{text} is compared with ARNs, which start with arn:"));
    }
    let Ok(arn) = text.parse::<Arn>() else {
        return (!open(text)).then(|| format!("{text} has not all the six parts of an ARN"));
    };
    let lower = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let partition = arn.partition.as_str();
    let known = partition == "aws" || partition.starts_with("aws-") && lower(partition);
    if !known && !open(partition) {
        return Some(format!("There is no partition {}, they are aws, aws-cn, aws-us-gov and aws-eusc", arn.partition));
    }
    if !open(&arn.service) && !lower(&arn.service) {
        return Some(format!("The service of an ARN stands in small letters, not {}", arn.service));
    }
    if !open(&arn.region) && !arn.region.is_empty() && !is_region(&arn.region) {
        return Some(format!("{} is no region", arn.region));
    }
    let account = &arn.account;
    if !open(account)
        && !account.is_empty()
        && !is_account_id(account)
        && !matches!(account.as_str(), "aws" | "cloudfront")
    {
        return Some(format!("{account} is no account id, they have twelve digits"));
    }
    None
}

/// Such as `eu-central-1` or `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    match parts.as_slice() {
        [names @ .., number] => {
            (2..=3).contains(&names.len())
                && names.iter().all(letters)
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        [] => false,
    }
}

/// Values with a fixed shape.
fn shapes(seen: &Seen<'_>) -> Vec<Finding> {
    let comparison = seen.condition.operator.comparison;
    let like = comparison == Comparison::StringLike;
    if !like && comparison != Comparison::StringEquals {
        return Vec::new();
    }
    let id = |text: &str, prefix: &str| {
        let hex = text.strip_prefix(prefix);
        hex.is_some_and(|hex| matches!(hex.len(), 8 | 17) && hex.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    type Shape<'a> = (&'a dyn Fn(&str) -> bool, &'a str);
    let (vpc, vpce) = (|text: &str| id(text, "vpc-"), |text: &str| id(text, "vpce-"));
    let account = |text: &str| is_account_id(text) || text == "anonymous";
    let (fits, wanted): Shape<'_> = match seen.condition.key.to_ascii_lowercase().as_str() {
        "aws:sourcevpc" => (&vpc, "a network such as vpc-0123456789abcdef0"),
        "aws:sourcevpce" => (&vpce, "an endpoint such as vpce-0123456789abcdef0"),
        "aws:sourceaccount"
        | "aws:principalaccount"
        | "aws:resourceaccount"
        | "aws:sourceowner"
        | "aws:vpceaccount"
        | "s3:resourceaccount"
        | "s3:dataaccesspointaccount" => (&account, "an account id of twelve digits"),
        _ => return Vec::new(),
    };
    seen.values
        .iter()
        .filter(|(text, _)| !(text.contains("${") || like && glob::has_wildcard(text) || fits(text)))
        .map(|(text, span)| {
            let message = format!("{} is {wanted}, and {text} is none", seen.condition.key);
            seen.find(Rule::ValueShape, *span, message)
        })
        .collect()
}

/// Ranges with host bits, and private ranges of `aws:SourceIp`.
fn ranges(seen: &Seen<'_>) -> Vec<Finding> {
    if seen.condition.operator.comparison != Comparison::IpAddress {
        return Vec::new();
    }
    let mut out = Vec::new();
    let nets: Vec<(IpNet, &str, Span)> =
        seen.values.iter().filter_map(|(text, span)| Some((parse_net(text)?, text.as_str(), *span))).collect();
    for (net, text, span) in &nets {
        if net.addr() != net.network() {
            let trunc = net.trunc();
            let message = format!("{text} means the whole range {trunc}, which is clearer");
            let fix = Fix::replace(format!("Use {trunc}"), *span, quoted(&trunc.to_string()));
            out.push(seen.find(Rule::HostBits, *span, message).with_fix(fix));
        }
    }
    if seen.condition.key.eq_ignore_ascii_case("aws:SourceIp") {
        let private = |(net, ..): &&(IpNet, &str, Span)| is_private_range(net);
        let all = nets.iter().all(|net| private(&net));
        let rule = if all { Rule::PrivateAddress } else { Rule::SomePrivateAddresses };
        for (_, text, span) in nets.iter().filter(private) {
            let message = format!("{text} is a private range, from which no request over the internet comes");
            out.push(seen.find(rule, *span, message));
        }
    }
    out
}

/// A tag that not all of the actions have.
pub(super) fn tag_gaps(seen: &Seen<'_>) -> Option<Finding> {
    use crate::domain::policy::{ActionMatch, actions};
    let key = seen.condition.key.as_str();
    let condition_keys::Key::Only(has) = condition_keys::look_up(key) else {
        return None;
    };
    if !condition_keys::is_tag(key) {
        return None;
    }
    let without = match &seen.statement.action {
        ActionMatch::Except(_) => true,
        ActionMatch::Only(list) => list
            .iter()
            .filter(|pattern| glob::has_wildcard(pattern))
            .any(|pattern| actions::covered(pattern).iter().any(|(name, _)| !has(name))),
    };
    if !without {
        return None;
    }
    Some(match seen.statement.effect {
        Effect::Deny => {
            let message = format!("Most of these actions do not have {key}, so what it should refuse may go through");
            seen.find(Rule::DenyByTagWithGaps, seen.source.key, message)
        }
        Effect::Allow => {
            let message = format!("Most of these actions do not have {key}, name the ones that are meant");
            seen.find(Rule::AllowByTagWithGaps, seen.source.key, message)
        }
    })
}
