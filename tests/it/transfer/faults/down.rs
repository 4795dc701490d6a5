use std::collections::HashSet;
use std::fs;
use std::time::Duration;

use brimful::transfer::{BatchId, DownloadItem, Limits, RowQuery, RowState};
use test_case::test_case;

use super::super::yard::Yard;
use super::layer::{Fault, Faults};
use super::{Chance, Tree, hasty};

/// A tree in the store, and nothing wrong so far.
async fn stored(limits: Limits) -> (Yard, Faults, Tree) {
    let (yard, faults) = Yard::faulty(limits).await;
    let tree = Tree::grown_in(&yard, 12);
    tree.send(&yard);
    yard.all_ended().await;
    (yard, faults, tree)
}

fn bring(yard: &Yard, tree: &Tree) -> BatchId {
    let down = yard.files.path().join("down");
    let item = |(key, path): &(String, std::path::PathBuf)| DownloadItem {
        key: key.clone(),
        size_bytes: fs::metadata(path).unwrap().len(),
        dest: down.join(key),
        replace: false,
    };
    yard.engine.download(yard.store.clone(), "box", tree.0.iter().map(item).collect())
}

/// Everything lies here as it is in the store, and nothing else beside it.
fn is_here(yard: &Yard, tree: &Tree, batch: BatchId) {
    assert_eq!(yard.failures(), [""; 0]);
    let down = yard.files.path().join("down");
    for (key, path) in &tree.0 {
        assert!(fs::read(down.join(key)).unwrap() == fs::read(path).unwrap(), "{key} is another");
    }
    assert_eq!(fs::read_dir(&down).unwrap().count(), tree.len());
    for row in yard.engine.rows(&RowQuery { batch: Some(batch), range: 0..99, ..RowQuery::default() }).rows {
        assert!(matches!(row.state, RowState::Done { verified: true, .. }), "{row:?}");
    }
    let totals = yard.engine.batches().into_iter().find(|it| it.id == batch).unwrap().totals;
    assert_eq!((totals.done, totals.sent_bytes, totals.open_bytes), (tree.len(), tree.bytes(), 0));
}

#[test_case(3; "one seed")]
#[test_case(4; "another")]
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_anywhere(seed: u64) {
    let (yard, faults, tree) = stored(hasty()).await;
    let mut chance = Chance(seed);
    faults.rule(move |_| match chance.below(20) {
        0 => Fault::BreakAfter(0),
        1 => Fault::LoseAnswer,
        2 | 3 => Fault::CutAnswer(chance.below(4_000_000) as usize),
        _ => Fault::None,
    });
    let batch = bring(&yard, &tree);
    yard.all_ended().await;
    is_here(&yard, &tree, batch);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_has_enough_now_and_then() {
    let (yard, faults, tree) = stored(hasty()).await;
    let begin = faults.seen().len();
    faults.rule(move |seen| match seen.number - begin {
        3..9 | 14..20 => Fault::Answer(503, "SlowDown"),
        _ => Fault::None,
    });
    let batch = bring(&yard, &tree);
    yard.all_ended().await;
    is_here(&yard, &tree, batch);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_slow_has_not_stalled_and_comes_once() {
    let (yard, faults, tree) = stored(Limits { stalled: Duration::from_millis(700), ..hasty() }).await;
    let before = faults.seen().iter().filter(|seen| seen.is_get()).count();
    faults.rule(|seen| if seen.is_get() { Fault::Trickle(Duration::from_millis(2)) } else { Fault::None });
    let batch = bring(&yard, &tree);
    yard.all_ended().await;
    is_here(&yard, &tree, batch);
    // The big one comes in four stretches.
    let gets = faults.seen().iter().filter(|seen| seen.is_get()).count() - before;
    assert_eq!(gets, tree.len() + 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_come_otherwise_are_fetched_again() {
    let (yard, faults, tree) = stored(hasty()).await;
    let mut spoiled = HashSet::new();
    faults.rule(move |seen| {
        let first = seen.is_get() && spoiled.insert(seen.key.clone());
        if first { Fault::SpoilAnswer } else { Fault::None }
    });
    let batch = bring(&yard, &tree);
    yard.all_ended().await;
    is_here(&yard, &tree, batch);
}
