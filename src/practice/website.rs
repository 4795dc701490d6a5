//! Website hosting: a second address at which a bucket is a website, for GET and HEAD and for everyone.
//!
//! ```text
//! http://BUCKET.s3-website.localhost:PORT/path ─► redirects ─► index document ─► GET as nobody through the S3
//!     operations, with the rights that a stranger has ─► the object, a redirect, or an error as a page
//! ```
//!
//! Source of the rules: Amazon S3 User Guide, "Hosting a static website using Amazon S3".

mod door;
mod pages;
mod route;

use std::net::IpAddr;
use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use percent_encoding::percent_decode_str;
use s3s::service::S3Service;
use s3s::{Body, dto};

pub(super) use self::door::serve;
use self::pages::Failure;
use super::access::Peer;
use super::api::Service;
use super::cors;
use super::logbook::{Face, Logbook};
use super::store::buckets::Bucket;

/// Headers of a visitor that count for the object.
const PASSED_ON: [header::HeaderName; 7] = [
    header::RANGE,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::REFERER,
    header::USER_AGENT,
];

/// The websites of all buckets behind one address.
#[derive(Clone)]
pub(super) struct Site {
    s3: S3Service,
    service: Arc<Service>,
    logbook: Arc<Logbook>,
}

/// What a visitor asks for.
struct Visit<'a> {
    head: bool,
    host: &'a str,
    bucket: &'a str,
    key: String,
    query: Option<&'a str>,
    headers: &'a HeaderMap,
    peer: IpAddr,
}

/// The bucket that a host names: below the name of this computer, or as a domain of its own.
fn bucket_of(host: &str) -> &str {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let own = name.strip_suffix(".s3-website.localhost").or_else(|| name.strip_suffix(".localhost"));
    own.filter(|bucket| !bucket.is_empty()).unwrap_or(name)
}

impl Site {
    pub(super) fn new(s3: S3Service, service: Arc<Service>, logbook: Arc<Logbook>) -> Self {
        Self { s3, service, logbook }
    }

    /// Answers one visitor.
    async fn answer<B>(&self, request: Request<B>, peer: IpAddr) -> Response<Body> {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let host = host.to_owned();
        let bucket = bucket_of(&host);
        let path = percent_decode_str(request.uri().path()).decode_utf8_lossy().into_owned();
        let key = path.strip_prefix('/').unwrap_or(&path);
        let watch = self.logbook.watch(Face::Website, Some(bucket), Some(key), &request, peer);
        let (parts, _) = request.into_parts();
        let head = parts.method == Method::HEAD;
        let visit = Visit {
            head,
            host: &host,
            bucket,
            key: key.to_owned(),
            query: parts.uri.query(),
            headers: &parts.headers,
            peer,
        };
        let found = self.service.store.buckets.get(bucket).ok();
        let mut response = match (&found, &parts.method) {
            (_, &Method::OPTIONS) => preflight(found.as_deref(), &parts.headers),
            (_, &Method::GET | &Method::HEAD) => match self.visit(found.as_deref(), &visit).await {
                Ok(response) => response,
                Err(failure) => failure.page(),
            },
            (_, method) => Failure::not_allowed(method.as_str()).page(),
        };
        if let Some(rules) = found.as_ref().and_then(|bucket| bucket.config.cors.as_ref()) {
            response.headers_mut().extend(cors::actual(rules, &parts.headers, &parts.method));
        }
        response.headers_mut().insert(header::SERVER, HeaderValue::from_static("Brimful"));
        if head {
            *response.body_mut() = Body::empty();
        }
        match watch {
            Some(watch) => watch.finish(response),
            None => response,
        }
    }

