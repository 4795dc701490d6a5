//! A person at the page of permissions: writes a policy, sees what it would do, saves it, and takes it back.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use brimful::domain::connection::{Connection, ConnectionId, Target};
use brimful::domain::public_access::BlockPublicAccess;
use brimful::model::browse::Place;
use brimful::model::command::{BrowseCommand, Tab};
use brimful::model::permissions::draft::Draft;
use brimful::model::permissions::review::Stage;
use brimful::s3;

use crate::support::{Person, Window};

/// The name of the editor for assistive technology.
const EDITOR: &str = "Policy of acme-images";

const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0];

/// Anyone may view what lies under a prefix.
fn opens(prefix: &str) -> String {
    format!(
        r#"{{"Sid":"PublicReadPhotos","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-images/{prefix}*"}}"#
    )
}

/// What somebody else saves meanwhile.
const THEIRS: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Theirs","Effect":"Deny","Principal":"*",
"Action":"s3:*","Resource":"arn:aws:s3:::acme-images/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#;

fn somebody_else_saves(person: &Person) {
    person.does(async |store| s3::policy::put_bucket_policy(&store, "acme-images", THEIRS).await.unwrap());
}

/// Stands at the permissions of a bucket with a photograph in it.
fn at_the_permissions(window: Window) -> Person {
    let mut person = Person::practises_in(window);
    person.has_bucket("acme-images", &[("photos/a.jpg", JPEG), ("private/b.jpg", JPEG)]);
    looks_at_permissions(&mut person);
    person
}

fn looks_at_permissions(person: &mut Person) {
    person.goes_to("acme-images", "");
    person.core(|core| core.dispatch(BrowseCommand::ShowTab(Tab::Permissions).into()));
    person.waits_until("reading the policy", |model| {
        model.permissions.found.known().is_some()
            && model.permissions.beside.known().is_some()
            && model.permissions.current_reading().is_some()
    });
}

fn text(person: &Person) -> String {
    person.model(|model| model.permissions.draft().map(Draft::text).unwrap_or_default().to_owned())
}

/// What the bucket has, asked behind the window.
fn policy_of_the_bucket(person: &Person) -> Option<String> {
    person.does(async |store| s3::policy::get_bucket_policy(&store, "acme-images").await.unwrap())
}

/// What a stranger is answered for a key.
fn status_for_strangers(person: &Person, key: &str) -> u16 {
    let url = person.core(|core| format!("{}/acme-images/{key}", core.practice.as_ref().unwrap().endpoint()));
    person.does(async |_| s3::probe::probe(&s3::probe::Question::get(&url, 16)).await.unwrap().status)
}

fn waits_for_the_review(person: &mut Person) {
    person.waits_until("the review", |model| model.permissions.review.is_some());
}

fn saves(person: &mut Person, button: &str) {
    person.clicks(button);
    person.waits_until("saving", |model| model.permissions.review.is_none());
}

fn lets_public_policies_through(person: &Person) {
    person.does(async |store| {
        let block = BlockPublicAccess::FOR_PUBLIC_POLICY;
        s3::settings::put_public_access_block(&store, "acme-images", block).await.unwrap();
    });
}

