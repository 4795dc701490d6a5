//! Choices: segmented control, checkbox, radio, switch and option card.

use std::borrow::Cow;

use egui::{
    Align2, Color32, CornerRadius, Frame, Margin, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::badge::Badge;
use super::button::ControlSize;
use super::paint;
use crate::theme::measure::{height, motion, radius};
use crate::theme::{Icon, Tokens, Type, icons};

/// One of two to five words of a segmented control.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'a, T> {
    value: T,
    label: &'a str,
    icon: Option<Icon>,
}

impl<'a, T> Segment<'a, T> {
    /// A segment with a word.
    pub fn new(value: T, label: &'a str) -> Self {
        Self { value, label, icon: None }
    }

    /// A segment with an icon only; `name` is its tooltip and name.
    pub fn icon(value: T, icon: Icon, name: &'a str) -> Self {
        Self { value, label: name, icon: Some(icon) }
    }
}

/// Chooses one of a few, at once and without consequences. Says `changed()` when the value is another.
pub fn segmented<T: PartialEq + Copy>(
    ui: &mut Ui,
    segments: &[Segment<'_, T>],
    value: &mut T,
    size: ControlSize,
) -> Response {
    const BED_PADDING: f32 = 2.0;
    let t = Tokens::of(ui);
    let side = match size {
        ControlSize::Small => 8.0,
        ControlSize::Regular | ControlSize::Large => 10.0,
    };
    let widths: Vec<f32> = segments
        .iter()
        .map(|segment| match segment.icon {
            Some(_) => 32.0,
            None => (paint::line(ui, Type::SmallMedium, t.text, segment.label).size().x + 2.0 * side + 2.0).ceil(),
        })
        .collect();
    let between = BED_PADDING * widths.len().saturating_sub(1) as f32;
    let width = widths.iter().sum::<f32>() + between + 2.0 * BED_PADDING;
    let enabled = ui.is_enabled();
    let mut bed = paint::allocate(ui, vec2(width, size.height()), Sense::hover(), true);
    ui.painter().rect_filled(bed.rect, CornerRadius::same(radius::CONTROL), t.hover);

    let mut x = bed.rect.left() + BED_PADDING;
    for (index, (segment, width)) in segments.iter().zip(widths).enumerate() {
        let size = vec2(width, bed.rect.height() - 2.0 * BED_PADDING);
        let rect = Rect::from_min_size(pos2(x, bed.rect.top() + BED_PADDING), size);
        x += width + BED_PADDING;
        let response = paint::interact(ui, rect, bed.id.with(index), Sense::click(), enabled);
        if response.clicked() && *value != segment.value {
            *value = segment.value;
            bed.mark_changed();
        }
        let on = *value == segment.value;
        let shown = paint::eased(ui, response.id.with("on"), on, motion::POPUP_SECS);
        if shown > 0.0 {
            let (fill, edge) = if t.dark { (t.pressed, t.pressed) } else { (t.surface, t.stroke_strong) };
            ui.painter().rect(
                rect,
                CornerRadius::same(radius::SMALL),
                fill.gamma_multiply(shown),
                Stroke::new(1.0, edge.gamma_multiply(shown)),
                StrokeKind::Inside,
            );
        }
        let color = match (enabled, on || response.hovered()) {
            (false, _) => t.text_off,
            (true, true) => t.text,
            (true, false) => t.text_2,
        };
        if let Some(icon) = segment.icon {
            paint::icon_at(ui.painter(), rect.center(), icon, 16.0, color);
        } else {
            let galley = paint::line(ui, Type::SmallMedium, color, segment.label);
            paint::galley_at(ui.painter(), Align2::CENTER_CENTER, rect.center(), galley);
        }
        if response.has_focus() {
            paint::focus_ring(ui.painter(), rect, radius::SMALL, t);
        }
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, on, segment.label));
        if segment.icon.is_some() {
            paint::tooltip(response, segment.label);
        }
    }
    bed
}

/// A box of 16 points without a label: ticked, empty, or `None` for some of many.
/// The caller changes the state on `clicked()`.
pub fn check_box(ui: &mut Ui, ticked: Option<bool>, name: &str) -> Response {
    let enabled = ui.is_enabled();
    let response = paint::allocate(ui, Vec2::splat(height::CHECK), Sense::click(), enabled);
    paint_check_box(ui, response.rect, ticked, &response);
    check_info(&response, enabled, ticked, name);
    response
}

