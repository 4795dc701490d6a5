use super::samples::{SVG, camera, encoded, gif, half_transparent_png, jpeg_with_exif, orientation, png_claiming};
use super::*;
use image::ImageFormat;
use test_case::test_case;

fn pixel(thumb: &Thumb, x: u32, y: u32) -> [u8; 3] {
    let at = (y * thumb.width + x) as usize * 4;
    [thumb.rgba[at], thumb.rgba[at + 1], thumb.rgba[at + 2]]
}

/// The strongest colour; JPEG and shrinking blur the exact values.
fn colour(rgb: [u8; 3]) -> char {
    match rgb {
        [r, g, b] if r > 150 && g < 100 && b < 100 => 'r',
        [r, g, b] if g > 150 && r < 100 && b < 100 => 'g',
        [r, g, b] if b > 150 && r < 100 && g < 100 => 'b',
        _ => '?',
    }
}

#[test_case(ImageFormat::Png, Format::Png ; "png")]
#[test_case(ImageFormat::Jpeg, Format::Jpeg ; "jpeg")]
#[test_case(ImageFormat::Gif, Format::Gif ; "gif")]
#[test_case(ImageFormat::WebP, Format::WebP ; "webp")]
#[test_case(ImageFormat::Bmp, Format::Bmp ; "bmp")]
#[test_case(ImageFormat::Ico, Format::Ico ; "ico")]
#[test_case(ImageFormat::Tiff, Format::Tiff ; "tiff")]
fn every_kind_is_decoded_and_fitted(kind: ImageFormat, format: Format) {
    let bytes = encoded(kind, 240, 120);
    let found = probe(&bytes).unwrap();
    assert_eq!((found.width, found.height, found.format), (240, 120, format));
    let thumb = decode_thumbnail(&bytes, 60).unwrap();
    assert_eq!((thumb.width, thumb.height, thumb.source_width, thumb.source_height), (60, 30, 240, 120));
    assert_eq!((thumb.format, thumb.has_alpha, thumb.animated, thumb.has_location), (format, false, false, false));
    assert_eq!(thumb.rgba.len(), 60 * 30 * 4);
    assert_eq!([(3, 3), (5, 25), (55, 5)].map(|(x, y)| colour(pixel(&thumb, x, y))), ['g', 'r', 'b']);
}

#[test]
fn drawings_are_drawn_and_read_nothing_from_this_computer() {
    let thumb = decode_thumbnail(SVG.as_bytes(), 80).unwrap();
    assert_eq!((thumb.width, thumb.height, thumb.source_width, thumb.source_height), (80, 40, 40, 20));
    assert_eq!((thumb.format, thumb.has_alpha, colour(pixel(&thumb, 10, 10))), (Format::Svg, true, 'r'));
}

// Where the green corner ends up once the picture is upright: EXIF 2.32, table 4, orientation.
#[test_case(1, false, (0, 0) ; "as it lies")]
#[test_case(2, false, (1, 0) ; "mirrored")]
#[test_case(3, false, (1, 1) ; "upside down")]
#[test_case(4, false, (0, 1) ; "upside down and mirrored")]
#[test_case(5, true, (0, 0) ; "mirrored along the diagonal")]
#[test_case(6, true, (1, 0) ; "to be turned right")]
#[test_case(7, true, (1, 1) ; "mirrored along the other diagonal")]
#[test_case(8, true, (0, 1) ; "to be turned left")]
#[test_case(9, false, (0, 0) ; "no such orientation")]
fn pictures_stand_upright(value: u32, turned: bool, corner: (u32, u32)) {
    let bytes = jpeg_with_exif(240, 120, &orientation(value));
    let thumb = decode_thumbnail(&bytes, 60).unwrap();
    let size = if turned { (30, 60) } else { (60, 30) };
    assert_eq!((thumb.width, thumb.height), size);
    assert_eq!((thumb.source_width, thumb.source_height), if turned { (120, 240) } else { (240, 120) });
    let at = |side: u32, far: u32| if far == 0 { 2 } else { side - 3 };
    assert_eq!(colour(pixel(&thumb, at(size.0, corner.0), at(size.1, corner.1))), 'g');
    let full = decode_full(&bytes, 8192).unwrap();
    assert_eq!((full.width, full.height), if turned { (120, 240) } else { (240, 120) });
    // The beginning of the file is enough to know.
    let probe = probe_upright(&bytes[..bytes.len() - 200]).unwrap();
    assert_eq!((probe.width, probe.height), (full.width, full.height));
}

