//! Versions of objects: how a write, a delete and a read see them.
//!
//! Source of the rules: Amazon S3 User Guide, "Working with objects in a versioning-enabled bucket".

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Row};
use s3s::dto::ETagCondition;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::acl::Acl;
use super::super::checksum::Checksum;
use super::super::error::{Outcome, header_not_implemented, no_such_key, no_such_version, precondition_failed, refuse};
use super::super::people::Account;
use super::buckets::{Bucket, Versioning};
use super::files::Place;
use super::lock::Lock;
use super::{Tx, now_ms};

/// Tags of an object, in the order of their keys.
pub(in crate::practice) type Tags = BTreeMap<String, String>;

/// The version id of objects written without versioning.
pub(in crate::practice) const NULL: &str = "null";

/// What is kept of an object besides its bytes, size and ETag.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::practice) struct Meta {
    pub(in crate::practice) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) cache_control: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) website_redirect: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) storage_class: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(in crate::practice) user: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) encryption: Option<Encryption>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) checksum: Option<Checksum>,
    /// Size and checksum of each part of a multipart upload.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::practice) parts: Vec<PartMeta>,
    /// The multipart upload that the object came of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) upload: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) acl: Option<Acl>,
    /// The account that wrote it and owns it; `None`: the owner of the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) owner: Option<Account>,
    #[serde(skip_serializing_if = "Lock::is_unset")]
    pub(in crate::practice) lock: Lock,
}

/// A part as it went into a finished object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::practice) struct PartMeta {
    pub(in crate::practice) number: u16,
    pub(in crate::practice) size: u64,
    pub(in crate::practice) checksum: Option<String>,
}

/// Server-side encryption as asked for: kept and told, the files themselves are plain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::practice) struct Encryption {
    pub(in crate::practice) algorithm: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) bucket_key: Option<bool>,
}

/// A stored version or delete marker.
#[derive(Debug, Clone)]
pub(in crate::practice) struct Version {
    pub(in crate::practice) seq: i64,
    pub(in crate::practice) key: String,
    pub(in crate::practice) version: String,
    pub(in crate::practice) current: bool,
    pub(in crate::practice) marker: bool,
    pub(in crate::practice) place: Place,
    pub(in crate::practice) size: u64,
    pub(in crate::practice) etag: String,
    /// Milliseconds since 1970.
    pub(in crate::practice) modified: i64,
    pub(in crate::practice) meta: Meta,
    pub(in crate::practice) tags: Tags,
}

pub(super) const COLUMNS: &str = "seq, key, version, state, marker, file, path, size, etag, modified, meta, tags";

impl Version {
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let json = |column: usize| -> rusqlite::Result<String> { row.get(column) };
        let broken = |column: usize, error: serde_json::Error| {
            rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
        };
        Ok(Self {
            seq: row.get(0)?,
            key: key_from(row.get(1)?),
            version: row.get(2)?,
            current: row.get::<_, i64>(3)? != 0,
            marker: row.get(4)?,
            place: Place { file: row.get(5)?, path: row.get(6)? },
            size: u64::try_from(row.get::<_, i64>(7)?).unwrap_or_default(),
            etag: row.get(8)?,
            modified: row.get(9)?,
            meta: serde_json::from_str(&json(10)?).map_err(|error| broken(10, error))?,
            tags: serde_json::from_str(&json(11)?).map_err(|error| broken(11, error))?,
        })
    }
}

