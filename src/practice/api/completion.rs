//! CompleteMultipartUpload: from parts to an object.

use std::io;
use std::sync::Arc;

use http::HeaderMap;
use md5::{Digest as _, Md5};
use s3s::dto;
use s3s::{S3Error, S3Request, S3Response, S3Result};

use super::super::checksum::{self, Algorithm, Checksum, Kind};
use super::super::error::{Outcome, detailed, invalid_request, malformed_xml, refuse};
use super::super::intake::{Incoming, hex, mismatch};
use super::super::store::buckets::{self, Bucket};
use super::super::store::files::object_place;
use super::super::store::uploads::{self, Part, Upload};
use super::super::store::versions::{self, Meta, NewVersion, PartMeta, Version};
use super::super::store::{Store, blocking};
use super::headers::{self, ChecksumFields};
use super::multipart::find;
use super::objects::{shown_version, write_conditions};
use super::parts::{part_number, wrong_type};
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

fn invalid_part(upload: &str, number: u16, etag: &str) -> S3Error {
    let error = refuse(
        "InvalidPart",
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    );
    let details = [("UploadId", upload.to_owned()), ("PartNumber", number.to_string()), ("ETag", etag.to_owned())];
    detailed(error, &details)
}

/// Picks the stored parts that a Complete request names, in its order.
fn choose(stored: Vec<Part>, named: &[dto::CompletedPart], upload: &Upload) -> S3Result<Vec<Part>> {
    let numbers = named.iter().map(|part| part_number(part.part_number.unwrap_or(0))).collect::<S3Result<Vec<_>>>()?;
    if !numbers.is_sorted_by(|before, after| before < after) {
        return Err(detailed(
            refuse(
                "InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part number.",
            ),
            &[("UploadId", upload.id.clone())],
        ));
    }
    let mut stored = stored.into_iter().peekable();
    let mut chosen = Vec::with_capacity(named.len());
    for (number, wanted) in numbers.into_iter().zip(named) {
        let tag = wanted.e_tag.as_ref().map(dto::ETag::value).unwrap_or_default();
        let missing = || invalid_part(&upload.id, number, tag);
        while stored.next_if(|part| part.number < number).is_some() {}
        let part = stored.next_if(|part| part.number == number).ok_or_else(missing)?;
        if tag != part.etag {
            return Err(missing());
        }
        if let Some((algorithm, kind)) = upload.meta.checksum {
            match named_checksum(wanted, algorithm) {
                Some(value) if part.checksum(algorithm) != Some(value) => return Err(missing()),
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
    if let Some(small) = chosen.iter().rev().skip(1).rev().find(|part| part.size < MIN_PART) {
        return Err(detailed(
            refuse("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"),
            &[
                ("ProposedSize", small.size.to_string()),
                ("MinSizeAllowed", MIN_PART.to_string()),
                ("PartNumber", small.number.to_string()),
                ("ETag", small.etag.clone()),
            ],
        ));
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

/// The ETag of an object of parts: the MD5 of their MD5s, and their number.
fn whole_etag<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let mut digest = Md5::new();
    let mut count = 0;
    for etag in parts {
        let bytes: Vec<u8> =
            (0..etag.len() / 2).filter_map(|at| u8::from_str_radix(etag.get(2 * at..2 * at + 2)?, 16).ok()).collect();
        digest.update(&bytes);
        count += 1;
    }
    format!("{}-{count}", hex(&digest.finalize()))
}

fn whole_checksum(upload: &Upload, parts: &[Part]) -> Option<Checksum> {
    let (algorithm, kind) = upload.meta.checksum.unwrap_or((Algorithm::Crc64Nvme, Kind::FullObject));
    let sums =
        parts.iter().map(|part| Some((part.checksum(algorithm)?.to_owned(), part.size))).collect::<Option<Vec<_>>>()?;
    checksum::combine(algorithm, kind, &sums)
}

/// Compares the checksum of the whole, as the request names it, with the one computed. Where it is one of checksums,
/// the number of parts may follow it.
fn check_whole(headers: &HeaderMap, upload: &Upload, whole: Option<&Checksum>) -> S3Result<()> {
    let (text, Some(whole)) = (|name: &str| headers::text(headers, name), whole) else { return Ok(()) };
    if let Some(kind) = text("x-amz-checksum-type")
        && Kind::from_name(&kind) != Some(whole.kind)
    {
        return Err(invalid_request(format!(
            "The upload was created using the {} checksum mode. The complete request must use the same checksum mode.",
            whole.kind.name()
        )));
    }
    let Some((given, value)) =
        Algorithm::ALL.into_iter().find_map(|algorithm| Some((algorithm, text(algorithm.header())?)))
    else {
        return Ok(());
    };
    let (bare, count) = value.split_once('-').map_or((value.as_str(), None), |(bare, count)| (bare, Some(count)));
    if !given.accepts(bare) || count.is_some_and(|count| whole.kind != Kind::Composite || count.parse::<u16>().is_err())
    {
        return Err(invalid_request(format!("Value for {} header is invalid.", given.header())));
    }
    if given != whole.algorithm {
        return Err(wrong_type(upload.meta.checksum.map_or(whole.algorithm, |(wanted, _)| wanted), Some(given)));
    }
    let same = whole.value == value || (count.is_none() && whole.value.split('-').next() == Some(bare));
    if same { Ok(()) } else { Err(mismatch(given)) }
}

/// The object that this upload has become already: asked again, Complete answers as it did.
async fn completed_before(
    service: &Service,
    bucket: &Bucket,
    input: &dto::CompleteMultipartUploadInput,
    named: &[dto::CompletedPart],
) -> S3Result<Option<Version>> {
    let (bucket, key, id) = (bucket.id, input.key.clone(), input.upload_id.clone());
    let found = service.store.read(move |db| versions::of_upload(db, bucket, &key, &id)).await?;
    let tag = whole_etag(named.iter().filter_map(|part| part.e_tag.as_ref().map(dto::ETag::value)));
    Ok(found.filter(|version| version.etag == tag))
}

/// The answer, first and again.
fn answer(
    headers: &HeaderMap,
    bucket: &Bucket,
    (key, tag, meta): (&str, &str, &Meta),
    version_id: Option<String>,
) -> S3Result<S3Response<dto::CompleteMultipartUploadOutput>> {
    let host = headers::text(headers, "host").unwrap_or_default();
    let output = dto::CompleteMultipartUploadOutput {
        location: Some(format!("http://{host}/{}/{}", bucket.name, super::listing::encode_url(key))),
        bucket: Some(bucket.name.clone()),
        e_tag: Some(etag(tag)),
        version_id,
        key: Some(key.to_owned()),
        ..Default::default()
    };
    let sums = ChecksumFields::of(meta.checksum.as_ref());
    ok(with_encryption!(with_sums_and_kind!(output, sums), meta))
}

pub(super) async fn complete(
    service: &Service,
    request: S3Request<dto::CompleteMultipartUploadInput>,
) -> S3Result<S3Response<dto::CompleteMultipartUploadOutput>> {
    let mut input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    let named = input.multipart_upload.take().and_then(|upload| upload.parts).unwrap_or_default();
    if named.is_empty() {
        return Err(malformed_xml());
    }
    let upload = match find(service, &bucket, &input.key, &input.upload_id).await {
        Ok(upload) => upload,
        Err(gone) => {
            let Some(version) = completed_before(service, &bucket, &input, &named).await? else { return Err(gone) };
            let object = (version.key.as_str(), version.etag.as_str(), &version.meta);
            return answer(&request.headers, &bucket, object, shown_version(&bucket, &version));
        }
    };
    let (if_match, if_none_match) = (input.if_match.take(), input.if_none_match.take());
    let conditions = write_conditions(service, &bucket, &input.key, if_match, if_none_match).await?;
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
    check_whole(&request.headers, &upload, checksum.as_ref())?;
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
    meta.upload = Some(upload.id.clone());
    let tag = whole_etag(parts.iter().map(|part| part.etag.as_str()));
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
            if let Some(gone) = parts.iter().find(|part| !now.iter().any(|now| now.place == part.place)) {
                return Err(invalid_part(&id, gone.number, &gone.etag).into());
            }
            let done = versions::put(tx, &bucket, &new, &conditions)?;
            uploads::remove(tx, &id)?;
            incoming.keep();
            Ok((new, done))
        })
        .await?;
    answer(&request.headers, &bucket, (&new.key, &new.etag, &new.meta), done.version)
}
