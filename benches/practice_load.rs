//! Throughput of practice storage beside other S3 servers, in one run on one machine; see `practice.sh` for how to run it.
//!
//! The load is made by one thread that writes requests signed beforehand and reads answers without looking at their
//! bodies, so that it costs less than any server it measures. Each case runs in rounds, all servers in each round, and
//! the best round counts.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement ends at the first surprise and prints"
)]

#[path = "../tests/it/practice_signing.rs"]
mod signing;

use std::cell::Cell;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::{Instant, SystemTime};

use clap::Parser as _;
use futures_util::future::join_all;
use signing::{Signer, hex, sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const REGION: &str = "us-east-1";
const BUCKET: &str = "throughput";
const GIB: u64 = 1 << 30;

#[derive(clap::Parser)]
struct Args {
    /// Another server: NAME=ENDPOINT,ACCESS_KEY_ID,SECRET_ACCESS_KEY
    #[arg(long, value_name = "PEER")]
    peer: Vec<String>,
    /// Connections at a time for the small objects
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Requests in a round of 4 KB; a quarter of it in one of 100 KB
    #[arg(long, default_value_t = 6000)]
    requests: usize,
    #[arg(long, default_value_t = 2)]
    rounds: usize,
    /// Only cases whose name contains this
    #[arg(long, default_value = "")]
    only: String,
    /// The program to measure
    #[arg(long, default_value = env!("CARGO_BIN_EXE_brimful"))]
    program: String,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

struct Server {
    name: String,
    /// `127.0.0.1:PORT`.
    host: String,
    access_key_id: String,
    secret_access_key: String,
}

struct Practice {
    child: Child,
    server: Server,
    _dir: tempfile::TempDir,
}

impl Practice {
    fn start(program: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(program);
        command.arg("practice").arg("--dir").arg(dir.path()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let values: Vec<String> =
            lines.take(4).map(|line| line.unwrap().split_once('=').unwrap().1.to_owned()).collect();
        let server = Server::new("brimful", &values[0], &values[1], &values[2]);
        Self { child, server, _dir: dir }
    }

    /// The most memory that the program ever had, in MB (Linux only).
    fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? / 1000)
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn new(name: &str, endpoint: &str, key: &str, secret: &str) -> Self {
        Self {
            name: name.to_owned(),
            host: endpoint.trim_start_matches("http://").trim_end_matches('/').to_owned(),
            access_key_id: key.to_owned(),
            secret_access_key: secret.to_owned(),
        }
    }

    fn peer(text: &str) -> Self {
        let (name, rest) = text.split_once('=').expect("NAME=ENDPOINT,KEY,SECRET");
        let [endpoint, key, secret] = rest.split(',').collect::<Vec<_>>()[..] else { panic!("ENDPOINT,KEY,SECRET") };
        Self::new(name, endpoint, key, secret)
    }

    /// The head of a signed request.
    fn head(&self, method: &str, key: &str, payload: &str, length: u64) -> Vec<u8> {
        let signer =
            Signer { access_key_id: &self.access_key_id, secret_access_key: &self.secret_access_key, region: REGION };
        let target = format!("/{BUCKET}{key}");
        let headers = signer.headers(method, &target, &self.host, payload, &[], SystemTime::now());
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!("{method} {target} HTTP/1.1\r\n{lines}content-length: {length}\r\n\r\n").into_bytes()
    }

    fn put(&self, key: &str, body: &[u8]) -> Vec<u8> {
        let mut request = self.head("PUT", key, &hex(&sha256(body)), body.len() as u64);
        request.extend_from_slice(body);
        request
    }

    fn get(&self, key: &str) -> Vec<u8> {
        self.head("GET", key, &hex(&sha256(b"")), 0)
    }
}

struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    async fn open(host: &str) -> Self {
        let stream = TcpStream::connect(host).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: vec![0; 512 << 10] }
    }

    /// Reads one answer and returns its status, the length of its body and whether another request may follow.
    async fn answer(&mut self) -> (u16, u64, bool) {
        let mut have = 0;
        let end = loop {
            let read = self.stream.read(&mut self.buffer[have..]).await.unwrap();
            assert_ne!(read, 0, "the server hung up");
            have += read;
            if let Some(end) = self.buffer[..have].windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
        let status = head[9..12].parse().unwrap();
        let mut got = (have - end - 4) as u64;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<u64>().ok());
        if let Some(length) = length {
            while got < length {
                got += self.stream.read(&mut self.buffer).await.unwrap() as u64;
            }
        } else if head.contains("transfer-encoding: chunked") {
            let mut ended = self.buffer[..have].ends_with(b"0\r\n\r\n");
            while !ended {
                let read = self.stream.read(&mut self.buffer).await.unwrap();
                got += read as u64;
                ended = self.buffer[..read].ends_with(b"0\r\n\r\n");
            }
        }
        (status, got, !head.contains("connection: close"))
    }
}

