//! What a store may answer that practice storage never does.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use test_case::test_case;

use super::*;
use crate::s3::{
    error::Kind,
    object::{Guard, ObjectHeaders},
    testing::{Canned, Server, serve},
};

const NOT_OFFERED: &str = "<Error><Code>NotImplemented</Code></Error>";
const TAKEN: &str = "<Error><Code>PreconditionFailed</Code></Error>";
/// Of `meow`.
const MD5: &str = "4a4be40c96ac6314e91d93f38043a634";

fn item(key: &str) -> UploadItem {
    UploadItem {
        source: Source::Bytes(Bytes::from_static(b"meow")),
        name: key.into(),
        key: key.into(),
        size_bytes: 4,
        headers: ObjectHeaders::default(),
        guard: Guard::IfNoneMatch,
    }
}

/// Sends files one after the other to a server that answers as told; how the last one ended, and the requests.
async fn sent(answers: Vec<Canned>, items: Vec<UploadItem>) -> (RowState, Vec<String>) {
    let server: Server = serve(answers).await;
    let limits = Limits { files: 1, tries: 4, first_wait: Duration::from_millis(1), ..Limits::default() };
    let engine = Engine::new(tokio::runtime::Handle::current(), Arc::new(|| {}), limits);
    let store = server.store().await;
    engine.upload(Batch { store, bucket: "box".into(), label: String::new(), items });
    let begun = Instant::now();
    while engine.open_count() > 0 {
        assert!(begun.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let mut rows = engine.rows(&RowQuery { order: Order::Asked, range: 0..9, ..RowQuery::default() }).rows;
    let seen = server.requests();
    let requests = seen.iter().map(|seen| {
        let guarded = if seen.header("if-none-match").is_some() { " guarded" } else { "" };
        let kind = if seen.body.is_empty() { "HEAD" } else { "PUT" };
        format!("{kind}{guarded}")
    });
    (rows.pop().unwrap().state, requests.collect())
}

fn written() -> Canned {
    Canned::empty(200).header("etag", &format!("\"{MD5}\""))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_the_guard_is_asked_first_and_remembered() {
    let answers = vec![Canned::xml(501, NOT_OFFERED), Canned::empty(404), written(), Canned::empty(404), written()];
    let (state, requests) = sent(answers, vec![item("a"), item("b")]).await;
    assert!(matches!(state, RowState::Done { verified: true, .. }), "{state:?}");
    assert_eq!(requests, ["PUT guarded", "HEAD", "PUT", "HEAD", "PUT"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_the_guard_replaces_nothing() {
    let there = Canned::empty(200).header("content-length", "0");
    let (state, requests) = sent(vec![Canned::xml(501, NOT_OFFERED), there], vec![item("a")]).await;
    assert!(matches!(state, RowState::Conflict), "{state:?}");
    assert_eq!(requests, ["PUT guarded", "HEAD"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_asks_for_patience_gets_it() {
    let busy = || Canned::xml(503, "<Error><Code>SlowDown</Code></Error>");
    let (state, requests) = sent(vec![busy(), busy(), busy(), written()], vec![item("a")]).await;
    assert!(matches!(state, RowState::Done { verified: true, .. }), "{state:?}");
    assert_eq!(requests.len(), 4);
}

#[test_case(4, MD5 => true; "what is there is what was sent")]
#[test_case(5, MD5 => false; "of another size")]
#[test_case(4, "0123456789abcdef0123456789abcdef" => false; "of other bytes")]
fn a_taken_name_after_a_lost_answer(size_bytes: u64, etag: &str) -> bool {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let lost = || Canned::xml(500, "<Error><Code>InternalError</Code></Error>");
        let there = Canned::empty(200).header("etag", etag).header("content-length", &size_bytes.to_string());
        let (state, _) = sent(vec![lost(), lost(), lost(), Canned::xml(412, TAKEN), there], vec![item("a")]).await;
        match state {
            RowState::Done { .. } => true,
            RowState::Conflict => false,
            other => panic!("{other:?}"),
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_etag_of_another_kind_is_done_but_not_called_verified() {
    let opaque = Canned::empty(200).header("etag", "\"0123456789abcdef0123456789abcdef\"");
    let (state, _) = sent(vec![opaque], vec![item("a")]).await;
    assert!(matches!(state, RowState::Done { verified: false, .. }), "{state:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_not_get_better_is_not_tried_again() {
    let refused = Canned::xml(403, "<Error><Code>AccessDenied</Code></Error>");
    let (state, requests) = sent(vec![refused], vec![item("a")]).await;
    assert!(matches!(&state, RowState::Failed { error } if matches!(error.kind, Kind::Refused(_))), "{state:?}");
    assert_eq!(requests.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn those_that_go_first_go_before_the_others_that_wait() {
    let server: Server = serve(vec![written(); 5]).await;
    let limits = Limits { files: 1, ..Limits::default() };
    let engine = Engine::new(tokio::runtime::Handle::current(), Arc::new(|| {}), limits);
    engine.pause(&Selection::All);
    let (store, items) = (server.store().await, ["a", "b", "c", "d", "e"].map(item).into());
    engine.upload(Batch { store, bucket: "box".into(), label: String::new(), items });
    let ids: Vec<RowId> = engine
        .rows(&RowQuery { order: Order::Asked, range: 0..9, ..RowQuery::default() })
        .rows
        .iter()
        .map(|row| row.id)
        .collect();
    engine.put_first(&ids[3].into());
    engine.put_first(&Selection::Rows(vec![ids[4], ids[2]]));
    // Called off in the meantime: the others of the kind still go first.
    engine.cancel(&ids[4].into());
    engine.resume(&Selection::All);
    while engine.open_count() > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let sent: Vec<String> = server
        .requests()
        .iter()
        .map(|seen| seen.path_and_query.split('?').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(sent, ["/box/c", "/box/d", "/box/a", "/box/b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_whose_object_came_by_an_earlier_one_is_called_off() {
    let begun = "<InitiateMultipartUploadResult><UploadId>second</UploadId></InitiateMultipartUploadResult>";
    let crc64 = crate::s3::integrity::crc64_text(crc_fast::checksum(crc_fast::CrcAlgorithm::Crc64Nvme, b"meow"));
    let there = Canned::empty(200).header("content-length", "4").header("x-amz-checksum-crc64nvme", &crc64);
    let answers = vec![
        Canned::xml(200, begun),
        Canned::empty(200).header("etag", "\"part\"").header("x-amz-checksum-crc64nvme", &crc64),
        Canned::xml(412, TAKEN),
        there,
        Canned::empty(204),
    ];
    let server: Server = serve(answers).await;
    let limits = Limits { files: 1, single_put_bytes: 3, first_wait: Duration::from_millis(1), ..Limits::default() };
    let engine = Engine::new(tokio::runtime::Handle::current(), Arc::new(|| {}), limits);
    let (store, items) = (server.store().await, vec![item("a")]);
    engine.upload(Batch { store, bucket: "box".into(), label: String::new(), items });
    while engine.open_count() > 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let row = engine.rows(&RowQuery { range: 0..1, ..RowQuery::default() }).rows.remove(0);
    assert!(matches!(row.state, RowState::Done { .. }), "{:?}", row.state);
    let asked: Vec<String> = server.requests().iter().map(|seen| seen.method.clone()).collect();
    assert_eq!(asked, ["POST", "PUT", "POST", "HEAD", "DELETE"]);
}
