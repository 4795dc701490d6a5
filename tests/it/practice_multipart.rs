//! Multipart uploads, by the real SDK.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, ChecksumType, CompletedMultipartUpload, CompletedPart};
use test_case::test_case;

use crate::practice_support::{Practice, code};

const MIB: usize = 1 << 20;

async fn begin(practice: &Practice, key: &str) -> String {
    let begun =
        practice.s3.create_multipart_upload().bucket("box").key(key).content_type("image/png").send().await.unwrap();
    begun.upload_id().unwrap().to_owned()
}

async fn part(practice: &Practice, key: &str, id: &str, number: i32, body: Vec<u8>) -> CompletedPart {
    let call = practice.s3.upload_part().bucket("box").key(key).upload_id(id).part_number(number);
    let sent = call.body(body.into()).send().await.unwrap();
    let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag().map(str::to_owned));
    part.set_checksum_crc32(sent.checksum_crc32().map(str::to_owned)).build()
}

fn parts(parts: &[CompletedPart]) -> CompletedMultipartUpload {
    CompletedMultipartUpload::builder().set_parts(Some(parts.to_vec())).build()
}

#[tokio::test]
async fn parts_become_one_object() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let id = begin(&practice, "big").await;
    let first = part(&practice, "big", &id, 2, vec![1; 5 * MIB]).await;
    let source = "box/source";
    practice.put("box", "source", &vec![2; 6 * MIB]).await;
    let copy =
        practice.s3.upload_part_copy().bucket("box").key("big").upload_id(&id).part_number(3).copy_source(source);
    let copied = copy.copy_source_range("bytes=0-5242880").send().await.unwrap();
    let result = copied.copy_part_result().unwrap();
    let second = CompletedPart::builder().part_number(3).set_e_tag(result.e_tag().map(str::to_owned));
    let second = second.set_checksum_crc32(result.checksum_crc32().map(str::to_owned)).build();
    let last = part(&practice, "big", &id, 7, b"end".to_vec()).await;

    let page = practice.s3.list_parts().bucket("box").key("big").upload_id(&id).max_parts(2).send().await.unwrap();
    assert_eq!((page.parts().len(), page.is_truncated(), page.next_part_number_marker()), (2, Some(true), Some("3")));
    let uploads = practice.s3.list_multipart_uploads().bucket("box").send().await.unwrap();
    assert_eq!(uploads.uploads()[0].upload_id(), Some(id.as_str()));

    let complete = practice.s3.complete_multipart_upload().bucket("box").key("big").upload_id(&id);
    let done = complete.multipart_upload(parts(&[first, second, last])).send().await.unwrap();
    assert!(done.e_tag().unwrap().ends_with("-3\""));
    let mut expected = vec![1; 5 * MIB];
    expected.extend(vec![2; 5 * MIB + 1]);
    expected.extend(b"end");
    assert_eq!(practice.get("box", "big").await, expected);
    let head = practice.s3.head_object().bucket("box").key("big").part_number(2).send().await.unwrap();
    assert_eq!((head.parts_count(), head.content_length()), (Some(3), Some(5 * 1024 * 1024 + 1)));
    assert_eq!(head.content_type(), Some("image/png"));
    let again = practice.s3.list_parts().bucket("box").key("big").upload_id(&id).send().await;
    assert_eq!(code(&again), "NoSuchUpload");
}

#[tokio::test]
async fn a_wrong_list_of_parts_is_refused() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let id = begin(&practice, "k").await;
    let one = part(&practice, "k", &id, 1, vec![0; 1000]).await;
    let two = part(&practice, "k", &id, 2, vec![0; 1000]).await;
    let complete = |list: Vec<CompletedPart>| {
        practice
            .s3
            .complete_multipart_upload()
            .bucket("box")
            .key("k")
            .upload_id(&id)
            .multipart_upload(parts(&list))
            .send()
    };
    assert_eq!(code(&complete(vec![one.clone(), two.clone()]).await), "EntityTooSmall");
    assert_eq!(code(&complete(vec![two.clone(), one.clone()]).await), "InvalidPartOrder");
    let wrong = CompletedPart::builder().part_number(1).e_tag("\"00000000000000000000000000000000\"").build();
    assert_eq!(code(&complete(vec![wrong]).await), "InvalidPart");
    assert_eq!(code(&complete(Vec::new()).await), "MalformedXML");
    practice.s3.abort_multipart_upload().bucket("box").key("k").upload_id(&id).send().await.unwrap();
    assert_eq!(code(&complete(vec![one]).await), "NoSuchUpload");
    let far = practice.s3.upload_part().bucket("box").key("k").upload_id("x").part_number(10_001).send().await;
    assert_eq!(code(&far), "InvalidArgument");
}

#[test_case(ChecksumAlgorithm::Crc32, ChecksumType::FullObject, ""; "crc32 of the whole")]
#[test_case(ChecksumAlgorithm::Crc64Nvme, ChecksumType::FullObject, ""; "crc64nvme")]
#[test_case(ChecksumAlgorithm::Sha256, ChecksumType::Composite, ""; "sha256 of the parts")]
#[test_case(ChecksumAlgorithm::Sha256, ChecksumType::FullObject, "InvalidRequest"; "no sha256 of the whole")]
#[test_case(ChecksumAlgorithm::Crc64Nvme, ChecksumType::Composite, "InvalidRequest"; "no composite crc64nvme")]
#[tokio::test]
async fn the_checksum_of_parts_is_sound(algorithm: ChecksumAlgorithm, kind: ChecksumType, expected: &str) {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    let call = practice.s3.create_multipart_upload().bucket("box").key("k");
    let begun = call.checksum_algorithm(algorithm.clone()).checksum_type(kind.clone()).send().await;
    assert_eq!(code(&begun), expected);
    let Ok(begun) = begun else { return };
    let id = begun.upload_id().unwrap();
    let mut done = Vec::new();
    for (number, size) in [(1, 5 * MIB), (2, 77)] {
        let call = practice.s3.upload_part().bucket("box").key("k").upload_id(id).part_number(number);
        let sent = call.checksum_algorithm(algorithm.clone()).body(vec![7; size].into()).send().await.unwrap();
        let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag().map(str::to_owned));
        let part = part.set_checksum_crc32(sent.checksum_crc32().map(str::to_owned));
        let part = part.set_checksum_crc64_nvme(sent.checksum_crc64_nvme().map(str::to_owned));
        done.push(part.set_checksum_sha256(sent.checksum_sha256().map(str::to_owned)).build());
    }
    let complete = practice.s3.complete_multipart_upload().bucket("box").key("k").upload_id(id);
    let complete = complete.multipart_upload(parts(&done)).send().await.unwrap();
    assert_eq!(complete.checksum_type(), Some(&kind));
    // The SDK verifies a checksum of the whole object on the way in.
    let got =
        practice.s3.get_object().bucket("box").key("k").checksum_mode(ChecksumMode::Enabled).send().await.unwrap();
    assert_eq!(got.body.collect().await.unwrap().to_vec(), vec![7; 5 * MIB + 77]);
}
