//! Rules that clear up by themselves, typed so that rules of other hands survive a merge.
//!
//! As in the Amazon S3 User Guide, "Lifecycle configuration elements".

use serde_json::{Map, Value, json};

/// Most rules in one configuration.
pub const MAX_RULES: usize = 1000;

/// One rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LifecycleRule {
    /// Its name; S3 gives one where there is none.
    pub id: Option<String>,
    /// It acts.
    pub enabled: bool,
    /// What it acts on.
    pub filter: Filter,
    /// Delete current versions.
    pub expiration: Option<Expiration>,
    /// Move current versions to other storage classes.
    pub transitions: Vec<Transition>,
    /// Delete old versions.
    pub noncurrent_expiration: Option<NoncurrentExpiration>,
    /// Move old versions.
    pub noncurrent_transitions: Vec<NoncurrentTransition>,
    /// Give unfinished uploads up after so many days.
    pub abort_unfinished_days: Option<i32>,
}

/// What a rule acts on: all conditions hold at once. Nothing set means every object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Keys that begin so.
    pub prefix: Option<String>,
    /// Objects with all of these tags.
    pub tags: Vec<(String, String)>,
    /// Bytes.
    pub larger_than: Option<i64>,
    /// Bytes.
    pub smaller_than: Option<i64>,
    /// The prefix stands where it stood before filters came, outside of them.
    pub legacy: bool,
}

impl Filter {
    /// Whether it leaves nothing out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.prefix.as_deref().unwrap_or("").is_empty()
            && self.tags.is_empty()
            && self.larger_than.is_none()
            && self.smaller_than.is_none()
    }

    fn conditions(&self) -> usize {
        usize::from(self.prefix.is_some())
            + self.tags.len()
            + usize::from(self.larger_than.is_some())
            + usize::from(self.smaller_than.is_some())
    }
}

/// When something happens to a current version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Days after it was made.
    Days(i32),
    /// A day, at midnight UTC, as ISO 8601.
    Date(String),
}

/// Deleting current versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expiration {
    /// Then.
    At(When),
    /// Delete markers below which no version is left.
    LoneDeleteMarkers,
}

/// A move to another storage class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// When.
    pub when: When,
    /// e.g. `GLACIER_IR`.
    pub class: String,
}

/// Deleting old versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoncurrentExpiration {
    /// Days after a newer version came.
    pub days: i32,
    /// So many are kept all the same.
    pub keep_newest: Option<i32>,
}

/// A move of old versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoncurrentTransition {
    /// Days after a newer version came.
    pub days: i32,
    /// So many stay all the same.
    pub keep_newest: Option<i32>,
    /// e.g. `GLACIER_IR`.
    pub class: String,
}

/// What S3 would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LifecycleProblem {
    /// None, or more than a thousand.
    #[error("There must be 1 to 1,000 rules")]
    Count,
    /// More than 255 characters.
    #[error("The name of rule {0} is longer than 255 characters")]
    LongId(usize),
    /// Twice the same name.
    #[error("Two rules are named “{0}”")]
    SameId(String),
    /// Nothing to do.
    #[error("Rule {0} does nothing")]
    NoAction(usize),
    /// Zero or negative.
    #[error("Days in rule {0} must be 1 or more")]
    Days(usize),
    /// Twice the same key.
    #[error("Rule {0} names a tag twice")]
    SameTag(usize),
    /// The limits exclude each other.
    #[error("In rule {0} the upper size must be greater than the lower one")]
    Sizes(usize),
    /// Uploads have no tags and no size yet.
    #[error("Rule {0} clears unfinished uploads, so it cannot choose by tag or size")]
    AbortWithTagsOrSize(usize),
    /// The same.
    #[error("Rule {0} clears delete markers, so it cannot choose by tag or size")]
    MarkersWithTagsOrSize(usize),
    /// Infrequent access needs 30 days first.
    #[error("Rule {0} moves to {1} before day 30")]
    TooEarly(usize, String),
}

