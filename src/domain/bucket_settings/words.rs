//! Settings in words: the badge of a card, what it means, and what a change changes.

use super::SettingKind;
use super::acl;
use super::value::{
    DefaultEncryption, DefaultRetention, EncryptionAlgorithm, LogKeyFormat, Logging, ObjectLock, Payer, RetentionMode,
    SettingValue, Status, Website,
};
use crate::domain::cors::CorsRule;
use crate::domain::format;
use crate::domain::lifecycle;
use crate::domain::public_access::{AclOf, BlockPublicAccess, ObjectOwnership};

/// What a badge says by its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadgeTone {
    /// Nothing in particular.
    Neutral,
    /// On, and good to have.
    Ok,
    /// Lets the internet in, or would.
    Public,
}

/// The state of a setting in one to four words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Badge {
    /// The words.
    pub text: String,
    /// The colour.
    pub tone: BadgeTone,
}

fn neutral(text: impl Into<String>) -> Badge {
    Badge { text: text.into(), tone: BadgeTone::Neutral }
}

fn ok(text: impl Into<String>) -> Badge {
    Badge { text: text.into(), tone: BadgeTone::Ok }
}

/// The state of a setting; `None` is "not set".
#[must_use]
pub fn badge(kind: SettingKind, value: Option<&SettingValue>) -> Badge {
    let Some(value) = value else {
        return match kind {
            SettingKind::BlockPublicAccess | SettingKind::AccountBlockPublicAccess => {
                Badge { text: "Off".into(), tone: BadgeTone::Public }
            }
            SettingKind::Ownership => neutral("ACLs count"),
            SettingKind::Versioning => neutral("Never on"),
            SettingKind::RequestPayment => neutral("Off"),
            SettingKind::Tags | SettingKind::Cors | SettingKind::Lifecycle | SettingKind::Encryption => neutral("None"),
            _ => neutral("Off"),
        };
    };
    match value {
        SettingValue::BlockPublicAccess(flags) => match on(*flags) {
            4 => ok("On"),
            0 => Badge { text: "Off".into(), tone: BadgeTone::Public },
            _ => Badge { text: "Partly lifted".into(), tone: BadgeTone::Public },
        },
        SettingValue::Acl(acl) if acl.is_public() => Badge { text: "Public".into(), tone: BadgeTone::Public },
        SettingValue::Acl(acl) if acl.grants_to_others() => neutral("Others are on it"),
        SettingValue::Acl(_) => neutral("Private"),
        SettingValue::Ownership(ObjectOwnership::BucketOwnerEnforced) => ok("ACLs disabled"),
        SettingValue::Ownership(_) => neutral("ACLs count"),
        SettingValue::Versioning(versioning) if versioning.is_on() => ok("On"),
        SettingValue::Versioning(_) => neutral("Suspended"),
        SettingValue::Encryption(encryption) => ok(algorithm(encryption.algorithm)),
        SettingValue::Cors(rules) => neutral(format::counted(rules.len() as u64, "rule", "rules")),
        SettingValue::Lifecycle(rules) => neutral(format::counted(rules.len() as u64, "rule", "rules")),
        SettingValue::Tags(tags) => neutral(format::count(tags.len() as u64)),
        SettingValue::Website(website) if website.redirect_all_requests_to.is_some() => neutral("Leads elsewhere"),
        SettingValue::Website(_) | SettingValue::Logging(_) => ok("On"),
        SettingValue::RequestPayment(Payer::Requester) => ok("On"),
        SettingValue::RequestPayment(Payer::BucketOwner) => neutral("Off"),
        SettingValue::Acceleration(it) if it.status == Status::Enabled => ok("On"),
        SettingValue::Acceleration(_) => neutral("Suspended"),
        SettingValue::ObjectLock(ObjectLock { default: Some(_) }) => ok("On"),
        SettingValue::ObjectLock(ObjectLock { default: None }) => ok("On, no default"),
        SettingValue::Policy(_) => neutral("Set"),
        SettingValue::Document(_) => ok("On"),
    }
}

