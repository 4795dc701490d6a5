//! Uploads in parts: begun, sent part by part, completed or called off.

use std::time::Duration;

use aws_sdk_s3::{
    config::timeout::TimeoutConfig,
    operation::RequestId as _,
    types::{ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart},
};

use super::{
    error::{Kind, S3Error},
    integrity::{Integrity, Sums, crc64_of_all, crc64_text},
    object::{Guard, ObjectHeaders, Sending, Written, unquoted, with_headers, with_sums},
    store::{CONNECT, Store},
};

/// Putting thousands of parts together may take a store minutes (Amazon S3 API Reference, `CompleteMultipartUpload`).
const COMPLETION: Duration = Duration::from_secs(600);

/// A part that the store has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentPart {
    /// From 1 to 10,000.
    pub number: i32,
    /// Without the quotes.
    pub etag: String,
    /// How many bytes it holds.
    pub size_bytes: u64,
    /// Checksums of its bytes.
    pub sums: Sums,
}

/// A part as it is named when the whole is put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPart {
    /// From 1 to 10,000.
    pub number: i32,
    /// Without the quotes.
    pub etag: String,
    /// Its CRC-32 in Base64, where the store made one.
    pub crc32: Option<String>,
    /// Its CRC-64/NVME in Base64, where the upload was begun with one.
    pub crc64: Option<String>,
}

/// An upload in parts that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The store's name for it.
    pub id: String,
    /// The store keeps CRC-64/NVME for it: each part goes with its own, and the whole is held to it at the end.
    pub crc64: bool,
}

/// Begins an upload in parts. One try: where its answer is lost, an upload is open that nobody knows of, and only the
/// caller can look for it.
///
/// # Errors
/// Whatever the store says.
pub async fn create_multipart_upload(
    store: &Store,
    bucket: &str,
    key: &str,
    headers: &ObjectHeaders,
) -> Result<Begun, S3Error> {
    const OPERATION: &str = "CreateMultipartUpload";
    let asking = store.carry(bucket, |client| async move {
        let crc64 = store.integrity() != Integrity::Md5;
        with_headers!(client.create_multipart_upload().bucket(bucket).key(key), headers)
            .set_checksum_algorithm(crc64.then_some(ChecksumAlgorithm::Crc64Nvme))
            .set_checksum_type(crc64.then_some(ChecksumType::FullObject))
            .send()
            .await
            .map_err(|error| S3Error::from_sdk(OPERATION, error))
    });
    let answer = Box::pin(asking).await.map_err(|error| error.about_key(key))?;
    let id =
        answer.upload_id.ok_or_else(|| S3Error::new(OPERATION, Kind::NotS3).about_bucket(bucket).about_key(key))?;
    // Stores that keep one say so here; of others the parts tell.
    let crc64 = answer.checksum_algorithm == Some(ChecksumAlgorithm::Crc64Nvme);
    Ok(Begun { id, crc64: crc64 || store.integrity() == Integrity::Crc64 })
}

/// Sends one part. One try: the caller knows when another is worth it.
///
/// # Errors
/// [`Kind::LocalFile`], [`Kind::NotThere`] where the upload was completed or called off elsewhere, [`Kind::Damaged`]
/// where the checksums do not hold, and whatever else the store says.
pub async fn upload_part(
    store: &Store,
    bucket: &str,
    key: &str,
    upload_id: &str,
    number: i32,
    sending: Sending<'_>,
) -> Result<String, S3Error> {
    const OPERATION: &str = "UploadPart";
    let Sending { body, sums, meter } = sending;
    store
        .carry(bucket, |client| async move {
            let request = client.upload_part().bucket(bucket).key(key).upload_id(upload_id).part_number(number);
            let request = request.body(body.stream(OPERATION, meter).await?);
            let answer =
                with_sums!(request, store, sums).send().await.map_err(|error| S3Error::from_sdk(OPERATION, error))?;
            if sums.is_some() {
                store.learned_integrity().saw(answer.checksum_crc64_nvme.is_some());
            }
            answer.e_tag.map(unquoted).ok_or_else(|| S3Error::new(OPERATION, Kind::NotS3))
        })
        .await
        .map_err(|error| error.about_key(key))
}

/// Makes one object of parts that were sent, in any order here. Where the store keeps a CRC-64/NVME for the upload, the
/// object is held to that of all parts together. Its own is told back by [`Written::crc64`].
///
/// # Errors
/// [`Kind::PreconditionFailed`] where the guard holds it back, [`Kind::NotOffered`] from stores that know no guard, and
/// whatever else the store says, also within an answer that began well.
pub async fn complete_sent(
    store: &Store,
    bucket: &str,
    key: &str,
    upload: &Begun,
    parts: &[SentPart],
    guard: &Guard,
) -> Result<Written, S3Error> {
    let mut parts: Vec<_> = parts.iter().collect();
    parts.sort_by_key(|part| part.number);
    let whole = crc64_of_all(parts.iter().map(|part| (part.sums.crc64, part.size_bytes)));
    let named = parts.into_iter().map(|part| NamedPart {
        number: part.number,
        etag: part.etag.clone(),
        crc32: None,
        crc64: upload.crc64.then(|| crc64_text(part.sums.crc64)),
    });
    let (named, whole) = (named.collect::<Vec<_>>(), upload.crc64.then_some(whole));
    complete_multipart_upload(store, bucket, key, &upload.id, &named, whole, guard).await
}

