//! Object Ownership and access control lists.

use s3s::dto;
use s3s::{S3Error, S3Request, S3Response, S3Result};

use super::super::access::prevented;
use super::super::acl::{Acl, Asked, Parties};
use super::super::error::{invalid_request, malformed_xml, refuse};
use super::super::people::Account;
use super::super::store::buckets::{self, Config};
use super::super::store::versions;
use super::headers::no_acls;
use super::objects::check_version_id;
use super::{Service, ok};
use crate::domain::arn::{Partition, bucket_arn, object_arn};
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};

const NO_CONTENT: http::StatusCode = http::StatusCode::NO_CONTENT;

pub(super) async fn get_ownership(
    service: &Service,
    request: S3Request<dto::GetBucketOwnershipControlsInput>,
) -> S3Result<S3Response<dto::GetBucketOwnershipControlsOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let ownership = bucket
        .config
        .ownership
        .ok_or_else(|| refuse("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"))?;
    let rule = dto::OwnershipControlsRule { object_ownership: dto::ObjectOwnership::from_static(ownership.as_str()) };
    ok(dto::GetBucketOwnershipControlsOutput { ownership_controls: Some(dto::OwnershipControls { rules: vec![rule] }) })
}

pub(super) async fn put_ownership(
    service: &Service,
    request: S3Request<dto::PutBucketOwnershipControlsInput>,
) -> S3Result<S3Response<dto::PutBucketOwnershipControlsOutput>> {
    let wanted = match request.input.ownership_controls.rules.as_slice() {
        [rule] => ObjectOwnership::parse(rule.object_ownership.as_str()).ok_or_else(malformed_xml)?,
        _ => return Err(malformed_xml()),
    };
    service
        .change(request.input.bucket, move |config| {
            if !wanted.acls_count() && config.acl.grants_to_others() {
                return Err(refuse(
                    "InvalidBucketAclWithObjectOwnership",
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
                )
                .into());
            }
            config.ownership = Some(wanted);
            Ok(())
        })
        .await?;
    ok(dto::PutBucketOwnershipControlsOutput {})
}

pub(super) async fn delete_ownership(
    service: &Service,
    request: S3Request<dto::DeleteBucketOwnershipControlsInput>,
) -> S3Result<S3Response<dto::DeleteBucketOwnershipControlsOutput>> {
    service
        .change(request.input.bucket, |config| {
            config.ownership = None;
            Ok(())
        })
        .await?;
    Ok(S3Response::with_status(dto::DeleteBucketOwnershipControlsOutput {}, NO_CONTENT))
}

/// The list in force: where ACLs are disabled, the owner alone has everything.
fn in_force(config: &Config, stored: Option<&Acl>) -> Acl {
    stored.filter(|_| config.ownership().acls_count()).cloned().unwrap_or_default()
}

pub(super) async fn get_bucket(
    service: &Service,
    request: S3Request<dto::GetBucketAclInput>,
) -> S3Result<S3Response<dto::GetBucketAclOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let acl = in_force(&bucket.config, Some(&bucket.config.acl));
    let owner = service.owner_of(&bucket);
    ok(dto::GetBucketAclOutput { grants: Some(acl.to_dto(&owner.canonical_id)), owner: Some(owner.owner()) })
}

pub(super) async fn get_object(
    service: &Service,
    request: S3Request<dto::GetObjectAclInput>,
) -> S3Result<S3Response<dto::GetObjectAclOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    check_version_id(input.version_id.as_deref())?;
    let reader = std::sync::Arc::clone(&bucket);
    let version = service
        .store
        .read(move |db| match versions::read(db, &reader, &input.key, input.version_id.as_deref())? {
            Some(version) if !version.marker => Ok(version),
            other => Err(super::objects::absent(other.as_ref(), input.version_id.as_deref()).into()),
        })
        .await?;
    let acl = in_force(&bucket.config, version.meta.acl.as_ref());
    let owner = service.object_owner(&bucket, &version);
    ok(dto::GetObjectAclOutput {
        grants: Some(acl.to_dto(&owner.canonical_id)),
        owner: Some(owner.owner()),
        ..Default::default()
    })
}

