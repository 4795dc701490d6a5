//! The dialog in which a bucket is emptied or deleted: what is lost, the name to type, how far it is, what is left.

use egui::Ui;

use crate::domain::bucket::Exposure;
use crate::domain::format;
use crate::model::bucket_settings::{BucketSettingsCommand, Contents, Ended, Removal, RemovalState};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, CodeBlock, Dialog, FieldNote, Level, TextField, disclosure, fact, level_icon, paint,
    progress_bar,
};

/// So many keys that are still there are shown.
const SHOWN: usize = 8;

/// The dialog and what has been typed into it.
#[derive(Debug, Default)]
pub(super) struct RemovalDialog {
    number: u64,
    typed: String,
}

impl RemovalDialog {
    /// Shows it.
    pub(super) fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        let model = cx.model;
        let Some(removal) = &model.bucket_settings.removal else { return };
        if self.number != removal.number {
            self.number = removal.number;
            self.typed.clear();
        }
        let bucket = removal.bucket.as_str();
        let what = if removal.bucket_too { "Delete" } else { "Empty" };
        let heading = match &removal.state {
            RemovalState::Ended(_) => {
                format!("{bucket} is not {} yet", if removal.bucket_too { "deleted" } else { "empty" })
            }
            RemovalState::Removing { .. } => {
                format!("{} {bucket}", if removal.bucket_too { "Deleting" } else { "Emptying" })
            }
            _ => format!("{what} the bucket {bucket}?"),
        };
        let public = model.session.as_ref().is_some_and(|it| it.exposure_of(bucket) == Exposure::Public);
        let typed = &mut self.typed;
        let whole = typed.as_str() == bucket;
        let mut command = None;
        let answer = Dialog::new("bucket removal", heading).show(
            ui.ctx(),
            |ui| match &removal.state {
                RemovalState::Counting(found) => counting_ui(ui, found),
                RemovalState::Counted(found) => asked_ui(ui, removal, found, public, typed),
                RemovalState::Removing { done, total, stopping } => removing_ui(ui, *done, *total, *stopping),
                RemovalState::Ended(Ended { done, failed, failed_count, stopped, trouble, .. }) => {
                    let t = Tokens::of(ui);
                    let said = match stopped {
                        true => "Stopped.",
                        false => "It came to an end before all was gone.",
                    };
                    let gone = format!("{} gone for good.", format::counted(*done, "thing is", "things are"));
                    Banner::new(BannerTone::Warn, said, gone).show(ui);
                    if let Some(trouble) = trouble {
                        fact(ui, icons::X_CIRCLE, t.danger_icon(), Type::Body.job(&trouble.sentence, t.text));
                        if !trouble.details.is_empty() && disclosure(ui, "removal trouble", "Details") {
                            CodeBlock::new(ui, &trouble.details.join("\n")).show(ui);
                        }
                    }
                    for (key, why) in failed.iter().take(SHOWN) {
                        ui.add(egui::Label::new(Type::Mono.rich(key).color(t.text)).truncate());
                        paint::label(ui, Type::Small.rich(&why.sentence), t.danger_text);
                    }
                    if *failed_count > SHOWN as u64 {
                        let more = format::count(*failed_count - SHOWN as u64);
                        paint::label(ui, Type::Small.rich(format!("and {more} more")), t.text_3);
                    }
                }
                RemovalState::Failed(trouble) => {
                    Banner::new(BannerTone::Danger, "What is in it could not be counted.", trouble.sentence.as_str())
                        .show(ui);
                    if !trouble.details.is_empty() && disclosure(ui, "removal trouble", "Details") {
                        CodeBlock::new(ui, &trouble.details.join("\n")).show(ui);
                    }
                }
            },
            |ui| match &removal.state {
                RemovalState::Counting(_) => {
                    if Button::secondary("Cancel").large().show(ui).clicked() {
                        command = Some(BucketSettingsCommand::StopRemoving);
                    }
                }
                RemovalState::Counted(found) => {
                    let nothing = found.is_empty() && !removal.bucket_too;
                    let why = if nothing {
                        Some("There is nothing in it")
                    } else {
                        (!whole).then_some("Type the whole name first")
                    };
                    let label = if removal.bucket_too { "Delete bucket" } else { "Empty bucket" };
                    if Button::danger(label).large().disabled_because(why).show(ui).clicked() {
                        command = Some(BucketSettingsCommand::Remove);
                    }
                    if Button::secondary("Cancel").large().show(ui).clicked() {
                        command = Some(BucketSettingsCommand::CloseRemoval);
                    }
                }
                RemovalState::Removing { stopping, .. } => {
                    let why = stopping.then_some("It stops after what is under way");
                    if Button::secondary("Stop").large().disabled_because(why).show(ui).clicked() {
                        command = Some(BucketSettingsCommand::StopRemoving);
                    }
                }
                RemovalState::Ended(_) | RemovalState::Failed(_) => {
                    if Button::primary("Close").large().show(ui).clicked() {
                        command = Some(BucketSettingsCommand::CloseRemoval);
                    }
                }
            },
        );
        if answer.close {
            command = Some(BucketSettingsCommand::CloseRemoval);
        }
        if let Some(command) = command {
            cx.push(command);
        }
    }
}

