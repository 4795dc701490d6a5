//! Copies in parts, for what is too large for one request. The store carries the bytes alone over; headers, metadata and
//! tags are read and sent again.

use std::collections::VecDeque;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use futures_util::{StreamExt as _, stream};
use md5::{Digest as _, Md5};
use tokio_util::sync::CancellationToken;

use super::{Copied, Destination, GIB, Head, Limits, MIB, Source, about, guarded, head, patient};
use crate::s3::again::again;
use crate::s3::error::{Kind, S3Error, Thing};
use crate::s3::multipart::{NamedPart, abort_multipart_upload, complete_multipart_upload};
use crate::s3::object::{Guard, ObjectHeaders, Written, unquoted, with_headers};
use crate::s3::store::Store;

/// Amazon S3 User Guide, "Amazon S3 multipart upload limits".
const MOST_PARTS: u64 = 10_000;
const LARGEST_PART_BYTES: u64 = 5 * GIB;

/// Where each part begins and its last byte: all equal in size but for the last one, as some stores demand.
fn ranges(size_bytes: u64, part_bytes: u64) -> VecDeque<(i32, u64, u64)> {
    let needed = size_bytes.div_ceil(MOST_PARTS).next_multiple_of(MIB);
    let part_bytes = part_bytes.max(needed).clamp(1, LARGEST_PART_BYTES);
    let begins = (0..size_bytes.div_ceil(part_bytes)).map(|number| number * part_bytes);
    (1..).zip(begins).map(|(number, begin)| (number, begin, (begin + part_bytes).min(size_bytes) - 1)).collect()
}

pub(super) async fn copy(
    store: &Store,
    source: &Source,
    to: &Destination,
    limits: &Limits,
    stop: &CancellationToken,
) -> Result<Copied, S3Error> {
    let found = again(|| head(store, &source.bucket, &source.key, source.version_id.as_deref())).await?;
    if source.etag.is_some() && found.etag() != source.etag {
        return Ok(Copied::SourceChanged);
    }
    // From here on it is this one and no other.
    let source = &Source { etag: found.etag(), size_bytes: found.size_bytes(), ..source.clone() };
    let tags = again(|| get_object_tagging(store, source)).await?;
    let id = again(|| create_multipart_upload(store, source, to, &found, &tags)).await?;
    let outcome = Upload { store, source, to, id: &id }.carry_out(limits, stop).await;
    if !matches!(outcome, Ok(Copied::Done(_)))
        && let Err(error) = again(|| abort_multipart_upload(store, &to.bucket, &to.key, &id)).await
    {
        tracing::warn!(bucket = to.bucket, key = to.key, ?error, "a copy in parts could not be called off");
    }
    outcome
}

/// The tags of the very version that is copied; none from stores that know no tags.
async fn get_object_tagging(store: &Store, source: &Source) -> Result<Vec<(String, String)>, S3Error> {
    let answer = store
        .ask("GetObjectTagging", &source.bucket, |client| {
            let call = client.get_object_tagging().bucket(&source.bucket).key(&source.key);
            call.set_version_id(source.version_id.clone()).send()
        })
        .await;
    match answer {
        Ok(answer) => Ok(answer.tag_set.into_iter().map(|tag| (tag.key, tag.value)).collect()),
        Err(error) if matches!(error.kind, Kind::NotOffered | Kind::NotConfigured) => Ok(Vec::new()),
        Err(error) => Err(error.about_key(&source.key)),
    }
}

async fn create_multipart_upload(
    store: &Store,
    source: &Source,
    to: &Destination,
    found: &Head,
    tags: &[(String, String)],
) -> Result<String, S3Error> {
    const OPERATION: &str = "CreateMultipartUpload";
    let Head(head) = found;
    let headers = ObjectHeaders {
        content_type: head.content_type.clone(),
        cache_control: head.cache_control.clone(),
        content_disposition: head.content_disposition.clone(),
        content_encoding: head.content_encoding.clone(),
        storage_class: source.class().map(|class| class.as_str().to_owned()),
        metadata: head.metadata.iter().flatten().map(|(name, value)| (name.clone(), value.clone())).collect(),
        tags: tags.to_vec(),
    };
    // What is no date there cannot be one here.
    let expires = head.expires_string().and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
    let asking = store.ask(OPERATION, &to.bucket, |client| {
        with_headers!(client.create_multipart_upload().bucket(&to.bucket).key(&to.key), &headers)
            .set_content_language(head.content_language.clone())
            .set_expires(expires)
            .send()
    });
    let answer = Box::pin(asking).await.map_err(|error| error.about_key(&to.key))?;
    answer.upload_id.ok_or_else(|| S3Error::new(OPERATION, Kind::NotS3).about_bucket(&to.bucket).about_key(&to.key))
}

/// A copy in parts that was begun.
struct Upload<'a> {
    store: &'a Store,
    source: &'a Source,
    to: &'a Destination,
    id: &'a str,
}

