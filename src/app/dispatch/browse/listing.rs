use tokio_util::sync::CancellationToken;

use super::{BrowseEvent, report};
use crate::app::core::Core;
use crate::domain::object::ListingPage;
use crate::model::Trouble;
use crate::model::browse::ListingState;
use crate::s3;

/// A listing stops here and waits to be asked for more: enough for a large folder, bounded for a huge one.
const READ_AT_ONCE: usize = 20_000;

/// Reads the place from its beginning.
pub(super) fn begin(core: &mut Core) {
    read(core, None);
}

/// Reads on where the listing stopped.
pub(super) fn more(core: &mut Core) {
    let Some(session) = &core.model.session else { return };
    if let ListingState::More(token) = &session.listing.state {
        let token = token.clone();
        read(core, Some(token));
    }
}

fn read(core: &mut Core, from: Option<String>) {
    core.parts.browse.listing.cancel();
    let (Some(store), Some(session)) = (core.store.clone(), &mut core.model.session) else { return };
    let Some(place) = session.place.clone() else { return };
    core.parts.generation += 1;
    let generation = core.parts.generation;
    session.listing.generation = generation;
    session.listing.restarting = from.is_none();
    session.listing.coming = None;
    session.listing.state = ListingState::Loading;
    let stop = CancellationToken::new();
    core.parts.browse.listing = stop.clone();
    let inbox = core.worker.inbox();
    let work = async move {
        let mut token = from;
        let mut read = 0;
        loop {
            let page = s3::list::list_page(&store, &place.bucket, &place.prefix, Some("/"), token.as_deref(), None);
            let page = tokio::select! {
                () = stop.cancelled() => return BrowseEvent::ListingEnded { generation, state: ListingState::Empty },
                page = page => page,
            };
            match page {
                Ok(page) => {
                    read += page.objects.len() + page.folders.len();
                    token.clone_from(&page.next);
                    report(&inbox, BrowseEvent::Page { generation, page });
                }
                Err(error) => {
                    let state = ListingState::Failed(Trouble::from(error));
                    return BrowseEvent::ListingEnded { generation, state };
                }
            }
            let state = match &token {
                None => ListingState::Complete,
                Some(next) if read >= READ_AT_ONCE => ListingState::More(next.clone()),
                Some(_) => continue,
            };
            return BrowseEvent::ListingEnded { generation, state };
        }
    };
    core.worker.job(async move { crate::app::event::Event::Browse(work.await) }, move |text| {
        let state = ListingState::Failed(<Trouble as crate::worker::Crashed>::crashed(text));
        crate::app::event::Event::Browse(BrowseEvent::ListingEnded { generation, state })
    });
}

/// Takes a page in, unless it belongs to a place one has left.
pub(super) fn page(core: &mut Core, generation: u64, page: ListingPage) {
    let Some(session) = &mut core.model.session else { return };
    if session.listing.generation != generation {
        return;
    }
    session.listing.add(page);
    crate::app::dispatch::gallery::listing_changed(core);
}

/// Takes the end of a listing in.
pub(super) fn ended(core: &mut Core, generation: u64, state: ListingState) {
    let Some(session) = &mut core.model.session else { return };
    if session.listing.generation == generation {
        session.listing.finish(state);
        crate::app::dispatch::gallery::listing_changed(core);
    }
}
