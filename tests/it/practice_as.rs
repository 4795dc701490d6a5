//! A person adds somebody who may less to practice storage, and looks at it as that one would see it.

use brimful::practice::CONTENTS;

use crate::support::{Person, Window};

fn opens_the_settings(person: &mut Person) {
    person.clicks("Start practising");
    person.sees("No bucket yet");
    person.presses("Ctrl+Comma");
    person.sees("Add a user…");
}

#[test]
fn somebody_who_may_not_list_buckets_is_staged_and_tried() {
    let mut person = Person::starts_brimful();
    opens_the_settings(&mut person);
    person.clicks("Add a user…");
    person.sees("Add a user of practice storage");
    person.clicks("Add user");
    person.sees("A user needs a name");
    person.fills("Name", "ann");
    person.clicks("Not list buckets");
    person.clicks("Add user");
    person.sees("ann is added");
    person.sees("By its policy");
    let secret = person.core(|core| core.practice.as_ref().unwrap().users()[0].secret_access_key.clone());
    assert!(!person.does_see(&secret));
    person.clicks("Copy the secret key of ann");
    assert_eq!(person.copied().as_deref(), Some(secret.as_str()));

    person.clicks("Open practice storage as ann");
    person.waits_until("the connection is open", |model| {
        model.session.as_ref().is_some_and(|session| session.reached && session.connection.name == "Practice as ann")
    });
    person.sees("s3:ListAllMyBuckets");
}

#[test]
fn whoever_lacks_a_permission_gets_the_statement_that_would_help() {
    let mut person = Person::practises_in(Window::default());
    person.has_bucket("shop", &[("a.png", b"a")]);
    person.presses("Ctrl+Comma");
    person.clicks("Add a user…");
    person.fills("Name", "ann");
    let policy = r#"{"Statement":{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}}"#;
    person.fills("Identity policy", policy);
    person.clicks("Add user");
    person.sees("ann is added");
    person.clicks("Open practice storage as ann");
    person.waits_until("the connection is open", |model| {
        model.session.as_ref().is_some_and(|session| session.reached && session.connection.name == "Practice as ann")
    });
    person.goes_to("shop", "");
    person.sees("You may not see what is in shop");
    person.clicks("Copy the policy statement");
    let statement: serde_json::Value = serde_json::from_str(&person.has_copied()).unwrap();
    let wanted = serde_json::json!({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::shop"});
    assert_eq!(statement, wanted);
}

#[test]
fn what_cannot_be_is_said_at_the_field_and_nothing_typed_is_lost() {
    let mut person = Person::starts_brimful();
    opens_the_settings(&mut person);
    person.clicks("Add a user…");
    person.fills("Name", "an n");
    person.sees("Only letters, digits and +=,.@_-");
    person.fills("Name", "bob");
    person.fills("Account", "12");
    person.sees("The number of an account has twelve digits");
    person.fills("Account", "111122223333");
    person.fills("Identity policy", r#"{"Statement":{"Effect":"allow","Action":"s3:*","Resource":"*"}}"#);
    person.sees("Line 1:");
    person.clicks("Add user");
    person.sees("Add a user of practice storage");
    person.fills("Identity policy", r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#);
    person.clicks("Add user");
    person.sees("bob is added");
    let user = person.core(|core| core.practice.as_ref().unwrap().users()[0].clone());
    assert_eq!((user.name.as_str(), user.account_id.as_deref()), ("bob", Some("111122223333")));

    person.clicks("More about bob");
    person.clicks("Change…");
    person.sees("Change bob");
    person.fills("Name", "eve");
    person.clicks("Save user");
    person.sees("eve is changed");
    let changed = person.core(|core| core.practice.as_ref().unwrap().users()[0].clone());
    assert_eq!(changed.access_key_id, user.access_key_id);

    person.clicks("More about eve");
    person.clicks("Remove…");
    person.sees("Remove eve from practice storage?");
    person.clicks("Remove eve");
    person.sees("eve is removed");
    assert!(person.core(|core| core.practice.as_ref().unwrap().users().is_empty()));
}

#[test]
fn removing_practice_data_leaves_nothing_of_it() {
    let mut person = Person::starts_brimful();
    opens_the_settings(&mut person);
    person.clicks("Add a user…");
    person.fills("Name", "ann");
    person.clicks("Add user");
    person.sees("ann is added");
    let dir = person.home().join("practice");
    for entry in std::fs::read_dir(&dir).unwrap() {
        let name = entry.unwrap().file_name();
        assert!(CONTENTS.iter().any(|known| **known == *name), "{} is not known as practice storage's", name.display());
    }
    person.clicks("Remove practice data…");
    person.fills("Type the name", "practice");
    person.clicks("Remove practice data");
    person.sees("Practice storage is empty, as at the beginning");
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0);
}
