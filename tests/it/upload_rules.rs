//! A bucket has rules for what files get by their names: made in the plan, shown in it, sent, and kept.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use brimful::model::upload::{UploadCommand, UploadSource};

use crate::support::{Person, Window};

const BUCKET: &str = "acme-site";

/// A website is dropped on an empty bucket; its plan is on screen.
fn before_a_plan(window: Window) -> (Person, tempfile::TempDir) {
    let mut person = Person::practises_in(window);
    person.has_bucket::<&[u8]>(BUCKET, &[]);
    person.goes_to(BUCKET, "");
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("index.html", "<p>hello"), ("assets/app.js", "let a"), ("assets/more.js", "let b")] {
        let path = dir.path().join("site").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    brings(&mut person, &dir);
    (person, dir)
}

fn brings(person: &mut Person, dir: &tempfile::TempDir) {
    let sources = vec![UploadSource::Path(dir.path().join("site"))];
    person.core(|core| core.dispatch(UploadCommand::Bring(sources).into()));
    person.waits_until("the plan is ready", |model| {
        model.upload.plan.as_ref().is_some_and(|plan| !plan.found.sources.is_empty() && plan.why_not().is_none())
    });
}

fn adds_a_rule(person: &mut Person, pattern: &str, field: &str, text: &str) {
    person.clicks("Add a rule");
    person.fills("Files", pattern);
    person.fills(field, text);
    person.clicks("Save rule");
    person.sees("Remove the rule");
}

#[test]
fn a_rule_is_shown_at_each_file_that_it_fits_and_sent_with_it() {
    let (mut person, _dir) = before_a_plan(Window::default());
    person.clicks("Rules for files…");
    adds_a_rule(&mut person, "*.html", "Cache-Control by this rule", "no-cache");
    adds_a_rule(&mut person, "**/assets/**", "Metadata by this rule", "build=42");
    person.clicks("Change the rule **/assets/**");
    person.fills("Cache-Control by this rule", "public, max-age=31536000, immutable");
    person.sees("Fits 2 of 3 files here: site/assets/app.js, site/assets/more.js");
    person.clicks("Save rule");
    person.clicks("Done");
    person.sees("Cache-Control: no-cache, by the rule *.html");
    person.sees("Rules for files: 2…");
    person.clicks("Upload 3 files");
    person.sees("3 files uploaded");
    let head =
        |key: &str| person.does(async |store| brimful::s3::object::head_object(&store, BUCKET, key).await.unwrap());
    assert_eq!(head("site/index.html").cache_control.as_deref(), Some("no-cache"));
    let script = head("site/assets/app.js");
    assert_eq!(script.cache_control.as_deref(), Some("public, max-age=31536000, immutable"));
    assert_eq!(script.metadata, [("build".to_owned(), "42".to_owned())]);
}

#[test]
fn rules_are_kept_for_the_bucket_and_can_be_put_in_order_and_removed() {
    let (mut person, dir) = before_a_plan(Window::default());
    person.clicks("Rules for files…");
    adds_a_rule(&mut person, "*", "Cache-Control by this rule", "max-age=60");
    adds_a_rule(&mut person, "*.js", "Cache-Control by this rule", "max-age=3600");
    person.clicks("Move up the rule *.js");
    person.clicks("Done");
    person.sees("Cache-Control: max-age=3600, by the rule *.js");
    person.clicks("Cancel");
    let mut person = person.restarts();
    person.core(|core| {
        let practice = brimful::domain::connection::ConnectionId::PRACTICE;
        core.dispatch(brimful::model::command::BrowseCommand::Open(practice).into());
    });
    person.waits_until("practice storage opens", |model| model.session.as_ref().is_some_and(|it| it.reached));
    person.goes_to(BUCKET, "");
    brings(&mut person, &dir);
    person.clicks("Rules for files: 2…");
    person.clicks("Remove the rule *.js");
    person.clicks("Done");
    person.no_longer_sees("by the rule *.js");
    person.sees("Cache-Control: max-age=60, by the rule *");
}

#[test]
fn what_is_wrong_stands_at_its_field_and_nothing_is_lost() {
    let (mut person, _dir) = before_a_plan(Window::default());
    person.clicks("Rules for files…");
    person.clicks("Add a rule");
    person.clicks("Save rule");
    person.sees("Write a pattern, such as *.jpg or photos/**");
    person.sees("Set at least one of these");
    person.fills("Files", "*.{html");
    person.sees("Each { needs its }");
    person.fills("Content-Type by this rule", "html");
    person.sees("A type has two parts");
    person.clicks("Save rule");
    person.sees("Save rule");
    assert!(person.model(|model| model.upload.plan.as_ref().unwrap().rules.is_empty()));
    person.clicks("Back to the rules");
    person.sees("No rules yet");
    person.presses("Escape");
    person.no_longer_sees("No rules yet");
    person.sees("Upload 3 files");
}

fn comes_to_the_form(window: Window) -> (Person, tempfile::TempDir) {
    let (mut person, dir) = before_a_plan(window);
    person.clicks("Rules for files…");
    adds_a_rule(&mut person, "*.html", "Cache-Control by this rule", "no-cache");
    (person, dir)
}

#[test]
fn the_list_looks_as_drawn() {
    let (mut person, _dir) = comes_to_the_form(Window::default());
    adds_a_rule(&mut person, "**/assets/**", "Cache-Control by this rule", "public, max-age=31536000, immutable");
    person.looks_away();
    person.looks_like("upload_rules_light");
}

#[test]
fn the_form_looks_as_drawn_in_the_dark() {
    let (mut person, _dir) = comes_to_the_form(Window { dark: true, ..Window::default() });
    person.clicks("Change the rule *.html");
    person.fills("Content-Type by this rule", "html");
    person.looks_away();
    person.looks_like("upload_rules_dark");
}

#[test]
fn the_form_fits_a_small_window() {
    let (mut person, _dir) = comes_to_the_form(Window { width: 1024.0, height: 700.0, dark: false });
    person.clicks("Change the rule *.html");
    person.looks_away();
    person.looks_like("upload_rules_1024");
}
