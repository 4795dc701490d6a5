//! Values as JSON, in the shape that the AWS CLI takes and gives.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::SettingKind;
use super::acl::{Acl, WrittenGrant};
use super::value::{
    DefaultEncryption, DefaultRetention, EncryptionAlgorithm, LogKeyFormat, Logging, ObjectLock, Payer, SettingValue,
};
use crate::domain::cors::CorsRule;
use crate::domain::lifecycle;
use crate::domain::public_access::{Grant, Grantee, ObjectOwnership};

pub(super) fn to_json(value: &SettingValue) -> Value {
    match value {
        SettingValue::BlockPublicAccess(flags) => plain(flags),
        SettingValue::Acl(acl) => acl_json(acl),
        SettingValue::Ownership(ownership) => json!({ "Rules": [{ "ObjectOwnership": ownership.as_str() }] }),
        SettingValue::Versioning(versioning) => plain(versioning),
        SettingValue::Encryption(encryption) => encryption_json(encryption),
        SettingValue::Cors(rules) => json!({ "CORSRules": rules.iter().map(plain).collect::<Vec<_>>() }),
        SettingValue::Lifecycle(rules) => lifecycle::to_json(rules),
        SettingValue::Tags(tags) => {
            let tag = |(key, value): &(String, String)| json!({ "Key": key, "Value": value });
            json!({ "TagSet": tags.iter().map(tag).collect::<Vec<_>>() })
        }
        SettingValue::Website(website) => plain(website),
        SettingValue::Logging(logging) => json!({ "LoggingEnabled": logging_json(logging) }),
        SettingValue::RequestPayment(payer) => json!({ "Payer": plain(payer) }),
        SettingValue::Acceleration(acceleration) => plain(acceleration),
        SettingValue::ObjectLock(lock) => {
            let mut out = Map::from_iter([("ObjectLockEnabled".to_owned(), json!("Enabled"))]);
            if let Some(retention) = &lock.default {
                out.insert("Rule".to_owned(), json!({ "DefaultRetention": plain(retention) }));
            }
            out.into()
        }
        SettingValue::Policy(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        SettingValue::Document(document) => document.clone(),
    }
}

pub(super) fn from_json(kind: SettingKind, json: &Value) -> Option<SettingValue> {
    Some(match kind {
        SettingKind::BlockPublicAccess | SettingKind::AccountBlockPublicAccess => {
            SettingValue::BlockPublicAccess(read(json)?)
        }
        SettingKind::Acl => SettingValue::Acl(read_acl(json)?),
        SettingKind::Ownership => {
            let text = json.pointer("/Rules/0/ObjectOwnership")?.as_str()?;
            SettingValue::Ownership(ObjectOwnership::parse(text)?)
        }
        SettingKind::Versioning => SettingValue::Versioning(read(json)?),
        SettingKind::Encryption => SettingValue::Encryption(read_encryption(json)?),
        SettingKind::Cors => SettingValue::Cors(read::<Vec<CorsRule>>(json.get("CORSRules")?)?),
        SettingKind::Lifecycle => SettingValue::Lifecycle(lifecycle::from_json(json)?),
        SettingKind::Tags => {
            let tags = json.get("TagSet")?.as_array()?.iter();
            let text = |tag: &Value, name: &str| tag.get(name)?.as_str().map(str::to_owned);
            let tags = tags.map(|tag| Some((text(tag, "Key")?, text(tag, "Value")?)));
            SettingValue::Tags(tags.collect::<Option<_>>()?)
        }
        SettingKind::Website => SettingValue::Website(read(json)?),
        SettingKind::Logging => SettingValue::Logging(read_logging(json.get("LoggingEnabled")?)?),
        SettingKind::RequestPayment => SettingValue::RequestPayment(read::<Payer>(json.get("Payer")?)?),
        SettingKind::Acceleration => SettingValue::Acceleration(read(json)?),
        SettingKind::ObjectLock => {
            let default = match json.pointer("/Rule/DefaultRetention") {
                Some(retention) => Some(read::<DefaultRetention>(retention)?),
                None => None,
            };
            json.get("ObjectLockEnabled")?;
            SettingValue::ObjectLock(ObjectLock { default })
        }
        SettingKind::Notification | SettingKind::Replication => SettingValue::Document(json.clone()),
        SettingKind::Policy => SettingValue::Policy(format!("{:#}", json.as_object().map(|_| json)?)),
    })
}

/// What holds only text, numbers and lists of such always has a JSON.
fn plain(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

fn read<T: for<'a> Deserialize<'a>>(json: &Value) -> Option<T> {
    serde_json::from_value(json.clone()).ok()
}

fn encryption_json(encryption: &DefaultEncryption) -> Value {
    let mut default = Map::from_iter([("SSEAlgorithm".to_owned(), json!(encryption.algorithm.as_str()))]);
    default.extend(encryption.key.as_ref().map(|key| ("KMSMasterKeyID".to_owned(), json!(key))));
    let mut rule = Map::from_iter([("ApplyServerSideEncryptionByDefault".to_owned(), default.into())]);
    rule.extend(encryption.bucket_key.map(|on| ("BucketKeyEnabled".to_owned(), json!(on))));
    if !encryption.blocked.is_empty() {
        rule.insert("BlockedEncryptionTypes".to_owned(), json!({ "EncryptionType": encryption.blocked }));
    }
    json!({ "Rules": [rule] })
}

fn read_encryption(json: &Value) -> Option<DefaultEncryption> {
    let rule = json.pointer("/Rules/0")?;
    let default = rule.get("ApplyServerSideEncryptionByDefault")?;
    let blocked = rule.pointer("/BlockedEncryptionTypes/EncryptionType");
    Some(DefaultEncryption {
        algorithm: EncryptionAlgorithm::parse(default.get("SSEAlgorithm")?.as_str()?)?,
        key: default.get("KMSMasterKeyID").and_then(Value::as_str).map(str::to_owned),
        bucket_key: rule.get("BucketKeyEnabled").and_then(Value::as_bool),
        blocked: blocked.map_or(Some(Vec::new()), read)?,
    })
}

fn logging_json(logging: &Logging) -> Value {
    let mut out = Map::from_iter([
        ("TargetBucket".to_owned(), json!(logging.target_bucket)),
        ("TargetPrefix".to_owned(), json!(logging.target_prefix)),
    ]);
    if !logging.target_grants.is_empty() {
        out.insert("TargetGrants".to_owned(), logging.target_grants.iter().map(plain).collect());
    }
    let format = logging.key_format.as_ref().map(|format| match format {
        LogKeyFormat::Simple => json!({ "SimplePrefix": {} }),
        LogKeyFormat::Partitioned(None) => json!({ "PartitionedPrefix": {} }),
        LogKeyFormat::Partitioned(Some(source)) => json!({ "PartitionedPrefix": { "PartitionDateSource": source } }),
    });
    out.extend(format.map(|format| ("TargetObjectKeyFormat".to_owned(), format)));
    out.into()
}

fn read_logging(json: &Value) -> Option<Logging> {
    let text = |name: &str| json.get(name)?.as_str().map(str::to_owned);
    let format = json.get("TargetObjectKeyFormat").map(|format| match format.get("PartitionedPrefix") {
        Some(parts) => {
            let source = parts.get("PartitionDateSource").and_then(Value::as_str);
            LogKeyFormat::Partitioned(source.map(str::to_owned))
        }
        None => LogKeyFormat::Simple,
    });
    Some(Logging {
        target_bucket: text("TargetBucket")?,
        target_prefix: text("TargetPrefix").unwrap_or_default(),
        target_grants: json.get("TargetGrants").map_or(Some(Vec::new()), read::<Vec<WrittenGrant>>)?,
        key_format: format,
    })
}

fn acl_json(acl: &Acl) -> Value {
    let grant = |grant: &Grant| {
        let grantee = match &grant.grantee {
            Grantee::CanonicalUser(id) => json!({ "Type": "CanonicalUser", "ID": id }),
            group => json!({ "Type": "Group", "URI": group.group_uri() }),
        };
        json!({ "Grantee": grantee, "Permission": grant.permission.as_str() })
    };
    let mut out = Map::new();
    out.extend(acl.owner.as_ref().map(|id| ("Owner".to_owned(), json!({ "ID": id }))));
    let grants = acl.grants.0.iter().map(grant).chain(acl.others.iter().map(plain));
    out.insert("Grants".to_owned(), grants.collect());
    out.into()
}

fn read_acl(json: &Value) -> Option<Acl> {
    let written = read::<Vec<WrittenGrant>>(json.get("Grants")?)?;
    let owner = json.pointer("/Owner/ID").and_then(Value::as_str).map(str::to_owned);
    Some(Acl::of_written(owner, written))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    // As the AWS CLI prints them.
    #[test_case(SettingKind::BlockPublicAccess, &json!({"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":false,"RestrictPublicBuckets":false}); "flags")]
    #[test_case(SettingKind::Ownership, &json!({"Rules":[{"ObjectOwnership":"BucketOwnerPreferred"}]}); "ownership")]
    #[test_case(SettingKind::Versioning, &json!({"Status":"Enabled","MFADelete":"Disabled"}); "versions")]
    #[test_case(SettingKind::Encryption, &json!({"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"alias/a"},"BucketKeyEnabled":true,"BlockedEncryptionTypes":{"EncryptionType":["SSE-C"]}}]}); "encryption")]
    #[test_case(SettingKind::Cors, &json!({"CORSRules":[{"ID":"a","AllowedMethods":["GET"],"AllowedOrigins":["*"],"MaxAgeSeconds":3}]}); "cors")]
    #[test_case(SettingKind::Tags, &json!({"TagSet":[{"Key":"team","Value":"web"}]}); "tags")]
    #[test_case(SettingKind::Website, &json!({"IndexDocument":{"Suffix":"index.html"},"ErrorDocument":{"Key":"404.html"},"RoutingRules":[{"Condition":{"KeyPrefixEquals":"old/"},"Redirect":{"ReplaceKeyPrefixWith":"new/"}}]}); "website")]
    #[test_case(SettingKind::Website, &json!({"RedirectAllRequestsTo":{"HostName":"example.com","Protocol":"https"}}); "website elsewhere")]
    #[test_case(SettingKind::Logging, &json!({"LoggingEnabled":{"TargetBucket":"logs","TargetPrefix":"a/","TargetGrants":[{"Grantee":{"Type":"CanonicalUser","ID":"x"},"Permission":"READ"}],"TargetObjectKeyFormat":{"PartitionedPrefix":{"PartitionDateSource":"EventTime"}}}}); "logging")]
    #[test_case(SettingKind::RequestPayment, &json!({"Payer":"Requester"}); "payer")]
    #[test_case(SettingKind::Acceleration, &json!({"Status":"Suspended"}); "acceleration")]
    #[test_case(SettingKind::ObjectLock, &json!({"ObjectLockEnabled":"Enabled","Rule":{"DefaultRetention":{"Mode":"GOVERNANCE","Days":3}}}); "lock")]
    #[test_case(SettingKind::ObjectLock, &json!({"ObjectLockEnabled":"Enabled"}); "lock without default")]
    #[test_case(SettingKind::Acl, &json!({"Owner":{"ID":"me"},"Grants":[{"Grantee":{"Type":"CanonicalUser","ID":"me"},"Permission":"FULL_CONTROL"},{"Grantee":{"Type":"Group","URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"}]}); "acl")]
    #[test_case(SettingKind::Acl, &json!({"Grants":[{"Grantee":{"Type":"Group","URI":"http://acs.amazonaws.com/groups/global/AllUsers"},"Permission":"READ"},{"Grantee":{"Type":"AmazonCustomerByEmail","EmailAddress":"a@b.example"},"Permission":"READ"},{"Grantee":{"Type":"Group","URI":"http://store.example/friends"},"Permission":"DANCE"}]}); "acl of other hands")]
    #[test_case(SettingKind::Lifecycle, &json!({"Rules":[{"ID":"a","Status":"Enabled","Filter":{"And":{"Prefix":"p/","Tags":[{"Key":"k","Value":"v"}],"ObjectSizeGreaterThan":5}},"Expiration":{"Days":365},"Transitions":[{"Days":30,"StorageClass":"STANDARD_IA"}],"NoncurrentVersionExpiration":{"NoncurrentDays":30,"NewerNoncurrentVersions":3},"NoncurrentVersionTransitions":[{"NoncurrentDays":10,"StorageClass":"GLACIER"}]},{"Status":"Disabled","Filter":{"Prefix":"x/"},"Expiration":{"ExpiredObjectDeleteMarker":true},"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}}]}); "lifecycle")]
    #[test_case(SettingKind::Lifecycle, &json!({"Rules":[{"ID":"old","Status":"Enabled","Prefix":"logs/","Expiration":{"Date":"2030-01-01T00:00:00Z"}}]}); "lifecycle of old")]
    fn what_is_written_is_read_again(kind: SettingKind, json: &Value) {
        let value = SettingValue::from_json(kind, json).unwrap();
        assert_eq!(value.to_json(), *json);
    }

    #[test]
    fn what_is_no_value_is_none() {
        for kind in SettingKind::ALL {
            if matches!(kind, SettingKind::Notification | SettingKind::Replication) {
                continue;
            }
            assert_eq!(SettingValue::from_json(kind, &json!("odd")), None, "{kind:?}");
        }
    }
}
