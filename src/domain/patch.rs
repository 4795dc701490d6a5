//! Bytes that stand in for others at the same place, so that a file can be sent changed while it stays as it is on
//! disk. Nothing moves: whatever is laid over is as long as what it covers.

/// A stretch of a file with other bytes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Where it begins.
    pub offset_bytes: u64,
    /// What stands there instead.
    pub bytes: Vec<u8>,
}

/// Lays patches over a chunk that was read from `offset_bytes` of the file; later ones over earlier ones.
pub fn lay_over(patches: &[Patch], offset_bytes: u64, chunk: &mut [u8]) {
    let end = offset_bytes + chunk.len() as u64;
    for patch in patches {
        let patch_end = patch.offset_bytes + patch.bytes.len() as u64;
        let (from, to) = (patch.offset_bytes.max(offset_bytes), patch_end.min(end));
        if from >= to {
            continue;
        }
        let here = (from - offset_bytes) as usize..(to - offset_bytes) as usize;
        let there = (from - patch.offset_bytes) as usize..(to - patch.offset_bytes) as usize;
        if let (Some(here), Some(there)) = (chunk.get_mut(here), patch.bytes.get(there)) {
            here.copy_from_slice(there);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case(0, "abcdefghij", "abXYZfghij"; "the whole file")]
    #[test_case(3, "def", "YZf"; "a chunk that begins in the patch")]
    #[test_case(0, "abc", "abX"; "a chunk that ends in the patch")]
    #[test_case(3, "d", "Y"; "a chunk within the patch")]
    #[test_case(5, "fghij", "fghij"; "a chunk behind the patch")]
    #[test_case(0, "ab", "ab"; "a chunk before the patch")]
    fn a_patch_covers_its_place_in_any_chunk(offset: u64, chunk: &str, expected: &str) {
        let mut bytes = chunk.as_bytes().to_vec();
        lay_over(&[Patch { offset_bytes: 2, bytes: b"XYZ".to_vec() }], offset, &mut bytes);
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }
}
