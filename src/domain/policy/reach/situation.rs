//! Under which circumstances a request comes.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Cast, Surroundings};
use crate::domain::policy::condition::{parse_bool, parse_date, parse_net, parse_number};
use crate::domain::policy::{Comparison, Condition, ContextKeys, Operator, Policy, RequestPrincipal};

/// Circumstances of a request.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::domain::policy) struct Situation {
    base: ContextKeys,
    /// Keys that differ from the base; `None` is absent.
    changes: Vec<(String, Option<String>)>,
    /// Whether it comes over TLS.
    pub(in crate::domain::policy) https: bool,
}

/// How many situations are looked at.
const MAX_SITUATIONS: usize = 64;

/// Addresses that documents do not use as examples, and some that they do.
const ADDRESSES: [&str; 5] = ["93.184.215.14", "151.101.1.69", "198.51.100.7", "203.0.113.9", "192.0.2.77"];

/// Circumstances that these policies tell apart. The first is a request over HTTPS from an address that
/// nothing names, the second the same over plain HTTP.
pub(in crate::domain::policy) fn situations(policies: &[&Policy], around: &Surroundings<'_>) -> Vec<Situation> {
    let statements: Vec<&[Condition]> =
        policies.iter().flat_map(|p| &p.statements).map(|s| s.conditions.as_slice()).collect();
    let base = base_keys(&statements, around);
    let plain = Situation { base, changes: Vec::new(), https: true };
    let mut out = vec![plain.clone(), Situation { https: false, ..plain.clone() }];
    let mut push = |changes: Vec<(String, Option<String>)>, https: bool| {
        let situation = Situation { changes, https, ..plain.clone() };
        if out.len() < MAX_SITUATIONS && !out.contains(&situation) {
            out.push(situation);
        }
    };
    let met: Vec<Vec<(String, Option<String>)>> =
        statements.iter().map(|conditions| conditions.iter().filter_map(|c| change(c, true)).collect()).collect();
    for changes in &met {
        push(changes.clone(), !wants_http(changes));
    }
    // One statement's terms met, and one of another's (or its own) not.
    for (changes, conditions) in met.iter().zip(&statements) {
        for condition in *conditions {
            if let Some(not) = change(condition, false) {
                let mut changes = changes.clone();
                changes.retain(|(key, _)| !key.eq_ignore_ascii_case(&not.0));
                changes.push(not);
                push(changes.clone(), !wants_http(&changes));
            }
            let mut without = changes.clone();
            without.retain(|(key, _)| !key.eq_ignore_ascii_case(&condition.key));
            without.push((condition.key.to_ascii_lowercase(), None));
            push(without.clone(), !wants_http(&without));
        }
    }
    for (index, first) in met.iter().enumerate() {
        push(first.clone(), false);
        for second in met.iter().skip(index + 1) {
            let mut both = first.clone();
            both.extend(second.iter().filter(|(key, _)| !first.iter().any(|(k, _)| k == key)).cloned());
            push(both.clone(), !wants_http(&both));
        }
    }
    out
}

fn wants_http(changes: &[(String, Option<String>)]) -> bool {
    changes.iter().any(|(key, value)| key == "aws:securetransport" && value.as_deref() == Some("false"))
}

fn base_keys(statements: &[&[Condition]], around: &Surroundings<'_>) -> ContextKeys {
    let named: Vec<IpNet> = statements
        .iter()
        .flat_map(|conditions| conditions.iter())
        .filter(|c| c.operator.comparison == Comparison::IpAddress)
        .flat_map(|c| c.values.iter().filter_map(|value| parse_net(&value.as_text())))
        .filter(|net| net.prefix_len() > 0)
        .collect();
    let free = |address: &&&str| {
        address.parse::<IpAddr>().is_ok_and(|address| !named.iter().any(|net| net.contains(&address)))
    };
    let address = ADDRESSES.iter().find(free).unwrap_or(&"93.184.215.14");
    let mut keys = ContextKeys::new().with("aws:SourceIp", *address).with("aws:ViaAWSService", "false");
    if let Some(now) = around.now {
        keys.set("aws:CurrentTime", now.to_string());
        keys.set("aws:EpochTime", now.as_second().to_string());
    }
    keys
}

impl Situation {
    /// Circumstances with these keys, over TLS or not.
    pub(super) fn with(around: &Surroundings<'_>, https: bool, keys: &[(String, String)]) -> Self {
        let changes = keys.iter().map(|(key, value)| (key.to_ascii_lowercase(), Some(value.clone()))).collect();
        Self { base: base_keys(&[], around), changes, https }
    }

