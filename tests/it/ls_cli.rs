//! A store listed in a terminal: buckets, folders, everything, old versions, and what cannot be listed.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::process::{Command, Stdio};

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use serde_json::Value;
use test_case::test_case;

use crate::practice_support::Practice;

/// What a command said, and what it ended with.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }

    pub(crate) fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

async fn ls(practice: &Practice, words: &[&str]) -> Said {
    says(practice, "ls", words).await
}

/// A command with the keys of a practice store in its environment, and nothing else.
pub(crate) fn command(practice: &Practice, command: &str, words: &[&str]) -> Command {
    let keys = practice.server.credentials();
    let mut run = Command::new(env!("CARGO_BIN_EXE_brimful"));
    run.arg(command)
        .args(words)
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", &keys.access_key_id)
        .env("AWS_SECRET_ACCESS_KEY", &*keys.secret_access_key)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL_S3", practice.server.endpoint())
        // Without a terminal, whoever runs the tests.
        .stdin(Stdio::null());
    run
}

/// Runs one to its end.
pub(crate) async fn says(practice: &Practice, word: &str, words: &[&str]) -> Said {
    let mut run = command(practice, word, words);
    let said = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: said.status.code().unwrap(), out: text(said.stdout), err: text(said.stderr) }
}

async fn filled() -> Practice {
    let practice = Practice::start().await;
    practice.bucket("acme-images").await;
    for (key, body) in
        [("a.png", "12345"), ("photos/b.png", "1"), ("photos/2026/c d+e.png", "22"), ("bad\u{1b}[2J\n.png", "")]
    {
        practice.put("acme-images", key, body.as_bytes()).await;
    }
    practice
}

#[tokio::test(flavor = "multi_thread")]
async fn buckets_folders_and_everything_are_listed() {
    let practice = filled().await;
    practice.bucket("acme-press").await;
    let all = ls(&practice, &[]).await;
    let names: Vec<&str> = all.lines().iter().map(|line| line.split_whitespace().nth(1).unwrap()).collect();
    assert_eq!((all.code, names), (0, vec!["acme-images", "acme-press"]));

    let top = ls(&practice, &["s3://acme-images"]).await;
    assert_eq!(top.code, 0, "{}", top.err);
    let shown: Vec<&str> = top.lines().iter().map(|line| line[20..].trim_start()).collect();
    assert_eq!(shown, ["folder  photos/", "5  a.png", "0  bad\\u{1b}[2J\\n.png"]);
    let dated =
        top.lines().iter().filter(|line| line.get(10..11) == Some("T") && line.get(19..20) == Some("Z")).count();
    assert_eq!(dated, 2, "{}", top.out);

    let deep = ls(&practice, &["s3://acme-images/photos/", "--recursive", "--json"]).await.json();
    let keys: Vec<&str> = deep.iter().map(|line| line["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["photos/2026/c d+e.png", "photos/b.png"]);
    assert_eq!((deep[0]["size"].as_u64(), deep[0]["storage_class"].as_str()), (Some(2), Some("STANDARD")));
    assert_eq!(deep[1]["etag"], "c4ca4238a0b923820dcc509a6f75849b");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_page_is_listed_once_and_in_order() {
    let practice = Practice::start().await;
    practice.bucket("acme").await;
    let keys: Vec<String> = (0..2_345).map(|number| format!("{number:05}")).collect();
    for some in keys.chunks(64) {
        futures_util::future::join_all(some.iter().map(|key| practice.put("acme", key, b""))).await;
    }
    let listed = ls(&practice, &["acme", "-r", "--json"]).await.json();
    let listed: Vec<&str> = listed.iter().map(|line| line["key"].as_str().unwrap()).collect();
    assert_eq!(listed, keys);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_versions_are_listed_where_they_are_asked_for() {
    let practice = Practice::start().await;
    practice.bucket("acme").await;
    let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    practice.s3.put_bucket_versioning().bucket("acme").versioning_configuration(on).send().await.unwrap();
    practice.put("acme", "a", b"1").await;
    practice.put("acme", "a", b"22").await;
    practice.s3.delete_object().bucket("acme").key("a").send().await.unwrap();
    let json = ls(&practice, &["s3://acme", "--versions", "--json"]).await.json();
    let told: Vec<_> =
        json.iter().map(|it| (it["is_latest"].as_bool(), it["delete_marker"].as_bool(), it["size"].as_u64())).collect();
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(told, [(yes, yes, None), (no, no, Some(2)), (no, no, Some(1))]);
    let text = ls(&practice, &["s3://acme", "--versions"]).await;
    assert!(text.lines()[0].contains("deleted  latest"), "{}", text.out);
}

#[test_case(&["s3://"], 2, ""; "no bucket")]
#[test_case(&["s3://never-made"], 1, "never-made"; "no such bucket")]
#[test_case(&["s3://acme", "--no-sign-request"], 1, "acme"; "a stranger")]
#[test_case(&["s3://acme", "--profile", "nobody"], 1, ""; "no such profile")]
#[test_case(&["s3://acme", "--endpoint-url", "127.0.0.1:1"], 1, "http"; "an address without a scheme")]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_listed_says_why(words: &[&str], code: i32, about: &str) {
    let practice = Practice::start().await;
    practice.bucket("acme").await;
    let said = ls(&practice, words).await;
    assert_eq!((said.code, said.out.as_str()), (code, ""), "{}", said.err);
    assert!(said.err.contains(about) && !said.err.trim().is_empty(), "{}", said.err);
    let secret = &practice.server.credentials().secret_access_key;
    assert!(!said.err.contains(secret.as_str()));
}
