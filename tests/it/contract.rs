//! What the layer below the window promises, asked of real servers: practice storage always, and the server that
//! `BRIMFUL_TEST_ENDPOINT` names (with the usual AWS variables) where it is set.
//!
//! A server may lack a feature; it must then say so. It must never do something else.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::future::Future;
use std::time::Duration;

use brimful::domain::bucket_settings::{
    Acl, DefaultEncryption, IndexDocument, SettingKind, SettingValue, Website, acl,
};
use brimful::domain::connection::{Addressing, ChecksumMode, Connection, ConnectionId, SignIn, StoreTarget, Target};
use brimful::domain::public_access::{
    AclOf, BlockPublicAccess, CannedAcl, Grant, Grantee, ObjectOwnership, Permission,
};
use brimful::domain::setup::Encryption;
use brimful::domain::{cors, lifecycle};
use brimful::practice::{Options, Server};
use brimful::s3::body::Body;
use brimful::s3::bucket::{self, NewBucket};
use brimful::s3::connect::{PracticeAccess, connect};
use brimful::s3::error::Kind;
use brimful::s3::object::{self, Guard, ObjectHeaders};
use brimful::s3::presign::{self, Overrides};
use brimful::s3::secrets::Secrets;
use brimful::s3::settings::{self, Readable};
use brimful::s3::store::Store;
use brimful::s3::{copy, delete, list, multipart, policy, probe, versions};
use bytes::Bytes;
use test_case::test_case;
use tokio_util::sync::CancellationToken;

/// A server to ask, and what it calls itself in a failure.
struct Asked {
    store: Store,
    endpoint: String,
    /// Practice storage must keep every promise; another server may lack a feature.
    strict: bool,
}

fn connection(target: Target) -> Connection {
    let id = ConnectionId::random();
    Connection { id, name: "Contract".into(), target, production: false, last_opened: None, bucket_count: None }
}

/// Runs a promise against every server there is.
fn everywhere<F: Future<Output = ()>>(promise: impl Fn(Asked, String) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let server = Server::start(Options { dir: dir.path().join("store"), port: None }).await.unwrap();
        let keys = server.credentials();
        let access = PracticeAccess {
            endpoint: server.endpoint(),
            access_key_id: keys.access_key_id.clone(),
            secrets: Secrets::new(&keys.secret_access_key, None),
        };
        let store = connect(&connection(Target::Practice), None, Some(access)).await.unwrap();
        promise(Asked { store, endpoint: server.endpoint(), strict: true }, fresh_name()).await;
        server.shutdown().await;
        if let Ok(endpoint) = std::env::var("BRIMFUL_TEST_ENDPOINT") {
            let store = elsewhere(&endpoint).await;
            let name = fresh_name();
            promise(Asked { store: store.clone(), endpoint, strict: false }, name.clone()).await;
            clear_away(&store, &name).await;
        }
    });
}

fn fresh_name() -> String {
    format!("brimful-contract-{}", &uuid::Uuid::new_v4().simple().to_string()[..12])
}

async fn elsewhere(endpoint: &str) -> Store {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let target = Target::Store(StoreTarget {
        preset: "custom".into(),
        endpoint: endpoint.to_owned(),
        region: std::env::var("AWS_REGION").unwrap_or_else(|_| "us-east-1".into()),
        addressing: Addressing::Path,
        checksums: ChecksumMode::WhenRequired,
        sign_in: SignIn::Keys { access_key_id: variable("AWS_ACCESS_KEY_ID"), has_session_token: false },
        public_base_url: None,
    });
    connect(&connection(target), Some(Secrets::new(&variable("AWS_SECRET_ACCESS_KEY"), None)), None).await.unwrap()
}

async fn clear_away(store: &Store, name: &str) {
    while let Ok(page) = list::list_page(store, name, "", None, None, None).await {
        if page.objects.is_empty() {
            break;
        }
        let keys: Vec<String> = page.objects.into_iter().map(|object| object.key).collect();
        delete::delete_objects(store, name, &keys).await.unwrap();
    }
    bucket::delete_bucket(store, name).await.unwrap();
}

