//! The truth table of a request without sign-in, row by row: the layer that a check names, and whether each of its fixes
//! opens the file and can be taken back.
//!
//! Rows that practice storage cannot stage: T33 (it has no TLS), T40 (keys of the customer travel over TLS only; the
//! answer itself is among the symptoms), T48 (no store keeps such a policy; the linter tells).

use brimful::domain::check::{Agreement, Fix, Remedy, Undo, Verdict};
use test_case::test_case;

use super::stage::{KEY, Yard, everywhere, practice};
use crate::s3_contract::Server;

/// The columns are: flags of Block Public Access of the account (`-`: none), of the bucket, Object Ownership (Enforced,
/// Preferred, Writer), list of the file (and of the bucket: `list`), statements of the policy (`-`: none), the file. `asked`
/// is the key asked for, `layer` what stops the request (`-`: it gets through), `first` the first fix that is offered.
#[test_case("- - E priv - public/a.png", KEY, "policy", "Make a link that ends"; "T01 nothing is public by itself")]
#[test_case("- AIPR E priv - public/a.png", KEY, "policy", "Make a link that ends"; "T01 and blocked, as new buckets are")]
#[test_case("AIPR AIPR E priv - public/a.png", KEY, "policy", "Make a link that ends"; "T01 and blocked by the account too")]
#[test_case("- - E priv - public/a.png=kms", KEY, "policy", "Make a link that ends"; "T01 and encrypted with a key of KMS")]
#[test_case("- AIPR W priv - public/a.png", KEY, "policy", "Make a link that ends"; "T01 where lists count and are blocked")]
#[test_case("- - E priv read public/a.png", KEY, "-", ""; "T02 a policy opens")]
#[test_case("- AIPR E priv read public/a.png", KEY, "bucket-block-public-access", "Make a link that ends"; "T03 the block of the bucket closes")]
#[test_case("AIPR - E priv read public/a.png", KEY, "account-block-public-access", "Make a link that ends"; "T04 the block of the account closes")]
#[test_case("- AI E priv read public/a.png", KEY, "-", ""; "T05 the flags for lists leave policies alone")]
#[test_case("- P E priv read public/a.png", KEY, "-", ""; "T06 BlockPublicPolicy leaves a stored policy alone")]
#[test_case("- R E priv read public/a.png", KEY, "bucket-block-public-access", "Make a link that ends"; "T07 RestrictPublicBuckets of the bucket closes")]
#[test_case("AIPR AIPR E priv read public/a.png", KEY, "account-block-public-access", "Make a link that ends"; "T04 both blocks close")]
#[test_case("R - E priv read public/a.png", KEY, "account-block-public-access", "Make a link that ends"; "T08 RestrictPublicBuckets of the account closes")]
#[test_case("- - E pub - public/a.png", KEY, "policy", "Make a link that ends"; "T09 a stored list is disabled, and not even shown")]
#[test_case("- - W pub - public/a.png", KEY, "-", ""; "T10 a list opens where writers own")]
#[test_case("- - P pub - public/a.png", KEY, "-", ""; "T11 a list opens where the owner is preferred")]
#[test_case("- I W pub - public/a.png", KEY, "bucket-block-public-access", "Make a link that ends"; "T12 IgnorePublicAcls of the bucket closes")]
#[test_case("I - W pub - public/a.png", KEY, "account-block-public-access", "Make a link that ends"; "T13 IgnorePublicAcls of the account closes")]
#[test_case("- A W pub - public/a.png", KEY, "-", ""; "T14 BlockPublicAcls leaves a stored list alone")]
#[test_case("- R W pub - public/a.png", KEY, "-", ""; "T15 RestrictPublicBuckets leaves lists alone")]
#[test_case("- - W auth - public/a.png", KEY, "file-permissions", "Make a link that ends"; "T16 nobody is not somebody signed in")]
#[test_case("- - E priv read-folder public/a.png", KEY, "-", ""; "T17 a folder is open")]
#[test_case("- - E priv read-folder private/a.png", "private/a.png", "policy", "Move the file to public/"; "T18 the folder beside it is not")]
#[test_case("- - E priv read-folder Public/a.png", "Public/a.png", "policy", "Move the file to public/"; "T19 letters have a case")]
#[test_case("- - E priv read public/a.png", "public/A.png", "file", "Use public/a.png"; "T20 what is missing is hidden")]
#[test_case("- - E priv read+list public/a.png", "public/a.jpg", "file", "Use public/a.png"; "T21 or told")]
#[test_case("- - W list read public/a.png", "publics/a.png", "file", "Use public/a.png"; "T22 also by the list of the bucket")]
#[test_case("- I W list read public/a.png", "public%2520/a.png", "file", "Use public/a.png"; "T23 unless that is ignored")]
#[test_case("- - E priv - public/a.png=missing", KEY, "file", "Upload the file"; "T24 a closed bucket tells nothing")]
#[test_case("- - E priv list public/a.png", KEY, "policy", "Make a link that ends"; "T25 listing is not reading")]
#[test_case("- - E priv list public/a.png=missing", KEY, "file", "Upload the file"; "T26 listing tells what is missing")]
#[test_case("- R E priv read+list public/a.png=missing", KEY, "file", "Upload the file"; "T27 a restricted bucket tells nothing")]
#[test_case("- - E priv read-here public/a.png", KEY, "-", ""; "T28 the right address reads")]
#[test_case("- - E priv read-far public/a.png", KEY, "policy", "Make a link that ends"; "T29 another address does not")]
#[test_case("- AIPR E priv read-here public/a.png", KEY, "-", ""; "T30 a policy for an address is not public")]
#[test_case("- R E priv read-here+list public/a.png", KEY, "bucket-block-public-access", "Make a link that ends"; "T31 a public statement spoils it")]
#[test_case("- - E priv read+deny-plain public/a.png", KEY, "policy", "Use the address with https://"; "T32 http without TLS can be denied")]
#[test_case("- - W pub deny-read public/a.png", KEY, "policy", "Remove the statement 1"; "T34 a deny beats a list")]
#[test_case("- - W priv read public/a.png=foreign", KEY, "owner", "Make all files the bucket owner’s"; "T35 a policy does not reach the files of others")]
#[test_case("- - W pub - public/a.png=foreign", KEY, "-", ""; "T36 the list of others does")]
#[test_case("- - W pub deny-read public/a.png=foreign", KEY, "policy", "Remove the statement 1"; "T37 and a deny as well")]
#[test_case("- - E priv read public/a.png=sse", KEY, "-", ""; "T38 keys of the store are no hindrance")]
#[test_case("- - E priv read public/a.png=kms", KEY, "encryption", "Encrypt it with keys of the store"; "T39 keys of KMS are")]
#[test_case("- - E priv read public/a.png=glacier", KEY, "archive", "Fetch it from the archive"; "T41 an archive has to be asked")]
#[test_case("- - E priv read public/a.png=glacier-ir", KEY, "-", ""; "T42 but for instant retrieval")]
#[test_case("- - E priv read public/a.png=deleted", KEY, "file", "Remove the delete marker"; "T43 a delete marker hides")]
#[test_case("- - E priv read+list public/a.png=deleted", KEY, "file", "Remove the delete marker"; "T44 and is told")]
#[test_case("- - E priv read public/a.png", "public/a.png?versionId=null", "policy", "Leave the version out of the address"; "T45 a version is another action")]
#[test_case("- - E priv read public/a.png=payer", KEY, "requester-pays", "Let the bucket’s owner pay"; "T49 who asks has to pay")]
#[test_case("- - E priv read public/a.png", "public/a.png?response-content-type=text%2Fplain", "address", "Use the right address"; "T50 strangers override nothing")]
#[test_case("- - E priv read-account public/a.png", KEY, "policy", "Make a link that ends"; "T51 an account is not everyone")]
#[test_case("- - E priv read-cloudfront public/a.png", KEY, "policy", "Make a link that ends"; "T52 a distribution is not everyone")]
#[test_case("- - E priv read-all-but-one public/a.png", KEY, "-", ""; "T53 all but one are everyone")]
#[test_case("- - E priv read-organization public/a.png", KEY, "policy", "Make a link that ends"; "T54 strangers are in no organization")]
#[test_case("- - E priv read-not-organization public/a.png", KEY, "-", ""; "T55 what is absent differs from everything")]
#[test_case("I R P pub read public/a.png", KEY, "bucket-block-public-access", "Make a link that ends"; "T56 both ways are closed")]
#[test_case("IR - P pub read-here public/a.png", KEY, "-", ""; "T57 a policy that is not public stays")]
#[test_case("- - E priv read public/a.png=missing", KEY, "file", "Upload the file"; "T58 what is missing is not there for HEAD either")]
fn what_stands_in_the_way_is_named_and_mended(row: &str, asked: &str, layer: &str, first: &str) {
    everywhere(async |server| {
        if !server.strict() && !is_staged_elsewhere(server, row, asked) {
            return;
        }
        let yard = Yard::staged(server, row).await;
        let url = yard.url(asked);
        let before = yard.status(&url).await;
        let (diagnosis, evidence) = yard.check(&url).await;
        let open = (200..300).contains(&before);
        let told = format!("{diagnosis:#?}\n{evidence:#?}");
        assert_eq!(diagnosis.verdict.is_fetched(), open, "{told}");
        if !server.strict() {
            return;
        }
        assert_eq!(diagnosis.verdict, if open { Verdict::Visible } else { Verdict::NotVisible }, "{told}");
        let cause = diagnosis.cause.map_or("-", |layer| layer.as_str());
        assert_eq!(cause, layer, "{told}");
        assert_eq!(diagnosis.fixes.first().map_or("", |fix| fix.title.as_str()), first, "{told}");
        assert!(matches!(diagnosis.agreement, Agreement::Agrees | Agreement::NotCompared), "{told}");
        let key = evidence.details().map_or_else(|| KEY.to_owned(), |details| details.key.clone());
        for at in 0..diagnosis.fixes.len() {
            // A file that was put back is the same, and yet another one: its ETag may differ.
            let (now, _) = yard.check(&url).await;
            assert_eq!(now.fixes[at].title, diagnosis.fixes[at].title, "all is as it was");
            tried(&yard, &now.fixes[at], &url, &key, before).await;
        }
    });
}

