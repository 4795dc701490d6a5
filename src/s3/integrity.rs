//! Checksums of what is sent, and which of them a store understands.
//!
//! Amazon S3 and most others keep a CRC-64/NVME of the whole object (Amazon S3 User Guide, "Checking object
//! integrity"). A store that does not know it ignores the header, or refuses it; what it says to `Content-MD5` is
//! relied on then. Which it is shows the first answer.

use std::sync::atomic::{AtomicU8, Ordering};

use crc_fast::{CrcAlgorithm, checksum_combine};
use md5::{Digest as _, Md5};

use super::error::{Kind, S3Error};

/// What is known of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrity {
    /// Nothing yet: both are sent.
    Unknown,
    /// It keeps CRC-64/NVME.
    Crc64,
    /// It knows MD5 only.
    Md5,
}

/// [`Integrity`] of a store as it is learned.
#[derive(Debug)]
pub(super) struct Learned(AtomicU8);

impl Learned {
    pub(super) fn new(known: Integrity) -> Self {
        Self(AtomicU8::new(known as u8))
    }

    pub(super) fn get(&self) -> Integrity {
        match self.0.load(Ordering::Relaxed) {
            known if known == Integrity::Crc64 as u8 => Integrity::Crc64,
            known if known == Integrity::Md5 as u8 => Integrity::Md5,
            _ => Integrity::Unknown,
        }
    }

    pub(super) fn set(&self, known: Integrity) {
        self.0.store(known as u8, Ordering::Relaxed);
    }

    /// Takes note of a first answer: whether it told the checksum that was sent.
    pub(super) fn saw(&self, told: bool) {
        if self.get() == Integrity::Unknown {
            self.set(if told { Integrity::Crc64 } else { Integrity::Md5 });
        }
    }

    /// Takes note of a refusal; `true` if it may be the header, and the request is worth repeating without.
    pub(super) fn refused(&self, error: &S3Error) -> bool {
        let may_be = matches!(error.kind, Kind::NotOffered | Kind::BadRequest)
            && error.message.as_deref().is_some_and(|message| message.to_ascii_lowercase().contains("checksum"));
        if may_be && self.get() != Integrity::Md5 {
            self.set(Integrity::Md5);
            return true;
        }
        false
    }
}

/// Checksums of the bytes of one request, made in the pass that read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// CRC-64/NVME.
    pub crc64: u64,
    /// Where the store may need it.
    pub md5: Option<[u8; 16]>,
}

impl Sums {
    /// Of bytes for a store of which so much is known.
    #[must_use]
    pub fn of(bytes: &[u8], integrity: Integrity) -> Self {
        let md5 = (integrity != Integrity::Crc64).then(|| Md5::digest(bytes).into());
        Self { crc64: crc_fast::checksum(CrcAlgorithm::Crc64Nvme, bytes), md5 }
    }

    pub(super) fn content_md5(&self) -> Option<String> {
        self.md5.map(aws_smithy_types::base64::encode)
    }
}

/// A CRC-64/NVME as S3 writes it: Base64 of eight bytes, the highest first.
#[must_use]
pub fn crc64_text(crc64: u64) -> String {
    aws_smithy_types::base64::encode(crc64.to_be_bytes())
}

/// The CRC-64/NVME of stretches that follow one another, each with its length in bytes.
#[must_use]
pub fn crc64_of_all(stretches: impl IntoIterator<Item = (u64, u64)>) -> u64 {
    let mut whole = crc_fast::checksum(CrcAlgorithm::Crc64Nvme, b"");
    for (crc64, length_bytes) in stretches {
        whole = checksum_combine(CrcAlgorithm::Crc64Nvme, whole, crc64, length_bytes);
    }
    whole
}

#[cfg(test)]
mod tests {
    use test_case::test_case;

    use super::*;

    // The check value of the catalogue of parametrised CRC algorithms, "CRC-64/NVME": ae8b14860a799888.
    #[test]
    fn the_check_value() {
        let sums = Sums::of(b"123456789", Integrity::Unknown);
        assert_eq!(sums.crc64, 0xae8b_1486_0a79_9888);
        assert_eq!(crc64_text(sums.crc64), "rosUhgp5mIg=");
        assert_eq!(sums.content_md5().as_deref(), Some("JfnnlDI7RTiF9RgfG2JNCw=="));
        assert_eq!(Sums::of(b"123456789", Integrity::Crc64).content_md5(), None);
    }

    #[test_case(&[]; "nothing")]
    #[test_case(&["123456789"]; "one")]
    #[test_case(&["1234", "", "56", "789"]; "several")]
    fn stretches_make_the_whole(parts: &[&str]) {
        let whole: String = parts.concat();
        let crc64 = |text: &str| Sums::of(text.as_bytes(), Integrity::Crc64).crc64;
        let told = parts.iter().map(|part| (crc64(part), part.len() as u64));
        assert_eq!(crc64_of_all(told), crc64(&whole));
    }

    #[test]
    fn a_store_is_known_by_its_first_answer() {
        for (told, expected) in [(true, Integrity::Crc64), (false, Integrity::Md5)] {
            let learned = Learned::new(Integrity::Unknown);
            learned.saw(told);
            learned.saw(!told);
            assert_eq!(learned.get(), expected);
        }
    }

    #[test_case(Kind::NotOffered, "Header 'x-amz-checksum-crc64nvme' with value 'x' not implemented", true; "R2 of old")]
    #[test_case(Kind::BadRequest, "Unsupported header 'x-amz-checksum-crc64nvme'", true; "B2")]
    #[test_case(Kind::NotOffered, "A header you provided implies functionality that is not implemented", false; "a guard")]
    #[test_case(Kind::Damaged, "The CRC64NVME checksum you specified did not match", false; "damaged bytes")]
    fn a_refusal_of_the_header_is_known(kind: Kind, message: &str, expected: bool) {
        let learned = Learned::new(Integrity::Unknown);
        assert_eq!(learned.refused(&S3Error::told("PutObject", kind, "", message)), expected);
        assert_eq!(learned.get() == Integrity::Md5, expected);
    }
}
