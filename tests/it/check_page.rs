//! Why can this not be seen? The page says it, mends it, and takes it back.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::time::Duration;

use brimful::domain::bucket_settings::SettingKind;
use brimful::domain::check::{FixKind, ObjectFound, Observed, Read, Verdict, diagnose};
use brimful::domain::public_access::BlockPublicAccess;
use brimful::model::check::CheckCommand;
use brimful::model::command::{BrowseCommand, Tab};
use brimful::s3;
use brimful::store::history::Deed;
use image::ImageFormat;

use crate::support::{Person, Window, pictures};

const BUCKET: &str = "acme-site-images";

/// The policy opens `images/`, and a file lies in `image/`.
fn with_a_slip(window: Window) -> Person {
    let mut person = Person::practises_in(window);
    let picture = pictures::file(ImageFormat::Jpeg, 1, 24, 16);
    person.has_bucket(BUCKET, &[("image/lake-morning.jpg", &picture), ("images/harbour.jpg", &picture)]);
    person.does(async |store| {
        let block = BlockPublicAccess::FOR_PUBLIC_POLICY;
        s3::settings::put_public_access_block(&store, BUCKET, block).await.unwrap();
    });
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Sid":"Images","Effect":"Allow","Principal":"*",
        "Action":"s3:GetObject","Resource":"arn:aws:s3:::{BUCKET}/images/*"}}]}}"#
    );
    person.sets_policy(BUCKET, &policy);
    person.goes_to(BUCKET, "");
    person.core(|core| core.dispatch(BrowseCommand::ShowTab(Tab::Check).into()));
    person.sees("Why can this not be seen?");
    person
}

fn checks(person: &mut Person, text: &str) {
    person.fills("What to check", text);
    person.clicks("Check what was typed");
    person.waits_until("it is checked", |model| {
        !matches!(model.check.found.status(), brimful::worker::Status::Pending(_))
    });
}

fn verdict(person: &Person) -> Verdict {
    person.model(|model| model.check.found.known().unwrap().diagnosis.verdict)
}

#[test]
fn a_file_beside_the_open_folder_is_explained_mended_and_put_back() {
    let mut person = with_a_slip(Window::default());
    checks(&mut person, "image/lake-morning.jpg");
    person.sees("Nobody outside can see this");
    person.sees("Smallest change");
    assert_eq!(verdict(&person), Verdict::NotVisible);
    let (at, title) = person.model(|model| {
        let fixes = &model.check.found.known().unwrap().diagnosis.fixes;
        let at = fixes.iter().position(|fix| fix.kind == FixKind::AllowFile).unwrap();
        (at, fixes[at].title.clone())
    });
    person.core(|core| core.dispatch(CheckCommand::Preview(at).into()));
    person.sees("What changes in the store");
    person.sees("Becomes public");
    // The dialog has grown by what it found out.
    person.looks_away();
    person.clicks("Apply");
    person.sees(&format!("Done: {title}"));
    person.waits_until("it is seen", |model| {
        model.check.found.known().is_some_and(|found| found.diagnosis.verdict == Verdict::Visible)
    });
    person.sees("There is nothing to mend");
    person.clicks("Undo");
    person.sees("It is as it was before");
    person.waits_until("it is not seen any more", |model| {
        model.check.found.known().is_some_and(|found| found.diagnosis.verdict == Verdict::NotVisible)
    });
    assert_eq!(
        history_of_policy(&mut person),
        [(Deed::Restore, None), (Deed::Change, Some(format!("Check: {title}")))],
        "what was mended and taken back stands in the history of changes, the newest first"
    );
}

fn history_of_policy(person: &mut Person) -> Vec<(Deed, Option<String>)> {
    let connection = person.model(|model| model.session.as_ref().unwrap().connection.id);
    let entries = person.core(|core| core.history.of_bucket(connection, BUCKET, 10)).unwrap();
    let of_policy = entries.into_iter().filter(|entry| entry.change.setting == SettingKind::Policy);
    of_policy.map(|entry| (entry.change.deed, entry.change.note)).collect()
}

