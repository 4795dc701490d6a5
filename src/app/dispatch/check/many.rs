//! Many files held against expectations: what is filled in, the runs, and the part of the results on screen.

mod files;
mod form;
mod run;
mod schedule;
mod tell;
mod view;
mod work;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::core::Core;
use crate::app::dispatch::browse;
use crate::app::event::Event;
use crate::domain::connection::ConnectionId;
use crate::domain::verify::Expectations;
use crate::model::Trouble;
use crate::model::browse::Place;
use crate::model::check::many::{Many, ManyCommand, Side};
use crate::model::command::{BrowseCommand, Tab};
use crate::model::notices::Tone;
use crate::model::permissions::BucketKey;
use crate::store::verification::{Results, Run};

pub(super) use schedule::wait;

/// What this part keeps for itself, by bucket.
#[derive(Default)]
pub(super) struct ManyPart {
    live: HashMap<BucketKey, run::Live>,
}

/// What the background reports.
#[derive(Debug)]
pub struct ManyEvent {
    key: BucketKey,
    what: Report,
}

#[derive(Debug)]
enum Report {
    /// An earlier session left results behind, or none.
    Left(Option<Left>),
    /// A run may begin, or not.
    Prepared(u64, Result<run::Prepared, Trouble>),
    /// A run came to its end, or to a halt.
    Ended(u64, Result<Option<work::End>, Trouble>),
    /// A file was chosen for a field.
    Picked(files::Slot, PathBuf),
    /// Expectations were loaded.
    Loaded(PathBuf, Result<Expectations, Trouble>),
    /// Expectations were saved.
    Saved(PathBuf, Result<(), Trouble>),
    /// A report was saved into a folder.
    Reported(PathBuf, Result<(), Trouble>),
    /// The dialog was left without a choice.
    Nothing,
}

/// What an earlier session left behind.
#[derive(Debug)]
struct Left {
    results: Arc<Results>,
    run: Run,
    done: u64,
}

fn event(key: BucketKey, what: Report) -> Event {
    Event::Check(super::CheckEvent::Many(Box::new(ManyEvent { key, what })))
}

/// Carries a wish out.
pub(super) fn dispatch(core: &mut Core, command: ManyCommand) {
    match command {
        ManyCommand::Open => open(core),
        ManyCommand::ShowResults(key) => show_results(core, &key),
        ManyCommand::Files(keys) => form::bring_files(core, keys),
        ManyCommand::Folder(prefix) => form::bring_folder(core, prefix),
        ManyCommand::Close => core.model.check.many.open = false,
        ManyCommand::CheckOne(name) => {
            let check = &mut core.model.check;
            check.many.open = false;
            check.number += 1;
            check.is_key = !name.contains("://");
            check.text = name;
            super::run(core);
        }
        other => {
            let Some(key) = core.model.check.here.clone() else { return };
            here(core, &key, other);
        }
    }
}

/// Carries out what is about the bucket one is in.
fn here(core: &mut Core, key: &BucketKey, command: ManyCommand) {
    match command {
        ManyCommand::Turn(side) => many(core, key).side = side,
        ManyCommand::Edit(form) => many(core, key).form = *form,
        ManyCommand::PickList => files::pick(core, key, files::Slot::List),
        ManyCommand::PickSitemap => files::pick(core, key, files::Slot::Sitemap),
        ManyCommand::PickBaseline => files::pick(core, key, files::Slot::Baseline),
        ManyCommand::LoadExpectations => files::load_expectations(core, key),
        ManyCommand::DropLoaded => many(core, key).loaded = None,
        ManyCommand::SaveExpectations => files::save_expectations(core, key),
        ManyCommand::CopyCommand => form::copy_command(core, key),
        ManyCommand::Begin => form::begin(core, key),
        ManyCommand::Again => run::again(core, key, false),
        ManyCommand::Pause => run::halt(core, key, true),
        ManyCommand::Stop => run::halt(core, key, false),
        ManyCommand::GoOn => run::go_on(core, key),
        ManyCommand::Every(every) => schedule::set(core, key, every),
        ManyCommand::Show(group) => view::show(core, key, group),
        ManyCommand::Search(text) => view::search(core, key, text),
        ManyCommand::Look { first, most } => view::look(core, key, first, most),
        ManyCommand::SaveReport => files::save_report(core, key),
        // These are not about the bucket one is in.
        ManyCommand::Open
        | ManyCommand::ShowResults(_)
        | ManyCommand::Close
        | ManyCommand::Files(_)
        | ManyCommand::Folder(_)
        | ManyCommand::CheckOne(_) => {}
    }
}

