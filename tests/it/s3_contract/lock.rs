//! Object Lock: what cannot be deleted, for how long, and by whom.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::operation::delete_object::DeleteObjectOutput;
use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{
    BucketVersioningStatus, DefaultRetention, Delete, ObjectIdentifier, ObjectLockConfiguration, ObjectLockEnabled,
    ObjectLockLegalHold, ObjectLockLegalHoldStatus, ObjectLockMode, ObjectLockRetention, ObjectLockRetentionMode,
    ObjectLockRule, VersioningConfiguration,
};
use test_case::test_case;

use super::{Server, code, everywhere, refused};

const HOUR: u64 = 3600;

fn ahead(seconds: u64) -> DateTime {
    DateTime::from(SystemTime::now() + Duration::from_secs(seconds))
}

/// A bucket in which versions can be locked.
async fn lockable(server: &Server) -> String {
    let bucket = server.fresh_name();
    server.s3.create_bucket().bucket(&bucket).object_lock_enabled_for_bucket(true).send().await.unwrap();
    bucket
}

async fn put(server: &Server, bucket: &str) -> String {
    let done = server.s3.put_object().bucket(bucket).key("k").body(b"x".to_vec().into()).send().await.unwrap();
    done.version_id().unwrap().to_owned()
}

async fn retain(
    server: &Server,
    bucket: &str,
    version: &str,
    retention: Option<(ObjectLockRetentionMode, u64)>,
    bypass: bool,
) -> String {
    let wanted = ObjectLockRetention::builder();
    let wanted = match retention {
        Some((mode, seconds)) => wanted.mode(mode).retain_until_date(ahead(seconds)),
        None => wanted,
    };
    let call = server.s3.put_object_retention().bucket(bucket).key("k").version_id(version).retention(wanted.build());
    code(&call.set_bypass_governance_retention(bypass.then_some(true)).send().await)
}

async fn hold(server: &Server, bucket: &str, status: ObjectLockLegalHoldStatus) -> String {
    let wanted = ObjectLockLegalHold::builder().status(status).build();
    code(&server.s3.put_object_legal_hold().bucket(bucket).key("k").legal_hold(wanted).send().await)
}

async fn delete(server: &Server, bucket: &str, version: &str, bypass: bool) -> Result<DeleteObjectOutput, String> {
    let call = server.s3.delete_object().bucket(bucket).key("k").version_id(version);
    let outcome = call.set_bypass_governance_retention(bypass.then_some(true)).send().await;
    let code = code(&outcome);
    outcome.map_err(|_| code)
}

#[test]
fn a_bucket_made_for_locks_keeps_its_versions() {
    everywhere(async |server| {
        let bucket = lockable(server).await;
        let versioning = server.s3.get_bucket_versioning().bucket(&bucket).send().await.unwrap();
        assert_eq!(versioning.status(), Some(&BucketVersioningStatus::Enabled));
        let lock = server.s3.get_object_lock_configuration().bucket(&bucket).send().await.unwrap();
        let lock = lock.object_lock_configuration().unwrap();
        assert_eq!((lock.object_lock_enabled(), lock.rule()), (Some(&ObjectLockEnabled::Enabled), None));
        let suspended = VersioningConfiguration::builder().status(BucketVersioningStatus::Suspended).build();
        let refusal =
            refused(server.s3.put_bucket_versioning().bucket(&bucket).versioning_configuration(suspended).send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (409, "InvalidBucketState"));
    });
}

#[test]
fn a_bucket_without_locks_says_so() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"x").await;
        let none = refused(server.s3.get_object_lock_configuration().bucket(&bucket).send().await);
        assert_eq!((none.status, none.code.as_str()), (404, "ObjectLockConfigurationNotFoundError"));
        let retention = refused(server.s3.get_object_retention().bucket(&bucket).key("k").send().await);
        assert_eq!((retention.status, retention.code.as_str()), (400, "InvalidRequest"));
        assert_eq!(hold(server, &bucket, ObjectLockLegalHoldStatus::On).await, "InvalidRequest");
        let locked = server.s3.put_object().bucket(&bucket).key("k").body(b"x".to_vec().into());
        let locked = locked.object_lock_mode(ObjectLockMode::Governance).object_lock_retain_until_date(ahead(HOUR));
        assert_eq!(code(&locked.send().await), "InvalidRequest");
    });
}

