//! A cell of the gallery: a picture, or the reason why there is none.

use std::borrow::Cow;

use egui::epaint::RectShape;
use egui::{
    Align2, Color32, ColorImage, CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, TextureHandle,
    TextureId, TextureOptions, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::badge::Badge;
use super::level::Level;
use super::paint;
use crate::theme::measure::radius;
use crate::theme::{Icon, Tokens, Type, icons};

/// What a cell shows in place of, or as, its picture.
#[derive(Clone, Debug, PartialEq)]
pub enum ThumbFace<'a> {
    /// The picture itself.
    Picture {
        /// Its texture.
        texture: TextureId,
        /// Its size in pixels, for the crop.
        size: Vec2,
        /// Whether it may be seen through.
        alpha: bool,
    },
    /// Not asked for yet.
    Waiting,
    /// Being fetched.
    ComingIn(Level),
    /// Cannot be shown, and why.
    Broken(Cow<'a, str>),
    /// May not be read, in words.
    Private(Cow<'a, str>),
    /// More than can be shown, in words ("412 megapixels").
    TooLarge(Cow<'a, str>),
    /// Not an image: icon of the type, and its name ("PDF").
    Other(Icon, Cow<'a, str>),
}

/// A cell of the gallery. Its size depends on its width only, so nothing jumps when pictures come in.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct ThumbCell<'a> {
    face: ThumbFace<'a>,
    name: Cow<'a, str>,
    meta: Cow<'a, str>,
    badge: Option<Badge<'a>>,
    selected: bool,
    focused: bool,
}

/// What came of a cell.
#[derive(Debug)]
pub struct ThumbResponse {
    /// Clicks, double clicks and the context menu of the cell.
    pub response: Response,
    /// The tick was clicked: change the selection of this one only.
    pub ticked: bool,
}

impl<'a> ThumbCell<'a> {
    /// A cell with a name and a line of meta.
    pub fn new(face: ThumbFace<'a>, name: impl Into<Cow<'a, str>>, meta: impl Into<Cow<'a, str>>) -> Self {
        Self { face, name: name.into(), meta: meta.into(), badge: None, selected: false, focused: false }
    }

    /// Badge over the picture, such as "JPEG, named .png".
    pub fn badge(mut self, badge: Badge<'a>) -> Self {
        self.badge = Some(badge);
        self
    }

    /// Selected, with a tick.
    pub fn selected(mut self, selected: bool) -> Self {
        self.selected = selected;
        self
    }

    /// The one the arrow keys move from, while the gallery has the focus.
    pub fn focused(mut self, focused: bool) -> Self {
        self.focused = focused;
        self
    }

    /// Height of the picture at a width.
    pub fn picture_height(width: f32) -> f32 {
        (width * 0.75).round()
    }

    /// Height of a whole cell at a width.
    pub fn height(width: f32) -> f32 {
        Self::picture_height(width) + 6.0 + Type::SmallMedium.line_height() + Type::Caption.line_height()
    }

    /// Shows it, `width` points wide.
    pub fn show(self, ui: &mut Ui, width: f32) -> ThumbResponse {
        let t = Tokens::of(ui);
        let size = vec2(width, Self::height(width));
        // Cells take clicks but no focus: Tab would have to pass through all of them.
        let response = paint::allocate(ui, size, Sense::CLICK, true);
        let mut ticked = false;
        let picture = Rect::from_min_size(response.rect.min, vec2(width, Self::picture_height(width)));
        let over = response.contains_pointer();
        if ui.is_rect_visible(response.rect) {
            self.picture_ui(ui, t, picture, over);
            self.words_ui(ui, t, picture, width);
        }
        if self.selected || over {
            let tick = Rect::from_min_size(picture.min + vec2(6.0, 6.0), Vec2::splat(18.0));
            let tick_response = ui.interact(tick.expand(4.0), response.id.with("tick"), Sense::CLICK);
            ticked = tick_response.clicked();
            self.tick_ui(ui, t, tick);
            let name = format!("Select {}", self.name);
            tick_response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, self.selected, &name));
        }
        let name = format!("{}, {}", self.name, self.state_words());
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, self.selected, &name));
        ThumbResponse { response, ticked }
    }

    /// What the picture shows, in words.
    fn state_words(&self) -> String {
        match &self.face {
            ThumbFace::Picture { .. } => self.meta.to_string(),
            ThumbFace::Waiting => "waiting".to_owned(),
            ThumbFace::ComingIn(level) => format!("coming in, {}", level.words()),
            ThumbFace::Broken(why) => format!("broken: {why}"),
            ThumbFace::Private(words) | ThumbFace::TooLarge(words) | ThumbFace::Other(_, words) => words.to_string(),
        }
    }

    fn picture_ui(&self, ui: &Ui, t: &Tokens, rect: Rect, over: bool) {
        let corner = CornerRadius::same(radius::CONTROL);
        let painter = ui.painter();
        thumb_face(ui, rect, radius::CONTROL, &self.face);
        let edge = if over || self.selected { t.stroke_strong } else { t.stroke };
        painter.rect_stroke(rect, corner, Stroke::new(1.0, edge), StrokeKind::Inside);
        if let Some(badge) = &self.badge {
            let at = rect.left_bottom() + vec2(6.0, -6.0);
            badge.clone().paint_left_bottom(ui, at, rect.width() - 12.0);
        }
        if self.selected {
            let ring = Stroke::new(2.0, t.chosen_edge());
            painter.rect_stroke(rect.expand(2.0), CornerRadius::same(radius::BOX), ring, StrokeKind::Outside);
        }
        if self.focused {
            let rect = if self.selected { rect.expand(4.0) } else { rect };
            paint::focus_ring(painter, rect, radius::CONTROL, t);
        }
    }

    fn words_ui(&self, ui: &Ui, t: &Tokens, picture: Rect, width: f32) {
        let name = paint::line_within(ui, Type::SmallMedium, t.text, self.name.as_ref(), width);
        let left = pos2(picture.left(), picture.bottom() + 6.0);
        paint::galley_at(ui.painter(), Align2::LEFT_TOP, left, name);
        let meta = paint::line_within(ui, Type::Caption, t.text_3, self.meta.as_ref(), width);
        let below = left + vec2(0.0, Type::SmallMedium.line_height());
        paint::galley_at(ui.painter(), Align2::LEFT_TOP, below, meta);
    }

    fn tick_ui(&self, ui: &Ui, t: &Tokens, rect: Rect) {
        let painter = ui.painter();
        if self.selected {
            painter.circle_filled(rect.center(), 9.0, t.accent);
            paint::icon_at(painter, rect.center(), icons::CHECK, 12.0, t.text_on_accent);
        } else {
            painter.circle(rect.center(), 8.0, t.raised, Stroke::new(1.0, t.stroke_control));
        }
    }
}

