//! The front door: what happens to a request before and after the S3 operations. It answers CORS preflights, gives
//! every answer its request id, and writes errors as AWS writes them.

use std::net::IpAddr;
use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use percent_encoding::percent_decode_str;
use s3s::host::{S3Host, VirtualHost};
use s3s::service::S3Service;
use s3s::{Body, S3Error, S3Result};
use uuid::Uuid;

use super::access::Peer;
use super::api::Service;
use super::cors;
use super::store::buckets::Bucket;

/// Path style everywhere, and `BUCKET.localhost` beside it: names under `localhost` lead to this computer.
pub(super) struct LocalHost;

impl S3Host for LocalHost {
    fn parse_host_header<'a>(&'a self, host: &'a str) -> S3Result<VirtualHost<'a>> {
        Ok(match bucket_of_host(host) {
            Some(bucket) => VirtualHost::new("localhost").with_bucket(bucket),
            None => VirtualHost::new(host),
        })
    }
}

fn bucket_of_host(host: &str) -> Option<&str> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name.strip_suffix(".localhost").filter(|bucket| !bucket.is_empty())
}

/// What a request is about, for the texts of errors and for CORS.
struct Target {
    resource: String,
    bucket: Option<String>,
    key: Option<String>,
}

impl Target {
    fn of<B>(request: &Request<B>) -> Self {
        let resource = request.uri().path().to_owned();
        let decoded = percent_decode_str(&resource).decode_utf8_lossy().into_owned();
        let path = decoded.strip_prefix('/').unwrap_or(&decoded);
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (bucket, key) = match host.and_then(bucket_of_host) {
            Some(bucket) => (some(bucket), some(path)),
            None => match path.split_once('/') {
                Some((bucket, key)) => (some(bucket), some(key)),
                None => (some(path), None),
            },
        };
        Self { resource, bucket, key }
    }
}

/// The whole store behind one address.
#[derive(Clone)]
pub(super) struct Front {
    pub(super) s3: S3Service,
    pub(super) service: Arc<Service>,
}

impl Front {
    fn bucket(&self, target: &Target) -> Option<Arc<Bucket>> {
        self.service.store.buckets.get(target.bucket.as_deref()?).ok()
    }

    /// Answers one request.
    pub(super) async fn answer(&self, request: Request<hyper::body::Incoming>, peer: IpAddr) -> Response<Body> {
        let id = Uuid::new_v4().simple().to_string()[..16].to_ascii_uppercase();
        let host_id = super::base64::encode(&[*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat());
        let target = Target::of(&request);
        let method = request.method().clone();
        let mut response = if method == Method::OPTIONS {
            self.preflight(&request, &target)
        } else {
            self.operate(request, &target, peer).await
        };
        if response.status().is_client_error() || response.status().is_server_error() {
            response = rewrite(response, &target, &id, &host_id, method == Method::HEAD);
        } else if response.status() == StatusCode::NOT_MODIFIED {
            response.headers_mut().remove(header::CONTENT_TYPE);
            *response.body_mut() = Body::empty();
        }
        let headers = response.headers_mut();
        for (name, value) in [("x-amz-request-id", &id), ("x-amz-id-2", &host_id)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        headers.insert(header::SERVER, HeaderValue::from_static("Brimful"));
        response
    }

    async fn operate(&self, request: Request<hyper::body::Incoming>, target: &Target, peer: IpAddr) -> Response<Body> {
        let method = request.method().clone();
        let asked: HeaderMap = request.headers().clone();
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(Peer(peer));
        let request = Request::from_parts(parts, Body::from(body));
        let mut response = match self.s3.call(request).await {
            Ok(response) => response,
            Err(error) => {
                tracing::error!(?error, "the practice store could not write its answer");
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
                response
            }
        };
        if let Some(bucket) = self.bucket(target) {
            if target.key.is_none()
                && method == Method::HEAD
                && let Ok(region) = HeaderValue::from_str(&bucket.region)
            {
                response.headers_mut().insert("x-amz-bucket-region", region);
            }
            if let Some(configuration) = &bucket.config.cors {
                response.headers_mut().extend(cors::actual(configuration, &asked, &method));
            }
        }
        response
    }

    fn preflight(&self, request: &Request<hyper::body::Incoming>, target: &Target) -> Response<Body> {
        let bucket = self.bucket(target);
        let known = bucket.as_ref().map(|bucket| bucket.config.cors.as_ref());
        match cors::preflight(known, request.headers()) {
            Ok(headers) => {
                let mut response = Response::new(Body::empty());
                response.headers_mut().extend(headers);
                response
            }
            Err(error) => plain_error(&error),
        }
    }
}

/// An error as the protocol crate would have written it, for [`rewrite`].
fn plain_error(error: &S3Error) -> Response<Body> {
    let text = format!(
        "<Error><Code>{}</Code><Message>{}</Message></Error>",
        error.code().as_str(),
        escape(error.message().unwrap_or_default())
    );
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = error.status_code().unwrap_or(StatusCode::BAD_REQUEST);
    response
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, letter| {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Not a character of XML 1.0.
            control if control.is_control() && !matches!(control, '\t' | '\n' | '\r') => escaped.push('\u{FFFD}'),
            other => escaped.push(other),
        }
        escaped
    })
}

fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(text, _)| text)
}

/// What AWS says where the protocol crate says nothing.
fn message_of(code: &str) -> &'static str {
    match code {
        "AccessDenied" => "Access Denied",
        "SignatureDoesNotMatch" => {
            "The request signature we calculated does not match the signature you provided. Check your key and signing method."
        }
        "RequestTimeTooSkewed" => "The difference between the request time and the current time is too large.",
        "InvalidURI" => "Couldn't parse the specified URI.",
        "InvalidBucketName" => "The specified bucket is not valid.",
        "KeyTooLongError" => "Your key is too long",
        "MalformedXML" => "The XML you provided was not well-formed or did not validate against our published schema",
        "MissingContentLength" => "You must provide the Content-Length HTTP header.",
        "IncompleteBody" => "You did not provide the number of bytes specified by the Content-Length HTTP header",
        "MethodNotAllowed" => "The specified method is not allowed against this resource.",
        "NotImplemented" => "A header you provided implies functionality that is not implemented",
        "MaxMessageLengthExceeded" => "Your request was too big.",
        "InternalError" => "We encountered an internal error. Please try again.",
        _ => "The request was refused",
    }
}

/// Writes an error as AWS does: code, message, what it is about, request id.
fn rewrite(response: Response<Body>, target: &Target, id: &str, host_id: &str, head: bool) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let before = body.bytes().unwrap_or_default();
    let before = String::from_utf8_lossy(&before);
    let code = element(&before, "Code").unwrap_or("InternalError");
    let message = element(&before, "Message").filter(|text| !text.is_empty()).unwrap_or_else(|| message_of(code));
    let about = match (code, &target.bucket, &target.key) {
        ("NoSuchKey" | "KeyTooLongError", _, Some(key)) => format!("<Key>{}</Key>", escape(key)),
        (
            "NoSuchBucket"
            | "BucketNotEmpty"
            | "NoSuchBucketPolicy"
            | "NoSuchCORSConfiguration"
            | "NoSuchTagSet"
            | "NoSuchLifecycleConfiguration"
            | "NoSuchPublicAccessBlockConfiguration"
            | "NoSuchWebsiteConfiguration"
            | "OwnershipControlsNotFoundError"
            | "BucketAlreadyOwnedByYou"
            | "InvalidBucketName",
            Some(bucket),
            _,
        ) => format!("<BucketName>{}</BucketName>", escape(bucket)),
        _ => String::new(),
    };
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>{about}<Resource>{}</Resource><RequestId>{id}</RequestId><HostId>{host_id}</HostId></Error>",
        escape(&target.resource)
    );
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
    let body = if head { Body::empty() } else { Body::from(text) };
    Response::from_parts(parts, body)
}
