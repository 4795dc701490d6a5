//! Bucket policies: what is taken, what is refused in which words, what counts as public, and what it opens.

use aws_sdk_s3::types::PublicAccessBlockConfiguration;
use test_case::test_case;

use super::{Refused, Server, code, everywhere, refused};

/// A new bucket whose policy may be public.
pub(crate) async fn open_bucket(server: &Server) -> String {
    let bucket = server.bucket().await;
    server.s3.delete_public_access_block().bucket(&bucket).send().await.unwrap();
    bucket
}

/// A policy of these statements, `BUCKET` in them replaced.
pub(crate) fn policy_of(bucket: &str, statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#).replace("BUCKET", bucket)
}

/// Puts a policy as text, `BUCKET` in it replaced.
async fn refusal(server: &Server, bucket: &str, policy: &str) -> Refused {
    let policy = policy.replace("BUCKET", bucket);
    refused(server.s3.put_bucket_policy().bucket(bucket).policy(policy).send().await)
}

#[test_case("[]", "Policies must be valid JSON and the first byte must be '{'"; "an array")]
#[test_case("{}", "Missing required field Statement"; "nothing in it")]
#[test_case(r#"{"Statement":[]}"#, "Could not parse the policy: Statement is empty!"; "no statement")]
#[test_case(r#"{"Version":"2025-01-01","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]}"#, "The policy must contain a valid version string"; "a version of its own")]
#[test_case(r#"{"Statement":[{"Effect":"hello","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]}"#, "Invalid effect: hello"; "no effect of this name")]
#[test_case(r#"{"Statement":[{"Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]}"#, "Missing required field Effect"; "an effect missing")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]}"#, "Missing required field Principal"; "a principal missing")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObjects","Resource":"arn:aws:s3:::BUCKET/*"}]}"#, "Policy has invalid action"; "an action that is none")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET"}]}"#, "Action does not apply to any resource(s) in statement"; "an object action on a bucket")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::BUCKET/*"}]}"#, "Action does not apply to any resource(s) in statement"; "a bucket action on objects")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"}]}"#, "Policy has invalid resource"; "another bucket")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]}"#, "Policy has invalid resource"; "every resource")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/*"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]}"#, "Invalid principal in policy"; "users by a pattern")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Condition":{"StringEquals":{"s3:prefix":"a"}}}]}"#, "Conditions do not apply to combination of actions and resources in statement"; "a condition of another action")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Condition":{"StringEqual":{"aws:Referer":"a"}}}]}"#, "Invalid Condition type : StringEqual"; "an operator that is none")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Condition":{"StringEquals":{"s3:foo":"a"}}}]}"#, "Policy has an invalid condition key"; "a condition key that is none")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Conditions":{}}]}"#, "Unknown field Conditions"; "an element that is none")]
#[test_case(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"},{"Effect":"allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]}"#, "Invalid effect: allow"; "a second statement that is wrong")]
fn a_malformed_policy_is_refused_in_the_words_of_s3(policy: &str, message: &str) {
    everywhere(async |server| {
        let bucket = open_bucket(server).await;
        let refusal = refusal(server, &bucket, policy).await;
        assert_eq!((refusal.status, refusal.code.as_str()), (400, "MalformedPolicy"));
        assert_eq!(refusal.message, message);
        assert_eq!(code(&server.s3.get_bucket_policy().bucket(&bucket).send().await), "NoSuchBucketPolicy");
    });
}

#[test_case(r#"{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::BUCKET","arn:aws:s3:::BUCKET/*"]}"#; "objects and bucket together")]
#[test_case(r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::BUCKET/*"}"#; "every action on objects")]
#[test_case(r#"{"Effect":"Allow","Principal":"*","Action":"s3:List*","Resource":"arn:aws:s3:::BUCKET/*"}"#; "a pattern with one action on objects")]
#[test_case(r#"{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}"#; "everyone in a list")]
#[test_case(r#"{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::BUCKET","Condition":{"StringLike":{"s3:prefix":"home/*"}}}"#; "a prefix to list")]
#[test_case(r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::BUCKET","arn:aws:s3:::BUCKET/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"},"StringEquals":{"aws:UserAgent":"nobody"}}}"#; "a deny with conditions")]
fn a_sound_policy_is_kept_and_removed(statement: &str) {
    everywhere(async |server| {
        let bucket = open_bucket(server).await;
        let policy = policy_of(&bucket, statement);
        server.s3.put_bucket_policy().bucket(&bucket).policy(&policy).send().await.unwrap();
        let kept = server.s3.get_bucket_policy().bucket(&bucket).send().await.unwrap();
        let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(parsed(kept.policy().unwrap()), parsed(&policy));
        server.s3.delete_bucket_policy().bucket(&bucket).send().await.unwrap();
        assert_eq!(code(&server.s3.get_bucket_policy().bucket(&bucket).send().await), "NoSuchBucketPolicy");
        assert_eq!(code(&server.s3.get_bucket_policy_status().bucket(&bucket).send().await), "NoSuchBucketPolicy");
    });
}

