//! Who gets into each bucket, asked in the background: the one answer behind badges, sidebar and the page of the audit.

use std::sync::Arc;

use tokio::sync::OnceCell;

use super::BrowseEvent;
use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::exposure::Audit;
use crate::domain::public_access::BlockPublicAccess;
use crate::model::browse::Audited;
use crate::s3;
use crate::s3::exposure::{account_block, audit};
use crate::store::since::since;

/// So many buckets are asked about at the same time.
const AT_ONCE: usize = 4;

/// Block Public Access of the account, asked by whoever needs it first.
pub(super) type Account = Arc<OnceCell<Option<BlockPublicAccess>>>;

/// Asks about the next buckets that wait, while few are being asked about.
pub(super) fn ask_next(core: &mut Core) {
    let (Some(store), Some(session)) = (core.store.clone(), &mut core.model.session) else { return };
    let connection = session.connection.id;
    let part = &mut core.parts.browse;
    while part.asking < AT_ONCE {
        let Some(bucket) = part.to_ask.pop_front() else { break };
        part.asking += 1;
        let (store, history, account) = (store.clone(), Arc::clone(&core.history), Arc::clone(&part.account));
        let asked = bucket.clone();
        let answer = move |bucket, audit, since, region| {
            let audited = Audited { audit, since };
            Event::Browse(BrowseEvent::Audited { connection, bucket, audited, region })
        };
        core.worker.job(
            async move {
                let region = Box::pin(s3::bucket::head_bucket(&store, &bucket)).await.ok().and_then(|head| head.region);
                let account = *account.get_or_init(|| Box::pin(account_block(&store))).await;
                let audit = Box::pin(audit(&store, &bucket, account)).await;
                let (of, found) = (bucket.clone(), audit.clone());
                // The history lies on the disk.
                let opened = tokio::task::spawn_blocking(move || since(&history, &[connection], &of, &found)).await;
                answer(bucket, audit, opened.ok().flatten(), region)
            },
            move |_| answer(asked, Audit::unknown("It could not be judged"), None, None),
        );
    }
    session.to_audit = part.to_ask.len() + part.asking;
}
