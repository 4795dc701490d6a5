//! Three versions side by side where two people changed the same policy: what one began from, and what each made of it.

use egui::{Align, Layout, Ui};

use crate::domain::text_diff::{DiffLine, compare, three_way};
use crate::model::permissions::PermissionsCommand;
use crate::model::permissions::draft::Base;
use crate::model::permissions::review::Review;
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, Dialog, DialogWidth, dialog_foot_left};

use super::diff::{All, changed_words, diff_ui};

/// What one began from, what the bucket has meanwhile, and the own text.
pub(super) fn conflict_ui(ui: &Ui, cx: &mut UiCtx<'_>, review: &Review, base: &Base) {
    let t = Tokens::of(ui);
    let heading = format!("Somebody changed the policy of {} meanwhile", review.key.bucket);
    let sentence = "Nothing was saved. Take theirs, or keep editing yours: the next review compares it with theirs.";
    let mut wish = None;
    let answer = Dialog::new("policy_conflict", heading)
        .sentence(Type::Body.job(sentence, t.text_2))
        .width(DialogWidth::Plan)
        .close_button()
        .show(
            ui.ctx(),
            |ui| {
                let (begun, bucket) = (base.shown(), review.key.bucket.as_str());
                let mine = review.after.as_deref().unwrap_or_default();
                let versions = three_way(&begun, mine, &review.before.shown());
                ui.label(Type::Body.rich(disputed(&versions.disputed)).color(t.text));
                ui.spacing_mut().item_spacing.x = 16.0;
                ui.columns(3, |columns| {
                    if let [first, second, third] = columns {
                        head_ui(first, "You began from", None);
                        diff_ui(first, "conflict_base", &compare(&begun, &begun), All::Shown, bucket);
                        head_ui(second, "The bucket has now", Some(&versions.theirs));
                        diff_ui(second, "conflict_theirs", &versions.theirs, All::Shown, bucket);
                        head_ui(third, "Your draft", Some(&versions.mine));
                        diff_ui(third, "conflict_mine", &versions.mine, All::Shown, bucket);
                    }
                });
            },
            |ui| {
                if Button::primary("Keep editing mine").large().show(ui).clicked() {
                    wish = Some(PermissionsCommand::KeepMine);
                }
                if Button::secondary("Take theirs").large().show(ui).clicked() {
                    wish = Some(PermissionsCommand::TakeTheirs);
                }
                dialog_foot_left(ui, |ui| {
                    let words = "Your draft can be brought back with undo";
                    ui.label(Type::Small.rich(words).color(t.text_2));
                });
            },
        );
    if answer.close {
        wish = Some(PermissionsCommand::CloseReview);
    }
    if let Some(wish) = wish {
        cx.push(wish);
    }
}

/// The name of a column, and how many lines it changes of what one began from.
fn head_ui(ui: &mut Ui, title: &str, lines: Option<&[DiffLine]>) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 8.0;
    ui.horizontal(|ui| {
        ui.label(Type::SmallStrong.rich(title).color(t.text));
        if let Some(lines) = lines {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(Type::Small.rich(changed_words(lines)).color(t.text_3));
            });
        }
    });
}

/// Where both changed the same, as a sentence.
fn disputed(lines: &[usize]) -> String {
    match lines {
        [] => "They and you changed different places.".to_owned(),
        [line] => format!("Both of you changed line {line} of what you began from."),
        [first, .., last] => {
            format!("Both of you changed places between lines {first} and {last} of what you began from.")
        }
    }
}
