use super::*;
use crate::domain::arn::Partition;
use proptest::prelude::*;
use test_case::test_case;

const SCENE: Scene<'static> = Scene { bucket: "b", partition: Partition::Aws, owner: Some("111122223333") };

/// The place is where the bar stands.
fn at(marked: &str) -> Option<(Completions, String)> {
    let offset = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    complete(&text, offset, &SCENE, &["photos/".to_owned()]).map(|found| (found, text))
}

fn labels(marked: &str) -> Vec<String> {
    at(marked).map(|(found, _)| found.items.into_iter().map(|item| item.label).collect()).unwrap_or_default()
}

/// The text after the first offer is taken.
fn taken(marked: &str) -> String {
    let (found, text) = at(marked).unwrap();
    format!("{}{}{}", &text[..found.start], found.items[0].insert, &text[found.end..])
}

#[test_case("{|", &["Version", "Statement", "Id"]; "an empty document")]
#[test_case("{\"Version\": \"2012-10-17\", |", &["Statement", "Id"]; "what is there is not offered")]
#[test_case("{\"V|\"", &["Version"]; "a name begun")]
#[test_case("{|, \"Statement\": []}", &["Version", "Id"]; "what follows is not offered either")]
#[test_case("{\"Version\": |", &["2012-10-17", "2008-10-17"]; "versions")]
#[test_case("{\"Statement\": [{\"Effect\": |", &["Allow", "Deny"]; "effects")]
#[test_case("{\"Statement\": [{\"Effect\": \"D|\"}]}", &["Deny"]; "an effect begun")]
#[test_case("{\"Statement\": [{\"Effect\": \"Allow\", \"NotAction\": \"s3:*\", |}]}", &["Sid", "Principal", "Resource", "Condition", "NotPrincipal", "NotResource"]; "members that do not stand against others")]
#[test_case("{\"Statement\": {\"Principal\": {|", &["AWS", "Service", "CanonicalUser", "Federated"]; "kinds of principals, of a lone statement")]
#[test_case("{\"Statement\": {\"Principal\": {\"AWS\": [\"*\", |]}}}", &["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/", "arn:aws:iam::111122223333:user/"]; "identities")]
#[test_case("{\"Statement\": {\"Resource\": |}}", &["arn:aws:s3:::b/*", "arn:aws:s3:::b", "arn:aws:s3:::b/photos/*"]; "resources")]
#[test_case("{\"Statement\": {\"Condition\": {\"Bool\": {\"aws:SecureTransport\": |", &["true", "false"]; "truth")]
#[test_case("{\"Statement\": {\"Condition\": {\"StringLike\": {\"s3:prefix\": \"|\"}}}}", &["photos/*"]; "folders")]
#[test_case("{\"Statement\": {\"Action\": \"getobjecta|\"}}", &["s3:GetObjectAcl", "s3:GetObjectAnnotation", "s3:GetObjectAttributes"]; "an action without its service")]
#[test_case("{\"Statement\": [] |}", &[]; "where a comma is due")]
#[test_case("{\"Statement\": {\"Sid\": \"|\"}}", &[]; "a name to be thought of")]
#[test_case("|", &[]; "before everything")]
fn offers_at_places(marked: &str, expected: &[&str]) {
    assert_eq!(labels(marked), expected);
}

#[test]
fn everyday_actions_come_first_and_those_named_do_not() {
    let list = labels("{\"Statement\": {\"Action\": [\"s3:GetObject\", |]}}");
    assert_eq!(list[..4], ["s3:ListBucket", "s3:PutObject", "s3:DeleteObject", "s3:*"]);
    assert!(!list.contains(&"s3:GetObject".to_owned()) && !list.contains(&"s3:ListAllMyBuckets".to_owned()));
}

#[test]
fn keys_that_fit_actions_and_operator_come_first() {
    let keys = |action: &str, operator: &str| {
        labels(&format!(r#"{{"Statement": [{{"Condition": {{"{operator}": {{|}}}}, "Action": "{action}"}}]}}"#))
    };
    assert_eq!(keys("s3:GetObject", "Bool")[0], "aws:SecureTransport");
    assert_eq!(keys("s3:GetObject", "IpAddress")[0], "aws:SourceIp");
    let listing = keys("s3:ListBucket", "StringLike");
    let place = |list: &[String], key: &str| list.iter().position(|k| k == key).unwrap();
    assert!(place(&listing, "s3:prefix") < place(&listing, "s3:x-amz-acl"));
    let putting = keys("s3:PutObject", "StringEquals");
    assert!(place(&putting, "s3:x-amz-acl") < place(&putting, "s3:prefix"));
    let marked = r#"{"Statement": {"Action": "s3:PutObject", "Condition": {"StringLike": {"s3:pref|"}}}}"#;
    assert_eq!(at(marked).unwrap().0.items[0].detail, "not for s3:PutObject");
}

#[test_case("{|}", "{\"Version\": }"; "a name with its colon")]
#[test_case("{\"Ver|\": \"x\"}", "{\"Version\": \"x\"}"; "the colon is there")]
#[test_case("{Ver|", "{\"Version\": "; "without quotes")]
#[test_case("{\"Ver|\n\"Statement\": []}", "{\"Version\": \n\"Statement\": []}"; "without a closing quote")]
#[test_case("{\"Statement\":{\"Effect\":A|}}", "{\"Statement\":{\"Effect\":\"Allow\"}}"; "a value without quotes")]
#[test_case("{\"Statement\":{\"Action\":\"put|object\"}}", "{\"Statement\":{\"Action\":\"s3:PutObject\"}}"; "in the middle of a word")]
fn taking_an_offer(marked: &str, expected: &str) {
    assert_eq!(taken(marked), expected);
}

#[test]
fn nothing_is_offered_for_what_is_whole() {
    assert_eq!(labels("{\"Statement\":{\"Effect\":\"Allow|\"}}"), Vec::<String>::new());
}

proptest! {
    #[test]
    fn any_text_at_any_place(text in r#"[\[\]{}:,"a1\\nS \n*é]{0,40}"#, at in 0..60_usize) {
        if let Some(found) = complete(&text, at, &SCENE, &[]) {
            prop_assert!(found.start <= at && at <= found.end && text.get(found.start..found.end).is_some());
        }
    }

    #[test]
    fn every_place_of_a_policy(policy in crate::domain::policy::testing::policies(), cut in 0..2000_usize) {
        let text = policy.to_json_pretty();
        let at = cut.min(text.len());
        let _ = complete(&text, at, &SCENE, &[]);
        let _ = complete(text.get(..at).unwrap_or_default(), at, &SCENE, &[]);
    }
}
