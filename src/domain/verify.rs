//! Whether files are what was expected of them: expectations written in TOML, what was seen of a file, and what is to say
//! about it.
//!
//! ```text
//! TOML ─► Expectations ─► Needs: what has to be asked for a path
//!              │
//!              └─ judge(Observed) ─► Findings ─► Row of a report
//! ```

mod aspect;
mod expect;
mod front;
mod glob;
mod judge;
mod observed;
mod parse;
mod report;
mod together;
mod totals;
pub mod typed;
mod write;

pub use aspect::Aspect;
pub use expect::{Access, Bounds, Depth, Expectations, Needs, Rule};
pub use front::{NO_FRONT, front};
pub use glob::{CharSet, Glob, GlobProblem};
pub use judge::judge;
pub use observed::{Answered, Content, Observed, Outcome};
pub use parse::{Problem, Problems, parse};
pub use report::{Change, Check, Finding, Row, SHAPE, Severity};
pub use together::{duplicate_of, missing_variant, too_large_to_compare, variant_paths};
pub use totals::{Group, Standing, Totals};
pub use write::write;

#[cfg(test)]
mod tests;
