use super::*;
use crate::domain::check::{NoAnswer, ObjectFound, Observed, Verdict, diagnose};
use crate::domain::connection::{Addressing, ChecksumMode, SignIn, StoreTarget};
use crate::s3::testing::{Canned, serve};
use test_case::test_case;

fn ground_at(endpoint: &str) -> Ground {
    Ground {
        target: connection::Target::Store(StoreTarget {
            preset: "custom".to_owned(),
            endpoint: endpoint.to_owned(),
            region: "us-east-1".to_owned(),
            addressing: Addressing::Path,
            checksums: ChecksumMode::WhenRequired,
            sign_in: SignIn::Environment,
            public_base_url: None,
        }),
        practice_endpoint: None,
        region: None,
        signed_in: true,
    }
}

/// Whatever is refused is told with the permission that it takes; nothing is guessed.
#[tokio::test]
async fn what_may_not_be_read_is_told_as_such() {
    let refused = Canned::xml(403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
    let server = serve(vec![refused]).await;
    let ground = ground_at(&server.endpoint);
    let target = Target::parse("s3://b/k.jpg", &ground.context(None)).unwrap();
    let evidence = gather(&server.store().await, &target, ground).await;
    let needs = |read: &Read<Option<String>>| match read {
        Read::Unreadable { needs, asked, .. } => (needs.clone(), asked.status),
        other => panic!("{other:?}"),
    };
    assert_eq!(needs(&evidence.policy), (Some("s3:GetBucketPolicy".to_owned()), Some(403)));
    assert!(evidence.object.is_open() && evidence.bucket_block.is_open() && evidence.payer.is_open());
    assert!(matches!(evidence.account_block, Read::NotOffered(_)), "there are no accounts at other stores");
    let diagnosis = diagnose(&target, &evidence);
    assert_eq!((diagnosis.verdict, diagnosis.cause), (Verdict::NotVisible, None));
    let signed = server.requests().iter().filter(|it| it.header("authorization").is_none()).count();
    assert_eq!(signed, 2, "the file and the bucket are asked for without sign-in, everything else with one");
    let writes = server.requests().iter().filter(|it| !matches!(it.method.as_str(), "GET" | "HEAD")).count();
    assert_eq!(writes, 0, "nothing is written");
}

#[tokio::test]
async fn a_store_without_settings_is_no_trouble() {
    let lacks = Canned::xml(501, "<Error><Code>NotImplemented</Code><Message>no</Message></Error>");
    let server = serve(vec![lacks]).await;
    let ground = ground_at(&server.endpoint);
    let target = Target::parse("s3://b/k.jpg", &ground.context(None)).unwrap();
    let evidence = gather(&server.store().await, &target, ground).await;
    assert!(matches!(evidence.policy, Read::NotOffered(_)), "{:?}", evidence.policy);
    assert!(matches!(evidence.ownership, Read::NotOffered(_)));
}

/// A browser goes where it is sent, and so does a check; what led there is told.
#[tokio::test]
async fn redirects_are_followed_and_told() {
    let end = serve(vec![Canned::xml(200, "<svg xmlns='http://www.w3.org/2000/svg'/>")]).await;
    let there = format!("{}/there.svg", end.endpoint);
    let begin = serve(vec![Canned::empty(302).header("location", &there)]).await;
    let (observed, _) = observe::observe(&format!("{}/here.svg", begin.endpoint), None).await;
    let Observed::Answered(answer) = observed else { panic!("{observed:?}") };
    assert_eq!((answer.status, answer.url.as_str()), (200, there.as_str()));
    assert_eq!(answer.hops, [(format!("{}/here.svg", begin.endpoint), 302)]);
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let server = serve(vec![
        Canned::empty(302).header("location", "/a"),
        Canned::empty(302).header("location", "/b"),
        Canned::empty(302).header("location", "/a"),
        Canned::empty(302).header("location", "/b"),
        Canned::empty(302).header("location", "/a"),
    ])
    .await;
    let (observed, _) = observe::observe(&format!("{}/x", server.endpoint), None).await;
    let answer = observed.answer().unwrap();
    assert_eq!((answer.status, answer.hops.len()), (302, 4));
}

#[tokio::test]
async fn nobody_who_answers_is_told_by_kind() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (observed, preflight) = observe::observe(&format!("http://{free}/k"), Some("https://a.example")).await;
    assert!(matches!(observed, Observed::Unanswered { why: NoAnswer::NothingListens, .. }), "{observed:?}");
    assert!(matches!(preflight, Observed::Unanswered { .. }));
}

/// S3 describes nothing of what is encrypted with a customer's key unless the key comes along.
#[test_case(400, true; "a customer's key")]
#[test_case(403, false; "a refusal")]
#[test_case(503, false; "a busy store")]
#[tokio::test]
async fn a_bad_request_for_a_file_is_a_key_that_is_missing(status: u16, is_sealed: bool) {
    let server = serve(vec![Canned::empty(status)]).await;
    let spot = Spot { bucket: "b".to_owned(), key: "k".to_owned() };
    let found = file::look(&server.store().await, &spot, None).await;
    assert_eq!(matches!(found.object.known(), Some(ObjectFound::CustomerKey)), is_sealed, "{:?}", found.object);
}
