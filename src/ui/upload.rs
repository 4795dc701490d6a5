//! Files on their way in: the drop, the plan, the strip and the page of transfers.

mod drop;
mod plan;
mod strip;
mod transfers;

use egui::Ui;

use crate::model::Model;
use crate::theme::{Icon, icons, measure};
use crate::ui::UiCtx;

/// Everything about uploads that is being edited.
#[derive(Default)]
pub struct UploadPanel {
    plan: plan::PlanPanel,
    transfers: transfers::TransfersPanel,
}

impl UploadPanel {
    /// How high the strip at the bottom is now; 0 while there is nothing to tell.
    #[must_use]
    pub fn strip_height(&self, model: &Model) -> f32 {
        if model.upload.transfers.strip().is_some() { measure::height::STRIP } else { 0.0 }
    }

    /// The strip at the bottom.
    pub fn strip_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        strip::strip_ui(ui, cx);
    }

    /// The window as a vessel, while files hover over it.
    pub fn drop_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        drop::drop_ui(ui, cx);
    }

    /// The plan, before anything is sent.
    pub fn plan_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        self.plan.ui(ui, cx);
    }

    /// The page of all transfers.
    pub fn transfers_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        self.transfers.ui(ui, cx);
    }
}

/// The icon of a file by its name.
pub(super) fn file_icon(name: &str) -> Icon {
    let mime = crate::domain::media_type::by_extension(name).unwrap_or_default();
    match mime.split_once('/') {
        Some(("image", _)) => icons::IMAGE,
        Some(("video", _)) => icons::FILE_VIDEO,
        Some((_, "pdf")) => icons::FILE_PDF,
        Some((_, "zip" | "gzip" | "x-tar" | "x-7z-compressed" | "vnd.rar")) => icons::FILE_ARCHIVE,
        Some(("text", _)) => icons::FILE_TEXT,
        _ => icons::FILE,
    }
}
