//! A policy in plain words.

use super::actions::{self, ActionScope};
use super::evaluate::root_account;
use super::public::public_reason;
use super::{
    ActionMatch, Comparison, Condition, ConditionValue, Effect, Policy, Principal, PrincipalMatch, Quantifier,
    ResourceMatch, Statement, glob,
};
use crate::domain::arn::Arn;

/// What kind of news a sentence brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Someone outside may do something without being named.
    Public,
    /// Someone named may do something.
    Grant,
    /// Something is refused.
    Denial,
    /// What the policy does not allow.
    Limit,
}

/// One sentence about a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Plain words, without a full stop.
    pub text: String,
    /// The statement it reads out, counted from 0; `None` for the policy as a whole.
    pub statement: Option<usize>,
    /// What kind of news it is.
    pub tone: Tone,
}

/// Reads each statement out: who, what, which files, only when. For a policy that lets anyone view
/// files, says also what that does not allow.
#[must_use]
pub fn explain(policy: &Policy, bucket: &str) -> Vec<Sentence> {
    let mut out: Vec<Sentence> = policy
        .statements
        .iter()
        .enumerate()
        .map(|(index, statement)| Sentence {
            text: sentence(statement, bucket),
            statement: Some(index),
            tone: match statement.effect {
                Effect::Deny => Tone::Denial,
                Effect::Allow if public_reason(statement).is_some() => Tone::Public,
                Effect::Allow => Tone::Grant,
            },
        })
        .collect();
    out.extend(limits(policy).map(|text| Sentence { text, statement: None, tone: Tone::Limit }));
    out
}

/// What people who are not named cannot do, where they can view files.
fn limits(policy: &Policy) -> Option<String> {
    let public: Vec<&Statement> =
        policy.statements.iter().filter(|statement| public_reason(statement).is_some()).collect();
    let may = |action: &str| public.iter().any(|s| names_action(&s.action, action));
    if !may("s3:GetObject") {
        return None;
    }
    let cannot: Vec<&str> =
        [("s3:PutObject", "upload"), ("s3:DeleteObject", "delete"), ("s3:ListBucket", "list the files")]
            .into_iter()
            .filter(|(action, _)| !may(action))
            .map(|(_, word)| word)
            .collect();
    (!cannot.is_empty()).then(|| {
        let cannot = either(&cannot, "or");
        format!("It does not let anyone {cannot}")
    })
}

fn names_action(action: &ActionMatch, wanted: &str) -> bool {
    let covers = |list: &[String]| list.iter().any(|pattern| glob::matches_ignoring_case(pattern, wanted));
    match action {
        ActionMatch::Only(list) => covers(list),
        ActionMatch::Except(list) => !covers(list),
    }
}

fn sentence(statement: &Statement, bucket: &str) -> String {
    let who = who(statement);
    let (mut what, targets_files) = what(&statement.action);
    let all = what == EVERYTHING;
    let which = which(&statement.resource, bucket, statement.effect, targets_files, all);
    let conditions: Vec<String> = statement.conditions.iter().map(condition_words).collect();
    let conditions = either(&conditions, "and");
    match statement.effect {
        Effect::Allow if conditions.is_empty() => format!("{who} can {what}{which}"),
        Effect::Allow => format!("{who} can {what}{which}, only if {conditions}"),
        Effect::Deny => {
            if all {
                ANYTHING.clone_into(&mut what);
            }
            let (who, end) = if statement.principal.is_everyone() {
                ("Nobody can".to_owned(), ", not even you")
            } else {
                (format!("{who} cannot"), "")
            };
            if all && conditions == PLAIN_HTTP {
                format!("{who} use plain HTTP{end}")
            } else if conditions.is_empty() {
                format!("{who} {what}{which}{end}")
            } else {
                format!("{who} {what}{which} if {conditions}{end}")
            }
        }
    }
}

const EVERYTHING: &str = "do everything with";
const ANYTHING: &str = "do anything with";
const PLAIN_HTTP: &str = "the request comes over plain HTTP";

