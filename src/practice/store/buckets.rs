//! Buckets and their configuration: rows in the database, mirrored in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::{Connection, OptionalExtension as _, Row};
use s3s::dto;
use serde::{Deserialize, Serialize};

use crate::domain::policy::Policy;
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};

use super::super::acl::Acl;
use super::super::documents::Documents;
use super::super::error::{Outcome, no_such_bucket, refuse};
use super::super::people::Account;
use super::lock::BucketLock;
use super::{Tx, now_ms};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::practice) enum Versioning {
    #[default]
    NeverEnabled,
    Enabled,
    Suspended,
}

/// What is configured on a bucket. `None` means "not configured".
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::practice) struct Config {
    /// `None`: the account of the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) owner: Option<Account>,
    pub(in crate::practice) ownership: Option<ObjectOwnership>,
    pub(in crate::practice) block: Option<BlockPublicAccess>,
    pub(in crate::practice) acl: Acl,
    pub(in crate::practice) policy: Option<String>,
    pub(in crate::practice) versioning: Versioning,
    /// Set: versioning is enabled and stays so.
    pub(in crate::practice) object_lock: Option<BucketLock>,
    pub(in crate::practice) tags: Vec<(String, String)>,
    pub(in crate::practice) cors: Option<dto::CORSConfiguration>,
    pub(in crate::practice) lifecycle: Option<dto::BucketLifecycleConfiguration>,
    pub(in crate::practice) lifecycle_minimum: Option<String>,
    pub(in crate::practice) encryption: Option<dto::ServerSideEncryptionConfiguration>,
    pub(in crate::practice) documents: Documents,
}

impl Default for Config {
    /// A new bucket: ACLs disabled, all public access blocked.
    fn default() -> Self {
        Self {
            owner: None,
            ownership: Some(ObjectOwnership::BucketOwnerEnforced),
            block: Some(BlockPublicAccess::ALL),
            acl: Acl::default(),
            policy: None,
            versioning: Versioning::NeverEnabled,
            object_lock: None,
            tags: Vec::new(),
            cors: None,
            lifecycle: None,
            lifecycle_minimum: None,
            encryption: None,
            documents: Documents::default(),
        }
    }
}

impl Config {
    /// What no setting stored means: ACLs count, the uploader owns.
    pub(in crate::practice) fn ownership(&self) -> ObjectOwnership {
        self.ownership.unwrap_or(ObjectOwnership::ObjectWriter)
    }

    pub(in crate::practice) fn block(&self) -> BlockPublicAccess {
        self.block.unwrap_or_default()
    }
}

/// A bucket as it is now.
#[derive(Debug)]
pub(in crate::practice) struct Bucket {
    pub(in crate::practice) id: i64,
    pub(in crate::practice) name: String,
    pub(in crate::practice) region: String,
    pub(in crate::practice) created: i64,
    pub(in crate::practice) config: Config,
    /// `config.policy`, read.
    pub(in crate::practice) policy: Option<Policy>,
}

impl Bucket {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let text: String = row.get(4)?;
        let broken = |error: Box<dyn std::error::Error + Send + Sync>| {
            rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, error)
        };
        let config: Config = serde_json::from_str(&text).map_err(|error| broken(Box::new(error)))?;
        let policy = match &config.policy {
            None => None,
            Some(text) => Some(Policy::parse(text).map_err(|_| broken("a stored policy cannot be read".into()))?),
        };
        Ok(Self { id: row.get(0)?, name: row.get(1)?, region: row.get(2)?, created: row.get(3)?, config, policy })
    }
}

const COLUMNS: &str = "id, name, region, created, config";

/// All buckets, in memory: every request asks, few change.
pub(in crate::practice) struct Buckets(RwLock<BTreeMap<String, Arc<Bucket>>>);

impl Buckets {
    pub(super) fn load(connection: &Connection) -> Outcome<Self> {
        let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM buckets"))?;
        let mut all = BTreeMap::new();
        for row in statement.query_map([], Bucket::from_row)? {
            let bucket = row?;
            all.insert(bucket.name.clone(), Arc::new(bucket));
        }
        Ok(Self(RwLock::new(all)))
    }

