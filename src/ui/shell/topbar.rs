//! Over the main area: where one is, the way to the commands, and the one primary button.

use egui::{Align, Align2, Layout, Rect, Sense, Ui, pos2, vec2};

use crate::domain::bucket::Exposure;
use crate::domain::format;
use crate::model::browse::{Place, Session};
use crate::model::command::{BrowseCommand, FrameCommand, Tab};
use crate::model::upload::UploadCommand;
use crate::theme::{Tokens, Type, icons, measure};
use crate::ui::widgets::paint::{self, focus_ring, icon_at};
use crate::ui::widgets::{Badge, Button, IconButton, Tone, tabs};
use crate::ui::{UiCtx, exposure};

/// Back, forward, up, the path, the commands and Upload.
pub(super) fn topbar_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session) {
    let t = Tokens::of(ui);
    let full = ui.max_rect();
    ui.painter().hline(full.x_range(), full.bottom() - 0.5, egui::Stroke::new(1.0, t.stroke));
    let mut row = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(Rect::from_min_max(
                pos2(full.left() + 12.0, full.top()),
                pos2(full.right() - 16.0, full.bottom()),
            ))
            .layout(Layout::left_to_right(Align::Center)),
    );
    let ui = &mut row;
    ui.spacing_mut().item_spacing.x = 8.0;
    let nowhere = |empty: bool, why: &'static str| empty.then_some(why);
    let back = IconButton::new(icons::ARROW_LEFT, "Go back").tooltip("Go back   Alt+Left");
    if back.disabled_because(nowhere(session.back.is_empty(), "Nothing to go back to")).show(ui).clicked() {
        cx.push(BrowseCommand::Back);
    }
    let forward = IconButton::new(icons::ARROW_RIGHT, "Go forward").tooltip("Go forward   Alt+Right");
    if forward.disabled_because(nowhere(session.forward.is_empty(), "Nothing to go forward to")).show(ui).clicked() {
        cx.push(BrowseCommand::Forward);
    }
    let top = session.place.as_ref().is_none_or(|place| place.up().is_none());
    let up = IconButton::new(icons::ARROW_UP, "Go to the folder above").tooltip("Go to the folder above   Alt+Up");
    if up.disabled_because(nowhere(top, "This is the whole bucket")).show(ui).clicked() {
        cx.push(BrowseCommand::Up);
    }
    ui.add_space(4.0);
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let upload = Button::primary("Upload").icon(icons::UPLOAD_SIMPLE).tooltip("Choose files to upload   Ctrl+U");
        let missing = session.place.is_none().then_some("Open a bucket first");
        if upload.disabled_because(missing).show(ui).clicked() {
            cx.push(UploadCommand::PickFiles);
        }
        let commands = Button::quiet("Commands").icon(icons::LIST_MAGNIFYING_GLASS).key_cap("Ctrl K");
        if commands.show(ui).clicked() {
            cx.push(FrameCommand::OpenPalette);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if let Some(place) = &session.place {
                crumbs_ui(ui, cx, session, place);
            }
        });
    });
}

/// The bucket and each folder; the middle ones fold away where there is no room.
fn crumbs_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, place: &Place) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.x = 2.0;
    let (icon, color) = match session.exposure_of(&place.bucket) {
        Exposure::Public => (icons::GLOBE_SIMPLE, t.public_icon()),
        Exposure::Private => (icons::LOCK_SIMPLE, t.text_3),
        Exposure::Unasked | Exposure::Unknown => (icons::QUESTION, t.text_3),
    };
    let crumbs = place.crumbs();
    let width = |ui: &Ui, text: &str, strong: bool| {
        let kind = if strong { Type::BodyMedium } else { Type::Body };
        paint::line(ui, kind, t.text, text).size().x + 12.0
    };
    let last = crumbs.len();
    let mut widths: Vec<f32> = vec![width(ui, &place.bucket, last == 0) + 22.0];
    widths.extend(crumbs.iter().enumerate().map(|(n, (name, _))| width(ui, name, n + 1 == last) + 16.0));
    let mut room = ui.available_width();
    // The first and the last stay; from the second on they fold until the rest fits.
    let mut folded = 0;
    while folded + 2 < widths.len() && widths.iter().sum::<f32>() - widths[1..=folded].iter().sum::<f32>() > room {
        folded += 1;
    }
    let bucket = Place::bucket(&place.bucket);
    let limit = room.min(widths[0]);
    if crumb_ui(ui, &place.bucket, last == 0, Some((icon, color)), limit) {
        cx.push(BrowseCommand::Go(bucket));
    }
    room -= limit;
    if folded > 0 {
        separator_ui(ui);
        let more = IconButton::new(icons::DOTS_THREE, "Folders between").small().show(ui);
        egui::Popup::menu(&more).show(|ui| {
            for (name, place) in crumbs.iter().take(folded) {
                if crumb_ui(ui, name, false, None, 240.0) {
                    cx.push(BrowseCommand::Go(place.clone()));
                }
            }
        });
        room -= 44.0;
    }
    for (index, (name, place)) in crumbs.iter().enumerate().skip(folded) {
        separator_ui(ui);
        let limit = widths[index + 1].min(room.max(60.0));
        if crumb_ui(ui, name, index + 1 == last, None, limit) {
            cx.push(BrowseCommand::Go(place.clone()));
        }
        room -= limit;
    }
}

