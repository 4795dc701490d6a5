//! What is mended within a request.

use std::time::{Duration, SystemTime};

use aws_smithy_types::date_time::{DateTime, Format};
use test_case::test_case;

use crate::s3::{
    body::Body,
    error::Kind,
    object::{Guard, ObjectHeaders, put_object},
    testing::{Canned, Server, serve},
};

const SKEWED: &str = "<Error><Code>RequestTimeTooSkewed</Code></Error>";
const EXPIRED: &str = "<Error><Code>ExpiredToken</Code></Error>";

/// Writes an object, and says what came of it.
async fn put(server: &Server) -> Option<Kind> {
    let store = server.store().await;
    let body = Body::Bytes("meow".into());
    let written = put_object(&store, "box", "cat", (&body).into(), &ObjectHeaders::default(), &Guard::Overwrite).await;
    assert_eq!(store.answers(), 1);
    written.err().map(|error| error.kind.clone())
}

#[test_case(true, 7_200; "by two hours too slow")]
#[test_case(false, 7_200; "by two hours too fast")]
#[tokio::test]
async fn a_clock_that_is_wrong_is_set_by_the_answer(slow: bool, by_secs: u64) {
    let by = Duration::from_secs(by_secs);
    let there = if slow { SystemTime::now() + by } else { SystemTime::now() - by };
    let date = DateTime::from(there).fmt(Format::HttpDate).unwrap();
    let server = serve(vec![Canned::xml(403, SKEWED).header("date", &date), Canned::empty(200)]).await;
    assert_eq!(put(&server).await, None);
    let signed: Vec<_> = server.requests().iter().map(|seen| seen.header("x-amz-date").unwrap().to_owned()).collect();
    let near = |at: SystemTime| {
        let text = DateTime::from(at).fmt(Format::DateTime).unwrap().replace(['-', ':'], "");
        text[..13].to_owned()
    };
    // To the minute, or the one after.
    let right = [near(there), near(there + Duration::from_secs(60))];
    assert!(signed.len() == 2 && right.contains(&signed[1][..13].to_owned()), "{signed:?}, and it is {date}");
}

#[test_case(SKEWED; "the clock")]
#[test_case(EXPIRED; "the session")]
#[tokio::test]
async fn what_cannot_be_mended_is_tried_once_more_and_no_further(answer: &str) {
    let server = serve(vec![Canned::xml(400, answer)]).await;
    let kind = put(&server).await;
    assert!(matches!(kind, Some(Kind::ClockSkew { .. } | Kind::Expired)), "{kind:?}");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_store_that_says_no_is_there_and_one_that_hangs_up_is_not() {
    let server = serve(vec![Canned::empty(403)]).await;
    assert!(server.store().await.is_there("box").await);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { while listener.accept().await.is_ok() {} });
    let nobody = Server::at(endpoint);
    let store = nobody.store().await;
    assert!(!store.is_there("box").await);
    assert_eq!(store.answers(), 0);
}
