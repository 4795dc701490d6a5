//! Multipart uploads.
//!
//! Source of the rules: Amazon S3 User Guide, "Uploading and copying objects using multipart upload".

use std::io;
use std::sync::Arc;

use md5::{Digest as _, Md5};
use s3s::dto;
use s3s::{S3Error, S3Request, S3Response, S3Result};

use super::super::checksum::{self, Algorithm, Checksum, Kind};
use super::super::error::{Outcome, invalid_argument, invalid_request, malformed_xml, refuse};
use super::super::intake::{self, Incoming, Promise, Received, hex};
use super::super::store::buckets::{self, Bucket};
use super::super::store::files::{object_place, part_place};
use super::super::store::list::{After, Query};
use super::super::store::uploads::{self, Entry, Part, Upload, UploadMeta};
use super::super::store::versions::{self, NewVersion, PartMeta};
use super::super::store::{Store, blocking, now_ms};
use super::headers::{self, ChecksumFields, encryption_name};
use super::listing::Encoding;
use super::{Service, etag, ok, timestamp};

/// Every part but the last has at least this size.
const MIN_PART: u64 = 5 << 20;

pub(super) fn part_number(number: i32) -> S3Result<u16> {
    u16::try_from(number)
        .ok()
        .filter(|number| (1..=10_000).contains(number))
        .ok_or_else(|| invalid_argument("Part number must be an integer between 1 and 10000, inclusive"))
}

pub(super) async fn find(service: &Service, bucket: &Arc<Bucket>, key: &str, id: &str) -> S3Result<Upload> {
    let (bucket, key, id) = (bucket.id, key.to_owned(), id.to_owned());
    Ok(service.store.read(move |db| uploads::find(db, bucket, &key, &id)).await?)
}

pub(super) async fn create(
    service: &Service,
    mut request: S3Request<dto::CreateMultipartUploadInput>,
) -> S3Result<S3Response<dto::CreateMultipartUploadOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let algorithm =
        request.input.checksum_algorithm.as_ref().map(|name| intake::algorithm_named(name.as_str())).transpose()?;
    let kind = match request.input.checksum_type.as_ref().map(dto::ChecksumType::as_str) {
        None => None,
        Some(name) => Some(
            Kind::from_name(name).ok_or_else(|| invalid_request("Value for x-amz-checksum-type header is invalid."))?,
        ),
    };
    let checksum = match (algorithm, kind) {
        (None, None) => None,
        (None, Some(_)) => {
            return Err(invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
            ));
        }
        (Some(algorithm), kind) => {
            let kind = kind.unwrap_or_else(|| algorithm.default_kind());
            if !algorithm.allows(kind) {
                return Err(invalid_request(format!(
                    "The {} checksum type cannot be used with the {} checksum algorithm.",
                    kind.name(),
                    algorithm.name().to_ascii_lowercase()
                )));
            }
            Some((algorithm, kind))
        }
    };
    let (object, tags) =
        headers::describe(&service.account, &bucket.config, &request.headers, request.input.metadata.take())?;
    let encryption = encryption_name(&object);
    let meta = UploadMeta { object, tags, checksum };
    let key = request.input.key;
    let (name, upload_key) = (bucket.name.clone(), key.clone());
    let id = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &name)?;
            uploads::create(tx, bucket.id, &upload_key, &meta)
        })
        .await?;
    ok(dto::CreateMultipartUploadOutput {
        bucket: Some(bucket.name.clone()),
        key: Some(key),
        upload_id: Some(id),
        checksum_algorithm: checksum.map(|(algorithm, _)| headers::algorithm(algorithm)),
        checksum_type: checksum.map(|(_, kind)| headers::kind(kind)),
        server_side_encryption: Some(encryption),
        ..Default::default()
    })
}

