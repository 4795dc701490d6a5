//! While files hover over the window, all of it is a vessel that fills.

use egui::epaint::{BandPoint, BandShape, RectShape};
use egui::{
    Align2, Area, Color32, CornerRadius, Order, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2,
};

use crate::domain::bucket::Exposure;
use crate::domain::format;
use crate::model::upload::target_prefix;
use crate::theme::measure::{motion, radius};
use crate::theme::{Tokens, Type, icons, reduced_motion};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, Tone, paint};

/// How far from the edges of the window.
const INSET: f32 = 12.0;
/// How high the water stands at the sides; in the middle it is lower.
const WATER: f32 = 196.0;
const MENISCUS: f32 = 34.0;

pub(super) fn drop_ui(ui: &Ui, cx: &UiCtx<'_>) {
    let names: Vec<String> = ui.input(|input| {
        let files = input.raw.hovered_files.iter();
        files
            .map(|file| {
                file.path
                    .as_ref()
                    .and_then(|path| path.file_name())
                    .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
            })
            .collect()
    });
    let id = egui::Id::unique("upload_drop");
    let hovering = !names.is_empty();
    let risen = if reduced_motion(ui) {
        f32::from(u8::from(hovering))
    } else {
        ui.animate_bool_with_time_and_easing(id, hovering, motion::VESSEL_SECS, egui::emath::easing::cubic_out)
    };
    if !hovering {
        return;
    }
    let window = ui.content_rect();
    let area = Area::new(id).order(Order::Foreground).fixed_pos(window.min).accessible_name("Drop to upload");
    area.show(ui.ctx(), |ui| {
        ui.allocate_exact_size(window.size(), Sense::hover());
        vessel(ui, window, risen);
        words(ui, cx, window, &names);
    });
}

fn vessel(ui: &Ui, window: Rect, risen: f32) {
    let t = Tokens::of(ui);
    ui.painter().rect_filled(window, 0, t.surface);
    let frame = window.shrink(INSET);
    let painter = ui.painter().with_clip_rect(frame);
    let high = WATER.min(frame.height() / 3.0) * risen;
    let top = frame.bottom() - high;
    let corner = f32::from(radius::DIALOG);
    // Close together in the round corners, wider apart between them.
    let near = (0..8).map(|step| corner * step as f32 / 8.0);
    let between = (0..=48).map(|step| corner + (frame.width() - 2.0 * corner) * step as f32 / 48.0);
    let far = (0..8).rev().map(|step| frame.width() - corner * step as f32 / 8.0);
    let surface: Vec<Pos2> = near
        .chain(between)
        .chain(far)
        .map(|x| {
            // Water climbs at the walls of a vessel.
            let from_wall = (x.min(frame.width() - x) / 300.0).clamp(0.0, 1.0);
            let low = MENISCUS.min(high / 3.0) * (1.0 - (1.0 - from_wall).powi(3));
            pos2(frame.left() + x, top + low)
        })
        .collect();
    let band = surface.iter().map(|at| {
        let from_wall = (at.x - frame.left()).min(frame.right() - at.x).clamp(0.0, corner);
        let lift = corner - (corner * corner - (corner - from_wall).powi(2)).max(0.0).sqrt();
        BandPoint::new(at.x, at.y..=(frame.bottom() - lift).max(at.y))
    });
    painter.add(BandShape::filled(band.collect(), t.water_pale));
    painter.add(Shape::line(surface, Stroke::new(2.0, t.water)));
    painter.rect_stroke(frame, CornerRadius::same(radius::DIALOG), Stroke::new(2.0, t.water), StrokeKind::Inside);
}

