//! How the answer to a posted form looks: what its `success_action_…` fields ask for.
//!
//! Source of the rules: Amazon S3 API Reference, "POST Object".

use http::{HeaderValue, Response, StatusCode, header};
use percent_encoding::utf8_percent_encode;
use s3s::Body;

use super::super::refusal::escape;
use super::form::ENCODED;

/// The answer that a form asks for.
#[derive(Debug)]
pub(in crate::practice) struct Reply {
    pub(super) bucket: String,
    pub(super) key: String,
    /// The address of the new object.
    pub(super) location: String,
    pub(super) action: Action,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Action {
    Status(StatusCode),
    Redirect(String),
}

impl Action {
    /// Reads the fields. An address that is none, or a status that is not offered, counts as not given.
    pub(super) fn of(redirect: Option<&str>, status: Option<&str>) -> Self {
        let url = redirect.filter(|url| {
            let web = url.starts_with("http://") || url.starts_with("https://");
            web && url.parse::<http::Uri>().is_ok_and(|uri| uri.authority().is_some())
        });
        match (url, status) {
            (Some(url), _) => Self::Redirect(url.to_owned()),
            (None, Some("200")) => Self::Status(StatusCode::OK),
            (None, Some("201")) => Self::Status(StatusCode::CREATED),
            (None, _) => Self::Status(StatusCode::NO_CONTENT),
        }
    }
}

impl Reply {
    /// Makes of the answer to a write the answer to a form; a refusal stays one.
    pub(in crate::practice) fn shape(&self, response: Response<Body>) -> Response<Body> {
        if !response.status().is_success() {
            return response;
        }
        let (mut parts, _) = response.into_parts();
        let etag = parts.headers.get(header::ETAG).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        parts.headers.remove(header::CONTENT_LENGTH);
        let mut body = Body::empty();
        let location = match &self.action {
            Action::Redirect(url) => {
                parts.status = StatusCode::SEE_OTHER;
                let join = if url.contains('?') { '&' } else { '?' };
                let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
                let key = encode(&self.key).replace('/', "%2F");
                format!("{url}{join}bucket={}&key={key}&etag={}", encode(&self.bucket), encode(&etag))
            }
            Action::Status(status) => {
                parts.status = *status;
                self.location.clone()
            }
        };
        if self.action == Action::Status(StatusCode::CREATED) {
            parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml"));
            body = Body::from(format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<PostResponse><Location>{}</Location><Bucket>{}</Bucket><Key>{}</Key><ETag>{}</ETag></PostResponse>",
                escape(&location),
                escape(&self.bucket),
                escape(&self.key),
                escape(&etag)
            ));
        }
        if let Ok(location) = HeaderValue::from_str(&location) {
            parts.headers.insert(header::LOCATION, location);
        }
        Response::from_parts(parts, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(None, None, "204"; "nothing asked")]
    #[test_case(None, Some("200"), "200"; "ok")]
    #[test_case(None, Some("201"), "201"; "created")]
    #[test_case(None, Some("404"), "204"; "a status that is not offered")]
    #[test_case(Some("https://x.test/done"), Some("201"), "https://x.test/done"; "an address goes first")]
    #[test_case(Some("javascript:alert(1)"), None, "204"; "no address")]
    fn actions(redirect: Option<&str>, status: Option<&str>, expected: &str) {
        let shown = match Action::of(redirect, status) {
            Action::Status(status) => status.as_str().to_owned(),
            Action::Redirect(url) => url,
        };
        assert_eq!(shown, expected);
    }
}
