//! Icon buttons and links.

use std::borrow::Cow;

use egui::{
    Align2, Color32, CornerRadius, CursorIcon, Response, Role, Sense, Stroke, StrokeKind, Ui, Widget, WidgetInfo, vec2,
};

use super::button::{ControlSize, resting_fill};
use super::paint;
use crate::theme::measure::radius;
use crate::theme::{Icon, Tokens, Type};

/// A square button with an icon only; its name says verb and object and is its tooltip.
#[derive(Clone, Debug)]
#[must_use = "show it with `show` or `ui.add`"]
pub struct IconButton<'a> {
    icon: Icon,
    name: Cow<'a, str>,
    tooltip: Option<Cow<'a, str>>,
    size: ControlSize,
    edge: bool,
    on: bool,
    color: Option<Color32>,
    off: Option<Cow<'a, str>>,
}

impl<'a> IconButton<'a> {
    /// An icon button 30 points square.
    pub fn new(icon: Icon, name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            icon,
            name: name.into(),
            tooltip: None,
            size: ControlSize::Regular,
            edge: false,
            on: false,
            color: None,
            off: None,
        }
    }

    /// 24 points square.
    pub fn small(mut self) -> Self {
        self.size = ControlSize::Small;
        self
    }

    /// 36 points square, beside a large field.
    pub fn large(mut self) -> Self {
        self.size = ControlSize::Large;
        self
    }

    /// With the edge of a secondary button.
    pub fn edge(mut self) -> Self {
        self.edge = true;
        self
    }

    /// What it switches is on.
    pub fn on(mut self, on: bool) -> Self {
        self.on = on;
        self
    }

    /// Colour of the icon, where it means something.
    pub fn color(mut self, color: Color32) -> Self {
        self.color = Some(color);
        self
    }

    /// Tooltip other than the name, such as the name with its shortcut.
    pub fn tooltip(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        self.tooltip = Some(text.into());
        self
    }

    /// Disabled while there is a reason, which the tooltip tells.
    pub fn disabled_because(mut self, reason: Option<impl Into<Cow<'a, str>>>) -> Self {
        self.off = reason.map(Into::into);
        self
    }

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let enabled = self.off.is_none() && ui.is_enabled();
        let side = self.size.height();
        let (icon_size, corner) = match self.size {
            ControlSize::Small => (16.0, radius::SMALL),
            ControlSize::Regular | ControlSize::Large => (18.0, radius::CONTROL),
        };
        let response = paint::allocate(ui, vec2(side, side), Sense::click(), enabled);
        if ui.is_rect_visible(response.rect) {
            let rest = if self.on {
                t.selected
            } else if self.edge {
                resting_fill(ui, t)
            } else {
                Color32::TRANSPARENT
            };
            let fill = if !enabled {
                rest
            } else if response.is_pointer_button_down_on() {
                t.pressed
            } else if self.on {
                rest
            } else {
                paint::mix(rest, t.hover, paint::hover_part(ui, &response))
            };
            let edge = if self.edge { t.stroke_strong } else { Color32::TRANSPARENT };
            ui.painter().rect(
                response.rect,
                CornerRadius::same(corner),
                fill,
                Stroke::new(1.0, edge),
                StrokeKind::Inside,
            );
            let color = if !enabled {
                t.text_off
            } else if self.on {
                t.accent_text
            } else {
                self.color.unwrap_or(t.text_2)
            };
            // An edge takes room from the icon.
            let icon_size = if self.edge && self.size != ControlSize::Large { 16.0 } else { icon_size };
            paint::icon_at(ui.painter(), response.rect.center(), self.icon, icon_size, color);
            if response.has_focus() {
                paint::focus_ring(ui.painter(), response.rect, corner, t);
            }
        }
        let on = self.on;
        response.widget_info(|| {
            let info = WidgetInfo::labeled(Role::Button, enabled, &self.name);
            WidgetInfo { selected: on.then_some(true), ..info }
        });
        let tip = self.off.or(self.tooltip).unwrap_or(self.name);
        paint::tooltip(response, &tip)
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        self.show(ui)
    }
}

/// A link in running text of the given kind: accent text, underlined under the pointer.
pub fn link(ui: &mut Ui, kind: Type, text: &str) -> Response {
    let t = Tokens::of(ui);
    let enabled = ui.is_enabled();
    let color = if enabled { t.accent_text } else { t.text_off };
    let galley = paint::line(ui, kind, color, text);
    let response = paint::allocate(ui, galley.size(), Sense::click(), enabled);
    let rect = response.rect;
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min, galley);
    if response.hovered() {
        let y = rect.bottom() - 2.0;
        ui.painter().hline(rect.x_range(), y, Stroke::new(1.0, color));
    }
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, radius::SMALL, t);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Link, enabled, text));
    response.on_hover_cursor(CursorIcon::PointingHand)
}
