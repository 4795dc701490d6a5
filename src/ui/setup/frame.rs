//! What is around every step of the wizard: the rail, the foot, and the two columns between them.

use egui::{Align, Align2, Layout, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::model::setup::{SetupModel, WizardStep};
use crate::theme::{Tokens, Type, mark, measure};
use crate::ui::UiCtx;
use crate::ui::shell::sidebar::target_line;
use crate::ui::widgets::paint;
use crate::ui::widgets::{Level, RailStep};

/// Width of the rail at the left.
const RAIL: f32 = 256.0;
/// The same in narrow windows.
const RAIL_NARROW: f32 = 208.0;
/// Width of the consequences at the right.
const SIDE: f32 = 340.0;
/// The same in narrow windows.
const SIDE_NARROW: f32 = 280.0;
/// Height of the foot.
pub(super) const FOOT: f32 = 60.0;
/// Space left and right of the question.
const PADDING: f32 = 40.0;
/// On wide screens the question does not grow beyond this, so that lines stay readable.
const WIDEST: f32 = 960.0;

/// The areas of the wizard.
pub(super) struct Areas {
    /// The steps, at the left.
    pub(super) rail: Rect,
    /// The question.
    pub(super) center: Rect,
    /// What the answer means.
    pub(super) side: Rect,
    /// The buttons.
    pub(super) foot: Rect,
}

/// Divides the window, and paints beds and lines.
pub(super) fn areas(ui: &Ui, with_side: bool) -> Areas {
    let t = Tokens::of(ui);
    let full = ui.max_rect();
    let narrow = full.width() < measure::width::NARROW_BELOW;
    let rail_width = if narrow { RAIL_NARROW } else { RAIL };
    let side_width = match (with_side, narrow) {
        (false, _) => 0.0,
        (true, true) => SIDE_NARROW,
        (true, false) => SIDE,
    };
    let bottom = full.bottom() - FOOT;
    let rail = Rect::from_min_max(full.min, pos2(full.left() + rail_width, bottom));
    let side = Rect::from_min_max(pos2(full.right() - side_width, full.top()), pos2(full.right(), bottom));
    let center = Rect::from_min_max(rail.right_top(), side.left_bottom());
    let foot = Rect::from_min_max(pos2(full.left(), bottom), full.max);
    let painter = ui.painter();
    let line = Stroke::new(1.0, t.stroke);
    painter.rect_filled(rail, 0, t.window);
    painter.vline(rail.right() - 0.5, rail.y_range(), line);
    if with_side {
        painter.rect_filled(side, 0, t.sunken);
        painter.vline(side.left() + 0.5, side.y_range(), line);
    }
    painter.rect_filled(foot, 0, t.surface);
    painter.hline(foot.x_range(), foot.top() + 0.5, line);
    Areas { rail, center, side, foot }
}

/// Paints the rail; says which step was clicked.
pub(super) fn rail_ui(
    ui: &mut Ui,
    rect: Rect,
    model: &SetupModel,
    connection: Option<&crate::domain::connection::Connection>,
    detail: impl Fn(WizardStep) -> String,
) -> Option<WizardStep> {
    let t = Tokens::of(ui);
    let brand = Rect::from_min_size(rect.min, vec2(rect.width(), measure::height::TOP_BAR));
    let left = rect.left() + 24.0;
    mark::paint(ui, Rect::from_min_size(pos2(left, brand.center().y - 11.0), Vec2::splat(22.0)));
    let words = paint::line(ui, Type::LeadStrong, t.text, "Set up a bucket");
    let at = pos2(left + 30.0, brand.center().y);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, at, words);
    said(ui, brand, "Set up a bucket");

    let inner = Rect::from_min_max(pos2(rect.left() + 16.0, brand.bottom() + 8.0), rect.max - vec2(17.0, 64.0));
    let mut clicked = None;
    inside(ui, "rail", inner, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for step in WizardStep::ALL {
            let level = model.level(step);
            let row = RailStep::new(level_of(level), step.title(), detail(step)).current(step == model.step);
            if row.show(ui).clicked() && step != model.step {
                clicked = Some(step);
            }
        }
    });
    if let Some(connection) = connection {
        let room = rect.width() - 48.0;
        let name = paint::line_within(ui, Type::Small, t.text_3, connection.name.as_str(), room);
        let line = paint::line_within(ui, Type::Small, t.text_3, target_line(connection), room);
        paint::galley_at(ui.painter(), Align2::LEFT_TOP, pos2(left, rect.bottom() - 60.0), name);
        paint::galley_at(ui.painter(), Align2::LEFT_TOP, pos2(left, rect.bottom() - 42.0), line);
        let at = Rect::from_min_max(pos2(left, rect.bottom() - 60.0), rect.max - vec2(24.0, 24.0));
        said(ui, at, &format!("{}, {}", connection.name, target_line(connection)));
    }
    clicked
}

