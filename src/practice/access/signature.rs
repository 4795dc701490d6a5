//! What is refused in a signature before it is computed: missing parts, times that are over, headers outside of it.
//! The protocol crate computes it, and knows these cases less exactly than AWS tells them.
//!
//! Sources: Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)" and "Error responses".

use http::{HeaderMap, Uri, header};
use jiff::{SignedDuration, Timestamp};
use s3s::S3Error;

use super::super::error::{access_denied, invalid_argument, refuse};
use super::super::people::People;
use super::caller::{Query, header, signing_time};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// A signature in a URL is good for this long at most, in seconds.
const LONGEST: i64 = 604_800;

/// The clocks of client and server may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(15);

const QUERY_PARTS: [&str; 6] =
    ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"];

/// A refusal, with the elements that AWS adds to it, unless they follow from its code.
#[derive(Debug)]
pub(in crate::practice) struct Refusal {
    pub(in crate::practice) error: S3Error,
    pub(in crate::practice) details: Vec<(&'static str, String)>,
}

impl Refusal {
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }
}

impl From<S3Error> for Refusal {
    fn from(error: S3Error) -> Self {
        Self { error, details: Vec::new() }
    }
}

/// Checks what can be checked without the secret.
pub(in crate::practice) fn check(
    uri: &Uri,
    headers: &HeaderMap,
    people: &People,
    now: Timestamp,
) -> Result<(), Refusal> {
    let query = Query::of(uri);
    let in_query = QUERY_PARTS.iter().take(3).any(|name| query.get(name).is_some());
    match (in_query, header(headers, header::AUTHORIZATION.as_str())) {
        (true, Some(text)) => {
            let message = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified";
            Err(Refusal::from(invalid_argument(message))
                .with("ArgumentName", "Authorization")
                .with("ArgumentValue", kind_of(text)))
        }
        (true, None) => check_query(&query, headers, people, now),
        (false, Some(text)) => check_header(text, headers, people, now),
        (false, None) => Ok(()),
    }
}

/// The first word of an Authorization header: the rest is nobody's business in an answer.
fn kind_of(authorization: &str) -> &str {
    authorization.split_whitespace().next().unwrap_or_default()
}

/// `KEY/20260131/us-east-1/s3/aws4_request`.
struct Scope<'a> {
    key: &'a str,
    date: &'a str,
}

impl<'a> Scope<'a> {
    /// Reads a scope; the error is what is wrong with it.
    fn read(text: &'a str) -> Result<Self, String> {
        let form = "expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";
        let malformed = || format!("the Credential is mal-formed; {form}");
        let parts: Vec<_> = text.split('/').collect();
        let [key, date, region, service, end] = parts.as_slice() else { return Err(malformed()) };
        if key.is_empty() {
            return Err("a non-empty Access Key (AKID) must be provided in the credential.".to_owned());
        }
        if date.len() != 8 || !date.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!(
                "incorrect date format \"{date}\". This date in the credential must be in the format \"yyyyMMdd\"."
            ));
        }
        if region.is_empty() {
            return Err(malformed());
        }
        if !matches!(*service, "s3" | "sts") {
            return Err(format!("incorrect service \"{service}\". This endpoint belongs to \"s3\"."));
        }
        if *end != "aws4_request" {
            return Err(format!("incorrect terminal \"{end}\". This endpoint uses \"aws4_request\"."));
        }
        Ok(Self { key, date })
    }

    fn check_date(&self, signed_at: &str) -> Result<(), String> {
        if signed_at.starts_with(self.date) {
            return Ok(());
        }
        let day = signed_at.get(..8).unwrap_or_default();
        Err(format!("Invalid credential date \"{}\". This date is not the same as X-Amz-Date: \"{day}\".", self.date))
    }
}

fn check_key(key: &str, people: &People) -> Result<(), Refusal> {
    if people.identity(key).is_some() {
        return Ok(());
    }
    let message = "The AWS Access Key Id you provided does not exist in our records.";
    Err(refuse("InvalidAccessKeyId", message).into())
}