    /// The keys of a request by this asker.
    pub(super) fn keys(&self, cast: &Cast) -> ContextKeys {
        let mut keys = if cast.is_service() { self.base.without("aws:SourceIp") } else { self.base.clone() };
        keys.set("aws:SecureTransport", self.https.to_string());
        if self.https {
            keys.set("s3:TlsVersion", "1.3");
        }
        if matches!(cast.principal, RequestPrincipal::Account { .. }) {
            keys.set("s3:authType", "REST-HEADER");
            keys.set("s3:signatureversion", "AWS4-HMAC-SHA256");
        }
        for (key, value) in &self.changes {
            match value {
                _ if key == "aws:securetransport" || !self.possible(key, cast) => {}
                Some(value) => keys.set(key, value),
                None => keys = keys.without(key),
            }
        }
        keys
    }

    /// Whether a request by this asker can come so.
    pub(in crate::domain::policy) fn fits(&self, cast: &Cast) -> bool {
        (self.https || !cast.is_service())
            && self.changes.iter().all(|(key, value)| value.is_none() || self.possible(key, cast))
    }

    fn possible(&self, key: &str, cast: &Cast) -> bool {
        let starts = |starts: &[&str]| starts.iter().any(|start| key.starts_with(start));
        let by_services = starts(&["aws:sourcearn", "aws:sourceaccount", "aws:sourceorg", "aws:sourceowner"]);
        let by_sign_in =
            starts(&["aws:principal", "aws:user", "aws:multifactor", "aws:token", "s3:auth", "s3:signature"])
                && key != "aws:useragent";
        match &cast.principal {
            RequestPrincipal::Anonymous => !by_services && !by_sign_in,
            RequestPrincipal::Service { .. } => !by_sign_in,
            RequestPrincipal::Account { .. } => {
                // Who they are is given; only somebody who is not named can be anybody.
                let given = starts(&["aws:principalarn", "aws:principalaccount", "aws:principaltype", "aws:user"]);
                !by_services && (!given || cast.asker == super::Asker::OtherAccount || key == "aws:useragent")
            }
        }
    }
}

/// What a request must carry, or lack, so that a condition holds, or does not.
fn change(condition: &Condition, holds: bool) -> Option<(String, Option<String>)> {
    let key = condition.key.to_ascii_lowercase();
    let value = condition.values.first()?.as_text();
    if value.contains("${") {
        return None;
    }
    let Operator { comparison, negated, .. } = condition.operator;
    if comparison == Comparison::Null {
        let absent = parse_bool(&value)? == holds;
        return Some((key, (!absent).then(|| "zq7".to_owned())));
    }
    let new = if holds == negated { unlike(comparison, &value)? } else { like(comparison, &value)? };
    Some((key, Some(new)))
}

/// A value that the comparison finds alike.
fn like(comparison: Comparison, value: &str) -> Option<String> {
    Some(match comparison {
        Comparison::StringEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::BinaryEquals
        | Comparison::NumericEquals
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThanEquals
        | Comparison::DateEquals
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThanEquals
        | Comparison::Bool
        | Comparison::Null => value.to_owned(),
        Comparison::StringLike | Comparison::ArnEquals | Comparison::ArnLike => {
            value.replace('*', "zq7").replace('?', "z")
        }
        Comparison::NumericLessThan => (parse_number(value)? - 1.0).to_string(),
        Comparison::NumericGreaterThan => (parse_number(value)? + 1.0).to_string(),
        Comparison::DateLessThan => shifted(value, -86_400)?,
        Comparison::DateGreaterThan => shifted(value, 86_400)?,
        Comparison::IpAddress => match parse_net(value)? {
            IpNet::V4(net) => net.hosts().next()?.to_string(),
            IpNet::V6(net) => net.hosts().next()?.to_string(),
        },
    })
}

/// A value that the comparison finds unlike.
fn unlike(comparison: Comparison, value: &str) -> Option<String> {
    Some(match comparison {
        Comparison::StringEquals | Comparison::StringEqualsIgnoreCase | Comparison::StringLike | Comparison::Null => {
            "zq7-else".to_owned()
        }
        Comparison::BinaryEquals => "enE3".to_owned(),
        Comparison::ArnEquals | Comparison::ArnLike => "arn:aws:s3:::zq7-else".to_owned(),
        Comparison::NumericEquals | Comparison::NumericLessThan | Comparison::NumericLessThanEquals => {
            (parse_number(value)? + 1.0).to_string()
        }
        Comparison::NumericGreaterThan | Comparison::NumericGreaterThanEquals => {
            (parse_number(value)? - 1.0).to_string()
        }
        Comparison::DateEquals | Comparison::DateLessThan | Comparison::DateLessThanEquals => shifted(value, 86_400)?,
        Comparison::DateGreaterThan | Comparison::DateGreaterThanEquals => shifted(value, -86_400)?,
        Comparison::Bool => (!parse_bool(value)?).to_string(),
        // The base address is in no range that is named.
        Comparison::IpAddress => return None,
    })
}

fn shifted(date: &str, seconds: i64) -> Option<String> {
    let shifted = parse_date(date)?.as_second().checked_add(seconds)?;
    jiff::Timestamp::from_second(shifted).ok().map(|at| at.to_string())
}