/// Words that are painted are there for assistive technology as well.
fn said(ui: &Ui, rect: Rect, words: &str) {
    let response = ui.interact(rect, ui.scope_id().with(words), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
}

fn level_of(level: crate::model::setup::StepLevel) -> Level {
    use crate::model::setup::StepLevel;
    match level {
        StepLevel::ToDo => Level::Waiting,
        StepLevel::Here => Level::Fraction(0.5),
        StepLevel::Done => Level::Done,
        StepLevel::Proved => Level::Proved,
        StepLevel::Failed => Level::Failed,
    }
}

/// The question of a step: number, title, a sentence, then the contents, all in one column that scrolls.
pub(super) fn center_ui(ui: &mut Ui, rect: Rect, step: WizardStep, top: f32, contents: impl FnOnce(&mut Ui)) {
    inside(ui, "center", rect.shrink2(vec2(0.0, 1.0)), |ui| {
        ScrollArea::vertical().id_salt(step.title()).auto_shrink(false).show(ui, |ui| {
            let room = ui.available_width() - 2.0 * PADDING;
            let column = Rect::from_min_size(
                ui.cursor().min + vec2(PADDING, top),
                vec2(room.min(if step == WizardStep::Proof { f32::INFINITY } else { WIDEST }), f32::INFINITY),
            );
            let mut child = ui.new_child(UiBuilder::new().max_rect(column).layout(Layout::top_down(Align::LEFT)));
            child.spacing_mut().item_spacing = Vec2::ZERO;
            contents(&mut child);
            let used = child.min_rect().expand2(vec2(0.0, 24.0));
            ui.advance_cursor_after_rect(Rect::from_min_max(column.min - vec2(0.0, top), used.max));
        });
    });
}

/// Number, title and sentence of a step.
pub(super) fn heading_ui(ui: &mut Ui, step: WizardStep, title: &str, sentence: &str) {
    let t = Tokens::of(ui);
    ui.label(Type::SmallMedium.rich(step.counted()).color(t.text_3));
    ui.add_space(2.0);
    ui.add(egui::Label::new(Type::Title.rich(title).color(t.text)).wrap());
    if !sentence.is_empty() {
        ui.add_space(2.0);
        ui.add(egui::Label::new(Type::Lead.rich(sentence).color(t.text_2)).wrap());
    }
}

/// The column at the right.
pub(super) fn side_ui(ui: &mut Ui, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    inside(ui, "side", rect.shrink2(vec2(0.0, 1.0)), |ui| {
        ScrollArea::vertical().id_salt("consequences").auto_shrink(false).show(ui, |ui| {
            let column = Rect::from_min_size(
                ui.cursor().min + vec2(20.0, 24.0),
                vec2(ui.available_width() - 40.0, f32::INFINITY),
            );
            let mut child = ui.new_child(UiBuilder::new().max_rect(column).layout(Layout::top_down(Align::LEFT)));
            child.spacing_mut().item_spacing = Vec2::ZERO;
            contents(&mut child);
            let used = child.min_rect().expand2(vec2(0.0, 24.0));
            ui.advance_cursor_after_rect(Rect::from_min_max(column.min - vec2(0.0, 24.0), used.max));
        });
    });
}

/// Head of a part of the right column.
pub(super) fn side_head(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    ui.label(Type::SmallMedium.rich(words).color(t.text_3));
}

/// The line between two parts of the right column.
pub(super) fn side_rule(ui: &mut Ui) {
    ui.add_space(18.0);
    paint::hairline(ui);
    ui.add_space(14.0);
}

/// The foot: `left` from the left edge, `right` from the right edge, primary button first.
pub(super) fn foot_ui(
    ui: &mut Ui,
    cx: &mut UiCtx<'_>,
    rect: Rect,
    left: impl FnOnce(&mut Ui, &mut UiCtx<'_>),
    right: impl FnOnce(&mut Ui, &mut UiCtx<'_>),
) {
    let area = Rect::from_min_max(pos2(rect.left() + 8.0, rect.top() + 1.0), pos2(rect.right() - 24.0, rect.bottom()));
    let mut row =
        ui.new_child(UiBuilder::new().id_salt("foot left").max_rect(area).layout(Layout::left_to_right(Align::Center)));
    row.spacing_mut().item_spacing.x = 8.0;
    left(&mut row, cx);
    let taken = row.min_rect().right();
    let rest = Rect::from_min_max(pos2(taken + 8.0, area.top()), area.max);
    let mut row = ui
        .new_child(UiBuilder::new().id_salt("foot right").max_rect(rest).layout(Layout::right_to_left(Align::Center)));
    row.spacing_mut().item_spacing.x = 8.0;
    right(&mut row, cx);
}

/// A child over exactly `rect`, clipped to it.
pub(super) fn inside(ui: &mut Ui, salt: &str, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    let mut child = ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect).layout(Layout::top_down(Align::LEFT)));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    contents(&mut child);
}

/// One line that says how far something is, with nothing to click.
pub(super) fn quiet_line(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    let galley = paint::line_within(ui, Type::Small, t.text_3, words, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min, galley);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
}
