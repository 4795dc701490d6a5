//! Rows of a sidebar, a wizard rail and a page: one line with an icon.

use std::borrow::Cow;

use egui::text::LayoutJob;
use egui::{Align2, Color32, CornerRadius, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::level::Level;
use super::paint;
use crate::theme::measure::{height, radius};
use crate::theme::{Icon, Tokens, Type};

/// Whether a row is selected, and whether its pane has the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowSelection {
    /// Not selected.
    #[default]
    None,
    /// Selected, in the pane in use.
    Selected,
    /// Selected, while another pane has the focus.
    Quiet,
}

impl RowSelection {
    /// Selected or not, in the pane in use.
    pub fn from_bool(selected: bool) -> Self {
        if selected { Self::Selected } else { Self::None }
    }

    /// Bed of a row, given how far a hover colour has come in.
    pub(crate) fn fill(self, t: &Tokens, over: f32) -> Color32 {
        match self {
            Self::None => paint::mix(Color32::TRANSPARENT, t.hover, over),
            Self::Selected => t.selected,
            Self::Quiet => t.selected_quiet,
        }
    }
}

/// A bucket, folder or page in the sidebar, 28 points high.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct TreeRow<'a> {
    label: Cow<'a, str>,
    name: Option<Cow<'a, str>>,
    icon: Icon,
    icon_color: Option<Color32>,
    count: Option<Cow<'a, str>>,
    depth: usize,
    selection: RowSelection,
}

impl<'a> TreeRow<'a> {
    /// A row with an icon and a name.
    pub fn new(icon: Icon, label: impl Into<Cow<'a, str>>) -> Self {
        Self {
            label: label.into(),
            name: None,
            icon,
            icon_color: None,
            count: None,
            depth: 0,
            selection: RowSelection::None,
        }
    }

    /// Colour of the icon where it means something.
    pub fn icon_color(mut self, color: Color32) -> Self {
        self.icon_color = Some(color);
        self
    }

    /// Count at the right.
    pub fn count(mut self, count: impl Into<Cow<'a, str>>) -> Self {
        self.count = Some(count.into());
        self
    }

    /// How deep in the tree; 16 points each.
    pub fn depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Selected or not.
    pub fn selection(mut self, selection: RowSelection) -> Self {
        self.selection = selection;
        self
    }

    /// Name for assistive technology, with the state in words ("acme-press-kit, open to anyone").
    pub fn name(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Shows it over the width left; the whole label is in the tooltip where it is cut.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let enabled = ui.is_enabled();
        let size = vec2(ui.available_width(), height::ROW_TREE);
        let response = paint::allocate(ui, size, Sense::click(), enabled);
        let rect = response.rect;
        let painter = ui.painter();
        let fill = self.selection.fill(t, paint::hover_part(ui, &response));
        painter.rect_filled(rect, CornerRadius::same(radius::CONTROL), fill);

        let mut x = rect.left() + 8.0 + 16.0 * self.depth as f32;
        let y = rect.center().y;
        let icon_color = if enabled { self.icon_color.unwrap_or(t.text_3) } else { t.text_off };
        paint::icon_at(painter, pos2(x + 8.0, y), self.icon, 16.0, icon_color);
        x += 24.0;
        let mut right = rect.right() - 8.0;
        if let Some(count) = &self.count {
            let galley = paint::line(ui, Type::CaptionMedium, t.text_3, count.as_ref());
            right = paint::galley_at(painter, Align2::RIGHT_CENTER, pos2(right, y), galley).left() - 8.0;
        }
        let kind = if self.selection == RowSelection::None { Type::Body } else { Type::BodyMedium };
        let color = if enabled { t.text } else { t.text_off };
        let galley = paint::line_within(ui, kind, color, self.label.as_ref(), right - x);
        let cut = galley.elided;
        paint::galley_at(painter, Align2::LEFT_CENTER, pos2(x, y), galley);
        if response.has_focus() {
            paint::focus_ring(painter, rect, radius::CONTROL, t);
        }
        let selected = self.selection != RowSelection::None;
        let name = self.name.as_deref().unwrap_or(&self.label);
        response.widget_info(|| WidgetInfo::selected(Role::TreeItem, enabled, selected, name));
        if cut { paint::tooltip(response, &self.label) } else { response }
    }
}

/// A step in the rail of a wizard: level icon, name, and what was chosen.
#[derive(Clone, Debug)]
#[must_use = "show it with `show`"]
pub struct RailStep<'a> {
    level: Level,
    title: Cow<'a, str>,
    detail: Cow<'a, str>,
    current: bool,
}

impl<'a> RailStep<'a> {
    /// A step; `detail` may be empty.
    pub fn new(level: Level, title: impl Into<Cow<'a, str>>, detail: impl Into<Cow<'a, str>>) -> Self {
        Self { level, title: title.into(), detail: detail.into(), current: false }
    }

