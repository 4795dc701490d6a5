//! How files stand to what was expected of them, and how many of each kind there are.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::report::Row;
use crate::domain::format::{count, counted};

/// How a file stands to what was expected of it, the weightiest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// No rule is about it, so it was not asked for.
    WithoutRule,
    /// Nothing to say.
    AsExpected,
    /// Only findings that an earlier report has as well.
    Known,
    /// Not as expected, by a rule that only warns.
    Warning,
    /// It could not be told.
    Unknown,
    /// Not as expected.
    Error,
}

impl Standing {
    /// All of them, the lightest first.
    pub const ALL: [Self; 6] =
        [Self::WithoutRule, Self::AsExpected, Self::Known, Self::Warning, Self::Unknown, Self::Error];

    /// What is said of it on screen.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::WithoutRule => "Nothing expected",
            Self::AsExpected => "As expected",
            Self::Known => "Known before",
            Self::Warning => "Warning",
            Self::Unknown => "Could not be told",
            Self::Error => "Not as expected",
        }
    }
}

/// Files that are looked at together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Group {
    /// Every file.
    #[default]
    All,
    /// With findings that are news.
    News,
    /// Not as expected.
    Errors,
    /// Not as expected, by rules that only warn.
    Warnings,
    /// It could not be told.
    Unknown,
    /// Only with findings that an earlier report has as well.
    Known,
    /// Without findings.
    AsExpected,
}

impl Group {
    /// The standings that belong to it: they lie beside each other.
    #[must_use]
    pub fn standings(self) -> RangeInclusive<Standing> {
        let only = |standing| standing..=standing;
        match self {
            Self::All => Standing::WithoutRule..=Standing::Error,
            Self::News => Standing::Warning..=Standing::Error,
            Self::Errors => only(Standing::Error),
            Self::Warnings => only(Standing::Warning),
            Self::Unknown => only(Standing::Unknown),
            Self::Known => only(Standing::Known),
            Self::AsExpected => only(Standing::AsExpected),
        }
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
        self.add_some(row.standing(), 1);
    }

    /// Counts so many of a standing.
    pub fn add_some(&mut self, standing: Standing, files: u64) {
        self.files += files;
        let counter = match standing {
            Standing::WithoutRule => &mut self.without_rule,
            Standing::AsExpected => &mut self.as_expected,
            Standing::Known => &mut self.known,
            Standing::Warning => &mut self.warnings,
            Standing::Unknown => &mut self.unknown,
            Standing::Error => &mut self.errors,
        };
        *counter += files;
    }

    /// How many belong to a group.
    #[must_use]
    pub fn of(&self, group: Group) -> u64 {
        match group {
            Group::All => self.files,
            Group::News => self.errors + self.unknown + self.warnings,
            Group::Errors => self.errors,
            Group::Warnings => self.warnings,
            Group::Unknown => self.unknown,
            Group::Known => self.known,
            Group::AsExpected => self.as_expected,
        }
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
    fn a_group_has_as_many_as_its_standings() {
        let mut totals = Totals::default();
        for (at, standing) in Standing::ALL.into_iter().enumerate() {
            totals.add_some(standing, 10_u64.pow(u32::try_from(at).unwrap()));
        }
        let counts = [Group::All, Group::News, Group::Errors, Group::Warnings, Group::Unknown, Group::Known];
        assert_eq!(counts.map(|group| totals.of(group)), [111_111, 111_000, 100_000, 1_000, 10_000, 100]);
        assert_eq!(totals.of(Group::AsExpected), 10);
    }

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
