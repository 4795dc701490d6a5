//! Versions and delete markers, by the real SDK.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};

use crate::practice_support::{Practice, code};

async fn versioning(practice: &Practice, status: BucketVersioningStatus) {
    let wanted = VersioningConfiguration::builder().status(status).build();
    practice.s3.put_bucket_versioning().bucket("box").versioning_configuration(wanted).send().await.unwrap();
}

async fn put(practice: &Practice, body: &[u8]) -> Option<String> {
    let done = practice.s3.put_object().bucket("box").key("k").body(body.to_vec().into()).send().await.unwrap();
    done.version_id().map(str::to_owned)
}

async fn read(practice: &Practice, version: &str) -> Vec<u8> {
    let got = practice.s3.get_object().bucket("box").key("k").version_id(version).send().await.unwrap();
    got.body.collect().await.unwrap().to_vec()
}

#[tokio::test]
async fn versions_are_kept_and_a_delete_can_be_undone() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    assert_eq!(put(&practice, b"before").await, None);
    versioning(&practice, BucketVersioningStatus::Enabled).await;
    let one = put(&practice, b"one").await.unwrap();
    let two = put(&practice, b"two").await.unwrap();
    assert_eq!(practice.get("box", "k").await, b"two");
    assert_eq!(read(&practice, &one).await, b"one");
    assert_eq!(read(&practice, "null").await, b"before");

    let deleted = practice.s3.delete_object().bucket("box").key("k").send().await.unwrap();
    assert_eq!(deleted.delete_marker(), Some(true));
    let marker = deleted.version_id().unwrap();
    assert_eq!(code(&practice.s3.get_object().bucket("box").key("k").send().await), "NoSuchKey");
    let direct = practice.s3.get_object().bucket("box").key("k").version_id(marker).send().await;
    assert_eq!(code(&direct), "MethodNotAllowed");
    assert_eq!(practice.s3.list_objects_v2().bucket("box").send().await.unwrap().key_count(), Some(0));

    let all = practice.s3.list_object_versions().bucket("box").send().await.unwrap();
    let order: Vec<_> = all.versions().iter().map(|version| version.version_id().unwrap()).collect();
    assert_eq!(order, [two.as_str(), one.as_str(), "null"]);
    assert_eq!((all.delete_markers().len(), all.delete_markers()[0].is_latest()), (1, Some(true)));

    practice.s3.delete_object().bucket("box").key("k").version_id(marker).send().await.unwrap();
    assert_eq!(practice.get("box", "k").await, b"two");
    practice.s3.delete_object().bucket("box").key("k").version_id(&two).send().await.unwrap();
    assert_eq!(practice.get("box", "k").await, b"one");
    assert_eq!(code(&practice.s3.delete_bucket().bucket("box").send().await), "BucketNotEmpty");
}

#[tokio::test]
async fn suspended_versioning_replaces_the_null_version_only() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    versioning(&practice, BucketVersioningStatus::Enabled).await;
    let kept = put(&practice, b"kept").await.unwrap();
    versioning(&practice, BucketVersioningStatus::Suspended).await;
    assert_eq!(put(&practice, b"first").await.as_deref(), Some("null"));
    assert_eq!(put(&practice, b"second").await.as_deref(), Some("null"));
    let all = practice.s3.list_object_versions().bucket("box").send().await.unwrap();
    assert_eq!(all.versions().len(), 2);
    assert_eq!((read(&practice, "null").await, read(&practice, &kept).await), (b"second".to_vec(), b"kept".to_vec()));
    practice.s3.delete_object().bucket("box").key("k").send().await.unwrap();
    let all = practice.s3.list_object_versions().bucket("box").send().await.unwrap();
    assert_eq!((all.versions().len(), all.delete_markers()[0].version_id()), (1, Some("null")));
}

#[tokio::test]
async fn versions_are_listed_page_by_page() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    versioning(&practice, BucketVersioningStatus::Enabled).await;
    for key in ["a", "b", "b", "b", "c/1", "c/2"] {
        practice.put("box", key, b"").await;
    }
    let mut seen = Vec::new();
    let (mut key, mut version) = (None, None);
    loop {
        let call = practice.s3.list_object_versions().bucket("box").delimiter("/").max_keys(2);
        let page = call.set_key_marker(key).set_version_id_marker(version).send().await.unwrap();
        seen.extend(page.versions().iter().map(|version| version.key().unwrap().to_owned()));
        seen.extend(page.common_prefixes().iter().map(|folder| folder.prefix().unwrap().to_owned()));
        if page.is_truncated() != Some(true) {
            break;
        }
        key = page.next_key_marker().map(str::to_owned);
        version = page.next_version_id_marker().map(str::to_owned);
    }
    assert_eq!(seen, ["a", "b", "b", "b", "c/"]);
}
