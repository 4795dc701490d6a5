use aws_sdk_s3::types::Grant as SdkGrant;

use super::Readable;
use crate::domain::public_access::{Grant, Grantee, Grants, Permission};
use crate::s3::store::Store;

/// An access control list: whom the thing belongs to, and who else may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acl {
    /// The canonical user ID of the owner.
    pub owner: Option<String>,
    /// The grants. Grantees of kinds that are no longer in use are left out.
    pub grants: Grants,
}

/// The bucket's ACL.
pub async fn get_bucket_acl(store: &Store, bucket: &str) -> Readable<Acl> {
    let answer = store
        .ask("GetBucketAcl", bucket, |client| client.get_bucket_acl().bucket(bucket).send())
        .await
        .map(|answer| Some(Acl { owner: answer.owner.and_then(|owner| owner.id), grants: from_sdk(answer.grants) }));
    Readable::of(answer)
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
