//! Turning any text into the small alphabet that names on the web are safe in.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Writes text with ASCII letters as far as that is possible: accents fall off (`é` → `e`), a few letters are
/// spelled out (`ß` → `ss`), compatibility forms become plain ones (`①` → `1`). What has no such form stays.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' | 'ẞ' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            'þ' | 'Þ' => folded.push_str("th"),
            'ı' => folded.push('i'),
            _ => folded.push(c),
        }
    }
    folded
}

/// Lower-case ASCII letters, digits and single hyphens between them; everything else becomes a hyphen.
/// Empty when nothing of the text could be kept.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in fold(text).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if c != '\'' && c != '’' && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("Mug Lagoon (02)", "mug-lagoon-02"; "spaces and brackets")]
    #[test_case("Café Größe", "cafe-grosse"; "accents and sharp s")]
    #[test_case("  --a__b--  ", "a-b"; "runs become one hyphen")]
    #[test_case("Anna's", "annas"; "apostrophes vanish")]
    #[test_case("日本", ""; "nothing left")]
    #[test_case("①ﬁ", "1fi"; "compatibility forms")]
    fn slugs(text: &str, expected: &str) {
        assert_eq!(slug(text), expected);
    }
}
