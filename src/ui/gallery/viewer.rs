//! One image over the whole window: looking closely, stepping on, and what there is to know of it.

mod around;
mod play;
mod tiles;
mod view;

use egui::{Align2, Color32, CornerRadius, Event, Frame, Key, Margin, Modifiers, Rect, Response, ScrollArea, Sense};
use egui::{Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};

use crate::domain::object::ObjectSummary;
use crate::images;
use crate::images::pipeline::ThumbKey;
use crate::model::Trouble;
use crate::model::browse::{Place, Session};
use crate::model::gallery::{FullImage, GalleryCommand, UrlText};
use crate::theme::{Tokens, Type, icons, measure};
use crate::ui::widgets::{Badge, Button, ControlSize, Level, Tone, checkerboard, paint};
use crate::ui::{UiCtx, refusal};
use crate::worker::Status;

use super::textures::Small;
use super::{GalleryPanel, actions, cell, facts, inspector, inspector_width};
use play::Playback;
use tiles::Tiles;
use view::{Stage, View};

/// The strip of neighbours below the canvas.
const FILM_HEIGHT: f32 = 84.0;
/// What an arrow key moves a zoomed image by, in points.
const KEY_PAN: f32 = 80.0;
/// How fast the wheel zooms: this many points of scrolling double the size.
const WHEEL_DOUBLES: f32 = 240.0;

/// How one looks at the opened image.
#[derive(Default)]
pub(super) struct Viewer {
    /// The image that the view is of.
    key: String,
    view: View,
    tiles: Tiles,
    playback: Playback,
}

impl Viewer {
    /// Lets go of the image on the graphics card.
    pub(super) fn close(&mut self) {
        if !self.key.is_empty() {
            *self = Self::default();
        }
    }

    fn turn_to(&mut self, key: &str) {
        if self.key != key {
            *self = Self { key: key.to_owned(), ..Self::default() };
        }
    }
}

/// What the canvas shows.
enum Face<'a> {
    Full(&'a FullImage),
    /// A small one in its place, with the size of the original.
    Small(super::textures::Shown),
    Nothing,
}

impl Face<'_> {
    /// The size of the original in pixels.
    fn size(&self) -> Option<Vec2> {
        match self {
            Self::Full(image) => Some(vec2(image.frames.source_width as f32, image.frames.source_height as f32)),
            Self::Small(shown) => Some(vec2(shown.source.0 as f32, shown.source.1 as f32)),
            Self::Nothing => None,
        }
    }
}

