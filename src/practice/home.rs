//! The folder of one practice store: its lock, its credentials and the port that it keeps.
//!
//! ```text
//! DIR/
//!   lock              held while a store runs
//!   credentials.json  access key and secret of the owner, 0600
//!   users.json        the other users with their keys and policies, 0600
//!   accounts.json     what is set for whole accounts
//!   port              the port of the endpoint, kept over restarts
//!   website-port      the port of the websites, likewise
//!   metadata.sqlite3  buckets, versions, uploads
//!   buckets/          object bytes: <number>-<bucket name>/<thousand>/<number>-<name>
//!   uploads/          parts of unfinished multipart uploads
//!   incoming/         bytes on their way in
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::PracticeError;
use super::people::User;

const USERS: &str = "users.json";

/// Everything that a store makes in its folder, for whoever wants to remove that and nothing else.
pub const CONTENTS: [&str; 12] = [
    "buckets",
    "uploads",
    "incoming",
    "metadata.sqlite3",
    "metadata.sqlite3-wal",
    "metadata.sqlite3-shm",
    "credentials.json",
    USERS,
    "accounts.json",
    "port",
    "website-port",
    "lock",
];

/// The key of a practice store's owner. `Debug` hides the secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Access key id: 20 capital letters and digits.
    pub access_key_id: String,
    /// Secret access key: 40 characters.
    pub secret_access_key: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

impl Credentials {
    pub(super) fn random() -> Self {
        let letters = |count: usize, alphabet: &[u8]| -> String {
            let mut bytes = Vec::new();
            while bytes.len() < count {
                // Bytes 6 and 8 of a version 4 UUID are partly fixed.
                let random = Uuid::new_v4().into_bytes();
                bytes.extend(random.iter().enumerate().filter(|(at, _)| *at != 6 && *at != 8).map(|(_, byte)| *byte));
            }
            bytes[..count].iter().map(|byte| char::from(alphabet[usize::from(*byte) % alphabet.len()])).collect()
        };
        Self {
            access_key_id: format!("BRIM{}", letters(16, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")),
            secret_access_key: letters(40, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
        }
    }
}

/// The folder, locked for this process until dropped.
pub(super) struct Home {
    pub(super) dir: PathBuf,
    _lock: File,
}

impl Home {
    /// Makes the folder where it is missing, private to the person, and takes its lock.
    pub(super) fn open(dir: &Path) -> Result<Self, PracticeError> {
        let at = |source| PracticeError::Folder { dir: dir.to_owned(), source };
        make_private_dir(dir).map_err(at)?;
        for inner in ["buckets", "uploads", "incoming"] {
            make_private_dir(&dir.join(inner)).map_err(at)?;
        }
        let lock = private_options().create(true).write(true).open(dir.join("lock")).map_err(at)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PracticeError::InUse { dir: dir.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(at(source)),
        }
        let dir = fs::canonicalize(dir).map_err(at)?;
        Ok(Self { dir, _lock: lock })
    }

    /// The key of this installation, made at the first start.
    pub(super) fn credentials(&self) -> Result<Credentials, PracticeError> {
        let path = self.dir.join("credentials.json");
        let read = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let fresh = Credentials::random();
                serde_json::to_vec_pretty(&fresh)
                    .map_err(io::Error::other)
                    .and_then(|bytes| write_private(&path, &bytes))
                    .map(|()| fresh)
            }
            Err(error) => Err(error),
        };
        read.map_err(|source| self.folder_error(source))
    }

    /// The users besides the owner.
    pub(super) fn users(&self) -> Result<Vec<User>, PracticeError> {
        let read = match fs::read(self.dir.join(USERS)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        read.map_err(|source| self.folder_error(source))
    }

    /// The port that this folder had last time.
    pub(super) fn port(&self) -> Option<u16> {
        self.kept_port("port")
    }

    /// The port that the websites of this folder had last time.
    pub(super) fn website_port(&self) -> Option<u16> {
        self.kept_port("website-port")
    }

    fn kept_port(&self, file: &str) -> Option<u16> {
        fs::read_to_string(self.dir.join(file)).ok()?.trim().parse().ok().filter(|port| *port != 0)
    }

    /// Keeps `port` for the next starts.
    pub(super) fn remember_port(&self, port: u16) -> Result<(), PracticeError> {
        self.keep_port("port", port)
    }

    /// The same for the websites.
    pub(super) fn remember_website_port(&self, port: u16) -> Result<(), PracticeError> {
        self.keep_port("website-port", port)
    }

    fn keep_port(&self, file: &str, port: u16) -> Result<(), PracticeError> {
        write_private(&self.dir.join(file), format!("{port}\n").as_bytes()).map_err(|source| self.folder_error(source))
    }

    fn folder_error(&self, source: io::Error) -> PracticeError {
        PracticeError::Folder { dir: self.dir.clone(), source }
    }
}

/// Keeps `users` in the folder `dir` in the place of those before.
pub(super) fn keep_users(dir: &Path, users: &[User]) -> Result<(), PracticeError> {
    serde_json::to_vec_pretty(users)
        .map_err(io::Error::other)
        .and_then(|bytes| write_private(&dir.join(USERS), &bytes))
        .map_err(|source| PracticeError::Folder { dir: dir.to_owned(), source })
}

/// Creates `dir` and its parents; what is created is readable by its owner only.
pub(super) fn make_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(dir)
}

/// Options that create a file readable by its owner only.
pub(super) fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

/// Makes the names in `dir` durable. Windows has no such call and needs none.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

/// Replaces `path` as a whole: a reader sees the old bytes or the new ones.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = private_options().create(true).truncate(true).write(true).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    path.parent().map_or(Ok(()), sync_dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_user_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let first = Home::open(dir.path()).unwrap();
        assert!(matches!(Home::open(dir.path()), Err(PracticeError::InUse { .. })));
        drop(first);
        Home::open(dir.path()).unwrap();
    }

    #[test]
    fn credentials_are_kept_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(&dir.path().join("inner")).unwrap();
        let first = home.credentials().unwrap();
        assert_eq!(first, home.credentials().unwrap());
        assert_eq!((first.access_key_id.len(), first.secret_access_key.len()), (20, 40));
        assert_ne!(first, Credentials::random());
        assert!(!format!("{first:?}").contains(&first.secret_access_key));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&home.dir), 0o700);
            assert_eq!(mode(&home.dir.join("credentials.json")), 0o600);
        }
    }

    #[test]
    fn users_are_kept_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        assert_eq!(home.users().unwrap(), []);
        let users: Vec<User> = vec!["ann:KEY:long-secret:111122223333".parse().unwrap()];
        keep_users(&home.dir, &users).unwrap();
        assert_eq!(home.users().unwrap(), users);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(home.dir.join(USERS)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn the_port_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::open(dir.path()).unwrap();
        assert_eq!(home.port(), None);
        home.remember_port(4711).unwrap();
        assert_eq!(home.port(), Some(4711));
    }
}
