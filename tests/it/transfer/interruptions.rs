#![expect(clippy::panic, reason = "a test ends at the first surprise")]

use std::fs;
use std::io::Write as _;

use brimful::practice::{Options, Server};
use brimful::s3::error::{FileFault, Kind};
use brimful::transfer::{Limits, RowId, RowState, Selection};

use super::yard::{MIB, Yard, item, quick};

fn kind_of(yard: &Yard, id: RowId) -> Kind {
    match yard.row(id).state {
        RowState::Failed { error } => error.kind.clone(),
        other => panic!("{other:?}"),
    }
}

fn fault_of(yard: &Yard, id: RowId) -> FileFault {
    match kind_of(yard, id) {
        Kind::LocalFile { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_in_the_midst_of_one_request_leaves_no_object() {
    let yard = Yard::new(quick()).await;
    yard.gate.close_after(MIB);
    let id = yard.send_one(item(&yard.big_file("a.bin", 40 * MIB), "a.bin"));
    let row = yard.stuck(id).await;
    assert!(row.sent_bytes < row.size_bytes && matches!(row.state, RowState::Running));
    yard.engine.cancel(&Selection::from(id));
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Cancelled));
    yard.gate.open();
    yard.nothing_left_behind().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancel_in_the_midst_of_parts_leaves_no_upload_behind() {
    let yard = Yard::new(Limits { single_put_bytes: 5 * MIB, ..quick() }).await;
    yard.gate.close_after(20 * MIB);
    let id = yard.send_one(item(&yard.big_file("a.bin", 60 * MIB), "a.bin"));
    let row = yard.stuck(id).await;
    assert_eq!(row.parts.map(|(_, all)| all), Some(8));
    assert_eq!(yard.open_uploads().await, 1);
    yard.engine.cancel(&Selection::All);
    yard.gate.open();
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Cancelled));
    yard.nothing_left_behind().await;
    // It can be sent all the same.
    yard.engine.retry(&Selection::from(id));
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Done { verified: true, .. }), "{:?}", yard.failures());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_file_keeps_its_parts_and_goes_on_where_it_was() {
    let limits = Limits { single_put_bytes: 5 * MIB, parts_per_file: 1, ..quick() };
    let yard = Yard::new(limits).await;
    yard.gate.close_after(12 * MIB);
    let path = yard.big_file("a.bin", 40 * MIB);
    let id = yard.send_one(item(&path, "a.bin"));
    assert_eq!(yard.stuck(id).await.parts, Some((1, 5)));
    yard.engine.pause(&Selection::from(id));
    assert!(yard.row(id).stopping);
    yard.gate.open();
    yard.until("the file is held", |engine| matches!(engine.row(id).unwrap().state, RowState::Paused)).await;
    let held = yard.row(id);
    assert_eq!((held.parts, held.sent_bytes, yard.open_uploads().await), (Some((2, 5)), 16 * MIB, 1));

    yard.engine.resume(&Selection::from(id));
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Done { verified: true, .. }), "{:?}", yard.failures());
    assert!(yard.practice.get("box", "a.bin").await == fs::read(&path).unwrap());
    assert!(yard.gate.carried_bytes() < 42 * MIB, "sent twice: {}", yard.gate.carried_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_file_that_is_called_off_or_changed_leaves_nothing_of_before() {
    let limits = Limits { single_put_bytes: 5 * MIB, parts_per_file: 1, ..quick() };
    let yard = Yard::new(limits).await;
    let path = yard.big_file("a.bin", 40 * MIB);
    yard.gate.close_after(12 * MIB);
    let id = yard.send_one(item(&path, "a.bin"));
    yard.stuck(id).await;
    yard.engine.pause(&Selection::All);
    yard.gate.open();
    yard.until("the file is held", |engine| matches!(engine.row(id).unwrap().state, RowState::Paused)).await;
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"more").unwrap();
    yard.engine.resume(&Selection::All);
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Done { verified: true, .. }), "{:?}", yard.failures());
    assert_eq!((yard.row(id).size_bytes, yard.open_uploads().await), (40 * MIB + 4, 0));
    assert!(yard.practice.get("box", "a.bin").await == fs::read(&path).unwrap());

    yard.gate.close_after(12 * MIB);
    let id = yard.send_one(item(&path, "b.bin"));
    yard.stuck(id).await;
    yard.engine.pause(&Selection::from(id));
    yard.gate.open();
    yard.until("the file is held", |engine| matches!(engine.row(id).unwrap().state, RowState::Paused)).await;
    yard.engine.cancel(&Selection::All);
    assert!(matches!(yard.row(id).state, RowState::Cancelled));
    for _ in 0..100 {
        if yard.open_uploads().await == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!((yard.open_uploads().await, yard.keys().await), (0, vec!["a.bin".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_queue_starts_nothing_and_then_goes_on() {
    let yard = Yard::new(quick()).await;
    yard.engine.pause(&Selection::All);
    let path = yard.file("cat.png", b"meow");
    yard.send((0..20).map(|number| item(&path, &format!("{number}"))).collect());
    yard.until("the snapshot says so", |engine| engine.snapshot().paused && engine.snapshot().totals.waiting == 20)
        .await;
    assert_eq!(yard.keys().await.len(), 0);
    yard.engine.resume(&Selection::All);
    yard.all_ended().await;
    assert_eq!(yard.keys().await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_cannot_be_read_are_told_of_each_for_itself() {
    let yard = Yard::new(quick()).await;
    yard.engine.pause(&Selection::All);
    let gone = yard.file("gone.png", b"here");
    let folder = yard.files.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let gone_row = yard.send_one(item(&gone, "gone.png"));
    let folder_row = yard.send_one(item(&folder, "folder"));
    let good = yard.send_one(item(&yard.file("good.png", b"good"), "good.png"));
    fs::remove_file(&gone).unwrap();
    yard.engine.resume(&Selection::All);
    yard.all_ended().await;
    assert_eq!((fault_of(&yard, gone_row), fault_of(&yard, folder_row)), (FileFault::Gone, FileFault::Other));
    assert!(yard.failures()[0].ends_with("gone.png is no longer there"), "{:?}", yard.failures());
    assert!(matches!(yard.row(good).state, RowState::Done { .. }));
    assert_eq!(yard.keys().await, ["good.png"]);
    let snapshot_says = |engine: &brimful::transfer::Engine| {
        let totals = engine.snapshot().totals;
        (totals.done, totals.failed, totals.open_bytes) == (1, 2, 0)
    };
    yard.until("the snapshot says so", snapshot_says).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_while_it_is_sent_never_becomes_a_mixture() {
    let yard = Yard::new(Limits { single_put_bytes: 50 * MIB, ..quick() }).await;
    let one = yard.big_file("one.bin", 40 * MIB);
    let parts = yard.big_file("parts.bin", 60 * MIB);
    yard.gate.close_after(2 * MIB);
    let one_row = yard.send_one(item(&one, "one.bin"));
    yard.stuck(one_row).await;
    // Read to its end already: what arrives is what it was then.
    let before = fs::read(&one).unwrap();
    fs::OpenOptions::new().append(true).open(&one).unwrap().write_all(b"!").unwrap();
    yard.gate.open();
    yard.all_ended().await;
    assert!(matches!(yard.row(one_row).state, RowState::Done { verified: true, .. }), "{:?}", yard.failures());
    assert!(yard.practice.get("box", "one.bin").await == before);

    yard.gate.close_after(20 * MIB);
    let parts_row = yard.send_one(item(&parts, "parts.bin"));
    yard.stuck(parts_row).await;
    fs::OpenOptions::new().append(true).open(&parts).unwrap().write_all(b"!").unwrap();
    yard.gate.open();
    yard.all_ended().await;
    assert_eq!(fault_of(&yard, parts_row), FileFault::Changed);
    assert!(yard.failures()[0].ends_with("parts.bin changed while it was being read"), "{:?}", yard.failures());
    assert_eq!((yard.keys().await, yard.open_uploads().await), (vec!["one.bin".to_owned()], 0));
    // As it is now, it can be sent.
    yard.engine.retry_failed();
    yard.all_ended().await;
    assert_eq!(yard.keys().await, ["one.bin", "parts.bin"]);
    assert_eq!((yard.row(parts_row).size_bytes, yard.open_uploads().await), (60 * MIB + 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_goes_once_it_is_allowed() {
    let yard = Yard::new(quick()).await;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::box/locked/*"}]}"#;
    yard.practice.s3.put_bucket_policy().bucket("box").policy(policy).send().await.unwrap();
    let path = yard.file("cat.png", b"meow");
    let refused = yard.send_one(item(&path, "locked/cat.png"));
    let allowed = yard.send_one(item(&path, "cat.png"));
    yard.all_ended().await;
    assert!(matches!(kind_of(&yard, refused), Kind::Refused(_)));
    assert!(matches!(yard.row(allowed).state, RowState::Done { .. }));
    yard.practice.s3.delete_bucket_policy().bucket("box").send().await.unwrap();
    yard.engine.retry_failed();
    yard.all_ended().await;
    assert_eq!(yard.keys().await, ["cat.png", "locked/cat.png"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_while_the_store_was_down_goes_once_it_is_back() {
    let mut yard = Yard::new(quick()).await;
    let (dir, port) = (yard.practice.server.dir().to_owned(), yard.practice.server.port());
    let again = Yard::new(quick()).await;
    let old = std::mem::replace(&mut yard.practice, again.practice);
    // Its folder, with its keys, stays.
    let _folder = old.dir;
    old.server.shutdown().await;
    let id = yard.send_one(item(&yard.file("cat.png", b"meow"), "cat.png"));
    yard.all_ended().await;
    assert!(matches!(kind_of(&yard, id), Kind::Unreachable(_) | Kind::Timeout), "{:?}", yard.failures());
    let server = Server::start(Options { dir, port: Some(port) }).await.unwrap();
    yard.engine.retry(&Selection::from(id));
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Done { verified: true, .. }), "{:?}", yard.failures());
    server.shutdown().await;
}
