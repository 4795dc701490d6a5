//! Copies at stores that answer otherwise than practice storage does.

use test_case::test_case;

use super::proof::{delete_source, is_proven};
use super::*;
use crate::s3::testing::{Canned, serve};

const ETAG: &str = "5d41402abc4b2a76b9719d911017c592";

fn source(key: &str) -> Source {
    Source {
        bucket: "from".into(),
        key: key.into(),
        version_id: None,
        etag: Some(ETAG.into()),
        size_bytes: 5,
        storage_class: None,
    }
}

fn to(guard: Guard) -> Destination {
    Destination { bucket: "to".into(), key: "k".into(), guard }
}

fn copied() -> Canned {
    Canned::xml(200, &format!("<CopyObjectResult><ETag>\"{ETAG}\"</ETag></CopyObjectResult>"))
}

fn found(etag: &str) -> Canned {
    Canned::empty(200).header("etag", &format!("\"{etag}\""))
}

fn error(status: u16, code: &str) -> Canned {
    Canned::xml(status, &format!("<Error><Code>{code}</Code><Message>m</Message></Error>"))
}

async fn outcome(answers: Vec<Canned>, guard: Guard) -> (Result<Copied, S3Error>, Vec<String>) {
    let server = serve(answers).await;
    let store = server.store().await;
    let outcome = copy(&store, &source("k"), &to(guard), &Limits::default(), &CancellationToken::new()).await;
    let asked = server.requests().iter().map(|it| format!("{} {}", it.method, it.path_and_query)).collect();
    (outcome, asked)
}

#[test_case("a b+c%é", None, "from/a%20b%2Bc%25%C3%A9"; "what is no letter is encoded")]
#[test_case("a//../b", None, "from/a//../b"; "slashes and dots stay")]
#[test_case("a?b", Some("v 1"), "from/a%3Fb?versionId=v%201"; "a version comes behind")]
fn the_source_is_named(key: &str, version_id: Option<&str>, header: &str) {
    assert_eq!(Source { version_id: version_id.map(str::to_owned), ..source(key) }.header(), header);
}

#[tokio::test]
async fn an_error_inside_a_good_answer_is_tried_again() {
    let (outcome, asked) = outcome(vec![error(200, "InternalError"), copied()], Guard::Overwrite).await;
    assert_eq!(outcome.unwrap(), Copied::Done(Written { etag: Some(ETAG.into()), ..Written::default() }));
    assert_eq!(asked.len(), 2);
}

#[tokio::test]
async fn an_error_inside_a_good_answer_is_an_error() {
    let (outcome, _) = outcome(vec![error(200, "AccessDenied")], Guard::Overwrite).await;
    assert!(matches!(outcome.unwrap_err().kind, Kind::Refused(_)));
}

#[tokio::test]
async fn a_store_without_conditions_is_looked_at_first() {
    let (outcome, asked) = outcome(
        vec![Canned::empty(404), error(501, "NotImplemented"), Canned::empty(404), copied()],
        Guard::IfNoneMatch,
    )
    .await;
    assert!(matches!(outcome, Ok(Copied::Done(_))), "{outcome:?}");
    let methods: Vec<&str> = asked.iter().filter_map(|it| it.split(' ').next()).collect();
    assert_eq!(methods, ["HEAD", "PUT", "HEAD", "PUT"]);
}

#[test_case(Guard::IfNoneMatch; "of any kind")]
#[test_case(Guard::IfMatch("another".into()); "of another state")]
#[tokio::test]
async fn what_is_there_is_protected_by_the_look(guard: Guard) {
    let (outcome, asked) = outcome(vec![found(ETAG)], guard).await;
    assert_eq!((outcome.unwrap(), asked.len()), (Copied::HeldBack, 1));
}

#[test_case(found(ETAG), &Copied::HeldBack; "the source is as it was")]
#[test_case(found("another"), &Copied::SourceChanged; "the source is another")]
#[test_case(Canned::empty(404), &Copied::SourceChanged; "the source is gone")]
#[tokio::test]
async fn a_condition_that_does_not_hold_is_told_apart(then: Canned, expected: &Copied) {
    let (outcome, _) =
        outcome(vec![Canned::empty(404), error(412, "PreconditionFailed"), then], Guard::IfNoneMatch).await;
    assert_eq!(&outcome.unwrap(), expected);
}

#[tokio::test]
async fn what_is_not_there_is_the_source() {
    let (outcome, _) = outcome(vec![error(404, "NoSuchKey")], Guard::Overwrite).await;
    let error = outcome.unwrap_err();
    assert_eq!((error.bucket.as_deref(), error.key.as_deref()), (Some("from"), Some("k")));
}

/// A HEAD answer of five bytes cannot be canned without a body, so all sizes are 0 here.
#[test_case(vec![found(ETAG)], true; "the same etag")]
#[test_case(vec![found("900150983cd24fb0d6963f7d28e17f72")], false; "not what was written")]
#[tokio::test]
async fn copies_are_proven(answers: Vec<Canned>, expected: bool) {
    let server = serve(answers).await;
    let written = Written { etag: Some(ETAG.into()), ..Written::default() };
    let source = Source { size_bytes: 0, ..source("k") };
    let proven = is_proven(&server.store().await, &source, &to(Guard::Overwrite), &written).await.unwrap();
    assert_eq!(proven, expected);
}

#[test_case("a-2", "b-3", Some(("SHA256", "x")), Some(("SHA256", "x")), Some(true); "by checksum")]
#[test_case("a-2", "a-2", Some(("SHA256", "x")), Some(("SHA256", "y")), Some(false); "a checksum counts more than an etag")]
#[test_case("a-2", "a-2", Some(("SHA256", "x")), Some(("CRC32", "y")), Some(true); "by etag where checksums differ in kind")]
#[test_case(ETAG, "900150983cd24fb0d6963f7d28e17f72", None, None, Some(false); "two md5s")]
#[test_case(ETAG, "b-3", None, None, None; "nothing to compare")]
fn likeness(
    one: &str,
    other: &str,
    one_sum: Option<(&str, &str)>,
    other_sum: Option<(&str, &str)>,
    expected: Option<bool>,
) {
    let head = |etag: &str, sum: Option<(&str, &str)>| {
        let head = HeadObjectOutput::builder().content_length(5).e_tag(format!("\"{etag}\""));
        Head(match sum {
            Some(("SHA256", value)) => head.checksum_sha256(value).build(),
            Some((_, value)) => head.checksum_crc32(value).build(),
            None => head.build(),
        })
    };
    assert_eq!(proof::is_same(&head(one, one_sum), &head(other, other_sum)), expected);
}

#[tokio::test]
async fn a_source_that_is_another_by_now_is_not_deleted() {
    let server = serve(vec![found("another")]).await;
    assert!(!delete_source(&server.store().await, &source("k")).await.unwrap());
    let methods: Vec<String> = server.requests().iter().map(|it| it.method.clone()).collect();
    assert_eq!(methods, ["HEAD"]);
}

#[tokio::test]
async fn a_store_that_knows_no_condition_on_deleting_is_asked_without_one() {
    let server = serve(vec![found(ETAG), error(501, "NotImplemented"), found(ETAG), Canned::empty(204)]).await;
    assert!(delete_source(&server.store().await, &source("k")).await.unwrap());
    let seen = server.requests();
    assert_eq!(seen[1].header("if-match"), Some(format!("\"{ETAG}\"").as_str()));
    assert_eq!((seen[3].method.as_str(), seen[3].header("if-match")), ("DELETE", None));
}
