//! Copies inside a store: nothing passes through this computer.
//!
//! Up to 5 GiB go with one request, more in parts (`copy::parts`). Every request names the `ETag` of its source, so that a
//! source that changes meanwhile is noticed and never becomes a mixture. Whether a copy is what its source was, so that
//! the source may go, is [`proof`].

use std::time::Duration;

use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::operation::copy_object::builders::CopyObjectFluentBuilder;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::types::{ChecksumMode, ChecksumType, StorageClass};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::again::again;
use super::error::{Kind, S3Error, Thing};
use super::object::{Guard, Written, unquoted};
use super::store::{Family, Store};
use super::time::timestamp;
use crate::domain::object_key::{encode_path, encode_segment};

mod parts;
pub mod proof;

#[cfg(test)]
mod tests;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
/// A store may take minutes for the largest copy that goes with one request.
const COPYING: Duration = Duration::from_secs(600);

/// What is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The bucket it lies in.
    pub bucket: String,
    /// Its key.
    pub key: String,
    /// An old version; without it what is seen under the key.
    pub version_id: Option<String>,
    /// Without the quotes. Nothing else is copied, where it is known.
    pub etag: Option<String>,
    /// Bytes.
    pub size_bytes: u64,
    /// As the store names it; the copy gets the same. Absent means standard.
    pub storage_class: Option<String>,
}

impl Source {
    /// `x-amz-copy-source` (Amazon S3 API Reference, CopyObject).
    fn header(&self) -> String {
        let place = format!("{}/{}", self.bucket, encode_path(&self.key));
        match &self.version_id {
            Some(id) => format!("{place}?versionId={}", encode_segment(id)),
            None => place,
        }
    }

    fn if_match(&self) -> Option<String> {
        self.etag.as_ref().map(|etag| format!("\"{etag}\""))
    }

    /// Amazon S3 copies into the standard class unless told otherwise.
    fn class(&self) -> Option<StorageClass> {
        self.storage_class.as_deref().filter(|class| *class != "STANDARD").map(StorageClass::from)
    }

