//! What is on its way: handed to the engine, followed, told about, and called off.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{UploadEvent, addresses, before, ends, receipt};
use crate::app::core::Core;
use crate::app::dispatch::{browse, frame};
use crate::app::event::Event;
use crate::domain::format;
use crate::domain::key_template::numbered;
use crate::domain::object_key;
use crate::domain::upload_plan::OnConflict;
use crate::model::Trouble;
use crate::model::browse::Place;
use crate::model::command::{BrowseCommand, FrameCommand, Screen};
use crate::model::gallery::UrlText;
use crate::model::modal::{Confirm, Modal};
use crate::model::notices::Tone;
use crate::model::upload::TransferCommand;
use crate::model::upload::transfers::{Batch, Direction, Pace, RowState};
use crate::transfer::{
    self, Bandwidth, BatchView, DownloadItem, Engine, Fittings, Keeping, Limits, Resolution, RowId, Selection,
    TransferEvent,
};

/// So many numbered names are tried for one file.
const MOST_NUMBERS: u64 = 1_000;

/// What the following of transfers keeps for itself.
pub(super) struct TransfersPart {
    engine: Option<Link>,
    /// What holds the bytes of every engine back.
    bandwidth: Bandwidth,
    /// Time is counted from here.
    pub(super) start: Instant,
    /// Files whose name is given a number when it is taken, with the name they wanted and the last number tried.
    numbered: HashMap<u64, (String, u64)>,
    /// How many of a batch had arrived when that was last told.
    pub(super) told: HashMap<u64, u64>,
    pub(super) refreshed: Option<Instant>,
    pub(super) refresh_due: bool,
    /// Shared with whatever hands files to the engine.
    handing: Arc<()>,
}

impl Default for TransfersPart {
    fn default() -> Self {
        Self {
            engine: None,
            bandwidth: Bandwidth::default(),
            start: Instant::now(),
            numbered: HashMap::new(),
            told: HashMap::new(),
            refreshed: None,
            refresh_due: false,
            handing: Arc::default(),
        }
    }
}

/// The engine, and how much of its news was heard.
struct Link {
    engine: Engine,
    news: tokio::sync::watch::Receiver<transfer::Snapshot>,
    heard: u64,
}

fn link(core: &mut Core) -> &mut Link {
    let handle = core.worker.handle();
    let wake = core.worker.wake_slot();
    let bandwidth = core.parts.upload.transfers.bandwidth.clone();
    let limits = Limits { files: core.model.settings.transfers.most_requests.into(), ..Limits::default() };
    let keeping = core.journal.clone().map(|journal| Keeping { journal, way: Arc::new(before::way) });
    let inbox = core.worker.inbox();
    core.parts.upload.transfers.engine.get_or_insert_with(|| {
        let engine = Engine::fitted(handle, Arc::new(move || wake.wake()), Fittings { limits, keeping, bandwidth });
        engine.listen(move |event| {
            if let TransferEvent::NotKept { why, .. } = event {
                inbox.send(Event::Upload(UploadEvent::NotKept(why)));
            }
        });
        Link { news: engine.watch(), engine, heard: 0 }
    })
}

/// The engine of this window.
pub(super) fn engine(core: &mut Core) -> Engine {
    link(core).engine.clone()
}

/// Hands files to the engine that shall go up; they are put together away from the window's thread, since there may be
/// many.
pub(super) fn hand_over(core: &mut Core, batch: impl FnOnce() -> transfer::Batch + Send + 'static) {
    let engine = engine(core);
    let (wake, handing) = (core.worker.wake_slot(), Arc::clone(&core.parts.upload.transfers.handing));
    core.worker.handle().spawn_blocking(move || {
        let batch = batch();
        if !batch.items.is_empty() {
            engine.upload(batch);
        }
        drop(handing);
        wake.wake();
    });
}

/// Whether files are being handed to the engine, and so are on their way without being in the list.
#[must_use]
pub fn is_handing_over(core: &Core) -> bool {
    Arc::strong_count(&core.parts.upload.transfers.handing) > 1
}

/// The journal could not be told of files that are on their way.
pub(super) fn not_kept(core: &mut Core, why: &str) {
    let body = format!("If Brimful ends before they have arrived, they are not taken up again. {why}");
    core.model.notices.say(Tone::Warning, "These transfers are not kept", body);
}

