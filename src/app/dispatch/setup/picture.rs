//! The image that Brimful draws for the proof, and reading the one that came back.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

use crate::model::setup::proof::Picture;

const WIDTH: u32 = 720;
const HEIGHT: u32 = 480;
/// Where the water begins.
const SHORE: f32 = 0.62;
/// Larger pictures are shown smaller; the bytes stay as they came.
const SHOWN_AT_MOST: u32 = 1_200;
/// More pixels than this are not unpacked for a glance.
const MOST_BYTES_UNPACKED: u64 = 256 * 1024 * 1024;

/// A lake in the evening as PNG; always the same bytes.
pub(super) fn draw() -> Option<Vec<u8>> {
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let (across, down) = (x as f32 / WIDTH as f32, y as f32 / HEIGHT as f32);
        if down < SHORE {
            land(across, down)
        } else {
            // The water mirrors the land, darker and wavering a little more the nearer it is.
            let depth = (down - SHORE) / (1.0 - SHORE);
            let sway = (down * 90.0).sin() * 0.006 * (0.3 + depth);
            let mirrored = SHORE - (down - SHORE) * (SHORE / (1.0 - SHORE)) * 0.9;
            mix(land(across + sway, mirrored.max(0.0)), Rgb([20, 92, 116]), 0.35 + 0.35 * depth)
        }
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

/// Sky, sun and two ridges.
fn land(across: f32, down: f32) -> Rgb<u8> {
    let ridge = |height: f32, wave: f32, phase: f32| {
        let rough = (across * wave + phase).sin() * 0.05 + (across * wave * 2.7 + phase * 2.0).sin() * 0.022;
        SHORE - height - rough - (across * wave * 7.1).sin().abs() * 0.008
    };
    if down > ridge(0.09, 6.0, 0.4) {
        return Rgb([38, 74, 84]);
    }
    if down > ridge(0.19, 4.2, 2.1) {
        return mix(Rgb([92, 128, 142]), Rgb([60, 98, 112]), (down / SHORE).powi(3));
    }
    let sky = mix(Rgb([116, 170, 206]), Rgb([252, 220, 190]), (down / SHORE).powf(1.3));
    let from_sun = (((across - 0.68) * 1.5).powi(2) + (down - 0.28).powi(2)).sqrt();
    mix(Rgb([255, 246, 222]), sky, ((from_sun - 0.055) * 14.0).clamp(0.0, 1.0))
}

fn mix(from: Rgb<u8>, to: Rgb<u8>, part: f32) -> Rgb<u8> {
    let part = part.clamp(0.0, 1.0);
    let channel = |n: usize| (f32::from(from.0[n]) * (1.0 - part) + f32::from(to.0[n]) * part).round() as u8;
    Rgb([channel(0), channel(1), channel(2)])
}

/// Unpacks what came back; `None` where it is no picture that can be shown here.
pub(super) fn read(bytes: &[u8]) -> Option<Picture> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES_UNPACKED);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    if picture.width().max(picture.height()) > SHOWN_AT_MOST {
        picture = picture.thumbnail(SHOWN_AT_MOST, SHOWN_AT_MOST);
    }
    let rgba = picture.into_rgba8();
    Some(Picture { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw().into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawn_image_is_a_small_png_that_reads_back() {
        let bytes = draw().unwrap();
        assert!(bytes.len() < 600_000, "{} bytes", bytes.len());
        assert_eq!(crate::domain::media_type::sniff(&bytes).map(|kind| kind.mime), Some("image/png"));
        let picture = read(&bytes).unwrap();
        assert_eq!((picture.width, picture.height), (WIDTH, HEIGHT));
        assert_eq!(picture.rgba.len() as u32, WIDTH * HEIGHT * 4);
    }

    #[test]
    fn what_is_no_picture_is_not_shown() {
        assert_eq!(read(b"<Error><Code>AccessDenied</Code></Error>"), None);
        assert_eq!(read(b""), None);
    }
}
