//! Runs: begun anew or once more, held, ended, gone on with.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use tokio_util::sync::CancellationToken;

use super::work::{self, End};
use super::{Left, Report, event, many, tell, view};
use crate::app::core::Core;
use crate::domain::connection::ConnectionId;
use crate::domain::object_key::encode_path;
use crate::domain::verify::parse;
use crate::model::Trouble;
use crate::model::check::many::{Form, Page, Run, RunState, Side, Wanted};
use crate::model::permissions::BucketKey;
use crate::model::trouble::WayOut;
use crate::s3::store::Store;
use crate::store::verification::Results;
use crate::verify::{Progress, VerifyError, remember};
use crate::worker::Crashed as _;

/// What a run needs beyond the model.
pub(super) struct Live {
    pub(super) results: Arc<Results>,
    pub(super) view: view::Reading,
    store: Option<Store>,
    progress: Arc<Progress>,
    stop: CancellationToken,
    begun: Instant,
    /// Files that had a result before it went on.
    before: u64,
}

impl Live {
    fn of(results: Arc<Results>) -> Self {
        Self {
            results,
            view: view::Reading::default(),
            store: None,
            progress: Arc::default(),
            stop: CancellationToken::new(),
            begun: Instant::now(),
            before: 0,
        }
    }

    /// Ends what is under way.
    pub(super) fn halt(&self) {
        self.stop.cancel();
    }
}

/// How a run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// What there is is forgotten.
    Anew,
    /// What there is is compared with.
    Again,
    /// What there is stays.
    GoesOn,
}

/// Ready to be begun.
#[derive(Debug)]
pub(super) struct Prepared {
    results: Arc<Results>,
    has_earlier: bool,
    before: u64,
}

/// Where the results of a connection's buckets are kept.
pub(super) fn folder(core: &Core, connection: ConnectionId) -> PathBuf {
    core.home.checks_dir().join(connection.to_string())
}

/// Where the results of a bucket are kept.
pub(super) fn file(core: &Core, key: &BucketKey) -> PathBuf {
    folder(core, key.connection).join(format!("{}.sqlite", encode_path(&key.bucket)))
}

/// Takes in what an earlier session left behind.
pub(super) fn found(core: &mut Core, key: &BucketKey, left: Option<Left>) {
    let Some(Left { results, run, done }) = left else { return };
    // One of a version that wrote it otherwise is begun anew.
    let Ok(wanted) = serde_json::from_str::<Wanted>(&run.purpose) else { return };
    core.parts.generation += 1;
    let number = core.parts.generation;
    let many = many(core, key);
    if many.run.is_some() {
        return;
    }
    if many.form == Form::default() {
        (many.form, many.chosen, many.loaded) = Form::of(&wanted);
        many.side = Side::Results;
        many.number += 1;
    }
    let state = match run.ended {
        Some(at) => RunState::Ended { at, took: run.took },
        None => RunState::Stopped,
    };
    let has_earlier = run.has_earlier;
    many.run = Some(Run { number, wanted, scheduled: false, has_earlier, state, done, rate: 0.0 });
    let live = Live { before: done, ..Live::of(results) };
    core.parts.check.many.live.insert(key.clone(), live);
}

/// Begins, and forgets what was found before.
pub(super) fn anew(core: &mut Core, key: &BucketKey, wanted: Wanted) {
    prepare(core, key, wanted, How::Anew, false);
}

/// Checks the same once more: by itself to be compared with what was found, for a person so that all of it is seen.
pub(super) fn again(core: &mut Core, key: &BucketKey, scheduled: bool) {
    let run = many(core, key).run.as_ref().filter(|run| !run.state.is_busy());
    if let Some(wanted) = run.map(|run| run.wanted.clone()) {
        prepare(core, key, wanted, if scheduled { How::Again } else { How::Anew }, scheduled);
    }
}

/// Goes on where it was halted.
pub(super) fn go_on(core: &mut Core, key: &BucketKey) {
    let run = many(core, key).run.as_ref().filter(|run| run.state.can_go_on());
    if let Some((wanted, scheduled)) = run.map(|run| (run.wanted.clone(), run.scheduled)) {
        prepare(core, key, wanted, How::GoesOn, scheduled);
    }
}

fn prepare(core: &mut Core, key: &BucketKey, wanted: Wanted, how: How, scheduled: bool) {
    let path = file(core, key);
    core.parts.generation += 1;
    let number = core.parts.generation;
    let kept = core.parts.check.many.live.get(key).map(|live| Arc::clone(&live.results));
    let many = many(core, key);
    let has_earlier = how == How::GoesOn && many.run.as_ref().is_some_and(|run| run.has_earlier);
    let done = many.run.as_ref().filter(|_| how == How::GoesOn).map_or(0, |run| run.done);
    if how != How::GoesOn {
        many.view.page = Page::default();
    }
    if !scheduled {
        many.side = Side::Results;
    }
    let purpose = serde_json::to_string(&wanted).unwrap_or_default();
    let baseline = wanted.baseline.clone();
    many.run = Some(Run { number, wanted, scheduled, has_earlier, state: RunState::Starting, done, rate: 0.0 });
    let work = move || -> Result<Prepared, VerifyError> {
        let results = kept.map_or_else(|| Results::open(&path).map(Arc::new), Ok)?;
        let has_earlier = match how {
            How::Anew => {
                results.begin(&purpose, baseline.is_some())?;
                if let Some(report) = &baseline {
                    remember(&results, report)?;
                }
                baseline.is_some()
            }
            How::Again => results.begin_again()?,
            How::GoesOn => {
                results.forget_unanswered()?;
                // The report may be what it broke off at.
                if let Some(report) = baseline.filter(|_| !scheduled && results.count().is_ok_and(|count| count == 0)) {
                    remember(&results, &report)?;
                }
                results.run()?.is_some_and(|run| run.has_earlier)
            }
        };
        let before = results.count()?;
        Ok(Prepared { results, has_earlier, before })
    };
    let (key, crashed) = (key.clone(), key.clone());
    core.worker.job(
        async move {
            let outcome = match tokio::task::spawn_blocking(work).await {
                Ok(outcome) => outcome.map_err(Trouble::from),
                Err(error) => Err(Trouble::crashed(error.to_string())),
            };
            event(key, Report::Prepared(number, outcome))
        },
        move |text| event(crashed, Report::Prepared(number, Err(Trouble::crashed(text)))),
    );
}

