//! Brimful: from nothing to images safely stored and shown on the web.
//!
//! The map of the house. An arrow means "may use"; `tests/it/architecture.rs` fails on one that runs the wrong way.
//!
//! ```text
//! main → app → ui → theme                      panels read the model and push commands
//!         │     └──→ model → worker's views    plain data, and everything that can be asked for
//!         ├──→ worker → {s3, transfer, images, store} → domain
//!         ├──→ verify                          the page that checks many files
//!         └──→ practice → domain
//! main → cli → {s3, transfer, store, domain}   commands without a window, over the same rules and the same engine
//!         └──→ verify → {s3, transfer, images, store} → domain   many files held against expectations, and reports
//! transfer → store                             what is on its way is written down before it leaves
//! main → practice, report, store               the practice server, logs, folders
//! {worker, images} → urgency                   the window's thread before the others
//! ```
//!
//! One frame: [`app::App::logic`] takes in what the background reported ([`app::event`]) and polls the questions that
//! are under way ([`worker::Request`]); [`app::App::ui`] lets the panels paint from the shared [`model::Model`] and
//! carries out the [`model::Command`]s they pushed ([`app::dispatch`]). Reading is a question that a newer one
//! replaces; writing is a job that always ends in an event. Nothing that takes time happens on the window's thread.

pub mod app;
pub mod cli;
pub mod domain;
pub mod images;
pub mod model;
pub mod practice;
pub mod report;
pub mod s3;
pub mod store;
pub mod theme;
pub mod transfer;
pub mod ui;
pub mod urgency;
pub mod verify;
pub mod worker;
