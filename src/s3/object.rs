//! Single objects: looking at them, reading and writing them.

use std::num::NonZeroU16;
use std::ops::Range;

use aws_sdk_s3::{
    operation::RequestId as _,
    types::{ChecksumMode, RestoreRequest},
};
use aws_smithy_types::byte_stream::ByteStream;
use bytes::{Bytes, BytesMut};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::{
    body::{Body, Meter},
    error::{Kind, S3Error},
    integrity::{Integrity, Sums, crc64_text},
    store::Store,
    time::timestamp,
};
use crate::domain::object::ObjectDetails;

/// What a HEAD request tells; [`ObjectDetails::tags`] stays `None`.
///
/// # Errors
/// [`Kind::NotThere`] and whatever else the store says.
pub async fn head_object(store: &Store, bucket: &str, key: &str) -> Result<ObjectDetails, S3Error> {
    head_object_version(store, bucket, key, None).await
}

/// As [`head_object`], of an old version where one is named.
///
/// # Errors
/// As [`head_object`].
pub async fn head_object_version(
    store: &Store,
    bucket: &str,
    key: &str,
    version: Option<&str>,
) -> Result<ObjectDetails, S3Error> {
    let head = store
        .ask("HeadObject", bucket, |client| {
            client.head_object().bucket(bucket).key(key).set_version_id(version.map(str::to_owned)).send()
        })
        .await
        .map_err(|error| error.about_key(key))?;
    let mut metadata: Vec<_> = head.metadata.unwrap_or_default().into_iter().collect();
    metadata.sort();
    Ok(ObjectDetails {
        key: key.to_owned(),
        size_bytes: head.content_length.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
        modified: head.last_modified.as_ref().and_then(timestamp),
        etag: head.e_tag.map(unquoted),
        content_type: head.content_type,
        cache_control: head.cache_control,
        content_disposition: head.content_disposition,
        content_encoding: head.content_encoding,
        storage_class: head.storage_class.map(|class| class.as_str().to_owned()),
        archive_tier: head.archive_status.map(|tier| tier.as_str().to_owned()),
        restore: head.restore,
        encryption: head.server_side_encryption.map(|encryption| encryption.as_str().to_owned()),
        kms_key: head.ssekms_key_id,
        version_id: head.version_id,
        metadata,
        tags: None,
    })
}

/// Asks for a copy of an archived object that is there for so many days; that it was asked for already is no error. It
/// comes hours later.
///
/// # Errors
/// Whatever the store says.
pub async fn restore_object(store: &Store, bucket: &str, key: &str, days: NonZeroU16) -> Result<(), S3Error> {
    let request = RestoreRequest::builder().days(i32::from(days.get())).build();
    let asking = store.ask("RestoreObject", bucket, |client| {
        client.restore_object().bucket(bucket).key(key).restore_request(request.clone()).send()
    });
    match Box::pin(asking).await {
        Ok(_) => Ok(()),
        Err(error) if error.code.as_deref() == Some("RestoreAlreadyInProgress") => Ok(()),
        Err(error) => Err(error.about_key(key)),
    }
}

/// What tells whether an object holds certain bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredObject {
    /// How many bytes it holds.
    pub size_bytes: u64,
    /// Without the quotes.
    pub etag: Option<String>,
    /// The CRC-64/NVME of the whole in Base64, where the store keeps it.
    pub crc64: Option<String>,
    /// In a bucket that keeps versions.
    pub version_id: Option<String>,
    /// When it was last written.
    pub modified: Option<jiff::Timestamp>,
}

impl StoredObject {
    /// Whether it holds these bytes, as far as the store's checksums tell.
    #[must_use]
    pub fn holds(&self, size_bytes: u64, crc64: Option<u64>, etag: Option<&str>) -> bool {
        self.size_bytes == size_bytes
            && match (&self.crc64, crc64) {
                (Some(found), Some(crc64)) => *found == crc64_text(crc64),
                _ => etag.is_some() && self.etag.as_deref() == etag,
            }
    }
}

/// Looks at an object and the checksum that the store keeps of it.
///
/// # Errors
/// [`Kind::NotThere`] and whatever else the store says.
pub async fn stored_object(store: &Store, bucket: &str, key: &str) -> Result<StoredObject, S3Error> {
    let asking = store.ask("HeadObject", bucket, |client| {
        client.head_object().bucket(bucket).key(key).checksum_mode(ChecksumMode::Enabled).send()
    });
    let head = Box::pin(asking).await.map_err(|error| error.about_key(key))?;
    Ok(StoredObject {
        size_bytes: head.content_length.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
        modified: head.last_modified.as_ref().and_then(timestamp),
        etag: head.e_tag.map(unquoted),
        crc64: head.checksum_crc64_nvme,
        version_id: head.version_id,
    })
}

