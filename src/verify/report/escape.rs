//! Text of others inside HTML and XML.

use std::fmt::{self, Display, Write as _};

/// Writes a text so that it stays one, in elements and in quoted attributes alike. What XML 1.0 cannot hold (section 2.2) is
/// replaced.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // Line ends in attributes would come back as blanks.
                '\n' => f.write_str("&#10;")?,
                '\r' => f.write_str("&#13;")?,
                '\t' => f.write_str("&#9;")?,
                letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                    f.write_char('\u{fffd}')?;
                }
                letter => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("a b é 日", "a b é 日"; "letters")]
    #[test_case("<img src=x onerror='alert(1)'>", "&lt;img src=x onerror=&#39;alert(1)&#39;&gt;"; "markup")]
    #[test_case("\"&amp;\"", "&quot;&amp;amp;&quot;"; "what is escaped already")]
    #[test_case("a\u{1}\u{1b}b\n", "a\u{fffd}\u{fffd}b&#10;"; "control characters")]
    fn stays_text(text: &str, escaped: &str) {
        assert_eq!(Escaped(text).to_string(), escaped);
    }
}
