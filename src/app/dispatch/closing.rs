//! Closing the window: at once where nothing is on its way, otherwise as the person chooses.

use std::time::{Duration, Instant};

use super::upload::is_handing_over;
use crate::app::core::{Core, Effect};
use crate::domain::format;
use crate::model::closing::{CloseChoice, Closing, LONGEST_WAIT};
use crate::model::command::{FrameCommand, Screen};
use crate::model::notices::Tone;
use crate::model::upload::TransferCommand;

/// What the closing keeps for itself.
#[derive(Default)]
pub struct ClosingPart {
    /// Since when it waits for what runs.
    since: Option<Instant>,
}

/// Whether the window may close now without anything being lost. What an earlier session left behind and nobody has
/// touched waits on in the journal.
#[must_use]
pub fn may_close(core: &Core) -> bool {
    let waits_on = core.journal.is_some() && core.model.upload.transfers.from_before().is_some();
    core.model.closing == Closing::Leaving || !is_anything_open(core) || (waits_on && !is_handing_over(core))
}

fn is_anything_open(core: &Core) -> bool {
    core.model.upload.open_count() > 0 || is_handing_over(core)
}

/// The window was told to close, and may not yet.
pub(super) fn asked(core: &mut Core) {
    if core.model.closing.has_dialog() {
        return;
    }
    core.model.closing = Closing::Asked { failed: failed(core) };
    // It may have been told from the task bar, where it would ask unseen.
    core.effects.push(Effect::ToFront);
}

/// The person has said what is to become of the files.
pub(super) fn choose(core: &mut Core, choice: CloseChoice) {
    core.parts.closing.since = Some(Instant::now());
    match choice {
        CloseChoice::WhenDone => {
            core.model.closing = Closing::WhenDone { failed: failed(core) };
            if core.model.upload.transfers.paused {
                core.dispatch(TransferCommand::ResumeAll.into());
            }
            let id = core.say(Tone::Info, "Brimful closes when all transfers are done");
            core.model.notices.link(id, "Keep it open", FrameCommand::StayOpen);
            core.effects.push(Effect::Minimize);
        }
        CloseChoice::Pause => {
            core.model.closing = Closing::Pausing { was_paused: core.model.upload.transfers.paused };
            core.dispatch(TransferCommand::PauseAll.into());
        }
        CloseChoice::Cancel => {
            core.model.closing = Closing::Cancelling;
            core.dispatch(TransferCommand::CancelAll.into());
        }
    }
}

/// The window is to stay open after all.
pub(super) fn stay(core: &mut Core) {
    if core.model.closing == (Closing::Pausing { was_paused: false }) {
        core.dispatch(TransferCommand::ResumeAll.into());
    }
    core.model.closing = Closing::Not;
}

/// Closes the window when its time has come; once a frame, after the news of the transfers.
pub fn tick(core: &mut Core) {
    let counts = core.model.upload.transfers.counts();
    match core.model.closing {
        Closing::Not | Closing::Leaving => {}
        Closing::Asked { failed } | Closing::WhenDone { failed } if !is_anything_open(core) => {
            match counts.failed.saturating_sub(failed) {
                0 => leave(core),
                more => stay_for_failures(core, more),
            }
        }
        Closing::Asked { .. } | Closing::WhenDone { .. } => {}
        Closing::Pausing { .. } if counts.running == 0 && !is_handing_over(core) => leave(core),
        Closing::Cancelling if !is_anything_open(core) => leave(core),
        Closing::Pausing { .. } | Closing::Cancelling => {
            if wait(core).is_none() {
                leave(core);
            }
        }
    }
}

/// How long the window has to wait at most, while it waits.
#[must_use]
pub fn wait(core: &Core) -> Option<Duration> {
    let waits = matches!(core.model.closing, Closing::Pausing { .. } | Closing::Cancelling);
    let since = core.parts.closing.since.filter(|_| waits)?;
    LONGEST_WAIT.checked_sub(since.elapsed()).filter(|left| !left.is_zero())
}

fn leave(core: &mut Core) {
    core.model.closing = Closing::Leaving;
    core.effects.push(Effect::Close);
}

/// What failed needs the person, so the window does not vanish with it.
fn stay_for_failures(core: &mut Core, files: u64) {
    core.model.closing = Closing::Not;
    let body = match files {
        1 => "1 file needs you first".to_owned(),
        n => format!("{} files need you first", format::count(n)),
    };
    let id = core.model.notices.say(Tone::Warning, "Brimful stayed open", body.clone());
    core.model.notices.link(id, "Show transfers", FrameCommand::Show(Screen::Transfers));
    core.effects.push(Effect::ToFront);
    core.effects.push(Effect::AskForAttention(format!("Brimful stayed open: {body}")));
}

fn failed(core: &Core) -> u64 {
    core.model.upload.transfers.counts().failed
}
