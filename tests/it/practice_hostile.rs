//! Clients that mean no good: whatever comes over a connection, practice storage answers or hangs up, stays within its
//! limits and its folder, and serves the next one.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::time::{Duration, SystemTime};

use brimful::practice::{Limits, Options, Reach, Server};
use tempfile::TempDir;
use test_case::test_case;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::practice_signing::{Signer, hex, sha256};
use crate::practice_support::client;

struct Yard {
    server: Server,
    dir: TempDir,
}

/// One answer as it came.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn code(&self) -> &str {
        let inside = self.body.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
        inside.map_or("", |(code, _)| code)
    }
}

/// Reads every answer of a connection that has ended.
fn answers(mut bytes: &[u8]) -> Vec<Answer> {
    let mut answers = Vec::new();
    while !bytes.is_empty() {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        bytes = &bytes[end + 4..];
        assert!(head.starts_with("HTTP/1."), "{head}");
        let length = head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let (body, rest) = bytes.split_at(length.unwrap_or(0));
        bytes = rest;
        let body = String::from_utf8_lossy(body).into_owned();
        let status = head[9..12].parse().unwrap();
        if status >= 400 && !body.is_empty() {
            assert!(body.starts_with("<?xml") && body.ends_with("</Error>"), "{body}");
            assert!(!body.chars().any(|letter| letter.is_control() && letter != '\n'), "{body:?}");
        }
        answers.push(Answer { status, head, body });
    }
    answers
}

/// Writes `bytes` and reads until the store hangs up.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, bytes: &[u8], hang_up: bool) -> Vec<u8> {
    let mut answer = Vec::new();
    let talking = async {
        let _ = stream.write_all(bytes).await;
        if hang_up {
            let _ = stream.shutdown().await;
        }
        let _ = stream.read_to_end(&mut answer).await;
    };
    tokio::time::timeout(Duration::from_secs(20), talking).await.unwrap();
    answer
}

impl Yard {
    async fn open(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { dir: dir.path().join("store"), port: None };
        let server = Server::start_within(options, Reach { limits, ..Reach::default() }).await.unwrap();
        client(&server, Server::REGION).create_bucket().bucket("box").send().await.unwrap();
        Self { server, dir }
    }

    async fn raw(&self, bytes: &[u8]) -> Vec<Answer> {
        answers(&talk(self.server.connect(1 << 20), bytes, false).await)
    }

    /// The head of a request with a valid signature; `payload` stands for the hash of its body.
    fn head(&self, method: &str, target: &str, payload: &str, more: &[(&str, &str)]) -> String {
        let key = self.server.credentials();
        let signer = Signer {
            access_key_id: &key.access_key_id,
            secret_access_key: &key.secret_access_key,
            region: Server::REGION,
        };
        let headers = signer.headers(method, target, "127.0.0.1", payload, more, SystemTime::now());
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n{lines}")
    }

