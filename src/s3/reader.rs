//! Reading an object piece by piece, for what is too large to be held in memory.

use std::ops::Range;

use aws_sdk_s3::types::{ChecksumMode, ChecksumType};
use aws_smithy_types::{base64, byte_stream::ByteStream};
use bytes::Bytes;
use crc_fast::CrcAlgorithm;

use super::{
    error::{Kind, S3Error},
    object::unquoted,
    store::Store,
};

const OPERATION: &str = "GetObject";

/// What the whole object must come to.
#[derive(Debug, Clone, PartialEq)]
pub enum WholeSum {
    /// A CRC of all its bytes.
    Crc(CrcAlgorithm, u64),
    /// The MD5 of all its bytes in hex.
    Md5(String),
    /// The store tells nothing that could be compared.
    Unknown,
}

/// What is known of an object before its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct ObjectFacts {
    /// How many bytes the whole holds, if the store says so.
    pub size_bytes: Option<u64>,
    /// Without the quotes.
    pub etag: Option<String>,
    /// In a bucket that keeps versions.
    pub version_id: Option<String>,
    /// What the whole must come to.
    pub sum: WholeSum,
}

/// An object that is being read.
#[derive(Debug)]
pub struct ObjectReader {
    /// What is known of it.
    pub facts: ObjectFacts,
    body: ByteStream,
    /// Of this answer.
    announced_bytes: Option<u64>,
    read_bytes: u64,
}

/// Takes what an answer tells of the whole: HEAD and GET have the same fields and share no trait.
macro_rules! facts {
    ($answer:expr, $size_bytes:expr) => {{
        let answer = &$answer;
        let whole = answer.checksum_type() != Some(&ChecksumType::Composite);
        let crcs = [
            (CrcAlgorithm::Crc64Nvme, answer.checksum_crc64_nvme()),
            (CrcAlgorithm::Crc32Iscsi, answer.checksum_crc32_c()),
            (CrcAlgorithm::Crc32IsoHdlc, answer.checksum_crc32()),
        ];
        let etag = answer.e_tag().map(|etag| unquoted(etag.to_owned()));
        // With KMS or a key of the customer's the tag is no MD5 (Amazon S3 API Reference, "Object").
        let kms = answer.server_side_encryption().is_some_and(|it| it.as_str().starts_with("aws:kms"));
        let plain = !kms && answer.sse_customer_algorithm().is_none();
        ObjectFacts {
            size_bytes: $size_bytes,
            sum: whole_sum(&crcs, whole, etag.as_deref().filter(|_| plain)),
            etag,
            version_id: answer.version_id().map(str::to_owned),
        }
    }};
}

