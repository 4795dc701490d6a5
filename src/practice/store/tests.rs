//! The store without its server: what a full disk, a file in the way and a vanished marker do.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use super::super::error::{Fault, Outcome};
use super::super::home::make_private_dir;
use super::super::intake::Spool;
use super::Store;
use super::buckets::{self, Config};
use super::files::object_place;
use super::list::{self, After, Entry, Query};
use super::versions::{self, Conditions, Done, Meta, NewVersion, Tags};

fn open(dir: &Path) -> Arc<Store> {
    for inner in ["buckets", "uploads", "incoming"] {
        make_private_dir(&dir.join(inner)).unwrap();
    }
    Arc::new(Store::open(dir).unwrap())
}

async fn make_bucket(store: &Arc<Store>, config: Config) {
    let all = Arc::clone(&store.buckets);
    store.write(move |tx| buckets::create(tx, &all, "box", "eu-west-1", config)).await.unwrap();
}

async fn put(store: &Arc<Store>, key: &str, body: &[u8], note: &str) -> Outcome<Done> {
    let mut spool = Spool::new(&store.files, &[]);
    spool.write(body)?;
    let received = spool.finish()?;
    let bucket = store.buckets.get("box")?;
    let new = NewVersion {
        key: key.to_owned(),
        place: object_place(bucket.id, &bucket.name, received.incoming.number, key),
        size: received.size,
        etag: received.etag(),
        meta: Meta { user: [("note".to_owned(), note.to_owned())].into(), ..Meta::default() },
        tags: Tags::new(),
    };
    store
        .write(move |tx| {
            let bucket = buckets::require(tx, "box")?;
            let done = versions::put(tx, &bucket, &new, &Conditions::default())?;
            received.incoming.keep();
            Ok(done)
        })
        .await
}

fn read(store: &Store, key: &str) -> Option<Vec<u8>> {
    let bucket = store.buckets.get("box").unwrap();
    let found = store.read_here(|db| versions::read(db, &bucket, key, None)).unwrap()?;
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut store.files.open(&found.place).unwrap(), &mut bytes).unwrap();
    Some(bytes)
}

/// SQLite refuses to grow beyond so many pages, as on a full disk.
async fn allow_pages(store: &Arc<Store>, more: i64) {
    store
        .write(move |tx| {
            let now: i64 = tx.db().pragma_query_value(None, "page_count", |row| row.get(0))?;
            tx.db().pragma_update_and_check(None, "max_page_count", now + more, |_| Ok(()))?;
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_full_disk_refuses_a_write_as_a_whole_and_spoils_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    make_bucket(&store, Config::default()).await;
    put(&store, "before", b"kept", "").await.unwrap();
    allow_pages(&store, 2).await;
    let long = "n".repeat(1500);
    let mut written = Vec::new();
    let refused = loop {
        let key = format!("key{}", written.len());
        match put(&store, &key, b"new", &long).await {
            Ok(_) => written.push(key),
            Err(fault) => break (key, fault),
        }
        assert!(written.len() < 200, "the disk never filled");
    };
    assert!(refused.1.is_full(), "{:?}", refused.1);
    assert_eq!(read(&store, &refused.0), None);
    assert_eq!(read(&store, "before").unwrap(), b"kept");
    for key in &written {
        assert_eq!(read(&store, key).unwrap(), b"new");
    }
    allow_pages(&store, 1000).await;
    put(&store, &refused.0, b"at last", &long).await.unwrap();
    assert_eq!(read(&store, &refused.0).unwrap(), b"at last");
    store.close();
    let left: Vec<_> = fs::read_dir(dir.path().join("incoming")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn one_that_fails_in_a_batch_takes_no_other_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    make_bucket(&store, Config::default()).await;
    let writes = (0..40).map(|number| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let outcome = put(&store, &format!("key{number}"), b"x", "").await;
            let failed: Outcome<()> = store.write(|_| Err(Fault::Io(std::io::Error::other("meant to fail")))).await;
            assert!(failed.is_err());
            outcome.is_ok()
        })
    });
    for write in writes.collect::<Vec<_>>() {
        assert!(write.await.unwrap());
    }
    assert!((0..40).all(|number| read(&store, &format!("key{number}")).is_some()));
}

/// A file where a folder has to be: the object stays where it came in, and the store serves it and all others.
#[tokio::test]
async fn a_file_that_cannot_move_is_served_from_where_it_is_over_every_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    make_bucket(&store, Config::default()).await;
    let folder = dir.path().join("buckets/1-box");
    fs::write(&folder, b"in the way").unwrap();
    put(&store, "k", b"here", "").await.unwrap();
    drop(store);
    for _ in 0..2 {
        let store = open(dir.path());
        assert_eq!(read(&store, "k").unwrap(), b"here");
    }
    fs::remove_file(&folder).unwrap();
    let store = open(dir.path());
    assert_eq!(read(&store, "k").unwrap(), b"here");
    assert_eq!(fs::read_dir(dir.path().join("incoming")).unwrap().count(), 0);
}

fn listed(db: &Connection, bucket: i64, query: &Query) -> (Vec<String>, Option<After>) {
    let page = list::versions(db, bucket, query).unwrap();
    let names = page.entries.iter().map(|entry| match entry {
        Entry::Item(version) => format!("{}@{}", version.key, version.seq),
        Entry::Prefix(prefix) => prefix.clone(),
    });
    (names.collect(), page.next)
}

#[tokio::test]
async fn a_page_of_versions_goes_on_within_a_key_and_beyond_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    make_bucket(&store, Config { versioning: buckets::Versioning::Enabled, ..Config::default() }).await;
    for key in ["a", "b", "b", "b", "c/1", "c/2"] {
        put(&store, key, b"", "").await.unwrap();
    }
    let bucket = store.buckets.get("box").unwrap().id;
    let all = ["a@1", "b@4", "b@3", "b@2", "c/"];
    for limit in 1..=5 {
        let mut query = Query { delimiter: Some("/".to_owned()), limit, ..Query::default() };
        let mut seen = Vec::new();
        loop {
            let (names, next) = store.read_here(|db| Ok(listed(db, bucket, &query))).unwrap();
            assert!(names.len() <= limit);
            seen.extend(names);
            query.after = next;
            if query.after.is_none() {
                break;
            }
        }
        assert_eq!(seen, all, "{limit} on a page");
    }
    // A marker that is gone, or that was never there, still has its place.
    let query =
        Query { limit: 10, after: Some(After::Version { key: "b".to_owned(), seq: i64::MAX }), ..Query::default() };
    let (names, _) = store.read_here(|db| Ok(listed(db, bucket, &query))).unwrap();
    assert_eq!(names, ["b@4", "b@3", "b@2", "c/1@5", "c/2@6"]);
}
