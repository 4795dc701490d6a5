//! What strangers can do with a bucket, by which layer, and how bad that is: the audit of many buckets at once.
//!
//! Every answer is that of [`judge`] for a request that nobody signed, or that any account signed; nothing is sent.

mod report;

pub use report::{Row, csv, text};

use super::arn::{Partition, bucket_arn, object_arn};
use super::bucket::Exposure;
use super::permission::{Access, Layer, Layers, judge};
use super::policy::{
    AnonymousRequest, Effect, Policy, RequestContext, RequestPrincipal, ResourceMatch, anonymous_context, is_public,
};
use super::public_access::{BlockPublicAccess, ObjectOwnership};
use serde::Serialize;

/// What a stranger can do, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// Read files whose name is known.
    Read,
    /// See the names of files.
    List,
    /// Put, replace or delete files.
    Write,
    /// Change who may do what.
    Rights,
}

impl Reach {
    /// Behind "anyone can".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Read => "read files",
            Self::List => "see the names of files",
            Self::Write => "put, replace or delete files",
            Self::Rights => "change who may do what",
        }
    }
}

/// What is asked as a stranger: the action, what it amounts to, and whether it is about a file.
const PROBES: [(&str, Reach, bool); 7] = [
    ("s3:GetObject", Reach::Read, true),
    ("s3:ListBucket", Reach::List, false),
    ("s3:PutObject", Reach::Write, true),
    ("s3:DeleteObject", Reach::Write, true),
    ("s3:PutObjectAcl", Reach::Rights, true),
    ("s3:PutBucketAcl", Reach::Rights, false),
    ("s3:PutBucketPolicy", Reach::Rights, false),
];

/// An account that is nobody's.
const STRANGER: &str = "000000000000";

/// Who gets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stranger {
    /// Anyone with any AWS account.
    AnyAccount,
    /// Anyone on the internet.
    Anyone,
}

impl Stranger {
    /// At the beginning of a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Anyone => "Anyone",
            Self::AnyAccount => "Anyone with an AWS account",
        }
    }
}

/// One way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// What can be done.
    pub reach: Reach,
    /// By whom.
    pub who: Stranger,
    /// The layer that lets it be, as the command line names it.
    pub layer: &'static str,
    /// Which statement or list, in a sentence.
    pub reason: String,
    /// Patterns of the keys it is about; none where it is about the bucket.
    pub keys: Vec<String>,
}

impl Way {
    /// Who can do what, with the keys, and which statement or list lets them: two sentences.
    #[must_use]
    pub fn sentence(&self) -> String {
        let all = self.keys.is_empty() || self.keys.iter().any(|key| key == "*");
        let keys = if all { String::new() } else { format!(": {}", self.keys.join(", ")) };
        format!("{} can {}{keys}. {}", self.who.words(), self.reach.words(), self.reason)
    }
}

/// How a bucket stands, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nothing lets strangers in.
    Closed,
    /// Each file's own access list decides.
    FileByFile,
    /// It cannot be told, or depends on conditions.
    Unclear,
    /// Strangers get in.
    Open,
}

impl Standing {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Open, Self::Unclear, Self::FileByFile, Self::Closed];

    /// In a word or two.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unclear => "unclear",
            Self::FileByFile => "by file",
            Self::Closed => "closed",
        }
    }
}

/// What is known of a bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it lives.
    pub partition: Partition,
    /// What each layer says; what could not be read is `None` there and named in `unread`.
    pub layers: Layers<'a>,
    /// Whether the store itself calls the policy public, where it says so.
    pub policy_is_public: Option<bool>,
    /// Whether every request needs a sign-in because whoever asks has to pay.
    pub requester_pays: bool,
    /// Settings that could not be read.
    pub unread: &'a [Unread],
}

/// A setting that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// Block Public Access of the account.
    AccountBlock,
    /// Block Public Access of the bucket.
    BucketBlock,
    /// Object Ownership.
    Ownership,
    /// The access control list of the bucket.
    Acl,
    /// The policy.
    Policy,
    /// Who pays for requests.
    Payer,
}

impl Unread {
    /// At the beginning of a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AccountBlock => "Block Public Access of the account",
            Self::BucketBlock => "Block Public Access of the bucket",
            Self::Ownership => "Object Ownership",
            Self::Acl => "The access control list",
            Self::Policy => "The policy",
            Self::Payer => "Requester Pays",
        }
    }
}

