//! The application's own settings, and the folder of practice storage.

mod users;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::browse::practice_trouble;
use crate::app::core::{Core, Effect};
use crate::app::deps::Pick;
use crate::app::event::Event;
use crate::domain::connection::ConnectionId;
use crate::model::Trouble;
use crate::model::command::BrowseCommand;
use crate::model::modal::{Confirm, Modal};
use crate::model::notices::Tone;
use crate::model::settings::{PracticeAccess, SettingsCommand};
use crate::practice;
use crate::worker::Request;

/// The folder made inside a chosen one that holds other things.
const OWN_FOLDER: &str = "Brimful practice";

/// What this part keeps for itself.
#[derive(Default)]
pub struct SettingsPart {
    picking: Request<Option<PathBuf>, Trouble>,
    starting: Request<Arc<practice::Server>, Trouble>,
}

/// What the background reports to this part.
#[derive(Debug)]
pub enum SettingsEvent {
    /// Practice storage's data is gone, or why it is not.
    PracticeRemoved(Result<(), String>),
    /// Practice storage no longer uses the folder that it had.
    PracticeStopped,
    /// The users of practice storage are others now, or why they are not.
    UsersKept {
        /// What is said when they are.
        said: String,
        /// An error as a sentence.
        outcome: Result<(), String>,
    },
}

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: SettingsCommand) {
    match command {
        SettingsCommand::Theme(theme) => core.change_settings(|settings| settings.theme = theme),
        SettingsCommand::UiScale(scale) => core.change_settings(|settings| settings.ui_scale = scale.clamp(0.5, 3.0)),
        SettingsCommand::OpenLastConnection(on) => {
            core.change_settings(|settings| settings.open_last_connection = on);
        }
        SettingsCommand::WarnAbove(bytes) => core.change_settings(|settings| settings.warn_above_bytes = bytes),
        SettingsCommand::Transfers(transfers) => core.change_settings(|settings| settings.transfers = transfers),
        SettingsCommand::PickPracticeDir => {
            let picked = (core.deps.pick)(Pick::Folder, "Choose a folder for practice storage", "");
            core.parts.settings.picking = core.worker.ask(async move {
                let folder = picked.await.into_iter().next();
                Ok(folder.map(|folder| folder_for_practice(&folder)))
            });
        }
        SettingsCommand::UsualPracticeDir => use_practice_dir(core, None),
        SettingsCommand::AskRemovePracticeData => ask_remove(core),
        SettingsCommand::RemovePracticeData => remove(core),
        SettingsCommand::StartPractice => {
            if core.practice.is_none() {
                let dir = core.practice_dir();
                core.parts.settings.starting = core.worker.ask(async move {
                    let options = practice::Options { dir, port: None };
                    practice::Server::start(options).await.map(Arc::new).map_err(|error| practice_trouble(&error))
                });
                core.model.about.practice_busy = true;
            }
        }
        SettingsCommand::CopyPracticeSecret => {
            if let Some(server) = &core.practice {
                core.effects.push(Effect::Copy(server.credentials().secret_access_key.clone()));
                core.say(Tone::Done, "Secret key of practice storage copied");
            }
        }
        SettingsCommand::EditPracticeUser(key) => users::edit(core, key.as_deref()),
        SettingsCommand::SavePracticeUser(draft) => users::save(core, draft),
        SettingsCommand::AskRemovePracticeUser(key) => users::ask_remove(core, &key),
        SettingsCommand::RemovePracticeUser(key) => users::remove(core, &key),
        SettingsCommand::CopyPracticeUserSecret(key) => users::copy_secret(core, &key),
        SettingsCommand::OpenAsPracticeUser(key) => users::open_as(core, &key),
    }
}

/// Takes a report in.
pub fn apply(core: &mut Core, event: SettingsEvent) {
    match event {
        SettingsEvent::PracticeStopped => core.model.about.practice_busy = false,
        SettingsEvent::UsersKept { said, outcome } => users::kept(core, said, outcome),
        SettingsEvent::PracticeRemoved(outcome) => {
            core.model.about.practice_busy = false;
            match outcome {
                Ok(()) => core.say(Tone::Done, "Practice storage is empty, as at the beginning"),
                Err(why) => core.model.notices.say(Tone::Failed, "Practice storage could not be emptied", why),
            };
        }
    }
}

/// Looks for answers, once a frame.
pub fn tick(core: &mut Core) {
    if core.parts.settings.picking.poll()
        && let Request::Ready(Some(folder)) = std::mem::take(&mut core.parts.settings.picking)
    {
        use_practice_dir(core, Some(folder));
    }
    if core.parts.settings.starting.poll() {
        core.model.about.practice_busy = false;
        match std::mem::take(&mut core.parts.settings.starting) {
            Request::Ready(server) => {
                core.practice.get_or_insert(server);
            }
            Request::Failed { error, .. } => {
                core.model.notices.trouble("Practice storage could not be started", &error);
            }
            Request::Idle | Request::Pending { .. } => {}
        }
    }
    notice_practice(core);
}

