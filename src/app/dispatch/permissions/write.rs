//! Writing a policy in the background, and finding out what came of it.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::bucket_settings::SettingKind;
use crate::domain::policy::{Policy, same_document};
use crate::domain::public_access::BlockPublicAccess;
use crate::model::Trouble;
use crate::model::permissions::draft::Base;
use crate::model::permissions::found::{Found, Known};
use crate::model::permissions::review::{Origin, Proof, ReadBack, Review};
use crate::model::trouble::WayOut;
use crate::s3;
use crate::s3::error::{Kind, S3Error};
use crate::s3::settings::Readable;
use crate::s3::store::Store;
use crate::store::history::{Change, Deed, History};

use super::super::remember;
use super::probe::{self, Outside};
use super::read;

/// A lifted block takes a moment to reach every server of a large store; until then it still refuses.
const PATIENCE: [Duration; 5] = [
    Duration::from_millis(400),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// How a save came to its end.
#[derive(Debug)]
pub enum Outcome {
    /// Somebody changed the policy while the review was open: nothing was written.
    Changed(Found),
    /// It was not written.
    Failed(Trouble),
    /// It was written.
    Saved(Box<Saved>),
}

/// A policy that was written.
#[derive(Debug)]
pub struct Saved {
    /// What was found out afterwards.
    pub proof: Proof,
    /// What the bucket has now.
    pub now: Base,
    /// Its number in the history, or why it has none.
    pub remembered: Result<i64, String>,
}

/// Everything a save needs, taken along into the background.
pub(super) struct Order {
    pub(super) store: Store,
    pub(super) outside: Outside,
    pub(super) history: Arc<History>,
    pub(super) review: Review,
    pub(super) now: Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>,
}

/// Writes it, remembers it, and finds out what came of it.
pub(super) async fn write(order: Order) -> Outcome {
    let Order { store, outside, history, review, now } = order;
    let who = remember::who(&store).await;
    let bucket = review.key.bucket.as_str();
    let found = match read::policy(&store, bucket).await {
        Ok(policy) => Found { policy, at: now() },
        Err(trouble) => return Outcome::Failed(trouble),
    };
    if !read::base_of(&found).is_same(&review.before) {
        return Outcome::Changed(found);
    }
    let change = |setting, before: Option<String>, after: Option<String>| Change {
        connection: review.key.connection,
        bucket: bucket.to_owned(),
        setting,
        before,
        after,
        at: now(),
        who: who.clone(),
        note: review.note(),
        deed: match review.origin {
            Origin::Draft | Origin::Delete => Deed::Change,
            Origin::Restore(_) => Deed::Restore,
        },
    };
    let flags = match (review.lift, review.block_before.filter(|_| review.block_again)) {
        (true, _) => lift(&store, bucket).await,
        (false, Some(block)) => block_again(&store, bucket, block).await,
        (false, None) => Ok(None),
    };
    match flags {
        Ok(None) => {}
        Ok(Some((before, after))) => {
            let flags = |block| serde_json::to_string(&block).ok();
            let changed = change(SettingKind::BlockPublicAccess, flags(before), flags(after));
            remember::note(&history, changed).await;
        }
        Err(trouble) => return Outcome::Failed(trouble),
    }
    if let Err(error) = put(&store, bucket, review.after.as_deref(), review.lift).await {
        return Outcome::Failed(error.into());
    }
    let written = change(SettingKind::Policy, review.before.text().map(str::to_owned), review.after.clone());
    let remembered = remember::remember(&history, written).await;
    let (proof, now) = Box::pin(prove(&store, &outside, &review, now())).await;
    Outcome::Saved(Box::new(Saved { proof, now, remembered }))
}

/// Lifts the two flags of the bucket that stand against public policies, as it has them now. Says what they were and
/// are; `None` where they are off already.
async fn lift(store: &Store, bucket: &str) -> Result<Option<(BlockPublicAccess, BlockPublicAccess)>, Trouble> {
    match s3::settings::get_public_access_block(store, bucket).await {
        Readable::Is(before) if !before.permits_public_policy() => {
            let after = before.lifted_for_public_policy();
            s3::settings::put_public_access_block(store, bucket, after).await?;
            Ok(Some((before, after)))
        }
        Readable::Is(_) | Readable::NotSet | Readable::NotOffered => Ok(None),
        Readable::MayNotRead(error) => Err(error.into()),
    }
}

/// Sets the flags of the bucket as they were before a save had lifted two of them. A policy that is public still is
/// not refused by that: it only lets no stranger in any longer.
async fn block_again(
    store: &Store,
    bucket: &str,
    wanted: BlockPublicAccess,
) -> Result<Option<(BlockPublicAccess, BlockPublicAccess)>, Trouble> {
    let now = match s3::settings::get_public_access_block(store, bucket).await {
        Readable::Is(now) => now,
        Readable::NotSet => BlockPublicAccess::NONE,
        Readable::NotOffered => return Ok(None),
        Readable::MayNotRead(error) => return Err(error.into()),
    };
    s3::settings::put_public_access_block(store, bucket, wanted).await?;
    Ok(Some((now, wanted)))
}

/// Writes the policy, or deletes it; with patience where a block was lifted a moment ago.
async fn put(store: &Store, bucket: &str, text: Option<&str>, was_lifted: bool) -> Result<(), S3Error> {
    let Some(text) = text else { return s3::policy::delete_bucket_policy(store, bucket).await };
    let mut waits = PATIENCE.iter();
    loop {
        let outcome = s3::policy::put_bucket_policy(store, bucket, text).await;
        let passes = match &outcome {
            Err(error) => error.kind == Kind::Conflict || (was_lifted && matches!(error.kind, Kind::Refused(_))),
            Ok(()) => false,
        };
        match waits.next() {
            Some(wait) if passes => tokio::time::sleep(*wait).await,
            Some(_) | None => return outcome,
        }
    }
}

/// Reads back what was written, asks whether it is public, and looks from outside.
async fn prove(store: &Store, outside: &Outside, review: &Review, at: jiff::Timestamp) -> (Proof, Base) {
    let bucket = review.key.bucket.as_str();
    let parsed = |text: Option<&str>| text.and_then(|text| Policy::parse(text).ok());
    let (before, after) = (parsed(review.before.text()), parsed(review.after.as_deref()));
    let (back, status, probe) = tokio::join!(
        read::policy(store, bucket),
        read::status(store, bucket),
        probe::look(store, outside, bucket, before.as_ref(), after.as_ref()),
    );
    let sent = review.after.clone().map_or(Base::None, Base::Text);
    let (read_back, now) = match back {
        Ok(Known::Is(text)) => {
            let same = review.after.as_deref().is_some_and(|sent| is_kept(sent, &text));
            (if same { ReadBack::Same } else { ReadBack::Other }, Base::Text(text))
        }
        Ok(Known::NotSet) if review.after.is_none() => (ReadBack::Same, Base::None),
        Ok(Known::NotSet) => (ReadBack::Other, Base::None),
        Ok(Known::MayNotRead(trouble)) | Err(trouble) => (ReadBack::Failed(trouble), sent),
        Ok(Known::NotOffered) => {
            let trouble = Trouble::new("The store does not give policies back", WayOut::NotOffered);
            (ReadBack::Failed(trouble), sent)
        }
    };
    let proof = Proof { key: review.key.clone(), at, has_policy: review.after.is_some(), read_back, status, probe };
    (proof, now)
}

/// Whether a store kept what was sent: the same document, or one that means the same (Amazon writes accounts as ARNs).
fn is_kept(sent: &str, kept: &str) -> bool {
    if same_document(sent, kept) {
        return true;
    }
    match (Policy::parse(sent), Policy::parse(kept)) {
        (Ok(sent), Ok(kept)) => {
            sent.statements.len() == kept.statements.len()
                && sent.statements.iter().zip(&kept.statements).all(|(sent, kept)| sent.same_meaning(kept))
        }
        (Err(_), _) | (_, Err(_)) => false,
    }
}
