//! DeleteObject and DeleteObjects.

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::access;
use super::super::error::{Fault, Outcome, header_not_implemented, malformed_xml, refuse};
use super::super::store::Tx;
use super::super::store::buckets::{self, Bucket};
use super::super::store::versions::{self, is_version_id};
use super::objects::{MAX_KEY, check_version_id};
use super::{Service, ok};

/// Keys that one DeleteObjects request may name.
const MAX_DELETES: usize = 1000;

pub(super) async fn delete(
    service: &Service,
    request: S3Request<dto::DeleteObjectInput>,
) -> S3Result<S3Response<dto::DeleteObjectOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    check_version_id(input.version_id.as_deref())?;
    let directory_only = [
        (input.if_match_last_modified_time.is_some(), "x-amz-if-match-last-modified-time"),
        (input.if_match_size.is_some(), "x-amz-if-match-size"),
    ];
    if let Some((_, header)) = directory_only.into_iter().find(|(given, _)| *given) {
        return Err(header_not_implemented(header));
    }
    let bypass = input.bypass_governance_retention == Some(true);
    let done = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &bucket.name)?;
            match &input.version_id {
                Some(version) => versions::delete_version(tx, &bucket, &input.key, version, bypass),
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
    let holder = service.holder(&bucket);
    let quiet = wanted.quiet == Some(true);
    let bypass = request.input.bypass_governance_retention == Some(true);
    let (deleted, errors) = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &bucket.name)?;
            let mut deleted = Vec::new();
            let mut errors = Vec::new();
            for object in wanted.objects {
                match delete_one(tx, &holder, caller.as_ref(), &bucket, &object, bypass) {
                    Ok(done) => deleted.push(deleted_entry(object, done)),
                    Err(Fault::S3(error)) => errors.push(dto::Error {
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
    tx: &Tx<'_>,
    holder: &access::Holder,
    caller: Option<&access::Caller>,
    bucket: &Bucket,
    object: &dto::ObjectIdentifier,
    bypass: bool,
) -> Outcome<versions::Done> {
    if object.key.len() > MAX_KEY {
        return Err(refuse("KeyTooLongError", "Your key is too long").into());
    }
    let version = object.version_id.as_deref().filter(|id| !id.is_empty());
    if version.is_some_and(|id| !is_version_id(id)) {
        return Err(refuse("NoSuchVersion", "The specified version does not exist.").into());
    }
    if let Some(caller) = caller {
        access::may_delete(holder, caller, bucket, &object.key, version.is_some())?;
    }
    let bypass = bypass && caller.is_some_and(|caller| access::may_bypass(holder, caller, bucket, &object.key));
    match version {
        Some(version) => versions::delete_version(tx, bucket, &object.key, version, bypass),
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
