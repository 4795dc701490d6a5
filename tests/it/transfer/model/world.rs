//! The real thing: an engine with its journal, before a practice store that holds and refuses when it is told to.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use brimful::s3::store::Store;
use brimful::store::home::Home;
use brimful::store::journal::Journal;
use brimful::transfer::{
    Batch, Engine, Fittings, Keeping, Limits, Order, Resolution, RowId, RowQuery, RowView, Selection,
};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

use super::super::faults::layer::{Fault, Faults};
use super::super::yard::{MIB, item, store_at};
use super::reference::{Fate, Op, Reference, State, beside, key_of};
use crate::practice_support::Practice;

const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct World {
    practice: Practice,
    faults: Faults,
    store: Store,
    files: TempDir,
    home: Home,
    running: Option<Running>,
    holds: Arc<AtomicBool>,
    refuses: Arc<AtomicBool>,
    added: usize,
    /// How each row stood when it was last looked at, and up to which revision that was.
    known: HashMap<RowId, State>,
    heard: u64,
    /// The store and the layer before it.
    runtime: Runtime,
}

/// What ends with a process. The runtime goes last.
struct Running {
    engine: Engine,
    journal: Journal,
    runtime: Runtime,
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn rows(engine: &Engine) -> Vec<RowView> {
    engine.rows(&RowQuery { order: Order::Asked, range: 0..100_000, ..RowQuery::default() }).rows
}

impl World {
    pub(super) fn new() -> Self {
        let outer = runtime();
        let files = tempfile::tempdir().unwrap();
        let home = Home::at(&files.path().join("home")).unwrap();
        let (practice, faults, store) = outer.block_on(async {
            let practice = Practice::start().await;
            practice.bucket("box").await;
            let faults = Faults::before(practice.server.port()).await;
            let store = store_at(&practice, faults.port()).await;
            (practice, faults, store)
        });
        let (holds, refuses): (Arc<AtomicBool>, Arc<AtomicBool>) = Default::default();
        let (hold, refuse) = (Arc::clone(&holds), Arc::clone(&refuses));
        faults.rule(move |seen| match seen {
            seen if seen.is_part() && hold.load(Ordering::SeqCst) => Fault::Hold,
            seen if seen.key.starts_with("refused") && seen.is_put() && refuse.load(Ordering::SeqCst) => {
                Fault::Answer(403, "AccessDenied")
            }
            _ => Fault::None,
        });
        let mut world = Self {
            practice,
            faults,
            store,
            files,
            home,
            running: None,
            holds,
            refuses,
            added: 0,
            known: HashMap::new(),
            heard: 0,
            runtime: outer,
        };
        world.start();
        world
    }

    fn start(&mut self) {
        let runtime = runtime();
        let (journal, notice) = Journal::open(&self.home).unwrap();
        assert!(notice.is_none());
        let keeping = Keeping { journal: journal.clone(), way: Arc::new(|_| "there".to_owned()) };
        let limits = Limits {
            // What is larger goes in parts: a slow one can be called off in the midst of one.
            single_put_bytes: 1 << 10,
            part_bytes: 5 * MIB,
            first_wait: Duration::from_millis(5),
            ..Limits::default()
        };
        let fittings = Fittings { limits, keeping: Some(keeping), ..Fittings::default() };
        let engine = Engine::fitted(runtime.handle().clone(), Arc::new(|| {}), fittings);
        let (sender, kept) = mpsc::channel();
        journal.adopt(|_| true, move |kept| drop(sender.send(kept)));
        for batch in kept.recv().unwrap().unwrap() {
            engine.restore(self.store.clone(), batch, &|_| None);
        }
        (self.known, self.heard) = (HashMap::new(), 0);
        self.running = Some(Running { engine, journal, runtime });
    }

    /// As if the process were killed, but for what was to be written down already.
    fn stop(&mut self) {
        let Some(Running { engine, journal, runtime }) = self.running.take() else { return };
        // A batch that was just added is on its way to the journal.
        std::thread::sleep(Duration::from_millis(100));
        let (sender, written) = mpsc::channel();
        journal.adopt(|_| false, move |done| sender.send(done.is_ok()).unwrap());
        assert!(written.recv().unwrap());
        drop(engine);
        runtime.shutdown_timeout(Duration::from_secs(10));
    }

    fn engine(&self) -> &Engine {
        &self.running.as_ref().unwrap().engine
    }

    fn id_of(&self, key: &str) -> RowId {
        rows(self.engine()).into_iter().find(|row| &*row.key == key).unwrap().id
    }

    fn selected(&self, key: &str) -> Selection {
        self.id_of(key).into()
    }

