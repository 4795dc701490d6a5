//! The values of keys: what each may be, and what to write where it is something else.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Problem, line_of};
use crate::domain::spelling::nearest;
use crate::domain::verify::aspect::Aspect;
use crate::domain::verify::expect::{Access, Bounds};
use crate::domain::verify::glob::{CharSet, Glob};
use crate::domain::verify::report::Severity;
use crate::domain::verify::typed;

type Value<'a> = Spanned<DeValue<'a>>;

/// Reads values and remembers what is wrong with them.
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, problems: Vec::new() }
    }

    pub(super) fn say(&mut self, at: Range<usize>, key: &str, sentence: &str) {
        let line = line_of(self.text, at.start);
        self.problems.push(Problem { line, key: key.to_owned(), sentence: sentence.to_owned() });
    }

    pub(super) fn text(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.say(value.span(), key, "this is a text: put it in quotes");
        }
        text
    }

    pub(super) fn yes(&mut self, key: &str, value: &Value<'_>) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.say(value.span(), key, "this is true or false, without quotes");
            false
        })
    }

    /// One text, or a list of them, each read by `read`, which says what is wrong.
    fn each<T>(&mut self, key: &str, value: &Value<'_>, read: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let mut found = Vec::new();
        let one = std::slice::from_ref(value);
        let items: &[Value<'_>] = value.get_ref().as_array().map_or(one, |array| &array[..]);
        if items.is_empty() {
            self.say(value.span(), key, "the list is empty");
        }
        for item in items {
            match item.get_ref().as_str().map(&read) {
                Some(Ok(read)) => found.push(read),
                Some(Err(sentence)) => self.say(item.span(), key, &sentence),
                None => self.say(item.span(), key, "this is a text, or a list of texts: put it in quotes"),
            }
        }
        found
    }

    pub(super) fn globs(&mut self, key: &str, value: &Value<'_>) -> Vec<Glob> {
        self.each(key, value, typed::pattern)
    }

    fn one_of<T: Copy>(&mut self, key: &str, value: &Value<'_>, known: &[(&str, T)]) -> Option<T> {
        let text = self.text(key, value)?;
        let found = known.iter().find(|(name, _)| *name == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let meant = nearest(&text, &names).map(|near| format!(". Did you mean {near}?")).unwrap_or_default();
            self.say(value.span(), key, &format!("{text:?} is not among {}{meant}", names.join(" and ")));
        }
        found
    }

    pub(super) fn severity(&mut self, key: &str, value: &Value<'_>) -> Option<Severity> {
        self.one_of(key, value, &[("error", Severity::Error), ("warning", Severity::Warning)])
    }

    pub(super) fn access(&mut self, key: &str, value: &Value<'_>) -> Option<Access> {
        self.one_of(key, value, &[("public", Access::Public), ("private", Access::Private)])
    }

    /// A whole number that is not below nothing.
    fn number(&mut self, key: &str, value: &Value<'_>) -> Option<u64> {
        let found = value.get_ref().as_integer();
        let number = found.and_then(|it| u64::from_str_radix(&it.as_str().replace('_', ""), it.radix()).ok());
        if number.is_none() {
            self.say(value.span(), key, "this is a whole number, without quotes");
        }
        number
    }

    pub(super) fn percent(&mut self, key: &str, value: &Value<'_>) -> Option<f64> {
        let written = value.get_ref().as_float().map(|it| it.as_str().to_owned());
        let written = written.or_else(|| value.get_ref().as_integer().map(|it| it.as_str().to_owned()));
        let number = written.and_then(|text| text.replace('_', "").parse().ok());
        let number = number.filter(|percent: &f64| (0.0..=100.0).contains(percent));
        if number.is_none() {
            self.say(value.span(), key, "this is a number of percent, such as 1.5");
        }
        number
    }

    pub(super) fn statuses(&mut self, key: &str, value: &Value<'_>) -> Vec<u16> {
        let one = std::slice::from_ref(value);
        let items: &[Value<'_>] = value.get_ref().as_array().map_or(one, |array| &array[..]);
        let mut found = Vec::new();
        for item in items {
            match self.number(key, item).map(typed::status) {
                Some(Ok(status)) => found.push(status),
                Some(Err(sentence)) => self.say(item.span(), key, &sentence),
                None => {}
            }
        }
        found
    }

    pub(super) fn content_types(&mut self, key: &str, value: &Value<'_>) -> Vec<String> {
        self.each(key, value, |text| {
            let bare = text.trim().to_ascii_lowercase();
            let star = bare.find('*').is_none_or(|at| at + 1 == bare.len() && bare[..at].ends_with('/'));
            match bare.split_once('/') {
                _ if bare.contains(';') => Err("write it without what follows the ;".to_owned()),
                Some((kind, rest)) if !kind.is_empty() && !rest.is_empty() && star => Ok(bare),
                _ => Err(format!("{text:?} is no media type; write image/jpeg or image/*")),
            }
        })
    }

    /// `{ min = 1, max = 2 }`, or one number for both. Sizes of files may be texts such as "2 MB".
    pub(super) fn bounds(&mut self, key: &str, value: &Value<'_>, is_size: bool) -> Bounds {
        let DeValue::Table(table) = value.get_ref() else {
            let exactly = self.amount(key, value, is_size);
            return Bounds { min: exactly, max: exactly };
        };
        let mut bounds = Bounds::default();
        for (name, value) in table {
            let path = format!("{key}.{}", name.get_ref());
            match name.get_ref().as_ref() {
                "min" => bounds.min = self.amount(&path, value, is_size),
                "max" => bounds.max = self.amount(&path, value, is_size),
                _ => self.say(name.span(), &path, "there is no such key; min and max are known"),
            }
        }
        match bounds {
            Bounds { min: Some(min), max: Some(max) } if min > max => {
                self.say(value.span(), key, "min is larger than max, so nothing fits");
            }
            Bounds { min: None, max: None } if table.is_empty() => {
                self.say(value.span(), key, "write min, max or both");
            }
            _ => {}
        }
        bounds
    }

    fn amount(&mut self, key: &str, value: &Value<'_>, is_size: bool) -> Option<u64> {
        match value.get_ref().as_str() {
            Some(text) if is_size => self.told(key, value, typed::size_bytes(text)),
            _ => self.number(key, value),
        }
    }

    pub(super) fn aspects(&mut self, key: &str, value: &Value<'_>) -> Vec<Aspect> {
        self.each(key, value, |text| {
            Aspect::parse(text).ok_or_else(|| "write width and height as in \"16:9\"".to_owned())
        })
    }

    /// `{ max_age_min = "30d", contains = ["public"] }`.
    pub(super) fn cache_control(&mut self, key: &str, value: &Value<'_>) -> (Option<u64>, Vec<String>) {
        let DeValue::Table(table) = value.get_ref() else {
            self.say(value.span(), key, "write { max_age_min = \"30d\", contains = \"public\" }, or one of them");
            return (None, Vec::new());
        };
        self.in_cache_control(key, value.span(), table)
    }

    fn in_cache_control(&mut self, key: &str, at: Range<usize>, table: &DeTable<'_>) -> (Option<u64>, Vec<String>) {
        let (mut age, mut contains) = (None, Vec::new());
        for (name, value) in table {
            let path = format!("{key}.{}", name.get_ref());
            match name.get_ref().as_ref() {
                "max_age_min" => age = self.age(&path, value),
                "contains" => contains = self.each(&path, value, |text| Ok(text.trim().to_owned())),
                _ => self.say(name.span(), &path, "there is no such key; max_age_min and contains are known"),
            }
        }
        if table.is_empty() {
            self.say(at, key, "write max_age_min, contains or both");
        }
        (age, contains)
    }

    /// Seconds, or a text such as "30d".
    fn age(&mut self, key: &str, value: &Value<'_>) -> Option<u64> {
        let Some(text) = value.get_ref().as_str() else { return self.number(key, value) };
        self.told(key, value, typed::age_secs(text))
    }

    fn told<T>(&mut self, key: &str, value: &Value<'_>, read: Result<T, String>) -> Option<T> {
        read.map_err(|sentence| self.say(value.span(), key, &sentence)).ok()
    }

    pub(super) fn origins(&mut self, key: &str, value: &Value<'_>) -> Vec<String> {
        self.each(key, value, typed::origin)
    }

    pub(super) fn characters(&mut self, key: &str, value: &Value<'_>) -> Option<(String, CharSet)> {
        let text = self.text(key, value)?;
        match CharSet::parse(&text) {
            Ok(set) => Some((text, set)),
            Err(problem) => {
                self.say(value.span(), key, &format!("{text:?} is no set of characters: {problem}"));
                None
            }
        }
    }

    pub(super) fn variants(&mut self, key: &str, value: &Value<'_>) -> Vec<String> {
        self.each(key, value, typed::variant)
    }
}
