//! Secret keys: in the system's keychain, or in memory for this run. Never in a file of ours.
//!
//! All calls may wait for the keychain (it may ask the person for a password): call them off the UI thread.

mod keychain;

use crate::domain::connection::ConnectionId;
use keychain::Keychain;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Text that is shown nowhere, and overwritten when it is no longer needed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Takes over a text; the caller's own copies are the caller's to forget.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself. It must not be logged, shown or written.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        overwrite(std::mem::take(&mut self.0).into_bytes());
    }
}

/// Fills with zeros what is about to be freed; the black box keeps the compiler from leaving that out.
fn overwrite(mut bytes: Vec<u8>) {
    bytes.fill(0);
    std::hint::black_box(&bytes);
}

/// The secret half of a pair of keys that were typed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// The secret access key.
    pub secret_access_key: SecretText,
    /// The session token, for keys that last only some hours.
    #[serde(default)]
    pub session_token: Option<SecretText>,
}

/// Where secrets are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// In the system's keychain, for the next run too.
    Keychain,
    /// In memory until Brimful closes.
    MemoryOnly {
        /// Why, as a sentence for the screen.
        reason: String,
    },
}

/// The keychain did not do as asked. The text never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretsError {
    /// It did not answer in time; perhaps a question of its own is still open.
    #[error("The keychain did not answer. It may be asking for its password in another window")]
    NoAnswer,
    /// It is locked, or Brimful may not use it.
    #[error("The keychain may not be used: {0}")]
    Refused(String),
    /// What it holds is not what Brimful put there.
    #[error("The keychain holds something else under this connection's name. Type the keys in again")]
    NotOurs,
    /// Anything else.
    #[error("The keychain failed: {0}")]
    Failed(String),
}

/// The secrets of all connections.
pub struct SecretStore {
    keychain: Option<Keychain>,
    /// Why there is no keychain, as a sentence for the screen.
    reason: String,
    memory: Mutex<HashMap<ConnectionId, Secret>>,
}

impl SecretStore {
    /// Looks for the system's keychain (Secret Service, Keychain Services, Credential Manager). Where none answers
    /// within a few seconds, secrets are held in memory.
    #[must_use]
    pub fn open() -> Self {
        match Keychain::connect() {
            Ok(keychain) => Self { keychain: Some(keychain), reason: String::new(), memory: Mutex::default() },
            Err(error) => {
                tracing::info!(%error, "no keychain: secrets stay in memory");
                Self::memory_only("No keychain was found, so the secret key is held in memory until Brimful closes")
            }
        }
    }

    /// Leaves the keychain alone and holds secrets in memory.
    #[must_use]
    pub fn memory_only(reason: &str) -> Self {
        Self { keychain: None, reason: reason.to_owned(), memory: Mutex::default() }
    }

    /// Where a new secret would be kept.
    #[must_use]
    pub fn where_kept(&self) -> Kept {
        match self.keychain {
            Some(_) => Kept::Keychain,
            None => Kept::MemoryOnly { reason: self.reason.clone() },
        }
    }

    /// Keeps the secret of a connection, and says where. If the keychain refuses, it is held in memory, so that the
    /// connection works for this run.
    pub fn set(&self, id: ConnectionId, secret: Secret) -> Kept {
        let Some(keychain) = &self.keychain else {
            self.memory().insert(id, secret);
            return self.where_kept();
        };
        match keychain.set(id, secret.clone()) {
            Ok(()) => {
                self.memory().remove(&id);
                Kept::Keychain
            }
            Err(error) => {
                tracing::warn!(connection = %id, %error, "the keychain did not take a secret");
                self.memory().insert(id, secret);
                Kept::MemoryOnly { reason: format!("{error}. The secret key is held in memory until Brimful closes") }
            }
        }
    }

    /// The secret of a connection, or `None` if there is none: it then has to be typed in again.
    ///
    /// # Errors
    /// When the keychain does not answer, refuses, or holds something else.
    pub fn get(&self, id: ConnectionId) -> Result<Option<Secret>, SecretsError> {
        if let Some(secret) = self.memory().get(&id) {
            return Ok(Some(secret.clone()));
        }
        self.keychain.as_ref().map_or(Ok(None), |keychain| keychain.get(id))
    }

    /// Forgets the secret of a connection, wherever it is. There need not be one.
    ///
    /// # Errors
    /// When the keychain does not answer or refuses.
    pub fn delete(&self, id: ConnectionId) -> Result<(), SecretsError> {
        self.memory().remove(&id);
        self.keychain.as_ref().map_or(Ok(()), |keychain| keychain.delete(id))
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<ConnectionId, Secret>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SecretStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretStore").field("kept", &self.where_kept()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
