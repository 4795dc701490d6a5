//! What needs a process of its own: other variables of the environment, a disk that is full.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use brimful::domain::connection::{Addressing, ChecksumMode, Connection, ConnectionId, SignIn, StoreTarget, Target};
use brimful::practice::User;
use brimful::s3::connect::connect;
use brimful::s3::error::{FileFault, Kind};
use brimful::transfer::{DownloadItem, Limits, RowState};
use test_case::test_case;

use super::super::yard::{MIB, Yard};
use super::layer::Fault;
use super::{Tree, hasty, rows};

const FOLDER: &str = "BRIMFUL_TEST_FOLDER";
const PROFILE: &str = "BRIMFUL_TEST_PROFILE";

/// Runs one test of this binary, by a command that ends with it, and gives what it said.
#[expect(clippy::print_stdout, reason = "what a child said is shown where its test fails")]
fn child(mut command: Command, name: &str) -> Output {
    let name = format!("transfer::faults::children::{name}");
    command.args(["--exact", "--ignored", "--nocapture", "--test-threads=1", &name]);
    let output = command.output().unwrap();
    println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    output
}

fn write_keys(folder: &Path, id: &str) {
    let secret = "a-secret-for-practice";
    let text = format!("[kept]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    fs::write(folder.join("credentials"), text).unwrap();
    let answer = format!(r#"{{"Version": 1, "AccessKeyId": "{id}", "SecretAccessKey": "{secret}"}}"#);
    fs::write(folder.join("answer.json"), answer).unwrap();
}

#[test_case("kept"; "keys in a file")]
#[cfg_attr(unix, test_case("asked"; "keys from a process"))]
fn a_session_that_ends_under_way_is_renewed_once(profile: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().display();
    write_keys(folder.path(), "KEY-FIRST");
    let process =
        format!("[profile asked]\ncredential_process = sh -c 'echo asked >> {at}/log; cat {at}/answer.json'\n");
    fs::write(folder.path().join("config"), process).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .env("AWS_CONFIG_FILE", folder.path().join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", folder.path().join("credentials"))
        .env(FOLDER, folder.path())
        .env(PROFILE, profile);
    assert!(child(command, "child_with_a_session_that_ends").status.success());
    if profile == "asked" {
        assert_eq!(fs::read_to_string(folder.path().join("log")).unwrap(), "asked\nasked\n");
    }
}

#[ignore = "is run by another test, with files of its own for profiles"]
#[tokio::test(flavor = "multi_thread")]
async fn child_with_a_session_that_ends() {
    let (folder, profile) = (std::env::var(FOLDER).unwrap(), std::env::var(PROFILE).unwrap());
    let (mut yard, faults) = Yard::faulty(hasty()).await;
    let user = |id: &str| User {
        name: id.to_owned(),
        access_key_id: id.to_owned(),
        secret_access_key: "a-secret-for-practice".to_owned(),
        account_id: None,
        policy: Some(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#.into(),
        ),
    };
    yard.practice.server.set_users(vec![user("KEY-FIRST"), user("KEY-SECOND")]).unwrap();
    let connection = Connection {
        id: ConnectionId::random(),
        name: "By profile".into(),
        target: Target::Store(StoreTarget {
            preset: "custom".into(),
            endpoint: format!("http://127.0.0.1:{}", faults.port()),
            region: "us-east-1".into(),
            addressing: Addressing::Path,
            checksums: ChecksumMode::WhenSupported,
            sign_in: SignIn::Profile { name: profile },
            public_base_url: None,
        }),
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    yard.store = connect(&connection, None, None).await.unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let is_over = Arc::clone(&over);
    faults.rule(move |seen| {
        if seen.number == 20 {
            // The session ends, and whoever hands out keys has new ones.
            write_keys(Path::new(&folder), "KEY-SECOND");
            is_over.store(true, Ordering::SeqCst);
        }
        let first = seen.header("authorization").contains("KEY-FIRST");
        if first && is_over.load(Ordering::SeqCst) { Fault::Answer(400, "ExpiredToken") } else { Fault::None }
    });
    let tree = Tree::grown_in(&yard, 60);
    tree.send(&yard);
    yard.all_ended().await;
    tree.is_there(&yard).await;
    assert!(over.load(Ordering::SeqCst));
    let seconds = faults.seen().iter().filter(|seen| seen.header("authorization").contains("KEY-SECOND")).count();
    assert!(seconds > 40, "{seconds}");
}

/// On Linux a small disk of its own, where that may be made without being anybody; elsewhere, and otherwise, a limit on
/// how large a file may be.
#[cfg(unix)]
#[test]
fn a_disk_that_is_full_fails_what_comes_down_and_keeps_no_half_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mount = r#"mount -t tmpfs -o size=3m tmpfs "$BRIMFUL_TEST_FOLDER" && exec "$0" "$@""#;
    let small_disk = ["unshare", "-Urm", "sh", "-c", mount];
    let limit = r#"trap "" XFSZ; ulimit -f 3072; exec "$0" "$@""#;
    let may_mount = Command::new("unshare").args(["-Urm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]).status();
    let words: &[&str] = if may_mount.is_ok_and(|it| it.success()) { &small_disk } else { &["sh", "-c", limit] };
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(std::env::current_exe().unwrap()).env(FOLDER, folder.path());
    command.env(PROFILE, if words.len() > 3 { "full" } else { "limited" });
    assert!(child(command, "child_with_a_full_disk").status.success());
}

#[cfg(unix)]
#[ignore = "is run by another test, where the disk is small"]
#[tokio::test(flavor = "multi_thread")]
async fn child_with_a_full_disk() {
    let down = std::path::PathBuf::from(std::env::var(FOLDER).unwrap());
    let full = std::env::var(PROFILE).unwrap() == "full";
    let (yard, _faults) = Yard::faulty(Limits { single_put_bytes: 8 * MIB, ..hasty() }).await;
    for (key, size_bytes) in [("fits", MIB), ("in-one", 5 * MIB), ("in-stretches", 12 * MIB)] {
        let body = vec![7; size_bytes as usize];
        yard.practice.s3.put_object().bucket("box").key(key).body(body.into()).send().await.unwrap();
        let dest = down.join(key);
        let item = DownloadItem { key: key.into(), size_bytes, dest, replace: false };
        yard.engine.download(yard.store.clone(), "box", vec![item]);
        yard.all_ended().await;
    }
    let rows = rows(&yard);
    assert!(matches!(rows[0].state, RowState::Done { verified: true, .. }), "{rows:?}");
    for row in &rows[1..] {
        let RowState::Failed { error } = &row.state else { panic!("{row:?}") };
        let Kind::LocalFile { fault, .. } = &error.kind else { panic!("{error:?}") };
        assert!(!full || *fault == FileFault::DiskFull, "{error:?}");
    }
    let left: Vec<_> = fs::read_dir(&down).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["fits"]);
}
