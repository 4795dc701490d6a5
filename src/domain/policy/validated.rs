//! What IAM Access Analyzer says of a policy, beside what is said here.
//!
//! Source: AWS IAM Access Analyzer API Reference, `ValidatePolicy`.

use super::{Finding, Policy, Rule, Severity, Span};

/// A place in a policy: its line, counted from 1, and how many characters stand before it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 0.
    pub column: usize,
}

/// One finding of Access Analyzer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validated {
    /// How much it weighs. What it calls an error is a warning here: S3 may well store it.
    pub severity: Severity,
    /// Such as `ALLOW_WITH_NOT_PRINCIPAL`.
    pub code: String,
    /// Its sentence.
    pub message: String,
    /// The statement it is about, counted from 0.
    pub statement: Option<usize>,
    /// From where to where, if it says so.
    pub places: Option<(Place, Place)>,
}

impl Validated {
    fn finding(&self, text: &str, policy: Option<&Policy>) -> Finding {
        let whole = self.statement.and_then(|at| Some(policy?.statements.get(at)?.source.whole));
        let named = self.places.and_then(|(from, to)| {
            let (start, end) = (offset(text, from)?, offset(text, to)?);
            (start <= end).then_some(Span { start, end, line: from.line, column: from.column + 1 })
        });
        let span = named.or(whole).unwrap_or(Span { start: 0, end: 0, line: 1, column: 1 });
        let message = format!("Access Analyzer: {}", self.message);
        let finding = Finding::new(Rule::AccessAnalyzer, self.statement, span, message);
        Finding { severity: self.severity, ..finding }
    }
}

/// Bytes before a place; `None` for one that the text does not have.
fn offset(text: &str, place: Place) -> Option<usize> {
    let line = text.split_inclusive('\n').nth(place.line.checked_sub(1)?)?;
    let start = line.as_ptr() as usize - text.as_ptr() as usize;
    let within = line.char_indices().nth(place.column).map(|(at, _)| at);
    let at_end = line.chars().count() == place.column;
    within.or_else(|| at_end.then_some(line.len())).map(|within| start + within)
}

/// Adds what Access Analyzer says to what is said here. Where something of at least the same weight is said of the same
/// place already, in plainer words, its sentence is left out.
#[must_use]
pub fn merge_validated(ours: &[Finding], theirs: &[Validated], text: &str, policy: Option<&Policy>) -> Vec<Finding> {
    let is_said = |one: &Finding| {
        ours.iter().any(|other| {
            other.severity <= one.severity && other.span.start <= one.span.end && one.span.start <= other.span.end
        })
    };
    let added = theirs.iter().map(|one| one.finding(text, policy)).filter(|one| !is_said(one));
    ours.iter().cloned().chain(added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::arn::Partition;
    use crate::domain::policy::{LintContext, lint};
    use test_case::test_case;

    const TEXT: &str = "{\"Version\": \"2012-10-17\",\n\"Statement\": [{\n\"Sid\": \"Bücher\", \"Effect\": \"Allow\",\n\"Principal\": {\"AWS\": \"arn:aws:iam::111122223333:root\"},\n\"Action\": [\"s3:GetObject\", \"s3:GetObject\"],\n\"Resource\": \"arn:aws:s3:::b/*\"}]}";

    fn place(line: usize, column: usize) -> Place {
        Place { line, column }
    }

    fn says(severity: Severity, places: Option<(Place, Place)>) -> Validated {
        let (code, message) = ("REDUNDANT_ACTION".to_owned(), "The action is redundant.".to_owned());
        Validated { severity, code, message, statement: Some(0), places }
    }

    #[test_case(Some((place(3, 17), place(3, 25))), "\"Effect\"", 3; "after a letter of two bytes")]
    #[test_case(Some((place(9, 0), place(9, 1))), "{\n\"Sid\"", 2; "no such line: the statement")]
    #[test_case(None, "{\n\"Sid\"", 2; "no place: the statement")]
    fn it_stands_where_it_says(places: Option<(Place, Place)>, at: &str, line: usize) {
        let policy = Policy::parse(TEXT).unwrap();
        let found = says(Severity::Suggestion, places).finding(TEXT, Some(&policy));
        assert!(
            TEXT[found.span.start..found.span.end].starts_with(at),
            "{:?}",
            &TEXT[found.span.start..found.span.end]
        );
        assert_eq!((found.line, found.message.as_str()), (line, "Access Analyzer: The action is redundant."));
    }

    #[test]
    fn what_is_said_already_is_not_said_twice() {
        let policy = Policy::parse(TEXT).unwrap();
        let ours = lint(TEXT, &LintContext::new("b", Partition::Aws));
        let redundant = ours.iter().find(|finding| finding.line == 5).expect("our own word about line 5");
        let there = Some((place(5, 11), place(5, 40)));
        let merge = |theirs: &[Validated]| merge_validated(&ours, theirs, TEXT, Some(&policy)).len() - ours.len();
        assert_eq!(merge(&[says(redundant.severity, there)]), 0);
        assert_eq!(merge(&[says(Severity::Security, there)]), 1, "it weighs more");
        assert_eq!(merge(&[says(Severity::Warning, Some((place(1, 0), place(1, 3))))]), 1, "it stands elsewhere");
    }
}
