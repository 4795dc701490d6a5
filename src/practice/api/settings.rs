//! Versioning, default encryption, CORS and lifecycle configuration of buckets.

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::error::{invalid_argument, invalid_request, malformed_xml, refuse};
use super::super::store::buckets::Versioning;
use super::super::{cors, lifecycle};
use super::{Service, ok};

const NO_CONTENT: http::StatusCode = http::StatusCode::NO_CONTENT;

pub(super) async fn get_versioning(
    service: &Service,
    request: S3Request<dto::GetBucketVersioningInput>,
) -> S3Result<S3Response<dto::GetBucketVersioningOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let status = match bucket.config.versioning {
        Versioning::NeverEnabled => None,
        Versioning::Enabled => Some(dto::BucketVersioningStatus::ENABLED),
        Versioning::Suspended => Some(dto::BucketVersioningStatus::SUSPENDED),
    };
    ok(dto::GetBucketVersioningOutput {
        status: status.map(dto::BucketVersioningStatus::from_static),
        ..Default::default()
    })
}

pub(super) async fn put_versioning(
    service: &Service,
    request: S3Request<dto::PutBucketVersioningInput>,
) -> S3Result<S3Response<dto::PutBucketVersioningOutput>> {
    let wanted = request.input.versioning_configuration;
    if wanted.mfa_delete.as_ref().is_some_and(|mfa| mfa.as_str() == "Enabled") || request.input.mfa.is_some() {
        return Err(refuse("NotImplemented", "MFA delete is not implemented"));
    }
    let versioning = match wanted.status.as_ref().map(dto::BucketVersioningStatus::as_str) {
        Some("Enabled") => Versioning::Enabled,
        Some("Suspended") => Versioning::Suspended,
        Some(_) => return Err(malformed_xml()),
        None => {
            return Err(refuse("IllegalVersioningConfigurationException", "The Versioning element must be specified"));
        }
    };
    service
        .change(request.input.bucket, move |config| {
            if config.object_lock.is_some() && versioning != Versioning::Enabled {
                let message = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.";
                return Err(refuse("InvalidBucketState", message).into());
            }
            if config.documents.replication.is_some() && versioning != Versioning::Enabled {
                let message = "A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.";
                return Err(refuse("InvalidBucketState", message).into());
            }
            config.versioning = versioning;
            Ok(())
        })
        .await?;
    ok(dto::PutBucketVersioningOutput {})
}

/// What S3 encrypts with when nothing was configured.
fn default_encryption() -> dto::ServerSideEncryptionConfiguration {
    let by_default = dto::ServerSideEncryptionByDefault {
        kms_master_key_id: None,
        sse_algorithm: dto::ServerSideEncryption::from_static("AES256"),
    };
    let rule = dto::ServerSideEncryptionRule {
        apply_server_side_encryption_by_default: Some(by_default),
        bucket_key_enabled: Some(false),
    };
    dto::ServerSideEncryptionConfiguration { rules: vec![rule] }
}

pub(super) async fn get_encryption(
    service: &Service,
    request: S3Request<dto::GetBucketEncryptionInput>,
) -> S3Result<S3Response<dto::GetBucketEncryptionOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let configuration = bucket.config.encryption.clone().unwrap_or_else(default_encryption);
    ok(dto::GetBucketEncryptionOutput { server_side_encryption_configuration: Some(configuration) })
}

pub(super) async fn put_encryption(
    service: &Service,
    request: S3Request<dto::PutBucketEncryptionInput>,
) -> S3Result<S3Response<dto::PutBucketEncryptionOutput>> {
    let configuration = request.input.server_side_encryption_configuration;
    let [rule] = configuration.rules.as_slice() else { return Err(malformed_xml()) };
    let Some(default) = &rule.apply_server_side_encryption_by_default else { return Err(malformed_xml()) };
    match (default.sse_algorithm.as_str(), &default.kms_master_key_id) {
        ("AES256", Some(_)) => {
            return Err(invalid_argument(
                "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
            ));
        }
        ("AES256" | "aws:kms" | "aws:kms:dsse", _) => {}
        _ => return Err(malformed_xml()),
    }
    service
        .change(request.input.bucket, move |config| {
            config.encryption = Some(configuration);
            Ok(())
        })
        .await?;
    ok(dto::PutBucketEncryptionOutput {})
}

