//! Uploads in parts: begun, sent part by part, completed or called off.

use std::time::Duration;

use aws_sdk_s3::{
    config::timeout::TimeoutConfig,
    types::{CompletedMultipartUpload, CompletedPart},
};

use super::{
    body::{Body, Meter},
    error::{Kind, S3Error},
    object::{Guard, ObjectHeaders, Written, unhurried, unquoted, with_headers},
    store::Store,
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
    /// The CRC-32 in Base64, where the SDK has sent one: it is to be named again at the end.
    pub crc32: Option<String>,
}

/// Begins an upload in parts and gives its id.
///
/// # Errors
/// Whatever the store says.
pub async fn create_multipart_upload(
    store: &Store,
    bucket: &str,
    key: &str,
    headers: &ObjectHeaders,
) -> Result<String, S3Error> {
    const OPERATION: &str = "CreateMultipartUpload";
    let asking = store.ask(OPERATION, bucket, |client| {
        with_headers!(client.create_multipart_upload().bucket(bucket).key(key), headers).send()
    });
    let answer = Box::pin(asking).await.map_err(|error| error.about_key(key))?;
    answer.upload_id.ok_or_else(|| S3Error::new(OPERATION, Kind::NotS3).about_bucket(bucket).about_key(key))
}

/// Sends one part.
///
/// # Errors
/// [`Kind::LocalFile`], [`Kind::NotThere`] where the upload was completed or called off elsewhere, and whatever else
/// the store says.
pub async fn upload_part(
    store: &Store,
    bucket: &str,
    key: &str,
    upload_id: &str,
    number: i32,
    body: &Body,
    meter: Option<&Meter>,
) -> Result<SentPart, S3Error> {
    const OPERATION: &str = "UploadPart";
    store
        .ask_with(bucket, |client| async move {
            let answer = client
                .upload_part()
                .bucket(bucket)
                .key(key)
                .upload_id(upload_id)
                .part_number(number)
                .body(body.stream(OPERATION, meter).await?)
                .customize()
                .config_override(unhurried(body.length_bytes()))
                .send()
                .await
                .map_err(|error| S3Error::from_sdk(OPERATION, error))?;
            let etag = answer.e_tag.map(unquoted).ok_or_else(|| S3Error::new(OPERATION, Kind::NotS3))?;
            Ok(SentPart { number, etag, crc32: answer.checksum_crc32 })
        })
        .await
        .map_err(|error| error.about_key(key))
}

/// Makes one object of the parts. They may come in any order here.
///
/// # Errors
/// [`Kind::PreconditionFailed`] where the guard holds it back, [`Kind::NotOffered`] from stores that know no guard, and
/// whatever else the store says, also within an answer that began well.
pub async fn complete_multipart_upload(
    store: &Store,
    bucket: &str,
    key: &str,
    upload_id: &str,
    parts: &[SentPart],
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
                .set_if_none_match(guard.if_none_match())
                .set_if_match(guard.if_match())
                .customize()
                .config_override(
                    aws_sdk_s3::config::Builder::new().timeout_config(
                        TimeoutConfig::builder()
                            .connect_timeout(Duration::from_secs(8))
                            .operation_attempt_timeout(COMPLETION)
                            .operation_timeout(COMPLETION * 2)
                            .build(),
                    ),
                )
                .send()
        })
        .await
        .map(|answer| Written { etag: answer.e_tag.map(unquoted), version_id: answer.version_id })
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

/// Counts the parts of an unfinished upload.
///
/// # Errors
/// Whatever the store says.
pub async fn stored_parts(store: &Store, bucket: &str, key: &str, upload_id: &str) -> Result<Stored, S3Error> {
    let mut stored = Stored::default();
    let mut after: Option<String> = None;
    loop {
        let page = store
            .ask("ListParts", bucket, |client| {
                let call = client.list_parts().bucket(bucket).key(key).upload_id(upload_id);
                call.set_part_number_marker(after.clone()).send()
            })
            .await
            .map_err(|error| error.about_key(key))?;
        for part in page.parts() {
            stored.parts += 1;
            stored.bytes += part.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
        }
        let next = page.next_part_number_marker().map(str::to_owned);
        if !page.is_truncated().unwrap_or(false) || next.is_none() || next == after {
            return Ok(stored);
        }
        after = next;
    }
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