async fn make(store: &Store, name: &str) {
    let new = NewBucket { name: name.to_owned(), region: "us-east-1".into(), ownership: None, object_lock: false };
    bucket::create_bucket(store, &new).await.unwrap();
}

async fn put(store: &Store, name: &str, key: &str, text: &str) {
    let body = Body::Bytes(Bytes::from(text.to_owned()));
    let headers = ObjectHeaders { content_type: Some("image/png".into()), ..ObjectHeaders::default() };
    object::put_object(store, name, key, (&body).into(), &headers, &Guard::Overwrite).await.unwrap();
}

#[test]
fn a_bucket_is_made_found_and_deleted() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        let listed = bucket::list_buckets(&asked.store).await.unwrap();
        assert!(listed.iter().any(|bucket| bucket.name == name), "{} does not list it", asked.endpoint);
        bucket::head_bucket(&asked.store, &name).await.unwrap();
        bucket::delete_bucket(&asked.store, &name).await.unwrap();
        let gone = bucket::head_bucket(&asked.store, &name).await.unwrap_err();
        assert!(matches!(gone.kind, Kind::NotThere(_)), "{gone:?}");
        // So that clearing away finds something.
        make(&asked.store, &name).await;
    });
}

#[test]
fn bytes_and_headers_come_back_under_any_key() {
    const KEYS: [&str; 9] = [
        "plain.png",
        "a b+c.png",
        "100%.png",
        "日本/写真.png",
        "it's(1)!.png",
        "a//b.png",
        "a#b?c&d=e.png",
        "ümlaut é.png",
        "deep/er/and/deeper/x.png",
    ];
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        for key in KEYS {
            let headers = ObjectHeaders {
                content_type: Some("image/png".into()),
                cache_control: Some("public, max-age=60".into()),
                metadata: vec![("photographer".into(), "maria".into())],
                ..ObjectHeaders::default()
            };
            let body = Body::Bytes(Bytes::from(format!("bytes of {key}")));
            object::put_object(&asked.store, &name, key, (&body).into(), &headers, &Guard::Overwrite).await.unwrap();
            let bytes = object::get_object(&asked.store, &name, key, None, 1000).await.unwrap();
            assert_eq!(bytes, format!("bytes of {key}"), "{key} at {}", asked.endpoint);
            let details = object::head_object(&asked.store, &name, key).await.unwrap();
            assert_eq!(details.content_type.as_deref(), Some("image/png"), "{key}");
            assert_eq!(details.cache_control.as_deref(), Some("public, max-age=60"), "{key}");
            assert_eq!(details.metadata, [("photographer".to_owned(), "maria".to_owned())], "{key}");
            assert_eq!(details.size_bytes, bytes.len() as u64, "{key}");
        }
        let part = object::get_object(&asked.store, &name, "plain.png", Some(6..8), 1000).await.unwrap();
        assert_eq!(part, "of");
        let missing = object::head_object(&asked.store, &name, "nowhere.png").await.unwrap_err();
        assert!(matches!(missing.kind, Kind::NotThere(_)), "{missing:?}");
    });
}

#[test]
fn pages_of_a_listing_leave_nothing_out_and_fold_folders() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        for key in ["a.png", "b/1.png", "b/2.png", "c.png", "d/e/f.png", "z.png", "ä.png"] {
            put(&asked.store, &name, key, "x").await;
        }
        let (mut folders, mut objects, mut token) = (Vec::new(), Vec::new(), None);
        for _ in 0..10 {
            let page = list::list_page(&asked.store, &name, "", Some("/"), token.as_deref(), Some(2)).await.unwrap();
            folders.extend(page.folders);
            objects.extend(page.objects.into_iter().map(|object| object.key));
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(folders, ["b/", "d/"], "{}", asked.endpoint);
        assert_eq!(objects, ["a.png", "c.png", "z.png", "ä.png"], "{}", asked.endpoint);
        let inside = list::list_page(&asked.store, &name, "b/", Some("/"), None, None).await.unwrap();
        assert_eq!(inside.objects.len(), 2);
    });
}