/// What was found out about a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// How it stands.
    pub standing: Standing,
    /// Ways in, the worst first.
    pub ways: Vec<Way>,
    /// What would let strangers in, and what holds it back, in sentences.
    pub held_back: Vec<String>,
    /// What is to be known beside, in sentences.
    pub notes: Vec<String>,
    /// The policy counts as public, though plain requests of strangers are not let in by it.
    pub counts_as_public: bool,
}

impl Audit {
    /// The worst that a stranger can do.
    #[must_use]
    pub fn worst(&self) -> Option<Reach> {
        self.ways.iter().map(|way| way.reach).max()
    }

    /// Of a bucket that could not be judged, and why, in a sentence.
    #[must_use]
    pub fn unknown(why: &str) -> Self {
        Self {
            standing: Standing::Unclear,
            ways: Vec::new(),
            held_back: Vec::new(),
            notes: vec![why.to_owned()],
            counts_as_public: false,
        }
    }

    /// How many sentences there are to say.
    #[must_use]
    pub const fn sentence_count(&self) -> usize {
        self.ways.len() + self.held_back.len() + self.notes.len()
    }

    /// Everything there is to say: who can do what, what is held back, and what is to be known beside.
    pub fn sentences(&self) -> impl Iterator<Item = String> {
        self.ways.iter().map(Way::sentence).chain(self.held_back.iter().chain(&self.notes).cloned())
    }

    /// The same in a word, for where there is no room for more.
    #[must_use]
    pub const fn exposure(&self) -> Exposure {
        match self.standing {
            Standing::Open => Exposure::Public,
            Standing::Unclear if self.counts_as_public => Exposure::Public,
            Standing::Unclear => Exposure::Unknown,
            Standing::FileByFile | Standing::Closed => Exposure::Private,
        }
    }

    /// Buckets are told in this order, the greatest first.
    #[must_use]
    pub fn weight(&self) -> (Standing, Option<Reach>, Option<Stranger>, usize) {
        let who = self.ways.iter().map(|way| way.who).max();
        (self.standing, self.worst(), who, self.held_back.len())
    }
}

/// Finds out what strangers can do (predicted).
#[must_use]
pub fn audit(known: &Known<'_>) -> Audit {
    let mut audit = Audit {
        standing: Standing::Closed,
        ways: Vec::new(),
        held_back: Vec::new(),
        notes: Vec::new(),
        counts_as_public: false,
    };
    let keys = key_patterns(known.layers.policy, known.name);
    if known.requester_pays {
        audit.notes.push("Requester Pays is on, so every request needs a sign-in".to_owned());
    } else {
        probe(known, Stranger::Anyone, &keys, &mut audit);
    }
    probe(known, Stranger::AnyAccount, &keys, &mut audit);
    audit.ways.sort_by_key(|way| std::cmp::Reverse((way.reach, way.who)));
    let blocked = |flag: fn(BlockPublicAccess) -> bool| {
        [known.layers.bucket_block, known.layers.account_block].into_iter().flatten().any(flag)
    };
    let restricted = blocked(|block| block.restrict_public_buckets);
    audit.counts_as_public = !restricted && counts_as_public(known, &mut audit);
    for setting in known.unread {
        audit.notes.push(format!("{} could not be read", setting.words()));
    }
    let lists_count = known.layers.ownership.is_none_or(ObjectOwnership::acls_count);
    let lists_count = lists_count && !blocked(|block| block.ignore_public_acls);
    // What could not be read matters where it could let somebody in: what holds back can only close more.
    let could_open = known.unread.iter().any(|setting| match setting {
        Unread::Policy => !restricted,
        Unread::Acl => lists_count,
        Unread::AccountBlock | Unread::BucketBlock | Unread::Ownership | Unread::Payer => false,
    });
    if lists_count {
        let note = "Each file’s own access list counts as well, and was not looked at";
        audit.notes.push(note.to_owned());
    }
    audit.standing = match () {
        () if !audit.ways.is_empty() => Standing::Open,
        () if audit.counts_as_public || could_open => Standing::Unclear,
        () if lists_count => Standing::FileByFile,
        () => Standing::Closed,
    };
    audit
}