#[test]
fn one_prefix_is_opened_seen_from_outside_and_shut_again() {
    let mut person = at_the_permissions(Window::default());
    person.sees("No policy");
    assert_eq!(status_for_strangers(&person, "photos/a.jpg"), 403);
    person.pastes(&opens("photos/"));
    person.sees("Draft, not saved");
    person.sees("Public: 1 statement");
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.sees("Save the policy of acme-images?");
    person.sees("Anyone on the internet can view files under photos/");
    person.model(|model| assert!(!model.permissions.review.as_ref().unwrap().can_save()));
    person.waits_until("the files", |model| model.permissions.files.known().is_some());
    person.sees("1 file in all. I know this and want it.");
    person.clicks("I know this and want it");
    person.fills("Why", "for the new site");
    let blocked = person.model(|model| model.permissions.review.as_ref().unwrap().obstacle.bucket.is_some());
    assert!(blocked, "a new bucket keeps public policies out");
    person.clicks("Lift the block of this bucket first");
    person.sees("1 more file");
    saves(&mut person, "Save policy");
    person.sees("Anyone can view photos/a.jpg");
    person.sees("fetched without sign-in, 200");
    assert_eq!(status_for_strangers(&person, "photos/a.jpg"), 200);
    assert_eq!(status_for_strangers(&person, "private/b.jpg"), 403);
    let block = person.does(async |store| s3::settings::get_public_access_block(&store, "acme-images").await);
    assert_eq!(block.value(), Some(&BlockPublicAccess::FOR_PUBLIC_POLICY), "only two flags are lifted");
    assert!(!person.does_see("Draft, not saved"));

    person.clicks("Undo the save");
    waits_for_the_review(&mut person);
    person.sees("Delete the policy of acme-images?");
    person.sees("Also set Block Public Access of this bucket as it was before that save");
    saves(&mut person, "Delete policy");
    person.sees("Strangers cannot view photos/a.jpg");
    assert_eq!(status_for_strangers(&person, "photos/a.jpg"), 403);
    assert_eq!(policy_of_the_bucket(&person), None);
    let block = person.does(async |store| s3::settings::get_public_access_block(&store, "acme-images").await);
    assert_eq!(block.value(), Some(&BlockPublicAccess::ALL), "all of that save is undone");
    let notes = person.core(|core| {
        let connection = core.model.session.as_ref().unwrap().connection.id;
        let changes = core.history.of_bucket(connection, "acme-images", 9).unwrap();
        changes.into_iter().map(|entry| entry.change.note).collect::<Vec<_>>()
    });
    let why = || Some("for the new site".to_owned());
    assert_eq!(notes, [None, None, why(), why()]);
}

#[test]
fn flags_that_somebody_set_otherwise_after_a_save_are_left_alone_by_its_undo() {
    let mut person = at_the_permissions(Window::default());
    person.pastes(&opens("photos/"));
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.clicks("I know this and want it");
    person.clicks("Lift the block of this bucket first");
    saves(&mut person, "Save policy");
    person.does(async |store| {
        s3::settings::put_public_access_block(&store, "acme-images", BlockPublicAccess::NONE).await.unwrap();
    });
    person.clicks("Undo the save");
    waits_for_the_review(&mut person);
    assert!(!person.does_see("Also set Block Public Access of this bucket as it was before that save"));
}

#[test]
fn a_draft_survives_a_restart() {
    let mut person = at_the_permissions(Window::default());
    person.pastes("{\"Version\": \"2012-10-17\", \"Sta");
    person.sees("Draft, not saved");
    let written = text(&person);
    let mut person = person.restarts();
    person.core(|core| {
        core.dispatch(BrowseCommand::Open(ConnectionId::PRACTICE).into());
    });
    person.waits_until("opening", |model| model.session.as_ref().is_some_and(|session| session.reached));
    looks_at_permissions(&mut person);
    assert_eq!(text(&person), written);
    person.sees("Draft, not saved");
}

#[test]
fn a_draft_stays_while_one_looks_elsewhere_and_goes_only_when_discarded() {
    let mut person = at_the_permissions(Window::default());
    person.has_bucket("acme-press", &[("logo.png", JPEG)]);
    person.pastes("{ \"mine\": 1 }");
    person.clicks("Gallery");
    person.core(|core| core.dispatch(BrowseCommand::Go(Place::bucket("acme-press")).into()));
    looks_at_permissions(&mut person);
    assert_eq!(text(&person), "{ \"mine\": 1 }");
    person.clicks("Discard");
    assert_eq!(text(&person), "");
    person.clicks("Bring it back");
    assert_eq!(text(&person), "{ \"mine\": 1 }");
}