/// Ceph and moto have no accounts to block, and put nothing into archives; Ceph knows no Object Ownership, and answers
/// overrides of a stranger with a header that is none.
fn is_staged_elsewhere(server: &Server, row: &str, asked: &str) -> bool {
    let owned = row.contains(" E pub ") || row.contains(" P ");
    let beyond_ceph = owned || asked.contains("response-");
    row.starts_with("- ") && !row.contains('=') && !(server.name == "rgw" && beyond_ceph)
}

/// Carries a fix out, looks whether the file opens, takes it back, and looks whether all is as before.
async fn tried(yard: &Yard<'_>, fix: &Fix, url: &str, key: &str, before: u16) {
    let says_why_not = fix.caution.is_some() || fix.wait.is_some();
    match fix.remedy {
        Remedy::Upload | Remedy::Advice => return assert!(says_why_not, "{} neither helps nor says why", fix.title),
        // It comes hours later, and practice storage has no archive to fetch from.
        Remedy::Write(_) if fix.wait.is_some() => return,
        Remedy::Write(_) | Remedy::Link | Remedy::Address(_) => {}
    }
    let (opens, undo) = yard.mend(fix, url, key).await;
    let after = yard.status(&opens).await;
    assert_eq!(after, 200, "{} opens {opens}", fix.title);
    if fix.undo == Undo::PutBack {
        assert!(!undo.is_empty(), "{} can be taken back", fix.title);
        let now = yard.spot(key);
        yard.take_back(&undo, &now.key).await;
        assert_eq!(yard.status(url).await, before, "{} was taken back", fix.title);
    }
}

