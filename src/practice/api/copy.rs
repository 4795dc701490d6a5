//! Copies inside the store: CopyObject and UploadPartCopy.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::checksum::{Algorithm, Kind};
use super::super::error::{Outcome, invalid_argument, invalid_request, no_such_key, refuse};
use super::super::intake::{self, Incoming, Received, Spool};
use super::super::store::Store;
use super::super::store::buckets::{self, Bucket};
use super::super::store::files::object_place;
use super::super::store::versions::{self, NewVersion, Version};
use super::conditions::Conditions;
use super::headers::{self, ChecksumFields};
use super::objects::write_conditions;
use super::{Service, etag, ok, timestamp};

/// Bucket, key and version of a copy's source.
fn source_of(source: &dto::CopySource) -> S3Result<(&str, &str, Option<&str>)> {
    match source {
        dto::CopySource::Bucket { bucket, key, version_id } => Ok((bucket, key, version_id.as_deref())),
        _ => Err(refuse("NotImplemented", "Copies from access points are not implemented")),
    }
}

/// Finds the source and checks the conditions on it.
async fn find_source(
    service: &Service,
    source: &dto::CopySource,
    conditions: Conditions,
) -> S3Result<(Arc<Bucket>, Version)> {
    let (bucket, key, version) = source_of(source)?;
    let bucket = service.bucket(bucket)?;
    super::objects::check_version_id(version)?;
    let (reader, key, version) = (Arc::clone(&bucket), key.to_owned(), version.map(str::to_owned));
    let found = service
        .store
        .read(move |db| {
            let found = match versions::read(db, &reader, &key, version.as_deref())? {
                Some(found) if !found.marker => found,
                Some(_) if version.is_some() => {
                    return Err(invalid_request("The source of a copy request may not specifically refer to a delete marker by version id.").into());
                }
                None if version.is_some() => return Err(super::objects::absent(None, version.as_deref()).into()),
                _ => return Err(no_such_key().into()),
            };
            conditions.check_source(&found)?;
            if matches!(found.meta.storage_class.as_deref(), Some("GLACIER" | "DEEP_ARCHIVE")) {
                let message = "The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier.";
                return Err(refuse("ObjectNotInActiveTierError", message).into());
            }
            Ok(found)
        })
        .await?;
    Ok((bucket, found))
}

/// Copies a range of a stored file to `incoming/`, hashing it. Blocks.
fn copy_range(service: &Store, source: &Version, range: Range<u64>, algorithms: &[Algorithm]) -> Outcome<Received> {
    let mut file = service.files.open(&source.place)?;
    file.seek(SeekFrom::Start(range.start))?;
    let mut spool = Spool::new(&service.files, algorithms);
    let mut left = range.end - range.start;
    let mut buffer = vec![0; 256 << 10];
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        let count = file.read(&mut buffer[..wanted])?;
        if count == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        spool.write(&buffer[..count])?;
        left -= count as u64;
    }
    spool.finish()
}

/// True when the ETag is the MD5 of the bytes.
fn hashed(version: &Version) -> bool {
    version.meta.encryption.is_none() && !version.etag.contains('-')
}

