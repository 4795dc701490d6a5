//! Server access logging: a line for each request to a bucket that logs, gathered and put into the target bucket as
//! objects.
//!
//! Lines are written some seconds after the first of them, after many of them, and when the store stops. As with
//! Amazon S3 this is done at the best of ability: lines that the target does not take are lost, and nobody is told.
//!
//! Source: Amazon S3 User Guide, "Logging requests with server access logging" and "Amazon S3 server access log
//! format".

mod counted;
mod delivery;
mod line;
mod operation;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::{HeaderMap, Request, Response, header};
use jiff::Timestamp;
use s3s::Body;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::counted::Counted;
use self::line::Line;
use self::operation::operation;
use super::api::Service;
use super::refusal::element;
use super::target::Target;

/// Lines wait for others this long.
const DELAY: Duration = Duration::from_secs(5);

/// So many lines wait for nothing.
const MANY: usize = 1000;

/// Which of the two addresses a request came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Rest,
    Website,
}

/// The lines that are not yet in their bucket.
pub(super) struct Logbook {
    service: Arc<Service>,
    lines: Mutex<Vec<Line>>,
    some: Notify,
    many: Notify,
}

/// A request that will have a line.
pub(super) struct Watch {
    book: Arc<Logbook>,
    line: Line,
    begun: Instant,
}

impl Logbook {
    pub(super) fn new(service: Arc<Service>) -> Arc<Self> {
        Arc::new(Self { service, lines: Mutex::new(Vec::new()), some: Notify::new(), many: Notify::new() })
    }

    /// Begins a line for a request, where its bucket logs.
    pub(super) fn watch<B>(
        self: &Arc<Self>,
        face: Face,
        bucket: Option<&str>,
        key: Option<&str>,
        request: &Request<B>,
        peer: IpAddr,
    ) -> Option<Watch> {
        let bucket = self.service.store.buckets.get(bucket?).ok()?;
        bucket.config.documents.logging.as_ref()?;
        let headers = request.headers();
        let text = |name: &str| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let signed = signed(headers, request.uri().query().unwrap_or_default());
        let key_id = Target::of(request).access_key_id();
        let who = key_id.filter(|_| signed.is_some()).and_then(|id| self.service.people.identity(&id));
        let uri = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let line = Line {
            owner: self.service.owner_of(&bucket).canonical_id.clone(),
            bucket: bucket.name.clone(),
            time: Timestamp::now(),
            peer,
            requester: who.map(|who| if who.is_root() { who.account.canonical_id.clone() } else { who.arn.clone() }),
            operation: operation(face, request.method(), key.is_some(), request.uri(), headers),
            key: key.map(str::to_owned),
            request: format!("{} {uri} {:?}", request.method(), request.version()),
            referer: text("referer"),
            agent: text("user-agent"),
            version: parameter(request.uri().query().unwrap_or_default(), "versionId"),
            signature: signed.map(|signed| signed.version),
            by_query: signed.is_some_and(|signed| signed.by_query),
            host: text("host"),
            received: text("x-amz-decoded-content-length").or_else(|| text("content-length")),
            ..Line::default()
        };
        Some(Watch { book: Arc::clone(self), line, begun: Instant::now() })
    }

    fn add(&self, line: Line) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line);
        match lines.len() {
            1 => self.some.notify_one(),
            MANY => self.many.notify_one(),
            _ => {}
        }
    }

    /// Writes lines as they gather, until `stop`.
    pub(super) async fn keep(self: Arc<Self>, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.some.notified() => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(DELAY) => {}
                () = self.many.notified() => {}
            }
            self.deliver().await;
        }
    }

    /// Writes what there is.
    pub(super) async fn deliver(&self) {
        let lines = std::mem::take(&mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner));
        delivery::deliver(&self.service, lines).await;
    }
}

impl Watch {
    /// Completes the line with an answer; it is written when the last byte of the answer has been sent.
    pub(super) fn finish(self, response: Response<Body>) -> Response<Body> {
        let Self { book, mut line, begun } = self;
        let text = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        line.status = response.status().as_u16();
        line.turnaround = begun.elapsed();
        line.request_id = text("x-amz-request-id").unwrap_or_default();
        line.host_id = text("x-amz-id-2").unwrap_or_default();
        line.version = line.version.or_else(|| text("x-amz-version-id"));
        if line.status >= 300 && line.status != 304 {
            let body = response.body().bytes().unwrap_or_default();
            let code = element(&String::from_utf8_lossy(&body), "Code").map(str::to_owned);
            line.error = code.or_else(|| text("x-amz-error-code"));
            let unknown = ["SignatureDoesNotMatch", "InvalidAccessKeyId", "RequestTimeTooSkewed"];
            if line.error.as_deref().is_some_and(|code| unknown.contains(&code)) {
                line.requester = None;
            }
        } else if line.key.is_some() {
            let whole = text("content-range").and_then(|range| range.rsplit_once('/').map(|(_, all)| all.to_owned()));
            let sent = whole.or_else(|| text(header::CONTENT_LENGTH.as_str()));
            let received = line.received.take();
            line.size = match line.operation.as_str() {
                "REST.PUT.OBJECT" | "REST.PUT.PART" => received,
                "REST.GET.OBJECT" | "REST.HEAD.OBJECT" | "WEBSITE.GET.OBJECT" | "WEBSITE.HEAD.OBJECT" => sent,
                _ => None,
            }
            .and_then(|size| size.parse().ok());
        }
        response.map(|body| {
            Body::http_body_unsync(Counted::new(body, move |sent| {
                line.sent = sent;
                line.total = begun.elapsed();
                book.add(line);
            }))
        })
    }
}

/// How a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Signed {
    version: &'static str,
    by_query: bool,
}

fn signed(headers: &HeaderMap, query: &str) -> Option<Signed> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match header {
        Some(text) if text.starts_with("AWS4-") => Some(Signed { version: "SigV4", by_query: false }),
        Some(text) if text.starts_with("AWS ") => Some(Signed { version: "SigV2", by_query: false }),
        Some(_) => None,
        None if parameter(query, "X-Amz-Signature").is_some() => Some(Signed { version: "SigV4", by_query: true }),
        None if parameter(query, "Signature").is_some() => Some(Signed { version: "SigV2", by_query: true }),
        None => None,
    }
}

fn parameter(query: &str, name: &str) -> Option<String> {
    let (_, value) = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name)?;
    Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
}
