//! Where a picture was taken, taken out of the file without touching the picture: the GPS directory of EXIF and the
//! GPS properties of XMP are blanked in their place, so every other byte stays where and what it is. Nothing is
//! unpacked and nothing moves, which is why no crate is used: those that write EXIF rebuild the file around it.
//!
//! Read are JPEG (also the further images of a Multi-Picture file), PNG, WebP and TIFF. Sources: CIPA DC-008 (Exif
//! 3.0) for the directories, CIPA DC-007 for Multi-Picture, the PNG, WebP and TIFF 6.0 specifications for the files.

mod tiff;
mod xmp;

use std::io::{self, Read, Seek, SeekFrom};

use crate::domain::patch::{Patch, lay_over};

/// The most of one packet of metadata that is read: no camera writes more.
const MOST_PACKET_BYTES: u64 = 16 << 20;
/// So many pieces of a file are looked at, so that a file made to go in circles ends.
const MOST_PIECES: usize = 200_000;
const EXIF_MARK: &[u8] = b"Exif\0\0";
const XMP_MARK: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// What a picture says of its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Location {
    /// It tells where it was taken. Cameras without reception write a directory without a place in it.
    pub is_told: bool,
    /// What has to be laid over the file so that it tells nothing any more.
    pub patches: Vec<Patch>,
}

/// The wish that a picture goes without the place where it was taken is known by this name in the journal of transfers.
pub const WITHOUT_LOCATION: &str = "without-location";

/// What has to be laid over a picture so that it does not tell where it was taken. Waits for the disk.
///
/// # Errors
/// Where the file cannot be read.
pub fn patches_of(path: &std::path::Path) -> io::Result<Vec<Patch>> {
    Ok(find(io::BufReader::new(std::fs::File::open(path)?))?.patches)
}

/// Looks through a file from its beginning. A file that ends early or is of another kind gives what was found.
///
/// # Errors
/// Where it cannot be read.
pub fn find(file: impl Read + Seek) -> io::Result<Location> {
    let mut finder = Finder { file, found: Location::default(), pieces: 0 };
    match finder.whole() {
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        Ok(()) | Err(_) => Ok(finder.found),
    }
}

struct Finder<R> {
    file: R,
    found: Location,
    pieces: usize,
}

