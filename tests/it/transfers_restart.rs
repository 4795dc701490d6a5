//! Brimful ends with files on their way: at the next start they are there, and go on or are dropped as the person says.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::PathBuf;

use brimful::domain::bucket_settings::{SettingKind, SettingValue, Status, Versioning};
use brimful::domain::connection::{Addressing, ChecksumMode, Connection, ConnectionId, SignIn, StoreTarget, Target};
use brimful::model::closing::Closing;
use brimful::model::command::{FrameCommand, Screen};
use brimful::model::upload::{TransferCommand, UploadCommand, UploadSource};
use brimful::s3;
use brimful::store::journal::{NewBatch, NewRow};
use brimful::store::secrets::{Secret, SecretText};
use egui::ViewportCommand;

use crate::support::{Person, Window};

const BUCKET: &str = "acme-site-images";

/// The person stands in an empty bucket that keeps old versions: what is sent twice shows.
fn at_a_bucket(window: Window) -> Person {
    let mut person = Person::practises_in(window);
    person.has_bucket::<&[u8]>(BUCKET, &[]);
    let on = SettingValue::Versioning(Versioning::new(Status::Enabled));
    person.does(async |store| s3::settings::write(&store, BUCKET, SettingKind::Versioning, Some(&on)).await.unwrap());
    person.goes_to(BUCKET, "");
    person
}

/// So many files on this computer, each with bytes of its own.
fn files(dir: &tempfile::TempDir, count: usize) -> Vec<PathBuf> {
    let file = |number: usize| {
        let path = dir.path().join(format!("photo-{number}.txt"));
        std::fs::write(&path, bytes_of(number)).unwrap();
        path
    };
    (1..=count).map(file).collect()
}

fn bytes_of(number: usize) -> Vec<u8> {
    format!("the bytes of file {number}").repeat(number * 100).into_bytes()
}

fn sends(person: &mut Person, paths: &[PathBuf]) {
    let sources = paths.iter().cloned().map(UploadSource::Path).collect();
    person.core(|core| core.dispatch(UploadCommand::Bring(sources).into()));
    person.waits_until("the plan is ready", |model| {
        model.upload.plan.as_ref().is_some_and(|plan| !plan.found.sources.is_empty() && plan.why_not().is_none())
    });
    person.clicks(&format!("Upload {} files", paths.len()));
}

/// Four files wait in a queue that is held.
fn with_a_held_queue(window: Window) -> (Person, tempfile::TempDir) {
    let mut person = at_a_bucket(window);
    let dir = tempfile::tempdir().unwrap();
    let paths = files(&dir, 4);
    person.core(|core| core.dispatch(TransferCommand::PauseAll.into()));
    sends(&mut person, &paths);
    person.waits_until("they wait", |model| model.upload.transfers.counts().waiting == 4);
    (person, dir)
}

/// Every version in the bucket, by key.
fn versions(person: &Person) -> Vec<String> {
    let page = person.does(async |store| s3::versions::list_object_versions(&store, BUCKET, "", None).await.unwrap());
    page.versions.into_iter().map(|version| version.key).collect()
}

fn bytes_there(person: &Person, key: &str) -> Vec<u8> {
    person.does(async |store| s3::object::get_object(&store, BUCKET, key, None, 1 << 20).await.unwrap().to_vec())
}

fn has_opened(person: &mut Person) {
    person.waits_until("practice storage is open", |model| model.session.as_ref().is_some_and(|it| it.reached));
    for _ in 0..20 {
        person.waits_a_moment();
    }
}

fn waits_for_files_from_before(person: &mut Person, files: u64) {
    person.waits_until("the files from before are there", |model| {
        model.upload.transfers.from_before() == Some(files) && model.session.as_ref().is_some_and(|it| it.reached)
    });
}

