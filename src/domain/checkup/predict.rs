//! What a request that was not made would be answered, from what is known of the bucket.
//!
//! Only the bucket's side is known: its policy, Block Public Access and Object Ownership. What the rules of the account
//! allow a user or role cannot be read with S3, and is said to decide.

use super::capability::Call;
use crate::domain::arn::Partition;
use crate::domain::permission::Layers;
use crate::domain::policy::{self, Answer, Asker, Policy, Principal, Scene, try_request};
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};

/// What is known of a bucket and of who asks, where it decides about writing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Surroundings {
    /// The bucket; empty for what is about none.
    pub bucket: String,
    /// What keys begin with.
    pub prefix: String,
    /// Where it lies.
    pub partition: Partition,
    /// The ARN of who is signed in, where the store tells.
    pub who: Option<String>,
    /// The account that owns the bucket, where that is known.
    pub owner: Option<String>,
    /// Whether requests are signed.
    pub signed: bool,
    /// Whether the store has accounts with settings of their own.
    pub has_accounts: bool,
    /// Whether they go over TLS.
    pub https: bool,
    /// The policy, `Some(None)` where there is none; `None` where it could not be read.
    pub policy: Option<Option<Policy>>,
    /// Block Public Access of the bucket, where it could be read.
    pub block: Option<BlockPublicAccess>,
    /// Block Public Access of the account, where it could be read.
    pub account_block: Option<BlockPublicAccess>,
    /// Object Ownership, where it could be read.
    pub ownership: Option<ObjectOwnership>,
}

/// What a request would be answered (predicted), and why, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prediction {
    /// The bucket lets it in, unless something outside of it forbids it.
    Allowed(String),
    /// It would be refused.
    Refused(String),
    /// Rules that cannot be read decide.
    Depends(String),
}

impl Prediction {
    /// In a few words.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Allowed(_) => "allowed (predicted)",
            Self::Refused(_) => "refused (predicted)",
            Self::Depends(_) => "it would write",
        }
    }

    /// Whether it would be let in.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// Whether it would be refused.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// Why.
    #[must_use]
    pub fn why(&self) -> &str {
        match self {
            Self::Allowed(why) | Self::Refused(why) | Self::Depends(why) => why,
        }
    }
}

const BY_ACCOUNT: &str = "Rules of the account decide, and cannot be read with S3";

/// What a request that writes would be answered.
#[must_use]
pub(super) fn predict(call: Call, around: &Surroundings) -> Prediction {
    if around.bucket.is_empty() {
        return match &around.who {
            _ if !around.signed => Prediction::Refused("It needs a sign-in".to_owned()),
            Some(arn) if arn.ends_with(":root") => {
                Prediction::Allowed("The root of an account may, unless its organization forbids it".to_owned())
            }
            Some(_) | None => Prediction::Depends(BY_ACCOUNT.to_owned()),
        };
    }
    if matches!(call.operation, "PutBucketAcl" | "PutObjectAcl")
        && around.ownership.is_some_and(|ownership| !ownership.acls_count())
    {
        return Prediction::Refused("Object Ownership has switched access lists off".to_owned());
    }
    let Some(policy) = &around.policy else {
        return Prediction::Depends("The bucket policy could not be read, and rules of the account decide".to_owned());
    };
    let said = by_policy(call, policy.as_ref(), around);
    let blocks = |block: Option<BlockPublicAccess>| block.is_some_and(|it| it.block_public_policy);
    match said {
        Prediction::Allowed(why) | Prediction::Depends(why)
            if call.operation == "PutBucketPolicy" && (blocks(around.block) || blocks(around.account_block)) =>
        {
            Prediction::Depends(format!("{why}. Block Public Access refuses a policy that makes it public"))
        }
        other => other,
    }
}

