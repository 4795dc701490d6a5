//! What the panels read and what they can ask for: plain data, no network, no painting.

pub mod browse;
pub mod bucket_settings;
pub mod check;
pub mod closing;
pub mod command;
pub mod connect;
pub mod connection_page;
pub mod gallery;
pub mod modal;
pub mod notices;
pub mod permissions;
pub mod settings;
pub mod setup;
pub mod trouble;
pub mod upload;

pub use command::Command;
pub use trouble::Trouble;

use command::Screen;
use modal::Modal;

use crate::store::settings::Settings;

/// Everything there is to show.
#[derive(Debug, Default)]
pub struct Model {
    /// What fills the window.
    pub screen: Screen,
    /// The dialog over it, if any.
    pub modal: Option<Modal>,
    /// How far the closing of the window is; its dialog lies over all others, so that none is lost by asking.
    pub closing: closing::Closing,
    /// Short messages and their history.
    pub notices: notices::Notices,
    /// The connections there are.
    pub connect: connect::ConnectModel,
    /// The connection that is open.
    pub session: Option<browse::Session>,
    /// The wizard.
    pub setup: setup::SetupModel,
    /// Uploads and other transfers.
    pub upload: upload::UploadModel,
    /// The gallery of the place one is at.
    pub gallery: gallery::GalleryModel,
    /// The policy of the bucket one is in.
    pub permissions: permissions::PermissionsModel,
    /// The other settings of the bucket one is in.
    pub bucket_settings: bucket_settings::BucketSettingsModel,
    /// Why a file of the bucket can or cannot be seen.
    pub check: check::CheckModel,
    /// What the open connection can do, and who gets into its buckets.
    pub connection_page: connection_page::ConnectionPageModel,
    /// What the page of settings tells beside the settings.
    pub about: settings::SettingsModel,
    /// What the person wished to be remembered.
    pub settings: Settings,
}

impl Model {
    /// Whether a dialog lies over the screen: then keys are its own.
    #[must_use]
    pub fn has_dialog(&self) -> bool {
        self.modal.is_some() || self.closing.has_dialog()
    }
}