#[test]
fn a_held_queue_is_there_after_a_restart_and_goes_on_when_asked() {
    let (mut person, _dir) = with_a_held_queue(Window::default());
    person.closes_the_window();
    person.clicks("Pause and close");
    person.clicks("Pause 4 files and close");
    person.waits_until("the window closes", |model| model.closing == Closing::Leaving);
    let mut person = person.restarts();
    person.sees("Files from last time were not sent to their end");
    person.sees("4 files from before are waiting");
    waits_for_files_from_before(&mut person, 4);
    assert!(versions(&person).is_empty(), "nothing goes without a word");
    person.closes_the_window();
    assert!(!person.window_was_told(&ViewportCommand::CancelClose), "they wait on, so nothing has to be asked");
    let mut person = person.restarts();
    waits_for_files_from_before(&mut person, 4);
    person.clicks("Resume");
    person.sees("4 files uploaded");
    assert_eq!(versions(&person), ["photo-1.txt", "photo-2.txt", "photo-3.txt", "photo-4.txt"]);
    for number in 1..=4 {
        assert_eq!(bytes_there(&person, &format!("photo-{number}.txt")), bytes_of(number));
    }
    let mut person = person.restarts();
    has_opened(&mut person);
    assert_eq!(person.model(|model| model.upload.transfers.rows.len()), 0, "what is through does not come back");
}

#[test]
fn what_had_arrived_is_not_sent_again() {
    let mut person = at_a_bucket(Window::default());
    let dir = tempfile::tempdir().unwrap();
    let paths = files(&dir, 3);
    person.core(|core| core.dispatch(TransferCommand::PauseAll.into()));
    sends(&mut person, &paths);
    person.waits_until("they wait", |model| model.upload.transfers.counts().waiting == 3);
    std::fs::remove_file(&paths[1]).unwrap();
    person.core(|core| core.dispatch(TransferCommand::ResumeAll.into()));
    person.sees("1 file was not uploaded");
    assert_eq!(versions(&person), ["photo-1.txt", "photo-3.txt"]);
    let mut person = person.restarts();
    person.sees("1 file from before is waiting");
    person.sees("2 of 3 · ");
    assert!(!person.does_see("2 files uploaded"), "it was told in its time");
    std::fs::write(&paths[1], bytes_of(2)).unwrap();
    waits_for_files_from_before(&mut person, 1);
    person.clicks("Resume");
    person.sees("1 file uploaded");
    assert_eq!(versions(&person), ["photo-1.txt", "photo-2.txt", "photo-3.txt"]);
    person.core(|core| core.dispatch(FrameCommand::Show(Screen::Transfers).into()));
    person.will_pick(&[dir.path().join("receipt.json")]);
    person.clicks("Save receipt…");
    person.sees("Receipt saved");
    let text = std::fs::read_to_string(dir.path().join("receipt.json")).unwrap();
    for path in &paths {
        assert!(text.contains(path.to_str().unwrap()), "the receipt names the file of a row from before: {text}");
    }
}

#[test]
fn files_from_before_are_discarded_and_do_not_come_back() {
    let (person, dir) = with_a_held_queue(Window::default());
    let mut person = person.restarts();
    waits_for_files_from_before(&mut person, 4);
    person.clicks("Discard…");
    person.sees("Discard 4 files?");
    person.clicks("Discard 4 files");
    person.waits_until("they are called off", |model| model.upload.transfers.counts().cancelled == 4);
    assert!(versions(&person).is_empty());
    assert!(dir.path().join("photo-1.txt").exists());
    person.waits_until("the queue is free", |model| !model.upload.transfers.paused);
    let mut person = person.restarts();
    has_opened(&mut person);
    assert!(person.model(|model| model.upload.transfers.rows.is_empty()));
}

#[test]
fn what_is_added_to_a_queue_held_since_the_start_waits_and_says_so() {
    let (person, dir) = with_a_held_queue(Window::default());
    let mut person = person.restarts();
    waits_for_files_from_before(&mut person, 4);
    person.goes_to(BUCKET, "");
    let more = ["one.txt", "two.txt"].map(|name| dir.path().join(name));
    more.iter().for_each(|path| std::fs::write(path, "more").unwrap());
    sends(&mut person, &more);
    person.sees("These files wait with those from last time");
    person.waits_until("they wait", |model| model.upload.transfers.counts().waiting == 6);
    person.closes_the_window();
    assert!(person.window_was_told(&ViewportCommand::CancelClose), "what was asked for just now is asked about");
    person.clicks("Stay open");
    person.clicks("Resume");
    person.waits_until("all is there", |model| model.upload.transfers.counts().done == 6);
    assert_eq!(versions(&person).len(), 6);
}

