//! What is wrong, unwise or improvable in a policy, and how S3 would answer.

use super::{Rule, Span};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// S3 would refuse the policy (predicted).
    Error,
    /// The policy would be stored, and lets in or locks out more than one may think.
    Security,
    /// The policy would be stored, and probably does not do what it says.
    Warning,
    /// It works; it could be better.
    Suggestion,
}

/// The answer S3 would give to PutBucketPolicy (predicted).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerRefusal {
    /// Such as `MalformedPolicy`.
    pub code: String,
    /// The text S3 sends with the code.
    pub message: String,
}

impl ServerRefusal {
    /// The status of the HTTP answer that carries this refusal.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        if self.code == "AccessDenied" { 403 } else { 400 }
    }
}

/// One change of the text: the bytes `start..end` become `replacement`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Byte offset where the change begins.
    pub start: usize,
    /// Byte offset after the last byte that goes.
    pub end: usize,
    /// What stands there afterwards.
    pub replacement: String,
}

/// A change that cures a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The words of its button, such as "Add /*".
    pub label: String,
    /// Changes in ascending order that do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that replaces what the span covers.
    #[must_use]
    pub fn replace(label: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            edits: vec![Edit { start: span.start, end: span.end, replacement: replacement.into() }],
        }
    }

    /// The text after the fix. Edits that do not fit the text (it changed meanwhile) are left out.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for edit in &self.edits {
            let (Some(before), Some(_)) = (text.get(at..edit.start), text.get(edit.start..edit.end)) else {
                continue;
            };
            out.push_str(before);
            out.push_str(&edit.replacement);
            at = edit.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        out
    }
}

/// One thing to say about a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule speaks.
    pub rule: Rule,
    /// How much it weighs.
    pub severity: Severity,
    /// The statement it is about, counted from 0; `None` for the document as a whole.
    pub statement: Option<usize>,
    /// The line it points at, counted from 1.
    pub line: usize,
    /// The column it points at, counted from 1 in characters.
    pub column: usize,
    /// The bytes of the text it is about.
    pub span: Span,
    /// One plain sentence.
    pub message: String,
    /// The answer S3 would give, for errors.
    pub server: Option<ServerRefusal>,
    /// A change that cures it, where one is certain.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding without refusal or fix, weighing what its rule weighs.
    pub(super) fn new(rule: Rule, statement: Option<usize>, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity(),
            statement,
            line: span.line,
            column: span.column,
            span,
            message: message.into(),
            server: None,
            fix: None,
        }
    }

    /// A finding for which S3 would refuse the policy with the text given.
    pub(super) fn refused(
        rule: Rule,
        statement: Option<usize>,
        span: Span,
        message: impl Into<String>,
        server: impl Into<String>,
    ) -> Self {
        Self {
            server: Some(ServerRefusal { code: "MalformedPolicy".to_owned(), message: server.into() }),
            ..Self::new(rule, statement, span, message)
        }
    }

    pub(super) fn with_fix(self, fix: impl Into<Option<Fix>>) -> Self {
        Self { fix: fix.into(), ..self }
    }
}

/// The refusal S3 would send (predicted): that of the first statement's first problem.
///
/// Expects findings in the order in which [`lint`](super::lint) and
/// [`Policy::parse`](super::Policy::parse) give them.
#[must_use]
pub fn first_refusal(findings: &[Finding]) -> Option<&ServerRefusal> {
    findings.iter().find_map(|finding| finding.server.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fix_replaces_only_its_bytes() {
        let span = Span { start: 2, end: 4, line: 1, column: 3 };
        assert_eq!(Fix::replace("x", span, "--").apply("ab12cd"), "ab--cd");
        assert_eq!(Fix::replace("x", span, "--").apply("a"), "a", "text changed meanwhile");
    }
}
