//! A person who does not write JSON: fills a template in, changes cards, reads what it means and what it would change.

#![expect(clippy::unwrap_used, reason = "in a test, what is missing ends it")]

use brimful::domain::policy::Policy;
use brimful::domain::public_access::BlockPublicAccess;
use brimful::model::command::{BrowseCommand, Tab};
use brimful::model::permissions::draft::Draft;
use brimful::s3;

use crate::support::{Person, Window};

const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0];

/// The policy of the picture: a public folder, an uploader whose statement meets nothing, HTTPS only.
const PICTURE: &str = r#"{
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
    },
    {
      "Sid": "HttpsOnly",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": [
        "arn:aws:s3:::acme-images",
        "arn:aws:s3:::acme-images/*"
      ],
      "Condition": { "Bool": { "aws:SecureTransport": "false" } }
    }
  ]
}"#;

fn at_the_permissions(window: Window) -> Person {
    let mut person = Person::practises_in(window);
    person.has_bucket("acme-images", &[("photos/2026/a.jpg", JPEG), ("private/b.jpg", JPEG)]);
    person.does(async |store| {
        let block = BlockPublicAccess::FOR_PUBLIC_POLICY;
        s3::settings::put_public_access_block(&store, "acme-images", block).await.unwrap();
    });
    person.goes_to("acme-images", "");
    person.core(|core| core.dispatch(BrowseCommand::ShowTab(Tab::Permissions).into()));
    person.waits_until("reading the policy", |model| {
        model.permissions.beside.known().is_some() && model.permissions.meaning.known().is_some()
    });
    person
}

fn text(person: &Person) -> String {
    person.model(|model| model.permissions.draft().map(Draft::text).unwrap_or_default().to_owned())
}

fn waits_for_the_meaning(person: &mut Person) {
    person.waits_until("what it means", |model| {
        let text = model.permissions.draft().map(Draft::text);
        model.permissions.meaning.known().map(|meaning| meaning.text.as_str()) == text
    });
}

fn waits_for_the_review(person: &mut Person) {
    person
        .waits_until("the review", |model| model.permissions.review.is_some() && !model.permissions.files.is_pending());
}

#[test]
fn a_template_is_filled_in_and_says_what_it_does() {
    let mut person = at_the_permissions(Window::default());
    person.clicks("Insert…");
    person.clicks("Anyone can view files");
    person.sees("Anyone on the internet can open a file whose address they know");
    person.fills("Only files under (empty for every file)", "/photos");
    person.sees("Keys have no slash in front. Leave it out");
    person.fills("Only files under (empty for every file)", "photos/");
    person.sees("Anyone on the internet can view files under photos/");
    person.clicks("Insert");
    let policy = Policy::parse(&text(&person)).unwrap();
    assert_eq!(policy.statements[0].sid.as_deref(), Some("PublicRead"));
    waits_for_the_meaning(&mut person);
    person.sees("It does not let anyone upload, delete or list the files");
    person.sees("Anyone, view: partly, anyone on the internet");
    person.sees("Account owner, delete: yes");
}

#[test]
fn cards_change_the_text_and_nothing_else_of_it() {
    let mut person = at_the_permissions(Window::default());
    person.pastes(PICTURE);
    person.clicks("Form");
    person.sees_widget_named("List, statement 1");
    person.clicks("List, statement 1");
    person.clicks("Listing works on the bucket itself. Add it");
    person.clicks("Add a limit, statement 1");
    person.clicks("Over HTTPS");
    let after = text(&person);
    let policy = Policy::parse(&after).unwrap();
    let before = Policy::parse(PICTURE).unwrap();
    assert_eq!(policy.statements[1..], before.statements[1..]);
    let first = policy.statements[0].to_json();
    assert_eq!(first["Action"], serde_json::json!(["s3:GetObject", "s3:ListBucket"]));
    assert_eq!(first["Resource"][1], "arn:aws:s3:::acme-images");
    assert_eq!(first["Condition"]["Bool"]["aws:SecureTransport"], "true");
    for _ in 0..3 {
        person.clicks("Undo");
    }
    assert_eq!(text(&person), PICTURE, "each change is one step back");
}

#[test]
fn fields_of_a_card_are_written_when_they_are_left() {
    let mut person = at_the_permissions(Window::default());
    person.pastes(PICTURE);
    person.clicks("Form");
    person.fills("Files under, statement 1", "press/");
    person.presses("Enter");
    person.waits_a_moment();
    assert!(text(&person).contains("acme-images/press/*"), "{}", text(&person));
    person.clicks("Remove statement 2");
    assert!(!text(&person).contains("site-uploader"));
    person.clicks("Move statement 2 up");
    let policy = Policy::parse(&text(&person)).unwrap();
    let names: Vec<_> = policy.statements.iter().map(|s| s.sid.clone().unwrap()).collect();
    assert_eq!(names, ["HttpsOnly", "PublicReadPhotos"]);
}

#[test]
fn what_the_form_does_not_know_is_kept_as_written() {
    let odd = PICTURE.replace("\"Effect\": \"Deny\"", "\"Effect\": \"Never\"");
    let mut person = at_the_permissions(Window::default());
    person.pastes(&odd);
    person.clicks("Form");
    person.sees("Kept as written");
    person.clicks("Delete, statement 1");
    let after = text(&person);
    assert!(after.contains("\"Effect\": \"Never\""));
    assert_eq!(
        after.replacen("[\n        \"s3:GetObject\",\n        \"s3:DeleteObject\"\n      ]", "\"s3:GetObject\"", 1),
        odd
    );
}