/// What the state means, in one or two sentences.
#[must_use]
pub fn meaning(kind: SettingKind, value: Option<&SettingValue>) -> String {
    match value {
        None => not_set(kind).to_owned(),
        Some(SettingValue::BlockPublicAccess(flags)) => block(*flags).to_owned(),
        Some(SettingValue::Acl(acl)) => acl::summary(AclOf::Bucket, acl),
        Some(SettingValue::Ownership(ownership)) => match ownership {
            ObjectOwnership::BucketOwnerEnforced => {
                "The bucket’s account owns every file; only the policy lets people in"
            }
            ObjectOwnership::BucketOwnerPreferred => {
                "Access lists count; uploads that hand themselves over belong to the bucket’s account"
            }
            ObjectOwnership::ObjectWriter => "Access lists count; whoever uploads a file owns it",
        }
        .to_owned(),
        Some(SettingValue::Versioning(versioning)) if versioning.is_on() => {
            "Overwritten and deleted files can be brought back".to_owned()
        }
        Some(SettingValue::Versioning(_)) => {
            "Old versions that are there stay; what is overwritten or deleted from now on is gone".to_owned()
        }
        Some(SettingValue::Encryption(encryption)) => match encryption.algorithm {
            EncryptionAlgorithm::Aes256 => "New files are encrypted with keys of the store, which fits public images",
            EncryptionAlgorithm::Kms => "New files are encrypted with a KMS key; strangers can never open them",
            EncryptionAlgorithm::KmsDsse => {
                "New files are encrypted twice with a KMS key; strangers can never open them"
            }
        }
        .to_owned(),
        Some(SettingValue::Cors(rules)) => cors_meaning(rules),
        Some(SettingValue::Lifecycle(_)) => "Files are moved or deleted by themselves".to_owned(),
        Some(SettingValue::Tags(_)) => "Labels for bills and for people".to_owned(),
        Some(SettingValue::Website(website)) => website_meaning(website),
        Some(SettingValue::Logging(logging)) => {
            format!("Who asked for what is written to {}/{}", logging.target_bucket, logging.target_prefix)
        }
        Some(SettingValue::RequestPayment(Payer::Requester)) => {
            "Whoever fetches a file pays for it and must sign in, so nothing here is public".to_owned()
        }
        Some(SettingValue::RequestPayment(Payer::BucketOwner)) => not_set(SettingKind::RequestPayment).to_owned(),
        Some(SettingValue::Acceleration(it)) if it.status == Status::Enabled => {
            "Uploads from far away may go through the nearest edge of Amazon’s network".to_owned()
        }
        Some(SettingValue::Acceleration(_)) => not_set(SettingKind::Acceleration).to_owned(),
        Some(SettingValue::ObjectLock(lock)) => match &lock.default {
            Some(retention) => format!("New versions cannot be deleted for {}", span(retention)),
            None => "Versions can be locked one by one; none is by itself".to_owned(),
        },
        Some(SettingValue::Policy(_)) => "The policy says who may do what".to_owned(),
        Some(SettingValue::Document(_)) if kind == SettingKind::Replication => {
            "New files are copied to another bucket".to_owned()
        }
        Some(SettingValue::Document(_)) => "Others are told when files come and go".to_owned(),
    }
}

const fn not_set(kind: SettingKind) -> &'static str {
    match kind {
        SettingKind::BlockPublicAccess => "Nothing stands against public policies and public ACLs",
        SettingKind::AccountBlockPublicAccess => "The account’s own block is off",
        SettingKind::Policy => "There is no policy",
        SettingKind::Acl => "There is no access list",
        SettingKind::Ownership => "Access lists count; whoever uploads a file owns it",
        SettingKind::Versioning => "What is overwritten or deleted is gone",
        SettingKind::Encryption => "New files are encrypted only if the upload asks for it",
        SettingKind::Cors => "Scripts of other sites cannot read these files; showing images works all the same",
        SettingKind::Lifecycle => "Nothing clears up by itself, unfinished uploads included",
        SettingKind::Tags => "Labels for bills and for people",
        SettingKind::Website => "Serves an index page at an http address",
        SettingKind::Logging => "Writes who asked for what into another bucket",
        SettingKind::RequestPayment => "The bucket’s account pays, as usual",
        SettingKind::Acceleration => "Uploads go to the bucket’s region directly",
        SettingKind::ObjectLock => "Versions can be deleted at any time by those who may",
        SettingKind::Notification => "Nobody is told when files come and go",
        SettingKind::Replication => "Files are not copied anywhere by themselves",
    }
}

fn on(flags: BlockPublicAccess) -> usize {
    [flags.block_public_acls, flags.ignore_public_acls, flags.block_public_policy, flags.restrict_public_buckets]
        .into_iter()
        .filter(|on| *on)
        .count()
}

