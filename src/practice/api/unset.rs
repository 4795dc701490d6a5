//! Configuration that this store does not offer: reading it answers as AWS does where it was never set, writing it
//! answers `NotImplemented`.

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::error::refuse;
use super::Service;

pub(super) async fn object_lock(
    service: &Service,
    request: S3Request<dto::GetObjectLockConfigurationInput>,
) -> S3Result<S3Response<dto::GetObjectLockConfigurationOutput>> {
    service.bucket(&request.input.bucket)?;
    Err(refuse("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"))
}
