use super::*;
use crate::domain::connection::Target;
use crate::domain::public_access::ObjectOwnership;
use crate::domain::setup::{Encryption, Purpose, Wanted, plan};

fn store() -> StoreAbilities {
    StoreAbilities::of(&Target::Practice, None)
}

fn adopted() -> Found {
    Found {
        bucket: BucketState::Mine { region: Some("us-east-1".into()) },
        block: Setting::Is(BlockPublicAccess::ALL),
        ownership: Setting::Is(ObjectOwnership::BucketOwnerEnforced),
        encryption: Setting::Is(Encryption::SseS3),
        tags: Setting::Is(vec![("team".into(), "web".into())]),
        ..Found::nothing()
    }
}

/// Runs everything that the plan says, in thought: what is there afterwards, and what was changed.
fn after(wanted: &Wanted, before: &Found) -> (Changes, Found) {
    let mut changes = Changes::new(&wanted.name, "us-east-1", before.clone());
    let mut now = Found { bucket: BucketState::Mine { region: Some("us-east-1".into()) }, ..before.clone() };
    for step in plan(wanted, before, &store()).steps {
        if step.state != StepState::ToDo {
            continue;
        }
        match &step.action {
            StepAction::PutPublicAccessBlock(block) => now.block = Setting::Is(*block),
            StepAction::PutPolicy(policy) => now.policy = Setting::Is(policy.clone()),
            StepAction::PutLifecycle(rules) => now.lifecycle = Setting::Is(rules.clone()),
            StepAction::PutTags(tags) => now.tags = Setting::Is(tags.clone()),
            StepAction::EnableVersioning => now.versioning = Setting::Is(true),
            _ => {}
        }
        changes.note(&step.action);
    }
    (changes, now)
}

fn wanted() -> Wanted {
    let wanted = Wanted::new(Purpose::PublicImages, "acme-images", "us-east-1");
    Wanted { acknowledged: true, versioning: true, tags: vec![("env".into(), "live".into())], ..wanted }
}

fn apis(plan: &SetupPlan) -> Vec<&'static str> {
    plan.steps.iter().map(|step| step.api).collect()
}

#[test]
fn settings_of_an_adopted_bucket_go_back_in_the_other_order() {
    let (mut changes, now) = after(&wanted(), &adopted());
    changes.test_image = Some("brimful-test.png".into());
    let back = undo(&changes, &now, &store());
    assert!(back.takes_back && back.can_run());
    assert_eq!(
        apis(&back),
        [
            "DeleteObject",
            "PutBucketTagging",
            "DeleteBucketLifecycle",
            "DeleteBucketPolicy",
            "PutBucketVersioning",
            "PutPublicAccessBlock"
        ]
    );
    assert_eq!(back.steps[1].action, StepAction::PutTags(vec![("team".into(), "web".into())]));
    assert_eq!(back.steps[5].action, StepAction::PutPublicAccessBlock(BlockPublicAccess::ALL));
    assert!(
        back.steps[2].request_text().starts_with("DELETE /acme-images?lifecycle")
            || back.steps[2].request_text().starts_with("DELETE /?lifecycle")
    );
    assert!(back.steps[3].cli().contains("delete-bucket-policy"));
}

#[test]
fn what_somebody_changed_since_is_theirs() {
    let (changes, mut now) = after(&wanted(), &adopted());
    now.policy = Setting::NotSet;
    now.block = Setting::Is(BlockPublicAccess::NONE);
    let back = undo(&changes, &now, &store());
    assert_eq!(apis(&back), ["PutBucketTagging", "DeleteBucketLifecycle", "PutBucketVersioning"]);
    assert_eq!(back.remarks.iter().filter(|remark| remark.kind == RemarkKind::Warning).count(), 2);
}

#[test]
fn what_could_not_be_read_before_cannot_be_put_back() {
    let before = Found { block: Setting::Unreadable, ..adopted() };
    let (changes, now) = after(&wanted(), &before);
    let back = undo(&changes, &now, &store());
    assert!(!apis(&back).contains(&"PutPublicAccessBlock"));
    assert!(back.remarks.iter().any(|remark| remark.sentence.starts_with("Block Public Access could not be read")));
}

#[test]
fn only_a_bucket_that_was_made_here_is_deleted() {
    let (mut changes, now) = after(&wanted(), &Found::nothing());
    changes.test_image = Some("brimful-test.png".into());
    let back = undo(&changes, &now, &store());
    assert_eq!(apis(&back), ["DeleteObject", "DeleteBucket"]);
    assert_eq!(back.steps[1].needs, [StepId::TestImage], "a bucket that holds something is not deleted");
    let (adopted, now) = after(&wanted(), &adopted());
    assert!(undo(&adopted, &now, &store()).step(StepId::Delete).is_none());
}

#[test]
fn a_bucket_that_is_gone_leaves_nothing_to_do() {
    let (changes, _) = after(&wanted(), &Found::nothing());
    let back = undo(&changes, &Found::nothing(), &store());
    assert!(!back.can_run() && back.steps.is_empty());
}
