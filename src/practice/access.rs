//! Who may do what: policy, Block Public Access, ownership and ACLs, decided by the same rules that the rest of
//! Brimful predicts with.
//!
//! Sources: Amazon S3 User Guide, "How Amazon S3 authorizes a request"; Service Authorization Reference, "Actions,
//! resources, and condition keys for Amazon S3".

mod action;

use std::net::IpAddr;
use std::sync::Arc;

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use s3s::access::{S3Access, S3AccessContext};
use s3s::path::S3Path;
use s3s::{S3Error, S3Result};

use self::action::{Level, action_of, extra_actions};
use super::api::{Account, Service};
use super::error::{access_denied, refuse};
use super::store::buckets::Bucket;
use super::store::versions::{self, Version};
use crate::domain::arn::{Partition, bucket_arn, object_arn};
use crate::domain::policy::{
    AnonymousRequest, ContextKeys, Policy, RequestContext, RequestPrincipal, anonymous_context, evaluate,
};
use crate::domain::public_access::{
    AnonymousGet, BlockPublicAccess, BucketFacts, Encryption, Facts, Grants, ObjectFacts, ObjectState, Outcome,
    Permission, PolicyAnswer, anonymous_policy_answer, decide_anonymous_get,
};

/// The address that a request came from, as the front door saw it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Who asks, and what a policy can know about the request.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    signed: bool,
    request: AnonymousRequest,
    keys: ContextKeys,
}

impl Caller {
    fn context(&self, account: &Account, action: &str, resource: String) -> RequestContext {
        if self.signed {
            let principal = RequestPrincipal::Account {
                account_id: account.id.clone(),
                arn: account.arn.clone(),
                canonical_id: Some(account.canonical_id.clone()),
            };
            RequestContext { principal, action: action.to_owned(), resource, keys: self.keys.clone() }
        } else {
            RequestContext { keys: self.keys.clone(), ..anonymous_context(action, resource, &self.request) }
        }
    }
}

fn facts(bucket: &Bucket) -> BucketFacts<'_> {
    BucketFacts {
        name: &bucket.name,
        partition: Partition::from_region(&bucket.region),
        organization: BlockPublicAccess::NONE,
        account: BlockPublicAccess::NONE,
        bucket: bucket.config.block(),
        ownership: bucket.config.ownership(),
        acl: bucket.config.acl.grants(),
        policy: bucket.policy.as_ref(),
        requester_pays: bucket.config.documents.requester_pays(),
    }
}

fn resource(bucket: &Bucket, key: Option<&str>) -> String {
    let partition = Partition::from_region(&bucket.region);
    match key {
        Some(key) => object_arn(partition, &bucket.name, key),
        None => bucket_arn(partition, &bucket.name),
    }
}

/// The policy as one that speaks for or against a request.
fn policy_answer(account: &Account, caller: &Caller, bucket: &Bucket, action: &str, key: Option<&str>) -> PolicyAnswer {
    let resource = resource(bucket, key);
    let Some(policy) = &bucket.policy else { return PolicyAnswer::NoPolicy };
    let decision = evaluate(policy, &caller.context(account, action, resource.clone()));
    if decision.is_deny() {
        return PolicyAnswer::Deny { statement: 0 };
    }
    if caller.signed {
        // The account that owns the bucket is allowed everything that nothing denies.
        return PolicyAnswer::Allow { statement: 0 };
    }
    if decision.is_allow() {
        let effective = bucket.config.block();
        return if restricted(policy, effective) {
            anonymous_policy_answer(&facts(bucket), action, resource, &caller.request)
        } else {
            PolicyAnswer::Allow { statement: 0 }
        };
    }
    PolicyAnswer::NoMatch
}

fn restricted(policy: &Policy, block: BlockPublicAccess) -> bool {
    block.restrict_public_buckets && crate::domain::policy::is_public(policy).public
}