/// A checkbox with its label; a click changes `ticked`.
pub fn checkbox(ui: &mut Ui, ticked: &mut bool, label: &str) -> Response {
    let mut response = labelled(ui, label, |ui, rect, response| {
        paint_check_box(ui, rect, Some(*ticked), response);
    });
    if response.clicked() {
        *ticked = !*ticked;
        response.mark_changed();
    }
    check_info(&response, ui.is_enabled(), Some(*ticked), label);
    response
}

fn check_info(response: &Response, enabled: bool, ticked: Option<bool>, name: &str) {
    response.widget_info(|| WidgetInfo { selected: ticked, ..WidgetInfo::labeled(Role::CheckBox, enabled, name) });
}

/// A radio button with its label; the caller sets the value on `clicked()`.
pub fn radio(ui: &mut Ui, chosen: bool, label: &str) -> Response {
    let response = labelled(ui, label, |ui, rect, response| paint_radio(ui, rect, chosen, response));
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), chosen, label));
    response
}

/// Mark of 16 points, 8 points of space, label.
fn labelled(ui: &mut Ui, label: &str, mark: impl FnOnce(&Ui, Rect, &Response)) -> Response {
    let t = Tokens::of(ui);
    let enabled = ui.is_enabled();
    let color = if enabled { t.text } else { t.text_off };
    let beside = height::CHECK + 8.0;
    let galley = paint::wrapped(ui, Type::Body, color, label, ui.available_width() - beside);
    let size = vec2(galley.size().x + beside, galley.size().y.max(20.0));
    let response = paint::allocate(ui, size, Sense::click(), enabled);
    let rect = response.rect;
    let square = Rect::from_min_size(rect.min + vec2(0.0, 2.0), Vec2::splat(height::CHECK));
    mark(ui, square, &response);
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min + vec2(beside, 0.0), galley);
    response
}

fn paint_check_box(ui: &Ui, rect: Rect, ticked: Option<bool>, response: &Response) {
    let t = Tokens::of(ui);
    let on = ticked != Some(false);
    let (fill, edge) = match (response.enabled(), on) {
        (true, true) => {
            let fill = paint::mix(t.accent, t.accent_hover, paint::hover_part(ui, response));
            (fill, fill)
        }
        (true, false) => (paint::field_fill(ui), t.stroke_control),
        (false, true) => (t.stroke_strong, t.stroke_strong),
        (false, false) => (t.sunken, t.stroke),
    };
    let corner = CornerRadius::same(radius::SMALL);
    ui.painter().rect(rect, corner, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    if on {
        let icon = if ticked.is_none() { icons::MINUS } else { icons::CHECK };
        paint::icon_at(ui.painter(), rect.center(), icon, 12.0, t.text_on_accent);
    }
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, radius::SMALL, t);
    }
}

fn paint_radio(ui: &Ui, rect: Rect, chosen: bool, response: &Response) {
    paint_radio_mark(ui, rect, chosen, response.enabled());
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, 8, Tokens::of(ui));
    }
}

fn paint_radio_mark(ui: &Ui, rect: Rect, chosen: bool, enabled: bool) {
    let t = Tokens::of(ui);
    let center = rect.center();
    if chosen {
        let color = if enabled { t.accent } else { t.stroke_strong };
        ui.painter().circle_filled(center, 8.0, color);
        ui.painter().circle_filled(center, 3.0, t.text_on_accent);
    } else {
        let (fill, edge) = if enabled { (paint::field_fill(ui), t.stroke_control) } else { (t.sunken, t.stroke) };
        ui.painter().circle(center, 7.0, fill, Stroke::new(1.0, edge));
    }
}

/// A switch for something that takes effect at once; a click changes `on`.
pub fn switch(ui: &mut Ui, on: &mut bool, name: &str) -> Response {
    let t = Tokens::of(ui);
    let enabled = ui.is_enabled();
    let mut response = paint::allocate(ui, vec2(32.0, 18.0), Sense::click(), enabled);
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    let part = paint::eased(ui, response.id.with("on"), *on, motion::HOVER_SECS);
    let rect = response.rect;
    let fill = if enabled { paint::mix(t.stroke_control, t.accent, part) } else { t.stroke_strong };
    ui.painter().rect_filled(rect, CornerRadius::same(9), fill);
    let knob = pos2(rect.left() + 9.0 + 14.0 * part, rect.center().y);
    ui.painter().circle_filled(knob, 7.0, t.text_on_accent);
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, 9, t);
    }
    response.widget_info(|| WidgetInfo::selected(Role::Switch, enabled, *on, name));
    response
}

