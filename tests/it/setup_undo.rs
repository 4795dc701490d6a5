//! A person regrets a set-up, or it failed half-way: what was changed is taken back, and nothing else.

use brimful::domain::public_access::BlockPublicAccess;
use brimful::domain::setup::StepId;
use brimful::model::setup::run::Phase;
use brimful::s3;
use brimful::s3::settings::Readable;

use crate::setup::{at_the_wizard, behind, comes_to_the_plan, has_a_bucket, runs_the_plan};
use crate::support::{Person, Window};

fn shows_the_way_back(person: &mut Person) {
    person.clicks("Undo the changes made…");
    person.waits_until("the way back is planned", |model| {
        model.setup.run.as_ref().is_some_and(|run| run.plan.takes_back)
    });
}

#[test]
fn an_adopted_bucket_gets_its_settings_back() {
    let mut person = at_the_wizard(Window::default());
    has_a_bucket(&person, "acme-images");
    behind(&person, |store| async move {
        s3::settings::put_bucket_tagging(&store, "acme-images", &[("team".into(), "web".into())]).await
    })
    .unwrap();
    comes_to_the_plan(&mut person, "Images for a website", "acme-images");
    assert!(!person.does_see("Undo the changes made…"), "nothing was changed yet");
    runs_the_plan(&mut person, "Change the bucket");
    shows_the_way_back(&mut person);
    person.sees("This takes back the changes to acme-images");
    for call in ["DeleteObject", "DeleteBucketLifecycle", "DeleteBucketPolicy", "PutPublicAccessBlock"] {
        person.sees(call);
    }
    assert!(person.model(|model| model.setup.run.as_ref().unwrap().call(StepId::Delete).is_none()));
    runs_the_plan(&mut person, "Take the changes back");
    person.sees("The changes to acme-images are taken back");
    let (block, policy, rules, tags) = behind(&person, |store| async move {
        (
            s3::settings::get_public_access_block(&store, "acme-images").await,
            s3::policy::get_bucket_policy(&store, "acme-images").await,
            s3::settings::get_bucket_lifecycle_configuration(&store, "acme-images").await,
            s3::settings::get_bucket_tagging(&store, "acme-images").await,
        )
    });
    assert!(matches!(block, Readable::Is(BlockPublicAccess::ALL)), "{block:?}");
    assert_eq!(policy.unwrap(), None);
    assert!(matches!(rules, Readable::NotSet), "{rules:?}");
    assert!(matches!(tags, Readable::Is(tags) if tags == [("team".to_owned(), "web".to_owned())]));
    assert!(!person.model(|model| model.setup.can_undo()));
}

#[test]
fn a_bucket_made_here_is_deleted_only_by_name() {
    let mut person = at_the_wizard(Window::default());
    comes_to_the_plan(&mut person, "Images for a website", "acme-images");
    runs_the_plan(&mut person, "Set up the bucket");
    shows_the_way_back(&mut person);
    person.clicks("Delete the bucket…");
    person.sees("Delete the bucket acme-images?");
    assert_eq!(person.model(|model| model.setup.run.as_ref().unwrap().phase), Phase::Ready);
    person.types("acme-images");
    person.clicks("Delete the bucket");
    person.waits_until("the plan has run", |model| {
        model.setup.run.as_ref().is_some_and(|run| run.phase == Phase::Finished)
    });
    assert!(behind(&person, |store| async move { s3::bucket::list_buckets(&store).await }).unwrap().is_empty());
}

#[test]
fn a_bucket_that_holds_files_meanwhile_stays() {
    let mut person = at_the_wizard(Window::default());
    comes_to_the_plan(&mut person, "Images for a website", "acme-images");
    runs_the_plan(&mut person, "Set up the bucket");
    person.puts("acme-images", "mine.txt", b"mine");
    shows_the_way_back(&mut person);
    person.clicks("Delete the bucket…");
    person.types("acme-images");
    person.clicks("Delete the bucket");
    person
        .waits_until("the plan stops", |model| model.setup.run.as_ref().is_some_and(|run| run.phase == Phase::Halted));
    let kept = behind(&person, |store| async move { s3::object::head_object(&store, "acme-images", "mine.txt").await });
    assert_eq!(kept.unwrap().size_bytes, 4);
}
