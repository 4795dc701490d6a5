//! The bucket that a policy is read for.

use crate::domain::arn::{Arn, Partition, bucket_arn, object_arn};

use super::glob;

/// Whose policy it is: names in the policy are told apart from names of elsewhere by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scene<'a> {
    /// The bucket's name.
    pub bucket: &'a str,
    /// Where it lives.
    pub partition: Partition,
    /// The account that owns it, twelve digits, where known.
    pub owner: Option<&'a str>,
}

/// What a resource pattern of a policy can cover in this bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reach {
    /// The bucket itself.
    pub(super) bucket: bool,
    /// At least some keys.
    pub(super) files: bool,
}

impl Scene<'_> {
    /// The bucket's ARN.
    #[must_use]
    pub fn bucket_arn(&self) -> String {
        bucket_arn(self.partition, self.bucket)
    }

    /// The ARN of a key, or of a pattern of keys, in this bucket.
    #[must_use]
    pub fn object_arn(&self, key: &str) -> String {
        object_arn(self.partition, self.bucket, key)
    }

    /// What the pattern can cover here; nothing when it is about another bucket.
    pub(super) fn reach(&self, resource: &str) -> Reach {
        let own = self.bucket_arn();
        let bucket = glob::matches(resource, &own);
        let files = match resource.parse::<Arn>() {
            Ok(arn) => match arn.s3_bucket_and_key() {
                Some((name, Some(_))) => glob::matches(name, self.bucket),
                // A star in the bucket's name runs over the slash.
                Some((name, None)) => name.strip_suffix('*').is_some_and(|start| self.bucket.starts_with(start)),
                None => false,
            },
            Err(_) => resource == "*",
        };
        Reach { bucket, files }
    }

    /// The pattern of keys that a resource of this bucket names; `None` for the bucket itself and for
    /// what is elsewhere.
    pub(super) fn key_of<'r>(&self, resource: &'r str) -> Option<&'r str> {
        let prefix = self.object_arn("");
        resource.strip_prefix(prefix.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const SCENE: Scene<'static> = Scene { bucket: "b", partition: Partition::Aws, owner: None };

    #[test_case("arn:aws:s3:::b", true, false; "the bucket")]
    #[test_case("arn:aws:s3:::b/*", false, true; "its files")]
    #[test_case("arn:aws:s3:::b*", true, true; "a star over the slash")]
    #[test_case("arn:aws:s3:::?/a", false, true; "a pattern of buckets")]
    #[test_case("arn:aws:s3:::other/*", false, false; "another bucket")]
    #[test_case("*", true, true; "everything")]
    #[test_case("photos/*", false, false; "no arn")]
    fn reaches(resource: &str, bucket: bool, files: bool) {
        assert_eq!(SCENE.reach(resource), Reach { bucket, files });
    }
}
