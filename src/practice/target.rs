//! What a request is about: read from its host and its path, for CORS, for routing and for the texts of errors.

use http::{HeaderValue, Method, Request, Uri, header};
use percent_encoding::percent_decode_str;
use s3s::S3Result;
use s3s::host::{S3Host, VirtualHost};

use super::beside::is_beside;
use super::subresource::Kind;

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
    const DOMAIN: &str = ".localhost";
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let (bucket, domain) = name.split_at_checked(name.len().checked_sub(DOMAIN.len())?)?;
    (!bucket.is_empty() && domain.eq_ignore_ascii_case(DOMAIN)).then_some(bucket)
}

/// What is kept of a request while it is answered.
pub(super) struct Target {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) bucket: Option<String>,
    pub(super) key: Option<String>,
    /// Asked of a service beside S3, whose errors are wrapped once more.
    pub(super) beside: bool,
    headers: [Option<HeaderValue>; KEPT.len()],
}

/// Headers that the text of an error may repeat.
const KEPT: [&str; 7] =
    ["authorization", "content-length", "if-match", "if-none-match", "if-unmodified-since", "range", "x-amz-date"];

impl Target {
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
        let path = path.strip_prefix('/').unwrap_or(&path);
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (bucket, key) = match host.and_then(bucket_of_host) {
            Some(bucket) => (some(bucket), some(path)),
            None => match path.split_once('/') {
                Some((bucket, key)) => (some(bucket), some(key)),
                None => (some(path), None),
            },
        };
        let headers = KEPT.map(|name| request.headers().get(name).cloned());
        let beside = is_beside(request.method(), request.uri(), request.headers());
        Self { method: request.method().clone(), uri: request.uri().clone(), bucket, key, beside, headers }
    }

    pub(super) fn kind(&self) -> Kind {
        match (&self.bucket, &self.key) {
            (_, Some(_)) => Kind::Object,
            (Some(_), None) => Kind::Bucket,
            (None, None) => Kind::Service,
        }
    }

    /// One of [`KEPT`].
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let at = KEPT.iter().position(|kept| *kept == name)?;
        self.headers.get(at)?.as_ref()?.to_str().ok()
    }

    /// A decoded parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self.uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.into_iter().find_map(|(known, value)| (known == name).then_some(value))?;
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    }

    /// The scope that a signature names: access key id, day, region, service and `aws4_request`.
    fn scope(&self) -> Option<String> {
        let in_header = || {
            let (_, rest) = self.header("authorization")?.split_once("Credential=")?;
            Some(rest.split([',', ' ']).next()?.to_owned())
        };
        self.parameter("X-Amz-Credential").or_else(in_header)
    }

    /// The access key id that the request names.
    pub(super) fn access_key_id(&self) -> Option<String> {
        let old = || self.header("authorization")?.strip_prefix("AWS ")?.split(':').next().map(str::to_owned);
        let scope = self.scope().and_then(|scope| scope.split('/').next().map(str::to_owned));
        scope.or_else(|| self.parameter("AWSAccessKeyId")).or_else(old)
    }

    /// The region that the request is signed for.
    pub(super) fn region(&self) -> Option<String> {
        self.scope()?.split('/').nth(2).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("127.0.0.1:9000", "/box/a/b", Some("box"), Some("a/b"); "path style")]
    #[test_case("localhost", "/box", Some("box"), None; "localhost itself")]
    #[test_case("box.localhost:9000", "/a/b", Some("box"), Some("a/b"); "virtual host")]
    #[test_case("my.box.LocalHost", "/", Some("my.box"), None; "dots and capital letters")]
    #[test_case("localhost", "/", None, None; "the service")]
    #[test_case(".localhost", "/box/%C3%A9", Some("box"), Some("é"); "no name before the dot")]
    #[test_case("[::1]:9000", "/box/k", Some("box"), Some("k"); "version 6")]
    fn targets(host: &str, path: &str, bucket: Option<&str>, key: Option<&str>) {
        let target = Target::of(&Request::get(path).header("host", host).body(()).unwrap());
        assert_eq!((target.bucket.as_deref(), target.key.as_deref()), (bucket, key));
    }

    #[test]
    fn who_signed_and_where() {
        let header =
            "AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let by_header = Target::of(&Request::get("/").header("authorization", header).body(()).unwrap());
        let by_query = Request::get("/?X-Amz-Credential=KEY%2F20260101%2Feu-west-1%2Fs3%2Faws4_request");
        for target in [by_header, Target::of(&by_query.body(()).unwrap())] {
            assert_eq!(
                (target.access_key_id().as_deref(), target.region().as_deref()),
                (Some("KEY"), Some("eu-west-1"))
            );
        }
        let old = Target::of(&Request::get("/").header("authorization", "AWS KEY:sig").body(()).unwrap());
        assert_eq!((old.access_key_id().as_deref(), old.region()), (Some("KEY"), None));
    }
}
