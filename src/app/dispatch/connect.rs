//! Connections: the list, the forms, trying one out, and opening what was typed into the address field.

mod forms;
mod list;
mod locate;

use crate::app::core::Core;
use crate::domain::connection::{Connection, ConnectionId, SignIn};
use crate::model::Trouble;
use crate::model::connect::{ConnectCommand, Door, FormId, Profile, SecretsKept};
use crate::model::notices::Tone;
use crate::s3;
use crate::s3::profiles::{ProfileInfo, ProfileKind};
use crate::store::secrets::{Kept, Secret};

/// What this part keeps for itself.
#[derive(Debug, Default)]
pub struct ConnectPart {
    last_form: u64,
    /// The form of a new connection behind each door, so that one finds again what one typed.
    new_forms: Vec<(Door, FormId)>,
    /// The form of each connection that was being edited.
    edit_forms: Vec<(ConnectionId, FormId)>,
}

/// What the background reports to this part.
#[derive(Debug)]
pub enum ConnectEvent {
    /// A secret was kept, or copied for a duplicate.
    SecretKept {
        /// Whose.
        id: ConnectionId,
        /// Where; an error as a sentence.
        kept: Result<Kept, String>,
        /// The form that waits for it.
        form: Option<FormId>,
        /// Open the connection now.
        open: bool,
    },
    /// A secret was removed, or could not be.
    SecretGone(Result<(), String>),
}

/// Carries a wish out.
pub fn dispatch(core: &mut Core, command: ConnectCommand) {
    match command {
        ConnectCommand::OpenLocation(text) => locate::open(core, text),
        ConnectCommand::New(door) => forms::open_new(core, door),
        ConnectCommand::Edit(id) => forms::open_edit(core, id),
        ConnectCommand::CloseForm => core.model.connect.form = None,
        ConnectCommand::ForgetTest => forms::forget_test(core),
        ConnectCommand::Test(draft) => forms::test(core, *draft),
        ConnectCommand::Save { draft, open } => forms::save(core, *draft, open),
        ConnectCommand::Duplicate(id) => list::duplicate(core, id),
        ConnectCommand::MarkProduction(id, production) => list::mark_production(core, id, production),
        ConnectCommand::AskRemove(id) => list::ask_remove(core, id),
        ConnectCommand::Remove(id) => list::remove(core, id),
        ConnectCommand::ReadProfiles => read_profiles(core),
    }
}

/// Takes a report in.
pub fn apply(core: &mut Core, event: ConnectEvent) {
    match event {
        ConnectEvent::SecretKept { id, kept, form, open } => forms::secret_kept(core, id, kept, form, open),
        ConnectEvent::SecretGone(Ok(())) => {}
        ConnectEvent::SecretGone(Err(sentence)) => {
            let title = "The secret key could not be taken out of the keychain";
            core.model.notices.say(Tone::Warning, title, sentence);
        }
    }
}

/// Looks for answers, once a frame.
pub fn tick(core: &mut Core) {
    core.model.connect.profiles.poll();
    if let Some(form) = &mut core.model.connect.form {
        form.test.poll();
    }
}

/// Keeps a connection that no form was filled in for, with its secret, and opens it.
pub fn put_and_open(core: &mut Core, connection: Connection, secret: Secret) {
    let (id, name) = (connection.id, connection.name.clone());
    if let Err(error) = core.connections.put(connection) {
        core.model.notices.say(Tone::Warning, format!("{name} is kept for this run only"), error.to_string());
    }
    forms::keep_secret(core, id, secret, None, true);
}

/// What is read once, when the application starts; the connection used last opens if that is wished for.
pub fn at_start(core: &mut Core) {
    core.model.connect.kept = match core.secrets.where_kept() {
        Kept::Keychain => SecretsKept::Keychain,
        Kept::MemoryOnly { reason } => SecretsKept::Memory(reason),
    };
    core.model.about.usual_practice_dir = core.home.practice_dir().to_owned();
    core.model.about.logs_dir = core.home.logs_dir();
    core.model.about.reports_dir = core.home.reports_dir();
    refresh(core);
    read_profiles(core);
    let last = core.connections.last_opened().map(|connection| connection.id);
    if let Some(id) = last.filter(|_| core.model.settings.open_last_connection) {
        super::browse::open(core, id, None);
    }
}

/// Brings the list of connections up to date.
pub fn refresh(core: &mut Core) {
    let mut connections = core.connections.all().to_vec();
    connections.sort_by_key(|connection| std::cmp::Reverse(connection.last_opened));
    core.model.connect.without_secret = without_secret(core, &connections);
    core.model.connect.connections = connections;
    core.model.connect.practice_dir = core.practice_dir();
}

/// Which secrets are gone. Asked only where there is no keychain: memory answers at once, a keychain may ask for a
/// password.
fn without_secret(core: &Core, connections: &[Connection]) -> std::collections::BTreeSet<ConnectionId> {
    if core.secrets.where_kept() == Kept::Keychain {
        return std::collections::BTreeSet::new();
    }
    connections
        .iter()
        .filter(|connection| matches!(connection.target.sign_in(), Some(SignIn::Keys { .. })))
        .map(|connection| connection.id)
        .filter(|id| matches!(core.secrets.get(*id), Ok(None)))
        .collect()
}

fn read_profiles(core: &mut Core) {
    core.worker.ask_again(&mut core.model.connect.profiles, async {
        let found = s3::profiles::profiles().await.map_err(Trouble::from)?;
        Ok(found.into_iter().map(profile).collect())
    });
}

fn profile(found: ProfileInfo) -> Profile {
    let way = match &found.kind {
        ProfileKind::Keys => "Access key".to_owned(),
        ProfileKind::Sso => "Single sign-on".to_owned(),
        ProfileKind::Role { arn } => match account_of(arn) {
            Some(account) => format!("Role in account {account}"),
            None => "Role".to_owned(),
        },
        ProfileKind::Process => "Asks a program".to_owned(),
        ProfileKind::WebIdentity => "Role for a web identity".to_owned(),
        ProfileKind::Unknown => "Says nothing about signing in".to_owned(),
    };
    let single_sign_on = found.kind == ProfileKind::Sso;
    Profile { name: found.name, way, single_sign_on, region: found.region, selected: found.selected }
}

/// The twelve digits in a role's ARN.
fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()))
}
