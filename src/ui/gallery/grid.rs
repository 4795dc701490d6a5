//! The grid: folders first, then pictures; only what is in sight is laid out or asked for.

use egui::{Pos2, Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};

use crate::domain::object::ObjectSummary;
use crate::images;
use crate::images::pipeline::{Priority, ThumbKey};
use crate::model::browse::{Listing, Place, Session};
use crate::model::command::BrowseCommand;
use crate::model::gallery::{GalleryCommand, Pick};
use crate::theme::measure::height;
use crate::ui::UiCtx;
use crate::ui::widgets::{RowSelection, ThumbCell, folder_card};

use super::textures::{self, Small};
use super::{GalleryPanel, cell};

/// Between cells across, and between rows.
const GAP: f32 = 12.0;
const ROW_GAP: f32 = 16.0;
/// Left and right of the grid.
const SIDE: f32 = 16.0;
/// Below the last row, for the bar of the selection.
const BELOW: f32 = 72.0;

/// Where everything lies, from the width alone.
struct Plan {
    columns: usize,
    cell_width: f32,
    cell_height: f32,
    folders_height: f32,
    rows: usize,
}

impl Plan {
    fn new(width: f32, wanted: f32, folders: usize, objects: usize) -> Self {
        let room = (width - 2.0 * SIDE).max(96.0);
        // The nearest number of columns: cells are as wide as wanted, more or less.
        let columns = (((room + GAP) / (wanted + GAP)).round() as usize).max(1);
        let cell_width = ((room - GAP * (columns - 1) as f32) / columns as f32).floor();
        let folder_rows = folders.div_ceil(columns) as f32;
        let folders_height = if folders == 0 { 0.0 } else { folder_rows * (height::FOLDER + GAP) + ROW_GAP - GAP };
        let cell_height = ThumbCell::height(cell_width);
        Self { columns, cell_width, cell_height, folders_height, rows: objects.div_ceil(columns) }
    }

    fn height(&self) -> f32 {
        4.0 + self.folders_height + self.rows as f32 * (self.cell_height + ROW_GAP) + BELOW
    }

    fn folder(&self, index: usize) -> Pos2 {
        let (row, column) = (index / self.columns, index % self.columns);
        pos2(SIDE + column as f32 * (self.cell_width + GAP), 4.0 + row as f32 * (height::FOLDER + GAP))
    }

    fn object(&self, index: usize) -> Rect {
        let (row, column) = (index / self.columns, index % self.columns);
        let left = SIDE + column as f32 * (self.cell_width + GAP);
        let top = 4.0 + self.folders_height + row as f32 * (self.cell_height + ROW_GAP);
        Rect::from_min_size(pos2(left, top), vec2(self.cell_width, self.cell_height))
    }

    /// The rows of objects that a stretch of the page touches.
    fn rows_in(&self, top: f32, bottom: f32) -> std::ops::Range<usize> {
        let first = 4.0 + self.folders_height;
        let pitch = self.cell_height + ROW_GAP;
        let from = ((top - first) / pitch).floor().max(0.0) as usize;
        let to = ((bottom - first) / pitch).ceil().max(0.0) as usize;
        from.min(self.rows)..to.min(self.rows)
    }
}

