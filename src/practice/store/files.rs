//! Names and places of the files that hold object bytes.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};

use super::super::home::private_options;

/// The folder of bytes. Every name in it is made here, from a number; a key only lends its readable tail.
pub(in crate::practice) struct Files {
    dir: PathBuf,
    next: AtomicI64,
}

/// Where the bytes of a version or part are: `file` is their number, `path` their final place below the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::practice) struct Place {
    pub(in crate::practice) file: i64,
    pub(in crate::practice) path: String,
}

impl Files {
    pub(super) fn new(dir: &Path, first: i64) -> Self {
        Self { dir: dir.to_owned(), next: AtomicI64::new(first) }
    }

    /// A number that was never used before in this folder.
    pub(in crate::practice) fn number(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// Where bytes with this number wait until their row is committed and they have moved.
    pub(in crate::practice) fn incoming(&self, file: i64) -> PathBuf {
        self.incoming_dir().join(file.to_string())
    }

    pub(super) fn incoming_dir(&self) -> PathBuf {
        self.dir.join("incoming")
    }

    pub(super) fn absolute(&self, path: &str) -> PathBuf {
        self.dir.join(path)
    }

    pub(in crate::practice) fn create_incoming(&self, file: i64) -> io::Result<File> {
        private_options().create_new(true).write(true).read(true).open(self.incoming(file))
    }

    /// Opens committed bytes, which may be moving to their final name at this moment.
    pub(in crate::practice) fn open(&self, place: &Place) -> io::Result<File> {
        let settled = self.absolute(&place.path);
        File::open(&settled).or_else(|_| match File::open(self.incoming(place.file)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => File::open(&settled),
            other => other,
        })
    }

    /// The folder of a bucket's bytes.
    pub(super) fn bucket_dir(&self, bucket: i64, name: &str) -> PathBuf {
        self.absolute(&bucket_path(bucket, name))
    }

    /// Removes a folder of which every file is gone; folders that still hold something stay.
    pub(super) fn remove_empty_dirs(dir: &Path) {
        if let Ok(entries) = fs::read_dir(dir) {
            for entry in entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
                let _ = fs::remove_dir(entry.path());
            }
        }
        let _ = fs::remove_dir(dir);
    }
}

fn bucket_path(bucket: i64, name: &str) -> String {
    format!("buckets/{bucket}-{name}")
}

/// The final place of an object's bytes: found by a person through bucket and name, unique by its number.
pub(in crate::practice) fn object_place(bucket: i64, name: &str, file: i64, key: &str) -> Place {
    let path = format!("{}/{:04}/{file}-{}", bucket_path(bucket, name), file / 1000, readable(key));
    Place { file, path }
}

/// The final place of a part's bytes.
pub(in crate::practice) fn part_place(upload: &str, file: i64, number: u16) -> Place {
    Place { file, path: format!("uploads/{upload}/{number:05}-{file}") }
}

/// The readable tail of a key, safe as the end of a file name on every system: at most 80 bytes, no separators,
/// no control characters, no trailing dot or space, its extension kept.
fn readable(key: &str) -> String {
    let last = key.rsplit('/').find(|segment| !segment.is_empty()).unwrap_or("object");
    let safe: String = last
        .chars()
        .map(|letter| if letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_') { letter } else { '_' })
        .collect();
    let safe = safe.trim_matches('.');
    let (stem, extension) = match safe.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 12 => (stem, format!(".{extension}")),
        _ => (safe, String::new()),
    };
    let end = stem.floor_char_boundary(80 - extension.len());
    let name = format!("{}{extension}", &stem[..end]);
    if name.is_empty() { "object".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use test_case::test_case;

    #[test_case("cat.png", "cat.png"; "plain")]
    #[test_case("2024/05/my cat (1).png", "my_cat__1_.png"; "spaces and folders")]
    #[test_case("日本.png", "日本.png"; "letters of any script")]
    #[test_case("../../etc/passwd", "passwd"; "climbing")]
    #[test_case("..", "object"; "only dots")]
    #[test_case("/", "object"; "only a slash")]
    #[test_case("a\0b\nc", "a_b_c"; "control characters")]
    #[test_case("c:\\windows\\x", "c__windows_x"; "drive letters and backslashes")]
    fn names(key: &str, name: &str) {
        assert_eq!(readable(key), name);
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let name = readable(&format!("{}.jpeg", "é".repeat(300)));
        assert!(name.len() <= 80 && name.ends_with("é.jpeg"), "{name}");
    }

    proptest! {
        #[test]
        fn no_key_leaves_the_folder(key in "\\PC{1,64}|[./\\\\]{1,20}") {
            let place = object_place(7, "bucket", 12, &key);
            let path = Path::new(&place.path);
            prop_assert_eq!(path.components().count(), 4);
            prop_assert!(path.components().all(|part| matches!(part, std::path::Component::Normal(_))));
            prop_assert!(place.path.starts_with("buckets/7-bucket/0000/12-"));
        }
    }
}
