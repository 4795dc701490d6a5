//! Words for a POSIX shell.

/// One word, in quotes where it has to be.
#[must_use]
pub fn quote(word: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | ',' | '@' | '+' | '%');
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("photos/a.jpg", "photos/a.jpg"; "plain")]
    #[test_case("", "''"; "nothing")]
    #[test_case("a b", "'a b'"; "a blank")]
    #[test_case("it's", r"'it'\''s'"; "a quote")]
    #[test_case("$(rm -rf ~)", "'$(rm -rf ~)'"; "what a shell obeys")]
    fn words_stay_words(word: &str, quoted: &str) {
        assert_eq!(quote(word), quoted);
    }
}
