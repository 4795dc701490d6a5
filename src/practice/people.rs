//! Who may sign: the owner of a practice store, and the users that were added to it.
//!
//! Source of the forms: AWS IAM User Guide, "IAM identifiers" and "IAM and AWS STS quotas".

mod user;

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use s3s::dto;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use user::{User, UserError};

use super::home::Credentials;
use super::intake::hex;
use crate::domain::policy::{Decision, Policy, RequestContext, RequestPrincipal, evaluate};

/// An account: what buckets and objects belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Account {
    /// Twelve digits.
    pub(super) id: String,
    /// 64 hexadecimal digits.
    pub(super) canonical_id: String,
}

impl Account {
    /// The account of a store, from the access key of its owner, so that its ids stay the same over restarts.
    pub(super) fn of(access_key_id: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(access_key_id.as_bytes()).into();
        let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        Self { id: format!("{:012}", number % 1_000_000_000_000), canonical_id: hex(&digest) }
    }

    /// Another account, of which only the number is known.
    fn numbered(id: &str) -> Self {
        Self { id: id.to_owned(), canonical_id: hex(&Sha256::digest(format!("account {id}").as_bytes())) }
    }

    /// Whom uploads without a signature belong to (Amazon S3 User Guide, "Access control list (ACL) overview").
    pub(super) fn nobody() -> Self {
        let canonical_id = "65a011a29cdf8ec533ec3d1ccaae921c".to_owned();
        Self { id: "anonymous".to_owned(), canonical_id }
    }

    /// As answers show it.
    pub(super) fn owner(&self) -> dto::Owner {
        dto::Owner { display_name: None, id: Some(self.canonical_id.clone()) }
    }
}

/// One that signs requests.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) account: Account,
    /// `arn:aws:iam::…:root` or `…:user/NAME`.
    pub(super) arn: String,
    /// What AWS calls the unique id: the account's number for its root, else `AIDA…`.
    pub(super) user_id: String,
    /// `None`: everything that the account may.
    policy: Option<Policy>,
    asks_for_tags: bool,
}

/// Whether a policy's text has something to say about the tags that an object has.
pub(super) fn names_existing_tags(policy: &str) -> bool {
    const NAME: &[u8] = b"existingobjecttag/";
    policy.as_bytes().windows(NAME.len()).any(|window| window.eq_ignore_ascii_case(NAME))
}

impl Identity {
    fn root(account: &Account) -> Self {
        let arn = format!("arn:aws:iam::{}:root", account.id);
        Self { account: account.clone(), arn, user_id: account.id.clone(), policy: None, asks_for_tags: false }
    }

    fn of(user: &User, store: &Account) -> Result<Self, UserError> {
        let account = user.account_id.as_deref().filter(|id| *id != store.id);
        let account = account.map_or_else(|| store.clone(), Account::numbered);
        if user.is_root() {
            return Ok(Self::root(&account));
        }
        let arn = format!("arn:aws:iam::{}:user/{}", account.id, user.name);
        let unique = hex(&Sha256::digest(user.access_key_id.as_bytes())).to_ascii_uppercase();
        let user_id = format!("AIDA{}", &unique[..17]);
        let asks_for_tags = user.policy.as_deref().is_some_and(names_existing_tags);
        Ok(Self { arn, user_id, policy: user.read_policy()?, account, asks_for_tags })
    }

    /// Whether this is the root of its account, which no bucket policy can lock out of the policy itself.
    pub(super) fn is_root(&self) -> bool {
        self.user_id == self.account.id
    }

    /// Whether no policy narrows what this identity may.
    pub(super) fn is_administrator(&self) -> bool {
        self.policy.is_none()
    }

    pub(super) fn asks_for_tags(&self) -> bool {
        self.asks_for_tags
    }

    /// What the identity's own policy says to a request.
    pub(super) fn decide(&self, request: &RequestContext) -> Decision {
        self.policy.as_ref().map_or(Decision::Allow { statement: 0 }, |policy| evaluate(policy, request))
    }

    pub(super) fn principal(&self) -> RequestPrincipal {
        RequestPrincipal::Account {
            account_id: self.account.id.clone(),
            arn: self.arn.clone(),
            canonical_id: Some(self.account.canonical_id.clone()),
        }
    }
}

/// Everyone who may sign, at one moment.
struct Crowd {
    users: Vec<User>,
    keys: BTreeMap<String, (String, Arc<Identity>)>,
}

/// Everyone who may sign. Changes count from the next request on.
pub(super) struct People {
    owner: Credentials,
    account: Account,
    crowd: RwLock<Arc<Crowd>>,
}

impl People {
    pub(super) fn new(owner: Credentials, users: Vec<User>) -> Result<Self, UserError> {
        let account = Account::of(&owner.access_key_id);
        let crowd = Self::gather(&owner, &account, users)?;
        Ok(Self { owner, account, crowd: RwLock::new(Arc::new(crowd)) })
    }

