use egui::{Align2, Layout, Rect, Sense, Ui, UiBuilder, pos2, vec2};

use crate::domain::connection::{Connection, ConnectionId, SignIn};
use crate::domain::format;
use crate::model::command::{BrowseCommand, FrameCommand, Screen};
use crate::model::connect::{ConnectCommand, ConnectModel, SecretsKept, line_of};
use crate::theme::measure::{height, radius};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::shell::sidebar::target_icon;
use crate::ui::start::address::AddressField;
use crate::ui::widgets::paint::{self, focus_ring, icon_at};
use crate::ui::widgets::{IconButton, MenuRow, menu, menu_rule};

/// Rows reach this far beyond the page on both sides, so that their icons stand under the titles.
const OVERHANG: f32 = 12.0;

/// The field for addresses, and the connections one had before.
pub(super) fn recent_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, address: &mut AddressField) {
    let t = Tokens::of(ui);
    // Practice storage has its door; it is recent once it was opened.
    let shown: Vec<&Connection> = cx
        .model
        .connect
        .connections
        .iter()
        .filter(|connection| connection.id != ConnectionId::PRACTICE || connection.last_opened.is_some())
        .collect();
    let heading = if shown.is_empty() { "" } else { "Recent connections" };
    ui.horizontal_top(|ui| {
        let width = ui.available_width();
        let (rect, response) = ui.allocate_exact_size(vec2((width - 330.0).max(0.0), 28.0), Sense::hover());
        let text = paint::line(ui, Type::SmallMedium, t.text_3, heading);
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, rect.left_center(), text);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, heading));
        address.ui(ui, cx, "Open an s3:// address, URL or ARN", 330.0);
    });
    ui.add_space(8.0);
    for connection in shown {
        row_ui(ui, cx, connection);
    }
}

fn row_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, connection: &Connection) {
    let t = Tokens::of(ui);
    let (_, place) = ui.allocate_space(vec2(ui.available_width(), height::RECENT));
    let rect = place.expand2(vec2(OVERHANG, 0.0));
    let id = egui::Id::unique("recent").with(connection.id);
    let response = ui.interact(rect, id, Sense::click());
    let line = line_of(connection, cx.model.connect.profiles.known().map_or(&[], Vec::as_slice));
    response.widget_info(|| {
        let mark = if connection.production { ", production" } else { "" };
        egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Open {}{mark}, {line}", connection.name))
    });
    let more = Rect::from_center_size(pos2(rect.right() - 24.0, rect.center().y), vec2(24.0, 24.0));
    if response.hovered() || response.has_focus() || response.context_menu_opened() {
        ui.painter().rect_filled(rect, radius::CONTROL, t.hover);
    }
    if response.has_focus() {
        focus_ring(ui.painter(), rect, radius::CONTROL, t);
    }
    if response.clicked() {
        cx.push(BrowseCommand::Open(connection.id));
    }
    face_ui(ui, cx, rect, connection, line);
    let mut corner = ui.new_child(
        UiBuilder::new()
            .id_salt(("more", connection.id))
            .max_rect(more)
            .layout(Layout::left_to_right(egui::Align::Center)),
    );
    let name = format!("More about {}", connection.name);
    let button = IconButton::new(icons::DOTS_THREE_VERTICAL, name).small().tooltip("More").show(&mut corner);
    menu(&button, 220.0, |ui| menu_ui(ui, cx, connection));
}

