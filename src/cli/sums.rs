//! Checksums of whole files, for comparing them with what a store tells.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use md5::{Digest as _, Md5};

/// The MD5 in hex and the CRC-64/NVME of a file; nothing of one that cannot be read. Waits for the disk.
pub(super) fn of_file(path: &Path) -> Option<(String, u64)> {
    let mut file = File::open(path).ok()?;
    let (mut md5, mut crc64) = (Md5::new(), crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme));
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => break,
            read => {
                md5.update(&buffer[..read]);
                crc64.update(&buffer[..read]);
            }
        }
    }
    Some((md5.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), crc64.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_both() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "123456789").unwrap();
        let (md5, crc64) = of_file(file.path()).unwrap();
        assert_eq!((md5.as_str(), crc64), ("25f9e794323b453885f5181f1b624d0b", 0xae8b_1486_0a79_9888));
        assert_eq!(of_file(Path::new("/no/such/file")), None);
    }
}
