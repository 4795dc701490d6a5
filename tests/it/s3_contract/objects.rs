//! Objects: what is said about them is kept and told, and they are read in pieces.

use aws_sdk_s3::types::{MetadataDirective, ObjectAttributes, ServerSideEncryption, StorageClass, TaggingDirective};
use test_case::test_case;

use super::{code, everywhere, refused};

#[test]
fn what_is_said_about_an_object_is_told_again() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let put = server.s3.put_object().bucket(&bucket).key("k").body(b"hello".to_vec().into());
        let put = put.content_type("text/plain; charset=utf-8").cache_control("max-age=60").content_language("de");
        let put =
            put.content_disposition("attachment; filename=\"a.txt\"").content_encoding("gzip").metadata("who", "me");
        let put = put.tagging("a=1&b=x%20y").storage_class(StorageClass::StandardIa).send().await.unwrap();
        assert_eq!(put.e_tag(), Some("\"5d41402abc4b2a76b9719d911017c592\""));
        let head = server.s3.head_object().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!(head.content_type(), Some("text/plain; charset=utf-8"));
        assert_eq!((head.cache_control(), head.content_language()), (Some("max-age=60"), Some("de")));
        assert_eq!(head.content_disposition(), Some("attachment; filename=\"a.txt\""));
        assert_eq!((head.content_encoding(), head.content_length()), (Some("gzip"), Some(5)));
        assert_eq!(head.metadata().unwrap()["who"], "me");
        assert_eq!(head.storage_class(), Some(&StorageClass::StandardIa));
        let get = server.s3.get_object().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!((get.tag_count(), get.e_tag()), (Some(2), head.e_tag()));
    });
}

#[test]
fn a_standard_object_does_not_name_its_class_and_is_octets_unless_told() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"x").await;
        let raw = server.ask("PUT", &format!("/{bucket}/plain")).body("x").sign().send().await;
        assert_eq!(raw.status, 200, "{}", raw.text);
        let head = server.ask("HEAD", &format!("/{bucket}/plain")).sign().send().await;
        assert_eq!((head.header("content-type"), head.header("x-amz-storage-class")), ("binary/octet-stream", ""));
    });
}

#[test_case("x-amz-storage-class", "CHEAP", 400, "InvalidStorageClass"; "storage class")]
#[test_case("x-amz-server-side-encryption", "ROT13", 400, "InvalidArgument"; "encryption")]
#[test_case("x-amz-server-side-encryption-aws-kms-key-id", "k", 400, "InvalidArgument"; "a key without its encryption")]
#[test_case("x-amz-tagging", "a=1&a=2", 400, "InvalidArgument"; "a tag twice")]
#[test_case("x-amz-tagging", "aws:x=1", 400, "InvalidTag"; "a reserved tag")]
#[test_case("x-amz-website-redirect-location", "elsewhere", 400, "InvalidRedirectLocation"; "redirect")]
fn a_header_that_says_nothing_possible_is_refused(name: &str, value: &str, status: u16, expected: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let refused = server.ask("PUT", &format!("/{bucket}/k")).header(name, value).body("x").sign().send().await;
        assert_eq!((refused.status, refused.code()), (status, expected), "{}", refused.text);
        let listed = server.s3.list_objects_v2().bucket(&bucket).send().await.unwrap();
        assert_eq!(listed.key_count(), Some(0));
    });
}

#[test]
fn user_metadata_has_two_kilobytes() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let put = |size: usize| server.s3.put_object().bucket(&bucket).key("k").metadata("m", "x".repeat(size)).send();
        put(2047).await.unwrap();
        let refused = refused(put(2048).await);
        assert_eq!((refused.status, refused.code.as_str()), (400, "MetadataTooLarge"));
    });
}

#[test]
fn keys_of_the_customer_do_not_travel_in_the_clear() {
    everywhere(async |server| {
        if !server.endpoint.starts_with("http://") {
            return;
        }
        let bucket = server.bucket().await;
        let put = server.ask("PUT", &format!("/{bucket}/k")).body("x");
        let put = put.header("x-amz-server-side-encryption-customer-algorithm", "AES256");
        let put =
            put.header("x-amz-server-side-encryption-customer-key", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
        let refused =
            put.header("x-amz-server-side-encryption-customer-key-md5", "hRasmdxgYDKV3nvbahU1MA==").sign().send().await;
        assert_eq!((refused.status, refused.code()), (400, "InvalidRequest"), "{}", refused.text);
    });
}

#[test]
fn every_object_is_encrypted_and_kms_hides_the_digest() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"hello").await;
        let head = server.s3.head_object().bucket(&bucket).key("k").send().await.unwrap();
        assert_eq!(head.server_side_encryption(), Some(&ServerSideEncryption::Aes256));
        let put = server.s3.put_object().bucket(&bucket).key("kms").body(b"hello".to_vec().into());
        let put =
            put.server_side_encryption(ServerSideEncryption::AwsKms).bucket_key_enabled(true).send().await.unwrap();
        assert_ne!(put.e_tag(), head.e_tag());
        assert!(put.ssekms_key_id().unwrap().starts_with("arn:aws:kms:"));
        let head = server.s3.head_object().bucket(&bucket).key("kms").send().await.unwrap();
        assert_eq!((head.e_tag(), head.bucket_key_enabled()), (put.e_tag(), Some(true)));
        assert_eq!(server.get(&bucket, "kms").await, b"hello");
    });
}

