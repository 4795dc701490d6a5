//! What S3 promises, in memory and as plainly as it can be said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use md5::{Digest as _, Md5};

use super::plan::{Condition, Dice, Which};
use super::wire::hex;

/// Stands for an id that the server made and did not get to tell before it was killed.
pub(super) const UNTOLD: &str = "?";

pub(super) fn bytes(seed: u64, size: usize) -> Arc<Vec<u8>> {
    let mut dice = Dice(seed);
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        bytes.extend_from_slice(&dice.next().to_le_bytes());
    }
    bytes.truncate(size);
    Arc::new(bytes)
}

pub(super) fn md5(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

pub(super) fn tags(count: usize) -> BTreeMap<String, String> {
    (0..count).map(|number| (format!("tag{number}"), format!("value {number}/{count}"))).collect()
}

/// An object or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) id: String,
    pub(super) marker: bool,
    pub(super) body: Arc<Vec<u8>>,
    pub(super) etag: String,
    pub(super) note: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Upload {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) note: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) parts: BTreeMap<u16, Arc<Vec<u8>>>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Versioning {
    #[default]
    Never,
    Enabled,
    Suspended,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) versioning: Versioning,
    /// The versions of a key, oldest first; none has an empty list.
    pub(super) keys: BTreeMap<String, Vec<Version>>,
    /// By key, then by begin.
    pub(super) uploads: Vec<Upload>,
}

/// A refusal: status and code.
pub(super) type Refusal = (u16, &'static str);

/// What a lookup finds.
pub(super) enum Found<'a> {
    Object(&'a Version),
    Marker(&'a Version),
    Nothing,
}

impl Bucket {
    pub(super) fn current(&self, key: &str) -> Option<&Version> {
        self.keys.get(key)?.last()
    }

    pub(super) fn object(&self, key: &str) -> Option<&Version> {
        self.current(key).filter(|version| !version.marker)
    }

    /// The id that a request names; `None` for the current version.
    pub(super) fn resolve(&self, key: &str, which: Which) -> Option<String> {
        let unknown = "0123456789abcdef0123456789abcdef".to_owned();
        match which {
            Which::Current => None,
            Which::Null => Some("null".to_owned()),
            Which::Unknown => Some(unknown),
            Which::Nth(number) => Some(match self.keys.get(key) {
                Some(versions) => versions[number % versions.len()].id.clone(),
                None => unknown,
            }),
        }
    }

    pub(super) fn find(&self, key: &str, id: Option<&str>) -> Found<'_> {
        let found = match id {
            None => self.current(key),
            Some(id) => self.keys.get(key).and_then(|all| all.iter().find(|version| version.id == id)),
        };
        match found {
            Some(version) if version.marker => Found::Marker(version),
            Some(version) => Found::Object(version),
            None => Found::Nothing,
        }
    }

    pub(super) fn refusal(&self, key: &str, condition: Condition) -> Option<Refusal> {
        match (condition, self.object(key)) {
            (Condition::IfAbsent, Some(_)) => Some((412, "PreconditionFailed")),
            (Condition::IfMatchRight | Condition::IfMatchWrong, None) => Some((404, "NoSuchKey")),
            (Condition::IfMatchWrong, Some(_)) => Some((412, "PreconditionFailed")),
            _ => None,
        }
    }

    /// Takes in a new current version. `fresh` is the id that the server made, where it makes one.
    pub(super) fn put(&mut self, key: &str, mut version: Version, fresh: Option<String>) {
        version.id = match self.versioning {
            Versioning::Enabled => fresh.unwrap_or_else(|| UNTOLD.to_owned()),
            Versioning::Never | Versioning::Suspended => "null".to_owned(),
        };
        let versions = self.keys.entry(key.to_owned()).or_default();
        if version.id == "null" {
            versions.retain(|version| version.id != "null");
        }
        versions.push(version);
    }

    /// A delete without version id; true when it left a delete marker.
    pub(super) fn delete(&mut self, key: &str, fresh: Option<String>) -> bool {
        if self.versioning == Versioning::Never {
            self.keys.remove(key);
            return false;
        }
        let marker = Version {
            id: String::new(),
            marker: true,
            body: Arc::default(),
            etag: String::new(),
            note: None,
            tags: BTreeMap::new(),
        };
        self.put(key, marker, fresh);
        true
    }

    /// A delete of one version; true when that was a delete marker.
    pub(super) fn delete_version(&mut self, key: &str, id: &str) -> bool {
        let Some(versions) = self.keys.get_mut(key) else { return false };
        let was_marker = versions.iter().any(|version| version.id == id && version.marker);
        versions.retain(|version| version.id != id);
        if versions.is_empty() {
            self.keys.remove(key);
        }
        was_marker
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Files on the disk: one for each object and part.
    pub(super) fn files(&self) -> usize {
        let objects = self.keys.values().flatten().filter(|version| !version.marker).count();
        objects + self.uploads.iter().map(|upload| upload.parts.len()).sum::<usize>()
    }
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Line {
    Key(String),
    Version { key: String, id: String, marker: bool, latest: bool },
    Folder(String),
}

fn folder<'a>(key: &'a str, prefix: &str, delimiter: &str) -> Option<&'a str> {
    if delimiter.is_empty() {
        return None;
    }
    let at = key.strip_prefix(prefix)?.find(delimiter)?;
    Some(&key[..prefix.len() + at + delimiter.len()])
}

/// What is asked of a listing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) prefix: &'a str,
    pub(super) delimiter: &'a str,
    pub(super) after: Option<&'a str>,
}

