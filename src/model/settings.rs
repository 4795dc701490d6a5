//! The application's own settings, and what the page of settings tells about this computer.

mod users;

use std::path::PathBuf;

pub use crate::store::settings::{Theme, TransferSettings};

pub use users::{PRESETS, PracticeUser, Preset, UserDraft};

/// Above how many bytes an image gets a warning unless something else was chosen.
#[must_use]
pub fn usual_warn_above() -> Option<u64> {
    crate::store::settings::Settings::default().warn_above_bytes
}

/// What the page shows beside the settings themselves.
#[derive(Debug, Default)]
pub struct SettingsModel {
    /// Practice storage, while it runs.
    pub practice: Option<PracticeAccess>,
    /// Practice storage is being stopped, moved or emptied.
    pub practice_busy: bool,
    /// The folder that practice storage uses unless another is chosen.
    pub usual_practice_dir: PathBuf,
    /// Log files.
    pub logs_dir: PathBuf,
    /// Reports of defects.
    pub reports_dir: PathBuf,
}

/// How other programs reach practice storage. The secret key is copied, never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeAccess {
    /// Scheme, host and port.
    pub endpoint: String,
    /// The port in it.
    pub port: u16,
    /// The public half of its key.
    pub access_key_id: String,
    /// What to sign for.
    pub region: String,
    /// Its users besides the owner.
    pub users: Vec<PracticeUser>,
}

/// What can be set, and done on the page of settings.
#[derive(Debug, Clone)]
pub enum SettingsCommand {
    /// Light, dark or as the system.
    Theme(Theme),
    /// Size of everything on screen.
    UiScale(f32),
    /// Whether the last connection opens by itself.
    OpenLastConnection(bool),
    /// Above how many bytes an image gets a warning; `None` never warns.
    WarnAbove(Option<u64>),
    /// How files are sent and fetched.
    Transfers(TransferSettings),
    /// Choose another folder for practice storage.
    PickPracticeDir,
    /// Go back to the usual folder of practice storage.
    UsualPracticeDir,
    /// Ask whether to remove all that practice storage holds.
    AskRemovePracticeData,
    /// Remove all that practice storage holds.
    RemovePracticeData,
    /// Start practice storage without opening it, to see how other programs reach it.
    StartPractice,
    /// Put the secret key of practice storage on the clipboard.
    CopyPracticeSecret,
    /// Ask for what a user of practice storage is to be: of the user with this access key, or of a new one.
    EditPracticeUser(Option<String>),
    /// Keep a user of practice storage.
    SavePracticeUser(UserDraft),
    /// Ask whether to remove the user with this access key.
    AskRemovePracticeUser(String),
    /// Remove the user with this access key.
    RemovePracticeUser(String),
    /// Put the secret key of the user with this access key on the clipboard.
    CopyPracticeUserSecret(String),
    /// Open practice storage as the user with this access key.
    OpenAsPracticeUser(String),
}
