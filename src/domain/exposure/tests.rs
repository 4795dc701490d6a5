use super::*;
use crate::domain::public_access::{BlockPublicAccess, Grant, Grantee, Grants, Permission};
use test_case::test_case;

const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"PublicRead","Effect":"Allow","Principal":"*",
    "Action":"s3:GetObject","Resource":["arn:aws:s3:::b/photos/*","arn:aws:s3:::b/logo.png"]}]}"#;
const EVERYTHING: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}]}"#;
const REFERER: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
    "Resource":"arn:aws:s3:::b/*","Condition":{"StringLike":{"aws:Referer":"https://x/*"}}}]}"#;
const DENIED: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",
    "Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}]}"#;
const ONE_ACCOUNT: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},
    "Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}"#;

struct Bucket {
    policy: Option<Policy>,
    acl: Grants,
    layers: Layers<'static>,
    unread: &'static [Unread],
    pays: bool,
    by_store: Option<bool>,
}

impl Bucket {
    fn new(policy: Option<&str>) -> Self {
        let block = Some(BlockPublicAccess::NONE);
        let layers = Layers {
            ownership: Some(ObjectOwnership::BucketOwnerEnforced),
            bucket_block: block,
            account_block: block,
            ..Layers::default()
        };
        let policy = policy.map(|text| Policy::parse(text).unwrap());
        Self { policy, acl: Grants::default(), layers, unread: &[], pays: false, by_store: None }
    }

    fn audit(&self) -> Audit {
        let layers = Layers { policy: self.policy.as_ref(), bucket_acl: Some(&self.acl), ..self.layers };
        audit(&Known {
            name: "b",
            partition: Partition::Aws,
            layers,
            policy_is_public: self.by_store,
            requester_pays: self.pays,
            unread: self.unread,
        })
    }
}

#[test]
fn what_the_policy_opens_is_told_with_its_keys() {
    let found = Bucket::new(Some(READ)).audit();
    assert_eq!((found.standing, found.worst(), found.ways.len()), (Standing::Open, Some(Reach::Read), 1));
    let way = &found.ways[0];
    assert_eq!((way.who, way.layer, way.keys.join(" ")), (Stranger::Anyone, "policy", "photos/* logo.png".to_owned()));
    assert_eq!(way.reason, "The statement PublicRead of the policy lets anyone in");
    let found = Bucket::new(Some(EVERYTHING)).audit();
    let reaches: Vec<Reach> = found.ways.iter().map(|way| way.reach).collect();
    assert_eq!(reaches, [Reach::Rights, Reach::Write, Reach::List, Reach::Read]);
}

#[test_case(None, Standing::Closed; "no policy")]
#[test_case(Some(DENIED), Standing::Unclear; "a deny over it all, which the store calls public nevertheless")]
#[test_case(Some(ONE_ACCOUNT), Standing::Closed; "another account")]
#[test_case(Some(REFERER), Standing::Unclear; "conditions")]
fn standings(policy: Option<&str>, standing: Standing) {
    let found = Bucket::new(policy).audit();
    assert_eq!((found.standing, found.ways), (standing, vec![]));
}

#[test]
fn what_is_held_back_says_by_what() {
    let mut bucket = Bucket::new(Some(READ));
    bucket.layers.account_block = Some(BlockPublicAccess::ALL);
    let found = bucket.audit();
    assert_eq!((found.standing, found.held_back.len()), (Standing::Closed, 1));
    assert!(found.held_back[0].contains("RestrictPublicBuckets of the account"), "{:?}", found.held_back);
}

#[test]
fn lists_open_buckets_too() {
    let mut bucket = Bucket::new(None);
    let grant = |grantee, permission| Grant { grantee, permission };
    bucket.acl =
        Grants(vec![grant(Grantee::AllUsers, Permission::Read), grant(Grantee::AuthenticatedUsers, Permission::Write)]);
    let found = bucket.audit();
    assert_eq!((found.standing, found.held_back.len()), (Standing::Closed, 1), "lists are off");
    bucket.layers.ownership = Some(ObjectOwnership::ObjectWriter);
    let found = bucket.audit();
    let ways: Vec<_> = found.ways.iter().map(|way| (way.reach, way.who, way.layer)).collect();
    assert_eq!(ways, [(Reach::Write, Stranger::AnyAccount, "acl"), (Reach::List, Stranger::Anyone, "acl")]);
    assert!(found.ways[0].reason.contains("lets anyone with an AWS account in"), "{}", found.ways[0].reason);
    bucket.acl = Grants::default();
    assert_eq!(bucket.audit().standing, Standing::FileByFile);
    bucket.layers.bucket_block = Some(BlockPublicAccess::ALL);
    assert_eq!(bucket.audit().standing, Standing::Closed);
}

#[test]
fn what_could_not_be_read_makes_it_unclear() {
    let mut bucket = Bucket::new(None);
    bucket.unread = &[Unread::Policy];
    assert_eq!(
        (bucket.audit().standing, bucket.audit().notes),
        (Standing::Unclear, vec!["The policy could not be read".to_owned()])
    );
    bucket.by_store = Some(true);
    assert!(bucket.audit().notes[0].contains("The store calls the policy public"));
    assert_eq!(bucket.audit().exposure(), Exposure::Public);
    let mut pays = Bucket::new(Some(READ));
    pays.pays = true;
    let found = pays.audit();
    assert_eq!((found.ways.len(), found.ways[0].who), (1, Stranger::AnyAccount));
}

#[test]
fn the_worst_weigh_most() {
    let weight = |policy| Bucket::new(policy).audit().weight();
    let mut order = [weight(None), weight(Some(READ)), weight(Some(REFERER)), weight(Some(EVERYTHING))];
    order.sort();
    assert_eq!(order.map(|it| it.0), [Standing::Closed, Standing::Unclear, Standing::Open, Standing::Open]);
    assert_eq!(order[3].1, Some(Reach::Rights));
}

#[test_case(Unread::Policy, None, Standing::Unclear; "a policy may let somebody in")]
#[test_case(Unread::Policy, Some(BlockPublicAccess::ALL), Standing::Closed; "unless it is held back")]
#[test_case(Unread::Acl, None, Standing::Closed; "a list does not count")]
#[test_case(Unread::AccountBlock, None, Standing::Closed; "a block lets nobody in")]
#[test_case(Unread::Payer, None, Standing::Closed; "who pays is let in by something else")]
fn what_was_not_read_matters_where_it_could_open(unread: Unread, block: Option<BlockPublicAccess>, standing: Standing) {
    let mut bucket = Bucket::new(None);
    bucket.layers.bucket_block = block;
    let unread = [unread];
    let known = Known {
        name: "b",
        partition: Partition::Aws,
        layers: bucket.layers,
        policy_is_public: None,
        requester_pays: false,
        unread: &unread,
    };
    let found = audit(&known);
    assert_eq!(found.standing, standing);
    assert!(found.notes[0].ends_with(" could not be read"), "{:?}", found.notes);
}

#[test_case(None, Exposure::Private; "closed")]
#[test_case(Some(READ), Exposure::Public; "open")]
#[test_case(Some(REFERER), Exposure::Public; "open under conditions")]
fn in_a_word(policy: Option<&str>, expected: Exposure) {
    assert_eq!(Bucket::new(policy).audit().exposure(), expected);
}
