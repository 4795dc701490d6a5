//! Taking out what would let someone else in.

use std::borrow::Cow;

const HIDDEN: &str = "(hidden)";

/// What precedes a secret, in lower case: parameters of presigned URLs (AWS Signature versions 4 and 2), parts of the
/// `Authorization` header, headers and fields that hold keys.
const MARKERS: [&str; 11] = [
    "x-amz-signature",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
    "awsaccesskeyid",
    "signature",
    "secret_access_key",
    "secretaccesskey",
    "session_token",
    "sessiontoken",
    "authorization",
];

/// A URL without its query, fragment, user and password: safe to write down. A presigned URL is a key to whoever
/// holds it.
#[must_use]
pub fn redact_url(url: &str) -> String {
    let bare = &url[..url.find(['?', '#']).unwrap_or(url.len())];
    let cut = if bare.len() < url.len() { "?…" } else { "" };
    match bare.split_once("://") {
        Some((scheme, rest)) => {
            let host_end = rest.find('/').unwrap_or(rest.len());
            let host = rest[..host_end].rfind('@').map_or(rest, |at| &rest[at + 1..]);
            format!("{scheme}://{host}{cut}")
        }
        None => format!("{bare}{cut}"),
    }
}

/// Text without the values of keys, signatures and tokens: the last sieve before a log or a report.
#[must_use]
pub fn scrub(text: &str) -> Cow<'_, str> {
    // Same length as the text, since only ASCII letters change.
    let lower = text.to_ascii_lowercase();
    let mut out = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(end) = next_marker(&lower, from) {
        from = end;
        let Some((start, stop)) = value_after(text, end, lower[..end].ends_with("authorization")) else { continue };
        if start < done || start == stop {
            continue;
        }
        out.push_str(&text[done..start]);
        out.push_str(HIDDEN);
        done = stop;
        from = stop;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// Where the next marker ends.
fn next_marker(lower: &str, from: usize) -> Option<usize> {
    let rest = &lower[from..];
    let found = MARKERS.iter().filter_map(|marker| rest.find(marker).map(|at| (at, at + marker.len())));
    // Of markers that begin at one place, the longest.
    found.min_by_key(|(start, end)| (*start, usize::MAX - end)).map(|(_, end)| from + end)
}

/// The value that follows a marker: after `=`, `:` or `%3D`, perhaps in quotes, up to what cannot belong to it.
fn value_after(text: &str, end: usize, to_line_end: bool) -> Option<(usize, usize)> {
    let rest = &text[end..];
    let name_over = rest.trim_start_matches(['"', '\'', '\\', ' ']);
    let value = name_over.strip_prefix(['=', ':']).or_else(|| name_over.strip_prefix("%3D"))?;
    let value = value.trim_start_matches([' ', '"', '\'', '\\']);
    let value = value.strip_prefix("Some(").unwrap_or(value).trim_start_matches(['"', '\\']);
    let start = text.len() - value.len();
    let stops: &[char] = if to_line_end {
        &['\n', '\r', '"']
    } else {
        &['&', ' ', '\n', '\r', '\t', '"', '\'', '\\', ',', ';', ')', '}', '<', '>']
    };
    Some((start, start + value.find(stops).unwrap_or(value.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("https://b.s3.amazonaws.com/a.png?X-Amz-Signature=abc", "https://b.s3.amazonaws.com/a.png?…" ; "presigned")]
    #[test_case("http://me:pw@host:9000/a@b#x", "http://host:9000/a@b?…" ; "user and fragment")]
    #[test_case("https://host/a b", "https://host/a b" ; "nothing to hide")]
    #[test_case("a.png?token=1", "a.png?…" ; "relative")]
    fn a_url_loses_what_opens_doors(url: &str, safe: &str) {
        assert_eq!(redact_url(url), safe);
    }

    #[test_case("GET /a?X-Amz-Credential=AK%2F2026&X-Amz-Signature=5eCreT&x=1",
        "GET /a?X-Amz-Credential=(hidden)&X-Amz-Signature=(hidden)&x=1" ; "query")]
    #[test_case("?AWSAccessKeyId=5eCreT&Expires=1&Signature=5eCreT%3D", "?AWSAccessKeyId=(hidden)&Expires=1&Signature=(hidden)" ; "version 2")]
    #[test_case("Authorization: AWS4-HMAC-SHA256 Credential=5eCreT, Signature=5eCreT\nHost: a", "Authorization: (hidden)\nHost: a" ; "header")]
    #[test_case(r#"{"authorization": "AWS4 5eCreT", "host": "a"}"#, r#"{"authorization": "(hidden)", "host": "a"}"# ; "headers as JSON")]
    #[test_case("x-amz-security-token: 5eCreT==\n", "x-amz-security-token: (hidden)\n" ; "token header")]
    #[test_case(r#"Creds { secret_access_key: "5eCreT", session_token: Some("5eCreT") }"#,
        r#"Creds { secret_access_key: "(hidden)", session_token: Some("(hidden)") }"# ; "debug output")]
    #[test_case("aws_secret_access_key = 5eCreT", "aws_secret_access_key = (hidden)" ; "a line of the credentials file")]
    #[test_case("SignatureDoesNotMatch: the signature differs", "SignatureDoesNotMatch: the signature differs" ; "words stay")]
    #[test_case("größe über alles", "größe über alles" ; "other scripts")]
    fn secrets_are_sieved_out(text: &str, safe: &str) {
        assert_eq!(scrub(text), safe);
    }
}
