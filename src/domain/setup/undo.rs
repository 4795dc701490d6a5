//! The way back: what a run has changed, and the calls that put it back as it was found.
//!
//! Only what still is as the run left it is put back; what somebody changed since is theirs. A bucket is deleted only
//! where the run made it, and a store deletes none that holds anything.

use super::plan::{Remark, RemarkKind, SetupPlan};
use super::{BucketState, Found, Setting, Step, StepAction, StepId, StepState, StoreAbilities};
use crate::domain::cors;
use crate::domain::lifecycle::{Filter, LifecycleRule};
use crate::domain::policy::Policy;
use crate::domain::public_access::BlockPublicAccess;

/// What was changed in one bucket, over all runs since the wizard was begun for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// The bucket.
    pub bucket: String,
    /// Where it lies.
    pub region: String,
    /// What was there before the first change.
    pub before: Found,
    /// The calls that changed something, in their order, the last of each kind.
    pub done: Vec<StepAction>,
    /// The key of the test image that lies there.
    pub test_image: Option<String>,
}

impl Changes {
    /// Nothing yet.
    #[must_use]
    pub fn new(bucket: &str, region: &str, before: Found) -> Self {
        Self { bucket: bucket.to_owned(), region: region.to_owned(), before, done: Vec::new(), test_image: None }
    }

    /// A call has changed something.
    pub fn note(&mut self, action: &StepAction) {
        if matches!(action, StepAction::WaitForBucket | StepAction::Prove { .. }) {
            return;
        }
        self.done.retain(|other| other.id() != action.id());
        self.done.push(action.clone());
    }

    /// A call has taken a change back.
    pub fn forget(&mut self, action: &StepAction) {
        if matches!(action, StepAction::DeleteTestImage { .. }) {
            self.test_image = None;
        }
        self.done.retain(|done| done.id() != action.id());
    }

    /// Whether there is nothing to take back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.test_image.is_none()
    }

    fn made_the_bucket(&self) -> bool {
        self.done.iter().any(|action| matches!(action, StepAction::CreateBucket { .. }))
    }
}

/// Makes the plan that takes the changes back. `now` is what is there at this moment.
#[must_use]
pub fn undo(changes: &Changes, now: &Found, store: &StoreAbilities) -> SetupPlan {
    let mut way = WayBack { changes, store, steps: Vec::new(), remarks: Vec::new() };
    let there = matches!(now.bucket, BucketState::Mine { .. });
    if !there {
        way.remark(RemarkKind::Stop, format!("{} is not there any more, or not yours", changes.bucket));
    } else if changes.made_the_bucket() {
        way.test_image();
        let words = format!("Delete the bucket {}", changes.bucket);
        let needs = way.steps.iter().map(|step| step.id).collect();
        way.push(words, StepAction::DeleteBucket, needs);
        let words = "Brimful has made this bucket. It is deleted only while it is empty: the store refuses otherwise.";
        way.remark(RemarkKind::Note, words.to_owned());
    } else {
        way.test_image();
        for action in changes.done.iter().rev() {
            way.back(action, now);
        }
    }
    way.remarks.sort_by_key(|remark| remark.kind);
    SetupPlan { steps: way.steps, remarks: way.remarks, takes_back: true }
}

struct WayBack<'a> {
    changes: &'a Changes,
    store: &'a StoreAbilities,
    steps: Vec<Step>,
    remarks: Vec<Remark>,
}