#[test]
fn nothing_is_overwritten_unasked() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        put(&asked.store, &name, "taken.png", "first").await;
        let body = Body::Bytes(Bytes::from_static(b"second"));
        let headers = ObjectHeaders::default();
        let guarded =
            object::put_object(&asked.store, &name, "taken.png", (&body).into(), &headers, &Guard::IfNoneMatch).await;
        match guarded {
            Err(error) if error.kind == Kind::PreconditionFailed => {}
            Err(error) if error.kind == Kind::NotOffered && !asked.strict => return,
            other => panic!("{}: {other:?}", asked.endpoint),
        }
        let bytes = object::get_object(&asked.store, &name, "taken.png", None, 100).await.unwrap();
        assert_eq!(bytes, "first");
        object::put_object(&asked.store, &name, "free.png", (&body).into(), &headers, &Guard::IfNoneMatch)
            .await
            .unwrap();
    });
}

#[test]
fn many_are_deleted_and_the_missing_are_no_failure() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        for key in ["a.png", "b & c.png", "日本.png"] {
            put(&asked.store, &name, key, "x").await;
        }
        let keys = ["a.png", "b & c.png", "日本.png", "never-was.png"].map(str::to_owned);
        let outcome = delete::delete_objects(&asked.store, &name, &keys).await.unwrap();
        assert!(outcome.failed.is_empty(), "{:?}", outcome.failed);
        let page = list::list_page(&asked.store, &name, "", None, None, None).await.unwrap();
        assert!(page.objects.is_empty());
    });
}

#[test_case("small é+.png", 5; "whole")]
#[test_case("large é+.png", 12 << 20; "in parts")]
fn copies_are_guarded_and_proven_before_their_source_goes(key: &str, size: usize) {
    everywhere(|asked, name| async move {
        let store = &asked.store;
        make(store, &name).await;
        put(store, &name, key, &"x".repeat(size)).await;
        put(store, &name, "taken.png", "older").await;
        let source = async || {
            let found = copy::head(store, &name, key, None).await.unwrap();
            let (bucket, key) = (name.clone(), key.to_owned());
            let (etag, size_bytes) = (found.etag(), found.size_bytes());
            copy::Source { bucket, key, version_id: None, etag, size_bytes, storage_class: None }
        };
        let limits = copy::Limits { whole_bytes: 1 << 20, part_bytes: 5 << 20, parts_at_once: 2 };
        let (found, stop) = (source().await, CancellationToken::new());
        let to = |key: &str| copy::Destination { bucket: name.clone(), key: key.into(), guard: Guard::IfNoneMatch };
        let taken = copy::copy(store, &found, &to("taken.png"), &limits, &stop).await.unwrap();
        assert_eq!(taken, copy::Copied::HeldBack, "{}", asked.endpoint);
        let free = copy::copy(store, &found, &to("free.png"), &limits, &stop).await.unwrap();
        let copy::Copied::Done(written) = free else { unreachable!("{free:?} at {}", asked.endpoint) };
        assert!(copy::proof::is_proven(store, &found, &to("free.png"), &written).await.unwrap());
        let head = object::head_object(store, &name, "free.png").await.unwrap();
        assert_eq!((head.size_bytes, head.content_type.as_deref()), (size as u64, Some("image/png")));
        put(store, &name, key, "newer").await;
        assert!(!copy::proof::delete_source(store, &found).await.unwrap(), "{}", asked.endpoint);
        assert!(copy::proof::delete_source(store, &source().await).await.unwrap());
        let (left, _) = versions::list_multipart_uploads(store, &name, None, None).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
        let page = list::list_page(store, &name, "", None, None, None).await.unwrap();
        let keys: Vec<&str> = page.objects.iter().map(|object| object.key.as_str()).collect();
        assert_eq!(keys, ["free.png", "taken.png"]);
    });
}