/// What S3 would refuse; rules are counted from 1.
#[must_use]
pub fn check(rules: &[LifecycleRule]) -> Vec<LifecycleProblem> {
    use LifecycleProblem as Problem;
    let mut problems = Vec::new();
    if rules.is_empty() || rules.len() > MAX_RULES {
        problems.push(Problem::Count);
    }
    for (at, rule) in rules.iter().enumerate() {
        let n = at + 1;
        if let Some(id) = &rule.id {
            if id.chars().count() > 255 {
                problems.push(Problem::LongId(n));
            }
            if rules[..at].iter().any(|other| other.id.as_ref() == Some(id)) {
                problems.push(Problem::SameId(id.clone()));
            }
        }
        let acts = rule.expiration.is_some()
            || !rule.transitions.is_empty()
            || rule.noncurrent_expiration.is_some()
            || !rule.noncurrent_transitions.is_empty()
            || rule.abort_unfinished_days.is_some();
        if !acts {
            problems.push(Problem::NoAction(n));
        }
        let expiry = match &rule.expiration {
            Some(Expiration::At(When::Days(days))) => Some(*days),
            Some(Expiration::At(When::Date(_)) | Expiration::LoneDeleteMarkers) | None => None,
        };
        let days = [expiry, rule.noncurrent_expiration.as_ref().map(|e| e.days), rule.abort_unfinished_days];
        if days.iter().flatten().any(|d| *d < 1) {
            problems.push(Problem::Days(n));
        }
        let tags = &rule.filter.tags;
        if tags.iter().enumerate().any(|(i, (key, _))| tags[..i].iter().any(|(other, _)| other == key)) {
            problems.push(Problem::SameTag(n));
        }
        if rule.filter.larger_than.zip(rule.filter.smaller_than).is_some_and(|(larger, smaller)| smaller <= larger) {
            problems.push(Problem::Sizes(n));
        }
        if !tags.is_empty() || rule.filter.larger_than.is_some() || rule.filter.smaller_than.is_some() {
            if rule.abort_unfinished_days.is_some() {
                problems.push(Problem::AbortWithTagsOrSize(n));
            }
            if rule.expiration == Some(Expiration::LoneDeleteMarkers) {
                problems.push(Problem::MarkersWithTagsOrSize(n));
            }
        }
        for transition in &rule.transitions {
            let early = matches!(transition.when, When::Days(days) if days < 30);
            if early && matches!(transition.class.as_str(), "STANDARD_IA" | "ONEZONE_IA") {
                problems.push(Problem::TooEarly(n, transition.class.clone()));
            }
        }
    }
    problems
}

/// The name of the rule that set-up writes.
pub const ABORT_RULE_ID: &str = "brimful-clear-unfinished-uploads";

/// Gives unfinished uploads of the whole bucket up after some days.
#[must_use]
pub fn abort_rule(days: i32) -> LifecycleRule {
    LifecycleRule {
        id: Some(ABORT_RULE_ID.into()),
        enabled: true,
        abort_unfinished_days: Some(days),
        ..LifecycleRule::default()
    }
}

/// The rules that are there with one that clears unfinished uploads after `days`. `None` when an enabled rule for the
/// whole bucket already does so, as soon or sooner.
#[must_use]
pub fn merge_abort(existing: &[LifecycleRule], days: i32) -> Option<Vec<LifecycleRule>> {
    let does = |rule: &LifecycleRule| {
        rule.enabled && rule.filter.is_everything() && rule.abort_unfinished_days.is_some_and(|d| d <= days)
    };
    if existing.iter().any(does) {
        return None;
    }
    let mut merged: Vec<_> =
        existing.iter().filter(|rule| rule.id.as_deref() != Some(ABORT_RULE_ID)).cloned().collect();
    // Old and new filters must not stand in one configuration.
    let legacy = merged.iter().any(|rule| rule.filter.legacy);
    let mut rule = abort_rule(days);
    rule.filter.legacy = legacy;
    merged.push(rule);
    Some(merged)
}

/// As the AWS CLI writes a configuration: `{"Rules": […]}`.
#[must_use]
pub fn to_json(rules: &[LifecycleRule]) -> Value {
    json!({ "Rules": rules.iter().map(rule_json).collect::<Vec<_>>() })
}