impl GalleryPanel {
    /// Paints the opened image over the whole of `ui`.
    pub(super) fn opened_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, place: &Place, key: &str) {
        let model = cx.model;
        let Some(object) = session.listing.objects.iter().find(|object| object.key == key) else { return };
        self.viewer.turn_to(key);
        let t = Tokens::of(ui);
        let whole = ui.max_rect();
        ui.painter().rect_filled(whole, 0, t.surface);
        let (bar, below) = whole.split_top_bottom_at_y(whole.top() + measure::height::TOP_BAR);
        let side = if model.settings.inspector_open { inspector_width(ui) } else { 0.0 };
        let (left, info) = below.split_left_right_at_x(below.right() - side);
        let (canvas, film) = left.split_top_bottom_at_y(left.bottom() - FILM_HEIGHT);

        let thumb = ThumbKey::of(session.connection.id, &place.bucket, object, 256);
        let small = self.known_or_wanted(object, &thumb);
        let is_of_this = model.gallery.full_of.as_ref().is_some_and(|(of, _)| of == key);
        let face = match (model.gallery.full.known().filter(|_| is_of_this), &small) {
            (Some(image), _) => Face::Full(image),
            (None, Some(Small::Shown(shown))) => Face::Small(shown.clone()),
            (None, _) => Face::Nothing,
        };
        let stage = face.size().map(|image| Stage { canvas, image, pixels_per_point: ui.pixels_per_point() });
        if let Some(stage) = &stage {
            self.viewer.view.stay_inside(stage);
        }

        self.canvas_ui(ui, cx, object, &face, stage, canvas);
        self.film_ui(ui, cx, session, place, key, film);
        if side > 0.0 {
            ui.painter().rect_filled(info, 0, t.surface);
            ui.painter().vline(info.left() + 0.5, info.y_range(), Stroke::new(1.0, t.stroke));
            ui.scope_builder(UiBuilder::new().id_salt("viewer info").max_rect(info), |ui| {
                info_ui(ui, cx, object, &face, small.as_ref());
            });
        }
        self.bar_ui(ui, cx, session, place, object, stage, bar);
        self.viewer_keys(ui, cx, key, stage);
    }

    fn canvas_ui(
        &mut self,
        ui: &mut Ui,
        cx: &mut UiCtx<'_>,
        object: &ObjectSummary,
        face: &Face<'_>,
        stage: Option<Stage>,
        canvas: Rect,
    ) {
        let t = Tokens::of(ui);
        ui.painter().rect_filled(canvas, 0, t.canvas);
        let response = ui.interact(canvas, ui.scope_id().with("canvas"), Sense::CLICK | Sense::DRAG);
        if let Some(stage) = &stage {
            self.look(ui, &response, stage);
        }
        let view = self.viewer.view;
        let pending = matches!(cx.model.gallery.full.status(), Status::Pending(_) | Status::Idle);
        match (face, &stage) {
            (Face::Full(image), Some(stage)) => {
                let rect = view.rect(stage);
                let painted = rect.intersect(canvas);
                if image.alpha && painted.is_positive() {
                    checkerboard(ui, painted, CornerRadius::ZERO);
                }
                let frame = self.viewer.playback.frame(ui, &image.frames);
                self.viewer.tiles.paint(ui, image, frame, rect, canvas);
                self.pixel_ui(ui, image, frame, stage, canvas);
            }
            (Face::Small(shown), Some(stage)) => {
                let rect = view.rect(stage);
                let painter = ui.painter().with_clip_rect(canvas);
                let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                painter.image(shown.texture.id(), rect, uv, Color32::WHITE);
            }
            (Face::Full(_) | Face::Small(_) | Face::Nothing, _) => {}
        }
        let trouble = cx.model.gallery.full.error();
        match (face, trouble) {
            (Face::Nothing, Some(trouble)) => trouble_ui(ui, cx, object, trouble, canvas),
            (_, Some(trouble)) => pill(ui, canvas, Align2::CENTER_BOTTOM, &trouble.sentence),
            (Face::Nothing, None) if !images::may_be_image(&object.key) => {}
            (Face::Nothing | Face::Small(_), None) if pending => coming_ui(ui, canvas, object.name()),
            (_, None) => {}
        }
        let words = match &stage {
            Some(stage) => format!(
                "{}, {} × {}, {}",
                object.name(),
                stage.image.x,
                stage.image.y,
                view::percent(view.scale(stage))
            ),
            None => object.name().to_owned(),
        };
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, &words));
        actions::context_menu_ui(cx, object, &response);
    }

    /// Wheel, pinch, drag and double click.
    fn look(&mut self, ui: &Ui, response: &Response, stage: &Stage) {
        let view = &mut self.viewer.view;
        if let Some(at) = response.hover_pos() {
            let (pinch, wheel, shift) =
                ui.input(|input| (input.zoom_delta(), input.smooth_scroll_delta(), input.modifiers.shift));
            if (pinch - 1.0).abs() > f32::EPSILON {
                view.zoom_by(stage, pinch, at);
            } else if shift && wheel != Vec2::ZERO {
                view.pan(stage, wheel);
            } else if wheel.y != 0.0 {
                view.zoom_by(stage, (wheel.y / WHEEL_DOUBLES).exp2(), at);
            }
        }
        if response.dragged() {
            view.pan(stage, response.drag_delta());
        }
        if response.double_clicked()
            && let Some(at) = response.interact_pointer_pos()
        {
            if view.is_fit() { view.zoom_to(stage, 1.0, at) } else { view.fit() }
        }
        let cursor = match (view.overflows(stage), response.dragged()) {
            (true, true) => egui::CursorIcon::Grabbing,
            (true, false) => egui::CursorIcon::Grab,
            (false, _) => egui::CursorIcon::Default,
        };
        if response.hovered() {
            ui.ctx().set_cursor_icon(cursor);
        }
    }

    /// The pixel under the pointer: where it is and its colour.
    #[expect(clippy::disallowed_methods, reason = "the colour is the picture's own, not one of the house")]
    fn pixel_ui(&self, ui: &Ui, image: &FullImage, frame: usize, stage: &Stage, canvas: Rect) {
        let over_canvas = ui.input(|input| input.pointer.hover_pos()).filter(|at| canvas.contains(*at));
        let Some(at) = over_canvas else { return };
        if ui.ctx().layer_id_at(at) != Some(ui.layer_id()) {
            return;
        }
        let Some((x, y)) = self.viewer.view.pixel_at(stage, at) else { return };
        let frames = &image.frames;
        // Where the picture was made smaller to fit into memory, several of its pixels share one.
        let part = |at: u32, of: u32, source: u32| u64::from(at) * u64::from(of) / u64::from(source.max(1));
        let (column, row) = (part(x, frames.width, frames.source_width), part(y, frames.height, frames.source_height));
        let index = (row * u64::from(frames.width) + column) as usize * 4;
        let Some(&[r, g, b, a]) = frames.frames.get(frame).and_then(|frame| frame.rgba.get(index..index + 4)) else {
            return;
        };
        let t = Tokens::of(ui);
        let mut text = format!("x {x}  y {y}     #{r:02X}{g:02X}{b:02X}");
        if a < 255 {
            text.push_str(&format!("  {:.0} %", f32::from(a) / 2.55));
        }
        let galley = paint::line(ui, Type::Mono, t.text_2, text);
        let before = paint::line(ui, Type::Mono, t.text_2, format!("x {x}  y {y}  ")).size().x;
        let size = galley.size() + vec2(18.0, 6.0);
        let rect = Rect::from_min_size(pos2(canvas.left() + 16.0, canvas.bottom() - 12.0 - size.y), size);
        ui.painter().rect(rect, 6, t.raised, Stroke::new(1.0, t.stroke), StrokeKind::Inside);
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, rect.left_center() + vec2(9.0, 0.0), galley);
        let swatch = Rect::from_center_size(rect.left_center() + vec2(9.0 + before + 7.0, 0.0), Vec2::splat(10.0));
        ui.painter().rect(swatch, 2, Color32::from_rgb(r, g, b), Stroke::new(1.0, t.stroke_strong), StrokeKind::Inside);
    }

    fn viewer_keys(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, key: &str, stage: Option<Stage>) {
        let free = ui.memory(|memory| memory.focused()).is_none();
        if !free || cx.model.has_dialog() || egui::Popup::is_any_open(ui.ctx()) {
            return;
        }
        let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let plain = |key: Key| pressed(Modifiers::NONE, key);
        let copies = pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::C)
            || ui.input(|input| input.events.contains(&Event::Copy));
        if copies {
            cx.push(GalleryCommand::CopyUrls(vec![key.to_owned()], UrlText::Plain(None)));
        }
        if plain(Key::Escape) || plain(Key::Space) || plain(Key::Enter) {
            cx.push(GalleryCommand::CloseOpened);
        }
        if plain(Key::Delete) {
            cx.push(GalleryCommand::AskDelete(vec![key.to_owned()]));
        }
        let arrows = [
            (Key::ArrowLeft, vec2(KEY_PAN, 0.0), Some(-1)),
            (Key::ArrowRight, vec2(-KEY_PAN, 0.0), Some(1)),
            (Key::ArrowUp, vec2(0.0, KEY_PAN), None),
            (Key::ArrowDown, vec2(0.0, -KEY_PAN), None),
        ];
        let pans = stage.is_some_and(|stage| self.viewer.view.overflows(&stage));
        for (arrow, by, steps) in arrows {
            if !plain(arrow) {
                continue;
            }
            match (stage, steps) {
                (Some(stage), _) if pans => self.viewer.view.pan(&stage, by),
                (_, Some(steps)) => cx.push(GalleryCommand::StepOpened(steps)),
                (_, None) => {}
            }
        }
        for (turn, steps) in [(Key::PageUp, -1), (Key::PageDown, 1)] {
            if plain(turn) {
                cx.push(GalleryCommand::StepOpened(steps));
            }
        }
        let Some(stage) = stage else { return };
        let view = &mut self.viewer.view;
        let middle = stage.canvas.center();
        if plain(Key::Plus) || plain(Key::Equals) || pressed(Modifiers::SHIFT, Key::Plus) {
            view.step(&stage, true, middle);
        }
        if plain(Key::Minus) {
            view.step(&stage, false, middle);
        }
        if plain(Key::Num0) {
            view.fit();
        }
        if plain(Key::Num1) {
            view.zoom_to(&stage, 1.0, middle);
        }
    }
}

