//! A slider: rail of 2 points, knob of 12.

use std::ops::RangeInclusive;

use egui::{CornerRadius, EventFilter, Key, Rect, Response, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::paint;
use crate::theme::Tokens;

/// Keys that move the knob, and by how many steps.
const KEYS: [(Key, f32); 4] =
    [(Key::ArrowLeft, -1.0), (Key::ArrowDown, -1.0), (Key::ArrowRight, 1.0), (Key::ArrowUp, 1.0)];

/// Chooses a number from a range by `step`, over `width` points. Drag, click or arrow keys;
/// Home and End go to the ends. Says `changed()` when the value is another.
pub fn slider(ui: &mut Ui, value: &mut f32, range: RangeInclusive<f32>, step: f32, width: f32, name: &str) -> Response {
    const KNOB: f32 = 6.0;
    let t = Tokens::of(ui);
    let enabled = ui.is_enabled();
    let mut response = paint::allocate(ui, vec2(width, 16.0), Sense::click_and_drag(), enabled);
    let rect = response.rect;
    let (low, high) = (*range.start(), *range.end());
    let rail = (rect.left() + KNOB)..=(rect.right() - KNOB);

    let mut wanted = *value;
    if let Some(pointer) = response.interact_pointer_pos() {
        wanted = egui::remap_clamp(pointer.x, rail.clone(), range.clone());
    }
    if response.has_focus() {
        // The arrows move the knob here, not the focus.
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        wanted +=
            ui.input(|input| KEYS.iter().map(|&(key, by)| by * step * input.num_presses(key) as f32).sum::<f32>());
        if ui.input(|input| input.key_pressed(Key::Home)) {
            wanted = low;
        }
        if ui.input(|input| input.key_pressed(Key::End)) {
            wanted = high;
        }
    }
    let wanted = (((wanted - low) / step).round() * step + low).clamp(low, high);
    if (wanted - *value).abs() > f32::EPSILON && (response.dragged() || response.clicked() || response.has_focus()) {
        *value = wanted;
        response.mark_changed();
    }

    let x = egui::remap_clamp(*value, range, rail);
    let line =
        |from: f32, to: f32| Rect::from_min_max(pos2(from, rect.center().y - 1.0), pos2(to, rect.center().y + 1.0));
    let corner = CornerRadius::same(1);
    let filled = if enabled { t.water } else { t.stroke_strong };
    ui.painter().rect_filled(line(rect.left(), rect.right()), corner, t.stroke_strong);
    ui.painter().rect_filled(line(rect.left(), x), corner, filled);
    let (fill, edge) = if t.dark { (t.text_2, t.text_2) } else { (t.surface, t.stroke_control) };
    let center = pos2(x, rect.center().y);
    ui.painter().circle(center, KNOB - 1.0, fill, Stroke::new(1.0, edge));
    if response.has_focus() {
        let knob = Rect::from_center_size(center, vec2(12.0, 12.0));
        paint::focus_ring(ui.painter(), knob, 6, t);
    }
    response.widget_info(|| WidgetInfo::slider(enabled, f64::from(*value), name));
    ui.accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(f64::from(low));
        node.set_max_numeric_value(f64::from(high));
        node.set_numeric_value_step(f64::from(step));
    });
    response
}
