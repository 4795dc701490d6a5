//! One dialog for every dangerous action: what is lost, by name, and nothing by accident.

use egui::Ui;

use crate::domain::format;
use crate::model::command::FrameCommand;
use crate::model::modal::Confirm;
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, Dialog, FieldNote, TextField};

/// So many names are shown; the rest are counted.
const NAMES_SHOWN: usize = 6;

/// The dialog and what has been typed into it.
#[derive(Debug, Default)]
pub(super) struct ConfirmDialog {
    typed: String,
}

impl ConfirmDialog {
    /// Shows the question.
    pub(super) fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, confirm: &Confirm) {
        let t = Tokens::of(ui);
        let missing = confirm.type_name.as_deref().map_or(0, |name| to_go(name, &self.typed));
        let whole = confirm.type_name.as_deref().is_none_or(|name| name == self.typed);
        let mut sure = false;
        let mut cancelled = false;
        let typed = &mut self.typed;
        let dialog = Dialog::new("confirm", &confirm.title).sentence(Type::Body.job(&confirm.body, t.text_2));
        let answer = dialog.show(
            ui.ctx(),
            |ui| {
                for name in confirm.names.iter().take(NAMES_SHOWN) {
                    ui.add(egui::Label::new(Type::Mono.rich(name).color(t.text)).truncate());
                }
                if confirm.names.len() > NAMES_SHOWN {
                    let more = format::count((confirm.names.len() - NAMES_SHOWN) as u64);
                    ui.label(Type::Small.rich(format!("and {more} more")).color(t.text_3));
                }
                for note in &confirm.notes {
                    ui.label(Type::Small.rich(note).color(t.text_2));
                }
                if confirm.type_name.is_some() {
                    ui.add_space(8.0);
                    let note = match (whole, missing) {
                        (true, _) => FieldNote::None,
                        (false, 0) => FieldNote::Error { sentence: "This is another name".into(), mend: None },
                        (false, n) => {
                            FieldNote::Help(format!("{} to go", format::counted(n, "character", "characters")).into())
                        }
                    };
                    let field = TextField::new("Type the name", typed).mono().note(note);
                    field.width(ui.available_width()).show(ui).response.request_focus();
                }
            },
            |ui| {
                let why = (!whole).then_some("Type the whole name first");
                if Button::danger(confirm.button.as_str()).large().disabled_because(why).show(ui).clicked() {
                    sure = true;
                }
                if Button::secondary("Cancel").large().show(ui).clicked() {
                    cancelled = true;
                }
            },
        );
        if sure {
            cx.push(FrameCommand::CloseModal);
            cx.commands.push((*confirm.then).clone());
        } else if cancelled || answer.close {
            cx.push(FrameCommand::CloseModal);
        }
        if sure || cancelled || answer.close {
            self.typed.clear();
        }
    }
}

/// How many characters are missing; 0 where what was typed leads elsewhere.
fn to_go(name: &str, typed: &str) -> u64 {
    match name.strip_prefix(typed) {
        Some(rest) => rest.chars().count() as u64,
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::to_go;
    use test_case::test_case;

    #[test_case("", 4; "nothing typed")]
    #[test_case("ac", 2; "half")]
    #[test_case("acme", 0; "whole")]
    #[test_case("ax", 0; "another name")]
    fn counts_what_is_missing(typed: &str, left: u64) {
        assert_eq!(to_go("acme", typed), left);
    }
}
