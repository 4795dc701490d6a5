//! The dialog before a policy is saved: what would change, and what has to be known.

use egui::{Frame, Margin, Panel, Ui};

use crate::domain::format;
use crate::domain::policy::Sentence;
use crate::model::Trouble;
use crate::model::permissions::PermissionsCommand;
use crate::model::permissions::draft::Base;
use crate::model::permissions::files::Files;
use crate::model::permissions::review::{Answer, Origin, Review, Stage};
use crate::theme::{Tokens, Type};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, Dialog, DialogWidth, Level, TextField, check_box, checkbox, dialog_foot_left, paint,
};
use crate::worker::Request;

type Counting = Request<Files, Trouble>;

/// Shows the review that is open.
pub fn review_ui(ui: &Ui, cx: &mut UiCtx<'_>) {
    let Some(review) = &cx.model.permissions.review else { return };
    match &review.stage {
        Stage::Conflict { base } => super::conflict::conflict_ui(ui, cx, review, base),
        Stage::Asking | Stage::Saving | Stage::Failed(_) => asking_ui(ui, cx, review),
    }
}

fn asking_ui(ui: &Ui, cx: &mut UiCtx<'_>, review: &Review) {
    let t = Tokens::of(ui);
    let bucket = &review.key.bucket;
    let (heading, button) = match (review.origin, &review.after) {
        (_, None) => (format!("Delete the policy of {bucket}?"), "Delete policy"),
        (Origin::Restore(_), Some(_)) => (format!("Bring back this policy of {bucket}?"), "Save policy"),
        (Origin::Draft | Origin::Delete, Some(_)) => (format!("Save the policy of {bucket}?"), "Save policy"),
    };
    let at = format::clock(review.read_at, cx.zone);
    let sentence = match review.before {
        Base::Unknown => "What the bucket has now may not be read. Saving replaces it.".to_owned(),
        Base::None => format!("The bucket has no policy now, read at {at}."),
        Base::Text(_) => format!("Compared with what the bucket has now, read at {at}. Nobody changed it meanwhile."),
    };
    let saving = review.stage == Stage::Saving;
    let mut wishes: Vec<PermissionsCommand> = Vec::new();
    let (mut save_it, mut close) = (false, false);
    let answer = Dialog::new("policy_review", heading)
        .sentence(Type::Body.job(sentence, t.text_2))
        .width(DialogWidth::Plan)
        .close_button()
        .show(
            ui.ctx(),
            |ui| body_ui(ui, cx, review, &mut wishes),
            |ui| {
                let why = match (review.needs_acknowledgement(), review.acknowledged) {
                    (true, false) => Some("Tick the box above first"),
                    _ => None,
                };
                let kind = if review.after.is_none() { Button::danger(button) } else { Button::primary(button) };
                let save = kind.large().disabled_because(why).busy(saving.then_some(Level::Unknown));
                save_it = save.show(ui).clicked() && !saving;
                close = Button::secondary("Keep editing").large().show(ui).clicked();
                dialog_foot_left(ui, |ui| {
                    let words = "The version before stays in History, and one click brings it back";
                    ui.label(Type::Small.rich(words).color(t.text_2));
                });
            },
        );
    if save_it {
        wishes.push(PermissionsCommand::Save);
    }
    if close || answer.close {
        wishes.push(PermissionsCommand::CloseReview);
    }
    for wish in wishes {
        cx.push(wish);
    }
}

fn body_ui(ui: &mut Ui, cx: &UiCtx<'_>, review: &Review, wishes: &mut Vec<PermissionsCommand>) {
    let files = &cx.model.permissions.files;
    let frame = Frame::NONE.inner_margin(Margin { top: 14, ..Margin::ZERO });
    let asks = Panel::bottom("policy_review_asks").resizable(false).show_separator_line(false).frame(frame);
    asks.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        asks_ui(ui, files, review, wishes);
    });
    if let Some(people) = &review.people {
        super::people::columns_ui(ui, people, files, review.lift, &review.key.bucket);
    }
}

