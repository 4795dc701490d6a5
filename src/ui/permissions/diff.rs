//! Two texts of a policy, line by line.

use egui::{Align, Align2, Frame, Layout, Margin, ScrollArea, Sense, Ui, pos2, vec2};

use crate::domain::format;
use crate::domain::text_diff::{DiffLine, DiffPiece, LineKind, changed_lines, fold};
use crate::theme::{Tokens, Type};
use crate::ui::widgets::paint;

/// Lines of the text shown around each change.
const CONTEXT: usize = 3;

/// What becomes of lines that stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum All {
    /// They are shown.
    Shown,
    /// They are folded away where they are far from any change.
    Folded,
}

/// How many lines differ, as words.
pub(super) fn changed_words(lines: &[DiffLine]) -> String {
    format::counted(changed_lines(lines) as u64, "line", "lines")
}

/// A heading with the number of lines that differ, and the lines over the room left.
pub(super) fn changes_ui(ui: &mut Ui, salt: &str, lines: &[DiffLine], all: All, bucket: &str) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 8.0;
    ui.horizontal(|ui| {
        ui.label(Type::SmallStrong.rich("What changes in the text").color(t.text));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(Type::Small.rich(changed_words(lines)).color(t.text_3));
        });
    });
    diff_ui(ui, salt, lines, all, bucket);
}

/// The lines over the room left.
pub(super) fn diff_ui(ui: &mut Ui, salt: &str, lines: &[DiffLine], all: All, bucket: &str) {
    let t = Tokens::of(ui);
    let frame = Frame::NONE.fill(t.sunken).stroke(egui::Stroke::new(1.0, t.stroke)).corner_radius(8);
    frame.inner_margin(Margin::symmetric(1, 6)).show(ui, |ui| {
        ScrollArea::both().id_salt(salt).auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let pieces = match all {
                All::Folded => fold(lines.to_vec(), CONTEXT),
                All::Shown => lines.iter().cloned().map(DiffPiece::Line).collect(),
            };
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
