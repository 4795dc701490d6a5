//! Making pictures smaller: whole-number averaging straight from the decoder's buffer, then one smooth step.

use image::{DynamicImage, RgbaImage, imageops};

/// Fits a picture into a square of `max_edge`, keeping its shape. It never grows.
pub(super) fn shrink(image: DynamicImage, max_edge: u32) -> RgbaImage {
    let (width, height) = (image.width(), image.height());
    let longest = width.max(height);
    if longest <= max_edge {
        return image.into_rgba8();
    }
    let factor = (longest / max_edge).max(1);
    let small = match &image {
        // Without a second full-size copy for the usual layouts.
        DynamicImage::ImageRgb8(it) => average::<3>(it.as_raw(), width, height, factor),
        DynamicImage::ImageRgba8(it) => average::<4>(it.as_raw(), width, height, factor),
        DynamicImage::ImageLuma8(it) => average::<1>(it.as_raw(), width, height, factor),
        DynamicImage::ImageLumaA8(it) => average::<2>(it.as_raw(), width, height, factor),
        other => average::<4>(other.to_rgba8().as_raw(), width, height, factor),
    };
    drop(image);
    let (wanted_width, wanted_height) = fit(width, height, max_edge);
    let mut small = if small.dimensions() == (wanted_width, wanted_height) {
        small
    } else {
        imageops::resize(&small, wanted_width, wanted_height, imageops::FilterType::Triangle)
    };
    unpremultiply(&mut small);
    small
}

/// The size of a picture fitted into a square of `max_edge`; never nothing.
pub(super) fn fit(width: u32, height: u32, max_edge: u32) -> (u32, u32) {
    let longest = u64::from(width.max(height).max(1));
    let side = |side: u32| (u64::from(side) * u64::from(max_edge)).div_ceil(longest).clamp(1, u64::from(max_edge));
    // Bounded by `max_edge`, which is a u32.
    (u32::try_from(side(width)).unwrap_or(max_edge), u32::try_from(side(height)).unwrap_or(max_edge))
}

/// Averages blocks of `factor` × `factor`. The colours of the result are multiplied by their alpha, so that what is
/// transparent lends no colour to its neighbours.
fn average<const CHANNELS: usize>(pixels: &[u8], width: u32, height: u32, factor: u32) -> RgbaImage {
    let (small_width, small_height) = (width.div_ceil(factor), height.div_ceil(factor));
    let stride = width as usize * CHANNELS;
    let mut out = Vec::with_capacity(small_width as usize * small_height as usize * 4);
    let mut sums = vec![[0_u64; 5]; small_width as usize];
    for rows in pixels.chunks(stride * factor as usize) {
        sums.fill([0; 5]);
        for row in rows.chunks_exact(stride) {
            for (sum, block) in sums.iter_mut().zip(row.chunks(factor as usize * CHANNELS)) {
                for pixel in block.chunks_exact(CHANNELS) {
                    let (colour, alpha) = match CHANNELS {
                        1 => ([pixel[0]; 3], 255),
                        2 => ([pixel[0]; 3], pixel[1]),
                        3 => ([pixel[0], pixel[1], pixel[2]], 255),
                        _ => ([pixel[0], pixel[1], pixel[2]], pixel[3]),
                    };
                    let alpha = u64::from(alpha);
                    for (sum, part) in sum.iter_mut().zip(colour) {
                        *sum += u64::from(part) * alpha;
                    }
                    sum[3] += alpha;
                    sum[4] += 1;
                }
            }
        }
        for sum in &sums {
            let count = sum[4].max(1);
            let byte = |value: u64| u8::try_from(value).unwrap_or(u8::MAX);
            let colour = |value: u64| byte((value + count * 127) / (count * 255));
            out.extend([colour(sum[0]), colour(sum[1]), colour(sum[2]), byte((sum[3] + count / 2) / count)]);
        }
    }
    RgbaImage::from_raw(small_width, small_height, out).unwrap_or_default()
}

fn unpremultiply(image: &mut RgbaImage) {
    for pixel in image.pixels_mut() {
        let alpha = u32::from(pixel.0[3]);
        if (1..255).contains(&alpha) {
            for part in &mut pixel.0[..3] {
                *part = u8::try_from((u32::from(*part) * 255 + alpha / 2) / alpha).unwrap_or(u8::MAX);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Rgb, RgbImage, Rgba};
    use test_case::test_case;

    #[test_case(4000, 3000, 320, (320, 240); "wide")]
    #[test_case(300, 9000, 320, (11, 320); "tall")]
    #[test_case(100_000, 1, 320, (320, 1); "a line stays visible")]
    fn a_picture_keeps_its_shape(width: u32, height: u32, max_edge: u32, wanted: (u32, u32)) {
        assert_eq!(fit(width, height, max_edge), wanted);
        if width < 10_000 {
            let image = DynamicImage::ImageRgb8(RgbImage::from_pixel(width / 10, height / 10, Rgb([10, 200, 30])));
            let small = shrink(image, max_edge / 10);
            assert_eq!(small.dimensions(), fit(width / 10, height / 10, max_edge / 10));
            assert!(small.pixels().all(|it| *it == Rgba([10, 200, 30, 255])));
        }
    }

    #[test]
    fn grey_and_small_pictures_come_through() {
        let grey =
            DynamicImage::ImageLuma8(GrayImage::from_fn(64, 64, |x, _| image::Luma([if x < 32 { 0 } else { 200 }])));
        let small = shrink(grey.clone(), 2);
        assert_eq!(small.as_raw(), &[0, 0, 0, 255, 200, 200, 200, 255, 0, 0, 0, 255, 200, 200, 200, 255]);
        assert_eq!(shrink(grey, 64).dimensions(), (64, 64));
    }

    #[test]
    fn what_is_transparent_lends_no_colour() {
        let image =
            RgbaImage::from_fn(4, 4, |x, _| if x % 2 == 0 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) });
        let small = shrink(DynamicImage::ImageRgba8(image), 1);
        let [red, green, blue, alpha] = small.get_pixel(0, 0).0;
        assert!(red >= 253 && green == 0 && blue == 0 && (127..=128).contains(&alpha), "{small:?}");
    }
}
