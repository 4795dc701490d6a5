//! One file going up: in one request, or handed to [`super::parts`].

use std::{fmt::Write as _, sync::Arc, time::Duration};

use super::{
    engine::{Job, Outcome},
    parts::{self, ABORT_PATIENCE},
    payload::{Payload, Stretch},
    retry::{Tries, Waited},
    stall::unless_stalled,
    types::Source,
};
use crate::domain::media_type::{HEAD_BYTES, content_type_for};
use crate::s3::{
    body::Body,
    error::{Kind, S3Error, Thing},
    integrity::{Integrity, crc64_text},
    object::{Guard, ObjectHeaders, Sending, StoredObject, Written, head_object, put_object, stored_object},
};

const OPERATION: &str = "PutObject";
/// A file larger than this is not sent in the hope that its name is free: that is asked first.
const ASK_FIRST_ABOVE_BYTES: u64 = 4 << 20;
/// Once the last byte has left, the answer is waited for so long although the file was called off: it tells whether
/// the file is there.
const LAST_WORD: Duration = Duration::from_secs(5);

pub(super) fn hex(bytes: [u8; 16]) -> String {
    bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) async fn run(mut job: Job, source: Source, headers: &ObjectHeaders, mut guard: Guard) -> Outcome {
    let most_bytes = job.shared.limits.single_put_bytes;
    // Room for as much as the list says; a file that has grown beyond it is read later.
    let mut room = None;
    let mut within = 0;
    if job.size_bytes <= most_bytes {
        room = Some(job.shared.memory.room_for(job.size_bytes).await);
        within = job.size_bytes;
    }
    let (payload, whole) = match Payload::open(source, within, job.store.integrity(), &job.shared.disk, OPERATION).await
    {
        Ok(opened) => opened,
        Err(error) => {
            job.drop_kept().await;
            return Outcome::Failed(error);
        }
    };
    job.found_size(payload.size_bytes);
    if guard == Guard::IfNoneMatch {
        let unguarded = job.shared.is_unguarded(&job.store);
        let may_be_there = job.kept.is_some() || job.restored.is_some();
        if unguarded || (payload.size_bytes > ASK_FIRST_ABOVE_BYTES && !may_be_there) {
            match name_is_taken(&job).await {
                Ok(true) => {
                    job.drop_kept().await;
                    return Outcome::Conflict;
                }
                Ok(false) => {}
                Err(error) if unguarded => {
                    job.drop_kept().await;
                    return Outcome::Failed(error);
                }
                // The guard will tell.
                Err(_) => {}
            }
        }
        if unguarded {
            guard = Guard::Overwrite;
        }
    }
    if payload.size_bytes > most_bytes {
        drop((whole, room));
        if headers.content_type.is_some() {
            return Box::pin(parts::run(job, &payload, headers, guard)).await;
        }
        let head = payload.load(0, HEAD_BYTES as u64, Integrity::Crc64, OPERATION).await;
        let typed = match head.as_ref().map(|head| &head.body) {
            Ok(Body::Bytes(bytes)) => with_type(headers, &job.key, bytes),
            // Why it cannot be read is told when its first part is.
            _ => headers.clone(),
        };
        return Box::pin(parts::run(job, &payload, &typed, guard)).await;
    }
    job.drop_kept().await;
    let whole = match whole {
        Some(whole) => whole,
        None => {
            drop(room.take());
            room = Some(job.shared.memory.room_for(payload.size_bytes).await);
            match payload.load(0, payload.size_bytes, job.store.integrity(), OPERATION).await {
                Ok(whole) => whole,
                Err(error) => return Outcome::Failed(error),
            }
        }
    };
    let typed;
    let headers = match (&headers.content_type, &whole.body) {
        (None, Body::Bytes(bytes)) => {
            typed = with_type(headers, &job.key, bytes);
            &typed
        }
        _ => headers,
    };
    let outcome = Box::pin(in_one_request(&job, &whole, headers, guard)).await;
    drop(room);
    outcome
}

/// Browsers download what has no type: S3 tells them `binary/octet-stream` then.
fn with_type(headers: &ObjectHeaders, key: &str, bytes: &[u8]) -> ObjectHeaders {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let content_type = Some(content_type_for(key.rsplit('/').next().unwrap_or(key), head).content_type);
    ObjectHeaders { content_type, ..headers.clone() }
}

/// Whether an object of the key is there.
pub(super) async fn name_is_taken(job: &Job) -> Result<bool, S3Error> {
    let mut tries = Tries::default();
    loop {
        match head_object(&job.store, &job.bucket, &job.key).await {
            Ok(_) => return Ok(true),
            Err(error) if matches!(error.kind, Kind::NotThere(Thing::Object | Thing::Something)) => return Ok(false),
            Err(error) if tries.wait(job, &error).await == Waited::Over => {}
            Err(error) => return Err(error),
        }
    }
}

/// The object that is there, where it is what was just sent: the answer to an earlier try was lost.
pub(super) async fn what_arrived(
    job: &Job,
    size_bytes: u64,
    crc64: Option<u64>,
    etag: Option<&str>,
) -> Option<StoredObject> {
    let mut tries = Tries::default();
    loop {
        match stored_object(&job.store, &job.bucket, &job.key).await {
            Ok(found) => return found.holds(size_bytes, crc64, etag).then_some(found),
            Err(error) if tries.wait(job, &error).await == Waited::Over => {}
            Err(_) => return None,
        }
    }
}

