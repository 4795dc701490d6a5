use super::*;
use crate::domain::arn::Partition;
use crate::domain::policy::template;
use test_case::test_case;

const AWS: Partition = Partition::Aws;

fn texts(statement: Statement) -> Vec<String> {
    explain(&Policy::new(vec![statement]), "b").into_iter().map(|sentence| sentence.text).collect()
}

#[test]
fn public_read_says_what_it_does_and_what_it_does_not() {
    let sentences = explain(&Policy::new(vec![template::public_read("b", AWS, Some("photos/"))]), "b");
    assert_eq!(
        sentences,
        [
            Sentence {
                text: "Anyone on the internet can view files under photos/".to_owned(),
                statement: Some(0),
                tone: Tone::Public,
            },
            Sentence {
                text: "It does not let anyone upload, delete or list the files".to_owned(),
                statement: None,
                tone: Tone::Limit,
            },
        ]
    );
}

#[test]
fn what_is_allowed_is_not_in_the_limits() {
    let policy = Policy::new(vec![template::public_read("b", AWS, None), template::public_list("b", AWS, None)]);
    let last = explain(&policy, "b").pop().unwrap();
    assert_eq!(last.text, "It does not let anyone upload or delete");
}

#[test_case(template::public_read("b", AWS, None), "Anyone on the internet can view every file of b"; "public read")]
#[test_case(template::public_list("b", AWS, Some("photos/")), "Anyone on the internet can list the files of b, only if they ask for what fits photos/*"; "public list")]
#[test_case(template::deny_insecure_transport("b", AWS), "Nobody can use plain HTTP, not even you"; "deny plain http")]
#[test_case(template::min_tls_12("b", AWS), "Nobody can do anything with b or any file in it if `s3:TlsVersion` is less than 1.2, not even you"; "tls")]
#[test_case(template::cloudfront_oac("b", AWS, "111122223333", "E1"), "CloudFront can view every file of b, only if it acts for arn:aws:cloudfront::111122223333:distribution/E1"; "cloudfront")]
#[test_case(template::ip_allow_list("b", AWS, None, &["203.0.113.0/24".parse().unwrap()]), "Anyone can view every file of b, only if the request comes from 203.0.113.0/24"; "addresses")]
#[test_case(template::require_kms("b", AWS), "Nobody can upload any file of b if `s3:x-amz-server-side-encryption` is not aws:kms or is absent, not even you"; "kms")]
#[test_case(template::org_read("b", AWS, "o-x"), "Anyone can list the files and view every file of b, only if they belong to the organization o-x"; "organization")]
#[test_case(template::max_presign_age("b", AWS, 600), "Nobody can do anything with any file of b if `s3:signatureAge` is more than 600000, not even you"; "presigned age")]
#[test_case(template::ip_deny_elsewhere("b", AWS, &["203.0.113.0/24".parse().unwrap()]), "Nobody can do anything with b or any file in it if the request comes from elsewhere than 203.0.113.0/24 and `aws:ViaAWSService` is false, not even you"; "elsewhere")]
#[test_case(template::cross_account_read("b", AWS, "111122223333"), "The account 111122223333 can list the files and view every file of b"; "cross account")]
#[test_case(template::server_access_logs("b", AWS, "logs/", "src", "111122223333"), "The S3 log delivery can upload files under logs/, only if it acts for arn:aws:s3:::src and it acts for the account 111122223333"; "logs")]
fn templates_in_words(statement: Statement, expected: &str) {
    assert_eq!(texts(statement).first().map(String::as_str), Some(expected));
}

fn read(text: &str) -> Vec<String> {
    let policy = Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":{text}}}"#)).unwrap();
    explain(&policy, "b").into_iter().map(|s| s.text).collect()
}

#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/site-uploader"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*.jpg"}"#, "The role site-uploader of the account 111122223333 can upload files whose name ends in .jpg"; "a role")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:user/ann","999988887777"]},"Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::b/a.png"}"#, "The user ann of the account 111122223333 and the account 999988887777 can view, upload and delete the file a.png"; "several of each")]
#[test_case(r#"{"Effect":"Allow","NotPrincipal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#, "Everyone but the account 999988887777 can view every file of b"; "not principal")]
#[test_case(r#"{"Effect":"Deny","Principal":{"AWS":"999988887777"},"Action":"s3:Put*","Resource":"arn:aws:s3:::b/x?"}"#, "The account 999988887777 cannot use `s3:Put*` on files whose name fits x?"; "deny someone")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"NotAction":"s3:DeleteObject","NotResource":"arn:aws:s3:::b/private/*"}"#, "The account 999988887777 can do everything but `s3:DeleteObject` with everything but files under private/"; "the opposites")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b"}"#, "The account 999988887777 can upload no file, because only the bucket is named"; "only the bucket")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"Null":{"aws:Referer":"true"},"ForAnyValue:StringLike":{"aws:TagKeys":["a*","b"]}}}"#, "The account 999988887777 can view every file of b, only if the request has no `aws:Referer` and a value of `aws:TagKeys` fits a* or b"; "conditions")]
fn statements_in_words(statement: &str, expected: &str) {
    assert_eq!(read(statement).first().map(String::as_str), Some(expected));
}
