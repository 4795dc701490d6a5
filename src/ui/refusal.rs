//! "Why was I refused?", wherever a refusal is shown.

use egui::Ui;

use super::UiCtx;
use super::widgets::{Button, ControlSize};
use crate::model::Trouble;
use crate::model::command::FrameCommand;

/// The button that opens the view of the request, where it was refused.
pub(super) fn why_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, trouble: &Trouble, size: ControlSize) {
    let Some(request) = &trouble.refused else { return };
    if Button::quiet_accent("Why was I refused?").size(size).show(ui).clicked() {
        cx.push(FrameCommand::WhyRefused(request.clone()));
    }
}
