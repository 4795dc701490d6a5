//! One user as a person describes it: in the users file, on the command line, in the window.

use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::policy::{Finding, Policy};
use crate::practice::home::Credentials;

/// A user of a practice store besides its owner: an access key and what it may do. `Debug` hides the secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The name within its account: 1 to 64 letters, digits and `+=,.@_-`. `root` is the root of its account.
    pub name: String,
    /// The public half of the key: 3 to 128 letters, digits, `_` and `-`.
    pub access_key_id: String,
    /// The secret half: 8 to 128 visible characters.
    pub secret_access_key: String,
    /// Twelve digits; `None`: the account of the store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// The identity policy as JSON text; `None`: everything that the account may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("name", &self.name)
            .field("access_key_id", &self.access_key_id)
            .field("account_id", &self.account_id)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

/// Why a user cannot be added to a practice store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UserError {
    /// The description on the command line has the wrong number of parts.
    #[error("A user is NAME:ACCESS_KEY:SECRET_KEY[:ACCOUNT_ID[:POLICY.json]]")]
    Form,
    /// A name that IAM would refuse.
    #[error("The name of a user has 1 to 64 letters, digits and +=,.@_-, not {name:?}")]
    Name {
        /// The name given.
        name: String,
    },
    /// An access key that a signature could not name.
    #[error("The access key of {name} has 3 to 128 letters, digits, _ and -")]
    AccessKey {
        /// Whose key.
        name: String,
    },
    /// A secret that is too short to be one.
    #[error("The secret key of {name} has 8 to 128 visible characters")]
    Secret {
        /// Whose key.
        name: String,
    },
    /// No account number.
    #[error("The account of {name} is a number of twelve digits")]
    AccountId {
        /// Whose account.
        name: String,
    },
    /// The policy is not one.
    #[error("The policy of {name} cannot be used: {reason}")]
    Policy {
        /// Whose policy.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two users of one account with one name.
    #[error("There is already a user {name} in this account")]
    SameName {
        /// The name.
        name: String,
    },
    /// The access key is taken by another user or by the owner of the store.
    #[error("The access key of {name} is already somebody else's")]
    SameKey {
        /// Who was to have it.
        name: String,
    },
}

impl User {
    /// A user with a key that nobody has yet.
    #[must_use]
    pub fn with_fresh_key(name: String, account_id: Option<String>, policy: Option<String>) -> Self {
        let Credentials { access_key_id, secret_access_key } = Credentials::random();
        Self { name, access_key_id, secret_access_key, account_id, policy }
    }

    pub(super) fn check(&self) -> Result<(), UserError> {
        let name = || self.name.clone();
        let plain = |text: &str, extra: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c));
        if !(1..=64).contains(&self.name.len()) || !plain(&self.name, "+=,.@_-") {
            return Err(UserError::Name { name: name() });
        }
        if !(3..=128).contains(&self.access_key_id.len()) || !plain(&self.access_key_id, "_-") {
            return Err(UserError::AccessKey { name: name() });
        }
        let secret = &self.secret_access_key;
        if !(8..=128).contains(&secret.len()) || !secret.chars().all(|c| c.is_ascii_graphic()) {
            return Err(UserError::Secret { name: name() });
        }
        if self.account_id.as_ref().is_some_and(|id| id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(UserError::AccountId { name: name() });
        }
        if self.is_root() && self.policy.is_some() {
            let reason = "the root of an account has no policy".to_owned();
            return Err(UserError::Policy { name: name(), reason });
        }
        self.read_policy().map(|_| ())
    }

    pub(super) fn is_root(&self) -> bool {
        self.name == "root"
    }

    pub(super) fn read_policy(&self) -> Result<Option<Policy>, UserError> {
        let refused = |findings: Vec<Finding>| {
            let reason = findings.into_iter().next().map_or_else(String::new, |finding| finding.message);
            UserError::Policy { name: self.name.clone(), reason }
        };
        self.policy.as_deref().map(Policy::parse_identity).transpose().map_err(refused)
    }
}

impl FromStr for User {
    type Err = UserError;

    /// Reads `NAME:ACCESS_KEY:SECRET_KEY[:ACCOUNT_ID[:POLICY.json]]` and the policy's file. An empty account means
    /// that of the store.
    fn from_str(text: &str) -> Result<Self, UserError> {
        let mut parts = text.splitn(5, ':');
        let mut next = || parts.next();
        let (Some(name), Some(key), Some(secret)) = (next(), next(), next()) else { return Err(UserError::Form) };
        let account = next().filter(|id| !id.is_empty());
        let file = next().filter(|path| !path.is_empty());
        let policy = file.map(|path| {
            std::fs::read_to_string(Path::new(path))
                .map_err(|error| UserError::Policy { name: name.to_owned(), reason: format!("{path}: {error}") })
        });
        let user = Self {
            name: name.to_owned(),
            access_key_id: key.to_owned(),
            secret_access_key: secret.to_owned(),
            account_id: account.map(str::to_owned),
            policy: policy.transpose()?.map(|text| text.trim().to_owned()),
        };
        user.check()?;
        Ok(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test]
    fn an_argument_names_all_parts_of_a_user() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("read.json");
        let policy = r#"{"Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;
        std::fs::write(&path, policy).unwrap();
        let user: User = format!("ann:KEY:a/secret+1:111122223333:{}", path.display()).parse().unwrap();
        assert_eq!((user.name.as_str(), user.access_key_id.as_str()), ("ann", "KEY"));
        assert_eq!(user.secret_access_key, "a/secret+1");
        assert_eq!(user.account_id.as_deref(), Some("111122223333"));
        assert_eq!(user.policy.as_deref(), Some(policy));
        assert!(!format!("{user:?}").contains("a/secret"));
        let own: User = format!("bob:KEY:a-secret-1::{}", path.display()).parse().unwrap();
        assert!(own.account_id.is_none() && own.policy.is_some());
    }

    #[test_case("ann:KEY", "A user is NAME:"; "parts are missing")]
    #[test_case("an n:KEY:long-secret", "The name of a user"; "a space in the name")]
    #[test_case("ann:K/Y:long-secret", "The access key of ann"; "a slash in the key")]
    #[test_case("ann:KEY:short", "The secret key of ann"; "a short secret")]
    #[test_case("ann:KEY:long-secret:12", "The account of ann"; "a short account number")]
    #[test_case("ann:KEY:long-secret::/nowhere/p.json", "The policy of ann"; "a file that is not there")]
    fn what_is_no_user_is_refused(text: &str, begins: &str) {
        let error = text.parse::<User>().unwrap_err().to_string();
        assert!(error.starts_with(begins), "{error}");
        assert!(!error.contains("long-secret"));
    }

    #[test]
    fn an_identity_policy_has_no_principal() {
        let policy = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}"#;
        let mut user: User = "ann:KEY:long-secret".parse().unwrap();
        user.policy = Some(policy.to_owned());
        assert!(matches!(user.check(), Err(UserError::Policy { .. })));
    }
}
