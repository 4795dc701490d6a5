//! Unfinished uploads: the card that tells of them, and the dialog in which they are called off.

use std::collections::BTreeSet;

use egui::{Ui, vec2};

use super::card;
use crate::domain::format;
use crate::model::bucket_settings::{BucketSettingsCommand, UnfinishedUpload, UnfinishedUploads};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{
    Badge, Banner, BannerTone, Button, Card, Column, Dialog, DialogWidth, Level, RowSelection, Table, TableRow, Tone,
    card_header, check_box, dialog_foot_left, level_icon, paint,
};
use crate::worker::Request;

const TITLE: &str = "Unfinished uploads";

/// So many keys are named in the question.
const NAMED: usize = 6;

/// The card.
pub(super) fn card_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let model = cx.model;
    let request = &model.bucket_settings.unfinished;
    let known = request.known();
    Card::new().show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
        let state = |ui: &mut Ui| match (known, request) {
            (Some(found), _) if found.all.is_empty() => {
                Badge::new(Tone::Neutral, "None").show(ui);
            }
            (Some(found), _) => {
                Badge::new(Tone::Warn, format::count(found.all.len() as u64)).show(ui);
            }
            (None, Request::Failed { .. }) => {
                Badge::new(Tone::Warn, "Not read").show(ui);
            }
            (None, _) => {
                level_icon(ui, Level::Unknown, 16.0, TITLE);
            }
        };
        let mut pressed = false;
        card_header(ui, icons::UPLOAD_SIMPLE, TITLE, state, |ui| {
            if known.is_some_and(|found| !found.all.is_empty()) {
                let button = Button::secondary("Show…").small().name("Show unfinished uploads");
                pressed = button.show(ui).clicked();
            }
        });
        if pressed {
            cx.push(BucketSettingsCommand::ShowUnfinished);
        }
        ui.add_space(4.0);
        let frame = egui::Frame::new().inner_margin(egui::Margin { left: 26, right: 0, top: 0, bottom: 0 });
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            let t = Tokens::of(ui);
            match (known, request) {
                (Some(found), _) if found.all.is_empty() => {
                    let words = "No upload was begun here and left unfinished";
                    paint::label(ui, Type::Body.rich(words), t.text_2);
                }
                (Some(found), _) => {
                    let words = format!("{} that show in no listing and are paid for like files", found.words());
                    paint::label(ui, Type::Body.rich(words), t.text_2);
                }
                (None, Request::Failed { error, .. }) => card::unreadable_ui(ui, error),
                (None, _) => {
                    paint::label(ui, Type::Body.rich("Being read"), t.text_3);
                }
            }
        });
    });
}

/// The dialog, and what is ticked in it.
#[derive(Debug, Default)]
pub(super) struct UnfinishedDialog {
    ticked: BTreeSet<String>,
    /// These are asked about.
    asked: Option<Vec<String>>,
}

