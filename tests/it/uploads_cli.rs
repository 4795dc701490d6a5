//! Uploads in parts that nobody finished, seen and called off in a terminal.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::primitives::ByteStream;

use crate::ls_cli::says;
use crate::practice_support::Practice;

/// A store with an unfinished upload of two parts, and one of none.
async fn with_leftovers() -> Practice {
    let practice = Practice::start().await;
    practice.bucket("acme").await;
    practice.put("acme", "done.txt", b"done").await;
    for (key, parts) in [("films/a b.mp4", 2), ("raw/c.dng", 0)] {
        let begun = practice.s3.create_multipart_upload().bucket("acme").key(key).send().await.unwrap();
        let id = begun.upload_id().unwrap();
        for number in 1..=parts {
            let body = ByteStream::from_static(b"12345");
            let part = practice.s3.upload_part().bucket("acme").key(key).upload_id(id).part_number(number).body(body);
            part.send().await.unwrap();
        }
    }
    practice
}

async fn left(practice: &Practice) -> usize {
    practice.s3.list_multipart_uploads().bucket("acme").send().await.unwrap().uploads().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn they_are_listed_with_what_they_have_stored() {
    let practice = with_leftovers().await;
    let all = says(&practice, "uploads", &["s3://acme", "--json"]).await;
    let told: Vec<_> =
        all.json().iter().map(|it| (it["key"].to_string(), it["size"].as_u64(), it["parts"].as_u64())).collect();
    let expected = [("\"films/a b.mp4\"", Some(10), Some(2)), ("\"raw/c.dng\"", Some(0), Some(0))];
    assert_eq!(told, expected.map(|(key, size, parts)| (key.to_owned(), size, parts)), "{}", all.err);
    let text = says(&practice, "uploads", &["s3://acme/films/"]).await;
    assert_eq!((text.code, text.out.lines().count()), (0, 1));
    assert!(text.out.contains("           10     2 parts  films/a b.mp4"), "{}", text.out);
    assert_eq!(left(&practice).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_old_ones_are_called_off_and_only_where_it_is_wished() {
    let practice = with_leftovers().await;
    let young = says(&practice, "uploads", &["s3://acme", "--abort-older-than", "1h"]).await;
    assert_eq!((young.code, left(&practice).await), (0, 2), "{}", young.out);
    let old = says(&practice, "uploads", &["s3://acme/raw/", "--abort-older-than", "0m"]).await;
    assert_eq!((old.code, left(&practice).await), (0, 1), "{}", old.err);
    assert!(old.out.trim_end().ends_with("called off") && !old.out.contains("films"), "{}", old.out);
    assert_eq!(practice.get("acme", "done.txt").await, b"done");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_says_why() {
    let practice = with_leftovers().await;
    let age = says(&practice, "uploads", &["s3://acme", "--abort-older-than", "soon"]).await;
    assert_eq!(age.code, 2);
    assert!(age.err.contains("an age is a number with d, h or m, such as 7d"), "{}", age.err);
    let nowhere = says(&practice, "uploads", &["s3://never-made"]).await;
    assert_eq!(nowhere.code, 1);
    assert!(nowhere.err.starts_with("There is no bucket never-made"), "{}", nowhere.err);
    assert_eq!(left(&practice).await, 2);
}
