//! Requests by hand: what no SDK sends, and what a browser or a stranger sends.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client as Plain;
use hyper_util::rt::TokioExecutor;

use super::server::{Keys, Server};
use super::signing;

/// A request in the making; made by [`Server::ask`].
pub(crate) struct Ask<'a> {
    server: &'a Server,
    method: &'a str,
    target: String,
    headers: Vec<(String, String)>,
    body: Bytes,
    signer: Option<Keys>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(server: &'a Server, method: &'a str, target: &str) -> Self {
        let target = target.strip_prefix(&server.endpoint).unwrap_or(target).to_owned();
        assert!(target.starts_with('/') || target.starts_with("http"), "{target}: a path begins with a slash");
        Self { server, method, target, headers: Vec::new(), body: Bytes::new(), signer: None }
    }

    /// Adds a header. `host` replaces the one of the endpoint, for virtual-hosted requests.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// The body; its length is told by itself.
    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = Bytes::copy_from_slice(body.as_ref());
        self
    }

    /// Signs for the account of the server handle (Signature Version 4 in the `authorization` header, all headers
    /// signed). A header `x-amz-date` or `x-amz-content-sha256` given before counts, and is signed as it is.
    pub(crate) fn sign(self) -> Self {
        let keys = self.server.keys.clone();
        self.sign_as(&keys)
    }

    /// Signs with any key.
    pub(crate) fn sign_as(mut self, keys: &Keys) -> Self {
        self.signer = Some(keys.clone());
        self
    }

    /// Sends it and reads the whole answer. Redirects are answers, not followed.
    pub(crate) async fn send(mut self) -> Answer {
        let url = if self.target.starts_with('/') {
            format!("{}{}", self.server.endpoint, self.target)
        } else {
            self.target.clone()
        };
        let uri: http::Uri = url.parse().unwrap();
        if !self.headers.iter().any(|(name, _)| name == "host") {
            self.headers.push(("host".to_owned(), uri.authority().unwrap().to_string()));
        }
        if let Some(keys) = &self.signer {
            signing::sign(self.method, &uri, &mut self.headers, &self.body, &self.server.region, keys);
        }
        let mut request = http::Request::builder().method(self.method).uri(uri);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let client = Plain::builder(TokioExecutor::new()).build_http();
        let answer = client.request(request.body(Full::new(self.body)).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body, text }
    }
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
    /// The body as text, what is none replaced.
    pub(crate) text: String,
}

impl Answer {
    /// A header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of an error document; empty where there is none.
    pub(crate) fn code(&self) -> &str {
        self.element("Code")
    }

    /// What stands in the first XML element of this name; empty where there is none.
    pub(crate) fn element(&self, name: &str) -> &str {
        let rest = self.text.split_once(&format!("<{name}>")).map_or("", |(_, rest)| rest);
        rest.split_once(&format!("</{name}>")).map_or("", |(inside, _)| inside)
    }
}
