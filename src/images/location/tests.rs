use std::io::Cursor;

use image::ImageFormat;
use test_case::test_case;

use super::*;
use crate::images::exif;
use crate::images::samples::{camera, encoded, jpeg_with_exif, orientation};

const XMP: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="48,51.4N"
  exif:GPSLongitude = '2,21.05E' dc:title="Paris exif:GPS"><exif:GPSAltitude>35/1</exif:GPSAltitude>
  <exif:GPSMapDatum/><dc:creator>Ann</dc:creator></rdf:Description></x:xmpmeta>"#;

fn chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let typed = [kind.as_slice(), content].concat();
    let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, &typed) as u32;
    [&(content.len() as u32).to_be_bytes(), typed.as_slice(), &sum.to_be_bytes()].concat()
}

/// A PNG with chunks behind its header.
fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = encoded(ImageFormat::Png, 8, 8);
    [&plain[..33], &chunks.concat(), &plain[33..]].concat()
}

fn itxt() -> Vec<u8> {
    chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0en\0Titel\0".as_slice(), XMP.as_bytes()].concat())
}

fn webp(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut webp = encoded(ImageFormat::WebP, 8, 8);
    webp.extend(kind);
    webp.extend((content.len() as u32).to_le_bytes());
    webp.extend(content);
    webp.resize(webp.len() + content.len() % 2, 0);
    let riff = (webp.len() - 8) as u32;
    webp[4..8].copy_from_slice(&riff.to_le_bytes());
    webp
}

fn jpeg_with_xmp() -> Vec<u8> {
    let jpeg = encoded(ImageFormat::Jpeg, 8, 8);
    let segment = [XMP_MARK, XMP.as_bytes()].concat();
    let head = [&[0xff, 0xe1], (segment.len() as u16 + 2).to_be_bytes().as_slice()].concat();
    [&jpeg[..2], &head, &segment, &jpeg[2..]].concat()
}

/// Two pictures in one file, as phones write them: the place stands in the second.
fn multi_picture() -> Vec<u8> {
    let second = jpeg_with_exif(8, 8, &camera(true));
    let first = encoded(ImageFormat::Jpeg, 8, 8);
    // From its own mark: directory with one entry, then two images of 16 bytes.
    let mut block = b"II*\0\x08\0\0\0\x01\0\x02\xb0\x07\0\x20\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    let base = 2 + 4 + 4;
    let offset = (first.len() + 4 + 4 + block.len() + 32 - base) as u32;
    block.extend([0; 16]);
    block.extend([0, 0, 0, 0].into_iter().chain((second.len() as u32).to_le_bytes()));
    block.extend(offset.to_le_bytes().into_iter().chain([0; 4]));
    let head = [&[0xff, 0xe2], (block.len() as u16 + 6).to_be_bytes().as_slice(), b"MPF\0"].concat();
    [&first[..2], &head, &block, &first[2..], &second].concat()
}

fn cleaned(file: &[u8]) -> (bool, Vec<u8>) {
    let location = find(Cursor::new(file)).unwrap();
    let mut copy = file.to_vec();
    lay_over(&location.patches, 0, &mut copy);
    (location.is_told, copy)
}

fn pixels(file: &[u8]) -> image::RgbaImage {
    image::load_from_memory(file).unwrap().into_rgba8()
}

fn holds(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test_case(&jpeg_with_exif(16, 16, &camera(true)); "jpeg")]
#[test_case(&png(&[chunk(b"eXIf", &camera(true))]); "png")]
#[test_case(&webp(b"EXIF", &camera(true)); "webp")]
fn the_directory_goes_and_the_rest_stays(file: &[u8]) {
    assert!(exif::summary(file).has_location);
    let (told, copy) = cleaned(file);
    assert!(told);
    assert_eq!(copy.len(), file.len());
    let left = exif::summary(&copy);
    assert!(!left.has_location);
    assert_eq!(left, exif::Summary { has_location: false, ..exif::summary(file) }, "camera and date stay");
    assert_eq!(pixels(&copy), pixels(file));
    // The first number of the latitude, as it is written.
    assert!(!holds(&copy, "\0\0\0\x30\0\0\0\x01\0\0\0\x33"));
    assert_eq!(cleaned(&copy), (false, copy.clone()), "nothing is left to take out");
}

