//! Pictures made for tests.

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Cursor;

/// Left half red, right half blue; the top left corner of a quarter of each side is green.
pub(crate) fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        if x < width / 4 && y < height / 4 {
            Rgb([0, 255, 0])
        } else if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    })
}

/// The picture in a format.
pub(crate) fn encoded(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
    let image = DynamicImage::ImageRgb8(picture(width, height));
    // These two know no plain RGB.
    let image = if matches!(format, ImageFormat::Ico | ImageFormat::Gif) { image.into_rgba8().into() } else { image };
    let mut out = Cursor::new(vec![]);
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

pub(crate) fn half_transparent_png() -> Vec<u8> {
    let image = RgbaImage::from_fn(40, 40, |x, _| Rgba([200, 10, 10, if x < 20 { 0 } else { 255 }]));
    let mut out = Cursor::new(vec![]);
    image.write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner()
}

/// An animation of so many frames, each of its own grey.
pub(crate) fn gif(frames: u8, width: u32, height: u32) -> Vec<u8> {
    let mut out = vec![];
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut out);
        for n in 0..frames {
            let image = RgbaImage::from_pixel(width, height, Rgba([n * 20, n * 20, n * 20, 255]));
            let delay = image::Delay::from_numer_denom_ms(if n == 0 { 0 } else { 250 }, 1);
            encoder.encode_frame(image::Frame::from_parts(image, 0, 0, delay)).unwrap();
        }
    }
    out
}

/// A JPEG with an EXIF segment put in after its start marker.
pub(crate) fn jpeg_with_exif(width: u32, height: u32, exif: &[u8]) -> Vec<u8> {
    let jpeg = encoded(ImageFormat::Jpeg, width, height);
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(exif.len() + 8).unwrap().to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

/// A big-endian TIFF block with these entries in IFD0: tag, type, count, value (4 bytes or an offset), then `extra`
/// right behind the directory.
pub(crate) fn exif(entries: &[(u16, u16, u32, u32)], extra: &[u8]) -> Vec<u8> {
    let mut out = b"MM\0*\0\0\0\x08".to_vec();
    out.extend(u16::try_from(entries.len()).unwrap().to_be_bytes());
    for (tag, kind, count, value) in entries {
        out.extend(tag.to_be_bytes());
        out.extend(kind.to_be_bytes());
        out.extend(count.to_be_bytes());
        out.extend(value.to_be_bytes());
    }
    out.extend([0; 4]);
    out.extend(extra);
    out
}

/// An EXIF block that only says how the picture is to be turned.
pub(crate) fn orientation(value: u32) -> Vec<u8> {
    exif(&[(0x0112, 3, 1, value << 16)], &[])
}

/// An EXIF block with camera, date and, where asked for, a place.
pub(crate) fn camera(place: bool) -> Vec<u8> {
    // Four entries of 12 bytes from 10 on, and the end mark: what follows begins at 62.
    let gps = 62_u32 + 20;
    let mut extra = b"2026:03:14 09:41:00\0".to_vec();
    let latitude = gps + 2 + 24 + 4;
    extra.extend([0, 2]);
    for (tag, at) in [(2_u16, latitude), (4, latitude + 24)] {
        extra.extend(tag.to_be_bytes());
        extra.extend([0, 5, 0, 0, 0, 3]);
        extra.extend(at.to_be_bytes());
    }
    extra.extend([0; 4]);
    for part in [48_u32, 1, 51, 1, 24, 1, 2, 1, 21, 1, 3, 1] {
        extra.extend((if place { part } else { 0 }).to_be_bytes());
    }
    let text = |it: &[u8; 4]| u32::from_be_bytes(*it);
    let entries =
        [(0x010f, 2, 4, text(b"Eos\0")), (0x0110, 2, 3, text(b"R6\0\0")), (0x0132, 2, 20, 62), (0x8825, 4, 1, gps)];
    exif(&entries, &extra)
}

pub(crate) const SVG: &str = r##"<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">
  <rect width="20" height="20" fill="#ff0000"/><image href="/etc/hostname" width="9" height="9"/>
</svg>"##;

/// A PNG that claims a size and holds nothing.
pub(crate) fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = encoded(ImageFormat::Png, 8, 8);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, &png[12..29]);
    png[29..33].copy_from_slice(&u32::try_from(crc).unwrap().to_be_bytes());
    png
}
