use super::*;
use crate::domain::arn::Partition;
use crate::domain::permission::Layers;
use crate::domain::policy::{Caller, RequestPrincipal, Scene, template, testing};
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};
use proptest::prelude::*;
use test_case::test_case;

const OWNER: &str = "111122223333";

fn caller() -> Caller {
    let arn = format!("arn:aws:iam::{OWNER}:user/me");
    Caller {
        principal: RequestPrincipal::Account { account_id: OWNER.to_owned(), arn, canonical_id: None },
        source_ip: Some("93.184.215.99".parse().unwrap()),
    }
}

fn around(caller: Option<&Caller>) -> Surroundings<'_> {
    Surroundings {
        scene: Scene { bucket: "b", partition: Partition::Aws, owner: Some(OWNER) },
        layers: Layers { ownership: Some(ObjectOwnership::BucketOwnerEnforced), ..Layers::default() },
        caller,
        now: None,
    }
}

fn policy(statements: &str) -> Option<Policy> {
    if statements.is_empty() {
        return None;
    }
    Some(Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap())
}

fn told(changes: &[AccessChange]) -> Vec<String> {
    changes
        .iter()
        .map(|change| match &change.detail {
            Some(detail) => format!("{} | {detail}", change.words),
            None => change.words.to_string(),
        })
        .collect()
}

fn lines(before: &str, after: &str) -> Vec<String> {
    let diff = access_diff(policy(before).as_ref(), policy(after).as_ref(), &around(Some(&caller())));
    let mark = |mark: &str, changes: &[AccessChange]| {
        told(changes).into_iter().map(|line| format!("{mark} {line}")).collect::<Vec<_>>()
    };
    let mut out = mark("public", &diff.becomes_public);
    out.extend(mark("+", &diff.becomes_possible));
    out.extend(mark("-", &diff.stops));
    out
}

