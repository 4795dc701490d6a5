//! The left edge: which connection, which buckets, and the ways to transfers, notices and settings.

use egui::{Align2, Rect, Response, Sense, Ui, Vec2, pos2, vec2};

use crate::domain::bucket::Exposure;
use crate::domain::connection::{Connection, ConnectionId, Target};
use crate::domain::format;
use crate::model::browse::{Place, Session};
use crate::model::command::{BrowseCommand, FrameCommand, Screen};
use crate::model::connection_page::{ConnectionPageCommand, Side};
use crate::theme::{Icon, Tokens, Type, icons, mark, measure};
use crate::ui::UiCtx;
use crate::ui::widgets::paint::{self, focus_ring, icon_at};
use crate::ui::widgets::{IconButton, Level, MenuRow, level_icon, menu, menu_rule};
use crate::worker::Status;

/// So many other connections stand in the menu.
const RECENT: usize = 5;

/// Icon of a connection's kind.
#[must_use]
pub fn target_icon(target: &Target) -> Icon {
    match target {
        Target::Practice => icons::DESKTOP,
        Target::Amazon { .. } => icons::CLOUD,
        Target::Store(_) => icons::HARD_DRIVES,
    }
}

/// Where a connection leads, in one line.
#[must_use]
pub fn target_line(connection: &Connection) -> String {
    match &connection.target {
        Target::Practice => "On this computer".to_owned(),
        Target::Amazon { region, .. } => format!("Amazon S3 · {region}"),
        Target::Store(store) => {
            let host = store.endpoint.split("://").last().unwrap_or(&store.endpoint);
            format!("{host} · {}", store.region)
        }
    }
}

/// The sidebar, wide or folded to a rail.
#[derive(Debug, Default)]
pub struct Sidebar {
    filter: Option<String>,
}

impl Sidebar {
    /// Paints it into all of `ui`.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, folded: bool) {
        let t = Tokens::of(ui);
        ui.painter().rect_filled(ui.max_rect(), 0, t.window);
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        let inner = ui.max_rect().shrink2(vec2(8.0, 0.0));
        let mut column = ui.new_child(egui::UiBuilder::new().max_rect(inner));
        let ui = &mut column;
        brand_ui(ui, cx, folded);
        let Some(session) = &cx.model.session else { return };
        let switcher = switcher_ui(ui, &session.connection, folded);
        menu(&switcher, 232.0, |ui| switcher_menu_ui(ui, cx, session.connection.id));
        let foot_height = 3.0 * row_height(folded) + 8.0;
        let list_height = (ui.available_height() - foot_height).max(0.0);
        let list = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), list_height));
        // Only where rows end at it: a short list needs no line.
        if !folded && session.bucket_names().count() as f32 * row_height(false) > list_height - 70.0 {
            let y = list.bottom() - 0.5;
            ui.painter().hline(list.x_range(), y, egui::Stroke::new(1.0, t.stroke));
        }
        let mut body = ui.new_child(egui::UiBuilder::new().max_rect(list));
        self.buckets_ui(&mut body, cx, session, folded);
        ui.advance_cursor_after_rect(list);
        foot_ui(ui, cx, folded);
    }

    fn buckets_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, folded: bool) {
        if folded {
            ui.add_space(12.0);
            rail_menu_ui(ui, cx, session);
            return;
        }
        let t = Tokens::of(ui);
        ui.add_space(14.0);
        ui.horizontal(|ui| {
            ui.set_height(measure::height::ROW_TREE);
            ui.add_space(8.0);
            ui.label(Type::CaptionMedium.rich("Buckets").color(t.text_3));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if IconButton::new(icons::PLUS, "Set up a bucket").small().tooltip("Set up a bucket").show(ui).clicked()
                {
                    cx.push(FrameCommand::Show(Screen::Setup));
                }
                let filtering = self.filter.is_some();
                let filter = IconButton::new(icons::FUNNEL_SIMPLE, "Filter buckets").small().on(filtering);
                if filter.tooltip("Filter buckets").show(ui).clicked() {
                    self.filter = if filtering { None } else { Some(String::new()) };
                }
            });
        });
        if let Some(filter) = &mut self.filter {
            crate::ui::widgets::SearchField::new("Filter buckets by name", filter).show(ui);
            ui.add_space(4.0);
        }
        let wanted = self.filter.as_deref().unwrap_or_default().to_lowercase();
        let names: Vec<&str> = session.bucket_names().filter(|name| name.to_lowercase().contains(&wanted)).collect();
        let row = measure::height::ROW_TREE;
        egui::ScrollArea::vertical().id_salt("buckets").auto_shrink(false).show_rows(
            ui,
            row,
            names.len() + 1,
            |ui, rows| {
                for index in rows {
                    match names.get(index) {
                        Some(name) => bucket_row_ui(ui, cx, session, name),
                        None => tail_ui(ui, session, names.is_empty()),
                    }
                }
            },
        );
    }
}