/// Takes a part into the store.
pub(super) async fn store_part(
    service: &Service,
    bucket: &Arc<Bucket>,
    upload: &Upload,
    number: u16,
    received: Received,
) -> S3Result<Part> {
    let part = Part {
        number,
        place: part_place(&upload.id, received.incoming.number, number),
        size: received.size,
        etag: received.etag(),
        modified: now_ms(),
        checksums: received.checksums,
    };
    let (bucket, id, key, incoming) = (bucket.id, upload.id.clone(), upload.key.clone(), received.incoming);
    let stored = service
        .store
        .write(move |tx| {
            // It may have been completed or aborted while the bytes came in.
            uploads::find(tx.db(), bucket, &key, &id)?;
            uploads::put_part(tx, &id, &part)?;
            incoming.keep();
            Ok(part)
        })
        .await?;
    Ok(stored)
}

pub(super) async fn part(
    service: &Service,
    mut request: S3Request<dto::UploadPartInput>,
) -> S3Result<S3Response<dto::UploadPartOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let number = part_number(request.input.part_number)?;
    let promise = Promise::from_headers(&request.headers)?;
    headers::customer_key(&request.headers)?;
    super::objects::require_length(&request.headers)?;
    let upload = find(service, &bucket, &request.input.key, &request.input.upload_id).await?;
    let kept = match (upload.meta.checksum, promise.algorithm()) {
        (Some((wanted, _)), Some(given)) if wanted != given => {
            return Err(invalid_request(format!(
                "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
                wanted.name().to_ascii_lowercase(),
                given.name().to_ascii_lowercase()
            )));
        }
        (Some((wanted, _)), _) => wanted,
        (None, _) => Algorithm::Crc64Nvme,
    };
    let mut algorithms = vec![kept];
    algorithms.extend(promise.algorithm().filter(|given| *given != kept));
    let received = intake::receive(&service.store, request.input.body.take(), &algorithms).await?;
    promise.check(&received, request.trailing_headers.as_ref())?;
    let part = store_part(service, &bucket, &upload, number, received).await?;
    let shown = promise.algorithm().or(upload.meta.checksum.map(|(algorithm, _)| algorithm)).unwrap_or(kept);
    let sums = ChecksumFields::value(shown, part.checksum(shown));
    ok(dto::UploadPartOutput {
        e_tag: Some(etag(&part.etag)),
        server_side_encryption: Some(encryption_name(&upload.meta.object)),
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        ..Default::default()
    })
}

/// The checksum that a part of a Complete request names for `algorithm`.
fn named_checksum(part: &dto::CompletedPart, algorithm: Algorithm) -> Option<&str> {
    match algorithm {
        Algorithm::Crc32 => part.checksum_crc32.as_deref(),
        Algorithm::Crc32c => part.checksum_crc32c.as_deref(),
        Algorithm::Crc64Nvme => part.checksum_crc64nvme.as_deref(),
        Algorithm::Sha1 => part.checksum_sha1.as_deref(),
        Algorithm::Sha256 => part.checksum_sha256.as_deref(),
    }
}

fn invalid_part() -> S3Error {
    refuse(
        "InvalidPart",
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    )
}

/// Picks the stored parts that a Complete request names, in its order.
fn choose(stored: Vec<Part>, named: &[dto::CompletedPart], upload: &Upload) -> S3Result<Vec<Part>> {
    let numbers = named.iter().map(|part| part_number(part.part_number.unwrap_or(0))).collect::<S3Result<Vec<_>>>()?;
    if !numbers.is_sorted_by(|before, after| before < after) {
        return Err(refuse(
            "InvalidPartOrder",
            "The list of parts was not in ascending order. Parts must be ordered by part number.",
        ));
    }
    let mut stored = stored.into_iter().peekable();
    let mut chosen = Vec::with_capacity(named.len());
    for (number, wanted) in numbers.into_iter().zip(named) {
        while stored.next_if(|part| part.number < number).is_some() {}
        let part = stored.next_if(|part| part.number == number).ok_or_else(invalid_part)?;
        if wanted.e_tag.as_ref().is_none_or(|etag| etag.value() != part.etag) {
            return Err(invalid_part());
        }
        if let Some((algorithm, kind)) = upload.meta.checksum {
            match named_checksum(wanted, algorithm) {
                Some(value) if part.checksum(algorithm) != Some(value) => return Err(invalid_part()),
                None if kind == Kind::Composite => {
                    return Err(invalid_request(format!(
                        "The upload was created using a {} checksum. The complete request must include the checksum for each part. It was missing for part {number} in the request.",
                        algorithm.name().to_ascii_lowercase()
                    )));
                }
                _ => {}
            }
        }
        chosen.push(part);
    }
    let small = chosen.iter().rev().skip(1).any(|part| part.size < MIN_PART);
    if small {
        return Err(refuse("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"));
    }
    Ok(chosen)
}

