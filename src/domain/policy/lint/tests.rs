mod analyzer;

use super::*;
use crate::domain::policy::{MAX_POLICY_BYTES, Severity, first_refusal};
use proptest::prelude::*;
use test_case::test_case;

fn cx() -> LintContext {
    LintContext::new("b", Partition::Aws)
}

fn ids(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|f| f.rule.id()).collect()
}

fn errors(text: &str) -> Vec<&'static str> {
    let mut findings = lint(text, &cx());
    findings.retain(|f| f.severity == Severity::Error);
    ids(&findings)
}

fn document(statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
}

/// An `Allow` with these members; each is JSON.
fn allow(principal: &str, action: &str, resource: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Principal":{principal},"Action":{action},"Resource":{resource},"Condition":{condition}}}"#
    )
}

fn get(resource: &str) -> String {
    allow(ANY, GET, resource, "{}")
}

fn get_if(condition: &str) -> String {
    document(&allow(ANY, GET, FILES, condition))
}

fn get_by(principal: &str) -> String {
    document(&allow(principal, GET, FILES, "{}"))
}

const ANY: &str = r#""*""#;
const GET: &str = r#""s3:GetObject""#;
const FILES: &str = r#""arn:aws:s3:::b/*""#;
const BUCKET: &str = r#""arn:aws:s3:::b""#;
const BOTH: &str = r#"["arn:aws:s3:::b","arn:aws:s3:::b/*"]"#;
const OK: &[&str] = &[];

#[test_case(&get(FILES), OK; "get files")]
#[test_case(&get(BUCKET), &["L14"]; "get on the bucket")]
#[test_case(&allow(ANY, r#""s3:ListBucket""#, FILES, "{}"), &["L14"]; "list on files")]
#[test_case(&allow(ANY, r#"["s3:GetObject","s3:ListBucket"]"#, BOTH, "{}"), OK; "get and list on both")]
#[test_case(&allow(ANY, r#"["s3:GetObject","s3:ListBucket"]"#, FILES, "{}"), &["L14"]; "a list with one such action")]
#[test_case(&allow(ANY, r#""s3:*""#, FILES, "{}"), OK; "everything on files")]
#[test_case(&allow(ANY, r#""s3:*""#, BUCKET, "{}"), OK; "everything on the bucket")]
#[test_case(&allow(ANY, r#""*""#, FILES, "{}"), OK; "star action")]
#[test_case(&allow(ANY, r#""s3:List*""#, FILES, "{}"), OK; "list pattern has an object action")]
#[test_case(&allow(ANY, r#""s3:ListAllMyBuckets""#, BOTH, "{}"), &["L14"]; "an action of neither")]
#[test_case(&get(r#""arn:aws:s3:::other/*""#), &["L12"]; "another bucket")]
#[test_case(&get(r#""*""#), &["L12"]; "star resource")]
#[test_case(&get(r#""b/*""#), &["L12"]; "no arn")]
#[test_case(&get(r#""arn:aws:s3:eu-west-1:111122223333:b/*""#), &["L12"]; "arn with region and account")]
#[test_case(&get(r#""arn:aws:s3:::b*""#), &["L12"]; "bucket pattern")]
#[test_case(&get(r#""arn:aws:s3:::B/*""#), &["L12"]; "case of the bucket")]
#[test_case(&allow(r#"{"AWS":"arn:aws:iam::111122223333:user/*"}"#, GET, FILES, "{}"), &["L13"]; "user pattern")]
#[test_case(&allow(r#"{"AWS":["*"]}"#, GET, FILES, "{}"), OK; "everyone in a list")]
#[test_case(&allow(ANY, GET, FILES, r#"{"StringEquals":{"s3:prefix":"x"}}"#), &["L15"]; "prefix with get")]
#[test_case(&allow(ANY, r#""s3:ListBucket""#, BUCKET, r#"{"StringLike":{"s3:prefix":"home/*"}}"#), OK; "prefix with list")]
#[test_case(&allow(ANY, r#"["s3:ListBucket","s3:GetBucketLocation"]"#, BUCKET, r#"{"StringLike":{"s3:prefix":"x"}}"#), &["L15"]; "prefix with list and location")]
#[test_case(&allow(ANY, r#"["s3:GetObject","s3:PutObject"]"#, FILES, r#"{"StringEquals":{"s3:x-amz-acl":"private"}}"#), &["L15"]; "acl with get and put")]
#[test_case(&allow(ANY, r#""s3:*""#, BOTH, r#"{"StringEquals":{"s3:prefix":"x"}}"#), OK; "a wildcard action has every key")]
#[test_case(&allow(ANY, r#""s3:*""#, BOTH, r#"{"Bool":{"aws:SecureTransport":"false"}}"#).replace("Allow", "Deny"), OK; "deny plain http")]
#[test_case(&allow(ANY, GET, FILES, r#"{"StringEqual":{"aws:UserAgent":"x"}}"#), &["L17"]; "operator misspelt")]
#[test_case(&allow(ANY, GET, FILES, r#"{"StringEquals":{"s3:foo":"x"}}"#), &["L16"]; "unknown key")]
#[test_case(&format!("{},{}", get(FILES), get(FILES).replace("Allow", "allow")), &["L08"]; "second statement")]
fn accept_and_reject(statements: &str, expected: &[&str]) {
    assert_eq!(errors(&document(statements)), expected);
}

