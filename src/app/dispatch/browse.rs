//! The open connection: reaching it, its buckets, moving about, and reading what is there.

mod exposure;
mod listing;

use std::collections::VecDeque;
use std::future::Future;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::bucket::Exposure;
use crate::domain::connection::{Connection, ConnectionId, SignIn, Target};
use crate::domain::object::ListingPage;
use crate::model::Trouble;
use crate::model::browse::{Audited, Listing, ListingState, Place, Session};
use crate::model::bucket_settings::BucketSettingsCommand;
use crate::model::command::{BrowseCommand, Screen, Tab};
use crate::model::connection_page::ConnectionPageModel;
use crate::model::permissions::PermissionsCommand;
use crate::model::trouble::WayOut;
use crate::practice;
use crate::s3;
use crate::s3::store::Store;
use crate::worker::{Inbox, Request};

/// At most this many places are remembered to go back to.
const HISTORY: usize = 100;

/// What opening a connection brings.
pub struct Opened {
    /// The way to the store.
    pub store: Store,
    /// Practice storage, if it was started for this.
    pub practice: Option<Arc<practice::Server>>,
}

/// What this part keeps for itself.
#[derive(Default)]
pub struct BrowsePart {
    opening: Request<Opened, Trouble>,
    listing: CancellationToken,
    /// Buckets about which it is still to be asked who gets in, a few at a time.
    to_ask: VecDeque<String>,
    asking: usize,
    /// What holds for all of them, asked once for each round.
    account: exposure::Account,
    /// Where to go once the connection is open.
    pub(super) then_go: Option<Place>,
}

/// What the background reports about the open connection.
#[derive(Debug)]
pub enum BrowseEvent {
    /// One page of a listing.
    Page {
        /// Which listing it belongs to.
        generation: u64,
        /// The page.
        page: ListingPage,
    },
    /// A listing came to its end, a stop or a failure.
    ListingEnded {
        /// Which listing.
        generation: u64,
        /// How.
        state: ListingState,
    },
    /// Who gets into a bucket.
    Audited {
        /// Of which connection.
        connection: ConnectionId,
        /// Which bucket.
        bucket: String,
        /// The answer.
        audited: Audited,
        /// Where it lies, if that came with it.
        region: Option<String>,
    },
}

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: BrowseCommand) {
    match command {
        BrowseCommand::Open(id) => open(core, id, None),
        BrowseCommand::Leave => leave(core),
        BrowseCommand::Go(place) => go(core, &place),
        BrowseCommand::Back => back(core),
        BrowseCommand::Forward => forward(core),
        BrowseCommand::Up => {
            let above = core.model.session.as_ref().and_then(|session| session.place.as_ref()?.up());
            if let Some(place) = above {
                go(core, &place);
            }
        }
        BrowseCommand::Refresh => {
            refresh(core);
            match core.model.session.as_ref().map(|session| session.tab) {
                None | Some(Tab::Gallery) => {}
                Some(Tab::Permissions) => super::permissions::dispatch(core, PermissionsCommand::Read),
                Some(Tab::Settings) => super::bucket_settings::dispatch(core, BucketSettingsCommand::Read),
                Some(Tab::Check) => super::check::again(core),
            }
            ask_exposure_of_here(core);
        }
        BrowseCommand::RefreshBuckets => ask_buckets(core),
        BrowseCommand::ListMore => listing::more(core),
        BrowseCommand::ShowTab(tab) => show_tab(core, tab),
        BrowseCommand::GoToTab(place, tab) => {
            if let Some(session) = &mut core.model.session {
                session.tab = tab;
            }
            go(core, &place);
        }
    }
}

/// Opens a connection and, once it is open, goes to a place in it.
pub fn open(core: &mut Core, id: ConnectionId, then_go: Option<Place>) {
    let Some(connection) = core.connections.get(id).cloned() else { return };
    core.parts.browse.listing.cancel();
    core.parts.browse = BrowsePart { then_go, ..BrowsePart::default() };
    core.parts.pictures.reset();
    core.model.gallery = crate::model::gallery::GalleryModel::default();
    // The same connection may be signed in otherwise by now.
    core.model.connection_page = ConnectionPageModel::default();
    core.store = None;
    let mut session = Session::new(connection.clone());
    session.opened_by_name = core.model.settings.opened_by_name.get(&id).cloned().unwrap_or_default();
    core.model.session = Some(session);
    core.model.screen = Screen::Browse;
    start_opening(core, connection);
}

/// Asks the background to reach the store.
fn start_opening(core: &mut Core, connection: Connection) {
    core.parts.browse.opening = core.worker.ask(reach(core, connection));
    if let Some(session) = &mut core.model.session {
        session.opening = Request::Idle;
        session.reached = false;
    }
}

/// Whether a connection is being opened.
pub(super) fn is_opening(core: &Core) -> bool {
    core.parts.browse.opening.is_pending()
}

