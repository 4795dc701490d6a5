//! Objects: put, get, head, delete.

use std::io::{Seek as _, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use http::HeaderMap;
use s3s::dto;
use s3s::{S3Error, S3Request, S3Response, S3Result};

use super::super::access;
use super::super::checksum::Algorithm;
use super::super::error::{Outcome, invalid_argument, malformed_xml, no_such_key, no_such_version, refuse};
use super::super::intake::{self, Promise};
use super::super::outflow::Outgoing;
use super::super::store::buckets::{self, Bucket, Versioning};
use super::super::store::files::object_place;
use super::super::store::versions::{self, NewVersion, Version, is_version_id};
use super::conditions::Conditions;
use super::headers::{self, ChecksumFields, encryption_name};
use super::{Service, etag, ok, timestamp};

/// Keys may have this many bytes.
pub(super) const MAX_KEY: usize = 1024;

/// Keys that one DeleteObjects request may name.
const MAX_DELETES: usize = 1000;

pub(super) async fn put(
    service: &Service,
    mut request: S3Request<dto::PutObjectInput>,
) -> S3Result<S3Response<dto::PutObjectOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let promise = Promise::from_headers(&request.headers)?;
    let conditions = versions::Conditions {
        if_match: request.input.if_match.take(),
        if_none_match: request.input.if_none_match.take(),
    };
    conditions.supported()?;
    if request.input.write_offset_bytes.is_some() {
        return Err(super::super::error::header_not_implemented());
    }
    require_length(&request.headers)?;
    let (mut meta, tags) =
        headers::describe(&service.account, &bucket.config, &request.headers, request.input.metadata.take())?;
    let algorithm = promise.algorithm().unwrap_or(Algorithm::Crc64Nvme);
    let received = intake::receive(&service.store, request.input.body.take(), &[algorithm]).await?;
    promise.check(&received, request.trailing_headers.as_ref())?;
    meta.checksum = received.checksum(algorithm).cloned();

    let key = std::mem::take(&mut request.input.key);
    let place = object_place(bucket.id, &bucket.name, received.incoming.number, &key);
    let new = NewVersion { key, place, size: received.size, etag: received.etag(), meta, tags };
    let (new, done) = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &bucket.name)?;
            let done = versions::put(tx, &bucket, &new, &conditions)?;
            received.incoming.keep();
            Ok((new, done))
        })
        .await?;
    let sums = ChecksumFields::of(new.meta.checksum.as_ref());
    let encryption = new.meta.encryption.as_ref();
    ok(dto::PutObjectOutput {
        e_tag: Some(etag(&new.etag)),
        version_id: done.version,
        server_side_encryption: Some(encryption_name(&new.meta)),
        ssekms_key_id: encryption.and_then(|encryption| encryption.key_id.clone()),
        bucket_key_enabled: encryption.and_then(|encryption| encryption.bucket_key),
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        checksum_type: sums.kind,
        ..Default::default()
    })
}

/// S3 wants to know the length of a body before it comes.
pub(super) fn require_length(headers: &HeaderMap) -> S3Result<()> {
    let length = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let length = length("x-amz-decoded-content-length").or_else(|| length("content-length"));
    match length {
        None if headers.contains_key(http::header::TRANSFER_ENCODING) => {
            Err(refuse("MissingContentLength", "You must provide the Content-Length HTTP header."))
        }
        Some(length) if length > intake::MAX_BODY => Err(intake::too_large()),
        _ => Ok(()),
    }
}

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
            return Err(super::super::error::invalid_request(
                "Cannot specify both Range header and partNumber query parameter",
            )
            .into());
        }
        (Some(part), None) => part_range(&version, part)?,
        (None, Some(range)) => (range.check(version.size).map_err(|_| invalid_range(version.size))?, None),
        (None, None) => (0..version.size, None),
    };
    let partial = wanted.range.is_some() || wanted.part.is_some();
    Ok(Found { version, bytes, partial, parts })
}

fn invalid_range(size: u64) -> S3Error {
    let mut error = refuse("InvalidRange", "The requested range is not satisfiable");
    let mut headers = HeaderMap::new();
    if let Ok(value) = http::HeaderValue::from_str(&format!("bytes */{size}")) {
        headers.insert(http::header::CONTENT_RANGE, value);
    }
    error.set_headers(headers);
    error
}

