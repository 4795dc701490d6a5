//! Many files held against expectations, in the window: filled in, run, looked through, reported, begun again.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod again;
mod looks;
mod sources;

use std::path::Path;

use brimful::domain::verify::{Group, Standing};
use brimful::model::check::many::{Form, ManyCommand, RunState};
use brimful::s3::body::Body;
use brimful::s3::object::{Guard, ObjectHeaders, put_object};
use image::ImageFormat;

use crate::support::{Person, Window, pictures};

const BUCKET: &str = "acme-site-images";

/// A good picture, one of another type than it says, one that is cut off, one that nobody may see, and a text.
fn with_a_bucket(window: Window) -> Person {
    let mut person = Person::practises_in(window);
    let good = pictures::file(ImageFormat::Jpeg, 1, 240, 160);
    let files: [(&str, &[u8]); 5] = [
        ("photos/lake-morning.jpg", &good),
        ("photos/team-header.png", &pictures::file(ImageFormat::Jpeg, 2, 240, 160)),
        ("photos/harbour.jpg", &good[..good.len() / 2]),
        ("private/contract.jpg", &pictures::file(ImageFormat::Jpeg, 3, 240, 160)),
        ("photos/readme.txt", b"Taken in March"),
    ];
    person.has_bucket(BUCKET, &files);
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"Photos","Effect":"Allow","Principal":"*",
        "Action":"s3:GetObject","Resource":"arn:aws:s3:::{BUCKET}/photos/*"}}]}}"#
    );
    person.sets_policy(BUCKET, &policy);
    person.goes_to(BUCKET, "");
    person
}

/// The page of many files, as the button on the page of one leads to it.
fn at_the_page(window: Window) -> Person {
    let mut person = with_a_bucket(window);
    person.clicks("Check");
    person.clicks("Check many…");
    person.sees("What a sitemap names");
    person
}

/// How far the run of the bucket is.
fn state(person: &Person) -> Option<RunState> {
    person.model(|model| Some(model.check.many()?.run.as_ref()?.state.clone()))
}

/// Waits until the run is at its end, and the end is on screen.
fn waits_for_the_end(person: &mut Person) {
    person.waits_until("the run ends", |model| {
        let Some(many) = model.check.many() else { return false };
        let Some(run) = &many.run else { return false };
        matches!(run.state, RunState::Ended { .. }) && many.view.page.totals.files == run.done
    });
    // Rows may have been read while they were compared.
    for _ in 0..40 {
        person.waits_a_moment();
    }
}

fn starts(person: &mut Person) {
    person.clicks("Start checking");
    waits_for_the_end(person);
}

fn changes_form(person: &mut Person, change: impl FnOnce(&mut Form)) {
    person.core(|core| {
        let mut form = core.model.check.many().unwrap().form.clone();
        change(&mut form);
        core.dispatch(ManyCommand::Edit(Box::new(form)).into());
        let key = core.model.check.here.clone().unwrap();
        core.model.check.many.all.get_mut(&key).unwrap().number += 1;
    });
    person.waits_a_moment();
}

/// The rows on screen: name, standing, and what was found.
fn table(person: &Person) -> Vec<(String, Standing, String)> {
    person.model(|model| {
        let rows = &model.check.many().unwrap().view.page.rows;
        let said = |line: &brimful::model::check::many::Line| {
            line.row.findings.iter().map(|finding| finding.sentence.clone()).collect::<Vec<_>>().join("; ")
        };
        rows.iter().map(|line| (line.name.clone(), line.row.standing(), said(line))).collect()
    })
}

fn standings(person: &Person) -> Vec<(String, Standing)> {
    table(person).into_iter().map(|(name, standing, _)| (name, standing)).collect()
}

fn puts(person: &Person, key: &str, bytes: &[u8], content_type: &str) {
    let headers = ObjectHeaders { content_type: Some(content_type.to_owned()), ..ObjectHeaders::default() };
    let body = Body::Bytes(bytes.to_vec().into());
    person.does(async |store| {
        put_object(&store, BUCKET, key, (&body).into(), &headers, &Guard::Overwrite).await.unwrap();
    });
}