const JSON: &str = "Policies must be valid JSON and the first byte must be '{'";
const PRINCIPAL: &str = "Invalid principal in policy";
const SYNTAX: &str = "Invalid policy syntax.";

#[test_case("", "L01", JSON; "l01 empty")]
#[test_case("[]", "L01", JSON; "l01 list")]
#[test_case("  {}", "L01", JSON; "l01 space first")]
#[test_case("\u{feff}{}", "L01", JSON; "l01 byte order mark")]
#[test_case(r#"{"Statement": [}"#, "L02", "This policy contains invalid Json"; "l02 syntax")]
#[test_case("{ // no\n}", "L02", "This policy contains invalid Json"; "l02 comment")]
#[test_case("{}", "L03", "Missing required field Statement"; "l03 nothing")]
#[test_case(r#"{"Statement":[]}"#, "L04", "Could not parse the policy: Statement is empty!"; "l04 empty list")]
#[test_case(&document(&get(FILES)).replace("2012", "2025"), "L05", "The policy must contain a valid version string"; "l05 version")]
#[test_case(&document(&get(FILES)).replace("\"2012-10-17\"", "2012"), "L05", "The policy must contain a valid version string"; "l05 number")]
#[test_case(&document(&get(FILES).replace(r#""Effect":"Allow","#, "")), "L06", "Missing required field Effect"; "l06 effect")]
#[test_case(&document(&get(FILES).replace(r#""Principal":"*","#, "")), "L06", "Missing required field Principal"; "l06 principal")]
#[test_case(&document(&get(FILES).replace(r#""Action":"s3:GetObject","#, "")), "L06", "Missing required field Action"; "l06 action")]
#[test_case(&document(&get(FILES).replace(r#""Resource":"arn:aws:s3:::b/*","#, "")), "L06", "Missing required field Resource"; "l06 resource")]
#[test_case(&document(&get("[]")), "L07", "Missing required field Resource cannot be empty!"; "l07 resource")]
#[test_case(&document(&allow(ANY, "[]", FILES, "{}")), "L07", "Missing required field Action cannot be empty!"; "l07 action")]
#[test_case(&document(&get(FILES)).replace("Allow", "hello"), "L08", "Invalid effect: hello"; "l08 effect")]
#[test_case(&document(&get(FILES)).replace("Condition", "Conditions"), "L09", "Unknown field Conditions"; "l09 conditions")]
#[test_case(r#"{"Comment":"x","Statement":[]}"#, "L09", "Unknown field Comment"; "l09 comment")]
#[test_case(&document(&get(FILES).replace("\"Effect\"", "\"Action\":\"s3:GetObject\",\"Effect\"")), "L10", "Statement/policy already has instance of Action"; "l10 twice")]
#[test_case(&document(&get(FILES).replace("\"Effect\"", "\"NotAction\":\"s3:GetObject\",\"Effect\"")), "L10", "Statement/policy already has instance of Action"; "l10 both")]
#[test_case(&document(&allow(ANY, r#""s3:GetObjects""#, FILES, "{}")), "L11", "Policy has invalid action"; "l11 unknown")]
#[test_case(&document(&allow(ANY, r#""GetObject""#, FILES, "{}")), "L11", "Policy has invalid action"; "l11 no service")]
#[test_case(&document(&allow(ANY, r#""s3:""#, FILES, "{}")), "L11", "Policy has invalid action"; "l11 no name")]
#[test_case(&document(&get(r#""arn:aws:s3:::other/*""#)), "L12", "Policy has invalid resource"; "l12 other bucket")]
#[test_case(&get_by(r#"{"aws":"*"}"#), "L13", PRINCIPAL; "l13 key")]
#[test_case(&get_by("{}"), "L13", PRINCIPAL; "l13 nobody")]
#[test_case(&get_by(r#""me""#), "L13", PRINCIPAL; "l13 bare name")]
#[test_case(&get_by(r#"{"AWS":"11112222333"}"#), "L13", PRINCIPAL; "l13 eleven digits")]
#[test_case(&get_by(r#"{"AWS":"AIDAEXAMPLE"}"#), "L13", PRINCIPAL; "l13 deleted user")]
#[test_case(&get_by(r#"{"AWS":"arn:aws:iam::111122223333:group/x"}"#), "L13", PRINCIPAL; "l13 group")]
#[test_case(&get_by(r#"{"CanonicalUser":"abc"}"#), "L13", PRINCIPAL; "l13 canonical id")]
#[test_case(&get_by(r#"{"Service":"cloudfront"}"#), "L13", PRINCIPAL; "l13 service")]
#[test_case(&document(&get(BUCKET)), "L14", "Action does not apply to any resource(s) in statement"; "l14 object action")]
#[test_case(&get_if(r#"{"StringEquals":{"s3:prefix":"x"}}"#), "L15", "Conditions do not apply to combination of actions and resources in statement"; "l15 key of another action")]
#[test_case(&get_if(r#"{"StringEquals":{"s3:foo":"x"}}"#), "L16", "Policy has an invalid condition key"; "l16 unknown key")]
#[test_case(&get_if(r#"{"StringEqual":{"aws:UserAgent":"x"}}"#), "L17", "Invalid Condition type : StringEqual"; "l17 unknown operator")]
#[test_case(&document(&get(&format!("\"arn:aws:s3:::b/{}\"", "x".repeat(20_480)))), "L18", "Policy exceeds the maximum allowed document size."; "l18 too large")]
#[test_case(&format!("{{{}", " ".repeat(2_000_000)), "L18", "Policy exceeds the maximum allowed document size."; "l18 far too large to read")]
#[test_case(&get_by(r#"{"AWS":111122223333}"#), "L19", SYNTAX; "l19 number as account")]
#[test_case(&document(&get("7")), "L19", SYNTAX; "l19 number as resource")]
#[test_case(r#"{"Statement":"x"}"#, "L19", SYNTAX; "l19 text as statement")]
#[test_case(&document("7"), "L19", SYNTAX; "l19 number as a statement")]
#[test_case(&get_if(r#"{"StringEquals":{"aws:UserAgent":{"x":1}}}"#), "L19", SYNTAX; "l19 nested object")]
#[test_case(&get_if(r#"{"StringEquals":"x"}"#), "L19", SYNTAX; "l19 operator without keys")]
#[test_case(&get_if(r#"{"IpAddress":{"aws:SourceIp":"300.1.1.1"}}"#), "L21", SYNTAX; "l21 address")]
#[test_case(&get_if(r#"{"DateLessThan":{"aws:CurrentTime":"tomorrow"}}"#), "L21", SYNTAX; "l21 date")]
#[test_case(&get_if(r#"{"NumericLessThan":{"s3:TlsVersion":"one"}}"#), "L21", SYNTAX; "l21 number")]
#[test_case(&get_if(r#"{"Bool":{"aws:SecureTransport":"yes"}}"#), "L21", SYNTAX; "l21 truth")]
fn refusals(text: &str, rule: &str, message: &str) {
    let findings = lint(text, &cx());
    let refusal = first_refusal(&findings).unwrap();
    assert_eq!(findings[0].rule.id(), rule, "{findings:#?}");
    assert_eq!(refusal.message, message);
    assert_eq!(refusal.code, "MalformedPolicy");
    assert_eq!(refusal.http_status(), 400);
    assert!(findings[0].line >= 1 && findings[0].column >= 1);
}

