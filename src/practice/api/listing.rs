//! Listings of objects and versions.
//!
//! Source of the rules: Amazon S3 API Reference, "ListObjectsV2", "ListObjects", "ListObjectVersions".

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::error::invalid_argument;
use super::super::store::buckets::Bucket;
use super::super::store::list::{self, After, Entry, Page, Query};
use super::super::store::versions::{self, Version};
use super::headers;
use super::{Service, etag, ok, timestamp};

/// A page shows at most this many entries.
const MAX_PAGE: usize = 1000;

/// What `encoding-type=url` leaves as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b'/');

pub(super) fn encode_url(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// How keys are written in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Plain,
    Url,
}

impl Encoding {
    pub(super) fn read(asked: Option<&dto::EncodingType>) -> S3Result<Self> {
        match asked.map(dto::EncodingType::as_str) {
            None => Ok(Self::Plain),
            Some("url") => Ok(Self::Url),
            Some(_) => Err(invalid_argument("Invalid Encoding Method specified in Request")),
        }
    }

    pub(super) fn apply(self, text: String) -> String {
        match self {
            Self::Plain => text,
            Self::Url => encode_url(&text),
        }
    }
}

/// The size of a page from `max-keys` and its like.
pub(super) fn page_size(asked: Option<i32>, name: &str) -> S3Result<usize> {
    match asked {
        None => Ok(MAX_PAGE),
        Some(count) => usize::try_from(count)
            .map(|count| count.min(MAX_PAGE))
            .map_err(|_| invalid_argument(format!("Argument {name} must be an integer between 0 and 2147483647"))),
    }
}

/// A continuation token: opaque to clients, the place to go on for us.
pub(super) fn make_token(place: &str) -> String {
    format!("1{}", super::super::base64::encode(place.as_bytes()))
}

pub(super) fn read_token(token: &str) -> S3Result<String> {
    token
        .strip_prefix('1')
        .and_then(super::super::base64::decode)
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| invalid_argument("The continuation token provided is incorrect"))
}

fn token_of(after: &After) -> String {
    match after {
        After::Key(key) | After::Version { key, .. } => make_token(&format!("k{key}")),
        After::Prefix(prefix) => make_token(&format!("p{prefix}")),
    }
}

fn after_of(token: &str) -> S3Result<After> {
    let place = read_token(token)?;
    let wrong = || invalid_argument("The continuation token provided is incorrect");
    match (place.get(..1), place.get(1..)) {
        (Some("k"), Some(key)) => Ok(After::Key(key.to_owned())),
        (Some("p"), Some(prefix)) => Ok(After::Prefix(prefix.to_owned())),
        _ => Err(wrong()),
    }
}

fn class(version: &Version) -> String {
    version.meta.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned())
}

/// Objects and common prefixes of a page, as both listings show them.
fn shown(
    owners: Option<(&Service, &Bucket)>,
    page: Page,
    encoding: Encoding,
) -> (Vec<dto::Object>, Vec<dto::CommonPrefix>) {
    let mut objects = Vec::new();
    let mut prefixes = Vec::new();
    for entry in page.entries {
        match entry {
            Entry::Prefix(prefix) => prefixes.push(dto::CommonPrefix { prefix: Some(encoding.apply(prefix)) }),
            Entry::Item(version) => {
                let checksum = version.meta.checksum.as_ref();
                objects.push(dto::Object {
                    checksum_algorithm: checksum.map(|checksum| vec![headers::algorithm(checksum.algorithm)]),
                    checksum_type: checksum.map(|checksum| headers::kind(checksum.kind)),
                    e_tag: Some(etag(&version.etag)),
                    last_modified: Some(timestamp(version.modified)),
                    owner: owners.map(|(service, bucket)| service.object_owner(bucket, &version).owner()),
                    restore_status: None,
                    size: i64::try_from(version.size).ok(),
                    storage_class: Some(dto::ObjectStorageClass::from(class(&version))),
                    key: Some(encoding.apply(version.key)),
                });
            }
        }
    }
    (objects, prefixes)
}

