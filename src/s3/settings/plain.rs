use aws_sdk_s3::types::{
    BlockedEncryptionTypes, BucketVersioningStatus, CorsConfiguration, CorsRule as SdkCorsRule, EncryptionType,
    MfaDeleteStatus, ServerSideEncryption, ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration,
    ServerSideEncryptionRule, Tag, Tagging, VersioningConfiguration,
};

use super::{Readable, not_whole, patiently};
use crate::domain::bucket_settings::{DefaultEncryption, EncryptionAlgorithm, Status, Toggle, Versioning};
use crate::domain::cors::CorsRule;
use crate::s3::error::S3Error;
use crate::s3::store::Store;

/// Whether old versions are kept; not set means that they never were.
pub async fn get_bucket_versioning(store: &Store, bucket: &str) -> Readable<Versioning> {
    let answer = store
        .ask("GetBucketVersioning", bucket, |client| client.get_bucket_versioning().bucket(bucket).send())
        .await
        .map(|answer| {
            let status = match answer.status? {
                BucketVersioningStatus::Enabled => Status::Enabled,
                _ => Status::Suspended,
            };
            let toggle = |code: MfaDeleteStatus| match code {
                MfaDeleteStatus::Enabled => Toggle::Enabled,
                _ => Toggle::Disabled,
            };
            Some(Versioning { status, mfa_delete: answer.mfa_delete.map(toggle) })
        });
    Readable::of(answer)
}

/// Keeps old versions from now on, or no longer (what was kept stays).
///
/// # Errors
/// Whatever the store says.
pub async fn put_bucket_versioning(store: &Store, bucket: &str, keep: bool) -> Result<(), S3Error> {
    let status = if keep { BucketVersioningStatus::Enabled } else { BucketVersioningStatus::Suspended };
    let versioning = VersioningConfiguration::builder().status(status).build();
    patiently(|| {
        store.ask("PutBucketVersioning", bucket, |client| {
            client.put_bucket_versioning().bucket(bucket).versioning_configuration(versioning.clone()).send()
        })
    })
    .await
}

/// How uploads are encrypted that say nothing of it themselves.
pub async fn get_bucket_encryption(store: &Store, bucket: &str) -> Readable<DefaultEncryption> {
    let answer = store
        .ask("GetBucketEncryption", bucket, |client| client.get_bucket_encryption().bucket(bucket).send())
        .await
        .map(|answer| {
            let rule = answer.server_side_encryption_configuration?.rules.into_iter().next()?;
            let blocked = rule.blocked_encryption_types.and_then(|types| types.encryption_type).unwrap_or_default();
            let default = rule.apply_server_side_encryption_by_default?;
            Some(DefaultEncryption {
                // What is neither of the three is a newer kind with keys of KMS.
                algorithm: EncryptionAlgorithm::parse(default.sse_algorithm.as_str())
                    .unwrap_or(EncryptionAlgorithm::Kms),
                key: default.kms_master_key_id,
                bucket_key: rule.bucket_key_enabled,
                blocked: blocked.into_iter().map(|kind| kind.as_str().to_owned()).collect(),
            })
        });
    Readable::of(answer)
}

/// Encrypts uploads that say nothing of it themselves.
///
/// # Errors
/// Whatever the store says.
pub async fn put_bucket_encryption(store: &Store, bucket: &str, wanted: &DefaultEncryption) -> Result<(), S3Error> {
    const OPERATION: &str = "PutBucketEncryption";
    let default = ServerSideEncryptionByDefault::builder()
        .sse_algorithm(ServerSideEncryption::from(wanted.algorithm.as_str()))
        .set_kms_master_key_id(wanted.key.clone().filter(|_| wanted.algorithm.needs_kms()))
        .build()
        .map_err(not_whole(OPERATION))?;
    let blocked = (!wanted.blocked.is_empty()).then(|| {
        let kinds = wanted.blocked.iter().map(|kind| EncryptionType::from(kind.as_str())).collect();
        BlockedEncryptionTypes::builder().set_encryption_type(Some(kinds)).build()
    });
    let rule = ServerSideEncryptionRule::builder()
        .apply_server_side_encryption_by_default(default)
        .set_bucket_key_enabled(wanted.bucket_key.filter(|_| wanted.algorithm.needs_kms()))
        .set_blocked_encryption_types(blocked)
        .build();
    let document = ServerSideEncryptionConfiguration::builder().rules(rule).build().map_err(not_whole(OPERATION))?;
    patiently(|| {
        store.ask(OPERATION, bucket, |client| {
            client.put_bucket_encryption().bucket(bucket).server_side_encryption_configuration(document.clone()).send()
        })
    })
    .await
}