/// Writes the parts one after the other into a new file. Blocks.
fn join(store: &Store, parts: &[Part]) -> Outcome<Incoming> {
    let incoming = Incoming::new(&store.files);
    let mut whole = store.files.create_incoming(incoming.number)?;
    for part in parts {
        let mut from = store.files.open(&part.place)?;
        if io::copy(&mut from, &mut whole)? != part.size {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a stored part does not have its size").into());
        }
    }
    whole.sync_data()?;
    Ok(incoming)
}

fn whole_etag(parts: &[Part]) -> String {
    let mut digest = Md5::new();
    for part in parts {
        let bytes: Vec<u8> = (0..part.etag.len() / 2)
            .filter_map(|at| u8::from_str_radix(part.etag.get(2 * at..2 * at + 2)?, 16).ok())
            .collect();
        digest.update(&bytes);
    }
    format!("{}-{}", hex(&digest.finalize()), parts.len())
}

fn whole_checksum(upload: &Upload, parts: &[Part]) -> Option<Checksum> {
    let (algorithm, kind) = upload.meta.checksum.unwrap_or((Algorithm::Crc64Nvme, Kind::FullObject));
    let sums =
        parts.iter().map(|part| Some((part.checksum(algorithm)?.to_owned(), part.size))).collect::<Option<Vec<_>>>()?;
    checksum::combine(algorithm, kind, &sums)
}

