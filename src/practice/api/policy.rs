//! Bucket policies and Block Public Access.

use s3s::dto;
use s3s::{S3Error, S3Request, S3Response, S3Result};

use super::super::access::prevented;
use super::super::error::{invalid_request, refuse};
use super::super::people::People;
use super::super::store::buckets::Bucket;
use super::{Service, ok};
use crate::domain::arn::{Partition, bucket_arn};
use crate::domain::policy::{LintContext, Policy, Principal, first_refusal, is_public, lint};
use crate::domain::public_access::BlockPublicAccess;

const NO_CONTENT: http::StatusCode = http::StatusCode::NO_CONTENT;

fn no_policy() -> S3Error {
    refuse("NoSuchBucketPolicy", "The bucket policy does not exist")
}

pub(super) async fn get(
    service: &Service,
    request: S3Request<dto::GetBucketPolicyInput>,
) -> S3Result<S3Response<dto::GetBucketPolicyOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let policy = bucket.config.policy.clone().ok_or_else(no_policy)?;
    ok(dto::GetBucketPolicyOutput { policy: Some(policy) })
}

/// What S3 refuses in this text as the policy of `bucket`, whatever Block Public Access says.
fn refusal(text: &str, bucket: &Bucket, people: &People) -> Option<S3Error> {
    let context = LintContext::new(&bucket.name, Partition::from_region(&bucket.region));
    let findings = lint(text, &context);
    if let Some(found) = first_refusal(&findings) {
        return Some(refuse(&found.code, found.message.clone()));
    }
    // Nothing may be stored that the evaluator cannot read.
    let Ok(policy) = Policy::parse(text) else { return Some(refuse("MalformedPolicy", "Invalid policy syntax.")) };
    let named = policy.statements.iter().flat_map(|statement| statement.principal.named());
    let stranger = named.into_iter().any(|principal| is_nobody(principal, people));
    stranger.then(|| refuse("MalformedPolicy", "Invalid principal in policy"))
}

/// Whether a principal is said to be of an account that this store knows, and is not there. Of accounts that it does
/// not know, anyone may be there.
fn is_nobody(principal: &Principal, people: &People) -> bool {
    match principal {
        Principal::Aws(arn) => {
            let account = arn.split(':').nth(4).unwrap_or_default();
            let person =
                arn.split(':').nth(5).is_some_and(|name| name.starts_with("user/") || name.starts_with("role/"));
            person && people.knows_number(account) && !people.knows_arn(arn)
        }
        Principal::CanonicalUser(id) => !people.knows(id),
        Principal::Everyone | Principal::Service(_) | Principal::Federated(_) => false,
    }
}

pub(super) async fn put(
    service: &Service,
    request: S3Request<dto::PutBucketPolicyInput>,
) -> S3Result<S3Response<dto::PutBucketPolicyOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    if let Some(error) = refusal(&request.input.policy, &bucket, &service.people) {
        return Err(error);
    }
    let arn = bucket_arn(Partition::from_region(&bucket.region), &bucket.name);
    let refusal = prevented(super::caller(&request), "s3:PutBucketPolicy", &arn, "policies", "BlockPublicPolicy");
    let holder = service.holder(&bucket);
    let text = request.input.policy;
    let public = Policy::parse(&text).is_ok_and(|policy| is_public(&policy).public);
    service
        .change(request.input.bucket, move |config| {
            if public && holder.block_of(config.block()).block_public_policy {
                return Err(refusal.into());
            }
            config.policy = Some(text);
            Ok(())
        })
        .await?;
    Ok(S3Response::with_status(dto::PutBucketPolicyOutput {}, NO_CONTENT))
}

pub(super) async fn delete(
    service: &Service,
    request: S3Request<dto::DeleteBucketPolicyInput>,
) -> S3Result<S3Response<dto::DeleteBucketPolicyOutput>> {
    service
        .change(request.input.bucket, |config| {
            config.policy = None;
            Ok(())
        })
        .await?;
    Ok(S3Response::with_status(dto::DeleteBucketPolicyOutput {}, NO_CONTENT))
}

pub(super) async fn status(
    service: &Service,
    request: S3Request<dto::GetBucketPolicyStatusInput>,
) -> S3Result<S3Response<dto::GetBucketPolicyStatusOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let policy = bucket.policy.as_ref().ok_or_else(no_policy)?;
    let status = dto::PolicyStatus { is_public: Some(is_public(policy).public) };
    ok(dto::GetBucketPolicyStatusOutput { policy_status: Some(status) })
}

pub(super) async fn get_block(
    service: &Service,
    request: S3Request<dto::GetPublicAccessBlockInput>,
) -> S3Result<S3Response<dto::GetPublicAccessBlockOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let block = bucket.config.block.ok_or_else(|| {
        refuse("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
    })?;
    let configuration = dto::PublicAccessBlockConfiguration {
        block_public_acls: Some(block.block_public_acls),
        block_public_policy: Some(block.block_public_policy),
        ignore_public_acls: Some(block.ignore_public_acls),
        restrict_public_buckets: Some(block.restrict_public_buckets),
    };
    ok(dto::GetPublicAccessBlockOutput { public_access_block_configuration: Some(configuration) })
}

/// The flags of a configuration; those that are not named are off.
pub(in crate::practice) fn block_from(wanted: &dto::PublicAccessBlockConfiguration) -> S3Result<BlockPublicAccess> {
    let flags = [
        wanted.block_public_acls,
        wanted.ignore_public_acls,
        wanted.block_public_policy,
        wanted.restrict_public_buckets,
    ];
    if flags.iter().all(Option::is_none) {
        return Err(invalid_request("Must specify at least one configuration."));
    }
    let [acls, ignore, policy, restrict] = flags.map(Option::unwrap_or_default);
    Ok(BlockPublicAccess {
        block_public_acls: acls,
        ignore_public_acls: ignore,
        block_public_policy: policy,
        restrict_public_buckets: restrict,
    })
}

pub(super) async fn put_block(
    service: &Service,
    request: S3Request<dto::PutPublicAccessBlockInput>,
) -> S3Result<S3Response<dto::PutPublicAccessBlockOutput>> {
    let block = block_from(&request.input.public_access_block_configuration)?;
    service
        .change(request.input.bucket, move |config| {
            config.block = Some(block);
            Ok(())
        })
        .await?;
    ok(dto::PutPublicAccessBlockOutput {})
}

pub(super) async fn delete_block(
    service: &Service,
    request: S3Request<dto::DeletePublicAccessBlockInput>,
) -> S3Result<S3Response<dto::DeletePublicAccessBlockOutput>> {
    service
        .change(request.input.bucket, |config| {
            config.block = None;
            Ok(())
        })
        .await?;
    Ok(S3Response::with_status(dto::DeletePublicAccessBlockOutput {}, NO_CONTENT))
}
