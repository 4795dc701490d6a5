//! Changes of the file itself: where it lies, what is stored beside its bytes, and the marker that hides it.

use aws_sdk_s3::types::{MetadataDirective, ServerSideEncryption, StorageClass};
use tokio_util::sync::CancellationToken;

use super::Why;
use crate::domain::bucket_settings::{Acl, EncryptionAlgorithm};
use crate::domain::check::{ObjectEncryption, Rewrite, Spot, Write};
use crate::domain::object::ObjectDetails;
use crate::s3::copy::proof::{delete_source, is_proven};
use crate::s3::copy::{Copied, Destination, Limits, Source, copy, rewrite_object};
use crate::s3::delete::{delete_object, delete_object_if, delete_versions};
use crate::s3::error::{Kind, S3Error};
use crate::s3::object::{Guard, head_object};
use crate::s3::settings::{Readable, get_object_acl, put_object_acl};
use crate::s3::store::Store;
use crate::s3::versions::list_object_versions;

const FILE: &str = "The file";

/// The file as it is expected to be.
async fn expected(store: &Store, bucket: &str, key: &str, etag: Option<&str>) -> Result<ObjectDetails, Why> {
    let details = match head_object(store, bucket, key).await {
        Ok(details) => details,
        Err(error) if matches!(error.kind, Kind::NotThere(_)) => return Err(Why::Changed(FILE)),
        Err(error) => return Err(error.into()),
    };
    match etag {
        Some(_) if details.etag.as_deref() != etag => Err(Why::Changed(FILE)),
        _ => Ok(details),
    }
}

/// The list of a file where lists are read and somebody besides the owner is on it: copies leave it behind.
async fn list(store: &Store, bucket: &str, key: &str) -> Option<Acl> {
    match get_object_acl(store, bucket, key).await {
        Readable::Is(acl) => Some(acl).filter(Acl::grants_to_others),
        Readable::NotSet | Readable::MayNotRead(_) | Readable::NotOffered => None,
    }
}

/// Gives a copy the list of what it was made from. Where lists do not count, the store refuses, and nothing is lost.
async fn keep_list(store: &Store, bucket: &str, key: &str, acl: Option<Acl>) -> Result<(), S3Error> {
    let Some(acl) = acl else { return Ok(()) };
    match put_object_acl(store, bucket, key, &acl).await {
        Err(error) if error.code.as_deref() == Some("AccessControlListNotSupported") => Ok(()),
        outcome => outcome,
    }
}

pub(super) async fn move_to(
    store: &Store,
    bucket: &str,
    from: &str,
    to: &str,
    etag: Option<&str>,
) -> Result<Vec<Write>, Why> {
    let details = expected(store, bucket, from, etag).await?;
    let acl = list(store, bucket, from).await;
    let source = Source {
        bucket: bucket.to_owned(),
        key: from.to_owned(),
        version_id: None,
        etag: details.etag.clone(),
        size_bytes: details.size_bytes,
        storage_class: details.storage_class.clone(),
    };
    let target = Destination { bucket: bucket.to_owned(), key: to.to_owned(), guard: Guard::IfNoneMatch };
    let stop = CancellationToken::new();
    let written = match Box::pin(copy(store, &source, &target, &Limits::default(), &stop)).await? {
        Copied::Done(written) => written,
        Copied::HeldBack => return Err(Why::Taken(to.to_owned())),
        Copied::SourceChanged => return Err(Why::Changed(FILE)),
    };
    if !Box::pin(is_proven(store, &source, &target, &written)).await? {
        return Err(Why::NotProven);
    }
    keep_list(store, bucket, to, acl).await?;
    let back = vec![Write::Move { from: to.to_owned(), to: from.to_owned(), etag: written.etag }];
    if !Box::pin(delete_source(store, &source)).await? {
        return Err(Why::Changed(FILE));
    }
    Ok(back)
}

pub(super) async fn delete(store: &Store, bucket: &str, key: &str, etag: Option<&str>) -> Result<(), Why> {
    match etag {
        None => Ok(delete_object(store, bucket, key).await?),
        Some(etag) => {
            expected(store, bucket, key, Some(etag)).await?;
            match delete_object_if(store, bucket, key, etag).await {
                Err(error) if error.kind == Kind::PreconditionFailed => Err(Why::Changed(FILE)),
                Err(error) if error.kind == Kind::NotOffered => Ok(delete_object(store, bucket, key).await?),
                outcome => Ok(outcome?),
            }
        }
    }
}

