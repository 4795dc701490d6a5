//! From statements to JSON, and whether two statements say the same.

use super::evaluate::root_account;
use super::{ActionMatch, Condition, ConditionValue, Policy, Principal, PrincipalMatch, ResourceMatch, Statement};
use crate::domain::arn::is_account_id;

impl Policy {
    /// The policy as JSON with two spaces of indent, members in their usual order. A list of one is
    /// written without brackets.
    #[must_use]
    pub fn to_json_pretty(&self) -> String {
        format!("{:#}", self.to_json())
    }

    /// The policy as a JSON value, members in their usual order.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let mut out = serde_json::Map::new();
        if let Some(version) = self.version {
            out.insert("Version".to_owned(), version.as_str().into());
        }
        if let Some(id) = &self.id {
            out.insert("Id".to_owned(), id.as_str().into());
        }
        let statements = self.statements.iter().map(Statement::to_json).collect();
        out.insert("Statement".to_owned(), statements);
        out.into()
    }

    /// The policy as that of an identity, which names no principal: what [`Policy::parse_identity`] reads.
    #[must_use]
    pub fn to_identity_json(&self) -> serde_json::Value {
        let mut out = self.to_json();
        let statements = out.get_mut("Statement").and_then(serde_json::Value::as_array_mut);
        for statement in statements.into_iter().flatten().filter_map(serde_json::Value::as_object_mut) {
            for name in ["Principal", "NotPrincipal"] {
                statement.shift_remove(name);
            }
        }
        out
    }
}

impl Statement {
    /// The statement as a JSON value, members in their usual order.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let mut out = serde_json::Map::new();
        if let Some(sid) = &self.sid {
            out.insert("Sid".to_owned(), sid.as_str().into());
        }
        out.insert("Effect".to_owned(), self.effect.as_str().into());
        let name = match self.principal {
            PrincipalMatch::Only(_) => "Principal",
            PrincipalMatch::Except(_) => "NotPrincipal",
        };
        out.insert(name.to_owned(), principals_json(self.principal.named()));
        let (name, list) = match &self.action {
            ActionMatch::Only(list) => ("Action", list),
            ActionMatch::Except(list) => ("NotAction", list),
        };
        out.insert(name.to_owned(), one_or_many(list));
        let (name, list) = match &self.resource {
            ResourceMatch::Only(list) => ("Resource", list),
            ResourceMatch::Except(list) => ("NotResource", list),
        };
        out.insert(name.to_owned(), one_or_many(list));
        if !self.conditions.is_empty() {
            out.insert("Condition".to_owned(), conditions_json(&self.conditions));
        }
        out.into()
    }

    /// Whether both statements let in or refuse the same requests by the same words: names, order,
    /// repeats and meaningless case set aside.
    #[must_use]
    pub fn same_meaning(&self, other: &Self) -> bool {
        self.canonical() == other.canonical()
    }

    fn canonical(&self) -> serde_json::Value {
        let sorted = |list: &[String], fold: bool| {
            let mut list: Vec<String> =
                list.iter().map(|s| if fold { s.to_ascii_lowercase() } else { s.clone() }).collect();
            list.sort();
            list.dedup();
            list
        };
        let mut principals: Vec<String> = self
            .principal
            .named()
            .iter()
            .map(|p| match p {
                p if p.is_everyone() => "*".to_owned(),
                Principal::Aws(id) if is_account_id(id) => format!("account {id}"),
                Principal::Aws(arn) => {
                    root_account(arn).map_or_else(|| format!("aws {arn}"), |id| format!("account {id}"))
                }
                p => format!("{p:?}"),
            })
            .collect();
        principals.sort();
        principals.dedup();
        let action = match &self.action {
            ActionMatch::Only(list) => (true, sorted(list, true)),
            ActionMatch::Except(list) => (false, sorted(list, true)),
        };
        let resource = match &self.resource {
            ResourceMatch::Only(list) => (true, sorted(list, false)),
            ResourceMatch::Except(list) => (false, sorted(list, false)),
        };
        let mut conditions: Vec<(String, String, Vec<String>)> = self
            .conditions
            .iter()
            .map(|c| {
                let values: Vec<String> = c.values.iter().map(ConditionValue::as_text).collect();
                (c.operator.to_string(), c.key.to_ascii_lowercase(), sorted(&values, false))
            })
            .collect();
        conditions.sort();
        serde_json::json!([
            self.effect.as_str(),
            matches!(self.principal, PrincipalMatch::Only(_)),
            principals,
            action,
            resource,
            conditions
        ])
    }
}

fn one_or_many(list: &[String]) -> serde_json::Value {
    match list {
        [one] => one.as_str().into(),
        many => many.to_vec().into(),
    }
}

fn principals_json(list: &[Principal]) -> serde_json::Value {
    if let [Principal::Everyone] = list {
        return "*".into();
    }
    let mut out = serde_json::Map::new();
    let mut add = |name: &str, wanted: fn(&Principal) -> Option<&str>| {
        let values: Vec<String> = list.iter().filter_map(wanted).map(str::to_owned).collect();
        if !values.is_empty() {
            out.insert(name.to_owned(), one_or_many(&values));
        }
    };
    add("AWS", |p| match p {
        Principal::Everyone => Some("*"),
        Principal::Aws(value) => Some(value),
        _ => None,
    });
    add("Service", |p| match p {
        Principal::Service(value) => Some(value),
        _ => None,
    });
    add("Federated", |p| match p {
        Principal::Federated(value) => Some(value),
        _ => None,
    });
    add("CanonicalUser", |p| match p {
        Principal::CanonicalUser(value) => Some(value),
        _ => None,
    });
    out.into()
}

fn conditions_json(conditions: &[Condition]) -> serde_json::Value {
    let mut out = serde_json::Map::new();
    for condition in conditions {
        let values: Vec<serde_json::Value> = condition
            .values
            .iter()
            .map(|value| match value {
                ConditionValue::Text(text) => text.as_str().into(),
                ConditionValue::Bool(value) => (*value).into(),
                ConditionValue::Number(number) => number.clone().into(),
            })
            .collect();
        let value = match <[_; 1]>::try_from(values) {
            Ok([one]) => one,
            Err(many) => many.into(),
        };
        let keys = out.entry(condition.operator.to_string()).or_insert_with(|| serde_json::Map::new().into());
        if let Some(keys) = keys.as_object_mut() {
            keys.insert(condition.key.clone(), value);
        }
    }
    out.into()
}
