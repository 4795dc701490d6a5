//! Signature Version 4 for requests that no SDK would send, written from its description (AWS General Reference,
//! "Create a signed AWS API request").

use std::fmt::Write as _;
use std::time::SystemTime;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

/// Everything but the unreserved letters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Who signs, and for where.
pub(crate) struct Signer<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) secret_access_key: &'a str,
    pub(crate) region: &'a str,
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn hmac(key: &[u8], text: &str) -> [u8; 32] {
    let mut block = [0_u8; 64];
    let short = sha256(key);
    let key = if key.len() > 64 { &short[..] } else { key };
    block[..key.len()].copy_from_slice(key);
    let inner = [&block.map(|byte| byte ^ 0x36)[..], text.as_bytes()].concat();
    sha256(&[&block.map(|byte| byte ^ 0x5c)[..], &sha256(&inner)].concat())
}

/// The text of the date that a signature of this moment carries.
pub(crate) fn amz_date(at: SystemTime) -> String {
    let at = jiff::Timestamp::try_from(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn canonical_query(query: &str) -> String {
    let encode = |text: &str| {
        let decoded: Vec<u8> = percent_decode_str(&text.replace('+', " ")).collect();
        utf8_percent_encode(&String::from_utf8_lossy(&decoded), ENCODED).to_string()
    };
    let mut pairs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

impl Signer<'_> {
    /// The headers that sign a request: `host`, the date, the hash of the body (or what stands for it), `more`, and
    /// the signature. `target` is path and query as they are sent; names in `more` are small letters.
    pub(crate) fn headers(
        &self,
        method: &str,
        target: &str,
        host: &str,
        payload: &str,
        more: &[(&str, &str)],
        at: SystemTime,
    ) -> Vec<(String, String)> {
        let date = amz_date(at);
        let day = &date[..8];
        let mut signed = vec![("host", host), ("x-amz-content-sha256", payload), ("x-amz-date", &date)];
        signed.extend_from_slice(more);
        signed.sort_unstable();
        let names = signed.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = percent_decode_str(path).decode_utf8_lossy();
        let path = path.split('/').map(|part| utf8_percent_encode(part, ENCODED).to_string()).collect::<Vec<_>>();
        let mut request = format!("{method}\n{}\n{}\n", path.join("/"), canonical_query(query));
        for (name, value) in &signed {
            let _ = writeln!(request, "{name}:{}", value.trim());
        }
        let _ = write!(request, "\n{names}\n{payload}");
        let scope = format!("{day}/{}/s3/aws4_request", self.region);
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&sha256(request.as_bytes())));
        let start = hmac(format!("AWS4{}", self.secret_access_key).as_bytes(), day);
        let key = [self.region, "s3", "aws4_request"].iter().fold(start, |key, text| hmac(&key, text));
        let signature = hex(&hmac(&key, &to_sign));
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
            self.access_key_id
        );
        let mut headers: Vec<_> =
            signed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        headers.push(("authorization".to_owned(), authorization));
        headers
    }
}
