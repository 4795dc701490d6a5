//! Everything that a bucket holds, page by page, in a run that can be stopped and tells how far it is.

use std::sync::Arc;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::app::core::Core;
use crate::s3;
use crate::s3::error::{Kind, S3Error};
use crate::s3::store::Store;
use crate::s3::versions::{self, UnfinishedUpload, UploadsMarker, Version, VersionsMarker};
use crate::worker::WakeSlot;

/// A run that can be stopped and tells how far it is.
pub(super) struct Run<P> {
    pub(super) stop: CancellationToken,
    tell: watch::Sender<P>,
    wake: Arc<WakeSlot>,
}

impl<P> Run<P> {
    /// With where its progress is heard.
    pub(super) fn new(core: &Core, begin: P) -> (Self, watch::Receiver<P>) {
        let (tell, listen) = watch::channel(begin);
        (Self { stop: CancellationToken::new(), tell, wake: core.worker.wake_slot() }, listen)
    }

    pub(super) fn tell(&self, progress: P) {
        self.tell.send_replace(progress);
        self.wake.wake();
    }
}

/// Pages of versions; where a store keeps none, pages of objects.
pub(super) struct Versions<'a> {
    store: &'a Store,
    bucket: &'a str,
    prefix: &'a str,
    at: At,
}

enum At {
    Versions(Option<VersionsMarker>),
    Objects(Option<String>),
    End,
}

impl<'a> Versions<'a> {
    pub(super) fn new(store: &'a Store, bucket: &'a str, prefix: &'a str) -> Self {
        Self { store, bucket, prefix, at: At::Versions(None) }
    }

    pub(super) async fn next(&mut self) -> Result<Option<Vec<Version>>, S3Error> {
        match &self.at {
            At::End => return Ok(None),
            At::Versions(after) => {
                let page = versions::list_object_versions(self.store, self.bucket, self.prefix, after.as_ref()).await;
                match page {
                    Ok(page) => {
                        self.at = page.next.map_or(At::End, |next| At::Versions(Some(next)));
                        return Ok(Some(page.versions));
                    }
                    Err(error) if after.is_none() && has_no_versions(&error) => self.at = At::Objects(None),
                    Err(error) => return Err(error),
                }
            }
            At::Objects(_) => {}
        }
        let At::Objects(token) = &self.at else { return Ok(None) };
        let page = s3::list::list_page(self.store, self.bucket, self.prefix, None, token.as_deref(), None).await?;
        self.at = page.next.map_or(At::End, |next| At::Objects(Some(next)));
        let version = |object: crate::domain::object::ObjectSummary| Version {
            key: object.key,
            id: None,
            size_bytes: object.size_bytes,
            is_latest: true,
            is_marker: false,
            made: object.modified,
            class: object.storage_class,
        };
        Ok(Some(page.objects.into_iter().map(version).collect()))
    }
}

/// Pages of unfinished uploads. Stores that keep no list of them have none to show.
pub(super) struct Uploads<'a> {
    store: &'a Store,
    bucket: &'a str,
    /// `None` at the end.
    after: Option<Option<UploadsMarker>>,
}

impl<'a> Uploads<'a> {
    pub(super) fn new(store: &'a Store, bucket: &'a str) -> Self {
        Self { store, bucket, after: Some(None) }
    }

    pub(super) async fn next(&mut self) -> Result<Option<Vec<UnfinishedUpload>>, S3Error> {
        let Some(after) = self.after.take() else { return Ok(None) };
        match versions::list_multipart_uploads(self.store, self.bucket, None, after.as_ref()).await {
            Ok((uploads, next)) => {
                self.after = next.map(Some);
                Ok(Some(uploads))
            }
            Err(error) if has_no_versions(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The store has no such question, or takes it for another one.
fn has_no_versions(error: &S3Error) -> bool {
    error.kind == Kind::NotOffered || (error.kind == Kind::NotS3 && error.http_status == Some(200))
}
