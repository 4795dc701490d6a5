//! What a page of a listing costs in a large bucket of practice storage: `cargo bench --bench practice_list`.
//!
//! The bucket holds the rows that as many puts of empty objects would have left; listings read nothing else. Half of
//! the keys lie side by side, half under one folder. `BRIMFUL_LIST_KEYS` chooses how many (1,000,000 otherwise).

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement prints, and ends at the first surprise")]

use std::time::{Duration, Instant};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use brimful::practice::{Options, Server};

fn client(server: &Server) -> Client {
    let key = server.credentials();
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .region(Region::new(Server::REGION))
        .credentials_provider(Credentials::new(&key.access_key_id, &key.secret_access_key, None, None, "bench"))
        .endpoint_url(server.endpoint())
        .force_path_style(true);
    Client::from_conf(config.build())
}

/// Adds the rows of `count` empty objects to a store that is not running.
fn fill(dir: &std::path::Path, count: i64) {
    let database = rusqlite::Connection::open(dir.join("metadata.sqlite3")).unwrap();
    let sql = "
        WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < ?1)
        INSERT INTO versions (bucket, key, version, state, marker, file, path, size, etag, modified, meta, tags)
        SELECT (SELECT id FROM buckets WHERE name = 'large'),
               CAST(CASE WHEN n % 2 = 0 THEN printf('flat-%09d.jpg', n / 2)
                         ELSE printf('folder/%06d_%03d.jpg', n / 2000, n / 2 % 1000) END AS BLOB),
               'null', 1, 0, 0, '', 0, 'd41d8cd98f00b204e9800998ecf8427e', 1767225600000, '{}', '{}'
        FROM number";
    database.execute(sql, [count]).unwrap();
}

async fn page(s3: &Client, prefix: &str, delimiter: Option<&str>, after: &str) -> (Duration, i32) {
    let mut best = (Duration::MAX, 0);
    for _ in 0..5 {
        let begin = Instant::now();
        let call = s3.list_objects_v2().bucket("large").prefix(prefix).start_after(after);
        let answer = call.set_delimiter(delimiter.map(str::to_owned)).send().await.unwrap();
        best = best.min((begin.elapsed(), answer.key_count().unwrap()));
    }
    best
}

#[tokio::main]
async fn main() {
    let keys: i64 = std::env::var("BRIMFUL_LIST_KEYS").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let dir = tempfile::tempdir().unwrap();
    let options = Options { dir: dir.path().to_owned(), port: None };
    let server = Server::start(options.clone()).await.unwrap();
    client(&server).create_bucket().bucket("large").send().await.unwrap();
    server.shutdown().await;
    fill(dir.path(), keys);
    let begin = Instant::now();
    let server = Server::start(options).await.unwrap();
    println!("a start with {keys} objects: {:?}", begin.elapsed());
    let s3 = client(&server);

    println!("a page, the best of five, seen from the client:");
    for percent in [0, 25, 50, 75, 99] {
        let at = keys / 2 * percent / 100;
        let (time, count) = page(&s3, "flat-", None, &format!("flat-{at:09}.jpg")).await;
        println!("  {count} keys at {percent:2} % of the flat half: {time:?}");
        let (time, count) = page(&s3, "folder/", None, &format!("folder/{:06}_{:03}.jpg", at / 1000, at % 1000)).await;
        println!("  {count} keys at {percent:2} % of the folder: {time:?}");
    }
    let last = format!("flat-{:09}.jpg", keys / 2 - 1);
    for (what, prefix, delimiter, after) in [
        ("one folder with half of all keys below it", "fo", "/", ""),
        ("the last flat key and the folder", "", "/", last.as_str()),
        ("folders of a thousand keys each", "folder/", "_", ""),
        ("a prefix with nothing below it", "none/", "/", ""),
    ] {
        let (time, count) = page(&s3, prefix, Some(delimiter), after).await;
        println!("  {what}: {count} lines: {time:?}");
    }

    let begin = Instant::now();
    let mut token = None;
    let mut seen = 0;
    loop {
        let answer = s3.list_objects_v2().bucket("large").set_continuation_token(token).send().await.unwrap();
        seen += i64::from(answer.key_count().unwrap());
        token = answer.next_continuation_token;
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, keys);
    let seconds = begin.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate, for reading")]
    let rate = keys as f64 / seconds;
    println!("all {keys} keys: {seconds:.1} s, {rate:.0} keys/s");
    server.shutdown().await;
}
