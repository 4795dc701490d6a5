//! Patterns for the names that uploaded files get, like `{clean}.{type}` or `{year}/{month}/{uuid}.{type}`.

use jiff::civil::DateTime;
use uuid::Uuid;

use super::ascii;
use super::object_key::MAX_BYTES;

/// What new buckets begin with: the name made safe for the web, with the extension that fits the bytes.
pub const DEFAULT: &str = "{clean}.{type}";

/// A part of a pattern that differs from file to file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Token {
    /// The file's name as it is, without extension.
    Name,
    /// The name made safe for the web.
    Clean,
    /// The extension it is named with, in lower case.
    Ext,
    /// The extension that fits its bytes.
    Type,
    /// The folders it was dropped with.
    Folder,
    /// A name nobody else has.
    Uuid,
    /// `20260314-094107`.
    Timestamp,
    /// `2026-03-14`.
    Date,
    /// `2026`.
    Year,
    /// `03`.
    Month,
    /// `14`.
    Day,
    /// Who uploads.
    User,
    /// 1, 2, 3 … with at least this many digits.
    Counter {
        /// `{counter:4}` gives `0001`.
        digits: u8,
    },
}

impl Token {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 13] = [
        Self::Clean,
        Self::Name,
        Self::Type,
        Self::Ext,
        Self::Folder,
        Self::Year,
        Self::Month,
        Self::Day,
        Self::Date,
        Self::Timestamp,
        Self::Uuid,
        Self::User,
        Self::Counter { digits: 1 },
    ];

    /// As it stands between braces, without digits.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Clean => "clean",
            Self::Ext => "ext",
            Self::Type => "type",
            Self::Folder => "folder",
            Self::Uuid => "uuid",
            Self::Timestamp => "timestamp",
            Self::Date => "date",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::User => "user",
            Self::Counter { .. } => "counter",
        }
    }

    /// As it stands on screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Clean => "clean name",
            Self::Ext => "extension",
            Self::Type => "type",
            Self::Folder => "folder",
            Self::Uuid => "random ID",
            Self::Timestamp => "date and time",
            Self::Date => "date",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::User => "user",
            Self::Counter { .. } => "counter",
        }
    }
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Counter { digits } if *digits > 1 => write!(f, "{{counter:{digits}}}"),
            token => write!(f, "{{{}}}", token.id()),
        }
    }
}

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The same for every file.
    Text(String),
    /// Differs.
    Token(Token),
}

/// A pattern that has been understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

/// What is wrong with a pattern, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct TemplateError {
    /// Byte offset into the text.
    pub at: usize,
    /// What.
    pub kind: TemplateErrorKind,
}

/// What is wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateErrorKind {
    /// Nothing there.
    #[error("Choose at least one part")]
    Empty,
    /// `{` without its end.
    #[error("This {{ has no closing }}")]
    Unclosed,
    /// `}` without its start.
    #[error("This }} has no opening {{")]
    Unopened,
    /// Not in the list.
    #[error("There is no part named {{{name}}}")]
    UnknownToken {
        /// What stands between the braces.
        name: String,
    },
    /// `{counter:x}`, or digits where there are none to choose.
    #[error("Digits go from 1 to 9, as in {{counter:4}}")]
    BadDigits,
    /// Every file would get the same name.
    #[error("Every file would get the same name; add {{clean}}, {{name}}, {{uuid}} or {{counter}}")]
    SameForAll,
}

/// What one file gives to its name.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The file's own name, with extension, without folders.
    pub name: &'a str,
    /// The folders it was dropped with, split by `/`; may be empty.
    pub folder: &'a str,
    /// The extension that fits its bytes, without dot; may be empty.
    pub type_extension: &'a str,
    /// The moment of the upload, where the person is.
    pub now: DateTime,
    /// For `{uuid}`.
    pub uuid: Uuid,
    /// For `{user}`.
    pub user: &'a str,
    /// For `{counter}`.
    pub counter: u64,
}

impl Default for Template {
    fn default() -> Self {
        let parts = vec![Part::Token(Token::Clean), Part::Text(".".into()), Part::Token(Token::Type)];
        Self { parts }
    }
}

impl std::fmt::Display for Template {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Token(token) => token.fmt(f),
        })
    }
}

impl std::str::FromStr for Template {
    type Err = TemplateError;

    fn from_str(text: &str) -> Result<Self, TemplateError> {
        Self::parse(text)
    }
}

