use super::*;
use test_case::test_case;

fn request(operation: &str, action: &str, key: Option<&str>, message: &str) -> RefusedRequest {
    RefusedRequest {
        operation: operation.to_owned(),
        action: Some(action.to_owned()),
        bucket: Some("acme".to_owned()),
        key: key.map(str::to_owned),
        code: Some("AccessDenied".to_owned()),
        status: Some(403),
        message: message.to_owned(),
        request_id: Some("R1".to_owned()),
        who: Some("arn:aws:iam::111122223333:user/mo".to_owned()),
        signed: true,
        store: "Amazon S3".to_owned(),
        partition: Partition::Aws,
        at: "2026-03-02T10:00:00Z".parse().unwrap(),
    }
}

#[test_case("GetObject", "s3:GetObject", Some("a.jpg"), "arn:aws:s3:::acme/a.jpg"; "a file")]
#[test_case("PutBucketCors", "s3:PutBucketCORS", None, "arn:aws:s3:::acme"; "a setting")]
#[test_case("ListObjectsV2", "s3:ListBucket", None, "arn:aws:s3:::acme"; "a listing")]
#[test_case("ListBuckets", "s3:ListAllMyBuckets", None, "*"; "the list of buckets")]
#[test_case("DeleteObjects", "s3:DeleteObject", None, "arn:aws:s3:::acme/*"; "many files")]
fn the_smallest_statement_names_what_was_asked(operation: &str, action: &str, key: Option<&str>, resource: &str) {
    let why = why_refused(&request(operation, action, key, "Access Denied"));
    assert_eq!(why.resource.as_deref(), Some(resource));
    let statement: serde_json::Value = serde_json::from_str(&why.identity_statement.unwrap()).unwrap();
    assert_eq!(statement, serde_json::json!({ "Effect": "Allow", "Action": action, "Resource": resource }));
    assert_eq!(why.bucket_statement.is_some(), resource != "*");
    assert!(why.message.contains("user/mo") && why.message.contains("R1"), "{}", why.message);
}

#[test_case("because no identity-based policy allows the s3:GetObject action", RefusalReason::NoIdentityPolicy, true, false; "nothing allows it")]
#[test_case("because no resource-based policy allows the s3:GetObject action", RefusalReason::NoBucketPolicy, false, true; "another account's bucket")]
#[test_case("with an explicit deny in a resource-based policy", RefusalReason::BucketDeny, false, false; "the bucket forbids it")]
#[test_case("with an explicit deny in an identity-based policy", RefusalReason::IdentityDeny, false, false; "the sign in forbids it")]
#[test_case("with an explicit deny in a service control policy", RefusalReason::OrganizationDeny, false, false; "the organization forbids it")]
fn where_something_forbids_it_no_statement_helps(because: &str, reason: RefusalReason, identity: bool, bucket: bool) {
    let message = format!(
        "User: arn:aws:sts::111122223333:assumed-role/Photos/s is not authorized to perform: s3:GetObject on \
         resource: \"arn:aws:s3:::acme/a.jpg\" {because}"
    );
    let why = why_refused(&request("GetObject", "s3:GetObject", Some("a.jpg"), &message));
    assert_eq!(why.reason, Some(reason));
    assert_eq!((why.identity_statement.is_some(), why.bucket_statement.is_some()), (identity, bucket));
    assert!(why.message.contains("assumed-role/Photos/s"), "the message names who really asked: {}", why.message);
}

#[test]
fn a_stranger_needs_the_bucket_to_be_opened() {
    let stranger =
        RefusedRequest { who: None, signed: false, ..request("GetObject", "s3:GetObject", Some("a.jpg"), "") };
    let why = why_refused(&stranger);
    assert_eq!((why.symptom, why.identity_statement), (Symptom::NotPublic, None));
    assert!(why.bucket_statement.unwrap().contains("\"Principal\": \"*\""));
}