#[test_case("bytes=0-3", 206, "0123", "bytes 0-3/10"; "from the start")]
#[test_case("bytes=7-", 206, "789", "bytes 7-9/10"; "open end")]
#[test_case("bytes=-2", 206, "89", "bytes 8-9/10"; "the last ones")]
#[test_case("bytes=-99", 206, "0123456789", "bytes 0-9/10"; "more than there are")]
#[test_case("bytes=8-99", 206, "89", "bytes 8-9/10"; "beyond the end")]
#[test_case("bytes=10-", 416, "", "bytes */10"; "only beyond the end")]
#[test_case("bytes=0-1,4-5", 200, "0123456789", ""; "several at once")]
#[test_case("lines=1-2", 200, "0123456789", ""; "another unit")]
fn a_range_is_read(range: &str, status: u16, body: &str, content_range: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"0123456789").await;
        let url = presigned(server, &bucket, "k").await;
        let answer = server.ask("GET", &url).header("range", range).send().await;
        assert_eq!(answer.status, status, "{}", answer.text);
        if status == 416 {
            assert_eq!((answer.code(), answer.element("ActualObjectSize")), ("InvalidRange", "10"));
        } else {
            assert_eq!((answer.text.as_str(), answer.header("content-range")), (body, content_range));
        }
    });
}

async fn presigned(server: &super::Server, bucket: &str, key: &str) -> String {
    let hour = aws_sdk_s3::presigning::PresigningConfig::expires_in(std::time::Duration::from_secs(3600)).unwrap();
    server.s3.get_object().bucket(bucket).key(key).presigned(hour).await.unwrap().uri().to_owned()
}

#[test]
fn a_copy_takes_everything_along_or_nothing() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let put = server.s3.put_object().bucket(&bucket).key("a b").body(b"x".to_vec().into());
        put.content_type("text/plain").metadata("m", "1").tagging("t=1").send().await.unwrap();
        let copy = |key: &str| server.s3.copy_object().bucket(&bucket).key(key).copy_source(format!("{bucket}/a%20b"));
        copy("same").send().await.unwrap();
        let head = server.s3.head_object().bucket(&bucket).key("same").send().await.unwrap();
        assert_eq!((head.content_type(), head.metadata().unwrap().len()), (Some("text/plain"), 1));
        let other = copy("other").metadata_directive(MetadataDirective::Replace).content_type("image/png");
        other.tagging_directive(TaggingDirective::Replace).tagging("t=2").send().await.unwrap();
        let head = server.s3.head_object().bucket(&bucket).key("other").send().await.unwrap();
        assert_eq!((head.content_type(), head.metadata().unwrap().len()), (Some("image/png"), 0));
        let tags = server.s3.get_object_tagging().bucket(&bucket).key("other").send().await.unwrap();
        assert_eq!(tags.tag_set()[0].value(), "2");
        let onto_itself = refused(copy("a b").send().await);
        assert_eq!((onto_itself.status, onto_itself.code.as_str()), (400, "InvalidRequest"));
        copy("a b").storage_class(StorageClass::StandardIa).send().await.unwrap();
    });
}

#[test]
fn an_archived_object_is_looked_at_but_not_read() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let put = server.s3.put_object().bucket(&bucket).key("k").body(b"x".to_vec().into());
        put.storage_class(StorageClass::Glacier).send().await.unwrap();
        server.s3.head_object().bucket(&bucket).key("k").send().await.unwrap();
        let refused = refused(server.s3.get_object().bucket(&bucket).key("k").send().await);
        assert_eq!((refused.status, refused.code.as_str()), (403, "InvalidObjectState"));
        let copy = server.s3.copy_object().bucket(&bucket).key("copy").copy_source(format!("{bucket}/k"));
        assert_eq!(code(&copy.send().await), "ObjectNotInActiveTierError");
    });
}

#[test]
fn attributes_are_told_where_they_are_asked_for() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"hello").await;
        let asked = server.s3.get_object_attributes().bucket(&bucket).key("k");
        let found = asked
            .object_attributes(ObjectAttributes::Etag)
            .object_attributes(ObjectAttributes::ObjectSize)
            .object_attributes(ObjectAttributes::StorageClass)
            .object_attributes(ObjectAttributes::Checksum)
            .send()
            .await
            .unwrap();
        assert_eq!(found.e_tag().unwrap().trim_matches('"'), "5d41402abc4b2a76b9719d911017c592");
        assert_eq!(found.object_size(), Some(5));
        assert_eq!(found.storage_class(), Some(&StorageClass::Standard));
        assert_eq!(found.checksum().unwrap().checksum_crc32(), Some("NhCmhg=="));
        assert!(found.object_parts().is_none());
    });
}

#[test]
fn a_batch_of_deletions_tells_of_each_key_unless_it_is_to_be_quiet() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        for key in ["a", "b"] {
            server.put(&bucket, key, b"x").await;
        }
        let ask = |xml: String| {
            let digest = base64_simd::STANDARD.encode_to_string(md5_of(xml.as_bytes()));
            server.ask("POST", &format!("/{bucket}?delete")).header("content-md5", &digest).body(xml).sign().send()
        };
        let told =
            ask("<Delete><Object><Key>a</Key></Object><Object><Key>none</Key></Object></Delete>".to_owned()).await;
        assert_eq!((told.status, told.text.matches("<Deleted>").count()), (200, 2), "{}", told.text);
        let quiet = ask("<Delete><Quiet>true</Quiet><Object><Key>b</Key></Object></Delete>".to_owned()).await;
        assert_eq!((quiet.status, quiet.text.matches("<Deleted>").count()), (200, 0), "{}", quiet.text);
        let many = format!("<Delete>{}</Delete>", "<Object><Key>x</Key></Object>".repeat(1001));
        let refused = ask(many).await;
        assert_eq!((refused.status, refused.code()), (400, "MalformedXML"));
    });
}

fn md5_of(bytes: &[u8]) -> [u8; 16] {
    use md5::Digest as _;
    md5::Md5::digest(bytes).into()
}
