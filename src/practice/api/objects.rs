//! What the operations on single objects share.

use std::sync::Arc;

use http::HeaderMap;
use s3s::dto::ETagCondition;
use s3s::{S3Error, S3Result};

use super::super::error::{invalid_argument, no_such_key, no_such_version, refuse};
use super::super::store::buckets::{Bucket, Versioning};
use super::super::store::versions::{self, Conditions, Version, is_version_id};
use super::Service;

/// Keys may have this many bytes.
pub(super) const MAX_KEY: usize = 1024;

/// Refuses what cannot be a version id.
pub(super) fn check_version_id(version: Option<&str>) -> S3Result<()> {
    match version {
        Some(id) if !is_version_id(id) => Err(invalid_argument("Invalid version id specified")),
        _ => Ok(()),
    }
}

/// The answer to a read that meets a delete marker or nothing.
pub(super) fn absent(found: Option<&Version>, asked: Option<&str>) -> S3Error {
    let Some(marker) = found else {
        return if asked.is_some() { no_such_version() } else { no_such_key() };
    };
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-delete-marker", http::HeaderValue::from_static("true"));
    if let Ok(id) = http::HeaderValue::from_str(&marker.version) {
        headers.insert("x-amz-version-id", id);
    }
    let mut error = if asked.is_some() {
        headers.insert(http::header::ALLOW, http::HeaderValue::from_static("DELETE"));
        refuse("MethodNotAllowed", "The specified method is not allowed against this resource.")
    } else {
        no_such_key()
    };
    error.set_headers(headers);
    error
}

/// The version id that answers show: none in a bucket that never had versioning.
pub(super) fn shown_version(bucket: &Bucket, version: &Version) -> Option<String> {
    (bucket.config.versioning != Versioning::NeverEnabled).then(|| version.version.clone())
}

/// The conditions on a write, with what there was when it began. Looked up only where something has to hold.
pub(super) async fn write_conditions(
    service: &Service,
    bucket: &Bucket,
    key: &str,
    if_match: Option<ETagCondition>,
    if_none_match: Option<ETagCondition>,
) -> S3Result<Conditions> {
    let conditions = Conditions { if_match, if_none_match, existed: false };
    conditions.supported()?;
    if conditions.is_empty() {
        return Ok(conditions);
    }
    let (id, key) = (bucket.id, key.to_owned());
    let before = service.store.read(move |db| versions::current(db, id, &key)).await?;
    Ok(Conditions { existed: before.is_some_and(|version| !version.marker), ..conditions })
}

/// The version that a request means, unless it is a delete marker or not there.
pub(super) async fn existing(
    service: &Service,
    bucket: &Arc<Bucket>,
    key: String,
    asked: Option<String>,
) -> S3Result<Version> {
    check_version_id(asked.as_deref())?;
    let reader = Arc::clone(bucket);
    let version = service
        .store
        .read(move |db| match versions::read(db, &reader, &key, asked.as_deref())? {
            Some(version) if !version.marker => Ok(version),
            other => Err(absent(other.as_ref(), asked.as_deref()).into()),
        })
        .await?;
    Ok(version)
}
