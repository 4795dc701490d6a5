//! A person says how fast files may go, and when.

use brimful::domain::bandwidth::Limits;
use brimful::model::command::{FrameCommand, Screen};

use crate::support::{Person, Window};

fn in_the_settings(window: Window) -> Person {
    let mut person = Person::practises_in(window);
    shows_the_settings(&mut person);
    person
}

fn shows_the_settings(person: &mut Person) {
    person.core(|core| core.dispatch(FrameCommand::Show(Screen::Settings).into()));
    person.sees("Upload limit");
}

fn limits(person: &Person) -> Limits {
    person.model(|model| model.settings.transfers.speed.limits)
}

#[test]
fn a_limit_is_typed_as_the_line_was_sold_and_kept_over_a_restart() {
    let mut person = in_the_settings(Window::default());
    person.fills("Upload limit", "20 Mbit/s");
    person.sees("2.5 MB/s are 20 Mbit/s");
    assert_eq!(limits(&person), Limits { upload: Some(2_500_000), download: None });
    let mut person = person.restarts();
    person.core(|core| core.dispatch(FrameCommand::Show(Screen::Settings).into()));
    person.sees("2.5 MB/s are 20 Mbit/s");
    person.fills("Upload limit", " ");
    assert_eq!(limits(&person), Limits::default(), "an empty field lifts it");
}

#[test]
fn what_makes_no_sense_is_told_at_its_field_and_not_lost() {
    let mut person = in_the_settings(Window::default());
    person.fills("Download limit", "5");
    person.sees("The unit is missing");
    assert_eq!(limits(&person), Limits::default());
    person.clicks("Use 5 MB/s");
    person.sees("5 MB/s are 40 Mbit/s");
    person.fills("Download limit", "as fast as Tuesday");
    person.sees("Write a number and a unit");
    person.core(|core| core.dispatch(FrameCommand::Show(Screen::Transfers).into()));
    person.sees("At most 5 MB/s down");
    person.clicks("At most 5 MB/s down");
    person.sees("as fast as Tuesday");
    assert_eq!(limits(&person), Limits { upload: None, download: Some(5_000_000) }, "what made sense holds on");
}

#[test]
fn at_certain_hours_other_limits_hold() {
    let mut person = in_the_settings(Window::default());
    // A Saturday, 09:44.
    person.stops_the_clocks();
    person.clicks("Other limits at certain hours");
    person.sees("Now: no speed limit, until Mon 08:00");
    person.clicks("Sat");
    person.sees("Now: at most 1 MB/s up, until Sat 18:00");
    person.fills("Until", "9:30");
    person.sees("Now: no speed limit, until Mon 08:00");
    person.fills("Until", "half past nine");
    person.sees("Write hours and minutes, such as 8:30 or 22:00");
    person.fills("Until", "7:00");
    person.sees("On the next day");
    person.sees("Now: at most 1 MB/s up, until Sun 07:00");
    person.fills("Upload limit then", "800 KB/s");
    person.sees("Now: at most 800 KB/s up");
}

fn comes_to_the_form(window: Window) -> Person {
    let mut person = in_the_settings(window);
    person.stops_the_clocks();
    person.fills("Upload limit", "20 Mbit/s");
    person.clicks("Other limits at certain hours");
    person.fills("Until", "6:00");
    person.fills("Download limit", "5");
    person.clicks("Sat");
    // Which brings the end of the card into view.
    person.clicks("More requests at once");
    person.looks_away();
    person
}

#[test]
fn the_form_looks_as_drawn() {
    comes_to_the_form(Window::default()).looks_like("settings_transfers_light");
}

#[test]
fn the_form_looks_as_drawn_in_the_dark() {
    comes_to_the_form(Window { dark: true, ..Window::default() }).looks_like("settings_transfers_dark");
}

#[test]
fn the_form_fits_a_small_window() {
    comes_to_the_form(Window { width: 1024.0, height: 700.0, dark: false }).looks_like("settings_transfers_1024");
}