pub(super) async fn complete(
    service: &Service,
    request: S3Request<dto::CompleteMultipartUploadInput>,
) -> S3Result<S3Response<dto::CompleteMultipartUploadOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    let conditions =
        versions::Conditions { if_match: input.if_match.clone(), if_none_match: input.if_none_match.clone() };
    conditions.supported()?;
    let promised = Promise::from_headers(&request.headers)?;
    let upload = find(service, &bucket, &input.key, &input.upload_id).await?;
    let named = input.multipart_upload.as_ref().and_then(|upload| upload.parts.clone()).unwrap_or_default();
    if named.is_empty() {
        return Err(malformed_xml());
    }
    let id = upload.id.clone();
    let stored = service.store.read(move |db| uploads::parts(db, &id, 0, 10_000)).await?;
    let parts = choose(stored, &named, &upload)?;
    let size: u64 = parts.iter().map(|part| part.size).sum();
    if let Some(promised) = input.mpu_object_size
        && u64::try_from(promised).ok() != Some(size)
    {
        return Err(invalid_request(format!(
            "The provided 'x-amz-mp-object-size' header value {promised} does not match what was computed: {size}"
        )));
    }
    let checksum = whole_checksum(&upload, &parts);
    if let (Some(algorithm), Some(whole)) = (promised.algorithm(), &checksum) {
        let given = headers::text(&request.headers, algorithm.header());
        if given.is_some_and(|given| algorithm == whole.algorithm && given != whole.value) {
            return Err(refuse(
                "BadDigest",
                format!("The {algorithm} you specified did not match the calculated checksum."),
            ));
        }
    }
    let shown = upload.meta.checksum.map(|(algorithm, _)| algorithm);
    let mut meta = upload.meta.object.clone();
    meta.checksum = checksum;
    meta.parts = parts
        .iter()
        .map(|part| PartMeta {
            number: part.number,
            size: part.size,
            checksum: shown.and_then(|algorithm| part.checksum(algorithm)).map(str::to_owned),
        })
        .collect();
    let tag = whole_etag(&parts);
    let (store, sources) = (Arc::clone(&service.store), parts);
    let (incoming, parts) = blocking(move || Ok((join(&store, &sources)?, sources))).await?;

    let place = object_place(bucket.id, &bucket.name, incoming.number, &input.key);
    let new = NewVersion { key: input.key, place, size, etag: tag, meta, tags: upload.meta.tags.clone() };
    let (name, id) = (bucket.name.clone(), upload.id);
    let (new, done) = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &name)?;
            uploads::find(tx.db(), bucket.id, &new.key, &id)?;
            let now = uploads::parts(tx.db(), &id, 0, 10_000)?;
            let unchanged = parts.iter().all(|part| now.iter().any(|now| now.place == part.place));
            if !unchanged {
                return Err(invalid_part().into());
            }
            let done = versions::put(tx, &bucket, &new, &conditions)?;
            uploads::remove(tx, &id)?;
            incoming.keep();
            Ok((new, done))
        })
        .await?;
    let host = headers::text(&request.headers, "host").unwrap_or_default();
    let sums = ChecksumFields::of(new.meta.checksum.as_ref());
    ok(dto::CompleteMultipartUploadOutput {
        location: Some(format!("http://{host}/{}/{}", bucket.name, super::listing::encode_url(&new.key))),
        bucket: Some(bucket.name.clone()),
        e_tag: Some(etag(&new.etag)),
        server_side_encryption: Some(encryption_name(&new.meta)),
        version_id: done.version,
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        checksum_type: sums.kind,
        key: Some(new.key),
        ..Default::default()
    })
}

pub(super) async fn abort(
    service: &Service,
    request: S3Request<dto::AbortMultipartUploadInput>,
) -> S3Result<S3Response<dto::AbortMultipartUploadOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    service
        .store
        .write(move |tx| {
            uploads::find(tx.db(), bucket.id, &input.key, &input.upload_id)?;
            uploads::remove(tx, &input.upload_id)
        })
        .await?;
    Ok(S3Response::with_status(dto::AbortMultipartUploadOutput::default(), http::StatusCode::NO_CONTENT))
}

pub(super) async fn list_parts(
    service: &Service,
    request: S3Request<dto::ListPartsInput>,
) -> S3Result<S3Response<dto::ListPartsOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    let upload = find(service, &bucket, &input.key, &input.upload_id).await?;
    let max = super::listing::page_size(input.max_parts, "max-parts")?;
    let marker = input.part_number_marker.unwrap_or(0);
    let after = u16::try_from(marker).unwrap_or(if marker < 0 { 0 } else { u16::MAX });
    let id = upload.id.clone();
    let mut parts = service.store.read(move |db| uploads::parts(db, &id, after, max + 1)).await?;
    let truncated = parts.len() > max;
    parts.truncate(max);
    let last = parts.last().map_or(0, |part| i32::from(part.number));
    let listed = parts
        .into_iter()
        .map(|part| {
            let sums = upload
                .meta
                .checksum
                .map(|(algorithm, _)| ChecksumFields::value(algorithm, part.checksum(algorithm)))
                .unwrap_or_default();
            dto::Part {
                e_tag: Some(etag(&part.etag)),
                last_modified: Some(timestamp(part.modified)),
                part_number: Some(i32::from(part.number)),
                size: i64::try_from(part.size).ok(),
                checksum_crc32: sums.crc32,
                checksum_crc32c: sums.crc32c,
                checksum_crc64nvme: sums.crc64nvme,
                checksum_sha1: sums.sha1,
                checksum_sha256: sums.sha256,
            }
        })
        .collect();
    let class = upload.meta.object.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned());
    ok(dto::ListPartsOutput {
        bucket: Some(bucket.name.clone()),
        key: Some(upload.key),
        upload_id: Some(upload.id),
        checksum_algorithm: upload.meta.checksum.map(|(algorithm, _)| headers::algorithm(algorithm)),
        checksum_type: upload.meta.checksum.map(|(_, kind)| headers::kind(kind)),
        initiator: Some(dto::Initiator { display_name: None, id: Some(service.account.arn.clone()) }),
        owner: Some(service.account.owner()),
        is_truncated: Some(truncated),
        max_parts: i32::try_from(max).ok(),
        part_number_marker: Some(marker),
        next_part_number_marker: Some(last),
        parts: Some(listed),
        storage_class: Some(dto::StorageClass::from(class)),
        ..Default::default()
    })
}

