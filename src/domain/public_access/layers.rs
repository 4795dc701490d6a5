//! What each layer says by itself: Block Public Access, the policy, and access control lists.
//!
//! Shared by the two questions that are put to all of them together: what a GET without sign-in
//! answers ([`decide_anonymous_get`](super::decide_anonymous_get)), and whether any request at all is
//! let in ([`crate::domain::permission::judge`]).

use super::{BlockPublicAccess, Grantee, Grants, ObjectOwnership, Permission};
use crate::domain::policy::{Decision, Policy, RequestContext, RequestPrincipal, evaluate, is_public};

/// A level at which Block Public Access is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BpaLevel {
    /// By an S3 policy of the organization.
    Organization,
    /// For the account.
    Account,
    /// For the bucket.
    Bucket,
}

impl BpaLevel {
    /// As it stands in a sentence: "the account".
    pub(in crate::domain) const fn words(self) -> &'static str {
        match self {
            Self::Organization => "the organization",
            Self::Account => "the account",
            Self::Bucket => "the bucket",
        }
    }
}

/// Block Public Access of all levels. A level that is not known counts as off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct BlockLevels {
    /// Of the organization.
    pub organization: BlockPublicAccess,
    /// Of the account.
    pub account: BlockPublicAccess,
    /// Of the bucket itself.
    pub bucket: BlockPublicAccess,
}

impl BlockLevels {
    /// The highest level on which a flag is on.
    pub(super) fn level_of(&self, flag: fn(&BlockPublicAccess) -> bool) -> Option<BpaLevel> {
        [
            (&self.organization, BpaLevel::Organization),
            (&self.account, BpaLevel::Account),
            (&self.bucket, BpaLevel::Bucket),
        ]
        .into_iter()
        .find_map(|(flags, level)| flag(flags).then_some(level))
    }
}

/// What a policy and Block Public Access together say to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyAnswer {
    /// There is no policy.
    NoPolicy,
    /// It does not speak of the request.
    NoMatch,
    /// It refuses.
    Deny {
        /// Counted from 0.
        statement: usize,
    },
    /// It lets the request in.
    Allow {
        /// Counted from 0.
        statement: usize,
    },
    /// It would let the request in, but it is public and `RestrictPublicBuckets` is on.
    Restricted {
        /// The statement that would, counted from 0.
        statement: usize,
        /// The highest level on which the flag is on.
        level: BpaLevel,
    },
}

/// Asks the bucket's policy, with `RestrictPublicBuckets`, about a request. While it is not known
/// whose the bucket is, no account counts as its owner's.
#[must_use]
pub fn policy_answer(
    policy: Option<&Policy>,
    request: &RequestContext,
    block: BlockLevels,
    owner_account: Option<&str>,
) -> PolicyAnswer {
    let Some(policy) = policy else {
        return PolicyAnswer::NoPolicy;
    };
    match evaluate(policy, request) {
        Decision::Deny { statement } => PolicyAnswer::Deny { statement },
        Decision::NoMatch => PolicyAnswer::NoMatch,
        Decision::Allow { statement } => match block.level_of(|flags| flags.restrict_public_buckets) {
            Some(level) if is_outsider(&request.principal, owner_account) && is_public(policy).public => {
                PolicyAnswer::Restricted { statement, level }
            }
            _ => PolicyAnswer::Allow { statement },
        },
    }
}

/// Whether `RestrictPublicBuckets` sets the policy's `Allow` aside for this principal: the policy is
/// public, and the principal is neither an AWS service nor of the bucket owner's account. Cross-account
/// grants in non-public statements of the same policy fall with it.
#[must_use]
pub fn restricted_by_block_public_access(
    policy: &Policy,
    effective: BlockPublicAccess,
    owner_account: &str,
    principal: &RequestPrincipal,
) -> bool {
    is_outsider(principal, Some(owner_account)) && effective.restrict_public_buckets && is_public(policy).public
}

/// Whether this is nobody of the owner's account, and no AWS service.
fn is_outsider(principal: &RequestPrincipal, owner_account: Option<&str>) -> bool {
    match principal {
        RequestPrincipal::Anonymous => true,
        RequestPrincipal::Account { account_id, .. } => owner_account != Some(account_id),
        RequestPrincipal::Service { .. } => false,
    }
}

