//! Arbitrary bytes as requests to practice storage, through everything that a client's bytes go through but the socket.
//!
//! ```sh
//! cargo install cargo-fuzz
//! cargo fuzz run -s none --fuzz-dir tests/fuzz requests tests/fuzz/corpus tests/fuzz/seeds -- -dict=tests/fuzz/words.dict -max_len=4096 -max_total_time=300
//! ```
//!
//! The first byte of an input says how the rest is sent: as it is, or with a valid signature and a matching length
//! around the body. Wrong are: a panic, an answer of status 500, an answer that is not HTTP or whose document is not
//! well-formed, a store that hangs, and a file outside of the store's folder.

#![no_main]
#![allow(dead_code, reason = "the modules under test are larger than what one test reaches")]
#![allow(unreachable_pub, missing_docs, reason = "they are written for a library")]

// Links to the sources, because a module remembers where its crate begins.
mod domain;
mod practice;
#[path = "../it/practice_signing.rs"]
mod signing;

use std::cell::RefCell;
use std::path::Path;
use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;
use practice::{Limits, Options, Reach, Server};
use signing::{Signer, hex, sha256};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::Runtime;

/// After so many inputs a fresh store, so that what is stored stays small.
const INPUTS_PER_STORE: usize = 3000;

struct Yard {
    runtime: Runtime,
    server: Option<Server>,
    dir: TempDir,
    inputs: usize,
}

thread_local!(static YARD: RefCell<Option<Yard>> = const { RefCell::new(None) });

fuzz_target!(|input: &[u8]| {
    YARD.with_borrow_mut(|slot| {
        if slot.as_ref().is_some_and(|yard| yard.inputs >= INPUTS_PER_STORE)
            && let Some(mut old) = slot.take()
            && let Some(server) = old.server.take()
        {
            old.runtime.block_on(server.shutdown());
        }
        slot.get_or_insert_with(Yard::open).try_one(input);
    });
});

