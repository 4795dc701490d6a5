//! What `upload`, `download` and `resume` share: the engine with its journal, what it is fed with, and what is said of it.
//!
//! ```text
//! walk or listing, in a task of its own ─► batches ─► engine ─► events ─► a line for each file ─► a sentence
//! ```

mod progress;

use std::sync::Arc;

use serde::Serialize;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use self::progress::Progress;
use super::common::Doing;
use super::end::{Stopped, Whole};
use super::report::{Nouns, Report};
use super::work;
use crate::domain::bandwidth;
use crate::domain::connection::Target;
use crate::domain::format::{counted, parse_size};
use crate::s3::object::crc64_named;
use crate::store::home::Home;
use crate::store::journal::{Journal, JournalError};
use crate::transfer::{
    Bandwidth, BatchId, Engine, Fittings, Keeping, Limits, Order, RowFilter, RowQuery, RowState, RowView, Selection,
    TransferEvent,
};

/// A batch is no larger, so that the first files go while others are still looked for.
pub(super) const BATCH: usize = 1_000;
/// While so many files wait, no more are looked for.
const ENOUGH: usize = 2_500;
/// So the journal knows that a batch was begun by a command; the target follows.
const WAY: &str = "command:";

/// How fast, and in what pieces.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Speed {
    /// Size of the parts of large files, such as 16MiB [default: 8 MiB, more where 10,000 parts are too few]
    #[arg(long, value_name = "SIZE", value_parser = part_size)]
    part_size: Option<u64>,
    /// No faster than so many bytes a second, such as 5MB
    #[arg(long, value_name = "RATE", value_parser = rate)]
    limit_rate: Option<u64>,
}

fn part_size(text: &str) -> Result<u64, String> {
    let size = parse_size(text).ok_or("a size is a number with a unit, such as 16MiB")?;
    // Amazon S3 User Guide, "Amazon S3 multipart upload limits".
    if (5 << 20..=5 << 30).contains(&size) { Ok(size) } else { Err("parts are of 5 MiB to 5 GiB".to_owned()) }
}

fn rate(text: &str) -> Result<u64, String> {
    let text = text.trim().strip_suffix("/s").unwrap_or(text);
    parse_size(text).filter(|rate| *rate > 0).ok_or_else(|| "a rate is bytes a second, such as 5MB or 800kB".to_owned())
}

/// What comes in to be carried.
pub(super) enum Feed<I> {
    /// Files that shall go.
    Batch(Vec<I>),
    /// One that stays as it is, as was asked.
    Skipped(String),
    /// One that cannot go, and why.
    Failed(String, String),
    /// Something to know.
    Note(String),
    /// No more come, for this reason.
    Stopped(Stopped),
}

/// A line about one file.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    state: &'a str,
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checksum: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl<'a> Row<'a> {
    pub(super) fn new(state: &'a str, key: &'a str) -> Self {
        Self {
            state,
            key,
            name: None,
            size: None,
            path: None,
            etag: None,
            checksum: None,
            version_id: None,
            verified: None,
            error: None,
        }
    }

    fn because(state: &'a str, key: &'a str, error: &'a str) -> Self {
        Self { error: Some(error), ..Self::new(state, key) }
    }
}

/// The engine at work for a command.
pub(super) struct Carrier {
    pub(super) engine: Engine,
    journal: Journal,
    events: mpsc::UnboundedReceiver<TransferEvent>,
    report: Report,
    progress: Progress,
    doing: Doing,
    verb: &'static str,
    interrupt: CancellationToken,
}