#[test]
fn a_policy_that_changed_meanwhile_is_not_overwritten() {
    let mut person = at_the_permissions(Window::default());
    lets_public_policies_through(&person);
    person.pastes(&opens("photos/"));
    person.sees("Draft, not saved");
    somebody_else_saves(&person);
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.sees("Somebody changed the policy of acme-images meanwhile");
    for version in ["You began from", "The bucket has now", "Your draft"] {
        person.sees(version);
    }
    person.sees("Both of you changed line 1 of what you began from.");
    person.sees(r#"added: "Action":"s3:*","Resource":"arn:aws:s3:::acme-images/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#);
    person.model(|model| {
        assert!(matches!(model.permissions.review.as_ref().unwrap().stage, Stage::Conflict { .. }));
    });
    assert_eq!(policy_of_the_bucket(&person), Some(THEIRS.to_owned()));
    let mine = text(&person);
    person.clicks("Take theirs");
    assert_eq!(text(&person), THEIRS);
    person.clicks("Undo");
    assert_eq!(text(&person), mine, "the own text is one step back");
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.sees("Save the policy of acme-images?");
}

#[test]
fn a_policy_that_changes_while_the_review_is_open_is_not_overwritten() {
    let mut person = at_the_permissions(Window::default());
    lets_public_policies_through(&person);
    person.pastes(&opens("photos/"));
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    somebody_else_saves(&person);
    person.clicks("I know this and want it");
    person.clicks("Save policy");
    person.sees("Somebody changed the policy of acme-images meanwhile");
    assert_eq!(policy_of_the_bucket(&person), Some(THEIRS.to_owned()));
    person.clicks("Keep editing mine");
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.clicks("I know this and want it");
    saves(&mut person, "Save policy");
    assert!(policy_of_the_bucket(&person).unwrap().contains("PublicReadPhotos"));
}

#[test]
fn a_mistake_is_found_while_one_types_and_cured_with_a_click() {
    let mut person = at_the_permissions(Window::default());
    lets_public_policies_through(&person);
    looks_at_permissions(&mut person);
    person.pastes(&opens("photos/").replace("/photos/*", ""));
    person.sees("Draft, not saved");
    person.waits_until("reading", |model| model.permissions.current_reading().is_some_and(|it| it.is_refused()));
    let line = person.model(|model| {
        let reading = model.permissions.current_reading().unwrap();
        reading.findings.iter().find(|finding| finding.fix.is_some()).unwrap().line
    });
    person.clicks(&format!("Add /*: Line {line}"));
    person.waits_until("the cure", |model| {
        model.permissions.current_reading().is_some_and(|reading| !reading.is_refused())
    });
    assert!(text(&person).contains("arn:aws:s3:::acme-images/*"));
    person.clicks("Undo");
    assert!(!text(&person).contains("acme-images/*"));
}

#[test]
fn what_is_meant_is_no_longer_told() {
    let mut person = at_the_permissions(Window::default());
    lets_public_policies_through(&person);
    looks_at_permissions(&mut person);
    person.pastes(&opens("photos/"));
    person.sees("This statement makes the bucket public");
    let before = person.screen().matches("Meant so").count();
    person.clicks_cell("", "Meant so");
    assert_eq!(person.screen().matches("Meant so").count(), before - 1);
    // Saved or not, it stays meant: here and after a restart.
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.clicks("I know this and want it");
    saves(&mut person, "Save policy");
    let mut person = person.restarts();
    looks_at_permissions(&mut person);
    assert!(!person.does_see("Draft, not saved"));
    assert_eq!(person.screen().matches("Meant so").count(), before - 1);
}

#[test]
fn a_statement_pasted_into_nothing_becomes_a_policy_and_elsewhere_it_is_text() {
    let mut person = at_the_permissions(Window::default());
    person.pastes(&opens("photos/"));
    assert!(
        text(&person).starts_with("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n"),
        "{}",
        text(&person)
    );
    person.fills(EDITOR, "x");
    assert_eq!(text(&person), "x");
    person.presses("Ctrl+A");
    person.pastes("{\"Effect\":\"Deny\"}");
    assert_eq!(text(&person), "{\"Effect\":\"Deny\"}");
    person.presses("Ctrl+Z");
    assert_eq!(text(&person), "x");
}

#[test]
fn keys_of_the_editor_stay_in_the_editor() {
    let mut person = at_the_permissions(Window::default());
    person.clicks("Write a policy");
    person.types("{");
    assert!(text(&person).contains("    {}\n"), "{}", text(&person));
    person.presses("Enter");
    person.types("\"");
    assert!(text(&person).contains("    {\n      \"\"\n    }\n"), "{}", text(&person));
    person.presses("Ctrl+F");
    person.types("version");
    person.sees("1 of 1");
    person.model(|model| assert!(model.gallery.filter.is_empty()));
    person.presses("Escape");
    person.no_longer_sees("1 of 1");
}

#[test]
fn what_may_stand_there_is_offered_while_one_types() {
    let mut person = at_the_permissions(Window::default());
    person.clicks("Write a policy");
    person.types("{");
    person.types("\"");
    for letter in ["E", "f"] {
        person.types(letter);
    }
    person.sees("Effect");
    person.presses("Enter");
    assert!(text(&person).contains("\"Effect\": "), "{}", text(&person));
    person.presses("Ctrl+Space");
    person.presses("Escape");
    person.presses("Ctrl+Z");
    assert!(!text(&person).contains("\"Effect\": "), "the keyboard stays in the text: {}", text(&person));
}

#[test]
fn earlier_versions_tell_what_they_changed_and_are_brought_back() {
    let mut person = at_the_permissions(Window::default());
    lets_public_policies_through(&person);
    looks_at_permissions(&mut person);
    person.pastes(&opens("photos/"));
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.clicks("I know this and want it");
    saves(&mut person, "Save policy");
    person.fills(EDITOR, "");
    person.pastes(&opens("photos/2026/"));
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    if person.model(|model| model.permissions.review.as_ref().unwrap().needs_acknowledgement()) {
        person.clicks("I know this and want it");
    }
    saves(&mut person, "Save policy");
    assert_eq!(status_for_strangers(&person, "photos/a.jpg"), 403);

    person.clicks("More about the policy");
    person.clicks("Earlier versions…");
    person.sees("Earlier versions of the policy of acme-images");
    person.waits_until("the versions", |model| model.permissions.history.known().is_some_and(|all| all.len() == 2));
    person.sees("2 lines");
    person.clicks("Compared with");
    let first = person.screen().lines().rfind(|line| line.starts_with("Today")).unwrap().to_owned();
    person.clicks(&first);
    person.sees("2 lines");
    person.clicks("Bring back what was before…");
    waits_for_the_review(&mut person);
    person.sees("Bring back this policy of acme-images?");
    person.clicks("I know this and want it");
    saves(&mut person, "Save policy");
    person.sees("Anyone can view photos/a.jpg");
    assert_eq!(status_for_strangers(&person, "photos/a.jpg"), 200);
    assert!(text(&person).contains("photos/*"), "the text follows the bucket");
}

/// From now on somebody signs in who may list and read files, and nothing else.
fn is_somebody_who_may_only_look(person: &Person) {
    const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["s3:ListBucket","s3:GetObject","s3:ListAllMyBuckets"],"Resource":"*"}]}"#;
    let user = brimful::practice::User {
        name: "ann".to_owned(),
        access_key_id: "KEY-ann".to_owned(),
        secret_access_key: "a-secret-for-practice".to_owned(),
        account_id: None,
        policy: Some(POLICY.to_owned()),
    };
    let connection = Connection {
        id: ConnectionId::PRACTICE,
        name: "Ann".to_owned(),
        target: Target::Practice,
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    person.core(|core| {
        let practice = core.practice.clone().unwrap();
        practice.set_users(vec![user]).unwrap();
        let access = s3::connect::PracticeAccess {
            endpoint: practice.endpoint(),
            access_key_id: "KEY-ann".to_owned(),
            secrets: s3::secrets::Secrets::new("a-secret-for-practice", None),
        };
        let store = core.worker.handle().block_on(s3::connect::connect(&connection, None, Some(access)));
        core.store = Some(store.unwrap());
    });
}

