//! Server access logging of practice storage.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::types::{BucketLoggingStatus, LoggingEnabled};

use crate::practice_support::Practice;

/// Two buckets, the first logging into the second, which lets the log service in if it should.
async fn logging(lets_in: bool) -> Practice {
    let practice = Practice::start().await;
    practice.bucket("source").await;
    practice.bucket("logs").await;
    if lets_in {
        let account = practice.server.account_id();
        let policy = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"logging.s3.amazonaws.com"}},"Action":"s3:PutObject","Resource":"arn:aws:s3:::logs/site/*","Condition":{{"ArnLike":{{"aws:SourceArn":"arn:aws:s3:::source"}},"StringEquals":{{"aws:SourceAccount":"{account}"}}}}}}]}}"#
        );
        practice.s3.put_bucket_policy().bucket("logs").policy(policy).send().await.unwrap();
    }
    let enabled = LoggingEnabled::builder().target_bucket("logs").target_prefix("site/").build().unwrap();
    let status = BucketLoggingStatus::builder().logging_enabled(enabled).build();
    practice.s3.put_bucket_logging().bucket("source").bucket_logging_status(status).send().await.unwrap();
    practice
}

async fn log_objects(practice: &Practice) -> Vec<String> {
    let listed = practice.s3.list_objects_v2().bucket("logs").send().await.unwrap();
    listed.contents().iter().map(|found| found.key().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_become_lines_in_the_target_bucket() {
    let practice = logging(true).await;
    practice.put("source", "a b.txt", b"hello").await;
    assert_eq!(practice.get("source", "a b.txt").await, b"hello");
    let stranger =
        practice.plain("GET", "source/a%20b.txt?x=1", &[("user-agent", "say \"hi\""), ("referer", "http://r/")]);
    assert_eq!(stranger.await.status, 403);
    let practice = practice.restart().await;

    let objects = log_objects(&practice).await;
    let [key] = objects.as_slice() else { panic!("one log object: {objects:?}") };
    assert!(key.starts_with("site/20") && key.len() == "site/2026-01-01-00-00-00-0123456789ABCDEF".len(), "{key}");
    let text = String::from_utf8(practice.get("logs", key).await).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let [put, get, stranger] = lines.as_slice() else { panic!("three lines: {text}") };
    assert!(put.contains(" REST.PUT.OBJECT a%2520b.txt \"PUT /source/a%20b.txt"), "{put}");
    assert!(put.contains(" SigV4 - AuthHeader 127.0.0.1:"), "{put}");
    assert!(get.contains("\" 200 - 5 5 "), "{get}");
    assert!(stranger.contains(" - ") && stranger.contains(" 403 AccessDenied "), "{stranger}");
    assert!(stranger.contains(r#" "http://r/" "say "hi"" "#), "{stranger}");
    assert!(stranger.contains("\"GET /source/a%20b.txt?x=1 HTTP/1.1\""), "{stranger}");
    practice.server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_lets_nobody_in_gets_nothing() {
    let practice = logging(false).await;
    practice.put("source", "k", b"hello").await;
    let practice = practice.restart().await;
    assert_eq!(log_objects(&practice).await, Vec::<String>::new());
    practice.server.shutdown().await;
}
