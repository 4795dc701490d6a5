//! Deleting: one object, many at once, and versions for good.

use std::collections::HashMap;

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use futures_util::{StreamExt as _, stream};

use super::again::{TRIES, again, wait_after};
use super::error::{Kind, S3Error, Thing, kind_of_code};
use super::store::Store;
use super::versions::Version;

/// Most objects in one request to delete (Amazon S3 API Reference, DeleteObjects).
pub const DELETE_BATCH: usize = 1000;
/// So many are deleted at once where the store takes no list.
const ONE_BY_ONE: usize = 16;

/// What is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Doomed<'a> {
    /// The key.
    pub key: &'a str,
    /// One version for good; without it what is seen under the key, which a bucket that keeps versions only hides.
    pub version_id: Option<&'a str>,
}

impl<'a> From<&'a String> for Doomed<'a> {
    fn from(key: &'a String) -> Self {
        Self { key, version_id: None }
    }
}

impl<'a> From<&'a Version> for Doomed<'a> {
    fn from(version: &'a Version) -> Self {
        Self { key: &version.key, version_id: version.id.as_deref() }
    }
}

/// Deletes one object. In a bucket that keeps versions it is hidden, not gone. That it was not there is no error.
///
/// # Errors
/// Whatever the store says.
pub async fn delete_object(store: &Store, bucket: &str, key: &str) -> Result<(), S3Error> {
    delete_one(store, bucket, Doomed { key, version_id: None }, None).await
}

/// As [`delete_object`], but only what has this `ETag`. Stores that know no such condition may delete all the same.
///
/// # Errors
/// [`Kind::PreconditionFailed`] where it is another one by now, and whatever else the store says.
pub async fn delete_object_if(store: &Store, bucket: &str, key: &str, etag: &str) -> Result<(), S3Error> {
    delete_one(store, bucket, Doomed { key, version_id: None }, Some(format!("\"{etag}\""))).await
}

async fn delete_one(store: &Store, bucket: &str, it: Doomed<'_>, if_match: Option<String>) -> Result<(), S3Error> {
    store
        .ask("DeleteObject", bucket, |client| {
            let call = client.delete_object().bucket(bucket).key(it.key);
            call.set_version_id(it.version_id.map(str::to_owned)).set_if_match(if_match.clone()).send()
        })
        .await
        .map(|_| ())
        .map_err(|error| error.about_key(it.key))
}

/// How a deletion of many went.
#[derive(Debug, Clone, Default)]
pub struct Deleted {
    /// Keys that are gone.
    pub deleted: Vec<String>,
    /// Keys that are still there, and why.
    pub failed: Vec<(String, S3Error)>,
}

/// Deletes many objects, a thousand with each request; one by one where the store knows no better.
///
/// # Errors
/// A request that failed as a whole before anything was deleted. Later ones are told key by key in [`Deleted::failed`].
pub async fn delete_objects(store: &Store, bucket: &str, keys: &[String]) -> Result<Deleted, S3Error> {
    let mut outcome = Deleted::default();
    for batch in keys.chunks(DELETE_BATCH) {
        let doomed: Vec<Doomed<'_>> = batch.iter().map(Doomed::from).collect();
        match delete_batch(store, bucket, &doomed).await {
            Ok(failed) => {
                let mut failed: HashMap<usize, S3Error> = failed.into_iter().collect();
                for (at, key) in batch.iter().enumerate() {
                    match failed.remove(&at) {
                        Some(error) => outcome.failed.push((key.clone(), error)),
                        None => outcome.deleted.push(key.clone()),
                    }
                }
            }
            Err(error) if outcome.deleted.is_empty() && outcome.failed.is_empty() => return Err(error),
            Err(error) => {
                outcome.failed.extend(batch.iter().map(|key| (key.clone(), error.clone().about_key(key))));
            }
        }
    }
    Ok(outcome)
}

