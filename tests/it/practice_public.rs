//! Who can read what: Block Public Access, policies, ownership and ACLs with their true effects.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::types::{
    BucketCannedAcl, CorsConfiguration, CorsRule, ObjectCannedAcl, ObjectOwnership, PublicAccessBlockConfiguration,
};
use test_case::test_case;

use crate::practice_support::{Practice, code};

fn flags(acls: bool, ignore: bool, policy: bool, restrict: bool) -> PublicAccessBlockConfiguration {
    PublicAccessBlockConfiguration::builder()
        .block_public_acls(acls)
        .ignore_public_acls(ignore)
        .block_public_policy(policy)
        .restrict_public_buckets(restrict)
        .build()
}

fn public_read(bucket: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"PublicRead","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{bucket}/*"}}]}}"#
    )
}

async fn block(practice: &Practice, bucket: &str, flags: PublicAccessBlockConfiguration) {
    let call = practice.s3.put_public_access_block().bucket(bucket);
    call.public_access_block_configuration(flags).send().await.unwrap();
}

#[tokio::test]
async fn a_bucket_becomes_public_by_policy_and_private_again_by_block_public_access() {
    let practice = Practice::start().await;
    practice.bucket("photos").await;
    let put = practice.s3.put_object().bucket("photos").key("a b/cat é.png").content_type("image/png");
    put.body(b"meow".to_vec().into()).send().await.unwrap();
    let url = "photos/a%20b/cat%20%C3%A9.png";
    let private = practice.plain("GET", url, &[]).await;
    assert_eq!((private.status, private.code().as_str()), (403, "AccessDenied"));

    let call = || practice.s3.put_bucket_policy().bucket("photos").policy(public_read("photos")).send();
    assert_eq!(code(&call().await), "AccessDenied");
    block(&practice, "photos", flags(true, true, false, false)).await;
    call().await.unwrap();
    let status = practice.s3.get_bucket_policy_status().bucket("photos").send().await.unwrap();
    assert_eq!(status.policy_status().unwrap().is_public(), Some(true));

    let open = practice.plain("GET", url, &[]).await;
    assert_eq!(
        (open.status, open.header("content-type"), open.body.as_slice()),
        (200, "image/png", b"meow".as_slice())
    );
    let head = practice.plain("HEAD", url, &[]).await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "4", 0));
    let range = practice.plain("GET", url, &[("range", "bytes=1-2")]).await;
    assert_eq!((range.status, range.body.as_slice()), (206, b"eo".as_slice()));
    assert_eq!(practice.plain("GET", "photos/missing", &[]).await.code(), "AccessDenied");
    assert_eq!(practice.plain("GET", "photos?list-type=2", &[]).await.code(), "AccessDenied");
    assert_eq!(practice.plain("GET", "nowhere/x", &[]).await.code(), "NoSuchBucket");
    let overridden = practice.plain("GET", &format!("{url}?response-content-type=text/html"), &[]).await;
    assert_eq!(overridden.code(), "InvalidRequest");
    assert_eq!(practice.plain("PUT", "photos/new", &[("content-length", "0")]).await.code(), "AccessDenied");
    assert_eq!(practice.plain("DELETE", url, &[]).await.code(), "AccessDenied");

    block(&practice, "photos", flags(true, true, false, true)).await;
    assert_eq!(practice.plain("GET", url, &[]).await.status, 403);
}

#[test_case("[]", "Policies must be valid JSON and the first byte must be '{'"; "not an object")]
#[test_case("{}", "Missing required field Statement"; "no statement")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos"}]}"#, "Action does not apply to any resource(s) in statement"; "object action on a bucket")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"}]}"#, "Policy has invalid resource"; "another bucket")]
#[tokio::test]
async fn a_malformed_policy_is_refused_with_the_words_of_s3(policy: &str, message: &str) {
    let practice = Practice::start().await;
    practice.bucket("photos").await;
    let refused = practice.s3.put_bucket_policy().bucket("photos").policy(policy).send().await;
    assert_eq!(code(&refused), "MalformedPolicy");
    let error = refused.unwrap_err();
    let meta = aws_sdk_s3::error::ProvideErrorMetadata::message(&error);
    assert_eq!(meta, Some(message));
}

#[tokio::test]
async fn with_the_right_to_list_a_missing_object_says_so() {
    let practice = Practice::start().await;
    practice.bucket("photos").await;
    block(&practice, "photos", flags(true, true, false, false)).await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::photos","arn:aws:s3:::photos/*"]}]}"#;
    practice.s3.put_bucket_policy().bucket("photos").policy(policy).send().await.unwrap();
    let missing = practice.plain("GET", "photos/none", &[]).await;
    assert_eq!((missing.status, missing.code().as_str()), (404, "NoSuchKey"));
    assert_eq!(practice.plain("GET", "photos?list-type=2", &[]).await.status, 200);
}

#[tokio::test]
async fn an_explicit_deny_holds_for_the_owner_too_but_never_locks_the_policy() {
    let practice = Practice::start().await;
    practice.bucket("locked").await;
    practice.put("locked", "k", b"x").await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::locked","arn:aws:s3:::locked/*"]}]}"#;
    practice.s3.put_bucket_policy().bucket("locked").policy(policy).send().await.unwrap();
    assert_eq!(code(&practice.s3.get_object().bucket("locked").key("k").send().await), "AccessDenied");
    practice.bucket("other").await;
    let copied = practice.s3.copy_object().bucket("other").key("k").copy_source("locked/k").send().await;
    assert_eq!(code(&copied), "AccessDenied");
    practice.s3.delete_bucket_policy().bucket("locked").send().await.unwrap();
    assert_eq!(practice.get("locked", "k").await, b"x");
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
