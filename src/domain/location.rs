//! What a person types to open something: a bucket's name, an `s3://` address, a URL or an ARN.

use super::object_url::{Form, ParsedUrl, UrlProblem, parse as parse_url};

/// Where to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The bucket.
    pub bucket: String,
    /// A whole key, or a prefix ending in `/`; empty for the bucket itself.
    pub path: String,
    /// Where the text names it.
    pub region: Option<String>,
}

impl Location {
    /// The path stands for a folder, or for the bucket itself.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.path.is_empty() || self.path.ends_with('/')
    }

    /// The folder to show: the path itself, or what a key lies in.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.path.rfind('/').map_or("", |at| &self.path[..=at])
    }
}

/// Why a text leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationProblem {
    /// Nothing typed.
    #[error("Type a bucket’s name, an s3:// address, a URL or an ARN")]
    Empty,
    /// It looks like a URL.
    #[error(transparent)]
    Url(#[from] UrlProblem),
    /// It begins with `arn:` and is none.
    #[error("An ARN of a bucket looks like arn:aws:s3:::bucket/key")]
    BadArn,
    /// Of another service.
    #[error("This ARN belongs to {service}, not to S3")]
    OtherService {
        /// Its name in the ARN.
        service: String,
    },
    /// Not a bucket.
    #[error("This ARN names an access point; open the bucket behind it")]
    AccessPoint,
    /// `*` in place of a bucket's name.
    #[error("A pattern with * names no single bucket")]
    Pattern,
    /// No bucket can be called so, not even an old one.
    #[error("“{text}” is no bucket’s name")]
    BadName {
        /// What was typed.
        text: String,
    },
}

/// Reads it. `endpoint` is that of the connection where it is not Amazon's. Names of old buckets, with capitals or
/// underscores, are taken: the rules for new names say nothing about them.
///
/// # Errors
/// In plain words, where no bucket is named.
pub fn parse(text: &str, endpoint: Option<&str>) -> Result<Location, LocationProblem> {
    let text = text.trim().trim_matches(['"', '<', '>']);
    if text.is_empty() {
        return Err(LocationProblem::Empty);
    }
    if let Some(arn) = text.strip_prefix("arn:") {
        return parse_arn(arn);
    }
    if text.contains("://") {
        let ParsedUrl { bucket, key, region, form, .. } = parse_url(text, endpoint)?;
        if form == Form::S3Uri && bucket.starts_with("arn:") {
            return parse_arn(&format!("{}/{key}", &bucket[4..]));
        }
        return checked(&bucket, &key, region);
    }
    if let Some(problem) = host_without_scheme(text, endpoint) {
        return problem;
    }
    let (bucket, path) = text.split_once('/').unwrap_or((text, ""));
    checked(bucket, path, None)
}

/// Reads a place where something is to be written, deleted or checked: to the letter. What follows the bucket in
/// `s3://bucket/key` is the key as it stands, blanks and quotes at its ends included: a tidier reading would name another
/// object.
///
/// # Errors
/// In plain words, where no bucket is named.
pub fn exact(text: &str, endpoint: Option<&str>) -> Result<Location, LocationProblem> {
    let read = parse(text, endpoint)?;
    let path = text.strip_prefix("s3://").filter(|rest| !rest.starts_with("arn:")).and_then(|rest| {
        let (_, path) = rest.split_once('/')?;
        Some(path.to_owned())
    });
    Ok(Location { path: path.unwrap_or(read.path), ..read })
}

/// `bucket.s3.….amazonaws.com/key`, as browsers show it.
fn host_without_scheme(text: &str, endpoint: Option<&str>) -> Option<Result<Location, LocationProblem>> {
    let host = text.split('/').next().unwrap_or(text);
    if !host.contains('.') && !host.contains(':') {
        return None;
    }
    let parsed = parse_url(&format!("https://{text}"), endpoint).ok()?;
    Some(checked(&parsed.bucket, &parsed.key, parsed.region))
}

fn parse_arn(rest: &str) -> Result<Location, LocationProblem> {
    let parts: Vec<&str> = rest.splitn(5, ':').collect();
    let [partition, service, _region, _account, resource] = parts.as_slice() else {
        return Err(LocationProblem::BadArn);
    };
    if !partition.starts_with("aws") {
        return Err(LocationProblem::BadArn);
    }
    if *service != "s3" {
        let known = matches!(*service, "s3-object-lambda" | "s3-outposts");
        return Err(if known {
            LocationProblem::AccessPoint
        } else {
            LocationProblem::OtherService { service: (*service).into() }
        });
    }
    if resource.starts_with("accesspoint/") || resource.starts_with("accesspoint:") {
        return Err(LocationProblem::AccessPoint);
    }
    let (bucket, path) = resource.split_once('/').unwrap_or((resource, ""));
    // `/*` is how policies say "every file".
    checked(bucket, path.strip_suffix('*').unwrap_or(path), None)
}

