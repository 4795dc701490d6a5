//! What an access log calls a request: `REST.GET.OBJECT` and the like.

use http::{HeaderMap, Method, Uri};

use super::Face;

/// Parts of a bucket or object and what the log calls them.
const PARTS: &[(&str, &str)] = &[
    ("acl", "ACL"),
    ("accelerate", "ACCELERATE"),
    ("analytics", "ANALYTICS"),
    ("attributes", "OBJECT_ATTRIBUTES"),
    ("cors", "CORS"),
    ("delete", "MULTI_OBJECT_DELETE"),
    ("encryption", "ENCRYPTION"),
    ("intelligent-tiering", "INTELLIGENT_TIERING"),
    ("inventory", "INVENTORY"),
    ("legal-hold", "OBJECT_LOCK_LEGALHOLD"),
    ("lifecycle", "LIFECYCLE"),
    ("location", "LOCATION"),
    ("logging", "LOGGING_STATUS"),
    ("metrics", "METRICS"),
    ("notification", "NOTIFICATION"),
    ("object-lock", "OBJECT_LOCK_CONFIGURATION"),
    ("ownershipControls", "OWNERSHIP_CONTROLS"),
    ("policy", "BUCKETPOLICY"),
    ("policyStatus", "POLICY_STATUS"),
    ("publicAccessBlock", "PUBLIC_ACCESS_BLOCK"),
    ("replication", "REPLICATION"),
    ("requestPayment", "REQUEST_PAYMENT"),
    ("restore", "OBJECT"),
    ("retention", "OBJECT_LOCK_RETENTION"),
    ("select", "SELECT_OBJECT_CONTENT"),
    ("torrent", "OBJECT_TORRENT"),
    ("uploads", "UPLOADS"),
    ("versioning", "VERSIONING"),
    ("versions", "BUCKETVERSIONS"),
    ("website", "WEBSITE"),
];

/// The name of a request, from its method and from what it is about.
pub(super) fn operation(face: Face, method: &Method, object: bool, uri: &Uri, headers: &HeaderMap) -> String {
    if face == Face::Website {
        return format!("WEBSITE.{method}.OBJECT");
    }
    if method == Method::OPTIONS {
        return "REST.OPTIONS.PREFLIGHT".to_owned();
    }
    let query = uri.query().unwrap_or_default();
    let has = |name: &str| query.split('&').any(|pair| pair.split_once('=').map_or(pair, |(name, _)| name) == name);
    let copies = headers.contains_key("x-amz-copy-source");
    let verb = if copies && method == Method::PUT { "COPY" } else { method.as_str() };
    let about = if has("uploadId") {
        if has("partNumber") { "PART" } else { "UPLOAD" }
    } else if has("tagging") {
        if object { "OBJECT_TAGGING" } else { "TAGGING" }
    } else {
        let part = PARTS.iter().find(|(name, _)| has(name)).map(|(_, name)| *name);
        part.unwrap_or(if object { "OBJECT" } else { "BUCKET" })
    };
    format!("REST.{verb}.{about}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("GET", true, "/b/k", "REST.GET.OBJECT"; "reading an object")]
    #[test_case("HEAD", true, "/b/k?versionId=1", "REST.HEAD.OBJECT"; "asking for an object")]
    #[test_case("GET", false, "/b?list-type=2", "REST.GET.BUCKET"; "listing")]
    #[test_case("GET", false, "/b?versions", "REST.GET.BUCKETVERSIONS"; "listing versions")]
    #[test_case("POST", false, "/b?delete", "REST.POST.MULTI_OBJECT_DELETE"; "deleting many")]
    #[test_case("POST", true, "/b/k?uploads", "REST.POST.UPLOADS"; "beginning an upload")]
    #[test_case("PUT", true, "/b/k?partNumber=1&uploadId=x", "REST.PUT.PART"; "a part")]
    #[test_case("POST", true, "/b/k?uploadId=x", "REST.POST.UPLOAD"; "completing an upload")]
    #[test_case("GET", true, "/b/k?tagging", "REST.GET.OBJECT_TAGGING"; "tags of an object")]
    #[test_case("PUT", false, "/b?tagging", "REST.PUT.TAGGING"; "tags of a bucket")]
    #[test_case("PUT", false, "/b?logging", "REST.PUT.LOGGING_STATUS"; "logging itself")]
    #[test_case("OPTIONS", true, "/b/k", "REST.OPTIONS.PREFLIGHT"; "a browser asking first")]
    fn names(method: &str, object: bool, uri: &str, expected: &str) {
        let method = method.parse().unwrap();
        assert_eq!(operation(Face::Rest, &method, object, &uri.parse().unwrap(), &HeaderMap::new()), expected);
    }

    #[test]
    fn copies_and_visits_have_names_of_their_own() {
        let copy = HeaderMap::from_iter([(
            http::HeaderName::from_static("x-amz-copy-source"),
            http::HeaderValue::from_static("/a/b"),
        )]);
        let uri = "/b/k".parse().unwrap();
        assert_eq!(operation(Face::Rest, &Method::PUT, true, &uri, &copy), "REST.COPY.OBJECT");
        assert_eq!(operation(Face::Website, &Method::GET, true, &uri, &copy), "WEBSITE.GET.OBJECT");
    }
}
