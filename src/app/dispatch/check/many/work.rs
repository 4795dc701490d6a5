//! The work of a run, away from the window.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::domain::location::Location;
use crate::domain::verify::{Expectations, Group, Totals};
use crate::model::Trouble;
use crate::model::check::many::{Wanted, WantedAsked, WantedWhat};
use crate::model::trouble::WayOut;
use crate::s3::store::Store;
use crate::store::verification::Results;
use crate::verify::source::{Names, Source, Way};
use crate::verify::{Plan, Progress, Thumbs, VerifyError, compare, run_all};
use crate::worker::{Crashed as _, WakeSlot};

/// The window is told of progress so often, and it is looked whether anybody answers.
const WATCH: Duration = Duration::from_millis(250);
/// Where so many files in a row were not answered for, and none was, nobody is there.
const SILENCE: u64 = 16;

/// What is to be done.
pub(super) struct Job {
    pub(super) wanted: Wanted,
    pub(super) bucket: String,
    pub(super) expectations: Arc<Expectations>,
    pub(super) store: Store,
    pub(super) results: Arc<Results>,
    pub(super) progress: Arc<Progress>,
    pub(super) stop: CancellationToken,
    pub(super) has_earlier: bool,
    pub(super) resumes: bool,
    pub(super) now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub(super) wake: Arc<WakeSlot>,
}

/// How a run that came to its end ended.
#[derive(Debug)]
pub(super) struct End {
    pub(super) at: Timestamp,
    pub(super) took: Duration,
    pub(super) totals: Totals,
}

impl Job {
    /// Does it. Nothing where it was halted.
    pub(super) async fn run(self) -> Result<Option<End>, Trouble> {
        let begun = Instant::now();
        let (source, names) = self.source();
        let plan = Plan {
            expectations: Arc::clone(&self.expectations),
            signed: (self.wanted.asked == WantedAsked::SignedIn).then(|| self.store.clone()),
            concurrency: None,
            requests_per_sec: self.wanted.rate,
            thumbs: Thumbs::AllDecoded,
            resumes: self.resumes,
        };
        let (results, progress) = (Arc::clone(&self.results), Arc::clone(&self.progress));
        let mut run = Box::pin(run_all(plan, source, names, results, progress, self.stop.clone()));
        let mut watch = tokio::time::interval(WATCH);
        let (mut told, mut is_silent) = (0, false);
        let is_whole = loop {
            tokio::select! {
                is_whole = &mut run => break is_whole?,
                _ = watch.tick() => {
                    let done = self.progress.done.load(Ordering::Relaxed);
                    if std::mem::replace(&mut told, done) != done {
                        self.wake.wake();
                    }
                    if self.asks_one_host() && done >= SILENCE && self.is_silent() && !self.stop.is_cancelled() {
                        is_silent = true;
                        self.stop.cancel();
                    }
                }
            }
        };
        drop(run);
        if is_silent || (is_whole && self.is_silent()) {
            return Err(self.silence().await?);
        }
        if !is_whole {
            return Ok(None);
        }
        let end = tokio::task::spawn_blocking(move || self.end(begun)).await;
        let end = end.map_err(|error| Trouble::crashed(error.to_string()))?;
        Ok(Some(end?))
    }

    fn source(&self) -> (Source, Names) {
        let bucket = self.bucket.clone();
        let below = |path: &str| Location { bucket: bucket.clone(), path: path.to_owned(), region: None };
        let mut pages_wanted = false;
        let source = match &self.wanted.what {
            WantedWhat::Prefix(prefix) => Source::Prefix(below(prefix)),
            WantedWhat::Chosen(keys) => Source::Keys(bucket.clone(), keys.clone()),
            WantedWhat::List(path) => Source::of_list(path.clone()),
            WantedWhat::Sitemap { place, pages } => {
                pages_wanted = *pages;
                Source::of_sitemap(place)
            }
        };
        let host = match &self.wanted.asked {
            WantedAsked::Front(front) => Some(front.clone()),
            WantedAsked::Anyone | WantedAsked::SignedIn => None,
        };
        let names = Names { host, keys_in: Some(below("")), pages: pages_wanted, way: Way::Open(self.store.clone()) };
        (source, names)
    }

    /// Where several hosts are asked, another one may answer.
    fn asks_one_host(&self) -> bool {
        let in_bucket = matches!(self.wanted.what, WantedWhat::Prefix(_) | WantedWhat::Chosen(_));
        in_bucket || matches!(self.wanted.asked, WantedAsked::Front(_))
    }

    /// Nobody has answered for any file.
    fn is_silent(&self) -> bool {
        let done = self.progress.done.load(Ordering::Relaxed);
        done > 0 && self.progress.unanswered.load(Ordering::Relaxed) == done
    }

    /// Why nobody answers, in the words of a file that was asked for.
    async fn silence(&self) -> Result<Trouble, Trouble> {
        let results = Arc::clone(&self.results);
        let first = tokio::task::spawn_blocking(move || results.shown(Group::Unknown, "", 0, 1)).await;
        let first = first.map_err(|error| Trouble::crashed(error.to_string()))?.map_err(VerifyError::from)?;
        let why = first.first().and_then(|entry| entry.row.findings.first()).map(|finding| finding.sentence.clone());
        let sentence = why.unwrap_or_else(|| "No file was answered for".to_owned());
        Ok(Trouble::new(sentence, WayOut::Retry))
    }

    /// Compares, and writes down that it is at its end.
    fn end(&self, begun: Instant) -> Result<End, VerifyError> {
        compare(&self.results, &self.expectations, self.has_earlier)?;
        let (at, took) = ((self.now)(), begun.elapsed());
        self.results.end(at, took)?;
        Ok(End { at, took, totals: self.results.totals("")? })
    }
}
