//! Whether a request is let in, by which layer, and why: policy, Block Public Access, Object
//! Ownership, access control lists and the owner of the object together, for any principal and any action.
//!
//! Sources: AWS IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic";
//! Amazon S3 User Guide, "How Amazon S3 authorizes a request", "Blocking public access to your Amazon S3
//! storage" and "Controlling ownership of objects and disabling ACLs".
//!
//! It is a prediction about the bucket's side. What the sender's own account allows is not known here; where
//! that matters, the reason says so.

mod words;

use super::policy::{Policy, RequestContext, RequestPrincipal};
use super::public_access::{
    AclAnswer, AclOf, BlockLevels, BlockPublicAccess, BpaLevel, Grants, ObjectOwnership, PolicyAnswer, acl_answer,
    acl_for_action, is_up_to_object_owner, policy_answer,
};

/// Whose an object is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ObjectOwner {
    /// The owner of the bucket.
    BucketOwner,
    /// Another account, by its canonical user id where that is known.
    Another(Option<String>),
}

/// What is known of a bucket and the object asked for. What is `None` is not judged, and nothing is assumed
/// in its place; the default is a bucket of which nothing is known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Layers<'a> {
    /// The bucket's policy.
    pub policy: Option<&'a Policy>,
    /// The account that owns the bucket, twelve digits.
    pub owner_account: Option<&'a str>,
    /// Block Public Access of the organization.
    pub organization_block: Option<BlockPublicAccess>,
    /// Block Public Access of the account.
    pub account_block: Option<BlockPublicAccess>,
    /// Block Public Access of the bucket itself.
    pub bucket_block: Option<BlockPublicAccess>,
    /// Whether access control lists count. While it is not known, a list that is given counts.
    pub ownership: Option<ObjectOwnership>,
    /// The bucket's access control list.
    pub bucket_acl: Option<&'a Grants>,
    /// The object's access control list.
    pub object_acl: Option<&'a Grants>,
    /// Whose the object is. Without effect while lists are off: then all are the bucket owner's.
    pub object_owner: Option<&'a ObjectOwner>,
}

impl Layers<'_> {
    fn block(&self) -> BlockLevels {
        BlockLevels {
            organization: self.organization_block.unwrap_or(BlockPublicAccess::NONE),
            account: self.account_block.unwrap_or(BlockPublicAccess::NONE),
            bucket: self.bucket_block.unwrap_or(BlockPublicAccess::NONE),
        }
    }

    /// A layer that is not given is not judged, so an unknown setting does not turn lists off.
    fn ownership(&self) -> ObjectOwnership {
        self.ownership.unwrap_or(ObjectOwnership::ObjectWriter)
    }

    /// The owner of the object where it is another than the bucket's and has a say in the action.
    fn other_owner(&self, action: &str) -> Option<&ObjectOwner> {
        let other = self.object_owner.filter(|owner| **owner != ObjectOwner::BucketOwner);
        other.filter(|_| self.ownership().acls_count() && is_up_to_object_owner(action))
    }

    /// What the list that speaks about the request's action says.
    fn list_says(&self, request: &RequestContext) -> Option<(AclOf, AclAnswer)> {
        let (of, wanted) = acl_for_action(&request.action)?;
        let acl = match of {
            AclOf::Bucket => self.bucket_acl,
            AclOf::Object => self.object_acl,
        }?;
        Some((of, acl_answer(acl, wanted, &request.principal, self.ownership(), self.block())))
    }
}

/// Whether a request is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// It is.
    Allow,
    /// It is not.
    Deny,
}

impl Access {
    /// `allow` or `deny`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Deny => "deny",
        }
    }
}

/// What decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Block Public Access of this level sets aside what would let the request in.
    BlockPublicAccess(BpaLevel),
    /// An access control list would let the request in, but Object Ownership turned lists off.
    Ownership,
    /// An access control list lets the request in.
    Acl,
    /// A statement of the policy.
    Policy,
    /// The object belongs to another account than the bucket.
    Object,
    /// Nothing that is known lets the request in.
    NothingAllows,
}

impl Layer {
    /// Its name in the answers of the command line, such as `bucket-block-public-access`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BlockPublicAccess(BpaLevel::Organization) => "organization-block-public-access",
            Self::BlockPublicAccess(BpaLevel::Account) => "account-block-public-access",
            Self::BlockPublicAccess(BpaLevel::Bucket) => "bucket-block-public-access",
            Self::Ownership => "ownership",
            Self::Acl => "acl",
            Self::Policy => "policy",
            Self::Object => "object",
            Self::NothingAllows => "nothing-allows",
        }
    }
}

