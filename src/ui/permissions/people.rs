//! The two columns of the review: what changes for people, and what changes in the text.

use egui::{Align2, ScrollArea, Sense, Ui, UiBuilder, vec2};

use crate::domain::policy::{AccessChange, AccessDiff, Control};
use crate::model::Trouble;
use crate::model::permissions::files::Files;
use crate::model::permissions::people::People;
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::widgets::{Badge, Card, Tone as BadgeTone, paint};
use crate::worker::Request;

use super::diff::{All, changes_ui};
use crate::ui::words;

/// Room between the columns, and the width of the text's column.
const GAP: f32 = 24.0;
const TEXT_MOST: f32 = 428.0;
const TEXT_LEAST: f32 = 360.0;

/// Both columns over the room left.
pub(super) fn columns_ui(ui: &mut Ui, people: &People, files: &Request<Files, Trouble>, lift: bool, bucket: &str) {
    let room = ui.available_rect_before_wrap();
    let text = ((room.width() - GAP) * 0.47).clamp(TEXT_LEAST, TEXT_MOST);
    let mut left = room;
    left.set_right(room.right() - text - GAP);
    let mut right = room;
    right.set_left(left.right() + GAP);
    ui.scope_builder(UiBuilder::new().max_rect(left), |ui| {
        ScrollArea::vertical().id_salt("review_people").auto_shrink([false, false]).show(ui, |ui| {
            people_ui(ui, people.shown(lift), files);
        });
    });
    ui.scope_builder(UiBuilder::new().max_rect(right), |ui| {
        changes_ui(ui, "review_text", &people.lines, All::Folded, bucket);
    });
    ui.advance_cursor_after_rect(room);
}

pub(in crate::ui) fn people_ui(ui: &mut Ui, diff: &AccessDiff, files: &Request<Files, Trouble>) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 8.0;
    // A row, as the heading beside it is one.
    ui.horizontal(|ui| ui.label(Type::SmallStrong.rich("What changes for people").color(t.text)));
    if diff.is_empty() {
        box_ui(ui, Badge::new(BadgeTone::Neutral, "No change"), |ui| {
            line_ui(ui, icons::CHECK_CIRCLE, t.text_3, |ui| {
                paint::label(ui, Type::Body.rich("Everyone can do exactly what they can do now"), t.text);
            });
        });
    }
    if !diff.becomes_public.is_empty() {
        box_ui(ui, Badge::new(BadgeTone::Danger, "Becomes public").icon(icons::GLOBE_SIMPLE), |ui| {
            for change in &diff.becomes_public {
                // Where it cannot be counted, nothing is said: the change itself is told.
                let count = files.known().and_then(|files| files.more(change));
                change_ui(ui, change, count.as_deref(), t.public_icon());
            }
        });
    }
    if !diff.becomes_possible.is_empty() {
        box_ui(ui, Badge::new(BadgeTone::Ok, "Becomes possible").icon(icons::PLUS), |ui| {
            for change in &diff.becomes_possible {
                change_ui(ui, change, None, t.ok);
            }
        });
    }
    if !diff.is_empty() {
        box_ui(ui, Badge::new(BadgeTone::Neutral, "Stops").icon(icons::MINUS), |ui| {
            for change in &diff.stops {
                change_ui(ui, change, None, t.text_3);
            }
            if diff.stops.is_empty() {
                line_ui(ui, icons::PROHIBIT, t.text_3, |ui| {
                    paint::label(ui, Type::Body.rich("Nothing that works today stops working"), t.text);
                });
            }
        });
    }
    let (icon, color) = match diff.control {
        Control::Kept => (icons::CHECK_CIRCLE, t.ok),
        Control::Lost { .. } => (icons::WARNING_CIRCLE, t.danger),
        Control::StillLost { .. } => (icons::WARNING_CIRCLE, t.warn),
        Control::Unknown => (icons::QUESTION, t.text_3),
    };
    line_ui(ui, icon, color, |ui| {
        words::label(ui, &diff.control.words(), Type::Body, t.text);
    });
    for unsure in &diff.unsure {
        line_ui(ui, icons::QUESTION, t.text_3, |ui| {
            words::label(ui, unsure, Type::Small, t.text_2);
        });
    }
}

fn box_ui(ui: &mut Ui, badge: Badge<'_>, contents: impl FnOnce(&mut Ui)) {
    Card::new().padding(12).show(ui, |ui| {
        ui.set_width(ui.available_width());
        badge.show(ui);
        contents(ui);
    });
}

fn change_ui(ui: &mut Ui, change: &AccessChange, count: Option<&str>, color: egui::Color32) {
    let t = Tokens::of(ui);
    line_ui(ui, sign(change), color, |ui| {
        let room = ui.available_width();
        let count = count.map(|count| paint::line(ui, Type::Small, t.text_3, count));
        let taken = count.as_ref().map_or(0.0, |count| count.size().x + 12.0);
        ui.vertical(|ui| {
            ui.set_width(room - taken);
            ui.spacing_mut().item_spacing.y = 0.0;
            words::label(ui, &change.words, Type::Body, t.text);
            if let Some(detail) = &change.detail {
                words::label(ui, detail, Type::Small, t.text_2);
            }
        });
        if let Some(count) = count {
            let said = count.text().to_owned();
            let (rect, response) = ui.allocate_exact_size(vec2(taken - 8.0, 20.0), Sense::hover());
            paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, rect.right_center(), count);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
        }
    });
}

/// What a change is mostly about.
fn sign(change: &AccessChange) -> Icon {
    let has = |action: &str| change.actions.iter().any(|a| a == action);
    if has("s3:PutObject") {
        icons::UPLOAD_SIMPLE
    } else if has("s3:DeleteObject") {
        icons::TRASH
    } else if has("s3:GetObject") {
        icons::EYE
    } else if has("s3:ListBucket") {
        icons::LIST_DASHES
    } else {
        icons::GEAR_SIX
    }
}

fn line_ui(ui: &mut Ui, icon: Icon, color: egui::Color32, contents: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (rect, _) = ui.allocate_exact_size(vec2(16.0, 20.0), Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 16.0, color);
        contents(ui);
    });
}