#[test]
fn a_version_that_is_a_delete_marker_has_no_content() {
    practice(async |server| {
        let yard = Yard::staged(server, "- - E priv read+read-versions public/a.png=deleted").await;
        let versions = server.s3.list_object_versions().bucket(&yard.bucket).send().await.unwrap();
        let marker = versions.delete_markers()[0].version_id().unwrap();
        let url = yard.url(&format!("{KEY}?versionId={marker}"));
        let (diagnosis, _) = yard.check(&url).await;
        assert_eq!(yard.status(&url).await, 405, "T46");
        assert_eq!(diagnosis.cause.map(|layer| layer.as_str()), Some("file"), "{diagnosis:#?}");
        assert_eq!(diagnosis.sentence.to_string(), "The address names a delete marker, which has no content");
    });
}

#[test]
fn a_bucket_that_is_not_there_is_the_address() {
    everywhere(async |server| {
        let yard = Yard::at(server, server.fresh_name()).await;
        let (diagnosis, _) = yard.check(&yard.url(KEY)).await;
        assert_eq!(diagnosis.verdict, Verdict::NotVisible, "T47 {diagnosis:#?}");
        assert_eq!(diagnosis.cause.map(|layer| layer.as_str()), Some("address"), "{diagnosis:#?}");
    });
}

