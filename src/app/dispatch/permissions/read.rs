//! Reading the policy and what decides beside it. What may not be read holds nothing else up.

use crate::app::core::Core;
use crate::domain::policy::{Caller, RequestPrincipal};
use crate::domain::public_access::BlockPublicAccess;
use crate::model::Trouble;
use crate::model::permissions::draft::{Base, Draft};
use crate::model::permissions::found::{Beside, Found, Known};
use crate::s3;
use crate::s3::error::{Kind, S3Error};
use crate::s3::settings::Readable;
use crate::s3::store::Store;

impl<T> From<Readable<T>> for Known<T> {
    fn from(readable: Readable<T>) -> Self {
        match readable {
            Readable::Is(value) => Self::Is(value),
            Readable::NotSet => Self::NotSet,
            Readable::MayNotRead(error) => Self::MayNotRead(error.into()),
            Readable::NotOffered => Self::NotOffered,
        }
    }
}

/// What a bucket has, as something to begin a text from.
pub(super) fn base_of(found: &Found) -> Base {
    match &found.policy {
        Known::Is(text) => Base::Text(text.clone()),
        Known::NotSet => Base::None,
        Known::MayNotRead(_) | Known::NotOffered => Base::Unknown,
    }
}

/// Asks for everything of the bucket on screen; what is known stays on screen until the answers are there.
pub(super) fn ask(core: &mut Core) {
    let (Some(store), Some(key)) = (core.store.clone(), core.model.permissions.here.clone()) else { return };
    let now = core.deps.now.clone();
    let (asks, bucket) = (store.clone(), key.bucket.clone());
    core.worker.ask_again(&mut core.model.permissions.found, async move {
        let policy = policy(&asks, &bucket).await?;
        Ok(Found { policy, at: now() })
    });
    core.worker
        .ask_again(&mut core.model.permissions.beside, async move { Ok(Box::pin(beside(&store, &key.bucket)).await) });
}

/// The policy was read: the text follows it, or remembers that it differs.
pub(super) fn known(core: &mut Core) {
    let permissions = &mut core.model.permissions;
    let (Some(key), Some(found)) = (permissions.here.clone(), permissions.found.known()) else { return };
    let base = base_of(found);
    match permissions.drafts.get_mut(&key) {
        Some(draft) => draft.met(base),
        None => {
            permissions.drafts.insert(key.clone(), Draft::new(base));
        }
    }
    super::keep(core, &key);
}

/// The policy's text as far as it may be known. An error is one that says nothing about policies: the network is away,
/// the bucket is gone.
pub(super) async fn policy(store: &Store, bucket: &str) -> Result<Known<String>, Trouble> {
    match s3::policy::get_bucket_policy(store, bucket).await {
        Ok(Some(text)) => Ok(Known::Is(text)),
        Ok(None) => Ok(Known::NotSet),
        Err(error) => match error.kind {
            Kind::NotOffered => Ok(Known::NotOffered),
            Kind::Refused(_) => Ok(Known::MayNotRead(error.into())),
            _ => Err(error.into()),
        },
    }
}

/// What decides beside the policy, all asked at the same time.
pub(super) async fn beside(store: &Store, bucket: &str) -> Beside {
    let (status, block, account_block, ownership, who) = tokio::join!(
        status(store, bucket),
        s3::settings::get_public_access_block(store, bucket),
        s3::settings::get_account_public_access_block(store),
        s3::settings::get_bucket_ownership_controls(store, bucket),
        s3::identity::get_caller_identity(store),
    );
    let who = who.and_then(Result::ok);
    let account_block: Option<Known<BlockPublicAccess>> = account_block.map(Into::into);
    Beside {
        status,
        block: block.into(),
        account_block,
        ownership: ownership.into(),
        account: who.as_ref().map(|who| who.account.clone()),
        caller: who.map(|who| Caller {
            principal: RequestPrincipal::Account { account_id: who.account, arn: who.arn, canonical_id: None },
            source_ip: None,
        }),
    }
}

/// Whether the store itself calls the policy public.
pub(super) async fn status(store: &Store, bucket: &str) -> Known<bool> {
    match s3::policy::get_bucket_policy_status(store, bucket).await {
        Ok(Some(public)) => Known::Is(public),
        Ok(None) => Known::NotSet,
        Err(error) if error.kind == Kind::NotOffered => Known::NotOffered,
        Err(error) => Known::MayNotRead(trouble(&error)),
    }
}

fn trouble(error: &S3Error) -> Trouble {
    Trouble::from(error)
}
