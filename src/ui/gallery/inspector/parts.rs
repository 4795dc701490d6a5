//! The sections of the inspector, some of which the viewer shows too.

use egui::{Align, Layout, Ui, vec2};

use crate::domain::object::ObjectSummary;
use crate::model::Trouble;
use crate::model::command::FrameCommand;
use crate::model::gallery::{GalleryCommand, UrlText};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::gallery::{access, facts};
use crate::ui::widgets::{
    Badge, Button, IconButton, KeyValue, Level, Tone, key_values, level_icon, link, paint, section,
};
use crate::worker::Status;

/// A section of the inspector with a line under it.
fn part(ui: &mut Ui, salt: &str, title: &str, badge: Option<Badge<'_>>, open: bool, contents: impl FnOnce(&mut Ui)) {
    section(ui, ("inspector", salt), title, badge, open, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        contents(ui);
        ui.add_space(6.0);
    });
    ui.add_space(6.0);
    paint::hairline(ui);
    ui.add_space(6.0);
}

fn quiet(ui: &mut Ui, words: &str) {
    let t = Tokens::of(ui);
    paint::label(ui, Type::Small.rich(words), t.text_3);
}

/// The badge of what strangers get.
pub(super) fn seen_badge_ui(ui: &mut Ui, cx: &UiCtx<'_>) {
    let status = cx.model.gallery.seen.status();
    match facts::seen(&status, cx.now, cx.zone) {
        Some(words) => {
            let badge = Badge::new(words.tone, words.short).icon(words.icon).show(ui);
            paint::tooltip(badge, &words.how);
        }
        None if matches!(status, Status::Pending(_)) => {
            level_icon(ui, Level::Unknown, 16.0, "Asking as a stranger would");
        }
        None => {}
    }
}

/// "Can it be seen?", answered by a request without any sign-in.
pub(in crate::ui::gallery) fn seen_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    let gallery = &cx.model.gallery;
    let status = gallery.seen.status();
    let pending = matches!(status, Status::Pending(_));
    let words = facts::seen(&status, cx.now, cx.zone);
    let mut again = false;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.set_height(24.0);
        let (icon, color, answer) = match &words {
            Some(words) if words.tone == Tone::Ok => (icons::CHECK_CIRCLE, t.ok, words.answer.as_str()),
            Some(words) if words.tone == Tone::Warn => (words.icon, t.warn, words.answer.as_str()),
            Some(words) => (words.icon, t.text_3, words.answer.as_str()),
            None if pending => (icons::QUESTION, t.text_3, "Asking as a stranger would"),
            None => (icons::QUESTION, t.text_3, "It has no web address to ask at"),
        };
        let (rect, _) = ui.allocate_exact_size(vec2(18.0, 18.0), egui::Sense::hover());
        if pending {
            Level::Unknown.paint(ui, rect.center(), 16.0);
        } else if icon == icons::CHECK_CIRCLE {
            paint::icon_fill_at(ui.painter(), rect.center(), icon, 18.0, color);
        } else {
            paint::icon_at(ui.painter(), rect.center(), icon, 18.0, color);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if words.is_some() {
                again = Button::secondary("Check again").small().show(ui).clicked();
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(egui::Label::new(Type::BodyMedium.rich(answer).color(t.text)).truncate());
            });
        });
    });
    if let Some(words) = &words {
        ui.add_space(4.0);
        paint::label(ui, Type::Small.rich(words.how.as_str()), t.text_2);
    }
    if again {
        cx.push(GalleryCommand::RefreshDetails);
    }
}

/// A head that does not fold, for the viewer.
pub(in crate::ui::gallery) fn bare_head(ui: &mut Ui, title: &str) {
    let t = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.set_height(32.0);
        ui.label(Type::SmallStrong.rich(title).color(t.text));
    });
}

/// What was refused or failed, small, with the way to ask again.
fn trouble_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, trouble: &Trouble) {
    let t = Tokens::of(ui);
    ui.add_space(6.0);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 18.0), egui::Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icons::WARNING_CIRCLE, 14.0, t.danger_icon());
        ui.vertical(|ui| {
            paint::label(ui, Type::Small.rich(trouble.sentence.as_str()), t.text_2);
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 12.0;
                if link(ui, Type::SmallMedium, "Read again").clicked() {
                    cx.push(GalleryCommand::RefreshDetails);
                }
                if let Some(request) = &trouble.refused
                    && link(ui, Type::SmallMedium, "Why was I refused?").clicked()
                {
                    cx.push(FrameCommand::WhyRefused(request.clone()));
                }
            });
        });
    });
}

/// Details, or what the listing tells until they are there.
pub(super) fn details_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, object: &ObjectSummary) {
    part(ui, "details", "Details", None, true, |ui| file_pairs_ui(ui, cx, object, false));
}

/// The file, for the viewer.
pub(in crate::ui::gallery) fn file_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, object: &ObjectSummary) {
    bare_head(ui, "File");
    file_pairs_ui(ui, cx, object, true);
}

