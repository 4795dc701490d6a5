//! What is painted around and under the text: the current line, numbers, brackets, findings, what is searched for.

use egui::{Align2, Color32, CornerRadius, Galley, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::domain::policy::{Finding, Rule, Severity, matching_bracket};
use crate::model::permissions::reading::Told;
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::paint;

use super::super::find::Find;
use super::{Editor, GUTTER, char_of};

/// Where everything is on screen.
pub(super) struct Page<'a> {
    /// Numbers and text.
    pub(super) whole: Rect,
    /// The part that shows text.
    pub(super) text: Rect,
    pub(super) galley: &'a Galley,
    /// Where the text begins, perhaps beyond the edge.
    pub(super) at: Pos2,
}

impl Page<'_> {
    /// Where a character stands on screen.
    pub(super) fn cursor(&self, char: usize) -> Rect {
        self.galley.pos_from_cursor(egui::text::CCursor::new(egui::text::CharIndex(char))).translate(self.at.to_vec2())
    }
}

/// The icon and the colour of a finding's weight.
pub(in super::super) fn face(finding: &Finding, t: &Tokens) -> (Icon, Color32) {
    match (finding.severity, finding.rule) {
        (Severity::Error, _) => (icons::WARNING_CIRCLE, t.danger_icon()),
        (_, Rule::PublicStatement) => (icons::GLOBE_SIMPLE, t.public_icon()),
        (Severity::Security | Severity::Warning, _) => (icons::WARNING, t.warn),
        (Severity::Suggestion, _) => (icons::INFO, t.water),
    }
}

/// Whether the text itself tells of a finding: who is everyone stands in violet already.
fn is_marked(finding: &Finding) -> bool {
    finding.rule != Rule::PublicStatement
}

impl Editor {
    /// Paints it, and what is said about the finding under the pointer.
    pub(super) fn marks_ui(
        &mut self,
        ui: &mut Ui,
        cx: &mut UiCtx<'_>,
        page: &Page<'_>,
        behind: egui::layers::ShapeIdx,
        told: &[Told],
        find: &Find,
    ) {
        let t = Tokens::of(ui);
        let mut under = Vec::new();
        let line = self.highlight.line_of(self.caret.end);
        let row = self.row(page, line);
        under.push(Shape::rect_filled(Rect::from_x_y_ranges(page.whole.x_range(), row.y_range()), 0, t.hover));
        self.found(page, find, t, &mut under);
        self.brackets(page, t, &mut under);
        let painter = ui.painter().with_clip_rect(page.whole);
        painter.set(behind, Shape::Vec(under));
        self.numbers(ui, page, told, t);
        self.underlines(ui, page, told, t);
        self.popover_ui(ui, cx, page, told);
    }

    /// Where a line is on screen.
    fn row(&self, page: &Page<'_>, line: usize) -> Rect {
        let height = Type::Mono.line_height();
        let found = page.galley.rows.get(line).map(|row| row.rect().translate(page.at.to_vec2()));
        let top = page.at.y + line as f32 * height;
        found.unwrap_or_else(|| Rect::from_min_size(pos2(page.at.x, top), vec2(0.0, height)))
    }

    /// Whether the line of a place is in sight. Finding out where in its line a place is takes longer.
    fn is_seen(&self, page: &Page<'_>, at: usize) -> bool {
        self.row(page, self.highlight.line_of(at)).y_range().intersects(page.text.y_range())
    }

    /// Where a part of a line is on screen; of a longer part, what lies on its first line.
    pub(super) fn place(&self, page: &Page<'_>, start: usize, end: usize) -> Option<Rect> {
        let line = self.highlight.line(self.highlight.line_of(start));
        let end = end.min(line.end).max(start);
        if start > self.text.len() || !self.text.is_char_boundary(start) || !self.text.is_char_boundary(end) {
            return None;
        }
        let (from, to) = (page.cursor(char_of(&self.text, start)), page.cursor(char_of(&self.text, end)));
        let right = to.left().max(from.left() + 7.0);
        Some(Rect::from_min_max(from.left_top(), pos2(right, from.bottom())))
    }