/// The answer of [`judge`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Whether the request is let in.
    pub access: Access,
    /// What decided.
    pub layer: Layer,
    /// The statement of the policy that decided, or that would have let the request in, counted from 0.
    pub statement: Option<usize>,
    /// One plain sentence without a full stop.
    pub reason: String,
}

/// Judges one request (predicted).
///
/// An explicit deny wins over everything. A public policy under `RestrictPublicBuckets` serves only AWS
/// services and the account that owns the bucket. Access control lists count unless Object Ownership turned
/// them off; their public grants do not while `IgnorePublicAcls` is on. The policy's `Allow` does not reach an
/// object of another account. For somebody of the account that owns the bucket, a policy that is silent denies
/// nothing: the answer is [`Access::Deny`], and the reason says that the account's own rules may allow it.
///
/// The keys that follow from the owner (`aws:ResourceAccount`, `s3:ResourceAccount`) need not be given.
#[must_use]
pub fn judge(layers: &Layers<'_>, request: &RequestContext) -> Judgement {
    let known;
    let request = match layers.owner_account {
        Some(owner) => {
            known = with_owner(request, owner);
            &known
        }
        None => request,
    };
    let answer = policy_answer(layers.policy, request, layers.block(), layers.owner_account);
    let other_owner = layers.other_owner(&request.action);
    match answer {
        PolicyAnswer::Deny { statement } => {
            let reason = words::denied(layers, statement);
            return Judgement { access: Access::Deny, layer: Layer::Policy, statement: Some(statement), reason };
        }
        PolicyAnswer::Allow { statement } if other_owner.is_none() => {
            let reason = words::allowed(layers, request, statement);
            return Judgement { access: Access::Allow, layer: Layer::Policy, statement: Some(statement), reason };
        }
        PolicyAnswer::NoPolicy
        | PolicyAnswer::NoMatch
        | PolicyAnswer::Allow { .. }
        | PolicyAnswer::Restricted { .. } => {}
    }
    let list = layers.list_says(request);
    if let Some((of, AclAnswer::Granted)) = list {
        let reason = words::listed(layers, request, of);
        return Judgement { access: Access::Allow, layer: Layer::Acl, statement: None, reason };
    }
    if other_owner.is_some_and(|owner| owns(&request.principal, owner)) {
        let reason = words::owned(request);
        return Judgement { access: Access::Allow, layer: Layer::Object, statement: None, reason };
    }
    refused(layers, request, answer, list)
}

fn with_owner(request: &RequestContext, owner: &str) -> RequestContext {
    let mut known = request.clone();
    for key in ["aws:ResourceAccount", "s3:ResourceAccount"] {
        if known.keys.get(key).is_none() {
            known.keys.set(key, owner);
        }
    }
    known
}

fn owns(principal: &RequestPrincipal, owner: &ObjectOwner) -> bool {
    match (principal, owner) {
        (RequestPrincipal::Account { canonical_id: Some(id), .. }, ObjectOwner::Another(Some(owner))) => id == owner,
        _ => false,
    }
}

/// Names what stands closest to letting the request in.
fn refused(
    layers: &Layers<'_>,
    request: &RequestContext,
    answer: PolicyAnswer,
    list: Option<(AclOf, AclAnswer)>,
) -> Judgement {
    let (layer, statement, reason) = match (answer, list) {
        (PolicyAnswer::Allow { statement }, _) => {
            (Layer::Object, Some(statement), words::of_another(layers, request, statement))
        }
        (PolicyAnswer::Restricted { statement, level }, _) => {
            let reason = words::restricted(layers, request, statement, level);
            (Layer::BlockPublicAccess(level), Some(statement), reason)
        }
        (_, Some((of, AclAnswer::AclsOff))) => (Layer::Ownership, None, words::lists_are_off(request, of)),
        (_, Some((of, AclAnswer::Ignored { level }))) => {
            (Layer::BlockPublicAccess(level), None, words::ignored(request, of, level))
        }
        (
            PolicyAnswer::NoPolicy | PolicyAnswer::NoMatch | PolicyAnswer::Deny { .. },
            None | Some((_, AclAnswer::NoGrant | AclAnswer::Granted)),
        ) => (Layer::NothingAllows, None, words::nothing(layers, request)),
    };
    Judgement { access: Access::Deny, layer, statement, reason }
}

#[cfg(test)]
mod tests;
