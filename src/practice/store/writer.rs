//! The one thread that writes metadata: it commits the work of many requests at once.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, Savepoint, TransactionBehavior};
use tokio::sync::oneshot;

use super::super::error::{Fault, Outcome};
use super::super::home::sync_dir;
use super::files::{Files, Place};
use super::janitor::{Chore, Janitor};
use super::schema;

/// Work that shares one commit. More would make the first one wait too long.
const MAX_BATCH: usize = 256;

/// The view that a piece of work has of its transaction.
pub(in crate::practice) struct Tx<'a> {
    savepoint: Savepoint<'a>,
    chores: RefCell<Vec<Chore>>,
    then: RefCell<Vec<Box<dyn FnOnce()>>>,
}

impl Tx<'_> {
    pub(in crate::practice) fn db(&self) -> &Connection {
        &self.savepoint
    }

    /// Takes the bytes in `incoming/` into the store, together with this transaction.
    pub(in crate::practice) fn land(&self, place: &Place) -> Outcome<()> {
        self.db()
            .prepare_cached("INSERT INTO landing (file, path) VALUES (?1, ?2)")?
            .execute((place.file, &place.path))?;
        self.chores.borrow_mut().push(Chore::Settle(place.clone()));
        Ok(())
    }

    /// Lets the bytes go, together with this transaction.
    pub(in crate::practice) fn discard(&self, place: &Place) -> Outcome<()> {
        self.db()
            .prepare_cached("INSERT OR REPLACE INTO garbage (file, path) VALUES (?1, ?2)")?
            .execute((place.file, &place.path))?;
        self.chores.borrow_mut().push(Chore::Remove(place.clone()));
        Ok(())
    }

    /// Removes the emptied folder of a bucket after this transaction.
    pub(in crate::practice) fn remove_bucket_dir(&self, bucket: i64, name: &str) {
        self.chores.borrow_mut().push(Chore::RemoveBucketDir { bucket, name: name.to_owned() });
    }

    /// Runs `then` once this transaction is on the disk, before anyone hears of it.
    pub(in crate::practice) fn after_commit(&self, then: impl FnOnce() + 'static) {
        self.then.borrow_mut().push(Box::new(then));
    }
}

/// Tells the request that waits how its commit went; where it failed, whether for want of space.
type Answer = Box<dyn FnOnce(Result<(), bool>) + Send>;