/// Patterns that statements of the policy name for files, and one for any file.
fn key_patterns(policy: Option<&Policy>, bucket: &str) -> Vec<String> {
    let mut patterns = vec!["*".to_owned()];
    let statements = policy.map_or(&[][..], |policy| &policy.statements);
    for statement in statements.iter().filter(|statement| statement.effect == Effect::Allow) {
        let ResourceMatch::Only(resources) = &statement.resource else { continue };
        for resource in resources {
            let named = resource.rsplit_once(":::").and_then(|(_, rest)| rest.split_once('/'));
            let Some((of, pattern)) = named else { continue };
            if (of == bucket || of.contains(['*', '?'])) && !patterns.iter().any(|known| known == pattern) {
                patterns.push(pattern.to_owned());
            }
        }
    }
    patterns
}

fn probe(known: &Known<'_>, who: Stranger, keys: &[String], audit: &mut Audit) {
    for (action, reach, is_file) in PROBES {
        let keys = if is_file { keys } else { &[][..] };
        let resources = keys.iter().map(|pattern| (Some(pattern), sample(known, pattern)));
        let bucket = (!is_file).then(|| (None, bucket_arn(known.partition, known.name)));
        for (pattern, resource) in resources.chain(bucket) {
            let judgement = judge(&known.layers, &request(who, action, resource));
            let reason = judgement.reason.replace(&format!("the account {STRANGER}"), "anyone with an AWS account");
            match (judgement.access, judgement.layer) {
                (Access::Allow, layer) => {
                    add(audit, Way { reach, who, layer: layer.as_str(), reason, keys: Vec::new() }, pattern);
                }
                (Access::Deny, Layer::BlockPublicAccess(_) | Layer::Ownership) if who == Stranger::Anyone => {
                    if !audit.held_back.contains(&reason) {
                        audit.held_back.push(reason);
                    }
                }
                (Access::Deny, _) => {}
            }
        }
    }
}

fn add(audit: &mut Audit, way: Way, pattern: Option<&String>) {
    // Whatever anyone can do, anyone with an account can do as well.
    let covers = |it: &Way| it.reach == way.reach && it.who > way.who;
    if audit.ways.iter().any(|it| covers(it) && (it.keys.is_empty() || pattern.is_none_or(|key| holds(&it.keys, key))))
    {
        return;
    }
    let same = |it: &&mut Way| it.reach == way.reach && it.who == way.who && it.reason == way.reason;
    let Some(known) = audit.ways.iter_mut().find(same) else {
        audit.ways.push(Way { keys: pattern.cloned().into_iter().collect(), ..way });
        return;
    };
    if let Some(key) = pattern.filter(|key| !holds(&known.keys, key)) {
        known.keys.push(key.clone());
    }
}

/// Whether one of the patterns takes the place of this one.
fn holds(patterns: &[String], key: &str) -> bool {
    patterns.iter().any(|pattern| pattern == "*" || pattern == key)
}

/// A file that the pattern stands for.
fn sample(known: &Known<'_>, pattern: &str) -> String {
    object_arn(known.partition, known.name, &pattern.replace(['*', '?'], "x"))
}

fn request(who: Stranger, action: &str, resource: String) -> RequestContext {
    let request = AnonymousRequest { https: true, tls_version: Some("1.3".to_owned()), ..AnonymousRequest::default() };
    let context = anonymous_context(action, resource, &request);
    match who {
        Stranger::Anyone => context,
        Stranger::AnyAccount => RequestContext {
            principal: RequestPrincipal::Account {
                account_id: STRANGER.to_owned(),
                arn: format!("arn:aws:iam::{STRANGER}:root"),
                canonical_id: None,
            },
            ..context
        },
    }
}

/// Whether the policy is public in a way that plain requests do not show: under conditions, or by what may not be read.
fn counts_as_public(known: &Known<'_>, audit: &mut Audit) -> bool {
    if !audit.ways.is_empty() {
        return false;
    }
    let note = match known.layers.policy.map(is_public) {
        Some(verdict) if verdict.public => "The policy counts as public: under conditions it lets strangers in",
        None if known.policy_is_public == Some(true) => "The store calls the policy public, and it could not be read",
        _ => return false,
    };
    audit.notes.push(note.to_owned());
    true
}

#[cfg(test)]
mod tests;
