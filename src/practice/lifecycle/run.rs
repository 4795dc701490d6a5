//! Letting the rules of buckets act as if it were a certain moment: of all buckets in a folder that nothing else uses, or
//! of one bucket while its store serves.
//!
//! What is to happen to a key is decided in the transaction that does it, so that what is written meanwhile is safe.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::domain::lifecycle::{Act, Standing};

use super::super::error::{Fault, Outcome, PracticeError};
use super::super::home::Home;
use super::super::store::buckets::{self, Bucket};
use super::super::store::list::{self, Query};
use super::super::store::uploads;
use super::super::store::versions::{self, Version};
use super::super::store::{Store, Tx, now_ms};
use super::plan::{Plan, Wanted, moment};

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
        match run_bucket(&store, &bucket, at).await {
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
        Some(fault) => Err(told(fault, &home.dir)),
    }
}

/// Lets the rules of one bucket act once, as [`run`] does, while the store serves.
pub(in crate::practice) async fn run_one(
    store: &Arc<Store>,
    dir: &Path,
    bucket: &str,
    at: Timestamp,
) -> Result<Vec<Event>, PracticeError> {
    let done = async { run_bucket(store, &store.buckets.get(bucket)?, at).await };
    done.await.map_err(|fault| told(fault, dir))
}

fn told(fault: Fault, dir: &Path) -> PracticeError {
    match fault {
        Fault::Sql(source) => PracticeError::Metadata { dir: dir.to_owned(), source },
        other => PracticeError::Lifecycle(other.to_string()),
    }
}

async fn run_bucket(store: &Arc<Store>, bucket: &Arc<Bucket>, now: Timestamp) -> Outcome<Vec<Event>> {
    let mut events = Vec::new();
    let mut query = Query { limit: LOT, ..Query::default() };
    let plan = Plan::of(&bucket.config, now);
    // The versions of the last key of a page, which may go on on the next one.
    let mut group: Vec<Version> = Vec::new();
    loop {
        let (reader, asked) = (bucket.id, query.clone());
        let page = store.read(move |db| list::versions(db, reader, &asked)).await?;
        let mut keys = Vec::new();
        for entry in page.entries {
            let list::Entry::Item(version) = entry else { continue };
            if group.first().is_some_and(|first| first.key != version.key) {
                keys.extend(wanted_key(&plan, &group));
                group.clear();
            }
            group.push(*version);
        }
        let last = page.next.is_none();
        if last {
            keys.extend(wanted_key(&plan, &group));
        }
        events.extend(carry_out(store, bucket, keys, now).await?);
        if last {
            break;
        }
        query.after = page.next;
    }
    events.extend(abort_uploads(store, bucket, now).await?);
    Ok(events)
}

/// The key of these versions, if anything is wanted of them.
fn wanted_key(plan: &Plan, group: &[Version]) -> Option<String> {
    let first = group.first()?;
    (!plan_key(plan, group).is_empty()).then(|| first.key.clone())
}

/// One version and what is wanted of it.
struct Todo {
    key: String,
    version: String,
    marker: bool,
    wanted: Wanted,
}

/// Decides for all versions of one key, the newest first.
fn plan_key(plan: &Plan, group: &[Version]) -> Vec<Todo> {
    let mut todo = Vec::new();
    let mut newer_made = None;
    for (at, version) in group.iter().enumerate() {
        let standing = match newer_made {
            None => Standing::Current { alone: group.len() == 1 },
            Some(since) => Standing::Noncurrent { since: moment(since), newer: at - 1 },
        };
        newer_made = Some(version.modified);
        // A rule waits for Object Lock, whose time is the clock's.
        let locked = version.meta.lock.protects(now_ms(), false);
        let mut wanted = plan.wants(version, standing);
        wanted.retain(|wanted| !(locked && wanted.act == Act::Remove));
        todo.extend(wanted.into_iter().map(|wanted| Todo {
            key: version.key.clone(),
            version: version.version.clone(),
            marker: version.marker,
            wanted,
        }));
    }
    todo
}

/// Decides anew for each key, by the rules and versions that there are in the transaction, and does it.
async fn carry_out(store: &Arc<Store>, bucket: &Arc<Bucket>, keys: Vec<String>, now: Timestamp) -> Outcome<Vec<Event>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let name = bucket.name.clone();
    store
        .write(move |tx| {
            let bucket = buckets::require(tx, &name)?;
            let plan = Plan::of(&bucket.config, now);
            let mut events = Vec::new();
            for key in keys {
                for todo in plan_key(&plan, &versions_of(tx.db(), bucket.id, &key)?) {
                    events.push(do_one(tx, &bucket, todo, now)?);
                }
            }
            Ok(events)
        })
        .await
}

/// All versions of one key, the newest first.
fn versions_of(db: &Connection, bucket: i64, key: &str) -> Outcome<Vec<Version>> {
    // Most keys have few; those that only begin with this one come after it.
    let mut query = Query { prefix: key.to_owned(), limit: 16, ..Query::default() };
    let mut found = Vec::new();
    loop {
        let page = list::versions(db, bucket, &query)?;
        for entry in page.entries {
            match entry {
                list::Entry::Item(version) if version.key == key => found.push(*version),
                list::Entry::Item(_) | list::Entry::Prefix(_) => return Ok(found),
            }
        }
        if page.next.is_none() {
            return Ok(found);
        }
        query.after = page.next;
    }
}

fn do_one(tx: &Tx<'_>, bucket: &Bucket, todo: Todo, now: Timestamp) -> Outcome<Event> {
    let Todo { key, version, marker, wanted } = todo;
    let deed = match wanted.act {
        Act::Expire => {
            let done = versions::delete(tx, bucket, &key, None)?;
            if done.marker {
                versions::date_current(tx, bucket, &key, now.as_millisecond())?;
            }
            Deed::Expired { marker: done.marker }
        }
        Act::Remove => {
            versions::delete_version(tx, bucket, &key, &version, false)?;
            if marker { Deed::RemovedMarker } else { Deed::RemovedVersion }
        }
        Act::Move(class) => {
            versions::amend(tx, bucket, &key, Some(&version), |found| {
                found.meta.storage_class = Some(class.to_owned());
                Ok(())
            })?;
            Deed::Moved { to: class.to_owned() }
        }
    };
    Ok(Event { key, id: version, rule: wanted.rule, deed })
}

async fn abort_uploads(store: &Arc<Store>, bucket: &Arc<Bucket>, now: Timestamp) -> Outcome<Vec<Event>> {
    let name = bucket.name.clone();
    store
        .write(move |tx| {
            let bucket = buckets::require(tx, &name)?;
            let plan = Plan::of(&bucket.config, now);
            let all = Query { limit: usize::MAX, ..Query::default() };
            let (entries, _) = uploads::list(tx.db(), bucket.id, &all, None)?;
            let mut events = Vec::new();
            for entry in entries {
                let uploads::Entry::Upload(upload) = entry else { continue };
                if let Some(rule) = plan.aborts(&upload.key, upload.started) {
                    uploads::remove(tx, &upload.id)?;
                    events.push(Event { key: upload.key, id: upload.id, rule, deed: Deed::AbortedUpload });
                }
            }
            Ok(events)
        })
        .await
}
