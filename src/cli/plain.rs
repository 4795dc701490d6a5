//! Text of others in a terminal.

use std::borrow::Cow;

/// Names and policies may hold anything, also what a terminal obeys: control characters are spelled out.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    spelled(text, |c| c.is_control() && c != '\n')
}

/// The same on a line of its own, where a line break would look like another entry.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    spelled(text, char::is_control)
}

/// Most text holds nothing to spell out.
fn spelled(text: &str, is_odd: fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(is_odd) {
        return Cow::Borrowed(text);
    }
    let one = |c: char| if is_odd(c) { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("日本 a.png", "日本 a.png"; "letters")]
    #[test_case("a\u{1b}[2Jb\r", "a\\u{1b}[2Jb\\r"; "what a terminal obeys")]
    #[test_case("a\nb", "a\\nb"; "a line break")]
    fn names_are_shown_on_one_line(name: &str, shown: &str) {
        assert_eq!(one_line(name), shown);
    }
}
