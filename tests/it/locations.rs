//! Photographs that tell where they were taken: what the plan says, and what is sent.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::PathBuf;

use brimful::images::exif;
use brimful::model::command::{FrameCommand, Screen};
use brimful::s3;

use crate::support::stage::public_read;
use crate::support::{Person, Window, pictures};

/// Stands in an empty bucket, and has a photograph with a place on this computer.
fn with_a_photograph(public: bool) -> (Person, tempfile::TempDir, PathBuf) {
    let mut person = Person::practises_in(Window::default());
    person.has_bucket::<&[u8]>("acme", &[]);
    if public {
        person.sets_policy("acme", &public_read("acme"));
    }
    person.goes_to("acme", "");
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lake.jpg");
    std::fs::write(&path, pictures::located_jpeg(64, 48)).unwrap();
    person.drops(std::slice::from_ref(&path));
    person.waits_until("the plan is ready", |model| {
        let plan = model.upload.plan.as_ref();
        plan.is_some_and(|plan| plan.why_not().is_none() && !plan.locating)
    });
    (person, dir, path)
}

fn sends(person: &mut Person) -> Vec<u8> {
    person.clicks("Upload 1 file");
    person.waits_until("the file arrives", |model| model.upload.transfers.counts().done == 1);
    let got = person.does(async |store| s3::object::get_object(&store, "acme", "lake.jpg", None, 1 << 20).await);
    got.unwrap().to_vec()
}

fn pixels(file: &[u8]) -> image::RgbImage {
    image::load_from_memory(file).unwrap().into_rgb8()
}

#[test]
fn for_anyone_to_see_a_photograph_goes_without_its_place() {
    let (mut person, _dir, path) = with_a_photograph(true);
    let before = std::fs::read(&path).unwrap();
    assert!(exif::summary(&before).has_location);
    person.sees("Will be open to anyone");
    person.sees("1 picture tells where it was taken. It goes without that; your file stays as it is");
    person.sees("Goes without its location");
    let sent = sends(&mut person);
    assert!(!exif::summary(&sent).has_location);
    assert_eq!(pixels(&sent), pixels(&before));
    assert_eq!(sent.len(), before.len());
    assert_eq!(std::fs::read(&path).unwrap(), before, "the file on this computer is not touched");
    // What is there is what would be sent again, though the file on this computer is another.
    person.drops(std::slice::from_ref(&path));
    person.sees("Same bytes are already there");
}

#[test]
fn a_place_that_is_kept_goes_along_and_is_warned_of() {
    let (mut person, _dir, path) = with_a_photograph(true);
    person.clicks("Keep the locations");
    person.sees("1 picture tells where it was taken, and anyone can read it");
    person.clicks("Remove the location: lake.jpg");
    person.sees("It goes without that");
    person.clicks("Keep the location: lake.jpg");
    person.sees("Holds a location");
    assert_eq!(sends(&mut person), std::fs::read(&path).unwrap());
}

#[test]
fn where_only_one_can_look_a_photograph_stays_as_it_is_unless_asked() {
    let (mut person, _dir, path) = with_a_photograph(false);
    person.sees("Stays private");
    person.sees("1 picture tells where it was taken");
    assert!(!person.does_see("It goes without that"));
    assert_eq!(sends(&mut person), std::fs::read(&path).unwrap());
}

#[test]
fn the_rows_of_transfers_show_the_pictures_that_go() {
    let (mut person, _dir, _path) = with_a_photograph(false);
    sends(&mut person);
    person.core(|core| core.dispatch(FrameCommand::Show(Screen::Transfers).into()));
    person.waits_until("the small picture is there", |model| {
        model.upload.transfers.thumbs.values().any(|thumb| thumb.as_ref().is_some_and(|thumb| thumb.width > 8))
    });
}