/// Makes one object of the parts, which may come in any order here, and holds it to a CRC-64/NVME where one is given.
///
/// # Errors
/// As [`complete_sent`].
pub async fn complete_multipart_upload(
    store: &Store,
    bucket: &str,
    key: &str,
    upload_id: &str,
    parts: &[NamedPart],
    crc64: Option<u64>,
    guard: &Guard,
) -> Result<Written, S3Error> {
    let mut parts: Vec<_> = parts.iter().collect();
    parts.sort_by_key(|part| part.number);
    let parts = parts
        .into_iter()
        .map(|part| {
            CompletedPart::builder()
                .part_number(part.number)
                .e_tag(format!("\"{}\"", part.etag))
                .set_checksum_crc32(part.crc32.clone())
                .set_checksum_crc64_nvme(part.crc64.clone())
                .build()
        })
        .collect();
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    store
        .ask("CompleteMultipartUpload", bucket, |client| {
            client
                .complete_multipart_upload()
                .bucket(bucket)
                .key(key)
                .upload_id(upload_id)
                .multipart_upload(parts.clone())
                .set_checksum_crc64_nvme(crc64.map(crc64_text))
                .set_checksum_type(crc64.map(|_| ChecksumType::FullObject))
                .set_if_none_match(guard.if_none_match())
                .set_if_match(guard.if_match())
                .customize()
                .config_override(
                    aws_sdk_s3::config::Builder::new().timeout_config(
                        TimeoutConfig::builder()
                            .connect_timeout(CONNECT)
                            .operation_attempt_timeout(COMPLETION)
                            .operation_timeout(COMPLETION * 2)
                            .build(),
                    ),
                )
                .send()
        })
        .await
        .map(|answer| Written {
            request_id: answer.request_id().map(str::to_owned),
            etag: answer.e_tag.map(unquoted),
            version_id: answer.version_id,
            crc64: answer.checksum_crc64_nvme,
        })
        .map_err(|error| error.about_key(key))
}

/// What an unfinished upload has stored so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    /// All parts together.
    pub bytes: u64,
    /// How many there are.
    pub parts: u64,
}

/// A part as the store lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPart {
    /// From 1 to 10,000.
    pub number: i32,
    /// Bytes.
    pub size_bytes: u64,
    /// Without the quotes.
    pub etag: Option<String>,
    /// CRC-64/NVME in Base64, where the store keeps it.
    pub crc64: Option<String>,
}

/// Lists the parts of an unfinished upload.
///
/// # Errors
/// [`Kind::NotThere`] where the upload was completed or called off, and whatever else the store says.
pub async fn list_parts(store: &Store, bucket: &str, key: &str, upload_id: &str) -> Result<Vec<ListedPart>, S3Error> {
    let mut parts = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = store
            .ask("ListParts", bucket, |client| {
                let call = client.list_parts().bucket(bucket).key(key).upload_id(upload_id);
                call.set_part_number_marker(after.clone()).send()
            })
            .await
            .map_err(|error| error.about_key(key))?;
        let next = page.next_part_number_marker().map(str::to_owned);
        let truncated = page.is_truncated().unwrap_or(false);
        parts.extend(page.parts.unwrap_or_default().into_iter().filter_map(|part| {
            Some(ListedPart {
                number: part.part_number?,
                size_bytes: part.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
                etag: part.e_tag.map(unquoted),
                crc64: part.checksum_crc64_nvme,
            })
        }));
        if !truncated || next.is_none() || next == after {
            return Ok(parts);
        }
        after = next;
    }
}

/// Counts the parts of an unfinished upload.
///
/// # Errors
/// Whatever the store says.
pub async fn stored_parts(store: &Store, bucket: &str, key: &str, upload_id: &str) -> Result<Stored, S3Error> {
    let parts = list_parts(store, bucket, key, upload_id).await?;
    Ok(Stored { bytes: parts.iter().map(|part| part.size_bytes).sum(), parts: parts.len() as u64 })
}

/// Calls an upload off; its parts are deleted. That it was gone already is no error.
///
/// # Errors
/// Whatever the store says.
pub async fn abort_multipart_upload(store: &Store, bucket: &str, key: &str, upload_id: &str) -> Result<(), S3Error> {
    let answer = store
        .ask("AbortMultipartUpload", bucket, |client| {
            client.abort_multipart_upload().bucket(bucket).key(key).upload_id(upload_id).send()
        })
        .await;
    match answer {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.kind, Kind::NotThere(_)) => Ok(()),
        Err(error) => Err(error.about_key(key)),
    }
}