/// The ACL grant that stands in for a policy's `Allow`.
fn acl_permission(operation: &str) -> Option<Permission> {
    match operation {
        "ListObjects" | "ListObjectsV2" | "ListObjectVersions" | "ListMultipartUploads" | "HeadBucket" => {
            Some(Permission::Read)
        }
        "PutObject"
        | "PostObject"
        | "DeleteObject"
        | "DeleteObjects"
        | "CreateMultipartUpload"
        | "UploadPart"
        | "CompleteMultipartUpload" => Some(Permission::Write),
        "GetBucketAcl" => Some(Permission::ReadAcp),
        _ => None,
    }
}

fn bucket_acl_allows(bucket: &Bucket, wanted: Permission) -> bool {
    bucket.config.ownership().acls_count()
        && !bucket.config.block().ignore_public_acls
        && bucket.config.acl.grants().anyone_may(wanted)
}

/// Decides one key of a DeleteObjects request.
pub(super) fn may_delete(
    account: &Account,
    caller: &Caller,
    bucket: &Bucket,
    key: &str,
    versioned: bool,
) -> S3Result<()> {
    let action = if versioned { "s3:DeleteObjectVersion" } else { "s3:DeleteObject" };
    match policy_answer(account, caller, bucket, action, Some(key)) {
        PolicyAnswer::Allow { .. } => Ok(()),
        PolicyAnswer::NoPolicy if caller.signed => Ok(()),
        PolicyAnswer::Deny { .. } => Err(access_denied()),
        _ if !versioned && bucket_acl_allows(bucket, Permission::Write) => Ok(()),
        _ => Err(access_denied()),
    }
}

/// The check before every operation.
pub(super) struct Gate(pub(super) Arc<Service>);

#[async_trait::async_trait]
impl S3Access for Gate {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        let caller = caller(cx);
        let operation = cx.s3_op().name().to_owned();
        let operation = operation.as_str();
        let (bucket, key) = match cx.s3_path() {
            S3Path::Root => (None, None),
            S3Path::Bucket { bucket } => (Some(bucket.to_string()), None),
            S3Path::Object { bucket, key } => (Some(bucket.to_string()), Some(key.to_string())),
        };
        if let Some(owner) = header(cx.headers(), "x-amz-expected-bucket-owner")
            && owner != self.0.account.id
        {
            return Err(access_denied());
        }
        let query = Query::of(cx.uri());
        let headers = cx.headers().clone();
        cx.extensions_mut().insert(caller.clone());
        let Some(bucket) = bucket else {
            return if caller.signed { Ok(()) } else { Err(access_denied()) };
        };
        if operation == "CreateBucket" {
            return if caller.signed { Ok(()) } else { Err(access_denied()) };
        }
        let bucket = self.0.store.buckets.get(&bucket)?;
        if !caller.signed {
            return self.check_anonymous(operation, &caller, &bucket, key.as_deref(), &query, &headers).await;
        }
        let versioned = query.get("versionId").is_some();
        for action in action_of(operation, versioned)
            .map(|(action, _)| action)
            .into_iter()
            .chain(extra_actions(operation, &headers))
        {
            // The owner can always mend a policy that locks everyone out.
            let always = matches!(action, "s3:GetBucketPolicy" | "s3:PutBucketPolicy" | "s3:DeleteBucketPolicy");
            let mut caller = caller.clone();
            self.add_existing_tags(&mut caller, &bucket, key.as_deref(), &query).await?;
            let answer = policy_answer(&self.0.account, &caller, &bucket, action, key.as_deref());
            if matches!(answer, PolicyAnswer::Deny { .. }) && !always {
                return Err(access_denied());
            }
        }
        if let Some(source) = header(&headers, "x-amz-copy-source") {
            self.check_source(&caller, source)?;
        }
        Ok(())
    }
}

impl Gate {
    /// The source of a copy must not be denied to whoever copies.
    fn check_source(&self, caller: &Caller, source: &str) -> S3Result<()> {
        let (path, version) = source.split_once("?versionId=").map_or((source, None), |(path, id)| (path, Some(id)));
        let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
        let Some((name, key)) = path.split_once('/') else { return Ok(()) };
        let Ok(bucket) = self.0.store.buckets.get(name) else { return Ok(()) };
        let action = if version.is_some() { "s3:GetObjectVersion" } else { "s3:GetObject" };
        match policy_answer(&self.0.account, caller, &bucket, action, Some(key)) {
            PolicyAnswer::Deny { .. } => Err(access_denied()),
            _ => Ok(()),
        }
    }

