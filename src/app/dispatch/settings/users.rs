//! The users of practice storage, and opening it as one of them.

use std::sync::Arc;

use super::SettingsEvent;
use crate::app::core::{Core, Effect};
use crate::app::dispatch::connect;
use crate::app::event::Event;
use crate::domain::connection::{Addressing, ChecksumMode, Connection, ConnectionId, SignIn, StoreTarget, Target};
use crate::model::modal::{Confirm, Modal};
use crate::model::notices::Tone;
use crate::model::settings::{PracticeUser, SettingsCommand, UserDraft};
use crate::practice::{Server, User};
use crate::store::secrets::{Secret, SecretText};

/// The users as the page shows them.
pub(super) fn shown(server: &Server) -> Vec<PracticeUser> {
    let users = server.users().into_iter();
    users
        .map(|User { name, access_key_id, account_id, policy, .. }| PracticeUser {
            name,
            access_key_id,
            account_id,
            policy,
        })
        .collect()
}

fn find(core: &Core, key: &str) -> Option<(Arc<Server>, User)> {
    let server = core.practice.clone()?;
    let user = server.users().into_iter().find(|user| user.access_key_id == key)?;
    Some((server, user))
}

pub(super) fn edit(core: &mut Core, key: Option<&str>) {
    let users = core.model.about.practice.iter().flat_map(|access| &access.users);
    let user = key.and_then(|key| users.into_iter().find(|user| user.access_key_id == key).cloned());
    if key.is_none() || user.is_some() {
        core.model.modal = Some(Modal::PracticeUser(user));
    }
}

pub(super) fn save(core: &mut Core, draft: UserDraft) {
    let Some(server) = core.practice.clone() else { return };
    let UserDraft { access_key_id, name, account_id, policy } = draft;
    let mut users = server.users();
    let said = match users.iter_mut().find(|user| Some(&user.access_key_id) == access_key_id.as_ref()) {
        Some(user) => {
            let said = format!("{name} is changed");
            (user.name, user.account_id, user.policy) = (name, account_id, policy);
            said
        }
        None => {
            let said = format!("{name} is added");
            users.push(User::with_fresh_key(name, account_id, policy));
            said
        }
    };
    keep(core, server, users, said);
}

pub(super) fn ask_remove(core: &mut Core, key: &str) {
    let Some((_, user)) = find(core, key) else { return };
    core.model.modal = Some(Modal::Confirm(Confirm {
        title: format!("Remove {} from practice storage?", user.name),
        body: "Its key stops working at once. What it has uploaded stays.".to_owned(),
        notes: Vec::new(),
        names: vec![user.access_key_id],
        button: format!("Remove {}", user.name),
        type_name: None,
        then: Box::new(SettingsCommand::RemovePracticeUser(key.to_owned()).into()),
    }));
}

pub(super) fn remove(core: &mut Core, key: &str) {
    let Some((server, user)) = find(core, key) else { return };
    let users = server.users().into_iter().filter(|other| other.access_key_id != key).collect();
    keep(core, server, users, format!("{} is removed", user.name));
}

/// Writes the users down, away from the window's thread.
fn keep(core: &Core, server: Arc<Server>, users: Vec<User>, said: String) {
    let report = |said, outcome| Event::Settings(SettingsEvent::UsersKept { said, outcome });
    core.worker.job(
        async move {
            let kept = tokio::task::spawn_blocking(move || server.set_users(users)).await;
            let outcome = match kept {
                Ok(outcome) => outcome.map_err(|error| error.to_string()),
                Err(stopped) => Err(stopped.to_string()),
            };
            report(said, outcome)
        },
        move |text| report(String::new(), Err(text)),
    );
}

/// The users are others now: the dialog has done its work. Or it stays with what was typed.
pub(super) fn kept(core: &mut Core, said: String, outcome: Result<(), String>) {
    if let Err(sentence) = outcome {
        core.model.notices.say(Tone::Failed, "The users of practice storage were not changed", sentence);
        return;
    }
    if let (Some(access), Some(server)) = (&mut core.model.about.practice, &core.practice) {
        access.users = shown(server);
    }
    if matches!(core.model.modal, Some(Modal::PracticeUser(_))) {
        core.model.modal = None;
    }
    core.say(Tone::Done, said);
}

pub(super) fn copy_secret(core: &mut Core, key: &str) {
    let Some((_, user)) = find(core, key) else { return };
    core.effects.push(Effect::Copy(user.secret_access_key));
    core.say(Tone::Done, format!("Secret key of {} copied", user.name));
}

/// A connection of its own, so that everything is as it is for somebody who has only this key.
pub(super) fn open_as(core: &mut Core, key: &str) {
    let Some((server, user)) = find(core, key) else { return };
    let signs_so = |connection: &&Connection| matches!(connection.target.sign_in(), Some(SignIn::Keys { access_key_id, .. }) if access_key_id == key);
    let known = core.connections.all().iter().find(signs_so);
    let connection = Connection {
        id: known.map_or_else(ConnectionId::random, |connection| connection.id),
        name: known.map_or_else(|| format!("Practice as {}", user.name), |connection| connection.name.clone()),
        target: Target::Store(StoreTarget {
            preset: "custom".to_owned(),
            endpoint: server.endpoint(),
            region: server.region().to_owned(),
            addressing: Addressing::Path,
            checksums: ChecksumMode::WhenSupported,
            sign_in: SignIn::Keys { access_key_id: user.access_key_id, has_session_token: false },
            public_base_url: None,
        }),
        production: false,
        last_opened: known.and_then(|connection| connection.last_opened),
        bucket_count: known.and_then(|connection| connection.bucket_count),
    };
    let secret = Secret { secret_access_key: SecretText::new(user.secret_access_key), session_token: None };
    connect::put_and_open(core, connection, secret);
}