#[test]
fn what_shines_through_is_kept() {
    let thumb = decode_thumbnail(&half_transparent_png(), 20).unwrap();
    assert!(thumb.has_alpha);
    assert_eq!((thumb.rgba[3], thumb.rgba[19 * 4 + 3]), (0, 255));
}

#[test_case(b"", "Nothing in it: the file has no bytes" ; "empty")]
#[test_case(b"<!doctype html><title>403</title>", "Not an image: the file holds a web page" ; "a web page")]
#[test_case(b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "Not an image: the file holds an XML file" ; "an answer in XML")]
#[test_case(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "Not an image: the file holds a PDF" ; "pdf")]
#[test_case(b"hello, world\n", "Not an image: the file holds text" ; "text")]
#[test_case(b"\x01\x02\x03\x04\x05\x06\x07\x80", "Not an image: the bytes are of no kind that is known" ; "anything")]
#[test_case(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "AVIF is not shown here; browsers may show it" ; "avif")]
#[test_case(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC is not shown here; browsers may show it" ; "heic")]
fn what_is_no_picture_says_so(bytes: &[u8], sentence: &str) {
    let problem = decode_thumbnail(bytes, 64).unwrap_err();
    assert_eq!(problem.sentence(), sentence);
    assert_eq!(decode_full(bytes, 64).unwrap_err(), problem);
    assert!(!problem.label().is_empty());
}

#[test_case(ImageFormat::Png ; "png")]
#[test_case(ImageFormat::Jpeg ; "jpeg")]
#[test_case(ImageFormat::Gif ; "gif")]
#[test_case(ImageFormat::WebP ; "webp")]
#[test_case(ImageFormat::Bmp ; "bmp")]
#[test_case(ImageFormat::Tiff ; "tiff")]
fn half_a_file_is_no_whole_picture(kind: ImageFormat) {
    // Noise, so that half of the bytes is half of the picture.
    let noise = image::RgbImage::from_fn(64, 64, |x, y| {
        let n = (x * 7919 + y * 104_729) ^ (x * y * 31);
        image::Rgb([(n & 255) as u8, (n >> 3 & 255) as u8, (n >> 5 & 255) as u8])
    });
    let mut out = std::io::Cursor::new(vec![]);
    let noise = image::DynamicImage::ImageRgb8(noise);
    let noise = if kind == ImageFormat::Gif { noise.into_rgba8().into() } else { noise };
    noise.write_to(&mut out, kind).unwrap();
    let bytes = out.into_inner();
    assert!(decode_thumbnail(&bytes, 32).is_ok());
    for part in [bytes.len() / 2, bytes.len() * 9 / 10, 20] {
        let problem = decode_thumbnail(&bytes[..part], 32).unwrap_err();
        assert!(matches!(problem, Problem::Truncated | Problem::Broken { .. }), "{part}: {problem:?}");
    }
}

#[test]
fn a_jpeg_cut_in_half_is_called_so() {
    let bytes = encoded(ImageFormat::Jpeg, 200, 200);
    assert_eq!(decode_thumbnail(&bytes[..bytes.len() / 2], 32), Err(Problem::Truncated));
    // What cameras append behind the end does no harm.
    let mut longer = bytes;
    longer.extend([0; 100]);
    assert!(decode_thumbnail(&longer, 32).is_ok());
}