/// Under the last bucket: that the list is coming, cannot be read, or is empty.
fn tail_ui(ui: &mut Ui, session: &Session, none_shown: bool) {
    let t = Tokens::of(ui);
    let mut line = |icon: Option<Level>, text: &str| {
        ui.horizontal(|ui| {
            ui.set_height(measure::height::ROW_TREE);
            ui.add_space(8.0);
            if let Some(level) = icon {
                level_icon(ui, level, 16.0, text);
                ui.add_space(8.0);
            }
            ui.add(egui::Label::new(Type::Small.rich(text).color(t.text_3)).truncate());
        });
    };
    match session.buckets.status() {
        Status::Pending(None) => line(Some(Level::Unknown), "Reading the list"),
        Status::Failed(_, None) => line(None, "The list of buckets could not be read"),
        Status::Ready(_) if session.bucket_names().next().is_none() => line(None, "No buckets yet"),
        Status::Ready(_) if none_shown => line(None, "No name matches"),
        Status::Idle | Status::Pending(Some(_)) | Status::Failed(_, Some(_)) | Status::Ready(_) => {}
    }
}

fn bucket_row_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, name: &str) {
    let t = Tokens::of(ui);
    let exposure = session.exposure_of(name);
    let (icon, color, said) = match exposure {
        Exposure::Public => (icons::GLOBE_SIMPLE, t.public_icon(), "open to anyone"),
        Exposure::Private => (icons::LOCK_SIMPLE, t.text_3, "private"),
        Exposure::Unasked | Exposure::Unknown => (icons::QUESTION, t.text_3, "who may see it could not be read"),
    };
    let here = cx.model.screen == Screen::Browse && session.place.as_ref().is_some_and(|place| place.bucket == name);
    let row = NavRow { icon, color, label: name, count: "", selected: here, folded: false };
    let response = paint::tooltip(row.show(ui), &format!("{name}, {said}"));
    if response.clicked() {
        cx.push(BrowseCommand::Go(Place::bucket(name)));
    }
}

fn rail_menu_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session) {
    let t = Tokens::of(ui);
    let here = cx.model.screen == Screen::Browse;
    let row = NavRow { icon: icons::STACK, color: t.text_3, label: "Buckets", count: "", selected: here, folded: true };
    let response = row.show(ui);
    let names: Vec<&str> = session.bucket_names().collect();
    menu(&response, 256.0, |ui| {
        // As many as fit below the button, with room for the row that follows; the rest is scrolled to.
        let most = (ui.ctx().content_rect().bottom() - response.rect.bottom() - 80.0).max(4.0 * row_height(false));
        let scroll = egui::ScrollArea::vertical().id_salt("rail_buckets").max_height(most).auto_shrink([false, true]);
        scroll.show_rows(ui, row_height(false), names.len(), |ui, rows| {
            for name in names.get(rows).unwrap_or_default() {
                bucket_row_ui(ui, cx, session, name);
            }
        });
        tail_ui(ui, session, false);
        menu_rule(ui);
        let add = NavRow {
            icon: icons::PLUS,
            color: t.text_3,
            label: "Set up a bucket",
            count: "",
            selected: false,
            folded: false,
        };
        if add.show(ui).clicked() {
            cx.push(FrameCommand::Show(Screen::Setup));
        }
    });
}

fn brand_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, folded: bool) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::height::TOP_BAR), Sense::hover());
    let t = Tokens::of(ui);
    let left = if folded { rect.center().x - 11.0 } else { rect.left() + 8.0 };
    mark::paint(ui, Rect::from_min_size(pos2(left, rect.center().y - 11.0), Vec2::splat(22.0)));
    if folded {
        return;
    }
    let name = paint::line(ui, Type::LeadStrong, t.text, "Brimful");
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(left + 30.0, rect.center().y), name);
    let button = Rect::from_center_size(pos2(rect.right() - 20.0, rect.center().y), Vec2::splat(24.0));
    let mut corner = ui.new_child(egui::UiBuilder::new().max_rect(button));
    let fold = IconButton::new(icons::SIDEBAR_SIMPLE, "Fold the sidebar").small().tooltip("Fold the sidebar");
    if fold.show(&mut corner).clicked() {
        cx.push(FrameCommand::ToggleSidebar);
    }
}

