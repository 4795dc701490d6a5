//! The plan of an upload while a person looks at it: what was found, what was chosen, and what would be sent.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;

use crate::domain::connection::ConnectionId;
use crate::domain::key_template::{Part, Template, TemplateError};
use crate::domain::object_tags;
use crate::domain::upload_plan::{Action, Choice, Existing, LocationFate, OnConflict, Plan, Source, tidy_prefix};
use crate::domain::upload_rules::Rule;
use crate::images::Thumb;
use crate::model::Trouble;

/// At most this many files make one plan; beyond it the rest is left for another.
pub const MOST_FILES: usize = 100_000;

/// Where the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// On this computer.
    Path(PathBuf),
    /// In memory.
    Bytes(Bytes),
}

/// Everything found in what was brought in.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The files. Shared, so that a plan can be made of them in the background.
    pub sources: Arc<Vec<Source>>,
    /// Where each one's bytes are, in the same order.
    pub origins: Vec<Origin>,
    /// Hidden files that were left aside.
    pub hidden: u64,
    /// Links and special files that were left aside.
    pub special: u64,
    /// Folders without any file in them.
    pub empty_folders: u64,
    /// Folders that could not be looked into, with the reason.
    pub unreadable_folders: Vec<String>,
    /// There was more than one plan holds.
    pub cut_off: bool,
}

impl Found {
    /// Takes more in. What is there already is not taken twice.
    pub fn add(&mut self, more: Self) {
        let known: HashSet<PathBuf> = self
            .origins
            .iter()
            .filter_map(|origin| match origin {
                Origin::Path(path) => Some(path.clone()),
                Origin::Bytes(_) => None,
            })
            .collect();
        let sources = Arc::make_mut(&mut self.sources);
        for (source, origin) in Arc::unwrap_or_clone(more.sources).into_iter().zip(more.origins) {
            if sources.len() == MOST_FILES {
                self.cut_off = true;
                break;
            }
            if !matches!(&origin, Origin::Path(path) if known.contains(path)) {
                sources.push(source);
                self.origins.push(origin);
            }
        }
        self.hidden += more.hidden;
        self.special += more.special;
        self.empty_folders += more.empty_folders;
        self.unreadable_folders.extend(more.unreadable_folders);
        self.cut_off |= more.cut_off;
    }

    /// What was left aside or could not be read, in short sentences.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        use crate::domain::format::{count, counted};
        let mut remarks = Vec::new();
        if self.hidden > 0 {
            remarks.push(format!("{} left aside", counted(self.hidden, "hidden file", "hidden files")));
        }
        if self.special > 0 {
            remarks.push(format!("{} left aside", counted(self.special, "link or device", "links or devices")));
        }
        if self.empty_folders > 0 {
            remarks.push(counted(self.empty_folders, "empty folder", "empty folders"));
        }
        remarks.extend(self.unreadable_folders.iter().take(3).cloned());
        if self.cut_off {
            remarks.push(format!("Only the first {} files are here", count(MOST_FILES as u64)));
        }
        remarks
    }
}

/// How far the reading of the sources is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Files found so far.
    pub found: u64,
    /// A stop was asked for.
    pub stopping: bool,
}

/// Whether the names in the bucket are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Names {
    /// Nothing had to be asked yet.
    #[default]
    Unasked,
    /// Being listed.
    Checking,
    /// All that matter are known.
    Known,
    /// The folder holds more than is read for a plan; the rest shows while sending.
    KnownInPart,
    /// They cannot be listed: taken names show while sending.
    Unknown(Trouble),
}

/// Who will be able to see what is uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Not found out.
    #[default]
    Unknown,
    /// Anyone on the internet.
    Anyone,
    /// Some of the files by anyone, others not.
    Partly,
    /// Only who signs in.
    Private,
}

/// Counts of pictures that tell where they were taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Locations {
    /// They go without it.
    pub removed: u64,
    /// They go with it.
    pub kept: u64,
    /// They go with it, since it cannot be taken out of them.
    pub stay: u64,
}

impl Locations {
    /// What happens with them, for the line above the files.
    #[must_use]
    pub fn sentence(self, audience: Audience) -> String {
        use crate::domain::format::counted;
        let pictures =
            |count| counted(count, "picture tells where it was taken", "pictures tell where they were taken");
        let who = match audience {
            Audience::Anyone => ", and anyone can read it",
            Audience::Partly => ", and anyone can read it in some of them",
            Audience::Private | Audience::Unknown => "",
        };
        let mut sentences = Vec::new();
        if self.removed > 0 {
            let rest = match self.removed {
                1 => "It goes without that; your file stays as it is",
                _ => "They go without that; your files stay as they are",
            };
            sentences.push(format!("{}. {rest}", pictures(self.removed)));
        }
        if self.kept > 0 {
            sentences.push(format!("{}{who}", pictures(self.kept)));
        }
        if self.stay > 0 {
            sentences.push(format!("{}{who}; it cannot be taken out of this type", pictures(self.stay)));
        }
        sentences.join(". ")
    }
}

