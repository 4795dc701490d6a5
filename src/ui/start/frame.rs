use egui::epaint::{BandPoint, BandShape};
use egui::{Align, Layout, Rect, ScrollArea, Sense, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::model::command::{FrameCommand, Screen};
use crate::theme::{Tokens, Type, icons, mark};
use crate::ui::UiCtx;
use crate::ui::widgets::paint::{self, focus_ring};
use crate::ui::widgets::{IconButton, key_cap};

/// Widest the page gets.
const WIDTH: f32 = 944.0;
/// Above the mark and below the last line.
const MARGIN: f32 = 48.0;
/// Height of the water in the middle of the window.
const WATER: f32 = 64.0;

/// A page, with the mark above it where it has a `head`, centred and as wide as there is room, that scrolls where it is too high.
pub(crate) fn page_ui(
    ui: &mut Ui,
    cx: &mut UiCtx<'_>,
    salt: &str,
    head: bool,
    contents: impl FnOnce(&mut Ui, &mut UiCtx<'_>),
) {
    ScrollArea::vertical().id_salt(salt).auto_shrink(false).show(ui, |ui| {
        let free = ui.available_width();
        let width = WIDTH.min(free - 64.0).max(320.0);
        let left = ((free - width) / 2.0).max(0.0).floor();
        let place = Rect::from_min_size(
            ui.cursor().min + vec2(left, if head { MARGIN } else { 4.0 }),
            vec2(width, f32::INFINITY),
        );
        let builder = UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::LEFT));
        let used = ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            ui.set_width(width);
            if head {
                head_ui(ui, cx);
            }
            contents(ui, cx);
        });
        ui.advance_cursor_after_rect(used.response.rect);
        ui.add_space(MARGIN / 2.0);
    });
}

/// Mark and name; notices and settings at the right.
fn head_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    let square = Rect::from_min_size(pos2(rect.left(), rect.center().y - 14.0), Vec2::splat(28.0));
    mark::paint(ui, square);
    let name = paint::line(ui, Type::Heading, t.text, "Brimful");
    paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, pos2(rect.left() + 36.0, rect.center().y), name);
    let corner = Rect::from_min_max(pos2(rect.right() - 68.0, rect.top()), rect.max);
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(UiBuilder::new().max_rect(corner).layout(layout));
    right.spacing_mut().item_spacing.x = 8.0;
    if IconButton::new(icons::GEAR_SIX, "Settings").tooltip("Settings   Ctrl+,").show(&mut right).clicked() {
        cx.push(FrameCommand::Show(Screen::Settings));
    }
    let unseen = cx.model.notices.unseen();
    let name = if unseen == 0 { "Notices".to_owned() } else { format!("Notices, {unseen} new") };
    let bell = IconButton::new(icons::BELL, name).show(&mut right);
    if unseen > 0 {
        let dot = bell.rect.center() + vec2(6.0, -6.0);
        right.painter().circle(dot, 4.0, t.accent, egui::Stroke::new(1.5, t.surface));
    }
    if bell.clicked() {
        cx.push(FrameCommand::Show(Screen::Notices));
    }
}

/// A way back above the title of a page. `keys` are shown beside it.
pub(crate) fn back_ui(ui: &mut Ui, label: &str, keys: &str) -> bool {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let text = paint::line(ui, Type::BodyMedium, t.accent_text, label);
        let response = paint::allocate(ui, vec2(text.size().x + 22.0, 24.0), Sense::click(), true);
        let rect = response.rect;
        paint::icon_at(ui.painter(), pos2(rect.left() + 8.0, rect.center().y), icons::ARROW_LEFT, 16.0, t.accent_text);
        let at = pos2(rect.left() + 22.0, rect.center().y);
        let words = paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, at, text);
        if response.hovered() {
            let line = egui::Stroke::new(1.0, t.accent_text);
            ui.painter().hline(words.x_range(), words.bottom() - 2.0, line);
        }
        if response.has_focus() {
            focus_ring(ui.painter(), rect, 4, t);
        }
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Link, true, label));
        if !keys.is_empty() {
            key_cap(ui, keys);
        }
        response.clicked()
    })
    .inner
}

/// Title and lead of a page.
pub(crate) fn title_ui(ui: &mut Ui, title: &str, lead: &str) {
    let t = Tokens::of(ui);
    paint::label(ui, Type::Display.rich(title), t.text);
    ui.add_space(4.0);
    paint::label(ui, Type::Lead.rich(lead), t.text_2);
}

/// The water at the bottom of the window, where there is room for it.
pub(super) fn water_ui(ui: &Ui) {
    let window = ui.max_rect();
    if window.height() < 760.0 {
        return;
    }
    let t = Tokens::of(ui);
    // A parabola from 30 at the sides to 12 in the middle, measured from the top of the water.
    let steps = 64;
    let points = (0..=steps).map(|step| {
        let part = step as f32 / steps as f32;
        let dip = 30.0 - 72.0 * part * (1.0 - part);
        BandPoint::new(window.left() + window.width() * part, window.bottom() - WATER + dip..=window.bottom())
    });
    ui.painter().add(BandShape::filled(points.collect(), t.accent_soft));
}