/// The bucket's tags, by name.
pub async fn get_bucket_tagging(store: &Store, bucket: &str) -> Readable<Vec<(String, String)>> {
    let answer = store
        .ask("GetBucketTagging", bucket, |client| client.get_bucket_tagging().bucket(bucket).send())
        .await
        .map(|answer| {
            let mut tags: Vec<_> = answer.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect();
            tags.sort();
            Some(tags)
        });
    Readable::of(answer)
}

/// Replaces all tags of the bucket; without any, the setting is removed.
///
/// # Errors
/// Whatever the store says.
pub async fn put_bucket_tagging(store: &Store, bucket: &str, tags: &[(String, String)]) -> Result<(), S3Error> {
    const OPERATION: &str = "PutBucketTagging";
    if tags.is_empty() {
        let delete =
            store.ask("DeleteBucketTagging", bucket, |client| client.delete_bucket_tagging().bucket(bucket).send());
        return delete.await.map(|_| ());
    }
    let tags = tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
    let tags = tags.collect::<Result<Vec<_>, _>>().map_err(not_whole(OPERATION))?;
    let tagging = Tagging::builder().set_tag_set(Some(tags)).build().map_err(not_whole(OPERATION))?;
    patiently(|| {
        store
            .ask(OPERATION, bucket, |client| client.put_bucket_tagging().bucket(bucket).tagging(tagging.clone()).send())
    })
    .await
}

/// The bucket's CORS rules.
pub async fn get_bucket_cors(store: &Store, bucket: &str) -> Readable<Vec<CorsRule>> {
    let answer = store.ask("GetBucketCors", bucket, |client| client.get_bucket_cors().bucket(bucket).send()).await.map(
        |answer| {
            let rules = answer.cors_rules.unwrap_or_default().into_iter();
            Some(rules.map(from_sdk_rule).collect::<Vec<_>>())
        },
    );
    Readable::of(answer)
}

fn from_sdk_rule(rule: SdkCorsRule) -> CorsRule {
    CorsRule {
        id: rule.id,
        allowed_headers: rule.allowed_headers.unwrap_or_default(),
        allowed_methods: rule.allowed_methods,
        allowed_origins: rule.allowed_origins,
        expose_headers: rule.expose_headers.unwrap_or_default(),
        max_age_secs: rule.max_age_seconds,
    }
}

/// Replaces all CORS rules of the bucket; without any, the setting is removed.
///
/// # Errors
/// Whatever the store says.
pub async fn put_bucket_cors(store: &Store, bucket: &str, rules: &[CorsRule]) -> Result<(), S3Error> {
    const OPERATION: &str = "PutBucketCors";
    if rules.is_empty() {
        let delete = store.ask("DeleteBucketCors", bucket, |client| client.delete_bucket_cors().bucket(bucket).send());
        return delete.await.map(|_| ());
    }
    let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
    let rules = rules.iter().map(|rule| {
        SdkCorsRule::builder()
            .set_id(rule.id.clone())
            .set_allowed_headers(some(&rule.allowed_headers))
            .set_allowed_methods(Some(rule.allowed_methods.clone()))
            .set_allowed_origins(Some(rule.allowed_origins.clone()))
            .set_expose_headers(some(&rule.expose_headers))
            .set_max_age_seconds(rule.max_age_secs)
            .build()
    });
    let rules = rules.collect::<Result<Vec<_>, _>>().map_err(not_whole(OPERATION))?;
    let cors = CorsConfiguration::builder().set_cors_rules(Some(rules)).build().map_err(not_whole(OPERATION))?;
    patiently(|| {
        store.ask(OPERATION, bucket, |client| {
            client.put_bucket_cors().bucket(bucket).cors_configuration(cors.clone()).send()
        })
    })
    .await
}

/// Takes default encryption away; Amazon S3 then encrypts with SSE-S3.
///
/// # Errors
/// Whatever the store says.
pub async fn delete_bucket_encryption(store: &Store, bucket: &str) -> Result<(), S3Error> {
    store
        .ask("DeleteBucketEncryption", bucket, |client| client.delete_bucket_encryption().bucket(bucket).send())
        .await
        .map(|_| ())
}

/// Takes Object Ownership away, so that ACLs count as in the days before it.
///
/// # Errors
/// Whatever the store says.
pub async fn delete_bucket_ownership_controls(store: &Store, bucket: &str) -> Result<(), S3Error> {
    store
        .ask("DeleteBucketOwnershipControls", bucket, |client| {
            client.delete_bucket_ownership_controls().bucket(bucket).send()
        })
        .await
        .map(|_| ())
}

/// Takes Block Public Access of the bucket away, so that all four flags are off.
///
/// # Errors
/// Whatever the store says.
pub async fn delete_public_access_block(store: &Store, bucket: &str) -> Result<(), S3Error> {
    store
        .ask("DeletePublicAccessBlock", bucket, |client| client.delete_public_access_block().bucket(bucket).send())
        .await
        .map(|_| ())
}
