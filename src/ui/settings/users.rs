use egui::{Align, Layout, Ui, vec2};

use super::setting_ui;
use crate::model::settings::{PracticeUser, SettingsCommand};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, Button, IconButton, MenuRow, Tone, menu, menu_rule, paint};

/// Everybody besides the owner, and the way to more.
pub(super) fn users_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, users: &[PracticeUser]) {
    let body = "Keys that may less than yours, or belong to another account, to see what such people are answered";
    setting_ui(ui, "Users", body, |ui| {
        if Button::secondary("Add a user…").icon(icons::PLUS).show(ui).clicked() {
            cx.push(SettingsCommand::EditPracticeUser(None));
        }
    });
    for user in users {
        row_ui(ui, cx, user);
    }
}

fn row_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, user: &PracticeUser) {
    let t = Tokens::of(ui);
    let key = || user.access_key_id.clone();
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.set_height(40.0);
        ui.spacing_mut().item_spacing.x = 8.0;
        let (place, _) = ui.allocate_exact_size(vec2(16.0, 40.0), egui::Sense::hover());
        paint::icon_at(ui.painter(), place.center(), icons::USER_CIRCLE, 16.0, t.text_3);
        let words = ui.available_width() - 230.0;
        ui.allocate_ui_with_layout(vec2(words, 40.0), Layout::top_down(Align::LEFT), |ui| {
            ui.set_width(words);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.add(egui::Label::new(Type::BodyMedium.rich(&user.name).color(t.text)).truncate());
                let may = if user.policy.is_some() { "By its policy" } else { "May do everything" };
                Badge::new(Tone::Neutral, may).show(ui);
            });
            let account = user.account_id.as_ref().map_or(String::new(), |id| format!(" · account {id}"));
            let line = format!("{}{account}", user.access_key_id);
            ui.add(egui::Label::new(Type::Mono.rich(line).color(t.text_3)).truncate().selectable(true));
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let more = IconButton::new(icons::DOTS_THREE, format!("More about {}", user.name)).small().show(ui);
            menu(&more, 220.0, |ui| {
                if MenuRow::new("Change…").icon(icons::SLIDERS_HORIZONTAL).show(ui).clicked() {
                    cx.push(SettingsCommand::EditPracticeUser(Some(key())));
                }
                menu_rule(ui);
                if MenuRow::new("Remove…").icon(icons::TRASH).danger().show(ui).clicked() {
                    cx.push(SettingsCommand::AskRemovePracticeUser(key()));
                }
            });
            let copy = IconButton::new(icons::COPY, format!("Copy the secret key of {}", user.name)).small();
            if copy.tooltip("Copy the secret key").show(ui).clicked() {
                cx.push(SettingsCommand::CopyPracticeUserSecret(key()));
            }
            let open =
                Button::secondary("Open as this user").small().name(format!("Open practice storage as {}", user.name));
            if open.show(ui).clicked() {
                cx.push(SettingsCommand::OpenAsPracticeUser(key()));
            }
        });
    });
}
