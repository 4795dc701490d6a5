//! The access list of a file: read when somebody looks at it, written against what was seen, read back.

use std::time::Duration;

use super::super::bucket_settings::LOOKS;
use super::GalleryEvent;
use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::bucket_settings::{Acl, acl};
use crate::domain::connection::ConnectionId;
use crate::domain::public_access::{AclOf, BlockLevels};
use crate::model::Trouble;
use crate::model::bucket_settings::EditState;
use crate::model::gallery::{AccessCommand, AccessEdit, AccessList, ObjectAccess};
use crate::model::modal::Modal;
use crate::model::notices::Tone;
use crate::model::trouble::WayOut;
use crate::s3::settings::{self, Readable};
use crate::s3::store::Store;
use crate::worker::{Crashed as _, Request};

/// A change to be made.
#[derive(Debug, Clone)]
struct Order {
    connection: ConnectionId,
    bucket: String,
    key: String,
    /// What has to be there, or nothing is written.
    base: AccessList,
    wanted: Acl,
    /// The dialog it is made in, if any.
    number: Option<u64>,
}

/// How a change of a list ended.
#[derive(Debug)]
pub struct AccessEnd {
    order: Order,
    outcome: Outcome,
}

#[derive(Debug)]
enum Outcome {
    Written {
        /// As the store has it now.
        now: Acl,
        /// Whether that is what was written.
        kept: bool,
    },
    /// Somebody else changed it; nothing was written.
    ChangedMeanwhile(Acl),
    Failed(Trouble),
}

/// Carries a wish out.
pub(super) fn dispatch(core: &mut Core, command: AccessCommand) {
    match command {
        AccessCommand::Read(key) => read(core, key),
        AccessCommand::Edit(key) => edit(core, key),
        AccessCommand::Save(wanted) => save(core, wanted),
        AccessCommand::TakeBack { connection, bucket, key, base, before } => {
            if here(core) == Some((connection, bucket.clone())) {
                let order = Order { connection, bucket, key, base: *base, wanted: before, number: None };
                take_back(core, order);
            } else {
                core.say(Tone::Info, format!("Open {bucket} first, then take the change back"));
            }
        }
        AccessCommand::Close => close(core),
    }
}

/// Asks for the list of a file.
pub(super) fn read(core: &mut Core, key: String) {
    let (Some(store), Some((_, bucket))) = (core.store.clone(), here(core)) else { return };
    core.model.gallery.access.of = Some(key.clone());
    core.worker
        .ask_again(&mut core.model.gallery.access.found, async move { Box::pin(found(&store, &bucket, &key)).await });
}

fn here(core: &Core) -> Option<(ConnectionId, String)> {
    let session = core.model.session.as_ref()?;
    Some((session.connection.id, session.place.as_ref()?.bucket.clone()))
}

async fn found(store: &Store, bucket: &str, key: &str) -> Result<ObjectAccess, Trouble> {
    if let Readable::Is(ownership) = settings::get_bucket_ownership_controls(store, bucket).await
        && !ownership.acls_count()
    {
        return Ok(ObjectAccess::Disabled);
    }
    let (acl, of_bucket, block, account) = tokio::join!(
        settings::get_object_acl(store, bucket, key),
        settings::get_bucket_acl(store, bucket),
        settings::get_public_access_block(store, bucket),
        settings::get_account_public_access_block(store),
    );
    let acl = match acl {
        Readable::Is(acl) => acl,
        Readable::NotSet | Readable::NotOffered => return Ok(ObjectAccess::NotOffered),
        Readable::MayNotRead(error) => return Err(Trouble::from(error)),
    };
    let flags = |answer: Option<&Readable<_>>| answer.and_then(Readable::value).copied().unwrap_or_default();
    let block = BlockLevels { account: flags(account.as_ref()), bucket: flags(Some(&block)), ..BlockLevels::default() };
    let bucket_owner = of_bucket.value().and_then(|acl| acl.owner.clone());
    Ok(ObjectAccess::List(AccessList { acl, bucket_owner, block }))
}

/// Opens the dialog, where the list is known.
fn edit(core: &mut Core, key: String) {
    let access = &core.model.gallery.access;
    let Some(ObjectAccess::List(base)) = access.found.known().filter(|_| access.of.as_ref() == Some(&key)) else {
        return;
    };
    let (base, start) = (base.clone(), base.acl.clone());
    open(core, key, base, start);
}

fn open(core: &mut Core, key: String, base: AccessList, start: Acl) {
    core.parts.generation += 1;
    let number = core.parts.generation;
    core.model.gallery.access.edit = Some(AccessEdit { key, base, start, number, state: EditState::Open });
    core.model.modal = Some(Modal::ObjectAccess);
}

/// What is being written is brought to its end; its outcome is told in a notice.
fn close(core: &mut Core) {
    core.model.gallery.access.edit = None;
    if matches!(core.model.modal, Some(Modal::ObjectAccess)) {
        core.model.modal = None;
    }
}

