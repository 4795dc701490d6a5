//! What S3 refuses in the documents that a bucket has several of: inventory, metrics, analytics, Intelligent-Tiering.
//!
//! Source: Amazon S3 API Reference, the four `PutBucket…Configuration` operations.

use s3s::{S3Result, dto};

use super::super::error::{invalid_argument, malformed_xml, refuse};
use super::{bucket_of_arn, distinct};

/// Ids have 1 to 64 letters, digits, dots, dashes and underscores.
fn check_id(id: &str) -> S3Result<()> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    if id.is_empty() || id.len() > 64 || !id.bytes().all(allowed) {
        return Err(invalid_argument("The specified configuration id is invalid."));
    }
    Ok(())
}

fn one_of(value: &str, known: &[&str]) -> S3Result<()> {
    if known.contains(&value) { Ok(()) } else { Err(malformed_xml()) }
}

/// `And` joins at least two conditions.
fn joined(prefix: Option<&String>, tags: Option<&dto::TagSet>, other: bool) -> S3Result<()> {
    let tags = tags.map(Vec::as_slice).unwrap_or_default();
    distinct(tags)?;
    if usize::from(prefix.is_some()) + tags.len() + usize::from(other) < 2 {
        return Err(malformed_xml());
    }
    Ok(())
}

fn destination(arn: &str) -> S3Result<()> {
    if bucket_of_arn(arn).is_none() {
        return Err(refuse("InvalidS3DestinationBucket", "Invalid bucket ARN."));
    }
    Ok(())
}

pub(super) fn inventory(wanted: &dto::InventoryConfiguration, id: &str) -> S3Result<()> {
    check_id(id)?;
    if wanted.id != id {
        return Err(refuse("IdMismatch", "Document ID does not match the specified configuration ID."));
    }
    one_of(wanted.schedule.frequency.as_str(), &["Daily", "Weekly"])?;
    one_of(wanted.included_object_versions.as_str(), &["All", "Current"])?;
    let target = &wanted.destination.s3_bucket_destination;
    one_of(target.format.as_str(), &["CSV", "ORC", "Parquet"])?;
    if let Some(encryption) = &target.encryption
        && encryption.ssekms.is_some() == encryption.sses3.is_some()
    {
        return Err(malformed_xml());
    }
    const FIELDS: [&str; 15] = [
        "Size",
        "LastModifiedDate",
        "StorageClass",
        "ETag",
        "IsMultipartUploaded",
        "ReplicationStatus",
        "EncryptionStatus",
        "ObjectLockRetainUntilDate",
        "ObjectLockMode",
        "ObjectLockLegalHoldStatus",
        "IntelligentTieringAccessTier",
        "BucketKeyStatus",
        "ChecksumAlgorithm",
        "ObjectAccessControlList",
        "ObjectOwner",
    ];
    wanted.optional_fields.iter().flatten().try_for_each(|field| one_of(field.as_str(), &FIELDS))?;
    destination(&target.bucket)
}

pub(super) fn metrics(wanted: &dto::MetricsConfiguration, id: &str) -> S3Result<()> {
    check_id(id)?;
    if wanted.id != id {
        return Err(malformed_xml());
    }
    match &wanted.filter {
        Some(dto::MetricsFilter::And(and)) => {
            joined(and.prefix.as_ref(), and.tags.as_ref(), and.access_point_arn.is_some())
        }
        _ => Ok(()),
    }
}

pub(super) fn analytics(wanted: &dto::AnalyticsConfiguration, id: &str) -> S3Result<()> {
    check_id(id)?;
    if wanted.id != id {
        return Err(malformed_xml());
    }
    if let Some(dto::AnalyticsFilter::And(and)) = &wanted.filter {
        joined(and.prefix.as_ref(), and.tags.as_ref(), false)?;
    }
    let Some(export) = &wanted.storage_class_analysis.data_export else { return Ok(()) };
    one_of(export.output_schema_version.as_str(), &["V_1"])?;
    let target = &export.destination.s3_bucket_destination;
    one_of(target.format.as_str(), &["CSV"])?;
    destination(&target.bucket)
}

