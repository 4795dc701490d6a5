//! Connections: the doors, the forms behind them, what goes wrong, and what is kept.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use brimful::domain::connection::{Connection, ConnectionId, SignIn, Target};
use brimful::model::connect::{ConnectCommand, Door, Profile};
use brimful::s3;
use brimful::worker::Request;

use test_case::test_case;

use crate::support::{Person, Window};

const SWITCH: &str = "Connection Practice on this computer, On this computer; choose another";

/// Goes to the page with all connections.
fn leaves(person: &mut Person) {
    person.clicks(SWITCH);
    person.clicks("All connections");
}

/// How another program reaches practice storage.
struct Keys {
    endpoint: String,
    id: String,
    secret: String,
}

/// Opens practice storage with one click and goes back to the doors; it keeps running.
fn practice_runs(person: &mut Person) -> Keys {
    person.clicks("Start practising");
    person.sees("No bucket yet");
    let keys = person.core(|core| {
        let server = core.practice.as_ref().unwrap();
        let keys = server.credentials();
        Keys { endpoint: server.endpoint(), id: keys.access_key_id.clone(), secret: keys.secret_access_key.clone() }
    });
    leaves(person);
    person.sees("Where should your files live?");
    keys
}

/// Fills in the form of another store.
fn fills_in_store(person: &mut Person, keys: &Keys) {
    person.clicks("Set up a store…");
    person.fills("Address", &keys.endpoint);
    person.fills("Access key ID", &keys.id);
    person.fills("Secret access key", &keys.secret);
}

/// Makes a bucket over the open connection, where making one is not the point.
fn has_bucket(person: &mut Person, name: &str) {
    person.core(|core| {
        let store = core.store.clone().unwrap();
        let bucket = s3::bucket::NewBucket {
            name: name.to_owned(),
            region: "us-east-1".to_owned(),
            ownership: None,
            object_lock: false,
        };
        core.worker.handle().block_on(s3::bucket::create_bucket(&store, &bucket)).unwrap();
    });
}

fn files_below(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// All files that Brimful keeps of its own; practice storage has its own key in its own folder.
fn kept_files(person: &Person) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["config", "state", "cache"] {
        files_below(&person.home().join(folder), &mut files);
    }
    files
}

fn place(person: &Person) -> Option<(String, String)> {
    person.model(|model| {
        let place = model.session.as_ref()?.place.clone()?;
        Some((place.bucket, place.prefix))
    })
}

#[test]
fn the_first_start_shows_three_doors_and_asks_nothing() {
    let mut person = Person::starts_brimful();
    for words in ["Where should your files live?", "Start here", "Start practising", "Set up a store…"] {
        person.sees(words);
    }
    assert!(!person.does_see("Recent connections"));
    assert!(person.model(|model| model.session.is_none()));
}

#[test]
fn practice_opens_with_one_click() {
    let mut person = Person::starts_brimful();
    person.clicks("Start practising");
    person.sees("No bucket yet");
    person.sees("Set up a bucket");
}

#[test]
fn the_keyboard_alone_leads_into_practice() {
    let mut person = Person::starts_brimful();
    person.sees("Start practising");
    // Settings and notices stand before the doors.
    for _ in 0..3 {
        person.presses("Tab");
    }
    person.presses("Enter");
    person.sees("No bucket yet");
}

#[test]
fn the_connection_used_last_opens_by_itself_unless_one_does_not_wish_it() {
    let mut person = Person::starts_brimful();
    person.clicks("Start practising");
    person.sees("No bucket yet");
    let mut person = person.restarts();
    person.sees("No bucket yet");
    person.presses("Ctrl+Comma");
    person.clicks("Open the connection used last");
    let mut person = person.restarts();
    person.sees("Where should your files live?");
    person.sees("Recent connections");
    person.sees("Open Practice on this computer");
}

