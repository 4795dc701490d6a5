//! Access control lists of buckets and of objects.

use aws_sdk_s3::types::{
    AccessControlPolicy, BucketCannedAcl, Grant as SdkGrant, Grantee as SdkGrantee, ObjectCannedAcl, Owner, Type,
};

use super::{Readable, not_whole, patiently};
pub use crate::domain::bucket_settings::Acl;
use crate::domain::bucket_settings::{WrittenGrant, WrittenGrantee};
use crate::domain::public_access::{AclOf, CannedAcl, Grant, Grantee};
use crate::s3::error::S3Error;
use crate::s3::store::Store;

/// What the builders of the SDK answer.
pub(super) type Built<T> = Result<T, aws_smithy_types::error::operation::BuildError>;

/// The bucket's ACL.
pub async fn get_bucket_acl(store: &Store, bucket: &str) -> Readable<Acl> {
    let answer = store
        .ask("GetBucketAcl", bucket, |client| client.get_bucket_acl().bucket(bucket).send())
        .await
        .map(|answer| Some(from_sdk(answer.owner, answer.grants)));
    Readable::of(answer)
}

/// Replaces the bucket's ACL. An empty one without owner grants everything to the bucket's account and nothing to others.
///
/// # Errors
/// Whatever the store says, e.g. that Object Ownership has switched ACLs off.
pub async fn put_bucket_acl(store: &Store, bucket: &str, acl: &Acl) -> Result<(), S3Error> {
    const OPERATION: &str = "PutBucketAcl";
    let (canned, policy) = to_sdk(AclOf::Bucket, acl).map_err(not_whole(OPERATION))?;
    let canned = canned.map(|canned| BucketCannedAcl::from(canned.as_str()));
    patiently(|| {
        store.ask(OPERATION, bucket, |client| {
            let call = client.put_bucket_acl().bucket(bucket);
            call.set_access_control_policy(policy.clone()).set_acl(canned.clone()).send()
        })
    })
    .await
}

/// The ACL of an object, of its current version.
pub async fn get_object_acl(store: &Store, bucket: &str, key: &str) -> Readable<Acl> {
    let answer = store
        .ask("GetObjectAcl", bucket, |client| client.get_object_acl().bucket(bucket).key(key).send())
        .await
        .map_err(|error| error.about_key(key))
        .map(|answer| Some(from_sdk(answer.owner, answer.grants)));
    Readable::of(answer)
}

/// Replaces the ACL of an object's current version.
///
/// # Errors
/// Whatever the store says, e.g. that Object Ownership has switched ACLs off.
pub async fn put_object_acl(store: &Store, bucket: &str, key: &str, acl: &Acl) -> Result<(), S3Error> {
    const OPERATION: &str = "PutObjectAcl";
    let (canned, policy) = to_sdk(AclOf::Object, acl).map_err(not_whole(OPERATION))?;
    let canned = canned.map(|canned| ObjectCannedAcl::from(canned.as_str()));
    patiently(|| {
        store.ask(OPERATION, bucket, |client| {
            let call = client.put_object_acl().bucket(bucket).key(key);
            call.set_access_control_policy(policy.clone()).set_acl(canned.clone()).send()
        })
    })
    .await
    .map_err(|error| error.about_key(key))
}

/// Whether the bucket's ACL grants anything to everyone or to everyone with an account.
pub async fn is_bucket_acl_public(store: &Store, bucket: &str) -> Readable<bool> {
    get_bucket_acl(store, bucket).await.map(|acl| acl.is_public())
}

/// A list goes by its name where it has one: some stores take no other, and policies can ask for names
/// (`s3:x-amz-acl`).
fn to_sdk(of: AclOf, acl: &Acl) -> Built<(Option<CannedAcl>, Option<AccessControlPolicy>)> {
    if *acl == Acl::default() {
        return Ok((Some(CannedAcl::Private), None));
    }
    if let Some(canned) = acl.canned(of, None) {
        return Ok((Some(canned), None));
    }
    let grants = acl.grants.0.iter().map(written).chain(acl.others.iter().cloned());
    let grants = grants.map(|grant| {
        let grantee = to_grantee(&grant.grantee)?;
        Ok(SdkGrant::builder().grantee(grantee).permission(grant.permission.as_str().into()).build())
    });
    let grants = grants.collect::<Built<Vec<_>>>()?;
    let owner = acl.owner.as_ref().map(|id| Owner::builder().id(id).build());
    Ok((None, Some(AccessControlPolicy::builder().set_owner(owner).set_grants(Some(grants)).build())))
}

fn written(grant: &Grant) -> WrittenGrant {
    let grantee = match &grant.grantee {
        Grantee::CanonicalUser(id) => {
            WrittenGrantee { r#type: "CanonicalUser".to_owned(), id: Some(id.clone()), ..WrittenGrantee::default() }
        }
        group => WrittenGrantee {
            r#type: "Group".to_owned(),
            uri: group.group_uri().map(str::to_owned),
            ..WrittenGrantee::default()
        },
    };
    WrittenGrant { grantee, permission: grant.permission.as_str().to_owned() }
}

fn from_sdk(owner: Option<Owner>, grants: Option<Vec<SdkGrant>>) -> Acl {
    let written = grants.unwrap_or_default().into_iter().filter_map(|grant| {
        let permission = grant.permission?.as_str().to_owned();
        Some(WrittenGrant { grantee: from_grantee(grant.grantee?), permission })
    });
    Acl::of_written(owner.and_then(|owner| owner.id), written.collect())
}

/// Whom a grant is for, as it was read.
pub(super) fn from_grantee(grantee: SdkGrantee) -> WrittenGrantee {
    WrittenGrantee {
        r#type: grantee.r#type.as_str().to_owned(),
        id: grantee.id,
        uri: grantee.uri,
        email_address: grantee.email_address,
    }
}

/// Whom a grant is for, to be written.
pub(super) fn to_grantee(grantee: &WrittenGrantee) -> Built<SdkGrantee> {
    SdkGrantee::builder()
        .r#type(Type::from(grantee.r#type.as_str()))
        .set_id(grantee.id.clone())
        .set_uri(grantee.uri.clone())
        .set_email_address(grantee.email_address.clone())
        .build()
}
