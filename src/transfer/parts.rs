//! Big files: sent in parts, a few at once, put together at the end or called off.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::atomic::Ordering,
    time::Duration,
};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::{
    engine::{Job, Outcome},
    payload::Payload,
    reconcile::{Found, clear_unnoted, look_up},
    retry::{Tries, Waited, can_go_on_after},
    row::Kept,
    stall::unless_stalled,
    upload::{hex, is_other, is_verified, name_is_taken, what_arrived},
};
use crate::s3::{
    body::Meter,
    error::{Kind, S3Error, Thing},
    integrity::crc64_of_all,
    multipart::{Begun, SentPart, abort_multipart_upload, complete_sent, create_multipart_upload, upload_part},
    object::{Guard, ObjectHeaders, Sending, Written},
    store::Store,
    watched_file::Fingerprint,
};

const MIB: u64 = 1 << 20;
/// Parts are no smaller than this, unless the file is.
pub(super) const PREFERRED_BYTES: u64 = 8 * MIB;
/// Amazon S3 User Guide, "Amazon S3 multipart upload limits".
const MOST_PARTS: u64 = 10_000;
const LARGEST_PART_BYTES: u64 = 5 << 30;
/// Calling an upload off must not hold up the queue for longer.
pub(super) const ABORT_PATIENCE: Duration = Duration::from_secs(20);
/// Between two tries to do so.
const LONGEST_ABORT_WAIT: Duration = Duration::from_secs(5);

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
    part_plan_of(size_bytes, PREFERRED_BYTES)
}

/// The same with parts of `preferred_bytes`, or as much more as 10,000 parts demand.
#[must_use]
pub fn part_plan_of(size_bytes: u64, preferred_bytes: u64) -> Option<PartPlan> {
    let part_bytes = size_bytes.div_ceil(MOST_PARTS).next_multiple_of(MIB).max(preferred_bytes);
    let count = u32::try_from(size_bytes.div_ceil(part_bytes)).ok()?.max(1);
    (part_bytes <= LARGEST_PART_BYTES).then_some(PartPlan { part_bytes, count })
}

/// An upload in parts that was begun and neither completed nor called off.
#[derive(Debug)]
pub(super) struct OpenUpload {
    pub(super) begun: Begun,
    pub(super) plan: PartPlan,
    pub(super) size_bytes: u64,
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) there: BTreeMap<u32, SentPart>,
    /// What is there was seen by this process; otherwise the store is asked first.
    pub(super) is_checked: bool,
}

impl OpenUpload {
    pub(super) fn bytes_there(&self) -> u64 {
        self.there.keys().map(|number| self.stretch_of(*number).1).sum()
    }

    pub(super) fn parts_there(&self) -> u32 {
        u32::try_from(self.there.len()).unwrap_or(u32::MAX)
    }

    /// Where a part begins and how long it is.
    pub(super) fn stretch_of(&self, number: u32) -> (u64, u64) {
        let begin = u64::from(number.saturating_sub(1)) * self.plan.part_bytes;
        (begin, self.plan.part_bytes.min(self.size_bytes.saturating_sub(begin)))
    }

    fn parts(&self) -> Vec<SentPart> {
        self.there.values().cloned().collect()
    }

    /// What the `ETag` of the whole is where the store makes it of the MD5s of the parts.
    pub(super) fn expected_etag(&self) -> Option<String> {
        let mut all = Md5::new();
        for part in self.there.values() {
            all.update(part.sums.md5?);
        }
        Some(format!("{}-{}", hex(all.finalize().into()), self.there.len()))
    }

    /// The checksum of the whole, once every part is there.
    pub(super) fn crc64(&self) -> u64 {
        crc64_of_all(self.there.values().map(|part| (part.sums.crc64, part.size_bytes)))
    }

    /// Calls it off, so that nothing of it is stored and paid for. Whether that is certain.
    pub(super) async fn abort(self, store: &Store, bucket: &str, key: &str, patience: Duration) -> bool {
        abort_patiently(store, bucket, key, &self.begun.id, patience).await
    }
}