/// Carries a wish out.
pub(super) fn dispatch(core: &mut Core, command: TransferCommand) {
    match command {
        TransferCommand::PauseAll => ask(core, |engine| engine.pause(&Selection::All)),
        TransferCommand::ResumeAll => {
            core.model.upload.transfers.take_as_own();
            ask(core, |engine| engine.resume(&Selection::All));
        }
        TransferCommand::Pause(ids) => ask(core, |engine| engine.pause(&these(ids))),
        TransferCommand::Resume(ids) => ask(core, |engine| engine.resume(&these(ids))),
        TransferCommand::PutFirst(ids) => ask(core, |engine| engine.put_first(&these(ids))),
        TransferCommand::AskCancelAll => ask_cancel_all(core),
        TransferCommand::CancelAll => {
            ask_later(core, |engine| {
                engine.cancel(&Selection::All);
                engine.resume(&Selection::All);
            });
        }
        TransferCommand::Cancel(ids) => ask(core, |engine| engine.cancel(&these(ids))),
        TransferCommand::Retry(ids) => ask(core, |engine| engine.retry(&these(ids))),
        TransferCommand::RetryFailed => ask_later(core, Engine::retry_failed),
        TransferCommand::AskDiscardBefore => before::ask_discard(core),
        TransferCommand::DiscardBefore => before::discard(core),
        TransferCommand::ReachAgain(connection) => before::reach_again(core, connection),
        TransferCommand::AskForgetLeft(connection) => before::ask_forget(core, connection),
        TransferCommand::ForgetLeft(connection) => before::forget(core, connection),
        TransferCommand::Resolve(id, how) => resolve(core, id, how),
        TransferCommand::CopyUrl(id) => {
            let found = core.model.upload.transfers.row(id).map(|row| (row.batch, row.key.clone()));
            if let Some((batch, key)) = found {
                addresses::copy(core, batch, &[key], UrlText::Plain(None));
            }
        }
        TransferCommand::CopyUrls(batch, text) => {
            let keys = core.model.upload.transfers.arrived(batch);
            addresses::copy(core, batch, &keys, text);
        }
        TransferCommand::ShowTarget(batch) => show_target(core, batch),
        TransferCommand::SaveReceipt(batch) => {
            let engine = link(core).engine.clone();
            receipt::save(core, engine, batch);
        }
        TransferCommand::CloseStrip => {
            for batch in core.model.upload.transfers.batches.values_mut() {
                batch.closed = true;
            }
            let now = core.parts.upload.transfers.start.elapsed();
            core.model.upload.transfers.updated(now);
        }
    }
}

/// Asks something of the engine, and shows at once what came of it.
fn ask(core: &mut Core, act: impl FnOnce(&Engine)) {
    act(&link(core).engine);
    hear(core);
}

fn these(ids: Vec<u64>) -> Selection {
    Selection::Rows(ids.into_iter().map(RowId).collect())
}

/// The same for what may concern very many rows: away from the window's thread.
pub(super) fn ask_later(core: &mut Core, act: impl FnOnce(&Engine) + Send + 'static) {
    let engine = engine(core);
    core.worker.handle().spawn_blocking(move || act(&engine));
}

fn ask_cancel_all(core: &mut Core) {
    let transfers = &core.model.upload.transfers;
    let counts = transfers.counts();
    if counts.open() == 0 {
        return;
    }
    let files = format::counted(counts.open(), "file", "files");
    let names = transfers.rows.iter().filter(|row| row.state.is_open()).map(|row| row.key.clone());
    let confirm = Confirm {
        title: format!("Cancel {files}?"),
        body: format!("{files} stay where they are. What has arrived already stays in the bucket."),
        notes: Vec::new(),
        names: names.take(20).collect(),
        button: format!("Cancel {files}"),
        type_name: None,
        then: Box::new(TransferCommand::CancelAll.into()),
    };
    core.model.modal = Some(Modal::Confirm(confirm));
}

