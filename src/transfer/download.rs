//! One object coming down: into a file of another name beside its place, and only whole under its own. A big one comes
//! in stretches, a few at once; what has come of it stays over tries and pauses.

use std::{
    collections::{BTreeMap, VecDeque},
    fs::File,
    io,
    ops::Range,
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use bytes::Bytes;
use crc_fast::{CrcAlgorithm, checksum_combine};
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use md5::{Digest as _, Md5};
use tempfile::TempPath;

use super::{
    disk::blocking,
    engine::{Job, Outcome},
    landing::{begin, folder_of, name, write_at},
    retry::{Tries, Waited, can_go_on_after},
    row::{Kept, Live},
    stall::unless_stalled,
    upload::hex,
};
use crate::s3::{
    error::{Kind, S3Error},
    integrity::crc64_text,
    object::Written,
    reader::{ObjectFacts, ObjectReader, WholeSum, object_facts, read_object},
};

const OPERATION: &str = "GetObject";
/// Pieces are gathered up to this before they are written.
const GATHERED_BYTES: usize = 256 << 10;

pub(super) async fn run(mut job: Job, dest: &Path, replace: bool) -> Outcome {
    let mut partial = match job.kept.take() {
        Some(Kept::Down(partial)) => Some(partial),
        Some(Kept::Up(_)) | None => None,
    };
    if let Some(partial) = &partial {
        job.progress.settle(partial.bytes_there());
    }
    let mut tries = Tries::default();
    loop {
        let coming = come_down(&job, dest, &mut partial);
        let ended = tokio::select! {
            biased;
            () = job.control.cancel.cancelled() => return Outcome::Cancelled,
            ended = Box::pin(coming) => ended,
        };
        let ended = match ended {
            Ok(Some(arrived)) => settle(&job, arrived, dest, replace).await,
            Ok(None) => return Outcome::Held(partial.map(Kept::Down)),
            Err(error) => Err(error),
        };
        let error = match ended {
            Ok(outcome) => return outcome,
            Err(error) => error.about_bucket(&job.bucket).about_key(&job.key),
        };
        // Another object of the same key: from the start.
        let is_other = error.kind == Kind::PreconditionFailed;
        if is_other {
            partial = None;
        }
        job.progress.reset();
        job.progress.settle(partial.as_ref().map_or(0, Partial::bytes_there));
        match tries.wait(&job, &error).await {
            Waited::Over => {}
            Waited::GiveUp if is_other && tries.are_left(&job.shared.limits) => {}
            Waited::GiveUp => {
                return match partial.filter(|_| can_go_on_after(&error)) {
                    Some(partial) => Outcome::FailedKeeping(error, Kept::Down(partial)),
                    None => Outcome::Failed(error),
                };
            }
            Waited::Cancelled => return Outcome::Cancelled,
            Waited::Held => return Outcome::Held(partial.map(Kept::Down)),
        }
    }
}

/// All bytes have come.
enum Arrived {
    /// They are on disk, under a name that is not theirs yet.
    Whole { file: TempPath, facts: ObjectFacts, size_bytes: u64, verified: bool },
    /// The last of them are not written yet.
    Pieces { landing: Box<Landing>, last: Vec<Bytes>, facts: ObjectFacts },
}

/// `None` where it was held in between.
async fn come_down(job: &Job, dest: &Path, partial: &mut Option<Partial>) -> Result<Option<Arrived>, S3Error> {
    if partial.is_some() || job.size_bytes > job.shared.limits.single_put_bytes {
        return Box::pin(in_stretches(job, dest, partial)).await;
    }
    let arrived = Box::pin(at_once(job, dest)).await?;
    Ok(Some(arrived))
}

/// The next piece, as long as any come.
async fn next_piece(job: &Job, reader: &mut ObjectReader, live: &Live) -> Result<Option<Bytes>, S3Error> {
    let piece = unless_stalled(job.shared.limits.stalled, OPERATION, &live.meter, reader.next()).await?;
    if let Some(piece) = &piece {
        live.meter.pass(piece.len() as u64).await;
        live.meter.add(piece.len() as u64);
    }
    Ok(piece)
}

/// A small one, in one request.
async fn at_once(job: &Job, dest: &Path) -> Result<Arrived, S3Error> {
    let local = |error| S3Error::local(OPERATION, dest, error);
    let permit = job.shared.permits.acquire().await;
    let live = job.progress.begin(Some(&job.shared.gate_down));
    let reading = Box::pin(read_object(&job.store, &job.bucket, &job.key, None));
    let mut reader = unless_stalled(job.shared.limits.stalled, OPERATION, &live.meter, reading).await?;
    let facts = reader.facts.clone();
    if let Some(size_bytes) = facts.size_bytes {
        job.found_size(size_bytes);
    }
    let mut landing = Landing { file: None, at: 0, sum: Running::of(&facts.sum), folder: folder_of(dest).into() };
    let (mut pieces, mut gathered) = (Vec::new(), 0);
    while let Some(piece) = next_piece(job, &mut reader, &live).await? {
        gathered += piece.len();
        pieces.push(piece);
        if gathered >= GATHERED_BYTES {
            let full = std::mem::take(&mut pieces);
            let taking = move || landing.take(&full);
            landing = job.shared.disk.do_little(gathered as u64, taking).await.map_err(local)?;
            gathered = 0;
        }
    }
    drop(permit);
    live.settle(landing.at + gathered as u64);
    job.shared.permits.succeeded();
    Ok(Arrived::Pieces { landing: landing.into(), last: pieces, facts })
}

/// A file that is written from its beginning.
struct Landing {
    file: Option<(File, TempPath)>,
    at: u64,
    sum: Running,
    folder: Arc<Path>,
}

impl Landing {
    fn take(mut self, pieces: &[Bytes]) -> io::Result<Self> {
        let file = match &mut self.file {
            Some((file, _)) => file,
            none => &mut none.insert(begin(&self.folder)?).0,
        };
        write_at(file, self.at, pieces)?;
        for piece in pieces {
            self.sum.update(piece);
            self.at += piece.len() as u64;
        }
        Ok(self)
    }

    fn end(self, pieces: &[Bytes]) -> io::Result<(TempPath, u64, Running)> {
        let Self { file, at, sum, .. } = self.take(pieces)?;
        let Some((file, path)) = file else { return Err(io::ErrorKind::NotFound.into()) };
        file.sync_all()?;
        Ok((path, at, sum))
    }
}

/// A checksum of what has come.
enum Running {
    Crc(Box<crc_fast::Digest>),
    Md5(Md5),
    None,
}

impl Running {
    fn of(sum: &WholeSum) -> Self {
        match sum {
            WholeSum::Crc(algorithm, _) => Self::Crc(Box::new(crc_fast::Digest::new(*algorithm))),
            WholeSum::Md5(_) => Self::Md5(Md5::new()),
            WholeSum::Unknown => Self::None,
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc(crc) => crc.update(bytes),
            Self::Md5(md5) => md5.update(bytes),
            Self::None => {}
        }
    }

    /// Whether it could be compared; an error where it is another.
    fn holds(self, expected: &WholeSum) -> Result<bool, ()> {
        let same = match (self, expected) {
            (Self::Crc(crc), WholeSum::Crc(_, expected)) => crc.finalize() == *expected,
            (Self::Md5(md5), WholeSum::Md5(expected)) => hex(md5.finalize().into()) == *expected,
            _ => return Ok(false),
        };
        if same { Ok(true) } else { Err(()) }
    }
}

/// A big object of which something has come.
#[derive(Debug)]
pub(super) struct Partial {
    file: TempPath,
    facts: ObjectFacts,
    size_bytes: u64,
    stretch_bytes: u64,
    /// By number of the stretch, its CRC where the whole has one.
    there: BTreeMap<u64, u64>,
}

impl Partial {
    pub(super) fn bytes_there(&self) -> u64 {
        self.there.keys().map(|number| self.range_of(*number)).map(|range| range.end - range.start).sum()
    }

    /// Stretches that are there, and stretches altogether.
    pub(super) fn parts(&self) -> (u32, u32) {
        let fits = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        (fits(self.there.len() as u64), fits(self.count()))
    }

    fn count(&self) -> u64 {
        self.size_bytes.div_ceil(self.stretch_bytes)
    }

    fn range_of(&self, number: u64) -> Range<u64> {
        let begin = number * self.stretch_bytes;
        begin..(begin + self.stretch_bytes).min(self.size_bytes)
    }

    /// The CRC of the whole, made of those of the stretches.
    fn crc(&self, algorithm: CrcAlgorithm) -> u64 {
        let nothing = crc_fast::checksum(algorithm, b"");
        self.there.iter().fold(nothing, |whole, (number, crc)| {
            let range = self.range_of(*number);
            checksum_combine(algorithm, whole, *crc, range.end - range.start)
        })
    }
}

async fn in_stretches(job: &Job, dest: &Path, partial: &mut Option<Partial>) -> Result<Option<Arrived>, S3Error> {
    let mut coming = match partial.take() {
        Some(partial) => partial,
        None => begin_partial(job, dest).await?,
    };
    let ended = bring_missing(job, dest, &mut coming).await;
    if matches!(ended, Ok(true)) {
        return proven(dest, coming).await.map(Some);
    }
    *partial = Some(coming);
    ended.map(|_| None)
}

/// Brings what is not there yet. Whether all is there, or it was held before.
async fn bring_missing(job: &Job, dest: &Path, coming: &mut Partial) -> Result<bool, S3Error> {
    let local = |error| S3Error::local(OPERATION, dest, error);
    let opened = coming.file.to_path_buf();
    let file = blocking(move || File::options().write(true).open(opened)).await.map_err(local)?;
    let file = Arc::new(Writing { file, turn: Arc::default() });
    job.progress.parts_all.store(coming.count(), Ordering::Relaxed);
    job.progress.parts_done.store(coming.there.len() as u64, Ordering::Relaxed);
    let mut missing: VecDeque<u64> = (0..coming.count()).filter(|number| !coming.there.contains_key(number)).collect();
    let mut flying = FuturesUnordered::new();
    let mut failed = None;
    loop {
        while flying.len() < job.shared.limits.parts_per_file.max(1)
            && failed.is_none()
            && !job.control.is_held()
            && let Some(number) = missing.pop_front()
        {
            let (range, facts) = (coming.range_of(number), coming.facts.clone());
            let file = Arc::clone(&file);
            flying.push(async move { (number, Box::pin(one_stretch(job, dest, file, range, facts)).await) });
        }
        match flying.next().await {
            Some((number, Ok(crc))) => {
                coming.there.insert(number, crc);
                job.progress.parts_done.store(coming.there.len() as u64, Ordering::Relaxed);
            }
            // The others under way are worth finishing.
            Some((_, Err(error))) => failed = failed.or(Some(error)),
            None => match failed {
                Some(error) => return Err(error),
                None if coming.there.len() as u64 == coming.count() => return Ok(true),
                None if job.control.is_held() => return Ok(false),
                // Resumed in this very moment.
                None => {}
            },
        }
    }
}

/// All bytes are there: are they those of the object?
async fn proven(dest: &Path, whole: Partial) -> Result<Arrived, S3Error> {
    let (path, expected) = (whole.file.to_path_buf(), whole.facts.sum.clone());
    let crc = match &expected {
        WholeSum::Crc(algorithm, _) => Some(whole.crc(*algorithm)),
        WholeSum::Md5(_) | WholeSum::Unknown => None,
    };
    let verified = blocking(move || {
        File::open(&path)?.sync_all()?;
        verify(&path, crc, &expected)
    });
    let local = |error| S3Error::local(OPERATION, dest, error);
    let verified = verified.await.map_err(local)?.ok_or_else(|| S3Error::new(OPERATION, Kind::Damaged))?;
    let Partial { file, facts, size_bytes, .. } = whole;
    Ok(Arrived::Whole { file, facts, size_bytes, verified })
}

/// Whether the whole could be compared; `None` where it is another.
fn verify(path: &Path, crc: Option<u64>, expected: &WholeSum) -> io::Result<Option<bool>> {
    Ok(match expected {
        WholeSum::Crc(_, expected) => (crc == Some(*expected)).then_some(true),
        WholeSum::Md5(_) => {
            let mut running = Running::of(expected);
            let mut file = File::open(path)?;
            let mut buffer = vec![0; GATHERED_BYTES];
            loop {
                match io::Read::read(&mut file, &mut buffer)? {
                    0 => break,
                    read => running.update(&buffer[..read]),
                }
            }
            running.holds(expected).ok()
        }
        WholeSum::Unknown => Some(false),
    })
}

async fn begin_partial(job: &Job, dest: &Path) -> Result<Partial, S3Error> {
    let facts = object_facts(&job.store, &job.bucket, &job.key).await?;
    let size_bytes = facts.size_bytes.unwrap_or(job.size_bytes);
    job.found_size(size_bytes);
    let folder = folder_of(dest);
    let begun = blocking(move || {
        let (file, path) = begin(&folder)?;
        // A full disk is better known before than after an hour.
        file.set_len(size_bytes)?;
        Ok(path)
    });
    let file = begun.await.map_err(|error| S3Error::local(OPERATION, dest, error))?;
    let stretch_bytes = job.shared.limits.part_bytes.max(1);
    Ok(Partial { file, facts, size_bytes, stretch_bytes, there: BTreeMap::new() })
}

/// A file that several stretches are written to. They take turns: where they all wrote at once, they would spend their time
/// waiting for the lock that the system has on the file.
struct Writing {
    file: File,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// Its CRC, where the whole has one.
async fn one_stretch(
    job: &Job,
    dest: &Path,
    file: Arc<Writing>,
    range: Range<u64>,
    facts: ObjectFacts,
) -> Result<u64, S3Error> {
    let _permit = job.shared.permits.acquire().await;
    let live = job.progress.begin(Some(&job.shared.gate_down));
    let stretch = Some((range.clone(), facts.etag.as_deref()));
    let reading = Box::pin(read_object(&job.store, &job.bucket, &job.key, stretch));
    let mut reader = unless_stalled(job.shared.limits.stalled, OPERATION, &live.meter, reading).await?;
    let mut crc = match &facts.sum {
        WholeSum::Crc(algorithm, _) => Some(crc_fast::Digest::new(*algorithm)),
        WholeSum::Md5(_) | WholeSum::Unknown => None,
    };
    let mut at = range.start;
    loop {
        let (mut pieces, mut gathered) = (Vec::new(), 0);
        while gathered < GATHERED_BYTES
            && let Some(piece) = next_piece(job, &mut reader, &live).await?
        {
            gathered += piece.len();
            pieces.push(piece);
        }
        if pieces.is_empty() {
            break;
        }
        let file = Arc::clone(&file);
        let turn = Arc::clone(&file.turn).lock_owned().await;
        let written = job.shared.disk.do_little(gathered as u64, move || {
            write_at(&file.file, at, &pieces)?;
            drop(turn);
            if let Some(crc) = &mut crc {
                pieces.iter().for_each(|piece| crc.update(piece));
            }
            Ok(crc)
        });
        crc = written.await.map_err(|error| S3Error::local(OPERATION, dest, error))?;
        at += gathered as u64;
    }
    job.shared.permits.succeeded();
    live.settle(range.end - range.start);
    Ok(crc.map_or(0, |crc| crc.finalize()))
}

/// Writes what is not written yet, and gives the file its name if it is whole. Not cut off by a cancel.
async fn settle(job: &Job, arrived: Arrived, dest: &Path, replace: bool) -> Result<Outcome, S3Error> {
    let wanted = dest.to_owned();
    let settled = job.shared.disk.do_little(job.size_bytes, move || {
        let (file, facts, size_bytes, verified) = match arrived {
            Arrived::Whole { file, facts, size_bytes, verified } => (file, facts, size_bytes, verified),
            Arrived::Pieces { landing, last, facts } => {
                let (file, size_bytes, sum) = landing.end(&last)?;
                let Ok(verified) = sum.holds(&facts.sum) else { return Ok(None) };
                (file, facts, size_bytes, verified)
            }
        };
        Ok(Some((name(file, &wanted, replace)?, facts, size_bytes, verified)))
    });
    let settled = settled.await.map_err(|error| S3Error::local(OPERATION, dest, error))?;
    let (saved_as, facts, size_bytes, verified) = settled.ok_or_else(|| S3Error::new(OPERATION, Kind::Damaged))?;
    let crc64 = match facts.sum {
        WholeSum::Crc(CrcAlgorithm::Crc64Nvme, crc64) => Some(crc64_text(crc64)),
        _ => None,
    };
    let written = Written { etag: facts.etag, version_id: facts.version_id, crc64, request_id: None };
    Ok(Outcome::Done { written, verified, size_bytes, saved_as: Some(saved_as) })
}