/// Calls an upload off. Whether that is certain.
pub(super) async fn abort_patiently(store: &Store, bucket: &str, key: &str, id: &str, patience: Duration) -> bool {
    let trying = async {
        let mut wait = Duration::from_millis(200);
        loop {
            match abort_multipart_upload(store, bucket, key, id).await {
                Err(error) if error.is_worth_retrying() => {
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_ABORT_WAIT);
                }
                answer => break answer,
            }
        }
    };
    match tokio::time::timeout(patience, Box::pin(trying)).await {
        Ok(Ok(())) => return true,
        Ok(Err(error)) => tracing::warn!(bucket, key, ?error, "an upload in parts could not be called off"),
        Err(_) => tracing::warn!(bucket, key, "calling off an upload in parts took too long"),
    }
    false
}

/// Why sending parts ended before all were there.
enum Stop {
    Cancelled,
    Held,
    Failed(S3Error),
}

pub(super) async fn run(mut job: Job, payload: &Payload, headers: &ObjectHeaders, guard: Guard) -> Outcome {
    let restored = job.restored;
    let outcome = Box::pin(sent(&mut job, payload, headers, guard)).await;
    // What an earlier process asked for last may have reached the store after this one looked what there is.
    if let (Some(since), Outcome::Done { .. }) = (restored, &outcome) {
        clear_unnoted(&job, since).await;
    }
    outcome
}

async fn sent(job: &mut Job, payload: &Payload, headers: &ObjectHeaders, guard: Guard) -> Outcome {
    let Some(plan) = part_plan_of(payload.size_bytes, job.shared.limits.part_bytes) else {
        job.drop_kept().await;
        let error = S3Error::new("CreateMultipartUpload", Kind::TooLarge);
        return Outcome::Failed(error.about_bucket(&job.bucket).about_key(&job.key));
    };
    if job.kept.as_ref().is_some_and(|kept| !kept.is_of(payload)) {
        job.drop_kept().await;
    }
    loop {
        let was_kept = job.kept.is_some();
        let mut open = match taken_up(job, payload).await {
            Ok(TakenUp::Open(kept)) => kept,
            Ok(TakenUp::Arrived(outcome)) => return outcome,
            Ok(TakenUp::Nothing) => match begin(job, payload, headers, plan).await {
                Ok(open) => open,
                Err(Stop::Cancelled) => return Outcome::Cancelled,
                Err(Stop::Held) => return Outcome::Held(None),
                Err(Stop::Failed(error)) => return Outcome::Failed(error),
            },
            // Nobody answered: what is to be called off is so later, apart from the row.
            Err((open, Stop::Cancelled | Stop::Held)) => return Outcome::Held(Some(Kept::Up(open))),
            Err((open, Stop::Failed(error))) => return Outcome::FailedKeeping(error, Kept::Up(open)),
        };
        let stop = match send(job, payload, &mut open).await {
            Ok(()) => match complete(job, payload, &open, guard.clone()).await {
                End::There(written) => {
                    job.note_upload_ended();
                    if is_other(&written, Some(open.crc64())) {
                        let error = S3Error::new("CompleteMultipartUpload", Kind::Damaged);
                        return Outcome::Failed(error.about_bucket(&job.bucket).about_key(&job.key));
                    }
                    let (crc64, etag) = (Some(open.crc64()), open.expected_etag());
                    // Ceph tells nothing of what it put together; the object itself does.
                    if written.crc64.is_none() && written.etag.as_deref().is_none_or(str::is_empty) {
                        let there = what_arrived(job, payload.size_bytes, crc64, etag.as_deref()).await;
                        let verified = there.is_some();
                        let written = there.map_or(written, Written::from);
                        return Outcome::done(written, verified, payload.size_bytes);
                    }
                    let verified = is_verified(&written, crc64, etag.as_deref());
                    return Outcome::done(written, verified, payload.size_bytes);
                }
                End::Conflict => return job.called_off(open, Outcome::Conflict).await,
                End::Failed(error) => {
                    // It may be there all the same.
                    open.is_checked = false;
                    Stop::Failed(error)
                }
            },
            Err(stop) => stop,
        };
        match stop {
            Stop::Held => return Outcome::Held(Some(Kept::Up(open))),
            // It was called off elsewhere while it was held, by a lifecycle rule for one: once more from the start.
            Stop::Failed(error) if was_kept && error.kind == Kind::NotThere(Thing::Upload) => {
                job.note_upload_ended();
                job.progress.reset();
            }
            Stop::Cancelled => return job.called_off(open, Outcome::Cancelled).await,
            Stop::Failed(error) if can_go_on_after(&error) => return Outcome::FailedKeeping(error, Kept::Up(open)),
            Stop::Failed(error) => return job.called_off(open, Outcome::Failed(error)).await,
        }
    }
}

