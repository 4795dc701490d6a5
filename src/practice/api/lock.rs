//! Object Lock: the setting of a bucket, the retention and the legal hold of a version, and the headers of writes.
//!
//! Source of the rules: Amazon S3 User Guide, "Locking objects with Object Lock"; Amazon S3 API Reference,
//! "PutObjectLockConfiguration", "PutObjectRetention", "PutObjectLegalHold".

use std::sync::Arc;

use http::HeaderMap;
use s3s::dto;
use s3s::{S3Error, S3Request, S3Response, S3Result};

use super::super::error::{Outcome, invalid_argument, invalid_request, malformed_xml, refuse};
use super::super::store::buckets::{self, Config, Versioning};
use super::super::store::lock::{BucketLock, DefaultRetention, Lock, Mode, Period, Retention};
use super::super::store::now_ms;
use super::super::store::versions::{self, Version};
use super::objects::{absent, check_version_id};
use super::{Service, ok, timestamp};

/// A default retention may be this long.
const MAX_DAYS: i32 = 36_500;
const MAX_YEARS: i32 = 100;

fn no_lock() -> S3Error {
    invalid_request("Bucket is missing Object Lock Configuration")
}

fn nothing_set() -> S3Error {
    refuse("NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration")
}

/// An instant of a request, in milliseconds since 1970, which has to lie ahead.
fn ahead(instant: &str) -> S3Result<i64> {
    let instant: jiff::Timestamp =
        instant.parse().map_err(|_| invalid_argument("The retain until date must be provided in ISO 8601 format"))?;
    let instant = instant.as_millisecond();
    if instant <= now_ms() {
        return Err(invalid_argument("The retain until date must be in the future!"));
    }
    Ok(instant)
}

/// What the headers of a write say about the lock of its object.
pub(super) fn from_headers(config: &Config, headers: &HeaderMap) -> S3Result<Lock> {
    let text = |name: &str| super::headers::text(headers, name);
    let (mode, until) = (text("x-amz-object-lock-mode"), text("x-amz-object-lock-retain-until-date"));
    let hold = text("x-amz-object-lock-legal-hold");
    if mode.is_none() && until.is_none() && hold.is_none() {
        return Ok(Lock::default());
    }
    if config.object_lock.is_none() {
        return Err(no_lock());
    }
    let retention = match (mode, until) {
        (None, None) => None,
        (Some(mode), Some(until)) => {
            let mode = Mode::parse(&mode).ok_or_else(|| invalid_argument("Unknown wormMode directive."))?;
            Some(Retention { mode, until: ahead(&until)? })
        }
        _ => {
            return Err(invalid_argument(
                "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
            ));
        }
    };
    let legal_hold = match hold.as_deref() {
        None => None,
        Some("ON") => Some(true),
        Some("OFF") => Some(false),
        Some(_) => return Err(invalid_argument("Legal Hold must be either of 'ON' or 'OFF'")),
    };
    Ok(Lock { retention, legal_hold })
}

/// The lock of a version in the headers of GetObject and HeadObject.
pub(super) struct Told {
    pub(super) mode: Option<dto::ObjectLockMode>,
    pub(super) until: Option<dto::Timestamp>,
    pub(super) hold: Option<dto::ObjectLockLegalHoldStatus>,
}

/// What a read tells of a lock. It takes a right of its own, which the public does not have.
pub(super) fn told(lock: &Lock, signed: bool) -> Told {
    let retention = lock.retention.filter(|_| signed);
    Told {
        mode: retention.map(|retention| dto::ObjectLockMode::from_static(retention.mode.name())),
        until: retention.map(|retention| timestamp(retention.until)),
        hold: lock.legal_hold.filter(|_| signed).map(hold_status),
    }
}

fn hold_status(on: bool) -> dto::ObjectLockLegalHoldStatus {
    dto::ObjectLockLegalHoldStatus::from_static(if on { "ON" } else { "OFF" })
}

pub(super) async fn get_configuration(
    service: &Service,
    request: S3Request<dto::GetObjectLockConfigurationInput>,
) -> S3Result<S3Response<dto::GetObjectLockConfigurationOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let lock = bucket.config.object_lock.ok_or_else(|| {
        refuse("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")
    })?;
    let rule = lock.default.map(|default| {
        let (days, years) = match default.period {
            Period::Days(days) => (Some(days), None),
            Period::Years(years) => (None, Some(years)),
        };
        let mode = Some(dto::ObjectLockRetentionMode::from_static(default.mode.name()));
        dto::ObjectLockRule { default_retention: Some(dto::DefaultRetention { days, mode, years }) }
    });
    ok(dto::GetObjectLockConfigurationOutput {
        object_lock_configuration: Some(dto::ObjectLockConfiguration {
            object_lock_enabled: Some(dto::ObjectLockEnabled::from_static("Enabled")),
            rule,
        }),
    })
}