pub(super) fn key_from(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// An object on its way in.
#[derive(Debug, Clone)]
pub(in crate::practice) struct NewVersion {
    pub(in crate::practice) key: String,
    pub(in crate::practice) place: Place,
    pub(in crate::practice) size: u64,
    pub(in crate::practice) etag: String,
    pub(in crate::practice) meta: Meta,
    pub(in crate::practice) tags: Tags,
}

/// `If-Match` and `If-None-Match` on a write.
#[derive(Debug, Clone, Default)]
pub(in crate::practice) struct Conditions {
    pub(in crate::practice) if_match: Option<ETagCondition>,
    pub(in crate::practice) if_none_match: Option<ETagCondition>,
    /// The object was there when the request began: that it is gone at the end is a conflict.
    pub(in crate::practice) existed: bool,
}

impl Conditions {
    /// True when nothing has to hold.
    pub(in crate::practice) fn is_empty(&self) -> bool {
        self.if_match.is_none() && self.if_none_match.is_none()
    }

    /// Refuses the forms that S3 does not offer on writes.
    pub(in crate::practice) fn supported(&self) -> Outcome<()> {
        let header = match (&self.if_match, &self.if_none_match) {
            (Some(_), Some(_)) => "If-Match,If-None-Match",
            (Some(ETagCondition::Any), None) => "If-Match",
            (None, Some(ETagCondition::ETag(_))) => "If-None-Match",
            _ => return Ok(()),
        };
        Err(header_not_implemented(header).into())
    }

    fn check(&self, current: Option<&Version>) -> Outcome<()> {
        let current = current.filter(|version| !version.marker);
        if self.existed && current.is_none() && !self.is_empty() {
            let message =
                "The conditional request cannot succeed due to a conflicting operation against this resource.";
            return Err(refuse("ConditionalRequestConflict", message).into());
        }
        if self.if_none_match.is_some() && current.is_some() {
            return Err(precondition_failed("If-None-Match").into());
        }
        if let Some(ETagCondition::ETag(wanted)) = &self.if_match {
            match current {
                None => return Err(no_such_key().into()),
                Some(version) if version.etag != wanted.value() => return Err(precondition_failed("If-Match").into()),
                Some(_) => {}
            }
        }
        Ok(())
    }
}

/// What a write or a delete did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::practice) struct Done {
    /// The version written or removed, where the bucket has ever had versioning.
    pub(in crate::practice) version: Option<String>,
    /// A delete marker was made or removed.
    pub(in crate::practice) marker: bool,
}

/// A new version id: 32 characters, as AWS makes them. They begin with the place of the version in the order of all
/// versions, so that a listing goes on after a version that has been deleted meanwhile.
fn new_version_id(seq: i64) -> String {
    let random = Uuid::new_v4().simple().to_string();
    // The 13th digit tells these from the random ids of format 1, which have a 4 there.
    format!("{seq:012x}8{}", &random[13..])
}

/// The place that a version id tells of; `None` for `null` and for ids of format 1.
pub(in crate::practice) fn place_in_order(version: &str) -> Option<i64> {
    let (place, rest) = version.split_at_checked(12)?;
    (rest.len() == 20 && rest.starts_with('8')).then(|| i64::from_str_radix(place, 16).ok()).flatten()
}