    pub(super) fn act(&mut self, op: &Op) {
        match op {
            Op::Add(fates) => self.add(fates),
            Op::PauseAll => self.engine().pause(&Selection::All),
            Op::ResumeAll => self.engine().resume(&Selection::All),
            Op::Pause(key) => self.engine().pause(&self.selected(key)),
            Op::Resume(key) => self.engine().resume(&self.selected(key)),
            Op::Cancel(key) => self.engine().cancel(&self.selected(key)),
            Op::CancelAll => self.engine().cancel(&Selection::All),
            Op::Retry(key) => self.engine().retry(&self.selected(key)),
            Op::RetryFailed => self.engine().retry_failed(),
            Op::Skip(key) => self.engine().resolve(self.id_of(key), Resolution::Skip),
            Op::Overwrite(key) => self.engine().resolve(self.id_of(key), Resolution::Overwrite),
            Op::KeepBoth(key) => self.engine().resolve(self.id_of(key), Resolution::KeepBoth(beside(key))),
            Op::Hold(holds) => {
                self.holds.store(*holds, Ordering::SeqCst);
                if !holds {
                    self.faults.let_go();
                }
            }
            Op::Refuse(refuses) => self.refuses.store(*refuses, Ordering::SeqCst),
            Op::ClearEnded => {
                self.engine().clear_ended();
                self.known.clear();
            }
            Op::Restart => {
                self.stop();
                self.start();
            }
        }
    }

    fn add(&mut self, fates: &[Fate]) {
        let mut items = Vec::new();
        for fate in fates {
            let key = key_of(self.added, *fate);
            self.added += 1;
            let bytes = key.repeat(if *fate == Fate::Slow { 200 } else { 20 });
            let path = self.files.path().join(&key);
            fs::write(&path, bytes).unwrap();
            if *fate == Fate::Taken {
                self.runtime.block_on(self.practice.put("box", &key, b"theirs"));
            }
            items.push(item(&path, &key));
        }
        let batch = Batch { store: self.store.clone(), bucket: "box".into(), label: String::new(), items };
        self.engine().upload(batch);
    }

    /// Waits until everything is as the reference says. On the way no row leaves an end unasked.
    pub(super) fn comes_to(&mut self, reference: &Reference, op: &Op) {
        // By key: batches that were added in one moment may change places over a restart.
        let expected: BTreeMap<&str, State> = reference.rows.iter().map(|row| (row.key.as_str(), row.state)).collect();
        let running = reference.rows.iter().filter(|row| row.state == State::Running).count();
        let begun = Instant::now();
        loop {
            self.follow(op);
            let rows = rows(self.engine());
            let found: BTreeMap<&str, State> = rows.iter().map(|row| (&*row.key, State::from(&row.state))).collect();
            // A slow one is under way once its bytes are held.
            if found == expected && rows.len() == found.len() && self.faults.held() == running {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "after {op:?}\nfound    {found:?}\nexpected {expected:?}");
            std::thread::sleep(Duration::from_millis(2));
        }
        self.sums_are_right();
    }

    fn follow(&mut self, op: &Op) {
        let changes = self.engine().changes_since(self.heard);
        self.heard = changes.revision;
        for row in changes.rows {
            let state = State::from(&row.state);
            if let Some(before) = self.known.insert(row.id, state) {
                assert!(before.may_become(state, op), "{} went from {before:?} to {state:?} by {op:?}", row.key);
            }
        }
    }

    fn sums_are_right(&self) {
        let rows = rows(self.engine());
        for batch in self.engine().batches() {
            let of_batch: Vec<_> = rows.iter().filter(|row| row.batch == batch.id).collect();
            let count = |state| of_batch.iter().filter(|row| State::from(&row.state) == state).count();
            let bytes = |states: &[State]| -> u64 {
                of_batch.iter().filter(|row| states.contains(&State::from(&row.state))).map(|row| row.size_bytes).sum()
            };
            let totals = batch.totals;
            let counts = [totals.waiting, totals.running, totals.paused, totals.done, totals.failed, totals.conflicts];
            use State::{Cancelled, Conflict, Done, Failed, Paused, Running, Skipped, Waiting};
            assert_eq!(counts, [Waiting, Running, Paused, Done, Failed, Conflict].map(count));
            assert_eq!((totals.cancelled, totals.skipped), (count(Cancelled), count(Skipped)));
            assert_eq!(totals.total_bytes, bytes(&[Waiting, Running, Paused, Done, Failed, Conflict]));
            assert_eq!(totals.done_bytes, bytes(&[Done]));
            let sent: u64 = of_batch.iter().map(|row| row.sent_bytes).sum();
            assert_eq!(totals.sent_bytes, sent);
            assert_eq!(totals.open_bytes, bytes(&[Waiting, Running, Paused]) - (sent - totals.done_bytes));
        }
    }

    /// At the end: what has arrived is there as it is here, nothing else is, and nothing half-done.
    pub(super) fn holds(&self, reference: &Reference) {
        self.runtime.block_on(async {
            for key in &reference.arrived {
                let name = key.trim_end_matches(" (2)");
                let here = fs::read(self.files.path().join(name)).unwrap();
                assert_eq!(self.practice.get("box", key).await, here, "{key}");
            }
            let listed = self.practice.s3.list_objects_v2().bucket("box").send().await.unwrap();
            for object in listed.contents() {
                let key = object.key().unwrap().to_owned();
                assert!(key.starts_with("taken") || reference.arrived.contains(&key), "{key} is there all the same");
            }
            let open = self.practice.s3.list_multipart_uploads().bucket("box").send().await.unwrap();
            assert_eq!(open.uploads().len(), 0);
        });
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(Running { runtime, .. }) = self.running.take() {
            runtime.shutdown_background();
        }
    }
}
