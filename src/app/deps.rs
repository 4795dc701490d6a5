//! The seams that a test replaces: the clock, the system's file dialog, and opening things outside.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What the file dialog is to pick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// Any number of files.
    Files,
    /// Any number of folders.
    Folders,
    /// One folder to keep things in.
    Folder,
    /// A name to save under, beginning with the suggested one.
    SaveAs,
}

/// What the dialog gave back; empty when it was cancelled.
pub type Picked = Pin<Box<dyn Future<Output = Vec<PathBuf>> + Send>>;

/// Opens the file dialog with a title and a suggested name.
pub type PickFn = dyn Fn(Pick, &str, &str) -> Picked + Send + Sync;
/// Shows a file or folder in the system's file manager.
pub type RevealFn = dyn Fn(&Path) -> std::io::Result<()> + Send + Sync;

/// The outside world, apart from the store.
#[derive(Clone)]
pub struct Deps {
    /// The time.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// The time zone that dates are shown in.
    pub zone: TimeZone,
    /// The system's file dialog, with its title and a suggested name.
    pub pick: Arc<PickFn>,
    /// Shows a file or folder in the system's file manager.
    pub reveal: Arc<RevealFn>,
    /// The files that were copied in a file manager, as the clipboard holds them; takes its time.
    pub clipboard_files: Arc<dyn Fn() -> Vec<PathBuf> + Send + Sync>,
    /// The name of the person at this computer, for names made from templates.
    pub user_name: String,
}

impl Deps {
    /// The real ones.
    #[must_use]
    pub fn real() -> Self {
        Self {
            now: Arc::new(Timestamp::now),
            zone: TimeZone::system(),
            pick: Arc::new(|what, title, name| pick(what, title, name)),
            reveal: Arc::new(|path| open::that_detached(path)),
            clipboard_files: Arc::new(clipboard_files),
            user_name: ["USER", "USERNAME"]
                .into_iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
                .unwrap_or_else(|| "me".to_owned()),
        }
    }
}

impl std::fmt::Debug for Deps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deps").field("zone", &self.zone).field("user_name", &self.user_name).finish_non_exhaustive()
    }
}

fn clipboard_files() -> Vec<PathBuf> {
    arboard::Clipboard::new().and_then(|mut clipboard| clipboard.get().file_list()).unwrap_or_default()
}

fn pick(what: Pick, title: &str, name: &str) -> Picked {
    let dialog = rfd::AsyncFileDialog::new().set_title(title);
    let path = |handle: rfd::FileHandle| handle.path().to_owned();
    let paths = move |handles: Option<Vec<rfd::FileHandle>>| handles.into_iter().flatten().map(path).collect();
    // On macOS the dialog has to be made on the thread of the window, so the future begins here.
    match what {
        Pick::Files => {
            let chosen = dialog.pick_files();
            Box::pin(async move { paths(chosen.await) })
        }
        Pick::Folders => {
            let chosen = dialog.pick_folders();
            Box::pin(async move { paths(chosen.await) })
        }
        Pick::Folder => {
            let chosen = dialog.pick_folder();
            Box::pin(async move { chosen.await.map(path).into_iter().collect() })
        }
        Pick::SaveAs => {
            let chosen = dialog.set_file_name(name).save_file();
            Box::pin(async move { chosen.await.map(path).into_iter().collect() })
        }
    }
}
