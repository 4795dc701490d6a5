//! Buttons with a label.

use std::borrow::Cow;

use egui::emath::GuiRounding as _;
use egui::{
    Align2, Color32, CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, Widget, WidgetInfo, pos2, vec2,
};

use super::level::Level;
use super::paint;
use crate::theme::measure::{height, radius};
use crate::theme::{Icon, Tokens, Type};

/// What a button stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one main action of an area.
    Primary,
    /// Any other action.
    Secondary,
    /// An action without an edge.
    Quiet,
    /// A quiet one that copies or opens.
    QuietAccent,
    /// Deletes or exposes; in confirm dialogs only.
    Danger,
    /// Leads to such a dialog.
    DangerQuiet,
}

/// Height of a control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ControlSize {
    /// 24 points.
    Small,
    /// 30 points.
    #[default]
    Regular,
    /// 36 points: dialogs, wizard, start.
    Large,
}

impl ControlSize {
    /// Height in points.
    pub const fn height(self) -> f32 {
        match self {
            Self::Small => height::SMALL,
            Self::Regular => height::REGULAR,
            Self::Large => height::LARGE,
        }
    }

    /// Space at each side in points, the edge of 1 included.
    pub const fn padding(self) -> f32 {
        match self {
            Self::Small => 9.0,
            Self::Regular => 13.0,
            Self::Large => 17.0,
        }
    }

    const fn label(self) -> Type {
        match self {
            Self::Small => Type::SmallMedium,
            Self::Regular => Type::BodyMedium,
            Self::Large => Type::LeadMedium,
        }
    }

    const fn icon(self) -> f32 {
        match self {
            Self::Small => 14.0,
            Self::Regular | Self::Large => 16.0,
        }
    }

    const fn gap(self) -> f32 {
        match self {
            Self::Small => 4.0,
            Self::Regular | Self::Large => 6.0,
        }
    }
}

/// A button with a label: a verb and its object, such as "Upload 12 files".
#[derive(Clone, Debug)]
#[must_use = "show it with `show` or `ui.add`"]
pub struct Button<'a> {
    label: Cow<'a, str>,
    icon: Option<Icon>,
    trailing: Option<Icon>,
    kind: ButtonKind,
    size: ControlSize,
    off: Option<Cow<'a, str>>,
    busy: Option<Level>,
    tooltip: Option<Cow<'a, str>>,
    name: Option<Cow<'a, str>>,
    key_cap: Option<Cow<'a, str>>,
    min_width: f32,
    flush: bool,
}

impl<'a> Button<'a> {
    /// A button of the given kind.
    pub fn new(kind: ButtonKind, label: impl Into<Cow<'a, str>>) -> Self {
        Self {
            label: label.into(),
            icon: None,
            trailing: None,
            kind,
            size: ControlSize::Regular,
            off: None,
            busy: None,
            tooltip: None,
            name: None,
            key_cap: None,
            min_width: 0.0,
            flush: false,
        }
    }

    /// The main action of an area.
    pub fn primary(label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(ButtonKind::Primary, label)
    }

    /// Any other action.
    pub fn secondary(label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(ButtonKind::Secondary, label)
    }

    /// An action without an edge.
    pub fn quiet(label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(ButtonKind::Quiet, label)
    }

    /// An action without an edge that copies or opens.
    pub fn quiet_accent(label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(ButtonKind::QuietAccent, label)
    }

    /// Deletes or exposes; in confirm dialogs only.
    pub fn danger(label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(ButtonKind::Danger, label)
    }

    /// Leads to a dialog that deletes or exposes.
    pub fn danger_quiet(label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(ButtonKind::DangerQuiet, label)
    }

    /// 24 points high.
    pub fn small(mut self) -> Self {
        self.size = ControlSize::Small;
        self
    }

    /// 36 points high.
    pub fn large(mut self) -> Self {
        self.size = ControlSize::Large;
        self
    }

    /// Height by value.
    pub fn size(mut self, size: ControlSize) -> Self {
        self.size = size;
        self
    }

    /// Icon left of the label.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Icon right of the label, such as a caret that says a menu follows.
    pub fn trailing_icon(mut self, icon: Icon) -> Self {
        self.trailing = Some(icon);
        self
    }

    /// Key cap right of the label.
    pub fn key_cap(mut self, keys: impl Into<Cow<'a, str>>) -> Self {
        self.key_cap = Some(keys.into());
        self
    }

    /// Disabled while there is a reason, which the tooltip tells.
    pub fn disabled_because(mut self, reason: Option<impl Into<Cow<'a, str>>>) -> Self {
        self.off = reason.map(Into::into);
        self
    }

    /// Work is under way: a level icon stands in for the icon, and a click does nothing.
    pub fn busy(mut self, level: Option<Level>) -> Self {
        self.busy = level;
        self
    }

    /// Tooltip while enabled.
    pub fn tooltip(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        self.tooltip = Some(text.into());
        self
    }

