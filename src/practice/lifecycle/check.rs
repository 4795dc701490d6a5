//! Checks of a lifecycle configuration before it is kept.
//!
//! Source of the rules: Amazon S3 API Reference, "PutBucketLifecycleConfiguration"; Amazon S3 User Guide,
//! "Lifecycle configuration elements".

use std::collections::BTreeSet;

use s3s::S3Result;
use s3s::dto;

use super::super::error::{invalid_argument, invalid_request, malformed_xml};
use super::timing;

const MAX_RULES: usize = 1000;

/// Sizes in filters go up to this (Amazon S3 API Reference, "LifecycleRuleFilter").
const MAX_SIZE: i64 = 1_099_511_627_776_000;

/// Refuses what S3 refuses; names rules that have no name.
pub(in crate::practice) fn check(configuration: &mut dto::BucketLifecycleConfiguration) -> S3Result<()> {
    let rules = &mut configuration.rules;
    if rules.is_empty() || rules.len() > MAX_RULES {
        return Err(malformed_xml());
    }
    let mut ids = BTreeSet::new();
    let newer_form = rules.iter().any(|rule| rule.filter.is_some());
    for rule in rules.iter_mut() {
        check_rule(rule, newer_form)?;
        let id = rule.id.get_or_insert_with(|| uuid::Uuid::new_v4().to_string());
        if id.chars().count() > 255 {
            return Err(invalid_argument("ID length should not exceed allowed limit of 255"));
        }
        if !ids.insert(id.clone()) {
            return Err(invalid_argument("Rule ID must be unique. Found same ID for more than one rule"));
        }
    }
    if newer_form { Ok(()) } else { check_overlaps(rules) }
}

/// Rules of the older form may not act alike on the same keys; newer ones are settled by precedence.
fn check_overlaps(rules: &[dto::LifecycleRule]) -> S3Result<()> {
    type Acts = fn(&dto::LifecycleRule) -> bool;
    let actions: [(&str, Acts); 3] = [
        ("Expiration", |rule| rule.expiration.is_some()),
        ("NoncurrentVersionExpiration", |rule| rule.noncurrent_version_expiration.is_some()),
        ("AbortIncompleteMultipartUpload", |rule| rule.abort_incomplete_multipart_upload.is_some()),
    ];
    let prefix = |rule: &dto::LifecycleRule| rule.prefix.clone().unwrap_or_default();
    for (action, acts) in actions {
        let acting: Vec<String> = rules.iter().filter(|rule| acts(rule)).map(prefix).collect();
        for (at, one) in acting.iter().enumerate() {
            let overlaps = |other: &&String| one.starts_with(other.as_str()) || other.starts_with(one.as_str());
            if let Some(other) = acting[..at].iter().find(overlaps) {
                return Err(invalid_request(format!(
                    "Found overlapping prefixes '{other}' and '{one}' for same action type '{action}'"
                )));
            }
        }
    }
    Ok(())
}

fn check_rule(rule: &dto::LifecycleRule, newer_form: bool) -> S3Result<()> {
    if !["Enabled", "Disabled"].contains(&rule.status.as_str()) {
        return Err(malformed_xml());
    }
    if rule.prefix.is_some() && newer_form {
        return Err(invalid_request(
            "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
        ));
    }
    if rule.prefix.is_none() && rule.filter.is_none() {
        return Err(malformed_xml());
    }
    let scope = rule.filter.as_ref().map(scope).transpose()?.unwrap_or_default();
    let any_action = rule.expiration.is_some()
        || rule.transitions.as_ref().is_some_and(|all| !all.is_empty())
        || rule.abort_incomplete_multipart_upload.is_some()
        || rule.noncurrent_version_expiration.is_some()
        || rule.noncurrent_version_transitions.as_ref().is_some_and(|all| !all.is_empty());
    if !any_action {
        return Err(invalid_request("At least one action needs to be specified in a rule"));
    }
    if let Some(abort) = &rule.abort_incomplete_multipart_upload {
        scope.forbid("AbortIncompleteMultipartUpload")?;
        if abort.days_after_initiation.is_none_or(|days| days < 1) {
            return Err(invalid_argument(
                "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer",
            ));
        }
    }
    if let Some(expiration) = &rule.expiration {
        check_expiration(expiration, &scope)?;
    }
    if let Some(noncurrent) = &rule.noncurrent_version_expiration {
        if noncurrent.noncurrent_days.is_none_or(|days| days < 1) {
            return Err(invalid_argument(
                "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
            ));
        }
        timing::check_newer(noncurrent.newer_noncurrent_versions, rule)?;
    }
    timing::check(rule)
}

