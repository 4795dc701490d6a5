//! Texts as whole documents: a statement made a policy, and whether two texts say the same.

use super::tidy;

/// A text that holds one statement, or a list of statements, as a whole policy; `None` for anything else. A comma that
/// was copied along with it is left out.
#[must_use]
pub fn wrap_statement(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(',').trim_end();
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let is_statement = |value: &serde_json::Value| value.get("Effect").is_some() && value.get("Statement").is_none();
    let (open, close) = match &value {
        serde_json::Value::Object(_) if is_statement(&value) => ("[", "]"),
        serde_json::Value::Array(list) if !list.is_empty() && list.iter().all(is_statement) => ("", ""),
        _ => return None,
    };
    tidy(&format!(r#"{{"Version": "2012-10-17", "Statement": {open}{text}{close}}}"#)).ok()
}

/// Whether two texts are the same JSON: whitespace and the order of members set aside. Texts that are no JSON are
/// compared as they are.
#[must_use]
pub fn same_document(one: &str, other: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    one.trim() == other.trim() || read(one).is_some_and(|one| Some(one) == read(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_becomes_a_policy() {
        let one = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
        let wrapped = wrap_statement(&format!("  {one},\n")).unwrap();
        let policy = super::super::Policy::parse(&wrapped).unwrap();
        assert_eq!(policy.statements.len(), 1);
        assert_eq!(policy.version, Some(super::super::Version::V2012));
        let two = wrap_statement(&format!("[{one},{one}]")).unwrap();
        assert_eq!(super::super::Policy::parse(&two).unwrap().statements.len(), 2);
        assert_eq!(wrap_statement(&wrapped), None, "a policy is whole already");
        assert_eq!(wrap_statement("{\"Effect\""), None);
    }

    #[test]
    fn documents_are_compared_by_what_they_say() {
        assert!(same_document(r#"{"a":1,"b":[2]}"#, "{ \"b\": [2],\n\"a\": 1 }"));
        assert!(!same_document(r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#));
        assert!(same_document(" nope", "nope\n"));
        assert!(!same_document("nope", "{}"));
    }
}
