//! What was written is there again, whoever wrote it.

use std::sync::mpsc;

use super::*;

fn batch(way: &str) -> NewBatch {
    NewBatch { way: way.into(), direction: "up".into(), bucket: "box".into(), label: "photos/".into() }
}

fn row(key: &str) -> NewRow {
    NewRow { name: key.into(), key: key.into(), size_bytes: 7, plan: format!("{{\"path\":\"/{key}\"}}") }
}

fn asked<T: Send + 'static>(ask: impl FnOnce(Reply<T>)) -> T {
    let (sender, receiver) = mpsc::channel();
    ask(Box::new(move |reply| drop(sender.send(reply))));
    receiver.recv().unwrap().unwrap()
}

fn added(journal: &Journal, way: &str, keys: &[&str]) -> (i64, i64) {
    asked(|reply| journal.add(batch(way), keys.iter().map(|key| row(key)).collect(), reply))
}

fn adopted(journal: &Journal) -> Vec<KeptBatch> {
    asked(|reply| journal.adopt(|_| true, reply))
}

fn home() -> (tempfile::TempDir, Home) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::at(dir.path()).unwrap();
    (dir, home)
}

fn part(number: u32) -> Part {
    Part { number, etag: "e".into(), size_bytes: 5, crc64: u64::MAX - 1, md5: Some([number as u8; 16]) }
}

fn upload() -> OpenUpload {
    OpenUpload { id: "up".into(), part_bytes: 5, size_bytes: 7, modified_nanos: Some(-3), crc64: true }
}

#[test]
fn what_a_process_left_is_taken_over_once_it_is_gone() {
    let (_dir, home) = home();
    let (first, _) = Journal::open(&home).unwrap();
    let (number, begin) = added(&first, "saved", &["a", "b", "c"]);
    asked(|reply| first.begun(begin + 1, upload(), reply));
    for number in [2, 1] {
        first.note(Note::Part { row: begin + 1, part: part(number) });
    }
    first.note(Note::State { row: begin, state: State::Done, detail: "told".into() });
    first.note(Note::Plan { row: begin + 2, key: "c (2)".into(), plan: "other".into() });

    let (second, _) = Journal::open(&home).unwrap();
    assert_eq!(adopted(&second), [], "it is still there");
    drop(first);
    let kept = adopted(&second);
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].id, &kept[0].batch), (number, &batch("saved")));
    let rows = &kept[0].rows;
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [State::Done, State::Open, State::Open]);
    assert_eq!(
        (rows[0].detail.as_str(), rows[2].row.key.as_str(), rows[2].row.plan.as_str()),
        ("told", "c (2)", "other")
    );
    assert_eq!(rows[1].upload, Some((upload(), vec![part(1), part(2)])));
    assert_eq!(adopted(&second), [], "it is its own now");
}

#[test]
fn batches_in_which_nothing_is_left_are_forgotten_and_unwanted_ones_stay() {
    let (_dir, home) = home();
    let (first, _) = Journal::open(&home).unwrap();
    let (_, done) = added(&first, "saved", &["a"]);
    added(&first, "command", &["b"]);
    first.note(Note::State { row: done, state: State::Skipped, detail: String::new() });
    drop(first);
    let (second, _) = Journal::open(&home).unwrap();
    assert_eq!(asked(|reply| second.adopt(|way| way == "saved", reply)), []);
    let kept = adopted(&second);
    assert_eq!(kept.iter().map(|batch| batch.batch.way.as_str()).collect::<Vec<_>>(), ["command"]);
}

#[test]
fn a_late_part_of_an_upload_that_was_called_off_is_nobodys() {
    let (_dir, home) = home();
    let (journal, _) = Journal::open(&home).unwrap();
    let (_, row) = added(&journal, "saved", &["a"]);
    asked(|reply| journal.begun(row, upload(), reply));
    journal.note(Note::UploadEnded { row });
    journal.note(Note::Part { row, part: part(1) });
    asked(|reply| journal.begun(row, upload(), reply));
    drop(journal);
    let (second, _) = Journal::open(&home).unwrap();
    assert_eq!(adopted(&second)[0].rows[0].upload, Some((upload(), Vec::new())));
}

#[test]
fn what_is_forgotten_is_gone() {
    let (_dir, home) = home();
    let (journal, _) = Journal::open(&home).unwrap();
    let (whole, _) = added(&journal, "saved", &["a", "b"]);
    let (_, row) = added(&journal, "saved", &["c", "d"]);
    journal.note(Note::ForgetBatch { batch: whole });
    journal.note(Note::Forget { row });
    drop(journal);
    let (second, _) = Journal::open(&home).unwrap();
    let keys: Vec<_> = adopted(&second).into_iter().flat_map(|batch| batch.rows).map(|row| row.row.key).collect();
    assert_eq!(keys, ["d"]);
}
