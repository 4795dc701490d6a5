//! From a draft to the bucket: what saving would do, what stands in the way, and what was found out afterwards.

use jiff::Timestamp;

use super::draft::Base;
use super::found::{Beside, Known};
use super::people::People;
use super::{BucketKey, Trouble};
use crate::domain::policy::{Finding, LintContext, Policy, Rule, Sentence, Statement, explain, is_public};
use crate::domain::public_access::BlockPublicAccess;

use super::reading::Reading;

/// Why a policy is about to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Somebody wrote it.
    Draft,
    /// The policy is to go.
    Delete,
    /// An earlier version is brought back; its number in the history.
    Restore(i64),
}

/// How far a review is.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// The bucket has another policy than the text began from: nothing is saved before somebody says what holds.
    Conflict {
        /// What the text began from.
        base: Base,
    },
    /// It waits for an answer.
    Asking,
    /// It is being saved.
    Saving,
    /// It was not saved.
    Failed(Trouble),
}

/// What stands between a public policy and the public, beside the policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Obstacle {
    /// The flags of the bucket, where one of the two that matter is on and may be lifted.
    pub bucket: Option<BlockPublicAccess>,
    /// The account's flags are on: they win, whatever the bucket says.
    pub account: bool,
    /// Flags that may not be read.
    pub unknown: bool,
}

impl Obstacle {
    /// What keeps a public policy from working.
    #[must_use]
    pub fn of(beside: Option<&Beside>) -> Self {
        let Some(beside) = beside else { return Self { unknown: true, ..Self::default() } };
        let in_the_way = |block: &BlockPublicAccess| block.block_public_policy || block.restrict_public_buckets;
        Self {
            bucket: beside.block.value().copied().filter(in_the_way),
            account: beside.account_block.as_ref().and_then(Known::value).is_some_and(in_the_way),
            unknown: beside.is_blocked(|block| block.block_public_policy).is_none(),
        }
    }
}

/// What a person says to a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// They know what becomes public, or that they lock themselves out.
    Acknowledge(bool),
    /// The two flags of the bucket are to be lifted first.
    Lift(bool),
    /// The flags that the save had lifted are to be set again.
    BlockAgain(bool),
    /// Why, for the history.
    Note(String),
}

/// What is about to be saved.
#[derive(Debug, Clone)]
pub struct Review {
    /// For which bucket.
    pub key: BucketKey,
    /// Why.
    pub origin: Origin,
    /// What the bucket has now.
    pub before: Base,
    /// What it will have; `None` for no policy.
    pub after: Option<String>,
    /// When the bucket was read for this.
    pub read_at: Timestamp,
    /// How far it is.
    pub stage: Stage,
    /// Statements that let in strangers and did not before, in plain words.
    pub becomes_public: Vec<Sentence>,
    /// What changes for people and in the text.
    pub people: Option<People>,
    /// What S3 would refuse, and what would lock the caller out.
    pub findings: Vec<Finding>,
    /// What else would have to change for it to work.
    pub obstacle: Obstacle,
    /// Whether it was said that this is known.
    pub acknowledged: bool,
    /// Whether the two flags of the bucket are lifted first.
    pub lift: bool,
    /// The flags that were lifted for what is taken back now, as they were before.
    pub block_before: Option<BlockPublicAccess>,
    /// Whether they are set so again.
    pub block_again: bool,
    /// Why, for the history.
    pub note: String,
}

impl Review {
    /// Compares what the bucket has with what it is to have.
    #[must_use]
    pub fn new(
        key: BucketKey,
        origin: Origin,
        before: Base,
        after: Option<String>,
        context: LintContext,
        beside: Option<&Beside>,
        read_at: Timestamp,
    ) -> Self {
        let reading = after.clone().map(|text| Reading::of(text, context));
        let now = before.text().and_then(|text| Policy::parse(text).ok());
        let then = reading.as_ref().and_then(|reading| reading.policy.as_ref());
        let becomes_public = then.map(|then| becomes_public(now.as_ref(), then, &key.bucket)).unwrap_or_default();
        let is_public = reading.as_ref().is_some_and(|reading| reading.public.public);
        let findings = reading.map(|reading| reading.findings).unwrap_or_default();
        Self {
            obstacle: if is_public { Obstacle::of(beside) } else { Obstacle::default() },
            key,
            origin,
            before,
            after,
            read_at,
            stage: Stage::Asking,
            becomes_public,
            people: None,
            findings,
            acknowledged: false,
            lift: false,
            block_before: None,
            block_again: false,
            note: String::new(),
        }
    }

