//! What a sign-in can do, found out without writing anything, and the policy that lets somebody do what is ticked.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::BTreeMap;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Credentials;
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};
use brimful::domain::checkup::{BucketCheckup, CAPABILITIES, Outcome, Scope};
use brimful::domain::connection::{Connection, ConnectionId, Target};
use brimful::practice::{Server, User};
use brimful::s3;
use brimful::s3::connect::{PracticeAccess, connect};
use brimful::s3::secrets::Secrets;
use brimful::s3::store::Store;
use serde_json::Value;

use crate::ls_cli::{Said, command};
use crate::practice_support::{Practice, client, code};
use crate::transfer::faults::layer::Faults;

const SECRET: &str = "a-secret-for-practice";

/// A bucket with a file, an earlier version, and an upload that was never finished.
async fn store() -> Practice {
    let practice = Practice::start().await;
    practice.bucket("photos").await;
    let keep = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    practice.s3.put_bucket_versioning().bucket("photos").versioning_configuration(keep).send().await.unwrap();
    practice.put("photos", "in/lake.jpg", b"first").await;
    practice.put("photos", "in/lake.jpg", b"second").await;
    practice.s3.create_multipart_upload().bucket("photos").key("in/large.jpg").send().await.unwrap();
    practice
}

fn add(practice: &Practice, name: &str, policy: &str) {
    let user = User {
        name: name.to_owned(),
        access_key_id: format!("KEY-OF-{name}-123"),
        secret_access_key: SECRET.to_owned(),
        account_id: None,
        policy: Some(policy.to_owned()),
    };
    practice.server.set_users(vec![user]).unwrap();
}

async fn says(practice: &Practice, user: Option<&str>, words: &[&str]) -> Said {
    let mut run = command(practice, "checkup", words);
    if let Some(user) = user {
        run.env("AWS_ACCESS_KEY_ID", format!("KEY-OF-{user}-123")).env("AWS_SECRET_ACCESS_KEY", SECRET);
    }
    let said = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: said.status.code().unwrap(), out: text(said.stdout), err: text(said.stderr) }
}

