//! What takes the place of the grid: an empty folder, a listing that is coming, one that is refused.

use egui::{Frame, Margin, Ui};

use crate::domain::bucket::Exposure;
use crate::domain::check::why_refused;
use crate::model::browse::{ListingState, Place, Session};
use crate::model::command::{BrowseCommand, FrameCommand, Screen};
use crate::model::trouble::WayOut;
use crate::model::upload::UploadCommand;
use crate::theme::{Tokens, Type, icons};
use crate::ui::widgets::{
    Banner, BannerTone, Button, ControlSize, EmptyState, ErrorPage, Level, REFUSED, key_cap, level_icon, paint,
};
use crate::ui::{UiCtx, refusal};

use super::GalleryPanel;

impl GalleryPanel {
    /// Paints what takes the place of the whole gallery; says whether it did.
    pub(super) fn full_page_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, place: &Place) -> bool {
        let listing = &session.listing;
        let nothing = listing.folders.is_empty() && listing.objects.is_empty();
        if !nothing {
            return false;
        }
        match &listing.state {
            ListingState::Complete => empty_ui(ui, cx, session, place),
            ListingState::Failed(trouble) => {
                let (title, icon) = match trouble.way_out {
                    WayOut::AskForPermission => (format!("You may not see what is in {}", place.bucket), REFUSED),
                    WayOut::Retry
                    | WayOut::EditConnection
                    | WayOut::NotOffered
                    | WayOut::ChooseAnother
                    | WayOut::Report => (format!("{} could not be read", place.bucket), icons::WARNING),
                };
                refused_ui(ui, cx, trouble, &title, icon, &format!("arn:aws:s3:::{}", place.bucket));
            }
            ListingState::Empty | ListingState::Loading | ListingState::More(_) => loading_ui(ui),
        }
        true
    }

    /// What is to be said over a listing that is there in part.
    pub(super) fn banner_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session) {
        let banner = match &session.listing.state {
            ListingState::Failed(trouble) => {
                Banner::new(BannerTone::Warn, "This list is not whole.", trouble.sentence.as_str()).link("Read again")
            }
            ListingState::More(_) => {
                let rest = "Order and filter go over what has been read";
                Banner::new(BannerTone::Quiet, "There is more here than is read at once.", rest).link("Read on")
            }
            ListingState::Empty | ListingState::Loading | ListingState::Complete => return,
        };
        Frame::new().inner_margin(Margin { left: 16, right: 16, top: 0, bottom: 8 }).show(ui, |ui| {
            if banner.show(ui).is_some_and(|link| link.clicked()) {
                cx.push(match session.listing.state {
                    ListingState::More(_) => BrowseCommand::ListMore,
                    _ => BrowseCommand::Refresh,
                });
            }
        });
    }
}

fn empty_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, session: &Session, place: &Place) {
    let title = if place.prefix.is_empty() { "This bucket is empty" } else { "This folder is empty" };
    let sentence = "Drop images or folders anywhere on this window.\nYou see the plan before anything is sent.";
    let mut wishes: Vec<UploadCommand> = Vec::new();
    EmptyState::new(title, sentence).bucket().show(
        ui,
        |ui| {
            if Button::primary("Choose files…").icon(icons::UPLOAD_SIMPLE).large().show(ui).clicked() {
                wishes.push(UploadCommand::PickFiles);
            }
            if Button::secondary("Choose a folder…").icon(icons::FOLDER_PLUS).large().show(ui).clicked() {
                wishes.push(UploadCommand::PickFolder);
            }
        },
        |ui| {
            // What is below is a row; two lines need a column of one width in it.
            ui.vertical(|ui| {
                ui.set_width(480.0);
                below_empty_ui(ui, session.exposure_of(&place.bucket));
            });
        },
    );
    for wish in wishes {
        cx.push(wish);
    }
}

