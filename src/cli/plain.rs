//! Text of others in a terminal.

/// Names and policies may hold anything, also what a terminal obeys: control characters are spelled out.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && c != '\n' { c.escape_default().to_string() } else { c.to_string() })
        .collect()
}

/// The same on a line of its own, where a line break would look like another entry.
pub(super) fn one_line(text: &str) -> String {
    plain(text).replace('\n', "\\n")
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
