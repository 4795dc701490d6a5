use super::*;
use crate::images::samples::encoded;
use image::ImageFormat;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

fn key(name: &str) -> ThumbKey {
    ThumbKey {
        connection: ConnectionId::PRACTICE,
        bucket: "b".into(),
        key: name.into(),
        version: "v".into(),
        size_bytes: 1_000,
        max_edge: 16,
    }
}

/// A store of the test's own that can be held up.
#[derive(Default)]
struct Shop {
    order: Mutex<Vec<String>>,
    now: AtomicUsize,
    most: AtomicUsize,
    woken: AtomicUsize,
}

impl Shop {
    fn pipeline(self: &Arc<Self>, gate: &Arc<Semaphore>, bounds: Bounds) -> Pipeline {
        self.pipeline_with(gate, bounds, None)
    }

    fn pipeline_with(
        self: &Arc<Self>,
        gate: &Arc<Semaphore>,
        bounds: Bounds,
        cache: Option<Arc<ThumbCache>>,
    ) -> Pipeline {
        let (shop, gate) = (Arc::clone(self), Arc::clone(gate));
        let fetch: Fetch = Arc::new(move |key| {
            let (shop, gate) = (Arc::clone(&shop), Arc::clone(&gate));
            Box::pin(async move {
                shop.order.lock().unwrap().push(key.key.clone());
                let count = shop.now.fetch_add(1, SeqCst) + 1;
                let _leave = Leave(Arc::clone(&shop));
                shop.most.fetch_max(count, SeqCst);
                gate.acquire().await.unwrap().forget();
                match key.key.as_str() {
                    "secret.png" => Err(FetchProblem::NotAllowed("May not be read".into())),
                    "gone.png" => Err(FetchProblem::Failed("It is gone".into())),
                    "page.png" => Ok(Bytes::from_static(b"<html>")),
                    _ => Ok(encoded(ImageFormat::Png, 32, 32).into()),
                }
            })
        });
        let shop = Arc::clone(self);
        let wake: Wake = Arc::new(move || {
            shop.woken.fetch_add(1, SeqCst);
        });
        Pipeline::start(&Handle::current(), fetch, cache, wake, bounds)
    }

    fn order(&self) -> Vec<String> {
        self.order.lock().unwrap().clone()
    }
}

struct Leave(Arc<Shop>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, SeqCst);
    }
}

async fn until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..2_000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("waited in vain until {what}");
}

async fn take(pipeline: &Pipeline, count: usize) -> Vec<(ThumbKey, ThumbResult)> {
    let mut taken = vec![];
    until("results are there", || {
        taken.extend(pipeline.take_ready(100));
        taken.len() >= count
    })
    .await;
    taken
}

fn one_lane() -> Bounds {
    Bounds { fetches: 1, ..Bounds::default() }
}

#[tokio::test]
async fn what_is_visible_comes_first() {
    let (shop, gate) = (Arc::new(Shop::default()), Arc::new(Semaphore::new(0)));
    let pipeline = shop.pipeline(&gate, one_lane());
    pipeline.request(key("first.png"), Priority::Nearby);
    until("the lane is busy", || shop.order().len() == 1).await;
    pipeline.request(key("near.png"), Priority::Nearby);
    pipeline.request(key("later.png"), Priority::Nearby);
    pipeline.request(key("seen.png"), Priority::Visible);
    pipeline.request(key("later.png"), Priority::Visible);
    pipeline.request(key("first.png"), Priority::Visible);
    assert_eq!(pipeline.outstanding(), 4);
    gate.add_permits(10);
    let taken = take(&pipeline, 4).await;
    assert_eq!(shop.order(), ["first.png", "seen.png", "later.png", "near.png"]);
    assert_eq!(shop.woken.load(SeqCst), 4);
    assert!(taken.iter().all(|(_, result)| matches!(result, ThumbResult::Shown(thumb) if thumb.width == 16)));
    pipeline.shut_down().await;
}

#[tokio::test]
async fn what_is_scrolled_away_is_dropped() {
    let (shop, gate) = (Arc::new(Shop::default()), Arc::new(Semaphore::new(0)));
    let pipeline = shop.pipeline(&gate, one_lane());
    for n in 0..50 {
        pipeline.request(key(&format!("{n}.png")), Priority::Visible);
    }
    until("the lane is busy", || shop.order().len() == 1).await;
    pipeline.retain(&HashSet::from([key("49.png")]));
    gate.add_permits(1);
    let taken = take(&pipeline, 1).await;
    assert_eq!(taken[0].0, key("49.png"));
    assert_eq!(shop.order(), ["0.png", "49.png"], "the one under way was dropped without an answer");
    assert_eq!((pipeline.outstanding(), shop.now.load(SeqCst)), (0, 0));
    // It may be asked for again.
    pipeline.request(key("0.png"), Priority::Visible);
    gate.add_permits(1);
    assert_eq!(take(&pipeline, 1).await[0].0, key("0.png"));
}

