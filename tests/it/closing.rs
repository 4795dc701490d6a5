//! The window is closed while files are on their way: the person is asked, and it happens as chosen.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::PathBuf;

use brimful::model::closing::Closing;
use brimful::model::command::FrameCommand;
use brimful::model::upload::transfers::RowState;
use brimful::model::upload::{TransferCommand, UploadCommand, UploadSource};
use egui::{UserAttentionType, ViewportCommand};

use crate::support::{Person, Window};

const BUCKET: &str = "acme-site-images";

/// The person stands in an empty bucket, with three files to send.
fn with_files(window: Window) -> (Person, tempfile::TempDir) {
    let mut person = Person::practises_in(window);
    person.has_bucket::<&[u8]>(BUCKET, &[]);
    person.goes_to(BUCKET, "");
    let dir = tempfile::tempdir().unwrap();
    for number in 1..=3 {
        std::fs::write(dir.path().join(format!("{number}.txt")), format!("file {number}")).unwrap();
    }
    (person, dir)
}

fn paths(dir: &tempfile::TempDir) -> Vec<PathBuf> {
    (1..=3).map(|number| dir.path().join(format!("{number}.txt"))).collect()
}

fn sends(person: &mut Person, dir: &tempfile::TempDir) {
    let sources = paths(dir).into_iter().map(UploadSource::Path).collect();
    person.core(|core| core.dispatch(UploadCommand::Bring(sources).into()));
    person.waits_until("the plan is ready", |model| {
        model.upload.plan.as_ref().is_some_and(|plan| !plan.found.sources.is_empty() && plan.why_not().is_none())
    });
    person.clicks("Upload 3 files");
}

/// Three files wait in a queue that is held.
fn with_a_held_queue(window: Window) -> (Person, tempfile::TempDir) {
    let (mut person, dir) = with_files(window);
    person.core(|core| core.dispatch(TransferCommand::PauseAll.into()));
    sends(&mut person, &dir);
    person.waits_until("they wait", |model| model.upload.transfers.counts().waiting == 3);
    (person, dir)
}

fn keys(person: &Person) -> Vec<String> {
    let page =
        person.does(async |store| brimful::s3::list::list_page(&store, BUCKET, "", None, None, None).await.unwrap());
    page.objects.into_iter().map(|object| object.key).collect()
}

#[test]
fn with_nothing_on_its_way_the_window_simply_closes() {
    let (mut person, dir) = with_files(Window::default());
    sends(&mut person, &dir);
    person.sees("3 files uploaded");
    person.closes_the_window();
    assert!(!person.window_was_told(&ViewportCommand::CancelClose));
    assert!(!person.does_see("Stay open"));
}

#[test]
fn a_queue_that_still_has_files_asks_and_staying_changes_nothing() {
    let (mut person, _dir) = with_a_held_queue(Window::default());
    person.closes_the_window();
    assert!(person.window_was_told(&ViewportCommand::CancelClose));
    person.sees("3 files are paused");
    person.sees("0 of 3 files have arrived so far");
    person.clicks("Stay open");
    person.no_longer_sees("Stay open");
    assert_eq!(person.model(|model| (model.closing, model.upload.open_count())), (Closing::Not, 3));
    assert!(!person.window_was_told(&ViewportCommand::Close));
}

#[test]
fn it_goes_on_and_closes_by_itself_after_the_last_file() {
    let (mut person, _dir) = with_a_held_queue(Window::default());
    person.closes_the_window();
    assert!(person.window_was_told(&ViewportCommand::CancelClose));
    person.clicks("Go on, then close");
    person.waits_until("the window closes", |model| model.closing == Closing::Leaving);
    person.waits_a_moment();
    assert!(person.window_was_told(&ViewportCommand::Minimized(true)));
    assert!(person.window_was_told(&ViewportCommand::Close));
    assert_eq!(keys(&person), ["1.txt", "2.txt", "3.txt"]);
    person.closes_the_window();
    assert!(!person.window_was_told(&ViewportCommand::CancelClose), "now nothing holds it");
}

