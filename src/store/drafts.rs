//! Policies that were begun and not saved, kept over restarts and crashes. A policy holds no secret.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::file::{self, Read};
use super::home::Home;
use super::{Notice, StoreError};
use crate::domain::connection::ConnectionId;

const WHAT: &str = "drafts of policies";

/// What a draft began from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "had", content = "text")]
pub enum KeptBase {
    /// The bucket's policy could not be read.
    Unknown,
    /// The bucket had none.
    Nothing,
    /// The bucket had this one.
    Policy(String),
}

/// A draft as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDraft {
    /// Of which connection.
    pub connection: ConnectionId,
    /// For which bucket.
    pub bucket: String,
    /// What was written.
    pub text: String,
    /// What it began from.
    pub base: KeptBase,
    /// What was found in it and is meant so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meant: Vec<String>,
}

#[derive(Debug, Default)]
struct Inner {
    list: Vec<KeptDraft>,
    /// Entries that this version does not understand: written back as they were.
    unread: Vec<Value>,
    is_dirty: bool,
    /// Set while an unreadable file (e.g. of another user) is in the way: it must not be replaced.
    blocked: bool,
}

/// All drafts, in memory and in a file. Changing them is quick; [`Drafts::write`] takes the time of a disk.
#[derive(Debug)]
pub struct Drafts {
    path: PathBuf,
    inner: Mutex<Inner>,
}

