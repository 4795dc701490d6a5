//! Which files stand for all others.

use crate::domain::policy::{Policy, Scene, Words, explain, glob};

/// What a star in a pattern becomes in a key that stands for all it covers: unlikely to be named.
const FILLING: &str = "zq7";

/// How many patterns of a policy are crossed with each other.
const MAX_CROSSED: usize = 40;

/// A key that stands for what some patterns cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::domain::policy) struct Spot {
    /// Its ARN.
    pub(in crate::domain::policy) resource: String,
    key: String,
    /// The pattern it was made from; `None` for a meeting of two.
    pattern: Option<usize>,
    /// For a meeting of two: both.
    crossed: Option<(usize, usize)>,
}

/// Keys that stand for all files, as far as these policies tell them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::domain::policy) struct Spots {
    pub(in crate::domain::policy) all: Vec<Spot>,
    /// Patterns of keys; the first is `*`.
    patterns: Vec<String>,
    /// Patterns with variables that no key can stand for.
    pub(in crate::domain::policy) variable: Vec<String>,
}

pub(in crate::domain::policy) fn spots(policies: &[&Policy], scene: &Scene<'_>) -> Spots {
    let mut patterns = vec!["*".to_owned()];
    let mut variable = Vec::new();
    let own = scene.bucket_arn();
    for resource in policies.iter().flat_map(|p| &p.statements).flat_map(|s| s.resource.named()) {
        // Also patterns that run over the bucket's name, such as arn:aws:s3:::b*.
        let key = match scene.key_of(resource) {
            Some(key) => key.to_owned(),
            None => match resource.split_once('*') {
                Some((start, rest)) if own.starts_with(start) && !start.contains('/') => format!("*{rest}"),
                _ => continue,
            },
        };
        let list = if key.contains("${") { &mut variable } else { &mut patterns };
        if !list.contains(&key) {
            list.push(key);
        }
    }
    let mut all: Vec<Spot> = Vec::new();
    let push = |all: &mut Vec<Spot>, key: String, pattern, crossed| {
        if !key.is_empty() && !all.iter().any(|spot: &Spot| spot.key == key) {
            all.push(Spot { resource: scene.object_arn(&key), key, pattern, crossed });
        }
    };
    for (index, pattern) in patterns.iter().enumerate() {
        push(&mut all, fill(pattern), Some(index), None);
    }
    for (a, first) in patterns.iter().enumerate().take(MAX_CROSSED) {
        for (b, second) in patterns.iter().enumerate().take(MAX_CROSSED) {
            // What starts like one and ends like the other.
            if a != b
                && a != 0
                && b != 0
                && second.starts_with('*')
                && let Some((start, _)) = first.rsplit_once('*')
            {
                push(&mut all, format!("{}{}", fill(start), fill(second)), None, Some((a, b)));
            }
        }
    }
    Spots { all, patterns, variable }
}

fn fill(pattern: &str) -> String {
    pattern.replace('*', FILLING).replace('?', "z")
}

impl Spots {
    fn covers(&self, pattern: usize, spot: &Spot) -> bool {
        self.patterns.get(pattern).is_some_and(|pattern| glob::matches(pattern, &spot.key))
    }

    /// The patterns that describe the spots chosen, none within another; and those within them whose
    /// spots were not chosen.
    pub(in crate::domain::policy) fn describe(&self, chosen: impl Fn(usize) -> bool) -> Described {
        let chosen: Vec<bool> = (0..self.all.len()).map(chosen).collect();
        let is = |index: usize| chosen.get(index).copied().unwrap_or_default();
        let of = |pattern: usize| self.all.iter().position(|spot| spot.pattern == Some(pattern));
        // A pattern without a key of its own shares that of another, which speaks for it.
        let marked: Vec<usize> = (0..self.patterns.len()).filter(|&p| of(p).is_some_and(is)).collect();
        let within = |inner: usize, outer: usize| {
            inner != outer && of(inner).and_then(|at| self.all.get(at)).is_some_and(|spot| self.covers(outer, spot))
        };
        let mutual = |a: usize, b: usize| within(a, b) && within(b, a) && a < b;
        let top: Vec<usize> =
            marked.iter().copied().filter(|&p| !marked.iter().any(|&q| within(p, q) && !mutual(p, q))).collect();
        let mut crossed = Vec::new();
        for (index, spot) in self.all.iter().enumerate() {
            if let Some((a, b)) = spot.crossed
                && is(index)
                && !top.iter().any(|&p| self.covers(p, spot))
            {
                crossed.push((a, b));
            }
        }
        let inner = (0..self.patterns.len())
            .filter(|&p| of(p).is_some_and(|at| !is(at)) && top.iter().any(|&q| within(p, q)))
            .collect();
        Described { top, crossed, inner }
    }

    /// The spot of a pattern.
    pub(in crate::domain::policy) fn spot_of(&self, pattern: usize) -> Option<usize> {
        self.all.iter().position(|spot| spot.pattern == Some(pattern))
    }

    /// Patterns in words: "files under photos/ and every file".
    pub(in crate::domain::policy) fn words(&self, patterns: &[usize], every: &str, scene: &Scene<'_>) -> Words {
        let one = |&pattern: &usize| match self.patterns.get(pattern).map(String::as_str) {
            Some("*") => Words::plain(format!("{every} of {}", scene.bucket)),
            Some(pattern) => explain::place_words(&scene.object_arn(pattern), scene),
            None => Words::default(),
        };
        Words::list(patterns.iter().map(one), "and")
    }

    /// All that a description names.
    pub(in crate::domain::policy) fn described(&self, described: &Described, every: &str, scene: &Scene<'_>) -> Words {
        let mut parts = Vec::new();
        if !described.top.is_empty() {
            parts.push(self.words(&described.top, every, scene));
        }
        for (a, b) in &described.crossed {
            let both = self.words(&[*a], every, scene).then(" that are also ").and(self.words(&[*b], every, scene));
            parts.push(both);
        }
        Words::list(parts, "and")
    }

    /// The patterns of keys themselves.
    pub(in crate::domain::policy) fn keys(&self, patterns: &[usize]) -> Vec<String> {
        patterns.iter().filter_map(|&pattern| self.patterns.get(pattern)).cloned().collect()
    }
}

/// What a choice of spots comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::domain::policy) struct Described {
    /// The widest patterns chosen.
    pub(in crate::domain::policy) top: Vec<usize>,
    /// Meetings of two patterns, chosen without either.
    pub(in crate::domain::policy) crossed: Vec<(usize, usize)>,
    /// Patterns within them that were not chosen.
    pub(in crate::domain::policy) inner: Vec<usize>,
}
