//! What a draft's policy means for people: made in the background for one state of the text.

use jiff::Timestamp;

use crate::domain::arn::Partition;
use crate::domain::permission::Layers;
use crate::domain::policy::{
    AccessDiff, Caller, Policy, Scene, Sentence, Surroundings, WhoTable, access_diff, explain_in, who_can,
};
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};

use super::found::{Beside, Known};

/// What stands around a bucket's policy, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// The bucket.
    pub bucket: String,
    /// Where it lives.
    pub partition: Partition,
    /// The account that is signed in to, taken for the bucket's owner.
    pub owner: Option<String>,
    /// Block Public Access of the account.
    pub account_block: Option<BlockPublicAccess>,
    /// Block Public Access of the bucket.
    pub bucket_block: Option<BlockPublicAccess>,
    /// Whether access control lists count.
    pub ownership: Option<ObjectOwnership>,
    /// Who is signed in.
    pub caller: Option<Caller>,
}

impl Around {
    /// What is known of a bucket.
    #[must_use]
    pub fn new(bucket: &str, partition: Partition, beside: Option<&Beside>) -> Self {
        Self {
            bucket: bucket.to_owned(),
            partition,
            owner: beside.and_then(|beside| beside.account.clone()),
            account_block: beside.and_then(|beside| beside.account_block.as_ref()?.value().copied()),
            bucket_block: beside.and_then(|beside| beside.block.value().copied()),
            ownership: beside.and_then(|beside| match &beside.ownership {
                Known::Is(ownership) => Some(*ownership),
                Known::NotSet => Some(ObjectOwnership::ObjectWriter),
                Known::MayNotRead(_) | Known::NotOffered => None,
            }),
            caller: beside.and_then(|beside| beside.caller.clone()),
        }
    }

    /// The bucket that policies are read for.
    #[must_use]
    pub fn scene(&self) -> Scene<'_> {
        Scene { bucket: &self.bucket, partition: self.partition, owner: self.owner.as_deref() }
    }

    /// The same without anything that stands against public policies, at the bucket alone or everywhere.
    #[must_use]
    pub fn lifted(&self, account_too: bool) -> Self {
        let lift = BlockPublicAccess::lifted_for_public_policy;
        let account_block = if account_too { self.account_block.map(lift) } else { self.account_block };
        Self { account_block, bucket_block: self.bucket_block.map(lift), ..self.clone() }
    }

    /// As the rules of policies ask for it.
    #[must_use]
    pub fn surroundings(&self, now: Timestamp) -> Surroundings<'_> {
        Surroundings {
            scene: self.scene(),
            layers: Layers {
                account_block: self.account_block,
                bucket_block: self.bucket_block,
                ownership: self.ownership,
                ..Layers::default()
            },
            caller: self.caller.as_ref(),
            now: Some(now),
        }
    }

    /// What another policy changes for people.
    #[must_use]
    pub fn difference(&self, before: Option<&Policy>, after: Option<&Policy>, now: Timestamp) -> AccessDiff {
        access_diff(before, after, &self.surroundings(now))
    }
}

/// What the policy of one text means.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// The text it is about.
    pub text: String,
    /// Whether the text is a policy, or nothing.
    pub is_policy: bool,
    /// The policy read out.
    pub sentences: Vec<Sentence>,
    /// Who can do what.
    pub who: WhoTable,
}

impl Meaning {
    /// Finds out what a text means. A text that is no policy yet means what no policy means.
    #[must_use]
    pub fn of(text: String, around: &Around, now: Timestamp) -> Self {
        let policy = Policy::parse(&text).ok();
        Self {
            is_policy: policy.is_some() || text.trim().is_empty(),
            sentences: policy.as_ref().map(|policy| explain_in(policy, &around.scene())).unwrap_or_default(),
            who: who_can(policy.as_ref(), &around.surroundings(now)),
            text,
        }
    }
}
