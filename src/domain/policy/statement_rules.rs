//! What S3 refuses in a statement that is well formed: principals, actions, resources, conditions.

use super::actions::{self, ActionScope};
use super::condition::{is_base64, parse_bool, parse_date, parse_net, parse_number};
use super::condition_keys::{self, Key};
use super::{
    ActionMatch, Comparison, Condition, ConditionSource, Finding, Fix, LintContext, Principal, ResourceMatch, Rule,
    Span, Statement, glob,
};
use crate::domain::arn::{Arn, bucket_arn, is_account_id, object_arn};

/// All problems of the statement for which S3 would refuse it, and ARNs of another partition.
pub(super) fn check(index: usize, statement: &Statement, cx: &LintContext) -> Vec<Finding> {
    let mut checker = Checker { index, statement, cx, findings: Vec::new() };
    checker.principals();
    let actions_known = checker.actions();
    let resources_known = checker.resources();
    if actions_known && resources_known {
        checker.action_against_resource();
    }
    checker.conditions();
    checker.findings
}

struct Checker<'a> {
    index: usize,
    statement: &'a Statement,
    cx: &'a LintContext,
    findings: Vec<Finding>,
}

/// The span at `index`, or the one of the whole where the list is shorter.
fn span_at(spans: &[Span], index: usize, whole: Span) -> Span {
    spans.get(index).copied().unwrap_or(whole)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl<'a> Checker<'a> {
    fn refuse(&mut self, rule: Rule, span: Span, message: impl Into<String>, fix: Option<Fix>) {
        let server = match rule {
            Rule::BadAction => "Policy has invalid action",
            Rule::BadResource => "Policy has invalid resource",
            Rule::BadPrincipal => "Invalid principal in policy",
            Rule::ActionWithoutResource => "Action does not apply to any resource(s) in statement",
            Rule::KeyNotForAction => "Conditions do not apply to combination of actions and resources in statement",
            Rule::UnknownKey => "Policy has an invalid condition key",
            _ => "Invalid policy syntax.",
        };
        let finding = Finding::refused(rule, Some(self.index), span, message, server);
        self.findings.push(finding.with_fix(fix));
    }

    fn principals(&mut self) {
        let source = &self.statement.source;
        for (i, principal) in self.statement.principal.named().iter().enumerate() {
            let span = span_at(&source.principals, i, source.principal);
            if let Err(message) = check_principal(principal) {
                self.refuse(Rule::BadPrincipal, span, message, None);
            } else if let Principal::Aws(name) = principal
                && let Ok(arn) = name.parse::<Arn>()
            {
                self.partition(&arn, span);
            }
        }
    }

    fn partition(&mut self, arn: &Arn, span: Span) {
        let wanted = self.cx.partition.prefix();
        if arn.partition == wanted {
            return;
        }
        let message = format!("The bucket lives in the partition {wanted}, and this names {}", arn.partition);
        let fixed = Arn { partition: wanted.to_owned(), ..arn.clone() };
        let fix = Fix::replace(format!("Use {wanted}"), span, quoted(&fixed.to_string()));
        let index = Some(self.index);
        let finding = Finding::new(Rule::OtherPartition, index, span, message);
        self.findings.push(finding.with_fix(fix));
    }

    /// Whether all actions are known.
    fn actions(&mut self) -> bool {
        let source = &self.statement.source;
        let (ActionMatch::Only(list) | ActionMatch::Except(list)) = &self.statement.action;
        let before = self.findings.len();
        for (i, action) in list.iter().enumerate() {
            if !actions::covered(action).is_empty() {
                continue;
            }
            let span = span_at(&source.actions, i, source.action);
            let meant = actions::meant(action);
            let message = match &meant {
                Some(meant) => format!("S3 has no action {action}, {meant} may be meant"),
                None => format!("S3 has no action {action}"),
            };
            self.refuse(
                Rule::BadAction,
                span,
                message,
                meant.map(|meant| Fix::replace(format!("Use {meant}"), span, quoted(&meant))),
            );
        }
        self.findings.len() == before
    }

    /// Whether all resources lie in the bucket.
    fn resources(&mut self) -> bool {
        let source = &self.statement.source;
        let (ResourceMatch::Only(list) | ResourceMatch::Except(list)) = &self.statement.resource;
        let bucket = self.cx.bucket.as_str();
        let mut all = true;
        for (i, resource) in list.iter().enumerate() {
            let span = span_at(&source.resources, i, source.resource);
            let everything = object_arn(self.cx.partition, bucket, "*");
            let arn = match resource.parse::<Arn>() {
                Ok(arn) => arn,
                Err(_) if resource == "*" => {
                    all = false;
                    let message = "A bucket policy names its own bucket, not *";
                    self.refuse(
                        Rule::BadResource,
                        span,
                        message,
                        Some(Fix::replace("Use all files of the bucket", span, quoted(&everything))),
                    );
                    continue;
                }
                Err(_) => {
                    all = false;
                    let message = format!("A resource is an ARN such as {everything}");
                    let short = resource.strip_prefix("s3://").unwrap_or(resource);
                    let inside =
                        short == bucket || short.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('/'));
                    let full = bucket_arn(self.cx.partition, short);
                    self.refuse(
                        Rule::BadResource,
                        span,
                        message,
                        inside.then(|| Fix::replace(format!("Use {full}"), span, quoted(&full))),
                    );
                    continue;
                }
            };
            match arn.s3_bucket_and_key() {
                Some((named, _)) if named == bucket => self.partition(&arn, span),
                Some((named, key)) => {
                    all = false;
                    let message = if glob::has_wildcard(named) {
                        format!("The bucket {bucket} must be named in full, not by a pattern")
                    } else {
                        format!("The policy of {bucket} cannot speak of the bucket {named}")
                    };
                    let own = match key {
                        Some(key) => object_arn(self.cx.partition, bucket, key),
                        None => bucket_arn(self.cx.partition, bucket),
                    };
                    self.refuse(
                        Rule::BadResource,
                        span,
                        message,
                        Some(Fix::replace(format!("Use {bucket}"), span, quoted(&own))),
                    );
                }
                None => {
                    all = false;
                    let message = format!("The resource of a bucket policy is the bucket or its files, {everything}");
                    self.refuse(Rule::BadResource, span, message, None);
                }
            }
        }
        all
    }

    /// Each action must work on one of the resources.
    fn action_against_resource(&mut self) {
        let (ActionMatch::Only(wanted), ResourceMatch::Only(resources)) =
            (&self.statement.action, &self.statement.resource)
        else {
            return;
        };
        let source = &self.statement.source;
        let has = |scope: ActionScope| {
            resources.iter().any(|resource| {
                let key =
                    resource.parse::<Arn>().is_ok_and(|arn| matches!(arn.s3_bucket_and_key(), Some((_, Some(_)))));
                match scope {
                    ActionScope::Object => key,
                    ActionScope::Bucket => !key,
                    ActionScope::Elsewhere => false,
                }
            })
        };
        let lost: Vec<(usize, &str, ActionScope)> = wanted
            .iter()
            .enumerate()
            .filter_map(|(i, action)| {
                let covered = actions::covered(action);
                if covered.iter().any(|(_, scope)| has(*scope)) {
                    return None;
                }
                let scope = [ActionScope::Object, ActionScope::Bucket]
                    .into_iter()
                    .find(|scope| covered.iter().any(|(_, found)| found == scope))
                    .unwrap_or(ActionScope::Elsewhere);
                Some((i, action.as_str(), scope))
            })
            .collect();
        let all_lost = lost.len() == wanted.len();
        let resource_span = span_at(&source.resources, 0, source.resource);
        for scope in [ActionScope::Object, ActionScope::Bucket, ActionScope::Elsewhere] {
            let mut of_scope = lost.iter().filter(|(.., found)| *found == scope);
            let Some((i, action, _)) = of_scope.next() else {
                continue;
            };
            match scope {
                ActionScope::Object => {
                    let message = if wanted.len() == 1 {
                        "This action works on files, but the resource names only the bucket".to_owned()
                    } else {
                        format!("{action} works on files, but the resource names only the bucket")
                    };
                    let fix = self.widen(resources, all_lost, scope);
                    self.refuse(Rule::ActionWithoutResource, resource_span, message, fix);
                }
                ActionScope::Bucket => {
                    let message = if wanted.len() == 1 {
                        "This action works on the bucket, but the resource names only files".to_owned()
                    } else {
                        format!("{action} works on the bucket, but the resource names only files")
                    };
                    let fix = self.widen(resources, all_lost, scope);
                    self.refuse(Rule::ActionWithoutResource, resource_span, message, fix);
                }
                ActionScope::Elsewhere => {
                    let span = span_at(&source.actions, *i, source.action);
                    let message = format!("{action} works neither on buckets nor on files, so it has no place here");
                    self.refuse(Rule::ActionWithoutResource, span, message, None);
                }
            }
        }
    }

    /// Names the resource that is missing: instead of the one there when nothing needs that, else
    /// beside it.
    fn widen(&self, resources: &[String], instead: bool, scope: ActionScope) -> Option<Fix> {
        let (partition, bucket) = (self.cx.partition, self.cx.bucket.as_str());
        let (label, missing) = match scope {
            ActionScope::Object => ("Add /*", object_arn(partition, bucket, "*")),
            ActionScope::Bucket => ("Name the bucket", bucket_arn(partition, bucket)),
            ActionScope::Elsewhere => return None,
        };
        let span = self.statement.source.resource;
        let mut list = if instead { Vec::new() } else { resources.to_vec() };
        list.push(missing);
        let text = match list.as_slice() {
            [one] => quoted(one),
            many => serde_json::Value::from(many.to_vec()).to_string(),
        };
        Some(Fix::replace(label, span, text))
    }

    fn conditions(&mut self) {
        let none = ConditionSource::default();
        for (i, condition) in self.statement.conditions.iter().enumerate() {
            let source = self.statement.source.conditions.get(i).unwrap_or(&none);
            self.condition_key(condition, source);
            for (v, value) in condition.values.iter().enumerate() {
                let text = value.as_text();
                if let Some(message) = bad_value(condition, &text) {
                    let span = span_at(&source.values, v, source.key);
                    self.refuse(Rule::BadValue, span, message, None);
                }
            }
        }
    }

    fn condition_key(&mut self, condition: &Condition, source: &ConditionSource) {
        let key = condition.key.as_str();
        match condition_keys::look_up(key) {
            Key::EveryAction | Key::Global | Key::UnknownGlobal => {}
            Key::Unknown => {
                let meant = condition_keys::meant(key);
                let message = match meant {
                    Some(meant) => format!("S3 has no condition key {key}, {meant} may be meant"),
                    None => format!("S3 has no condition key {key}"),
                };
                let span = source.key;
                self.refuse(
                    Rule::UnknownKey,
                    span,
                    message,
                    meant.map(|meant| Fix::replace(format!("Use {meant}"), span, quoted(meant))),
                );
            }
            Key::Only(has) => {
                let ActionMatch::Only(wanted) = &self.statement.action else {
                    return;
                };
                let without = wanted.iter().find(|action| {
                    let covered = actions::covered(action);
                    !covered.is_empty() && !covered.iter().any(|(name, _)| has(name))
                });
                if let Some(action) = without {
                    let message = format!("Requests for {action} do not have the key {key}");
                    self.refuse(Rule::KeyNotForAction, source.key, message, None);
                }
            }
        }
    }
}

