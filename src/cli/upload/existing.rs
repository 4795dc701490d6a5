//! What is there already, and what that means for a file.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use jiff::Timestamp;
use tokio::runtime::Handle;

use crate::cli::common::IfExists;
use crate::cli::end::Stopped;
use crate::cli::sums;
use crate::domain::key_template::numbered;
use crate::domain::location::Location;
use crate::domain::object_key;
use crate::s3::error::Kind;
use crate::s3::object::{Guard, stored_object};
use crate::s3::pages::{self, NoPage};
use crate::s3::store::Store;

/// What becomes of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Send(Guard),
    /// Under another key.
    SendAs(String),
    Skip,
}

/// An object that is there.
#[derive(Debug, Clone)]
struct There {
    size_bytes: u64,
    modified: Option<Timestamp>,
    etag: Option<String>,
}

/// The objects beneath a place.
pub(super) struct Existing {
    store: Store,
    handle: Handle,
    bucket: String,
    objects: HashMap<String, There>,
    /// Keys that files of this very command get.
    given: HashSet<String>,
}

impl Existing {
    /// Looks at what is there. Where all is replaced, nobody has to; where it may not be listed, the guards tell.
    ///
    /// # Errors
    /// The bucket is not there, or the store cannot be asked.
    pub(super) async fn of(
        store: &Store,
        place: &Location,
        if_exists: IfExists,
        is_one: bool,
    ) -> Result<Self, Stopped> {
        let mut objects = HashMap::new();
        // For one file its guard is enough, unless it has to be compared.
        let needed = match if_exists {
            IfExists::Overwrite => false,
            IfExists::Skip => !is_one,
            IfExists::Rename | IfExists::Newer | IfExists::Different => true,
        };
        if needed {
            let mut found = pages::each_object(store, place);
            while let Some(object) = found.recv().await {
                match object {
                    Ok(object) => {
                        let there =
                            There { size_bytes: object.size_bytes, modified: object.modified, etag: object.etag };
                        objects.insert(object.key, there);
                    }
                    Err(NoPage::Store(error)) if matches!(error.kind, Kind::Refused(_)) => break,
                    Err(why) => return Err(why.into()),
                }
            }
        }
        let (store, bucket) = (store.clone(), place.bucket.clone());
        Ok(Self { store, handle: Handle::current(), bucket, objects, given: HashSet::new() })
    }

    /// Decides. Waits for the disk, and for the store where bytes have to be compared.
    pub(super) fn fate(&mut self, if_exists: IfExists, key: &str, path: &Path, size_bytes: u64) -> Fate {
        if if_exists == IfExists::Overwrite {
            return Fate::Send(Guard::Overwrite);
        }
        let Some(there) = self.objects.get(key) else {
            self.given.insert(key.to_owned());
            return Fate::Send(Guard::IfNoneMatch);
        };
        let replace = match if_exists {
            IfExists::Skip | IfExists::Overwrite => false,
            IfExists::Rename => return Fate::SendAs(self.free(key)),
            IfExists::Newer => is_newer(path, there.modified),
            IfExists::Different => there.size_bytes != size_bytes || !self.holds_the_same(key, there, path),
        };
        match (replace, &there.etag) {
            (false, _) => Fate::Skip,
            // Only over what was looked at.
            (true, Some(etag)) => Fate::Send(Guard::IfMatch(etag.clone())),
            (true, None) => Fate::Send(Guard::Overwrite),
        }
    }

    fn free(&mut self, key: &str) -> String {
        let mut number = 2;
        loop {
            let other = numbered(key, number, object_key::MAX_BYTES);
            if !self.objects.contains_key(&other) && self.given.insert(other.clone()) {
                return other;
            }
            number += 1;
        }
    }

    fn holds_the_same(&self, key: &str, there: &There, path: &Path) -> bool {
        let Some((md5, crc64)) = sums::of_file(path) else { return false };
        if there.etag.as_deref() == Some(&md5) {
            return true;
        }
        let asking = stored_object(&self.store, &self.bucket, key);
        let found = self.handle.block_on(asking);
        found.is_ok_and(|found| found.crc64.is_some() && found.holds(there.size_bytes, Some(crc64), None))
    }
}

fn is_newer(path: &Path, modified: Option<Timestamp>) -> bool {
    let written = std::fs::metadata(path).and_then(|about| about.modified()).ok();
    let written = written.and_then(|time| Timestamp::try_from(time).ok());
    matches!((written, modified), (Some(written), Some(modified)) if written > modified)
}
