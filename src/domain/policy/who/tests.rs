use super::*;
use crate::domain::arn::Partition;
use crate::domain::permission::Layers;
use crate::domain::policy::testing;
use crate::domain::public_access::{BlockPublicAccess, Grants, ObjectOwnership};
use proptest::prelude::*;
use test_case::test_case;

const OWNER: &str = "111122223333";

fn around() -> Surroundings<'static> {
    Surroundings {
        scene: Scene { bucket: "b", partition: Partition::Aws, owner: Some(OWNER) },
        layers: Layers { ownership: Some(ObjectOwnership::BucketOwnerEnforced), ..Layers::default() },
        caller: None,
        now: None,
    }
}

fn policy(statements: &str) -> Policy {
    Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap()
}

const fn sign(state: CellState) -> char {
    match state {
        CellState::Yes => 'y',
        CellState::Public => 'P',
        CellState::No => '-',
        CellState::Partly => 'p',
        CellState::PartlyPublic => 'Q',
        CellState::Depends => '?',
        CellState::Broken => '!',
    }
}

fn table(statements: &str) -> Vec<String> {
    let policy = policy(statements);
    who_can(Some(&policy), &around())
        .rows
        .iter()
        .map(|row| format!("{} {}", row.name, row.cells.iter().map(|cell| sign(cell.state)).collect::<String>()))
        .collect()
}

const PHOTOS: &str =
    r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/photos/*"}"#;
const ALL: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const BROKEN: &str = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/site-uploader"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b"}"#;
const HTTPS: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
const PARTNER: &str = r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}"#;
const CDN: &str = r#"{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}}}"#;
const FROZEN: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::b/*"}"#;
const ORG: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-x"}}}"#;

#[test_case(&[ALL], &["Anyone P---", "Account owner yyyy", "Other account y---", "Over http Pyyy"]; "public")]
#[test_case(&[PHOTOS], &["Anyone Q---", "Account owner yyyy", "Other account p---", "Over http Pyyy"]; "a public folder")]
#[test_case(&[ALL, BROKEN, HTTPS], &["Anyone P---", "Account owner yyyy", "site-uploader y?!?", "Other account y---", "Over http ----"]; "the picture")]
#[test_case(&[PARTNER], &["Anyone ----", "Account owner yyyy", "999988887777 yy--", "Other account ----", "Over http yyyy"]; "a partner")]
#[test_case(&[CDN], &["Anyone ----", "Account owner yyyy", "CloudFront p---", "Other account ----", "Over http yyyy"]; "a distribution")]
#[test_case(&[FROZEN], &["Anyone ----", "Account owner yyy-", "Other account ----", "Over http yyy-"]; "deleting refused")]
#[test_case(&[ORG], &["Anyone ----", "Account owner yyyy", "Other account p---", "Over http yyyy"]; "an organization")]
fn tables(statements: &[&str], expected: &[&str]) {
    assert_eq!(table(&statements.join(",")), expected);
}

#[test]
fn cells_say_why() {
    let policy = policy(&[PHOTOS, BROKEN, HTTPS].join(","));
    let table = who_can(Some(&policy), &around());
    let cell = |row: usize, column: usize| {
        let cell = &table.rows[row].cells[column];
        (cell.reason.to_string(), cell.statement)
    };
    let (reason, statement) = cell(0, 0);
    assert!(reason.starts_with("Only files under photos/. "), "{reason}");
    assert_eq!(statement, Some(0));
    assert_eq!(cell(2, 2), ("Nothing matches: Line 1 names the bucket, not the files in it".to_owned(), Some(1)));
    assert!(table.has_unknown());
    assert_eq!(cell(4, 0).1, Some(2), "plain http is refused by the third statement");
}

#[test]
fn block_public_access_closes_what_the_policy_opens() {
    let mut around = around();
    around.layers.account_block = Some(BlockPublicAccess::ALL);
    let policy = policy(ALL);
    let table = who_can(Some(&policy), &around);
    let cell = &table.rows[0].cells[0];
    assert_eq!(cell.state, CellState::No);
    assert!(cell.reason.to_string().contains("RestrictPublicBuckets"), "{}", cell.reason);
}

#[test]
fn lists_count_where_they_are_on() {
    let acl = crate::domain::public_access::CannedAcl::PublicRead.grants("owner");
    let mut around = around();
    around.layers.ownership = Some(ObjectOwnership::ObjectWriter);
    around.layers.bucket_acl = Some(&acl);
    let listing = |around: &Surroundings<'_>| who_can(None, around).rows[0].cells[1].state;
    assert_eq!(listing(&around), CellState::Public);
    around.layers.ownership = Some(ObjectOwnership::BucketOwnerEnforced);
    assert_eq!(listing(&around), CellState::No);
    let private = Grants::private();
    around.layers.bucket_acl = Some(&private);
    assert_eq!(listing(&around), CellState::No);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn refusing_more_never_lets_anybody_in(policy in testing::policies(), statement in testing::statements()) {
        let before = who_can(Some(&policy), &around());
        let mut more = policy;
        more.statements.push(Statement { effect: Effect::Deny, ..statement });
        let after = who_can(Some(&more), &around());
        for row in &before.rows {
            let Some(later) = after.rows.iter().find(|later| later.kind == row.kind) else { continue };
            for (before, after) in row.cells.iter().zip(&later.cells) {
                if before.state == CellState::No {
                    prop_assert!(!matches!(after.state, CellState::Yes | CellState::Public), "{:?} {:?}", row, later);
                }
            }
        }
    }
}