/// The way to the store of a connection; secrets come from the keychain, and practice storage is started for it.
pub(super) fn reach(
    core: &Core,
    connection: Connection,
) -> impl Future<Output = Result<Opened, Trouble>> + Send + 'static {
    let secrets = Arc::clone(&core.secrets);
    let (running, starting) = (core.practice.clone(), Arc::clone(&core.practice_start));
    let dir = core.practice_dir();
    let leads_to_practice = leads_to(&connection, core.model.settings.practice_port);
    async move {
        let start = async {
            if let Some(server) = running {
                return Ok::<_, Trouble>(server);
            }
            let mut last = starting.lock().await;
            if let Some(server) = last.upgrade() {
                return Ok(server);
            }
            let started = practice::Server::start(practice::Options { dir, port: None }).await;
            let server = started.map(Arc::new).map_err(|error| practice_trouble(&error))?;
            *last = Arc::downgrade(&server);
            Ok(server)
        };
        if connection.target == Target::Practice {
            let server = start.await?;
            let access = s3::connect::PracticeAccess {
                endpoint: server.endpoint(),
                access_key_id: server.credentials().access_key_id.clone(),
                secrets: s3::secrets::Secrets::new(&server.credentials().secret_access_key, None),
            };
            let store = s3::connect::connect(&connection, None, Some(access)).await?;
            return Ok(Opened { store, practice: Some(server) });
        }
        let secret = match connection.target.sign_in() {
            Some(SignIn::Keys { .. }) => {
                let id = connection.id;
                let found = tokio::task::spawn_blocking(move || secrets.get(id)).await;
                let found = found.map_err(|_| Trouble::new("The keychain could not be asked", WayOut::Retry))?;
                let found = found.map_err(|error| Trouble::new(error.to_string(), WayOut::Retry))?;
                let missing = || {
                    let sentence =
                        "The secret key of this connection is not on this computer any more. Type it in again";
                    Trouble::new(sentence, WayOut::EditConnection)
                };
                Some(found.ok_or_else(missing)?)
            }
            _ => None,
        };
        let secret = secret.map(|secret| {
            let token = secret.session_token.as_ref().map(|token| token.expose());
            s3::secrets::Secrets::new(secret.secret_access_key.expose(), token)
        });
        // As one of its users: it has to run for that as well.
        let practice = if leads_to_practice { Some(start.await?) } else { None };
        let store = s3::connect::connect(&connection, secret, None).await?;
        Ok(Opened { store, practice })
    }
}

/// Whether a store of one's own naming is practice storage, which had this port last time.
fn leads_to(connection: &Connection, practice_port: Option<u16>) -> bool {
    let (Target::Store(store), Some(port)) = (&connection.target, practice_port) else { return false };
    store.endpoint == format!("http://127.0.0.1:{port}")
}

/// Says why practice storage could not be started.
pub fn practice_trouble(error: &practice::PracticeError) -> Trouble {
    let mut trouble = Trouble::new(error.to_string(), WayOut::Retry);
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        trouble.details.push(cause.to_string());
        source = cause.source();
    }
    trouble
}

fn leave(core: &mut Core) {
    core.parts.browse.listing.cancel();
    core.parts.browse = BrowsePart::default();
    core.parts.pictures.reset();
    core.store = None;
    core.model.session = None;
    core.model.screen = Screen::Start;
    super::connect::refresh(core);
}

/// Looks for answers, once a frame.
pub fn tick(core: &mut Core) {
    if core.parts.browse.opening.poll() {
        match std::mem::take(&mut core.parts.browse.opening) {
            Request::Ready(opened) => opened_now(core, opened),
            Request::Failed { error, .. } => {
                if let Some(session) = &mut core.model.session {
                    session.opening = Request::Failed { error, stale: None };
                }
            }
            Request::Idle | Request::Pending { .. } => {}
        }
    }
    let Some(session) = &mut core.model.session else { return };
    if session.buckets.poll() {
        buckets_known(core);
    }
}

fn opened_now(core: &mut Core, opened: Opened) {
    core.store = Some(opened.store.clone());
    if opened.practice.is_some() {
        core.practice = opened.practice;
    }
    super::upload::reached(core, opened.store);
    let Some(session) = &mut core.model.session else { return };
    session.opening = Request::Ready(());
    session.reached = true;
    let id = session.connection.id;
    let now = (core.deps.now)();
    if let Err(error) = core.connections.mark_opened(id, now, None) {
        tracing::warn!(%error, "the time of opening was not kept");
    }
    ask_buckets(core);
    if let Some(place) = core.parts.browse.then_go.take() {
        go(core, &place);
    }
}

fn ask_buckets(core: &mut Core) {
    let (Some(store), Some(session)) = (core.store.clone(), &mut core.model.session) else { return };
    core.worker
        .ask_again(&mut session.buckets, async move { s3::bucket::list_buckets(&store).await.map_err(Trouble::from) });
}