    /// The step on screen.
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    /// Shows it. A step that is waiting takes no click; a click on another goes back to it.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let reachable = ui.is_enabled() && self.level != Level::Waiting;
        let width = ui.available_width();
        let title_color = if self.level == Level::Waiting { t.text_2 } else { t.text };
        let title_kind = if self.level == Level::Waiting { Type::Body } else { Type::BodyMedium };
        let detail_color = if self.current { t.text_2 } else { t.text_3 };
        let inner = width - 16.0 - 26.0;
        let title = paint::line_within(ui, title_kind, title_color, self.title.as_ref(), inner);
        let detail = (!self.detail.is_empty())
            .then(|| paint::line_within(ui, Type::Small, detail_color, self.detail.as_ref(), inner));
        let size = vec2(width, if detail.is_some() { 52.0 } else { 36.0 });
        let sense = if reachable { Sense::click() } else { Sense::hover() };
        let response = paint::allocate(ui, size, sense, true);
        let rect = response.rect;
        let fill = if self.current {
            t.selected
        } else if reachable {
            paint::mix(Color32::TRANSPARENT, t.hover, paint::hover_part(ui, &response))
        } else {
            Color32::TRANSPARENT
        };
        ui.painter().rect_filled(rect, CornerRadius::same(radius::CONTROL), fill);
        self.level.paint(ui, rect.min + vec2(16.0, 18.0), 16.0);
        let left = rect.min + vec2(34.0, 8.0);
        paint::galley_at(ui.painter(), Align2::LEFT_TOP, left, title);
        if let Some(detail) = detail {
            paint::galley_at(ui.painter(), Align2::LEFT_TOP, left + vec2(0.0, 19.0), detail);
        }
        if response.has_focus() {
            paint::focus_ring(ui.painter(), rect, radius::CONTROL, t);
        }
        let name = format!("{}, {}", self.title, self.level.words());
        let role = if reachable { Role::Button } else { Role::Label };
        response.widget_info(|| WidgetInfo::labeled(role, true, &name));
        response
    }
}

/// A row of `height` points over the width left, with everything in it on one middle line.
///
/// `ui.horizontal` places each widget in the height reached so far, so a small button before a
/// large one would hang at the top; here the height is known from the start.
pub fn row<R>(ui: &mut Ui, height: f32, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let size = vec2(ui.available_width(), height);
    ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| {
        ui.set_min_height(height);
        contents(ui)
    })
    .inner
}

/// Head of a group in the sidebar, with small icon buttons at the right.
pub fn group_head(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    let size = vec2(ui.available_width(), height::ROW_TREE);
    ui.allocate_ui_with_layout(size, egui::Layout::left_to_right(egui::Align::Center), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(8.0);
        paint::label(ui, Type::CaptionMedium.rich(title), t.text_3);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(4.0);
            right(ui);
        });
    });
}

/// A statement with an icon: what holds, what does not, what is unknown. The text wraps beside it.
pub fn fact(ui: &mut Ui, icon: Icon, color: Color32, sentence: LayoutJob) -> Response {
    let width = ui.available_width();
    let line = sentence.sections.first().and_then(|section| section.format.line_height).unwrap_or(20.0);
    let galley = paint::wrapped_job(ui, sentence, width - 24.0);
    let size = vec2(width, galley.size().y.max(line));
    let response = paint::allocate(ui, size, Sense::hover(), true);
    let rect = response.rect;
    paint::icon_at(ui.painter(), rect.min + vec2(8.0, line / 2.0), icon, 16.0, color);
    let words = galley.text().to_owned();
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min + vec2(24.0, 0.0), galley);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    response
}

/// A folder in the gallery, 44 points high.
pub fn folder_card(ui: &mut Ui, width: f32, label: &str, meta: &str, selection: RowSelection) -> Response {
    let t = Tokens::of(ui);
    let response = paint::allocate(ui, vec2(width, height::FOLDER), Sense::click(), ui.is_enabled());
    let rect = response.rect;
    let corner = CornerRadius::same(radius::BOX);
    let over = paint::hover_part(ui, &response);
    let (fill, edge, edge_width) = match selection {
        RowSelection::None => (t.surface, paint::mix(t.stroke, t.stroke_strong, over), 1.0),
        RowSelection::Selected => (t.selected, t.chosen_edge(), 2.0),
        RowSelection::Quiet => (t.selected_quiet, t.stroke_strong, 1.0),
    };
    let stroke = egui::Stroke::new(edge_width, edge);
    ui.painter().rect(rect, corner, fill, stroke, egui::StrokeKind::Inside);
    let icon = pos2(rect.left() + 22.0, rect.center().y);
    paint::icon_fill_at(ui.painter(), icon, crate::theme::icons::FOLDER, 20.0, t.water);
    let left = rect.left() + 42.0;
    let room = rect.right() - 12.0 - left;
    let galley = paint::line_within(ui, Type::BodyMedium, t.text, label, room);
    let cut = galley.elided;
    let top = if meta.is_empty() { rect.center().y - 10.0 } else { rect.top() + 5.0 };
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, pos2(left, top), galley);
    if !meta.is_empty() {
        let galley = paint::line_within(ui, Type::Caption, t.text_3, meta, room);
        paint::galley_at(ui.painter(), Align2::LEFT_TOP, pos2(left, rect.top() + 23.0), galley);
    }
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, radius::BOX, t);
    }
    let selected = selection != RowSelection::None;
    let name = format!("Folder {label}");
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &name));
    if cut { paint::tooltip(response, label) } else { response }
}

/// A tile of 44 points with an icon of 24, for doors and large choices.
pub fn tile(ui: &mut Ui, icon: Icon) -> Response {
    let t = Tokens::of(ui);
    let response = paint::allocate(ui, vec2(44.0, 44.0), Sense::hover(), true);
    let rect: Rect = response.rect;
    ui.painter().rect_filled(rect, CornerRadius::same(radius::BOX), t.accent_soft);
    paint::icon_at(ui.painter(), rect.center(), icon, 24.0, t.accent_text);
    response
}
