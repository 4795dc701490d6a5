//! What lifecycle rules would do: the bucket is listed in the background and counted as it comes. In practice storage
//! they can be let to act at once, as if it were a certain day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::pages::{Run, Uploads, Versions};
use super::{BucketSettingsEvent, crashed, event, gone, here};
use crate::app::core::Core;
use crate::app::dispatch::browse::practice_trouble;
use crate::domain::bucket_settings::{SettingKind, SettingValue};
use crate::domain::connection::Target;
use crate::domain::lifecycle::dry_run::{self, Amount, Bucket, Listed, Outcome, Report};
use crate::domain::lifecycle::{CLASSES, LifecycleRule, Surroundings};
use crate::model::Trouble;
use crate::model::bucket_settings::{DryRun, DryRunState, Ran};
use crate::model::command::{BrowseCommand, Command};
use crate::model::modal::Modal;
use crate::model::trouble::WayOut;
use crate::practice::lifecycle::{Deed, Event};
use crate::s3;
use crate::s3::error::S3Error;
use crate::s3::settings::Readable;
use crate::s3::store::Store;

/// No more of a listing is read: a thousand requests.
const MOST: u64 = 1_000_000;
/// So many deeds are told one by one.
const TOLD: usize = 200;

/// What this part keeps for itself.
#[derive(Default)]
pub(super) struct DryRunPart {
    stop: CancellationToken,
    progress: Option<watch::Receiver<Amount>>,
}

/// How a dry run, or a run, ended.
#[derive(Debug)]
pub struct DryRunEnd {
    number: u64,
    state: DryRunState,
}

/// Lists the bucket for these rules; the dialog is there at once.
pub(super) fn begin(core: &mut Core, rules: Vec<LifecycleRule>, run_at: Option<Timestamp>) {
    let (Some(store), Some((_, bucket))) = (core.store.clone(), here(core)) else { return };
    core.parts.bucket_settings.dry_run.stop.cancel();
    core.parts.generation += 1;
    let number = core.parts.generation;
    let now = run_at.unwrap_or_else(|| (core.deps.now)());
    let state = DryRunState::Listing(Amount::default());
    let shown = DryRun { bucket: bucket.clone(), rules: rules.clone(), run_at, number, state };
    core.model.bucket_settings.dry_run = Some(shown);
    core.model.modal = Some(Modal::LifecycleDryRun);
    let (run, progress) = Run::new(core, Amount::default());
    core.parts.bucket_settings.dry_run = DryRunPart { stop: run.stop.clone(), progress: Some(progress) };
    let end = move |state| event(BucketSettingsEvent::RulesRan(DryRunEnd { number, state }));
    let listed = async move {
        let facts = facts(&store, &bucket).await;
        let dry_run = dry_run::DryRun::new(rules.clone(), facts, now);
        let dry_run = if run_at.is_some() { dry_run.only_due() } else { dry_run };
        let counted = Box::pin(counted(&store, &bucket, &rules, dry_run, now, &run));
        let stopped = || Err(S3Error::cancelled("ListObjectVersions").about_bucket(&bucket));
        end(match run.stop.run_until_cancelled(counted).await.unwrap_or_else(stopped) {
            Ok(report) => DryRunState::Ready(Box::new(report)),
            Err(error) => DryRunState::Failed(Trouble::from(error)),
        })
    };
    core.worker.job(listed, move |text| end(DryRunState::Failed(crashed(text))));
}

async fn counted(
    store: &Store,
    bucket: &str,
    rules: &[LifecycleRule],
    mut dry_run: dry_run::DryRun,
    now: Timestamp,
    run: &Run<Amount>,
) -> Result<Report, S3Error> {
    let prefix = dry_run::common_prefix(rules);
    let aborts = rules.iter().any(|rule| rule.enabled && rule.abort_unfinished_days.is_some());
    let mut uploads = Uploads::new(store, bucket);
    while aborts && let Some(page) = uploads.next().await? {
        for upload in page {
            dry_run.upload(&upload.key, upload.begun.unwrap_or(now));
        }
    }
    let Some(prefix) = prefix else { return Ok(dry_run.finish(true)) };
    let mut pages = Versions::new(store, bucket, &prefix);
    while let Some(page) = pages.next().await? {
        if dry_run.seen().count >= MOST {
            return Ok(dry_run.finish(false));
        }
        for version in page {
            dry_run.version(Listed {
                is_null: version.id.as_deref().is_none_or(|id| id == "null"),
                key: version.key,
                size_bytes: version.size_bytes,
                class: version.class,
                made: version.made.unwrap_or(now),
                is_marker: version.is_marker,
            });
        }
        run.tell(dry_run.seen());
    }
    Ok(dry_run.finish(true))
}

