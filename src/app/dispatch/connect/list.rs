use std::sync::Arc;

use super::ConnectEvent;
use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::connection::{ConnectionId, SignIn};
use crate::model::connect::{ConnectCommand, SecretsKept, line_of};
use crate::model::modal::{Confirm, Modal};
use crate::model::notices::Tone;

pub(super) fn duplicate(core: &mut Core, id: ConnectionId) {
    match core.connections.duplicate(id) {
        Ok(copy) => {
            if matches!(copy.target.sign_in(), Some(SignIn::Keys { .. })) {
                super::forms::copy_secret(core, id, copy.id);
            }
            super::refresh(core);
            let said = core.say(Tone::Done, format!("{} is a copy of its own", copy.name));
            core.model.notices.link(said, "Edit", ConnectCommand::Edit(copy.id));
        }
        Err(error) => {
            core.model.notices.say(Tone::Failed, "The copy could not be kept", error.to_string());
        }
    }
}

pub(super) fn mark_production(core: &mut Core, id: ConnectionId, production: bool) {
    let Some(mut connection) = core.connections.get(id).cloned() else { return };
    connection.production = production;
    if let Err(error) = core.connections.put(connection) {
        core.model.notices.say(Tone::Warning, "The mark holds for this run only", error.to_string());
    }
    super::refresh(core);
}

pub(super) fn ask_remove(core: &mut Core, id: ConnectionId) {
    let Some(connection) = core.connections.get(id) else { return };
    let mut notes = Vec::new();
    if matches!(connection.target.sign_in(), Some(SignIn::Keys { .. })) {
        notes.push(match &core.model.connect.kept {
            SecretsKept::Keychain => "Its secret key is taken out of the keychain".to_owned(),
            SecretsKept::Memory(_) => "Its secret key is forgotten".to_owned(),
        });
    }
    core.model.modal = Some(Modal::Confirm(Confirm {
        title: format!("Remove {} from the list?", connection.name),
        body: "Buckets and files stay where they are. Brimful forgets how to reach them.".to_owned(),
        notes,
        names: vec![line_of(connection, &[])],
        button: "Remove the connection".to_owned(),
        type_name: None,
        then: Box::new(ConnectCommand::Remove(id).into()),
    }));
}

pub(super) fn remove(core: &mut Core, id: ConnectionId) {
    match core.connections.remove(id) {
        Ok(removed) => {
            if matches!(removed.target.sign_in(), Some(SignIn::Keys { .. })) {
                forget_secret(core, id);
            }
            core.change_settings(|settings| settings.forget_connection(id));
            crate::app::dispatch::check::forget(core, id);
            let is_open = core.model.session.as_ref().is_some_and(|session| session.connection.id == id);
            if is_open {
                core.dispatch(crate::model::command::BrowseCommand::Leave.into());
            }
            core.say(Tone::Done, format!("{} is removed from the list", removed.name));
        }
        Err(error) => {
            core.model.notices.say(Tone::Failed, "The connection could not be removed", error.to_string());
        }
    }
    super::refresh(core);
}

/// Takes a secret out of the keychain, away from the window's thread.
pub(super) fn forget_secret(core: &Core, id: ConnectionId) {
    let secrets = Arc::clone(&core.secrets);
    core.worker.job(
        async move {
            let gone = tokio::task::spawn_blocking(move || secrets.delete(id)).await;
            let gone = gone.map_or_else(
                |_| Err("The keychain could not be asked".to_owned()),
                |gone| gone.map_err(|error| error.to_string()),
            );
            Event::Connect(ConnectEvent::SecretGone(gone))
        },
        |text| Event::Connect(ConnectEvent::SecretGone(Err(text))),
    );
}
