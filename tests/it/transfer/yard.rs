//! An engine, a practice store behind a gate that can hold bytes back, and a folder with files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use brimful::domain::connection::{Connection, ConnectionId, Target};
use brimful::s3::connect::{PracticeAccess, connect};
use brimful::s3::object::{Guard, ObjectHeaders};
use brimful::s3::secrets::Secrets;
use brimful::s3::store::Store;
use brimful::transfer::{
    Batch, BatchId, Engine, Limits, RowFilter, RowId, RowQuery, RowState, RowView, Source, TransferEvent, UploadItem,
};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::faults::layer::Faults;
use crate::practice_support::Practice;

pub(super) const MIB: u64 = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(90);

/// Carries bytes to the store, as many as it is open for.
pub(super) struct Gate {
    port: u16,
    open_for_bytes: watch::Sender<u64>,
    carried_bytes: Arc<AtomicU64>,
}

impl Gate {
    async fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap().port();
        let (open_for_bytes, seen) = watch::channel(u64::MAX);
        let carried_bytes: Arc<AtomicU64> = Arc::default();
        let count = Arc::clone(&carried_bytes);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
                tokio::spawn(carry(client, server, seen.clone(), Arc::clone(&count)));
            }
        });
        Self { port: here, open_for_bytes, carried_bytes }
    }

    /// From now on lets so many more bytes through, then none.
    pub(super) fn close_after(&self, bytes: u64) {
        self.open_for_bytes.send_replace(self.carried_bytes() + bytes);
    }

    pub(super) fn open(&self) {
        self.open_for_bytes.send_replace(u64::MAX);
    }

    pub(super) fn carried_bytes(&self) -> u64 {
        self.carried_bytes.load(Ordering::SeqCst)
    }
}

async fn carry(client: TcpStream, server: TcpStream, mut open: watch::Receiver<u64>, carried: Arc<AtomicU64>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let back = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
        let allowed = open.wait_for(|open| carried.load(Ordering::SeqCst) < *open);
        // A client that hangs up while it is held back has hung up for the store as well.
        if allowed.await.is_err() {
            break;
        }
        carried.fetch_add(read as u64, Ordering::SeqCst);
        if to_server.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    drop(to_server);
    let _ = back.await;
}

pub(super) struct Yard {
    pub(super) practice: Practice,
    pub(super) gate: Gate,
    pub(super) store: Store,
    pub(super) engine: Engine,
    pub(super) events: Arc<Mutex<Vec<TransferEvent>>>,
    pub(super) files: TempDir,
}

pub(super) fn quick() -> Limits {
    Limits { tries: 2, first_wait: Duration::from_millis(20), ..Limits::default() }
}

impl Yard {
    pub(super) async fn new(limits: Limits) -> Self {
        let (practice, gate) = Self::before_an_engine().await;
        let port = gate.port;
        Self::of(practice, gate, port, limits).await
    }

    /// The same with a layer before the gate that makes faults.
    pub(super) async fn faulty(limits: Limits) -> (Self, Faults) {
        let (practice, gate) = Self::before_an_engine().await;
        let faults = Faults::before(gate.port).await;
        let yard = Self::of(practice, gate, faults.port(), limits).await;
        (yard, faults)
    }

    async fn before_an_engine() -> (Practice, Gate) {
        let practice = Practice::start().await;
        practice.bucket("box").await;
        let gate = Gate::before(practice.server.port()).await;
        (practice, gate)
    }

    async fn of(practice: Practice, gate: Gate, port: u16, limits: Limits) -> Self {
        let store = store_at(&practice, port).await;
        let engine = Engine::new(tokio::runtime::Handle::current(), Arc::new(|| {}), limits);
        let events: Arc<Mutex<Vec<TransferEvent>>> = Arc::default();
        let log = Arc::clone(&events);
        engine.listen(move |event| log.lock().unwrap().push(event));
        Self { practice, gate, store, engine, events, files: tempfile::tempdir().unwrap() }
    }

    pub(super) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.files.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A file that holds mostly nothing, and a mark in each MiB.
    pub(super) fn big_file(&self, name: &str, size_bytes: u64) -> PathBuf {
        use std::io::{Seek as _, SeekFrom, Write as _};
        let path = self.files.path().join(name);
        let mut file = fs::File::create(&path).unwrap();
        file.set_len(size_bytes).unwrap();
        for at in (0..size_bytes).step_by(1 << 20) {
            file.seek(SeekFrom::Start(at)).unwrap();
            file.write_all(&at.to_le_bytes()[..8.min((size_bytes - at) as usize)]).unwrap();
        }
        path
    }

