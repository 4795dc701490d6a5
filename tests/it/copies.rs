//! Copies inside a store, whole and in parts, and sources that change meanwhile.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::types::StorageClass;
use brimful::domain::connection::{Connection, ConnectionId, Target};
use brimful::s3::connect::{PracticeAccess, connect};
use brimful::s3::copy::proof::{delete_source, is_proven};
use brimful::s3::copy::{Copied, Destination, Limits, Source, copy, head};
use brimful::s3::error::Kind;
use brimful::s3::object::{Guard, Written};
use brimful::s3::secrets::Secrets;
use brimful::s3::store::Store;
use test_case::test_case;
use tokio_util::sync::CancellationToken;

use crate::practice_support::Practice;
use crate::rm_cli::keys;

const MIB: usize = 1 << 20;
/// Parts as small as S3 takes them.
const SMALL: Limits = Limits { whole_bytes: MIB as u64, part_bytes: 5 * MIB as u64, parts_at_once: 3 };

struct Yard {
    practice: Practice,
    store: Store,
}

impl Yard {
    /// With the buckets `from` and `there`.
    async fn new() -> Self {
        let practice = Practice::start().await;
        practice.bucket("from").await;
        practice.bucket("there").await;
        let connection = Connection {
            id: ConnectionId::PRACTICE,
            name: "Practice".into(),
            target: Target::Practice,
            production: false,
            last_opened: None,
            bucket_count: None,
        };
        let key = practice.server.credentials();
        let access = PracticeAccess {
            endpoint: practice.server.endpoint(),
            access_key_id: key.access_key_id.clone(),
            secrets: Secrets::new(&key.secret_access_key, None),
        };
        let store = connect(&connection, None, Some(access)).await.unwrap();
        Self { practice, store }
    }

    async fn put(&self, key: &str, body: Vec<u8>) -> Source {
        let put = self.practice.s3.put_object().bucket("from").key(key).body(body.into());
        let put = put.content_type("film/mp4").cache_control("max-age=60").content_language("de").metadata("who", "me");
        let put = put.tagging("a=1&b=x%20y").storage_class(StorageClass::StandardIa);
        put.set_expires(Some(aws_sdk_s3::primitives::DateTime::from_secs(1_900_000_000))).send().await.unwrap();
        self.source(key).await
    }

    async fn source(&self, key: &str) -> Source {
        let found = head(&self.store, "from", key, None).await.unwrap();
        Source {
            bucket: "from".into(),
            key: key.into(),
            version_id: None,
            etag: found.etag(),
            size_bytes: found.size_bytes(),
            storage_class: found.storage_class().map(str::to_owned),
        }
    }

    async fn copy(&self, source: &Source, guard: Guard) -> Result<Copied, brimful::s3::error::S3Error> {
        copy(&self.store, source, &to(guard), &SMALL, &CancellationToken::new()).await
    }

    async fn is_untouched(&self) -> bool {
        let uploads = self.practice.s3.list_multipart_uploads().bucket("there").send().await.unwrap();
        uploads.uploads().is_empty() && keys(&self.practice, "there").await.is_empty()
    }
}

fn to(guard: Guard) -> Destination {
    Destination { bucket: "there".into(), key: "copy é+".into(), guard }
}

fn film(mib: usize) -> Vec<u8> {
    (0..mib * MIB + 1).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

fn written(copied: Copied) -> Written {
    match copied {
        Copied::Done(written) => written,
        Copied::HeldBack | Copied::SourceChanged => unreachable!("{copied:?}"),
    }
}

#[test_case(0, 1; "whole")]
#[test_case(12, 3; "in parts")]
#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_along(mib: usize, parts: usize) {
    let yard = Yard::new().await;
    let source = yard.put("a b+é//film.mp4", film(mib)).await;
    let written = written(yard.copy(&source, Guard::IfNoneMatch).await.unwrap());
    let etag = written.etag.clone().unwrap();
    assert_eq!(etag.split_once('-').map_or(1, |(_, parts)| parts.parse().unwrap()), parts, "{etag}");
    assert!(yard.practice.get("there", "copy é+").await == film(mib));
    let head = yard.practice.s3.head_object().bucket("there").key("copy é+").send().await.unwrap();
    assert_eq!((head.content_type(), head.cache_control()), (Some("film/mp4"), Some("max-age=60")));
    assert_eq!((head.content_language(), head.metadata().unwrap()["who"].as_str()), (Some("de"), "me"));
    assert_eq!((head.storage_class(), head.expires_string().is_some()), (Some(&StorageClass::StandardIa), true));
    let tags = yard.practice.s3.get_object_tagging().bucket("there").key("copy é+").send().await.unwrap();
    let tags: Vec<_> = tags.tag_set().iter().map(|tag| format!("{}={}", tag.key(), tag.value())).collect();
    assert_eq!(tags, ["a=1", "b=x y"]);

    let to = to(Guard::IfNoneMatch);
    assert!(is_proven(&yard.store, &source, &to, &written).await.unwrap());
    assert!(delete_source(&yard.store, &source).await.unwrap());
    assert!(keys(&yard.practice, "from").await.is_empty());
}