#[test]
fn a_statement_that_meets_nothing_is_told() {
    let mut person = at_the_permissions(Window::default());
    person.pastes(PICTURE);
    waits_for_the_meaning(&mut person);
    person.sees("can do nothing yet: line 16 names the bucket, not the files in it");
    person.sees("Nobody can use plain http, not even you");
    person.sees("site-uploader, upload: meant, but nothing matches");
    person.sees("Over http, view: no");
}

#[test]
fn the_review_tells_what_changes_for_people() {
    let mut person = at_the_permissions(Window::default());
    let before = PICTURE.replace("photos/*", "photos/2026/*").replace(
        ":::acme-images\"\n    },\n    {\n      \"Sid\": \"Https",
        ":::acme-images/in/*\"\n    },\n    {\n      \"Sid\": \"Https",
    );
    person.sets_policy("acme-images", &before);
    person.core(|core| core.dispatch(brimful::model::permissions::PermissionsCommand::Read.into()));
    person.waits_until("the policy", |model| model.permissions.draft().is_some_and(|d| d.text().contains("2026")));
    let after = before.replace("photos/2026/*", "photos/*").replace("acme-images/in/*", "acme-images/*");
    person.core(|core| {
        let command = brimful::model::permissions::PermissionsCommand::Replace { text: after, caret: None };
        core.dispatch(command.into());
    });
    person.stops_the_clocks();
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.sees("Becomes public");
    person.sees("Anyone on the internet can view files under photos/");
    person.sees("Until now only files under photos/2026/");
    person.sees("can upload every file of acme-images");
    person.sees("Nothing that works today stops working");
    person.sees("4 lines");
    person.model(|model| assert!(model.permissions.review.as_ref().unwrap().needs_acknowledgement()));
    person.looks_like("policy_review");
}

#[test]
fn a_policy_written_differently_is_no_change() {
    let mut person = at_the_permissions(Window::default());
    let before = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-images/*"}]}"#;
    person.sets_policy("acme-images", before);
    person.core(|core| core.dispatch(brimful::model::permissions::PermissionsCommand::Read.into()));
    person.waits_until("the policy", |model| model.permissions.draft().is_some_and(|d| d.text().contains("images/*")));
    let after = before.replace("\"Principal\":\"*\"", "\"Sid\":\"Named\",\"Principal\":{\"AWS\":\"*\"}");
    person.core(|core| {
        let command = brimful::model::permissions::PermissionsCommand::Replace { text: after, caret: None };
        core.dispatch(command.into());
    });
    person.clicks("Review and save…");
    waits_for_the_review(&mut person);
    person.sees("Everyone can do exactly what they can do now");
    person.model(|model| assert!(!model.permissions.review.as_ref().unwrap().needs_acknowledgement()));
}

#[test]
fn a_request_is_tried_on_the_draft() {
    let mut person = at_the_permissions(Window::default());
    person.pastes(PICTURE);
    waits_for_the_meaning(&mut person);
    person.fills("File to try", "photos/2026/a.jpg");
    person.sees("Would be allowed by PublicReadPhotos");
    person.fills("File to try", "private/b.jpg");
    person.sees("Would be refused");
    person.clicks("Who asks");
    person.clicks("Account owner");
    person.sees("Would be allowed");
    person.clicks("More about the request");
    person.clicks("Over plain http");
    person.sees("Would be refused by HttpsOnly");
}

#[test]
fn a_request_is_tried_with_the_keys_that_the_policy_looks_at() {
    let mut person = at_the_permissions(Window::default());
    person.pastes(
        r#"{"Sid":"Logos","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-images/*",
        "Condition":{"StringEquals":{"s3:ExistingObjectTag/kind":"logo"}}}"#,
    );
    waits_for_the_meaning(&mut person);
    person.fills("File to try", "a.jpg");
    person.sees("Would be refused");
    person.clicks("More about the request");
    person.fills("s3:ExistingObjectTag/kind", "logo");
    person.sees("Would be allowed by Logos");
    person.fills("s3:ExistingObjectTag/kind", "photo");
    person.sees("Would be refused");
}

/// The page as text and as a form.
fn looks_right(name: &str, window: Window) {
    let mut person = at_the_permissions(window);
    person.pastes(PICTURE);
    waits_for_the_meaning(&mut person);
    person.looks_like(name);
    person.clicks("Form");
    person.sees_widget_named("List, statement 1");
    person.looks_like(&format!("{name}_form"));
}

#[test]
fn the_page_looks_right_in_light() {
    looks_right("policy_light", Window::default());
}

#[test]
fn the_page_looks_right_in_dark() {
    looks_right("policy_dark", Window { dark: true, ..Window::default() });
}

#[test]
fn the_page_looks_right_in_a_small_window() {
    looks_right("policy_1024x700", Window { width: 1024.0, height: 700.0, ..Window::default() });
}

#[test]
fn a_template_looks_right() {
    let mut person = at_the_permissions(Window::default());
    person.clicks("Insert…");
    person.clicks("Nothing from other addresses");
    person.fills("Addresses or ranges", "203.0.113.0/24");
    person.sees("elsewhere than 203.0.113.0/24");
    person.looks_like("policy_template");
}
