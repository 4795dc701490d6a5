//! The pictures themselves: small ones for the grid, the opened one in full, and what strangers get to see.

use std::collections::HashSet;
use std::sync::Arc;

use crate::app::core::Core;
use crate::domain::object::ObjectSummary;
use crate::domain::{format, media_type};
use crate::images::cache::ThumbCache;
use crate::images::pipeline::{Bounds, FetchProblem, Pipeline, Priority, ThumbKey, ThumbResult};
use crate::images::{Problem, decode_full, exif, smaller};
use crate::model::Trouble;
use crate::model::gallery::{FullImage, Seen};
use crate::model::trouble::WayOut;
use crate::s3;
use crate::s3::error::Kind;
use crate::worker::{Crashed as _, Request};

/// The disk that small pictures may take.
const CACHE_BYTES: u64 = 256_000_000;
/// Larger files are not opened in the viewer; they can be downloaded.
const FULL_LIMIT_BYTES: u64 = 200_000_000;
/// The longest side that is decoded. The viewer cuts pictures into tiles, so no graphics card sets a limit; the number
/// of pixels is bounded by the decoder.
const FULL_MAX_SIDE: u32 = 65_500;

/// The pipeline of the open connection, and the cache that outlives it.
#[derive(Default)]
pub struct PicturesPart {
    cache: Option<Arc<ThumbCache>>,
    pipeline: Option<Pipeline>,
}

impl PicturesPart {
    /// The connection is another one: nothing of the old one is wanted any more.
    pub(in crate::app) fn reset(&mut self) {
        self.pipeline = None;
    }

    /// How many small pictures are waited for.
    #[must_use]
    pub fn outstanding(&self) -> usize {
        self.pipeline.as_ref().map_or(0, Pipeline::outstanding)
    }

    /// Results that have come in, at most so many.
    #[must_use]
    pub fn take_ready(&self, most: usize) -> Vec<(ThumbKey, ThumbResult)> {
        self.pipeline.as_ref().map(|pipeline| pipeline.take_ready(most)).unwrap_or_default()
    }
}

/// Asks for exactly these, the most urgent first.
pub(super) fn want(core: &mut Core, thumbs: Vec<(ThumbKey, Priority)>) {
    let Some(store) = core.store.clone() else { return };
    if core.parts.pictures.cache.is_none() {
        core.parts.pictures.cache = Some(Arc::new(ThumbCache::open(&core.home.thumbnails_dir(), CACHE_BYTES)));
    }
    let part = &mut core.parts.pictures;
    let pipeline = part.pipeline.get_or_insert_with(|| {
        let wake = core.worker.wake_slot();
        let fetch = move |key: ThumbKey| -> futures_util::future::BoxFuture<'static, _> {
            let store = store.clone();
            Box::pin(async move {
                let limit = key.size_bytes.saturating_add(1);
                let bytes = s3::object::get_object(&store, &key.bucket, &key.key, None, limit).await;
                bytes.map_err(|error| match &error.kind {
                    Kind::Refused(_) => FetchProblem::NotAllowed("May not be read".to_owned()),
                    _ => FetchProblem::Failed(error.sentence()),
                })
            })
        };
        let cache = part.cache.clone();
        Pipeline::start(&core.worker.handle(), Arc::new(fetch), cache, Arc::new(move || wake.wake()), Bounds::default())
    });
    let wanted: HashSet<ThumbKey> = thumbs.iter().map(|(key, _)| key.clone()).collect();
    pipeline.retain(&wanted);
    for (key, priority) in thumbs {
        pipeline.request(key, priority);
    }
}

/// Reads the opened image in full, once for each version of it.
pub(super) fn ask_full(core: &mut Core) {
    let gallery = &mut core.model.gallery;
    let object = gallery.opened.as_ref().and_then(|opened| {
        let listing = &core.model.session.as_ref()?.listing;
        listing.objects.iter().find(|object| object.key == opened.key)
    });
    let wanted = match (&gallery.opened, object) {
        (Some(_), Some(object)) => Some((object.key.clone(), object.etag.clone())),
        // Somebody else deleted it.
        (Some(_), None) => {
            gallery.opened = None;
            None
        }
        (None, _) => None,
    };
    if wanted == gallery.full_of {
        return;
    }
    let is_same_key = wanted.as_ref().map(|(key, _)| key) == gallery.full_of.as_ref().map(|(key, _)| key);
    gallery.full_of.clone_from(&wanted);
    if !is_same_key {
        gallery.full = Request::Idle;
    }
    let (Some(object), Some(store), Some(session)) = (object, core.store.clone(), &core.model.session) else { return };
    let Some(place) = session.place.clone() else { return };
    if let Some(trouble) = not_worth_reading(object) {
        gallery.full = Request::Failed { error: trouble, stale: None };
        return;
    }
    let key = object.key.clone();
    core.worker.ask_again(&mut core.model.gallery.full, async move {
        let bytes = s3::object::get_object(&store, &place.bucket, &key, None, FULL_LIMIT_BYTES).await?;
        let decoded = tokio::task::spawn_blocking(move || {
            let exif = exif::summary(&bytes);
            let frames = decode_full(&bytes, FULL_MAX_SIDE)?;
            drop(bytes);
            let (smaller, alpha) = (smaller::smaller(&frames).into(), smaller::has_alpha(&frames));
            Ok(FullImage { frames: Arc::new(frames), smaller, alpha, exif })
        });
        match decoded.await {
            Ok(Ok(image)) => Ok(image),
            Ok(Err(problem)) => Err(broken(&problem)),
            Err(stopped) => Err(Trouble::crashed(stopped.to_string())),
        }
    });
}

/// Why an object is not even fetched to be looked at.
fn not_worth_reading(object: &ObjectSummary) -> Option<Trouble> {
    let mime = media_type::by_extension(&object.key);
    if let Some(mime) = mime.filter(|mime| !mime.starts_with("image/")) {
        let sentence = format!("By its name this is {mime}, which is not shown here. Download it to open it");
        return Some(Trouble::new(sentence, WayOut::ChooseAnother));
    }
    (object.size_bytes > FULL_LIMIT_BYTES).then(|| {
        let sentence =
            format!("{} are more than is opened here. Download it to see it", format::size(object.size_bytes));
        Trouble::new(sentence, WayOut::ChooseAnother)
    })
}

fn broken(problem: &Problem) -> Trouble {
    let trouble = Trouble::new(problem.sentence(), WayOut::ChooseAnother);
    match problem {
        Problem::Broken { why, .. } => trouble.detail(why.clone()),
        Problem::Empty
        | Problem::NotAnImage { .. }
        | Problem::Truncated
        | Problem::TooLarge { .. }
        | Problem::TooHeavy { .. }
        | Problem::NotShownHere { .. } => trouble,
    }
}

/// Asks for the focused object as a stranger does, without any sign-in.
pub(super) fn ask_seen(core: &mut Core) {
    let http = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    let Some(url) = core.model.gallery.addresses.iter().map(|form| &form.url).find(|url| http(url)).cloned() else {
        return;
    };
    let now = core.deps.now.clone();
    core.worker.ask_again(&mut core.model.gallery.seen, async move {
        let answer = s3::probe::probe(&s3::probe::Question::head(&url)).await?;
        let content_type = answer.header("content-type").map(str::to_owned);
        Ok(Seen { status: answer.status, content_type, at: now() })
    });
}
