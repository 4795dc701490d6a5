//! The engine that carries files into buckets and out of them: a queue, a bounded number of requests at once, and a
//! picture of it all that a window can read many times a second.
//!
//! ```text
//! Engine ─► table (rows, queue, sums) ─► one task for each running file ─► upload | download
//!    ▲            │                                                          │
//!    └─ pages, changes, snapshot (10 Hz) ◄── ticker ◄── progress ◄───────────┘
//! ```
//!
//! What is on its way is written down ([`Keeping`], `store::journal`) before its first byte leaves and after each part, so
//! that [`Engine::restore`] takes it up after any end of the process. Small files and parts are read into memory once,
//! within one budget, and their checksums go with them; what is larger is read while it is sent. A file is done when the
//! store has said so, and never because it was probably sent.

mod bandwidth;
mod disk;
mod download;
mod engine;
mod keeping;
mod landing;
mod level;
mod memory;
mod parts;
mod payload;
mod permits;
mod queue;
mod reconcile;
mod record;
mod retry;
mod row;
mod snapshot;
mod stall;
mod table;
mod ticker;
mod types;
mod upload;
pub mod walk;

pub use bandwidth::Bandwidth;
pub use engine::{Engine, Fittings};
pub use keeping::Keeping;
pub use parts::{PartPlan, part_plan, part_plan_of};
pub(crate) use permits::Permits;
pub(crate) use retry::{chance, wait_after};
pub use row::{Direction, RowState, RowView};
pub use snapshot::{BatchView, Changes, HISTORY_SECS, Order, Page, RowFilter, RowQuery, Snapshot, Totals};
pub use types::{
    Batch, BatchId, DownloadItem, Edit, Limits, LocalFile, Resolution, RowId, Selection, Source, TransferEvent,
    UploadItem,
};

#[cfg(test)]
mod tests;
