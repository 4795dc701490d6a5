//! Earlier versions of a policy: when, by whom, what changed, and the way back.

use egui::{Align, Align2, CornerRadius, Layout, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use crate::domain::format;
use crate::domain::text_diff::compare;
use crate::model::command::FrameCommand;
use crate::model::permissions::history::Version;
use crate::model::permissions::{PermissionsCommand, Side};
use crate::theme::measure::{height, radius};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Banner, BannerTone, Button, Dialog, DialogWidth, EmptyState, Level, MenuRow, dialog_foot_left, level_icon, paint,
    select,
};
use crate::worker::Status;

use super::diff::{All, changes_ui};

/// Width of the list in points.
const LIST: f32 = 320.0;
/// Width of the choice of what a version is compared with.
const COMPARED: f32 = 260.0;
/// What a version is compared with at first.
const BEFORE: &str = "What was there before";

/// Shows the versions.
pub fn history_ui(ui: &Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    let permissions = &cx.model.permissions;
    let Some(key) = &permissions.here else { return };
    let versions = permissions.history.known().map(Vec::as_slice).unwrap_or_default();
    let chosen = versions.get(permissions.chosen_version);
    let mut wishes: Vec<PermissionsCommand> = Vec::new();
    let mut restore = None;
    let mut close = false;
    let sentence =
        "Every save from here is kept on this computer. Bringing one back is a new change, shown before it is made.";
    let answer = Dialog::new("policy_history", format!("Earlier versions of the policy of {}", key.bucket))
        .sentence(Type::Body.job(sentence, t.text_2))
        .width(DialogWidth::Plan)
        .close_button()
        .show(
            ui.ctx(),
            |ui| match permissions.history.status() {
                Status::Failed(trouble, _) => {
                    Banner::new(BannerTone::Danger, "They could not be read.", trouble.sentence.as_str()).show(ui);
                }
                Status::Idle | Status::Pending(None) => {
                    level_icon(ui, Level::Unknown, 16.0, "Reading earlier versions");
                }
                Status::Ready(_) | Status::Pending(Some(_)) if versions.is_empty() => {
                    let words = "What is saved from here is kept with what was there before, and can be brought back.";
                    EmptyState::new("Nothing was saved from here yet", words)
                        .icon(icons::CLOCK_COUNTER_CLOCKWISE)
                        .show(ui, |_| {}, |_| {});
                }
                Status::Ready(_) | Status::Pending(Some(_)) => {
                    wishes.extend(versions_ui(ui, cx, versions, permissions.chosen_version, &key.bucket));
                }
            },
            |ui| {
                if let Some(chosen) = chosen {
                    let before = Button::secondary("Bring back what was before…").large();
                    if before.show(ui).clicked() {
                        restore = Some((chosen.change, Side::Before));
                    }
                    let is_newest = permissions.chosen_version == 0;
                    let why = is_newest.then_some("The newest version saved from here");
                    let after = Button::secondary("Bring this version back…").large().disabled_because(why);
                    if after.show(ui).clicked() {
                        restore = Some((chosen.change, Side::After));
                    }
                }
                dialog_foot_left(ui, |ui| close = Button::secondary("Close").large().show(ui).clicked());
            },
        );
    for wish in wishes {
        cx.push(wish);
    }
    if close || answer.close || restore.is_some() {
        cx.push(FrameCommand::CloseModal);
    }
    if let Some((change, side)) = restore {
        cx.push(PermissionsCommand::Restore { change, side });
    }
}

/// The list and, beside it, the one that is chosen. Gives what was chosen.
fn versions_ui(
    ui: &mut Ui,
    cx: &UiCtx<'_>,
    versions: &[Version],
    chosen: usize,
    bucket: &str,
) -> Option<PermissionsCommand> {
    let mut wish = None;
    let size = ui.available_size();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = vec2(20.0, 2.0);
        ui.allocate_ui_with_layout(vec2(LIST, size.y), Layout::top_down(Align::LEFT), |ui| {
            ui.set_width(LIST);
            ScrollArea::vertical().id_salt("versions").auto_shrink([false, false]).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                for (index, version) in versions.iter().enumerate() {
                    if row_ui(ui, cx, version, index == chosen) {
                        wish = Some(PermissionsCommand::ChooseVersion(index));
                    }
                }
            });
        });
        ui.vertical(|ui| {
            ui.set_width(ui.available_width());
            version_ui(ui, cx, versions, chosen, bucket);
        });
    });
    wish
}

