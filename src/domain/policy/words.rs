//! Sentences whose words know how they are to be set.

use std::fmt;

/// How a run of words stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Like the rest.
    Plain,
    /// What a person looks for first: view, upload, delete …
    Strong,
    /// Taken over letter by letter: keys, ARNs, names of S3.
    Mono,
}

/// A run of words of one style.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Part {
    /// The words, with the spaces around them.
    pub text: String,
    /// How they are set.
    pub style: Style,
}

/// A sentence, or a piece of one, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Words(Vec<Part>);

impl Words {
    /// Words without emphasis.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self::default().with(text, Style::Plain)
    }

    /// Words taken over letter by letter.
    #[must_use]
    pub fn mono(text: impl Into<String>) -> Self {
        Self::default().with(text, Style::Mono)
    }

    /// Words that are read first.
    #[must_use]
    pub fn strong(text: impl Into<String>) -> Self {
        Self::default().with(text, Style::Strong)
    }

    /// These words, and then more of a style.
    #[must_use]
    pub fn with(mut self, text: impl Into<String>, style: Style) -> Self {
        self.push(Part { text: text.into(), style });
        self
    }

    /// These words, and then plain ones.
    #[must_use]
    pub fn then(self, text: impl Into<String>) -> Self {
        self.with(text, Style::Plain)
    }

    /// These words, and then those.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        for part in more.0 {
            self.push(part);
        }
        self
    }

    fn push(&mut self, part: Part) {
        if part.text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.style == part.style => last.text.push_str(&part.text),
            _ => self.0.push(part),
        }
    }

    /// The runs, in order; neighbours differ in style.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same words with a capital letter in front. What is taken over letter by letter stays.
    #[must_use]
    pub fn capital(mut self) -> Self {
        if let Some(first) = self.0.first_mut()
            && first.style != Style::Mono
        {
            let mut chars = first.text.chars();
            first.text = chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect());
        }
        self
    }

    /// "a", "a and b", "a, b and c".
    #[must_use]
    pub fn list(items: impl IntoIterator<Item = Self>, join: &str) -> Self {
        let items: Vec<Self> = items.into_iter().collect();
        let last = items.len().saturating_sub(1);
        let mut out = Self::default();
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                out = if index == last { out.then(format!(" {join} ")) } else { out.then(", ") };
            }
            out = out.and(item);
        }
        out
    }
}

impl fmt::Display for Words {
    /// The words without their styles.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| f.write_str(&part.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_one_style_become_one() {
        let words = Words::plain("a ").then("b ").and(Words::mono("c")).then("");
        assert_eq!(words.parts().len(), 2);
        assert_eq!(words.to_string(), "a b c");
    }

    #[test]
    fn lists_read_well() {
        let list = |n: usize| Words::list(["a", "b", "c"].into_iter().take(n).map(Words::plain), "or").to_string();
        assert_eq!([list(0), list(1), list(2), list(3)], ["", "a", "a or b", "a, b or c"]);
    }

    #[test]
    fn keys_keep_their_letters() {
        assert_eq!(Words::plain("anyone").capital().to_string(), "Anyone");
        assert_eq!(Words::mono("photos/").capital().to_string(), "photos/");
    }
}
