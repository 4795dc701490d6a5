//! The system's keychain, asked from a thread of its own: it may hang while it waits for a password, and its D-Bus
//! client blocks.

use super::{Secret, SecretsError, overwrite};
use crate::domain::connection::ConnectionId;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

/// What entries are filed under, with the connection's identity as the user.
const SERVICE: &str = "brimful";
/// How long the keychain has to show that it is there.
const CONNECT_LIMIT: Duration = Duration::from_secs(4);
/// How long an answer may take: long enough to type a password into the keychain's own question.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

type Answer<T> = SyncSender<Result<T, SecretsError>>;

enum Ask {
    Set(ConnectionId, Secret, Answer<()>),
    Get(ConnectionId, Answer<Option<Secret>>),
    Delete(ConnectionId, Answer<()>),
}

/// A line to the thread that talks to the keychain. The thread ends when this is dropped.
pub(super) struct Keychain {
    asks: Sender<Ask>,
    answer_limit: Duration,
}

/// What the thread does with questions; the real one is [`System`].
trait Entries {
    fn set(&self, id: ConnectionId, text: &str) -> Result<(), SecretsError>;
    fn get(&self, id: ConnectionId) -> Result<Option<String>, SecretsError>;
    fn delete(&self, id: ConnectionId) -> Result<(), SecretsError>;
}

impl Keychain {
    /// Connects, or says why there is no keychain.
    pub(super) fn connect() -> Result<Self, SecretsError> {
        Self::start(System::connect, CONNECT_LIMIT, ANSWER_LIMIT)
    }

    fn start<E: Entries>(
        connect: impl FnOnce() -> Result<E, SecretsError> + Send + 'static,
        connect_limit: Duration,
        answer_limit: Duration,
    ) -> Result<Self, SecretsError> {
        let (asks, questions) = channel();
        let (ready, connected) = sync_channel(1);
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || match connect() {
                Ok(entries) => {
                    if ready.send(Ok(())).is_ok() {
                        serve(&entries, &questions);
                    }
                }
                // Nobody listens any more if this took too long.
                Err(error) => drop(ready.send(Err(error))),
            })
            .map_err(|error| SecretsError::Failed(error.to_string()))?;
        wait(&connected, connect_limit)?;
        Ok(Self { asks, answer_limit })
    }

    pub(super) fn set(&self, id: ConnectionId, secret: Secret) -> Result<(), SecretsError> {
        self.ask(|answer| Ask::Set(id, secret, answer))
    }

    pub(super) fn get(&self, id: ConnectionId) -> Result<Option<Secret>, SecretsError> {
        self.ask(|answer| Ask::Get(id, answer))
    }

    pub(super) fn delete(&self, id: ConnectionId) -> Result<(), SecretsError> {
        self.ask(|answer| Ask::Delete(id, answer))
    }

    fn ask<T>(&self, question: impl FnOnce(Answer<T>) -> Ask) -> Result<T, SecretsError> {
        // Room for one answer: a late one is put down and forgotten, and the thread goes on.
        let (answer, answered) = sync_channel(1);
        self.asks.send(question(answer)).map_err(|_| gone())?;
        wait(&answered, self.answer_limit)
    }
}

fn wait<T>(answered: &Receiver<Result<T, SecretsError>>, limit: Duration) -> Result<T, SecretsError> {
    match answered.recv_timeout(limit) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => Err(SecretsError::NoAnswer),
        Err(RecvTimeoutError::Disconnected) => Err(gone()),
    }
}

fn gone() -> SecretsError {
    SecretsError::Failed("the connection to it broke. It is tried again at the next start".to_owned())
}

/// Answers until nobody can ask any more. Whether an answer is still wanted is the asker's business.
fn serve(entries: &impl Entries, questions: &Receiver<Ask>) {
    while let Ok(question) = questions.recv() {
        match question {
            Ask::Set(id, secret, answer) => drop(answer.send(set(entries, id, &secret))),
            Ask::Get(id, answer) => drop(answer.send(get(entries, id))),
            Ask::Delete(id, answer) => drop(answer.send(entries.delete(id))),
        }
    }
}

fn set(entries: &impl Entries, id: ConnectionId, secret: &Secret) -> Result<(), SecretsError> {
    // JSON is UTF-8, which is all that KDE's wallet can hold.
    let text = serde_json::to_string(secret).map_err(|_| SecretsError::NotOurs)?;
    let set = entries.set(id, &text);
    overwrite(text.into_bytes());
    set
}

fn get(entries: &impl Entries, id: ConnectionId) -> Result<Option<Secret>, SecretsError> {
    let Some(text) = entries.get(id)? else {
        return Ok(None);
    };
    // The parser's own error could quote the text, so it goes no further.
    let secret = serde_json::from_str(&text).map_err(|_| SecretsError::NotOurs);
    overwrite(text.into_bytes());
    secret.map(Some)
}

/// The system's keychain, through the keyring crate.
struct System;

impl System {
    fn connect() -> Result<Self, SecretsError> {
        match keyring::Entry::store_status() {
            Ok(()) => Ok(Self),
            Err(error) => Err(in_words(error)),
        }
    }

    fn entry(id: ConnectionId) -> Result<keyring::Entry, SecretsError> {
        keyring::Entry::new(SERVICE, &id.to_string()).map_err(|error| in_words(&error))
    }
}

impl Entries for System {
    fn set(&self, id: ConnectionId, text: &str) -> Result<(), SecretsError> {
        Self::entry(id)?.set_password(text).map_err(|error| in_words(&error))
    }

    fn get(&self, id: ConnectionId) -> Result<Option<String>, SecretsError> {
        match Self::entry(id)?.get_password() {
            Ok(text) => Ok(Some(text)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(in_words(&error)),
        }
    }

    fn delete(&self, id: ConnectionId) -> Result<(), SecretsError> {
        match Self::entry(id)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(in_words(&error)),
        }
    }
}

/// Some of keyring's errors carry the stored bytes: those are told without.
fn in_words(error: &keyring::Error) -> SecretsError {
    match error {
        keyring::Error::NoStorageAccess(why) => SecretsError::Refused(why.to_string()),
        keyring::Error::PlatformFailure(why) => SecretsError::Failed(why.to_string()),
        keyring::Error::BadEncoding(_) | keyring::Error::BadDataFormat(..) | keyring::Error::Ambiguous(_) => {
            SecretsError::NotOurs
        }
        keyring::Error::TooLong(..) => SecretsError::Failed("the secret is too long for it".to_owned()),
        keyring::Error::NoDefaultStore => SecretsError::Failed("there is none".to_owned()),
        _ => SecretsError::Failed("it gave no reason".to_owned()),
    }
}

#[cfg(test)]
pub(super) mod tests;