#[test]
fn a_mark_that_does_not_belong_into_a_png_is_no_hiding_place() {
    let file = png(&[chunk(b"eXIf", &[EXIF_MARK, &camera(true)].concat())]);
    let (told, copy) = cleaned(&file);
    assert!(told);
    assert!(!holds(&copy, "\0\0\0\x30\0\0\0\x01\0\0\0\x33"));
}

#[test]
fn a_tiff_keeps_its_picture() {
    // The image crate writes the directory at the end; the block for the place is put behind it.
    let plain = encoded(ImageFormat::Tiff, 8, 8);
    let ifd = u32::from_le_bytes(plain[4..8].try_into().unwrap()) as usize;
    let count = u16::from_le_bytes(plain[ifd..ifd + 2].try_into().unwrap());
    let entries = &plain[ifd + 2..ifd + 2 + 12 * usize::from(count)];
    let mut file = plain.clone();
    let (moved, gps) = (file.len() as u32, file.len() + 2 + 12 * (usize::from(count) + 1) + 4);
    file[4..8].copy_from_slice(&moved.to_le_bytes());
    file.extend((count + 1).to_le_bytes());
    file.extend(entries);
    file.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0]);
    file.extend((gps as u32).to_le_bytes());
    file.extend([0; 4]);
    let value = gps as u32 + 2 + 24 + 4;
    file.extend([2, 0]);
    for (tag, at) in [(2_u16, value), (4, value + 24)] {
        file.extend(tag.to_le_bytes());
        file.extend([5, 0, 3, 0, 0, 0]);
        file.extend(at.to_le_bytes());
    }
    file.extend([0; 4]);
    for part in [48_u32, 1, 51, 1, 24, 1, 2, 1, 21, 1, 3, 1] {
        file.extend(part.to_le_bytes());
    }
    assert!(exif::summary(&file).has_location);
    let (told, copy) = cleaned(&file);
    assert!(told && !exif::summary(&copy).has_location);
    assert_eq!(pixels(&copy), pixels(&plain));
}

#[test_case(&jpeg_with_xmp(); "jpeg")]
#[test_case(&png(&[itxt()]); "png")]
#[test_case(&webp(b"XMP ", XMP.as_bytes()); "webp")]
fn properties_go_and_the_packet_stays_well_formed(file: &[u8]) {
    let (told, copy) = cleaned(file);
    assert!(told);
    assert_eq!(copy.len(), file.len());
    for gone in ["48,51.4N", "2,21.05E", "35/1", "GPSMapDatum", "GPSAltitude"] {
        assert!(holds(file, gone) && !holds(&copy, gone), "{gone}");
    }
    for kept in ["dc:title=\"Paris exif:GPS\">", "<dc:creator>Ann</dc:creator></rdf:Description></x:xmpmeta>"] {
        assert!(holds(&copy, kept), "{kept}");
    }
    assert_eq!(pixels(&copy), pixels(file), "also the check sum of a chunk is right");
}

#[test]
fn the_second_picture_of_a_file_is_cleaned_too() {
    let file = multi_picture();
    let (told, copy) = cleaned(&file);
    assert!(told);
    assert!(!holds(&copy, "\0\0\0\x30\0\0\0\x01\0\0\0\x33"));
    assert_eq!(pixels(&copy), pixels(&file));
}

#[test]
fn a_directory_without_a_place_tells_none() {
    let file = jpeg_with_exif(16, 16, &camera(false));
    assert!(!find(Cursor::new(&file)).unwrap().is_told);
    assert_eq!(cleaned(&jpeg_with_exif(16, 16, &orientation(6))), (false, jpeg_with_exif(16, 16, &orientation(6))));
}

#[test_case(b""; "nothing")]
#[test_case(b"hello, world, here I am"; "no picture")]
#[test_case(b"II*\0\x08\0\0\0\xff\xff"; "a directory that is not there")]
#[test_case(b"II*\0\x08\0\0\0\0\0\x08\0\0\0"; "directories in a circle")]
#[test_case(b"\xff\xd8\xff\xe1\0\0"; "a segment shorter than its own length")]
fn broken_files_end_quietly(file: &[u8]) {
    assert_eq!(find(Cursor::new(file)).unwrap(), Location::default());
}

#[test]
fn no_file_cut_off_anywhere_makes_trouble() {
    for file in [multi_picture(), jpeg_with_xmp(), png(&[itxt(), chunk(b"eXIf", &camera(true))])] {
        for end in 0..file.len() {
            let cut = &file[..end];
            assert_eq!(cleaned(cut).1.len(), cut.len());
        }
    }
}
