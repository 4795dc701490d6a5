//! Lifecycle configuration: what S3 refuses to keep, and what the kept rules do on a day.
//!
//! The rules do not act by themselves in this store, where a day may pass in a second: `brimful practice
//! --run-lifecycle-at DATE` lets them act as if it were that day, and so does [`super::Server::run_lifecycle`].

mod check;
mod plan;
mod run;
mod timing;

pub(super) use self::check::check;
pub(super) use self::run::run_one;
pub use self::run::{BucketOutcome, Deed, Event, run};
