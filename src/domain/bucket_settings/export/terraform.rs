//! As Terraform, one resource for each setting.
//!
//! Names of arguments as in the documentation of the AWS provider (version 4 and later).

use super::super::value::{
    DefaultEncryption, LogKeyFormat, Logging, ObjectLock, Payer, RetentionMode, Status, Website,
};
use super::super::{SettingKind, SettingValue};
use super::Settings;
use crate::domain::cors::CorsRule;
use crate::domain::lifecycle::{Expiration, LifecycleRule, When};
use crate::domain::public_access::BlockPublicAccess;

/// Text that is indented as `terraform fmt` does.
#[derive(Default)]
struct Hcl {
    out: String,
    depth: usize,
}

impl Hcl {
    fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn block(&mut self, head: &str, inner: impl FnOnce(&mut Self)) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
        inner(self);
        self.depth -= 1;
        self.line("}");
    }

    fn resource(&mut self, kind: &str, inner: impl FnOnce(&mut Self)) {
        self.out.push('\n');
        self.block(&format!("resource \"{kind}\" \"bucket\""), |hcl| {
            hcl.line("bucket = aws_s3_bucket.bucket.id");
            inner(hcl);
        });
    }

    fn text(&mut self, name: &str, text: &str) {
        self.line(&format!("{name} = {}", quoted(text)));
    }

    fn maybe_text(&mut self, name: &str, text: Option<&String>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    fn value(&mut self, name: &str, value: impl std::fmt::Display) {
        self.line(&format!("{name} = {value}"));
    }

    fn list(&mut self, name: &str, list: &[String]) {
        if !list.is_empty() {
            let list: Vec<String> = list.iter().map(|text| quoted(text)).collect();
            self.line(&format!("{name} = [{}]", list.join(", ")));
        }
    }
}

/// A string of HCL: `${` and `%{` begin templates there.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out.replace("${", "$${").replace("%{", "%%{")
}

pub(super) fn write(bucket: &str, settings: &Settings) -> String {
    let mut hcl = Hcl::default();
    hcl.line(&format!("# The settings of {bucket}"));
    hcl.block("resource \"aws_s3_bucket\" \"bucket\"", |hcl| {
        hcl.text("bucket", bucket);
        if settings.contains_key(&SettingKind::ObjectLock) {
            hcl.value("object_lock_enabled", true);
        }
        if let Some(SettingValue::Tags(tags)) = settings.get(&SettingKind::Tags) {
            hcl.block("tags =", |hcl| {
                for (key, value) in tags {
                    hcl.line(&format!("{} = {}", quoted(key), quoted(value)));
                }
            });
        }
    });
    for value in settings.iter().filter(|(kind, _)| **kind != SettingKind::AccountBlockPublicAccess) {
        resource(&mut hcl, *value.0, value.1);
    }
    hcl.out
}

fn resource(hcl: &mut Hcl, kind: SettingKind, value: &SettingValue) {
    match value {
        SettingValue::Tags(_) => {}
        SettingValue::BlockPublicAccess(flags) => flags_hcl(hcl, *flags),
        SettingValue::Ownership(ownership) => hcl.resource("aws_s3_bucket_ownership_controls", |hcl| {
            hcl.block("rule", |hcl| hcl.text("object_ownership", ownership.as_str()));
        }),
        SettingValue::Versioning(versioning) => hcl.resource("aws_s3_bucket_versioning", |hcl| {
            let status = if versioning.is_on() { "Enabled" } else { "Suspended" };
            hcl.block("versioning_configuration", |hcl| hcl.text("status", status));
        }),
        SettingValue::Encryption(encryption) => encryption_hcl(hcl, encryption),
        SettingValue::Policy(text) => hcl.resource("aws_s3_bucket_policy", |hcl| hcl.text("policy", text)),
        SettingValue::Cors(rules) => hcl.resource("aws_s3_bucket_cors_configuration", |hcl| {
            rules.iter().for_each(|rule| cors_hcl(hcl, rule));
        }),
        SettingValue::Lifecycle(rules) => hcl.resource("aws_s3_bucket_lifecycle_configuration", |hcl| {
            rules.iter().enumerate().for_each(|(at, rule)| rule_hcl(hcl, at, rule));
        }),
        SettingValue::Website(website) => website_hcl(hcl, website),
        SettingValue::Logging(logging) => logging_hcl(hcl, logging),
        SettingValue::RequestPayment(payer) => {
            hcl.resource("aws_s3_bucket_request_payment_configuration", |hcl| {
                let payer = match payer {
                    Payer::BucketOwner => "BucketOwner",
                    Payer::Requester => "Requester",
                };
                hcl.text("payer", payer);
            });
        }
        SettingValue::Acceleration(it) => hcl.resource("aws_s3_bucket_accelerate_configuration", |hcl| {
            hcl.text("status", if it.status == Status::Enabled { "Enabled" } else { "Suspended" });
        }),
        SettingValue::ObjectLock(lock) => lock_hcl(hcl, lock),
        SettingValue::Acl(_) | SettingValue::Document(_) => {
            hcl.out.push('\n');
            hcl.line(&format!("# Not written here: {}", kind.title()));
        }
    }
}