impl Carrier {
    /// Opens the journal and starts the engine. `verb` is what is done, such as "uploaded".
    ///
    /// # Errors
    /// The journal cannot be opened.
    pub(super) fn start(doing: Doing, speed: Speed, way: String, verb: &'static str) -> Result<Self, Stopped> {
        let home = Home::find().map_err(|error| Stopped::Journal(error.to_string()))?;
        let (journal, notice) = Journal::open(&home).map_err(|error| Stopped::Journal(error.to_string()))?;
        let report = Report::new(doing, Nouns::FILES);
        if let Some(notice) = notice {
            report.note(&notice.sentence());
        }
        let usual = Limits::default();
        let limits = Limits {
            files: doing.at_once(u16::try_from(usual.files).unwrap_or(u16::MAX)),
            part_bytes: speed.part_size.unwrap_or(usual.part_bytes),
            ..usual
        };
        let bandwidth = Bandwidth::default();
        bandwidth.set(bandwidth::Limits { upload: speed.limit_rate, download: speed.limit_rate });
        let way: Arc<str> = way.into();
        let keeping = Keeping { journal: journal.clone(), way: Arc::new(move |_| way.to_string()) };
        let fittings = Fittings { limits, keeping: Some(keeping), bandwidth };
        let engine = Engine::fitted(Handle::current(), Arc::new(|| {}), fittings);
        let (sender, events) = mpsc::unbounded_channel();
        let quiet = doing.quiet;
        engine.listen(move |event| {
            if !(quiet && matches!(event, TransferEvent::Finished { .. })) {
                // Nobody listens any more when the command is at its end.
                let _ = sender.send(event);
            }
        });
        let progress = Progress::new(doing);
        Ok(Self { engine, journal, events, report, progress, doing, verb, interrupt: work::interruptible() })
    }

    /// What a command that goes on later needs to know to reach the store again.
    pub(super) fn way(target: &Target) -> String {
        format!("{WAY}{}", serde_json::to_string(target).unwrap_or_default())
    }

    /// The store of a way that a command wrote.
    pub(super) fn target(way: &str) -> Option<Target> {
        serde_json::from_str(way.strip_prefix(WAY)?).ok()
    }

    pub(super) fn is_command(way: &str) -> bool {
        way.starts_with(WAY)
    }

