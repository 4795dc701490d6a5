use super::*;
use crate::domain::policy::ContextKeys;
use crate::domain::public_access::{CannedAcl, Grant, Grantee, Permission};
use proptest::prelude::*;
use test_case::test_case;

const OWNER: &str = "111122223333";
const OTHER: &str = "999988887777";
const CANONICAL: &str = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
const E: ObjectOwnership = ObjectOwnership::BucketOwnerEnforced;
const W: ObjectOwnership = ObjectOwnership::ObjectWriter;

const G: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const DENY: &str = r#"{"Sid":"No","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b/*"}"#;
const G_OTHER: &str =
    r#"{"Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const G_ANN: &str = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:user/ann"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const G_OAC: &str = r#"{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const PUT_OWN: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringNotEquals":{"aws:ResourceAccount":"111122223333"}}}"#;

/// One request on one bucket; `Case::of` is a GET by nobody of a bucket with these statements, nothing else known.
#[derive(Debug, Clone)]
struct Case {
    statements: Vec<&'static str>,
    principal: RequestPrincipal,
    action: &'static str,
    owner: Option<&'static str>,
    account: Option<BlockPublicAccess>,
    bucket: Option<BlockPublicAccess>,
    ownership: Option<ObjectOwnership>,
    bucket_acl: Option<Grants>,
    object_acl: Option<Grants>,
    object_owner: Option<ObjectOwner>,
}

impl Case {
    fn of(statements: &[&'static str]) -> Self {
        Self {
            statements: statements.to_vec(),
            principal: RequestPrincipal::Anonymous,
            action: "s3:GetObject",
            owner: None,
            account: None,
            bucket: None,
            ownership: None,
            bucket_acl: None,
            object_acl: None,
            object_owner: None,
        }
    }

    fn by(self, principal: RequestPrincipal) -> Self {
        Self { principal, ..self }
    }

    fn to(self, action: &'static str) -> Self {
        Self { action, ..self }
    }

    fn owned(self) -> Self {
        Self { owner: Some(OWNER), ..self }
    }

    fn account(self, block: BlockPublicAccess) -> Self {
        Self { account: Some(block), ..self }
    }

    fn bucket(self, block: BlockPublicAccess) -> Self {
        Self { bucket: Some(block), ..self }
    }

    fn own(self, ownership: ObjectOwnership) -> Self {
        Self { ownership: Some(ownership), ..self }
    }

    fn acl(self, acl: CannedAcl) -> Self {
        self.grants(acl.grants("owner"))
    }

    fn grants(self, grants: Grants) -> Self {
        Self { object_acl: Some(grants.clone()), bucket_acl: Some(grants), ..self }
    }

    fn foreign(self, owner: Option<&str>) -> Self {
        Self { object_owner: Some(ObjectOwner::Another(owner.map(str::to_owned))), ..self }
    }

    fn judged(&self) -> Judgement {
        let policy = (!self.statements.is_empty()).then(|| policy(&self.statements));
        let resource = match acl_for_action(self.action) {
            Some((AclOf::Bucket, _)) if self.action != "s3:PutObject" => "arn:aws:s3:::b",
            _ => "arn:aws:s3:::b/k",
        };
        let layers = Layers {
            policy: policy.as_ref(),
            owner_account: self.owner,
            organization_block: None,
            account_block: self.account,
            bucket_block: self.bucket,
            ownership: self.ownership,
            bucket_acl: self.bucket_acl.as_ref(),
            object_acl: self.object_acl.as_ref(),
            object_owner: self.object_owner.as_ref(),
        };
        judge(
            &layers,
            &RequestContext {
                principal: self.principal.clone(),
                action: self.action.to_owned(),
                resource: resource.to_owned(),
                keys: ContextKeys::new(),
            },
        )
    }
}

fn policy(statements: &[&str]) -> Policy {
    Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","))).unwrap()
}

fn identity(account: &str, resource: &str) -> RequestPrincipal {
    RequestPrincipal::Account {
        account_id: account.to_owned(),
        arn: format!("arn:aws:iam::{account}:{resource}"),
        canonical_id: Some(CANONICAL.to_owned()),
    }
}

fn root(account: &str) -> RequestPrincipal {
    identity(account, "root")
}

