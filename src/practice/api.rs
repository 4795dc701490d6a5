//! The S3 operations. What is not listed here answers `NotImplemented`.

#[macro_use]
mod answer;

mod acls;
mod attributes;
mod buckets;
mod completion;
mod conditions;
mod copy;
mod deletion;
mod documents;
mod headers;
mod listing;
mod lock;
mod multipart;
mod numbered;
mod objects;
mod parts;
mod policy;
mod reading;
mod settings;
mod tags;
mod uploads;
mod writing;

use std::sync::Arc;

use s3s::dto::{self, Timestamp};
use s3s::{S3, S3Request, S3Response, S3Result};

pub(super) use self::policy::block_from;
use super::access::{Caller, Holder};
use super::accounts::Accounts;
use super::admission::Refusal;
use super::error::Outcome;
use super::people::{Account, People};
use super::store::Store;
use super::store::buckets::{self as buckets_in_store, Bucket, Config};
use super::store::uploads::UploadMeta;
use super::store::versions::Version;

/// What every operation works with.
pub(super) struct Service {
    pub(super) store: Arc<Store>,
    pub(super) people: Arc<People>,
    pub(super) accounts: Accounts,
}

/// Who signed a request, as the check before the operation found out.
fn caller<T>(request: &S3Request<T>) -> Option<&Caller> {
    request.extensions.get::<Caller>()
}

impl Service {
    fn bucket(&self, name: &str) -> Outcome<Arc<Bucket>> {
        self.store.buckets.get(name)
    }

    /// The account that a bucket belongs to.
    pub(super) fn owner_of<'a>(&'a self, bucket: &'a Bucket) -> &'a Account {
        bucket.config.owner.as_ref().unwrap_or_else(|| self.people.account())
    }

    /// The account that an object belongs to: where ACLs are disabled, that of its bucket.
    fn object_owner<'a>(&'a self, bucket: &'a Bucket, version: &'a Version) -> &'a Account {
        let own = version.meta.owner.as_ref().filter(|_| bucket.config.ownership().acls_count());
        own.unwrap_or_else(|| self.owner_of(bucket))
    }

    /// The account that an object will belong to once its upload is complete.
    fn uploader<'a>(&'a self, bucket: &'a Bucket, upload: &'a UploadMeta) -> &'a Account {
        upload.object.owner.as_ref().unwrap_or_else(|| self.owner_of(bucket))
    }

    /// The account that a bucket belongs to, with what it has set for all of its buckets.
    pub(super) fn holder(&self, bucket: &Bucket) -> Holder {
        let account = self.owner_of(bucket).clone();
        let block = self.accounts.block(&account.id).unwrap_or_default();
        Holder { account, block }
    }

    /// Changes the configuration of a bucket.
    async fn change<F>(&self, bucket: String, change: F) -> Outcome<()>
    where
        F: FnOnce(&mut Config) -> Outcome<()> + Send + 'static,
    {
        let all = Arc::clone(&self.store.buckets);
        self.store.write(move |tx| buckets_in_store::update(tx, &all, &bucket, change)).await
    }
}

/// Who began an upload, as answers show it.
fn initiator(arn: Option<String>) -> Option<dto::Initiator> {
    arn.map(|arn| dto::Initiator { display_name: None, id: Some(arn) })
}

/// An instant as the protocol crate has it.
fn timestamp(ms: i64) -> Timestamp {
    let offset = std::time::Duration::from_millis(u64::try_from(ms).unwrap_or_default());
    Timestamp::from(std::time::UNIX_EPOCH + offset)
}

fn ok<T>(output: T) -> S3Result<S3Response<T>> {
    Ok(S3Response::new(output))
}

fn etag(value: &str) -> dto::ETag {
    dto::ETag::Strong(value.to_owned())
}

/// The operations of a [`Service`], as the protocol crate wants them.
pub(super) struct Api(pub(super) Arc<Service>);