fn whole_sum(crcs: &[(CrcAlgorithm, Option<&str>)], whole: bool, etag: Option<&str>) -> WholeSum {
    let told = |told: &str| {
        let bytes = base64::decode(told).ok()?;
        // One of parts has their number after a dash, and is no Base64.
        (!bytes.is_empty() && bytes.len() <= 8).then(|| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let crc = crcs.iter().find_map(|(algorithm, text)| Some(WholeSum::Crc(*algorithm, told((*text)?)?)));
    let md5 = etag.filter(|etag| etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let md5 = || md5.map(|md5| WholeSum::Md5(md5.to_ascii_lowercase()));
    crc.filter(|_| whole).or_else(md5).unwrap_or(WholeSum::Unknown)
}

/// Looks at an object that is to be read in stretches.
///
/// # Errors
/// Whatever the store says.
pub async fn object_facts(store: &Store, bucket: &str, key: &str) -> Result<ObjectFacts, S3Error> {
    let asking = store.ask("HeadObject", bucket, |client| {
        client.head_object().bucket(bucket).key(key).checksum_mode(ChecksumMode::Enabled).send()
    });
    let answer = Box::pin(asking).await.map_err(|error| error.about_key(key))?;
    Ok(facts!(answer, answer.content_length().and_then(|size| u64::try_from(size).ok())))
}

/// Begins to read an object: all of it, or a stretch of the one that has this `ETag`. One try: the caller knows when
/// another is worth it.
///
/// # Errors
/// [`Kind::PreconditionFailed`] where it is another object by now, and whatever else the store says.
pub async fn read_object(
    store: &Store,
    bucket: &str,
    key: &str,
    stretch: Option<(Range<u64>, Option<&str>)>,
) -> Result<ObjectReader, S3Error> {
    let range = stretch.as_ref().map(|(range, _)| format!("bytes={}-{}", range.start, range.end.saturating_sub(1)));
    let if_match = stretch.as_ref().and_then(|(_, etag)| etag.map(|etag| format!("\"{etag}\"")));
    let (range, if_match) = (&range, &if_match);
    let reading = store.carry(bucket, |client| async move {
        client
            .get_object()
            .bucket(bucket)
            .key(key)
            // Of a stretch the checksum of the whole says nothing.
            .set_checksum_mode(range.is_none().then_some(ChecksumMode::Enabled))
            .set_range(range.clone())
            .set_if_match(if_match.clone())
            .send()
            .await
            .map_err(|error| S3Error::from_sdk(OPERATION, error))
    });
    let answer = reading.await.map_err(|error| error.about_key(key))?;
    let announced_bytes = answer.content_length().and_then(|size| u64::try_from(size).ok());
    let wanted_bytes = stretch.map(|(range, _)| range.end - range.start);
    if wanted_bytes.is_some() && announced_bytes.is_some() && wanted_bytes != announced_bytes {
        return Err(S3Error::new(OPERATION, Kind::Damaged).about_bucket(bucket).about_key(key));
    }
    let facts = facts!(answer, announced_bytes);
    Ok(ObjectReader { facts, body: answer.body, announced_bytes: wanted_bytes.or(announced_bytes), read_bytes: 0 })
}

impl ObjectReader {
    /// The next piece; `None` after the last byte.
    ///
    /// # Errors
    /// Where the connection breaks, a checksum does not hold, or fewer bytes come than were announced.
    pub async fn next(&mut self) -> Result<Option<Bytes>, S3Error> {
        match self.body.next().await {
            Some(Ok(piece)) => {
                self.read_bytes += piece.len() as u64;
                Ok(Some(piece))
            }
            Some(Err(error)) => Err(S3Error::from_stream(OPERATION, error)),
            None if self.announced_bytes.is_some_and(|size| size != self.read_bytes) => {
                Err(S3Error::new(OPERATION, Kind::Damaged))
            }
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    const MD5: &str = "0123456789ABCDEF0123456789abcdef";

    #[test_case(Some("rosUhgp5mIg="), None, true => WholeSum::Crc(CrcAlgorithm::Crc64Nvme, 0xae8b_1486_0a79_9888); "a CRC of 64 bits")]
    #[test_case(None, Some("y/Q5Jg=="), true => WholeSum::Crc(CrcAlgorithm::Crc32IsoHdlc, 0xcbf4_3926); "a CRC of 32 bits")]
    #[test_case(None, Some("y/Q5Jg=="), false => WholeSum::Md5(MD5.to_ascii_lowercase()); "one of parts")]
    #[test_case(None, Some("y/Q5Jg==-3"), true => WholeSum::Md5(MD5.to_ascii_lowercase()); "one of parts by its number")]
    #[test_case(None, None, true => WholeSum::Md5(MD5.to_ascii_lowercase()); "the tag alone")]
    fn what_the_whole_comes_to(crc64: Option<&str>, crc32: Option<&str>, whole: bool) -> WholeSum {
        whole_sum(&[(CrcAlgorithm::Crc64Nvme, crc64), (CrcAlgorithm::Crc32IsoHdlc, crc32)], whole, Some(MD5))
    }

    #[test_case("0123456789abcdef0123456789abcdef-2"; "of parts")]
    #[test_case("opaque"; "of the store's own")]
    fn other_tags_tell_nothing(etag: &str) {
        assert_eq!(whole_sum(&[], true, Some(etag)), WholeSum::Unknown);
    }
}
