//! Settings as stores answer them.
use super::*;
use crate::{
    domain::{
        lifecycle::{Expiration, Filter, LifecycleRule, NoncurrentExpiration, Transition, When},
        public_access::{BlockPublicAccess, ObjectOwnership},
    },
    s3::testing::{Canned, serve},
};
use test_case::test_case;

fn error(status: u16, code: &str) -> Canned {
    Canned::xml(status, &format!("<Error><Code>{code}</Code><Message>m</Message></Error>"))
}

#[test_case(Canned::xml(200, "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>false</BlockPublicPolicy></PublicAccessBlockConfiguration>") => "Is"; "set")]
#[test_case(error(404, "NoSuchPublicAccessBlockConfiguration") => "NotSet"; "not stored")]
#[test_case(error(403, "AccessDenied") => "MayNotRead"; "refused")]
#[test_case(error(501, "NotImplemented") => "NotOffered"; "not implemented")]
#[test_case(error(405, "MethodNotAllowed") => "NotOffered"; "method not allowed")]
#[test_case(Canned::xml(200, "<Other/>") => "MayNotRead"; "a document of its own")]
#[test_case(Canned::xml(200, "<ListBucketResult><Name>b</Name></ListBucketResult>") => "NotOffered"; "taken for a listing")]
#[tokio::test]
async fn what_is_not_set_not_readable_and_not_offered_is_kept_apart(canned: Canned) -> &'static str {
    let server = serve(vec![canned]).await;
    match get_public_access_block(&server.store().await, "b").await {
        Readable::Is(flags) => {
            assert_eq!(flags, BlockPublicAccess::FOR_PUBLIC_POLICY);
            "Is"
        }
        Readable::NotSet => "NotSet",
        Readable::MayNotRead(error) => {
            assert_eq!(error.bucket.as_deref(), Some("b"));
            "MayNotRead"
        }
        Readable::NotOffered => "NotOffered",
    }
}

#[tokio::test]
async fn a_write_that_meets_another_is_repeated() {
    let server = serve(vec![error(409, "OperationAborted"), Canned::empty(200)]).await;
    put_bucket_ownership_controls(&server.store().await, "b", ObjectOwnership::BucketOwnerEnforced).await.unwrap();
    let seen = server.requests();
    assert_eq!(seen.len(), 2);
    assert!(String::from_utf8_lossy(&seen[1].body).contains("<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership>"));
}

fn rule() -> LifecycleRule {
    LifecycleRule { id: Some("r".into()), enabled: true, ..LifecycleRule::default() }
}

#[test_case(&LifecycleRule { abort_unfinished_days: Some(7), ..rule() }; "everything")]
#[test_case(&LifecycleRule { filter: Filter { prefix: Some("logs/".into()), legacy: true, ..Filter::default() }, expiration: Some(Expiration::At(When::Days(90))), enabled: false, ..rule() }; "a prefix of old")]
#[test_case(&LifecycleRule { filter: Filter { prefix: Some("p/".into()), tags: vec![("a".into(), "b".into())], larger_than: Some(1), ..Filter::default() }, transitions: vec![Transition { when: When::Date("2030-01-01T00:00:00Z".into()), class: "GLACIER_IR".into() }], ..rule() }; "several conditions")]
#[test_case(&LifecycleRule { filter: Filter { tags: vec![("a".into(), "b".into())], ..Filter::default() }, noncurrent_expiration: Some(NoncurrentExpiration { days: 30, keep_newest: Some(3) }), ..rule() }; "a tag")]
#[test_case(&LifecycleRule { expiration: Some(Expiration::LoneDeleteMarkers), ..rule() }; "delete markers")]
fn a_rule_of_another_hand_comes_back_as_it_was(rule: &LifecycleRule) {
    let mut back = lifecycle::from_sdk(lifecycle::to_sdk(rule).unwrap());
    // An empty prefix and no condition at all are the same to S3.
    back.filter.prefix = back.filter.prefix.filter(|prefix| !prefix.is_empty());
    assert_eq!(back, *rule);
}

#[tokio::test]
async fn writing_nothing_removes_the_setting() {
    let server = serve(vec![Canned::empty(204)]).await;
    let store = server.store().await;
    put_bucket_cors(&store, "b", &[]).await.unwrap();
    put_bucket_tagging(&store, "b", &[]).await.unwrap();
    put_bucket_lifecycle_configuration(&store, "b", &[]).await.unwrap();
    let seen: Vec<_> =
        server.requests().iter().map(|seen| format!("{} {}", seen.method, seen.path_and_query)).collect();
    assert_eq!(seen, ["DELETE /b/?cors", "DELETE /b/?tagging", "DELETE /b/?lifecycle"]);
}

#[tokio::test]
async fn an_access_list_names_owner_and_groups() {
    let server = serve(vec![Canned::xml(
        200,
        "<AccessControlPolicy><Owner><ID>me</ID></Owner><AccessControlList>\
         <Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>me</ID>\
         </Grantee><Permission>FULL_CONTROL</Permission></Grant>\
         <Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Group\">\
         <URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant>\
         </AccessControlList></AccessControlPolicy>",
    )])
    .await;
    let store = server.store().await;
    let Readable::Is(acl) = get_bucket_acl(&store, "b").await else { panic!("not read") };
    assert_eq!(acl.owner.as_deref(), Some("me"));
    assert_eq!(acl.grants.0.len(), 2);
    assert!(acl.grants.anyone_may(crate::domain::public_access::Permission::Read));
    assert!(matches!(is_bucket_acl_public(&store, "b").await, Readable::Is(true)));
}
