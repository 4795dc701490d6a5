//! Who gets into a bucket: what decides about strangers is read setting by setting, and judged.

use super::error::Kind;
use super::policy::{get_bucket_policy, get_bucket_policy_status};
use super::settings::{
    Readable, get_account_public_access_block, get_bucket_acl, get_bucket_ownership_controls,
    get_bucket_request_payment, get_public_access_block,
};
use super::store::Store;
use crate::domain::bucket_settings::Payer;
use crate::domain::exposure::{self, Audit, Known, Unread};
use crate::domain::permission::Layers;
use crate::domain::policy::Policy;
use crate::domain::public_access::{BlockPublicAccess, ObjectOwnership};
use crate::domain::region;

/// What holds for all buckets: the account's block where there is one, `None` where it could not be read.
pub async fn account_block(store: &Store) -> Option<BlockPublicAccess> {
    match get_account_public_access_block(store).await {
        Some(Readable::Is(block)) => Some(block),
        Some(Readable::MayNotRead(_)) => None,
        // A store without accounts has no block of them.
        Some(Readable::NotSet | Readable::NotOffered) | None => Some(BlockPublicAccess::NONE),
    }
}

/// Asks everything about a bucket, and what follows for strangers.
pub async fn audit(store: &Store, bucket: &str, account: Option<BlockPublicAccess>) -> Audit {
    let (block, ownership, acl, policy, status, payer) = tokio::join!(
        get_public_access_block(store, bucket),
        get_bucket_ownership_controls(store, bucket),
        get_bucket_acl(store, bucket),
        get_bucket_policy(store, bucket),
        get_bucket_policy_status(store, bucket),
        get_bucket_request_payment(store, bucket),
    );
    let mut unread = Vec::new();
    if account.is_none() {
        unread.push(Unread::AccountBlock);
    }
    let block = known(block, BlockPublicAccess::NONE, Unread::BucketBlock, &mut unread);
    // A bucket with nothing stored is one of before 2023, where lists count.
    let ownership = known(ownership, ObjectOwnership::ObjectWriter, Unread::Ownership, &mut unread);
    let acl = known(acl.map(|acl| acl.grants), Default::default(), Unread::Acl, &mut unread);
    let payer = known(payer, Payer::BucketOwner, Unread::Payer, &mut unread);
    let policy = match policy {
        Ok(text) => text.as_deref().map(Policy::parse).transpose().unwrap_or_else(|_| {
            unread.push(Unread::Policy);
            None
        }),
        Err(error) if error.kind == Kind::NotOffered => None,
        Err(_) => {
            unread.push(Unread::Policy);
            None
        }
    };
    let region = store.known_region(bucket).unwrap_or_else(|| store.info().region.clone());
    exposure::audit(&Known {
        name: bucket,
        partition: region::partition_of(&region).unwrap_or_default(),
        layers: Layers {
            policy: policy.as_ref(),
            account_block: account,
            bucket_block: block,
            ownership,
            bucket_acl: acl.as_ref(),
            ..Layers::default()
        },
        policy_is_public: status.ok().flatten(),
        requester_pays: payer == Some(Payer::Requester),
        unread: &unread,
    })
}

/// What is set, or what holds where nothing is; `None` where it could not be read, which is noted.
fn known<T>(read: Readable<T>, otherwise: T, name: Unread, unread: &mut Vec<Unread>) -> Option<T> {
    match read {
        Readable::Is(value) => Some(value),
        Readable::NotSet | Readable::NotOffered => Some(otherwise),
        Readable::MayNotRead(_) => {
            unread.push(name);
            None
        }
    }
}
