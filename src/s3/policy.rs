//! The bucket policy, as the text that it is.

use super::error::{Kind, S3Error};
use super::store::Store;

/// The policy's text; `None` where there is none.
///
/// # Errors
/// Whatever the store says.
pub async fn get_bucket_policy(store: &Store, bucket: &str) -> Result<Option<String>, S3Error> {
    let answer = store.ask("GetBucketPolicy", bucket, |client| client.get_bucket_policy().bucket(bucket).send()).await;
    match answer {
        Ok(answer) => Ok(answer.policy.filter(|text| !text.trim().is_empty())),
        Err(error) if error.kind == Kind::NotConfigured => Ok(None),
        Err(error) => Err(error),
    }
}

/// Replaces the whole policy.
///
/// # Errors
/// Whatever the store says: that the text is malformed, or that Block Public Access refuses public policies.
pub async fn put_bucket_policy(store: &Store, bucket: &str, text: &str) -> Result<(), S3Error> {
    store
        .ask("PutBucketPolicy", bucket, |client| client.put_bucket_policy().bucket(bucket).policy(text).send())
        .await
        .map(|_| ())
}

/// Takes the policy away. That there was none is no error.
///
/// # Errors
/// Whatever the store says.
pub async fn delete_bucket_policy(store: &Store, bucket: &str) -> Result<(), S3Error> {
    let answer =
        store.ask("DeleteBucketPolicy", bucket, |client| client.delete_bucket_policy().bucket(bucket).send()).await;
    match answer {
        Ok(_) => Ok(()),
        Err(error) if error.kind == Kind::NotConfigured => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether the store itself calls the policy public; `None` where there is no policy.
///
/// # Errors
/// Whatever the store says.
pub async fn get_bucket_policy_status(store: &Store, bucket: &str) -> Result<Option<bool>, S3Error> {
    let answer = store
        .ask("GetBucketPolicyStatus", bucket, |client| client.get_bucket_policy_status().bucket(bucket).send())
        .await;
    match answer {
        Ok(answer) => Ok(answer.policy_status.and_then(|status| status.is_public)),
        Err(error) if error.kind == Kind::NotConfigured => Ok(None),
        Err(error) => Err(error),
    }
}