#[test]
fn the_sentence_says_which_folder_is_open() {
    practice(async |server| {
        let yard = Yard::staged(server, "- - E priv read-folder publik/a.png").await;
        let (diagnosis, _) = yard.check("publik/a.png").await;
        assert_eq!(diagnosis.headline, "Nobody outside can see this");
        assert_eq!(diagnosis.sentence.to_string(), "The bucket policy opens public/, but the file is in publik/");
        let titles: Vec<&str> = diagnosis.fixes.iter().map(|fix| fix.title.as_str()).collect();
        assert_eq!(
            titles,
            ["Move the file to public/", "Make a link that ends", "Open this one file", "Open publik/ as well"]
        );
    });
}

/// A new bucket of Amazon's blocks everything: the narrowest statement lifts only what stands against it.
#[test]
fn a_file_in_a_new_bucket_is_opened_alone() {
    practice(async |server| {
        let bucket = server.bucket().await;
        let yard = Yard::at(server, bucket).await;
        server.put(&yard.bucket, "a.png", &super::stage::picture()).await;
        server.put(&yard.bucket, "b.png", &super::stage::picture()).await;
        let url = yard.url("a.png");
        let (diagnosis, _) = yard.check(&url).await;
        let fix = diagnosis.fixes.iter().find(|fix| fix.title == "Open this one file").unwrap();
        let (opens, undo) = yard.mend(fix, &url, "a.png").await;
        assert_eq!((yard.status(&opens).await, yard.status(&yard.url("b.png")).await), (200, 403));
        let block = server.s3.get_public_access_block().bucket(&yard.bucket).send().await.unwrap();
        let block = block.public_access_block_configuration().unwrap().clone();
        assert_eq!((block.block_public_acls, block.ignore_public_acls), (Some(true), Some(true)));
        assert_eq!((block.block_public_policy, block.restrict_public_buckets), (Some(false), Some(false)));
        yard.take_back(&undo, "a.png").await;
        let block = server.s3.get_public_access_block().bucket(&yard.bucket).send().await.unwrap();
        assert_eq!(block.public_access_block_configuration().unwrap().restrict_public_buckets, Some(true));
        assert_eq!(yard.status(&url).await, 403);
    });
}

/// A fix is for what was found: what somebody else changed meanwhile is not overwritten.
#[test]
fn a_fix_overwrites_nothing_that_changed_meanwhile() {
    practice(async |server| {
        let yard = Yard::staged(server, "- - E priv read-folder private/a.png").await;
        let (diagnosis, _) = yard.check("private/a.png").await;
        crate::s3_contract::public::allow(server, &yard.bucket, "read-far").await;
        let spot = yard.spot("private/a.png");
        let allow = diagnosis.fixes.iter().find(|fix| fix.title == "Open this one file").unwrap();
        let refused = brimful::s3::mend::apply(&yard.store, &spot, allow.writes()).await.unwrap_err();
        assert_eq!(refused.why.to_string(), "Policy changed meanwhile. Check again, and decide then");
        server.put(&yard.bucket, "private/a.png", b"another").await;
        let moved = &diagnosis.fixes[0];
        let refused = brimful::s3::mend::apply(&yard.store, &spot, moved.writes()).await.unwrap_err();
        assert_eq!(refused.why.to_string(), "The file changed meanwhile. Check again, and decide then");
        assert_eq!(server.get(&yard.bucket, "private/a.png").await, b"another");
    });
}
