//! Which methods go with which part of a bucket or an object.
//!
//! The protocol crate takes a request with a query that it does not know for the plain operation: it would delete the
//! bucket for `DELETE /bucket?logging`, which S3 does not have, and overwrite the object for `PUT /bucket/key?annotation`,
//! which is newer than the crate. Such requests end here.

use std::borrow::Cow;

use http::{HeaderValue, Method, header};
use percent_encoding::percent_decode_str;
use s3s::{S3Error, S3Result};

use super::error::refuse;

/// Parts of a bucket and their methods (Amazon S3 API Reference, "Amazon S3", for each operation).
const OF_BUCKETS: &[(&str, &str)] = &[
    ("accelerate", "GET, PUT"),
    ("acl", "GET, PUT"),
    ("analytics", "GET, PUT, DELETE"),
    ("cors", "GET, PUT, DELETE"),
    ("delete", "POST"),
    ("encryption", "GET, PUT, DELETE"),
    ("intelligent-tiering", "GET, PUT, DELETE"),
    ("inventory", "GET, PUT, DELETE"),
    ("lifecycle", "GET, PUT, DELETE"),
    ("location", "GET"),
    ("logging", "GET, PUT"),
    ("metadataTable", "GET, POST, DELETE"),
    ("metrics", "GET, PUT, DELETE"),
    ("notification", "GET, PUT"),
    ("object-lock", "GET, PUT"),
    ("ownershipControls", "GET, PUT, DELETE"),
    ("policy", "GET, PUT, DELETE"),
    ("policyStatus", "GET"),
    ("publicAccessBlock", "GET, PUT, DELETE"),
    ("replication", "GET, PUT, DELETE"),
    ("requestPayment", "GET, PUT"),
    ("session", "GET"),
    ("tagging", "GET, PUT, DELETE"),
    ("uploads", "GET"),
    ("versioning", "GET, PUT"),
    ("versions", "GET"),
    ("website", "GET, PUT, DELETE"),
];

/// Parts of an object and their methods.
const OF_OBJECTS: &[(&str, &str)] = &[
    ("acl", "GET, PUT"),
    ("attributes", "GET"),
    ("legal-hold", "GET, PUT"),
    ("restore", "POST"),
    ("retention", "GET, PUT"),
    ("select", "POST"),
    ("tagging", "GET, PUT, DELETE"),
    ("torrent", "GET"),
    ("uploadId", "GET, PUT, POST, DELETE"),
    ("uploads", "POST"),
];

/// Parts that S3 has and this store does not.
const LACKING: &[&str] = &[
    "abac",
    "annotation",
    "metadataAnnotationTable",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "renameObject",
];

/// What a request is about, as errors name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Service,
    Bucket,
    Object,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Service => "SERVICE",
            Self::Bucket => "BUCKET",
            Self::Object => "OBJECT",
        }
    }
}

/// The decoded names in a query.
fn names(query: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let names = query.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
    names.map(|name| percent_decode_str(name).decode_utf8_lossy())
}

/// Whether the answer is the object itself and not a document about it.
pub(super) fn is_object(method: &Method, kind: Kind, query: &str) -> bool {
    *method == Method::GET
        && kind == Kind::Object
        && !names(query).any(|name| OF_OBJECTS.iter().any(|(known, _)| *known == name))
}

