//! Configuration that this store does not offer: reading it answers as AWS does where it was never set, writing it
//! answers `NotImplemented`.

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::error::refuse;
use super::{Service, ok};

pub(super) async fn request_payment(
    service: &Service,
    request: S3Request<dto::GetBucketRequestPaymentInput>,
) -> S3Result<S3Response<dto::GetBucketRequestPaymentOutput>> {
    service.bucket(&request.input.bucket)?;
    ok(dto::GetBucketRequestPaymentOutput { payer: Some(dto::Payer::from_static(dto::Payer::BUCKET_OWNER)) })
}

pub(super) async fn logging(
    service: &Service,
    request: S3Request<dto::GetBucketLoggingInput>,
) -> S3Result<S3Response<dto::GetBucketLoggingOutput>> {
    service.bucket(&request.input.bucket)?;
    ok(dto::GetBucketLoggingOutput::default())
}

pub(super) async fn notification(
    service: &Service,
    request: S3Request<dto::GetBucketNotificationConfigurationInput>,
) -> S3Result<S3Response<dto::GetBucketNotificationConfigurationOutput>> {
    service.bucket(&request.input.bucket)?;
    ok(dto::GetBucketNotificationConfigurationOutput::default())
}

pub(super) async fn accelerate(
    service: &Service,
    request: S3Request<dto::GetBucketAccelerateConfigurationInput>,
) -> S3Result<S3Response<dto::GetBucketAccelerateConfigurationOutput>> {
    service.bucket(&request.input.bucket)?;
    ok(dto::GetBucketAccelerateConfigurationOutput::default())
}

pub(super) async fn website(
    service: &Service,
    request: S3Request<dto::GetBucketWebsiteInput>,
) -> S3Result<S3Response<dto::GetBucketWebsiteOutput>> {
    service.bucket(&request.input.bucket)?;
    Err(refuse("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"))
}

pub(super) async fn replication(
    service: &Service,
    request: S3Request<dto::GetBucketReplicationInput>,
) -> S3Result<S3Response<dto::GetBucketReplicationOutput>> {
    service.bucket(&request.input.bucket)?;
    Err(refuse("ReplicationConfigurationNotFoundError", "The replication configuration was not found"))
}

pub(super) async fn object_lock(
    service: &Service,
    request: S3Request<dto::GetObjectLockConfigurationInput>,
) -> S3Result<S3Response<dto::GetObjectLockConfigurationOutput>> {
    service.bucket(&request.input.bucket)?;
    Err(refuse("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"))
}