impl WayBack<'_> {
    fn remark(&mut self, kind: RemarkKind, sentence: String) {
        self.remarks.push(Remark { kind, sentence });
    }

    fn push(&mut self, words: String, action: StepAction, needs: Vec<StepId>) {
        self.steps.push(Step {
            id: action.id(),
            words,
            api: action.api(),
            iam_actions: action.iam_actions(),
            action,
            state: StepState::ToDo,
            needs,
            may_lack: false,
            bucket: self.changes.bucket.clone(),
            region: self.changes.region.clone(),
            endpoint: self.store.endpoint.clone(),
            profile: self.store.profile.clone(),
        });
    }

    fn test_image(&mut self) {
        if let Some(key) = self.changes.test_image.clone() {
            self.push(format!("Delete the test image {key}"), StepAction::DeleteTestImage { key }, Vec::new());
        }
    }

    /// One setting: `wrote` still holds, and what was there before is known.
    fn setting<T: Clone>(
        &mut self,
        what: &str,
        still: bool,
        before: &Setting<T>,
        put: impl FnOnce(T) -> StepAction,
        delete: StepAction,
    ) {
        if !still {
            let words = format!("{what} was changed by someone else since, and is left as it is");
            return self.remark(RemarkKind::Warning, words);
        }
        match before {
            Setting::Is(value) => self.push(format!("{what}: back to what was there"), put(value.clone()), Vec::new()),
            Setting::NotSet | Setting::NotOffered => {
                self.push(format!("{what}: back to none, as before"), delete, Vec::new());
            }
            Setting::Unreadable => {
                let words = format!("{what} could not be read before it was changed, so it cannot be put back");
                self.remark(RemarkKind::Warning, words);
            }
        }
    }

    fn back(&mut self, action: &StepAction, now: &Found) {
        let before = &self.changes.before.clone();
        match action {
            StepAction::PutPublicAccessBlock(wrote) => self.setting(
                "Block Public Access",
                now.block.value() == Some(wrote),
                &before.block,
                StepAction::PutPublicAccessBlock,
                // All four off is what having none means.
                StepAction::PutPublicAccessBlock(BlockPublicAccess::NONE),
            ),
            StepAction::PutOwnershipControls(wrote) => self.setting(
                "Object Ownership",
                now.ownership.value() == Some(wrote),
                &before.ownership,
                StepAction::PutOwnershipControls,
                StepAction::DeleteOwnershipControls,
            ),
            StepAction::EnableVersioning => {
                if now.versioning.value() == Some(&true) && before.versioning != Setting::Unreadable {
                    let words = "Keep no more old versions; those that are there stay".to_owned();
                    self.push(words, StepAction::SuspendVersioning, Vec::new());
                }
            }
            StepAction::PutEncryption(wrote) => self.setting(
                "Encryption",
                now.encryption.value() == Some(wrote),
                &before.encryption,
                StepAction::PutEncryption,
                StepAction::DeleteEncryption,
            ),
            StepAction::PutPolicy(wrote) => self.setting(
                "The policy",
                now.policy.value().is_some_and(|policy| says_the_same(policy, wrote)),
                &before.policy,
                StepAction::PutPolicy,
                StepAction::DeletePolicy,
            ),
            StepAction::PutCors(wrote) => {
                let is_so = |there: &Vec<_>| there.len() == wrote.len() && cors::merge(there, wrote).is_none();
                let still = now.cors.value().is_some_and(is_so);
                self.setting("CORS", still, &before.cors, StepAction::PutCors, StepAction::PutCors(Vec::new()));
            }
            StepAction::PutLifecycle(wrote) => self.setting(
                "The lifecycle",
                now.lifecycle.value().is_some_and(|rules| rules_are_the_same(rules, wrote)),
                &before.lifecycle,
                StepAction::PutLifecycle,
                StepAction::PutLifecycle(Vec::new()),
            ),
            StepAction::PutWebsite(wrote) => self.setting(
                "The website",
                now.website.value() == Some(wrote),
                &before.website,
                StepAction::PutWebsite,
                StepAction::DeleteWebsite,
            ),
            StepAction::PutTags(wrote) => {
                let is_so = |there: &Vec<_>| there.len() == wrote.len() && wrote.iter().all(|tag| there.contains(tag));
                let still = now.tags.value().is_some_and(is_so);
                self.setting("Tagging", still, &before.tags, StepAction::PutTags, StepAction::PutTags(Vec::new()));
            }
            StepAction::CreateBucket { .. }
            | StepAction::WaitForBucket
            | StepAction::Prove { .. }
            | StepAction::DeleteOwnershipControls
            | StepAction::SuspendVersioning
            | StepAction::DeleteEncryption
            | StepAction::DeletePolicy
            | StepAction::DeleteWebsite
            | StepAction::DeleteTestImage { .. }
            | StepAction::DeleteBucket => {}
        }
    }
}

/// A filter that lets everything through may come back in another spelling.
fn rules_are_the_same(there: &[LifecycleRule], wrote: &[LifecycleRule]) -> bool {
    let plain = |rule: &LifecycleRule| {
        let filter = if rule.filter.is_everything() { Filter::default() } else { rule.filter.clone() };
        LifecycleRule { filter, ..rule.clone() }
    };
    let there: Vec<_> = there.iter().map(plain).collect();
    there.len() == wrote.len() && wrote.iter().all(|rule| there.contains(&plain(rule)))
}

/// A store may hand a policy out in another order and spelling than it took it.
fn says_the_same(there: &Policy, wrote: &Policy) -> bool {
    let says = |policy: &Policy, statement| policy.statements.iter().any(|other| other.same_meaning(statement));
    there.statements.len() == wrote.statements.len() && wrote.statements.iter().all(|it| says(there, it))
}

#[cfg(test)]
mod tests;
