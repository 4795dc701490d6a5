//! Signature Version 4 by hand, after "Authenticating Requests: Using the Authorization Header" of the S3 API
//! reference: another hand than the SDK's, and one that signs anything.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

use super::server::Keys;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Adds `x-amz-date`, `x-amz-content-sha256` (where they are missing) and `authorization`.
pub(super) fn sign(
    method: &str,
    uri: &http::Uri,
    headers: &mut Vec<(String, String)>,
    body: &[u8],
    region: &str,
    keys: &Keys,
) {
    let given = |headers: &[(String, String)], name: &str| {
        headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone())
    };
    let date = given(headers, "x-amz-date").unwrap_or_else(|| {
        let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
        headers.push(("x-amz-date".to_owned(), now.clone()));
        now
    });
    let payload = given(headers, "x-amz-content-sha256").unwrap_or_else(|| {
        let hash = hex(&Sha256::digest(body));
        headers.push(("x-amz-content-sha256".to_owned(), hash.clone()));
        hash
    });

    let mut signed: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.trim())).collect();
    signed.sort_unstable();
    let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let path = uri.path().split('/').map(canonical).collect::<Vec<_>>().join("/");
    let mut query: Vec<_> = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let query: Vec<_> = query
        .into_iter()
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| format!("{}={}", canonical(name), canonical(value)))
        .collect();
    let request = format!("{method}\n{path}\n{}\n{lines}\n{names}\n{payload}", query.join("&"));

    let day = &date[..8];
    let scope = format!("{day}/{region}/s3/aws4_request");
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(request)));
    let mut key = format!("AWS4{}", keys.secret).into_bytes();
    for part in [day, region, "s3", "aws4_request"] {
        key = hmac(&key, part.as_bytes());
    }
    let signature = hex(&hmac(&key, text.as_bytes()));
    let said = format!("AWS4-HMAC-SHA256 Credential={}/{scope},SignedHeaders={names},Signature={signature}", keys.id);
    headers.push(("authorization".to_owned(), said));
}

/// However a piece was written on the wire, S3 signs it percent-encoded once.
fn canonical(piece: &str) -> String {
    utf8_percent_encode(&percent_decode_str(piece).decode_utf8_lossy(), RESERVED).to_string()
}

/// HMAC with SHA-256, after RFC 2104.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 64;
    let mut padded = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
    padded.resize(BLOCK, 0);
    let side = |pad: u8| padded.iter().map(|byte| byte ^ pad).collect::<Vec<_>>();
    let inner = Sha256::new().chain_update(side(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(side(0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
