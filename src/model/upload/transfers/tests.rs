use super::strip::of_bytes;
use super::*;
use crate::model::trouble::WayOut;
use test_case::test_case;

fn batch(folder: &str, files: u64) -> Batch {
    Batch {
        direction: Direction::Up,
        connection: ConnectionId::PRACTICE,
        bucket: "acme".into(),
        folder: folder.into(),
        files,
        before: false,
        told: false,
        closed: false,
        began: Duration::ZERO,
        ended: None,
    }
}

fn add(transfers: &mut Transfers, number: u64, batch: Batch, ids: std::ops::Range<u64>, size_bytes: u64) {
    transfers.batches.insert(number, batch);
    for id in ids {
        *transfers.row_or_new(id) =
            Row { id, batch: number, key: format!("photos/2026/{id}.jpg"), size_bytes, ..Row::default() };
    }
    transfers.updated(Duration::ZERO);
}

fn twelve() -> Transfers {
    let mut transfers = Transfers::default();
    add(&mut transfers, 1, batch("photos/2026/", 12), 0..12, 1_000_000);
    transfers
}

#[test]
fn the_strip_tells_how_far_it_is() {
    let mut transfers = twelve();
    for id in 0..7 {
        let row = transfers.row_or_new(id);
        (row.state, row.moved_bytes) = (RowState::Done, 1_000_000);
    }
    transfers.row_or_new(7).state = RowState::Running;
    transfers.updated(Duration::from_secs(1));
    let strip = transfers.strip().unwrap();
    assert_eq!(strip.title, "Uploading 12 files to photos/2026/");
    assert_eq!(strip.detail, "7 of 12 · 7.0 of 12.0 MB");
    assert_eq!((strip.mark, strip.failed), (StripMark::Running, 0));
    assert_eq!(transfers.counts().open(), 5);
}

#[test_case(false, "58% · 7 of 12 files – Brimful"; "running")]
#[test_case(true, "Paused at 58% · 7 of 12 files – Brimful"; "held")]
fn the_title_of_the_window_tells_how_far_it_is(paused: bool, title: &str) {
    let mut transfers = twelve();
    for id in 0..7 {
        let row = transfers.row_or_new(id);
        (row.state, row.moved_bytes) = (RowState::Done, 1_000_000);
    }
    transfers.paused = paused;
    transfers.updated(Duration::from_secs(1));
    assert_eq!(transfers.window_title(), title);
    transfers.rows.iter_mut().for_each(|row| row.state = RowState::Done);
    transfers.updated(Duration::from_secs(2));
    assert_eq!(transfers.window_title(), "Brimful", "nothing is on its way any more");
}

#[test]
fn the_end_is_told_with_its_time_and_the_addresses() {
    let mut transfers = twelve();
    for row in &mut transfers.rows {
        (row.state, row.moved_bytes) = (RowState::Done, row.size_bytes);
    }
    transfers.batches.get_mut(&1).unwrap().ended = Some(Duration::from_secs(2));
    transfers.updated(Duration::from_secs(9));
    let strip = transfers.strip().unwrap();
    assert_eq!((strip.title.as_str(), strip.detail.as_str()), ("12 files uploaded", "12.0 MB in 2.0 s · photos/2026/"));
    assert_eq!((strip.mark, strip.copy), (StripMark::Done, Some((1, 12))));
}

#[test]
fn failures_are_counted_and_the_strip_speaks_of_a_new_start_alone() {
    let mut transfers = twelve();
    for row in &mut transfers.rows {
        row.state = RowState::Failed(Trouble::new("Refused", WayOut::Retry));
    }
    transfers.updated(Duration::from_secs(1));
    let strip = transfers.strip().unwrap();
    assert_eq!((strip.title.as_str(), strip.failed, strip.mark), ("Nothing uploaded", 12, StripMark::Failed));
    // The engine has said that it belongs to an earlier start.
    transfers.batches.get_mut(&1).unwrap().closed = true;
    add(&mut transfers, 2, batch("", 1), 100..101, 5);
    assert_eq!(transfers.strip().unwrap().title, "Uploading 1 file to acme");
    assert_eq!((transfers.recent().all, transfers.counts().all), (1, 13));
}

