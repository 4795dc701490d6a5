//! The least that has to be allowed to a user or role for what is ticked, as an identity policy.
//!
//! Sources: AWS IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM and AWS STS quotas"; Amazon S3 User
//! Guide, "Policies and permissions in Amazon S3" and "Using server-side encryption with AWS KMS keys"; AWS KMS Developer
//! Guide, "Using aliases to control access to KMS keys".

use std::collections::BTreeSet;
use std::fmt;

use super::feature::{Feature, calls_of};
use crate::domain::arn::{Partition, bucket_arn, object_arn};
use crate::domain::policy::{
    ActionMatch, ActionScope, Comparison, Condition, ConditionValue, Effect, Operator, Policy, PrincipalMatch,
    Quantifier, ResourceMatch, Source, Statement, action_scope,
};

/// What a managed policy may be long at most, blanks not counted (IAM and AWS STS quotas).
pub const MANAGED_POLICY_CHARACTERS: usize = 6_144;

/// The only actions whose requests tell the prefix that they are about (Service Authorization Reference, `s3:prefix`).
const LISTING: [&str; 2] = ["s3:ListBucket", "s3:ListBucketVersions"];

/// Actions that take a key to decrypt; the second group takes one to encrypt, and uploads in parts both.
const DECRYPTS: [&str; 2] = ["s3:GetObject", "s3:GetObjectVersion"];
const ENCRYPTS: [&str; 1] = ["s3:PutObject"];

/// Where something shall be possible: a bucket or a pattern of buckets, all of it or what lies under a prefix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// The name; may hold `*` and `?`.
    pub bucket: String,
    /// What keys begin with; empty for all.
    pub prefix: String,
    /// The KMS key of the bucket's own, where it encrypts with one.
    pub key: Option<KmsKey>,
}

/// A key of KMS as a bucket names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KmsKey {
    /// An ARN, an id, or an alias.
    pub named: String,
    /// The region of the bucket, and so of the key.
    pub region: String,
    /// The account that is signed in to, where it is known.
    pub account: Option<String>,
}

/// Why a text names no place of a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeProblem {
    /// There is nothing before the first slash.
    #[error("Name a bucket, such as acme-images or acme-images/photos/")]
    NoBucket,
    /// No bucket can be called so.
    #[error("{0} is no bucket’s name. Names have letters, digits, dots and hyphens; * stands for any of them")]
    BadName(String),
}

impl Scope {
    /// All of a bucket.
    #[must_use]
    pub fn bucket(name: &str) -> Self {
        Self { bucket: name.to_owned(), prefix: String::new(), key: None }
    }

    /// Reads `acme-images`, `acme-*`, `acme-images/photos/`, with or without `s3://`.
    ///
    /// # Errors
    /// In plain words, where no bucket is named.
    pub fn parse(text: &str) -> Result<Self, ScopeProblem> {
        let text = text.trim();
        let text = text.strip_prefix("s3://").unwrap_or(text);
        let (bucket, prefix) = text.split_once('/').unwrap_or((text, ""));
        if bucket.is_empty() {
            return Err(ScopeProblem::NoBucket);
        }
        if !bucket.chars().all(|c| c.is_ascii_alphanumeric() || "._-*?".contains(c)) {
            return Err(ScopeProblem::BadName(bucket.to_owned()));
        }
        Ok(Self { bucket: bucket.to_owned(), prefix: prefix.to_owned(), key: None })
    }

    /// Whether it stands for more than one bucket.
    #[must_use]
    pub fn is_pattern(&self) -> bool {
        self.bucket.contains(['*', '?'])
    }
}

