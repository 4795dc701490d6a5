use super::*;
use crate::domain::arn::Partition;
use crate::domain::policy::template;
use test_case::test_case;

const AWS: Partition = Partition::Aws;

fn texts(statement: Statement) -> Vec<String> {
    explain(&Policy::new(vec![statement]), "b").iter().map(Sentence::text).collect()
}

#[test]
fn public_read_says_what_it_does_and_what_it_does_not() {
    let sentences = explain(&Policy::new(vec![template::public_read("b", AWS, Some("photos/"))]), "b");
    let said: Vec<_> = sentences.iter().map(|s| (s.text(), s.statement, s.tone)).collect();
    assert_eq!(
        said,
        [
            ("Anyone on the internet can view files under photos/".to_owned(), Some(0), Tone::Public),
            ("It does not let anyone upload, delete or list the files".to_owned(), None, Tone::Limit),
        ]
    );
    let styles: Vec<_> = sentences[0].words.parts().iter().map(|part| (part.text.as_str(), part.style)).collect();
    assert_eq!(
        styles,
        [
            ("Anyone on the internet can ", Style::Plain),
            ("view", Style::Strong),
            (" files under ", Style::Plain),
            ("photos/", Style::Mono)
        ]
    );
}

#[test]
fn what_is_allowed_is_not_in_the_limits() {
    let policy = Policy::new(vec![template::public_read("b", AWS, None), template::public_list("b", AWS, None)]);
    let last = explain(&policy, "b").pop().unwrap();
    assert_eq!(last.text(), "It does not let anyone upload or delete");
}

#[test_case(template::public_read("b", AWS, None), "Anyone on the internet can view every file of b"; "public read")]
#[test_case(template::public_list("b", AWS, Some("photos/")), "Anyone on the internet can list the files of b, only if they ask for what fits photos/*"; "public list")]
#[test_case(template::deny_insecure_transport("b", AWS), "Nobody can use plain http, not even you"; "deny plain http")]
#[test_case(template::min_tls_12("b", AWS), "Nobody can do anything with b or any file in it if s3:TlsVersion is less than 1.2, not even you"; "tls")]
#[test_case(template::cloudfront_oac("b", AWS, "111122223333", "E1"), "CloudFront can view every file of b, only if it acts for arn:aws:cloudfront::111122223333:distribution/E1"; "cloudfront")]
#[test_case(template::ip_allow_list("b", AWS, None, &["203.0.113.0/24".parse().unwrap()]), "Anyone can view every file of b, only if the request comes from 203.0.113.0/24"; "addresses")]
#[test_case(template::require_kms("b", AWS), "Nobody can upload any file of b if s3:x-amz-server-side-encryption is not aws:kms (or the request has no s3:x-amz-server-side-encryption), not even you"; "kms")]
#[test_case(template::org_read("b", AWS, "o-x"), "Anyone can list the files and view every file of b, only if they belong to the organization o-x"; "organization")]
#[test_case(template::max_presign_age("b", AWS, 600), "Nobody can do anything with any file of b if s3:signatureAge is more than 600000, not even you"; "presigned age")]
#[test_case(template::ip_deny_elsewhere("b", AWS, &["203.0.113.0/24".parse().unwrap()]), "Nobody can do anything with b or any file in it if the request comes from elsewhere than 203.0.113.0/24 (or has no internet address) and aws:ViaAWSService is false, not even you"; "elsewhere")]
#[test_case(template::cross_account_read("b", AWS, "111122223333"), "The account 111122223333 can list the files and view every file of b"; "cross account")]
#[test_case(template::server_access_logs("b", AWS, "logs/", "src", "111122223333"), "The S3 log delivery can upload files under logs/, only if it acts for arn:aws:s3:::src and it acts for the account 111122223333"; "logs")]
fn templates_in_words(statement: Statement, expected: &str) {
    assert_eq!(texts(statement).first().map(String::as_str), Some(expected));
}

fn read(text: &str) -> Vec<String> {
    let policy = Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":{text}}}"#)).unwrap();
    explain(&policy, "b").iter().map(Sentence::text).collect()
}