/// A write that the server either keeps, to be read back as written, or says that it lacks.
macro_rules! kept_or_lacking {
    ($asked:expr, $what:literal, $put:expr, $get:expr, $expected:expr) => {
        match $put.await {
            Ok(()) => match $get.await {
                Readable::Is(found) => assert_eq!(found, $expected, "{} at {}", $what, $asked.endpoint),
                other => panic!("{} was written but reads {other:?} at {}", $what, $asked.endpoint),
            },
            Err(error) => {
                // Ceph says of a setting that it does not know that its argument is wrong.
                let lacking = matches!(error.kind, Kind::NotOffered | Kind::BadRequest) && !$asked.strict;
                assert!(lacking, "{} at {}: {error:?}", $what, $asked.endpoint);
            }
        }
    };
}

#[test]
fn settings_read_back_as_written() {
    everywhere(|asked, name| async move {
        let store = &asked.store;
        make(store, &name).await;
        let block = BlockPublicAccess { block_public_policy: false, ..BlockPublicAccess::ALL };
        kept_or_lacking!(
            asked,
            "Block Public Access",
            settings::put_public_access_block(store, &name, block),
            settings::get_public_access_block(store, &name),
            block
        );
        let ownership = ObjectOwnership::BucketOwnerPreferred;
        kept_or_lacking!(
            asked,
            "Object Ownership",
            settings::put_bucket_ownership_controls(store, &name, ownership),
            settings::get_bucket_ownership_controls(store, &name),
            ownership
        );
        kept_or_lacking!(
            asked,
            "versioning",
            settings::put_bucket_versioning(store, &name, true),
            async { settings::get_bucket_versioning(store, &name).await.map(|versioning| versioning.is_on()) },
            true
        );
        kept_or_lacking!(
            asked,
            "encryption",
            settings::put_bucket_encryption(store, &name, &DefaultEncryption::sse_s3()),
            async { settings::get_bucket_encryption(store, &name).await.map(Encryption::from) },
            Encryption::SseS3
        );
        let tags = vec![("project".to_owned(), "harbour".to_owned()), ("team".to_owned(), "web".to_owned())];
        kept_or_lacking!(
            asked,
            "tags",
            settings::put_bucket_tagging(store, &name, &tags),
            settings::get_bucket_tagging(store, &name),
            tags
        );
        let rules = vec![cors::viewing_rule(&["https://example.com".to_owned()])];
        kept_or_lacking!(
            asked,
            "CORS",
            settings::put_bucket_cors(store, &name, &rules),
            settings::get_bucket_cors(store, &name),
            rules
        );
        let rules = vec![lifecycle::abort_rule(7)];
        match settings::put_bucket_lifecycle_configuration(store, &name, &rules).await {
            Ok(()) => match settings::get_bucket_lifecycle_configuration(store, &name).await {
                Readable::Is(found) => assert_eq!(found[0].abort_unfinished_days, Some(7), "{}", asked.endpoint),
                other => panic!("lifecycle was written but reads {other:?}"),
            },
            Err(error) => assert!(error.kind == Kind::NotOffered && !asked.strict, "{error:?}"),
        }
    });
}

