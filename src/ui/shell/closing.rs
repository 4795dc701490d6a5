//! The window is to close while files are on their way: what is to become of them?

use egui::Ui;

use crate::domain::format;
use crate::model::closing::{CloseChoice, Closing, LONGEST_WAIT};
use crate::model::command::FrameCommand;
use crate::model::upload::Transfers;
use crate::theme::{Tokens, Type, icons};
use crate::ui::UiCtx;
use crate::ui::widgets::{Button, Dialog, Level, OptionCard};

/// The dialog and what is chosen in it.
#[derive(Debug, Default)]
pub(super) struct ClosingDialog {
    choice: CloseChoice,
}

impl ClosingDialog {
    /// Shows it.
    pub(super) fn ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        match cx.model.closing {
            Closing::Asked { .. } => self.question_ui(ui, cx),
            Closing::Pausing { .. } => waiting_ui(ui, cx, "Pausing…", "Pausing"),
            Closing::Cancelling => waiting_ui(ui, cx, "Cancelling…", "Cancelling"),
            Closing::Not | Closing::WhenDone { .. } | Closing::Leaving => {}
        }
    }

    fn question_ui(&mut self, ui: &Ui, cx: &mut UiCtx<'_>) {
        let t = Tokens::of(ui);
        let transfers = &cx.model.upload.transfers;
        let open = transfers.counts().open();
        let files = format::counted(open, "file", "files");
        let (be, stay) = if open == 1 { ("is", "stays where it is") } else { ("are", "stay where they are") };
        let state = if transfers.paused { "paused" } else { "on the way" };
        let (go_on, go_on_button) = if transfers.paused {
            ("Go on, and close when done", "Go on, then close")
        } else {
            ("Keep running until done", "Keep running")
        };
        let cancelled = format!("{files} {stay}. What has arrived already is not touched");
        let options = [
            (
                CloseChoice::WhenDone,
                go_on,
                "The window steps aside, and Brimful closes by itself after the last file",
                icons::PLAY,
            ),
            (
                CloseChoice::Pause,
                "Pause and close",
                "What is under way gets 5 seconds to come to a good end. The rest waits for the next start",
                icons::PAUSE,
            ),
            (CloseChoice::Cancel, "Cancel everything and close", cancelled.as_str(), icons::X),
        ];
        let (mut chosen, mut stays) = (false, false);
        let mut choice = self.choice;
        let heading = format!("{files} {be} {state}");
        let dialog = Dialog::new("closing", heading).sentence(Type::Body.job(so_far(transfers), t.text_2));
        let answer = dialog.show(
            ui.ctx(),
            |ui| {
                for (option, title, body, icon) in options {
                    if OptionCard::new(self.choice == option, title, body).icon(icon).show(ui, |_| {}).clicked() {
                        choice = option;
                    }
                }
            },
            |ui| {
                let button = match self.choice {
                    CloseChoice::WhenDone => Button::primary(go_on_button),
                    CloseChoice::Pause => Button::primary(format!("Pause {files} and close")),
                    CloseChoice::Cancel => Button::danger(format!("Cancel {files} and close")),
                };
                chosen = button.large().show(ui).clicked();
                stays = Button::secondary("Stay open").large().show(ui).clicked();
            },
        );
        self.choice = choice;
        if chosen || (answer.enter && self.choice != CloseChoice::Cancel) {
            cx.push(FrameCommand::CloseAs(std::mem::take(&mut self.choice)));
        } else if stays || answer.close {
            self.choice = CloseChoice::default();
            cx.push(FrameCommand::StayOpen);
        }
    }
}

/// How far it is, in a sentence.
fn so_far(transfers: &Transfers) -> String {
    let counts = transfers.recent();
    let mut words = format!(
        "{} of {} arrived so far",
        format::count(counts.done),
        format::counted(counts.wanted(), "file has", "files have")
    );
    if let Some(left) = transfers.pace().left.filter(|_| !transfers.paused) {
        words.push_str(", ");
        words.push_str(&format::time_left(left));
    }
    words
}

/// What runs comes to its end; the way back stays open.
fn waiting_ui(ui: &Ui, cx: &mut UiCtx<'_>, heading: &str, button: &str) {
    let t = Tokens::of(ui);
    let running = cx.model.upload.transfers.counts().running;
    let files = format::counted(running, "file is", "files are");
    let secs = LONGEST_WAIT.as_secs();
    let sentence = format!("{files} still under way. Brimful closes right after, or in {secs} seconds");
    let mut stays = false;
    let answer = Dialog::new("closing", heading).sentence(Type::Body.job(&sentence, t.text_2)).show(
        ui.ctx(),
        |_| {},
        |ui| {
            Button::primary(button).large().busy(Some(Level::Unknown)).show(ui);
            stays = Button::secondary("Stay open").large().show(ui).clicked();
        },
    );
    if stays || answer.close {
        cx.push(FrameCommand::StayOpen);
    }
}
