//! After a restart: what the store really has of an upload in parts, and of a file that may have arrived unseen.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    engine::Job,
    parts::{ABORT_PATIENCE, OpenUpload, abort_patiently},
    payload::Payload,
    upload::{hex, what_arrived},
};
use crate::s3::{
    error::{Kind, S3Error, Thing},
    integrity::{Integrity, crc64_text},
    multipart::{ListedPart, SentPart, list_parts},
    object::StoredObject,
    versions::list_multipart_uploads,
};

/// The clocks of the store and of this computer may differ by so much.
const SKEW: Duration = Duration::from_secs(15 * 60);

/// What became of an upload in parts since it was last heard of.
pub(super) enum Found {
    /// It is open; what it has is known now.
    Open,
    /// It was completed: the object is there.
    Arrived(StoredObject),
    /// It is no more.
    Gone,
}

/// Asks the store what it has. A part counts as there when the store lists it as it was noted, or when the file holds
/// the very same bytes.
pub(super) async fn look_up(job: &Job, payload: &Payload, open: &mut OpenUpload) -> Result<Found, S3Error> {
    let listed = match list_parts(&job.store, &job.bucket, &job.key, &open.begun.id).await {
        Ok(listed) => listed,
        Err(error) if error.kind == Kind::NotThere(Thing::Upload) => {
            let whole = open.there.len() == open.plan.count as usize;
            let etag = open.expected_etag();
            let arrived = match whole {
                true => what_arrived(job, payload.size_bytes, Some(open.crc64()), etag.as_deref()).await,
                false => None,
            };
            return Ok(arrived.map_or(Found::Gone, Found::Arrived));
        }
        Err(error) => return Err(error),
    };
    let mut there = std::mem::take(&mut open.there);
    for part in listed {
        let Ok(number) = u32::try_from(part.number) else { continue };
        let (offset_bytes, length_bytes) = open.stretch_of(number);
        if number > open.plan.count || part.size_bytes != length_bytes {
            continue;
        }
        let known = there.remove(&number).filter(|known| part.etag.as_ref() == Some(&known.etag));
        let is_new = known.is_none();
        let sent = match known {
            Some(known) => Some(known),
            None => proven(job, payload, &part, offset_bytes).await?,
        };
        if let Some(sent) = sent {
            if is_new {
                job.note_part(&sent);
            }
            open.there.insert(number, sent);
        }
    }
    open.is_checked = true;
    Ok(Found::Open)
}

/// A part that arrived without being noted, if it holds what the file holds there.
async fn proven(
    job: &Job,
    payload: &Payload,
    part: &ListedPart,
    offset_bytes: u64,
) -> Result<Option<SentPart>, S3Error> {
    let Some(etag) = part.etag.clone() else { return Ok(None) };
    let _room = job.shared.memory.room_for(part.size_bytes).await;
    let stretch = payload.load(offset_bytes, part.size_bytes, Integrity::Unknown, "ListParts").await?;
    let Some(sums) = stretch.sums() else { return Ok(None) };
    let same = match &part.crc64 {
        Some(crc64) => *crc64 == crc64_text(sums.crc64),
        None => sums.md5.map(hex).as_ref() == Some(&etag),
    };
    Ok(same.then_some(SentPart { number: part.number, etag, size_bytes: part.size_bytes, sums }))
}

/// Calls off uploads of this key that were begun by a process which ended before it could note them. Those have no part
/// yet: the first one is only sent once the upload is noted.
pub(super) async fn clear_unnoted(job: &Job, since: Timestamp) {
    let Ok((uploads, _)) = list_multipart_uploads(&job.store, &job.bucket, Some(&job.key), None).await else { return };
    let since = since.checked_sub(SKEW).unwrap_or(since);
    for upload in uploads.into_iter().filter(|it| *it.key == *job.key && it.begun.is_some_and(|begun| begun >= since)) {
        let parts = list_parts(&job.store, &job.bucket, &job.key, &upload.upload_id).await;
        if parts.is_ok_and(|parts| parts.is_empty()) {
            abort_patiently(&job.store, &job.bucket, &job.key, &upload.upload_id, ABORT_PATIENCE).await;
        }
    }
}
