//! What S3 would store without a word, and a careful reader would not.

mod redundant;
mod services;
mod values;
mod variables;

use std::collections::HashSet;

use super::actions;
use super::condition_keys::{self, Key};
use super::evaluate::{ContextKeys, RequestContext, evaluate, root_account};
use super::lint::Numbered;
use super::public::public_reason;
use super::{
    ActionMatch, Comparison, Condition, ConditionSource, ConditionValue, Decision, Effect, Finding, Fix, LintContext,
    Operator, Policy, Principal, PrincipalMatch, Quantifier, RequestPrincipal, ResourceMatch, Rule, Span, Statement,
    Version, glob,
};
use crate::domain::arn::bucket_arn;

/// Advice about one statement by itself.
pub(super) fn for_statement(numbered: &Numbered, version: Version, cx: &LintContext) -> Vec<Finding> {
    let Numbered { index, statement } = numbered;
    let mut out = Vec::new();
    let source = &statement.source;
    let mut say = |rule, span, message: &str| {
        out.push(Finding::new(rule, Some(*index), span, message));
    };
    if statement.effect == Effect::Allow {
        if matches!(statement.principal, PrincipalMatch::Except(_)) {
            let message = "This lets in everyone but those named, also without sign-in";
            say(Rule::AllowNotPrincipal, source.principal, message);
        }
        if matches!(statement.action, ActionMatch::Except(_)) {
            let message = "This allows everything but the actions named, also what S3 adds later";
            say(Rule::AllowNotAction, source.action, message);
        }
        if public_reason(statement).is_some() {
            if cx.block_public_policy != Some(true) {
                let message = "This statement makes the bucket public";
                say(Rule::PublicStatement, source.principal, message);
            }
            if allows_everything(&statement.action) {
                let message = "Anyone may do everything, also delete the files and this policy";
                say(Rule::EverythingForEveryone, source.action, message);
            } else if let Some(action) = writing_action(&statement.action) {
                let message = format!("Anyone may use s3:{action}, which changes the bucket");
                say(Rule::WriteForEveryone, source.action, &message);
            }
        }
        if names_cloudfront(statement) && !has_key(statement, &["aws:SourceArn"]) {
            let message = "Any CloudFront distribution of any account may read, name yours with aws:SourceArn";
            say(Rule::AnyDistribution, source.principal, message);
        }
    }
    if version == Version::V2008 {
        for (span, text) in texts(statement) {
            if text.contains("${") {
                let message = "Variables such as ${aws:username} need the version 2012-10-17, here they are plain text";
                say(Rule::VariableNeedsVersion, span, message);
            }
        }
    }
    let none = ConditionSource::default();
    for (i, condition) in statement.conditions.iter().enumerate() {
        let source = statement.source.conditions.get(i).unwrap_or(&none);
        out.extend(for_condition(*index, statement, condition, source));
    }
    if version == Version::V2012 {
        out.extend(variables::broken(*index, statement));
    }
    out.extend(services::check(*index, statement));
    out.extend(every_service(*index, statement));
    out.extend(unusual_sid(*index, statement));
    out.extend(redundant::within(*index, statement));
    out
}

/// Text as JSON writes it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn every_service(index: usize, statement: &Statement) -> Vec<Finding> {
    let source = &statement.source;
    let (ActionMatch::Only(list) | ActionMatch::Except(list)) = &statement.action;
    list.iter()
        .enumerate()
        .filter(|(_, action)| *action == "*")
        .map(|(i, _)| {
            let span = source.actions.get(i).copied().unwrap_or(source.action);
            let message = "This names the actions of every service, s3:* says what is meant";
            let fix = Fix::replace("Use s3:*", span, quoted("s3:*"));
            Finding::new(Rule::EveryService, Some(index), span, message).with_fix(fix)
        })
        .collect()
}

