//! The policy of a form: what its signer lets the sender fill in.
//!
//! Source of the rules: Amazon S3 API Reference, "Creating a POST policy".

use s3s::{S3Error, S3Result};
use serde_json::Value;

use super::super::error::refuse;

/// A policy that was read and has not ended yet.
#[derive(Debug, Default)]
pub(super) struct PostPolicy {
    conditions: Vec<Condition>,
    least: u64,
    most: Option<u64>,
}

#[derive(Debug)]
struct Condition {
    prefix: bool,
    /// In lower case, without its `$`.
    field: String,
    value: String,
}

/// Fields that a policy need not name.
fn exempt(field: &str) -> bool {
    matches!(field, "x-amz-signature" | "file" | "policy") || field.starts_with("x-ignore-")
}

fn invalid(message: &str) -> S3Error {
    refuse("InvalidPolicyDocument", format!("Invalid Policy: {message}"))
}

fn against(message: &str) -> S3Error {
    refuse("AccessDenied", format!("Invalid according to Policy: {message}"))
}

impl Condition {
    /// As S3 shows it.
    fn shown(&self) -> String {
        let operator = if self.prefix { "starts-with" } else { "eq" };
        format!("[\"{operator}\", \"${}\", \"{}\"]", self.field, self.value)
    }

    fn holds(&self, value: &str) -> bool {
        match (self.prefix, self.field.as_str()) {
            (false, _) => value == self.value,
            // Several types may be given, and each has to begin so.
            (true, "content-type") => value.split(',').all(|kind| kind.trim().starts_with(&self.value)),
            (true, _) => value.starts_with(&self.value),
        }
    }
}

