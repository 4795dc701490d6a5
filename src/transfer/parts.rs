//! Big files: sent in parts, a few at once, put together at the end or called off.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::atomic::Ordering,
    time::Duration,
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use md5::{Digest as _, Md5};

use super::{
    engine::{Job, Outcome},
    retry::{Waited, wait_for_retry},
    upload::{Payload, hex, is_there_already, name_is_taken},
};
use crate::s3::{
    error::{Kind, S3Error, Thing},
    multipart::{SentPart, abort_multipart_upload, complete_multipart_upload, create_multipart_upload, upload_part},
    object::{Guard, ObjectHeaders, Written},
    store::Store,
    watched_file::Fingerprint,
};

const MIB: u64 = 1 << 20;
/// Parts are no smaller than this, unless the file is.
const PREFERRED_BYTES: u64 = 8 * MIB;
/// Amazon S3 User Guide, "Amazon S3 multipart upload limits".
const MOST_PARTS: u64 = 10_000;
const LARGEST_PART_BYTES: u64 = 5 << 30;
/// Calling an upload off must not hold up the queue for longer.
const ABORT_PATIENCE: Duration = Duration::from_secs(20);

/// How a file is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartPlan {
    /// Of each part but the last.
    pub part_bytes: u64,
    /// How many there are, at least one.
    pub count: u32,
}

/// How a file of that size is cut: 8 MiB, or as much more as 10,000 parts demand, in whole MiB. `None` for what is
/// larger than 10,000 parts of 5 GiB (Amazon S3 User Guide, "Amazon S3 multipart upload limits").
#[must_use]
pub fn part_plan(size_bytes: u64) -> Option<PartPlan> {
    let part_bytes = size_bytes.div_ceil(MOST_PARTS).next_multiple_of(MIB).max(PREFERRED_BYTES);
    let count = u32::try_from(size_bytes.div_ceil(part_bytes)).ok()?.max(1);
    (part_bytes <= LARGEST_PART_BYTES).then_some(PartPlan { part_bytes, count })
}

/// An upload in parts that was begun and neither completed nor called off.
#[derive(Debug)]
pub(super) struct OpenUpload {
    id: String,
    pub(super) plan: PartPlan,
    size_bytes: u64,
    fingerprint: Option<Fingerprint>,
    there: BTreeMap<u32, (SentPart, Option<[u8; 16]>)>,
}

impl OpenUpload {
    pub(super) fn bytes_there(&self) -> u64 {
        self.there.keys().map(|number| self.stretch_of(*number).1).sum()
    }

    pub(super) fn parts_there(&self) -> u32 {
        u32::try_from(self.there.len()).unwrap_or(u32::MAX)
    }

    /// Where a part begins and how long it is.
    fn stretch_of(&self, number: u32) -> (u64, u64) {
        let begin = u64::from(number.saturating_sub(1)) * self.plan.part_bytes;
        (begin, self.plan.part_bytes.min(self.size_bytes.saturating_sub(begin)))
    }

    fn parts(&self) -> Vec<SentPart> {
        self.there.values().map(|(part, _)| part.clone()).collect()
    }

    /// What the `ETag` of the whole is where the store makes it of the MD5s of the parts.
    fn expected_etag(&self) -> Option<String> {
        let mut all = Md5::new();
        for (_, md5) in self.there.values() {
            all.update((*md5)?);
        }
        Some(format!("{}-{}", hex(all.finalize().into()), self.there.len()))
    }

    /// Calls it off, so that nothing of it is stored and paid for.
    pub(super) async fn abort(self, store: &Store, bucket: &str, key: &str) {
        let trying = async {
            let mut wait = Duration::from_millis(200);
            loop {
                match abort_multipart_upload(store, bucket, key, &self.id).await {
                    Err(error) if error.is_worth_retrying() => {
                        tokio::time::sleep(wait).await;
                        wait *= 2;
                    }
                    answer => break answer,
                }
            }
        };
        match tokio::time::timeout(ABORT_PATIENCE, Box::pin(trying)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(bucket, key, ?error, "an upload in parts could not be called off"),
            Err(_) => tracing::warn!(bucket, key, "calling off an upload in parts took too long"),
        }
    }
}

/// Why sending parts ended before all were there.
enum Stop {
    Cancelled,
    Held,
    Failed(S3Error),
}