fn unusual_sid(index: usize, statement: &Statement) -> Option<Finding> {
    let sid = statement.sid.as_deref()?;
    let usual = |c: char| c.is_ascii_alphanumeric() || c == ' ';
    if sid.chars().all(usual) {
        return None;
    }
    let plain: String = sid.chars().filter(|c| usual(*c)).collect();
    let span = statement.source.sid;
    let fix = (!plain.is_empty()).then(|| Fix::replace(format!("Use {plain}"), span, quoted(&plain)));
    let message = "IAM takes only letters and digits in the name of a statement; S3 may take more";
    Some(Finding::new(Rule::UnusualSid, Some(index), span, message).with_fix(fix))
}

/// Every resource and condition value with its place.
fn texts(statement: &Statement) -> Vec<(Span, String)> {
    let source = &statement.source;
    let (ResourceMatch::Only(list) | ResourceMatch::Except(list)) = &statement.resource;
    let resources = list.iter().zip(&source.resources).map(|(text, span)| (*span, text.clone()));
    let values = statement
        .conditions
        .iter()
        .zip(&source.conditions)
        .flat_map(|(condition, source)| condition.values.iter().zip(&source.values))
        .map(|(value, span)| (*span, value.as_text()));
    resources.chain(values).collect()
}

fn allows_everything(action: &ActionMatch) -> bool {
    match action {
        ActionMatch::Only(list) => list.iter().any(|pattern| pattern == "*" || pattern.eq_ignore_ascii_case("s3:*")),
        ActionMatch::Except(_) => false,
    }
}

fn writing_action(action: &ActionMatch) -> Option<&'static str> {
    let reads = |name: &str| name.starts_with("Get") || name.starts_with("List");
    let allowed: Vec<&'static str> = match action {
        ActionMatch::Only(list) => {
            list.iter().flat_map(|pattern| actions::covered(pattern)).map(|(name, _)| name).collect()
        }
        ActionMatch::Except(list) => actions::known_actions()
            .map(|(name, _)| name)
            .filter(|name| {
                let action = format!("s3:{name}");
                !list.iter().any(|pattern| glob::matches_ignoring_case(pattern, &action))
            })
            .collect(),
    };
    allowed.into_iter().find(|name| !reads(name))
}

fn names_cloudfront(statement: &Statement) -> bool {
    matches!(&statement.principal, PrincipalMatch::Only(list) if list.iter().any(
        |p| matches!(p, Principal::Service(name) if name.starts_with("cloudfront."))
    ))
}

fn has_key(statement: &Statement, keys: &[&str]) -> bool {
    statement.conditions.iter().any(|condition| keys.iter().any(|key| condition.key.eq_ignore_ascii_case(key)))
}

/// Keys that every request has, so that their absence is no way around a condition.
fn always_present(key: &str) -> bool {
    [
        "aws:SourceIp",
        "aws:SecureTransport",
        "aws:CurrentTime",
        "aws:EpochTime",
        "aws:PrincipalAccount",
        "aws:PrincipalType",
        "aws:ViaAWSService",
    ]
    .iter()
    .any(|known| known.eq_ignore_ascii_case(key))
}

