//! A panic leaves a readable file; a task that panicked becomes an error instead of a dead window.

use super::scrub;
use crate::store::home::Home;
use futures_util::FutureExt as _;
use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, PanicHookInfo};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Older reports make room.
const KEPT_REPORTS: usize = 20;
/// Something that panics again and again says nothing new after this many times.
const REPORTS_A_RUN: usize = 50;

type Listener = Arc<dyn Fn() + Send + Sync>;

static NOTES: Mutex<Vec<PanicNote>> = Mutex::new(Vec::new());
static LISTENER: Mutex<Option<Listener>> = Mutex::new(None);
static WRITTEN: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// The report of this thread's last panic, for whoever catches it.
    static LAST: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// A panic that happened somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanicNote {
    /// What the code said, without secrets.
    pub message: String,
    /// The name of the thread.
    pub thread: String,
    /// The report, if it could be written.
    pub report: Option<PathBuf>,
}

/// A task ended by a panic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This stopped because of a mistake in Brimful ({message}){}", in_file(report.as_deref()))]
pub struct TaskPanicked {
    /// What the code said, without secrets.
    pub message: String,
    /// The report, if one was written.
    pub report: Option<PathBuf>,
}

fn in_file(report: Option<&Path>) -> String {
    report.map_or_else(String::new, |path| format!(". What is known of it is in {}", path.display()))
}

/// From now on every panic of any thread is written to a report in the state folder, and noted for [`take_panics`].
/// The hook that was there before still runs.
pub fn install_panic_hook(home: &Home) {
    let folder = home.reports_dir();
    let previous = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        note(&folder, info);
        previous(info);
    }));
}

/// Calls back after each panic, from the thread that panicked: to wake the window.
pub fn on_panic(listener: impl Fn() + Send + Sync + 'static) {
    *lock(&LISTENER) = Some(Arc::new(listener));
}

/// Takes the panics since the last time, oldest first.
#[must_use]
pub fn take_panics() -> Vec<PanicNote> {
    std::mem::take(&mut *lock(&NOTES))
}

/// Runs a future to its end; a panic in it becomes an error.
///
/// # Errors
/// When the future panicked.
pub async fn catch<F: Future>(future: F) -> Result<F::Output, TaskPanicked> {
    AssertUnwindSafe(future).catch_unwind().await.map_err(|payload| TaskPanicked {
        message: message_of(payload.as_ref()),
        // The hook ran on this thread, within this very poll.
        report: LAST.with_borrow_mut(Option::take),
    })
}

fn message_of(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned());
    scrub(&text.unwrap_or_else(|| "no message".to_owned())).into_owned()
}

fn note(folder: &Path, info: &PanicHookInfo<'_>) {
    let message = scrub(info.payload_as_str().unwrap_or("no message")).into_owned();
    let thread = std::thread::current().name().unwrap_or("without a name").to_owned();
    let place = info.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    let report = if WRITTEN.fetch_add(1, Relaxed) < REPORTS_A_RUN {
        let text = report_text(&message, &thread, &place, &Backtrace::force_capture().to_string());
        write_report(folder, &text)
    } else {
        None
    };
    tracing::error!(%message, %thread, %place, report = ?report, "panic");
    LAST.with_borrow_mut(|last| last.clone_from(&report));
    let mut notes = lock(&NOTES);
    if notes.len() < REPORTS_A_RUN {
        notes.push(PanicNote { message, thread, report });
    }
    drop(notes);
    let listener = lock(&LISTENER).clone();
    if let Some(listener) = listener {
        listener();
    }
}

fn report_text(message: &str, thread: &str, place: &str, backtrace: &str) -> String {
    let mut text = String::new();
    let lines = [
        ("Time", jiff::Timestamp::now().to_string()),
        ("Version", env!("CARGO_PKG_VERSION").to_owned()),
        ("System", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("Thread", thread.to_owned()),
        ("Place", place.to_owned()),
        ("Message", message.to_owned()),
    ];
    text.push_str("Brimful came upon a mistake of its own. Nothing of this was sent anywhere.\n\n");
    for (name, value) in lines {
        text.push_str(&format!("{name:<8} {value}\n"));
    }
    text.push_str("\nBacktrace\n");
    text.push_str(&scrub(backtrace));
    text
}

/// Writes a report that only its owner may read, and says where.
fn write_report(folder: &Path, text: &str) -> Option<PathBuf> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).ok()?;
    let stamp = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%S%6fZ").to_string();
    // tempfile makes the file with 0600 on Unix, under a name nobody else has.
    let mut file = tempfile::Builder::new()
        .prefix(&format!("panic-{stamp}-"))
        .suffix(".txt")
        .rand_bytes(4)
        .tempfile_in(folder)
        .ok()?;
    file.write_all(text.as_bytes()).ok()?;
    let path = file.into_temp_path().keep().ok()?;
    throw_away_old(folder);
    Some(path)
}

fn throw_away_old(folder: &Path) {
    let Ok(files) = std::fs::read_dir(folder) else { return };
    let mut reports: Vec<PathBuf> = files
        .flatten()
        .map(|it| it.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("panic-")))
        .collect();
    // Their names begin with the time.
    reports.sort();
    let surplus = reports.len().saturating_sub(KEPT_REPORTS);
    for old in &reports[..surplus] {
        drop(std::fs::remove_file(old));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hook belongs to the whole process, so one test tells its whole story.
    #[tokio::test]
    async fn a_panic_leaves_a_report_and_an_error_on_screen() {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path()).unwrap();
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        on_panic(move || {
            count.fetch_add(1, Relaxed);
        });
        install_panic_hook(&home);
        let caught = catch(async {
            tokio::task::yield_now().await;
            panic!("no such row: X-Amz-Signature=5eCreT");
        });
        let error = Box::pin(caught).await.map(|()| "went on").unwrap_err();
        drop(std::panic::take_hook());
        *lock(&LISTENER) = None;

        assert_eq!(error.message, "no such row: X-Amz-Signature=(hidden)");
        let path = error.report.clone().unwrap();
        assert!(error.to_string().ends_with(&format!("What is known of it is in {}", path.display())));
        let text = std::fs::read_to_string(&path).unwrap();
        for part in [env!("CARGO_PKG_VERSION"), "no such row", "panic.rs:", "Backtrace"] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert!(!text.contains("5eCreT"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        // Tests beside this one may panic on purpose meanwhile.
        assert!(woken.load(Relaxed) >= 1);
        assert!(take_panics().iter().any(|it| it.report.as_ref() == Some(&path)));
    }

    #[tokio::test]
    async fn what_does_not_panic_comes_through() {
        assert_eq!(catch(async { 7 }).await, Ok(7));
    }

    #[test]
    fn only_the_newest_reports_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let paths: Vec<_> = (0..25).map(|n| write_report(dir.path(), &format!("{n}")).unwrap()).collect();
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), KEPT_REPORTS);
        assert!(!paths[0].exists() && paths[24].exists());
    }
}