    /// A request with a valid signature and the length of its body.
    fn signed(&self, method: &str, target: &str, more: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
        let head = self.head(method, target, &hex(&sha256(body)), more);
        [format!("{head}content-length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
    }

    async fn still_serves(&self) {
        let listed = self.raw(&self.signed("GET", "/box?list-type=2", &[], b"")).await;
        assert_eq!(listed[0].status, 200);
        assert!(listed[0].body.contains("<KeyCount>0</KeyCount>"), "{}", listed[0].body);
        let beside: Vec<_> =
            std::fs::read_dir(self.dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(beside, ["store"]);
        // What was deleted goes a moment after the answer.
        let incoming = || std::fs::read_dir(self.dir.path().join("store/incoming")).unwrap().count();
        let gone = async {
            while incoming() > 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
    }
}

fn brief() -> Limits {
    Limits { connections: 3, head: Duration::from_millis(700), stall: Duration::from_millis(300) }
}

#[test_case(b"\0\0\0\0\r\n\r\n"; "zeros")]
#[test_case(b"GET /\r\n\r\n"; "no version")]
#[test_case(b"GET / HTTP/9.9\r\nhost: a\r\n\r\n"; "version of tomorrow")]
#[test_case(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"; "version 2")]
#[test_case(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n"; "no host")]
#[test_case(b"GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n"; "two hosts")]
#[test_case(b"GET / HTTP/1.1\r\nhost: \xff\xfe\r\nconnection: close\r\n\r\n"; "a host that is no text")]
#[test_case(b"GET /%zz%00%ff HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"; "bad percent encoding")]
#[test_case(b"GET /%ff?%ff=%ff HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"; "no utf 8")]
#[test_case(b"GET /../../etc/passwd HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"; "climbing")]
#[test_case(b"GET //box//..//x HTTP/1.1\r\nhost: ...localhost\r\nconnection: close\r\n\r\n"; "dots as a bucket")]
#[test_case(b"GET /a\0b HTTP/1.1\r\nhost: a\r\n\r\n"; "a zero in the path")]
#[test_case(b"GET * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"; "an asterisk")]
#[test_case(b"CONNECT box:80 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"; "a tunnel")]
#[test_case(b"TRACE / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"; "trace")]
#[test_case(b"BREW /box HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"; "a method of its own")]
#[test_case(b"PUT /box/k HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n"; "negative length")]
#[test_case(b"PUT /box/k HTTP/1.1\r\nhost: a\r\ncontent-length: 18446744073709551616\r\n\r\n"; "length of no number")]
#[test_case(b"PUT /box/k HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx"; "two lengths")]
#[test_case(b"PUT /box/k HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n"; "unknown coding")]
#[test_case(b"PUT /box/k HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n"; "chunk beyond 64 bits")]
#[test_case(b"GET /box HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: AWS4-HMAC-SHA256 Credential=////, SignedHeaders=;;;, Signature=\r\n\r\n"; "an empty signature")]
#[test_case(b"GET /box HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: AWS :\r\n\r\n"; "an old signature")]
#[test_case(b"GET /box?X-Amz-Signature=&X-Amz-Expires=-9&X-Amz-Date=x&X-Amz-Credential=%00 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"; "an empty query signature")]
#[test_case(b"GET /box/k HTTP/1.1\r\nhost: a\r\nconnection: close\r\nrange: bytes=18446744073709551615-0,-\r\n\r\n"; "an odd range")]
#[test_case(b"OPTIONS /%00/ HTTP/1.1\r\nhost: a\r\nconnection: close\r\norigin: \x80\r\naccess-control-request-method: \x80\r\n\r\n"; "an odd preflight")]
#[test_case(b"POST /box HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=\"\r\ncontent-length: 4\r\n\r\n----"; "a form without boundary")]
#[test_case(b"POST /box HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 9\r\n\r\n--b\r\n\r\n--"; "a form without fields")]
#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_refused(request: &[u8]) {
    let yard = Yard::open(brief()).await;
    for answer in yard.raw(request).await {
        assert!((400..600).contains(&answer.status) && answer.status != 500, "{answer:?}");
    }
    yard.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_in_bulk_is_refused() {
    let yard = Yard::open(brief()).await;
    let many = "x: y\r\n".repeat(5000);
    let long = "a".repeat(600_000);
    for request in [
        format!("GET / HTTP/1.1\r\nhost: a\r\n{many}\r\n"),
        format!("GET /{long} HTTP/1.1\r\nhost: a\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nhost: a\r\nx: {long}\r\n\r\n"),
        format!("GET /box?{} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "a=b&".repeat(10_000)),
        format!("GET /{} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "b".repeat(3000)),
    ] {
        for answer in yard.raw(request.as_bytes()).await {
            assert!((400..500).contains(&answer.status), "{}", answer.head);
        }
    }
    yard.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_in_a_row_are_answered_in_a_row() {
    let yard = Yard::open(brief()).await;
    let one = |path: &str, end: &str| format!("GET {path} HTTP/1.1\r\nhost: a\r\n{end}\r\n");
    let row = [one("/box/1", ""), one("/none", ""), one("/box/3", "connection: close\r\n")].concat();
    let answers = yard.raw(row.as_bytes()).await;
    assert_eq!(answers.iter().map(Answer::code).collect::<Vec<_>>(), ["AccessDenied", "NoSuchBucket", "AccessDenied"]);
    assert!(answers[2].body.contains("<Resource>/box/3</Resource>"), "{}", answers[2].body);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_and_absolute_requests_are_understood() {
    let yard = Yard::open(brief()).await;
    let old = yard.raw(b"GET /none HTTP/1.0\r\n\r\n").await;
    assert_eq!((old[0].code(), old.len()), ("NoSuchBucket", 1));
    let absolute =
        yard.raw(b"GET http://127.0.0.1/none/k HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n").await;
    assert_eq!(absolute[0].code(), "NoSuchBucket");
    assert!(absolute[0].body.contains("<Resource>/none/k</Resource>"), "{}", absolute[0].body);
}

#[test_case("<!DOCTYPE a [<!ENTITY b \"cccc\"><!ENTITY d \"&b;&b;\">]><Tagging><TagSet><Tag><Key>&d;</Key><Value>&d;</Value></Tag></TagSet></Tagging>"; "entities")]
#[test_case("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><Tagging>&a;</Tagging>"; "a file")]
#[test_case("<Tagging"; "an end in a tag")]
#[test_case("\u{feff}<Tagging><TagSet></Tagging></TagSet>"; "crossed tags")]
#[test_case("&#x110000;&#0;"; "characters that are none")]
#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_none_is_refused(document: &str) {
    let yard = Yard::open(brief()).await;
    let answer = yard.raw(&yard.signed("PUT", "/box?tagging", &[], document.as_bytes())).await;
    assert_eq!((answer[0].status, answer[0].code()), (400, "MalformedXML"));
    yard.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_have_a_largest_size_and_any_depth_is_survived() {
    let yard = Yard::open(Limits::default()).await;
    let deep = format!("<Tagging>{}", "<TagSet>".repeat(500_000));
    let wide = format!("<Delete>{}</Delete>", "<Object></Object>".repeat(100_000));
    let attributes = format!("<Tagging {}/>", "a='b' ".repeat(100_000));
    for (target, document) in [("/box?tagging", &deep), ("/box?delete", &wide), ("/box?tagging", &attributes)] {
        let method = if target.ends_with("delete") { "POST" } else { "PUT" };
        let answer = yard.raw(&yard.signed(method, target, &[], document.as_bytes())).await;
        assert_eq!(answer[0].status, 400, "{answer:?}");
    }
    let long = " ".repeat((4 << 20) + 1);
    let answer = yard.raw(&yard.signed("PUT", "/box?tagging", &[], long.as_bytes())).await;
    assert_eq!((answer[0].status, answer[0].code()), (400, "MaxMessageLengthExceeded"));
    yard.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_promised_length_of_a_body_is_held_against_the_limit_at_once() {
    let yard = Yard::open(Limits::default()).await;
    for length in [5 * 1024 * 1024 * 1024 + 1, 1_u64 << 62] {
        let head = yard.head("PUT", "/box/k", "UNSIGNED-PAYLOAD", &[]);
        let answer = yard.raw(format!("{head}content-length: {length}\r\n\r\nabc").as_bytes()).await;
        assert_eq!((answer[0].status, answer[0].code()), (400, "EntityTooLarge"), "{length}");
    }
    yard.still_serves().await;
}

#[test_case("ffffffff\r\nabc", false; "a chunk of 4 GiB that ends early")]
#[test_case("100000000\r\nabc", false; "a chunk beyond 32 bits")]
#[test_case("-1\r\nabc\r\n0\r\n\r\n", true; "a negative chunk")]
#[test_case("zz\r\nabc\r\n0\r\n\r\n", true; "no number")]
#[test_case("3\r\nabcd\r\n0\r\n\r\n", true; "a chunk without its end")]
#[test_case("\r\n\r\n\r\n\r\n", true; "empty lines")]
#[test_case("3;chunk-signature=0000000000000000000000000000000000000000000000000000000000000000\r\nabc\r\n0\r\n\r\n", true; "a signature that is wrong")]
#[test_case("3\r\nabc\r\n0\r\nno-colon\r\n\r\n", true; "a trailer without colon")]
#[tokio::test(flavor = "multi_thread")]
async fn broken_framing_stores_nothing(body: &str, complete: bool) {
    let yard = Yard::open(brief()).await;
    let more = [("x-amz-decoded-content-length", "3"), ("x-amz-trailer", "x-amz-checksum-crc32")];
    let head = yard.head("PUT", "/box/k", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", &more);
    let length = if complete { body.len() } else { 5_000_000_000 };
    let request = format!("{head}content-length: {length}\r\n\r\n{body}");
    let answers = answers(&talk(yard.server.connect(1 << 20), request.as_bytes(), !complete).await);
    assert!(answers.iter().all(|answer| (400..500).contains(&answer.status)), "{answers:?}");
    yard.still_serves().await;
}

/// A document that comes in chunks which nobody signed.
#[test_case("POST", "/box/k?uploadId=none", "5\r\n<Com"; "parts of an upload, broken off")]
#[test_case("POST", "/box?delete", "3\r\nabcd\r\n0\r\n\r\n"; "deletions, a chunk without its end")]
#[test_case("PUT", "/box?tagging", "zz\r\n\r\n"; "tags, no size")]
#[tokio::test(flavor = "multi_thread")]
async fn chunks_of_a_document_that_are_none_are_the_clients_fault(method: &str, target: &str, body: &str) {
    let yard = Yard::open(brief()).await;
    let length = body.len().to_string();
    let more = [
        ("content-length", length.as_str()),
        ("x-amz-decoded-content-length", "4"),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
    ];
    let head = yard.head(method, target, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", &more);
    let answers = yard.raw(format!("{head}\r\n{body}").as_bytes()).await;
    assert_eq!((answers[0].status, answers[0].code()), (400, "IncompleteBody"));
    yard.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_large_chunk_is_taken_piece_by_piece() {
    let yard = Yard::open(Limits::default()).await;
    let bytes: Vec<u8> = (0..900_000_u32).flat_map(u32::to_le_bytes).collect();
    let length = bytes.len().to_string();
    let more = [("x-amz-decoded-content-length", length.as_str()), ("x-amz-trailer", "x-amz-checksum-sha256")];
    let head = yard.head("PUT", "/box/k", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", &more);
    let sum = base64_simd::STANDARD.encode_to_string(sha256(&bytes));
    let end = format!("\r\n0\r\nx-amz-checksum-sha256:{sum}\r\n\r\n");
    let body = [format!("{:x}\r\n", bytes.len()).as_bytes(), &bytes, end.as_bytes()].concat();
    let request = [format!("{head}content-length: {}\r\n\r\n", body.len()).as_bytes(), &body].concat();
    let put = yard.raw(&request).await;
    assert_eq!(put[0].status, 200, "{put:?}");
    let got = client(&yard.server, Server::REGION).get_object().bucket("box").key("k").send().await.unwrap();
    assert!(got.body.collect().await.unwrap().to_vec() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_only_begins_is_cut_off() {
    let yard = Yard::open(brief()).await;
    for begun in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: a\r\nx-slow: "] {
        assert_eq!(talk(yard.server.connect(1 << 10), begun.as_bytes(), false).await, b"", "{begun}");
    }
    let head = yard.head("PUT", "/box/k", "UNSIGNED-PAYLOAD", &[]);
    let stuck = yard.raw(format!("{head}content-length: 10\r\n\r\nabc").as_bytes()).await;
    assert_eq!((stuck[0].status, stuck[0].code()), (400, "RequestTimeout"));
    yard.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_takes_nothing_is_cut_off() {
    let yard = Yard::open(brief()).await;
    let bytes = vec![7_u8; 3 << 20];
    let put = yard.raw(&yard.signed("PUT", "/box/k", &[], &bytes)).await;
    assert_eq!(put[0].status, 200, "{put:?}");
    let mut stream = yard.server.connect(4 << 10);
    stream.write_all(&yard.signed("GET", "/box/k", &[], b"")).await.unwrap();
    // Longer than a client may stop; after that what is under way can be read, and then the end.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut read = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut read)).await.unwrap();
    assert!(read.len() < bytes.len(), "{}", read.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn more_clients_than_places_take_turns() {
    let yard = Yard::open(brief()).await;
    let address = ("127.0.0.1", yard.server.port());
    let mut idle = Vec::new();
    for _ in 0..3 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /none HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        assert_ne!(stream.read(&mut [0; 4096]).await.unwrap(), 0);
        idle.push(stream);
    }
    let last = TcpStream::connect(address).await.unwrap();
    let served = talk(last, b"GET /none HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", false).await;
    assert_eq!(answers(&served)[0].code(), "NoSuchBucket");
    for mut stream in idle {
        assert_eq!(stream.read(&mut [0; 16]).await.unwrap(), 0, "an idle connection makes room");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_while_sending_still_hears_why() {
    let yard = Yard::open(Limits::default()).await;
    let body = vec![b'x'; 3 << 20];
    let head = format!("PUT /box/k HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    let stream = TcpStream::connect(("127.0.0.1", yard.server.port())).await.unwrap();
    let told = talk(stream, &[head.as_bytes(), &body].concat(), false).await;
    assert_eq!(answers(&told)[0].code(), "AccessDenied");
}

#[test_case("/box/../../outside"; "climbing")]
#[test_case("/box/..%2f..%2foutside"; "climbing by encoding")]
#[test_case("/box/%00%01%1f%7f"; "control characters")]
#[test_case("/box/%2e%2e"; "dots")]
#[test_case("/box/c:%5cwindows%5cnul"; "another system's names")]
#[tokio::test(flavor = "multi_thread")]
async fn no_key_leads_out_of_the_folder(target: &str) {
    let yard = Yard::open(brief()).await;
    assert_eq!(yard.raw(&yard.signed("PUT", target, &[], b"inside")).await[0].status, 200);
    assert_eq!(yard.raw(&yard.signed("GET", target, &[], b"")).await[0].body, "inside");
    let listed = yard.raw(&yard.signed("GET", "/box?list-type=2&encoding-type=url", &[], b"")).await;
    assert!(listed[0].body.contains("<KeyCount>1</KeyCount>"), "{}", listed[0].body);
    assert_eq!(yard.raw(&yard.signed("DELETE", target, &[], b"")).await[0].status, 204);
    yard.still_serves().await;
}

#[tokio::test]
async fn only_who_is_told_to_listens_to_others() {
    let yard = Yard::open(Limits::default()).await;
    assert!(yard.server.address().ip().is_loopback());
    let open = Options { dir: yard.dir.path().join("open"), port: None };
    let reach = Reach { address: "0.0.0.0".parse().unwrap(), ..Reach::default() };
    let open = Server::start_within(open, reach).await.unwrap();
    assert!(open.address().ip().is_unspecified());
    assert_eq!(open.endpoint(), format!("http://127.0.0.1:{}", open.port()));
}