fn default_of(rule: &dto::ObjectLockRule) -> S3Result<DefaultRetention> {
    let default = rule.default_retention.as_ref().ok_or_else(malformed_xml)?;
    let mode = default.mode.as_ref().and_then(|mode| Mode::parse(mode.as_str())).ok_or_else(malformed_xml)?;
    let (count, most, period) = match (default.days, default.years) {
        (Some(days), None) => (days, MAX_DAYS, Period::Days(days)),
        (None, Some(years)) => (years, MAX_YEARS, Period::Years(years)),
        _ => return Err(malformed_xml()),
    };
    if count < 1 {
        return Err(invalid_argument("Default retention period must be a positive integer value."));
    }
    if count > most {
        return Err(invalid_argument("Default retention period too large."));
    }
    Ok(DefaultRetention { mode, period })
}

pub(super) async fn put_configuration(
    service: &Service,
    request: S3Request<dto::PutObjectLockConfigurationInput>,
) -> S3Result<S3Response<dto::PutObjectLockConfigurationOutput>> {
    let input = request.input;
    service.bucket(&input.bucket)?;
    let wanted = input.object_lock_configuration.ok_or_else(malformed_xml)?;
    if wanted.object_lock_enabled.as_ref().is_none_or(|enabled| enabled.as_str() != "Enabled") {
        return Err(malformed_xml());
    }
    let default = wanted.rule.as_ref().map(default_of).transpose()?;
    service
        .change(input.bucket, move |config| {
            if config.object_lock.is_none() && config.versioning != Versioning::Enabled {
                let message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration";
                return Err(refuse("InvalidBucketState", message).into());
            }
            config.object_lock = Some(BucketLock { default });
            Ok(())
        })
        .await?;
    ok(dto::PutObjectLockConfigurationOutput::default())
}

/// Changes the lock of a version.
async fn change<F>(service: &Service, bucket: String, key: String, version: Option<String>, change: F) -> S3Result<()>
where
    F: FnOnce(&mut Lock) -> Outcome<()> + Send + 'static,
{
    service.bucket(&bucket)?;
    check_version_id(version.as_deref())?;
    service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &bucket)?;
            if bucket.config.object_lock.is_none() {
                return Err(no_lock().into());
            }
            versions::amend(tx, &bucket, &key, version.as_deref(), |found| change(&mut found.meta.lock))?;
            Ok(())
        })
        .await?;
    Ok(())
}

/// The version whose lock is asked for.
async fn find(service: &Service, bucket: &str, key: String, version: Option<String>) -> S3Result<Version> {
    let bucket = service.bucket(bucket)?;
    check_version_id(version.as_deref())?;
    if bucket.config.object_lock.is_none() {
        return Err(no_lock());
    }
    let reader = Arc::clone(&bucket);
    let found = service
        .store
        .read(move |db| match versions::read(db, &reader, &key, version.as_deref())? {
            Some(found) if !found.marker => Ok(found),
            other => Err(absent(other.as_ref(), version.as_deref()).into()),
        })
        .await?;
    Ok(found)
}

pub(super) async fn get_retention(
    service: &Service,
    request: S3Request<dto::GetObjectRetentionInput>,
) -> S3Result<S3Response<dto::GetObjectRetentionOutput>> {
    let input = request.input;
    let found = find(service, &input.bucket, input.key, input.version_id).await?;
    let retention = found.meta.lock.retention.ok_or_else(nothing_set)?;
    ok(dto::GetObjectRetentionOutput {
        retention: Some(dto::ObjectLockRetention {
            mode: Some(dto::ObjectLockRetentionMode::from_static(retention.mode.name())),
            retain_until_date: Some(timestamp(retention.until)),
        }),
    })
}

/// The retention that a request wants; an empty one ends what is there.
fn wanted_retention(wanted: &dto::ObjectLockRetention) -> S3Result<Option<Retention>> {
    match (&wanted.mode, &wanted.retain_until_date) {
        (None, None) => Ok(None),
        (Some(mode), Some(date)) => {
            let mode = Mode::parse(mode.as_str()).ok_or_else(malformed_xml)?;
            let mut text = Vec::new();
            date.format(dto::TimestampFormat::DateTime, &mut text).map_err(|_| malformed_xml())?;
            let until = ahead(&String::from_utf8_lossy(&text))?;
            Ok(Some(Retention { mode, until }))
        }
        _ => Err(malformed_xml()),
    }
}

