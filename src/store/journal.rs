//! What is on its way, written down before its first byte leaves and after every part, so that nothing is lost when the
//! process ends at any moment.
//!
//! One SQLite file in the state folder, shared by the window and the commands: each process owns the batches it began,
//! and what a process left behind that is no longer there can be taken over. A thread of its own writes, many notes
//! with each transaction. What a row is to be done with ([`NewRow::plan`]) is text of the transfer engine's own;
//! secrets have no place in it.

mod session;
mod sql;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection as Db;

use super::Notice;
use super::database::{self, Kind};
use super::home::{self, Home};
use session::Session;

/// Notes that nobody waits for are gathered for so long.
const LINGER: Duration = Duration::from_millis(25);

const KIND: Kind = Kind { what: "journal of transfers", migrations: sql::MIGRATIONS, outlasts_power: false };

/// Why the journal could not be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// SQLite says so.
    #[error("The journal of transfers could not be used: {0}")]
    Sql(#[from] rusqlite::Error),
    /// A file beside it could not be made or read.
    #[error("The journal of transfers could not be used: {0}")]
    File(#[from] std::io::Error),
    /// Its thread has ended.
    #[error("The journal of transfers is closed")]
    Closed,
}

/// Files that were asked for together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBatch {
    /// How to get to the store again, in the words of whoever asked.
    pub way: String,
    /// Which way they go, in the words of the engine.
    pub direction: String,
    /// The bucket.
    pub bucket: String,
    /// What a person calls it.
    pub label: String,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRow {
    /// What a person calls it.
    pub name: String,
    /// Its key in the bucket.
    pub key: String,
    /// Bytes.
    pub size_bytes: u64,
    /// What is to be done, in the words of the engine.
    pub plan: String,
}

/// How it stands with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waiting or under way.
    Open,
    /// Held by a person.
    Paused,
    /// It arrived.
    Done,
    /// It did not.
    Failed,
    /// Its name is taken.
    Conflict,
    /// Called off.
    Cancelled,
    /// Left out by choice.
    Skipped,
}

/// An upload in parts that was begun in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenUpload {
    /// The store's name for it.
    pub id: String,
    /// Of each part but the last.
    pub part_bytes: u64,
    /// Of the file, when it was begun.
    pub size_bytes: u64,
    /// When the file was last written to, in nanoseconds since 1970, where that is known.
    pub modified_nanos: Option<i64>,
    /// The store holds it to a CRC-64/NVME.
    pub crc64: bool,
}

/// A part that the store has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// From 1 to 10,000.
    pub number: u32,
    /// Without the quotes.
    pub etag: String,
    /// How many bytes it holds.
    pub size_bytes: u64,
    /// CRC-64/NVME of its bytes.
    pub crc64: u64,
    /// MD5 of its bytes, where it was made.
    pub md5: Option<[u8; 16]>,
}

/// A file as it was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// Its number in the journal.
    pub id: i64,
    /// What it is.
    pub row: NewRow,
    /// How it stands.
    pub state: State,
    /// What came of it, in the words of the engine.
    pub detail: String,
    /// What it has stored already.
    pub upload: Option<(OpenUpload, Vec<Part>)>,
}

/// A batch as it was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBatch {
    /// Its number in the journal.
    pub id: i64,
    /// What it is.
    pub batch: NewBatch,
    /// When it was begun, in milliseconds since 1970.
    pub begun_millis: i64,
    /// Its files, in their order.
    pub rows: Vec<KeptRow>,
}

/// Something that happened to a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// It stands otherwise now.
    State {
        /// Which row.
        row: i64,
        /// How.
        state: State,
        /// What came of it.
        detail: String,
    },
    /// It is to be done otherwise: a decision was made.
    Plan {
        /// Which row.
        row: i64,
        /// Its key from now on.
        key: String,
        /// What is to be done.
        plan: String,
    },
    /// A part has arrived.
    Part {
        /// Of which row.
        row: i64,
        /// Which.
        part: Part,
    },
    /// Its upload in parts is no more: completed, or called off.
    UploadEnded {
        /// Which row.
        row: i64,
    },
    /// It left the list.
    Forget {
        /// Which row.
        row: i64,
    },
    /// A batch left the list with all its rows.
    ForgetBatch {
        /// Which.
        batch: i64,
    },
}

type Reply<T> = Box<dyn FnOnce(Result<T, JournalError>) + Send>;

enum Order {
    Note(Note),
    /// The reply says the number of the batch and of its first row; the others follow.
    Add(NewBatch, Vec<NewRow>, Reply<(i64, i64)>),
    Begun(i64, OpenUpload, Reply<()>),
    Safe(Reply<()>),
    Adopt(Box<dyn Fn(&str) -> bool + Send>, Reply<Vec<KeptBatch>>),
}

#[derive(Default)]
struct Queue {
    orders: Vec<Order>,
    /// Somebody waits for an answer.
    urgent: bool,
    closed: bool,
}

struct Shared {
    queue: Mutex<Queue>,
    news: Condvar,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn order(&self, order: Order) {
        let mut queue = self.queue();
        let urgent = !matches!(order, Order::Note(_));
        let wake = queue.orders.is_empty() || (urgent && !queue.urgent);
        queue.urgent |= urgent;
        queue.orders.push(order);
        drop(queue);
        if wake {
            self.news.notify_one();
        }
    }
}

