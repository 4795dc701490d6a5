//! From text to statements, with every structural problem on the way.

mod members;

use std::collections::HashSet;

use members::{read_conditions, read_effect, read_principals, read_texts};

use super::json::{self, Member, Node, Value};
use super::{
    ActionMatch, Finding, Fix, MAX_POLICY_BYTES, PrincipalMatch, ResourceMatch, Rule, Source, Span, Statement, Version,
};
use crate::domain::spelling::nearest;

const WRONG_TYPE: &str = "Invalid policy syntax.";
/// A text so long that no whitespace explains it is not read at all.
pub(super) const MAX_TEXT_BYTES: usize = 64 * MAX_POLICY_BYTES;
/// A policy so far beyond the limit is not gone through statement by statement.
const MAX_READ_BYTES: usize = 2 * MAX_POLICY_BYTES;
const BAD_PRINCIPAL: &str = "Invalid principal in policy";

/// All that could be read, and all that could not.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) version: Option<Version>,
    pub(super) id: Option<String>,
    /// Problems of the document outside its statements.
    pub(super) document: Vec<Finding>,
    /// What S3 would take and is of no use, in the document outside its statements.
    pub(super) hints: Vec<Finding>,
    pub(super) statements: Vec<ReadStatement>,
    /// The document's own place, or nothing when it is no object.
    pub(super) root: Option<Span>,
}

/// One statement as far as it could be read.
#[derive(Debug)]
pub(super) struct ReadStatement {
    /// Present exactly when there are no findings.
    pub(super) statement: Option<Statement>,
    pub(super) findings: Vec<Finding>,
    /// What S3 would take and is of no use.
    pub(super) hints: Vec<Finding>,
}

/// What a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bucket: each statement says whose requests it is about.
    Bucket,
    /// An identity: it is about that identity's requests, and names no principal.
    Identity,
}

pub(super) fn read(text: &str, kind: Kind) -> Reading {
    let mut out = Reading::default();
    if !text.starts_with('{') {
        out.document.push(not_an_object(text));
        return out;
    }
    if text.len() > MAX_TEXT_BYTES {
        out.document.push(too_large(text.len(), Span { end: 1, line: 1, column: 1, ..Span::default() }));
        return out;
    }
    let document = match json::read(text) {
        Ok(document) => document,
        Err(problem) => {
            out.document.push(Finding::refused(
                Rule::JsonSyntax,
                None,
                problem.span,
                problem.message,
                "This policy contains invalid Json",
            ));
            return out;
        }
    };
    let span = document.root.span;
    out.root = Some(span);
    if document.minified_bytes > MAX_POLICY_BYTES {
        out.document.push(too_large(document.minified_bytes, span));
    }
    if document.minified_bytes > MAX_READ_BYTES {
        return out;
    }
    if let Value::Object(members) = document.root.value {
        read_document(&mut out, members, span, kind);
    }
    out
}

/// Every text that stands where a statement names its resources, however wrong the rest may be; empty for what
/// is no JSON.
#[must_use]
pub fn named_resources(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    if text.len() > MAX_TEXT_BYTES {
        return out;
    }
    let Ok(document) = json::read(text) else {
        return out;
    };
    let each = |node: Node| match node.value {
        Value::Array(items) => items,
        value => vec![Node { span: node.span, value }],
    };
    let members = |node: Node| match node.value {
        Value::Object(members) => members,
        _ => Vec::new(),
    };
    for statements in members(document.root).into_iter().filter(|member| member.name == "Statement") {
        for member in each(statements.value).into_iter().flat_map(members) {
            if matches!(member.name.as_str(), "Resource" | "NotResource") {
                out.extend(each(member.value).into_iter().filter_map(|node| match node.value {
                    Value::Text(text) => Some(text),
                    _ => None,
                }));
            }
        }
    }
    out
}

fn too_large(bytes: usize, span: Span) -> Finding {
    Finding::refused(
        Rule::TooLarge,
        None,
        span,
        format!("The policy has {bytes} bytes, S3 stores at most {MAX_POLICY_BYTES}"),
        "Policy exceeds the maximum allowed document size.",
    )
}