/// Refuses a request that no operation answers.
pub(super) fn check(method: &Method, kind: Kind, query: &str) -> S3Result<()> {
    let names: Vec<_> = names(query).collect();
    if names.iter().any(|name| LACKING.contains(&&**name) || (kind == Kind::Object && name == "encryption")) {
        return Err(refuse("NotImplemented", "A parameter you provided implies functionality that is not implemented"));
    }
    let (parts, plain): (&[(&str, &str)], _) = match kind {
        Kind::Service => (&[], "GET"),
        Kind::Bucket => (OF_BUCKETS, "GET, HEAD, PUT, POST, DELETE"),
        Kind::Object => (OF_OBJECTS, "GET, HEAD, PUT, DELETE"),
    };
    let part = names.iter().find_map(|name| parts.iter().find(|(known, _)| known == name));
    let allowed = part.map_or(plain, |(_, methods)| methods);
    // HEAD of a part is HEAD of the whole.
    let head = *method == Method::HEAD && kind != Kind::Service;
    if head || allowed.split(", ").any(|known| known == method.as_str()) {
        let numbered = names.iter().any(|name| name == "partNumber");
        let uploading = part.is_some_and(|(name, _)| *name == "uploadId");
        return if *method == Method::PUT && kind == Kind::Object && numbered != uploading {
            Err(refuse("InvalidRequest", "A part of an upload needs both partNumber and uploadId"))
        } else {
            Ok(())
        };
    }
    Err(not_allowed(allowed))
}

fn not_allowed(allowed: &'static str) -> S3Error {
    let mut error = refuse("MethodNotAllowed", "The specified method is not allowed against this resource.");
    error.set_headers([(header::ALLOW, HeaderValue::from_static(allowed))].into_iter().collect());
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("GET", Kind::Service, "", ""; "list buckets")]
    #[test_case("PUT", Kind::Service, "", "GET"; "nothing can be put at the root")]
    #[test_case("DELETE", Kind::Bucket, "", ""; "a bucket")]
    #[test_case("DELETE", Kind::Bucket, "logging", "GET, PUT"; "not the bucket for its logging")]
    #[test_case("DELETE", Kind::Bucket, "x=1&acl=", "GET, PUT"; "nor for its list of grants")]
    #[test_case("PUT", Kind::Bucket, "location", "GET"; "no bucket for its place")]
    #[test_case("DELETE", Kind::Bucket, "%6Cogging", "GET, PUT"; "in whatever letters")]
    #[test_case("PATCH", Kind::Bucket, "", "GET, HEAD, PUT, POST, DELETE"; "no such method")]
    #[test_case("HEAD", Kind::Bucket, "acl", ""; "head")]
    #[test_case("DELETE", Kind::Object, "acl", "GET, PUT"; "not the object for its grants")]
    #[test_case("PUT", Kind::Object, "attributes", "GET"; "no object for its attributes")]
    #[test_case("POST", Kind::Object, "", "GET, HEAD, PUT, DELETE"; "forms go to buckets")]
    #[test_case("PUT", Kind::Object, "partNumber=1&uploadId=a", ""; "a part")]
    #[test_case("GET", Kind::Object, "partNumber=1", ""; "reading a part")]
    #[test_case("GET", Kind::Object, "X-Amz-Signature=a&versionId=b", ""; "what is no part of anything")]
    fn methods(method: &str, kind: Kind, query: &str, allowed: &str) {
        let outcome = check(&method.parse().unwrap(), kind, query);
        let told = outcome.err().map_or(String::new(), |error| {
            assert_eq!(error.code().as_str(), "MethodNotAllowed");
            error.headers().unwrap()["allow"].to_str().unwrap().to_owned()
        });
        assert_eq!(told, allowed);
    }

    #[test_case("PUT", Kind::Object, "annotation&annotationName=a", "NotImplemented"; "annotations")]
    #[test_case("DELETE", Kind::Bucket, "metadataConfiguration", "NotImplemented"; "metadata tables")]
    #[test_case("PUT", Kind::Object, "encryption", "NotImplemented"; "encryption of an object")]
    #[test_case("PUT", Kind::Object, "partNumber=1", "InvalidRequest"; "a part of nothing")]
    #[test_case("PUT", Kind::Object, "uploadId=a", "InvalidRequest"; "no part of an upload")]
    fn refusals(method: &str, kind: Kind, query: &str, code: &str) {
        assert_eq!(check(&method.parse().unwrap(), kind, query).unwrap_err().code().as_str(), code);
    }
}
