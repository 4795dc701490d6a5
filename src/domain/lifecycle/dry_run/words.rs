//! A dry run in words.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::tally::soon;
use super::{Amount, Outcome, Report, Row, Trap, class_name};
use crate::domain::format;
use crate::domain::lifecycle::LifecycleRule;
use crate::domain::lifecycle::class::charged_days;

impl Amount {
    /// In words: `12 files, 1.2 MB`.
    #[must_use]
    pub fn words(self, one: &str, many: &str) -> String {
        let count = format::counted(self.count, one, many);
        if self.bytes == 0 { count } else { format!("{count}, {}", format::size(self.bytes)) }
    }
}

impl Outcome {
    /// What becomes of it, as a heading.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Delete => "Deleted for good".to_owned(),
            Self::Hide => "Hidden by a delete marker".to_owned(),
            Self::Move(class) => format!("Moved to {}", class_name(class)),
            Self::DeleteOld => "Old versions deleted for good".to_owned(),
            Self::MoveOld(class) => format!("Old versions moved to {}", class_name(class)),
            Self::DropMarker => "Delete markers dropped".to_owned(),
            Self::AbortUpload => "Unfinished uploads dropped".to_owned(),
        }
    }

    /// What it is done to: one, and several.
    #[must_use]
    pub const fn nouns(self) -> (&'static str, &'static str) {
        match self {
            Self::Delete | Self::Hide | Self::Move(_) => ("file", "files"),
            Self::DeleteOld | Self::MoveOld(_) => ("old version", "old versions"),
            Self::DropMarker => ("delete marker", "delete markers"),
            Self::AbortUpload => ("unfinished upload", "unfinished uploads"),
        }
    }
}

/// The name of a rule: its own, or its number.
#[must_use]
pub fn rule_name(rules: &[LifecycleRule], at: usize) -> String {
    let own = rules.get(at).and_then(|rule| rule.id.clone()).filter(|id| !id.is_empty());
    own.unwrap_or_else(|| format!("Rule {}", at + 1))
}

impl Row {
    /// What becomes of what, and whether that depends on tags.
    #[must_use]
    pub fn heading(&self) -> String {
        let words = self.outcome.words();
        if self.certain { words } else { format!("Perhaps: {}", lower(&words)) }
    }
}

impl Row {
    /// The days of what is due within 30 days, and of what is due later, by UTC: `15 Mar 2026`, `until 6 May 2026`.
    #[must_use]
    pub fn days(&self) -> [Option<String>; 2] {
        let day = |at: Timestamp| format::day(at, &TimeZone::UTC);
        let Some(first) = self.first.map(day) else { return [None, None] };
        let last = day(self.last);
        let range = if first == last { first.clone() } else { format!("{first} to {last}") };
        match (self.soon.count > 0, self.later.count > 0) {
            (true, true) => [Some(format!("from {first}")), Some(format!("until {last}"))],
            (true, false) => [Some(range), None],
            (false, _) => [None, Some(range)],
        }
    }
}

impl Report {
    /// The end of the 30 days, as a day by UTC.
    #[must_use]
    pub fn soon_ends(&self) -> String {
        format::day(soon(self.now), &TimeZone::UTC)
    }
}

fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

impl Trap {
    /// What to bear in mind, as a sentence.
    #[must_use]
    pub fn sentence(&self, rules: &[LifecycleRule]) -> String {
        let rule = |at: &usize| rule_name(rules, *at);
        let files = |amount: &Amount, does: &str, do_: &str, small: bool| {
            let small = if small { " under 128 KB" } else { "" };
            let verb = if amount.count == 1 { does } else { do_ };
            format!("{}{small} {verb}", format::counted(amount.count, "file", "files"))
        };
        let size = |amount: &Amount| format::size(amount.bytes);
        match self {
            Self::SmallStay(at, amount) => format!(
                "{}: {} ({}). S3 moves such small ones only by a rule with a size of its own",
                rule(at),
                files(amount, "stays", "stay", true),
                size(amount),
            ),
            Self::SmallMoved(at, amount) => format!(
                "{}: {} too ({}), for the rule has a size of its own. The infrequent classes charge each as 128 KB, the archives 40 KB more for each",
                rule(at),
                files(amount, "moves", "move", true),
                size(amount),
            ),
            Self::LeftEarly(at, class, amount) => format!(
                "{}: {} {} before day {} there ({}). The days that are left are charged all the same",
                rule(at),
                files(amount, "leaves", "leave", false),
                class_name(class),
                charged_days(class).unwrap_or_default(),
                size(amount),
            ),
            Self::OnlyHides { followed: true } => {
                "This bucket keeps versions: a hidden file is an old version from then on, and frees nothing until a rule for old versions deletes it".to_owned()
            }
            Self::OnlyHides { followed: false } => {
                "This bucket keeps versions: hiding files frees nothing. No rule deletes old versions".to_owned()
            }
            Self::NoVersions(at) => {
                format!("{}: what it does to old versions has no effect, for this bucket never kept any", rule(at))
            }
            Self::Tags(at) => format!(
                "{}: a listing shows no tags, so “perhaps” counts every file that the rule is about if it has them",
                rule(at)
            ),
            Self::Locked => "Object Lock is on: locked versions stay until their time is over".to_owned(),
            Self::VersioningUnknown => {
                "Whether this bucket keeps versions could not be read; it is counted as if it kept none".to_owned()
            }
        }
    }
}