/// Keeps up with practice storage being started and stopped, here or by opening its connection.
fn notice_practice(core: &mut Core) {
    let shown = core.model.about.practice.as_ref().map(|access| access.port);
    if shown == core.practice.as_ref().map(|server| server.port()) {
        return;
    }
    core.model.about.practice = core.practice.as_ref().map(|server| PracticeAccess {
        endpoint: server.endpoint(),
        port: server.port(),
        access_key_id: server.credentials().access_key_id.clone(),
        region: server.region().to_owned(),
        users: users::shown(server),
    });
    let Some(server) = &core.practice else { return };
    let (port, moved_from) = (server.port(), server.moved_from());
    if let Some(before) = moved_from {
        let title = "Practice storage has another address for now";
        let body = format!("Port {before} is taken by another program, so addresses copied earlier do not lead here");
        core.model.notices.say(Tone::Warning, title, body);
    } else if core.model.settings.practice_port != Some(port) {
        core.change_settings(|settings| settings.practice_port = Some(port));
    }
}

/// Stops practice storage: nobody else holds it, so that its folder is free when this returns.
async fn shut_down(server: Option<Arc<practice::Server>>) {
    if let Some(server) = server.and_then(Arc::into_inner) {
        server.shutdown().await;
    }
}

/// A folder with other things in it gets one inside, so that practice storage never mixes with them.
fn folder_for_practice(chosen: &Path) -> PathBuf {
    let is_ours = chosen.join("metadata.sqlite3").exists();
    let is_empty = std::fs::read_dir(chosen).map_or(true, |mut entries| entries.next().is_none());
    if is_ours || is_empty { chosen.to_owned() } else { chosen.join(OWN_FOLDER) }
}

/// Stops practice storage; whoever is in it goes back to the start screen.
fn stop(core: &mut Core) -> Option<Arc<practice::Server>> {
    let is_open = core.model.session.as_ref().is_some_and(|session| session.connection.id == ConnectionId::PRACTICE);
    if is_open {
        let screen = core.model.screen;
        core.dispatch(BrowseCommand::Leave.into());
        core.model.screen = screen;
    }
    core.parts.settings.starting = Request::Idle;
    core.practice.take()
}

fn use_practice_dir(core: &mut Core, folder: Option<PathBuf>) {
    let before = core.practice_dir();
    let after = folder.clone().unwrap_or_else(|| core.home.practice_dir().to_owned());
    if before == after {
        return;
    }
    let server = stop(core);
    core.model.about.practice_busy = true;
    core.worker.job(
        async move {
            shut_down(server).await;
            Event::Settings(SettingsEvent::PracticeStopped)
        },
        |_| Event::Settings(SettingsEvent::PracticeStopped),
    );
    core.change_settings(|settings| settings.practice_dir = folder);
    super::connect::refresh(core);
    let title = "Practice storage uses another folder from now on";
    core.model.notices.say(Tone::Done, title, format!("What is in {} stays there", before.display()));
}

fn ask_remove(core: &mut Core) {
    let dir = core.practice_dir();
    core.model.modal = Some(Modal::Confirm(Confirm {
        title: "Remove all practice data?".to_owned(),
        body: "Every bucket and file of practice storage is deleted for good, and its access key too. Other connections are not touched.".to_owned(),
        notes: vec!["Addresses of practice files stop working".to_owned()],
        names: vec![dir.display().to_string()],
        button: "Remove practice data".to_owned(),
        type_name: Some("practice".to_owned()),
        then: Box::new(SettingsCommand::RemovePracticeData.into()),
    }));
}

fn remove(core: &mut Core) {
    let server = stop(core);
    let dir = core.practice_dir();
    core.model.about.practice_busy = true;
    let done = |outcome| Event::Settings(SettingsEvent::PracticeRemoved(outcome));
    core.worker.job(
        async move {
            shut_down(server).await;
            let removed = tokio::task::spawn_blocking(move || remove_data(&dir)).await;
            done(
                removed
                    .map_or_else(|error| Err(error.to_string()), |removed| removed.map_err(|error| error.to_string())),
            )
        },
        move |text| done(Err(text)),
    );
}

fn remove_data(dir: &Path) -> std::io::Result<()> {
    for name in practice::CONTENTS {
        let path = dir.join(name);
        let removed = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        match removed {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_practice_storage_made_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("buckets/1-acme")).unwrap();
        for name in ["metadata.sqlite3", "port", "holiday.jpg"] {
            std::fs::write(dir.path().join(name), b"x").unwrap();
        }
        remove_data(dir.path()).unwrap();
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["holiday.jpg"]);
    }

    #[test]
    fn a_folder_with_other_things_gets_one_inside() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(folder_for_practice(dir.path()), dir.path());
        std::fs::write(dir.path().join("holiday.jpg"), b"x").unwrap();
        assert_eq!(folder_for_practice(dir.path()), dir.path().join(OWN_FOLDER));
        std::fs::write(dir.path().join("metadata.sqlite3"), b"x").unwrap();
        assert_eq!(folder_for_practice(dir.path()), dir.path());
    }
}
