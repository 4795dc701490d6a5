//! From what was tried to what can be done.

use std::cmp::Reverse;

use super::capability::{CAPABILITIES, Call, Capability, Group};
use super::predict::{Prediction, Surroundings, predict};
use crate::domain::check::Asked;

/// One request that was made, and what came of it. It changed nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// What it stands for.
    pub call: Call,
    /// The key or version it was about, where it was about one.
    pub on: Option<String>,
    /// The request itself, and the answer as HTTP has it.
    pub asked: Asked,
    /// What the answer says.
    pub answer: Answer,
}

/// What an answer says about the permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is there. "Nothing is set" is such an answer, too.
    Done,
    /// It is missing, or something forbids it.
    Refused {
        /// The permission that the store names, or that the request is known to need.
        needs: Option<String>,
    },
    /// The store does not do this.
    NotOffered,
    /// Nothing: there is nothing to try it on, or something else went wrong. In a sentence.
    Unclear(String),
}

/// Whether something can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every request that it takes was let in.
    Can,
    /// Something that it takes was refused, or is not there.
    Cannot {
        /// The permission that is missing; or, where requests are not signed, a sign-in.
        needs: Option<String>,
    },
    /// The store does not do this.
    NotOffered,
    /// It cannot be told, and why, in a sentence.
    Unclear(String),
    /// It would change something, so that it was not tried.
    NotTried(Prediction),
}

impl Outcome {
    /// How reports name it; never changes.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Can => "can",
            Self::Cannot { .. } => "cannot",
            Self::NotOffered => "not-offered",
            Self::Unclear(_) => "unclear",
            Self::NotTried(_) => "not-tried",
        }
    }

    /// In a few words, for a row.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Can => "Can".to_owned(),
            Self::Cannot { needs: Some(action) } => format!("Cannot: needs {action}"),
            Self::Cannot { needs: None } => "Cannot: refused".to_owned(),
            Self::NotOffered => "Not offered by this store".to_owned(),
            Self::Unclear(_) => "Cannot be told".to_owned(),
            Self::NotTried(prediction) => format!("Not tried: {}", prediction.words()),
        }
    }

    /// Why, where there is more to say.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Can | Self::Cannot { .. } | Self::NotOffered => None,
            Self::Unclear(why) => Some(why),
            Self::NotTried(prediction) => Some(prediction.why()),
        }
    }

    /// The worst of what something takes decides.
    const fn rank(&self) -> u8 {
        match self {
            Self::Can => 0,
            Self::Unclear(_) => 1,
            Self::NotTried(Prediction::Allowed(_)) => 2,
            Self::NotTried(Prediction::Depends(_)) => 3,
            Self::NotTried(Prediction::Refused(_)) => 4,
            Self::NotOffered => 5,
            Self::Cannot { .. } => 6,
        }
    }
}

/// What was found out about one capability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub capability: &'static Capability,
    /// Whether it can be done.
    pub outcome: Outcome,
    /// What was tried for it.
    pub tried: Vec<Tried>,
}

impl Finding {
    /// The permissions that it takes, each once.
    #[must_use]
    pub fn permissions(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = self.capability.calls.iter().filter_map(|call| call.action()).collect();
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|action| seen.insert(*action));
        all
    }
}

/// What can be done without a bucket, or in one, from what was tried there.
#[must_use]
pub fn conclude(account: bool, tried: &[Tried], around: &Surroundings) -> Vec<Finding> {
    let about = CAPABILITIES.iter().filter(|it| (it.group == Group::Account) == account);
    let one = |capability: &'static Capability| {
        let outcomes = capability.calls.iter().map(|call| outcome(*call, tried, around));
        // The first of the worst.
        let outcome = match outcomes.min_by_key(|outcome| Reverse(outcome.rank())) {
            _ if capability.needs_sign_in && !around.signed => Outcome::Cannot { needs: Some("a sign-in".to_owned()) },
            Some(outcome) => outcome,
            None => Outcome::Can,
        };
        let own = tried.iter().filter(|it| capability.calls.contains(&it.call)).cloned();
        Finding { capability, outcome, tried: own.collect() }
    };
    about.map(one).collect()
}

fn outcome(call: Call, tried: &[Tried], around: &Surroundings) -> Outcome {
    if !around.has_accounts && call.operation.ends_with("AccountPublicAccessBlock") {
        return Outcome::NotOffered;
    }
    if call.writes() {
        return Outcome::NotTried(predict(call, around));
    }
    match tried.iter().find(|it| it.call == call).map(|it| &it.answer) {
        Some(Answer::Done) => Outcome::Can,
        Some(Answer::Refused { needs }) => Outcome::Cannot { needs: needs.clone() },
        Some(Answer::NotOffered) => Outcome::NotOffered,
        Some(Answer::Unclear(why)) => Outcome::Unclear(why.clone()),
        None => Outcome::Unclear("There is nothing to try it on".to_owned()),
    }
}

/// What the answer to a HEAD of a name that is not there says about reading: 404 is for whoever may list, 403 for whoever
/// may not (Amazon S3 API Reference, HeadObject, "Permissions"). That whoever may list but not read gets 403 is what
/// practice storage does, and Amazon S3 may do.
#[must_use]
pub fn reading_by_missing(status: Option<u16>, may_list: bool) -> Answer {
    match (status, may_list) {
        (Some(403), true) => Answer::Refused { needs: Call::of("GetObject").action().map(str::to_owned) },
        (Some(403), false) => Answer::Unclear(
            "There is no file to try it on: 403 for a name that is not there may mean that listing is missing, or reading"
                .to_owned(),
        ),
        _ => Answer::Unclear("There is no file to try it on".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(Some(404), true, false; "whoever may list hears that it is not there")]
    #[test_case(Some(403), true, true; "who may list and hears 403 may not read")]
    #[test_case(Some(403), false, false; "one of both is missing")]
    #[test_case(None, true, false; "no answer")]
    fn a_name_that_is_not_there(status: Option<u16>, may_list: bool, refused: bool) {
        assert_eq!(matches!(reading_by_missing(status, may_list), Answer::Refused { .. }), refused);
    }
}
