//! What may not be read, what a store lacks, and what somebody else changed meanwhile.

use std::io::{Read as _, Write as _};

use brimful::domain::bucket_settings::SettingKind;
use brimful::domain::connection::{Connection, ConnectionId, Target};
use brimful::model::bucket_settings::Reading;
use brimful::model::command::BrowseCommand;
use brimful::practice::User;
use brimful::s3::connect::{PracticeAccess, connect};
use brimful::s3::secrets::Secrets;

use super::{BUCKET, all_is_read, at_the_settings, kept, saves, shown, somebody_sets, tags};
use crate::support::{Person, Window};

/// The window goes on with another sign-in, or at another server, and reads everything again.
pub(super) fn signs_in_at(person: &mut Person, endpoint: &str, access_key_id: &str) {
    goes_on_at(person, endpoint, access_key_id);
    person.core(|core| core.dispatch(BrowseCommand::Refresh.into()));
    all_is_read(person);
}

/// What is asked from now on goes there.
pub(super) fn goes_on_at(person: &Person, endpoint: &str, access_key_id: &str) {
    let connection = Connection {
        id: ConnectionId::PRACTICE,
        name: "Practice".into(),
        target: Target::Practice,
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let access = PracticeAccess {
        endpoint: endpoint.to_owned(),
        access_key_id: access_key_id.to_owned(),
        secrets: Secrets::new("a-secret-for-practice", None),
    };
    person.core(|core| {
        let store = core.worker.handle().block_on(connect(&connection, None, Some(access))).unwrap();
        core.store = Some(store);
    });
}

#[test]
fn what_may_not_be_read_says_what_it_needs() {
    let mut person = at_the_settings(Window::default());
    let endpoint = person.core(|core| {
        let server = core.practice.clone().unwrap();
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
            "Action":["s3:ListBucket","s3:GetBucketTagging"],"Resource":"*"}]}"#;
        let ann = User {
            name: "ann".into(),
            access_key_id: "KEY-ann".into(),
            secret_access_key: "a-secret-for-practice".into(),
            account_id: None,
            policy: Some(policy.into()),
        };
        server.set_users(vec![ann]).unwrap();
        server.endpoint()
    });
    signs_in_at(&mut person, &endpoint, "KEY-ann");
    person.sees("Needs s3:GetBucketVersioning. It may be on or off.");
    person.sees("Cannot be read");
    assert!(!person.does_see("Never on"), "unknown is not off");
    // The others are as ever.
    person.clicks("Edit Tags");
    person.fills("Name of tag 1", "team");
    person.clicks("Save");
    person.sees("Nothing was changed.");
    person.sees("You may not change the tags of acme-images");
    person.clicks("Cancel");
    person.clicks("Copy a request for Versions");
    person.sees("Message copied");
    let copied = person.has_copied();
    assert!(copied.contains("Permission: s3:GetBucketVersioning\nOn: arn:aws:s3:::acme-images\n"), "{copied}");
    person.clicks("Why may I not read Versions?");
    person.sees("Why was I refused?");
    person.sees("The smallest statement for a policy of the user or role");
}

/// A store that has tags and nothing else.
fn a_poor_store() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            std::thread::spawn(move || {
                let mut buffer = [0; 16_384];
                let read = stream.read(&mut buffer).unwrap_or(0);
                let line = String::from_utf8_lossy(&buffer[..read]).lines().next().unwrap_or_default().to_owned();
                let (status, code) = if line.contains("tagging") {
                    ("404 Not Found", "NoSuchTagSet")
                } else {
                    ("501 Not Implemented", "NotImplemented")
                };
                let body = format!("<Error><Code>{code}</Code><Message>m</Message></Error>");
                let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                drop(stream.write_all(format!("{head}{body}").as_bytes()));
            });
        }
    });
    endpoint
}

#[test]
fn what_the_store_lacks_is_not_called_off() {
    let mut person = at_the_settings(Window::default());
    signs_in_at(&mut person, &a_poor_store(), "KEY");
    person.sees("Not offered by this store");
    person.model(|model| {
        let reading = |kind| model.bucket_settings.reading(kind).cloned();
        assert_eq!(reading(SettingKind::Tags), Some(Reading::NotSet));
        assert_eq!(reading(SettingKind::Versioning), Some(Reading::NotOffered));
        assert_eq!(reading(SettingKind::BlockPublicAccess), Some(Reading::NotOffered));
    });
    person.sees_widget_named("Edit Tags");
    assert!(!person.screen().lines().any(|line| line == "Edit Versions"));
}

#[test]
fn what_somebody_else_changed_is_not_overwritten() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit Tags");
    person.fills("Name of tag 1", "mine");
    somebody_sets(&person, SettingKind::Tags, Some(&tags(&[("theirs", "1")])));
    person.clicks("Save");
    person.sees("Changed by someone else meanwhile.");
    assert_eq!(kept(&person, SettingKind::Tags), Some(tags(&[("theirs", "1")])));
    assert_eq!(shown(&person, SettingKind::Tags), Some(tags(&[("theirs", "1")])));
    // What was typed is still there, against what is there now.
    person.sees("theirs: 1 → not set");
    person.clicks("Begin with it");
    person.no_longer_sees("theirs: 1 → not set");
    person.clicks("Add a tag");
    person.fills("Name of tag 2", "mine");
    saves(&mut person);
    assert_eq!(kept(&person, SettingKind::Tags), Some(tags(&[("mine", ""), ("theirs", "1")])));
}

#[test]
fn an_undo_that_comes_too_late_changes_nothing() {
    let mut person = at_the_settings(Window::default());
    person.clicks("Edit Tags");
    person.fills("Name of tag 1", "mine");
    saves(&mut person);
    somebody_sets(&person, SettingKind::Tags, Some(&tags(&[("theirs", "1")])));
    person.clicks("Undo");
    person.sees("Tags was changed by someone else meanwhile. Nothing was overwritten");
    assert_eq!(kept(&person, SettingKind::Tags), Some(tags(&[("theirs", "1")])));
}

#[test]
fn another_bucket_shows_its_own_settings() {
    let mut person = at_the_settings(Window::default());
    somebody_sets(&person, SettingKind::Tags, Some(&tags(&[("first", "1")])));
    person.presses("F5");
    all_is_read(&mut person);
    person.sees("first = 1");
    person.has_bucket::<&[u8]>("acme-other", &[]);
    person.goes_to("acme-other", "");
    all_is_read(&mut person);
    person.sees("Settings of acme-other");
    assert!(!person.does_see("first = 1"));
    assert!(BUCKET != "acme-other");
}
