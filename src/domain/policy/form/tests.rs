use super::*;
use crate::domain::arn::Partition;
use crate::domain::policy::{Policy, template, testing};
use proptest::prelude::*;
use serde_json::Value as Json;
use test_case::test_case;

const SCENE: Scene<'static> = Scene { bucket: "b", partition: Partition::Aws, owner: None };

/// Written by hand, with what the form does not know and a layout of its own.
const TEXT: &str = r#"{
  "Version": "2012-10-17",
  "Id": "hand-made",
  "Statement": [
    {
      "Effect": "Allow",
      "Sid": "Photos",
      "Principal": { "AWS": "arn:aws:iam::111122223333:role/up" },
      "Action": ["s3:GetObject", "s3:GetObjectTagging"],
      "Resource": [
        "arn:aws:s3:::b/photos/*"
      ],
      "Condition": { "StringLike": { "aws:Referer": "https://a/*" }, "Null": { "aws:Foo": "true" } }
    },
    { "Effect": "Permit", "Comment": "not read by the form" },
    {
      "Sid": "HttpsOnly",
      "Effect": "Deny",
      "Principal": "*",
      "Action": "s3:*",
      "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
      "Condition": { "Bool": { "aws:SecureTransport": "false" } }
    }
  ]
}
"#;

fn change(statement: usize, change: StatementChange) -> FormEdit {
    FormEdit::Change { statement, change }
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_cards_of_a_policy() {
    let form = Form::read(TEXT, &SCENE).unwrap();
    assert_eq!(form.cards.len(), 3);
    let first = form.fields(0).unwrap();
    assert_eq!((first.sid.as_deref(), first.effect), (Some("Photos"), Effect::Allow));
    assert!(first.what.has(Deed::View) && !first.what.has(Deed::Upload));
    assert_eq!(first.what.others().collect::<Vec<_>>(), ["s3:GetObjectTagging"]);
    assert_eq!(first.which.places, [Place::Under("photos/".to_owned())]);
    assert_eq!(first.only_if[0].kind, Some(LimitKind::Referer));
    assert_eq!(first.only_if[1].kind, None);
    let CardContent::AsWritten { text, findings } = &form.cards[1].content else { panic!("read after all") };
    assert!(text.starts_with("{ \"Effect\": \"Permit\""));
    assert!(!findings.is_empty());
    let last = form.fields(2).unwrap();
    assert!(last.who.is_anyone() && last.what.has(Deed::Everything));
    assert_eq!(last.which.places, [Place::Bucket, Place::AllFiles]);
    assert_eq!(last.only_if[0].kind, Some(LimitKind::Https));
}

/// What an edit puts where; all else of the text stays letter by letter.
#[test_case(&change(0, StatementChange::Effect(Effect::Deny)), "\"Effect\": \"Allow\"", "\"Effect\": \"Deny\""; "effect")]
#[test_case(&change(0, StatementChange::Sid(Some("P".to_owned()))), "\"Photos\"", "\"P\""; "name")]
#[test_case(&change(0, StatementChange::Sid(None)), "\n      \"Sid\": \"Photos\",", ""; "no name")]
#[test_case(&change(0, StatementChange::Anyone), "{ \"AWS\": \"arn:aws:iam::111122223333:role/up\" }", "\"*\""; "anyone")]
#[test_case(&change(0, StatementChange::AddPerson(Principal::Aws("999988887777".to_owned()))), "\"arn:aws:iam::111122223333:role/up\" }", "[\n        \"arn:aws:iam::111122223333:role/up\",\n        \"999988887777\"\n      ] }"; "one person more")]
#[test_case(&change(0, StatementChange::AddPerson(Principal::Service("cloudfront.amazonaws.com".to_owned()))), "role/up\" }", "role/up\", \"Service\": \"cloudfront.amazonaws.com\" }"; "a service more")]
#[test_case(&change(2, StatementChange::OnlyPerson(Principal::Aws("999988887777".to_owned()))), "\"Principal\": \"*\"", "\"Principal\": {\n        \"AWS\": \"999988887777\"\n      }"; "somebody instead of anyone")]
#[test_case(&change(0, StatementChange::Deed(Deed::Upload, true)), "\"s3:GetObjectTagging\"]", "\"s3:GetObjectTagging\", \"s3:PutObject\"]"; "one deed more")]
#[test_case(&change(0, StatementChange::Deed(Deed::View, false)), "\"s3:GetObject\", ", ""; "one deed less")]
#[test_case(&change(0, StatementChange::Deed(Deed::Everything, true)), "\"s3:GetObject\", \"s3:GetObjectTagging\"]", "\"s3:GetObjectTagging\", \"s3:*\"]"; "everything")]
#[test_case(&change(2, StatementChange::Deed(Deed::View, true)), "\"Action\": \"s3:*\"", "\"Action\": \"s3:GetObject\""; "one instead of everything")]
#[test_case(&change(0, StatementChange::RemoveAction("s3:getobjecttagging".to_owned())), ", \"s3:GetObjectTagging\"", ""; "an action less, whatever its case")]
#[test_case(&change(0, StatementChange::AddPlace(Place::Bucket)), "photos/*\"\n", "photos/*\",\n        \"arn:aws:s3:::b\"\n"; "one place more")]
#[test_case(&change(0, StatementChange::SetPlace(0, Place::AllFiles)), "b/photos/*", "b/*"; "another place")]
#[test_case(&change(2, StatementChange::RemovePlace(0)), "[\"arn:aws:s3:::b\", \"arn", "[\"arn"; "one place less")]
#[test_case(&change(0, StatementChange::SetLimit(0, vec!["https://b/*".to_owned()])), "https://a/*", "https://b/*"; "another value")]
#[test_case(&change(0, StatementChange::RemoveLimit(1)), ", \"Null\": { \"aws:Foo\": \"true\" }", ""; "one limit less")]
#[test_case(&change(2, StatementChange::RemoveLimit(0)), ",\n      \"Condition\": { \"Bool\": { \"aws:SecureTransport\": \"false\" } }", ""; "the last limit")]
#[test_case(&FormEdit::Remove { statement: 1 }, "{ \"Effect\": \"Permit\", \"Comment\": \"not read by the form\" },\n    ", ""; "a statement less")]
fn an_edit_touches_only_its_place(edit: &FormEdit, from: &str, to: &str) {
    let at = TEXT.find(from).unwrap();
    let expected = format!("{}{to}{}", &TEXT[..at], &TEXT[at + from.len()..]);
    assert_eq!(edit.apply(TEXT, &SCENE).as_deref(), Ok(expected.as_str()));
}

#[test]
fn a_limit_more_keeps_those_there() {
    let kind = LimitKind::Organization;
    let after = change(0, StatementChange::AddLimit(kind, vec!["o-x".to_owned()])).apply(TEXT, &SCENE).unwrap();
    let mut expected = json(TEXT);
    expected["Statement"][0]["Condition"]["StringEquals"] = serde_json::json!({"aws:PrincipalOrgID": "o-x"});
    assert_eq!(json(&after), expected);
    let again = change(0, StatementChange::AddLimit(kind, vec!["o-y".to_owned()])).apply(&after, &SCENE);
    assert_eq!(again, Err(FormError::AlreadyThere));
}

#[test_case(Place::Under("photos/".to_owned()), "\"arn:aws:s3:::b/photos/*\""; "some files take the place of every file")]
#[test_case(Place::File("a.jpg".to_owned()), "\"arn:aws:s3:::b/a.jpg\""; "one file as well")]
#[test_case(Place::Bucket, "[\"arn:aws:s3:::b/*\",\"arn:aws:s3:::b\"]"; "the bucket itself stands beside them")]
fn a_place_more_never_leaves_every_file_open_beside_some(place: Place, expected: &str) {
    let every =
        r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;
    let after = change(0, StatementChange::AddPlace(place)).apply(every, &SCENE).unwrap();
    assert_eq!(json(&after)["Statement"][0]["Resource"], json(expected), "{after}");
}

#[test]
fn statements_change_places_whole() {
    let after = FormEdit::Move { from: 2, to: 0 }.apply(TEXT, &SCENE).unwrap();
    let (before, after_json) = (json(TEXT), json(&after));
    let moved: Vec<&Json> = [2, 0, 1].iter().map(|at| &before["Statement"][at]).collect();
    assert_eq!(after_json["Statement"].as_array().unwrap().iter().collect::<Vec<_>>(), moved);
    assert_eq!(FormEdit::Move { from: 0, to: 2 }.apply(&after, &SCENE).as_deref(), Ok(TEXT), "and back again");
}

#[test_case(&change(1, StatementChange::Effect(Effect::Deny)), FormError::AsWritten; "not to be filled in")]
#[test_case(&change(7, StatementChange::Anyone), FormError::Gone; "no such statement")]
#[test_case(&change(0, StatementChange::RemovePerson(0)), FormError::LastOne; "the last person")]
#[test_case(&change(0, StatementChange::RemovePlace(0)), FormError::LastOne; "the last place")]
#[test_case(&change(2, StatementChange::Deed(Deed::Everything, false)), FormError::LastOne; "the last deed")]
#[test_case(&change(0, StatementChange::AddPlace(Place::Under(" ".to_owned()))), FormError::Empty; "an empty place")]
#[test_case(&change(0, StatementChange::AddPlace(Place::Under("photos/".to_owned()))), FormError::AlreadyThere; "a place twice")]
#[test_case(&change(0, StatementChange::SetLimit(9, vec!["x".to_owned()])), FormError::Gone; "no such limit")]
#[test_case(&FormEdit::Move { from: 0, to: 3 }, FormError::Gone; "behind the end")]
fn refusals(edit: &FormEdit, expected: FormError) {
    assert_eq!(edit.apply(TEXT, &SCENE), Err(expected));
}

fn public_read() -> FormEdit {
    FormEdit::Add(Box::new(template::public_read("b", Partition::Aws, Some("photos/"))))
}

#[test]
fn a_statement_goes_into_any_document() {
    let added = json(&public_read().apply("", &SCENE).unwrap())["Statement"][0].clone();
    for text in
        ["{}", r#"{"Statement":[]}"#, r#"{"Version":"2012-10-17","Statement":[]}"#, "{\n\t\"Statement\": []\n}", "  \n"]
    {
        let after = public_read().apply(text, &SCENE).unwrap();
        assert_eq!(json(&after)["Statement"], serde_json::json!([added]), "{text}");
    }
}

#[test]
fn a_lone_statement_becomes_the_first_of_a_list() {
    let text = "{\n  \"Statement\": {\n    \"Effect\": \"Allow\",\n    \"Principal\": \"*\",\n    \"Action\": \"s3:GetObject\",\n    \"Resource\": \"arn:aws:s3:::b/*\"\n  }\n}";
    let after = public_read().apply(text, &SCENE).unwrap();
    assert!(after.starts_with("{\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n"), "{after}");
    assert_eq!(json(&after)["Statement"][0], json(text)["Statement"]);
    assert_eq!(json(&after)["Statement"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    let taken = r#"{"Statement":[{"Sid":"PublicRead","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}]}"#;
    let after = public_read().apply(taken, &SCENE).unwrap();
    assert_eq!(json(&after)["Statement"][1]["Sid"], "PublicRead2");
    assert!(after.starts_with(&taken[..taken.len() - 2]), "one line stays one line");
    assert_eq!(public_read().apply(&after, &SCENE), Err(FormError::AlreadyThere));
}

#[test_case("arn:aws:s3:::b", &Place::Bucket)]
#[test_case("arn:aws:s3:::b/*", &Place::AllFiles)]
#[test_case("arn:aws:s3:::b/photos/*", &Place::Under("photos/".to_owned()); "a folder")]
#[test_case("arn:aws:s3:::b/IMG_*", &Place::Under("IMG_".to_owned()); "a start of names")]
#[test_case("arn:aws:s3:::b/a.txt", &Place::File("a.txt".to_owned()); "a file")]
#[test_case("arn:aws:s3:::b/*.jpg", &Place::Other("arn:aws:s3:::b/*.jpg".to_owned()); "an ending")]
#[test_case("arn:aws:s3:::b/${aws:username}/*", &Place::Other("arn:aws:s3:::b/${aws:username}/*".to_owned()); "a variable")]
#[test_case("arn:aws-cn:s3:::b/*", &Place::Other("arn:aws-cn:s3:::b/*".to_owned()); "another partition")]
#[test_case("arn:aws:s3:::b/", &Place::Other("arn:aws:s3:::b/".to_owned()); "no key")]
fn places(resource: &str, expected: &Place) {
    assert_eq!(&Place::read(resource, &SCENE), expected);
    assert_eq!(expected.resource(&SCENE), resource);
}

#[test]
fn what_ticked_deeds_need() {
    let fields = |action: &str, resource: &str| {
        let text = format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":"*","Action":{action},"Resource":"{resource}"}}}}"#
        );
        Form::read(&text, &SCENE).unwrap().fields(0).unwrap().missing_place()
    };
    assert_eq!(fields(r#""s3:ListBucket""#, "arn:aws:s3:::b/*"), Some(Place::Bucket));
    assert_eq!(fields(r#"["s3:GetObject","s3:ListBucket"]"#, "arn:aws:s3:::b"), Some(Place::AllFiles));
    assert_eq!(fields(r#""s3:GetObject""#, "arn:aws:s3:::b/*"), None);
}

#[test]
fn the_smallest_edit() {
    assert_eq!(edit_between("abc", "abc"), None);
    let edit = edit_between("aéc", "aèc").unwrap();
    assert_eq!((edit.start, edit.end, edit.replacement.as_str()), (1, 3, "è"));
    let edit = edit_between("aa", "aaa").unwrap();
    assert_eq!((edit.start, edit.end, edit.replacement.as_str()), (2, 2, "a"));
}

#[test]
fn broken_text_has_no_cards() {
    assert!(Form::read("{", &SCENE).is_err());
    assert!(Form::read("[]", &SCENE).is_err());
    assert!(Form::read("", &SCENE).unwrap().cards.is_empty());
}

fn changes() -> impl Strategy<Value = StatementChange> {
    let person = Principal::Aws("arn:aws:iam::111122223333:role/new".to_owned());
    prop_oneof![
        Just(StatementChange::Sid(Some("New".to_owned()))),
        Just(StatementChange::Sid(None)),
        Just(StatementChange::Effect(Effect::Deny)),
        Just(StatementChange::Anyone),
        Just(StatementChange::OnlyPerson(person.clone())),
        Just(StatementChange::AddPerson(person)),
        (0..3_usize).prop_map(StatementChange::RemovePerson),
        (prop::sample::select(Deed::ALL.to_vec()), any::<bool>())
            .prop_map(|(deed, on)| StatementChange::Deed(deed, on)),
        Just(StatementChange::AddAction("s3:RestoreObject".to_owned())),
        Just(StatementChange::RemoveAction("s3:Get*".to_owned())),
        Just(StatementChange::AddPlace(Place::Under("new/".to_owned()))),
        (0..3_usize).prop_map(|at| StatementChange::SetPlace(at, Place::AllFiles)),
        (0..3_usize).prop_map(StatementChange::RemovePlace),
        prop::sample::select(LimitKind::ALL.to_vec())
            .prop_map(|kind| StatementChange::AddLimit(kind, vec![kind.example().to_owned(), "x".to_owned()])),
        (0..3_usize).prop_map(|at| StatementChange::SetLimit(at, vec!["y".to_owned()])),
        (0..3_usize).prop_map(StatementChange::RemoveLimit),
    ]
}

/// The members that a change may touch.
fn named(change: &StatementChange) -> &'static str {
    match change {
        StatementChange::Sid(_) => "Sid",
        StatementChange::Effect(_) => "Effect",
        StatementChange::Anyone
        | StatementChange::OnlyPerson(_)
        | StatementChange::AddPerson(_)
        | StatementChange::RemovePerson(_) => "Principal",
        StatementChange::Deed(..) | StatementChange::AddAction(_) | StatementChange::RemoveAction(_) => "Action",
        StatementChange::AddPlace(_) | StatementChange::SetPlace(..) | StatementChange::RemovePlace(_) => "Resource",
        StatementChange::AddLimit(..) | StatementChange::SetLimit(..) | StatementChange::RemoveLimit(_) => "Condition",
    }
}

fn layouts(policy: &Policy) -> [String; 3] {
    let value = policy.to_json();
    let tabs = policy.to_json_pretty().replace("  ", "\t");
    [value.to_string(), policy.to_json_pretty(), tabs]
}

proptest! {
    #[test]
    fn one_edit_changes_only_what_it_names(
        policy in testing::policies(), at in 0..3_usize, change in changes(), layout in 0..3_usize,
    ) {
        let text = layouts(&policy)[layout].clone();
        prop_assume!(Policy::parse(&text).is_ok());
        let edit = FormEdit::Change { statement: at, change: change.clone() };
        let Ok(after) = edit.apply(&text, &SCENE) else { return Ok(()) };
        prop_assert!(Policy::parse(&after).is_ok(), "{} became {}", text, after);
        let (mut before, mut after) = (json(&text), json(&after));
        for document in [&mut before, &mut after] {
            let statement = document["Statement"][at].as_object_mut().unwrap();
            statement.retain(|name, _| name.strip_prefix("Not").unwrap_or(name) != named(&change));
        }
        prop_assert_eq!(before.to_string(), after.to_string());
    }

    #[test]
    fn what_was_added_can_be_taken_back(policy in testing::policies(), statement in testing::statements(), layout in 0..3_usize) {
        let text = layouts(&policy)[layout].clone();
        prop_assume!(Policy::parse(&text).is_ok());
        let Ok(after) = FormEdit::Add(Box::new(statement)).apply(&text, &SCENE) else { return Ok(()) };
        let back = FormEdit::Remove { statement: policy.statements.len() }.apply(&after, &SCENE).unwrap();
        prop_assert_eq!(back, text);
    }

    #[test]
    fn reading_never_panics(text in "\\{?.{0,60}", at in 0..3_usize, change in changes()) {
        let _ = Form::read(&text, &SCENE);
        let _ = FormEdit::Change { statement: at, change }.apply(&text, &SCENE);
    }
}
