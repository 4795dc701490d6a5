//! The end of transfers: told once, and the listing on screen is read again for what arrived in it.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::app::core::{Core, Effect};
use crate::app::dispatch::browse;
use crate::domain::format;
use crate::model::browse::ListingState;
use crate::model::command::{FrameCommand, Screen};
use crate::model::gallery::UrlText;
use crate::model::notices::Tone;
use crate::model::upload::TransferCommand;
use crate::model::upload::transfers::{Direction, RowState};

/// While files arrive, the listing on screen is read again no more often than this.
const REFRESH_EVERY: Duration = Duration::from_secs(3);
/// A longer listing is only read again at the end.
const REFRESH_MOST: usize = 3_000;

/// Says what came of batches that are at their end.
pub(super) fn tell(core: &mut Core) {
    let transfers = &core.model.upload.transfers;
    let open: HashSet<u64> = transfers.rows.iter().filter(|row| row.state.is_open()).map(|row| row.batch).collect();
    let untold = transfers.batches.iter().filter(|(number, batch)| !batch.told && !open.contains(*number));
    let ended: Vec<u64> = untold.map(|(number, _)| *number).collect();
    let now = core.parts.upload.transfers.start.elapsed();
    for number in ended {
        if let Some(batch) = core.model.upload.transfers.batches.get_mut(&number) {
            (batch.told, batch.ended) = (true, Some(now));
        }
        let said = tell_end(core, number);
        if !said.is_empty() {
            core.effects.push(Effect::AskForAttention(said.join(". ")));
        }
        refresh_if_due(core, true);
    }
}

/// The sentences that were told.
fn tell_end(core: &mut Core, number: u64) -> Vec<String> {
    let mut said = Vec::new();
    let transfers = &core.model.upload.transfers;
    let Some(batch) = transfers.batches.get(&number).cloned() else { return said };
    let counts = transfers.counts_of(number);
    let told = core.parts.upload.transfers.told.insert(number, counts.done).unwrap_or(0);
    let arrived = counts.done.saturating_sub(told);
    let taken =
        transfers.rows.iter().filter(|row| row.batch == number && row.state == RowState::NameTaken).count() as u64;
    let failed = transfers.rows.iter().find_map(|row| match &row.state {
        RowState::Failed(trouble) if row.batch == number => Some(trouble.clone()),
        _ => None,
    });
    let up = batch.direction == Direction::Up;
    let place = if batch.folder.is_empty() { &batch.bucket } else { &batch.folder };
    if arrived > 0 {
        let files = format::counted(arrived, "file", "files");
        let done = if up { "uploaded" } else { "downloaded" };
        said.push(format!("{files} {done} to {place}"));
        let id = core.say(Tone::Done, format!("{files} {done} to {place}"));
        if up {
            let label = format!("Copy {}", format::counted(counts.done, "URL", "URLs"));
            core.model.notices.link(id, label, TransferCommand::CopyUrls(number, UrlText::Plain(None)));
        }
        core.model.notices.link(id, "Show", TransferCommand::ShowTarget(number));
    }
    if let Some(trouble) = failed {
        let done = if up { "uploaded" } else { "downloaded" };
        let title = match counts.failed - taken {
            1 => format!("1 file was not {done}"),
            n => format!("{} files were not {done}", format::count(n)),
        };
        said.push(title.clone());
        let id = core.model.notices.trouble(title, &trouble);
        core.model.notices.link(id, "Show transfers", FrameCommand::Show(Screen::Transfers));
    }
    if taken > 0 {
        let title = match taken {
            1 => "1 name was taken in the meantime".to_owned(),
            n => format!("{} names were taken in the meantime", format::count(n)),
        };
        let body = "Nothing was replaced. Keep both, overwrite or skip?";
        said.push(title.clone());
        let id = core.model.notices.say(Tone::Warning, title, body);
        core.model.notices.link(id, "Decide", FrameCommand::Show(Screen::Transfers));
    }
    said
}

/// Reads the listing on screen again after something arrived in it: now and then, and at the end.
pub(super) fn refresh_if_due(core: &mut Core, at_end: bool) {
    let part = &mut core.parts.upload.transfers;
    if !part.refresh_due {
        return;
    }
    let open = core.model.upload.transfers.counts().open() > 0;
    let Some(session) = &core.model.session else { return };
    let Some(place) = &session.place else { return };
    let batches = core.model.upload.transfers.batches.values();
    let here = batches.filter(|batch| batch.direction == Direction::Up).any(|batch| {
        let below = batch.folder.starts_with(&place.prefix) || place.prefix.starts_with(&batch.folder);
        batch.connection == session.connection.id && batch.bucket == place.bucket && below
    });
    if !here {
        part.refresh_due = false;
        return;
    }
    let busy = session.listing.state == ListingState::Loading;
    let long = session.listing.objects.len() > REFRESH_MOST;
    let recent = part.refreshed.is_some_and(|at| at.elapsed() < REFRESH_EVERY);
    if open && !at_end && (busy || long || recent) {
        return;
    }
    part.refresh_due = false;
    part.refreshed = Some(Instant::now());
    browse::refresh(core);
}
