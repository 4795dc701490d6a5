//! Uploads: from what was brought in to a plan, from the plan to transfers, and what comes back of them.

mod addresses;
mod before;
mod ends;
mod look;
mod names;
mod own;
mod paste;
mod planning;
mod read;
mod receipt;
mod row_pictures;
mod send;
mod transfers;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;

use crate::app::core::Core;
use crate::app::deps::Pick;
use crate::app::event::Event;
use crate::domain::connection::ConnectionId;
use crate::images::Thumb;
use crate::model::modal::Modal;
use crate::model::notices::Tone;
use crate::model::upload::plan::{Found, Names, Reading};
use crate::model::upload::{PlanCommand, UploadCommand, UploadSource};
use crate::s3::store::Store;
use crate::store::journal::KeptBatch;

pub use own::{OwnUploads, own_uploads};
pub use transfers::{download, is_handing_over};

/// What this part keeps for itself.
#[derive(Default)]
pub struct UploadPart {
    /// Brought in, not yet read.
    incoming: Vec<UploadSource>,
    /// Something was brought in since the last frame: more may follow.
    more_may_come: bool,
    plans: u64,
    reading: Option<ReadJob>,
    planning: planning::PlanningPart,
    names: names::NamesPart,
    look: look::LookPart,
    transfers: transfers::TransfersPart,
    before: before::BeforePart,
    row_pictures: row_pictures::RowPictures,
}

struct ReadJob {
    plan: u64,
    counter: Arc<AtomicU64>,
    stop: CancellationToken,
}

/// What the background reports to this part.
#[derive(Debug)]
pub enum UploadEvent {
    /// The file dialog was answered.
    Picked(Vec<PathBuf>),
    /// The clipboard was looked into.
    Pasted(paste::Outcome),
    /// Sources were read.
    Read {
        /// For which plan.
        plan: u64,
        /// What is in them.
        found: Found,
    },
    /// Some files were read to their end, to compare them with what is there.
    Compared {
        /// For which plan.
        plan: u64,
        /// By index of the source, whether without its location, and the MD5; empty where it cannot be known.
        md5s: Vec<(usize, bool, String)>,
    },
    /// Some pictures tell where they were taken.
    Located {
        /// For which plan.
        plan: u64,
        /// By index of the source.
        indices: Vec<usize>,
        /// No more are to come.
        all: bool,
    },
    /// What the journal still had from an earlier session, or why it does not say.
    LeftBehind(Result<Vec<KeptBatch>, String>),
    /// What was left behind over a connection is in the queue.
    TakenUp(ConnectionId),
    /// Files are on their way that the journal could not be told of, and why.
    NotKept(String),
    /// A small picture for a row of the transfers, or none.
    RowPicture {
        /// By number of the row.
        id: u64,
        /// The picture.
        thumb: Option<Arc<Thumb>>,
    },
    /// A small picture, or none.
    Small {
        /// For which plan.
        plan: u64,
        /// By index of the source.
        index: usize,
        /// The picture.
        thumb: Option<Arc<Thumb>>,
    },
}

/// What is done once, when the application starts.
pub fn at_start(core: &mut Core) {
    before::at_start(core);
}

/// A connection was opened: what was left behind for its store can go on.
pub fn reached(core: &mut Core, store: Store) {
    before::reached(core, store);
}

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: UploadCommand) {
    match command {
        UploadCommand::PickFiles => pick(core, Pick::Files, "Choose files to upload"),
        UploadCommand::PickFolder => pick(core, Pick::Folders, "Choose a folder to upload"),
        UploadCommand::Bring(sources) => bring(core, sources),
        UploadCommand::Paste(pasted) => paste::paste(core, pasted),
        UploadCommand::Plan(command) => plan(core, command),
        UploadCommand::LookAtTransfers(rows) => row_pictures::look(core, &rows),
        UploadCommand::Transfers(command) => transfers::dispatch(core, command),
    }
}

fn plan(core: &mut Core, command: PlanCommand) {
    match command {
        PlanCommand::StopReading => {
            if let Some(job) = &core.parts.upload.reading {
                job.stop.cancel();
            }
            if let Some(reading) = core.model.upload.plan.as_mut().and_then(|plan| plan.reading.as_mut()) {
                reading.stopping = true;
            }
        }
        PlanCommand::Cancel => close(core),
        PlanCommand::Start => send::start(core),
        PlanCommand::Look(rows) => look::look(core, rows),
        change => planning::change(core, change),
    }
}

/// Closes the plan and everything that went on for it.
fn close(core: &mut Core) {
    let part = &mut core.parts.upload;
    if let Some(job) = part.reading.take() {
        job.stop.cancel();
    }
    part.incoming.clear();
    part.planning = planning::PlanningPart::default();
    part.names = names::NamesPart::default();
    part.look.stop();
    core.model.upload.plan = None;
    if matches!(core.model.modal, Some(Modal::UploadPlan)) {
        core.model.modal = None;
    }
}