fn block(flags: BlockPublicAccess) -> &'static str {
    let acls = flags.block_public_acls && flags.ignore_public_acls;
    match (on(flags), acls, flags.permits_public_policy()) {
        (4, ..) => "Whatever policy and access lists say, no stranger gets in",
        (0, ..) => "Nothing stands against public policies and public ACLs",
        (_, true, true) => {
            "Public policies are let through; public ACLs are not. This is right for a bucket that is opened by its policy."
        }
        (_, true, false) => "Public ACLs are blocked; public policies are blocked in part",
        (_, false, true) => "Public policies are let through; public ACLs are blocked in part or not at all",
        (_, false, false) => "Some ways for the public are blocked and some are not",
    }
}

/// The four flags with their names, in the order of the API.
#[must_use]
pub const fn flags(block: BlockPublicAccess) -> [(&'static str, bool); 4] {
    [
        ("Refuses public ACLs", block.block_public_acls),
        ("Ignores public ACLs", block.ignore_public_acls),
        ("Refuses public policies", block.block_public_policy),
        ("Restricts public buckets", block.restrict_public_buckets),
    ]
}

fn algorithm(algorithm: EncryptionAlgorithm) -> &'static str {
    match algorithm {
        EncryptionAlgorithm::Aes256 => "SSE-S3",
        EncryptionAlgorithm::Kms => "SSE-KMS",
        EncryptionAlgorithm::KmsDsse => "DSSE-KMS",
    }
}

fn cors_meaning(rules: &[CorsRule]) -> String {
    match rules {
        [] => not_set(SettingKind::Cors).to_owned(),
        [rule] => cors_rule(rule),
        [rule, ..] => {
            format!("{}, and {} more", cors_rule(rule), format::counted(rules.len() as u64 - 1, "rule", "rules"))
        }
    }
}

/// One CORS rule in words.
#[must_use]
pub fn cors_rule(rule: &CorsRule) -> String {
    let any = rule.allowed_origins.iter().any(|origin| origin == "*");
    let who = if any { "any site".to_owned() } else { join(&rule.allowed_origins) };
    format!("Pages of {who} may load files with {}", join(&rule.allowed_methods))
}