#[test]
fn locks_can_come_to_a_bucket_that_keeps_versions() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let lock = ObjectLockConfiguration::builder().object_lock_enabled(ObjectLockEnabled::Enabled).build();
        let call = || server.s3.put_object_lock_configuration().bucket(&bucket).object_lock_configuration(lock.clone());
        let refusal = refused(call().send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (409, "InvalidBucketState"));
        let enabled = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        server.s3.put_bucket_versioning().bucket(&bucket).versioning_configuration(enabled).send().await.unwrap();
        call().send().await.unwrap();
        let version = put(server, &bucket).await;
        assert_eq!(
            retain(server, &bucket, &version, Some((ObjectLockRetentionMode::Governance, HOUR)), false).await,
            ""
        );
        assert_eq!(delete(server, &bucket, &version, false).await.unwrap_err(), "AccessDenied");
        delete(server, &bucket, &version, true).await.unwrap();
    });
}

#[test]
fn governance_yields_to_a_bypass_alone() {
    use ObjectLockRetentionMode::Governance;
    everywhere(async |server| {
        let bucket = lockable(server).await;
        let version = put(server, &bucket).await;
        let none = refused(server.s3.get_object_retention().bucket(&bucket).key("k").send().await);
        assert_eq!((none.status, none.code.as_str()), (404, "NoSuchObjectLockConfiguration"));
        assert_eq!(retain(server, &bucket, &version, Some((Governance, 2 * HOUR)), false).await, "");
        let kept = server.s3.get_object_retention().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!(kept.retention().unwrap().mode(), Some(&Governance));

        assert_eq!(retain(server, &bucket, &version, Some((Governance, 3 * HOUR)), false).await, "");
        assert_eq!(retain(server, &bucket, &version, Some((Governance, HOUR)), false).await, "AccessDenied");
        assert_eq!(retain(server, &bucket, &version, Some((Governance, HOUR)), true).await, "");
        assert_eq!(delete(server, &bucket, &version, false).await.unwrap_err(), "AccessDenied");
        // Hiding it is no deletion.
        let marker = server.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!(marker.delete_marker(), Some(true));
        delete(server, &bucket, &version, true).await.unwrap();
    });
}

#[test]
fn compliance_yields_to_nobody_before_its_time() {
    use ObjectLockRetentionMode::{Compliance, Governance};
    everywhere(async |server| {
        let bucket = lockable(server).await;
        let version = put(server, &bucket).await;
        assert_eq!(retain(server, &bucket, &version, Some((Compliance, 10)), false).await, "");
        for (wanted, bypass) in [(Some((Compliance, 1)), true), (Some((Governance, HOUR)), true), (None, true)] {
            assert_eq!(retain(server, &bucket, &version, wanted, bypass).await, "AccessDenied");
        }
        assert_eq!(delete(server, &bucket, &version, true).await.unwrap_err(), "AccessDenied");
        tokio::time::sleep(Duration::from_secs(11)).await;
        delete(server, &bucket, &version, false).await.unwrap();
    });
}

#[test]
fn a_legal_hold_holds_until_it_is_lifted() {
    everywhere(async |server| {
        let bucket = lockable(server).await;
        let version = put(server, &bucket).await;
        assert_eq!(hold(server, &bucket, ObjectLockLegalHoldStatus::On).await, "");
        let head = server.s3.head_object().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!(head.object_lock_legal_hold_status(), Some(&ObjectLockLegalHoldStatus::On));
        assert_eq!(delete(server, &bucket, &version, true).await.unwrap_err(), "AccessDenied");
        let named = ObjectIdentifier::builder().key("k").version_id(&version).build().unwrap();
        let many = Delete::builder().objects(named).build().unwrap();
        let many = server.s3.delete_objects().bucket(&bucket).delete(many).send().await.unwrap();
        assert_eq!(many.errors()[0].code(), Some("AccessDenied"));
        assert_eq!(hold(server, &bucket, ObjectLockLegalHoldStatus::Off).await, "");
        let kept = server.s3.get_object_legal_hold().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!(kept.legal_hold().unwrap().status(), Some(&ObjectLockLegalHoldStatus::Off));
        delete(server, &bucket, &version, false).await.unwrap();
    });
}

fn rule(mode: ObjectLockRetentionMode, days: Option<i32>, years: Option<i32>) -> ObjectLockConfiguration {
    let default = DefaultRetention::builder().mode(mode).set_days(days).set_years(years).build();
    let rule = ObjectLockRule::builder().default_retention(default).build();
    ObjectLockConfiguration::builder().object_lock_enabled(ObjectLockEnabled::Enabled).rule(rule).build()
}

#[test_case(Some(1), Some(1), "MalformedXML"; "days and years")]
#[test_case(None, None, "MalformedXML"; "neither")]
#[test_case(Some(0), None, "InvalidArgument"; "no days")]
#[test_case(Some(1), None, ""; "a day")]
fn a_default_lasts_for_days_or_for_years(days: Option<i32>, years: Option<i32>, expected: &str) {
    everywhere(async |server| {
        let bucket = lockable(server).await;
        let wanted = rule(ObjectLockRetentionMode::Governance, days, years);
        let call = server.s3.put_object_lock_configuration().bucket(&bucket).object_lock_configuration(wanted);
        assert_eq!(code(&call.send().await), expected);
    });
}

