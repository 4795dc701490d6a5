//! From bytes to a small picture.

use super::{Format, MAX_PIXELS, Problem, exif, shrink, sniff, svg::Drawing};
use image::error::{ImageError, LimitErrorKind};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// What a decoder may allocate: 100 megapixels of four bytes, and some room.
const MAX_ALLOC_BYTES: u64 = MAX_PIXELS * 4 + 64_000_000;

/// A small picture, upright, with what is worth knowing of the large one.
#[derive(Clone, PartialEq, Eq)]
pub struct Thumb {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Four bytes a pixel, rows from the top, alpha not multiplied in.
    pub rgba: Vec<u8>,
    /// Width of the original, upright.
    pub source_width: u32,
    /// Height of the original, upright.
    pub source_height: u32,
    /// What the bytes are.
    pub format: Format,
    /// Whether anything shines through.
    pub has_alpha: bool,
    /// Whether there is more than one frame; the first is shown.
    pub animated: bool,
    /// Whether the file tells where it was taken.
    pub has_location: bool,
}

impl std::fmt::Debug for Thumb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Thumb({} × {} of {} × {}", self.width, self.height, self.source_width, self.source_height)?;
        write!(f, " {}{})", self.format.name(), if self.animated { ", animated" } else { "" })
    }
}

impl Thumb {
    /// What it takes in memory, for budgets.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.rgba.len() + size_of::<Self>()
    }
}

/// What is known of a picture before anything is unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// As it lies in the file, not turned.
    pub width: u32,
    /// As it lies in the file, not turned.
    pub height: u32,
    /// What the bytes are.
    pub format: Format,
}

/// Reads kind and size, and refuses what is too large to unpack.
///
/// # Errors
/// Any [`Problem`] that shows in the first bytes.
pub fn probe(bytes: &[u8]) -> Result<Probe, Problem> {
    let format = sniff::sniff(bytes)?;
    let (width, height) = match image_format(format) {
        Some(known) => open(bytes, known, format)?.dimensions(),
        None => Drawing::parse(bytes)?.size(),
    };
    Ok(Probe { width, height, format })
}

/// As [`probe`], with the picture turned upright, as browsers show it. The beginning of a file is often enough; where it is
/// not, the answer is a [`Problem`].
///
/// # Errors
/// Any [`Problem`] that shows in the first bytes.
pub fn probe_upright(bytes: &[u8]) -> Result<Probe, Problem> {
    let format = sniff::sniff(bytes)?;
    let Some(known) = image_format(format) else { return probe(bytes) };
    let mut decoder = open(bytes, known, format)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (width, height) = upright(decoder.dimensions(), orientation);
    Ok(Probe { width, height, format })
}

/// How many bytes a decoder will need at once, more or less; for deciding how many may run side by side.
pub(super) fn cost_bytes(bytes: &[u8]) -> u64 {
    match sniff::sniff(bytes).ok().and_then(image_format) {
        Some(_) => probe(bytes).map_or(0, |probe| u64::from(probe.width) * u64::from(probe.height) * 4),
        // A drawing's size is only known once it is parsed, which is most of the work; it takes some multiple of itself.
        None => bytes.len() as u64 * 16,
    }
}

/// Decodes a picture, turns it upright and fits it into a square of `max_edge`.
///
/// # Errors
/// The [`Problem`] to show in its place.
pub fn decode_thumbnail(bytes: &[u8], max_edge: u32) -> Result<Thumb, Problem> {
    let format = sniff::sniff(bytes)?;
    let (rgba, (source_width, source_height)) = match image_format(format) {
        Some(known) => {
            let (image, orientation) = unpack(bytes, known, format)?;
            let size = upright((image.width(), image.height()), orientation);
            let mut small = DynamicImage::ImageRgba8(shrink::shrink(image, max_edge));
            small.apply_orientation(orientation);
            (small.into_rgba8(), size)
        }
        None => {
            let drawing = Drawing::parse(bytes)?;
            (drawing.draw(max_edge)?, drawing.size())
        }
    };
    Ok(Thumb {
        width: rgba.width(),
        height: rgba.height(),
        has_alpha: rgba.pixels().any(|pixel| pixel.0[3] < 255),
        rgba: rgba.into_raw(),
        source_width,
        source_height,
        format,
        animated: sniff::is_animated(format, bytes),
        has_location: exif::summary(bytes).has_location,
    })
}

/// Decodes the first frame at its full size, with how it has to be turned.
pub(super) fn unpack(bytes: &[u8], known: ImageFormat, format: Format) -> Result<(DynamicImage, Orientation), Problem> {
    let mut decoder = open(bytes, known, format)?;
    if format == Format::Jpeg && sniff::jpeg_is_cut_off(bytes) {
        return Err(Problem::Truncated);
    }
    // A picture with a damaged note on its orientation is shown as it lies.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| problem(error, format))?;
    Ok((image, orientation))
}

/// Opens a decoder and checks the size that the header claims.
fn open<'a>(bytes: &'a [u8], known: ImageFormat, format: Format) -> Result<impl ImageDecoder + 'a, Problem> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_ALLOC_BYTES);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), known);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(|error| problem(error, format))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Problem::Broken { format, why: "it has no size".to_owned() });
    }
    if pixels > MAX_PIXELS || decoder.total_bytes() > MAX_ALLOC_BYTES {
        return Err(Problem::TooLarge { megapixels: (pixels / 1_000_000).max(1) });
    }
    decoder.set_limits(limits).map_err(|error| problem(error, format))?;
    Ok(decoder)
}

/// The image crate's name of a kind; `None` for SVG, which is drawn instead.
pub(super) fn image_format(format: Format) -> Option<ImageFormat> {
    Some(match format {
        Format::Png => ImageFormat::Png,
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Gif => ImageFormat::Gif,
        Format::WebP => ImageFormat::WebP,
        Format::Bmp => ImageFormat::Bmp,
        Format::Ico => ImageFormat::Ico,
        Format::Tiff => ImageFormat::Tiff,
        Format::Svg => return None,
    })
}

/// What a decoder's complaint means to a person.
pub(super) fn problem(error: ImageError, format: Format) -> Problem {
    if ends_early(&error) {
        return Problem::Truncated;
    }
    match error {
        ImageError::Limits(limit) if matches!(limit.kind(), LimitErrorKind::InsufficientMemory) => {
            Problem::TooLarge { megapixels: MAX_PIXELS / 1_000_000 }
        }
        ImageError::Unsupported(_) => Problem::NotShownHere { format: format!("This kind of {}", format.name()) },
        other => Problem::Broken { format, why: other.to_string().chars().take(200).collect() },
    }
}

fn ends_early(error: &ImageError) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() == std::io::ErrorKind::UnexpectedEof
        {
            return true;
        }
        // The codecs say it in words of their own where they do not pass the cause on.
        let text = error.to_string().to_lowercase();
        if ["unexpected end", "unexpected eof", "failed to fill whole buffer", "exhausted data", "no more bytes"]
            .iter()
            .any(|words| text.contains(words))
        {
            return true;
        }
        next = error.source();
    }
    false
}

/// The size after turning.
pub(super) fn upright((width, height): (u32, u32), orientation: Orientation) -> (u32, u32) {
    match orientation {
        Orientation::NoTransforms
        | Orientation::Rotate180
        | Orientation::FlipHorizontal
        | Orientation::FlipVertical => (width, height),
        Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH => {
            (height, width)
        }
    }
}