/// The store as the window opens it, by way of somebody who takes notes.
async fn noted(practice: &Practice) -> (Store, Faults) {
    let port: u16 = practice.server.endpoint().rsplit_once(':').unwrap().1.parse().unwrap();
    let notes = Faults::before(port).await;
    let keys = practice.server.credentials();
    let access = PracticeAccess {
        endpoint: format!("http://127.0.0.1:{}", notes.port()),
        access_key_id: keys.access_key_id.clone(),
        secrets: Secrets::new(&keys.secret_access_key, None),
    };
    let connection = Connection {
        id: ConnectionId::PRACTICE,
        name: "Practice".to_owned(),
        target: Target::Practice,
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    (connect(&connection, None, Some(access)).await.unwrap(), notes)
}

fn outcomes(bucket: &BucketCheckup) -> BTreeMap<&'static str, Outcome> {
    bucket.findings.as_ref().unwrap().iter().map(|it| (it.capability.id, it.outcome.clone())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_reading_reaches_the_store() {
    let practice = store().await;
    let (store, notes) = noted(&practice).await;
    let account = s3::checkup::account(&store).await.unwrap();
    let found = s3::checkup::bucket(&store, Scope::bucket("photos"), &account).await;
    let empty =
        s3::checkup::bucket(&store, Scope { prefix: "none/".into(), ..Scope::bucket("photos") }, &account).await;
    let seen = notes.seen();
    assert!(seen.len() > 50, "{} requests", seen.len());
    // Who is signed in is asked of STS, which takes forms.
    let asks_who = |content_type: &str| content_type == "application/x-www-form-urlencoded";
    let wrote = seen.iter().filter(|it| it.method != "GET" && it.method != "HEAD");
    let wrote: Vec<_> = wrote.filter(|it| !asks_who(it.header("content-type"))).collect();
    assert!(wrote.is_empty(), "{wrote:#?}");

    // The owner of the store can do whatever was tried, and is told what a policy says of the rest.
    let outcomes = outcomes(&found);
    assert_eq!(account.findings.len() + outcomes.len(), CAPABILITIES.len());
    for id in
        ["list-files", "open-files", "share-links", "see-unfinished", "open-versions", "see-policy", "see-lifecycle"]
    {
        assert_eq!(outcomes[id], Outcome::Can, "{id}");
    }
    assert_eq!(outcomes["upload-files"].as_str(), "not-tried");
    assert_eq!(outcomes["change-acl"].words(), "Not tried: refused (predicted)");
    let tried = &found.findings.as_ref().unwrap().iter().find(|it| it.capability.id == "open-files").unwrap().tried;
    assert_eq!(tried[0].words(), "GetObject in/lake.jpg · 200");
    let nothing = &empty.findings.as_ref().unwrap().iter().find(|it| it.capability.id == "open-files").unwrap().outcome;
    assert_eq!(nothing.why(), Some("There is no file to try it on"));
}

const LOOKER: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketVersioning"],"Resource":"arn:aws:s3:::photos"}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_may_only_look_is_told_what_is_missing() {
    let practice = store().await;
    add(&practice, "ann", LOOKER);
    let said = says(&practice, Some("ann"), &["s3://photos", "--json"]).await;
    assert_eq!(said.code, 1, "{}", said.err);
    let report: Value = serde_json::from_str(&said.out).unwrap();
    let of = |id: &str| {
        let all = report["buckets"][0]["capabilities"].as_array().unwrap().iter();
        let one = all.chain(report["capabilities"].as_array().unwrap()).find(|it| it["capability"] == id).unwrap();
        (one["outcome"].as_str().unwrap().to_owned(), one["missing"].as_str().unwrap_or_default().to_owned())
    };
    for (id, outcome, missing) in [
        ("list-buckets", "cannot", "s3:ListAllMyBuckets"),
        ("list-files", "can", ""),
        ("open-files", "cannot", "s3:GetObject"),
        ("list-versions", "cannot", "s3:ListBucketVersions"),
        ("see-versioning", "can", ""),
        ("see-encryption", "cannot", "s3:GetEncryptionConfiguration"),
        ("upload-files", "not-tried", ""),
        ("open-versions", "unclear", ""),
    ] {
        assert_eq!(of(id), (outcome.to_owned(), missing.to_owned()), "{id}");
    }
    // Nothing that opens the store stands in it.
    assert!(!said.out.contains(SECRET) && !said.out.contains("KEY-OF-ann-123"), "{}", said.out);
    assert_eq!(report["access_key"], "KEY-…-123");

    let text = says(&practice, Some("ann"), &["s3://photos"]).await;
    assert!(
        text.out.contains("Cannot: needs s3:GetObject  [GetObject in/lake.jpg · 403 AccessDenied]"),
        "{}",
        text.out
    );
    assert_eq!(says(&practice, None, &["s3://photos"]).await.code, 0);
    let gone = says(&practice, None, &["s3://never-made"]).await;
    assert_eq!(gone.code, 2, "{}", gone.out);
    assert_eq!(says(&practice, Some("nobody"), &["s3://photos"]).await.code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_the_policy_can_do_what_was_ticked_and_nothing_else() {
    let practice = store().await;
    practice.put("photos", "out/secret.jpg", b"x").await;
    let said = says(&practice, None, &["s3://photos/in/", "--policy", "view,upload"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    add(&practice, "mo", &said.out);
    let credentials = Credentials::new("KEY-OF-mo-123", SECRET, None, None, "test");
    let config = client(&practice.server, Server::REGION).config().to_builder().credentials_provider(credentials);
    let mo = Client::from_conf(config.build());
    let get = async |key: &str| code(&mo.get_object().bucket("photos").key(key).send().await);
    let put =
        async |key: &str| code(&mo.put_object().bucket("photos").key(key).body(b"x".to_vec().into()).send().await);
    let list = async |prefix: &str| code(&mo.list_objects_v2().bucket("photos").prefix(prefix).send().await);
    assert_eq!([get("in/lake.jpg").await, put("in/new.jpg").await, list("in/").await], ["", "", ""]);
    let denied = "AccessDenied";
    assert_eq!([get("out/secret.jpg").await, put("out/new.jpg").await, list("").await], [denied; 3]);
    assert_eq!(code(&mo.delete_object().bucket("photos").key("in/lake.jpg").send().await), denied);
    assert_eq!(code(&mo.get_bucket_policy().bucket("photos").send().await), denied);
    assert_eq!(code(&mo.list_buckets().send().await), denied);

    let pattern = says(&practice, None, &["s3://acme-*", "--policy", "create"]).await;
    assert!(pattern.out.contains(r#""Resource": "arn:aws:s3:::acme-*""#), "{}", pattern.out);
    let odd = says(&practice, None, &["s3://photos", "--policy", "fly"]).await;
    assert!(odd.code == 2 && odd.err.contains("it is one of list, view"), "{}", odd.err);
}
