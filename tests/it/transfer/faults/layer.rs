//! A server before the store that hands everything on, except where it is told to spoil it.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http::{HeaderMap, Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, BodyStream, Full, StreamBody};
use hyper::body::{Body, Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

type Fail = Box<dyn std::error::Error + Send + Sync>;
type AnyBody = BoxBody<Bytes, Fail>;

/// What is done to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// It never reaches the store: this is answered instead.
    Answer(u16, &'static str),
    /// The connection breaks after so many bytes of the request's body; the store never sees it.
    BreakAfter(usize),
    /// The store carries it out, but the connection breaks before the answer.
    LoseAnswer,
    /// The connection breaks after so many bytes of the answer's body.
    CutAnswer(usize),
    /// A byte of what is sent is another.
    SpoilSent,
    /// A byte of what comes back is another.
    SpoilAnswer,
    /// The answer tells another checksum than the store did.
    SpoilSum,
    /// Every piece, there and back, waits for so long.
    Trickle(Duration),
    /// It is held until [`Faults::let_go`].
    Hold,
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// Counted from 0.
    pub(crate) number: usize,
    pub(crate) method: String,
    /// Without the bucket.
    pub(crate) key: String,
    pub(crate) query: String,
    headers: HeaderMap,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn is_part(&self) -> bool {
        self.method == "PUT" && self.query.contains("partNumber=")
    }

    /// Bytes of a file go up with it in one request.
    pub(crate) fn is_put(&self) -> bool {
        self.method == "PUT" && !self.query.contains("uploadId=")
    }

    pub(crate) fn is_get(&self) -> bool {
        self.method == "GET" && !self.key.is_empty() && !self.query.contains("uploadId=")
    }
}

/// How it stands with the network before the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    Up,
    /// Connections break, and new ones as soon as they are made.
    Down,
    /// Nothing arrives, and nobody says so.
    Mute,
}

type Rule = Box<dyn FnMut(&Seen) -> Fault + Send>;

struct Shared {
    upstream: u16,
    rule: Mutex<Rule>,
    seen: Mutex<Vec<Seen>>,
    network: watch::Sender<Network>,
    held: watch::Sender<usize>,
    let_go: watch::Sender<u64>,
}

/// The layer. Clones are the same.
#[derive(Clone)]
pub(crate) struct Faults {
    port: u16,
    shared: Arc<Shared>,
}

impl Faults {
    /// Before whatever listens on that port.
    pub(crate) async fn before(upstream: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            upstream,
            rule: Mutex::new(Box::new(|_| Fault::None)),
            seen: Mutex::default(),
            network: watch::Sender::new(Network::Up),
            held: watch::Sender::new(0),
            let_go: watch::Sender::new(0),
        });
        let layer = Self { port, shared: Arc::clone(&shared) };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        layer
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// From now on `rule` says what becomes of each request.
    pub(crate) fn rule(&self, rule: impl FnMut(&Seen) -> Fault + Send + 'static) {
        *self.shared.rule.lock().unwrap() = Box::new(rule);
    }

    pub(crate) fn network(&self, network: Network) {
        self.shared.network.send_replace(network);
    }

    /// The requests so far, spoiled or not.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// Requests that are held now.
    pub(crate) fn held(&self) -> usize {
        *self.shared.held.borrow()
    }

    /// Hands on what is held.
    pub(crate) fn let_go(&self) {
        self.shared.let_go.send_modify(|count| *count += 1);
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let mut network = shared.network.subscribe();
    let service = service_fn(move |request| handle(request, Arc::clone(&shared)));
    let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    loop {
        tokio::select! {
            biased;
            now = network.wait_for(|now| *now != Network::Up) => match now.map(|now| *now) {
                Ok(Network::Mute) => {}
                Ok(Network::Up | Network::Down) | Err(_) => return,
            },
            _ = &mut connection => return,
        }
        if network.wait_for(|now| *now != Network::Mute).await.is_err() {
            return;
        }
    }
}

