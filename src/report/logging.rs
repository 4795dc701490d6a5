//! Logs: one file a day in the state folder, seven are kept; with `RUST_LOG`, to standard error as well.

use super::scrub;
use crate::store::home::Home;
use std::io::{self, Write};
use std::path::Path;
use tracing::{Level, Metadata, Subscriber};
use tracing_appender::non_blocking::{NonBlocking, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

const KEPT_FILES: usize = 7;
/// What goes into the file: our own doings, and trouble elsewhere.
/// `s3s` calls every refusal that practice storage rightly gives an error.
const FILE_FILTER: &str = "warn,brimful=info,s3s=off";
/// Below warnings these write down requests with their headers.
const TALKATIVE: [&str; 6] = ["aws_", "hyper", "h2", "rustls", "s3s", "reqwest"];

/// Why there are no logs.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The file could not be made.
    #[error("The log file could not be made: {0}")]
    File(#[from] tracing_appender::rolling::InitError),
    /// Logging was started before.
    #[error("Logging is already under way")]
    Twice,
}

/// Writes what is still to be written when it is dropped: keep it until the end of `main`.
#[derive(Debug)]
#[must_use = "logs are lost when it is dropped at once"]
pub struct LogGuard {
    _flushes_when_dropped: WorkerGuard,
}

/// Starts logging for the whole process.
///
/// # Errors
/// When the file cannot be made, or logging was started before.
pub fn start_logging(home: &Home) -> Result<LogGuard, LoggingError> {
    let to_stderr = std::env::var("RUST_LOG").ok().filter(|it| !it.is_empty());
    let (file, guard) = log_file(&home.logs_dir())?;
    let stderr = to_stderr.map(|filter| stderr_layer(&filter));
    Registry::default().with(file_layer(file)).with(stderr).try_init().map_err(|_| LoggingError::Twice)?;
    Ok(LogGuard { _flushes_when_dropped: guard })
}

fn log_file(folder: &Path) -> Result<(NonBlocking, WorkerGuard), LoggingError> {
    // Otherwise the appender complains on the terminal about the folder that it is about to make; where it cannot be
    // made, `build` says so.
    std::fs::create_dir_all(folder).ok();
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("brimful")
        .filename_suffix("log")
        .max_log_files(KEPT_FILES)
        .build(folder)?;
    make_private(folder);
    Ok(tracing_appender::non_blocking(appender))
}

/// The appender makes files as the system likes. The folder is closed to others, which covers those of days to come.
#[cfg_attr(not(unix), expect(unused_variables, reason = "files have no mode bits here"))]
fn make_private(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let set = |path: &Path, mode| drop(std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)));
        set(folder, 0o700);
        for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            set(&file.path(), 0o600);
        }
    }
}

fn file_layer<S: Subscriber + for<'a> LookupSpan<'a>>(
    writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static,
) -> impl Layer<S> {
    fmt::layer().with_ansi(false).with_writer(Sieve(writer)).with_filter(EnvFilter::new(FILE_FILTER))
}

fn stderr_layer<S: Subscriber + for<'a> LookupSpan<'a>>(filter: &str) -> impl Layer<S> + use<S> {
    let filter = EnvFilter::builder().parse_lossy(filter).and(filter_fn(is_discreet));
    fmt::layer().with_ansi(false).with_writer(Sieve(io::stderr)).with_filter(filter)
}

/// Whatever `RUST_LOG` asks for, requests are not written down.
fn is_discreet(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::WARN || !TALKATIVE.iter().any(|name| metadata.target().starts_with(name))
}

/// Passes each line through [`scrub`].
struct Sieve<M>(M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Sieve<M> {
    type Writer = SieveWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        SieveWriter(self.0.make_writer())
    }
}

struct SieveWriter<W>(W);

impl<W: Write> Write for SieveWriter<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // The formatter writes each event at once, so no secret is torn in two.
        self.0.write_all(scrub(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_holds_what_matters_and_no_secret() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path()).unwrap();
        let (file, guard) = log_file(&home.logs_dir()).unwrap();
        tracing::subscriber::with_default(Registry::default().with(file_layer(file)), || {
            tracing::info!(target: "brimful::s3", url = "https://h/a?X-Amz-Signature=5eCreT&x=1", "uploaded");
            tracing::debug!(target: "brimful::s3", "too much");
            tracing::info!(target: "aws_smithy_runtime", "too much");
            tracing::warn!(target: "aws_config", "a profile is broken");
        });
        drop(guard);
        let files: Vec<_> = std::fs::read_dir(home.logs_dir()).unwrap().map(|it| it.unwrap().path()).collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(&files[0]).unwrap();
        assert!(text.contains("uploaded") && text.contains("a profile is broken"), "{text}");
        assert!(!text.contains("5eCreT") && !text.contains("too much"), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&files[0]), mode(&home.logs_dir())), (0o600, 0o700));
        }
    }
}
