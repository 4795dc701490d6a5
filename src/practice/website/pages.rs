//! Errors and redirects as web pages, worded as Amazon S3 words them.

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use s3s::{Body, S3Error};
use uuid::Uuid;

use super::super::base64;
use super::super::refusal::{element, escape, message_of};

/// Why a visitor gets no object.
pub(super) struct Failure {
    status: StatusCode,
    code: String,
    message: String,
    /// More that S3 tells, like the key.
    details: Vec<(&'static str, String)>,
    /// Why the page for errors could not be shown either.
    cause: Option<Box<Failure>>,
}

impl Failure {
    fn new(status: StatusCode, code: &str, message: &str, details: Vec<(&'static str, String)>) -> Self {
        Self { status, code: code.to_owned(), message: message.to_owned(), details, cause: None }
    }

    pub(super) fn no_such_bucket(name: &str) -> Self {
        let details = vec![("BucketName", name.to_owned())];
        Self::new(StatusCode::NOT_FOUND, "NoSuchBucket", "The specified bucket does not exist", details)
    }

    pub(super) fn no_website(name: &str) -> Self {
        let message = "The specified bucket does not have a website configuration";
        let details = vec![("BucketName", name.to_owned())];
        Self::new(StatusCode::NOT_FOUND, "NoSuchWebsiteConfiguration", message, details)
    }

    pub(super) fn not_allowed(method: &str) -> Self {
        let message = "The specified method is not allowed against this resource.";
        let details = vec![("Method", method.to_owned()), ("ResourceType", "OBJECT".to_owned())];
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message, details)
    }

    pub(super) fn refused(error: &S3Error) -> Self {
        let status = error.status_code().unwrap_or(StatusCode::BAD_REQUEST);
        Self::new(status, error.code().as_str(), error.message().unwrap_or_default(), Vec::new())
    }

    /// Reads the answer of an S3 operation on the object `key`.
    pub(super) fn of(response: Response<Body>, key: &str) -> Self {
        let status = response.status();
        let body = response.into_body().bytes().unwrap_or_default();
        let text = String::from_utf8_lossy(&body);
        let code = element(&text, "Code").unwrap_or(match status {
            StatusCode::NOT_FOUND => "NoSuchKey",
            StatusCode::FORBIDDEN => "AccessDenied",
            StatusCode::PRECONDITION_FAILED => "PreconditionFailed",
            StatusCode::RANGE_NOT_SATISFIABLE => "InvalidRange",
            _ => "InternalError",
        });
        let message = element(&text, "Message").filter(|text| !text.is_empty()).unwrap_or_else(|| message_of(code));
        let message = plain(message);
        let details = if code == "NoSuchKey" { vec![("Key", key.to_owned())] } else { Vec::new() };
        Self::new(status, code, &message, details)
    }

    pub(super) fn with_cause(mut self, cause: Self) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// The error in headers, for those who do not read the page.
    pub(super) fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut set = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        set("x-amz-error-code", &self.code);
        set("x-amz-error-message", &self.message);
        if let Some((_, key)) = self.details.iter().find(|(name, _)| *name == "Key") {
            set("x-amz-error-detail-key", key);
        }
        headers
    }

    fn items(&self) -> Vec<(&'static str, &str)> {
        let own = [("Code", self.code.as_str()), ("Message", self.message.as_str())];
        own.into_iter().chain(self.details.iter().map(|(name, value)| (*name, value.as_str()))).collect()
    }

    pub(super) fn page(&self) -> Response<Body> {
        let mut page = page(self.status, &self.items(), self.cause.as_deref());
        page.headers_mut().extend(self.headers());
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            page.headers_mut().insert(header::ALLOW, HeaderValue::from_static("HEAD, GET, OPTIONS"));
        }
        page
    }
}

/// Text as it was before it became XML.
fn plain(xml: &str) -> String {
    let entities = [("&quot;", "\""), ("&apos;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.iter().fold(xml.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

/// Sends a visitor to `to`, which is already a URL or a path.
pub(super) fn redirect(status: StatusCode, to: &str) -> Response<Body> {
    let reason = status.canonical_reason().unwrap_or("Redirect");
    let code: String = reason.split_whitespace().collect();
    let mut page = page(status, &[("Code", code.as_str()), ("Message", "Resource Found")], None);
    if let Ok(to) = HeaderValue::from_str(to) {
        page.headers_mut().insert(header::LOCATION, to);
    }
    page
}

fn list(items: &[(&'static str, &str)]) -> String {
    let lines: String = items.iter().map(|(name, value)| format!("<li>{name}: {}</li>\n", escape(value))).collect();
    format!("<ul>\n{lines}</ul>\n")
}

fn page(status: StatusCode, items: &[(&'static str, &str)], cause: Option<&Failure>) -> Response<Body> {
    let id = Uuid::new_v4().simple().to_string()[..16].to_ascii_uppercase();
    let host_id = base64::encode(&[*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat());
    let items: Vec<_> =
        items.iter().copied().chain([("RequestId", id.as_str()), ("HostId", host_id.as_str())]).collect();
    let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
    let also = cause.map_or_else(String::new, |cause| {
        format!(
            "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n{}",
            list(&cause.items())
        )
    });
    let text = format!(
        "<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n{}{also}<hr/>\n</body>\n</html>\n",
        list(&items)
    );
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    for (name, value) in [("x-amz-request-id", &id), ("x-amz-id-2", &host_id)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(response: Response<Body>) -> String {
        String::from_utf8(response.into_body().bytes().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn a_page_names_the_error_and_what_went_wrong_with_the_page_for_it() {
        let missing = |key: &str| {
            let message = "The specified key does not exist.";
            Failure::new(StatusCode::NOT_FOUND, "NoSuchKey", message, vec![("Key", key.to_owned())])
        };
        let page = missing("<a>").with_cause(missing("error.html")).page();
        assert_eq!((page.status().as_u16(), page.headers()["x-amz-error-code"].to_str().unwrap()), (404, "NoSuchKey"));
        let text = text(page);
        assert!(text.contains("<h1>404 Not Found</h1>") && text.contains("<li>Key: &lt;a&gt;</li>"), "{text}");
        assert!(text.contains("Custom Error Document") && text.contains("<li>Key: error.html</li>"), "{text}");
    }

    #[test]
    fn a_redirect_has_a_place_to_go() {
        let page = redirect(StatusCode::FOUND, "/dir/");
        assert_eq!((page.status().as_u16(), page.headers()["location"].to_str().unwrap()), (302, "/dir/"));
        assert!(text(page).contains("<li>Code: Found</li>"));
    }
}
