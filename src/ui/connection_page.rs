//! The page of the open connection: what it can do, and who gets into its buckets.

mod can;
mod finding;
mod open;
mod policy;

use egui::{Align, Frame, Layout, Panel, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

use crate::model::browse::Session;
use crate::model::command::FrameCommand;
use crate::model::connection_page::{ConnectionPageCommand, Side};
use crate::model::{Command, Trouble};
use crate::theme::{Tokens, Type, icons, measure};
use crate::ui::UiCtx;
use crate::ui::shell::sidebar::{target_icon, target_line};
use crate::ui::widgets::{Button, ErrorPage, IconButton, paint, tabs};

const PADDING: i8 = 24;

/// The page, and what is being typed on it.
#[derive(Debug, Default)]
pub struct ConnectionPage {
    can: can::Can,
    policy: policy::PolicyForm,
}

impl ConnectionPage {
    /// Fills the area beside the sidebar.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let model = cx.model;
        let Some(session) = &model.session else { return };
        let bar = |name: &'static str, size: f32| {
            Panel::top(name).exact_size(size).resizable(false).show_separator_line(false).frame(Frame::NONE)
        };
        bar("connection_head", measure::height::TOP_BAR).show(ui, |ui| head_ui(ui, cx, session));
        bar("connection_tabs", measure::height::TABS).show(ui, |ui| tabs_ui(ui, cx));
        match model.connection_page.side {
            Side::Can => self.can_ui(ui, cx),
            Side::Open => open::open_ui(ui, cx),
        }
    }

    fn can_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        const POLICY: f32 = 424.0;
        const POLICY_NARROW: f32 = 360.0;
        let narrow = ui.ctx().content_rect().width() < measure::width::NARROW_BELOW;
        let t = Tokens::of(ui);
        let all = ui.available_rect_before_wrap();
        let split = all.right() - if narrow { POLICY_NARROW } else { POLICY };
        ui.painter().vline(split + 0.5, all.y_range(), egui::Stroke::new(1.0, t.stroke));
        let left = Rect::from_min_max(all.min + vec2(f32::from(PADDING), 0.0), pos2(split, all.bottom()));
        let builder = UiBuilder::new().id_salt("can").max_rect(left).layout(Layout::top_down(Align::Min));
        ui.scope_builder(builder, |ui| self.can.ui(ui, cx));
        let right = Rect::from_min_max(pos2(split + 20.0, all.top()), all.max - vec2(16.0, 0.0));
        column(ui, "policy", right, |ui| self.policy.ui(ui, cx));
    }
}

/// A column that scrolls by itself.
fn column(ui: &mut Ui, salt: &str, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    let builder = UiBuilder::new().id_salt(salt).max_rect(rect).layout(Layout::top_down(Align::Min));
    ui.scope_builder(builder, |ui| {
        ScrollArea::vertical().id_salt(salt).auto_shrink(false).show(ui, |ui| {
            // The bar at its edge lies over nothing.
            ui.set_width(rect.width() - 10.0);
            ui.spacing_mut().item_spacing.y = 0.0;
            contents(ui);
            ui.add_space(16.0);
        });
    });
}

/// Which connection it is, and the way to the commands.
fn head_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session) {
    let t = Tokens::of(ui);
    let full = ui.max_rect();
    ui.painter().hline(full.x_range(), full.bottom() - 0.5, egui::Stroke::new(1.0, t.stroke));
    let inner = Rect::from_min_max(full.min + vec2(f32::from(PADDING), 0.0), full.max - vec2(16.0, 0.0));
    let mut row = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    let ui = &mut row;
    ui.spacing_mut().item_spacing.x = 10.0;
    let connection = &session.connection;
    let (icon, _) = ui.allocate_exact_size(egui::Vec2::splat(20.0), egui::Sense::hover());
    paint::icon_at(ui.painter(), icon.center(), target_icon(&connection.target), 20.0, t.text_3);
    let color = if connection.production { t.danger_text } else { t.text };
    paint::label(ui, Type::Heading.rich(&connection.name), color);
    paint::label(ui, Type::Body.rich(target_line(connection)), t.text_3);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let commands = Button::quiet("Commands").icon(icons::LIST_MAGNIFYING_GLASS).key_cap("Ctrl K");
        if commands.show(ui).clicked() {
            cx.push(FrameCommand::OpenPalette);
        }
    });
}

fn tabs_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    const SIDES: [(Side, &str); 2] = [(Side::Can, "What it can do"), (Side::Open, "Who can get in")];
    let mut side = cx.model.connection_page.side;
    let changed = tabs(ui, &SIDES, &mut side, |ui| {
        if IconButton::new(icons::ARROWS_CLOCKWISE, "Ask again").small().tooltip("Ask again   F5").show(ui).clicked() {
            cx.push(ConnectionPageCommand::Again);
        }
    });
    if changed {
        cx.push(ConnectionPageCommand::Show(side));
    }
}

/// Why nothing could be found out.
fn trouble_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, title: &str, trouble: &Trouble, again: impl Into<Command>) {
    let t = Tokens::of(ui);
    let mut page = ErrorPage::new(icons::WARNING_CIRCLE, title, Type::Body.job(&trouble.sentence, t.text_2));
    for line in trouble.details.iter().skip_while(|line| **line == trouble.sentence) {
        page = match line.split_once(": ") {
            Some((label, value)) => page.detail(label, value),
            None => page.detail("Note", line.as_str()),
        };
    }
    let copied = page.show(ui, |ui| {
        if Button::primary("Try again").icon(icons::ARROW_CLOCKWISE).show(ui).clicked() {
            cx.push(again);
        }
    });
    if copied {
        cx.push(FrameCommand::CopyText { text: trouble.to_text(), said: "Details copied".to_owned() });
    }
}