impl Drafts {
    /// Reads what was kept. A damaged file is put aside, and the notice says so.
    #[must_use]
    pub fn open(home: &Home) -> (Self, Option<Notice>) {
        let path = home.state_dir().join("drafts.json");
        let mut inner = Inner::default();
        let notice = match file::read_json(&path, WHAT) {
            Read::Absent => None,
            Read::Bad(notice) => {
                inner.blocked = matches!(notice, Notice::Unreadable { .. });
                Some(notice)
            }
            Read::Json(mut value) => match value.get_mut("drafts").map(Value::take) {
                Some(Value::Array(entries)) => inner.take_in(entries),
                _ => Some(file::put_aside(&path, WHAT, "it holds no list".to_owned())),
            },
        };
        (Self { path, inner: Mutex::new(inner) }, notice)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All drafts.
    #[must_use]
    pub fn all(&self) -> Vec<KeptDraft> {
        self.inner().list.clone()
    }

    /// Keeps a draft in the place of an earlier one of the same bucket.
    pub fn put(&self, draft: KeptDraft) {
        let mut inner = self.inner();
        let place = inner.list.iter_mut().find(|kept| kept.is_of(draft.connection, &draft.bucket));
        match place {
            Some(kept) if *kept == draft => return,
            Some(kept) => *kept = draft,
            None => inner.list.push(draft),
        }
        inner.is_dirty = true;
    }

    /// Keeps none for a bucket any more.
    pub fn remove(&self, connection: ConnectionId, bucket: &str) {
        let mut inner = self.inner();
        let before = inner.list.len();
        inner.list.retain(|kept| !kept.is_of(connection, bucket));
        inner.is_dirty |= inner.list.len() != before;
    }

    /// Writes what changed since the last time, if anything did.
    ///
    /// # Errors
    /// When the file cannot be written; the drafts are still held in memory.
    pub fn write(&self) -> Result<(), StoreError> {
        // Held while writing, so that an older state never comes after a newer one.
        let mut inner = self.inner();
        if !inner.is_dirty {
            return Ok(());
        }
        let failed = |source| StoreError::Write { path: self.path.clone(), source };
        if inner.blocked {
            let source = std::io::Error::new(std::io::ErrorKind::PermissionDenied, "it could not be read at the start");
            return Err(failed(source));
        }
        let mut entries = Vec::with_capacity(inner.list.len() + inner.unread.len());
        for draft in &inner.list {
            entries.push(serde_json::to_value(draft).map_err(|error| failed(error.into()))?);
        }
        entries.extend(inner.unread.iter().cloned());
        let text = format!("{:#}\n", json!({ "version": 1, "drafts": entries }));
        file::write_atomic(&self.path, text.as_bytes())?;
        inner.is_dirty = false;
        Ok(())
    }
}

impl Drop for Drafts {
    fn drop(&mut self) {
        if let Err(error) = self.write() {
            tracing::warn!(%error, "drafts were not kept");
        }
    }
}

impl KeptDraft {
    fn is_of(&self, connection: ConnectionId, bucket: &str) -> bool {
        self.connection == connection && self.bucket == bucket
    }
}

impl Inner {
    fn take_in(&mut self, entries: Vec<Value>) -> Option<Notice> {
        let mut parts = Vec::new();
        for (at, entry) in entries.into_iter().enumerate() {
            match KeptDraft::deserialize(&entry) {
                Ok(draft) => self.list.push(draft),
                Err(_) => {
                    let bucket = entry.get("bucket").and_then(Value::as_str);
                    parts.push(bucket.map_or_else(|| format!("entry {}", at + 1), str::to_owned));
                    self.unread.push(entry);
                }
            }
        }
        (!parts.is_empty()).then_some(Notice::PartlyUnread { what: WHAT, parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(bucket: &str, text: &str) -> KeptDraft {
        KeptDraft {
            connection: ConnectionId::PRACTICE,
            bucket: bucket.to_owned(),
            text: text.to_owned(),
            base: KeptBase::Policy("{}".to_owned()),
            meant: vec!["public".to_owned()],
        }
    }

    fn home() -> (tempfile::TempDir, Home) {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path()).unwrap();
        (dir, home)
    }

    #[test]
    fn drafts_are_there_after_a_restart() {
        let (_dir, home) = home();
        {
            let (drafts, notice) = Drafts::open(&home);
            assert_eq!(notice, None);
            drafts.put(draft("a", "{"));
            drafts.put(draft("b", "{\"Statement\""));
            drafts.put(draft("a", "{}"));
            drafts.remove(ConnectionId::PRACTICE, "b");
        }
        let (drafts, notice) = Drafts::open(&home);
        assert_eq!((drafts.all(), notice), (vec![draft("a", "{}")], None));
    }

    #[test]
    fn every_base_comes_back_as_it_was() {
        let (_dir, home) = home();
        for base in [KeptBase::Unknown, KeptBase::Nothing, KeptBase::Policy("{\n}".to_owned())] {
            let wanted = KeptDraft { base, ..draft("a", "{") };
            Drafts::open(&home).0.put(wanted.clone());
            assert_eq!(Drafts::open(&home).0.all(), [wanted]);
        }
    }

    #[test]
    fn nothing_is_written_when_nothing_changed() {
        let (_dir, home) = home();
        let (drafts, _) = Drafts::open(&home);
        drafts.remove(ConnectionId::PRACTICE, "a");
        drafts.write().unwrap();
        assert!(!home.state_dir().join("drafts.json").exists());
    }

    #[test]
    fn what_a_newer_brimful_wrote_is_kept() {
        let (_dir, home) = home();
        let path = home.state_dir().join("drafts.json");
        std::fs::write(&path, r#"{"version": 9, "drafts": [{"bucket": "b", "parts": []}]}"#).unwrap();
        let (drafts, notice) = Drafts::open(&home);
        assert_eq!(notice, Some(Notice::PartlyUnread { what: WHAT, parts: vec!["b".to_owned()] }));
        drafts.put(draft("a", "{"));
        drafts.write().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("\"parts\""), "{text}");
    }

    #[test]
    fn a_damaged_file_is_put_aside() {
        let (_dir, home) = home();
        std::fs::write(home.state_dir().join("drafts.json"), b"{\"drafts\": 1}").unwrap();
        let (drafts, notice) = Drafts::open(&home);
        assert!(matches!(notice, Some(Notice::Damaged { kept_as: Some(_), .. })), "{notice:?}");
        assert!(drafts.all().is_empty());
    }
}
