//! `aws-chunked` bodies in bounded memory.
//!
//! The protocol crate holds a chunk in memory until it is complete, and a chunk may have 4 GiB. A chunk without a
//! signature can be cut anywhere (Amazon S3 API Reference, "Signature calculations: trailing headers"), so large ones
//! are passed on as several small ones. A signed one cannot, so there is a largest size.

use bytes::{Buf as _, Bytes};

/// Chunks up to this size are passed on as they are.
const WHOLE: u64 = 1 << 20;

/// The largest chunk with a signature.
const MAX_SIGNED: u64 = 16 << 20;

/// Lines between chunks are shorter than this; longer ones are left to the protocol crate to refuse.
const MAX_LINE: usize = 1024;

/// A signed chunk is larger than this store takes.
#[derive(Debug, thiserror::Error)]
#[error("signed chunks of more than 16 MiB are not implemented")]
pub(super) struct TooLarge;

/// Follows the framing of one body.
pub(super) struct Framing {
    signed: bool,
    at: At,
}

enum At {
    /// In the line with the size of the next chunk; what came of it.
    Line(Vec<u8>),
    /// In a chunk that is passed on as it is, with the line break after it.
    Whole(u64),
    /// In a chunk that is cut.
    Cut(u64),
    /// In the line break after a chunk that was cut: bytes of it still to come. The pieces brought their own.
    Break(u64),
    /// After the last chunk, or after what is no framing: everything is passed on.
    Rest,
}

impl Framing {
    /// For the value of `x-amz-content-sha256`; `None` where the body has no such framing.
    pub(super) fn of(sha256: &str) -> Option<Self> {
        let kind = sha256.strip_prefix("STREAMING-")?;
        Some(Self { signed: !kind.starts_with("UNSIGNED-"), at: At::Line(Vec::new()) })
    }

    /// Takes what came and hands on, in order, what the protocol crate shall see.
    pub(super) fn pass(&mut self, mut came: Bytes, out: &mut impl Extend<Bytes>) -> Result<(), TooLarge> {
        while !came.is_empty() {
            self.at = match std::mem::replace(&mut self.at, At::Rest) {
                At::Line(line) => self.line(line, &mut came, out)?,
                At::Whole(left) => {
                    let piece = take(&mut came, left);
                    let left = left - piece.len() as u64;
                    out.extend([piece]);
                    if left == 0 { At::Line(Vec::new()) } else { At::Whole(left) }
                }
                At::Cut(left) => {
                    let piece = take(&mut came, left);
                    let left = left - piece.len() as u64;
                    out.extend([format!("{:x}\r\n", piece.len()).into(), piece, Bytes::from_static(b"\r\n")]);
                    if left == 0 { At::Break(2) } else { At::Cut(left) }
                }
                At::Break(left) => {
                    // Anything but a line break is an error, which only the protocol crate can report.
                    let expected: &[u8] = if left == 2 { b"\r" } else { b"\n" };
                    if !came.starts_with(expected) {
                        out.extend([Bytes::from_static(b"not a chunk\r\n")]);
                        At::Rest
                    } else {
                        came.advance(1);
                        if left == 1 { At::Line(Vec::new()) } else { At::Break(left - 1) }
                    }
                }
                At::Rest => {
                    out.extend([std::mem::take(&mut came)]);
                    At::Rest
                }
            };
        }
        Ok(())
    }

    fn line(&self, mut line: Vec<u8>, came: &mut Bytes, out: &mut impl Extend<Bytes>) -> Result<At, TooLarge> {
        let end = came.iter().position(|byte| *byte == b'\n');
        let piece = take(came, end.map_or(u64::MAX, |end| end as u64 + 1));
        line.extend_from_slice(&piece);
        if line.len() > MAX_LINE {
            out.extend([line.into()]);
            return Ok(At::Rest);
        }
        if end.is_none() {
            return Ok(At::Line(line));
        }
        let next = match size_of(&line) {
            None | Some(0) => At::Rest,
            Some(size) if self.signed && size > MAX_SIGNED => return Err(TooLarge),
            Some(size) if self.signed || size <= WHOLE => At::Whole(size + 2),
            Some(size) => return Ok(At::Cut(size)),
        };
        out.extend([line.into()]);
        Ok(next)
    }
}

fn take(from: &mut Bytes, at_most: u64) -> Bytes {
    from.split_to(usize::try_from(at_most).unwrap_or(usize::MAX).min(from.len()))
}

/// The size that a line names before its `;` or its end.
fn size_of(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| matches!(byte, b';' | b'\r')).next()?;
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Passes `body` in pieces of the given sizes.
    fn pass(sha256: &str, body: &[u8], sizes: &[usize]) -> Result<Vec<u8>, TooLarge> {
        let mut framing = Framing::of(sha256).unwrap();
        let (mut out, mut rest, mut sizes) = (Vec::<Bytes>::new(), body, sizes.iter().cycle());
        while !rest.is_empty() {
            let (piece, others) = rest.split_at((*sizes.next().unwrap()).clamp(1, rest.len()));
            framing.pass(Bytes::copy_from_slice(piece), &mut out)?;
            rest = others;
        }
        Ok(out.concat())
    }

    /// The bytes within the chunks, and the largest chunk.
    fn decoded(mut framed: &[u8]) -> (Vec<u8>, usize) {
        let (mut bytes, mut largest) = (Vec::new(), 0);
        loop {
            let end = framed.iter().position(|byte| *byte == b'\n').unwrap();
            let size = usize::try_from(size_of(&framed[..=end]).unwrap()).unwrap();
            framed = &framed[end + 1..];
            if size == 0 {
                return (bytes, largest);
            }
            bytes.extend_from_slice(&framed[..size]);
            assert_eq!(&framed[size..size + 2], b"\r\n");
            framed = &framed[size + 2..];
            largest = largest.max(size);
        }
    }

    #[test]
    fn a_signed_chunk_has_a_largest_size() {
        let line = |size: u64| format!("{size:x};chunk-signature={}\r\n", "0".repeat(64)).into_bytes();
        assert!(pass("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", &line(MAX_SIGNED), &[7]).is_ok());
        assert!(pass("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", &line(MAX_SIGNED + 1), &[7]).is_err());
        assert!(Framing::of("UNSIGNED-PAYLOAD").is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn large_chunks_arrive_in_small_ones(
            chunks in prop::collection::vec(1_usize..3_000_000, 1..4),
            sizes in prop::collection::vec(1_usize..70_000, 1..5),
        ) {
            let mut body = Vec::new();
            let mut meant = Vec::new();
            for (number, size) in chunks.iter().enumerate() {
                let bytes = vec![b'a' + u8::try_from(number).unwrap(); *size];
                body.extend(format!("{size:X}\r\n").bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
                meant.extend(bytes);
            }
            body.extend(b"0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n");
            let passed = pass("STREAMING-UNSIGNED-PAYLOAD-TRAILER", &body, &sizes).unwrap();
            let (bytes, largest) = decoded(&passed);
            prop_assert!(bytes == meant);
            prop_assert!(largest as u64 <= WHOLE);
            prop_assert!(passed.ends_with(b"0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"));
        }

        #[test]
        fn what_is_no_framing_is_passed_on(body in prop::collection::vec(any::<u8>(), 1..3000), size in 1_usize..50) {
            let signed = pass("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", &body, &[size]);
            // An unfinished line waits for its end.
            prop_assert!(signed.is_err() || body.starts_with(&signed.unwrap()));
        }
    }
}
