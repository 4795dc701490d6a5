//! Deleting: one object, many at once, and versions for good.

use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use super::error::{Kind, S3Error, Thing, kind_of_code};
use super::store::Store;
use super::versions::Version;

/// Most objects in one request to delete (Amazon S3 API Reference, DeleteObjects).
pub const DELETE_BATCH: usize = 1000;

/// Deletes one object. In a bucket that keeps versions it is hidden, not gone. That it was not there is no error.
///
/// # Errors
/// Whatever the store says.
pub async fn delete_object(store: &Store, bucket: &str, key: &str) -> Result<(), S3Error> {
    store
        .ask("DeleteObject", bucket, |client| client.delete_object().bucket(bucket).key(key).send())
        .await
        .map(|_| ())
        .map_err(|error| error.about_key(key))
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
        match delete_batch(store, bucket, batch, &mut outcome).await {
            Ok(()) => {}
            Err(error) if matches!(error.kind, Kind::NotOffered | Kind::BadDocument) => {
                for key in batch {
                    match delete_object(store, bucket, key).await {
                        Ok(()) => outcome.deleted.push(key.clone()),
                        Err(error) => outcome.failed.push((key.clone(), error)),
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

async fn delete_batch(store: &Store, bucket: &str, keys: &[String], outcome: &mut Deleted) -> Result<(), S3Error> {
    const OPERATION: &str = "DeleteObjects";
    let identifiers = keys.iter().map(|key| ObjectIdentifier::builder().key(key).build()).collect::<Result<_, _>>();
    let delete = identifiers
        .and_then(|keys| Delete::builder().set_objects(Some(keys)).quiet(true).build())
        .map_err(|error| S3Error::new(OPERATION, Kind::BadRequest).caused_by(error))?;
    let answer = store
        .ask(OPERATION, bucket, |client| client.delete_objects().bucket(bucket).delete(delete.clone()).send())
        .await?;
    let mut failed = std::collections::HashSet::new();
    for refused in answer.errors() {
        let Some(key) = refused.key() else { continue };
        let code = refused.code().unwrap_or_default();
        let message = refused.message().unwrap_or_default();
        let kind = kind_of_code(OPERATION, code, 400, message).unwrap_or(Kind::Other);
        if kind == Kind::NotThere(Thing::Object) {
            continue;
        }
        failed.insert(key.to_owned());
        let error = S3Error::told(OPERATION, kind, code, message).about_bucket(bucket).about_key(key);
        outcome.failed.push((key.to_owned(), error));
    }
    outcome.deleted.extend(keys.iter().filter(|key| !failed.contains(*key)).cloned());
    Ok(())
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
    const OPERATION: &str = "DeleteObjects";
    let identifiers = versions
        .iter()
        .map(|it| ObjectIdentifier::builder().key(&it.key).set_version_id(it.id.clone()).build())
        .collect::<Result<_, _>>();
    let delete = identifiers
        .and_then(|all| Delete::builder().set_objects(Some(all)).quiet(true).build())
        .map_err(|error| S3Error::new(OPERATION, Kind::BadRequest).caused_by(error))?;
    let answer = store
        .ask(OPERATION, bucket, |client| client.delete_objects().bucket(bucket).delete(delete.clone()).send())
        .await;
    match answer {
        Ok(answer) => Ok(answer.errors().iter().filter_map(|refused| told(bucket, refused)).collect()),
        Err(error) if matches!(error.kind, Kind::NotOffered | Kind::BadDocument) => {
            one_by_one(store, bucket, versions).await
        }
        Err(error) => Err(error),
    }
}

fn told(bucket: &str, refused: &aws_sdk_s3::types::Error) -> Option<(String, S3Error)> {
    const OPERATION: &str = "DeleteObjects";
    let key = refused.key()?;
    let (code, message) = (refused.code().unwrap_or_default(), refused.message().unwrap_or_default());
    let kind = kind_of_code(OPERATION, code, 400, message).unwrap_or(Kind::Other);
    if matches!(kind, Kind::NotThere(Thing::Object | Thing::Version)) {
        return None;
    }
    let error = S3Error::told(OPERATION, kind, code, message).about_bucket(bucket).about_key(key);
    Some((key.to_owned(), error))
}

async fn one_by_one(store: &Store, bucket: &str, versions: &[Version]) -> Result<Vec<(String, S3Error)>, S3Error> {
    let mut failed = Vec::new();
    for it in versions {
        let answer = store
            .ask("DeleteObject", bucket, |client| {
                client.delete_object().bucket(bucket).key(&it.key).set_version_id(it.id.clone()).send()
            })
            .await;
        if let Err(error) = answer {
            failed.push((it.key.clone(), error.about_key(&it.key)));
        }
    }
    Ok(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::s3::testing::{Canned, serve};

    #[tokio::test]
    async fn what_could_not_be_deleted_is_told_key_by_key() {
        let answer = "<DeleteResult><Error><Key>a</Key><VersionId>v1</VersionId><Code>AccessDenied</Code>\
            <Message>locked</Message></Error><Error><Key>b</Key><Code>NoSuchVersion</Code></Error></DeleteResult>";
        let server = serve(vec![Canned::xml(200, answer)]).await;
        let version = |key: &str| Version {
            key: key.into(),
            id: Some("v1".into()),
            size_bytes: 1,
            is_latest: true,
            is_marker: false,
            made: None,
            class: None,
        };
        let failed = delete_versions(&server.store().await, "b", &[version("a"), version("b")]).await.unwrap();
        assert_eq!(failed.len(), 1);
        assert_eq!((failed[0].0.as_str(), failed[0].1.key.as_deref()), ("a", Some("a")));
        let sent = String::from_utf8_lossy(&server.requests()[0].body).into_owned();
        assert!(sent.contains("<VersionId>v1</VersionId>"), "{sent}");
    }
}