#[test]
fn another_store_made_by_hand_works_and_its_key_is_in_no_file() {
    let mut person = Person::starts_brimful();
    let keys = practice_runs(&mut person);
    fills_in_store(&mut person, &keys);
    person.clicks("Test connection");
    person.sees("This connection can be worked with");
    person.sees("There are no buckets yet");
    person.fills("Name of the connection", "By hand");
    person.clicks("Save and open");
    person.sees("No bucket yet");
    assert_eq!(person.model(|model| model.session.as_ref().unwrap().connection.name.clone()), "By hand");
    let written = std::fs::read_to_string(person.home().join("config/connections.json")).unwrap();
    assert!(written.contains("By hand") && written.contains(&keys.id));
    for file in kept_files(&person) {
        let bytes = std::fs::read(&file).unwrap();
        let has = bytes.windows(keys.secret.len()).any(|window| window == keys.secret.as_bytes());
        assert!(!has, "{} holds the secret key", file.display());
    }

    // Without a keychain the key is gone after a restart, which is said, and it can be typed again.
    let mut person = person.restarts();
    person.sees("By hand could not be opened");
    person.sees("Type it in again");
    person.clicks("Edit the connection…");
    person.sees("The secret key is not on this computer any more: type it again");
    person.core(|core| core.dispatch(brimful::model::settings::SettingsCommand::StartPractice.into()));
    person.waits_until("practice storage runs", |model| model.about.practice.is_some());
    person.fills("Secret access key", &keys.secret);
    person.clicks("Save and open");
    person.sees("No bucket yet");
    assert_eq!(person.model(|model| model.session.as_ref().unwrap().connection.name.clone()), "By hand");
}

#[test]
fn an_address_without_a_scheme_is_mended_at_the_field() {
    let mut person = Person::starts_brimful();
    person.clicks("Set up a store…");
    person.fills("Address", "localhost:9000");
    person.clicks("Test connection");
    person.sees("The address must begin with http:// or https://");
    person.sees("The access key ID is missing");
    person.sees("The secret key is missing");
    person.clicks("Use http://localhost:9000");
    person.no_longer_sees("The address must begin with http:// or https://");
    person.sees("http://localhost:9000");
}

#[test]
fn a_test_says_what_is_wrong_in_plain_words() {
    let mut person = Person::starts_brimful();
    let keys = practice_runs(&mut person);
    fills_in_store(&mut person, &keys);

    person.fills("Secret access key", "not-the-secret-that-belongs-to-this-key");
    person.clicks("Test connection");
    person.sees("Sign-in: failed");
    person.sees("The secret does not fit the access key");

    person.fills("Access key ID", "NOBODYKNOWSTHISKEY00");
    person.no_longer_sees("Sign-in: failed");
    person.clicks("Test connection");
    person.sees("The store does not know this access key");

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    person.fills("Address", &format!("http://{nobody}"));
    person.clicks("Test connection");
    person.sees("Address: failed");
    person.sees(&format!("Nothing answers at http://{nobody}"));
    person.sees("It cannot be worked with like this");
}

#[test]
fn nothing_typed_is_lost_on_the_way() {
    let mut person = Person::starts_brimful();
    person.clicks("Set up a store…");
    person.clicks("Cloudflare R2");
    person.fills("Account ID", "0a1b2c3d");
    person.sees("https://0a1b2c3d.r2.cloudflarestorage.com");
    person.fills("Access key ID", "half-typed");
    person.clicks("Settings");
    person.sees("Colours");
    person.clicks("All connections");
    person.sees("half-typed");
    person.clicks("All connections");
    person.sees("Where should your files live?");
    person.clicks("Set up a store…");
    person.sees("half-typed");
    person.sees("https://0a1b2c3d.r2.cloudflarestorage.com");
}