/// Which access control list speaks about an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AclOf {
    /// The bucket's.
    Bucket,
    /// The object's.
    Object,
}

/// Whose list can stand in for a policy's `Allow`, and what it must grant; `None` for actions that no
/// list speaks about.
///
/// Source: AWS S3 User Guide, "Access control list (ACL) overview", mapping of ACL permissions and
/// access policy permissions.
#[must_use]
pub fn acl_for_action(action: &str) -> Option<(AclOf, Permission)> {
    let (service, name) = action.split_once(':')?;
    if !service.eq_ignore_ascii_case("s3") {
        return None;
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "listbucket" | "listbucketversions" | "listbucketmultipartuploads" => (AclOf::Bucket, Permission::Read),
        "putobject" | "deleteobject" => (AclOf::Bucket, Permission::Write),
        "getbucketacl" => (AclOf::Bucket, Permission::ReadAcp),
        "putbucketacl" => (AclOf::Bucket, Permission::WriteAcp),
        "getobject" | "getobjectversion" => (AclOf::Object, Permission::Read),
        "getobjectacl" | "getobjectversionacl" => (AclOf::Object, Permission::ReadAcp),
        "putobjectacl" | "putobjectversionacl" => (AclOf::Object, Permission::WriteAcp),
        _ => return None,
    })
}

/// Whether the owner of the object, not that of the bucket, decides about an action.
#[must_use]
pub fn is_up_to_object_owner(action: &str) -> bool {
    acl_for_action(action).is_some_and(|(of, _)| of == AclOf::Object)
        || ["s3:GetObjectAttributes", "s3:GetObjectVersionAttributes"].iter().any(|a| a.eq_ignore_ascii_case(action))
}

/// What an access control list, Object Ownership and `IgnorePublicAcls` together say to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AclAnswer {
    /// The list grants nothing of the kind.
    NoGrant,
    /// It lets the request in.
    Granted,
    /// It would let the request in, but lists are off.
    AclsOff,
    /// It would let the request in, but only as one of the public, and `IgnorePublicAcls` is on.
    Ignored {
        /// The highest level on which the flag is on.
        level: BpaLevel,
    },
}

/// Asks an access control list whether it grants `wanted` to whoever asks. The right of the owner
/// itself stands in no list and is not asked here.
#[must_use]
pub fn acl_answer(
    acl: &Grants,
    wanted: Permission,
    principal: &RequestPrincipal,
    ownership: ObjectOwnership,
    block: BlockLevels,
) -> AclAnswer {
    let grantees = grantees_of(principal);
    let granted = |public: bool| grantees.iter().any(|g| g.is_public() == public && acl.allows(g, wanted));
    let (personally, publicly) = (granted(false), granted(true));
    if !personally && !publicly {
        return AclAnswer::NoGrant;
    }
    if !ownership.acls_count() {
        return AclAnswer::AclsOff;
    }
    match block.level_of(|flags| flags.ignore_public_acls) {
        Some(level) if !personally => AclAnswer::Ignored { level },
        _ => AclAnswer::Granted,
    }
}

/// Everything that a principal is to an access control list.
fn grantees_of(principal: &RequestPrincipal) -> Vec<Grantee> {
    match principal {
        RequestPrincipal::Anonymous => vec![Grantee::AllUsers],
        RequestPrincipal::Account { canonical_id, .. } => {
            let own = canonical_id.clone().map(Grantee::CanonicalUser);
            own.into_iter().chain([Grantee::AuthenticatedUsers, Grantee::AllUsers]).collect()
        }
        RequestPrincipal::Service { name } if name.eq_ignore_ascii_case("logging.s3.amazonaws.com") => {
            vec![Grantee::LogDelivery, Grantee::AllUsers]
        }
        RequestPrincipal::Service { .. } => vec![Grantee::AllUsers],
    }
}

/// A statement of a policy as it is named in a sentence.
pub(in crate::domain) fn statement_words(policy: Option<&Policy>, statement: usize) -> String {
    policy.and_then(|policy| policy.statements.get(statement)).and_then(|statement| statement.sid.as_ref()).map_or_else(
        || format!("Statement {} of the policy", statement + 1),
        |sid| format!("The statement {sid} of the policy"),
    )
}
