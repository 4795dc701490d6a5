//! Who can get in? The page lists the buckets of a connection, the worst first, and leads to their permissions.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use brimful::domain::bucket::Exposure;
use brimful::domain::bucket_settings::SettingKind;
use brimful::domain::connection::ConnectionId;
use brimful::domain::exposure::Standing;
use brimful::domain::public_access::{BlockPublicAccess, ObjectOwnership};
use brimful::model::command::{BrowseCommand, Screen, Tab};
use brimful::model::connection_page::{ConnectionPageCommand, Side};
use brimful::s3;
use brimful::s3::bucket::{NewBucket, create_bucket};
use brimful::store::history::{Change, Deed};

use crate::support::stage::public_read;
use crate::support::{Person, Window};

const ANYTHING: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Anything","Effect":"Allow","Principal":"*",
    "Action":"s3:*","Resource":["arn:aws:s3:::acme-drop","arn:aws:s3:::acme-drop/in/*"]}]}"#;

/// A bucket of every kind, opened on 2 March 2026 where strangers read files.
fn with_buckets(window: Window) -> Person {
    let mut person = Person::practises_in(window);
    for bucket in ["acme-invoices", "acme-images", "acme-drop", "acme-held"] {
        person.has_bucket::<&[u8]>(bucket, &[]);
    }
    person.sets_policy("acme-images", &public_read("acme-images"));
    person.sets_policy("acme-drop", ANYTHING);
    person.sets_policy("acme-held", &public_read("acme-held"));
    person.does(async |store| {
        let held = BlockPublicAccess { restrict_public_buckets: true, ..BlockPublicAccess::NONE };
        s3::settings::put_public_access_block(&store, "acme-held", held).await.unwrap();
        let ownership = Some(ObjectOwnership::ObjectWriter);
        let (name, region) = ("acme-old-site".to_owned(), "us-east-1".to_owned());
        create_bucket(&store, &NewBucket { name, region, ownership, object_lock: false }).await.unwrap();
        s3::settings::put_public_access_block(&store, "acme-old-site", BlockPublicAccess::NONE).await.unwrap();
    });
    let change = Change {
        connection: ConnectionId::PRACTICE,
        bucket: "acme-images".to_owned(),
        setting: SettingKind::Policy,
        before: None,
        after: Some(public_read("acme-images")),
        at: "2026-03-02T09:41:00Z".parse().unwrap(),
        who: None,
        note: None,
        deed: Deed::Change,
    };
    person.core(|core| core.history.record(&change).unwrap());
    person.core(|core| core.dispatch(BrowseCommand::RefreshBuckets.into()));
    all_audited(&mut person, 5);
    person
}

fn all_audited(person: &mut Person, buckets: usize) {
    person.waits_until("all buckets are looked at", |model| {
        let session = model.session.as_ref().unwrap();
        session.to_audit == 0 && session.audits.len() == buckets
    });
}

fn shows_the_page(person: &mut Person) {
    person.core(|core| core.dispatch(ConnectionPageCommand::Show(Side::Open).into()));
    person.sees("Copy as text");
}

#[test]
fn the_worst_stands_first_and_leads_to_its_permissions() {
    let mut person = with_buckets(Window::default());
    person.presses("Ctrl+K");
    person.clicks("Who can get in?");
    person.sees("2 open, 1 by file, 2 closed");
    let told: Vec<(String, Standing)> = person.model(|model| {
        let audited = model.session.as_ref().unwrap().audited();
        audited.into_iter().map(|(name, it)| (name.to_owned(), it.audit.standing)).collect()
    });
    let expected = [
        ("acme-drop", Standing::Open),
        ("acme-images", Standing::Open),
        ("acme-old-site", Standing::FileByFile),
        ("acme-held", Standing::Closed),
        ("acme-invoices", Standing::Closed),
    ];
    assert_eq!(told, expected.map(|(name, standing)| (name.to_owned(), standing)));
    person.sees("acme-drop: open. Anyone can change who may do what");
    person.sees("RestrictPublicBuckets of the bucket");
    person.clicks_cell("", "acme-images: open. Anyone can read files. The statement Read of the policy lets anyone in");
    person.waits_until("its permissions are shown", |model| {
        let session = model.session.as_ref().unwrap();
        let here = session.place.as_ref().is_some_and(|place| place.bucket == "acme-images");
        here && session.tab == Tab::Permissions && model.screen == Screen::Browse
    });
}

#[test]
fn it_can_be_copied_and_saved_as_a_table() {
    let mut person = with_buckets(Window::default());
    shows_the_page(&mut person);
    person.clicks("Copy as text");
    let copied = person.has_copied();
    assert!(copied.starts_with("open     acme-drop\n") && copied.contains("acme-images, since 2 Mar 2026"), "{copied}");
    let path = person.home().join("who.csv");
    person.will_pick(std::slice::from_ref(&path));
    person.clicks("Save as CSV…");
    person.sees("Audit saved");
    let table = std::fs::read_to_string(path).unwrap();
    assert!(
        table.starts_with("bucket,standing,worst,") && table.contains("acme-images,open,read files,2026-03-02"),
        "{table}"
    );
}

#[test]
fn what_is_closed_meanwhile_is_closed_on_the_page_and_in_the_sidebar() {
    let mut person = with_buckets(Window::default());
    shows_the_page(&mut person);
    let exposure = |person: &Person| person.model(|model| model.session.as_ref().unwrap().exposure_of("acme-images"));
    assert_eq!(exposure(&person), Exposure::Public);
    person.does(async |store| s3::policy::delete_bucket_policy(&store, "acme-images").await.unwrap());
    person.clicks("Ask again");
    person.sees("acme-images: closed");
    assert_eq!(exposure(&person), Exposure::Private);
}

#[test]
fn without_buckets_there_is_nothing_to_get_into() {
    let mut person = Person::practises_in(Window::default());
    person.core(|core| core.dispatch(ConnectionPageCommand::Show(Side::Open).into()));
    person.sees("Once there are buckets, this page says who gets into them");
}

#[test]
fn the_audit_looks_as_drawn() {
    let mut person = with_buckets(Window::default());
    shows_the_page(&mut person);
    person.looks_away();
    person.looks_like("connection_open_light");
}

#[test]
fn the_audit_looks_as_drawn_in_a_small_dark_window() {
    let mut person = with_buckets(Window { width: 1024.0, height: 700.0, dark: true });
    shows_the_page(&mut person);
    person.looks_away();
    person.looks_like("connection_open_small_dark");
}

#[test]
fn the_menu_of_the_connection_looks_as_drawn() {
    let mut person = with_buckets(Window::default());
    shows_the_page(&mut person);
    person.clicks("Connection Practice on this computer, On this computer; choose another");
    person.sees("All connections");
    person.looks_away();
    person.looks_like("connection_menu_light");
}