async fn in_one_request(job: &Job, whole: &Stretch, headers: &ObjectHeaders, mut guard: Guard) -> Outcome {
    let size_bytes = whole.body.length_bytes();
    let crc64 = whole.sums().map(|sums| sums.crc64);
    let arrived = async || {
        let etag = whole.md5().map(hex);
        let there = what_arrived(job, size_bytes, crc64, etag.as_deref()).await?;
        Some(Outcome::done(there.into(), true, size_bytes))
    };
    // Nothing would hold back what arrived unseen.
    if job.restored.is_some()
        && guard == Guard::Overwrite
        && let Some(arrived) = arrived().await
    {
        return arrived;
    }
    let mut tries = Tries::default();
    loop {
        let error = match one_try(job, whole, headers, &guard).await {
            Try::Cancelled => return Outcome::Cancelled,
            Try::Answer(Ok(written)) if is_other(&written, crc64) => {
                // Only what was just written is replaced.
                guard = written.etag.map_or(guard, Guard::IfMatch);
                S3Error::new(OPERATION, Kind::Damaged).about_bucket(&job.bucket).about_key(&job.key)
            }
            Try::Answer(Ok(written)) => {
                let verified = is_verified(&written, crc64, whole.sums().and_then(|sums| sums.md5).map(hex).as_deref());
                return Outcome::done(written, verified, size_bytes);
            }
            Try::Answer(Err(error)) => error,
        };
        match &error.kind {
            // The answer to an earlier try was lost, or the process ended before it came.
            Kind::PreconditionFailed if tries.any() || job.restored.is_some() => {
                return match arrived().await {
                    Some(arrived) => arrived,
                    None if guard == Guard::IfNoneMatch => Outcome::Conflict,
                    None => Outcome::Failed(error),
                };
            }
            Kind::PreconditionFailed if guard == Guard::IfNoneMatch => return Outcome::Conflict,
            Kind::NotOffered if guard == Guard::IfNoneMatch => {
                job.shared.learn_unguarded(&job.store);
                match name_is_taken(job).await {
                    Ok(true) => return Outcome::Conflict,
                    Ok(false) => guard = Guard::Overwrite,
                    Err(error) => return Outcome::Failed(error),
                }
                continue;
            }
            _ => {}
        }
        match tries.wait(job, &error).await {
            Waited::Over => {}
            Waited::GiveUp => return Outcome::Failed(error),
            Waited::Cancelled => return Outcome::Cancelled,
            Waited::Held => return Outcome::Held(None),
        }
    }
}

/// Whether the store tells that it holds other bytes than were sent.
pub(super) fn is_other(written: &Written, crc64: Option<u64>) -> bool {
    matches!((&written.crc64, crc64), (Some(told), Some(crc64)) if *told != crc64_text(crc64))
}

/// Whether what the store tells of the object is what was sent.
pub(super) fn is_verified(written: &Written, crc64: Option<u64>, etag: Option<&str>) -> bool {
    match (&written.crc64, crc64) {
        (Some(told), Some(crc64)) => *told == crc64_text(crc64),
        _ => etag.is_some() && written.etag.as_deref() == etag,
    }
}

enum Try {
    Cancelled,
    Answer(Result<Written, S3Error>),
}

async fn one_try(job: &Job, whole: &Stretch, headers: &ObjectHeaders, guard: &Guard) -> Try {
    let size_bytes = whole.body.length_bytes();
    let cancelled = job.control.cancel.cancelled();
    let _permit = tokio::select! {
        biased;
        () = cancelled => return Try::Cancelled,
        permit = job.shared.permits.acquire() => permit,
    };
    let live = job.progress.begin(Some(&job.shared.gate_up));
    let sending = Sending { body: &whole.body, sums: whole.known_sums(), meter: Some(&live.meter) };
    let put = put_object(&job.store, &job.bucket, &job.key, sending, headers, guard);
    let mut put = Box::pin(unless_stalled(job.shared.limits.stalled, OPERATION, &live.meter, put));
    let answer = tokio::select! {
        biased;
        answer = &mut put => answer,
        () = job.control.cancel.cancelled() => {
            if live.meter.bytes() < size_bytes {
                return Try::Cancelled;
            }
            match tokio::time::timeout(LAST_WORD, &mut put).await {
                Ok(Ok(written)) => Ok(written),
                Ok(Err(_)) | Err(_) => return Try::Cancelled,
            }
        }
    };
    drop(put);
    if answer.is_ok() {
        job.shared.permits.succeeded();
        live.settle(size_bytes);
    }
    Try::Answer(answer)
}

impl Job {
    /// Calls off what an earlier run left open and what cannot be used any more.
    pub(super) async fn drop_kept(&mut self) {
        if let Some(kept) = self.take_open()
            && kept.abort(&self.store, &self.bucket, &self.key, ABORT_PATIENCE).await
        {
            self.note_upload_ended();
        }
    }

    /// What is there is of another size than was thought.
    pub(super) fn found_size(&self, size_bytes: u64) {
        if size_bytes != self.size_bytes {
            Arc::clone(&self.shared).resize(self.id, size_bytes);
        }
    }
}
