//! Which host a bucket is reached at: the rules of the AWS SDKs, for showing and for checking addresses.

use super::arn::Partition;
use super::bucket_name::is_virtual_hostable;
use super::object_key::encode_segment;
use super::region::partition_of;

/// What changes the host.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EndpointOptions<'a> {
    /// Scheme and host of another store.
    pub endpoint: Option<&'a str>,
    /// Bucket in the path.
    pub path_style: bool,
    /// IPv6 and IPv4.
    pub dual_stack: bool,
    /// FIPS 140 validated hosts.
    pub fips: bool,
    /// Transfer Acceleration.
    pub accelerate: bool,
    /// The host without a region, in us-east-1.
    pub global: bool,
}

/// Why there is no host. The words are those of the AWS SDKs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Acceleration needs the bucket in the host name.
    #[error("Path-style addressing cannot be used with S3 Accelerate")]
    AccelerateWithPathStyle,
    /// These two exclude each other.
    #[error("Accelerate cannot be used with FIPS")]
    AccelerateWithFips,
    /// China has none.
    #[error("S3 Accelerate cannot be used in this region")]
    AccelerateNotInRegion,
    /// China has none.
    #[error("Partition does not support FIPS")]
    NoFipsInPartition,
    /// Another store has hosts of its own.
    #[error("Cannot set dual-stack in combination with a custom endpoint.")]
    DualStackWithEndpoint,
    /// Another store has hosts of its own.
    #[error("A custom endpoint cannot be combined with FIPS")]
    FipsWithEndpoint,
    /// Another store has hosts of its own.
    #[error("A custom endpoint cannot be combined with S3 Accelerate")]
    AccelerateWithEndpoint,
    /// It could not stand in a host name.
    #[error("Invalid region: region was not a valid DNS name.")]
    BadRegion,
    /// There is no default.
    #[error("A region must be set when sending requests to S3.")]
    NoRegion,
    /// Neither scheme nor host could be found.
    #[error("The endpoint must begin with http:// or https://")]
    BadEndpoint,
}

/// The URL that keys of a bucket hang below, without a slash at the end.
///
/// # Errors
/// Where options exclude each other, or region or endpoint cannot be used.
pub fn resolve(bucket: &str, region: Option<&str>, options: &EndpointOptions<'_>) -> Result<String, EndpointError> {
    let region = region.ok_or(EndpointError::NoRegion)?;
    if options.accelerate && options.fips {
        return Err(EndpointError::AccelerateWithFips);
    }
    if options.endpoint.is_some() {
        if options.dual_stack {
            return Err(EndpointError::DualStackWithEndpoint);
        }
        if options.fips {
            return Err(EndpointError::FipsWithEndpoint);
        }
        if options.accelerate {
            return Err(EndpointError::AccelerateWithEndpoint);
        }
    }
    let label = |l: &str| !l.is_empty() && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !label(region) || region.len() > 63 || region.starts_with('-') {
        return Err(EndpointError::BadRegion);
    }
    let partition = partition_of(region).unwrap_or(Partition::Aws);
    if options.fips && partition == Partition::AwsCn {
        return Err(EndpointError::NoFipsInPartition);
    }
    if options.accelerate && options.path_style {
        return Err(EndpointError::AccelerateWithPathStyle);
    }
    if let Some(endpoint) = options.endpoint {
        return custom(bucket, endpoint, options.path_style);
    }
    let suffix = partition.dns_suffix();
    let hosted = !options.path_style && is_virtual_hostable(bucket, false);
    if options.accelerate && hosted {
        if partition == Partition::AwsCn {
            return Err(EndpointError::AccelerateNotInRegion);
        }
        let dual = if options.dual_stack { ".dualstack" } else { "" };
        return Ok(format!("https://{bucket}.s3-accelerate{dual}.{suffix}"));
    }
    let service = if options.fips { "s3-fips" } else { "s3" };
    let dual = if options.dual_stack { ".dualstack" } else { "" };
    let host = if options.global && region == "us-east-1" && !options.fips && !options.dual_stack {
        format!("s3.{suffix}")
    } else {
        format!("{service}{dual}.{region}.{suffix}")
    };
    Ok(if hosted { format!("https://{bucket}.{host}") } else { format!("https://{host}/{}", encode_segment(bucket)) })
}

fn custom(bucket: &str, endpoint: &str, path_style: bool) -> Result<String, EndpointError> {
    let endpoint = endpoint.trim_end_matches('/');
    let (scheme, authority) = endpoint.split_once("://").ok_or(EndpointError::BadEndpoint)?;
    if authority.is_empty() || !matches!(scheme, "http" | "https") {
        return Err(EndpointError::BadEndpoint);
    }
    // Over TLS a certificate covers one label only, so dots in the name rule the host form out.
    let hostable = is_virtual_hostable(bucket, scheme == "http");
    if path_style || !hostable || is_ip(authority) {
        return Ok(format!("{endpoint}/{}", encode_segment(bucket)));
    }
    Ok(format!("{scheme}://{bucket}.{authority}"))
}

