//! Places as they are written where something is to be written or deleted: to the letter.

use crate::domain::location::{self, Location, LocationProblem};

/// Reads a place. What follows the bucket in `s3://bucket/key` is the key as it stands, blanks and quotes at its ends
/// included: a tidier reading would name another object.
pub(super) fn exact(text: &str, endpoint: Option<&str>) -> Result<Location, LocationProblem> {
    let read = location::parse(text, endpoint)?;
    let path = text.strip_prefix("s3://").filter(|rest| !rest.starts_with("arn:")).and_then(|rest| {
        let (_, path) = rest.split_once('/')?;
        Some(path.to_owned())
    });
    Ok(Location { path: path.unwrap_or(read.path), ..read })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

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
}