fn rule_json(rule: &LifecycleRule) -> Value {
    let mut out = Map::new();
    if let Some(id) = &rule.id {
        out.insert("ID".into(), json!(id));
    }
    out.insert("Status".into(), json!(if rule.enabled { "Enabled" } else { "Disabled" }));
    if rule.filter.legacy {
        out.insert("Prefix".into(), json!(rule.filter.prefix.as_deref().unwrap_or("")));
    } else {
        out.insert("Filter".into(), filter_json(&rule.filter));
    }
    match &rule.expiration {
        Some(Expiration::At(when)) => {
            out.insert("Expiration".into(), when_json(when, None));
        }
        Some(Expiration::LoneDeleteMarkers) => {
            out.insert("Expiration".into(), json!({ "ExpiredObjectDeleteMarker": true }));
        }
        None => {}
    }
    if !rule.transitions.is_empty() {
        let list: Vec<_> = rule.transitions.iter().map(|t| when_json(&t.when, Some(&t.class))).collect();
        out.insert("Transitions".into(), list.into());
    }
    let noncurrent = |days: i32, keep: Option<i32>, class: Option<&String>| {
        let mut out = Map::from_iter([("NoncurrentDays".to_owned(), json!(days))]);
        out.extend(keep.map(|keep| ("NewerNoncurrentVersions".to_owned(), json!(keep))));
        out.extend(class.map(|class| ("StorageClass".to_owned(), json!(class))));
        Value::Object(out)
    };
    if let Some(old) = &rule.noncurrent_expiration {
        out.insert("NoncurrentVersionExpiration".into(), noncurrent(old.days, old.keep_newest, None));
    }
    if !rule.noncurrent_transitions.is_empty() {
        let list: Vec<_> =
            rule.noncurrent_transitions.iter().map(|t| noncurrent(t.days, t.keep_newest, Some(&t.class))).collect();
        out.insert("NoncurrentVersionTransitions".into(), list.into());
    }
    if let Some(days) = rule.abort_unfinished_days {
        out.insert("AbortIncompleteMultipartUpload".into(), json!({ "DaysAfterInitiation": days }));
    }
    Value::Object(out)
}

fn when_json(when: &When, class: Option<&String>) -> Value {
    let mut out = Map::new();
    match when {
        When::Days(days) => out.insert("Days".into(), json!(days)),
        When::Date(date) => out.insert("Date".into(), json!(date)),
    };
    out.extend(class.map(|class| ("StorageClass".to_owned(), json!(class))));
    Value::Object(out)
}

