//! What comes in from outside the window: dropped files, pasted images, files and paths.

use std::sync::Arc;

use egui::{ColorImage, Event, Id, Key, Ui};

use crate::model::command::{Screen, Tab};
use crate::model::modal::Modal;
use crate::model::upload::source::Pixels;
use crate::model::upload::{Pasted, UploadCommand, UploadSource};
use crate::model::{Command, Model};

/// Turns what came in into wishes.
pub(super) fn take_in(ui: &Ui, model: &Model, commands: &mut Vec<Command>) {
    let dropped: Vec<UploadSource> = ui
        .input(|input| input.raw.dropped_files.iter().map(|file| UploadSource::Path(file.path().to_owned())).collect());
    if !dropped.is_empty() {
        commands.push(UploadCommand::Bring(dropped).into());
    }
    if let Some(pasted) = pasted(ui, model) {
        commands.push(UploadCommand::Paste(pasted).into());
    }
}

/// What was pasted, unless a text field or a dialog has a use for it.
fn pasted(ui: &Ui, model: &Model) -> Option<Pasted> {
    let (content, released) = ui.input(|input| {
        let content = input.events.iter().rev().find_map(|event| match event {
            Event::Paste(text) => Some(Pasted::Text(text.clone())),
            Event::PasteImage(image) => Some(Pasted::Image(pixels(Arc::clone(image)))),
            _ => None,
        });
        let released = input.events.iter().any(
            |event| matches!(event, Event::Key { key: Key::V, pressed: false, modifiers, .. } if modifiers.command),
        );
        (content, released)
    });
    // Copied files alone bring no event at all: only the key that comes up again tells that there was a wish.
    let id = Id::unique("brimful_pasted");
    let answered = ui.data(|data| data.get_temp::<bool>(id).unwrap_or(false));
    if content.is_some() != answered || released {
        ui.data_mut(|data| data.insert_temp(id, content.is_some() && !released));
    }
    let wanted_elsewhere = match &model.modal {
        None | Some(Modal::UploadPlan) => false,
        Some(
            Modal::Palette
            | Modal::Confirm(_)
            | Modal::PracticeUser(_)
            | Modal::PolicyReview
            | Modal::PolicyHistory
            | Modal::CheckFix
            | Modal::WhyRefused(_)
            | Modal::BucketSetting
            | Modal::ObjectAccess
            | Modal::BucketExport
            | Modal::BucketRemoval
            | Modal::UnfinishedUploads
            | Modal::LifecycleDryRun,
        ) => true,
    };
    // The sides of a bucket that show settings have their own use for text, and none for pictures.
    let shows_settings = model.screen == Screen::Browse
        && model.session.as_ref().is_some_and(|session| session.place.is_some() && session.tab != Tab::Gallery);
    if wanted_elsewhere || shows_settings || ui.ctx().text_edit_focused() {
        return None;
    }
    content.or_else(|| (released && !answered).then_some(Pasted::Other))
}

/// The picture as plain bytes; they are only made when asked for, in the background.
fn pixels(image: Arc<ColorImage>) -> Pixels {
    let size = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
    let (width, height) = (size(image.width()), size(image.height()));
    Pixels::new(width, height, move || image.pixels.iter().flat_map(egui::Color32::to_srgba_unmultiplied).collect())
}
