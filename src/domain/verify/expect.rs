//! What is expected, rule by rule, and what has to be asked to judge it.

use super::aspect::Aspect;
use super::glob::{CharSet, Glob};
use super::report::Severity;

/// All rules, in the order they were written. Every rule that matches a file counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expectations {
    /// The rules.
    pub rules: Vec<Rule>,
}

/// What is expected of the files that it matches. What is `None` or empty is not looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What findings call it.
    pub name: String,
    /// Paths that it is about.
    pub matches: Vec<Glob>,
    /// Paths that it is not about after all.
    pub except: Vec<Glob>,
    /// How much its findings weigh.
    pub severity: Severity,
    /// Who may see the file.
    pub access: Option<Access>,
    /// Statuses of HTTP, any of them.
    pub status: Vec<u16>,
    /// The address begins with `https://`.
    pub https: bool,
    /// `Content-Type` without parameters, any of them; `image/*` stands for all images.
    pub content_type: Vec<String>,
    /// `Content-Type` is what the bytes are.
    pub matches_bytes: bool,
    /// The picture can be decoded to its end.
    pub decodes: bool,
    /// Pixels across, upright.
    pub width: Bounds,
    /// Pixels down, upright.
    pub height: Bounds,
    /// Size of the file.
    pub bytes: Bounds,
    /// Shapes, any of them.
    pub aspect: Vec<Aspect>,
    /// How far from the shape it may be, in percent.
    pub aspect_tolerance: f64,
    /// `max-age` of `Cache-Control` in seconds, at least.
    pub max_age_secs: Option<u64>,
    /// What `Cache-Control` must name.
    pub cache_control: Vec<String>,
    /// Origins whose pages may read it.
    pub cors: Vec<String>,
    /// Patterns of the whole path, any of them.
    pub key: Vec<Glob>,
    /// Characters that the path may be made of.
    pub key_characters: Option<(String, CharSet)>,
    /// Other files that must be checked along with it, e.g. `{stem}.webp`.
    pub variants: Vec<String>,
    /// No other file that this rule matches has the same content.
    pub unique: bool,
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            name: String::new(),
            matches: Vec::new(),
            except: Vec::new(),
            severity: Severity::Error,
            access: None,
            status: Vec::new(),
            https: false,
            content_type: Vec::new(),
            matches_bytes: false,
            decodes: false,
            width: Bounds::default(),
            height: Bounds::default(),
            bytes: Bounds::default(),
            aspect: Vec::new(),
            aspect_tolerance: 1.0,
            max_age_secs: None,
            cache_control: Vec::new(),
            cors: Vec::new(),
            key: Vec::new(),
            key_characters: None,
            variants: Vec::new(),
            unique: false,
        }
    }
}

/// Who may see a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone on the internet.
    Public,
    /// Nobody without a sign-in.
    Private,
}

/// Between these, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// At least.
    pub min: Option<u64>,
    /// At most.
    pub max: Option<u64>,
}

impl Bounds {
    /// Nothing is out of bounds.
    #[must_use]
    pub fn is_open(self) -> bool {
        self == Self::default()
    }
}

/// How much of a file has to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Depth {
    /// Nothing of it.
    #[default]
    Headers,
    /// Its beginning: kind and size of a picture.
    Beginning,
    /// All of it.
    Whole,
}

/// What has to be asked to judge a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs<'a> {
    /// How much of it is read.
    pub depth: Depth,
    /// Whether it is decoded to its end.
    pub decodes: bool,
    /// Whether its content is compared with that of others.
    pub digest: bool,
    /// Origins to ask as.
    pub origins: Vec<&'a str>,
    /// Whether it matters what a stranger is answered.
    pub stranger: bool,
}

impl Rule {
    /// Whether it is about this path.
    #[must_use]
    pub fn is_about(&self, path: &str) -> bool {
        self.matches.iter().any(|glob| glob.matches(path)) && !self.except.iter().any(|glob| glob.matches(path))
    }

    fn looks_at_picture(&self) -> bool {
        !self.width.is_open() || !self.height.is_open() || !self.aspect.is_empty()
    }

    /// Whether anything of it can only be judged once the file itself has come.
    #[must_use]
    pub fn looks_inside(&self) -> bool {
        self.depth() > Depth::Headers
            || !self.content_type.is_empty()
            || !self.bytes.is_open()
            || self.max_age_secs.is_some()
            || !self.cache_control.is_empty()
            || !self.cors.is_empty()
    }

    fn depth(&self) -> Depth {
        if self.decodes || self.unique {
            Depth::Whole
        } else if self.matches_bytes || self.looks_at_picture() {
            Depth::Beginning
        } else {
            Depth::Headers
        }
    }
}

impl Expectations {
    /// The rules that are about a path.
    pub fn about<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Rule> {
        self.rules.iter().filter(move |rule| rule.is_about(path))
    }

    /// What has to be asked for a path; `None` where no rule is about it.
    #[must_use]
    pub fn needs<'a>(&'a self, path: &'a str) -> Option<Needs<'a>> {
        let mut needs: Option<Needs<'a>> = None;
        for rule in self.about(path) {
            let needs = needs.get_or_insert_default();
            needs.depth = needs.depth.max(rule.depth());
            needs.decodes |= rule.decodes;
            needs.digest |= rule.unique;
            needs.stranger |= rule.access.is_some();
            for origin in rule.cors.iter().map(String::as_str) {
                if !needs.origins.contains(&origin) {
                    needs.origins.push(origin);
                }
            }
        }
        needs
    }

    /// Whether some rule compares files with each other.
    #[must_use]
    pub fn compares(&self) -> bool {
        self.rules.iter().any(|rule| rule.unique || !rule.variants.is_empty())
    }
}