#[test]
fn what_is_not_set_is_an_answer() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        let quiet = |answer: bool, what: &str| assert!(answer, "{what} at {}", asked.endpoint);
        let cors = settings::get_bucket_cors(&asked.store, &name).await;
        quiet(matches!(cors, Readable::NotSet | Readable::NotOffered), "CORS");
        let lifecycle = settings::get_bucket_lifecycle_configuration(&asked.store, &name).await;
        quiet(matches!(lifecycle, Readable::NotSet | Readable::NotOffered), "lifecycle");
        let tags = settings::get_bucket_tagging(&asked.store, &name).await;
        quiet(matches!(tags, Readable::NotSet | Readable::NotOffered | Readable::Is(_)), "tags");
        let versioning = settings::get_bucket_versioning(&asked.store, &name).await;
        quiet(matches!(versioning, Readable::NotSet | Readable::NotOffered), "versioning");
        match policy::get_bucket_policy(&asked.store, &name).await {
            Ok(found) => assert_eq!(found, None),
            Err(error) => assert!(error.kind == Kind::NotOffered && !asked.strict, "{error:?}"),
        }
    });
}

#[test]
fn a_public_policy_opens_exactly_what_it_names() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        put(&asked.store, &name, "public/a.png", "open").await;
        put(&asked.store, &name, "private/a.png", "closed").await;
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"P","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::{name}/public/*"}}]}}"#
        );
        if asked.strict {
            let refused = policy::put_bucket_policy(&asked.store, &name, &text).await.unwrap_err();
            assert!(matches!(refused.kind, Kind::Refused(_)), "a new bucket blocks public policies: {refused:?}");
        }
        let open =
            BlockPublicAccess { block_public_policy: false, restrict_public_buckets: false, ..BlockPublicAccess::ALL };
        match settings::put_public_access_block(&asked.store, &name, open).await {
            Ok(()) => {}
            Err(error) => assert!(error.kind == Kind::NotOffered && !asked.strict, "{error:?}"),
        }
        match policy::put_bucket_policy(&asked.store, &name, &text).await {
            Ok(()) => {}
            Err(error) if error.kind == Kind::NotOffered && !asked.strict => return,
            Err(error) => panic!("{error:?}"),
        }
        let kept = policy::get_bucket_policy(&asked.store, &name).await.unwrap().unwrap();
        assert!(kept.contains("public/*"), "{kept}");
        let get = async |key: &str| {
            let url = format!("{}/{name}/{key}", asked.endpoint);
            probe::probe(&probe::Question::get(&url, 100)).await.unwrap()
        };
        let seen = get("public/a.png").await;
        assert_eq!((seen.status, seen.header("content-type")), (200, Some("image/png")), "{}", asked.endpoint);
        // A server that enforces nothing for strangers (moto) proves nothing about refusals.
        if asked.strict || get("private/a.png").await.status != 200 {
            assert_eq!(get("private/a.png").await.status, 403, "{}", asked.endpoint);
        }
        policy::delete_bucket_policy(&asked.store, &name).await.unwrap();
        assert_eq!(policy::get_bucket_policy(&asked.store, &name).await.unwrap(), None);
    });
}

#[test]
fn a_signed_link_opens_one_private_file_and_nothing_else() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        put(&asked.store, &name, "a b+é.png", "closed").await;
        let overrides =
            Overrides { content_disposition: Some("attachment; filename=\"lake.png\"".into()), ..Overrides::default() };
        let hour = Duration::from_secs(3600);
        let link = presign::presign_get_object(&asked.store, &name, "a b+é.png", hour, &overrides).await.unwrap();
        let seen = probe::probe(&probe::Question::get(link.url(), 100)).await.unwrap();
        assert_eq!((seen.status, &seen.body[..]), (200, b"closed".as_slice()), "{}", asked.endpoint);
        if asked.strict {
            assert_eq!(seen.header("content-disposition"), Some("attachment; filename=\"lake.png\""));
            let other_key = link.url().replace("a%20b", "x%20b");
            assert_ne!(other_key, link.url());
            assert_eq!(probe::probe(&probe::Question::get(&other_key, 100)).await.unwrap().status, 403);
        }
    });
}