    pub(super) fn send(&self, items: Vec<UploadItem>) -> BatchId {
        let store = self.store.clone();
        self.engine.upload(Batch { store, bucket: "box".into(), label: "photos/".into(), items })
    }

    /// Sends one file and gives its row.
    pub(super) fn send_one(&self, item: UploadItem) -> RowId {
        let batch = self.send(vec![item]);
        let query = RowQuery { batch: Some(batch), range: 0..1, ..RowQuery::default() };
        self.engine.rows(&query).rows[0].id
    }

    pub(super) fn row(&self, id: RowId) -> RowView {
        self.engine.row(id).unwrap()
    }

    /// Waits until nothing is waiting, under way or held.
    pub(super) async fn all_ended(&self) {
        self.until("everything has ended", |engine| engine.open_count() == 0).await;
    }

    pub(super) async fn until(&self, what: &str, reached: impl Fn(&Engine) -> bool) {
        let begun = Instant::now();
        while !reached(&self.engine) {
            assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}: {:#?}", self.failures());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until bytes of a row are on their way and no more get through the gate.
    pub(super) async fn stuck(&self, id: RowId) -> RowView {
        let mut last = (0, Instant::now());
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "never stuck");
            let sent = self.row(id).sent_bytes;
            if sent != last.0 {
                last = (sent, Instant::now());
            } else if sent > 0 && last.1.elapsed() > Duration::from_millis(1_200) {
                return self.row(id);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What was told, once it is that much.
    pub(super) async fn told(&self, count: usize) -> Vec<TransferEvent> {
        self.until("everything was told", |_| self.events.lock().unwrap().len() >= count).await;
        self.events.lock().unwrap().clone()
    }

    pub(super) fn failures(&self) -> Vec<String> {
        let query = RowQuery { filter: RowFilter::Attention, range: 0..100, ..RowQuery::default() };
        let say = |row: RowView| match row.state {
            RowState::Failed { error } => format!("{}: {error}", row.key),
            other => format!("{}: {other:?}", row.key),
        };
        self.engine.rows(&query).rows.into_iter().map(say).collect()
    }

    /// The keys in the bucket.
    pub(super) async fn keys(&self) -> Vec<String> {
        let listed = self.practice.s3.list_objects_v2().bucket("box").send().await.unwrap();
        listed.contents().iter().map(|object| object.key().unwrap().to_owned()).collect()
    }

    /// How many uploads in parts are open in the store.
    pub(super) async fn open_uploads(&self) -> usize {
        self.practice.s3.list_multipart_uploads().bucket("box").send().await.unwrap().uploads().len()
    }

    /// The store is told of a broken connection a moment later than the client: looks until nothing is open.
    pub(super) async fn nothing_left_behind(&self) {
        for _ in 0..100 {
            if self.open_uploads().await == 0 && self.keys().await.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("left behind: {:?} and {} uploads", self.keys().await, self.open_uploads().await);
    }
}

/// The practice store as it is reached through a port before it.
pub(super) async fn store_at(practice: &Practice, port: u16) -> Store {
    let connection = Connection {
        id: ConnectionId::PRACTICE,
        name: "Practice".into(),
        target: Target::Practice,
        production: false,
        last_opened: None,
        bucket_count: None,
    };
    let key = practice.server.credentials();
    let access = PracticeAccess {
        endpoint: format!("http://127.0.0.1:{port}"),
        access_key_id: key.access_key_id.clone(),
        secrets: Secrets::new(&key.secret_access_key, None),
    };
    connect(&connection, None, Some(access)).await.unwrap()
}

pub(super) fn item(path: &std::path::Path, key: &str) -> UploadItem {
    UploadItem {
        source: Source::Path(path.to_owned()),
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        key: key.to_owned(),
        size_bytes: fs::metadata(path).map_or(0, |found| found.len()),
        headers: ObjectHeaders { content_type: Some("image/png".into()), ..ObjectHeaders::default() },
        guard: Guard::IfNoneMatch,
    }
}
