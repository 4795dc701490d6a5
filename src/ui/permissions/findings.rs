//! The list of findings under the text.

use egui::{Align, Align2, Frame, Layout, Margin, Panel, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::domain::format;
use crate::model::permissions::PermissionsCommand;
use crate::model::permissions::reading::Told;
use crate::theme::measure::radius;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, paint};

use super::editor::face;
use super::{PermissionsPanel, View};

/// Height of the head and of a row, in points.
const ROW: f32 = 30.0;
/// So many rows are seen; the others are scrolled to.
const MOST: usize = 6;

impl PermissionsPanel {
    /// Takes its room from the bottom of `ui`.
    pub(super) fn findings_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, told: &[Told]) {
        let draft_is_empty = cx.model.permissions.draft().is_none_or(|draft| draft.text().trim().is_empty());
        if draft_is_empty {
            return;
        }
        let rows = told.len().min(MOST);
        // The line above takes a point of it.
        let height = ROW * (rows + 1) as f32 + if rows > 0 { 14.0 } else { 8.0 };
        let panel = Panel::bottom("permissions_findings").exact_size(height).resizable(false);
        let margin = Margin { left: 16, right: 16, top: 4, bottom: if rows > 0 { 8 } else { 4 } };
        panel.show_separator_line(true).frame(Frame::NONE.inner_margin(margin)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            head_ui(ui, cx, told.len());
            ScrollArea::vertical().id_salt("findings").auto_shrink([false, false]).show(ui, |ui| {
                for (index, told_one) in told.iter().enumerate() {
                    if row_ui(ui, cx, index, told_one) {
                        self.editor.show_finding(told, index);
                        self.view = View::Json;
                    }
                }
            });
        });
    }
}

fn head_ui(ui: &mut Ui, cx: &UiCtx<'_>, count: usize) {
    let t = Tokens::of(ui);
    let reading = cx.model.permissions.reading.known();
    let known = reading.is_some();
    ui.allocate_ui_with_layout(vec2(ui.available_width(), ROW), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_height(ROW);
        ui.spacing_mut().item_spacing.x = 8.0;
        let words = match count {
            _ if !known => "Reading the text".to_owned(),
            0 => "No findings".to_owned(),
            n => format::counted(n as u64, "finding", "findings"),
        };
        ui.label(Type::SmallStrong.rich(words).color(t.text));
        let validated = reading.is_some_and(|reading| reading.is_validated);
        let by = if validated { "as you type, and by IAM Access Analyzer" } else { "as you type" };
        ui.label(Type::Small.rich(by).color(t.text_3));
    });
}

/// Says whether one wants to go there.
fn row_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, index: usize, told: &Told) -> bool {
    let t = Tokens::of(ui);
    let finding = &told.finding;
    let row = paint::allocate(ui, vec2(ui.available_width(), ROW), Sense::click(), true);
    let rect = row.rect;
    if row.hovered() || row.has_focus() {
        ui.painter().rect_filled(rect.expand2(vec2(6.0, -1.0)), radius::SMALL, t.hover);
    }
    let (icon, color) = face(finding, t);
    paint::icon_at(ui.painter(), pos2(rect.left() + 8.0, rect.center().y), icon, 16.0, color);
    let line = format!("Line {}", finding.line);
    let galley = paint::line(ui, Type::Small, t.text_3, line.as_str());
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + 24.0, rect.center().y), galley);
    let label = format!("{line}: {}", finding.message);
    row.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let buttons = Rect::from_min_max(pos2(rect.left() + 80.0, rect.top()), rect.max);
    let mut child = ui.new_child(
        egui::UiBuilder::new()
            .id_salt(("finding", index))
            .max_rect(buttons)
            .layout(Layout::right_to_left(Align::Center)),
    );
    child.spacing_mut().item_spacing.x = 6.0;
    if let Some(fix) = &finding.fix {
        let button = Button::secondary(fix.label.as_str()).small().icon(icons::WRENCH);
        if button.name(format!("{}: {line}", fix.label)).show(&mut child).clicked() {
            cx.push(PermissionsCommand::Fix(fix.clone()));
        }
    }
    if let Some(about) = &told.about {
        let button = Button::quiet("Meant so").small().name(format!("Meant so: {line}, {}", finding.message));
        if button.tooltip("Do not tell this of the statement as it is").show(&mut child).clicked() {
            cx.push(PermissionsCommand::Mean(about.clone()));
        }
    }
    let right = child.min_rect().left() - 8.0;
    let galley = paint::line_within(ui, Type::Body, t.text, finding.message.as_str(), right - buttons.left());
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(buttons.left(), rect.center().y), galley);
    let row = paint::tooltip(row, &finding.message);
    if row.has_focus() {
        paint::focus_ring(ui.painter(), rect.shrink(2.0), radius::SMALL, t);
    }
    row.clicked()
}
