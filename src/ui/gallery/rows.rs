//! The same as the grid, one row each: dense, still, and with more to read.

use egui::{Rect, StrokeKind, Ui, Vec2, vec2};

use crate::domain::format;
use crate::domain::object::ObjectSummary;
use crate::images::pipeline::ThumbKey;
use crate::model::browse::{Place, Session};
use crate::model::command::BrowseCommand;
use crate::model::gallery::{GalleryCommand, GalleryModel, Pick, SortBy};
use crate::theme::measure::{height, radius, width};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Column, Level, RowSelection, SortOrder, Table, TableRow, ThumbFace, check_box, paint, thumb_face,
};

use super::{GalleryPanel, actions, cell, facts};

/// Below the last row, for the bar of the selection.
const BELOW: f32 = 72.0;
/// The small picture of a row.
const PICTURE: Vec2 = vec2(36.0, 27.0);
/// The pictures of rows are those of the grid, so that changing between the two fetches nothing.
const EDGE: u32 = 256;

const CHECK: usize = 0;
const NAME: usize = 1;
const SIZE: usize = 2;
const MODIFIED: usize = 3;
const TYPE: usize = 4;
const CLASS: usize = 5;

fn columns(gallery: &GalleryModel, narrow: bool) -> Vec<Column<'static>> {
    let order = if gallery.descending { SortOrder::Descending } else { SortOrder::Ascending };
    let sorted = |by| (gallery.sort == by).then_some(order);
    let mut columns = vec![
        Column::exact("", 40.0),
        Column::share("Name", 1.0, 180.0).sortable(sorted(SortBy::Name)),
        Column::exact("Size", 84.0).right().sortable(sorted(SortBy::Size)),
        Column::exact("Modified", 148.0).sortable(sorted(SortBy::Modified)),
    ];
    if !narrow {
        columns.push(Column::exact("Type", 116.0));
        columns.push(Column::exact("Class", 92.0));
    }
    columns
}

impl GalleryPanel {
    /// Paints the rows into what is left.
    pub(super) fn rows_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, place: &Place) {
        let gallery = &cx.model.gallery;
        let listing = &session.listing;
        let narrow = ui.ctx().content_rect().width() < width::NARROW_BELOW;
        let folders = gallery.folders.len();
        self.columns = 1;
        self.pitch = height::ROW_TABLE;
        self.page_height = (ui.available_height() - height::ROW_TREE).max(height::ROW_TABLE);
        self.textures.make_room((self.page_height / self.pitch) as usize + 1, EDGE);
        let wishes = gallery.scroll_wishes;
        let scroll_to = (std::mem::replace(&mut self.scroll_wishes, wishes) != wishes)
            .then(|| gallery.focus.as_deref().and_then(|key| gallery.position(listing, key)))
            .flatten()
            .map(|at| folders + at);
        let head = Rect::from_min_size(ui.cursor().min + vec2(16.0, 6.0), Vec2::splat(height::CHECK));
        let table = Table::new(("rows", place), "Files", columns(gallery, narrow)).bottom(BELOW).scroll_to(scroll_to);
        let shown = table.show(ui, folders + gallery.shown.len(), |row, at| match at.checked_sub(folders) {
            None => folder_row(row, cx, place, &listing.folders[gallery.folders[at]], narrow),
            Some(at) => {
                let object = &listing.objects[gallery.shown[at]];
                self.object_row(row, cx, session, place, object, narrow);
            }
        });
        match shown.head_clicked {
            Some(NAME) => cx.push(GalleryCommand::Sort(SortBy::Name)),
            Some(SIZE) => cx.push(GalleryCommand::Sort(SortBy::Size)),
            Some(MODIFIED) => cx.push(GalleryCommand::Sort(SortBy::Modified)),
            Some(_) | None => {}
        }
        all_ui(ui, cx, head);
    }

    fn object_row(
        &mut self,
        row: &mut TableRow<'_>,
        cx: &mut UiCtx<'_>,
        session: &Session,
        place: &Place,
        object: &ObjectSummary,
        narrow: bool,
    ) {
        let gallery = &cx.model.gallery;
        let thumb = ThumbKey::of(session.connection.id, &place.bucket, object, EDGE);
        let known = self.known_or_wanted(object, &thumb);
        let selected = gallery.selection.contains(&object.key);
        let focused = self.has_keyboard && gallery.focus.as_deref() == Some(object.key.as_str());
        let deleting = gallery.deleting.contains(&object.key);
        let size = format::size(object.size_bytes);
        let kind = cell::type_words(object, known.as_ref());
        row.state(
            &format!("{}, {}", object.name(), cell::meta(object, known.as_ref())),
            RowSelection::from_bool(selected),
            focused,
        );
        let t = Tokens::of(&row.response().ctx);
        let ticked = row.ui(CHECK, |ui| {
            ui.add_space(8.0);
            check_box(ui, Some(selected), &format!("Select {}", object.name())).clicked()
        });
        let asked = self.wishes.is_asked(&thumb);
        row.ui(NAME, |ui| {
            ui.spacing_mut().item_spacing.x = 10.0;
            small_ui(ui, &cell::face(object, known.as_ref(), asked));
            let badge = cell::badge(object, known.as_ref()).or_else(|| cell::trouble_badge(known.as_ref()));
            let color = if deleting { t.text_off } else { t.text };
            let room = ui.available_width() - badge.as_ref().map_or(0.0, |badge| badge.width(ui) + 10.0);
            let galley = paint::line_within(ui, Type::Body, color, object.name(), room.max(48.0));
            let (rect, _) = ui.allocate_exact_size(galley.size(), egui::Sense::hover());
            paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), galley);
            if let Some(badge) = badge {
                badge.show(ui);
            }
        });
        row.text(SIZE, Type::Body, t.text_2, &size);
        let modified = object.modified.map(|at| format::date_time(at, cx.now, cx.zone)).unwrap_or_default();
        let modified = if deleting { "Being deleted".to_owned() } else { modified };
        row.text(MODIFIED, Type::Body, t.text_2, &modified);
        if !narrow {
            row.text(TYPE, Type::Body, t.text_2, &kind);
            row.text(CLASS, Type::Body, t.text_2, &facts::class(object.storage_class.as_deref()));
        }
        if ticked {
            cx.push(GalleryCommand::Select(object.key.clone(), Pick::Toggle));
            self.take_keyboard = true;
        } else {
            self.object_response(cx, object, row.response());
        }
    }
}