fn flags_hcl(hcl: &mut Hcl, flags: BlockPublicAccess) {
    hcl.resource("aws_s3_bucket_public_access_block", |hcl| {
        hcl.value("block_public_acls", flags.block_public_acls);
        hcl.value("ignore_public_acls", flags.ignore_public_acls);
        hcl.value("block_public_policy", flags.block_public_policy);
        hcl.value("restrict_public_buckets", flags.restrict_public_buckets);
    });
}

fn encryption_hcl(hcl: &mut Hcl, encryption: &DefaultEncryption) {
    hcl.resource("aws_s3_bucket_server_side_encryption_configuration", |hcl| {
        hcl.block("rule", |hcl| {
            if !encryption.blocked.is_empty() {
                hcl.line(&format!("# Not written here: uploads may not use {}", encryption.blocked.join(", ")));
            }
            if let Some(on) = encryption.bucket_key {
                hcl.value("bucket_key_enabled", on);
            }
            hcl.block("apply_server_side_encryption_by_default", |hcl| {
                hcl.text("sse_algorithm", encryption.algorithm.as_str());
                hcl.maybe_text("kms_master_key_id", encryption.key.as_ref());
            });
        });
    });
}

fn cors_hcl(hcl: &mut Hcl, rule: &CorsRule) {
    hcl.block("cors_rule", |hcl| {
        hcl.maybe_text("id", rule.id.as_ref());
        hcl.list("allowed_headers", &rule.allowed_headers);
        hcl.list("allowed_methods", &rule.allowed_methods);
        hcl.list("allowed_origins", &rule.allowed_origins);
        hcl.list("expose_headers", &rule.expose_headers);
        if let Some(secs) = rule.max_age_secs {
            hcl.value("max_age_seconds", secs);
        }
    });
}

fn when_hcl(hcl: &mut Hcl, when: &When) {
    match when {
        When::Days(days) => hcl.value("days", days),
        When::Date(date) => hcl.text("date", date),
    }
}

fn rule_hcl(hcl: &mut Hcl, at: usize, rule: &LifecycleRule) {
    hcl.block("rule", |hcl| {
        hcl.text("id", &rule.id.clone().unwrap_or_else(|| format!("rule-{}", at + 1)));
        hcl.text("status", if rule.enabled { "Enabled" } else { "Disabled" });
        filter_hcl(hcl, rule);
        match &rule.expiration {
            Some(Expiration::At(when)) => hcl.block("expiration", |hcl| when_hcl(hcl, when)),
            Some(Expiration::LoneDeleteMarkers) => {
                hcl.block("expiration", |hcl| hcl.value("expired_object_delete_marker", true));
            }
            None => {}
        }
        for it in &rule.transitions {
            hcl.block("transition", |hcl| {
                when_hcl(hcl, &it.when);
                hcl.text("storage_class", &it.class);
            });
        }
        if let Some(old) = &rule.noncurrent_expiration {
            hcl.block("noncurrent_version_expiration", |hcl| {
                if old.days > 0 {
                    hcl.value("noncurrent_days", old.days);
                }
                if let Some(kept) = old.keep_newest {
                    hcl.value("newer_noncurrent_versions", kept);
                }
            });
        }
        for it in &rule.noncurrent_transitions {
            hcl.block("noncurrent_version_transition", |hcl| {
                hcl.value("noncurrent_days", it.days);
                if let Some(kept) = it.keep_newest {
                    hcl.value("newer_noncurrent_versions", kept);
                }
                hcl.text("storage_class", &it.class);
            });
        }
        if let Some(days) = rule.abort_unfinished_days {
            hcl.block("abort_incomplete_multipart_upload", |hcl| hcl.value("days_after_initiation", days));
        }
    });
}