/// What has to be known or decided.
fn asks_ui(ui: &mut Ui, files: &Counting, review: &Review, wishes: &mut Vec<PermissionsCommand>) {
    let refused = review.findings.iter().find(|finding| finding.server.is_some());
    if let Some(finding) = refused.filter(|_| review.obstacle.bucket.is_none()) {
        let rest = format!("Line {}: {}", finding.line, finding.message);
        Banner::new(BannerTone::Warn, "The store would refuse this (predicted).", rest).show(ui);
    }
    if let Stage::Failed(trouble) = &review.stage {
        Banner::new(BannerTone::Danger, "It was not saved.", trouble.sentence.as_str()).show(ui);
    }
    if review.obstacle.account {
        let rest = "Block Public Access of the account stands in the way, and it wins. Whoever looks after the account can lift it";
        Banner::new(BannerTone::Warn, "Nobody outside will see anything.", rest).show(ui);
    } else if review.obstacle.bucket.is_some() {
        lift_ui(ui, review, wishes);
    }
    if review.block_before.is_some() {
        let words = "Also set Block Public Access of this bucket as it was before that save";
        let mut again = review.block_again;
        if checkbox(ui, &mut again, words).changed() {
            wishes.push(PermissionsCommand::Answer(Answer::BlockAgain(again)));
        }
    }
    if review.needs_acknowledgement() {
        acknowledge_ui(ui, files, review, wishes);
    }
    let mut note = review.note.clone();
    let field = TextField::new("Why", &mut note).label_hidden().placeholder("Why? Optional, kept in the history");
    if field.show(ui).response.changed() {
        wishes.push(PermissionsCommand::Answer(Answer::Note(note)));
    }
}

fn acknowledge_ui(ui: &mut Ui, files: &Counting, review: &Review, wishes: &mut Vec<PermissionsCommand>) {
    let t = Tokens::of(ui);
    let public = match &review.people {
        Some(people) => !people.open.becomes_public.is_empty(),
        None => !review.becomes_public.is_empty(),
    };
    let fill = if public { t.public_soft } else { t.danger_soft };
    Frame::NONE.fill(fill).corner_radius(8).inner_margin(Margin::symmetric(14, 12)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let mut sentences: Vec<String> = match &review.people {
            Some(people) => {
                let bucket = &review.key.bucket;
                let said = people.open.becomes_public.iter().map(|change| change.words.to_string());
                // What is about every file names the bucket already.
                let named =
                    |said: String| if said.contains(bucket.as_str()) { said } else { format!("{said} in {bucket}") };
                said.map(named).collect()
            }
            None => review.becomes_public.iter().map(Sentence::text).collect(),
        };
        let control = review.people.as_ref().map(|people| &people.as_is.control).filter(|control| control.is_lost());
        sentences.extend(match (review.lock_out(), control) {
            (_, Some(control)) => Some(control.words().to_string()),
            (Some(finding), None) => Some(finding.message.clone()),
            (None, None) => None,
        });
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            if check_box(ui, Some(review.acknowledged), "I know this and want it").clicked() {
                wishes.push(PermissionsCommand::Answer(Answer::Acknowledge(!review.acknowledged)));
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for sentence in sentences {
                    paint::label(ui, Type::BodyMedium.rich(sentence), t.text);
                }
                let in_all =
                    files.known().and_then(Files::in_all).map(|count| format!("{count}. ")).unwrap_or_default();
                paint::label(ui, Type::Small.rich(format!("{in_all}I know this and want it.")), t.text_2);
            });
        });
    });
}

fn lift_ui(ui: &mut Ui, review: &Review, wishes: &mut Vec<PermissionsCommand>) {
    let t = Tokens::of(ui);
    Frame::NONE.fill(t.warn_soft).corner_radius(8).inner_margin(Margin::symmetric(14, 12)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            if check_box(ui, Some(review.lift), "Lift the block of this bucket first").clicked() {
                wishes.push(PermissionsCommand::Answer(Answer::Lift(!review.lift)));
            }
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let words =
                    "Block Public Access of this bucket stands in the way. Lift the two flags for policies first";
                paint::label(ui, Type::BodyMedium.rich(words), t.text);
                let flags = "BlockPublicPolicy and RestrictPublicBuckets; the two for ACLs stay on";
                paint::label(ui, Type::Small.rich(flags), t.text_2);
            });
        });
    });
}
