//! Emptying and deleting a bucket: counted first, then page by page, old versions and unfinished uploads included.

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::pages::{Run, Uploads, Versions};
use super::{BucketSettingsEvent, crashed, event, here};
use crate::app::core::Core;
use crate::model::Trouble;
use crate::model::bucket_settings::{Contents, Ended, Removal, RemovalState};
use crate::model::command::{BrowseCommand, Command};
use crate::model::modal::Modal;
use crate::model::notices::Tone;
use crate::s3;
use crate::s3::error::S3Error;
use crate::s3::store::Store;

/// So many keys that could not be deleted are told one by one.
const TOLD: usize = 100;

/// What a run tells while it goes.
#[derive(Debug, Clone, Copy)]
enum Progress {
    Counting(Contents),
    Removing(u64),
}

/// What this part keeps for itself.
#[derive(Default)]
pub(super) struct RemovalPart {
    stop: CancellationToken,
    progress: Option<watch::Receiver<Progress>>,
}

/// How counting or deleting ended.
#[derive(Debug)]
pub struct RemovalEnd {
    number: u64,
    outcome: Outcome,
}

#[derive(Debug)]
enum Outcome {
    Counted(Result<Contents, Trouble>),
    Removed(Box<Ended>),
}

/// Counts what is in the bucket; the dialog is there at once.
pub(super) fn count(core: &mut Core, bucket_too: bool) {
    let (Some(store), Some((_, bucket))) = (core.store.clone(), here(core)) else { return };
    core.parts.generation += 1;
    let number = core.parts.generation;
    let state = RemovalState::Counting(Contents::default());
    core.model.bucket_settings.removal = Some(Removal { bucket: bucket.clone(), bucket_too, number, state });
    core.model.modal = Some(Modal::BucketRemoval);
    let run = run(core, Progress::Counting(Contents::default()));
    let end = move |outcome| event(BucketSettingsEvent::Removed(RemovalEnd { number, outcome }));
    core.worker.job(
        async move { end(Outcome::Counted(counted(&store, &bucket, &run).await.map_err(Trouble::from))) },
        move |text| end(Outcome::Counted(Err(crashed(text)))),
    );
}

fn run(core: &mut Core, begin: Progress) -> Run<Progress> {
    let (run, progress) = Run::new(core, begin);
    core.parts.bucket_settings.removal = RemovalPart { stop: run.stop.clone(), progress: Some(progress) };
    run
}

async fn counted(store: &Store, bucket: &str, run: &Run<Progress>) -> Result<Contents, S3Error> {
    let mut contents = Contents::default();
    let mut uploads = Uploads::new(store, bucket);
    while let Some(page) = uploads.next().await? {
        contents.uploads += page.len() as u64;
    }
    let mut pages = Versions::new(store, bucket, "");
    while let Some(page) = pages.next().await? {
        for version in page {
            match (version.is_marker, version.is_latest) {
                (true, _) => contents.markers += 1,
                (false, true) => contents.files += 1,
                (false, false) => contents.old_versions += 1,
            }
            contents.bytes += version.size_bytes;
        }
        if run.stop.is_cancelled() {
            return Err(S3Error::cancelled("ListObjectVersions").about_bucket(bucket));
        }
        run.tell(Progress::Counting(contents));
    }
    Ok(contents)
}

/// Deletes what was counted, and what came meanwhile.
pub(super) fn begin(core: &mut Core) {
    let (Some(store), Some(removal)) = (core.store.clone(), &mut core.model.bucket_settings.removal) else { return };
    let RemovalState::Counted(contents) = removal.state else { return };
    removal.state = RemovalState::Removing { done: 0, total: contents.total(), stopping: false };
    let (number, bucket, bucket_too) = (removal.number, removal.bucket.clone(), removal.bucket_too);
    let run = run(core, Progress::Removing(0));
    let end = move |removed| {
        event(BucketSettingsEvent::Removed(RemovalEnd { number, outcome: Outcome::Removed(Box::new(removed)) }))
    };
    core.worker.job(async move { end(removed(&store, &bucket, bucket_too, &run).await) }, move |text| {
        end(Ended { trouble: Some(crashed(text)), ..Ended::default() })
    });
}

async fn removed(store: &Store, bucket: &str, bucket_too: bool, run: &Run<Progress>) -> Ended {
    let mut out = Ended::default();
    if let Err(error) = emptied(store, bucket, run, &mut out).await {
        out.trouble = Some(Trouble::from(error));
        return out;
    }
    if bucket_too && !out.stopped && out.failed_count == 0 {
        match s3::bucket::delete_bucket(store, bucket).await {
            Ok(()) => out.bucket_gone = true,
            Err(error) => out.trouble = Some(Trouble::from(error)),
        }
    }
    out
}

