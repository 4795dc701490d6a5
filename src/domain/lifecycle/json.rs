//! Rules as the AWS CLI writes and reads them.

use serde_json::{Map, Value, json};

use super::{Expiration, Filter, LifecycleRule, NoncurrentExpiration, NoncurrentTransition, Transition, When};

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

pub(super) fn filter_json(filter: &Filter) -> Value {
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

/// Reads what [`to_json`] writes; `None` where it is something else. Nothing is left out in reading: a filter of which a
/// part went missing would be about more files.
#[must_use]
pub fn from_json(json: &Value) -> Option<Vec<LifecycleRule>> {
    json.get("Rules")?.as_array()?.iter().map(read_rule).collect()
}

fn read_rule(json: &Value) -> Option<LifecycleRule> {
    let list = |name: &str| json.get(name).map_or(Some(Vec::new()), |list| list.as_array().cloned());
    let filter = match (json.get("Filter"), json.get("Prefix")) {
        (Some(filter), _) => read_filter(filter)?,
        (None, Some(prefix)) => Filter { prefix: Some(prefix.as_str()?.to_owned()), legacy: true, ..Filter::default() },
        (None, None) => return None,
    };
    let expiration = match json.get("Expiration") {
        None => None,
        Some(expiration) if expiration.get("ExpiredObjectDeleteMarker") == Some(&Value::Bool(true)) => {
            Some(Expiration::LoneDeleteMarkers)
        }
        Some(expiration) => Some(Expiration::At(read_when(expiration)?)),
    };
    let old = |json: &Value| {
        Some((
            optional(json, "NoncurrentDays", whole)?.unwrap_or_default(),
            optional(json, "NewerNoncurrentVersions", whole)?,
        ))
    };
    let noncurrent_expiration = match json.get("NoncurrentVersionExpiration") {
        None => None,
        Some(json) => Some(old(json).map(|(days, keep_newest)| NoncurrentExpiration { days, keep_newest })?),
    };
    let noncurrent_transitions = list("NoncurrentVersionTransitions")?.into_iter().map(|json| {
        let (days, keep_newest) = old(&json)?;
        Some(NoncurrentTransition { days, keep_newest, class: optional(&json, "StorageClass", text)?? })
    });
    let transitions = list("Transitions")?
        .into_iter()
        .map(|json| Some(Transition { when: read_when(&json)?, class: optional(&json, "StorageClass", text)?? }));
    Some(LifecycleRule {
        id: optional(json, "ID", text)?,
        enabled: match json.get("Status")?.as_str()? {
            "Enabled" => true,
            "Disabled" => false,
            _ => return None,
        },
        filter,
        expiration,
        transitions: transitions.collect::<Option<_>>()?,
        noncurrent_expiration,
        noncurrent_transitions: noncurrent_transitions.collect::<Option<_>>()?,
        abort_unfinished_days: match json.get("AbortIncompleteMultipartUpload") {
            None => None,
            Some(abort) => Some(whole(abort.get("DaysAfterInitiation")?)?),
        },
    })
}

/// A member that may be missing; `None` where it is there and cannot be read.
#[expect(clippy::option_option, reason = "missing and unreadable are told apart")]
fn optional<T>(json: &Value, name: &str, read: fn(&Value) -> Option<T>) -> Option<Option<T>> {
    match json.get(name) {
        None => Some(None),
        Some(member) => read(member).map(Some),
    }
}

fn whole(json: &Value) -> Option<i32> {
    i32::try_from(json.as_i64()?).ok()
}

fn text(json: &Value) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn read_when(json: &Value) -> Option<When> {
    match json.get("Date") {
        Some(date) => Some(When::Date(text(date)?)),
        None => Some(When::Days(whole(json.get("Days")?)?)),
    }
}

fn read_filter(json: &Value) -> Option<Filter> {
    const KNOWN: [&str; 5] = ["Prefix", "Tag", "Tags", "ObjectSizeGreaterThan", "ObjectSizeLessThan"];
    let outer = json.as_object()?;
    let members = match outer.get("And") {
        Some(and) if outer.len() == 1 => and.as_object()?,
        Some(_) => return None,
        None => outer,
    };
    if !members.keys().all(|name| KNOWN.contains(&name.as_str())) {
        return None;
    }
    let json = outer.get("And").unwrap_or(json);
    let tag = |json: &Value| Some((text(json.get("Key")?)?, text(json.get("Value")?)?));
    let mut tags: Vec<(String, String)> = match json.get("Tags") {
        Some(tags) => tags.as_array()?.iter().map(tag).collect::<Option<_>>()?,
        None => Vec::new(),
    };
    if let Some(one) = json.get("Tag") {
        tags.push(tag(one)?);
    }
    Some(Filter {
        prefix: optional(json, "Prefix", text)?,
        tags,
        larger_than: optional(json, "ObjectSizeGreaterThan", Value::as_i64)?,
        smaller_than: optional(json, "ObjectSizeLessThan", Value::as_i64)?,
        legacy: false,
    })
}
