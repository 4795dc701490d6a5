use std::collections::HashSet;
use std::time::Duration;

use brimful::s3::error::Kind;
use brimful::transfer::{Limits, RowState, Selection};
use test_case::test_case;

use super::super::yard::{MIB, Yard, item};
use super::layer::{Fault, Seen};
use super::{Chance, Tree, hasty, rows};

#[test_case(1; "one seed")]
#[test_case(2; "another")]
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_anywhere(seed: u64) {
    let (yard, faults) = Yard::faulty(hasty()).await;
    let tree = Tree::grown_in(&yard, 40);
    let mut chance = Chance(seed);
    faults.rule(move |_| match chance.below(24) {
        0 => Fault::BreakAfter(0),
        1 => Fault::BreakAfter(chance.below(40_000) as usize),
        2 | 3 => Fault::LoseAnswer,
        4 => Fault::CutAnswer(chance.below(300) as usize),
        _ => Fault::None,
    });
    tree.send(&yard);
    yard.all_ended().await;
    faults.rule(|_| Fault::None);
    tree.is_there(&yard).await;
}

#[test_case(503, "SlowDown"; "slow down")]
#[test_case(500, "InternalError"; "an error within")]
#[test_case(503, "ServiceUnavailable"; "not available")]
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_has_enough_now_and_then(status: u16, code: &'static str) {
    let (yard, faults) = Yard::faulty(hasty()).await;
    let tree = Tree::grown_in(&yard, 40);
    faults.rule(move |seen| match seen.number {
        6..20 | 30..44 => Fault::Answer(status, code),
        _ => Fault::None,
    });
    tree.send(&yard);
    yard.all_ended().await;
    tree.is_there(&yard).await;
    let files: HashSet<_> = faults.seen().iter().map(|seen| seen.key.clone()).collect();
    assert!(files.len() >= tree.len(), "{files:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_never_stops_to_have_enough_is_not_hammered() {
    let (yard, faults) = Yard::faulty(Limits { tries: 3, ..hasty() }).await;
    faults.rule(|_| Fault::Answer(503, "SlowDown"));
    let path = yard.file("cat.png", b"meow");
    yard.send((0..20).map(|number| item(&path, &format!("{number}"))).collect());
    yard.all_ended().await;
    assert_eq!(faults.seen().iter().filter(|seen| seen.is_put()).count(), 60);
    for row in rows(&yard) {
        assert!(matches!(&row.state, RowState::Failed { error } if error.kind == Kind::Busy), "{row:?}");
    }
    // It has found its feet.
    faults.rule(|_| Fault::None);
    yard.engine.retry_failed();
    yard.all_ended().await;
    assert_eq!((yard.failures(), yard.keys().await.len()), (Vec::<String>::new(), 20));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_slow_has_not_stalled_and_goes_once() {
    let (yard, faults) = Yard::faulty(Limits { stalled: Duration::from_millis(700), ..hasty() }).await;
    let tree = Tree::grown_in(&yard, 3);
    faults.rule(|seen| if seen.is_put() { Fault::Trickle(Duration::from_millis(10)) } else { Fault::None });
    tree.send(&yard);
    yard.all_ended().await;
    tree.is_there(&yard).await;
    let puts: Vec<_> = faults.seen().into_iter().filter(Seen::is_put).map(|seen| seen.key).collect();
    assert_eq!(puts.len(), tree.len() - 1, "{puts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_never_answered_is_given_up_and_sent_again() {
    let (yard, faults) = Yard::faulty(Limits { stalled: Duration::from_millis(300), ..hasty() }).await;
    let tree = Tree::grown_in(&yard, 4);
    let mut held = HashSet::new();
    faults.rule(move |seen| {
        let first = held.insert((seen.key.clone(), seen.method.clone(), seen.query.clone()));
        if first && (seen.is_put() || seen.is_part()) { Fault::Hold } else { Fault::None }
    });
    tree.send(&yard);
    yard.all_ended().await;
    tree.is_there(&yard).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_arrive_otherwise_are_refused_and_sent_again() {
    let (yard, faults) = Yard::faulty(hasty()).await;
    let tree = Tree::grown_in(&yard, 6);
    let mut spoiled = HashSet::new();
    faults.rule(move |seen| {
        let first = spoiled.insert((seen.key.clone(), seen.query.clone()));
        if first && (seen.is_put() || seen.is_part()) { Fault::SpoilSent } else { Fault::None }
    });
    tree.send(&yard);
    yard.all_ended().await;
    tree.is_there(&yard).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_told_to_be_another_is_written_again_over_itself() {
    let (yard, faults) = Yard::faulty(hasty()).await;
    let mut first = true;
    faults.rule(move |seen| if seen.is_put() && std::mem::take(&mut first) { Fault::SpoilSum } else { Fault::None });
    let id = yard.send_one(item(&yard.file("cat.png", b"meow"), "cat.png"));
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Done { verified: true, .. }), "{:?}", yard.failures());
    let puts: Vec<_> = faults.seen().into_iter().filter(Seen::is_put).collect();
    assert_eq!(puts.len(), 2);
    assert_eq!((puts[0].header("if-none-match"), puts[0].header("if-match")), ("*", ""));
    assert_eq!(puts[1].header("if-match"), "\"4a4be40c96ac6314e91d93f38043a634\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_for_good_fails_and_keeps_its_parts() {
    let limits = Limits { parts_per_file: 1, ..hasty() };
    let (yard, faults) = Yard::faulty(limits).await;
    let path = yard.big_file("big", 17 * MIB);
    faults.rule(|seen| {
        let over = seen.is_part() && !seen.query.contains("partNumber=1&");
        if over { Fault::Answer(400, "ExpiredToken") } else { Fault::None }
    });
    let id = yard.send_one(item(&path, "big"));
    yard.all_ended().await;
    let RowState::Failed { error } = yard.row(id).state else { panic!("{:?}", yard.row(id)) };
    assert_eq!((error.kind.clone(), yard.row(id).parts), (Kind::Expired, Some((1, 4))));
    assert_eq!(
        faults.seen().iter().filter(|seen| seen.is_part()).count(),
        3,
        "once more with fresh keys, then no more"
    );
    assert_eq!(yard.open_uploads().await, 1);

    faults.rule(|_| Fault::None);
    yard.engine.retry(&Selection::from(id));
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Done { verified: true, .. }), "{:?}", yard.failures());
    assert!(yard.practice.get("box", "big").await == std::fs::read(&path).unwrap());
    let first = |seen: &&Seen| seen.is_part() && seen.query.contains("partNumber=1&");
    assert_eq!((faults.seen().iter().filter(first).count(), yard.open_uploads().await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_whose_last_answer_was_lost_finds_its_own_object() {
    let (yard, faults) = Yard::faulty(Limits { first_wait: Duration::from_secs(5), ..hasty() }).await;
    faults.rule(|seen| if seen.is_put() { Fault::LoseAnswer } else { Fault::None });
    let id = yard.send_one(item(&yard.file("cat.png", b"meow"), "cat.png"));
    yard.until("it is there unseen", |_| faults.seen().iter().any(Seen::is_put)).await;
    yard.engine.pause(&Selection::from(id));
    yard.until("it is held", |engine| matches!(engine.row(id).unwrap().state, RowState::Paused)).await;
    faults.rule(|_| Fault::None);
    yard.engine.resume(&Selection::from(id));
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Done { verified: true, .. }), "{:?}", yard.failures());
}
