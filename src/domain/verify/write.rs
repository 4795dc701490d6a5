//! Expectations as the TOML that they are read from.

use std::fmt::Write as _;

use super::expect::{Access, Bounds, Expectations, Rule};
use super::report::Severity;

/// Writes expectations so that reading them gives the same again.
#[must_use]
pub fn write(expectations: &Expectations) -> String {
    expectations.rules.iter().map(rule).collect::<Vec<_>>().join("\n")
}

fn rule(rule: &Rule) -> String {
    let mut out = Lines("[[rule]]\n".to_owned());
    out.text("name", &rule.name);
    out.texts("match", &rule.matches);
    out.texts("except", &rule.except);
    if rule.severity == Severity::Warning {
        out.text("severity", Severity::Warning.word());
    }
    let head = out.0.len();
    match rule.access {
        None => {}
        Some(Access::Public) => out.text("access", "public"),
        Some(Access::Private) => out.text("access", "private"),
    }
    out.list("status", rule.status.iter().map(u16::to_string));
    out.yes("https", rule.https);
    out.texts("content_type", &rule.content_type);
    out.yes("content_type_matches_bytes", rule.matches_bytes);
    out.yes("decodes", rule.decodes);
    out.bounds("width", rule.width);
    out.bounds("height", rule.height);
    out.bounds("bytes", rule.bytes);
    out.texts("aspect", &rule.aspect);
    out.cache_control(rule);
    out.texts("cors", &rule.cors);
    out.texts("key", &rule.key);
    if let Some((characters, _)) = &rule.key_characters {
        out.text("key_characters", characters);
    }
    out.texts("variants", &rule.variants);
    out.yes("unique_content", rule.unique);
    if out.0.len() == head {
        // A rule that looks at nothing has to say so.
        out.line("https", "false");
    }
    #[expect(clippy::float_cmp, reason = "what was never changed is left out")]
    if rule.aspect_tolerance != Rule::default().aspect_tolerance {
        out.line("aspect_tolerance", &format!("{:?}", rule.aspect_tolerance));
    }
    out.0
}

struct Lines(String);

impl Lines {
    fn line(&mut self, key: &str, value: &str) {
        self.0.push_str(&format!("{key} = {value}\n"));
    }

    fn text(&mut self, key: &str, text: &str) {
        self.line(key, &quoted(text));
    }

    fn yes(&mut self, key: &str, yes: bool) {
        if yes {
            self.line(key, "true");
        }
    }

    fn texts(&mut self, key: &str, all: &[impl ToString]) {
        self.list(key, all.iter().map(|one| quoted(&one.to_string())));
    }

    /// One value as it is, several as a list.
    fn list(&mut self, key: &str, values: impl Iterator<Item = String>) {
        let values: Vec<String> = values.collect();
        match values.as_slice() {
            [] => {}
            [one] => self.line(key, one),
            all => self.line(key, &format!("[{}]", all.join(", "))),
        }
    }

    fn bounds(&mut self, key: &str, bounds: Bounds) {
        let parts = [("min", bounds.min), ("max", bounds.max)];
        let parts = parts.iter().filter_map(|(name, amount)| Some(format!("{name} = {}", (*amount)?)));
        self.table(key, &parts.collect::<Vec<_>>());
    }

    fn cache_control(&mut self, rule: &Rule) {
        let age = rule.max_age_secs.map(|secs| format!("max_age_min = {secs}"));
        let contains: Vec<String> = rule.cache_control.iter().map(|part| quoted(part)).collect();
        let contains = (!contains.is_empty()).then(|| format!("contains = [{}]", contains.join(", ")));
        self.table("cache_control", &age.into_iter().chain(contains).collect::<Vec<_>>());
    }

    fn table(&mut self, key: &str, parts: &[String]) {
        if !parts.is_empty() {
            self.line(key, &format!("{{ {} }}", parts.join(", ")));
        }
    }
}