impl Template {
    /// Understands a pattern.
    ///
    /// # Errors
    /// With the place of the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let fail = |at, kind| Err(TemplateError { at, kind });
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
            let literal = rest.find(['{', '}']).unwrap_or(rest.len());
            if literal > 0 {
                parts.push(Part::Text(rest[..literal].to_owned()));
                at += literal;
            } else if rest.starts_with('}') {
                return fail(at, TemplateErrorKind::Unopened);
            } else {
                let Some(end) = rest.find('}').filter(|end| !rest[1..*end].contains('{')) else {
                    return fail(at, TemplateErrorKind::Unclosed);
                };
                match parse_token(&rest[1..end]) {
                    Ok(token) => parts.push(Part::Token(token)),
                    Err(kind) => return fail(at, kind),
                }
                at += end + 1;
            }
        }
        if parts.is_empty() {
            return fail(0, TemplateErrorKind::Empty);
        }
        let template = Self { parts };
        if template.tells_files_apart() { Ok(template) } else { fail(0, TemplateErrorKind::SameForAll) }
    }

    /// Its pieces, in order.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether a token occurs (a counter with any digits).
    #[must_use]
    pub fn uses(&self, token: Token) -> bool {
        self.parts.iter().any(|p| matches!(p, Part::Token(t) if t.id() == token.id()))
    }

    /// The key for one file. Always legal: not empty, at most `room` bytes (of 1,024 less the folder it goes to), no
    /// control characters, no empty, `.` or `..` segments. The extension survives cutting.
    #[must_use]
    pub fn render(&self, inputs: &Inputs<'_>, room: usize) -> String {
        let mut key = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => key.push_str(text),
                Part::Token(token) => {
                    let value = value(*token, inputs);
                    // A file without extension needs no dot before it.
                    if value.is_empty() && matches!(token, Token::Ext | Token::Type) && key.ends_with('.') {
                        key.pop();
                    }
                    key.push_str(&value);
                }
            }
        }
        legal(&key, room.min(MAX_BYTES))
    }

    fn tells_files_apart(&self) -> bool {
        [Token::Name, Token::Clean, Token::Uuid, Token::Counter { digits: 1 }].iter().any(|t| self.uses(*t))
    }
}

/// Name and extension of a file; a leading dot belongs to the name.
#[must_use]
pub fn split_name(name: &str) -> (&str, &str) {
    match super::media_type::extension_of(name) {
        Some(_) => name.rsplit_once('.').unwrap_or((name, "")),
        None => (name, ""),
    }
}

/// The name made safe for the web, without extension; never empty.
#[must_use]
pub fn clean_stem(name: &str) -> String {
    let slug = ascii::slug(split_name(name).0);
    if slug.is_empty() { "file".into() } else { slug }
}

/// Each folder made safe for the web; folders of which nothing is left fall away.
#[must_use]
pub fn clean_folder(folder: &str) -> String {
    folder.split('/').map(ascii::slug).filter(|s| !s.is_empty()).collect::<Vec<_>>().join("/")
}

/// Puts `-2`, `-3` … before the extension, within `room` bytes.
#[must_use]
pub fn numbered(key: &str, number: u64, room: usize) -> String {
    let (folder, name) = key.rfind('/').map_or(("", key), |at| key.split_at(at + 1));
    let (stem, extension) = split_name(name);
    let dot = if extension.is_empty() { "" } else { "." };
    let tail = format!("-{number}{dot}{extension}");
    let stem = cut(stem, room.saturating_sub(folder.len() + tail.len()));
    format!("{folder}{stem}{tail}")
}

fn parse_token(text: &str) -> Result<Token, TemplateErrorKind> {
    let (id, digits) = text.split_once(':').map_or((text, None), |(id, d)| (id, Some(d)));
    let token = Token::ALL.into_iter().find(|t| t.id() == id.trim().to_ascii_lowercase());
    match (token, digits) {
        (None, _) => Err(TemplateErrorKind::UnknownToken { name: text.to_owned() }),
        (Some(Token::Counter { .. }), Some(digits)) => match digits.parse() {
            Ok(digits @ 1..=9) => Ok(Token::Counter { digits }),
            _ => Err(TemplateErrorKind::BadDigits),
        },
        (Some(_), Some(_)) => Err(TemplateErrorKind::BadDigits),
        (Some(token), None) => Ok(token),
    }
}

fn value(token: Token, inputs: &Inputs<'_>) -> String {
    let now = inputs.now;
    match token {
        Token::Name => split_name(inputs.name).0.replace('/', "-"),
        Token::Clean => clean_stem(inputs.name),
        Token::Ext => split_name(inputs.name).1.to_lowercase(),
        Token::Type => inputs.type_extension.to_owned(),
        Token::Folder => clean_folder(inputs.folder),
        Token::Uuid => inputs.uuid.to_string(),
        Token::Timestamp => format!(
            "{:04}{:02}{:02}-{:02}{:02}{:02}",
            now.year(),
            now.month(),
            now.day(),
            now.hour(),
            now.minute(),
            now.second()
        ),
        Token::Date => format!("{:04}-{:02}-{:02}", now.year(), now.month(), now.day()),
        Token::Year => format!("{:04}", now.year()),
        Token::Month => format!("{:02}", now.month()),
        Token::Day => format!("{:02}", now.day()),
        Token::User => {
            let user = ascii::slug(inputs.user);
            if user.is_empty() { "someone".into() } else { user }
        }
        Token::Counter { digits } => format!("{:0width$}", inputs.counter, width = usize::from(digits)),
    }
}

fn legal(key: &str, room: usize) -> String {
    let printable: String = key.chars().map(|c| if c.is_control() { '-' } else { c }).collect();
    let segments =
        printable.split('/').filter(|s| !s.is_empty()).map(|s| if matches!(s, "." | "..") { "-" } else { s });
    let key = segments.collect::<Vec<_>>().join("/");
    if key.is_empty() {
        return "file".into();
    }
    if key.len() <= room {
        return key;
    }
    let name_at = key.rfind('/').map_or(0, |at| at + 1);
    let extension = split_name(&key[name_at..]).1;
    let ending =
        if extension.is_empty() || extension.len() + 2 > room { String::new() } else { format!(".{extension}") };
    let kept = cut(&key, room - ending.len()).trim_end_matches(['/', '.']);
    format!("{kept}{ending}")
}

fn cut(text: &str, room: usize) -> &str {
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests;