fn part_range(version: &Version, part: i32) -> S3Result<(Range<u64>, Option<i32>)> {
    if !(1..=10_000).contains(&part) {
        return Err(invalid_argument("Part number must be an integer between 1 and 10000, inclusive"));
    }
    let parts = &version.meta.parts;
    let index = usize::try_from(part - 1).unwrap_or_default();
    if parts.is_empty() && part == 1 {
        return Ok((0..version.size, None));
    }
    let part = parts.get(index).ok_or_else(|| {
        let mut error = refuse("InvalidPartNumber", "The requested partnumber is not satisfiable");
        error.set_status_code(http::StatusCode::RANGE_NOT_SATISFIABLE);
        error
    })?;
    let begin = parts[..index].iter().map(|part| part.size).sum();
    Ok((begin..begin + part.size, i32::try_from(parts.len()).ok()))
}

fn content_range(found: &Found) -> Option<String> {
    let Range { start, end } = found.bytes;
    (found.partial && end > start).then(|| format!("bytes {start}-{}/{}", end - 1, found.version.size))
}

fn header_value(text: &str) -> Option<http::HeaderValue> {
    http::HeaderValue::from_bytes(text.as_bytes()).ok()
}

/// `Expires` goes out as it came in.
fn extra_headers(version: &Version) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Some(value) = version.meta.expires.as_deref().and_then(header_value) {
        headers.insert(http::header::EXPIRES, value);
    }
    headers
}

pub(super) async fn get(
    service: &Service,
    request: S3Request<dto::GetObjectInput>,
) -> S3Result<S3Response<dto::GetObjectOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    headers::customer_key(&request.headers)?;
    let wanted = Wanted {
        key: input.key,
        version: input.version_id,
        range: input.range,
        part: input.part_number,
        conditions: Conditions {
            matches: input.if_match,
            none_match: input.if_none_match,
            modified_since: input.if_modified_since,
            unmodified_since: input.if_unmodified_since,
        },
    };
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
                return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, message).into());
            }
            file.seek(SeekFrom::Start(found.bytes.start))?;
            let outgoing = Outgoing::read(file, found.bytes.end - found.bytes.start)?;
            Ok((found, outgoing))
        })
        .await?;
    let version = &found.version;
    let meta = &version.meta;
    let with_sums = input.checksum_mode.is_some() && !found.partial;
    let sums = ChecksumFields::of(meta.checksum.as_ref().filter(|_| with_sums));
    let output = dto::GetObjectOutput {
        body: Some(outgoing.into_blob()),
        accept_ranges: Some("bytes".to_owned()),
        content_length: i64::try_from(found.bytes.end - found.bytes.start).ok(),
        content_range: content_range(&found),
        content_type: Some(meta.content_type.clone().unwrap_or_else(|| "binary/octet-stream".to_owned())),
        content_encoding: meta.content_encoding.clone(),
        content_language: meta.content_language.clone(),
        content_disposition: meta.content_disposition.clone(),
        cache_control: meta.cache_control.clone(),
        e_tag: Some(etag(&version.etag)),
        last_modified: Some(timestamp(version.modified)),
        metadata: Some(meta.user.clone().into_iter().collect()),
        parts_count: found.parts,
        storage_class: meta.storage_class.clone().map(dto::StorageClass::from),
        server_side_encryption: Some(encryption_name(meta)),
        ssekms_key_id: meta.encryption.as_ref().and_then(|encryption| encryption.key_id.clone()),
        bucket_key_enabled: meta.encryption.as_ref().and_then(|encryption| encryption.bucket_key),
        tag_count: i32::try_from(version.tags.len()).ok().filter(|count| *count > 0),
        version_id: shown_version(&bucket, version),
        website_redirect_location: meta.website_redirect.clone(),
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        checksum_type: sums.kind,
        ..Default::default()
    };
    let mut headers = extra_headers(version);
    if input.response_expires.is_some() {
        headers.remove(http::header::EXPIRES);
    }
    let mut response = S3Response::with_headers(output, headers);
    if found.partial {
        response.status = Some(http::StatusCode::PARTIAL_CONTENT);
    }
    Ok(response)
}

