//! All settings of a bucket in a file, to come back to and to compare with.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{SettingKind, SettingValue, same};

/// The format that this release writes.
const FORMAT: u32 = 1;

/// What a bucket had at some time. Settings that could not be read are not in it; those that were not set are `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The bucket it was taken of.
    pub bucket: String,
    /// When.
    pub taken: Timestamp,
    /// The settings.
    pub settings: BTreeMap<SettingKind, Option<SettingValue>>,
}

/// Why a file is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It is no JSON, or of something else.
    #[error("This is no snapshot of a bucket’s settings: {0}")]
    Json(#[from] serde_json::Error),
    /// It was written by a newer release.
    #[error("This snapshot was written by a newer Brimful")]
    Newer,
    /// A setting makes no sense.
    #[error("{0} in this snapshot is not understood")]
    Setting(&'static str),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    brimful_bucket_settings: u32,
    bucket: String,
    taken: Timestamp,
    settings: BTreeMap<String, Value>,
}

impl Snapshot {
    /// As the file says it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let setting = |(kind, value): (&SettingKind, &Option<SettingValue>)| {
            (kind.as_str().to_owned(), value.as_ref().map_or(Value::Null, SettingValue::to_json))
        };
        let file = File {
            brimful_bucket_settings: FORMAT,
            bucket: self.bucket.clone(),
            taken: self.taken,
            settings: self.settings.iter().map(setting).collect(),
        };
        let text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text + "\n"
    }

    /// Reads a file. Settings that only a newer release knows are passed over.
    ///
    /// # Errors
    /// Where it is no snapshot, or a setting in it makes no sense.
    pub fn parse(text: &str) -> Result<Self, SnapshotError> {
        let file: File = serde_json::from_str(text)?;
        if file.brimful_bucket_settings > FORMAT {
            return Err(SnapshotError::Newer);
        }
        let mut settings = BTreeMap::new();
        for (name, json) in &file.settings {
            let Some(kind) = SettingKind::parse(name) else { continue };
            let value = match json {
                Value::Null => None,
                json => Some(SettingValue::from_json(kind, json).ok_or(SnapshotError::Setting(kind.title()))?),
            };
            settings.insert(kind, value);
        }
        Ok(Self { bucket: file.bucket, taken: file.taken, settings })
    }

    /// The same for another bucket: where the policy names this bucket, it names the other one, and what the access list
    /// gives to the owner, it gives to `owner`.
    #[must_use]
    pub fn for_bucket(mut self, bucket: &str, owner: Option<&str>) -> Self {
        if let (Some(Some(SettingValue::Acl(acl))), Some(owner)) = (self.settings.get_mut(&SettingKind::Acl), owner) {
            *acl = std::mem::take(acl).owned_by(owner);
        }
        if let Some(Some(SettingValue::Policy(text))) = self.settings.get_mut(&SettingKind::Policy) {
            for end in ["\"", "/"] {
                *text = text.replace(&format!(":::{}{end}", self.bucket), &format!(":::{bucket}{end}"));
            }
        }
        self
    }

    /// The settings that differ from those of `here`, each as (here, there). What is not known of both is left out.
    #[must_use]
    pub fn differing<'a>(
        &'a self,
        here: &'a BTreeMap<SettingKind, Option<SettingValue>>,
    ) -> Vec<(SettingKind, Option<&'a SettingValue>, Option<&'a SettingValue>)> {
        self.settings
            .iter()
            .filter_map(|(kind, there)| Some((*kind, here.get(kind)?.as_ref(), there.as_ref())))
            .filter(|(_, here, there)| !same(*here, *there))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bucket_settings::{Acl, Status, Versioning};
    use crate::domain::public_access::CannedAcl;

    fn snapshot() -> Snapshot {
        let policy =
            r#"{"Statement":[{"Resource":["arn:aws:s3:::acme/*","arn:aws:s3:::acme","arn:aws:s3:::acme-logs/*"]}]}"#;
        let settings = [
            (SettingKind::Versioning, Some(SettingValue::Versioning(Versioning::new(Status::Enabled)))),
            (SettingKind::Tags, None),
            (SettingKind::Policy, Some(SettingValue::Policy(policy.to_owned()))),
        ];
        Snapshot { bucket: "acme".into(), taken: Timestamp::UNIX_EPOCH, settings: settings.into() }
    }

    #[test]
    fn a_snapshot_comes_back_from_its_file() {
        let back = Snapshot::parse(&snapshot().to_text()).unwrap();
        assert_eq!((back.bucket.as_str(), back.settings.len()), ("acme", 3));
        assert!(back.differing(&snapshot().settings).is_empty());
        for text in [
            "",
            "{}",
            "[1]",
            r#"{"brimful-bucket-settings":9,"bucket":"a","taken":"2026-01-01T00:00:00Z","settings":{}}"#,
        ] {
            assert!(Snapshot::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_policy_follows_to_another_bucket() {
        let moved = snapshot().for_bucket("other", None);
        let Some(Some(SettingValue::Policy(text))) = moved.settings.get(&SettingKind::Policy) else { panic!("none") };
        assert!(
            text.contains(":::other/*") && text.contains(":::other\"") && text.contains(":::acme-logs/*"),
            "{text}"
        );
    }

    #[test]
    fn an_access_list_follows_to_another_owner() {
        let list = |owner: &str| {
            let acl = Acl::of_canned(CannedAcl::PublicRead, owner, owner);
            BTreeMap::from([(SettingKind::Acl, Some(SettingValue::Acl(acl)))])
        };
        let taken = Snapshot { settings: list("them"), ..snapshot() };
        assert!(taken.for_bucket("other", Some("us")).differing(&list("us")).is_empty());
    }

    #[test]
    fn only_what_is_known_of_both_is_compared() {
        let here =
            BTreeMap::from([(SettingKind::Versioning, None), (SettingKind::Cors, None), (SettingKind::Tags, None)]);
        let taken = snapshot();
        let differing: Vec<_> = taken.differing(&here).into_iter().map(|(kind, ..)| kind).collect();
        assert_eq!(differing, [SettingKind::Versioning]);
    }
}