    async fn visit(&self, bucket: Option<&Bucket>, visit: &Visit<'_>) -> Result<Response<Body>, Failure> {
        let bucket = bucket.ok_or_else(|| Failure::no_such_bucket(visit.bucket))?;
        let website = bucket.config.documents.website.as_ref().ok_or_else(|| Failure::no_website(visit.bucket))?;
        if let Some(to) = &website.redirect_all_requests_to {
            return Ok(pages::redirect(StatusCode::MOVED_PERMANENTLY, &route::everything(to, &visit.key, visit.query)));
        }
        let rules = website.routing_rules.as_deref().unwrap_or_default();
        if let Some(rule) = route::matching(rules, &visit.key, None) {
            let (code, to) = route::target(rule, visit.host, &visit.key, visit.query);
            return Ok(pages::redirect(code, &to));
        }
        let suffix = website.index_document.as_ref().map_or("", |index| index.suffix.as_str());
        let folder = visit.key.is_empty() || visit.key.ends_with('/');
        let key = if folder { format!("{}{suffix}", visit.key) } else { visit.key.clone() };
        let response = self.fetch(visit, &key, visit.head).await;
        if let Some(to) = response.headers().get("x-amz-website-redirect-location").and_then(|to| to.to_str().ok()) {
            return Ok(pages::redirect(StatusCode::MOVED_PERMANENTLY, to));
        }
        let status = response.status();
        if !status.is_client_error() && !status.is_server_error() {
            return Ok(response);
        }
        // A folder asked for by its bare name.
        let missing = status == StatusCode::NOT_FOUND || status == StatusCode::FORBIDDEN;
        if missing && !folder && self.fetch(visit, &format!("{key}/{suffix}"), true).await.status().is_success() {
            return Ok(pages::redirect(StatusCode::FOUND, &format!("{}/", route::path(&visit.key))));
        }
        if let Some(rule) = route::matching(rules, &visit.key, Some(status.as_u16())) {
            let (code, to) = route::target(rule, visit.host, &visit.key, visit.query);
            return Ok(pages::redirect(code, &to));
        }
        let failure = Failure::of(response, &key);
        match &website.error_document {
            Some(document) if status.is_client_error() => self.error_document(visit, document, failure).await,
            _ => Err(failure),
        }
    }

    /// The page that the bucket has for errors, with the status of the error.
    async fn error_document(
        &self,
        visit: &Visit<'_>,
        document: &dto::ErrorDocument,
        failure: Failure,
    ) -> Result<Response<Body>, Failure> {
        let plain = HeaderMap::new();
        let again = Visit { headers: &plain, key: String::new(), ..*visit };
        let mut page = self.fetch(&again, &document.key, false).await;
        if !page.status().is_success() {
            return Err(failure.with_cause(Failure::of(page, &document.key)));
        }
        *page.status_mut() = failure.status();
        page.headers_mut().extend(failure.headers());
        Ok(page)
    }

    /// Reads an object as a stranger does.
    async fn fetch(&self, visit: &Visit<'_>, key: &str, head: bool) -> Response<Body> {
        let uri = format!("/{}{}", visit.bucket, route::path(key));
        let method = if head { Method::HEAD } else { Method::GET };
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        for name in &PASSED_ON {
            if let Some(value) = visit.headers.get(name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        request.extensions_mut().insert(Peer(visit.peer));
        let answer = match uri.parse() {
            Ok(uri) => {
                *request.uri_mut() = uri;
                self.s3.call(request).await.ok()
            }
            Err(_) => None,
        };
        answer.unwrap_or_else(|| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        })
    }
}

fn preflight(bucket: Option<&Bucket>, headers: &HeaderMap) -> Response<Body> {
    match cors::preflight(bucket.map(|bucket| bucket.config.cors.as_ref()), headers) {
        Ok(allowed) => {
            let mut response = Response::new(Body::empty());
            response.headers_mut().extend(allowed);
            response
        }
        Err(error) => Failure::refused(&error).page(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("images.s3-website.localhost:8080", "images"; "the long form")]
    #[test_case("my.images.localhost:8080", "my.images"; "the short form")]
    #[test_case("www.example.com", "www.example.com"; "a domain of its own")]
    #[test_case("127.0.0.1:8080", "127.0.0.1"; "an address")]
    fn hosts(host: &str, bucket: &str) {
        assert_eq!(bucket_of(host), bucket);
    }
}
