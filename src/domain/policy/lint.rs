//! Everything there is to say about a policy's text, in the order in which S3 would meet it.

use std::net::IpAddr;

use super::parse::{self, ReadStatement};
use super::public::public_reason;
use super::{Finding, RequestPrincipal, Rule, ServerRefusal, Span, Statement, Version};
use super::{advice, statement_rules};
use crate::domain::arn::Partition;

/// What the checks must know besides the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintContext {
    /// The bucket the policy is for.
    pub bucket: String,
    /// The partition the bucket lives in.
    pub partition: Partition,
    /// Whether `BlockPublicPolicy` is on at any level; `None` when not known.
    pub block_public_policy: Option<bool>,
    /// Who would save the policy, to warn before they lock themselves out.
    pub caller: Option<Caller>,
}

impl LintContext {
    /// For a bucket of which nothing else is known.
    #[must_use]
    pub fn new(bucket: impl Into<String>, partition: Partition) -> Self {
        Self { bucket: bucket.into(), partition, block_public_policy: None, caller: None }
    }
}

/// Who would save the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Their identity.
    pub principal: RequestPrincipal,
    /// The address they are seen from, where known.
    pub source_ip: Option<IpAddr>,
}

/// A statement that could be read, with its number in the document.
pub(super) struct Numbered {
    pub(super) index: usize,
    pub(super) statement: Statement,
}

/// Checks a policy's text. Errors predict what S3 would refuse, in the order in which S3 would meet
/// them (see [`first_refusal`](super::first_refusal)); advice follows.
#[must_use]
pub fn lint(text: &str, cx: &LintContext) -> Vec<Finding> {
    let reading = parse::read(text, parse::Kind::Bucket);
    let mut findings = reading.document;
    let mut hints = reading.hints;
    let mut statements = Vec::new();
    for (index, read) in reading.statements.into_iter().enumerate() {
        let ReadStatement { statement, findings: problems, hints: more } = read;
        findings.extend(problems);
        hints.extend(more);
        if let Some(statement) = statement {
            findings.extend(statement_rules::check(index, &statement, cx));
            statements.push(Numbered { index, statement });
        }
    }
    if cx.block_public_policy == Some(true) {
        findings.extend(public_policy_blocked(&statements));
    }
    let version = reading.version.unwrap_or(Version::V2008);
    for numbered in &statements {
        findings.extend(advice::for_statement(numbered, version, cx));
    }
    if let Some(root) = reading.root {
        let version = reading.version;
        findings.extend(advice::for_policy(&statements, version, root, cx));
    }
    findings.extend(hints);
    findings
}

fn public_policy_blocked(statements: &[Numbered]) -> Option<Finding> {
    let public = statements.iter().find(|numbered| public_reason(&numbered.statement).is_some())?;
    let span: Span = public.statement.source.principal;
    let mut finding = Finding::new(
        Rule::PublicPolicyBlocked,
        Some(public.index),
        span,
        "This statement makes the policy public, which BlockPublicPolicy refuses",
    );
    finding.server = Some(ServerRefusal {
        code: "AccessDenied".to_owned(),
        message: "Access Denied because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.".to_owned(),
    });
    Some(finding)
}

#[cfg(test)]
mod tests;