pub(super) fn tiering(wanted: &dto::IntelligentTieringConfiguration, id: &str) -> S3Result<()> {
    check_id(id)?;
    if wanted.id != id || wanted.tierings.is_empty() {
        return Err(malformed_xml());
    }
    one_of(wanted.status.as_str(), &["Enabled", "Disabled"])?;
    if let Some(filter) = &wanted.filter {
        let given = usize::from(filter.and.is_some())
            + usize::from(filter.prefix.is_some())
            + usize::from(filter.tag.is_some());
        if given > 1 {
            return Err(malformed_xml());
        }
        if let Some(and) = &filter.and {
            joined(and.prefix.as_ref(), and.tags.as_ref(), false)?;
        }
    }
    let days_of = |tier: &str| -> Vec<i32> {
        wanted.tierings.iter().filter(|one| one.access_tier.as_str() == tier).map(|one| one.days).collect()
    };
    for tiering in &wanted.tierings {
        let tier = tiering.access_tier.as_str();
        let least = match tier {
            "ARCHIVE_ACCESS" => 90,
            "DEEP_ARCHIVE_ACCESS" => 180,
            _ => return Err(malformed_xml()),
        };
        if days_of(tier).len() > 1 {
            return Err(malformed_xml());
        }
        if !(least..=730).contains(&tiering.days) {
            return Err(invalid_argument(format!("'Days' for {tier} must be between {least} and 730")));
        }
    }
    if let ([archive], [deep]) = (days_of("ARCHIVE_ACCESS").as_slice(), days_of("DEEP_ARCHIVE_ACCESS").as_slice())
        && deep <= archive
    {
        return Err(invalid_argument("'Days' for DEEP_ARCHIVE_ACCESS must be greater than 'Days' for ARCHIVE_ACCESS"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn code(answer: S3Result<()>) -> String {
        answer.map_or_else(|error| error.code().as_str().to_owned(), |()| String::new())
    }

    fn report(bucket: &str, frequency: &'static str) -> dto::InventoryConfiguration {
        dto::InventoryConfiguration {
            destination: dto::InventoryDestination {
                s3_bucket_destination: dto::InventoryS3BucketDestination {
                    account_id: None,
                    bucket: bucket.to_owned(),
                    encryption: None,
                    format: dto::InventoryFormat::from_static("CSV"),
                    prefix: None,
                },
            },
            filter: None,
            id: "all".to_owned(),
            included_object_versions: dto::InventoryIncludedObjectVersions::from_static("Current"),
            is_enabled: true,
            optional_fields: Some(vec![dto::InventoryOptionalField::from_static("Size")]),
            schedule: dto::InventorySchedule { frequency: dto::InventoryFrequency::from_static(frequency) },
        }
    }

    #[test_case("arn:aws:s3:::reports", "Daily", "all", ""; "as it should be")]
    #[test_case("reports", "Daily", "all", "InvalidS3DestinationBucket"; "a bare bucket name")]
    #[test_case("arn:aws:s3:::reports", "Hourly", "all", "MalformedXML"; "too often")]
    #[test_case("arn:aws:s3:::reports", "Weekly", "other", "IdMismatch"; "another id")]
    #[test_case("arn:aws:s3:::reports", "Weekly", "a b", "InvalidArgument"; "an id with a space")]
    fn inventories(bucket: &str, frequency: &'static str, id: &str, expected: &str) {
        assert_eq!(code(inventory(&report(bucket, frequency), id)), expected);
    }

    fn tag(key: &str) -> dto::Tag {
        dto::Tag { key: Some(key.to_owned()), value: Some("1".to_owned()) }
    }

    #[test_case(None, &[], "MalformedXML"; "nothing joined")]
    #[test_case(Some("a/"), &[], "MalformedXML"; "one condition")]
    #[test_case(Some("a/"), &["x"], ""; "prefix and tag")]
    #[test_case(None, &["x", "x"], "InvalidTag"; "a tag twice")]
    fn joined_filters(prefix: Option<&str>, tags: &[&str], expected: &str) {
        let and = dto::MetricsAndOperator {
            prefix: prefix.map(str::to_owned),
            tags: Some(tags.iter().map(|key| tag(key)).collect()),
            ..Default::default()
        };
        let filter = Some(dto::MetricsFilter::And(and));
        assert_eq!(code(metrics(&dto::MetricsConfiguration { filter, id: "m".to_owned() }, "m")), expected);
    }

    #[test_case(&[("ARCHIVE_ACCESS", 90)], ""; "archive")]
    #[test_case(&[("ARCHIVE_ACCESS", 89)], "InvalidArgument"; "archive too early")]
    #[test_case(&[("DEEP_ARCHIVE_ACCESS", 179)], "InvalidArgument"; "deep archive too early")]
    #[test_case(&[("ARCHIVE_ACCESS", 200), ("DEEP_ARCHIVE_ACCESS", 180)], "InvalidArgument"; "the wrong order")]
    #[test_case(&[("ARCHIVE_ACCESS", 90), ("ARCHIVE_ACCESS", 91)], "MalformedXML"; "a tier twice")]
    #[test_case(&[("FROZEN", 90)], "MalformedXML"; "an unknown tier")]
    #[test_case(&[], "MalformedXML"; "no tier")]
    fn tiers(tierings: &[(&'static str, i32)], expected: &str) {
        let tier = |(name, days): &(&'static str, i32)| dto::Tiering {
            access_tier: dto::IntelligentTieringAccessTier::from_static(name),
            days: *days,
        };
        let wanted = dto::IntelligentTieringConfiguration {
            filter: None,
            id: "t".to_owned(),
            status: dto::IntelligentTieringStatus::from_static("Enabled"),
            tierings: tierings.iter().map(tier).collect(),
        };
        assert_eq!(code(tiering(&wanted, "t")), expected);
    }
}