fn join(words: &[String]) -> String {
    match words {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

fn website_meaning(website: &Website) -> String {
    match (&website.redirect_all_requests_to, &website.index_document) {
        (Some(to), _) => format!("Every address leads to {}", to.host_name),
        (None, Some(index)) => format!("Folders show their {}, at an http address", index.suffix),
        (None, None) => "Served as a website".to_owned(),
    }
}

fn span(retention: &DefaultRetention) -> String {
    let count = |n: i32, one: &str, many: &str| format::counted(u64::try_from(n).unwrap_or_default(), one, many);
    match (retention.days, retention.years) {
        (Some(days), _) => count(days, "day", "days"),
        (None, Some(years)) => count(years, "year", "years"),
        (None, None) => "some time".to_owned(),
    }
}

/// A part of a setting by its name, and what it is.
pub type Line = (String, String);

/// A value part by part; empty when it is not set.
#[must_use]
pub fn lines(value: Option<&SettingValue>) -> Vec<Line> {
    let line = |name: &str, is: String| (name.to_owned(), is);
    let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
    match value {
        None => Vec::new(),
        Some(SettingValue::BlockPublicAccess(block)) => {
            flags(*block).into_iter().map(|(name, on)| line(name, switch(on))).collect()
        }
        Some(SettingValue::Acl(acl)) => acl::lines(AclOf::Bucket, acl),
        Some(SettingValue::Ownership(ownership)) => vec![line("Object Ownership", ownership.as_str().to_owned())],
        Some(SettingValue::Versioning(versioning)) => {
            let mut out = vec![line("Versions", if versioning.is_on() { "on" } else { "suspended" }.to_owned())];
            if versioning.asks_for_code() {
                out.push(line("MFA delete", switch(true)));
            }
            out
        }
        Some(SettingValue::Encryption(encryption)) => encryption_lines(encryption),
        Some(SettingValue::Cors(rules)) => rules
            .iter()
            .enumerate()
            .map(|(at, rule)| {
                (format!("Rule {}", rule.id.clone().unwrap_or_else(|| (at + 1).to_string())), whole_cors_rule(rule))
            })
            .collect(),
        Some(SettingValue::Lifecycle(rules)) => rules
            .iter()
            .enumerate()
            .map(|(at, rule)| {
                let name = rule.id.clone().unwrap_or_else(|| format!("Rule {}", at + 1));
                let off = if rule.enabled { "" } else { "off · " };
                (name, format!("{off}{} · {}", lifecycle::deeds(rule).join(", "), lifecycle::scope(rule)))
            })
            .collect(),
        Some(SettingValue::Tags(tags)) => tags.clone(),
        Some(SettingValue::Website(website)) => website_lines(website),
        Some(SettingValue::Logging(logging)) => logging_lines(logging),
        Some(SettingValue::RequestPayment(payer)) => {
            let who = match payer {
                Payer::BucketOwner => "the bucket’s account",
                Payer::Requester => "whoever asks",
            };
            vec![line("Who pays", who.to_owned())]
        }
        Some(SettingValue::Acceleration(it)) => {
            let state = if it.status == Status::Enabled { "on" } else { "suspended" };
            vec![line("Transfer acceleration", state.to_owned())]
        }
        Some(SettingValue::ObjectLock(lock)) => {
            let mut out = vec![line("Object Lock", switch(true))];
            if let Some(retention) = &lock.default {
                let mode = match retention.mode {
                    RetentionMode::Governance => "GOVERNANCE",
                    RetentionMode::Compliance => "COMPLIANCE",
                };
                out.push(line("New versions are locked for", format!("{}, {mode}", span(retention))));
            }
            out
        }
        Some(SettingValue::Policy(text)) => policy_lines(text),
        Some(SettingValue::Document(document)) => vec![line("Document", document.to_string())],
    }
}

/// Statement by statement; a text that is no policy line by line.
fn policy_lines(text: &str) -> Vec<Line> {
    let json: Option<serde_json::Value> = serde_json::from_str(text).ok();
    let statements = json.as_ref().and_then(|json| json.get("Statement"));
    let statements = match statements {
        Some(serde_json::Value::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
        None => {
            return text.lines().enumerate().map(|(at, line)| (format!("Line {}", at + 1), line.to_owned())).collect();
        }
    };
    let named = |(at, statement): (usize, &serde_json::Value)| {
        let sid = statement.get("Sid").and_then(serde_json::Value::as_str);
        let name = sid.map_or_else(|| format!("Statement {}", at + 1), |sid| format!("Statement {sid}"));
        (name, statement.to_string())
    };
    statements.into_iter().enumerate().map(named).collect()
}

fn encryption_lines(encryption: &DefaultEncryption) -> Vec<Line> {
    let mut out = vec![("Encryption".to_owned(), algorithm(encryption.algorithm).to_owned())];
    if encryption.algorithm.needs_kms() {
        let key = encryption.key.clone().unwrap_or_else(|| "aws/s3".to_owned());
        out.push(("KMS key".to_owned(), key));
        let on = if encryption.bucket_key == Some(true) { "on" } else { "off" };
        out.push(("Bucket key".to_owned(), on.to_owned()));
    }
    if !encryption.blocked.is_empty() {
        out.push(("Uploads may not use".to_owned(), encryption.blocked.join(", ")));
    }
    out
}

fn whole_cors_rule(rule: &CorsRule) -> String {
    let mut words = cors_rule(rule);
    if !rule.allowed_headers.is_empty() {
        words.push_str(&format!("; may send {}", rule.allowed_headers.join(", ")));
    }
    if !rule.expose_headers.is_empty() {
        words.push_str(&format!("; may read {}", rule.expose_headers.join(", ")));
    }
    if let Some(secs) = rule.max_age_secs {
        words.push_str(&format!("; remembered for {secs} s"));
    }
    words
}

fn website_lines(website: &Website) -> Vec<Line> {
    let mut out = Vec::new();
    if let Some(to) = &website.redirect_all_requests_to {
        let scheme = to.protocol.as_ref().map_or_else(String::new, |scheme| format!("{scheme}://"));
        out.push(("Everything leads to".to_owned(), format!("{scheme}{}", to.host_name)));
    }
    if let Some(index) = &website.index_document {
        out.push(("Start page".to_owned(), index.suffix.clone()));
    }
    if let Some(error) = &website.error_document {
        out.push(("Error page".to_owned(), error.key.clone()));
    }
    for (at, rule) in website.routing_rules.iter().enumerate() {
        let text = serde_json::to_string(rule).unwrap_or_default();
        out.push((format!("Redirect {}", at + 1), text));
    }
    out
}

fn logging_lines(logging: &Logging) -> Vec<Line> {
    let mut out = vec![
        ("Log bucket".to_owned(), logging.target_bucket.clone()),
        ("Names begin with".to_owned(), logging.target_prefix.clone()),
    ];
    if let Some(LogKeyFormat::Partitioned(source)) = &logging.key_format {
        let by = source.as_deref().unwrap_or("EventTime");
        out.push(("Names hold".to_owned(), format!("account, region, bucket and date, by {by}")));
    }
    for grant in &logging.target_grants {
        let who = [&grant.grantee.id, &grant.grantee.uri, &grant.grantee.email_address];
        let who = who.into_iter().flatten().next().cloned().unwrap_or_default();
        out.push((format!("Grant to {who}"), grant.permission.clone()));
    }
    out
}

/// One part that a change changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The part.
    pub name: String,
    /// What it was; `None` when it was not there.
    pub before: Option<String>,
    /// What it is; `None` when it is not there.
    pub after: Option<String>,
    /// Whether the public gets something by it that it did not have.
    pub exposes: bool,
}

/// Part by part, what a change changes; what stays is left out.
#[must_use]
pub fn differences(before: Option<&SettingValue>, after: Option<&SettingValue>) -> Vec<Difference> {
    match (before, after) {
        (Some(SettingValue::Acl(before)), Some(SettingValue::Acl(after))) => {
            acl::differences(AclOf::Bucket, before, after)
        }
        _ => line_differences(lines(before), lines(after)),
    }
}

/// The same of two values in lines.
pub(super) fn line_differences(before: Vec<Line>, mut after: Vec<Line>) -> Vec<Difference> {
    let mut out = Vec::new();
    for (name, was) in before {
        let at = after.iter().position(|(other, is)| *other == name && *is == was);
        let at = at.or_else(|| after.iter().position(|(other, _)| *other == name));
        match at.map(|at| after.remove(at)) {
            Some((_, is)) if is == was => {}
            now => {
                let after = now.map(|(_, is)| is);
                out.push(Difference { name, before: Some(was), after, exposes: false });
            }
        }
    }
    out.extend(after.into_iter().map(|(name, is)| Difference { name, before: None, after: Some(is), exposes: false }));
    out
}

/// A change in a few words, for a timeline: `Tags: team = web`, `CORS removed`.
#[must_use]
pub fn change(kind: SettingKind, before: Option<&SettingValue>, after: Option<&SettingValue>) -> String {
    let title = kind.title();
    if after.is_none() {
        return format!("{title} removed");
    }
    let differences = differences(before, after);
    let said = |difference: &Difference| match (&difference.before, &difference.after) {
        (Some(was), Some(is)) if was.len() + is.len() < 60 => format!("{}: {was} → {is}", difference.name),
        (Some(_), Some(_)) => format!("{} changed", difference.name),
        (None, Some(is)) if is.len() < 60 => format!("{}: {is}", difference.name),
        (None, _) => format!("{} added", difference.name),
        (Some(_), None) => format!("{} removed", difference.name),
    };
    match differences.as_slice() {
        [] => format!("{title} written again"),
        [one] => format!("{title}: {}", said(one)),
        [one, rest @ ..] => {
            format!("{title}: {}, and {} more", said(one), format::counted(rest.len() as u64, "part", "parts"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn tags(list: &[(&str, &str)]) -> SettingValue {
        SettingValue::Tags(list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    #[test_case(BlockPublicAccess::ALL, "On", BadgeTone::Ok; "all")]
    #[test_case(BlockPublicAccess::NONE, "Off", BadgeTone::Public; "none")]
    #[test_case(BlockPublicAccess::FOR_PUBLIC_POLICY, "Partly lifted", BadgeTone::Public; "for a policy")]
    fn flags_have_a_badge(flags: BlockPublicAccess, text: &str, tone: BadgeTone) {
        let found = badge(SettingKind::BlockPublicAccess, Some(&SettingValue::BlockPublicAccess(flags)));
        assert_eq!(found, Badge { text: text.into(), tone });
    }

    #[test]
    fn a_change_is_told_part_by_part() {
        let before = tags(&[("env", "test"), ("team", "web"), ("old", "1")]);
        let after = tags(&[("team", "web"), ("env", "production"), ("new", "2")]);
        let said: Vec<_> = differences(Some(&before), Some(&after))
            .into_iter()
            .map(|it| format!("{} {:?} {:?}", it.name, it.before, it.after))
            .collect();
        assert_eq!(said, [r#"env Some("test") Some("production")"#, r#"old Some("1") None"#, r#"new None Some("2")"#]);
        assert_eq!(
            change(SettingKind::Tags, Some(&before), Some(&after)),
            "Tags: env: test → production, and 2 parts more"
        );
        assert_eq!(change(SettingKind::Tags, Some(&before), None), "Tags removed");
    }

    #[test]
    fn every_setting_says_what_not_set_means() {
        for kind in SettingKind::ALL {
            assert!(!meaning(kind, None).is_empty() && !badge(kind, None).text.is_empty(), "{kind:?}");
        }
    }
}
