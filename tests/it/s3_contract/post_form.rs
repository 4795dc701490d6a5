//! Forms that a browser posts, with a policy and without.

use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256};
use test_case::test_case;

use super::checksums::open_to_writers;
use super::raw::Answer;
use super::{Server, everywhere};

const BOUNDARY: &str = "----form boundary";

/// A form with these fields and a file.
fn form(fields: &[(&str, &str)], file: Option<(&str, &str)>) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        text += &format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    if let Some((name, bytes)) = file {
        text += &format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n{bytes}\r\n"
        );
    }
    text + &format!("--{BOUNDARY}--\r\n")
}

async fn post(server: &Server, bucket: &str, fields: &[(&str, &str)], file: Option<(&str, &str)>) -> Answer {
    let kind = format!("multipart/form-data; boundary=\"{BOUNDARY}\"");
    let ask = server.ask("POST", &format!("/{bucket}")).header("content-type", &kind);
    ask.body(form(fields, file)).send().await
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

/// The fields that sign a policy with these conditions (besides those of the signature), ending so many seconds from now.
fn signed(server: &Server, conditions: &str, seconds: i64) -> Vec<(&'static str, String)> {
    let now = jiff::Timestamp::now();
    let (date, day) = (now.strftime("%Y%m%dT%H%M%SZ").to_string(), now.strftime("%Y%m%d").to_string());
    let credential = format!("{}/{day}/{}/s3/aws4_request", server.keys.id, server.region);
    let ends = (now + jiff::SignedDuration::from_secs(seconds)).strftime("%Y-%m-%dT%H:%M:%S.000Z");
    let policy = format!(
        r#"{{"expiration": "{ends}", "conditions": [{{"x-amz-algorithm": "AWS4-HMAC-SHA256"}}, {{"x-amz-credential": "{credential}"}}, {{"x-amz-date": "{date}"}}, {conditions}]}}"#
    );
    let policy = base64_simd::STANDARD.encode_to_string(policy);
    let mut key = hmac(format!("AWS4{}", server.keys.secret).as_bytes(), &day);
    for step in [server.region.as_str(), "s3", "aws4_request"] {
        key = hmac(&key, step);
    }
    let signature: String = hmac(&key, &policy).iter().map(|byte| format!("{byte:02x}")).collect();
    vec![
        ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
        ("x-amz-credential", credential),
        ("x-amz-date", date),
        ("policy", policy),
        ("x-amz-signature", signature),
    ]
}

fn all<'a>(own: &[(&'a str, &'a str)], proof: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    own.iter().copied().chain(proof.iter().map(|(name, value)| (*name, value.as_str()))).collect()
}

#[test]
fn a_signed_form_uploads_its_file_and_everything_said_about_it() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let conditions = format!(
            r#"{{"bucket": "{bucket}"}}, ["starts-with", "$key", "user/"], ["starts-with", "$Content-Type", "image/"], {{"x-amz-meta-who": "me"}}, {{"success_action_status": "201"}}, ["content-length-range", 1, 100]"#
        );
        let proof = signed(server, &conditions, 600);
        let own = [
            ("key", "user/${filename}"),
            ("Content-Type", "image/png"),
            ("x-amz-meta-who", "me"),
            ("success_action_status", "201"),
        ];
        let answer = post(server, &bucket, &all(&own, &proof), Some(("c:\\my cat.png", "\r\n--bytes"))).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!((answer.element("Bucket"), answer.element("Key")), (bucket.as_str(), "user/my cat.png"));
        assert!(answer.header("location").ends_with("/user/my%20cat.png"), "{}", answer.header("location"));
        let head = server.s3.head_object().bucket(&bucket).key("user/my cat.png").send().await.unwrap();
        assert_eq!((head.content_type(), head.e_tag()), (Some("image/png"), Some(answer.header("etag"))));
        assert_eq!(head.metadata().unwrap()["who"], "me");
        assert_eq!(server.get(&bucket, "user/my cat.png").await, b"\r\n--bytes");
    });
}

