//! The settings of a bucket: reading, changing, taking back.

mod compare;
mod cors;
mod dry_run;
mod history;
mod pages;
mod removal;
mod save;
mod unfinished;

use std::collections::BTreeMap;

use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::bucket_settings::{SettingKind, SettingValue};
use crate::domain::connection::{ConnectionId, Target};
use crate::domain::region;
use crate::model::Trouble;
use crate::model::bucket_settings::{
    BucketSettingsCommand, BucketSettingsModel, EditMode, EditState, Editing, Page, Reading, wanted,
};
use crate::model::modal::Modal;
use crate::model::trouble::WayOut;
use crate::s3;
use crate::s3::error::Kind;
use crate::s3::settings::Readable;
use crate::s3::store::Store;
use crate::store::history::Entry;

pub use dry_run::DryRunEnd;
pub use removal::RemovalEnd;
pub(in crate::app::dispatch) use save::LOOKS;
pub use save::SaveEnd;
pub use unfinished::CallOffEnd;

/// What this part keeps for itself.
#[derive(Default)]
pub struct BucketSettingsPart {
    /// Whose settings the model holds.
    shown: Option<(ConnectionId, String)>,
    removal: removal::RemovalPart,
    dry_run: dry_run::DryRunPart,
}

/// What the background reports about the settings of a bucket.
#[derive(Debug)]
pub enum BucketSettingsEvent {
    /// A change came to its end.
    Saved(Box<SaveEnd>),
    /// An entry of the history was looked up, to be taken back at once or put back in a dialog.
    Found {
        /// The entry; `None` where there is none any more.
        entry: Result<Option<Entry>, Trouble>,
        /// Whether it shall be taken back without a dialog, where that is harmless.
        at_once: bool,
    },
    /// A file to compare with was chosen; `None` when the dialog was cancelled.
    SnapshotChosen(Option<std::path::PathBuf>),
    /// Emptying a bucket came to its end.
    Removed(RemovalEnd),
    /// Calling unfinished uploads off came to its end.
    CalledOff(CallOffEnd),
    /// A dry run, or a run of the rules on practice storage, came to its end.
    RulesRan(DryRunEnd),
}

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: BucketSettingsCommand) {
    match command {
        BucketSettingsCommand::Read => {
            read(core);
            if core.model.bucket_settings.page == Page::History {
                history::read(core);
            }
        }
        BucketSettingsCommand::Show(page) => {
            core.model.bucket_settings.page = page;
            if page == Page::History {
                history::read(core);
            }
        }
        BucketSettingsCommand::Edit { kind, start } => edit(core, kind, start),
        BucketSettingsCommand::CloseEditor => close_editor(core),
        BucketSettingsCommand::Save(wish) => save::begin(core, wish),
        BucketSettingsCommand::TakeBack(id) => history::look_up(core, id, true),
        BucketSettingsCommand::Restore(id) => history::look_up(core, id, false),
        BucketSettingsCommand::Export => core.model.modal = Some(Modal::BucketExport),
        BucketSettingsCommand::SaveSnapshot => compare::save(core),
        BucketSettingsCommand::CompareWithSnapshot => compare::choose(core),
        BucketSettingsCommand::CompareWithBucket(other) => compare::with_bucket(core, other),
        BucketSettingsCommand::Adopt(kind) => compare::adopt(core, kind),
        BucketSettingsCommand::TestCors(question) => cors::ask(core, question),
        BucketSettingsCommand::AskToRemove { bucket_too } => removal::count(core, bucket_too),
        BucketSettingsCommand::Remove => removal::begin(core),
        BucketSettingsCommand::StopRemoving => removal::stop(core),
        BucketSettingsCommand::CloseRemoval => removal::close(core),
        BucketSettingsCommand::ShowUnfinished => unfinished::show(core),
        BucketSettingsCommand::CallOff(names) => unfinished::call_off(core, &names),
        BucketSettingsCommand::CloseUnfinished => unfinished::close(core),
        BucketSettingsCommand::DryRun(rules) => dry_run::begin(core, rules, None),
        BucketSettingsCommand::AskToRunRules(day) => dry_run::ask_to_run(core, day),
        BucketSettingsCommand::RunRules => dry_run::run(core),
        BucketSettingsCommand::CloseDryRun => dry_run::close(core),
    }
}

/// Takes a report in.
pub fn apply(core: &mut Core, event: BucketSettingsEvent) {
    match event {
        BucketSettingsEvent::Saved(end) => save::ended(core, *end),
        BucketSettingsEvent::Found { entry, at_once } => history::found(core, entry, at_once),
        BucketSettingsEvent::SnapshotChosen(Some(path)) => compare::with_file(core, path),
        BucketSettingsEvent::SnapshotChosen(None) => {}
        BucketSettingsEvent::Removed(end) => removal::ended(core, end),
        BucketSettingsEvent::CalledOff(end) => unfinished::ended(core, end),
        BucketSettingsEvent::RulesRan(end) => dry_run::ended(core, end),
    }
}

