//! What is here beside what a snapshot or another bucket has, and taking it over one by one.

use egui::{Ui, vec2};

use super::card::icon;
use super::dialog::change_ui;
use crate::domain::bucket_settings::{SettingKind, differences};
use crate::model::bucket_settings::BucketSettingsCommand;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Banner, BannerTone, Button, Card, MenuRow, menu, menu_rule, paint};
use crate::worker::Status;

/// The button that opens the choice of what to compare with.
pub(super) fn button_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, bucket: &str) {
    let names: Vec<String> = cx.model.session.as_ref().map_or_else(Vec::new, |session| {
        session.bucket_names().filter(|name| *name != bucket).map(str::to_owned).collect()
    });
    let response = Button::quiet("Compare…").icon(icons::GIT_DIFF).show(ui);
    menu(&response, 280.0, |ui| {
        if MenuRow::new("With a snapshot…").icon(icons::FILE).show(ui).clicked() {
            cx.push(BucketSettingsCommand::CompareWithSnapshot);
            ui.close();
        }
        if !names.is_empty() {
            menu_rule(ui);
        }
        egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            for name in names {
                if MenuRow::new(format!("With {name}")).icon(icons::STACK).show(ui).clicked() {
                    cx.push(BucketSettingsCommand::CompareWithBucket(name));
                    ui.close();
                }
            }
        });
    });
}

/// The comparison.
pub(super) fn compare_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    let model = cx.model;
    let comparison = match model.bucket_settings.comparison.status() {
        Status::Ready(comparison) | Status::Pending(Some(comparison)) => comparison,
        Status::Failed(trouble, _) => {
            Banner::new(BannerTone::Warn, "Nothing to compare with.", trouble.sentence.as_str()).show(ui);
            return;
        }
        Status::Idle | Status::Pending(None) => {
            paint::label(ui, Type::Body.rich("Being read"), t.text_3);
            return;
        }
    };
    let here = model.bucket_settings.known();
    let differing = comparison.there.differing(&here);
    let compared = comparison.there.settings.keys().filter(|kind| here.contains_key(*kind)).count();
    let words = format!("Compared with {}: {} of {compared} settings differ", comparison.title, differing.len());
    paint::label(ui, Type::LeadMedium.rich(words), t.text);
    ui.add_space(4.0);
    let unread: Vec<&str> = comparison
        .unread
        .iter()
        .chain(comparison.there.settings.keys().filter(|kind| !here.contains_key(*kind)))
        .map(|kind| kind.title())
        .collect();
    if !unread.is_empty() {
        let words = format!("Not compared, for one of the two is not known: {}", unread.join(", "));
        paint::label(ui, Type::Small.rich(words), t.text_3);
    }
    ui.add_space(12.0);
    let mut adopted = None;
    for (kind, before, after) in &differing {
        Card::new().padding(14).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
            ui.horizontal(|ui| {
                ui.set_min_height(24.0);
                let (rect, _) = ui.allocate_exact_size(vec2(18.0, 24.0), egui::Sense::hover());
                paint::icon_at(ui.painter(), rect.center(), icon(*kind), 18.0, t.text_2);
                ui.label(Type::BodyMedium.rich(kind.title()).color(t.text));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let button = Button::secondary("Take over…").small();
                    let name = format!("Take over {}", kind.title());
                    if super::card::is_edited(*kind) && button.name(name).show(ui).clicked() {
                        adopted = Some(*kind);
                    }
                });
            });
            let frame = egui::Frame::new().inner_margin(egui::Margin { left: 26, right: 0, top: 0, bottom: 0 });
            frame.show(ui, |ui| {
                ui.set_width(ui.available_width());
                for difference in &differences(*before, *after) {
                    change_ui(ui, difference);
                }
            });
        });
        ui.add_space(super::GAP);
    }
    if let Some(kind) = adopted {
        adopt(cx, kind);
    }
}

fn adopt(cx: &mut UiCtx<'_>, kind: SettingKind) {
    cx.push(BucketSettingsCommand::Adopt(kind));
}