fn check_principal(principal: &Principal) -> Result<(), String> {
    match principal {
        p if p.is_everyone() => Ok(()),
        Principal::Everyone => Ok(()),
        Principal::Aws(name) => check_aws_principal(name),
        Principal::CanonicalUser(id) => {
            if id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit()) {
                Ok(())
            } else {
                Err("A canonical user id has 64 hex digits".to_owned())
            }
        }
        Principal::Service(name) => {
            if name.contains('.') && !glob::has_wildcard(name) && !name.contains([' ', ':', '/']) {
                Ok(())
            } else {
                Err("A service is named like cloudfront.amazonaws.com".to_owned())
            }
        }
        Principal::Federated(name) => {
            if name.is_empty() || glob::has_wildcard(name) {
                Err("An identity provider is named in full".to_owned())
            } else {
                Ok(())
            }
        }
    }
}

fn check_aws_principal(name: &str) -> Result<(), String> {
    if is_account_id(name) {
        return Ok(());
    }
    if name.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() {
        return Err("An account id has twelve digits".to_owned());
    }
    if name.starts_with("AIDA") || name.starts_with("AROA") {
        return Err(format!("{name} is what is left of an identity that was deleted"));
    }
    if glob::has_wildcard(name) {
        return Err("An identity is named in full; only \"*\" alone means everyone".to_owned());
    }
    let Ok(arn) = name.parse::<Arn>() else {
        return Err(format!("{name} is neither an account id nor an ARN"));
    };
    let after =
        |prefix: &str| arn.resource.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty() && !rest.ends_with('/'));
    let known = match (arn.service.as_str(), arn.account.as_str()) {
        ("iam", "cloudfront") => after("user/CloudFront Origin Access Identity "),
        ("iam", account) if is_account_id(account) => {
            if arn.resource.starts_with("group/") {
                return Err("A group cannot be a principal, name its users".to_owned());
            }
            arn.resource == "root" || after("user/") || after("role/")
        }
        ("sts", account) if is_account_id(account) => {
            let session = arn
                .resource
                .strip_prefix("assumed-role/")
                .and_then(|rest| rest.split_once('/'))
                .is_some_and(|(role, session)| !role.is_empty() && !session.is_empty());
            session || after("federated-user/")
        }
        _ => false,
    };
    if known && arn.region.is_empty() { Ok(()) } else { Err(format!("{name} names no account, user, role or session")) }
}

/// Why a value cannot be compared under its operator.
fn bad_value(condition: &Condition, text: &str) -> Option<String> {
    if text.contains("${") {
        return None;
    }
    let (fits, wanted) = match condition.operator.comparison {
        Comparison::NumericEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals => (parse_number(text).is_some(), "a number"),
        Comparison::DateEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals => (parse_date(text).is_some(), "a date such as 2026-03-14T09:41:00Z"),
        Comparison::IpAddress => (parse_net(text).is_some(), "an address or a range such as 203.0.113.0/24"),
        Comparison::Bool | Comparison::Null => (parse_bool(text).is_some(), "true or false"),
        Comparison::BinaryEquals => (is_base64(text), "base64"),
        Comparison::StringEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::StringLike
        | Comparison::ArnEquals
        | Comparison::ArnLike => return None,
    };
    (!fits).then(|| {
        let operator = condition.operator;
        format!("{operator} compares with {wanted}, and {text} is none")
    })
}
