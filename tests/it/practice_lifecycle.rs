//! Lifecycle rules of practice storage, let act as if it were another day.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::PathBuf;

use aws_sdk_s3::types::builders::LifecycleRuleBuilder;
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, BucketVersioningStatus, ExpirationStatus,
    LifecycleExpiration, LifecycleRule, LifecycleRuleFilter, NoncurrentVersionExpiration, Transition,
    TransitionStorageClass, VersioningConfiguration,
};
use brimful::practice::PracticeError;
use brimful::practice::lifecycle::{self, Deed, Event};
use jiff::{Timestamp, ToSpan as _};

use crate::practice_support::Practice;

fn rule(id: &str) -> LifecycleRuleBuilder {
    let filter = LifecycleRuleFilter::builder().prefix("").build();
    LifecycleRule::builder().id(id).status(ExpirationStatus::Enabled).filter(filter)
}

async fn set(practice: &Practice, bucket: &str, rules: Vec<LifecycleRuleBuilder>) {
    let rules = rules.into_iter().map(|rule| rule.build().unwrap()).collect();
    let configuration = BucketLifecycleConfiguration::builder().set_rules(Some(rules)).build().unwrap();
    let call = practice.s3.put_bucket_lifecycle_configuration().bucket(bucket);
    call.lifecycle_configuration(configuration).send().await.unwrap();
}

async fn version(practice: &Practice, bucket: &str) {
    let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    practice.s3.put_bucket_versioning().bucket(bucket).versioning_configuration(on).send().await.unwrap();
}

fn folder(practice: &Practice) -> PathBuf {
    practice.dir.path().join("store")
}

fn in_days(days: i64) -> Timestamp {
    Timestamp::now() + (days * 24).hours()
}

/// Stops the store, lets the rules act in so many days, and starts it again.
async fn pass(practice: Practice, days: i64) -> (Practice, Vec<Event>) {
    let Practice { server, dir, .. } = practice;
    server.shutdown().await;
    let outcomes = lifecycle::run(&dir.path().join("store"), in_days(days)).await.unwrap();
    let events = outcomes.into_iter().flat_map(|outcome| outcome.events).collect();
    (Practice::start_in(dir).await, events)
}

