//! What S3 refuses in a replication configuration.
//!
//! Source: Amazon S3 API Reference, "PutBucketReplication"; Amazon S3 User Guide, "Replication configuration file
//! elements".

use s3s::{S3Result, dto};

use super::super::error::{invalid_argument, invalid_request, malformed_xml};
use super::super::store::buckets::Versioning;
use super::{About, bucket_of_arn, distinct};

const MAX_RULES: usize = 1000;

pub(super) fn check(wanted: &mut dto::ReplicationConfiguration, about: &About<'_>) -> S3Result<()> {
    if about.bucket.config.versioning != Versioning::Enabled {
        return Err(invalid_request("Versioning must be 'Enabled' on the bucket to apply a replication configuration"));
    }
    if wanted.rules.is_empty() || wanted.rules.len() > MAX_RULES {
        return Err(malformed_xml());
    }
    let versioned = |arn: &str| {
        bucket_of_arn(arn)
            .and_then(|name| about.buckets.get(name).ok())
            .is_some_and(|bucket| bucket.config.versioning == Versioning::Enabled)
    };
    for rule in &mut wanted.rules {
        check_rule(rule)?;
        // S3 says the same of a bucket that is not there.
        if !versioned(&rule.destination.bucket) {
            return Err(invalid_request("Destination bucket must have versioning enabled."));
        }
        rule.id.get_or_insert_with(|| uuid::Uuid::new_v4().to_string());
    }
    let rules = &wanted.rules;
    if rules.iter().enumerate().any(|(at, rule)| rules[..at].iter().any(|other| other.id == rule.id)) {
        return Err(invalid_argument("Rule Id must be unique. Found same ID for more than one rule"));
    }
    let newer = rules.iter().any(|rule| rule.filter.is_some());
    if newer && rules.iter().any(|rule| rule.filter.is_none()) {
        return Err(invalid_request("Filter must be specified for all rules of a Version 2 replication configuration"));
    }
    let same = |at: usize, rule: &dto::ReplicationRule| rules[..at].iter().any(|other| other.priority == rule.priority);
    if newer && rules.iter().enumerate().any(|(at, rule)| same(at, rule)) {
        return Err(invalid_request("Found duplicate priorities. Priority must be unique for each rule."));
    }
    Ok(())
}

fn check_rule(rule: &dto::ReplicationRule) -> S3Result<()> {
    if !["Enabled", "Disabled"].contains(&rule.status.as_str()) {
        return Err(malformed_xml());
    }
    if rule.id.as_ref().is_some_and(|id| id.chars().count() > 255) {
        return Err(invalid_argument("ID length should not exceed allowed limit of 255"));
    }
    let Some(filter) = &rule.filter else {
        // The older form names a prefix on the rule itself.
        return if rule.prefix.is_some() { Ok(()) } else { Err(malformed_xml()) };
    };
    if rule.prefix.is_some() {
        return Err(malformed_xml());
    }
    if rule.priority.is_none() {
        return Err(invalid_request(
            "Priority must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.",
        ));
    }
    if rule.delete_marker_replication.is_none() {
        return Err(invalid_request(
            "DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.",
        ));
    }
    let given =
        usize::from(filter.and.is_some()) + usize::from(filter.prefix.is_some()) + usize::from(filter.tag.is_some());
    if given > 1 {
        return Err(malformed_xml());
    }
    if let Some(and) = &filter.and {
        let tags = and.tags.as_deref().unwrap_or_default();
        distinct(tags)?;
        if usize::from(and.prefix.is_some()) + tags.len() < 2 {
            return Err(malformed_xml());
        }
    }
    Ok(())
}
