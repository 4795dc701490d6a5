use super::*;
use crate::domain::arn::Partition;
use crate::domain::policy::{AnonymousRequest, LintContext, Policy, RequestPrincipal, first_refusal, lint};
use test_case::test_case;

const G: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const G_PREFIX: &str =
    r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/public/*"}"#;
const G_VERSION: &str =
    r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObjectVersion","Resource":"arn:aws:s3:::b/*"}"#;
const G_IP: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}}"#;
const L: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}"#;
const TLS: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}"#;
const DENY: &str = r#"{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const G_ROOT: &str = r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const G_OAC: &str = r#"{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111122223333:distribution/E1"}}}"#;
const G_NOT: &str =
    r#"{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}"#;
const G_ORG: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-x"}}}"#;
const G_NOT_ORG: &str = r#"{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-x"}}}"#;

/// Flags by letter: A BlockPublicAcls, I IgnorePublicAcls, P BlockPublicPolicy, R RestrictPublicBuckets.
fn flags(letters: &str) -> BlockPublicAccess {
    BlockPublicAccess {
        block_public_acls: letters.contains('A'),
        ignore_public_acls: letters.contains('I'),
        block_public_policy: letters.contains('P'),
        restrict_public_buckets: letters.contains('R'),
    }
}

/// One row of the truth table; `Case::new` is a private, present object over HTTPS with nothing set.
#[derive(Clone)]
struct Case {
    account: &'static str,
    bucket: &'static str,
    own: ObjectOwnership,
    acl: CannedAcl,
    bucket_acl: CannedAcl,
    policy: Vec<&'static str>,
    key: &'static str,
    state: &'static str,
    ip: &'static str,
    https: bool,
    foreign: bool,
    encryption: Encryption,
    archived: bool,
    versioned: bool,
    overrides: bool,
    requester_pays: bool,
}

const E: ObjectOwnership = ObjectOwnership::BucketOwnerEnforced;
const P: ObjectOwnership = ObjectOwnership::BucketOwnerPreferred;
const W: ObjectOwnership = ObjectOwnership::ObjectWriter;
const PUB: CannedAcl = CannedAcl::PublicRead;

impl Case {
    fn new(policy: &[&'static str]) -> Self {
        Self {
            account: "",
            bucket: "",
            own: E,
            acl: CannedAcl::Private,
            bucket_acl: CannedAcl::Private,
            policy: policy.to_vec(),
            key: "k",
            state: "exists",
            ip: "198.51.100.1",
            https: true,
            foreign: false,
            encryption: Encryption::SseS3,
            archived: false,
            versioned: false,
            overrides: false,
            requester_pays: false,
        }
    }

    fn ab(mut self, letters: &'static str) -> Self {
        self.account = letters;
        self
    }
    fn bb(mut self, letters: &'static str) -> Self {
        self.bucket = letters;
        self
    }
    fn own(mut self, own: ObjectOwnership) -> Self {
        self.own = own;
        self
    }
    fn acl(mut self, acl: CannedAcl) -> Self {
        self.acl = acl;
        self
    }
    fn bucket_acl(mut self, acl: CannedAcl) -> Self {
        self.bucket_acl = acl;
        self
    }
    fn key(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }
    fn is(mut self, state: &'static str) -> Self {
        self.state = state;
        self
    }
    fn from(mut self, ip: &'static str) -> Self {
        self.ip = ip;
        self
    }
    fn with(mut self, change: fn(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn verdict(&self) -> Verdict {
        let policy = (!self.policy.is_empty()).then(|| {
            let statements = self.policy.join(",");
            Policy::parse(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap()
        });
        let (acl, bucket_acl) = (self.acl.grants("owner"), self.bucket_acl.grants("owner"));
        decide_anonymous_get(&Facts {
            bucket: (self.state != "no bucket").then_some(BucketFacts {
                name: "b",
                partition: Partition::Aws,
                organization: BlockPublicAccess::NONE,
                account: flags(self.account),
                bucket: flags(self.bucket),
                ownership: self.own,
                acl: &bucket_acl,
                policy: policy.as_ref(),
                requester_pays: self.requester_pays,
            }),
            object: match self.state {
                "exists" => ObjectState::Present(ObjectFacts {
                    owned_by_bucket_owner: !self.foreign,
                    acl: &acl,
                    archived: self.archived,
                    encryption: self.encryption,
                }),
                "marker" => ObjectState::DeleteMarker,
                _ => ObjectState::Missing,
            },
            get: AnonymousGet {
                key: self.key,
                versioned: self.versioned,
                overrides_response: self.overrides,
                request: AnonymousRequest {
                    ip: self.ip.parse().ok(),
                    https: self.https,
                    ..AnonymousRequest::default()
                },
            },
        })
    }
}

fn none() -> Case {
    Case::new(&[])
}
fn g() -> Case {
    Case::new(&[G])
}

const DENIED: (u16, Option<&str>) = (403, Some("AccessDenied"));
const OK: (u16, Option<&str>) = (200, None);
const NO_KEY: (u16, Option<&str>) = (404, Some("NoSuchKey"));

#[test_case(&none(), DENIED; "t01 nothing lets anyone in")]
#[test_case(&g(), OK; "t02 public policy")]
#[test_case(&g().bb("AIPR"), DENIED; "t03 all four on the bucket")]
#[test_case(&g().ab("AIPR"), DENIED; "t04 all four on the account")]
#[test_case(&g().bb("AI"), OK; "t05 acl flags do not touch policies")]
#[test_case(&g().bb("P"), OK; "t06 P only blocks writing")]
#[test_case(&g().bb("R"), DENIED; "t07 R on the bucket")]
#[test_case(&g().ab("R"), DENIED; "t08 R on the account")]
#[test_case(&none().acl(PUB), DENIED; "t09 acls are off")]
#[test_case(&none().own(W).acl(PUB), OK; "t10 public acl under object writer")]
#[test_case(&none().own(P).acl(PUB), OK; "t11 public acl under preferred")]
#[test_case(&none().own(W).acl(PUB).bb("I"), DENIED; "t12 I on the bucket")]
#[test_case(&none().own(W).acl(PUB).ab("I"), DENIED; "t13 I on the account")]
#[test_case(&none().own(W).acl(PUB).bb("A"), OK; "t14 A only blocks writing")]
#[test_case(&none().own(W).acl(PUB).bb("R"), OK; "t15 R concerns policies")]
#[test_case(&none().own(W).acl(CannedAcl::AuthenticatedRead), DENIED; "t16 anonymous is not authenticated")]
#[test_case(&Case::new(&[G_PREFIX]).key("public/a.jpg"), OK; "t17 under the prefix")]
#[test_case(&Case::new(&[G_PREFIX]).key("private/a.jpg"), DENIED; "t18 elsewhere")]
#[test_case(&Case::new(&[G_PREFIX]).key("Public/a.jpg"), DENIED; "t19 case counts")]
#[test_case(&g().is("missing"), DENIED; "t20 missing without list")]
#[test_case(&Case::new(&[G, L]).is("missing"), NO_KEY; "t21 missing with list")]
#[test_case(&g().own(W).bucket_acl(PUB).is("missing"), NO_KEY; "t22 list by bucket acl")]
#[test_case(&g().own(W).bucket_acl(PUB).bb("I").is("missing"), DENIED; "t23 bucket acl ignored")]
#[test_case(&none().is("missing"), DENIED; "t24 missing, no policy")]
#[test_case(&Case::new(&[L]), DENIED; "t25 list only, exists")]
#[test_case(&Case::new(&[L]).is("missing"), NO_KEY; "t26 list only, missing")]
#[test_case(&Case::new(&[G, L]).bb("R").is("missing"), DENIED; "t27 list restricted")]
#[test_case(&Case::new(&[G_IP]).from("203.0.113.9"), OK; "t28 inside the range")]
#[test_case(&Case::new(&[G_IP]), DENIED; "t29 outside the range")]
#[test_case(&Case::new(&[G_IP]).from("203.0.113.9").bb("AIPR"), OK; "t30 a policy that is not public is not restricted")]
#[test_case(&Case::new(&[G_IP, L]).from("203.0.113.9").bb("R"), DENIED; "t31 one public statement restricts all")]
#[test_case(&Case::new(&[G, TLS]).with(|c| c.https = false), DENIED; "t32 plain http denied")]
#[test_case(&Case::new(&[G, TLS]), OK; "t33 https")]
#[test_case(&Case::new(&[DENY]).own(W).acl(PUB), DENIED; "t34 deny beats acl")]
#[test_case(&g().own(W).with(|c| c.foreign = true), DENIED; "t35 policy does not cover a foreign object")]
#[test_case(&none().own(W).acl(PUB).with(|c| c.foreign = true), OK; "t36 foreign object with public acl")]
#[test_case(&Case::new(&[DENY]).own(W).acl(PUB).with(|c| c.foreign = true), DENIED; "t37 deny covers a foreign object")]
#[test_case(&g().with(|c| c.encryption = Encryption::SseS3), OK; "t38 sse s3")]
#[test_case(&g().with(|c| c.encryption = Encryption::Kms), (400, Some("InvalidArgument")); "t39 sse kms")]
#[test_case(&g().with(|c| c.encryption = Encryption::CustomerKey), (400, Some("InvalidRequest")); "t40 sse c")]
#[test_case(&g().with(|c| c.archived = true), (403, Some("InvalidObjectState")); "t41 archived")]
#[test_case(&g(), OK; "t42 instant retrieval is no archive")]
#[test_case(&g().is("marker"), DENIED; "t43 marker without list")]
#[test_case(&Case::new(&[G, L]).is("marker"), NO_KEY; "t44 marker with list")]
#[test_case(&g().with(|c| c.versioned = true), DENIED; "t45 version needs its own action")]
#[test_case(&Case::new(&[G, G_VERSION]).is("marker").with(|c| c.versioned = true), (405, Some("MethodNotAllowed")); "t46 version that is a marker")]
#[test_case(&g().is("no bucket"), (404, Some("NoSuchBucket")); "t47 no bucket")]
#[test_case(&g().with(|c| c.requester_pays = true), DENIED; "t49 requester pays")]
#[test_case(&g().with(|c| c.overrides = true), (400, Some("InvalidRequest")); "t50 response override")]
#[test_case(&Case::new(&[G_ROOT]), DENIED; "t51 one account only")]
#[test_case(&Case::new(&[G_OAC]), DENIED; "t52 cloudfront only")]
#[test_case(&Case::new(&[G_NOT]), OK; "t53 not principal")]
#[test_case(&Case::new(&[G_ORG]), DENIED; "t54 key absent")]
#[test_case(&Case::new(&[G_NOT_ORG]), OK; "t55 negated on absent key")]
#[test_case(&g().own(P).acl(PUB).ab("I").bb("R"), DENIED; "t56 both ways closed")]
#[test_case(&Case::new(&[G_IP]).own(P).from("203.0.113.9").ab("IR"), OK; "t57 fixed range passes R")]
#[test_case(&g().is("missing"), DENIED; "t58 head of a missing file")]
fn truth_table(case: &Case, expected: (u16, Option<&str>)) {
    let verdict = case.verdict();
    assert_eq!((verdict.outcome.status(), verdict.outcome.code()), expected, "{verdict:?}");
}

#[test]
fn t48_get_on_the_bucket_cannot_be_stored() {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{}}}"#, G.replace("b/*", "b"));
    let findings = lint(&text, &LintContext::new("b", Partition::Aws));
    assert_eq!(first_refusal(&findings).unwrap().message, "Action does not apply to any resource(s) in statement");
}

#[test_case(&Case::new(&[G, L]).is("marker"), true; "t44 says so")]
#[test_case(&g().is("marker"), false; "t43 hides it")]
#[test_case(&Case::new(&[G, G_VERSION]).is("marker").with(|c| c.versioned = true), true; "t46 says so")]
#[test_case(&Case::new(&[G, L]).is("missing"), false; "missing is no marker")]
fn delete_marker_header(case: &Case, expected: bool) {
    assert_eq!(case.verdict().delete_marker, expected);
}

#[test_case(&none(), Layer::NoPolicy; "no policy")]
#[test_case(&Case::new(&[G_ROOT]), Layer::PolicyNoMatch; "policy for others")]
#[test_case(&g().ab("R").bb("R"), Layer::BlockPublicAccess { level: BpaLevel::Account }; "the account wins over the bucket")]
#[test_case(&none().own(W).acl(PUB).bb("I"), Layer::BlockPublicAccess { level: BpaLevel::Bucket }; "acl ignored")]
#[test_case(&none().acl(PUB), Layer::ObjectOwnership; "acls off")]
#[test_case(&g().own(W).with(|c| c.foreign = true), Layer::ObjectOwner; "foreign object")]
#[test_case(&Case::new(&[G, DENY]), Layer::PolicyDeny { statement: 1 }; "denied by the second statement")]
#[test_case(&g(), Layer::PolicyAllow { statement: 0 }; "allowed by the first statement")]
#[test_case(&none().own(W).acl(PUB), Layer::Acl; "allowed by acl")]
#[test_case(&g().is("missing"), Layer::MissingHidden; "hidden")]
fn the_layer_that_decides(case: &Case, expected: Layer) {
    let verdict = case.verdict();
    assert_eq!(verdict.layer, expected);
    assert!(!verdict.reason.is_empty());
}

#[test]
fn the_enforced_owner_owns_whatever_was_stored() {
    let case = g().with(|c| c.foreign = true);
    assert_eq!(case.verdict().outcome, Outcome::Ok200);
}

#[test_case(&RequestPrincipal::Anonymous, true; "anonymous")]
#[test_case(&account("999988887777"), true; "another account")]
#[test_case(&account("111122223333"), false; "the owner's account")]
#[test_case(&RequestPrincipal::Service { name: "cloudfront.amazonaws.com".to_owned() }, false; "a service")]
fn restrict_public_buckets(principal: &RequestPrincipal, expected: bool) {
    let text = format!(r#"{{"Statement":[{G}]}}"#);
    let policy = Policy::parse(&text).unwrap();
    let all = BlockPublicAccess::ALL;
    let owner = "111122223333";
    let restricted = |flags| restricted_by_block_public_access(&policy, flags, owner, principal);
    assert_eq!(restricted(all), expected);
    assert!(!restricted(all.lifted_for_public_policy()));
}

fn account(id: &str) -> RequestPrincipal {
    RequestPrincipal::Account { account_id: id.to_owned(), arn: format!("arn:aws:iam::{id}:root"), canonical_id: None }
}

#[test]
fn flags_add_up_and_keep_their_s3_names() {
    assert_eq!(flags("A").or(flags("IR")), flags("AIR"));
    assert_eq!(BlockPublicAccess::NONE.or(BlockPublicAccess::ALL), flags("AIPR"));
    assert_eq!(BlockPublicAccess::ALL.lifted_for_public_policy(), BlockPublicAccess::FOR_PUBLIC_POLICY);
    assert!(BlockPublicAccess::FOR_PUBLIC_POLICY.permits_public_policy());
    let json = serde_json::to_string(&flags("AR")).unwrap();
    assert_eq!(
        json,
        r#"{"BlockPublicAcls":true,"IgnorePublicAcls":false,"BlockPublicPolicy":false,"RestrictPublicBuckets":true}"#
    );
    assert_eq!(serde_json::from_str::<BlockPublicAccess>(&json).unwrap(), flags("AR"));
    assert_eq!(
        serde_json::from_str::<BlockPublicAccess>("{}").unwrap(),
        BlockPublicAccess::NONE,
        "what is stored nowhere is off"
    );
}

#[test]
fn names_of_s3_read_back() {
    for own in ObjectOwnership::ALL {
        assert_eq!(ObjectOwnership::parse(own.as_str()), Some(own));
    }
    assert_eq!(ObjectOwnership::parse("objectwriter"), None);
    for acl in CannedAcl::ALL {
        assert_eq!(CannedAcl::parse(acl.as_str()), Some(acl));
        assert_eq!(acl.is_public(), acl.grants("owner").is_public());
        assert!(acl.for_buckets() || acl.for_objects());
    }
    for permission in Permission::ALL {
        assert_eq!(Permission::parse(permission.as_str()), Some(permission));
    }
    for group in [Grantee::AllUsers, Grantee::AuthenticatedUsers, Grantee::LogDelivery] {
        assert_eq!(Grantee::from_group_uri(group.group_uri().unwrap()), Some(group));
    }
}

#[test]
fn full_control_for_everyone_covers_reading() {
    let acl = Grants(vec![Grant { grantee: Grantee::AllUsers, permission: Permission::FullControl }]);
    assert!(acl.anyone_may(Permission::Read));
    assert!(!Grants::private().anyone_may(Permission::Read));
}
