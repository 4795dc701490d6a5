//! `brimful upload`: files and folders into a bucket.

mod existing;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokio::sync::mpsc;

use self::existing::{Existing, Fate};
use super::carry::{BATCH, Carrier, Feed, Speed};
use super::common::{Doing, Taken};
use super::connection::Options;
use super::download::ends_with_slash;
use super::end::{self, Stopped, Whole};
use crate::domain::format::counted;
use crate::domain::location::{self, Location};
use crate::images;
use crate::images::location::{WITHOUT_LOCATION, patches_of};
use crate::s3::object::{Guard, ObjectHeaders};
use crate::transfer::walk::{Seen, walk, why};
use crate::transfer::{Batch, Edit, Source, UploadItem};

/// Arguments of `brimful upload`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Files and folders; a folder that ends in / stands for what is in it
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Where to, such as s3://bucket/photos/; read to the letter
    #[arg(value_name = "S3_URI")]
    place: String,
    /// Take hidden files in folders as well
    #[arg(long)]
    hidden: bool,
    /// Send pictures without the place where they were taken; the files stay as they are
    #[arg(long)]
    remove_location: bool,
    /// Content-Type of every file [default: by its name and first bytes]
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
    /// Cache-Control of every file
    #[arg(long, value_name = "VALUE")]
    cache_control: Option<String>,
    /// Storage class of every file, such as STANDARD_IA
    #[arg(long, value_name = "CLASS")]
    storage_class: Option<String>,
    #[command(flatten)]
    taken: Taken,
    #[command(flatten)]
    doing: Doing,
    #[command(flatten)]
    speed: Speed,
    #[command(flatten)]
    connection: Options,
}

/// Uploads. Ends with 0 when all was uploaded or skipped as asked, 1 when something was not, 2 when it cannot be done as it
/// is written, 130 when it was interrupted.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    end::run(uploaded(args))
}

async fn uploaded(args: &Args) -> Result<Whole, Stopped> {
    let place = location::exact(&args.place, args.connection.endpoint())?;
    let carrier = Carrier::start(args.doing, args.speed, Carrier::way(&args.connection.target()), "uploaded")?;
    let store = args.connection.connect().await?;
    let is_one = matches!(args.paths.as_slice(), [path] if path.is_file());
    let existing = Existing::of(&store, &place, args.taken.if_exists, is_one).await?;
    let (send, feed) = mpsc::channel(4);
    let (walked, at) = (args.clone(), place.clone());
    let looking = tokio::task::spawn_blocking(move || Walker::new(&walked, at, existing, send).all(&walked.paths));
    let add = {
        let (bucket, label) = (place.bucket.clone(), place.path.clone());
        move |engine: &crate::transfer::Engine, items: Vec<UploadItem>| {
            let batch = Batch { store: store.clone(), bucket: bucket.clone(), label: label.clone(), items };
            engine.upload(batch)
        }
    };
    let whole = carrier.carry(feed, add, |item: &UploadItem| (item.key.clone(), item.size_bytes)).await;
    looking.await?;
    whole
}

/// The wishes that go by name.
pub(super) fn edit(name: &str) -> Option<Edit> {
    (name == WITHOUT_LOCATION).then(|| Edit::new(WITHOUT_LOCATION, patches_of))
}

/// Looks for files, and hands them on in batches.
struct Walker<'a> {
    args: &'a Args,
    place: Location,
    existing: Existing,
    feed: mpsc::Sender<Feed<UploadItem>>,
    items: Vec<UploadItem>,
    headers: ObjectHeaders,
    hidden: u64,
}

impl<'a> Walker<'a> {
    fn new(args: &'a Args, place: Location, existing: Existing, feed: mpsc::Sender<Feed<UploadItem>>) -> Self {
        let headers = ObjectHeaders {
            content_type: args.content_type.clone(),
            cache_control: args.cache_control.clone(),
            storage_class: args.storage_class.clone(),
            ..ObjectHeaders::default()
        };
        Self { args, place, existing, feed, items: Vec::new(), headers, hidden: 0 }
    }

    fn all(mut self, paths: &[PathBuf]) {
        let hidden = self.args.hidden;
        for path in paths {
            let one = paths.len() == 1 && path.is_file();
            let visit = &mut |seen: Seen| match self.saw(seen, path, one) {
                Ok(()) => ControlFlow::Continue(()),
                Err(Gone) => ControlFlow::Break(()),
            };
            if walk(path, hidden, visit).is_break() {
                return;
            }
        }
        if self.hidden > 0 {
            let files = counted(self.hidden, "hidden file was", "hidden files were");
            // Nobody listens any more when it was interrupted.
            drop(self.tell(Feed::Note(format!("{files} left out. Add --hidden to take them as well"))));
        }
        drop(self.hand_on());
    }

