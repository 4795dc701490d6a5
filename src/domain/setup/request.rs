//! Steps as the HTTP requests they are.

use serde_json::{Value, json};

use super::{Encryption, Step, StepAction};
use crate::domain::bucket_settings::Website;
use crate::domain::lifecycle;
use crate::domain::object_key::encode_path;

pub(super) fn text(step: &Step) -> String {
    let host = host(step);
    let put = |query: &str, headers: &[String], body: &str| {
        let mut text = format!("PUT {}{query} HTTP/1.1\nHost: {host}\n", path(step));
        for header in headers {
            text.push_str(header);
            text.push('\n');
        }
        if !body.is_empty() {
            text.push('\n');
            text.push_str(body);
        }
        text.trim_end().to_owned()
    };
    let delete = |query: &str| format!("DELETE {}{query} HTTP/1.1\nHost: {host}", path(step));
    match &step.action {
        StepAction::DeleteOwnershipControls => delete("?ownershipControls"),
        StepAction::DeleteEncryption => delete("?encryption"),
        StepAction::DeletePolicy => delete("?policy"),
        StepAction::DeleteWebsite => delete("?website"),
        StepAction::DeleteBucket => delete(""),
        StepAction::PutCors(rules) if rules.is_empty() => delete("?cors"),
        StepAction::PutLifecycle(rules) if rules.is_empty() => delete("?lifecycle"),
        StepAction::PutTags(tags) if tags.is_empty() => delete("?tagging"),
        StepAction::DeleteTestImage { key } => {
            format!("DELETE {}/{} HTTP/1.1\nHost: {host}", path(step).trim_end_matches('/'), encode_path(key))
        }
        StepAction::SuspendVersioning => {
            put("?versioning", &[], &document("VersioningConfiguration", &element("Status", "Suspended")))
        }
        StepAction::CreateBucket { location, ownership, account_regional } => {
            let mut headers = Vec::new();
            headers.extend(ownership.map(|own| format!("x-amz-object-ownership: {}", own.as_str())));
            headers.extend(account_regional.then(|| "x-amz-bucket-namespace: account-regional".to_owned()));
            let body = location.as_ref().map_or_else(String::new, |location| {
                document("CreateBucketConfiguration", &element("LocationConstraint", location))
            });
            put("", &headers, &body)
        }
        StepAction::WaitForBucket => format!("HEAD {} HTTP/1.1\nHost: {host}", path(step)),
        StepAction::PutPublicAccessBlock(block) => {
            let flags = [
                ("BlockPublicAcls", block.block_public_acls),
                ("IgnorePublicAcls", block.ignore_public_acls),
                ("BlockPublicPolicy", block.block_public_policy),
                ("RestrictPublicBuckets", block.restrict_public_buckets),
            ];
            let inner: String = flags.iter().map(|(name, on)| element(name, &on.to_string())).collect();
            put("?publicAccessBlock", &[], &document("PublicAccessBlockConfiguration", &inner))
        }
        StepAction::PutOwnershipControls(ownership) => {
            let rule = nested("Rule", &element("ObjectOwnership", ownership.as_str()));
            put("?ownershipControls", &[], &document("OwnershipControls", &rule))
        }
        StepAction::EnableVersioning => {
            put("?versioning", &[], &document("VersioningConfiguration", &element("Status", "Enabled")))
        }
        StepAction::PutEncryption(encryption) => {
            put("?encryption", &[], &document("ServerSideEncryptionConfiguration", &encryption_rule(encryption)))
        }
        StepAction::PutPolicy(policy) => {
            put("?policy", &["Content-Type: application/json".into()], &policy.to_json_pretty())
        }
        StepAction::PutCors(rules) => {
            let rules = rules.iter().filter_map(|rule| serde_json::to_value(rule).ok());
            let inner: String = rules.map(|rule| nested("CORSRule", &members(&rule))).collect();
            put("?cors", &[], &document("CORSConfiguration", &inner))
        }
        StepAction::PutLifecycle(rules) => {
            let json = lifecycle::to_json(rules);
            let rules = json["Rules"].as_array().into_iter().flatten();
            let inner: String = rules.map(|rule| nested("Rule", &members(rule))).collect();
            put("?lifecycle", &[], &document("LifecycleConfiguration", &inner))
        }
        StepAction::PutWebsite(website) => {
            let rules = website.routing_rules.iter().map(|rule| one("RoutingRule", &json!(rule))).collect::<String>();
            let mut inner = members(&json!(Website { routing_rules: Vec::new(), ..website.clone() }));
            if !rules.is_empty() {
                inner.push_str(&nested("RoutingRules", &rules));
            }
            put("?website", &[], &document("WebsiteConfiguration", &inner))
        }
        StepAction::PutTags(tags) => {
            let tag =
                |(key, value): &(String, String)| nested("Tag", &(element("Key", key) + &element("Value", value)));
            let inner = nested("TagSet", &tags.iter().map(tag).collect::<String>());
            put("?tagging", &[], &document("Tagging", &inner))
        }
        StepAction::Prove { key, .. } => {
            let at = format!("{}/{}", path(step).trim_end_matches('/'), encode_path(key));
            format!(
                "PUT {at} HTTP/1.1\nHost: {host}\nContent-Type: image/png\nIf-None-Match: *\n\n…\n\nGET {at} HTTP/1.1\nHost: {host}"
            )
        }
    }
}