/// The other door, and who will see what is put here.
fn below_empty_ui(ui: &mut Ui, exposure: Exposure) {
    let t = Tokens::of(ui);
    crate::ui::widgets::centered_row(ui, "paste", |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(Type::Small.rich("or paste an image with").color(t.text_3));
        key_cap(ui, "Ctrl V");
    });
    let (icon, color, words) = match exposure {
        Exposure::Public => {
            (icons::GLOBE_SIMPLE, t.public_icon(), "Files that the bucket policy opens can be seen by anyone")
        }
        Exposure::Private => (icons::LOCK_SIMPLE, t.text_3, "Files here stay private"),
        Exposure::Unasked | Exposure::Unknown => return,
    };
    ui.add_space(24.0);
    crate::ui::widgets::centered_row(ui, "exposure", |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(16.0), egui::Sense::hover());
        paint::icon_at(ui.painter(), rect.center(), icon, 16.0, color);
        ui.label(Type::Small.rich(words).color(t.text_2));
    });
}

fn loading_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    ui.centered_and_justified(|ui| {
        crate::ui::widgets::centered_row(ui, "loading", |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            level_icon(ui, Level::Unknown, 16.0, "Reading the list");
            ui.label(Type::Body.rich("Reading what is here").color(t.text_2));
        });
    });
}

/// A listing that was refused or failed as a whole, with the ways out and what still works.
fn refused_ui(
    ui: &mut Ui,
    cx: &mut UiCtx<'_>,
    trouble: &crate::model::Trouble,
    title: &str,
    icon: crate::theme::Icon,
    resource: &str,
) {
    let t = Tokens::of(ui);
    Frame::new().inner_margin(Margin::same(24)).show(ui, |ui| {
        // The title has said the first part of it already.
        let rest = trouble.sentence.strip_prefix(title).map(|rest| rest.trim_start_matches(['.', ' ']));
        let sentence = rest.filter(|rest| !rest.is_empty()).unwrap_or(&trouble.sentence).to_owned();
        let refused = trouble.refused.as_ref();
        let mut page = ErrorPage::new(icon, title, Type::Body.job(sentence, t.text_2));
        if let Some(permission) = &trouble.permission {
            page = page.permission(permission.clone(), resource.to_owned());
        }
        for line in &trouble.details {
            let (label, value) = line.split_once(": ").unwrap_or(("", line));
            page = page.detail(label.to_owned(), value.to_owned());
        }
        let mut again = false;
        let mut wish = None;
        let mut settings = false;
        let copied = page.show(ui, |ui| {
            if let Some(request) = refused {
                if Button::primary("Copy a message to the administrator").icon(icons::COPY).show(ui).clicked() {
                    wish = Some(FrameCommand::CopyRefusal(request.clone()));
                }
                // Where a policy forbids it, no statement helps.
                let why = why_refused(request);
                let helps = why.identity_statement.is_some() || why.bucket_statement.is_some();
                if helps && Button::secondary("Copy the policy statement").show(ui).clicked() {
                    wish = Some(FrameCommand::CopyStatement(request.clone()));
                }
            }
            let label = "Try again";
            let button = if refused.is_none() { Button::primary(label) } else { Button::secondary(label) };
            again = button.icon(icons::ARROW_CLOCKWISE).show(ui).clicked();
            refusal::why_ui(ui, cx, trouble, ControlSize::Regular);
            settings = trouble.way_out == WayOut::EditConnection
                && Button::secondary("Go to the connections").show(ui).clicked();
        });
        if again {
            cx.push(BrowseCommand::Refresh);
        }
        if settings {
            cx.push(FrameCommand::Show(Screen::Start));
        }
        if copied {
            wish = Some(FrameCommand::CopyText { text: trouble.to_text(), said: "Details copied".to_owned() });
        }
        if let Some(wish) = wish {
            cx.push(wish);
        }
        ui.add_space(12.0);
        ui.label(
            Type::Small
                .rich("Uploading here may still work, and so may opening a folder by its address")
                .color(t.text_3),
        );
    });
}
