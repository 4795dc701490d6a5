//! What an earlier session left behind for stores that are not reached yet, above the rows.

use egui::{Align, Frame, Layout, Margin, Panel, Ui, vec2};

use crate::model::upload::TransferCommand;
use crate::model::upload::transfers::{Left, LeftState};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, Level, level_icon, paint};

/// Shows a line for each store.
pub(super) fn left_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, left: &[Left]) {
    if left.is_empty() {
        return;
    }
    let t = Tokens::of(ui);
    let frame = Frame::new().fill(t.sunken).inner_margin(Margin { left: 24, right: 16, top: 6, bottom: 6 });
    Panel::top("transfers_left").resizable(false).show_separator_line(false).frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for one in left {
            one_ui(ui, cx, one);
        }
    });
}

fn one_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, left: &Left) {
    let t = Tokens::of(ui);
    let size = vec2(ui.available_width(), 40.0);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().item_spacing.x = 8.0;
        let forgets = matches!(left.state, LeftState::Unreachable(_) | LeftState::Gone);
        let forget = Button::danger_quiet("Forget…").name(format!("Forget {}…", left.words()));
        if forgets && forget.show(ui).clicked() {
            cx.push(TransferCommand::AskForgetLeft(left.connection));
        }
        if matches!(left.state, LeftState::Unreachable(_)) {
            let again = Button::secondary("Try again").icon(icons::ARROW_CLOCKWISE);
            if again.name(format!("Try {} again", left.name)).show(ui).clicked() {
                cx.push(TransferCommand::ReachAgain(left.connection));
            }
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            let level = if forgets { Level::Failed } else { Level::Unknown };
            level_icon(ui, level, 16.0, "Files from before");
            paint::label(ui, Type::BodyMedium.rich(left.words()), t.text);
            let why = match &left.state {
                LeftState::Next | LeftState::Reaching => "Connecting",
                LeftState::Unreachable(trouble) => trouble.sentence.as_str(),
                LeftState::Gone => "The connection is not in the list any more",
            };
            ui.add(egui::Label::new(Type::Small.rich(why).color(t.text_2)).truncate());
        });
    });
}
