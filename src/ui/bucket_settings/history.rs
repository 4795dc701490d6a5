//! What was changed in this bucket from here: when, by whom, what it was and what it became.

use egui::{Ui, vec2};

use super::card::icon;
use super::dialog::change_ui;
use crate::domain::bucket_settings::{SettingValue, change, differences};
use crate::domain::format;
use crate::model::bucket_settings::{BucketSettingsCommand, Deed, Entry};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, Banner, BannerTone, Button, Card, Tone, disclosure, paint};
use crate::worker::Status;

/// The timeline, newest first.
pub(super) fn history_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    let model = cx.model;
    let entries = match model.bucket_settings.history.status() {
        Status::Ready(entries) | Status::Pending(Some(entries)) => entries,
        Status::Failed(trouble, _) => {
            Banner::new(BannerTone::Danger, "The history could not be read.", trouble.sentence.as_str()).show(ui);
            return;
        }
        Status::Idle | Status::Pending(None) => {
            paint::label(ui, Type::Body.rich("Being read"), t.text_3);
            return;
        }
    };
    if entries.is_empty() {
        paint::label(ui, Type::LeadMedium.rich("Nothing was changed from here yet"), t.text);
        let words = "Every setting that Brimful changes is kept here with what was there before, and can be put back.";
        paint::label(ui, Type::Body.rich(words), t.text_2);
        return;
    }
    for entry in entries {
        entry_ui(ui, cx, entry);
        ui.add_space(super::GAP);
    }
}

fn entry_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, entry: &Entry) {
    let t = Tokens::of(ui);
    let it = &entry.change;
    let value = |text: &Option<String>| text.as_deref().and_then(|text| SettingValue::from_text(it.setting, text));
    let (before, after) = (value(&it.before), value(&it.after));
    Card::new().padding(14).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        let words = change(it.setting, before.as_ref(), after.as_ref());
        let mut restore = false;
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(18.0, 24.0), egui::Sense::hover());
            paint::icon_at(ui.painter(), rect.center(), icon(it.setting), 18.0, t.text_2);
            let room = (ui.available_width() - 170.0).max(120.0);
            let text = egui::Label::new(Type::BodyMedium.rich(&words).color(t.text)).truncate();
            ui.allocate_ui_with_layout(vec2(room, 24.0), egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.set_max_width(room);
                ui.add(text);
                if it.deed == Deed::Restore {
                    Badge::new(Tone::Neutral, "Put back").show(ui);
                }
            });
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let button = Button::secondary("Put back…").small().icon(icons::ARROW_U_UP_LEFT);
                let name = format!("Put back what was there before: {words}");
                restore = button.tooltip("Put back what was there before this change").name(name).show(ui).clicked();
            });
        });
        if restore {
            cx.push(BucketSettingsCommand::Restore(entry.id));
        }
        let frame = egui::Frame::new().inner_margin(egui::Margin { left: 26, right: 0, top: 0, bottom: 0 });
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            let mut meta = format::date_time(it.at, cx.now, cx.zone);
            if let Some(who) = it.who.as_ref().map(|who| who.as_str()) {
                meta.push_str(&format!(" · signed with {who}"));
            }
            paint::label(ui, Type::Small.rich(meta), t.text_3);
            if let Some(note) = &it.note {
                paint::label(ui, Type::Body.rich(format!("“{note}”")), t.text_2);
            }
            if disclosure(ui, ("change", entry.id), "What changed") {
                let differences = differences(before.as_ref(), after.as_ref());
                if differences.is_empty() {
                    paint::label(ui, Type::Small.rich("The same was written again"), t.text_2);
                }
                for difference in &differences {
                    change_ui(ui, difference);
                }
            }
        });
    });
}