impl<R: Read + Seek> Finder<R> {
    fn whole(&mut self) -> io::Result<()> {
        let head = self.read(0, 12)?;
        match &*head {
            [0xff, 0xd8, ..] => self.jpeg(0),
            [b'\x89', b'P', b'N', b'G', ..] => self.png(),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P'] => self.webp(),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => {
                let end = self.file.seek(SeekFrom::End(0))?;
                self.tiff(0, end)
            }
            _ => Ok(()),
        }
    }

    fn read(&mut self, at: u64, length: u64) -> io::Result<Vec<u8>> {
        self.pieces += 1;
        if length > MOST_PACKET_BYTES || self.pieces > MOST_PIECES {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.file.seek(SeekFrom::Start(at))?;
        let mut bytes = vec![0; length as usize];
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn blank(&mut self, offset_bytes: u64, bytes: Vec<u8>) {
        self.found.patches.push(Patch { offset_bytes, bytes });
    }

    /// The segments in front of the picture that begins at `start`.
    fn jpeg(&mut self, start: u64) -> io::Result<()> {
        let mut at = start + 2;
        loop {
            let head = self.read(at, 4)?;
            let &[0xff, marker, high, low] = &*head else { return Ok(()) };
            match marker {
                // Filling before a marker, and markers without content.
                0xff => at += 1,
                0x01 | 0xd0..=0xd7 => at += 2,
                // The picture itself, or the end.
                0xda | 0xd9 => return Ok(()),
                _ => {
                    let length = u64::from(u16::from_be_bytes([high, low]));
                    let (from, to) = (at + 4, at + 2 + length);
                    match marker {
                        0xe1 => self.app1(from, to)?,
                        0xe2 if start == 0 => self.further_images(from, to)?,
                        _ => {}
                    }
                    at = to;
                }
            }
        }
    }

    fn app1(&mut self, from: u64, to: u64) -> io::Result<()> {
        let segment = self.read(from, to.saturating_sub(from))?;
        if segment.starts_with(EXIF_MARK) {
            self.tiff(from + EXIF_MARK.len() as u64, to)
        } else if segment.starts_with(XMP_MARK) {
            self.xmp(from + XMP_MARK.len() as u64, to)
        } else {
            Ok(())
        }
    }

    /// A Multi-Picture file lists where the images behind the first one begin: offsets from its own byte order mark,
    /// in entries of 16 bytes (tag 0xB002).
    fn further_images(&mut self, from: u64, to: u64) -> io::Result<()> {
        const MARK: &[u8] = b"MPF\0";
        let segment = self.read(from, to.saturating_sub(from))?;
        let Some(block) = segment.strip_prefix(MARK) else { return Ok(()) };
        let base = from + MARK.len() as u64;
        for offset in tiff::further_images(block) {
            // The first image has the offset 0.
            if offset != 0 && self.read(base + u64::from(offset), 2)? == [0xff, 0xd8] {
                // Each ends on its own; one that is cut off must not hide the next.
                match self.jpeg(base + u64::from(offset)) {
                    Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => return Err(error),
                    Ok(()) | Err(_) => {}
                }
            }
        }
        Ok(())
    }

    fn png(&mut self) -> io::Result<()> {
        let mut at = 8;
        loop {
            let head = self.read(at, 8)?;
            let [a, b, c, d, kind @ ..] = &*head else { return Ok(()) };
            let length = u64::from(u32::from_be_bytes([*a, *b, *c, *d]));
            let (from, to) = (at + 8, at + 8 + length);
            let known = self.found.patches.len();
            match kind {
                b"eXIf" => self.exif_chunk(from, to)?,
                b"iTXt" => {
                    let chunk = self.read(from, length)?;
                    if let Some(text) = xmp::text_of_itxt(&chunk) {
                        self.xmp(from + text as u64, to)?;
                    }
                }
                b"IEND" => return Ok(()),
                _ => {}
            }
            if self.found.patches.len() > known {
                self.check_sum_anew(at + 4, to)?;
            }
            at = to + 4;
        }
    }

    /// The CRC of a chunk covers its type and content.
    fn check_sum_anew(&mut self, from: u64, to: u64) -> io::Result<()> {
        let mut chunk = self.read(from, to - from)?;
        lay_over(&self.found.patches, from, &mut chunk);
        let sum = crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, &chunk) as u32;
        self.blank(to, sum.to_be_bytes().to_vec());
        Ok(())
    }

    fn webp(&mut self) -> io::Result<()> {
        let mut at = 12;
        loop {
            let head = self.read(at, 8)?;
            let [kind @ .., a, b, c, d] = &*head else { return Ok(()) };
            let length = u64::from(u32::from_le_bytes([*a, *b, *c, *d]));
            let (from, to) = (at + 8, at + 8 + length);
            match kind {
                b"EXIF" => self.exif_chunk(from, to)?,
                b"XMP " => self.xmp(from, to)?,
                _ => {}
            }
            at = to + length % 2;
        }
    }

    /// Some programs write the mark of JPEG in front, where it does not belong.
    fn exif_chunk(&mut self, from: u64, to: u64) -> io::Result<()> {
        let mark = EXIF_MARK.len() as u64;
        let marked = to.saturating_sub(from) > mark && self.read(from, mark)? == EXIF_MARK;
        self.tiff(if marked { from + mark } else { from }, to)
    }

    /// A block of directories between two places; offsets within it count from `base`.
    fn tiff(&mut self, base: u64, end: u64) -> io::Result<()> {
        match self.directories(base, end) {
            // A block that is cut off ends here, the file goes on.
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn xmp(&mut self, from: u64, to: u64) -> io::Result<()> {
        let packet = self.read(from, to.saturating_sub(from))?;
        for range in xmp::places(&packet) {
            self.found.is_told = true;
            self.blank(from + range.start as u64, vec![b' '; range.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
