//! Thumbnails on disk. An entry is one private file, named by a hash of what it shows; whatever is wrong with it, it
//! counts as absent. Findings ("not an image") are kept too, so that nothing is fetched twice to learn the same.

use super::{Format, Problem, Thumb, pipeline::ThumbKey};
use crate::domain::connection::ConnectionId;
use image::codecs::{jpeg::JpegEncoder, png};
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _, ImageFormat, RgbImage};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

/// What all entries together may take unless told otherwise.
pub const MOST_BYTES: u64 = 256_000_000;
/// Changes whenever decoding gets better or the layout changes: older entries are then never found again.
const MAGIC: &[u8; 8] = b"brimthm1";
const DIGEST_BYTES: usize = 32;
/// Larger files are none of ours.
const MOST_ENTRY_BYTES: u64 = 4_000_000;
/// Entries used within this time are not marked again, to spare the disk.
const MARK_AFTER: Duration = Duration::from_secs(60 * 60);

/// What precedes the picture in a file.
#[derive(Debug, Serialize, Deserialize)]
enum Header {
    Shown {
        width: u32,
        height: u32,
        source_width: u32,
        source_height: u32,
        format: Format,
        has_alpha: bool,
        animated: bool,
        has_location: bool,
    },
    Problem(Problem),
}

/// The cache. All its functions read or write files: call them off the UI thread.
#[derive(Debug)]
pub struct ThumbCache {
    folder: PathBuf,
    most_bytes: u64,
    /// As far as known; exact after each clean-up.
    used_bytes: AtomicU64,
}

impl ThumbCache {
    /// Opens the cache in a folder, e.g. that of [`crate::store::home::Home::thumbnails_dir`], and tidies it.
    #[must_use]
    pub fn open(folder: &Path, most_bytes: u64) -> Self {
        let this = Self { folder: folder.to_owned(), most_bytes, used_bytes: AtomicU64::new(0) };
        this.tidy();
        this
    }

    /// What is known of a picture, if it was seen before.
    #[must_use]
    pub fn get(&self, key: &ThumbKey) -> Option<Result<Thumb, Problem>> {
        let path = self.path_of(key);
        let file = std::fs::File::open(&path).ok()?;
        let mut bytes = vec![];
        file.take(MOST_ENTRY_BYTES).read_to_end(&mut bytes).ok()?;
        let entry = unpack(&bytes);
        if entry.is_none() {
            // Damaged: out of the way, to be made anew.
            drop(std::fs::remove_file(&path));
            return None;
        }
        mark_used(&path);
        entry
    }

    /// Keeps what was found. Failing to is no harm, so it is only logged.
    pub fn put(&self, key: &ThumbKey, found: &Result<Thumb, Problem>) {
        let Some(bytes) = pack(found) else { return };
        if let Err(error) = self.write(&self.path_of(key), &bytes) {
            tracing::debug!(%error, "a thumbnail could not be cached");
            return;
        }
        let added = bytes.len() as u64;
        if self.used_bytes.fetch_add(added, Relaxed) + added > self.most_bytes {
            self.tidy();
        }
    }

    /// Throws away what belongs to one connection.
    pub fn forget_connection(&self, id: ConnectionId) {
        drop(std::fs::remove_dir_all(self.folder.join(id.to_string())));
        self.tidy();
    }

    /// Throws away everything.
    pub fn clear(&self) {
        drop(std::fs::remove_dir_all(&self.folder));
        self.used_bytes.store(0, Relaxed);
    }

    /// What all entries take, as far as known.
    #[must_use]
    pub fn used_bytes(&self) -> u64 {
        self.used_bytes.load(Relaxed)
    }