/// A session that is over had three files to send over a connection.
fn leaves_behind(person: &Person, connection: ConnectionId) {
    let journal = person.core(|core| core.journal.clone().unwrap());
    let batch = NewBatch {
        way: format!("saved:{connection}"),
        direction: "up".into(),
        bucket: "media".into(),
        label: "2026/".into(),
    };
    let row = |name: &str| NewRow { name: name.into(), key: format!("2026/{name}"), size_bytes: 9, plan: plan(name) };
    let (sender, written) = std::sync::mpsc::channel();
    journal.add(batch, ["a.jpg", "b.jpg", "c.jpg"].map(row).to_vec(), move |kept| sender.send(kept).unwrap());
    written.recv().unwrap().unwrap();
}

fn plan(name: &str) -> String {
    serde_json::json!({"up": {"from": {"file": format!("/photos/{name}")}}}).to_string()
}

fn archive(id: ConnectionId) -> Connection {
    let target = Target::Store(StoreTarget {
        preset: "custom".into(),
        endpoint: "http://127.0.0.1:9".into(),
        region: "us-east-1".into(),
        addressing: Addressing::Path,
        checksums: ChecksumMode::WhenRequired,
        sign_in: SignIn::Keys { access_key_id: "AKIAEXAMPLE".into(), has_session_token: false },
        public_base_url: None,
    });
    Connection { id, name: "Media archive".into(), target, production: false, last_opened: None, bucket_count: None }
}

#[test]
fn what_belongs_to_a_connection_that_is_gone_is_told_and_forgotten_after_a_yes() {
    let person = Person::practises_in(Window::default());
    leaves_behind(&person, ConnectionId::random());
    let person = person.restarts();
    // Nobody says yes: it is still there next time.
    let mut person = person.restarts();
    person.sees("Files from last time can no longer be sent");
    person.clicks("Show transfers");
    person.clicks("Forget 3 files from before, for media…");
    person.sees("2026/a.jpg");
    person.clicks("Forget 3 files");
    person.no_longer_sees("3 files from before");
    let mut person = person.restarts();
    has_opened(&mut person);
    assert!(person.model(|model| model.upload.transfers.left.is_empty()));
}

#[test]
fn a_store_that_cannot_be_reached_is_tried_again_when_asked() {
    let id = ConnectionId::random();
    let person = Person::practises_in(Window::default());
    person.core(|core| core.connections.put(archive(id)).unwrap());
    leaves_behind(&person, id);
    let mut person = person.restarts();
    person.sees("Media archive could not be reached");
    person.sees("3 files from last time wait for it");
    person.clicks("Show transfers");
    let secret = Secret { secret_access_key: SecretText::new("typed in again".to_owned()), session_token: None };
    person.core(|core| core.secrets.set(id, secret));
    person.clicks("Try Media archive again");
    person.waits_until("they wait", |model| model.upload.transfers.from_before() == Some(3));
    assert!(person.model(|model| model.upload.transfers.left.is_empty()));
}

fn comes_back(window: Window) -> (Person, tempfile::TempDir) {
    let (person, dir) = with_a_held_queue(window);
    person.core(|core| core.connections.put(archive(ConnectionId::random())).unwrap());
    let archive = person.core(|core| core.connections.all().iter().find(|it| it.name == "Media archive").unwrap().id);
    leaves_behind(&person, archive);
    leaves_behind(&person, ConnectionId::random());
    let mut person = person.restarts_in(window);
    waits_for_files_from_before(&mut person, 4);
    person.sees("Media archive could not be reached");
    person.sees("Files from last time were not sent to their end");
    (person, dir)
}

fn looks_at_what_is_left(window: Window, theme: &str) {
    let (mut person, _dir) = comes_back(window);
    person.goes_to(BUCKET, "");
    person.looks_away();
    person.looks_like(&format!("restart_notice_{theme}"));
    person.clicks("Show transfers");
    let shown: Vec<u64> = person.model(|model| model.notices.toasts().map(|notice| notice.id).collect());
    for id in shown {
        person.core(|core| core.dispatch(FrameCommand::DismissNotice(id).into()));
    }
    person.looks_away();
    person.looks_like(&format!("restart_page_{theme}"));
}

#[test]
fn what_is_left_looks_as_drawn() {
    looks_at_what_is_left(Window::default(), "light");
}

#[test]
fn what_is_left_looks_as_drawn_in_a_small_dark_window() {
    looks_at_what_is_left(Window { width: 1024.0, height: 700.0, dark: true }, "dark");
}