/// The list that a request brings, in its headers or its body, for something of `owner`.
fn asked(
    service: &Service,
    owner: &Account,
    bucket_owner: &Account,
    headers: &http::HeaderMap,
    body: Option<&dto::AccessControlPolicy>,
) -> S3Result<Asked> {
    let parties = Parties {
        owner: &owner.canonical_id,
        bucket_owner: &bucket_owner.canonical_id,
        knows: &|id| service.people.knows(id),
    };
    match (Acl::from_headers(headers, &parties)?, body) {
        (Some(_), Some(_)) => Err(refuse("UnexpectedContent", "This request does not support content")),
        (Some(asked), None) => Ok(asked),
        (None, Some(policy)) => Acl::from_dto(policy, &parties),
        (None, None) => Err(refuse("MissingSecurityHeader", "Your request was missing a required header")),
    }
}

/// Refuses a public list where Block Public Access does, with the words that the caller may see.
fn prevent_public(asked: &Asked, block: BlockPublicAccess, refusal: S3Error) -> S3Result<()> {
    if asked.acl.grants().is_public() && block.block_public_acls { Err(refusal) } else { Ok(()) }
}

pub(super) async fn put_bucket(
    service: &Service,
    request: S3Request<dto::PutBucketAclInput>,
) -> S3Result<S3Response<dto::PutBucketAclOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let holder = service.holder(&bucket);
    let owner = &holder.account;
    let body = request.input.access_control_policy.as_ref();
    let asked = asked(service, owner, owner, &request.headers, body)?;
    let arn = bucket_arn(Partition::from_region(&bucket.region), &bucket.name);
    let refusal = prevented(super::caller(&request), "s3:PutBucketAcl", &arn, "ACLs", "BlockPublicAcls");
    service
        .change(request.input.bucket, move |config| {
            if !config.ownership().acls_count() {
                return Err(no_acls().into());
            }
            prevent_public(&asked, holder.block_of(config.block()), refusal)?;
            config.acl = asked.acl;
            Ok(())
        })
        .await?;
    ok(dto::PutBucketAclOutput {})
}

pub(super) async fn put_object(
    service: &Service,
    request: S3Request<dto::PutObjectAclInput>,
) -> S3Result<S3Response<dto::PutObjectAclOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    let holder = service.holder(&bucket);
    let arn = object_arn(Partition::from_region(&bucket.region), &bucket.name, &request.input.key);
    let refusal = prevented(super::caller(&request), "s3:PutObjectAcl", &arn, "ACLs", "BlockPublicAcls");
    let input = request.input;
    check_version_id(input.version_id.as_deref())?;
    if input.grant_write.is_some() {
        return Err(invalid_request("x-amz-grant-write is not supported for objects"));
    }
    let (reader, key, version) = (std::sync::Arc::clone(&bucket), input.key.clone(), input.version_id.clone());
    let found = service.store.read(move |db| versions::read(db, &reader, &key, version.as_deref())).await?;
    let owner = found.as_ref().map_or(&holder.account, |version| service.object_owner(&bucket, version));
    let asked = asked(service, owner, &holder.account, &request.headers, input.access_control_policy.as_ref())?;
    service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &input.bucket)?;
            let disabled = !bucket.config.ownership().acls_count();
            if disabled && !asked.owner_only_form {
                return Err(no_acls().into());
            }
            prevent_public(&asked, holder.block_of(bucket.config.block()), refusal)?;
            versions::amend(tx, &bucket, &input.key, input.version_id.as_deref(), |found| {
                if !disabled {
                    found.meta.acl = Some(asked.acl);
                }
                Ok(())
            })?;
            Ok(())
        })
        .await?;
    ok(dto::PutObjectAclOutput::default())
}
