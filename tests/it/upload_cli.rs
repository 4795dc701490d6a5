//! Files sent and fetched in a terminal: what arrives, what is left alone, and what is said.

#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::ls_cli::{Said, command};
use crate::practice_support::Practice;

const MIB: usize = 1 << 20;

struct Desk {
    practice: Practice,
    home: TempDir,
    files: TempDir,
}

impl Desk {
    async fn new() -> Self {
        let practice = Practice::start().await;
        practice.bucket("acme").await;
        Self { practice, home: TempDir::new().unwrap(), files: TempDir::new().unwrap() }
    }

    fn file(&self, name: &str, bytes: &[u8]) {
        let path = self.files.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.files.path().join(name).display().to_string()
    }

    async fn says(&self, word: &str, words: &[&str]) -> Said {
        let mut run = command(&self.practice, word, words);
        run.env("BRIMFUL_HOME", self.home.path());
        let said = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: said.status.code().unwrap(), out: text(said.stdout), err: text(said.stderr) }
    }

    async fn keys(&self) -> Vec<String> {
        let listed = self.practice.s3.list_objects_v2().bucket("acme").send().await.unwrap();
        listed.contents().iter().filter_map(|object| Some(object.key()?.to_owned())).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_goes_up_and_comes_back_the_same() {
    let desk = Desk::new().await;
    desk.file("Trip/a b.png", b"\x89PNG\r\n\x1a\n");
    desk.file("Trip/Day 1/\u{e9}+%.txt", b"hello");
    desk.file("Trip/empty", b"");
    desk.file("Trip/.hidden", b"x");
    let film: Vec<u8> = (0..20 * MIB + 3).map(|at| (at % 251) as u8).collect();
    desk.file("Trip/film.mp4", &film);
    let up = desk.says("upload", &[&desk.path("Trip"), "s3://acme/photos/"]).await;
    assert_eq!(up.code, 0, "{}", up.err);
    assert!(up.err.contains("1 hidden file was left out") && up.err.contains("4 files ("), "{}", up.err);
    let keys = ["photos/Trip/Day 1/\u{e9}+%.txt", "photos/Trip/a b.png", "photos/Trip/empty", "photos/Trip/film.mp4"];
    assert_eq!(desk.keys().await, keys);
    assert!(desk.practice.get("acme", "photos/Trip/film.mp4").await == film);
    let head = desk.practice.s3.head_object().bucket("acme").key("photos/Trip/a b.png").send().await.unwrap();
    assert_eq!(head.content_type(), Some("image/png"));

    let down = desk.says("download", &["s3://acme/photos/", &desk.path("back"), "--json"]).await;
    assert_eq!(down.code, 0, "{}", down.err);
    assert!(down.json().iter().all(|row| row["verified"] == true && row["state"] == "downloaded"), "{}", down.out);
    assert!(fs::read(desk.path("back/Trip/film.mp4")).unwrap() == film);
    for name in ["Day 1/\u{e9}+%.txt", "a b.png", "empty"] {
        let same = fs::read(desk.path(&format!("back/Trip/{name}"))).unwrap()
            == fs::read(desk.path(&format!("Trip/{name}"))).unwrap();
        assert!(same, "{name}");
    }
    assert_eq!(fs::read_dir(desk.path("back/Trip")).unwrap().count(), 4, "no part of a file is left");
    let left = desk.says("resume", &[]).await;
    assert_eq!((left.code, left.err.trim()), (0, "Nothing was left by earlier commands"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_replaced_unasked() {
    let desk = Desk::new().await;
    for key in ["a.txt", "b.txt", "same.txt"] {
        desk.practice.put("acme", key, b"theirs").await;
    }
    desk.file("in/a.txt", b"mine");
    desk.file("in/b.txt", b"longer than theirs");
    desk.file("in/same.txt", b"theirs");
    desk.file("in/c.txt", b"new");
    let from = format!("{}/", desk.path("in"));
    let skipped = desk.says("upload", &[&from, "s3://acme"]).await;
    assert_eq!(skipped.code, 0, "{}", skipped.err);
    assert!(skipped.err.contains("1 file (3 bytes) uploaded, 3 skipped"), "{}", skipped.err);
    assert_eq!(desk.practice.get("acme", "a.txt").await, b"theirs");

    let different = desk.says("upload", &[&from, "s3://acme", "--if-exists", "different", "--json"]).await;
    let sent: Vec<_> =
        different.json().into_iter().filter(|row| row["state"] == "uploaded").map(|row| row["key"].clone()).collect();
    assert_eq!(sent, ["a.txt", "b.txt"], "{}", different.err);
    assert_eq!(desk.practice.get("acme", "a.txt").await, b"mine");

    let renamed = desk.says("upload", &[&desk.path("in/a.txt"), "s3://acme/", "--if-exists", "rename"]).await;
    assert_eq!(renamed.code, 0, "{}", renamed.err);
    assert_eq!(desk.keys().await, ["a-2.txt", "a.txt", "b.txt", "c.txt", "same.txt"]);

    let tried = desk.says("upload", &[&from, "s3://acme/x/", "--dry-run"]).await;
    assert_eq!((tried.code, tried.out.lines().count(), desk.keys().await.len()), (0, 4, 5), "{}", tried.err);

    desk.file("down/a.txt", b"my own");
    let kept = desk.says("download", &["s3://acme/a.txt", &desk.path("down")]).await;
    assert_eq!((kept.code, fs::read(desk.path("down/a.txt")).unwrap()), (0, b"my own".to_vec()), "{}", kept.err);
    let replaced = desk.says("download", &["s3://acme/a.txt", &desk.path("down"), "--if-exists", "overwrite"]).await;
    assert_eq!((replaced.code, fs::read(desk.path("down/a.txt")).unwrap()), (0, b"mine".to_vec()), "{}", replaced.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_gets_the_name_it_is_given() {
    let desk = Desk::new().await;
    desk.file("a.txt", b"one");
    assert_eq!(desk.says("upload", &[&desk.path("a.txt"), "s3://acme/docs/b.txt"]).await.code, 0);
    assert_eq!(desk.says("upload", &[&desk.path("a.txt"), "s3://acme/docs/"]).await.code, 0);
    assert_eq!(desk.keys().await, ["docs/a.txt", "docs/b.txt"]);
    let to = desk.path("c.txt");
    assert_eq!(desk.says("download", &["s3://acme/docs/b.txt", &to]).await.code, 0);
    assert_eq!(fs::read(to).unwrap(), b"one");
    // A folder without the slash.
    assert_eq!(desk.says("download", &["s3://acme/docs", &desk.path("all")]).await.code, 0);
    assert_eq!(fs::read_dir(desk.path("all")).unwrap().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_lead_nowhere_outside_the_folder() {
    let desk = Desk::new().await;
    for key in ["p/../../evil.txt", "p//etc/passwd", "p/C:/x.txt", "p/nul", "p/a.TXT", "p/a.txt"] {
        desk.practice.put("acme", key, key.as_bytes()).await;
    }
    let down = desk.says("download", &["s3://acme/p/", &desk.path("in/here")]).await;
    assert_eq!(down.code, 0, "{}", down.err);
    let count = walk(&desk.files.path().join("in/here"));
    assert_eq!(count, 6, "all of them lie below the folder");
    assert_eq!(walk(desk.files.path()), 6);
}

fn walk(dir: &Path) -> usize {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { walk(&path) } else { 1 }).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_go_is_named_and_the_rest_goes() {
    let desk = Desk::new().await;
    desk.file("in/good.txt", b"x");
    #[cfg(unix)]
    std::os::unix::fs::symlink(desk.path("in/gone"), desk.path("in/broken.txt")).unwrap();
    let up = desk.says("upload", &[&desk.path("in"), "s3://acme/"]).await;
    assert_eq!(up.code, 1, "{}", up.err);
    assert!(up.err.contains("broken.txt: it is not there"), "{}", up.err);
    assert_eq!(desk.keys().await, ["in/good.txt"]);
    let missing = desk.says("download", &["s3://acme/nothing/", &desk.path("x")]).await;
    assert!(missing.code == 1 && missing.err.contains("There is nothing to download"), "{}", missing.err);
    let bucket = desk.says("upload", &[&desk.path("in"), "s3://other-bucket/"]).await;
    assert_eq!(bucket.code, 1, "{}", bucket.err);
    for wrong in [&["x", "s3://"][..], &["x", "s3://acme/", "--part-size", "1MiB"], &["x"]] {
        assert_eq!(desk.says("upload", wrong).await.code, 2);
    }
}
