//! Brings thumbnails to the window: the visible ones first, with bounded requests, bytes and decoders.
//!
//! A few lanes run on the runtime. Each takes the most urgent key, looks into the cache, fetches, decodes on a blocking
//! thread and puts the result down; when results pile up untaken, the lanes rest.

mod decoders;
mod queue;

use super::cache::ThumbCache;
use super::{Problem, Thumb, decode};
use crate::domain::connection::ConnectionId;
use crate::domain::object::ObjectSummary;
use bytes::Bytes;
use decoders::Decoders;
use futures_util::future::BoxFuture;
use queue::Queue;
use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Which thumbnail.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ThumbKey {
    /// Over which connection.
    pub connection: ConnectionId,
    /// The bucket.
    pub bucket: String,
    /// The whole key.
    pub key: String,
    /// Changes when the object does: its `ETag`, or time and size where the store gives none.
    pub version: String,
    /// Size of the object, which decides whether it is fetched at all.
    pub size_bytes: u64,
    /// The longest side of the small picture in pixels.
    pub max_edge: u32,
}

impl ThumbKey {
    /// The key for an object of a listing.
    #[must_use]
    pub fn of(connection: ConnectionId, bucket: &str, object: &ObjectSummary, max_edge: u32) -> Self {
        let version = object.etag.clone().unwrap_or_else(|| {
            format!("{}-{}", object.modified.map_or(0, |at| at.as_millisecond()), object.size_bytes)
        });
        Self {
            connection,
            bucket: bucket.to_owned(),
            key: object.key.clone(),
            version,
            size_bytes: object.size_bytes,
            max_edge,
        }
    }
}

/// What is wanted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// On screen now.
    Visible,
    /// Just beyond the edge.
    Nearby,
}

/// Why an object could not be fetched, as a sentence for the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchProblem {
    /// The sign-in may not read it.
    NotAllowed(String),
    /// Anything else; it may work later.
    Failed(String),
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThumbResult {
    /// Here it is.
    Shown(Arc<Thumb>),
    /// The bytes are no picture to show.
    Problem(Problem),
    /// The sign-in may not read it.
    NotAllowed(String),
    /// It could not be fetched; asking again may help.
    FetchFailed(String),
}

impl ThumbResult {
    fn size_bytes(&self) -> usize {
        match self {
            Self::Shown(thumb) => thumb.size_bytes(),
            Self::Problem(_) | Self::NotAllowed(_) | Self::FetchFailed(_) => 256,
        }
    }
}

/// Brings the bytes of an object. It is dropped in mid-flight when the thumbnail is no longer wanted.
pub type Fetch = Arc<dyn Fn(ThumbKey) -> BoxFuture<'static, Result<Bytes, FetchProblem>> + Send + Sync>;
/// Called after each result, from any thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// How much at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Requests under way.
    pub fetches: usize,
    /// Pictures being decoded.
    pub decoders: usize,
    /// Bytes fetched and not yet decoded.
    pub bytes_in_flight: u64,
    /// Memory that decoders may use together; a picture that needs more is decoded alone.
    pub decode_bytes: u64,
    /// Larger objects are not fetched for a thumbnail.
    pub most_object_bytes: u64,
    /// Requests that wait; beyond it the least urgent are dropped.
    pub waiting: usize,
    /// Bytes of results that wait to be taken; beyond it the lanes rest.
    pub ready_bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            fetches: 6,
            decoders: spare_processors(),
            bytes_in_flight: 32_000_000,
            decode_bytes: 128_000_000,
            most_object_bytes: 40_000_000,
            waiting: 2_000,
            ready_bytes: 8_000_000,
        }
    }
}

/// All processors but the one that the window needs, and no more than four.
fn spare_processors() -> usize {
    std::thread::available_parallelism().map_or(1, |all| (all.get() - 1).clamp(1, 4))
}

/// The pipeline. Dropping it stops everything.
pub struct Pipeline {
    shared: Arc<Shared>,
    lanes: TaskTracker,
}

struct Shared {
    state: Mutex<State>,
    /// Told when there may be something to do for a lane.
    work: Notify,
    stop: CancellationToken,
    bounds: Bounds,
    bytes: Arc<Semaphore>,
    decoders: Decoders,
    memory: Arc<Semaphore>,
    cache: Option<Arc<ThumbCache>>,
    fetch: Fetch,
    wake: Wake,
}

#[derive(Default)]
struct State {
    queue: Queue,
    ready: VecDeque<(ThumbKey, ThumbResult)>,
    ready_bytes: usize,
}

/// Semaphores count in these, since they count in 32 bits.
const UNIT_BYTES: u64 = 4_096;

fn units(bytes: u64, most: u64) -> u32 {
    u32::try_from(bytes.min(most).div_ceil(UNIT_BYTES).max(1)).unwrap_or(u32::MAX)
}

fn budget(bytes: u64) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(units(bytes, u64::MAX) as usize))
}

