//! The page of larger parts.

use egui::{Rect, Ui, vec2};

use super::super::*;
use super::{Specimen, column, group};
use crate::theme::text::Spans;
use crate::theme::{Tokens, Type, icons};

impl Specimen {
    pub(super) fn parts_ui(&mut self, ui: &mut Ui, rect: Rect) {
        let (top, left) = (rect.top() + 20.0, rect.left() + 24.0);
        column(ui, left, top, 240.0, |ui| {
            group(ui, "Wizard steps", steps_ui);
            group(ui, "Sections of the inspector", inspector_ui);
            group(ui, "Folder", |ui| {
                folder_card(ui, 171.0, "catalogue/", "86 items", RowSelection::None);
                tile(ui, icons::CLOUD);
            });
        });
        column(ui, left + 268.0, top, 520.0, |ui| {
            group(ui, "Option cards", |ui| self.options_ui(ui));
            group(ui, "Refusal", |ui| {
                refusal_ui(ui);
            });
            notices_ui(ui);
        });
        column(ui, left + 816.0, top, 416.0, |ui| {
            group(ui, "Tabs", |ui| {
                let pages = [(0, "Gallery"), (1, "Files"), (2, "Permissions")];
                tabs(ui, &pages, &mut self.tab, |ui| {
                    Badge::new(Tone::Public, "Open to anyone").icon(icons::GLOBE_SIMPLE).show(ui);
                });
            });
            group(ui, "Code", code_ui);
            group(ui, "Facts", facts_ui);
            group(ui, "Card", card_ui);
        });
        let place = Rect::from_min_size(rect.min + vec2(880.0, 532.0), vec2(360.0, 260.0));
        let ui = &mut ui.new_child(egui::UiBuilder::new().id_salt("empty").max_rect(place));
        EmptyState::new("This bucket is empty", "Drop images or folders anywhere on this window.").bucket().show(
            ui,
            |ui| {
                Button::primary("Choose files…").large().icon(icons::UPLOAD_SIMPLE).show(ui);
            },
            |ui| {
                let t = Tokens::of(ui);
                ui.label(Type::Small.rich("or paste an image with").color(t.text_3));
                key_cap(ui, "Ctrl V");
            },
        );
    }

    fn options_ui(&mut self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        OptionCard::new(
            true,
            "Anyone on the internet",
            "Whoever has the address can open the file, without signing in.",
        )
        .badge(Badge::new(Tone::Public, "Public"))
        .icon_colored(icons::GLOBE_SIMPLE, t.public_icon())
        .show(ui, |ui| {
            ui.add_space(4.0);
            ui.horizontal(|ui| {
                let scope = [Segment::new(0, "Every file"), Segment::new(1, "Only names that begin with")];
                segmented(ui, &scope, &mut self.conflict, ControlSize::Regular);
                TextField::new("Prefix", &mut self.empty).label_hidden().mono().width(140.0).show(ui);
            });
        });
        OptionCard::new(false, "Only people who sign in", "Nobody outside your account.")
            .icon(icons::LOCK_SIMPLE)
            .show(ui, |_| {});
    }
}

fn steps_ui(ui: &mut Ui) {
    ui.spacing_mut().item_spacing.y = 2.0;
    RailStep::new(Level::Done, "Name and place", "acme-site-images-2026").show(ui);
    RailStep::new(Level::Fraction(0.5), "Who may see the files?", "").current(true).show(ui);
    RailStep::new(Level::Waiting, "Safety net", "Versions, encryption").show(ui);
}

fn inspector_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 4.0;
    section(ui, "details", "Details", None, true, |ui| {
        key_values(
            ui,
            &[
                KeyValue::mono("Key", "photos/2026/lake-morning-with-a-long-name.jpg"),
                KeyValue::new("Modified", "14 Mar 2026, 09:41"),
                KeyValue::mono("ETag", elide_middle(ui, Type::Mono, "9b2cf535f27731c974343645a3985328", 120.0)),
                KeyValue::new("Class", "Standard"),
                KeyValue::new("Versions", "Cannot be read").color(t.warn_text),
            ],
        );
    });
    let tags = Badge::new(Tone::Neutral, "2");
    section(ui, "tags", "Tags", Some(tags), false, |_| {});
}

fn refusal_ui(ui: &mut Ui) -> bool {
    let t = Tokens::of(ui);
    let sentence = Spans::new()
        .push(Type::Body, t.text, "The sign-in ")
        .push(Type::Mono, t.text, "web-uploader")
        .push(
            Type::Body,
            t.text,
            " lacks the permission to list this bucket. Someone who manages the account can give it.",
        )
        .job();
    // The details are open on this page, as after a click.
    ErrorPage::new(REFUSED, "You may not see what is in acme-invoices", sentence)
        .permission("s3:ListBucket", "arn:aws:s3:::acme-invoices")
        .detail("Call", "ListObjectsV2, signed, eu-west-1")
        .detail("Answer", "403 AccessDenied")
        .detail("Message", "User is not authorized to perform s3:ListBucket because no identity-based policy allows it")
        .detail("Request id", "4Z6N1GJ8T0Q2V5KB")
        .show(ui, |ui| {
            Button::primary("Copy a message").icon(icons::COPY).name("Copy a message to the administrator").show(ui);
            Button::secondary("Try again").icon(icons::ARROW_CLOCKWISE).show(ui);
            Button::quiet("Other sign-in…").show(ui);
        })
}

fn card_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    Card::new().show(ui, |ui| {
        card_header(
            ui,
            icons::SHIELD_CHECK,
            "Block Public Access",
            |ui| {
                Badge::new(Tone::Public, "Partly lifted").show(ui);
            },
            |ui| {
                Button::secondary("Edit…").small().name("Edit Block Public Access").show(ui);
            },
        );
        ui.label(Type::Body.rich("Public policies are allowed, public ACLs stay refused").color(t.text_2));
    });
}

fn code_ui(ui: &mut Ui) {
    let command = "aws s3api put-bucket-policy --region eu-west-1 \\\n    --bucket acme-site-images-2026";
    CodeBlock::new(ui, command).copy("Copy the command").show(ui);
    CodeBlock::new(ui, "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}").lines().show(ui);
}

fn facts_ui(ui: &mut Ui) {
    let t = Tokens::of(ui);
    ui.spacing_mut().item_spacing.y = 6.0;
    fact(
        ui,
        icons::CHECK_CIRCLE,
        t.ok,
        Spans::new()
            .push(Type::Body, t.text, "can open a file under ")
            .push(Type::Mono, t.text, "photos/")
            .push(Type::Body, t.text, " if they know its address, from wherever they are")
            .job(),
    );
    fact(ui, icons::X_CIRCLE, t.text_3, Type::Body.job("cannot see a list of your files", t.text));
}

fn notices_ui(ui: &mut Ui) {
    ui.spacing_mut().item_spacing = vec2(8.0, 8.0);
    Toast::new(ToastTone::Warn, "2 of 14 files could not be sent")
        .body("The network was away for 40 seconds. They wait and go on by themselves.")
        .action("Show them")
        .show(ui);
}
