//! What every byte and every file of a transfer passes through: reading and checksums, cutting into parts, the journal, the
//! queue. `cargo bench --bench transfer_paths`.

#![expect(clippy::expect_used, reason = "a measurement ends at the first surprise")]

use std::path::Path;
use std::sync::{Arc, mpsc};

use brimful::domain::connection::{Connection, ConnectionId, SignIn, Target};
use brimful::s3::connect::connect;
use brimful::s3::integrity::{Integrity, Sums, crc64_of_all};
use brimful::s3::object::{Guard, ObjectHeaders};
use brimful::s3::store::Store;
use brimful::store::home::Home;
use brimful::store::journal::{Journal, NewBatch, NewRow, Note, State};
use brimful::transfer::{Batch, Engine, Limits, RowQuery, Selection, Source, UploadItem, part_plan};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use tempfile::TempDir;

const FILES: usize = 10_000;

fn main() {
    divan::main();
}

#[divan::bench(args = [4 << 10, 100 << 10, 8 << 20])]
fn read_and_checksum(bencher: Bencher<'_, '_>, bytes: usize) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), vec![7; bytes]).expect("room for it");
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let read = std::fs::read(file.path()).expect("it is there");
        Sums::of(&read, Integrity::Crc64)
    });
}

#[divan::bench(args = [100 << 10, 8 << 20])]
fn checksum_for_stores_that_know_md5_only(bencher: Bencher<'_, '_>, bytes: usize) {
    let read = vec![7; bytes];
    bencher.counter(BytesCount::new(bytes)).bench(|| Sums::of(black_box(&read), Integrity::Md5));
}

#[divan::bench]
fn cut_five_tebibytes_and_sum_up(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let plan = part_plan(black_box(5 << 40)).expect("it fits");
        crc64_of_all((0..u64::from(plan.count)).map(|number| (number, plan.part_bytes)))
    });
}

fn journal() -> (TempDir, Journal) {
    let dir = tempfile::tempdir().expect("a folder");
    let home = Home::at(dir.path()).expect("room for it");
    let (journal, _) = Journal::open(&home).expect("a journal");
    (dir, journal)
}

fn batch() -> NewBatch {
    NewBatch { way: "bench".into(), direction: "up".into(), bucket: "box".into(), label: "photos/".into() }
}

fn rows() -> Vec<NewRow> {
    let row = |number: usize| NewRow {
        name: format!("IMG_{number:05}.jpg"),
        key: format!("photos/2026/IMG_{number:05}.jpg"),
        size_bytes: 100_000,
        plan: format!(
            r#"{{"up":{{"from":{{"file":"/home/a/Pictures/IMG_{number:05}.jpg"}},"headers":{{}},"guard":"if-none-match"}}}}"#
        ),
    };
    (0..FILES).map(row).collect()
}

fn added(journal: &Journal, rows: Vec<NewRow>) -> i64 {
    let (sender, receiver) = mpsc::channel();
    journal.add(batch(), rows, move |kept| drop(sender.send(kept)));
    receiver.recv().expect("an answer").expect("it is written").1
}

#[divan::bench(sample_count = 10)]
fn write_a_batch_down(bencher: Bencher<'_, '_>) {
    let (_dir, journal) = journal();
    bencher.counter(ItemsCount::new(FILES)).with_inputs(rows).bench_values(|rows| added(&journal, rows));
}

#[divan::bench(sample_count = 10)]
fn note_each_file_of_a_batch(bencher: Bencher<'_, '_>) {
    let (_dir, journal) = journal();
    let first = added(&journal, rows());
    bencher.counter(ItemsCount::new(FILES)).bench(|| {
        for row in (first..).take(FILES) {
            journal.note(Note::State { row, state: State::Done, detail: "{}".into() });
        }
        // All notes before it are written by then.
        added(&journal, Vec::new())
    });
}

fn store(runtime: &tokio::runtime::Runtime) -> Store {
    let connection = Connection {
        id: ConnectionId::random(),
        name: "bench".into(),
        target: Target::Amazon { region: "us-east-1".into(), sign_in: SignIn::Anonymous },
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    runtime.block_on(connect(&connection, None, None)).expect("nothing is asked yet")
}

#[divan::bench(sample_count = 10)]
fn queue_look_at_and_call_off(bencher: Bencher<'_, '_>) {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let store = store(&runtime);
    let item = |number: usize| UploadItem {
        source: Source::Path(Path::new("/nowhere").join(number.to_string())),
        name: number.to_string(),
        key: format!("photos/{number}"),
        size_bytes: 100_000,
        headers: ObjectHeaders::default(),
        guard: Guard::IfNoneMatch,
    };
    let items = || (0..FILES).map(item).collect::<Vec<_>>();
    bencher.counter(ItemsCount::new(FILES)).with_inputs(items).bench_values(|items| {
        let engine = Engine::new(runtime.handle().clone(), Arc::new(|| {}), Limits::default());
        engine.pause(&Selection::All);
        engine.upload(Batch { store: store.clone(), bucket: "box".into(), label: String::new(), items });
        black_box(engine.rows(&RowQuery { range: 0..50, ..RowQuery::default() }));
        engine.cancel(&Selection::All);
        engine.open_count()
    });
}