#[test]
fn what_names_no_file_is_said_at_the_field_and_stays() {
    let mut person = with_a_slip(Window::default());
    checks(&mut person, "s3://acme-site-images");
    person.sees("This names the bucket acme-site-images, not a file in it");
    assert_eq!(person.model(|model| model.check.text.clone()), "s3://acme-site-images");
    checks(&mut person, "images/harbour.jpg");
    assert_eq!(verdict(&person), Verdict::Visible);
    // The answer that is still shown stays that of its own file.
    checks(&mut person, "s3://acme-site-images");
    person.sees("This names the bucket acme-site-images, not a file in it");
    person.clicks("Copy report");
    let copied = person.has_copied();
    assert!(copied.starts_with("images/harbour.jpg\n"), "{copied}");
}

#[test]
fn a_file_of_the_gallery_is_checked_and_the_answer_can_be_copied() {
    let mut person = with_a_slip(Window::default());
    person.core(|core| core.dispatch(CheckCommand::File("image/lake-morning.jpg".into()).into()));
    person.sees("Nobody outside can see this");
    person.clicks("Copy report");
    let copied = person.has_copied();
    assert!(copied.contains("Nobody outside can see this") && copied.contains("STOPS      Bucket policy"), "{copied}");
}

#[test]
fn the_answer_is_saved_to_read_and_for_programs() {
    let mut person = with_a_slip(Window::default());
    checks(&mut person, "image/lake-morning.jpg");
    let dir = tempfile::tempdir().unwrap();
    for name in ["answer.txt", "answer.json"] {
        person.will_pick(&[dir.path().join(name)]);
        person.clicks("Save report…");
        person.waits_until("it is saved", |_| dir.path().join(name).exists());
    }
    person.sees("Report saved");
    let text = std::fs::read_to_string(dir.path().join("answer.txt")).unwrap();
    assert!(text.starts_with("image/lake-morning.jpg\n  Nobody outside can see this. "), "{text}");
    let json = std::fs::read_to_string(dir.path().join("answer.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["verdict"].as_str(), json["cause"].as_str()), (Some("not-visible"), Some("policy")));
}

#[test]
fn a_chosen_file_is_checked_by_its_key_to_the_letter() {
    let mut person = with_a_slip(Window::default());
    // As an address each of these would be another file, or none.
    for key in ["images/ends with a blank ", "https://cdn.example/a.png", "s3://acme"] {
        person.puts(BUCKET, key, b"GIF89a");
        person.core(|core| core.dispatch(CheckCommand::File(key.into()).into()));
        person.waits_until("it is checked", |model| model.check.found.known().is_some() && model.check.text == key);
        let found = person.model(|model| {
            let found = model.check.found.known().unwrap();
            (found.target.spot.clone().unwrap().key, matches!(found.evidence.object, Read::Known { .. }))
        });
        assert_eq!(found, (key.to_owned(), true));
    }
}

#[test]
fn a_site_can_be_named_whose_pages_use_the_file() {
    let mut person = with_a_slip(Window::default());
    checks(&mut person, "images/harbour.jpg");
    assert_eq!(verdict(&person), Verdict::Visible);
    person.clicks("A page of another site uses it");
    person.fills("The site whose pages use it", "shop.example/cart");
    steady(&mut person);
    person.looks_away();
    person.looks_like("check_site_error_light");
    person.fills("The site whose pages use it", "https://shop.example/cart?a=b");
    person.clicks("Check what was typed");
    person.sees("Anyone can see this, but the page may not use it");
    person.clicks("A page of another site uses it");
    person.clicks("Check what was typed");
    person.waits_until("without the site again", |model| {
        model.check.found.known().is_some_and(|found| found.diagnosis.verdict == Verdict::Visible)
    });
}

#[test]
fn what_is_asked_is_said_while_the_answer_is_waited_for() {
    let mut person = with_a_slip(Window::default());
    // It is connected to, and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    person.fills("What to check", &format!("http://{}/a.png", silent.local_addr().unwrap()));
    person.clicks("Check what was typed");
    person.sees("The settings are read, and the file is asked for without sign-in");
}

#[test]
fn a_link_that_ends_opens_the_file() {
    let mut person = with_a_slip(Window::default());
    checks(&mut person, "image/lake-morning.jpg");
    person.core(|core| core.dispatch(CheckCommand::MakeLink(3_600).into()));
    person.sees("The link is copied");
    let link = person.has_copied();
    checks(&mut person, &link);
    assert!(verdict(&person).is_fetched(), "{:?}", verdict(&person));
    person.clicks("Copy report");
    assert!(!person.has_copied().contains("X-Amz-Signature"));
}

fn looks_at_the_slip(window: Window, name: &str) {
    let mut person = with_a_slip(window);
    checks(&mut person, "image/lake-morning.jpg");
    person.sees("Nobody outside can see this");
    steady(&mut person);
    person.looks_away();
    person.looks_like(name);
}

/// Times and ports are others each time.
fn steady(person: &mut Person) {
    let at: jiff::Timestamp = "2026-03-14T09:44:00Z".parse().unwrap();
    person.core(|core| {
        let Some(found) = core.model.check.found.known_mut() else { return };
        let evidence = &mut found.evidence;
        evidence.at = at;
        evidence.ground.practice_endpoint = Some("http://127.0.0.1:9000".to_owned());
        if let Read::Known { value: ObjectFound::Present(details), .. } = &mut evidence.object {
            details.modified = Some(at);
        }
        if let Observed::Answered(answer) = &mut evidence.observed {
            (answer.asked.at, answer.asked.took) = (at, Duration::from_millis(71));
            answer.headers.retain(|(name, _)| name != "date");
        }
        found.diagnosis = diagnose(&found.target, &found.evidence);
    });
}

#[test]
fn the_answer_looks_as_drawn() {
    looks_at_the_slip(Window { width: 1280.0, height: 800.0, dark: false }, "check_light");
}

#[test]
fn the_answer_looks_as_drawn_in_a_small_dark_window() {
    looks_at_the_slip(Window { width: 1024.0, height: 700.0, dark: true }, "check_small_dark");
}

#[test]
fn what_a_fix_changes_looks_as_drawn() {
    looks_at_a_fix(Window::default(), "check_preview_light");
}

#[test]
fn what_a_fix_changes_looks_as_drawn_in_a_small_dark_window() {
    looks_at_a_fix(Window { width: 1024.0, height: 700.0, dark: true }, "check_preview_small_dark");
}

fn looks_at_a_fix(window: Window, name: &str) {
    let mut person = with_a_slip(window);
    checks(&mut person, "image/lake-morning.jpg");
    person.sees("Nobody outside can see this");
    steady(&mut person);
    let at = person.model(|model| {
        let fixes = &model.check.found.known().unwrap().diagnosis.fixes;
        fixes.iter().position(|fix| fix.kind == FixKind::AllowFile).unwrap()
    });
    person.core(|core| core.dispatch(CheckCommand::Preview(at).into()));
    person.sees("Becomes public");
    person.looks_away();
    person.looks_like(name);
}

#[test]
fn a_refused_request_is_explained_and_can_be_sent_on() {
    is_refused(Window::default(), "why_refused_light");
}

#[test]
fn a_refused_request_is_explained_in_a_small_dark_window() {
    is_refused(Window { width: 1024.0, height: 700.0, dark: true }, "why_refused_small_dark");
}

fn is_refused(window: Window, name: &str) {
    let mut person = Person::practises_in(window);
    person.has_bucket("shop", &[("a.txt", b"a")]);
    let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ListBucket",
        "Resource":"arn:aws:s3:::shop"}]}"#;
    person.sets_policy("shop", deny);
    person.goes_to("shop", "");
    person.clicks("Why was I refused?");
    person.sees("arn:aws:s3:::shop");
    person.looks_away();
    person.looks_like(name);
    person.presses("Escape");
    person.no_longer_sees("Meet the condition");
    person.clicks("Why was I refused?");
    acts(&mut person);
}

/// The dialog's own button: the page beneath has one of the same name.
fn acts(person: &mut Person) {
    let why = person.model(|model| match &model.modal {
        Some(brimful::model::modal::Modal::WhyRefused(why)) => Some(why.clone()),
        _ => None,
    });
    let message = why.unwrap().message;
    assert!(message.contains("ListObjectsV2 is refused to me on the bucket shop"), "{message}");
    assert!(message.contains("s3:ListBucket"), "{message}");
}
