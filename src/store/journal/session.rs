//! Who is there: each process holds a lock as long as it lives.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::super::home;

/// This process, as the journal knows it.
#[derive(Debug)]
pub(super) struct Session {
    id: String,
    folder: PathBuf,
    /// Let go by the system however the process ends.
    _held: File,
}

impl Session {
    pub(super) fn begin(folder: &Path) -> io::Result<Self> {
        home::create_private_dir(folder)?;
        let id = Uuid::new_v4().to_string();
        let held = File::create_new(lock_of(folder, &id))?;
        held.lock()?;
        Ok(Self { id, folder: folder.to_owned(), _held: held })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Whether the process of a session has ended. Its lock is cleared away.
    pub(super) fn has_ended(&self, id: &str) -> bool {
        if id == self.id {
            return false;
        }
        // What is no name of a session names no file.
        if Uuid::parse_str(id).is_err() {
            return true;
        }
        let path = lock_of(&self.folder, id);
        match File::open(&path).map(|file| file.try_lock()) {
            Ok(Ok(())) => {
                drop(std::fs::remove_file(path));
                true
            }
            Ok(Err(TryLockError::WouldBlock)) => false,
            Ok(Err(TryLockError::Error(_))) => false,
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drop(std::fs::remove_file(lock_of(&self.folder, &self.id)));
    }
}

fn lock_of(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.lock"))
}
