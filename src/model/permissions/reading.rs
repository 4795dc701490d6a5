//! What can be said of a draft's text: made in the background for one state of the text, and shown until the next.

use crate::domain::policy::{
    Finding, LintContext, Policy, PublicVerdict, Rule, Severity, Span, is_public, lint, merge_validated,
};

use super::Checked;
use super::draft::{Draft, difference};

/// A finding as it is told.
#[derive(Debug, Clone)]
pub struct Told {
    /// What it says. Its place is in the text as it is now.
    pub finding: Finding,
    /// What it is about, where it can be called meant.
    pub about: Option<String>,
}

/// All that is said about one state of the text.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The text it is about.
    pub text: String,
    /// What was known beside the text.
    pub context: LintContext,
    /// What is wrong or unwise, as S3 would meet it, advice afterwards, what Access Analyzer adds at the end.
    pub findings: Vec<Finding>,
    /// Whether Access Analyzer was heard.
    pub is_validated: bool,
    /// The policy, if the text is one.
    pub policy: Option<Policy>,
    /// Whether it is public.
    pub public: PublicVerdict,
}

impl Reading {
    /// Reads a text.
    #[must_use]
    pub fn of(text: String, context: LintContext) -> Self {
        let findings = if text.trim().is_empty() { Vec::new() } else { lint(&text, &context) };
        let policy = Policy::parse(&text).ok();
        let public = policy.as_ref().map(is_public).unwrap_or_default();
        Self { text, context, findings, is_validated: false, policy, public }
    }

    /// Adds what Access Analyzer says of this very text, once.
    pub fn hear(&mut self, checked: &Checked) {
        if !self.is_validated && checked.text == self.text {
            self.is_validated = true;
            self.findings = merge_validated(&self.findings, &checked.findings, &self.text, self.policy.as_ref());
        }
    }

    /// The findings to show beside the text as it is now: those that were not called meant. While a newer text is being
    /// read, what stands in parts that did not change keeps its place there.
    #[must_use]
    pub fn told(&self, draft: &Draft) -> Vec<Told> {
        let change = difference(&self.text, draft.text());
        let told = |finding: &Finding| {
            let about = self.about(finding);
            if about.as_deref().is_some_and(|about| draft.is_meant(about)) {
                return None;
            }
            let mut finding = finding.clone();
            if let Some((at, removed, inserted)) = change {
                finding.span = moved(finding.span, at, removed, inserted)?;
                finding.line = finding.span.line;
            }
            Some(Told { finding, about })
        };
        self.findings.iter().filter_map(told).collect()
    }

    /// Whether S3 would refuse the text (predicted).
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// What a finding is about, to remember that it was called meant: its rule and the text of its statement. Only what
    /// a person may well want can be meant.
    #[must_use]
    pub fn about(&self, finding: &Finding) -> Option<String> {
        let may_be_meant = match finding.severity {
            Severity::Error => false,
            Severity::Security | Severity::Warning | Severity::Suggestion => finding.rule != Rule::LockOut,
        };
        let statement = finding.statement.and_then(|index| {
            let whole = self.policy.as_ref()?.statements.get(index)?.source.whole;
            self.text.get(whole.start..whole.end)
        });
        // Access Analyzer says different things under one name.
        let what = if finding.rule == Rule::AccessAnalyzer { finding.message.as_str() } else { finding.rule.id() };
        may_be_meant.then(|| format!("{what} {}", statement.unwrap_or_default()))
    }
}

/// Where a part of the text is after a change elsewhere; `None` for a part that changed itself.
fn moved(span: Span, at: usize, removed: &str, inserted: &str) -> Option<Span> {
    let end = at + removed.len();
    if span.end <= at {
        return Some(span);
    }
    if span.start < end || (removed.is_empty() && span.start < at) {
        return None;
    }
    let lines = |text: &str| text.matches('\n').count();
    Some(Span {
        start: span.start - removed.len() + inserted.len(),
        end: span.end - removed.len() + inserted.len(),
        line: (span.line + lines(inserted)).saturating_sub(lines(removed)).max(1),
        column: span.column,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::arn::Partition;
    use crate::domain::policy::Validated;

    fn reading(text: &str) -> Reading {
        Reading::of(text.to_owned(), LintContext::new("acme-images", Partition::Aws))
    }

    const PUBLIC: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",
        "Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-images/*"}]}"#;

    #[test]
    fn nothing_is_said_about_nothing() {
        assert!(reading(" \n").findings.is_empty());
        assert!(!reading("").is_refused());
    }

    #[test]
    fn access_analyzer_is_heard_once_about_the_text_it_read() {
        let says = |text: &str| Checked {
            text: text.to_owned(),
            findings: vec![Validated {
                severity: Severity::Security,
                code: "MISSING_VERSION".to_owned(),
                message: "Something else.".to_owned(),
                statement: None,
                places: None,
            }],
        };
        let mut reading = reading(PUBLIC);
        let ours = reading.findings.len();
        reading.hear(&says("{}"));
        assert_eq!((reading.findings.len(), reading.is_validated), (ours, false), "about another text");
        reading.hear(&says(PUBLIC));
        reading.hear(&says(PUBLIC));
        assert_eq!((reading.findings.len(), reading.is_validated), (ours + 1, true));
        let about = reading.about(reading.findings.last().unwrap()).unwrap();
        assert!(about.starts_with("Access Analyzer: Something else."), "{about}");
    }

    #[test]
    fn a_finding_is_meant_for_its_statement_only() {
        let before = reading(PUBLIC);
        let find = |reading: &Reading| {
            let finding = reading.findings.iter().find(|finding| finding.rule == Rule::PublicStatement).unwrap();
            reading.about(finding).unwrap()
        };
        assert_eq!(find(&before), find(&before));
        let other = reading(&PUBLIC.replace("images/*", "images/photos/*"));
        assert_ne!(find(&before), find(&other));
    }

    #[test]
    fn findings_move_along_while_the_text_is_being_typed() {
        let text = format!("\n{PUBLIC}");
        let before = reading(PUBLIC);
        let draft = Draft::kept(text.clone(), super::super::draft::Base::None);
        let (old, new) = (&before.findings, before.told(&draft));
        assert!(!new.is_empty());
        for (old, new) in old.iter().zip(&new) {
            assert_eq!(new.finding.line, old.line + 1);
            assert_eq!(text[new.finding.span.start..new.finding.span.end], PUBLIC[old.span.start..old.span.end]);
        }
        let inside = Draft::kept(PUBLIC.replace("\"*\"", "\"**\""), super::super::draft::Base::None);
        let is_public = |told: &Told| told.finding.rule == Rule::PublicStatement;
        assert!(!before.told(&inside).iter().any(is_public), "what it was about has changed");
    }

    #[test]
    fn what_was_called_meant_is_no_longer_told() {
        let reading = reading(PUBLIC);
        let mut draft = Draft::kept(PUBLIC.to_owned(), super::super::draft::Base::None);
        let all = reading.told(&draft);
        let told = all.iter().find(|told| told.finding.rule == Rule::PublicStatement).unwrap();
        draft.mean(told.about.clone().unwrap());
        assert_eq!(reading.told(&draft).len(), all.len() - 1);
    }

    #[test]
    fn a_mistake_cannot_be_meant() {
        let wrong = reading(&PUBLIC.replace("GetObject", "GetObjekt"));
        let error = wrong.findings.iter().find(|finding| finding.severity == Severity::Error).unwrap();
        assert_eq!(wrong.about(error), None);
    }
}
