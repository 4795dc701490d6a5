//! Reading addresses.

use super::Form;
use crate::domain::object_key::decode_path;
use crate::domain::region::partition_of;

/// What an address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedUrl {
    /// The bucket.
    pub bucket: String,
    /// The key, decoded once; empty for the bucket itself.
    pub key: String,
    /// The region, where the host names one.
    pub region: Option<String>,
    /// How it is built.
    pub form: Form,
    /// `?versionId=…`.
    pub version_id: Option<String>,
    /// It is signed, and so ends after some time.
    pub presigned: bool,
}

/// Why an address cannot be read. Each says what would be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlProblem {
    /// Neither `http`, `https` nor `s3`.
    #[error("An address begins with https://, http:// or s3://")]
    NoScheme,
    /// Not an S3 host.
    #[error("{host} is no address of S3 or of this store")]
    UnknownHost {
        /// The host.
        host: String,
    },
    /// The host of a service, and no bucket behind it.
    #[error("The address names no bucket")]
    NoBucket,
    /// The bytes behind the percent signs are not UTF-8.
    #[error("The address holds bytes that are no text")]
    NotText,
}

/// Reads any form of URL. `endpoint` is the connection's own, when it is not Amazon: with it, path-style and
/// virtual-hosted URLs of that store are understood too.
///
/// # Errors
/// Where no bucket can be found in it.
pub fn parse(url: &str, endpoint: Option<&str>) -> Result<ParsedUrl, UrlProblem> {
    let url = url.trim();
    let (scheme, rest) = url.split_once("://").ok_or(UrlProblem::NoScheme)?;
    match scheme.to_ascii_lowercase().as_str() {
        "s3" | "s3a" | "s3n" => return parse_s3_uri(rest),
        "http" | "https" => {}
        _ => return Err(UrlProblem::NoScheme),
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let authority = authority.rsplit('@').next().unwrap_or(authority).to_ascii_lowercase();
    let tail = tail.split('#').next().unwrap_or(tail);
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let path = path.strip_prefix('/').unwrap_or(path);
    let found = endpoint.and_then(|e| on_endpoint(&authority, e)).or_else(|| known_host(without_port(&authority)));
    let Some(Host { bucket, region, form }) = found else {
        return Err(UrlProblem::UnknownHost { host: authority });
    };
    let (bucket, path) = match bucket {
        Some(bucket) => (bucket, path),
        None => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            (decode_path(bucket).ok_or(UrlProblem::NotText)?, key)
        }
    };
    if bucket.is_empty() {
        return Err(UrlProblem::NoBucket);
    }
    let key = decode_path(path).ok_or(UrlProblem::NotText)?;
    let parameter = |name: &str| {
        query.split('&').filter_map(|p| p.split_once('=')).find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v)
    };
    let version_id = parameter("versionId").and_then(decode_path);
    let presigned = parameter("X-Amz-Signature").or_else(|| parameter("Signature")).is_some();
    Ok(ParsedUrl { bucket, key, region, form, version_id, presigned })
}

/// In a host that carries a bucket's name: the bucket, and the host without it. `None` for hosts of a service alone,
/// and for hosts that nothing is known of.
#[must_use]
pub fn host_of_bucket(authority: &str) -> Option<(String, String)> {
    let host = known_host(without_port(authority))?;
    let bucket = host.bucket?;
    let bare = authority.strip_prefix(&bucket)?.strip_prefix('.')?;
    Some((bucket, bare.to_owned()))
}

/// `s3://bucket/key`: the key stands there as it is, nothing is decoded.
fn parse_s3_uri(rest: &str) -> Result<ParsedUrl, UrlProblem> {
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() {
        return Err(UrlProblem::NoBucket);
    }
    Ok(ParsedUrl {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        region: None,
        form: Form::S3Uri,
        version_id: None,
        presigned: false,
    })
}

struct Host {
    /// `None`: it stands in the path.
    bucket: Option<String>,
    region: Option<String>,
    form: Form,
}