fn file_pairs_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, object: &ObjectSummary, with_bytes: bool) {
    let model = cx.model;
    let status = model.gallery.details.status();
    let known = match &status {
        Status::Ready(known) | Status::Pending(Some(known)) | Status::Failed(_, Some(known)) => Some(*known),
        Status::Idle | Status::Pending(None) | Status::Failed(_, None) => None,
    };
    let known = known.filter(|known| known.key == object.key);
    let pairs = match (with_bytes, known) {
        (true, known) => facts::file(object, known, cx.now, cx.zone),
        (false, Some(known)) => facts::details(known, cx.now, cx.zone),
        (false, None) => facts::summary(object, cx.now, cx.zone),
    };
    key_values(ui, &pairs);
    match &status {
        Status::Pending(None) => {
            ui.add_space(6.0);
            ui.horizontal(|ui| {
                level_icon(ui, Level::Unknown, 14.0, "Reading the details");
                quiet(ui, "Reading the rest");
            });
        }
        Status::Failed(trouble, _) => trouble_ui(ui, cx, trouble),
        Status::Idle | Status::Pending(Some(_)) | Status::Ready(_) => {}
    }
}

/// Every form of the address, each with its button.
pub(super) fn addresses_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, key: &str) {
    let forms = &cx.model.gallery.addresses;
    if forms.is_empty() || cx.model.gallery.details_of.as_deref() != Some(key) {
        return;
    }
    part(ui, "addresses", "Addresses", None, false, |ui| {
        let t = Tokens::of(ui);
        for (at, form) in forms.iter().enumerate() {
            if at > 0 {
                ui.add_space(8.0);
            }
            ui.horizontal(|ui| {
                ui.label(Type::Caption.rich(form.label).color(t.text_3));
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let copy = IconButton::new(icons::COPY, format!("Copy the address: {}", form.label)).small();
                    if copy.tooltip("Copy").show(ui).clicked() {
                        cx.push(GalleryCommand::CopyUrls(vec![key.to_owned()], UrlText::Plain(Some(form.form))));
                    }
                });
            });
            let address = egui::Label::new(Type::Mono.rich(&form.url).color(t.text)).wrap();
            ui.add(address.selectable(true));
            if let Some(note) = form.note {
                paint::label(ui, Type::Caption.rich(note), t.text_3);
            }
        }
    });
}

/// The tags as a section with their number.
pub(super) fn tags_section_ui(ui: &mut Ui, cx: &UiCtx<'_>, key: &str) {
    let tags = known_tags(cx, key);
    let badge = tags.filter(|tags| !tags.is_empty()).map(|tags| Badge::new(Tone::Neutral, tags.len().to_string()));
    let open = tags.is_some_and(|tags| !tags.is_empty());
    part(ui, "tags", "Tags", badge, open, |ui| tags_ui(ui, cx, key));
}

fn known_tags<'a>(cx: &UiCtx<'a>, key: &str) -> Option<&'a [(String, String)]> {
    let known = cx.model.gallery.details.known().filter(|known| known.key == key)?;
    known.tags.as_deref()
}

/// The tags themselves, or why there are none to see.
pub(in crate::ui::gallery) fn tags_ui(ui: &mut Ui, cx: &UiCtx<'_>, key: &str) {
    let details = &cx.model.gallery.details;
    let known = details.known().filter(|known| known.key == key);
    match known.map(|known| known.tags.as_deref()) {
        None if details.is_pending() => quiet(ui, "Being read"),
        None => quiet(ui, "Cannot be read"),
        Some(None) => quiet(ui, "Cannot be read: needs s3:GetObjectTagging, or the store has no tags"),
        Some(Some([])) => quiet(ui, "No tags"),
        Some(Some(tags)) => {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
                for (name, value) in tags {
                    Badge::new(Tone::Neutral, format!("{name} = {value}")).show(ui);
                }
            });
        }
    }
}

/// Who may see it by its access list, folded until somebody asks.
pub(super) fn access_section_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, object: &ObjectSummary) {
    let badge = access::badge(cx, &object.key);
    part(ui, "access", "Access list", badge, false, |ui| access::access_ui(ui, cx, &object.key, object.name()));
}

/// What its uploader stored along with it.
pub(super) fn metadata_ui(ui: &mut Ui, cx: &UiCtx<'_>) {
    let known = cx.model.gallery.details.known();
    let metadata = known.map(|known| known.metadata.as_slice()).unwrap_or_default();
    let badge = (!metadata.is_empty()).then(|| Badge::new(Tone::Neutral, metadata.len().to_string()));
    part(ui, "metadata", "Metadata", badge, false, |ui| {
        if metadata.is_empty() {
            quiet(ui, if known.is_some() { "None stored with it" } else { "Not read yet" });
        } else {
            let pairs: Vec<_> = metadata.iter().map(|(name, value)| KeyValue::new(name, value)).collect();
            key_values(ui, &pairs);
        }
    });
}

/// What the camera wrote, as far as it is known without fetching the whole file.
pub(super) fn camera_ui(ui: &mut Ui, cx: &UiCtx<'_>, key: &str, has_location: Option<bool>) {
    let gallery = &cx.model.gallery;
    let is_of_this = gallery.full_of.as_ref().is_some_and(|(of, _)| of == key);
    let full = gallery.full.known().filter(|_| is_of_this);
    let badge = (has_location == Some(true)).then(|| Badge::new(Tone::Warn, "Has a location").icon(icons::MAP_PIN));
    part(ui, "camera", "Camera and place", badge, false, |ui| {
        quiet(
            ui,
            match has_location {
                Some(true) => facts::HAS_PLACE,
                Some(false) => "No place is written into it",
                None => "Whether a place is written into it could not be read",
            },
        );
        ui.add_space(6.0);
        match full.map(|full| facts::camera(&full.exif)) {
            Some(pairs) if !pairs.is_empty() => key_values(ui, &pairs),
            Some(_) => quiet(ui, "No camera wrote into it"),
            None => quiet(ui, "Open it large to read camera and time"),
        }
    });
}
