//! The configuration documents that a bucket has one of each: website, access log, notifications, replication, who
//! pays, acceleration.

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::acl::Parties;
use super::super::documents::logging::Logging;
use super::super::documents::{About, Document, check_reachable};
use super::super::error::refuse;
use super::{Service, ok};

/// The document of a bucket, if it has one.
fn kept<D: Document>(service: &Service, bucket: &str) -> S3Result<Option<D>> {
    Ok(D::kept(&service.bucket(bucket)?.config.documents).cloned())
}

/// Checks a document and puts it in the place of the one before.
async fn put<D: Document>(service: &Service, bucket: String, mut document: D) -> S3Result<()> {
    let found = service.bucket(&bucket)?;
    document.check(&About { bucket: &found, buckets: &service.store.buckets })?;
    set(service, bucket, Some(document)).await
}

async fn set<D: Document>(service: &Service, bucket: String, document: Option<D>) -> S3Result<()> {
    service
        .change(bucket, move |config| {
            *D::slot(&mut config.documents) = document;
            Ok(())
        })
        .await?;
    Ok(())
}

fn no_content<T>(output: T) -> S3Result<S3Response<T>> {
    Ok(S3Response::with_status(output, http::StatusCode::NO_CONTENT))
}

pub(super) async fn get_website(
    service: &Service,
    request: S3Request<dto::GetBucketWebsiteInput>,
) -> S3Result<S3Response<dto::GetBucketWebsiteOutput>> {
    let website = kept::<dto::WebsiteConfiguration>(service, &request.input.bucket)?.ok_or_else(|| {
        refuse("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
    })?;
    ok(dto::GetBucketWebsiteOutput {
        error_document: website.error_document,
        index_document: website.index_document,
        redirect_all_requests_to: website.redirect_all_requests_to,
        routing_rules: website.routing_rules,
    })
}

pub(super) async fn put_website(
    service: &Service,
    request: S3Request<dto::PutBucketWebsiteInput>,
) -> S3Result<S3Response<dto::PutBucketWebsiteOutput>> {
    put(service, request.input.bucket, request.input.website_configuration).await?;
    ok(dto::PutBucketWebsiteOutput {})
}

pub(super) async fn delete_website(
    service: &Service,
    request: S3Request<dto::DeleteBucketWebsiteInput>,
) -> S3Result<S3Response<dto::DeleteBucketWebsiteOutput>> {
    set::<dto::WebsiteConfiguration>(service, request.input.bucket, None).await?;
    no_content(dto::DeleteBucketWebsiteOutput {})
}

pub(super) async fn get_logging(
    service: &Service,
    request: S3Request<dto::GetBucketLoggingInput>,
) -> S3Result<S3Response<dto::GetBucketLoggingOutput>> {
    let logging = kept::<Logging>(service, &request.input.bucket)?;
    let bucket = service.bucket(&request.input.bucket)?;
    let owner = &service.owner_of(&bucket).canonical_id;
    ok(dto::GetBucketLoggingOutput { logging_enabled: logging.map(|logging| logging.to_dto(owner)) })
}

pub(super) async fn put_logging(
    service: &Service,
    request: S3Request<dto::PutBucketLoggingInput>,
) -> S3Result<S3Response<dto::PutBucketLoggingOutput>> {
    let input = request.input;
    match input.bucket_logging_status.logging_enabled {
        Some(wanted) => {
            let bucket = service.bucket(&input.bucket)?;
            let owner = &service.owner_of(&bucket).canonical_id;
            let knows = |id: &str| service.people.knows(id);
            let logging = Logging::from_dto(wanted, &Parties { owner, bucket_owner: owner, knows: &knows })?;
            put(service, input.bucket, logging).await?;
        }
        // An empty document turns logging off.
        None => set::<Logging>(service, input.bucket, None).await?,
    }
    ok(dto::PutBucketLoggingOutput {})
}

pub(super) async fn get_notification(
    service: &Service,
    request: S3Request<dto::GetBucketNotificationConfigurationInput>,
) -> S3Result<S3Response<dto::GetBucketNotificationConfigurationOutput>> {
    let kept = kept::<dto::NotificationConfiguration>(service, &request.input.bucket)?.unwrap_or_default();
    ok(dto::GetBucketNotificationConfigurationOutput {
        event_bridge_configuration: kept.event_bridge_configuration,
        lambda_function_configurations: kept.lambda_function_configurations,
        queue_configurations: kept.queue_configurations,
        topic_configurations: kept.topic_configurations,
    })
}

pub(super) async fn put_notification(
    service: &Service,
    request: S3Request<dto::PutBucketNotificationConfigurationInput>,
) -> S3Result<S3Response<dto::PutBucketNotificationConfigurationOutput>> {
    let mut input = request.input;
    if input.skip_destination_validation != Some(true) {
        check_reachable(&mut input.notification_configuration)?;
    }
    put(service, input.bucket, input.notification_configuration).await?;
    ok(dto::PutBucketNotificationConfigurationOutput {})
}

pub(super) async fn get_replication(
    service: &Service,
    request: S3Request<dto::GetBucketReplicationInput>,
) -> S3Result<S3Response<dto::GetBucketReplicationOutput>> {
    let kept = kept::<dto::ReplicationConfiguration>(service, &request.input.bucket)?.ok_or_else(|| {
        refuse("ReplicationConfigurationNotFoundError", "The replication configuration was not found")
    })?;
    ok(dto::GetBucketReplicationOutput { replication_configuration: Some(kept) })
}

pub(super) async fn put_replication(
    service: &Service,
    request: S3Request<dto::PutBucketReplicationInput>,
) -> S3Result<S3Response<dto::PutBucketReplicationOutput>> {
    put(service, request.input.bucket, request.input.replication_configuration).await?;
    ok(dto::PutBucketReplicationOutput {})
}

pub(super) async fn delete_replication(
    service: &Service,
    request: S3Request<dto::DeleteBucketReplicationInput>,
) -> S3Result<S3Response<dto::DeleteBucketReplicationOutput>> {
    set::<dto::ReplicationConfiguration>(service, request.input.bucket, None).await?;
    no_content(dto::DeleteBucketReplicationOutput {})
}

pub(super) async fn get_request_payment(
    service: &Service,
    request: S3Request<dto::GetBucketRequestPaymentInput>,
) -> S3Result<S3Response<dto::GetBucketRequestPaymentOutput>> {
    let kept = kept::<dto::RequestPaymentConfiguration>(service, &request.input.bucket)?;
    let payer = kept.map_or_else(|| dto::Payer::from_static(dto::Payer::BUCKET_OWNER), |kept| kept.payer);
    ok(dto::GetBucketRequestPaymentOutput { payer: Some(payer) })
}

pub(super) async fn put_request_payment(
    service: &Service,
    request: S3Request<dto::PutBucketRequestPaymentInput>,
) -> S3Result<S3Response<dto::PutBucketRequestPaymentOutput>> {
    put(service, request.input.bucket, request.input.request_payment_configuration).await?;
    ok(dto::PutBucketRequestPaymentOutput {})
}

pub(super) async fn get_accelerate(
    service: &Service,
    request: S3Request<dto::GetBucketAccelerateConfigurationInput>,
) -> S3Result<S3Response<dto::GetBucketAccelerateConfigurationOutput>> {
    let kept = kept::<dto::AccelerateConfiguration>(service, &request.input.bucket)?.unwrap_or_default();
    ok(dto::GetBucketAccelerateConfigurationOutput { status: kept.status, ..Default::default() })
}

pub(super) async fn put_accelerate(
    service: &Service,
    request: S3Request<dto::PutBucketAccelerateConfigurationInput>,
) -> S3Result<S3Response<dto::PutBucketAccelerateConfigurationOutput>> {
    put(service, request.input.bucket, request.input.accelerate_configuration).await?;
    ok(dto::PutBucketAccelerateConfigurationOutput {})
}
