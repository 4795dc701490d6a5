//! The file itself: what lies under the key, and what may be meant where nothing does.

use futures_util::future::join_all;

use super::{Timed, answered, refused, timed};
use crate::domain::check::near::{guesses, is_like};
use crate::domain::check::{Asked, FolderCount, ObjectFound, Read, Spot, VersionFound};
use crate::domain::media_type::HEAD_BYTES;
use crate::domain::object::ObjectDetails;
use crate::s3::error::{Kind, S3Error};
use crate::s3::list::list_page;
use crate::s3::object::{get_object, head_object_version};
use crate::s3::store::Store;
use crate::s3::versions::list_object_versions;

/// So many folders that may be meant are looked into, on each level.
const FOLDERS: usize = 3;
/// Keys lie in so many folders at most; what is deeper is not searched.
const LEVELS: usize = 8;

/// All that is known of the file.
pub(super) struct Found {
    pub(super) object: Read<ObjectFound>,
    pub(super) versions: Read<Vec<VersionFound>>,
    pub(super) near: Read<Vec<String>>,
    pub(super) folder: Read<FolderCount>,
}

pub(super) async fn look(store: &Store, spot: &Spot, version: Option<&str>) -> Found {
    let Timed { answer, asked } =
        timed("HeadObject", head_object_version(store, &spot.bucket, &spot.key, version)).await;
    let nothing =
        Found { object: Read::NotAsked, versions: Read::NotAsked, near: Read::NotAsked, folder: Read::NotAsked };
    match answer {
        Ok(details) => {
            let folder = Box::pin(count(store, spot)).await;
            let object = Read::Known { value: ObjectFound::Present(Box::new(details)), asked: answered(asked, 200) };
            Found { object, folder, ..nothing }
        }
        Err(error) if is_absent(&error) => {
            let versions = Box::pin(versions(store, spot)).await;
            let marker = versions.known().and_then(|all| all.iter().find(|it| it.is_marker && it.is_latest)).cloned();
            let near = match marker {
                Some(_) => Read::NotAsked,
                None => Box::pin(near(store, spot)).await,
            };
            let asked = Asked { status: error.http_status, code: error.code.clone(), ..asked };
            let value = match marker {
                Some(marker) if version.is_none() => ObjectFound::Deleted { marker: marker.id },
                Some(_) | None => ObjectFound::Missing,
            };
            Found { object: Read::Known { value, asked }, versions, near, ..nothing }
        }
        // What is encrypted with a key of the customer's own is not even described without it (Amazon S3 User Guide,
        // "Using server-side encryption with customer-provided keys").
        Err(error) if error.http_status == Some(400) && error.kind == Kind::BadRequest => {
            let asked = Asked { status: error.http_status, code: error.code.clone(), ..asked };
            Found { object: Read::Known { value: ObjectFound::CustomerKey, asked }, ..nothing }
        }
        Err(error) => {
            let listed = if version.is_none() { Box::pin(listed(store, spot)).await } else { None };
            let object = listed.unwrap_or_else(|| refused(&asked, &error));
            Found { object, ..nothing }
        }
    }
}

/// What may not be looked at may still stand in a listing: then it is there.
async fn listed(store: &Store, spot: &Spot) -> Option<Read<ObjectFound>> {
    let page = timed("ListObjectsV2", list_page(store, &spot.bucket, &spot.key, None, None, Some(1)));
    let Timed { answer, asked } = page.await;
    let found = answer.ok()?.objects.into_iter().find(|object| object.key == spot.key)?;
    let details = ObjectDetails {
        key: found.key,
        size_bytes: found.size_bytes,
        modified: found.modified,
        etag: found.etag,
        storage_class: found.storage_class,
        ..ObjectDetails::default()
    };
    Some(Read::Known { value: ObjectFound::Present(Box::new(details)), asked: answered(asked, 200) })
}

/// Nothing is there, or a delete marker is: that answers 404, and 405 where its version is named.
fn is_absent(error: &S3Error) -> bool {
    matches!(error.kind, Kind::NotThere(_)) || error.http_status == Some(405)
}