fn service(name: &str) -> RequestPrincipal {
    RequestPrincipal::Service { name: name.to_owned() }
}

fn g() -> Case {
    Case::of(&[G])
}

fn none() -> Case {
    Case::of(&[])
}

const ALL: BlockPublicAccess = BlockPublicAccess::ALL;
const POLICY: Layer = Layer::Policy;
const NOTHING: Layer = Layer::NothingAllows;
const ACCOUNT: Layer = Layer::BlockPublicAccess(BpaLevel::Account);
const BUCKET: Layer = Layer::BlockPublicAccess(BpaLevel::Bucket);
const READ: CannedAcl = CannedAcl::PublicRead;

fn to_canonical(permission: Permission) -> Grants {
    Grants(vec![Grant { grantee: Grantee::CanonicalUser(CANONICAL.to_owned()), permission }])
}

#[test_case(&g(), Access::Allow, POLICY, Some(0), "Statement 1 of the policy lets anyone in"; "public policy")]
#[test_case(&Case::of(&[G, DENY]), Access::Deny, POLICY, Some(1), "The statement No of the policy refuses it"; "explicit deny wins")]
#[test_case(&Case::of(&[DENY]).own(W).acl(READ), Access::Deny, POLICY, Some(0), "The statement No of the policy refuses it"; "deny beats an acl")]
#[test_case(&g().to("s3:ListBucket"), Access::Deny, NOTHING, None, "No statement of the policy lets anyone in"; "another action")]
#[test_case(&none(), Access::Deny, NOTHING, None, "The bucket has no policy that lets anyone in"; "no policy")]
#[test_case(&g().account(ALL).bucket(ALL), Access::Deny, ACCOUNT, Some(0), "Statement 1 of the policy would let anyone in, but RestrictPublicBuckets of the account leaves a public policy to AWS services and the bucket owner's account"; "the account before the bucket")]
#[test_case(&g().account(BlockPublicAccess::NONE).bucket(ALL), Access::Deny, BUCKET, Some(0), "Statement 1 of the policy would let anyone in, but RestrictPublicBuckets of the bucket leaves a public policy to AWS services and the bucket owner's account"; "the bucket")]
#[test_case(&g().bucket(BlockPublicAccess::FOR_PUBLIC_POLICY), Access::Allow, POLICY, Some(0), "Statement 1 of the policy lets anyone in"; "flags of lists do not touch policies")]
#[test_case(&g().by(root(OWNER)).owned().bucket(ALL), Access::Allow, POLICY, Some(0), "Statement 1 of the policy lets the account 111122223333 in"; "restricted, the owner's account")]
#[test_case(&Case::of(&[G, G_OTHER]).by(root(OTHER)).owned().bucket(ALL), Access::Deny, BUCKET, Some(0), "Statement 1 of the policy would let the account 999988887777 in, but RestrictPublicBuckets of the bucket leaves a public policy to AWS services and the bucket owner's account"; "restricted, a named account beside a public statement")]
#[test_case(&Case::of(&[G_OTHER]).by(root(OTHER)).owned().bucket(ALL), Access::Allow, POLICY, Some(0), "Statement 1 of the policy lets the account 999988887777 in"; "a policy that is not public is not restricted")]
#[test_case(&g().by(root(OTHER)).bucket(ALL), Access::Deny, BUCKET, Some(0), "Statement 1 of the policy would let the account 999988887777 in, but RestrictPublicBuckets of the bucket leaves a public policy to AWS services and the bucket owner's account, and which account that is was not given"; "restricted, owner not known")]
#[test_case(&Case::of(&[G, G_OAC]).by(service("cloudfront.amazonaws.com")).bucket(ALL), Access::Allow, POLICY, Some(0), "Statement 1 of the policy lets cloudfront.amazonaws.com in"; "restricted, a service")]
#[test_case(&Case::of(&[G_OTHER]).by(identity(OTHER, "user/eve")).owned(), Access::Allow, POLICY, Some(0), "Statement 1 of the policy lets arn:aws:iam::999988887777:user/eve in, if the rules of its own account allow it too"; "a user of another account")]
#[test_case(&Case::of(&[G_ANN]).by(identity(OWNER, "user/ann")).owned(), Access::Allow, POLICY, Some(0), "Statement 1 of the policy lets arn:aws:iam::111122223333:user/ann in"; "a user of the owner's account")]
#[test_case(&Case::of(&[G_ANN]).by(identity(OWNER, "user/bob")).owned(), Access::Deny, NOTHING, None, "The policy allows nothing by itself; the account's own rules may"; "the policy is silent about the owner's account")]
#[test_case(&Case::of(&[G_ANN]).by(root(OTHER)).owned(), Access::Deny, NOTHING, None, "No statement of the policy lets the account 999988887777 in"; "the policy is silent about another account")]
#[test_case(&none().by(root(OTHER)), Access::Deny, NOTHING, None, "Nothing lets the account 999988887777 in; if the bucket belongs to the account 999988887777, the account's own rules may"; "nothing known of the owner")]
#[test_case(&Case::of(&[G_OTHER, PUT_OWN]).to("s3:PutObject").by(root(OWNER)).owned(), Access::Deny, NOTHING, None, "The policy allows nothing by itself; the account's own rules may"; "the owner is a key")]
#[test_case(&none().own(W).acl(READ), Access::Allow, Layer::Acl, None, "The file's access control list lets anyone in"; "public list")]
#[test_case(&none().acl(READ), Access::Allow, Layer::Acl, None, "The file's access control list lets anyone in; whether lists count was not given"; "public list, ownership not judged")]
#[test_case(&none().own(E).acl(READ), Access::Deny, Layer::Ownership, None, "The file's access control list would let anyone in, but ACLs are off"; "lists are off")]
#[test_case(&none().own(W).acl(READ).bucket(ALL), Access::Deny, BUCKET, None, "The file's access control list would let anyone in, but IgnorePublicAcls of the bucket sets it aside"; "public lists ignored")]
#[test_case(&none().own(W).acl(CannedAcl::AuthenticatedRead), Access::Deny, NOTHING, None, "The bucket has no policy that lets anyone in"; "anyone has no account")]
#[test_case(&none().own(W).acl(CannedAcl::AuthenticatedRead).by(root(OTHER)), Access::Allow, Layer::Acl, None, "The file's access control list lets the account 999988887777 in"; "every account")]
#[test_case(&none().own(W).acl(READ).to("s3:ListBucket"), Access::Allow, Layer::Acl, None, "The bucket's access control list lets anyone in"; "the list of the bucket")]
#[test_case(&none().own(W).acl(READ).to("s3:PutObject"), Access::Deny, NOTHING, None, "The bucket has no policy that lets anyone in"; "reading is not writing")]
#[test_case(&none().own(W).acl(CannedAcl::PublicReadWrite).to("s3:PutObject"), Access::Allow, Layer::Acl, None, "The bucket's access control list lets anyone in"; "writing by the list of the bucket")]
#[test_case(&none().own(W).acl(CannedAcl::PublicReadWrite).to("s3:GetBucketPolicy"), Access::Deny, NOTHING, None, "The bucket has no policy that lets anyone in"; "no list speaks of policies")]
#[test_case(&none().own(W).grants(to_canonical(Permission::FullControl)).by(identity(OTHER, "user/eve")).bucket(ALL).owned(), Access::Allow, Layer::Acl, None, "The file's access control list lets arn:aws:iam::999988887777:user/eve in, if the rules of its own account allow it too"; "a personal grant is not public")]
#[test_case(&none().own(W).grants(to_canonical(Permission::WriteAcp)).by(root(OTHER)), Access::Deny, NOTHING, None, "Nothing lets the account 999988887777 in; if the bucket belongs to the account 999988887777, the account's own rules may"; "a personal grant of something else")]
#[test_case(&none().own(W).acl(CannedAcl::LogDeliveryWrite).to("s3:PutObject").by(service("logging.s3.amazonaws.com")), Access::Allow, Layer::Acl, None, "The bucket's access control list lets logging.s3.amazonaws.com in"; "the log delivery group")]
#[test_case(&g().own(W).foreign(None), Access::Deny, Layer::Object, Some(0), "Statement 1 of the policy would let anyone in, but the file belongs to another account"; "the policy does not reach a foreign file")]
#[test_case(&g().own(E).foreign(None), Access::Allow, POLICY, Some(0), "Statement 1 of the policy lets anyone in"; "with lists off nothing is foreign")]
#[test_case(&g().own(W).foreign(None).acl(READ), Access::Allow, Layer::Acl, None, "The file's access control list lets anyone in"; "the list of a foreign file")]
#[test_case(&none().own(W).foreign(Some(CANONICAL)).by(root(OTHER)), Access::Allow, Layer::Object, None, "The file belongs to the account 999988887777, whose own rules decide"; "the owner of a foreign file")]
#[test_case(&Case::of(&[DENY]).own(W).foreign(Some(CANONICAL)).by(root(OTHER)), Access::Deny, POLICY, Some(0), "The statement No of the policy refuses it"; "deny reaches a foreign file")]
fn judgements(case: &Case, access: Access, layer: Layer, statement: Option<usize>, reason: &str) {
    let reason = reason.to_owned();
    assert_eq!(case.judged(), Judgement { access, layer, statement, reason });
}

