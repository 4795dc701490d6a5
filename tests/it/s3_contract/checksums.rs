//! Checksums: verified on the way in, kept, told on the way out.

use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart};
use test_case::test_case;

use super::{everywhere, refused};

const CHUNKED: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

#[test_case("x-amz-checksum-crc32", "NhCmhg=="; "crc32")]
#[test_case("x-amz-checksum-crc32c", "mnG7TA=="; "crc32c")]
#[test_case("x-amz-checksum-crc64nvme", "M3eFcAZSQlc="; "crc64nvme")]
#[test_case("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="; "sha1")]
#[test_case("x-amz-checksum-sha256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="; "sha256")]
fn a_checksum_in_a_header_is_verified_kept_and_told(name: &str, value: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let path = format!("/{bucket}/k");
        let put = server.ask("PUT", &path).header(name, value).body("hello").sign().send().await;
        assert_eq!((put.status, put.header(name)), (200, value), "{}", put.text);
        let silent = server.ask("HEAD", &path).sign().send().await;
        assert_eq!(silent.header(name), "");
        let told = server.ask("HEAD", &path).header("x-amz-checksum-mode", "ENABLED").sign().send().await;
        assert_eq!((told.header(name), told.header("x-amz-checksum-type")), (value, "FULL_OBJECT"));
        let other = server.ask("PUT", &path).header(name, value).body("hullo").sign().send().await;
        assert_eq!((other.status, other.code()), (400, "BadDigest"), "{}", other.text);
        assert_eq!(server.get(&bucket, "k").await, b"hello");
    });
}

#[test]
fn an_object_without_a_checksum_gets_one() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let path = format!("/{bucket}/k");
        server.ask("PUT", &path).body("hello").sign().send().await;
        let told = server.ask("HEAD", &path).header("x-amz-checksum-mode", "ENABLED").sign().send().await;
        assert_eq!(told.header("x-amz-checksum-crc64nvme"), "M3eFcAZSQlc=");
        assert_eq!(told.header("x-amz-checksum-type"), "FULL_OBJECT");
    });
}

#[test_case(&[("content-md5", "XUFAKrxLKna5cZ2REBfFkg==")], 200, "", ""; "the right md5")]
#[test_case(&[("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")], 400, "BadDigest", "The Content-MD5 you specified did not match what we received."; "another md5")]
#[test_case(&[("content-md5", "x")], 400, "InvalidDigest", "The Content-MD5 you specified was invalid."; "no md5 at all")]
#[test_case(&[("x-amz-checksum-crc32", "AAAAAA==")], 400, "BadDigest", "The CRC32 you specified did not match the calculated checksum."; "another crc32")]
#[test_case(&[("x-amz-checksum-crc32", "x")], 400, "InvalidRequest", "Value for x-amz-checksum-crc32 header is invalid."; "no crc32 at all")]
#[test_case(&[("x-amz-checksum-crc32", "NhCmhg=="), ("x-amz-checksum-sha1", "qvTGHdzF6KLavt4PO0gs2a6pQ00=")], 400, "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."; "two of them")]
fn a_promise_is_held_to(headers: &[(&str, &str)], status: u16, expected: &str, message: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let mut put = server.ask("PUT", &format!("/{bucket}/k")).body("hello");
        for (name, value) in headers {
            put = put.header(name, value);
        }
        let answer = put.sign().send().await;
        assert_eq!((answer.status, answer.code()), (status, expected), "{}", answer.text);
        if server.strict() {
            assert_eq!(answer.element("Message"), message);
        }
    });
}

/// `hello` in two chunks, with a trailing CRC32.
fn chunks(crc32: &str) -> String {
    format!("3\r\nhel\r\n2\r\nlo\r\n0\r\nx-amz-checksum-crc32:{crc32}\r\n\r\n")
}

#[test_case("NhCmhg==", "5", 200, ""; "as it was announced")]
#[test_case("AAAAAA==", "5", 400, "BadDigest"; "another checksum")]
#[test_case("NhCmhg==", "6", 400, "IncompleteBody"; "another length")]
fn chunks_that_nobody_signed_are_unpacked_and_verified(crc32: &str, length: &str, status: u16, expected: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let put = server.ask("PUT", &format!("/{bucket}/k")).header("x-amz-content-sha256", CHUNKED);
        let put = put.header("x-amz-decoded-content-length", length).header("content-encoding", "aws-chunked");
        let answer = put.header("x-amz-trailer", "x-amz-checksum-crc32").body(chunks(crc32)).sign().send().await;
        assert_eq!((answer.status, answer.code()), (status, expected), "{}", answer.text);
        if status == 200 {
            assert_eq!(server.get(&bucket, "k").await, b"hello");
            let head = server.s3.head_object().bucket(&bucket).key("k").send().await.unwrap();
            assert_eq!((head.content_encoding().unwrap_or_default(), head.content_length()), ("", Some(5)));
        }
    });
}