    /// Offers to set the flags again that a save had lifted, where the policy afterwards needs them no longer.
    #[must_use]
    pub fn offering_block(mut self, before: Option<BlockPublicAccess>) -> Self {
        let is_public =
            self.after.as_deref().and_then(|text| Policy::parse(text).ok()).is_some_and(|p| is_public(&p).public);
        self.block_before = before.filter(|_| !is_public);
        self.block_again = self.block_before.is_some();
        self
    }

    /// The finding that says that the caller could not change the policy afterwards.
    #[must_use]
    pub fn lock_out(&self) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.rule == Rule::LockOut)
    }

    /// Whether it has to be said first that this is known and wanted.
    #[must_use]
    pub fn needs_acknowledgement(&self) -> bool {
        let public = match &self.people {
            Some(people) => !people.open.becomes_public.is_empty(),
            None => !self.becomes_public.is_empty(),
        };
        public || self.locks_out()
    }

    /// Whether whoever saves could not change the policy afterwards.
    #[must_use]
    pub fn locks_out(&self) -> bool {
        self.lock_out().is_some() || self.people.as_ref().is_some_and(|people| people.as_is.control.is_lost())
    }

    /// Whether it may be saved now.
    #[must_use]
    pub fn can_save(&self) -> bool {
        let asks = matches!(self.stage, Stage::Asking | Stage::Failed(_));
        asks && (self.acknowledged || !self.needs_acknowledgement())
    }

    /// Takes an answer in.
    pub fn answer(&mut self, answer: Answer) {
        match answer {
            Answer::Acknowledge(yes) => self.acknowledged = yes,
            Answer::Lift(yes) => self.lift = yes && self.obstacle.bucket.is_some(),
            Answer::BlockAgain(yes) => self.block_again = yes && self.block_before.is_some(),
            Answer::Note(note) => self.note = note,
        }
    }

    /// The note, if one was written.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        Some(self.note.trim().to_owned()).filter(|note| !note.is_empty())
    }
}

/// The public statements that were not there before.
fn becomes_public(before: Option<&Policy>, after: &Policy, bucket: &str) -> Vec<Sentence> {
    let public = |policy: &Policy| -> Vec<usize> {
        is_public(policy).statements.into_iter().map(|statement| statement.index).collect()
    };
    let old: Vec<&Statement> = before
        .map(|policy| public(policy).into_iter().filter_map(|index| policy.statements.get(index)).collect())
        .unwrap_or_default();
    let new: Vec<usize> = public(after)
        .into_iter()
        .filter(|index| {
            let statement = after.statements.get(*index);
            statement.is_some_and(|new| !old.iter().any(|old| old.same_meaning(new)))
        })
        .collect();
    explain(after, bucket)
        .into_iter()
        .filter(|sentence| sentence.statement.is_some_and(|index| new.contains(&index)))
        .collect()
}

/// Whether the store gave back what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadBack {
    /// It says the same.
    Same,
    /// It keeps something else.
    Other,
    /// It could not be read.
    Failed(Trouble),
}

/// What a stranger was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// A real file was asked for without sign-in.
    Asked {
        /// Its key.
        key: String,
        /// The HTTP status.
        status: u16,
        /// S3's code, for refusals.
        code: Option<String>,
    },
    /// There is no file that the policy is about.
    NoFile {
        /// Where one was looked for; empty for the whole bucket.
        prefix: String,
    },
    /// The files may not be listed, or nobody answered.
    Unanswered(String),
}

/// What was found out after a save.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// Of which bucket.
    pub key: BucketKey,
    /// When.
    pub at: Timestamp,
    /// Whether there is a policy now.
    pub has_policy: bool,
    /// Whether the store kept what was sent.
    pub read_back: ReadBack,
    /// Whether the store calls the policy public.
    pub status: Known<bool>,
    /// What a stranger was answered.
    pub probe: Probe,
}

impl Proof {
    /// Whether a stranger was let in.
    #[must_use]
    pub fn is_open(&self) -> Option<bool> {
        match &self.probe {
            Probe::Asked { status, .. } => Some((200..300).contains(status)),
            Probe::NoFile { .. } | Probe::Unanswered(_) => None,
        }
    }

