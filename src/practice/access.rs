//! Who may do what: policies, Block Public Access, ownership and ACLs, decided by the same rules that the rest of
//! Brimful predicts with.
//!
//! ```text
//! Gate ─► caller (who asks, condition keys) ─► action (what the operation needs) ─► rule (each action, yes or no)
//!    └──► anonymous (GET without a signature: the general rules of the domain)
//! signature: what is wrong with a signature before anyone computes it, asked by the front door
//! ```
//!
//! Sources: Amazon S3 User Guide, "How Amazon S3 authorizes a request"; Service Authorization Reference, "Actions,
//! resources, and condition keys for Amazon S3".

mod action;
mod anonymous;
mod caller;
mod rule;
mod signature;

use std::sync::Arc;

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use s3s::S3Result;
use s3s::access::{S3Access, S3AccessContext};
use s3s::path::S3Path;

use self::action::{Level, action_of, extra_actions};
use self::caller::{Query, header};
use self::rule::{Thing, Wish, check_identity};
use super::api::Service;
use super::error::{access_denied, refuse};
use super::people::{Identity, names_existing_tags};
use super::store::buckets::Bucket;
use super::store::versions::{self, Version};
use crate::domain::arn::{Partition, bucket_arn};
use crate::domain::public_access::is_up_to_object_owner;

pub(super) use self::caller::{Caller, Peer};
pub(super) use self::rule::{Holder, may_act, prevented};
pub(super) use self::signature::{Refusal, check as check_signature};

/// Decides one key of a DeleteObjects request.
pub(super) fn may_delete(
    holder: &Holder,
    caller: &Caller,
    bucket: &Bucket,
    key: &str,
    versioned: bool,
) -> S3Result<()> {
    let action = if versioned { "s3:DeleteObjectVersion" } else { "s3:DeleteObject" };
    Wish { caller, bucket, holder, action, key: Some(key), object: None }.check()
}

/// Whether a key of a DeleteObjects request may be deleted in spite of governance.
pub(super) fn may_bypass(holder: &Holder, caller: &Caller, bucket: &Bucket, key: &str) -> bool {
    let action = "s3:BypassGovernanceRetention";
    Wish { caller, bucket, holder, action, key: Some(key), object: None }.check().is_ok()
}

/// The check before every operation.
pub(super) struct Gate(pub(super) Arc<Service>);

/// What an operation on a bucket is about.
struct Request<'a> {
    operation: &'a str,
    caller: Caller,
    bucket: Arc<Bucket>,
    holder: Holder,
    key: Option<String>,
    query: Query,
    headers: HeaderMap,
}

impl Request<'_> {
    fn version(&self) -> Option<&str> {
        self.query.get("versionId")
    }

    fn wish<'a>(&'a self, action: &'a str, level: Level, object: Option<Thing<'a>>) -> Wish<'a> {
        let key = self.key.as_deref().filter(|_| level == Level::Object);
        Wish { caller: &self.caller, bucket: &self.bucket, holder: &self.holder, action, key, object }
    }
}

#[async_trait::async_trait]
impl S3Access for Gate {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        let caller = Caller::of(cx, &self.0.people);
        let operation = cx.s3_op().name().to_owned();
        let (bucket, key) = match cx.s3_path() {
            S3Path::Root => (None, None),
            S3Path::Bucket { bucket } => (Some(bucket.to_string()), None),
            S3Path::Object { bucket, key } => (Some(bucket.to_string()), Some(key.to_string())),
        };
        let query = Query::of(cx.uri());
        let headers = cx.headers().clone();
        cx.extensions_mut().insert(caller.clone());
        let Some(bucket) = bucket else {
            return check_identity(&caller, "s3:ListAllMyBuckets", None);
        };
        if operation == "CreateBucket" {
            return check_create(&caller, &bucket, &headers);
        }
        let bucket = self.0.store.buckets.get(&bucket)?;
        let holder = self.0.holder(&bucket);
        if header(&headers, "x-amz-expected-bucket-owner").is_some_and(|owner| owner != holder.account.id) {
            return Err(access_denied());
        }
        let request = Request { operation: &operation, caller, bucket, holder, key, query, headers };
        if request.caller.who().is_some() {
            self.check_signed(request).await
        } else {
            self.check_anonymous(request).await
        }
    }
}

fn check_create(caller: &Caller, bucket: &str, headers: &HeaderMap) -> S3Result<()> {
    let resource = bucket_arn(Partition::Aws, bucket);
    let mut actions = vec!["s3:CreateBucket"];
    if headers.keys().any(|name| name == "x-amz-acl" || name.as_str().starts_with("x-amz-grant-")) {
        actions.push("s3:PutBucketAcl");
    }
    if headers.contains_key("x-amz-object-ownership") {
        actions.push("s3:PutBucketOwnershipControls");
    }
    actions.into_iter().try_for_each(|action| check_identity(caller, action, Some(&resource)))
}

/// The bucket's policy has to stay in the hands of somebody: neither a stranger with all permissions may change it,
/// nor can it lock out the root of the account (Amazon S3 API Reference, "PutBucketPolicy").
enum PolicyCare {
    Always,
    Never,
    AsPermitted,
}

impl PolicyCare {
    fn of(action: &str, who: Option<&Identity>, holder: &Holder) -> Self {
        let about = matches!(action, "s3:GetBucketPolicy" | "s3:PutBucketPolicy" | "s3:DeleteBucketPolicy");
        match who {
            Some(who) if about && who.account.id != holder.account.id => Self::Never,
            Some(who) if about && who.is_root() => Self::Always,
            _ => Self::AsPermitted,
        }
    }
}

