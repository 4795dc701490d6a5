//! Amazon Resource Names and the partitions they live in.

use std::fmt;
use std::str::FromStr;

/// A separate AWS universe: its own accounts, regions, ARN prefix and DNS suffix.
///
/// The isolated partitions (`aws-iso*`) are out of scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Partition {
    /// The commercial partition.
    #[default]
    Aws,
    /// China (Beijing and Ningxia).
    AwsCn,
    /// AWS GovCloud (US).
    AwsUsGov,
    /// AWS European Sovereign Cloud.
    AwsEusc,
}

impl Partition {
    /// Every partition known here.
    pub const ALL: [Self; 4] = [Self::Aws, Self::AwsCn, Self::AwsUsGov, Self::AwsEusc];

    /// The second field of an ARN in this partition, such as `aws-cn`.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsEusc => "aws-eusc",
        }
    }

    /// The DNS suffix of service endpoints, such as `amazonaws.com`.
    #[must_use]
    pub const fn dns_suffix(self) -> &'static str {
        match self {
            Self::Aws | Self::AwsUsGov => "amazonaws.com",
            Self::AwsCn => "amazonaws.com.cn",
            Self::AwsEusc => "amazonaws.eu",
        }
    }

    /// The partition of a region code. Regions that match no other partition are commercial,
    /// so that a region launched tomorrow works.
    #[must_use]
    pub fn from_region(region: &str) -> Self {
        if region.starts_with("cn-") {
            Self::AwsCn
        } else if region.starts_with("us-gov-") {
            Self::AwsUsGov
        } else if region.starts_with("eusc-") {
            Self::AwsEusc
        } else {
            Self::Aws
        }
    }

    /// The partition whose [`prefix`](Self::prefix) is exactly `prefix`.
    #[must_use]
    pub fn from_prefix(prefix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.prefix() == prefix)
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.prefix())
    }
}

/// The ARN of a bucket: what actions on the bucket itself name.
#[must_use]
pub fn bucket_arn(partition: Partition, bucket: &str) -> String {
    format!("arn:{partition}:s3:::{bucket}")
}

/// The ARN of an object, or of many when `key_pattern` holds `*` or `?`.
#[must_use]
pub fn object_arn(partition: Partition, bucket: &str, key_pattern: &str) -> String {
    format!("arn:{partition}:s3:::{bucket}/{key_pattern}")
}

/// The six fields of an ARN, as text. The last may itself hold colons.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Arn {
    /// `aws`, `aws-cn` …, kept as text because policies may hold partitions unknown here.
    pub partition: String,
    /// Such as `s3` or `iam`.
    pub service: String,
    /// Empty for S3 buckets and IAM identities.
    pub region: String,
    /// Twelve digits; empty for S3 buckets; `cloudfront` for origin access identities.
    pub account: String,
    /// All that follows the fifth colon.
    pub resource: String,
}

/// Why a text is no ARN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArnError {
    /// It does not start with `arn:`.
    #[error("an ARN starts with arn:")]
    Prefix,
    /// Fewer than six fields divided by colons.
    #[error("an ARN has six parts divided by colons, this has {0}")]
    Fields(usize),
    /// A field that must be there is empty.
    #[error("the {0} of this ARN is empty")]
    Empty(&'static str),
}

impl FromStr for Arn {
    type Err = ArnError;

    fn from_str(text: &str) -> Result<Self, ArnError> {
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        if fields.first() != Some(&"arn") || fields.len() < 2 {
            return Err(ArnError::Prefix);
        }
        let &[_, partition, service, region, account, resource] = fields.as_slice() else {
            return Err(ArnError::Fields(fields.len()));
        };
        for (name, value) in [("partition", partition), ("service", service), ("resource", resource)] {
            if value.is_empty() {
                return Err(ArnError::Empty(name));
            }
        }
        Ok(Self {
            partition: partition.to_owned(),
            service: service.to_owned(),
            region: region.to_owned(),
            account: account.to_owned(),
            resource: resource.to_owned(),
        })
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

impl Arn {
    /// For an S3 bucket or object ARN (no region, no account): the bucket, and the key pattern
    /// after the first `/` when there is one.
    #[must_use]
    pub fn s3_bucket_and_key(&self) -> Option<(&str, Option<&str>)> {
        if self.service != "s3" || !self.region.is_empty() || !self.account.is_empty() {
            return None;
        }
        Some(match self.resource.split_once('/') {
            Some((bucket, key)) => (bucket, Some(key)),
            None => (self.resource.as_str(), None),
        })
    }
}

/// Whether the text is an AWS account id: twelve digits.
#[must_use]
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("eu-west-1", Partition::Aws, "amazonaws.com"; "commercial")]
    #[test_case("cn-northwest-1", Partition::AwsCn, "amazonaws.com.cn"; "china")]
    #[test_case("us-gov-east-1", Partition::AwsUsGov, "amazonaws.com"; "gov")]
    #[test_case("eusc-de-east-1", Partition::AwsEusc, "amazonaws.eu"; "sovereign")]
    #[test_case("xx-new-9", Partition::Aws, "amazonaws.com"; "unknown region is commercial")]
    fn partition_of_region(region: &str, expected: Partition, suffix: &str) {
        let partition = Partition::from_region(region);
        assert_eq!(partition, expected);
        assert_eq!(partition.dns_suffix(), suffix);
        assert_eq!(Partition::from_prefix(partition.prefix()), Some(partition));
        assert!(crate::domain::region::partition_of(region).is_none_or(|listed| listed == partition));
    }

    #[test]
    fn arns_of_buckets_and_objects() {
        assert_eq!(bucket_arn(Partition::AwsCn, "b"), "arn:aws-cn:s3:::b");
        assert_eq!(object_arn(Partition::Aws, "b", "photos/*"), "arn:aws:s3:::b/photos/*");
    }

    #[test_case("arn:aws:s3:::b/a:b/c", Some(("b", Some("a:b/c"))); "object with a colon in its key")]
    #[test_case("arn:aws:s3:::b", Some(("b", None)); "bucket")]
    #[test_case("arn:aws:s3:eu-west-1:111122223333:accesspoint/x", None; "access point")]
    #[test_case("arn:aws:iam::111122223333:root", None; "identity")]
    fn s3_resources(text: &str, expected: Option<(&str, Option<&str>)>) {
        let arn: Arn = text.parse().unwrap();
        assert_eq!(arn.s3_bucket_and_key(), expected);
        assert_eq!(arn.to_string(), text);
    }

    #[test_case("", ArnError::Prefix; "empty")]
    #[test_case("b/*", ArnError::Prefix; "no prefix")]
    #[test_case("arn", ArnError::Prefix; "only the word")]
    #[test_case("arn:aws:s3::b", ArnError::Fields(5); "one colon short")]
    #[test_case("arn::s3:::b", ArnError::Empty("partition"); "no partition")]
    #[test_case("arn:aws:s3:::", ArnError::Empty("resource"); "no resource")]
    fn not_arns(text: &str, expected: ArnError) {
        assert_eq!(text.parse::<Arn>(), Err(expected));
    }

    #[test_case("111122223333", true)]
    #[test_case("11112222333", false; "eleven digits")]
    #[test_case("11112222333x", false; "a letter")]
    fn account_ids(text: &str, expected: bool) {
        assert_eq!(is_account_id(text), expected);
    }
}
