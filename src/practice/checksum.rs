//! Object checksums: the five algorithms, their running state, and how the checksums of parts make one.
//!
//! Source of the rules: Amazon S3 User Guide, "Checking object integrity".

use std::fmt;

use crc_fast::{CrcAlgorithm, checksum_combine};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::base64;

/// The checksum algorithms that this store knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// The name as in `x-amz-checksum-algorithm`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header that carries a value of this algorithm.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// Reads the value of `x-amz-checksum-algorithm`, in any case.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// Reads a header name such as `x-amz-checksum-crc32`, in any case.
    pub(crate) fn from_header(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.header().eq_ignore_ascii_case(name.trim()))
    }

    fn crc(self) -> Option<CrcAlgorithm> {
        match self {
            Self::Crc32 => Some(CrcAlgorithm::Crc32IsoHdlc),
            Self::Crc32c => Some(CrcAlgorithm::Crc32Iscsi),
            Self::Crc64Nvme => Some(CrcAlgorithm::Crc64Nvme),
            Self::Sha1 | Self::Sha256 => None,
        }
    }

    /// Length of a value in bytes.
    fn width(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    /// True when `text` is Base64 of a value of this algorithm.
    pub(crate) fn accepts(self, text: &str) -> bool {
        base64::decode(text).is_some_and(|bytes| bytes.len() == self.width())
    }

    /// The kind of checksum that a multipart upload has unless the person says otherwise.
    pub(crate) fn default_kind(self) -> Kind {
        match self {
            Self::Crc64Nvme => Kind::FullObject,
            Self::Crc32 | Self::Crc32c | Self::Sha1 | Self::Sha256 => Kind::Composite,
        }
    }

    /// Whether a multipart upload may have a checksum of this kind.
    pub(crate) fn allows(self, kind: Kind) -> bool {
        match self {
            Self::Crc32 | Self::Crc32c => true,
            Self::Crc64Nvme => kind == Kind::FullObject,
            Self::Sha1 | Self::Sha256 => kind == Kind::Composite,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Over the bytes of the object, or over the checksums of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    FullObject,
    Composite,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::FullObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::FullObject, Self::Composite].into_iter().find(|kind| kind.name() == name)
    }
}

/// A checksum as stored with an object or a part: `value` is Base64, with `-N` when composite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checksum {
    pub(crate) algorithm: Algorithm,
    pub(crate) kind: Kind,
    pub(crate) value: String,
}

/// A running checksum.
pub(crate) enum Hasher {
    Crc(Algorithm, crc_fast::Digest),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Hasher {
    pub(crate) fn new(algorithm: Algorithm) -> Self {
        match (algorithm.crc(), algorithm) {
            (Some(crc), _) => Self::Crc(algorithm, crc_fast::Digest::new(crc)),
            (None, Algorithm::Sha1) => Self::Sha1(Sha1::new()),
            (None, _) => Self::Sha256(Sha256::new()),
        }
    }

    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::Crc(algorithm, _) => *algorithm,
            Self::Sha1(_) => Algorithm::Sha1,
            Self::Sha256(_) => Algorithm::Sha256,
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Crc(_, digest) => digest.update(bytes),
            Self::Sha1(digest) => digest.update(bytes),
            Self::Sha256(digest) => digest.update(bytes),
        }
    }

    pub(crate) fn finish(self) -> Checksum {
        let algorithm = self.algorithm();
        let value = match self {
            Self::Crc(algorithm, digest) => crc_text(algorithm, digest.finalize()),
            Self::Sha1(digest) => base64::encode(&digest.finalize()),
            Self::Sha256(digest) => base64::encode(&digest.finalize()),
        };
        Checksum { algorithm, kind: Kind::FullObject, value }
    }
}

fn crc_text(algorithm: Algorithm, value: u64) -> String {
    base64::encode(&value.to_be_bytes()[8 - algorithm.width()..])
}

/// Makes the checksum of a whole object from those of its parts, in order, each with its length in bytes.
///
/// `None` when a part has no readable value or the algorithm cannot make this kind.
pub(crate) fn combine(algorithm: Algorithm, kind: Kind, parts: &[(String, u64)]) -> Option<Checksum> {
    if !algorithm.allows(kind) {
        return None;
    }
    let raw = parts
        .iter()
        .map(|(text, size)| {
            base64::decode(text).filter(|bytes| bytes.len() == algorithm.width()).map(|bytes| (bytes, *size))
        })
        .collect::<Option<Vec<_>>>()?;
    let value = match kind {
        Kind::Composite => {
            let mut hasher = Hasher::new(algorithm);
            for (bytes, _) in &raw {
                hasher.update(bytes);
            }
            format!("{}-{}", hasher.finish().value, parts.len())
        }
        Kind::FullObject => {
            let crc = algorithm.crc()?;
            let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
            let mut whole = crc_fast::Digest::new(crc).finalize();
            for (bytes, size) in &raw {
                whole = checksum_combine(crc, whole, number(bytes), *size);
            }
            crc_text(algorithm, whole)
        }
    };
    Some(Checksum { algorithm, kind, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    fn of(algorithm: Algorithm, bytes: &[u8]) -> String {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish().value
    }

    // Check values of the CRC catalogue for "123456789"; NIST values for "abc".
    #[test_case(Algorithm::Crc32, "123456789", "y/Q5Jg=="; "crc32")]
    #[test_case(Algorithm::Crc32c, "123456789", "4waSgw=="; "crc32c")]
    #[test_case(Algorithm::Crc64Nvme, "123456789", "rosUhgp5mIg="; "crc64nvme")]
    #[test_case(Algorithm::Sha1, "abc", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="; "sha1")]
    #[test_case(Algorithm::Sha256, "abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="; "sha256")]
    fn known_values(algorithm: Algorithm, text: &str, value: &str) {
        assert_eq!(of(algorithm, text.as_bytes()), value);
        assert!(algorithm.accepts(value));
    }

    #[test_case(Algorithm::Crc32)]
    #[test_case(Algorithm::Crc32c)]
    #[test_case(Algorithm::Crc64Nvme)]
    fn full_object_of_parts_is_that_of_the_whole(algorithm: Algorithm) {
        let parts = ["first part ", "second", " and the third"];
        let sums: Vec<_> = parts.iter().map(|part| (of(algorithm, part.as_bytes()), part.len() as u64)).collect();
        let whole = combine(algorithm, Kind::FullObject, &sums).unwrap();
        assert_eq!(whole.value, of(algorithm, parts.concat().as_bytes()));
    }

    #[test]
    fn composite_hashes_the_raw_values_and_counts_the_parts() {
        let sums = vec![(of(Algorithm::Sha256, b"a"), 1), (of(Algorithm::Sha256, b"b"), 1)];
        let mut raw = base64::decode(&sums[0].0).unwrap();
        raw.extend(base64::decode(&sums[1].0).unwrap());
        let whole = combine(Algorithm::Sha256, Kind::Composite, &sums).unwrap();
        assert_eq!(whole.value, format!("{}-2", of(Algorithm::Sha256, &raw)));
    }

    #[test_case(Algorithm::Crc64Nvme, Kind::Composite; "crc64nvme has no composite")]
    #[test_case(Algorithm::Sha256, Kind::FullObject; "sha256 has no full object")]
    fn impossible_kinds(algorithm: Algorithm, kind: Kind) {
        assert!(combine(algorithm, kind, &[(of(algorithm, b""), 0)]).is_none());
    }
}
