//! The one thread that writes metadata: it commits the work of many requests at once.

use std::cell::RefCell;
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

/// Tells the request that waits how its commit went.
type Answer = Box<dyn FnOnce(Result<(), ()>) + Send>;

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
                let _ = sender.send(match committed {
                    Ok(()) => outcome,
                    Err(()) => Err(Fault::Io(std::io::Error::other("the commit failed"))),
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
    while going && let Ok(first) = inbox.recv() {
        let mut batch = vec![first];
        batch.extend(inbox.try_iter().take(MAX_BATCH - 1));
        going = !batch.iter().any(|message| matches!(message, Message::Stop));
        commit(&mut connection, batch, files, janitor, &mut reserved);
    }
    janitor.finish();
}

fn commit(
    connection: &mut Connection,
    batch: Vec<Message>,
    files: &Files,
    janitor: &Janitor,
    reserved: &mut Option<i64>,
) {
    let mut answers: Vec<Answer> = Vec::new();
    let mut then = Vec::new();
    let mut chores = Vec::new();
    let outcome = (|| -> Outcome<()> {
        let mut tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for message in batch {
            match message {
                Message::Work(work) => {
                    let mut view =
                        Tx { savepoint: tx.savepoint()?, chores: RefCell::default(), then: RefCell::default() };
                    let (keep, answer) = work(&mut view);
                    answers.push(answer);
                    if keep {
                        view.savepoint.commit()?;
                        chores.append(&mut view.chores.into_inner());
                        then.append(&mut view.then.into_inner());
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
        let landed = chores.iter().filter_map(Chore::landed).max();
        if let Some(highest) = landed {
            // Half a range ahead: no number of an upload under way can be beyond what is set aside.
            let ahead = highest + schema::NUMBERS_PER_RESERVE;
            if reserved.is_none_or(|known| ahead > known + schema::NUMBERS_PER_RESERVE / 2) {
                schema::keep_numbers(&tx, ahead)?;
                *reserved = Some(ahead);
            }
            sync_dir(&files.incoming_dir())?;
        }
        tx.commit()?;
        Ok(())
    })();
    match outcome {
        Ok(()) => {
            for step in then {
                step();
            }
            janitor.take(chores);
            for answer in answers {
                answer(Ok(()));
            }
        }
        Err(fault) => {
            tracing::error!(%fault, "practice store could not commit");
            for answer in answers {
                answer(Err(()));
            }
        }
    }
}