/// Copies a whole file whose hashes are known, letting the system share or move the bytes as it can. Blocks.
fn clone_file(store: &Store, source: &Version) -> Outcome<Incoming> {
    let incoming = Incoming::new(&store.files);
    let mut from: File = store.files.open(&source.place)?;
    let mut to = store.files.create_incoming(incoming.number)?;
    if io::copy(&mut from, &mut to)? != source.size {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    to.sync_data()?;
    Ok(incoming)
}

pub(super) async fn object(
    service: &Service,
    mut request: S3Request<dto::CopyObjectInput>,
) -> S3Result<S3Response<dto::CopyObjectOutput>> {
    let input = &mut request.input;
    let bucket = service.bucket(&input.bucket)?;
    let conditions = Conditions {
        matches: input.copy_source_if_match.take(),
        none_match: input.copy_source_if_none_match.take(),
        modified_since: input.copy_source_if_modified_since.take(),
        unmodified_since: input.copy_source_if_unmodified_since.take(),
    };
    let (source_bucket, source) = find_source(service, &input.copy_source, conditions).await?;
    if source.size > intake::MAX_BODY {
        return Err(invalid_request(format!(
            "The specified copy source is larger than the maximum allowable size for a copy source: {}",
            intake::MAX_BODY
        )));
    }
    let condition = |name: &str| match request.headers.get(name).map(|value| value.to_str().unwrap_or_default()) {
        None => Ok(None),
        Some(text) => {
            text.parse::<dto::ETagCondition>().map(Some).map_err(|_| invalid_argument(format!("Invalid {name}")))
        }
    };
    let (if_match, if_none_match) = (condition("if-match")?, condition("if-none-match")?);
    let guard = write_conditions(service, &bucket, &input.key, if_match, if_none_match).await?;
    let directive = |value: Option<&str>, name: &str| match value {
        None | Some("COPY") => Ok(false),
        Some("REPLACE") => Ok(true),
        Some(_) => Err(invalid_argument(format!("Unknown {name}."))),
    };
    let replace =
        directive(input.metadata_directive.as_ref().map(dto::MetadataDirective::as_str), "metadata directive")?;
    let replace_tags =
        directive(input.tagging_directive.as_ref().map(dto::TaggingDirective::as_str), "tagging directive")?;
    let asked = input.checksum_algorithm.as_ref().map(|name| intake::algorithm_named(name.as_str())).transpose()?;

    let writer = headers::Writer::of(service, &bucket, &request);
    let (said, said_tags) = headers::describe(&writer, &bucket, &request.headers, request.input.metadata.take())?;
    let onto_itself = source_bucket.id == bucket.id && source.key == request.input.key && source.current;
    let changes = replace
        || said.storage_class != source.meta.storage_class
        || said.website_redirect.is_some()
        || request.headers.contains_key("x-amz-server-side-encryption");
    if onto_itself && !changes {
        return Err(invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
        ));
    }
    let mut meta = said.clone();
    if !replace {
        meta = versions::Meta {
            // Not copied: these belong to the new object alone.
            website_redirect: said.website_redirect,
            storage_class: said.storage_class,
            encryption: said.encryption,
            acl: said.acl,
            owner: said.owner,
            lock: said.lock,
            parts: Vec::new(),
            upload: None,
            ..source.meta.clone()
        };
    }
    let tags = if replace_tags { said_tags } else { source.tags.clone() };

    let kept = source.meta.checksum.clone().filter(|checksum| checksum.kind == Kind::FullObject);
    let algorithm =
        asked.or(source.meta.checksum.as_ref().map(|checksum| checksum.algorithm)).unwrap_or(Algorithm::Crc64Nvme);
    let known = kept.filter(|checksum| checksum.algorithm == algorithm && hashed(&source));
    let store = Arc::clone(&service.store);
    let copied = source.clone();
    let (incoming, tag, checksum) = super::super::store::blocking(move || match known {
        Some(checksum) => Ok((clone_file(&store, &copied)?, copied.etag, Some(checksum))),
        None => {
            let received = copy_range(&store, &copied, 0..copied.size, &[algorithm])?;
            let (tag, checksum) = (received.etag(), received.checksum(algorithm).cloned());
            Ok((received.incoming, tag, checksum))
        }
    })
    .await?;
    meta.checksum = checksum;
    let tag = headers::etag_of(&meta, tag);

    let place = object_place(bucket.id, &bucket.name, incoming.number, &request.input.key);
    let new = NewVersion { key: request.input.key, place, size: source.size, etag: tag, meta, tags };
    let source_version = super::objects::shown_version(&source_bucket, &source);
    let (new, done) = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &bucket.name)?;
            let done = versions::put(tx, &bucket, &new, &guard)?;
            incoming.keep();
            Ok((new, done))
        })
        .await?;
    let sums = ChecksumFields::of(new.meta.checksum.as_ref());
    let result = dto::CopyObjectResult {
        e_tag: Some(etag(&new.etag)),
        last_modified: Some(timestamp(super::super::store::now_ms())),
        ..Default::default()
    };
    let output = dto::CopyObjectOutput {
        copy_object_result: Some(with_sums_and_kind!(result, sums)),
        copy_source_version_id: source_version,
        version_id: done.version,
        ..Default::default()
    };
    ok(with_encryption!(output, &new.meta))
}