impl Yard {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let limits = Limits { connections: 4, head: Duration::from_secs(1), stall: Duration::from_secs(1) };
        let options = Options { dir: dir.path().join("store"), port: None };
        let server = runtime.block_on(Server::start_within(options, Reach { limits, ..Reach::default() })).unwrap();
        let yard = Self { runtime, server: Some(server), dir, inputs: 0 };
        let policy = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::open","arn:aws:s3:::open/*"]}]}"#;
        let cors = "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>";
        let versions = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        for (request, body) in [
            ("PUT /box", ""),
            ("PUT /box/k", "0123456789"),
            ("PUT /open", ""),
            ("DELETE /open?publicAccessBlock", ""),
            ("PUT /open?policy", policy),
            ("PUT /open?cors", cors),
            ("PUT /open?versioning", versions),
            ("PUT /open/k", "0123456789"),
        ] {
            let answer = yard.talk(&yard.signed(2, format!("{request}\n\n{body}").as_bytes()).unwrap());
            assert!(answer.starts_with(b"HTTP/1.1 20"), "{request}: {}", String::from_utf8_lossy(&answer));
        }
        yard
    }

    fn try_one(&mut self, input: &[u8]) {
        self.inputs += 1;
        let Some((kind, rest)) = input.split_first() else { return };
        let request = match kind % 4 {
            0 => Some(rest.to_vec()),
            kind => self.signed(kind, rest),
        };
        let Some(request) = request else { return };
        check(&request, &self.talk(&request));
        if self.inputs % 64 == 0 {
            self.stays_inside();
        }
    }

    /// Sends `request`, says that nothing more comes, and reads to the end.
    fn talk(&self, request: &[u8]) -> Vec<u8> {
        let server = self.server.as_ref().unwrap();
        self.runtime.block_on(async {
            let (mut read, mut write) = tokio::io::split(server.connect(64 << 10));
            let mut answer = Vec::new();
            let sending = async {
                let _ = write.write_all(request).await;
                let _ = write.shutdown().await;
            };
            let talking = async { tokio::join!(sending, read.read_to_end(&mut answer)) };
            tokio::time::timeout(Duration::from_secs(15), talking).await.expect("the store hangs");
            answer
        })
    }

    /// Reads `METHOD TARGET`, header lines, an empty line and a body, and makes a request with a valid signature of it.
    fn signed(&self, kind: u8, rest: &[u8]) -> Option<Vec<u8>> {
        let key = self.server.as_ref()?.credentials();
        let signer = Signer {
            access_key_id: &key.access_key_id,
            secret_access_key: &key.secret_access_key,
            region: Server::REGION,
        };
        let end = rest.windows(2).position(|two| two == b"\n\n").unwrap_or(rest.len());
        let head = std::str::from_utf8(&rest[..end]).ok()?;
        let body = rest.get(end + 2..).unwrap_or_default();
        let mut lines = head.lines();
        let (method, target) = lines.next()?.split_once(' ')?;
        let more: Vec<(String, &str)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
            .collect();
        let mut more: Vec<(&str, &str)> = more.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let length = body.len().to_string();
        let payload = match kind {
            3 => {
                if !more.iter().any(|(name, _)| *name == "x-amz-decoded-content-length") {
                    more.push(("x-amz-decoded-content-length", &length));
                }
                more.push(("x-amz-trailer", "x-amz-checksum-crc32"));
                "STREAMING-UNSIGNED-PAYLOAD-TRAILER".to_owned()
            }
            1 => "UNSIGNED-PAYLOAD".to_owned(),
            _ => hex(&sha256(body)),
        };
        // Documents are taken with a digest only; the bytes of an object may have one.
        let digest = base64_simd::STANDARD.encode_to_string(sha256(body));
        if kind == 2 && !body.is_empty() && !more.iter().any(|(name, _)| name.starts_with("x-amz-checksum-")) {
            more.push(("x-amz-checksum-sha256", &digest));
        }
        let headers = signer.headers(method, target, "localhost", &payload, &more, SystemTime::now());
        let mut request = format!("{method} {target} HTTP/1.1\r\nconnection: close\r\ncontent-length: {length}\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        Some([request.as_bytes(), b"\r\n", body].concat())
    }

    fn stays_inside(&self) {
        let names = |dir: &Path| {
            let mut names: Vec<_> = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(names(self.dir.path()), ["store"]);
        for name in names(&self.dir.path().join("store")) {
            let name = name.to_string_lossy();
            let known = ["accounts.json", "buckets", "credentials.json", "incoming", "lock", "port", "uploads"];
            let known = [&known[..], &["users.json", "website-port"]].concat();
            assert!(known.contains(&&*name) || name.starts_with("metadata.sqlite3"), "{name}");
        }
    }
}

/// Reads answers one after the other; `request` tells whether one may lack its body.
fn check(request: &[u8], mut answer: &[u8]) {
    let show = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let heads = request.windows(4).any(|four| four == b"HEAD");
    while !answer.is_empty() {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("{}", show(answer)));
        let head = std::str::from_utf8(&answer[..end]).expect("a head that is no text").to_ascii_lowercase();
        answer = &answer[end + 4..];
        assert!(head.starts_with("http/1."), "{head}");
        assert_ne!(&head[9..12], "500", "{} answers {head}\n{}", show(request), show(answer));
        if heads {
            return;
        }
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let body = if field("transfer-encoding") == Some("chunked") {
            // Long work: the length is not known when it begins.
            std::mem::take(&mut answer)
        } else {
            let length = field("content-length").map_or(0, |length| length.parse().expect("a length"));
            let (body, rest) = answer.split_at_checked(length).expect("a body as long as promised");
            answer = rest;
            body
        };
        if field("content-type") == Some("application/xml") && body.starts_with(b"<?xml") && !head.contains("etag") {
            let mut reader = quick_xml::Reader::from_reader(body);
            while reader.read_event().unwrap_or_else(|error| panic!("{error}: {}", show(body)))
                != quick_xml::events::Event::Eof
            {}
            let text = std::str::from_utf8(body).expect("a document in UTF-8");
            assert!(!text.chars().any(|letter| letter < ' ' && !"\t\n\r".contains(letter)), "{text:?}");
        }
    }
}
