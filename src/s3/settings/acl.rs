use aws_sdk_s3::types::{AccessControlPolicy, Grant as SdkGrant, Grantee as SdkGrantee, Owner, Type};

use super::{Readable, not_whole, patiently};
pub use crate::domain::bucket_settings::Acl;
use crate::domain::public_access::{Grant, Grantee, Grants, Permission};
use crate::s3::error::S3Error;
use crate::s3::store::Store;

/// The bucket's ACL.
pub async fn get_bucket_acl(store: &Store, bucket: &str) -> Readable<Acl> {
    let answer = store
        .ask("GetBucketAcl", bucket, |client| client.get_bucket_acl().bucket(bucket).send())
        .await
        .map(|answer| Some(Acl { owner: answer.owner.and_then(|owner| owner.id), grants: from_sdk(answer.grants) }));
    Readable::of(answer)
}

/// Replaces the bucket's ACL. One without owner grants everything to the bucket's account and nothing to others.
///
/// # Errors
/// Whatever the store says, e.g. that Object Ownership has switched ACLs off.
pub async fn put_bucket_acl(store: &Store, bucket: &str, acl: &Acl) -> Result<(), S3Error> {
    const OPERATION: &str = "PutBucketAcl";
    let policy = match &acl.owner {
        None => None,
        Some(owner) => {
            let grants =
                acl.grants.0.iter().map(to_sdk).collect::<Result<Vec<_>, _>>().map_err(not_whole(OPERATION))?;
            let owner = Owner::builder().id(owner).build();
            Some(AccessControlPolicy::builder().owner(owner).set_grants(Some(grants)).build())
        }
    };
    let canned = policy.is_none().then_some(aws_sdk_s3::types::BucketCannedAcl::Private);
    patiently(|| {
        store.ask(OPERATION, bucket, |client| {
            let call = client.put_bucket_acl().bucket(bucket);
            call.set_access_control_policy(policy.clone()).set_acl(canned.clone()).send()
        })
    })
    .await
}

fn to_sdk(grant: &Grant) -> Result<SdkGrant, aws_smithy_types::error::operation::BuildError> {
    let grantee = match &grant.grantee {
        Grantee::CanonicalUser(id) => SdkGrantee::builder().r#type(Type::CanonicalUser).id(id),
        group => SdkGrantee::builder().r#type(Type::Group).set_uri(group.group_uri().map(str::to_owned)),
    };
    Ok(SdkGrant::builder().grantee(grantee.build()?).permission(grant.permission.as_str().into()).build())
}

/// The ACL of an object.
pub async fn get_object_acl(store: &Store, bucket: &str, key: &str) -> Readable<Acl> {
    let answer = store
        .ask("GetObjectAcl", bucket, |client| client.get_object_acl().bucket(bucket).key(key).send())
        .await
        .map_err(|error| error.about_key(key))
        .map(|answer| Some(Acl { owner: answer.owner.and_then(|owner| owner.id), grants: from_sdk(answer.grants) }));
    Readable::of(answer)
}

/// Whether the bucket's ACL grants anything to everyone or to everyone with an account.
pub async fn is_bucket_acl_public(store: &Store, bucket: &str) -> Readable<bool> {
    get_bucket_acl(store, bucket).await.map(|acl| acl.grants.is_public())
}

fn from_sdk(grants: Option<Vec<SdkGrant>>) -> Grants {
    let grants = grants.unwrap_or_default().into_iter().filter_map(|grant| {
        let permission = Permission::parse(grant.permission?.as_str())?;
        let grantee = grant.grantee?;
        let grantee = match (grantee.uri, grantee.id) {
            (Some(uri), _) => Grantee::from_group_uri(&uri)?,
            (None, Some(id)) => Grantee::CanonicalUser(id),
            (None, None) => return None,
        };
        Some(Grant { grantee, permission })
    });
    Grants(grants.collect())
}
