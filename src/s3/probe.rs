//! What a stranger gets: plain HTTP without any sign-in, for checking what the public sees.

use std::{
    sync::{LazyLock, OnceLock},
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use super::error::{BadAddress, Kind, S3Error, xml_text};

const OPERATION: &str = "Probe";
const TIMEOUT: Duration = Duration::from_secs(20);

/// What to ask.
#[derive(Debug, Clone)]
pub struct Question {
    /// The whole address.
    pub url: String,
    /// `GET`, `HEAD` or `OPTIONS`.
    pub method: Method,
    /// Headers to send, e.g. `Origin` or `Range`. Never a sign-in.
    pub headers: Vec<(String, String)>,
    /// How much of the body to read.
    pub limit_bytes: usize,
}

impl Question {
    /// Reads up to `limit_bytes` of the body.
    #[must_use]
    pub fn get(url: &str, limit_bytes: usize) -> Self {
        Self { url: url.to_owned(), method: Method::GET, headers: Vec::new(), limit_bytes }
    }

    /// Reads only the headers.
    #[must_use]
    pub fn head(url: &str) -> Self {
        Self { url: url.to_owned(), method: Method::HEAD, headers: Vec::new(), limit_bytes: 0 }
    }

    /// Asks as a browser does before a request from another site.
    #[must_use]
    pub fn preflight(url: &str, origin: &str, method: &str) -> Self {
        let headers = vec![
            ("Origin".to_owned(), origin.to_owned()),
            ("Access-Control-Request-Method".to_owned(), method.to_owned()),
        ];
        Self { url: url.to_owned(), method: Method::OPTIONS, headers, limit_bytes: 4096 }
    }

    /// Adds a header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status. Redirects are not followed.
    pub status: u16,
    /// The headers in the order they came; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was asked for.
    pub body: Bytes,
    /// Whether there was more.
    pub is_cut: bool,
    /// From sending to the last byte that was read.
    pub duration: Duration,
}

impl Answer {
    /// The first header of that name (in lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The code in an error document of S3, e.g. `AccessDenied`.
    #[must_use]
    pub fn error_code(&self) -> Option<&str> {
        let body = std::str::from_utf8(&self.body).ok()?;
        body.split_once("<Code>")?.1.split_once("</Code>").map(|(code, _)| code)
    }

    /// The code and the words of an error document, or of the page that a website endpoint sends in its place.
    #[must_use]
    pub fn refusal(&self) -> (Option<String>, Option<String>) {
        let text = String::from_utf8_lossy(&self.body);
        // Website endpoints: `<li>Code: AccessDenied</li>`.
        let item = |name: &str| {
            let rest = text.split_once(&format!("<li>{name}: "))?.1;
            rest.split_once("</li>").map(|(value, _)| value.to_owned())
        };
        let find = |name: &str| xml_text(&text, name).or_else(|| item(name));
        (find("Code"), find("Message"))
    }
}

/// Asks without any sign-in, over a connection of its own: each probe shall see what a newcomer sees.
///
/// # Errors
/// An address that cannot be read, or nobody who answers. Any HTTP status is an answer.
pub async fn probe(question: &Question) -> Result<Answer, S3Error> {
    static ALONE: LazyLock<Lines> = LazyLock::new(|| Lines::new(0));
    ALONE.ask(question, TIMEOUT).await
}

async fn ask(lines: &Lines, question: &Question) -> Result<Answer, S3Error> {
    let bad = |why| S3Error::new(OPERATION, Kind::BadAddress(why));
    if !question.url.contains("://") {
        return Err(bad(BadAddress::NoScheme));
    }
    let uri: Uri = question.url.parse().map_err(|_| bad(BadAddress::Unreadable))?;
    let (uri, host) = of_this_computer(uri);
    let mut request = Request::builder().method(question.method.clone()).uri(uri).header("user-agent", "brimful");
    if let Some(host) = host {
        request = request.header("host", host);
    }
    for (name, value) in &question.headers {
        request = request.header(name, value);
    }
    let request = request
        .body(Empty::<Bytes>::new())
        .map_err(|error| S3Error::new(OPERATION, Kind::BadRequest).caused_by(error))?;
    let begun = Instant::now();
    let response = lines.send(request).await?;
    let (head, mut incoming) = response.into_parts();
    let mut body = BytesMut::new();
    let mut is_cut = false;
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| S3Error::from_stream(OPERATION, error))?;
        let Ok(data) = frame.into_data() else { continue };
        let room = question.limit_bytes - body.len();
        body.extend_from_slice(&data[..data.len().min(room)]);
        if data.len() > room {
            is_cut = true;
            break;
        }
    }
    Ok(Answer {
        status: head.status.as_u16(),
        headers: told(&head.headers),
        body: body.freeze(),
        is_cut,
        duration: begun.elapsed(),
    })
}

