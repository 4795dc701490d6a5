//! Tags of objects and buckets.
//!
//! Source of the rules: Amazon S3 User Guide, "Categorizing your objects using tags".

use percent_encoding::percent_decode_str;
use s3s::dto;
use s3s::{S3Request, S3Response, S3Result};

use super::super::error::{invalid_argument, refuse};
use super::super::store::buckets;
use super::super::store::versions::{self, Tags};
use super::objects::{check_version_id, existing, shown_version};
use super::{Service, ok};

const MAX_OBJECT_TAGS: usize = 10;
const MAX_BUCKET_TAGS: usize = 50;

fn allowed(text: &str) -> bool {
    text.chars().all(|letter| letter.is_alphanumeric() || letter == ' ' || "+-=._:/@".contains(letter))
}

fn check(key: &str, value: &str) -> S3Result<()> {
    let refused = |message: &'static str| Err(refuse("InvalidTag", message));
    if key.is_empty() || key.chars().count() > 128 || !allowed(key) {
        return refused("The TagKey you have provided is invalid");
    }
    if value.chars().count() > 256 || !allowed(value) {
        return refused("The TagValue you have provided is invalid");
    }
    if key.to_ascii_lowercase().starts_with("aws:") {
        return refused("Your TagKey cannot be prefixed with aws:");
    }
    Ok(())
}

/// Reads `x-amz-tagging`.
pub(super) fn from_header(text: &str) -> S3Result<Tags> {
    let malformed = || {
        invalid_argument(
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
        )
    };
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8().map(std::borrow::Cow::into_owned).map_err(|_| malformed())
    };
    let mut tags = Tags::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (decode(key)?, decode(value)?);
        check(&key, &value)?;
        if tags.insert(key, value).is_some() {
            return Err(malformed());
        }
    }
    count(tags.len(), MAX_OBJECT_TAGS, "Object")?;
    Ok(tags)
}

fn count(found: usize, most: usize, what: &str) -> S3Result<()> {
    if found > most {
        return Err(refuse("BadRequest", format!("{what} tags cannot be greater than {most}")));
    }
    Ok(())
}

fn from_dto(tagging: dto::Tagging) -> S3Result<Vec<(String, String)>> {
    let mut tags: Vec<(String, String)> = Vec::new();
    for tag in tagging.tag_set {
        let (key, value) = (tag.key.unwrap_or_default(), tag.value.unwrap_or_default());
        check(&key, &value)?;
        if tags.iter().any(|(known, _)| *known == key) {
            return Err(refuse("InvalidTag", "Cannot provide multiple Tags with the same key"));
        }
        tags.push((key, value));
    }
    Ok(tags)
}

fn to_dto(tags: impl IntoIterator<Item = (String, String)>) -> dto::TagSet {
    tags.into_iter().map(|(key, value)| dto::Tag { key: Some(key), value: Some(value) }).collect()
}

/// Replaces the tags of an object; returns the version id to show.
async fn set(
    service: &Service,
    bucket: String,
    key: String,
    version: Option<String>,
    tags: Tags,
) -> S3Result<Option<String>> {
    check_version_id(version.as_deref())?;
    service.bucket(&bucket)?;
    let shown = service
        .store
        .write(move |tx| {
            let bucket = buckets::require(tx, &bucket)?;
            let changed = versions::amend(tx, &bucket, &key, version.as_deref(), |found| {
                found.tags = tags;
                Ok(())
            })?;
            Ok(shown_version(&bucket, &changed))
        })
        .await?;
    Ok(shown)
}

pub(super) async fn get_object(
    service: &Service,
    request: S3Request<dto::GetObjectTaggingInput>,
) -> S3Result<S3Response<dto::GetObjectTaggingOutput>> {
    let input = request.input;
    let bucket = service.bucket(&input.bucket)?;
    let version = existing(service, &bucket, input.key, input.version_id).await?;
    let version_id = shown_version(&bucket, &version);
    ok(dto::GetObjectTaggingOutput { tag_set: to_dto(version.tags), version_id })
}

pub(super) async fn put_object(
    service: &Service,
    request: S3Request<dto::PutObjectTaggingInput>,
) -> S3Result<S3Response<dto::PutObjectTaggingOutput>> {
    let input = request.input;
    let tags = from_dto(input.tagging)?;
    count(tags.len(), MAX_OBJECT_TAGS, "Object")?;
    let version_id = set(service, input.bucket, input.key, input.version_id, tags.into_iter().collect()).await?;
    ok(dto::PutObjectTaggingOutput { version_id })
}

pub(super) async fn delete_object(
    service: &Service,
    request: S3Request<dto::DeleteObjectTaggingInput>,
) -> S3Result<S3Response<dto::DeleteObjectTaggingOutput>> {
    let input = request.input;
    let version_id = set(service, input.bucket, input.key, input.version_id, Tags::new()).await?;
    Ok(S3Response::with_status(dto::DeleteObjectTaggingOutput { version_id }, http::StatusCode::NO_CONTENT))
}

pub(super) async fn get_bucket(
    service: &Service,
    request: S3Request<dto::GetBucketTaggingInput>,
) -> S3Result<S3Response<dto::GetBucketTaggingOutput>> {
    let bucket = service.bucket(&request.input.bucket)?;
    if bucket.config.tags.is_empty() {
        return Err(refuse("NoSuchTagSet", "The TagSet does not exist"));
    }
    ok(dto::GetBucketTaggingOutput { tag_set: to_dto(bucket.config.tags.clone()) })
}

pub(super) async fn put_bucket(
    service: &Service,
    request: S3Request<dto::PutBucketTaggingInput>,
) -> S3Result<S3Response<dto::PutBucketTaggingOutput>> {
    let tags = from_dto(request.input.tagging)?;
    count(tags.len(), MAX_BUCKET_TAGS, "Bucket")?;
    service
        .change(request.input.bucket, move |config| {
            config.tags = tags;
            Ok(())
        })
        .await?;
    Ok(S3Response::with_status(dto::PutBucketTaggingOutput {}, http::StatusCode::NO_CONTENT))
}

pub(super) async fn delete_bucket(
    service: &Service,
    request: S3Request<dto::DeleteBucketTaggingInput>,
) -> S3Result<S3Response<dto::DeleteBucketTaggingOutput>> {
    service
        .change(request.input.bucket, |config| {
            config.tags.clear();
            Ok(())
        })
        .await?;
    Ok(S3Response::with_status(dto::DeleteBucketTaggingOutput {}, http::StatusCode::NO_CONTENT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("a=1&b=2", &[("a", "1"), ("b", "2")]; "two")]
    #[test_case("a+b=c%2Fd", &[("a b", "c/d")]; "encoded")]
    #[test_case("alone", &[("alone", "")]; "no value")]
    #[test_case("", &[]; "none")]
    fn header(text: &str, expected: &[(&str, &str)]) {
        let tags = from_header(text).unwrap();
        assert!(tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).eq(expected.iter().copied()));
    }

    #[test_case("a=1&a=2", "InvalidArgument"; "twice")]
    #[test_case("aws:x=1", "InvalidTag"; "reserved")]
    #[test_case("a%3F=1", "InvalidTag"; "letter that is not allowed")]
    #[test_case("=1", "InvalidTag"; "no key")]
    #[test_case("a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1", "BadRequest"; "eleven")]
    fn refused(text: &str, code: &str) {
        assert_eq!(from_header(text).unwrap_err().code().as_str(), code);
    }
}
