//! Requests that nobody signed.

use std::sync::Arc;

use s3s::{S3Error, S3Result};

use super::super::error::{access_denied, invalid_argument, refuse};
use super::super::store::buckets::Bucket;
use super::super::store::versions::Version;
use super::action::{action_of, extra_actions};
use super::rule::Holder;
use super::{Gate, Level, Request, Wish, asks_for_tags, thing, with_tags};
use crate::domain::arn::Partition;
use crate::domain::public_access::{
    AnonymousGet, BlockPublicAccess, BucketFacts, Encryption, Facts, Grants, ObjectFacts, ObjectState, Outcome,
    decide_anonymous_get, is_up_to_object_owner,
};

fn facts<'a>(bucket: &'a Bucket, holder: &Holder) -> BucketFacts<'a> {
    BucketFacts {
        name: &bucket.name,
        partition: Partition::from_region(&bucket.region),
        organization: BlockPublicAccess::NONE,
        account: holder.block,
        bucket: bucket.config.block(),
        ownership: bucket.config.ownership(),
        acl: bucket.config.acl.grants(),
        policy: bucket.policy.as_ref(),
        requester_pays: bucket.config.documents.requester_pays(),
    }
}

const NEEDS_SIGNATURE: &str =
    "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.";

/// These need an account, whatever a policy says.
fn needs_account(operation: &str) -> bool {
    matches!(operation, "PutBucketPolicy" | "DeleteBucketPolicy" | "CopyObject" | "UploadPartCopy" | "DeleteBucket")
}

impl Gate {
    pub(super) async fn check_anonymous(&self, request: Request<'_>) -> S3Result<()> {
        if request.operation == "DeleteObjects" {
            // Decided key by key.
            return Ok(());
        }
        let versioned = request.version().is_some();
        let wanted = action_of(request.operation, versioned).filter(|_| !needs_account(request.operation));
        let Some((action, level)) = wanted else { return Err(access_denied()) };
        let looks = is_up_to_object_owner(action) || asks_for_tags(&request.bucket, &request.caller);
        let found = match &request.key {
            Some(key) if looks => self.find(&request.bucket, key, request.version()).await?,
            _ => None,
        };
        if let ("GetObject" | "HeadObject", Some(key)) = (request.operation, &request.key) {
            return get(&request, key, found.as_ref());
        }
        if request.bucket.config.documents.requester_pays() {
            // Nobody can be sent the bill.
            return Err(access_denied());
        }
        for action in std::iter::once(action).chain(extra_actions(request.operation, &request.headers)) {
            let object = found.as_ref().filter(|_| is_up_to_object_owner(action)).map(thing);
            let caller = with_tags(&request.caller, found.as_ref(), action);
            Wish { caller: &caller, ..request.wish(action, level, object) }.check()?;
        }
        Ok(())
    }
}

/// A GET or HEAD, by the general rules.
fn get(request: &Request<'_>, key: &str, found: Option<&Version>) -> S3Result<()> {
    let bucket: &Arc<Bucket> = &request.bucket;
    // Conditions on tags of the object are not among the facts of the general rules: a policy may deny by them, or
    // allow by them alone.
    let action = if request.version().is_some() { "s3:GetObjectVersion" } else { "s3:GetObject" };
    let caller = with_tags(&request.caller, found, action);
    let object = found.map(thing);
    let by_rule = Wish { caller: &caller, ..request.wish(action, Level::Object, object) }.check();
    let no_grants = Grants::private();
    let algorithm = found.and_then(|version| version.meta.encryption.as_ref());
    let encryption = match algorithm.map(|encryption| encryption.algorithm.as_str()) {
        Some("aws:kms") => Encryption::Kms,
        Some("aws:kms:dsse") => Encryption::KmsDsse,
        _ => Encryption::SseS3,
    };
    let state = match found {
        None => ObjectState::Missing,
        Some(version) if version.marker => ObjectState::DeleteMarker,
        Some(version) => ObjectState::Present(ObjectFacts {
            owned_by_bucket_owner: version.meta.owner.is_none(),
            acl: version.meta.acl.as_ref().map_or(&no_grants, |acl| acl.grants()),
            archived: matches!(version.meta.storage_class.as_deref(), Some("GLACIER" | "DEEP_ARCHIVE")),
            encryption,
        }),
    };
    let requester_pays = bucket.config.documents.requester_pays();
    let present = matches!(state, ObjectState::Present(_));
    let verdict = decide_anonymous_get(&Facts {
        bucket: Some(facts(bucket, &request.holder)),
        object: state,
        get: AnonymousGet {
            key,
            versioned: request.version().is_some(),
            overrides_response: request.query.any_starting_with("response-"),
            request: caller.request().clone(),
        },
    });
    match verdict.outcome {
        // The operation itself answers these, with their headers.
        Outcome::Ok200
        | Outcome::Http { code: "NoSuchKey" | "NoSuchVersion" | "MethodNotAllowed" | "InvalidObjectState", .. } => {
            if present {
                by_rule
            } else {
                Ok(())
            }
        }
        // Let in by its tags: then what it is encrypted with decides.
        Outcome::Http { code: "AccessDenied", .. } if present && by_rule.is_ok() && !requester_pays => match encryption
        {
            Encryption::Kms | Encryption::KmsDsse => Err(invalid_argument(NEEDS_SIGNATURE)),
            Encryption::SseS3 | Encryption::CustomerKey => Ok(()),
        },
        Outcome::Http { status, code, message } => Err(answer(status, code, message)),
    }
}

fn answer(status: u16, code: &str, message: &'static str) -> S3Error {
    let mut error = refuse(code, message);
    if let Ok(status) = http::StatusCode::from_u16(status) {
        error.set_status_code(status);
    }
    error
}
