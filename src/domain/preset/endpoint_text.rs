//! Reading an endpoint that someone typed or pasted.

use super::super::object_url::host_of_bucket;

/// An endpoint that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Scheme, host and port, without a slash at the end.
    pub url: String,
    /// Keys and files travel readable for everyone on the way.
    pub plain_http: bool,
    /// The host is this computer.
    pub loopback: bool,
    /// Something to look at, though it may be right.
    pub doubt: Option<EndpointDoubt>,
}

/// May be right, but usually is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndpointDoubt {
    /// Port 9001.
    ConsolePort,
    /// Plain HTTP to another computer.
    PlainHttp,
}

impl EndpointDoubt {
    /// In plain words.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ConsolePort => "Port 9001 is usually MinIO’s console; the S3 interface is at port 9000",
            Self::PlainHttp => "Over http:// anyone on the way can read the files; use https:// where the store has it",
        }
    }
}

/// Why a text is no endpoint. `mend` holds what would be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointProblem {
    /// Nothing typed.
    #[error("The address of the store is needed")]
    Empty,
    /// Neither `http://` nor `https://`.
    #[error("The address must begin with http:// or https://")]
    NoScheme {
        /// With the likelier scheme in front.
        mend: String,
    },
    /// `ftp://`, `s3://` …
    #[error("{scheme}:// is no address of a store; it begins with http:// or https://")]
    OtherScheme {
        /// What it begins with.
        scheme: String,
    },
    /// Nothing, or something impossible, between scheme and path.
    #[error("The host name is missing or has characters that no host name has")]
    BadHost,
    /// Not 1 to 65535.
    #[error("The port is a number from 1 to 65535")]
    BadPort,
    /// Something follows the host.
    #[error("The address ends after host and port; “{path}” does not belong to it")]
    HasPath {
        /// What follows.
        path: String,
        /// Without it.
        mend: String,
    },
    /// `bucket.s3.…`.
    #[error("The address must not hold the bucket’s name “{bucket}”")]
    HasBucket {
        /// The bucket.
        bucket: String,
        /// Without it.
        mend: String,
    },
    /// `user:password@`.
    #[error("Keys do not belong into the address; they are asked for below")]
    HasUser {
        /// Without them.
        mend: String,
    },
    /// A field of a pattern is still there.
    #[error("Put your own value in the place of {field}")]
    Unfilled {
        /// With its braces.
        field: String,
    },
}

impl EndpointProblem {
    /// What to use instead, where that is clear.
    #[must_use]
    pub fn mend(&self) -> Option<&str> {
        match self {
            Self::NoScheme { mend }
            | Self::HasPath { mend, .. }
            | Self::HasBucket { mend, .. }
            | Self::HasUser { mend } => Some(mend),
            Self::Empty | Self::OtherScheme { .. } | Self::BadHost | Self::BadPort | Self::Unfilled { .. } => None,
        }
    }
}

/// Reads an endpoint.
///
/// # Errors
/// Where it cannot be one, or holds more than scheme, host and port.
pub fn endpoint_check(text: &str) -> Result<Endpoint, EndpointProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(EndpointProblem::Empty);
    }
    if let Some(field) =
        text.find('{').and_then(|at| text[at..].split_inclusive('}').next()).filter(|f| f.ends_with('}'))
    {
        return Err(EndpointProblem::Unfilled { field: field.to_owned() });
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        let scheme =
            if is_loopback(host_and_port(text.split('/').next().unwrap_or(text)).0) { "http" } else { "https" };
        return Err(EndpointProblem::NoScheme { mend: format!("{scheme}://{text}") });
    };
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https") {
        return Err(EndpointProblem::OtherScheme { scheme });
    }
    let split = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(split);
    if let Some((_, host)) = authority.rsplit_once('@') {
        return Err(EndpointProblem::HasUser { mend: format!("{scheme}://{host}") });
    }
    let authority = authority.to_ascii_lowercase();
    let (host, port) = host_and_port(&authority);
    if !is_host(host) {
        return Err(EndpointProblem::BadHost);
    }
    if port.is_some_and(|p| !p.parse::<u16>().is_ok_and(|p| p > 0)) {
        return Err(EndpointProblem::BadPort);
    }
    let url = format!("{scheme}://{authority}");
    if let Some((bucket, bare)) = host_of_bucket(&authority) {
        return Err(EndpointProblem::HasBucket { bucket, mend: format!("{scheme}://{bare}") });
    }
    if !matches!(path, "" | "/") {
        return Err(EndpointProblem::HasPath { path: path.to_owned(), mend: url });
    }
    let (plain_http, loopback) = (scheme == "http", is_loopback(host));
    let doubt = match port {
        Some("9001") => Some(EndpointDoubt::ConsolePort),
        _ if plain_http && !loopback => Some(EndpointDoubt::PlainHttp),
        _ => None,
    };
    Ok(Endpoint { url, plain_http, loopback, doubt })
}

fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(ipv6) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return ipv6.parse::<std::net::Ipv6Addr>().is_ok();
    }
    host.len() <= 253
        && host.trim_end_matches('.').split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        })
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
