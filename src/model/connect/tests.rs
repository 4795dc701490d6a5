use super::*;
use crate::domain::connection::{Addressing, ChecksumMode, SignIn, StoreTarget};
use crate::domain::preset;
use test_case::test_case;

const SECRET: &str = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00";

fn keys(id: &str, secret: &str, token: &str) -> TypedKeys {
    let mut keys = TypedKeys { access_key_id: id.to_owned(), ..TypedKeys::default() };
    keys.secret.0.push_str(secret);
    keys.session_token.0.push_str(token);
    keys
}

fn amazon(change: impl FnOnce(&mut TypedAmazon)) -> Typed {
    let mut typed = Typed::new(Door::Amazon);
    typed.name = "Mine".into();
    if let TypedTarget::Amazon(amazon) = &mut typed.target {
        amazon.way = AmazonWay::Keys;
        amazon.region = "eu-west-1".into();
        amazon.keys = keys("AKIAIOSFODNN7EXAMPLE", SECRET, "");
        change(amazon);
    }
    typed
}

fn store(preset: &str, change: impl FnOnce(&mut TypedStore)) -> Typed {
    let mut typed = Typed::new(Door::Store);
    typed.name = "Mine".into();
    if let TypedTarget::Store(store) = &mut typed.target {
        store.choose(preset::find(preset).unwrap());
        store.keys = keys("key", "secret", "");
        change(store);
    }
    typed
}

fn target(typed: &Typed) -> StoreTarget {
    match typed.check().unwrap().target {
        Target::Store(store) => store,
        other => panic!("{other:?}"),
    }
}

#[test_case(|a| a.keys.access_key_id.clear(), Field::AccessKeyId, "The access key ID is missing"; "no id")]
#[test_case(|a| a.keys.access_key_id = "AKIA X".into(), Field::AccessKeyId, "An access key ID has no blanks"; "blank in the id")]
#[test_case(|a| a.keys = keys(SECRET, "AKIAIOSFODNN7EXAMPLE", ""), Field::AccessKeyId, "This looks like the secret key: the two may be swapped"; "swapped")]
#[test_case(|a| a.keys.secret.0.clear(), Field::Secret, "The secret key is missing"; "no secret")]
#[test_case(|a| a.keys.access_key_id = "ASIAIOSFODNN7EXAMPLE".into(), Field::SessionToken, "Keys that begin with ASIA are temporary and need their session token"; "temporary")]
#[test_case(|a| a.region.clear(), Field::Region, "Choose the region to begin in; buckets of all regions open"; "no region")]
#[test_case(|a| a.region = "frankfurt".into(), Field::Region, "frankfurt is no region of Amazon S3"; "no such region")]
#[test_case(|a| a.way = AmazonWay::Profile, Field::Profile, "Choose a profile"; "no profile")]
fn amazon_says_what_is_missing(change: fn(&mut TypedAmazon), field: Field, sentence: &str) {
    let problems = amazon(change).check().unwrap_err();
    assert_eq!(problems.get(&field).map(|problem| problem.sentence.as_str()), Some(sentence), "{problems:?}");
    assert_eq!(problems.len(), 1);
}

#[test]
fn a_profile_needs_no_region_and_no_secret() {
    let typed = amazon(|a| {
        a.way = AmazonWay::Profile;
        a.profile = "media".into();
        a.region.clear();
    });
    let draft = typed.check().unwrap();
    assert!(matches!(draft.secret, DraftSecret::NotNeeded));
    let sign_in = SignIn::Profile { name: "media".into() };
    assert_eq!(draft.target, Target::Amazon { region: String::new(), sign_in });
}

#[test]
fn neither_form_nor_draft_nor_command_prints_a_secret() {
    let typed = amazon(|a| a.keys = keys("ASIAIOSFODNN7EXAMPLE", SECRET, "the-token"));
    let command = ConnectCommand::Save { draft: Box::new(typed.check().unwrap()), open: true };
    for text in [format!("{typed:?}"), format!("{command:?}")] {
        assert!(!text.contains(SECRET) && !text.contains("the-token"), "{text}");
    }
}