impl GalleryPanel {
    /// Paints the grid into what is left.
    pub(super) fn grid_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, place: &Place) {
        let gallery = &cx.model.gallery;
        let listing = &session.listing;
        let width = ui.available_width();
        let plan = Plan::new(width, cx.model.settings.thumbnail_size, gallery.folders.len(), gallery.shown.len());
        self.columns = plan.columns;
        let mut scroll = ScrollArea::vertical().id_salt(("grid", place)).auto_shrink(false);
        if std::mem::replace(&mut self.scroll_wishes, gallery.scroll_wishes) != gallery.scroll_wishes {
            scroll = self.scroll_to_focus(scroll, ui, &plan, listing, gallery);
        }
        let output = scroll.show_viewport(ui, |ui, viewport| {
            ui.set_height(plan.height());
            ui.set_width(width);
            let origin = ui.max_rect().min;
            self.folders_ui(ui, cx, session, place, &plan, origin, viewport);
            self.cells_ui(ui, cx, session, place, &plan, origin, viewport);
        });
        self.offset = output.state.clamped_offset().y;
        self.page_height = output.inner_rect.height();
        self.pitch = plan.cell_height + ROW_GAP;
    }

    /// Brings the focused cell into sight with the least movement.
    fn scroll_to_focus(
        &self,
        scroll: ScrollArea,
        ui: &Ui,
        plan: &Plan,
        listing: &Listing,
        gallery: &crate::model::gallery::GalleryModel,
    ) -> ScrollArea {
        let index = gallery.focus.as_deref().and_then(|key| gallery.position(listing, key));
        let Some(index) = index else { return scroll };
        let cell = plan.object(index);
        let page = ui.available_height();
        let top = cell.top() - 8.0;
        let bottom = cell.bottom() + BELOW - page;
        scroll.vertical_scroll_offset(self.offset.min(top).max(bottom.min(top)).max(0.0))
    }

    #[expect(clippy::too_many_arguments, reason = "one pass over one page; a struct would only rename them")]
    fn folders_ui(
        &self,
        ui: &mut Ui,
        cx: &mut UiCtx<'_>,
        session: &Session,
        place: &Place,
        plan: &Plan,
        origin: Pos2,
        viewport: Rect,
    ) {
        for (at, &index) in cx.model.gallery.folders.iter().enumerate() {
            let min = plan.folder(at);
            if min.y > viewport.bottom() || min.y + height::FOLDER < viewport.top() {
                continue;
            }
            let prefix = &session.listing.folders[index];
            let name = prefix.strip_prefix(&place.prefix).unwrap_or(prefix);
            let rect = Rect::from_min_size(origin + min.to_vec2(), vec2(plan.cell_width, height::FOLDER));
            let mut child = ui.new_child(UiBuilder::new().id_salt(("folder", prefix)).max_rect(rect));
            let card = folder_card(&mut child, plan.cell_width, name, "", RowSelection::None);
            super::actions::folder_menu_ui(cx, prefix, &card);
            if card.clicked() {
                let place = Place { bucket: place.bucket.clone(), prefix: prefix.clone() };
                cx.push(BrowseCommand::Go(place));
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one pass over one page; a struct would only rename them")]
    fn cells_ui(
        &mut self,
        ui: &mut Ui,
        cx: &mut UiCtx<'_>,
        session: &Session,
        place: &Place,
        plan: &Plan,
        origin: Pos2,
        viewport: Rect,
    ) {
        let gallery = &cx.model.gallery;
        let visible = plan.rows_in(viewport.top(), viewport.bottom());
        let near = plan.rows_in(viewport.top() - viewport.height() * 0.5, viewport.bottom() + viewport.height());
        let clip = |row: usize| (row * plan.columns).min(gallery.shown.len());
        let in_sight = clip(visible.start)..clip(visible.end);
        let edge = textures::edge_for(plan.cell_width * ui.pixels_per_point(), in_sight.len());
        let beyond = self.textures.make_room(in_sight.len(), edge).saturating_sub(in_sight.len());
        let key = |at: usize| {
            let object = &session.listing.objects[gallery.shown[at]];
            (object, ThumbKey::of(session.connection.id, &place.bucket, object, edge))
        };
        // What comes next when one scrolls on, then what one comes from.
        for at in (in_sight.end..clip(near.end)).chain((clip(near.start)..in_sight.start).rev()).take(beyond) {
            let (object, thumb) = key(at);
            if images::may_be_image(&object.key) && self.textures.get(&thumb).is_none() {
                self.wishes.want(thumb, Priority::Nearby);
            }
        }
        for at in in_sight {
            let (object, thumb) = key(at);
            let known = self.known_or_wanted(object, &thumb);
            let rect = plan.object(at).translate(origin.to_vec2());
            let mut child = ui.new_child(UiBuilder::new().id_salt(("cell", &object.key)).max_rect(rect));
            let mut cell = ThumbCell::new(
                cell::face(object, known.as_ref(), self.wishes.is_asked(&thumb)),
                object.name(),
                if gallery.deleting.contains(&object.key) {
                    "Being deleted".to_owned()
                } else {
                    cell::meta(object, known.as_ref())
                },
            )
            .selected(gallery.selection.contains(&object.key))
            // The only selected one needs no second ring around it.
            .focused(
                self.has_keyboard
                    && gallery.focus.as_deref() == Some(object.key.as_str())
                    && !(gallery.selection.len() == 1 && gallery.selection.contains(&object.key)),
            );
            if let Some(badge) = cell::badge(object, known.as_ref()) {
                cell = cell.badge(badge);
            }
            let answer = cell.show(&mut child, plan.cell_width);
            if answer.ticked {
                cx.push(GalleryCommand::Select(object.key.clone(), Pick::Toggle));
                self.take_keyboard = true;
            } else {
                self.object_response(cx, object, &answer.response);
            }
        }
    }

    /// The small picture of an object, in another size while the right one is asked for.
    pub(super) fn known_or_wanted(&mut self, object: &ObjectSummary, thumb: &ThumbKey) -> Option<Small> {
        let exact = self.textures.get(thumb).cloned();
        if exact.is_some() || !images::may_be_image(&object.key) {
            return exact;
        }
        self.wishes.want(thumb.clone(), Priority::Visible);
        self.textures.best(thumb)
    }

    /// What clicks on an object do, in the grid as in the rows.
    pub(super) fn object_response(&mut self, cx: &mut UiCtx<'_>, object: &ObjectSummary, response: &egui::Response) {
        if response.double_clicked() {
            cx.push(GalleryCommand::Open(object.key.clone()));
        } else if response.clicked() {
            let modifiers = response.ctx.input(|input| input.modifiers);
            let pick = if modifiers.shift {
                Pick::Range
            } else if modifiers.command {
                Pick::Toggle
            } else {
                Pick::Only
            };
            cx.push(GalleryCommand::Select(object.key.clone(), pick));
            self.take_keyboard = true;
        } else if response.secondary_clicked() && !cx.model.gallery.selection.contains(&object.key) {
            cx.push(GalleryCommand::Select(object.key.clone(), Pick::Only));
        }
        super::actions::context_menu_ui(cx, object, response);
    }
}

#[cfg(test)]
mod tests {
    use super::Plan;

    #[test]
    fn cells_share_the_width_and_rows_are_found_again() {
        let plan = Plan::new(752.0, 160.0, 3, 148);
        assert_eq!(plan.columns, 4);
        assert!((plan.cell_width - 171.0).abs() < 0.5, "{}", plan.cell_width);
        assert_eq!(plan.rows, 37);
        for index in [0, 5, 147] {
            let cell = plan.object(index);
            assert!(plan.rows_in(cell.top(), cell.bottom()).contains(&(index / 4)), "row of {index}");
        }
        assert_eq!(plan.rows_in(-500.0, 0.0), 0..0);
    }

    #[test]
    fn a_narrow_window_still_has_a_column() {
        assert_eq!(Plan::new(60.0, 320.0, 0, 5).columns, 1);
    }
}