/// "a", "a and b", "a, b and c".
fn either<S: AsRef<str>>(words: &[S], join: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {join} {}", first.join(", "), last.as_ref())
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn who(statement: &Statement) -> String {
    let internet = public_reason(statement).is_some();
    let name = |principal: &Principal| match principal {
        p if p.is_everyone() && internet => "anyone on the internet".to_owned(),
        p if p.is_everyone() => "anyone".to_owned(),
        Principal::Everyone => "anyone".to_owned(),
        Principal::Aws(name) => identity(name),
        Principal::Service(name) => service(name),
        Principal::Federated(name) => format!("anyone signed in with {name}"),
        Principal::CanonicalUser(id) => {
            let start: String = id.chars().take(8).collect();
            format!("the account with the canonical id {start}…")
        }
    };
    let names: Vec<String> = statement.principal.named().iter().map(name).collect();
    capital(&match &statement.principal {
        PrincipalMatch::Only(_) => either(&names, "and"),
        PrincipalMatch::Except(_) => format!("everyone but {}", either(&names, "and")),
    })
}

fn identity(name: &str) -> String {
    if let Some(account) = root_account(name) {
        return format!("the account {account}");
    }
    let Ok(arn) = name.parse::<Arn>() else {
        return format!("the account {name}");
    };
    let last = arn.resource.rsplit('/').next().unwrap_or_default();
    let account = &arn.account;
    let mut parts = arn.resource.split('/');
    match (parts.next(), parts.next()) {
        (Some("user"), _) if account == "cloudfront" => {
            format!("the CloudFront identity {}", last.rsplit(' ').next().unwrap_or(last))
        }
        (Some("user"), _) => format!("the user {last} of the account {account}"),
        (Some("role"), _) => format!("the role {last} of the account {account}"),
        (Some("assumed-role"), Some(role)) => {
            format!("the session {last} of the role {role} of the account {account}")
        }
        (Some("federated-user"), _) => {
            format!("the federated user {last} of the account {account}")
        }
        _ => name.to_owned(),
    }
}

fn service(name: &str) -> String {
    match name {
        "cloudfront.amazonaws.com" => "CloudFront".to_owned(),
        "logging.s3.amazonaws.com" => "the S3 log delivery".to_owned(),
        name => format!("the AWS service {name}"),
    }
}

/// Words for actions, those on files with `true`.
const WORDS: &[(&str, &str, bool)] = &[
    ("s3:GetObject", "view", true),
    ("s3:GetObjectVersion", "view older versions of", true),
    ("s3:PutObject", "upload", true),
    ("s3:DeleteObject", "delete", true),
    ("s3:DeleteObjectVersion", "delete for good", true),
    ("s3:GetObjectTagging", "read the tags of", true),
    ("s3:PutObjectTagging", "tag", true),
    ("s3:PutObjectAcl", "change the access of", true),
    ("s3:GetObjectAcl", "read the access of", true),
    ("s3:AbortMultipartUpload", "stop uploads of", true),
    ("s3:ListBucket", "list the files", false),
    ("s3:ListBucketVersions", "list the versions of the files", false),
    ("s3:ListBucketMultipartUploads", "list unfinished uploads", false),
    ("s3:GetBucketLocation", "see the region", false),
    ("s3:GetBucketPolicy", "read the policy", false),
    ("s3:PutBucketPolicy", "replace the policy", false),
    ("s3:DeleteBucketPolicy", "remove the policy", false),
    ("s3:PutBucketAcl", "change the bucket's access list", false),
    ("s3:DeleteBucket", "delete the bucket", false),
];

/// What may be done, and whether it works on files. Words for files end open, to
/// be followed by which files.
fn what(action: &ActionMatch) -> (String, bool) {
    let list = match action {
        ActionMatch::Only(list) => list,
        ActionMatch::Except(list) => {
            let names: Vec<String> = list.iter().map(|a| format!("`{a}`")).collect();
            let but = either(&names, "and");
            return (format!("do everything but {but} with"), true);
        }
    };
    if list.iter().any(|a| a == "*" || a.eq_ignore_ascii_case("s3:*")) {
        return (EVERYTHING.to_owned(), true);
    }
    let (mut on_files, mut on_bucket) = (Vec::new(), Vec::new());
    for action in list {
        let known = WORDS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(action));
        match known {
            Some((_, word, true)) => on_files.push((*word).to_owned()),
            Some((_, word, false)) => on_bucket.push((*word).to_owned()),
            None => {
                let files = actions::covered(action).iter().any(|(_, scope)| *scope == ActionScope::Object);
                if files {
                    on_files.push(format!("use `{action}` on"));
                } else {
                    on_bucket.push(format!("use `{action}`"));
                }
            }
        }
    }
    let files = !on_files.is_empty();
    // What the bucket is asked comes first, so that "which files" follows its verb.
    on_bucket.extend(on_files);
    (either(&on_bucket, "and"), files)
}