#[test_case("minio", "http://localhost:9000", "http://localhost:9000", "us-east-1"; "minio")]
#[test_case("cloudflare-r2", "0a1b2c3d", "https://0a1b2c3d.r2.cloudflarestorage.com", "auto"; "r2")]
#[test_case("backblaze-b2", "eu-central-003", "https://s3.eu-central-003.backblazeb2.com", "eu-central-003"; "b2")]
#[test_case("wasabi", "us-east-1", "https://s3.wasabisys.com", "us-east-1"; "wasabi at home")]
#[test_case("wasabi", "eu-west-1", "https://s3.eu-west-1.wasabisys.com", "eu-west-1"; "wasabi elsewhere")]
#[test_case("digitalocean-spaces", "fra1", "https://fra1.digitaloceanspaces.com", "us-east-1"; "spaces")]
#[test_case("custom", "https://s3.example.com/", "https://s3.example.com", "us-east-1"; "custom")]
fn a_store_is_made_and_edited(preset: &str, value: &str, endpoint: &str, region: &str) {
    let typed = store(preset, |store| {
        let field = store.chosen().unwrap().fields[0].name;
        store.values.insert(field, value.to_owned());
    });
    let made = target(&typed);
    assert_eq!((made.endpoint.as_str(), made.region.as_str()), (endpoint, region));
    let connection = Connection {
        id: ConnectionId::random(),
        name: "Mine".into(),
        target: Target::Store(made.clone()),
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let again = Typed::of(&connection);
    assert!(again.keeps_secret());
    let draft = again.check().unwrap();
    assert!(matches!(draft.secret, DraftSecret::AsKept));
    assert_eq!(draft.target, Target::Store(made));
}

#[test_case("localhost:9000", "The address must begin with http:// or https://", Some("http://localhost:9000"); "no scheme")]
#[test_case("", "The address of the store is needed", None; "nothing")]
#[test_case("https://s3.example.com/minio", "The address ends after host and port; “/minio” does not belong to it", Some("https://s3.example.com"); "a path")]
fn an_address_is_checked_and_mended(value: &str, sentence: &str, mend: Option<&str>) {
    let typed = store("minio", |store| {
        store.values.insert("host", value.to_owned());
    });
    let problems = typed.check().unwrap_err();
    let problem = &problems[&Field::Endpoint];
    assert_eq!((problem.sentence.as_str(), problem.mend.as_deref()), (sentence, mend));
}

#[test]
fn another_key_needs_its_own_secret() {
    let typed = store("minio", |store| {
        store.values.insert("host", "http://localhost:9000".into());
    });
    let connection = Connection {
        id: ConnectionId::random(),
        name: "Mine".into(),
        target: Target::Store(target(&typed)),
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let mut again = Typed::of(&connection);
    if let TypedTarget::Store(store) = &mut again.target {
        store.keys.access_key_id = "other".into();
    }
    let problems = again.check().unwrap_err();
    assert_eq!(problems[&Field::Secret].sentence, "Another access key needs its own secret key");
}

#[test]
fn choosing_another_preset_keeps_what_was_typed() {
    let mut store = TypedStore::default();
    store.values.insert("host", "http://localhost:9000".into());
    store.choose(preset::find("wasabi").unwrap());
    assert_eq!(store.addressing, Addressing::VirtualHosted);
    assert_eq!(store.values["region"], "us-east-1");
    store.choose(preset::find("digitalocean-spaces").unwrap());
    assert_eq!(store.values["region"], "nyc3");
    store.choose(preset::find("minio").unwrap());
    assert_eq!((store.values["host"].as_str(), store.checksums), ("http://localhost:9000", ChecksumMode::WhenRequired));
}

#[test]
fn lines_say_where_and_how() {
    let connection = |target| Connection {
        id: ConnectionId::random(),
        name: String::new(),
        target,
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let sso = Profile {
        name: "corp".into(),
        way: String::new(),
        single_sign_on: true,
        region: Some("eu-central-1".into()),
        selected: false,
    };
    let profile = |name: &str, region: &str| {
        connection(Target::Amazon { region: region.into(), sign_in: SignIn::Profile { name: name.into() } })
    };
    assert_eq!(line_of(&profile("acme", "eu-west-1"), &[]), "Amazon S3 · profile acme · eu-west-1");
    assert_eq!(line_of(&profile("corp", ""), &[sso]), "Amazon S3 · single sign-on corp · eu-central-1");
    let r2 = store("cloudflare-r2", |store| {
        store.values.insert("account", "0a1b".into());
    });
    assert_eq!(line_of(&connection(r2.check().unwrap().target), &[]), "Cloudflare R2 · region auto");
    let minio = store("minio", |store| {
        store.values.insert("host", "http://localhost:9000".into());
    });
    assert_eq!(line_of(&connection(minio.check().unwrap().target), &[]), "localhost:9000 · region us-east-1");
}
