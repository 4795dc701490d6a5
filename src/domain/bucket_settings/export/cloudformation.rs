//! As a CloudFormation template in JSON.
//!
//! Names of properties as in the AWS CloudFormation Template Reference, "AWS::S3::Bucket".

use serde_json::{Map, Value, json};

use super::super::value::{DefaultEncryption, LogKeyFormat, Logging, ObjectLock, Payer, Status, Website};
use super::super::{SettingKind, SettingValue};
use super::Settings;
use crate::domain::cors::CorsRule;
use crate::domain::lifecycle::{Expiration, LifecycleRule, When};
use crate::domain::public_access::ObjectOwnership;

/// Members that are there.
fn object(members: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(Map::from_iter(members))
}

fn list(values: &[String]) -> Option<Value> {
    (!values.is_empty()).then(|| json!(values))
}

pub(super) fn write(bucket: &str, settings: &Settings) -> String {
    let mut properties = Map::from_iter([("BucketName".to_owned(), json!(bucket))]);
    let mut left_out = Vec::new();
    for (kind, value) in settings {
        match property(value) {
            Some((name, value)) => {
                properties.insert(name.to_owned(), value);
            }
            None if matches!(kind, SettingKind::Policy | SettingKind::AccountBlockPublicAccess) => {}
            // As it is without a word.
            None if *value == SettingValue::RequestPayment(Payer::BucketOwner) => {}
            None => left_out.push(kind.title()),
        }
    }
    if matches!(settings.get(&SettingKind::ObjectLock), Some(SettingValue::ObjectLock(_))) {
        properties.insert("ObjectLockEnabled".to_owned(), json!(true));
    }
    let mut resources = Map::new();
    resources.insert(
        "Bucket".to_owned(),
        json!({ "Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain", "Properties": properties }),
    );
    if let Some(SettingValue::Policy(text)) = settings.get(&SettingKind::Policy) {
        let document: Value = serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        let properties = json!({ "Bucket": { "Ref": "Bucket" }, "PolicyDocument": document });
        resources.insert("Policy".to_owned(), json!({ "Type": "AWS::S3::BucketPolicy", "Properties": properties }));
    }
    let mut description = format!("The settings of {bucket}");
    if !left_out.is_empty() {
        description.push_str(&format!("; CloudFormation has no word for: {}", left_out.join(", ")));
    }
    let template =
        json!({ "AWSTemplateFormatVersion": "2010-09-09", "Description": description, "Resources": resources });
    format!("{template:#}\n")
}

fn property(value: &SettingValue) -> Option<(&'static str, Value)> {
    Some(match value {
        SettingValue::BlockPublicAccess(_) => ("PublicAccessBlockConfiguration", value.to_json()),
        SettingValue::Ownership(ownership) => ("OwnershipControls", ownership_json(*ownership)),
        SettingValue::Versioning(versioning) => {
            let status = if versioning.is_on() { "Enabled" } else { "Suspended" };
            ("VersioningConfiguration", json!({ "Status": status }))
        }
        SettingValue::Encryption(encryption) => ("BucketEncryption", encryption_json(encryption)),
        SettingValue::Cors(rules) => {
            ("CorsConfiguration", json!({ "CorsRules": rules.iter().map(cors_json).collect::<Vec<_>>() }))
        }
        SettingValue::Lifecycle(rules) => {
            ("LifecycleConfiguration", json!({ "Rules": rules.iter().map(rule_json).collect::<Vec<_>>() }))
        }
        SettingValue::Tags(tags) => {
            let tag = |(key, value): &(String, String)| json!({ "Key": key, "Value": value });
            ("Tags", tags.iter().map(tag).collect())
        }
        SettingValue::Website(website) => ("WebsiteConfiguration", website_json(website)),
        SettingValue::Logging(logging) => ("LoggingConfiguration", logging_json(logging)),
        SettingValue::Acceleration(it) => {
            let status = if it.status == Status::Enabled { "Enabled" } else { "Suspended" };
            ("AccelerateConfiguration", json!({ "AccelerationStatus": status }))
        }
        SettingValue::ObjectLock(lock) => ("ObjectLockConfiguration", lock_json(lock)),
        SettingValue::RequestPayment(_)
        | SettingValue::Acl(_)
        | SettingValue::Policy(_)
        | SettingValue::Document(_) => return None,
    })
}

fn ownership_json(ownership: ObjectOwnership) -> Value {
    json!({ "Rules": [{ "ObjectOwnership": ownership.as_str() }] })
}

fn encryption_json(encryption: &DefaultEncryption) -> Value {
    let default = object([
        ("SSEAlgorithm", Some(json!(encryption.algorithm.as_str()))),
        ("KMSMasterKeyID", encryption.key.as_ref().map(|key| json!(key))),
    ]);
    let blocked = list(&encryption.blocked).map(|kinds| json!({ "EncryptionType": kinds }));
    let rule = object([
        ("ServerSideEncryptionByDefault", Some(default)),
        ("BucketKeyEnabled", encryption.bucket_key.map(|on| json!(on))),
        ("BlockedEncryptionTypes", blocked),
    ]);
    json!({ "ServerSideEncryptionConfiguration": [rule] })
}

