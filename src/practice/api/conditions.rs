//! Conditions on reads (RFC 9110 §13.2.2; Amazon S3 API Reference, "GetObject").

use http::{HeaderMap, HeaderValue};
use s3s::dto::{ETagCondition, Timestamp};
use s3s::{S3Error, S3Result};

use super::super::error::{precondition_failed, refuse};
use super::super::store::versions::Version;
use super::timestamp;

/// The four conditional headers.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    pub(super) matches: Option<ETagCondition>,
    pub(super) none_match: Option<ETagCondition>,
    pub(super) modified_since: Option<Timestamp>,
    pub(super) unmodified_since: Option<Timestamp>,
}

enum Verdict {
    Holds,
    NotModified(&'static str),
    Failed(&'static str),
}

impl Conditions {
    fn verdict(&self, version: &Version) -> Verdict {
        let is = |condition: &ETagCondition| match condition {
            ETagCondition::Any => true,
            ETagCondition::ETag(etag) => etag.value() == version.etag,
        };
        // Headers carry whole seconds.
        let modified = timestamp(version.modified - version.modified.rem_euclid(1000));
        match (&self.matches, &self.unmodified_since) {
            (Some(condition), _) if !is(condition) => return Verdict::Failed("If-Match"),
            (None, Some(since)) if modified > *since => return Verdict::Failed("If-Unmodified-Since"),
            _ => {}
        }
        match (&self.none_match, &self.modified_since) {
            (Some(condition), _) if is(condition) => Verdict::NotModified("If-None-Match"),
            (None, Some(since)) if modified <= *since => Verdict::NotModified("If-Modified-Since"),
            _ => Verdict::Holds,
        }
    }

    /// For a read: a condition that fails answers 412, "not modified" answers 304.
    pub(super) fn check(&self, version: &Version) -> S3Result<()> {
        match self.verdict(version) {
            Verdict::Holds => Ok(()),
            Verdict::Failed(condition) => Err(precondition_failed(condition)),
            Verdict::NotModified(_) => Err(not_modified(version)),
        }
    }

    /// For the source of a copy: both answer 412.
    pub(super) fn check_source(&self, version: &Version) -> S3Result<()> {
        match self.verdict(version) {
            Verdict::Holds => Ok(()),
            Verdict::Failed(condition) | Verdict::NotModified(condition) => {
                Err(precondition_failed(&format!("x-amz-copy-source-{condition}")))
            }
        }
    }
}

fn not_modified(version: &Version) -> S3Error {
    let mut error = refuse("NotModified", "Not Modified");
    error.set_status_code(http::StatusCode::NOT_MODIFIED);
    let mut headers = HeaderMap::new();
    if let Ok(value) = HeaderValue::from_str(&format!("\"{}\"", version.etag)) {
        headers.insert(http::header::ETAG, value);
    }
    if let Some(value) = version.meta.cache_control.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
        headers.insert(http::header::CACHE_CONTROL, value);
    }
    let mut date = Vec::new();
    if timestamp(version.modified).format(s3s::dto::TimestampFormat::HttpDate, &mut date).is_ok()
        && let Ok(value) = HeaderValue::from_bytes(&date)
    {
        headers.insert(http::header::LAST_MODIFIED, value);
    }
    error.set_headers(headers);
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::store::files::Place;
    use crate::practice::store::versions::{Meta, Tags};
    use test_case::test_case;

    fn version() -> Version {
        Version {
            seq: 1,
            key: "k".into(),
            version: "null".into(),
            current: true,
            marker: false,
            place: Place { file: 1, path: String::new() },
            size: 0,
            etag: "abc".into(),
            modified: 1_000_500,
            meta: Meta::default(),
            tags: Tags::new(),
        }
    }

    const OK: u16 = 200;

    #[test_case(Some("\"abc\""), None, None, None, OK; "match")]
    #[test_case(Some("\"xyz\""), None, None, None, 412; "no match")]
    #[test_case(Some("*"), None, None, None, OK; "any")]
    #[test_case(None, Some("\"abc\""), None, None, 304; "none match fails")]
    #[test_case(None, Some("\"xyz\""), None, None, OK; "none match holds")]
    #[test_case(None, None, Some(1000), None, 304; "not modified since that second")]
    #[test_case(None, None, Some(999), None, OK; "modified since")]
    #[test_case(None, None, None, Some(999), 412; "modified meanwhile")]
    #[test_case(None, None, None, Some(1000), OK; "unmodified since")]
    #[test_case(Some("\"abc\""), None, None, Some(1), OK; "if-match outranks unmodified-since")]
    #[test_case(None, Some("\"xyz\""), Some(2000), None, OK; "none-match outranks modified-since")]
    fn reads(matches: Option<&str>, none: Option<&str>, modified: Option<i64>, unmodified: Option<i64>, status: u16) {
        let conditions = Conditions {
            matches: matches.map(|text| text.parse().unwrap()),
            none_match: none.map(|text| text.parse().unwrap()),
            modified_since: modified.map(|seconds| timestamp(seconds * 1000)),
            unmodified_since: unmodified.map(|seconds| timestamp(seconds * 1000)),
        };
        let found = conditions.check(&version()).map_or_else(|error| error.status_code().unwrap().as_u16(), |()| OK);
        assert_eq!(found, status);
    }
}
