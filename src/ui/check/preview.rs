//! The dialog that says what a way to mend it would change, and asks.

use egui::{ScrollArea, Ui};

use crate::domain::check::Undo;
use crate::model::check::{CheckCommand, Preview};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::permissions;
use crate::ui::widgets::{Banner, BannerTone, Button, Dialog, Level, checkbox, fact, level_icon, paint};
use crate::worker::{Request, Status};

/// Shows it, while there is something to look at.
pub fn fix_dialog_ui(ui: &Ui, cx: &mut UiCtx<'_>) {
    let check = &cx.model.check;
    let Some(preview) = &check.preview else { return };
    let fix = &preview.fix;
    let t = Tokens::of(ui);
    let mut command = None;
    let mut agreed = preview.agreed;
    let unknown = matches!(preview.people, Request::Pending { .. });
    let why = match (unknown, fix.caution.is_some() && !preview.agreed) {
        (true, _) => Some("What it changes for people is being worked out"),
        (false, true) => Some("Tick that you know what it does first"),
        (false, false) => None,
    };
    let mut pressed = None;
    let answer = Dialog::new("check fix", fix.title.as_str())
        .sentence(Type::Body.job(fix.consequence.as_str(), t.text_2))
        .close_button()
        .show(
            ui.ctx(),
            |ui| {
                ScrollArea::vertical().id_salt("check fix").max_height(420.0).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    ui.spacing_mut().item_spacing.y = 8.0;
                    changes_ui(ui, preview);
                    let back = match fix.undo {
                        Undo::PutBack => "It can be undone: the notice afterwards has Undo",
                        Undo::EndsByItself => "It ends by itself",
                        Undo::Nothing => "There is nothing to undo afterwards",
                    };
                    fact(ui, icons::ARROW_U_UP_LEFT, t.text_3, Type::Small.job(back, t.text_2));
                    if let Some(caution) = &fix.caution {
                        Banner::new(BannerTone::Warn, "Not blindly.", caution.as_str()).show(ui);
                        checkbox(ui, &mut agreed, "I know, and want it so");
                    }
                });
            },
            |ui| {
                if Button::primary("Apply").large().disabled_because(why).show(ui).clicked() {
                    pressed = Some(CheckCommand::Mend);
                }
                if Button::secondary("Cancel").large().show(ui).clicked() {
                    pressed = Some(CheckCommand::ClosePreview);
                }
            },
        );
    if agreed != preview.agreed {
        command = Some(CheckCommand::Agree(agreed));
    }
    if answer.close {
        command = Some(CheckCommand::ClosePreview);
    }
    if let Some(command) = command.or(pressed) {
        cx.push(command);
    }
}

fn changes_ui(ui: &mut Ui, preview: &Preview) {
    let t = Tokens::of(ui);
    paint::label(ui, Type::SmallStrong.rich("What changes in the store"), t.text);
    for line in &preview.changes {
        fact(ui, icons::CARET_RIGHT, t.text_3, Type::Body.job(line.as_str(), t.text));
    }
    match preview.people.status() {
        Status::Idle => {}
        Status::Pending(_) => {
            ui.horizontal(|ui| {
                level_icon(ui, Level::Unknown, 16.0, "Being worked out");
                paint::label(ui, Type::Small.rich("What it changes for people is being worked out"), t.text_2);
            });
        }
        Status::Ready(people) => permissions::people_ui(ui, people, &Request::Idle),
        Status::Failed(trouble, _) => {
            Banner::new(BannerTone::Warn, "What it changes for people is not known.", trouble.sentence.as_str())
                .show(ui);
        }
    }
}