/// A basic string (TOML 1.0, "String").
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // Writing into a text never fails.
            letter if letter.is_control() => drop(write!(out, "\\u{:04X}", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::verify::{Aspect, CharSet, Glob, parse};

    #[test]
    fn it_reads_well() {
        let text = "[[rule]]\nname = \"photos\"\nmatch = [\"photos/**\", \"*.jpg\"]\nseverity = \"warning\"\n\
                    access = \"public\"\nstatus = [200, 304]\ndecodes = true\nwidth = { min = 800, max = 4000 }\n\
                    cache_control = { max_age_min = 60, contains = [\"public\"] }\nkey_characters = \"a-z\"\n\n\
                    [[rule]]\nname = \"it is \\\"quoted\\\"\\u000A\"\nmatch = \"**\"\nhttps = false\n";
        assert_eq!(write(&parse(text).unwrap()), text);
    }

    fn bounds() -> impl Strategy<Value = Bounds> {
        let some = proptest::option::of(0..u64::from(u32::MAX) * 4);
        (some.clone(), some).prop_map(|(one, other)| match (one, other) {
            (Some(one), Some(other)) => Bounds { min: Some(one.min(other)), max: Some(one.max(other)) },
            (min, max) => Bounds { min, max },
        })
    }

    fn globs() -> impl Strategy<Value = Vec<Glob>> {
        let one = proptest::sample::select(&["**", "*.jpg", "a b/**/*.{jpg,webp}", "[a-z]\\*\"?", "é/\u{7f}"][..]);
        proptest::collection::vec(one.prop_map(|text| Glob::parse(text).unwrap()), 0..3)
    }

    fn some_of(texts: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec(proptest::sample::select(texts).prop_map(str::to_owned), 0..3)
    }

    prop_compose! {
        fn seen()(
            access in proptest::option::of(prop_oneof![Just(Access::Public), Just(Access::Private)]),
            status in proptest::collection::vec(100_u16..600, 0..3),
            [https, matches_bytes, decodes, unique] in any::<[bool; 4]>(),
            content_type in some_of(&["image/*", "text/css", "image/svg+xml"]),
            width in bounds(), height in bounds(), bytes in bounds(),
            aspect in some_of(&["16:9", "3:4"]),
        ) -> Rule {
            let aspect = aspect.iter().map(|text| Aspect::parse(text).unwrap()).collect();
            Rule { access, status, https, matches_bytes, decodes, unique, content_type, width, height, bytes, aspect, ..Rule::default() }
        }
    }

    prop_compose! {
        fn any_rule()(
            rule in seen(),
            name in "\\PC{1,12}|[\\x00-\\x20\"\\\\]{1,6}",
            matches in globs(), except in globs(), key in globs(),
            is_warning in any::<bool>(),
            aspect_tolerance in 0.0..=100.0,
            max_age_secs in proptest::option::of(0_u64..1 << 40),
            cache_control in some_of(&["public", "no-store", "s-maxage=5"]),
            cors in some_of(&["https://shop.example", "http://localhost:3000"]),
            key_characters in proptest::option::of(proptest::sample::select(&["a-z0-9._-", "\\\"é"][..])),
            variants in some_of(&["{stem}.webp", "/thumbs/{folder}{name}.{ext}"]),
        ) -> Rule {
            let severity = if is_warning { Severity::Warning } else { Severity::Error };
            let key_characters = key_characters.map(|text| (text.to_owned(), CharSet::parse(text).unwrap()));
            let matches = if matches.is_empty() { vec![Glob::parse("**").unwrap()] } else { matches };
            Rule {
                name, matches, except, key, severity, aspect_tolerance, max_age_secs, cache_control, cors,
                key_characters, variants, ..rule
            }
        }
    }

    proptest! {
        #[test]
        fn what_was_written_reads_as_the_same(rules in proptest::collection::vec(any_rule(), 1..4)) {
            let expectations = Expectations { rules };
            let text = write(&expectations);
            prop_assert_eq!(parse(&text).map_err(|problems| format!("{problems}\n{text}")), Ok(expectations));
        }
    }
}
