//! Whether a copy is what its source was, and the end of the source where it is.

use super::{Destination, Head, Source, head};
use crate::s3::again::again;
use crate::s3::delete::{delete_object, delete_object_if};
use crate::s3::error::{Kind, S3Error};
use crate::s3::object::Written;
use crate::s3::store::{Family, Store};

/// Looks at a copy that was just written, and says whether it is what its source was: by size, and by checksum or
/// `ETag` where those can be compared.
///
/// # Errors
/// Whatever the store says.
pub async fn is_proven(store: &Store, source: &Source, to: &Destination, written: &Written) -> Result<bool, S3Error> {
    // By its key alone: moto calls versions null where it keeps none, and then does not know that name.
    let copy = again(|| head(store, &to.bucket, &to.key, None)).await?;
    let is_ours = written.etag.is_none() || copy.etag() == written.etag;
    if !is_ours || copy.size_bytes() != source.size_bytes {
        return Ok(false);
    }
    if copy.etag().is_some() && copy.etag() == source.etag {
        return Ok(true);
    }
    let original = again(|| head(store, &source.bucket, &source.key, source.version_id.as_deref())).await?;
    // What cannot be compared was copied by the store, which had the ETag of the source to hold to.
    Ok(original.etag() == source.etag && is_same(&original, &copy) != Some(false))
}

/// By checksum, else by `ETag`; `None` where neither can be compared.
#[must_use]
pub fn is_same(one: &Head, other: &Head) -> Option<bool> {
    if one.size_bytes() != other.size_bytes() {
        return Some(false);
    }
    if let (Some(one), Some(other)) = (one.checksum(), other.checksum())
        && one.0 == other.0
    {
        return Some(one.1 == other.1);
    }
    let etags = (one.etag()?, other.etag()?);
    if etags.0 == etags.1 {
        return Some(true);
    }
    (is_md5(&etags.0) && is_md5(&etags.1) && one.has_plain_etag() && other.has_plain_etag()).then_some(false)
}

fn is_md5(etag: &str) -> bool {
    etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Deletes what was copied, and nothing that took its place meanwhile; `false` where something did. In a bucket that keeps
/// versions it is hidden, not gone.
///
/// # Errors
/// Whatever the store says.
pub async fn delete_source(store: &Store, source: &Source) -> Result<bool, S3Error> {
    // Other stores may take the condition without minding it.
    if store.info().family == Family::Other && !source.is_unchanged(store).await? {
        return Ok(false);
    }
    let Some(etag) = &source.etag else { return Ok(false) };
    match again(|| delete_object_if(store, &source.bucket, &source.key, etag)).await {
        Err(error) if error.kind == Kind::PreconditionFailed => Ok(false),
        // An earlier try did it, and its answer was lost; or somebody else did.
        Err(error) if matches!(error.kind, Kind::NotThere(_)) => Ok(true),
        Err(error) if error.kind == Kind::NotOffered => {
            if !source.is_unchanged(store).await? {
                return Ok(false);
            }
            again(|| delete_object(store, &source.bucket, &source.key)).await.map(|()| true)
        }
        outcome => outcome.map(|()| true),
    }
}