fn row_ui(ui: &mut Ui, cx: &UiCtx<'_>, version: &Version, chosen: bool) -> bool {
    let t = Tokens::of(ui);
    let row = paint::allocate(ui, vec2(ui.available_width() - 4.0, height::ROW_TABLE_TWO), Sense::click(), true);
    let rect = row.rect;
    let fill = match (chosen, row.hovered()) {
        (true, _) => Some(t.selected),
        (false, true) => Some(t.hover),
        (false, false) => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, CornerRadius::same(radius::CONTROL), fill);
    }
    let mut meta = format::date_time(version.at, cx.now, cx.zone);
    if let Some(who) = &version.who {
        meta.push_str(&format!(" · {who}"));
    }
    if version.restored {
        meta.push_str(" · brought back");
    }
    let width = rect.width() - 16.0;
    let summary = version.summary();
    let title = paint::line_within(ui, Type::BodyMedium, t.text, summary.as_str(), width);
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min + vec2(8.0, 3.0), title);
    let below = paint::line_within(ui, Type::Caption, t.text_3, meta.as_str(), width);
    paint::galley_at(ui.painter(), Align2::LEFT_TOP, rect.min + vec2(8.0, 24.0), below);
    let label = format!("{meta}: {summary}");
    row.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, &label));
    if row.has_focus() {
        paint::focus_ring(ui.painter(), rect.shrink(2.0), radius::SMALL, t);
    }
    row.clicked()
}

/// What a version changed: in words, then in the text. It can be compared with any other.
fn version_ui(ui: &mut Ui, cx: &UiCtx<'_>, versions: &[Version], chosen: usize, bucket: &str) {
    let t = Tokens::of(ui);
    let Some(version) = versions.get(chosen) else { return };
    ui.spacing_mut().item_spacing.y = 6.0;
    if let Some(note) = &version.note {
        paint::label(ui, Type::Body.rich(format!("“{note}”")), t.text_2);
    }
    let other = compared_ui(ui, cx, versions, chosen);
    let base = other.and_then(|at| versions.get(at)).map_or(version.before.as_str(), |other| other.after.as_str());
    if other.is_none() {
        let gained = version.gained.iter().map(|text| (icons::PLUS, t.ok, text));
        let lost = version.lost.iter().map(|text| (icons::MINUS, t.text_3, text));
        for (icon, color, text) in gained.chain(lost) {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let (rect, _) = ui.allocate_exact_size(vec2(16.0, 20.0), Sense::hover());
                paint::icon_at(ui.painter(), rect.center(), icon, 16.0, color);
                paint::label(ui, Type::Body.rich(text.as_str()), t.text);
            });
        }
    }
    ui.add_space(4.0);
    changes_ui(ui, "version_text", &compare(base, &version.after), All::Shown, bucket);
}

/// What a version is compared with: what was before it (`None`), or another version, by its place in the list.
fn compared_ui(ui: &mut Ui, cx: &UiCtx<'_>, versions: &[Version], chosen: usize) -> Option<usize> {
    let key = egui::Id::unique(("compared with", versions.get(chosen).map(|version| version.change)));
    let mut other: Option<usize> = ui.data(|data| data.get_temp(key)).flatten().filter(|at| *at < versions.len());
    let name = |at: usize| versions.get(at).map(|version| format::date_time(version.at, cx.now, cx.zone));
    let shown = other.and_then(name).map_or_else(|| BEFORE.to_owned(), |at| format!("Version of {at}"));
    ui.horizontal(|ui| {
        ui.set_height(height::REGULAR);
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.label(Type::Small.rich("Compared with").color(Tokens::of(ui).text_2));
        select(ui, "Compared with", &shown, COMPARED, |ui| {
            if MenuRow::new(BEFORE).chosen(other.is_none()).show(ui).clicked() {
                other = None;
            }
            for (at, version) in versions.iter().enumerate().filter(|(at, _)| *at != chosen) {
                let label = format!("{}: {}", name(at).unwrap_or_default(), version.summary());
                if MenuRow::new(label).chosen(other == Some(at)).show(ui).clicked() {
                    other = Some(at);
                }
            }
        });
    });
    ui.data_mut(|data| data.insert_temp(key, other));
    other
}