    /// What was observed, in a sentence: first words, and the rest.
    #[must_use]
    pub fn words(&self) -> (String, String) {
        match &self.probe {
            Probe::Asked { key, status, .. } if (200..300).contains(status) => {
                (format!("Anyone can view {key}"), format!("fetched without sign-in, {status}"))
            }
            Probe::Asked { key, status, code } => {
                let code = code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
                (format!("Strangers cannot view {key}"), format!("asked without sign-in, {status}{code}"))
            }
            Probe::NoFile { prefix } if prefix.is_empty() => {
                ("Saved".to_owned(), "there is no file yet to ask for without sign-in".to_owned())
            }
            Probe::NoFile { prefix } => {
                ("Saved".to_owned(), format!("there is no file under {prefix} yet to ask for without sign-in"))
            }
            Probe::Unanswered(why) => ("Saved, but not seen from outside".to_owned(), why.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::arn::Partition;
    use crate::domain::connection::ConnectionId;

    fn policy(who: &str, prefix: &str) -> String {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{who},
            "Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-images/{prefix}*"}}]}}"#
        )
    }

    fn review(before: Option<String>, after: Option<String>, beside: Option<&Beside>) -> Review {
        let key = BucketKey { connection: ConnectionId::PRACTICE, bucket: "acme-images".to_owned() };
        let context = LintContext::new("acme-images", Partition::Aws);
        let before = before.map_or(Base::None, Base::Text);
        Review::new(key, Origin::Draft, before, after, context, beside, Timestamp::UNIX_EPOCH)
    }

    fn beside(block: BlockPublicAccess, account: BlockPublicAccess) -> Beside {
        Beside {
            status: Known::NotSet,
            block: Known::Is(block),
            account_block: Some(Known::Is(account)),
            ownership: Known::NotSet,
            caller: None,
            account: None,
        }
    }

    #[test]
    fn what_becomes_public_must_be_acknowledged() {
        let mut review = review(None, Some(policy("\"*\"", "photos/")), None);
        assert_eq!(review.becomes_public.len(), 1, "{:?}", review.becomes_public);
        assert!(!review.can_save());
        review.answer(Answer::Acknowledge(true));
        assert!(review.can_save());
        review.stage = Stage::Saving;
        assert!(!review.can_save(), "one save at a time");
    }

    #[test]
    fn what_was_public_before_is_no_news() {
        let text = policy("\"*\"", "photos/");
        assert!(review(Some(text.clone()), Some(text), None).can_save());
        let wider = review(Some(policy("\"*\"", "photos/")), Some(policy("\"*\"", "")), None);
        assert!(wider.needs_acknowledgement());
        assert!(review(Some(policy("\"*\"", "")), None, None).can_save(), "taking away exposes nothing");
    }

    #[test]
    fn only_the_two_flags_of_the_bucket_are_offered_to_be_lifted() {
        let here = beside(BlockPublicAccess::ALL, BlockPublicAccess::default());
        let mut public = review(None, Some(policy("\"*\"", "")), Some(&here));
        assert!(public.obstacle.bucket.is_some() && !public.obstacle.account);
        public.answer(Answer::Lift(true));
        assert!(public.lift);
        let named = "{\"AWS\":\"arn:aws:iam::111122223333:root\"}";
        let private = review(None, Some(policy(named, "")), Some(&here));
        assert_eq!(private.obstacle, Obstacle::default(), "a policy that names people is not blocked");
    }

    #[test]
    fn flags_that_were_lifted_are_offered_again_where_nothing_public_needs_them() {
        let before = Some(BlockPublicAccess::ALL);
        let mut shut = review(Some(policy("\"*\"", "")), None, None).offering_block(before);
        assert_eq!((shut.block_before, shut.block_again), (before, true));
        shut.answer(Answer::BlockAgain(false));
        assert!(!shut.block_again);
        let open = review(None, Some(policy("\"*\"", "")), None).offering_block(before);
        assert_eq!((open.block_before, open.block_again), (None, false));
    }

    #[test]
    fn the_accounts_flags_win() {
        let there = beside(BlockPublicAccess::default(), BlockPublicAccess::ALL);
        let mut public = review(None, Some(policy("\"*\"", "")), Some(&there));
        assert!(public.obstacle.account && public.obstacle.bucket.is_none());
        public.answer(Answer::Lift(true));
        assert!(!public.lift, "nothing to lift");
    }
}
