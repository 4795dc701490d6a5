//! Uploads in parts.

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::complete_multipart_upload::{CompleteMultipartUploadError, CompleteMultipartUploadOutput};
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, ObjectAttributes};
use test_case::test_case;

use super::{Server, code, everywhere, refused};

const PART: usize = 5 << 20;

async fn begin(server: &Server, bucket: &str, key: &str) -> String {
    let begun = server.s3.create_multipart_upload().bucket(bucket).key(key).send().await.unwrap();
    begun.upload_id().unwrap().to_owned()
}

async fn part(server: &Server, bucket: &str, id: &str, number: i32, body: Vec<u8>) -> CompletedPart {
    let call = server.s3.upload_part().bucket(bucket).key("k").upload_id(id).part_number(number);
    let part = call.body(body.into()).send().await.unwrap();
    CompletedPart::builder().part_number(number).set_e_tag(part.e_tag).build()
}

async fn complete(
    server: &Server,
    bucket: &str,
    id: &str,
    parts: &[CompletedPart],
) -> Result<CompleteMultipartUploadOutput, SdkError<CompleteMultipartUploadError, HttpResponse>> {
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts.to_vec())).build();
    server.s3.complete_multipart_upload().bucket(bucket).key("k").upload_id(id).multipart_upload(parts).send().await
}

#[test]
fn parts_become_an_object_in_the_order_of_their_numbers() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let id = begin(server, &bucket, "k").await;
        let last = part(server, &bucket, &id, 7, b"end".to_vec()).await;
        let first = part(server, &bucket, &id, 2, vec![b'a'; PART]).await;
        let done = complete(server, &bucket, &id, &[first.clone(), last.clone()]).await.unwrap();
        assert!(done.e_tag().unwrap().ends_with("-2\""));
        let body = server.get(&bucket, "k").await;
        assert_eq!((body.len(), &body[PART..]), (PART + 3, b"end".as_slice()));
        let again = complete(server, &bucket, &id, &[first, last]).await.unwrap();
        assert_eq!(again.e_tag(), done.e_tag());
        let piece = server.s3.get_object().bucket(&bucket).key("k").part_number(2).send().await.unwrap();
        assert_eq!((piece.parts_count(), piece.content_length()), (Some(2), Some(3)));
        assert_eq!(piece.content_range(), Some(format!("bytes {PART}-{}/{}", PART + 2, PART + 3).as_str()));
        let beyond = refused(server.s3.get_object().bucket(&bucket).key("k").part_number(3).send().await);
        assert_eq!((beyond.status, beyond.code.as_str()), (416, "InvalidPartNumber"));
    });
}

#[test]
fn what_cannot_be_put_together_is_refused() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let id = begin(server, &bucket, "k").await;
        let small = part(server, &bucket, &id, 1, b"small".to_vec()).await;
        let last = part(server, &bucket, &id, 2, b"end".to_vec()).await;
        let wrong = CompletedPart::builder().part_number(2).e_tag("\"00000000000000000000000000000000\"").build();
        let missing = CompletedPart::builder().part_number(3).set_e_tag(last.e_tag.clone()).build();
        let cases = [
            (vec![small.clone(), last.clone()], "EntityTooSmall"),
            (vec![last.clone(), small.clone()], "InvalidPartOrder"),
            (vec![wrong], "InvalidPart"),
            (vec![missing], "InvalidPart"),
        ];
        for (parts, expected) in cases {
            let refused = refused(complete(server, &bucket, &id, &parts).await);
            assert_eq!((refused.status, refused.code.as_str()), (400, expected));
        }
        assert_eq!(code(&complete(server, &bucket, &id, &[]).await), "MalformedXML");
        complete(server, &bucket, &id, &[last]).await.unwrap();
    });
}

#[test]
fn the_refusal_of_a_small_part_names_it() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let id = begin(server, &bucket, "k").await;
        let parts =
            [part(server, &bucket, &id, 4, b"a".to_vec()).await, part(server, &bucket, &id, 9, b"b".to_vec()).await];
        let lines: String = parts
            .iter()
            .map(|part| {
                let (number, tag) = (part.part_number().unwrap(), part.e_tag().unwrap());
                format!("<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>")
            })
            .collect();
        let body = format!("<CompleteMultipartUpload>{lines}</CompleteMultipartUpload>");
        let refused = server.ask("POST", &format!("/{bucket}/k?uploadId={id}")).body(body).sign().send().await;
        assert_eq!((refused.status, refused.code()), (400, "EntityTooSmall"), "{}", refused.text);
        assert_eq!((refused.element("PartNumber"), refused.element("MinSizeAllowed")), ("4", "5242880"));
    });
}

#[test_case("0"; "zero")]
#[test_case("10001"; "beyond the last")]
fn parts_are_numbered_from_1_to_10000(number: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let id = begin(server, &bucket, "k").await;
        let path = format!("/{bucket}/k?partNumber={number}&uploadId={id}");
        let refused = server.ask("PUT", &path).body("x").sign().send().await;
        assert_eq!((refused.status, refused.code()), (400, "InvalidArgument"), "{}", refused.text);
        assert_eq!(refused.element("Message"), "Part number must be an integer between 1 and 10000, inclusive");
    });
}