#[test_case(60_000, 60_000, Some(3_600) ; "a bomb")]
#[test_case(10_001, 10_000, Some(100) ; "just above")]
#[test_case(2_000, 2_000, None ; "within, though the bytes are missing")]
fn the_size_is_looked_at_before_anything_is_unpacked(width: u32, height: u32, megapixels: Option<u64>) {
    let bytes = png_claiming(width, height);
    match megapixels {
        Some(megapixels) => {
            assert_eq!(probe(&bytes), Err(Problem::TooLarge { megapixels }));
            let problem = decode_thumbnail(&bytes, 64).unwrap_err();
            assert_eq!(problem.label(), format!("{megapixels} megapixels"));
        }
        None => assert_eq!(probe(&bytes).map(|it| (it.width, it.height)), Ok((width, height))),
    }
}

#[test_case("a.png", Format::Jpeg, Some("JPEG, named .png") ; "other kind")]
#[test_case("a.JPEG", Format::Jpeg, None ; "by another of its names")]
#[test_case("photos.v2/a", Format::Jpeg, None ; "no extension")]
#[test_case("a.html", Format::WebP, Some("WebP, named .html") ; "no picture's name")]
fn a_wrong_name_is_told(name: &str, format: Format, told: Option<&str>) {
    assert_eq!(mislabelled(name, format).as_deref(), told);
}

#[test_case("photos/a.JPG", true ; "jpg")]
#[test_case("a.avif", true ; "avif gets its card")]
#[test_case("a.txt", false ; "text")]
#[test_case("photos/", false ; "a folder")]
fn thumbnails_are_asked_for_what_may_be_one(key: &str, may: bool) {
    assert_eq!(may_be_image(key), may);
}

#[test]
fn an_animation_plays() {
    let bytes = gif(5, 30, 20);
    let thumb = decode_thumbnail(&bytes, 15).unwrap();
    assert!(thumb.animated);
    let full = decode_full(&bytes, 8192).unwrap();
    assert_eq!((full.frames.len(), full.width, full.height, full.cut_short), (5, 30, 20, false));
    assert!(full.is_animated() && full.notice().is_none());
    let delays: Vec<_> = full.frames.iter().map(|it| it.delay.as_millis()).collect();
    assert_eq!(delays, [100, 250, 250, 250, 250], "a frame without a delay takes the usual one");
    assert_eq!(full.frames[3].rgba[..4], [60, 60, 60, 255]);
    assert!(!decode_thumbnail(&gif(1, 30, 20), 15).unwrap().animated);
    let played = decode_full(&bytes[..bytes.len() - 30], 8192).unwrap();
    assert!(played.cut_short && played.notice().unwrap().starts_with("Only the first"));
}

#[test]
fn the_viewer_says_when_it_shows_less() {
    let bytes = encoded(ImageFormat::Png, 300, 150);
    let full = decode_full(&bytes, 100).unwrap();
    assert_eq!((full.width, full.height, full.frames[0].rgba.len()), (100, 50, 100 * 50 * 4));
    assert_eq!(full.notice().as_deref(), Some("Shown at 100 × 50 of 300 × 150"));
    assert_eq!(decode_full(&bytes, 300).unwrap().notice(), None);
    assert_eq!(decode_full(SVG.as_bytes(), 2048).unwrap().width, 1024);
}

#[test]
fn camera_date_and_place_are_read() {
    let summary = exif::summary(&jpeg_with_exif(16, 16, &camera(true)));
    assert_eq!(summary.camera.as_deref(), Some("Eos R6"));
    assert_eq!(summary.taken, Some("2026-03-14T09:41:00".parse().unwrap()));
    assert!(summary.has_location);
    assert!(decode_thumbnail(&jpeg_with_exif(16, 16, &camera(true)), 16).unwrap().has_location);
}

#[test]
fn a_place_of_zeros_is_none() {
    assert!(!exif::summary(&jpeg_with_exif(16, 16, &camera(false))).has_location);
    assert_eq!(exif::summary(&encoded(ImageFormat::Png, 4, 4)), exif::Summary::default());
    assert_eq!(exif::summary(b""), exif::Summary::default());
}
