//! The page of the open connection: looking what it can do, and putting together a policy for somebody.

mod audit;

use super::browse;
use crate::app::core::{Core, Effect};
use crate::domain::checkup::{self, Checkup, Scope, ScopeProblem, identity_policy};
use crate::domain::location;
use crate::domain::region;
use crate::model::Trouble;
use crate::model::command::Screen;
use crate::model::connection_page::{ConnectionPageCommand, ConnectionPageModel, Side};
use crate::model::notices::Tone;
use crate::s3;
use crate::s3::store::Store;
use crate::store::history::MaskedKeyId;
use crate::worker::Request;

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: ConnectionPageCommand) {
    match command {
        ConnectionPageCommand::Show(side) => show(core, side),
        ConnectionPageCommand::Look(place) => look(core, place),
        ConnectionPageCommand::Again => match core.model.connection_page.side {
            Side::Can => {
                let place = core.model.connection_page.place.clone();
                look(core, place);
            }
            Side::Open => browse::ask_exposure_of_all(core),
        },
        ConnectionPageCommand::CopyReport => {
            if let Some(checkup) = core.model.connection_page.checkup.known() {
                core.effects.push(Effect::Copy(checkup::text(checkup)));
                core.say(Tone::Done, "The report is copied");
            }
        }
        ConnectionPageCommand::Tick(feature, on) => {
            let features = &mut core.model.connection_page.draft.features;
            if on {
                features.insert(feature);
            } else {
                features.remove(&feature);
            }
            make_policy(core);
        }
        ConnectionPageCommand::Places(places) => {
            let draft = &mut core.model.connection_page.draft;
            (draft.places, draft.typed) = (places, true);
            make_policy(core);
        }
        ConnectionPageCommand::CopyPolicy => {
            if let Ok(Some(made)) = &core.model.connection_page.draft.made {
                core.effects.push(Effect::Copy(made.text.clone()));
                core.say(Tone::Done, "The policy is copied");
            }
        }
        ConnectionPageCommand::CopyAudit => audit::copy(core),
        ConnectionPageCommand::SaveAudit => audit::save(core),
    }
}

/// Shows the page. What is known of another connection is forgotten.
fn show(core: &mut Core, side: Side) {
    let Some(session) = &core.model.session else { return };
    let id = session.connection.id;
    core.model.screen = Screen::Connection;
    if core.model.connection_page.here != Some(id) {
        core.model.connection_page = ConnectionPageModel { here: Some(id), ..ConnectionPageModel::default() };
    }
    core.model.connection_page.side = side;
    match side {
        Side::Can => begin(core),
        Side::Open => audit_the_rest(core),
    }
}

/// Buckets that nobody was asked about yet, such as those that were opened by name in an earlier session.
fn audit_the_rest(core: &mut Core) {
    let Some(session) = &core.model.session else { return };
    if session.to_audit == 0 && session.bucket_names().any(|name| !session.audits.contains_key(name)) {
        browse::ask_exposure_of_all(core);
    }
}

/// Looks at the bucket one is in, or at the first, once it is known which there are.
fn begin(core: &mut Core) {
    let Some(session) = &core.model.session else { return };
    let page = &core.model.connection_page;
    let is_new = page.side == Side::Can && page.problem.is_none() && matches!(page.checkup, Request::Idle);
    if !is_new || session.buckets.is_pending() || core.store.is_none() {
        return;
    }
    let here = session.place.as_ref().map(|place| place.bucket.as_str());
    let place = here.or_else(|| session.bucket_names().next()).unwrap_or_default().to_owned();
    look(core, place);
}

/// Looks what can be done in a bucket, or without one.
fn look(core: &mut Core, place: String) {
    let Some(store) = core.store.clone() else { return };
    let page = &mut core.model.connection_page;
    let scope = match place.trim() {
        "" => None,
        text => match location::parse(text, store.info().endpoint.as_deref()) {
            Ok(found) => Some(Scope { prefix: found.path, ..Scope::bucket(&found.bucket) }),
            Err(problem) => {
                page.place = place;
                page.problem = Some(problem.to_string());
                return;
            }
        },
    };
    page.problem = None;
    if page.place != place {
        page.checkup = Request::Idle;
        page.place = place;
    }
    page.number += 1;
    if !page.draft.typed {
        page.draft.places = scope.as_ref().map(Scope::to_string).unwrap_or_default();
        page.draft.number += 1;
    }
    make_policy(core);
    let now = core.deps.now.clone();
    core.worker.ask_again(&mut core.model.connection_page.checkup, async move {
        let checkup = Box::pin(checked(&store, scope)).await?;
        Ok(Checkup { at: now(), ..checkup })
    });
}

async fn checked(store: &Store, scope: Option<Scope>) -> Result<Checkup, Trouble> {
    let account = s3::checkup::account(store).await?;
    let bucket = match scope {
        Some(scope) => Some(s3::checkup::bucket(store, scope, &account).await),
        None => None,
    };
    let key = account.access_key_id.as_deref().map(|id| MaskedKeyId::of(id).as_str().to_owned());
    Ok(account.into_checkup(store, key, bucket.into_iter().collect()))
}

/// Looks for answers, once a frame.
pub fn tick(core: &mut Core) {
    if core.model.screen == Screen::Connection {
        begin(core);
    }
    if core.model.connection_page.checkup.poll() {
        // By now it is known where the bucket lies, and what it encrypts with.
        make_policy(core);
    }
}

/// Puts the policy together from what is ticked, where it is to hold, and what is known of the bucket.
fn make_policy(core: &mut Core) {
    let Some(session) = &core.model.session else { return };
    let page = &mut core.model.connection_page;
    let bucket = page.bucket();
    let region = bucket.and_then(|bucket| bucket.region.as_deref()).unwrap_or(session.connection.target.region());
    let partition = region::partition_of(region).unwrap_or_default();
    let known = bucket.map(|bucket| bucket.scope.clone());
    let named = page.draft.places.split(|c: char| c == ',' || c.is_whitespace()).filter(|text| !text.is_empty());
    let scopes = named.map(|text| {
        let scope = Scope::parse(text)?;
        // What the bucket encrypts with holds for all of it.
        let key = known.as_ref().filter(|known| known.bucket == scope.bucket).and_then(|known| known.key.clone());
        Ok(Scope { key, ..scope })
    });
    let made = scopes.collect::<Result<Vec<_>, ScopeProblem>>();
    let made = made.map(|scopes| identity_policy(&page.draft.features, &scopes, partition));
    page.draft.made = made.map_err(|problem| problem.to_string());
}
