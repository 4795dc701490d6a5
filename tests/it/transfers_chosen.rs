//! Some of many files on their way are chosen, and held, called off or sent before the others.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use brimful::model::command::{FrameCommand, Screen};
use brimful::model::upload::transfers::RowState;
use brimful::model::upload::{TransferCommand, UploadCommand, UploadSource};

use crate::support::{Person, Window};

const BUCKET: &str = "acme-site-images";

/// Five files wait in a queue that is held, and the page of all transfers is open.
fn with_a_held_queue(window: Window) -> (Person, tempfile::TempDir) {
    let mut person = Person::practises_in(window);
    person.has_bucket::<&[u8]>(BUCKET, &[]);
    person.goes_to(BUCKET, "");
    let dir = tempfile::tempdir().unwrap();
    let source = |number: u32| {
        let path = dir.path().join(format!("photo-{number}.txt"));
        std::fs::write(&path, format!("file {number}")).unwrap();
        UploadSource::Path(path)
    };
    let sources = (1..=5).map(source).collect();
    person.core(|core| {
        core.dispatch(TransferCommand::PauseAll.into());
        core.dispatch(UploadCommand::Bring(sources).into());
    });
    person.waits_until("the plan is ready", |model| {
        model.upload.plan.as_ref().is_some_and(|plan| !plan.found.sources.is_empty() && plan.why_not().is_none())
    });
    person.clicks("Upload 5 files");
    person.waits_until("they wait", |model| model.upload.transfers.counts().waiting == 5);
    person.core(|core| core.dispatch(FrameCommand::Show(Screen::Transfers).into()));
    person.sees("photo-1.txt, Waiting");
    (person, dir)
}

fn states(person: &mut Person) -> Vec<RowState> {
    person.model(|model| model.upload.transfers.rows.iter().map(|row| row.state.clone()).collect())
}

#[test]
fn the_chosen_are_held_and_called_off_and_the_others_arrive() {
    let (mut person, _dir) = with_a_held_queue(Window::default());
    person.clicks("photo-1.txt, Waiting");
    person.sees("1 chosen");
    person.clicks("Cancel the chosen files");
    person.waits_until("it is called off", |model| model.upload.transfers.counts().open() == 4);
    person.clicks("photo-3.txt, Waiting");
    person.sees("1 chosen");
    person.clicks("Choose photo-4.txt");
    person.sees("2 chosen");
    person.clicks("Pause the chosen files");
    person.waits_until("they are held", |model| model.upload.transfers.counts().paused == 2);
    person.clicks("Choose none");
    person.no_longer_sees("chosen");
    person.clicks("Go on with all transfers");
    person.waits_until("all have arrived that were not called off", |model| model.upload.transfers.counts().done == 4);
    assert_eq!(states(&mut person)[0], RowState::Cancelled);
}

#[test]
fn one_that_waits_goes_first_where_that_is_asked() {
    let (mut person, _dir) = with_a_held_queue(Window::default());
    person.clicks("Let photo-4.txt go first");
    person.sees("photo-4.txt, Goes first");
    person.clicks("photo-2.txt, Waiting");
    person.clicks("Let the chosen files go first");
    person.sees("photo-2.txt, Goes first");
    person.clicks("Choose none");
    person.clicks("Go on with all transfers");
    person.waits_until("all have arrived", |model| model.upload.transfers.counts().done == 5);
}

fn looks_at_chosen(window: Window, name: &str) {
    let (mut person, _dir) = with_a_held_queue(window);
    person.clicks("Let photo-4.txt go first");
    person.sees("photo-4.txt, Goes first");
    person.clicks("photo-2.txt, Waiting");
    person.clicks("Choose photo-3.txt");
    person.looks_away();
    person.looks_like(name);
}

#[test]
fn chosen_files_look_as_drawn() {
    looks_at_chosen(Window::default(), "transfers_chosen_light");
}

#[test]
fn chosen_files_look_as_drawn_in_a_small_dark_window() {
    looks_at_chosen(Window { width: 1024.0, height: 700.0, dark: true }, "transfers_chosen_dark");
}
