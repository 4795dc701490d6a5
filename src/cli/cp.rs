//! `brimful cp` and `brimful mv`: objects copied inside a store, and their sources deleted once the copies are proven.
//!
//! ```text
//! listing, asked for ahead ─► each object: may it be written? ─► copy ─► (mv: proof ─► delete) ─► a line
//! ```

use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;

use self::one::{Job, Outcome};
use super::common::{Doing, Taken};
use super::connection::Options;
use super::consent::Question;
use super::end::{self, Stopped, Usage, Whole};
use super::report::{Nouns, Report, Tally};
use super::work;
use crate::domain::copy_route::Route;
use crate::domain::location::{self, Location};
use crate::domain::object::ObjectSummary;
use crate::domain::object_url::s3_uri;
use crate::s3::copy::{self, Limits, Source};
use crate::s3::pages::{self, NoPage};
use crate::s3::store::Store;

mod one;

/// So many objects at once.
const AT_ONCE: u16 = 32;

/// Arguments of `brimful cp`.
#[derive(Debug, Clone, clap::Args)]
pub struct CopyArgs {
    #[command(flatten)]
    ends: Ends,
    /// Copy an old version; onto its own key, that brings it back
    #[arg(long, value_name = "ID")]
    version_id: Option<String>,
}

/// Arguments of `brimful mv`.
#[derive(Debug, Clone, clap::Args)]
pub struct MoveArgs {
    #[command(flatten)]
    ends: Ends,
    /// Do not ask before moving more than one
    #[arg(long, short)]
    yes: bool,
}

/// What both take.
#[derive(Debug, Clone, clap::Args)]
struct Ends {
    /// What to take, such as s3://bucket/key; read to the letter
    #[arg(value_name = "FROM")]
    from: String,
    /// Where to, in the same store; a place that ends in / keeps the name
    #[arg(value_name = "TO")]
    to: String,
    /// Take everything whose key begins so
    #[arg(long, short)]
    recursive: bool,
    #[command(flatten)]
    taken: Taken,
    #[command(flatten)]
    doing: Doing,
    #[command(flatten)]
    connection: Options,
}

/// Copies. Ends with 0 when all was copied or skipped as asked, 1 when something was not, 2 when it cannot be done as it is
/// written, 130 when it was interrupted.
#[must_use]
pub fn run_copy(args: &CopyArgs) -> ExitCode {
    end::run(carried(&args.ends, args.version_id.as_deref(), None))
}

/// Moves, and ends as [`run_copy`] does; with 1 also when it was not agreed to, with 2 when nobody could be asked.
#[must_use]
pub fn run_move(args: &MoveArgs) -> ExitCode {
    end::run(carried(&args.ends, None, Some(args.yes)))
}

/// Copies, or moves: `consent` is whether somebody agreed to it already.
async fn carried(ends: &Ends, version_id: Option<&str>, consent: Option<bool>) -> Result<Whole, Stopped> {
    let read = |text: &str| location::exact(text, ends.connection.endpoint());
    let (from, to) = (read(&ends.from)?, read(&ends.to)?);
    if ends.recursive && version_id.is_some() {
        return Err(Usage::VersionOfMany.into());
    }
    let route = Route::new(from.clone(), to, ends.recursive)?;
    // An old version may take the place of the newest.
    if version_id.is_none() {
        route.check(consent.is_some())?;
    }
    let store = ends.connection.connect().await?;
    if ends.recursive && consent == Some(false) && !ends.doing.dry_run && !is_agreed(&store, &from).await? {
        return Ok(Whole::No);
    }
    let job = Arc::new(Job {
        store,
        route,
        moves: consent.is_some(),
        if_exists: ends.taken.if_exists,
        dry_run: ends.doing.dry_run,
        limits: Limits::default(),
        stop: work::interruptible(),
    });
    let mut report = Report::new(ends.doing, Nouns::OBJECTS);
    if !ends.recursive {
        one(&job, &from, version_id, &mut report).await?;
        return report.finish(job.stop.is_cancelled());
    }
    if let Some(place) = job.route.left_out() {
        report.note(&format!("What lies under {} is left out: the copies go there", s3_uri(&from.bucket, &place)));
    }
    let stopped = many(&job, &from, ends.doing.at_once(AT_ONCE), &mut report).await;
    match stopped {
        Err(why) if report.is_empty() => return Err(why),
        Ok(()) if report.is_empty() && !job.stop.is_cancelled() => {
            let uri = s3_uri(&from.bucket, &from.path);
            report.failed(&uri, "There is nothing to copy", &one::Row::nothing(&uri));
            return report.finish(false);
        }
        Ok(()) | Err(_) => {}
    }
    let whole = report.end(job.done_word(), job.stop.is_cancelled());
    stopped?;
    whole
}

async fn is_agreed(store: &Store, from: &Location) -> Result<bool, Stopped> {
    let (mut tally, mut objects) = (Tally::default(), pages::each_object(store, from));
    while let Some(object) = objects.recv().await {
        tally.add(object?.size_bytes);
    }
    let uri = s3_uri(&from.bucket, &from.path);
    Question { doing: "Moving", tally, nouns: Nouns::OBJECTS, place: &uri }.is_agreed()
}

async fn one(job: &Job, from: &Location, version_id: Option<&str>, report: &mut Report) -> Result<(), Stopped> {
    let found = copy::head(&job.store, &from.bucket, &from.path, version_id).await?;
    let source = Source {
        bucket: from.bucket.clone(),
        key: from.path.clone(),
        version_id: version_id.map(str::to_owned),
        etag: found.etag(),
        size_bytes: found.size_bytes(),
        storage_class: found.storage_class().map(str::to_owned),
    };
    let outcome = job.carry(&source, found.modified()).await;
    job.tell(report, &source, outcome);
    Ok(())
}

/// An object, and what became of it; nothing of one that is left out.
type Carried = Option<(Source, Outcome)>;

async fn many(job: &Arc<Job>, from: &Location, at_once: usize, report: &mut Report) -> Result<(), Stopped> {
    let mut stopped = None;
    let left_out = job.route.left_out();
    let left_out = left_out.as_deref();
    let work = |object: Result<ObjectSummary, NoPage>| {
        let (job, bucket) = (Arc::clone(job), from.bucket.clone());
        let is_left_out = object.as_ref().is_ok_and(|it| left_out.is_some_and(|place| it.key.starts_with(place)));
        async move {
            let ObjectSummary { key, size_bytes, modified, etag, storage_class } = object?;
            if is_left_out {
                return Ok(None);
            }
            let source = Source { bucket, key, version_id: None, etag, size_bytes, storage_class };
            let outcome = job.carry(&source, modified).await;
            Ok::<Carried, Stopped>(Some((source, outcome)))
        }
    };
    let told = |carried: Result<Carried, Stopped>| match carried {
        Ok(carried) => {
            if let Some((source, outcome)) = carried {
                job.tell(report, &source, outcome);
                report.show();
            }
            ControlFlow::Continue(())
        }
        Err(why) => {
            stopped.get_or_insert(why);
            ControlFlow::Break(())
        }
    };
    work::each(pages::each_object(&job.store, from), at_once, &job.stop, work, told).await?;
    stopped.map_or(Ok(()), Err)
}
