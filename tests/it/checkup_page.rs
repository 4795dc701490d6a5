//! What can this connection do? The page says it, bucket by bucket, and puts a policy together for somebody.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::time::Duration;

use brimful::domain::checkup::BucketCheckup;
use brimful::domain::connection::Target;
use brimful::domain::policy::Policy;
use brimful::model::command::BrowseCommand;
use brimful::model::connection_page::{ConnectionPageCommand, Side};
use brimful::worker::Status;

use crate::support::{Person, Window};

const SWITCH: &str = "Connection Practice on this computer, On this computer; choose another";

const LOOKER: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketVersioning"],"Resource":"arn:aws:s3:::acme-images"}]}"#;

fn with_a_bucket(window: Window) -> Person {
    let mut person = Person::practises_in(window);
    person.has_bucket("acme-images", &[("photos/lake.txt", b"lake")]);
    person.has_bucket::<&[u8]>("acme-empty", &[]);
    person.core(|core| core.dispatch(BrowseCommand::RefreshBuckets.into()));
    person.waits_until("the list is read", |model| {
        model.session.as_ref().is_some_and(|session| session.bucket_names().count() == 2)
    });
    person
}

fn looked(person: &mut Person) {
    person.waits_until("it is looked at", |model| {
        !matches!(model.connection_page.checkup.status(), Status::Idle | Status::Pending(_))
    });
}

/// Looks at a bucket by its name.
fn looks_at(person: &mut Person, place: &str) {
    person.fills("Bucket to look at", place);
    person.presses("Enter");
    looked(person);
}

/// Opens practice storage as somebody who may only look at one bucket.
fn as_ann(window: Window) -> Person {
    let mut person = with_a_bucket(window);
    person.presses("Ctrl+Comma");
    person.clicks("Add a user…");
    person.fills("Name", "ann");
    person.fills("Identity policy", LOOKER);
    person.clicks("Add user");
    person.sees("ann is added");
    person.clicks("Open practice storage as ann");
    person.waits_until("the connection is open", |model| {
        model.session.as_ref().is_some_and(|session| session.reached && session.connection.name == "Practice as ann")
    });
    person.sees("s3:ListAllMyBuckets");
    person.core(|core| core.dispatch(ConnectionPageCommand::Show(Side::Can).into()));
    looked(&mut person);
    person
}

#[test]
fn the_owner_can_do_what_was_tried_and_reads_how_that_is_known() {
    let mut person = with_a_bucket(Window::default());
    person.clicks(SWITCH);
    person.clicks("Check this connection");
    looked(&mut person);
    // The first of the list is looked at; there is nothing in it to try reading on.
    person.sees("Open and download files: Cannot be told");
    looks_at(&mut person, "acme-images/photos/");
    person.sees("Open and download files: Can");
    person.sees("Upload files: Not tried: allowed (predicted)");
    person.clicks("Open and download files: Can");
    person.sees("GetObject photos/lake.txt · 200");
    person.sees("Takes s3:GetObject");
    person.clicks("Copy report");
    let report = person.has_copied();
    assert!(
        report.contains("s3://acme-images/photos/") && report.contains("[GetObject photos/lake.txt · 200]"),
        "{report}"
    );
    let keys = person.core(|core| core.practice.as_ref().unwrap().credentials().clone());
    assert!(!report.contains(&keys.access_key_id) && !report.contains(&*keys.secret_access_key));
}

#[test]
fn the_policy_follows_what_is_ticked_and_where() {
    let mut person = with_a_bucket(Window::default());
    person.core(|core| core.dispatch(ConnectionPageCommand::Show(Side::Can).into()));
    looked(&mut person);
    looks_at(&mut person, "acme-images");
    person.clicks("Upload");
    person.clicks("Copy the policy");
    let copied = person.has_copied();
    assert!(copied.contains("s3:PutObject") && copied.contains("arn:aws:s3:::acme-images/*"), "{copied}");
    assert!(Policy::parse_identity(&copied).is_ok() && !copied.contains("s3:DeleteObject"), "{copied}");
    person.fills("Where", "acme-*/photos/");
    person.clicks("Copy the policy");
    let copied = person.has_copied();
    assert!(copied.contains("arn:aws:s3:::acme-*/photos/*") && copied.contains("s3:prefix"), "{copied}");
    person.fills("Where", "acme images!");
    person.sees("images! is no bucket’s name");
    person.fills("Where", "acme-images");
    person.clicks("View and download");
    person.clicks("Upload");
    person.sees("Nothing is ticked");
}

#[test]
fn somebody_who_may_not_list_buckets_types_a_name_and_is_told_what_is_missing() {
    let mut person = as_ann(Window::default());
    person.sees("See the list of buckets: Cannot: needs s3:ListAllMyBuckets");
    person.sees("Type a bucket’s name above");
    looks_at(&mut person, "acme-images");
    person.sees("List files: Can");
    person.sees("Open and download files: Cannot: needs s3:GetObject");
    person.sees("See whether versions are kept: Can");
    looks_at(&mut person, "never-made");
    person.sees("There is no bucket never-made");
    looks_at(&mut person, "no bucket");
    person.sees("is no bucket’s name");
}

#[test]
fn a_store_that_is_gone_is_said_and_can_be_asked_again() {
    let mut person = with_a_bucket(Window::default());
    person.core(|core| drop(core.practice.take()));
    person.core(|core| core.dispatch(ConnectionPageCommand::Show(Side::Can).into()));
    looked(&mut person);
    person.sees("It could not be found out what this connection can do");
    person.clicks("Try again");
    looked(&mut person);
    person.sees("It could not be found out what this connection can do");
}

/// Accounts, keys and times are others each time.
fn steady(person: &mut Person) {
    person.core(|core| {
        (0..9).for_each(|id| core.model.notices.dismiss(id));
        if let Target::Store(store) = &mut core.model.session.as_mut().unwrap().connection.target {
            store.endpoint = "http://127.0.0.1:9000".to_owned();
        }
        let Some(checkup) = core.model.connection_page.checkup.known_mut() else { return };
        checkup.who =
            checkup.who.as_ref().map(|who| format!("arn:aws:iam::111122223333:{}", who.rsplit(':').next().unwrap()));
        checkup.key = Some("AKIA…7QXZ".to_owned());
        let of_buckets = checkup.buckets.iter_mut().filter_map(|BucketCheckup { findings, .. }| findings.as_mut().ok());
        for finding in checkup.account.iter_mut().chain(of_buckets.flatten()) {
            for tried in &mut finding.tried {
                tried.asked.took = Duration::from_millis(12);
            }
        }
    });
    person.looks_away();
}

#[test]
fn what_the_owner_can_do_looks_as_drawn() {
    let mut person = with_a_bucket(Window::default());
    person.core(|core| core.dispatch(ConnectionPageCommand::Show(Side::Can).into()));
    looked(&mut person);
    looks_at(&mut person, "acme-images");
    person.clicks("Open and download files: Can");
    steady(&mut person);
    person.looks_like("connection_can_light");
}

#[test]
fn what_somebody_cannot_do_looks_as_drawn_in_a_small_dark_window() {
    let mut person = as_ann(Window { width: 1024.0, height: 700.0, dark: true });
    looks_at(&mut person, "acme-images");
    steady(&mut person);
    person.looks_like("connection_can_small_dark");
}

#[test]
fn a_sign_in_without_a_list_looks_as_drawn() {
    let mut person = as_ann(Window::default());
    steady(&mut person);
    person.looks_like("connection_can_no_list_light");
}
