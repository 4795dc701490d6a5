//! Signatures of version 4: one to check a form by, one for the write that the form becomes.
//!
//! Source: Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)".

use http::{HeaderName, HeaderValue, Request, header};
use sha2::{Digest as _, Sha256};

use super::super::intake::hex;

pub(super) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// HMAC of RFC 2104 over SHA-256.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

/// What a signature is for: a day (`YYYYMMDD`), a region, a service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) access_key: &'a str,
    pub(super) day: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
}

impl<'a> Scope<'a> {
    /// Reads `KEY/DAY/REGION/SERVICE/aws4_request`.
    pub(super) fn parse(credential: &'a str) -> Option<Self> {
        let mut parts = credential.rsplitn(5, '/');
        let (last, service, region, day) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let access_key = parts.next()?;
        let whole = last == "aws4_request" && day.len() == 8 && !access_key.is_empty();
        whole.then_some(Self { access_key, day, region, service })
    }

    /// The signature of `text` in hexadecimal.
    pub(super) fn sign(&self, secret: &str, text: &str) -> String {
        let mut key = hmac(format!("AWS4{secret}").as_bytes(), self.day.as_bytes());
        for step in [self.region, self.service, "aws4_request"] {
            key = hmac(&key, step.as_bytes());
        }
        hex(&hmac(&key, text.as_bytes()))
    }
}

/// True when both are the same, found out in a time that does not tell where they differ.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// Signs a request that has no query, and whose body is not covered, as of `now`.
pub(super) fn sign_headers<B>(
    request: &mut Request<B>,
    (access_key, secret): (&str, &str),
    region: &str,
    now: jiff::Timestamp,
) -> Result<(), http::header::InvalidHeaderValue> {
    let date = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let scope = Scope { access_key, day: &date[..8], region, service: "s3" };
    let path = request.uri().path().to_owned();
    let headers = request.headers_mut();
    headers.insert("x-amz-content-sha256", HeaderValue::from_static(UNSIGNED_PAYLOAD));
    headers.insert("x-amz-date", HeaderValue::from_str(&date)?);
    let covers = |name: &HeaderName| *name == header::HOST || name.as_str().starts_with("x-amz-");
    let mut signed: Vec<_> = headers
        .iter()
        .filter(|(name, _)| covers(name))
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?.trim())))
        .collect();
    signed.sort_unstable();
    let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let canonical = format!("{}\n{path}\n\n{lines}\n{names}\n{UNSIGNED_PAYLOAD}", http::Method::PUT);
    let place = format!("{}/{region}/s3/aws4_request", scope.day);
    let text = format!("{ALGORITHM}\n{date}\n{place}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let signature = scope.sign(secret, &text);
    let authorization =
        format!("{ALGORITHM} Credential={access_key}/{place}, SignedHeaders={names}, Signature={signature}");
    headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&authorization)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    // RFC 4231, test cases 1, 2 and 6.
    #[test_case(&[0x0b; 20], "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"; "short key")]
    #[test_case(b"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"; "word")]
    #[test_case(&[0xaa; 131], "Test Using Larger Than Block-Size Key - Hash Key First", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"; "long key")]
    fn hmac_vectors(key: &[u8], message: &str, expected: &str) {
        assert_eq!(hex(&hmac(key, message.as_bytes())), expected);
    }

    #[test_case("AKID/20260101/us-east-1/s3/aws4_request", Some("AKID"); "plain")]
    #[test_case("A/B/20260101/us-east-1/s3/aws4_request", Some("A/B"); "slash in the key")]
    #[test_case("AKID/20260101/us-east-1/s3", None; "no end")]
    #[test_case("/20260101/us-east-1/s3/aws4_request", None; "no key")]
    #[test_case("AKID/2026/us-east-1/s3/aws4_request", None; "no day")]
    fn credentials(text: &str, key: Option<&str>) {
        assert_eq!(Scope::parse(text).map(|scope| scope.access_key), key);
    }
}
