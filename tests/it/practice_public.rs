//! Who can read what: Block Public Access, policies, ownership and ACLs with their true effects.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::types::{
    BucketCannedAcl, CorsConfiguration, CorsRule, ObjectCannedAcl, ObjectOwnership, PublicAccessBlockConfiguration,
};

use crate::practice_support::{Practice, code};

fn flags(acls: bool, ignore: bool, policy: bool, restrict: bool) -> PublicAccessBlockConfiguration {
    PublicAccessBlockConfiguration::builder()
        .block_public_acls(acls)
        .ignore_public_acls(ignore)
        .block_public_policy(policy)
        .restrict_public_buckets(restrict)
        .build()
}

async fn block(practice: &Practice, bucket: &str, flags: PublicAccessBlockConfiguration) {
    let call = practice.s3.put_public_access_block().bucket(bucket);
    call.public_access_block_configuration(flags).send().await.unwrap();
}

#[tokio::test]
async fn acls_count_only_where_ownership_and_block_public_access_let_them() {
    let practice = Practice::start().await;
    practice.bucket("enforced").await;
    let put = |bucket: &str| {
        let call = practice.s3.put_object().bucket(bucket).key("k").acl(ObjectCannedAcl::PublicRead);
        call.body(b"x".to_vec().into()).send()
    };
    assert_eq!(code(&put("enforced").await), "AccessControlListNotSupported");
    let acl = practice.s3.put_bucket_acl().bucket("enforced").acl(BucketCannedAcl::Private).send().await;
    assert_eq!(code(&acl), "AccessControlListNotSupported");
    assert_eq!(practice.s3.get_bucket_acl().bucket("enforced").send().await.unwrap().grants().len(), 1);

    let create = practice.s3.create_bucket().bucket("classic").object_ownership(ObjectOwnership::ObjectWriter);
    create.send().await.unwrap();
    assert_eq!(code(&put("classic").await), "AccessDenied");
    block(&practice, "classic", flags(false, false, true, true)).await;
    put("classic").await.unwrap();
    assert_eq!(practice.plain("GET", "classic/k", &[]).await.status, 200);
    let grants = practice.s3.get_object_acl().bucket("classic").key("k").send().await.unwrap();
    assert_eq!(grants.grants().len(), 2);
    block(&practice, "classic", flags(false, true, true, true)).await;
    assert_eq!(practice.plain("GET", "classic/k", &[]).await.status, 403);
}

#[tokio::test]
async fn a_browser_is_told_what_the_cors_rules_allow() {
    let practice = Practice::start().await;
    practice.bucket("web").await;
    let asking = [("origin", "https://app.example"), ("access-control-request-method", "PUT")];
    assert_eq!(practice.plain("OPTIONS", "web/k", &asking).await.code(), "AccessForbidden");
    let rule = CorsRule::builder()
        .allowed_methods("PUT")
        .allowed_origins("https://*.example")
        .allowed_headers("*")
        .expose_headers("ETag")
        .max_age_seconds(60)
        .build()
        .unwrap();
    let rules = CorsConfiguration::builder().cors_rules(rule).build().unwrap();
    practice.s3.put_bucket_cors().bucket("web").cors_configuration(rules).send().await.unwrap();
    let allowed = practice.plain("OPTIONS", "web/k", &asking).await;
    assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (200, "https://app.example"));
    assert_eq!(allowed.header("access-control-max-age"), "60");
    let other = [("origin", "https://elsewhere.org"), ("access-control-request-method", "PUT")];
    assert_eq!(practice.plain("OPTIONS", "web/k", &other).await.code(), "AccessForbidden");
}
