//! Object keys: any text of 1 to 1024 bytes, told apart to the byte, and their spelling in a URL.

use std::collections::BTreeSet;

use aws_sdk_s3::types::{Delete, EncodingType, ObjectIdentifier};
use test_case::test_case;

use super::{Server, code, everywhere, refused};

/// Keys that some software on the way would spoil.
const HOSTILE: [&str; 30] = [
    "a b.jpg",
    "a+b.jpg",
    "100%.txt",
    "100%25.txt",
    "日本.png",
    "a/b c/d",
    "a#b?c",
    "it's(1)!.txt",
    "a//b",
    "/leading",
    "//",
    "x/../y",
    "../../etc/passwd",
    "./here",
    ".",
    "..",
    "~x",
    "folder/",
    "trailing.",
    "A",
    "a",
    "soap",
    "CON",
    "C:\\windows\\con",
    "&$@=;:,?#[]{}|^`\"<>.png",
    "line\nbreak\ttab",
    "carriage\rreturn",
    "e\u{301}",
    "é",
    "🦀/\u{202e}gnp.exe",
];

async fn listed(server: &Server, bucket: &str) -> BTreeSet<String> {
    let call = server.s3.list_objects_v2().bucket(bucket).encoding_type(EncodingType::Url);
    let page = call.send().await.unwrap();
    let decoded = page.contents().iter().map(|object| {
        // S3 spells a space as a plus sign where it encodes keys in a listing.
        let spelled = object.key().unwrap().replace('+', " ");
        percent_encoding::percent_decode_str(&spelled).decode_utf8().unwrap().into_owned()
    });
    decoded.collect()
}

#[test]
fn hostile_keys_are_kept_apart_listed_and_deleted_to_the_byte() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        for key in HOSTILE {
            server.put(&bucket, key, format!("bytes of {key}").as_bytes()).await;
        }
        for key in HOSTILE {
            assert_eq!(server.get(&bucket, key).await, format!("bytes of {key}").as_bytes(), "{key:?}");
        }
        let all: BTreeSet<String> = HOSTILE.into_iter().map(str::to_owned).collect();
        assert_eq!(listed(server, &bucket).await, all);
        let (one_by_one, at_once) = HOSTILE.split_at(10);
        for key in one_by_one {
            server.s3.delete_object().bucket(&bucket).key(*key).send().await.unwrap();
        }
        let named = at_once.iter().map(|key| ObjectIdentifier::builder().key(*key).build().unwrap()).collect();
        let delete = Delete::builder().set_objects(Some(named)).build().unwrap();
        let done = server.s3.delete_objects().bucket(&bucket).delete(delete).send().await.unwrap();
        assert_eq!((done.deleted().len(), done.errors().len()), (at_once.len(), 0));
        let told: BTreeSet<_> = done.deleted().iter().map(|deleted| deleted.key().unwrap()).collect();
        assert_eq!(told, at_once.iter().copied().collect());
        assert_eq!(listed(server, &bucket).await, BTreeSet::new());
    });
}

#[test]
fn hostile_keys_are_copied_from_and_to_to_the_byte() {
    everywhere(async |server| {
        let (bucket, other) = (server.bucket().await, server.bucket().await);
        for key in HOSTILE {
            server.put(&bucket, key, format!("bytes of {key}").as_bytes()).await;
        }
        for key in HOSTILE {
            let source = format!("{bucket}/{}", brimful::domain::object_key::encode_path(key));
            let copy = server.s3.copy_object().bucket(&other).key(key).copy_source(source).send().await;
            assert_eq!(code(&copy), "", "{key:?}");
            assert_eq!(server.get(&other, key).await, format!("bytes of {key}").as_bytes(), "{key:?}");
        }
    });
}

#[test_case("a b.jpg", "a%20b.jpg"; "a space")]
#[test_case("a+b.jpg", "a%2Bb.jpg"; "a plus sign")]
#[test_case("100%.txt", "100%25.txt"; "a percent sign")]
#[test_case("日本.png", "%E6%97%A5%E6%9C%AC.png"; "beyond ASCII")]
#[test_case("a/b c/d", "a/b%20c/d"; "slashes between")]
#[test_case("a#b?c", "a%23b%3Fc"; "what ends a path")]
#[test_case("it's(1)!.txt", "it%27s%281%29%21.txt"; "encoded as signed")]
#[test_case("it's(1)!.txt", "it's(1)!.txt"; "sent as it is")]
#[test_case("a//b", "a//b"; "an empty segment")]
#[test_case("x/../y", "x/../y"; "a segment that climbs")]
#[test_case("~x", "~x"; "a tilde")]
#[test_case("~x", "%7Ex"; "a tilde that is encoded")]
fn a_url_leads_to_the_key_that_it_spells(key: &str, path: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, key, b"by SDK").await;
        let target = format!("/{bucket}/{path}");
        let found = server.ask("GET", &target).sign().send().await;
        assert_eq!((found.status, found.text.as_str()), (200, "by SDK"));
        let put = server.ask("PUT", &target).body("by hand").sign().send().await;
        assert_eq!(put.status, 200, "{}", put.text);
        assert_eq!(server.get(&bucket, key).await, b"by hand");
        assert_eq!(listed(server, &bucket).await, BTreeSet::from([key.to_owned()]));
        let part = server.ask("GET", &target).header("range", "bytes=3-").sign().send().await;
        assert_eq!((part.status, part.header("content-range"), &part.body[..]), (206, "bytes 3-6/7", &b"hand"[..]));
    });
}

#[test]
fn a_key_has_at_most_1024_bytes() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        for key in ["a".repeat(1024), "€".repeat(341), format!("{}/{}", "d".repeat(900), "f".repeat(123))] {
            server.put(&bucket, &key, key.as_bytes()).await;
            assert_eq!(server.get(&bucket, &key).await, key.as_bytes());
        }
        for key in ["a".repeat(1025), "€".repeat(342)] {
            let refusal = refused(server.s3.put_object().bucket(&bucket).key(key).send().await);
            assert_eq!((refusal.status, refusal.code.as_str()), (400, "KeyTooLongError"));
        }
    });
}

#[test]
fn the_case_of_letters_tells_keys_apart() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "Photo.JPG", b"upper").await;
        assert_eq!(code(&server.s3.get_object().bucket(&bucket).key("photo.jpg").send().await), "NoSuchKey");
        server.put(&bucket, "photo.jpg", b"lower").await;
        assert_eq!(server.get(&bucket, "Photo.JPG").await, b"upper");
    });
}