    /// Name for assistive technology where the label alone does not say the object
    /// ("Delete cat.png" on a button "Delete").
    pub fn name(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Not narrower than this.
    pub fn min_width(mut self, width: f32) -> Self {
        self.min_width = width;
        self
    }

    /// For a quiet button that begins a row: its label lines up with the text above it.
    pub fn flush_left(mut self) -> Self {
        self.flush = true;
        self
    }

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let enabled = self.off.is_none() && self.busy.is_none() && ui.is_enabled();
        let dim = self.off.is_some() || !ui.is_enabled();
        let (text_color, icon_color) = self.colors(t, dim);
        let label = paint::line(ui, self.size.label(), text_color, self.label.as_ref());
        let cap = self.key_cap.as_deref().map(|keys| paint::line(ui, Type::Caption, t.text_3, keys));
        let icon_size = self.size.icon();
        let gap = self.size.gap();
        let leading = self.icon.is_some() || self.busy.is_some();
        let mut inner = label.size().x;
        if leading {
            inner += icon_size + gap;
        }
        if self.trailing.is_some() {
            inner += icon_size + gap;
        }
        if let Some(cap) = &cap {
            inner += cap.size().x + 12.0 + gap;
        }
        let width = (inner + 2.0 * self.size.padding()).max(self.min_width).ceil();
        let outside = if self.flush { self.size.padding() } else { 0.0 };
        let (id, mut rect) = ui.allocate_space(vec2(width - outside, self.size.height()));
        rect.min.x -= outside;
        let rect = rect.round_to_pixels(ui.pixels_per_point());
        let response = paint::interact(ui, rect, id, Sense::click(), enabled);

        if ui.is_rect_visible(response.rect) {
            let rect = response.rect;
            self.paint_bed(ui, &response, t, dim);
            let mut x = rect.left() + ((rect.width() - inner) / 2.0).floor();
            let y = rect.center().y;
            let center = pos2(x + icon_size / 2.0, y);
            if let Some(level) = self.busy {
                level.paint(ui, center, icon_size);
            } else if let Some(icon) = self.icon {
                paint::icon_at(ui.painter(), center, icon, icon_size, icon_color);
            }
            if leading {
                x += icon_size + gap;
            }
            let end = paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, y), label);
            x = end.right() + gap;
            if let Some(icon) = self.trailing {
                let center = pos2(x + icon_size / 2.0, y);
                paint::icon_at(ui.painter(), center, icon, icon_size, icon_color);
            }
            if let Some(cap) = cap {
                super::badge::paint_key_cap(ui, pos2(x, y), cap, t);
            }
            if response.has_focus() {
                paint::focus_ring(ui.painter(), rect, radius::CONTROL, t);
            }
        }

        let name = self.name.as_deref().unwrap_or(&self.label);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
        match (&self.off, &self.tooltip) {
            (Some(reason), _) => paint::tooltip(response, reason),
            (None, Some(text)) => paint::tooltip(response, text),
            (None, None) => response,
        }
    }

    /// Colours of label and icon.
    fn colors(&self, t: &Tokens, dim: bool) -> (Color32, Color32) {
        if dim {
            return (t.text_off, t.text_off);
        }
        match self.kind {
            ButtonKind::Primary | ButtonKind::Danger => (t.text_on_accent, t.text_on_accent),
            ButtonKind::Secondary => (t.text, t.text_2),
            ButtonKind::Quiet => (t.text_2, t.text_2),
            ButtonKind::QuietAccent => (t.accent_text, t.accent_text),
            ButtonKind::DangerQuiet => (t.danger_text, t.danger_text),
        }
    }

    fn paint_bed(&self, ui: &Ui, response: &Response, t: &Tokens, dim: bool) {
        let bare = matches!(self.kind, ButtonKind::Quiet | ButtonKind::QuietAccent);
        let (fill, edge) = if dim {
            if bare { (Color32::TRANSPARENT, Color32::TRANSPARENT) } else { (t.sunken, t.stroke) }
        } else {
            let down = response.is_pointer_button_down_on();
            let over = paint::hover_part(ui, response);
            let shade = |rest, hover, pressed| {
                if down { pressed } else { paint::mix(rest, hover, over) }
            };
            match self.kind {
                ButtonKind::Primary => {
                    let fill = shade(t.accent, t.accent_hover, t.accent_pressed);
                    (fill, fill)
                }
                ButtonKind::Danger => {
                    let fill = shade(t.danger, t.danger_hover, t.danger_hover);
                    (fill, fill)
                }
                ButtonKind::Secondary | ButtonKind::DangerQuiet => {
                    (shade(resting_fill(ui, t), t.hover, t.pressed), t.stroke_strong)
                }
                ButtonKind::Quiet | ButtonKind::QuietAccent => {
                    (shade(Color32::TRANSPARENT, t.hover, t.pressed), Color32::TRANSPARENT)
                }
            }
        };
        ui.painter().rect(
            response.rect,
            CornerRadius::same(radius::CONTROL),
            fill,
            Stroke::new(1.0, edge),
            StrokeKind::Inside,
        );
    }
}

/// A secondary button is as light as the layer it lies on.
pub(crate) fn resting_fill(ui: &Ui, t: &Tokens) -> Color32 {
    if paint::on_raised(ui) { t.raised } else { t.surface }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        self.show(ui)
    }
}