fn deeds(events: &[Event]) -> Vec<(&str, &Deed)> {
    events.iter().map(|event| (event.key.as_str(), &event.deed)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_in_use_is_left_alone() {
    let practice = Practice::start().await;
    let refused = lifecycle::run(&folder(&practice), in_days(1)).await;
    assert!(matches!(refused, Err(PracticeError::InUse { .. })));
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_move_and_then_expire_by_prefix() {
    let practice = Practice::start().await;
    practice.bucket("plain").await;
    practice.bucket("no-rules").await;
    practice.put("plain", "logs/a", &vec![7; 200_000]).await;
    practice.put("plain", "logs/small", b"x").await;
    practice.put("plain", "images/a", b"x").await;
    let filter = LifecycleRuleFilter::builder().prefix("logs/").build();
    let moves = Transition::builder().days(30).storage_class(TransitionStorageClass::StandardIa).build();
    let expires = LifecycleExpiration::builder().days(90).build();
    set(&practice, "plain", vec![rule("logs").filter(filter).transitions(moves).expiration(expires)]).await;

    let (practice, events) = pass(practice, 29).await;
    assert_eq!(deeds(&events), []);
    let (practice, events) = pass(practice, 31).await;
    assert_eq!(deeds(&events), [("logs/a", &Deed::Moved { to: "STANDARD_IA".to_owned() })]);
    let head = practice.s3.head_object().bucket("plain").key("logs/a").send().await.unwrap();
    assert_eq!(head.storage_class().map(|class| class.as_str()), Some("STANDARD_IA"));
    let (practice, events) = pass(practice, 91).await;
    let expired = Deed::Expired { marker: false };
    assert_eq!(deeds(&events), [("logs/a", &expired), ("logs/small", &expired)]);
    let left = practice.s3.list_objects_v2().bucket("plain").send().await.unwrap();
    assert_eq!(left.contents().iter().filter_map(|found| found.key()).collect::<Vec<_>>(), ["images/a"]);
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_expire_step_by_step_until_nothing_is_left() {
    let practice = Practice::start().await;
    practice.bucket("versioned").await;
    version(&practice, "versioned").await;
    for content in ["one", "two", "three"] {
        practice.put("versioned", "k", content.as_bytes()).await;
    }
    let old = NoncurrentVersionExpiration::builder().noncurrent_days(10).newer_noncurrent_versions(1).build();
    let markers = LifecycleExpiration::builder().expired_object_delete_marker(true).build();
    let current = LifecycleExpiration::builder().days(20).build();
    let all_old = NoncurrentVersionExpiration::builder().noncurrent_days(30).build();
    set(
        &practice,
        "versioned",
        vec![
            rule("keep-one").noncurrent_version_expiration(old),
            rule("current").expiration(current),
            rule("old").noncurrent_version_expiration(all_old),
            rule("markers").expiration(markers),
        ],
    )
    .await;

    let (practice, events) = pass(practice, 12).await;
    assert_eq!(deeds(&events), [("k", &Deed::RemovedVersion)], "the newest of the old ones is kept");
    let (practice, events) = pass(practice, 22).await;
    assert_eq!(deeds(&events), [("k", &Deed::Expired { marker: true })]);
    // The marker is of day 22, so what it hides has been old since then.
    let (practice, events) = pass(practice, 45).await;
    assert_eq!(deeds(&events), [("k", &Deed::RemovedVersion)]);
    let (practice, events) = pass(practice, 54).await;
    assert_eq!(deeds(&events), [("k", &Deed::RemovedVersion)]);
    let (practice, events) = pass(practice, 55).await;
    assert_eq!(deeds(&events), [("k", &Deed::RemovedMarker)]);
    let left = practice.s3.list_object_versions().bucket("versioned").send().await.unwrap();
    assert!(left.versions().is_empty() && left.delete_markers().is_empty());
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unfinished_uploads_are_given_up() {
    let practice = Practice::start().await;
    practice.bucket("uploads").await;
    practice.s3.create_multipart_upload().bucket("uploads").key("k").send().await.unwrap();
    let abort = AbortIncompleteMultipartUpload::builder().days_after_initiation(7).build();
    set(&practice, "uploads", vec![rule("abort").abort_incomplete_multipart_upload(abort)]).await;
    let (practice, events) = pass(practice, 6).await;
    assert_eq!(deeds(&events), []);
    let (practice, events) = pass(practice, 9).await;
    assert_eq!(deeds(&events), [("k", &Deed::AbortedUpload)]);
    assert_eq!(practice.s3.list_multipart_uploads().bucket("uploads").send().await.unwrap().uploads().len(), 0);
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_act_while_the_store_serves_and_leave_alone_what_is_written_meanwhile() {
    let practice = Practice::start().await;
    practice.bucket("busy").await;
    practice.bucket("other").await;
    practice.put("other", "k", b"x").await;
    for number in 0..300 {
        practice.put("busy", &format!("k{number:03}"), b"old").await;
    }
    let expires = || LifecycleExpiration::builder().date(aws_sdk_s3::primitives::DateTime::from_secs(4_102_444_800));
    for bucket in ["busy", "other"] {
        // 2100-01-01.
        set(&practice, bucket, vec![rule("then").expiration(expires().build())]).await;
    }
    let before: Timestamp = "2099-12-31T00:00:00Z".parse().unwrap();
    assert_eq!(practice.server.run_lifecycle("busy", before).await.unwrap(), []);
    let day: Timestamp = "2100-01-01T00:00:00Z".parse().unwrap();
    let writes = async {
        for number in 0..300 {
            practice.put("busy", &format!("n{number:03}"), b"new").await;
        }
    };
    let (events, ()) = tokio::join!(practice.server.run_lifecycle("busy", day), writes);
    let events = events.unwrap();
    let expired = Deed::Expired { marker: false };
    assert!(events.iter().all(|event| event.deed == expired));
    assert!(events.iter().filter(|event| event.key.starts_with('k')).count() == 300, "all that was there is gone");
    // What was acknowledged and not told of is still there, byte for byte.
    for number in 0..300 {
        let key = format!("n{number:03}");
        if !events.iter().any(|event| event.key == key) {
            assert_eq!(practice.get("busy", &key).await, b"new");
        }
    }
    assert_eq!(practice.get("other", "k").await, b"x", "another bucket is left alone");
    let nowhere = practice.server.run_lifecycle("nowhere", day).await;
    assert!(matches!(nowhere, Err(PracticeError::Lifecycle(_))));
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_begins_as_another_does_is_judged_by_itself() {
    let practice = Practice::start().await;
    practice.bucket("keys").await;
    version(&practice, "keys").await;
    for _ in 0..20 {
        practice.put("keys", "a", b"x").await;
        practice.put("keys", "a/b", b"x").await;
    }
    let old = NoncurrentVersionExpiration::builder().noncurrent_days(1).newer_noncurrent_versions(3).build();
    set(&practice, "keys", vec![rule("keep-three").noncurrent_version_expiration(old)]).await;
    let events = practice.server.run_lifecycle("keys", in_days(3)).await.unwrap();
    let of = |key: &str| events.iter().filter(|event| event.key == key && event.deed == Deed::RemovedVersion).count();
    assert_eq!((of("a"), of("a/b"), events.len()), (16, 16, 32));
    practice.server.shutdown().await;
}