/// What of the file a change replaces, so that it can be put back.
fn inverse(details: &ObjectDetails, change: &Rewrite) -> Rewrite {
    let put_back = |changed: &Option<String>, stored: &Option<String>| {
        changed.as_ref().map(|_| stored.clone().unwrap_or_default())
    };
    Rewrite {
        content_type: put_back(&change.content_type, &details.content_type),
        content_disposition: put_back(&change.content_disposition, &details.content_disposition),
        content_encoding: put_back(&change.content_encoding, &details.content_encoding),
        encryption: change.encryption.as_ref().and_then(|_| encryption(details)),
    }
}

fn encryption(details: &ObjectDetails) -> Option<ObjectEncryption> {
    let algorithm = EncryptionAlgorithm::parse(details.encryption.as_deref()?)?;
    Some(ObjectEncryption { algorithm, key: details.kms_key.clone().filter(|_| algorithm.needs_kms()) })
}

pub(super) async fn rewrite(
    store: &Store,
    spot: &Spot,
    change: &Rewrite,
    etag: Option<&str>,
) -> Result<Vec<Write>, Why> {
    let Spot { bucket, key } = spot;
    let details = expected(store, bucket, key, etag).await?;
    let acl = list(store, bucket, key).await;
    let written = match Box::pin(rewrite_object(store, bucket, key, details.etag.as_deref(), |call| {
        changed(call, &details, change)
    }))
    .await
    {
        Ok(written) => written,
        Err(error) if error.kind == Kind::PreconditionFailed => return Err(Why::Changed(FILE)),
        Err(error) => return Err(error.into()),
    };
    keep_list(store, bucket, key, acl).await?;
    Ok(vec![Write::Rewrite { change: inverse(&details, change), etag: written.etag }])
}

/// What is sent with the copy: the changed headers, and all others as they are, for they are replaced as a whole (Amazon
/// S3 API Reference, CopyObject, `x-amz-metadata-directive`).
fn changed(
    call: aws_sdk_s3::operation::copy_object::builders::CopyObjectFluentBuilder,
    details: &ObjectDetails,
    change: &Rewrite,
) -> aws_sdk_s3::operation::copy_object::builders::CopyObjectFluentBuilder {
    let pick = |changed: &Option<String>, stored: &Option<String>| {
        changed.clone().or_else(|| stored.clone()).filter(|value| !value.is_empty())
    };
    let kept = change.encryption.clone().or_else(|| encryption(details));
    let class = details.storage_class.as_deref().filter(|class| *class != "STANDARD").map(StorageClass::from);
    let call = call
        .metadata_directive(MetadataDirective::Replace)
        .set_content_type(pick(&change.content_type, &details.content_type))
        .set_content_disposition(pick(&change.content_disposition, &details.content_disposition))
        .set_content_encoding(pick(&change.content_encoding, &details.content_encoding))
        .set_storage_class(class)
        .set_server_side_encryption(kept.as_ref().map(|it| ServerSideEncryption::from(it.algorithm.as_str())))
        .set_ssekms_key_id(kept.and_then(|it| it.key));
    details.metadata.iter().fold(call, |call, (name, value)| call.metadata(name, value))
}

pub(super) async fn remove_marker(store: &Store, spot: &Spot, version: &str) -> Result<Vec<Write>, Why> {
    let page = list_object_versions(store, &spot.bucket, &spot.key, None).await?;
    let newest = page.versions.into_iter().find(|it| it.key == spot.key && it.is_latest);
    let Some(marker) = newest.filter(|it| it.is_marker && it.id.as_deref() == Some(version)) else {
        return Err(Why::Changed(FILE));
    };
    let failed = delete_versions(store, &spot.bucket, std::slice::from_ref(&marker)).await?;
    match failed.into_iter().next() {
        Some((_, error)) => Err(error.into()),
        None => Ok(vec![Write::Delete { key: spot.key.clone(), etag: None }]),
    }
}