    fn found(&self, page: &Page<'_>, find: &Find, t: &Tokens, under: &mut Vec<Shape>) {
        for (index, range) in find.matches(&self.text).iter().enumerate() {
            if !self.is_seen(page, range.start) {
                continue;
            }
            let Some(rect) = self.place(page, range.start, range.end) else { continue };
            let fill = if find.is_current(index) { t.warn_soft } else { t.selected_quiet };
            let edge = if find.is_current(index) { t.warn } else { t.stroke_strong };
            under.push(clipped(page, rect, fill, edge));
        }
    }

    fn brackets(&self, page: &Page<'_>, t: &Tokens, under: &mut Vec<Shape>) {
        if !self.caret.is_empty() {
            return;
        }
        let Some((one, other)) = matching_bracket(&self.text, self.highlight.tokens(), self.caret.start) else {
            return;
        };
        for at in [one, other] {
            if let Some(rect) = self.place(page, at, at + 1) {
                under.push(clipped(page, rect.shrink2(vec2(0.0, 1.0)), t.selected_quiet, t.stroke_control));
            }
        }
    }

    fn numbers(&self, ui: &Ui, page: &Page<'_>, told: &[Told], t: &Tokens) {
        let height = Type::Mono.line_height();
        let painter = ui.painter().with_clip_rect(page.whole);
        let first = ((page.whole.top() - page.at.y) / height).floor().max(0.0) as usize;
        let last = ((page.whole.bottom() - page.at.y) / height).ceil().max(0.0) as usize;
        for line in first..last.min(self.highlight.line_count()) {
            let row = self.row(page, line);
            let number = paint::line(ui, Type::Mono, t.text_3, (line + 1).to_string());
            paint::galley_at(
                &painter,
                Align2::RIGHT_CENTER,
                pos2(page.whole.left() + GUTTER - 16.0, row.center().y),
                number,
            );
        }
        // The weightiest is painted last.
        let mut marked: Vec<&Finding> =
            told.iter().map(|told| &told.finding).filter(|finding| is_marked(finding)).collect();
        marked.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        for finding in marked {
            let row = self.row(page, finding.line.saturating_sub(1));
            if row.bottom() > page.whole.top() && row.top() < page.whole.bottom() {
                painter.circle_filled(pos2(page.whole.left() + 16.0, row.center().y), 4.0, face(finding, t).1);
            }
        }
    }

    fn underlines(&self, ui: &Ui, page: &Page<'_>, told: &[Told], t: &Tokens) {
        let painter = ui.painter().with_clip_rect(page.text);
        for finding in told.iter().rev().map(|told| &told.finding).filter(|finding| is_marked(finding)) {
            if !self.is_seen(page, finding.span.start) {
                continue;
            }
            let Some(rect) = self.place(page, finding.span.start, finding.span.end) else { continue };
            if rect.intersects(page.text) {
                let y = rect.bottom() - 1.0;
                painter.hline(rect.x_range(), y, Stroke::new(2.0, face(finding, t).1));
            }
        }
    }

    /// The finding under a place on screen: its underline, or its dot beside the number.
    pub(super) fn finding_at(&self, page: &Page<'_>, told: &[Told], pos: Pos2) -> Option<usize> {
        if !page.whole.contains(pos) {
            return None;
        }
        let hits = |finding: &Finding| {
            let is_on_line = self.row(page, finding.line.saturating_sub(1)).y_range().contains(pos.y);
            if !is_on_line || pos.x < page.text.left() {
                return is_on_line;
            }
            self.place(page, finding.span.start, finding.span.end).is_some_and(|rect| rect.contains(pos))
        };
        told.iter().position(|told| is_marked(&told.finding) && hits(&told.finding))
    }
}

/// A mark behind the text; it never reaches into the column of numbers.
fn clipped(page: &Page<'_>, rect: Rect, fill: Color32, edge: Color32) -> Shape {
    let rect = rect.intersect(page.text);
    if !rect.is_positive() {
        return Shape::Noop;
    }
    let stroke = Stroke::new(1.0, edge);
    egui::epaint::RectShape::new(rect, CornerRadius::same(2), fill, stroke, StrokeKind::Inside).into()
}
