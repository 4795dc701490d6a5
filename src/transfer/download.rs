//! One object coming down: into a file of another name beside its place, and only whole under its own.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use md5::{Digest as _, Md5};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt as _;

use super::{
    engine::{Job, Outcome},
    retry::{Waited, wait_for_retry},
    upload::hex,
};
use crate::s3::{error::S3Error, reader::read_object};

const OPERATION: &str = "GetObject";
/// So many names are tried before one gives up.
const MOST_NAMES: u32 = 10_000;

pub(super) async fn run(job: Job, dest: &Path) -> Outcome {
    let mut tried = 0;
    loop {
        let permit = tokio::select! {
            biased;
            () = job.control.cancel.cancelled() => return Outcome::Cancelled,
            permit = job.shared.permits.acquire() => permit,
        };
        // A file that was begun is removed when this is dropped.
        let arrived = tokio::select! {
            biased;
            () = job.control.cancel.cancelled() => return Outcome::Cancelled,
            arrived = Box::pin(fetch(&job, dest)) => arrived,
        };
        drop(permit);
        let error = match arrived {
            Ok(arrived) => return settle(&job, arrived, dest).await,
            Err(error) => error.about_bucket(&job.bucket).about_key(&job.key),
        };
        tried += 1;
        match wait_for_retry(&job, &error, tried).await {
            Waited::Over => {}
            Waited::GiveUp => return Outcome::Failed(error),
            Waited::Cancelled => return Outcome::Cancelled,
            Waited::Held => return Outcome::Held(None),
        }
    }
}

/// All bytes are on disk, under a name that is not theirs yet.
struct Arrived {
    file: TempPath,
    etag: Option<String>,
    size_bytes: u64,
    md5: String,
}

async fn fetch(job: &Job, dest: &Path) -> Result<Arrived, S3Error> {
    let local = |error| S3Error::local(OPERATION, dest, error);
    let mut reader = read_object(&job.store, &job.bucket, &job.key).await?;
    if let Some(size_bytes) = reader.size_bytes {
        job.found_size(size_bytes);
    }
    let folder = folder_of(dest);
    let (file, path) = blocking(move || begin(&folder)).await.map_err(local)?;
    let mut file = tokio::fs::File::from_std(file);
    let live = job.progress.begin();
    let (mut md5, mut size_bytes) = (Md5::new(), 0);
    while let Some(piece) = reader.next().await? {
        md5.update(&piece);
        file.write_all(&piece).await.map_err(local)?;
        size_bytes += piece.len() as u64;
        live.meter.add(piece.len() as u64);
    }
    file.flush().await.map_err(local)?;
    file.sync_all().await.map_err(local)?;
    live.settle(size_bytes);
    Ok(Arrived { file: path, etag: reader.etag, size_bytes, md5: hex(md5.finalize().into()) })
}

/// Gives the file its name. Not cut off by a cancel.
async fn settle(job: &Job, arrived: Arrived, dest: &Path) -> Outcome {
    let Arrived { file, etag, size_bytes, md5 } = arrived;
    let wanted = dest.to_owned();
    match blocking(move || name(file, &wanted)).await {
        Ok(saved_as) => {
            let verified = etag.as_deref() == Some(md5.as_str());
            Outcome::Done { etag, verified, size_bytes, saved_as: Some(saved_as) }
        }
        Err(error) => {
            Outcome::Failed(S3Error::local(OPERATION, dest, error).about_bucket(&job.bucket).about_key(&job.key))
        }
    }
}

fn folder_of(dest: &Path) -> PathBuf {
    dest.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

fn begin(folder: &Path) -> io::Result<(File, TempPath)> {
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".brimful-").suffix(".part");
    #[cfg(unix)]
    {
        // As any program would make the file; the person's mask takes off what it should.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    Ok(builder.tempfile_in(folder)?.into_parts())
}

fn name(mut file: TempPath, wanted: &Path) -> io::Result<PathBuf> {
    for number in 1..=MOST_NAMES {
        let path = numbered(wanted, number);
        match file.persist_noclobber(&path) {
            Ok(()) => {
                // The name itself must survive a power cut as well; some file systems cannot be asked for it.
                #[cfg(unix)]
                let _ = File::open(folder_of(&path)).and_then(|folder| folder.sync_all());
                return Ok(path);
            }
            Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => file = refused.path,
            Err(refused) => return Err(refused.error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// `cat.png`, `cat (2).png`, `cat (3).png`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    if number < 2 {
        return path.to_owned();
    }
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!(" ({number})"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|stopped| Err(io::Error::other(stopped)))
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    #[test_case("a/cat.png", 1, "a/cat.png"; "the first")]
    #[test_case("a/cat.png", 2, "a/cat (2).png"; "the second")]
    #[test_case("a/.env", 3, "a/.env (3)"; "a hidden file")]
    #[test_case("cat", 2, "cat (2)"; "no extension")]
    fn names(path: &str, number: u32, expected: &str) {
        assert_eq!(numbered(Path::new(path), number), Path::new(expected));
    }

    #[test]
    fn what_is_there_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let wanted = folder.path().join("cat.png");
        for expected in ["cat.png", "cat (2).png", "cat (3).png"] {
            let (_, file) = begin(folder.path()).unwrap();
            std::fs::write(&file, expected).unwrap();
            assert_eq!(name(file, &wanted).unwrap(), folder.path().join(expected));
        }
        assert_eq!(std::fs::read_to_string(&wanted).unwrap(), "cat.png");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
