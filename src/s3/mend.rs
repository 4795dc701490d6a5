//! Carrying out what a check proposes, and taking it back.
//!
//! Each change looks first whether what it expects is still there, so that nothing of somebody else is overwritten; where
//! the API knows a condition, the store itself holds to it. What takes a change back is a change of the same kind.

mod object;

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::error::{Kind, S3Error};
use super::settings::{self, Readable};
use super::store::Store;
use crate::domain::bucket_settings::{SettingKind, SettingValue, same};
use crate::domain::check::{Spot, Write};

/// A lifted block takes a moment to reach every server of a large store; until then it still refuses.
const PATIENCE: [Duration; 5] = [
    Duration::from_millis(400),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// Changes that were made.
#[derive(Debug, Clone, PartialEq)]
pub struct Mended {
    /// What takes them back, in the order in which it has to be done.
    pub undo: Vec<Write>,
}

/// Why changes were not made.
#[derive(Debug, Clone)]
pub struct NotMended {
    /// Why.
    pub why: Why,
    /// What takes back the changes that had been made by then.
    pub undo: Vec<Write>,
}

/// Why a change was not made.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Why {
    /// It is another one by now.
    #[error("{0} changed meanwhile. Check again, and decide then")]
    Changed(&'static str),
    /// Something is there already.
    #[error("There is a file of the name {0} already")]
    Taken(String),
    /// The copy is not what the file was. The file is where it was.
    #[error("The copy is not the same as the file. Nothing was deleted")]
    NotProven,
    /// The store refused, or was not there.
    #[error("{}", .0.sentence())]
    Store(#[from] S3Error),
}

/// Makes changes one after another. What was made before a failure is not taken back by itself: the failure tells how.
///
/// # Errors
/// [`Why`] the first of them was not made that was not.
pub async fn apply(store: &Store, spot: &Spot, writes: &[Write]) -> Result<Mended, NotMended> {
    let mut undo: Vec<Write> = Vec::new();
    let mut lifted = false;
    for write in writes {
        match Box::pin(one(store, spot, write, lifted)).await {
            Ok(back) => undo.splice(0..0, back).for_each(drop),
            Err(why) => return Err(NotMended { why, undo }),
        }
        lifted |= matches!(
            write,
            Write::Setting { kind: SettingKind::BlockPublicAccess | SettingKind::AccountBlockPublicAccess, .. }
        );
    }
    Ok(Mended { undo })
}

/// Makes one change; gives what takes it back.
async fn one(store: &Store, spot: &Spot, write: &Write, lifted: bool) -> Result<Vec<Write>, Why> {
    match write {
        Write::Setting { kind, before, after } => {
            setting(store, &spot.bucket, *kind, (before.as_ref(), after.as_ref()), lifted).await?;
            Ok(vec![Write::Setting { kind: *kind, before: after.clone(), after: before.clone() }])
        }
        Write::ObjectAcl { before, after } => {
            let now = settings::get_object_acl(store, &spot.bucket, &spot.key).await;
            match known(now)? {
                Some(now) if now.same_as(before) => {}
                Some(_) | None => return Err(Why::Changed("The file’s access list")),
            }
            patiently(lifted, || settings::put_object_acl(store, &spot.bucket, &spot.key, after)).await?;
            Ok(vec![Write::ObjectAcl { before: after.clone(), after: before.clone() }])
        }
        Write::Move { from, to, etag } => object::move_to(store, &spot.bucket, from, to, etag.as_deref()).await,
        Write::Delete { key, etag } => {
            object::delete(store, &spot.bucket, key, etag.as_deref()).await?;
            Ok(Vec::new())
        }
        Write::Rewrite { change, etag } => object::rewrite(store, spot, change, etag.as_deref()).await,
        Write::RemoveMarker { version } => object::remove_marker(store, spot, version).await,
        Write::Restore { days } => {
            Box::pin(super::object::restore_object(store, &spot.bucket, &spot.key, *days)).await?;
            Ok(Vec::new())
        }
    }
}

/// Writes a setting that is still what it is expected to be.
async fn setting(
    store: &Store,
    bucket: &str,
    kind: SettingKind,
    (before, after): (Option<&SettingValue>, Option<&SettingValue>),
    lifted: bool,
) -> Result<(), Why> {
    let now = known(Box::pin(settings::read(store, bucket, kind)).await)?;
    if !same(now.as_ref(), before) {
        return Err(Why::Changed(kind.title()));
    }
    patiently(lifted, || Box::pin(settings::write(store, bucket, kind, after))).await?;
    Ok(())
}

fn known<T>(now: Readable<T>) -> Result<Option<T>, S3Error> {
    match now {
        Readable::Is(value) => Ok(Some(value)),
        Readable::NotSet => Ok(None),
        Readable::MayNotRead(error) => Err(error),
        Readable::NotOffered => Err(S3Error::new("Write", Kind::NotOffered)),
    }
}

/// Writes; after a block was lifted with patience for servers that do not know of it yet.
async fn patiently<F>(lifted: bool, mut write: impl FnMut() -> F) -> Result<(), S3Error>
where
    F: Future<Output = Result<(), S3Error>>,
{
    let waits: &[Duration] = if lifted { &PATIENCE } else { &[] };
    for wait in waits {
        match write().await {
            Err(error) if matches!(error.kind, Kind::Refused(_)) => tokio::time::sleep(*wait).await,
            outcome => return outcome,
        }
    }
    write().await
}
