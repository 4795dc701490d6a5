use super::*;
use test_case::test_case;

fn policy(statements: &str) -> Policy {
    Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap()
}

fn allow(principal: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{condition}}}"#
    )
}

fn everyone(condition: &str) -> String {
    allow(r#""*""#, condition)
}

const NONE: &str = "{}";

#[test_case(&everyone(NONE), true; "p01 everyone")]
#[test_case(&allow(r#"{"AWS":"*"}"#, NONE), true; "p02 aws star")]
#[test_case(&allow(r#"{"Federated":"graph.facebook.com"}"#, NONE), true; "p03 federated")]
#[test_case(&everyone(r#"{"StringLike":{"aws:SourceVpc":"vpc-*"}}"#), true; "p04 vpc pattern")]
#[test_case(&everyone(r#"{"StringEquals":{"aws:SourceVpc":"vpc-91237329"}}"#), false; "p05 one vpc")]
#[test_case(&everyone(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#), false; "p06 a range")]
#[test_case(&everyone(r#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}}"#), true; "p07 half the internet")]
#[test_case(&everyone(r#"{"IpAddress":{"aws:SourceIp":"16.0.0.0/8"}}"#), false; "p08 slash 8")]
#[test_case(&everyone(r#"{"IpAddress":{"aws:SourceIp":"16.0.0.0/7"}}"#), true; "p09 slash 7")]
#[test_case(&everyone(r#"{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}"#), false; "p10 v6 slash 32")]
#[test_case(&everyone(r#"{"IpAddress":{"aws:SourceIp":"2001::/16"}}"#), true; "p11 v6 slash 16")]
#[test_case(&everyone(r#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#), false; "p12 private range")]
#[test_case(&everyone(r#"{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#), false; "p13 organization")]
#[test_case(&everyone(r#"{"Bool":{"aws:SecureTransport":"true"}}"#), true; "p14 https")]
#[test_case(&everyone(r#"{"StringLike":{"aws:Referer":"https://x/*"}}"#), true; "p15 referer")]
#[test_case(&everyone(r#"{"StringEquals":{"aws:UserAgent":"x"}}"#), true; "p16 user agent")]
#[test_case(&everyone(r#"{"StringEquals":{"s3:prefix":"x"}}"#), true; "p17 prefix")]
#[test_case(&allow(r#"{"Service":"cloudfront.amazonaws.com"}"#, r#"{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}}"#), false; "p18 cloudfront")]
#[test_case(&allow(r#"{"AWS":"arn:aws:iam::111122223333:root"}"#, NONE), false; "p19 another account")]
#[test_case(&allow(r#"{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#, NONE), false; "p20 canonical user")]
#[test_case(&format!("{},{}", everyone(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#), everyone(NONE)), true; "p21 one public statement is enough")]
#[test_case(&everyone(NONE).replace("Allow", "Deny"), false; "p22 only deny")]
#[test_case(&everyone(r#"{"StringEquals":{"aws:SourceVpce":"${aws:PrincipalTag/x}"}}"#), true; "p23 variable")]
#[test_case(&everyone(r#"{"NotIpAddress":{"aws:SourceIp":"1.2.3.4/32"}}"#), true; "p24 negated")]
#[test_case(&allow(r#"{"AWS":"111122223333"}"#, NONE).replace("Principal", "NotPrincipal"), true; "p25 not principal")]
#[test_case(&everyone(r#"{"StringEqualsIfExists":{"aws:SourceVpc":"vpc-91237329"}}"#), true; "p26 if exists")]
#[test_case(&format!("{},{}", everyone(NONE), everyone(NONE).replace("Allow", "Deny")), true; "p27 deny does not cancel")]
#[test_case(&everyone(r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::mybucket"}}"#), false; "p28 source arn")]
#[test_case(&everyone(r#"{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}}"#), false; "p29 access points of one account")]
#[test_case(&everyone(r#"{"StringEquals":{"aws:PrincipalAccount":"anonymous"}}"#), true; "the anonymous account is everyone")]
#[test_case(&everyone(r#"{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","0.0.0.0/0"]}}"#), true; "every value must be fixed")]
#[test_case(&everyone(r#"{"ForAllValues:StringEquals":{"aws:SourceVpc":"vpc-1"}}"#), true; "for all values holds without the key")]
#[test_case(&everyone(r#"{"StringEquals":{"aws:SourceVpc":[]}}"#), true; "no values")]
#[test_case(&everyone(r#"{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/x"}}"#), true; "access points of any account")]
#[test_case(&allow(r#"{"AWS":["111122223333","*"]}"#, NONE), true; "everyone among others")]
fn the_meaning_of_public(statements: &str, expected: bool) {
    assert_eq!(is_public(&policy(statements)).public, expected);
}

#[test]
fn the_verdict_names_the_statement() {
    let text = format!(
        "{},{}",
        allow(r#"{"AWS":"111122223333"}"#, NONE),
        everyone(NONE).replace("\"Effect\"", "\"Sid\":\"Open\",\"Effect\"")
    );
    let verdict = is_public(&policy(&text));
    assert_eq!(
        verdict.statements,
        [PublicStatement { index: 1, sid: Some("Open".to_owned()), reason: PublicReason::Everyone }]
    );
}
