//! GetObject and HeadObject.

use std::io::{self, Seek as _, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use s3s::dto;
use s3s::{S3Error, S3Request, S3Response, S3Result};

use super::super::error::{Outcome, detailed, invalid_request, refuse};
use super::super::outflow::Outgoing;
use super::super::store::buckets::Bucket;
use super::super::store::versions::{self, Version};
use super::conditions::Conditions;
use super::headers::{self, ChecksumFields};
use super::objects::{absent, check_version_id, shown_version};
use super::parts::part_number;
use super::{Service, etag, timestamp};

/// What a read asks for.
struct Wanted {
    key: String,
    version: Option<String>,
    range: Option<dto::Range>,
    part: Option<i32>,
    conditions: Conditions,
}

/// A version that may be read, and which bytes of it.
struct Found {
    version: Version,
    bytes: Range<u64>,
    partial: bool,
    /// Which part was asked for, from 0.
    part: Option<usize>,
    parts: Option<i32>,
}

fn find(db: &rusqlite::Connection, bucket: &Arc<Bucket>, wanted: &Wanted) -> Outcome<Found> {
    check_version_id(wanted.version.as_deref())?;
    let asked = wanted.version.as_deref();
    let version = match versions::read(db, bucket, &wanted.key, asked)? {
        Some(version) if !version.marker => version,
        other => return Err(absent(other.as_ref(), asked).into()),
    };
    wanted.conditions.check(&version)?;
    let (bytes, parts) = match (wanted.part, &wanted.range) {
        (Some(_), Some(_)) => {
            return Err(invalid_request("Cannot specify both Range header and partNumber query parameter").into());
        }
        (Some(part), None) => part_range(&version, part)?,
        (None, Some(range)) => (range.check(version.size).map_err(|_| invalid_range(range, version.size))?, None),
        (None, None) => (0..version.size, None),
    };
    let partial = wanted.range.is_some() || wanted.part.is_some();
    let part = wanted.part.and_then(|number| usize::try_from(number - 1).ok());
    Ok(Found { version, bytes, partial, part, parts })
}

fn invalid_range(range: &dto::Range, size: u64) -> S3Error {
    let mut error = refuse("InvalidRange", "The requested range is not satisfiable");
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{size}")) {
        headers.insert(http::header::CONTENT_RANGE, value);
    }
    error.set_headers(headers);
    detailed(error, &[("RangeRequested", range.to_header_string()), ("ActualObjectSize", size.to_string())])
}

/// The bytes of a part, and how many parts there are.
fn part_range(version: &Version, number: i32) -> S3Result<(Range<u64>, Option<i32>)> {
    let index = usize::from(part_number(number)?) - 1;
    let parts = &version.meta.parts;
    if parts.is_empty() && index == 0 {
        return Ok((0..version.size, None));
    }
    let part = parts.get(index).ok_or_else(|| {
        let count = parts.len().max(1).to_string();
        let error = refuse("InvalidPartNumber", "The requested partnumber is not satisfiable");
        detailed(error, &[("ActualPartCount", count), ("PartNumberRequested", number.to_string())])
    })?;
    let begin = parts[..index].iter().map(|part| part.size).sum();
    Ok((begin..begin + part.size, i32::try_from(parts.len()).ok()))
}

/// The checksum that goes with an answer: of the object, or of the part that was asked for. A range has none.
fn checksum(found: &Found, asked: bool) -> ChecksumFields {
    let whole = found.version.meta.checksum.as_ref().filter(|_| asked);
    match (found.part, found.partial) {
        (_, false) => ChecksumFields::of(whole),
        (Some(index), true) => match (whole, found.version.meta.parts.get(index)) {
            (Some(whole), Some(part)) => {
                let kind = Some(headers::kind(whole.kind));
                ChecksumFields { kind, ..ChecksumFields::value(whole.algorithm, part.checksum.as_deref()) }
            }
            (Some(whole), None) => ChecksumFields::of(Some(whole)),
            (None, _) => ChecksumFields::default(),
        },
        (None, true) => ChecksumFields::default(),
    }
}

fn content_range(found: &Found) -> Option<String> {
    let Range { start, end } = found.bytes;
    (found.partial && end > start).then(|| format!("bytes {start}-{}/{}", end - 1, found.version.size))
}

/// `Expires` goes out as it came in, unless the request wants another.
fn expires(asked: Option<&dto::Timestamp>, version: &Version) -> Option<HeaderValue> {
    let mut date = Vec::new();
    match asked {
        Some(asked) => asked.format(dto::TimestampFormat::HttpDate, &mut date).ok()?,
        None => date.extend_from_slice(version.meta.expires.as_deref()?.as_bytes()),
    }
    HeaderValue::from_bytes(&date).ok()
}

