//! One file: what has to be asked of it is asked, and no more.

mod fetch;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::Semaphore;

use self::fetch::{Fetcher, Got};
use super::ask::Asker;
use super::look::{self, Looked};
use super::{Plan, Target, Thumbs};
use crate::domain::format::size;
use crate::domain::verify::{Content, Depth, Needs, Observed, Outcome, Row, judge};
use crate::s3::error::S3Error;
use crate::s3::presign::{Overrides, presign_get_object};
use crate::store::verification::Entry;

/// Small pictures are kept of so many files that are not as expected, and of so many others.
const THUMBS_WITH_FINDINGS: u32 = 500;
const THUMBS_WITHOUT: u32 = 300;
/// Larger files are not fetched for a small picture alone.
const MOST_FOR_THUMB: u64 = 8 << 20;
/// Signed addresses are used at once, but a server may ask for patience in between.
const SIGNED_FOR: Duration = Duration::from_secs(60 * 60);
/// A picture that unpacks to more pixels is decoded alone.
const LARGE_PIXELS: u64 = 16_000_000;

pub(super) struct Observer {
    plan: Plan,
    fetcher: Fetcher,
    /// As many pictures are decoded at once as there are processors.
    decoders: Semaphore,
    at_once: u32,
    thumbs_with_findings: AtomicU32,
    thumbs_without: AtomicU32,
}

/// What came of asking for a file.
struct Asked {
    outcome: Outcome,
    content: Option<Content>,
    cors: Vec<(String, Option<String>)>,
    /// The file, where all of it was read.
    body: Option<Bytes>,
    thumb: Option<Vec<u8>>,
    /// How long the first request took, waiting for its turn left out.
    took: Duration,
}

impl Asked {
    fn unanswered(error: &S3Error, took: Duration) -> Self {
        let outcome = Outcome::Unanswered(error.sentence());
        Self { outcome, content: None, cors: Vec::new(), body: None, thumb: None, took }
    }
}

impl Observer {
    pub(super) fn new(plan: Plan, asker: Arc<Asker>) -> Self {
        let at_once = std::thread::available_parallelism().map_or(1, |all| u32::try_from(all.get()).unwrap_or(1));
        Self {
            plan,
            fetcher: Fetcher::new(asker),
            decoders: Semaphore::new(at_once as usize),
            at_once,
            thumbs_with_findings: AtomicU32::new(0),
            thumbs_without: AtomicU32::new(0),
        }
    }

    /// Asks for a file and judges it.
    pub(super) async fn entry(&self, target: Target) -> Entry {
        let expectations = Arc::clone(&self.plan.expectations);
        let url = target.url.split_once('?').map_or(target.url.as_str(), |(before, _)| before).to_owned();
        let Some(needs) = expectations.needs(&target.path) else {
            let row = Row { path: target.path, url, ..Row::default() };
            return Entry { name: target.name, row, is_there: true, ..Entry::default() };
        };
        let begun = Instant::now();
        let asked =
            self.asked(&target, &needs).await.unwrap_or_else(|error| Asked::unanswered(&error, begun.elapsed()));
        let Asked { outcome, content, cors, body, thumb, took } = asked;
        let is_there = matches!(&outcome, Outcome::Answered(answer) if answer.is_success());
        let stranger = match self.is_signed(&target) && needs.stranger {
            true => Some(self.stranger(&target.url).await),
            false => None,
        };
        let seen = Observed { path: target.path.clone(), url, outcome, stranger, cors, content };
        let findings = judge(&expectations, &seen);
        let thumb = match is_there && self.wants_thumb(seen.content.as_ref(), !findings.is_empty()) {
            true if thumb.is_some() => thumb,
            true => self.thumb(&target, &seen, body).await,
            false => thumb.filter(|_| self.plan.thumbs == Thumbs::AllDecoded),
        };
        let digest = seen.content.as_ref().and_then(|content| content.digest);
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let row = Row { millis, checked: true, findings, ..facts(seen) };
        Entry { name: target.name, row, is_there, digest, thumb }
    }

    fn is_signed(&self, target: &Target) -> bool {
        self.plan.signed.is_some() && target.place.is_some()
    }

    async fn asked(&self, target: &Target, needs: &Needs<'_>) -> Result<Asked, S3Error> {
        let url = self.address(target).await?;
        let (first, others) = needs.origins.split_first().map_or((None, &[][..]), |(first, rest)| (Some(*first), rest));
        let got = match needs.depth {
            Depth::Headers => self.headers(target, &url, first).await?,
            Depth::Beginning => self.fetcher.beginning(&url, first).await?,
            Depth::Whole => self.fetcher.whole(&url, first).await?,
        };
        let took = got.took;
        let mut cors: Vec<_> =
            first.map(|origin| (origin.to_owned(), got.allowed_origin.clone())).into_iter().collect();
        if got.answer.is_success() {
            for origin in others {
                if let Ok(got) = self.headers(target, &url, Some(origin)).await {
                    cors.push(((*origin).to_owned(), got.allowed_origin));
                }
            }
        }
        if !got.answer.is_success() || needs.depth == Depth::Headers {
            let outcome = Outcome::Answered(got.answer);
            return Ok(Asked { outcome, content: None, cors, body: None, thumb: None, took });
        }
        let (got, looked) = match &got.answer.content_encoding {
            Some(encoding) => {
                let looked = look::encoded(encoding);
                (got, looked)
            }
            None => self.inside(&url, got, needs).await?,
        };
        let Looked { content, thumb } = looked;
        let body = (got.is_whole && got.answer.content_encoding.is_none()).then_some(got.body);
        Ok(Asked { outcome: Outcome::Answered(got.answer), content: Some(content), cors, body, thumb, took })
    }

