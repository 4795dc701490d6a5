//! The secret half of a sign-in, while it is in memory.

use std::fmt;

/// A secret access key and the session token that may belong to it. Cannot be printed, and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secrets {
    secret_access_key: String,
    session_token: Option<String>,
}

impl Secrets {
    /// Takes both as typed; blanks around them (from copying) are cut off, an empty token is none.
    #[must_use]
    pub fn new(secret_access_key: &str, session_token: Option<&str>) -> Self {
        Self {
            secret_access_key: secret_access_key.trim().to_owned(),
            session_token: session_token.map(str::trim).filter(|token| !token.is_empty()).map(str::to_owned),
        }
    }

    /// The secret itself, for signing and for the keychain.
    #[must_use]
    pub fn secret_access_key(&self) -> &str {
        &self.secret_access_key
    }

    /// The token of a temporary session.
    #[must_use]
    pub fn session_token(&self) -> Option<&str> {
        self.session_token.as_deref()
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        for text in [Some(&mut self.secret_access_key), self.session_token.as_mut()].into_iter().flatten() {
            let mut bytes = std::mem::take(text).into_bytes();
            bytes.fill(0);
            std::hint::black_box(&bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_printed() {
        let secrets = Secrets::new(" wJalr \n", Some(" "));
        assert_eq!(format!("{secrets:?}"), "Secrets(…)");
        assert_eq!((secrets.secret_access_key(), secrets.session_token()), ("wJalr", None));
    }
}
