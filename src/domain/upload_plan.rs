//! What would be sent where, before anything is sent: keys, types, conflicts and remarks for every file of a drop.

use jiff::civil::DateTime;
use uuid::Uuid;

use super::key_template::Template;
use super::media_type::{MediaVerdict, Mismatch, content_type_for};
use super::object_key::KeyFinding;
use super::upload_rules::{Field, Given, Rules};

mod make;
mod words;

pub use make::{plan, tidy_prefix};
pub use words::Tone;

/// The largest object Amazon S3 takes: 10,000 parts of 5 GiB (Amazon S3 User Guide, "Multipart upload limits").
pub const MAX_OBJECT_BYTES: u64 = 10_000 * 5 * 1024 * 1024 * 1024;

/// One file that was dropped, pasted or chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its own name, with extension.
    pub name: String,
    /// The folders it was dropped with, split by `/`, without its name; empty for a single file.
    pub folder: String,
    /// Bytes.
    pub size_bytes: u64,
    /// What its first bytes and its name say.
    pub media: MediaVerdict,
    /// For `{uuid}`: kept here so that the plan does not change while it is looked at.
    pub uuid: Uuid,
    /// MD5 of the whole file in hex as it would be sent, once it was worth computing (see [`Conflict::same_size`]).
    pub md5: Option<String>,
    /// The picture says where it was taken.
    pub holds_location: bool,
    /// Why it cannot be read, in plain words.
    pub unreadable: Option<String>,
}

impl Source {
    /// A file by its path within the drop (`Trip/a.jpg`, or just `a.jpg`; with `/` on every system), its size and first
    /// bytes.
    #[must_use]
    pub fn new(relative_path: &str, size_bytes: u64, head: &[u8]) -> Self {
        let (folder, name) = relative_path.rsplit_once('/').unwrap_or(("", relative_path));
        Self {
            name: name.to_owned(),
            folder: folder.trim_matches('/').to_owned(),
            size_bytes,
            media: content_type_for(name, head),
            uuid: Uuid::new_v4(),
            md5: None,
            holds_location: false,
            unreadable: None,
        }
    }

    /// Its path within the drop.
    #[must_use]
    pub fn path(&self) -> String {
        if self.folder.is_empty() { self.name.clone() } else { format!("{}/{}", self.folder, self.name) }
    }

    /// Whether a location can be taken out of a file of this kind without touching the picture.
    #[must_use]
    pub fn location_can_go(&self) -> bool {
        matches!(self.media.content_type.as_str(), "image/jpeg" | "image/png" | "image/webp" | "image/tiff")
    }
}

/// What to do when a name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum OnConflict {
    /// Leave the new file out.
    Skip,
    /// Send it under a name with a number.
    #[default]
    KeepBoth,
    /// Replace what is there.
    Overwrite,
}

/// What the person chose for one file; `None` follows the whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Ticked or unticked by hand.
    pub included: Option<bool>,
    /// For this file's conflict.
    pub on_conflict: Option<OnConflict>,
    /// Whether this file goes without its location.
    pub remove_location: Option<bool>,
}

/// An object that is already there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Existing {
    /// Bytes.
    pub size_bytes: u64,
    /// Without quotes.
    pub etag: Option<String>,
}

/// Choices for the whole drop.
#[derive(Debug, Clone)]
pub struct PlanOptions {
    /// The folder in the bucket, e.g. `photos/2026/`; empty for the root.
    pub prefix: String,
    /// How files are named.
    pub template: Template,
    /// What files get by their names, before all that is set here.
    pub rules: Rules,
    /// Folders that were dropped are kept below the prefix (unless the template places them itself).
    pub keep_folders: bool,
    /// What to do with taken names.
    pub on_conflict: OnConflict,
    /// The bucket is for images: other files are left out until included by hand.
    pub images_only: bool,
    /// Larger files are left out until included by hand.
    pub max_bytes: Option<u64>,
    /// Pictures go without the place where they were taken.
    pub remove_locations: bool,
    /// Sent with every file.
    pub cache_control: Option<String>,
    /// For `{user}`.
    pub user: String,
    /// The moment of the upload, where the person is.
    pub now: DateTime,
    /// For `{counter}`.
    pub first_counter: u64,
}

impl PlanOptions {
    /// The usual choices for one folder.
    #[must_use]
    pub fn new(prefix: &str, now: DateTime) -> Self {
        Self {
            prefix: prefix.to_owned(),
            template: Template::default(),
            rules: Rules::default(),
            keep_folders: true,
            on_conflict: OnConflict::default(),
            images_only: false,
            max_bytes: None,
            remove_locations: false,
            cache_control: None,
            user: String::new(),
            now,
            first_counter: 1,
        }
    }
}

