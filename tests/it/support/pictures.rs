//! Pictures made for stories: landscapes from a number, always the same, and files that are not what they say.

#![expect(clippy::unwrap_used, reason = "in a test, what is missing ends it")]

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::{Delay, DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// A sky, a sun and three rows of hills; the number decides the colours and the shapes.
pub(crate) fn landscape(number: u32, width: u32, height: u32) -> RgbImage {
    const SKIES: [([f32; 3], [f32; 3]); 6] = [
        ([112.0, 146.0, 190.0], [240.0, 214.0, 196.0]),
        ([64.0, 96.0, 140.0], [232.0, 170.0, 120.0]),
        ([150.0, 196.0, 214.0], [236.0, 240.0, 228.0]),
        ([60.0, 66.0, 110.0], [206.0, 140.0, 150.0]),
        ([178.0, 206.0, 190.0], [246.0, 234.0, 196.0]),
        ([96.0, 130.0, 150.0], [214.0, 222.0, 226.0]),
    ];
    let (top, bottom) = SKIES[number as usize % SKIES.len()];
    let seed = number as f32 * 1.7;
    let sun = (0.2 + 0.6 * (seed.sin() * 0.5 + 0.5), 0.22 + 0.12 * (seed * 1.3).cos());
    RgbImage::from_fn(width, height, |x, y| {
        let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
        let mut color = [0, 1, 2].map(|i| top[i] + (bottom[i] - top[i]) * (v * 1.6).min(1.0));
        let from_sun = ((u - sun.0) * 1.5).hypot(v - sun.1);
        if from_sun < 0.07 {
            color = [252.0, 240.0, 214.0];
        }
        for row in 0..3 {
            let depth = row as f32;
            let ridge = 0.52
                + 0.14 * depth
                + 0.07 * (u * (5.0 - depth) + seed + depth * 2.0).sin()
                + 0.025 * (u * 17.0 + seed * 2.0 + depth).sin();
            if v > ridge {
                let shade = 0.75 - 0.24 * depth;
                color = [bottom[0] * shade * 0.62, bottom[1] * shade * 0.74, bottom[2] * shade * 0.7];
            }
        }
        Rgb(color.map(|value| value.clamp(0.0, 255.0) as u8))
    })
}

/// The landscape of a number as a file.
pub(crate) fn file(format: ImageFormat, number: u32, width: u32, height: u32) -> Vec<u8> {
    encode(landscape(number, width, height), format)
}

/// Any picture as a file.
pub(crate) fn encode(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let image = image.into();
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// Left half `left`, right half `right`.
pub(crate) fn halves(left: [u8; 3], right: [u8; 3], width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| Rgb(if x < width / 2 { left } else { right }))
}

/// An animation: each frame of one colour, 60 ms long.
pub(crate) fn gif(colors: &[[u8; 4]], width: u32, height: u32) -> Vec<u8> {
    let mut out = Vec::new();
    {
        let mut encoder = GifEncoder::new(&mut out);
        for color in colors {
            let image = RgbaImage::from_pixel(width, height, Rgba(*color));
            let frame = Frame::from_parts(image, 0, 0, Delay::from_numer_denom_ms(60, 1));
            encoder.encode_frame(frame).unwrap();
        }
    }
    out
}

/// A JPEG that says it has to be turned by a quarter to the right to stand upright (EXIF orientation 6).
pub(crate) fn lying_jpeg(width: u32, height: u32) -> Vec<u8> {
    let jpeg = file(ImageFormat::Jpeg, 3, width, height);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01".to_vec();
    exif.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]);
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

/// A JPEG that tells where it was taken: 48° 51' N, 2° 21' E.
pub(crate) fn located_jpeg(width: u32, height: u32) -> Vec<u8> {
    let jpeg = file(ImageFormat::Jpeg, 3, width, height);
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    // The directory stands at 26, and its two values behind it.
    let values = 26 + 2 + 2 * 12 + 4;
    exif.extend([2, 0]);
    for (tag, at) in [(2_u16, values), (4, values + 24)] {
        exif.extend(tag.to_le_bytes());
        exif.extend([5, 0, 3, 0, 0, 0]);
        exif.extend(u32::to_le_bytes(at));
    }
    exif.extend([0; 4]);
    for part in [48_u32, 1, 51, 1, 0, 1, 2, 1, 21, 1, 0, 1] {
        exif.extend(part.to_le_bytes());
    }
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

/// A BMP whose header claims this size, with nothing behind it.
pub(crate) fn bomb(width: i32, height: i32) -> Vec<u8> {
    let mut bmp = encode(RgbImage::new(2, 2), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&width.to_le_bytes());
    bmp[22..26].copy_from_slice(&height.to_le_bytes());
    bmp
}

pub(crate) const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="120" height="90">
  <rect width="120" height="90" fill="#12323c"/><circle cx="60" cy="45" r="30" fill="#3bb3cf"/>
</svg>"##;
