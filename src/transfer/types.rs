//! What goes into the engine and what it reports.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;

use super::parts::PREFERRED_BYTES;
use crate::domain::patch::Patch;
use crate::s3::{
    object::{Guard, ObjectHeaders},
    store::Store,
};

/// Names one file on its way, for as long as the engine lives; never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowId(pub u64);

/// Names files that were asked for together; never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BatchId(pub u64);

/// How much may happen at once, and how long one tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Files under way at once, and requests that carry bytes at once, at most; parts of big files count among them.
    /// How many it really is follows from what the store and the network take.
    pub files: usize,
    /// Parts of one file at once.
    pub parts_per_file: usize,
    /// Files above this go up in parts.
    pub single_put_bytes: u64,
    /// Parts are of this size, unless 10,000 of them are too few.
    pub part_bytes: u64,
    /// For what was read and has not arrived yet, over all files.
    pub memory_bytes: u64,
    /// Tries of one request before its file fails.
    pub tries: u32,
    /// The first wait before trying again, at most; it doubles from try to try.
    pub first_wait: Duration,
    /// No wait is longer.
    pub longest_wait: Duration,
    /// A request that moves no byte, and is not answered, for so long has stalled.
    pub stalled: Duration,
    /// So long the network is waited for, once the store has answered.
    pub offline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            files: 32,
            parts_per_file: 4,
            single_put_bytes: 16 << 20,
            part_bytes: PREFERRED_BYTES,
            memory_bytes: 128 << 20,
            tries: 8,
            first_wait: Duration::from_millis(400),
            longest_wait: Duration::from_secs(20),
            stalled: Duration::from_secs(60),
            offline: Duration::from_secs(15 * 60),
        }
    }
}

/// Where the bytes of an upload come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file on this computer, read while it is sent.
    Path(PathBuf),
    /// The same, but sent with some of its bytes replaced; the file stays as it is.
    Edited {
        /// The file.
        path: PathBuf,
        /// Says what is replaced, when the file's turn has come.
        edit: Edit,
    },
    /// Held in memory, e.g. a picture from the clipboard.
    Bytes(Bytes),
}

type Look = dyn Fn(&Path) -> io::Result<Vec<Patch>> + Send + Sync;

/// Looks through a file for what is to be sent otherwise. Where it fails, the file is not sent at all.
#[derive(Clone)]
pub struct Edit {
    name: &'static str,
    look: Arc<Look>,
}

impl Edit {
    /// `look` may wait for the disk. By its name it is found again after a restart.
    pub fn new(name: &'static str, look: impl Fn(&Path) -> io::Result<Vec<Patch>> + Send + Sync + 'static) -> Self {
        Self { name, look: Arc::new(look) }
    }

    /// What it is known by.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What is to be laid over the file.
    pub(super) fn patches(&self, path: &Path) -> io::Result<Vec<Patch>> {
        (self.look)(path)
    }
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Edit").field(&self.name).finish()
    }
}

/// One file that shall go up.
#[derive(Debug, Clone)]
pub struct UploadItem {
    /// Where its bytes are.
    pub source: Source,
    /// What the person calls it.
    pub name: String,
    /// What it shall be called in the bucket.
    pub key: String,
    /// As far as it is known; what the file holds when its turn comes counts.
    pub size_bytes: u64,
    /// What is stored along with it.
    pub headers: ObjectHeaders,
    /// What holds it back.
    pub guard: Guard,
}

/// A file on this computer that an upload is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What it goes as.
    pub content_type: Option<String>,
}

/// Files that shall go up together.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Where to.
    pub store: Store,
    /// Into which bucket.
    pub bucket: String,
    /// What the strip calls it: the folder they go to.
    pub label: String,
    /// The files.
    pub items: Vec<UploadItem>,
}

/// One object that shall come down.
#[derive(Debug, Clone)]
pub struct DownloadItem {
    /// What it is called in the bucket.
    pub key: String,
    /// As far as it is known.
    pub size_bytes: u64,
    /// Where it shall lie.
    pub dest: PathBuf,
    /// What is there already is replaced. Otherwise a number is added to the name.
    pub replace: bool,
}

/// What to do with a file whose name is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// Leave the one that is there, do not send this one.
    Skip,
    /// Replace the one that is there.
    Overwrite,
    /// Send this one under another key.
    KeepBoth(String),
}

/// Which files something is to be done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// All of them, and for pause and resume the queue itself.
    All,
    /// Those that were asked for together.
    Batch(BatchId),
    /// These.
    Rows(Vec<RowId>),
}

impl From<RowId> for Selection {
    fn from(row: RowId) -> Self {
        Self::Rows(vec![row])
    }
}

/// What is told as it happens, beside the snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferEvent {
    /// One file has arrived.
    Finished {
        /// With which batch.
        batch: BatchId,
        /// Which.
        id: RowId,
        /// In which bucket it lies.
        bucket: String,
        /// Under which key.
        key: String,
        /// For a download, where it came to lie.
        saved_as: Option<PathBuf>,
    },
    /// The journal could not be written: what is on its way ends with the process.
    NotKept {
        /// Of which batch.
        batch: BatchId,
        /// Why.
        why: String,
    },
    /// Nothing of a batch is waiting, under way or held any more. Comes again after a retry.
    BatchEnded {
        /// Which.
        batch: BatchId,
        /// Files that arrived.
        done: usize,
        /// Files that failed.
        failed: usize,
        /// Files that wait for a decision because their name is taken.
        conflicts: usize,
        /// Bytes that arrived.
        bytes: u64,
        /// Since the batch was added, or since it was taken up again.
        took: Duration,
    },
}