pub(super) async fn run(mut job: Job, payload: &Payload, headers: &ObjectHeaders, guard: Guard) -> Outcome {
    let Some(plan) = part_plan(payload.size_bytes) else {
        job.drop_kept().await;
        let error = S3Error::new("CreateMultipartUpload", Kind::TooLarge);
        return Outcome::Failed(error.about_bucket(&job.bucket).about_key(&job.key));
    };
    if job.kept.as_ref().is_some_and(|kept| kept.fingerprint != payload.fingerprint || kept.plan != plan) {
        job.drop_kept().await;
    }
    loop {
        let was_kept = job.kept.is_some();
        let mut open = match job.kept.take() {
            Some(kept) => kept,
            None => match begin(&job, payload, headers, plan).await {
                Ok(id) => OpenUpload {
                    id,
                    plan,
                    size_bytes: payload.size_bytes,
                    fingerprint: payload.fingerprint,
                    there: BTreeMap::new(),
                },
                Err(Stop::Cancelled) => return Outcome::Cancelled,
                Err(Stop::Held) => return Outcome::Held(None),
                Err(Stop::Failed(error)) => return Outcome::Failed(error),
            },
        };
        let stop = match send(&job, payload, &mut open).await {
            Ok(()) => match complete(&job, payload, &open, guard.clone()).await {
                End::There(written) => {
                    let verified = written.etag.is_some() && written.etag == open.expected_etag();
                    let size_bytes = payload.size_bytes;
                    return Outcome::Done { etag: written.etag, verified, size_bytes, saved_as: None };
                }
                End::Conflict => {
                    open.abort(&job.store, &job.bucket, &job.key).await;
                    return Outcome::Conflict;
                }
                End::Failed(error) => Stop::Failed(error),
            },
            Err(stop) => stop,
        };
        match stop {
            Stop::Held => return Outcome::Held(Some(open)),
            // It was called off elsewhere while it was held, by a lifecycle rule for one: once more from the start.
            Stop::Failed(error) if was_kept && error.kind == Kind::NotThere(Thing::Upload) => {
                job.progress.reset();
            }
            Stop::Cancelled => {
                open.abort(&job.store, &job.bucket, &job.key).await;
                return Outcome::Cancelled;
            }
            Stop::Failed(error) => {
                open.abort(&job.store, &job.bucket, &job.key).await;
                return Outcome::Failed(error);
            }
        }
    }
}

async fn begin(job: &Job, payload: &Payload, headers: &ObjectHeaders, plan: PartPlan) -> Result<String, Stop> {
    job.progress.parts_all.store(u64::from(plan.count), Ordering::Relaxed);
    let mut tried = 0;
    loop {
        if job.control.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        payload.check("CreateMultipartUpload").await.map_err(Stop::Failed)?;
        // Not cut off by a cancel: an id that nobody learns of would leave an upload behind.
        match create_multipart_upload(&job.store, &job.bucket, &job.key, headers).await {
            Ok(id) => return Ok(id),
            Err(error) => {
                tried += 1;
                wait(job, error, tried).await?;
            }
        }
    }
}

async fn wait(job: &Job, error: S3Error, tried: u32) -> Result<(), Stop> {
    match wait_for_retry(job, &error, tried).await {
        Waited::Over => Ok(()),
        Waited::GiveUp => Err(Stop::Failed(error)),
        Waited::Cancelled => Err(Stop::Cancelled),
        Waited::Held => Err(Stop::Held),
    }
}

/// Sends what is not there yet.
async fn send(job: &Job, payload: &Payload, open: &mut OpenUpload) -> Result<(), Stop> {
    job.progress.parts_all.store(u64::from(open.plan.count), Ordering::Relaxed);
    job.progress.parts_done.store(open.there.len() as u64, Ordering::Relaxed);
    job.progress.settle(open.bytes_there());
    let mut missing: VecDeque<u32> = (1..=open.plan.count).filter(|number| !open.there.contains_key(number)).collect();
    let at_once = job.shared.limits.parts_per_file.max(1);
    let id = open.id.clone();
    let mut flying = FuturesUnordered::new();
    loop {
        while flying.len() < at_once
            && !job.control.is_held()
            && let Some(number) = missing.pop_front()
        {
            let (offset_bytes, length_bytes) = open.stretch_of(number);
            flying.push(Box::pin(send_part(job, payload, &id, number, offset_bytes, length_bytes)));
        }
        let ended = tokio::select! {
            biased;
            () = job.control.cancel.cancelled() => return Err(Stop::Cancelled),
            ended = flying.next() => ended,
        };
        match ended {
            Some((number, Ok(sent))) => {
                open.there.insert(number, sent);
                job.progress.parts_done.store(open.there.len() as u64, Ordering::Relaxed);
            }
            // The other parts under way are worth finishing.
            Some((number, Err(Stop::Held))) => missing.push_front(number),
            Some((_, Err(stop))) => return Err(stop),
            None if missing.is_empty() => return Ok(()),
            None if job.control.is_held() => return Err(Stop::Held),
            // Resumed in this very moment.
            None => {}
        }
    }
}

type Sent = (SentPart, Option<[u8; 16]>);

