//! Cross-origin resource sharing: which rule of a bucket answers a browser.
//!
//! Source of the rules: Amazon S3 User Guide, "Using cross-origin resource sharing (CORS)".

use http::{HeaderMap, HeaderName, HeaderValue, header};
use s3s::{S3Error, S3Result, dto};

use super::error::{invalid_request, malformed_xml, refuse};

const METHODS: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "HEAD"];

/// Refuses what S3 refuses to keep.
pub(super) fn check(configuration: &dto::CORSConfiguration) -> S3Result<()> {
    let rules = &configuration.cors_rules;
    if rules.is_empty() || rules.len() > 100 {
        return Err(malformed_xml());
    }
    let one_star = |name: &str, value: &str| {
        if value.matches('*').count() > 1 {
            return Err(invalid_request(format!("{name} \"{value}\" can not have more than one wildcard.")));
        }
        Ok(())
    };
    for rule in rules {
        if rule.allowed_origins.is_empty() || rule.allowed_methods.is_empty() {
            return Err(malformed_xml());
        }
        if let Some(method) = rule.allowed_methods.iter().find(|method| !METHODS.contains(&method.as_str())) {
            return Err(invalid_request(format!(
                "Found unsupported HTTP method in CORS config. Unsupported method is {method}"
            )));
        }
        rule.allowed_origins.iter().try_for_each(|origin| one_star("AllowedOrigin", origin))?;
        rule.allowed_headers.iter().flatten().try_for_each(|name| one_star("AllowedHeader", name))?;
        if let Some(name) = rule.expose_headers.iter().flatten().find(|name| name.contains('*')) {
            return Err(invalid_request(format!(
                "ExposeHeader \"{name}\" contains wildcard. We currently do not support wildcard for ExposeHeader."
            )));
        }
        if rule.id.as_ref().is_some_and(|id| id.chars().count() > 255)
            || rule.max_age_seconds.is_some_and(|age| age < 0)
        {
            return Err(malformed_xml());
        }
    }
    Ok(())
}

fn glob(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end),
    }
}

