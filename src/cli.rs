//! Brimful without a window: commands for terminals and pipelines, over the same rules and the same store.
//!
//! Each command ends with 0, 1 or 2: everything is well, the answer is no, or it could not be asked. What was interrupted
//! ends with 130.

mod carry;
pub mod check;
pub mod checkup;
mod common;
mod connection;
mod consent;
pub mod cp;
pub mod download;
mod end;
pub mod exposure;
pub mod ls;
mod plain;
pub mod policy;
mod report;
pub mod resume;
pub mod rm;
mod sums;
pub mod upload;
pub mod uploads;
pub mod verify;
mod work;
