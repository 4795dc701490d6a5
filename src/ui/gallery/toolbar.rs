//! Filter, order, count, size of the cells, pictures or rows.

use egui::{Align, Frame, Layout, Margin, Ui};

use crate::domain::format;
use crate::model::browse::{Listing, ListingState};
use crate::model::gallery::{GalleryCommand, GalleryModel, Layout as Shape, SortBy};
use crate::theme::{Tokens, Type, icons, measure};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Button, ControlSize, Level, MenuRow, SearchField, Segment, level_icon, menu, paint, segmented, slider,
};

use super::GalleryPanel;

impl GalleryPanel {
    /// Paints the toolbar over the width left.
    pub(super) fn toolbar_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, listing: &Listing) {
        let t = Tokens::of(ui);
        let gallery = &cx.model.gallery;
        let width = ui.available_width();
        Frame::new().inner_margin(Margin::symmetric(16, 8)).show(ui, |ui| {
            ui.set_height(measure::height::REGULAR);
            ui.horizontal_centered(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                if self.filter_of != gallery.filter {
                    self.filter.clone_from(&gallery.filter);
                    self.filter_of.clone_from(&gallery.filter);
                }
                let field = SearchField::new("Filter by name", &mut self.filter).key_cap("Ctrl F").width(196.0);
                let response = field.show(ui);
                if std::mem::replace(&mut self.filter_wishes, gallery.filter_wishes) != gallery.filter_wishes {
                    response.request_focus();
                }
                if self.filter != self.filter_of {
                    self.filter_of.clone_from(&self.filter);
                    cx.push(GalleryCommand::SetFilter(self.filter.clone()));
                }
                sort_ui(ui, cx, gallery);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let mut layout = gallery.layout;
                    let shapes = [
                        Segment::icon(Shape::Grid, icons::SQUARES_FOUR, "Show as pictures"),
                        Segment::icon(Shape::Rows, icons::ROWS, "Show as rows"),
                    ];
                    if segmented(ui, &shapes, &mut layout, ControlSize::Regular).changed() {
                        cx.push(GalleryCommand::SetLayout(layout));
                    }
                    if gallery.layout == Shape::Grid && width > 640.0 {
                        ui.add_space(4.0);
                        size_ui(ui, cx);
                    }
                    ui.add_space(8.0);
                    count_ui(ui, t, gallery, listing);
                });
            });
        });
    }
}

fn sort_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, gallery: &GalleryModel) {
    let word = |by| match by {
        SortBy::Name => "Name",
        SortBy::Modified => "Date",
        SortBy::Size => "Size",
    };
    let button =
        Button::quiet(word(gallery.sort)).icon(icons::SORT_ASCENDING).name("Order").tooltip("Order by").show(ui);
    menu(&button, 200.0, |ui| {
        for by in [SortBy::Name, SortBy::Modified, SortBy::Size] {
            if MenuRow::new(word(by)).chosen(by == gallery.sort).show(ui).clicked() && by != gallery.sort {
                cx.push(GalleryCommand::Sort(by));
            }
        }
        crate::ui::widgets::menu_rule(ui);
        let turned = match (gallery.sort, gallery.descending) {
            (SortBy::Name, false) => "Z to A",
            (SortBy::Name, true) => "A to Z",
            (SortBy::Modified, true) => "Oldest first",
            (SortBy::Modified, false) => "Newest first",
            (SortBy::Size, true) => "Smallest first",
            (SortBy::Size, false) => "Largest first",
        };
        if MenuRow::new(turned).show(ui).clicked() {
            cx.push(GalleryCommand::Sort(gallery.sort));
        }
    });
}

fn size_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.x = 6.0;
    let icon = |ui: &mut Ui, size: f32| {
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(size), egui::Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icons::IMAGE_SQUARE, size, t.text_3);
    };
    icon(ui, 20.0);
    let mut size = cx.model.settings.thumbnail_size;
    if slider(ui, &mut size, 96.0..=320.0, 8.0, 104.0, "Size of the pictures").changed() {
        cx.push(GalleryCommand::SetThumbnailSize(size));
    }
    icon(ui, 16.0);
}

fn count_ui(ui: &mut Ui, t: &Tokens, gallery: &GalleryModel, listing: &Listing) {
    let shown = gallery.shown.len() as u64;
    let all = listing.objects.len() as u64;
    let words = if shown == all {
        format::counted(all, "file", "files")
    } else {
        format!("{} of {}", format::count(shown), format::counted(all, "file", "files"))
    };
    let more = if matches!(listing.state, ListingState::More(_)) { "+" } else { "" };
    ui.label(Type::Small.rich(format!("{words}{more}")).color(t.text_3));
    if listing.state == ListingState::Loading {
        level_icon(ui, Level::Unknown, 16.0, "Reading the list");
    }
}
