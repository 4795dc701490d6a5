//! Parts of the inspector: sections that unfold, and pairs of label and value.

use std::borrow::Cow;

use egui::{Align2, Color32, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::badge::Badge;
use super::paint;
use crate::theme::measure::radius;
use crate::theme::{Tokens, Type, icons};

/// A section with a head of 32 points that opens and shuts it. Whether it is open is kept for the
/// running window under `salt`.
pub fn section(
    ui: &mut Ui,
    salt: impl egui::AsIdSalt,
    title: &str,
    badge: Option<Badge<'_>>,
    open_at_first: bool,
    contents: impl FnOnce(&mut Ui),
) -> Response {
    let t = Tokens::of(ui);
    let id = ui.make_persistent_id(salt);
    let mut open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(open_at_first);
    let head = paint::allocate(ui, vec2(ui.available_width(), 32.0), Sense::click(), ui.is_enabled());
    if head.clicked() {
        open = !open;
        ui.data_mut(|data| data.insert_temp(id, open));
    }
    let rect = head.rect;
    let y = rect.center().y;
    let galley = paint::line(ui, Type::SmallStrong, t.text, title);
    let words = paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left(), y), galley);
    if let Some(badge) = badge {
        badge.paint_left_center(ui, pos2(words.right() + 8.0, y), rect.right() - words.right() - 40.0);
    }
    let color = if head.hovered() { t.text } else { t.text_2 };
    let caret = if open { icons::CARET_UP } else { icons::CARET_DOWN };
    paint::icon_at(ui.painter(), pos2(rect.right() - 8.0, y), caret, 16.0, color);
    if head.has_focus() {
        paint::focus_ring(ui.painter(), rect, radius::SMALL, t);
    }
    head.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, open, title));
    if open {
        ui.scope_builder(UiBuilder::new().id_salt(id), contents);
    }
    head
}

/// A caret and a word that unfold what follows, such as "Details". Says whether it is open.
pub fn disclosure(ui: &mut Ui, salt: impl egui::AsIdSalt, label: &str) -> bool {
    let t = Tokens::of(ui);
    let id = ui.make_persistent_id(salt);
    let mut open = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
    let galley = paint::line(ui, Type::SmallMedium, t.text_2, label);
    let size = vec2(galley.size().x + 18.0, 18.0);
    let response = paint::allocate(ui, size, Sense::click(), ui.is_enabled());
    if response.clicked() {
        open = !open;
        ui.data_mut(|data| data.insert_temp(id, open));
    }
    let rect = response.rect;
    let caret = if open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    paint::icon_at(ui.painter(), rect.left_center() + vec2(7.0, 0.0), caret, 14.0, t.text_2);
    paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, rect.right_center(), galley);
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, radius::SMALL, t);
    }
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, open, label));
    open
}

/// One pair of the inspector.
#[derive(Clone, Debug)]
pub struct KeyValue<'a> {
    key: Cow<'a, str>,
    value: Cow<'a, str>,
    mono: bool,
    color: Option<Color32>,
}

impl<'a> KeyValue<'a> {
    /// A value in words.
    pub fn new(key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        Self { key: key.into(), value: value.into(), mono: false, color: None }
    }

    /// A key, header or code.
    pub fn mono(key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        Self { mono: true, ..Self::new(key, value) }
    }

    /// Another colour for the value, such as that of "Cannot be read".
    pub fn color(mut self, color: Color32) -> Self {
        self.color = Some(color);
        self
    }
}

/// Labels in a column of 104 points, values beside them; values wrap and can be selected.
pub fn key_values(ui: &mut Ui, pairs: &[KeyValue<'_>]) {
    const KEYS_WIDTH: f32 = 104.0;
    let t = Tokens::of(ui);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
        ui.spacing_mut().interact_size.y = 18.0;
        for pair in pairs {
            ui.horizontal_top(|ui| {
                let (rect, key) = ui.allocate_exact_size(vec2(KEYS_WIDTH, 18.0), Sense::hover());
                let galley = paint::line_within(ui, Type::Small, t.text_3, pair.key.as_ref(), KEYS_WIDTH);
                paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min, galley);
                key.widget_info(|| WidgetInfo::labeled(Role::Label, true, &pair.key));
                let kind = if pair.mono { Type::Mono } else { Type::Small };
                let mut job = kind.job(pair.value.as_ref(), pair.color.unwrap_or(t.text));
                job.wrap.max_width = ui.available_width();
                ui.add(egui::Label::new(job).wrap().selectable(true));
            });
        }
    });
}
