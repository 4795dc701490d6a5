//! `brimful rm`: one object deleted, or everything beneath a prefix, old versions too where that is wished.
//!
//! ```text
//! listing, asked for ahead ─► a page is a request to delete ─► several of them at once ─► a line for each object
//! ```
//!
//! Nothing is held but the pages under way, whatever there is.

use std::fmt;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::mpsc;

use super::common::Doing;
use super::connection::Options;
use super::consent::Question;
use super::end::{self, Stopped, Usage, Whole};
use super::plain::one_line;
use super::report::{Nouns, Report, Tally};
use super::work;
use crate::domain::location::{self, Location};
use crate::domain::object::{ListingPage, ObjectSummary};
use crate::domain::object_url::s3_uri;
use crate::s3::delete::{Doomed, delete_batch, delete_object};
use crate::s3::error::{Kind, S3Error};
use crate::s3::object::head_object;
use crate::s3::pages::{self, Asked};
use crate::s3::store::Store;
use crate::s3::versions::{Version, VersionsPage};

/// So many requests at once; each names up to a thousand objects.
const AT_ONCE: u16 = 8;

/// Arguments of `brimful rm`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to delete, such as s3://bucket/key; read to the letter
    #[arg(value_name = "S3_URI")]
    place: String,
    /// Delete everything whose key begins so
    #[arg(long, short)]
    recursive: bool,
    /// Delete for good: all versions and delete markers
    #[arg(long)]
    versions: bool,
    /// Do not ask before deleting more than one
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    doing: Doing,
    #[command(flatten)]
    connection: Options,
}

/// Deletes. Ends with 0 when all was deleted, 1 when something was not, was not there or was not agreed to, 2 when it cannot
/// be done as it is written or nobody could be asked, 130 when it was interrupted.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(deleted(args))
}

async fn deleted(args: &Args) -> Result<Whole, Stopped> {
    let place = location::exact(&args.place, args.connection.endpoint())?;
    if !args.recursive && place.path.is_empty() {
        return Err(Usage::Bucket(place.bucket).into());
    }
    let store = args.connection.connect().await?;
    let nouns = if args.versions { Nouns::VERSIONS } else { Nouns::OBJECTS };
    let mut report = Report::new(args.doing, nouns);
    if !args.recursive && !args.versions {
        return one(&store, &place, args.doing, report).await;
    }
    if !args.yes && !args.doing.dry_run {
        let tally = match args.versions {
            true => count(pages::versions(&store, &place, !args.recursive)).await?,
            false => count(pages::objects(&store, &place)).await?,
        };
        let uri = s3_uri(&place.bucket, &place.path);
        if !(Question { doing: "Deleting", tally, nouns, place: &uri }).is_agreed()? {
            return Ok(Whole::No);
        }
    }
    let many = Many { store: &store, place: &place, doing: args.doing };
    let stopped = match args.versions {
        true => many.delete(pages::versions(&store, &place, !args.recursive), &mut report).await,
        false => many.delete(pages::objects(&store, &place), &mut report).await,
    };
    match stopped {
        Err(why) if report.is_empty() => return Err(why),
        Ok(false) if report.is_empty() => {
            let row = Row { key: &place.path, version_id: None, size: None, state: "not there", error: None };
            report.failed(&s3_uri(&place.bucket, &place.path), "There is nothing to delete", &row);
            return report.finish(false);
        }
        Ok(_) | Err(_) => {}
    }
    let whole = report.end(verb(args.doing), matches!(stopped, Ok(true)));
    stopped?;
    whole
}

fn verb(doing: Doing) -> &'static str {
    if doing.dry_run { "would be deleted" } else { "deleted" }
}

/// S3 says nothing when what is to be deleted is not there, so it is looked at first.
async fn one(store: &Store, place: &Location, doing: Doing, mut report: Report) -> Result<Whole, Stopped> {
    let Location { bucket, path: key, .. } = place;
    let looked = head_object(store, bucket, key).await;
    let (size, outcome) = match looked {
        Ok(found) => (Some(found.size_bytes), Ok(())),
        // Who may delete need not be allowed to read.
        Err(error) if matches!(error.kind, Kind::Refused(_)) => (None, Ok(())),
        Err(error) => (None, Err(error)),
    };
    let outcome = match outcome {
        Ok(()) if !doing.dry_run => delete_object(store, bucket, key).await,
        outcome => outcome,
    };
    tell(&mut report, bucket, &Entry { key: key.clone(), version_id: None, size_bytes: size }, outcome.err(), doing);
    report.finish(false)
}

/// One object or version that is to go.
struct Entry {
    key: String,
    version_id: Option<String>,
    size_bytes: Option<u64>,
}

/// Those of a page.
struct Batch(Vec<Entry>);

