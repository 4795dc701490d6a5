//! The users of practice storage: somebody who may less, or belongs to another account.

/// A user besides the owner. The secret key is copied, never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeUser {
    /// Its name within its account.
    pub name: String,
    /// The public half of its key.
    pub access_key_id: String,
    /// Twelve digits; `None`: the account of the store.
    pub account_id: Option<String>,
    /// Its identity policy as JSON; `None`: everything that the account may.
    pub policy: Option<String>,
}

/// What a user is to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserDraft {
    /// The access key of the user that is changed; `None` for a new one, which gets a key of its own.
    pub access_key_id: Option<String>,
    /// See [`PracticeUser::name`].
    pub name: String,
    /// See [`PracticeUser::account_id`].
    pub account_id: Option<String>,
    /// See [`PracticeUser::policy`].
    pub policy: Option<String>,
}

/// What a user may, ready to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// The words of the choice.
    pub label: &'static str,
    /// The identity policy; empty for none, which allows everything.
    pub policy: &'static str,
}

/// What people want to try out.
pub const PRESETS: [Preset; 4] = [
    Preset { label: "Everything", policy: "" },
    Preset {
        label: "Only look",
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:ListAllMyBuckets", "s3:ListBucket", "s3:GetObject"],
    "Resource": "*"
  }
}"#,
    },
    Preset {
        label: "Only upload",
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:ListAllMyBuckets", "s3:PutObject", "s3:AbortMultipartUpload"],
    "Resource": "*"
  }
}"#,
    },
    Preset {
        label: "Not list buckets",
        policy: r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "NotAction": "s3:ListAllMyBuckets",
    "Resource": "*"
  }
}"#,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Policy;

    #[test]
    fn every_preset_is_a_policy_of_an_identity() {
        for preset in PRESETS.iter().filter(|preset| !preset.policy.is_empty()) {
            assert!(Policy::parse_identity(preset.policy).is_ok(), "{}", preset.label);
        }
    }
}
