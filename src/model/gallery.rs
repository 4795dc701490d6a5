//! The gallery of a place: order, filter, selection, the opened image.

mod access;
mod view;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::object::ObjectDetails;
use crate::domain::object_url::{Form, UrlForm};
use crate::images::Frames;
use crate::images::exif::Summary;
use crate::images::pipeline::{Priority, ThumbKey};
use crate::images::smaller::Smaller;
use crate::worker::Request;

use super::Trouble;
use super::browse::Listing;

pub use access::{AccessCommand, AccessEdit, AccessList, AccessModel, ObjectAccess};
pub use view::Move;

/// What the images are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    /// The key, with numbers in it counted as numbers.
    #[default]
    Name,
    /// When it was last written.
    Modified,
    /// Bytes.
    Size,
}

/// How the images are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// Pictures.
    #[default]
    Grid,
    /// One row each.
    Rows,
}

/// How a click changes the selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// Only this one.
    Only,
    /// This one more or less (Ctrl).
    Toggle,
    /// From the last one to this one (Shift).
    Range,
}

/// Which text the URLs of a selection make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlText {
    /// The address itself, in one of its forms; `None` is the preferred one.
    Plain(Option<Form>),
    /// `![name](url)`.
    Markdown,
    /// `<img src="url" alt="name">`.
    Html,
}

/// The image that fills the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its key.
    pub key: String,
}

/// What a request without any sign-in was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The status, e.g. 200 or 403.
    pub status: u16,
    /// The `Content-Type` that came with it.
    pub content_type: Option<String>,
    /// When it was asked.
    pub at: jiff::Timestamp,
}

/// An image in full, and what its camera wrote into it.
#[derive(Debug, Clone)]
pub struct FullImage {
    /// The picture.
    pub frames: Arc<Frames>,
    /// A still at half its size, at a quarter and so on; empty for small ones and for animations.
    pub smaller: Arc<[Smaller]>,
    /// Whether anything shines through.
    pub alpha: bool,
    /// Camera, time and whether it tells a place.
    pub exif: Summary,
}

/// What the gallery shows beyond the listing.
#[derive(Debug, Default)]
pub struct GalleryModel {
    /// The order.
    pub sort: SortBy,
    /// Last first.
    pub descending: bool,
    /// Pictures or rows.
    pub layout: Layout,
    /// What the name must contain.
    pub filter: String,
    /// Indices into the listing's folders, as shown.
    pub folders: Vec<usize>,
    /// Indices into the listing's objects, as shown.
    pub shown: Vec<usize>,
    /// Those of [`Self::shown`] whose names promise a picture: what the viewer steps through.
    pub images: Vec<usize>,
    /// The keys that are selected.
    pub selection: BTreeSet<String>,
    /// What the selected objects weigh together.
    pub selected_bytes: u64,
    /// The key that has the keyboard.
    pub focus: Option<String>,
    /// Where a range of Shift begins.
    pub(super) anchor: Option<String>,
    /// Which key [`Self::details`] are of.
    pub details_of: Option<String>,
    /// The details are to be read again, because the object changed or somebody asked for it.
    pub details_stale: bool,
    /// All about the focused object.
    pub details: Request<ObjectDetails, Trouble>,
    /// What strangers get who ask for it.
    pub seen: Request<Seen, Trouble>,
    /// Its access list.
    pub access: AccessModel,
    /// Its addresses, the preferred one first.
    pub addresses: Vec<UrlForm>,
    /// Counts wishes to type into the filter field.
    pub filter_wishes: u32,
    /// Counts wishes to see the focused object.
    pub scroll_wishes: u32,
    /// The image that fills the window.
    pub opened: Option<Opened>,
    /// That image in full.
    pub full: Request<FullImage, Trouble>,
    /// Which key [`Self::full`] is of, and in which version: its `ETag`.
    pub full_of: Option<(String, Option<String>)>,
    /// The keys whose deletion is under way.
    pub deleting: BTreeSet<String>,
}

impl GalleryModel {
    /// The object that has the keyboard, or else the only selected one.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.focus.as_deref().or_else(|| self.selection.first().map(String::as_str))
    }

    /// The selected keys in the order shown; without a selection the focused one.
    #[must_use]
    pub fn targets(&self, listing: &Listing) -> Vec<String> {
        if self.selection.is_empty() {
            return self.focus.clone().into_iter().collect();
        }
        let keys = self.shown.iter().map(|&index| &listing.objects[index].key);
        keys.filter(|key| self.selection.contains(*key)).cloned().collect()
    }

    /// Forgets what belonged to the place before.
    pub fn reset(&mut self) {
        *self = Self {
            sort: self.sort,
            descending: self.descending,
            layout: self.layout,
            filter_wishes: self.filter_wishes,
            scroll_wishes: self.scroll_wishes,
            ..Self::default()
        };
    }
}

/// What can be asked of the gallery.
#[derive(Debug, Clone)]
pub enum GalleryCommand {
    /// Put the keyboard into the filter field.
    FocusFilter,
    /// Show only names that contain this.
    SetFilter(String),
    /// Order by this; the same again turns the order around.
    Sort(SortBy),
    /// Pictures or rows.
    SetLayout(Layout),
    /// How wide a cell is, in points.
    SetThumbnailSize(f32),
    /// A click on an object.
    Select(String, Pick),
    /// All that is shown.
    SelectAll,
    /// Nothing any more.
    ClearSelection,
    /// The keyboard moves on, with Shift taking what it passes along.
    Move {
        /// Whither.
        to: Move,
        /// Shift is held.
        extend: bool,
    },
    /// Fill the window with this image.
    Open(String),
    /// Back to the grid.
    CloseOpened,
    /// The next (1) or previous (-1) image.
    StepOpened(isize),
    /// Put the addresses of these keys on the clipboard.
    CopyUrls(Vec<String>, UrlText),
    /// Open an object's address in the browser.
    OpenInBrowser(String),
    /// Save these keys to this computer; asks where.
    Download(Vec<String>),
    /// Save these keys into a folder, or one to a file.
    DownloadTo {
        /// What.
        keys: Vec<String>,
        /// Where.
        path: PathBuf,
    },
    /// Ask whether to delete these.
    AskDelete(Vec<String>),
    /// Delete these; it was asked.
    Delete(Vec<String>),
    /// Read the details of the focused object again, and ask again whether strangers see it.
    RefreshDetails,
    /// The access list of a file.
    Access(AccessCommand),
    /// These thumbnails are wanted and no others, the most urgent first.
    Want(Vec<(ThumbKey, Priority)>),
}

#[cfg(test)]
mod tests;