/// Paints a picture so that it fills `rect`, or in its place icon and words; for cells and for the inspector.
pub fn thumb_face(ui: &Ui, rect: Rect, corner_radius: u8, face: &ThumbFace<'_>) {
    let t = Tokens::of(ui);
    let corner = CornerRadius::same(corner_radius);
    match face {
        ThumbFace::Picture { texture, size, alpha } => {
            if *alpha {
                checkerboard(ui, rect, corner);
            }
            let uv = crop(*size, rect.size());
            ui.painter().add(RectShape::filled(rect, corner, Color32::WHITE).with_texture(*texture, uv));
        }
        face => {
            ui.painter().rect_filled(rect, corner, t.sunken);
            face_ui(ui, t, rect, face);
        }
    }
}

/// Icon of 24 points and words below it, in the middle.
fn face_ui(ui: &Ui, t: &Tokens, rect: Rect, face: &ThumbFace<'_>) {
    let (icon, color, words) = match face {
        ThumbFace::Picture { .. } => return,
        ThumbFace::Waiting => (icons::IMAGE, t.text_off, None),
        ThumbFace::ComingIn(level) => return level.paint(ui, rect.center(), 20.0),
        ThumbFace::Broken(why) => (icons::IMAGE_BROKEN, t.danger_icon(), Some(why)),
        ThumbFace::Private(words) => (icons::LOCK_SIMPLE, t.text_3, Some(words)),
        ThumbFace::TooLarge(words) => (icons::IMAGE_SQUARE, t.text_3, Some(words)),
        ThumbFace::Other(icon, words) => (*icon, t.text_3, Some(words)),
    };
    let Some(words) = words else {
        return paint::icon_at(ui.painter(), rect.center(), icon, 24.0, color);
    };
    let mut job = Type::Caption.job(words.as_ref(), t.text_2);
    job.halign = egui::Align::Center;
    job.wrap.max_rows = 2;
    let galley = paint::wrapped_job(ui, job, rect.width() - 24.0);
    let total = 24.0 + 4.0 + galley.size().y;
    let top = rect.center().y - total / 2.0;
    paint::icon_at(ui.painter(), pos2(rect.center().x, top + 12.0), icon, 24.0, color);
    // A centred galley hangs from its middle.
    let at = pos2(rect.center().x.round(), (top + 28.0).round());
    ui.painter().galley(at, galley, Color32::PLACEHOLDER);
}

