//! The inspector: one object in full, several in sum, or the folder when nothing is selected.

mod parts;

use egui::{Align, Frame, Layout, Margin, ScrollArea, Sense, StrokeKind, Ui, vec2};

use crate::domain::bucket::Exposure;
use crate::domain::format;
use crate::domain::object::ObjectSummary;
use crate::images;
use crate::images::pipeline::ThumbKey;
use crate::model::browse::{Place, Session};
use crate::model::gallery::{GalleryCommand, UrlText};
use crate::theme::measure::radius;
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{Button, IconButton, MenuRow, ThumbFace, menu, menu_rule, paint, thumb_face};
use crate::ui::{UiCtx, exposure};

use super::textures::Small;
use super::{GalleryPanel, actions, cell, facts};

pub(super) use parts::{bare_head, file_ui, seen_ui, tags_ui};

/// The picture is asked for in this size, which is sharp at twice the points.
const EDGE: u32 = 512;

impl GalleryPanel {
    /// Paints the inspector over the whole of its panel.
    pub(super) fn inspector_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, place: &Place) {
        let gallery = &cx.model.gallery;
        let chosen = gallery.selection.len();
        let subject = gallery.subject().and_then(|key| session.listing.objects.iter().find(|object| object.key == key));
        ScrollArea::vertical().id_salt("inspector").auto_shrink(false).show(ui, |ui| {
            Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 16 }).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
                ui.set_width(ui.available_width());
                match subject {
                    Some(_) if chosen > 1 => several_ui(ui, cx, session),
                    Some(object) => self.one_ui(ui, cx, session, place, object),
                    None => nothing_ui(ui, cx, session, place),
                }
            });
        });
    }

    fn one_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, place: &Place, object: &ObjectSummary) {
        let t = Tokens::of(ui);
        let thumb = ThumbKey::of(session.connection.id, &place.bucket, object, EDGE);
        let known = self.known_or_wanted(object, &thumb);
        let asked = self.wishes.is_asked(&thumb);
        picture_ui(ui, &cell::face(object, known.as_ref(), asked), object.name());
        if let Some(badge) = cell::badge(object, known.as_ref()) {
            ui.add_space(8.0);
            badge.show(ui);
        }
        ui.add_space(8.0);
        name_ui(ui, cx, object);
        ui.label(Type::Small.rich(kind_line(object, known.as_ref())).color(t.text_2));
        ui.add_space(10.0);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            let of_bucket = session.exposure_of(&place.bucket);
            // A file can be open by its own list in a bucket that is not: what was seen says more.
            if of_bucket != Exposure::Private || !facts::was_seen(&cx.model.gallery.seen.status()) {
                let (badge, why) = exposure::badge(of_bucket);
                paint::tooltip(badge.show(ui), why);
            }
            parts::seen_badge_ui(ui, cx);
        });
        ui.add_space(14.0);
        actions_ui(ui, cx, std::slice::from_ref(&object.key), "Copy URL", object.name());
        ui.add_space(14.0);
        paint::hairline(ui);
        ui.add_space(6.0);
        parts::details_ui(ui, cx, object);
        parts::addresses_ui(ui, cx, &object.key);
        parts::tags_section_ui(ui, cx, &object.key);
        parts::metadata_ui(ui, cx);
        parts::access_section_ui(ui, cx, object);
        let has_location = match &known {
            Some(Small::Shown(shown)) => Some(shown.has_location),
            Some(Small::Problem(_) | Small::NotAllowed(_) | Small::Failed(_)) | None => None,
        };
        if images::may_be_image(&object.key) {
            parts::camera_ui(ui, cx, &object.key, has_location);
        }
    }
}

/// The picture at 3:2, filled, as in the grid.
fn picture_ui(ui: &mut Ui, face: &ThumbFace<'_>, name: &str) {
    let t = Tokens::of(ui);
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, (width / 1.5).round()), Sense::hover());
    thumb_face(ui, rect, radius::CONTROL, face);
    ui.painter().rect_stroke(rect, radius::CONTROL, egui::Stroke::new(1.0, t.stroke), StrokeKind::Inside);
    let words = match face {
        ThumbFace::Picture { .. } => format!("Picture of {name}"),
        ThumbFace::Waiting | ThumbFace::ComingIn(_) => format!("{name} is coming in"),
        ThumbFace::Broken(why) | ThumbFace::Private(why) | ThumbFace::TooLarge(why) | ThumbFace::Other(_, why) => {
            format!("{name}: {why}")
        }
    };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &words));
}

