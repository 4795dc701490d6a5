//! Any setting by its kind: one way to read and one to write, for everything that treats them alike.

use super::*;
use crate::domain::bucket_settings::{Payer, SettingKind, SettingValue, Status};
use crate::s3::policy;

/// A setting as the store has it.
pub async fn read(store: &Store, bucket: &str, kind: SettingKind) -> Readable<SettingValue> {
    match kind {
        SettingKind::BlockPublicAccess => {
            get_public_access_block(store, bucket).await.map(SettingValue::BlockPublicAccess)
        }
        SettingKind::AccountBlockPublicAccess => match get_account_public_access_block(store).await {
            Some(answer) => answer.map(SettingValue::BlockPublicAccess),
            None => Readable::NotOffered,
        },
        SettingKind::Acl => get_bucket_acl(store, bucket).await.map(SettingValue::Acl),
        SettingKind::Ownership => get_bucket_ownership_controls(store, bucket).await.map(SettingValue::Ownership),
        SettingKind::Versioning => get_bucket_versioning(store, bucket).await.map(SettingValue::Versioning),
        SettingKind::Encryption => get_bucket_encryption(store, bucket).await.map(SettingValue::Encryption),
        SettingKind::Cors => filled(get_bucket_cors(store, bucket).await).map(SettingValue::Cors),
        SettingKind::Lifecycle => {
            filled(get_bucket_lifecycle_configuration(store, bucket).await).map(SettingValue::Lifecycle)
        }
        SettingKind::Tags => filled(get_bucket_tagging(store, bucket).await).map(SettingValue::Tags),
        SettingKind::Website => get_bucket_website(store, bucket).await.map(SettingValue::Website),
        SettingKind::Logging => get_bucket_logging(store, bucket).await.map(SettingValue::Logging),
        SettingKind::RequestPayment => {
            get_bucket_request_payment(store, bucket).await.map(SettingValue::RequestPayment)
        }
        SettingKind::Acceleration => {
            get_bucket_accelerate_configuration(store, bucket).await.map(SettingValue::Acceleration)
        }
        SettingKind::ObjectLock => get_object_lock_configuration(store, bucket).await.map(SettingValue::ObjectLock),
        SettingKind::Notification => {
            get_bucket_notification_configuration(store, bucket).await.map(SettingValue::Document)
        }
        SettingKind::Replication => get_bucket_replication(store, bucket).await.map(SettingValue::Document),
        SettingKind::Policy => Readable::of(policy::get_bucket_policy(store, bucket).await).map(SettingValue::Policy),
    }
}

/// Some stores answer with an empty list where others say that there is none.
fn filled<T>(list: Readable<Vec<T>>) -> Readable<Vec<T>> {
    match list {
        Readable::Is(list) if list.is_empty() => Readable::NotSet,
        other => other,
    }
}

/// Writes a setting; `None` takes it away, or switches it off where it cannot be taken away.
///
/// # Errors
/// Whatever the store says; [`Kind::NotOffered`] for what is only shown.
pub async fn write(
    store: &Store,
    bucket: &str,
    kind: SettingKind,
    value: Option<&SettingValue>,
) -> Result<(), S3Error> {
    match (kind, value) {
        (SettingKind::AccountBlockPublicAccess, Some(SettingValue::BlockPublicAccess(block))) => {
            put_account_public_access_block(store, *block).await
        }
        (SettingKind::AccountBlockPublicAccess, None) => {
            // All four off is what having none means.
            put_account_public_access_block(store, BlockPublicAccess::NONE).await
        }
        (_, Some(SettingValue::BlockPublicAccess(block))) => put_public_access_block(store, bucket, *block).await,
        (SettingKind::BlockPublicAccess, None) => delete_public_access_block(store, bucket).await,
        (_, Some(SettingValue::Acl(acl))) => put_bucket_acl(store, bucket, acl).await,
        (SettingKind::Acl, None) => put_bucket_acl(store, bucket, &Acl::default()).await,
        (_, Some(SettingValue::Ownership(to))) => put_bucket_ownership_controls(store, bucket, *to).await,
        (SettingKind::Ownership, None) => delete_bucket_ownership_controls(store, bucket).await,
        (_, Some(SettingValue::Versioning(to))) => put_bucket_versioning(store, bucket, to.is_on()).await,
        (SettingKind::Versioning, None) => put_bucket_versioning(store, bucket, false).await,
        (_, Some(SettingValue::Encryption(to))) => put_bucket_encryption(store, bucket, to).await,
        (SettingKind::Encryption, None) => delete_bucket_encryption(store, bucket).await,
        (_, Some(SettingValue::Cors(rules))) => put_bucket_cors(store, bucket, rules).await,
        (SettingKind::Cors, None) => put_bucket_cors(store, bucket, &[]).await,
        (_, Some(SettingValue::Lifecycle(rules))) => put_bucket_lifecycle_configuration(store, bucket, rules).await,
        (SettingKind::Lifecycle, None) => put_bucket_lifecycle_configuration(store, bucket, &[]).await,
        (_, Some(SettingValue::Tags(tags))) => put_bucket_tagging(store, bucket, tags).await,
        (SettingKind::Tags, None) => put_bucket_tagging(store, bucket, &[]).await,
        (_, Some(SettingValue::Website(website))) => put_bucket_website(store, bucket, website).await,
        (SettingKind::Website, None) => delete_bucket_website(store, bucket).await,
        (_, Some(SettingValue::Logging(logging))) => put_bucket_logging(store, bucket, Some(logging)).await,
        (SettingKind::Logging, None) => put_bucket_logging(store, bucket, None).await,
        (_, Some(SettingValue::RequestPayment(payer))) => put_bucket_request_payment(store, bucket, *payer).await,
        (SettingKind::RequestPayment, None) => put_bucket_request_payment(store, bucket, Payer::BucketOwner).await,
        (_, Some(SettingValue::Acceleration(to))) => {
            put_bucket_accelerate_configuration(store, bucket, to.status).await
        }
        (SettingKind::Acceleration, None) => {
            put_bucket_accelerate_configuration(store, bucket, Status::Suspended).await
        }
        (_, Some(SettingValue::ObjectLock(lock))) => put_object_lock_configuration(store, bucket, lock).await,
        (SettingKind::ObjectLock, None) => put_object_lock_configuration(store, bucket, &Default::default()).await,
        (_, Some(SettingValue::Policy(text))) => policy::put_bucket_policy(store, bucket, text).await,
        (SettingKind::Policy, None) => policy::delete_bucket_policy(store, bucket).await,
        (SettingKind::Notification | SettingKind::Replication, _) | (_, Some(SettingValue::Document(_))) => {
            Err(S3Error::new("Write", Kind::NotOffered).about_bucket(bucket))
        }
    }
}