pub(super) async fn list_uploads(
    service: &Service,
    request: S3Request<dto::ListMultipartUploadsInput>,
) -> S3Result<S3Response<dto::ListMultipartUploadsOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    let encoding = Encoding::read(input.encoding_type.as_ref())?;
    let max = super::listing::page_size(input.max_uploads, "max-uploads")?;
    let key_marker = input.key_marker.clone().filter(|marker| !marker.is_empty());
    let id_marker = input.upload_id_marker.clone().filter(|marker| !marker.is_empty() && key_marker.is_some());
    let query = Query {
        prefix: input.prefix.clone().unwrap_or_default(),
        delimiter: input.delimiter.clone().filter(|delimiter| !delimiter.is_empty()),
        after: key_marker.map(After::Key),
        limit: max,
    };
    let (id, after_id) = (bucket.id, id_marker);
    let (entries, truncated) = service.store.read(move |db| uploads::list(db, id, &query, after_id.as_deref())).await?;
    let (next_key, next_id) = match entries.last() {
        Some(Entry::Upload(upload)) => (Some(upload.key.clone()), Some(upload.id.clone())),
        Some(Entry::Prefix(prefix)) => (Some(prefix.clone()), None),
        None => (None, None),
    };
    let mut uploads = Vec::new();
    let mut prefixes = Vec::new();
    for entry in entries {
        match entry {
            Entry::Prefix(prefix) => prefixes.push(dto::CommonPrefix { prefix: Some(encoding.apply(prefix)) }),
            Entry::Upload(upload) => {
                let class = upload.meta.object.storage_class.unwrap_or_else(|| "STANDARD".to_owned());
                uploads.push(dto::MultipartUpload {
                    checksum_algorithm: upload.meta.checksum.map(|(algorithm, _)| headers::algorithm(algorithm)),
                    checksum_type: upload.meta.checksum.map(|(_, kind)| headers::kind(kind)),
                    initiated: Some(timestamp(upload.started)),
                    initiator: Some(dto::Initiator { display_name: None, id: Some(service.account.arn.clone()) }),
                    key: Some(encoding.apply(upload.key)),
                    owner: Some(service.account.owner()),
                    storage_class: Some(dto::StorageClass::from(class)),
                    upload_id: Some(upload.id),
                });
            }
        }
    }
    ok(dto::ListMultipartUploadsOutput {
        bucket: Some(bucket.name.clone()),
        common_prefixes: Some(prefixes),
        delimiter: input.delimiter.map(|delimiter| encoding.apply(delimiter)),
        encoding_type: input.encoding_type,
        is_truncated: Some(truncated),
        key_marker: Some(encoding.apply(input.key_marker.unwrap_or_default())),
        max_uploads: i32::try_from(max).ok(),
        next_key_marker: next_key.filter(|_| truncated).map(|key| encoding.apply(key)),
        next_upload_id_marker: next_id.filter(|_| truncated),
        prefix: Some(encoding.apply(input.prefix.unwrap_or_default())),
        upload_id_marker: input.upload_id_marker,
        uploads: Some(uploads),
        ..Default::default()
    })
}
