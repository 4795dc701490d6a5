//! A person changes the settings of a bucket, each in its card, and takes changes back; against a real practice server.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

mod acl;
mod cards;
mod compare;
mod dry_run;
mod history;
mod pages;
mod removal;
mod states;
mod unfinished;

use brimful::domain::bucket_settings::{SettingKind, SettingValue};
use brimful::model::bucket_settings::Reading;
use brimful::model::command::{BrowseCommand, Tab};
use brimful::s3;
use brimful::s3::settings::Readable;

use crate::support::{Person, Window};

const BUCKET: &str = "acme-images";

/// A person who looks at the settings of a bucket with a file in it.
fn at_the_settings(window: Window) -> Person {
    let mut person = Person::practises_in(window);
    person.has_bucket(BUCKET, &[("cat.txt", b"meow")]);
    person.core(|core| core.dispatch(BrowseCommand::RefreshBuckets.into()));
    looks_at_the_settings(&mut person);
    person
}

fn looks_at_the_settings(person: &mut Person) {
    person.goes_to(BUCKET, "");
    person.core(|core| core.dispatch(BrowseCommand::ShowTab(Tab::Settings).into()));
    all_is_read(person);
}

fn all_is_read(person: &mut Person) {
    person.waits_until("reading the settings", |model| {
        let cards = &model.bucket_settings.cards;
        !cards.is_empty() && !cards.values().any(brimful::worker::Request::is_pending)
    });
}

/// What the store has behind the screen.
fn kept(person: &Person, kind: SettingKind) -> Option<SettingValue> {
    match person.does(async |store| s3::settings::read(&store, BUCKET, kind).await) {
        Readable::Is(value) => Some(value),
        Readable::NotSet => None,
        other => panic!("{kind:?}: {other:?}"),
    }
}

/// Somebody else changes a setting.
fn somebody_sets(person: &Person, kind: SettingKind, value: Option<&SettingValue>) {
    person.does(async |store| s3::settings::write(&store, BUCKET, kind, value).await).unwrap();
}

fn tags(list: &[(&str, &str)]) -> SettingValue {
    SettingValue::Tags(list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
}

fn shown(person: &Person, kind: SettingKind) -> Option<SettingValue> {
    person.model(|model| match model.bucket_settings.reading(kind) {
        Some(Reading::Is(value)) => Some(value.clone()),
        _ => None,
    })
}

/// Presses Save and waits until the dialog is gone.
fn saves(person: &mut Person) {
    person.clicks("Save");
    person.waits_until("saving", |model| model.bucket_settings.editing.is_none());
}
