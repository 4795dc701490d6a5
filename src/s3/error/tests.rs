//! Recorded answers, and what is made of them.
use super::*;
use crate::s3::{
    delete::delete_objects,
    list::list_page,
    object::{get_object, head_object},
    testing::{Canned, serve},
};
use test_case::test_case;

fn error_xml(code: &str, message: &str, more: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>{more}\
         <RequestId>4442587FB7D0A2F9</RequestId><HostId>h</HostId></Error>"
    )
}

async fn listing_that_ends_in(canned: Canned) -> S3Error {
    let server = serve(vec![canned]).await;
    let store = server.store().await;
    list_page(&store, "acme-invoices", "", Some("/"), None, None).await.unwrap_err()
}

fn refused(action: &str, reason: Option<RefusalReason>) -> Kind {
    Kind::Refused(Refusal { action: Some(action.into()), reason })
}

#[test_case(403, "AccessDenied", "Access Denied", "" => refused("s3:ListBucket", None); "refused")]
#[test_case(403, "AccessDenied", "User: arn:aws:iam::111122223333:user/u is not authorized to perform: s3:ListBucket on resource: \"arn:aws:s3:::acme-invoices\" because no identity-based policy allows the s3:ListBucket action", "" => refused("s3:ListBucket", Some(RefusalReason::NoIdentityPolicy)); "no permission")]
#[test_case(403, "AccessDenied", "x is not authorized to perform: s3:ListBucket on resource: y with an explicit deny in a resource-based policy", "" => refused("s3:ListBucket", Some(RefusalReason::BucketDeny)); "denied by the bucket")]
#[test_case(403, "AccessDenied", "x with an explicit deny in a service control policy", "" => refused("s3:ListBucket", Some(RefusalReason::OrganizationDeny)); "denied by the organization")]
#[test_case(403, "AccessDenied", "User is not authorized to perform: s3:PutBucketPolicy on resource because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.", "" => refused("s3:PutBucketPolicy", Some(RefusalReason::PublicPolicyBlocked)); "public policies blocked")]
#[test_case(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", "" => Kind::BadKey; "unknown key")]
#[test_case(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided.", "" => Kind::BadSecret; "wrong secret")]
#[test_case(400, "ExpiredToken", "The provided token has expired.", "" => Kind::Expired; "session over")]
#[test_case(400, "AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-west-1'", "<Region>eu-west-1</Region>" => Kind::WrongRegion { region: Some("eu-west-1".into()) }; "signed for another region")]
#[test_case(404, "NoSuchBucket", "The specified bucket does not exist", "" => Kind::NotThere(Thing::Bucket); "no bucket")]
#[test_case(404, "NoSuchBucketPolicy", "The bucket policy does not exist", "" => Kind::NotConfigured; "no policy")]
#[test_case(501, "NotImplemented", "A header you provided implies functionality that is not implemented", "" => Kind::NotOffered; "not offered")]
#[test_case(405, "MethodNotAllowed", "The specified method is not allowed against this resource.", "" => Kind::NotOffered; "not allowed here")]
#[test_case(409, "BucketAlreadyExists", "", "" => Kind::NameTaken; "name taken")]
#[test_case(409, "BucketAlreadyOwnedByYou", "", "" => Kind::AlreadyYours; "already yours")]
#[test_case(409, "BucketNotEmpty", "", "" => Kind::NotEmpty; "not empty")]
#[test_case(409, "OperationAborted", "A conflicting conditional operation is currently in progress", "" => Kind::Conflict; "conflict")]
#[test_case(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", "<Condition>If-None-Match</Condition>" => Kind::PreconditionFailed; "precondition")]
#[test_case(403, "InvalidObjectState", "The operation is not valid for the object's storage class", "" => Kind::Archived; "archived")]
#[test_case(400, "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'", "" => Kind::BadDocument; "malformed policy")]
#[test_case(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", "" => Kind::TooLarge; "too large")]
#[test_case(400, "BadDigest", "The Content-MD5 you specified did not match what we received.", "" => Kind::Damaged; "damaged")]
#[test_case(400, "InvalidArgument", "max-keys cannot be negative", "" => Kind::BadRequest; "bad argument")]
#[test_case(418, "Teapot", "", "" => Kind::BadRequest; "unknown code")]
#[tokio::test]
async fn an_answer_of_the_store_becomes_a_kind(status: u16, code: &str, message: &str, more: &str) -> Kind {
    listing_that_ends_in(Canned::xml(status, &error_xml(code, message, more))).await.kind.clone()
}

#[tokio::test]
async fn facts_for_a_support_desk_are_kept() {
    let canned = Canned::xml(403, &error_xml("AccessDenied", "Access Denied", "")).header("x-amz-id-2", "host");
    let error = listing_that_ends_in(canned).await;
    assert_eq!(error.code.as_deref(), Some("AccessDenied"));
    assert_eq!(error.request_id.as_deref(), Some("4442587FB7D0A2F9"));
    assert_eq!(error.http_status, Some(403));
    assert_eq!(
        error.sentence(),
        "You may not see what is in acme-invoices. The sign-in may lack s3:ListBucket, or a policy denies it."
    );
    let details = error.details();
    for line in ["Operation: ListObjectsV2", "Code: AccessDenied", "HTTP status: 403", "Host ID: host"] {
        assert!(details.contains(line), "{line} is not in\n{details}");
    }
    assert!(!details.contains("AKIDEXAMPLE"), "{details}");
}

