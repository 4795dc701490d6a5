//! The checks of Access Analyzer that need no server, each with what it finds and what it leaves alone.

use test_case::test_case;

use super::*;

const ACCOUNT: &str = r#"{"AWS":"111122223333"}"#;
const LOGGING: &str = r#"{"Service":"logging.s3.amazonaws.com"}"#;
const EXPORT: &str = r#"{"Service":"export.rds.amazonaws.com"}"#;
const PUT: &str = r#""s3:PutObject""#;
const OWN: &str = r#"{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#;

fn if_(condition: &str) -> String {
    document(&allow(ACCOUNT, GET, FILES, condition))
}

fn deny_if(condition: &str) -> String {
    if_(condition).replace("Allow", "Deny")
}

fn like(key: &str, value: &str) -> String {
    if_(&format!(r#"{{"StringLike":{{"{key}":"{value}"}}}}"#))
}

fn arn_like(value: &str) -> String {
    if_(&format!(r#"{{"ArnLike":{{"aws:PrincipalArn":"{value}"}}}}"#))
}

fn by(principal: &str, action: &str, condition: &str) -> String {
    document(&allow(principal, action, FILES, condition))
}

fn actions(list: &str) -> String {
    document(&allow(ACCOUNT, list, FILES, "{}"))
}

fn files(list: &str) -> String {
    document(&get(list))
}

fn sid(sid: &str) -> String {
    if_("{}").replacen("\"Effect\"", &format!("\"Sid\":\"{sid}\",\"Effect\""), 1)
}

#[test_case(&files(r#""arn:aws:s3:::b/${}""#), "X21", true; "x21 empty variable")]
#[test_case(&files(r#""arn:aws:s3:::b/${aws:username""#), "X21", true; "x21 missing brace")]
#[test_case(&files(r#""arn:aws:s3:::b/${ aws:username }/*""#), "X21", true; "x21 space in variable")]
#[test_case(&like("aws:UserAgent", "${aws:username, nobody}"), "X21", true; "x21 missing quote")]
#[test_case(&like("aws:UserAgent", "${username}"), "X21", true; "x21 variable without service")]
#[test_case(&files(r#""arn:aws:s3:::b/${aws:username}/${*}/${aws:userid, 'x y'}""#), "X21", false; "x21 sound variables")]
#[test_case(&files(r#""arn:aws:s3:::b/${""#).replace("2012", "2008"), "X21", false; "x21 no variables in 2008")]
#[test_case(&if_(r#"{"NumericLessThan":{"s3:TlsVersion":"${aws:username}"}}"#), "X22", true; "x22 variable as number")]
#[test_case(&like("aws:UserAgent", "${aws:username}"), "X22", false; "x22 variable as text")]
#[test_case(&arn_like("AWS:iam::111122223333:root"), "X23", true; "x23 arn prefix")]
#[test_case(&arn_like("arn:aws:iam::111122223333"), "X23", true; "x23 missing field")]
#[test_case(&arn_like("arn:amazon:iam::111122223333:root"), "X23", true; "x23 partition")]
#[test_case(&arn_like("arn:aws:IAM::111122223333:root"), "X23", true; "x23 case of the service")]
#[test_case(&arn_like("arn:aws:sqs:europe:111122223333:q"), "X23", true; "x23 region")]
#[test_case(&arn_like("arn:aws:iam::11112222333:root"), "X23", true; "x23 account")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SourceArn":"acme"}}"#), "X23", true; "x23 a key that holds an arn")]
#[test_case(&arn_like("arn:aws-cn:sqs:cn-north-1:*:q"), "X23", false; "x23 china and a wildcard")]
#[test_case(&arn_like("arn:aws:sqs:us-gov-west-1:111122223333:q*"), "X23", false; "x23 a long region")]
#[test_case(&arn_like("arn:aws:iam::${aws:PrincipalAccount}:root"), "X23", false; "x23 variable")]
#[test_case(&arn_like("*"), "X23", false; "x23 star")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SourceVpc":"vpc-12"}}"#), "X24", true; "x24 vpc format")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SourceVpce":"vpc-91237329"}}"#), "X24", true; "x24 vpce format")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SourceAccount":"1111-2222-3333"}}"#), "X24", true; "x24 account format")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SourceVpc":["vpc-91237329","vpc-0123456789abcdef0"]}}"#), "X24", false; "x24 both lengths")]
#[test_case(&like("aws:SourceVpc", "vpc-*"), "X24", false; "x24 pattern")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SourceIp":"203.0.113.9"}}"#), "X25", true; "x25 address as text")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SecureTransport":"true"}}"#), "X25", true; "x25 truth as text")]
#[test_case(&if_(r#"{"StringEquals":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}"#), "X25", true; "x25 date as text")]
#[test_case(&if_(r#"{"StringEquals":{"s3:TlsVersion":"1.2"}}"#), "X25", true; "x25 number as text")]
#[test_case(&if_(r#"{"Bool":{"aws:SourceVpc":"true"}}"#), "X25", true; "x25 text as truth")]
#[test_case(&if_(r#"{"NumericEquals":{"aws:PrincipalOrgID":"1"}}"#), "X25", true; "x25 text as number")]
#[test_case(&if_(r#"{"IpAddress":{"aws:UserAgent":"203.0.113.9"}}"#), "X25", true; "x25 text as address")]
#[test_case(&if_(r#"{"ArnLike":{"aws:PrincipalOrgID":"arn:aws:iam::111122223333:root"}}"#), "X25", true; "x25 text as arn")]
#[test_case(&if_(r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}}"#), "X25", false; "x25 arn as text")]
#[test_case(&if_(r#"{"NumericEquals":{"s3:ExistingObjectTag/size":"1"}}"#), "X25", false; "x25 a tag may be a number")]
#[test_case(&if_(r#"{"NumericLessThan":{"aws:EpochTime":"1900000000"}}"#), "X25", false; "x25 an instant may be a number")]
#[test_case(&if_(r#"{"Null":{"aws:SourceVpc":"true"}}"#), "X25", false; "x25 null asks any key")]
#[test_case(&if_(r#"{"StringLike":{"aws:PrincipalOrgPaths":"o-x/*"}}"#), "X26", true; "x26 missing qualifier")]
#[test_case(&if_(r#"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-x/*"}}"#), "X26", false; "x26 qualified")]
#[test_case(&deny_if(r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-x"}}"#), "X27", true; "x27 for all values of one")]
#[test_case(&deny_if(r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}"#), "X27", false; "x27 for all values of many")]
#[test_case(&if_(r#"{"Bool":{"aws:SecureTransport":["true","false"]}}"#), "X28", true; "x28 multiple boolean")]
#[test_case(&if_(r#"{"Bool":{"aws:SecureTransport":["true"]}}"#), "X28", false; "x28 one boolean")]
#[test_case(&if_(r#"{"ForAnyValue:Null":{"aws:TagKeys":"true"}}"#), "X29", true; "x29 null with qualifier")]
#[test_case(&if_(r#"{"Null":{"aws:TagKeys":"true"}}"#), "X29", false; "x29 null")]
#[test_case(&if_(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.9/24"}}"#), "X30", true; "x30 host bits")]
#[test_case(&if_(r#"{"IpAddress":{"aws:SourceIp":"2001:db8::1/64"}}"#), "X30", true; "x30 host bits of ipv6")]
#[test_case(&if_(r#"{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","203.0.113.9"]}}"#), "X30", false; "x30 range and address")]
#[test_case(&actions(r#"["s3:GetObject","s3:get*"]"#), "X31", true; "x31 covered action")]
#[test_case(&actions(r#"["s3:GetObject","S3:getobject"]"#), "X31", true; "x31 action twice")]
#[test_case(&actions(r#"["s3:GetObject","s3:PutObject*"]"#), "X31", false; "x31 two actions")]
#[test_case(&actions(r#"["s3:GetObjec?","s3:*"]"#), "X31", true; "x31 question mark under star")]
#[test_case(&files(r#"["arn:aws:s3:::b/*","arn:aws:s3:::b/a/*"]"#), "X32", true; "x32 covered resource")]
#[test_case(&files(r#"["arn:aws:s3:::b/A/*","arn:aws:s3:::b/a/*"]"#), "X32", false; "x32 case counts")]
#[test_case(&files(r#"["arn:aws:s3:::b/?","arn:aws:s3:::b/*a"]"#), "X32", false; "x32 a star is no letter")]
#[test_case(&if_(r#"{"StringLike":{"aws:UserAgent":["a*","ab"]}}"#), "X33", true; "x33 covered value")]
#[test_case(&if_(r#"{"IpAddress":{"aws:SourceIp":["203.0.113.0/24","203.0.113.9"]}}"#), "X33", true; "x33 address within range")]
#[test_case(&if_(r#"{"StringEquals":{"aws:UserAgent":["a","a"]}}"#), "X33", true; "x33 value twice")]
#[test_case(&if_(r#"{"StringEquals":{"aws:UserAgent":["a*","ab"]}}"#), "X33", false; "x33 literal star covers nothing")]
#[test_case(&document(&format!("{SID},{}", SID.replace("\"A\"", "\"B\""))), "X34", true; "x34 the same under another name")]
#[test_case(&document(&format!("{SID},{DENY}")), "X34", false; "x34 two statements")]
#[test_case(&actions(r#""*""#), "X35", true; "x35 wildcard in service name")]
#[test_case(&actions(r#""s3:*""#), "X35", false; "x35 one service")]
#[test_case(&by(EXPORT, PUT, "{}"), "X36", true; "x36 unrestricted service")]
#[test_case(&by(EXPORT, PUT, OWN), "X36", false; "x36 restricted service")]
#[test_case(&by(EXPORT, PUT, "{}").replace("Allow", "Deny"), "X36", false; "x36 denied service")]
#[test_case(&by(CLOUDFRONT, GET, "{}"), "X36", false; "x36 cloudfront has its own rule")]
#[test_case(&by(LOGGING, PUT, r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::source"}}"#), "X37", true; "x37 a bucket does not tell its account")]
#[test_case(&by(LOGGING, PUT, r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::source"},"StringEquals":{"aws:SourceAccount":"111122223333"}}"#), "X37", false; "x37 paired")]
#[test_case(&by(CLOUDFRONT, GET, r#"{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}}"#), "X37", false; "x37 an arn that tells its account")]
#[test_case(&by(EXPORT, PUT, r#"{"StringEquals":{"aws:PrincipalOrgID":"o-x"}}"#), "X38", true; "x38 key of identities")]
#[test_case(&by(EXPORT, PUT, r#"{"StringEquals":{"aws:PrincipalTag/team":"x"}}"#), "X38", true; "x38 tag of identities")]
#[test_case(&by(ACCOUNT, PUT, r#"{"StringEquals":{"aws:PrincipalOrgID":"o-x"}}"#), "X38", false; "x38 an account has it")]
#[test_case(&by(LOGGING, GET, OWN), "X39", true; "x39 logs are not read")]
#[test_case(&by(LOGGING, PUT, OWN), "X39", false; "x39 logs are written")]
#[test_case(&by(EXPORT, GET, OWN), "X39", false; "x39 a service that is not known")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SourceOwner":"111122223333"}}"#), "X40", true; "x40 source owner")]
#[test_case(&if_(OWN), "X40", false; "x40 source account")]
#[test_case(&if_(r#"{"StringEquals":{"s3:ResourceAccount":"111122223333"}}"#), "X41", true; "x41 always the same")]
#[test_case(&if_(r#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#), "X41", false; "x41 not the same")]
#[test_case(&by(ACCOUNT, r#""s3:*""#, r#"{"StringEquals":{"s3:ExistingObjectTag/a":"b"}}"#).replace("Allow", "Deny"), "X42", true; "x42 deny by a tag")]
#[test_case(&deny_if(r#"{"StringEquals":{"s3:ExistingObjectTag/a":"b"}}"#), "X42", false; "x42 deny what has the tag")]
#[test_case(&by(ACCOUNT, r#""s3:*""#, r#"{"StringEquals":{"s3:ExistingObjectTag/a":"b"}}"#), "X43", true; "x43 allow by a tag")]
#[test_case(&if_(r#"{"StringEquals":{"s3:ExistingObjectTag/a":"b"}}"#), "X43", false; "x43 allow what has the tag")]
#[test_case(&if_("{}"), "X44", true; "x44 empty condition")]
#[test_case(&if_(r#"{"StringEquals":{}}"#), "X44", true; "x44 empty operator")]
#[test_case(&if_(r#"{"StringEquals":{"aws:UserAgent":[]}}"#), "X44", true; "x44 empty list of values")]
#[test_case(&document(&SID.replace("\"A\"", "\"\"")), "X44", true; "x44 empty sid")]
#[test_case(&document(SID).replacen('{', "{\"Id\":\"\",", 1), "X44", true; "x44 empty id")]
#[test_case(&document(SID), "X44", false; "x44 nothing empty")]
#[test_case(&sid("public-read"), "X45", true; "x45 hyphen")]
#[test_case(&sid("Public read 2"), "X45", false; "x45 a space may stand")]
#[test_case(&by(r#"{"Federated":"graph.facebook.com"}"#, GET, "{}"), "X46", true; "x46 identity provider")]
#[test_case(&by(ACCOUNT, GET, "{}"), "X46", false; "x46 account")]
#[test_case(&if_(r#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}}"#), "X47", true; "x47 some private")]
#[test_case(&if_(r#"{"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}}"#), "X47", true; "x47 some private, not")]
#[test_case(&if_(r#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#), "X47", false; "x47 all private is x08")]
#[test_case(&if_(r#"{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#), "X08", true; "x08 private not ip address")]
#[test_case(&if_(r#"{"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}}"#), "X08", false; "x08 private within a network")]
#[test_case(&if_(r#"{"StringEquals":{"aws:PrincipalTag":"x"}}"#), "X19", true; "x19 missing tag key")]
#[test_case(&files(FILES), "X13", false; "x13 the same partition")]
#[test_case(&document(&format!("{SID},{DENY}")), "X14", false; "x14 one name")]
#[test_case(&document(SID), "X16", false; "x16 a version")]
#[test_case(&if_(r#"{"StringEquals":{"aws:UserAgent":"x"}}"#), "X06", false; "x06 another key")]
#[test_case(&if_(r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-x"}}"#).replace("Allow", "Deny"), "X17", false; "x17 deny is careful")]
#[test_case(&if_(r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"a"}}"#), "X18", false; "x18 any value")]
#[test_case(&like("aws:SourceVpc", "vpc-*"), "X19", false; "x19 a known key")]
#[test_case(&document(SID), "X20", false; "x20 action")]
#[test_case(&document(SID), "X01", false; "x01 principal")]
fn findings(text: &str, rule: &str, expected: bool) {
    let findings = lint(text, &cx());
    assert_eq!(ids(&findings).contains(&rule), expected, "{findings:#?}");
    assert_eq!(errors(text), OK, "advice is no refusal");
    for finding in &findings {
        let plain = !finding.message.ends_with('.') && !finding.message.is_empty();
        assert!(plain && finding.line == 1 && finding.column >= 1, "{finding:?}");
    }
}

/// What Access Analyzer calls an error and S3 refuses as well.
#[test_case(&if_(r#"{"StringEquals":{"aws:UserAgent":"a","AWS:useragent":"b"}}"#), "L10"; "duplicate keys with different case")]
#[test_case(&if_(r#"{"StringEquals":{"aws:UserAgent":"a"},"stringequals":{"aws:Referer":"b"}}"#), "L10"; "duplicate operators with different case")]
#[test_case(&if_(r#"{"NullIfExists":{"aws:UserAgent":"true"}}"#), "L17"; "null with if exists")]
#[test_case(&if_(r#"{"ForEveryValue:StringEquals":{"aws:UserAgent":"a"}}"#), "L17"; "unknown set prefix")]
#[test_case(&if_(r#"{"StringEquals":{"s3:ExistingObjectTag/":"a"}}"#), "L16"; "missing tag key in condition")]
#[test_case(&if_(r#"{"StringEquals":{"s3:ExistingObjectTag":"a"}}"#), "L16"; "tag key without its slash")]
#[test_case(&if_(r#"{"StringEquals":{"kms:ViaService":"a"}}"#), "L16"; "key of another service")]
#[test_case(&if_(r#"{"StringEquals":{"UserAgent":"a"}}"#), "L16"; "condition key format")]
#[test_case(&actions(r#""s*:GetObject""#), "L11"; "wildcard in the service of an action")]
#[test_case(&actions(r#""ec2:RunInstances""#), "L11"; "action of another service")]
#[test_case(&actions(r#""s3:${aws:username}""#), "L11"; "variable in an action")]
#[test_case(&files(r#""arn:aws:s3:::${aws:username}/*""#), "L12"; "variable instead of the bucket")]
#[test_case(&files(r#""arn:aws:S3:::b/*""#), "L12"; "case of the service in a resource")]
#[test_case(&files(r#""arn:aws:sqs:::b""#), "L12"; "resource of another service")]
#[test_case(&files(r#""arn:aws:s3::b/*""#), "L12"; "missing field of a resource")]
#[test_case(&by(r#"{"AWS":"arn:aws:iam::*:root"}"#, GET, "{}"), "L13"; "unsupported wildcard in principal")]
#[test_case(&by(r#"{"Service":"*.amazonaws.com"}"#, GET, "{}"), "L13"; "wildcard in a service")]
#[test_case(&by(r#"{"Service":"cloudfront amazonaws com"}"#, GET, "{}"), "L13"; "service principal format")]
#[test_case(&by(r#"{"AWS":"arn:aws:iam::111122223333:role/"}"#, GET, "{}"), "L13"; "role without a name")]
#[test_case(&by(r#"{"AWS":"AROAEXAMPLE"}"#, GET, "{}"), "L13"; "deleted role")]
#[test_case(&by(r#"{"AWS":"${aws:PrincipalArn}"}"#, GET, "{}"), "L13"; "variable in a principal")]
#[test_case(&by(r#"{"User":"ann"}"#, GET, "{}"), "L13"; "principal key")]
#[test_case(&by(r#"{"AWS":"arn:aws:iam:eu-west-1:111122223333:root"}"#, GET, "{}"), "L13"; "principal with a region")]
#[test_case(&if_(r#"{"DateLessThan":{"aws:CurrentTime":"31.01.2030"}}"#), "L21"; "invalid date value")]
#[test_case(&if_(r#"{"BinaryEquals":{"s3:x-amz-content-sha256":"é"}}"#), "L21"; "no base64")]
#[test_case(&if_(r#"{"NumericEquals":{"s3:max-keys":1e999}}"#), "L19"; "a number beyond all numbers")]
#[test_case(&if_(r#"{"NumericEquals":{"s3:max-keys":null}}"#), "L19"; "null as a value")]
#[test_case(&if_("{}").replacen("\"Principal\"", "\"NotPrincipal\":\"*\",\"Principal\"", 1), "L10"; "unsupported element combination")]
fn refused_too(text: &str, rule: &str) {
    assert!(errors(text).contains(&rule), "{:#?}", lint(text, &cx()));
}

#[test_case(&files(r#""arn:aws:s3:::b/${ aws:username }/*""#), "X21"; "space in variable")]
#[test_case(&like("aws:UserAgent", "${aws:username, nobody}"), "X21"; "quotes of a default")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SourceIp":"203.0.113.9"}}"#), "X25"; "operator of an address")]
#[test_case(&if_(r#"{"StringNotEquals":{"aws:SourceIp":"203.0.113.9"}}"#), "X25"; "operator of another address")]
#[test_case(&if_(r#"{"StringEquals":{"aws:SecureTransport":"true"}}"#), "X25"; "operator of a truth")]
#[test_case(&if_(r#"{"ArnLike":{"aws:PrincipalOrgID":"o-x"}}"#), "X25"; "operator of a text")]
#[test_case(&deny_if(r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-x"}}"#), "X27"; "no set prefix")]
#[test_case(&if_(r#"{"ForAnyValue:Null":{"aws:TagKeys":"true"}}"#), "X29"; "no prefix of null")]
#[test_case(&if_(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.9/24"}}"#), "X30"; "host bits")]
#[test_case(&actions(r#"["s3:GetObject","s3:Get*","s3:PutObject"]"#), "X31"; "redundant action")]
#[test_case(&files(r#"["arn:aws:s3:::b/*","arn:aws:s3:::b/a/*"]"#), "X32"; "redundant resource")]
#[test_case(&actions(r#""*""#), "X35"; "every service")]
#[test_case(&sid("public-read"), "X45"; "sid")]
fn analyzer_fixes_cure(text: &str, rule: &str) {
    fixes_cure(text, rule);
}

#[test]
fn a_shared_operator_is_not_changed_for_one_key() {
    let text = if_(r#"{"StringEquals":{"aws:SecureTransport":"true","aws:UserAgent":"x"}}"#);
    let findings = lint(&text, &cx());
    assert!(findings.iter().find(|f| f.rule.id() == "X25").unwrap().fix.is_none());
}

#[test]
fn the_largest_policy_is_checked_while_a_key_is_pressed() {
    let patterns = |count: usize, one: fn(usize) -> String| {
        let list: Vec<String> = (0..count).map(one).collect();
        serde_json::Value::from(list).to_string()
    };
    let many = [
        document(&allow(ACCOUNT, &patterns(1200, |i| format!("s3:*{i}?*")), FILES, "{}")),
        document(&get(&patterns(700, |i| format!("arn:aws:s3:::b/*{i}*")))),
        document(&vec![SID; 180].join(",")),
        document(&allow(
            ACCOUNT,
            GET,
            FILES,
            &format!(r#"{{"StringLike":{{"aws:UserAgent":{}}}}}"#, patterns(2000, |i| format!("*{i}*"))),
        )),
        format!("{{{}}}", (0..3000).map(|i| format!("\"{i}\":1")).collect::<Vec<_>>().join(",")),
    ];
    for text in many {
        assert!((10_000..40_000).contains(&text.len()), "{}", text.len());
        let start = std::time::Instant::now();
        assert!(!lint(&text, &cx()).is_empty());
        // A build without optimization on a busy machine.
        assert!(start.elapsed() < std::time::Duration::from_secs(5), "{:?}: {}", start.elapsed(), &text[..120]);
    }
}