impl Upload<'_> {
    /// To its end, whatever that is. Who asked calls it off where it is not done.
    async fn carry_out(&self, limits: &Limits, stop: &CancellationToken) -> Result<Copied, S3Error> {
        let ranges = ranges(self.source.size_bytes, limits.part_bytes);
        let mut parts = Vec::with_capacity(ranges.len());
        let mut copying = stream::iter(ranges)
            .map(|(number, begin, last)| again(move || self.upload_part_copy(number, begin, last)))
            .buffer_unordered(limits.parts_at_once.max(1));
        loop {
            let part = tokio::select! {
                biased;
                () = stop.cancelled() => return Err(S3Error::cancelled("UploadPartCopy")),
                part = copying.next() => part,
            };
            match part {
                Some(Ok(part)) => parts.push(part),
                Some(Err(error)) if error.kind == Kind::PreconditionFailed => return Ok(Copied::SourceChanged),
                Some(Err(error)) => return Err(error),
                None => break,
            }
        }
        // Ceph copies whatever the condition says.
        if !self.source.is_unchanged(self.store).await? {
            return Ok(Copied::SourceChanged);
        }
        parts.sort_by_key(|part| part.number);
        let completed = guarded(self.store, self.to, |guard| again(|| self.complete(&parts, guard))).await;
        match completed {
            Ok(Some(written)) => Ok(Copied::Done(written)),
            Ok(None) => Ok(Copied::HeldBack),
            Err(error) if error.kind == Kind::PreconditionFailed => Ok(Copied::HeldBack),
            Err(error) => Err(error),
        }
    }

    async fn upload_part_copy(&self, number: i32, begin: u64, last: u64) -> Result<NamedPart, S3Error> {
        const OPERATION: &str = "UploadPartCopy";
        let Self { store, source, to, id } = *self;
        store
            .ask_with(&to.bucket, |client| async move {
                let answer = client
                    .upload_part_copy()
                    .bucket(&to.bucket)
                    .key(&to.key)
                    .upload_id(id)
                    .part_number(number)
                    .copy_source(source.header())
                    .copy_source_range(format!("bytes={begin}-{last}"))
                    .set_copy_source_if_match(source.if_match())
                    .customize()
                    // Ceph demands the length of a body that is not there.
                    .mutate_request(|request| {
                        request.headers_mut().insert("content-length", "0");
                    })
                    .config_override(patient())
                    .send()
                    .await
                    .map_err(|error| about(source, to, S3Error::from_sdk(OPERATION, error)))?;
                let part = answer.copy_part_result.ok_or_else(|| S3Error::new(OPERATION, Kind::NotS3))?;
                let etag = part.e_tag.map(unquoted).ok_or_else(|| S3Error::new(OPERATION, Kind::NotS3))?;
                Ok(NamedPart { number, etag, crc32: part.checksum_crc32, crc64: None })
            })
            .await
    }

    async fn complete(&self, parts: &[NamedPart], guard: &Guard) -> Result<Written, S3Error> {
        let Self { store, to, id, .. } = *self;
        let written = match complete_multipart_upload(store, &to.bucket, &to.key, id, parts, None, guard).await {
            // The answer to an earlier try was lost, and the upload became the object.
            Err(error) if error.kind == Kind::NotThere(Thing::Upload) => {
                let expected = etag_of(parts);
                match head(store, &to.bucket, &to.key, None).await {
                    Ok(there) if expected.is_some() && there.etag() == expected => {
                        Written { etag: expected, version_id: there.0.version_id, ..Written::default() }
                    }
                    _ => return Err(error),
                }
            }
            outcome => outcome?,
        };
        // Ceph answers with an empty one.
        let etag = written.etag.filter(|etag| !etag.is_empty()).or_else(|| etag_of(parts));
        Ok(Written { etag, ..written })
    }
}

/// The `ETag` of the whole, where those of the parts are their MD5s (Amazon S3 API Reference, Object).
fn etag_of(parts: &[NamedPart]) -> Option<String> {
    let mut all = Md5::new();
    for NamedPart { etag, .. } in parts {
        let bytes: Option<Vec<u8>> =
            (0..16).map(|at| u8::from_str_radix(etag.get(2 * at..2 * at + 2)?, 16).ok()).collect();
        all.update(bytes?);
    }
    let whole: String = all.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Some(format!("{whole}-{}", parts.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    const TIB: u64 = 1 << 40;

    #[test_case(1, 5 * MIB, 1, 1; "a byte")]
    #[test_case(10 * MIB, 5 * MIB, 2, 5 * MIB; "two whole parts")]
    #[test_case(10 * MIB + 1, 5 * MIB, 3, 1; "a byte more")]
    #[test_case(6 * GIB, 512 * MIB, 12, 512 * MIB; "six GiB")]
    #[test_case(5 * TIB, 512 * MIB, 9_987, 230 * MIB; "more than so many parts carry")]
    #[test_case(50_000 * GIB, 512 * MIB, 10_000, 5 * GIB; "the most there is")]
    fn cuts(size_bytes: u64, part_bytes: u64, count: usize, last_bytes: u64) {
        let ranges = ranges(size_bytes, part_bytes);
        let (number, begin, last) = *ranges.back().unwrap();
        assert_eq!((ranges.len(), usize::try_from(number).unwrap()), (count, count));
        assert_eq!((last + 1, last + 1 - begin), (size_bytes, last_bytes));
        assert!(ranges.iter().zip(ranges.iter().skip(1)).all(|(one, next)| one.2 + 1 == next.1));
    }

    #[test]
    fn the_etag_of_the_whole_is_made_of_those_of_the_parts() {
        let part = |etag: &str| NamedPart { number: 1, etag: etag.into(), crc32: None, crc64: None };
        let (a, b) = (part("0cc175b9c0f1b6a831c399e269772661"), part("92eb5ffee6ae2fec3ad71c777531578f"));
        assert_eq!(etag_of(&[a.clone(), b]).as_deref(), Some("96e024ba2074fe77e8e965ba43a704be-2"));
        assert_eq!(etag_of(&[a, part("random")]), None);
    }
}