/// The part of a picture that fills `room` without being stretched, from its middle.
fn crop(picture: Vec2, room: Vec2) -> Rect {
    let (wide, high) = (picture.x.max(1.0), picture.y.max(1.0));
    let wanted = room.x / room.y.max(1.0);
    let (x, y) = if wide / high > wanted { (high * wanted / wide, 1.0) } else { (1.0, wide / wanted / high) };
    Rect::from_center_size(pos2(0.5, 0.5), vec2(x, y))
}

/// Squares of 8 points behind a picture that may be seen through.
pub fn checkerboard(ui: &Ui, rect: Rect, corner: CornerRadius) {
    const SQUARE: f32 = 8.0;
    let texture = checker_texture(ui);
    let uv = Rect::from_min_size(pos2(0.0, 0.0), rect.size() / (2.0 * SQUARE));
    ui.painter().add(RectShape::filled(rect, corner, Color32::WHITE).with_texture(texture.id(), uv));
}

fn checker_texture(ui: &Ui) -> TextureHandle {
    let t = Tokens::of(ui);
    let id = egui::Id::unique(("brimful_checkerboard", t.dark));
    if let Some(kept) = ui.data(|data| data.get_temp::<TextureHandle>(id)) {
        return kept;
    }
    let image = ColorImage::new([2, 2], vec![t.check_a, t.check_b, t.check_b, t.check_a]);
    let texture = ui.load_texture("brimful_checkerboard", image, TextureOptions::NEAREST_REPEAT);
    ui.data_mut(|data| data.insert_temp(id, texture.clone()));
    texture
}

#[cfg(test)]
mod tests {
    use super::crop;
    use egui::{Rect, Vec2, pos2, vec2};
    use test_case::test_case;

    #[test_case(vec2(400.0, 300.0), 0.0, 0.0; "the same shape is whole")]
    #[test_case(vec2(800.0, 300.0), 0.25, 0.0; "a wide one loses its sides")]
    #[test_case(vec2(400.0, 600.0), 0.0, 0.25; "a high one loses top and bottom")]
    fn cropped(picture: Vec2, x: f32, y: f32) {
        let wanted = Rect::from_min_max(pos2(x, y), pos2(1.0 - x, 1.0 - y));
        assert_eq!(crop(picture, vec2(100.0, 75.0)), wanted);
    }

    #[test]
    fn an_empty_picture_does_not_divide_by_nothing() {
        assert!(crop(Vec2::ZERO, vec2(100.0, 75.0)).is_finite());
    }
}