async fn send_part(
    job: &Job,
    payload: &Payload,
    id: &str,
    number: u32,
    offset_bytes: u64,
    length_bytes: u64,
) -> (u32, Result<Sent, Stop>) {
    const OPERATION: &str = "UploadPart";
    let at = i32::try_from(number).unwrap_or(i32::MAX);
    let mut tried = 0;
    loop {
        let _permit = job.shared.permits.acquire().await;
        let live = job.progress.begin();
        let stretch = payload.stretch(offset_bytes, length_bytes);
        let sent = upload_part(&job.store, &job.bucket, &job.key, id, at, &stretch.body, Some(&live.meter)).await;
        let error = match sent {
            Ok(part) => {
                live.settle(length_bytes);
                return (number, Ok((part, stretch.md5())));
            }
            Err(error) => error,
        };
        if let Some(fault) = stretch.fault(OPERATION) {
            return (number, Err(Stop::Failed(fault.about_bucket(&job.bucket).about_key(&job.key))));
        }
        drop((live, _permit));
        tried += 1;
        if let Err(stop) = wait(job, error, tried).await {
            return (number, Err(stop));
        }
    }
}

enum End {
    There(Written),
    Conflict,
    Failed(S3Error),
}

/// Puts the parts together. Not cut off by a cancel: whether the object is there must be known.
async fn complete(job: &Job, payload: &Payload, open: &OpenUpload, mut guard: Guard) -> End {
    if let Err(error) = payload.check("CompleteMultipartUpload").await {
        return End::Failed(error.about_bucket(&job.bucket).about_key(&job.key));
    }
    let parts = open.parts();
    let mut tried = 0;
    loop {
        let error = match complete_multipart_upload(&job.store, &job.bucket, &job.key, &open.id, &parts, &guard).await {
            Ok(written) => return End::There(written),
            Err(error) => error,
        };
        match &error.kind {
            // The answer to an earlier try was lost: either it made the object, or the upload is gone.
            Kind::NotThere(Thing::Upload) | Kind::PreconditionFailed if tried > 0 => {
                if let Some(etag) = open.expected_etag()
                    && is_there_already(job, payload.size_bytes, &etag).await
                {
                    return End::There(Written { etag: Some(etag), version_id: None });
                }
                if guard == Guard::IfNoneMatch && error.kind == Kind::PreconditionFailed {
                    return End::Conflict;
                }
                return End::Failed(error);
            }
            Kind::PreconditionFailed if guard == Guard::IfNoneMatch => return End::Conflict,
            Kind::NotOffered if guard == Guard::IfNoneMatch => {
                job.shared.learn_unguarded(&job.store);
                match name_is_taken(job).await {
                    Ok(true) => return End::Conflict,
                    Ok(false) => guard = Guard::Overwrite,
                    Err(error) => return End::Failed(error),
                }
                continue;
            }
            _ => {}
        }
        tried += 1;
        if let Err(stop) = wait(job, error.clone(), tried).await {
            return match stop {
                Stop::Failed(error) => End::Failed(error),
                Stop::Cancelled | Stop::Held => End::Failed(error),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    const TIB: u64 = 1 << 40;

    #[test_case(0, 8, 1; "empty")]
    #[test_case(1, 8, 1; "a byte")]
    #[test_case(8 * MIB, 8, 1; "one whole part")]
    #[test_case(8 * MIB + 1, 8, 2; "a byte more")]
    #[test_case(100 * MIB, 8, 13; "100 MiB")]
    #[test_case(80_000 * MIB, 8, 10_000; "as much as parts of 8 MiB carry")]
    #[test_case(80_000 * MIB + 1, 9, 8_889; "a byte more than those carry")]
    #[test_case(100_000 * MIB, 10, 10_000; "100,000 MiB")]
    #[test_case(5 * TIB, 525, 9_987; "5 TiB")]
    #[test_case(488 * TIB / 10, 5_118, 9_999; "48.8 TiB")]
    #[test_case(50_000 << 30, 5_120, 10_000; "the most there is")]
    fn cuts(size_bytes: u64, part_mib: u64, count: u32) {
        assert_eq!(part_plan(size_bytes), Some(PartPlan { part_bytes: part_mib * MIB, count }));
    }

    #[test_case((50_000 << 30) + 1; "a byte more than 10,000 parts of 5 GiB")]
    #[test_case(u64::MAX; "absurd")]
    fn refuses(size_bytes: u64) {
        assert_eq!(part_plan(size_bytes), None);
    }

    proptest::proptest! {
        #[test]
        fn parts_cover_the_file_and_no_more(size_bytes in 1..=(50_000u64 << 30)) {
            let plan = part_plan(size_bytes).unwrap();
            let whole = plan.part_bytes * u64::from(plan.count);
            proptest::prop_assert!(whole >= size_bytes && whole - size_bytes < plan.part_bytes);
            proptest::prop_assert!(plan.count <= 10_000 && plan.part_bytes.is_multiple_of(MIB));
        }
    }
}
