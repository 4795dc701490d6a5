//! The gallery of a place, its inspector, and the viewer.

mod access;
mod actions;
mod cell;
mod facts;
mod grid;
mod inspector;
mod rows;
mod states;
mod textures;
mod toolbar;
mod viewer;

use std::collections::HashMap;

use egui::{AreaState, Frame, Id, LayerId, Order, Panel, Sense, Ui, UiBuilder};

use crate::images::pipeline::{Priority, ThumbKey};
use crate::model::browse::Session;
use crate::model::gallery::{GalleryCommand, Layout};
use crate::theme::{Tokens, measure};
use crate::ui::UiCtx;

pub use actions::palette_entries;

/// So many small pictures are asked for at once; the others have their turn when these are there.
const MOST_WANTED: usize = 600;

/// The gallery and what is being edited in it.
#[derive(Default)]
pub struct GalleryPanel {
    textures: textures::Textures,
    wishes: Wishes,
    /// The listing that was last painted; another one lets failed pictures be asked for again.
    generation: u64,
    /// The filter as typed, and the one it was made from.
    filter: String,
    filter_of: String,
    filter_wishes: u32,
    scroll_wishes: u32,
    /// Columns of the grid, for the arrow keys.
    columns: usize,
    /// Where the grid stands and how much of it is in sight.
    offset: f32,
    page_height: f32,
    /// How high a cell or row is with the space below it, for the keys that turn pages.
    pitch: f32,
    /// The grid listens to the keyboard, or wants to from the next frame on.
    has_keyboard: bool,
    take_keyboard: bool,
    viewer: viewer::Viewer,
    /// The access list that is being changed.
    access: Option<access::Draft>,
}

/// The small pictures that are missed, and those that were asked for.
#[derive(Debug, Default)]
struct Wishes {
    /// Missed in this frame.
    wanted: Vec<(ThumbKey, Priority)>,
    /// Asked for and not yet there.
    asked: HashMap<ThumbKey, Priority>,
}

impl Wishes {
    /// Notes that a picture is missed.
    fn want(&mut self, key: ThumbKey, priority: Priority) {
        self.wanted.push((key, priority));
    }

    /// Whether a picture was asked for.
    fn is_asked(&self, key: &ThumbKey) -> bool {
        self.asked.contains_key(key)
    }

    /// Notes that a picture is there, so that its absence from what is wanted is nothing to tell.
    fn arrived(&mut self, key: &ThumbKey) {
        self.asked.remove(key);
    }

    /// What to tell the background, the most urgent first; nothing while it is at work on just that.
    fn take(&mut self) -> Option<Vec<(ThumbKey, Priority)>> {
        let mut wanted = std::mem::take(&mut self.wanted);
        wanted.sort_by_key(|(_, priority)| *priority);
        let mut asked = HashMap::with_capacity(wanted.len().min(MOST_WANTED));
        wanted.retain(|(key, priority)| {
            let is_new = asked.len() < MOST_WANTED && !asked.contains_key(key);
            if is_new {
                asked.insert(key.clone(), *priority);
            }
            is_new
        });
        if asked == self.asked {
            return None;
        }
        self.asked = asked;
        Some(wanted)
    }
}

impl GalleryPanel {
    /// Toolbar, grid and inspector.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let model = cx.model;
        let Some(session) = &model.session else { return };
        let Some(place) = &session.place else { return };
        // Nothing of it would be seen, and what it wants would stand in the way of the opened image.
        if model.gallery.opened.is_some() {
            return;
        }
        self.take_in(ui, cx);
        let listing = &session.listing;
        if std::mem::replace(&mut self.generation, listing.generation) != listing.generation {
            self.textures.forget_failures();
        }
        if self.full_page_ui(ui, cx, session, place) {
            return;
        }
        if model.settings.inspector_open {
            let frame = Frame::NONE.fill(Tokens::of(ui).surface);
            let panel = Panel::right("inspector").exact_size(inspector_width(ui)).resizable(false);
            panel.show_separator_line(true).frame(frame).show(ui, |ui| self.inspector_ui(ui, cx, session, place));
        }
        self.keyboard(ui, cx, session);
        ui.spacing_mut().item_spacing.y = 0.0;
        self.toolbar_ui(ui, cx, listing);
        self.banner_ui(ui, cx, session);
        let room = ui.available_rect_before_wrap();
        match model.gallery.layout {
            Layout::Grid => self.grid_ui(ui, cx, session, place),
            Layout::Rows => self.rows_ui(ui, cx, session, place),
        }
        actions::selection_bar_ui(ui, cx, session, room);
    }

    /// Takes in the small pictures that have come.
    fn take_in(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        for (key, _) in cx.thumbs.iter() {
            self.wishes.arrived(key);
        }
        self.textures.take_in(ui, cx.thumbs);
    }

    /// Whether the grid has the keyboard: after a click into it, and whenever nothing else has.
    fn keyboard(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, session: &Session) {
        let focused = ui.memory(|memory| memory.focused());
        if std::mem::take(&mut self.take_keyboard)
            && let Some(id) = focused
        {
            ui.memory_mut(|memory| memory.surrender_focus(id));
        }
        let free = ui.memory(|memory| memory.focused()).is_none();
        self.has_keyboard = free && !cx.model.has_dialog();
        if self.has_keyboard && !egui::Popup::is_any_open(ui.ctx()) {
            let page = (self.page_height / self.pitch.max(1.0)).floor().max(1.0) as isize;
            actions::keys(ui, cx, session, self.columns.max(1) as isize, page);
        }
    }

    /// The opened image over everything, if one is open. Called last in every frame, whatever the screen: here the
    /// background is told which small pictures are missed, and that none is when another screen is shown.
    pub fn viewer_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let model = cx.model;
        self.take_in(ui, cx);
        let place = model.session.as_ref().and_then(|session| Some((session, session.place.as_ref()?)));
        match (&model.gallery.opened, place) {
            (Some(opened), Some((session, place))) => {
                let layer = LayerId::new(Order::Middle, Id::unique("viewer"));
                let rect = ui.ctx().content_rect();
                ui.memory_mut(|memory| {
                    // The pointer and the wheel go to this layer, and Tab stays in it.
                    let state =
                        AreaState { pivot_pos: Some(rect.min), size: Some(rect.size()), ..AreaState::default() };
                    memory.areas_mut().set_state(layer, state);
                    memory.set_modal_layer(layer);
                });
                let builder = UiBuilder::new().layer_id(layer).max_rect(rect).sense(Sense::click_and_drag());
                ui.scope_builder(builder, |ui| self.opened_ui(ui, cx, session, place, &opened.key));
            }
            (None, _) | (_, None) => self.viewer.close(),
        }
        if let Some(wanted) = self.wishes.take() {
            cx.push(GalleryCommand::Want(wanted));
        }
    }
}

/// How wide the inspector is beside the grid and beside an opened image.
fn inspector_width(ui: &Ui) -> f32 {
    let narrow = ui.ctx().content_rect().width() < measure::width::NARROW_BELOW;
    if narrow { measure::width::INSPECTOR_NARROW } else { measure::width::INSPECTOR }
}

#[cfg(test)]
mod tests;
