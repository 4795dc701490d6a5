//! The engine that carries files into buckets and out of them: a queue, a bounded number of requests at once, and a
//! picture of it all that a window can read many times a second.
//!
//! ```text
//! Engine ─► table (rows, queue, sums) ─► one task for each running file ─► upload | download
//!    ▲            │                                                          │
//!    └─ pages, changes, snapshot (10 Hz) ◄── ticker ◄── progress ◄───────────┘
//! ```
//!
//! Files are read while they are sent and written while they arrive: memory does not grow with their size. A file is
//! done when the store has said so, and never because it was probably sent.

mod bandwidth;
mod download;
mod engine;
mod keeping;
mod landing;
mod memory;
mod parts;
mod payload;
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
pub use row::{Direction, RowState, RowView};
pub use snapshot::{BatchView, Changes, HISTORY_SECS, Order, Page, RowFilter, RowQuery, Snapshot, Totals};
pub use types::{
    Batch, BatchId, DownloadItem, Edit, Limits, LocalFile, Resolution, RowId, Selection, Source, TransferEvent,
    UploadItem,
};

#[cfg(test)]
mod tests;
