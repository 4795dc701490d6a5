//! How commands that ask a store come to their end.

use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;

use tokio::task::JoinError;

use super::plain::plain;
use crate::domain::check::TargetProblem;
use crate::domain::checkup::ScopeProblem;
use crate::domain::copy_route::RouteProblem;
use crate::domain::location::LocationProblem;
use crate::s3::error::S3Error;
use crate::s3::pages::NoPage;

/// Why a command ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stopped {
    /// No bucket is named.
    #[error("{0}")]
    Place(#[from] LocationProblem),
    /// It cannot be done as it is written.
    #[error("{0}")]
    Usage(#[from] Usage),
    /// The store refused, or was not there.
    #[error("{}", .0.sentence())]
    Store(#[from] S3Error),
    /// What is on its way cannot be written down.
    #[error("{0}")]
    Journal(String),
    /// Nobody takes the answer.
    #[error("The answer could not be written: {0}")]
    Output(#[from] io::Error),
    /// A part of the work ended early.
    #[error("The work broke off: {0}")]
    Broken(#[from] JoinError),
}

/// What was asked for makes no sense, or is not enough.
#[derive(Debug, thiserror::Error)]
pub(super) enum Usage {
    /// The source and the destination do not go together.
    #[error(transparent)]
    Route(#[from] RouteProblem),
    /// A bucket where an object is meant.
    #[error("s3://{0} names a bucket, not an object. Add --recursive to delete everything in it; the bucket stays")]
    Bucket(String),
    /// Much would be deleted, and nobody was asked.
    #[error("{0} needs a yes, and there is no terminal to ask at. Add --yes to do it unasked")]
    Unasked(String),
    /// An old version of many objects.
    #[error("--version-id names one version of one object. Leave --recursive out")]
    VersionOfMany,
    /// What shall be checked names no file.
    #[error("{0}: {1}")]
    NothingToCheck(String, TargetProblem),
    /// What a policy shall be about names no bucket.
    #[error(transparent)]
    Scope(#[from] ScopeProblem),
}

impl From<NoPage> for Stopped {
    fn from(why: NoPage) -> Self {
        match why {
            NoPage::Store(error) => Self::Store(error),
            NoPage::Broken(error) => Self::Broken(error),
        }
    }
}

impl From<RouteProblem> for Stopped {
    fn from(problem: RouteProblem) -> Self {
        Self::Usage(problem.into())
    }
}

/// What an interrupted command ends with, as shells have it: 128 and the number of the signal.
pub(super) const INTERRUPTED: u8 = 130;

/// Whether all that was asked for was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Yes,
    /// What was not is told.
    No,
    /// It could not be told.
    Unknown,
    /// Somebody pressed Ctrl-C; what was done until then is told.
    Interrupted,
}

/// Does the work of a command. Ends with 0 when all was done, 1 when something was not, 2 when no bucket is named or it
/// cannot be done as it is written, 130 when it was interrupted.
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
        Ok(Whole::Unknown) => return ExitCode::from(2),
        Ok(Whole::Interrupted) => return ExitCode::from(INTERRUPTED),
        // Whoever reads the answer has seen enough.
        Err(Stopped::Output(error)) if error.kind() == ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(stopped) => stopped,
    };
    say(&stopped);
    ExitCode::from(if matches!(stopped, Stopped::Place(_) | Stopped::Usage(_)) { 2 } else { 1 })
}

/// Says why a command ended early.
pub(super) fn say(stopped: &Stopped) {
    let said = match stopped {
        // The sentence, and below it what a support desk asks for.
        Stopped::Store(error) => error.details(),
        other => other.to_string(),
    };
    let _ = writeln!(io::stderr(), "{}", plain(&said));
}
