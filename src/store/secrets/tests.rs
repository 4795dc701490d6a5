use super::keychain::tests::Drawer;
use super::*;
use test_case::test_case;

fn secret() -> Secret {
    Secret { secret_access_key: "wJalrXUtnFEMI".into(), session_token: Some("IQoJb3JpZ2lu".into()) }
}

fn with_keychain(drawer: &Drawer) -> SecretStore {
    SecretStore { keychain: Some(drawer.keychain()), reason: String::new(), memory: Mutex::default() }
}

#[test]
fn debug_shows_nothing() {
    let text = format!("{:?} {:?}", secret(), SecretStore::memory_only("test"));
    assert!(!text.contains("wJalr") && !text.contains("IQoJ"), "{text}");
}

#[test]
fn without_a_keychain_memory_serves_for_this_run() {
    let store = SecretStore::memory_only("No keychain in tests");
    let (one, two) = (ConnectionId::random(), ConnectionId::random());
    assert_eq!(store.set(one, secret()), Kept::MemoryOnly { reason: "No keychain in tests".into() });
    assert_eq!(store.get(one), Ok(Some(secret())));
    assert_eq!(store.get(two), Ok(None));
    store.delete(one).unwrap();
    assert_eq!(store.get(one), Ok(None));
}

#[test_case(secret() ; "with a session token")]
#[test_case(Secret { secret_access_key: "a/+=".into(), session_token: None } ; "without")]
fn the_keychain_gives_back_what_it_was_given(secret: Secret) {
    let drawer = Drawer::default();
    let id = ConnectionId::random();
    let store = with_keychain(&drawer);
    assert_eq!(store.set(id, secret.clone()), Kept::Keychain);
    assert!(store.memory().is_empty());
    let next_run = with_keychain(&drawer);
    assert_eq!(next_run.get(id), Ok(Some(secret)));
    next_run.delete(id).unwrap();
    assert_eq!(with_keychain(&drawer).get(id), Ok(None));
}

#[test]
fn a_locked_keychain_leaves_the_secret_in_memory_and_says_so() {
    let drawer = Drawer { locked: true, ..Drawer::default() };
    let store = with_keychain(&drawer);
    let id = ConnectionId::random();
    let Kept::MemoryOnly { reason } = store.set(id, secret()) else { panic!("kept where?") };
    assert!(reason.contains("locked") && reason.contains("until Brimful closes"), "{reason}");
    assert_eq!(store.get(id), Ok(Some(secret())));
    assert!(drawer.items.lock().unwrap().is_empty());
}
