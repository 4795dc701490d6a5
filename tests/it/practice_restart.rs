//! What outlives the process, and what does not.

use std::fs;

use brimful::practice::{Options, PracticeError, Server};

use crate::practice_support::{Practice, code};

#[tokio::test]
async fn data_port_and_key_outlive_a_restart() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    practice.put("box", "cat.png", b"meow").await;
    practice.put("box", "cat.png", b"purr").await;
    let (endpoint, key) = (practice.server.endpoint(), practice.server.credentials().clone());
    let practice = practice.restart().await;
    assert_eq!((practice.server.endpoint(), practice.server.credentials()), (endpoint, &key));
    assert_eq!(practice.get("box", "cat.png").await, b"purr");
    // A person finds the bytes by bucket and name, once.
    let shard = practice.dir.path().join("store/buckets/1-box/0000");
    let files: Vec<_> = fs::read_dir(shard).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert!(files[0].to_string_lossy().ends_with("-cat.png"));
    assert_eq!(fs::read(&files[0]).unwrap(), b"purr");
}

#[tokio::test]
async fn a_folder_is_served_once() {
    let practice = Practice::start().await;
    let dir = practice.server.dir().to_owned();
    let second = Server::start(Options { dir: dir.clone(), port: None }).await;
    assert!(matches!(second, Err(PracticeError::InUse { .. })));
    practice.server.shutdown().await;
    Server::start(Options { dir, port: None }).await.unwrap().shutdown().await;
}

#[tokio::test]
async fn a_taken_port_is_an_error_when_asked_for_and_a_detour_when_remembered() {
    let practice = Practice::start().await;
    let port = practice.server.port();
    practice.server.shutdown().await;
    let _other = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let dir = practice.dir.path().join("store");
    let asked = Server::start(Options { dir: dir.clone(), port: Some(port) }).await;
    assert!(matches!(asked, Err(PracticeError::PortTaken { port: taken }) if taken == port));
    let moved = Server::start(Options { dir, port: None }).await.unwrap();
    assert_eq!(moved.moved_from(), Some(port));
    assert_ne!(moved.port(), port);
    moved.shutdown().await;
}

#[tokio::test]
async fn bytes_that_were_never_acknowledged_are_gone_after_a_start() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    practice.put("box", "k", b"whole").await;
    practice.server.shutdown().await;
    let incoming = practice.dir.path().join("store/incoming/999999");
    fs::write(&incoming, b"half").unwrap();
    let practice = Practice::start_in(practice.dir).await;
    assert!(!incoming.exists());
    assert_eq!(practice.get("box", "k").await, b"whole");
}

/// The moment between the commit and the move to the final name, as a crash leaves it.
#[tokio::test]
async fn an_acknowledged_object_that_had_not_moved_yet_is_found_and_moved() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    practice.put("box", "k", b"acknowledged").await;
    practice.server.shutdown().await;
    let store = practice.dir.path().join("store");
    let settled = fs::read_dir(store.join("buckets/1-box/0000")).unwrap().next().unwrap().unwrap().path();
    let name = settled.file_name().unwrap().to_string_lossy().into_owned();
    let number = name.split('-').next().unwrap().to_owned();
    fs::rename(&settled, store.join("incoming").join(&number)).unwrap();
    let database = rusqlite::Connection::open(store.join("metadata.sqlite3")).unwrap();
    let path = settled.strip_prefix(&store).unwrap().to_string_lossy().into_owned();
    database.execute("INSERT OR REPLACE INTO landing (file, path) VALUES (?1, ?2)", (number, path)).unwrap();
    drop(database);
    let practice = Practice::start_in(practice.dir).await;
    assert_eq!(practice.get("box", "k").await, b"acknowledged");
    assert!(settled.exists());
}

#[tokio::test]
async fn a_damaged_file_is_reported_for_that_object_alone() {
    let practice = Practice::start().await;
    practice.bucket("box").await;
    practice.put("box", "good", b"whole").await;
    practice.put("box", "hurt", b"whole").await;
    let practice = practice.restart().await;
    let shard = practice.dir.path().join("store/buckets/1-box/0000");
    let hurt = fs::read_dir(shard).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.ends_with("2-hurt"));
    let hurt = hurt.unwrap();
    for damage in [Some("wh"), Some("whole and more"), None] {
        match damage {
            Some(bytes) => fs::write(&hurt, bytes).unwrap(),
            None => fs::remove_file(&hurt).unwrap(),
        }
        let call = practice.s3.get_object().bucket("box").key("hurt");
        let quick = aws_sdk_s3::config::Builder::new().retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled());
        assert_eq!(code(&call.customize().config_override(quick).send().await), "InternalError", "{damage:?}");
        assert_eq!(practice.get("box", "good").await, b"whole");
    }
    // It can be listed, deleted and written anew.
    assert_eq!(practice.s3.list_objects_v2().bucket("box").send().await.unwrap().key_count(), Some(2));
    practice.s3.delete_object().bucket("box").key("hurt").send().await.unwrap();
    practice.put("box", "hurt", b"healed").await;
    assert_eq!(practice.get("box", "hurt").await, b"healed");
}
