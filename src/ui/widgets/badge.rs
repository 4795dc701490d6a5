//! Badges, template tokens and key caps: small words with a bed.

use std::borrow::Cow;
use std::sync::Arc;

use egui::{
    Align2, Color32, CornerRadius, Galley, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget,
    WidgetInfo, pos2, vec2,
};

use super::paint;
use crate::theme::measure::{height, radius};
use crate::theme::{Icon, Tokens, Type};

/// What a badge or a box says by its colour, always beside a word or an icon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Open to the internet, and only that.
    Public,
    /// Proved, on, added.
    Ok,
    /// Look at this, it goes on anyway.
    Warn,
    /// Failed, refused, about to be lost.
    Danger,
    /// A place to begin.
    Accent,
    /// An outline: predicted, not observed.
    Line,
}

impl Tone {
    /// Area and text colour.
    pub fn colors(self, t: &Tokens) -> (Color32, Color32) {
        match self {
            Self::Neutral => (t.hover, t.text_2),
            Self::Public => (t.public_soft, t.public_text),
            Self::Ok => (t.ok_soft, t.ok_text),
            Self::Warn => (t.warn_soft, t.warn_text),
            Self::Danger => (t.danger_soft, t.danger_text),
            Self::Accent => (t.accent_soft, t.accent_text),
            Self::Line => (Color32::TRANSPARENT, t.text_2),
        }
    }
}

/// A state in one to four words, 20 points high.
#[derive(Clone, Debug)]
#[must_use = "show it with `show` or `ui.add`"]
pub struct Badge<'a> {
    text: Cow<'a, str>,
    tone: Tone,
    icon: Option<Icon>,
}

impl<'a> Badge<'a> {
    /// A badge in a tone.
    pub fn new(tone: Tone, text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), tone, icon: None }
    }

    /// Icon left of the words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// How wide it is where nothing holds it back, in points.
    pub fn width(&self, ui: &Ui) -> f32 {
        self.measure(ui, f32::INFINITY).0.x
    }

    /// Shows it in the layout.
    pub fn show(self, ui: &mut Ui) -> Response {
        let (size, galley) = self.measure(ui, f32::INFINITY);
        let response = paint::allocate(ui, size, Sense::hover(), true);
        self.paint(ui, response.rect, galley);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &self.text));
        response
    }

    /// Paints it with its left bottom corner at `pos`, not wider than `width`; for cells that
    /// place their parts themselves.
    pub fn paint_left_bottom(self, ui: &Ui, pos: Pos2, width: f32) -> Rect {
        let (size, galley) = self.measure(ui, width);
        let rect = Rect::from_min_size(pos - vec2(0.0, size.y), size);
        self.paint(ui, rect, galley);
        rect
    }

    /// Paints it with its left at `pos.x` and its middle at `pos.y`.
    pub fn paint_left_center(self, ui: &Ui, pos: Pos2, width: f32) -> Rect {
        self.paint_left_bottom(ui, pos + vec2(0.0, height::BADGE / 2.0), width)
    }

    fn measure(&self, ui: &Ui, width: f32) -> (Vec2, Arc<Galley>) {
        let (_, color) = self.tone.colors(Tokens::of(ui));
        let beside = self.beside();
        let galley = paint::line_within(ui, Type::CaptionMedium, color, self.text.as_ref(), width - beside);
        (vec2((galley.size().x + beside).ceil(), height::BADGE), galley)
    }

    /// Everything across but the words.
    fn beside(&self) -> f32 {
        12.0 + if self.icon.is_some() { 16.0 } else { 0.0 }
    }

    fn paint(&self, ui: &Ui, rect: Rect, galley: Arc<Galley>) {
        let t = Tokens::of(ui);
        let (fill, color) = self.tone.colors(t);
        let edge = match self.tone {
            Tone::Line => t.stroke_strong,
            Tone::Neutral | Tone::Public | Tone::Ok | Tone::Warn | Tone::Danger | Tone::Accent => Color32::TRANSPARENT,
        };
        let corner = CornerRadius::same(radius::SMALL);
        let stroke = Stroke::new(1.0, edge);
        ui.painter().rect(rect, corner, fill, stroke, StrokeKind::Inside);
        let mut x = rect.left() + 6.0;
        if let Some(icon) = self.icon {
            let center = pos2(x + 6.0, rect.center().y);
            paint::icon_at(ui.painter(), center, icon, 12.0, color);
            x += 16.0;
        }
        let at = pos2(x, rect.center().y);
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, at, galley);
    }
}

impl Widget for Badge<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        self.show(ui)
    }
}

/// A part of a name template, in mono on the accent.
pub fn token(ui: &mut Ui, text: &str) -> Response {
    let t = Tokens::of(ui);
    let galley = paint::line(ui, Type::Mono, t.accent_text, text);
    let size = vec2((galley.size().x + 10.0).ceil(), height::BADGE);
    let response = paint::allocate(ui, size, Sense::hover(), true);
    let corner = CornerRadius::same(radius::SMALL);
    ui.painter().rect_filled(response.rect, corner, t.accent_soft);
    let center = response.rect.center();
    paint::galley_at(ui.painter(), Align2::CENTER_CENTER, center, galley);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}

/// Keys to press, such as "Ctrl K".
pub fn key_cap(ui: &mut Ui, keys: &str) -> Response {
    let t = Tokens::of(ui);
    let galley = paint::line(ui, Type::Caption, t.text_3, keys);
    let size = vec2((galley.size().x + 12.0).ceil(), height::KEY_CAP);
    let response = paint::allocate(ui, size, Sense::hover(), true);
    let left = pos2(response.rect.left(), response.rect.center().y);
    paint_key_cap(ui, left, galley, t);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, keys));
    response
}

/// Paints a key cap with its left middle at `left`, and says where it lies.
pub(crate) fn paint_key_cap(ui: &Ui, left: Pos2, galley: Arc<Galley>, t: &Tokens) -> Rect {
    let size = vec2((galley.size().x + 12.0).ceil(), height::KEY_CAP);
    let rect = Align2::LEFT_CENTER.anchor_size(left, size);
    ui.painter().rect_stroke(
        rect,
        CornerRadius::same(radius::SMALL),
        Stroke::new(1.0, t.stroke_strong),
        StrokeKind::Inside,
    );
    paint::galley_at(ui.painter(), Align2::CENTER_CENTER, rect.center(), galley);
    rect
}
