//! Keys of objects: what is legal, what causes trouble elsewhere, how they stand in a URL and on a disk.
//!
//! Facts as in the Amazon S3 User Guide, "Naming Amazon S3 objects", and RFC 3986.

use std::path::PathBuf;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Longest key, in bytes of UTF-8.
pub const MAX_BYTES: usize = 1024;

/// Everything but RFC 3986 "unreserved" is encoded inside a segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The store takes it; something else may stumble.
    Warning,
    /// The store refuses it.
    Error,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyRule {
    /// No key at all.
    Empty,
    /// More than 1,024 bytes.
    TooLong,
    /// Control characters cannot stand in the XML of a listing.
    ControlCharacters,
    /// Characters that have to be encoded in a URL, and often are not.
    NeedsEncoding,
    /// Characters that Amazon advises against.
    Avoid,
    /// A part that is `.` or `..`.
    DotSegments,
    /// Ends in `/`: stands for a folder.
    FolderMarker,
    /// Ends in a dot.
    TrailingDot,
    /// Starts with `/` or holds `//`.
    EmptySegments,
    /// `soap` is not reachable at `https://bucket.host/soap`.
    Soap,
    /// A part that Windows cannot use as a file name.
    WindowsName,
}

/// Something to say about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFinding {
    /// What it is about.
    pub rule: KeyRule,
    /// Whether the store refuses the key.
    pub severity: Severity,
    /// What is the matter, one plain sentence without full stop.
    pub sentence: String,
}

/// Everything to say about a key, refusals first. Empty for keys of letters, digits and `! - _ . * ' ( ) /`, and for
/// printable characters of other scripts.
#[must_use]
pub fn check(key: &str) -> Vec<KeyFinding> {
    let mut found = Vec::new();
    let mut say = |rule, severity, sentence: String| found.push(KeyFinding { rule, severity, sentence });
    if key.is_empty() {
        say(KeyRule::Empty, Severity::Error, "A name is needed".into());
    }
    if key.len() > MAX_BYTES {
        let over = key.len() - MAX_BYTES;
        say(KeyRule::TooLong, Severity::Error, format!("{over} bytes too long: a key has at most 1,024"));
    }
    let mut warn = |rule, sentence: String| say(rule, Severity::Warning, sentence);
    if key.chars().any(|c| c.is_ascii_control()) {
        warn(KeyRule::ControlCharacters, "Holds control characters, which break some lists of files".into());
    }
    let needs = distinct(key, |c| matches!(c, '&' | '$' | '@' | '=' | ';' | ':' | '+' | ' ' | ',' | '?'));
    if !needs.is_empty() {
        warn(KeyRule::NeedsEncoding, format!("Must be encoded in a URL: {needs}"));
    }
    let avoid = distinct(key, |c| {
        matches!(c, '\\' | '{' | '}' | '^' | '%' | '`' | '[' | ']' | '"' | '<' | '>' | '#' | '~' | '|')
            || ('\u{80}'..='\u{9f}').contains(&c)
    });
    if !avoid.is_empty() {
        warn(KeyRule::Avoid, format!("Many programs trip over: {avoid}"));
    }
    if key.split('/').any(|part| part == "." || part == "..") {
        warn(KeyRule::DotSegments, "Browsers resolve . and .. in an address, and then ask for another file".into());
    }
    if key.ends_with('/') {
        warn(KeyRule::FolderMarker, "Ends in a slash, so it shows as a folder".into());
    }
    if key.ends_with('.') {
        warn(KeyRule::TrailingDot, "Ends in a dot, which the AWS console drops on download".into());
    }
    if key.starts_with('/') || key.contains("//") {
        warn(KeyRule::EmptySegments, "Has a folder without a name, which many programs cannot open".into());
    }
    if key == "soap" {
        warn(KeyRule::Soap, "A file named soap opens only at its path-style address".into());
    }
    if key.split('/').any(is_troublesome_on_windows) {
        warn(KeyRule::WindowsName, "Windows cannot save a file under this name".into());
    }
    found
}

/// The key as the path of a URL, without the slash in front. Slashes stay, everything but `A-Za-z0-9-._~` is
/// percent-encoded, once; nothing is collapsed.
#[must_use]
pub fn encode_path(key: &str) -> String {
    utf8_percent_encode(key, PATH).to_string()
}

/// One value for a query string or a single segment: also slashes are encoded.
#[must_use]
pub fn encode_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// The key that a URL's path stands for; a `+` is a plus. `None` where the bytes are not UTF-8.
#[must_use]
pub fn decode_path(path: &str) -> Option<String> {
    percent_decode_str(path).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// Where a downloaded object may lie below a chosen folder: always relative, never upwards, and with names that
/// every system can hold. Different keys may get the same path; whoever saves must look.
#[must_use]
pub fn local_path(key: &str) -> PathBuf {
    let key = key.strip_suffix('/').unwrap_or(key);
    key.split('/').map(local_name).collect()
}

/// One part of a key as a file name that Windows, macOS and Linux can hold.
#[must_use]
pub fn local_name(part: &str) -> String {
    const LONGEST: usize = 200;
    let mut name: String = part.chars().map(|c| if is_forbidden_in_file_name(c) { '_' } else { c }).collect();
    let kept = name.trim_end_matches(['.', ' ']).len();
    let tail = "_".repeat(name.len() - kept);
    name.replace_range(kept.., &tail);
    if name.is_empty() {
        name.push('_');
    }
    if is_reserved_on_windows(&name) {
        name.insert(0, '_');
    }
    if name.len() > LONGEST {
        let ending = match name.rfind('.') {
            Some(at) if name.len() - at <= 16 => name.split_off(at),
            _ => String::new(),
        };
        let mut cut = LONGEST - ending.len();
        while !name.is_char_boundary(cut) {
            cut -= 1;
        }
        name.truncate(cut);
        name.push_str(&ending);
    }
    name
}

fn distinct(key: &str, wanted: impl Fn(char) -> bool) -> String {
    let mut seen: Vec<char> = Vec::new();
    for c in key.chars().filter(|c| wanted(*c)) {
        if !seen.contains(&c) {
            seen.push(c);
        }
    }
    let show = |c: &char| match c {
        ' ' => "space".to_owned(),
        c if c.is_control() => format!("U+{:04X}", u32::from(*c)),
        c => c.to_string(),
    };
    seen.iter().map(show).collect::<Vec<_>>().join(" ")
}

fn is_forbidden_in_file_name(c: char) -> bool {
    matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*') || c.is_control()
}

fn is_troublesome_on_windows(part: &str) -> bool {
    !matches!(part, "" | "." | "..")
        && (is_reserved_on_windows(part) || part.ends_with(['.', ' ']) || part.contains(':'))
}

/// Device names, with any extension (Microsoft, "Naming Files, Paths, and Namespaces").
fn is_reserved_on_windows(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end();
    if ["con", "prn", "aux", "nul"].iter().any(|n| stem.eq_ignore_ascii_case(n)) {
        return true;
    }
    let mut chars = stem.chars();
    let digit = chars.next_back();
    let word = chars.as_str();
    matches!(digit, Some('1'..='9' | '¹' | '²' | '³'))
        && (word.eq_ignore_ascii_case("com") || word.eq_ignore_ascii_case("lpt"))
}

#[cfg(test)]
mod tests;
