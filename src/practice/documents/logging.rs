//! Where the access log of a bucket goes, and what S3 refuses there.
//!
//! Source: Amazon S3 User Guide, "Enabling Amazon S3 server access logging".

use s3s::{S3Result, dto};
use serde::{Deserialize, Serialize};

use super::super::acl::{Acl, Parties};
use super::super::error::{malformed_xml, refuse};
use super::About;

/// The target of a bucket's access log.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::practice) struct Logging {
    pub(in crate::practice) bucket: String,
    pub(in crate::practice) prefix: String,
    /// Who may read the log objects besides their owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) grants: Option<Acl>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::practice) format: Option<KeyFormat>,
}

/// How log objects are named; without one as [`KeyFormat::Simple`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::practice) enum KeyFormat {
    /// `[prefix]YYYY-MM-DD-hh-mm-ss-UNIQUE`
    Simple,
    /// `[prefix][account]/[region]/[bucket]/YYYY/MM/DD/YYYY-MM-DD-hh-mm-ss-UNIQUE`, by the day of the requests.
    ByEvent,
    /// The same by the time of delivery.
    ByDelivery,
}

impl Logging {
    /// Reads the body of a PutBucketLogging request that turns logging on.
    pub(in crate::practice) fn from_dto(wanted: dto::LoggingEnabled, parties: &Parties<'_>) -> S3Result<Self> {
        let grants = match wanted.target_grants.filter(|grants| !grants.is_empty()) {
            None => None,
            Some(grants) => Some(grants_from_dto(grants, parties)?),
        };
        let format = match wanted.target_object_key_format {
            None => None,
            Some(format) => Some(format_from_dto(&format)?),
        };
        Ok(Self { bucket: wanted.target_bucket, prefix: wanted.target_prefix, grants, format })
    }

    /// As an answer shows it.
    pub(in crate::practice) fn to_dto(&self, owner: &str) -> dto::LoggingEnabled {
        let partitioned = |source: &'static str| dto::TargetObjectKeyFormat {
            partitioned_prefix: Some(dto::PartitionedPrefix {
                partition_date_source: Some(dto::PartitionDateSource::from_static(source)),
            }),
            simple_prefix: None,
        };
        let format = self.format.map(|format| match format {
            KeyFormat::Simple => dto::TargetObjectKeyFormat {
                partitioned_prefix: None,
                simple_prefix: Some(dto::SimplePrefix::default()),
            },
            KeyFormat::ByEvent => partitioned(dto::PartitionDateSource::EVENT_TIME),
            KeyFormat::ByDelivery => partitioned(dto::PartitionDateSource::DELIVERY_TIME),
        });
        let grants = self.grants.as_ref().map(|grants| {
            let grant = |grant: dto::Grant| dto::TargetGrant {
                grantee: grant.grantee,
                permission: grant.permission.map(|it| dto::BucketLogsPermission::from(it.as_str().to_owned())),
            };
            grants.to_dto(owner).into_iter().map(grant).collect()
        });
        dto::LoggingEnabled {
            target_bucket: self.bucket.clone(),
            target_grants: grants,
            target_object_key_format: format,
            target_prefix: self.prefix.clone(),
        }
    }
}

fn grants_from_dto(grants: dto::TargetGrants, parties: &Parties<'_>) -> S3Result<Acl> {
    let grant = |grant: dto::TargetGrant| {
        let permission = grant.permission.map(|it| it.as_str().to_owned());
        match permission.as_deref() {
            Some("FULL_CONTROL" | "READ" | "WRITE") => {}
            _ => return Err(malformed_xml()),
        }
        Ok(dto::Grant { grantee: grant.grantee, permission: permission.map(dto::Permission::from) })
    };
    let grants = grants.into_iter().map(grant).collect::<S3Result<Vec<_>>>()?;
    let owner = dto::Owner { display_name: None, id: Some(parties.owner.to_owned()) };
    Ok(Acl::from_dto(&dto::AccessControlPolicy { grants: Some(grants), owner: Some(owner) }, parties)?.acl)
}

fn format_from_dto(format: &dto::TargetObjectKeyFormat) -> S3Result<KeyFormat> {
    match (&format.partitioned_prefix, &format.simple_prefix) {
        (Some(partitioned), None) => match partitioned.partition_date_source.as_ref().map(|source| source.as_str()) {
            None | Some(dto::PartitionDateSource::EVENT_TIME) => Ok(KeyFormat::ByEvent),
            Some(dto::PartitionDateSource::DELIVERY_TIME) => Ok(KeyFormat::ByDelivery),
            Some(_) => Err(malformed_xml()),
        },
        (None, Some(_)) => Ok(KeyFormat::Simple),
        _ => Err(malformed_xml()),
    }
}

pub(super) fn check(wanted: &Logging, about: &About<'_>) -> S3Result<()> {
    let Ok(target) = about.buckets.get(&wanted.bucket) else {
        return Err(refuse("InvalidTargetBucketForLogging", "The target bucket for logging does not exist"));
    };
    if target.config.owner != about.bucket.config.owner {
        let message = "The owner for the bucket to be logged and the target bucket must be the same.";
        return Err(refuse("InvalidTargetBucketForLogging", message));
    }
    if target.region != about.bucket.region {
        return Err(refuse("CrossLocationLoggingProhibitted", "Cross S3 location logging not allowed. "));
    }
    if wanted.grants.is_some() && !target.config.ownership().acls_count() {
        return Err(refuse("AccessControlListNotSupported", "The bucket does not allow ACLs"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn partitioned(source: Option<&'static str>) -> dto::TargetObjectKeyFormat {
        dto::TargetObjectKeyFormat {
            partitioned_prefix: Some(dto::PartitionedPrefix {
                partition_date_source: source.map(dto::PartitionDateSource::from_static),
            }),
            simple_prefix: None,
        }
    }

    #[test_case(&partitioned(None), Some(KeyFormat::ByEvent); "by event unless told otherwise")]
    #[test_case(&partitioned(Some("DeliveryTime")), Some(KeyFormat::ByDelivery); "by delivery")]
    #[test_case(&partitioned(Some("Yesterday")), None; "an unknown source")]
    #[test_case(&dto::TargetObjectKeyFormat { partitioned_prefix: None, simple_prefix: Some(dto::SimplePrefix::default()) }, Some(KeyFormat::Simple); "simple")]
    #[test_case(&dto::TargetObjectKeyFormat { simple_prefix: Some(dto::SimplePrefix::default()), ..partitioned(None) }, None; "both")]
    #[test_case(&dto::TargetObjectKeyFormat::default(), None; "neither")]
    fn formats(format: &dto::TargetObjectKeyFormat, expected: Option<KeyFormat>) {
        assert_eq!(format_from_dto(format).ok(), expected);
    }

    const ME: Parties<'static> = Parties { owner: "me", bucket_owner: "me", knows: &|_| false };

    #[test]
    fn what_was_put_is_told() {
        let wanted = dto::LoggingEnabled {
            target_bucket: "logs".to_owned(),
            target_grants: None,
            target_object_key_format: Some(partitioned(Some("EventTime"))),
            target_prefix: "site/".to_owned(),
        };
        assert_eq!(Logging::from_dto(wanted.clone(), &ME).unwrap().to_dto("me"), wanted);
    }
}
