use std::sync::Arc;

use super::ConnectEvent;
use crate::app::core::Core;
use crate::app::event::Event;
use crate::domain::connection::{Connection, ConnectionId, SignIn, Target};
use crate::model::Trouble;
use crate::model::command::Screen;
use crate::model::connect::{Door, Draft, DraftSecret, Form, FormId, TestOutcome, TestReport, TestStep};
use crate::model::notices::Tone;
use crate::model::trouble::WayOut;
use crate::s3;
use crate::s3::check::{Outcome, What};
use crate::store::secrets::{Kept, Secret, SecretStore};
use crate::worker::Request;

pub(super) fn open_new(core: &mut Core, door: Door) {
    let begun = core.parts.connect.new_forms.iter().find(|(of, _)| *of == door).map(|(_, id)| *id);
    let id = begun.unwrap_or_else(|| {
        let id = next_id(core);
        core.parts.connect.new_forms.push((door, id));
        id
    });
    show(core, Form { id, door, editing: None, test: Request::Idle, saving: false });
}

pub(super) fn open_edit(core: &mut Core, id: ConnectionId) {
    let Some(connection) = core.connections.get(id).cloned() else { return };
    let door = match &connection.target {
        Target::Practice => return,
        Target::Amazon { .. } => Door::Amazon,
        Target::Store(_) => Door::Store,
    };
    if core.model.session.is_some() {
        core.dispatch(crate::model::command::BrowseCommand::Leave.into());
    }
    let begun = core.parts.connect.edit_forms.iter().find(|(of, _)| *of == id).map(|(_, form)| *form);
    let form = begun.unwrap_or_else(|| {
        let form = next_id(core);
        core.parts.connect.edit_forms.push((id, form));
        form
    });
    show(core, Form { id: form, door, editing: Some(connection), test: Request::Idle, saving: false });
}

fn next_id(core: &mut Core) -> FormId {
    core.parts.connect.last_form += 1;
    FormId(core.parts.connect.last_form)
}

fn show(core: &mut Core, form: Form) {
    core.model.connect.begun.insert(form.id);
    core.model.connect.form = Some(form);
    core.model.screen = Screen::Start;
}

pub(super) fn forget_test(core: &mut Core) {
    if let Some(form) = &mut core.model.connect.form {
        form.test = Request::Idle;
    }
}

pub(super) fn test(core: &mut Core, draft: Draft) {
    let Some(form) = &mut core.model.connect.form else { return };
    let connection = connection_of(&draft, form.editing.as_ref());
    let secrets = Arc::clone(&core.secrets);
    form.test = core.worker.ask(async move {
        let secret = secret_for_test(&connection, draft.secret, secrets).await?;
        let store = match s3::connect::connect(&connection, secret, None).await {
            Ok(store) => store,
            Err(error) => return Ok(report_of_error(&error)),
        };
        Ok(report_of(s3::check::test_connection(&store).await))
    });
}

/// The connection that a draft stands for; a new one gets an identity of its own.
fn connection_of(draft: &Draft, editing: Option<&Connection>) -> Connection {
    let (name, target) = (draft.name.clone(), draft.target.clone());
    match editing {
        Some(before) => Connection { name, target, ..before.clone() },
        None => Connection {
            id: ConnectionId::random(),
            name,
            target,
            production: false,
            last_opened: None,
            bucket_count: None,
        },
    }
}

async fn secret_for_test(
    connection: &Connection,
    secret: DraftSecret,
    secrets: Arc<SecretStore>,
) -> Result<Option<s3::secrets::Secrets>, Trouble> {
    let found = match secret {
        DraftSecret::NotNeeded => return Ok(None),
        DraftSecret::Typed { secret_access_key, session_token } => Secret { secret_access_key, session_token },
        DraftSecret::AsKept => {
            let id = connection.id;
            let found = tokio::task::spawn_blocking(move || secrets.get(id)).await;
            let found = found.map_err(|_| Trouble::new("The keychain could not be asked", WayOut::Retry))?;
            let found = found.map_err(|error| Trouble::new(error.to_string(), WayOut::Retry))?;
            let gone = "The secret key of this connection is not on this computer any more. Type it in again.";
            found.ok_or_else(|| Trouble::new(gone, WayOut::EditConnection))?
        }
    };
    let token = found.session_token.as_ref().map(|token| token.expose());
    Ok(Some(s3::secrets::Secrets::new(found.secret_access_key.expose(), token)))
}

fn report_of(report: s3::check::ConnectionReport) -> TestReport {
    let usable = report.is_usable();
    let steps = report.steps.into_iter().map(|step| {
        let (outcome, details) = match &step.outcome {
            Outcome::Ok => (TestOutcome::Good, Vec::new()),
            Outcome::Warn => (TestOutcome::Warning, Vec::new()),
            Outcome::Failed(error) => (TestOutcome::Failed, error.details().lines().map(str::to_owned).collect()),
        };
        let title = match step.what {
            What::Reach => "Address",
            What::SignIn => "Sign-in",
            What::Identity => "Who is signed in",
            What::Clock => "Clock",
            What::ListBuckets => "List of buckets",
        };
        TestStep { title, outcome, sentence: step.sentence, details }
    });
    TestReport { steps: steps.collect(), usable }
}