    fn gather(owner: &Credentials, account: &Account, users: Vec<User>) -> Result<Crowd, UserError> {
        let root = (owner.secret_access_key.clone(), Arc::new(Identity::root(account)));
        let mut keys = BTreeMap::from([(owner.access_key_id.clone(), root)]);
        let mut names = Vec::new();
        for user in &users {
            user.check()?;
            let identity = Identity::of(user, account)?;
            if names.contains(&identity.arn) {
                return Err(UserError::SameName { name: user.name.clone() });
            }
            names.push(identity.arn.clone());
            let entry = (user.secret_access_key.clone(), Arc::new(identity));
            if keys.insert(user.access_key_id.clone(), entry).is_some() {
                return Err(UserError::SameKey { name: user.name.clone() });
            }
        }
        Ok(Crowd { users, keys })
    }

    /// The account that the store belongs to.
    pub(super) fn account(&self) -> &Account {
        &self.account
    }

    fn crowd(&self) -> Arc<Crowd> {
        Arc::clone(&self.crowd.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn users(&self) -> Vec<User> {
        self.crowd().users.clone()
    }

    /// Checks a list of users without taking it over.
    pub(super) fn check(&self, users: &[User]) -> Result<(), UserError> {
        Self::gather(&self.owner, &self.account, users.to_vec()).map(|_| ())
    }

    /// Takes over a list of users in the place of the old one.
    pub(super) fn replace(&self, users: Vec<User>) -> Result<(), UserError> {
        let crowd = Arc::new(Self::gather(&self.owner, &self.account, users)?);
        *self.crowd.write().unwrap_or_else(PoisonError::into_inner) = crowd;
        Ok(())
    }

    pub(super) fn secret(&self, access_key_id: &str) -> Option<String> {
        self.crowd().keys.get(access_key_id).map(|(secret, _)| secret.clone())
    }

    pub(super) fn identity(&self, access_key_id: &str) -> Option<Arc<Identity>> {
        self.crowd().keys.get(access_key_id).map(|(_, identity)| Arc::clone(identity))
    }

    /// Whether an account with this canonical id is known here.
    pub(super) fn knows(&self, canonical_id: &str) -> bool {
        self.crowd().keys.values().any(|(_, identity)| identity.account.canonical_id == canonical_id)
    }

    /// Whether an account with this number is known here.
    pub(super) fn knows_number(&self, account_id: &str) -> bool {
        self.crowd().keys.values().any(|(_, identity)| identity.account.id == account_id)
    }

    /// Whether AWS would find the identity that a policy names by this ARN.
    pub(super) fn knows_arn(&self, arn: &str) -> bool {
        self.crowd().keys.values().any(|(_, identity)| identity.arn == arn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner() -> Credentials {
        Credentials { access_key_id: "OWNERKEY".into(), secret_access_key: "owner-secret".into() }
    }

    fn user(name: &str, key: &str, account: Option<&str>) -> User {
        User {
            name: name.into(),
            access_key_id: key.into(),
            secret_access_key: "a-long-secret".into(),
            account_id: account.map(str::to_owned),
            policy: None,
        }
    }

    #[test]
    fn the_owner_is_the_root_and_users_are_of_its_account_unless_they_name_another() {
        let users = vec![user("ann", "ANNKEY", None), user("bob", "BOBKEY", Some("111122223333"))];
        let people = People::new(owner(), users).unwrap();
        let [root, ann, bob] = ["OWNERKEY", "ANNKEY", "BOBKEY"].map(|key| people.identity(key).unwrap());
        assert!(root.is_root() && !ann.is_root() && !bob.is_root());
        assert_eq!(ann.account, root.account);
        assert_eq!(ann.arn, format!("arn:aws:iam::{}:user/ann", people.account().id));
        assert_eq!(bob.arn, "arn:aws:iam::111122223333:user/bob");
        assert!(people.knows(&bob.account.canonical_id) && bob.account.canonical_id.len() == 64);
        assert_eq!(people.secret("NOBODY"), None);
    }

    #[test]
    fn a_user_named_root_is_the_root_of_its_account() {
        let people = People::new(owner(), vec![user("root", "KEY", Some("111122223333"))]).unwrap();
        let root = people.identity("KEY").unwrap();
        assert!(root.is_root() && root.arn == "arn:aws:iam::111122223333:root");
    }

    #[test]
    fn keys_and_names_are_nobody_elses() {
        let people = People::new(owner(), Vec::new()).unwrap();
        let taken = people.replace(vec![user("eve", "OWNERKEY", None)]);
        assert!(matches!(taken, Err(UserError::SameKey { .. })), "{taken:?}");
        let twins = people.replace(vec![user("ann", "KEY1", None), user("ann", "KEY2", None)]);
        assert!(matches!(twins, Err(UserError::SameName { .. })), "{twins:?}");
        people.replace(vec![user("ann", "KEY1", None), user("ann", "KEY2", Some("111122223333"))]).unwrap();
        assert_eq!(people.users().len(), 2);
    }
}
