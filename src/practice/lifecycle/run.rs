//! Letting the rules of all buckets act as if it were a certain moment, while nothing else uses the folder.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::super::error::{Fault, Outcome, PracticeError};
use super::super::home::Home;
use super::super::store::buckets::{self, Bucket};
use super::super::store::list::{self, Query};
use super::super::store::uploads;
use super::super::store::versions::{self, Version};
use super::super::store::{Store, Tx, now_ms};
use super::plan::{self, Standing, Subject, Want, Wanted};

/// Versions read, and changes committed, at a time.
const LOT: usize = 1000;

/// What a rule did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// The object is gone for good, or hidden by a new delete marker.
    Expired {
        /// A delete marker was added.
        marker: bool,
    },
    /// An older version is gone for good.
    RemovedVersion,
    /// A delete marker with nothing below it is gone.
    RemovedMarker,
    /// The version is in another storage class.
    Moved {
        /// Such as `GLACIER`.
        to: String,
    },
    /// A multipart upload was given up.
    AbortedUpload,
}

/// One thing that a rule did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The object.
    pub key: String,
    /// The version, or the upload.
    pub id: String,
    /// The id of the rule.
    pub rule: String,
    /// What it did.
    pub deed: Deed,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, id, rule, deed } = self;
        match deed {
            Deed::Expired { marker: true } => write!(f, "{key}: delete marker added by rule {rule}"),
            Deed::Expired { marker: false } => write!(f, "{key}: expired by rule {rule}"),
            Deed::RemovedVersion => write!(f, "{key}: old version {id} removed by rule {rule}"),
            Deed::RemovedMarker => write!(f, "{key}: delete marker {id} removed by rule {rule}"),
            Deed::Moved { to } => write!(f, "{key}: version {id} moved to {to} by rule {rule}"),
            Deed::AbortedUpload => write!(f, "{key}: upload {id} given up by rule {rule}"),
        }
    }
}

/// What the rules of one bucket did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketOutcome {
    /// The name of the bucket.
    pub bucket: String,
    /// In the order of keys; uploads last.
    pub events: Vec<Event>,
}

/// Lets the rules of every bucket in the folder act once, as if it were `at`. Buckets without rules are not listed.
///
/// One pass: what a rule makes noncurrent today is not removed before a later run. New delete markers carry the time
/// `at`, so that a later run counts their days from there.
///
/// # Errors
/// [`PracticeError::InUse`] while a store serves the folder, and the others when it cannot be read or written.
pub async fn run(dir: &Path, at: Timestamp) -> Result<Vec<BucketOutcome>, PracticeError> {
    let home = Home::open(dir)?;
    let store = Arc::new(Store::open(&home.dir)?);
    let mut outcomes = Vec::new();
    let mut failed = None;
    for bucket in store.buckets.all().into_iter().filter(|bucket| bucket.config.lifecycle.is_some()) {
        match run_bucket(&store, &bucket, at.as_millisecond()).await {
            Ok(events) => outcomes.push(BucketOutcome { bucket: bucket.name.clone(), events }),
            Err(fault) => {
                failed = Some(fault);
                break;
            }
        }
    }
    store.close();
    match failed {
        None => Ok(outcomes),
        Some(Fault::Sql(source)) => Err(PracticeError::Metadata { dir: home.dir.clone(), source }),
        Some(other) => {
            let source = std::io::Error::other(other.to_string());
            Err(PracticeError::Folder { dir: home.dir.clone(), source })
        }
    }
}