#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/site-uploader"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*.jpg"}"#, "The role site-uploader of the account 111122223333 can upload files whose name ends in .jpg"; "a role")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:user/ann","999988887777"]},"Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::b/a.png"}"#, "The user ann of the account 111122223333 and the account 999988887777 can view, upload and delete the file a.png"; "several of each")]
#[test_case(r#"{"Effect":"Allow","NotPrincipal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#, "Anyone on the internet but the account 999988887777 can view every file of b"; "not principal")]
#[test_case(r#"{"Effect":"Deny","Principal":{"AWS":"999988887777"},"Action":"s3:Put*","Resource":"arn:aws:s3:::b/x?"}"#, "The account 999988887777 cannot use s3:Put* on files whose name fits x?"; "deny someone")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"NotAction":"s3:DeleteObject","NotResource":"arn:aws:s3:::b/private/*"}"#, "The account 999988887777 can do everything but delete with b itself and every file of b but files under private/"; "the opposites")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b"}"#, "The account 999988887777 can do nothing yet: line 1 names the bucket, not the files in it"; "only the bucket")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"Null":{"aws:Referer":"true"},"ForAnyValue:StringLike":{"aws:TagKeys":["a*","b"]}}}"#, "The account 999988887777 can view every file of b, only if the request has no aws:Referer and a value of aws:TagKeys fits a* or b"; "conditions")]
fn statements_in_words(statement: &str, expected: &str) {
    assert_eq!(read(statement).first().map(String::as_str), Some(expected));
}

/// A statement of Ann's about every file, with this condition.
fn only_if(condition: &str) -> String {
    let text = format!(
        r#"{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::111122223333:user/ann"}},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{condition}}}"#
    );
    let said = read(&text).remove(0);
    said.split_once("only if ").map_or(said.clone(), |(_, condition)| condition.to_owned())
}

#[test_case(r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-x"}}"#, "aws:PrincipalOrgID is not o-x (or the request has no aws:PrincipalOrgID)"; "a negated operator holds without the key")]
#[test_case(r#"{"StringEqualsIfExists":{"aws:SourceVpc":["vpc-1","vpc-2"]}}"#, "aws:SourceVpc is vpc-1 or vpc-2 (or the request has no aws:SourceVpc)"; "if exists holds without the key")]
#[test_case(r#"{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#, "the request comes from the network vpc-1"; "a network")]
#[test_case(r#"{"ForAllValues:StringEquals":{"aws:TagKeys":"a"}}"#, "every value of aws:TagKeys is a (or the request has no aws:TagKeys)"; "for all values holds without the key")]
#[test_case(r#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":"a"}}"#, "a value of aws:TagKeys is not a"; "for any value does not")]
#[test_case(r#"{"ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":"a"}}"#, "a value of aws:TagKeys is a (or the request has no aws:TagKeys)"; "for any value if exists")]
#[test_case(r#"{"Null":{"aws:SourceVpce":"false"}}"#, "the request has a aws:SourceVpce"; "present")]
#[test_case(r#"{"Null":{"aws:SourceVpce":["true","false"]}}"#, "the request has or has not a aws:SourceVpce"; "either")]
#[test_case(r#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, "the request comes from elsewhere than 203.0.113.0/24 (or has no internet address)"; "elsewhere")]
#[test_case(r#"{"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}}"#, "aws:SourceIp is within 203.0.113.0/24 (or the request has no aws:SourceIp)"; "address if exists")]
#[test_case(r#"{"Bool":{"aws:SecureTransport":"true"}}"#, "the request comes over HTTPS"; "https")]
#[test_case(r#"{"Bool":{"aws:SecureTransport":["true","false"]}}"#, "aws:SecureTransport is true or false"; "either transport")]
#[test_case(r#"{"DateLessThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}}"#, "aws:CurrentTime is before 2027-01-01T00:00:00Z"; "a date")]
#[test_case(r#"{"DateNotEquals":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}}"#, "aws:CurrentTime is not 2027-01-01T00:00:00Z"; "a key that is always there")]
#[test_case(r#"{"StringLike":{"aws:Referer":["https://a/*","https://b/*"]}}"#, "the page that asks is https://a/* or https://b/*"; "referer")]
#[test_case(r#"{"StringEquals":{"aws:PrincipalTag/team":[]}}"#, "aws:PrincipalTag/team is one of no values, which never holds"; "no values")]
#[test_case(r#"{"StringNotEquals":{"aws:PrincipalTag/team":[]}}"#, "aws:PrincipalTag/team is none of no values, which always holds"; "no values negated")]
#[test_case(r#"{"StringEqualsIgnoreCase":{"aws:PrincipalTag/team":"Web"}}"#, "aws:PrincipalTag/team is, in capitals or not, Web"; "without case")]
#[test_case(r#"{"NumericLessThanEquals":{"s3:max-keys":"10"},"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"}}"#, "s3:max-keys is at most 10 and aws:PrincipalArn does not fit arn:aws:iam::*:role/x (or the request has no aws:PrincipalArn)"; "two")]
fn conditions_in_words(condition: &str, expected: &str) {
    assert_eq!(only_if(condition), expected);
}