    fn path_of(&self, key: &ThumbKey) -> PathBuf {
        let mut hash = Sha256::new();
        hash.update(MAGIC);
        for part in [&key.bucket, &key.key, &key.version] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update(key.max_edge.to_le_bytes());
        let name: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(key.connection.to_string()).join(&name[..2]).join(&name[2..])
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let folder = path.parent().unwrap_or(&self.folder);
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        // Not synced: an entry that a crash cuts short is noticed by its digest.
        let mut file = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    /// Counts what is there; if it is too much, throws away what was used longest ago until a fifth is free.
    fn tidy(&self) {
        let mut entries = vec![];
        collect(&self.folder, 3, &mut entries);
        let mut used: u64 = entries.iter().map(|it| it.size).sum();
        if used > self.most_bytes {
            entries.sort_by_key(|it| it.used);
            for entry in entries {
                if used <= self.most_bytes / 5 * 4 {
                    break;
                }
                if std::fs::remove_file(&entry.path).is_ok() {
                    used -= entry.size;
                }
            }
        }
        self.used_bytes.store(used, Relaxed);
    }
}

struct Entry {
    path: PathBuf,
    size: u64,
    used: SystemTime,
}

fn collect(folder: &Path, depth: u8, into: &mut Vec<Entry>) {
    let Ok(children) = std::fs::read_dir(folder) else { return };
    for child in children.flatten() {
        // Of the link itself, where it is one: nothing outside the folder is touched.
        let Ok(metadata) = child.metadata() else { continue };
        if metadata.is_dir() && depth > 0 {
            collect(&child.path(), depth - 1, into);
        } else if metadata.is_file() {
            let used = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            into.push(Entry { path: child.path(), size: metadata.len(), used });
        }
    }
}

fn mark_used(path: &Path) {
    let now = SystemTime::now();
    let Ok(file) = std::fs::File::options().write(true).open(path) else { return };
    let marked = file.metadata().and_then(|it| it.modified()).ok();
    if marked.is_none_or(|it| now.duration_since(it).is_ok_and(|age| age > MARK_AFTER)) {
        drop(file.set_modified(now));
    }
}

/// Magic, digest of all that follows, length of the header, header, picture.
fn pack(found: &Result<Thumb, Problem>) -> Option<Vec<u8>> {
    let (header, picture) = match found {
        Ok(thumb) => {
            let header = Header::Shown {
                width: thumb.width,
                height: thumb.height,
                source_width: thumb.source_width,
                source_height: thumb.source_height,
                format: thumb.format,
                has_alpha: thumb.has_alpha,
                animated: thumb.animated,
                has_location: thumb.has_location,
            };
            (header, encode(thumb)?)
        }
        Err(problem) => (Header::Problem(problem.clone()), vec![]),
    };
    let header = serde_json::to_vec(&header).ok()?;
    let mut content = u32::try_from(header.len()).ok()?.to_le_bytes().to_vec();
    content.extend(header);
    content.extend(picture);
    let mut bytes = MAGIC.to_vec();
    bytes.extend(Sha256::digest(&content).iter());
    bytes.extend(content);
    Some(bytes)
}

/// JPEG where nothing shines through (small and fast), PNG otherwise.
fn encode(thumb: &Thumb) -> Option<Vec<u8>> {
    let mut out = vec![];
    if thumb.has_alpha {
        png::PngEncoder::new_with_quality(&mut out, png::CompressionType::Fast, png::FilterType::Sub)
            .write_image(&thumb.rgba, thumb.width, thumb.height, ExtendedColorType::Rgba8)
            .ok()?;
    } else {
        let rgb = thumb.rgba.chunks_exact(4).flat_map(|it| [it[0], it[1], it[2]]).collect();
        let rgb = RgbImage::from_raw(thumb.width, thumb.height, rgb)?;
        JpegEncoder::new_with_quality(&mut out, 88).encode_image(&rgb).ok()?;
    }
    Some(out)
}

fn unpack(bytes: &[u8]) -> Option<Result<Thumb, Problem>> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (digest, content) = rest.split_at_checked(DIGEST_BYTES)?;
    if Sha256::digest(content).iter().ne(digest.iter()) {
        return None;
    }
    let (length, content) = content.split_at_checked(4)?;
    let length = usize::try_from(u32::from_le_bytes(length.try_into().ok()?)).ok()?;
    let (header, picture) = content.split_at_checked(length)?;
    match serde_json::from_slice(header).ok()? {
        Header::Problem(problem) => Some(Err(problem)),
        Header::Shown { width, height, source_width, source_height, format, has_alpha, animated, has_location } => {
            let kept_as = if has_alpha { ImageFormat::Png } else { ImageFormat::Jpeg };
            let image: DynamicImage = image::load_from_memory_with_format(picture, kept_as).ok()?;
            if (image.width(), image.height()) != (width, height) {
                return None;
            }
            let rgba = image.into_rgba8().into_raw();
            let thumb =
                Thumb { width, height, rgba, source_width, source_height, format, has_alpha, animated, has_location };
            Some(Ok(thumb))
        }
    }
}

#[cfg(test)]
mod tests;