async fn emptied(store: &Store, bucket: &str, run: &Run<Progress>, out: &mut Ended) -> Result<(), S3Error> {
    let mut pages = Versions::new(store, bucket, "");
    while let Some(page) = pages.next().await? {
        for batch in page.chunks(s3::delete::DELETE_BATCH) {
            if run.stop.is_cancelled() {
                out.stopped = true;
                return Ok(());
            }
            let failed = s3::delete::delete_versions(store, bucket, batch).await?;
            out.done += (batch.len() - failed.len().min(batch.len())) as u64;
            for (key, error) in failed {
                told(out, key, &error);
            }
            run.tell(Progress::Removing(out.done));
        }
    }
    let mut pages = Uploads::new(store, bucket);
    while let Some(page) = pages.next().await? {
        for upload in page {
            if run.stop.is_cancelled() {
                out.stopped = true;
                return Ok(());
            }
            match s3::multipart::abort_multipart_upload(store, bucket, &upload.key, &upload.upload_id).await {
                Ok(()) => out.done += 1,
                Err(error) => told(out, upload.key, &error),
            }
            run.tell(Progress::Removing(out.done));
        }
    }
    Ok(())
}

fn told(out: &mut Ended, key: String, error: &S3Error) {
    out.failed_count += 1;
    if out.failed.len() < TOLD {
        out.failed.push((key, Trouble::from(error)));
    }
}

/// Takes the progress over, once a frame.
pub(super) fn tick(core: &mut Core) {
    let Some(listen) = &mut core.parts.bucket_settings.removal.progress else { return };
    if !listen.has_changed().unwrap_or(false) {
        return;
    }
    let now = *listen.borrow_and_update();
    let Some(removal) = &mut core.model.bucket_settings.removal else { return };
    match (&mut removal.state, now) {
        (RemovalState::Counting(contents), Progress::Counting(found)) => *contents = found,
        (RemovalState::Removing { done, .. }, Progress::Removing(gone)) => *done = gone,
        _ => {}
    }
}

/// Stops; what is under way is brought to its end.
pub(super) fn stop(core: &mut Core) {
    core.parts.bucket_settings.removal.stop.cancel();
    match core.model.bucket_settings.removal.as_mut().map(|removal| &mut removal.state) {
        Some(RemovalState::Removing { stopping, .. }) => *stopping = true,
        Some(RemovalState::Counting(_)) => close(core),
        _ => {}
    }
}

/// Closes the dialog, unless something is being deleted.
pub(super) fn close(core: &mut Core) {
    let removal = core.model.bucket_settings.removal.as_ref();
    if removal.is_some_and(|removal| matches!(removal.state, RemovalState::Removing { .. })) {
        return;
    }
    core.parts.bucket_settings.removal.stop.cancel();
    core.model.bucket_settings.removal = None;
    if matches!(core.model.modal, Some(Modal::BucketRemoval)) {
        core.model.modal = None;
    }
}

/// Counting or deleting came to its end.
pub(super) fn ended(core: &mut Core, end: RemovalEnd) {
    let Some(removal) = core.model.bucket_settings.removal.as_mut().filter(|it| it.number == end.number) else {
        return;
    };
    let removed = match end.outcome {
        Outcome::Counted(Ok(contents)) => {
            removal.state = RemovalState::Counted(contents);
            return;
        }
        Outcome::Counted(Err(trouble)) => {
            removal.state = RemovalState::Failed(trouble);
            return;
        }
        Outcome::Removed(removed) => *removed,
    };
    let whole = !removed.stopped && removed.failed_count == 0 && removed.trouble.is_none();
    let (bucket, bucket_too) = (removal.bucket.clone(), removal.bucket_too);
    let bucket_gone = removed.bucket_gone;
    removal.state = RemovalState::Ended(removed);
    if whole {
        close(core);
        let said = if bucket_too { format!("{bucket} is deleted") } else { format!("{bucket} is empty") };
        core.say(Tone::Done, said);
    }
    if bucket_gone {
        left(core, &bucket);
    } else {
        core.dispatch(Command::Browse(BrowseCommand::Refresh));
    }
}

/// The bucket is no more: it leaves the list, and one stands in none.
fn left(core: &mut Core, bucket: &str) {
    if let Some(session) = &mut core.model.session {
        session.opened_by_name.retain(|name| name != bucket);
        session.audits.remove(bucket);
        session.back.retain(|place| place.bucket != bucket);
        session.forward.retain(|place| place.bucket != bucket);
        if session.place.as_ref().is_some_and(|place| place.bucket == bucket) {
            session.place = None;
        }
        let id = session.connection.id;
        let bucket = bucket.to_owned();
        core.change_settings(|settings| settings.forget_bucket(id, &bucket));
    }
    core.dispatch(Command::Browse(BrowseCommand::RefreshBuckets));
}
