//! Everything that a bucket holds, old versions and unfinished uploads included.

use aws_sdk_s3::types::EncodingType;
use jiff::Timestamp;

use super::error::{Kind, S3Error};
use super::list::decoded;
use super::store::{Family, Store};
use super::time::timestamp;

/// One version of an object, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The key.
    pub key: String,
    /// `null` where the bucket kept no versions when it was written.
    pub id: Option<String>,
    /// Bytes; none for a marker.
    pub size_bytes: u64,
    /// Whether it is what one sees.
    pub is_latest: bool,
    /// Whether it only hides what is below it.
    pub is_marker: bool,
    /// When it was made.
    pub made: Option<Timestamp>,
    /// As the store names it; absent means standard.
    pub class: Option<String>,
}

/// Where a listing of versions goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionsMarker {
    key: Option<String>,
    id: Option<String>,
}

/// One page of versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionsPage {
    /// Versions and markers.
    pub versions: Vec<Version>,
    /// Where it goes on; `None` at the end.
    pub next: Option<VersionsMarker>,
}

/// A page of all versions and delete markers under a prefix: by key, the newest of each first. `after` is the `next` of
/// the page before.
///
/// # Errors
/// Whatever the store says; [`Kind::NotOffered`] where it keeps no versions at all.
pub async fn list_object_versions(
    store: &Store,
    bucket: &str,
    prefix: &str,
    after: Option<&VersionsMarker>,
) -> Result<VersionsPage, S3Error> {
    let after = after.cloned().unwrap_or_default();
    let page = store
        .ask("ListObjectVersions", bucket, |client| {
            client
                .list_object_versions()
                .bucket(bucket)
                .set_prefix((!prefix.is_empty()).then(|| prefix.to_owned()))
                .encoding_type(EncodingType::Url)
                .set_key_marker(after.key.clone())
                .set_version_id_marker(after.id.clone())
                .send()
        })
        .await?;
    let encoded = page.encoding_type() == Some(&EncodingType::Url);
    let mut versions: Vec<Version> = page
        .versions()
        .iter()
        .filter_map(|it| {
            Some(Version {
                key: decoded(it.key()?.to_owned(), encoded),
                id: it.version_id().map(str::to_owned),
                size_bytes: it.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
                is_latest: it.is_latest().unwrap_or(true),
                is_marker: false,
                made: it.last_modified().and_then(timestamp),
                class: it.storage_class().map(|class| class.as_str().to_owned()),
            })
        })
        .collect();
    versions.extend(page.delete_markers().iter().filter_map(|it| {
        Some(Version {
            key: decoded(it.key()?.to_owned(), encoded),
            id: it.version_id().map(str::to_owned),
            size_bytes: 0,
            is_latest: it.is_latest().unwrap_or(false),
            is_marker: true,
            made: it.last_modified().and_then(timestamp),
            class: None,
        })
    }));
    // The SDK gives versions and markers apart. Each by itself is in order, which a stable sort keeps.
    versions.sort_by(|one, two| {
        let newest_first = (two.is_latest, two.made).cmp(&(one.is_latest, one.made));
        one.key.cmp(&two.key).then(newest_first)
    });
    let more = page.is_truncated().unwrap_or(false);
    let next = page.next_key_marker().map(|key| VersionsMarker {
        key: Some(decoded(key.to_owned(), encoded)),
        id: page.next_version_id_marker().map(str::to_owned).filter(|id| !id.is_empty()),
    });
    Ok(VersionsPage { versions, next: next.filter(|next| more && *next != after) })
}

/// An upload in parts that was begun and not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnfinishedUpload {
    /// The key it is for.
    pub key: String,
    /// The store's name of it.
    pub upload_id: String,
    /// When it was begun.
    pub begun: Option<Timestamp>,
}

/// Where a listing of unfinished uploads goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UploadsMarker {
    key: Option<String>,
    id: Option<String>,
}

