use super::*;
use std::path::Path;

fn home() -> (tempfile::TempDir, Home) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::at(dir.path()).unwrap();
    (dir, home)
}

fn amazon(name: &str) -> Connection {
    Connection {
        id: ConnectionId::random(),
        name: name.into(),
        target: Target::Amazon {
            region: "eu-central-1".into(),
            sign_in: SignIn::Keys { access_key_id: "AKIDEXAMPLE".into(), has_session_token: true },
        },
        production: true,
        last_opened: None,
        bucket_count: None,
    }
}

fn file_of(home: &Home) -> std::path::PathBuf {
    home.config_dir().join("connections.json")
}

fn names(connections: &Connections) -> Vec<&str> {
    connections.all().iter().map(|it| it.name.as_str()).collect()
}

fn damaged_files(folder: &Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .filter(|it| it.as_ref().unwrap().file_name().to_string_lossy().contains(".damaged-"))
        .count()
}

#[test]
fn practice_is_there_from_the_first_moment_and_stays() {
    let (_dir, home) = home();
    let (mut connections, notice) = Connections::open(&home);
    assert_eq!(notice, None);
    assert_eq!(names(&connections), ["Practice on this computer"]);
    assert!(matches!(connections.remove(ConnectionId::PRACTICE), Err(StoreError::PracticeStays)));
    assert!(matches!(connections.duplicate(ConnectionId::PRACTICE), Err(StoreError::PracticeStays)));
}

#[test]
fn what_is_put_in_is_there_after_a_restart() {
    let (_dir, home) = home();
    let shop = amazon("Shop");
    {
        let (mut connections, _) = Connections::open(&home);
        connections.put(amazon("Archive")).unwrap();
        connections.put(shop.clone()).unwrap();
        connections.put(Connection { name: "Shop EU".into(), ..shop }).unwrap();
        let archive = connections.all()[1].id;
        connections.remove(archive).unwrap();
    }
    let (connections, notice) = Connections::open(&home);
    assert_eq!(notice, None);
    assert_eq!(names(&connections), ["Practice on this computer", "Shop EU"]);
    assert_eq!(connections.with_typed_keys().count(), 1);
}

#[test]
fn the_last_opened_is_the_newest() {
    let (_dir, home) = home();
    let (mut connections, _) = Connections::open(&home);
    assert!(connections.last_opened().is_none());
    let shop = amazon("Shop");
    connections.put(shop.clone()).unwrap();
    connections.mark_opened(shop.id, "2026-03-14T09:41:00Z".parse().unwrap(), Some(3)).unwrap();
    connections.mark_opened(ConnectionId::PRACTICE, "2026-03-13T09:41:00Z".parse().unwrap(), None).unwrap();
    let (connections, _) = Connections::open(&home);
    let last = connections.last_opened().unwrap();
    assert_eq!((last.id, last.bucket_count), (shop.id, Some(3)));
}

#[test]
fn a_copy_has_an_identity_and_a_name_of_its_own() {
    let (_dir, home) = home();
    let (mut connections, _) = Connections::open(&home);
    let shop = amazon("Shop");
    connections.put(shop.clone()).unwrap();
    let first = connections.duplicate(shop.id).unwrap();
    let second = connections.duplicate(shop.id).unwrap();
    assert_eq!((first.name.as_str(), second.name.as_str()), ("Shop copy", "Shop copy 2"));
    assert_ne!(first.id, shop.id);
    assert!(matches!(connections.duplicate(ConnectionId::random()), Err(StoreError::NoSuchConnection)));
}

#[test]
fn a_damaged_file_is_put_aside_and_the_list_works_on() {
    let (_dir, home) = home();
    for content in ["", "{\"connections\": [", "[]", "{\"connections\": 7}"] {
        std::fs::write(file_of(&home), content).unwrap();
        let (mut connections, notice) = Connections::open(&home);
        assert!(matches!(notice, Some(Notice::Damaged { kept_as: Some(_), .. })), "{content:?}: {notice:?}");
        assert_eq!(connections.all().len(), 1);
        connections.put(amazon("Shop")).unwrap();
        std::fs::remove_file(file_of(&home)).unwrap();
    }
    assert_eq!(damaged_files(home.config_dir()), 4);
}

#[test]
fn entries_of_a_newer_version_are_left_alone() {
    let (_dir, home) = home();
    let (mut connections, _) = Connections::open(&home);
    connections.put(amazon("Shop")).unwrap();
    let mut value: Value = serde_json::from_slice(&std::fs::read(file_of(&home)).unwrap()).unwrap();
    value["unheard_of"] = json!(true);
    value["connections"][1]["colour"] = json!("teal");
    let strange = json!({ "id": ConnectionId::random(), "name": "Moon", "target": { "kind": "moon" } });
    value["connections"].as_array_mut().unwrap().push(strange.clone());
    std::fs::write(file_of(&home), value.to_string()).unwrap();

    let (mut connections, notice) = Connections::open(&home);
    assert_eq!(notice, Some(Notice::PartlyUnread { what: WHAT, parts: vec!["Moon".into()] }));
    assert_eq!(names(&connections), ["Practice on this computer", "Shop"]);
    connections.put(amazon("Another")).unwrap();
    let value: Value = serde_json::from_slice(&std::fs::read(file_of(&home)).unwrap()).unwrap();
    assert!(value["connections"].as_array().unwrap().contains(&strange));
}

#[test]
fn a_file_cannot_turn_practice_into_something_else() {
    let (_dir, home) = home();
    let forged = Connection { id: ConnectionId::PRACTICE, ..amazon("Elsewhere") };
    std::fs::write(file_of(&home), json!({ "connections": [amazon("First"), forged] }).to_string()).unwrap();
    let (connections, _) = Connections::open(&home);
    assert_eq!(connections.all()[0].target, Target::Practice);
    assert_eq!(connections.all()[0].id, ConnectionId::PRACTICE);
}

#[test]
fn the_file_holds_no_secret() {
    let (_dir, home) = home();
    let (mut connections, _) = Connections::open(&home);
    connections.put(amazon("Shop")).unwrap();
    let text = std::fs::read_to_string(file_of(&home)).unwrap();
    assert!(text.contains("AKIDEXAMPLE"));
    assert!(!text.contains("secret") && !text.contains("\"session_token\""), "{text}");
}
