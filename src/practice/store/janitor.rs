//! What happens to files after a commit: moves to the final name, and removals.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::super::error::Outcome;
use super::super::home::{make_private_dir, sync_dir};
use super::files::{Files, Place};

/// One thing to do to a file after a commit.
pub(super) enum Chore {
    Settle(Place),
    Remove(Place),
    RemoveBucketDir { bucket: i64, name: String },
}

impl Chore {
    /// The number of the bytes that came in with this commit.
    pub(super) fn landed(&self) -> Option<i64> {
        match self {
            Self::Settle(place) => Some(place.file),
            Self::Remove(_) | Self::RemoveBucketDir { .. } => None,
        }
    }
}

/// A handle on the janitor thread.
pub(super) struct Janitor {
    chores: Mutex<Option<Sender<Vec<Chore>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Janitor {
    /// `forget` hears which landings and which removals need no memory any more.
    pub(super) fn start(files: Arc<Files>, forget: impl Fn(Vec<i64>, Vec<i64>) + Send + 'static) -> Self {
        let (chores, inbox) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("practice-janitor".to_owned())
            .spawn(move || serve(&inbox, &files, forget))
            .map_err(|error| tracing::error!(%error, "no thread for the practice store's janitor"))
            .ok();
        Self { chores: Mutex::new(Some(chores)), thread: Mutex::new(thread) }
    }

    pub(super) fn take(&self, chores: Vec<Chore>) {
        if chores.is_empty() {
            return;
        }
        if let Some(sender) = self.chores.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            let _ = sender.send(chores);
        }
    }

    pub(super) fn finish(&self) {
        self.chores.lock().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn serve(inbox: &Receiver<Vec<Chore>>, files: &Files, forget: impl Fn(Vec<i64>, Vec<i64>)) {
    while let Ok(mut chores) = inbox.recv() {
        chores.extend(inbox.try_iter().take(64).flatten());
        let mut landed = Vec::new();
        let mut removed = Vec::new();
        let mut touched = BTreeSet::new();
        for chore in &chores {
            match chore {
                Chore::Settle(place) => match settle(files, place) {
                    Ok(()) => {
                        landed.push(place.file);
                        touched.extend(files.absolute(&place.path).parent().map(Path::to_owned));
                    }
                    Err(error) => tracing::warn!(%error, file = place.file, "an object keeps its incoming name"),
                },
                Chore::Remove(place) => match remove(files, place) {
                    Ok(()) => removed.push(place.file),
                    Err(error) => tracing::warn!(%error, file = place.file, "a replaced file could not be removed yet"),
                },
                Chore::RemoveBucketDir { bucket, name } => Files::remove_empty_dirs(&files.bucket_dir(*bucket, name)),
            }
        }
        // Forgetting a landing before its new name is durable would lose the object in a power cut. A folder that
        // has gone meanwhile holds nothing that could be lost.
        let durable = touched.iter().all(|dir| match sync_dir(dir) {
            Err(error) => error.kind() == io::ErrorKind::NotFound,
            Ok(()) => true,
        });
        if durable {
            forget(landed, removed);
        }
    }
}

fn settle(files: &Files, place: &Place) -> io::Result<()> {
    let from = files.incoming(place.file);
    let to = files.absolute(&place.path);
    match fs::rename(&from, &to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if !from.exists() {
                return Ok(());
            }
            if let Some(dir) = to.parent() {
                make_private_dir(dir)?;
                // The new folder's own name, and its parent's, must be durable too.
                for above in dir.ancestors().skip(1).take(2) {
                    sync_dir(above)?;
                }
            }
            fs::rename(&from, &to)
        }
        other => other,
    }
}

fn remove(files: &Files, place: &Place) -> io::Result<()> {
    let settled = files.absolute(&place.path);
    for path in [files.incoming(place.file), settled.clone()] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    if place.path.starts_with("uploads/")
        && let Some(dir) = settled.parent()
    {
        // Goes with the last part.
        let _ = fs::remove_dir(dir);
    }
    Ok(())
}

/// Finishes what a crash interrupted. Its cost depends on what was under way, not on what is stored. A file that
/// resists stays where it is and is tried again at the next start: it is no reason not to serve the others.
pub(super) fn mend(connection: &Connection, files: &Files) -> Outcome<()> {
    let places = |table: &str| -> Outcome<Vec<Place>> {
        let mut statement = connection.prepare(&format!("SELECT file, path FROM {table} ORDER BY file"))?;
        let rows = statement.query_map([], |row| Ok(Place { file: row.get(0)?, path: row.get(1)? }))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    };
    let (mut landed, mut removed, mut waiting) = (Vec::new(), Vec::new(), BTreeSet::new());
    for place in places("landing")? {
        let settled = settle(files, &place).and_then(|()| {
            let dir = files.absolute(&place.path).parent().filter(|dir| dir.exists()).map(Path::to_owned);
            dir.map_or(Ok(()), |dir| sync_dir(&dir))
        });
        match settled {
            Ok(()) => landed.push(place.file),
            Err(error) => {
                tracing::warn!(%error, file = place.file, "an object keeps its incoming name");
                waiting.insert(place.file.to_string());
            }
        }
    }
    for place in places("garbage")? {
        match remove(files, &place) {
            Ok(()) => removed.push(place.file),
            Err(error) => tracing::warn!(%error, file = place.file, "a replaced file could not be removed yet"),
        }
    }
    // What is still here was never acknowledged.
    for entry in fs::read_dir(files.incoming_dir())? {
        let entry = entry?;
        if !entry.file_name().to_str().is_some_and(|name| waiting.contains(name))
            && let Err(error) = fs::remove_file(entry.path())
        {
            tracing::warn!(%error, path = %entry.path().display(), "an abandoned file could not be removed");
        }
    }
    let tx = connection.unchecked_transaction()?;
    for file in landed {
        tx.execute("DELETE FROM landing WHERE file = ?1", [file])?;
    }
    for file in removed {
        tx.execute("DELETE FROM garbage WHERE file = ?1", [file])?;
    }
    Ok(tx.commit()?)
}
