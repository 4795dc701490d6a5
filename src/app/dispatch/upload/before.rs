//! What an earlier session left in the journal: the stores are reached one after the other, and the files wait in the
//! held queue until a person says so.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{UploadEvent, read, transfers};
use crate::app::core::Core;
use crate::app::dispatch::browse::{self, Opened};
use crate::app::event::Event;
use crate::domain::connection::ConnectionId;
use crate::domain::format;
use crate::images::location::WITHOUT_LOCATION;
use crate::model::Trouble;
use crate::model::command::{Command, FrameCommand, Screen};
use crate::model::modal::{Confirm, Modal};
use crate::model::notices::Tone;
use crate::model::upload::TransferCommand;
use crate::model::upload::transfers::{Left, LeftState};
use crate::s3::store::Store;
use crate::store::journal::{KeptBatch, Note, State};
use crate::transfer::{Edit, RowId, Selection};
use crate::worker::Request;

/// What stands before the connection in the journal's words for the way to a store.
const WAY: &str = "saved:";

/// So many rows are called off before others may look at the queue.
const AT_A_TIME: usize = 1_000;

/// What this part keeps for itself.
#[derive(Default)]
pub(super) struct BeforePart {
    /// What is still to be handed to the engine.
    left: BTreeMap<ConnectionId, Vec<KeptBatch>>,
    reaching: Option<(ConnectionId, Request<Opened, Trouble>)>,
    /// What is being handed to it.
    taking_up: usize,
    /// Files that were handed to it and are not told of yet.
    untold: u64,
}

/// How the journal names the way to a store.
pub(super) fn way(store: &Store) -> String {
    format!("{WAY}{}", store.info().connection)
}

fn connection_of(way: &str) -> Option<ConnectionId> {
    way.strip_prefix(WAY)?.parse().ok().map(ConnectionId)
}

/// Files of a batch that are not through.
fn open_in(batch: &KeptBatch) -> u64 {
    let open = |state| !matches!(state, State::Done | State::Cancelled | State::Skipped);
    batch.rows.iter().filter(|row| open(row.state)).count() as u64
}

/// The store's names of uploads in parts that are kept for files not handed to the engine yet.
pub(super) fn upload_ids(core: &Core) -> HashSet<String> {
    let rows = core.parts.upload.before.left.values().flatten().flat_map(|batch| &batch.rows);
    rows.filter_map(|row| row.upload.as_ref()).map(|(upload, _)| upload.id.clone()).collect()
}

/// Asks the journal what was left behind.
pub(super) fn at_start(core: &Core) {
    let Some(journal) = &core.journal else { return };
    let inbox = core.worker.inbox();
    journal.adopt(
        |way| connection_of(way).is_some(),
        move |found| {
            let found = found.map_err(|error| error.to_string());
            if !matches!(&found, Ok(batches) if batches.is_empty()) {
                inbox.send(Event::Upload(UploadEvent::LeftBehind(found)));
            }
        },
    );
}

/// The journal has answered.
pub(super) fn found(core: &mut Core, found: Result<Vec<KeptBatch>, String>) {
    let batches = match found {
        Ok(batches) => batches,
        Err(sentence) => {
            let title = "What is left of last time’s transfers could not be read";
            core.model.notices.say(Tone::Warning, title, sentence);
            return;
        }
    };
    for batch in batches {
        let Some(connection) = connection_of(&batch.batch.way) else { continue };
        core.parts.upload.before.left.entry(connection).or_default().push(batch);
    }
    let connections: Vec<ConnectionId> = core.parts.upload.before.left.keys().copied().collect();
    for connection in connections {
        let Some(batches) = core.parts.upload.before.left.get(&connection) else { continue };
        let files = batches.iter().map(open_in).sum();
        let (name, state) = match core.connections.get(connection) {
            Some(kept) => (kept.name.clone(), LeftState::Next),
            None => (buckets(batches), LeftState::Gone),
        };
        let left = Left { connection, name, files, state };
        if left.state == LeftState::Gone {
            tell_gone(core, &left);
        }
        core.model.upload.transfers.left.push(left);
    }
    core.model.upload.transfers.left.sort_by_cached_key(|left| (left.name.to_lowercase(), left.connection));
}