impl UnfinishedDialog {
    /// Shows it.
    pub(super) fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        let settings = &cx.model.bucket_settings;
        let (Some(bucket), Some(found)) = (&settings.bucket, settings.unfinished.known()) else { return };
        self.ticked.retain(|id| found.all.iter().any(|upload| upload.upload_id == *id && !upload.is_own));
        let closed = match self.asked.take() {
            Some(asked) => self.question_ui(ui, cx, found, asked),
            None => self.list_ui(ui, cx, bucket, found),
        };
        if closed {
            *self = Self::default();
            cx.push(BucketSettingsCommand::CloseUnfinished);
        }
    }

    fn list_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, bucket: &str, found: &UnfinishedUploads) -> bool {
        let t = Tokens::of(ui);
        let busy = cx.model.bucket_settings.calling_off;
        let why = busy.then_some("Some are being called off");
        let old = found.given_up(cx.now);
        let (now, zone) = (cx.now, cx.zone.clone());
        let chosen: Vec<String> = self.ticked.iter().cloned().collect();
        let ticked = &mut self.ticked;
        let (mut one, mut several, mut closed) = (None, None, false);
        let sentence = "Begun by this or another program and not finished. Calling one off deletes what it has stored; \
                        a program that is still sending it fails.";
        let answer = Dialog::new("unfinished uploads", format!("Unfinished uploads in {bucket}"))
            .sentence(Type::Body.job(sentence, t.text_2))
            .width(DialogWidth::Plan)
            .close_button()
            .show(
                ui.ctx(),
                |ui| {
                    if found.all.is_empty() {
                        paint::label(ui, Type::Body.rich("There are none"), t.text_2);
                        return;
                    }
                    let columns = vec![
                        Column::exact("", 36.0),
                        Column::share("Key", 1.0, 200.0),
                        Column::exact("Stored", 96.0).right(),
                        Column::exact("Parts", 72.0).right(),
                        Column::exact("Begun", 150.0),
                        Column::exact("", 110.0).right(),
                    ];
                    Table::new("unfinished uploads", TITLE, columns).row_height(36.0).show(
                        ui,
                        found.all.len(),
                        |place, index| {
                            let Some(upload) = found.all.get(index) else { return };
                            let begun = upload.begun.map(|at| format::date_time(at, now, &zone));
                            if row_ui(place, upload, begun.as_deref().unwrap_or("Not told"), ticked, why) {
                                one = Some(vec![upload.upload_id.clone()]);
                            }
                        },
                    );
                },
                |ui| {
                    let none = why.or(chosen.is_empty().then_some("Tick some first"));
                    let label = match chosen.len() {
                        0 => "Call off selected…".to_owned(),
                        n => format!("Call off {} selected…", format::count(n as u64)),
                    };
                    if Button::danger(label).large().disabled_because(none).show(ui).clicked() {
                        several = Some(chosen.clone());
                    }
                    let none = why.or(old.is_empty().then_some("None was begun more than 7 days ago"));
                    let label = match old.len() {
                        0 => "Older than 7 days…".to_owned(),
                        n => format!("{} older than 7 days…", format::count(n as u64)),
                    };
                    if Button::secondary(label).large().disabled_because(none).show(ui).clicked() {
                        several = Some(old.clone());
                    }
                    closed = Button::secondary("Close").large().show(ui).clicked();
                    dialog_foot_left(ui, |ui| {
                        paint::label(ui, Type::Small.rich(found.words()), t.text_2);
                    });
                },
            );
        self.asked = one.or(several);
        closed || answer.close
    }

    fn question_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>, found: &UnfinishedUploads, asked: Vec<String>) -> bool {
        let t = Tokens::of(ui);
        let uploads = format::counted(asked.len() as u64, "upload", "uploads");
        let meant: Vec<&UnfinishedUpload> = found.all.iter().filter(|it| asked.contains(&it.upload_id)).collect();
        let bytes = meant.iter().filter_map(|it| it.stored).map(|stored| stored.bytes).sum();
        let it = if asked.len() == 1 { "it has" } else { "they have" };
        let least = if meant.iter().any(|it| it.stored.is_none()) { "at least " } else { "" };
        let stored = format::size(bytes);
        let sentence = format!("What {it} stored ({least}{stored}) is deleted for good. Files are not touched.");
        let (mut sure, mut back) = (false, false);
        let answer = Dialog::new("call off uploads", format!("Call off {uploads}?"))
            .sentence(Type::Body.job(sentence, t.text_2))
            .show(
                ui.ctx(),
                |ui| {
                    for upload in meant.iter().take(NAMED) {
                        ui.add(egui::Label::new(Type::Mono.rich(&upload.key).color(t.text)).truncate());
                    }
                    if meant.len() > NAMED {
                        let more = format::count((meant.len() - NAMED) as u64);
                        paint::label(ui, Type::Small.rich(format!("and {more} more")), t.text_3);
                    }
                    ui.add_space(4.0);
                    Banner::new(
                        BannerTone::Warn,
                        "A program that is still sending fails.",
                        "Ask whoever else uploads here.",
                    )
                    .show(ui);
                },
                |ui| {
                    sure = Button::danger(format!("Call off {uploads}")).large().show(ui).clicked();
                    back = Button::secondary("Back").large().show(ui).clicked();
                },
            );
        if sure {
            cx.push(BucketSettingsCommand::CallOff(asked));
        } else if !back && !answer.close {
            self.asked = Some(asked);
        }
        false
    }
}

/// A row; whether its own button was pressed.
fn row_ui(
    place: &mut TableRow<'_>,
    upload: &UnfinishedUpload,
    begun: &str,
    ticked: &mut BTreeSet<String>,
    why: Option<&str>,
) -> bool {
    let t = *place.ui(1, |ui| Tokens::of(ui));
    let on = ticked.contains(&upload.upload_id);
    let selection = if on { RowSelection::Selected } else { RowSelection::None };
    place.state(&upload.key, selection, false);
    if !upload.is_own {
        let pressed = place.ui(0, |ui| {
            ui.add_space(8.0);
            check_box(ui, Some(on), &format!("Select {}", upload.key)).clicked()
        });
        match (pressed, on) {
            (true, true) => drop(ticked.remove(&upload.upload_id)),
            (true, false) => drop(ticked.insert(upload.upload_id.clone())),
            (false, _) => {}
        }
    }
    place.key(1, t.text, &upload.key);
    let (bytes, parts) = match upload.stored {
        Some(stored) => (format::size(stored.bytes), format::count(stored.parts)),
        None => ("Not counted".to_owned(), String::new()),
    };
    place.text(2, Type::Body, t.text_2, &bytes);
    place.text(3, Type::Body, t.text_2, &parts);
    place.text(4, Type::Body, t.text_2, begun);
    place.ui(5, |ui| {
        if upload.is_own {
            Badge::new(Tone::Neutral, "In transfers").show(ui);
            return false;
        }
        let button = Button::danger_quiet("Call off…").small().name(format!("Call {} off…", upload.key));
        button.disabled_because(why).show(ui).clicked()
    })
}