#[test_case("true", r#""Principal":"*""#; "P1 everyone")]
#[test_case("true", r#""Principal":{"AWS":"*"}"#; "P2 every account")]
#[test_case("true", r#""Principal":{"Federated":"graph.facebook.com"}"#; "P3 whoever a network signs in")]
#[test_case("true", r#""Principal":"*","Condition":{"StringLike":{"aws:SourceVpc":"vpc-*"}}"#; "P4 any VPC")]
#[test_case("false", r#""Principal":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-91237329"}}"#; "P5 one VPC")]
#[test_case("false", r#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#; "P6 a small network")]
#[test_case("true", r#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}}"#; "P7 half of the internet")]
#[test_case("false", r#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"16.0.0.0/8"}}"#; "P8 the largest network that counts as fixed")]
#[test_case("true", r#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"16.0.0.0/7"}}"#; "P9 one bit larger")]
#[test_case("false", r#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}"#; "P10 a network of IPv6")]
#[test_case("true", r#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"2001::/16"}}"#; "P11 a large network of IPv6")]
#[test_case("false", r#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#; "P12 a private network")]
#[test_case("false", r#""Principal":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-abc"}}"#; "P13 one organization")]
#[test_case("true", r#""Principal":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#; "P14 anyone by HTTPS")]
#[test_case("true", r#""Principal":"*","Condition":{"StringLike":{"aws:Referer":"https://x/*"}}"#; "P15 whoever claims a page")]
#[test_case("true", r#""Principal":"*","Condition":{"StringEquals":{"aws:UserAgent":"mine"}}"#; "P16 whoever claims a browser")]
#[test_case("false", r#""Principal":{"Service":"cloudfront.amazonaws.com"},"Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}}"#; "P18 one distribution")]
#[test_case("false", r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"}"#; "P19 another account")]
#[test_case("true", r#""Principal":"*","Condition":{"StringEquals":{"aws:SourceVpce":"${aws:PrincipalTag/x}"}}"#; "P23 what a variable says")]
#[test_case("false", r#""Principal":"*","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::mybucket"}}"#; "P28 one ARN")]
#[test_case("false", r#""Principal":"*","Condition":{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}}"#; "P29 the access points of an account")]
fn the_status_tells_whether_a_policy_is_public(public: &str, principal: &str) {
    everywhere(async |server| {
        let bucket = open_bucket(server).await;
        let statement =
            format!(r#"{{"Effect":"Allow",{principal},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}}"#);
        let policy = policy_of(&bucket, &statement);
        server.s3.put_bucket_policy().bucket(&bucket).policy(&policy).send().await.unwrap();
        let status = server.s3.get_bucket_policy_status().bucket(&bucket).send().await.unwrap();
        assert_eq!(status.policy_status().unwrap().is_public(), Some(public == "true"));

        // What Block Public Access refuses is exactly what is public.
        server.s3.delete_bucket_policy().bucket(&bucket).send().await.unwrap();
        let block = PublicAccessBlockConfiguration::builder().block_public_policy(true).build();
        let call = server.s3.put_public_access_block().bucket(&bucket);
        call.public_access_block_configuration(block).send().await.unwrap();
        let outcome = server.s3.put_bucket_policy().bucket(&bucket).policy(&policy).send().await;
        assert_eq!(code(&outcome), if public == "true" { "AccessDenied" } else { "" });
    });
}

#[test_case(r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}},{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/public/*"}"#, true; "P21 one public statement makes the policy public")]
#[test_case(r#"{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}"#, false; "P22 a policy that only denies is not public")]
#[test_case(r#"{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::BUCKET","Condition":{"StringEquals":{"s3:prefix":"a"}}}"#, true; "P17 a prefix makes nothing private")]
fn the_whole_policy_is_public_or_not(statements: &str, public: bool) {
    everywhere(async |server| {
        let bucket = open_bucket(server).await;
        let policy = policy_of(&bucket, statements);
        server.s3.put_bucket_policy().bucket(&bucket).policy(&policy).send().await.unwrap();
        let status = server.s3.get_bucket_policy_status().bucket(&bucket).send().await.unwrap();
        assert_eq!(status.policy_status().unwrap().is_public(), Some(public));
    });
}

#[test]
fn an_explicit_deny_holds_for_the_owner_too_but_never_locks_the_policy() {
    everywhere(async |server| {
        let bucket = server.bucket().await;
        server.put(&bucket, "k", b"x").await;
        let deny = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::BUCKET","arn:aws:s3:::BUCKET/*"]}"#;
        let policy = policy_of(&bucket, deny);
        server.s3.put_bucket_policy().bucket(&bucket).policy(policy).send().await.unwrap();
        let read = refused(server.s3.get_object().bucket(&bucket).key("k").send().await);
        assert_eq!((read.status, read.code.as_str()), (403, "AccessDenied"));
        let elsewhere = server.bucket().await;
        let copy = server.s3.copy_object().bucket(&elsewhere).key("k").copy_source(format!("{bucket}/k")).send().await;
        assert_eq!(code(&copy), "AccessDenied");
        server.s3.delete_bucket_policy().bucket(&bucket).send().await.unwrap();
        assert_eq!(server.get(&bucket, "k").await, b"x");
    });
}
