//! The front door: what happens to a request before and after the S3 operations. It answers CORS preflights, gives
//! every answer its request id, and writes errors as AWS writes them.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version, header};
use hyper::body::Incoming;
use s3s::service::S3Service;
use s3s::{Body, S3Result};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::access::{Peer, check_signature};
use super::admission;
use super::api::Service;
use super::characters;
use super::cors;
use super::error::{invalid_request, refuse};
use super::inflow::{MAX_DOCUMENT, inflow};
use super::logbook::{Face, Logbook};
use super::refusal::{plain, refused, rewrite, unread_document};
use super::server::{Keys, Server};
use super::store::buckets::Bucket;
use super::subresource::{self, Kind};
use super::target::Target;

/// Requests at a time whose body is held in memory: forms and long XML documents.
const HELD_BODIES: usize = 4;

/// A document up to this size counts as small.
const SMALL_DOCUMENT: u64 = 64 << 10;

/// The whole store behind one address.
#[derive(Clone)]
pub(super) struct Front {
    s3: S3Service,
    auth: Keys,
    service: Arc<Service>,
    held: Arc<Semaphore>,
    logbook: Arc<Logbook>,
}

impl Front {
    pub(super) fn new(s3: S3Service, auth: Keys, service: Arc<Service>, logbook: Arc<Logbook>) -> Self {
        Self { s3, auth, service, held: Arc::new(Semaphore::new(HELD_BODIES)), logbook }
    }

    fn bucket(&self, target: &Target) -> Option<Arc<Bucket>> {
        self.service.store.buckets.get(target.bucket.as_deref()?).ok()
    }

