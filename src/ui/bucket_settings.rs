//! The page of a bucket's settings, a card for each, and the dialogs that change them.

mod body;
mod card;
mod compare;
mod dialog;
mod dry_run;
mod export;
mod form;
mod history;
mod removal;
mod tester;
mod unfinished;

use egui::{Align, Layout, ScrollArea, Ui, vec2};

use crate::domain::{format, region};
use crate::model::bucket_settings::{BucketSettingsCommand, CARDS, Page};
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, Card, paint};

pub(super) use body::{grants_ui, note_ui};
pub(super) use dialog::{acknowledge_ui, differences_ui, trouble_ui};
pub(super) use form::AccessForm;

/// Between two cards, across and down.
const GAP: f32 = 12.0;
/// At the sides of the page.
const PADDING: f32 = 24.0;
/// Under this width the cards stand in one column.
const TWO_COLUMNS_FROM: f32 = 720.0;

/// The page and what is being edited on it.
#[derive(Debug, Default)]
pub struct BucketSettingsPanel {
    tester: tester::Tester,
    draft: Option<dialog::Draft>,
    export: export::ExportDialog,
    removal: removal::RemovalDialog,
    dry_run: dry_run::DryRunDialog,
    unfinished: unfinished::UnfinishedDialog,
}

impl BucketSettingsPanel {
    /// Fills the main area.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let Some(bucket) = cx.model.bucket_settings.bucket.clone() else { return };
        ScrollArea::vertical().id_salt(("bucket settings", &bucket)).auto_shrink(false).show(ui, |ui| {
            let width = ui.available_width();
            let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(PADDING as i8, 16));
            frame.show(ui, |ui| {
                ui.set_width(width - 2.0 * PADDING);
                ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
                head_ui(ui, cx, &bucket);
                ui.add_space(16.0);
                match cx.model.bucket_settings.page {
                    Page::Cards => self.cards_ui(ui, cx),
                    Page::History => history::history_ui(ui, cx),
                    Page::Compare => compare::compare_ui(ui, cx),
                }
            });
        });
    }

    fn cards_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let width = ui.available_width();
        if width < TWO_COLUMNS_FROM {
            for kind in CARDS.iter().flat_map(|column| column.iter()) {
                card::card_ui(ui, cx, &mut self.tester, *kind);
                ui.add_space(GAP);
            }
            unfinished::card_ui(ui, cx);
            ui.add_space(GAP);
        } else {
            let column = ((width - GAP) / 2.0).floor();
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = GAP;
                for (at, kinds) in CARDS.into_iter().enumerate() {
                    ui.allocate_ui_with_layout(vec2(column, 0.0), Layout::top_down(Align::LEFT), |ui| {
                        ui.set_width(column);
                        ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
                        for kind in kinds {
                            card::card_ui(ui, cx, &mut self.tester, *kind);
                            ui.add_space(GAP);
                        }
                        if at == 0 {
                            unfinished::card_ui(ui, cx);
                            ui.add_space(GAP);
                        }
                    });
                }
            });
        }
        end_ui(ui, cx);
    }

    /// The dialog in which a setting is changed.
    pub fn setting_dialog_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        dialog::dialog_ui(&mut self.draft, ui, cx);
    }

    /// The dialog with the settings as other tools can make them.
    pub fn export_dialog_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        self.export.ui(ui, cx);
    }

    /// The dialog in which the bucket is emptied or deleted.
    pub fn removal_dialog_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        self.removal.ui(ui, cx);
    }

    /// The dialog with uploads that were begun and not finished.
    pub fn unfinished_dialog_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        self.unfinished.ui(ui, cx);
    }

    /// The dialog with what the lifecycle rules would do.
    pub fn dry_run_dialog_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        self.dry_run.ui(ui, cx);
    }
}

fn head_ui(ui: &mut Ui, cx: &mut UiCtx<'_>, bucket: &str) {
    let t = Tokens::of(ui);
    let page = cx.model.bucket_settings.page;
    let size = vec2(ui.available_width(), 44.0);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        let room = (ui.available_width() - 340.0).max(200.0);
        ui.vertical(|ui| {
            ui.set_width(room);
            let title = match page {
                Page::Cards => format!("Settings of {bucket}"),
                Page::History => format!("History of {bucket}"),
                Page::Compare => format!("{bucket} compared"),
            };
            paint::label(ui, Type::Heading.rich(title), t.text);
            paint::label(ui, Type::Small.rich(place(cx, bucket)), t.text_3);
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if page != Page::Cards {
                if Button::quiet("Back to settings").icon(icons::ARROW_LEFT).show(ui).clicked() {
                    cx.push(BucketSettingsCommand::Show(Page::Cards));
                }
                return;
            }
            if Button::quiet("Export…").icon(icons::EXPORT).show(ui).clicked() {
                cx.push(BucketSettingsCommand::Export);
            }
            compare::button_ui(ui, cx, bucket);
            if Button::quiet("History").icon(icons::CLOCK_COUNTER_CLOCKWISE).show(ui).clicked() {
                cx.push(BucketSettingsCommand::Show(Page::History));
            }
        });
    });
}

/// Where it lies, when it was made, when its settings were read.
fn place(cx: &UiCtx<'_>, bucket: &str) -> String {
    let Some(session) = &cx.model.session else { return String::new() };
    let listed = session.buckets.known().and_then(|all| all.iter().find(|it| it.name == bucket));
    let code = session.regions.get(bucket).or_else(|| listed.and_then(|it| it.region.as_ref()));
    let mut parts = Vec::new();
    if let Some(code) = code.filter(|code| !code.is_empty()) {
        let name = region::name(code);
        parts.push(if name == code { code.clone() } else { format!("{name}, {code}") });
    }
    if let Some(made) = listed.and_then(|it| it.created) {
        parts.push(format!("made {}", format::day(made, cx.zone)));
    }
    match cx.model.bucket_settings.read_at {
        Some(at) => {
            let clock = format::clock(at, cx.zone);
            parts.push(format!("read at {}", clock.rsplit_once(':').map_or(clock.as_str(), |(minutes, _)| minutes)));
        }
        None => parts.push("being read".to_owned()),
    }
    parts.join(" · ")
}

/// Emptying and deleting come last.
fn end_ui(ui: &mut Ui, cx: &mut UiCtx<'_>) {
    let t = Tokens::of(ui);
    Card::new().show(ui, |ui| {
        let size = vec2(ui.available_width(), 30.0);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            let words = "Emptying and deleting cannot be undone. Both ask for the bucket’s name.";
            ui.label(Type::Body.rich(words).color(t.text_2));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if Button::danger_quiet("Delete bucket…").show(ui).clicked() {
                    cx.push(BucketSettingsCommand::AskToRemove { bucket_too: true });
                }
                if Button::danger_quiet("Empty bucket…").show(ui).clicked() {
                    cx.push(BucketSettingsCommand::AskToRemove { bucket_too: false });
                }
            });
        });
    });
}
