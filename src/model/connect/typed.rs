//! What is typed into the forms of connections, and whether a connection can be made of it.

mod amazon;
mod store;

pub use amazon::{AmazonWay, TypedAmazon};
pub use store::TypedStore;

use std::collections::BTreeMap;

use crate::domain::connection::{Connection, SignIn, Target};
use crate::store::secrets::SecretText;

use super::{Door, Draft, DraftSecret};

/// Everything typed into one form.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// What the connection is to be called.
    pub name: String,
    /// The name was typed, not suggested.
    pub own_name: bool,
    /// The rest, by door.
    pub target: TypedTarget,
    /// The connection being edited.
    editing: Option<Connection>,
}

/// What differs between the doors.
#[derive(Debug, Clone, PartialEq)]
pub enum TypedTarget {
    /// Amazon S3.
    Amazon(TypedAmazon),
    /// Any other store.
    Store(TypedStore),
}

/// An access key as typed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TypedKeys {
    /// The public half.
    pub access_key_id: String,
    /// The secret half.
    pub secret: Hidden,
    /// Of temporary keys.
    pub session_token: Hidden,
}

/// Text that is being typed and must not be printed; overwritten when it is dropped.
#[derive(Clone, PartialEq, Default)]
pub struct Hidden(pub String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(not shown)")
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        drop(SecretText::new(std::mem::take(&mut self.0)));
    }
}

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// What the connection is called.
    Name,
    /// The profile.
    Profile,
    /// The public half of a key.
    AccessKeyId,
    /// The secret half.
    Secret,
    /// Of temporary keys.
    SessionToken,
    /// The region.
    Region,
    /// What the endpoint's pattern asks for.
    Endpoint,
    /// The host that the public uses.
    PublicUrl,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// In plain words.
    pub sentence: String,
    /// What to use instead, where that is clear.
    pub mend: Option<String>,
}

impl Problem {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), mend: None }
    }
}

/// All that is wrong with a form.
pub type Problems = BTreeMap<Field, Problem>;

impl Typed {
    /// An empty form for a new connection.
    #[must_use]
    pub fn new(door: Door) -> Self {
        let target = match door {
            Door::Amazon => TypedTarget::Amazon(TypedAmazon::default()),
            Door::Store => TypedTarget::Store(TypedStore::default()),
        };
        Self { name: String::new(), own_name: false, target, editing: None }
    }

    /// The form of a connection; its secret is not in it.
    #[must_use]
    pub fn of(connection: &Connection) -> Self {
        let target = match &connection.target {
            Target::Practice => TypedTarget::Store(TypedStore::default()),
            Target::Amazon { region, sign_in } => TypedTarget::Amazon(TypedAmazon::of(region, sign_in)),
            Target::Store(store) => TypedTarget::Store(TypedStore::of(store)),
        };
        Self { name: connection.name.clone(), own_name: true, target, editing: Some(connection.clone()) }
    }

    /// What to call it where nothing else was typed.
    #[must_use]
    pub fn suggested_name(&self) -> String {
        match &self.target {
            TypedTarget::Amazon(amazon) => amazon.suggested_name(),
            TypedTarget::Store(store) => store.suggested_name(),
        }
    }

    /// The kept secret goes on being used where none is typed.
    #[must_use]
    pub fn keeps_secret(&self) -> bool {
        let kept = self.editing.as_ref().and_then(|connection| connection.target.sign_in());
        let typed = match &self.target {
            TypedTarget::Amazon(amazon) if amazon.way == AmazonWay::Keys => &amazon.keys,
            TypedTarget::Store(store) if store.signs_in => &store.keys,
            TypedTarget::Amazon(_) | TypedTarget::Store(_) => return false,
        };
        matches!(kept, Some(SignIn::Keys { access_key_id, .. }) if access_key_id == typed.access_key_id.trim())
            && typed.secret.0.is_empty()
    }

    /// Makes a draft of what is typed.
    ///
    /// # Errors
    /// Everything that is wrong, by field.
    pub fn check(&self) -> Result<Draft, Problems> {
        let mut problems = Problems::new();
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            problems.insert(Field::Name, Problem::new("A name is needed to find the connection again"));
        }
        let (target, secret) = match &self.target {
            TypedTarget::Amazon(amazon) => amazon.check(self, &mut problems),
            TypedTarget::Store(store) => store.check(self, &mut problems),
        };
        if problems.is_empty() { Ok(Draft { name, target, secret }) } else { Err(problems) }
    }

    /// Whether the kept secret has a session token with it.
    fn kept_token(&self) -> bool {
        let kept = self.editing.as_ref().and_then(|connection| connection.target.sign_in());
        matches!(kept, Some(SignIn::Keys { has_session_token: true, .. }))
    }
}

impl TypedKeys {
    /// The sign-in that the keys make, with what is wrong noted in `problems`.
    fn check(&self, typed: &Typed, amazon: bool, problems: &mut Problems) -> (SignIn, DraftSecret) {
        let id = self.access_key_id.trim();
        let secret = self.secret.0.trim();
        let token = Some(self.session_token.0.trim()).filter(|token| !token.is_empty());
        let blank = |text: &str| text.chars().any(char::is_whitespace);
        if id.is_empty() {
            problems.insert(Field::AccessKeyId, Problem::new("The access key ID is missing"));
        } else if blank(id) {
            problems.insert(Field::AccessKeyId, Problem::new("An access key ID has no blanks"));
        } else if amazon && id.len() == 40 && secret.len() == 20 {
            problems.insert(Field::AccessKeyId, Problem::new("This looks like the secret key: the two may be swapped"));
        }
        if typed.keeps_secret() {
            return (
                SignIn::Keys { access_key_id: id.to_owned(), has_session_token: typed.kept_token() },
                DraftSecret::AsKept,
            );
        }
        if secret.is_empty() {
            let sentence = match &typed.editing {
                Some(_) => "Another access key needs its own secret key",
                None => "The secret key is missing",
            };
            problems.insert(Field::Secret, Problem::new(sentence));
        } else if blank(secret) {
            problems.insert(Field::Secret, Problem::new("A secret key has no blanks"));
        }
        // Temporary keys of AWS STS begin so (IAM User Guide, "IAM identifiers").
        if amazon && id.starts_with("ASIA") && token.is_none() {
            let sentence = "Keys that begin with ASIA are temporary and need their session token";
            problems.insert(Field::SessionToken, Problem::new(sentence));
        }
        let sign_in = SignIn::Keys { access_key_id: id.to_owned(), has_session_token: token.is_some() };
        let secret =
            DraftSecret::Typed { secret_access_key: secret.into(), session_token: token.map(SecretText::from) };
        (sign_in, secret)
    }
}
