//! `brimful ls`: the buckets of a store, what is in one of them, and its old versions.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::connection::Options;
use super::end::{self, Stopped, Whole};
use super::plain::one_line;
use crate::domain::bucket::BucketSummary;
use crate::domain::location::{self, Location};
use crate::domain::object::{ListingPage, ObjectSummary};
use crate::s3::bucket;
use crate::s3::pages::{self, Asked};
use crate::s3::store::Store;
use crate::s3::versions::{Version, VersionsPage, list_object_versions};

/// Arguments of `brimful ls`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Where to look, such as s3://bucket/photos/ [default: all buckets]
    #[arg(value_name = "S3_URI")]
    place: Option<String>,
    /// List everything beneath, not only the next level
    #[arg(long, short)]
    recursive: bool,
    /// List old versions and delete markers as well
    #[arg(long)]
    versions: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Options,
}

/// Lists. Ends with 0 when all was listed, 1 when it broke off, 2 when the place names no bucket.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(async { listed(args).await.map(|()| Whole::Yes) })
}

async fn listed(args: &Args) -> Result<(), Stopped> {
    let place = args.place.as_deref().map(|place| location::parse(place, args.connection.endpoint())).transpose()?;
    let store = args.connection.connect().await?;
    let place = match place {
        Some(place) if !args.versions => return objects(&store, &place, args.recursive, args.json).await,
        other => other,
    };
    let mut out = Lines::to_stdout(args.json);
    match place {
        None => out.buckets(&bucket::list_buckets(&store).await?)?,
        Some(place) => versions(&store, &place, &mut out).await?,
    }
    Ok(out.to.flush()?)
}

/// Asking goes on in the thread that waits, writing in one of its own: the workers are busy reading pages, and news for a
/// task would wait behind the page of the worker that brings it.
async fn objects(store: &Store, place: &Location, deep: bool, json: bool) -> Result<(), Stopped> {
    let (send, pages) = pages::queue();
    let handle = Handle::current();
    let written = tokio::task::spawn_blocking(move || write_pages(&handle, pages, json));
    pages::ask(store.clone(), place.clone(), deep, send).await;
    written.await?
}

fn write_pages(handle: &Handle, mut pages: mpsc::Receiver<Asked<ListingPage>>, json: bool) -> Result<(), Stopped> {
    let mut out = Lines::to_stdout(json);
    while let Some(page) = pages.blocking_recv() {
        out.page(&handle.block_on(page.page())?)?;
    }
    Ok(out.to.flush()?)
}

async fn versions<W: Write>(store: &Store, place: &Location, out: &mut Lines<W>) -> Result<(), Stopped> {
    let mut after = None;
    loop {
        let VersionsPage { versions, next } =
            list_object_versions(store, &place.bucket, &place.path, after.as_ref()).await?;
        versions.iter().try_for_each(|version| out.version(version))?;
        after = next;
        if after.is_none() {
            return Ok(());
        }
    }
}

/// Writes entries, a line each.
struct Lines<W> {
    to: W,
    json: bool,
}

impl Lines<BufWriter<io::StdoutLock<'static>>> {
    fn to_stdout(json: bool) -> Self {
        Self { to: BufWriter::with_capacity(1 << 16, io::stdout().lock()), json }
    }
}

impl<W: Write> Lines<W> {
    fn buckets(&mut self, buckets: &[BucketSummary]) -> io::Result<()> {
        for bucket in buckets {
            let BucketSummary { name, region, created } = bucket;
            if self.json {
                self.object(&json!({ "bucket": name, "region": region, "created": created }))?;
            } else {
                let region = region.as_deref().map(|region| format!("  {region}")).unwrap_or_default();
                writeln!(self.to, "{}  {name}{region}", date(created.as_ref()))?;
            }
        }
        Ok(())
    }

    fn page(&mut self, page: &ListingPage) -> io::Result<()> {
        for folder in &page.folders {
            if self.json {
                self.object(&json!({ "prefix": folder }))?;
            } else {
                writeln!(self.to, "{:20} {:>13}  {}", "", "folder", one_line(folder))?;
            }
        }
        for ObjectSummary { key, size_bytes, modified, etag, storage_class } in &page.objects {
            if self.json {
                self.object(&json!({
                    "key": key, "size": size_bytes, "last_modified": modified, "etag": etag,
                    "storage_class": storage_class.as_deref().unwrap_or("STANDARD"),
                }))?;
            } else {
                writeln!(self.to, "{} {size_bytes:>13}  {}", date(modified.as_ref()), one_line(key))?;
            }
        }
        Ok(())
    }

    fn version(&mut self, version: &Version) -> io::Result<()> {
        let Version { key, id, size_bytes, is_latest, is_marker, made, class } = version;
        if self.json {
            return self.object(&json!({
                "key": key, "version_id": id, "size": (!is_marker).then_some(size_bytes), "last_modified": made,
                "is_latest": is_latest, "delete_marker": is_marker, "storage_class": class,
            }));
        }
        let size = if *is_marker { "deleted".to_owned() } else { size_bytes.to_string() };
        let state = if *is_latest { "latest" } else { "old" };
        let id = one_line(id.as_deref().unwrap_or("null"));
        writeln!(self.to, "{} {size:>13}  {state:6}  {id:32}  {}", date(made.as_ref()), one_line(key))
    }

    fn object(&mut self, value: &Value) -> io::Result<()> {
        writeln!(self.to, "{value}")
    }
}

/// In UTC, to the second, which sorts as text; as much room where it is not known.
pub(super) fn date(at: Option<&jiff::Timestamp>) -> String {
    at.map_or_else(|| format!("{:20}", "-"), |at| format!("{at:.0}"))
}