fn not_an_object(text: &str) -> Finding {
    let span = Span { start: 0, end: text.chars().next().map_or(0, char::len_utf8), line: 1, column: 1 };
    let spare = text.find('{').unwrap_or(text.len());
    let (before, object) = text.split_at(spare);
    let only_spare = before.chars().all(|c| c.is_whitespace() || c == '\u{feff}');
    let message = if text.is_empty() {
        "The policy is empty"
    } else if only_spare && !object.is_empty() {
        "Nothing may stand before the first brace, not even a space"
    } else {
        "A policy starts with a brace"
    };
    let fix = (only_spare && !object.is_empty()).then(|| {
        let spare = Span { end: spare, ..span };
        Fix::replace("Remove what stands before it", spare, "")
    });
    Finding::refused(
        Rule::NotAnObject,
        None,
        span,
        message,
        "Policies must be valid JSON and the first byte must be '{'",
    )
    .with_fix(fix)
}

fn read_document(out: &mut Reading, members: Vec<Member>, span: Span, kind: Kind) {
    let mut seen = HashSet::new();
    let mut statements = None;
    for member in members {
        if !seen.insert(member.name.clone()) {
            out.document.push(repeated(None, &member, &member.name));
            continue;
        }
        match (member.name.as_str(), member.value.value) {
            ("Version", Value::Text(text)) => match Version::parse(&text) {
                Some(version) => out.version = Some(version),
                None => out.document.push(bad_version(&text, member.value.span)),
            },
            ("Version", _) => out.document.push(bad_version("", member.value.span)),
            ("Id", Value::Text(text)) => {
                if text.is_empty() {
                    out.hints.push(empty_member(None, member.value.span, "Id"));
                }
                out.id = Some(text);
            }
            ("Id", _) => {
                let at = member.value.span;
                out.document.push(wrong_type(None, at, "Id is a text"));
            }
            ("Statement", Value::Array(list)) if list.is_empty() => {
                statements = Some(Vec::new());
                out.document.push(Finding::refused(
                    Rule::EmptyStatement,
                    None,
                    member.value.span,
                    "The list of statements is empty",
                    "Could not parse the policy: Statement is empty!",
                ));
            }
            ("Statement", Value::Array(list)) => statements = Some(list),
            ("Statement", value @ Value::Object(_)) => {
                statements = Some(vec![Node { span: member.value.span, value }]);
            }
            ("Statement", _) => {
                statements = Some(Vec::new());
                let message = "Statement is an object or a list of objects";
                let at = member.value.span;
                out.document.push(wrong_type(None, at, message));
            }
            (name, _) => {
                let known = ["Version", "Id", "Statement"];
                let finding = unknown_member(None, name, member.name_span, &known);
                out.document.push(finding);
            }
        }
    }
    match statements {
        Some(list) => {
            let read = |(index, node)| read_statement(index, node, kind);
            out.statements = list.into_iter().enumerate().map(read).collect();
        }
        None => out.document.push(Finding::refused(
            Rule::MissingStatement,
            None,
            span,
            "The policy has no Statement",
            "Missing required field Statement",
        )),
    }
}

fn empty_member(statement: Option<usize>, span: Span, name: &str) -> Finding {
    Finding::new(Rule::EmptyMember, statement, span, format!("{name} is empty and says nothing, so it can go"))
}

fn bad_version(text: &str, span: Span) -> Finding {
    let message = if text.is_empty() {
        "The version is a text in quotes".to_owned()
    } else {
        format!("There is no version {text}")
    };
    Finding::refused(Rule::BadVersion, None, span, message, "The policy must contain a valid version string")
        .with_fix(Fix::replace("Use 2012-10-17", span, "\"2012-10-17\""))
}

fn wrong_type(statement: Option<usize>, span: Span, message: impl Into<String>) -> Finding {
    Finding::refused(Rule::WrongType, statement, span, message, WRONG_TYPE)
}

fn repeated(statement: Option<usize>, member: &Member, name: &str) -> Finding {
    let message = if member.name == name {
        format!("{name} stands here a second time")
    } else {
        let other = member.name.strip_prefix("Not").unwrap_or(&member.name);
        format!("{other} and Not{other} cannot stand in one statement")
    };
    Finding::refused(
        Rule::RepeatedMember,
        statement,
        member.name_span,
        message,
        format!("Statement/policy already has instance of {name}"),
    )
}

fn unknown_member(statement: Option<usize>, name: &str, span: Span, known: &[&str]) -> Finding {
    let near = nearest(name, known);
    let message = match near {
        Some(near) => format!("There is no member {name}, {near} may be meant"),
        None => format!("There is no member {name} in the policy language"),
    };
    Finding::refused(Rule::UnknownMember, statement, span, message, format!("Unknown field {name}"))
        .with_fix(near.map(|near| Fix::replace(format!("Use {near}"), span, format!("\"{near}\""))))
}