/// Reads `bytes=first-last`, the one form of `x-amz-copy-source-range`.
fn source_range(text: &str, size: u64) -> S3Result<Range<u64>> {
    let malformed = || {
        invalid_argument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
        )
    };
    let (first, last) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')).ok_or_else(malformed)?;
    let first: u64 = first.parse().map_err(|_| malformed())?;
    let last: u64 = last.parse().map_err(|_| malformed())?;
    if first > last || last >= size {
        return Err(invalid_argument(format!("Range specified is not valid for source object of size: {size}")));
    }
    Ok(first..last + 1)
}

pub(super) async fn part(
    service: &Service,
    request: S3Request<dto::UploadPartCopyInput>,
) -> S3Result<S3Response<dto::UploadPartCopyOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    let number = super::parts::part_number(input.part_number)?;
    headers::customer_key(&request.headers)?;
    let upload = super::multipart::find(service, &bucket, &input.key, &input.upload_id).await?;
    let conditions = Conditions {
        matches: input.copy_source_if_match,
        none_match: input.copy_source_if_none_match,
        modified_since: input.copy_source_if_modified_since,
        unmodified_since: input.copy_source_if_unmodified_since,
    };
    let (source_bucket, source) = find_source(service, &input.copy_source, conditions).await?;
    let range = match input.copy_source_range.as_deref() {
        None => 0..source.size,
        Some(text) => source_range(text, source.size)?,
    };
    if range.end - range.start > intake::MAX_BODY {
        return Err(intake::too_large());
    }
    let algorithm = upload.meta.checksum.map_or(Algorithm::Crc64Nvme, |(algorithm, _)| algorithm);
    let store = Arc::clone(&service.store);
    let copied = source.clone();
    let received = super::super::store::blocking(move || copy_range(&store, &copied, range, &[algorithm])).await?;
    let part = super::parts::store_part(service, &bucket, &upload, number, received).await?;
    let shown = upload.meta.checksum.and_then(|(algorithm, _)| part.checksum(algorithm));
    let sums = ChecksumFields::value(algorithm, shown);
    let result = dto::CopyPartResult {
        e_tag: Some(etag(&part.etag)),
        last_modified: Some(timestamp(part.modified)),
        ..Default::default()
    };
    let output = dto::UploadPartCopyOutput {
        copy_part_result: Some(with_sums!(result, sums)),
        copy_source_version_id: super::objects::shown_version(&source_bucket, &source),
        ..Default::default()
    };
    ok(with_encryption!(output, &upload.meta.object))
}

#[cfg(test)]
mod tests {
    use super::source_range;
    use test_case::test_case;

    #[test_case("bytes=0-9", Some((0, 10)); "all")]
    #[test_case("bytes=3-3", Some((3, 4)); "one byte")]
    #[test_case("bytes=0-10", None; "beyond the end")]
    #[test_case("bytes=5-", None; "open")]
    #[test_case("0-9", None; "no unit")]
    #[test_case("bytes=4-2", None; "backwards")]
    fn ranges(text: &str, expected: Option<(u64, u64)>) {
        let found = source_range(text, 10).ok().map(|range| (range.start, range.end));
        assert_eq!(found, expected);
    }
}