#[test_case(r#"{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:role/admin"},"Action":"s3:DeleteObject","Resource":"arn:aws:s3:::b/*"}"#, "Nobody but the role admin of the account 111122223333 can delete any file of b"; "deny not principal")]
#[test_case(r#"{"Effect":"Deny","Principal":"*","NotAction":["s3:GetObject","s3:GetObjectVersion"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}"#, "Nobody can do anything but view and view older versions of with b or any file in it, not even you"; "deny not action")]
#[test_case(r#"{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","NotResource":["arn:aws:s3:::b/in/*","arn:aws:s3:::b/*.jpg"]}"#, "Nobody can upload any file of b but files under in/ and files whose name ends in .jpg, not even you"; "deny not resource")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:*","Resource":"arn:aws:s3:::b"}"#, "The account 999988887777 can do everything with b itself"; "everything with the bucket only")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/in/*"]}"#, "The account 999988887777 can do everything with b itself and files under in/"; "everything with one folder")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:List*","Resource":"arn:aws:s3:::b"}"#, "The account 999988887777 can use s3:List* of b"; "a pattern with the bucket only")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"AROAEXAMPLE"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#, "A deleted role AROAEXAMPLE can view every file of b"; "a deleted role")]
#[test_case(r#"{"Effect":"Allow","Principal":{"Service":"delivery.logs.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/x/*"}"#, "The AWS service delivery.logs.amazonaws.com can upload files under x/"; "a service")]
#[test_case(r#"{"Effect":"Allow","Principal":{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/a"}"#, "The account with the canonical id 79a59df9… can view the file a"; "canonical id")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#, "The CloudFront identity E1 can view every file of b"; "old cloudfront identity")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/home/${aws:username}/*"}"#, "The account 999988887777 can view files under home/${aws:username}/, where ${aws:username} is the user's own name"; "a variable")]
#[test_case(r#"{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b"}"#, "Nothing is refused yet: line 1 names the bucket, not the files in it"; "a deny that meets nothing")]
#[test_case(r#"{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b/*"}"#, "Anyone on the internet can do nothing yet: line 1 names files, not the bucket itself"; "listing of files")]
#[test_case(r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"}"#, "Anyone on the internet can do nothing yet: line 1 names nothing in this bucket"; "another bucket")]
fn unusual_statements_in_words(statement: &str, expected: &str) {
    assert_eq!(read(statement).first().map(String::as_str), Some(expected));
}

#[test]
fn a_part_without_effect_is_named() {
    let said = read(
        r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":"arn:aws:s3:::b/*"}"#,
    );
    assert_eq!(
        said,
        [
            "The account 999988887777 can view every file of b",
            "Line 1: to list the files works on the bucket itself, and only files are named"
        ]
    );
}

#[test]
fn variables_of_the_old_language_are_plain_text() {
    let text = r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}}"#;
    let said = explain(&Policy::parse(text).unwrap(), "b").remove(0).text();
    assert!(
        said.ends_with("with ${aws:username} taken letter by letter, because the policy is of version 2008-10-17"),
        "{said}"
    );
}

#[test]
fn the_owner_is_called_so() {
    let policy = Policy::parse(r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":["111122223333","arn:aws:iam::111122223333:role/up"]},"Action":"s3:PutObject","Resource":"arn:aws-cn:s3:::b/*"}]}"#).unwrap();
    let scene = Scene { bucket: "b", partition: Partition::AwsCn, owner: Some("111122223333") };
    let said = explain_in(&policy, &scene).remove(0).text();
    assert_eq!(said, "The bucket's own account and the role up can upload every file of b");
}

#[test]
fn a_policy_that_only_denies_says_that_it_lets_nobody_in() {
    let said = explain(&Policy::new(vec![template::deny_insecure_transport("b", AWS)]), "b");
    let last = said.last().unwrap();
    assert_eq!((last.tone, last.statement), (Tone::Limit, None));
}

use proptest::prelude::*;

proptest! {
    #[test]
    fn every_policy_can_be_explained(policy in crate::domain::policy::testing::policies()) {
        let text = policy.to_json_pretty();
        if let Ok(policy) = Policy::parse(&text) {
            let said = explain(&policy, "b");
            prop_assert!(said.len() >= policy.statements.len());
            prop_assert!(said.iter().all(|sentence| !sentence.words.is_empty()));
        }
    }
}