fn separator_ui(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(12.0, 24.0), Sense::hover());
    icon_at(ui.painter(), rect.center(), icons::CARET_RIGHT, 12.0, Tokens::of(ui).text_off);
}

fn crumb_ui(
    ui: &mut Ui,
    name: &str,
    current: bool,
    icon: Option<(crate::theme::Icon, egui::Color32)>,
    limit: f32,
) -> bool {
    let t = Tokens::of(ui);
    let (kind, color) = if current { (Type::BodyMedium, t.text) } else { (Type::Body, t.text_2) };
    let lead = if icon.is_some() { 22.0 } else { 0.0 };
    let text = paint::line_within(ui, kind, color, name, limit - lead - 12.0);
    let size = vec2(text.size().x + lead + 12.0, 24.0);
    let response = paint::allocate(ui, size, Sense::click(), true);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Link, true, format!("Go to {name}")));
    let rect = response.rect;
    if response.hovered() {
        ui.painter().rect_filled(rect, measure::radius::SMALL, t.hover);
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect, measure::radius::SMALL, t);
    }
    if let Some((icon, color)) = icon {
        icon_at(ui.painter(), pos2(rect.left() + 14.0, rect.center().y), icon, 16.0, color);
    }
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + 6.0 + lead, rect.center().y), text);
    response.clicked()
}

/// The tabs of a bucket and, at their right, whether strangers can see into it.
pub(super) fn tabs_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session) {
    const TABS: [(Tab, &str); 4] = [
        (Tab::Gallery, "Gallery"),
        (Tab::Permissions, "Permissions"),
        (Tab::Settings, "Settings"),
        (Tab::Check, "Check"),
    ];
    let mut tab = session.tab;
    let changed = tabs(ui, &TABS, &mut tab, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if IconButton::new(icons::ARROWS_CLOCKWISE, "Read again").small().tooltip("Read again   F5").show(ui).clicked()
        {
            cx.push(BrowseCommand::Refresh);
        }
        if let Some(place) = &session.place {
            exposure_ui(ui, cx, session, place);
            if cx.model.permissions.is_unsaved(session.connection.id, &place.bucket) {
                let badge = Badge::new(Tone::Warn, "Draft, not saved").show(ui);
                paint::tooltip(badge, "The policy of this bucket has a draft. The bucket itself is as it was");
            }
        }
    });
    if changed {
        cx.push(BrowseCommand::ShowTab(tab));
    }
}

/// Whether strangers can see into the bucket; beside a draft, whether it would let them.
fn exposure_ui(ui: &mut Ui, cx: &UiCtx<'_>, session: &Session, place: &Place) {
    let reading = cx.model.permissions.current_reading().filter(|_| session.tab == Tab::Permissions);
    let public = reading.map_or(0, |reading| reading.public.statements.len());
    if public > 0 {
        let words = format!("Public: {}", format::counted(public as u64, "statement", "statements"));
        let badge = Badge::new(Tone::Public, words).icon(icons::GLOBE_SIMPLE).show(ui);
        paint::tooltip(badge, "Statements of the text below that let in strangers (predicted)");
        return;
    }
    let (badge, why) = exposure::badge(session.exposure_of(&place.bucket));
    paint::tooltip(badge.show(ui), why);
}