#[test_case(r#"{"key": "k"}"#, 600, &[("key", "other")], 403, "AccessDenied", "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$key\", \"k\"]"; "another key")]
#[test_case(r#"{"key": "k"}"#, -60, &[("key", "k")], 403, "AccessDenied", "Invalid according to Policy: Policy expired."; "too late")]
#[test_case(r#"{"key": "k"}"#, 600, &[("key", "k"), ("x-amz-meta-a", "b")], 403, "AccessDenied", "Invalid according to Policy: Extra input fields: x-amz-meta-a"; "a field too many")]
#[test_case(r#"{"key": "k"}, ["content-length-range", 0, 4]"#, 600, &[("key", "k")], 400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"; "a file too large")]
#[test_case(r#"{"key": "k"}, ["content-length-range", 6, 99]"#, 600, &[("key", "k")], 400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"; "a file too small")]
fn a_form_that_breaks_its_policy_is_refused(
    conditions: &str,
    seconds: i64,
    own: &[(&str, &str)],
    status: u16,
    expected: &str,
    message: &str,
) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let conditions = format!(r#"{{"bucket": "{bucket}"}}, {conditions}"#);
        let proof = signed(server, &conditions, seconds);
        let answer = post(server, &bucket, &all(own, &proof), Some(("a", "hello"))).await;
        assert_eq!((answer.status, answer.code()), (status, expected), "{}", answer.text);
        if server.strict() {
            assert_eq!(answer.element("Message").replace("&quot;", "\""), message);
        }
        assert_eq!(server.s3.list_objects_v2().bucket(&bucket).send().await.unwrap().key_count(), Some(0));
    });
}

#[test]
fn a_form_with_another_signature_is_refused() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let mut proof = signed(server, r#"["starts-with", "$key", ""]"#, 600);
        proof[4].1 = "0".repeat(64);
        let answer = post(server, &bucket, &all(&[("key", "k")], &proof), Some(("a", "hello"))).await;
        assert_eq!((answer.status, answer.code()), (403, "SignatureDoesNotMatch"), "{}", answer.text);
    });
}

#[test]
fn a_form_may_send_the_browser_on() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let conditions = r#"["starts-with", "$key", ""], ["starts-with", "$success_action_redirect", ""]"#;
        let proof = signed(server, conditions, 600);
        let own = [("key", "a b"), ("success_action_redirect", "http://127.0.0.1/done?x=1")];
        let answer = post(server, &bucket, &all(&own, &proof), Some(("a", "hello"))).await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let to = percent_decode_str(answer.header("location")).decode_utf8().unwrap().replace('+', " ");
        let tag = answer.header("etag");
        assert_eq!(to, format!("http://127.0.0.1/done?x=1&bucket={bucket}&key=a b&etag={tag}"));
    });
}

#[test]
fn a_stranger_posts_where_a_stranger_may_write() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let refused = post(server, &bucket, &[("key", "k")], Some(("a", "hello"))).await;
        assert_eq!((refused.status, refused.code()), (403, "AccessDenied"), "{}", refused.text);
        open_to_writers(server, &bucket).await;
        let answer = post(server, &bucket, &[("key", "k")], Some(("a", "hello"))).await;
        assert_eq!((answer.status, answer.text.as_str()), (204, ""));
        assert_eq!(server.get(&bucket, "k").await, b"hello");
    });
}

#[test_case(&[], Some(("a", "x")), "InvalidArgument"; "no key")]
#[test_case(&[("key", "k")], None, "IncorrectNumberOfFilesInPostRequest"; "no file")]
#[test_case(&[("key", "k"), ("policy", "e30=")], Some(("a", "x")), "InvalidArgument"; "a policy that nobody signed")]
fn a_form_without_what_it_needs_is_refused(fields: &[(&str, &str)], file: Option<(&str, &str)>, expected: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let answer = post(server, &bucket, fields, file).await;
        assert_eq!((answer.status, answer.code()), (400, expected), "{}", answer.text);
    });
}
