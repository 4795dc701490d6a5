//! CompleteMultipartUpload: from parts to an object.

use std::io;
use std::sync::Arc;

use md5::{Digest as _, Md5};
use s3s::dto;
use s3s::{S3Error, S3Request, S3Response, S3Result};

use super::super::checksum::{self, Algorithm, Checksum, Kind};
use super::super::error::{Outcome, invalid_request, malformed_xml, refuse};
use super::super::intake::{Incoming, Promise, hex};
use super::super::store::buckets;
use super::super::store::files::object_place;
use super::super::store::uploads::{self, Part, Upload};
use super::super::store::versions::{self, NewVersion, PartMeta};
use super::super::store::{Store, blocking};
use super::headers::{self, ChecksumFields};
use super::multipart::find;
use super::parts::part_number;
use super::{Service, etag, ok};

/// Every part but the last has at least this size.
const MIN_PART: u64 = 5 << 20;

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
    let output = dto::CompleteMultipartUploadOutput {
        location: Some(format!("http://{host}/{}/{}", bucket.name, super::listing::encode_url(&new.key))),
        bucket: Some(bucket.name.clone()),
        e_tag: Some(etag(&new.etag)),
        version_id: done.version,
        key: Some(new.key),
        ..Default::default()
    };
    ok(with_encryption!(with_sums_and_kind!(output, sums), &new.meta))
}