fn checked(bucket: &str, path: &str, region: Option<String>) -> Result<Location, LocationProblem> {
    if bucket.contains('*') || bucket.contains('?') {
        return Err(LocationProblem::Pattern);
    }
    let possible = (1..=255).contains(&bucket.len())
        && bucket.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if !possible {
        return Err(LocationProblem::BadName { text: bucket.to_owned() });
    }
    Ok(Location { bucket: bucket.to_owned(), path: path.to_owned(), region })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("acme-images", "acme-images", "", None; "name")]
    #[test_case("  acme-images/photos/ ", "acme-images", "photos/", None; "name and folder")]
    #[test_case("Old_Bucket", "Old_Bucket", "", None; "name of long ago")]
    #[test_case("www.example.com", "www.example.com", "", None; "name with dots")]
    #[test_case("s3://acme/photos/a b.jpg", "acme", "photos/a b.jpg", None; "s3 address")]
    #[test_case("arn:aws:s3:::acme", "acme", "", None; "arn of a bucket")]
    #[test_case("arn:aws-cn:s3:::acme/photos/*", "acme", "photos/", None; "arn as policies have it")]
    #[test_case("https://acme.s3.eu-west-1.amazonaws.com/a%20b.jpg", "acme", "a b.jpg", Some("eu-west-1"); "url")]
    #[test_case("acme.s3.eu-west-1.amazonaws.com/a.jpg", "acme", "a.jpg", Some("eu-west-1"); "url without scheme")]
    #[test_case("http://localhost:9000/acme/a.jpg", "acme", "a.jpg", None; "url of the connection")]
    #[test_case("localhost:9000/acme/a.jpg", "acme", "a.jpg", None; "url of the connection without scheme")]
    fn leads(text: &str, bucket: &str, path: &str, region: Option<&str>) {
        let location = parse(text, Some("http://localhost:9000")).unwrap();
        assert_eq!(
            (location.bucket.as_str(), location.path.as_str(), location.region.as_deref()),
            (bucket, path, region)
        );
    }

    #[test_case("", "Type a bucket’s name, an s3:// address, a URL or an ARN"; "nothing")]
    #[test_case("my bucket", "“my bucket” is no bucket’s name"; "space")]
    #[test_case("/photos", "“” is no bucket’s name"; "no bucket")]
    #[test_case("arn:aws:s3", "An ARN of a bucket looks like arn:aws:s3:::bucket/key"; "half an arn")]
    #[test_case("arn:aws:iam::123456789012:root", "This ARN belongs to iam, not to S3"; "arn of another service")]
    #[test_case("arn:aws:s3:us-west-2:123456789012:accesspoint/x", "This ARN names an access point; open the bucket behind it"; "access point")]
    #[test_case("arn:aws:s3:::acme-*", "A pattern with * names no single bucket"; "pattern")]
    #[test_case("https://example.com/x", "example.com is no address of S3 or of this store"; "another host")]
    fn leads_nowhere(text: &str, words: &str) {
        assert_eq!(parse(text, None).unwrap_err().to_string(), words);
    }

    #[test_case("s3://b/ a \"b\" ", " a \"b\" "; "blanks and quotes")]
    #[test_case("s3://b/a%20b?c#d+e", "a%20b?c#d+e"; "nothing is decoded")]
    #[test_case("s3://b//a//../b", "/a//../b"; "slashes and dots")]
    #[test_case("s3://b", ""; "a bucket")]
    #[test_case("b/photos/", "photos/"; "without the scheme")]
    #[test_case("s3://arn:aws:s3:::b/k", "k"; "an arn")]
    fn keys_are_read_to_the_letter(text: &str, path: &str) {
        let place = exact(text, None).unwrap();
        assert_eq!((place.bucket.as_str(), place.path.as_str()), ("b", path));
    }

    #[test]
    fn a_place_names_a_bucket() {
        assert!(exact("s3://", None).is_err() && exact(" s3://b d/k", None).is_err());
    }

    #[test]
    fn folders_of_locations() {
        let at = |path: &str| Location { bucket: "b".into(), path: path.into(), region: None };
        assert_eq!((at("a/b.jpg").folder(), at("a/").folder(), at("a").folder()), ("a/", "a/", ""));
        assert!(at("").is_folder() && at("a/").is_folder() && !at("a").is_folder());
    }
}