pub(super) async fn head(
    service: &Service,
    request: S3Request<dto::HeadObjectInput>,
) -> S3Result<S3Response<dto::HeadObjectOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    headers::customer_key(&request.headers)?;
    let wanted = Wanted {
        key: input.key,
        version: input.version_id,
        range: input.range,
        part: input.part_number,
        conditions: Conditions {
            matches: input.if_match,
            none_match: input.if_none_match,
            modified_since: input.if_modified_since,
            unmodified_since: input.if_unmodified_since,
        },
    };
    let reader = Arc::clone(&bucket);
    let found = service.store.read(move |db| find(db, &reader, &wanted)).await?;
    let version = &found.version;
    let meta = &version.meta;
    let with_sums = input.checksum_mode.is_some() && !found.partial;
    let sums = ChecksumFields::of(meta.checksum.as_ref().filter(|_| with_sums));
    let output = dto::HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        content_length: i64::try_from(found.bytes.end - found.bytes.start).ok(),
        content_range: content_range(&found),
        content_type: Some(
            input
                .response_content_type
                .or_else(|| meta.content_type.clone())
                .unwrap_or_else(|| "binary/octet-stream".to_owned()),
        ),
        content_encoding: input.response_content_encoding.or_else(|| meta.content_encoding.clone()),
        content_language: input.response_content_language.or_else(|| meta.content_language.clone()),
        content_disposition: input.response_content_disposition.or_else(|| meta.content_disposition.clone()),
        cache_control: input.response_cache_control.or_else(|| meta.cache_control.clone()),
        e_tag: Some(etag(&version.etag)),
        last_modified: Some(timestamp(version.modified)),
        metadata: Some(meta.user.clone().into_iter().collect()),
        parts_count: found.parts,
        storage_class: meta.storage_class.clone().map(dto::StorageClass::from),
        server_side_encryption: Some(encryption_name(meta)),
        ssekms_key_id: meta.encryption.as_ref().and_then(|encryption| encryption.key_id.clone()),
        bucket_key_enabled: meta.encryption.as_ref().and_then(|encryption| encryption.bucket_key),
        version_id: shown_version(&bucket, version),
        website_redirect_location: meta.website_redirect.clone(),
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        checksum_type: sums.kind,
        ..Default::default()
    };
    let mut response = S3Response::with_headers(output, extra_headers(version));
    if found.partial {
        response.status = Some(http::StatusCode::PARTIAL_CONTENT);
    }
    Ok(response)
}

pub(super) async fn delete(
    service: &Service,
    request: S3Request<dto::DeleteObjectInput>,
) -> S3Result<S3Response<dto::DeleteObjectOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    check_version_id(input.version_id.as_deref())?;
    if input.if_match_last_modified_time.is_some() || input.if_match_size.is_some() {
        return Err(super::super::error::header_not_implemented());
    }
    let done = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &bucket.name)?;
            match &input.version_id {
                Some(version) => versions::delete_version(tx, &bucket, &input.key, version),
                None => versions::delete(tx, &bucket, &input.key, input.if_match.as_ref()),
            }
        })
        .await?;
    let output = dto::DeleteObjectOutput {
        delete_marker: done.marker.then_some(true),
        version_id: done.version,
        ..Default::default()
    };
    Ok(S3Response::with_status(output, http::StatusCode::NO_CONTENT))
}

pub(super) async fn delete_many(
    service: &Service,
    request: S3Request<dto::DeleteObjectsInput>,
) -> S3Result<S3Response<dto::DeleteObjectsOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let wanted = request.input.delete;
    if wanted.objects.is_empty() || wanted.objects.len() > MAX_DELETES {
        return Err(malformed_xml());
    }
    let caller = request.extensions.get::<access::Caller>().cloned();
    let account = service.account.clone();
    let quiet = wanted.quiet == Some(true);
    let (deleted, errors) = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &bucket.name)?;
            let mut deleted = Vec::new();
            let mut errors = Vec::new();
            for object in wanted.objects {
                match delete_one(tx, &account, caller.as_ref(), &bucket, &object) {
                    Ok(done) => deleted.push(deleted_entry(object, done)),
                    Err(super::super::error::Fault::S3(error)) => errors.push(dto::Error {
                        code: Some(error.code().as_str().to_owned()),
                        key: Some(object.key),
                        message: error.message().map(str::to_owned),
                        version_id: object.version_id,
                    }),
                    Err(fault) => return Err(fault),
                }
            }
            Ok((deleted, errors))
        })
        .await?;
    ok(dto::DeleteObjectsOutput {
        deleted: (!quiet).then_some(deleted),
        errors: (!errors.is_empty()).then_some(errors),
        ..Default::default()
    })
}

