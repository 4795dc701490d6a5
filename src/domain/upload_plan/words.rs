//! The plan in words.

use super::super::format;
use super::{LeftOut, LocationFate, Note, OnConflict, Plan, Totals};

/// How much a note should stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Good to know.
    Quiet,
    /// Look at this; it goes on anyway.
    Warn,
    /// It will not be sent.
    Stop,
}

impl Note {
    /// A few words, without full stop.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Unreadable(why) => format!("Cannot be read: {why}"),
            Self::TooLargeForStore => "Larger than any store takes (48.8 TiB)".into(),
            Self::OverLimit { limit_bytes } => format!("Over your limit of {}", format::size(*limit_bytes)),
            Self::NameTaken => "This name is taken".into(),
            Self::TakenInDrop { .. } => "Another file here gets this name".into(),
            Self::SameBytes => "Same bytes are already there".into(),
            Self::NotAnImage => "Not an image".into(),
            Self::Mislabelled { mismatch, .. } => mismatch.sentence(),
            Self::HoldsLocation(LocationFate::Kept) => "Holds a location".into(),
            Self::HoldsLocation(LocationFate::Removed) => "Goes without its location".into(),
            Self::HoldsLocation(LocationFate::CannotBeRemoved) => "Holds a location, which stays in this type".into(),
            Self::ByRule(given) => format!("{}: {}, by the rule {}", given.field.label(), given.text, given.pattern),
            Self::Empty => "An empty file".into(),
            Self::Key(finding) => finding.sentence.clone(),
            Self::Cleaned => "Name cleaned for the web".into(),
        }
    }

    /// What is done about it by itself, e.g. `Goes as .jpg`.
    #[must_use]
    pub fn aside(&self) -> Option<String> {
        match self {
            Self::Mislabelled { goes_as: Some(extension), .. } => Some(format!("Goes as .{extension}")),
            Self::Unreadable(_)
            | Self::TooLargeForStore
            | Self::OverLimit { .. }
            | Self::NameTaken
            | Self::TakenInDrop { .. }
            | Self::SameBytes
            | Self::NotAnImage
            | Self::Mislabelled { goes_as: None, .. }
            | Self::HoldsLocation(_)
            | Self::ByRule(_)
            | Self::Empty
            | Self::Key(_)
            | Self::Cleaned => None,
        }
    }

    /// How much it should stand out.
    #[must_use]
    pub fn tone(&self) -> Tone {
        match self {
            Self::Unreadable(_) | Self::TooLargeForStore => Tone::Stop,
            Self::OverLimit { .. }
            | Self::NameTaken
            | Self::TakenInDrop { .. }
            | Self::Mislabelled { .. }
            | Self::HoldsLocation(LocationFate::Kept | LocationFate::CannotBeRemoved)
            | Self::Empty
            | Self::Key(_) => Tone::Warn,
            Self::HoldsLocation(LocationFate::Removed)
            | Self::ByRule(_)
            | Self::SameBytes
            | Self::NotAnImage
            | Self::Cleaned => Tone::Quiet,
        }
    }
}

impl LeftOut {
    /// Why, for the tooltip of `Left out`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ByHand => "Left out by you",
            Self::Skipped => "Left out, since its name is taken",
            Self::SameBytes => "Left out, since the same bytes are already there",
            Self::NotAnImage => "Left out, since this bucket is for images",
            Self::OverLimit => "Left out, since it is over your limit",
            Self::Impossible => "It cannot be sent",
        }
    }
}

impl OnConflict {
    /// All, in the order of the segments.
    pub const ALL: [Self; 3] = [Self::Skip, Self::KeepBoth, Self::Overwrite];

    /// The word on the segment.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Skip => "Skip",
            Self::KeepBoth => "Keep both",
            Self::Overwrite => "Overwrite",
        }
    }
}

impl Totals {
    /// `12 files · 38.4 MB · 2 left out`.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut parts = vec![files(self.files), format::size(self.bytes)];
        if self.overwritten > 0 {
            parts.push(format!("{} replaced", format::count(self.overwritten as u64)));
        }
        if self.left_out > 0 {
            parts.push(format!("{} left out", format::count(self.left_out as u64)));
        }
        parts.join(" · ")
    }
}

impl Plan {
    /// `Upload 14 files to acme-site-images-2026`.
    #[must_use]
    pub fn heading(&self, bucket: &str) -> String {
        format!("Upload {} to {bucket}", files(self.items.len()))
    }

    /// `Upload 12 files`: what will be sent.
    #[must_use]
    pub fn button(&self) -> String {
        format!("Upload {}", files(self.totals.files))
    }
}

fn files(count: usize) -> String {
    format::counted(count as u64, "file", "files")
}