async fn run_bucket(store: &Arc<Store>, bucket: &Arc<Bucket>, now: i64) -> Outcome<Vec<Event>> {
    let mut events = Vec::new();
    let mut query = Query { limit: LOT, ..Query::default() };
    // The versions of the last key of a page, which may go on on the next one.
    let mut group: Vec<Version> = Vec::new();
    loop {
        let (reader, asked) = (bucket.id, query.clone());
        let page = store.read(move |db| list::versions(db, reader, &asked)).await?;
        let mut todo = Vec::new();
        for entry in page.entries {
            let list::Entry::Item(version) = entry else { continue };
            if group.first().is_some_and(|first| first.key != version.key) {
                plan_key(bucket, &group, now, &mut todo);
                group.clear();
            }
            group.push(*version);
        }
        let last = page.next.is_none();
        if last {
            plan_key(bucket, &group, now, &mut todo);
        }
        events.extend(carry_out(store, bucket, todo, now).await?);
        if last {
            break;
        }
        query.after = page.next;
    }
    events.extend(abort_uploads(store, bucket, now).await?);
    Ok(events)
}

/// One version and what is wanted of it.
struct Todo {
    key: String,
    version: String,
    marker: bool,
    wanted: Wanted,
}

/// Decides for all versions of one key, the newest first.
fn plan_key(bucket: &Bucket, group: &[Version], now: i64, todo: &mut Vec<Todo>) {
    let mut newer_made = None;
    for (at, version) in group.iter().enumerate() {
        let standing = match newer_made {
            None => Standing::Current { alone: group.len() == 1 },
            Some(since) => Standing::Noncurrent { since, newer: at - 1 },
        };
        newer_made = Some(version.modified);
        // A rule waits for Object Lock, whose time is the clock's.
        let locked = version.meta.lock.protects(now_ms(), false);
        let mut wanted = plan::wants(&bucket.config, &Subject { version, standing }, now);
        wanted.retain(|wanted| !(locked && matches!(wanted.want, Want::Remove)));
        todo.extend(wanted.into_iter().map(|wanted| Todo {
            key: version.key.clone(),
            version: version.version.clone(),
            marker: version.marker,
            wanted,
        }));
    }
}

async fn carry_out(store: &Arc<Store>, bucket: &Arc<Bucket>, todo: Vec<Todo>, now: i64) -> Outcome<Vec<Event>> {
    if todo.is_empty() {
        return Ok(Vec::new());
    }
    let name = bucket.name.clone();
    store
        .write(move |tx| {
            let bucket = buckets::require(tx, &name)?;
            todo.into_iter().map(|one| do_one(tx, &bucket, one, now)).collect()
        })
        .await
}

fn do_one(tx: &Tx<'_>, bucket: &Bucket, todo: Todo, now: i64) -> Outcome<Event> {
    let Todo { key, version, marker, wanted } = todo;
    let deed = match wanted.want {
        Want::Expire => {
            let done = versions::delete(tx, bucket, &key, None)?;
            if done.marker {
                versions::date_current(tx, bucket, &key, now)?;
            }
            Deed::Expired { marker: done.marker }
        }
        Want::Remove => {
            versions::delete_version(tx, bucket, &key, &version, false)?;
            if marker { Deed::RemovedMarker } else { Deed::RemovedVersion }
        }
        Want::Move(class) => {
            versions::amend(tx, bucket, &key, Some(&version), |found| {
                found.meta.storage_class = Some(class.to_owned());
                Ok(())
            })?;
            Deed::Moved { to: class.to_owned() }
        }
    };
    Ok(Event { key, id: version, rule: wanted.rule, deed })
}

async fn abort_uploads(store: &Arc<Store>, bucket: &Arc<Bucket>, now: i64) -> Outcome<Vec<Event>> {
    let bucket = Arc::clone(bucket);
    store
        .write(move |tx| {
            let all = Query { limit: usize::MAX, ..Query::default() };
            let (entries, _) = uploads::list(tx.db(), bucket.id, &all, None)?;
            let mut events = Vec::new();
            for entry in entries {
                let uploads::Entry::Upload(upload) = entry else { continue };
                if let Some(rule) = plan::aborts(&bucket.config, &upload.key, upload.started, now) {
                    uploads::remove(tx, &upload.id)?;
                    events.push(Event { key: upload.key, id: upload.id, rule, deed: Deed::AbortedUpload });
                }
            }
            Ok(events)
        })
        .await
}