/// The buckets of batches, each once.
fn buckets(batches: &[KeptBatch]) -> String {
    let names: BTreeSet<&str> = batches.iter().map(|batch| batch.batch.bucket.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn tell_gone(core: &mut Core, left: &Left) {
    let title = "Files from last time can no longer be sent";
    let (files, bucket) = (format::counted(left.files, "file", "files"), &left.name);
    let body = format!("{files} for {bucket} went over a connection that is not in the list any more");
    let id = core.model.notices.say(Tone::Warning, title, body);
    core.model.notices.link(id, "Forget them…", TransferCommand::AskForgetLeft(left.connection));
    core.model.notices.link(id, "Show transfers", FrameCommand::Show(Screen::Transfers));
}

/// Goes on with reaching stores, once a frame.
pub(super) fn tick(core: &mut Core) {
    if let Some((connection, request)) = &mut core.parts.upload.before.reaching {
        if !request.poll() {
            return;
        }
        let connection = *connection;
        match core.parts.upload.before.reaching.take().map(|(_, request)| request) {
            Some(Request::Ready(opened)) => {
                if opened.practice.is_some() {
                    core.practice = opened.practice;
                }
                reached(core, opened.store);
            }
            Some(Request::Failed { error, .. }) => unreachable(core, connection, error),
            Some(Request::Idle | Request::Pending { .. }) | None => {}
        }
    }
    // What a person opens may be the very store, and goes first.
    if browse::is_opening(core) {
        return;
    }
    let next = core.model.upload.transfers.left.iter_mut().find(|left| left.state == LeftState::Next);
    let Some(left) = next else { return };
    let Some(connection) = core.connections.get(left.connection).cloned() else {
        left.state = LeftState::Gone;
        let left = left.clone();
        return tell_gone(core, &left);
    };
    left.state = LeftState::Reaching;
    let request = core.worker.ask(browse::reach(core, connection.clone()));
    core.parts.upload.before.reaching = Some((connection.id, request));
}

fn unreachable(core: &mut Core, connection: ConnectionId, trouble: Trouble) {
    let Some(left) = core.model.upload.transfers.left.iter_mut().find(|left| left.connection == connection) else {
        return;
    };
    left.state = LeftState::Unreachable(trouble.clone());
    let title = format!("{} could not be reached", left.name);
    let body = format!("{} from last time wait for it", format::counted(left.files, "file", "files"));
    let id = core.model.notices.say(Tone::Failed, title, format!("{body}. {}", trouble.sentence));
    for line in trouble.details {
        core.model.notices.detail(id, line);
    }
    core.model.notices.link(id, "Try again", TransferCommand::ReachAgain(connection));
    core.model.notices.link(id, "Show transfers", FrameCommand::Show(Screen::Transfers));
    tell_waiting(core);
}

/// A store was reached, by whomever: what was left behind for it goes into the queue. Where nothing is on its way, the
/// queue is held first; files that are being sent are not held up by older ones.
pub(super) fn reached(core: &mut Core, store: Store) {
    let connection = store.info().connection;
    let part = &mut core.parts.upload.before;
    let Some(batches) = part.left.remove(&connection) else { return };
    part.reaching.take_if(|(reaching, _)| *reaching == connection);
    part.taking_up += 1;
    part.untold += batches.iter().map(open_in).sum::<u64>();
    let transfers = &mut core.model.upload.transfers;
    if let Some(left) = transfers.left.iter_mut().find(|left| left.connection == connection) {
        left.state = LeftState::Reaching;
    }
    let hold = transfers.counts().open() == 0;
    let engine = transfers::engine(core);
    let work = move || {
        if hold {
            engine.pause(&Selection::All);
        }
        for batch in batches {
            engine.restore(store.clone(), batch, &edit_of);
        }
    };
    let taken_up = move || Event::Upload(UploadEvent::TakenUp(connection));
    core.worker.job(
        async move {
            match tokio::task::spawn_blocking(work).await {
                Ok(()) => taken_up(),
                Err(error) => Event::Crashed(error.to_string()),
            }
        },
        Event::Crashed,
    );
}

/// The wishes that go by name in the journal.
fn edit_of(name: &str) -> Option<Edit> {
    (name == WITHOUT_LOCATION).then(read::without_location_edit)
}

/// The files that were left behind over a connection are in the queue.
pub(super) fn taken_up(core: &mut Core, connection: ConnectionId) {
    core.model.upload.transfers.left.retain(|left| left.connection != connection);
    transfers::hear(core);
    let part = &mut core.parts.upload.before;
    part.taking_up = part.taking_up.saturating_sub(1);
    tell_waiting(core);
}

/// Tells once of all that is in the queue now, when no store is waited for any more.
fn tell_waiting(core: &mut Core) {
    let part = &mut core.parts.upload.before;
    let more = |left: &Left| matches!(left.state, LeftState::Next | LeftState::Reaching);
    if part.taking_up > 0 || core.model.upload.transfers.left.iter().any(more) {
        return;
    }
    let files = std::mem::take(&mut part.untold);
    if files == 0 {
        return;
    }
    let files = format::counted(files, "file", "files");
    let transfers = &core.model.upload.transfers;
    let id = if transfers.paused {
        let title = "Files from last time were not sent to their end";
        let id = core.model.notices.say(Tone::Info, title, format!("{files} wait until you say so"));
        core.model.notices.link(id, "Resume", TransferCommand::ResumeAll);
        id
    } else {
        core.say(Tone::Info, format!("{files} from last time go on"))
    };
    core.model.notices.link(id, "Show transfers", FrameCommand::Show(Screen::Transfers));
}

/// Tries once more to reach a store.
pub(super) fn reach_again(core: &mut Core, connection: ConnectionId) {
    let left = core.model.upload.transfers.left.iter_mut().find(|left| left.connection == connection);
    if let Some(left) = left.filter(|left| matches!(left.state, LeftState::Unreachable(_))) {
        left.state = LeftState::Next;
    }
}

/// Asks whether the files of the list that are from before shall be dropped.
pub(super) fn ask_discard(core: &mut Core) {
    let Some(waiting) = core.model.upload.transfers.from_before() else { return };
    let files = format::counted(waiting, "file", "files");
    let transfers = &core.model.upload.transfers;
    let names = transfers.rows.iter().filter(|row| row.state.is_open()).map(|row| row.key.clone());
    ask(
        core,
        Confirm {
            title: format!("Discard {files}?"),
            body: "They do not arrive, and what is stored of unfinished uploads is deleted. What has arrived already, \
                   and the files they come from, stay."
                .to_owned(),
            notes: Vec::new(),
            names: names.take(20).collect(),
            button: format!("Discard {files}"),
            type_name: None,
            then: Box::new(TransferCommand::DiscardBefore.into()),
        },
    );
}

fn ask(core: &mut Core, confirm: Confirm) {
    core.model.modal = Some(Modal::Confirm(confirm));
}

/// Drops them, and lets the queue go on for others.
pub(super) fn discard(core: &mut Core) {
    let transfers = &mut core.model.upload.transfers;
    let before = |batch: u64| transfers.batches.get(&batch).is_some_and(|batch| batch.before);
    let rows = transfers.rows.iter().filter(|row| row.state.is_open() || row.state.is_failed());
    let ids: Vec<RowId> = rows.filter(|row| before(row.batch)).map(|row| RowId(row.id)).collect();
    transfers::ask_later(core, move |engine| {
        // The queue is held, so nothing starts in between; and the window never waits long for its rows.
        for some in ids.chunks(AT_A_TIME) {
            engine.cancel(&Selection::Rows(some.to_vec()));
        }
        engine.resume(&Selection::All);
    });
}

/// Files were added to a queue that is held since the start, which is easily forgotten.
pub(super) fn say_held(core: &mut Core) {
    let body = "Nothing is sent until you resume";
    let id = core.model.notices.say(Tone::Info, "These files wait with those from last time", body);
    core.model.notices.link(id, "Resume", TransferCommand::ResumeAll);
}

/// Asks whether files whose store is out of reach shall be forgotten.
pub(super) fn ask_forget(core: &mut Core, connection: ConnectionId) {
    let found = core.model.upload.transfers.left.iter().find(|left| left.connection == connection).cloned();
    let (Some(left), Some(batches)) = (found, core.parts.upload.before.left.get(&connection)) else { return };
    let rows = batches.iter().flat_map(|batch| &batch.rows);
    let parts = rows.clone().filter(|row| row.upload.is_some()).count() as u64;
    let files = format::counted(left.files, "file", "files");
    let mut notes = Vec::new();
    if parts > 0 {
        let uploads = format::counted(parts, "unfinished upload", "unfinished uploads");
        notes.push(format!("{uploads} stay in the store, out of reach, and may cost something there"));
    }
    let confirm = Confirm {
        title: format!("Forget {files}?"),
        body: "They do not arrive. What has arrived already, and the files they come from, stay.".to_owned(),
        notes,
        names: rows.take(20).map(|row| row.row.key.clone()).collect(),
        button: format!("Forget {files}"),
        type_name: None,
        then: Box::new(Command::from(TransferCommand::ForgetLeft(connection))),
    };
    ask(core, confirm);
}

/// Forgets them; it was asked.
pub(super) fn forget(core: &mut Core, connection: ConnectionId) {
    let Some(journal) = core.journal.clone() else { return };
    let batches = core.parts.upload.before.left.remove(&connection).unwrap_or_default();
    core.model.upload.transfers.left.retain(|left| left.connection != connection);
    for batch in batches {
        journal.note(Note::ForgetBatch { batch: batch.id });
    }
}