fn words(ui: &mut Ui, cx: &UiCtx<'_>, window: Rect, names: &[String]) {
    let t = Tokens::of(ui);
    let model = cx.model;
    let session = model.session.as_ref();
    let target =
        session.and_then(|session| Some((session, session.place.as_ref()?, target_prefix(&model.settings, session)?)));
    let center = window.center().x;
    let mut y = window.top() + (window.height() * 0.265).max(80.0);
    cards(ui, pos2(center, y), names);
    y += 96.0 + 36.0;
    let line = |ui: &Ui, kind: Type, color: Color32, text: &str, y: f32| {
        let galley = paint::line_within(ui, kind, color, text, window.width() - 80.0);
        let at = pos2(center, y);
        paint::galley_at(ui.painter(), Align2::CENTER_TOP, at, galley);
        let place = Rect::from_center_size(at, vec2(2.0, 2.0));
        let response = ui.interact(place, ui.scope_id().with(text), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, text));
    };
    let Some((session, place, prefix)) = target else {
        line(ui, Type::Display, t.text, "Open a bucket first", y);
        line(ui, Type::Lead, t.text_2, "Files go into a bucket, and none is open", y + 40.0);
        return;
    };
    let where_to = if prefix.is_empty() { &place.bucket } else { &prefix };
    line(ui, Type::Display, t.text, &format!("Drop to upload to {where_to}"), y);
    let all_files = names.iter().all(|name| name.contains('.'));
    let (one, many) = if all_files { ("file", "files") } else { ("item", "items") };
    let count = format::counted(names.len() as u64, one, many);
    let sentence = format!("{count} into {}. You see the plan before anything is sent.", place.bucket);
    line(ui, Type::Lead, t.text_2, &sentence, y + 40.0);
    let (tone, icon, words) = match session.exposure_of(&place.bucket) {
        Exposure::Public => (Tone::Public, icons::GLOBE_SIMPLE, "Files here may be open to anyone"),
        Exposure::Private => (Tone::Neutral, icons::LOCK_SIMPLE, "Files here stay private"),
        Exposure::Unasked | Exposure::Unknown => (Tone::Neutral, icons::QUESTION, "Who can see it is not known"),
    };
    let escape = paint::line(ui, Type::CaptionMedium, t.text_2, "Esc to cancel");
    // A badge has 12 points of padding and 16 for its icon.
    let badge_width = paint::line(ui, Type::CaptionMedium, t.text_2, words).size().x + 28.0;
    let at = pos2(center - (badge_width + 16.0 + escape.size().x) / 2.0, y + 94.0);
    let drawn = Badge::new(tone, words).icon(icon).paint_left_center(ui, at, badge_width + 1.0);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(drawn.right() + 16.0, at.y), escape);
}

/// Up to three cards with the names of what is coming.
fn cards(ui: &Ui, top: Pos2, names: &[String]) {
    let t = Tokens::of(ui);
    // The first stands in front, which is painted last.
    let shown: Vec<&String> = names.iter().take(3).rev().collect();
    let places: &[(f32, f32, f32, f32)] = match shown.len() {
        1 => &[(-64.0, 0.0, 128.0, 96.0)],
        2 => &[(-104.0, 6.0, 112.0, 84.0), (-8.0, 6.0, 112.0, 84.0)],
        _ => &[(-100.0, 12.0, 96.0, 72.0), (4.0, 12.0, 96.0, 72.0), (-64.0, 0.0, 128.0, 96.0)],
    };
    for (index, (place, name)) in places.iter().zip(shown.iter().cycle()).enumerate() {
        let rect = Rect::from_min_size(top + vec2(place.0, place.1), Vec2::new(place.2, place.3));
        let corner = CornerRadius::same(radius::BOX);
        ui.painter().add(t.shadow_popup.as_shape(rect, corner));
        ui.painter().add(RectShape::new(rect, corner, t.sunken, Stroke::new(3.0, t.raised), StrokeKind::Inside));
        let icon = super::file_icon(name);
        paint::icon_at(ui.painter(), rect.center() - vec2(0.0, 8.0), icon, 24.0, t.text_3);
        // Only the card in front has its name in full sight.
        if index + 1 == places.len() || shown.len() < 3 {
            let galley = paint::line_within(ui, Type::Caption, t.text_2, name.as_str(), rect.width() - 16.0);
            paint::galley_at(ui.painter(), Align2::CENTER_BOTTOM, rect.center_bottom() - vec2(0.0, 8.0), galley);
        }
    }
}
