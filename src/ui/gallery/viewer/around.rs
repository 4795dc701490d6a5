//! What lies around the canvas: the bar on top, the strip of neighbours, the arrows at the sides.

use egui::{
    Align, CornerRadius, Layout, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo,
};
use egui::{pos2, vec2};

use crate::domain::format;
use crate::domain::object::ObjectSummary;
use crate::images::pipeline::ThumbKey;
use crate::model::browse::{Place, Session};
use crate::model::command::FrameCommand;
use crate::model::gallery::{FullImage, GalleryCommand, UrlText};
use crate::theme::measure::radius;
use crate::theme::{Icon, Tokens, Type, icons};
use crate::ui::gallery::{GalleryPanel, cell};
use crate::ui::widgets::{Button, ControlSize, IconButton, Segment, ThumbFace, paint, segmented, thumb_face};
use crate::ui::{UiCtx, exposure};

use super::view::{Stage, percent};

/// A picture of the strip, and the gap between two.
const PICTURE: Vec2 = vec2(70.0, 52.0);
const GAP: f32 = 8.0;
/// The pictures of the strip are those of the grid.
const EDGE: u32 = 256;

/// What the first segment of the bar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    Fit,
    Whole,
    Other,
}

impl GalleryPanel {
    /// Close, name, who sees it; zoom, download, delete, details, Copy URL.
    #[expect(
        clippy::too_many_arguments,
        reason = "all that is known of what is painted; a struct would only rename it"
    )]
    pub(super) fn bar_ui(
        &mut self,
        ui: &mut Ui,
        cx: &mut UiCtx<'_>,
        session: &Session,
        place: &Place,
        object: &ObjectSummary,
        stage: Option<Stage>,
        bar: Rect,
    ) {
        let t = Tokens::of(ui);
        ui.painter().rect_filled(bar, 0, t.surface);
        ui.painter().hline(bar.x_range(), bar.bottom() - 0.5, Stroke::new(1.0, t.stroke));
        let layout = Layout::right_to_left(Align::Center);
        let builder = UiBuilder::new().id_salt("viewer bar").max_rect(bar.shrink2(vec2(12.0, 0.0))).layout(layout);
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            if Button::primary("Copy URL").icon(icons::COPY).show(ui).clicked() {
                cx.push(GalleryCommand::CopyUrls(vec![object.key.clone()], UrlText::Plain(None)));
            }
            ui.add_space(4.0);
            let open = cx.model.settings.inspector_open;
            let words = if open { "Hide the details" } else { "Show the details" };
            let info = IconButton::new(icons::INFO, words).on(open).tooltip(format!("{words}   Ctrl I"));
            if info.show(ui).clicked() {
                cx.push(FrameCommand::ToggleInspector);
            }
            let delete = IconButton::new(icons::TRASH, format!("Delete {}", object.name())).tooltip("Delete…   Del");
            if delete.show(ui).clicked() {
                cx.push(GalleryCommand::AskDelete(vec![object.key.clone()]));
            }
            let download = IconButton::new(icons::DOWNLOAD_SIMPLE, format!("Download {}", object.name()));
            if download.tooltip("Download…").show(ui).clicked() {
                cx.push(GalleryCommand::Download(vec![object.key.clone()]));
            }
            let (line, _) = ui.allocate_exact_size(vec2(9.0, 24.0), Sense::hover());
            ui.painter().vline(line.center().x.floor() + 0.5, line.y_range(), Stroke::new(1.0, t.stroke));
            self.zoom_ui(ui, stage);
            self.play_ui(ui, cx, object);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| name_ui(ui, cx, session, place, object));
        });
    }

    /// Fit or 100 %, smaller, how large, larger; from right to left.
    fn zoom_ui(&mut self, ui: &mut Ui, stage: Option<Stage>) {
        let t = Tokens::of(ui);
        let why_not = stage.is_none().then_some("There is nothing to zoom into");
        let larger = IconButton::new(icons::MAGNIFYING_GLASS_PLUS, "Zoom in").disabled_because(why_not);
        let larger = larger.tooltip("Zoom in   +").show(ui).clicked();
        let scale = stage.map(|stage| self.viewer.view.scale(&stage));
        let (rect, shown) = ui.allocate_exact_size(vec2(40.0, 20.0), Sense::hover());
        let words = scale.map(percent).unwrap_or_default();
        let galley = paint::line(ui, Type::Small, t.text_2, words.clone());
        paint::galley_at(ui.painter(), egui::Align2::CENTER_CENTER, rect.center(), galley);
        shown.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
        let smaller = IconButton::new(icons::MAGNIFYING_GLASS_MINUS, "Zoom out").disabled_because(why_not);
        let smaller = smaller.tooltip("Zoom out   \u{2212}").show(ui).clicked();
        let view = &mut self.viewer.view;
        let before = match scale {
            _ if view.is_fit() => Size::Fit,
            Some(scale) if (scale - 1.0).abs() < 0.001 => Size::Whole,
            Some(_) | None => Size::Other,
        };
        let mut size = before;
        let segments = [Segment::new(Size::Fit, "Fit"), Segment::new(Size::Whole, "100 %")];
        segmented(ui, &segments, &mut size, ControlSize::Regular);
        let Some(stage) = stage else { return };
        let middle = stage.canvas.center();
        if size != before {
            match size {
                Size::Fit => view.fit(),
                Size::Whole => view.zoom_to(&stage, 1.0, middle),
                Size::Other => {}
            }
        }
        if larger || smaller {
            view.step(&stage, larger, middle);
        }
    }

    /// Holds an animation, or lets it go on.
    fn play_ui(&mut self, ui: &mut Ui, cx: &UiCtx<'_>, object: &ObjectSummary) {
        let gallery = &cx.model.gallery;
        let is_of_this = gallery.full_of.as_ref().is_some_and(|(of, _)| *of == object.key);
        let moves = |image: &FullImage| image.frames.is_animated();
        if !is_of_this || !gallery.full.known().is_some_and(moves) {
            return;
        }
        let plays = self.viewer.playback.plays(ui);
        let (icon, name) =
            if plays { (icons::PAUSE, "Hold the animation") } else { (icons::PLAY, "Play the animation") };
        if IconButton::new(icon, name).show(ui).clicked() {
            self.viewer.playback.toggle();
        }
    }

    /// The neighbours, and the arrows that lead to them.
    pub(super) fn film_ui(
        &mut self,
        ui: &mut Ui,
        cx: &mut UiCtx<'_>,
        session: &Session,
        place: &Place,
        key: &str,
        film: Rect,
    ) {
        let t = Tokens::of(ui);
        ui.painter().rect_filled(film, 0, t.window);
        ui.painter().hline(film.x_range(), film.top() + 0.5, Stroke::new(1.0, t.stroke));
        let gallery = &cx.model.gallery;
        let listing = &session.listing;
        let Some(here) = gallery.image_position(listing, key) else { return };
        let fitting = ((film.width() - 32.0 + GAP) / (PICTURE.x + GAP)).floor().max(1.0) as usize;
        let span = neighbours(here, gallery.images.len(), fitting);
        self.textures.make_room(span.len(), EDGE);
        let width = span.len() as f32 * (PICTURE.x + GAP) - GAP;
        let mut at = pos2((film.center().x - width / 2.0).round(), (film.center().y - PICTURE.y / 2.0).round());
        for position in span {
            let object = &listing.objects[gallery.images[position]];
            let thumb = ThumbKey::of(session.connection.id, &place.bucket, object, EDGE);
            let known = self.known_or_wanted(object, &thumb);
            let face = cell::face(object, known.as_ref(), self.wishes.is_asked(&thumb));
            let rect = Rect::from_min_size(at, PICTURE);
            at.x += PICTURE.x + GAP;
            let response = ui.interact(rect, ui.scope_id().with(("film", &object.key)), Sense::CLICK);
            frame_ui(ui, rect, &face, position == here, &response);
            let name = format!("Open {}", object.name());
            response.widget_info(|| WidgetInfo::selected(Role::Button, true, position == here, &name));
            if response.clicked() && position != here {
                cx.push(GalleryCommand::StepOpened(position as isize - here as isize));
            }
            paint::tooltip(response, object.name());
        }
        let canvas = Rect::from_min_max(pos2(film.left(), ui.max_rect().top() + 52.0), film.right_top());
        let ends = [
            (canvas.left() + 30.0, icons::CARET_LEFT, "Previous image", -1_isize, here > 0),
            (canvas.right() - 30.0, icons::CARET_RIGHT, "Next image", 1, here + 1 < gallery.images.len()),
        ];
        for (x, icon, name, steps, there) in ends {
            if there && round_button(ui, pos2(x, canvas.center().y), icon, name).clicked() {
                cx.push(GalleryCommand::StepOpened(steps));
            }
        }
    }
}

