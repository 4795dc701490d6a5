//! A small picture as a file again.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder as _, RgbaImage};

use super::{Format, Thumb};

/// Good enough for a picture of a few hundred pixels.
const JPEG_QUALITY: u8 = 75;

impl Thumb {
    /// Writes it as a JPEG, or as a PNG where something shines through; `None` where the encoder cannot.
    #[must_use]
    pub fn to_file(&self) -> Option<(Format, Vec<u8>)> {
        let mut out = Vec::new();
        if self.has_alpha {
            let encoder = PngEncoder::new(&mut out);
            encoder.write_image(&self.rgba, self.width, self.height, ExtendedColorType::Rgba8).ok()?;
            return Some((Format::Png, out));
        }
        let rgba = RgbaImage::from_raw(self.width, self.height, self.rgba.clone())?;
        let rgb = DynamicImage::ImageRgba8(rgba).into_rgb8();
        JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY).encode_image(&rgb).ok()?;
        Some((Format::Jpeg, out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::decode_thumbnail;
    use crate::images::samples::{encoded, half_transparent_png};

    #[test]
    fn a_thumbnail_is_a_file_that_can_be_read_again() {
        let thumb = decode_thumbnail(&encoded(image::ImageFormat::WebP, 240, 120), 60).unwrap();
        let (format, file) = thumb.to_file().unwrap();
        let again = decode_thumbnail(&file, 60).unwrap();
        assert_eq!((format, again.format, again.width, again.height), (Format::Jpeg, Format::Jpeg, 60, 30));
        let clear = decode_thumbnail(&half_transparent_png(), 20).unwrap();
        let (format, file) = clear.to_file().unwrap();
        assert_eq!((format, decode_thumbnail(&file, 20).unwrap().rgba), (Format::Png, clear.rgba));
    }
}
