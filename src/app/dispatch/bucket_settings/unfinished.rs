//! Uploads in parts that were begun and not finished: listed, counted, called off.

use std::collections::HashSet;

use futures_util::future::join_all;

use super::pages::Uploads;
use super::{BucketSettingsEvent, crashed, event, here};
use crate::app::core::Core;
use crate::app::dispatch::upload;
use crate::domain::connection::ConnectionId;
use crate::domain::format;
use crate::model::Trouble;
use crate::model::bucket_settings::{Stored, UnfinishedUpload, UnfinishedUploads};
use crate::model::modal::Modal;
use crate::model::notices::Tone;
use crate::s3;
use crate::s3::error::S3Error;
use crate::s3::store::Store;

/// So many are listed.
const MOST_LISTED: usize = 10_000;
/// The parts of so many, the oldest, are counted: each costs a request.
const MOST_COUNTED: usize = 200;
/// So many requests at once.
const AT_ONCE: usize = 8;

/// How calling off ended.
#[derive(Debug, Default)]
pub struct CallOffEnd {
    connection: Option<ConnectionId>,
    bucket: String,
    done: u64,
    failed: u64,
    trouble: Option<Trouble>,
}

/// Lists them, with what they have stored.
pub(super) fn read(core: &mut Core) {
    let (Some(store), Some((connection, bucket))) = (core.store.clone(), here(core)) else { return };
    let own = upload::own_uploads(core, connection, &bucket);
    let question = async move { listed(&store, &bucket, &own).await.map_err(Trouble::from) };
    core.worker.ask_again(&mut core.model.bucket_settings.unfinished, question);
}

/// Shows all of them.
pub(super) fn show(core: &mut Core) {
    core.model.modal = Some(Modal::UnfinishedUploads);
    read(core);
}

/// Closes the dialog; what is being called off is brought to its end.
pub(super) fn close(core: &mut Core) {
    if matches!(core.model.modal, Some(Modal::UnfinishedUploads)) {
        core.model.modal = None;
    }
}

async fn listed(store: &Store, bucket: &str, own: &upload::OwnUploads) -> Result<UnfinishedUploads, S3Error> {
    let mut found = Vec::new();
    let mut pages = Uploads::new(store, bucket);
    let mut more = false;
    while let Some(page) = pages.next().await? {
        found.extend(page);
        if found.len() >= MOST_LISTED {
            more = true;
            break;
        }
    }
    found.sort_by(|one, other| one.begun.cmp(&other.begun).then_with(|| one.key.cmp(&other.key)));
    let mut all: Vec<UnfinishedUpload> = found
        .into_iter()
        .map(|it| UnfinishedUpload {
            is_own: own.holds(&it.key, &it.upload_id),
            key: it.key,
            upload_id: it.upload_id,
            begun: it.begun,
            stored: None,
        })
        .collect();
    let counted = all.len().min(MOST_COUNTED);
    for some in all[..counted].chunks_mut(AT_ONCE) {
        let asked = some.iter().map(|it| s3::multipart::stored_parts(store, bucket, &it.key, &it.upload_id));
        let answers = join_all(asked).await;
        for (upload, answer) in some.iter_mut().zip(answers) {
            // Not every sign-in may list parts, and one may have ended meanwhile: the rest is known all the same.
            upload.stored = answer.ok().map(|stored| Stored { bytes: stored.bytes, parts: stored.parts });
        }
    }
    Ok(UnfinishedUploads { all, more })
}

/// Calls some of them off, by their names. What this window is sending meanwhile is left alone.
pub(super) fn call_off(core: &mut Core, names: &[String]) {
    let (Some(store), Some((connection, bucket))) = (core.store.clone(), here(core)) else { return };
    let Some(known) = core.model.bucket_settings.unfinished.known() else { return };
    let own = upload::own_uploads(core, connection, &bucket);
    let names: HashSet<&str> = names.iter().map(String::as_str).collect();
    let wanted = known.all.iter().filter(|it| names.contains(it.upload_id.as_str()));
    let wanted = wanted.filter(|it| !own.holds(&it.key, &it.upload_id));
    let wanted: Vec<(String, String)> = wanted.map(|it| (it.key.clone(), it.upload_id.clone())).collect();
    if wanted.is_empty() {
        return;
    }
    core.model.bucket_settings.calling_off = true;
    let all = wanted.len() as u64;
    let lost = bucket.clone();
    core.worker.job(
        async move { event(BucketSettingsEvent::CalledOff(called_off(&store, connection, bucket, &wanted).await)) },
        move |text| {
            let trouble = Some(crashed(text));
            let end = CallOffEnd { connection: Some(connection), bucket: lost, failed: all, trouble, done: 0 };
            event(BucketSettingsEvent::CalledOff(end))
        },
    );
}

async fn called_off(
    store: &Store,
    connection: ConnectionId,
    bucket: String,
    wanted: &[(String, String)],
) -> CallOffEnd {
    let mut end = CallOffEnd { connection: Some(connection), ..CallOffEnd::default() };
    for some in wanted.chunks(AT_ONCE) {
        let asked = some.iter().map(|(key, id)| s3::multipart::abort_multipart_upload(store, &bucket, key, id));
        for outcome in join_all(asked).await {
            match outcome {
                Ok(()) => end.done += 1,
                Err(error) => {
                    end.failed += 1;
                    end.trouble.get_or_insert_with(|| Trouble::from(error));
                }
            }
        }
    }
    CallOffEnd { bucket, ..end }
}

/// Says how it ended, and looks again.
pub(super) fn ended(core: &mut Core, end: CallOffEnd) {
    core.model.bucket_settings.calling_off = false;
    if end.done > 0 {
        let uploads = format::counted(end.done, "upload", "uploads");
        core.model.notices.say(Tone::Done, format!("{uploads} called off in {}", end.bucket), "");
    }
    if let Some(trouble) = end.trouble {
        let uploads = match end.failed {
            1 => "1 upload was not called off".to_owned(),
            n => format!("{} uploads were not called off", format::count(n)),
        };
        core.model.notices.trouble(uploads, &trouble);
    }
    if here(core).is_some_and(|(connection, bucket)| Some(connection) == end.connection && bucket == end.bucket) {
        read(core);
    }
}