/// While the image itself is on its way.
fn coming_ui(ui: &Ui, canvas: Rect, name: &str) {
    let t = Tokens::of(ui);
    let galley = paint::line(ui, Type::Small, t.text_2, format!("{name} is coming in"));
    let size = vec2(galley.size().x + 44.0, 30.0);
    let rect = Align2::CENTER_BOTTOM.align_size_within_rect(size, canvas.shrink(12.0));
    ui.painter().rect(rect, 8, t.raised, Stroke::new(1.0, t.stroke), StrokeKind::Inside);
    Level::Unknown.paint(ui, rect.left_center() + vec2(18.0, 0.0), 16.0);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, rect.left_center() + vec2(32.0, 0.0), galley);
}

/// A few words over the edge of the canvas.
fn pill(ui: &Ui, canvas: Rect, anchor: Align2, words: &str) {
    let t = Tokens::of(ui);
    let galley = paint::wrapped(ui, Type::Small, t.text, words, (canvas.width() - 160.0).max(120.0));
    let rect = anchor.align_size_within_rect(galley.size() + vec2(24.0, 12.0), canvas.shrink(12.0));
    ui.painter().rect(rect, 8, t.raised, Stroke::new(1.0, t.stroke_strong), StrokeKind::Inside);
    paint::galley_at(ui.painter(), Align2::CENTER_CENTER, rect.center(), galley);
}

