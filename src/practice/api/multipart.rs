//! Multipart uploads: their begin, and their end without an object.
//!
//! Source of the rules: Amazon S3 User Guide, "Uploading and copying objects using multipart upload".

use std::sync::Arc;

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::access::Caller;
use super::super::checksum::Kind;
use super::super::error::invalid_request;
use super::super::intake;
use super::super::store::buckets::{self, Bucket};
use super::super::store::uploads::{self, Upload, UploadMeta};
use super::headers;
use super::{Service, ok};

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
    let writer = headers::Writer::of(service, &bucket, &request);
    let (object, tags) = headers::describe(&writer, &bucket, &request.headers, request.input.metadata.take())?;
    let described = object.clone();
    let initiator = super::caller(&request).and_then(Caller::who).map(|who| who.arn.clone());
    let meta = UploadMeta { object, tags, checksum, initiator };
    let key = request.input.key;
    let (name, upload_key) = (bucket.name.clone(), key.clone());
    let id = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &name)?;
            uploads::create(tx, bucket.id, &upload_key, &meta)
        })
        .await?;
    let output = dto::CreateMultipartUploadOutput {
        bucket: Some(bucket.name.clone()),
        key: Some(key),
        upload_id: Some(id),
        checksum_algorithm: checksum.map(|(algorithm, _)| headers::algorithm(algorithm)),
        checksum_type: checksum.map(|(_, kind)| headers::kind(kind)),
        ..Default::default()
    };
    ok(with_encryption!(output, &described))
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
