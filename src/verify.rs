//! Many files held against expectations: asked for, judged, compared with each other, and reported.
//!
//! ```text
//! source ─► targets ─► lanes, as many requests at once as the server takes ─► keeper ─► store::verification
//!                 └ domain::verify judges each                                    │
//!            comparison (duplicates, variants, an earlier report) ◄───────────────┤
//!            HTML, CSV, JSON, JUnit ◄─────────────────────────────────────────────┘
//! ```
//!
//! Memory does not grow with the number of files: results go to a file as they come, and bodies are read within one budget.

mod ask;
mod baseline;
mod compare;
mod look;
mod observe;
pub mod report;
mod run;
pub mod source;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::domain::verify::Expectations;
use crate::s3::store::Store;
use crate::store::verification::ResultsError;
use source::SourceError;

pub use baseline::remember;
pub use compare::compare;
pub use run::{run, run_all};

/// What is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What it is named as: a key, an `s3://` address or a URL. Never twice in a run.
    pub name: String,
    /// What rules are matched with.
    pub path: String,
    /// The address that a stranger asks.
    pub url: String,
    /// Bucket and key, where it is known to lie in the store of the connection.
    pub place: Option<(String, String)>,
}

/// What a run does.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is expected.
    pub expectations: Arc<Expectations>,
    /// The store that signs requests; without one everything is asked as a stranger.
    pub signed: Option<Store>,
    /// So many requests at once; found by trying where it is not told.
    pub concurrency: Option<usize>,
    /// No more requests than so many a second.
    pub requests_per_sec: Option<u32>,
    /// Which small pictures are kept.
    pub thumbs: Thumbs,
    /// Whether files that have a result already are passed over.
    pub resumes: bool,
}

/// Which small pictures are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thumbs {
    /// None.
    No,
    /// As many as a report shows, also of files that have to be fetched for them.
    ForReport,
    /// Those as well of every other file that is decoded anyway.
    AllDecoded,
}

/// How far a run is. Counted while it goes on.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files with a result.
    pub done: AtomicU64,
    /// Those of them that are not as expected, as far as they were judged alone.
    pub not_as_expected: AtomicU64,
    /// Those of them that were asked for and not answered.
    pub unanswered: AtomicU64,
}

/// Why a run or a report broke off.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Results.
    #[error(transparent)]
    Results(#[from] ResultsError),
    /// What is to be checked could not be named, or not all of it.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A part of the work ended early.
    #[error("The work broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
    /// A report could not be written.
    #[error("{} could not be written: {source}", path.display())]
    Write {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// An earlier report could not be read.
    #[error("{} could not be read: {why}", path.display())]
    Baseline {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}