async fn facts(store: &Store, bucket: &str) -> Bucket {
    let versioning = s3::settings::read(store, bucket, SettingKind::Versioning).await;
    let lock = s3::settings::read(store, bucket, SettingKind::ObjectLock).await;
    Bucket {
        versioning_unknown: matches!(versioning, Readable::MayNotRead(_)),
        around: Surroundings {
            versioning: match versioning {
                Readable::Is(SettingValue::Versioning(versioning)) => Some(versioning.status),
                _ => None,
            },
            small: s3::settings::small_files(store, bucket).await,
        },
        locks: matches!(lock, Readable::Is(_)),
    }
}

/// Counts what the saved rules do on a day, before they are let to.
pub(super) fn ask_to_run(core: &mut Core, day: Option<Date>) {
    let practises = core.model.session.as_ref().is_some_and(|it| it.connection.target == Target::Practice);
    let Some(SettingValue::Lifecycle(rules)) = core.model.bucket_settings.value(SettingKind::Lifecycle) else { return };
    let rules = rules.clone();
    let today = || (core.deps.now)().to_zoned_datetime(TimeZone::UTC).date();
    let midnight = day.unwrap_or_else(today).at(0, 0, 0, 0).to_zoned_datetime(TimeZone::UTC);
    if let (true, Ok(midnight)) = (practises, midnight) {
        begin(core, rules, Some(midnight.timestamp()));
    }
}

/// Lets the rules act on the day that was asked about.
pub(super) fn run(core: &mut Core) {
    let Some(asked) = &mut core.model.bucket_settings.dry_run else { return };
    let (DryRunState::Ready(_), Some(at)) = (&asked.state, asked.run_at) else { return };
    let (Some(server), Some(store)) = (core.practice.clone(), core.store.clone()) else {
        asked.state = DryRunState::RunFailed(gone());
        return;
    };
    asked.state = DryRunState::Running;
    let (number, bucket, rules) = (asked.number, asked.bucket.clone(), asked.rules.clone());
    let end = move |state| event(BucketSettingsEvent::RulesRan(DryRunEnd { number, state }));
    let acts = async move {
        // What was shown is what these rules do; others were not agreed to.
        let now = s3::settings::get_bucket_lifecycle_configuration(&store, &bucket).await;
        if !matches!(now, Readable::Is(now) if now == rules) {
            let sentence = "The rules were changed by someone else meanwhile. Nothing was done";
            return end(DryRunState::RunFailed(Trouble::new(sentence, WayOut::Retry)));
        }
        end(match server.run_lifecycle(&bucket, at).await {
            Ok(events) => DryRunState::Ran(ran(&events)),
            Err(error) => DryRunState::RunFailed(practice_trouble(&error)),
        })
    };
    core.worker.job(acts, move |text| end(DryRunState::RunFailed(crashed(text))));
}

fn ran(events: &[Event]) -> Ran {
    let mut counts = BTreeMap::new();
    for event in events {
        *counts.entry(outcome(&event.deed)).or_default() += 1;
    }
    let lines = events.iter().take(TOLD).map(ToString::to_string).collect();
    Ran { counts: counts.into_iter().collect(), lines, total: events.len() }
}

fn outcome(deed: &Deed) -> Outcome {
    match deed {
        Deed::Expired { marker: true } => Outcome::Hide,
        Deed::Expired { marker: false } => Outcome::Delete,
        Deed::RemovedVersion => Outcome::DeleteOld,
        Deed::RemovedMarker => Outcome::DropMarker,
        Deed::Moved { to } => Outcome::Move(CLASSES.into_iter().find(|class| class == to).unwrap_or_default()),
        Deed::AbortedUpload => Outcome::AbortUpload,
    }
}

/// Takes the progress over, once a frame.
pub(super) fn tick(core: &mut Core) {
    let Some(listen) = &mut core.parts.bucket_settings.dry_run.progress else { return };
    if !listen.has_changed().unwrap_or(false) {
        return;
    }
    let now = *listen.borrow_and_update();
    if let Some(DryRun { state: DryRunState::Listing(seen), .. }) = &mut core.model.bucket_settings.dry_run {
        *seen = now;
    }
}

/// Closes the dialog and goes back to the form, where one is open. What is acting is brought to its end.
pub(super) fn close(core: &mut Core) {
    core.parts.bucket_settings.dry_run.stop.cancel();
    if !matches!(core.model.modal, Some(Modal::LifecycleDryRun)) {
        return;
    }
    if core.model.bucket_settings.dry_run.as_ref().is_some_and(|it| it.state == DryRunState::Running) {
        return;
    }
    core.model.bucket_settings.dry_run = None;
    core.model.modal = core.model.bucket_settings.editing.is_some().then_some(Modal::BucketSetting);
}

/// Listing or acting came to its end.
pub(super) fn ended(core: &mut Core, end: DryRunEnd) {
    let acted = matches!(end.state, DryRunState::Ran(_) | DryRunState::RunFailed(_));
    if let Some(shown) = core.model.bucket_settings.dry_run.as_mut().filter(|it| it.number == end.number) {
        shown.state = end.state;
    }
    if acted {
        core.dispatch(Command::Browse(BrowseCommand::Refresh));
    }
}
