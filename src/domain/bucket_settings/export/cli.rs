//! As calls of the AWS CLI.

use super::super::{SettingKind, SettingValue};
use super::Settings;
use crate::domain::shell::quote;

/// The call that writes a setting, and the option that takes its document.
pub(in crate::domain) const fn call(kind: SettingKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        SettingKind::BlockPublicAccess => ("put-public-access-block", "--public-access-block-configuration"),
        SettingKind::Ownership => ("put-bucket-ownership-controls", "--ownership-controls"),
        SettingKind::Acl => ("put-bucket-acl", "--access-control-policy"),
        SettingKind::Versioning => ("put-bucket-versioning", "--versioning-configuration"),
        SettingKind::Encryption => ("put-bucket-encryption", "--server-side-encryption-configuration"),
        SettingKind::Policy => ("put-bucket-policy", "--policy"),
        SettingKind::Cors => ("put-bucket-cors", "--cors-configuration"),
        SettingKind::Lifecycle => ("put-bucket-lifecycle-configuration", "--lifecycle-configuration"),
        SettingKind::Tags => ("put-bucket-tagging", "--tagging"),
        SettingKind::Website => ("put-bucket-website", "--website-configuration"),
        SettingKind::Logging => ("put-bucket-logging", "--bucket-logging-status"),
        SettingKind::RequestPayment => ("put-bucket-request-payment", "--request-payment-configuration"),
        SettingKind::Acceleration => ("put-bucket-accelerate-configuration", "--accelerate-configuration"),
        SettingKind::ObjectLock => ("put-object-lock-configuration", "--object-lock-configuration"),
        SettingKind::Notification => ("put-bucket-notification-configuration", "--notification-configuration"),
        SettingKind::Replication => ("put-bucket-replication", "--replication-configuration"),
        SettingKind::AccountBlockPublicAccess => return None,
    })
}

/// The order in which calls succeed: what others need comes first.
const ORDER: [SettingKind; 16] = [
    SettingKind::BlockPublicAccess,
    SettingKind::Ownership,
    SettingKind::Acl,
    SettingKind::Versioning,
    SettingKind::ObjectLock,
    SettingKind::Encryption,
    SettingKind::Policy,
    SettingKind::Cors,
    SettingKind::Lifecycle,
    SettingKind::Logging,
    SettingKind::Website,
    SettingKind::Tags,
    SettingKind::RequestPayment,
    SettingKind::Acceleration,
    SettingKind::Notification,
    SettingKind::Replication,
];

pub(super) fn write(bucket: &str, region: &str, settings: &Settings) -> String {
    let mut out = format!("# The settings of {bucket}\n");
    let calls = ORDER.iter().filter_map(|kind| Some((*kind, settings.get(kind)?)));
    for (kind, value) in calls {
        let Some((name, option)) = call(kind) else { continue };
        let document = match value {
            SettingValue::Policy(text) => text.clone(),
            other => other.to_json().to_string(),
        };
        let region = if region.is_empty() { String::new() } else { format!(" --region {}", quote(region)) };
        let (bucket, document) = (quote(bucket), quote(&document));
        out.push_str(&format!("aws s3api {name} --bucket {bucket}{region} {option} {document}\n"));
    }
    out
}