/// The journal. Clones are the same; when the last one goes, what is still to be written is written.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    spool: PathBuf,
}

impl Journal {
    /// Opens the file. A damaged one is put aside; where none can be opened, this session's transfers end with it, and
    /// the notice says so. Waits for the disk.
    ///
    /// # Errors
    /// When not even a journal in memory is to be had.
    pub fn open(home: &Home) -> Result<(Self, Option<Notice>), JournalError> {
        let folder = home.state_dir().join("transfers");
        let spool = folder.join("spool");
        home::create_private_dir(&spool)?;
        let session = Session::begin(&folder.join("sessions"))?;
        let (db, notice) = database::open(&home.state_dir().join("transfers.sqlite"), &KIND);
        let db = match db {
            Some(db) => db,
            None => database::in_memory(&KIND).map_err(|_| JournalError::Closed)?,
        };
        let shared = Arc::new(Shared { queue: Mutex::default(), news: Condvar::new() });
        let thread = {
            let (shared, spool) = (Arc::clone(&shared), spool.clone());
            std::thread::Builder::new().name("journal".into()).spawn(move || write(&shared, db, &session, &spool))?
        };
        Ok((Self(Arc::new(Inner { shared, thread: Some(thread), spool })), notice))
    }

    /// Where bytes that lie in no file are kept until they have arrived.
    #[must_use]
    pub fn spool_dir(&self) -> &Path {
        &self.0.spool
    }

    /// Writes something down soon.
    pub fn note(&self, note: Note) {
        self.0.shared.order(Order::Note(note));
    }

    /// Writes a batch down; `reply` gets its number and that of its first row (the others follow without a gap) once
    /// they are safe.
    pub fn add(
        &self,
        batch: NewBatch,
        rows: Vec<NewRow>,
        reply: impl FnOnce(Result<(i64, i64), JournalError>) + Send + 'static,
    ) {
        self.0.shared.order(Order::Add(batch, rows, Box::new(reply)));
    }

    /// Writes down that an upload in parts was begun; `reply` is called once that is safe.
    pub fn begun(&self, row: i64, upload: OpenUpload, reply: impl FnOnce(Result<(), JournalError>) + Send + 'static) {
        self.0.shared.order(Order::Begun(row, upload, Box::new(reply)));
    }

    /// `reply` is called once all that was noted so far is written.
    pub fn safe(&self, reply: impl FnOnce(Result<(), JournalError>) + Send + 'static) {
        self.0.shared.order(Order::Safe(Box::new(reply)));
    }

    /// Takes over what processes left behind that are no longer there, as far as `wanted` says so of the way to its
    /// store. Batches in which nothing is left to do are forgotten instead.
    pub fn adopt(
        &self,
        wanted: impl Fn(&str) -> bool + Send + 'static,
        reply: impl FnOnce(Result<Vec<KeptBatch>, JournalError>) + Send + 'static,
    ) {
        self.0.shared.order(Order::Adopt(Box::new(wanted), Box::new(reply)));
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.queue().closed = true;
        self.shared.news.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            drop(thread.join());
        }
    }
}

/// Writes until the journal is closed and nothing is left to write.
fn write(shared: &Shared, mut db: Db, session: &Session, spool: &Path) {
    loop {
        let mut queue = shared.queue();
        while queue.orders.is_empty() {
            if queue.closed {
                return;
            }
            queue = shared.news.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        if !queue.urgent && !queue.closed {
            let lingering = shared.news.wait_timeout_while(queue, LINGER, |queue| !queue.urgent && !queue.closed);
            queue = lingering.unwrap_or_else(PoisonError::into_inner).0;
        }
        let orders = std::mem::take(&mut queue.orders);
        queue.urgent = false;
        drop(queue);
        carry_out(&mut db, session, spool, orders);
    }
}

/// Told why the transaction was lost, if it was.
type Answer = Box<dyn FnOnce(Option<&rusqlite::Error>)>;

/// Carries orders out in one transaction, and answers when they are safe.
fn carry_out(db: &mut Db, session: &Session, spool: &Path, orders: Vec<Order>) {
    let mut answers: Vec<Answer> = Vec::new();
    let ended = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).and_then(|change| {
        for order in orders {
            match order {
                Order::Note(note) => sql::note(&change, &note)?,
                Order::Add(batch, rows, reply) => {
                    let numbers = sql::add(&change, session.id(), &batch, &rows);
                    answers.push(answer(numbers, reply));
                }
                Order::Begun(row, upload, reply) => answers.push(answer(sql::begun(&change, row, &upload), reply)),
                Order::Safe(reply) => answers.push(answer(Ok(()), reply)),
                Order::Adopt(wanted, reply) => {
                    answers.push(answer(sql::adopt(&change, session, &*wanted, spool), reply));
                }
            }
        }
        change.commit()
    });
    if let Err(error) = &ended {
        tracing::warn!(?error, "the journal of transfers could not be written");
    }
    for answer in answers {
        answer(ended.as_ref().err());
    }
}

/// Answers once it is known whether the whole transaction holds.
fn answer<T: 'static>(outcome: rusqlite::Result<T>, reply: Reply<T>) -> Answer {
    Box::new(move |lost| {
        reply(match (outcome, lost) {
            (Ok(_), Some(error)) => Err(std::io::Error::other(error.to_string()).into()),
            (Ok(done), None) => Ok(done),
            (Err(error), _) => Err(error.into()),
        });
    })
}
