//! Base64 (RFC 4648 §4, standard alphabet, padded): the text form of every S3 checksum and of `Content-MD5`.

use base64_simd::STANDARD;

/// The padded standard form of `bytes`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode_to_string(bytes)
}

/// The bytes that `text` stands for, or `None` when it is not padded standard Base64.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode_to_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use proptest::prelude::*;
    use test_case::test_case;

    #[test_case("", ""; "nothing")]
    #[test_case("f", "Zg=="; "one byte")]
    #[test_case("fo", "Zm8="; "two bytes")]
    #[test_case("foo", "Zm9v"; "three bytes")]
    #[test_case("foobar", "Zm9vYmFy"; "six bytes")]
    fn rfc_4648_vectors(plain: &str, coded: &str) {
        assert_eq!(encode(plain.as_bytes()), coded);
        assert_eq!(decode(coded).as_deref(), Some(plain.as_bytes()));
    }

    #[test_case("Zg"; "padding missing")]
    #[test_case("Zg=a"; "padding inside")]
    #[test_case("Zg==Zg=="; "padding before the end")]
    #[test_case("Z-=="; "other alphabet")]
    #[test_case("===="; "only padding")]
    fn refused(text: &str) {
        assert_eq!(decode(text), None);
    }

    proptest! {
        #[test]
        fn round_trip(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}