fn for_condition(index: usize, statement: &Statement, condition: &Condition, source: &ConditionSource) -> Vec<Finding> {
    let mut out = Vec::new();
    let key = condition.key.as_str();
    let operator = condition.operator;
    let allow = statement.effect == Effect::Allow;
    let find = |rule, span, message: String| Finding::new(rule, Some(index), span, message);
    if matches!(condition_keys::look_up(key), Key::UnknownGlobal) {
        let meant = condition_keys::meant(key);
        let message = match meant {
            Some(meant) => format!("AWS has no key {key}, {meant} may be meant"),
            None => format!("AWS has no key {key} that is known here, so it may never be present"),
        };
        let fix = meant.map(|meant| Fix::replace(format!("Use {meant}"), source.key, format!("\"{meant}\"")));
        out.push(find(Rule::UnknownGlobalKey, source.key, message).with_fix(fix));
    }
    if key.eq_ignore_ascii_case("aws:Referer") {
        let message = "Anyone can send any Referer, so this protects nothing".to_owned();
        out.push(find(Rule::RefererIsNoProtection, source.key, message));
    }
    if allow && operator.quantifier == Some(Quantifier::ForAllValues) {
        let message = format!("{operator} also holds for requests without {key}");
        out.push(find(Rule::ForAllValuesOnAbsentKey, source.operator, message));
    } else if allow && (operator.negated || operator.if_exists) && !always_present(key) {
        let message = format!("{operator} also holds for requests without {key}");
        out.push(find(Rule::NegatedOnAbsentKey, source.operator, message));
    }
    if matches!(operator.comparison, Comparison::StringEquals | Comparison::StringEqualsIgnoreCase) {
        for (value, span) in condition.values.iter().zip(&source.values) {
            let text = value.as_text().replace("${*}", "").replace("${?}", "");
            if glob::has_wildcard(&text) {
                let message = format!("{operator} takes * and ? as themselves, a pattern needs StringLike");
                let fix = like_instead(statement, operator, source.operator);
                out.push(find(Rule::LiteralWildcard, *span, message).with_fix(fix));
            }
        }
    }
    if key.eq_ignore_ascii_case("aws:SourceOwner") {
        let message = "This key is the older one, services tell aws:SourceAccount today".to_owned();
        out.push(find(Rule::DeprecatedKey, source.key, message));
    }
    let fixed = ["aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths", "s3:ResourceAccount"];
    if fixed.iter().any(|fixed| fixed.eq_ignore_ascii_case(key)) {
        let message = format!("{key} is the same for every request to this bucket, so it decides nothing here");
        out.push(find(Rule::IrrelevantKey, source.key, message));
    }
    let values = variables::with_places(&condition.values, source);
    let seen = values::Seen { index, statement, condition, source, values: &values };
    out.extend(values::check(&seen));
    out.extend(values::tag_gaps(&seen));
    out.extend(variables::under_operator(index, operator.comparison, &values));
    out.extend(stops_services(index, statement, condition, source));
    out
}

/// Puts another operator in where one stands, unless that would change other keys as well or repeat an operator
/// that the statement has already.
fn operator_instead(statement: &Statement, place: Span, operator: Operator) -> Option<Fix> {
    let alone = statement.source.conditions.iter().filter(|source| source.operator == place).count() == 1;
    let free = statement.conditions.iter().all(|condition| condition.operator != operator);
    (alone && free).then(|| Fix::replace(format!("Use {operator}"), place, quoted(&operator.to_string())))
}

/// Puts the pattern operator in.
fn like_instead(statement: &Statement, operator: Operator, place: Span) -> Option<Fix> {
    let like = Operator { comparison: Comparison::StringLike, ..operator };
    if operator.comparison == Comparison::StringEquals { operator_instead(statement, place, like) } else { None }
}

fn stops_services(
    index: usize,
    statement: &Statement,
    condition: &Condition,
    source: &ConditionSource,
) -> Option<Finding> {
    let elsewhere = condition.key.eq_ignore_ascii_case("aws:SourceIp")
        && condition.operator.comparison == Comparison::IpAddress
        && condition.operator.negated;
    let all = elsewhere
        && statement.effect == Effect::Deny
        && statement.principal.is_everyone()
        && !has_key(statement, &["aws:ViaAWSService", "aws:PrincipalIsAWSService", "aws:PrincipalServiceName"]);
    all.then(|| {
        let message = "This also stops AWS services that act for you, they come from other addresses";
        Finding::new(Rule::DenyStopsServices, Some(index), source.operator, message)
    })
}

