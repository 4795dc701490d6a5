//! Counting, while a review is looked at, how many files it opens to strangers.

use crate::app::core::Core;
use crate::model::Trouble;
use crate::model::permissions::files::{Counter, Files};
use crate::model::permissions::review::Review;
use crate::s3;
use crate::s3::error::S3Error;
use crate::s3::store::Store;
use crate::worker::Request;

/// Starts counting for a review that opens.
pub(super) fn count(core: &mut Core, review: &Review) {
    core.model.permissions.files = Request::Idle;
    let partition = super::context(core, &review.key).partition;
    let (Some(store), Some(counter)) = (core.store.clone(), Counter::new(review, partition)) else { return };
    let bucket = review.key.bucket.clone();
    core.model.permissions.files =
        core.worker.ask(async move { listed(&store, &bucket, counter).await.map_err(Trouble::from) });
}

async fn listed(store: &Store, bucket: &str, mut counter: Counter) -> Result<Files, S3Error> {
    for prefix in counter.prefixes() {
        let mut token = None;
        loop {
            if counter.is_full() {
                return Ok(counter.finish(false));
            }
            let page = s3::list::list_page(store, bucket, &prefix, None, token.as_deref(), None).await?;
            page.objects.iter().for_each(|object| counter.add(&object.key));
            token = page.next;
            if token.is_none() {
                break;
            }
        }
    }
    Ok(counter.finish(true))
}
