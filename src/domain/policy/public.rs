//! Whether S3 would call a policy public.
//!
//! Source: AWS S3 User Guide, "Blocking public access to your Amazon S3 storage", section "The
//! meaning of public". The server's own answer is GetBucketPolicyStatus. Where the guide is silent
//! (negated operators, `…IfExists`, `ForAllValues`, a universal `Deny`) the careful answer is public.

use ipnet::IpNet;

use super::condition::parse_net;
use super::{Comparison, Condition, Effect, Policy, Principal, PrincipalMatch, Quantifier, Statement, has_wildcard};
use crate::domain::arn::{Arn, is_account_id};

/// Why a statement is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PublicReason {
    /// It names everyone, and no condition narrows that.
    Everyone,
    /// It names everyone, and its conditions narrow that to nothing fixed.
    EveryoneWithLooseConditions,
    /// It names everyone but a few.
    EveryoneElse,
    /// It names an identity provider whose users are not known.
    Federated,
    /// It names identities by a pattern.
    Wildcard,
}

/// A statement that makes its policy public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicStatement {
    /// Counted from 0.
    pub index: usize,
    /// Its name, if it has one.
    pub sid: Option<String>,
    /// Why.
    pub reason: PublicReason,
}

/// Whether a policy is public, and by which statements.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicVerdict {
    /// One public statement makes the whole policy public.
    pub public: bool,
    /// The public statements.
    pub statements: Vec<PublicStatement>,
}

/// Whether S3 would call the policy public (predicted).
#[must_use]
pub fn is_public(policy: &Policy) -> PublicVerdict {
    let statements: Vec<PublicStatement> = policy
        .statements
        .iter()
        .enumerate()
        .filter_map(|(index, statement)| {
            Some(PublicStatement { index, sid: statement.sid.clone(), reason: public_reason(statement)? })
        })
        .collect();
    PublicVerdict { public: !statements.is_empty(), statements }
}

/// Why the statement is public, or `None` when it is not.
pub(super) fn public_reason(statement: &Statement) -> Option<PublicReason> {
    if statement.effect == Effect::Deny {
        return None;
    }
    let reason = match &statement.principal {
        PrincipalMatch::Except(_) => PublicReason::EveryoneElse,
        PrincipalMatch::Only(list) => list.iter().find_map(|principal| match principal {
            p if p.is_everyone() => Some(PublicReason::Everyone),
            Principal::Federated(_) => Some(PublicReason::Federated),
            Principal::Aws(value) | Principal::Service(value) | Principal::CanonicalUser(value) if !is_fixed(value) => {
                Some(PublicReason::Wildcard)
            }
            _ => None,
        })?,
    };
    if statement.conditions.iter().any(narrows) {
        return None;
    }
    if reason == PublicReason::Everyone && !statement.conditions.is_empty() {
        return Some(PublicReason::EveryoneWithLooseConditions);
    }
    Some(reason)
}

fn is_fixed(value: &str) -> bool {
    !value.is_empty() && !has_wildcard(value) && !value.contains("${")
}

/// Whether the condition limits the grant to fixed values of a key that S3 trusts.
fn narrows(condition: &Condition) -> bool {
    let operator = condition.operator;
    if operator.negated
        || operator.if_exists
        || operator.quantifier == Some(Quantifier::ForAllValues)
        || condition.values.is_empty()
    {
        return false;
    }
    let key = condition.key.to_ascii_lowercase();
    let fixed: fn(&str) -> bool = match (key.as_str(), operator.comparison) {
        ("aws:sourceip", Comparison::IpAddress) => is_fixed_range,
        (
            "s3:dataaccesspointarn",
            Comparison::StringEquals | Comparison::StringLike | Comparison::ArnEquals | Comparison::ArnLike,
        ) => is_fixed_access_point,
        // Unsigned requests carry this very value, so naming it narrows nothing.
        ("aws:principalaccount", Comparison::StringEquals | Comparison::StringLike) => {
            |value| is_fixed(value) && !value.eq_ignore_ascii_case("anonymous")
        }
        (
            "aws:principalorgid"
            | "aws:principalorgpaths"
            | "aws:principalarn"
            | "aws:sourcearn"
            | "aws:sourcevpc"
            | "aws:sourcevpce"
            | "aws:sourceowner"
            | "aws:sourceaccount"
            | "aws:userid"
            | "s3:x-amz-server-side-encryption-aws-kms-key-id"
            | "s3:dataaccesspointaccount",
            Comparison::StringEquals
            | Comparison::StringEqualsIgnoreCase
            | Comparison::StringLike
            | Comparison::ArnEquals
            | Comparison::ArnLike,
        ) => is_fixed,
        _ => return false,
    };
    condition.values.iter().all(|value| fixed(&value.as_text()))
}

/// Not broader than /8 (IPv4) or /32 (IPv6).
fn is_fixed_range(value: &str) -> bool {
    parse_net(value).is_some_and(|net| match net {
        IpNet::V4(net) => net.prefix_len() >= 8,
        IpNet::V6(net) => net.prefix_len() >= 32,
    })
}

/// The access point's name may be a pattern when the account is fixed.
fn is_fixed_access_point(value: &str) -> bool {
    is_fixed(value) || value.parse::<Arn>().is_ok_and(|arn| is_account_id(&arn.account) && !value.contains("${"))
}

/// Whether every address of the range is private (RFC 1918), carrier, loopback or link-local space
/// that no request from the internet can come from.
pub(super) fn is_private_range(net: &IpNet) -> bool {
    const PRIVATE: [&str; 7] =
        ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "fc00::/7", "fe80::/10"];
    let inside = |range: &IpNet| range.contains(&net.network()) && range.prefix_len() <= net.prefix_len();
    PRIVATE.iter().filter_map(|range| range.parse::<IpNet>().ok()).any(|range| inside(&range))
}

#[cfg(test)]
mod tests;