fn counting_ui(ui: &mut Ui, found: &Contents) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        level_icon(ui, Level::Unknown, 16.0, "Counting");
        let words =
            if found.is_empty() { "Counting what is in it".to_owned() } else { format!("{} so far", found.words()) };
        paint::label(ui, Type::Body.rich(words), t.text_2);
    });
}

fn asked_ui(ui: &mut Ui, removal: &Removal, found: &Contents, public: bool, typed: &mut String) {
    let t = Tokens::of(ui);
    let mut sentence = if found.is_empty() {
        "There is nothing in it.".to_owned()
    } else {
        format!("This deletes {} for good.", found.words())
    };
    if removal.bucket_too {
        sentence.push_str(" The name becomes free for anyone, and all its settings go with it.");
    } else if !found.is_empty() {
        sentence.push_str(" The bucket and its settings stay.");
    }
    paint::label(ui, Type::Body.rich(sentence), t.text);
    if found.old_versions > 0 || found.markers > 0 {
        let words = "Old versions go too: nothing can be brought back afterwards";
        fact(ui, icons::CLOCK_COUNTER_CLOCKWISE, t.warn, Type::Small.job(words, t.text_2));
    }
    if public && !found.is_empty() {
        let words = "The bucket is open to anyone, so other sites may link to what is in it";
        fact(ui, icons::LINK_BREAK, t.warn, Type::Small.job(words, t.text_2));
    }
    if found.is_empty() && !removal.bucket_too {
        return;
    }
    ui.add_space(4.0);
    let left = removal.bucket.strip_prefix(typed.as_str()).map(|rest| rest.chars().count() as u64);
    let note = match left {
        Some(0) => FieldNote::None,
        Some(n) => FieldNote::Help(format!("{} to go", format::counted(n, "character", "characters")).into()),
        None => FieldNote::Error { sentence: "This is another name".into(), mend: None },
    };
    let field = TextField::new("Type the name of the bucket", typed).mono().large().note(note).show(ui);
    if !ui.memory(|memory| memory.has_focus(field.response.id)) {
        field.response.request_focus();
    }
}

fn removing_ui(ui: &mut Ui, done: u64, total: u64, stopping: bool) {
    let t = Tokens::of(ui);
    let part = if total == 0 { 1.0 } else { done as f32 / total as f32 };
    progress_bar(ui, part.min(1.0), false, 6.0, "Deleted so far");
    ui.add_space(4.0);
    let words = format!("{} of {} gone", format::count(done), format::count(total.max(done)));
    let words = if stopping { format!("{words}, stopping") } else { words };
    paint::label(ui, Type::Body.rich(words), t.text_2);
}
