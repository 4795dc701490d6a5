//! What is said of files, and how it is written down.

use serde::{Deserialize, Serialize};

use crate::domain::format::{count, counted};

/// Names the shape of the JSON report, so that programs can tell a later one from it.
pub const SHAPE: &str = "brimful-verify-1";

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Not as expected, by a rule that only warns.
    Warning,
    /// It could not be told.
    Unknown,
    /// Not as expected.
    Error,
}

impl Severity {
    /// In one word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Unknown => "unknown",
            Self::Error => "error",
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "they are the keys of the expectations")]
pub enum Check {
    Access,
    Status,
    Https,
    ContentType,
    MatchesBytes,
    Decodes,
    Width,
    Height,
    Bytes,
    Aspect,
    CacheControl,
    Cors,
    Key,
    Variants,
    Unique,
}

impl Check {
    /// As it stands in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Status => "status",
            Self::Https => "https",
            Self::ContentType => "content-type",
            Self::MatchesBytes => "matches-bytes",
            Self::Decodes => "decodes",
            Self::Width => "width",
            Self::Height => "height",
            Self::Bytes => "bytes",
            Self::Aspect => "aspect",
            Self::CacheControl => "cache-control",
            Self::Cors => "cors",
            Self::Key => "key",
            Self::Variants => "variants",
            Self::Unique => "unique",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Access => "Who can see it",
            Self::Status => "Answer",
            Self::Https => "HTTPS",
            Self::ContentType => "Content-Type",
            Self::MatchesBytes => "Type and bytes",
            Self::Decodes => "Decoding",
            Self::Width => "Width",
            Self::Height => "Height",
            Self::Bytes => "File size",
            Self::Aspect => "Shape",
            Self::CacheControl => "Cache-Control",
            Self::Cors => "CORS",
            Self::Key => "Name",
            Self::Variants => "Variants",
            Self::Unique => "Same content",
        }
    }
}

/// One thing that is not as expected, or could not be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Name of the rule.
    pub rule: String,
    /// What it is about.
    pub check: Check,
    /// How much it weighs.
    pub severity: Severity,
    /// What is the matter.
    pub sentence: String,
    /// Against an earlier report: whether it was there then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

impl Finding {
    /// What makes it the same finding in another report. Numbers in its sentence may have changed meanwhile.
    #[must_use]
    pub fn identity(&self) -> String {
        let Self { rule, check, sentence, .. } = self;
        // Only of these a rule may have several.
        let which = if matches!(check, Check::Cors | Check::Variants) { sentence.as_str() } else { "" };
        format!("{rule}\u{1f}{}\u{1f}{which}", check.word())
    }

    /// Whether it was known before, and so is no news.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.change == Some(Change::Known)
    }
}

/// How a finding stands to an earlier report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was not there.
    New,
    /// It was there as well.
    Known,
}

/// All that a report says about one file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Row {
    /// What rules were matched with.
    pub path: String,
    /// The address that was asked.
    pub url: String,
    /// The status of HTTP; `None` where nobody answered.
    pub status: Option<u16>,
    /// The store's own code for a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// `Content-Type` as it stands.
    pub content_type: Option<String>,
    /// What the bytes are, as a media type.
    pub bytes_are: Option<String>,
    /// Of the whole file.
    pub size_bytes: Option<u64>,
    /// Pixels across, upright.
    pub width: Option<u32>,
    /// Pixels down, upright.
    pub height: Option<u32>,
    /// `Cache-Control` as it stands.
    pub cache_control: Option<String>,
    /// How long it took to ask.
    pub millis: u64,
    /// Whether it was asked at all; `false` where no rule is about it.
    pub checked: bool,
    /// What is not as expected.
    pub findings: Vec<Finding>,
}

impl Row {
    /// The weightiest of its findings that are news.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter(|finding| !finding.is_known()).map(|finding| finding.severity).max()
    }
}

/// How many files there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// All that were looked at or passed over.
    pub files: u64,
    /// Nothing to say about them.
    pub as_expected: u64,
    /// Not as expected.
    pub errors: u64,
    /// Not as expected, by rules that only warn.
    pub warnings: u64,
    /// It could not be told.
    pub unknown: u64,
    /// Only findings that an earlier report has as well.
    pub known: u64,
    /// No rule is about them, so they were not asked for.
    pub without_rule: u64,
    /// Findings of an earlier report that are gone.
    pub resolved: u64,
}

impl Totals {
    /// Counts a file.
    pub fn add(&mut self, row: &Row) {
        self.files += 1;
        let counter = match row.worst() {
            _ if !row.checked => &mut self.without_rule,
            Some(Severity::Error) => &mut self.errors,
            Some(Severity::Unknown) => &mut self.unknown,
            Some(Severity::Warning) => &mut self.warnings,
            None if row.findings.is_empty() => &mut self.as_expected,
            None => &mut self.known,
        };
        *counter += 1;
    }

    /// All of it in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { files, as_expected, errors, warnings, unknown, known, without_rule, resolved } = *self;
        let mut sentence = format!("{} checked", counted(files - without_rule, "file", "files"));
        let parts = [
            (as_expected, "as expected"),
            (errors, "not as expected"),
            (warnings, "warned about"),
            (unknown, "could not be told"),
            (known, "as the earlier report knew"),
        ];
        for (at, (number, what)) in parts.into_iter().filter(|(number, _)| *number > 0).enumerate() {
            sentence.push_str(&format!("{} {} {what}", if at == 0 { ":" } else { "," }, count(number)));
        }
        if resolved > 0 {
            sentence.push_str(&format!("; {} gone", counted(resolved, "finding is", "findings are")));
        }
        if without_rule > 0 {
            sentence.push_str(&format!("; no rule is about {}", counted(without_rule, "other file", "other files")));
        }
        sentence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sentence_counts_everything() {
        let totals = Totals { files: 3, as_expected: 3, ..Totals::default() };
        assert_eq!(totals.sentence(), "3 files checked: 3 as expected");
        let totals = Totals {
            files: 1_204,
            as_expected: 1_190,
            errors: 8,
            warnings: 3,
            unknown: 1,
            known: 1,
            without_rule: 1,
            resolved: 2,
        };
        assert_eq!(
            totals.sentence(),
            "1,203 files checked: 1,190 as expected, 8 not as expected, 3 warned about, 1 could not be told, \
             1 as the earlier report knew; 2 findings are gone; no rule is about 1 other file"
        );
    }
}