fn pick(core: &mut Core, what: Pick, title: &str) {
    if !has_bucket(core) {
        return say_no_bucket(core, 0);
    }
    // Made here, since on macOS the dialog has to begin on the thread of the window.
    let picked = (core.deps.pick)(what, title, "");
    core.worker.job(async move { Event::Upload(UploadEvent::Picked(picked.await)) }, Event::Crashed);
}

fn has_bucket(core: &Core) -> bool {
    core.store.is_some() && core.model.session.as_ref().is_some_and(|session| session.place.is_some())
}

fn say_no_bucket(core: &mut Core, files: usize) {
    let body = match files {
        0 => "Files go into a bucket, so one has to be open. Nothing was read or sent.".to_owned(),
        1 => "One thing was brought in, and there is no bucket to put it into. Nothing was read or sent.".to_owned(),
        n => format!("{n} things were brought in, and there is no bucket to put them into. Nothing was read or sent."),
    };
    core.model.notices.say(Tone::Warning, "Open a bucket first", body);
}

fn bring(core: &mut Core, sources: Vec<UploadSource>) {
    if sources.is_empty() {
        return;
    }
    if !has_bucket(core) {
        return say_no_bucket(core, sources.len());
    }
    let part = &mut core.parts.upload;
    part.incoming.extend(sources);
    part.more_may_come = true;
    core.worker.wake_slot().wake();
}

/// Reads what was brought in, once a frame went by that brought nothing more.
fn read_incoming(core: &mut Core) {
    let part = &mut core.parts.upload;
    if part.incoming.is_empty() || part.reading.is_some() {
        return;
    }
    if std::mem::take(&mut part.more_may_come) {
        core.worker.wake_slot().wake();
        return;
    }
    let sources = std::mem::take(&mut part.incoming);
    if core.model.upload.plan.is_none() {
        part.plans += 1;
        let id = part.plans;
        if !planning::open(core, id) {
            return say_no_bucket(core, sources.len());
        }
    }
    core.model.modal = Some(Modal::UploadPlan);
    let Some(plan) = &mut core.model.upload.plan else { return };
    plan.reading = Some(Reading { found: 0, stopping: false });
    let id = plan.id;
    let (counter, stop) = (Arc::new(AtomicU64::new(0)), CancellationToken::new());
    core.parts.upload.reading = Some(ReadJob { plan: id, counter: Arc::clone(&counter), stop: stop.clone() });
    core.worker.job(
        async move {
            let work = move || read::read(sources, &counter, &stop);
            match tokio::task::spawn_blocking(work).await {
                Ok(found) => Event::Upload(UploadEvent::Read { plan: id, found }),
                Err(error) => Event::Crashed(error.to_string()),
            }
        },
        Event::Crashed,
    );
}

/// Takes a report in.
pub fn apply(core: &mut Core, event: UploadEvent) {
    let current = core.model.upload.plan.as_ref().map(|plan| plan.id);
    match event {
        UploadEvent::Picked(paths) => bring(core, paths.into_iter().map(UploadSource::Path).collect()),
        UploadEvent::Pasted(outcome) => paste::answered(core, outcome),
        UploadEvent::Read { plan, found } => {
            core.parts.upload.reading.take_if(|job| job.plan == plan);
            if current == Some(plan) {
                planning::found(core, found);
            }
        }
        UploadEvent::Compared { plan, md5s } if current == Some(plan) => look::compared(core, md5s),
        UploadEvent::Located { plan, indices, all } if current == Some(plan) => look::located(core, &indices, all),
        UploadEvent::LeftBehind(found) => before::found(core, found),
        UploadEvent::TakenUp(connection) => before::taken_up(core, connection),
        UploadEvent::NotKept(why) => transfers::not_kept(core, &why),
        UploadEvent::RowPicture { id, thumb } => row_pictures::made(core, id, thumb),
        UploadEvent::Small { plan, index, thumb } => look::small(core, current == Some(plan), index, thumb),
        UploadEvent::Compared { .. } | UploadEvent::Located { .. } => {}
    }
}

/// Looks for answers, once a frame.
pub fn tick(core: &mut Core) {
    // The dialog may have been closed by another way than its own buttons.
    if core.model.upload.plan.is_some() && !matches!(core.model.modal, Some(Modal::UploadPlan)) {
        close(core);
    }
    read_incoming(core);
    if let (Some(job), Some(plan)) = (&core.parts.upload.reading, &mut core.model.upload.plan)
        && let Some(reading) = &mut plan.reading
    {
        reading.found = job.counter.load(Ordering::Relaxed);
    }
    planning::tick(core);
    names::tick(core);
    transfers::tick(core);
    before::tick(core);
}

/// Whether nothing of the bucket's names has to be waited for.
fn names_settled(names: &Names) -> bool {
    !matches!(names, Names::Unasked | Names::Checking)
}
