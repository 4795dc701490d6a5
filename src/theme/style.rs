//! The stock egui style of each theme, so that labels, scroll bars, menus and anything else not
//! painted by our own widgets keep to the same roles.

use std::collections::BTreeMap;

use egui::style::{ScrollAnimation, ScrollStyle, Selection, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, Margin, Stroke, Style, TextStyle, Theme, Visuals, vec2};

use super::measure::{height, motion, radius};
use super::{Tokens, Type};

/// The style of a theme.
pub(super) fn style(theme: Theme, reduced_motion: bool) -> Style {
    let tokens = Tokens::for_theme(theme);
    let mut style = Style { text_styles: text_styles(), visuals: visuals(theme, tokens), ..Style::default() };
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 8.0);
    spacing.window_margin = Margin::same(24);
    spacing.menu_margin = Margin::same(4);
    spacing.button_padding = vec2(12.0, 4.0);
    // A row of text is 20 high; rows of controls say their height (`ui::widgets::row`).
    spacing.interact_size = vec2(20.0, 20.0);
    spacing.icon_width = height::CHECK;
    spacing.icon_width_inner = 10.0;
    spacing.icon_spacing = 6.0;
    spacing.slider_rail_height = 2.0;
    spacing.tooltip_width = 320.0;
    spacing.menu_width = 320.0;
    spacing.scroll = ScrollStyle {
        bar_width: 6.0,
        handle_min_length: 24.0,
        bar_inner_margin: 4.0,
        bar_outer_margin: 2.0,
        floating_width: 6.0,
        foreground_color: false,
        // Always there: it says how much more there is.
        dormant_handle_opacity: 1.0,
        active_handle_opacity: 1.0,
        interact_handle_opacity: 1.0,
        active_background_opacity: 0.0,
        interact_background_opacity: 0.0,
        ..ScrollStyle::floating()
    };
    style.interaction.tooltip_delay = motion::TOOLTIP_SECS;
    style.interaction.selectable_labels = false;
    set_motion(&mut style, reduced_motion);
    style
}

/// Sets or takes away every duration.
pub(super) fn set_motion(style: &mut Style, reduced: bool) {
    style.animation_time = if reduced { 0.0 } else { motion::HOVER_SECS };
    style.scroll_animation =
        if reduced { ScrollAnimation::none() } else { ScrollAnimation::duration(motion::PANEL_SECS) };
    style.visuals.text_cursor.blink = !reduced;
}

fn text_styles() -> BTreeMap<TextStyle, egui::FontId> {
    [
        (TextStyle::Small, Type::Small.font()),
        (TextStyle::Body, Type::Body.font()),
        (TextStyle::Button, Type::BodyMedium.font()),
        (TextStyle::Heading, Type::Heading.font()),
        (TextStyle::Monospace, Type::Mono.font()),
    ]
    .into()
}

fn visuals(theme: Theme, t: &Tokens) -> Visuals {
    let mut v = match theme {
        Theme::Light => Visuals::light(),
        Theme::Dark => Visuals::dark(),
    };
    v.widgets = widgets(t);
    v.selection = Selection { bg_fill: t.selected, stroke: Stroke::new(1.0, t.text) };
    v.weak_text_color = Some(t.text_3);
    v.hyperlink_color = t.accent_text;
    v.faint_bg_color = t.sunken;
    v.extreme_bg_color = t.field();
    v.text_edit_bg_color = Some(t.field());
    v.code_bg_color = t.sunken;
    v.warn_fg_color = t.warn_text;
    v.error_fg_color = t.danger_text;
    v.window_corner_radius = CornerRadius::same(radius::DIALOG);
    v.window_shadow = t.shadow_dialog;
    v.window_fill = t.raised;
    v.window_stroke = Stroke::new(1.0, t.stroke_strong);
    v.window_highlight_topmost = false;
    v.menu_corner_radius = CornerRadius::same(radius::BOX);
    v.panel_fill = t.surface;
    v.popup_shadow = t.shadow_popup;
    v.text_cursor.stroke = Stroke::new(1.0, t.text);
    v.ime_composition.active_underline_stroke = Stroke::new(2.0, t.accent_text);
    v.ime_composition.inactive_underline_stroke = Stroke::new(1.0, t.text_3);
    v.indent_has_left_vline = false;
    v.slider_trailing_fill = true;
    v.handle_shape = egui::style::HandleShape::Circle;
    v.interact_cursor = None;
    v.image_loading_spinners = false;
    // Disabled parts have a colour of their own, so nothing is faded on top of it.
    v.disabled_alpha = 1.0;
    v
}

fn widgets(t: &Tokens) -> Widgets {
    let plain = |fill: Color32, edge: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, edge),
        corner_radius: CornerRadius::same(radius::CONTROL),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: plain(t.surface, t.stroke, t.text),
        // `bg_fill` is also the handle of a scroll bar, which must show on every area.
        inactive: WidgetVisuals { bg_fill: t.stroke_strong, ..plain(t.surface, t.stroke_strong, t.text) },
        hovered: WidgetVisuals { bg_fill: t.stroke_control, ..plain(t.hover, t.stroke_strong, t.text) },
        active: WidgetVisuals { bg_fill: t.stroke_control, ..plain(t.pressed, t.stroke_strong, t.text) },
        open: plain(t.hover, t.stroke_strong, t.text),
    }
}
