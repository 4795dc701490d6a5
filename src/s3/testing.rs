//! A server on loopback that answers what it is told: recorded errors of Amazon S3, for testing how they are read.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;

use super::{connect::connect, secrets::Secrets, store::Store};
use crate::domain::connection::{Addressing, ChecksumMode, Connection, ConnectionId, SignIn, StoreTarget, Target};

/// One answer.
#[derive(Debug, Clone)]
pub(crate) struct Canned {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Canned {
    pub(crate) fn xml(status: u16, body: &str) -> Self {
        Self { status, headers: vec![("content-type".into(), "application/xml".into())], body: body.into() }
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self { status, headers: vec![("content-type".into(), "application/json".into())], body: body.into() }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    pub(crate) fn html(status: u16, body: &str) -> Self {
        Self { status, headers: vec![("content-type".into(), "text/html".into())], body: body.into() }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path_and_query: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

pub(crate) struct Server {
    pub(crate) endpoint: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Somebody else's, at this address.
    pub(crate) fn at(endpoint: String) -> Self {
        Self { endpoint, seen: Arc::default() }
    }

    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A store that asks this server.
    pub(crate) async fn store(&self) -> Store {
        let connection = Connection {
            id: ConnectionId::random(),
            name: "Canned".into(),
            target: Target::Store(StoreTarget {
                preset: "custom".into(),
                endpoint: self.endpoint.clone(),
                region: "us-east-1".into(),
                addressing: Addressing::Path,
                checksums: ChecksumMode::WhenRequired,
                sign_in: SignIn::Keys { access_key_id: "AKIDEXAMPLE".into(), has_session_token: false },
                public_base_url: None,
            }),
            production: false,
            last_opened: None,
            bucket_count: None,
        };
        connect(&connection, Some(Secrets::new("secret", None)), None).await.unwrap()
    }
}

/// Answers the first request with the first answer and so on; the last one again and again.
pub(crate) async fn serve(answers: Vec<Canned>) -> Server {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
    let log = Arc::clone(&seen);
    let answers = Arc::new(answers);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (log, answers) = (Arc::clone(&log), Arc::clone(&answers));
            tokio::spawn(async move {
                let service = service_fn(move |request: Request<Incoming>| {
                    let (log, answers) = (Arc::clone(&log), Arc::clone(&answers));
                    async move {
                        let (head, body) = request.into_parts();
                        let body = body.collect().await?.to_bytes();
                        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                        let answer = answers.get(log.len()).or(answers.last()).unwrap().clone();
                        log.push(Seen {
                            method: head.method.to_string(),
                            path_and_query: head.uri.to_string(),
                            headers: head
                                .headers
                                .iter()
                                .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
                                .collect(),
                            body,
                        });
                        let mut response = Response::builder().status(answer.status);
                        for (name, value) in &answer.headers {
                            response = response.header(name, value);
                        }
                        Ok::<_, hyper::Error>(response.body(Full::new(Bytes::from(answer.body))).unwrap())
                    }
                });
                http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
            });
        }
    });
    Server { endpoint, seen }
}