#[test]
fn l20_a_public_policy_is_refused_only_while_blocked() {
    let text = document(&get(FILES));
    let blocked = LintContext { block_public_policy: Some(true), ..cx() };
    let findings = lint(&text, &blocked);
    assert_eq!(findings[0].rule.id(), "L20");
    let refusal = first_refusal(&findings).unwrap();
    assert_eq!((refusal.code.as_str(), refusal.http_status()), ("AccessDenied", 403));
    assert!(refusal.message.contains("BlockPublicPolicy"));
    assert!(first_refusal(&lint(&text, &cx())).is_none());
    let account = get_by(r#"{"AWS":"111122223333"}"#);
    assert!(first_refusal(&lint(&account, &blocked)).is_none());
}

#[test]
fn the_first_statements_first_problem_is_the_answer_and_all_are_listed() {
    let text = document(&format!("{},{},{}", get(FILES), get(BUCKET), get(FILES).replace("Allow", "hello")));
    let findings = lint(&text, &cx());
    assert_eq!(&ids(&findings)[..2], ["L14", "L08"]);
    assert_eq!(findings[0].statement, Some(1));
    assert_eq!(first_refusal(&findings).unwrap().message, "Action does not apply to any resource(s) in statement");
}

const SID: &str =
    r#"{"Sid":"A","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const DENY: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
const CLOUDFRONT: &str = r#"{"Service":"cloudfront.amazonaws.com"}"#;

#[test_case(&get_by(r#"{"AWS":"111122223333"}"#).replace("Principal", "NotPrincipal"), "X01", true; "x01 not principal")]
#[test_case(&document(&allow(ANY, r#""s3:*""#, FILES, "{}")), "X02", true; "x02 everything")]
#[test_case(&get_by(ANY), "X02", false; "x02 only get")]
#[test_case(&document(&allow(ANY, r#"["s3:GetObject","s3:PutObject"]"#, FILES, "{}")), "X03", true; "x03 put")]
#[test_case(&document(&allow(ANY, r#""s3:Get*""#, FILES, "{}")), "X03", false; "x03 only reading")]
#[test_case(&document(&get(r#""arn:aws:s3:::b/${aws:username}""#)).replace("2012", "2008"), "X04", true; "x04 variable in 2008")]
#[test_case(&document(&get(r#""arn:aws:s3:::b/${aws:username}""#)), "X04", false; "x04 variable in 2012")]
#[test_case(&get_if(r#"{"StringEquals":{"aws:UserAgent":"a*"}}"#), "X05", true; "x05 literal star")]
#[test_case(&get_if(r#"{"StringEquals":{"aws:UserAgent":"a${*}"}}"#), "X05", false; "x05 star meant")]
#[test_case(&get_if(r#"{"StringLike":{"aws:Referer":"https://x/*"}}"#), "X06", true; "x06 referer")]
#[test_case(&get_if(r#"{"IpAddress":{"aws:SourceIp":"192.168.0.0/16"}}"#), "X08", true; "x08 private")]
#[test_case(&get_if(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#), "X08", false; "x08 not private")]
#[test_case(&get_if(r#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#).replace("Allow", "Deny"), "X09", true; "x09 deny elsewhere")]
#[test_case(&get_if(r#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Bool":{"aws:ViaAWSService":"false"}}"#).replace("Allow", "Deny"), "X09", false; "x09 services let through")]
#[test_case(&get_by(CLOUDFRONT), "X10", true; "x10 any distribution")]
#[test_case(&document(&allow(CLOUDFRONT, GET, FILES, r#"{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}}"#)), "X10", false; "x10 one distribution")]
#[test_case(&get_by(ANY), "X11", true; "x11 no list")]
#[test_case(&document(&allow(ANY, r#"["s3:GetObject","s3:ListBucket"]"#, BOTH, "{}")), "X11", false; "x11 list")]
#[test_case(&get_by(ANY), "X12", true; "x12 plain http")]
#[test_case(&document(&format!("{SID},{DENY}")), "X12", false; "x12 denied")]
#[test_case(&document(&get(r#""arn:aws-cn:s3:::b/*""#)), "X13", true; "x13 china")]
#[test_case(&document(&format!("{SID},{SID}")), "X14", true; "x14 same name")]
#[test_case(&get_by(ANY), "X15", true; "x15 public")]
#[test_case(&get_by(r#"{"AWS":"111122223333"}"#), "X15", false; "x15 not public")]
#[test_case(&get_by(ANY).replace(r#""Version":"2012-10-17","#, ""), "X16", true; "x16 no version")]
#[test_case(&get_if(r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-x"}}"#), "X17", true; "x17 negated on absent key")]
#[test_case(&get_if(r#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#), "X17", false; "x17 a key that is always there")]
#[test_case(&get_if(r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}"#), "X18", true; "x18 for all values")]
#[test_case(&get_if(r#"{"StringEquals":{"aws:SourceVpcs":"vpc-1"}}"#), "X19", true; "x19 unknown global key")]
#[test_case(&get_by(ANY).replace("Action", "NotAction"), "X20", true; "x20 not action")]
fn advice(text: &str, rule: &str, expected: bool) {
    let findings = lint(text, &cx());
    assert_eq!(ids(&findings).contains(&rule), expected, "{findings:#?}");
    assert_eq!(errors(text), OK, "advice is no refusal");
}

fn caller(arn: &str, ip: &str) -> LintContext {
    LintContext {
        caller: Some(Caller {
            principal: RequestPrincipal::Account {
                account_id: "111122223333".to_owned(),
                arn: arn.to_owned(),
                canonical_id: None,
            },
            source_ip: ip.parse().ok(),
        }),
        ..cx()
    }
}

const ANN: &str = "arn:aws:iam::111122223333:user/ann";
const ROOT: &str = "arn:aws:iam::111122223333:root";
const ELSEWHERE: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#;

#[test_case(ELSEWHERE, ANN, "198.51.100.1", true; "from elsewhere")]
#[test_case(ELSEWHERE, ANN, "203.0.113.9", false; "from inside")]
#[test_case(ELSEWHERE, ANN, "unknown", true; "from nobody knows where")]
#[test_case(ELSEWHERE, ROOT, "198.51.100.1", false; "root can always come back")]
#[test_case(DENY, ANN, "198.51.100.1", false; "the connection is over tls")]
fn x07_lock_out(statement: &str, arn: &str, ip: &str, expected: bool) {
    let findings = lint(&document(statement), &caller(arn, ip));
    assert_eq!(ids(&findings).contains(&"X07"), expected);
}

#[test_case(&document(&get(BUCKET)), "L14"; "add slash star")]
#[test_case(&document(&allow(ANY, r#""s3:ListBucket""#, FILES, "{}")), "L14"; "name the bucket")]
#[test_case(&document(&allow(ANY, r#"["s3:GetObject","s3:ListBucket"]"#, FILES, "{}")), "L14"; "name the bucket too")]
#[test_case(&document(&get(r#""*""#)), "L12"; "star")]
#[test_case(&document(&get(r#""b/*""#)), "L12"; "no arn")]
#[test_case(&document(&get(r#""arn:aws:s3:::other/*""#)), "L12"; "other bucket")]
#[test_case(&document(&get(r#""arn:aws-cn:s3:::b/*""#)), "X13"; "other partition")]
#[test_case(&document(&allow(ANY, r#""s3:HeadObject""#, FILES, "{}")), "L11"; "operation")]
#[test_case(&document(&get(FILES)).replace("Allow", "allow"), "L08"; "case of effect")]
#[test_case(&document(&get(FILES)).replace("Effect", "effect"), "L09"; "case of a member")]
#[test_case(&document(&get(FILES)).replace("2012", "2013"), "L05"; "version")]
#[test_case(&get_if(r#"{"StringEqual":{"aws:UserAgent":"x"}}"#), "L17"; "operator")]
#[test_case(&get_if(r#"{"StringEquals":{"aws:UserAgent":"a*"}}"#), "X05"; "like")]
#[test_case(&get_if(r#"{"IpAddress":{"SourceIp":"203.0.113.0/24"}}"#), "L16"; "key")]
#[test_case(&format!("\n {}", document(&get(FILES))), "L01"; "space first")]
#[test_case(&document(&get(FILES)).replace(r#""Version":"2012-10-17","#, ""), "X16"; "no version")]
fn fixes_cure(text: &str, rule: &str) {
    let findings = lint(text, &cx());
    let finding = findings.iter().find(|f| f.rule.id() == rule).unwrap();
    let fixed = finding.fix.as_ref().unwrap().apply(text);
    assert!(!ids(&lint(&fixed, &cx())).contains(&rule), "{fixed}");
    assert_eq!(errors(&fixed), OK, "{fixed}");
}

#[test]
fn whitespace_between_tokens_does_not_count() {
    let text = document(&get(FILES)).replace(',', &format!(",{}", " ".repeat(MAX_POLICY_BYTES)));
    assert_eq!(errors(&text), OK);
}

#[test]
fn findings_point_at_their_line() {
    let text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Principal\": \"*\",\n      \"Action\": \"s3:GetObject\",\n      \"Resource\": \"arn:aws:s3:::b\"\n    }\n  ]\n}";
    let findings = lint(text, &cx());
    let finding = &findings[0];
    assert_eq!((finding.line, finding.column), (8, 19));
    assert_eq!(finding.message, "This action works on files, but the resource names only the bucket");
    let fix = finding.fix.as_ref().unwrap();
    assert_eq!(fix.label, "Add /*");
    assert_eq!(fix.apply(text), text.replace("s3:::b\"", "s3:::b/*\""));
}

#[test]
fn rule_names_are_unique_and_refusals_are_errors() {
    let mut names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert_eq!(rule.id().starts_with('L'), rule.severity() == Severity::Error);
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(text in ".{0,120}") {
        let _ = lint(&text, &cx());
    }

    #[test]
    fn any_statement_is_survived(
        members in proptest::collection::vec(
            (
                prop_oneof![
                    Just("Sid"), Just("Effect"), Just("Principal"), Just("NotPrincipal"), Just("Action"),
                    Just("NotAction"), Just("Resource"), Just("NotResource"), Just("Condition"), Just("x")
                ],
                prop_oneof![
                    Just(r#""*""#), Just(r#""Allow""#), Just(r#""s3:*""#), Just("[]"), Just("{}"), Just("7"),
                    Just("null"), Just(r#"["arn:aws:s3:::b/*"]"#), Just(r#"{"AWS":"*"}"#),
                    Just(r#"{"ForAnyValue:StringLike":{"aws:TagKeys":["é*","${x"]}}"#),
                    Just(r#"{"é":{"ü":[[]]}}"#)
                ],
            ),
            0..8,
        )
    ) {
        let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        let text = document(&format!("{{{}}}", members.join(",")));
        let findings = lint(&text, &cx());
        for finding in &findings {
            prop_assert!(text.get(finding.span.start..finding.span.end).is_some());
            prop_assert!(!finding.message.is_empty());
            if let Some(fix) = &finding.fix {
                let _ = lint(&fix.apply(&text), &cx());
            }
        }
        prop_assert_eq!(
            first_refusal(&findings).is_some(),
            findings.iter().any(|f| f.severity == Severity::Error)
        );
    }
}
