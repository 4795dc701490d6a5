//! Files on their way into a bucket: sources, the plan, and the transfers.

pub mod plan;
pub mod source;
pub mod transfers;

use crate::domain::upload_plan::OnConflict;

use super::browse::Session;
use super::gallery::UrlText;
use crate::store::settings::Settings;

pub use plan::{PlanCommand, PlanModel};
pub use source::{Pasted, UploadSource};
pub use transfers::{TransferCommand, Transfers};

/// Uploads and downloads of this session.
#[derive(Debug, Default)]
pub struct UploadModel {
    /// What would be uploaded, while it is being looked at.
    pub plan: Option<Box<PlanModel>>,
    /// What is or was on its way.
    pub transfers: Transfers,
}

impl UploadModel {
    /// How many transfers run or wait.
    #[must_use]
    pub fn open_count(&self) -> u64 {
        self.transfers.counts().open()
    }
}

/// Bringing files in, and following them on their way.
#[derive(Debug, Clone)]
pub enum UploadCommand {
    /// Choose files with the system's dialog.
    PickFiles,
    /// Choose a folder with the system's dialog.
    PickFolder,
    /// These were dropped or chosen: make a plan of them, or add them to the one on screen.
    Bring(Vec<UploadSource>),
    /// Something was pasted while no text field wanted it.
    Paste(Pasted),
    /// Concerning the plan on screen.
    Plan(PlanCommand),
    /// These rows of the transfers are on screen, by number: their small pictures are wanted.
    LookAtTransfers(Vec<u64>),
    /// Concerning what is on its way.
    Transfers(TransferCommand),
}

impl From<PlanCommand> for super::Command {
    fn from(command: PlanCommand) -> Self {
        Self::Upload(UploadCommand::Plan(command))
    }
}

impl From<TransferCommand> for super::Command {
    fn from(command: TransferCommand) -> Self {
        Self::Upload(UploadCommand::Transfers(command))
    }
}

/// The three texts that addresses can make, with the words of the menu.
pub const URL_TEXTS: [(UrlText, &str); 3] =
    [(UrlText::Plain(None), "URLs"), (UrlText::Markdown, "Markdown"), (UrlText::Html, "HTML")];

/// What a taken name can be met with once it showed while sending, in the order of the menu.
pub const RESOLUTIONS: [OnConflict; 3] = [OnConflict::KeepBoth, OnConflict::Overwrite, OnConflict::Skip];

/// Where files that are brought in now would go: the folder one is in, else the one that was used last. `None` while
/// no bucket is open.
#[must_use]
pub fn target_prefix(settings: &Settings, session: &Session) -> Option<String> {
    let place = session.place.as_ref()?;
    if !place.prefix.is_empty() {
        return Some(place.prefix.clone());
    }
    let memory = settings.bucket(session.connection.id, &place.bucket).and_then(|it| it.upload.as_ref());
    Some(memory.map(|memory| memory.prefix.clone()).unwrap_or_default())
}