pub(super) async fn put_retention(
    service: &Service,
    request: S3Request<dto::PutObjectRetentionInput>,
) -> S3Result<S3Response<dto::PutObjectRetentionOutput>> {
    let input = request.input;
    let wanted = wanted_retention(&input.retention.ok_or_else(malformed_xml)?)?;
    let bypass = input.bypass_governance_retention == Some(true);
    change(service, input.bucket, input.key, input.version_id, move |lock| {
        if !lock.allows(wanted, now_ms(), bypass) {
            return Err(refuse("AccessDenied", "Access Denied because object protected by object lock.").into());
        }
        lock.retention = wanted;
        Ok(())
    })
    .await?;
    ok(dto::PutObjectRetentionOutput::default())
}

pub(super) async fn get_legal_hold(
    service: &Service,
    request: S3Request<dto::GetObjectLegalHoldInput>,
) -> S3Result<S3Response<dto::GetObjectLegalHoldOutput>> {
    let input = request.input;
    let found = find(service, &input.bucket, input.key, input.version_id).await?;
    let status = found.meta.lock.legal_hold.map(hold_status).ok_or_else(nothing_set)?;
    ok(dto::GetObjectLegalHoldOutput { legal_hold: Some(dto::ObjectLockLegalHold { status: Some(status) }) })
}

pub(super) async fn put_legal_hold(
    service: &Service,
    request: S3Request<dto::PutObjectLegalHoldInput>,
) -> S3Result<S3Response<dto::PutObjectLegalHoldOutput>> {
    let input = request.input;
    let status = input.legal_hold.and_then(|hold| hold.status);
    let on = match status.as_ref().map(dto::ObjectLockLegalHoldStatus::as_str) {
        Some("ON") => true,
        Some("OFF") => false,
        _ => return Err(malformed_xml()),
    };
    change(service, input.bucket, input.key, input.version_id, move |lock| {
        lock.legal_hold = Some(on);
        Ok(())
    })
    .await?;
    ok(dto::PutObjectLegalHoldOutput::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn config(lock: bool) -> Config {
        Config { object_lock: lock.then(BucketLock::default), ..Config::default() }
    }

    fn headers(mode: Option<&'static str>, until: Option<&'static str>, hold: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("x-amz-object-lock-mode", mode),
            ("x-amz-object-lock-retain-until-date", until),
            ("x-amz-object-lock-legal-hold", hold),
        ] {
            if let Some(value) = value {
                headers.insert(name, http::HeaderValue::from_static(value));
            }
        }
        headers
    }

    const LATER: Option<&str> = Some("2999-01-01T00:00:00Z");

    #[test_case(Some("GOVERNANCE"), LATER, None, ""; "retention")]
    #[test_case(Some("COMPLIANCE"), LATER, Some("ON"), ""; "both")]
    #[test_case(None, None, Some("OFF"), ""; "a hold that is off")]
    #[test_case(Some("GOVERNANCE"), None, None, "InvalidArgument"; "no date")]
    #[test_case(None, LATER, None, "InvalidArgument"; "no mode")]
    #[test_case(Some("governance"), LATER, None, "InvalidArgument"; "unknown mode")]
    #[test_case(Some("GOVERNANCE"), Some("2001-01-01T00:00:00Z"), None, "InvalidArgument"; "in the past")]
    #[test_case(None, None, Some("on"), "InvalidArgument"; "unknown hold")]
    fn headers_of_writes(
        mode: Option<&'static str>,
        until: Option<&'static str>,
        hold: Option<&'static str>,
        code: &str,
    ) {
        let headers = headers(mode, until, hold);
        let found = from_headers(&config(true), &headers);
        assert_eq!(found.as_ref().map_or_else(|error| error.code().as_str(), |_| ""), code);
        let without = from_headers(&config(false), &headers);
        assert_eq!(without.unwrap_err().code().as_str(), "InvalidRequest");
    }

    #[test_case(Some(1), None, Some("GOVERNANCE"), ""; "days")]
    #[test_case(None, Some(100), Some("COMPLIANCE"), ""; "years")]
    #[test_case(Some(1), Some(1), Some("GOVERNANCE"), "MalformedXML"; "both")]
    #[test_case(None, None, Some("GOVERNANCE"), "MalformedXML"; "neither")]
    #[test_case(Some(1), None, None, "MalformedXML"; "no mode")]
    #[test_case(Some(0), None, Some("GOVERNANCE"), "InvalidArgument"; "nothing")]
    #[test_case(None, Some(101), Some("GOVERNANCE"), "InvalidArgument"; "too long")]
    fn default_retention(days: Option<i32>, years: Option<i32>, mode: Option<&'static str>, code: &str) {
        let mode = mode.map(dto::ObjectLockRetentionMode::from_static);
        let rule = dto::ObjectLockRule { default_retention: Some(dto::DefaultRetention { days, mode, years }) };
        assert_eq!(default_of(&rule).as_ref().map_or_else(|error| error.code().as_str(), |_| ""), code);
    }
}