/// Which files, as the end of "can view …".
fn which(resource: &ResourceMatch, bucket: &str, effect: Effect, files: bool, all: bool) -> String {
    let (list, except) = match resource {
        ResourceMatch::Only(list) => (list, false),
        ResourceMatch::Except(list) => (list, true),
    };
    let mut places = Vec::new();
    for resource in list {
        let Ok(arn) = resource.parse::<Arn>() else {
            places.push(resource.clone());
            continue;
        };
        match arn.s3_bucket_and_key() {
            Some((name, Some(key))) if name == bucket => places.push(key_words(key)),
            Some((name, None)) if name == bucket && (except || !files) => {
                places.push("the bucket".to_owned());
            }
            Some((name, None)) if name == bucket => {}
            _ => places.push(resource.clone()),
        }
    }
    if except {
        return format!(" everything but {}", either(&places, "and"));
    }
    if !files {
        return format!(" of {bucket}");
    }
    if places.is_empty() {
        // Only the bucket is named, and files are asked for: the words of the lint fit.
        return " no file, because only the bucket is named".to_owned();
    }
    let bucket_too = list
        .iter()
        .any(|resource| resource.parse::<Arn>().is_ok_and(|arn| matches!(arn.s3_bucket_and_key(), Some((_, None)))));
    match places.as_slice() {
        [one] if one == EVERY_FILE => match (effect, all && bucket_too) {
            (Effect::Allow, true) => format!(" {bucket} and every file in it"),
            (Effect::Deny, true) => format!(" {bucket} or any file in it"),
            (Effect::Allow, false) => format!(" every file of {bucket}"),
            (Effect::Deny, false) => format!(" any file of {bucket}"),
        },
        places => format!(" {}", either(places, "and")),
    }
}

const EVERY_FILE: &str = "every file";

fn key_words(key: &str) -> String {
    match key.strip_suffix('*') {
        Some("") => EVERY_FILE.to_owned(),
        Some(start) if !glob::has_wildcard(start) => {
            if start.ends_with('/') {
                format!("files under {start}")
            } else {
                format!("files whose name starts with {start}")
            }
        }
        _ => match key.strip_prefix('*') {
            Some(end) if !glob::has_wildcard(end) => format!("files whose name ends in {end}"),
            _ if glob::has_wildcard(key) => format!("files whose name fits {key}"),
            _ => format!("the file {key}"),
        },
    }
}

/// One condition, as the end of "… only if".
fn condition_words(condition: &Condition) -> String {
    let values: Vec<String> = condition.values.iter().map(ConditionValue::as_text).collect();
    let key = condition.key.to_ascii_lowercase();
    let operator = condition.operator;
    let list = either(&values, "or");
    let plain = operator.quantifier.is_none() && !operator.if_exists;
    match (key.as_str(), operator.comparison, operator.negated) {
        ("aws:securetransport", Comparison::Bool, false) if plain && values == ["false"] => {
            return PLAIN_HTTP.to_owned();
        }
        ("aws:securetransport", Comparison::Bool, false) if plain && values == ["true"] => {
            return "the request comes over HTTPS".to_owned();
        }
        ("aws:sourceip", Comparison::IpAddress, false) if plain => {
            return format!("the request comes from {list}");
        }
        ("aws:sourceip", Comparison::IpAddress, true) if plain => {
            return format!("the request comes from elsewhere than {list}");
        }
        ("aws:principalorgid", Comparison::StringEquals, false) if plain => {
            return format!("they belong to the organization {list}");
        }
        ("aws:sourcearn", _, false) if plain && operator.comparison != Comparison::Null => {
            return format!("it acts for {list}");
        }
        ("aws:sourceaccount", Comparison::StringEquals, false) if plain => {
            return format!("it acts for the account {list}");
        }
        ("s3:prefix", Comparison::StringLike | Comparison::StringEquals, false) if plain => {
            return format!("they ask for what fits {list}");
        }
        _ => {}
    }
    let relation = match (operator.comparison, operator.negated) {
        (Comparison::Null, _) => {
            let absent = values.iter().any(|v| v.eq_ignore_ascii_case("true"));
            let word = if absent { "has no" } else { "has a" };
            return format!("the request {word} `{}`", condition.key);
        }
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
        (_, false) => "is",
        (_, true) => "is not",
    };
    let subject = match operator.quantifier {
        Some(Quantifier::ForAllValues) => format!("every value of `{}`", condition.key),
        Some(Quantifier::ForAnyValue) => format!("a value of `{}`", condition.key),
        None => format!("`{}`", condition.key),
    };
    let absent =
        if operator.if_exists || (operator.negated && operator.quantifier.is_none()) { " or is absent" } else { "" };
    format!("{subject} {relation} {list}{absent}")
}

#[cfg(test)]
mod tests;
