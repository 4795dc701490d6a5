//! Who asks, and what a policy can know about the request.
//!
//! Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".

use std::net::IpAddr;
use std::sync::Arc;

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use s3s::access::S3AccessContext;

use super::super::people::{Account, Identity, People};
use crate::domain::policy::{AnonymousRequest, ContextKeys, RequestContext, anonymous_context};

/// The address that a request came from, as the front door saw it.
#[derive(Debug, Clone, Copy)]
pub(in crate::practice) struct Peer(pub(in crate::practice) IpAddr);

/// Headers that are condition keys under their own names.
const HEADER_KEYS: &[&str] = &[
    "x-amz-acl",
    "x-amz-grant-read",
    "x-amz-grant-write",
    "x-amz-grant-read-acp",
    "x-amz-grant-write-acp",
    "x-amz-grant-full-control",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-storage-class",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-website-redirect-location",
    "x-amz-content-sha256",
    "x-amz-object-ownership",
    "x-amz-bucket-namespace",
    "if-match",
    "if-none-match",
];

/// Headers that are condition keys under other names.
const RENAMED_KEYS: [(&str, &str); 3] = [
    ("x-amz-object-lock-mode", "s3:object-lock-mode"),
    ("x-amz-object-lock-retain-until-date", "s3:object-lock-retain-until-date"),
    ("x-amz-object-lock-legal-hold", "s3:object-lock-legal-hold"),
];

/// Who sends a request. Clones are cheap.
#[derive(Debug, Clone)]
pub(in crate::practice) struct Caller(Arc<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    who: Option<Arc<Identity>>,
    request: AnonymousRequest,
    keys: ContextKeys,
}

impl Caller {
    /// Who signed, if anyone did.
    pub(in crate::practice) fn who(&self) -> Option<&Identity> {
        self.0.who.as_deref()
    }

    /// The account that what is written now belongs to, as far as the bucket lets it.
    pub(in crate::practice) fn account(&self) -> Account {
        self.who().map_or_else(Account::nobody, |who| who.account.clone())
    }

    /// What is known of the request whoever signed it.
    pub(super) fn request(&self) -> &AnonymousRequest {
        &self.0.request
    }

    /// The same with one more condition key.
    pub(super) fn knowing<'a>(&self, more: impl IntoIterator<Item = (String, &'a str)>) -> Self {
        let mut inner = Inner::clone(&self.0);
        for (key, value) in more {
            inner.keys.set(&key, value);
        }
        Self(Arc::new(inner))
    }

    /// The request as policies see it, on something of the account `owner`.
    pub(super) fn context(&self, action: &str, resource: String, owner: Option<&Account>) -> RequestContext {
        let mut keys = self.0.keys.clone();
        if let Some(owner) = owner {
            keys.set("s3:ResourceAccount", &owner.id);
            keys.set("aws:ResourceAccount", &owner.id);
        }
        match self.who() {
            Some(who) => RequestContext { principal: who.principal(), action: action.to_owned(), resource, keys },
            None => RequestContext { keys, ..anonymous_context(action, resource, self.request()) },
        }
    }

    /// Gathers what a policy can know about a request.
    pub(super) fn of(cx: &mut S3AccessContext<'_>, people: &People) -> Self {
        let who = cx.credentials().and_then(|credentials| people.identity(&credentials.access_key));
        let ip = cx.extensions_mut().get::<Peer>().map(|peer| peer.0);
        let query = Query::of(cx.uri());
        let headers = cx.headers();
        let request = AnonymousRequest {
            ip,
            https: false,
            tls_version: None,
            user_agent: header(headers, "user-agent").map(str::to_owned),
            referer: header(headers, "referer").map(str::to_owned),
            now: Some(jiff::Timestamp::now()),
        };
        let mut keys = anonymous_context("", String::new(), &request).keys;
        add_query_keys(&mut keys, &query);
        add_header_keys(&mut keys, headers);
        if let Some(creates) = creates_object(cx.s3_op().name()) {
            keys.set("s3:ObjectCreationOperation", creates.to_string());
        }
        if let Some(who) = &who {
            add_signature_keys(&mut keys, &query, headers, &request);
            keys.set("aws:userid", &who.user_id);
        }
        Self(Arc::new(Inner { who, request, keys }))
    }
}

/// Whether an operation that needs `s3:PutObject` leaves a new object behind.
fn creates_object(operation: &str) -> Option<bool> {
    match operation {
        "PutObject" | "PostObject" | "CopyObject" | "CompleteMultipartUpload" => Some(true),
        "CreateMultipartUpload" | "UploadPart" | "UploadPartCopy" => Some(false),
        _ => None,
    }
}

fn add_query_keys(keys: &mut ContextKeys, query: &Query) {
    for name in ["prefix", "delimiter", "max-keys"] {
        if let Some(value) = query.get(name) {
            keys.set(&format!("s3:{name}"), value);
        }
    }
    if let Some(version) = query.get("versionId") {
        keys.set("s3:versionid", version);
    }
}

fn add_header_keys(keys: &mut ContextKeys, headers: &HeaderMap) {
    for name in HEADER_KEYS {
        if let Some(value) = header(headers, name) {
            keys.set(&format!("s3:{name}"), value);
        }
    }
    for (name, key) in RENAMED_KEYS {
        if let Some(value) = header(headers, name) {
            keys.set(key, value);
        }
    }
    for pair in header(headers, "x-amz-tagging").unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        keys.set(&format!("s3:RequestObjectTag/{}", decode(name)), decode(value));
        keys.add("s3:RequestObjectTagKeys", decode(name));
    }
}

fn add_signature_keys(keys: &mut ContextKeys, query: &Query, headers: &HeaderMap, request: &AnonymousRequest) {
    let authorization = header(headers, "authorization");
    let (kind, version) = match authorization {
        Some(text) if text.starts_with("AWS4-") => ("REST-HEADER", "AWS4-HMAC-SHA256"),
        Some(_) => ("REST-HEADER", "AWS"),
        None if query.get("X-Amz-Signature").is_some() => ("REST-QUERY-STRING", "AWS4-HMAC-SHA256"),
        None if query.get("Signature").is_some() => ("REST-QUERY-STRING", "AWS"),
        None => ("POST", "AWS4-HMAC-SHA256"),
    };
    keys.set("s3:authType", kind);
    keys.set("s3:signatureversion", version);
    let date = query.get("X-Amz-Date").or_else(|| header(headers, "x-amz-date"));
    if let (Some(signed_at), Some(now)) = (date.and_then(signing_time), request.now) {
        let age = now.as_millisecond() - signed_at.as_millisecond();
        keys.set("s3:signatureAge", age.max(0).to_string());
    }
}

/// Reads `20260131T235959Z`.
pub(super) fn signing_time(text: &str) -> Option<jiff::Timestamp> {
    let text = text.strip_suffix('Z').filter(|text| text.len() == 15)?;
    jiff::Timestamp::strptime("%Y%m%dT%H%M%S%z", format!("{text}+0000")).ok()
}

pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// The decoded query of a request.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn of(uri: &http::Uri) -> Self {
        let pairs = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn any_starting_with(&self, start: &str) -> bool {
        self.0.iter().any(|(name, _)| name.starts_with(start))
    }
}