/// Deletes versions and markers for good, at most [`DELETE_BATCH`]; gives those that are still there, each with why.
///
/// # Errors
/// The request failed as a whole.
pub async fn delete_versions(
    store: &Store,
    bucket: &str,
    versions: &[Version],
) -> Result<Vec<(String, S3Error)>, S3Error> {
    let doomed: Vec<Doomed<'_>> = versions.iter().map(Doomed::from).collect();
    let failed = delete_batch(store, bucket, &doomed).await?;
    Ok(failed.into_iter().filter_map(|(at, error)| Some((versions.get(at)?.key.clone(), error))).collect())
}

/// Deletes at most [`DELETE_BATCH`] with one request, what the store was too busy for with further ones; one by one where
/// the store takes no list. Gives those that are still there, by their place in `all`, each with why.
///
/// # Errors
/// The request failed as a whole, and nothing was deleted.
pub async fn delete_batch(store: &Store, bucket: &str, all: &[Doomed<'_>]) -> Result<Vec<(usize, S3Error)>, S3Error> {
    let mut failed = Vec::new();
    let mut left: Vec<usize> = (0..all.len()).collect();
    for tried in 1..=TRIES {
        let refused = match again(|| ask(store, bucket, all, &left)).await {
            Ok(refused) => refused,
            Err(error) if matches!(error.kind, Kind::NotOffered | Kind::BadDocument) => {
                failed.extend(one_by_one(store, bucket, all, &left).await);
                return Ok(failed);
            }
            Err(error) if tried == 1 => return Err(error),
            Err(error) => left.iter().map(|&at| (at, error.clone().about_key(all[at].key))).collect(),
        };
        let (passing, lasting): (Vec<_>, Vec<_>) =
            refused.into_iter().partition(|(_, error)| error.is_worth_retrying() && tried < TRIES);
        failed.extend(lasting);
        if passing.is_empty() {
            break;
        }
        left = passing.into_iter().map(|(at, _)| at).collect();
        tokio::time::sleep(wait_after(tried)).await;
    }
    Ok(failed)
}

/// One request for those of `all` that are `left`; gives those that the store names as failed.
async fn ask(
    store: &Store,
    bucket: &str,
    all: &[Doomed<'_>],
    left: &[usize],
) -> Result<Vec<(usize, S3Error)>, S3Error> {
    const OPERATION: &str = "DeleteObjects";
    let answer = store
        .ask_with(bucket, |client| async move {
            let identifier = |&at: &usize| {
                let it = &all[at];
                ObjectIdentifier::builder().key(it.key).set_version_id(it.version_id.map(str::to_owned)).build()
            };
            let delete = left
                .iter()
                .map(identifier)
                .collect::<Result<_, _>>()
                .and_then(|all| Delete::builder().set_objects(Some(all)).quiet(true).build())
                .map_err(|error| S3Error::new(OPERATION, Kind::BadRequest).caused_by(error))?;
            let answer = client.delete_objects().bucket(bucket).delete(delete).send().await;
            answer.map_err(|error| S3Error::from_sdk(OPERATION, error))
        })
        .await?;
    let mut failed = Vec::new();
    for refused in answer.errors() {
        let Some(key) = refused.key() else { continue };
        let (code, message) = (refused.code().unwrap_or_default(), refused.message().unwrap_or_default());
        let kind = kind_of_code(OPERATION, code, 400, message).unwrap_or(Kind::Other);
        if matches!(kind, Kind::NotThere(Thing::Object | Thing::Version)) {
            continue;
        }
        let error = S3Error::told(OPERATION, kind, code, message).about_bucket(bucket).about_key(key);
        // Where the store does not say which version, it may be any of that key.
        let version_id = refused.version_id().filter(|id| !id.is_empty());
        let is_meant = |it: &Doomed<'_>| it.key == key && (version_id.is_none() || it.version_id == version_id);
        failed.extend(left.iter().filter(|&&at| is_meant(&all[at])).map(|&at| (at, error.clone())));
    }
    Ok(failed)
}

async fn one_by_one(store: &Store, bucket: &str, all: &[Doomed<'_>], left: &[usize]) -> Vec<(usize, S3Error)> {
    let outcomes = stream::iter(left.iter().copied())
        .map(|at| async move { (at, again(|| delete_one(store, bucket, all[at], None)).await.err()) })
        .buffer_unordered(ONE_BY_ONE);
    let failed = |(at, error): (usize, Option<S3Error>)| Some((at, error?));
    let is_there = |(_, error): &(usize, S3Error)| !matches!(error.kind, Kind::NotThere(Thing::Version));
    outcomes.collect::<Vec<_>>().await.into_iter().filter_map(failed).filter(is_there).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::testing::{Canned, Server, serve};

    fn version(key: &str, id: &str) -> Version {
        Version {
            key: key.into(),
            id: Some(id.into()),
            size_bytes: 1,
            is_latest: true,
            is_marker: false,
            made: None,
            class: None,
        }
    }

    fn sent(server: &Server, at: usize) -> String {
        String::from_utf8_lossy(&server.requests()[at].body).into_owned()
    }

    #[tokio::test]
    async fn what_could_not_be_deleted_is_told_key_by_key() {
        let answer = "<DeleteResult><Error><Key>a</Key><VersionId>v1</VersionId><Code>AccessDenied</Code>\
            <Message>locked</Message></Error><Error><Key>b</Key><Code>NoSuchVersion</Code></Error></DeleteResult>";
        let server = serve(vec![Canned::xml(200, answer)]).await;
        let versions = [version("a", "v1"), version("a", "v2"), version("b", "v1")];
        let failed = delete_versions(&server.store().await, "b", &versions).await.unwrap();
        assert_eq!(failed.len(), 1);
        assert_eq!((failed[0].0.as_str(), failed[0].1.key.as_deref()), ("a", Some("a")));
        assert!(sent(&server, 0).contains("<VersionId>v1</VersionId>"), "{}", sent(&server, 0));
    }

    #[tokio::test]
    async fn where_the_store_does_not_say_which_version_it_may_be_any() {
        let answer = "<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code></Error></DeleteResult>";
        let server = serve(vec![Canned::xml(200, answer)]).await;
        let versions = [version("a", "v1"), version("a", "v2"), version("b", "v1")];
        let failed = delete_versions(&server.store().await, "b", &versions).await.unwrap();
        assert_eq!(failed.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["a", "a"]);
    }

    #[tokio::test]
    async fn only_what_the_store_was_too_busy_for_is_asked_again() {
        let busy = "<DeleteResult><Error><Key>b</Key><Code>InternalError</Code></Error>\
            <Error><Key>c</Key><Code>SlowDown</Code></Error><Error><Key>d</Key><Code>AccessDenied</Code></Error></DeleteResult>";
        let server = serve(vec![Canned::xml(200, busy), Canned::xml(200, "<DeleteResult></DeleteResult>")]).await;
        let keys = ["a", "b", "c", "d"].map(str::to_owned);
        let outcome = delete_objects(&server.store().await, "x", &keys).await.unwrap();
        assert_eq!(outcome.deleted, ["a", "b", "c"]);
        assert_eq!(outcome.failed.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["d"]);
        let second = sent(&server, 1);
        assert_eq!(second.matches("<Key>").count(), 2, "{second}");
        assert!(second.contains("<Key>b</Key>") && second.contains("<Key>c</Key>"), "{second}");
    }

    #[tokio::test]
    async fn a_store_that_takes_no_list_is_asked_one_by_one() {
        let lacks = "<Error><Code>NotImplemented</Code></Error>";
        let server = serve(vec![Canned::xml(501, lacks), Canned::empty(204)]).await;
        let keys = ["a b", "c"].map(str::to_owned);
        let outcome = delete_objects(&server.store().await, "x", &keys).await.unwrap();
        assert_eq!((outcome.deleted.len(), outcome.failed.len()), (2, 0));
        let mut asked: Vec<_> = server.requests()[1..].iter().map(|it| it.path_and_query.clone()).collect();
        asked.sort();
        assert!(asked[0].starts_with("/x/a%20b?") && asked[1].starts_with("/x/c?"), "{asked:?}");
    }
}
