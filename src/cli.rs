//! Brimful without a window: commands for terminals and pipelines, over the same rules and the same store.
//!
//! Each command ends with 0, 1 or 2: everything is well, the answer is no, or it could not be asked.

mod connection;
mod end;
pub mod ls;
mod plain;
pub mod policy;
pub mod upload;
pub mod uploads;
