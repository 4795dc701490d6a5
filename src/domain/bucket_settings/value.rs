//! What each setting can be set to. The parts are named as the API names them, so that their JSON is what the AWS CLI
//! takes and gives.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::SettingKind;
use super::acl::{Acl, WrittenGrant};
use crate::domain::cors::CorsRule;
use crate::domain::lifecycle::{Filter, LifecycleRule};
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};

/// On or off, as some settings write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Toggle {
    /// On.
    Enabled,
    /// Off.
    Disabled,
}

/// On, or off after having been on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// On.
    Enabled,
    /// Off, after it was on.
    Suspended,
}

/// Whether old versions are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Versioning {
    /// On, or suspended.
    pub status: Status,
    /// Whether deleting a version asks for a one-time code.
    #[serde(rename = "MFADelete", default, skip_serializing_if = "Option::is_none")]
    pub mfa_delete: Option<Toggle>,
}

impl Versioning {
    /// On or suspended, without MFA delete.
    #[must_use]
    pub const fn new(status: Status) -> Self {
        Self { status, mfa_delete: None }
    }

    /// Whether old versions are kept from now on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.status == Status::Enabled
    }

    /// Whether only a one-time code of the account's root can change it.
    #[must_use]
    pub fn asks_for_code(&self) -> bool {
        self.mfa_delete == Some(Toggle::Enabled)
    }
}

/// How uploads are encrypted that say nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EncryptionAlgorithm {
    /// SSE-S3: keys of the store.
    #[serde(rename = "AES256")]
    Aes256,
    /// SSE-KMS: a key of AWS KMS.
    #[serde(rename = "aws:kms")]
    Kms,
    /// DSSE-KMS: two layers with keys of AWS KMS.
    #[serde(rename = "aws:kms:dsse")]
    KmsDsse,
}

impl EncryptionAlgorithm {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::Aes256, Self::Kms, Self::KmsDsse];

    /// As S3 writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aes256 => "AES256",
            Self::Kms => "aws:kms",
            Self::KmsDsse => "aws:kms:dsse",
        }
    }

    /// The algorithm that S3 writes so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }

    /// Whether a stranger can never read what is encrypted so.
    #[must_use]
    pub const fn needs_kms(self) -> bool {
        matches!(self, Self::Kms | Self::KmsDsse)
    }
}

/// Default encryption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultEncryption {
    /// How.
    pub algorithm: EncryptionAlgorithm,
    /// Key ID, key ARN or alias; `None` is the account's `aws/s3` key.
    pub key: Option<String>,
    /// Fewer calls to KMS.
    pub bucket_key: Option<bool>,
    /// Kinds of encryption that uploads may not ask for, e.g. `SSE-C`.
    pub blocked: Vec<String>,
}

impl DefaultEncryption {
    /// With keys of the store.
    #[must_use]
    pub const fn sse_s3() -> Self {
        Self { algorithm: EncryptionAlgorithm::Aes256, key: None, bucket_key: None, blocked: Vec::new() }
    }
}

/// The name of the file that stands for a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct IndexDocument {
    /// e.g. `index.html`.
    pub suffix: String,
}

/// The file shown for what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorDocument {
    /// e.g. `404.html`.
    pub key: String,
}

/// Everything is answered with the address of another host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RedirectAll {
    /// Where to.
    pub host_name: String,
    /// `http` or `https`; `None` is that of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}

/// When a routing rule holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoutingCondition {
    /// For this answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_error_code_returned_equals: Option<String>,
    /// For keys that begin so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_prefix_equals: Option<String>,
}

/// Where a routing rule leads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoutingRedirect {
    /// To this host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_name: Option<String>,
    /// With this status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_redirect_code: Option<String>,
    /// `http` or `https`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The beginning of the key becomes this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace_key_prefix_with: Option<String>,
    /// The key becomes this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace_key_with: Option<String>,
}

/// One redirect of a website.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoutingRule {
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<RoutingCondition>,
    /// Where to.
    #[serde(default)]
    pub redirect: RoutingRedirect,
}

/// Serving the bucket as a website, whole: what the form does not know is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Website {
    /// The start page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_document: Option<IndexDocument>,
    /// The page for what is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_document: Option<ErrorDocument>,
    /// Everything leads elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_all_requests_to: Option<RedirectAll>,
    /// Some of it leads elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routing_rules: Vec<RoutingRule>,
}

/// How the names of log files are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogKeyFormat {
    /// Prefix and time.
    Simple,
    /// Account, region, bucket and date as folders, by `EventTime` or `DeliveryTime`.
    Partitioned(Option<String>),
}

/// Writing who asked for what into a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logging {
    /// Which bucket.
    pub target_bucket: String,
    /// How the names begin.
    pub target_prefix: String,
    /// Who else may read them, where ACLs count.
    pub target_grants: Vec<WrittenGrant>,
    /// How the names are made.
    pub key_format: Option<LogKeyFormat>,
}

/// Who pays for requests and for what is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Payer {
    /// The bucket's account: the usual.
    BucketOwner,
    /// Whoever asks, who must sign in.
    Requester,
}

/// The faster way in from far away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Acceleration {
    /// On, or off after it was on.
    pub status: Status,
}

