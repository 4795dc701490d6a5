use egui::Ui;

use super::users::users_ui;
use super::{lower_first, rule, setting_ui};
use crate::model::command::FrameCommand;
use crate::model::settings::{PracticeAccess, SettingsCommand};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, IconButton, Level, elide_middle, paint, quiet_box};

/// The folder, the way in for other programs, and the way to an empty beginning.
pub(super) fn practice_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    let busy = cx.model.about.practice_busy;
    let dir = cx.model.connect.practice_dir.clone();
    setting_ui(ui, "Folder", "Buckets and files of practice storage lie here, on this computer", |ui| {
        let off = busy.then_some("Practice storage is busy");
        if Button::secondary("Change…").disabled_because(off).name("Change the practice folder…").show(ui).clicked()
        {
            cx.push(SettingsCommand::PickPracticeDir);
        }
        if Button::secondary("Show in file manager").show(ui).clicked() {
            cx.push(FrameCommand::RevealPath(dir.clone()));
        }
    });
    ui.add_space(8.0);
    quiet_box(ui, 10, |ui| {
        let shown = elide_middle(ui, Type::Mono, &dir.display().to_string(), ui.available_width());
        ui.add(egui::Label::new(Type::Mono.rich(shown).color(t.text)).selectable(true));
    });
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let words = "With another folder practice storage begins anew there; what is in this one stays.";
        ui.label(Type::Small.rich(words).color(t.text_3));
        if dir != cx.model.about.usual_practice_dir
            && crate::ui::widgets::link(ui, Type::SmallMedium, "Use the usual folder").clicked()
        {
            cx.push(SettingsCommand::UsualPracticeDir);
        }
    });
    rule(ui);
    match &cx.model.about.practice {
        Some(access) => {
            access_ui(ui, cx, access);
            rule(ui);
            users_ui(ui, cx, &access.users);
        }
        None => {
            let body = "It has an address and an access key of its own while it runs, for the AWS CLI and others";
            setting_ui(ui, "For other programs", body, |ui| {
                let level = busy.then_some(Level::Unknown);
                if Button::secondary("Start it and show").busy(level).show(ui).clicked() {
                    cx.push(SettingsCommand::StartPractice);
                }
            });
        }
    }
    rule(ui);
    let body = "Deletes every bucket and file of practice storage for good";
    setting_ui(ui, "Begin from nothing", body, |ui| {
        let off = busy.then_some("Practice storage is busy");
        if Button::danger_quiet("Remove practice data…").disabled_because(off).show(ui).clicked() {
            cx.push(SettingsCommand::AskRemovePracticeData);
        }
    });
}

fn access_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, access: &PracticeAccess) {
    let t = Tokens::of(ui);
    paint::label(ui, Type::BodyMedium.rich("For other programs"), t.text);
    let words = "The AWS CLI and others reach it with these while Brimful runs";
    paint::label(ui, Type::Small.rich(words), t.text_3);
    ui.add_space(8.0);
    let rows = [
        ("Endpoint", Some(access.endpoint.as_str())),
        ("Access key ID", Some(access.access_key_id.as_str())),
        ("Secret access key", None),
        ("Region", Some(access.region.as_str())),
    ];
    for (label, value) in rows {
        ui.horizontal(|ui| {
            ui.set_height(28.0);
            let (rect, _) = ui.allocate_exact_size(egui::vec2(140.0, 18.0), egui::Sense::hover());
            let text = paint::line(ui, Type::Small, t.text_3, label);
            paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), text);
            match value {
                Some(value) => ui.add(egui::Label::new(Type::Mono.rich(value).color(t.text)).selectable(true)),
                None => ui.label(Type::Small.rich("Not shown; the button copies it").color(t.text_3)),
            };
            let name = format!("Copy the {}", lower_first(label));
            if IconButton::new(icons::COPY, name).small().show(ui).clicked() {
                match value {
                    Some(value) => {
                        cx.push(FrameCommand::CopyText { text: value.to_owned(), said: format!("{label} copied") });
                    }
                    None => cx.push(SettingsCommand::CopyPracticeSecret),
                }
            }
        });
    }
}