/// True when `text` could be a version id of this store.
pub(in crate::practice) fn is_version_id(text: &str) -> bool {
    text == NULL || (text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The version that a read without version id sees; it may be a delete marker.
pub(in crate::practice) fn current(db: &Connection, bucket: i64, key: &str) -> Outcome<Option<Version>> {
    let sql = ["SELECT ", COLUMNS, " FROM versions WHERE bucket = ?1 AND key = ?2 ORDER BY seq DESC LIMIT 1"].concat();
    Ok(db.prepare_cached(&sql)?.query_row((bucket, key.as_bytes()), Version::from_row).optional()?)
}

/// A version by its id. Costs the same however many versions the key has, except for ids of format 1.
pub(in crate::practice) fn by_id(db: &Connection, bucket: i64, key: &str, version: &str) -> Outcome<Option<Version>> {
    let one = "FROM versions WHERE bucket = ?1 AND key = ?2 AND version = ?3";
    if let Some(seq) = place_in_order(version) {
        let sql = ["SELECT ", COLUMNS, " ", one, " AND seq = ?4"].concat();
        let found =
            db.prepare_cached(&sql)?.query_row((bucket, key.as_bytes(), version, seq), Version::from_row).optional()?;
        return Ok(found);
    }
    if version == NULL {
        let newest = current(db, bucket, key)?.filter(|newest| newest.version == NULL);
        return if newest.is_some() { Ok(newest) } else { older_null(db, bucket, key) };
    }
    let sql = ["SELECT ", COLUMNS, " ", one].concat();
    Ok(db.prepare_cached(&sql)?.query_row((bucket, key.as_bytes(), version), Version::from_row).optional()?)
}

/// The `null` version of a key where it is not the current one.
fn older_null(db: &Connection, bucket: i64, key: &str) -> Outcome<Option<Version>> {
    let sql = [
        "SELECT ",
        COLUMNS,
        " FROM versions WHERE bucket = ?1 AND key = ?2 AND state = 0 AND version = 'null' LIMIT 1",
    ]
    .concat();
    Ok(db.prepare_cached(&sql)?.query_row((bucket, key.as_bytes()), Version::from_row).optional()?)
}

/// The newest version of `key` that came of this multipart upload.
pub(in crate::practice) fn of_upload(
    db: &Connection,
    bucket: i64,
    key: &str,
    upload: &str,
) -> Outcome<Option<Version>> {
    let sql = ["SELECT ", COLUMNS, " FROM versions WHERE bucket = ?1 AND key = ?2 ORDER BY seq DESC"].concat();
    let mut statement = db.prepare_cached(&sql)?;
    let mut versions = statement.query_map((bucket, key.as_bytes()), Version::from_row)?;
    let found = versions
        .find(|version| version.as_ref().map_or(true, |version| version.meta.upload.as_deref() == Some(upload)));
    Ok(found.transpose()?)
}

/// Writes an object whose bytes wait in `incoming/`.
pub(in crate::practice) fn put(
    tx: &Tx<'_>,
    bucket: &Bucket,
    new: &NewVersion,
    conditions: &Conditions,
) -> Outcome<Done> {
    let before = current(tx.db(), bucket.id, &new.key)?;
    conditions.check(before.as_ref())?;
    tx.land(&new.place)?;
    let seq = next_seq(tx)?;
    let version = make_room(tx, bucket, &new.key, before, seq)?;
    let default = bucket.config.object_lock.and_then(|lock| lock.default).filter(|_| new.meta.lock.retention.is_none());
    let mut meta = Cow::Borrowed(&new.meta);
    if let Some(default) = default {
        meta.to_mut().lock.retention = Some(default.from(now_ms()));
    }
    insert(tx, bucket.id, seq, new, &meta, &version, false)?;
    Ok(Done { version: (bucket.config.versioning != Versioning::NeverEnabled).then_some(version), marker: false })
}

/// Gives up the current place of a key, and in a bucket without versioning its `null` version; returns the id to use.
fn make_room(tx: &Tx<'_>, bucket: &Bucket, key: &str, before: Option<Version>, seq: i64) -> Outcome<String> {
    let enabled = bucket.config.versioning == Versioning::Enabled;
    let null = match (&before, enabled) {
        (_, true) => None,
        (Some(version), false) if version.version == NULL => before.clone(),
        (_, false) if bucket.config.versioning == Versioning::Suspended => older_null(tx.db(), bucket.id, key)?,
        (_, false) => None,
    };
    if let Some(null) = &null {
        erase(tx, null)?;
    }
    if let Some(before) = before.filter(|before| null.as_ref().is_none_or(|null| null.seq != before.seq)) {
        tx.db().prepare_cached("UPDATE versions SET state = 0 WHERE seq = ?1")?.execute([before.seq])?;
    }
    Ok(if enabled { new_version_id(seq) } else { NULL.to_owned() })
}

/// The place of the next version in the order of all versions: never used before, also not by one that is gone.
fn next_seq(tx: &Tx<'_>) -> Outcome<i64> {
    let last: Option<i64> = tx
        .db()
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'versions'")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0) + 1)
}

fn insert(
    tx: &Tx<'_>,
    bucket: i64,
    seq: i64,
    new: &NewVersion,
    meta: &Meta,
    version: &str,
    marker: bool,
) -> Outcome<()> {
    tx.db()
        .prepare_cached(
            "INSERT INTO versions (bucket, key, version, state, marker, file, path, size, etag, modified, meta, tags, seq)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute((
            bucket,
            new.key.as_bytes(),
            version,
            if marker { 2 } else { 1 },
            marker,
            new.place.file,
            &new.place.path,
            i64::try_from(new.size).unwrap_or(i64::MAX),
            &new.etag,
            now_ms(),
            serde_json::to_string(meta)?,
            serde_json::to_string(&new.tags)?,
            seq,
        ))?;
    Ok(())
}

fn erase(tx: &Tx<'_>, version: &Version) -> Outcome<()> {
    tx.db().prepare_cached("DELETE FROM versions WHERE seq = ?1")?.execute([version.seq])?;
    if !version.marker {
        tx.discard(&version.place)?;
    }
    Ok(())
}

/// Deletes a key as a request without version id does. `if_match` must hold for the current object.
pub(in crate::practice) fn delete(
    tx: &Tx<'_>,
    bucket: &Bucket,
    key: &str,
    if_match: Option<&ETagCondition>,
) -> Outcome<Done> {
    let before = current(tx.db(), bucket.id, key)?;
    if let Some(wanted) = if_match {
        let object = before.as_ref().filter(|version| !version.marker).ok_or_else(no_such_key)?;
        if let ETagCondition::ETag(wanted) = wanted
            && object.etag != wanted.value()
        {
            return Err(precondition_failed("If-Match").into());
        }
    }
    if bucket.config.versioning == Versioning::NeverEnabled {
        if let Some(before) = before {
            erase(tx, &before)?;
        }
        return Ok(Done { version: None, marker: false });
    }
    let seq = next_seq(tx)?;
    let version = make_room(tx, bucket, key, before, seq)?;
    let marker = NewVersion {
        key: key.to_owned(),
        place: Place { file: 0, path: String::new() },
        size: 0,
        etag: String::new(),
        meta: Meta::default(),
        tags: Tags::new(),
    };
    insert(tx, bucket.id, seq, &marker, &marker.meta, &version, true)?;
    Ok(Done { version: Some(version), marker: true })
}

/// Deletes one version for good, unless Object Lock protects it; `bypass` is the right to override governance.
/// Deleting what is not there succeeds.
pub(in crate::practice) fn delete_version(
    tx: &Tx<'_>,
    bucket: &Bucket,
    key: &str,
    version: &str,
    bypass: bool,
) -> Outcome<Done> {
    let Some(found) = by_id(tx.db(), bucket.id, key, version)? else {
        return Ok(Done { version: Some(version.to_owned()), marker: false });
    };
    if found.meta.lock.protects(now_ms(), bypass) {
        return Err(refuse("AccessDenied", "Access Denied because object protected by object lock.").into());
    }
    erase(tx, &found)?;
    if found.current {
        tx.db()
            .prepare_cached(
                "UPDATE versions SET state = 1 + marker
                 WHERE seq = (SELECT max(seq) FROM versions WHERE bucket = ?1 AND key = ?2)",
            )?
            .execute((bucket.id, key.as_bytes()))?;
    }
    Ok(Done { version: Some(version.to_owned()), marker: found.marker })
}

/// Gives the newest version of a key another time: for what a rule does as if it were that time.
pub(in crate::practice) fn date_current(tx: &Tx<'_>, bucket: &Bucket, key: &str, modified: i64) -> Outcome<()> {
    tx.db()
        .prepare_cached(
            "UPDATE versions SET modified = ?3
             WHERE seq = (SELECT max(seq) FROM versions WHERE bucket = ?1 AND key = ?2)",
        )?
        .execute((bucket.id, key.as_bytes(), modified))?;
    Ok(())
}

/// Changes tags, ACL, lock or other metadata of a stored version in place.
pub(in crate::practice) fn amend(
    tx: &Tx<'_>,
    bucket: &Bucket,
    key: &str,
    version: Option<&str>,
    change: impl FnOnce(&mut Version) -> Outcome<()>,
) -> Outcome<Version> {
    let found = match version {
        Some(id) => by_id(tx.db(), bucket.id, key, id)?.ok_or_else(no_such_version)?,
        None => current(tx.db(), bucket.id, key)?.filter(|version| !version.marker).ok_or_else(no_such_key)?,
    };
    if found.marker {
        return Err(refuse("MethodNotAllowed", "The specified method is not allowed against this resource.").into());
    }
    let mut changed = found;
    change(&mut changed)?;
    tx.db().prepare_cached("UPDATE versions SET meta = ?2, tags = ?3 WHERE seq = ?1")?.execute((
        changed.seq,
        serde_json::to_string(&changed.meta)?,
        serde_json::to_string(&changed.tags)?,
    ))?;
    Ok(changed)
}

/// A version together with its bucket, for a request that reads.
pub(in crate::practice) fn read(
    db: &Connection,
    bucket: &Arc<Bucket>,
    key: &str,
    version: Option<&str>,
) -> Outcome<Option<Version>> {
    match version {
        Some(id) => by_id(db, bucket.id, key, id),
        None => current(db, bucket.id, key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_id_tells_its_place_and_nothing_else_does() {
        let id = new_version_id(0x0012_3456_789a);
        assert!(is_version_id(&id), "{id}");
        assert_eq!(place_in_order(&id), Some(0x0012_3456_789a));
        assert_ne!(new_version_id(1), new_version_id(1));
        assert_eq!(place_in_order(&Uuid::new_v4().simple().to_string()), None);
        assert_eq!(place_in_order(NULL), None);
        assert_eq!(place_in_order("12345678901é8"), None);
    }
}
