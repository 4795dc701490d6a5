//! Bucket policies and Block Public Access.

use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::error::{invalid_request, refuse};
use super::super::store::buckets::Bucket;
use super::{Service, ok};
use crate::domain::arn::Partition;
use crate::domain::policy::{LintContext, Policy, first_refusal, is_public, lint};
use crate::domain::public_access::BlockPublicAccess;

const NO_CONTENT: http::StatusCode = http::StatusCode::NO_CONTENT;

fn no_policy() -> s3s::S3Error {
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
fn refusal(text: &str, bucket: &Bucket) -> Option<s3s::S3Error> {
    let context = LintContext::new(&bucket.name, Partition::from_region(&bucket.region));
    let findings = lint(text, &context);
    if let Some(found) = first_refusal(&findings) {
        return Some(refuse(&found.code, found.message.clone()));
    }
    // Nothing may be stored that the evaluator cannot read.
    Policy::parse(text).is_err().then(|| refuse("MalformedPolicy", "Invalid policy syntax."))
}

pub(super) async fn put(
    service: &Service,
    request: S3Request<dto::PutBucketPolicyInput>,
) -> S3Result<S3Response<dto::PutBucketPolicyOutput>> {
    let name = request.input.bucket;
    let text = request.input.policy;
    let bucket = service.bucket(&name)?;
    if let Some(error) = refusal(&text, &bucket) {
        return Err(error);
    }
    let public = Policy::parse(&text).is_ok_and(|policy| is_public(&policy).public);
    service
        .change(name, move |config| {
            if public && config.block().block_public_policy {
                return Err(refuse(
                    "AccessDenied",
                    "Access Denied: public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.",
                )
                .into());
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

pub(super) async fn put_block(
    service: &Service,
    request: S3Request<dto::PutPublicAccessBlockInput>,
) -> S3Result<S3Response<dto::PutPublicAccessBlockOutput>> {
    let wanted = request.input.public_access_block_configuration;
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
    let block = BlockPublicAccess {
        block_public_acls: acls,
        ignore_public_acls: ignore,
        block_public_policy: policy,
        restrict_public_buckets: restrict,
    };
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
