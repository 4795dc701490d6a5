//! PutObject.

use http::HeaderMap;
use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::checksum::Algorithm;
use super::super::error::{detailed, header_not_implemented, invalid_request, refuse};
use super::super::intake::{self, Promise, Trailing};
use super::super::store::buckets;
use super::super::store::files::object_place;
use super::super::store::versions::{self, NewVersion};
use super::headers::{self, ChecksumFields};
use super::objects::write_conditions;
use super::{Service, etag, ok};

pub(super) async fn put(
    service: &Service,
    mut request: S3Request<dto::PutObjectInput>,
) -> S3Result<S3Response<dto::PutObjectOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let promise = Promise::from_headers(&request.headers)?;
    let (if_match, if_none_match) = (request.input.if_match.take(), request.input.if_none_match.take());
    let conditions = write_conditions(service, &bucket, &request.input.key, if_match, if_none_match).await?;
    if request.input.write_offset_bytes.is_some() {
        return Err(header_not_implemented("x-amz-write-offset-bytes"));
    }
    require_length(&request.headers)?;
    let writer = headers::Writer::of(service, &bucket, &request);
    let (mut meta, tags) = headers::describe(&writer, &bucket, &request.headers, request.input.metadata.take())?;
    if !meta.lock.is_unset() && promise.is_empty() {
        return Err(invalid_request(
            "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
        ));
    }
    let trailing = Trailing::of(&mut request);
    let algorithm = promise.algorithm().unwrap_or(Algorithm::Crc64Nvme);
    let received = intake::receive(&service.store, request.input.body.take(), &[algorithm]).await?;
    check_length(&request.headers, received.size)?;
    promise.check(&received, &trailing)?;
    meta.checksum = received.checksum(algorithm).cloned();

    let key = std::mem::take(&mut request.input.key);
    let place = object_place(bucket.id, &bucket.name, received.incoming.number, &key);
    let new =
        NewVersion { key, place, size: received.size, etag: headers::etag_of(&meta, received.etag()), meta, tags };
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
    let output = dto::PutObjectOutput { e_tag: Some(etag(&new.etag)), version_id: done.version, ..Default::default() };
    ok(with_encryption!(with_sums_and_kind!(output, sums), &new.meta))
}

fn length(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name).and_then(|value| value.to_str().ok()?.parse().ok())
}

/// The length of the object itself, where the body has another form.
const DECODED_LENGTH: &str = "x-amz-decoded-content-length";

/// S3 wants to know the length of a body before it comes.
pub(super) fn require_length(headers: &HeaderMap) -> S3Result<()> {
    match length(headers, DECODED_LENGTH).or_else(|| length(headers, "content-length")) {
        None if headers.contains_key(http::header::TRANSFER_ENCODING) => {
            Err(refuse("MissingContentLength", "You must provide the Content-Length HTTP header."))
        }
        Some(length) if length > intake::MAX_BODY => Err(detailed(
            intake::too_large(),
            &[("ProposedSize", length.to_string()), ("MaxSizeAllowed", intake::MAX_BODY.to_string())],
        )),
        _ => Ok(()),
    }
}

/// Chunks have to make up the length that was announced for the object.
pub(super) fn check_length(headers: &HeaderMap, received: u64) -> S3Result<()> {
    match length(headers, DECODED_LENGTH) {
        Some(announced) if announced != received => Err(intake::incomplete()),
        _ => Ok(()),
    }
}