fn name_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, place: &Place, object: &ObjectSummary) {
    let t = Tokens::of(ui);
    let gallery = &cx.model.gallery;
    if IconButton::new(icons::X, "Close").tooltip("Close   Esc").show(ui).clicked() {
        cx.push(GalleryCommand::CloseOpened);
    }
    let which = gallery
        .image_position(&session.listing, &object.key)
        .map(|at| format!("{} of {}", format::count(at as u64 + 1), format::count(gallery.images.len() as u64)));
    let which = paint::line(ui, Type::Body, t.text_3, which.unwrap_or_default());
    // The badge and the number stay; a long name gives way to them.
    let others = which.size().x + 160.0;
    let room = (ui.available_width() - others).max(80.0);
    let name = paint::line_within(ui, Type::BodyMedium, t.text, object.name(), room);
    let (rect, response) = ui.allocate_exact_size(name.size(), Sense::hover());
    let cut = name.elided;
    paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), name);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, object.name()));
    if cut {
        paint::tooltip(response, object.name());
    }
    let text = which.text().to_owned();
    let (rect, response) = ui.allocate_exact_size(which.size(), Sense::hover());
    paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), which);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    if ui.available_width() > 120.0 {
        ui.add_space(4.0);
        let (badge, why) = exposure::badge(session.exposure_of(&place.bucket));
        paint::tooltip(badge.show(ui), why);
    }
}

