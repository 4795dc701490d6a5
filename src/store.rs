//! Everything that is kept on this computer, apart from the data of practice storage: where it lies
//! ([`home`]), the connections, the settings, the history of changes, the journal of
//! transfers, drafts of policies, what a verification has seen so far, and the
//! secrets (keychain or memory, never a file).

pub mod connections;
mod database;
pub mod drafts;
mod file;
pub mod history;
pub mod home;
pub mod journal;
pub mod secrets;
pub mod settings;
pub mod since;
pub mod verification;

use std::path::PathBuf;

/// Why something could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file could not be written; what it should say is still held in memory for this run.
    #[error("{} could not be written: {source}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The connection to practice storage always exists.
    #[error("Practice storage cannot be removed from the list")]
    PracticeStays,
    /// There is no such connection.
    #[error("This connection is no longer in the list")]
    NoSuchConnection,
}

/// Something a person should know after a file was read. Nothing is ever lost without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The file made no sense; it was put aside, and the defaults hold.
    Damaged {
        /// What it held, as on screen, e.g. `list of connections`.
        what: &'static str,
        /// Where the damaged file lies now, or `None` where it could not even be moved.
        kept_as: Option<PathBuf>,
        /// What was wrong with it.
        why: String,
    },
    /// Parts made no sense (perhaps a newer Brimful wrote them); they are left alone where possible.
    PartlyUnread {
        /// What the file held, as on screen.
        what: &'static str,
        /// The names of the parts that were passed over.
        parts: Vec<String>,
    },
    /// The file is there but may not be read; the defaults hold, and nothing overwrites it unasked.
    Unreadable {
        /// What the file held, as on screen.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
}

impl Notice {
    /// The notice in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Damaged { what, kept_as: Some(path), .. } => {
                format!(
                    "The file with the {what} was damaged, so it starts afresh. The old one is kept as {}",
                    path.display()
                )
            }
            Self::Damaged { what, kept_as: None, why } => {
                format!("The file with the {what} was damaged, so it starts afresh ({why})")
            }
            Self::PartlyUnread { what, parts } => {
                format!("Parts of the {what} could not be understood and are not used: {}", parts.join(", "))
            }
            Self::Unreadable { what, path, why } => {
                format!("The file with the {what}, {}, could not be read: {why}", path.display())
            }
        }
    }
}
