//! Objects deleted in a terminal: one, thousands, old versions, and what must stay.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use test_case::test_case;

use crate::ls_cli::{Said, command, says};
use crate::practice_support::Practice;

async fn rm(practice: &Practice, words: &[&str]) -> Said {
    says(practice, "rm", words).await
}

/// A store with a bucket `acme` that holds these keys.
pub(crate) async fn holding(keys: &[&str]) -> Practice {
    let practice = Practice::start().await;
    practice.bucket("acme").await;
    for some in keys.chunks(64) {
        futures_util::future::join_all(some.iter().map(|key| practice.put("acme", key, key.as_bytes()))).await;
    }
    practice
}

/// All keys of a bucket.
pub(crate) async fn keys(practice: &Practice, bucket: &str) -> Vec<String> {
    let mut pages = practice.s3.list_objects_v2().bucket(bucket).into_paginator().send();
    let mut keys = Vec::new();
    while let Some(page) = pages.next().await {
        keys.extend(page.unwrap().contents().iter().map(|object| object.key().unwrap().to_owned()));
    }
    keys
}

pub(crate) async fn keep_versions(practice: &Practice) {
    let on = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    practice.s3.put_bucket_versioning().bucket("acme").versioning_configuration(on).send().await.unwrap();
}

pub(crate) async fn forbid(practice: &Practice, action: &str, keys: &str) {
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"{action}","Resource":"arn:aws:s3:::acme/{keys}"}}]}}"#
    );
    practice.s3.put_bucket_policy().bucket("acme").policy(policy).send().await.unwrap();
}

/// Versions and markers of the bucket.
async fn versions(practice: &Practice) -> (usize, usize) {
    let found = practice.s3.list_object_versions().bucket("acme").send().await.unwrap();
    (found.versions().len(), found.delete_markers().len())
}

/// Keys that tools get wrong.
pub(crate) const ODD: [&str; 9] =
    ["a b+c", "100%20.txt", "é/日本.png", "a//b", "/lead", "x/../y", " blanks ", "q?a#b&c=d", "\"quoted\""];

#[test_case("a b+c"; "blank and plus")]
#[test_case("100%20.txt"; "what looks encoded")]
#[test_case("é/日本.png"; "letters of several bytes")]
#[test_case("a//b"; "an empty name")]
#[test_case("/lead"; "a slash in front")]
#[test_case("x/../y"; "dots")]
#[test_case(" blanks "; "blanks at its ends")]
#[test_case("q?a#b&c=d"; "what URLs are made of")]
#[test_case("\"quoted\""; "quotes")]
#[tokio::test(flavor = "multi_thread")]
async fn one_object_is_deleted_to_the_letter(key: &str) {
    let practice = holding(&[&ODD[..], &["blanks", "quoted", "100 .txt", "y", "a/b", "lead"]].concat()).await;
    let before = keys(&practice, "acme").await;
    let said = rm(&practice, &[&format!("s3://acme/{key}")]).await;
    assert_eq!((said.code, said.out.as_str()), (0, format!("deleted  s3://acme/{key}\n").as_str()), "{}", said.err);
    let rest: Vec<String> = before.into_iter().filter(|it| it != key).collect();
    assert_eq!(keys(&practice, "acme").await, rest);
}

