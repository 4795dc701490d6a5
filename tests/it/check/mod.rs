//! Checks of files in real stores: every layer is named that stands in the way, and every fix does what it says.
//!
//! At practice storage all of it is asked for. At the server that `BRIMFUL_TEST_ENDPOINT` names (see [`crate::s3_contract`])
//! the verdict has to be what that server really answers, whatever its rules are.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

mod browser;
mod command;
mod stage;
mod symptoms;
mod table;
