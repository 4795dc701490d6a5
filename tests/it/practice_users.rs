//! Several people at one practice store: what each may do, and what belongs to whom.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Credentials;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types::{ObjectCannedAcl, ObjectOwnership, PublicAccessBlockConfiguration};
use brimful::domain::connection::{Connection, ConnectionId, Target};
use brimful::domain::public_access::BlockPublicAccess;
use brimful::practice::{Server, User};
use brimful::s3::connect::{PracticeAccess, connect};
use brimful::s3::secrets::Secrets;
use brimful::s3::store::Store;
use brimful::s3::{identity, settings};

use crate::practice_support::{Practice, client, code};

const SECRET: &str = "a-secret-for-practice";

/// Adds users, each as `NAME[:ACCOUNT]` with an identity policy or none, whose access keys are their names.
fn add(practice: &Practice, users: &[(&str, &str, Option<&str>)]) {
    let user = |(name, account, policy): &(&str, &str, Option<&str>)| User {
        name: (*name).to_owned(),
        access_key_id: format!("KEY-{name}"),
        secret_access_key: SECRET.to_owned(),
        account_id: Some((*account).to_owned()).filter(|id| !id.is_empty()),
        policy: policy.map(str::to_owned),
    };
    practice.server.set_users(users.iter().map(user).collect()).unwrap();
}

fn sign_in(practice: &Practice, name: &str) -> Client {
    let credentials = Credentials::new(format!("KEY-{name}"), SECRET, None, None, "test");
    let config = client(&practice.server, Server::REGION).config().to_builder().credentials_provider(credentials);
    Client::from_conf(config.build())
}

fn message<T, E: ProvideErrorMetadata>(
    outcome: &Result<T, aws_sdk_s3::error::SdkError<E, aws_sdk_s3::config::http::HttpResponse>>,
) -> String {
    outcome.as_ref().err().and_then(ProvideErrorMetadata::message).unwrap_or_default().to_owned()
}

async fn put(s3: &Client, bucket: &str, key: &str) -> String {
    code(&s3.put_object().bucket(bucket).key(key).body(b"x".to_vec().into()).send().await)
}

async fn get(s3: &Client, bucket: &str, key: &str) -> String {
    code(&s3.get_object().bucket(bucket).key(key).send().await)
}

async fn policy(s3: &Client, bucket: &str, statement: &str) {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    s3.put_bucket_policy().bucket(bucket).policy(text).send().await.unwrap();
}

