//! Why a file can or cannot be seen by anyone, and what would mend it.
//!
//! ```text
//! Target (what was typed) ─┐
//! Evidence (what was read  ├─► diagnose ─► Diagnosis: verdict, layers, what was predicted and what was observed, fixes
//!   and what was observed) ┘       │
//!                                  ├── predict   the settings, in every world that is left open by what was not read
//!                                  ├── content   type, headers and bytes, as a browser minds them
//!                                  ├── reports   a sentence for each layer
//!                                  └── fixes     least exposure first
//! symptom: any answer of a store by its name     why_refused: one refused request, and what to ask an administrator for
//! ```
//!
//! Source of the order of steps: Amazon S3 User Guide, "Troubleshoot access denied (403 Forbidden) errors in Amazon S3".
//! Nothing here asks anybody anything; [`crate::s3`] gathers the evidence and carries out fixes.

mod case;
mod cli;
pub mod content;
mod diagnose;
mod diagnosis;
mod evidence;
mod fix;
mod fixes;
mod json;
mod layer;
pub mod near;
mod predict;
mod reports;
mod symptom;
mod target;
#[cfg(test)]
mod tests;
mod text;
mod why_refused;

pub use diagnose::diagnose;
pub use diagnosis::{Agreement, Diagnosis, Predicted, Seen, Verdict};
pub use evidence::{
    Answered, Asked, BucketFound, Evidence, FolderCount, Ground, NoAnswer, ObjectFound, Observed, Read, VersionFound,
};
pub use fix::{Exposure, Fix, FixKind, ObjectEncryption, Remedy, Rewrite, Undo, Write};
pub use layer::{Detail, Layer, LayerReport, LayerState};
pub use symptom::{Explained, Said, Symptom, recognise};
pub use target::{BrowserSaid, Context, Link, LinkKind, Named, Page, Remark, Spot, Target, TargetProblem};
pub use why_refused::{RefusedRequest, WhyRefused, why_refused};