#[test]
fn an_upload_that_was_called_off_is_gone() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let id = begin(server, &bucket, "k").await;
        let one = part(server, &bucket, &id, 1, b"x".to_vec()).await;
        server.s3.abort_multipart_upload().bucket(&bucket).key("k").upload_id(&id).send().await.unwrap();
        assert_eq!(code(&complete(server, &bucket, &id, &[one]).await), "NoSuchUpload");
        let call = server.s3.upload_part().bucket(&bucket).key("k").upload_id(&id).part_number(1);
        assert_eq!(code(&call.body(b"x".to_vec().into()).send().await), "NoSuchUpload");
        assert_eq!(code(&server.s3.list_parts().bucket(&bucket).key("k").upload_id(&id).send().await), "NoSuchUpload");
    });
}

#[test]
fn an_upload_is_guarded_like_a_write() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"old").await;
        let id = begin(server, &bucket, "k").await;
        let one = part(server, &bucket, &id, 1, b"new".to_vec()).await;
        let parts = CompletedMultipartUpload::builder().parts(one).build();
        let call =
            server.s3.complete_multipart_upload().bucket(&bucket).key("k").upload_id(&id).multipart_upload(parts);
        assert_eq!(code(&call.clone().if_none_match("*").send().await), "PreconditionFailed");
        assert_eq!(code(&call.clone().mpu_object_size(4).send().await), "InvalidRequest");
        call.mpu_object_size(3).send().await.unwrap();
        assert_eq!(server.get(&bucket, "k").await, b"new");
    });
}

#[test]
fn parts_are_listed_page_by_page() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let id = begin(server, &bucket, "k").await;
        for number in [1, 3, 5] {
            part(server, &bucket, &id, number, vec![b'x'; 10]).await;
        }
        let list = || server.s3.list_parts().bucket(&bucket).key("k").upload_id(&id);
        let page = list().max_parts(2).send().await.unwrap();
        let numbers = |parts: &[aws_sdk_s3::types::Part]| {
            parts.iter().map(|part| part.part_number().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!((numbers(page.parts()), page.is_truncated()), (vec![1, 3], Some(true)));
        assert_eq!(page.next_part_number_marker(), Some("3"));
        let page = list().part_number_marker("3").send().await.unwrap();
        assert_eq!((numbers(page.parts()), page.is_truncated()), (vec![5], Some(false)));
    });
}

#[test]
fn uploads_are_listed_by_prefix_folder_and_page() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        for key in ["a/1", "a/2", "b", "c d"] {
            begin(server, &bucket, key).await;
        }
        let list = || server.s3.list_multipart_uploads().bucket(&bucket);
        let keys = |uploads: &[aws_sdk_s3::types::MultipartUpload]| {
            uploads.iter().map(|upload| upload.key().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let folders = list().delimiter("/").send().await.unwrap();
        assert_eq!(keys(folders.uploads()), ["b", "c d"]);
        assert_eq!(folders.common_prefixes()[0].prefix(), Some("a/"));
        let page = list().max_uploads(2).send().await.unwrap();
        assert_eq!((keys(page.uploads()).join(" "), page.is_truncated()), ("a/1 a/2".to_owned(), Some(true)));
        let rest = list()
            .key_marker(page.next_key_marker().unwrap())
            .upload_id_marker(page.next_upload_id_marker().unwrap())
            .send()
            .await
            .unwrap();
        assert_eq!(keys(rest.uploads()), ["b", "c d"]);
        assert_eq!(keys(list().prefix("a/").send().await.unwrap().uploads()), ["a/1", "a/2"]);
        let coded = server.ask("GET", &format!("/{bucket}?uploads&encoding-type=url&prefix=c")).sign().send().await;
        assert!(["c+d", "c%20d"].contains(&coded.element("Key")), "{}", coded.text);
    });
}

#[test]
fn a_part_may_be_a_range_of_another_object() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "source", b"0123456789").await;
        let id = begin(server, &bucket, "k").await;
        let copy = |number: i32, range: &str| {
            let call = server.s3.upload_part_copy().bucket(&bucket).key("k").upload_id(&id).part_number(number);
            call.copy_source(format!("{bucket}/source")).copy_source_range(range)
        };
        assert_eq!(code(&copy(1, "bytes=0-10").send().await), "InvalidArgument");
        assert_eq!(code(&copy(1, "bytes=2-").send().await), "InvalidArgument");
        let other = "\"00000000000000000000000000000000\"";
        assert_eq!(code(&copy(1, "bytes=2-4").copy_source_if_match(other).send().await), "PreconditionFailed");
        let done = copy(1, "bytes=2-4").send().await.unwrap();
        let tag = done.copy_part_result().unwrap().e_tag().unwrap().to_owned();
        let one = CompletedPart::builder().part_number(1).e_tag(tag).build();
        complete(server, &bucket, &id, &[one]).await.unwrap();
        assert_eq!(server.get(&bucket, "k").await, b"234");
    });
}

#[test]
fn attributes_tell_how_many_parts_an_object_has() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let id = begin(server, &bucket, "k").await;
        let parts =
            [part(server, &bucket, &id, 1, vec![b'x'; PART]).await, part(server, &bucket, &id, 2, b"y".to_vec()).await];
        complete(server, &bucket, &id, &parts).await.unwrap();
        let call = server.s3.get_object_attributes().bucket(&bucket).key("k");
        let found = call.object_attributes(ObjectAttributes::ObjectParts).send().await.unwrap();
        assert_eq!(found.object_parts().unwrap().total_parts_count(), Some(2));
    });
}
