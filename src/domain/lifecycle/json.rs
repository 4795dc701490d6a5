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

/// Reads what [`to_json`] writes; `None` where it is something else.
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
        Some((number(json, "NoncurrentDays").unwrap_or_default(), number(json, "NewerNoncurrentVersions")))
    };
    let noncurrent_expiration = match json.get("NoncurrentVersionExpiration") {
        None => None,
        Some(json) => old(json).map(|(days, keep_newest)| NoncurrentExpiration { days, keep_newest }),
    };
    let noncurrent_transitions = list("NoncurrentVersionTransitions")?.into_iter().map(|json| {
        let (days, keep_newest) = old(&json)?;
        Some(NoncurrentTransition { days, keep_newest, class: class(&json)? })
    });
    let transitions =
        list("Transitions")?.into_iter().map(|json| Some(Transition { when: read_when(&json)?, class: class(&json)? }));
    Some(LifecycleRule {
        id: json.get("ID").and_then(Value::as_str).map(str::to_owned),
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
        abort_unfinished_days: json
            .get("AbortIncompleteMultipartUpload")
            .and_then(|abort| number(abort, "DaysAfterInitiation")),
    })
}

fn number(json: &Value, name: &str) -> Option<i32> {
    i32::try_from(json.get(name)?.as_i64()?).ok()
}

fn class(json: &Value) -> Option<String> {
    json.get("StorageClass")?.as_str().map(str::to_owned)
}

fn read_when(json: &Value) -> Option<When> {
    match json.get("Date") {
        Some(date) => Some(When::Date(date.as_str()?.to_owned())),
        None => Some(When::Days(number(json, "Days")?)),
    }
}

fn read_filter(json: &Value) -> Option<Filter> {
    let json = json.get("And").unwrap_or(json);
    let tag = |json: &Value| {
        let text = |name: &str| json.get(name)?.as_str().map(str::to_owned);
        Some((text("Key")?, text("Value")?))
    };
    let tags = match (json.get("Tags"), json.get("Tag")) {
        (Some(tags), _) => tags.as_array()?.iter().map(tag).collect::<Option<_>>()?,
        (None, Some(one)) => vec![tag(one)?],
        (None, None) => Vec::new(),
    };
    Some(Filter {
        prefix: json.get("Prefix").and_then(Value::as_str).map(str::to_owned),
        tags,
        larger_than: json.get("ObjectSizeGreaterThan").and_then(Value::as_i64),
        smaller_than: json.get("ObjectSizeLessThan").and_then(Value::as_i64),
        legacy: false,
    })
}