    /// Answers one request. `stall` is how long its body may pause.
    pub(super) async fn answer(&self, request: Request<Incoming>, peer: IpAddr, stall: Duration) -> Response<Body> {
        let id = Uuid::new_v4().simple().to_string()[..16].to_ascii_uppercase();
        let host_id = super::base64::encode(&[*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat());
        let target = Target::of(&request);
        let watch = self.logbook.watch(Face::Rest, target.bucket.as_deref(), target.key.as_deref(), &request, peer);
        let refused = check_host(&request).err();
        let mut response = if let Some(error) = refused {
            plain(&error)
        } else if target.method == Method::OPTIONS {
            self.preflight(&request, &target)
        } else {
            let work = AssertUnwindSafe(self.operate(request, &target, peer, stall));
            work.catch_unwind().await.unwrap_or_else(|_| {
                tracing::error!(%id, "an operation of practice storage panicked");
                plain(&refuse("InternalError", "We encountered an internal error. Please try again."))
            })
        };
        if response.status().is_client_error() || response.status().is_server_error() {
            response = rewrite(response, &target, &id, &host_id);
        } else if response.status() == StatusCode::NOT_MODIFIED {
            response.headers_mut().remove(header::CONTENT_TYPE);
            *response.body_mut() = Body::empty();
        } else if target.method == Method::HEAD && response.headers().contains_key(header::CONTENT_RANGE) {
            // The protocol crate knows this status for GET alone.
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        }
        let headers = response.headers_mut();
        for (name, value) in [("x-amz-request-id", &id), ("x-amz-id-2", &host_id)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        headers.insert(header::SERVER, HeaderValue::from_static("Brimful"));
        match watch {
            Some(watch) => watch.finish(response),
            None => response,
        }
    }

    async fn operate(
        &self,
        request: Request<Incoming>,
        target: &Target,
        peer: IpAddr,
        stall: Duration,
    ) -> Response<Body> {
        let query = target.uri.query().unwrap_or_default();
        if !target.beside
            && let Err(error) = subresource::check(&target.method, target.kind(), query)
        {
            return plain(&error);
        }
        let bucket = self.bucket(target);
        let now = jiff::Timestamp::now();
        if let Err(refusal) = check_signature(request.uri(), request.headers(), &self.service.people, now) {
            let mut response = refused(&refusal);
            if let Some(configuration) = bucket.as_ref().and_then(|bucket| bucket.config.cors.as_ref()) {
                response.headers_mut().extend(cors::actual(configuration, request.headers(), &target.method));
            }
            return response;
        }
        if let Some(response) = bucket.as_ref().and_then(|bucket| wrong_region(target, &bucket.region)) {
            return response;
        }
        let has_document = has_document(&request, target);
        let _place = if is_held(&request, target) { self.held.acquire().await.ok() } else { None };
        let (mut parts, body) = request.into_parts();
        let cors = bucket.as_ref().is_some_and(|bucket| bucket.config.cors.is_some());
        let asked: HeaderMap = if cors { parts.headers.clone() } else { HeaderMap::new() };
        parts.extensions.insert(Peer(peer));
        let most = if has_document { MAX_DOCUMENT } else { u64::MAX };
        let sha256 = parts.headers.get("x-amz-content-sha256").cloned();
        let (body, remains) = inflow(body, &parts.headers, stall, most);
        let request = Request::from_parts(parts, Body::http_body_unsync(body));
        let admitted = admission::admit(request, target.bucket.as_deref(), target.key.as_deref(), &self.auth).await;
        let mut response = match admitted {
            Err(error) => plain(&error),
            Ok((request, reply)) => match self.s3.call(request).await {
                Ok(response) => match reply {
                    Some(reply) => reply.shape(response),
                    None if subresource::is_object(&target.method, target.kind(), query) => response,
                    None => characters::spelled(response),
                },
                Err(error) => {
                    tracing::error!(?error, "the practice store could not write its answer");
                    let mut response = Response::new(Body::empty());
                    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                    response
                }
            },
        };
        if response.status().is_client_error() || response.status().is_server_error() {
            let fault =
                remains.fault().or_else(|| has_document.then(|| unread_document(&response, sha256.as_ref()))?);
            if let Some(fault) = fault {
                response = plain(&fault);
            }
            if !remains.drain().await {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
        }
        // What the operation changed counts: a bucket may have come or gone.
        if let Some(bucket) = self.bucket(target) {
            if target.key.is_none()
                && target.method == Method::HEAD
                && let Ok(region) = HeaderValue::from_str(&bucket.region)
            {
                response.headers_mut().insert("x-amz-bucket-region", region);
            }
            if let Some(configuration) = &bucket.config.cors {
                response.headers_mut().extend(cors::actual(configuration, &asked, &target.method));
            }
        }
        response
    }

    fn preflight(&self, request: &Request<Incoming>, target: &Target) -> Response<Body> {
        let bucket = self.bucket(target);
        let known = bucket.as_ref().map(|bucket| bucket.config.cors.as_ref());
        match cors::preflight(known, request.headers()) {
            Ok(headers) => {
                let mut response = Response::new(Body::empty());
                response.headers_mut().extend(headers);
                response
            }
            Err(error) => plain(&error),
        }
    }
}

/// The answer to a signature for a region in which neither the endpoint nor the bucket is. Making a bucket is free to
/// name any.
fn wrong_region(target: &Target, home: &str) -> Option<Response<Body>> {
    let making = target.method == Method::PUT && target.kind() == Kind::Bucket && target.uri.query().is_none();
    let signed = target.region().filter(|signed| !making && signed != home && signed != Server::REGION)?;
    let header = if target.parameter("X-Amz-Credential").is_some() {
        ("AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter")
    } else {
        ("AuthorizationHeaderMalformed", "The authorization header is malformed")
    };
    let mut response =
        plain(&refuse(header.0, format!("{}; the region '{signed}' is wrong; expecting '{home}'", header.1)));
    if let Ok(home) = HeaderValue::from_str(home) {
        response.headers_mut().insert("x-amz-bucket-region", home);
    }
    Some(response)
}

/// A request of HTTP/1.1 names its host once (RFC 9112, "Host and :authority").
fn check_host<B>(request: &Request<B>) -> S3Result<()> {
    match request.headers().get_all(header::HOST).iter().count() {
        1 => Ok(()),
        0 if request.version() == Version::HTTP_10 => Ok(()),
        0 => Err(invalid_request("Missing required header for this request: Host")),
        _ => Err(invalid_request("The header Host was given more than once")),
    }
}

/// Whether the body of this request is neither the bytes of an object nor a form.
fn has_document<B>(request: &Request<B>, target: &Target) -> bool {
    let query = request.uri().query().unwrap_or_default();
    let names = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let object = target.method == Method::PUT
        && target.key.is_some()
        && !["acl", "legal-hold", "retention", "tagging"].into_iter().any(names);
    let form = target.method == Method::POST && target.key.is_none() && !names("delete") && !names("metadataTable");
    !object && !form
}

/// Whether the body of this request will be held in memory and may be long.
fn is_held<B>(request: &Request<B>, target: &Target) -> bool {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let long = match length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok()) {
        Some(length) => length > SMALL_DOCUMENT,
        None => request.headers().contains_key(header::TRANSFER_ENCODING),
    };
    let form = target.method == Method::POST && target.key.is_none();
    long && (form || has_document(request, target))
}
