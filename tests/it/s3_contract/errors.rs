//! Refusals: the status, the code, the document around them, and who is told what.

use super::server::Keys;
use super::{everywhere, refused};

#[test]
fn an_error_document_names_code_message_resource_and_request() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let missing = server.ask("GET", &format!("/{bucket}/no/such%20key")).sign().send().await;
        assert_eq!((missing.status, missing.code()), (404, "NoSuchKey"));
        assert_eq!(missing.header("content-type"), "application/xml");
        assert_eq!(missing.element("Message"), "The specified key does not exist.");
        assert_eq!(missing.element("Key"), "no/such key");
        assert!(!missing.element("HostId").is_empty());
        assert_eq!(missing.element("RequestId"), missing.header("x-amz-request-id"));
        assert!(!missing.header("x-amz-request-id").is_empty() && missing.headers.contains_key("x-amz-id-2"));
    });
}

#[test]
fn head_is_refused_without_a_body() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        for (target, status) in [(format!("/{bucket}/none"), 404), (format!("/{}", server.fresh_name()), 404)] {
            let answer = server.ask("HEAD", &target).sign().send().await;
            assert_eq!((answer.status, answer.body.len()), (status, 0), "{target}");
        }
        let stranger = server.ask("HEAD", &format!("/{bucket}/none")).send().await;
        assert_eq!((stranger.status, stranger.body.len()), (403, 0));
    });
}

#[test]
fn an_unknown_access_key_is_told_so() {
    everywhere(async |server| {
        let keys = Keys { id: "AKIANOBODYHASTHISKEY".to_owned(), secret: server.keys.secret.clone() };
        let refusal = refused(server.client_as(&keys).list_buckets().send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (403, "InvalidAccessKeyId"));
        assert_eq!(refusal.message, "The AWS Access Key Id you provided does not exist in our records.");
    });
}

#[test]
fn a_wrong_secret_makes_a_wrong_signature() {
    everywhere(async |server| {
        let keys = Keys { id: server.keys.id.clone(), secret: "not the secret".to_owned() };
        let refusal = refused(server.client_as(&keys).list_buckets().send().await);
        assert_eq!((refusal.status, refusal.code.as_str()), (403, "SignatureDoesNotMatch"));
        let document = server.ask("GET", "/").sign_as(&keys).send().await;
        assert_eq!(document.code(), "SignatureDoesNotMatch");
        assert!(!document.text.contains(&server.keys.secret));
    });
}

#[test]
fn a_request_signed_long_ago_is_refused() {
    everywhere(async |server| {
        let old = server.ask("GET", "/").header("x-amz-date", "20200101T000000Z").sign().send().await;
        assert_eq!((old.status, old.code()), (403, "RequestTimeTooSkewed"));
    });
}

#[test]
fn what_is_signed_is_what_is_sent() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        let other = "0".repeat(64);
        let target = format!("/{bucket}/k");
        let put = server.ask("PUT", &target).header("x-amz-content-sha256", &other).body("bytes").sign().send().await;
        assert_eq!((put.status, put.code()), (400, "XAmzContentSHA256Mismatch"));
        assert_eq!(server.ask("GET", &target).sign().send().await.status, 404);
    });
}

#[test]
fn nobody_reaches_the_bucket_of_another_account() {
    everywhere(async |server| {
        let Some(other) = server.second() else { return };
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"mine").await;
        let other = server.client_as(other);
        let read = refused(other.get_object().bucket(&bucket).key("k").send().await);
        assert_eq!((read.status, read.code.as_str()), (403, "AccessDenied"));
        let write = refused(other.put_object().bucket(&bucket).key("k").send().await);
        assert_eq!((write.status, write.code.as_str()), (403, "AccessDenied"));
        let taken = refused(other.create_bucket().bucket(&bucket).send().await);
        assert_eq!((taken.status, taken.code.as_str()), (409, "BucketAlreadyExists"));
        assert_eq!(server.get(&bucket, "k").await, b"mine");
    });
}

#[test]
fn a_body_that_is_no_xml_is_malformed() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        for (method, query) in [("PUT", "tagging"), ("PUT", "versioning"), ("POST", "delete")] {
            let target = format!("/{bucket}?{query}");
            let answer = server.ask(method, &target).body("<not closed").sign().send().await;
            // The documentation asks for Content-MD5 or a checksum with some of these and does not say which counts first.
            if server.strict() || answer.code() != "InvalidRequest" {
                assert_eq!((answer.status, answer.code()), (400, "MalformedXML"), "{query}");
            }
        }
    });
}