fn cors_json(rule: &CorsRule) -> Value {
    object([
        ("Id", rule.id.as_ref().map(|id| json!(id))),
        ("AllowedHeaders", list(&rule.allowed_headers)),
        ("AllowedMethods", Some(json!(rule.allowed_methods))),
        ("AllowedOrigins", Some(json!(rule.allowed_origins))),
        ("ExposedHeaders", list(&rule.expose_headers)),
        ("MaxAge", rule.max_age_secs.map(|secs| json!(secs))),
    ])
}

fn rule_json(rule: &LifecycleRule) -> Value {
    let (days, date, markers) = match &rule.expiration {
        Some(Expiration::At(When::Days(days))) => (Some(json!(days)), None, None),
        Some(Expiration::At(When::Date(date))) => (None, Some(json!(date)), None),
        Some(Expiration::LoneDeleteMarkers) => (None, None, Some(json!(true))),
        None => (None, None, None),
    };
    let transitions: Vec<Value> = rule
        .transitions
        .iter()
        .map(|it| {
            let (days, date) = match &it.when {
                When::Days(days) => (Some(json!(days)), None),
                When::Date(date) => (None, Some(json!(date))),
            };
            object([("StorageClass", Some(json!(it.class))), ("TransitionInDays", days), ("TransitionDate", date)])
        })
        .collect();
    let old: Vec<Value> = rule
        .noncurrent_transitions
        .iter()
        .map(|it| {
            object([
                ("StorageClass", Some(json!(it.class))),
                ("TransitionInDays", Some(json!(it.days))),
                ("NewerNoncurrentVersions", it.keep_newest.map(|kept| json!(kept))),
            ])
        })
        .collect();
    let filter = &rule.filter;
    let tag = |(key, value): &(String, String)| json!({ "Key": key, "Value": value });
    let tags = (!filter.tags.is_empty()).then(|| filter.tags.iter().map(tag).collect());
    object([
        ("Id", rule.id.as_ref().map(|id| json!(id))),
        ("Status", Some(json!(if rule.enabled { "Enabled" } else { "Disabled" }))),
        ("Prefix", filter.prefix.as_ref().map(|prefix| json!(prefix))),
        ("TagFilters", tags),
        ("ObjectSizeGreaterThan", filter.larger_than.map(|bytes| json!(bytes.to_string()))),
        ("ObjectSizeLessThan", filter.smaller_than.map(|bytes| json!(bytes.to_string()))),
        ("ExpirationInDays", days),
        ("ExpirationDate", date),
        ("ExpiredObjectDeleteMarker", markers),
        ("Transitions", (!transitions.is_empty()).then(|| transitions.into())),
        ("NoncurrentVersionTransitions", (!old.is_empty()).then(|| old.into())),
        (
            "NoncurrentVersionExpiration",
            rule.noncurrent_expiration.as_ref().map(|old| {
                object([
                    ("NoncurrentDays", (old.days > 0).then(|| json!(old.days))),
                    ("NewerNoncurrentVersions", old.keep_newest.map(|kept| json!(kept))),
                ])
            }),
        ),
        (
            "AbortIncompleteMultipartUpload",
            rule.abort_unfinished_days.map(|days| json!({ "DaysAfterInitiation": days })),
        ),
    ])
}

fn website_json(website: &Website) -> Value {
    let rules: Vec<Value> = website
        .routing_rules
        .iter()
        .map(|rule| {
            let to = &rule.redirect;
            object([
                ("RoutingRuleCondition", rule.condition.as_ref().map(|when| json!(when))),
                ("RedirectRule", Some(json!(to))),
            ])
        })
        .collect();
    object([
        ("IndexDocument", website.index_document.as_ref().map(|index| json!(index.suffix))),
        ("ErrorDocument", website.error_document.as_ref().map(|error| json!(error.key))),
        ("RedirectAllRequestsTo", website.redirect_all_requests_to.as_ref().map(|to| json!(to))),
        ("RoutingRules", (!rules.is_empty()).then(|| rules.into())),
    ])
}

fn logging_json(logging: &Logging) -> Value {
    let format = logging.key_format.as_ref().map(|format| match format {
        LogKeyFormat::Simple => json!({ "SimplePrefix": {} }),
        LogKeyFormat::Partitioned(source) => {
            let source = source.as_ref().map(|source| json!(source));
            json!({ "PartitionedPrefix": object([("PartitionDateSource", source)]) })
        }
    });
    object([
        ("DestinationBucketName", Some(json!(logging.target_bucket))),
        ("LogFilePrefix", Some(json!(logging.target_prefix))),
        ("TargetObjectKeyFormat", format),
    ])
}

fn lock_json(lock: &ObjectLock) -> Value {
    let rule = lock.default.as_ref().map(|retention| json!({ "DefaultRetention": retention }));
    object([("ObjectLockEnabled", Some(json!("Enabled"))), ("Rule", rule)])
}
