//! Signatures in addresses: who signed, until when, and what the signature covers. The signature itself is not kept.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// How a link is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// AWS Signature Version 4, `X-Amz-…`.
    V4,
    /// The older one, `AWSAccessKeyId=…&Signature=…`.
    V2,
    /// A signed URL of CloudFront.
    CloudFront,
    /// A signed URL of Google Cloud Storage.
    Google,
}

/// What a signed link tells about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// How it is signed.
    pub kind: LinkKind,
    /// The access key that signed it; public, the secret is not in it.
    pub key_id: Option<String>,
    /// When it was signed.
    pub signed: Option<Timestamp>,
    /// How long it was meant to last.
    pub lasts: Option<Duration>,
    /// When it ends at the latest.
    pub expires: Option<Timestamp>,
    /// It belongs to a session, with which it ends.
    pub by_session: bool,
    /// The region that the signature is for.
    pub region: Option<String>,
    /// Headers that must come as they were signed, in lower case.
    pub signed_headers: Vec<String>,
    /// Parameters that are missing or cannot be read.
    pub broken: Vec<&'static str>,
}

/// Longest life of a link of version 4, in seconds.
const LONGEST_SECS: u64 = 7 * 24 * 60 * 60;

impl Link {
    /// Reads the parameters of an address, decoded.
    #[must_use]
    pub fn read(parameters: &[(String, String)]) -> Option<Self> {
        let find = |name: &str| {
            parameters.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
        };
        if find("X-Amz-Signature").is_some() || find("X-Amz-Credential").is_some() || find("X-Amz-Algorithm").is_some()
        {
            return Some(Self::v4(LinkKind::V4, "X-Amz", &find));
        }
        if find("X-Goog-Signature").is_some() {
            return Some(Self::v4(LinkKind::Google, "X-Goog", &find));
        }
        find("Signature")?;
        let kind = if find("Key-Pair-Id").is_some() { LinkKind::CloudFront } else { LinkKind::V2 };
        let key_id = find("Key-Pair-Id").or_else(|| find("AWSAccessKeyId")).or_else(|| find("GoogleAccessId"));
        let expires = find("Expires").and_then(|text| text.parse().ok()).and_then(|at| Timestamp::from_second(at).ok());
        let mut broken = Vec::new();
        if key_id.is_none() {
            broken.push("AWSAccessKeyId");
        }
        if expires.is_none() && kind == LinkKind::V2 {
            broken.push("Expires");
        }
        Some(Self {
            kind,
            key_id: key_id.map(str::to_owned),
            signed: None,
            lasts: None,
            expires,
            by_session: find("x-amz-security-token").is_some(),
            region: None,
            signed_headers: Vec::new(),
            broken,
        })
    }

    fn v4<'a>(kind: LinkKind, prefix: &str, find: &impl Fn(&str) -> Option<&'a str>) -> Self {
        let get = |name: &str| find(&format!("{prefix}-{name}"));
        let mut broken = Vec::new();
        for name in ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"] {
            if get(name).is_none_or(str::is_empty) {
                broken.push(name);
            }
        }
        let mut scope = get("Credential").unwrap_or_default().split('/');
        let key_id = scope.next().filter(|id| !id.is_empty()).map(str::to_owned);
        let region = scope.nth(1).filter(|region| !region.is_empty()).map(str::to_owned);
        let signed = get("Date").and_then(compact_date);
        let secs: Option<u64> = get("Expires").and_then(|text| text.parse().ok());
        if signed.is_none() && get("Date").is_some() {
            broken.push("Date");
        }
        if get("Expires").is_some() && secs.is_none_or(|secs| secs > LONGEST_SECS) {
            broken.push("Expires");
        }
        let lasts = secs.map(Duration::from_secs);
        let expires = signed
            .zip(lasts)
            .and_then(|(signed, lasts)| signed.checked_add(SignedDuration::try_from(lasts).ok()?).ok());
        let headers = get("SignedHeaders").unwrap_or_default().split(';').filter(|name| !name.is_empty());
        Self {
            kind,
            by_session: get("Security-Token").is_some() || key_id.as_ref().is_some_and(|id| id.starts_with("ASIA")),
            key_id,
            signed,
            lasts,
            expires,
            region,
            signed_headers: headers.map(str::to_ascii_lowercase).collect(),
            broken,
        }
    }

    /// Headers that a browser does not send by itself, and that the signature wants.
    #[must_use]
    pub fn wanted_headers(&self) -> Vec<&str> {
        self.signed_headers.iter().map(String::as_str).filter(|name| *name != "host").collect()
    }

    /// Whether it is over at that time.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|end| end < now)
    }

    /// Whether it was signed by a clock that is ahead by more than S3 bears: a quarter of an hour.
    #[must_use]
    pub fn is_from_the_future(&self, now: Timestamp) -> bool {
        let bearable = now.checked_add(SignedDuration::from_mins(15));
        self.signed.zip(bearable.ok()).is_some_and(|(signed, latest)| signed > latest)
    }
}

/// `20260302T100000Z`.
fn compact_date(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let whole = date.len() == 8 && time.len() == 6 && date.bytes().chain(time.bytes()).all(|b| b.is_ascii_digit());
    if !whole {
        return None;
    }
    format!("{}-{}-{}T{}:{}:{}Z", &date[..4], &date[4..6], &date[6..], &time[..2], &time[2..4], &time[4..]).parse().ok()
}