/// All lines after `after`: of each key what `of_key` says, and each folder once. A start inside a folder leaves out
/// that folder.
pub(super) fn lines<'a, T>(
    keys: impl Iterator<Item = (&'a String, T)>,
    asked: Asked<'_>,
    of_key: impl Fn(&str, T) -> Vec<Line>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut folders = BTreeSet::new();
    let started = asked.after.and_then(|after| folder(after, asked.prefix, asked.delimiter));
    for (key, value) in keys.filter(|(key, _)| key.starts_with(asked.prefix)) {
        if asked.after.is_some_and(|after| key.as_str() <= after) {
            continue;
        }
        match folder(key, asked.prefix, asked.delimiter) {
            Some(folder) if Some(folder) == started => {}
            Some(folder) => {
                if folders.insert(folder.to_owned()) {
                    lines.push(Line::Folder(folder.to_owned()));
                }
            }
            None => lines.extend(of_key(key, value)),
        }
    }
    lines
}

impl Bucket {
    pub(super) fn objects(&self, asked: Asked<'_>) -> Vec<Line> {
        let visible = self.keys.iter().filter(|(key, _)| self.object(key).is_some());
        lines(visible, asked, |key, _| vec![Line::Key(key.to_owned())])
    }

    pub(super) fn versions(&self, asked: Asked<'_>) -> Vec<Line> {
        lines(self.keys.iter(), asked, |key, versions| {
            let newest = versions.len() - 1;
            let line = |(number, version): (usize, &Version)| Line::Version {
                key: key.to_owned(),
                id: version.id.clone(),
                marker: version.marker,
                latest: number == newest,
            };
            versions.iter().enumerate().rev().map(line).collect()
        })
    }

    pub(super) fn uploads(&self, asked: Asked<'_>) -> Vec<Line> {
        let mut by_key: BTreeMap<String, Vec<&Upload>> = BTreeMap::new();
        for upload in &self.uploads {
            by_key.entry(upload.key.clone()).or_default().push(upload);
        }
        lines(by_key.iter(), asked, |key, uploads| {
            let line = |upload: &&Upload| Line::Version {
                key: key.to_owned(),
                id: upload.id.clone(),
                marker: false,
                latest: false,
            };
            uploads.iter().map(line).collect()
        })
    }
}