/// A page of the unfinished uploads of a bucket, and where it goes on; `after` is that of the page before.
///
/// # Errors
/// Whatever the store says.
pub async fn list_multipart_uploads(
    store: &Store,
    bucket: &str,
    prefix: Option<&str>,
    after: Option<&UploadsMarker>,
) -> Result<(Vec<UnfinishedUpload>, Option<UploadsMarker>), S3Error> {
    let after = after.cloned().unwrap_or_default();
    let ask = async |encoded: bool| {
        let answer = store.ask("ListMultipartUploads", bucket, |client| {
            client
                .list_multipart_uploads()
                .bucket(bucket)
                .set_encoding_type(encoded.then_some(EncodingType::Url))
                .set_prefix(prefix.map(str::to_owned))
                .set_key_marker(after.key.clone())
                .set_upload_id_marker(after.id.clone())
                .send()
        });
        answer.await
    };
    // Ceph encodes the keys and does not say so: an upload would be called off that is not there. Without the encoding
    // only characters that XML lacks are lost.
    let encoded = store.info().family != Family::Other;
    let page = match ask(encoded).await {
        Err(error) if !encoded && error.kind == Kind::NotS3 && error.http_status == Some(200) => ask(true).await?,
        answer => answer?,
    };
    let encoded = page.encoding_type() == Some(&EncodingType::Url);
    let upload = |it: &aws_sdk_s3::types::MultipartUpload| {
        Some(UnfinishedUpload {
            key: decoded(it.key()?.to_owned(), encoded),
            upload_id: it.upload_id()?.to_owned(),
            begun: it.initiated().and_then(timestamp),
        })
    };
    let found = page.uploads().iter().filter_map(upload).collect();
    let next = page.next_key_marker().map(|key| UploadsMarker {
        key: Some(decoded(key.to_owned(), encoded)),
        id: page.next_upload_id_marker().map(str::to_owned),
    });
    Ok((found, next.filter(|next| page.is_truncated().unwrap_or(false) && *next != after)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::testing::{Canned, serve};

    #[tokio::test]
    async fn versions_and_markers_come_page_by_page() {
        let first = "<ListVersionsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>\
            <NextKeyMarker>a+b%2B</NextKeyMarker><NextVersionIdMarker>v1</NextVersionIdMarker>\
            <Version><Key>a+b%2B</Key><VersionId>v1</VersionId><IsLatest>false</IsLatest><Size>7</Size>\
            <LastModified>2026-03-02T10:00:00.000Z</LastModified><StorageClass>GLACIER</StorageClass></Version>\
            <DeleteMarker><Key>a+b%2B</Key><VersionId>v2</VersionId><IsLatest>true</IsLatest></DeleteMarker>\
            </ListVersionsResult>";
        let last = "<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>";
        let server = serve(vec![Canned::xml(200, first), Canned::xml(200, last)]).await;
        let store = server.store().await;
        let page = list_object_versions(&store, "b", "", None).await.unwrap();
        let named: Vec<_> =
            page.versions.iter().map(|it| (it.key.as_str(), it.id.as_deref(), it.size_bytes, it.is_marker)).collect();
        assert_eq!(named, [("a b+", Some("v2"), 0, true), ("a b+", Some("v1"), 7, false)], "the newest first");
        let version = &page.versions[1];
        assert_eq!((version.made, version.class.as_deref()), ("2026-03-02T10:00:00Z".parse().ok(), Some("GLACIER")));
        let rest = list_object_versions(&store, "b", "", page.next.as_ref()).await.unwrap();
        assert_eq!(rest, VersionsPage::default());
        let asked = server.requests().pop().unwrap().path_and_query;
        assert!(asked.contains("key-marker=a%20b%2B") && asked.contains("version-id-marker=v1"), "{asked}");
    }

    #[tokio::test]
    async fn unfinished_uploads_are_found() {
        let answer = "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload><Key>k</Key>\
            <UploadId>u</UploadId><Initiated>2026-03-02T10:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>";
        let server = serve(vec![Canned::xml(200, answer)]).await;
        let (found, next) = list_multipart_uploads(&server.store().await, "b", None, None).await.unwrap();
        let begun = "2026-03-02T10:00:00Z".parse().ok();
        assert_eq!(found, [UnfinishedUpload { key: "k".into(), upload_id: "u".into(), begun }]);
        assert_eq!(next, None);
    }
}