async fn page(service: &Service, bucket: &Arc<Bucket>, query: Query) -> S3Result<Page> {
    let bucket = Arc::clone(bucket);
    Ok(service.store.read(move |db| list::objects(db, bucket.id, &query)).await?)
}

pub(super) async fn v2(
    service: &Service,
    request: S3Request<dto::ListObjectsV2Input>,
) -> S3Result<S3Response<dto::ListObjectsV2Output>> {
    let input = request.input;
    let encoding = Encoding::read(input.encoding_type.as_ref())?;
    let limit = page_size(input.max_keys, "max-keys")?;
    let after = match (&input.continuation_token, &input.start_after) {
        (Some(token), _) => Some(after_of(token)?),
        (None, Some(key)) if !key.is_empty() => Some(After::Key(key.clone())),
        _ => None,
    };
    let query = Query {
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone().filter(|delimiter| !delimiter.is_empty()),
        after,
        limit,
    };
    let bucket = service.bucket(&input.bucket)?;
    let page = page(service, &bucket, query).await?;
    let next = page.next.as_ref().map(token_of);
    let count = page.entries.len();
    let owners = input.fetch_owner.unwrap_or(false).then_some((service, &*bucket));
    let (contents, common_prefixes) = shown(owners, page, encoding);
    ok(dto::ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(encoding.apply(input.prefix.unwrap_or_default())),
        max_keys: i32::try_from(limit).ok(),
        key_count: i32::try_from(count).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(next.is_some()),
        next_continuation_token: next,
        contents: Some(contents),
        common_prefixes: Some(common_prefixes),
        delimiter: input.delimiter.filter(|text| !text.is_empty()).map(|delimiter| encoding.apply(delimiter)),
        encoding_type: input.encoding_type,
        start_after: input.start_after.map(|key| encoding.apply(key)),
        ..Default::default()
    })
}

pub(super) async fn v1(
    service: &Service,
    request: S3Request<dto::ListObjectsInput>,
) -> S3Result<S3Response<dto::ListObjectsOutput>> {
    let input = request.input;
    let encoding = Encoding::read(input.encoding_type.as_ref())?;
    let limit = page_size(input.max_keys, "max-keys")?;
    let query = Query {
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone().filter(|delimiter| !delimiter.is_empty()),
        after: input.marker.clone().filter(|marker| !marker.is_empty()).map(After::Key),
        limit,
    };
    let bucket = service.bucket(&input.bucket)?;
    let page = page(service, &bucket, query).await?;
    // Without a delimiter a client goes on after the last key it saw.
    let delimited = input.delimiter.as_ref().is_some_and(|delimiter| !delimiter.is_empty());
    let truncated = page.next.is_some();
    let next_marker = page.next.as_ref().filter(|_| delimited).map(|after| match after {
        After::Key(place) | After::Prefix(place) | After::Version { key: place, .. } => encoding.apply(place.clone()),
    });
    let (contents, common_prefixes) = shown(Some((service, &*bucket)), page, encoding);
    ok(dto::ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(encoding.apply(input.prefix.unwrap_or_default())),
        marker: Some(encoding.apply(input.marker.unwrap_or_default())),
        max_keys: i32::try_from(limit).ok(),
        is_truncated: Some(truncated),
        contents: Some(contents),
        common_prefixes: Some(common_prefixes),
        delimiter: input.delimiter.filter(|text| !text.is_empty()).map(|delimiter| encoding.apply(delimiter)),
        next_marker,
        encoding_type: input.encoding_type,
        ..Default::default()
    })
}