/// Why there is nothing to see, with what is left to do.
fn trouble_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, object: &ObjectSummary, trouble: &Trouble, canvas: Rect) {
    let t = Tokens::of(ui);
    let is_image = images::may_be_image(&object.key);
    let (icon, title) = if is_image {
        (icons::IMAGE_BROKEN, format!("{} cannot be shown", object.name()))
    } else {
        (cell::other_type(object.name()).0, object.name().to_owned())
    };
    let width = 420.0_f32.min(canvas.width() - 140.0);
    let top = canvas.center().y - 110.0;
    let room = Rect::from_min_size(pos2(canvas.center().x - width / 2.0, top), vec2(width, 260.0));
    ui.scope_builder(UiBuilder::new().id_salt("viewer trouble").max_rect(room), |ui| {
        ui.vertical_centered(|ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            let (rect, _) = ui.allocate_exact_size(Vec2::splat(40.0), Sense::hover());
            let color = if is_image { t.danger_icon() } else { t.text_3 };
            paint::icon_at(ui.painter(), rect.center(), icon, 32.0, color);
            ui.add(egui::Label::new(Type::Title.rich(title).color(t.text)).wrap());
            ui.add(egui::Label::new(Type::Body.rich(trouble.sentence.as_str()).color(t.text_2)).wrap());
            for line in &trouble.details {
                ui.add(egui::Label::new(Type::Mono.rich(line.as_str()).color(t.text_3)).wrap().selectable(true));
            }
            ui.add_space(8.0);
            let download = Button::secondary("Download…").icon(icons::DOWNLOAD_SIMPLE);
            if download.name(format!("Download {} instead", object.name())).show(ui).clicked() {
                cx.push(GalleryCommand::Download(vec![object.key.clone()]));
            }
            refusal::why_ui(ui, cx, trouble, ControlSize::Regular);
        });
    });
}

/// Everything there is to know, what matters most first.
fn info_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, object: &ObjectSummary, face: &Face<'_>, small: Option<&Small>) {
    ScrollArea::vertical().id_salt("viewer info").auto_shrink(false).show(ui, |ui| {
        Frame::new().inner_margin(Margin { left: 16, right: 16, top: 10, bottom: 16 }).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            ui.set_width(ui.available_width());
            let rule = |ui: &mut Ui| {
                ui.add_space(14.0);
                paint::hairline(ui);
                ui.add_space(6.0);
            };
            inspector::bare_head(ui, "Can it be seen?");
            inspector::seen_ui(ui, cx);
            rule(ui);
            inspector::bare_head(ui, "Image");
            image_ui(ui, face, small, object);
            rule(ui);
            inspector::file_ui(ui, cx, object);
            rule(ui);
            inspector::bare_head(ui, "Tags");
            inspector::tags_ui(ui, cx, &object.key);
        });
    });
}

fn image_ui(ui: &mut Ui, face: &Face<'_>, small: Option<&Small>, object: &ObjectSummary) {
    let t = Tokens::of(ui);
    let has_location = match face {
        Face::Full(image) => {
            crate::ui::widgets::key_values(ui, &facts::picture(image));
            image.exif.has_location
        }
        Face::Small(shown) => {
            let size = format!("{} × {}", shown.source.0, shown.source.1);
            let pairs = [
                crate::ui::widgets::KeyValue::new("Size", size),
                crate::ui::widgets::KeyValue::new("Format", shown.format.name()),
            ];
            crate::ui::widgets::key_values(ui, &pairs);
            shown.has_location
        }
        Face::Nothing => {
            paint::label(ui, Type::Small.rich(cell::type_words(object, small)), t.text_2);
            false
        }
    };
    if let Some(badge) = cell::badge(object, small) {
        ui.add_space(8.0);
        badge.show(ui);
    }
    if has_location {
        ui.add_space(8.0);
        Badge::new(Tone::Warn, "Has a location").icon(icons::MAP_PIN).show(ui);
        ui.add_space(4.0);
        paint::label(ui, Type::Small.rich(facts::HAS_PLACE), t.text_2);
    }
}
