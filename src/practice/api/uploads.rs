//! ListMultipartUploads.

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::store::list::{After, Query};
use super::super::store::uploads::{self, Entry};
use super::headers;
use super::listing::Encoding;
use super::{Service, initiator, ok, timestamp};

pub(super) async fn list(
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
                let owner = service.uploader(&bucket, &upload.meta).owner();
                let class = upload.meta.object.storage_class.unwrap_or_else(|| "STANDARD".to_owned());
                uploads.push(dto::MultipartUpload {
                    checksum_algorithm: upload.meta.checksum.map(|(algorithm, _)| headers::algorithm(algorithm)),
                    checksum_type: upload.meta.checksum.map(|(_, kind)| headers::kind(kind)),
                    initiated: Some(timestamp(upload.started)),
                    initiator: initiator(upload.meta.initiator),
                    key: Some(encoding.apply(upload.key)),
                    owner: Some(owner),
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