/// Advice about the policy as a whole.
pub(super) fn for_policy(
    statements: &[Numbered],
    version: Option<Version>,
    root: Span,
    cx: &LintContext,
) -> Vec<Finding> {
    let mut out = Vec::new();
    if version.is_none() && !statements.is_empty() {
        let message = "Without a version the policy language of 2008 is in force";
        let at = Span { start: root.start + 1, end: root.start + 1, ..root };
        let fix = Fix::replace("Add the version", at, "\"Version\": \"2012-10-17\", ");
        out.push(Finding::new(Rule::MissingVersion, None, root, message).with_fix(fix));
    }
    out.extend(repeated_sids(statements));
    out.extend(redundant::statements(statements));
    out.extend(lock_out(statements, version, cx));
    let everyone_may = |action: &str| {
        statements.iter().find(|numbered| {
            let statement = &numbered.statement;
            statement.effect == Effect::Allow
                && statement.principal.is_everyone()
                && match &statement.action {
                    ActionMatch::Only(list) => list.iter().any(|pattern| glob::matches_ignoring_case(pattern, action)),
                    ActionMatch::Except(_) => false,
                }
        })
    };
    if let Some(reading) = everyone_may("s3:GetObject")
        && public_reason(&reading.statement).is_some()
        && everyone_may("s3:ListBucket").is_none()
    {
        out.push(Finding::new(
            Rule::MissingFileLooksDenied,
            Some(reading.index),
            reading.statement.source.action,
            "A missing file would answer 403 instead of 404, because nobody but you may list",
        ));
    }
    let refuses_http = |numbered: &Numbered| {
        let statement = &numbered.statement;
        statement.effect == Effect::Deny
            && statement.conditions.iter().any(|condition| {
                condition.key.eq_ignore_ascii_case("aws:SecureTransport")
                    && condition.operator.comparison == Comparison::Bool
                    && condition.values.iter().any(|v| v.as_text() == "false")
            })
    };
    if statements.iter().any(|n| n.statement.effect == Effect::Allow) && !statements.iter().any(refuses_http) {
        out.push(Finding::new(Rule::PlainHttpAllowed, None, root, "Requests over plain HTTP are not refused"));
    }
    out
}

fn repeated_sids(statements: &[Numbered]) -> Vec<Finding> {
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for Numbered { index, statement } in statements {
        let Some(sid) = statement.sid.as_deref() else {
            continue;
        };
        if !seen.insert(sid) {
            let message = format!("Another statement is already named {sid}");
            let span = statement.source.sid;
            out.push(Finding::new(Rule::RepeatedSid, Some(*index), span, message));
        }
    }
    out
}

/// Would whoever saves the policy still be able to change it and to remove it?
fn lock_out(statements: &[Numbered], version: Option<Version>, cx: &LintContext) -> Option<Finding> {
    let caller = cx.caller.as_ref()?;
    if let RequestPrincipal::Account { arn, .. } = &caller.principal
        && root_account(arn).is_some()
    {
        // The account's root can always replace a policy.
        return None;
    }
    let policy = Policy { version, id: None, statements: statements.iter().map(|n| n.statement.clone()).collect() };
    let mut keys = ContextKeys::new()
        .with("aws:SecureTransport", "true")
        .with("aws:ViaAWSService", "false")
        .with("s3:TlsVersion", "1.3")
        .with("s3:signatureversion", "AWS4-HMAC-SHA256")
        .with("s3:authType", "REST-HEADER")
        .with("aws:ResourceAccount", "");
    if let Some(ip) = caller.source_ip {
        keys.set("aws:SourceIp", ip.to_string());
    }
    if let RequestPrincipal::Account { account_id, .. } = &caller.principal {
        keys.set("aws:ResourceAccount", account_id);
        keys.set("s3:ResourceAccount", account_id);
    }
    ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"].into_iter().find_map(|action| {
        let request = RequestContext {
            principal: caller.principal.clone(),
            action: action.to_owned(),
            resource: bucket_arn(cx.partition, &cx.bucket),
            keys: keys.clone(),
        };
        let Decision::Deny { statement } = evaluate(&policy, &request) else {
            return None;
        };
        let Numbered { index, statement } = statements.get(statement)?;
        let message =
            format!("This would refuse {action} to you as well, then only the account's root could change the policy");
        let span = statement.source.effect;
        Some(Finding::new(Rule::LockOut, Some(*index), span, message))
    })
}