/// The first rule that allows this origin, method and these request headers.
fn matching<'a>(
    configuration: &'a dto::CORSConfiguration,
    origin: &str,
    method: &str,
    asked: &[String],
) -> Option<(&'a dto::CORSRule, bool)> {
    configuration.cors_rules.iter().find_map(|rule| {
        let allowed = rule.allowed_origins.iter().find(|pattern| glob(pattern, origin))?;
        let headers = rule.allowed_headers.as_deref().unwrap_or_default();
        let fits = rule.allowed_methods.iter().any(|known| known == method)
            && asked.iter().all(|name| headers.iter().any(|pattern| glob(&pattern.to_ascii_lowercase(), name)));
        fits.then_some((rule, allowed == "*"))
    })
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn answer(rule: &dto::CORSRule, any_origin: bool, origin: &str, asked: &[String]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if any_origin {
        set(&mut headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    } else {
        set(&mut headers, header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        set(&mut headers, header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
    set(&mut headers, header::ACCESS_CONTROL_ALLOW_METHODS, &rule.allowed_methods.join(", "));
    if !asked.is_empty() {
        set(&mut headers, header::ACCESS_CONTROL_ALLOW_HEADERS, &asked.join(", "));
    }
    if let Some(exposed) = rule.expose_headers.as_ref().filter(|names| !names.is_empty()) {
        set(&mut headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, &exposed.join(", "));
    }
    if let Some(age) = rule.max_age_seconds {
        set(&mut headers, header::ACCESS_CONTROL_MAX_AGE, &age.to_string());
    }
    set(&mut headers, header::VARY, "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
    headers
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What a browser asks before the real request. `bucket` is `None` when there is no such bucket.
pub(super) fn preflight(
    bucket: Option<Option<&dto::CORSConfiguration>>,
    request: &HeaderMap,
) -> Result<HeaderMap, S3Error> {
    let forbidden = |message: &'static str| Err(refuse("AccessForbidden", message));
    let Some(origin) = text(request, &header::ORIGIN) else {
        return Err(refuse("BadRequest", "Insufficient information. Origin request header needed."));
    };
    let configuration = match bucket {
        None => return forbidden("CORSResponse: Bucket not found"),
        Some(None) => return forbidden("CORSResponse: CORS is not enabled for this bucket."),
        Some(Some(configuration)) => configuration,
    };
    let method = text(request, &header::ACCESS_CONTROL_REQUEST_METHOD).unwrap_or("null");
    if !METHODS.contains(&method) {
        return Err(refuse("BadRequest", format!("Invalid Access-Control-Request-Method: {method}")));
    }
    let asked: Vec<String> = text(request, &header::ACCESS_CONTROL_REQUEST_HEADERS)
        .unwrap_or_default()
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    match matching(configuration, origin, method, &asked) {
        Some((rule, any_origin)) => Ok(answer(rule, any_origin, origin, &asked)),
        None => forbidden(
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
        ),
    }
}

/// The headers that the answer to a real request gets; none when no rule allows it.
pub(super) fn actual(configuration: &dto::CORSConfiguration, request: &HeaderMap, method: &http::Method) -> HeaderMap {
    let Some(origin) = text(request, &header::ORIGIN) else { return HeaderMap::new() };
    match matching(configuration, origin, method.as_str(), &[]) {
        Some((rule, any_origin)) => answer(rule, any_origin, origin, &[]),
        None => HeaderMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn rule(origins: &[&str], methods: &[&str], allowed: &[&str], age: Option<i32>) -> dto::CORSConfiguration {
        let all = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let rule = dto::CORSRule {
            allowed_headers: Some(all(allowed)),
            allowed_methods: all(methods),
            allowed_origins: all(origins),
            expose_headers: None,
            id: None,
            max_age_seconds: age,
        };
        dto::CORSConfiguration { cors_rules: vec![rule] }
    }

    fn request(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test_case("https://localhost:4200", "https://localhost:4200", "GET", "PUT", &[], "", true; "M5 exact origin")]
    #[test_case("https://localhost:4200", "http://localhost:4200", "GET", "GET", &[], "", false; "M6 other scheme")]
    #[test_case("http://*.origin.com", "http://test.origin.com", "GET", "GET", &[], "", true; "M8 wildcard")]
    #[test_case("http://*.origin.com", "http://test.origin.com/", "GET", "GET", &[], "", false; "M9 trailing slash")]
    #[test_case("*", "http://a", "GET", "DELETE", &[], "", false; "M10 method")]
    #[test_case("*", "http://a", "GET", "GET", &["*"], "x-amz-request-payer, x-amz-expected-bucket-owner", true; "M11 any header")]
    #[test_case("*", "http://a", "GET", "GET", &["x-amz-acl"], "x-amz-request-payer", false; "M12 header not allowed")]
    #[test_case("*", "http://a", "GET", "GET", &["x-AMZ-server-SIDE-encryption"], "x-amz-server-side-encryption", true; "M13 case of headers")]
    #[test_case("*", "http://a", "GET", "GET", &[], "x-amz-acl", false; "M14 no allowed headers")]
    fn preflights(allowed: &str, origin: &str, also: &str, method: &str, names: &[&str], asked: &str, expected: bool) {
        let methods = if method == "DELETE" { vec![also] } else { vec![also, "PUT"] };
        let configuration = rule(&[allowed], &methods, names, Some(3000));
        let mut headers = request(&[("origin", origin), ("access-control-request-method", method)]);
        if !asked.is_empty() {
            headers.insert(header::ACCESS_CONTROL_REQUEST_HEADERS, HeaderValue::from_str(asked).unwrap());
        }
        let answer = preflight(Some(Some(&configuration)), &headers);
        assert_eq!(answer.is_ok(), expected);
        match answer {
            Ok(answer) => {
                let origin = if allowed == "*" { "*" } else { origin };
                assert_eq!(answer[header::ACCESS_CONTROL_ALLOW_ORIGIN], origin);
                assert_eq!(answer.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), allowed != "*");
                assert_eq!(answer[header::ACCESS_CONTROL_MAX_AGE], "3000");
            }
            Err(error) => assert_eq!(error.code().as_str(), "AccessForbidden"),
        }
    }

    #[test]
    fn preflights_that_cannot_be_answered() {
        let code = |bucket, headers: &HeaderMap| preflight(bucket, headers).unwrap_err().code().as_str().to_owned();
        assert_eq!(code(Some(None), &HeaderMap::new()), "BadRequest");
        assert_eq!(code(Some(None), &request(&[("origin", "http://a")])), "AccessForbidden");
        assert_eq!(code(None, &request(&[("origin", "http://a")])), "AccessForbidden");
    }

    #[test_case(&["https://*.*.com"], &["GET"], &[], "InvalidRequest"; "C4 two wildcards in an origin")]
    #[test_case(&["*"], &["OPTIONS"], &[], "InvalidRequest"; "C3 options")]
    #[test_case(&["*"], &["get"], &[], "InvalidRequest"; "C3 lower case")]
    #[test_case(&["*"], &["GET"], &["x-*-*"], "InvalidRequest"; "C5 two wildcards in a header")]
    #[test_case(&[], &["GET"], &[], "MalformedXML"; "C2 no origin")]
    fn refused(origins: &[&str], methods: &[&str], headers: &[&str], code: &str) {
        assert_eq!(check(&rule(origins, methods, headers, None)).unwrap_err().code().as_str(), code);
    }
}