const MEMBERS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// Collects the parts of one statement.
struct Draft {
    index: usize,
    findings: Vec<Finding>,
    hints: Vec<Finding>,
    source: Source,
}

impl Draft {
    fn wrong_type(&mut self, span: Span, message: &str) {
        self.findings.push(wrong_type(Some(self.index), span, message));
    }

    fn empty(&mut self, span: Span, name: &str) {
        self.hints.push(empty_member(Some(self.index), span, name));
    }

    fn bad_principal(&mut self, span: Span, message: impl Into<String>) {
        self.findings.push(Finding::refused(Rule::BadPrincipal, Some(self.index), span, message, BAD_PRINCIPAL));
    }
}

fn read_statement(index: usize, node: Node, kind: Kind) -> ReadStatement {
    let span = node.span;
    let source = Source { whole: span, ..Source::default() };
    let mut draft = Draft { index, findings: Vec::new(), hints: Vec::new(), source };
    let Value::Object(members) = node.value else {
        draft.wrong_type(span, "A statement is an object in braces");
        return ReadStatement { statement: None, findings: draft.findings, hints: draft.hints };
    };
    let (mut sid, mut effect, mut principal) = (None, None, None);
    let (mut action, mut resource, mut conditions) = (None, None, Vec::new());
    let mut seen: Vec<String> = Vec::new();
    for member in members {
        let base = member.name.strip_prefix("Not").unwrap_or(&member.name);
        if !MEMBERS.contains(&member.name.as_str()) {
            let finding = unknown_member(Some(index), &member.name, member.name_span, &MEMBERS);
            draft.findings.push(finding);
            continue;
        }
        if seen.iter().any(|name| name == base) {
            let finding = repeated(Some(index), &member, base);
            draft.findings.push(finding);
            continue;
        }
        seen.push(base.to_owned());
        let negated = member.name.starts_with("Not");
        let value = member.value;
        match base {
            "Sid" => {
                draft.source.sid = value.span;
                match value.value {
                    Value::Text(text) => {
                        if text.is_empty() {
                            draft.empty(value.span, "Sid");
                        }
                        sid = Some(text);
                    }
                    _ => draft.wrong_type(value.span, "Sid is a text"),
                }
            }
            "Effect" => {
                draft.source.effect = value.span;
                effect = read_effect(&mut draft, &value);
            }
            "Principal" if kind == Kind::Identity => {
                draft.bad_principal(member.name_span, "The policy of an identity names no principal");
            }
            "Principal" => {
                draft.source.principal = value.span;
                principal = read_principals(&mut draft, value)
                    .map(|list| if negated { PrincipalMatch::Except(list) } else { PrincipalMatch::Only(list) });
            }
            "Action" => {
                draft.source.action = value.span;
                action = read_texts(&mut draft, &member.name, value).map(|(list, spans)| {
                    draft.source.actions = spans;
                    if negated { ActionMatch::Except(list) } else { ActionMatch::Only(list) }
                });
            }
            "Resource" => {
                draft.source.resource = value.span;
                resource = read_texts(&mut draft, &member.name, value).map(|(list, spans)| {
                    draft.source.resources = spans;
                    if negated { ResourceMatch::Except(list) } else { ResourceMatch::Only(list) }
                });
            }
            _ => conditions = read_conditions(&mut draft, value),
        }
    }
    if kind == Kind::Identity {
        principal = Some(PrincipalMatch::everyone());
        seen.push("Principal".to_owned());
    }
    for name in ["Effect", "Principal", "Action", "Resource"] {
        if !seen.iter().any(|seen| seen == name) {
            draft.findings.push(Finding::refused(
                Rule::MissingMember,
                Some(index),
                span,
                format!("The statement has no {name}"),
                format!("Missing required field {name}"),
            ));
        }
    }
    let statement = match (effect, principal, action, resource) {
        (Some(effect), Some(principal), Some(action), Some(resource)) if draft.findings.is_empty() => {
            Some(Statement { sid, effect, principal, action, resource, conditions, source: draft.source })
        }
        _ => None,
    };
    ReadStatement { statement, findings: draft.findings, hints: draft.hints }
}
