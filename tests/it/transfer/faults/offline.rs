use std::time::{Duration, Instant};

use brimful::s3::error::Kind;
use brimful::transfer::{Engine, Limits, RowId, RowState, Selection};
use test_case::test_case;

use super::super::yard::{MIB, Yard, item};
use super::layer::{Fault, Faults, Network};
use super::{Tree, hasty, rows};

/// So few tries that a blackout would use them up at once.
fn impatient() -> Limits {
    Limits { tries: 2, stalled: Duration::from_millis(400), ..hasty() }
}

fn is_offline(engine: &Engine) -> bool {
    engine.snapshot().offline
}

async fn blackout(network: Network, lasts: Duration) {
    let (yard, faults) = Yard::faulty(impatient()).await;
    let tree = Tree::grown_in(&yard, 60);
    faults.rule(|_| Fault::Trickle(Duration::from_millis(2)));
    tree.send(&yard);
    yard.until("some have arrived", |engine| engine.batches()[0].totals.done >= 10).await;
    faults.network(network);
    yard.until("it shows", is_offline).await;
    assert!(rows(&yard).iter().any(|row| row.offline && matches!(row.state, RowState::Running)));
    tokio::time::sleep(lasts).await;
    assert!(is_offline(&yard.engine) && yard.failures().is_empty(), "{:?}", yard.failures());
    faults.network(Network::Up);
    yard.all_ended().await;
    tree.is_there(&yard).await;
    yard.until("it shows no more", |engine| !is_offline(engine)).await;
}

#[test_case(Network::Down; "connections break")]
#[test_case(Network::Mute; "nothing arrives")]
#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_gone_for_a_while_is_waited_for(network: Network) {
    blackout(network, Duration::from_secs(2)).await;
}

#[ignore = "takes two minutes"]
#[test_case(Network::Down; "connections break")]
#[test_case(Network::Mute; "nothing arrives")]
#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_gone_for_a_minute_is_waited_for(network: Network) {
    blackout(network, Duration::from_secs(60)).await;
}

/// A file in one request and one in parts, both under way when the network goes.
async fn two_offline(limits: Limits) -> (Yard, Faults, RowId, RowId) {
    let (yard, faults) = Yard::faulty(Limits { parts_per_file: 1, ..limits }).await;
    faults.rule(|seen| {
        if seen.is_put() || (seen.is_part() && !seen.query.contains("partNumber=1&")) {
            Fault::Hold
        } else {
            Fault::None
        }
    });
    let small = yard.send_one(item(&yard.file("small", b"meow"), "small"));
    let big = yard.send_one(item(&yard.big_file("big", 12 * MIB), "big"));
    yard.until("both are under way", |_| faults.held() == 2).await;
    faults.rule(|_| Fault::None);
    faults.network(Network::Down);
    let both = |engine: &Engine| [small, big].iter().all(|id| engine.row(*id).unwrap().offline);
    yard.until("both wait for the network", both).await;
    (yard, faults, small, big)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_counts_at_once_while_the_network_is_waited_for() {
    let (yard, faults, small, big) = two_offline(impatient()).await;
    let begun = Instant::now();
    yard.engine.pause(&Selection::Rows(vec![small, big]));
    let held =
        |engine: &Engine| [small, big].iter().all(|id| matches!(engine.row(*id).unwrap().state, RowState::Paused));
    yard.until("both are held", held).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(yard.row(big).parts, Some((1, 3)));
    faults.network(Network::Up);
    yard.engine.resume(&Selection::All);
    yard.all_ended().await;
    assert_eq!((yard.failures(), yard.keys().await), (vec![], vec!["big".to_owned(), "small".to_owned()]));
    let firsts = faults.seen().iter().filter(|seen| seen.is_part() && seen.query.contains("partNumber=1&")).count();
    assert_eq!((firsts, yard.open_uploads().await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_counts_at_once_while_the_network_is_waited_for_and_leaves_nothing() {
    let (yard, faults, small, big) = two_offline(impatient()).await;
    let begun = Instant::now();
    yard.engine.cancel(&Selection::All);
    yard.all_ended().await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    for id in [small, big] {
        assert!(matches!(yard.row(id).state, RowState::Cancelled), "{:?}", yard.row(id));
    }
    assert_eq!(yard.open_uploads().await, 1);
    faults.network(Network::Up);
    yard.until("the parts are gone as well", |_| faults.seen().iter().any(|seen| seen.method == "DELETE")).await;
    yard.nothing_left_behind().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_does_not_come_back_fails_in_the_end_and_keeps_what_is_there() {
    let (yard, faults, small, big) = two_offline(Limits { offline: Duration::from_millis(1_500), ..impatient() }).await;
    yard.all_ended().await;
    for id in [small, big] {
        let RowState::Failed { error } = yard.row(id).state else { panic!("{:?}", yard.row(id)) };
        assert!(matches!(error.kind, Kind::Unreachable(_) | Kind::Timeout), "{error:?}");
    }
    assert_eq!(yard.row(big).parts, Some((1, 3)));
    faults.network(Network::Up);
    yard.engine.retry_failed();
    yard.all_ended().await;
    assert_eq!((yard.failures(), yard.open_uploads().await), (vec![], 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_alone_is_never_answered_is_not_the_network() {
    let (yard, faults) = Yard::faulty(Limits { tries: 3, ..hasty() }).await;
    faults.rule(|seen| if seen.key == "cursed" { Fault::BreakAfter(0) } else { Fault::None });
    let path = yard.file("cat.png", b"meow");
    yard.send_one(item(&path, "fine"));
    yard.all_ended().await;
    let id = yard.send_one(item(&path, "cursed"));
    yard.all_ended().await;
    assert!(matches!(yard.row(id).state, RowState::Failed { .. }), "{:?}", yard.row(id));
}
