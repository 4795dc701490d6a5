//! Tabs under the top bar, and the brim line.

use egui::{Align2, CornerRadius, Layout, Painter, Rangef, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::paint;
use crate::theme::measure::{height, radius};
use crate::theme::{Tokens, Type};

/// A row of tabs with the brim line under the current one; `right` is laid out from the right edge.
/// Says whether the tab changed.
pub fn tabs<T: PartialEq + Copy>(
    ui: &mut Ui,
    tabs: &[(T, &str)],
    current: &mut T,
    right: impl FnOnce(&mut Ui),
) -> bool {
    let t = Tokens::of(ui);
    let bar = paint::allocate(ui, vec2(ui.available_width(), height::TABS), Sense::hover(), true);
    let rect = bar.rect;
    let hairline = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 1.0), rect.max);
    ui.painter().rect_filled(hairline, 0, t.stroke);
    let enabled = ui.is_enabled();
    let mut changed = false;
    let mut x = rect.left() + 8.0;
    for (index, (tab, label)) in tabs.iter().enumerate() {
        let width = (paint::line(ui, Type::BodyMedium, t.text, *label).size().x + 20.0).ceil();
        let place = Rect::from_min_size(pos2(x, rect.top()), vec2(width, rect.height()));
        x += width + 4.0;
        let response = paint::interact(ui, place, bar.id.with(index), Sense::click(), enabled);
        if response.clicked() && *current != *tab {
            *current = *tab;
            changed = true;
        }
        let on = *current == *tab;
        let color = paint::mix(t.text_2, t.text, if on { 1.0 } else { paint::hover_part(ui, &response) });
        let galley = paint::line(ui, Type::BodyMedium, color, *label);
        paint::galley_at(ui.painter(), Align2::CENTER_CENTER, place.center(), galley);
        if on {
            let along = Rangef::new(place.left() + 8.0, place.right() - 8.0);
            brim_line(ui.painter(), along, rect.bottom() - 1.0, t);
        }
        if response.has_focus() {
            paint::focus_ring(ui.painter(), place.shrink2(vec2(2.0, 6.0)), radius::SMALL, t);
        }
        response.widget_info(|| WidgetInfo::selected(Role::Tab, enabled, on, label));
    }
    let place = Rect::from_min_max(pos2(x, rect.top()), rect.max - vec2(16.0, 1.0));
    let layout = Layout::right_to_left(egui::Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    right(&mut child);
    changed
}

/// Two points of water on an edge at `y`: under the current tab, along the top of the strip.
pub fn brim_line(painter: &Painter, along: Rangef, y: f32, t: &Tokens) {
    let rect = Rect::from_x_y_ranges(along, Rangef::new(y - 1.0, y + 1.0));
    painter.rect_filled(rect, CornerRadius::same(1), t.water);
}
