//! What is in a bucket, page by page.

use aws_sdk_s3::types::{CommonPrefix, EncodingType, Object};
use percent_encoding::percent_decode_str;

use tokio::sync::oneshot;

use super::{
    ahead::Ahead,
    error::{Kind, S3Error},
    store::{Family, Store},
    time::timestamp,
};
use crate::domain::object::{ListingPage, ObjectSummary};

/// Marks a token of the older listing, which goes on after a key instead of at a token.
const AFTER_KEY: &str = "after-key:";

/// One page of what lies under `prefix`, grouped at `delimiter` (usually `/`; `None` lists everything beneath).
/// `token` is [`ListingPage::next`] of the page before. Stores that know only the older listing are asked that way.
///
/// # Errors
/// Whatever the store says.
pub async fn list_page(
    store: &Store,
    bucket: &str,
    prefix: &str,
    delimiter: Option<&str>,
    token: Option<&str>,
    max_keys: Option<u16>,
) -> Result<ListingPage, S3Error> {
    listed(Ask { store, bucket, prefix, delimiter, max_keys: max_keys.map(i32::from), ahead: None }, token).await
}

/// The same, up to a thousand at a time; `tell` hears where the next page begins as soon as that is known, if it can be
/// known before the page is read.
///
/// # Errors
/// Whatever the store says.
pub async fn list_page_ahead(
    store: &Store,
    bucket: &str,
    prefix: &str,
    delimiter: Option<&str>,
    token: Option<&str>,
    tell: oneshot::Sender<String>,
) -> Result<ListingPage, S3Error> {
    listed(Ask { store, bucket, prefix, delimiter, max_keys: None, ahead: Some(Ahead::new(tell)) }, token).await
}

async fn listed(ask: Ask<'_>, token: Option<&str>) -> Result<ListingPage, S3Error> {
    // Keys may hold characters that XML cannot carry. Some stores refuse or mangle the encoding that helps.
    let encoded = ask.store.info().family != Family::Other;
    if let Some(key) = token.and_then(|token| token.strip_prefix(AFTER_KEY)) {
        return ask.list_objects(Some(key), encoded).await;
    }
    match ask.list_objects_v2(token, encoded).await {
        Err(error) if error.kind == Kind::NotOffered && token.is_none() => ask.list_objects(None, encoded).await,
        Err(error) if error.kind == Kind::NotS3 && error.http_status == Some(200) && !encoded => {
            ask.list_objects_v2(token, true).await
        }
        outcome => outcome,
    }
}

struct Ask<'a> {
    store: &'a Store,
    bucket: &'a str,
    prefix: &'a str,
    delimiter: Option<&'a str>,
    max_keys: Option<i32>,
    ahead: Option<Ahead>,
}

impl Ask<'_> {
    async fn list_objects_v2(&self, token: Option<&str>, encoded: bool) -> Result<ListingPage, S3Error> {
        let page = self
            .store
            .ask("ListObjectsV2", self.bucket, |client| {
                let call = client
                    .list_objects_v2()
                    .bucket(self.bucket)
                    .set_prefix(non_empty(self.prefix))
                    .set_delimiter(self.delimiter.map(str::to_owned))
                    .set_continuation_token(token.map(str::to_owned))
                    .set_max_keys(self.max_keys)
                    .set_encoding_type(encoded.then_some(EncodingType::Url));
                let ahead = self.ahead.clone();
                async move {
                    match ahead {
                        Some(ahead) => call.customize().interceptor(ahead).send().await,
                        None => call.send().await,
                    }
                }
            })
            .await?;
        let decode = page.encoding_type() == Some(&EncodingType::Url);
        let next = page.is_truncated().unwrap_or(false).then(|| page.next_continuation_token().map(str::to_owned));
        Ok(ListingPage {
            folders: folders(page.common_prefixes, decode),
            objects: objects(page.contents, decode),
            next: next.flatten(),
        })
    }

    async fn list_objects(&self, after: Option<&str>, encoded: bool) -> Result<ListingPage, S3Error> {
        let page = self
            .store
            .ask("ListObjects", self.bucket, |client| {
                client
                    .list_objects()
                    .bucket(self.bucket)
                    .set_prefix(non_empty(self.prefix))
                    .set_delimiter(self.delimiter.map(str::to_owned))
                    .set_marker(after.map(str::to_owned))
                    .set_max_keys(self.max_keys)
                    .set_encoding_type(encoded.then_some(EncodingType::Url))
                    .send()
            })
            .await?;
        let decode = page.encoding_type() == Some(&EncodingType::Url);
        let folders = folders(page.common_prefixes, decode);
        let objects = objects(page.contents, decode);
        let next = page.is_truncated.unwrap_or(false).then(|| {
            // Without a delimiter the older listing names no marker: it goes on after the last name of the page.
            page.next_marker.map(|marker| decoded(marker, decode)).or_else(|| {
                let last_object = objects.last().map(|object| object.key.clone());
                last_object.max(folders.last().cloned())
            })
        });
        let next = next.flatten().map(|key| format!("{AFTER_KEY}{key}"));
        Ok(ListingPage { folders, objects, next })
    }
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn folders(prefixes: Option<Vec<CommonPrefix>>, decode: bool) -> Vec<String> {
    prefixes.into_iter().flatten().filter_map(|it| it.prefix).map(|prefix| decoded(prefix, decode)).collect()
}

fn objects(contents: Option<Vec<Object>>, decode: bool) -> Vec<ObjectSummary> {
    let summary = |object: Object| {
        Some(ObjectSummary {
            key: decoded(object.key?, decode),
            size_bytes: object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            modified: object.last_modified.as_ref().and_then(timestamp),
            etag: object.e_tag.map(|etag| match etag.strip_prefix('"').and_then(|etag| etag.strip_suffix('"')) {
                Some(bare) => bare.to_owned(),
                None => etag,
            }),
            storage_class: object.storage_class.map(|class| class.as_str().to_owned()),
        })
    };
    contents.into_iter().flatten().filter_map(summary).collect()
}

/// Undoes the encoding of listings, which writes a blank as `+` (Amazon S3 API Reference, ListObjectsV2, EncodingType).
/// Most names need none, and a listing has a thousand of them.
pub(super) fn decoded(text: String, encoded: bool) -> String {
    if !encoded || !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return text;
    }
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("a+b%2Bc%20d/%C3%A9%01", true, "a b+c d/é\u{1}"; "encoded")]
    #[test_case("a+b%2Bc", false, "a+b%2Bc"; "as it is")]
    fn listed_names_are_decoded_only_where_they_were_encoded(listed: &str, decode: bool, key: &str) {
        assert_eq!(decoded(listed.to_owned(), decode), key);
    }
}