impl PostPolicy {
    /// Reads the policy of a form, and refuses one that ended before `now`.
    pub(super) fn read(json: &[u8], now: jiff::Timestamp) -> S3Result<Self> {
        let document: Value = serde_json::from_slice(json).map_err(|_| invalid("Invalid JSON."))?;
        let expiration = document.get("expiration").ok_or_else(|| invalid("Policy missing expiration."))?;
        let ends: jiff::Timestamp = expiration
            .as_str()
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| invalid(&format!("Invalid 'expiration' value: '{}'", expiration.as_str().unwrap_or("?"))))?;
        if ends <= now {
            return Err(against("Policy expired."));
        }
        let conditions = document.get("conditions").and_then(Value::as_array);
        let mut policy = Self::default();
        for condition in conditions.ok_or_else(|| invalid("Policy missing conditions."))? {
            match condition {
                Value::Object(pairs) => {
                    for (field, value) in pairs {
                        let value = value
                            .as_str()
                            .ok_or_else(|| invalid("Invalid Simple-Condition: value must be a string."))?;
                        policy.add(false, field, value);
                    }
                }
                Value::Array(items) => policy.add_array(items)?,
                _ => return Err(invalid("Invalid condition.")),
            }
        }
        Ok(policy)
    }

    fn add(&mut self, prefix: bool, field: &str, value: &str) {
        let field = field.strip_prefix('$').unwrap_or(field).to_ascii_lowercase();
        self.conditions.push(Condition { prefix, field, value: value.to_owned() });
    }

    fn add_array(&mut self, items: &[Value]) -> S3Result<()> {
        let text = |at: usize| items.get(at).and_then(Value::as_str);
        let number =
            |at: usize| items.get(at).and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
        let operator = text(0).unwrap_or_default().to_ascii_lowercase();
        match (operator.as_str(), items.len()) {
            ("eq" | "starts-with", 3) => {
                let (Some(field), Some(value)) = (text(1).filter(|field| field.starts_with('$')), text(2)) else {
                    return Err(invalid("Invalid condition: a field begins with '$', and its value is a string."));
                };
                self.add(operator == "starts-with", field, value);
            }
            ("content-length-range", 3) => {
                let (Some(least), Some(most)) = (number(1), number(2)) else {
                    return Err(invalid("Invalid content-length-range: two numbers are needed."));
                };
                self.least = self.least.max(least);
                self.most = Some(self.most.map_or(most, |known| known.min(most)));
            }
            _ => return Err(invalid(&format!("Invalid condition operator: '{operator}'"))),
        }
        Ok(())
    }

    /// The smallest and, where it is set, the largest size of the file in bytes.
    pub(super) fn sizes(&self) -> (u64, Option<u64>) {
        (self.least, self.most)
    }

    /// Compares the fields of a form to `bucket` with the policy.
    pub(super) fn check(&self, fields: &[(String, String)], bucket: &str) -> S3Result<()> {
        let value = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
        for condition in &self.conditions {
            let found = if condition.field == "bucket" { Some(bucket) } else { value(&condition.field) };
            if !condition.holds(found.unwrap_or_default()) {
                return Err(against(&format!("Policy Condition failed: {}", condition.shown())));
            }
        }
        let extra: Vec<_> = fields
            .iter()
            .map(|(field, _)| field.as_str())
            .filter(|field| !exempt(field) && !self.conditions.iter().any(|condition| condition.field == *field))
            .collect();
        if extra.is_empty() { Ok(()) } else { Err(against(&format!("Extra input fields: {}", extra.join(", ")))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn policy(conditions: &str) -> S3Result<PostPolicy> {
        let json = format!(r#"{{"expiration": "2030-01-01T00:00:00.000Z", "conditions": [{conditions}]}}"#);
        PostPolicy::read(json.as_bytes(), "2029-12-31T23:59:59Z".parse().unwrap())
    }

    fn told(outcome: S3Result<()>) -> String {
        outcome.map_or_else(|error| error.message().unwrap_or_default().to_owned(), |()| String::new())
    }

    #[test_case(r#"{"key": "k"}"#, &[("key", "k")], ""; "equal")]
    #[test_case(r#"{"key": "k"}"#, &[("key", "x")], r#"Invalid according to Policy: Policy Condition failed: ["eq", "$key", "k"]"#; "not equal")]
    #[test_case(r#"["eq", "$Key", "k"]"#, &[("key", "k")], ""; "names in any case")]
    #[test_case(r#"["starts-with", "$key", "user/"]"#, &[("key", "user/a")], ""; "prefix")]
    #[test_case(r#"["starts-with", "$key", "user/"]"#, &[("key", "other")], r#"Invalid according to Policy: Policy Condition failed: ["starts-with", "$key", "user/"]"#; "not the prefix")]
    #[test_case(r#"["starts-with", "$key", ""]"#, &[("key", "anything")], ""; "any value")]
    #[test_case(r#"["starts-with", "$Content-Type", "image/"]"#, &[("content-type", "image/png,text/html")], r#"Invalid according to Policy: Policy Condition failed: ["starts-with", "$content-type", "image/"]"#; "each of several types")]
    #[test_case(r#"{"bucket": "box"}"#, &[], ""; "bucket of the address")]
    #[test_case(r#"{"bucket": "other"}"#, &[], r#"Invalid according to Policy: Policy Condition failed: ["eq", "$bucket", "other"]"#; "another bucket")]
    #[test_case("", &[("x-ignore-me", "1"), ("policy", "p"), ("x-amz-signature", "s")], ""; "fields that need no condition")]
    #[test_case("", &[("acl", "public-read")], "Invalid according to Policy: Extra input fields: acl"; "a field of its own accord")]
    fn conditions(conditions: &str, fields: &[(&str, &str)], message: &str) {
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(told(policy(conditions).unwrap().check(&fields, "box")), message);
    }

    #[test]
    fn sizes_of_several_ranges_meet() {
        let policy = policy(r#"["content-length-range", 1, 100], ["content-length-range", "5", "200"]"#).unwrap();
        assert_eq!(policy.sizes(), (5, Some(100)));
    }

    #[test_case("not json", "InvalidPolicyDocument"; "no json")]
    #[test_case(r#"{"conditions": []}"#, "InvalidPolicyDocument"; "no end")]
    #[test_case(r#"{"expiration": "tomorrow", "conditions": []}"#, "InvalidPolicyDocument"; "no date")]
    #[test_case(r#"{"expiration": "2030-01-01T00:00:00Z"}"#, "InvalidPolicyDocument"; "no conditions")]
    #[test_case(r#"{"expiration": "2030-01-01T00:00:00Z", "conditions": [["like", "$key", "k"]]}"#, "InvalidPolicyDocument"; "unknown operator")]
    #[test_case(r#"{"expiration": "2020-01-01T00:00:00Z", "conditions": []}"#, "AccessDenied"; "ended")]
    fn refused(json: &str, code: &str) {
        let error = PostPolicy::read(json.as_bytes(), "2026-01-01T00:00:00Z".parse().unwrap()).unwrap_err();
        assert_eq!(error.code().as_str(), code);
    }
}
