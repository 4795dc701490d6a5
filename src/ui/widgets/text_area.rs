use egui::{CornerRadius, Frame, Margin, Response, ScrollArea, Stroke, TextEdit, Ui};

use super::paint;
use crate::theme::measure::radius;
use crate::theme::{Tokens, Type};

/// Several lines of code to type or paste, `rows` high; more of them scroll.
pub fn text_area(ui: &mut Ui, name: &str, text: &mut String, rows: usize) -> Response {
    let t = Tokens::of(ui);
    let frame = Frame::new()
        .fill(paint::field_fill(ui))
        .stroke(Stroke::new(1.0, t.stroke_control))
        .corner_radius(CornerRadius::same(radius::CONTROL))
        .inner_margin(Margin::symmetric(8, 6));
    let height = Type::Mono.line_height() * rows as f32 + 14.0;
    let area = ScrollArea::vertical().id_salt(("text area", name)).max_height(height).min_scrolled_height(height);
    area.show(ui, |ui| {
        let edit = TextEdit::multiline(text)
            .id_salt(("text area", name))
            .frame(frame)
            .font(Type::Mono.font())
            .text_color(t.text)
            .desired_rows(rows)
            .desired_width(f32::INFINITY)
            .lock_focus(false);
        let response = ui.add(edit).accessible_name(name);
        if response.has_focus() {
            paint::focus_ring(ui.painter(), response.rect, radius::CONTROL, t);
        }
        response
    })
    .inner
}
