//! The two columns of the review: what changes for people, and what changes in the text.

use egui::{Align2, Frame, Margin, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use crate::domain::policy::{AccessChange, AccessDiff};
use crate::domain::text_diff::{DiffLine, DiffPiece, LineKind, changed_lines, fold};
use crate::model::permissions::people::People;
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::widgets::{Badge, Card, Tone as BadgeTone, paint};

use super::words;

/// Room between the columns, and the width of the text's column.
const GAP: f32 = 24.0;
const TEXT_MOST: f32 = 428.0;
const TEXT_LEAST: f32 = 360.0;

/// Lines of the text shown around each change.
const CONTEXT: usize = 3;

/// Both columns over the room left.
pub(super) fn columns_ui(ui: &mut Ui, people: &People, lift: bool, bucket: &str) {
    let room = ui.available_rect_before_wrap();
    let text = ((room.width() - GAP) * 0.47).clamp(TEXT_LEAST, TEXT_MOST);
    let mut left = room;
    left.set_right(room.right() - text - GAP);
    let mut right = room;
    right.set_left(left.right() + GAP);
    ui.scope_builder(UiBuilder::new().max_rect(left), |ui| {
        ScrollArea::vertical().id_salt("review_people").auto_shrink([false, false]).show(ui, |ui| {
            people_ui(ui, people.shown(lift));
        });
    });
    ui.scope_builder(UiBuilder::new().max_rect(right), |ui| text_ui(ui, &people.lines, bucket));
    ui.advance_cursor_after_rect(room);
}

fn people_ui(ui: &mut Ui, diff: &AccessDiff) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 8.0;
    ui.label(Type::SmallStrong.rich("What changes for people").color(t.text));
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
                change_ui(ui, change, t.public_icon());
            }
        });
    }
    if !diff.becomes_possible.is_empty() {
        box_ui(ui, Badge::new(BadgeTone::Ok, "Becomes possible").icon(icons::PLUS), |ui| {
            for change in &diff.becomes_possible {
                change_ui(ui, change, t.ok);
            }
        });
    }
    if !diff.is_empty() {
        box_ui(ui, Badge::new(BadgeTone::Neutral, "Stops").icon(icons::MINUS), |ui| {
            for change in &diff.stops {
                change_ui(ui, change, t.text_3);
            }
            if diff.stops.is_empty() {
                line_ui(ui, icons::PROHIBIT, t.text_3, |ui| {
                    paint::label(ui, Type::Body.rich("Nothing that works today stops working"), t.text);
                });
            }
        });
    }
    let (icon, color) =
        if diff.control.is_lost() { (icons::WARNING_CIRCLE, t.danger) } else { (icons::CHECK_CIRCLE, t.ok) };
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

fn change_ui(ui: &mut Ui, change: &AccessChange, color: egui::Color32) {
    let t = Tokens::of(ui);
    line_ui(ui, sign(change), color, |ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            words::label(ui, &change.words, Type::Body, t.text);
            if let Some(detail) = &change.detail {
                words::label(ui, detail, Type::Small, t.text_2);
            }
        });
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

fn text_ui(ui: &mut Ui, lines: &[DiffLine], bucket: &str) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 8.0;
    ui.horizontal(|ui| {
        ui.label(Type::SmallStrong.rich("What changes in the text").color(t.text));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let count = changed_lines(lines);
            let words = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
            ui.label(Type::Small.rich(words).color(t.text_3));
        });
    });
    let frame = Frame::NONE.fill(t.sunken).stroke(egui::Stroke::new(1.0, t.stroke)).corner_radius(8);
    frame.inner_margin(Margin::symmetric(1, 6)).show(ui, |ui| {
        ScrollArea::both().id_salt("review_text").auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let pieces = fold(lines.to_vec(), CONTEXT);
            // What all lines shown are indented by takes room and says nothing.
            let indent = pieces.iter().filter_map(|piece| match piece {
                DiffPiece::Line(line) if !line.text.trim().is_empty() => {
                    Some(line.text.len() - line.text.trim_start().len())
                }
                _ => None,
            });
            let indent = indent.min().unwrap_or_default();
            let line_of = |piece: &DiffPiece| match piece {
                DiffPiece::Line(line) => Some(line.text.get(indent..).unwrap_or_default().to_owned()),
                DiffPiece::Folded(_) => None,
            };
            let width = |ui: &Ui, text: &str| 56.0 + paint::line(ui, Type::Mono, t.text, text).size().x + 12.0;
            let widest = |ui: &Ui, cut: &dyn Fn(String) -> String| {
                pieces.iter().filter_map(line_of).map(|text| width(ui, &cut(text))).fold(ui.available_width(), f32::max)
            };
            // The bucket's own ARN is the same in every line; its start is cut first, in all lines or in none.
            let whole = widest(ui, &|text| text);
            let arn = format!("arn:aws:s3:::{bucket}");
            let short = |text: String| text.replace(&arn, &cut(bucket));
            let cuts = whole > ui.available_width();
            let width = if cuts { widest(ui, &short) } else { whole };
            for piece in &pieces {
                match piece {
                    DiffPiece::Line(line) => {
                        let text = line.text.get(indent..).unwrap_or_default().to_owned();
                        diff_line_ui(ui, line, if cuts { short(text) } else { text }, width);
                    }
                    DiffPiece::Folded(lines) => folded_ui(ui, lines.len()),
                }
            }
        });
    });
}

const LINE: f32 = 20.0;

fn diff_line_ui(ui: &mut Ui, line: &DiffLine, text: String, width: f32) {
    let t = Tokens::of(ui);
    let (fill, sign, color) = match line.kind {
        LineKind::Same => (egui::Color32::TRANSPARENT, "", t.text_3),
        LineKind::Removed => (t.danger_soft, "−", t.danger_text),
        LineKind::Added => (t.ok_soft, "+", t.ok_text),
    };
    let galley = paint::line(ui, Type::Mono, t.text, text);
    let (rect, response) = ui.allocate_exact_size(vec2(width, LINE), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, fill);
    let at = |x: f32| pos2(rect.left() + x, rect.center().y);
    let number = line.new.or(line.old).unwrap_or_default().to_string();
    let number = paint::line(ui, Type::Mono, t.text_3, number);
    paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, at(32.0), number);
    let mark = paint::line(ui, Type::Mono, color, sign);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, at(40.0), mark);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, at(56.0), galley);
    let said = match line.kind {
        LineKind::Same => line.text.trim().to_owned(),
        LineKind::Removed => format!("removed: {}", line.text.trim()),
        LineKind::Added => format!("added: {}", line.text.trim()),
    };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    paint::tooltip(response, line.text.trim());
}

/// The end of a bucket's name: "…-2026".
fn cut(bucket: &str) -> String {
    let end = bucket.rfind(['-', '.']).and_then(|at| bucket.get(at..)).unwrap_or_default();
    format!("…{end}")
}

fn folded_ui(ui: &mut Ui, count: usize) {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let words = format!("{count} lines that stay");
    let galley = paint::line(ui, Type::Small, t.text_3, words.as_str());
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + 56.0, rect.center().y), galley);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
}