/// Other stores are shown path-style, Amazon with the bucket in the host, as the SDK does.
fn is_path_style(step: &Step) -> bool {
    step.endpoint.is_some() || !crate::domain::bucket_name::is_virtual_hostable(&step.bucket, false)
}

fn path(step: &Step) -> String {
    if is_path_style(step) { format!("/{}", encode_path(&step.bucket)) } else { "/".into() }
}

fn host(step: &Step) -> String {
    if let Some(endpoint) = &step.endpoint {
        let bare = endpoint.split_once("://").map_or(endpoint.as_str(), |(_, rest)| rest);
        return bare.trim_end_matches('/').to_owned();
    }
    let suffix = crate::domain::arn::Partition::from_region(&step.region).dns_suffix();
    let service = format!("s3.{}.{suffix}", step.region);
    if is_path_style(step) { service } else { format!("{}.{service}", step.bucket) }
}

fn encryption_rule(encryption: &Encryption) -> String {
    let (default, bucket_key) = match encryption {
        Encryption::SseS3 => (element("SSEAlgorithm", "AES256"), None),
        Encryption::SseKms { key, bucket_key } => {
            let key = key.as_ref().map_or_else(String::new, |key| element("KMSMasterKeyID", key));
            (element("SSEAlgorithm", "aws:kms") + &key, Some(*bucket_key))
        }
    };
    let bucket_key = bucket_key.map_or_else(String::new, |on| element("BucketKeyEnabled", &on.to_string()));
    nested("Rule", &(nested("ApplyServerSideEncryptionByDefault", &default) + &bucket_key))
}

/// JSON members as XML: lists are repeated under their singular name, as S3 has them.
fn members(value: &Value) -> String {
    let Value::Object(map) = value else { return String::new() };
    let mut out = String::new();
    for (name, value) in map {
        match value {
            Value::Array(list) => {
                let name = name.strip_suffix('s').unwrap_or(name);
                out.extend(list.iter().map(|item| one(name, item)));
            }
            other => out.push_str(&one(name, other)),
        }
    }
    out
}

fn one(name: &str, value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => format!("<{name}/>\n"),
        Value::Object(_) => nested(name, &members(value)),
        Value::String(text) => element(name, text),
        other => element(name, &other.to_string()),
    }
}

fn document(name: &str, inner: &str) -> String {
    format!("<{name} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n{}</{name}>", indented(inner))
}

fn nested(name: &str, inner: &str) -> String {
    format!("<{name}>\n{}</{name}>\n", indented(inner))
}

fn element(name: &str, text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<{name}>{escaped}</{name}>\n")
}

fn indented(inner: &str) -> String {
    inner.lines().map(|line| format!("  {line}\n")).collect()
}