    /// `s3:ExistingObjectTag/…`, looked up only where a policy asks for it.
    async fn add_existing_tags(
        &self,
        caller: &mut Caller,
        bucket: &Arc<Bucket>,
        key: Option<&str>,
        query: &Query,
    ) -> S3Result<()> {
        let asked =
            bucket.config.policy.as_ref().is_some_and(|text| text.to_ascii_lowercase().contains("existingobjecttag/"));
        let (true, Some(key)) = (asked, key) else { return Ok(()) };
        if let Some(version) = self.version(bucket, key, query.get("versionId")).await? {
            for (name, value) in &version.tags {
                caller.keys.set(&format!("s3:ExistingObjectTag/{name}"), value);
            }
        }
        Ok(())
    }

    async fn version(&self, bucket: &Arc<Bucket>, key: &str, version: Option<&str>) -> S3Result<Option<Version>> {
        let (reader, key, version) = (Arc::clone(bucket), key.to_owned(), version.map(str::to_owned));
        Ok(self.0.store.read(move |db| versions::read(db, &reader, &key, version.as_deref())).await?)
    }

    async fn check_anonymous(
        &self,
        operation: &str,
        caller: &Caller,
        bucket: &Arc<Bucket>,
        key: Option<&str>,
        query: &Query,
        headers: &HeaderMap,
    ) -> S3Result<()> {
        if header(headers, "x-amz-content-sha256").is_some_and(|text| text.starts_with("STREAMING-")) {
            return Err(refuse("NotImplemented", "Unsigned requests with aws-chunked bodies are not implemented"));
        }
        let mut caller = caller.clone();
        self.add_existing_tags(&mut caller, bucket, key, query).await?;
        let version = query.get("versionId");
        if let ("GetObject" | "HeadObject", Some(key)) = (operation, key) {
            let found = self.version(bucket, key, version).await?;
            return self.check_anonymous_get(&caller, bucket, key, found.as_ref(), query);
        }
        if bucket.config.documents.requester_pays() {
            // Nobody can be sent the bill.
            return Err(access_denied());
        }
        // These need an account, whatever a policy says.
        let owner_only = matches!(
            operation,
            "PutBucketPolicy" | "DeleteBucketPolicy" | "CopyObject" | "UploadPartCopy" | "DeleteBucket"
        );
        let Some((action, level)) = action_of(operation, version.is_some()).filter(|_| !owner_only) else {
            return Err(access_denied());
        };
        if operation == "DeleteObjects" {
            // Decided key by key.
            return Ok(());
        }
        let key = key.filter(|_| level == Level::Object);
        let by_acl = acl_permission(operation).is_some_and(|wanted| bucket_acl_allows(bucket, wanted));
        for (number, action) in std::iter::once(action).chain(extra_actions(operation, headers)).enumerate() {
            match policy_answer(&self.0.account, &caller, bucket, action, key) {
                PolicyAnswer::Allow { .. } => {}
                PolicyAnswer::Deny { .. } => return Err(access_denied()),
                _ if number == 0 && by_acl => {}
                _ => return Err(access_denied()),
            }
        }
        Ok(())
    }