/// The words of a row, in columns.
fn face_ui(ui: &Ui, cx: &UiCtx<'_>, rect: Rect, connection: &Connection, line: String) {
    let t = Tokens::of(ui);
    let y = rect.center().y;
    icon_at(ui.painter(), pos2(rect.left() + 22.0, y), target_icon(&connection.target), 20.0, t.text_3);
    let left = rect.left() + 44.0;
    let badge_room = if connection.production { 76.0 } else { 0.0 };
    let name = paint::line_within(ui, Type::BodyMedium, t.text, &connection.name, 300.0 - badge_room);
    let drawn = paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(left, y - 7.5), name);
    if connection.production {
        let words = paint::line(ui, Type::CaptionMedium, t.danger_text, "Production");
        let bed =
            Rect::from_min_size(pos2(drawn.right() + 8.0, drawn.center().y - 8.0), vec2(words.size().x + 12.0, 16.0));
        ui.painter().rect_filled(bed, radius::SMALL, t.danger_soft);
        paint::galley_at(ui.painter(), Align2::CENTER_CENTER, bed.center(), words);
    }
    let line = paint::line_within(ui, Type::Caption, t.text_3, line, 300.0);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(left, y + 9.0), line);

    let date_right = rect.right() - 48.0;
    let sign_in_left = date_right - 104.0 - 12.0 - 150.0;
    let buckets_left = left + 312.0;
    let buckets = connection.bucket_count.map_or_else(String::new, |count| {
        if count == 0 { "No buckets yet".to_owned() } else { format::counted(u64::from(count), "bucket", "buckets") }
    });
    let room = sign_in_left - buckets_left - 12.0;
    if room > 40.0 {
        let buckets = paint::line_within(ui, Type::Small, t.text_2, buckets, room);
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(buckets_left, y), buckets);
    }

    let (words, warns) = sign_in_words(connection, &cx.model.connect);
    let mut x = sign_in_left;
    if warns {
        icon_at(ui.painter(), pos2(x + 7.0, y), icons::WARNING, 14.0, t.warn_text);
        x += 20.0;
    }
    let color = if warns { t.warn_text } else { t.text_2 };
    let words = paint::line_within(ui, Type::Small, color, words, sign_in_left + 150.0 - x);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(x, y), words);

    let when = connection.last_opened.map_or_else(|| "Never opened".to_owned(), |at| when(at, cx));
    let when = paint::line(ui, Type::Small, t.text_3, when);
    paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, pos2(date_right, y), when);
}

/// How one signs in, and whether something has to be done first. Nothing is asked of the store for this.
fn sign_in_words(connection: &Connection, connect: &ConnectModel) -> (&'static str, bool) {
    match connection.target.sign_in() {
        None => ("No sign-in needed", false),
        Some(SignIn::Anonymous) => ("Without sign-in", false),
        Some(SignIn::Environment) => ("Signs in by itself", false),
        Some(SignIn::Profile { name }) => match connect.profiles.known() {
            Some(found) if !found.iter().any(|profile| &profile.name == name) => ("Profile not found", true),
            Some(_) | None => ("Signs in by profile", false),
        },
        Some(SignIn::Keys { .. }) if connect.without_secret.contains(&connection.id) => ("Type the secret again", true),
        Some(SignIn::Keys { .. }) => match connect.kept {
            SecretsKept::Keychain => ("Key in the keychain", false),
            SecretsKept::Memory(_) => ("Key until closing", false),
        },
    }
}

/// The clock only for today: further back the day says enough.
fn when(at: jiff::Timestamp, cx: &UiCtx<'_>) -> String {
    let full = format::date_time(at, cx.now, cx.zone);
    match full.split_once(", ") {
        Some(("Yesterday", _)) => "Yesterday".to_owned(),
        Some(("Today", _)) => full,
        Some(_) | None => format::day(at, cx.zone),
    }
}

fn menu_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, connection: &Connection) {
    let id = connection.id;
    if MenuRow::new("Open").icon(icons::ARROW_RIGHT).show(ui).clicked() {
        cx.push(BrowseCommand::Open(id));
    }
    if id == ConnectionId::PRACTICE {
        if MenuRow::new("Folder and access key").icon(icons::GEAR_SIX).show(ui).clicked() {
            cx.push(FrameCommand::Show(Screen::Settings));
        }
        return;
    }
    if MenuRow::new("Edit…").icon(icons::SLIDERS_HORIZONTAL).show(ui).clicked() {
        cx.push(ConnectCommand::Edit(id));
    }
    if MenuRow::new("Duplicate").icon(icons::COPY_SIMPLE).show(ui).clicked() {
        cx.push(ConnectCommand::Duplicate(id));
    }
    let mark = if connection.production { "No longer production" } else { "Mark as production" };
    if MenuRow::new(mark).icon(icons::TAG).show(ui).clicked() {
        cx.push(ConnectCommand::MarkProduction(id, !connection.production));
    }
    menu_rule(ui);
    if MenuRow::new("Remove…").icon(icons::TRASH).danger().show(ui).clicked() {
        cx.push(ConnectCommand::AskRemove(id));
    }
}