#[test]
fn writing_an_empty_list_removes_the_setting() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        let tags = [("purpose".to_owned(), "images".to_owned())];
        match settings::put_bucket_tagging(&asked.store, &name, &tags).await {
            Err(error) if error.kind == Kind::NotOffered && !asked.strict => return,
            outcome => outcome.unwrap(),
        }
        settings::put_bucket_tagging(&asked.store, &name, &[]).await.unwrap();
        assert!(matches!(settings::get_bucket_tagging(&asked.store, &name).await, Readable::NotSet));
        let rules = [cors::viewing_rule(&["https://a.example".to_owned()])];
        settings::put_bucket_cors(&asked.store, &name, &rules).await.unwrap();
        settings::put_bucket_cors(&asked.store, &name, &[]).await.unwrap();
        assert!(matches!(settings::get_bucket_cors(&asked.store, &name).await, Readable::NotSet));
        settings::put_bucket_lifecycle_configuration(&asked.store, &name, &[lifecycle::abort_rule(7)]).await.unwrap();
        settings::put_bucket_lifecycle_configuration(&asked.store, &name, &[]).await.unwrap();
        assert!(matches!(settings::get_bucket_lifecycle_configuration(&asked.store, &name).await, Readable::NotSet));
        let website =
            Website { index_document: Some(IndexDocument { suffix: "index.html".into() }), ..Website::default() };
        match settings::put_bucket_website(&asked.store, &name, &website).await {
            // Practice storage serves no websites, and says so.
            Err(error) if error.kind == Kind::NotOffered => return,
            outcome => outcome.unwrap(),
        }
        settings::delete_bucket_website(&asked.store, &name).await.unwrap();
        assert!(matches!(settings::get_bucket_website(&asked.store, &name).await, Readable::NotSet));
    });
}

