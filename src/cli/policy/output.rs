//! Answers, for people and for programs.

use serde_json::{Value, json};

use super::input::Source;
use crate::cli::plain::plain;
use crate::domain::permission::{Access, Judgement};
use crate::domain::policy::{Edit, Finding, Policy, PublicReason, PublicVerdict, Sentence, Severity, Tone};

fn line(value: &Value) -> String {
    format!("{value:#}\n")
}

const fn weight(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Security => "security",
        Severity::Warning => "warning",
        Severity::Suggestion => "suggestion",
    }
}

/// One line for each finding, as compilers write them, its fix below.
pub(super) fn findings(file: &Source, findings: &[Finding]) -> String {
    if findings.is_empty() {
        return format!("{file}: nothing to say\n");
    }
    let mut out = String::new();
    for finding in findings {
        let Finding { line, column, message, rule, .. } = finding;
        let (weight, rule) = (weight(finding.severity), rule.id());
        out.push_str(&format!("{file}:{line}:{column}: {weight}: {message} ({rule})\n"));
        if let Some(fix) = &finding.fix {
            out.push_str(&format!("  fix: {}\n", fix.label));
        }
    }
    plain(&out).into_owned()
}

pub(super) fn findings_json(findings: &[Finding]) -> String {
    let one = |finding: &Finding| {
        let edit = |edit: &Edit| json!({"start": edit.start, "end": edit.end, "replacement": edit.replacement});
        let edits = |edits: &[Edit]| -> Value { edits.iter().map(edit).collect() };
        json!({
            "severity": weight(finding.severity),
            "rule": finding.rule.id(),
            "statement": finding.statement,
            "line": finding.line,
            "column": finding.column,
            "message": finding.message,
            "server": finding.server.as_ref().map(|refusal| json!({"code": refusal.code, "message": refusal.message})),
            "fix": finding.fix.as_ref().map(|fix| json!({"label": fix.label, "edits": edits(&fix.edits)})),
        })
    };
    line(&json!({"findings": findings.iter().map(one).collect::<Value>()}))
}

pub(super) fn sentences(sentences: &[Sentence]) -> String {
    sentences.iter().map(|sentence| format!("{}\n", plain(&sentence.text()))).collect()
}

pub(super) fn sentences_json(sentences: &[Sentence]) -> String {
    let tone = |tone| match tone {
        Tone::Public => "public",
        Tone::Broken => "broken",
        Tone::Grant => "grant",
        Tone::Denial => "denial",
        Tone::Limit => "limit",
    };
    let one = |sentence: &Sentence| json!({"text": sentence.text(), "statement": sentence.statement, "tone": tone(sentence.tone)});
    line(&json!({"sentences": sentences.iter().map(one).collect::<Value>()}))
}

pub(super) fn formatted_json(before: &str, after: &str) -> String {
    line(&json!({"changed": before.trim_end_matches('\n') != after, "text": after}))
}

const fn why(reason: PublicReason) -> &'static str {
    match reason {
        PublicReason::Everyone => "names everyone",
        PublicReason::EveryoneWithLooseConditions => "names everyone, and its conditions narrow that to nothing fixed",
        PublicReason::EveryoneElse => "names everyone but a few",
        PublicReason::Federated => "names an identity provider, whose people are not known",
        PublicReason::Wildcard => "names identities by a pattern",
    }
}

pub(super) fn public(policy: &Policy, verdict: &PublicVerdict) -> String {
    if !verdict.public {
        return "Not public (predicted)\n".to_owned();
    }
    let mut out = "Public (predicted)\n".to_owned();
    for found in &verdict.statements {
        let name = match policy.statements.get(found.index).and_then(|statement| statement.sid.as_deref()) {
            Some(sid) => format!("The statement {sid}"),
            None => format!("Statement {}", found.index + 1),
        };
        out.push_str(&format!("{name} {}\n", why(found.reason)));
    }
    plain(&out).into_owned()
}

pub(super) fn public_json(verdict: &PublicVerdict) -> String {
    let statements: Value = verdict
        .statements
        .iter()
        .map(|found| json!({"statement": found.index, "sid": found.sid, "reason": why(found.reason)}))
        .collect();
    line(&json!({"public": verdict.public, "statements": statements}))
}

pub(super) fn judgement(judgement: &Judgement) -> String {
    let word = match judgement.access {
        Access::Allow => "Allowed",
        Access::Deny => "Denied",
    };
    format!("{word} (predicted): {}\n", plain(&judgement.reason))
}

pub(super) fn judgement_json(judgement: &Judgement, policy: &Policy) -> String {
    let sid = judgement.statement.and_then(|index| policy.statements.get(index)?.sid.as_deref());
    line(&json!({
        "decision": judgement.access.as_str(),
        "layer": judgement.layer.as_str(),
        "statement": judgement.statement,
        "sid": sid,
        "reason": judgement.reason,
    }))
}
