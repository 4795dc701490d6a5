//! `brimful download`: objects onto this computer.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::carry::{BATCH, Carrier, Feed, Speed};
use super::common::{Doing, IfExists, Taken};
use super::connection::Options;
use super::end::{self, Stopped, Whole};
use crate::domain::location::{self, Location};
use crate::domain::object::ObjectSummary;
use crate::domain::object_key;
use crate::domain::object_url::s3_uri;
use crate::s3::error::{Kind, Thing};
use crate::s3::object::stored_object;
use crate::s3::pages;
use crate::s3::store::Store;
use crate::transfer::{DownloadItem, Engine};

/// Arguments of `brimful download`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to fetch: an object, such as s3://bucket/photos/a.jpg, or everything in a folder, such as s3://bucket/photos/
    #[arg(value_name = "S3_URI")]
    place: String,
    /// Where to: a folder, or for one object also a file
    #[arg(value_name = "PATH")]
    path: PathBuf,
    #[command(flatten)]
    taken: Taken,
    #[command(flatten)]
    doing: Doing,
    #[command(flatten)]
    speed: Speed,
    #[command(flatten)]
    connection: Options,
}

/// Downloads. Ends with 0 when all was downloaded or skipped as asked, 1 when something was not, 2 when it cannot be done
/// as it is written, 130 when it was interrupted.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(downloaded(args))
}

async fn downloaded(args: &Args) -> Result<Whole, Stopped> {
    let place = location::exact(&args.place, args.connection.endpoint())?;
    let carrier = Carrier::start(args.doing, args.speed, Carrier::way(&args.connection.target()), "downloaded")?;
    let store = args.connection.connect().await?;
    let (send, feed) = mpsc::channel(4);
    let add = {
        let (store, bucket) = (store.clone(), place.bucket.clone());
        move |engine: &Engine, items: Vec<DownloadItem>| engine.download(store.clone(), &bucket, items)
    };
    let finder = Finder { store, place, path: args.path.clone(), if_exists: args.taken.if_exists, feed: send };
    let looking = tokio::spawn(finder.all());
    let whole = carrier.carry(feed, add, |item: &DownloadItem| (item.key.clone(), item.size_bytes)).await;
    looking.await?;
    whole
}

/// Looks for objects, and hands them on in batches.
struct Finder {
    store: Store,
    place: Location,
    path: PathBuf,
    if_exists: IfExists,
    feed: mpsc::Sender<Feed<DownloadItem>>,
}

impl Finder {
    async fn all(self) {
        if let Err(stopped) = self.found().await {
            // Nobody listens any more when it was interrupted.
            let _ = self.feed.send(Feed::Stopped(stopped)).await;
        }
    }

    async fn found(&self) -> Result<(), Stopped> {
        if self.place.is_folder() {
            return self.folder(&self.place).await;
        }
        match stored_object(&self.store, &self.place.bucket, &self.place.path).await {
            Ok(there) => {
                let name = self.place.path.rsplit('/').next().unwrap_or_default();
                let into_folder = self.path.is_dir() || ends_with_slash(&self.path);
                let dest = if into_folder { self.path.join(object_key::local_name(name)) } else { self.path.clone() };
                let key = self.place.path.clone();
                let object = ObjectSummary {
                    key,
                    size_bytes: there.size_bytes,
                    modified: there.modified,
                    etag: there.etag,
                    storage_class: None,
                };
                let items = self.item(object, dest).await.into_iter().collect();
                // Nobody listens any more when it was interrupted.
                let _ = self.feed.send(Feed::Batch(items)).await;
                Ok(())
            }
            // No object; a folder of that name, perhaps.
            Err(error) if matches!(error.kind, Kind::NotThere(Thing::Object | Thing::Something)) => {
                let below = Location { path: format!("{}/", self.place.path), ..self.place.clone() };
                self.folder(&below).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn folder(&self, place: &Location) -> Result<(), Stopped> {
        let mut pages = pages::objects(&self.store, place);
        let mut items = Vec::new();
        let mut any = false;
        while let Some(page) = pages.recv().await {
            for object in page.page().await?.objects {
                any = true;
                let below = object.key.strip_prefix(&place.path).filter(|below| !below.is_empty());
                // The mark of an empty folder is no file.
                let Some(below) = below.filter(|below| !(below.ends_with('/') && object.size_bytes == 0)) else {
                    continue;
                };
                let dest = self.path.join(object_key::local_path(below));
                items.extend(self.item(object, dest).await);
                if items.len() >= BATCH && self.feed.send(Feed::Batch(std::mem::take(&mut items))).await.is_err() {
                    return Ok(());
                }
            }
        }
        if !any {
            let uri = s3_uri(&place.bucket, &place.path);
            let _ = self.feed.send(Feed::Failed(uri, "There is nothing to download".to_owned())).await;
        } else if !items.is_empty() {
            let _ = self.feed.send(Feed::Batch(items)).await;
        }
        Ok(())
    }

    /// What is to be fetched of an object, if anything.
    async fn item(&self, object: ObjectSummary, dest: PathBuf) -> Option<DownloadItem> {
        let replace = match self.if_exists {
            IfExists::Rename => false,
            IfExists::Overwrite => true,
            _ => match std::fs::metadata(&dest) {
                Err(_) => false,
                Ok(there) => {
                    let written = there.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
                    let is_wanted = match self.if_exists {
                        IfExists::Newer => {
                            matches!((object.modified, written), (Some(stored), Some(written)) if stored > written)
                        }
                        IfExists::Different => {
                            there.len() != object.size_bytes || !self.is_the_same(&object, &dest).await
                        }
                        IfExists::Skip | IfExists::Overwrite | IfExists::Rename => false,
                    };
                    if !is_wanted {
                        let _ = self.feed.send(Feed::Skipped(object.key)).await;
                        return None;
                    }
                    true
                }
            },
        };
        Some(DownloadItem { key: object.key, size_bytes: object.size_bytes, dest, replace })
    }

    async fn is_the_same(&self, object: &ObjectSummary, dest: &Path) -> bool {
        let path = dest.to_owned();
        let Ok(Some((md5, crc64))) = tokio::task::spawn_blocking(move || super::sums::of_file(&path)).await else {
            return false;
        };
        if object.etag.as_deref() == Some(&md5) {
            return true;
        }
        let found = stored_object(&self.store, &self.place.bucket, &object.key).await;
        found.is_ok_and(|found| found.crc64.is_some() && found.holds(object.size_bytes, Some(crc64), None))
    }
}

/// Whether a path is written as that of a folder.
pub(super) fn ends_with_slash(path: &Path) -> bool {
    let last = path.as_os_str().as_encoded_bytes().last();
    last.is_some_and(|last| *last == b'/' || *last == std::path::MAIN_SEPARATOR as u8)
}
