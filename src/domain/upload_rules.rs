//! What files get by their names when they go up: an ordered list of patterns, each with what it sets.
//!
//! For every field the first rule counts that fits the file and sets it, so that a special rule above a general one
//! changes only what it names.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::key_template::Template;

mod field;
mod glob;

pub use field::{Field, metadata};
pub use glob::{Glob, PatternProblem};

/// One rule, as it is typed and kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// Which files; see [`Glob`].
    pub pattern: String,
    /// What they get.
    pub set: BTreeMap<Field, String>,
}

impl Rule {
    /// Whether nothing is wrong with it.
    #[must_use]
    pub fn is_right(&self) -> bool {
        Glob::parse(&self.pattern).is_ok() && self.set.iter().all(|(field, text)| field.problem(text).is_none())
    }

    /// What it sets, in few words.
    #[must_use]
    pub fn summary(&self) -> String {
        let words: Vec<_> = self.set.iter().map(|(field, text)| format!("{}: {text}", field.label())).collect();
        words.join(" · ")
    }
}

/// Rules ready to be asked for many files.
#[derive(Debug, Clone, Default)]
pub struct Rules(Vec<Ready>);

#[derive(Debug, Clone)]
struct Ready {
    glob: Glob,
    pattern: Arc<str>,
    set: Vec<(Field, Arc<str>)>,
    template: Option<Template>,
}

/// What a file gets of one field, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Which field.
    pub field: Field,
    /// What it gets.
    pub text: Arc<str>,
    /// The pattern of the rule that says so.
    pub pattern: Arc<str>,
}

impl Rules {
    /// Makes them ready. What is wrong in a list that somebody edited by hand is passed over.
    #[must_use]
    pub fn new(rules: &[Rule]) -> Self {
        let ready = rules.iter().filter(|rule| rule.is_right()).filter_map(|rule| {
            Some(Ready {
                glob: Glob::parse(&rule.pattern).ok()?,
                pattern: rule.pattern.as_str().into(),
                set: rule.set.iter().map(|(field, text)| (*field, text.as_str().into())).collect(),
                template: rule.set.get(&Field::KeyTemplate).and_then(|text| Template::parse(text).ok()),
            })
        });
        Self(ready.collect())
    }

    /// What a file gets, by its path within what was brought in, with `/` on every system.
    #[must_use]
    pub fn for_file(&self, path: &str) -> Vec<Given> {
        let mut given: Vec<Given> = Vec::new();
        for rule in self.0.iter().filter(|rule| rule.glob.fits(path)) {
            for (field, text) in &rule.set {
                if given.iter().all(|earlier| earlier.field != *field) {
                    let (text, pattern) = (Arc::clone(text), Arc::clone(&rule.pattern));
                    given.push(Given { field: *field, text, pattern });
                }
            }
        }
        given
    }

    /// How a file is named, where a rule says so.
    #[must_use]
    pub fn template_for(&self, path: &str) -> Option<&Template> {
        self.0.iter().filter(|rule| rule.template.is_some()).find(|rule| rule.glob.fits(path))?.template.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn rule(pattern: &str, set: &[(Field, &str)]) -> Rule {
        Rule { pattern: pattern.into(), set: set.iter().map(|(field, text)| (*field, (*text).to_owned())).collect() }
    }

    fn site() -> Vec<Rule> {
        vec![
            rule("index.html", &[(Field::CacheControl, "no-cache")]),
            rule("*.html", &[(Field::CacheControl, "max-age=60"), (Field::ContentType, "text/html; charset=utf-8")]),
            rule("assets/**", &[(Field::CacheControl, "public, max-age=31536000, immutable")]),
            rule("raw/**", &[(Field::KeyTemplate, "originals/{name}.{ext}"), (Field::StorageClass, "GLACIER_IR")]),
        ]
    }

    #[test_case("index.html", &["no-cache by index.html", "text/html; charset=utf-8 by *.html"]; "special above general")]
    #[test_case("a/b.html", &["text/html; charset=utf-8 by *.html", "max-age=60 by *.html"]; "general")]
    #[test_case("assets/js/a.js", &["public, max-age=31536000, immutable by assets/**"]; "in a folder")]
    #[test_case("assets/a.html", &["text/html; charset=utf-8 by *.html", "max-age=60 by *.html"]; "the first of two")]
    #[test_case("b.txt", &[]; "none")]
    fn the_first_that_fits_counts_for_each_field(path: &str, expected: &[&str]) {
        let given = Rules::new(&site()).for_file(path);
        let words: Vec<_> = given.iter().map(|it| format!("{} by {}", it.text, it.pattern)).collect();
        assert_eq!(words, expected);
    }

    #[test]
    fn a_template_is_ready_to_use() {
        let rules = Rules::new(&site());
        assert_eq!(rules.template_for("raw/a.cr3").map(ToString::to_string).as_deref(), Some("originals/{name}.{ext}"));
        assert_eq!(rules.template_for("a.cr3"), None);
    }

    #[test]
    fn a_wrong_rule_is_passed_over() {
        let rules = [rule("{a", &[(Field::CacheControl, "no-cache")]), rule("*", &[(Field::ContentType, "nonsense")])];
        assert!(rules.iter().all(|rule| !rule.is_right()));
        assert!(Rules::new(&rules).for_file("{a").is_empty());
    }

    #[test]
    fn rules_are_kept_by_the_names_of_their_fields() {
        let rule = rule("*.html", &[(Field::CacheControl, "no-cache"), (Field::KeyTemplate, "{name}")]);
        let text = serde_json::to_string(&rule).unwrap();
        assert_eq!(text, r#"{"pattern":"*.html","set":{"key-template":"{name}","cache-control":"no-cache"}}"#);
        assert_eq!(serde_json::from_str::<Rule>(&text).unwrap(), rule);
        assert_eq!(rule.summary(), "Name: {name} · Cache-Control: no-cache");
    }
}
