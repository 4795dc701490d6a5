//! Practice storage: a real S3 server on 127.0.0.1, inside the process.
//!
//! ```text
//! connection (how many, how long) ─► front (CORS, regions, request ids, error texts) ─► inflow (bodies that keep coming,
//!         in bounded memory) ─► admission (forms, digests, unsigned chunks) ─► s3s (signatures, parsing) ─► access (policy, ACL, Block Public
//!         Access) ─► api (one file for a group of operations) ─► store (SQLite rows, plain files)
//!                                                    └─► beside (S3 Control and STS, as far as clients ask them)
//! ```
//!
//! The rules of who may read what are those of [`crate::domain`], so that what Brimful predicts and what its own
//! store does cannot differ. An operation that is not implemented answers `NotImplemented`, never success.

mod access;
mod accounts;
mod acl;
mod admission;
mod api;
mod base64;
mod beside;
mod characters;
mod checksum;
pub mod command;
mod connection;
mod cors;
mod documents;
mod error;
mod framing;
mod front;
mod home;
mod inflow;
mod intake;
pub mod lifecycle;
mod logbook;
mod outflow;
mod people;
mod refusal;
mod server;
mod store;
mod subresource;
mod target;
mod website;

pub use connection::Limits;
pub use error::PracticeError;
pub use home::{CONTENTS, Credentials};
pub use people::{User, UserError};
pub use server::{Options, Reach, Server};