const PHOTOS_2026: &str =
    r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/photos/2026/*"}"#;
const PHOTOS: &str =
    r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/photos/*"}"#;
const ALL: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const UPLOADER: &str = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/site-uploader"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}"#;
const HTTPS: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
const OFFICE: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#;
const NO_RAW: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*.raw"}"#;
const NO_PRIVATE: &str =
    r#"{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/photos/private/*"}"#;
const CDN: &str = r#"{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}}}"#;
const PARTNER: &str = r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}"#;
const LISTING: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}"#;
const FROZEN: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::b/*"}"#;

fn join(parts: &[&str]) -> String {
    parts.join(",")
}

#[test_case(&[], &[PHOTOS], &["public Anyone on the internet can view files under photos/"]; "a first public folder")]
#[test_case(&[PHOTOS_2026], &[PHOTOS], &["public Anyone on the internet can view files under photos/ | Until now only files under photos/2026/"]; "a folder widened")]
#[test_case(&[PHOTOS], &[PHOTOS_2026], &["- Anyone can no longer view files under photos/ | Still possible: files under photos/2026/"]; "a folder narrowed")]
#[test_case(&[PHOTOS], &[], &["- Anyone can no longer view files under photos/"]; "no policy any more")]
#[test_case(&[PHOTOS], &[PHOTOS, UPLOADER], &["+ The role site-uploader can upload every file of b | This statement does not let them view, list or delete"]; "somebody named")]
#[test_case(&[ALL], &[ALL, NO_RAW], &["- Anyone can no longer view files whose name ends in .raw"]; "a refusal of some files")]
#[test_case(&[PHOTOS], &[PHOTOS, NO_PRIVATE], &["- Anyone can no longer view files under photos/private/"]; "a refusal within the folder")]
#[test_case(&[PHOTOS, NO_PRIVATE], &[ALL, NO_PRIVATE], &["public Anyone on the internet can view every file of b | Until now only files under photos/. But not files under photos/private/"]; "widened, but for a refusal")]
#[test_case(&[ALL], &[OFFICE], &["- Anyone can no longer view any file of b | Still possible if the request comes from 203.0.113.0/24"]; "limited to addresses")]
#[test_case(&[], &[OFFICE], &["+ Anyone can view every file of b, only if the request comes from 203.0.113.0/24"]; "opened to addresses")]
#[test_case(&[PARTNER], &[], &["- The account 999988887777 can no longer list the files or view any file of b"]; "a partner leaves")]
#[test_case(&[], &[LISTING, PHOTOS], &["public Anyone on the internet can list the files and view files under photos/"]; "listing and viewing")]
#[test_case(&[], &[CDN], &["+ CloudFront can view every file of b, only if it acts for arn:aws:cloudfront::111122223333:distribution/E1 | This statement does not let them list, upload or delete"]; "a distribution")]
fn changes_in_words(before: &[&str], after: &[&str], expected: &[&str]) {
    let said: Vec<String> = lines(&join(before), &join(after));
    let others: Vec<&String> = said.iter().filter(|line| !line.contains("another account")).collect();
    assert_eq!(others, expected);
}

#[test]
fn plain_http_stops_for_all_who_could() {
    let said = lines(&join(&[ALL]), &join(&[ALL, HTTPS]));
    assert!(
        said.iter()
            .any(|line| line == "- Anyone can no longer view any file of b if the request comes over plain http"),
        "{said:#?}"
    );
    assert!(said.iter().any(|line| line.starts_with("- The account's owner can no longer do anything")), "{said:#?}");
    assert!(said.iter().all(|line| line.starts_with("- ") && line.contains("over plain http")), "{said:#?}");
}

#[test]
fn a_refusal_reaches_the_owner_too() {
    let said = lines("", FROZEN);
    assert_eq!(said, ["- The account's owner can no longer delete any file of b"]);
    assert_eq!(lines(FROZEN, ""), ["+ The account's owner can delete every file of b"]);
}

#[test]
fn a_refusal_reaches_people_whose_own_rules_may_let_them() {
    let said = lines(UPLOADER, &join(&[UPLOADER, FROZEN]));
    assert_eq!(said, ["- The account's owner and the role site-uploader can no longer delete any file of b"]);
}

/// The same said differently.
#[test_case(PHOTOS, r#"{"Sid":"Other","Effect":"Allow","Principal":{"AWS":"*"},"Action":["s3:getobject"],"Resource":["arn:aws:s3:::b/photos/*","arn:aws:s3:::b/photos/2026/*"]}"#; "spelling and a part named twice")]
#[test_case(PHOTOS, r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/photos/*"},{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/photos/x/*"}"#; "somebody whom anyone includes")]
#[test_case(NO_RAW, r#"{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*.raw"},{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/x/*.raw"}"#; "an allowance under a refusal")]
#[test_case(PARTNER, r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999988887777:root"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}"#; "one statement parted in two")]
fn no_change(before: &str, after: &str) {
    assert_eq!(lines(before, after), Vec::<String>::new());
    assert_eq!(lines(after, before), Vec::<String>::new());
}

#[test]
fn block_public_access_keeps_a_public_policy_from_being_public() {
    let mut around = around(None);
    around.layers.bucket_block = Some(BlockPublicAccess::ALL);
    let diff = access_diff(None, policy(ALL).as_ref(), &around);
    assert!(diff.becomes_public.is_empty(), "{:#?}", told(&diff.becomes_public));
    assert!(!diff.needs_acknowledgement());
    assert_eq!(diff.control, Control::Unknown);
}

#[test_case(FROZEN, &Control::Kept; "something else refused")]
#[test_case(r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}"#, &Control::Lost { statement: 0, when: Words::default() }; "all refused")]
#[test_case(r#"{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::111122223333:user/me"},"Action":"s3:*","Resource":"arn:aws:s3:::b"}"#, &Control::Kept; "all others refused")]
#[test_case(HTTPS, &Control::Kept; "plain http refused")]
fn control_afterwards(statement: &str, expected: &Control) {
    let caller = caller();
    let diff = access_diff(None, policy(statement).as_ref(), &around(Some(&caller)));
    assert_eq!(&diff.control, expected);
    let again = access_diff(policy(statement).as_ref(), policy(statement).as_ref(), &around(Some(&caller)));
    assert!(!again.control.is_lost());
}

#[test]
fn addresses_may_lock_out() {
    let caller = caller();
    let statement = template::ip_deny_elsewhere("b", Partition::Aws, &["203.0.113.0/24".parse().unwrap()]);
    let diff = access_diff(None, Some(&Policy::new(vec![statement])), &around(Some(&caller)));
    assert!(diff.control.is_lost() && diff.needs_acknowledgement());
    assert!(diff.control.words().to_string().contains("elsewhere than 203.0.113.0/24"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_policy_does_not_differ_from_itself(policy in testing::policies()) {
        let caller = caller();
        let diff = access_diff(Some(&policy), Some(&policy), &around(Some(&caller)));
        prop_assert!(diff.is_empty());
    }

    #[test]
    fn the_way_back_stops_what_the_way_there_made_possible(before in testing::policies(), after in testing::policies()) {
        let caller = caller();
        let around = around(Some(&caller));
        let there = access_diff(Some(&before), Some(&after), &around);
        let back = access_diff(Some(&after), Some(&before), &around);
        let gains = |diff: &AccessDiff| !diff.becomes_public.is_empty() || !diff.becomes_possible.is_empty();
        prop_assert_eq!(gains(&there), !back.stops.is_empty(), "{:#?} {:#?}", there, back);
        prop_assert_eq!(gains(&back), !there.stops.is_empty());
    }
}
