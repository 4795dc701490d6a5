//! Conditions: on reading, on writing, on copying, on deleting.

use test_case::test_case;

use super::{Server, code, everywhere};

const OTHER: &str = "\"00000000000000000000000000000000\"";
const LONG_AGO: &str = "Mon, 01 Jan 2001 00:00:00 GMT";
const FAR_AHEAD: &str = "Fri, 01 Jan 2100 00:00:00 GMT";

/// What stands for the ETag of the object in the tables.
const ITS_OWN: &str = "ITS OWN";

async fn put(server: &Server, bucket: &str) -> String {
    let put = server.s3.put_object().bucket(bucket).key("k").body(b"x".to_vec().into()).send().await.unwrap();
    put.e_tag().unwrap().to_owned()
}

#[test_case(&[("if-match", ITS_OWN)], 200; "it matches")]
#[test_case(&[("if-match", OTHER)], 412; "it does not match")]
#[test_case(&[("if-match", "*")], 200; "any matches")]
#[test_case(&[("if-none-match", ITS_OWN)], 304; "it is the known one")]
#[test_case(&[("if-none-match", OTHER)], 200; "it is another")]
#[test_case(&[("if-modified-since", LONG_AGO)], 200; "changed since")]
#[test_case(&[("if-modified-since", FAR_AHEAD)], 304; "unchanged since")]
#[test_case(&[("if-unmodified-since", LONG_AGO)], 412; "changed meanwhile")]
#[test_case(&[("if-unmodified-since", FAR_AHEAD)], 200; "unchanged meanwhile")]
#[test_case(&[("if-match", ITS_OWN), ("if-unmodified-since", LONG_AGO)], 200; "a match outranks a date")]
#[test_case(&[("if-none-match", ITS_OWN), ("if-modified-since", LONG_AGO)], 304; "a known one outranks a date")]
fn reading(headers: &[(&str, &str)], status: u16) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let tag = put(server, &bucket).await;
        for method in ["GET", "HEAD"] {
            let mut ask = server.ask(method, &format!("/{bucket}/k"));
            for (name, value) in headers {
                ask = ask.header(name, if *value == ITS_OWN { &tag } else { value });
            }
            let answer = ask.sign().send().await;
            assert_eq!(answer.status, status, "{method} {}", answer.text);
            match (status, method) {
                (304, _) => assert_eq!((answer.header("etag"), answer.text.as_str()), (tag.as_str(), "")),
                (412, "GET") => assert_eq!(answer.code(), "PreconditionFailed"),
                _ => {}
            }
        }
    });
}

#[test_case("k", &[("if-none-match", "*")], 412, "PreconditionFailed"; "not over an object")]
#[test_case("new", &[("if-none-match", "*")], 200, ""; "where none is")]
#[test_case("k", &[("if-match", ITS_OWN)], 200, ""; "over this object")]
#[test_case("k", &[("if-match", OTHER)], 412, "PreconditionFailed"; "over another")]
#[test_case("new", &[("if-match", OTHER)], 404, "NoSuchKey"; "over one that is not there")]
#[test_case("k", &[("if-match", "*")], 501, "NotImplemented"; "over any")]
#[test_case("k", &[("if-none-match", OTHER)], 501, "NotImplemented"; "not over a certain one")]
#[test_case("k", &[("if-match", ITS_OWN), ("if-none-match", "*")], 501, "NotImplemented"; "both")]
fn writing(key: &str, headers: &[(&str, &str)], status: u16, expected: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let tag = put(server, &bucket).await;
        let mut ask = server.ask("PUT", &format!("/{bucket}/{key}")).body("y");
        for (name, value) in headers {
            ask = ask.header(name, if *value == ITS_OWN { &tag } else { value });
        }
        let answer = ask.sign().send().await;
        assert_eq!((answer.status, answer.code()), (status, expected), "{}", answer.text);
        let kept = if status == 200 && key == "k" { b"y" } else { b"x" };
        assert_eq!(server.get(&bucket, "k").await, kept);
    });
}

#[test_case(&[("x-amz-copy-source-if-match", ITS_OWN)], 200; "it matches")]
#[test_case(&[("x-amz-copy-source-if-match", OTHER)], 412; "it does not match")]
#[test_case(&[("x-amz-copy-source-if-none-match", ITS_OWN)], 412; "it is the known one")]
#[test_case(&[("x-amz-copy-source-if-modified-since", FAR_AHEAD)], 412; "unchanged since")]
#[test_case(&[("x-amz-copy-source-if-match", ITS_OWN), ("x-amz-copy-source-if-unmodified-since", LONG_AGO)], 200; "a match outranks a date")]
#[test_case(&[("x-amz-copy-source-if-none-match", ITS_OWN), ("x-amz-copy-source-if-modified-since", LONG_AGO)], 412; "a known one outranks a date")]
fn copying(headers: &[(&str, &str)], status: u16) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let tag = put(server, &bucket).await;
        let mut ask =
            server.ask("PUT", &format!("/{bucket}/copy")).header("x-amz-copy-source", &format!("/{bucket}/k"));
        for (name, value) in headers {
            ask = ask.header(name, if *value == ITS_OWN { &tag } else { value });
        }
        let answer = ask.sign().send().await;
        assert_eq!(answer.status, status, "{}", answer.text);
    });
}

#[test_case("k", "if-none-match", "*", 412, "PreconditionFailed"; "not over an object")]
#[test_case("new", "if-none-match", "*", 200, ""; "where none is")]
#[test_case("k", "if-match", ITS_OWN, 200, ""; "over this object")]
#[test_case("k", "if-match", OTHER, 412, "PreconditionFailed"; "over another")]
fn copying_over(key: &str, name: &str, value: &str, status: u16, expected: &str) {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let tag = put(server, &bucket).await;
        server.put(&bucket, "source", b"y").await;
        let ask =
            server.ask("PUT", &format!("/{bucket}/{key}")).header("x-amz-copy-source", &format!("/{bucket}/source"));
        let answer = ask.header(name, if value == ITS_OWN { &tag } else { value }).sign().send().await;
        assert_eq!((answer.status, answer.code()), (status, expected), "{}", answer.text);
        let kept = if status == 200 && key == "k" { b"y" } else { b"x" };
        assert_eq!(server.get(&bucket, "k").await, kept);
    });
}

#[test]
fn deleting_what_has_changed_is_refused() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let tag = put(server, &bucket).await;
        let delete = |tag: &str| server.s3.delete_object().bucket(&bucket).key("k").if_match(tag).send();
        assert_eq!(code(&delete(OTHER).await), "PreconditionFailed");
        delete(&tag).await.unwrap();
        assert_eq!(server.s3.list_objects_v2().bucket(&bucket).send().await.unwrap().key_count(), Some(0));
    });
}
