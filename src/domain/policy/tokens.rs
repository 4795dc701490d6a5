//! A policy's text word by word, for colouring it and finding brackets that belong together.
//!
//! Every text can be read so, also one that is being typed and is no JSON yet: nothing here fails.

/// What a word of the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// The name of a member, with its quotes.
    Name,
    /// A string, with its quotes.
    Text,
    /// The `"Allow"` of a statement.
    Allow,
    /// The `"Deny"` of a statement.
    Deny,
    /// A `"*"` that names everyone in a statement that allows.
    Everyone,
    /// A number.
    Number,
    /// `true`, `false`, `null`.
    Word,
    /// A bracket, comma or colon.
    Punctuation,
    /// What JSON does not have.
    Unreadable,
}

/// One word and its place, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
    /// What it is.
    pub kind: TokenKind,
}

/// An object or array that is open while the text is read.
struct Open<'a> {
    is_object: bool,
    /// The member that is being read, without quotes.
    name: &'a str,
    allows: bool,
    /// Words that mean everyone if this turns out to be a statement that allows.
    everyone: Vec<usize>,
}

/// The words of the text in order. What lies between them is whitespace.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut found: Vec<Token> = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        let kind = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {
                at += 1;
                continue;
            }
            b'"' => {
                at = end_of_string(bytes, at);
                let inner = inner(text, start, at);
                if is_name(bytes, at) {
                    if let Some(open) = open.last_mut() {
                        open.name = inner;
                    }
                    TokenKind::Name
                } else {
                    value_kind(inner, &mut open, found.len())
                }
            }
            b'{' | b'[' => {
                at += 1;
                open.push(Open { is_object: byte == b'{', name: "", allows: false, everyone: Vec::new() });
                TokenKind::Punctuation
            }
            b'}' | b']' => {
                at += 1;
                close(open.pop(), &mut found);
                TokenKind::Punctuation
            }
            b',' | b':' => {
                at += 1;
                TokenKind::Punctuation
            }
            _ => {
                at += text[start..].find(ends_word).unwrap_or(text.len() - start).max(1);
                word_kind(&text[start..at])
            }
        };
        found.push(Token { start, end: at, kind });
    }
    while let Some(last) = open.pop() {
        close(Some(last), &mut found);
    }
    found
}

fn ends_word(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '"' | '{' | '}' | '[' | ']' | ',' | ':')
}

/// After the closing quote, or at the end of the line where there is none.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\n' => return at,
            b'\\' if bytes.get(at + 1).is_some_and(|next| *next != b'\n') => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn inner(text: &str, start: usize, end: usize) -> &str {
    let whole = text.get(start + 1..end).unwrap_or_default();
    whole.strip_suffix('"').unwrap_or(whole)
}

/// Whether a colon follows.
fn is_name(bytes: &[u8], end: usize) -> bool {
    bytes.get(end..).unwrap_or_default().iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

fn word_kind(word: &str) -> TokenKind {
    match word {
        "true" | "false" | "null" => TokenKind::Word,
        _ if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') && word.parse::<f64>().is_ok() => {
            TokenKind::Number
        }
        _ => TokenKind::Unreadable,
    }
}

fn value_kind(value: &str, open: &mut [Open<'_>], index: usize) -> TokenKind {
    let here = open.last().filter(|open| open.is_object).map(|open| open.name);
    match (here, value) {
        (Some("Effect"), "Allow") => {
            if let Some(open) = open.last_mut() {
                open.allows = true;
            }
            TokenKind::Allow
        }
        (Some("Effect"), "Deny") => TokenKind::Deny,
        (_, "*") => {
            if let Some(statement) = names_principals(open) {
                statement.everyone.push(index);
            }
            TokenKind::Text
        }
        _ => TokenKind::Text,
    }
}

/// The statement whose `Principal` the innermost value belongs to: `"*"`, `["*"]`, `{"AWS": "*"}`, `{"AWS": ["*"]}`.
fn names_principals<'o, 'a>(open: &'o mut [Open<'a>]) -> Option<&'o mut Open<'a>> {
    for open in open.iter_mut().rev() {
        match (open.is_object, open.name) {
            (true, "Principal") => return Some(open),
            (true, "AWS") | (false, _) => {}
            (true, _) => return None,
        }
    }
    None
}

fn close(closed: Option<Open<'_>>, found: &mut [Token]) {
    let Some(closed) = closed.filter(|closed| closed.allows) else { return };
    for index in closed.everyone {
        if let Some(token) = found.get_mut(index) {
            token.kind = TokenKind::Everyone;
        }
    }
}

