//! URLs ready to paste.

/// How URLs are written to the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Style {
    /// One to a line.
    #[default]
    Plain,
    /// `![alt](url)`.
    Markdown,
    /// `<img src="url" alt="alt">`.
    Html,
}

impl Style {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Plain, Self::Markdown, Self::Html];

    /// The word in the menu.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Plain => "URL",
            Self::Markdown => "Markdown",
            Self::Html => "HTML",
        }
    }
}

/// What one file gives to a snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item<'a> {
    /// Encoded already.
    pub url: &'a str,
    /// The key or file name, from which the alternative text is made.
    pub name: &'a str,
    /// Pictures are embedded, other files are linked.
    pub is_image: bool,
}

/// One file.
#[must_use]
pub fn one(style: Style, item: &Item<'_>) -> String {
    let alt = alt_text(item.name);
    match (style, item.is_image) {
        (Style::Plain, _) => item.url.to_owned(),
        (Style::Markdown, image) => {
            let bang = if image { "!" } else { "" };
            // Brackets would end the address.
            let url = item.url.replace('(', "%28").replace(')', "%29");
            format!("{bang}[{}]({url})", escape_markdown(&alt))
        }
        (Style::Html, true) => format!("<img src=\"{}\" alt=\"{}\">", escape_html(item.url), escape_html(&alt)),
        (Style::Html, false) => format!("<a href=\"{}\">{}</a>", escape_html(item.url), escape_html(&alt)),
    }
}

/// Many files, one to a line, without a line break at the end.
#[must_use]
pub fn many(style: Style, items: &[Item<'_>]) -> String {
    items.iter().map(|item| one(style, item)).collect::<Vec<_>>().join("\n")
}

/// `photos/lake-morning_2.jpg` → `lake morning 2`.
fn alt_text(name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    let stem = super::key_template::split_name(name).0;
    let words: Vec<_> =
        stem.split(|c: char| c == '-' || c == '_' || c.is_whitespace()).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '[' | ']' | '*' | '`' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(Style::Plain, true, "https://h/a%20b.jpg"; "plain")]
    #[test_case(Style::Markdown, true, "![lake morning 2](https://h/a%20b.jpg)"; "markdown")]
    #[test_case(Style::Html, true, "<img src=\"https://h/a%20b.jpg\" alt=\"lake morning 2\">"; "html")]
    #[test_case(Style::Markdown, false, "[lake morning 2](https://h/a%20b.jpg)"; "markdown of a file")]
    #[test_case(Style::Html, false, "<a href=\"https://h/a%20b.jpg\">lake morning 2</a>"; "html of a file")]
    fn snippets(style: Style, is_image: bool, expected: &str) {
        let item = Item { url: "https://h/a%20b.jpg", name: "photos/lake-morning_2.jpg", is_image };
        assert_eq!(one(style, &item), expected);
    }

    #[test]
    fn nothing_breaks_out() {
        let item = Item { url: "https://h/a?x=1&y=\"(2)", name: "a\"<b>]*", is_image: true };
        assert_eq!(one(Style::Html, &item), "<img src=\"https://h/a?x=1&amp;y=&quot;(2)\" alt=\"a&quot;&lt;b&gt;]*\">");
        assert_eq!(one(Style::Markdown, &item), "![a\"\\<b\\>\\]\\*](https://h/a?x=1&y=\"%282%29)");
        assert_eq!(many(Style::Plain, &[item, item]).lines().count(), 2);
    }
}