/// Counts a held request for as long as it is.
struct Held<'a>(&'a watch::Sender<usize>);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|held| *held -= 1);
    }
}

async fn handle(request: Request<Incoming>, shared: Arc<Shared>) -> Result<Response<AnyBody>, Fail> {
    let fault = {
        let mut seen = shared.seen.lock().unwrap();
        let path = request.uri().path().trim_start_matches('/');
        let one = Seen {
            number: seen.len(),
            method: request.method().to_string(),
            key: path.split_once('/').map_or("", |(_, key)| key).to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            headers: request.headers().clone(),
        };
        seen.push(one.clone());
        (shared.rule.lock().unwrap())(&one)
    };
    let (mut head, body) = request.into_parts();
    head.headers.remove("expect");
    let body = match fault {
        Fault::Answer(status, code) => {
            body.collect().await?;
            let text = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>A fault</Message></Error>");
            let text = if head.method == "HEAD" { Bytes::new() } else { text.into() };
            return Ok(Response::builder()
                .status(status)
                .header("content-type", "application/xml")
                .body(full(text))?);
        }
        Fault::BreakAfter(bytes) => {
            let mut body = BodyStream::new(body);
            let mut read = 0;
            while read < bytes
                && let Some(frame) = body.try_next().await?
            {
                read += frame.data_ref().map_or(0, Bytes::len);
            }
            return Err("broken on the way there".into());
        }
        Fault::Hold => {
            let mut let_go = shared.let_go.subscribe();
            shared.held.send_modify(|held| *held += 1);
            let _held = Held(&shared.held);
            let_go.changed().await?;
            any(body)
        }
        Fault::SpoilSent => full(spoiled(&body.collect().await?.to_bytes())),
        Fault::Trickle(pause) => slowed(body, pause),
        _ => any(body),
    };
    let stream = TcpStream::connect(("127.0.0.1", shared.upstream)).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (mut head, body) = sender.send_request(Request::from_parts(head, body)).await?.into_parts();
    let body = match fault {
        Fault::LoseAnswer => return Err("broken on the way back".into()),
        Fault::CutAnswer(bytes) => cut(&body.collect().await?.to_bytes(), bytes),
        Fault::SpoilAnswer => full(spoiled(&body.collect().await?.to_bytes())),
        Fault::Trickle(pause) => slowed(body, pause),
        Fault::SpoilSum => {
            for (name, value) in &mut head.headers {
                if name.as_str().starts_with("x-amz-checksum-crc") {
                    *value = http::HeaderValue::from_static("AAAAAAAAAAA=");
                }
            }
            any(body)
        }
        _ => any(body),
    };
    Ok(Response::from_parts(head, body))
}

fn any(body: impl Body<Data = Bytes, Error = hyper::Error> + Send + Sync + 'static) -> AnyBody {
    body.map_err(Into::into).boxed()
}

fn full(bytes: Bytes) -> AnyBody {
    Full::new(bytes).map_err(|never: Infallible| match never {}).boxed()
}

fn spoiled(bytes: &Bytes) -> Bytes {
    let mut bytes = bytes.to_vec();
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    bytes.into()
}

fn slowed(body: Incoming, pause: Duration) -> AnyBody {
    if body.is_end_stream() {
        return any(body);
    }
    let pieces = BodyStream::new(body).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        piece.map_err(Fail::from)
    });
    BodyExt::boxed(StreamBody::new(pieces))
}

fn cut(bytes: &Bytes, at: usize) -> AnyBody {
    let at = at.min(bytes.len().saturating_sub(1));
    let pieces = [Ok(Frame::data(bytes.slice(..at))), Err(Fail::from("broken on the way back"))];
    let pieces = futures_util::stream::iter(pieces).then(|piece| async {
        // What came before is to arrive.
        tokio::time::sleep(Duration::from_millis(5)).await;
        piece
    });
    BodyExt::boxed(StreamBody::new(pieces))
}
