//! Versions and delete markers.

use aws_sdk_s3::types::{BucketVersioningStatus, MfaDelete, VersioningConfiguration};

use super::{Server, everywhere, refused};

async fn set(server: &Server, bucket: &str, status: BucketVersioningStatus) {
    let wanted = VersioningConfiguration::builder().status(status).build();
    server.s3.put_bucket_versioning().bucket(bucket).versioning_configuration(wanted).send().await.unwrap();
}

async fn versioned(server: &Server) -> String {
    let bucket = server.bucket().await;
    set(server, &bucket, BucketVersioningStatus::Enabled).await;
    bucket
}

async fn put(server: &Server, bucket: &str, key: &str, body: &[u8]) -> String {
    let done = server.s3.put_object().bucket(bucket).key(key).body(body.to_vec().into()).send().await.unwrap();
    done.version_id().unwrap().to_owned()
}

async fn read(server: &Server, bucket: &str, version: &str) -> Vec<u8> {
    let got = server.s3.get_object().bucket(bucket).key("k").version_id(version).send().await.unwrap();
    got.body.collect().await.unwrap().to_vec()
}

/// The ids of the objects of a bucket, as listed.
async fn listed(server: &Server, bucket: &str) -> Vec<String> {
    let all = server.s3.list_object_versions().bucket(bucket).send().await.unwrap();
    all.versions().iter().map(|version| version.version_id().unwrap().to_owned()).collect()
}

#[test]
fn versioning_is_unset_then_enabled_then_suspended() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let status = async || server.s3.get_bucket_versioning().bucket(&bucket).send().await.unwrap().status;
        assert_eq!(status().await, None);
        for wanted in [BucketVersioningStatus::Enabled, BucketVersioningStatus::Suspended] {
            set(server, &bucket, wanted.clone()).await;
            assert_eq!(status().await, Some(wanted));
        }
    });
}

#[test]
fn deletion_by_second_factor_takes_a_second_factor() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let wanted = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled);
        let wanted = wanted.mfa_delete(MfaDelete::Enabled).build();
        let call = server.s3.put_bucket_versioning().bucket(&bucket).versioning_configuration(wanted);
        let refusal = refused(call.send().await);
        assert!(refusal.status >= 400, "{refusal:?}");
        let versioning = server.s3.get_bucket_versioning().bucket(&bucket).send().await.unwrap();
        assert_eq!((versioning.status(), versioning.mfa_delete()), (None, None));
    });
}

#[test]
fn a_delete_marker_hides_the_key_and_says_so() {
    everywhere(async |server| {
        let bucket = versioned(server).await;
        let version = put(server, &bucket, "k", b"one").await;
        let deleted = server.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!(deleted.delete_marker(), Some(true));
        let marker = deleted.version_id().unwrap().to_owned();

        let hidden = server.ask("GET", &format!("/{bucket}/k")).sign().send().await;
        assert_eq!((hidden.status, hidden.code()), (404, "NoSuchKey"));
        assert_eq!(
            (hidden.header("x-amz-delete-marker"), hidden.header("x-amz-version-id")),
            ("true", marker.as_str())
        );
        let head = server.ask("HEAD", &format!("/{bucket}/k")).sign().send().await;
        assert_eq!((head.status, head.header("x-amz-delete-marker")), (404, "true"));

        let named = server.ask("GET", &format!("/{bucket}/k?versionId={marker}")).sign().send().await;
        assert_eq!((named.status, named.code()), (405, "MethodNotAllowed"));
        assert_eq!((named.header("x-amz-delete-marker"), named.header("allow")), ("true", "DELETE"));
        assert_eq!(read(server, &bucket, &version).await, b"one");

        let undone = server.s3.delete_object().bucket(&bucket).key("k").version_id(&marker).send().await.unwrap();
        assert_eq!((undone.delete_marker(), undone.version_id()), (Some(true), Some(marker.as_str())));
        assert_eq!(server.get(&bucket, "k").await, b"one");
    });
}