/// A choice of how long browsers and caches may keep a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheTime {
    /// Words for the menu.
    pub label: &'static str,
    /// The header; `None` sends none.
    pub header: Option<&'static str>,
}

/// The choices of the menu.
pub const CACHE_TIMES: [CacheTime; 6] = [
    CacheTime { label: "Not said", header: None },
    CacheTime { label: "5 minutes", header: Some("public, max-age=300") },
    CacheTime { label: "1 hour", header: Some("public, max-age=3600") },
    CacheTime { label: "1 day", header: Some("public, max-age=86400") },
    CacheTime { label: "1 year, never changes", header: Some("public, max-age=31536000, immutable") },
    CacheTime { label: "Always asked again", header: Some("no-cache") },
];

/// Storage classes an upload may choose on Amazon S3, with words for the menu (Amazon S3 User Guide, "Understanding
/// and managing Amazon S3 storage classes"). Those that need a restore before reading come last.
pub const STORAGE_CLASSES: [(&str, &str); 7] = [
    ("STANDARD", "Standard"),
    ("INTELLIGENT_TIERING", "Intelligent tiering"),
    ("STANDARD_IA", "Infrequent access"),
    ("ONEZONE_IA", "Infrequent access, one zone"),
    ("GLACIER_IR", "Glacier, instant"),
    ("GLACIER", "Glacier, hours to restore"),
    ("DEEP_ARCHIVE", "Deep archive, a day to restore"),
];

/// Everything about the plan on screen.
#[derive(Debug)]
pub struct PlanModel {
    /// Counts plans, so that late answers to an earlier one are known as such.
    pub id: u64,
    /// Over which connection.
    pub connection: ConnectionId,
    /// Into which bucket.
    pub bucket: String,
    /// Set while sources are being read.
    pub reading: Option<Reading>,
    /// What was found.
    pub found: Found,
    /// The folder, as typed.
    pub prefix: String,
    /// The pattern of names, as typed.
    pub template: String,
    /// What is wrong with the pattern; the plan then follows the last one that was right.
    pub template_error: Option<TemplateError>,
    /// The last pattern that was right.
    pub(crate) right_template: Template,
    /// What to do with taken names.
    pub on_conflict: OnConflict,
    /// Files that are no images stay here unless included by hand.
    pub images_only: bool,
    /// Whether pictures go without the place where they were taken, where the person chose; else the audience decides.
    pub remove_locations: Option<bool>,
    /// Pictures are still being searched for places.
    pub locating: bool,
    /// Sent with every file.
    pub cache_control: Option<String>,
    /// Tags, as typed: `project=site, year=2026`.
    pub tags: String,
    /// What files get by their names, before what is set for all; the first that fits a file counts.
    pub rules: Vec<Rule>,
    /// The storage class, where one was chosen.
    pub storage_class: Option<&'static str>,
    /// Whether the store offers storage classes.
    pub offers_classes: bool,
    /// By index of the source.
    pub choices: HashMap<usize, Choice>,
    /// The objects that are known to be there.
    pub existing: Arc<HashMap<String, Existing>>,
    /// Whether those are all that matter.
    pub names: Names,
    /// Folders of the bucket, to be offered.
    pub folders: BTreeSet<String>,
    /// What would be sent where.
    pub plan: Arc<Plan>,
    /// A newer plan is being made.
    pub planning: bool,
    /// Counts changes of the plan, for what is drawn from it.
    pub revision: u64,
    /// Small pictures by index of the source; `None` where there is none to show.
    pub thumbs: HashMap<usize, Option<Arc<Thumb>>>,
    /// Who will see the files.
    pub audience: Audience,
    /// Anyone could see one of the files, were all of them sent. Unlike the audience it does not change with what is
    /// left out, so that what is preset by it cannot change what is left out in turn.
    pub exposed: bool,
}