#[test]
fn the_strip_says_that_it_will_close_and_keeps_it_open_on_request() {
    let (mut person, _dir) = with_a_held_queue(Window::default());
    person.core(|core| core.model.closing = Closing::WhenDone { failed: 0 });
    person.sees("Brimful closes when done");
    person.looks_away();
    person.looks_like("closing_strip");
    person.clicks("Keep open");
    person.no_longer_sees("Brimful closes when done");
    person.core(|core| core.dispatch(TransferCommand::ResumeAll.into()));
    person.sees("3 files uploaded");
    assert_eq!(person.model(|model| model.closing), Closing::Not);
    assert!(!person.window_was_told(&ViewportCommand::Close));
}

#[test]
fn what_fails_meanwhile_keeps_the_window_open() {
    let (mut person, dir) = with_a_held_queue(Window::default());
    std::fs::remove_file(dir.path().join("2.txt")).unwrap();
    person.closes_the_window();
    person.clicks("Go on, then close");
    person.sees("Brimful stayed open");
    person.sees("1 file needs you first");
    assert!(!person.window_was_told(&ViewportCommand::Close));
    assert_eq!(keys(&person), ["1.txt", "3.txt"]);
}

#[test]
fn pausing_closes_once_nothing_runs() {
    let (mut person, dir) = with_files(Window::default());
    sends(&mut person, &dir);
    person.core(|core| core.dispatch(FrameCommand::AskToClose.into()));
    person.core(|core| {
        core.dispatch(FrameCommand::CloseAs(brimful::model::closing::CloseChoice::Pause).into());
    });
    person.waits_until("the window closes", |model| model.closing == Closing::Leaving);
    person.waits_a_moment();
    assert!(person.window_was_told(&ViewportCommand::Close));
    let counts = person.model(|model| model.upload.transfers.counts());
    assert_eq!(counts.running, 0, "nothing is cut off");
    assert_eq!(keys(&person).len() as u64, counts.done);
}

#[test]
fn calling_everything_off_closes_without_a_trace() {
    let (mut person, _dir) = with_a_held_queue(Window::default());
    person.closes_the_window();
    person.clicks("Cancel everything and close");
    person.clicks("Cancel 3 files and close");
    person.waits_until("the window closes", |model| model.closing == Closing::Leaving);
    person.waits_a_moment();
    assert!(person.window_was_told(&ViewportCommand::Close));
    assert!(person.model(|model| model.upload.transfers.rows.iter().all(|row| row.state == RowState::Cancelled)));
    assert!(keys(&person).is_empty());
}

#[test]
fn a_plan_that_is_being_made_survives_the_question() {
    let (mut person, dir) = with_a_held_queue(Window::default());
    person.drops(&paths(&dir));
    person.waits_until("the plan is there", |model| model.upload.plan.is_some());
    person.closes_the_window();
    person.clicks("Stay open");
    assert!(person.model(|model| model.upload.plan.is_some()));
}

#[test]
fn the_title_tells_how_far_it_is_and_the_end_asks_for_attention() {
    let (mut person, _dir) = with_a_held_queue(Window::default());
    assert_eq!(person.title(), "Paused at 0% · 0 of 3 files – Brimful");
    person.works_elsewhere();
    person.core(|core| core.dispatch(TransferCommand::ResumeAll.into()));
    person.sees("3 files uploaded");
    person.waits_a_moment();
    assert_eq!(person.title(), "Brimful");
    let attention = ViewportCommand::RequestUserAttention(UserAttentionType::Informational);
    assert!(person.window_was_told(&attention));
}

fn comes_to_the_question(window: Window) -> (Person, tempfile::TempDir) {
    let (mut person, dir) = with_a_held_queue(window);
    person.closes_the_window();
    person.sees("3 files are paused");
    person.clicks("Cancel everything and close");
    person.looks_away();
    (person, dir)
}

#[test]
fn the_question_looks_as_drawn() {
    let (mut person, _dir) = comes_to_the_question(Window::default());
    person.looks_like("closing_light");
}

#[test]
fn the_question_looks_as_drawn_in_the_dark() {
    let (mut person, _dir) = comes_to_the_question(Window { dark: true, ..Window::default() });
    person.looks_like("closing_dark");
}
