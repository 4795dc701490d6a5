//! What can be done with the text, and the way to the bucket.

use egui::{Align, Frame, Layout, Margin, Ui};

use crate::domain::policy::tidy;
use crate::model::permissions::PermissionsCommand;
use crate::model::permissions::draft::{Base, Draft};
use crate::theme::{icons, measure};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, ControlSize, IconButton, Level, MenuRow, Segment, menu, menu_rule, segmented};

use super::View;
use super::templates::Templates;

/// Paints the toolbar over the width left.
pub(super) fn toolbar_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, draft: &Draft, view: &mut View, templates: &mut Templates) {
    let permissions = &cx.model.permissions;
    let (checking, changed) = (permissions.checking, draft.is_changed());
    Frame::new().inner_margin(Margin::symmetric(16, 8)).show(ui, |ui| {
        ui.set_height(measure::height::REGULAR);
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            segmented(
                ui,
                &[Segment::new(View::Form, "Form"), Segment::new(View::Json, "JSON")],
                view,
                ControlSize::Regular,
            );
            ui.add_space(4.0);
            if let Some(around) = &permissions.around {
                templates.button_ui(ui, around);
            }
            // In a narrow window it lies in the menu at the right.
            let narrow = ui.ctx().content_rect().width() < measure::width::NARROW_BELOW;
            let button = Button::quiet("Tidy").icon(icons::TEXT_ALIGN_LEFT).tooltip("Lay the text out anew");
            if !narrow && button.disabled_because(untidy(cx, draft)).show(ui).clicked() {
                cx.push(PermissionsCommand::Tidy);
            }
            let undo = IconButton::new(icons::ARROW_U_UP_LEFT, "Undo").tooltip("Undo   Ctrl Z");
            if undo.disabled_because((!draft.can_undo()).then_some("Nothing to undo")).show(ui).clicked() {
                cx.push(PermissionsCommand::Undo);
            }
            let redo = IconButton::new(icons::ARROW_U_UP_RIGHT, "Redo").tooltip("Redo   Ctrl Shift Z");
            if redo.disabled_because((!draft.can_redo()).then_some("Nothing to redo")).show(ui).clicked() {
                cx.push(PermissionsCommand::Redo);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let save = Button::primary("Review and save…")
                    .busy(checking.then_some(Level::Unknown))
                    .disabled_because((!changed).then_some("The bucket has this policy already"));
                if save.show(ui).clicked() {
                    cx.push(PermissionsCommand::Review);
                }
                let discard = Button::quiet("Discard").tooltip("Go back to the policy that the bucket has");
                if discard.disabled_because((!changed).then_some("There is no draft")).show(ui).clicked() {
                    cx.push(PermissionsCommand::Discard);
                }
                more_ui(ui, cx, draft);
            });
        });
    });
}

/// Why the text cannot be tidied, if so.
fn untidy(cx: &UiCtx<'_>, draft: &Draft) -> Option<String> {
    if draft.text().trim().is_empty() {
        return Some("There is nothing to tidy".to_owned());
    }
    // Looking closely is left to the background; here it is about a text that is no JSON.
    let reading = cx.model.permissions.current_reading()?;
    if reading.policy.is_some() || tidy(draft.text()).is_ok() {
        return None;
    }
    let first = reading.findings.first();
    Some(first.map_or_else(
        || "The text is no JSON yet".to_owned(),
        |finding| format!("Line {}: {}", finding.line, finding.message),
    ))
}

fn more_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, draft: &Draft) {
    let button = IconButton::new(icons::DOTS_THREE, "More about the policy").show(ui);
    let nothing = (*draft.base() == Base::None).then_some("The bucket has no policy");
    menu(&button, 220.0, |ui| {
        if MenuRow::new("Earlier versions…").icon(icons::CLOCK_COUNTER_CLOCKWISE).show(ui).clicked() {
            cx.push(PermissionsCommand::ShowHistory);
        }
        let narrow = ui.ctx().content_rect().width() < measure::width::NARROW_BELOW;
        let tidy = MenuRow::new("Tidy").icon(icons::TEXT_ALIGN_LEFT).disabled_because(untidy(cx, draft));
        if narrow && tidy.show(ui).clicked() {
            cx.push(PermissionsCommand::Tidy);
        }
        if MenuRow::new("Search in the policy").icon(icons::MAGNIFYING_GLASS).keys("Ctrl F").show(ui).clicked() {
            cx.push(PermissionsCommand::Find);
        }
        menu_rule(ui);
        let delete = MenuRow::new("Delete the policy…").icon(icons::TRASH).danger().disabled_because(nothing);
        if delete.show(ui).clicked() {
            cx.push(PermissionsCommand::ReviewDelete);
        }
    });
}
