//! Objects of practice storage, by the real SDK.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, Delete, MetadataDirective, ObjectIdentifier};
use test_case::test_case;

use crate::practice_support::{Practice, code};

#[tokio::test]
async fn an_object_keeps_everything_that_was_said_about_it() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let call = practice.s3.put_object().bucket("box").key("k").body(ByteStream::from_static(b"hello"));
    let call = call.content_type("text/plain; charset=utf-8").cache_control("max-age=60").content_language("de");
    let call =
        call.content_disposition("inline").metadata("who", "me").tagging("a=1&b=2").website_redirect_location("/x");
    let put = call.send().await.unwrap();
    assert_eq!(put.e_tag(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
    let head =
        practice.s3.head_object().bucket("box").key("k").checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(head.content_type(), Some("text/plain; charset=utf-8"));
    assert_eq!((head.cache_control(), head.content_language()), (Some("max-age=60"), Some("de")));
    assert_eq!(head.content_disposition(), Some("inline"));
    assert_eq!(head.metadata().unwrap()["who"], "me");
    assert_eq!(head.website_redirect_location(), Some("/x"));
    assert_eq!((head.content_length(), head.checksum_crc32()), (Some(5), Some("NhCmhg==")));
    let tags = practice.s3.get_object_tagging().bucket("box").key("k").send().await.unwrap();
    assert_eq!(tags.tag_set().len(), 2);

    let copy = practice.s3.copy_object().bucket("box").key("copy").copy_source("box/k");
    let copy = copy.metadata_directive(MetadataDirective::Replace).content_type("text/html").send().await.unwrap();
    assert_eq!(copy.copy_object_result().unwrap().e_tag(), put.e_tag());
    let head = practice.s3.head_object().bucket("box").key("copy").send().await.unwrap();
    assert_eq!((head.content_type(), head.cache_control()), (Some("text/html"), None));
    assert_eq!(practice.get("box", "copy").await, b"hello");
}

#[test_case("../../etc/passwd"; "climbing")]
#[test_case("/absolute"; "leading slash")]
#[test_case("a//b///c"; "empty segments")]
#[test_case("."; "dot")]
#[test_case("folder/"; "folder marker")]
#[test_case("日本 +%&=;:@,?#[]{}.png"; "special letters")]
#[test_case("line\nbreak\ttab\u{1}"; "control characters")]
#[test_case("C:\\windows\\con"; "backslashes")]
#[tokio::test]
async fn any_legal_key_is_stored_and_stays_in_the_folder(key: &str) {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let long = format!("{key}{}", "x".repeat(1024 - key.len()));
    for key in [key, &long] {
        practice.put("box", key, key.as_bytes()).await;
        assert_eq!(practice.get("box", key).await, key.as_bytes());
    }
    let listed = practice.s3.list_objects_v2().bucket("box").encoding_type("url".into()).send().await.unwrap();
    assert_eq!(listed.contents().len(), 2);
    practice.server.shutdown().await;
    let beside: Vec<_> =
        std::fs::read_dir(practice.dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside, ["store"]);
}

#[tokio::test]
async fn writes_hold_to_their_conditions() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let new = |key: &str| practice.s3.put_object().bucket("box").key(key).if_none_match("*").send();
    new("k").await.unwrap();
    assert_eq!(code(&new("k").await), "PreconditionFailed");
    let tag = practice.s3.head_object().bucket("box").key("k").send().await.unwrap().e_tag().unwrap().to_owned();
    let over = |key: &str, tag: &str| {
        practice.s3.put_object().bucket("box").key(key).if_match(tag).body(b"2".to_vec().into()).send()
    };
    over("k", &tag).await.unwrap();
    assert_eq!(code(&over("k", &tag).await), "PreconditionFailed");
    assert_eq!(code(&over("none", &tag).await), "NoSuchKey");
    assert_eq!(code(&over("k", "*").await), "NotImplemented");
    let odd = practice.s3.put_object().bucket("box").key("k").if_none_match(&tag).send().await;
    assert_eq!(code(&odd), "NotImplemented");
}