    fn saw(&mut self, seen: Seen, top: &Path, one: bool) -> Result<(), Gone> {
        match seen {
            Seen::File { path, relative, size_bytes } => self.file(path, &relative, size_bytes, top, one),
            Seen::Unreadable { path, error, .. } => self.failed(&path.display().to_string(), &why(&error)),
            Seen::UnreadableFolder { relative, error } => self.failed(&relative, &why(&error)),
            Seen::Special { relative } => {
                self.failed(&relative, "It is no plain file but a pipe, a device or a link to a folder")
            }
            Seen::Hidden { .. } => {
                self.hidden += 1;
                Ok(())
            }
            Seen::EmptyFolder { .. } => Ok(()),
        }
    }

    fn file(&mut self, path: PathBuf, relative: &str, size_bytes: u64, top: &Path, one: bool) -> Result<(), Gone> {
        let key = key_of(&self.place, relative, stands_for_content(top), one);
        let (key, guard) = match self.existing.fate(self.args.taken.if_exists, &key, &path, size_bytes) {
            Fate::Send(guard) => (key, guard),
            Fate::SendAs(other) => (other, Guard::IfNoneMatch),
            Fate::Skip => return self.tell(Feed::Skipped(key)),
        };
        let source = match edit(WITHOUT_LOCATION) {
            Some(edit) if self.args.remove_location && images::may_be_image(&key) => Source::Edited { path, edit },
            _ => Source::Path(path),
        };
        let headers = self.headers.clone();
        self.items.push(UploadItem { source, name: relative.to_owned(), key, size_bytes, headers, guard });
        if self.items.len() >= BATCH { self.hand_on() } else { Ok(()) }
    }

    fn failed(&self, what: &str, why: &str) -> Result<(), Gone> {
        self.tell(Feed::Failed(what.to_owned(), why.to_owned()))
    }

    fn hand_on(&mut self) -> Result<(), Gone> {
        let items = std::mem::take(&mut self.items);
        if items.is_empty() { Ok(()) } else { self.tell(Feed::Batch(items)) }
    }

    fn tell(&self, feed: Feed<UploadItem>) -> Result<(), Gone> {
        self.feed.blocking_send(feed).map_err(|_| Gone)
    }
}

/// Nobody takes files any more.
struct Gone;

/// Whether a folder was named with a `/` at its end.
fn stands_for_content(path: &Path) -> bool {
    ends_with_slash(path)
        || matches!(path.components().next_back(), Some(std::path::Component::CurDir | std::path::Component::ParentDir))
}

/// The key of a file. `relative` begins with the name of what was named.
fn key_of(place: &Location, relative: &str, content_only: bool, one: bool) -> String {
    if one && !place.is_folder() {
        return place.path.clone();
    }
    let below = match content_only {
        true => relative.split_once('/').map_or(relative, |(_, below)| below),
        false => relative,
    };
    let slash = if place.is_folder() { "" } else { "/" };
    format!("{}{slash}{below}", place.path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("photos/", "Trip/a.jpg", false, false, "photos/Trip/a.jpg"; "a folder keeps its name")]
    #[test_case("photos/", "Trip/a.jpg", true, false, "photos/a.jpg"; "what is in it does not")]
    #[test_case("photos", "Trip/a.jpg", true, false, "photos/a.jpg"; "many go beneath a place")]
    #[test_case("", "Trip/a.jpg", false, false, "Trip/a.jpg"; "the bucket itself")]
    #[test_case("photos/", "a.jpg", false, true, "photos/a.jpg"; "one file into a folder")]
    #[test_case("photos/b.jpg", "a.jpg", false, true, "photos/b.jpg"; "one file under another name")]
    fn keys(place: &str, relative: &str, content_only: bool, one: bool, key: &str) {
        let place = Location { bucket: "b".into(), path: place.into(), region: None };
        assert_eq!(key_of(&place, relative, content_only, one), key);
    }

    #[test_case("Trip", false; "a folder")]
    #[test_case("Trip/", true; "with a slash")]
    #[test_case(".", true; "this one")]
    #[test_case("a/..", true; "the one above")]
    fn what_a_folder_stands_for(path: &str, content: bool) {
        assert_eq!(stands_for_content(Path::new(path)), content);
    }
}
