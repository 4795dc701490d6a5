//! Patterns with `*` (any run of characters, also none) and `?` (exactly one character).
//!
//! Matching looks back only to the latest star, so its cost is bounded by pattern length times
//! text length whatever the pattern holds.

/// One element of a compiled pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// Exactly this character.
    Literal(char),
    /// `?`
    One,
    /// `*`
    Run,
}

/// Reads every `*` and `?` of the pattern as a wildcard.
pub(super) fn compile(pattern: &str) -> Vec<Token> {
    pattern
        .chars()
        .map(|c| match c {
            '*' => Token::Run,
            '?' => Token::One,
            c => Token::Literal(c),
        })
        .collect()
}

/// Whether the compiled pattern covers the whole text, case-sensitively.
pub(super) fn matches_tokens(pattern: &[Token], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while let Some(&character) = text.get(t) {
        match pattern.get(p) {
            Some(Token::Run) => {
                retry = Some((p, t));
                p += 1;
            }
            Some(Token::One) => {
                p += 1;
                t += 1;
            }
            Some(Token::Literal(c)) if *c == character => {
                p += 1;
                t += 1;
            }
            _ => {
                // The latest star takes one character more; earlier stars need no second try.
                let Some((star, from)) = retry else {
                    return false;
                };
                retry = Some((star, from + 1));
                p = star + 1;
                t = from + 1;
            }
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|token| *token == Token::Run)
}

/// Whether `pattern` covers the whole of `text`, case-sensitively.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    matches_tokens(&compile(pattern), text)
}

/// Whether `pattern` covers the whole of `text`, without regard to the case of ASCII letters.
#[must_use]
pub(super) fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    matches(&pattern.to_ascii_lowercase(), &text.to_ascii_lowercase())
}

/// Whether the text holds a wildcard character.
#[must_use]
pub fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// What stands in a pattern before the first wildcard or variable.
#[must_use]
pub fn literal_prefix(pattern: &str) -> &str {
    let end = pattern.find(['*', '?']).unwrap_or(pattern.len());
    let end = pattern.find("${").map_or(end, |variable| variable.min(end));
    &pattern[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use test_case::test_case;

    fn naive(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, rest) => rest.is_none(),
            (Some(('*', more)), _) => (0..=text.len()).any(|skip| naive(more, &text[skip..])),
            (Some(('?', more)), Some((_, rest))) => naive(more, rest),
            (Some((c, more)), Some((d, rest))) => c == d && naive(more, rest),
            (Some(_), None) => false,
        }
    }

    #[test_case("", "", true; "both empty")]
    #[test_case("*", "", true; "star takes nothing")]
    #[test_case("?", "", false; "question mark needs one")]
    #[test_case("a*c", "abbbc", true; "star in the middle")]
    #[test_case("b/*", "b/x/y/z", true; "star spans slashes")]
    #[test_case("b/Public/*", "b/public/a", false; "case matters")]
    #[test_case("*.jpg", "a.jpg.png", false; "must reach the end")]
    #[test_case("?", "é", true; "question mark is a character, not a byte")]
    fn table(pattern: &str, text: &str, expected: bool) {
        assert_eq!(matches(pattern, text), expected);
    }

    #[test]
    fn many_stars_stay_cheap() {
        let pattern = format!("{}b", "a*".repeat(3_000));
        let text = "a".repeat(6_000);
        let start = std::time::Instant::now();
        assert!(!matches(&pattern, &text));
        assert!(start.elapsed() < std::time::Duration::from_secs(5));
    }

    proptest! {
        #[test]
        fn agrees_with_the_naive_reference(pattern in "[ab*?]{0,8}", text in "[ab]{0,10}") {
            let p: Vec<char> = pattern.chars().collect();
            let t: Vec<char> = text.chars().collect();
            prop_assert_eq!(matches(&pattern, &text), naive(&p, &t));
        }
    }

    #[test_case("photos/*", "photos/"; "a folder")]
    #[test_case("*", ""; "everything")]
    #[test_case("a.jpg", "a.jpg"; "one file")]
    #[test_case("home/${aws:username}/*", "home/"; "a variable")]
    fn the_prefix_ends_where_it_varies(pattern: &str, expected: &str) {
        assert_eq!(literal_prefix(pattern), expected);
    }
}