#[tokio::test]
async fn of_many_writers_to_a_new_key_one_wins() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let writers = (0..16).map(|number| {
        let body = vec![number; 1000];
        practice.s3.put_object().bucket("box").key("k").if_none_match("*").body(body.into()).send()
    });
    let outcomes = futures_util::future::join_all(writers).await;
    let winners: Vec<_> =
        outcomes.iter().enumerate().filter(|(_, outcome)| outcome.is_ok()).map(|(at, _)| at).collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(practice.get("box", "k").await, vec![u8::try_from(winners[0]).unwrap(); 1000]);
}

#[tokio::test]
async fn reads_hold_to_their_conditions_and_ranges() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    practice.put("box", "k", b"0123456789").await;
    let get = || practice.s3.get_object().bucket("box").key("k");
    let tag = practice.s3.head_object().bucket("box").key("k").send().await.unwrap().e_tag().unwrap().to_owned();
    assert_eq!(code(&get().if_none_match(&tag).send().await), "304");
    assert_eq!(code(&get().if_match("\"other\"").send().await), "PreconditionFailed");
    let part = get().range("bytes=-3").send().await.unwrap();
    assert_eq!(part.content_range(), Some("bytes 7-9/10"));
    assert_eq!(part.body.collect().await.unwrap().to_vec(), b"789");
    assert_eq!(code(&get().range("bytes=10-").send().await), "InvalidRange");
}

#[test_case(ChecksumAlgorithm::Crc32)]
#[test_case(ChecksumAlgorithm::Crc32C)]
#[test_case(ChecksumAlgorithm::Crc64Nvme)]
#[test_case(ChecksumAlgorithm::Sha1)]
#[test_case(ChecksumAlgorithm::Sha256)]
#[tokio::test]
async fn a_checksum_is_verified_kept_and_told(algorithm: ChecksumAlgorithm) {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let body: Vec<u8> = (0..700_000_u32).flat_map(u32::to_le_bytes).collect();
    let put = practice.s3.put_object().bucket("box").key("k").checksum_algorithm(algorithm).body(body.clone().into());
    put.send().await.unwrap();
    // The SDK verifies the checksum of what it gets.
    let got =
        practice.s3.get_object().bucket("box").key("k").checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(got.body.collect().await.unwrap().to_vec(), body);
}

#[tokio::test]
async fn a_body_that_is_not_the_promised_one_is_refused_and_leaves_nothing() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let put = || practice.s3.put_object().bucket("box").key("k").body(b"abc".to_vec().into());
    assert_eq!(code(&put().checksum_crc32("AAAAAA==").send().await), "BadDigest");
    assert_eq!(code(&put().checksum_sha256("AAAA").send().await), "InvalidRequest");
    assert_eq!(code(&put().content_md5("1B2M2Y8AsgTpgAmY7PhCfg==").send().await), "BadDigest");
    assert_eq!(code(&put().content_md5("nonsense").send().await), "InvalidDigest");
    assert_eq!(practice.s3.list_objects_v2().bucket("box").send().await.unwrap().key_count(), Some(0));
    let incoming = practice.dir.path().join("store/incoming");
    assert_eq!(std::fs::read_dir(incoming).unwrap().count(), 0);
}

#[tokio::test]
async fn many_objects_are_deleted_at_once() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    for key in ["a", "b", "c"] {
        practice.put("box", key, b"x").await;
    }
    let named = ["a", "c", "never there"].map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
    let delete = Delete::builder().set_objects(Some(named.to_vec())).build().unwrap();
    let done = practice.s3.delete_objects().bucket("box").delete(delete).send().await.unwrap();
    assert_eq!((done.deleted().len(), done.errors().len()), (3, 0));
    let left = practice.s3.list_objects_v2().bucket("box").send().await.unwrap();
    assert_eq!(left.contents().iter().map(|object| object.key().unwrap()).collect::<Vec<_>>(), ["b"]);
}
