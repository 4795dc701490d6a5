//! Where a website sends its visitors.
//!
//! Source: Amazon S3 User Guide, "(Optional) Configuring a webpage redirect".

use http::StatusCode;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use s3s::dto;

/// What a path keeps as it is.
const PATH: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'`').add(b'{').add(b'}');

/// A key as the path of a URL.
pub(super) fn path(key: &str) -> String {
    format!("/{}", utf8_percent_encode(key, PATH))
}

fn with_query(location: String, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("{location}?{query}"),
        None => location,
    }
}

/// Where a website that is somewhere else sends everyone.
pub(super) fn everything(to: &dto::RedirectAllRequestsTo, key: &str, query: Option<&str>) -> String {
    let protocol = to.protocol.as_ref().map_or("http", |protocol| protocol.as_str());
    with_query(format!("{protocol}://{}{}", to.host_name, path(key)), query)
}

/// The first rule for a key; before an error is known only those that wait for none.
pub(super) fn matching<'a>(
    rules: &'a [dto::RoutingRule],
    key: &str,
    error: Option<u16>,
) -> Option<&'a dto::RoutingRule> {
    rules.iter().find(|rule| {
        let condition = rule.condition.as_ref();
        let prefix = condition.and_then(|condition| condition.key_prefix_equals.as_deref()).unwrap_or_default();
        let code = condition.and_then(|condition| condition.http_error_code_returned_equals.as_deref());
        let fits = match code {
            None => error.is_none(),
            Some(code) => error.is_some_and(|error| code.parse() == Ok(error)),
        };
        fits && key.starts_with(prefix)
    })
}

/// Status and address of a redirect by a rule.
pub(super) fn target(rule: &dto::RoutingRule, host: &str, key: &str, query: Option<&str>) -> (StatusCode, String) {
    let redirect = &rule.redirect;
    let prefix = rule.condition.as_ref().and_then(|condition| condition.key_prefix_equals.as_deref());
    let key = match (&redirect.replace_key_with, &redirect.replace_key_prefix_with) {
        (Some(other), _) => other.clone(),
        (None, Some(other)) => format!("{other}{}", key.strip_prefix(prefix.unwrap_or_default()).unwrap_or(key)),
        (None, None) => key.to_owned(),
    };
    let protocol = redirect.protocol.as_ref().map_or("http", |protocol| protocol.as_str());
    let host = redirect.host_name.as_deref().unwrap_or(host);
    let code = redirect.http_redirect_code.as_deref().and_then(|code| StatusCode::from_bytes(code.as_bytes()).ok());
    let location = with_query(format!("{protocol}://{host}{}", path(&key)), query);
    (code.unwrap_or(StatusCode::MOVED_PERMANENTLY), location)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn rule(prefix: Option<&str>, code: Option<&str>, redirect: dto::Redirect) -> dto::RoutingRule {
        let condition = dto::Condition {
            key_prefix_equals: prefix.map(str::to_owned),
            http_error_code_returned_equals: code.map(str::to_owned),
        };
        dto::RoutingRule { condition: (prefix.is_some() || code.is_some()).then_some(condition), redirect }
    }

    fn prefix_to(prefix: &str) -> dto::Redirect {
        dto::Redirect { replace_key_prefix_with: Some(prefix.to_owned()), ..Default::default() }
    }

    #[test_case(Some("docs/"), None, "docs/a", None, true; "by prefix")]
    #[test_case(Some("docs/"), None, "other/a", None, false; "other prefix")]
    #[test_case(None, Some("404"), "a", None, false; "not before the error")]
    #[test_case(None, Some("404"), "a", Some(404), true; "after the error")]
    #[test_case(None, Some("404"), "a", Some(403), false; "another error")]
    #[test_case(Some("docs/"), Some("404"), "a", Some(404), false; "both must fit")]
    #[test_case(None, None, "a", None, true; "no condition")]
    fn matches(prefix: Option<&str>, code: Option<&str>, key: &str, error: Option<u16>, found: bool) {
        let rules = [rule(prefix, code, prefix_to("x/"))];
        assert_eq!(matching(&rules, key, error).is_some(), found);
    }

    #[test_case(prefix_to("documents/"), None, "http://site:1/documents/a.html"; "a prefix for a prefix")]
    #[test_case(dto::Redirect { replace_key_with: Some("gone page.html".into()), ..Default::default() }, None, "http://site:1/gone%20page.html"; "one page for all")]
    #[test_case(dto::Redirect { host_name: Some("example.com".into()), protocol: Some(dto::Protocol::from_static("https")), ..Default::default() }, Some("a=1"), "https://example.com/docs/a.html?a=1"; "another host")]
    fn targets(redirect: dto::Redirect, query: Option<&str>, expected: &str) {
        let (code, location) = target(&rule(Some("docs/"), None, redirect), "site:1", "docs/a.html", query);
        assert_eq!((code.as_u16(), location.as_str()), (301, expected));
    }
}
