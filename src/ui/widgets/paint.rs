//! What the widgets share: interaction with or without being enabled, text and icons at exact
//! places, the focus ring, hover colours and tooltips.

use std::sync::Arc;

use egui::emath::GuiRounding as _;
use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Align2, Color32, CornerRadius, FontId, Frame, Galley, Id, Margin, Painter, Pos2, Rect, Response, RichText, Sense,
    Stroke, StrokeKind, Tooltip, Ui, UiBuilder, UiKind, Vec2,
};

use crate::theme::measure::{motion, radius};
use crate::theme::{Icon, Tokens, Type, fonts, reduced_motion};

/// Takes `size` in the layout of `ui`, and senses `sense` there. Disabled, the response still
/// shows a tooltip but takes no click and no focus.
pub(crate) fn allocate(ui: &mut Ui, size: Vec2, sense: Sense, enabled: bool) -> Response {
    let (id, rect) = ui.allocate_space(size);
    let rect = rect.round_to_pixels(ui.pixels_per_point());
    interact(ui, rect, id, sense, enabled)
}

/// Senses `sense` in `rect`, enabled or not.
pub(crate) fn interact(ui: &mut Ui, rect: Rect, id: Id, sense: Sense, enabled: bool) -> Response {
    if enabled {
        ui.interact(rect, id, sense)
    } else {
        ui.new_child(UiBuilder::new().max_rect(rect).disabled()).interact(rect, id, sense)
    }
}

/// Lays out one line of text without a limit.
pub(crate) fn line(ui: &Ui, kind: Type, color: Color32, text: impl Into<String>) -> Arc<Galley> {
    ui.painter().layout_job(kind.job(text, color))
}

/// Lays out one line of text, cut at its end with `…` where it is wider than `width`.
pub(crate) fn line_within(ui: &Ui, kind: Type, color: Color32, text: impl Into<String>, width: f32) -> Arc<Galley> {
    let mut job = kind.job(text, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// Lays out text that wraps at `width`.
pub(crate) fn wrapped(ui: &Ui, kind: Type, color: Color32, text: impl Into<String>, width: f32) -> Arc<Galley> {
    wrapped_job(ui, kind.job(text, color), width)
}

/// Lays out a job that wraps at `width`.
pub(crate) fn wrapped_job(ui: &Ui, mut job: LayoutJob, width: f32) -> Arc<Galley> {
    job.wrap.max_width = width.max(1.0);
    ui.painter().layout_job(job)
}

/// Paints a galley so that `anchor` of it lies at `pos`, on whole pixels.
pub(crate) fn galley_at(painter: &Painter, anchor: Align2, pos: Pos2, galley: Arc<Galley>) -> Rect {
    let rect = anchor.anchor_size(pos, galley.size()).round_to_pixels(painter.pixels_per_point());
    painter.galley(rect.min, galley, Color32::PLACEHOLDER);
    rect
}

/// Paints an outlined icon of `size` points around `center`.
pub fn icon_at(painter: &Painter, center: Pos2, icon: Icon, size: f32, color: Color32) {
    glyph_at(painter, center, icon, FontId::new(size, fonts::icons()), color);
}

/// Paints a filled icon of `size` points around `center`.
pub fn icon_fill_at(painter: &Painter, center: Pos2, icon: Icon, size: f32, color: Color32) {
    let font = FontId::new(size, fonts::icons_fill());
    glyph_at(painter, center, icon, font, color);
}

fn glyph_at(painter: &Painter, center: Pos2, icon: Icon, font: FontId, color: Color32) {
    let galley = painter.layout_no_wrap(icon.to_string(), font, color);
    galley_at(painter, Align2::CENTER_CENTER, center, galley);
}

/// The ring around whatever has the keyboard: 2 points wide, 1 point away.
pub fn focus_ring(painter: &Painter, rect: Rect, corner_radius: u8, t: &Tokens) {
    painter.rect_stroke(
        rect.expand(1.0),
        CornerRadius::same(corner_radius.saturating_add(1)),
        Stroke::new(2.0, t.focus),
        StrokeKind::Outside,
    );
}

/// How far a hover colour has come in, 0 to 1.
pub(crate) fn hover_part(ui: &Ui, response: &Response) -> f32 {
    eased(ui, response.id.with("hover"), response.hovered(), motion::HOVER_SECS)
}

/// How far a change has come in, 0 to 1; at once where motion is turned off.
pub(crate) fn eased(ui: &Ui, id: Id, on: bool, secs: f32) -> f32 {
    if reduced_motion(ui) {
        return if on { 1.0 } else { 0.0 };
    }
    ui.animate_bool_with_time_and_easing(id, on, secs, egui::emath::easing::cubic_out)
}

/// Colour between two, in the space that looks even.
pub(crate) fn mix(from: Color32, to: Color32, part: f32) -> Color32 {
    if part <= 0.0 {
        from
    } else if part >= 1.0 {
        to
    } else if from == Color32::TRANSPARENT {
        to.gamma_multiply(part)
    } else {
        from.lerp_to_gamma(to, part)
    }
}

/// Shows an inverted tooltip over a response, enabled or not.
pub fn tooltip(response: Response, text: &str) -> Response {
    tooltip_ui(response, |ui, color| {
        ui.label(Type::Small.rich(text).color(color));
    })
}

/// Shows an inverted tooltip with own contents, which get the colour to write in.
pub fn tooltip_ui(response: Response, contents: impl FnOnce(&mut Ui, Color32)) -> Response {
    let t = Tokens::of(&response.ctx);
    let mut tooltip =
        if response.enabled() { Tooltip::for_enabled(&response) } else { Tooltip::for_disabled(&response) };
    let frame = Frame::new()
        .fill(t.text)
        .corner_radius(CornerRadius::same(radius::CONTROL))
        .inner_margin(Margin::symmetric(8, 5));
    tooltip.popup = tooltip.popup.frame(frame);
    tooltip.show(|ui| contents(ui, t.surface));
    response
}

/// Whether `ui` lies in a dialog, menu or other layer above the page.
pub(crate) fn on_raised(ui: &Ui) -> bool {
    ui.stack().iter().any(|level| {
        matches!(
            level.kind(),
            Some(UiKind::Modal | UiKind::Popup | UiKind::Menu | UiKind::GenericArea | UiKind::Window)
        )
    })
}

/// Inside of a text field, checkbox or radio, which in dark is sunken on the page and as the page
/// is in a dialog.
pub(crate) fn field_fill(ui: &Ui) -> Color32 {
    let t = Tokens::of(ui);
    if on_raised(ui) { t.surface } else { t.field() }
}

/// A hairline across the width left in `ui`.
pub fn hairline(ui: &mut Ui) -> Response {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0, t.stroke);
    response
}

/// A label in a colour, wrapping, not selectable.
pub(crate) fn label(ui: &mut Ui, text: RichText, color: Color32) -> Response {
    ui.add(egui::Label::new(text.color(color)).wrap())
}
