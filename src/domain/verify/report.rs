//! What is said of files, and how it is written down.

use serde::{Deserialize, Serialize};

use super::totals::Standing;

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

    /// Whether it is judged beside the other files, once all of them are known.
    #[must_use]
    pub fn is_about_others(self) -> bool {
        matches!(self, Self::Variants | Self::Unique)
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

    /// How it stands to what was expected.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match self.worst() {
            _ if !self.checked => Standing::WithoutRule,
            Some(Severity::Error) => Standing::Error,
            Some(Severity::Unknown) => Standing::Unknown,
            Some(Severity::Warning) => Standing::Warning,
            None if self.findings.is_empty() => Standing::AsExpected,
            None => Standing::Known,
        }
    }
}
