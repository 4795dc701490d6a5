//! Bucket policies: read, checked, evaluated, explained and written, without a network.
//!
//! Sources: AWS IAM User Guide ("Grammar of the IAM JSON policy language", "Condition operators",
//! "Policy evaluation logic") and AWS S3 User Guide ("Bucket policies", "The meaning of public").
//! What [`lint`](fn@lint) says about S3's answer is a prediction: the server's own answer wins.

mod access_diff;
mod actions;
mod advice;
mod complete;
mod condition;
mod condition_keys;
mod evaluate;
mod explain;
mod finding;
pub mod form;
mod glob;
mod json;
mod lint;
mod parse;
mod public;
mod reach;
mod rule;
mod scene;
mod statement_rules;
pub mod template;
mod tokens;
mod validated;
mod who;
mod whole;
mod words;
mod write;

pub use access_diff::{AccessChange, AccessDiff, Control, access_diff};
pub use actions::{ActionScope, action_scope, known_actions, meant as meant_action};
pub use complete::{Completion, Completions, complete};
pub use condition::{Comparison, Operator, Quantifier};
pub use evaluate::{
    AnonymousRequest, ContextKeys, Decision, RequestContext, RequestPrincipal, anonymous_context, evaluate,
};
pub use explain::{Sentence, Tone, condition_words, explain, explain_in, principal_words};
pub use finding::{Edit, Finding, Fix, ServerRefusal, Severity, first_refusal};
pub use glob::{has_wildcard, literal_prefix as key_prefix, matches as glob_matches};
pub use json::{TidyError, tidy};
pub use lint::{Caller, LintContext, lint};
pub use parse::named_resources;
pub use public::{PublicReason, PublicStatement, PublicVerdict, is_public};
pub use reach::{Answer, Asker, Surroundings, Trial, keys_asked, try_request};
pub use rule::Rule;
pub use scene::Scene;
pub use template::merge_statement;
pub use tokens::{Token, TokenKind, matching_bracket, tokens};
pub use validated::{Place, Validated, merge_validated};
pub use who::{CellState, RowKind, WhoCell, WhoRow, WhoTable, who_can};
pub use whole::{same_document, wrap_statement};
pub use words::{Part, Style, Words};

use super::arn::Arn;

/// The largest policy S3 stores, in bytes (measured here without whitespace between tokens).
pub const MAX_POLICY_BYTES: usize = 20_480;

/// A place in a policy's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Span {
    /// Byte offset of the first byte.
    pub start: usize,
    /// Byte offset after the last byte.
    pub end: usize,
    /// Line, counted from 1.
    pub line: usize,
    /// Column, counted from 1 in characters.
    pub column: usize,
}

/// The dialect of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// `2008-10-17`: no policy variables. Also what a policy without a version means.
    V2008,
    /// `2012-10-17`: the current one.
    V2012,
}

impl Version {
    /// As written in a policy.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }

    /// The version written so, if there is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::V2008, Self::V2012].into_iter().find(|v| v.as_str() == text)
    }
}

/// A whole policy document.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Absent means [`Version::V2008`].
    pub version: Option<Version>,
    /// A name for the policy; has no effect.
    pub id: Option<String>,
    /// At least one in what S3 stores.
    pub statements: Vec<Statement>,
}

/// One statement: whose requests, for which actions, on which resources, when.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its name, unique within the policy.
    pub sid: Option<String>,
    /// Whether matching requests are let in or refused.
    pub effect: Effect,
    /// Who.
    pub principal: PrincipalMatch,
    /// What they do.
    pub action: ActionMatch,
    /// To what.
    pub resource: ResourceMatch,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// Where its parts stood in the text it was read from.
    pub source: Source,
}

/// What a matching statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Lets the request in, unless another statement denies it.
    Allow,
    /// Refuses the request, whatever else allows it.
    Deny,
}

impl Effect {
    /// As written in a policy.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

/// One identity as a policy names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Principal {
    /// The bare `"*"`: everyone, also without sign-in.
    Everyone,
    /// The value of an `AWS` member: account id, ARN, unique id, or `*` (everyone).
    Aws(String),
    /// The name of an AWS service, such as `cloudfront.amazonaws.com`.
    Service(String),
    /// An identity provider.
    Federated(String),
    /// An account's canonical user id.
    CanonicalUser(String),
}

impl Principal {
    /// Whether this is everyone, in either spelling.
    #[must_use]
    pub fn is_everyone(&self) -> bool {
        match self {
            Self::Everyone => true,
            Self::Aws(value) => value == "*",
            Self::Service(_) | Self::Federated(_) | Self::CanonicalUser(_) => false,
        }
    }
}

/// The `Principal` or `NotPrincipal` member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrincipalMatch {
    /// These.
    Only(Vec<Principal>),
    /// Everyone but these.
    Except(Vec<Principal>),
}

impl PrincipalMatch {
    /// Everyone, also without sign-in.
    #[must_use]
    pub fn everyone() -> Self {
        Self::Only(vec![Principal::Everyone])
    }

