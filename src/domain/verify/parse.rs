//! Reading expectations from TOML, with every mistake named by its line and key.

mod values;

use std::fmt;
use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, de};

use self::values::Reader;
use super::expect::{Expectations, Rule};
use crate::domain::spelling::nearest;

/// Keys of a rule, as they are written.
const KEYS: [&str; 22] = [
    "name",
    "match",
    "except",
    "severity",
    "access",
    "status",
    "https",
    "content_type",
    "content_type_matches_bytes",
    "decodes",
    "width",
    "height",
    "bytes",
    "aspect",
    "aspect_tolerance",
    "cache_control",
    "cors",
    "key",
    "key_characters",
    "variants",
    "unique_content",
    "description",
];

/// A mistake in a file of expectations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    /// Which key, e.g. `width.min`; empty where it is about the file.
    pub key: String,
    /// What is the matter, and what to write.
    pub sentence: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, key, sentence } = self;
        if key.is_empty() { write!(f, "line {line}: {sentence}") } else { write!(f, "line {line}, {key}: {sentence}") }
    }
}

/// All mistakes of a file, in the order of its lines; never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for Problems {}

/// Reads expectations.
///
/// # Errors
/// Every mistake that was found; a text that is no TOML has only one.
pub fn parse(text: &str) -> Result<Expectations, Problems> {
    let document = DeTable::parse(text).map_err(|error| Problems(vec![no_toml(text, &error)]))?;
    let mut reader = Reader::new(text);
    let rules = rules(document.get_ref(), &mut reader);
    let mut problems = reader.problems;
    if rules.is_empty() && problems.is_empty() {
        let sentence = "nothing is expected. Begin with a line [[rule]] and what holds below it".to_owned();
        problems.push(Problem { line: 1, key: String::new(), sentence });
    }
    if problems.is_empty() {
        return Ok(Expectations { rules });
    }
    problems.sort_by_key(|problem| problem.line);
    Err(Problems(problems))
}

fn no_toml(text: &str, error: &de::Error) -> Problem {
    let line = line_of(text, error.span().map_or(0, |span| span.start));
    Problem { line, key: String::new(), sentence: error.message().replace('\n', "; ") }
}

/// The line of a byte, counted from 1.
fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

fn rules(document: &DeTable<'_>, reader: &mut Reader<'_>) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (key, value) in document {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("rule", DeValue::Array(tables)) => {
                for table in tables {
                    let number = rules.len() + 1;
                    match table.get_ref() {
                        DeValue::Table(found) => rules.push(rule(number, table.span(), found, reader)),
                        _ => reader.say(table.span(), "rule", "a rule is a table: write [[rule]]"),
                    }
                }
            }
            ("rule", _) => reader.say(key.span(), "rule", "rules are a list: write [[rule]] instead of [rule]"),
            (other, _) => {
                let about_rule = KEYS.contains(&other) || nearest(other, &KEYS).is_some();
                let sentence =
                    if about_rule { "write it below a line [[rule]]" } else { "only [[rule]] is known here" };
                reader.say(key.span(), other, sentence);
            }
        }
    }
    rules
}

fn rule(number: usize, at: Range<usize>, table: &DeTable<'_>, reader: &mut Reader<'_>) -> Rule {
    let mut rule = Rule::default();
    for (key, value) in table {
        one_key(&mut rule, key, value, reader);
    }
    if rule.matches.is_empty() && !table.iter().any(|(key, _)| key.get_ref().as_ref() == "match") {
        rule.matches.extend(super::Glob::parse("**"));
    }
    if rule.name.is_empty() {
        let patterns: Vec<&str> = rule.matches.iter().map(super::Glob::as_str).collect();
        rule.name = if patterns.is_empty() { format!("rule {number}") } else { patterns.join(", ") };
    }
    let expects =
        |key: &str| !matches!(key, "name" | "match" | "except" | "severity" | "aspect_tolerance" | "description");
    if !table.iter().any(|(key, _)| expects(key.get_ref())) {
        reader.say(at, "rule", "nothing is expected in it, such as access = \"public\"");
    }
    rule
}

fn one_key(
    rule: &mut Rule,
    key: &Spanned<std::borrow::Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
    reader: &mut Reader<'_>,
) {
    let name = key.get_ref().as_ref();
    match name {
        "name" => rule.name = reader.text(name, value).unwrap_or_default(),
        // For whoever reads the file.
        "description" => drop(reader.text(name, value)),
        "match" => rule.matches = reader.globs(name, value),
        "except" => rule.except = reader.globs(name, value),
        "severity" => rule.severity = reader.severity(name, value).unwrap_or(rule.severity),
        "access" => rule.access = reader.access(name, value),
        "status" => rule.status = reader.statuses(name, value),
        "https" => rule.https = reader.yes(name, value),
        "content_type" => rule.content_type = reader.content_types(name, value),
        "content_type_matches_bytes" => rule.matches_bytes = reader.yes(name, value),
        "decodes" => rule.decodes = reader.yes(name, value),
        "width" => rule.width = reader.bounds(name, value, false),
        "height" => rule.height = reader.bounds(name, value, false),
        "bytes" => rule.bytes = reader.bounds(name, value, true),
        "aspect" => rule.aspect = reader.aspects(name, value),
        "aspect_tolerance" => rule.aspect_tolerance = reader.percent(name, value).unwrap_or(rule.aspect_tolerance),
        "cache_control" => (rule.max_age_secs, rule.cache_control) = reader.cache_control(name, value),
        "cors" => rule.cors = reader.origins(name, value),
        "key" => rule.key = reader.globs(name, value),
        "key_characters" => rule.key_characters = reader.characters(name, value),
        "variants" => rule.variants = reader.variants(name, value),
        "unique_content" => rule.unique = reader.yes(name, value),
        other => {
            let meant = nearest(other, &KEYS).map(|near| format!(". Did you mean {near}?"));
            reader.say(key.span(), other, &format!("there is no such key{}", meant.unwrap_or_default()));
        }
    }
}
