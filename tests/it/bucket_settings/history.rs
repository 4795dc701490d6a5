//! The timeline of a bucket: what was changed, by whom, and back again.

use brimful::domain::bucket_settings::SettingKind;

use super::{at_the_settings, kept, looks_at_the_settings, saves, somebody_sets, tags};
use crate::support::{Person, Window, stage};

#[test]
fn a_change_is_told_and_put_back_after_a_restart() {
    let mut person = at_the_settings(Window::default());
    somebody_sets(&person, SettingKind::Tags, Some(&tags(&[("env", "test")])));
    person.presses("F5");
    super::all_is_read(&mut person);
    person.clicks("Edit Tags");
    person.fills("Value of tag 1", "production");
    person.fills("Why (optional, kept in the history)", "Going live");
    saves(&mut person);
    let mut person = person.restarts();
    person.core(|core| {
        let id = brimful::domain::connection::ConnectionId::PRACTICE;
        core.dispatch(brimful::model::command::BrowseCommand::Open(id).into());
    });
    person.waits_until("opening practice storage", |model| {
        model.session.as_ref().is_some_and(|session| session.reached && session.buckets.known().is_some())
    });
    looks_at_the_settings(&mut person);
    person.clicks("History");
    person.sees("Tags: env: test → production");
    person.sees("“Going live”");
    person.sees("signed with ");
    person.clicks("What changed");
    person.clicks("Put back what was there before: Tags: env: test → production");
    person.sees("Put back Tags of acme-images?");
    person.sees("env: production → test");
    puts_back(&mut person);
    assert_eq!(kept(&person, SettingKind::Tags), Some(tags(&[("env", "test")])));
    person.sees("Tags: env: production → test");
    person.sees("Put back");
}

#[test]
fn any_two_states_of_a_setting_are_compared() {
    let mut person = at_the_settings(Window::default());
    somebody_sets(&person, SettingKind::Tags, Some(&tags(&[("env", "test")])));
    person.presses("F5");
    super::all_is_read(&mut person);
    for value in ["staging", "production", "closed"] {
        person.clicks("Edit Tags");
        person.fills("Value of tag 1", value);
        saves(&mut person);
    }
    person.clicks("History");
    person.clicks("What changed");
    person.sees("What was there before");
    person.clicks("Compared with");
    let first = "Tags: env: test → staging";
    let first = person
        .screen()
        .lines()
        .find(|line| line.contains(": ") && line.ends_with(first) && *line != first)
        .unwrap()
        .to_owned();
    person.clicks(&first);
    person.sees("env: staging → closed");
}

fn puts_back(person: &mut Person) {
    person.clicks("Put it back");
    person.waits_until("putting it back", |model| model.bucket_settings.editing.is_none());
}

#[test]
fn putting_not_set_back_takes_the_setting_away() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit CORS");
    person.clicks("Add a rule");
    person.fills("Origins of the pages, rule 1", "https://a.example");
    saves(&mut person);
    assert!(kept(&person, SettingKind::Cors).is_some());
    person.clicks("History");
    person.clicks("Put back what was there before: CORS: Rule 1 added");
    puts_back(&mut person);
    assert_eq!(kept(&person, SettingKind::Cors), None);
    person.sees("CORS removed");
}

#[test]
fn putting_a_public_policy_back_is_acknowledged() {
    let mut person = at_the_settings(Window::default());
    person.sets_policy(super::BUCKET, &stage::public_read(super::BUCKET));
    // As the page of permissions writes it down.
    let policy = stage::public_read(super::BUCKET);
    person.core(|core| {
        let change = brimful::store::history::Change {
            connection: brimful::domain::connection::ConnectionId::PRACTICE,
            bucket: super::BUCKET.to_owned(),
            setting: SettingKind::Policy,
            before: Some(policy.clone()),
            after: None,
            at: (core.deps.now)(),
            who: None,
            note: None,
            deed: brimful::store::history::Deed::Change,
        };
        core.history.record(&change).unwrap();
    });
    somebody_sets(&person, SettingKind::Policy, None);
    person.presses("F5");
    super::all_is_read(&mut person);
    person.clicks("History");
    person.clicks("Put back what was there before: Policy removed");
    // Where policies are saved, with all that is said there.
    person.sees("Bring back this policy of acme-images?");
    person.clicks("Save policy");
    assert!(kept(&person, SettingKind::Policy).is_none(), "nothing was ticked");
    person.clicks("I know this and want it");
    person.clicks("Save policy");
    person.waits_until("saving", |model| model.permissions.review.is_none());
    assert!(kept(&person, SettingKind::Policy).is_some());
}

#[test]
fn a_bucket_without_changes_says_so() {
    let mut person = at_the_settings(Window::default());
    person.clicks("History");
    person.sees("Nothing was changed from here yet");
    person.clicks("Back to settings");
    person.sees("Settings of acme-images");
}