/// Sends `requests` over `connections` at a time; returns the seconds and the bytes that came back. A refusal is told,
/// and costs the server that gives it its place in the comparison: the seconds are endless then.
async fn load(server: &Server, requests: &[Vec<u8>], connections: usize) -> (f64, u64) {
    let next = Rc::new(Cell::new(0));
    let refused = Rc::new(Cell::new(0));
    let began = Instant::now();
    let workers = (0..connections).map(|_| {
        let (next, refused) = (Rc::clone(&next), Rc::clone(&refused));
        async move {
            let mut wire = None;
            let mut bytes = 0;
            loop {
                let number = next.get();
                next.set(number + 1);
                let Some(request) = requests.get(number) else { return bytes };
                let mut open = match wire.take() {
                    Some(open) => open,
                    None => Wire::open(&server.host).await,
                };
                open.stream.write_all(request).await.unwrap();
                let (status, length, more) = open.answer().await;
                if (200..300).contains(&status) {
                    bytes += length;
                } else {
                    refused.set(refused.get() + 1);
                }
                wire = more.then_some(open);
            }
        }
    });
    let bytes = join_all(workers).await.into_iter().sum();
    if refused.get() > 0 {
        println!("{} refused {} of {} requests", server.name, refused.get(), requests.len());
        return (f64::INFINITY, bytes);
    }
    (began.elapsed().as_secs_f64(), bytes)
}

/// Sends an object of zeros without holding it.
async fn upload(server: &Server, key: &str, size: u64) {
    let mut wire = Wire::open(&server.host).await;
    wire.stream.write_all(&server.head("PUT", key, "UNSIGNED-PAYLOAD", size)).await.unwrap();
    let piece = vec![0; 1 << 20];
    for _ in 0..size / piece.len() as u64 {
        wire.stream.write_all(&piece).await.unwrap();
    }
    assert_eq!(wire.answer().await.0, 200, "{}", server.name);
}

/// Best of the rounds for each server.
fn row(name: &str, unit: &str, servers: &[&Server], best: &[f64]) {
    let others = best[1..].iter().copied().fold(0.0, f64::max);
    print!("{name:<24}");
    for (server, value) in servers.iter().zip(best) {
        print!("{:>18}", format!("{} {value:.0} {unit}", server.name));
    }
    if others > 0.0 {
        print!("   {:.2} of the fastest other", best[0] / others);
    }
    println!();
}

async fn small(args: &Args, servers: &[&Server], label: &str, size: usize, count: usize) {
    if !label.contains(&args.only) {
        return;
    }
    let body: Vec<u8> = (0..size).map(|at| (at * 31 % 251) as u8).collect();
    let mut puts = vec![0.0_f64; servers.len()];
    let mut gets = puts.clone();
    for round in 0..args.rounds {
        for (at, server) in servers.iter().enumerate() {
            let key = |number: usize| format!("/{size}-{round}/{:02}/{number:06}", number % 50);
            let requests: Vec<_> = (0..count).map(|number| server.put(&key(number), &body)).collect();
            let (seconds, _) = load(server, &requests, args.connections).await;
            puts[at] = puts[at].max(count as f64 / seconds);
            let requests: Vec<_> = (0..count * 2).map(|number| server.get(&key(number * 7 % count))).collect();
            let (seconds, bytes) = load(server, &requests, args.connections).await;
            assert!(
                seconds.is_infinite() || bytes >= (size * requests.len()) as u64,
                "{} sent too little",
                server.name
            );
            gets[at] = gets[at].max(requests.len() as f64 / seconds);
        }
    }
    row(&format!("{label}, put"), "/s", servers, &puts);
    row(&format!("{label}, get"), "/s", servers, &gets);
}

async fn large(args: &Args, servers: &[&Server]) {
    if !"1 GiB".contains(&args.only) {
        return;
    }
    let mut ups = vec![0.0_f64; servers.len()];
    let mut downs = ups.clone();
    for (at, server) in servers.iter().enumerate() {
        let began = Instant::now();
        upload(server, "/large", GIB).await;
        ups[at] = GIB as f64 / 1e6 / began.elapsed().as_secs_f64();
        for _ in 0..args.rounds + 1 {
            let (seconds, bytes) = load(server, &[server.get("/large")], 1).await;
            assert!(bytes >= GIB, "{} sent too little", server.name);
            downs[at] = downs[at].max(GIB as f64 / 1e6 / seconds);
        }
    }
    row("1 GiB, put", "MB/s", servers, &ups);
    row("1 GiB, get", "MB/s", servers, &downs);
}

async fn memory(args: &Args) {
    if !"memory".contains(&args.only) {
        return;
    }
    let practice = Practice::start(&args.program);
    let server = &practice.server;
    load(server, &[server.put("", b"")], 1).await;
    upload(server, "/huge", 2 * GIB).await;
    let gets: Vec<_> = (0..4).map(|_| server.get("/huge")).collect();
    load(server, &gets, 4).await;
    match practice.memory() {
        Some(most) => println!("{:<24}{most} MB at most, for one put and four gets at a time of 2 GiB", "memory"),
        None => println!("{:<24}not known on this system", "memory"),
    }
}

fn main() {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let practice = Practice::start(&args.program);
        let peers: Vec<Server> = args.peer.iter().map(|peer| Server::peer(peer)).collect();
        let servers: Vec<&Server> = std::iter::once(&practice.server).chain(&peers).collect();
        for server in &servers {
            let mut wire = Wire::open(&server.host).await;
            wire.stream.write_all(&server.put("", b"")).await.unwrap();
            let (status, ..) = wire.answer().await;
            assert!(matches!(status, 200 | 409), "{} makes no bucket: {status}", server.name);
        }
        small(&args, &servers, "4 KB", 4 << 10, args.requests).await;
        small(&args, &servers, "100 KB", 100 << 10, args.requests / 4).await;
        large(&args, &servers).await;
        memory(&args).await;
    });
}
