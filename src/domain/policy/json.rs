//! A JSON reader that remembers where everything stood.
//!
//! serde_json gives neither positions nor repeated member names, and a policy editor needs both:
//! S3 refuses a repeated name, and a finding must point at its line.

mod tidy;

pub use tidy::{TidyError, tidy};

use super::Span;

/// How deep values may nest. Policies need six levels; the limit keeps recursion bounded.
const MAX_DEPTH: usize = 64;

/// A value with its place in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) value: Value,
}

/// What a [`Node`] holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// `None` for a number that is JSON but larger than anything that computes with it.
    Number(Option<serde_json::Number>),
    Text(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

/// One `"name": value` of an object, in the order written; names may repeat.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) name_span: Span,
    pub(super) value: Node,
}

/// Where and why reading stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) span: Span,
    pub(super) message: String,
}

/// A document, and its size in bytes without the whitespace between tokens.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Document {
    pub(super) root: Node,
    pub(super) minified_bytes: usize,
}

/// Reads one JSON value that must fill the whole text (RFC 8259).
pub(super) fn read(text: &str) -> Result<Document, Problem> {
    let mut reader = Reader { text, at: 0, line: 1, column: 1, whitespace: 0 };
    reader.skip_whitespace();
    let root = reader.value(0)?;
    reader.skip_whitespace();
    if reader.peek().is_some() {
        return Err(reader.problem("Nothing may follow the closing brace of the policy"));
    }
    Ok(Document { root, minified_bytes: text.len().saturating_sub(reader.whitespace) })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    column: usize,
    whitespace: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn here(&self) -> Span {
        let width = self.peek().map_or(0, char::len_utf8);
        Span { start: self.at, end: self.at + width, line: self.line, column: self.column }
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { span: self.here(), message: message.into() }
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.bump();
            self.whitespace += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Problem> {
        if depth > MAX_DEPTH {
            return Err(self.problem("The policy is nested too deeply"));
        }
        let mut span = self.here();
        let value = match self.peek() {
            Some('{') => self.object(depth)?,
            Some('[') => self.array(depth)?,
            Some('"') => Value::Text(self.text()?),
            Some('-' | '0'..='9') => self.number()?,
            Some('t') => self.word("true", Value::Bool(true))?,
            Some('f') => self.word("false", Value::Bool(false))?,
            Some('n') => self.word("null", Value::Null)?,
            Some('/' | '#') => return Err(self.problem("A policy cannot hold comments")),
            Some('\'') => return Err(self.problem("Text stands in double quotes")),
            Some(c) => return Err(self.problem(format!("A value cannot start with {}", c.escape_debug()))),
            None => return Err(self.problem("The policy ends too early")),
        };
        span.end = self.at;
        Ok(Node { span, value })
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Problem> {
        if !self.rest().starts_with(word) {
            return Err(self.problem("Text stands in double quotes"));
        }
        for _ in 0..word.len() {
            self.bump();
        }
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value, Problem> {
        self.bump();
        let mut members = Vec::new();
        self.skip_whitespace();
        if self.peek() == Some('}') {
            self.bump();
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_whitespace();
            match self.peek() {
                Some('"') => {}
                Some('}') => return Err(self.problem("A comma stands before this closing brace")),
                None => return Err(self.problem("A closing brace is missing")),
                Some(_) => return Err(self.problem("A name in double quotes is missing here")),
            }
            let mut name_span = self.here();
            let name = self.text()?;
            name_span.end = self.at;
            self.skip_whitespace();
            if self.peek() != Some(':') {
                return Err(self.problem(format!("A colon is missing after \"{name}\"")));
            }
            self.bump();
            self.skip_whitespace();
            let value = self.value(depth + 1)?;
            members.push(Member { name, name_span, value });
            self.skip_whitespace();
            match self.peek() {
                Some(',') => {
                    self.bump();
                }
                Some('}') => {
                    self.bump();
                    return Ok(Value::Object(members));
                }
                Some(_) => return Err(self.problem("A comma is missing here")),
                None => return Err(self.problem("A closing brace is missing")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Problem> {
        self.bump();
        let mut items = Vec::new();
        self.skip_whitespace();
        if self.peek() == Some(']') {
            self.bump();
            return Ok(Value::Array(items));
        }
        loop {
            self.skip_whitespace();
            if self.peek() == Some(']') {
                return Err(self.problem("A comma stands before this closing bracket"));
            }
            items.push(self.value(depth + 1)?);
            self.skip_whitespace();
            match self.peek() {
                Some(',') => {
                    self.bump();
                }
                Some(']') => {
                    self.bump();
                    return Ok(Value::Array(items));
                }
                Some(_) => return Err(self.problem("A comma is missing here")),
                None => return Err(self.problem("A closing bracket is missing")),
            }
        }
    }

    fn text(&mut self) -> Result<String, Problem> {
        let opening = self.here();
        self.bump();
        let mut out = String::new();
        loop {
            match self.peek() {
                Some('"') => {
                    self.bump();
                    return Ok(out);
                }
                Some('\\') => {
                    let escape = self.here();
                    self.bump();
                    out.push(self.escape(escape)?);
                }
                Some('\n' | '\r') => {
                    return Err(self.problem("A text cannot run over the end of its line"));
                }
                Some(c) if c < ' ' => {
                    let written = format!("\\u{:04x}", u32::from(c));
                    return Err(self.problem(format!("In a text this character is written {written}")));
                }
                Some(c) => {
                    self.bump();
                    out.push(c);
                }
                None => {
                    return Err(Problem {
                        span: opening,
                        message: "The text that starts here has no closing quote".to_owned(),
                    });
                }
            }
        }
    }

    fn escape(&mut self, span: Span) -> Result<char, Problem> {
        let unknown =
            || Problem { span, message: "A backslash must be followed by one of \" \\ / b f n r t u".to_owned() };
        Ok(match self.bump().ok_or_else(unknown)? {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let broken = || Problem {
                    span,
                    message: "\\u must be followed by the four hex digits of a character".to_owned(),
                };
                let first = self.hex4().ok_or_else(broken)?;
                let code = if (0xD800..0xDC00).contains(&first) {
                    if !self.rest().starts_with("\\u") {
                        return Err(broken());
                    }
                    self.bump();
                    self.bump();
                    let second = self.hex4().ok_or_else(broken)?;
                    if !(0xDC00..0xE000).contains(&second) {
                        return Err(broken());
                    }
                    0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                } else {
                    first
                };
                char::from_u32(code).ok_or_else(broken)?
            }
            _ => return Err(unknown()),
        })
    }

    fn hex4(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + self.peek()?.to_digit(16)?;
            self.bump();
        }
        Some(code)
    }

    fn number(&mut self) -> Result<Value, Problem> {
        let start = self.here();
        while matches!(self.peek(), Some('-' | '+' | '.' | 'e' | 'E' | '0'..='9')) {
            self.bump();
        }
        let raw = self.text.get(start.start..self.at).unwrap_or_default();
        if is_number(raw) {
            Ok(Value::Number(raw.parse().ok()))
        } else {
            Err(Problem { span: start, message: format!("{raw} is no number as JSON writes it") })
        }
    }
}

/// Whether JSON writes numbers so (RFC 8259, section 6).
fn is_number(raw: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match raw.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (raw, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use test_case::test_case;

    /// `None` where a number is too large for serde.
    fn to_serde(node: &Node) -> Option<serde_json::Value> {
        Some(match &node.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Number(n) => n.clone()?.into(),
            Value::Text(t) => t.clone().into(),
            Value::Array(items) => items.iter().map(to_serde).collect::<Option<_>>()?,
            Value::Object(members) => {
                members.iter().map(|m| Some((m.name.clone(), to_serde(&m.value)?))).collect::<Option<_>>()?
            }
        })
    }

    #[test_case(r#"{"a": 1,}"#, 1, 9; "trailing comma in object")]
    #[test_case("{\n  \"a\": [1,]\n}", 2, 11; "trailing comma in array")]
    #[test_case("{\n  // no\n}", 2, 3; "comment")]
    #[test_case("{\"a\" 1}", 1, 6; "no colon")]
    #[test_case("{\"a\": 1} x", 1, 10; "text after the end")]
    #[test_case("{\"é\": 'x'}", 1, 7; "columns count characters, not bytes")]
    #[test_case("{\"a\": \"x", 1, 7; "unclosed text points at its start")]
    #[test_case("{\"a\": 01}", 1, 7; "leading zero")]
    #[test_case("{\"a\": \"\\ud800\"}", 1, 8; "lone surrogate")]
    fn problems_have_a_place(text: &str, line: usize, column: usize) {
        let problem = read(text).unwrap_err();
        assert_eq!((problem.span.line, problem.span.column), (line, column));
    }

    #[test]
    fn deep_nesting_stops() {
        assert!(read(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn spans_cover_the_value() {
        let text = "{ \"name\" :  \"va\\nlue\" }";
        let document = read(text).unwrap();
        let Value::Object(members) = &document.root.value else { panic!("not an object") };
        let member = &members[0];
        assert_eq!(&text[member.name_span.start..member.name_span.end], "\"name\"");
        let span = member.value.span;
        assert_eq!(&text[span.start..span.end], "\"va\\nlue\"");
        assert_eq!(document.minified_bytes, "{\"name\":\"va\\nlue\"}".len());
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,200}") {
            let _ = read(&text);
        }

        #[test]
        fn accepts_what_serde_accepts(text in r#"[\[\]{}:,"a1\\ntruefalsn .\-e]{0,24}"#) {
            let ours = read(&text).ok().and_then(|d| to_serde(&d.root));
            let theirs: Option<serde_json::Value> = serde_json::from_str(&text).ok();
            prop_assert_eq!(ours, theirs);
        }
    }
}
