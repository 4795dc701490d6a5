use super::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// A keychain of the test's own.
#[derive(Default, Clone)]
pub(in crate::store::secrets) struct Drawer {
    pub(in crate::store::secrets) items: Arc<Mutex<HashMap<ConnectionId, String>>>,
    pub(in crate::store::secrets) locked: bool,
    pub(in crate::store::secrets) hangs: bool,
}

impl Drawer {
    pub(in crate::store::secrets) fn keychain(&self) -> Keychain {
        let this = self.clone();
        Keychain::start(move || Ok(this), Duration::from_secs(5), Duration::from_millis(200)).unwrap()
    }

    fn check(&self) -> Result<(), SecretsError> {
        if self.hangs {
            std::thread::sleep(Duration::from_millis(600));
        }
        if self.locked { Err(SecretsError::Refused("it is locked".into())) } else { Ok(()) }
    }
}

impl Entries for Drawer {
    fn set(&self, id: ConnectionId, text: &str) -> Result<(), SecretsError> {
        self.check()?;
        self.items.lock().unwrap().insert(id, text.to_owned());
        Ok(())
    }

    fn get(&self, id: ConnectionId) -> Result<Option<String>, SecretsError> {
        self.check()?;
        Ok(self.items.lock().unwrap().get(&id).cloned())
    }

    fn delete(&self, id: ConnectionId) -> Result<(), SecretsError> {
        self.check()?;
        self.items.lock().unwrap().remove(&id);
        Ok(())
    }
}

#[test]
fn a_keychain_that_never_connects_is_given_up() {
    let connect = || {
        std::thread::sleep(Duration::from_millis(600));
        Ok(Drawer::default())
    };
    let started = Keychain::start(connect, Duration::from_millis(50), ANSWER_LIMIT);
    assert_eq!(started.err(), Some(SecretsError::NoAnswer));
}

#[test]
fn a_keychain_that_hangs_is_an_answer_too() {
    let keychain = Drawer { hangs: true, ..Drawer::default() }.keychain();
    assert_eq!(keychain.get(ConnectionId::random()), Err(SecretsError::NoAnswer));
}

#[test]
fn what_somebody_else_put_there_is_not_shown() {
    let drawer = Drawer::default();
    let id = ConnectionId::random();
    drawer.items.lock().unwrap().insert(id, "correct horse".into());
    let error = drawer.keychain().get(id).unwrap_err();
    assert_eq!(error, SecretsError::NotOurs);
    assert!(!error.to_string().contains("horse"));
}
