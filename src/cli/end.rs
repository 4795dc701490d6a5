//! How commands that ask a store come to their end.

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use tokio::task::JoinError;

use super::plain::plain;
use crate::domain::location::LocationProblem;
use crate::s3::error::S3Error;

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    /// No bucket is named.
    #[error("{0}")]
    Place(#[from] LocationProblem),
    /// The store refused, or was not there.
    #[error("{}", .0.sentence())]
    Store(#[from] S3Error),
    /// Nobody takes the answer.
    #[error("The answer could not be written: {0}")]
    Output(#[from] io::Error),
    /// A part of the work ended early.
    #[error("The work broke off: {0}")]
    Broken(#[from] JoinError),
}

/// Whether all that was asked for was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Yes,
    /// What was not is told.
    No,
}

/// Does the work of a command. Ends with 0 when all was done, 1 when something was not, 2 when no bucket is named.
pub(super) fn run(work: impl Future<Output = Result<Whole, Stopped>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = writeln!(io::stderr(), "Brimful could not start: {error}");
            return ExitCode::from(1);
        }
    };
    let stopped = match runtime.block_on(Box::pin(work)) {
        Ok(Whole::Yes) => return ExitCode::SUCCESS,
        Ok(Whole::No) => return ExitCode::from(1),
        // Whoever reads the answer has seen enough.
        Err(Stopped::Output(error)) if error.kind() == ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(stopped) => stopped,
    };
    let said = match &stopped {
        // The sentence, and below it what a support desk asks for.
        Stopped::Store(error) => error.details(),
        other => other.to_string(),
    };
    let _ = writeln!(io::stderr(), "{}", plain(&said));
    ExitCode::from(if matches!(stopped, Stopped::Place(_)) { 2 } else { 1 })
}