    pub(in crate::practice) fn get(&self, name: &str) -> Outcome<Arc<Bucket>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Ok(all.get(name).cloned().ok_or_else(no_such_bucket)?)
    }

    /// Buckets whose names come after `after`, in the order of their names.
    pub(in crate::practice) fn all(&self) -> Vec<Arc<Bucket>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn put(&self, bucket: Bucket) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(bucket.name.clone(), Arc::new(bucket));
    }

    fn remove(&self, name: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

fn find(connection: &Connection, name: &str) -> Outcome<Option<Bucket>> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM buckets WHERE name = ?1"))?
        .query_row([name], Bucket::from_row)
        .optional()?)
}

/// Makes a bucket, unless it exists.
pub(in crate::practice) fn create(
    tx: &Tx<'_>,
    buckets: &Arc<Buckets>,
    name: &str,
    region: &str,
    config: Config,
) -> Outcome<()> {
    if let Some(found) = find(tx.db(), name)? {
        if found.config.owner != config.owner {
            let message = "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.";
            return Err(refuse("BucketAlreadyExists", message).into());
        }
        let message = "Your previous request to create the named bucket succeeded and you already own it.";
        let mut error = refuse("BucketAlreadyOwnedByYou", message);
        // us-east-1 answers a repeated request of the owner with success, and resets the ACL.
        if region == "us-east-1" && found.region == region {
            return update(tx, buckets, name, |stored| {
                stored.acl = config.acl;
                Ok(())
            });
        }
        error.set_status_code(http::StatusCode::CONFLICT);
        return Err(error.into());
    }
    let created = now_ms();
    tx.db()
        .prepare_cached("INSERT INTO buckets (name, region, created, config) VALUES (?1, ?2, ?3, ?4)")?
        .execute((name, region, created, serde_json::to_string(&config)?))?;
    mirror(tx, buckets, name)
}

/// Shows the bucket as this transaction leaves it to all requests, once it is committed.
fn mirror(tx: &Tx<'_>, buckets: &Arc<Buckets>, name: &str) -> Outcome<()> {
    let bucket = require(tx, name)?;
    let buckets = Arc::clone(buckets);
    tx.after_commit(move || buckets.put(bucket));
    Ok(())
}

/// Changes the configuration of a bucket.
pub(in crate::practice) fn update(
    tx: &Tx<'_>,
    buckets: &Arc<Buckets>,
    name: &str,
    change: impl FnOnce(&mut Config) -> Outcome<()>,
) -> Outcome<()> {
    let mut bucket = find(tx.db(), name)?.ok_or_else(no_such_bucket)?;
    change(&mut bucket.config)?;
    tx.db()
        .prepare_cached("UPDATE buckets SET config = ?2 WHERE id = ?1")?
        .execute((bucket.id, serde_json::to_string(&bucket.config)?))?;
    mirror(tx, buckets, name)
}

/// Removes an empty bucket together with its unfinished uploads.
pub(in crate::practice) fn delete(tx: &Tx<'_>, buckets: &Arc<Buckets>, name: &str) -> Outcome<()> {
    let bucket = find(tx.db(), name)?.ok_or_else(no_such_bucket)?;
    let occupied: Option<(i64, i64)> = tx
        .db()
        .prepare_cached("SELECT marker, state FROM versions WHERE bucket = ?1 LIMIT 1")?
        .query_row([bucket.id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if occupied.is_some() {
        let message = if bucket.config.versioning == Versioning::NeverEnabled {
            "The bucket you tried to delete is not empty"
        } else {
            "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
        };
        return Err(refuse("BucketNotEmpty", message).into());
    }
    super::uploads::remove_all(tx, bucket.id)?;
    tx.db().prepare_cached("DELETE FROM buckets WHERE id = ?1")?.execute([bucket.id])?;
    tx.remove_bucket_dir(bucket.id, name);
    let (buckets, name) = (Arc::clone(buckets), name.to_owned());
    tx.after_commit(move || buckets.remove(&name));
    Ok(())
}

/// The bucket as this transaction sees it: fails when it was deleted meanwhile.
pub(in crate::practice) fn require(tx: &Tx<'_>, name: &str) -> Outcome<Bucket> {
    Ok(find(tx.db(), name)?.ok_or_else(no_such_bucket)?)
}