fn filter_json(filter: &Filter) -> Value {
    let mut out = Map::new();
    out.extend(filter.prefix.as_ref().map(|p| ("Prefix".to_owned(), json!(p))));
    let tag = |(key, value): &(String, String)| json!({ "Key": key, "Value": value });
    let many = filter.conditions() > 1;
    match filter.tags.as_slice() {
        [] => {}
        [one] if !many => {
            out.insert("Tag".into(), tag(one));
        }
        tags => {
            out.insert("Tags".into(), tags.iter().map(tag).collect::<Vec<_>>().into());
        }
    }
    out.extend(filter.larger_than.map(|bytes| ("ObjectSizeGreaterThan".to_owned(), json!(bytes))));
    out.extend(filter.smaller_than.map(|bytes| ("ObjectSizeLessThan".to_owned(), json!(bytes))));
    if many { json!({ "And": out }) } else { Value::Object(out) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn rule() -> LifecycleRule {
        LifecycleRule { id: Some("logs".into()), ..expiring(90) }
    }

    fn expiring(days: i32) -> LifecycleRule {
        LifecycleRule { enabled: true, expiration: Some(Expiration::At(When::Days(days))), ..LifecycleRule::default() }
    }

    fn tagged() -> Filter {
        Filter { tags: vec![("a".into(), "1".into())], ..Filter::default() }
    }

    #[test_case(&[], &["There must be 1 to 1,000 rules"]; "none")]
    #[test_case(&[rule(), rule()], &["Two rules are named “logs”"]; "f2 same name")]
    #[test_case(&[LifecycleRule { id: Some("x".repeat(256)), ..rule() }], &["The name of rule 1 is longer than 255 characters"]; "f2 long name")]
    #[test_case(&[LifecycleRule { filter: Filter { tags: vec![("a".into(), "1".into()), ("a".into(), "2".into())], ..Filter::default() }, ..rule() }], &["Rule 1 names a tag twice"]; "f5")]
    #[test_case(&[LifecycleRule { filter: Filter { larger_than: Some(500), smaller_than: Some(64_000), ..Filter::default() }, ..rule() }], &[]; "f6 in order")]
    #[test_case(&[LifecycleRule { filter: Filter { larger_than: Some(64_000), smaller_than: Some(500), ..Filter::default() }, ..rule() }], &["In rule 1 the upper size must be greater than the lower one"]; "f6 the wrong way")]
    #[test_case(&[LifecycleRule { enabled: true, ..LifecycleRule::default() }], &["Rule 1 does nothing"]; "f7")]
    #[test_case(&[expiring(0)], &["Days in rule 1 must be 1 or more"]; "f8")]
    #[test_case(&[LifecycleRule { filter: tagged(), expiration: Some(Expiration::LoneDeleteMarkers), ..rule() }], &["Rule 1 clears delete markers, so it cannot choose by tag or size"]; "f9")]
    #[test_case(&[LifecycleRule { filter: tagged(), ..abort_rule(7) }], &["Rule 1 clears unfinished uploads, so it cannot choose by tag or size"]; "f10 tags")]
    #[test_case(&[abort_rule(0)], &["Days in rule 1 must be 1 or more"]; "f10 days")]
    #[test_case(&[LifecycleRule { transitions: vec![Transition { when: When::Days(29), class: "STANDARD_IA".into() }], ..rule() }], &["Rule 1 moves to STANDARD_IA before day 30"]; "f12")]
    #[test_case(&[LifecycleRule { transitions: vec![Transition { when: When::Days(0), class: "GLACIER_IR".into() }], ..rule() }], &[]; "f13")]
    fn checks(rules: &[LifecycleRule], expected: &[&str]) {
        assert_eq!(check(rules).iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn merging_adds_one_rule_and_keeps_the_others() {
        assert_eq!(merge_abort(&[rule()], 7), Some(vec![rule(), abort_rule(7)]));
        assert_eq!(merge_abort(&[abort_rule(3)], 7), None);
        assert_eq!(merge_abort(&[abort_rule(30), rule()], 7), Some(vec![rule(), abort_rule(7)]));
        let off = LifecycleRule { enabled: false, ..abort_rule(3) };
        assert_eq!(merge_abort(&[off], 7), Some(vec![abort_rule(7)]));
        let narrow = LifecycleRule {
            id: None,
            filter: Filter { prefix: Some("a/".into()), ..Filter::default() },
            ..abort_rule(1)
        };
        assert_eq!(merge_abort(std::slice::from_ref(&narrow), 7).unwrap().len(), 2);
    }

    #[test]
    fn never_mixes_old_and_new_filters() {
        let old = LifecycleRule {
            filter: Filter { prefix: Some("logs/".into()), legacy: true, ..Filter::default() },
            ..rule()
        };
        let merged = merge_abort(&[old], 7).unwrap();
        assert!(merged.iter().all(|r| r.filter.legacy));
        assert_eq!(to_json(&merged)["Rules"][1]["Prefix"], "");
    }

    #[test]
    fn written_as_the_cli_does() {
        assert_eq!(
            to_json(&[abort_rule(7)]),
            json!({"Rules": [{"ID": ABORT_RULE_ID, "Status": "Enabled", "Filter": {}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]})
        );
        let both = Filter { prefix: Some("a/".into()), ..tagged() };
        assert_eq!(filter_json(&both), json!({"And": {"Prefix": "a/", "Tags": [{"Key": "a", "Value": "1"}]}}));
        assert_eq!(filter_json(&tagged()), json!({"Tag": {"Key": "a", "Value": "1"}}));
    }
}