impl fmt::Display for Scope {
    /// As it is typed: `acme-images`, `acme-images/photos/`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.bucket)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

/// An identity policy and how long it is.
#[derive(Debug, Clone, PartialEq)]
pub struct IdentityPolicy {
    /// What it says.
    pub policy: Policy,
    /// As JSON, to be pasted into IAM.
    pub text: String,
    /// Characters that IAM counts.
    pub characters: usize,
}

impl IdentityPolicy {
    /// Whether it is short enough for a managed policy.
    #[must_use]
    pub const fn fits(&self) -> bool {
        self.characters <= MANAGED_POLICY_CHARACTERS
    }
}

/// The least that allows what is ticked, there; every bucket where none is named. `None` where nothing is ticked.
#[must_use]
pub fn identity_policy(features: &BTreeSet<Feature>, scopes: &[Scope], partition: Partition) -> Option<IdentityPolicy> {
    let actions: BTreeSet<&'static str> = calls_of(features).into_iter().filter_map(|call| call.action()).collect();
    let every = [Scope::bucket("*")];
    let scopes = if scopes.is_empty() { &every[..] } else { scopes };
    let of = |scope: ActionScope| actions.iter().copied().filter(move |action| action_scope(action) == Some(scope));
    let mut statements = Vec::new();
    let mut add = |sid: &str, actions: Vec<&str>, resources: Vec<String>, conditions: Vec<Condition>| {
        if !actions.is_empty() && !resources.is_empty() {
            statements.push(allow(sid, &actions, resources, conditions));
        }
    };
    add("Account", of(ActionScope::Elsewhere).collect(), vec!["*".to_owned()], Vec::new());
    let (folders, wholes): (Vec<&Scope>, Vec<&Scope>) = scopes.iter().partition(|scope| !scope.prefix.is_empty());
    let (lists, others): (Vec<&str>, Vec<&str>) = of(ActionScope::Bucket).partition(|it| LISTING.contains(it));
    let arns = |scopes: &[&Scope]| once(scopes.iter().map(|scope| bucket_arn(partition, &scope.bucket)));
    if folders.is_empty() {
        add("Buckets", of(ActionScope::Bucket).collect(), arns(&wholes), Vec::new());
    } else {
        add("Buckets", others, arns(&scopes.iter().collect::<Vec<_>>()), Vec::new());
        add("Lists", lists.clone(), arns(&wholes), Vec::new());
    }
    for (number, folder) in folders.iter().enumerate() {
        let pattern = format!("{}*", literal(&folder.prefix));
        let within = when(Operator::new(Comparison::StringLike), "s3:prefix", pattern);
        add(&format!("ListFolder{}", number + 1), lists.clone(), arns(&[*folder]), vec![within]);
    }
    let files =
        scopes.iter().map(|scope| object_arn(partition, &scope.bucket, &format!("{}*", literal(&scope.prefix))));
    add("Files", of(ActionScope::Object).collect(), once(files), Vec::new());
    let uses = |list: &[&str]| list.iter().any(|action| actions.contains(action));
    let (reads, writes) = (uses(&DECRYPTS), uses(&ENCRYPTS));
    let keys: BTreeSet<&KmsKey> = scopes.iter().filter_map(|scope| scope.key.as_ref()).collect();
    for (number, key) in keys.into_iter().enumerate().filter(|_| reads || writes) {
        let mut needs = vec!["kms:Decrypt"];
        if writes {
            needs.push("kms:GenerateDataKey");
        }
        let (resource, conditions) = key_of(key, partition);
        add(&format!("Key{}", number + 1), needs, vec![resource], conditions);
    }
    if statements.is_empty() {
        return None;
    }
    let policy = Policy::new(statements);
    let text = format!("{:#}", policy.to_identity_json());
    let characters = text.chars().filter(|c| !c.is_whitespace()).count();
    Some(IdentityPolicy { policy, text, characters })
}

/// Letters that mean more in a policy are written as the variables that stand for them.
fn literal(prefix: &str) -> String {
    let one = |c: char| if "*?$".contains(c) { format!("${{{c}}}") } else { c.to_string() };
    prefix.chars().map(one).collect()
}

/// Each once, in their order.
fn once(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut out = Vec::new();
    for one in all {
        if !out.contains(&one) {
            out.push(one);
        }
    }
    out
}

fn allow(sid: &str, actions: &[&str], resources: Vec<String>, conditions: Vec<Condition>) -> Statement {
    Statement {
        sid: Some(sid.to_owned()),
        effect: Effect::Allow,
        principal: PrincipalMatch::everyone(),
        action: ActionMatch::Only(actions.iter().map(|action| (*action).to_owned()).collect()),
        resource: ResourceMatch::Only(resources),
        conditions,
        source: Source::default(),
    }
}

fn when(operator: Operator, key: &str, value: String) -> Condition {
    Condition { operator, key: key.to_owned(), values: vec![ConditionValue::Text(value)] }
}

/// How a policy names a key. An alias is no resource that a permission on a key can name, but a condition can.
fn key_of(key: &KmsKey, partition: Partition) -> (String, Vec<Condition>) {
    let KmsKey { named, region, account } = key;
    let account = account.as_deref().unwrap_or("*");
    let of = |id: &str| format!("arn:{partition}:kms:{region}:{account}:key/{id}");
    let alias = named.split_once("alias/").map(|(_, name)| format!("alias/{name}"));
    match alias {
        Some(alias) => {
            let any = Operator { quantifier: Some(Quantifier::ForAnyValue), ..Operator::new(Comparison::StringEquals) };
            (of("*"), vec![when(any, "kms:ResourceAliases", alias)])
        }
        None if named.starts_with("arn:") => (named.clone(), Vec::new()),
        None => (of(named), Vec::new()),
    }
}

#[cfg(test)]
mod tests;