/// As [`head_object`], with the tags where they may be read.
///
/// # Errors
/// As [`head_object`]; tags that cannot be read are no error.
pub async fn object_details(store: &Store, bucket: &str, key: &str) -> Result<ObjectDetails, S3Error> {
    let (details, tags) = tokio::join!(head_object(store, bucket, key), get_object_tagging(store, bucket, key));
    Ok(ObjectDetails { tags: tags.ok(), ..details? })
}

/// The tags of an object, by name.
///
/// # Errors
/// Whatever the store says.
pub async fn get_object_tagging(store: &Store, bucket: &str, key: &str) -> Result<Vec<(String, String)>, S3Error> {
    let answer = store
        .ask("GetObjectTagging", bucket, |client| client.get_object_tagging().bucket(bucket).key(key).send())
        .await
        .map_err(|error| error.about_key(key))?;
    let mut tags: Vec<_> = answer.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect();
    tags.sort();
    Ok(tags)
}

/// Reads an object into memory: all of it, or a range of bytes (which may reach past the end).
///
/// # Errors
/// [`Kind::TooLarge`] where more than `limit_bytes` would come, and whatever the store says.
pub async fn get_object(
    store: &Store,
    bucket: &str,
    key: &str,
    range: Option<Range<u64>>,
    limit_bytes: u64,
) -> Result<Bytes, S3Error> {
    const OPERATION: &str = "GetObject";
    let range = range.map(|range| format!("bytes={}-{}", range.start, range.end.saturating_sub(1)));
    let range = &range;
    store
        .ask_with(bucket, |client| async move {
            let answer = client
                .get_object()
                .bucket(bucket)
                .key(key)
                .set_range(range.clone())
                .send()
                .await
                .map_err(|error| S3Error::from_sdk(OPERATION, error))?;
            collect(OPERATION, answer.body, limit_bytes).await
        })
        .await
        .map_err(|error| error.about_key(key))
}

async fn collect(operation: &'static str, mut body: ByteStream, limit_bytes: u64) -> Result<Bytes, S3Error> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| S3Error::from_stream(operation, error))?;
        if bytes.len() as u64 + chunk.len() as u64 > limit_bytes {
            return Err(S3Error::new(operation, Kind::TooLarge));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// What is stored along with the bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ObjectHeaders {
    /// `Content-Type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// `Cache-Control`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
    /// `Content-Disposition`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    /// `Content-Encoding`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    /// As the store names it, e.g. `STANDARD_IA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<String>,
    /// `x-amz-meta-*`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<(String, String)>,
    /// Tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<(String, String)>,
}

/// Sets [`ObjectHeaders`] on a request that begins an object: the builders of the SDK share no trait.
macro_rules! with_headers {
    ($request:expr, $headers:expr) => {{
        let headers: &ObjectHeaders = $headers;
        let request = $request
            .set_content_type(headers.content_type.clone())
            .set_cache_control(headers.cache_control.clone())
            .set_content_disposition(headers.content_disposition.clone())
            .set_content_encoding(headers.content_encoding.clone())
            .set_storage_class(headers.storage_class.as_deref().map(aws_sdk_s3::types::StorageClass::from))
            .set_tagging(crate::s3::object::tagging_header(&headers.tags));
        headers.metadata.iter().fold(request, |request, (name, value)| request.metadata(name, value))
    }};
}
pub(super) use with_headers;

/// What holds back a write.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// Only where no object of that key is (`If-None-Match: *`).
    #[default]
    IfNoneMatch,
    /// Only over the object with this `ETag`.
    IfMatch(String),
    /// Nothing.
    Overwrite,
}

impl Guard {
    pub(super) fn if_none_match(&self) -> Option<String> {
        (*self == Self::IfNoneMatch).then(|| "*".to_owned())
    }

    pub(super) fn if_match(&self) -> Option<String> {
        match self {
            Self::IfMatch(etag) => Some(format!("\"{}\"", etag.trim_matches('"'))),
            Self::IfNoneMatch | Self::Overwrite => None,
        }
    }
}

