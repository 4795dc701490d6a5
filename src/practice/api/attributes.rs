//! GetObjectAttributes.

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::error::invalid_argument;
use super::super::store::versions::Version;
use super::headers::{self, ChecksumFields};
use super::objects::{existing, shown_version};
use super::{Service, etag, ok, timestamp};

pub(super) async fn get(
    service: &Service,
    request: S3Request<dto::GetObjectAttributesInput>,
) -> S3Result<S3Response<dto::GetObjectAttributesOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    headers::customer_key(&request.headers)?;
    let version = existing(service, &bucket, input.key, input.version_id).await?;
    let wanted = |name: &str| input.object_attributes.iter().any(|attribute| attribute.as_str() == name);
    if input.object_attributes.is_empty() {
        return Err(invalid_argument(
            "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
        ));
    }
    let meta = &version.meta;
    let checksum = meta
        .checksum
        .as_ref()
        .filter(|_| wanted("Checksum"))
        .map(|checksum| with_sums_and_kind!(dto::Checksum::default(), ChecksumFields::of(Some(checksum))));
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
            let part = dto::ObjectPart {
                part_number: Some(i32::from(part.number)),
                size: i64::try_from(part.size).ok(),
                ..Default::default()
            };
            with_sums!(part, sums)
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