#[test]
fn every_new_version_gets_the_default_unless_it_brings_its_own() {
    everywhere(async |server| {
        let bucket = lockable(server).await;
        let wanted = rule(ObjectLockRetentionMode::Governance, Some(1), None);
        let call = server.s3.put_object_lock_configuration().bucket(&bucket).object_lock_configuration(wanted);
        call.send().await.unwrap();

        let version = put(server, &bucket).await;
        let head = server.s3.head_object().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!(head.object_lock_mode(), Some(&ObjectLockMode::Governance));
        let until = head.object_lock_retain_until_date().unwrap().secs();
        assert!((until - ahead(24 * HOUR).secs()).abs() < 60, "{until}");
        assert_eq!(delete(server, &bucket, &version, false).await.unwrap_err(), "AccessDenied");

        let own = server.s3.put_object().bucket(&bucket).key("own").body(b"x".to_vec().into());
        let own = own.object_lock_mode(ObjectLockMode::Governance).object_lock_retain_until_date(ahead(HOUR));
        own.send().await.unwrap();
        let head = server.s3.head_object().bucket(&bucket).key("own").send().await.unwrap();
        assert!((head.object_lock_retain_until_date().unwrap().secs() - ahead(HOUR).secs()).abs() < 60);

        // A copy does not take the lock of its source along.
        let copy = server.s3.copy_object().bucket(&bucket).key("copy").copy_source(format!("{bucket}/own"));
        copy.object_lock_legal_hold_status(ObjectLockLegalHoldStatus::Off).send().await.unwrap();
        let head = server.s3.head_object().bucket(&bucket).key("copy").send().await.unwrap();
        assert_eq!(head.object_lock_legal_hold_status(), Some(&ObjectLockLegalHoldStatus::Off));
        assert!(head.object_lock_retain_until_date().unwrap().secs() > ahead(23 * HOUR).secs());

        let upload = server.s3.create_multipart_upload().bucket(&bucket).key("parts");
        let upload = upload.object_lock_legal_hold_status(ObjectLockLegalHoldStatus::On).send().await.unwrap();
        let id = upload.upload_id().unwrap();
        let part = server.s3.upload_part().bucket(&bucket).key("parts").upload_id(id).part_number(1);
        let part = part.body(b"x".to_vec().into()).send().await.unwrap();
        let part = aws_sdk_s3::types::CompletedPart::builder().part_number(1).set_e_tag(part.e_tag).build();
        let parts = aws_sdk_s3::types::CompletedMultipartUpload::builder().parts(part).build();
        let whole = server.s3.complete_multipart_upload().bucket(&bucket).key("parts").upload_id(id);
        whole.multipart_upload(parts).send().await.unwrap();
        let head = server.s3.head_object().bucket(&bucket).key("parts").send().await.unwrap();
        assert_eq!(head.object_lock_legal_hold_status(), Some(&ObjectLockLegalHoldStatus::On));
        assert_eq!(head.object_lock_mode(), Some(&ObjectLockMode::Governance));

        let off = ObjectLockLegalHold::builder().status(ObjectLockLegalHoldStatus::Off).build();
        server.s3.put_object_legal_hold().bucket(&bucket).key("parts").legal_hold(off).send().await.unwrap();
    });
}

#[test_case("x-amz-object-lock-mode", "GOVERNANCE", "InvalidArgument"; "a mode without a date")]
#[test_case("x-amz-object-lock-legal-hold", "MAYBE", "InvalidArgument"; "a hold that is neither on nor off")]
fn a_lock_in_headers_is_whole(header: &str, value: &str, expected: &str) {
    everywhere(async |server| {
        let bucket = lockable(server).await;
        let answer = server.ask("PUT", &format!("/{bucket}/k")).header(header, value);
        // "x", and its MD5.
        let answer = answer.header("content-md5", "ndTkYSaMgDT1yFZOFVxnpg==").body(b"x").sign().send().await;
        assert_eq!((answer.status, answer.code()), (400, expected), "{}", answer.text);
    });
}

#[test]
fn a_lock_in_headers_takes_a_body_that_can_be_checked() {
    everywhere(async |server| {
        let bucket = lockable(server).await;
        let put = |checked: bool| {
            let ask =
                server.ask("PUT", &format!("/{bucket}/k")).header("x-amz-object-lock-legal-hold", "OFF").body(b"x");
            if checked { ask.header("content-md5", "ndTkYSaMgDT1yFZOFVxnpg==") } else { ask }
        };
        assert_eq!(put(false).sign().send().await.code(), "InvalidRequest");
        assert_eq!(put(true).sign().send().await.status, 200);
    });
}
