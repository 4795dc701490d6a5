//! Who is answered without any signature: the decision table of an anonymous GET, staged for real.
//!
//! Sources: Amazon S3 User Guide, "How Amazon S3 authorizes a request", "Blocking public access to your Amazon S3
//! storage", "Controlling ownership of objects"; API reference, `GetObject`.

use aws_sdk_s3::types::{
    BucketCannedAcl, BucketVersioningStatus, ObjectCannedAcl, ObjectOwnership, OwnershipControls,
    OwnershipControlsRule, PublicAccessBlockConfiguration, VersioningConfiguration,
};
use test_case::test_case;

use super::policy::{open_bucket, policy_of};
use super::{Server, everywhere};

/// A statement by its short name.
fn statement(name: &str) -> &'static str {
    match name {
        "read" => r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}"#,
        "list" => r#"{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::BUCKET"}"#,
        "read-folder" => {
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/public/*"}"#
        }
        "read-here" => {
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Condition":{"IpAddress":{"aws:SourceIp":"127.0.0.0/8"}}}"#
        }
        "read-far" => {
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#
        }
        "deny-plain" => {
            r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::BUCKET","arn:aws:s3:::BUCKET/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#
        }
        "deny-read" => {
            r#"{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}"#
        }
        "read-all-but-one" => {
            r#"{"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}"#
        }
        "read-account" => {
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}"#
        }
        "read-cloudfront" => {
            r#"{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}}}"#
        }
        "read-organization" => {
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-x"}}}"#
        }
        "read-not-organization" => {
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-x"}}}"#
        }
        "read-versions" => {
            r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObjectVersion","Resource":"arn:aws:s3:::BUCKET/*"}"#
        }
        other => panic!("no statement is called {other}"),
    }
}

/// Puts the policy of these statements, named with `+` between them.
pub(crate) async fn allow(server: &Server, bucket: &str, statements: &str) {
    let statements: Vec<_> = statements.split('+').map(statement).collect();
    let policy = policy_of(bucket, &statements.join(","));
    server.s3.put_bucket_policy().bucket(bucket).policy(policy).send().await.unwrap();
}

/// Sets the flags of Block Public Access by their first letters: Acls, Ignore, Policy, Restrict.
pub(crate) async fn block(server: &Server, bucket: &str, flags: &str) {
    let flags = PublicAccessBlockConfiguration::builder()
        .block_public_acls(flags.contains('A'))
        .ignore_public_acls(flags.contains('I'))
        .block_public_policy(flags.contains('P'))
        .restrict_public_buckets(flags.contains('R'))
        .build();
    let call = server.s3.put_public_access_block().bucket(bucket);
    call.public_access_block_configuration(flags).send().await.unwrap();
}

/// A bucket in which every ACL and every policy counts.
pub(crate) async fn classic(server: &Server) -> String {
    let bucket = server.fresh_name();
    let create = server.s3.create_bucket().bucket(&bucket).object_ownership(ObjectOwnership::ObjectWriter);
    create.send().await.unwrap();
    server.s3.delete_public_access_block().bucket(&bucket).send().await.unwrap();
    bucket
}

pub(crate) async fn own(server: &Server, bucket: &str, ownership: ObjectOwnership) {
    let rule = OwnershipControlsRule::builder().object_ownership(ownership).build().unwrap();
    let controls = OwnershipControls::builder().rules(rule).build().unwrap();
    server.s3.put_bucket_ownership_controls().bucket(bucket).ownership_controls(controls).send().await.unwrap();
}

/// The columns are: flags of Block Public Access (`-`: none), Object Ownership (Enforced, Preferred, Writer), ACL of the
/// object (and of the bucket: `list`), statements of the policy (`-`: none), key asked for, answer. The object that is
/// there is `public/a.jpg`; everything is stored before it is blocked.
#[test_case("- E priv - public/a.jpg", "403 AccessDenied"; "T01 nothing is public by itself")]
#[test_case("- E priv read public/a.jpg", "200"; "T02 a policy opens")]
#[test_case("AIPR E priv read public/a.jpg", "403 AccessDenied"; "T03 Block Public Access closes")]
#[test_case("AI E priv read public/a.jpg", "200"; "T05 the flags for ACLs leave policies alone")]
#[test_case("P E priv read public/a.jpg", "200"; "T06 BlockPublicPolicy leaves a stored policy alone")]
#[test_case("R E priv read public/a.jpg", "403 AccessDenied"; "T07 RestrictPublicBuckets closes")]
#[test_case("- E pub - public/a.jpg", "403 AccessDenied"; "T09 a stored ACL is disabled")]
#[test_case("- W pub - public/a.jpg", "200"; "T10 an ACL opens where writers own")]
#[test_case("- P pub - public/a.jpg", "200"; "T11 an ACL opens where the owner is preferred")]
#[test_case("I W pub - public/a.jpg", "403 AccessDenied"; "T12 IgnorePublicAcls closes")]
#[test_case("A W pub - public/a.jpg", "200"; "T14 BlockPublicAcls leaves a stored ACL alone")]
#[test_case("R W pub - public/a.jpg", "200"; "T15 RestrictPublicBuckets leaves ACLs alone")]
#[test_case("- W auth - public/a.jpg", "403 AccessDenied"; "T16 nobody is not somebody signed in")]
#[test_case("- E priv read-folder public/a.jpg", "200"; "T17 a folder is open")]
#[test_case("- E priv read-folder private/a.jpg", "403 AccessDenied"; "T18 the folder beside it is not")]
#[test_case("- E priv read-folder Public/a.jpg", "403 AccessDenied"; "T19 letters have a case")]
#[test_case("- E priv read missing", "403 AccessDenied"; "T20 what is missing is not told")]
#[test_case("- E priv read+list missing", "404 NoSuchKey"; "T21 unless listing is allowed")]
#[test_case("- W list read missing", "404 NoSuchKey"; "T22 or the ACL of the bucket allows it")]
#[test_case("I W list read missing", "403 AccessDenied"; "T23 and is not ignored")]
#[test_case("- E priv - missing", "403 AccessDenied"; "T24 a closed bucket tells nothing")]
#[test_case("- E priv list public/a.jpg", "403 AccessDenied"; "T25 listing is not reading")]
#[test_case("R E priv read+list missing", "403 AccessDenied"; "T27 a restricted bucket tells nothing")]
#[test_case("- E priv read-here public/a.jpg", "200"; "T28 the right address reads")]
#[test_case("- E priv read-far public/a.jpg", "403 AccessDenied"; "T29 another address does not")]
#[test_case("AIPR E priv read-here public/a.jpg", "200"; "T30 a policy for an address is not public")]
#[test_case("R E priv read-here+list public/a.jpg", "403 AccessDenied"; "T31 a public statement spoils it")]
#[test_case("- E priv read+deny-plain public/a.jpg", "403 AccessDenied"; "T32 HTTP without TLS can be denied")]
#[test_case("- W pub deny-read public/a.jpg", "403 AccessDenied"; "T34 a deny beats an ACL")]
#[test_case("- E priv read public/a.jpg?versionId=null", "403 AccessDenied"; "T45 a version is another action")]
#[test_case("- E priv read public/a.jpg?response-content-type=text%2Fplain", "400 InvalidRequest"; "T50 nobody overrides headers")]
#[test_case("- E priv read-account public/a.jpg", "403 AccessDenied"; "T51 an account is not everyone")]
#[test_case("- E priv read-cloudfront public/a.jpg", "403 AccessDenied"; "T52 a distribution is not everyone")]
#[test_case("- E priv read-all-but-one public/a.jpg", "200"; "T53 all but one are everyone")]
#[test_case("- E priv read-organization public/a.jpg", "403 AccessDenied"; "T54 nobody belongs to no organization")]
#[test_case("- E priv read-not-organization public/a.jpg", "200"; "T55 what is absent differs from everything")]
fn a_stranger_is_answered_by_the_table(staged: &str, answer: &str) {
    everywhere(async |server| {
        let [flags, ownership, acl, statements, key] = staged.split(' ').collect::<Vec<_>>()[..] else {
            panic!("five columns: {staged}");
        };
        // The default is Enforced; only what was stored before ownership was enforced has to begin otherwise.
        let by_default = ownership == "E" && acl == "priv";
        let bucket = if by_default { open_bucket(server).await } else { classic(server).await };
        let put = server.s3.put_object().bucket(&bucket).key("public/a.jpg").body(b"open".to_vec().into());
        let put = match acl {
            "pub" => put.acl(ObjectCannedAcl::PublicRead),
            "auth" => put.acl(ObjectCannedAcl::AuthenticatedRead),
            _ => put,
        };
        put.send().await.unwrap();
        if acl == "list" {
            server.s3.put_bucket_acl().bucket(&bucket).acl(BucketCannedAcl::PublicRead).send().await.unwrap();
        }
        match ownership {
            "E" if !by_default => own(server, &bucket, ObjectOwnership::BucketOwnerEnforced).await,
            "P" => own(server, &bucket, ObjectOwnership::BucketOwnerPreferred).await,
            _ => {}
        }
        if statements != "-" {
            allow(server, &bucket, statements).await;
        }
        if flags != "-" {
            block(server, &bucket, flags).await;
        }

        let target = format!("/{bucket}/{key}");
        let seen = server.ask("GET", &target).send().await;
        assert_eq!(format!("{} {}", seen.status, seen.code()).trim(), answer);
        assert_eq!(seen.status == 200, seen.text == "open");
        let head = server.ask("HEAD", &target).send().await;
        assert_eq!((head.status, head.body.len()), (seen.status, 0));
    });
}

#[test]
fn a_delete_marker_is_told_to_who_may_list() {
    everywhere(async |server| {
        let bucket = open_bucket(server).await;
        let enabled = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        server.s3.put_bucket_versioning().bucket(&bucket).versioning_configuration(enabled).send().await.unwrap();
        server.put(&bucket, "k", b"x").await;
        let deleted = server.s3.delete_object().bucket(&bucket).key("k").send().await.unwrap();
        let target = format!("/{bucket}/k");

        allow(server, &bucket, "read").await;
        assert_eq!(server.ask("GET", &target).send().await.status, 403);

        allow(server, &bucket, "read+list").await;
        let told = server.ask("GET", &target).send().await;
        assert_eq!((told.status, told.code()), (404, "NoSuchKey"));
        assert_eq!(told.header("x-amz-delete-marker"), "true");

        allow(server, &bucket, "read+read-versions").await;
        let marker = format!("{target}?versionId={}", deleted.version_id().unwrap());
        let refused = server.ask("GET", &marker).send().await;
        assert_eq!((refused.status, refused.code()), (405, "MethodNotAllowed"));
        assert_eq!(refused.header("x-amz-delete-marker"), "true");
    });
}

#[test]
fn a_stranger_reads_what_a_policy_opens_and_writes_nothing() {
    everywhere(async |server| {
        let bucket = open_bucket(server).await;
        allow(server, &bucket, "read").await;
        let put = server.s3.put_object().bucket(&bucket).key("a b/cat é.png").content_type("image/png");
        put.body(b"meow".to_vec().into()).send().await.unwrap();
        let target = format!("/{bucket}/a%20b/cat%20%C3%A9.png");
        let read = server.ask("GET", &target).send().await;
        assert_eq!((read.status, read.header("content-type"), read.text.as_str()), (200, "image/png", "meow"));
        let head = server.ask("HEAD", &target).send().await;
        assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "4", 0));
        let part = server.ask("GET", &target).header("range", "bytes=1-2").send().await;
        assert_eq!((part.status, part.text.as_str()), (206, "eo"));
        let cached = server.ask("GET", &target).header("if-none-match", read.header("etag")).send().await;
        assert_eq!((cached.status, cached.body.len()), (304, 0));

        assert_eq!(server.ask("GET", &format!("/{bucket}?list-type=2")).send().await.code(), "AccessDenied");
        assert_eq!(server.ask("PUT", &format!("/{bucket}/new")).body("x").send().await.code(), "AccessDenied");
        assert_eq!(server.ask("DELETE", &target).send().await.code(), "AccessDenied");
        assert_eq!(server.ask("GET", &format!("/{bucket}?policy")).send().await.code(), "AccessDenied");
        assert_eq!(server.get(&bucket, "a b/cat é.png").await, b"meow");
    });
}

#[test]
fn a_bucket_that_is_not_there_is_told_to_anyone() {
    everywhere(async |server| {
        let answer = server.ask("GET", &format!("/{}/k", server.fresh_name())).send().await;
        assert_eq!((answer.status, answer.code()), (404, "NoSuchBucket"));
    });
}

#[test]
fn the_flags_of_block_public_access_refuse_what_they_name() {
    everywhere(async |server| {
        let bucket = classic(server).await;
        block(server, &bucket, "AP").await;
        let public = server.s3.put_object().bucket(&bucket).key("k").acl(ObjectCannedAcl::PublicRead).send().await;
        assert_eq!(super::code(&public), "AccessDenied");
        let listed = server.s3.put_bucket_acl().bucket(&bucket).acl(BucketCannedAcl::PublicRead).send().await;
        assert_eq!(super::code(&listed), "AccessDenied");
        let policy = policy_of(&bucket, statement("read"));
        let opened = server.s3.put_bucket_policy().bucket(&bucket).policy(policy).send().await;
        assert_eq!(super::code(&opened), "AccessDenied");
        block(server, &bucket, "IR").await;
        server.s3.put_object().bucket(&bucket).key("k").acl(ObjectCannedAcl::PublicRead).send().await.unwrap();
        assert_eq!(server.ask("GET", &format!("/{bucket}/k")).send().await.status, 403);
    });
}
