//! Everything a person can ask for, in one enum, grouped by the part of the application that answers.

use std::path::PathBuf;

use crate::domain::check::RefusedRequest;
use crate::domain::connection::ConnectionId;

use super::browse::Place;
use super::bucket_settings::BucketSettingsCommand;
use super::check::CheckCommand;
use super::closing::CloseChoice;
use super::connect::ConnectCommand;
use super::connection_page::ConnectionPageCommand;
use super::gallery::GalleryCommand;
use super::permissions::PermissionsCommand;
use super::settings::SettingsCommand;
use super::setup::SetupCommand;
use super::upload::UploadCommand;

/// One wish. Panels push them, the app carries them out; nothing else has effects.
#[derive(Debug, Clone)]
pub enum Command {
    /// Windows, dialogs, notices, the clipboard.
    Frame(FrameCommand),
    /// Opening connections and moving about in them.
    Browse(BrowseCommand),
    /// Making, testing, changing and removing connections.
    Connect(ConnectCommand),
    /// The wizard that sets a bucket up.
    Setup(SetupCommand),
    /// Bringing files in.
    Upload(UploadCommand),
    /// Looking at what is there.
    Gallery(GalleryCommand),
    /// The bucket's policy.
    Permissions(PermissionsCommand),
    /// The bucket's other settings.
    BucketSettings(BucketSettingsCommand),
    /// Why a file can or cannot be seen.
    Check(CheckCommand),
    /// What the open connection can do, and who gets in.
    ConnectionPage(ConnectionPageCommand),
    /// The application's own settings.
    Settings(SettingsCommand),
}

/// Windows, dialogs, notices, the clipboard.
#[derive(Debug, Clone)]
pub enum FrameCommand {
    /// Show this screen.
    Show(Screen),
    /// Open the command palette.
    OpenPalette,
    /// Close the dialog.
    CloseModal,
    /// Say why a request was refused, and what would allow it.
    WhyRefused(Box<RefusedRequest>),
    /// Copy a message about it to whoever can allow it.
    CopyRefusal(Box<RefusedRequest>),
    /// Copy the smallest statement that would allow it.
    CopyStatement(Box<RefusedRequest>),
    /// Ask before doing something dangerous.
    Ask(Box<super::modal::Confirm>),
    /// Fold the sidebar to a rail, or unfold it.
    ToggleSidebar,
    /// Show or hide the inspector.
    ToggleInspector,
    /// Put text on the clipboard and say so in a toast with these words.
    CopyText {
        /// What goes on the clipboard.
        text: String,
        /// What is said, e.g. "Address copied".
        said: String,
    },
    /// Open an address in the browser.
    OpenUrl(String),
    /// Show a folder or file of this computer in its file manager.
    RevealPath(PathBuf),
    /// Take a toast off the screen.
    DismissNotice(u64),
    /// The window was told to close while files are on their way: ask what is to become of them.
    AskToClose,
    /// Close it, with the files on their way dealt with so.
    CloseAs(CloseChoice),
    /// Do not close it after all.
    StayOpen,
}

/// Opening connections and moving about in them.
#[derive(Debug, Clone)]
pub enum BrowseCommand {
    /// Open this connection.
    Open(ConnectionId),
    /// Leave the connection for the start screen.
    Leave,
    /// Go to a bucket or a folder.
    Go(Place),
    /// Where one was before.
    Back,
    /// Where one came back from.
    Forward,
    /// The folder above.
    Up,
    /// Read this place again.
    Refresh,
    /// Read the list of buckets again.
    RefreshBuckets,
    /// Read on where the listing stopped.
    ListMore,
    /// Show another side of the bucket.
    ShowTab(Tab),
    /// Show a bucket from a side.
    GoToTab(Place, Tab),
}

/// The screens; dialogs lie over them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Screen {
    /// Three doors and the recent connections.
    #[default]
    Start,
    /// A bucket's content.
    Browse,
    /// What the open connection can do, and who gets into its buckets.
    Connection,
    /// The wizard that sets a bucket up.
    Setup,
    /// All transfers of this session.
    Transfers,
    /// The history of notices.
    Notices,
    /// The application's own settings.
    Settings,
}

/// The sides of a bucket; the tabs under the top bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// What is in it, as pictures or rows.
    #[default]
    Gallery,
    /// Who may do what with it: the policy.
    Permissions,
    /// Everything else that can be set for it.
    Settings,
    /// Why a file of it can or cannot be seen.
    Check,
}

macro_rules! wraps {
    ($($inner:ident => $variant:ident),* $(,)?) => {
        $(impl From<$inner> for Command {
            fn from(command: $inner) -> Self {
                Self::$variant(command)
            }
        })*
    };
}

wraps! {
    FrameCommand => Frame,
    BrowseCommand => Browse,
    CheckCommand => Check,
    ConnectCommand => Connect,
    ConnectionPageCommand => ConnectionPage,
    SetupCommand => Setup,
    UploadCommand => Upload,
    GalleryCommand => Gallery,
    PermissionsCommand => Permissions,
    BucketSettingsCommand => BucketSettings,
    SettingsCommand => Settings,
}

impl Command {
    /// A short name for the log; never what was typed.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Frame(_) => "frame",
            Self::Browse(_) => "browse",
            Self::Connect(_) => "connect",
            Self::Setup(_) => "setup",
            Self::Upload(_) => "upload",
            Self::Gallery(_) => "gallery",
            Self::Permissions(_) => "permissions",
            Self::BucketSettings(_) => "bucket settings",
            Self::Check(_) => "check",
            Self::ConnectionPage(_) => "connection page",
            Self::Settings(_) => "settings",
        }
    }
}
