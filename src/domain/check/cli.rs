//! Fixes as lines of the AWS CLI.

use serde_json::json;

use super::evidence::Ground;
use super::fix::{Rewrite, Write};
use super::target::Spot;
use crate::domain::bucket_settings::export::cli::call;
use crate::domain::bucket_settings::{Acl, Payer, SettingKind, SettingValue};
use crate::domain::connection::SignIn;
use crate::domain::object::ObjectDetails;
use crate::domain::object_key::encode_path;
use crate::domain::public_access::{AclOf, BlockPublicAccess};
use crate::domain::shell::quote;

/// Where lines are about.
pub(super) struct Lines<'a> {
    pub(super) ground: &'a Ground,
    pub(super) spot: &'a Spot,
    pub(super) details: Option<&'a ObjectDetails>,
}

impl Lines<'_> {
    /// All changes, one below the other.
    pub(super) fn writes(&self, writes: &[Write]) -> String {
        writes.iter().map(|write| self.write(write)).collect::<Vec<_>>().join("\n")
    }

    fn write(&self, write: &Write) -> String {
        match write {
            Write::Setting { kind: SettingKind::AccountBlockPublicAccess, after, .. } => {
                let block = SettingValue::BlockPublicAccess(BlockPublicAccess::NONE);
                let document = after.as_ref().unwrap_or(&block).to_json().to_string();
                let account = "--account-id \"$(aws sts get-caller-identity --query Account --output text)\"";
                let call = self.call("s3control put-public-access-block");
                format!("{call} {account} --public-access-block-configuration {}", quote(&document))
            }
            Write::Setting { kind, after, .. } => self.setting(*kind, after.as_ref()),
            Write::ObjectAcl { after, .. } => self.object_acl(after),
            Write::Move { from, to, etag } => {
                format!("{} &&\n{}", self.copy(from, to, etag.as_deref()), self.about(from, "delete-object"))
            }
            Write::Delete { key, .. } => self.about(key, "delete-object"),
            Write::Rewrite { change, etag } => self.rewrite(change, etag.as_deref()),
            Write::RemoveMarker { version } => {
                format!("{} --version-id {}", self.about(&self.spot.key, "delete-object"), quote(version))
            }
            Write::Restore { days } => {
                format!("{} --restore-request Days={days}", self.about(&self.spot.key, "restore-object"))
            }
        }
    }

    pub(super) fn link(&self) -> String {
        let place = format!("s3://{}/{}", self.spot.bucket, self.spot.key);
        format!("{} {} --expires-in 604800", self.call("s3 presign"), quote(&place))
    }

    pub(super) fn upload(&self) -> String {
        let place = format!("s3://{}/{}", self.spot.bucket, self.spot.key);
        format!("{} FILE {}", self.call("s3 cp"), quote(&place))
    }

    /// `aws … --region … --endpoint-url … --profile …`.
    fn call(&self, operation: &str) -> String {
        let mut line = format!("aws {operation}");
        let mut add = |option: &str, value: &str| {
            if !value.is_empty() {
                line.push_str(&format!(" {option} {}", quote(value)));
            }
        };
        add("--region", self.ground.region());
        add("--endpoint-url", self.ground.endpoint().unwrap_or_default());
        if let Some(SignIn::Profile { name }) = self.ground.target.sign_in() {
            add("--profile", name);
        }
        line
    }

    fn about(&self, key: &str, operation: &str) -> String {
        let call = self.call(&format!("s3api {operation}"));
        format!("{call} --bucket {} --key {}", quote(&self.spot.bucket), quote(key))
    }

    fn setting(&self, kind: SettingKind, after: Option<&SettingValue>) -> String {
        let bucket = quote(&self.spot.bucket);
        match (call(kind), after) {
            (Some((name, option)), Some(value)) => {
                let document = value.to_text();
                format!("{} --bucket {bucket} {option} {}", self.call(&format!("s3api {name}")), quote(&document))
            }
            (_, None) if kind == SettingKind::RequestPayment => {
                self.setting(kind, Some(&SettingValue::RequestPayment(Payer::BucketOwner)))
            }
            (Some((name, _)), None) => {
                let name = name.replacen("put-", "delete-", 1);
                format!("{} --bucket {bucket}", self.call(&format!("s3api {name}")))
            }
            (None, _) => String::new(),
        }
    }

    fn object_acl(&self, acl: &Acl) -> String {
        let call = self.about(&self.spot.key, "put-object-acl");
        match acl.canned(AclOf::Object, None) {
            Some(canned) => format!("{call} --acl {}", canned.as_str()),
            None => {
                let document = SettingValue::Acl(acl.clone()).to_json().to_string();
                format!("{call} --access-control-policy {}", quote(&document))
            }
        }
    }

    fn copy(&self, from: &str, to: &str, etag: Option<&str>) -> String {
        let call = self.about(to, "copy-object");
        format!("{call} {}{} --if-none-match '*'", self.source(from), condition(etag))
    }

    fn source(&self, key: &str) -> String {
        format!("--copy-source {}", quote(&format!("{}/{}", self.spot.bucket, encode_path(key))))
    }

    fn rewrite(&self, change: &Rewrite, etag: Option<&str>) -> String {
        let mut line =
            format!("{} {}{}", self.about(&self.spot.key, "copy-object"), self.source(&self.spot.key), condition(etag));
        let unknown = ObjectDetails::default();
        let details = self.details.unwrap_or(&unknown);
        let mut add = |option: &str, value: Option<&str>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                line.push_str(&format!(" {option} {}", quote(value)));
            }
        };
        if let Some(encryption) = &change.encryption {
            add("--server-side-encryption", Some(encryption.algorithm.as_str()));
            add("--ssekms-key-id", encryption.key.as_deref());
        }
        add("--metadata-directive", Some("REPLACE"));
        let kept = |changed: &Option<String>, stored: &Option<String>| changed.clone().or_else(|| stored.clone());
        add("--content-type", kept(&change.content_type, &details.content_type).as_deref());
        add("--content-disposition", kept(&change.content_disposition, &details.content_disposition).as_deref());
        add("--content-encoding", kept(&change.content_encoding, &details.content_encoding).as_deref());
        add("--cache-control", details.cache_control.as_deref());
        if !details.metadata.is_empty() {
            let metadata: serde_json::Map<_, _> =
                details.metadata.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
            add("--metadata", Some(&serde_json::Value::Object(metadata).to_string()));
        }
        add("--storage-class", details.storage_class.as_deref().filter(|class| *class != "STANDARD"));
        line
    }
}

fn condition(etag: Option<&str>) -> String {
    etag.map(|etag| format!(" --copy-source-if-match {}", quote(etag))).unwrap_or_default()
}