#[test_case("NhCmhg==", 200, ""; "as it was announced")]
#[test_case("AAAAAA==", 400, "BadDigest"; "another checksum")]
fn a_stranger_may_send_chunks_where_a_stranger_may_write(crc32: &str, status: u16, expected: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        open_to_writers(server, &bucket).await;
        let put = server.ask("PUT", &format!("/{bucket}/k")).header("x-amz-content-sha256", CHUNKED);
        let put = put.header("x-amz-decoded-content-length", "5").header("content-encoding", "aws-chunked");
        let answer = put.header("x-amz-trailer", "x-amz-checksum-crc32").body(chunks(crc32)).send().await;
        assert_eq!((answer.status, answer.code()), (status, expected), "{}", answer.text);
        if status == 200 {
            assert_eq!(server.get(&bucket, "k").await, b"hello");
        }
    });
}

/// Lets anyone write to the bucket.
pub(super) async fn open_to_writers(server: &super::Server, bucket: &str) {
    server.s3.delete_public_access_block().bucket(bucket).send().await.unwrap();
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::{bucket}/*"}}]}}"#
    );
    server.s3.put_bucket_policy().bucket(bucket).policy(policy).send().await.unwrap();
}

#[test_case("versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"; "versioning")]
#[test_case("tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"; "tagging")]
#[test_case("cors", "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>"; "cors")]
fn some_documents_need_a_digest(part: &str, document: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let ask = || server.ask("PUT", &format!("/{bucket}?{part}")).body(document);
        let bare = ask().sign().send().await;
        assert_eq!((bare.status, bare.code()), (400, "InvalidRequest"), "{}", bare.text);
        let wrong = ask().header("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==").sign().send().await;
        assert_eq!((wrong.status, wrong.code()), (400, "BadDigest"), "{}", wrong.text);
        let mut crc = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc32IsoHdlc);
        crc.update(document.as_bytes());
        let crc = base64_simd::STANDARD.encode_to_string(&crc.finalize().to_be_bytes()[4..]);
        let right = ask().header("x-amz-checksum-crc32", &crc).sign().send().await;
        assert!(right.status < 300, "{}", right.text);
    });
}

/// Uploads two parts and completes, naming the checksums of the parts where `named`.
async fn in_parts(
    server: &super::Server,
    bucket: &str,
    algorithm: ChecksumAlgorithm,
    kind: Option<ChecksumType>,
    named: bool,
) -> Result<aws_sdk_s3::operation::complete_multipart_upload::CompleteMultipartUploadOutput, super::Refused> {
    let begun = server.s3.create_multipart_upload().bucket(bucket).key("k").checksum_algorithm(algorithm.clone());
    let begun = begun.set_checksum_type(kind).send().await.unwrap();
    let id = begun.upload_id().unwrap();
    let mut parts = Vec::new();
    for (number, size) in [(1, 5 << 20), (2, 3)] {
        let part = server.s3.upload_part().bucket(bucket).key("k").upload_id(id).part_number(number);
        let part = part.checksum_algorithm(algorithm.clone()).body(vec![b'x'; size].into()).send().await.unwrap();
        let done = CompletedPart::builder().part_number(number).set_e_tag(part.e_tag);
        let sums = (part.checksum_crc32.filter(|_| named), part.checksum_sha256.filter(|_| named));
        parts.push(done.set_checksum_crc32(sums.0).set_checksum_sha256(sums.1).build());
    }
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    let call = server.s3.complete_multipart_upload().bucket(bucket).key("k").upload_id(id).multipart_upload(parts);
    match call.send().await {
        Ok(done) => Ok(done),
        outcome => Err(refused(outcome)),
    }
}

#[test]
fn parts_make_a_checksum_of_checksums_or_of_the_whole() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let done = in_parts(server, &bucket, ChecksumAlgorithm::Sha256, None, true).await.unwrap();
        assert!(done.checksum_sha256().unwrap().ends_with("-2"));
        assert_eq!(done.checksum_type(), Some(&ChecksumType::Composite));
        let kind = Some(ChecksumType::FullObject);
        let done = in_parts(server, &bucket, ChecksumAlgorithm::Crc32, kind, true).await.unwrap();
        let mut crc = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc32IsoHdlc);
        crc.update(&vec![b'x'; (5 << 20) + 3]);
        let whole = base64_simd::STANDARD.encode_to_string(&crc.finalize().to_be_bytes()[4..]);
        assert_eq!(
            (done.checksum_crc32(), done.checksum_type()),
            (Some(whole.as_str()), Some(&ChecksumType::FullObject))
        );
        let get =
            server.s3.get_object().bucket(&bucket).key("k").checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
        assert_eq!(get.body.collect().await.unwrap().to_vec().len(), (5 << 20) + 3);
    });
}

#[test]
fn a_checksum_of_checksums_needs_them_named_at_the_end() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let refused = in_parts(server, &bucket, ChecksumAlgorithm::Sha256, None, false).await.unwrap_err();
        assert_eq!((refused.status, refused.code.as_str()), (400, "InvalidRequest"));
    });
}

#[test_case(&ChecksumAlgorithm::Crc64Nvme, &ChecksumType::Composite; "crc64nvme of checksums")]
#[test_case(&ChecksumAlgorithm::Sha256, &ChecksumType::FullObject; "sha256 of the whole")]
fn not_every_algorithm_makes_every_checksum(algorithm: &ChecksumAlgorithm, kind: &ChecksumType) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let call = server.s3.create_multipart_upload().bucket(&bucket).key("k");
        let refused = refused(call.checksum_algorithm(algorithm.clone()).checksum_type(kind.clone()).send().await);
        assert_eq!((refused.status, refused.code.as_str()), (400, "InvalidRequest"));
    });
}
