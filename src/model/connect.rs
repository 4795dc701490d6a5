//! The connections there are, the form that is being filled in, and what is being asked about them.

mod typed;

pub use typed::{AmazonWay, Field, Problem, Problems, Typed, TypedAmazon, TypedKeys, TypedStore, TypedTarget};

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::domain::connection::{Connection, ConnectionId, Target};
use crate::store::secrets::SecretText;
use crate::worker::Request;

use super::Trouble;

/// Everything about connections except the one that is open.
#[derive(Debug, Default)]
pub struct ConnectModel {
    /// All of them, the most recently opened first.
    pub connections: Vec<Connection>,
    /// Where practice storage keeps its data.
    pub practice_dir: PathBuf,
    /// The profiles of the shared AWS files.
    pub profiles: Request<Vec<Profile>, Trouble>,
    /// Where a secret that is typed in would be kept.
    pub kept: SecretsKept,
    /// Connections whose secret is known to be gone, so that it has to be typed again.
    pub without_secret: BTreeSet<ConnectionId>,
    /// The form behind a door, if one is open.
    pub form: Option<Form>,
    /// Forms that were begun and not saved: what is typed in them is kept.
    pub begun: BTreeSet<FormId>,
    /// Why what was typed into the address field leads nowhere.
    pub no_way: Option<NoWay>,
}

impl ConnectModel {
    /// One connection.
    #[must_use]
    pub fn get(&self, id: ConnectionId) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.id == id)
    }
}

/// A text that leads nowhere, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoWay {
    /// What was typed; the sentence holds only for it.
    pub text: String,
    /// In plain words.
    pub sentence: String,
}

/// Where secrets that are typed in are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretsKept {
    /// In the system's keychain.
    Keychain,
    /// In memory until Brimful closes, with the reason as a sentence.
    Memory(String),
}

impl Default for SecretsKept {
    fn default() -> Self {
        Self::Memory("The secret key is held in memory until Brimful closes".to_owned())
    }
}

/// A profile of the shared AWS files, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name in the files.
    pub name: String,
    /// How it signs in, in a few words.
    pub way: String,
    /// It begins with a sign-in in the browser.
    pub single_sign_on: bool,
    /// The region it names.
    pub region: Option<String>,
    /// The one that is in use where nothing else is said.
    pub selected: bool,
}

/// Names a form, so that what is typed into it is found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FormId(pub u64);

/// Which door a form is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Amazon S3.
    Amazon,
    /// Any other store.
    Store,
}

/// The form of a connection that is new or being edited.
#[derive(Debug)]
pub struct Form {
    /// Which one.
    pub id: FormId,
    /// Behind which door.
    pub door: Door,
    /// The connection being edited; none for a new one.
    pub editing: Option<Connection>,
    /// How the last test went.
    pub test: Request<TestReport, Trouble>,
    /// What was saved is on its way to the keychain.
    pub saving: bool,
}

/// What a form holds once it has been checked: a connection that can be tested and saved.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What the person calls it.
    pub name: String,
    /// Where it leads.
    pub target: Target,
    /// Its secret.
    pub secret: DraftSecret,
}

/// The secret of a draft.
#[derive(Debug, Clone)]
pub enum DraftSecret {
    /// It signs in some other way, or not at all.
    NotNeeded,
    /// The one that is kept already.
    AsKept,
    /// Typed in.
    Typed {
        /// The secret access key.
        secret_access_key: SecretText,
        /// The session token of temporary keys.
        session_token: Option<SecretText>,
    },
}

/// How a test went, step by step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestReport {
    /// What was tried, in order.
    pub steps: Vec<TestStep>,
    /// Whether the connection can be worked with.
    pub usable: bool,
}

/// One thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestStep {
    /// What, in a word or two.
    pub title: &'static str,
    /// How it went.
    pub outcome: TestOutcome,
    /// The same in words.
    pub sentence: String,
    /// Codes and causes, one a line, for failures.
    pub details: Vec<String>,
}

/// How one step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestOutcome {
    /// Well.
    Good,
    /// Well enough to go on.
    Warning,
    /// Not; nothing will work.
    Failed,
}

/// Making, testing, changing and removing connections.
#[derive(Debug, Clone)]
pub enum ConnectCommand {
    /// Open what a person typed or pasted: a bucket name, an `s3://` address, a URL or an ARN.
    OpenLocation(String),
    /// Open the form for a new connection.
    New(Door),
    /// Open the form of a connection.
    Edit(ConnectionId),
    /// Leave the form; what is typed in it stays.
    CloseForm,
    /// What is typed is no longer what was tested.
    ForgetTest,
    /// Try out what is typed.
    Test(Box<Draft>),
    /// Keep what is typed.
    Save {
        /// The checked content of the form.
        draft: Box<Draft>,
        /// Open it right away.
        open: bool,
    },
    /// Make a copy.
    Duplicate(ConnectionId),
    /// Mark as holding what the public sees, or take the mark away.
    MarkProduction(ConnectionId, bool),
    /// Ask whether to take it off the list.
    AskRemove(ConnectionId),
    /// Take it off the list, and its secret out of the keychain.
    Remove(ConnectionId),
    /// Read the profiles of the shared AWS files again.
    ReadProfiles,
}

/// How a connection signs in and where it leads, in one line under its name.
#[must_use]
pub fn line_of(connection: &Connection, profiles: &[Profile]) -> String {
    use crate::domain::connection::SignIn;
    match &connection.target {
        Target::Practice => "On this computer".to_owned(),
        Target::Amazon { region, sign_in } => {
            let profile = |name: &String| profiles.iter().find(|profile| &profile.name == name);
            let way = match sign_in {
                SignIn::Profile { name } if profile(name).is_some_and(|profile| profile.single_sign_on) => {
                    format!("single sign-on {name}")
                }
                SignIn::Profile { name } => format!("profile {name}"),
                SignIn::Environment => "environment or instance role".to_owned(),
                SignIn::Keys { .. } => "access key".to_owned(),
                SignIn::Anonymous => "no sign-in".to_owned(),
            };
            let named = match sign_in {
                SignIn::Profile { name } => profile(name).and_then(|profile| profile.region.as_deref()),
                SignIn::Environment | SignIn::Keys { .. } | SignIn::Anonymous => None,
            };
            match (region.as_str(), named) {
                ("", None) => format!("Amazon S3 · {way}"),
                ("", Some(region)) | (region, _) => format!("Amazon S3 · {way} · {region}"),
            }
        }
        Target::Store(store) => {
            let host = store.endpoint.split("://").last().unwrap_or(&store.endpoint);
            let known = crate::domain::preset::find(&store.preset).filter(|preset| preset.endpoint != "{host}");
            match known {
                Some(preset) => format!("{} · region {}", preset.label, store.region),
                None => format!("{host} · region {}", store.region),
            }
        }
    }
}

#[cfg(test)]
mod tests;
