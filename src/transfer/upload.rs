//! One file going up: in one request, or handed to [`super::parts`].

use std::{fmt::Write as _, path::Path, sync::Arc, time::Duration};

use bytes::Bytes;
use md5::{Digest as _, Md5};

use super::{
    engine::{Job, Outcome},
    parts,
    retry::{Waited, wait_for_retry},
    types::{Edit, Source},
};
use crate::domain::patch::Patch;
use crate::s3::{
    body::Body,
    error::{Kind, S3Error, Thing},
    object::{Guard, ObjectHeaders, Written, head_object, put_object},
    watched_file::{Fingerprint, WatchedFile},
};

const OPERATION: &str = "PutObject";
/// A file larger than this is not sent in the hope that its name is free: that is asked first.
const ASK_FIRST_ABOVE_BYTES: u64 = 4 << 20;
/// Once the last byte has left, the answer is waited for so long although the file was called off: it tells whether
/// the file is there.
const LAST_WORD: Duration = Duration::from_secs(5);

/// What is sent, and what it looked like when it was begun.
#[derive(Debug)]
pub(super) struct Payload {
    source: Source,
    patches: Arc<[Patch]>,
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) size_bytes: u64,
}

/// What one request sends.
pub(super) struct Stretch {
    pub(super) body: Body,
    watched: Option<WatchedFile>,
}

impl Payload {
    async fn of(source: Source, operation: &'static str) -> Result<Self, S3Error> {
        let fingerprint = match &source {
            Source::Bytes(bytes) => {
                let size_bytes = bytes.len() as u64;
                return Ok(Self { source, patches: Arc::default(), fingerprint: None, size_bytes });
            }
            Source::Path(path) | Source::Edited { path, .. } => look_at(path, operation).await?,
        };
        // After the first look at the file, so that a change since then is noticed.
        let patches = match &source {
            Source::Edited { path, edit } => patches_of(path, edit.clone(), operation).await?,
            Source::Path(_) | Source::Bytes(_) => Arc::default(),
        };
        Ok(Self { source, patches, fingerprint: Some(fingerprint), size_bytes: fingerprint.size_bytes })
    }

    pub(super) fn stretch(&self, offset_bytes: u64, length_bytes: u64) -> Stretch {
        match (&self.source, self.fingerprint) {
            (Source::Path(path) | Source::Edited { path, .. }, Some(seen)) if length_bytes > 0 => {
                let patches = Arc::clone(&self.patches);
                let watched = WatchedFile::patched(path.clone(), offset_bytes, length_bytes, seen, patches);
                Stretch { body: Body::Watched(watched.clone()), watched: Some(watched) }
            }
            (Source::Bytes(bytes), _) => {
                let at = usize::try_from(offset_bytes).unwrap_or(usize::MAX).min(bytes.len());
                let end = usize::try_from(length_bytes).map_or(bytes.len(), |length| (at + length).min(bytes.len()));
                Stretch { body: Body::Bytes(bytes.slice(at..end)), watched: None }
            }
            (Source::Path(_) | Source::Edited { .. }, _) => Stretch { body: Body::Bytes(Bytes::new()), watched: None },
        }
    }

    /// Whether the file is still what it was.
    pub(super) async fn check(&self, operation: &'static str) -> Result<(), S3Error> {
        let (Source::Path(path) | Source::Edited { path, .. }, Some(seen)) = (&self.source, self.fingerprint) else {
            return Ok(());
        };
        if look_at(path, operation).await? == seen {
            return Ok(());
        }
        Err(S3Error::local(operation, path, std::io::ErrorKind::UnexpectedEof.into()))
    }
}

async fn look_at(path: &Path, operation: &'static str) -> Result<Fingerprint, S3Error> {
    let asked = path.to_owned();
    tokio::task::spawn_blocking(move || Fingerprint::of(&asked))
        .await
        .unwrap_or_else(|stopped| Err(std::io::Error::other(stopped)))
        .map_err(|error| S3Error::local(operation, path, error))
}

async fn patches_of(path: &Path, edit: Edit, operation: &'static str) -> Result<Arc<[Patch]>, S3Error> {
    let asked = path.to_owned();
    tokio::task::spawn_blocking(move || edit.patches(&asked))
        .await
        .unwrap_or_else(|stopped| Err(std::io::Error::other(stopped)))
        .map(Arc::from)
        .map_err(|error| S3Error::local(operation, path, error))
}

impl Stretch {
    /// What went wrong with the file itself.
    pub(super) fn fault(&self, operation: &'static str) -> Option<S3Error> {
        self.watched.as_ref().and_then(|watched| watched.fault(operation))
    }

    /// The MD5 of what was sent.
    pub(super) fn md5(&self) -> Option<[u8; 16]> {
        match &self.body {
            Body::Bytes(bytes) => Some(Md5::digest(bytes).into()),
            Body::Watched(watched) => watched.md5(),
            Body::File { .. } => None,
        }
    }

