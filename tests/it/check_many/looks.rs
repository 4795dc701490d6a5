//! How the page looks.

use brimful::domain::verify::Row;

use super::*;

const LIGHT: Window = Window { width: 1280.0, height: 800.0, dark: false };
const SMALL_DARK: Window = Window { width: 1024.0, height: 700.0, dark: true };

fn steady(person: &mut Person) {
    let at: jiff::Timestamp = "2026-03-14T09:44:00Z".parse().unwrap();
    person.stops_the_clocks();
    person.core(|core| {
        let key = core.model.check.here.clone().unwrap();
        let many = core.model.check.many.all.get_mut(&key).unwrap();
        if let Some(RunState::Ended { at: ended, took }) = many.run.as_mut().map(|run| &mut run.state) {
            (*ended, *took) = (at, std::time::Duration::from_millis(4_200));
        }
    });
    person.looks_away();
}

/// As if nobody answered any more.
fn fails(person: &mut Person) {
    person.core(|core| {
        let key = core.model.check.here.clone().unwrap();
        let many = core.model.check.many.all.get_mut(&key).unwrap();
        let sentence = "Nothing answers at https://cdn.example.com. Is the address right?";
        let trouble = brimful::model::Trouble::new(sentence, brimful::model::trouble::WayOut::Retry);
        many.run.as_mut().unwrap().state = RunState::Failed(Box::new(trouble));
    });
}

fn the_set_up_looks_as_drawn(window: Window, name: &str) {
    let mut person = at_the_page(window);
    person.looks_away();
    person.looks_like(name);
}

#[test]
fn the_set_up_looks_as_drawn_in_light() {
    the_set_up_looks_as_drawn(LIGHT, "check_many_set_up_light");
}

#[test]
fn the_set_up_looks_as_drawn_in_a_small_dark_window() {
    the_set_up_looks_as_drawn(SMALL_DARK, "check_many_set_up_small_dark");
}

#[test]
fn what_is_missing_looks_as_drawn() {
    let mut person = at_the_page(LIGHT);
    changes_form(&mut person, |form| {
        form.what = brimful::model::check::many::What::Folder;
        form.asked = brimful::model::check::many::AskedAs::Front;
        form.front = "cdn.example.com".to_owned();
        form.expected.bytes.max = "2 parsecs".to_owned();
        form.expected.cors = "https://shop.example.com".to_owned();
        form.every = Some(brimful::model::check::many::Every::Hour);
    });
    person.clicks("Start checking");
    person.sees("Type the folder, such as photos/");
    person.looks_away();
    person.looks_like("check_many_missing_light");
}

fn the_results_look_as_drawn(window: Window, name: &str) {
    let mut person = at_the_page(window);
    starts(&mut person);
    steady(&mut person);
    person.looks_like(name);
}

#[test]
fn the_results_look_as_drawn_in_light() {
    the_results_look_as_drawn(LIGHT, "check_many_results_light");
}

#[test]
fn the_results_look_as_drawn_in_a_small_dark_window() {
    the_results_look_as_drawn(SMALL_DARK, "check_many_results_small_dark");
}

#[test]
fn what_was_broken_off_looks_as_drawn() {
    let mut person = at_the_page(SMALL_DARK);
    starts(&mut person);
    steady(&mut person);
    fails(&mut person);
    person.sees("It could not be checked to the end.");
    person.looks_away();
    person.looks_like("check_many_broken_off_small_dark");
}

#[test]
fn a_failure_and_nothing_at_all_look_as_drawn() {
    let mut person = at_the_page(LIGHT);
    changes_form(&mut person, |form| {
        form.what = brimful::model::check::many::What::Folder;
        form.prefix = "nowhere/".to_owned();
    });
    person.clicks("Start checking");
    person.sees("There was nothing to check");
    steady(&mut person);
    person.looks_like("check_many_nothing_light");
    fails(&mut person);
    person.sees("Nothing could be checked");
    person.looks_away();
    person.looks_like("check_many_failed_light");
}

#[test]
fn a_run_that_is_held_and_files_that_were_chosen_look_as_drawn() {
    let mut person = at_the_page(LIGHT);
    starts(&mut person);
    steady(&mut person);
    person.core(|core| {
        let key = core.model.check.here.clone().unwrap();
        core.dispatch(ManyCommand::Every(Some(brimful::model::check::many::Every::Hour)).into());
        let many = core.model.check.many.all.get_mut(&key).unwrap();
        many.run.as_mut().unwrap().state = RunState::Paused;
        many.chosen = vec!["photos/lake-morning.jpg".to_owned(), "photos/harbour.jpg".to_owned()];
        many.form.what = brimful::model::check::many::What::Chosen;
        many.form.baseline = Some("/home/maria/reports/2026-03-01/acme-site-images/report.json".into());
        let rules = "[[rule]]\nmatch = \"photos/**\"\ndecodes = true\n[[rule]]\nname = \"contracts\"\nmatch = \"private/**\"\naccess = \"private\"";
        let expectations = brimful::domain::verify::parse(rules).unwrap();
        many.loaded = Some(brimful::model::check::many::Loaded { name: "site.toml".to_owned(), expectations });
        many.number += 1;
    });
    person.sees("Paused after 5 files");
    person.looks_away();
    person.looks_like("check_many_paused_light");
    person.clicks("Change…");
    person.sees("2 rules of site.toml");
    person.looks_away();
    person.looks_like("check_many_loaded_light");
}

#[test]
fn ten_thousand_rows_scroll() {
    let mut person = at_the_page(LIGHT);
    starts(&mut person);
    // As many as a real bucket has, put beside those that were found.
    let path = person.home().join("state/checks");
    let file = walk(&path);
    let results = brimful::store::verification::Results::open(&file).unwrap();
    let entry = |at: u32| brimful::store::verification::Entry {
        name: format!("photos/{at:05}.jpg"),
        row: Row { path: format!("photos/{at:05}.jpg"), checked: true, status: Some(200), ..Row::default() },
        is_there: true,
        ..Default::default()
    };
    for page in 0..20 {
        results.add(&(page * 500..(page + 1) * 500).map(entry).collect::<Vec<_>>()).unwrap();
    }
    person.clicks("As expected 2");
    person.sees("As expected 10,002");
    person.points_at("00001.jpg, As expected");
    person.times_scrolling(60, -20_000.0);
    person.sees("09999.jpg, As expected");
    let kept = person.model(|model| model.check.many().unwrap().view.page.rows.len());
    assert!(kept < 500, "never all of them: {kept}");
}

fn walk(folder: &Path) -> std::path::PathBuf {
    let inner = std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let mut files = std::fs::read_dir(inner).unwrap().map(|file| file.unwrap().path());
    files.find(|path| path.extension().is_some_and(|ending| ending == "sqlite")).unwrap()
}