/// What a filter looks at, besides the prefix.
#[derive(Default)]
struct Scope {
    tags: bool,
    size: bool,
}

impl Scope {
    fn forbid(&self, action: &str) -> S3Result<()> {
        if self.tags {
            return Err(invalid_request(format!("{action} cannot be specified with Tags.")));
        }
        if self.size {
            return Err(invalid_request(format!("{action} cannot be specified with Object Size.")));
        }
        Ok(())
    }
}

fn scope(filter: &dto::LifecycleRuleFilter) -> S3Result<Scope> {
    let sized = |greater: Option<i64>, less: Option<i64>| -> S3Result<bool> {
        for (name, bytes) in [("ObjectSizeGreaterThan", greater), ("ObjectSizeLessThan", less)] {
            if bytes.is_some_and(|bytes| !(0..=MAX_SIZE).contains(&bytes)) {
                return Err(invalid_request(format!("'{name}' has to be a value between 0 and {MAX_SIZE}.")));
            }
        }
        if let (Some(greater), Some(less)) = (greater, less)
            && less <= greater
        {
            return Err(invalid_request(
                "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
            ));
        }
        Ok(greater.is_some() || less.is_some())
    };
    let single = [
        filter.prefix.is_some(),
        filter.tag.is_some(),
        filter.object_size_greater_than.is_some(),
        filter.object_size_less_than.is_some(),
    ];
    let count = single.iter().filter(|given| **given).count();
    match &filter.and {
        None if count > 1 => Err(malformed_xml()),
        None => Ok(Scope {
            tags: filter.tag.is_some(),
            size: sized(filter.object_size_greater_than, filter.object_size_less_than)?,
        }),
        Some(_) if count > 0 => Err(malformed_xml()),
        Some(and) => {
            let tags = and.tags.as_deref().unwrap_or_default();
            let keys: BTreeSet<_> = tags.iter().map(|tag| tag.key.as_deref().unwrap_or_default()).collect();
            if keys.len() != tags.len() {
                return Err(invalid_request("Duplicate Tag Keys are not allowed."));
            }
            let size = sized(and.object_size_greater_than, and.object_size_less_than)?;
            let given = usize::from(and.prefix.is_some())
                + tags.len()
                + usize::from(and.object_size_greater_than.is_some())
                + usize::from(and.object_size_less_than.is_some());
            if given < 2 {
                return Err(malformed_xml());
            }
            Ok(Scope { tags: !tags.is_empty(), size })
        }
    }
}

fn check_expiration(expiration: &dto::LifecycleExpiration, scope: &Scope) -> S3Result<()> {
    let given =
        [expiration.days.is_some(), expiration.date.is_some(), expiration.expired_object_delete_marker.is_some()];
    if given.iter().filter(|given| **given).count() != 1 {
        return Err(malformed_xml());
    }
    if expiration.days.is_some_and(|days| days < 1) {
        return Err(invalid_argument("'Days' for Expiration action must be a positive integer"));
    }
    if expiration.date.as_ref().is_some_and(|date| !timing::is_midnight(date)) {
        return Err(invalid_argument("'Date' must be at midnight GMT"));
    }
    if expiration.expired_object_delete_marker.is_some() {
        scope.forbid("ExpiredObjectDeleteMarker")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