#[test]
fn keys_of_amazon_are_checked_field_by_field() {
    let mut person = Person::starts_brimful();
    person.core(|core| core.model.connect.profiles = Request::Ready(Vec::new()));
    person.clicks("Sign in…");
    person.sees("Sign in to Amazon S3");
    person.clicks("Type an access key");
    person.sees("This test has no keychain");
    person.fills("Access key ID", "ASIAIOSFODNN7EXAMPLE");
    person.fills("Secret access key", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00");
    person.clicks("Save");
    person.sees("Keys that begin with ASIA are temporary and need their session token");
    person.sees("Choose the region to begin in");
    person.sees("2 fields need another look");
    person.clicks("Region");
    person.fills("Find a region", "frankfurt");
    person.clicks("eu-central-1 Europe (Frankfurt)");
    person.sees("1 field needs another look");
    person.fills("Session token, for temporary keys", "token");
    person.clicks("Save");
    person.sees("Amazon S3 is saved");
    person.sees("Amazon S3 · access key · eu-central-1");
    let kept =
        person.model(|model| model.connect.connections.iter().find(|it| it.name == "Amazon S3").cloned()).unwrap();
    let sign_in = SignIn::Keys { access_key_id: "ASIAIOSFODNN7EXAMPLE".into(), has_session_token: true };
    assert_eq!(kept.target, Target::Amazon { region: "eu-central-1".into(), sign_in });
}

#[test]
fn a_profile_is_chosen_with_two_clicks() {
    let mut person = Person::starts_brimful();
    person.core(|core| core.model.connect.profiles = Request::Ready(profiles()));
    person.clicks("Choose a profile…");
    person.clicks("Profile acme-staging");
    person.sees("aws sso login --profile acme-staging");
    person.clicks("Save");
    person.sees("acme-staging is saved");
    person.sees("Amazon S3 · single sign-on acme-staging · eu-central-1");
}

#[test]
fn connections_are_duplicated_marked_and_removed() {
    let mut person = Person::starts_brimful();
    let keys = practice_runs(&mut person);
    fills_in_store(&mut person, &keys);
    person.fills("Name of the connection", "Shop");
    person.clicks("Save");
    person.sees("Shop is saved");

    person.clicks("More about Shop");
    person.clicks("Mark as production");
    person.sees("Open Shop, production");

    person.clicks("More about Shop");
    person.clicks("Duplicate");
    person.sees("Open Shop copy");
    // The copy has the secret too.
    let copy = person.model(|model| model.connect.connections.iter().find(|it| it.name == "Shop copy").unwrap().id);
    person.waits_until("the secret is copied", |model| !model.connect.without_secret.contains(&copy));

    person.clicks("More about Shop");
    person.clicks("Remove…");
    person.sees("Remove Shop from the list?");
    person.clicks("Remove the connection");
    person.sees("Shop is removed from the list");
    let names: Vec<String> =
        person.model(|model| model.connect.connections.iter().map(|connection| connection.name.clone()).collect());
    assert!(!names.contains(&"Shop".to_owned()) && names.contains(&"Shop copy".to_owned()), "{names:?}");

    let mut person = person.restarts();
    person.sees("No bucket yet");
    leaves(&mut person);
    person.sees("Open Shop copy, production");
    person.sees("More about Shop copy");
    assert!(!person.does_see("More about Shop\n"));
}

#[test]
fn an_address_leads_to_its_place_and_a_wrong_one_says_why() {
    let mut person = Person::starts_brimful();
    let keys = practice_runs(&mut person);
    const FIELD: &str = "Open an s3:// address, URL or ARN";

    person.presses("Ctrl+L");
    person.fills(FIELD, "https://example.com/photos");
    person.presses("Enter");
    person.sees("example.com is no address of S3 or of this store");
    person.sees("https://example.com/photos");

    person.fills(FIELD, &format!("{}/acme/photos/cat.jpg", keys.endpoint));
    person.presses("Enter");
    person.waits_until("the folder is shown", |model| {
        model.session.as_ref().is_some_and(|session| session.place.is_some())
    });
    assert_eq!(place(&person), Some(("acme".to_owned(), "photos/".to_owned())));
    assert_eq!(person.model(|model| model.session.as_ref().unwrap().connection.id), ConnectionId::PRACTICE);

    leaves(&mut person);
    person.fills(FIELD, "arn:aws:s3:::acme/archive/*");
    person.presses("Enter");
    person.waits_until("the folder is shown", |model| {
        model.session.as_ref().is_some_and(|session| session.place.is_some())
    });
    assert_eq!(place(&person), Some(("acme".to_owned(), "archive/".to_owned())));
}

#[test]
fn who_may_not_list_buckets_opens_one_by_name() {
    let mut person = Person::starts_brimful();
    let keys = practice_runs(&mut person);
    person.clicks("Set up a store…");
    person.fills("Address", &keys.endpoint);
    person.clicks("Without sign-in");
    person.clicks("Save and open");
    person.sees("Open a bucket by its name");
    person.sees("Without a sign-in there is no list of buckets");
    person.fills("Bucket, s3:// address, URL or ARN", "s3://acme/photos/");
    person.clicks("Open");
    person.waits_until("the folder is shown", |model| {
        model.session.as_ref().is_some_and(|session| session.place.is_some())
    });
    assert_eq!(place(&person), Some(("acme".to_owned(), "photos/".to_owned())));
}

#[test]
fn buckets_are_chosen_from_a_list() {
    let mut person = Person::starts_brimful();
    person.clicks("Start practising");
    person.sees("No bucket yet");
    for name in ["acme-images", "acme-backups"] {
        has_bucket(&mut person, name);
    }
    person.core(|core| core.dispatch(brimful::model::command::BrowseCommand::RefreshBuckets.into()));
    person.sees("Choose a bucket");
    person.sees("2 buckets in Practice on this computer");
    person.waits_until("the list is kept", |model| {
        model.connect.connections.iter().any(|connection| connection.bucket_count == Some(2)) || model.session.is_some()
    });
    leaves(&mut person);
    person.sees("Open Practice on this computer");
    let count = person.model(|model| model.connect.get(ConnectionId::PRACTICE).unwrap().bucket_count);
    assert_eq!(count, Some(2));
}

#[test]
fn an_unreachable_store_shows_the_way_out() {
    let mut person = Person::starts_brimful();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    person.clicks("Set up a store…");
    person.fills("Address", &format!("http://{nobody}"));
    person.fills("Access key ID", "key");
    person.fills("Secret access key", "secret");
    person.fills("Name of the connection", "Far away");
    person.clicks("Save and open");
    person.sees("Far away could not be opened");
    person.sees(&format!("Nothing answers at http://{nobody}"));
    person.clicks("Details");
    person.sees("ListBuckets");
    person.clicks("Edit the connection…");
    person.sees("Edit Far away");
    person.sees("Leave empty to go on with the one that is kept");
}

#[test]
fn a_damaged_list_of_connections_is_put_aside_and_said() {
    let person = Person::starts_brimful();
    std::fs::write(person.home().join("config/connections.json"), b"{ not json").unwrap();
    let mut person = person.restarts();
    person.sees("list of connections was damaged");
    person.sees("Start practising");
    let names: Vec<String> = std::fs::read_dir(person.home().join("config"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().any(|name| name.starts_with("connections") && name != "connections.json"), "{names:?}");
}

#[test]
fn settings_are_remembered() {
    let mut person = Person::starts_brimful();
    person.clicks("Settings");
    person.clicks("Dark");
    person.clicks("Warn above a larger size");
    person.clicks("Make everything larger");
    let mut person = person.restarts();
    person.clicks("Settings");
    person.sees("Above 10.0 MB");
    person.sees("110 %");
    let theme = person.model(|model| model.settings.theme);
    assert_eq!(theme, brimful::model::settings::Theme::Dark);
    person.clicks("Show the folder of log files");
    assert_eq!(person.revealed(), [person.home().join("state/logs")]);
    person.presses("Escape");
    person.sees("Where should your files live?");
}

#[test]
fn practice_storage_moves_and_is_emptied() {
    let mut person = Person::starts_brimful();
    person.clicks("Start practising");
    person.sees("No bucket yet");
    has_bucket(&mut person, "acme-images");
    person.presses("Ctrl+Comma");
    person.sees("Copy the secret access key");
    let secret = person.core(|core| core.practice.as_ref().unwrap().credentials().secret_access_key.clone());
    assert!(!person.does_see(&secret));
    person.clicks("Copy the secret access key");
    // Toasts lie over the end of the page.
    person.clicks("Close: Secret key of practice storage copied");

    let elsewhere = person.home().join("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    person.will_pick(std::slice::from_ref(&elsewhere));
    person.clicks("Change the practice folder…");
    person.clicks("Close: Practice storage uses another folder from now on");
    person.waits_until("it stopped", |model| !model.about.practice_busy && model.about.practice.is_none());
    person.clicks("All connections");
    person.clicks("Start practising");
    person.sees("No bucket yet");
    assert!(elsewhere.join("metadata.sqlite3").exists());

    person.presses("Ctrl+Comma");
    person.clicks("Use the usual folder");
    person.waits_until("it stopped", |model| !model.about.practice_busy && model.about.practice.is_none());
    person.clicks("Close: Practice storage uses another folder from now on");
    person.clicks("Remove practice data…");
    person.sees("Remove all practice data?");
    person.fills("Type the name", "practice");
    person.clicks("Remove practice data");
    person.sees("Practice storage is empty, as at the beginning");
    assert!(!person.home().join("practice/metadata.sqlite3").exists());
    person.clicks("All connections");
    person.clicks("Start practising");
    person.sees("No bucket yet");
}

/// Against a real store, where `BRIMFUL_TEST_ENDPOINT` and the usual AWS variables name one.
#[test]
fn a_real_store_is_connected_by_hand() {
    let Ok(endpoint) = std::env::var("BRIMFUL_TEST_ENDPOINT") else { return };
    let variable = |name: &str| std::env::var(name).unwrap();
    let keys = Keys { endpoint, id: variable("AWS_ACCESS_KEY_ID"), secret: variable("AWS_SECRET_ACCESS_KEY") };
    let mut person = Person::starts_brimful();
    fills_in_store(&mut person, &keys);
    person.clicks("Ceph");
    person.clicks("Test connection");
    person.sees("This connection can be worked with");
    person.clicks("Save and open");
    person.waits_until("the list of buckets is read", |model| {
        model.session.as_ref().is_some_and(|session| session.buckets.known().is_some())
    });
    person.restarts().sees("Type it in again");
}

fn profiles() -> Vec<Profile> {
    let profile = |name: &str, way: &str, region: &str| Profile {
        name: name.to_owned(),
        way: way.to_owned(),
        single_sign_on: way == "Single sign-on",
        region: Some(region.to_owned()),
        selected: name == "default",
    };
    vec![
        profile("default", "Access key", "eu-west-1"),
        profile("acme-production", "Access key", "eu-west-1"),
        profile("acme-staging", "Single sign-on", "eu-central-1"),
        profile("ci", "Role in account 123456789012", "eu-west-1"),
    ]
}

/// The connections of the pictures, and a clock that stands still.
fn stage(person: &mut Person) {
    let connection = |id: u128, name: &str, target, buckets, opened: &str| Connection {
        id: ConnectionId(uuid::Uuid::from_u128(id)),
        name: name.to_owned(),
        target,
        production: name.ends_with("production"),
        last_opened: Some(opened.parse().unwrap()),
        bucket_count: Some(buckets),
    };
    let amazon = |profile: &str, region: &str| Target::Amazon {
        region: region.to_owned(),
        sign_in: SignIn::Profile { name: profile.to_owned() },
    };
    let r2 = brimful::domain::connection::StoreTarget {
        preset: "cloudflare-r2".to_owned(),
        endpoint: "https://0a1b2c3d.r2.cloudflarestorage.com".to_owned(),
        region: "auto".to_owned(),
        addressing: brimful::domain::connection::Addressing::Path,
        checksums: brimful::domain::connection::ChecksumMode::WhenRequired,
        sign_in: SignIn::Anonymous,
        public_base_url: None,
    };
    let all = [
        connection(1, "Acme production", amazon("acme-production", "eu-west-1"), 6, "2026-03-14T09:12:00Z"),
        connection(2, "Media archive", Target::Store(r2), 2, "2026-03-13T18:03:00Z"),
        connection(3, "Acme staging", amazon("gone", "eu-central-1"), 3, "2026-03-12T08:00:00Z"),
    ];
    person.core(|core| {
        core.deps.now = Arc::new(|| "2026-03-14T10:00:00Z".parse().unwrap());
        for connection in all {
            core.connections.put(connection).unwrap();
        }
        brimful::app::dispatch::connect::refresh(core);
        core.model.connect.profiles = Request::Ready(profiles());
        core.model.connect.kept = brimful::model::connect::SecretsKept::Keychain;
    });
    person.sees("Acme production");
    person.waits_a_moment();
}

#[test_case(false, "start_light"; "light")]
#[test_case(true, "start_dark"; "dark")]
fn the_start_screen_looks_as_it_should(dark: bool, name: &str) {
    let mut person = Person::starts_in(Window { dark, ..Window::default() });
    stage(&mut person);
    person.looks_like(name);
}

#[test]
fn the_form_of_a_profile_looks_as_it_should() {
    let mut person = Person::starts_brimful();
    stage(&mut person);
    person.core(|core| core.dispatch(ConnectCommand::New(Door::Amazon).into()));
    person.sees("Profile acme-production");
    person.waits_a_moment();
    person.looks_like("form_amazon");
}

#[test]
fn the_page_of_a_failure_looks_as_it_should() {
    let mut person = Person::starts_brimful();
    person.clicks("Set up a store…");
    // Port 9 (discard) is open nowhere by default.
    person.fills("Address", "http://127.0.0.1:9");
    person.clicks("Without sign-in");
    person.fills("Name of the connection", "Media archive");
    person.clicks("Save and open");
    person.sees("Media archive could not be opened");
    person.waits_a_moment();
    person.looks_like("connection_failed");
}