/// Returns whether to keep what was done, and whom to tell.
type Work = Box<dyn FnOnce(&mut Tx<'_>) -> (bool, Answer) + Send>;

enum Message {
    Work(Work),
    /// The janitor is done with these: (landings, garbage).
    Forget(Vec<i64>, Vec<i64>),
    Stop,
}

/// A handle on the writer thread.
pub(super) struct Writer {
    messages: Mutex<Sender<Message>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, files: Arc<Files>) -> Self {
        let (messages, inbox) = mpsc::channel();
        let forget = messages.clone();
        let janitor = Janitor::start(Arc::clone(&files), move |landed, removed| {
            let _ = forget.send(Message::Forget(landed, removed));
        });
        let thread = std::thread::Builder::new()
            .name("practice-writer".to_owned())
            .spawn(move || serve(connection, &inbox, &files, &janitor))
            .map_err(|error| tracing::error!(%error, "no thread for the practice store's writer"))
            .ok();
        Self { messages: Mutex::new(messages), thread: Mutex::new(thread) }
    }

    pub(super) async fn run<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Outcome<T> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let work = Box::new(move |tx: &mut Tx<'_>| {
            let outcome = work(tx);
            let keep = outcome.is_ok();
            let answer: Answer = Box::new(move |committed| {
                let _ = sender.send(match (outcome, committed) {
                    (Ok(_), Err(true)) => Err(Fault::Io(std::io::ErrorKind::StorageFull.into())),
                    (Ok(_), Err(false)) => Err(Fault::Io(std::io::Error::other("the commit failed"))),
                    // What failed by itself says why.
                    (outcome, _) => outcome,
                });
            });
            (keep, answer)
        });
        self.send(Message::Work(work))?;
        answer.await.map_err(|_| Fault::Closed)?
    }

    fn send(&self, message: Message) -> Outcome<()> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).send(message).map_err(|_| Fault::Closed)
    }

    pub(super) fn stop(&self) {
        let _ = self.send(Message::Stop);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn serve(mut connection: Connection, inbox: &Receiver<Message>, files: &Files, janitor: &Janitor) {
    let mut reserved = None;
    let mut going = true;
    // Work that shared a commit with something that broke it gets another one.
    let mut left: VecDeque<Message> = VecDeque::new();
    while going || !left.is_empty() {
        let mut batch = std::mem::take(&mut left);
        if batch.is_empty() {
            let Ok(first) = inbox.recv() else { break };
            batch.push_back(first);
        }
        batch.extend(inbox.try_iter().take(MAX_BATCH.saturating_sub(batch.len())));
        going &= !batch.iter().any(|message| matches!(message, Message::Stop));
        left = commit(&mut connection, batch, files, janitor, &mut reserved);
    }
    janitor.finish();
}

/// What a batch has done so far, to be carried out or taken back when its commit is known.
#[derive(Default)]
struct Gathered {
    answers: Vec<Answer>,
    then: Vec<Box<dyn FnOnce()>>,
    chores: Vec<Chore>,
}

/// Commits a batch and answers it. Returns what could not be tried because the transaction broke before its turn.
fn commit(
    connection: &mut Connection,
    mut batch: VecDeque<Message>,
    files: &Files,
    janitor: &Janitor,
    reserved: &mut Option<i64>,
) -> VecDeque<Message> {
    let mut done = Gathered::default();
    match run(connection, &mut batch, &mut done, files, *reserved) {
        Ok(kept) => {
            *reserved = kept;
            for step in done.then {
                step();
            }
            janitor.take(done.chores);
            for answer in done.answers {
                answer(Ok(()));
            }
        }
        Err(fault) => {
            tracing::error!(%fault, "practice store could not commit");
            if fault.leaves_nothing() {
                for file in done.chores.iter().filter_map(Chore::landed) {
                    let _ = fs::remove_file(files.incoming(file));
                }
            }
            let full = fault.is_full();
            for answer in done.answers {
                answer(Err(full));
            }
        }
    }
    batch
}

/// Returns how far file numbers are then set aside.
fn run(
    connection: &mut Connection,
    batch: &mut VecDeque<Message>,
    done: &mut Gathered,
    files: &Files,
    mut reserved: Option<i64>,
) -> Outcome<Option<i64>> {
    let mut tx = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(tx) => tx,
        Err(error) => {
            // Nobody may wait for ever: what is first is answered, the others try again.
            batch.pop_front();
            return Err(error.into());
        }
    };
    while let Some(message) = batch.pop_front() {
        match message {
            Message::Work(work) => {
                let mut view = Tx { savepoint: tx.savepoint()?, chores: RefCell::default(), then: RefCell::default() };
                let (keep, answer) = work(&mut view);
                done.answers.push(answer);
                if keep {
                    view.savepoint.commit()?;
                    done.chores.append(&mut view.chores.into_inner());
                    done.then.append(&mut view.then.into_inner());
                } else {
                    drop(view);
                    if tx.is_autocommit() {
                        // A full or failing disk undoes the whole transaction, not the savepoint alone.
                        return Err(Fault::Undone);
                    }
                }
            }
            Message::Forget(landed, removed) => {
                for file in landed {
                    tx.prepare_cached("DELETE FROM landing WHERE file = ?1")?.execute([file])?;
                }
                for file in removed {
                    tx.prepare_cached("DELETE FROM garbage WHERE file = ?1")?.execute([file])?;
                }
            }
            Message::Stop => {}
        }
    }
    let landed = done.chores.iter().filter_map(Chore::landed).max();
    if let Some(highest) = landed {
        // Half a range ahead: no number of an upload under way can be beyond what is set aside.
        let ahead = highest + schema::NUMBERS_PER_RESERVE;
        if reserved.is_none_or(|known| ahead > known + schema::NUMBERS_PER_RESERVE / 2) {
            schema::keep_numbers(&tx, ahead)?;
            reserved = Some(ahead);
        }
        sync_dir(&files.incoming_dir())?;
    }
    tx.commit()?;
    Ok(reserved)
}