const UPLOADER: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::photos/in/*"},
    {"Effect":"Deny","Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"s3:x-amz-storage-class":"GLACIER"}}}]}"#;

#[tokio::test]
async fn a_user_may_what_its_policy_allows_and_is_told_what_it_does_not() {
    let practice = Practice::start().await;
    practice.bucket("photos").await;
    practice.put("photos", "out/secret", b"x").await;
    add(&practice, &[("ann", "", Some(UPLOADER))]);
    let ann = sign_in(&practice, "ann");
    let account = practice.server.account_id();

    assert_eq!(put(&ann, "photos", "in/cat.png").await, "");
    assert_eq!(get(&ann, "photos", "in/cat.png").await, "");
    let listed = ann.list_buckets().send().await;
    assert_eq!(
        message(&listed),
        format!(
            "User: arn:aws:iam::{account}:user/ann is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action"
        )
    );
    let outside = ann.get_object().bucket("photos").key("out/secret").send().await;
    assert_eq!(
        message(&outside),
        format!(
            "User: arn:aws:iam::{account}:user/ann is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::photos/out/secret\" because no identity-based policy allows the s3:GetObject action"
        )
    );
    let missing = ann.get_object().bucket("photos").key("in/none").send().await;
    assert!(code(&missing) == "AccessDenied" && message(&missing).contains("s3:ListBucket"), "{missing:?}");
    let cold = ann.put_object().bucket("photos").key("in/cold").storage_class("GLACIER".into()).send().await;
    assert!(message(&cold).ends_with("with an explicit deny in an identity-based policy"), "{cold:?}");
    assert_eq!(code(&ann.create_bucket().bucket("mine").send().await), "AccessDenied");
    let copied = ann.copy_object().bucket("photos").key("in/copy").copy_source("photos/out/secret").send().await;
    assert_eq!(code(&copied), "AccessDenied");
    let gone = |key: &str| aws_sdk_s3::types::ObjectIdentifier::builder().key(key).build().unwrap();
    let keys = aws_sdk_s3::types::Delete::builder().objects(gone("in/cat.png")).build().unwrap();
    let deleted = ann.delete_objects().bucket("photos").delete(keys).send().await.unwrap();
    assert_eq!(deleted.errors()[0].code(), Some("AccessDenied"));
}

#[tokio::test]
async fn a_bucket_policy_lets_a_user_of_the_account_in_or_keeps_it_out() {
    let practice = Practice::start().await;
    practice.bucket("photos").await;
    practice.put("photos", "cat.png", b"x").await;
    let nothing = r#"{"Statement":[{"Effect":"Allow","Action":"sts:*","Resource":"*"}]}"#;
    add(&practice, &[("ann", "", Some(nothing)), ("bob", "", None)]);
    let (ann, bob) = (sign_in(&practice, "ann"), sign_in(&practice, "bob"));
    assert_eq!(
        (get(&ann, "photos", "cat.png").await.as_str(), get(&bob, "photos", "cat.png").await.as_str()),
        ("AccessDenied", "")
    );
    let account = practice.server.account_id();
    let statement = format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{account}:user/ann"}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}},
           {{"Effect":"Deny","Principal":"*","Action":["s3:GetObject","s3:*BucketPolicy"],"Resource":["arn:aws:s3:::photos","arn:aws:s3:::photos/*"],"Condition":{{"StringEquals":{{"aws:username":"bob"}}}}}}"#
    );
    policy(&practice.s3, "photos", &statement).await;
    assert_eq!(get(&ann, "photos", "cat.png").await, "");
    let kept_out = bob.get_object().bucket("photos").key("cat.png").send().await;
    assert!(message(&kept_out).ends_with("with an explicit deny in a resource-based policy"), "{kept_out:?}");
    assert_eq!(code(&bob.get_bucket_policy().bucket("photos").send().await), "AccessDenied");
    let stranger = practice.s3.put_bucket_policy().bucket("photos").policy(
        format!(r#"{{"Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{account}:user/nobody"}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}}]}}"#),
    );
    assert_eq!(message(&stranger.send().await), "Invalid principal in policy");
}

const OTHER: &str = "111122223333";

#[tokio::test]
async fn another_account_has_its_own_buckets_and_needs_leave_on_both_sides() {
    let practice = Practice::start().await;
    practice.bucket("photos").await;
    practice.put("photos", "cat.png", b"x").await;
    let reader = r#"{"Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}"#;
    add(&practice, &[("bob", OTHER, None), ("guest", OTHER, Some(reader))]);
    let (bob, guest) = (sign_in(&practice, "bob"), sign_in(&practice, "guest"));

    assert_eq!(code(&bob.create_bucket().bucket("photos").send().await), "BucketAlreadyExists");
    bob.create_bucket().bucket("bobs").send().await.unwrap();
    let names = |answer: aws_sdk_s3::operation::list_buckets::ListBucketsOutput| -> Vec<String> {
        answer.buckets().iter().filter_map(|bucket| bucket.name()).map(str::to_owned).collect()
    };
    assert_eq!(names(bob.list_buckets().send().await.unwrap()), ["bobs"]);
    assert_eq!(names(practice.s3.list_buckets().send().await.unwrap()), ["photos"]);
    assert_eq!(code(&practice.s3.create_bucket().bucket("bobs").send().await), "BucketAlreadyExists");

    let stranger = bob.get_object().bucket("photos").key("cat.png").send().await;
    assert_eq!((code(&stranger).as_str(), message(&stranger).as_str()), ("AccessDenied", "Access Denied"));
    let statement = format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"{OTHER}"}},"Action":"s3:*","Resource":["arn:aws:s3:::photos","arn:aws:s3:::photos/*"]}}"#
    );
    policy(&practice.s3, "photos", &statement).await;
    assert_eq!(
        (get(&bob, "photos", "cat.png").await.as_str(), get(&guest, "photos", "cat.png").await.as_str()),
        ("", "AccessDenied")
    );
    assert_eq!(code(&guest.list_objects_v2().bucket("photos").send().await), "");
    assert_eq!(code(&bob.delete_bucket_policy().bucket("photos").send().await), "MethodNotAllowed");

    let expected = practice.s3.head_bucket().bucket("photos").expected_bucket_owner(OTHER).send().await;
    assert_eq!(code(&expected), "403");
    let named = bob.list_objects_v2().bucket("photos").expected_bucket_owner(practice.server.account_id()).send().await;
    assert_eq!(code(&named), "");
}

#[tokio::test]
async fn an_object_of_another_account_is_its_writers_until_handed_over() {
    let practice = Practice::start().await;
    add(&practice, &[("bob", OTHER, None)]);
    let bob = sign_in(&practice, "bob");
    for (bucket, ownership) in [
        ("enforced", ObjectOwnership::BucketOwnerEnforced),
        ("preferred", ObjectOwnership::BucketOwnerPreferred),
        ("writers", ObjectOwnership::ObjectWriter),
    ] {
        practice.s3.create_bucket().bucket(bucket).object_ownership(ownership).send().await.unwrap();
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{{"AWS":"{OTHER}"}},"Action":["s3:PutObject","s3:PutObjectAcl"],"Resource":"arn:aws:s3:::{bucket}/*"}}"#
        );
        policy(&practice.s3, bucket, &statement).await;
        assert_eq!(put(&bob, bucket, "plain").await, "");
        let full = bob.put_object().bucket(bucket).key("full").acl(ObjectCannedAcl::BucketOwnerFullControl);
        full.send().await.unwrap();
    }
    let read = async |bucket: &str, key: &str| get(&practice.s3, bucket, key).await;
    assert_eq!((read("enforced", "plain").await.as_str(), read("enforced", "full").await.as_str()), ("", ""));
    assert_eq!(
        (read("preferred", "plain").await.as_str(), read("preferred", "full").await.as_str()),
        ("AccessDenied", "")
    );
    assert_eq!((read("writers", "plain").await.as_str(), read("writers", "full").await.as_str()), ("AccessDenied", ""));
    assert_eq!(get(&bob, "writers", "plain").await, "");

    let owners = practice.s3.list_objects_v2().bucket("preferred").fetch_owner(true).send().await.unwrap();
    let owners: Vec<_> =
        owners.contents().iter().map(|object| object.owner().unwrap().id().unwrap().to_owned()).collect();
    let own = practice.s3.list_buckets().send().await.unwrap().owner().unwrap().id().unwrap().to_owned();
    assert!(owners[0] == own && owners[1] != own, "{owners:?}");
    // Deleting is up to the owner of the bucket all the same.
    practice.s3.delete_object().bucket("writers").key("plain").send().await.unwrap();
}

#[tokio::test]
async fn a_list_names_another_account_by_its_canonical_id() {
    let practice = Practice::start().await;
    add(&practice, &[("bob", OTHER, None)]);
    let bob = sign_in(&practice, "bob");
    let id = bob.list_buckets().send().await.unwrap().owner().unwrap().id().unwrap().to_owned();
    let create = practice.s3.create_bucket().bucket("classic").object_ownership(ObjectOwnership::ObjectWriter);
    create.send().await.unwrap();
    let grant = |id: &str| format!("id=\"{id}\"");
    let put = practice.s3.put_object().bucket("classic").key("k").grant_read(grant(&id)).body(b"x".to_vec().into());
    put.send().await.unwrap();
    assert_eq!(get(&bob, "classic", "k").await, "");
    assert_eq!(code(&bob.get_object_acl().bucket("classic").key("k").send().await), "AccessDenied");
    assert_eq!(code(&bob.list_objects_v2().bucket("classic").send().await), "AccessDenied");
    let own = practice.s3.list_buckets().send().await.unwrap().owner().unwrap().id().unwrap().to_owned();
    let list = practice.s3.put_bucket_acl().bucket("classic").grant_full_control(grant(&own)).grant_read(grant(&id));
    list.send().await.unwrap();
    assert_eq!(code(&bob.list_objects_v2().bucket("classic").send().await), "");
    assert_eq!(practice.s3.get_bucket_acl().bucket("classic").send().await.unwrap().grants().len(), 2);
    let unknown = practice.s3.put_bucket_acl().bucket("classic").grant_read(grant("ab")).send().await;
    assert_eq!(message(&unknown), "Invalid id");
    let mail = practice.s3.put_bucket_acl().bucket("classic").grant_read("emailAddress=\"a@b.c\"").send().await;
    assert_eq!(code(&mail), "MethodNotAllowed");
}

async fn store(practice: &Practice) -> Store {
    let id = ConnectionId::random();
    let connection = Connection {
        id,
        name: "Practice".into(),
        target: Target::Practice,
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let keys = practice.server.credentials();
    let access = PracticeAccess {
        endpoint: practice.server.endpoint(),
        access_key_id: keys.access_key_id.clone(),
        secrets: Secrets::new(&keys.secret_access_key, None),
    };
    connect(&connection, None, Some(access)).await.unwrap()
}

#[tokio::test]
async fn the_account_blocks_what_a_bucket_would_allow() {
    let practice = Practice::start().await;
    let store = store(&practice).await;
    let who = identity::get_caller_identity(&store).await.unwrap().unwrap();
    assert_eq!((who.account.as_str(), who.name()), (practice.server.account_id(), "root"));
    let found = settings::get_account_public_access_block(&store).await.unwrap();
    assert!(matches!(found, settings::Readable::NotSet), "{found:?}");

    practice.bucket("photos").await;
    practice.put("photos", "cat.png", b"x").await;
    let off = PublicAccessBlockConfiguration::builder().block_public_policy(false).build();
    practice.s3.put_public_access_block().bucket("photos").public_access_block_configuration(off).send().await.unwrap();
    let open = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}"#;
    policy(&practice.s3, "photos", open).await;
    assert_eq!(practice.plain("GET", "photos/cat.png", &[]).await.status, 200);

    settings::put_account_public_access_block(&store, BlockPublicAccess::ALL).await.unwrap();
    assert_eq!(practice.plain("GET", "photos/cat.png", &[]).await.status, 403);
    let text = format!(r#"{{"Statement":[{open}]}}"#);
    let refused = practice.s3.put_bucket_policy().bucket("photos").policy(text).send().await;
    let words = "because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.";
    assert!(message(&refused).ends_with(words), "{refused:?}");

    let practice = practice.restart().await;
    let again = settings::get_account_public_access_block(&self::store(&practice).await).await.unwrap();
    assert_eq!(again.value(), Some(&BlockPublicAccess::ALL));
}

#[tokio::test]
async fn users_outlive_the_store_and_leave_at_once() {
    let practice = Practice::start().await;
    add(&practice, &[("bob", OTHER, None)]);
    let practice = practice.restart().await;
    let bob = sign_in(&practice, "bob");
    assert_eq!(code(&bob.list_buckets().send().await), "");
    practice.server.set_users(Vec::new()).unwrap();
    assert_eq!(code(&bob.list_buckets().send().await), "InvalidAccessKeyId");
}

#[tokio::test]
async fn a_signed_url_is_refused_with_the_words_of_s3() {
    let practice = Practice::start().await;
    practice.bucket("photos").await;
    practice.put("photos", "cat.png", b"x").await;
    let minute = aws_sdk_s3::presigning::PresigningConfig::expires_in(std::time::Duration::from_secs(60)).unwrap();
    let signed =
        practice.s3.get_object().bucket("photos").key("cat.png").response_content_type("text/x").presigned(minute);
    let url = signed.await.unwrap().uri().to_owned();
    let path = url.split_once("/photos/").unwrap().1.to_owned();
    let ask = async |path: &str, headers: &[(&str, &str)]| {
        let answer = practice.plain("GET", &format!("photos/{path}"), headers).await;
        (answer.status, answer.code(), String::from_utf8_lossy(&answer.body).into_owned())
    };
    let good = practice.plain("GET", &format!("photos/{path}"), &[]).await;
    assert_eq!((good.status, good.header("content-type")), (200, "text/x"));
    let (status, code, body) = ask(&path.replace("X-Amz-Expires=60", "X-Amz-Expires=604801"), &[]).await;
    assert_eq!((status, code.as_str()), (400, "AuthorizationQueryParametersError"), "{body}");
    let (status, code, body) = ask(&path.replace("X-Amz-Expires=60", "X-Amz-Expires=0"), &[]).await;
    assert_eq!((status, code.as_str()), (403, "AccessDenied"));
    assert!(body.contains("<Message>Request has expired</Message><X-Amz-Expires>0</X-Amz-Expires><Expires>"), "{body}");
    let (status, code, body) = ask(&path, &[("x-amz-meta-a", "b")]).await;
    assert_eq!((status, code.as_str()), (403, "AccessDenied"));
    assert!(body.contains("<HeadersNotSigned>x-amz-meta-a</HeadersNotSigned>"), "{body}");
    let (status, code, body) = ask(&path.replace("text%2Fx", "text%2Fhtml"), &[]).await;
    assert_eq!((status, code.as_str()), (403, "SignatureDoesNotMatch"), "{body}");
}