impl PlanModel {
    /// Whether there is nothing at all to upload.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reading.is_none() && self.found.sources.is_empty()
    }

    /// Why it cannot be started now, if so.
    #[must_use]
    pub fn why_not(&self) -> Option<&'static str> {
        if self.reading.is_some() {
            Some("The files are still being read")
        } else if self.found.sources.is_empty() {
            Some("There is nothing to upload")
        } else if self.template_error.is_some() {
            Some("Mend the name of each file first")
        } else if self.tags_error().is_some() {
            Some("Mend the tags first")
        } else if self.planning {
            Some("The plan is being made")
        } else if self.names == Names::Checking {
            Some("The names in the bucket are still being checked")
        } else if self.plan.totals.files == 0 {
            Some("Everything is left out: tick a file to upload it")
        } else {
            None
        }
    }

    /// Whether pictures go without the place where they were taken: preset where anyone can see them.
    #[must_use]
    pub fn removes_locations(&self) -> bool {
        self.remove_locations.unwrap_or(self.exposed)
    }

    /// What is said about places above the files, if any of those that are sent tells one.
    #[must_use]
    pub fn locations(&self) -> Option<Locations> {
        let mut found = Locations::default();
        for item in self.plan.items.iter().filter(|item| item.included()) {
            match item.location() {
                Some(LocationFate::Removed) => found.removed += 1,
                Some(LocationFate::Kept) => found.kept += 1,
                Some(LocationFate::CannotBeRemoved) => found.stay += 1,
                None => {}
            }
        }
        (found != Locations::default()).then_some(found)
    }

    /// Whether all, none or some of the files that can be sent are ticked.
    #[must_use]
    pub fn ticked(&self) -> Option<bool> {
        let mut possible = self.plan.items.iter().filter(|item| item.can_include()).map(|item| item.included());
        let first = possible.next().unwrap_or(false);
        possible.all(|included| included == first).then_some(first)
    }

    /// The pieces of the pattern, also of one that would give every file the same name; `None` where braces do not
    /// fit together.
    #[must_use]
    pub fn template_parts(&self) -> Option<Vec<Part>> {
        parts_of(&self.template)
    }

    /// The prefix as keys will have it.
    #[must_use]
    pub fn target_prefix(&self) -> String {
        tidy_prefix(&self.prefix)
    }

    /// The tags as pairs.
    ///
    /// # Errors
    /// A sentence about the first one that cannot be.
    pub fn tag_pairs(&self) -> Result<Vec<(String, String)>, String> {
        object_tags::parse(&self.tags)
    }

    /// What is wrong with the tags, if anything.
    #[must_use]
    pub fn tags_error(&self) -> Option<String> {
        self.tag_pairs().err()
    }

    /// The keys whose names are taken by objects and that would be replaced.
    #[must_use]
    pub fn overwritten(&self) -> usize {
        self.plan.items.iter().filter(|item| item.action == Action::Overwrite).count()
    }
}

/// The pieces of a pattern, as far as its braces fit together.
#[must_use]
pub fn parts_of(template: &str) -> Option<Vec<Part>> {
    // A part of its own at the end keeps patterns readable that do not tell files apart, or are empty.
    let mut parts = Template::parse(&format!("{template}{{uuid}}")).ok()?.parts().to_vec();
    parts.pop();
    Some(parts)
}

/// What can be asked of the plan on screen.
#[derive(Debug, Clone)]
pub enum PlanCommand {
    /// Read no further; what was found stays.
    StopReading,
    /// Close it; nothing was sent.
    Cancel,
    /// Send.
    Start,
    /// Into this folder.
    SetPrefix(String),
    /// Name files so.
    SetTemplate(String),
    /// Do this with taken names.
    SetOnConflict(OnConflict),
    /// Leave out what is no image, or not.
    SetImagesOnly(bool),
    /// Send this `Cache-Control`.
    SetCacheControl(Option<String>),
    /// Send these tags.
    SetTags(String),
    /// Let files have these by their names, now and for later uploads to this bucket.
    SetRules(Vec<Rule>),
    /// Send this storage class.
    SetStorageClass(Option<&'static str>),
    /// Tick or untick one file, by index of the source.
    Include(usize, bool),
    /// Tick or untick all that can be sent.
    IncludeAll(bool),
    /// All pictures go without the place where they were taken, or with it.
    RemoveLocations(bool),
    /// This one does, by index of the source.
    RemoveLocation(usize, bool),
    /// For this file's taken name.
    Resolve(usize, OnConflict),
    /// These rows are on screen: their small pictures are wanted.
    Look(Range<usize>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test]
    fn a_pattern_stays_in_pieces_while_it_is_changed() {
        assert_eq!(parts_of("{clean}.{type}").map(|parts| parts.len()), Some(3));
        assert_eq!(parts_of(".{type}").map(|parts| parts.len()), Some(2));
        assert_eq!(parts_of(""), Some(Vec::new()));
        assert_eq!(parts_of("{clean"), None);
    }

    #[test_case(Locations { removed: 1, ..Locations::default() }, Audience::Anyone,
        "1 picture tells where it was taken. It goes without that; your file stays as it is"; "removed")]
    #[test_case(Locations { kept: 2, ..Locations::default() }, Audience::Anyone,
        "2 pictures tell where they were taken, and anyone can read it"; "kept, for anyone")]
    #[test_case(Locations { kept: 1, ..Locations::default() }, Audience::Private,
        "1 picture tells where it was taken"; "kept, in private")]
    #[test_case(Locations { stay: 1, ..Locations::default() }, Audience::Unknown,
        "1 picture tells where it was taken; it cannot be taken out of this type"; "HEIC")]
    fn places_in_pictures_are_told(locations: Locations, audience: Audience, expected: &str) {
        assert_eq!(locations.sentence(audience), expected);
    }

    #[test]
    fn remarks_count_what_was_left_aside() {
        let found = Found { hidden: 2, empty_folders: 1, cut_off: true, ..Found::default() };
        let expected = ["2 hidden files left aside", "1 empty folder", "Only the first 100,000 files are here"];
        assert_eq!(found.remarks(), expected);
    }
}
