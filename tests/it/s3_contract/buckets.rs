//! Buckets: made, found, told apart, deleted.

use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use test_case::test_case;

use super::{Server, code, everywhere, refused};

async fn made_in(server: &Server, name: &str, signed: &str, constraint: Option<&str>) -> String {
    let wanted = constraint.map(|region| {
        CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region)).build()
    });
    let client = server.client_in(signed);
    code(&client.create_bucket().bucket(name).set_create_bucket_configuration(wanted).send().await)
}

#[test]
fn a_bucket_is_made_found_and_deleted() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let listed = server.s3.list_buckets().send().await.unwrap();
        assert!(listed.buckets().iter().any(|found| found.name() == Some(&bucket)));
        server.s3.head_bucket().bucket(&bucket).send().await.unwrap();
        let location = server.s3.get_bucket_location().bucket(&bucket).send().await.unwrap();
        assert_eq!(location.location_constraint().map_or("", |region| region.as_str()), "");
        server.s3.delete_bucket().bucket(&bucket).send().await.unwrap();
        assert_eq!(refused(server.s3.head_bucket().bucket(&bucket).send().await).status, 404);
        let gone = refused(server.s3.delete_bucket().bucket(&bucket).send().await);
        assert_eq!((gone.status, gone.code.as_str()), (404, "NoSuchBucket"));
    });
}

#[test]
fn a_bucket_with_an_object_in_it_is_not_deleted() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"x").await;
        let refusal = refused(server.s3.delete_bucket().bucket(&bucket).send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (409, "BucketNotEmpty"));
        let stranger = server.ask("DELETE", &format!("/{bucket}")).send().await;
        assert_eq!((stranger.status, stranger.code()), (403, "AccessDenied"));
        server.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
        let by_hand = server.ask("DELETE", &format!("/{bucket}")).sign().send().await;
        assert_eq!(by_hand.status, 204, "{}", by_hand.text);
    });
}

#[test_case("eu-west-1", Some("eu-west-1"), ""; "the region of the endpoint")]
#[test_case("us-west-2", None, "IllegalLocationConstraintException"; "none at another endpoint")]
#[test_case("us-west-2", Some("us-west-1"), "IllegalLocationConstraintException"; "one beside the endpoint")]
#[test_case("us-east-1", Some("eu-west-1"), ""; "another at the default endpoint")]
#[test_case("us-east-1", Some("us-east-1"), "InvalidLocationConstraint"; "the default region by its name")]
fn a_bucket_has_the_region_it_was_made_in(signed: &'static str, constraint: Option<&'static str>, expected: &str) {
    everywhere(async |server| {
        let name = server.fresh_name();
        assert_eq!(made_in(server, &name, signed, constraint).await, expected);
        let (Some(region), "") = (constraint, expected) else { return };
        let head = server.s3.head_bucket().bucket(&name).send().await.unwrap();
        assert_eq!(head.bucket_region(), Some(region));
        let stranger = server.ask("HEAD", &format!("/{name}")).send().await;
        assert_eq!((stranger.status, stranger.header("x-amz-bucket-region")), (403, region));
    });
}

#[test_case("UPPER-contract"; "upper case")]
#[test_case("192.168.5.4"; "an address")]
#[test_case("xn--contract"; "a reserved prefix")]
#[test_case("sthree-contract"; "another reserved prefix")]
#[test_case("contract-s3alias"; "a reserved suffix")]
#[test_case("contract-an"; "the suffix of the account namespace")]
#[test_case("contract..name"; "two periods")]
fn a_name_against_the_rules_is_refused(name: &str) {
    everywhere(async |server| {
        server.clear_away_later(name);
        let refusal = refused(server.s3.create_bucket().bucket(name).send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (400, "InvalidBucketName"));
    });
}

#[test]
fn buckets_are_listed_page_by_page_in_the_order_of_their_names() {
    everywhere(async |server| {
        let mut names = [server.bucket().await, server.bucket().await, server.bucket().await];
        names.sort_unstable();
        let (mut found, mut token) = (Vec::new(), None);
        loop {
            let page = server.s3.list_buckets().max_buckets(2).set_continuation_token(token).send().await.unwrap();
            assert!(page.buckets().len() <= 2);
            found.extend(page.buckets().iter().map(|bucket| bucket.name().unwrap().to_owned()));
            token = page.continuation_token().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        found.retain(|name| names.contains(name));
        assert_eq!(found, names);
    });
}