fn by_policy(call: Call, policy: Option<&Policy>, around: &Surroundings) -> Prediction {
    let scene = Scene { bucket: &around.bucket, partition: around.partition, owner: around.owner.as_deref() };
    let asker = match &around.who {
        _ if !around.signed => Asker::Anyone,
        Some(arn) if is_root_of(arn, around.owner.as_deref()) => Asker::Owner,
        Some(arn) => Asker::Named(Principal::Aws(arn.clone())),
        None => {
            return Prediction::Depends("Who is signed in is not known, and rules of the account decide".to_owned());
        }
    };
    let layers = Layers {
        account_block: around.account_block,
        bucket_block: around.block,
        ownership: around.ownership,
        ..Layers::default()
    };
    let surroundings = policy::Surroundings { scene, layers, caller: None, now: None };
    let key = format!("{}a-file", around.prefix);
    let action = call.action().unwrap_or_default();
    match try_request(policy, &surroundings, &asker, action, &key, around.https, &[]) {
        Some(trial) => match trial.answer {
            Answer::Yes => Prediction::Allowed(trial.reason),
            Answer::No => Prediction::Refused(trial.reason),
            Answer::Depends => Prediction::Depends(BY_ACCOUNT.to_owned()),
        },
        None => Prediction::Depends(BY_ACCOUNT.to_owned()),
    }
}

/// Whether it is the root of the account that owns the bucket, whom no identity policy holds back.
fn is_root_of(arn: &str, owner: Option<&str>) -> bool {
    owner.is_some_and(|owner| arn.ends_with(&format!(":iam::{owner}:root")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const OWNER: &str = "111122223333";

    fn around(who: &str, policy: Option<&str>) -> Surroundings {
        Surroundings {
            bucket: "acme".to_owned(),
            who: Some(format!("arn:aws:iam::{OWNER}:{who}")),
            owner: Some(OWNER.to_owned()),
            signed: true,
            https: true,
            policy: Some(policy.map(|statement| {
                Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)).unwrap()
            })),
            ..Surroundings::default()
        }
    }

    const DENY: &str =
        r#"{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::acme/*"}"#;
    const ALLOW: &str = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/mo"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::acme/*"}"#;

    #[test_case("PutObject", "user/mo", None, "it would write"; "no policy")]
    #[test_case("PutObject", "user/mo", Some(ALLOW), "allowed (predicted)"; "the policy allows it")]
    #[test_case("DeleteObject", "user/mo", Some(ALLOW), "it would write"; "the policy is silent")]
    #[test_case("DeleteObject", "user/mo", Some(DENY), "refused (predicted)"; "the policy forbids it")]
    #[test_case("DeleteObject", "root", None, "allowed (predicted)"; "the root of the account")]
    #[test_case("DeleteObject", "root", Some(DENY), "refused (predicted)"; "which a policy holds back as well")]
    fn predictions(operation: &'static str, who: &str, policy: Option<&str>, words: &str) {
        assert_eq!(predict(Call::of(operation), &around(who, policy)).words(), words);
    }

    #[test]
    fn lists_that_are_off_and_blocked_policies_are_said() {
        let enforced = Surroundings { ownership: Some(ObjectOwnership::BucketOwnerEnforced), ..around("root", None) };
        assert!(predict(Call::of("PutBucketAcl"), &enforced).why().contains("switched access lists off"));
        let blocked = Surroundings { block: Some(BlockPublicAccess::ALL), ..around("user/mo", None) };
        assert!(predict(Call::of("PutBucketPolicy"), &blocked).why().contains("Block Public Access refuses"));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let unread = Surroundings { policy: None, ..around("user/mo", None) };
        assert!(predict(Call::of("PutObject"), &unread).why().contains("could not be read"));
        let nobody = Surroundings { who: None, ..around("user/mo", None) };
        assert!(predict(Call::of("PutObject"), &nobody).why().contains("not known"));
        let stranger = Surroundings { signed: false, ..around("user/mo", None) };
        assert_eq!(predict(Call::of("PutObject"), &stranger).words(), "refused (predicted)");
        let root = Surroundings { bucket: String::new(), ..around("root", None) };
        assert_eq!(predict(Call::of("CreateBucket"), &root).words(), "allowed (predicted)");
        let nowhere = Surroundings { bucket: String::new(), ..stranger };
        assert_eq!(predict(Call::of("CreateBucket"), &nowhere).words(), "refused (predicted)");
    }
}
