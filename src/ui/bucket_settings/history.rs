//! What was changed in this bucket from here: when, by whom, what it was and what it became.

use egui::{Ui, vec2};

use super::card::icon;
use super::dialog::change_ui;
use crate::domain::bucket_settings::{SettingValue, change, differences};
use crate::domain::format;
use crate::model::bucket_settings::{BucketSettingsCommand, Deed, Entry};
use crate::theme::measure::height;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Badge, Banner, BannerTone, Button, Card, MenuRow, Tone, disclosure, paint, select};
use crate::worker::Status;

/// Width of the choice of what a change is compared with, in points.
const COMPARED: f32 = 260.0;
/// What a change is compared with at first.
const BEFORE: &str = "What was there before";

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
        entry_ui(ui, cx, entries, entry);
        ui.add_space(super::GAP);
    }
}

fn entry_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, entries: &[Entry], entry: &Entry) {
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
                let other = compared_ui(ui, cx, entries, entry);
                let base = other.map_or(before, |other| value(&other.change.after));
                let differences = differences(base.as_ref(), after.as_ref());
                if differences.is_empty() {
                    paint::label(ui, Type::Small.rich("Both are the same"), t.text_2);
                }
                for difference in &differences {
                    change_ui(ui, difference);
                }
            }
        });
    });
}

/// What a change is compared with: what was there before it (`None`), or what another change of the same setting made.
fn compared_ui<'a>(ui: &mut Ui, cx: &UiCtx<'_>, entries: &'a [Entry], entry: &Entry) -> Option<&'a Entry> {
    let others = entries.iter().filter(|it| it.change.setting == entry.change.setting && it.id != entry.id);
    let others: Vec<&Entry> = others.collect();
    if others.is_empty() {
        return None;
    }
    let key = egui::Id::unique(("compared with", entry.id));
    let mut chosen: Option<i64> = ui.data(|data| data.get_temp(key)).flatten();
    let name = |it: &Entry| {
        let value = |text: &Option<String>| SettingValue::from_text(it.change.setting, text.as_deref()?);
        let words = change(it.change.setting, value(&it.change.before).as_ref(), value(&it.change.after).as_ref());
        format!("{}: {words}", format::date_time(it.change.at, cx.now, cx.zone))
    };
    let other = |id: Option<i64>| others.iter().find(|it| Some(it.id) == id).copied();
    let shown = other(chosen).map_or_else(|| BEFORE.to_owned(), name);
    ui.horizontal(|ui| {
        ui.set_height(height::REGULAR);
        ui.spacing_mut().item_spacing.x = 8.0;
        paint::label(ui, Type::Small.rich("Compared with"), Tokens::of(ui).text_2);
        select(ui, "Compared with", &shown, COMPARED, |ui| {
            if MenuRow::new(BEFORE).chosen(other(chosen).is_none()).show(ui).clicked() {
                chosen = None;
            }
            for it in &others {
                if MenuRow::new(name(it)).chosen(chosen == Some(it.id)).show(ui).clicked() {
                    chosen = Some(it.id);
                }
            }
        });
    });
    ui.data_mut(|data| data.insert_temp(key, chosen));
    other(chosen)
}
