//! Requests that stand for all others: who asks, for what, on which files, in which situation.
//!
//! A policy tells requests apart by the identities, actions, resources and conditions it names. So one
//! request for each of these, and one for what none of them names, show all that a policy does. Every
//! answer comes from the judge of requests, never from comparing texts.

mod asker;
mod deed;
mod oracle;
mod situation;
mod spot;
mod trial;

pub use asker::Asker;
pub(super) use asker::{Cast, casts};
pub(super) use deed::{DeedClass, actions_words, deed_classes};
pub(super) use oracle::{Grid, Hearing, Oracle, Quick};
pub(super) use situation::{Situation, situations};
pub(super) use spot::{Described, Spots, spots};
pub use trial::{Trial, keys_asked, try_request};

use super::{Caller, Policy, RequestContext, Scene};
use crate::domain::permission::{self, Access, Judgement, Layer, Layers};

/// What stands around a policy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings<'a> {
    /// The bucket, and the account that owns it where known.
    pub scene: Scene<'a>,
    /// Block Public Access, Object Ownership and the bucket's list, as far as known. The policy in it
    /// is not looked at.
    pub layers: Layers<'a>,
    /// Who would save the policy, where known.
    pub caller: Option<&'a Caller>,
    /// The time for which dates in conditions are judged.
    pub now: Option<jiff::Timestamp>,
}

/// Whether somebody may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// No.
    No,
    /// The bucket does not refuse it; rules of the account, which cannot be read, decide.
    Depends,
    /// Yes, as far as the bucket decides.
    Yes,
}

/// An answer and what gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) answer: Answer,
    /// The statement that decided, counted from 0.
    pub(super) statement: Option<usize>,
    /// Whether a statement refuses it.
    pub(super) denied: bool,
    /// One plain sentence.
    pub(super) reason: String,
}

/// Asks the judge, and adds what follows from whose the account is.
pub(super) fn ask(
    policy: Option<&Policy>,
    around: &Surroundings<'_>,
    cast: &Cast,
    action: &str,
    resource: &str,
    situation: &Situation,
) -> Verdict {
    let request = RequestContext {
        principal: cast.principal.clone(),
        action: action.to_owned(),
        resource: resource.to_owned(),
        keys: situation.keys(cast),
    };
    let owner = around.scene.owner.unwrap_or(asker::SOME_OWNER);
    let layers = Layers { policy, owner_account: Some(owner), ..around.layers };
    let Judgement { access, layer, statement, reason } = permission::judge(&layers, &request);
    let denied = access == Access::Deny && layer == Layer::Policy;
    let answer = match access {
        Access::Allow => Answer::Yes,
        // The root of the owning account can always mend the policy.
        Access::Deny if denied => {
            if cast.asker == Asker::Owner && mends_policy(action) {
                Answer::Yes
            } else {
                Answer::No
            }
        }
        Access::Deny => cast.without_the_policy(),
    };
    let reason = match (&cast.asker, answer, access) {
        (Asker::Owner, Answer::Yes, Access::Deny) => "The account that owns the bucket may always do it".to_owned(),
        (_, Answer::Depends, _) => {
            "Nothing in the policy refuses it; it depends on rules of the account that cannot be read here".to_owned()
        }
        _ => reason,
    };
    Verdict { answer, statement, denied, reason }
}

fn mends_policy(action: &str) -> bool {
    ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"].iter().any(|a| a.eq_ignore_ascii_case(action))
}