fn save(core: &mut Core, wanted: Acl) {
    let Some((connection, bucket)) = here(core) else { return };
    let Some(edit) = &mut core.model.gallery.access.edit else { return };
    edit.state = EditState::Saving;
    let number = Some(edit.number);
    let order = Order { connection, bucket, key: edit.key.clone(), base: edit.base.clone(), wanted, number };
    start(core, order);
}

/// Takes a change back at once where that is harmless, and in the dialog where it exposes something.
fn take_back(core: &mut Core, order: Order) {
    let is_ignored = acl::ignored(&order.base.block).is_some();
    if acl::consequence(AclOf::Object, Some(&order.base.acl), &order.wanted, is_ignored).is_some() {
        open(core, order.key, order.base, order.wanted);
    } else {
        start(core, order);
    }
}

fn start(core: &Core, order: Order) {
    let store = core.store.clone();
    let failed = order.clone();
    let event = |order, outcome| Event::Gallery(GalleryEvent::AccessSaved(Box::new(AccessEnd { order, outcome })));
    core.worker.job(
        async move {
            let outcome = match store {
                Some(store) if store.info().connection == order.connection => make(&store, &order).await,
                _ => Outcome::Failed(Trouble::new(
                    "This bucket is not open any more. Nothing was changed",
                    WayOut::Retry,
                )),
            };
            event(order, outcome)
        },
        move |text| event(failed, Outcome::Failed(Trouble::crashed(text))),
    );
}

async fn make(store: &Store, order: &Order) -> Outcome {
    let (bucket, key) = (order.bucket.as_str(), order.key.as_str());
    match list(store, bucket, key).await {
        Ok(found) if found.same_as(&order.base.acl) => {}
        Ok(found) => return Outcome::ChangedMeanwhile(found),
        Err(trouble) => return Outcome::Failed(trouble),
    }
    if let Err(error) = settings::put_object_acl(store, bucket, key, &order.wanted).await {
        return Outcome::Failed(Trouble::from(error));
    }
    let mut now = order.base.acl.clone();
    for pause in LOOKS {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        if let Ok(found) = list(store, bucket, key).await {
            now = found;
        }
        if now.same_as(&order.wanted) {
            return Outcome::Written { now, kept: true };
        }
    }
    Outcome::Written { now, kept: false }
}

/// The list alone. What cannot be read must not be replaced unseen.
async fn list(store: &Store, bucket: &str, key: &str) -> Result<Acl, Trouble> {
    match settings::get_object_acl(store, bucket, key).await {
        Readable::Is(acl) => Ok(acl),
        Readable::MayNotRead(error) => Err(Trouble::from(error)),
        Readable::NotSet | Readable::NotOffered => {
            Err(Trouble::new("This store has no access lists for files", WayOut::NotOffered))
        }
    }
}

/// A change came to its end.
pub(super) fn ended(core: &mut Core, end: AccessEnd) {
    let AccessEnd { order, outcome } = end;
    let in_dialog = order.number.is_some()
        && matches!(core.model.modal, Some(Modal::ObjectAccess))
        && core.model.gallery.access.edit.as_ref().map(|edit| edit.number) == order.number;
    let name = order.key.rsplit('/').next().unwrap_or(&order.key).to_owned();
    match outcome {
        Outcome::Written { now, kept } => {
            let list = AccessList { acl: now, ..order.base.clone() };
            // What strangers get now is asked, not assumed.
            if shows(core, &order, &list) {
                super::pictures::ask_seen(core);
            }
            if in_dialog {
                close(core);
            }
            let id = if kept {
                core.say(Tone::Done, format!("Access list of {name} changed"))
            } else {
                let body = "The store took the change, but shows something else when it is read again";
                core.model.notices.say(Tone::Warning, format!("Access list of {name}: look at it again"), body)
            };
            let Order { connection, bucket, key, base: AccessList { acl: before, .. }, .. } = order;
            let undo = AccessCommand::TakeBack { connection, bucket, key, base: Box::new(list), before };
            core.model.notices.link(id, "Undo", undo);
        }
        Outcome::ChangedMeanwhile(now) => {
            let list = AccessList { acl: now, ..order.base.clone() };
            shows(core, &order, &list);
            match &mut core.model.gallery.access.edit {
                Some(edit) if in_dialog => {
                    edit.base = list;
                    edit.state = EditState::ChangedMeanwhile;
                }
                _ => {
                    let words = "was changed by someone else meanwhile. Nothing was overwritten";
                    core.say(Tone::Warning, format!("The access list of {name} {words}"));
                }
            }
        }
        Outcome::Failed(trouble) => match &mut core.model.gallery.access.edit {
            Some(edit) if in_dialog => edit.state = EditState::Failed(trouble),
            _ => {
                core.model.notices.trouble(format!("The access list of {name} could not be changed"), &trouble);
            }
        },
    }
}

/// Shows a list as the store has it now, where somebody still looks at that file; says whether it is so.
fn shows(core: &mut Core, order: &Order, list: &AccessList) -> bool {
    let is_here = here(core).as_ref() == Some(&(order.connection, order.bucket.clone()));
    let is_shown = is_here && core.model.gallery.access.of.as_ref() == Some(&order.key);
    if is_shown {
        core.model.gallery.access.found = Request::Ready(ObjectAccess::List(list.clone()));
    }
    is_shown
}
