//! The settings of a bucket, read and written one by one. Every write replaces the whole setting, as the API does.

mod account;
mod acl;
mod any;
mod documents;
mod lifecycle;
mod plain;
mod service;
mod website;

#[cfg(test)]
mod any_tests;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use account::{get_account_public_access_block, put_account_public_access_block};
pub use acl::{Acl, get_bucket_acl, get_object_acl, is_bucket_acl_public, put_bucket_acl, put_object_acl};
pub use any::{read, write};
pub use documents::{get_bucket_notification_configuration, get_bucket_replication};
pub use lifecycle::{get_bucket_lifecycle_configuration, put_bucket_lifecycle_configuration, small_files};
pub use plain::{
    delete_bucket_encryption, delete_bucket_ownership_controls, delete_public_access_block, get_bucket_cors,
    get_bucket_encryption, get_bucket_tagging, get_bucket_versioning, put_bucket_cors, put_bucket_encryption,
    put_bucket_tagging, put_bucket_versioning,
};
pub use service::{
    get_bucket_accelerate_configuration, get_bucket_logging, get_bucket_request_payment, get_object_lock_configuration,
    put_bucket_accelerate_configuration, put_bucket_logging, put_bucket_request_payment, put_object_lock_configuration,
};
pub use website::{delete_bucket_website, get_bucket_website, put_bucket_website};

use aws_sdk_s3::types::{self, OwnershipControls, OwnershipControlsRule, PublicAccessBlockConfiguration};

use super::error::{Kind, S3Error};
use super::store::Store;
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};

/// A setting as far as it can be known. "Not configured" is an answer (S3 sends 404 for it), not an error.
#[derive(Debug, Clone)]
pub enum Readable<T> {
    /// It is set to this.
    Is(T),
    /// It is not set.
    NotSet,
    /// It may be set or not: it could not be read.
    MayNotRead(S3Error),
    /// The store has no such setting.
    NotOffered,
}

impl<T> Readable<T> {
    /// Sorts an answer.
    pub(super) fn of(answer: Result<Option<T>, S3Error>) -> Self {
        match answer {
            Ok(Some(value)) => Self::Is(value),
            Ok(None) => Self::NotSet,
            Err(error) => match (&error.kind, error.http_status) {
                (Kind::NotConfigured, _) => Self::NotSet,
                (Kind::NotOffered, _) => Self::NotOffered,
                // Simple servers take a question that they do not know for a listing, and answer with that.
                (Kind::NotS3, Some(200)) if error.details().contains("ListBucketResult") => Self::NotOffered,
                _ => Self::MayNotRead(error),
            },
        }
    }

    /// The value, if it is known to be set.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::NotSet | Self::MayNotRead(_) | Self::NotOffered => None,
        }
    }

    /// The same about another value.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Readable<U> {
        match self {
            Self::Is(value) => Readable::Is(change(value)),
            Self::NotSet => Readable::NotSet,
            Self::MayNotRead(error) => Readable::MayNotRead(error),
            Self::NotOffered => Readable::NotOffered,
        }
    }
}

/// Writes. Right after another change of the same bucket Amazon answers 409 for a moment: then once more, a few times.
pub(super) async fn patiently<T, F>(mut write: impl FnMut() -> F) -> Result<(), S3Error>
where
    F: Future<Output = Result<T, S3Error>>,
{
    for wait_millis in [400, 1_000, 2_500] {
        match write().await {
            Err(error) if error.kind == Kind::Conflict => {
                tokio::time::sleep(Duration::from_millis(wait_millis)).await;
            }
            outcome => return outcome.map(|_| ()),
        }
    }
    write().await.map(|_| ())
}

/// A document that the SDK says is not whole: a field that it requires is missing.
pub(super) fn not_whole(operation: &'static str) -> impl Fn(aws_smithy_types::error::operation::BuildError) -> S3Error {
    move |error| S3Error::new(operation, Kind::BadDocument).caused_by(error)
}

fn from_flags(flags: &PublicAccessBlockConfiguration) -> BlockPublicAccess {
    BlockPublicAccess {
        block_public_acls: flags.block_public_acls.unwrap_or(false),
        ignore_public_acls: flags.ignore_public_acls.unwrap_or(false),
        block_public_policy: flags.block_public_policy.unwrap_or(false),
        restrict_public_buckets: flags.restrict_public_buckets.unwrap_or(false),
    }
}

/// The bucket's Block Public Access; not set means that all four flags are off.
pub async fn get_public_access_block(store: &Store, bucket: &str) -> Readable<BlockPublicAccess> {
    let answer = store
        .ask("GetPublicAccessBlock", bucket, |client| client.get_public_access_block().bucket(bucket).send())
        .await
        .map(|answer| answer.public_access_block_configuration.as_ref().map(from_flags));
    Readable::of(answer)
}

/// Sets all four flags of the bucket.
///
/// # Errors
/// Whatever the store says.
pub async fn put_public_access_block(store: &Store, bucket: &str, block: BlockPublicAccess) -> Result<(), S3Error> {
    let flags = PublicAccessBlockConfiguration::builder()
        .block_public_acls(block.block_public_acls)
        .ignore_public_acls(block.ignore_public_acls)
        .block_public_policy(block.block_public_policy)
        .restrict_public_buckets(block.restrict_public_buckets)
        .build();
    patiently(|| {
        store.ask("PutPublicAccessBlock", bucket, |client| {
            client.put_public_access_block().bucket(bucket).public_access_block_configuration(flags.clone()).send()
        })
    })
    .await
}

/// Who owns uploaded objects, and whether ACLs count; not set means the legacy `ObjectWriter`.
pub async fn get_bucket_ownership_controls(store: &Store, bucket: &str) -> Readable<ObjectOwnership> {
    let answer = store
        .ask("GetBucketOwnershipControls", bucket, |client| {
            client.get_bucket_ownership_controls().bucket(bucket).send()
        })
        .await
        .map(|answer| {
            let rule = answer.ownership_controls?.rules.into_iter().next()?;
            ObjectOwnership::parse(rule.object_ownership.as_str())
        });
    Readable::of(answer)
}

/// Sets who owns uploaded objects.
///
/// # Errors
/// Whatever the store says, e.g. that the bucket's ACL still grants something to others.
pub async fn put_bucket_ownership_controls(
    store: &Store,
    bucket: &str,
    ownership: ObjectOwnership,
) -> Result<(), S3Error> {
    const OPERATION: &str = "PutBucketOwnershipControls";
    let rule = OwnershipControlsRule::builder()
        .object_ownership(types::ObjectOwnership::from(ownership.as_str()))
        .build()
        .map_err(not_whole(OPERATION))?;
    let controls = OwnershipControls::builder().rules(rule).build().map_err(not_whole(OPERATION))?;
    patiently(|| {
        store.ask(OPERATION, bucket, |client| {
            client.put_bucket_ownership_controls().bucket(bucket).ownership_controls(controls.clone()).send()
        })
    })
    .await
}