fn resolve(core: &mut Core, id: u64, how: OnConflict) {
    match how {
        OnConflict::Skip => ask(core, |engine| engine.resolve(RowId(id), Resolution::Skip)),
        OnConflict::Overwrite => ask(core, |engine| engine.resolve(RowId(id), Resolution::Overwrite)),
        OnConflict::KeepBoth => {
            let Some(row) = core.model.upload.transfers.row(id) else { return };
            let wanted = row.key.clone();
            core.parts.upload.transfers.numbered.insert(id, (wanted, 1));
            next_number(core, id);
            hear(core);
        }
    }
}

/// Tries the next number for a file whose name is taken and shall be kept beside the other.
fn next_number(core: &mut Core, id: u64) {
    let Some((wanted, number)) = core.parts.upload.transfers.numbered.get_mut(&id) else { return };
    *number += 1;
    if *number > MOST_NUMBERS {
        return;
    }
    let key = numbered(wanted, *number, object_key::MAX_BYTES);
    // Shown as open at once, so that no end is told in between.
    let row = core.model.upload.transfers.row_or_new(id);
    row.state = RowState::Waiting;
    row.key.clone_from(&key);
    link(core).engine.resolve(RowId(id), Resolution::KeepBoth(key));
}

/// Looks what the engine has to say, once a frame.
pub(super) fn tick(core: &mut Core) {
    follow_limits(core);
    let news = core.parts.upload.transfers.engine.as_ref().is_some_and(|link| link.news.has_changed().unwrap_or(false));
    if news {
        hear(core);
    }
    ends::refresh_if_due(core, false);
}

/// Lets the limits of this moment hold. While anything moves there is a frame ten times a second, so the hours of the
/// schedule need no clock of their own.
fn follow_limits(core: &Core) {
    let now = (core.deps.now)().to_zoned_datetime(core.deps.zone.clone());
    core.parts.upload.transfers.bandwidth.set(core.model.settings.transfers.speed.at(&now));
}

/// Takes the news of the engine in.
pub(super) fn hear(core: &mut Core) {
    let link = link(core);
    let snapshot = link.news.borrow_and_update().clone();
    let changes = link.engine.changes_since(link.heard);
    link.heard = changes.revision;
    let engine = link.engine.clone();
    let began = core.parts.upload.transfers.start.elapsed();
    let transfers = &mut core.model.upload.transfers;
    let is_new = |row: &transfer::RowView| !transfers.batches.contains_key(&row.batch.0);
    let batches = if changes.rows.iter().any(is_new) { engine.batches() } else { Vec::new() };
    for view in batches {
        if let Some(batch) = transfers.batches.get_mut(&view.id.0) {
            // The strip speaks of what was asked since nothing was on its way.
            batch.closed |= !view.recent;
            continue;
        }
        if view.restored {
            // Was told in its own time.
            core.parts.upload.transfers.told.insert(view.id.0, view.totals.done as u64);
        }
        transfers.batches.insert(view.id.0, batch_of(&view, began));
    }
    (transfers.paused, transfers.offline) = (snapshot.paused, snapshot.offline);
    transfers.set_pace(Pace { rate: snapshot.bytes_per_sec, left: snapshot.time_left, graph: snapshot.history });
    let mut taken = Vec::new();
    for view in changes.rows {
        let id = view.id.0;
        let state = row_state(view.state);
        if state == RowState::NameTaken {
            taken.push(id);
        }
        let row = transfers.row_or_new(id);
        let arrived = state == RowState::Done && row.state != RowState::Done;
        core.parts.upload.transfers.refresh_due |= arrived && view.direction == transfer::Direction::Up;
        row.batch = view.batch.0;
        row.direction = direction(view.direction);
        if *row.key != *view.key {
            row.key = view.key.to_string();
        }
        (row.size_bytes, row.moved_bytes, row.rate) = (view.size_bytes, view.sent_bytes, view.rate);
        (row.parts, row.stopping, row.offline, row.state) = (view.parts, view.stopping, view.offline, state);
        row.goes_first = view.goes_first;
        let open = row.state.is_open();
        let batch = row.batch;
        if open && let Some(batch) = transfers.batches.get_mut(&batch) {
            // Taken up again: its end will be told once more.
            (batch.told, batch.ended) = (false, None);
        }
    }
    for id in taken {
        next_number(core, id);
    }
    let now = core.parts.upload.transfers.start.elapsed();
    core.model.upload.transfers.updated(now);
    ends::tell(core);
}