macro_rules! operations {
    ($($name:ident($input:ident) -> $output:ident = $handler:path;)*) => {
        #[async_trait::async_trait]
        impl S3 for Api {
            $(
                async fn $name(&self, mut request: S3Request<dto::$input>) -> S3Result<S3Response<dto::$output>> {
                    Refusal::heed(&mut request.extensions)?;
                    Box::pin($handler(&self.0, request)).await
                }
            )*
        }
    };
}

operations! {
    list_buckets(ListBucketsInput) -> ListBucketsOutput = buckets::list;
    create_bucket(CreateBucketInput) -> CreateBucketOutput = buckets::create;
    head_bucket(HeadBucketInput) -> HeadBucketOutput = buckets::head;
    get_bucket_location(GetBucketLocationInput) -> GetBucketLocationOutput = buckets::location;
    delete_bucket(DeleteBucketInput) -> DeleteBucketOutput = buckets::delete;

    get_bucket_policy(GetBucketPolicyInput) -> GetBucketPolicyOutput = policy::get;
    put_bucket_policy(PutBucketPolicyInput) -> PutBucketPolicyOutput = policy::put;
    delete_bucket_policy(DeleteBucketPolicyInput) -> DeleteBucketPolicyOutput = policy::delete;
    get_bucket_policy_status(GetBucketPolicyStatusInput) -> GetBucketPolicyStatusOutput = policy::status;
    get_public_access_block(GetPublicAccessBlockInput) -> GetPublicAccessBlockOutput = policy::get_block;
    put_public_access_block(PutPublicAccessBlockInput) -> PutPublicAccessBlockOutput = policy::put_block;
    delete_public_access_block(DeletePublicAccessBlockInput) -> DeletePublicAccessBlockOutput = policy::delete_block;
    get_bucket_ownership_controls(GetBucketOwnershipControlsInput) -> GetBucketOwnershipControlsOutput = acls::get_ownership;
    put_bucket_ownership_controls(PutBucketOwnershipControlsInput) -> PutBucketOwnershipControlsOutput = acls::put_ownership;
    delete_bucket_ownership_controls(DeleteBucketOwnershipControlsInput) -> DeleteBucketOwnershipControlsOutput = acls::delete_ownership;
    get_bucket_acl(GetBucketAclInput) -> GetBucketAclOutput = acls::get_bucket;
    put_bucket_acl(PutBucketAclInput) -> PutBucketAclOutput = acls::put_bucket;
    get_object_acl(GetObjectAclInput) -> GetObjectAclOutput = acls::get_object;
    put_object_acl(PutObjectAclInput) -> PutObjectAclOutput = acls::put_object;

    put_object(PutObjectInput) -> PutObjectOutput = writing::put;
    get_object(GetObjectInput) -> GetObjectOutput = reading::get;
    head_object(HeadObjectInput) -> HeadObjectOutput = reading::head;
    delete_object(DeleteObjectInput) -> DeleteObjectOutput = deletion::delete;
    delete_objects(DeleteObjectsInput) -> DeleteObjectsOutput = deletion::delete_many;
    get_object_attributes(GetObjectAttributesInput) -> GetObjectAttributesOutput = attributes::get;
    copy_object(CopyObjectInput) -> CopyObjectOutput = copy::object;

    create_multipart_upload(CreateMultipartUploadInput) -> CreateMultipartUploadOutput = multipart::create;
    upload_part(UploadPartInput) -> UploadPartOutput = parts::put;
    upload_part_copy(UploadPartCopyInput) -> UploadPartCopyOutput = copy::part;
    complete_multipart_upload(CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput = completion::complete;
    abort_multipart_upload(AbortMultipartUploadInput) -> AbortMultipartUploadOutput = multipart::abort;
    list_parts(ListPartsInput) -> ListPartsOutput = parts::list;
    list_multipart_uploads(ListMultipartUploadsInput) -> ListMultipartUploadsOutput = uploads::list;

    list_objects(ListObjectsInput) -> ListObjectsOutput = listing::v1;
    list_objects_v2(ListObjectsV2Input) -> ListObjectsV2Output = listing::v2;
    list_object_versions(ListObjectVersionsInput) -> ListObjectVersionsOutput = listing::versions;

    get_object_tagging(GetObjectTaggingInput) -> GetObjectTaggingOutput = tags::get_object;
    put_object_tagging(PutObjectTaggingInput) -> PutObjectTaggingOutput = tags::put_object;
    delete_object_tagging(DeleteObjectTaggingInput) -> DeleteObjectTaggingOutput = tags::delete_object;
    get_bucket_tagging(GetBucketTaggingInput) -> GetBucketTaggingOutput = tags::get_bucket;
    put_bucket_tagging(PutBucketTaggingInput) -> PutBucketTaggingOutput = tags::put_bucket;
    delete_bucket_tagging(DeleteBucketTaggingInput) -> DeleteBucketTaggingOutput = tags::delete_bucket;

    get_bucket_versioning(GetBucketVersioningInput) -> GetBucketVersioningOutput = settings::get_versioning;
    put_bucket_versioning(PutBucketVersioningInput) -> PutBucketVersioningOutput = settings::put_versioning;
    get_bucket_encryption(GetBucketEncryptionInput) -> GetBucketEncryptionOutput = settings::get_encryption;
    put_bucket_encryption(PutBucketEncryptionInput) -> PutBucketEncryptionOutput = settings::put_encryption;
    delete_bucket_encryption(DeleteBucketEncryptionInput) -> DeleteBucketEncryptionOutput = settings::delete_encryption;
    get_bucket_cors(GetBucketCorsInput) -> GetBucketCorsOutput = settings::get_cors;
    put_bucket_cors(PutBucketCorsInput) -> PutBucketCorsOutput = settings::put_cors;
    delete_bucket_cors(DeleteBucketCorsInput) -> DeleteBucketCorsOutput = settings::delete_cors;
    get_bucket_lifecycle_configuration(GetBucketLifecycleConfigurationInput) -> GetBucketLifecycleConfigurationOutput = settings::get_lifecycle;
    put_bucket_lifecycle_configuration(PutBucketLifecycleConfigurationInput) -> PutBucketLifecycleConfigurationOutput = settings::put_lifecycle;
    delete_bucket_lifecycle(DeleteBucketLifecycleInput) -> DeleteBucketLifecycleOutput = settings::delete_lifecycle;

    get_bucket_website(GetBucketWebsiteInput) -> GetBucketWebsiteOutput = documents::get_website;
    put_bucket_website(PutBucketWebsiteInput) -> PutBucketWebsiteOutput = documents::put_website;
    delete_bucket_website(DeleteBucketWebsiteInput) -> DeleteBucketWebsiteOutput = documents::delete_website;
    get_bucket_logging(GetBucketLoggingInput) -> GetBucketLoggingOutput = documents::get_logging;
    put_bucket_logging(PutBucketLoggingInput) -> PutBucketLoggingOutput = documents::put_logging;
    get_bucket_notification_configuration(GetBucketNotificationConfigurationInput) -> GetBucketNotificationConfigurationOutput = documents::get_notification;
    put_bucket_notification_configuration(PutBucketNotificationConfigurationInput) -> PutBucketNotificationConfigurationOutput = documents::put_notification;
    get_bucket_replication(GetBucketReplicationInput) -> GetBucketReplicationOutput = documents::get_replication;
    put_bucket_replication(PutBucketReplicationInput) -> PutBucketReplicationOutput = documents::put_replication;
    delete_bucket_replication(DeleteBucketReplicationInput) -> DeleteBucketReplicationOutput = documents::delete_replication;
    get_bucket_request_payment(GetBucketRequestPaymentInput) -> GetBucketRequestPaymentOutput = documents::get_request_payment;
    put_bucket_request_payment(PutBucketRequestPaymentInput) -> PutBucketRequestPaymentOutput = documents::put_request_payment;
    get_bucket_accelerate_configuration(GetBucketAccelerateConfigurationInput) -> GetBucketAccelerateConfigurationOutput = documents::get_accelerate;
    put_bucket_accelerate_configuration(PutBucketAccelerateConfigurationInput) -> PutBucketAccelerateConfigurationOutput = documents::put_accelerate;

    get_bucket_inventory_configuration(GetBucketInventoryConfigurationInput) -> GetBucketInventoryConfigurationOutput = numbered::get_inventory;
    put_bucket_inventory_configuration(PutBucketInventoryConfigurationInput) -> PutBucketInventoryConfigurationOutput = numbered::put_inventory;
    delete_bucket_inventory_configuration(DeleteBucketInventoryConfigurationInput) -> DeleteBucketInventoryConfigurationOutput = numbered::delete_inventory;
    list_bucket_inventory_configurations(ListBucketInventoryConfigurationsInput) -> ListBucketInventoryConfigurationsOutput = numbered::list_inventory;
    get_bucket_metrics_configuration(GetBucketMetricsConfigurationInput) -> GetBucketMetricsConfigurationOutput = numbered::get_metrics;
    put_bucket_metrics_configuration(PutBucketMetricsConfigurationInput) -> PutBucketMetricsConfigurationOutput = numbered::put_metrics;
    delete_bucket_metrics_configuration(DeleteBucketMetricsConfigurationInput) -> DeleteBucketMetricsConfigurationOutput = numbered::delete_metrics;
    list_bucket_metrics_configurations(ListBucketMetricsConfigurationsInput) -> ListBucketMetricsConfigurationsOutput = numbered::list_metrics;
    get_bucket_analytics_configuration(GetBucketAnalyticsConfigurationInput) -> GetBucketAnalyticsConfigurationOutput = numbered::get_analytics;
    put_bucket_analytics_configuration(PutBucketAnalyticsConfigurationInput) -> PutBucketAnalyticsConfigurationOutput = numbered::put_analytics;
    delete_bucket_analytics_configuration(DeleteBucketAnalyticsConfigurationInput) -> DeleteBucketAnalyticsConfigurationOutput = numbered::delete_analytics;
    list_bucket_analytics_configurations(ListBucketAnalyticsConfigurationsInput) -> ListBucketAnalyticsConfigurationsOutput = numbered::list_analytics;
    get_bucket_intelligent_tiering_configuration(GetBucketIntelligentTieringConfigurationInput) -> GetBucketIntelligentTieringConfigurationOutput = numbered::get_tiering;
    put_bucket_intelligent_tiering_configuration(PutBucketIntelligentTieringConfigurationInput) -> PutBucketIntelligentTieringConfigurationOutput = numbered::put_tiering;
    delete_bucket_intelligent_tiering_configuration(DeleteBucketIntelligentTieringConfigurationInput) -> DeleteBucketIntelligentTieringConfigurationOutput = numbered::delete_tiering;
    list_bucket_intelligent_tiering_configurations(ListBucketIntelligentTieringConfigurationsInput) -> ListBucketIntelligentTieringConfigurationsOutput = numbered::list_tiering;

    get_object_lock_configuration(GetObjectLockConfigurationInput) -> GetObjectLockConfigurationOutput = lock::get_configuration;
    put_object_lock_configuration(PutObjectLockConfigurationInput) -> PutObjectLockConfigurationOutput = lock::put_configuration;
    get_object_retention(GetObjectRetentionInput) -> GetObjectRetentionOutput = lock::get_retention;
    put_object_retention(PutObjectRetentionInput) -> PutObjectRetentionOutput = lock::put_retention;
    get_object_legal_hold(GetObjectLegalHoldInput) -> GetObjectLegalHoldOutput = lock::get_legal_hold;
    put_object_legal_hold(PutObjectLegalHoldInput) -> PutObjectLegalHoldOutput = lock::put_legal_hold;
}
