//! Runs that are held, ended and gone on with, also by a later session; and those that begin by themselves.

use std::time::Duration;

use brimful::app::core::Core;
use brimful::domain::connection::{Connection, ConnectionId, SignIn, Target};
use brimful::model::check::many::Every;
use brimful::model::command::{BrowseCommand, Tab};
use brimful::model::connect::ConnectCommand;
use brimful::model::notices::Tone;

use super::*;

/// Forty pictures, at no more than twenty a second.
fn in_the_middle() -> Person {
    let mut person = at_the_page(Window::default());
    for at in 0..40 {
        puts(&person, &format!("many/{at:02}.jpg"), &pictures::file(ImageFormat::Jpeg, at, 32, 20), "image/jpeg");
    }
    person.clicks("A folder");
    person.fills("Folder", "many/");
    person.clicks("Only with a sign-in");
    person.fills("Requests a second, at most", "20");
    person.clicks("Start checking");
    person.waits_until("some are checked", |model| model.check.many().unwrap().run.as_ref().unwrap().done >= 3);
    person
}

fn done(person: &Person) -> u64 {
    person.model(|model| model.check.many().unwrap().run.as_ref().unwrap().done)
}

fn goes_on_quickly(person: &mut Person) {
    // A later session asks as fast as it can.
    person.core(|core| {
        let key = core.model.check.here.clone().unwrap();
        core.model.check.many.all.get_mut(&key).unwrap().run.as_mut().unwrap().wanted.rate = None;
    });
    person.clicks("Go on");
    waits_for_the_end(person);
}

#[test]
fn a_run_is_held_and_goes_on_where_it_was() {
    let mut person = in_the_middle();
    person.waits_until("rows come in while it goes on", |model| {
        let many = model.check.many().unwrap();
        many.run.as_ref().unwrap().state == RunState::Going && !many.view.page.rows.is_empty()
    });
    person.clicks("Pause");
    person.sees("Paused after");
    let held = done(&person);
    assert!((3..40).contains(&held), "{held}");
    person.waits_a_moment();
    assert_eq!(done(&person), held);
    goes_on_quickly(&mut person);
    assert_eq!(done(&person), 40);
    person.sees("40 files checked: 40 as expected");
}

#[test]
fn a_run_that_was_stopped_is_offered_by_the_next_session() {
    let mut person = in_the_middle();
    person.clicks("Stop");
    person.sees("What else there is was not checked");
    let mut person = person.restarts();
    person.core(|core| {
        core.dispatch(BrowseCommand::Open(ConnectionId::PRACTICE).into());
    });
    person.waits_until("practice storage opens", |model| {
        model.session.as_ref().is_some_and(|session| session.reached && session.buckets.known().is_some())
    });
    person.goes_to(BUCKET, "");
    person.core(|core| core.dispatch(ManyCommand::Open.into()));
    person.sees("What else there is was not checked");
    goes_on_quickly(&mut person);
    assert_eq!(done(&person), 40);
    person.clicks("Change…");
    assert_eq!(person.model(|model| model.check.many().unwrap().form.prefix.clone()), "many/");
}

/// Lets time pass.
fn later(person: &mut Person, by: Duration) {
    person.core(|core: &mut Core| {
        let now = (core.deps.now)().checked_add(by).unwrap();
        core.deps.now = std::sync::Arc::new(move || now);
    });
    person.waits_a_moment();
}

fn warnings(person: &Person) -> Vec<String> {
    person.model(|model| {
        let all = model.notices.history().filter(|notice| notice.tone == Tone::Warning);
        all.map(|notice| notice.title.clone()).collect()
    })
}

#[test]
fn it_is_checked_again_by_itself_and_news_are_told_once() {
    let mut person = at_the_page(Window::default());
    changes_form(&mut person, |form| form.every = Some(Every::Quarter));
    person.sees("it ends when Brimful is closed");
    starts(&mut person);
    let number = |person: &Person| person.model(|model| model.check.many().unwrap().run.as_ref().unwrap().number);
    let first = number(&person);
    later(&mut person, Duration::from_secs(14 * 60));
    assert_eq!(number(&person), first, "not yet");
    later(&mut person, Duration::from_secs(61));
    person.waits_until("it begins again", |model| model.check.many().unwrap().run.as_ref().unwrap().number > first);
    waits_for_the_end(&mut person);
    assert_eq!(warnings(&person), [""; 0], "nothing is new");
    person.sees("5 files checked: 2 as expected, 3 as the earlier report knew");

    puts(&person, "photos/broken.jpg", b"no picture", "image/jpeg");
    person.works_elsewhere();
    let second = number(&person);
    later(&mut person, Duration::from_secs(15 * 60 + 1));
    person.waits_until("it begins again", |model| model.check.many().unwrap().run.as_ref().unwrap().number > second);
    waits_for_the_end(&mut person);
    assert_eq!(warnings(&person), [format!("Something new in {BUCKET}: 1 file")]);
    let attention = egui::ViewportCommand::RequestUserAttention(egui::UserAttentionType::Informational);
    assert!(person.window_was_told(&attention));

    person.core(|core| core.dispatch(ManyCommand::Every(None).into()));
    let third = number(&person);
    later(&mut person, Duration::from_secs(60 * 60));
    person.waits_a_moment();
    assert_eq!(number(&person), third, "it was stopped");
}

#[test]
fn whoever_went_elsewhere_is_told_of_the_end() {
    let mut person = in_the_middle();
    person.core(|core| core.dispatch(BrowseCommand::ShowTab(Tab::Gallery).into()));
    person.sees(&format!("{BUCKET} is checked"));
    person.clicks("Show");
    person.sees("40 files checked: 40 as expected");
}

#[test]
fn a_person_who_checks_again_sees_all_of_it() {
    let mut person = at_the_page(Window::default());
    starts(&mut person);
    puts(&person, "photos/team-header.png", &pictures::file(ImageFormat::Png, 2, 240, 160), "image/png");
    person.clicks("Check again");
    waits_for_the_end(&mut person);
    person.sees("5 files checked: 3 as expected, 2 not as expected");
}

#[test]
fn one_that_fails_by_itself_is_told_once() {
    let mut person = at_the_page(Window::default());
    changes_form(&mut person, |form| form.every = Some(Every::Hour));
    starts(&mut person);
    listing_is_refused(&person);
    for _ in 0..2 {
        later(&mut person, Duration::from_secs(60 * 60 + 1));
        person.waits_until("it fails", |model| {
            let run = model.check.many().unwrap().run.as_ref().unwrap();
            run.scheduled && matches!(run.state, RunState::Failed(_))
        });
    }
    assert_eq!(warnings(&person), [format!("{BUCKET} could not be checked again")]);
}

#[test]
fn with_the_connection_what_was_found_is_gone() {
    let mut person = at_the_page(Window::default());
    starts(&mut person);
    let id = person.core(|core| {
        let target = Target::Amazon { region: "eu-west-1".to_owned(), sign_in: SignIn::Anonymous };
        let id = ConnectionId::random();
        let name = "Another way in".to_owned();
        let connection = Connection { id, name, target, production: false, last_opened: None, bucket_count: None };
        core.connections.put(connection).unwrap();
        id
    });
    let folder = person.home().join("state/checks").join(id.to_string());
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("acme.sqlite"), b"").unwrap();
    person.core(|core| core.dispatch(ConnectCommand::Remove(id).into()));
    person.sees("Another way in is removed from the list");
    person.waits_until("the results go", |_| !folder.exists());
    assert!(person.home().join("state/checks").read_dir().unwrap().count() == 1, "those of others stay");
}