fn batch_of(view: &BatchView, began: Duration) -> Batch {
    Batch {
        direction: direction(view.direction),
        connection: view.connection,
        bucket: view.bucket.to_string(),
        folder: view.label.to_string(),
        files: view.totals.all() as u64,
        before: view.restored,
        told: false,
        closed: !view.recent,
        began,
        ended: None,
    }
}

fn direction(direction: transfer::Direction) -> Direction {
    match direction {
        transfer::Direction::Up => Direction::Up,
        transfer::Direction::Down => Direction::Down,
    }
}

fn row_state(state: transfer::RowState) -> RowState {
    match state {
        transfer::RowState::Waiting => RowState::Waiting,
        transfer::RowState::Running => RowState::Running,
        transfer::RowState::Paused => RowState::Paused,
        transfer::RowState::Done { .. } => RowState::Done,
        transfer::RowState::Failed { error } => RowState::Failed(Trouble::from(error)),
        transfer::RowState::Conflict => RowState::NameTaken,
        transfer::RowState::Cancelled => RowState::Cancelled,
        transfer::RowState::Skipped => RowState::Skipped,
    }
}

fn show_target(core: &mut Core, number: u64) {
    let Some(batch) = core.model.upload.transfers.batches.get(&number).cloned() else { return };
    if batch.direction == Direction::Down {
        return frame::dispatch(core, FrameCommand::RevealPath(batch.folder.into()));
    }
    let place = Place { bucket: batch.bucket, prefix: batch.folder };
    if core.model.session.as_ref().is_some_and(|session| session.connection.id == batch.connection) {
        core.model.screen = Screen::Browse;
        browse::dispatch(core, BrowseCommand::Go(place));
    } else {
        browse::open(core, batch.connection, Some(place));
    }
}

/// Saves objects of the open place to this computer: one to a file, more into a folder. Nothing that is there is
/// replaced: a number is added to the name.
pub fn download(core: &mut Core, keys: Vec<String>, path: PathBuf) {
    let (Some(session), Some(store)) = (&core.model.session, core.store.clone()) else { return };
    let Some(place) = session.place.clone() else { return };
    let sizes: HashMap<&str, u64> =
        session.listing.objects.iter().map(|object| (object.key.as_str(), object.size_bytes)).collect();
    let into_folder = keys.len() != 1 || path.is_dir();
    let items: Vec<DownloadItem> = keys
        .into_iter()
        .map(|key| DownloadItem {
            replace: false,
            size_bytes: sizes.get(key.as_str()).copied().unwrap_or_default(),
            dest: if into_folder { path.join(local_path(&key, &place.prefix)) } else { path.clone() },
            key,
        })
        .collect();
    if items.is_empty() {
        return;
    }
    let folder = if into_folder { path } else { path.parent().map(Path::to_owned).unwrap_or_default() };
    let number = link(core).engine.download(store, &place.bucket, items).0;
    hear(core);
    if let Some(batch) = core.model.upload.transfers.batches.get_mut(&number) {
        batch.folder = folder.display().to_string();
    }
}

/// Where a key lies below the chosen folder: the folders that one is in already are not repeated.
fn local_path(key: &str, prefix: &str) -> PathBuf {
    object_key::local_path(key.strip_prefix(prefix).filter(|rest| !rest.is_empty()).unwrap_or(key))
}

#[cfg(test)]
mod tests {
    use super::local_path;
    use std::path::Path;
    use test_case::test_case;

    #[test_case("photos/a.jpg", "photos/", "a.jpg"; "below the place")]
    #[test_case("photos/x/a.jpg", "photos/", "x/a.jpg"; "deeper")]
    #[test_case("a.jpg", "photos/", "a.jpg"; "elsewhere")]
    #[test_case("photos/../../a.jpg", "photos/", "_/_/a.jpg"; "never upwards")]
    fn downloads_lie_below_the_folder(key: &str, prefix: &str, path: &str) {
        let found = local_path(key, prefix);
        assert!(found.is_relative() && found.components().all(|part| part.as_os_str() != ".."), "{found:?}");
        if !key.contains("..") {
            assert_eq!(found, Path::new(path));
        }
    }
}
