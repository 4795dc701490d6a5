//! A policy in plain words.

mod what;
mod when;
mod who;

pub(super) use what::{deed_of, everyday_deeds, place_words};
pub use when::condition_words;
use who::list_words;
pub use who::principal_words;

use super::public::public_reason;
use super::{ActionMatch, Effect, Policy, PrincipalMatch, Scene, Statement, Style, Version, Words, glob};
use crate::domain::arn::Partition;

/// What kind of news a sentence brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Someone outside may do something without being named.
    Public,
    /// Someone named may do something.
    Grant,
    /// Something is refused.
    Denial,
    /// What the policy does not allow.
    Limit,
    /// A statement, or a part of one, that has no effect as it is written.
    Broken,
}

/// One sentence about a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Plain words, without a full stop.
    pub words: Words,
    /// The statement it reads out, counted from 0; `None` for the policy as a whole.
    pub statement: Option<usize>,
    /// What kind of news it is.
    pub tone: Tone,
}

impl Sentence {
    /// The words without their styles.
    #[must_use]
    pub fn text(&self) -> String {
        self.words.to_string()
    }
}

/// Reads each statement out: who, what, which files, only when. For a policy that lets anyone view
/// files, says also what that does not allow.
#[must_use]
pub fn explain(policy: &Policy, bucket: &str) -> Vec<Sentence> {
    let partition = policy
        .statements
        .iter()
        .flat_map(|statement| statement.resource.named())
        .find_map(|resource| Partition::from_prefix(resource.split(':').nth(1)?))
        .unwrap_or_default();
    explain_in(policy, &Scene { bucket, partition, owner: None })
}

/// [`explain`] for a bucket whose partition and owner are known: its own account is called so.
#[must_use]
pub fn explain_in(policy: &Policy, scene: &Scene<'_>) -> Vec<Sentence> {
    let version = policy.effective_version();
    let mut out: Vec<Sentence> = Vec::new();
    for (index, statement) in policy.statements.iter().enumerate() {
        out.extend(read_statement(statement, version, scene).into_iter().map(|(tone, words)| Sentence {
            words,
            statement: Some(index),
            tone,
        }));
    }
    out.extend(limits(policy).map(|words| Sentence { words, statement: None, tone: Tone::Limit }));
    out
}

/// What people who are not named cannot do, where they can view files; or that nobody is let in.
fn limits(policy: &Policy) -> Option<Words> {
    if !policy.statements.is_empty() && policy.statements.iter().all(|s| s.effect == Effect::Deny) {
        return Some(Words::plain("It lets nobody in by itself; what the account allows its own people still counts"));
    }
    let public: Vec<&Statement> =
        policy.statements.iter().filter(|statement| public_reason(statement).is_some()).collect();
    let may = |action: &str| public.iter().any(|s| s.action.covers(action));
    if !may("s3:GetObject") {
        return None;
    }
    let cannot: Vec<Words> =
        [("s3:PutObject", "upload"), ("s3:DeleteObject", "delete"), ("s3:ListBucket", "list the files")]
            .into_iter()
            .filter(|(action, _)| !may(action))
            .map(|(_, word)| Words::plain(word))
            .collect();
    (!cannot.is_empty()).then(|| Words::plain("It does not let anyone ").and(Words::list(cannot, "or")))
}

impl ActionMatch {
    /// Whether the member covers an action written as `s3:GetObject`.
    #[must_use]
    pub fn covers(&self, action: &str) -> bool {
        let covers = |list: &[String]| list.iter().any(|pattern| glob::matches_ignoring_case(pattern, action));
        match self {
            Self::Only(list) => covers(list),
            Self::Except(list) => !covers(list),
        }
    }
}

impl super::ResourceMatch {
    /// The patterns named.
    #[must_use]
    pub fn named(&self) -> &[String] {
        match self {
            Self::Only(list) | Self::Except(list) => list,
        }
    }
}

/// One statement: what it does, and what of it does nothing.
fn read_statement(statement: &Statement, version: Version, scene: &Scene<'_>) -> Vec<(Tone, Words)> {
    let deeds = what::deeds(statement, scene);
    if deeds.nothing_fits() {
        return vec![(Tone::Broken, broken(statement, scene))];
    }
    let tone = match statement.effect {
        Effect::Deny => Tone::Denial,
        Effect::Allow if public_reason(statement).is_some() => Tone::Public,
        Effect::Allow => Tone::Grant,
    };
    let sentence = sentence(statement, &deeds, scene).and(variables(statement, version));
    let mut out = vec![(tone, sentence.capital())];
    out.extend(deeds.misfit_words(statement).map(|words| (Tone::Broken, words.capital())));
    out
}

