//! The server as another process, which can be killed, and signed requests to it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

pub(super) fn encode_path(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// A request before it is signed.
#[derive(Debug, Clone, Default)]
pub(super) struct Call {
    pub(super) method: &'static str,
    pub(super) bucket: &'static str,
    pub(super) key: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

impl Call {
    pub(super) fn new(method: &'static str, bucket: &'static str, key: &str) -> Self {
        Self { method, bucket, key: key.to_owned(), ..Self::default() }
    }

    pub(super) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: http::HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The unescaped text of the first element of this name.
    pub(super) fn element(&self, name: &str) -> Option<String> {
        elements(&self.text(), name).into_iter().next().map(|text| unescape(&text))
    }

    pub(super) fn code(&self) -> String {
        if self.status < 400 { String::new() } else { self.element("Code").unwrap_or_default() }
    }
}

/// The insides of all elements of this name, as they are written.
pub(super) fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut rest = xml;
    while let Some((_, after)) = rest.split_once(&open) {
        let Some((inside, after)) = after.split_once(&close) else { break };
        found.push(inside.to_owned());
        rest = after;
    }
    found
}

/// The text of the one element of this name inside `xml`.
pub(super) fn inner(xml: &str, name: &str) -> Option<String> {
    elements(xml, name).into_iter().next().map(|text| unescape(&text))
}

pub(super) fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    text.replace("&#39;", "'").replace("&#34;", "\"").replace("&amp;", "&")
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A process that serves a folder.
pub(super) struct Wire {
    child: Child,
    endpoint: String,
    access_key: String,
    secret: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Wire {
    /// Starts `brimful practice` and waits until it serves.
    pub(super) fn start(dir: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_brimful"))
            .args(["practice", "--dir"])
            .arg(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut told = |name: &str| {
            let line = lines.next().unwrap().unwrap();
            let (found, value) = line.trim_start_matches("export ").split_once('=').unwrap();
            assert_eq!(found, name);
            value.to_owned()
        };
        let endpoint = told("AWS_ENDPOINT_URL");
        let access_key = told("AWS_ACCESS_KEY_ID");
        let secret = told("AWS_SECRET_ACCESS_KEY");
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { child, endpoint, access_key, secret, client }
    }

    /// Ends the process at once, as a power cut would end it.
    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `Err` when the connection broke before the answer was complete.
    pub(super) async fn send(&self, call: &Call) -> Result<Answer, String> {
        let request = self.signed(call);
        let answer = self.client.request(request).await.map_err(|error| format!("{error:?}"))?;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| format!("{error:?}"))?.to_bytes();
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    /// Signature Version 4 (AWS Signature Version 4 for API requests, "Create a signed request").
    fn signed(&self, call: &Call) -> http::Request<Full<Bytes>> {
        let path = if call.key.is_empty() {
            format!("/{}", call.bucket)
        } else {
            format!("/{}/{}", call.bucket, encode_path(&call.key))
        };
        let mut query: Vec<_> = call.query.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        query.sort();
        let query = query.join("&");
        let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        let host = self.endpoint.trim_start_matches("http://").to_owned();
        let mut headers = vec![
            ("host", host),
            ("x-amz-content-sha256", hex(&Sha256::digest(&call.body))),
            ("x-amz-date", now.clone()),
        ];
        headers.extend(call.headers.iter().cloned());
        headers.sort();
        let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let canonical = format!(
            "{}\n{path}\n{query}\n{lines}\n{names}\n{}",
            call.method,
            headers.iter().find(|(name, _)| *name == "x-amz-content-sha256").map_or("", |(_, value)| value)
        );
        let day = &now[..8];
        let scope = format!("{day}/us-east-1/s3/aws4_request");
        let key = hmac(format!("AWS4{}", self.secret).as_bytes(), day.as_bytes());
        let key = ["us-east-1", "s3", "aws4_request"].iter().fold(key, |key, text| hmac(&key, text.as_bytes()));
        let text = format!("AWS4-HMAC-SHA256\n{now}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
        let signature = hex(&hmac(&key, text.as_bytes()));
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.access_key
        );
        let question = if query.is_empty() { String::new() } else { format!("?{query}") };
        let mut request = http::Request::builder()
            .method(call.method)
            .uri(format!("{}{path}{question}", self.endpoint))
            .header("authorization", authorization);
        for (name, value) in headers.into_iter().filter(|(name, _)| *name != "host") {
            request = request.header(name, value);
        }
        // A server that refuses before it has read everything closes the connection: the next request needs another.
        if call.body.len() > 64 << 10 {
            request = request.header("connection", "close");
        }
        request.body(Full::from(call.body.clone())).unwrap()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hmac(key: &[u8], text: &[u8]) -> [u8; 32] {
    let pad = |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ with).collect() };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().into()
}