fn statements() -> impl Strategy<Value = Vec<&'static str>> {
    let one = prop_oneof![Just(G), Just(DENY), Just(G_OTHER), Just(G_ANN), Just(G_OAC), Just(PUT_OWN)];
    proptest::collection::vec(one, 0..5)
}

fn cases() -> impl Strategy<Value = Case> {
    let principals = prop_oneof![
        Just(RequestPrincipal::Anonymous),
        Just(root(OWNER)),
        Just(root(OTHER)),
        Just(identity(OWNER, "user/ann")),
        Just(service("cloudfront.amazonaws.com")),
    ];
    let actions =
        prop_oneof![Just("s3:GetObject"), Just("s3:PutObject"), Just("s3:ListBucket"), Just("s3:GetObjectAcl")];
    let blocks = || proptest::option::of(prop_oneof![Just(ALL), Just(BlockPublicAccess::NONE)]);
    let ownership = proptest::option::of(prop_oneof![Just(E), Just(W)]);
    let acls = proptest::option::of(proptest::sample::select(CannedAcl::ALL.to_vec()));
    let rest = (any::<bool>(), any::<bool>());
    (statements(), principals, actions, blocks(), blocks(), ownership, acls, rest).prop_map(
        |(statements, principal, action, account, bucket, ownership, acl, (owned, foreign))| {
            let acl = acl.map(|acl| acl.grants(CANONICAL));
            let object_owner = foreign.then_some(ObjectOwner::Another(None));
            let owner = owned.then_some(OWNER);
            let (bucket_acl, object_acl) = (acl.clone(), acl);
            let base = Case::of(&statements);
            Case { principal, action, account, bucket, ownership, bucket_acl, object_acl, object_owner, owner, ..base }
        },
    )
}

