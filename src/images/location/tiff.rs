//! Directories as TIFF and EXIF have them: a count, entries of twelve bytes, and where the next directory is.

use std::io::{self, Read, Seek};

use super::Finder;

const GPS_DIRECTORY: u16 = 0x8825;
const XMP_PACKET: u16 = 0x02bc;
const LATITUDE: u16 = 2;
const LONGITUDE: u16 = 4;
/// The last tag of the GPS directory (Exif 3.0: GPSHPositioningError).
const LAST_GPS_TAG: u16 = 31;
/// No value of the GPS directory is longer; a longer one is a broken count that might cover the picture.
const MOST_VALUE_BYTES: u64 = 4096;
/// The directories of one block that are followed.
const MOST_DIRECTORIES: usize = 32;

/// Byte order.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [b'I', b'I', 42, 0, ..] => Some(Self::Little),
            [b'M', b'M', 0, 42, ..] => Some(Self::Big),
            _ => None,
        }
    }

    fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let two = *bytes.get(at..)?.first_chunk::<2>()?;
        Some(match self {
            Self::Little => u16::from_le_bytes(two),
            Self::Big => u16::from_be_bytes(two),
        })
    }

    fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let four = *bytes.get(at..)?.first_chunk::<4>()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(four),
            Self::Big => u32::from_be_bytes(four),
        })
    }

    fn two_bytes(self, value: u16) -> [u8; 2] {
        match self {
            Self::Little => value.to_le_bytes(),
            Self::Big => value.to_be_bytes(),
        }
    }
}

struct Entry {
    tag: u16,
    /// Of the whole value.
    length_bytes: u64,
    /// The value itself where it is at most four bytes long, else where it is.
    value: u32,
}

fn entries(order: Order, directory: &[u8]) -> Vec<Entry> {
    let twelve = directory.get(2..).unwrap_or_default().chunks_exact(12);
    let entry = |bytes: &[u8]| {
        // By type: BYTE, ASCII, SHORT, LONG, RATIONAL and their signed kin (TIFF 6.0, section 2).
        let one = match order.u16(bytes, 2)? {
            3 | 8 => 2,
            4 | 9 | 11 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let length_bytes = u64::from(order.u32(bytes, 4)?) * one;
        Some(Entry { tag: order.u16(bytes, 0)?, length_bytes, value: order.u32(bytes, 8)? })
    };
    twelve.filter_map(entry).collect()
}

/// Where the images of a Multi-Picture block begin, by its own count. The block is small and in memory.
pub(super) fn further_images(block: &[u8]) -> Vec<u32> {
    const IMAGES: u16 = 0xb002;
    let find = || {
        let order = Order::of(block)?;
        let directory = block.get(order.u32(block, 4)? as usize..)?;
        let count = usize::from(order.u16(directory, 0)?);
        let list = entries(order, directory.get(..2 + 12 * count)?).into_iter().find(|entry| entry.tag == IMAGES)?;
        let list = block.get(list.value as usize..)?.get(..usize::try_from(list.length_bytes).ok()?)?;
        // Each: attributes, size, offset, two dependent images.
        Some(list.chunks_exact(16).filter_map(|image| order.u32(image, 8)).collect())
    };
    find().unwrap_or_default()
}

impl<R: Read + Seek> Finder<R> {
    /// Follows the directories of a block and blanks what tells a place.
    pub(super) fn directories(&mut self, base: u64, end: u64) -> io::Result<()> {
        let head = self.read(base, 8)?;
        let Some(order) = Order::of(&head) else { return Ok(()) };
        let mut next = order.u32(&head, 4).unwrap_or_default();
        for _ in 0..MOST_DIRECTORIES {
            if next == 0 {
                break;
            }
            next = self.directory(order, base, next, end)?;
        }
        Ok(())
    }

    /// All of a directory but where the next one is.
    fn read_directory(&mut self, order: Order, at: u64, end: u64) -> io::Result<Vec<u8>> {
        let count = self.read(at, 2)?;
        let length = 2 + 12 * u64::from(order.u16(&count, 0).unwrap_or_default());
        if at + length > end {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.read(at, length)
    }

    /// Looks at one directory and says where the next one is.
    fn directory(&mut self, order: Order, base: u64, offset: u32, end: u64) -> io::Result<u32> {
        let at = base + u64::from(offset);
        let directory = self.read_directory(order, at, end)?;
        let following = self.read(at + directory.len() as u64, 4)?;
        for entry in entries(order, &directory) {
            match entry.tag {
                GPS_DIRECTORY => self.blank_gps(order, base, entry.value, end)?,
                XMP_PACKET if entry.length_bytes > 4 => {
                    let from = base + u64::from(entry.value);
                    self.xmp(from, (from + entry.length_bytes).min(end))?;
                }
                _ => {}
            }
        }
        let kept: Vec<&[u8]> = directory
            .get(2..)
            .unwrap_or_default()
            .chunks_exact(12)
            .filter(|entry| order.u16(entry, 0) != Some(GPS_DIRECTORY))
            .collect();
        let whole = directory.len() / 12;
        if kept.len() < whole {
            // Without the entry that leads there; what comes behind moves up, and the end is filled with zeros.
            let count = order.two_bytes(u16::try_from(kept.len()).unwrap_or_default());
            let mut anew = [count.as_slice(), &kept.concat(), &following].concat();
            anew.resize(directory.len() + 4, 0);
            self.blank(at, anew);
        }
        Ok(order.u32(&following, 0).unwrap_or_default())
    }

    fn blank_gps(&mut self, order: Order, base: u64, offset: u32, end: u64) -> io::Result<()> {
        let at = base + u64::from(offset);
        let Ok(directory) = self.read_directory(order, at, end) else {
            // It leads nowhere: only the entry that leads there is taken out.
            return Ok(());
        };
        for entry in entries(order, &directory) {
            let from = base + u64::from(entry.value);
            let elsewhere = entry.length_bytes > 4 && entry.length_bytes <= MOST_VALUE_BYTES;
            if entry.tag > LAST_GPS_TAG || !elsewhere || from + entry.length_bytes > end {
                continue;
            }
            if matches!(entry.tag, LATITUDE | LONGITUDE) {
                let parts = self.read(from, entry.length_bytes)?;
                let is_there = |part: &[u8]| order.u32(part, 0) > Some(0) && order.u32(part, 4) > Some(0);
                self.found.is_told |= parts.chunks_exact(8).any(is_there);
            }
            self.blank(from, vec![0; entry.length_bytes as usize]);
        }
        self.blank(at, vec![0; directory.len()]);
        Ok(())
    }
}
