//! Pages of listings, asked for ahead of their being read.

use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle};

use super::error::S3Error;
use super::list;
use super::store::Store;
use super::versions::{VersionsPage, list_object_versions};
use crate::domain::location::Location;
use crate::domain::object::{ListingPage, ObjectSummary};

/// So many pages are asked for before they are read.
const AHEAD: usize = 3;
/// So many objects wait to be taken, beside the pages.
const WAITING: usize = 64;

type Answer<P> = Result<P, S3Error>;

/// Why a page did not come.
#[derive(Debug, thiserror::Error)]
pub enum NoPage {
    /// The store refused, or was not there.
    #[error("{}", .0.sentence())]
    Store(#[from] S3Error),
    /// The reading ended early.
    #[error("The work broke off: {0}")]
    Broken(#[from] JoinError),
}

/// A page that was asked for.
#[derive(Debug)]
pub enum Asked<P> {
    /// It is being read.
    Coming(JoinHandle<Answer<P>>),
    /// It was read, to learn where the next one begins.
    There(Result<Answer<P>, JoinError>),
}

impl<P> Asked<P> {
    /// The page.
    ///
    /// # Errors
    /// It could not be read.
    pub async fn page(self) -> Result<P, NoPage> {
        let answer = match self {
            Self::Coming(page) => page.await,
            Self::There(page) => page,
        };
        Ok(answer??)
    }
}

/// Room for pages that were asked for, and the pages as they come.
#[must_use]
pub fn queue<P>() -> (mpsc::Sender<Asked<P>>, mpsc::Receiver<Asked<P>>) {
    mpsc::channel(AHEAD)
}

/// Asks for page after page of objects, each as soon as it is known where it begins: everything beneath (`deep`), or one
/// level.
pub async fn ask(store: Store, place: Location, deep: bool, pages: mpsc::Sender<Asked<ListingPage>>) {
    let delimiter = (!deep).then_some("/");
    let mut from = None;
    loop {
        let (tell, told) = oneshot::channel();
        let (asked, place, token) = (store.clone(), place.clone(), from.take());
        let coming = tokio::spawn(async move {
            list::list_page_ahead(&asked, &place.bucket, &place.path, delimiter, token.as_deref(), tell).await
        });
        let (page, next) = match told.await {
            Ok(next) => (Asked::Coming(coming), Some(next)),
            // It is not told ahead: the page itself says whether there is another.
            Err(_) => {
                let page = coming.await;
                let next = page.as_ref().ok().and_then(|page| page.as_ref().ok()?.next.clone());
                (Asked::There(page), next)
            }
        };
        // Nobody wants more where one of them failed.
        if pages.send(page).await.is_err() || next.is_none() {
            return;
        }
        from = next;
    }
}

/// Everything beneath a place, page by page.
#[must_use]
pub fn objects(store: &Store, place: &Location) -> mpsc::Receiver<Asked<ListingPage>> {
    let (send, pages) = queue();
    tokio::spawn(ask(store.clone(), place.clone(), true, send));
    pages
}

/// Everything beneath a place, one by one; the last one may be why there are no more.
#[must_use]
pub fn each_object(store: &Store, place: &Location) -> mpsc::Receiver<Result<ObjectSummary, NoPage>> {
    let (send, objects_of_pages) = mpsc::channel(WAITING);
    let mut pages = objects(store, place);
    tokio::spawn(async move {
        while let Some(page) = pages.recv().await {
            match page.page().await {
                Ok(page) => {
                    for object in page.objects {
                        if send.send(Ok(object)).await.is_err() {
                            return;
                        }
                    }
                }
                Err(error) => {
                    // Whoever asked has gone.
                    let _ = send.send(Err(error)).await;
                    return;
                }
            }
        }
    });
    objects_of_pages
}

/// All versions and markers beneath a place, or of one key alone (`only`), page by page.
#[must_use]
pub fn versions(store: &Store, place: &Location, only: bool) -> mpsc::Receiver<Asked<VersionsPage>> {
    let (send, pages) = queue();
    let (store, place) = (store.clone(), place.clone());
    tokio::spawn(async move {
        let mut after = None;
        loop {
            let mut page = list_object_versions(&store, &place.bucket, &place.path, after.as_ref()).await;
            after = page.as_mut().ok().and_then(|page| page.next.take());
            if let Ok(page) = &mut page
                && only
            {
                // The versions of a key come before those of longer ones.
                let found = page.versions.len();
                page.versions.retain(|version| version.key == place.path);
                after = after.filter(|_| page.versions.len() == found);
            }
            if send.send(Asked::There(Ok(page))).await.is_err() || after.is_none() {
                return;
            }
        }
    });
    pages
}
