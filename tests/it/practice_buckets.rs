//! Buckets of practice storage, by the real SDK.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration, Tag, Tagging};
use test_case::test_case;

use crate::practice_support::{Practice, client, code};

#[test_case("eu-west-1", Some("eu-west-1"), ""; "same region")]
#[test_case("us-west-2", None, "IllegalLocationConstraintException"; "none elsewhere")]
#[test_case("us-east-1", Some("eu-west-1"), ""; "the default endpoint forwards")]
#[test_case("us-east-1", Some("us-east-1"), "InvalidLocationConstraint"; "default region named")]
#[tokio::test]
async fn a_bucket_has_the_region_it_was_made_in(signed: &'static str, constraint: Option<&str>, expected: &str) {
    let practice = Practice::start().await;
    let s3 = client(&practice.server, signed);
    let wanted = constraint.map(|region| {
        CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region)).build()
    });
    let made = s3.create_bucket().bucket("somewhere").set_create_bucket_configuration(wanted).send().await;
    assert_eq!(code(&made), expected);
    if let (Ok(_), Some(region)) = (made, constraint) {
        let head = practice.s3.head_bucket().bucket("somewhere").send().await.unwrap();
        assert_eq!(head.bucket_region(), Some(region));
        let refused = practice.plain("HEAD", "somewhere", &[]).await;
        assert_eq!((refused.status, refused.header("x-amz-bucket-region")), (403, region));
    }
    practice.server.shutdown().await;
}

#[test_case("UPPER"; "upper case")]
#[test_case("192.168.5.4"; "an address")]
#[test_case("xn--abc"; "reserved prefix")]
#[test_case("sthree-abc"; "another reserved prefix")]
#[test_case("my-s3alias"; "reserved suffix")]
#[test_case("my-an"; "suffix of the account namespace")]
#[test_case("a..b"; "two periods")]
#[tokio::test]
async fn a_name_against_the_rules_is_refused(name: &str) {
    let practice = Practice::start().await;
    let made = practice.s3.create_bucket().bucket(name).send().await;
    assert_eq!(code(&made), "InvalidBucketName");
}

#[tokio::test]
async fn buckets_are_listed_page_by_page_and_deleted_when_empty() {
    let practice = Practice::start().await;
    let names = ["alpha", "beta", "gamma"];
    for name in names {
        practice.bucket(name).await;
    }
    let mut found = Vec::new();
    let mut token = None;
    loop {
        let page = practice.s3.list_buckets().max_buckets(2).set_continuation_token(token).send().await.unwrap();
        found.extend(page.buckets().iter().map(|bucket| bucket.name().unwrap().to_owned()));
        token = page.continuation_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    assert_eq!(found, names);

    practice.put("alpha", "k", b"x").await;
    let refused = practice.s3.delete_bucket().bucket("alpha").send().await;
    assert_eq!(code(&refused), "BucketNotEmpty");
    practice.s3.delete_object().bucket("alpha").key("k").send().await.unwrap();
    practice.s3.delete_bucket().bucket("alpha").send().await.unwrap();
    assert_eq!(code(&practice.s3.get_bucket_location().bucket("alpha").send().await), "NoSuchBucket");
}

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
    assert_eq!(code(&s3.list_bucket_metrics_configurations().bucket("plain").send().await), "NotImplemented");
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