impl From<ListingPage> for Batch {
    fn from(page: ListingPage) -> Self {
        let entry = |it: ObjectSummary| Entry { key: it.key, version_id: None, size_bytes: Some(it.size_bytes) };
        Self(page.objects.into_iter().map(entry).collect())
    }
}

impl From<VersionsPage> for Batch {
    fn from(page: VersionsPage) -> Self {
        let entry = |it: Version| Entry {
            key: it.key,
            version_id: it.id,
            size_bytes: (!it.is_marker).then_some(it.size_bytes),
        };
        Self(page.versions.into_iter().map(entry).collect())
    }
}

/// How many there are, and how large.
async fn count<P: Into<Batch>>(mut pages: mpsc::Receiver<Asked<P>>) -> Result<Tally, Stopped> {
    let mut tally = Tally::default();
    while let Some(page) = pages.recv().await {
        let Batch(entries) = page.page().await?.into();
        entries.iter().for_each(|entry| tally.add(entry.size_bytes.unwrap_or_default()));
    }
    Ok(tally)
}

/// What became of a page: each that failed by its place, with why.
type Outcome = Result<(Vec<Entry>, Result<Vec<(usize, S3Error)>, S3Error>), Stopped>;

struct Many<'a> {
    store: &'a Store,
    place: &'a Location,
    doing: Doing,
}

impl Many<'_> {
    /// Deletes what the pages name. `true` where it was interrupted.
    async fn delete<P>(&self, pages: mpsc::Receiver<Asked<P>>, report: &mut Report) -> Result<bool, Stopped>
    where
        P: Into<Batch> + Send + 'static,
    {
        let interrupt = work::interruptible();
        let mut stopped = None;
        let (store, bucket, dry_run) = (self.store, Arc::<str>::from(self.place.bucket.as_str()), self.doing.dry_run);
        let work = |page: Asked<P>| {
            let (store, bucket) = (store.clone(), Arc::clone(&bucket));
            async move { delete_page(&store, &bucket, page, dry_run).await }
        };
        let told = |outcome: Outcome| match outcome {
            Ok((entries, failed)) => {
                self.tell(report, &entries, failed);
                ControlFlow::Continue(())
            }
            Err(why) => {
                stopped.get_or_insert(why);
                ControlFlow::Break(())
            }
        };
        work::each(pages, self.doing.at_once(AT_ONCE), &interrupt, work, told).await?;
        stopped.map_or_else(|| Ok(interrupt.is_cancelled()), Err)
    }

    fn tell(&self, report: &mut Report, entries: &[Entry], failed: Result<Vec<(usize, S3Error)>, S3Error>) {
        let mut why = vec![];
        let mut whole = None;
        match failed {
            Ok(failed) if failed.is_empty() => {}
            Ok(failed) => {
                why.resize(entries.len(), None);
                for (at, error) in failed {
                    why[at] = Some(error);
                }
            }
            Err(error) => whole = Some(error),
        }
        for (at, entry) in entries.iter().enumerate() {
            let error = whole.clone().or_else(|| why.get_mut(at).and_then(Option::take));
            tell(report, &self.place.bucket, entry, error, self.doing);
        }
        report.show();
    }
}

async fn delete_page<P: Into<Batch>>(store: &Store, bucket: &str, page: Asked<P>, dry_run: bool) -> Outcome {
    let Batch(entries) = page.page().await?.into();
    let doomed: Vec<Doomed<'_>> =
        entries.iter().map(|it| Doomed { key: &it.key, version_id: it.version_id.as_deref() }).collect();
    let failed = match dry_run || doomed.is_empty() {
        true => Ok(Vec::new()),
        false => delete_batch(store, bucket, &doomed).await,
    };
    Ok((entries, failed))
}

/// A line of JSON.
#[derive(Serialize)]
struct Row<'a> {
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<&'a str>,
    size: Option<u64>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// A line of text.
struct Line<'a>(&'static str, &'a str, &'a Entry);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(state, bucket, Entry { key, version_id, .. }) = self;
        write!(f, "{state}  s3://{bucket}/{}", one_line(key))?;
        version_id.as_deref().map_or(Ok(()), |id| write!(f, "  version {}", one_line(id)))
    }
}

fn tell(report: &mut Report, bucket: &str, entry: &Entry, error: Option<S3Error>, doing: Doing) {
    let Entry { key, version_id, size_bytes } = entry;
    let state = if doing.dry_run { "would delete" } else { "deleted" };
    let row = Row { key, version_id: version_id.as_deref(), size: *size_bytes, state, error: None };
    match error {
        None => report.done(size_bytes.unwrap_or_default(), &Line(state, bucket, entry), &row),
        Some(error) => {
            let why = error.sentence();
            report.failed(&s3_uri(bucket, key), &why, &Row { state: "failed", error: Some(&why), ..row });
        }
    }
}