/// Whether a host, with or without port, is an IP address.
#[must_use]
pub fn is_ip(authority: &str) -> bool {
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !host.ends_with(':') => host,
        _ => authority,
    };
    host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const PLAIN: EndpointOptions<'static> = EndpointOptions {
        endpoint: None,
        path_style: false,
        dual_stack: false,
        fips: false,
        accelerate: false,
        global: false,
    };
    const HTTPS: EndpointOptions<'static> = EndpointOptions { endpoint: Some("https://example.com"), ..PLAIN };

    #[test_case("bucket-name", "us-west-2", PLAIN, "https://bucket-name.s3.us-west-2.amazonaws.com"; "virtual hosted")]
    #[test_case("aaa", "us-east-1", PLAIN, "https://aaa.s3.us-east-1.amazonaws.com"; "three letters")]
    #[test_case("aa", "us-east-1", PLAIN, "https://s3.us-east-1.amazonaws.com/aa"; "two letters")]
    #[test_case("BucketName", "us-east-1", PLAIN, "https://s3.us-east-1.amazonaws.com/BucketName"; "capitals")]
    #[test_case("99_ab", "us-west-2", EndpointOptions { dual_stack: true, ..PLAIN }, "https://s3.dualstack.us-west-2.amazonaws.com/99_ab"; "underscore, dual stack")]
    #[test_case("bucket.name", "us-east-1", PLAIN, "https://s3.us-east-1.amazonaws.com/bucket.name"; "dots")]
    #[test_case("bucket.name", "us-east-1", EndpointOptions { endpoint: Some("http://example.com"), ..PLAIN }, "http://bucket.name.example.com"; "dots over plain http")]
    #[test_case("bucket-name", "us-east-1", HTTPS, "https://bucket-name.example.com"; "custom")]
    #[test_case("bucket-name", "us-east-1", EndpointOptions { path_style: true, ..HTTPS }, "https://example.com/bucket-name"; "custom, path style")]
    #[test_case("bucketname", "us-east-1", EndpointOptions { endpoint: Some("https://123.123.0.1"), ..PLAIN }, "https://123.123.0.1/bucketname"; "ip address")]
    #[test_case("bucketname", "us-east-1", EndpointOptions { endpoint: Some("http://127.0.0.1:9000"), ..PLAIN }, "http://127.0.0.1:9000/bucketname"; "ip address with port")]
    #[test_case("bucketname", "us-east-1", EndpointOptions { endpoint: Some("http://[::1]:9000/"), ..PLAIN }, "http://[::1]:9000/bucketname"; "ipv6 address with port")]
    #[test_case("bucket name", "us-west-2", PLAIN, "https://s3.us-west-2.amazonaws.com/bucket%20name"; "space")]
    #[test_case("bucket-name", "us-west-2", EndpointOptions { accelerate: true, ..PLAIN }, "https://bucket-name.s3-accelerate.amazonaws.com"; "accelerate")]
    #[test_case("bucket-name", "us-west-2", EndpointOptions { accelerate: true, dual_stack: true, ..PLAIN }, "https://bucket-name.s3-accelerate.dualstack.amazonaws.com"; "accelerate, dual stack")]
    #[test_case("bucket-name", "us-east-1", EndpointOptions { global: true, ..PLAIN }, "https://bucket-name.s3.amazonaws.com"; "global")]
    #[test_case("bucket-name", "cn-north-1", PLAIN, "https://bucket-name.s3.cn-north-1.amazonaws.com.cn"; "china")]
    #[test_case("bucket.with.dots", "us-gov-west-1", EndpointOptions { fips: true, ..PLAIN }, "https://s3-fips.us-gov-west-1.amazonaws.com/bucket.with.dots"; "govcloud, fips")]
    fn resolves(bucket: &str, region: &str, options: EndpointOptions<'_>, url: &str) {
        assert_eq!(resolve(bucket, Some(region), &options).as_deref(), Ok(url));
    }

    #[test_case(Some("us-west-2"), EndpointOptions { accelerate: true, path_style: true, ..PLAIN }, "Path-style addressing cannot be used with S3 Accelerate"; "accelerate and path style")]
    #[test_case(Some("us-west-2"), EndpointOptions { accelerate: true, fips: true, ..PLAIN }, "Accelerate cannot be used with FIPS"; "accelerate and fips")]
    #[test_case(Some("cn-north-1"), EndpointOptions { accelerate: true, ..PLAIN }, "S3 Accelerate cannot be used in this region"; "accelerate in china")]
    #[test_case(Some("cn-north-1"), EndpointOptions { fips: true, ..PLAIN }, "Partition does not support FIPS"; "fips in china")]
    #[test_case(Some("us-west-2"), EndpointOptions { dual_stack: true, ..HTTPS }, "Cannot set dual-stack in combination with a custom endpoint."; "custom and dual stack")]
    #[test_case(Some("us-west-2"), EndpointOptions { fips: true, ..HTTPS }, "A custom endpoint cannot be combined with FIPS"; "custom and fips")]
    #[test_case(Some("us-west-2"), EndpointOptions { accelerate: true, ..HTTPS }, "A custom endpoint cannot be combined with S3 Accelerate"; "custom and accelerate")]
    #[test_case(Some("a b"), PLAIN, "Invalid region: region was not a valid DNS name."; "bad region")]
    #[test_case(None, PLAIN, "A region must be set when sending requests to S3."; "no region")]
    #[test_case(Some("us-east-1"), EndpointOptions { endpoint: Some("example.com"), ..PLAIN }, "The endpoint must begin with http:// or https://"; "no scheme")]
    fn refuses(region: Option<&str>, options: EndpointOptions<'_>, words: &str) {
        assert_eq!(resolve("bucket-name", region, &options).unwrap_err().to_string(), words);
    }
}
