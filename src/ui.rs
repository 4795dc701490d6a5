//! What is on screen: widgets, and the panels made of them.

pub mod bucket_settings;
pub mod check;
pub mod connection_page;
mod ctx;
mod exposure;
pub mod gallery;
pub mod permissions;
mod pictures;
mod refusal;
pub mod settings;
pub mod setup;
pub mod shell;
pub mod start;
pub mod upload;
pub mod widgets;
mod words;

pub use ctx::UiCtx;

/// All panels with what each is being edited in it. None of it is lost when another screen is shown.
#[derive(Default)]
pub struct Panels {
    shell: shell::Shell,
    start: start::StartPanel,
    setup: setup::SetupPanel,
    upload: upload::UploadPanel,
    gallery: gallery::GalleryPanel,
    permissions: permissions::PermissionsPanel,
    bucket_settings: bucket_settings::BucketSettingsPanel,
    check: check::CheckPanel,
    connection_page: connection_page::ConnectionPage,
    settings: settings::SettingsPanel,
}
