//! What the background reports. Each part of the application has its own kind.

use super::dispatch::browse::BrowseEvent;
use super::dispatch::bucket_settings::BucketSettingsEvent;
use super::dispatch::check::CheckEvent;
use super::dispatch::connect::ConnectEvent;
use super::dispatch::gallery::GalleryEvent;
use super::dispatch::permissions::PermissionsEvent;
use super::dispatch::saving::SaveEnd;
use super::dispatch::settings::SettingsEvent;
use super::dispatch::setup::SetupEvent;
use super::dispatch::upload::UploadEvent;

/// One report of finished work.
#[derive(Debug)]
pub enum Event {
    /// The open connection.
    Browse(BrowseEvent),
    /// Connections as such.
    Connect(ConnectEvent),
    /// The wizard.
    Setup(SetupEvent),
    /// Uploads.
    Upload(UploadEvent),
    /// The gallery.
    Gallery(GalleryEvent),
    /// The settings of a bucket.
    BucketSettings(BucketSettingsEvent),
    /// The policy of a bucket.
    Permissions(PermissionsEvent),
    /// Checks of files.
    Check(CheckEvent),
    /// The page of settings.
    Settings(SettingsEvent),
    /// A file of the person's was saved, or not, or nobody wanted it after all.
    Saved(Option<SaveEnd>),
    /// A job ended in a panic; the text of it.
    Crashed(String),
}