fn conditions(statement: &Statement) -> Words {
    Words::list(statement.conditions.iter().map(condition_words), "and")
}

fn sentence(statement: &Statement, deeds: &what::Deeds, scene: &Scene<'_>) -> Words {
    let what = deeds.words(statement, scene);
    let when = conditions(statement);
    match statement.effect {
        Effect::Allow => {
            let said = who::subject(statement, scene).then(" can ").and(what);
            if when.is_empty() { said } else { said.then(", only if ").and(when) }
        }
        Effect::Deny => {
            let (who, end) = match &statement.principal {
                PrincipalMatch::Only(list) if list.iter().any(super::Principal::is_everyone) => {
                    (Words::plain("nobody can "), ", not even you")
                }
                PrincipalMatch::Only(_) => (who::subject(statement, scene).then(" cannot "), ""),
                PrincipalMatch::Except(list) => {
                    (Words::plain("nobody but ").and(list_words(list, scene)).then(" can "), "")
                }
            };
            if deeds.everything() && when::is_plain_http(&statement.conditions) {
                return who.then("use plain ").with("http", Style::Mono).then(end);
            }
            let said = who.and(what);
            let said = if when.is_empty() { said } else { said.then(" if ").and(when) };
            said.then(end)
        }
    }
}

/// A statement whose actions and resources do not meet.
fn broken(statement: &Statement, scene: &Scene<'_>) -> Words {
    let who = match statement.effect {
        Effect::Allow => who::subject(statement, scene).capital().then(" can do nothing yet: "),
        Effect::Deny => Words::plain("Nothing is refused yet: "),
    };
    who.then(place_of(statement)).then(match what::resources(statement, scene) {
        reach if reach.bucket => " names the bucket, not the files in it",
        reach if reach.files => " names files, not the bucket itself",
        _ => " names nothing in this bucket",
    })
}

/// "line 16", where the text is known.
fn place_of(statement: &Statement) -> String {
    match statement.source.resource.line {
        0 => "the statement".to_owned(),
        line => format!("line {line}"),
    }
}

/// What stands between `${` and `}` in a statement, each once, but for what stands for a character itself.
pub(super) fn variable_names(statement: &Statement) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    let values = statement.conditions.iter().flat_map(|c| &c.values).filter_map(|value| match value {
        super::ConditionValue::Text(text) => Some(text.as_str()),
        _ => None,
    });
    for text in statement.resource.named().iter().map(String::as_str).chain(values) {
        let mut rest = text;
        while let Some((_, inside)) = rest.split_once("${") {
            let Some((name, after)) = inside.split_once('}') else { break };
            if !matches!(name, "*" | "?" | "$") && !names.contains(&name) {
                names.push(name);
            }
            rest = after;
        }
    }
    names
}

/// What the variables in the statement stand for.
fn variables(statement: &Statement, version: Version) -> Words {
    let names = variable_names(statement);
    if names.is_empty() {
        return Words::default();
    }
    let shown = |name: &&str| Words::mono(format!("${{{name}}}"));
    match version {
        Version::V2008 => Words::plain(", with ")
            .and(Words::list(names.iter().map(shown), "and"))
            .then(" taken letter by letter, because the policy is of version ")
            .with(Version::V2008.as_str(), Style::Mono),
        Version::V2012 => Words::plain(", where ").and(Words::list(
            names.iter().map(|name| shown(name).then(format!(" is {}", variable_meaning(name)))),
            "and",
        )),
    }
}

fn variable_meaning(name: &str) -> String {
    let (key, default) = match name.split_once(',') {
        Some((key, default)) => (key.trim(), format!(", or {} without one", default.trim())),
        None => (name.trim(), String::new()),
    };
    let folded = key.to_ascii_lowercase();
    let meaning = match folded.as_str() {
        "aws:username" => "the user's own name".to_owned(),
        "aws:userid" => "the id of whoever asks".to_owned(),
        "aws:principalaccount" => "the account of whoever asks".to_owned(),
        "aws:principalarn" => "the ARN of whoever asks".to_owned(),
        "aws:sourceip" => "the address the request comes from".to_owned(),
        "s3:prefix" => "the prefix asked for".to_owned(),
        _ => match key.split_once('/') {
            Some((kind, tag)) if kind.eq_ignore_ascii_case("aws:PrincipalTag") => {
                format!("the tag {tag} of whoever asks")
            }
            _ => format!("the {key} of the request"),
        },
    };
    meaning + &default
}

#[cfg(test)]
mod tests;