/// From now on nobody may list the bucket.
fn listing_is_refused(person: &Person) {
    let deny = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"s3:ListBucket",
        "Resource":"arn:aws:s3:::{BUCKET}"}}]}}"#
    );
    person.sets_policy(BUCKET, &deny);
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn each_file_is_told_with_what_is_the_matter() {
    let mut person = at_the_page(Window::default());
    starts(&mut person);
    let found = table(&person);
    let of = |name: &str| found.iter().find(|row| row.0 == name).unwrap();
    assert_eq!(of("photos/lake-morning.jpg").1, Standing::AsExpected);
    assert_eq!(of("photos/readme.txt").1, Standing::AsExpected);
    assert_eq!(of("photos/team-header.png").2, "Its Content-Type is image/png, but the bytes are a JPEG");
    assert!(of("photos/harbour.jpg").2.starts_with("Cut off: the file ends before the image does"), "{found:?}");
    assert!(of("private/contract.jpg").2.contains("Strangers are refused with 403"), "{found:?}");
    // The weightiest first.
    assert!(found[..3].iter().all(|row| row.1 == Standing::Error), "{found:?}");
    person.sees("5 files checked: 2 as expected, 3 not as expected");
    person.sees("team-header.png, Not as expected: Its Content-Type is image/png, but the bytes are a JPEG");
    let pictures = person.model(|model| {
        let rows = &model.check.many().unwrap().view.page.rows;
        rows.iter().filter(|line| line.thumb.is_some()).count()
    });
    assert_eq!(pictures, 2, "those that anyone can see and that can be decoded");
}

#[test]
fn the_counts_are_filters_and_names_are_searched() {
    let mut person = at_the_page(Window::default());
    starts(&mut person);
    person.clicks("As expected 2");
    person.waits_until("the others go", |model| model.check.many().unwrap().view.page.group == Group::AsExpected);
    assert_eq!(
        standings(&person).into_iter().map(|row| row.0).collect::<Vec<_>>(),
        ["photos/lake-morning.jpg", "photos/readme.txt"]
    );
    person.fills("Filter by name", "LAKE");
    person.waits_until("one is left", |model| model.check.many().unwrap().view.page.rows.len() == 1);
    person.fills("Filter by name", "nowhere");
    person.sees("No file fits");
}

#[test]
fn a_row_leads_to_the_check_of_that_file_and_its_address_is_copied() {
    let mut person = at_the_page(Window::default());
    starts(&mut person);
    person.clicks("Copy the address of contract.jpg");
    assert!(person.has_copied().ends_with(&format!("/{BUCKET}/private/contract.jpg")), "{}", person.has_copied());
    person.clicks_cell("", "contract.jpg, Not as expected");
    person.sees("Nobody outside can see this");
    assert_eq!(person.model(|model| model.check.text.clone()), "private/contract.jpg");
    // The way back leads to what was found.
    person.clicks("Check many…");
    person.sees("5 files checked");
}

#[test]
fn the_report_is_saved_and_opened() {
    let mut person = at_the_page(Window::default());
    starts(&mut person);
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("report");
    person.will_pick(std::slice::from_ref(&folder));
    person.clicks("Save report…");
    person.sees("Report saved");
    for name in ["report.html", "report.csv", "report.json", "junit.xml"] {
        assert!(text(&folder.join(name)).contains("team-header.png"), "{name}");
    }
    let html = text(&folder.join("report.html"));
    assert!(html.contains("3 of 5 files are not as expected") && html.contains("data:image/jpeg"), "{html}");
    assert!(html.contains(&format!("Everything in {BUCKET}, as anyone on the internet")));
    person.clicks("Open report");
    assert_eq!(person.revealed(), [folder.join("report.html")]);
}

#[test]
fn what_is_missing_is_said_at_its_field_and_nothing_is_lost() {
    let mut person = at_the_page(Window::default());
    person.clicks("A folder");
    person.clicks("More expectations");
    person.fills("Size of a file, at most", "2 parsecs");
    person.clicks("Start checking");
    person.sees("Type the folder, such as photos/");
    person.sees("A size is a whole number and a unit, such as \"500 KB\"");
    person.sees("2 fields need you first");
    assert_eq!(state(&person), None);
    person.fills("Folder", "photos/");
    person.fills("Size of a file, at most", "20 KB");
    person.no_longer_sees("need you first");
    starts(&mut person);
    assert_eq!(standings(&person).len(), 4);
    person.clicks("Change…");
    assert_eq!(person.model(|model| model.check.many().unwrap().form.expected.bytes.max.clone()), "20 KB");
}

#[test]
fn a_selection_and_a_folder_of_the_gallery_are_brought_along() {
    let mut person = with_a_bucket(Window::default());
    person.core(|core| {
        let keys = ["photos/lake-morning.jpg", "photos/harbour.jpg"].map(str::to_owned);
        core.dispatch(ManyCommand::Files(keys.to_vec()).into());
    });
    person.sees("The 2 files chosen in the gallery");
    starts(&mut person);
    assert_eq!(
        standings(&person),
        [
            ("photos/harbour.jpg".to_owned(), Standing::Error),
            ("photos/lake-morning.jpg".to_owned(), Standing::AsExpected)
        ]
    );
    person.core(|core| core.dispatch(ManyCommand::Folder("private/".to_owned()).into()));
    starts(&mut person);
    assert_eq!(standings(&person), [("private/contract.jpg".to_owned(), Standing::Error)]);
}