/// What there is to go on from.
enum TakenUp {
    Open(OpenUpload),
    Arrived(Outcome),
    Nothing,
}

/// Takes up what an earlier run left open. What was left by an earlier process is compared with the store first.
async fn taken_up(job: &mut Job, payload: &Payload) -> Result<TakenUp, (OpenUpload, Stop)> {
    let Some(mut open) = job.take_open() else {
        if let Some(since) = job.restored.take() {
            clear_unnoted(job, since).await;
        }
        return Ok(TakenUp::Nothing);
    };
    let mut tries = Tries::default();
    while !open.is_checked {
        let error = match look_up(job, payload, &mut open).await {
            Ok(Found::Open) => break,
            Ok(Found::Arrived(there)) => {
                job.note_upload_ended();
                return Ok(TakenUp::Arrived(Outcome::done(there.into(), true, payload.size_bytes)));
            }
            Ok(Found::Gone) => {
                job.note_upload_ended();
                // The process that found this out before may have begun another, and ended.
                if let Some(since) = job.restored.take() {
                    clear_unnoted(job, since).await;
                }
                return Ok(TakenUp::Nothing);
            }
            Err(error) => error,
        };
        if let Err(stop) = wait(job, error, &mut tries).await {
            return Err((open, stop));
        }
    }
    Ok(TakenUp::Open(open))
}

impl Kept {
    /// Whether the file is still what it was when this was begun.
    fn is_of(&self, payload: &Payload) -> bool {
        matches!(self, Self::Up(open) if open.fingerprint == payload.fingerprint)
    }
}

impl Job {
    pub(super) fn take_open(&mut self) -> Option<OpenUpload> {
        match self.kept.take() {
            Some(Kept::Up(open)) => Some(open),
            Some(Kept::Down(_)) | None => None,
        }
    }

    /// Calls an upload off on the way to an end.
    async fn called_off(&self, open: OpenUpload, end: Outcome) -> Outcome {
        if open.abort(&self.store, &self.bucket, &self.key, ABORT_PATIENCE).await {
            self.note_upload_ended();
        }
        end
    }
}

async fn begin(job: &Job, payload: &Payload, headers: &ObjectHeaders, plan: PartPlan) -> Result<OpenUpload, Stop> {
    let begun = begun(job, payload, headers, plan).await?;
    let open = OpenUpload {
        begun,
        plan,
        size_bytes: payload.size_bytes,
        fingerprint: payload.fingerprint,
        there: BTreeMap::new(),
        is_checked: true,
    };
    job.note_begun(&open).await;
    Ok(open)
}

async fn begun(job: &Job, payload: &Payload, headers: &ObjectHeaders, plan: PartPlan) -> Result<Begun, Stop> {
    job.progress.parts_all.store(u64::from(plan.count), Ordering::Relaxed);
    const OPERATION: &str = "CreateMultipartUpload";
    let (mut tries, since) = (Tries::default(), Timestamp::now());
    loop {
        if job.control.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        payload.check(OPERATION).await.map_err(Stop::Failed)?;
        // Not cut off by a cancel: an id that nobody learns of would leave an upload behind.
        let creating = create_multipart_upload(&job.store, &job.bucket, &job.key, headers);
        match unless_stalled(job.shared.limits.stalled, OPERATION, &Meter::default(), creating).await {
            Ok(begun) => return Ok(begun),
            Err(error) => wait(job, error, &mut tries).await?,
        }
        // The answer to the last try may have been lost.
        clear_unnoted(job, since).await;
    }
}

