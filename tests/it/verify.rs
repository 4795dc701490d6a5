//! Many files held against expectations by the built command: what is found, from where, and how it goes on.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod findings;
mod later;
mod reports;
mod sources;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use aws_sdk_s3::types::{CorsConfiguration, CorsRule};
use serde_json::Value;
use tempfile::TempDir;

use crate::ls_cli::{Said, command};
use crate::practice_support::Practice;
use crate::support::pictures;
use image::ImageFormat;

/// A bucket with pictures, and a folder for expectations, lists and reports.
struct Gallery {
    practice: Practice,
    files: TempDir,
}

impl Gallery {
    /// Anyone may read what lies under these prefixes of `shop`.
    async fn open(public: &[&str]) -> Self {
        let practice = Practice::start().await;
        practice.bucket("shop").await;
        let gallery = Self { practice, files: TempDir::new().unwrap() };
        if !public.is_empty() {
            gallery.publish(public).await;
        }
        gallery
    }

    async fn publish(&self, prefixes: &[&str]) {
        let s3 = &self.practice.s3;
        s3.delete_public_access_block().bucket("shop").send().await.unwrap();
        let resources: Vec<String> = prefixes.iter().map(|prefix| format!("arn:aws:s3:::shop/{prefix}*")).collect();
        let policy = serde_json::json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": resources }
        ] });
        s3.put_bucket_policy().bucket("shop").policy(policy.to_string()).send().await.unwrap();
    }

    async fn allow_pages_of(&self, origin: &str) {
        let rule = CorsRule::builder().allowed_methods("GET").allowed_methods("HEAD").allowed_origins(origin).build();
        let rules = CorsConfiguration::builder().cors_rules(rule.unwrap()).build().unwrap();
        self.practice.s3.put_bucket_cors().bucket("shop").cors_configuration(rules).send().await.unwrap();
    }

    async fn put(&self, key: &str, bytes: Vec<u8>, content_type: &str) {
        let put = self.practice.s3.put_object().bucket("shop").key(key).body(bytes.into()).content_type(content_type);
        put.cache_control("public, max-age=3600").send().await.unwrap();
    }

    /// A JPEG of this size; the number makes it another one.
    async fn jpeg(&self, key: &str, number: u32, width: u32, height: u32) {
        self.put(key, pictures::file(ImageFormat::Jpeg, number, width, height), "image/jpeg").await;
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn address(&self, path: &str) -> String {
        format!("{}/{path}", self.practice.server.endpoint())
    }

    fn command(&self, expect: &str, words: &[&str]) -> Command {
        let expect = self.file("expect.toml", expect);
        let mut all = vec!["--expect", &expect];
        all.extend(words);
        let mut run = command(&self.practice, "verify", &all);
        run.env("BRIMFUL_HOME", self.files.path().join("home"));
        run
    }

    async fn verify(&self, expect: &str, words: &[&str]) -> Said {
        let mut run = self.command(expect, words);
        let said = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: said.status.code().unwrap(), out: text(said.stdout), err: text(said.stderr) }
    }
}

/// What was found of each file, as `check` or `check (unknown)`.
fn checks(rows: &[Value]) -> BTreeMap<String, Vec<String>> {
    let one = |finding: &Value| {
        let (check, severity) = (finding["check"].as_str().unwrap(), finding["severity"].as_str().unwrap());
        if severity == "error" { check.to_owned() } else { format!("{check} ({severity})") }
    };
    let row = |row: &Value| {
        let findings = row["findings"].as_array().unwrap().iter().map(one).collect();
        (row["path"].as_str().unwrap().to_owned(), findings)
    };
    rows.iter().map(row).collect()
}

fn found(all: &BTreeMap<String, Vec<String>>, path: &str) -> Vec<String> {
    all.get(path).cloned().unwrap_or_else(|| vec![format!("{path} is not among {:?}", all.keys())])
}