fn many<'a>(core: &'a mut Core, key: &BucketKey) -> &'a mut Many {
    core.model.check.many.all.entry(key.clone()).or_default()
}

/// Shows the page for the bucket one is in.
fn open(core: &mut Core) {
    core.model.check.many.open = true;
    browse::dispatch(core, BrowseCommand::ShowTab(Tab::Check));
    shown(core);
}

fn show_results(core: &mut Core, key: &BucketKey) {
    if core.model.session.as_ref().is_none_or(|session| session.connection.id != key.connection) {
        core.say(Tone::Warning, "Open the connection again that this was checked with, and look there");
        return;
    }
    core.model.check.many.open = true;
    many(core, key).side = Side::Results;
    browse::dispatch(core, BrowseCommand::GoToTab(Place::bucket(&key.bucket), Tab::Check));
    shown(core);
}

/// The page came on screen: what an earlier session left behind is read once.
pub(super) fn shown(core: &mut Core) {
    let Some(key) = core.model.check.here.clone() else { return };
    if core.model.check.many.all.contains_key(&key) {
        return;
    }
    many(core, &key);
    let path = run::file(core, &key);
    let work = move || -> Result<Option<Left>, crate::verify::VerifyError> {
        if !path.exists() {
            return Ok(None);
        }
        let results = Results::open(&path)?;
        let run = results.run()?;
        let done = results.count()?;
        Ok(run.map(|run| Left { results: Arc::new(results), run, done }))
    };
    core.worker.job(
        async move {
            let left = match tokio::task::spawn_blocking(work).await {
                Ok(Ok(left)) => left,
                Ok(Err(error)) => {
                    // They can be made again.
                    tracing::warn!(%error, "earlier results cannot be read");
                    None
                }
                Err(error) => return Event::Crashed(error.to_string()),
            };
            event(key, Report::Left(left))
        },
        Event::Crashed,
    );
}

/// A connection is gone, and with it what was found over it.
pub(super) fn forget(core: &mut Core, connection: ConnectionId) {
    let live = &mut core.parts.check.many.live;
    live.iter().filter(|(key, _)| key.connection == connection).for_each(|(_, live)| live.halt());
    live.retain(|key, _| key.connection != connection);
    core.model.check.many.all.retain(|key, _| key.connection != connection);
    let folder = run::folder(core, connection);
    core.worker.handle().spawn_blocking(move || {
        // Most connections never checked many files.
        if let Err(error) = std::fs::remove_dir_all(&folder)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "results of checks could not be removed");
        }
    });
}

/// Looks for news, once a frame.
pub(super) fn tick(core: &mut Core) {
    run::tick(core);
    view::tick(core);
    schedule::tick(core);
}

/// Takes a report in.
pub(super) fn apply(core: &mut Core, event: ManyEvent) {
    let ManyEvent { key, what } = event;
    match what {
        Report::Left(left) => run::found(core, &key, left),
        Report::Prepared(number, outcome) => run::prepared(core, &key, number, outcome),
        Report::Ended(number, outcome) => run::ended(core, &key, number, outcome),
        Report::Picked(slot, path) => files::picked(core, &key, slot, path),
        Report::Loaded(path, outcome) => files::loaded(core, &key, path, outcome),
        Report::Saved(path, outcome) => files::saved(core, &key, path, outcome),
        Report::Reported(folder, outcome) => files::reported(core, folder, outcome),
        Report::Nothing => {}
    }
}
