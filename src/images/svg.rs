//! SVG, drawn at the size that is wanted. Nothing outside the file is read: no files, no network, no fonts.

use super::{Format, Problem};
use image::RgbaImage;
use resvg::{tiny_skia, usvg};

/// Larger ones are data dumps rather than drawings, and take seconds to draw.
const MAX_BYTES: usize = 8_000_000;

/// A drawing with the size it asks for, in pixels.
pub(super) struct Drawing {
    tree: usvg::Tree,
}

impl Drawing {
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.len() > MAX_BYTES {
            return Err(Problem::TooHeavy { size_bytes: bytes.len() as u64 });
        }
        let mut options = usvg::Options::default();
        // The default reads the named file from this computer.
        options.image_href_resolver.resolve_string = Box::new(|_, _| None);
        match usvg::Tree::from_data(bytes, &options) {
            Ok(tree) => Ok(Self { tree }),
            Err(_) if !closes(bytes) => Err(Problem::Truncated),
            Err(error) => Err(Problem::Broken { format: Format::Svg, why: error.to_string() }),
        }
    }

    /// Width and height as the file gives them, rounded up.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float casts saturate")]
    pub(super) fn size(&self) -> (u32, u32) {
        let size = self.tree.size();
        ((size.width().ceil() as u32).max(1), (size.height().ceil() as u32).max(1))
    }

    /// Draws it so that the longer side is `edge`.
    #[expect(clippy::cast_precision_loss, reason = "edges are far below 2^24")]
    pub(super) fn draw(&self, edge: u32) -> Result<RgbaImage, Problem> {
        let size = self.tree.size();
        let (width, height) = self.size();
        let (width, height) = super::shrink::fit(width, height, edge.max(1));
        let mut canvas = tiny_skia::Pixmap::new(width, height)
            .ok_or_else(|| Problem::Broken { format: Format::Svg, why: "it has no size".to_owned() })?;
        let scale = tiny_skia::Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
        resvg::render(&self.tree, scale, &mut canvas.as_mut());
        let mut pixels = Vec::with_capacity(width as usize * height as usize * 4);
        for pixel in canvas.pixels() {
            let colour = pixel.demultiply();
            pixels.extend([colour.red(), colour.green(), colour.blue(), colour.alpha()]);
        }
        Ok(RgbaImage::from_raw(width, height, pixels).unwrap_or_default())
    }
}

fn closes(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(2_000)..];
    tail.windows(4).any(|it| it == b"svg>") || tail.trim_ascii_end().ends_with(b"/>")
}
