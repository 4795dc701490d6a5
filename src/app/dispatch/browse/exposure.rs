use super::BrowseEvent;
use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::bucket::Exposure;
use crate::domain::policy::{self, Policy};
use crate::s3;
use crate::s3::settings::Readable;
use crate::s3::store::Store;

/// So many buckets are asked about at the same time.
const AT_ONCE: usize = 4;

/// Asks about the next buckets that wait, while few are being asked about.
pub(super) fn ask_next(core: &mut Core) {
    let (Some(store), Some(session)) = (core.store.clone(), &core.model.session) else { return };
    let connection = session.connection.id;
    while core.parts.browse.asking < AT_ONCE {
        let Some(bucket) = core.parts.browse.to_ask.pop_front() else { return };
        core.parts.browse.asking += 1;
        let store = store.clone();
        let asked = bucket.clone();
        let answer = move |bucket, exposure, region| {
            Event::Browse(BrowseEvent::Exposure { connection, bucket, exposure, region })
        };
        core.worker.job(
            async move {
                let region = s3::bucket::head_bucket(&store, &bucket).await.ok().and_then(|head| head.region);
                let exposure = exposure(&store, &bucket).await;
                answer(bucket, exposure, region)
            },
            move |_| answer(asked, Exposure::Unknown, None),
        );
    }
}

/// Whether strangers can read something in the bucket, from what the store lets us read of its settings.
///
/// The policy counts unless the bucket's RestrictPublicBuckets takes its effect away (AWS S3 User Guide,
/// "Blocking public access to your Amazon S3 storage"). The account's own block is judged where a set-up asks.
async fn exposure(store: &Store, bucket: &str) -> Exposure {
    let block = match s3::settings::get_public_access_block(store, bucket).await {
        Readable::Is(block) => Some(block),
        Readable::NotSet | Readable::NotOffered => None,
        Readable::MayNotRead(_) => return unreadable(store, bucket).await,
    };
    if block.is_some_and(|block| block.restrict_public_buckets && block.ignore_public_acls) {
        return Exposure::Private;
    }
    let by_policy = match s3::policy::get_bucket_policy(store, bucket).await {
        Ok(None) => Some(false),
        Ok(Some(text)) => match s3::policy::get_bucket_policy_status(store, bucket).await {
            Ok(Some(public)) => Some(public),
            Ok(None) | Err(_) => Policy::parse(&text).ok().map(|policy| policy::is_public(&policy).public),
        },
        Err(error) if error.kind == s3::error::Kind::NotOffered => Some(false),
        Err(_) => None,
    };
    let by_policy = by_policy.map(|public| public && !block.is_some_and(|block| block.restrict_public_buckets));
    match by_policy {
        Some(true) => Exposure::Public,
        Some(false) => by_acl(store, bucket).await,
        None => Exposure::Unknown,
    }
}

/// Without a public policy the bucket's ACL may still let strangers list it.
async fn by_acl(store: &Store, bucket: &str) -> Exposure {
    match s3::settings::is_bucket_acl_public(store, bucket).await {
        Readable::Is(true) => Exposure::Public,
        Readable::Is(false) | Readable::NotSet | Readable::NotOffered => Exposure::Private,
        Readable::MayNotRead(_) => Exposure::Unknown,
    }
}

/// Where the flags may not be read, the policy's status alone can still say "public", never "private".
async fn unreadable(store: &Store, bucket: &str) -> Exposure {
    match s3::policy::get_bucket_policy_status(store, bucket).await {
        Ok(Some(true)) => Exposure::Public,
        Ok(Some(false) | None) | Err(_) => Exposure::Unknown,
    }
}
