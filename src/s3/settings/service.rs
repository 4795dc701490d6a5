//! Access log, who pays, acceleration, Object Lock.

use aws_sdk_s3::types::{
    AccelerateConfiguration, BucketAccelerateStatus, BucketLoggingStatus, BucketLogsPermission,
    DefaultRetention as SdkRetention, EventHoldDuration, LoggingEnabled, ObjectLockConfiguration, ObjectLockEnabled,
    ObjectLockRetentionMode, ObjectLockRule, PartitionDateSource, PartitionedPrefix, Payer as SdkPayer,
    RequestPaymentConfiguration, SimplePrefix, TargetGrant as SdkTargetGrant, TargetObjectKeyFormat,
};

use super::acl::{Built, from_grantee, to_grantee};
use super::{Readable, not_whole, patiently};
use crate::domain::bucket_settings::{
    Acceleration, DefaultRetention, EventHold, LogKeyFormat, Logging, ObjectLock, Payer, RetentionMode, Status,
    WrittenGrant,
};
use crate::s3::error::S3Error;
use crate::s3::store::Store;

/// Where the access log is written; not set means nowhere.
pub async fn get_bucket_logging(store: &Store, bucket: &str) -> Readable<Logging> {
    let answer = store
        .ask("GetBucketLogging", bucket, |client| client.get_bucket_logging().bucket(bucket).send())
        .await
        .map(|answer| answer.logging_enabled.map(from_logging));
    Readable::of(answer)
}

fn from_logging(logging: LoggingEnabled) -> Logging {
    let grant = |grant: SdkTargetGrant| {
        let permission = grant.permission?.as_str().to_owned();
        Some(WrittenGrant { grantee: from_grantee(grant.grantee?), permission })
    };
    let format = logging.target_object_key_format.map(|format| match format.partitioned_prefix {
        Some(parts) => LogKeyFormat::Partitioned(parts.partition_date_source.map(|source| source.as_str().to_owned())),
        None => LogKeyFormat::Simple,
    });
    Logging {
        target_bucket: logging.target_bucket,
        target_prefix: logging.target_prefix,
        target_grants: logging.target_grants.unwrap_or_default().into_iter().filter_map(grant).collect(),
        key_format: format,
    }
}

/// Writes the access log there, or nowhere.
///
/// # Errors
/// Whatever the store says, e.g. that the target lies elsewhere or does not exist.
pub async fn put_bucket_logging(store: &Store, bucket: &str, logging: Option<&Logging>) -> Result<(), S3Error> {
    const OPERATION: &str = "PutBucketLogging";
    let enabled = logging.map(to_logging).transpose().map_err(not_whole(OPERATION))?;
    let status = BucketLoggingStatus::builder().set_logging_enabled(enabled).build();
    patiently(|| {
        store.ask(OPERATION, bucket, |client| {
            client.put_bucket_logging().bucket(bucket).bucket_logging_status(status.clone()).send()
        })
    })
    .await
}

fn to_logging(logging: &Logging) -> Built<LoggingEnabled> {
    let grants = logging.target_grants.iter().map(|grant| -> Built<SdkTargetGrant> {
        let grantee = to_grantee(&grant.grantee)?;
        let permission = BucketLogsPermission::from(grant.permission.as_str());
        Ok(SdkTargetGrant::builder().grantee(grantee).permission(permission).build())
    });
    let grants = grants.collect::<Built<Vec<_>>>()?;
    let format = logging.key_format.as_ref().map(|format| match format {
        LogKeyFormat::Simple => TargetObjectKeyFormat::builder().simple_prefix(SimplePrefix::builder().build()),
        LogKeyFormat::Partitioned(source) => {
            let source = source.as_deref().map(PartitionDateSource::from);
            let parts = PartitionedPrefix::builder().set_partition_date_source(source).build();
            TargetObjectKeyFormat::builder().partitioned_prefix(parts)
        }
    });
    LoggingEnabled::builder()
        .target_bucket(&logging.target_bucket)
        .target_prefix(&logging.target_prefix)
        .set_target_grants((!grants.is_empty()).then_some(grants))
        .set_target_object_key_format(format.map(|format| format.build()))
        .build()
}

/// Who pays for requests.
pub async fn get_bucket_request_payment(store: &Store, bucket: &str) -> Readable<Payer> {
    let answer = store
        .ask("GetBucketRequestPayment", bucket, |client| client.get_bucket_request_payment().bucket(bucket).send())
        .await
        .map(|answer| {
            answer.payer.map(|payer| match payer {
                SdkPayer::Requester => Payer::Requester,
                _ => Payer::BucketOwner,
            })
        });
    Readable::of(answer)
}