/// How strongly a lock holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RetentionMode {
    /// People with a special permission may lift it.
    #[serde(rename = "GOVERNANCE")]
    Governance,
    /// Nobody may, not even the account's root.
    #[serde(rename = "COMPLIANCE")]
    Compliance,
}

/// How long uploads are locked that say nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DefaultRetention {
    /// How strongly.
    pub mode: RetentionMode,
    /// So many days, or …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i32>,
    /// … so many years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<i32>,
    /// For locks that begin with an event; kept as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_event_hold: Option<EventHold>,
}

/// How long a lock holds after the event that it waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EventHold {
    /// So many days, or …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i32>,
    /// … so many years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<i32>,
}

/// Object Lock of a bucket; once on, it cannot be switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectLock {
    /// For uploads that say nothing of it; `None` locks none by itself.
    pub default: Option<DefaultRetention>,
}

/// One setting's value.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingValue {
    /// The four flags, of the bucket or of the account.
    BlockPublicAccess(BlockPublicAccess),
    /// The access control list.
    Acl(Acl),
    /// Object Ownership.
    Ownership(ObjectOwnership),
    /// Versions.
    Versioning(Versioning),
    /// Default encryption.
    Encryption(DefaultEncryption),
    /// CORS rules.
    Cors(Vec<CorsRule>),
    /// Lifecycle rules.
    Lifecycle(Vec<LifecycleRule>),
    /// Tags, by name.
    Tags(Vec<(String, String)>),
    /// A website.
    Website(Website),
    /// The access log.
    Logging(Logging),
    /// Who pays.
    RequestPayment(Payer),
    /// Transfer acceleration.
    Acceleration(Acceleration),
    /// Object Lock.
    ObjectLock(ObjectLock),
    /// The bucket policy as it is written.
    Policy(String),
    /// A document that is shown and not edited.
    Document(Value),
}

impl SettingValue {
    /// Whether two values mean the same to a store: it may hand them out in another order or spelling than it took them.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tags(one), Self::Tags(two)) => sorted(one) == sorted(two),
            (Self::Acl(one), Self::Acl(two)) => one.same_as(two),
            (Self::Lifecycle(one), Self::Lifecycle(two)) => {
                let plain = |rules: &[LifecycleRule]| rules.iter().map(plain_rule).collect::<Vec<_>>();
                let (one, two) = (plain(one), plain(two));
                // Stores give rules a name that have none, and may sort them.
                one.len() == two.len() && one.iter().all(|rule| two.iter().any(|other| same_rule(rule, other)))
            }
            (Self::Policy(one), Self::Policy(two)) => {
                let json = |text: &str| serde_json::from_str::<Value>(text).ok();
                one == two || json(one).is_some_and(|one| json(two) == Some(one))
            }
            (Self::Encryption(one), Self::Encryption(two)) => {
                // Off and not said are one, and only keys of KMS have it.
                let plain = |it: &DefaultEncryption| DefaultEncryption {
                    bucket_key: it.bucket_key.filter(|on| *on && it.algorithm == EncryptionAlgorithm::Kms),
                    ..it.clone()
                };
                plain(one) == plain(two)
            }
            (Self::Versioning(one), Self::Versioning(two)) => {
                one.status == two.status && one.asks_for_code() == two.asks_for_code()
            }
            (Self::Logging(one), Self::Logging(two)) => {
                let plain = |it: &Logging| Logging {
                    key_format: it.key_format.clone().filter(|format| *format != LogKeyFormat::Simple),
                    ..it.clone()
                };
                plain(one) == plain(two)
            }
            _ => self == other,
        }
    }

    /// As JSON, as the AWS CLI takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        super::json::to_json(self)
    }

    /// As the history of changes keeps it: JSON, the policy as it is written.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Policy(text) => text.clone(),
            other => other.to_json().to_string(),
        }
    }

    /// From what [`Self::to_text`] makes.
    #[must_use]
    pub fn from_text(kind: SettingKind, text: &str) -> Option<Self> {
        match kind {
            SettingKind::Policy => Some(Self::Policy(text.to_owned())),
            other => Self::from_json(other, &serde_json::from_str(text).ok()?),
        }
    }

    /// From the JSON that [`Self::to_json`] makes; `None` where it is no value of that setting.
    #[must_use]
    pub fn from_json(kind: SettingKind, json: &Value) -> Option<Self> {
        super::json::from_json(kind, json)
    }
}

/// Whether a setting is the same as it was, "not set" included.
#[must_use]
pub fn same(one: Option<&SettingValue>, two: Option<&SettingValue>) -> bool {
    match (one, two) {
        (None, None) => true,
        (Some(one), Some(two)) => one.same_as(two),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn sorted(tags: &[(String, String)]) -> Vec<&(String, String)> {
    let mut tags: Vec<_> = tags.iter().collect();
    tags.sort();
    tags
}

/// A filter that lets everything through may come back in another spelling.
fn plain_rule(rule: &LifecycleRule) -> LifecycleRule {
    let filter = if rule.filter.is_everything() { Filter::default() } else { rule.filter.clone() };
    LifecycleRule { filter, ..rule.clone() }
}

fn same_rule(one: &LifecycleRule, two: &LifecycleRule) -> bool {
    let id = match (&one.id, &two.id) {
        (Some(one), Some(two)) => one == two,
        _ => true,
    };
    id && LifecycleRule { id: None, ..one.clone() } == LifecycleRule { id: None, ..two.clone() }
}