/// A value for each setting that the page of settings can change.
const SETTINGS: &[(SettingKind, &str)] = &[
    (SettingKind::Versioning, r#"{"Status":"Enabled"}"#),
    (SettingKind::Tags, r#"{"TagSet":[{"Key":"team","Value":"web"}]}"#),
    (SettingKind::Cors, r#"{"CORSRules":[{"AllowedMethods":["GET"],"AllowedOrigins":["https://a.example"]}]}"#),
    (
        SettingKind::Lifecycle,
        r#"{"Rules":[{"ID":"a","Status":"Enabled","Filter":{"Prefix":"p/"},"Expiration":{"Days":365}}]}"#,
    ),
    (SettingKind::Ownership, r#"{"Rules":[{"ObjectOwnership":"BucketOwnerPreferred"}]}"#),
    (
        SettingKind::BlockPublicAccess,
        r#"{"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":false,"RestrictPublicBuckets":false}"#,
    ),
    (SettingKind::Encryption, r#"{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}"#),
    (SettingKind::Website, r#"{"IndexDocument":{"Suffix":"index.html"},"ErrorDocument":{"Key":"404.html"}}"#),
    (SettingKind::RequestPayment, r#"{"Payer":"Requester"}"#),
    (SettingKind::Acceleration, r#"{"Status":"Enabled"}"#),
];

#[test]
fn every_setting_is_kept_or_lacking() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        let unclear = |readable: &Readable<SettingValue>| matches!(readable, Readable::MayNotRead(_));
        for kind in SettingKind::ALL {
            let found = settings::read(&asked.store, &name, kind).await;
            assert!(!(asked.strict && unclear(&found)), "{kind:?}: {found:?}");
            println!("{kind:?} of {}: {found:?}", asked.endpoint);
        }
        for (kind, json) in SETTINGS {
            let wanted = SettingValue::from_json(*kind, &serde_json::from_str(json).unwrap()).unwrap();
            match settings::write(&asked.store, &name, *kind, Some(&wanted)).await {
                Ok(()) => {
                    let found = settings::read(&asked.store, &name, *kind).await;
                    let kept = found.value().is_some_and(|found| found.same_as(&wanted));
                    assert!(kept || !asked.strict, "{kind:?}: {found:?}");
                    println!("{kind:?} at {}: kept {kept}: {found:?}", asked.endpoint);
                    settings::write(&asked.store, &name, *kind, None).await.unwrap();
                }
                Err(error) => {
                    assert!(!asked.strict, "{kind:?}: {error:?}");
                    println!("{kind:?} at {}: refused: {}", asked.endpoint, error.sentence());
                }
            }
        }
    });
}

#[test]
fn a_new_bucket_is_nobody_elses() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        match settings::get_bucket_acl(&asked.store, &name).await {
            Readable::Is(acl) => assert!(!acl.grants.is_public(), "{acl:?}"),
            Readable::NotOffered if !asked.strict => {}
            other => panic!("{other:?}"),
        }
    });
}

/// Everything that a list of the store's own can hold is written as it was asked for, of a bucket and of a file.
#[test]
fn access_lists_are_kept_as_they_are_written() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        let store = &asked.store;
        // Where lists always count, there is nothing to open first.
        for outcome in [
            settings::put_bucket_ownership_controls(store, &name, ObjectOwnership::ObjectWriter).await,
            settings::put_public_access_block(store, &name, BlockPublicAccess::NONE).await,
        ] {
            assert!(outcome.is_ok() || !asked.strict, "{outcome:?}");
        }
        put(store, &name, "cat.txt", "meow").await;
        let Readable::Is(Acl { owner: Some(owner), .. }) = settings::get_bucket_acl(store, &name).await else {
            assert!(!asked.strict, "lists are offered");
            return;
        };
        let odd = {
            let mut odd = Acl::of_canned(CannedAcl::PublicRead, &owner, &owner);
            odd.grants.0.push(Grant { grantee: Grantee::AuthenticatedUsers, permission: Permission::ReadAcp });
            odd
        };
        let named = |of| acl::choices(of, false).into_iter().map(|canned| Acl::of_canned(canned, &owner, &owner));
        for wanted in named(AclOf::Bucket).chain([odd.clone()]) {
            let written = settings::put_bucket_acl(store, &name, &wanted).await;
            let found = settings::get_bucket_acl(store, &name).await;
            let kept = written.is_ok() && found.value().is_some_and(|found| found.same_as(&wanted));
            println!("bucket at {}: kept {kept}: {:?}", asked.endpoint, acl::lines(AclOf::Bucket, &wanted));
            assert!(kept || !asked.strict, "{written:?} {found:?}");
        }
        for wanted in named(AclOf::Object).chain([odd]) {
            let written = settings::put_object_acl(store, &name, "cat.txt", &wanted).await;
            let found = settings::get_object_acl(store, &name, "cat.txt").await;
            let kept = written.is_ok() && found.value().is_some_and(|found| found.same_as(&wanted));
            println!("file at {}: kept {kept}: {:?}", asked.endpoint, acl::lines(AclOf::Object, &wanted));
            assert!(kept || !asked.strict, "{written:?} {found:?}");
        }
    });
}

#[test]
fn an_unfinished_upload_is_listed_by_its_very_name_and_called_off() {
    everywhere(|asked, name| async move {
        make(&asked.store, &name).await;
        let key = "a b+c/é%41.bin";
        let begun = multipart::create_multipart_upload(&asked.store, &name, key, &ObjectHeaders::default()).await;
        let id = begun.unwrap().id;
        let list = async || versions::list_multipart_uploads(&asked.store, &name, None, None).await.unwrap().0;
        let found = list().await;
        assert_eq!(
            found.iter().map(|it| (it.key.as_str(), it.upload_id.as_str())).collect::<Vec<_>>(),
            [(key, id.as_str())]
        );
        let stored = multipart::stored_parts(&asked.store, &name, key, &id).await.unwrap();
        assert_eq!(stored, multipart::Stored::default());
        multipart::abort_multipart_upload(&asked.store, &name, &found[0].key, &found[0].upload_id).await.unwrap();
        assert!(list().await.is_empty(), "{}", asked.endpoint);
    });
}
