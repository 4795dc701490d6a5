//! Statements for AWS services and identity providers.
//!
//! Sources: AWS IAM User Guide, "The confused deputy problem"; Amazon S3 User Guide, "Permissions for log delivery";
//! Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin".

use super::has_key;
use crate::domain::arn::Arn;
use crate::domain::policy::{
    ActionMatch, Comparison, ConditionSource, Effect, Finding, Principal, PrincipalMatch, Rule, Statement,
};

/// What services use of a bucket whose policy lets them in; only those that are sure.
const USED: &[(&str, &[&str])] = &[
    ("logging.s3.amazonaws.com", &["PutObject"]),
    ("cloudfront.amazonaws.com", &["GetObject", "PutObject", "DeleteObject", "ListBucket"]),
    ("delivery.logs.amazonaws.com", &["PutObject", "GetBucketAcl", "ListBucket"]),
    ("cloudtrail.amazonaws.com", &["PutObject", "GetBucketAcl"]),
];

/// Keys that say on whose behalf a service acts.
const SOURCES: [&str; 5] =
    ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner"];

/// Keys that only identities of accounts have.
const OF_IDENTITIES: [&str; 7] = [
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalArn",
    "aws:PrincipalAccount",
    "aws:username",
    "aws:userid",
    "aws:MultiFactorAuthPresent",
];

pub(super) fn check(index: usize, statement: &Statement) -> Vec<Finding> {
    let mut out = Vec::new();
    let PrincipalMatch::Only(named) = &statement.principal else {
        return out;
    };
    let source = &statement.source;
    let span = |i: usize| source.principals.get(i).copied().unwrap_or(source.principal);
    for (i, principal) in named.iter().enumerate() {
        if let Principal::Federated(name) = principal {
            let message =
                format!("{name} may have no effect here: identity providers belong in the trust policies of roles");
            out.push(Finding::new(Rule::FederatedPrincipal, Some(index), span(i), message));
        }
    }
    let services: Vec<(usize, &str)> = named
        .iter()
        .enumerate()
        .filter_map(|(i, principal)| match principal {
            Principal::Service(name) => Some((i, name.as_str())),
            _ => None,
        })
        .collect();
    let Some((_, name)) = services.first().copied() else {
        return out;
    };
    if statement.effect == Effect::Allow {
        // CloudFront has a rule of its own, with words of its own.
        let other = services.iter().find(|(_, name)| !name.starts_with("cloudfront."));
        if let Some((i, name)) = other
            && !has_key(statement, &SOURCES)
        {
            let message =
                format!("{name} may come on behalf of any account, name yours with aws:SourceAccount or aws:SourceArn");
            out.push(Finding::new(Rule::AnySource, Some(index), span(*i), message));
        }
        out.extend(source_without_account(index, statement));
    }
    if services.len() == named.len() {
        let none = ConditionSource::default();
        for (i, condition) in statement.conditions.iter().enumerate() {
            let tag = condition.key.to_ascii_lowercase().starts_with("aws:principaltag/");
            if tag || OF_IDENTITIES.iter().any(|key| key.eq_ignore_ascii_case(&condition.key)) {
                let place = source.conditions.get(i).unwrap_or(&none);
                let message = format!("Requests of {name} do not have the key {}", condition.key);
                out.push(Finding::new(Rule::KeyNotForService, Some(index), place.key, message));
            }
        }
    }
    if let (1, 1, Some((_, used)), ActionMatch::Only(actions)) = (
        services.len(),
        named.len(),
        USED.iter().find(|(service, _)| service.eq_ignore_ascii_case(name)),
        &statement.action,
    ) {
        for (i, action) in actions.iter().enumerate() {
            let bare = action.split_once(':').map_or(action.as_str(), |(_, bare)| bare);
            let known = crate::domain::policy::action_scope(action).is_some();
            if known && !used.iter().any(|used| used.eq_ignore_ascii_case(bare)) {
                let place = source.actions.get(i).copied().unwrap_or(source.action);
                let message = format!("{name} never uses {action}");
                out.push(Finding::new(Rule::ActionNotOfService, Some(index), place, message));
            }
        }
    }
    out
}

/// The ARN of a bucket does not tell whose it is, and its name may be another's tomorrow.
fn source_without_account(index: usize, statement: &Statement) -> Option<Finding> {
    if has_key(statement, &["aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner"]) {
        return None;
    }
    let (i, condition) = statement.conditions.iter().enumerate().find(|(_, condition)| {
        let compares = matches!(
            condition.operator.comparison,
            Comparison::StringEquals | Comparison::StringLike | Comparison::ArnEquals | Comparison::ArnLike
        );
        let tells_none = |value: &str| {
            value.parse::<Arn>().is_ok_and(|arn| matches!(arn.account.as_str(), "" | "*")) || value == "*"
        };
        compares
            && condition.key.eq_ignore_ascii_case("aws:SourceArn")
            && condition.values.iter().any(|value| tells_none(&value.as_text()))
    })?;
    let none = ConditionSource::default();
    let place = statement.source.conditions.get(i).unwrap_or(&none);
    let message = format!("{} does not tell the account here, add aws:SourceAccount", condition.key);
    Some(Finding::new(Rule::SourceWithoutAccount, Some(index), place.key, message))
}