pub(super) async fn versions(
    service: &Service,
    request: S3Request<dto::ListObjectVersionsInput>,
) -> S3Result<S3Response<dto::ListObjectVersionsOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    let encoding = Encoding::read(input.encoding_type.as_ref())?;
    let limit = page_size(input.max_keys, "max-keys")?;
    let key_marker = input.key_marker.clone().filter(|marker| !marker.is_empty());
    let version_marker = input.version_id_marker.clone();
    if version_marker.as_deref() == Some("") {
        return Err(invalid_argument("A version-id marker cannot be empty."));
    }
    if version_marker.is_some() && key_marker.is_none() {
        return Err(invalid_argument("A version-id marker cannot be specified without a key marker."));
    }
    super::objects::check_version_id(version_marker.as_deref())?;
    let prefix = input.prefix.clone().unwrap_or_default();
    let delimiter = input.delimiter.clone().filter(|delimiter| !delimiter.is_empty());
    let reader = Arc::clone(&bucket);
    let page = service
        .store
        .read(move |db| {
            let after = match (key_marker, version_marker) {
                (None, _) => None,
                (Some(key), None) => Some(After::Key(key)),
                (Some(key), Some(id)) => {
                    let seq = match versions::place_in_order(&id) {
                        Some(seq) => seq,
                        // Where it was is not known once it is gone: rather show a version twice than never.
                        None => versions::by_id(db, reader.id, &key, &id)?.map_or(i64::MAX, |version| version.seq),
                    };
                    Some(After::Version { key, seq })
                }
            };
            list::versions(db, reader.id, &Query { prefix, delimiter, after, limit })
        })
        .await?;
    let truncated = page.next.is_some();
    let (next_key, next_version) = match (page.entries.last(), &page.next) {
        (Some(Entry::Item(version)), Some(_)) => (Some(version.key.clone()), Some(version.version.clone())),
        (Some(Entry::Prefix(prefix)), Some(_)) => (Some(prefix.clone()), None),
        _ => (None, None),
    };
    let mut objects = Vec::new();
    let mut markers = Vec::new();
    let mut prefixes = Vec::new();
    for entry in page.entries {
        match entry {
            Entry::Prefix(prefix) => prefixes.push(dto::CommonPrefix { prefix: Some(encoding.apply(prefix)) }),
            Entry::Item(version) if version.marker => markers.push(dto::DeleteMarkerEntry {
                is_latest: Some(version.current),
                last_modified: Some(timestamp(version.modified)),
                owner: Some(service.object_owner(&bucket, &version).owner()),
                version_id: Some(version.version),
                key: Some(encoding.apply(version.key)),
            }),
            Entry::Item(version) => {
                let checksum = version.meta.checksum.as_ref();
                objects.push(dto::ObjectVersion {
                    checksum_algorithm: checksum.map(|checksum| vec![headers::algorithm(checksum.algorithm)]),
                    checksum_type: checksum.map(|checksum| headers::kind(checksum.kind)),
                    e_tag: Some(etag(&version.etag)),
                    is_latest: Some(version.current),
                    last_modified: Some(timestamp(version.modified)),
                    owner: Some(service.object_owner(&bucket, &version).owner()),
                    restore_status: None,
                    size: i64::try_from(version.size).ok(),
                    storage_class: Some(dto::ObjectVersionStorageClass::from(class(&version))),
                    version_id: Some(version.version),
                    key: Some(encoding.apply(version.key)),
                });
            }
        }
    }
    ok(dto::ListObjectVersionsOutput {
        common_prefixes: Some(prefixes),
        delete_markers: Some(markers),
        delimiter: input.delimiter.filter(|text| !text.is_empty()).map(|delimiter| encoding.apply(delimiter)),
        encoding_type: input.encoding_type,
        is_truncated: Some(truncated),
        key_marker: Some(encoding.apply(input.key_marker.unwrap_or_default())),
        max_keys: i32::try_from(limit).ok(),
        name: Some(input.bucket),
        next_key_marker: next_key.map(|key| encoding.apply(key)),
        next_version_id_marker: next_version,
        prefix: Some(encoding.apply(input.prefix.unwrap_or_default())),
        version_id_marker: Some(input.version_id_marker.unwrap_or_default()),
        versions: Some(objects),
        ..Default::default()
    })
}