#[test]
fn what_was_cancelled_counts_for_nothing() {
    let mut transfers = twelve();
    for id in 0..12 {
        transfers.row_or_new(id).state = RowState::Cancelled;
    }
    transfers.updated(Duration::from_secs(1));
    let strip = transfers.strip().unwrap();
    assert_eq!((strip.title.as_str(), strip.copy), ("Cancelled", None));
    assert_eq!(transfers.counts().total_bytes, 0);
}

#[test_case("a/b/c.jpg", "c.jpg", "a/b/"; "in folders")]
#[test_case("c.jpg", "c.jpg", ""; "at the root")]
#[test_case("a/b/", "b", "a/"; "a folder marker")]
fn names_and_folders(key: &str, name: &str, folder: &str) {
    let row = Row { key: key.into(), ..Row::default() };
    assert_eq!((row.name(), row.folder()), (name, folder));
}

#[test_case(21_300_000, 38_400_000, "21.3 of 38.4 MB"; "one unit")]
#[test_case(900_000, 38_400_000, "900 KB of 38.4 MB"; "two units")]
fn amounts(moved: u64, total: u64, shown: &str) {
    assert_eq!(of_bytes(moved, total), shown);
}

#[test]
fn ten_thousand_rows_are_summed_at_once() {
    let mut transfers = Transfers::default();
    add(&mut transfers, 1, batch("", 10_000), 0..10_000, 10);
    let began = std::time::Instant::now();
    for second in 0..20 {
        transfers.updated(Duration::from_millis(second * 100));
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[test]
fn where_nobody_answers_the_strip_waits_and_nothing_has_failed() {
    let mut transfers = twelve();
    let row = transfers.row_or_new(0);
    (row.state, row.offline) = (RowState::Running, true);
    transfers.set_pace(Pace { rate: Some(0.0), left: Some(Duration::from_secs(9)), ..Pace::default() });
    transfers.offline = true;
    transfers.updated(Duration::from_secs(1));
    let strip = transfers.strip().unwrap();
    assert_eq!((strip.title.as_str(), strip.pace.as_str()), ("Uploading 12 files to photos/2026/", OFFLINE));
    assert_eq!((strip.mark, strip.failed), (StripMark::Running, 0));
    // Held by a person, it waits for nothing else.
    transfers.paused = true;
    assert_eq!(transfers.strip().unwrap().pace, "");
}

#[test]
fn files_from_before_wait_until_somebody_says_so() {
    let mut transfers = Transfers::default();
    add(&mut transfers, 1, Batch { before: true, ..batch("photos/2026/", 12) }, 0..12, 1_000_000);
    for id in 0..2 {
        let row = transfers.row_or_new(id);
        (row.state, row.moved_bytes) = (RowState::Done, 1_000_000);
    }
    transfers.updated(Duration::ZERO);
    assert_eq!(transfers.from_before(), None, "the queue is not held: they are under way");
    transfers.paused = true;
    assert_eq!(transfers.from_before(), Some(10));
    let strip = transfers.strip().unwrap();
    assert_eq!((strip.mark, strip.title.as_str()), (StripMark::Before, "10 files from before are waiting"));
    assert_eq!(strip.detail, "2 of 12 · 2.0 of 12.0 MB");

    add(&mut transfers, 2, batch("photos/2026/", 1), 12..13, 1);
    assert_eq!(transfers.from_before(), None, "something else waits as well");
    transfers.row_or_new(12).state = RowState::Cancelled;
    transfers.updated(Duration::ZERO);
    assert_eq!(transfers.from_before(), Some(10));
    transfers.take_as_own();
    assert_eq!(transfers.from_before(), None);
}