/// Every `x-amz-` header has to be in the signature, and the host. The hash of the body may stay outside.
fn check_signed_headers(signed: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    let signed: Vec<_> = signed.split(';').map(str::to_ascii_lowercase).collect();
    let mut missing: Vec<&str> = headers
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|name| *name == "host" || name.starts_with("x-amz-") && *name != "x-amz-content-sha256")
        .filter(|name| !signed.iter().any(|known| known == name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort_unstable();
    let message = "There were headers present in the request which were not signed";
    Err(Refusal::from(refuse("AccessDenied", message)).with("HeadersNotSigned", missing.join(", ")))
}

/// Keys here come without a session, so a session's token belongs to none of them.
fn check_token(token: Option<&str>) -> Result<(), Refusal> {
    match token.filter(|token| !token.is_empty()) {
        Some(_) => Err(refuse("InvalidToken", "The provided token is malformed or otherwise invalid.").into()),
        None => Ok(()),
    }
}

fn shown(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn query_error(message: impl Into<String>) -> Refusal {
    refuse("AuthorizationQueryParametersError", message.into()).into()
}

fn check_query(query: &Query, headers: &HeaderMap, people: &People, now: Timestamp) -> Result<(), Refusal> {
    let [Some(algorithm), Some(credential), Some(_), Some(date), Some(signed), Some(expires)] =
        QUERY_PARTS.map(|name| query.get(name))
    else {
        return Err(query_error(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        ));
    };
    if algorithm != ALGORITHM {
        return Err(query_error("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\""));
    }
    let in_scope = |what: String| query_error(format!("Error parsing the X-Amz-Credential parameter; {what}"));
    let scope = Scope::read(credential).map_err(in_scope)?;
    let Some(signed_at) = signing_time(date) else {
        return Err(query_error("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""));
    };
    scope.check_date(date).map_err(query_error)?;
    let seconds = match expires.parse::<i64>() {
        Err(_) => return Err(query_error("X-Amz-Expires should be a number")),
        Ok(seconds) if seconds < 0 => return Err(query_error("X-Amz-Expires must be non-negative")),
        Ok(seconds) if seconds > LONGEST => {
            return Err(query_error(
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
            ));
        }
        Ok(seconds) => seconds,
    };
    if signed_at > now + SKEW {
        return Err(Refusal::from(refuse("AccessDenied", "Request is not yet valid")).with("ServerTime", shown(now)));
    }
    let end = signed_at + SignedDuration::from_secs(seconds);
    if now > end {
        return Err(Refusal::from(refuse("AccessDenied", "Request has expired"))
            .with("X-Amz-Expires", seconds.to_string())
            .with("Expires", shown(end))
            .with("ServerTime", shown(now)));
    }
    check_key(scope.key, people)?;
    check_token(query.get("X-Amz-Security-Token"))?;
    check_signed_headers(signed, headers)
}

fn malformed(what: impl std::fmt::Display) -> Refusal {
    refuse("AuthorizationHeaderMalformed", format!("The authorization header is malformed; {what}")).into()
}

fn check_header(text: &str, headers: &HeaderMap, people: &People, now: Timestamp) -> Result<(), Refusal> {
    let kind = kind_of(text);
    if kind == "AWS" {
        // Signature Version 2, which has no parts that could be missing.
        return Ok(());
    }
    if kind != ALGORITHM {
        let refusal = Refusal::from(invalid_argument("Unsupported Authorization Type"));
        return Err(refusal.with("ArgumentName", "Authorization").with("ArgumentValue", kind));
    }
    let (mut credential, mut signed, mut signature) = (None, None, None);
    let parts = text.strip_prefix(ALGORITHM).unwrap_or_default();
    for part in parts.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once('=') {
            Some(("Credential", value)) => credential = Some(value),
            Some(("SignedHeaders", value)) => signed = Some(value),
            Some(("Signature", value)) => signature = Some(value),
            _ => return Err(malformed(format_args!("the authorization component \"{part}\" is malformed."))),
        }
    }
    let (Some(credential), Some(signed), Some(_)) = (credential, signed, signature) else {
        return Err(malformed(
            "the authorization header requires three components: Credential, SignedHeaders, and Signature.",
        ));
    };
    let scope = Scope::read(credential).map_err(malformed)?;
    let Some((date, signed_at)) = header(headers, "x-amz-date").and_then(|date| Some((date, signing_time(date)?)))
    else {
        let message = "AWS authentication requires a valid Date or x-amz-date header";
        return Err(refuse("AccessDenied", message).into());
    };
    scope.check_date(date).map_err(malformed)?;
    if now.duration_since(signed_at).abs() > SKEW {
        let message = "The difference between the request time and the current time is too large.";
        return Err(refuse("RequestTimeTooSkewed", message).into());
    }
    check_key(scope.key, people)?;
    check_token(header(headers, "x-amz-security-token"))?;
    if signed.is_empty() {
        return Err(access_denied().into());
    }
    check_signed_headers(signed, headers)
}

#[cfg(test)]
mod tests {
    use super::super::super::home::Credentials;
    use super::*;
    use test_case::test_case;

    const NOW: &str = "20260131T120000Z";

    fn people() -> People {
        let owner = Credentials { access_key_id: "AKID".into(), secret_access_key: "secret".into() };
        People::new(owner, Vec::new()).unwrap()
    }

    fn answer(query: &str, headers: &[(&'static str, &str)]) -> (String, String, Vec<(&'static str, String)>) {
        let uri: Uri = format!("/b/k?{query}").parse().unwrap();
        let named = |(name, value): &(&'static str, &str)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_str(value).unwrap())
        };
        let headers: HeaderMap = headers.iter().map(named).collect();
        match check(&uri, &headers, &people(), signing_time(NOW).unwrap()) {
            Ok(()) => (String::new(), String::new(), Vec::new()),
            Err(refusal) => {
                let message = refusal.error.message().unwrap_or_default().to_owned();
                (refusal.error.code().as_str().to_owned(), message, refusal.details)
            }
        }
    }

    const QUERY: &str = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20260131%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260131T115900Z&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature=00";

    #[test_case("", "", "", ""; "a good one passes")]
    #[test_case("&X-Amz-Expires=300", "", "AuthorizationQueryParametersError", "requires the X-Amz-Algorithm, X-Amz-Credential"; "a part is missing")]
    #[test_case("Expires=300", "Expires=604801", "AuthorizationQueryParametersError", "less than a week"; "longer than a week")]
    #[test_case("Expires=300", "Expires=604800", "", ""; "a week")]
    #[test_case("Expires=300", "Expires=-1", "AuthorizationQueryParametersError", "non-negative"; "negative")]
    #[test_case("Expires=300", "Expires=soon", "AuthorizationQueryParametersError", "should be a number"; "no number")]
    #[test_case("Expires=300", "Expires=59", "AccessDenied", "Request has expired"; "expired")]
    #[test_case("20260131T115900Z", "20260131T122000Z", "AccessDenied", "Request is not yet valid"; "from the future")]
    #[test_case("20260131T115900Z", "yesterday", "AuthorizationQueryParametersError", "ISO8601 Long Format"; "no date")]
    #[test_case("20260131T115900Z", "20260130T115900Z", "AuthorizationQueryParametersError", "Invalid credential date \"20260131\""; "dates differ")]
    #[test_case("AWS4-HMAC-SHA256", "AWS5", "AuthorizationQueryParametersError", "X-Amz-Algorithm only supports"; "another algorithm")]
    #[test_case("%2Fs3%2F", "%2Fec2%2F", "AuthorizationQueryParametersError", "incorrect service \"ec2\""; "another service")]
    #[test_case("%2Faws4_request", "", "AuthorizationQueryParametersError", "the Credential is mal-formed"; "half a scope")]
    #[test_case("AKID", "OTHER", "InvalidAccessKeyId", "does not exist in our records"; "nobodys key")]
    fn signatures_in_a_query(from: &str, to: &str, code: &str, message: &str) {
        let (found, words, _) = answer(&QUERY.replace(from, to), &[("host", "localhost")]);
        assert_eq!(found, code);
        assert!(words.contains(message), "{words}");
    }

    #[test]
    fn an_expired_url_says_when_it_ended() {
        let (_, _, details) = answer(&QUERY.replace("=300", "=30"), &[("host", "localhost")]);
        let expected =
            [("X-Amz-Expires", "30"), ("Expires", "2026-01-31T11:59:30Z"), ("ServerTime", "2026-01-31T12:00:00Z")];
        assert_eq!(details, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn headers_outside_of_the_signature_are_named() {
        let sent = [("host", "h"), ("x-amz-acl", "private"), ("content-type", "a/b"), ("x-amz-content-sha256", "00")];
        let (code, _, details) = answer(QUERY, &sent);
        assert_eq!((code.as_str(), details), ("AccessDenied", vec![("HeadersNotSigned", "x-amz-acl".to_owned())]));
    }

    const HEADER: &str = "AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=00";

    #[test_case("", "", NOW, "", ""; "a good one passes")]
    #[test_case("AWS4-HMAC-SHA256", "Basic", NOW, "InvalidArgument", "Unsupported Authorization Type"; "another kind")]
    #[test_case(", Signature=00", "", NOW, "AuthorizationHeaderMalformed", "requires three components"; "no signature")]
    #[test_case("Signature=00", "Signature", NOW, "AuthorizationHeaderMalformed", "component \"Signature\" is malformed"; "no value")]
    #[test_case("AKID/", "/", NOW, "AuthorizationHeaderMalformed", "a non-empty Access Key"; "no key")]
    #[test_case("/s3/", "/ec2/", NOW, "AuthorizationHeaderMalformed", "incorrect service \"ec2\""; "another service")]
    #[test_case("20260131", "20260130", NOW, "AuthorizationHeaderMalformed", "Invalid credential date"; "dates differ")]
    #[test_case("", "", "20260131T114459Z", "RequestTimeTooSkewed", "difference between the request time"; "too late")]
    #[test_case("", "", "20260131T121501Z", "RequestTimeTooSkewed", "difference between the request time"; "too early")]
    #[test_case("", "", "20260131T114500Z", "", ""; "a quarter of an hour is allowed")]
    #[test_case("", "", "noon", "AccessDenied", "requires a valid Date"; "no date")]
    #[test_case("AKID", "OTHER", NOW, "InvalidAccessKeyId", "does not exist"; "nobodys key")]
    #[test_case(";x-amz-date", "", NOW, "AccessDenied", "not signed"; "a header outside")]
    fn signatures_in_a_header(from: &str, to: &str, date: &str, code: &str, message: &str) {
        let sent = [("host", "h"), ("authorization", &HEADER.replace(from, to)), ("x-amz-date", date)];
        let (found, words, _) = answer("", &sent);
        assert_eq!(found, code);
        assert!(words.contains(message), "{words}");
    }

    #[test]
    fn one_signature_is_enough() {
        let (code, message, _) = answer(QUERY, &[("host", "h"), ("authorization", HEADER)]);
        assert!(code == "InvalidArgument" && message.starts_with("Only one auth mechanism allowed"), "{message}");
    }

    #[test]
    fn a_token_of_a_session_belongs_to_no_key_here() {
        let sent = [("host", "h"), ("authorization", HEADER), ("x-amz-date", NOW), ("x-amz-security-token", "t")];
        assert_eq!(answer("", &sent).0, "InvalidToken");
    }
}