    /// An earlier try of the same request may have reached the store.
    fn was_repeated(&self) -> bool {
        self.watched.as_ref().is_some_and(|watched| watched.reads() > 1)
    }
}

pub(super) fn hex(bytes: [u8; 16]) -> String {
    bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(super) async fn run(mut job: Job, source: Source, headers: &ObjectHeaders, mut guard: Guard) -> Outcome {
    let payload = match Payload::of(source, OPERATION).await {
        Ok(payload) => payload,
        Err(error) => {
            job.drop_kept().await;
            return Outcome::Failed(error);
        }
    };
    job.found_size(payload.size_bytes);
    if guard == Guard::IfNoneMatch {
        let unguarded = job.shared.is_unguarded(&job.store);
        if unguarded || (payload.size_bytes > ASK_FIRST_ABOVE_BYTES && job.kept.is_none()) {
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
    if payload.size_bytes > job.shared.limits.single_put_bytes {
        Box::pin(parts::run(job, &payload, headers, guard)).await
    } else {
        job.drop_kept().await;
        Box::pin(in_one_request(&job, &payload, headers, guard)).await
    }
}

/// Whether an object of the key is there.
pub(super) async fn name_is_taken(job: &Job) -> Result<bool, S3Error> {
    match head_object(&job.store, &job.bucket, &job.key).await {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind, Kind::NotThere(Thing::Object | Thing::Something)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether the object that is there is what was just sent: the answer to an earlier try was lost.
pub(super) async fn is_there_already(job: &Job, size_bytes: u64, etag: &str) -> bool {
    match head_object(&job.store, &job.bucket, &job.key).await {
        Ok(found) => found.size_bytes == size_bytes && found.etag.as_deref() == Some(etag),
        Err(_) => false,
    }
}

async fn in_one_request(job: &Job, payload: &Payload, headers: &ObjectHeaders, mut guard: Guard) -> Outcome {
    let size_bytes = payload.size_bytes;
    let done = |etag: Option<String>, verified| Outcome::Done { etag, verified, size_bytes, saved_as: None };
    let mut tried = 0;
    loop {
        let stretch = payload.stretch(0, size_bytes);
        let error = match one_try(job, payload, &stretch, headers, &guard).await {
            Try::Cancelled => return Outcome::Cancelled,
            Try::Answer(Ok(written)) => {
                let verified = stretch.md5().is_some_and(|md5| written.etag.as_deref() == Some(&hex(md5)));
                return done(written.etag, verified);
            }
            Try::Answer(Err(error)) => error,
        };
        if let Some(fault) = stretch.fault(OPERATION) {
            return Outcome::Failed(fault.about_bucket(&job.bucket).about_key(&job.key));
        }
        match &error.kind {
            Kind::PreconditionFailed if guard == Guard::IfNoneMatch => {
                let etag = stretch.md5().map(hex);
                if (tried > 0 || stretch.was_repeated())
                    && let Some(etag) = etag
                    && is_there_already(job, size_bytes, &etag).await
                {
                    return done(Some(etag), true);
                }
                return Outcome::Conflict;
            }
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
        tried += 1;
        match wait_for_retry(job, &error, tried).await {
            Waited::Over => {}
            Waited::GiveUp => return Outcome::Failed(error),
            Waited::Cancelled => return Outcome::Cancelled,
            Waited::Held => return Outcome::Held(None),
        }
    }
}

enum Try {
    Cancelled,
    Answer(Result<Written, S3Error>),
}

async fn one_try(job: &Job, payload: &Payload, stretch: &Stretch, headers: &ObjectHeaders, guard: &Guard) -> Try {
    let cancelled = job.control.cancel.cancelled();
    let _permit = tokio::select! {
        biased;
        () = cancelled => return Try::Cancelled,
        permit = job.shared.permits.acquire() => permit,
    };
    let live = job.progress.begin();
    let mut put =
        Box::pin(put_object(&job.store, &job.bucket, &job.key, &stretch.body, headers, guard, Some(&live.meter)));
    let answer = tokio::select! {
        biased;
        answer = &mut put => answer,
        () = job.control.cancel.cancelled() => {
            if live.meter.bytes() < payload.size_bytes {
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
        live.settle(payload.size_bytes);
    }
    Try::Answer(answer)
}

impl Job {
    /// Calls off what an earlier run left open and what cannot be used any more.
    pub(super) async fn drop_kept(&mut self) {
        if let Some(kept) = self.kept.take() {
            kept.abort(&self.store, &self.bucket, &self.key).await;
        }
    }

    /// What is there is of another size than was thought.
    pub(super) fn found_size(&self, size_bytes: u64) {
        if size_bytes != self.size_bytes {
            Arc::clone(&self.shared).resize(self.id, size_bytes);
        }
    }
}
