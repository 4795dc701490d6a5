use super::*;
use crate::images::decode_thumbnail;
use crate::images::samples::{encoded, half_transparent_png};

fn key(name: &str) -> ThumbKey {
    ThumbKey {
        connection: ConnectionId::PRACTICE,
        bucket: "acme-images".into(),
        key: name.into(),
        version: "e1".into(),
        size_bytes: 100,
        max_edge: 64,
    }
}

fn opaque() -> Result<Thumb, Problem> {
    decode_thumbnail(&encoded(ImageFormat::Png, 100, 50), 64)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut entries = vec![];
    collect(folder, 3, &mut entries);
    entries.into_iter().map(|it| it.path).collect()
}

#[test]
fn what_was_put_in_comes_out() {
    let dir = tempfile::tempdir().unwrap();
    let cache = ThumbCache::open(dir.path(), MOST_BYTES);
    assert_eq!(cache.get(&key("a.png")), None);
    let alpha = decode_thumbnail(&half_transparent_png(), 64);
    let problem = Err(Problem::NotAnImage { what: Some("a web page".into()) });
    cache.put(&key("a.png"), &opaque());
    cache.put(&key("b.png"), &alpha);
    cache.put(&key("c.png"), &problem);

    let cache = ThumbCache::open(dir.path(), MOST_BYTES);
    assert_eq!((cache.get(&key("b.png")), cache.get(&key("c.png"))), (Some(alpha), Some(problem)));
    // JPEG is not exact, so the pixels are compared loosely.
    let (found, put) = (cache.get(&key("a.png")).unwrap().unwrap(), opaque().unwrap());
    assert!(found.rgba.iter().zip(&put.rgba).filter(|(a, b)| a.abs_diff(**b) > 40).count() < put.rgba.len() / 20);
    assert_eq!(Thumb { rgba: vec![], ..found }, Thumb { rgba: vec![], ..put });
}

#[test]
fn each_part_of_the_key_counts() {
    let dir = tempfile::tempdir().unwrap();
    let cache = ThumbCache::open(dir.path(), MOST_BYTES);
    cache.put(&key("a.png"), &opaque());
    let others = [
        ThumbKey { connection: ConnectionId::random(), ..key("a.png") },
        ThumbKey { bucket: "acme-image".into(), key: "sa.png".into(), ..key("a.png") },
        ThumbKey { version: "e2".into(), ..key("a.png") },
        ThumbKey { max_edge: 65, ..key("a.png") },
        key("../../a.png"),
    ];
    for other in others {
        assert_eq!(cache.get(&other), None, "{other:?}");
    }
}

#[test]
fn a_damaged_entry_is_a_miss_and_goes() {
    let dir = tempfile::tempdir().unwrap();
    let cache = ThumbCache::open(dir.path(), MOST_BYTES);
    cache.put(&key("a.png"), &opaque());
    let path = files(dir.path()).remove(0);
    let whole = std::fs::read(&path).unwrap();
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    for damaged in [&whole[..whole.len() / 2], &flipped, b"", b"brimthm0"] {
        std::fs::write(&path, damaged).unwrap();
        assert_eq!(cache.get(&key("a.png")), None);
        assert!(!path.exists());
    }
}

#[test]
fn what_was_used_longest_ago_makes_room() {
    let dir = tempfile::tempdir().unwrap();
    let cache = ThumbCache::open(dir.path(), MOST_BYTES);
    cache.put(&key("old.png"), &opaque());
    let size = cache.used_bytes();
    let hours_ago = |path: &Path, hours: u64| {
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(hours * 3600)).unwrap();
    };
    for n in 0..9 {
        cache.put(&key(&format!("{n}.png")), &opaque());
        hours_ago(&cache.path_of(&key(&format!("{n}.png"))), 20 - n);
    }
    hours_ago(&cache.path_of(&key("old.png")), 100);
    // Looking at the oldest one makes it the newest.
    assert!(cache.get(&key("old.png")).is_some());

    let cache = ThumbCache::open(dir.path(), size * 5);
    assert!(cache.used_bytes() <= size * 4);
    assert!(cache.get(&key("old.png")).is_some() && cache.get(&key("8.png")).is_some());
    assert!(cache.get(&key("0.png")).is_none());
    for n in 10..40 {
        cache.put(&key(&format!("{n}.png")), &opaque());
        assert!(cache.used_bytes() <= size * 5);
    }
}

#[test]
fn a_connection_is_forgotten_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    let cache = ThumbCache::open(dir.path(), MOST_BYTES);
    let other = ThumbKey { connection: ConnectionId::random(), ..key("a.png") };
    cache.put(&key("a.png"), &opaque());
    cache.put(&other, &opaque());
    cache.forget_connection(other.connection);
    assert!(cache.get(&other).is_none() && cache.get(&key("a.png")).is_some());
    cache.clear();
    assert_eq!((cache.used_bytes(), files(dir.path()).len()), (0, 0));
}

#[cfg(unix)]
#[test]
fn entries_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let cache = ThumbCache::open(&dir.path().join("thumbnails"), MOST_BYTES);
    cache.put(&key("a.png"), &opaque());
    let path = files(dir.path()).remove(0);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}
