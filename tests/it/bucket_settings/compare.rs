//! Settings as other tools make them, snapshots, and what another bucket has.

use brimful::domain::bucket_settings::{SettingKind, SettingValue, Snapshot, Status, Versioning};

use super::{BUCKET, all_is_read, at_the_settings, kept, somebody_sets, tags};
use crate::support::{Person, Window};

#[test]
fn the_settings_are_exported() {
    let mut person = at_the_settings(Window::default());
    somebody_sets(&person, SettingKind::Tags, Some(&tags(&[("team", "web")])));
    person.presses("F5");
    all_is_read(&mut person);
    person.clicks("Export…");
    person.sees("aws s3api put-bucket-tagging --bucket acme-images");
    person.clicks("Copy it");
    assert!(person.has_copied().contains(r#"{"TagSet":[{"Key":"team","Value":"web"}]}"#));
    person.clicks("Terraform");
    person.sees(r#"resource "aws_s3_bucket_public_access_block" "bucket""#);
    person.clicks("CloudFormation");
    person.sees("AWS::S3::Bucket");
    person.clicks("Close");
    assert!(person.model(|model| model.modal.is_none()));
}

#[test]
fn a_snapshot_is_saved_and_a_setting_taken_back_from_it() {
    let mut person = at_the_settings(Window::default());
    somebody_sets(&person, SettingKind::Tags, Some(&tags(&[("env", "test")])));
    person.presses("F5");
    all_is_read(&mut person);
    let file = person.home().join("acme.json");
    person.will_pick(std::slice::from_ref(&file));
    person.clicks("Export…");
    person.clicks("Save a snapshot…");
    person.sees("Snapshot saved");
    person.clicks("Close");
    let snapshot = Snapshot::parse(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(snapshot.settings.get(&SettingKind::Tags), Some(&Some(tags(&[("env", "test")]))));
    assert_eq!(snapshot.settings.get(&SettingKind::Cors), Some(&None), "known not to be set");

    somebody_sets(&person, SettingKind::Tags, Some(&tags(&[("env", "production")])));
    person.presses("F5");
    all_is_read(&mut person);
    person.will_pick(&[file]);
    compares_with(&mut person, "With a snapshot…");
    person.sees("1 of ");
    person.sees("env: production → test");
    takes_over(&mut person, "Tags");
    assert_eq!(kept(&person, SettingKind::Tags), Some(tags(&[("env", "test")])));
    person.sees("0 of ");
}

fn compares_with(person: &mut Person, what: &str) {
    person.clicks("Compare…");
    person.clicks(what);
}

fn takes_over(person: &mut Person, what: &str) {
    person.clicks(&format!("Take over {what}"));
    person.clicks("Take it over");
    person.waits_until("taking it over", |model| model.bucket_settings.editing.is_none());
}

#[test]
fn a_file_that_is_no_snapshot_is_refused() {
    let mut person = at_the_settings(Window::default());
    let file = person.home().join("odd.json");
    std::fs::write(&file, "{}").unwrap();
    person.will_pick(&[file]);
    compares_with(&mut person, "With a snapshot…");
    person.sees("This is no snapshot of a bucket’s settings");
    person.clicks("Back to settings");
    person.sees("Settings of acme-images");
}

#[test]
fn another_bucket_is_compared_with() {
    let mut person = at_the_settings(Window::default());
    person.has_bucket::<&[u8]>("acme-model", &[]);
    person.does(async |store| {
        let on = SettingValue::Versioning(Versioning::new(Status::Enabled));
        brimful::s3::settings::write(&store, "acme-model", SettingKind::Versioning, Some(&on)).await.unwrap();
    });
    person.core(|core| core.dispatch(brimful::model::command::BrowseCommand::RefreshBuckets.into()));
    person.waits_until("listing the new bucket", |model| {
        model.session.as_ref().is_some_and(|session| session.bucket_names().any(|name| name == "acme-model"))
    });
    compares_with(&mut person, "With acme-model");
    person.sees("Compared with acme-model: 1 of ");
    takes_over(&mut person, "Versions");
    let Some(SettingValue::Versioning(versioning)) = kept(&person, SettingKind::Versioning) else { panic!("none") };
    assert!(versioning.is_on());
    assert!(BUCKET != "acme-model");
}