pub(super) async fn delete_encryption(
    service: &Service,
    request: S3Request<dto::DeleteBucketEncryptionInput>,
) -> S3Result<S3Response<dto::DeleteBucketEncryptionOutput>> {
    service
        .change(request.input.bucket, |config| {
            config.encryption = None;
            Ok(())
        })
        .await?;
    Ok(S3Response::with_status(dto::DeleteBucketEncryptionOutput {}, NO_CONTENT))
}

pub(super) async fn get_cors(
    service: &Service,
    request: S3Request<dto::GetBucketCorsInput>,
) -> S3Result<S3Response<dto::GetBucketCorsOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let stored = bucket
        .config
        .cors
        .as_ref()
        .ok_or_else(|| refuse("NoSuchCORSConfiguration", "The CORS configuration does not exist"))?;
    ok(dto::GetBucketCorsOutput { cors_rules: Some(stored.cors_rules.clone()) })
}

pub(super) async fn put_cors(
    service: &Service,
    request: S3Request<dto::PutBucketCorsInput>,
) -> S3Result<S3Response<dto::PutBucketCorsOutput>> {
    let configuration = request.input.cors_configuration;
    cors::check(&configuration)?;
    service
        .change(request.input.bucket, move |config| {
            config.cors = Some(configuration);
            Ok(())
        })
        .await?;
    ok(dto::PutBucketCorsOutput {})
}

pub(super) async fn delete_cors(
    service: &Service,
    request: S3Request<dto::DeleteBucketCorsInput>,
) -> S3Result<S3Response<dto::DeleteBucketCorsOutput>> {
    service
        .change(request.input.bucket, |config| {
            config.cors = None;
            Ok(())
        })
        .await?;
    Ok(S3Response::with_status(dto::DeleteBucketCorsOutput {}, NO_CONTENT))
}

/// How small an object may be for a transition, unless a rule says otherwise.
const MINIMUMS: [&str; 2] = ["all_storage_classes_128K", "varies_by_storage_class"];

pub(super) async fn get_lifecycle(
    service: &Service,
    request: S3Request<dto::GetBucketLifecycleConfigurationInput>,
) -> S3Result<S3Response<dto::GetBucketLifecycleConfigurationOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let stored = bucket
        .config
        .lifecycle
        .as_ref()
        .ok_or_else(|| refuse("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"))?;
    let minimum = bucket.config.lifecycle_minimum.clone().unwrap_or_else(|| MINIMUMS[0].to_owned());
    ok(dto::GetBucketLifecycleConfigurationOutput {
        rules: Some(stored.rules.clone()),
        transition_default_minimum_object_size: Some(dto::TransitionDefaultMinimumObjectSize::from(minimum)),
    })
}

pub(super) async fn put_lifecycle(
    service: &Service,
    request: S3Request<dto::PutBucketLifecycleConfigurationInput>,
) -> S3Result<S3Response<dto::PutBucketLifecycleConfigurationOutput>> {
    let input = request.input;
    service.bucket(&input.bucket)?;
    let mut configuration = input.lifecycle_configuration.ok_or_else(malformed_xml)?;
    let minimum = input.transition_default_minimum_object_size.map(|minimum| minimum.as_str().to_owned());
    if let Some(minimum) = minimum.as_deref().filter(|minimum| !MINIMUMS.contains(minimum)) {
        return Err(invalid_request(format!("Invalid TransitionDefaultMinimumObjectSize found: {minimum}")));
    }
    lifecycle::check(&mut configuration)?;
    let shown = minimum.clone().unwrap_or_else(|| MINIMUMS[0].to_owned());
    service
        .change(input.bucket, move |config| {
            config.lifecycle = Some(configuration);
            config.lifecycle_minimum = minimum;
            Ok(())
        })
        .await?;
    ok(dto::PutBucketLifecycleConfigurationOutput {
        transition_default_minimum_object_size: Some(dto::TransitionDefaultMinimumObjectSize::from(shown)),
    })
}

pub(super) async fn delete_lifecycle(
    service: &Service,
    request: S3Request<dto::DeleteBucketLifecycleInput>,
) -> S3Result<S3Response<dto::DeleteBucketLifecycleOutput>> {
    service
        .change(request.input.bucket, |config| {
            config.lifecycle = None;
            config.lifecycle_minimum = None;
            Ok(())
        })
        .await?;
    Ok(S3Response::with_status(dto::DeleteBucketLifecycleOutput {}, NO_CONTENT))
}