    /// Only the headers. What signs a GET signs no HEAD.
    async fn headers(&self, target: &Target, url: &str, origin: Option<&str>) -> Result<Got, S3Error> {
        match self.is_signed(target) {
            true => self.fetcher.one_byte(url, origin).await,
            false => self.fetcher.headers(url, origin).await,
        }
    }

    async fn address(&self, target: &Target) -> Result<String, S3Error> {
        match (&self.plan.signed, &target.place) {
            (Some(store), Some((bucket, key))) => {
                let link = Box::pin(presign_get_object(store, bucket, key, SIGNED_FOR, &Overrides::default())).await?;
                Ok(link.url().to_owned())
            }
            _ => Ok(target.url.clone()),
        }
    }

    async fn stranger(&self, url: &str) -> Outcome {
        match self.fetcher.headers(url, None).await {
            Ok(got) => Outcome::Answered(got.answer),
            Err(error) => Outcome::Unanswered(error.sentence()),
        }
    }

    /// Looks into the bytes; where the beginning was not enough, all of them are fetched.
    async fn inside(&self, url: &str, got: Got, needs: &Needs<'_>) -> Result<(Got, Looked), S3Error> {
        if needs.depth == Depth::Beginning {
            let content = look::measure(&got.body);
            if got.is_whole || !look::is_cut_short(&content) {
                return Ok((got, Looked { content, thumb: None }));
            }
        }
        let got = match needs.depth {
            Depth::Whole => got,
            Depth::Headers | Depth::Beginning => self.fetcher.whole(url, None).await?,
        };
        if !got.is_whole {
            let mut content = look::measure(&got.body);
            content.problem = Some(format!("Larger than {}, so it was not read to its end", size(fetch::MOST_BYTES)));
            content.is_undecided = true;
            return Ok((got, Looked { content, thumb: None }));
        }
        let mut looked = match needs.decodes {
            true => self.decode(got.body.clone()).await,
            false => Looked { content: look::measure(&got.body), thumb: None },
        };
        if needs.digest {
            looked.content.digest = Some(look::digest(&got.body));
        }
        Ok((got, looked))
    }

    async fn decode(&self, body: Bytes) -> Looked {
        let pixels = look::measure(&body).size.map_or(0, |(width, height)| u64::from(width) * u64::from(height));
        let room = if pixels > LARGE_PIXELS { self.at_once } else { 1 };
        // It is never closed; without a permit more would be decoded at once, that is all.
        let _permit = self.decoders.acquire_many(room).await;
        let decoded = tokio::task::spawn_blocking(move || look::decode(&body)).await;
        decoded.unwrap_or_else(|_| {
            let problem = Some("Damaged: it cannot be decoded".to_owned());
            Looked { content: Content { problem, ..Content::default() }, thumb: None }
        })
    }

    /// Whether a small picture is still wanted, which counts it.
    fn wants_thumb(&self, content: Option<&Content>, has_findings: bool) -> bool {
        // Where nothing was read, it may be one.
        let is_image = content.is_none_or(|content| content.kind.is_some_and(|kind| kind.is_image()));
        if self.plan.thumbs == Thumbs::No || !is_image {
            return false;
        }
        let (counter, most) = match has_findings {
            true => (&self.thumbs_with_findings, THUMBS_WITH_FINDINGS),
            false => (&self.thumbs_without, THUMBS_WITHOUT),
        };
        counter.load(Ordering::Relaxed) < most && counter.fetch_add(1, Ordering::Relaxed) < most
    }

    async fn thumb(&self, target: &Target, seen: &Observed, body: Option<Bytes>) -> Option<Vec<u8>> {
        let Outcome::Answered(answer) = &seen.outcome else { return None };
        let body = match body {
            Some(body) => body,
            None if answer.size_bytes.is_some_and(|bytes| bytes <= MOST_FOR_THUMB) => {
                let url = self.address(target).await.ok()?;
                let got = self.fetcher.whole(&url, None).await.ok()?;
                (got.is_whole && got.answer.is_success()).then_some(got.body)?
            }
            None => return None,
        };
        self.decode(body).await.thumb
    }
}

/// What was seen, for the report.
fn facts(seen: Observed) -> Row {
    let row = Row { path: seen.path, url: seen.url, ..Row::default() };
    let Outcome::Answered(answer) = seen.outcome else { return row };
    let row = Row { status: Some(answer.status), code: answer.code.clone(), ..row };
    if !answer.is_success() {
        // The rest would be about the document that says no.
        return row;
    }
    let content = seen.content.unwrap_or_default();
    Row {
        content_type: answer.content_type,
        bytes_are: content.kind.map(|kind| kind.mime.to_owned()),
        size_bytes: answer.size_bytes,
        width: content.size.map(|(width, _)| width),
        height: content.size.map(|(_, height)| height),
        cache_control: answer.cache_control,
        ..row
    }
}
