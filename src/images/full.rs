//! From bytes to what the viewer shows: the whole picture, or all frames of an animation.

use super::decode::{self, problem, unpack, upright};
use super::{Format, Problem, shrink, sniff, svg::Drawing};
use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::{AnimationDecoder, DynamicImage};
use std::io::Cursor;
use std::time::Duration;

/// What all frames together may take.
const MAX_FRAMES_BYTES: u64 = 160_000_000;
/// The most pixels of a still that are handed to the window.
const MAX_STILL_PIXELS: u64 = 40_000_000;
/// Browsers show frames that want to be faster than this at this pace.
const SHORTEST_DELAY: Duration = Duration::from_millis(20);
const USUAL_DELAY: Duration = Duration::from_millis(100);

/// A picture for the viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frames {
    /// One for a still.
    pub frames: Vec<Frame>,
    /// Pixels across, of every frame.
    pub width: u32,
    /// Pixels down, of every frame.
    pub height: u32,
    /// Width of the original, upright. Larger than `width` where it was made smaller to fit into memory.
    pub source_width: u32,
    /// Height of the original, upright.
    pub source_height: u32,
    /// What the bytes are.
    pub format: Format,
    /// Whether the animation is longer than what is held.
    pub cut_short: bool,
}

/// One frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// Four bytes a pixel, rows from the top, alpha not multiplied in.
    pub rgba: Vec<u8>,
    /// How long it stays; nothing for a still.
    pub delay: Duration,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} bytes, {:?})", self.rgba.len(), self.delay)
    }
}

impl Frames {
    /// Whether there is anything to play.
    #[must_use]
    pub fn is_animated(&self) -> bool {
        self.frames.len() > 1
    }

    /// What should be said about how it is shown, if anything.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        if self.cut_short {
            return Some(format!("Only the first {} frames are shown", self.frames.len()));
        }
        (self.width < self.source_width && self.format != Format::Svg).then(|| {
            format!("Shown at {} × {} of {} × {}", self.width, self.height, self.source_width, self.source_height)
        })
    }
}

/// Decodes a picture, turned upright. No side of the result is longer than `max_side` (what the graphics card takes),
/// and all frames together are bounded.
///
/// # Errors
/// The [`Problem`] to show in its place.
pub fn decode_full(bytes: &[u8], max_side: u32) -> Result<Frames, Problem> {
    let probe = decode::probe(bytes)?;
    let format = probe.format;
    let Some(known) = decode::image_format(format) else {
        return drawing(bytes, max_side);
    };
    let frames = sniff::frame_count(format, bytes);
    if frames > 1 {
        let canvas = (probe.width, probe.height);
        return animation(bytes, format, canvas, frames, max_side);
    }
    let (image, orientation) = unpack(bytes, known, format)?;
    let (source_width, source_height) = upright((image.width(), image.height()), orientation);
    let edge = max_side.min(edge_within(source_width, source_height, MAX_STILL_PIXELS));
    let mut image = DynamicImage::ImageRgba8(shrink::shrink(image, edge));
    image.apply_orientation(orientation);
    let image = image.into_rgba8();
    let (width, height) = image.dimensions();
    let frames = vec![Frame { rgba: image.into_raw(), delay: Duration::ZERO }];
    Ok(Frames { frames, width, height, source_width, source_height, format, cut_short: false })
}

/// Drawings are drawn large: they stay sharp when one zooms in.
fn drawing(bytes: &[u8], max_side: u32) -> Result<Frames, Problem> {
    let drawing = Drawing::parse(bytes)?;
    let (source_width, source_height) = drawing.size();
    let image = drawing.draw(source_width.max(source_height).max(1024).min(max_side).min(4096))?;
    let (width, height) = image.dimensions();
    let frames = vec![Frame { rgba: image.into_raw(), delay: Duration::ZERO }];
    Ok(Frames { frames, width, height, source_width, source_height, format: Format::Svg, cut_short: false })
}

fn animation(
    bytes: &[u8],
    format: Format,
    (source_width, source_height): (u32, u32),
    count: usize,
    max_side: u32,
) -> Result<Frames, Problem> {
    let failed = |error| problem(error, format);
    let decoded = match format {
        Format::Gif => GifDecoder::new(Cursor::new(bytes)).map_err(failed)?.into_frames(),
        Format::WebP => WebPDecoder::new(Cursor::new(bytes)).map_err(failed)?.into_frames(),
        _ => PngDecoder::new(Cursor::new(bytes)).and_then(PngDecoder::apng).map_err(failed)?.into_frames(),
    };
    // A long animation is rather shown smaller than cut short, down to a quarter of each side.
    let longest = source_width.max(source_height);
    let pixels = MAX_FRAMES_BYTES / 4 / (count as u64).max(1);
    let edge = max_side.min(edge_within(source_width, source_height, pixels).max(longest / 4)).max(1);
    let mut this = Frames {
        frames: vec![],
        width: source_width,
        height: source_height,
        source_width,
        source_height,
        format,
        cut_short: false,
    };
    let mut used = 0_u64;
    for frame in decoded {
        let frame = match frame {
            Ok(frame) => frame,
            // What came before the damage can still be played.
            Err(_) if !this.frames.is_empty() => {
                this.cut_short = true;
                break;
            }
            Err(error) => return Err(failed(error)),
        };
        let asked = Duration::from(frame.delay());
        let delay = if asked < SHORTEST_DELAY { USUAL_DELAY } else { asked };
        let image = shrink::shrink(DynamicImage::ImageRgba8(frame.into_buffer()), edge);
        (this.width, this.height) = image.dimensions();
        used += image.as_raw().len() as u64;
        if used > MAX_FRAMES_BYTES && !this.frames.is_empty() {
            this.cut_short = true;
            break;
        }
        this.frames.push(Frame { rgba: image.into_raw(), delay });
    }
    if this.frames.is_empty() { Err(Problem::Truncated) } else { Ok(this) }
}

/// The longest side that a picture of this shape may have to stay within so many pixels.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the last pixel does not matter, and float casts saturate"
)]
fn edge_within(width: u32, height: u32, pixels: u64) -> u32 {
    let all = u64::from(width) * u64::from(height);
    let longest = width.max(height);
    if all <= pixels { longest } else { ((pixels as f64 / all as f64).sqrt() * f64::from(longest)) as u32 }.max(1)
}