/// What a finished write left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Written {
    /// Without the quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// In a bucket that keeps versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_id: Option<String>,
    /// The CRC-64/NVME of the whole object in Base64, where the store tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crc64: Option<String>,
    /// The store's name for the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl From<StoredObject> for Written {
    fn from(found: StoredObject) -> Self {
        Self { etag: found.etag, version_id: found.version_id, crc64: found.crc64, request_id: None }
    }
}

/// A CRC-64/NVME with its name, as it is written down.
#[must_use]
pub fn crc64_named(crc64: &str) -> String {
    format!("CRC64NVME:{crc64}")
}

/// What one request sends.
#[derive(Debug, Clone, Copy)]
pub struct Sending<'a> {
    /// The bytes.
    pub body: &'a Body,
    /// Their checksums, where they are known before the first byte leaves. Otherwise the SDK adds its own after the
    /// last.
    pub sums: Option<&'a Sums>,
    /// Counts them as they leave.
    pub meter: Option<&'a Meter>,
}

impl<'a> From<&'a Body> for Sending<'a> {
    fn from(body: &'a Body) -> Self {
        Self { body, sums: None, meter: None }
    }
}

/// Sets the checksums on a request that carries bytes: the builders of the SDK share no trait.
macro_rules! with_sums {
    ($request:expr, $store:expr, $sums:expr) => {{
        let integrity = $store.integrity();
        let crc64 = $sums.filter(|_| integrity != Integrity::Md5).map(|sums| crc64_text(sums.crc64));
        let md5 = $sums.filter(|_| integrity != Integrity::Crc64).and_then(Sums::content_md5);
        let by_sdk = $sums.is_none() && integrity == Integrity::Crc64;
        $request
            .set_checksum_crc64_nvme(crc64)
            .set_content_md5(md5)
            .set_checksum_algorithm(by_sdk.then_some(aws_sdk_s3::types::ChecksumAlgorithm::Crc64Nvme))
    }};
}
pub(super) use with_sums;

/// Writes an object in one request (up to 5 GiB). One try: the caller knows when another is worth it.
///
/// # Errors
/// [`Kind::PreconditionFailed`] where the guard holds it back, [`Kind::NotOffered`] from stores that know no guard,
/// [`Kind::LocalFile`], [`Kind::Damaged`] where the checksums do not hold, and whatever else the store says.
pub async fn put_object(
    store: &Store,
    bucket: &str,
    key: &str,
    sending: Sending<'_>,
    headers: &ObjectHeaders,
    guard: &Guard,
) -> Result<Written, S3Error> {
    const OPERATION: &str = "PutObject";
    let Sending { body, sums, meter } = sending;
    store
        .carry(bucket, |client| async move {
            let request = with_headers!(client.put_object().bucket(bucket).key(key), headers)
                .set_if_none_match(guard.if_none_match())
                .set_if_match(guard.if_match())
                .body(body.stream(OPERATION, meter).await?);
            let answer =
                with_sums!(request, store, sums).send().await.map_err(|error| S3Error::from_sdk(OPERATION, error))?;
            if sums.is_some() {
                store.learned_integrity().saw(answer.checksum_crc64_nvme.is_some());
            }
            Ok(Written {
                request_id: answer.request_id().map(str::to_owned),
                etag: answer.e_tag.map(unquoted),
                version_id: answer.version_id,
                crc64: answer.checksum_crc64_nvme,
            })
        })
        .await
        .map_err(|error| error.about_key(key))
}

/// `x-amz-tagging`: the query encoding of a URL.
pub(super) fn tagging_header(tags: &[(String, String)]) -> Option<String> {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    let encode = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    (!tags.is_empty()).then(|| {
        tags.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect::<Vec<_>>().join("&")
    })
}

pub(super) fn unquoted(etag: String) -> String {
    let bare = etag.trim_matches('"');
    if bare.len() == etag.len() { etag } else { bare.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_go_as_a_query() {
        let tags = [("a b".to_owned(), "x/y&z".to_owned()), ("é".to_owned(), String::new())];
        assert_eq!(tagging_header(&tags).as_deref(), Some("a%20b=x%2Fy%26z&%C3%A9="));
        assert_eq!(tagging_header(&[]), None);
    }

    #[test]
    fn an_etag_is_sent_with_its_quotes() {
        assert_eq!(Guard::IfMatch("abc".into()).if_match().as_deref(), Some("\"abc\""));
        assert_eq!(Guard::IfNoneMatch.if_none_match().as_deref(), Some("*"));
        assert_eq!(Guard::Overwrite.if_match().or(Guard::Overwrite.if_none_match()), None);
    }
}
