//! Steps as lines of the AWS CLI.

use serde_json::{Value, json};

use super::{Encryption, SetupPlan, Step, StepAction, StepState};
use crate::domain::object_key::encode_path;
use crate::domain::shell::quote;
use crate::domain::{endpoint, lifecycle};

/// All steps that are to be run, as one script for a POSIX shell.
#[must_use]
pub fn cli_script(plan: &SetupPlan) -> String {
    let mut script = String::from("#!/bin/sh\nset -eu\n");
    for step in plan.steps.iter().filter(|s| s.state == StepState::ToDo) {
        script.push_str("\n# ");
        // A key or name with a line break must not end the comment.
        script.extend(step.words.chars().map(|c| if c.is_control() { ' ' } else { c }));
        script.push('\n');
        script.push_str(&command(step));
        script.push('\n');
    }
    script
}

pub(super) fn command(step: &Step) -> String {
    let bucket = vec!["--bucket".to_owned(), quote(&step.bucket)];
    let with = |operation: &str, more: &[(&str, String)]| {
        let mut words = bucket.clone();
        for (option, value) in more {
            words.push((*option).to_owned());
            if !value.is_empty() {
                words.push(quote(value));
            }
        }
        line(step, operation, &words)
    };
    match &step.action {
        StepAction::DeleteOwnershipControls => with("delete-bucket-ownership-controls", &[]),
        StepAction::DeleteEncryption => with("delete-bucket-encryption", &[]),
        StepAction::DeletePolicy => with("delete-bucket-policy", &[]),
        StepAction::DeleteWebsite => with("delete-bucket-website", &[]),
        StepAction::DeleteBucket => with("delete-bucket", &[]),
        StepAction::PutCors(rules) if rules.is_empty() => with("delete-bucket-cors", &[]),
        StepAction::PutLifecycle(rules) if rules.is_empty() => with("delete-bucket-lifecycle", &[]),
        StepAction::PutTags(tags) if tags.is_empty() => with("delete-bucket-tagging", &[]),
        StepAction::DeleteTestImage { key } => with("delete-object", &[("--key", key.clone())]),
        StepAction::SuspendVersioning => {
            with("put-bucket-versioning", &[("--versioning-configuration", "Status=Suspended".into())])
        }
        StepAction::CreateBucket { location, ownership, account_regional } => {
            let mut more = Vec::new();
            if *account_regional {
                more.push(("--bucket-namespace", "account-regional".to_owned()));
            }
            if let Some(location) = location {
                more.push(("--create-bucket-configuration", format!("LocationConstraint={location}")));
            }
            if let Some(ownership) = ownership {
                more.push(("--object-ownership", ownership.as_str().to_owned()));
            }
            with("create-bucket", &more)
        }
        StepAction::WaitForBucket => with("wait bucket-exists", &[]),
        StepAction::PutPublicAccessBlock(block) => {
            let flags = format!(
                "BlockPublicAcls={},IgnorePublicAcls={},BlockPublicPolicy={},RestrictPublicBuckets={}",
                block.block_public_acls,
                block.ignore_public_acls,
                block.block_public_policy,
                block.restrict_public_buckets
            );
            with("put-public-access-block", &[("--public-access-block-configuration", flags)])
        }
        StepAction::PutOwnershipControls(ownership) => {
            let rules = format!("Rules=[{{ObjectOwnership={}}}]", ownership.as_str());
            with("put-bucket-ownership-controls", &[("--ownership-controls", rules)])
        }
        StepAction::EnableVersioning => {
            with("put-bucket-versioning", &[("--versioning-configuration", "Status=Enabled".into())])
        }
        StepAction::PutEncryption(encryption) => {
            let value = encryption_json(encryption).to_string();
            with("put-bucket-encryption", &[("--server-side-encryption-configuration", value)])
        }
        StepAction::PutPolicy(policy) => with("put-bucket-policy", &[("--policy", policy.to_json_pretty())]),
        StepAction::PutCors(rules) => {
            with("put-bucket-cors", &[("--cors-configuration", pretty(&json!({ "CORSRules": rules })))])
        }
        StepAction::PutLifecycle(rules) => with(
            "put-bucket-lifecycle-configuration",
            &[("--lifecycle-configuration", pretty(&lifecycle::to_json(rules)))],
        ),
        StepAction::PutWebsite(website) => {
            with("put-bucket-website", &[("--website-configuration", json!(website).to_string())])
        }
        StepAction::PutTags(tags) => {
            let set: Vec<_> = tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
            with("put-bucket-tagging", &[("--tagging", json!({ "TagSet": set }).to_string())])
        }
        StepAction::Prove { key, .. } => {
            let put = with(
                "put-object",
                &[
                    ("--key", key.clone()),
                    ("--body", "brimful-test.png".into()),
                    ("--content-type", "image/png".into()),
                ],
            );
            format!("{put}\ncurl --head {}", quote(&object_url(step, key)))
        }
    }
}

fn object_url(step: &Step, key: &str) -> String {
    let own = step.endpoint.as_deref();
    let options = endpoint::EndpointOptions { endpoint: own, path_style: own.is_some(), ..Default::default() };
    let base = endpoint::resolve(&step.bucket, Some(&step.region), &options)
        .unwrap_or_else(|_| format!("https://{}.s3.amazonaws.com", step.bucket));
    format!("{base}/{}", encode_path(key))
}

/// What stands in `--server-side-encryption-configuration`.
fn encryption_json(encryption: &Encryption) -> Value {
    let (default, bucket_key) = match encryption {
        Encryption::SseS3 => (json!({ "SSEAlgorithm": "AES256" }), None),
        Encryption::SseKms { key, bucket_key } => {
            let mut default = json!({ "SSEAlgorithm": "aws:kms" });
            if let Some(key) = key {
                default["KMSMasterKeyID"] = json!(key);
            }
            (default, Some(*bucket_key))
        }
    };
    let mut rule = json!({ "ApplyServerSideEncryptionByDefault": default });
    if let Some(on) = bucket_key {
        rule["BucketKeyEnabled"] = json!(on);
    }
    json!({ "Rules": [rule] })
}

/// `aws s3api operation --region … \` and, indented on a second line, the rest.
fn line(step: &Step, operation: &str, words: &[String]) -> String {
    let mut start = format!("aws s3api {operation} --region {}", quote(&step.region));
    if let Some(profile) = &step.profile {
        start.push_str(&format!(" --profile {}", quote(profile)));
    }
    if let Some(endpoint) = &step.endpoint {
        start.push_str(&format!(" --endpoint-url {}", quote(endpoint)));
    }
    format!("{start} \\\n    {}", words.join(" "))
}

fn pretty(value: &Value) -> String {
    format!("{value:#}")
}
