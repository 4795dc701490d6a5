//! Brimful: from nothing to images safely stored and shown on the web.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use brimful::cli::{check, checkup, cp, download, exposure, ls, policy, resume, rm, upload, uploads, verify};
use brimful::practice::command as practice;
use brimful::store::home::Home;
use brimful::{app, report};
use clap::{Parser, Subcommand};

#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// From nothing to images safely stored and shown on the web.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve practice storage, a local S3, until Ctrl-C
    Practice(practice::Args),
    /// List buckets, and what is in one
    ///
    /// Folders come first, then files with their time (UTC) and size. Ends with 0 when all was listed, with 1 when the
    /// listing was refused or broke off, and with 2 when the place names no bucket.
    Ls(ls::Args),
    /// Upload files and folders
    ///
    /// What is on its way is written down: after Ctrl-C, a crash or a power cut `brimful resume` goes on where it stopped.
    /// Nothing that is there is replaced unless --if-exists says so. Ends with 0 when all was uploaded or skipped as asked,
    /// with 1 when something was not (each is named), with 2 when it cannot be done as it is written, and with 130 when it
    /// was interrupted.
    Upload(upload::Args),
    /// Download an object, or everything in a folder
    ///
    /// A file gets its name when it is whole and its checksum holds. Ends as upload does.
    Download(download::Args),
    /// Go on with uploads and downloads that were interrupted
    ///
    /// Ends with 0 when all is done, with 1 when something was not, and with 130 when it was interrupted again.
    Resume(resume::Args),
    /// List uploads in parts that were never finished, and call off old ones
    ///
    /// Ends with 0 when all was done, with 1 when something was not (each is named), and with 2 when the place names no
    /// bucket.
    Uploads(uploads::Args),
    /// Copy an object, or everything beneath a prefix, inside a store
    ///
    /// Headers, metadata, tags and storage class go along; access lists and locks stay behind. What is there is not replaced
    /// unless --if-exists says so. Ends with 0 when all was copied or skipped as asked, with 1 when something was not (each
    /// is named), with 2 when it cannot be done as it is written, and with 130 when it was interrupted: what is under way is
    /// brought to its end and told.
    Cp(cp::CopyArgs),
    /// Move an object, or everything beneath a prefix, inside a store
    ///
    /// Copies as cp does, and deletes each source once its copy is proven to be the same; in a bucket that keeps versions
    /// the source is hidden, and its versions stay. More than one is moved only after a yes at the terminal, or with
    /// --yes. Ends as cp does, with 1 also when it was not agreed to, with 2 when nobody could be asked.
    Mv(cp::MoveArgs),
    /// Delete an object, or everything beneath a prefix
    ///
    /// In a bucket that keeps versions objects are hidden, and --versions deletes them for good. More than one is deleted
    /// only after a yes at the terminal, or with --yes. Ends with 0 when all was deleted, with 1 when something was not
    /// (each is named), was not there or was not agreed to, with 2 when nobody could be asked or the place names no object,
    /// and with 130 when it was interrupted: what is under way is brought to its end and told.
    Rm(rm::Args),
    /// Say whether anyone can see a file, why not, and what would mend it
    ///
    /// Reads settings and asks without sign-in; nothing is changed. Ends with 0 when every target is as --intend says, with
    /// 1 when one is not, and with 2 when it cannot be told or a target names no file.
    Check(check::Args),
    /// Say what this sign-in can and cannot do, bucket by bucket
    ///
    /// Asks only what changes nothing; what would write is predicted from the bucket's policy and settings. With --policy it
    /// prints the least IAM policy for what somebody shall be able to do instead. Ends with 0 when nothing was refused that was
    /// tried, with 1 when something was, and with 2 when it could not be asked or a place names no bucket.
    Checkup(checkup::Args),
    /// Hold many files against what is expected of them
    ///
    /// Files of a bucket, a list or a sitemap are asked for as a stranger asks, or with a sign-in, and held against the rules
    /// of a file in TOML: who may see them, their type, their size in pixels and bytes, how long they are kept, and more.
    /// Reports are written as HTML, CSV, JSON and JUnit. Ends with 0 when all is as expected, with 1 when something is not,
    /// with 2 when something could not be told or it cannot be done as it is written, and with 130 when it was interrupted:
    /// --resume goes on.
    Verify(verify::Args),
    /// Tell which buckets strangers get into, the worst first
    ///
    /// Predicted from what the store lets be read of Block Public Access, Object Ownership, access lists and policies; no
    /// file is asked for. Ends with 0 when no bucket lets strangers in, with 1 when one does, and with 2 when it could not be
    /// told of one.
    Exposure(exposure::Args),
    /// Check, explain, tidy or ask a bucket policy
    Policy(policy::Args),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Some(Command::Practice(args)) => practice::run(args),
        Some(Command::Ls(args)) => ls::run(&args),
        Some(Command::Upload(args)) => upload::run(&args),
        Some(Command::Download(args)) => download::run(&args),
        Some(Command::Resume(args)) => resume::run(&args),
        Some(Command::Uploads(args)) => uploads::run(&args),
        Some(Command::Cp(args)) => cp::run_copy(&args),
        Some(Command::Mv(args)) => cp::run_move(&args),
        Some(Command::Rm(args)) => rm::run(&args),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Checkup(args)) => checkup::run(&args),
        Some(Command::Verify(args)) => verify::run(&args),
        Some(Command::Exposure(args)) => exposure::run(&args),
        Some(Command::Policy(args)) => policy::run(&args),
        None => match window() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                tell(error.as_ref());
                ExitCode::FAILURE
            }
        },
    }
}

fn window() -> Result<(), Box<dyn Error>> {
    let home = Home::find()?;
    // Kept until the end, so that the last lines of the log are written.
    let _logging = report::start_logging(&home)?;
    report::install_panic_hook(&home);
    app::window::run(home)?;
    Ok(())
}

/// The error and what lies beneath it, one line each.
fn tell(error: &dyn Error) {
    let mut stderr = std::io::stderr();
    let _ = writeln!(stderr, "{error}");
    for cause in std::iter::successors(error.source(), |&cause| cause.source()) {
        let _ = writeln!(stderr, "  because: {cause}");
    }
}