fn name_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, object: &ObjectSummary) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let more = IconButton::new(icons::DOTS_THREE, format!("More for {}", object.name())).small().show(ui);
            menu(&more, 240.0, |ui| {
                let copy = |text: &str, said: &str| crate::model::command::FrameCommand::CopyText {
                    text: text.to_owned(),
                    said: said.to_owned(),
                };
                if MenuRow::new("Open in the browser").icon(icons::ARROW_SQUARE_OUT).show(ui).clicked() {
                    cx.push(GalleryCommand::OpenInBrowser(object.key.clone()));
                }
                if MenuRow::new("Copy name").icon(icons::COPY).show(ui).clicked() {
                    cx.push(copy(object.name(), "Name copied"));
                }
                if MenuRow::new("Copy key").icon(icons::KEY).show(ui).clicked() {
                    cx.push(copy(&object.key, "Key copied"));
                }
                if MenuRow::new("Read the details again").icon(icons::ARROWS_CLOCKWISE).show(ui).clicked() {
                    cx.push(GalleryCommand::RefreshDetails);
                }
                menu_rule(ui);
                if MenuRow::new("Delete…").icon(icons::TRASH).keys("Del").danger().show(ui).clicked() {
                    cx.push(GalleryCommand::AskDelete(vec![object.key.clone()]));
                }
            });
            let open = IconButton::new(icons::ARROWS_OUT_SIMPLE, format!("Open {} large", object.name()));
            if open.small().tooltip("Open large   Space").show(ui).clicked() {
                cx.push(GalleryCommand::Open(object.key.clone()));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let name = egui::Label::new(Type::LeadStrong.rich(object.name()).color(t.text)).truncate();
                ui.add(name.selectable(true));
            });
        });
    });
}

/// `JPEG image · 1.8 MB · 2400 × 1600`.
fn kind_line(object: &ObjectSummary, known: Option<&Small>) -> String {
    let mut line = format!("{} · {}", cell::type_words(object, known), format::size(object.size_bytes));
    if let Some(Small::Shown(shown)) = known {
        line.push_str(&format!(" · {} × {}", shown.source.0, shown.source.1));
    }
    line
}

/// Copy (the widest), more ways to copy, download and delete.
fn actions_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, keys: &[String], copy: &str, what: &str) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let others = 3.0 * (crate::theme::measure::height::REGULAR + 8.0);
        let copy = Button::primary(copy).icon(icons::COPY).min_width(ui.available_width() - others);
        if copy.show(ui).clicked() {
            cx.push(GalleryCommand::CopyUrls(keys.to_vec(), UrlText::Plain(None)));
        }
        let more = IconButton::new(icons::CARET_DOWN, "More ways to copy").edge().show(ui);
        menu(&more, 240.0, |ui| actions::url_rows_ui(ui, cx, keys));
        let download = IconButton::new(icons::DOWNLOAD_SIMPLE, format!("Download {what}")).edge();
        if download.tooltip("Download…").show(ui).clicked() {
            cx.push(GalleryCommand::Download(keys.to_vec()));
        }
        let delete = IconButton::new(icons::TRASH, format!("Delete {what}")).edge().color(t.danger_text);
        if delete.tooltip("Delete…   Del").show(ui).clicked() {
            cx.push(GalleryCommand::AskDelete(keys.to_vec()));
        }
    });
}