/// Takes from a GetObject or HeadObject request what both have.
macro_rules! wanted {
    ($input:expr) => {
        Wanted {
            key: std::mem::take(&mut $input.key),
            version: $input.version_id.take(),
            range: $input.range.take(),
            part: $input.part_number.take(),
            conditions: Conditions {
                matches: $input.if_match.take(),
                none_match: $input.if_none_match.take(),
                modified_since: $input.if_modified_since.take(),
                unmodified_since: $input.if_unmodified_since.take(),
            },
        }
    };
}

/// Tells of an object what GetObject and HeadObject both tell. What the request sets with `response-…` goes first.
macro_rules! told {
    ($output:ident, $input:expr, $signed:expr, $bucket:expr, $found:expr) => {{
        let (input, found) = (&$input, $found);
        let (version, meta) = (&found.version, &found.version.meta);
        let sums = checksum(found, input.checksum_mode.is_some());
        let or = |asked: &Option<String>, kept: &Option<String>| asked.clone().or_else(|| kept.clone());
        let content_type = or(&input.response_content_type, &meta.content_type);
        let lock = super::lock::told(&meta.lock, $signed);
        let output = dto::$output {
            accept_ranges: Some("bytes".to_owned()),
            content_length: i64::try_from(found.bytes.end - found.bytes.start).ok(),
            content_range: content_range(found),
            content_type: Some(content_type.unwrap_or_else(|| "binary/octet-stream".to_owned())),
            content_encoding: or(&input.response_content_encoding, &meta.content_encoding),
            content_language: or(&input.response_content_language, &meta.content_language),
            content_disposition: or(&input.response_content_disposition, &meta.content_disposition),
            cache_control: or(&input.response_cache_control, &meta.cache_control),
            e_tag: Some(etag(&version.etag)),
            last_modified: Some(timestamp(version.modified)),
            metadata: Some(meta.user.clone().into_iter().collect()),
            parts_count: found.parts,
            object_lock_mode: lock.mode,
            object_lock_retain_until_date: lock.until,
            object_lock_legal_hold_status: lock.hold,
            storage_class: meta.storage_class.clone().map(dto::StorageClass::from),
            version_id: shown_version($bucket, version),
            website_redirect_location: meta.website_redirect.clone(),
            ..Default::default()
        };
        let mut response = S3Response::new(with_encryption!(with_sums_and_kind!(output, sums), meta));
        if let Some(expires) = expires(input.response_expires.as_ref(), version) {
            response.headers.insert(http::header::EXPIRES, expires);
        }
        if !version.tags.is_empty() {
            response.headers.insert("x-amz-tagging-count", HeaderValue::from(version.tags.len()));
        }
        if found.partial {
            response.status = Some(http::StatusCode::PARTIAL_CONTENT);
        }
        response
    }};
}

pub(super) async fn get(
    service: &Service,
    request: S3Request<dto::GetObjectInput>,
) -> S3Result<S3Response<dto::GetObjectOutput>> {
    let signed = request.credentials.is_some();
    let mut input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    headers::customer_key(&request.headers)?;
    let wanted = wanted!(input);
    let (reader, files) = (Arc::clone(&bucket), Arc::clone(&service.store.files));
    let (found, outgoing) = service
        .store
        .read(move |db| {
            let found = find(db, &reader, &wanted)?;
            if matches!(found.version.meta.storage_class.as_deref(), Some("GLACIER" | "DEEP_ARCHIVE")) {
                let message = "The operation is not valid for the object's storage class";
                return Err(refuse("InvalidObjectState", message).into());
            }
            let mut file = files.open(&found.version.place)?;
            if file.metadata()?.len() != found.version.size {
                let message = "the stored file does not have the size of its object";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message).into());
            }
            file.seek(SeekFrom::Start(found.bytes.start))?;
            let outgoing = Outgoing::read(file, found.bytes.end - found.bytes.start)?;
            Ok((found, outgoing))
        })
        .await?;
    let mut response = told!(GetObjectOutput, input, signed, &bucket, &found);
    response.output.body = Some(outgoing.into_blob());
    Ok(response)
}

pub(super) async fn head(
    service: &Service,
    request: S3Request<dto::HeadObjectInput>,
) -> S3Result<S3Response<dto::HeadObjectOutput>> {
    let signed = request.credentials.is_some();
    let mut input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    headers::customer_key(&request.headers)?;
    let wanted = wanted!(input);
    let reader = Arc::clone(&bucket);
    let found = service.store.read(move |db| find(db, &reader, &wanted)).await?;
    Ok(told!(HeadObjectOutput, input, signed, &bucket, &found))
}
