//! What is done to a request before the protocol crate reads it, where that crate does less than S3:
//!
//! - a body that must name its digest, or does so, is checked against it ([`digest`]);
//! - `aws-chunked` bodies that nobody signed are unpacked ([`chunked`]);
//! - forms that a browser posts become writes like any other ([`form`]).

mod chunked;
mod digest;
mod form;
mod multipart_form;
mod post_policy;
mod post_reply;
mod signing;

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};
use http::{Method, Request, header};
use http_body::Frame;
use http_body_util::StreamBody;
use s3s::auth::S3Auth;
use s3s::{Body, S3Result, StdError};

pub(super) use self::digest::Refusal;
pub(super) use self::post_reply::Reply;

/// Prepares a request for `bucket` and, where it names one, `key`: as the protocol crate shall see it, and what its
/// answer has to become, if that is another than the answer of the operation.
pub(super) async fn admit(
    mut request: Request<Body>,
    bucket: Option<&str>,
    key: Option<&str>,
    auth: &dyn S3Auth,
) -> S3Result<(Request<Body>, Option<Reply>)> {
    leave_out_odd_range(&mut request);
    if let (&Method::POST, Some(bucket), None) = (request.method(), bucket, key)
        && form::is_form(&request)
    {
        let (request, reply) = Box::pin(form::into_put(request, bucket, auth)).await?;
        return Ok((request, Some(reply)));
    }
    if digest::concerns(&request, key.is_some()) {
        return Ok((digest::checked(request).await?, None));
    }
    if chunked::is_unsigned(&request) {
        return Ok((chunked::unpacked(request), None));
    }
    Ok((request, None))
}

/// A header as text, where it is text.
fn text<'a, B>(request: &'a Request<B>, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// S3 reads one range of bytes and answers every other `Range` with the whole object; the protocol crate refuses them.
/// One that is signed has to stay.
fn leave_out_odd_range<B>(request: &mut Request<B>) {
    let odd = text(request, "range").is_some_and(|range| s3s::dto::Range::parse(range).is_err());
    let covers = |names: &str| names.split([';', '&', ',']).any(|name| name == "range");
    let query = request.uri().query().unwrap_or_default().to_ascii_lowercase().replace("%3b", ";");
    let signed = [text(request, "authorization").unwrap_or_default(), &query].into_iter().any(|place| {
        let names = place.to_ascii_lowercase();
        names.split_once("signedheaders=").is_some_and(|(_, names)| covers(names))
    });
    if odd && !signed {
        request.headers_mut().remove(header::RANGE);
    }
}

/// Whether the request carries a signature in its headers or its query.
fn is_signed<B>(request: &Request<B>) -> bool {
    request.headers().contains_key(header::AUTHORIZATION)
        || request.uri().query().is_some_and(|query| query.contains("X-Amz-Signature=") || query.contains("Signature="))
}

/// A stream as a body.
fn streamed<S>(stream: S) -> Body
where
    S: Stream<Item = Result<Bytes, StdError>> + Send + 'static,
{
    Body::http_body_unsync(StreamBody::new(stream.map_ok(Frame::data)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("bytes=0-1", "", "/b/k", true; "one range")]
    #[test_case("bytes=0-1,3-4", "", "/b/k", false; "two")]
    #[test_case("lines=0-1", "", "/b/k", false; "another unit")]
    #[test_case("bytes=5-1", "", "/b/k?X-Amz-SignedHeaders=host", false; "backwards")]
    #[test_case("bytes=0-1,3-4", "AWS4-HMAC-SHA256 Credential=c, SignedHeaders=host;range, Signature=s", "/b/k", true; "signed in a header")]
    #[test_case("bytes=0-1,3-4", "", "/b/k?X-Amz-SignedHeaders=host%3Brange&x=y", true; "signed in the query")]
    fn ranges_that_stay(range: &str, authorization: &str, uri: &str, stays: bool) {
        let request = Request::builder().uri(uri).header("range", range).header("authorization", authorization);
        let mut request = request.body(()).unwrap();
        leave_out_odd_range(&mut request);
        assert_eq!(request.headers().contains_key("range"), stays);
    }
}