fn filter_hcl(hcl: &mut Hcl, rule: &LifecycleRule) {
    let filter = &rule.filter;
    let count = usize::from(filter.prefix.is_some())
        + filter.tags.len()
        + usize::from(filter.larger_than.is_some())
        + usize::from(filter.smaller_than.is_some());
    let parts = |hcl: &mut Hcl| {
        hcl.maybe_text("prefix", filter.prefix.as_ref());
        if let Some(bytes) = filter.larger_than {
            hcl.value("object_size_greater_than", bytes);
        }
        if let Some(bytes) = filter.smaller_than {
            hcl.value("object_size_less_than", bytes);
        }
    };
    hcl.block("filter", |hcl| {
        if count > 1 {
            hcl.block("and", |hcl| {
                parts(hcl);
                if !filter.tags.is_empty() {
                    hcl.block("tags =", |hcl| {
                        for (key, value) in &filter.tags {
                            hcl.line(&format!("{} = {}", quoted(key), quoted(value)));
                        }
                    });
                }
            });
        } else {
            parts(hcl);
            for (key, value) in &filter.tags {
                hcl.block("tag", |hcl| {
                    hcl.text("key", key);
                    hcl.text("value", value);
                });
            }
        }
    });
}

fn website_hcl(hcl: &mut Hcl, website: &Website) {
    hcl.resource("aws_s3_bucket_website_configuration", |hcl| {
        if let Some(index) = &website.index_document {
            hcl.block("index_document", |hcl| hcl.text("suffix", &index.suffix));
        }
        if let Some(error) = &website.error_document {
            hcl.block("error_document", |hcl| hcl.text("key", &error.key));
        }
        if let Some(to) = &website.redirect_all_requests_to {
            hcl.block("redirect_all_requests_to", |hcl| {
                hcl.text("host_name", &to.host_name);
                hcl.maybe_text("protocol", to.protocol.as_ref());
            });
        }
        for rule in &website.routing_rules {
            hcl.block("routing_rule", |hcl| {
                if let Some(when) = &rule.condition {
                    hcl.block("condition", |hcl| {
                        hcl.maybe_text(
                            "http_error_code_returned_equals",
                            when.http_error_code_returned_equals.as_ref(),
                        );
                        hcl.maybe_text("key_prefix_equals", when.key_prefix_equals.as_ref());
                    });
                }
                hcl.block("redirect", |hcl| {
                    let to = &rule.redirect;
                    hcl.maybe_text("host_name", to.host_name.as_ref());
                    hcl.maybe_text("http_redirect_code", to.http_redirect_code.as_ref());
                    hcl.maybe_text("protocol", to.protocol.as_ref());
                    hcl.maybe_text("replace_key_prefix_with", to.replace_key_prefix_with.as_ref());
                    hcl.maybe_text("replace_key_with", to.replace_key_with.as_ref());
                });
            });
        }
    });
}

fn logging_hcl(hcl: &mut Hcl, logging: &Logging) {
    hcl.resource("aws_s3_bucket_logging", |hcl| {
        hcl.text("target_bucket", &logging.target_bucket);
        hcl.text("target_prefix", &logging.target_prefix);
        for grant in &logging.target_grants {
            let who = [&grant.grantee.id, &grant.grantee.uri, &grant.grantee.email_address];
            let who = who.into_iter().flatten().next().cloned().unwrap_or_default();
            hcl.line(&format!("# Not written here: {} for {}", grant.permission, who.replace('\n', " ")));
        }
        if let Some(LogKeyFormat::Partitioned(source)) = &logging.key_format {
            hcl.block("target_object_key_format", |hcl| {
                let source = source.as_deref().unwrap_or("EventTime");
                hcl.block("partitioned_prefix", |hcl| hcl.text("partition_date_source", source));
            });
        }
    });
}

fn lock_hcl(hcl: &mut Hcl, lock: &ObjectLock) {
    let Some(retention) = &lock.default else { return };
    hcl.resource("aws_s3_bucket_object_lock_configuration", |hcl| {
        hcl.block("rule", |hcl| {
            hcl.block("default_retention", |hcl| {
                let mode = match retention.mode {
                    RetentionMode::Governance => "GOVERNANCE",
                    RetentionMode::Compliance => "COMPLIANCE",
                };
                hcl.text("mode", mode);
                if let Some(days) = retention.days {
                    hcl.value("days", days);
                }
                if let Some(years) = retention.years {
                    hcl.value("years", years);
                }
            });
        });
    });
}