/// What becomes of the place where a picture was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocationFate {
    /// It is sent along.
    Kept,
    /// The copy that is sent does not have it.
    Removed,
    /// It is sent along, since it cannot be taken out of this kind of file.
    CannotBeRemoved,
}

/// Something worth a word beside a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// It cannot be read.
    Unreadable(String),
    /// Larger than any object may be.
    TooLargeForStore,
    /// Larger than the limit of the settings.
    OverLimit {
        /// Bytes.
        limit_bytes: u64,
    },
    /// An object of this name is in the bucket.
    NameTaken,
    /// Another file of the same drop gets this name.
    TakenInDrop {
        /// The index of that source.
        by: usize,
    },
    /// The object of this name holds the same bytes.
    SameBytes,
    /// The bucket is for images.
    NotAnImage,
    /// Name and bytes differ.
    Mislabelled {
        /// How.
        mismatch: Mismatch,
        /// The extension it goes with, where the name was mended.
        goes_as: Option<String>,
    },
    /// The picture says where it was taken.
    HoldsLocation(LocationFate),
    /// A rule of the bucket gives it something.
    ByRule(Given),
    /// Nothing in it.
    Empty,
    /// The key may make trouble.
    Key(KeyFinding),
    /// Another name than the file has, so that it works in a URL.
    Cleaned,
}

/// Why a file is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// Unticked by hand.
    ByHand,
    /// Its name is taken, and such are skipped.
    Skipped,
    /// The same bytes are already there.
    SameBytes,
    /// Not an image, in a bucket for images.
    NotAnImage,
    /// Over the limit of the settings.
    OverLimit,
    /// No store takes it, or it cannot be read: it cannot be included by hand either.
    Impossible,
}

/// What happens with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Sent under a free name.
    Send,
    /// Sent under another name, since this one is taken.
    KeepBoth {
        /// The key it would have had.
        wanted: String,
    },
    /// Replaces what is there.
    Overwrite,
    /// Stays here.
    LeftOut(LeftOut),
}

/// A taken name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conflict {
    /// What is done about it.
    pub choice: OnConflict,
    /// An object of the same size and with an MD5 as ETag is there: computing the file's MD5 tells whether it is the
    /// same.
    pub same_size: bool,
    /// Taken by another file of this drop, not by an object.
    pub in_drop: bool,
}

/// One line of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanItem {
    /// Index into the sources.
    pub source: usize,
    /// Where it goes; also for a file that is left out, should it be included.
    pub key: String,
    /// For the header.
    pub content_type: String,
    /// Bytes.
    pub size_bytes: u64,
    /// The most important first.
    pub notes: Vec<Note>,
    /// Set when its name is taken.
    pub conflict: Option<Conflict>,
    /// What happens.
    pub action: Action,
}

impl PlanItem {
    /// Whether it is sent.
    #[must_use]
    pub fn included(&self) -> bool {
        !matches!(self.action, Action::LeftOut(_))
    }

    /// Whether the request must carry `If-None-Match: *`, so that nothing unseen is replaced.
    #[must_use]
    pub fn if_none_match(&self) -> bool {
        matches!(self.action, Action::Send | Action::KeepBoth { .. })
    }

    /// What becomes of its location, if it has one.
    #[must_use]
    pub fn location(&self) -> Option<LocationFate> {
        self.notes.iter().find_map(|note| match note {
            Note::HoldsLocation(fate) => Some(*fate),
            _ => None,
        })
    }

    /// What a rule gives it of a field, if one does.
    #[must_use]
    pub fn given(&self, field: Field) -> Option<&str> {
        self.notes.iter().find_map(|note| match note {
            Note::ByRule(given) if given.field == field => Some(&*given.text),
            _ => None,
        })
    }

    /// Whether ticking it would do anything.
    #[must_use]
    pub fn can_include(&self) -> bool {
        self.action != Action::LeftOut(LeftOut::Impossible)
    }
}

/// Counts over the whole plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Files that are sent.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that are not.
    pub left_out: usize,
    /// Objects that are replaced.
    pub overwritten: usize,
    /// Files sent under another name.
    pub renamed: usize,
}

/// What would be sent where. No two files that are sent share a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// One for each source, in their order.
    pub items: Vec<PlanItem>,
    /// Over all of them.
    pub totals: Totals,
    /// For the header of each.
    pub cache_control: Option<String>,
}

#[cfg(test)]
mod tests;
