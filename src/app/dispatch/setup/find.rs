//! What is there before anything is done: the bucket, its settings, and what the account says.

use super::store;
use crate::app::core::Core;
use crate::domain::setup::{BucketState, Found, Setting};
use crate::model::Trouble;
use crate::model::setup::{Finding, WizardStep};
use crate::s3;
use crate::s3::error::Kind;
use crate::s3::settings::Readable;
use crate::s3::store::Store;
use crate::worker::Request;

/// Asks about the bucket that is named, then opens a step.
pub(super) fn ask(core: &mut Core, then: WizardStep) {
    let Some(store) = store(core) else { return };
    let Some(session) = &core.model.session else { return };
    let Some(name) = core.model.setup.draft.as_ref().map(|draft| draft.wanted.name.clone()) else { return };
    // A list that could be read says whose a bucket is; without one only the answer to HeadBucket does.
    let listed = session.buckets.known().map(|buckets| buckets.iter().any(|bucket| bucket.name == name));
    let now = std::sync::Arc::clone(&core.deps.now);
    let question = async move {
        let found = Box::pin(find(&store, &name, listed)).await?;
        Ok(Finding { name, found, at: now() })
    };
    let mut finding = std::mem::replace(&mut core.model.setup.finding, Request::Idle);
    core.worker.ask_again(&mut finding, question);
    core.model.setup.finding = finding;
    core.model.setup.then = Some(then);
}

/// Finds out. Settings that cannot be read are told as such; only an unknown bucket is a failure.
async fn find(store: &Store, name: &str, listed: Option<bool>) -> Result<Found, Trouble> {
    let (bucket, account_block) = tokio::join!(bucket(store, name, listed), account_block(store));
    let bucket = bucket?;
    if !matches!(bucket, BucketState::Mine { .. }) {
        return Ok(Found { bucket, account_block, ..Found::nothing() });
    }
    let (block, ownership, versioning, encryption) = tokio::join!(
        s3::settings::get_public_access_block(store, name),
        s3::settings::get_bucket_ownership_controls(store, name),
        s3::settings::get_bucket_versioning(store, name),
        s3::settings::get_bucket_encryption(store, name),
    );
    let (policy, cors, lifecycle, website, tags) = tokio::join!(
        policy(store, name),
        s3::settings::get_bucket_cors(store, name),
        s3::settings::get_bucket_lifecycle_configuration(store, name),
        s3::settings::get_bucket_website(store, name),
        s3::settings::get_bucket_tagging(store, name),
    );
    Ok(Found {
        bucket,
        account_block,
        block: setting(block),
        ownership: setting(ownership),
        versioning: setting(versioning.map(|versioning| versioning.is_on())),
        encryption: setting(encryption.map(Into::into)),
        policy,
        cors: setting(cors),
        lifecycle: setting(lifecycle),
        website: setting(website),
        tags: setting(tags),
    })
}

fn setting<T>(readable: Readable<T>) -> Setting<T> {
    match readable {
        Readable::Is(value) => Setting::Is(value),
        Readable::NotSet => Setting::NotSet,
        Readable::NotOffered => Setting::NotOffered,
        Readable::MayNotRead(_) => Setting::Unreadable,
    }
}

async fn bucket(store: &Store, name: &str, listed: Option<bool>) -> Result<BucketState, Trouble> {
    match s3::bucket::head_bucket(store, name).await {
        // A list without it means that somebody else lets one look in.
        Ok(_) if listed == Some(false) => Ok(taken_or_new(store, name).await),
        Ok(head) => Ok(BucketState::Mine { region: head.region }),
        Err(error) => match error.kind {
            Kind::NotThere(_) => Ok(BucketState::Missing),
            Kind::Refused(_) if listed == Some(true) => Ok(BucketState::Mine { region: store.known_region(name) }),
            Kind::Refused(_) | Kind::WrongRegion { .. } => Ok(BucketState::Taken),
            _ => Err(error.into()),
        },
    }
}

/// The list may be older than the bucket: it is asked again before a name is called somebody else's.
async fn taken_or_new(store: &Store, name: &str) -> BucketState {
    match s3::bucket::list_buckets(store).await {
        Ok(buckets) => match buckets.into_iter().find(|bucket| bucket.name == name) {
            Some(bucket) => BucketState::Mine { region: bucket.region },
            None => BucketState::Taken,
        },
        Err(_) => BucketState::Unknown,
    }
}

async fn account_block(store: &Store) -> Setting<crate::domain::public_access::BlockPublicAccess> {
    match s3::settings::get_account_public_access_block(store).await {
        Some(readable) => setting(readable),
        None => Setting::NotOffered,
    }
}

async fn policy(store: &Store, name: &str) -> Setting<crate::domain::policy::Policy> {
    match s3::policy::get_bucket_policy(store, name).await {
        Ok(None) => Setting::NotSet,
        Ok(Some(text)) => match crate::domain::policy::Policy::parse(&text) {
            Ok(policy) => Setting::Is(policy),
            // It is there, but not understood here: never to be written over.
            Err(_) => Setting::Unreadable,
        },
        Err(error) if error.kind == Kind::NotOffered => Setting::NotOffered,
        Err(_) => Setting::Unreadable,
    }
}