#[tokio::test]
async fn a_wrong_region_is_followed_once() {
    let server = serve(vec![
        Canned::xml(400, &error_xml("AuthorizationHeaderMalformed", "x", "<Region>eu-west-1</Region>")),
        Canned::xml(200, "<ListBucketResult><Name>b</Name><IsTruncated>false</IsTruncated></ListBucketResult>"),
    ])
    .await;
    let store = server.store().await;
    list_page(&store, "b", "", None, None, None).await.unwrap();
    let seen = server.requests();
    assert!(seen[0].header("authorization").unwrap().contains("/us-east-1/s3/"));
    assert!(seen[1].header("authorization").unwrap().contains("/eu-west-1/s3/"));
    assert_eq!(store.known_region("b").as_deref(), Some("eu-west-1"));
}

#[test_case(404 => Kind::NotThere(Thing::Object); "missing")]
#[test_case(403 => refused("s3:GetObject", None); "refused")]
#[test_case(412 => Kind::PreconditionFailed; "condition")]
#[test_case(405 => Kind::NotOffered; "a delete marker")]
#[tokio::test]
async fn a_head_request_without_words_is_read_by_its_status(status: u16) -> Kind {
    let server = serve(vec![Canned::empty(status)]).await;
    let error = head_object(&server.store().await, "b", "photos/lake.jpg").await.unwrap_err();
    assert_eq!(error.key.as_deref(), Some("photos/lake.jpg"));
    error.kind.clone()
}

#[tokio::test]
async fn a_web_page_is_not_a_store() {
    let error = listing_that_ends_in(Canned::html(200, "<!DOCTYPE html><html><body>Console</body></html>")).await;
    assert_eq!(error.kind, Kind::NotS3);
    assert!(error.sentence().contains("answers, but not as a store does"), "{error}");
}

#[tokio::test]
async fn an_older_listing_stands_in_and_goes_on_after_the_last_key() {
    let page = "<ListBucketResult><Name>b</Name><IsTruncated>true</IsTruncated><Contents><Key>a.jpg</Key><Size>3</Size>\
                </Contents><Contents><Key>b.jpg</Key><Size>4</Size></Contents></ListBucketResult>";
    let server = serve(vec![Canned::xml(501, &error_xml("NotImplemented", "no", "")), Canned::xml(200, page)]).await;
    let store = server.store().await;
    let first = list_page(&store, "b", "", None, None, None).await.unwrap();
    assert_eq!(
        first.objects.iter().map(|o| (o.key.as_str(), o.size_bytes)).collect::<Vec<_>>(),
        [("a.jpg", 3), ("b.jpg", 4)]
    );
    list_page(&store, "b", "", None, first.next.as_deref(), None).await.unwrap();
    let seen = server.requests();
    assert!(seen[2].path_and_query.contains("marker=b.jpg"), "{}", seen[2].path_and_query);
}

#[tokio::test]
async fn a_store_that_wants_md5_gets_it() {
    let server = serve(vec![
        Canned::xml(400, &error_xml("MissingContentMD5", "Missing required header for this request: Content-MD5", "")),
        Canned::xml(
            200,
            "<DeleteResult><Error><Key>b</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>",
        ),
    ])
    .await;
    let store = server.store().await;
    let outcome = delete_objects(&store, "x", &["a".into(), "b".into()]).await.unwrap();
    assert_eq!(outcome.deleted, ["a"]);
    assert_eq!((outcome.failed[0].0.as_str(), &outcome.failed[0].1.kind), ("b", &refused("s3:DeleteObject", None)));
    let seen = server.requests();
    assert!(seen[0].header("x-amz-checksum-crc32").is_some() && seen[0].header("content-md5").is_none());
    assert!(seen[1].header("x-amz-checksum-crc32").is_none() && seen[1].header("content-md5").is_some());
    assert!(seen[1].header("x-amz-checksum-placeholder").is_none());
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test]
async fn nobody_answers_there() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut server = serve(vec![Canned::empty(200)]).await;
    server.endpoint = format!("http://{free}");
    let error = get_object(&server.store().await, "b", "k", None, 10).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unreachable(Unreached::NothingListens));
    assert_eq!(
        error.sentence(),
        format!("Nothing answers at http://{free}. Check the port, and that the server runs.")
    );
    assert!(error.is_worth_retrying());
}

#[test_case("x?X-Amz-Signature=abc&X=1", "x?X-Amz-Signature=…&X=1"; "a signature")]
#[test_case("x-amz-security-token=T\" z X-Amz-Credential=C", "x-amz-security-token=…\" z X-Amz-Credential=…"; "token and key")]
fn what_signs_a_link_is_blotted_out(text: &str, cleaned: &str) {
    assert_eq!(
        S3Error::told("Presign", Kind::BadRequest, "X", text).details().lines().last(),
        Some(format!("Message: {cleaned}").as_str())
    );
}