#[test_case(0; "whole")]
#[test_case(6; "in parts")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_protected(mib: usize) {
    let yard = Yard::new().await;
    let source = yard.put("film.mp4", film(mib)).await;
    yard.practice.put("there", "copy é+", b"older").await;
    for guard in [Guard::IfNoneMatch, Guard::IfMatch("another".into())] {
        assert_eq!(yard.copy(&source, guard).await.unwrap(), Copied::HeldBack);
    }
    assert_eq!(yard.practice.get("there", "copy é+").await, b"older");
    let there = head(&yard.store, "there", "copy é+", None).await.unwrap().etag().unwrap();
    assert!(matches!(yard.copy(&source, Guard::IfMatch(there)).await, Ok(Copied::Done(_))));
    assert!(yard.practice.get("there", "copy é+").await == film(mib));
}

#[test_case(0; "whole")]
#[test_case(6; "in parts")]
#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_changed_before_is_not_copied_nor_deleted(mib: usize) {
    let yard = Yard::new().await;
    let source = yard.put("film.mp4", film(mib)).await;
    yard.practice.put("from", "film.mp4", b"newer").await;
    assert_eq!(yard.copy(&source, Guard::IfNoneMatch).await.unwrap(), Copied::SourceChanged);
    assert!(yard.is_untouched().await);
    assert!(!delete_source(&yard.store, &source).await.unwrap());
    assert_eq!(yard.practice.get("from", "film.mp4").await, b"newer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_changes_meanwhile_never_becomes_a_mixture() {
    let yard = Yard::new().await;
    let source = yard.put("film.mp4", film(60)).await;
    let change = async {
        let uploads = || yard.practice.s3.list_multipart_uploads().bucket("there").send();
        while uploads().await.unwrap().uploads().is_empty() {
            tokio::task::yield_now().await;
        }
        yard.practice.put("from", "film.mp4", b"newer").await;
    };
    let (copied, ()) = tokio::join!(Box::pin(yard.copy(&source, Guard::Overwrite)), change);
    assert_eq!(copied.unwrap(), Copied::SourceChanged);
    assert!(yard.is_untouched().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_in_parts_that_is_called_off_leaves_nothing() {
    let yard = Yard::new().await;
    let source = yard.put("film.mp4", film(6)).await;
    let stop = CancellationToken::new();
    stop.cancel();
    let outcome = copy(&yard.store, &source, &to(Guard::Overwrite), &SMALL, &stop).await;
    assert_eq!(outcome.unwrap_err().kind, Kind::Cancelled);
    assert!(yard.is_untouched().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_version_is_copied_in_parts() {
    let yard = Yard::new().await;
    let on = aws_sdk_s3::types::VersioningConfiguration::builder();
    let on = on.status(aws_sdk_s3::types::BucketVersioningStatus::Enabled).build();
    yard.practice.s3.put_bucket_versioning().bucket("from").versioning_configuration(on).send().await.unwrap();
    let old = yard.put("film.mp4", film(6)).await;
    let found = yard.practice.s3.head_object().bucket("from").key("film.mp4").send().await.unwrap();
    let old = Source { version_id: found.version_id().map(str::to_owned), ..old };
    yard.practice.put("from", "film.mp4", b"newer").await;
    written(yard.copy(&old, Guard::IfNoneMatch).await.unwrap());
    assert!(yard.practice.get("there", "copy é+").await == film(6));
}