    /// Whether this names everyone (`NotPrincipal` never does).
    #[must_use]
    pub fn is_everyone(&self) -> bool {
        match self {
            Self::Only(list) => list.iter().any(Principal::is_everyone),
            Self::Except(_) => false,
        }
    }

    /// The identities named.
    #[must_use]
    pub fn named(&self) -> &[Principal] {
        match self {
            Self::Only(list) | Self::Except(list) => list,
        }
    }
}

/// The `Action` or `NotAction` member: names with `*` and `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionMatch {
    /// These.
    Only(Vec<String>),
    /// All but these.
    Except(Vec<String>),
}

/// The `Resource` or `NotResource` member: ARNs with `*` and `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceMatch {
    /// These.
    Only(Vec<String>),
    /// All but these.
    Except(Vec<String>),
}

/// One key of one operator of a `Condition` member.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// How the request's value is compared.
    pub operator: Operator,
    /// Such as `aws:SourceIp`; the case of its letters has no meaning.
    pub key: String,
    /// What it is compared with.
    pub values: Vec<ConditionValue>,
}

/// A value to compare with, kept in the JSON type it was written in.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionValue {
    /// `"true"`, `"10"`, `"vpc-1"` …
    Text(String),
    /// `true` or `false` without quotes.
    Bool(bool),
    /// A number without quotes.
    Number(serde_json::Number),
}

impl ConditionValue {
    /// The value as the text that comparisons use.
    #[must_use]
    pub fn as_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl From<&str> for ConditionValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Where the parts of a statement stood. Two statements that say the same are equal wherever they
/// stood, so all sources compare equal.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The whole statement.
    pub whole: Span,
    /// The value of `Sid`.
    pub sid: Span,
    /// The value of `Effect`.
    pub effect: Span,
    /// The value of `Principal` or `NotPrincipal`.
    pub principal: Span,
    /// Each identity named, in order.
    pub principals: Vec<Span>,
    /// The value of `Action` or `NotAction`.
    pub action: Span,
    /// Each action named, in order.
    pub actions: Vec<Span>,
    /// The value of `Resource` or `NotResource`.
    pub resource: Span,
    /// Each resource named, in order.
    pub resources: Vec<Span>,
    /// Each condition, in order.
    pub conditions: Vec<ConditionSource>,
}

impl PartialEq for Source {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Where the parts of one condition stood.
#[derive(Debug, Clone, Default)]
pub struct ConditionSource {
    /// The operator's name.
    pub operator: Span,
    /// The key's name.
    pub key: Span,
    /// Each value, in order.
    pub values: Vec<Span>,
}

impl Policy {
    /// A policy of the current version with these statements.
    #[must_use]
    pub fn new(statements: Vec<Statement>) -> Self {
        Self { version: Some(Version::V2012), id: None, statements }
    }

    /// Reads a policy. Each statement keeps the places of its parts in [`Statement::source`].
    ///
    /// # Errors
    ///
    /// All findings for which S3 would refuse the text whatever the bucket: JSON, members, types,
    /// effect, version, operators. What depends on bucket and S3's catalogue is for [`lint`](fn@lint).
    pub fn parse(text: &str) -> Result<Self, Vec<Finding>> {
        Self::parse_kind(text, parse::Kind::Bucket)
    }

    /// Reads the policy of an identity: it names no principal, and its statements are about whoever has it.
    ///
    /// # Errors
    ///
    /// As [`Policy::parse`], and every statement that names a principal.
    pub fn parse_identity(text: &str) -> Result<Self, Vec<Finding>> {
        Self::parse_kind(text, parse::Kind::Identity)
    }

    fn parse_kind(text: &str, kind: parse::Kind) -> Result<Self, Vec<Finding>> {
        let reading = parse::read(text, kind);
        let (version, id) = (reading.version, reading.id);
        let mut findings = reading.document;
        let mut statements = Vec::with_capacity(reading.statements.len());
        for read in reading.statements {
            findings.extend(read.findings);
            statements.extend(read.statement);
        }
        if findings.is_empty() { Ok(Self { version, id, statements }) } else { Err(findings) }
    }

    /// The version in force: absent means 2008.
    #[must_use]
    pub fn effective_version(&self) -> Version {
        self.version.unwrap_or(Version::V2008)
    }
}

impl Statement {
    /// The patterns of keys that it names in a bucket; none for one that names all but some.
    #[must_use]
    pub fn keys_in(&self, bucket: &str) -> Vec<String> {
        let ResourceMatch::Only(resources) = &self.resource else { return Vec::new() };
        let key = |resource: &String| {
            if resource == "*" {
                return Some("*".to_owned());
            }
            let arn: Arn = resource.parse().ok()?;
            let (named, key) = arn.resource.split_once('/')?;
            (arn.service == "s3" && glob_matches(named, bucket)).then(|| key.to_owned())
        };
        resources.iter().filter_map(key).collect()
    }
}

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