    /// Whether it is still the same object.
    async fn is_unchanged(&self, store: &Store) -> Result<bool, S3Error> {
        match again(|| head(store, &self.bucket, &self.key, self.version_id.as_deref())).await {
            Ok(found) => Ok(self.etag.is_none() || found.etag() == self.etag),
            Err(error) if matches!(error.kind, Kind::NotThere(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// What holds it back.
    pub guard: Guard,
}

/// How copies are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// What is larger goes in parts. `CopyObject` takes 5 GiB at most (Amazon S3 API Reference).
    pub whole_bytes: u64,
    /// Parts are no smaller than this but for the last one; larger where 10,000 would not do.
    pub part_bytes: u64,
    /// So many parts of a file at once.
    pub parts_at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { whole_bytes: 5 * GIB, part_bytes: 512 * MIB, parts_at_once: 4 }
    }
}

/// How a copy ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// It is there.
    Done(Written),
    /// Something is there that the guard protects.
    HeldBack,
    /// The source is another one by now, or gone. There is no copy.
    SourceChanged,
}

/// Copies with headers, metadata, tags and storage class; access lists, locks and redirects stay behind, and encryption
/// is what the bucket does by default (Amazon S3 API Reference, CopyObject).
///
/// # Errors
/// [`Kind::Cancelled`] where `stop` was called during a copy in parts, and whatever the store says.
pub async fn copy(
    store: &Store,
    source: &Source,
    to: &Destination,
    limits: &Limits,
    stop: &CancellationToken,
) -> Result<Copied, S3Error> {
    let in_parts = source.size_bytes > limits.whole_bytes;
    // Before long work; and other stores may take the condition without minding it.
    let look_first = in_parts || store.info().family == Family::Other;
    if look_first && is_held_back(store, to).await? {
        return Ok(Copied::HeldBack);
    }
    if in_parts {
        return Box::pin(parts::copy(store, source, to, limits, stop)).await;
    }
    let copied = guarded(store, to, |guard| again(move || copy_object(store, source, to, guard))).await;
    match copied {
        Ok(Some(written)) => Ok(Copied::Done(written)),
        Ok(None) => Ok(Copied::HeldBack),
        // Either condition may have failed.
        Err(error) if error.kind == Kind::PreconditionFailed => match source.is_unchanged(store).await? {
            true => Ok(Copied::HeldBack),
            false => Ok(Copied::SourceChanged),
        },
        Err(error) => Err(error),
    }
}

/// Writes under the guard, or without it after a look where the store knows none; `None` where it is held back.
async fn guarded<'a, F>(
    store: &Store,
    to: &'a Destination,
    write: impl Fn(&'a Guard) -> F,
) -> Result<Option<Written>, S3Error>
where
    F: Future<Output = Result<Written, S3Error>>,
{
    match write(&to.guard).await {
        Err(error) if error.kind == Kind::NotOffered && to.guard != Guard::Overwrite => {
            if is_held_back(store, to).await? {
                return Ok(None);
            }
            write(&Guard::Overwrite).await.map(Some)
        }
        outcome => outcome.map(Some),
    }
}

/// Whether something is there that the guard protects, by a look.
async fn is_held_back(store: &Store, to: &Destination) -> Result<bool, S3Error> {
    if to.guard == Guard::Overwrite {
        return Ok(false);
    }
    let there = match again(|| head(store, &to.bucket, &to.key, None)).await {
        Ok(found) => Some(found),
        Err(error) if matches!(error.kind, Kind::NotThere(Thing::Object)) => None,
        Err(error) => return Err(error),
    };
    Ok(match &to.guard {
        Guard::IfNoneMatch => there.is_some(),
        Guard::IfMatch(etag) => there.and_then(|there| there.etag()).as_ref() != Some(etag),
        Guard::Overwrite => false,
    })
}

/// Copies up to 5 GiB with one request. An error inside a good answer is an error.
///
/// # Errors
/// [`Kind::PreconditionFailed`] where the guard holds it back or the source has changed, [`Kind::NotOffered`] from stores
/// that know no guard, and whatever else the store says.
pub async fn copy_object(store: &Store, source: &Source, to: &Destination, guard: &Guard) -> Result<Written, S3Error> {
    const OPERATION: &str = "CopyObject";
    let asking = store.ask_with(&to.bucket, |client| async move {
        let answer = client
            .copy_object()
            .bucket(&to.bucket)
            .key(&to.key)
            .copy_source(source.header())
            .set_copy_source_if_match(source.if_match())
            .set_storage_class(source.class())
            .set_if_none_match(guard.if_none_match())
            .set_if_match(guard.if_match())
            .customize()
            .config_override(patient())
            .send()
            .await
            .map_err(|error| about(source, to, S3Error::from_sdk(OPERATION, error)))?;
        let etag = answer.copy_object_result.and_then(|result| result.e_tag).map(unquoted);
        Ok(Written { etag, version_id: answer.version_id, ..Written::default() })
    });
    Box::pin(asking).await
}

/// Copies an object onto itself with other headers or another encryption: its bytes stay. Headers that no caller names
/// (`Cache-Control`, `Content-Language`, `Expires`, redirects of a website) are read and sent again.
///
/// # Errors
/// [`Kind::PreconditionFailed`] where it is not the one of this `ETag`, [`Kind::TooLarge`] beyond 5 GiB, and whatever else
/// the store says.
pub async fn rewrite_object(
    store: &Store,
    bucket: &str,
    key: &str,
    etag: Option<&str>,
    change: impl Fn(CopyObjectFluentBuilder) -> CopyObjectFluentBuilder,
) -> Result<Written, S3Error> {
    const OPERATION: &str = "CopyObject";
    let Head(head) = again(|| head(store, bucket, key, None)).await?;
    if head.content_length().is_some_and(|size| u64::try_from(size).unwrap_or_default() > Limits::default().whole_bytes)
    {
        return Err(S3Error::new(OPERATION, Kind::TooLarge).about_bucket(bucket).about_key(key));
    }
    let source = Source {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        version_id: None,
        etag: etag.map(str::to_owned),
        size_bytes: 0,
        storage_class: None,
    };
    let head = &head;
    let (source, change) = (&source, &change);
    let asking = store.ask_with(bucket, |client| async move {
        // What is no date there cannot be one here.
        let expires = head.expires_string().and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
        let call = client
            .copy_object()
            .bucket(bucket)
            .key(key)
            .copy_source(source.header())
            .set_copy_source_if_match(source.if_match())
            .set_cache_control(head.cache_control.clone())
            .set_content_language(head.content_language.clone())
            .set_website_redirect_location(head.website_redirect_location.clone())
            .set_expires(expires);
        let answer = change(call)
            .customize()
            .config_override(patient())
            .send()
            .await
            .map_err(|error| S3Error::from_sdk(OPERATION, error).about_key(key))?;
        let etag = answer.copy_object_result.and_then(|result| result.e_tag).map(unquoted);
        Ok(Written { etag, version_id: answer.version_id, ..Written::default() })
    });
    Box::pin(asking).await
}

/// What is not there is the source.
fn about(source: &Source, to: &Destination, error: S3Error) -> S3Error {
    match error.kind {
        Kind::NotThere(Thing::Object | Thing::Version) => error.about_bucket(&source.bucket).about_key(&source.key),
        _ => error.about_key(&to.key),
    }
}

fn patient() -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::config::Builder::new().timeout_config(
        TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(8))
            .operation_attempt_timeout(COPYING)
            .operation_timeout(COPYING * 3)
            .build(),
    )
}

