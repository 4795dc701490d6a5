//! Uploads that were begun and never finished are seen with what they hold, and called off.

use brimful::model::upload::{TransferCommand, UploadCommand, UploadSource};
use brimful::s3;

use super::{BUCKET, at_the_settings};
use crate::support::{Person, Window};

/// Another program begins an upload, sends so many parts of 5 MiB, and is never heard of again.
fn somebody_begins(person: &Person, key: &str, parts: u8) -> String {
    person.does(async |store| {
        let headers = s3::object::ObjectHeaders::default();
        let begun = s3::multipart::create_multipart_upload(&store, BUCKET, key, &headers).await.unwrap();
        for number in 1..=parts {
            let body = s3::body::Body::Bytes(vec![number; 5 << 20].into());
            let part = i32::from(number);
            s3::multipart::upload_part(&store, BUCKET, key, &begun.id, part, (&body).into()).await.unwrap();
        }
        begun.id
    })
}

fn left_open(person: &Person) -> Vec<String> {
    let (uploads, _) =
        person.does(async |store| s3::versions::list_multipart_uploads(&store, BUCKET, None, None).await.unwrap());
    uploads.into_iter().map(|upload| upload.key).collect()
}

/// The person looks at the settings of a bucket with three of them.
fn at_the_uploads(window: Window) -> Person {
    let mut person = at_the_settings(window);
    person.sees("No upload was begun here and left unfinished");
    somebody_begins(&person, "masters/harbour-sunset.tif", 2);
    somebody_begins(&person, "masters/ridges-fog.tif", 1);
    somebody_begins(&person, "showroom-tour.mp4", 0);
    person.presses("F5");
    person.sees("3 uploads hold 15.7 MB that show in no listing and are paid for like files");
    person.clicks("Show unfinished uploads");
    person.sees("Unfinished uploads in acme-images");
    // Opening the dialog asks once more, and the answer would come in the way of what is done with the earlier one.
    person.waits_until("they are read again", |model| {
        matches!(model.bucket_settings.unfinished.status(), brimful::worker::Status::Ready(_))
    });
    person
}

/// Clicks something that is only there in ten days, and comes back to today, where notices stay for a while.
fn clicks_in_ten_days(person: &mut Person, name: &str) {
    let then = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(240);
    person.core(|core| core.deps.now = std::sync::Arc::new(move || then));
    person.clicks(name);
    person.core(|core| core.deps.now = std::sync::Arc::new(jiff::Timestamp::now));
}

#[test]
fn one_is_called_off_by_its_own_button() {
    let mut person = at_the_uploads(Window::default());
    person.clicks("Call masters/ridges-fog.tif off…");
    person.sees("Call off 1 upload?");
    person.clicks("Back");
    assert_eq!(left_open(&person).len(), 3, "it was only asked");
    person.clicks("Call masters/ridges-fog.tif off…");
    person.clicks("Call off 1 upload");
    person.sees("1 upload called off in acme-images");
    assert_eq!(left_open(&person), ["masters/harbour-sunset.tif", "showroom-tour.mp4"]);
    person.sees("2 uploads hold 10.5 MB");
}

#[test]
fn some_are_ticked_and_called_off_together() {
    let mut person = at_the_uploads(Window::default());
    person.clicks("Select masters/harbour-sunset.tif");
    person.clicks("Select showroom-tour.mp4");
    person.clicks("Call off 2 selected…");
    person.sees("What they have stored (10.5 MB) is deleted for good. Files are not touched.");
    person.clicks("Call off 2 uploads");
    person.sees("2 uploads called off in acme-images");
    assert_eq!(left_open(&person), ["masters/ridges-fog.tif"]);
    person.clicks("Close");
    person.sees("Settings of acme-images");
}

#[test]
fn those_that_are_old_are_called_off_in_one_go() {
    let mut person = at_the_uploads(Window::default());
    clicks_in_ten_days(&mut person, "3 older than 7 days…");
    person.clicks("Call off 3 uploads");
    person.sees("3 uploads called off in acme-images");
    assert!(left_open(&person).is_empty());
    person.sees("There are none");
}

#[test]
fn what_this_window_is_sending_is_marked_and_left_alone() {
    let mut person = at_the_settings(Window::default());
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mine.txt"), "mine").unwrap();
    person.core(|core| {
        core.dispatch(TransferCommand::PauseAll.into());
        core.dispatch(UploadCommand::Bring(vec![UploadSource::Path(dir.path().join("mine.txt"))]).into());
    });
    person.waits_until("the plan is ready", |model| {
        model.upload.plan.as_ref().is_some_and(|plan| !plan.found.sources.is_empty() && plan.why_not().is_none())
    });
    person.clicks("Upload 1 file");
    person.waits_until("it waits", |model| model.upload.transfers.counts().waiting == 1);
    somebody_begins(&person, "mine.txt", 0);
    somebody_begins(&person, "theirs.txt", 0);
    person.presses("F5");
    person.clicks("Show unfinished uploads");
    person.sees("In transfers");
    person.sees("Call theirs.txt off…");
    assert!(!person.does_see("Call mine.txt off…") && !person.does_see("Select mine.txt"));
    clicks_in_ten_days(&mut person, "1 older than 7 days…");
    person.clicks("Call off 1 upload");
    person.sees("1 upload called off in acme-images");
    assert_eq!(left_open(&person), ["mine.txt"]);
}

fn looks(window: Window, theme: &str) {
    let mut person = at_the_uploads(window);
    let begun = "2026-03-02T19:54:00Z".parse().unwrap();
    person.core(|core| {
        for upload in &mut core.model.bucket_settings.unfinished.known_mut().unwrap().all {
            upload.begun = Some(begun);
        }
    });
    person.stops_the_clocks();
    person.clicks("Select masters/harbour-sunset.tif");
    person.looks_away();
    person.looks_like(&format!("unfinished_dialog_{theme}"));
    person.clicks("Call off 1 selected…");
    person.looks_away();
    person.looks_like(&format!("unfinished_question_{theme}"));
    person.clicks("Back");
    person.clicks("Close");
    person.scrolls_to("Show unfinished uploads");
    person.looks_away();
    person.looks_like(&format!("unfinished_card_{theme}"));
}

#[test]
fn it_looks_as_drawn() {
    looks(Window::default(), "light");
}

#[test]
fn it_looks_as_drawn_in_a_small_dark_window() {
    looks(Window { width: 1024.0, height: 700.0, dark: true }, "dark");
}
