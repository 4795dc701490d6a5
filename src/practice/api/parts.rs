//! Parts of multipart uploads: UploadPart, ListParts.

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Error, S3Request, S3Response, S3Result};

use super::super::checksum::{Algorithm, Kind};
use super::super::error::{detailed, invalid_argument, invalid_request};
use super::super::intake::{self, Promise, Received, Trailing};
use super::super::store::buckets::Bucket;
use super::super::store::files::part_place;
use super::super::store::now_ms;
use super::super::store::uploads::{self, Part, Upload};
use super::headers::{self, ChecksumFields};
use super::listing::page_size;
use super::multipart::find;
use super::writing::{check_length, require_length};
use super::{Service, etag, initiator, ok, timestamp};

pub(super) fn part_number(number: i32) -> S3Result<u16> {
    u16::try_from(number).ok().filter(|number| (1..=10_000).contains(number)).ok_or_else(|| {
        detailed(
            invalid_argument("Part number must be an integer between 1 and 10000, inclusive"),
            &[("ArgumentName", "partNumber".to_owned()), ("ArgumentValue", number.to_string())],
        )
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
        etag: headers::etag_of(&upload.meta.object, received.etag()),
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

/// The answer to a checksum of another algorithm than the upload was begun with.
pub(super) fn wrong_type(wanted: Algorithm, given: Option<Algorithm>) -> S3Error {
    let given = given.map_or_else(|| "null".to_owned(), |given| given.name().to_ascii_lowercase());
    invalid_request(format!(
        "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {given}",
        wanted.name().to_ascii_lowercase()
    ))
}

pub(super) async fn put(
    service: &Service,
    mut request: S3Request<dto::UploadPartInput>,
) -> S3Result<S3Response<dto::UploadPartOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let number = part_number(request.input.part_number)?;
    let promise = Promise::from_headers(&request.headers)?;
    headers::customer_key(&request.headers)?;
    require_length(&request.headers)?;
    let upload = find(service, &bucket, &request.input.key, &request.input.upload_id).await?;
    let kept = match (upload.meta.checksum, promise.algorithm()) {
        (Some((wanted, _)), Some(given)) if wanted != given => return Err(wrong_type(wanted, Some(given))),
        // The checksum of the whole can be made of what the store itself computes, that of checksums cannot.
        (Some((wanted, Kind::Composite)), None) => return Err(wrong_type(wanted, None)),
        (Some((wanted, _)), _) => wanted,
        (None, _) => Algorithm::Crc64Nvme,
    };
    let mut algorithms = vec![kept];
    algorithms.extend(promise.algorithm().filter(|given| *given != kept));
    let trailing = Trailing::of(&mut request);
    let received = intake::receive(&service.store, request.input.body.take(), &algorithms).await?;
    check_length(&request.headers, received.size)?;
    promise.check(&received, &trailing)?;
    let part = store_part(service, &bucket, &upload, number, received).await?;
    let shown = promise.algorithm().or(upload.meta.checksum.map(|(algorithm, _)| algorithm)).unwrap_or(kept);
    let sums = ChecksumFields::value(shown, part.checksum(shown));
    let output = dto::UploadPartOutput { e_tag: Some(etag(&part.etag)), ..Default::default() };
    ok(with_encryption!(with_sums!(output, sums), &upload.meta.object))
}

pub(super) async fn list(
    service: &Service,
    request: S3Request<dto::ListPartsInput>,
) -> S3Result<S3Response<dto::ListPartsOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    let upload = find(service, &bucket, &input.key, &input.upload_id).await?;
    let max = page_size(input.max_parts, "max-parts")?;
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
            let listed = dto::Part {
                e_tag: Some(etag(&part.etag)),
                last_modified: Some(timestamp(part.modified)),
                part_number: Some(i32::from(part.number)),
                size: i64::try_from(part.size).ok(),
                ..Default::default()
            };
            with_sums!(listed, sums)
        })
        .collect();
    let class = upload.meta.object.storage_class.clone().unwrap_or_else(|| "STANDARD".to_owned());
    ok(dto::ListPartsOutput {
        bucket: Some(bucket.name.clone()),
        key: Some(upload.key),
        upload_id: Some(upload.id),
        checksum_algorithm: upload.meta.checksum.map(|(algorithm, _)| headers::algorithm(algorithm)),
        checksum_type: upload.meta.checksum.map(|(_, kind)| headers::kind(kind)),
        owner: Some(service.uploader(&bucket, &upload.meta).owner()),
        initiator: initiator(upload.meta.initiator),
        is_truncated: Some(truncated),
        max_parts: i32::try_from(max).ok(),
        part_number_marker: Some(marker),
        next_part_number_marker: Some(last),
        parts: Some(listed),
        storage_class: Some(dto::StorageClass::from(class)),
        ..Default::default()
    })
}
