//! How the page looks.

use brimful::domain::bucket_settings::{SettingKind, SettingValue, Status, Versioning};
use brimful::domain::cors;
use brimful::domain::lifecycle::Preset;
use test_case::test_case;

use super::{BUCKET, all_is_read, at_the_settings, somebody_sets, tags};
use crate::support::{Person, Window, stage};

/// A bucket that somebody has cared for.
fn cared_for(window: Window) -> Person {
    let mut person = at_the_settings(window);
    person.sets_policy(BUCKET, &stage::public_read(BUCKET));
    let all = [
        (SettingKind::Tags, tags(&[("team", "web"), ("cost-centre", "4410"), ("env", "production")])),
        (SettingKind::Versioning, SettingValue::Versioning(Versioning::new(Status::Enabled))),
        (SettingKind::Cors, SettingValue::Cors(vec![cors::viewing_rule(&["https://www.acme.example".to_owned()])])),
        (
            SettingKind::Lifecycle,
            SettingValue::Lifecycle(
                [Preset::UnfinishedUploads, Preset::OldVersions].iter().flat_map(|it| it.rules()).collect(),
            ),
        ),
    ];
    for (kind, value) in &all {
        somebody_sets(&person, *kind, Some(value));
    }
    person.presses("F5");
    all_is_read(&mut person);
    person.stops_the_clocks();
    person.core(|core| {
        core.model.bucket_settings.read_at = Some((core.deps.now)());
        if let Some(buckets) = core.model.session.as_mut().and_then(|session| session.buckets.known_mut()) {
            for bucket in buckets {
                bucket.created = Some((core.deps.now)());
            }
        }
    });
    person.looks_away();
    person
}

#[test_case(Window::default(), "bucket_settings_light"; "light")]
#[test_case(Window { dark: true, ..Window::default() }, "bucket_settings_dark"; "dark")]
#[test_case(Window { width: 1024.0, height: 700.0, dark: false }, "bucket_settings_1024"; "narrow")]
fn the_page(window: Window, name: &str) {
    let mut person = cared_for(window);
    person.looks_like(name);
}

#[test_case("Edit Block Public Access", "bucket_settings_block"; "block")]
#[test_case("Edit Lifecycle", "bucket_settings_lifecycle"; "lifecycle")]
#[test_case("Edit CORS", "bucket_settings_cors"; "cors")]
#[test_case("Edit Object Lock", "bucket_settings_lock"; "lock")]
fn a_dialog(button: &str, name: &str) {
    let mut person = cared_for(Window::default());
    person.clicks(button);
    if name == "bucket_settings_block" {
        person.clicks("Ignore public ACLs");
    }
    if name == "bucket_settings_lifecycle" {
        person.clicks("Change rule 2");
    }
    person.looks_away();
    person.looks_like(name);
}

#[test]
fn the_timeline() {
    let mut person = cared_for(Window::default());
    person.clicks("Edit Tags");
    person.fills("Value of tag 1", "4411");
    super::saves(&mut person);
    person.clicks("History");
    person.sees("Tags: cost-centre: 4410 → 4411");
    person.clicks("What changed");
    person.core(|core| core.model.notices = brimful::model::notices::Notices::default());
    hides_the_key(&mut person);
    person.looks_away();
    person.looks_like("bucket_settings_history");
}

/// The key of practice storage is another one in every home.
fn hides_the_key(person: &mut Person) {
    person.core(|core| {
        if let Some(entries) = core.model.bucket_settings.history.known_mut() {
            for entry in entries {
                entry.change.who = Some(brimful::store::history::MaskedKeyId::of("AKIAIOSFODNN7EXAMPLE"));
            }
        }
    });
}
