//! The decision about one action: identity policy, bucket policy, Block Public Access and ACL together.
//!
//! Sources: AWS IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic"; Amazon S3 User
//! Guide, "How Amazon S3 authorizes a request" and "Troubleshoot access denied (403 Forbidden) errors in Amazon S3".

use s3s::{S3Error, S3Result};

use super::super::acl::{Acl, Asker};
use super::super::error::{access_denied, refuse};
use super::super::people::{Account, Identity};
use super::super::store::buckets::Bucket;
use super::caller::Caller;
use crate::domain::arn::{Partition, bucket_arn, object_arn};
use crate::domain::policy::{ContextKeys, RequestContext, evaluate};
use crate::domain::public_access::{AclOf, BlockPublicAccess, acl_for_action, restricted_by_block_public_access};

/// Whose a bucket is, and what that account has set for all of its buckets.
#[derive(Debug, Clone)]
pub(in crate::practice) struct Holder {
    pub(in crate::practice) account: Account,
    pub(in crate::practice) block: BlockPublicAccess,
}

impl Holder {
    /// Block Public Access in force: a flag counts when the account or the bucket has it.
    pub(in crate::practice) fn block_of(&self, bucket: BlockPublicAccess) -> BlockPublicAccess {
        self.block.or(bucket)
    }
}

/// What is known of the object that an action is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Thing<'a> {
    /// `None`: the owner of the bucket.
    pub(super) owner: Option<&'a Account>,
    /// `None`: its owner alone has everything.
    pub(super) acl: Option<&'a Acl>,
}

/// One action that a request needs.
pub(super) struct Wish<'a> {
    pub(super) caller: &'a Caller,
    pub(super) bucket: &'a Bucket,
    pub(super) holder: &'a Holder,
    pub(super) action: &'a str,
    /// For actions on objects.
    pub(super) key: Option<&'a str>,
    /// For actions that the owner of an object decides on, where there is one.
    pub(super) object: Option<Thing<'a>>,
}

impl Wish<'_> {
    fn resource(&self) -> String {
        let partition = Partition::from_region(&self.bucket.region);
        match self.key {
            Some(key) => object_arn(partition, &self.bucket.name, key),
            None => bucket_arn(partition, &self.bucket.name),
        }
    }

    fn acl_allows(&self, owner: &Account, asker: Asker<'_>) -> bool {
        let Some((of, wanted)) = acl_for_action(self.action) else { return false };
        let acl = match of {
            AclOf::Object => self.object.and_then(|object| object.acl),
            AclOf::Bucket => Some(&self.bucket.config.acl),
        };
        let with_public = !self.holder.block_of(self.bucket.config.block()).ignore_public_acls;
        self.bucket.config.ownership().acls_count()
            && acl.is_some_and(|acl| acl.allows(&owner.canonical_id, asker, wanted, with_public))
    }

    /// Decides.
    ///
    /// # Errors
    /// `AccessDenied` with the words that the caller may see.
    pub(super) fn check(&self) -> S3Result<()> {
        let resource = self.resource();
        let context = self.caller.context(self.action, resource.clone(), Some(&self.holder.account));
        let config = &self.bucket.config;
        let by_bucket = self.bucket.policy.as_ref().map(|policy| (policy, evaluate(policy, &context)));
        let refusal = |why| Err(denied(self.caller, &self.holder.account, self.action, &resource, why));
        if by_bucket.is_some_and(|(_, decision)| decision.is_deny()) {
            return refusal(Why::DeniedByResource);
        }
        let object_owner = self.object.and_then(|object| object.owner).filter(|_| config.ownership().acls_count());
        let owner = object_owner.unwrap_or(&self.holder.account);
        let by_bucket = object_owner.is_none()
            && by_bucket.is_some_and(|(policy, decision)| {
                let block = self.holder.block_of(config.block());
                let account = &self.holder.account.id;
                decision.is_allow() && !restricted_by_block_public_access(policy, block, account, &context.principal)
            });
        let Some(who) = self.caller.who() else {
            let allowed = by_bucket || self.acl_allows(owner, Asker::Anyone);
            return if allowed { Ok(()) } else { Err(access_denied()) };
        };
        let by_identity = who.decide(&context);
        if by_identity.is_deny() {
            return refusal(Why::DeniedByIdentity);
        }
        let allowed = if who.account.id == owner.id {
            by_identity.is_allow() || by_bucket || self.acl_allows(owner, Asker::OwnUser)
        } else {
            let asker = Asker::Account(&who.account.canonical_id);
            by_identity.is_allow() && (by_bucket || self.acl_allows(owner, asker))
        };
        if allowed { Ok(()) } else { refusal(Why::NotAllowed) }
    }
}

/// Why an identity may not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    NotAllowed,
    DeniedByIdentity,
    DeniedByResource,
}

impl Why {
    fn words(self, action: &str) -> String {
        match self {
            Self::NotAllowed => format!("because no identity-based policy allows the {action} action"),
            Self::DeniedByIdentity => "with an explicit deny in an identity-based policy".to_owned(),
            Self::DeniedByResource => "with an explicit deny in a resource-based policy".to_owned(),
        }
    }
}

/// The refusal. Only callers of the account that owns the bucket are told why.
fn denied(caller: &Caller, owner: &Account, action: &str, resource: &str, why: Why) -> S3Error {
    match caller.who() {
        Some(who) if who.account.id == owner.id => told(who, action, Some(resource), &why.words(action)),
        _ => access_denied(),
    }
}

/// A refusal that names who may not do what to what, and why.
pub(in crate::practice) fn told(who: &Identity, action: &str, resource: Option<&str>, why: &str) -> S3Error {
    let on = resource.map_or_else(String::new, |resource| format!(" on resource: \"{resource}\""));
    refuse("AccessDenied", format!("User: {} is not authorized to perform: {action}{on} {why}", who.arn))
}

/// The refusal of a write that Block Public Access prevents: `what` is `policies` or `ACLs`, `flag` the setting.
pub(in crate::practice) fn prevented(
    caller: Option<&Caller>,
    action: &str,
    resource: &str,
    what: &str,
    flag: &str,
) -> S3Error {
    let why = format!("because public {what} are prevented by the {flag} setting in S3 Block Public Access.");
    caller.and_then(Caller::who).map_or_else(access_denied, |who| told(who, action, Some(resource), &why))
}

/// Decides about an action on no bucket, or on one that is not there yet.
pub(super) fn check_identity(caller: &Caller, action: &str, resource: Option<&str>) -> S3Result<()> {
    let who = caller.who().ok_or_else(access_denied)?;
    let context = caller.context(action, resource.unwrap_or("*").to_owned(), None);
    decide(who, &context, resource)
}

/// Decides about an action on the account itself, by what the identity's policy says without knowing the request.
pub(in crate::practice) fn may_act(who: &Identity, action: &str) -> S3Result<()> {
    let keys = ContextKeys::new().with("aws:userid", &who.user_id);
    let (action, resource) = (action.to_owned(), "*".to_owned());
    decide(who, &RequestContext { principal: who.principal(), action, resource, keys }, None)
}

fn decide(who: &Identity, context: &RequestContext, resource: Option<&str>) -> S3Result<()> {
    let decision = who.decide(context);
    if decision.is_allow() {
        return Ok(());
    }
    let why = if decision.is_deny() { Why::DeniedByIdentity } else { Why::NotAllowed };
    Err(told(who, &context.action, resource, &why.words(&context.action)))
}