/// A choice with consequences: radio, title, sentence, icon; what depends on it unfolds inside.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct OptionCard<'a> {
    title: Cow<'a, str>,
    body: Cow<'a, str>,
    icon: Option<(Icon, Option<Color32>)>,
    badge: Option<Badge<'a>>,
    chosen: bool,
}

impl<'a> OptionCard<'a> {
    /// A card with a title and a sentence.
    pub fn new(chosen: bool, title: impl Into<Cow<'a, str>>, body: impl Into<Cow<'a, str>>) -> Self {
        Self { title: title.into(), body: body.into(), icon: None, badge: None, chosen }
    }

    /// Icon at the right, quiet.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some((icon, None));
        self
    }

    /// Icon at the right in a colour that means something.
    pub fn icon_colored(mut self, icon: Icon, color: Color32) -> Self {
        self.icon = Some((icon, Some(color)));
        self
    }

    /// Badge after the title.
    pub fn badge(mut self, badge: Badge<'a>) -> Self {
        self.badge = Some(badge);
        self
    }

    /// Shows it over the width left. `unfolded` is laid out inside, only while the card is chosen.
    /// The caller chooses it on `clicked()`.
    pub fn show(self, ui: &mut Ui, unfolded: impl FnOnce(&mut Ui)) -> Response {
        let t = Tokens::of(ui);
        let enabled = ui.is_enabled();
        let builder = UiBuilder::new().id_salt(("option", self.title.as_ref())).sense(Sense::click());
        let title = self.title.clone();
        let chosen = self.chosen;
        let response = ui
            .scope_builder(builder, |ui| {
                let over = ui.response().hovered() && !chosen;
                Frame::new()
                    .fill(if over { t.sunken } else { t.surface })
                    .corner_radius(CornerRadius::same(radius::CARD))
                    .inner_margin(Margin::symmetric(16, 14))
                    .show(ui, |ui| {
                        ui.set_width(ui.available_width());
                        self.contents(ui, t, unfolded);
                    });
            })
            .response;
        let (width, edge) = if chosen { (2.0, t.chosen_edge()) } else { (1.0, t.stroke_strong) };
        ui.painter().rect_stroke(
            response.rect,
            CornerRadius::same(radius::CARD),
            Stroke::new(width, edge),
            StrokeKind::Inside,
        );
        if response.has_focus() {
            paint::focus_ring(ui.painter(), response.rect, radius::CARD, t);
        }
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, chosen, &title));
        response
    }

    fn contents(self, ui: &mut Ui, t: &Tokens, unfolded: impl FnOnce(&mut Ui)) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing = vec2(12.0, 0.0);
            let (rect, _) = ui.allocate_exact_size(vec2(16.0, 22.0), Sense::hover());
            let square = Rect::from_center_size(rect.center(), Vec2::splat(16.0));
            paint_radio_mark(ui, square, self.chosen, ui.is_enabled());
            let icon_width = if self.icon.is_some() { 32.0 } else { 0.0 };
            let width = ui.available_width() - icon_width;
            ui.allocate_ui_with_layout(vec2(width, 0.0), egui::Layout::top_down(egui::Align::LEFT), |ui| {
                ui.set_width(width);
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 8.0;
                    paint::label(ui, Type::LeadMedium.rich(self.title.as_ref()), t.text);
                    if let Some(badge) = self.badge {
                        badge.show(ui);
                    }
                });
                if !self.body.is_empty() {
                    paint::label(ui, Type::Body.rich(self.body.as_ref()), t.text_2);
                }
                if self.chosen {
                    ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
                    unfolded(ui);
                }
            });
            if let Some((icon, color)) = self.icon {
                let (rect, _) = ui.allocate_exact_size(vec2(20.0, 22.0), Sense::hover());
                paint::icon_at(ui.painter(), rect.center(), icon, 20.0, color.unwrap_or(t.text_3));
            }
        });
    }
}