/// Sets who pays for requests.
///
/// # Errors
/// Whatever the store says.
pub async fn put_bucket_request_payment(store: &Store, bucket: &str, payer: Payer) -> Result<(), S3Error> {
    const OPERATION: &str = "PutBucketRequestPayment";
    let payer = match payer {
        Payer::BucketOwner => SdkPayer::BucketOwner,
        Payer::Requester => SdkPayer::Requester,
    };
    let document = RequestPaymentConfiguration::builder().payer(payer).build().map_err(not_whole(OPERATION))?;
    patiently(|| {
        store.ask(OPERATION, bucket, |client| {
            client.put_bucket_request_payment().bucket(bucket).request_payment_configuration(document.clone()).send()
        })
    })
    .await
}

/// Whether uploads may take the faster way; not set means that they never could.
pub async fn get_bucket_accelerate_configuration(store: &Store, bucket: &str) -> Readable<Acceleration> {
    let answer = store
        .ask("GetBucketAccelerateConfiguration", bucket, |client| {
            client.get_bucket_accelerate_configuration().bucket(bucket).send()
        })
        .await
        .map(|answer| {
            answer.status.map(|status| Acceleration {
                status: match status {
                    BucketAccelerateStatus::Enabled => Status::Enabled,
                    _ => Status::Suspended,
                },
            })
        });
    Readable::of(answer)
}

/// Lets uploads take the faster way, or no longer.
///
/// # Errors
/// Whatever the store says, e.g. that the bucket's name has a dot.
pub async fn put_bucket_accelerate_configuration(store: &Store, bucket: &str, to: Status) -> Result<(), S3Error> {
    let status = match to {
        Status::Enabled => BucketAccelerateStatus::Enabled,
        Status::Suspended => BucketAccelerateStatus::Suspended,
    };
    let document = AccelerateConfiguration::builder().status(status).build();
    patiently(|| {
        store.ask("PutBucketAccelerateConfiguration", bucket, |client| {
            let call = client.put_bucket_accelerate_configuration().bucket(bucket);
            call.accelerate_configuration(document.clone()).send()
        })
    })
    .await
}

/// Whether versions can be locked, and for how long they are by themselves.
pub async fn get_object_lock_configuration(store: &Store, bucket: &str) -> Readable<ObjectLock> {
    let answer = store
        .ask("GetObjectLockConfiguration", bucket, |client| {
            client.get_object_lock_configuration().bucket(bucket).send()
        })
        .await
        .map(|answer| {
            let lock = answer.object_lock_configuration?;
            lock.object_lock_enabled.filter(|on| *on == ObjectLockEnabled::Enabled)?;
            let default = lock.rule.and_then(|rule| rule.default_retention).and_then(|retention| {
                Some(DefaultRetention {
                    mode: match retention.mode? {
                        ObjectLockRetentionMode::Compliance => RetentionMode::Compliance,
                        _ => RetentionMode::Governance,
                    },
                    days: retention.days,
                    years: retention.years,
                    default_event_hold: retention
                        .default_event_hold
                        .map(|hold| EventHold { days: hold.days, years: hold.years }),
                })
            });
            Some(ObjectLock { default })
        });
    Readable::of(answer)
}

/// Lets versions be locked, and says for how long they are by themselves.
///
/// # Errors
/// Whatever the store says, e.g. that the bucket keeps no versions.
pub async fn put_object_lock_configuration(store: &Store, bucket: &str, lock: &ObjectLock) -> Result<(), S3Error> {
    let rule = lock.default.as_ref().map(|retention| {
        let mode = match retention.mode {
            RetentionMode::Governance => ObjectLockRetentionMode::Governance,
            RetentionMode::Compliance => ObjectLockRetentionMode::Compliance,
        };
        let hold = retention
            .default_event_hold
            .map(|hold| EventHoldDuration::builder().set_days(hold.days).set_years(hold.years).build());
        let retention = SdkRetention::builder()
            .mode(mode)
            .set_days(retention.days)
            .set_years(retention.years)
            .set_default_event_hold(hold)
            .build();
        ObjectLockRule::builder().default_retention(retention).build()
    });
    let document =
        ObjectLockConfiguration::builder().object_lock_enabled(ObjectLockEnabled::Enabled).set_rule(rule).build();
    patiently(|| {
        store.ask("PutObjectLockConfiguration", bucket, |client| {
            let call = client.put_object_lock_configuration().bucket(bucket);
            call.object_lock_configuration(document.clone()).send()
        })
    })
    .await
}
