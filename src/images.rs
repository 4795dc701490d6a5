//! Pictures: what a file really is, small and large versions of it, a cache on disk, and the pipeline that brings
//! thumbnails to the window with bounded memory. Pure Rust throughout; nothing here trusts the file.
//!
//! [`sniff`] → [`decode::probe`] (size, before anything is unpacked) → [`decode::decode_thumbnail`] or
//! [`full::decode_full`]; [`pipeline`] adds fetching, priorities and [`cache`].

pub mod cache;
pub mod decode;
pub mod exif;
mod file;
pub mod full;
pub mod location;
pub mod lru;
pub mod pipeline;
mod shrink;
pub mod smaller;
pub mod sniff;
mod svg;

pub use decode::{Thumb, decode_thumbnail, probe, probe_upright};
pub use full::{Frames, decode_full};

use crate::domain::media_type;
use serde::{Deserialize, Serialize};

/// The most pixels that are unpacked at all: 100 megapixels.
pub const MAX_PIXELS: u64 = 100_000_000;

/// A kind of picture, as told by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "they are the names themselves")]
pub enum Format {
    Png,
    Jpeg,
    Gif,
    WebP,
    Bmp,
    Ico,
    Tiff,
    Svg,
}

impl Format {
    /// Its name on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Gif => "GIF",
            Self::WebP => "WebP",
            Self::Bmp => "BMP",
            Self::Ico => "ICO",
            Self::Tiff => "TIFF",
            Self::Svg => "SVG",
        }
    }

    /// The media type, as in `Content-Type`.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Bmp => "image/bmp",
            Self::Ico => "image/x-icon",
            Self::Tiff => "image/tiff",
            Self::Svg => "image/svg+xml",
        }
    }

    fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png", "apng"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif", "pjpeg", "pjp"],
            Self::Gif => &["gif"],
            Self::WebP => &["webp"],
            Self::Bmp => &["bmp", "dib"],
            Self::Ico => &["ico", "cur"],
            // Many cameras' raw files are TIFF files by their first bytes.
            Self::Tiff => &["tif", "tiff", "dng", "nef", "cr2", "arw", "orf", "rw2", "pef", "srw"],
            Self::Svg => &["svg"],
        }
    }
}

/// Why there is no picture to show. Serializable, because the cache remembers it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "kebab-case")]
pub enum Problem {
    /// No bytes at all.
    Empty,
    /// The bytes are something else.
    NotAnImage {
        /// What, with its article: `a web page`, `a PDF`; `None` where nobody knows.
        what: Option<String>,
    },
    /// The file ends before the picture does.
    Truncated,
    /// The file is of this kind, but makes no sense.
    Broken {
        /// The kind.
        format: Format,
        /// What the decoder said, for the details.
        why: String,
    },
    /// More pixels than are unpacked.
    TooLarge {
        /// Rounded, at least 1.
        megapixels: u64,
    },
    /// More bytes than are fetched for a small picture.
    TooHeavy {
        /// Size of the file.
        size_bytes: u64,
    },
    /// A picture of a kind that Brimful does not decode.
    NotShownHere {
        /// The kind's name: `AVIF`, `HEIC` …
        format: String,
    },
}

impl Problem {
    /// What is wrong, as a sentence for the inspector and for assistive technology.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Empty => "Nothing in it: the file has no bytes".to_owned(),
            Self::NotAnImage { what: Some(what) } => format!("Not an image: the file holds {what}"),
            Self::NotAnImage { what: None } => "Not an image: the bytes are of no kind that is known".to_owned(),
            Self::Truncated => "Cut off: the file ends before the image does. Upload it again".to_owned(),
            Self::Broken { format, .. } => format!("Damaged: this {} cannot be decoded", format.name()),
            Self::TooLarge { megapixels } => format!("Too large to show here: {megapixels} megapixels"),
            Self::TooHeavy { size_bytes } => {
                format!("Too large for a small picture: {} MB. Open it to see it", size_bytes / 1_000_000)
            }
            Self::NotShownHere { format } => format!("{format} is not shown here; browsers may show it"),
        }
    }

    /// A few words for under a thumbnail.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Empty => "Empty file".to_owned(),
            Self::NotAnImage { what: Some(what) } => format!("Not an image: {what}"),
            Self::NotAnImage { what: None } => "Not an image".to_owned(),
            Self::Truncated => "Cut off".to_owned(),
            Self::Broken { .. } => "Damaged".to_owned(),
            Self::TooLarge { megapixels } => format!("{megapixels} megapixels"),
            Self::TooHeavy { size_bytes } => format!("{} MB", size_bytes / 1_000_000),
            Self::NotShownHere { format } => format.clone(),
        }
    }
}

/// Where the name tells another kind than the bytes: `JPEG, named .png`.
#[must_use]
pub fn mislabelled(name: &str, format: Format) -> Option<String> {
    let named = media_type::extension_of(name)?;
    (!format.extensions().contains(&named.as_str())).then(|| format!("{}, named .{named}", format.name()))
}

/// Whether a key is worth asking a thumbnail for: its name promises a picture.
#[must_use]
pub fn may_be_image(key: &str) -> bool {
    media_type::by_extension(key).is_some_and(|mime| mime.starts_with("image/"))
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
