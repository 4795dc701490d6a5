use super::*;
use crate::store::Notice;
use crate::store::home::Home;
use serde_json::json;
use test_case::test_case;

fn home() -> (tempfile::TempDir, Home) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::at(dir.path()).unwrap();
    (dir, home)
}

fn write(home: &Home, text: &str) {
    std::fs::write(home.config_dir().join("settings.json"), text).unwrap();
}

#[test]
fn without_a_file_the_defaults_hold_and_nothing_is_written() {
    let (_dir, home) = home();
    let (mut file, notice) = SettingsFile::open(&home);
    assert_eq!((file.get(), notice), (&Settings::default(), None));
    file.update(|_| {}).unwrap();
    assert_eq!(std::fs::read_dir(home.config_dir()).unwrap().count(), 0);
}

#[test]
fn settings_survive_a_restart() {
    let (_dir, home) = home();
    let id = ConnectionId::random();
    let (mut file, _) = SettingsFile::open(&home);
    file.update(|settings| {
        settings.theme = Theme::Dark;
        settings.ui_scale = 1.25;
        settings.practice_dir = Some("/data/practice".into());
        settings.warn_above_bytes = None;
        settings.transfers.most_requests = 64;
        settings.transfers.speed.limits.upload = Some(5_000_000);
        settings.transfers.speed.schedule.on = true;
        settings.window = Some(WindowGeometry { position: Some((-8.0, 20.0)), size: (1440.0, 900.0), maximized: true });
        settings.remember_opened_by_name(id, "acme-images");
        settings.remember_opened_by_name(id, "acme-images");
        assert!(settings.toggle_favourite(Place { connection: id, bucket: "b".into(), prefix: "p/".into() }));
        let bucket = settings.bucket_mut(id, "acme-images");
        bucket.upload = Some(UploadMemory {
            prefix: "photos/".into(),
            template: "{year}/{name}".into(),
            on_conflict: ConflictChoice::Rename,
            cache_control: Some("no-cache".into()),
        });
        bucket.drafts.insert("policy".into(), json!({ "text": "{}" }));
    })
    .unwrap();
    let (again, notice) = SettingsFile::open(&home);
    assert_eq!(notice, None);
    assert_eq!(again.get(), file.get());
    assert_eq!(again.get().opened_by_name[&id], ["acme-images"]);
    let upload = again.get().bucket(id, "acme-images").unwrap().upload.as_ref().unwrap();
    assert_eq!(upload.on_conflict, ConflictChoice::Rename);
}

#[test]
fn limits_that_would_stop_everything_are_lifted_to_the_least() {
    let (_dir, home) = home();
    write(&home, r#"{"transfers": {"most_requests": 0, "speed": {"limits": {"upload": 3}}}}"#);
    let (file, notice) = SettingsFile::open(&home);
    assert_eq!(notice, None);
    let transfers = &file.get().transfers;
    assert_eq!((transfers.most_requests, transfers.speed.limits.upload), (1, Some(bandwidth::LEAST_BYTES_PER_SEC)));
    assert!(!transfers.speed.schedule.on);
}

#[test]
fn one_bad_value_does_not_cost_the_others() {
    let (_dir, home) = home();
    write(&home, r#"{"theme": "plaid", "ui_scale": "big", "thumbnail_size": 200, "later": {"x": 1}}"#);
    let (mut file, notice) = SettingsFile::open(&home);
    let parts = vec!["theme".to_owned(), "ui_scale".to_owned()];
    assert_eq!(notice, Some(Notice::PartlyUnread { what: "settings", parts }));
    assert_eq!(file.get(), &Settings { thumbnail_size: 200.0, ..Settings::default() });
    file.update(|settings| settings.inspector_open = false).unwrap();
    let text = std::fs::read_to_string(home.config_dir().join("settings.json")).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["later"], json!({ "x": 1 }), "what a newer version wrote is kept");
}

#[test_case("" ; "empty")]
#[test_case("{\"theme\":" ; "cut off")]
#[test_case("[1, 2]" ; "another shape")]
fn a_damaged_file_is_put_aside(text: &str) {
    let (_dir, home) = home();
    write(&home, text);
    let (mut file, notice) = SettingsFile::open(&home);
    let Some(Notice::Damaged { kept_as: Some(aside), .. }) = &notice else { panic!("{notice:?}") };
    assert_eq!(std::fs::read_to_string(aside).unwrap(), text);
    assert_eq!(file.get(), &Settings::default());
    file.update(|settings| settings.theme = Theme::Light).unwrap();
    assert_eq!(SettingsFile::open(&home).0.get().theme, Theme::Light);
}

#[test_case(&json!({ "ui_scale": 99.0 }), |it| it.ui_scale == 3.0 ; "too large")]
#[test_case(&json!({ "ui_scale": 0.0 }), |it| it.ui_scale == 0.5 ; "nothing")]
#[test_case(&json!({ "thumbnail_size": -4 }), |it| it.thumbnail_size == 80.0 ; "negative")]
#[test_case(&json!({ "window": { "size": [1.0, 900.0] } }), |it| it.window.is_none() ; "a window nobody can grasp")]
#[test_case(&json!({ "window": { "size": [900.0, 700.0], "position": [-90000.0, 0.0] } }),
    |it| it.window.is_some_and(|window| window.position.is_none()) ; "a window off every screen")]
fn numbers_are_brought_back_to_sense(text: &Value, check: fn(&Settings) -> bool) {
    let (_dir, home) = home();
    write(&home, &text.to_string());
    let (file, _) = SettingsFile::open(&home);
    assert!(check(file.get()), "{:?}", file.get());
}

#[test]
fn only_the_buckets_used_last_are_remembered() {
    let mut settings = Settings::default();
    let id = ConnectionId::PRACTICE;
    settings.bucket_mut(id, "first");
    settings.bucket_mut(id, "second");
    for n in 2..REMEMBERED_BUCKETS {
        settings.bucket_mut(id, &format!("b{n}"));
    }
    settings.bucket_mut(id, "first");
    settings.bucket_mut(id, "one-more");
    assert_eq!(settings.buckets.len(), REMEMBERED_BUCKETS);
    assert!(settings.bucket(id, "first").is_some() && settings.bucket(id, "second").is_none());
}

#[test]
fn what_is_gone_is_forgotten() {
    let mut settings = Settings::default();
    let (one, two) = (ConnectionId::random(), ConnectionId::random());
    for id in [one, two] {
        for bucket in ["a", "b"] {
            settings.bucket_mut(id, bucket);
            settings.remember_opened_by_name(id, bucket);
            settings.toggle_favourite(Place { connection: id, bucket: bucket.into(), prefix: String::new() });
        }
    }
    settings.forget_connection(one);
    settings.forget_bucket(two, "a");
    assert_eq!(settings.buckets.len(), 1);
    assert_eq!(settings.favourites, [Place { connection: two, bucket: "b".into(), prefix: String::new() }]);
    assert_eq!(settings.opened_by_name, BTreeMap::from([(two, vec!["b".to_owned()])]));
}