/// The first bytes, read with sign-in.
pub(super) async fn head(store: &Store, spot: &Spot) -> Read<Vec<u8>> {
    let most = HEAD_BYTES as u64;
    let question = timed("GetObject", get_object(store, &spot.bucket, &spot.key, Some(0..most), most));
    let Timed { answer, asked } = question.await;
    match answer {
        Ok(bytes) => Read::Known { value: bytes.to_vec(), asked: answered(asked, 206) },
        Err(error) => refused(&asked, &error),
    }
}

async fn versions(store: &Store, spot: &Spot) -> Read<Vec<VersionFound>> {
    let listed = timed("ListObjectVersions", list_object_versions(store, &spot.bucket, &spot.key, None));
    let Timed { answer, asked } = listed.await;
    match answer {
        Ok(page) => {
            let own = page.versions.into_iter().filter(|version| version.key == spot.key);
            let value = own.map(|it| VersionFound {
                id: it.id,
                is_marker: it.is_marker,
                is_latest: it.is_latest,
                size_bytes: it.size_bytes,
                made: it.made,
            });
            Read::Known { value: value.collect(), asked: answered(asked, 200) }
        }
        Err(error) if error.kind == Kind::NotOffered => Read::NotOffered(None),
        Err(error) => refused(&asked, &error),
    }
}

/// Keys that may be meant: the guesses that are there, and what lies in folders of a like name.
async fn near(store: &Store, spot: &Spot) -> Read<Vec<String>> {
    let searched = timed("ListObjectsV2", search(store, spot));
    let guessed = join_all(guesses(&spot.bucket, &spot.key).into_iter().map(|guess| async move {
        head_object_version(store, &spot.bucket, &guess, None).await.is_ok().then_some(guess)
    }));
    let (Timed { answer, asked }, guessed) = tokio::join!(searched, Box::pin(guessed));
    let guessed: Vec<String> = guessed.into_iter().flatten().collect();
    match answer {
        Ok(found) => Read::Known { value: guessed.into_iter().chain(found).collect(), asked: answered(asked, 200) },
        Err(_) if !guessed.is_empty() => Read::Known { value: guessed, asked },
        Err(error) => refused(&asked, &error),
    }
}

/// Goes down the folders of the key, and those that are like them, one page each.
async fn search(store: &Store, spot: &Spot) -> Result<Vec<String>, S3Error> {
    let key = spot.key.trim_start_matches('/');
    let parts: Vec<&str> = key.split('/').filter(|part| !part.is_empty()).collect();
    let (folders, _) = parts.split_at(parts.len().saturating_sub(1));
    let mut prefixes = vec![String::new()];
    for folder in folders.iter().take(LEVELS) {
        let mut next: Vec<String> = Vec::new();
        for prefix in &prefixes {
            let page = list_page(store, &spot.bucket, prefix, Some("/"), None, None).await?;
            let name =
                |path: &str| path.strip_prefix(prefix.as_str()).map(|name| name.trim_end_matches('/').to_owned());
            next.extend(page.folders.into_iter().filter(|path| name(path).is_some_and(|name| is_like(&name, folder))));
        }
        // The very folder first.
        next.sort_by_key(|path| path.trim_end_matches('/').rsplit('/').next() != Some(folder));
        next.truncate(FOLDERS);
        prefixes = next;
    }
    let mut found = Vec::new();
    for prefix in &prefixes {
        let page = list_page(store, &spot.bucket, prefix, Some("/"), None, None).await?;
        found.extend(page.objects.into_iter().map(|object| object.key));
    }
    Ok(found)
}

/// How many files lie in the folder, as far as one page tells.
async fn count(store: &Store, spot: &Spot) -> Read<FolderCount> {
    let folder = spot.key.rfind('/').map_or("", |at| &spot.key[..=at]);
    let Timed { answer, asked } =
        timed("ListObjectsV2", list_page(store, &spot.bucket, folder, None, None, None)).await;
    match answer {
        Ok(page) => {
            let value = FolderCount { files: page.objects.len() as u64, more: page.next.is_some() };
            Read::Known { value, asked: answered(asked, 200) }
        }
        Err(error) => refused(&asked, &error),
    }
}
