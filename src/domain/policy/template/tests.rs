use super::*;
use crate::domain::policy::{LintContext, Severity, Source, is_public, lint};
use test_case::test_case;

const AWS: Partition = Partition::Aws;
const ACCOUNT: &str = "111122223333";

fn ranges() -> Vec<IpNet> {
    ["203.0.113.0/24", "2001:db8:1234:5678::/64"].iter().map(|range| range.parse().unwrap()).collect()
}

#[test_case(&public_read("b", AWS, None), r#"{"Sid":"PublicRead","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#, true; "public read")]
#[test_case(&public_read("b", Partition::AwsCn, Some("public/")), r#"{"Sid":"PublicRead","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws-cn:s3:::b/public/*"}"#, true; "public read of a prefix in china")]
#[test_case(&public_list("b", AWS, Some("public/")), r#"{"Sid":"PublicList","Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringLike":{"s3:prefix":"public/*"}}}"#, true; "public list")]
#[test_case(&deny_insecure_transport("b", AWS), r#"{"Sid":"DenyInsecureTransport","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#, false; "deny plain http")]
#[test_case(&min_tls_12("b", AWS), r#"{"Sid":"MinTls12","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"NumericLessThan":{"s3:TlsVersion":"1.2"}}}"#, false; "tls")]
#[test_case(&cloudfront_oac("b", AWS, ACCOUNT, "E1"), r#"{"Sid":"CloudFrontOAC","Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}}}"#, false; "cloudfront")]
#[test_case(&ip_allow_list("b", AWS, None, &ranges()), r#"{"Sid":"IpAllowList","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:db8:1234:5678::/64"]}}}"#, false; "addresses")]
#[test_case(&ip_deny_elsewhere("b", AWS, &ranges()[..1]), r#"{"Sid":"IpDenyElsewhere","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Bool":{"aws:ViaAWSService":"false"}}}"#, false; "no other addresses")]
#[test_case(&require_kms("b", AWS), r#"{"Sid":"RequireKms","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}}"#, false; "kms")]
#[test_case(&org_read("b", AWS, "o-x"), r#"{"Sid":"OrgOnly","Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-x"}}}"#, false; "organization")]
#[test_case(&server_access_logs("b", AWS, "logs/", "src", ACCOUNT), r#"{"Sid":"ServerAccessLogs","Effect":"Allow","Principal":{"Service":"logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/logs/*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::src"},"StringEquals":{"aws:SourceAccount":"111122223333"}}}"#, false; "logs")]
#[test_case(&max_presign_age("b", AWS, 600), r#"{"Sid":"MaxPresignAge","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*","Condition":{"NumericGreaterThan":{"s3:signatureAge":"600000"}}}"#, false; "presigned age")]
#[test_case(&cross_account_read("b", AWS, ACCOUNT), r#"{"Sid":"CrossAccountRead","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}"#, false; "cross account")]
fn templates(statement: &Statement, expected: &str, public: bool) {
    assert_eq!(statement.to_json().to_string(), expected);
    let policy = Policy::new(vec![statement.clone()]);
    assert_eq!(is_public(&policy).public, public);
    let partition = if expected.contains("aws-cn") { Partition::AwsCn } else { AWS };
    let findings = lint(&policy.to_json_pretty(), &LintContext::new("b", partition));
    let wrong: Vec<_> = findings.iter().filter(|f| matches!(f.severity, Severity::Error | Severity::Warning)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn named(sid: Option<&str>, mut statement: Statement) -> Statement {
    statement.sid = sid.map(str::to_owned);
    statement
}

#[test]
fn the_first_statement_makes_a_policy_of_the_current_version() {
    let policy = merge_statement(None, public_read("b", AWS, None));
    assert_eq!(policy.version, Some(Version::V2012));
    assert_eq!(policy.statements, [public_read("b", AWS, None)]);
}

#[test]
fn a_statement_of_the_same_name_is_replaced_in_its_place() {
    let before = Policy::new(vec![public_read("b", AWS, Some("photos/")), deny_insecure_transport("b", AWS)]);
    let after = merge_statement(Some(&before), public_read("b", AWS, None));
    assert_eq!(after.statements, [public_read("b", AWS, None), deny_insecure_transport("b", AWS)]);
}

#[test]
fn a_statement_of_the_same_meaning_is_not_added_twice() {
    let other_words = Statement {
        principal: PrincipalMatch::Only(vec![Principal::Aws("*".to_owned())]),
        source: Source::default(),
        ..named(None, public_read("b", AWS, None))
    };
    let before = Policy::new(vec![other_words]);
    let after = merge_statement(Some(&before), public_read("b", AWS, None));
    assert_eq!(after.statements, [public_read("b", AWS, None)]);
}

#[test]
fn everything_else_stays() {
    let before = Policy {
        version: None,
        id: Some("mine".to_owned()),
        statements: vec![
            named(Some("Other"), public_read("b", AWS, Some("x/"))),
            named(None, cross_account_read("b", AWS, ACCOUNT)),
        ],
    };
    let after = merge_statement(Some(&before), public_read("b", AWS, None));
    assert_eq!(after.statements[..2], before.statements[..]);
    assert_eq!(after.statements.len(), 3);
    assert_eq!((after.version, &after.id), (before.version, &before.id));
    let again = merge_statement(Some(&after), public_read("b", AWS, None));
    assert_eq!(again, after, "merging twice changes nothing");
}