proptest! {
    #[test]
    fn one_more_deny_never_allows_more(case in cases(), deny in prop_oneof![Just(DENY), Just(PUT_OWN)]) {
        let mut stricter = case.clone();
        stricter.statements.push(deny);
        if case.judged().access == Access::Deny {
            prop_assert_eq!(stricter.judged().access, Access::Deny);
        }
    }

    #[test]
    fn closing_a_layer_never_allows_more(case in cases()) {
        let closed = [
            Case { account: Some(ALL), ..case.clone() },
            Case { bucket: Some(ALL), ..case.clone() },
        ];
        for closed in closed {
            if case.judged().access == Access::Deny {
                prop_assert_eq!(closed.judged().access, Access::Deny);
            }
        }
    }

    #[test]
    fn the_answer_names_its_layer(case in cases()) {
        let judgement = case.judged();
        prop_assert!(!judgement.reason.is_empty() && !judgement.reason.ends_with('.'));
        prop_assert!(judgement.statement.is_none_or(|statement| statement < case.statements.len()));
        match judgement.layer {
            Layer::Policy => prop_assert!(judgement.statement.is_some()),
            Layer::Acl => prop_assert_eq!(judgement.access, Access::Allow),
            Layer::Ownership | Layer::BlockPublicAccess(_) | Layer::NothingAllows => {
                prop_assert_eq!(judgement.access, Access::Deny);
            }
            Layer::Object => {}
        }
    }
}
