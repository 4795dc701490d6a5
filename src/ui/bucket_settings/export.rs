//! The dialog with the settings as something else can make them, and the way to a snapshot.

use egui::Ui;

use crate::domain::bucket_settings::export::{Notation, Settings, export};
use crate::model::bucket_settings::BucketSettingsCommand;
use crate::model::command::FrameCommand;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Button, CodeBlock, ControlSize, Dialog, DialogWidth, Segment, dialog_foot_left, paint, segmented,
};

/// The dialog and what is chosen in it.
#[derive(Debug)]
pub(super) struct ExportDialog {
    notation: Notation,
}

impl Default for ExportDialog {
    fn default() -> Self {
        Self { notation: Notation::Cli }
    }
}

impl ExportDialog {
    /// Shows it.
    pub(super) fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        let t = Tokens::of(ui);
        let model = cx.model;
        let bucket = model.bucket_settings.bucket.clone().unwrap_or_default();
        let known = model.bucket_settings.known();
        let settings: Settings =
            known.into_iter().filter_map(|(kind, value)| value.map(|value| (kind, value))).collect();
        let region = model.session.as_ref().and_then(|session| session.regions.get(&bucket)).cloned();
        let text = export(self.notation, &bucket, &region.unwrap_or_default(), &settings);
        let unknown = model.bucket_settings.unread();
        let sentence = "What is set here, written so that other tools make it again. Nothing is sent.";
        let (mut copy, mut save, mut close) = (false, false, false);
        let dialog = Dialog::new("bucket export", format!("Export the settings of {bucket}"));
        let answer = dialog.sentence(Type::Body.job(sentence, t.text_2)).width(DialogWidth::Form).steady(460.0).show(
            ui.ctx(),
            |ui| {
                let segments = Notation::ALL.map(|notation| Segment::new(notation, notation.label()));
                segmented(ui, &segments, &mut self.notation, ControlSize::Regular);
                if !unknown.is_empty() {
                    let words = format!("Not in it, for it cannot be read: {}", unknown.join(", "));
                    paint::label(ui, Type::Small.rich(words), t.warn_text);
                }
                CodeBlock::new(ui, &text).show(ui);
            },
            |ui| {
                copy = Button::primary("Copy it").large().icon(icons::COPY).show(ui).clicked();
                close = Button::secondary("Close").large().show(ui).clicked();
                dialog_foot_left(ui, |ui| {
                    let button = Button::quiet("Save a snapshot…").icon(icons::DOWNLOAD_SIMPLE).flush_left();
                    save = button.tooltip("A file to come back to and to compare with").show(ui).clicked();
                });
            },
        );
        if copy {
            let said = format!("{} copied", self.notation.label());
            cx.push(FrameCommand::CopyText { text, said });
        }
        if save {
            cx.push(BucketSettingsCommand::SaveSnapshot);
        }
        if close || answer.close {
            cx.push(FrameCommand::CloseModal);
        }
    }
}
