use super::*;
use test_case::test_case;

fn home() -> (tempfile::TempDir, Home) {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::at(dir.path()).unwrap();
    (dir, home)
}

fn change(bucket: &str, setting: SettingKind, after: Option<&str>) -> Change {
    Change {
        connection: ConnectionId::PRACTICE,
        bucket: bucket.to_owned(),
        setting,
        before: Some("{\"was\":1}".to_owned()),
        after: after.map(str::to_owned),
        at: Timestamp::from_millisecond(1_790_000_000_123).unwrap(),
        who: Some(MaskedKeyId::of("AKIAIOSFODNN7EXAMPLE")),
        note: Some("because".to_owned()),
        deed: Deed::Change,
    }
}

#[test]
fn a_change_comes_back_as_it_was_written() {
    let (_dir, home) = home();
    let (history, notice) = History::open(&home);
    assert_eq!(notice, None);
    let written = change("acme", SettingKind::Cors, None);
    let id = history.record(&written).unwrap();
    drop(history);
    let (history, _) = History::open(&home);
    assert_eq!(history.get(id).unwrap(), Some(Entry { id, change: written }));
    assert_eq!(history.get(id + 1).unwrap(), None);
}

#[test]
fn a_bucket_shows_its_own_changes_newest_first() {
    let (_dir, home) = home();
    let (history, _) = History::open(&home);
    let other = Change { connection: ConnectionId::random(), ..change("acme", SettingKind::Tags, Some("x")) };
    for change in [
        change("acme", SettingKind::Tags, Some("1")),
        other,
        change("acme-2", SettingKind::Tags, Some("x")),
        change("acme", SettingKind::Cors, Some("2")),
        Change { deed: Deed::Restore, ..change("acme", SettingKind::Tags, Some("3")) },
    ] {
        history.record(&change).unwrap();
    }
    let values = |most| -> Vec<_> {
        let found = history.of_bucket(ConnectionId::PRACTICE, "acme", most).unwrap();
        found.into_iter().map(|entry| entry.change.after.unwrap()).collect()
    };
    assert_eq!(values(100), ["3", "2", "1"]);
    assert_eq!(values(2), ["3", "2"]);
    let last = |setting| history.last(ConnectionId::PRACTICE, "acme", setting).unwrap();
    assert_eq!(last(SettingKind::Tags).unwrap().change.after.as_deref(), Some("3"));
    assert_eq!(last(SettingKind::Tags).unwrap().change.deed, Deed::Restore);
    assert_eq!(last(SettingKind::Policy), None);
}

#[test_case("AKIAIOSFODNN7EXAMPLE", "AKIA…MPLE"; "of Amazon")]
#[test_case("minioadmin", "mi…in"; "a short one")]
#[test_case("abc", "…"; "hardly any")]
fn key_ids_are_masked(id: &str, shown: &str) {
    assert_eq!(MaskedKeyId::of(id).as_str(), shown);
}

#[test]
fn a_damaged_file_is_put_aside_and_a_new_one_begun() {
    let (_dir, home) = home();
    let path = home.state_dir().join("history.sqlite");
    std::fs::write(&path, b"this is no database at all, only words that are long enough").unwrap();
    let (history, notice) = History::open(&home);
    let Some(Notice::Damaged { kept_as: Some(kept), .. }) = notice else { panic!("{notice:?}") };
    assert!(std::fs::read(kept).unwrap().starts_with(b"this is no database"));
    history.record(&change("acme", SettingKind::Tags, None)).unwrap();
}

#[test]
fn a_file_of_a_newer_brimful_is_left_alone() {
    let (_dir, home) = home();
    drop(History::open(&home));
    let path = home.state_dir().join("history.sqlite");
    Db::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let (history, notice) = History::open(&home);
    assert!(matches!(notice, Some(Notice::Unreadable { .. })), "{notice:?}");
    // The session can take back all the same.
    history.record(&change("acme", SettingKind::Tags, None)).unwrap();
    let kept: i64 = Db::open(&path).unwrap().query_row("SELECT count(*) FROM changes", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 0);
}

#[test]
fn what_a_newer_brimful_wrote_is_passed_over() {
    let (_dir, home) = home();
    let (history, _) = History::open(&home);
    let id = history.record(&change("acme", SettingKind::Tags, Some("1"))).unwrap();
    history.with(|db| db.execute("UPDATE changes SET setting = 'later'", [])).unwrap();
    assert_eq!(history.of_bucket(ConnectionId::PRACTICE, "acme", 9).unwrap(), []);
    assert_eq!(history.get(id).unwrap(), None);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_dir, home) = home();
    let path = home.state_dir().join("history.sqlite");
    std::fs::write(&path, b"").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (history, _) = History::open(&home);
    history.record(&change("acme", SettingKind::Tags, None)).unwrap();
    for name in ["history.sqlite", "history.sqlite-wal", "history.sqlite-shm"] {
        let mode = std::fs::metadata(home.state_dir().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
