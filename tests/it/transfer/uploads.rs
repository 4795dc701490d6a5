use std::time::Instant;

use brimful::s3::object::{Guard, ObjectHeaders};
use brimful::transfer::{
    Engine, Limits, Order, Resolution, RowFilter, RowQuery, RowState, Selection, Source, Totals, TransferEvent,
    UploadItem,
};
use bytes::Bytes;

use super::yard::{MIB, Yard, item, quick};

#[tokio::test(flavor = "multi_thread")]
async fn small_files_arrive_with_their_headers_and_are_told_of() {
    let yard = Yard::new(quick()).await;
    let cat = yard.file("cat.png", b"meow");
    let empty = yard.file("empty.png", b"");
    let pasted = UploadItem { source: Source::Bytes(Bytes::from_static(b"pasted")), ..item(&cat, "p/pasted.png") };
    let batch = yard.send(vec![item(&cat, "p/cat.png"), item(&empty, "p/empty.png"), pasted]);
    yard.all_ended().await;

    assert_eq!(yard.failures(), [""; 0]);
    assert_eq!(yard.practice.get("box", "p/cat.png").await, b"meow");
    assert_eq!(yard.practice.get("box", "p/empty.png").await, b"");
    assert_eq!(yard.practice.get("box", "p/pasted.png").await, b"pasted");
    let head = yard.practice.s3.head_object().bucket("box").key("p/cat.png").send().await.unwrap();
    assert_eq!(head.content_type(), Some("image/png"));
    for row in yard.engine.rows(&RowQuery { range: 0..9, ..RowQuery::default() }).rows {
        assert!(matches!(row.state, RowState::Done { verified: true, .. }), "{row:?}");
        assert_eq!((row.sent_bytes, row.folder()), (row.size_bytes, "p/"));
    }
    let events = yard.told(4).await;
    assert_eq!(events.len(), 4);
    assert!(
        matches!(events[3], TransferEvent::BatchEnded { batch: b, done: 3, failed: 0, bytes: 10, .. } if b == batch)
    );
    let batches = yard.engine.batches();
    assert_eq!((&*batches[0].bucket, &*batches[0].label, batches[0].totals.done), ("box", "photos/", 3));

    yard.engine.clear_ended();
    assert_eq!(yard.engine.rows(&RowQuery::default()).matching, 0);
    assert!(yard.engine.changes_since(0).swept && yard.engine.batches().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_files_never_run_more_than_eight_at_once() {
    let yard = Yard::new(Limits { files: 8, ..quick() }).await;
    let files = (0..200).map(|number| {
        let name = format!("{number:03}.png");
        item(&yard.file(&name, name.repeat(500).as_bytes()), &name)
    });
    let files: Vec<_> = files.collect();
    let mut snapshots = yard.engine.watch();
    let most = tokio::spawn(async move {
        let mut most = 0;
        while snapshots.changed().await.is_ok() {
            let snapshot = snapshots.borrow_and_update().clone();
            most = most.max(snapshot.totals.running);
            if snapshot.totals.done == 200 {
                break;
            }
        }
        most
    });
    yard.send(files);
    yard.all_ended().await;
    assert_eq!(yard.failures(), [""; 0]);
    assert!((1..=8).contains(&most.await.unwrap()));
    assert_eq!(yard.keys().await.len(), 200);
    assert_eq!(yard.practice.get("box", "117.png").await, "117.png".repeat(500).as_bytes());
    let told = yard.told(201).await;
    let is_end = |event: &TransferEvent| matches!(event, TransferEvent::BatchEnded { done: 200, .. });
    assert_eq!((told.len(), told.iter().position(is_end)), (201, Some(200)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_big_file_goes_in_parts_and_is_whole() {
    let yard = Yard::new(quick()).await;
    let path = yard.big_file("film.mp4", 70 * MIB + 5);
    let id = yard.send_one(item(&path, "film.mp4"));
    yard.all_ended().await;
    let row = yard.row(id);
    let RowState::Done { written, verified, .. } = &row.state else { panic!("{:?}", yard.failures()) };
    assert!(written.etag.as_deref().is_some_and(|etag| etag.ends_with("-9")) && *verified, "{written:?}");
    assert_eq!(row.sent_bytes, 70 * MIB + 5);
    let there = yard.practice.get("box", "film.mp4").await;
    assert!(there == std::fs::read(&path).unwrap());
    assert_eq!(yard.open_uploads().await, 0);
    let head = yard.practice.s3.head_object().bucket("box").key("film.mp4").send().await.unwrap();
    assert_eq!(head.content_type(), Some("image/png"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_name_waits_for_a_decision_and_nothing_is_replaced_unseen() {
    let yard = Yard::new(Limits { single_put_bytes: 5 * MIB, ..quick() }).await;
    let path = yard.file("cat.png", b"mine");
    let big = yard.big_file("big.bin", 6 * MIB);
    for key in ["skip", "replace", "both", "big"] {
        yard.practice.put("box", key, b"theirs").await;
    }
    let skip = yard.send_one(item(&path, "skip"));
    let replace = yard.send_one(item(&path, "replace"));
    let both = yard.send_one(item(&path, "both"));
    let big = yard.send_one(item(&big, "big"));
    yard.all_ended().await;
    for id in [skip, replace, both, big] {
        assert!(matches!(yard.row(id).state, RowState::Conflict), "{:?}", yard.row(id));
    }
    assert_eq!((yard.practice.get("box", "skip").await, yard.open_uploads().await), (b"theirs".to_vec(), 0));

    yard.engine.resolve(skip, Resolution::Skip);
    yard.engine.resolve(replace, Resolution::Overwrite);
    yard.engine.resolve(both, Resolution::KeepBoth("both (2)".into()));
    yard.engine.resolve(big, Resolution::Overwrite);
    yard.all_ended().await;
    assert!(matches!(yard.row(skip).state, RowState::Skipped));
    assert_eq!(yard.practice.get("box", "skip").await, b"theirs");
    assert_eq!(yard.practice.get("box", "replace").await, b"mine");
    assert_eq!(yard.practice.get("box", "both").await, b"theirs");
    assert_eq!(yard.practice.get("box", "both (2)").await, b"mine");
    assert_eq!(yard.practice.get("box", "big").await.len() as u64, 6 * MIB);
    // A decision on what is decided changes nothing.
    yard.engine.resolve(skip, Resolution::Overwrite);
    assert_eq!(yard.engine.open_count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guard_holds_until_the_very_last_request() {
    let yard = Yard::new(Limits { single_put_bytes: 5 * MIB, ..quick() }).await;
    let path = yard.big_file("big.bin", 40 * MIB);
    yard.gate.close_after(10 * MIB);
    let id = yard.send_one(item(&path, "big"));
    yard.stuck(id).await;
    yard.practice.put("box", "big", b"quicker").await;
    yard.gate.open();
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Conflict), "{:?}", yard.row(id).state);
    assert_eq!((yard.practice.get("box", "big").await, yard.open_uploads().await), (b"quicker".to_vec(), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_rows_are_quick_to_read() {
    let yard = Yard::new(quick()).await;
    yard.engine.pause(&Selection::All);
    let path = yard.file("cat.png", b"meow");
    let begun = Instant::now();
    yard.send((0..10_000).map(|number| item(&path, &format!("photos/2026/{number:05}.png"))).collect());
    let added = begun.elapsed();
    let all = |totals: Totals| (totals.waiting, totals.total_bytes, totals.open());
    yard.until("the snapshot has all rows", |engine| all(engine.snapshot().totals) == (10_000, 40_000, 10_000)).await;

    let time = |engine: &Engine, query: &RowQuery| {
        let begun = Instant::now();
        let (snapshot, page) = (engine.snapshot(), engine.rows(query));
        (begun.elapsed(), snapshot, page)
    };
    let query = RowQuery { range: 5_000..5_040, ..RowQuery::default() };
    let (took, _, page) = time(&yard.engine, &query);
    assert_eq!((page.matching, page.rows.len(), &*page.rows[0].key), (10_000, 40, "photos/2026/05000.png"));
    let named = RowQuery { name: "6/0999".into(), order: Order::Asked, range: 0..40, ..RowQuery::default() };
    let (named_took, _, page) = time(&yard.engine, &named);
    assert_eq!((page.matching, &*page.rows[9].key), (10, "photos/2026/09999.png"));
    let done = RowQuery { filter: RowFilter::Done, range: 0..40, ..RowQuery::default() };
    assert_eq!(yard.engine.rows(&done).matching, 0);
    let revision = yard.engine.snapshot().revision;
    let begun = Instant::now();
    let changes = yard.engine.changes_since(revision);
    let changes_took = begun.elapsed();
    assert_eq!((changes.rows.len(), changes.swept), (0, false));
    println!("10,000 rows: added {added:?}, page {took:?}, by name {named_took:?}, changes {changes_took:?}");

    let begun = Instant::now();
    yard.engine.cancel(&Selection::All);
    println!("10,000 rows: cancelled {:?}", begun.elapsed());
    assert_eq!((yard.engine.open_count(), yard.keys().await.len()), (0, 0));
    assert_eq!(yard.engine.changes_since(revision).rows.len(), 10_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_over_an_etag_must_still_have_it() {
    let yard = Yard::new(quick()).await;
    yard.practice.put("box", "cat", b"old").await;
    let path = yard.file("cat.png", b"new");
    let guarded = |etag: &str| UploadItem {
        guard: Guard::IfMatch(etag.into()),
        headers: ObjectHeaders::default(),
        ..item(&path, "cat")
    };
    let wrong = yard.send_one(guarded("00000000000000000000000000000000"));
    yard.all_ended().await;
    assert!(matches!(yard.row(wrong).state, RowState::Failed { .. }));
    assert_eq!(yard.practice.get("box", "cat").await, b"old");
    let head = yard.practice.s3.head_object().bucket("box").key("cat").send().await.unwrap();
    let right = yard.send_one(guarded(head.e_tag().unwrap()));
    yard.all_ended().await;
    assert!(matches!(yard.row(right).state, RowState::Done { .. }), "{:?}", yard.failures());
    assert_eq!(yard.practice.get("box", "cat").await, b"new");
}