/// Names under `localhost` lead to this computer, as browsers know and not every resolver does (RFC 6761, section 6.3):
/// the address to connect to, and the host to ask for.
fn of_this_computer(uri: Uri) -> (Uri, Option<String>) {
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let (Some(authority), true) = (uri.authority().cloned(), host.ends_with(".localhost")) else { return (uri, None) };
    let port = authority.port().map(|port| format!(":{port}")).unwrap_or_default();
    let mut parts = uri.clone().into_parts();
    parts.authority = format!("127.0.0.1{port}").parse().ok();
    match Uri::from_parts(parts) {
        Ok(here) => (here, Some(authority.to_string())),
        Err(_) => (uri, None),
    }
}

fn told(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

/// The query of a link may sign it: it is not to be shown in errors.
fn without_query(url: &str) -> &str {
    url.split_once('?').map_or(url, |(before, _)| before)
}

type Plain<C> = Client<C, Empty<Bytes>>;

/// Connections for asking many questions: what is idle is used again.
pub struct Lines {
    http: Plain<HttpConnector>,
    /// Made when it is first needed: reading the certificates of the system takes a while.
    https: OnceLock<Plain<HttpsConnector<HttpConnector>>>,
    most_idle: usize,
}

impl Lines {
    /// Keeps so many idle connections to each host.
    #[must_use]
    pub fn new(most_idle: usize) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self { http: client(most_idle).build(connector), https: OnceLock::new(), most_idle }
    }

    /// Asks without any sign-in but what the address holds. The answer has so much time, its body included.
    ///
    /// # Errors
    /// An address that cannot be read, or nobody who answers. Any HTTP status is an answer.
    pub async fn ask(&self, question: &Question, within: Duration) -> Result<Answer, S3Error> {
        tokio::time::timeout(within, ask(self, question))
            .await
            .unwrap_or_else(|_| Err(S3Error::new(OPERATION, Kind::Timeout)))
            .map_err(|error| error.about_endpoint(without_query(&question.url)))
    }

    async fn send(&self, request: Request<Empty<Bytes>>) -> Result<Response<Incoming>, S3Error> {
        let answer = if request.uri().scheme_str() == Some("https") {
            self.secure()?.request(request).await
        } else {
            self.http.request(request).await
        };
        answer.map_err(|error| S3Error::from_stream(OPERATION, error))
    }

    fn secure(&self) -> Result<&Plain<HttpsConnector<HttpConnector>>, S3Error> {
        if let Some(client) = self.https.get() {
            return Ok(client);
        }
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(|error| S3Error::new(OPERATION, Kind::Tls).caused_by(error))?
            .https_only()
            .enable_http1()
            .build();
        Ok(self.https.get_or_init(|| client(self.most_idle).build(connector)))
    }
}

fn client(most_idle: usize) -> hyper_util::client::legacy::Builder {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_max_idle_per_host(most_idle);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::testing::{Canned, serve};

    #[tokio::test]
    async fn a_probe_tells_status_headers_and_the_beginning_of_the_body() {
        let server =
            serve(vec![Canned::xml(403, "<Error><Code>AccessDenied</Code></Error>").header("x-amz-request-id", "R1")])
                .await;
        let answer = probe(
            &Question::get(&format!("{}/b/k?X-Amz-Signature=s", server.endpoint), 30)
                .with_header("Origin", "https://a.example"),
        )
        .await
        .unwrap();
        assert_eq!((answer.status, answer.header("x-amz-request-id"), answer.is_cut), (403, Some("R1"), true));
        assert_eq!(answer.error_code(), None);
        assert_eq!(answer.body.len(), 30);
        let seen = server.requests();
        assert_eq!(seen[0].header("origin"), Some("https://a.example"));
        assert_eq!(seen[0].header("authorization"), None);
    }

    #[tokio::test]
    async fn nobody_there_is_told_without_the_query() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let error = probe(&Question::head(&format!("http://{free}/x?X-Amz-Signature=s"))).await.unwrap_err();
        assert_eq!(error.kind, Kind::Unreachable(super::super::error::Unreached::NothingListens));
        assert!(!error.details().contains("Signature"), "{}", error.details());
    }
}