fn several_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session) {
    const NAMED: usize = 8;
    let t = Tokens::of(ui);
    let gallery = &cx.model.gallery;
    let count = gallery.selection.len();
    let files = format::counted(count as u64, "file", "files");
    ui.add_space(4.0);
    ui.label(Type::LeadStrong.rich(format!("{files} selected")).color(t.text));
    ui.label(Type::Small.rich(format!("{} in all", format::size(gallery.selected_bytes))).color(t.text_2));
    ui.add_space(14.0);
    // Only what is clicked needs the keys in their order; a bed of ten thousand would cost every frame.
    let wish = several_actions_ui(ui, count, &files);
    if let Some(wish) = wish {
        let keys = gallery.targets(&session.listing);
        cx.push(match wish {
            Wish::Copy(text) => GalleryCommand::CopyUrls(keys, text),
            Wish::Download => GalleryCommand::Download(keys),
            Wish::Delete => GalleryCommand::AskDelete(keys),
        });
    }
    ui.add_space(14.0);
    paint::hairline(ui);
    ui.add_space(10.0);
    ui.spacing_mut().item_spacing.y = 6.0;
    for key in gallery.selection.iter().take(NAMED) {
        let name = key.rsplit('/').next().unwrap_or(key);
        ui.add(egui::Label::new(Type::Small.rich(name).color(t.text_2)).truncate());
    }
    if count > NAMED {
        let rest = format!("and {} more", format::count((count - NAMED) as u64));
        ui.label(Type::Small.rich(rest).color(t.text_3));
    }
}

/// What is asked of several.
enum Wish {
    Copy(UrlText),
    Download,
    Delete,
}

fn several_actions_ui(ui: &mut Ui, count: usize, files: &str) -> Option<Wish> {
    let t = Tokens::of(ui);
    let mut wish = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let others = 3.0 * (crate::theme::measure::height::REGULAR + 8.0);
        let label = format!("Copy {} URLs", format::count(count as u64));
        let name = format!("{label} of the selection");
        let copy = Button::primary(label).name(name).icon(icons::COPY).min_width(ui.available_width() - others);
        if copy.show(ui).clicked() {
            wish = Some(Wish::Copy(UrlText::Plain(None)));
        }
        let more = IconButton::new(icons::CARET_DOWN, "More ways to copy the selection").edge().show(ui);
        menu(&more, 240.0, |ui| {
            for (label, icon, text) in actions::url_texts() {
                if MenuRow::new(label).icon(icon).show(ui).clicked() {
                    wish = Some(Wish::Copy(text));
                }
            }
        });
        let download = IconButton::new(icons::DOWNLOAD_SIMPLE, format!("Download the {files}")).edge();
        if download.tooltip("Download…").show(ui).clicked() {
            wish = Some(Wish::Download);
        }
        let delete = IconButton::new(icons::TRASH, format!("Delete the {files}")).edge().color(t.danger_text);
        if delete.tooltip("Delete…   Del").show(ui).clicked() {
            wish = Some(Wish::Delete);
        }
    });
    wish
}

fn nothing_ui(ui: &mut Ui, cx: &UiCtx<'_>, session: &Session, place: &Place) {
    let t = Tokens::of(ui);
    let listing = &session.listing;
    let name = place.prefix.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty());
    ui.add_space(4.0);
    let title = egui::Label::new(Type::LeadStrong.rich(name.unwrap_or(&place.bucket)).color(t.text)).truncate();
    ui.add(title);
    let bytes: u64 = listing.objects.iter().map(|object| object.size_bytes).sum();
    let mut words = format::counted(listing.objects.len() as u64, "file", "files");
    if !listing.objects.is_empty() {
        words.push_str(&format!(" · {}", format::size(bytes)));
    }
    if !listing.folders.is_empty() {
        words.push_str(&format!(" · {}", format::counted(listing.folders.len() as u64, "folder", "folders")));
    }
    ui.label(Type::Small.rich(words).color(t.text_2));
    ui.add_space(10.0);
    ui.horizontal_wrapped(|ui| {
        let (badge, why) = exposure::badge(session.exposure_of(&place.bucket));
        paint::tooltip(badge.show(ui), why);
    });
    ui.add_space(14.0);
    paint::hairline(ui);
    ui.add_space(14.0);
    let hint = match (listing.objects.is_empty(), cx.model.gallery.filter.is_empty()) {
        (_, false) if cx.model.gallery.shown.is_empty() => "No name here contains what the filter says",
        (true, _) => "Only folders lie here. Open one to see what is in it",
        (false, _) => "Select a file to see its details and addresses. Space opens it large",
    };
    paint::label(ui, Type::Small.rich(hint), t.text_3);
}