#[tokio::test]
async fn requests_and_queue_are_bounded() {
    let (shop, gate) = (Arc::new(Shop::default()), Arc::new(Semaphore::new(0)));
    let pipeline = shop.pipeline(&gate, Bounds { fetches: 3, waiting: 10, ..Bounds::default() });
    for n in 0..500 {
        pipeline.request(key(&format!("{n}.png")), Priority::Visible);
    }
    until("the lanes are busy", || shop.now.load(SeqCst) == 3).await;
    assert!(pipeline.outstanding() <= 13);
    gate.add_permits(500);
    until("all is done", || {
        drop(pipeline.take_ready(10));
        pipeline.outstanding() == 0
    })
    .await;
    assert_eq!(shop.most.load(SeqCst), 3);
    assert!(shop.order().len() <= 13);
}

#[tokio::test]
async fn bytes_in_flight_are_bounded() {
    let (shop, gate) = (Arc::new(Shop::default()), Arc::new(Semaphore::new(0)));
    let pipeline = shop.pipeline(&gate, Bounds { bytes_in_flight: 10_000_000, ..Bounds::default() });
    for n in 0..6 {
        pipeline.request(ThumbKey { size_bytes: 6_000_000, ..key(&format!("{n}.png")) }, Priority::Visible);
    }
    until("one is under way", || shop.now.load(SeqCst) == 1).await;
    gate.add_permits(6);
    take(&pipeline, 6).await;
    assert_eq!(shop.most.load(SeqCst), 1, "two of them would be too much");
}

#[tokio::test]
async fn untaken_results_hold_the_lanes_up() {
    let (shop, gate) = (Arc::new(Shop::default()), Arc::new(Semaphore::new(500)));
    let pipeline = shop.pipeline(&gate, Bounds { fetches: 1, ready_bytes: 3_000, ..Bounds::default() });
    for n in 0..20 {
        pipeline.request(key(&format!("{n}.png")), Priority::Visible);
    }
    until("some are there", || shop.woken.load(SeqCst) >= 3).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(shop.order().len() < 10, "{:?}", shop.order());
    assert_eq!(take(&pipeline, 20).await.len(), 20);
}

#[tokio::test]
async fn every_failure_has_its_own_face() {
    let (shop, gate) = (Arc::new(Shop::default()), Arc::new(Semaphore::new(500)));
    let pipeline = shop.pipeline(&gate, one_lane());
    let heavy = ThumbKey { size_bytes: 52_000_000, ..key("heavy.png") };
    for key in [key("secret.png"), key("gone.png"), key("page.png"), heavy] {
        pipeline.request(key, Priority::Visible);
    }
    let results: Vec<_> = take(&pipeline, 4).await.into_iter().map(|(_, result)| result).collect();
    assert_eq!(
        results,
        [
            ThumbResult::NotAllowed("May not be read".into()),
            ThumbResult::FetchFailed("It is gone".into()),
            ThumbResult::Problem(Problem::NotAnImage { what: Some("a web page".into()) }),
            ThumbResult::Problem(Problem::TooHeavy { size_bytes: 52_000_000 }),
        ]
    );
    assert!(!shop.order().contains(&"heavy.png".to_owned()), "it is not even fetched");
}

#[tokio::test]
async fn what_was_seen_before_is_not_fetched_again() {
    let dir = tempfile::tempdir().unwrap();
    let (shop, gate) = (Arc::new(Shop::default()), Arc::new(Semaphore::new(500)));
    let names = ["a.png", "page.png", "gone.png"];
    for _ in 0..2 {
        let cache = Arc::new(ThumbCache::open(dir.path(), 1_000_000));
        let pipeline = shop.pipeline_with(&gate, one_lane(), Some(cache));
        for name in names {
            pipeline.request(key(name), Priority::Visible);
        }
        assert_eq!(take(&pipeline, 3).await.len(), 3);
        pipeline.shut_down().await;
    }
    assert_eq!(shop.order(), ["a.png", "page.png", "gone.png", "gone.png"], "only what failed is tried again");
}

#[tokio::test]
async fn shutting_down_leaves_nothing_running() {
    let (shop, gate) = (Arc::new(Shop::default()), Arc::new(Semaphore::new(0)));
    let pipeline = shop.pipeline(&gate, Bounds::default());
    for n in 0..20 {
        pipeline.request(key(&format!("{n}.png")), Priority::Visible);
    }
    until("the lanes are busy", || shop.now.load(SeqCst) == 6).await;
    tokio::time::timeout(Duration::from_secs(5), pipeline.shut_down()).await.unwrap();
    assert_eq!((shop.now.load(SeqCst), shop.order().len()), (0, 6));
}