fn delete_one(
    tx: &super::super::store::Tx<'_>,
    account: &super::Account,
    caller: Option<&access::Caller>,
    bucket: &Bucket,
    object: &dto::ObjectIdentifier,
) -> Outcome<versions::Done> {
    if object.key.len() > MAX_KEY {
        return Err(refuse("KeyTooLongError", "Your key is too long").into());
    }
    let version = object.version_id.as_deref().filter(|id| !id.is_empty());
    if version.is_some_and(|id| !is_version_id(id)) {
        return Err(refuse("NoSuchVersion", "The specified version does not exist.").into());
    }
    if let Some(caller) = caller {
        access::may_delete(account, caller, bucket, &object.key, version.is_some())?;
    }
    match version {
        Some(version) => versions::delete_version(tx, bucket, &object.key, version),
        None => {
            let condition = object.e_tag.clone().map(dto::ETagCondition::ETag);
            versions::delete(tx, bucket, &object.key, condition.as_ref())
        }
    }
}

fn deleted_entry(object: dto::ObjectIdentifier, done: versions::Done) -> dto::DeletedObject {
    let named = object.version_id.filter(|id| !id.is_empty());
    dto::DeletedObject {
        delete_marker: done.marker.then_some(true),
        delete_marker_version_id: done.version.filter(|_| done.marker),
        key: Some(object.key),
        version_id: named,
    }
}

pub(super) async fn attributes(
    service: &Service,
    request: S3Request<dto::GetObjectAttributesInput>,
) -> S3Result<S3Response<dto::GetObjectAttributesOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    headers::customer_key(&request.headers)?;
    check_version_id(input.version_id.as_deref())?;
    let (reader, key, asked) = (Arc::clone(&bucket), input.key, input.version_id);
    let version = service
        .store
        .read(move |db| match versions::read(db, &reader, &key, asked.as_deref())? {
            Some(version) if !version.marker => Ok(version),
            other => Err(absent(other.as_ref(), asked.as_deref()).into()),
        })
        .await?;
    let wanted = |name: &str| input.object_attributes.iter().any(|attribute| attribute.as_str() == name);
    if input.object_attributes.is_empty() {
        return Err(invalid_argument(
            "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
        ));
    }
    let meta = &version.meta;
    let checksum = meta.checksum.as_ref().filter(|_| wanted("Checksum")).map(|checksum| {
        let sums = ChecksumFields::of(Some(checksum));
        dto::Checksum {
            checksum_crc32: sums.crc32,
            checksum_crc32c: sums.crc32c,
            checksum_crc64nvme: sums.crc64nvme,
            checksum_sha1: sums.sha1,
            checksum_sha256: sums.sha256,
            checksum_type: sums.kind,
        }
    });
    let object_parts = (wanted("ObjectParts") && !meta.parts.is_empty())
        .then(|| object_parts(&version, input.part_number_marker.unwrap_or(0), input.max_parts.unwrap_or(1000)));
    ok(dto::GetObjectAttributesOutput {
        checksum,
        e_tag: wanted("ETag").then(|| etag(&version.etag)),
        last_modified: Some(timestamp(version.modified)),
        object_parts,
        object_size: i64::try_from(version.size).ok().filter(|_| wanted("ObjectSize")),
        storage_class: wanted("StorageClass")
            .then(|| dto::StorageClass::from(meta.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned()))),
        version_id: shown_version(&bucket, &version),
        ..Default::default()
    })
}

fn object_parts(version: &Version, marker: i32, max: i32) -> dto::GetObjectAttributesParts {
    let all = &version.meta.parts;
    let limit = usize::try_from(max).unwrap_or_default().min(1000);
    // Parts are told one by one only where each has a checksum of its own.
    let told = all.iter().all(|part| part.checksum.is_some());
    let algorithm = version.meta.checksum.as_ref().map(|checksum| checksum.algorithm);
    let page: Vec<_> = all.iter().filter(|part| told && i32::from(part.number) > marker).take(limit).collect();
    let last = page.last().map(|part| i32::from(part.number));
    let truncated = told && last.is_some_and(|last| all.last().is_some_and(|part| i32::from(part.number) > last));
    let parts = page
        .into_iter()
        .map(|part| {
            let sums = algorithm
                .map(|algorithm| ChecksumFields::value(algorithm, part.checksum.as_deref()))
                .unwrap_or_default();
            dto::ObjectPart {
                checksum_crc32: sums.crc32,
                checksum_crc32c: sums.crc32c,
                checksum_crc64nvme: sums.crc64nvme,
                checksum_sha1: sums.sha1,
                checksum_sha256: sums.sha256,
                part_number: Some(i32::from(part.number)),
                size: i64::try_from(part.size).ok(),
            }
        })
        .collect();
    dto::GetObjectAttributesParts {
        is_truncated: Some(truncated),
        max_parts: Some(max),
        next_part_number_marker: last,
        part_number_marker: Some(marker),
        parts: told.then_some(parts),
        total_parts_count: i32::try_from(all.len()).ok(),
    }
}