fn on_endpoint(authority: &str, endpoint: &str) -> Option<Host> {
    let (_, own) = endpoint.split_once("://")?;
    let own = own.split('/').next()?.to_ascii_lowercase();
    if authority == own {
        return Some(Host { bucket: None, region: None, form: Form::PathStyle });
    }
    let bucket = authority.strip_suffix(&own)?.strip_suffix('.')?;
    Some(Host { bucket: Some(bucket.to_owned()), region: None, form: Form::VirtualHosted })
}

fn known_host(host: &str) -> Option<Host> {
    let host = host.trim_end_matches('.');
    amazon_host(host).or_else(|| other_host(host))
}

fn amazon_host(host: &str) -> Option<Host> {
    let rest = ["amazonaws.com.cn", "amazonaws.com", "amazonaws.eu"]
        .iter()
        .find_map(|suffix| host.strip_suffix(suffix)?.strip_suffix('.'))?;
    let labels: Vec<&str> = rest.split('.').collect();
    (0..labels.len()).find_map(|at| {
        let (region, form) = service_labels(&labels[at..])?;
        let bucket = (at > 0).then(|| labels[..at].join("."));
        let form = match (form, &bucket) {
            (Some(form), Some(_)) => form,
            // These hosts exist only with a bucket in front.
            (Some(_), None) => return None,
            (None, Some(_)) if region.is_none() => Form::LegacyGlobal,
            (None, Some(_)) => Form::VirtualHosted,
            (None, None) => Form::PathStyle,
        };
        Some(Host { bucket, region: region.map(str::to_owned), form })
    })
}

/// The labels that name the service and its region; the form where it does not depend on the bucket's place.
fn service_labels<'a>(labels: &[&'a str]) -> Option<(Option<&'a str>, Option<Form>)> {
    let region = |code: &'a str| partition_of(code).map(|_| code);
    match labels {
        ["s3"] | ["s3", "dualstack"] => Some((None, None)),
        ["s3-external-1"] => Some((Some("us-east-1"), None)),
        ["s3-accelerate"] | ["s3-accelerate", "dualstack"] => Some((None, Some(Form::Accelerate))),
        ["s3" | "s3-fips", code] | ["s3" | "s3-fips", "dualstack", code] => Some((Some(region(code)?), None)),
        ["s3-website", code] => Some((Some(region(code)?), Some(Form::Website))),
        [one] => {
            if let Some(code) = one.strip_prefix("s3-website-") {
                return Some((Some(region(code)?), Some(Form::Website)));
            }
            let code = one.strip_prefix("s3-fips-").or_else(|| one.strip_prefix("s3-"))?;
            Some((Some(region(code)?), None))
        }
        _ => None,
    }
}

fn other_host(host: &str) -> Option<Host> {
    let split = |suffix: &str| Some(host.strip_suffix(suffix)?.split('.').collect::<Vec<_>>());
    let make = |bucket: &[&str], region: Option<&str>| Host {
        bucket: (!bucket.is_empty()).then(|| bucket.join(".")),
        region: region.map(str::to_owned),
        form: if bucket.is_empty() { Form::PathStyle } else { Form::VirtualHosted },
    };
    if let Some(labels) = split(".digitaloceanspaces.com") {
        return match labels.as_slice() {
            [bucket @ .., region, "cdn"] if !bucket.is_empty() => {
                Some(Host { form: Form::PublicHost, ..make(bucket, Some(region)) })
            }
            [bucket @ .., region] => Some(make(bucket, Some(region))),
            [] => None,
        };
    }
    if let Some(labels) = split(".backblazeb2.com").or_else(|| split(".wasabisys.com")) {
        return match labels.as_slice() {
            [bucket @ .., "s3", region] => Some(make(bucket, Some(region))),
            [bucket @ .., "s3"] => Some(make(bucket, None)),
            _ => None,
        };
    }
    if host == "storage.googleapis.com" {
        return Some(make(&[], None));
    }
    if let Some(labels) = split(".storage.googleapis.com") {
        return Some(make(&labels, None));
    }
    // Account, and perhaps a jurisdiction, stand in front.
    host.ends_with(".r2.cloudflarestorage.com").then(|| make(&[], None))
}

fn without_port(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}