#[test_case(&["s3://acme/c"], 1, "s3://acme/c: c is not in acme"; "an object that is not there")]
#[test_case(&["s3://acme/c", "-r"], 1, "There is nothing to delete"; "a prefix with nothing beneath")]
#[test_case(&["s3://acme/c", "--versions", "--yes"], 1, "There is nothing to delete"; "no version")]
#[test_case(&["s3://acme"], 2, "Add --recursive to delete everything in it"; "a bucket")]
#[test_case(&["s3://never-made/c"], 1, "c"; "an object in a bucket that is not there")]
#[test_case(&["s3://never-made", "-r", "-y"], 1, "There is no bucket never-made"; "a bucket that is not there")]
#[test_case(&["s3://acme", "-r"], 2, "Deleting 2 objects (2 bytes) under s3://acme/ needs a yes"; "more than one without a yes")]
#[test_case(&["s3://acme/a", "--concurrency", "0"], 2, "concurrency"; "nothing at once")]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_done_says_why(words: &[&str], code: i32, why: &str) {
    let practice = holding(&["a", "b"]).await;
    let said = rm(&practice, words).await;
    assert_eq!((said.code, said.out.as_str()), (code, ""), "{}", said.err);
    assert!(said.err.contains(why), "{}", said.err);
    assert_eq!(keys(&practice, "acme").await, ["a", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_are_deleted_and_nothing_else() {
    let many: Vec<String> = (0..2_500).map(|number| format!("photos/{number:05} +é.png")).collect();
    let all: Vec<&str> = many.iter().map(String::as_str).chain(["photo", "phototype", "z"]).collect();
    let practice = holding(&all).await;
    let said = rm(&practice, &["s3://acme/photos/", "--recursive", "--yes", "--json"]).await;
    assert_eq!((said.code, said.err.as_str()), (0, "2,500 objects (50 KB) deleted\n"));
    let mut told: Vec<String> = said.json().iter().map(|it| it["key"].as_str().unwrap().to_owned()).collect();
    told.sort();
    assert_eq!(told, many);
    assert!(said.json().iter().all(|it| it["state"] == "deleted" && it["size"] == 20));
    assert_eq!(keys(&practice, "acme").await, ["photo", "phototype", "z"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_keys_are_deleted_with_the_rest() {
    let practice = holding(&ODD).await;
    let said = rm(&practice, &["s3://acme", "-ry", "--quiet"]).await;
    assert_eq!((said.code, said.out.as_str(), said.err.as_str()), (0, "", ""));
    assert!(keys(&practice, "acme").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prefix_with_one_object_needs_no_yes() {
    let practice = holding(&["a/1", "b"]).await;
    let said = rm(&practice, &["s3://acme/a/", "-r"]).await;
    assert_eq!((said.code, said.out.as_str()), (0, "deleted  s3://acme/a/1\n"), "{}", said.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_deletes_nothing() {
    let practice = holding(&["a", "b"]).await;
    let many = rm(&practice, &["s3://acme", "-r", "--dry-run"]).await;
    assert_eq!((many.code, many.out.as_str()), (0, "would delete  s3://acme/a\nwould delete  s3://acme/b\n"));
    assert_eq!(many.err, "2 objects (2 bytes) would be deleted\n");
    let one = rm(&practice, &["s3://acme/a", "--dry-run"]).await;
    assert_eq!((one.code, one.out.as_str()), (0, "would delete  s3://acme/a\n"));
    assert_eq!(rm(&practice, &["s3://acme/c", "--dry-run"]).await.code, 1);
    assert_eq!(keys(&practice, "acme").await, ["a", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_hidden_or_deleted_for_good() {
    let practice = holding(&[]).await;
    keep_versions(&practice).await;
    for key in ["a", "a", "a2"] {
        practice.put("acme", key, b"x").await;
    }
    assert_eq!(rm(&practice, &["s3://acme/a"]).await.code, 0);
    assert_eq!((keys(&practice, "acme").await, versions(&practice).await), (vec!["a2".to_owned()], (3, 1)));
    let unasked = rm(&practice, &["s3://acme/a", "--versions"]).await;
    assert_eq!(unasked.code, 2);
    assert!(unasked.err.contains("Deleting 3 versions (2 bytes) under s3://acme/a needs a yes"), "{}", unasked.err);
    let said = rm(&practice, &["s3://acme/a", "--versions", "-y"]).await;
    assert_eq!((said.code, said.err.as_str()), (0, "3 versions (2 bytes) deleted\n"));
    assert!(said.out.lines().all(|line| line.starts_with("deleted  s3://acme/a  version ")), "{}", said.out);
    assert_eq!(versions(&practice).await, (1, 0));
    assert_eq!(rm(&practice, &["s3://acme", "-r", "--versions", "-y"]).await.code, 0);
    assert_eq!(versions(&practice).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_deleted_is_named_and_the_rest_goes() {
    let practice = holding(&["a", "locked/1", "locked/2", "z"]).await;
    forbid(&practice, "s3:DeleteObject", "locked/*").await;
    let said = rm(&practice, &["s3://acme", "-r", "-y", "--json"]).await;
    assert_eq!(said.code, 1);
    let states: Vec<_> = said.json().iter().map(|it| format!("{} {}", it["state"], it["key"])).collect();
    assert_eq!(states.iter().filter(|it| it.contains("failed")).count(), 2, "{states:?}");
    for key in ["locked/1", "locked/2"] {
        assert!(said.err.contains(&format!("s3://acme/{key}: ")), "{}", said.err);
    }
    assert!(said.err.ends_with("2 objects (2 bytes) deleted, 2 failed\n"), "{}", said.err);
    assert_eq!(keys(&practice, "acme").await, ["locked/1", "locked/2"]);
    let one = rm(&practice, &["s3://acme/locked/1", "--quiet"]).await;
    assert_eq!((one.code, one.out.as_str()), (1, ""));
    assert!(one.err.starts_with("s3://acme/locked/1: "), "{}", one.err);
}

/// Keys so long that what is said of the first page fills the pipe, and the command waits until somebody reads.
async fn talkative() -> Practice {
    let many: Vec<String> = (0..3_000).map(|number| format!("{number:05}{}", "x".repeat(200))).collect();
    holding(&many.iter().map(String::as_str).collect::<Vec<_>>()).await
}

fn begin(practice: &Practice) -> Command {
    let mut begun = command(practice, "rm", &["s3://acme", "-r", "-y", "--concurrency", "1"]);
    begun.stdout(Stdio::piped()).stderr(Stdio::piped());
    begun
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_command_says_what_it_did() {
    let practice = talkative().await;
    let mut child = begin(&practice).spawn().unwrap();
    let until_full = async {
        while keys(&practice, "acme").await.len() == 3_000 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), until_full).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    let left = keys(&practice, "acme").await.len();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{err}");
    assert!((1..3_000).contains(&left), "{left} are left");
    assert_eq!(out.lines().count(), 3_000 - left, "what was done is told");
    assert!(err.starts_with("Interrupted: ") && err.contains(" objects ("), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_to_listen() {
    let practice = talkative().await;
    let mut child = begin(&practice).spawn().unwrap();
    drop(child.stdout.take());
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap()).await.unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(keys(&practice, "acme").await.is_empty());
}