/// What a HEAD request tells of an object that is copied, or of a copy.
#[derive(Debug, Clone)]
pub struct Head(HeadObjectOutput);

impl Head {
    /// Bytes.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.0.content_length().and_then(|size| u64::try_from(size).ok()).unwrap_or_default()
    }

    /// Without the quotes.
    #[must_use]
    pub fn etag(&self) -> Option<String> {
        self.0.e_tag().map(|etag| unquoted(etag.to_owned()))
    }

    /// When it was last written.
    #[must_use]
    pub fn modified(&self) -> Option<Timestamp> {
        self.0.last_modified().and_then(timestamp)
    }

    /// As the store names it; absent means standard.
    #[must_use]
    pub fn storage_class(&self) -> Option<&str> {
        self.0.storage_class().map(StorageClass::as_str)
    }

    /// Whether its `ETag`, where it looks like an MD5, is that of its bytes: encryption by a customer's key or by KMS makes
    /// it something else (Amazon S3 API Reference, Object).
    fn has_plain_etag(&self) -> bool {
        let is_kms = self.0.server_side_encryption().is_some_and(|it| it.as_str().starts_with("aws:kms"));
        !is_kms && self.0.sse_customer_algorithm().is_none()
    }

    /// The checksum of all its bytes, and by which algorithm, where the store keeps one.
    fn checksum(&self) -> Option<(&'static str, &str)> {
        if self.0.checksum_type().is_some_and(|kind| *kind != ChecksumType::FullObject) {
            return None;
        }
        let all = [
            ("CRC64NVME", self.0.checksum_crc64_nvme()),
            ("CRC32", self.0.checksum_crc32()),
            ("CRC32C", self.0.checksum_crc32_c()),
            ("SHA256", self.0.checksum_sha256()),
            ("SHA1", self.0.checksum_sha1()),
        ];
        // With a number of parts it is a checksum of checksums.
        all.into_iter().find_map(|(name, value)| Some((name, value.filter(|value| !value.contains('-'))?)))
    }
}

/// Asks for all that is stored beside the bytes of an object, checksums included.
///
/// # Errors
/// [`Kind::NotThere`] and whatever else the store says.
pub async fn head(store: &Store, bucket: &str, key: &str, version_id: Option<&str>) -> Result<Head, S3Error> {
    let asking = store.ask("HeadObject", bucket, |client| {
        let call = client.head_object().bucket(bucket).key(key).set_version_id(version_id.map(str::to_owned));
        call.checksum_mode(ChecksumMode::Enabled).send()
    });
    Box::pin(asking).await.map(Head).map_err(|error| error.about_key(key))
}