async fn wait(job: &Job, error: S3Error, tries: &mut Tries) -> Result<(), Stop> {
    match tries.wait(job, &error).await {
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
    let id = open.begun.id.clone();
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
            // While nobody answers, what is there is called off later, apart from the row.
            () = job.control.cancel.cancelled() => {
                return Err(if job.progress.is_offline() { Stop::Held } else { Stop::Cancelled });
            }
            ended = flying.next() => ended,
        };
        match ended {
            Some((number, Ok(sent))) => {
                job.note_part(&sent);
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

async fn send_part(
    job: &Job,
    payload: &Payload,
    id: &str,
    number: u32,
    offset_bytes: u64,
    length_bytes: u64,
) -> (u32, Result<SentPart, Stop>) {
    const OPERATION: &str = "UploadPart";
    let at = i32::try_from(number).unwrap_or(i32::MAX);
    let failed = |error: S3Error| (number, Err(Stop::Failed(error.about_bucket(&job.bucket).about_key(&job.key))));
    let in_memory = length_bytes <= job.shared.limits.memory_bytes / 4;
    let mut tries = Tries::default();
    let mut room = None;
    let mut loaded = None;
    if in_memory {
        room = job.shared.memory.room_for(length_bytes).await;
        loaded = match payload.load(offset_bytes, length_bytes, job.store.integrity(), OPERATION).await {
            Ok(stretch) => Some(stretch),
            Err(error) => return failed(error),
        };
    }
    loop {
        let permit = job.shared.permits.acquire().await;
        let live = job.progress.begin(Some(&job.shared.gate_up));
        let streamed = loaded.is_none().then(|| payload.stream(offset_bytes, length_bytes));
        let Some(stretch) = loaded.as_ref().or(streamed.as_ref()) else { continue };
        let sending = Sending { body: &stretch.body, sums: stretch.known_sums(), meter: Some(&live.meter) };
        let sent = upload_part(&job.store, &job.bucket, &job.key, id, at, sending);
        let sent = unless_stalled(job.shared.limits.stalled, OPERATION, &live.meter, sent).await;
        let error = match (sent, stretch.sums()) {
            (Ok(etag), Some(sums)) => {
                job.shared.permits.succeeded();
                live.settle(length_bytes);
                drop(room);
                return (number, Ok(SentPart { number: at, etag, size_bytes: length_bytes, sums }));
            }
            // It was answered before it was read to its end.
            (Ok(_), None) => S3Error::new(OPERATION, Kind::Damaged),
            (Err(error), _) => error,
        };
        if let Some(fault) = stretch.fault(OPERATION) {
            return failed(fault);
        }
        drop((live, permit));
        if let Err(stop) = wait(job, error, &mut tries).await {
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
    // If nobody learns how this ends, only the notes of all parts tell that it may have been done.
    job.notes_are_safe().await;
    let parts = open.parts();
    let mut tries = Tries::default();
    loop {
        let error = match complete_sent(&job.store, &job.bucket, &job.key, &open.begun, &parts, &guard).await {
            Ok(written) => return End::There(written),
            Err(error) => error,
        };
        match &error.kind {
            // The answer to an earlier try, also one within the SDK, was lost: either it made the object, or the upload
            // is gone.
            Kind::NotThere(Thing::Upload) | Kind::PreconditionFailed => {
                let etag = open.expected_etag();
                if let Some(there) = what_arrived(job, payload.size_bytes, Some(open.crc64()), etag.as_deref()).await {
                    // What made it may be an earlier upload of the same file, by a process that ended before it heard so.
                    // Then this one is still open; where it is gone, calling it off does no harm.
                    if error.kind == Kind::PreconditionFailed {
                        abort_patiently(&job.store, &job.bucket, &job.key, &open.begun.id, ABORT_PATIENCE).await;
                    }
                    return End::There(there.into());
                }
                if guard == Guard::IfNoneMatch && error.kind == Kind::PreconditionFailed {
                    return End::Conflict;
                }
                return End::Failed(error);
            }
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
        if let Err(stop) = wait(job, error.clone(), &mut tries).await {
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