impl Pipeline {
    /// Starts the lanes on a runtime.
    #[must_use]
    pub fn start(handle: &Handle, fetch: Fetch, cache: Option<Arc<ThumbCache>>, wake: Wake, bounds: Bounds) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            work: Notify::new(),
            stop: CancellationToken::new(),
            bounds,
            bytes: budget(bounds.bytes_in_flight),
            decoders: Decoders::start(bounds.decoders.max(1)),
            memory: budget(bounds.decode_bytes),
            cache,
            fetch,
            wake,
        });
        let lanes = TaskTracker::new();
        for _ in 0..bounds.fetches.max(1) {
            lanes.spawn_on(Arc::clone(&shared).lane(), handle);
        }
        lanes.close();
        Self { shared, lanes }
    }

    /// Asks for a thumbnail. Asking again changes its urgency; asking for what is under way does nothing.
    pub fn request(&self, key: ThumbKey, priority: Priority) {
        let new = {
            let mut state = self.shared.state();
            let is_ready = state.ready.iter().any(|(ready, _)| *ready == key);
            !is_ready && state.queue.request(key, priority, self.shared.bounds.waiting)
        };
        if new {
            self.shared.work.notify_one();
        }
    }

    /// Drops all requests, also those under way and results not yet taken, apart from these.
    pub fn retain(&self, wanted: &HashSet<ThumbKey>) {
        let mut state = self.shared.state();
        state.queue.retain(wanted);
        state.ready.retain(|(key, _)| wanted.contains(key));
        state.ready_bytes = state.ready.iter().map(|(_, result)| result.size_bytes()).sum();
        drop(state);
        self.shared.work.notify_waiters();
    }

    /// Takes results, oldest first, at most `most`.
    #[must_use]
    pub fn take_ready(&self, most: usize) -> Vec<(ThumbKey, ThumbResult)> {
        let mut state = self.shared.state();
        let count = most.min(state.ready.len());
        let taken: Vec<_> = state.ready.drain(..count).collect();
        state.ready_bytes -= taken.iter().map(|(_, result)| result.size_bytes()).sum::<usize>();
        drop(state);
        if !taken.is_empty() {
            self.shared.work.notify_waiters();
        }
        taken
    }

    /// How many wait or are under way.
    #[must_use]
    pub fn outstanding(&self) -> usize {
        self.shared.state().queue.len()
    }

    /// Stops everything and waits until nothing runs any more.
    pub async fn shut_down(self) {
        self.shared.stop.cancel();
        self.lanes.wait().await;
    }
}

impl Drop for Pipeline {
    fn drop(&mut self) {
        self.shared.stop.cancel();
    }
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipeline").field("outstanding", &self.outstanding()).finish_non_exhaustive()
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn lane(self: Arc<Self>) {
        loop {
            // Listening starts before looking, so that nothing that comes in between is missed.
            let work = self.work.notified();
            tokio::pin!(work);
            work.as_mut().enable();
            let next = {
                let mut state = self.state();
                if state.ready_bytes < self.bounds.ready_bytes { state.queue.start() } else { None }
            };
            let Some((key, cancelled)) = next else {
                tokio::select! {
                    () = work => continue,
                    () = self.stop.cancelled() => return,
                }
            };
            let result = tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                () = cancelled.cancelled() => None,
                result = self.make(&key) => Some(result),
            };
            self.finish(key, &cancelled, result);
        }
    }

    fn finish(&self, key: ThumbKey, cancelled: &CancellationToken, result: Option<ThumbResult>) {
        let mut state = self.state();
        let still_wanted = state.queue.finish(&key, cancelled);
        let Some(result) = result.filter(|_| still_wanted) else { return };
        state.ready_bytes += result.size_bytes();
        state.ready.push_back((key, result));
        drop(state);
        (self.wake)();
    }

    async fn make(&self, key: &ThumbKey) -> ThumbResult {
        if let Some(found) = self.look_up(key).await {
            return found.map_or_else(ThumbResult::Problem, |thumb| ThumbResult::Shown(Arc::new(thumb)));
        }
        if key.size_bytes > self.bounds.most_object_bytes {
            return ThumbResult::Problem(Problem::TooHeavy { size_bytes: key.size_bytes });
        }
        let Some(room) = take(&self.bytes, units(key.size_bytes, self.bounds.bytes_in_flight)).await else {
            return stopped();
        };
        let bytes = match (self.fetch)(key.clone()).await {
            Ok(bytes) => bytes,
            Err(FetchProblem::NotAllowed(why)) => return ThumbResult::NotAllowed(why),
            Err(FetchProblem::Failed(why)) => return ThumbResult::FetchFailed(why),
        };
        self.decode(key, bytes, room).await
    }

    async fn look_up(&self, key: &ThumbKey) -> Option<Result<Thumb, Problem>> {
        let cache = Arc::clone(self.cache.as_ref()?);
        let key = key.clone();
        tokio::task::spawn_blocking(move || cache.get(&key)).await.ok().flatten()
    }

    async fn decode(&self, key: &ThumbKey, bytes: Bytes, room: OwnedSemaphorePermit) -> ThumbResult {
        let cost = decode::cost_bytes(&bytes);
        let Some(memory) = take(&self.memory, units(cost, self.bounds.decode_bytes)).await else { return stopped() };
        let cache = self.cache.clone();
        let key = key.clone();
        // The permits go along: a cancelled request cannot stop a decoder, and its memory counts until it is done.
        let decoding = self.decoders.run(move || {
            let found = decode::decode_thumbnail(&bytes, key.max_edge);
            drop((bytes, room, memory));
            if let Some(cache) = cache {
                cache.put(&key, &found);
            }
            found
        });
        match decoding.await {
            Some(Ok(thumb)) => ThumbResult::Shown(Arc::new(thumb)),
            Some(Err(problem)) => ThumbResult::Problem(problem),
            // A decoder's panic is a finding about the file, not the end of the lane.
            None => ThumbResult::FetchFailed("The decoder gave up on this file".to_owned()),
        }
    }
}

fn stopped() -> ThumbResult {
    ThumbResult::FetchFailed("Stopped".to_owned())
}

async fn take(semaphore: &Arc<Semaphore>, count: u32) -> Option<OwnedSemaphorePermit> {
    Arc::clone(semaphore).acquire_many_owned(count).await.ok()
}

#[cfg(test)]
mod tests;