    /// What commands left behind that are no longer there.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub(super) async fn left_behind(&self) -> Result<Vec<crate::store::journal::KeptBatch>, Stopped> {
        let (sender, kept) = oneshot::channel();
        self.journal.adopt(Self::is_command, move |found| drop(sender.send(found)));
        let found = kept.await.unwrap_or(Err(JournalError::Closed));
        found.map_err(|error| Stopped::Journal(error.to_string()))
    }

    pub(super) fn note(&self, text: &str) {
        self.report.note(text);
    }

    /// Carries what comes in, until no more comes and all of it has ended.
    ///
    /// # Errors
    /// Why no more came, or what was said could not be written.
    pub(super) async fn carry<I>(
        mut self,
        mut feed: mpsc::Receiver<Feed<I>>,
        add: impl Fn(&Engine, Vec<I>) -> BatchId,
        line: impl Fn(&I) -> (String, u64),
    ) -> Result<Whole, Stopped> {
        let (mut open, mut stopped) = (true, None);
        let mut batches = 0usize;
        let mut look = tokio::time::interval(progress::EVERY);
        while open || batches > 0 {
            tokio::select! {
                biased;
                () = self.interrupt.cancelled() => return self.interrupted(feed).await,
                Some(event) = self.events.recv() => {
                    if self.told(event) {
                        batches -= 1;
                    }
                }
                fed = feed.recv(), if open && self.engine.open_count() < ENOUGH => match fed {
                    Some(Feed::Batch(items)) if self.doing.dry_run => {
                        for (key, size) in items.iter().map(&line) {
                            let row = Row { size: Some(size), ..Row::new("planned", &key) };
                            self.report.done(size, &format!("would be {}: {}", self.verb, super::plain::one_line(&key)), &row);
                        }
                    }
                    Some(Feed::Batch(items)) => {
                        batches += 1;
                        add(&self.engine, items);
                    }
                    Some(Feed::Skipped(key)) => self.skipped(&key),
                    Some(Feed::Failed(what, why)) => self.report.failed(&what, &why, &Row::because("failed", &what, &why)),
                    Some(Feed::Note(text)) => self.report.note(&text),
                    Some(Feed::Stopped(why)) => (open, stopped) = (false, Some(why)),
                    None => open = false,
                },
                _ = look.tick(), if self.progress.is_shown() => self.progress.show(&self.engine.snapshot()),
            }
        }
        self.progress.clear();
        match stopped {
            Some(why) if self.report.is_empty() => Err(why),
            stopped => {
                let whole = self.report.end(self.verb, false);
                stopped.map_or(whole, Err)
            }
        }
    }

    /// Takes an event in; whether it was the end of a batch.
    fn told(&mut self, event: TransferEvent) -> bool {
        match event {
            TransferEvent::Finished { id, .. } => {
                if let Some(row) = self.engine.row(id) {
                    self.arrived(&row);
                }
                false
            }
            TransferEvent::NotKept { why, .. } => {
                self.report.note(&format!("{why}. If this is interrupted, it cannot be resumed"));
                false
            }
            TransferEvent::BatchEnded { batch, done, failed, conflicts, bytes, .. } => {
                if self.doing.quiet {
                    self.report.counted(done as u64, bytes);
                }
                if failed + conflicts > 0 {
                    self.not_arrived(batch);
                }
                // What has arrived needs no memory.
                self.engine.clear_batch(batch);
                true
            }
        }
    }

    fn arrived(&mut self, row: &RowView) {
        let RowState::Done { written, verified, saved_as, .. } = &row.state else { return };
        self.progress.clear();
        let path = saved_as.as_ref().map(|path| path.display().to_string());
        let told = Row {
            name: Some(&row.name),
            size: Some(row.size_bytes),
            path,
            etag: written.etag.as_deref(),
            checksum: written.crc64.as_deref().map(crc64_named),
            version_id: written.version_id.as_deref(),
            verified: Some(*verified),
            ..Row::new(self.verb, &row.key)
        };
        let text = format!("{}: {}", self.verb, super::plain::one_line(&row.key));
        self.report.done(row.size_bytes, &text, &told);
    }

    fn not_arrived(&mut self, batch: BatchId) {
        let query = RowQuery {
            filter: RowFilter::Attention,
            batch: Some(batch),
            order: Order::Asked,
            range: 0..usize::MAX,
            ..RowQuery::default()
        };
        self.progress.clear();
        for row in self.engine.rows(&query).rows {
            match &row.state {
                RowState::Failed { error } => {
                    let why = error.sentence();
                    self.report.failed(&row.name, &why, &Row::because("failed", &row.key, &why));
                }
                RowState::Conflict => self.skipped(&row.key),
                _ => {}
            }
        }
    }

    fn skipped(&mut self, key: &str) {
        self.progress.clear();
        let text = format!("skipped, the name is taken: {}", super::plain::one_line(key));
        self.report.skipped(&text, &Row::new("skipped", key));
    }

    /// Stops where nothing is lost; the journal knows the rest.
    async fn interrupted<I>(mut self, feed: mpsc::Receiver<Feed<I>>) -> Result<Whole, Stopped> {
        drop(feed);
        self.progress.clear();
        self.engine.pause(&Selection::All);
        let held = async {
            while self.engine.snapshot().totals.running > 0 {
                tokio::time::sleep(progress::EVERY).await;
            }
        };
        // What does not stop in time is gone on with as after a crash.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(10), held).await;
        while let Ok(event) = self.events.try_recv() {
            self.told(event);
        }
        let left = self.engine.open_count();
        if left > 0 {
            let files = counted(left as u64, "file is", "files are");
            self.report.note(&format!("{files} left. Go on with: brimful resume"));
        }
        self.report.end(self.verb, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("5MiB", true; "the least")]
    #[test_case("5GiB", true; "the most")]
    #[test_case("4MiB", false; "too small")]
    #[test_case("6GiB", false; "too large")]
    fn parts_keep_to_the_limits(text: &str, good: bool) {
        assert_eq!(part_size(text).is_ok(), good);
    }

    #[test_case("5MB/s", Some(5_000_000); "with the second")]
    #[test_case("0", None; "nothing at all")]
    fn rates(text: &str, expected: Option<u64>) {
        assert_eq!(rate(text).ok(), expected);
    }

    #[test]
    fn a_way_leads_back() {
        let target = Target::Practice;
        assert_eq!(Carrier::target(&Carrier::way(&target)), Some(target));
        assert_eq!((Carrier::target("saved:x"), Carrier::is_command("saved:x")), (None, false));
    }
}
