//! Uploads whose process is killed at random moments, again and again, until all is done: nothing is lost, nothing stays
//! half done, and no part that was written down is sent twice.
//!
//! `BRIMFUL_CRASH_KILLS=500` kills more often, `BRIMFUL_CRASH_SEED` at other moments.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::ls_cli::command;
use crate::practice_support::Practice;

const MIB: usize = 1 << 20;
const USUAL_KILLS: u32 = 50;
const BUCKET: &str = "box";

/// Numbers that look random and are the same in every run (Knuth's MMIX generator).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            bytes.extend_from_slice(&(self.below(1 << 31) as u32).to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }
}

/// Begun requests for parts, in their order: the upload and the number.
type Parts = Arc<Mutex<Vec<(String, u32)>>>;

/// Stands before the store and writes down which parts come.
async fn recorder(port: u16) -> (String, Parts) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let parts = Parts::default();
    let seen = Arc::clone(&parts);
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
            tokio::spawn(carry(client, server, Arc::clone(&seen)));
        }
    });
    (endpoint, parts)
}

async fn carry(client: TcpStream, server: TcpStream, parts: Parts) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let back = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut buffer = vec![0; 64 * 1024];
    // A head may come in two pieces.
    let mut tail = Vec::new();
    while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
        tail.extend_from_slice(&buffer[..read]);
        let begun = parts_begun(&tail);
        if begun.is_empty() {
            let keep = tail.len().saturating_sub(1_024);
            tail.drain(..keep);
        } else {
            parts.lock().unwrap().extend(begun);
            tail.clear();
        }
        if to_server.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    drop(to_server);
    let _ = back.await;
}

fn parts_begun(bytes: &[u8]) -> Vec<(String, u32)> {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().filter(|line| line.starts_with("PUT /") && line.ends_with(" HTTP/1.1"));
    lines
        .filter_map(|line| {
            let value = |name: &str| Some(line.split_once(name)?.1.split(['&', ' ']).next()?.to_owned());
            Some((value("uploadId=")?, value("partNumber=")?.parse().ok()?))
        })
        .collect()
}

/// A tree of small files and a few that go in parts, and what it holds by its keys.
fn tree(dir: &Path, round: u32, chance: &mut Chance) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut file = |name: String, bytes: Vec<u8>| {
        let path = dir.join(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &bytes).unwrap();
        all.insert(format!("round-{round}/{name}"), bytes);
    };
    for number in 0..60 {
        let length = chance.below(60_000) as usize * usize::from(number % 10 != 0);
        file(format!("album {}/é+{number}.bin", number % 7), chance.bytes(length));
    }
    for (number, length) in [17 * MIB, 23 * MIB + 5, 31 * MIB].into_iter().enumerate() {
        file(format!("films/{number}.mp4"), chance.bytes(length));
    }
    all
}

/// The parts that are written down as finished, and how many files are.
fn journal(home: &Path) -> (HashSet<(String, u32)>, u64) {
    let path = home.join("state/transfers.sqlite");
    let Ok(db) = rusqlite::Connection::open(path) else { return Default::default() };
    let Ok(mut parts) = db.prepare("SELECT upload, number FROM parts JOIN uploads USING (file)") else {
        return Default::default();
    };
    let found = parts.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let files = db.query_row("SELECT count(*) FROM files", [], |row| row.get::<_, i64>(0)).unwrap();
    (found.collect::<Result<_, _>>().unwrap(), files as u64)
}

/// One command, killed after a while unless it ends before: what it ended with.
async fn killed_after(mut run: Command, wait: Duration) -> Option<i32> {
    let mut child = run.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = tokio::time::Instant::now();
    while begun.elapsed() < wait {
        if let Some(ended) = child.try_wait().unwrap() {
            let mut said = String::new();
            std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
            assert_eq!(ended.code(), Some(0), "{said}");
            return ended.code();
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

async fn nothing_is_half_done(practice: &Practice, expected: &BTreeMap<String, Vec<u8>>, round: u32) {
    let prefix = format!("round-{round}/");
    let listed = practice.s3.list_objects_v2().bucket(BUCKET).prefix(&prefix).send().await.unwrap();
    let keys: Vec<&str> = listed.contents().iter().filter_map(|object| object.key()).collect();
    assert_eq!(keys, expected.keys().collect::<Vec<_>>());
    for (key, bytes) in expected {
        assert!(practice.get(BUCKET, key).await == *bytes, "{key} is not its file");
    }
    let open = practice.s3.list_multipart_uploads().bucket(BUCKET).send().await.unwrap();
    assert_eq!(open.uploads().len(), 0, "{:?}", open.uploads());
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_moment_it_is_killed_nothing_is_lost_and_nothing_sent_twice() {
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(usual);
    let most = number("BRIMFUL_CRASH_KILLS", USUAL_KILLS.into());
    let mut chance = Chance(number("BRIMFUL_CRASH_SEED", 20_261_126));
    let practice = Practice::start().await;
    practice.bucket(BUCKET).await;
    let (endpoint, begun) = recorder(practice.server.port()).await;
    let home = TempDir::new().unwrap();
    let run = |word: &str, words: &[&str]| {
        let mut run = command(&practice, word, words);
        run.env("BRIMFUL_HOME", home.path()).env("AWS_ENDPOINT_URL_S3", &endpoint);
        run.args(["--part-size", "5MiB", "--limit-rate", "60MB", "--quiet"]);
        run
    };
    let (mut kills, mut rounds, mut known) = (0, 0, HashMap::new());
    while kills < most {
        rounds += 1;
        let files = TempDir::new().unwrap();
        let expected = tree(files.path(), rounds, &mut chance);
        let source = format!("{}/", files.path().display());
        let place = format!("s3://{BUCKET}/round-{rounds}/");
        let mut in_queue = false;
        loop {
            let command = if in_queue { run("resume", &[]) } else { run("upload", &[&source, &place]) };
            let last = kills >= most;
            let wait = if last { Duration::from_secs(120) } else { Duration::from_millis(30 + chance.below(400)) };
            let before = begun.lock().unwrap().len();
            let ended = killed_after(command, wait).await;
            for part in &begun.lock().unwrap()[before..] {
                assert!(!known.contains_key(part), "{part:?} was sent again after it was written down");
            }
            if ended.is_some() {
                break;
            }
            assert!(!last, "it did not come to its end");
            kills += 1;
            let (finished, queued) = journal(home.path());
            in_queue = queued >= expected.len() as u64;
            known.extend(finished.into_iter().map(|part| (part, kills)));
        }
        nothing_is_half_done(&practice, &expected, rounds).await;
    }
    assert!(!known.is_empty(), "no part was written down: the kills came too early to say anything");
}