/// The bracket beside a place in the text, and the one that belongs to it: offsets of both. A bracket before the place
/// goes before one after it.
#[must_use]
pub fn matching_bracket(text: &str, tokens: &[Token], at: usize) -> Option<(usize, usize)> {
    let bracket = |token: &Token| {
        let is_one = token.kind == TokenKind::Punctuation && token.end == token.start + 1;
        text.as_bytes().get(token.start).copied().filter(|byte| is_one && b"{}[]".contains(byte))
    };
    let beside = |offset: usize| {
        let index = tokens.binary_search_by_key(&offset, |token| token.start).ok()?;
        bracket(&tokens[index]).map(|byte| (index, byte))
    };
    let (index, byte) = at.checked_sub(1).and_then(beside).or_else(|| beside(at))?;
    let opens = matches!(byte, b'{' | b'[');
    let mut depth = 0_usize;
    let mut look = |token: &Token| -> Option<usize> {
        let found = bracket(token)?;
        if matches!(found, b'{' | b'[') == opens {
            depth += 1;
            return None;
        }
        depth = depth.saturating_sub(1);
        (depth == 0).then_some(token.start)
    };
    let other = if opens {
        tokens[index..].iter().find_map(&mut look)
    } else {
        tokens[..=index].iter().rev().find_map(&mut look)
    }?;
    Some((tokens[index].start, other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn kinds(text: &str) -> Vec<(&str, TokenKind)> {
        tokens(text).into_iter().map(|token| (&text[token.start..token.end], token.kind)).collect()
    }

    #[test]
    fn words_are_told_apart() {
        use TokenKind::{Name, Number, Punctuation, Text, Unreadable, Word};
        assert_eq!(
            kinds(r#"{"a": [1, -2.5e3, true], "b" : "x\"y", nope}"#),
            [
                ("{", Punctuation),
                ("\"a\"", Name),
                (":", Punctuation),
                ("[", Punctuation),
                ("1", Number),
                (",", Punctuation),
                ("-2.5e3", Number),
                (",", Punctuation),
                ("true", Word),
                ("]", Punctuation),
                (",", Punctuation),
                ("\"b\"", Name),
                (":", Punctuation),
                (r#""x\"y""#, Text),
                (",", Punctuation),
                ("nope", Unreadable),
                ("}", Punctuation),
            ]
        );
    }

    #[test_case(r#"{"Effect":"Allow","Principal":"*"}"#, true; "bare")]
    #[test_case(r#"{"Principal":{"AWS":"*"},"Effect":"Allow"}"#, true; "under AWS, effect afterwards")]
    #[test_case(r#"{"Principal":{"AWS":["1","*"]},"Effect":"Allow"}"#, true; "in a list")]
    #[test_case(r#"{"Effect":"Allow","Principal":"*""#, true; "while it is typed")]
    #[test_case(r#"{"Effect":"Deny","Principal":"*"}"#, false; "a denial lets nobody in")]
    #[test_case(r#"{"Effect":"Allow","Principal":{"Service":"*"}}"#, false; "services")]
    #[test_case(r#"{"Effect":"Allow","Resource":"*"}"#, false; "a resource")]
    #[test_case(r#"{"Effect":"Allow","Condition":{"StringLike":{"AWS":"*"}}}"#, false; "a condition")]
    fn everyone_is_seen(text: &str, expected: bool) {
        assert_eq!(kinds(text).iter().any(|(_, kind)| *kind == TokenKind::Everyone), expected);
    }

    #[test]
    fn a_string_that_is_not_closed_ends_with_its_line() {
        assert_eq!(
            kinds("[\"ab\n1]"),
            [
                ("[", TokenKind::Punctuation),
                ("\"ab", TokenKind::Text),
                ("1", TokenKind::Number),
                ("]", TokenKind::Punctuation)
            ]
        );
    }

    #[test_case("{[]}", 0, Some((0, 3)); "after the place")]
    #[test_case("{[]}", 4, Some((3, 0)); "before the place")]
    #[test_case("{[]}", 2, Some((1, 2)); "the one before goes first")]
    #[test_case(r#"{"}"}"#, 0, Some((0, 4)); "not in strings")]
    #[test_case("{[", 0, None; "none yet")]
    #[test_case("ab", 1, None; "no bracket")]
    fn brackets_find_each_other(text: &str, at: usize, expected: Option<(usize, usize)>) {
        assert_eq!(matching_bracket(text, &tokens(text), at), expected);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_words_and_whitespace(text in "[\\PC\n\"{}\\[\\],:]{0,60}") {
            let mut at = 0;
            for token in tokens(&text) {
                proptest::prop_assert!(token.start >= at && token.end > token.start);
                proptest::prop_assert!(text[at..token.start].trim().is_empty() || text[at..token.start].chars().all(char::is_whitespace));
                at = token.end;
            }
            proptest::prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }
}
