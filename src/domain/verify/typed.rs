//! Single values of expectations as they are written, in a file or in a form, and what to write where one is something
//! else.

use super::glob::Glob;
use crate::domain::cors::origin_problem;
use crate::domain::format::parse_size;
use crate::domain::spelling::nearest;

/// What a variant may be put together from.
const PLACEHOLDERS: [&str; 4] = ["stem", "ext", "name", "folder"];

/// A pattern of paths.
///
/// # Errors
/// It is none.
pub fn pattern(text: &str) -> Result<Glob, String> {
    Glob::parse(text).map_err(|problem| format!("{text:?} is no pattern: {problem}"))
}

/// A status of HTTP.
///
/// # Errors
/// There is none of this number.
pub fn status(number: u64) -> Result<u16, String> {
    let status = u16::try_from(number).ok().filter(|status| (100..600).contains(status));
    status.ok_or_else(|| "a status of HTTP lies between 100 and 599".to_owned())
}

/// Bytes, such as `500 KB`.
///
/// # Errors
/// It is no size.
pub fn size_bytes(text: &str) -> Result<u64, String> {
    parse_size(text).ok_or_else(|| "a size is a whole number and a unit, such as \"500 KB\"".to_owned())
}

/// Seconds, such as `30d`.
///
/// # Errors
/// It is no time.
pub fn age_secs(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let unit = match text[digits.len()..].trim() {
        "" | "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3_600),
        "d" => Some(86_400),
        _ => None,
    };
    let secs = unit.and_then(|unit| digits.parse::<u64>().ok()?.checked_mul(unit));
    secs.ok_or_else(|| "a time is seconds, or a text with s, m, h or d, such as \"30d\"".to_owned())
}

/// An origin whose pages may read a file.
///
/// # Errors
/// No browser would name it.
pub fn origin(text: &str) -> Result<String, String> {
    origin_problem(text).map_or_else(|| Ok(text.to_owned()), Err)
}

/// Another file that must be there, such as `{stem}.webp`.
///
/// # Errors
/// It cannot be put together.
pub fn variant(text: &str) -> Result<String, String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or("a { has no }")?;
        if !PLACEHOLDERS.contains(&name) {
            let known = "{stem}, {ext}, {name} and {folder} are known";
            let near = nearest(name, &PLACEHOLDERS).map(|near| format!(". Did you mean {{{near}}}?"));
            return Err(format!("there is no {{{name}}}; {known}{}", near.unwrap_or_default()));
        }
        rest = after;
    }
    if text.is_empty() { Err("an empty name is no file".to_owned()) } else { Ok(text.to_owned()) }
}
