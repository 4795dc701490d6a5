//! Menus, their rows, and the field that opens one.

use std::borrow::Cow;

use egui::{
    Align2, Color32, CornerRadius, Frame, Margin, Popup, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use super::badge::paint_key_cap;
use super::paint;
use crate::theme::measure::{height, radius};
use crate::theme::{Icon, Tokens, Type, icons};

/// One action in a menu.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct MenuRow<'a> {
    label: Cow<'a, str>,
    icon: Option<Icon>,
    icon_color: Option<Color32>,
    keys: Option<Cow<'a, str>>,
    danger: bool,
    chosen: Option<bool>,
    off: Option<Cow<'a, str>>,
}

impl<'a> MenuRow<'a> {
    /// A row with a label.
    pub fn new(label: impl Into<Cow<'a, str>>) -> Self {
        Self { label: label.into(), icon: None, icon_color: None, keys: None, danger: false, chosen: None, off: None }
    }

    /// Icon at the left.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Colour of the icon where it means something.
    pub fn icon_color(mut self, color: Color32) -> Self {
        self.icon_color = Some(color);
        self
    }

    /// Keys that do the same.
    pub fn keys(mut self, keys: impl Into<Cow<'a, str>>) -> Self {
        self.keys = Some(keys.into());
        self
    }

    /// Deletes or exposes: the last row, behind a hairline.
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// One of several values, ticked or not.
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = Some(chosen);
        self
    }

    /// Disabled while there is a reason, which the tooltip tells.
    pub fn disabled_because(mut self, reason: Option<impl Into<Cow<'a, str>>>) -> Self {
        self.off = reason.map(Into::into);
        self
    }

    /// Shows it over the width left. A click closes the menu it stands in.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let enabled = self.off.is_none() && ui.is_enabled();
        let size = vec2(ui.available_width(), height::ROW_TREE);
        let response = paint::allocate(ui, size, Sense::click(), enabled);
        let rect = response.rect;
        let painter = ui.painter();
        if enabled && (response.hovered() || response.has_focus()) {
            painter.rect_filled(rect, CornerRadius::same(radius::SMALL), t.selected);
        }
        let (text, icon_color) = match (enabled, self.danger) {
            (false, _) => (t.text_off, t.text_off),
            (true, true) => (t.danger_text, t.danger_icon()),
            (true, false) => (t.text, self.icon_color.unwrap_or(t.text_3)),
        };
        let mut x = rect.left() + 8.0;
        let y = rect.center().y;
        let icon = match self.chosen {
            Some(true) => Some(icons::CHECK),
            Some(false) => None,
            None => self.icon,
        };
        if let Some(icon) = icon {
            paint::icon_at(painter, pos2(x + 8.0, y), icon, 16.0, icon_color);
        }
        if self.icon.is_some() || self.chosen.is_some() {
            x += 24.0;
        }
        let mut right = rect.right() - 8.0;
        if let Some(keys) = &self.keys {
            let galley = paint::line(ui, Type::Caption, t.text_3, keys.as_ref());
            let left = right - (galley.size().x + 12.0).ceil();
            paint_key_cap(ui, pos2(left, y), galley, t);
            right = left - 8.0;
        }
        let galley = paint::line_within(ui, Type::Body, text, self.label.as_ref(), right - x);
        paint::galley_at(painter, Align2::LEFT_CENTER, pos2(x, y), galley);
        response.widget_info(|| match self.chosen {
            Some(chosen) => WidgetInfo::selected(Role::MenuItemRadio, enabled, chosen, &self.label),
            None => WidgetInfo::labeled(Role::MenuItem, enabled, &self.label),
        });
        if response.clicked() {
            ui.close();
        }
        match self.off {
            Some(reason) => paint::tooltip(response, &reason),
            None => response,
        }
    }
}

/// The line before the dangerous row.
pub fn menu_rule(ui: &mut Ui) {
    let t = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 9.0), Sense::hover());
    let y = rect.center().y.floor() + 0.5;
    ui.painter().hline(rect.shrink2(vec2(8.0, 0.0)).x_range(), y, Stroke::new(1.0, t.stroke));
}

/// The frame of menus, pop-overs and the selection bar.
pub fn popup_frame(t: &Tokens) -> Frame {
    Frame::new()
        .fill(t.raised)
        .stroke(Stroke::new(1.0, t.stroke_strong))
        .corner_radius(CornerRadius::same(radius::BOX))
        .shadow(t.shadow_popup)
        .inner_margin(Margin::same(3))
}

/// Opens a menu of `width` points under a button, on a click on it.
pub fn menu(button: &Response, width: f32, rows: impl FnOnce(&mut Ui)) {
    show_popup(Popup::menu(button), button, width, rows);
}

/// Opens a menu of `width` points at the pointer, on a right click.
pub fn context_menu(target: &Response, width: f32, rows: impl FnOnce(&mut Ui)) {
    show_popup(Popup::context_menu(target), target, width, rows);
}

fn show_popup(popup: Popup<'_>, owner: &Response, width: f32, rows: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(&owner.ctx);
    popup.frame(popup_frame(t)).width(width).gap(4.0).show(|ui| {
        ui.set_width(width - 8.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        rows(ui);
    });
}

/// A field that shows the chosen value and opens a menu of `width` points with the others.
pub fn select(ui: &mut Ui, name: &str, chosen: &str, width: f32, rows: impl FnOnce(&mut Ui)) -> Response {
    let t = Tokens::of(ui);
    let enabled = ui.is_enabled();
    let response = paint::allocate(ui, vec2(width, height::REGULAR), Sense::click(), enabled);
    let rect = response.rect;
    let fill = paint::mix(t.surface, t.hover, paint::hover_part(ui, &response));
    let corner = CornerRadius::same(radius::CONTROL);
    let edge = Stroke::new(1.0, if enabled { t.stroke_strong } else { t.stroke });
    ui.painter().rect(rect, corner, fill, edge, StrokeKind::Inside);
    let y = rect.center().y;
    let color = if enabled { t.text } else { t.text_off };
    let galley = paint::line_within(ui, Type::Body, color, chosen, width - 40.0);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + 8.0, y), galley);
    let caret_color = if enabled { t.text_3 } else { t.text_off };
    paint::icon_at(ui.painter(), pos2(rect.right() - 16.0, y), icons::CARET_DOWN, 16.0, caret_color);
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, radius::CONTROL, t);
    }
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(chosen.to_owned()),
        ..WidgetInfo::labeled(Role::ComboBox, enabled, name)
    });
    menu(&response, width, rows);
    response
}
