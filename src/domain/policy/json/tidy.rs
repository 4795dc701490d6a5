//! A policy's text, tidied: two spaces for each level, one member or value a line. What holds one thing stays on its
//! line.
//!
//! Only the space between tokens changes. Order, repeated names, members that the policy language does not have,
//! escapes and the way numbers are written stay as they are.

use super::{MAX_DEPTH, Node, Value, read};
use crate::domain::policy::Span;
use crate::domain::policy::parse::MAX_TEXT_BYTES;

/// Lines that hold a short object or list whole are no longer than this, in characters.
const LINE: usize = 100;

/// Why a text cannot be tidied: it is no JSON, or no policy by its mere size or depth.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct TidyError {
    /// The line where reading stopped, counted from 1.
    pub line: usize,
    /// The column, counted from 1 in characters.
    pub column: usize,
    /// One plain sentence.
    pub message: String,
}

/// The same JSON, tidily. A byte order mark is left out; no line break follows the last brace.
///
/// # Errors
/// Text that is no JSON, with the place where it stops to be; and what cannot be a policy, because it is larger
/// or nested deeper than anything that S3 stores.
pub fn tidy(text: &str) -> Result<String, TidyError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_TEXT_BYTES {
        let message = format!("This has {} bytes, far more than any policy", text.len());
        return Err(TidyError { line: 1, column: 1, message });
    }
    let document = read(text).map_err(|problem| TidyError {
        line: problem.span.line,
        column: problem.span.column,
        message: problem.message,
    })?;
    let mut out = String::with_capacity(text.len());
    write(&mut out, text, &document.root, 0);
    Ok(out)
}

fn indent(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth.min(MAX_DEPTH + 1) {
        out.push_str("  ");
    }
}

/// Recursion is bounded by what [`read`] accepts.
fn write(out: &mut String, text: &str, node: &Node, depth: usize) {
    let line_so_far = out.rfind('\n').map_or(out.as_str(), |at| &out[at + 1..]).chars().count();
    if let Some(inline) = inline(text, node).filter(|inline| line_so_far + inline.chars().count() < LINE) {
        out.push_str(&inline);
        return;
    }
    match &node.value {
        Value::Array(items) if !items.is_empty() => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                indent(out, depth + 1);
                write(out, text, item, depth + 1);
            }
            indent(out, depth);
            out.push(']');
        }
        Value::Object(members) if !members.is_empty() => {
            out.push('{');
            for (i, member) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                indent(out, depth + 1);
                out.push_str(raw(text, member.name_span));
                out.push_str(": ");
                write(out, text, &member.value, depth + 1);
            }
            indent(out, depth);
            out.push('}');
        }
        Value::Array(_) => out.push_str("[]"),
        Value::Object(_) => out.push_str("{}"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => out.push_str(raw(text, node.span)),
    }
}

fn raw(text: &str, span: Span) -> &str {
    text.get(span.start..span.end).unwrap_or_default()
}

/// A value on one line, where whatever holds something in it holds one thing.
fn inline(text: &str, node: &Node) -> Option<String> {
    Some(match &node.value {
        Value::Array(items) => match items.as_slice() {
            [] => "[]".to_owned(),
            [one] => format!("[{}]", inline(text, one)?),
            _ => return None,
        },
        Value::Object(members) => match members.as_slice() {
            [] => "{}".to_owned(),
            [one] => format!("{{ {}: {} }}", raw(text, one.name_span), inline(text, &one.value)?),
            _ => return None,
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => raw(text, node.span).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use test_case::test_case;

    const TIDY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Deny",
      "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
      "Action": ["s3:*"],
      "Resource": [
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/*"
      ],
      "Condition": { "Bool": { "aws:SecureTransport": "false" } }
    }
  ]
}"#;

    #[test]
    fn a_line_for_each_member_and_short_things_on_theirs() {
        let squeezed: String = TIDY.chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(tidy(&squeezed).as_deref(), Ok(TIDY));
        assert_eq!(tidy(TIDY).as_deref(), Ok(TIDY), "twice is as once");
    }

    #[test_case("{}", "{}"; "nothing in it")]
    #[test_case(" [ ] ", "[]"; "space around")]
    #[test_case("7", "7"; "no object")]
    #[test_case("\u{feff}{}", "{}"; "byte order mark")]
    #[test_case(r#"{"b":1,"a":[true,null]}"#, "{\n  \"b\": 1,\n  \"a\": [\n    true,\n    null\n  ]\n}"; "order")]
    #[test_case(r#"{"a":1,"a":2}"#, "{\n  \"a\": 1,\n  \"a\": 2\n}"; "repeated names")]
    #[test_case(r#"{"\u0061":"\/\u00e9é"}"#, "{ \"\\u0061\": \"\\/\\u00e9é\" }"; "escapes")]
    #[test_case("[1.50e+01,1e999,-0]", "[\n  1.50e+01,\n  1e999,\n  -0\n]"; "numbers")]
    fn only_space_changes(text: &str, expected: &str) {
        assert_eq!(tidy(text).as_deref(), Ok(expected));
    }

    #[test_case("", 1, 1; "empty")]
    #[test_case("{\n  \"a\": 1,\n}", 3, 1; "trailing comma")]
    #[test_case("[01]", 1, 2; "leading zero")]
    #[test_case("{\"a\":\"\0\"}", 1, 7; "nul")]
    fn no_json(text: &str, line: usize, column: usize) {
        let error = tidy(text).unwrap_err();
        assert_eq!((error.line, error.column), (line, column), "{error}");
    }

    #[test]
    fn what_cannot_be_a_policy_is_refused_at_once() {
        assert!(tidy(&"[".repeat(1_000_000)).unwrap_err().message.contains("deeply"));
        assert!(tidy(&" ".repeat(2_000_000)).unwrap_err().message.contains("2000000 bytes"));
    }

    proptest! {
        #[test]
        fn says_the_same_and_is_tidy_at_once(text in r#"[\[\]{}:,"a1\\ntruefalsn .\-e\n]{0,30}"#) {
            if let Ok(tidied) = tidy(&text) {
                let again = tidy(&tidied);
                prop_assert_eq!(again.as_ref(), Ok(&tidied));
                let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
                prop_assert_eq!(value(&text), value(&tidied));
            }
        }
    }
}