/// Begins what was prepared.
pub(super) fn prepared(core: &mut Core, key: &BucketKey, number: u64, outcome: Result<Prepared, Trouble>) {
    let Some(Prepared { results, has_earlier, before }) = taken(core, key, number, outcome) else { return };
    let earlier = core.parts.check.many.live.remove(key);
    let here = core.model.session.as_ref().is_some_and(|session| session.connection.id == key.connection);
    let store = core.store.clone().filter(|_| here).or_else(|| earlier.and_then(|live| live.store));
    let now = Arc::clone(&core.deps.now);
    let wake = core.worker.wake_slot();
    let many = many(core, key);
    let Some(run) = &mut many.run else { return };
    let parsed = parse(&run.wanted.expectations);
    let (Some(store), Ok(expectations)) = (store, parsed) else {
        let sentence = "Open the connection again that this was checked with, and go on there";
        run.state = RunState::Failed(Box::new(Trouble::new(sentence, WayOut::Retry)));
        return;
    };
    (run.has_earlier, run.done) = (has_earlier, before);
    // It may have been halted before it began.
    let halted = matches!(run.state, RunState::Halting { .. });
    if !halted {
        run.state = RunState::Going;
    }
    let live = Live { store: Some(store.clone()), before, ..Live::of(Arc::clone(&results)) };
    if halted {
        live.stop.cancel();
    }
    let job = work::Job {
        wanted: run.wanted.clone(),
        bucket: key.bucket.clone(),
        expectations: Arc::new(expectations),
        store,
        results,
        progress: Arc::clone(&live.progress),
        stop: live.stop.clone(),
        has_earlier,
        resumes: before > 0,
        now,
        wake,
    };
    core.parts.check.many.live.insert(key.clone(), live);
    let (key, crashed) = (key.clone(), key.clone());
    core.worker.job(async move { event(key, Report::Ended(number, Box::pin(job.run()).await)) }, move |text| {
        event(crashed, Report::Ended(number, Err(Trouble::crashed(text))))
    });
}

/// What a report brings, where it is about the run on screen; a failure becomes the state of that.
fn taken<T>(core: &mut Core, key: &BucketKey, number: u64, outcome: Result<T, Trouble>) -> Option<T> {
    let run = many(core, key).run.as_mut().filter(|run| run.number == number)?;
    match outcome {
        Ok(found) => Some(found),
        Err(trouble) => {
            run.state = RunState::Failed(Box::new(trouble));
            tell::failed(core, key);
            None
        }
    }
}

/// Holds it, or ends it.
pub(super) fn halt(core: &mut Core, key: &BucketKey, pauses: bool) {
    let many = core.model.check.many.all.get_mut(key);
    let Some(run) = many.and_then(|many| many.run.as_mut()) else { return };
    match run.state {
        RunState::Starting | RunState::Going | RunState::Halting { .. } => {
            run.state = RunState::Halting { pauses };
            if let Some(live) = core.parts.check.many.live.get(key) {
                live.halt();
            }
        }
        RunState::Paused if !pauses => run.state = RunState::Stopped,
        RunState::Paused | RunState::Stopped | RunState::Ended { .. } | RunState::Failed(_) => {}
    }
}

/// It came to its end, or to a halt.
pub(super) fn ended(core: &mut Core, key: &BucketKey, number: u64, outcome: Result<Option<End>, Trouble>) {
    tick(core);
    view::stale(core, key);
    let Some(end) = taken(core, key, number, outcome) else { return };
    let Some(run) = &mut many(core, key).run else { return };
    run.state = match end {
        Some(End { at, took, .. }) => RunState::Ended { at, took },
        None if matches!(run.state, RunState::Halting { pauses: true }) => RunState::Paused,
        None => RunState::Stopped,
    };
    if let Some(end) = end {
        tell::ended(core, key, &end.totals);
    }
}

/// Takes the counts of runs over, once a frame.
pub(super) fn tick(core: &mut Core) {
    for (key, live) in &core.parts.check.many.live {
        let Some(run) = core.model.check.many.all.get_mut(key).and_then(|many| many.run.as_mut()) else { continue };
        if matches!(run.state, RunState::Going | RunState::Halting { .. }) {
            let done = live.progress.done.load(Ordering::Relaxed);
            run.done = live.before + done;
            run.rate = done as f64 / live.begun.elapsed().as_secs_f64().max(0.1);
        }
    }
}
