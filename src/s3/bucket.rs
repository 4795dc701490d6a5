//! Buckets as such: which there are, where they lie, making and deleting them.

use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration, ObjectOwnership as SdkOwnership};

use super::{
    error::S3Error,
    store::{Family, Store},
    time::timestamp,
};
use crate::domain::{bucket::BucketSummary, public_access::ObjectOwnership};

/// Amazon gives pages only to those who ask for a size; 1,000 is a good one.
const PAGE: i32 = 1_000;

/// All buckets of the account, by name.
///
/// # Errors
/// Whatever the store says; being refused is common and means only that buckets must be opened by name.
pub async fn list_buckets(store: &Store) -> Result<Vec<BucketSummary>, S3Error> {
    let mut buckets = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let size = store.is_amazon().then_some(PAGE);
        let page = store
            .ask_at_large("ListBuckets", |client| {
                client.list_buckets().set_max_buckets(size).set_continuation_token(token.clone()).send()
            })
            .await?;
        for bucket in page.buckets() {
            let Some(name) = bucket.name() else { continue };
            if let Some(region) = bucket.bucket_region() {
                store.learn_region(name, region);
            }
            buckets.push(BucketSummary {
                name: name.to_owned(),
                region: bucket.bucket_region().map(str::to_owned).or_else(|| store.known_region(name)),
                created: bucket.creation_date().and_then(timestamp),
            });
        }
        match page.continuation_token {
            Some(next) if !next.is_empty() && token.as_deref() != Some(next.as_str()) => token = Some(next),
            _ => break,
        }
    }
    buckets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(buckets)
}

/// A bucket to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBucket {
    /// Its name.
    pub name: String,
    /// Where it shall lie. Other stores than Amazon's decide by their endpoint.
    pub region: String,
    /// Object Ownership from the start; `None` leaves the store's own default.
    pub ownership: Option<ObjectOwnership>,
    /// Whether objects can be locked; only possible from the start.
    pub object_lock: bool,
}

/// Makes a bucket.
///
/// # Errors
/// [`super::error::Kind::NameTaken`], [`super::error::Kind::AlreadyYours`] and whatever else the store says.
pub async fn create_bucket(store: &Store, bucket: &NewBucket) -> Result<(), S3Error> {
    let region = if store.is_amazon() { bucket.region.as_str() } else { store.info().region.as_str() };
    // us-east-1 is the one region that must not be named (Amazon S3 API Reference, CreateBucket).
    let location = (store.is_amazon() && region != "us-east-1").then(|| {
        CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region)).build()
    });
    // Signed for the region where it shall lie: what is known of an older bucket of that name must not interfere.
    store.learn_region(&bucket.name, region);
    let outcome = store
        .ask("CreateBucket", &bucket.name, |client| {
            client
                .create_bucket()
                .bucket(&bucket.name)
                .set_create_bucket_configuration(location.clone())
                .set_object_ownership(bucket.ownership.map(|ownership| SdkOwnership::from(ownership.as_str())))
                .set_object_lock_enabled_for_bucket(bucket.object_lock.then_some(true))
                .send()
        })
        .await;
    if outcome.is_err() {
        store.forget_region(&bucket.name);
    }
    outcome.map(|_| ())
}

/// What `HeadBucket` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketHead {
    /// Where it lies, if the store says so.
    pub region: Option<String>,
}

/// Whether the bucket is there and may be looked into, and where it lies.
///
/// # Errors
/// [`super::error::Kind::NotThere`], [`super::error::Kind::Refused`] (it is there, but not for this sign-in) and others.
pub async fn head_bucket(store: &Store, bucket: &str) -> Result<BucketHead, S3Error> {
    let head = store.ask("HeadBucket", bucket, |client| client.head_bucket().bucket(bucket).send()).await?;
    if let Some(region) = head.bucket_region() {
        // Practice storage and others answer with names of regions that their endpoint does not sign for.
        if store.info().family == Family::Amazon {
            store.learn_region(bucket, region);
        }
    }
    Ok(BucketHead { region: head.bucket_region.or_else(|| store.known_region(bucket)) })
}

/// Deletes an empty bucket.
///
/// # Errors
/// [`super::error::Kind::NotEmpty`] and whatever else the store says.
pub async fn delete_bucket(store: &Store, bucket: &str) -> Result<(), S3Error> {
    store.ask("DeleteBucket", bucket, |client| client.delete_bucket().bucket(bucket).send()).await?;
    store.forget_region(bucket);
    Ok(())
}