    fn check_anonymous_get(
        &self,
        caller: &Caller,
        bucket: &Arc<Bucket>,
        key: &str,
        found: Option<&Version>,
        query: &Query,
    ) -> S3Result<()> {
        let versioned = query.get("versionId").is_some();
        // Conditions on tags of the object are not among the facts of the general rules.
        let action = if versioned { "s3:GetObjectVersion" } else { "s3:GetObject" };
        if let PolicyAnswer::Deny { .. } = policy_answer(&self.0.account, caller, bucket, action, Some(key)) {
            return Err(access_denied());
        }
        let no_grants = Grants::private();
        let object = match found {
            None => ObjectState::Missing,
            Some(version) if version.marker => ObjectState::DeleteMarker,
            Some(version) => ObjectState::Present(ObjectFacts {
                owned_by_bucket_owner: true,
                acl: version.meta.acl.as_ref().map_or(&no_grants, |acl| acl.grants()),
                archived: matches!(version.meta.storage_class.as_deref(), Some("GLACIER" | "DEEP_ARCHIVE")),
                encryption: match version.meta.encryption.as_ref().map(|encryption| encryption.algorithm.as_str()) {
                    Some("aws:kms") => Encryption::Kms,
                    Some("aws:kms:dsse") => Encryption::KmsDsse,
                    _ => Encryption::SseS3,
                },
            }),
        };
        let verdict = decide_anonymous_get(&Facts {
            bucket: Some(facts(bucket)),
            object,
            get: AnonymousGet {
                key,
                versioned,
                overrides_response: query.any_starting_with("response-"),
                request: caller.request.clone(),
            },
        });
        match verdict.outcome {
            Outcome::Ok200 => Ok(()),
            // The operation itself answers these, with their headers.
            Outcome::Http {
                code: "NoSuchKey" | "NoSuchVersion" | "MethodNotAllowed" | "InvalidObjectState", ..
            } => Ok(()),
            Outcome::Http { status, code, message } => Err(told(status, code, message)),
        }
    }
}

fn told(status: u16, code: &str, message: &'static str) -> S3Error {
    let mut error = refuse(code, message);
    if let Ok(status) = http::StatusCode::from_u16(status) {
        error.set_status_code(status);
    }
    error
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The decoded query of a request.
struct Query(Vec<(String, String)>);

impl Query {
    fn of(uri: &http::Uri) -> Self {
        let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let pairs = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn any_starting_with(&self, start: &str) -> bool {
        self.0.iter().any(|(name, _)| name.starts_with(start))
    }
}

/// Gathers what a policy can know about a request.
fn caller(cx: &mut S3AccessContext<'_>) -> Caller {
    let signed = cx.credentials().is_some();
    let ip = cx.extensions_mut().get::<Peer>().map(|peer| peer.0);
    let query = Query::of(cx.uri());
    let headers = cx.headers();
    let now = jiff::Timestamp::now();
    let request = AnonymousRequest {
        ip,
        https: false,
        tls_version: None,
        user_agent: header(headers, "user-agent").map(str::to_owned),
        referer: header(headers, "referer").map(str::to_owned),
        now: Some(now),
    };
    let mut keys = anonymous_context("", String::new(), &request).keys;
    for name in ["prefix", "delimiter", "max-keys"] {
        if let Some(value) = query.get(name) {
            keys.set(&format!("s3:{name}"), value);
        }
    }
    if let Some(version) = query.get("versionId") {
        keys.set("s3:versionid", version);
    }
    for name in action::HEADER_KEYS {
        if let Some(value) = header(headers, name) {
            keys.set(&format!("s3:{name}"), value);
        }
    }
    for pair in header(headers, "x-amz-tagging").unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        keys.set(&format!("s3:RequestObjectTag/{}", decode(name)), decode(value));
        keys.add("s3:RequestObjectTagKeys", decode(name));
    }
    if signed {
        let by_query = query.get("X-Amz-Signature").is_some();
        keys.set("s3:authType", if by_query { "REST-QUERY-STRING" } else { "REST-HEADER" });
        keys.set("s3:signatureversion", "AWS4-HMAC-SHA256");
        let date = query.get("X-Amz-Date").or_else(|| header(headers, "x-amz-date"));
        if let Some(signed_at) =
            date.and_then(|text| jiff::Timestamp::strptime("%Y%m%dT%H%M%S%z", text.replace('Z', "+0000")).ok())
        {
            let age = now.as_millisecond() - signed_at.as_millisecond();
            keys.set("s3:signatureAge", age.max(0).to_string());
        }
    }
    Caller { signed, request, keys }
}