/// What is wrong before anything could be asked.
fn report_of_error(error: &s3::error::S3Error) -> TestReport {
    let details = error.details().lines().map(str::to_owned).collect();
    let title = match error.kind {
        s3::error::Kind::NoCredentials => "Sign-in",
        _ => "Address",
    };
    let step = TestStep { title, outcome: TestOutcome::Failed, sentence: error.sentence(), details };
    TestReport { steps: vec![step], usable: false }
}

pub(super) fn save(core: &mut Core, draft: Draft, open: bool) {
    let Some(form) = &mut core.model.connect.form else { return };
    if form.saving {
        return;
    }
    let form_id = form.id;
    let had_keys = form.editing.as_ref().is_some_and(has_keys);
    let connection = connection_of(&draft, form.editing.as_ref());
    let id = connection.id;
    let name = connection.name.clone();
    let keeps_keys = has_keys(&connection);
    let is_new = form.editing.is_none();
    if let Err(error) = core.connections.put(connection) {
        core.model.notices.say(Tone::Warning, format!("{name} is kept for this run only"), error.to_string());
    }
    match draft.secret {
        DraftSecret::Typed { secret_access_key, session_token } => {
            form.saving = true;
            // A test that goes on holds the secret too; whoever saves has decided.
            let secret = Secret { secret_access_key, session_token };
            keep_secret(core, id, secret, Some(form_id), open);
        }
        DraftSecret::AsKept | DraftSecret::NotNeeded => {
            if had_keys && !keeps_keys {
                super::list::forget_secret(core, id);
            }
            saved(core, id, form_id, open);
        }
    }
    if is_new {
        tracing::info!(connection = %id, "a connection was made");
    }
    super::refresh(core);
}

fn has_keys(connection: &Connection) -> bool {
    matches!(connection.target.sign_in(), Some(SignIn::Keys { .. }))
}

/// Gives a secret to the keychain, away from the window's thread: it may ask for a password.
pub(super) fn keep_secret(core: &Core, id: ConnectionId, secret: Secret, form: Option<FormId>, open: bool) {
    let secrets = Arc::clone(&core.secrets);
    let report = move |kept| Event::Connect(ConnectEvent::SecretKept { id, kept, form, open });
    core.worker.job(
        async move {
            let kept = tokio::task::spawn_blocking(move || secrets.set(id, secret)).await;
            report(kept.map_err(|_| "The keychain could not be asked".to_owned()))
        },
        move |text| report(Err(text)),
    );
}

/// A secret is where it belongs now, or is not.
pub(super) fn secret_kept(
    core: &mut Core,
    id: ConnectionId,
    kept: Result<Kept, String>,
    form: Option<FormId>,
    open: bool,
) {
    match kept {
        Ok(Kept::Keychain) => {}
        // Where there is no keychain at all the form said so before.
        Ok(Kept::MemoryOnly { .. }) if core.secrets.where_kept() != Kept::Keychain => {}
        Ok(Kept::MemoryOnly { reason }) => {
            core.model.notices.say(Tone::Warning, "The keychain did not take the secret key", reason);
        }
        Err(sentence) => {
            core.model.notices.say(Tone::Failed, "The secret key was not kept", sentence);
            if let Some(shown) = core.model.connect.form.as_mut().filter(|shown| Some(shown.id) == form) {
                shown.saving = false;
            }
            super::refresh(core);
            return;
        }
    }
    match form {
        Some(form) => saved(core, id, form, open),
        None => {
            super::refresh(core);
            if open {
                crate::app::dispatch::browse::open(core, id, None);
            }
        }
    }
}

/// The form has done its work: it is closed and what was typed into it is forgotten.
fn saved(core: &mut Core, id: ConnectionId, form: FormId, open: bool) {
    core.parts.connect.new_forms.retain(|(_, kept)| *kept != form);
    core.parts.connect.edit_forms.retain(|(_, kept)| *kept != form);
    core.model.connect.begun.remove(&form);
    let shown = core.model.connect.form.as_ref().is_some_and(|shown| shown.id == form);
    if shown {
        core.model.connect.form = None;
    }
    super::refresh(core);
    if open && shown {
        crate::app::dispatch::browse::open(core, id, None);
    } else if let Some(name) = core.connections.get(id).map(|connection| connection.name.clone()) {
        core.say(Tone::Done, format!("{name} is saved"));
    }
}

/// Copies the secret of one connection to another, for a duplicate.
pub(super) fn copy_secret(core: &Core, from: ConnectionId, to: ConnectionId) {
    let secrets = Arc::clone(&core.secrets);
    let report = move |kept| Event::Connect(ConnectEvent::SecretKept { id: to, kept, form: None, open: false });
    core.worker.job(
        async move {
            let copied = tokio::task::spawn_blocking(move || match secrets.get(from) {
                Ok(Some(secret)) => Ok(secrets.set(to, secret)),
                Ok(None) => Ok(secrets.where_kept()),
                Err(error) => Err(error.to_string()),
            });
            report(copied.await.unwrap_or_else(|_| Err("The keychain could not be asked".to_owned())))
        },
        move |text| report(Err(text)),
    );
}