fn folder_row(row: &mut TableRow<'_>, cx: &mut UiCtx<'_>, place: &Place, prefix: &str, narrow: bool) {
    let name = prefix.strip_prefix(&place.prefix).unwrap_or(prefix);
    row.state(&format!("Folder {name}"), RowSelection::None, false);
    let t = Tokens::of(&row.response().ctx);
    row.ui(NAME, |ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        let (rect, _) = ui.allocate_exact_size(PICTURE, egui::Sense::hover());
        paint::icon_fill_at(ui.painter(), rect.center(), icons::FOLDER, 20.0, t.water);
        let galley = paint::line_within(ui, Type::BodyMedium, t.text, name, ui.available_width());
        let (rect, _) = ui.allocate_exact_size(galley.size(), egui::Sense::hover());
        paint::galley_at(ui.painter(), egui::Align2::LEFT_CENTER, rect.left_center(), galley);
    });
    if !narrow {
        row.text(TYPE, Type::Body, t.text_2, "Folder");
    }
    actions::folder_menu_ui(cx, prefix, row.response());
    if row.response().clicked() {
        cx.push(BrowseCommand::Go(Place { bucket: place.bucket.clone(), prefix: prefix.to_owned() }));
    }
}

/// The picture of a row; where there is none, an icon says which kind of nothing it is.
fn small_ui(ui: &mut Ui, face: &ThumbFace<'_>) {
    let t = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(PICTURE, egui::Sense::hover());
    let icon = match face {
        ThumbFace::Picture { .. } => {
            thumb_face(ui, rect, radius::SMALL, face);
            let edge = egui::Stroke::new(1.0, t.stroke);
            ui.painter().rect_stroke(rect, radius::SMALL, edge, StrokeKind::Inside);
            return;
        }
        ThumbFace::ComingIn(_) => return Level::Unknown.paint(ui, rect.center(), 14.0),
        ThumbFace::Waiting => (icons::IMAGE, t.text_off),
        ThumbFace::Broken(_) => (icons::IMAGE_BROKEN, t.danger_icon()),
        ThumbFace::Private(_) => (icons::LOCK_SIMPLE, t.text_3),
        ThumbFace::TooLarge(_) => (icons::IMAGE_SQUARE, t.text_3),
        ThumbFace::Other(icon, _) => (*icon, t.text_3),
    };
    paint::icon_at(ui.painter(), rect.center(), icon.0, 16.0, icon.1);
}

/// The box in the head that selects all or nothing.
fn all_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, rect: Rect) {
    let gallery = &cx.model.gallery;
    if gallery.shown.is_empty() {
        return;
    }
    let state = match gallery.selection.len() {
        0 => Some(false),
        n if n == gallery.shown.len() => Some(true),
        _ => None,
    };
    let builder = egui::UiBuilder::new().id_salt("select all").max_rect(rect);
    let clicked = ui.scope_builder(builder, |ui| check_box(ui, state, "Select all").clicked()).inner;
    if clicked {
        cx.push(if state == Some(true) { GalleryCommand::ClearSelection } else { GalleryCommand::SelectAll });
    }
}