impl Gate {
    async fn check_signed(&self, request: Request<'_>) -> S3Result<()> {
        let Some(who) = request.caller.who() else { return Err(access_denied()) };
        let own = who.account.id == request.holder.account.id;
        let config = &request.bucket.config;
        // The usual case, decided without a look at the object.
        let unquestioned =
            own && who.is_administrator() && request.bucket.policy.is_none() && !config.ownership().acls_count();
        if !unquestioned {
            self.check_actions(&request, who).await?;
        }
        self.check_source(&request).await
    }

    async fn check_actions(&self, request: &Request<'_>, who: &Identity) -> S3Result<()> {
        if request.operation == "DeleteObjects" {
            // Decided key by key.
            return Ok(());
        }
        let Some((action, level)) = action_of(request.operation, request.version().is_some()) else {
            // Nothing is known of what it needs, so only those may try it who may do everything.
            let own = who.account.id == request.holder.account.id;
            return if own && who.is_administrator() { Ok(()) } else { Err(access_denied()) };
        };
        // Whether something is there is for those to know who may list.
        let listing = if reads_object(request.operation) {
            request.wish("s3:ListBucket", Level::Bucket, None).check()
        } else {
            Ok(())
        };
        let by_object = request.bucket.config.ownership().acls_count() && is_up_to_object_owner(action);
        let looks = by_object || listing.is_err() || asks_for_tags(&request.bucket, &request.caller);
        let found = match &request.key {
            Some(key) if level == Level::Object && looks => self.find(&request.bucket, key, request.version()).await?,
            _ => None,
        };
        let extra = extra_actions(request.operation, &request.headers).map(|action| (action, level));
        for (action, level) in std::iter::once((action, level)).chain(extra) {
            let object = found.as_ref().filter(|_| is_up_to_object_owner(action)).map(thing);
            let caller = with_tags(&request.caller, found.as_ref(), action);
            let answer = Wish { caller: &caller, ..request.wish(action, level, object) }.check();
            match PolicyCare::of(action, Some(who), &request.holder) {
                PolicyCare::Always => {}
                PolicyCare::AsPermitted => answer?,
                PolicyCare::Never => {
                    answer?;
                    let message = "The specified method is not allowed against this resource.";
                    return Err(refuse("MethodNotAllowed", message));
                }
            }
        }
        if found.is_none_or(|found| found.marker && request.version().is_none()) { listing } else { Ok(()) }
    }

    /// What a copy needs on its source.
    async fn check_source(&self, request: &Request<'_>) -> S3Result<()> {
        let Some(source) = header(&request.headers, "x-amz-copy-source") else { return Ok(()) };
        let (path, version) = source.split_once("?versionId=").map_or((source, None), |(path, id)| (path, Some(id)));
        let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        // What cannot be read as a source is refused by the operation itself.
        let Some((name, key)) = path.split_once('/') else { return Ok(()) };
        let Ok(bucket) = self.0.store.buckets.get(name) else { return Ok(()) };
        let holder = self.0.holder(&bucket);
        let expected = header(&request.headers, "x-amz-source-expected-bucket-owner");
        if expected.is_some_and(|owner| owner != holder.account.id) {
            return Err(access_denied());
        }
        let found = self.find(&bucket, key, version).await?;
        let action = if version.is_some() { "s3:GetObjectVersion" } else { "s3:GetObject" };
        let object = found.as_ref().map(thing);
        let caller = with_tags(&request.caller, found.as_ref(), action);
        let wish =
            |action, key, object| Wish { caller: &caller, bucket: &bucket, holder: &holder, action, key, object };
        wish(action, Some(key), object).check()?;
        let copies_tags =
            request.operation == "CopyObject" && header(&request.headers, "x-amz-tagging-directive") != Some("REPLACE");
        if copies_tags && found.as_ref().is_some_and(|version| !version.tags.is_empty()) {
            let action = if version.is_some() { "s3:GetObjectVersionTagging" } else { "s3:GetObjectTagging" };
            wish(action, Some(key), None).check()?;
        }
        if found.as_ref().is_none_or(|found| found.marker && version.is_none()) {
            wish("s3:ListBucket", None, None).check()?;
        }
        Ok(())
    }

    async fn find(&self, bucket: &Arc<Bucket>, key: &str, version: Option<&str>) -> S3Result<Option<Version>> {
        let (reader, key, version) = (Arc::clone(bucket), key.to_owned(), version.map(str::to_owned));
        Ok(self.0.store.read(move |db| versions::read(db, &reader, &key, version.as_deref())).await?)
    }
}

/// Operations that answer 404 where nothing is.
fn reads_object(operation: &str) -> bool {
    matches!(operation, "GetObject" | "HeadObject" | "GetObjectAttributes" | "GetObjectAcl")
}

fn thing(version: &Version) -> Thing<'_> {
    Thing { owner: version.meta.owner.as_ref(), acl: version.meta.acl.as_ref() }
}

/// Whether a policy has something to say about the tags that an object has.
fn asks_for_tags(bucket: &Bucket, caller: &Caller) -> bool {
    bucket.config.policy.as_deref().is_some_and(names_existing_tags)
        || caller.who().is_some_and(Identity::asks_for_tags)
}

/// `s3:ExistingObjectTag/…`, known only to actions that AWS lists for it.
fn with_tags(caller: &Caller, found: Option<&Version>, action: &str) -> Caller {
    match found {
        Some(version) if action::knows_existing_tags(action) && !version.tags.is_empty() => {
            let key = |name: &String| format!("s3:ExistingObjectTag/{name}");
            caller.knowing(version.tags.iter().map(|(name, value)| (key(name), value.as_str())))
        }
        _ => caller.clone(),
    }
}
