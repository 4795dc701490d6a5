//! Whether whoever saves a policy can still change it afterwards.

use super::super::reach::Surroundings;
use super::super::{Decision, Policy, RequestContext, RequestPrincipal, Words, evaluate};
use crate::domain::policy::ContextKeys;
use crate::domain::policy::explain::condition_words;

/// Whether the policy can be changed afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// Nothing in the policy stands against it.
    Kept,
    /// A statement refuses to change or remove the policy. Only the root of the owning account still can.
    Lost {
        /// Counted from 0.
        statement: usize,
        /// The terms on which it refuses; empty when there are none.
        when: Words,
    },
    /// It was refused before, too.
    StillLost {
        /// Counted from 0.
        statement: usize,
    },
    /// It is not known who would save.
    Unknown,
}

impl Control {
    /// Whether saving would lock out whoever saves.
    #[must_use]
    pub const fn is_lost(&self) -> bool {
        matches!(self, Self::Lost { .. })
    }

    /// In one sentence.
    #[must_use]
    pub fn words(&self) -> Words {
        match self {
            Self::Kept => Words::plain("You can still change this policy afterwards"),
            Self::Lost { when, .. } if when.is_empty() => {
                Words::plain("You could not change or remove this policy afterwards. Only the root of the account can")
            }
            Self::Lost { when, .. } => {
                Words::plain("You may not be able to change or remove this policy afterwards: it is refused if ")
                    .and(when.clone())
                    .then(". Only the root of the account always can")
            }
            Self::StillLost { .. } => {
                Words::plain("As before, you cannot change or remove this policy. Only the root of the account can")
            }
            Self::Unknown => {
                Words::plain("It is not known who you are, so it cannot be said whether you can change it afterwards")
            }
        }
    }
}

/// Asks both policies whether the caller may replace and remove the policy.
pub(super) fn control(before: Option<&Policy>, after: Option<&Policy>, around: &Surroundings<'_>) -> Control {
    let Some(caller) = around.caller else { return Control::Unknown };
    if matches!(&caller.principal, RequestPrincipal::Account { arn, .. } if arn.ends_with(":root")) {
        return Control::Kept;
    }
    let mut keys = ContextKeys::new()
        .with("aws:SecureTransport", "true")
        .with("s3:TlsVersion", "1.3")
        .with("aws:ViaAWSService", "false");
    if let Some(address) = caller.source_ip {
        keys.set("aws:SourceIp", address.to_canonical().to_string());
    }
    if let Some(now) = around.now {
        keys.set("aws:CurrentTime", now.to_string());
    }
    let refused = |policy: Option<&Policy>| {
        ["s3:PutBucketPolicy", "s3:DeleteBucketPolicy"].into_iter().find_map(|action| {
            let request = RequestContext {
                principal: caller.principal.clone(),
                action: action.to_owned(),
                resource: around.scene.bucket_arn(),
                keys: keys.clone(),
            };
            match evaluate(policy?, &request) {
                Decision::Deny { statement } => Some(statement),
                Decision::Allow { .. } | Decision::NoMatch => None,
            }
        })
    };
    match (refused(before), refused(after)) {
        (_, None) => Control::Kept,
        (Some(_), Some(statement)) => Control::StillLost { statement },
        (None, Some(statement)) => {
            let conditions = after.and_then(|p| p.statements.get(statement)).map(|s| s.conditions.as_slice());
            let when = Words::list(conditions.unwrap_or_default().iter().map(condition_words), "and");
            Control::Lost { statement, when }
        }
    }
}