/// Looks for answers, once a frame.
pub fn tick(core: &mut Core) {
    let settings = &mut core.model.bucket_settings;
    let mut answered = false;
    for card in settings.cards.values_mut() {
        answered |= card.poll();
    }
    if answered && !settings.cards.values().any(crate::worker::Request::is_pending) {
        settings.read_at = Some((core.deps.now)());
    }
    settings.history.poll();
    settings.comparison.poll();
    settings.cors_answer.poll();
    settings.unfinished.poll();
    removal::tick(core);
    dry_run::tick(core);
}

/// The page of a bucket is on screen: what it shows is read again, and what was known stays on screen meanwhile.
pub fn shown(core: &mut Core) {
    read(core);
}

/// The open place as connection and bucket.
fn here(core: &Core) -> Option<(ConnectionId, String)> {
    let session = core.model.session.as_ref()?;
    Some((session.connection.id, session.place.as_ref()?.bucket.clone()))
}

/// Asks for all settings at the same time; none waits for another.
fn read(core: &mut Core) {
    let (Some(store), Some(here)) = (core.store.clone(), here(core)) else { return };
    if core.parts.bucket_settings.shown.as_ref() != Some(&here) {
        core.model.bucket_settings =
            BucketSettingsModel { bucket: Some(here.1.clone()), ..BucketSettingsModel::default() };
        core.parts.bucket_settings.shown = Some(here.clone());
    }
    core.model.bucket_settings.website_url = website_url(core, &here.1);
    let cards: &mut BTreeMap<_, _> = &mut core.model.bucket_settings.cards;
    for kind in wanted() {
        let (store, bucket) = (store.clone(), here.1.clone());
        let card = cards.entry(kind).or_default();
        core.worker.ask_again(card, async move { Ok(reading(&store, &bucket, kind).await) });
    }
    unfinished::read(core);
}

/// Where a bucket is a website; every other store has rules of its own for that.
fn website_url(core: &Core, bucket: &str) -> Option<String> {
    let session = core.model.session.as_ref()?;
    match &session.connection.target {
        Target::Amazon { region, .. } => {
            let region = session.regions.get(bucket).unwrap_or(region);
            Some(format!("http://{}/", region::website_host(bucket, region)))
        }
        Target::Practice => {
            let endpoint = core.practice.as_ref()?.website_endpoint();
            Some(format!("http://{bucket}.{}/", endpoint.strip_prefix("http://")?))
        }
        Target::Store(_) => None,
    }
}

/// One setting as the page shows it.
pub(super) async fn reading(store: &Store, bucket: &str, kind: SettingKind) -> Reading {
    match s3::settings::read(store, bucket, kind).await {
        Readable::Is(value) => Reading::Is(value),
        Readable::NotSet => Reading::NotSet,
        Readable::NotOffered => Reading::NotOffered,
        // Some servers answer with a document of their own that says nothing.
        Readable::MayNotRead(error) if error.kind == Kind::NotS3 && error.http_status == Some(200) => {
            let sentence = "The store’s answer about this is not understood. It may be on or off.";
            Reading::MayNotRead(Trouble { sentence: sentence.to_owned(), ..Trouble::from(error) })
        }
        Readable::MayNotRead(error) => Reading::MayNotRead(Trouble::from(error)),
    }
}

fn edit(core: &mut Core, kind: SettingKind, start: Option<SettingValue>) {
    let base = core.model.bucket_settings.reading(kind).and_then(Reading::value).map(|value| value.cloned());
    // What cannot be read must not be replaced unseen.
    let Some(base) = base else { return };
    let start = start.or_else(|| base.clone());
    open_editor(core, Editing { kind, base, start, mode: EditMode::Form, number: 0, state: EditState::Open });
}

fn open_editor(core: &mut Core, editing: Editing) {
    core.parts.generation += 1;
    let number = core.parts.generation;
    core.model.bucket_settings.editing = Some(Editing { number, ..editing });
    core.model.modal = Some(Modal::BucketSetting);
}

/// What is being written is brought to its end; its outcome is told in a notice.
fn close_editor(core: &mut Core) {
    core.model.bucket_settings.editing = None;
    if matches!(core.model.modal, Some(Modal::BucketSetting)) {
        core.model.modal = None;
    }
}

/// Work that ended in a panic.
fn crashed(text: String) -> Trouble {
    <Trouble as crate::worker::Crashed>::crashed(text)
}

/// The connection was closed or another one opened.
fn gone() -> Trouble {
    Trouble::new("This bucket is not open any more. Nothing was changed", WayOut::Retry)
}

/// Sends a report of this part from the background.
fn event(event: BucketSettingsEvent) -> Event {
    Event::BucketSettings(event)
}