#[test]
fn a_key_that_never_was_gets_a_marker_too() {
    everywhere(async |server| {
        let bucket = versioned(server).await;
        let deleted = server.s3.delete_object().bucket(&bucket).key("never").send().await.unwrap();
        assert_eq!(deleted.delete_marker(), Some(true));
        let all = server.s3.list_object_versions().bucket(&bucket).send().await.unwrap();
        assert_eq!((all.versions().len(), all.delete_markers()[0].is_latest()), (0, Some(true)));
        let refusal = refused(server.s3.delete_bucket().bucket(&bucket).send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (409, "BucketNotEmpty"));
    });
}

#[test]
fn what_was_there_before_versioning_is_the_null_version() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"before").await;
        set(server, &bucket, BucketVersioningStatus::Enabled).await;
        let one = put(server, &bucket, "k", b"one").await;
        assert_eq!(read(server, &bucket, "null").await, b"before");
        assert_eq!(listed(server, &bucket).await, [one.as_str(), "null"]);
        // Suspended, a write replaces the null version wherever it is, and no other.
        set(server, &bucket, BucketVersioningStatus::Suspended).await;
        assert_eq!(put(server, &bucket, "k", b"null again").await, "null");
        assert_eq!(listed(server, &bucket).await, ["null", one.as_str()]);
        assert_eq!(read(server, &bucket, "null").await, b"null again");
        // So does a delete: its marker is the null version then.
        let deleted = server.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!((deleted.delete_marker(), deleted.version_id()), (Some(true), Some("null")));
        assert_eq!(listed(server, &bucket).await, [one.as_str()]);
        assert_eq!(read(server, &bucket, &one).await, b"one");
    });
}

#[test]
fn a_version_is_brought_back_by_copying_it() {
    everywhere(async |server| {
        let bucket = versioned(server).await;
        let one = put(server, &bucket, "k", b"one").await;
        put(server, &bucket, "k", b"two").await;
        let source = format!("{bucket}/k?versionId={one}");
        let copied = server.s3.copy_object().bucket(&bucket).key("k").copy_source(&source).send().await.unwrap();
        assert_eq!(copied.copy_source_version_id(), Some(one.as_str()));
        assert_eq!(server.get(&bucket, "k").await, b"one");
        assert_eq!(listed(server, &bucket).await.len(), 3);
        server.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
        let all = server.s3.list_object_versions().bucket(&bucket).send().await.unwrap();
        let marker = all.delete_markers()[0].version_id().unwrap();
        let source = format!("{bucket}/k?versionId={marker}");
        let refusal = refused(server.s3.copy_object().bucket(&bucket).key("x").copy_source(source).send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (400, "InvalidRequest"));
    });
}

#[test]
fn deleting_a_version_that_is_not_there_succeeds() {
    everywhere(async |server| {
        let bucket = versioned(server).await;
        let one = put(server, &bucket, "k", b"one").await;
        put(server, &bucket, "k", b"two").await;
        for _ in 0..2 {
            let deleted = server.s3.delete_object().bucket(&bucket).key("k").version_id(&one).send().await.unwrap();
            assert_eq!((deleted.delete_marker(), deleted.version_id()), (None, Some(one.as_str())));
        }
        let refusal = refused(server.s3.get_object().bucket(&bucket).key("k").version_id(&one).send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (404, "NoSuchVersion"));
        assert_eq!(server.get(&bucket, "k").await, b"two");
    });
}

#[test]
fn a_bucket_is_emptied_page_by_page_while_it_is_listed() {
    everywhere(async |server| {
        let bucket = versioned(server).await;
        for number in 0..7 {
            put(server, &bucket, "k", &[number]).await;
        }
        let (mut key, mut version) = (None, None);
        let mut pages = 0;
        loop {
            let call = server.s3.list_object_versions().bucket(&bucket).max_keys(3);
            let page = call.set_key_marker(key).set_version_id_marker(version).send().await.unwrap();
            for found in page.versions() {
                let call = server.s3.delete_object().bucket(&bucket).key("k").set_version_id(found.version_id.clone());
                call.send().await.unwrap();
            }
            pages += 1;
            if page.is_truncated() != Some(true) {
                break;
            }
            (key, version) = (page.next_key_marker, page.next_version_id_marker);
        }
        assert_eq!(pages, 3);
        server.s3.delete_bucket().bucket(&bucket).send().await.unwrap();
    });
}
