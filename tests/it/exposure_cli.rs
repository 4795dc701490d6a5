//! Which buckets strangers get into, told in a terminal and proved by asking as one.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use aws_sdk_s3::types::{BucketCannedAcl, ObjectOwnership, PublicAccessBlockConfiguration};
use brimful::domain::bucket_settings::SettingKind;
use brimful::domain::connection::ConnectionId;
use brimful::store::history::{Change, Deed, History};
use brimful::store::home::Home;
use tempfile::TempDir;

use crate::ls_cli::{Said, command};
use crate::practice_support::Practice;

fn policy(bucket: &str, action: &str) -> String {
    serde_json::json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "Open", "Effect": "Allow", "Principal": "*",
        "Action": action, "Resource": [format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/photos/*")] }] })
    .to_string()
}

/// A store with a bucket of every kind.
async fn store() -> Practice {
    let practice = Practice::start().await;
    let s3 = &practice.s3;
    for bucket in ["closed", "held", "readable", "writable"] {
        practice.bucket(bucket).await;
    }
    for (bucket, action) in [("readable", "s3:GetObject"), ("held", "s3:GetObject"), ("writable", "s3:*")] {
        s3.delete_public_access_block().bucket(bucket).send().await.unwrap();
        s3.put_bucket_policy().bucket(bucket).policy(policy(bucket, action)).send().await.unwrap();
    }
    let restrict =
        PublicAccessBlockConfiguration::builder().ignore_public_acls(true).restrict_public_buckets(true).build();
    let put = s3.put_public_access_block().bucket("held").public_access_block_configuration(restrict);
    put.send().await.unwrap();
    s3.create_bucket().bucket("listed").object_ownership(ObjectOwnership::ObjectWriter).send().await.unwrap();
    s3.delete_public_access_block().bucket("listed").send().await.unwrap();
    s3.put_bucket_acl().bucket("listed").acl(BucketCannedAcl::PublicRead).send().await.unwrap();
    practice
}

async fn exposure(practice: &Practice, home: &TempDir, words: &[&str]) -> Said {
    let mut run = command(practice, "exposure", words);
    run.env("BRIMFUL_HOME", home.path());
    let said = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: said.status.code().unwrap(), out: text(said.stdout), err: text(said.stderr) }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worst_comes_first_and_says_why() {
    let (practice, home) = (store().await, TempDir::new().unwrap());
    let said = exposure(&practice, &home, &["--json"]).await;
    let rows = said.json();
    let told: Vec<_> =
        rows.iter().map(|row| ["bucket", "standing", "worst"].map(|name| row[name].as_str().unwrap_or("-"))).collect();
    assert_eq!(said.code, 1, "{}", said.err);
    assert_eq!(
        told,
        [
            ["writable", "open", "rights"],
            ["listed", "open", "list"],
            ["readable", "open", "read"],
            ["held", "closed", "-"],
            ["closed", "closed", "-"],
        ]
    );
    assert!(rows[3]["held_back"][0].as_str().unwrap().contains("RestrictPublicBuckets of the bucket"), "{}", rows[3]);
    // What is predicted is what strangers get.
    for (bucket, path, status) in [
        ("writable", "writable/photos/x", 200),
        ("readable", "readable/photos/x", 200),
        ("held", "held/photos/x", 403),
        ("listed", "listed", 200),
        ("readable", "readable", 403),
    ] {
        if path.contains('/') {
            practice.put(bucket, "photos/x", b"x").await;
        }
        assert_eq!(practice.plain("GET", path, &[]).await.status, status, "{path}");
    }

    let text = exposure(&practice, &home, &["s3://readable", "s3://closed"]).await;
    let lines: Vec<&str> = text.out.lines().collect();
    assert_eq!(
        lines,
        [
            "open     readable",
            "         Anyone can read files: photos/*. The statement Open of the policy lets anyone in",
            "closed   closed",
        ]
    );
    assert!(text.err.contains("Strangers get into 1 of 2 buckets"), "{}", text.err);
    assert_eq!(exposure(&practice, &home, &["s3://closed"]).await.code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_knows_since_when() {
    let (practice, home) = (store().await, TempDir::new().unwrap());
    let (history, _) = History::open(&Home::at(home.path()).unwrap());
    let change = Change {
        connection: ConnectionId::PRACTICE,
        bucket: "readable".to_owned(),
        setting: SettingKind::Policy,
        before: None,
        after: Some(policy("readable", "s3:GetObject")),
        at: "2026-03-14T09:41:00Z".parse().unwrap(),
        who: None,
        note: None,
        deed: Deed::Change,
    };
    history.record(&change).unwrap();
    let said = exposure(&practice, &home, &["s3://readable", "s3://listed"]).await;
    assert!(said.out.contains("readable, since 14 Mar 2026") && said.out.contains("listed\n"), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_told_is_no_all_clear() {
    let (practice, home) = (store().await, TempDir::new().unwrap());
    let gone = exposure(&practice, &home, &["s3://never-made", "--json"]).await;
    assert_eq!((gone.code, gone.json()[0]["standing"].as_str()), (2, Some("unclear")), "{}", gone.err);
    let stranger =
        exposure(&practice, &home, &["--no-sign-request", "--endpoint-url", &practice.server.endpoint()]).await;
    assert_eq!((stranger.code, stranger.out.as_str()), (2, ""), "{}", stranger.err);
    assert_eq!(exposure(&practice, &home, &["s3://"]).await.code, 2);
}
