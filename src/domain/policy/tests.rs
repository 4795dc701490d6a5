use super::*;
use proptest::prelude::*;
use test_case::test_case;

const FULL: &str = r#"{
  "Version": "2012-10-17",
  "Id": "images",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Principal": "*",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::b/photos/*"
    },
    {
      "Effect": "Deny",
      "NotPrincipal": {
        "AWS": [
          "111122223333",
          "arn:aws:iam::111122223333:user/ann"
        ],
        "Service": "cloudfront.amazonaws.com",
        "Federated": "graph.facebook.com",
        "CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
      },
      "NotAction": [
        "s3:GetObject",
        "s3:List*"
      ],
      "NotResource": "arn:aws:s3:::b/photos/*",
      "Condition": {
        "StringEquals": {
          "aws:UserAgent": [
            "a",
            "b"
          ],
          "aws:SourceVpc": "vpc-1"
        },
        "ForAnyValue:StringNotLikeIfExists": {
          "aws:TagKeys": "x*"
        },
        "Bool": {
          "aws:SecureTransport": false
        },
        "NumericLessThan": {
          "s3:TlsVersion": 1.2
        },
        "Null": {
          "aws:Referer": []
        }
      }
    }
  ]
}"#;

#[test]
fn nothing_is_lost_between_reading_and_writing() {
    let policy = Policy::parse(FULL).unwrap();
    assert_eq!(policy.to_json_pretty(), FULL);
    assert_eq!(Policy::parse(&policy.to_json_pretty()).unwrap(), policy);
}

#[test]
fn every_part_knows_its_place() {
    let policy = Policy::parse(FULL).unwrap();
    let part = |span: Span| &FULL[span.start..span.end];
    let first = &policy.statements[0].source;
    assert_eq!(part(first.sid), "\"Read\"");
    assert_eq!((first.whole.line, first.whole.column), (5, 5));
    assert_eq!(part(first.resources[0]), "\"arn:aws:s3:::b/photos/*\"");
    let second = &policy.statements[1].source;
    assert_eq!(part(second.principals[3]), "\"graph.facebook.com\"".to_owned());
    assert_eq!(part(second.actions[1]), "\"s3:List*\"");
    assert_eq!(part(second.effect), "\"Deny\"");
    let vpc = &second.conditions[1];
    assert_eq!(part(vpc.operator), "\"StringEquals\"");
    assert_eq!(part(vpc.key), "\"aws:SourceVpc\"");
    assert_eq!(part(vpc.values[0]), "\"vpc-1\"");
}

#[test_case(r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b"}}"#, true; "one statement without a list")]
#[test_case(r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["s3:*"],"Resource":["arn:aws:s3:::b"],"Condition":{}}]}"#, true; "the old version")]
#[test_case(r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:Nothing","Resource":"x"}}"#, true; "what depends on catalogue and bucket is for lint")]
#[test_case("", false; "empty")]
#[test_case("\u{feff}{}", false; "byte order mark")]
#[test_case(r#"{"Id":{},"Statement":[]}"#, false; "id as object")]
#[test_case(r#"{"Statement":{"Sid":1,"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b"}}"#, false; "sid as number")]
#[test_case(r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":[]},"Action":"s3:*","Resource":"arn:aws:s3:::b"}}"#, false; "empty list of principals")]
#[test_case(r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b","Condition":{"Bool":{"aws:x":"true"},"bool":{"aws:y":"true"}}}}"#, false; "one operator in two spellings")]
fn grammar(text: &str, accepted: bool) {
    assert_eq!(Policy::parse(text).is_ok(), accepted);
}

#[test]
fn no_version_means_2008() {
    let text = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b"}}"#;
    let policy = Policy::parse(text).unwrap();
    assert_eq!(policy.version, None);
    assert_eq!(policy.effective_version(), Version::V2008);
    assert!(!policy.to_json_pretty().contains("Version"));
}

fn statement(text: &str) -> Statement {
    let text = format!(r#"{{"Statement":{text}}}"#);
    Policy::parse(&text).unwrap().statements.remove(0)
}

const SEEN: &str = r#"{"Sid":"A","Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"true"}}}"#;

#[test_case(r#""A""#, r#""B""#, true; "another name")]
#[test_case(r#""*","Action""#, r#"{"AWS":"*"},"Action""#, true; "everyone in the other spelling")]
#[test_case(r#"["s3:GetObject","s3:ListBucket"]"#, r#"["s3:listbucket","s3:GetObject","s3:GetObject"]"#, true; "order, case and repeats of actions")]
#[test_case("aws:SecureTransport", "AWS:securetransport", true; "case of a key")]
#[test_case("Allow", "Deny", false; "another effect")]
#[test_case("b/*", "b/B*", false; "another resource")]
#[test_case("\"Action\"", "\"NotAction\"", false; "the opposite")]
#[test_case("\"true\"", "\"false\"", false; "another value")]
fn same_meaning(from: &str, to: &str, expected: bool) {
    let changed = SEEN.replace(from, to);
    assert_ne!(changed, SEEN);
    assert_eq!(statement(SEEN).same_meaning(&statement(&changed)), expected);
}

#[test]
fn an_account_and_its_root_are_one_principal() {
    let by = |who: &str| statement(&SEEN.replace("\"*\",", &format!("{{\"AWS\":\"{who}\"}},")));
    assert!(by("111122223333").same_meaning(&by("arn:aws:iam::111122223333:root")));
    assert!(!by("111122223333").same_meaning(&by("999988887777")));
}

proptest! {
    #[test]
    fn parsing_survives_any_text(text in "\\{?.{0,80}") {
        let _ = Policy::parse(&text);
    }
}