fn buckets_known(core: &mut Core) {
    let Some(session) = &core.model.session else { return };
    let Some(list) = session.buckets.known() else { return };
    let id = session.connection.id;
    let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
    let now = (core.deps.now)();
    if let Err(error) = core.connections.mark_opened(id, now, Some(count)) {
        tracing::warn!(%error, "the number of buckets was not kept");
    }
    ask_exposure_of_all(core);
}

/// Asks about every bucket again who gets in.
pub fn ask_exposure_of_all(core: &mut Core) {
    let Some(session) = &core.model.session else { return };
    core.parts.browse.to_ask = session.bucket_names().map(str::to_owned).collect();
    core.parts.browse.account = exposure::Account::default();
    exposure::ask_next(core);
}

fn ask_exposure_of_here(core: &mut Core) {
    let here = core.model.session.as_ref().and_then(|session| session.place.clone());
    if let Some(place) = here {
        ask_exposure(core, &place.bucket);
    }
}

/// Asks again who can see into a bucket, before the others that wait.
pub fn ask_exposure(core: &mut Core, bucket: &str) {
    core.parts.browse.to_ask.retain(|name| name != bucket);
    core.parts.browse.to_ask.push_front(bucket.to_owned());
    core.parts.browse.account = exposure::Account::default();
    exposure::ask_next(core);
}

/// Goes to a place and reads what is there.
pub fn go(core: &mut Core, place: &Place) {
    let Some(session) = &mut core.model.session else { return };
    if !place.prefix.is_empty() {
        // Only the gallery shows folders; another bucket is shown from the side that one looks at.
        session.tab = Tab::Gallery;
    }
    if let Some(before) = session.place.replace(place.clone()).filter(|before| before != place) {
        session.back.push(before);
        if session.back.len() > HISTORY {
            session.back.remove(0);
        }
        session.forward.clear();
    }
    arrive(core);
}

fn back(core: &mut Core) {
    let Some(session) = &mut core.model.session else { return };
    let Some(place) = session.back.pop() else { return };
    if let Some(before) = session.place.replace(place) {
        session.forward.push(before);
    }
    arrive(core);
}

fn forward(core: &mut Core) {
    let Some(session) = &mut core.model.session else { return };
    let Some(place) = session.forward.pop() else { return };
    if let Some(before) = session.place.replace(place) {
        session.back.push(before);
    }
    arrive(core);
}

/// What has to happen whenever the place changed.
fn arrive(core: &mut Core) {
    core.model.screen = Screen::Browse;
    let Some(session) = &mut core.model.session else { return };
    session.listing = Listing::default();
    let Some(place) = session.place.clone() else { return };
    let known = session.bucket_names().any(|name| name == place.bucket);
    if !known {
        session.opened_by_name.push(place.bucket.clone());
        let id = session.connection.id;
        let bucket = place.bucket.clone();
        core.change_settings(|settings| settings.remember_opened_by_name(id, &bucket));
    }
    let unasked =
        core.model.session.as_ref().is_some_and(|session| session.exposure_of(&place.bucket) == Exposure::Unasked);
    if unasked {
        ask_exposure(core, &place.bucket);
    }
    super::gallery::arrived(core);
    listing::begin(core);
    tab_shown(core);
}

/// Shows another side of the bucket.
fn show_tab(core: &mut Core, tab: Tab) {
    let Some(session) = &mut core.model.session else { return };
    session.tab = tab;
    core.model.screen = Screen::Browse;
    tab_shown(core);
}

/// What the tab on screen needs to know is asked for.
fn tab_shown(core: &mut Core) {
    let Some(session) = &core.model.session else { return };
    match session.tab {
        Tab::Gallery => {}
        Tab::Permissions => super::permissions::shown(core),
        Tab::Settings => super::bucket_settings::shown(core),
        Tab::Check => super::check::shown(core),
    }
}

/// Reads the place again, keeping what is shown until the first page is there.
pub fn refresh(core: &mut Core) {
    listing::begin(core);
}

/// Takes a report in.
pub fn apply(core: &mut Core, event: BrowseEvent) {
    match event {
        BrowseEvent::Page { generation, page } => listing::page(core, generation, page),
        BrowseEvent::ListingEnded { generation, state } => listing::ended(core, generation, state),
        BrowseEvent::Audited { connection, bucket, audited, region } => {
            core.parts.browse.asking = core.parts.browse.asking.saturating_sub(1);
            if let Some(session) = core.model.session.as_mut().filter(|session| session.connection.id == connection) {
                if let Some(region) = region {
                    session.regions.insert(bucket.clone(), region);
                }
                session.audits.insert(bucket, audited);
            }
            exposure::ask_next(core);
        }
    }
}

/// Sends reports of this part from the background.
fn report(inbox: &Inbox<Event>, event: BrowseEvent) {
    inbox.send(Event::Browse(event));
}
