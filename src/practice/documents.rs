//! Configuration documents of a bucket that are kept whole: each knows where it is kept and what S3 refuses in it.
//!
//! Website hosting, server access logging and who pays have effects here. The others are kept, checked and told as
//! S3 does; what they would set in motion (replicas, messages, reports, metrics) lies outside of this store.

mod analysis;
pub(super) mod logging;
mod notification;
mod replication;
mod website;

use std::collections::BTreeMap;

use s3s::{S3Result, dto};
use serde::{Deserialize, Serialize};

use self::logging::Logging;
pub(super) use self::notification::check_reachable;
use super::error::{invalid_request, malformed_xml, refuse};
use super::store::buckets::{Bucket, Buckets};

/// The documents of one bucket; `None` where nothing was configured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Documents {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) website: Option<dto::WebsiteConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logging: Option<Logging>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification: Option<dto::NotificationConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) replication: Option<dto::ReplicationConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<dto::RequestPaymentConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accelerate: Option<dto::AccelerateConfiguration>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    inventory: BTreeMap<String, dto::InventoryConfiguration>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    metrics: BTreeMap<String, dto::MetricsConfiguration>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    analytics: BTreeMap<String, dto::AnalyticsConfiguration>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tiering: BTreeMap<String, dto::IntelligentTieringConfiguration>,
}

impl Documents {
    /// Whoever asks pays: requests of others must say that they know.
    pub(super) fn requester_pays(&self) -> bool {
        self.payment.as_ref().is_some_and(|payment| payment.payer.as_str() == dto::Payer::REQUESTER)
    }
}

/// What a check may look at besides the document.
pub(super) struct About<'a> {
    /// The bucket that is configured.
    pub(super) bucket: &'a Bucket,
    /// All buckets of this store.
    pub(super) buckets: &'a Buckets,
}

/// A document that a bucket has at most one of.
pub(super) trait Document: Sized + Clone + Send + 'static {
    fn kept(documents: &Documents) -> Option<&Self>;
    fn slot(documents: &mut Documents) -> &mut Option<Self>;
    /// Refuses what S3 refuses, and completes what S3 completes.
    fn check(&mut self, about: &About<'_>) -> S3Result<()>;
}

/// A document that a bucket has several of, told apart by their ids.
pub(super) trait Numbered: Sized + Clone + Send + 'static {
    fn id(&self) -> &str;
    fn all(documents: &Documents) -> &BTreeMap<String, Self>;
    fn all_mut(documents: &mut Documents) -> &mut BTreeMap<String, Self>;
    /// Refuses what S3 refuses; `id` is the one in the request's address.
    fn check(&self, id: &str) -> S3Result<()>;
}

macro_rules! kept_at {
    ($document:ty, $field:ident) => {
        fn kept(documents: &Documents) -> Option<&$document> {
            documents.$field.as_ref()
        }
        fn slot(documents: &mut Documents) -> &mut Option<$document> {
            &mut documents.$field
        }
    };
}

macro_rules! numbered_at {
    ($document:ty, $field:ident) => {
        fn id(&self) -> &str {
            &self.id
        }
        fn all(documents: &Documents) -> &BTreeMap<String, $document> {
            &documents.$field
        }
        fn all_mut(documents: &mut Documents) -> &mut BTreeMap<String, $document> {
            &mut documents.$field
        }
    };
}

impl Document for dto::WebsiteConfiguration {
    kept_at!(dto::WebsiteConfiguration, website);
    fn check(&mut self, _: &About<'_>) -> S3Result<()> {
        website::check(self)
    }
}

impl Document for Logging {
    kept_at!(Logging, logging);
    fn check(&mut self, about: &About<'_>) -> S3Result<()> {
        logging::check(self, about)
    }
}

impl Document for dto::NotificationConfiguration {
    kept_at!(dto::NotificationConfiguration, notification);
    fn check(&mut self, _: &About<'_>) -> S3Result<()> {
        notification::check(self)
    }
}

impl Document for dto::ReplicationConfiguration {
    kept_at!(dto::ReplicationConfiguration, replication);
    fn check(&mut self, about: &About<'_>) -> S3Result<()> {
        replication::check(self, about)
    }
}

impl Document for dto::RequestPaymentConfiguration {
    kept_at!(dto::RequestPaymentConfiguration, payment);
    fn check(&mut self, _: &About<'_>) -> S3Result<()> {
        match self.payer.as_str() {
            dto::Payer::REQUESTER | dto::Payer::BUCKET_OWNER => Ok(()),
            _ => Err(malformed_xml()),
        }
    }
}

impl Document for dto::AccelerateConfiguration {
    kept_at!(dto::AccelerateConfiguration, accelerate);
    fn check(&mut self, about: &About<'_>) -> S3Result<()> {
        match self.status.as_ref().map(dto::BucketAccelerateStatus::as_str) {
            Some("Enabled" | "Suspended") if about.bucket.name.contains('.') => Err(invalid_request(
                "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
            )),
            Some("Enabled" | "Suspended") => Ok(()),
            _ => Err(malformed_xml()),
        }
    }
}

impl Numbered for dto::InventoryConfiguration {
    numbered_at!(dto::InventoryConfiguration, inventory);
    fn check(&self, id: &str) -> S3Result<()> {
        analysis::inventory(self, id)
    }
}

impl Numbered for dto::MetricsConfiguration {
    numbered_at!(dto::MetricsConfiguration, metrics);
    fn check(&self, id: &str) -> S3Result<()> {
        analysis::metrics(self, id)
    }
}

impl Numbered for dto::AnalyticsConfiguration {
    numbered_at!(dto::AnalyticsConfiguration, analytics);
    fn check(&self, id: &str) -> S3Result<()> {
        analysis::analytics(self, id)
    }
}

impl Numbered for dto::IntelligentTieringConfiguration {
    numbered_at!(dto::IntelligentTieringConfiguration, tiering);
    fn check(&self, id: &str) -> S3Result<()> {
        analysis::tiering(self, id)
    }
}

/// The name of the bucket that an ARN like `arn:aws:s3:::NAME` stands for.
fn bucket_of_arn(arn: &str) -> Option<&str> {
    let (partition, name) = arn.strip_prefix("arn:")?.split_once(":s3:::")?;
    (!partition.contains(':') && !name.is_empty() && !name.contains('/')).then_some(name)
}

/// Tags in a filter: no key twice.
fn distinct(tags: &[dto::Tag]) -> S3Result<()> {
    let twice = |at: usize, tag: &dto::Tag| tags[..at].iter().any(|other| other.key == tag.key);
    if tags.iter().enumerate().any(|(at, tag)| twice(at, tag)) {
        return Err(refuse("InvalidTag", "Cannot provide multiple Tags with the same key"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("arn:aws:s3:::images", Some("images"); "plain")]
    #[test_case("arn:aws-cn:s3:::images", Some("images"); "other partition")]
    #[test_case("arn:aws:s3:::images/*", None; "objects")]
    #[test_case("images", None; "a bare name")]
    #[test_case("arn:aws:s3:::", None; "no name")]
    fn arns(arn: &str, name: Option<&str>) {
        assert_eq!(bucket_of_arn(arn), name);
    }

    #[test]
    fn folders_without_documents_still_open() {
        let documents: Documents = serde_json::from_str("{}").unwrap();
        assert!(!documents.requester_pays() && documents.website.is_none());
        assert_eq!(serde_json::to_string(&documents).unwrap(), "{}");
    }
}