/// The connection one is in; a click leads to the others.
fn switcher_ui(ui: &mut Ui, connection: &Connection, folded: bool) -> Response {
    let t = Tokens::of(ui);
    let height = if folded { 36.0 } else { 46.0 };
    let response = paint::allocate(ui, vec2(ui.available_width(), height), Sense::click(), true);
    let name = format!("Connection {}, {}; choose another", connection.name, target_line(connection));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    let rect = response.rect;
    let fill = if response.hovered() { t.hover } else { t.surface };
    let edge = egui::Stroke::new(1.0, t.stroke_strong);
    ui.painter().rect(rect, measure::radius::CONTROL, fill, edge, egui::StrokeKind::Inside);
    if response.has_focus() {
        focus_ring(ui.painter(), rect, measure::radius::CONTROL, t);
    }
    let icon = target_icon(&connection.target);
    if folded {
        icon_at(ui.painter(), rect.center(), icon, 18.0, t.text_3);
        return paint::tooltip(response, &connection.name);
    }
    icon_at(ui.painter(), pos2(rect.left() + 20.0, rect.center().y), icon, 20.0, t.text_3);
    icon_at(ui.painter(), pos2(rect.right() - 17.0, rect.center().y), icons::CARET_UP_DOWN, 16.0, t.text_3);
    let width = rect.width() - 38.0 - 32.0;
    let title_color = if connection.production { t.danger_text } else { t.text };
    let title = paint::line_within(ui, Type::BodyMedium, title_color, &connection.name, width);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + 38.0, rect.center().y - 7.5), title);
    let line = paint::line_within(ui, Type::Caption, t.text_3, target_line(connection), width);
    paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + 38.0, rect.center().y + 8.5), line);
    response
}

/// What there is to know of the connection, and the ways to others.
fn switcher_menu_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, here: ConnectionId) {
    for (icon, label, side) in
        [(icons::STETHOSCOPE, "Check this connection", Side::Can), (icons::GLOBE_SIMPLE, "Who can get in?", Side::Open)]
    {
        if MenuRow::new(label).icon(icon).show(ui).clicked() {
            cx.push(ConnectionPageCommand::Show(side));
        }
    }
    menu_rule(ui);
    let others = cx.model.connect.connections.iter().filter(|connection| connection.id != here);
    for connection in others.take(RECENT) {
        let icon = target_icon(&connection.target);
        if MenuRow::new(format!("Open {}", connection.name)).icon(icon).show(ui).clicked() {
            cx.push(BrowseCommand::Open(connection.id));
        }
    }
    if MenuRow::new("All connections").icon(icons::ARROW_LEFT).show(ui).clicked() {
        cx.push(BrowseCommand::Leave);
    }
}

fn foot_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, folded: bool) {
    let t = Tokens::of(ui);
    let running = cx.model.upload.open_count();
    let unseen = cx.model.notices.unseen();
    let count = |n: u64| if n == 0 { String::new() } else { format::count(n) };
    let rows = [
        (icons::ARROWS_DOWN_UP, "Transfers", count(running), Screen::Transfers),
        (icons::BELL, "Notices", count(unseen), Screen::Notices),
        (icons::GEAR_SIX, "Settings", String::new(), Screen::Settings),
    ];
    for (icon, label, count, screen) in rows {
        let selected = cx.model.screen == screen;
        let row = NavRow { icon, color: t.text_3, label, count: &count, selected, folded };
        if row.show(ui).clicked() {
            cx.push(FrameCommand::Show(screen));
        }
    }
}

fn row_height(folded: bool) -> f32 {
    if folded { 36.0 } else { measure::height::ROW_TREE }
}

/// One row of the sidebar.
struct NavRow<'a> {
    icon: Icon,
    color: egui::Color32,
    label: &'a str,
    count: &'a str,
    selected: bool,
    folded: bool,
}

impl NavRow<'_> {
    fn show(self, ui: &mut Ui) -> Response {
        let t = Tokens::of(ui);
        let size = vec2(ui.available_width(), row_height(self.folded));
        let response = paint::allocate(ui, size, Sense::click(), true);
        let name =
            if self.count.is_empty() { self.label.to_owned() } else { format!("{}, {}", self.label, self.count) };
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, self.selected, &name));
        let rect = response.rect;
        let fill = if self.selected { Some(t.selected) } else { response.hovered().then_some(t.hover) };
        if let Some(fill) = fill {
            ui.painter().rect_filled(rect, measure::radius::CONTROL, fill);
        }
        if response.has_focus() {
            focus_ring(ui.painter(), rect, measure::radius::CONTROL, t);
        }
        if self.folded {
            icon_at(ui.painter(), rect.center(), self.icon, 18.0, self.color);
            return paint::tooltip(response, &name);
        }
        icon_at(ui.painter(), pos2(rect.left() + 16.0, rect.center().y), self.icon, 16.0, self.color);
        let mut right = rect.right() - 8.0;
        if !self.count.is_empty() {
            let count = paint::line(ui, Type::CaptionMedium, t.text_3, self.count);
            let drawn = paint::galley_at(ui.painter(), Align2::RIGHT_CENTER, pos2(right, rect.center().y), count);
            right = drawn.left() - 8.0;
        }
        let kind = if self.selected { Type::BodyMedium } else { Type::Body };
        let label = paint::line_within(ui, kind, t.text, self.label, right - rect.left() - 32.0);
        paint::galley_at(ui.painter(), Align2::LEFT_CENTER, pos2(rect.left() + 32.0, rect.center().y), label);
        response
    }
}
