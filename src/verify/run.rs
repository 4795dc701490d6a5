//! The lanes that ask, and the keeper that writes results down.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use super::ask::{Asker, MOST_AT_ONCE};
use super::observe::Observer;
use super::source::{self, Names, Source};
use super::{Plan, Progress, Target, VerifyError};
use crate::store::verification::{Entry, Results};

/// So many results wait to be written, and so many are written at once.
const WAITING: usize = 256;
/// So many names are looked up at once where a run goes on.
const LOOK_UP: usize = 256;
/// How many requests at once are best is looked at so often.
const LOOK: Duration = Duration::from_millis(100);

/// Asks for everything that a source names and writes down what it found, until no more come or it is interrupted. Whether
/// it got to the end.
///
/// # Errors
/// Not everything could be named, results could not be written, or a part of the work ended early.
pub async fn run_all(
    plan: Plan,
    source: Source,
    names: Names,
    results: Arc<Results>,
    progress: Arc<Progress>,
    interrupt: CancellationToken,
) -> Result<bool, VerifyError> {
    let (targets, listing) = source::targets(source, names);
    let is_whole = run(plan, targets, results, progress, interrupt).await?;
    if is_whole {
        // What could not be listed was not checked.
        listing.await??;
    } else {
        listing.abort();
    }
    Ok(is_whole)
}

/// Asks for every target and writes down what it found, until no more come or it is interrupted. Whether it got to the end.
///
/// # Errors
/// Results could not be written, or a part of the work ended early.
pub async fn run(
    plan: Plan,
    targets: mpsc::Receiver<Target>,
    results: Arc<Results>,
    progress: Arc<Progress>,
    interrupt: CancellationToken,
) -> Result<bool, VerifyError> {
    let asker = Arc::new(Asker::new(plan.concurrency, plan.requests_per_sec));
    let lanes_count = plan.concurrency.unwrap_or(MOST_AT_ONCE);
    let (targets, filter) = match plan.resumes {
        true => unseen(targets, Arc::clone(&results)),
        false => (targets, None),
    };
    let observer = Arc::new(Observer::new(plan, Arc::clone(&asker)));
    let (send, found) = mpsc::channel(WAITING);
    let keeper = tokio::task::spawn_blocking(move || keep(&results, found, &progress));
    let targets = Arc::new(Mutex::new(targets));
    let mut lanes = JoinSet::new();
    for _ in 0..lanes_count {
        lanes.spawn(lane(Arc::clone(&observer), Arc::clone(&targets), send.clone(), interrupt.clone()));
    }
    drop(send);
    let mut look = tokio::time::interval(LOOK);
    let mut ended = Ok(());
    loop {
        tokio::select! {
            lane = lanes.join_next() => match lane {
                Some(lane) => ended = ended.and(lane),
                None => break,
            },
            _ = look.tick() => asker.look(),
        }
    }
    // Whoever brings more is not kept waiting.
    targets.lock().await.close();
    keeper.await??;
    ended?;
    if let Some(filter) = filter {
        filter.await??;
    }
    Ok(!interrupt.is_cancelled())
}

async fn lane(
    observer: Arc<Observer>,
    targets: Arc<Mutex<mpsc::Receiver<Target>>>,
    found: mpsc::Sender<Entry>,
    interrupt: CancellationToken,
) {
    loop {
        let work = async {
            let target = targets.lock().await.recv().await?;
            Some(observer.entry(target).await)
        };
        // What was not answered by then is asked for again by whoever goes on.
        let entry = tokio::select! {
            biased;
            () = interrupt.cancelled() => return,
            entry = work => entry,
        };
        let Some(entry) = entry else { return };
        // The keeper ends early only where it cannot write, and says so itself.
        if found.send(entry).await.is_err() {
            return;
        }
    }
}

fn keep(results: &Results, mut found: mpsc::Receiver<Entry>, progress: &Progress) -> Result<(), VerifyError> {
    let mut batch = Vec::with_capacity(WAITING);
    while found.blocking_recv_many(&mut batch, WAITING) > 0 {
        results.add(&batch)?;
        let not = batch.iter().filter(|entry| !entry.row.findings.is_empty()).count();
        let unanswered = batch.iter().filter(|entry| entry.row.checked && entry.row.status.is_none()).count();
        progress.unanswered.fetch_add(unanswered as u64, Ordering::Relaxed);
        progress.not_as_expected.fetch_add(not as u64, Ordering::Relaxed);
        progress.done.fetch_add(batch.len() as u64, Ordering::Relaxed);
        batch.clear();
    }
    Ok(())
}

type Filter = JoinHandle<Result<(), VerifyError>>;

/// Lets through what has no result yet.
fn unseen(mut targets: mpsc::Receiver<Target>, results: Arc<Results>) -> (mpsc::Receiver<Target>, Option<Filter>) {
    let (send, left) = mpsc::channel(WAITING);
    let filter = tokio::task::spawn_blocking(move || {
        let mut batch: Vec<Target> = Vec::new();
        while targets.blocking_recv_many(&mut batch, LOOK_UP) > 0 {
            let names = batch.iter().map(|target| target.name.clone()).collect();
            let names: std::collections::HashSet<String> = results.unseen(names)?.into_iter().collect();
            for target in batch.drain(..).filter(|target| names.contains(&target.name)) {
                // Nobody asks any more once it was interrupted.
                if send.blocking_send(target).is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    });
    (left, Some(filter))
}
