//! Practice storage: a real S3 server on 127.0.0.1, inside the process.
//!
//! ```text
//! HTTP ─► front (CORS, request ids, error texts) ─► s3s (signatures, parsing) ─► access (policy, ACL, Block Public
//!         Access) ─► api (one file for a group of operations) ─► store (SQLite rows, plain files)
//! ```
//!
//! The rules of who may read what are those of [`crate::domain`], so that what Brimful predicts and what its own
//! store does cannot differ. An operation that is not implemented answers `NotImplemented`, never success.

mod access;
mod acl;
mod api;
mod base64;
mod checksum;
pub mod command;
mod cors;
mod error;
mod front;
mod home;
mod intake;
mod lifecycle;
mod outflow;
mod server;
mod store;

pub use error::PracticeError;
pub use home::Credentials;
pub use server::{Options, Server};