#[test]
fn a_policy_that_may_not_be_read_can_still_be_written_and_checked() {
    let mut person = at_the_permissions(Window::default());
    person.clicks("Gallery");
    is_somebody_who_may_only_look(&person);
    looks_at_permissions(&mut person);
    person.sees("A policy that you may not read");
    person.pastes(&opens("photos/").replace("/photos/*", ""));
    person.sees("The policy of this bucket may not be read.");
    person.sees("s3:GetBucketPolicy");
    person.sees("This action works on files, but the resource names only the bucket");
    person.sees("Cannot be read: needs s3:GetBucketPublicAccessBlock");
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.sees("What the bucket has now may not be read");
    if person.model(|model| model.permissions.review.as_ref().unwrap().needs_acknowledgement()) {
        person.clicks("I know this and want it");
    }
    person.clicks("Save policy");
    person.sees("It was not saved.");
    person.clicks("Keep editing");
    person.sees("Draft, not saved");
}

/// The policy of the pictures: one mistake, one public statement.
const PICTURED: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "PublicReadPhotos",
      "Effect": "Allow",
      "Principal": "*",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::acme-images/photos/*"
    },
    {
      "Sid": "UploadersMayWrite",
      "Effect": "Allow",
      "Principal": { "AWS": "arn:aws:iam::111122223333:role/site-uploader" },
      "Action": "s3:PutObject",
      "Resource": "arn:aws:s3:::acme-images"
    }
  ]
}"#;

fn pictured(window: Window) -> Person {
    let mut person = at_the_permissions(window);
    lets_public_policies_through(&person);
    looks_at_permissions(&mut person);
    person.pastes(PICTURED);
    person.waits_until("reading", |model| model.permissions.current_reading().is_some_and(|it| it.is_refused()));
    // Away from the text, whose cursor blinks.
    person.clicks("Permissions");
    person.stops_the_clocks();
    person.looks_away();
    person
}

#[test]
fn the_page_looks_as_drawn() {
    pictured(Window::default()).looks_like("permissions_light");
}

#[test]
fn the_page_looks_as_drawn_in_the_dark() {
    pictured(Window { dark: true, ..Window::default() }).looks_like("permissions_dark");
}

#[test]
fn the_page_looks_as_drawn_in_a_small_window() {
    pictured(Window { width: 1024.0, height: 700.0, dark: false }).looks_like("permissions_1024x700");
}

fn reviews(dark: bool) -> Person {
    let mut person = at_the_permissions(Window { dark, ..Window::default() });
    person.pastes(&opens("photos/"));
    person.stops_the_clocks();
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.waits_until("the files", |model| model.permissions.files.known().is_some());
    person.looks_away();
    person
}

#[test]
fn the_review_looks_as_drawn() {
    reviews(false).looks_like("permissions_review_light");
}

#[test]
fn the_review_looks_as_drawn_in_the_dark() {
    reviews(true).looks_like("permissions_review_dark");
}

#[test]
fn a_conflict_shows_what_each_side_made_of_the_text() {
    let mut person = at_the_permissions(Window::default());
    lets_public_policies_through(&person);
    let begun = PICTURED.replace(r#"{ "AWS": "arn:aws:iam::111122223333:role/site-uploader" }"#, "\"*\"");
    let begun = begun.replace("acme-images\"", "acme-images/uploads/*\"");
    person.does(async |store| s3::policy::put_bucket_policy(&store, "acme-images", &begun).await.unwrap());
    looks_at_permissions(&mut person);
    person.fills(EDITOR, &begun.replace("photos/*", "press/*"));
    let theirs = begun.replace("PublicReadPhotos", "Photos");
    person.does(async |store| s3::policy::put_bucket_policy(&store, "acme-images", &theirs).await.unwrap());
    person.stops_the_clocks();
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.sees("They and you changed different places.");
    person.looks_away();
    person.looks_like("permissions_conflict");
}
