//! Buckets of practice storage, by the real SDK.

use aws_sdk_s3::types::{Tag, Tagging};

use crate::practice_support::{Practice, code};

#[tokio::test]
async fn what_was_never_configured_says_so() {
    let practice = Practice::start().await;
    practice.bucket("plain").await;
    let s3 = &practice.s3;
    assert_eq!(code(&s3.get_bucket_policy().bucket("plain").send().await), "NoSuchBucketPolicy");
    assert_eq!(code(&s3.get_bucket_cors().bucket("plain").send().await), "NoSuchCORSConfiguration");
    assert_eq!(code(&s3.get_bucket_tagging().bucket("plain").send().await), "NoSuchTagSet");
    assert_eq!(code(&s3.get_bucket_website().bucket("plain").send().await), "NoSuchWebsiteConfiguration");
    let lifecycle = s3.get_bucket_lifecycle_configuration().bucket("plain").send().await;
    assert_eq!(code(&lifecycle), "NoSuchLifecycleConfiguration");
    assert!(s3.get_bucket_versioning().bucket("plain").send().await.unwrap().status().is_none());
    let encryption = s3.get_bucket_encryption().bucket("plain").send().await.unwrap();
    assert_eq!(encryption.server_side_encryption_configuration().unwrap().rules().len(), 1);
    assert_eq!(code(&s3.get_bucket_metadata_table_configuration().bucket("plain").send().await), "NotImplemented");
}

#[tokio::test]
async fn bucket_tags_are_kept_and_removed() {
    let practice = Practice::start().await;
    practice.bucket("tagged").await;
    let tag = Tag::builder().key("team").value("press").build().unwrap();
    let tagging = Tagging::builder().tag_set(tag).build().unwrap();
    practice.s3.put_bucket_tagging().bucket("tagged").tagging(tagging).send().await.unwrap();
    let found = practice.s3.get_bucket_tagging().bucket("tagged").send().await.unwrap();
    assert_eq!(found.tag_set()[0].value(), "press");
    practice.s3.delete_bucket_tagging().bucket("tagged").send().await.unwrap();
    assert_eq!(code(&practice.s3.get_bucket_tagging().bucket("tagged").send().await), "NoSuchTagSet");
}