/// One picture of the strip.
fn frame_ui(ui: &Ui, rect: Rect, face: &ThumbFace<'_>, is_here: bool, response: &Response) {
    let t = Tokens::of(ui);
    let corner = CornerRadius::same(radius::SMALL);
    match face {
        ThumbFace::Picture { .. } => thumb_face(ui, rect, radius::SMALL, face),
        face => {
            ui.painter().rect_filled(rect, corner, t.sunken);
            let icon = match face {
                ThumbFace::Broken(_) => (icons::IMAGE_BROKEN, t.danger_icon()),
                ThumbFace::Private(_) => (icons::LOCK_SIMPLE, t.text_3),
                ThumbFace::Other(icon, _) => (*icon, t.text_3),
                ThumbFace::TooLarge(_) => (icons::IMAGE_SQUARE, t.text_3),
                ThumbFace::Waiting | ThumbFace::ComingIn(_) | ThumbFace::Picture { .. } => (icons::IMAGE, t.text_off),
            };
            paint::icon_at(ui.painter(), rect.center(), icon.0, 20.0, icon.1);
        }
    }
    if is_here {
        let ring = Stroke::new(2.0, t.chosen_edge());
        ui.painter().rect_stroke(rect.expand(2.0), corner, ring, StrokeKind::Outside);
    } else if response.hovered() {
        ui.painter().rect_stroke(rect, corner, Stroke::new(1.0, t.stroke_strong), StrokeKind::Inside);
    }
}

/// A round button of 36 points over the canvas.
fn round_button(ui: &Ui, center: egui::Pos2, icon: Icon, name: &str) -> Response {
    let t = Tokens::of(ui);
    let rect = Rect::from_center_size(center, Vec2::splat(36.0));
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::click());
    let fill = if response.is_pointer_button_down_on() {
        t.pressed
    } else {
        paint::mix(t.raised, t.hover, paint::hover_part(ui, &response))
    };
    ui.painter().circle(center, 18.0, fill, Stroke::new(1.0, t.stroke_strong));
    paint::icon_at(ui.painter(), center, icon, 20.0, t.text_2);
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, 18, t);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response
}

/// Which neighbours are in the strip: as many as fit, the opened one in the middle where there are enough on both sides.
fn neighbours(here: usize, count: usize, fitting: usize) -> std::ops::Range<usize> {
    let fitting = fitting.min(count);
    let start = here.saturating_sub(fitting / 2).min(count - fitting);
    start..start + fitting
}

#[cfg(test)]
mod tests {
    use super::neighbours;
    use test_case::test_case;

    #[test_case(5, 148, 12, 0..12; "near the beginning")]
    #[test_case(70, 148, 12, 64..76; "in the middle")]
    #[test_case(147, 148, 12, 136..148; "at the end")]
    #[test_case(1, 3, 12, 0..3; "fewer than fit")]
    #[test_case(0, 1, 1, 0..1; "a single one")]
    fn strip(here: usize, count: usize, fitting: usize, expected: std::ops::Range<usize>) {
        assert_eq!(neighbours(here, count, fitting), expected);
        assert!(expected.contains(&here));
    }
}
